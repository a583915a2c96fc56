//! Texts that are put on disk until they are needed again.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, PoisonError};

use tributary_pages::plan::{Shelf, Shelves};

/// Shelves on disk; texts stay in memory where no file can be made.
///
/// The file is in the folder for temporary files, has no name, belongs to this user alone, and goes
/// with the last text that is on it, however the program ends.
pub fn shelves() -> Shelves {
    match tempfile::tempfile() {
        Ok(file) => Shelves::of(Arc::new(OnDisk(Mutex::new(file)))),
        Err(_) => Shelves::default(),
    }
}

#[derive(Debug)]
struct OnDisk(Mutex<File>);

impl Shelf for OnDisk {
    fn put(&self, bytes: &[u8]) -> io::Result<u64> {
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // What could not be written in whole is never read, and the next begins behind it.
        let at = file.seek(SeekFrom::End(0))?;
        file.write_all(bytes)?;
        Ok(at)
    }

    fn get(&self, at: u64, size: usize) -> io::Result<Vec<u8>> {
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(at))?;
        let mut bytes = vec![0; size];
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::shelves;

    #[test]
    fn texts_come_back_in_any_order_after_others_were_put() {
        let shelves = shelves();
        let said: Vec<String> = (0..50)
            .map(|at| format!("{at} ").repeat(at * 100))
            .collect();
        let put: Vec<_> = said.iter().map(|text| shelves.put(text.clone())).collect();
        for at in (0..50).rev() {
            assert_eq!(put[at].read().expect("it is there"), said[at]);
            shelves.put("more".to_owned());
        }
    }
}
