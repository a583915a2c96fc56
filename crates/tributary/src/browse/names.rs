//! Paths as text. Git's are bytes, and what shows them wants Unicode.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use gix::bstr::{BStr, BString, ByteSlice};

use crate::preview::{as_written, visible};

/// The paths that had to be written differently, with what they are.
#[derive(Debug, Default)]
pub(super) struct Names(Mutex<HashMap<String, BString>>);

impl Names {
    /// A path as it is shown, and whether it is not valid UTF-8. Bytes that are none become `\xE9`,
    /// and signs that would hide or turn the direction of the text are made visible, so that a name
    /// cannot pass for another one.
    pub(super) fn shown(&self, path: &BStr) -> (String, bool) {
        if let Ok(text) = path.to_str() {
            let shown = visible(text);
            // What is called as another name would be shown is known to be called so.
            if shown != text || text.contains('\u{27e8}') {
                let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                known.insert(shown.clone().into_owned(), path.to_owned());
            }
            return (shown.into_owned(), false);
        }
        let mut text = String::new();
        for part in path.utf8_chunks() {
            text.push_str(&visible(part.valid()));
            for byte in part.invalid() {
                text.push_str(&format!("\\x{byte:02X}"));
            }
        }
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(text.clone(), path.to_owned());
        (text, true)
    }

    /// The path that is shown so. One that was not listed yet, such as that of a file which stays in
    /// front when another branch is chosen, is what its signs say.
    pub(super) fn bytes(&self, shown: &str) -> BString {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let path = known.get(shown).cloned();
        path.unwrap_or_else(|| BString::from(as_written(shown)))
    }
}

#[cfg(test)]
mod tests {
    use gix::bstr::{BStr, BString};

    use super::Names;

    #[test]
    fn a_path_leads_back_to_its_bytes() {
        let names = Names::default();
        for (path, shown, is_strange) in [
            (&b"docs/caf\xe9.md"[..], "docs/caf\\xE9.md", true),
            ("docs/café.md".as_bytes(), "docs/café.md", false),
            (b"a\\xE9", "a\\xE9", false),
            (
                "docs/x\u{202e}dm.md".as_bytes(),
                "docs/x⟨U+202E⟩dm.md",
                false,
            ),
            (b"a\nb\x1b[2J.md", "a␊b␛[2J.md", false),
            (b"\xff\xfe/\xf0\x9f", "\\xFF\\xFE/\\xF0\\x9F", true),
        ] {
            let given = names.shown(BStr::new(path));
            assert_eq!(given, (shown.to_owned(), is_strange));
            assert_eq!(names.bytes(shown), BString::from(path), "{shown}");
        }
        let new = Names::default();
        let turned = "docs/x⟨U+202E⟩dm.md";
        assert_eq!(new.bytes(turned), "docs/x\u{202e}dm.md");
        // Unless a file is really called so.
        assert_eq!(new.shown(turned.into()), (turned.to_owned(), false));
        assert_eq!(new.bytes(turned), turned);
    }
}
