//! What repositories hold that addresses and JSON have no form for.

#![cfg(unix)]

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use gix::bstr::{BStr, ByteSlice};
use tributary::ErrorKind;
use tributary::hosts::{Depth, Entry, Repository, Ssh, Urgency};
use tributary::http::Http;
use tributary::store::write_atomically;

use crate::hosted::{HOSTS, world_of};
use crate::local::{commit, git, put};
use crate::remote::backend;
use crate::server::Server;

/// A repository with a file whose name is Latin-1, as old ones have.
fn latin() -> (tempfile::TempDir, String, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    git(root, &["init", "-q"]);
    put(root, "docs/a.md", "# A\n");
    let odd = OsStr::from_bytes(b"docs/caf\xe9.md");
    write_atomically(&root.join(odd), b"latin").expect("the folder is ours");
    let head = commit(root, "first");
    (folder, head.clone(), head)
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_are_no_utf_8_are_listed_and_hide_no_others() {
    for (provider, name, answering) in HOSTS {
        let world = world_of(latin(), provider, name, answering).await;
        for depth in [Depth::Children, Depth::All] {
            let docs = b"docs".as_bstr();
            let tree = world.hosted.tree(&world.head, docs, depth, Urgency::Waited);
            let tree = tree.await;
            let tree = tree.unwrap_or_else(|error| panic!("{provider}: {}", error.chain()));
            let names: Vec<String> = tree
                .items
                .iter()
                .map(|entry| entry.path.to_string())
                .collect();
            // JSON has no form for the name, so hosts put another sign there.
            assert_eq!(names, ["docs/a.md", "docs/caf\u{fffd}.md"], "{provider}");
            let read = async |entry: &Entry| {
                let blob = world.hosted.blob_of(&world.head, entry, Urgency::Waited);
                blob.await.map(|blob| blob.bytes)
            };
            let plain = read(&tree.items[0]).await;
            assert_eq!(plain.expect("readable"), "# A\n", "{provider}");
            match read(&tree.items[1]).await {
                // By its id it can be asked for all the same.
                Ok(bytes) => assert_eq!(bytes, "latin", "{provider}"),
                Err(error) => assert!(
                    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidInput),
                    "{provider}: {}",
                    error.chain()
                ),
            }
            let by_id = matches!(provider, "github" | "gitlab" | "azure-devops" | "gitea");
            assert_eq!(read(&tree.items[1]).await.is_ok(), by_id, "{provider}");
        }
        let itself = b"docs/caf\xe9.md".as_bstr();
        let asked = world.hosted.blob(&world.head, itself, Urgency::Waited);
        let kind = asked.await.expect_err("nobody lists it so").kind();
        assert!(
            matches!(kind, ErrorKind::NotFound | ErrorKind::InvalidInput),
            "{provider}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn git_s_own_protocol_keeps_every_name() {
    let (folder, head, _) = latin();
    let served = folder.path().to_path_buf();
    let server = Server::start(move |_, asked| backend(&served, asked)).await;
    let http = Http::new().expect("a client");
    let address = format!("{}/.git", server.base);
    let remote = Repository::remote(&address, &http, None, &Ssh::default(), None);
    let remote = remote.expect("an address");
    let tree = remote.tree(&head, BStr::new("docs"), Depth::Children, Urgency::Waited);
    let tree = tree.await.expect("readable").items;
    let name = b"docs/caf\xe9.md".as_bstr();
    assert_eq!(tree[1].path, name);
    let blob = remote.blob(&head, name, Urgency::Waited).await;
    assert_eq!(blob.expect("readable").bytes, "latin");
}
