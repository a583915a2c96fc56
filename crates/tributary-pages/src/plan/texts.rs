//! Texts that wait for their turn: what files say until it is converted, and bodies until they are
//! sent. All of a large tree at once would fill the memory, so whoever plans may name a place for
//! them.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::sync::Arc;

use sha2::{Digest, Sha256};

/// A place for texts that are not needed yet.
pub trait Shelf: fmt::Debug + Send + Sync {
    /// Puts bytes away, and tells where they are from now on.
    ///
    /// # Errors
    /// When there is no room for them.
    fn put(&self, bytes: &[u8]) -> io::Result<u64>;

    /// The bytes that were put there.
    ///
    /// # Errors
    /// When they cannot be read any more.
    fn get(&self, at: u64, size: usize) -> io::Result<Vec<u8>>;
}

/// Where texts go; they stay in memory unless a place is named.
#[derive(Debug, Clone, Default)]
pub struct Shelves(Option<Arc<dyn Shelf>>);

impl Shelves {
    /// Texts are put on this shelf.
    pub fn of(shelf: Arc<dyn Shelf>) -> Self {
        Self(Some(shelf))
    }

    /// Puts a text away. It stays in memory where that fails: a full disk is no reason to publish
    /// nothing.
    pub fn put(&self, text: String) -> Text {
        let put = self.0.as_ref().filter(|_| !text.is_empty());
        let put = put.and_then(|shelf| Some((Arc::clone(shelf), shelf.put(text.as_bytes()).ok()?)));
        let Some((shelf, at)) = put else {
            return Text::from(text);
        };
        Text(Held::Away {
            shelf,
            at,
            size: text.len(),
            sha256: sha256(&text),
        })
    }
}

/// A text that is in memory, or on a shelf until it is read.
#[derive(Debug, Clone)]
pub struct Text(Held);

#[derive(Debug, Clone)]
enum Held {
    Here(Arc<str>),
    Away {
        shelf: Arc<dyn Shelf>,
        at: u64,
        size: usize,
        sha256: [u8; 32],
    },
}

impl Text {
    /// What it says.
    ///
    /// # Errors
    /// When it cannot be read from its shelf, or is not what was put there.
    pub fn read(&self) -> io::Result<Cow<'_, str>> {
        let (shelf, at, size, expected) = match &self.0 {
            Held::Here(text) => return Ok(Cow::Borrowed(text)),
            Held::Away {
                shelf,
                at,
                size,
                sha256,
            } => (shelf, *at, *size, sha256),
        };
        let text = String::from_utf8(shelf.get(at, size)?).map_err(io::Error::other)?;
        if sha256(&text) != *expected {
            // A page must never get what another was to say.
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "a text that was put away is not there as it was",
            ));
        }
        Ok(Cow::Owned(text))
    }

    /// Its size in bytes.
    pub fn size(&self) -> usize {
        match &self.0 {
            Held::Here(text) => text.len(),
            Held::Away { size, .. } => *size,
        }
    }

    /// SHA-256 of it, without reading it.
    pub(super) fn sha256(&self) -> [u8; 32] {
        match &self.0 {
            Held::Here(text) => sha256(text),
            Held::Away { sha256, .. } => *sha256,
        }
    }
}

impl Default for Text {
    fn default() -> Self {
        Self::from(String::new())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(Held::Here(text.into()))
    }
}

fn sha256(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// A shelf with room for some bytes.
    #[derive(Debug)]
    struct Small {
        room: usize,
        bytes: Mutex<Vec<u8>>,
    }

    impl Shelf for Small {
        fn put(&self, bytes: &[u8]) -> io::Result<u64> {
            let mut held = self.bytes.lock().expect("nobody broke off");
            if held.len() + bytes.len() > self.room {
                return Err(io::ErrorKind::StorageFull.into());
            }
            let at = held.len() as u64;
            held.extend(bytes);
            Ok(at)
        }

        fn get(&self, at: u64, size: usize) -> io::Result<Vec<u8>> {
            let at = usize::try_from(at).map_err(io::Error::other)?;
            let held = self.bytes.lock().expect("nobody broke off");
            Ok(held[at..at + size].to_vec())
        }
    }

    #[test]
    fn a_text_says_the_same_wherever_it_is_and_never_what_another_says() {
        let shelf = Arc::new(Small {
            room: 12,
            bytes: Mutex::default(),
        });
        let shelves = Shelves::of(shelf.clone());
        let put = ["Grün", "more", "no room left"].map(|text| (text, shelves.put(text.to_owned())));
        assert_eq!(shelf.bytes.lock().expect("it is there").len(), 9);
        for (said, text) in &put {
            assert_eq!(text.read().expect("it is there"), *said);
            assert_eq!(text.size(), said.len());
            assert_eq!(text.sha256(), Text::from((*said).to_owned()).sha256());
        }
        shelf.bytes.lock().expect("it is there")[6] = b'0';
        assert!(put[1].1.read().is_err());
        assert_eq!(put[0].1.read().expect("it is there"), "Grün");
    }
}
