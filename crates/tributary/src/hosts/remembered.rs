//! The refs that a Git server told last, beside what was fetched from it, so that what was seen of
//! a repository can be opened while the server is not reached.
//!
//! Each account has a file of its own: what one was told is no other's to see.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::wire::Ref;
use crate::error::Error;
use crate::store::write_atomically;

/// What the names of the files begin with.
const FILE: &str = "tributary-refs-";

/// Where the refs are that an account was told; `who` is empty for everybody.
pub(super) fn place(repository: &Path, who: &str) -> PathBuf {
    let name: String = Sha256::digest(who.as_bytes())[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    repository.join(format!("{FILE}{name}"))
}

/// Whether an account was told anything of a repository. Blocks on the disk.
pub(super) fn is_known(repository: &Path, who: &str) -> bool {
    place(repository, who).exists()
}

/// Keeps what the server answered when it was asked for the refs that begin so: of these it told
/// all, and of others nothing. Blocks on the disk.
///
/// # Errors
/// When there is no room for it.
pub(super) fn keep(
    repository: &Path,
    who: &str,
    prefixes: &[&str],
    told: &[Ref],
) -> Result<(), Error> {
    static KEEPING: Mutex<()> = Mutex::new(());
    // Branches and tags may be told at once, and each would write over what the other kept.
    let _alone = KEEPING.lock().unwrap_or_else(PoisonError::into_inner);
    let before = all(repository, who);
    let mut now: Vec<Ref> = before
        .iter()
        .filter(|known| !prefixes.iter().any(|prefix| known.name.starts_with(prefix)))
        .cloned()
        .collect();
    for one in told {
        if !now.iter().any(|known| known.name == one.name) {
            now.push(one.clone());
        }
    }
    now.sort_by(|one, other| one.name.cmp(&other.name));
    if now == before {
        return Ok(());
    }
    let lines: Vec<String> = now.iter().map(Ref::line).collect();
    write_atomically(&place(repository, who), lines.join("\n").as_bytes())
}

/// Those that begin so and were told last. Blocks on the disk.
pub(super) fn those(repository: &Path, who: &str, prefixes: &[&str]) -> Vec<Ref> {
    let mut found = all(repository, who);
    found.retain(|known| prefixes.iter().any(|prefix| known.name.starts_with(prefix)));
    found
}

fn all(repository: &Path, who: &str) -> Vec<Ref> {
    let text = fs::read_to_string(place(repository, who)).unwrap_or_default();
    text.lines().filter_map(Ref::read).collect()
}

#[cfg(test)]
mod tests {
    use super::{is_known, keep, those};
    use crate::hosts::wire::Ref;

    #[test]
    fn what_was_told_replaces_what_begins_alike_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path();
        let id = |letter: &str| letter.repeat(40);
        let one = |name: &str, letter: &str| {
            Ref::read(&format!("{} {name}", id(letter))).expect("a line of a list")
        };
        let head = Ref::read(&format!("{} HEAD symref-target:refs/heads/main", id("a")));
        let head = head.expect("a line of a list");
        let tag = Ref::read(&format!("{} refs/tags/v1 peeled:{}", id("b"), id("a")));
        let tag = tag.expect("a line of a list");
        let names = |prefixes: &[&str]| {
            let found = those(root, "ada", prefixes);
            found.into_iter().map(|one| one.name).collect::<Vec<_>>()
        };
        assert!(!is_known(root, "ada"));
        keep(root, "ada", &["HEAD"], std::slice::from_ref(&head)).expect("kept");
        let both = [one("refs/heads/a", "c"), one("refs/heads/ab", "d")];
        keep(root, "ada", &["refs/heads/"], &both).expect("kept");
        keep(root, "ada", &["refs/tags/v1"], std::slice::from_ref(&tag)).expect("kept");
        assert_eq!(those(root, "ada", &["HEAD"]), [head]);
        assert_eq!(those(root, "ada", &["refs/tags/"]), [tag]);
        // The branch is gone, and so is none that it was not asked for.
        keep(root, "ada", &["refs/heads/ab"], &[]).expect("kept");
        assert_eq!(names(&["refs/heads/"]), ["refs/heads/a"]);
        assert_eq!(names(&[""]), ["HEAD", "refs/heads/a", "refs/tags/v1"]);
        assert!(is_known(root, "ada") && !is_known(root, "bob"));
        assert_eq!(those(root, "bob", &[""]), []);
    }

    #[test]
    fn a_name_that_would_be_read_as_two_is_none() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path();
        let (one, other) = ("a".repeat(40), "b".repeat(40));
        for name in ["", "refs/heads/x\r", "refs/heads/x\n0 y", "\u{85}"] {
            assert_eq!(Ref::read(&format!("{one} {name}")), None, "{name:?}");
        }
        let forged = format!("{one} HEAD symref-target:refs/heads/x\n{other} refs/heads/main");
        let head = Ref::read(&forged).expect("a line of a list");
        keep(root, "ada", &["HEAD"], std::slice::from_ref(&head)).expect("kept");
        assert_eq!(those(root, "ada", &[""]), [head]);
    }
}
