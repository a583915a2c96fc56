//! What is kept on disk that can be fetched or made again: how much it is, and letting go of it.
//!
//! Each part keeps within its own bounds. Here they are one thing, as a person sees it.

use crate::error::Error;
use crate::hosts::{Cache, USUAL_SIZE};
use crate::publish::{DRAWINGS_SIZE, forget_drawings};
use crate::store::{Paths, size_of};

/// What all of it holds at most: the answers of Git hosts, their large files and the repositories that
/// Git fetched, as much of each, and pictures that were drawn.
pub const MOST: u64 = 3 * USUAL_SIZE + DRAWINGS_SIZE;

/// How many bytes it takes now. Blocks on the disk.
pub fn held(paths: &Paths) -> u64 {
    size_of(&paths.cache)
}

/// Lets go of all of it but for what may be in use, and gives the bytes that it takes then. Blocks on
/// the disk.
///
/// # Errors
/// [`crate::ErrorKind::Storage`] when the disk refuses.
pub fn clear(paths: &Paths) -> Result<u64, Error> {
    Cache::clear(&paths.cache, USUAL_SIZE)?;
    forget_drawings(paths)?;
    Ok(held(paths))
}

#[cfg(test)]
mod tests {
    use super::{MOST, clear, held};
    use crate::store::{Paths, write_atomically};

    #[test]
    fn what_is_not_in_use_goes_and_the_rest_of_the_machine_stays() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let paths = Paths::below(home.path());
        assert_eq!(held(&paths), 0);
        assert_eq!(clear(&paths).expect("nothing is there"), 0);
        assert_eq!(held(&paths), 0, "and nothing was made");
        let write = |path: &str| {
            let file = paths.cache.join(path);
            write_atomically(&file, &[0; 1000]).expect("the folder is ours");
        };
        write("drawings/picture");
        write("large/kept");
        write("large/taken-by-another");
        write("git/old.git/objects/pack/a.pack");
        write("git/used.git/objects/pack/a.pack");
        let used = paths.cache.join("git/used.git");
        crate::hosts::mark_used(&used).expect("the folder is ours");
        let outside = paths.data.join("audit/record");
        write_atomically(&outside, &[0; 1000]).expect("the folder is ours");
        assert_eq!(held(&paths), 5000);
        assert!(held(&paths) < MOST);
        assert_eq!(clear(&paths).expect("the disk is ours"), 2000);
        for stays in [
            paths.cache.join("large/taken-by-another"),
            used.join("objects/pack/a.pack"),
            outside,
        ] {
            assert!(stays.exists(), "{} may be in use", stays.display());
        }
    }
}
