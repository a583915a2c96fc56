//! Files that Git LFS keeps elsewhere: Git itself has a short text in their place.

use sha2::{Digest, Sha256};

/// Pointers are never longer, by the specification.
pub(super) const LONGEST_POINTER: usize = 1024;

/// What stands in Git in place of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointer {
    /// The SHA-256 of the contents, in hexadecimal.
    pub oid: String,
    /// Their size in bytes.
    pub size: u64,
}

impl Pointer {
    /// Reads a pointer; none when it is anything else.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > LONGEST_POINTER {
            return None;
        }
        let mut lines = std::str::from_utf8(bytes).ok()?.lines();
        let version = lines.next()?;
        let known = [
            "https://git-lfs.github.com/spec/v1",
            "https://hawser.github.com/spec/v1",
        ];
        known
            .contains(&version.strip_prefix("version ")?)
            .then_some(())?;
        let (mut oid, mut size) = (None, None);
        for line in lines {
            match line.split_once(' ') {
                Some(("oid", value)) => oid = value.strip_prefix("sha256:"),
                Some(("size", value)) => size = value.parse().ok(),
                _ => {}
            }
        }
        let oid =
            oid.filter(|oid| oid.len() == 64 && oid.bytes().all(|b| b.is_ascii_hexdigit()))?;
        Some(Self {
            oid: oid.to_ascii_lowercase(),
            size: size?,
        })
    }

    /// Whether these are the bytes it stands for.
    pub(super) fn stands_for(&self, bytes: &[u8]) -> bool {
        let hash = Sha256::digest(bytes);
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        bytes.len() as u64 == self.size && hash == self.oid
    }
}

#[cfg(test)]
mod tests {
    use super::Pointer;

    #[test]
    fn pointers_are_told_from_files() {
        let oid = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        let text =
            format!("version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize 4\n");
        let pointer = Pointer::read(text.as_bytes()).expect("a pointer");
        assert_eq!((pointer.oid.as_str(), pointer.size), (oid, 4));
        assert!(pointer.stands_for(b"test"));
        assert!(!pointer.stands_for(b"tesT"));
        for other in [
            String::new(),
            text.replace("version https://git-lfs", "version https://other"),
            text.replace("size 4", "size four"),
            text.replace(oid, "9f86"),
            format!("{text}{}", "x".repeat(2000)),
            format!("# About\n\n{text}"),
        ] {
            assert_eq!(Pointer::read(other.as_bytes()), None, "{other}");
        }
    }
}
