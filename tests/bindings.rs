//! `ui/src/backend/bindings.ts` is generated; a stale one is a failing test.

use std::path::{Path, PathBuf};

fn committed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/src/backend/bindings.ts")
}

#[test]
fn bindings_are_those_of_the_commands() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let fresh = folder.path().join("bindings.ts");
    tributary_desktop::export_bindings(&fresh).expect("the bindings are written");
    let fresh = std::fs::read_to_string(&fresh).expect("the bindings are read");
    if std::env::var_os("UPDATE_BINDINGS").is_some() {
        let target = committed();
        std::fs::create_dir_all(target.parent().expect("a folder")).expect("the folder is made");
        #[expect(clippy::disallowed_methods, reason = "tests write plain files")]
        std::fs::write(&target, &fresh).expect("the bindings are updated");
    }
    let known = std::fs::read_to_string(committed()).unwrap_or_default();
    assert_eq!(
        known, fresh,
        "run `UPDATE_BINDINGS=1 cargo test bindings` and commit the result"
    );
}
