//! Contents that are known by what they are, whatever commit they are looked at.

use gix::bstr::BStr;
use tributary::hosts::{Cache, Depth, EntryKind, Repository, Urgency};

use crate::fake;
use crate::hosted::{HOSTS, host_at, real};
use crate::server::{Answer, Server};

#[tokio::test(flavor = "multi_thread")]
async fn contents_that_did_not_change_are_not_fetched_again_at_another_commit() {
    for (provider, name, answering) in HOSTS {
        let (folder, first, head) = real();
        let real = fake::at(folder.path());
        let server = Server::start(move |base, asked| {
            answering(&real, base, asked).unwrap_or_else(|| Answer::status(404))
        })
        .await;
        let kept = tempfile::tempdir().expect("a temporary folder");
        let cache = Cache::open(kept.path(), 1 << 24).expect("a cache");
        let host = host_at(provider, &server.base, Some(cache));
        let hosted = Repository::hosted(&host, name).expect("a name");
        let listed = async |commit: &str| {
            let tree = hosted.tree(commit, BStr::new("docs"), Depth::Children, Urgency::Waited);
            let tree = tree.await;
            tree.unwrap_or_else(|error| panic!("{provider}: {}", error.chain()))
                .items
        };
        let (before, now) = (listed(&first).await, listed(&head).await);
        let same = now.iter().find(|entry| entry.path == "docs/a b#.md");
        let same = same.expect("it is listed");
        assert!(before.contains(same), "{provider}: it did not change");
        for (commit, is_asked) in [(&first, true), (&head, provider == "bitbucket")] {
            server.forget();
            let blob = hosted.blob_of(commit, same, Urgency::Waited).await;
            blob.unwrap_or_else(|error| panic!("{provider}: {}", error.chain()));
            // Bitbucket Cloud names no file by its contents.
            assert_eq!(!server.targets().is_empty(), is_asked, "{provider}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_is_refused_is_no_file_that_is_too_large() {
    let (folder, _, head) = real();
    let local = Repository::local(folder.path()).expect("a repository");
    let tree = local.tree(&head, BStr::new(""), Depth::Children, Urgency::Waited);
    let entries = tree.await.expect("readable").items;
    let file = entries.iter().find(|entry| entry.kind == EntryKind::File);
    let file = file.expect("there is one");
    for (provider, name, _) in HOSTS {
        let server = Server::start(|_, _| Answer::status(400)).await;
        let host = host_at(provider, &server.base, None);
        let hosted = Repository::hosted(&host, name).expect("a name");
        let asked = hosted.blob_of(&head, file, Urgency::Waited).await;
        let told = asked.expect_err("it was refused").chain();
        assert!(told.contains("refused the question"), "{provider}: {told}");
        assert!(!told.contains("larger"), "{provider}: {told}");
    }
}
