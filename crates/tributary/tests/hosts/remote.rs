//! Any Git server, in Git's own protocol: `git http-backend`, the sandbox, and an SSH server.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};

use gix::bstr::{BStr, ByteSlice};
use tempfile::TempDir;
use tributary::ErrorKind;
use tributary::hosts::{Depth, Entry, RefKind, Repository, Ssh, Urgency};
use tributary::http::{Credential, Http};
use tributary::store::write_atomically;
use tributary::vault::Secret;
use tributary_sandbox::signin;
#[cfg(unix)]
use tributary_testbed::ssh::{open_ssh, user};

use crate::local::{commit, git, put};
use crate::server::{Answer, Asked, Server};

fn path(text: &str) -> &BStr {
    text.as_bytes().as_bstr()
}

/// A repository with some history, and its first and last commit.
pub(crate) fn real() -> (TempDir, String, String) {
    real_as(&[])
}

/// The same, made by `git init` with some options.
pub(crate) fn real_as(options: &[&str]) -> (TempDir, String, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    git(root, &[&["init", "-q"], options].concat());
    put(root, "README.md", "# Read me\n\nWith words.\n");
    put(root, "docs/größe.md", "# Size\n");
    let first = commit(root, "first");
    git(root, &["branch", "feature/x"]);
    git(root, &["tag", "-a", "v1.0", "-m", "one"]);
    put(root, "README.md", "# Read me\n\nWith other words.\n");
    for number in 0..30 {
        put(
            root,
            &format!("docs/{number}.md"),
            format!("# Page {number}\n"),
        );
    }
    let head = commit(root, "second");
    (folder, first, head)
}

/// Answers as a web server with `git http-backend` behind it does.
pub(crate) fn backend(folder: &Path, asked: &Asked) -> Answer {
    let (target, query) = asked.target.split_once('?').unwrap_or((&asked.target, ""));
    let header = |name: &str| asked.headers.get(name).cloned().unwrap_or_default();
    let mut child = Command::new("git")
        .arg("http-backend")
        .env("GIT_PROJECT_ROOT", folder)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("PATH_INFO", target)
        .env("QUERY_STRING", query)
        .env("REQUEST_METHOD", &asked.method)
        .env("CONTENT_TYPE", header("content-type"))
        .env("CONTENT_LENGTH", asked.body.len().to_string())
        .env("GIT_PROTOCOL", header("git-protocol"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("this test needs `git`");
    let mut stdin = child.stdin.take().expect("it is piped");
    std::io::Write::write_all(&mut stdin, &asked.body).expect("git reads it");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends").stdout;
    let end = output
        .windows(4)
        .position(|some| some == b"\r\n\r\n")
        .expect("headers");
    let head = String::from_utf8_lossy(&output[..end]).into_owned();
    let mut answer = Answer::bytes(output[end + 4..].to_vec());
    for line in head.lines() {
        match line.split_once(": ") {
            Some(("Status", status)) => answer.status = status[..3].parse().expect("a status"),
            Some((name, value)) => answer = answer.with(name, value),
            None => {}
        }
    }
    answer
}

fn remote(address: &str, credential: Option<Credential>, ssh: &Ssh) -> Repository {
    let http = Http::new().expect("a client");
    Repository::remote(address, &http, credential, ssh, None).expect("an address")
}

/// Everything that is asked of a repository is what the repository itself says.
pub(crate) async fn agrees(
    what: &str,
    remote: &Repository,
    local: &Repository,
    first: &str,
    head: &str,
) {
    let fine = |error: tributary::Error| -> String { panic!("{what}: {}", error.chain()) };
    for name in [
        None,
        Some("main"),
        Some("feature/x"),
        Some("refs/tags/v1.0"),
        Some("v1.0"),
        Some(head),
    ] {
        let (ours, theirs) = (remote.resolve(name).await, local.resolve(name).await);
        assert_eq!(ours.map_err(fine).ok(), theirs.ok(), "{what} {name:?}");
    }
    let absent = remote.resolve(Some("absent")).await.expect_err("none");
    assert_eq!(absent.kind(), ErrorKind::NotFound, "{what}");
    for kind in [RefKind::Branch, RefKind::Tag] {
        let ours = remote.refs(kind, "", Urgency::Waited).await.map_err(fine);
        let theirs = local.refs(kind, "", Urgency::Waited).await;
        assert_eq!(ours.ok(), theirs.ok(), "{what} {kind:?}");
    }
    for depth in [Depth::Children, Depth::All] {
        let ours = remote.tree(head, path(""), depth, Urgency::Waited).await;
        let theirs = local.tree(head, path(""), depth, Urgency::Waited).await;
        let names = |entries: Vec<Entry>| -> Vec<_> {
            let told = |entry: Entry| (entry.path, entry.id);
            entries.into_iter().map(told).collect()
        };
        assert_eq!(
            names(ours.map_err(fine).expect("fine").items),
            names(theirs.expect("fine").items),
            "{what}"
        );
    }
    for name in ["README.md", "docs/größe.md"] {
        let ours = remote.blob(head, path(name), Urgency::Waited).await;
        let theirs = local.blob(head, path(name), Urgency::Waited).await;
        assert_eq!(ours.map_err(fine).ok(), theirs.ok(), "{what} {name}");
    }
    for name in ["docs", "absent.md"] {
        let ours = remote.blob(head, path(name), Urgency::Waited).await;
        let theirs = local.blob(head, path(name), Urgency::Waited).await;
        let kind = |result: Result<_, tributary::Error>| result.expect_err("no file").kind();
        assert_eq!(kind(ours), kind(theirs), "{what} {name}");
    }
    let ours = remote.history(head, path("README.md"), 9).await;
    let theirs = local.history(head, path("README.md"), 9).await;
    assert_eq!(ours.map_err(fine).ok(), theirs.ok(), "{what}");
    let ours = remote.compare(first, head).await.map_err(fine);
    assert_eq!(ours.ok(), local.compare(first, head).await.ok(), "{what}");
    let ours = remote.blame(head, path("README.md")).await.map_err(fine);
    let theirs = local.blame(head, path("README.md")).await;
    assert_eq!(ours.ok(), theirs.ok(), "{what}");
    let ours = remote.last_commits(head, path("")).await.map_err(fine);
    assert_eq!(
        ours.ok(),
        local.last_commits(head, path("")).await.ok(),
        "{what}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_git_server_over_http_gives_what_the_repository_holds() {
    for filters in ["true", "false"] {
        let (folder, first, head) = real();
        git(
            folder.path(),
            &["config", "uploadpack.allowFilter", filters],
        );
        let served = folder.path().to_path_buf();
        let server = Server::start(move |_, asked| backend(&served, asked)).await;
        let address = format!("{}/.git", server.base);
        let local = Repository::local(folder.path()).expect("a repository");
        let repository = remote(&address, None, &Ssh::default());
        agrees(filters, &repository, &local, &first, &head).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_leads_elsewhere_is_asked_there() {
    let (folder, first, head) = real();
    let served = folder.path().to_path_buf();
    let server = Server::start(move |base, asked| {
        match asked.target.split_once("/old/") {
            // As Git has it, the refs alone lead on.
            Some((_, rest)) if asked.method == "GET" => {
                Answer::status(301).with("Location", format!("{base}/.git/{rest}"))
            }
            Some(_) => Answer::status(404),
            None => backend(&served, asked),
        }
    })
    .await;
    let moved = remote(&format!("{}/old", server.base), None, &Ssh::default());
    let local = Repository::local(folder.path()).expect("a repository");
    agrees("moved", &moved, &local, &first, &head).await;
    let posts = server.asked.lock().expect("no test panicked").clone();
    let mut posts = posts.iter().filter(|asked| asked.method == "POST");
    assert!(posts.all(|asked| asked.target.starts_with("/.git/")));
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn an_address_of_an_unknown_server_is_tried_as_one_of_git() {
    let (folder, _, head) = real();
    for (end, is_git) in [("", true), (".git", true), ("/tree/main", false)] {
        let served = folder.path().to_path_buf();
        let server = Server::start(move |base, asked| {
            // It is served at one of the two addresses alone.
            let serves = ["", ".git"].contains(&end);
            let refs = format!("/team/handbook{end}/");
            match asked.target.strip_prefix(&refs) {
                Some(rest) if serves => backend(
                    &served,
                    &Asked {
                        target: format!("/.git/{rest}"),
                        ..asked.clone()
                    },
                ),
                _ => Answer::bytes(format!("<html>{base}").into_bytes()),
            }
        })
        .await;
        let person = crate::browse::Nobody::new();
        let address = match is_git {
            true => format!("{}/team/handbook/", server.base),
            false => format!("{}/team/handbook{end}", server.base),
        };
        match person.open(&address, None).await {
            Ok(visit) => {
                assert!(is_git, "{end}");
                assert_eq!(visit.pinned.commit.id, head, "{end}");
                let identity = &visit.pinned.repository.identity;
                assert!(identity.ends_with("/team/handbook"), "{identity}");
            }
            Err(error) => assert!(!is_git, "{end}: {}", error.chain()),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_branch_that_moves_is_seen_by_both_protocols() {
    for speaks_new in [true, false] {
        let (folder, _, head) = real();
        let served = folder.path().to_path_buf();
        let server = Server::start(move |_, asked| {
            let mut asked = asked.clone();
            if !speaks_new {
                asked.headers.remove("git-protocol");
            }
            backend(&served, &asked)
        })
        .await;
        let repository = remote(&format!("{}/.git", server.base), None, &Ssh::default());
        let found = repository.resolve(Some("main")).await.expect("a commit");
        assert_eq!(found.id, head, "{speaks_new}");
        put(folder.path(), "README.md", "# Later\n");
        let later = commit(folder.path(), "later");
        let found = repository.resolve(Some("main")).await.expect("a commit");
        assert_eq!(found.id, later, "{speaks_new}");
        let found = repository.refs(RefKind::Branch, "main", Urgency::Waited);
        let found = found.await.expect("refs").items;
        assert_eq!(found[0].commit.as_ref(), Some(&later), "{speaks_new}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_looked_at_is_fetched_and_once() {
    let (folder, _, head) = real();
    git(folder.path(), &["config", "uploadpack.allowFilter", "true"]);
    let served = folder.path().to_path_buf();
    let server = Server::start(move |_, asked| backend(&served, asked)).await;
    let address = format!("{}/.git", server.base);
    let kept = tempfile::tempdir().expect("a temporary folder");
    let http = Http::new().expect("a client");
    let open = || {
        Repository::remote(&address, &http, None, &Ssh::default(), Some(kept.path()))
            .expect("an address")
    };
    let repository = open();
    let count = || {
        let count = server.targets().len();
        server.forget();
        count
    };
    let bodies = Mutex::new(Vec::new());
    assert_eq!(repository.resolve(None).await.expect("a commit").id, head);
    for asked in server.asked.lock().expect("no test panicked").iter() {
        let text = String::from_utf8_lossy(&asked.body).into_owned();
        bodies.lock().expect("no test panicked").push(text);
    }
    let bodies = bodies.into_inner().expect("no test panicked");
    assert_eq!(bodies.len(), 3, "what it is, its refs, the commit");
    assert!(
        bodies[2].contains("deepen 1") && bodies[2].contains("filter blob:none"),
        "{bodies:?}"
    );
    count();
    let all = repository.tree(&head, path(""), Depth::All, Urgency::Waited);
    let all = all.await.expect("readable").items;
    assert_eq!(count(), 0, "the trees came with the commit");
    for _ in 0..2 {
        let blob = repository
            .blob(&head, path("README.md"), Urgency::Waited)
            .await;
        assert!(blob.is_ok());
    }
    assert_eq!(count(), 1, "contents come when they are read, once");
    let files: Vec<&Entry> = all.iter().collect();
    let fetched = repository.fetch_ahead(&head, &files, Urgency::Waited).await;
    assert_eq!((fetched.ok(), count()), (Some(all.len() - 1), 1));
    for entry in &all {
        assert!(
            repository
                .blob_of(&head, entry, Urgency::Waited)
                .await
                .is_ok()
        );
    }
    assert_eq!(count(), 0);
    let again = open();
    assert!(
        again
            .blob(&head, path("docs/3.md"), Urgency::Waited)
            .await
            .is_ok()
    );
    assert_eq!(count(), 0, "what was fetched is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_is_new_brings_only_what_is_new_with_it() {
    for is_new in [true, false] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path();
        git(root, &["init", "-q"]);
        git(root, &["config", "uploadpack.allowFilter", "true"]);
        for number in 0..400 {
            let folder = number / 20;
            put(
                root,
                &format!("docs/{folder}/{number}/a.md"),
                format!("# {number}\n"),
            );
        }
        for number in 0..40 {
            put(
                root,
                &format!("docs/{}/page-{number}.md", number % 20),
                format!("# {number}\n"),
            );
            commit(root, &format!("page {number}"));
        }
        let (sent, served) = (Arc::new(AtomicUsize::new(0)), root.to_path_buf());
        let counted = Arc::clone(&sent);
        let server = Server::start(move |_, asked| {
            let mut asked = asked.clone();
            if !is_new {
                asked.headers.remove("git-protocol");
            }
            let answer = backend(&served, &asked);
            if asked.target.ends_with("git-upload-pack") {
                counted.fetch_add(answer.body.len(), Ordering::Relaxed);
            }
            answer
        })
        .await;
        let address = format!("{}/.git", server.base);
        let (kept, http) = (
            tempfile::tempdir().expect("a folder"),
            Http::new().expect("a client"),
        );
        let open = || {
            Repository::remote(&address, &http, None, &Ssh::default(), Some(kept.path()))
                .expect("an address")
        };
        let fine = |error: tributary::Error| -> String { panic!("{is_new}: {}", error.chain()) };
        let look = async |repository: &Repository, commits: usize| {
            let head = repository
                .resolve(None)
                .await
                .map_err(fine)
                .expect("fine")
                .id;
            let listed = repository
                .tree(&head, path(""), Depth::All, Urgency::Waited)
                .await;
            assert_eq!(listed.map_err(fine).expect("fine").items.len(), 440);
            let told = repository.history(&head, path(""), 99).await.map_err(fine);
            assert_eq!(told.expect("fine").items.len(), commits);
            sent.swap(0, Ordering::Relaxed)
        };
        let first = look(&open(), 40).await;
        for (number, is_opened_again) in [(41, false), (42, true)] {
            let repository = open();
            if !is_opened_again {
                look(&repository, number - 1).await;
            }
            put(root, &format!("docs/{number}/new.md"), "# New\n");
            git(
                root,
                &["rm", "-q", &format!("docs/{0}/page-{0}.md", number - 41)],
            );
            commit(root, "one more");
            let later = look(&repository, number).await;
            assert!(
                later > 0 && later * 5 < first,
                "{is_new} {number}: {later} of {first}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn history_that_is_fetched_holds_no_file_up() {
    let (folder, first, head) = real();
    git(folder.path(), &["config", "uploadpack.allowFilter", "true"]);
    let served = folder.path().to_path_buf();
    let (let_go, held) = std::sync::mpsc::channel::<()>();
    let held = Mutex::new(held);
    let server = Server::start(move |_, asked| {
        let body = String::from_utf8_lossy(&asked.body);
        if body.contains("command=fetch") && body.contains("filter") && !body.contains("deepen") {
            // All history: the answer comes once the file was read.
            let waiting = held.lock().expect("no test panicked");
            waiting.recv().expect("the test lets go");
        }
        backend(&served, asked)
    })
    .await;
    let repository = remote(&format!("{}/.git", server.base), None, &Ssh::default());
    repository.resolve(None).await.expect("a commit");
    let history = tokio::spawn({
        let (repository, head) = (repository.clone(), head.clone());
        async move { repository.history(&head, path(""), 9).await }
    });
    while !server
        .asked
        .lock()
        .expect("no test panicked")
        .iter()
        .any(|asked| {
            let body = String::from_utf8_lossy(&asked.body).into_owned();
            body.contains("filter") && !body.contains("deepen")
        })
    {
        tokio::task::yield_now().await;
    }
    let read = repository
        .blob(&head, path("README.md"), Urgency::Waited)
        .await;
    read.expect("a file");
    let_go.send(()).expect("it waits");
    let history = history.await.expect("it ends").expect("readable").items;
    assert_eq!(
        history.last().map(|commit| commit.id.as_str()),
        Some(&*first)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sandbox_is_read_with_a_token_and_a_wrong_one_is_said() {
    let sandbox = tributary_sandbox::start(tributary_sandbox::Options::default())
        .await
        .expect("a sandbox");
    let accounts = sandbox.control().accounts();
    let token = accounts
        .issue_personal(signin::Server::Github, "alice", &["repo"], None)
        .expect("alice is there");
    let base = url::Url::parse(&sandbox.cloud_url()).expect("an address");
    let base = base.origin().ascii_serialization();
    let address = format!("{base}/hosts/github/acme/handbook.git");
    let basic = |token: String| Credential::basic("alice", Secret::new(token));
    let repository = remote(&address, Some(basic(token)), &Ssh::default());
    let head = repository.resolve(None).await;
    let head = head.unwrap_or_else(|error| panic!("{}", error.chain())).id;
    let blob = repository
        .blob(&head, path("README.md"), Urgency::Waited)
        .await;
    assert!(blob.is_ok_and(|blob| !blob.bytes.is_empty()));
    let wrong = remote(&address, Some(basic("wrong".to_owned())), &Ssh::default());
    let error = wrong.resolve(None).await.expect_err("a wrong token");
    assert!(
        matches!(error.kind(), ErrorKind::SignedOut | ErrorKind::Forbidden),
        "{}",
        error.chain()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_git_server_is_said() {
    let (folder, ..) = real();
    for (answer, expected) in [
        (Answer::status(401), ErrorKind::SignedOut),
        (Answer::status(403), ErrorKind::Forbidden),
        (Answer::status(404), ErrorKind::NotFound),
        (Answer::status(501), ErrorKind::Offline),
        (Answer::bytes(b"<html>".to_vec()), ErrorKind::InvalidInput),
        (Answer::bytes(Vec::new()), ErrorKind::InvalidInput),
        (Answer::bytes(b"ffff".to_vec()), ErrorKind::InvalidInput),
        (
            Answer::bytes(b"001fERR no such repository here\n".to_vec()),
            ErrorKind::InvalidInput,
        ),
    ] {
        let given = answer.clone();
        let server = Server::start(move |_, _| given.clone()).await;
        let repository = remote(&format!("{}/a.git", server.base), None, &Ssh::default());
        let error = repository.resolve(None).await.expect_err("no server");
        assert_eq!(error.kind(), expected, "{answer:?}: {}", error.chain());
    }
    // Another object than was asked for under its id.
    let served = folder.path().to_path_buf();
    let server = Server::start(move |_, asked| {
        let mut answer = backend(&served, asked);
        let end = answer.body.len();
        if asked.body.windows(5).any(|some| some == b"want ") && end > 60 {
            answer.body[end - 40] ^= 1;
        }
        answer
    })
    .await;
    let repository = remote(&format!("{}/.git", server.base), None, &Ssh::default());
    assert!(repository.resolve(None).await.is_err(), "a changed pack");
    for address in [
        "ssh://-oProxyCommand=touch%20x/a",
        "-oProxyCommand=x:a",
        "git@host:-upload",
        "ftp://host/a.git",
        "nothing",
        "host:a\nb",
    ] {
        let http = Http::new().expect("a client");
        let opened = Repository::remote(address, &http, None, &Ssh::default(), None);
        let error = opened.expect_err(address);
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{address}");
    }
}

/// An SSH server for the person who runs the test, without a port: the client starts it.
#[cfg(unix)]
pub(crate) fn ssh(folder: &Path, accepts: &str) -> Option<Ssh> {
    Some(Ssh {
        program: "ssh".into(),
        arguments: open_ssh(folder, accepts)?,
    })
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_git_server_over_ssh_gives_what_the_repository_holds() {
    // With the new protocol, and with the old one where the server lets no variable in.
    for accepts in ["AcceptEnv GIT_PROTOCOL", ""] {
        let keys = tempfile::tempdir().expect("a temporary folder");
        let Some(ssh) = ssh(keys.path(), accepts) else {
            return;
        };
        let (folder, first, head) = real();
        git(folder.path(), &["config", "uploadpack.allowFilter", "true"]);
        let local = Repository::local(folder.path()).expect("a repository");
        let address = format!("ssh://{}@git.example{}", user(), folder.path().display());
        let repository = remote(&address, None, &ssh);
        agrees(accepts, &repository, &local, &first, &head).await;
        let short = format!("{}@git.example:{}", user(), folder.path().display());
        assert!(remote(&short, None, &ssh).resolve(None).await.is_ok());

        let absent = remote(&format!("{address}/absent"), None, &ssh);
        let error = absent.resolve(None).await.expect_err("nothing is there");
        assert_eq!(error.kind(), ErrorKind::NotFound, "{}", error.chain());
        let other = address.replace("git.example", "other.example");
        let error = remote(&other, None, &ssh).resolve(None).await;
        let error = error.expect_err("its key is not known");
        assert_eq!(error.kind(), ErrorKind::SignedOut, "{}", error.chain());

        // Whom it does not let in is told with which key it was asked.
        write_atomically(&keys.path().join("person.pub"), b"").expect("the folder is ours");
        let error = remote(&address, None, &ssh).resolve(None).await;
        let error = error.expect_err("nobody's key is let in any more");
        assert_eq!(error.kind(), ErrorKind::SignedOut, "{}", error.chain());
        let key = format!("the key `{}`", keys.path().join("person").display());
        let remedy = error.remedy_text().unwrap_or_default();
        assert!(remedy.contains(&key), "{remedy}");
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_server_says_over_ssh_where_its_large_files_are() {
    use std::os::unix::fs::PermissionsExt as _;

    let storage = Server::start(|base, asked| {
        let sent = asked.headers.get("authorization").map(String::as_str);
        match asked.target.as_str() {
            "/lfs/objects/batch" => {
                assert_eq!(sent, Some("Pass of SSH"), "as the server said");
                let href = format!("{base}/large");
                let action = serde_json::json!({"download": {"href": href}});
                Answer::json(&serde_json::json!({"objects": [{"actions": action}]}))
            }
            "/large" => {
                assert_eq!(sent, None, "it is for the LFS server only");
                Answer::bytes(b"test".to_vec())
            }
            _ => Answer::status(404),
        }
    })
    .await;
    let keys = tempfile::tempdir().expect("a temporary folder");
    let programs = keys.path().join("programs");
    let own = programs.join("git-lfs-authenticate");
    let said = serde_json::json!({
        "href": format!("{}/lfs", storage.base),
        "header": {"Authorization": "Pass of SSH"},
    });
    let script = format!("#!/bin/sh\n[ \"$2\" = download ] && [ -d \"$1\" ] && echo '{said}'\n");
    write_atomically(&own, script.as_bytes()).expect("the folder is ours");
    std::fs::set_permissions(&own, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
    let path_there = format!("SetEnv PATH={}:/usr/bin:/bin", programs.display());
    let Some(ssh) = ssh(keys.path(), &path_there) else {
        return;
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    git(root, &["init", "-q"]);
    let oid = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:";
    put(root, "a.bin", format!("{pointer}{oid}\nsize 4\n"));
    let head = commit(root, "first");
    let address = format!("ssh://{}@git.example{}", user(), root.display());
    let repository = remote(&address, None, &ssh);
    let read = repository.blob(&head, path("a.bin"), Urgency::Waited).await;
    let read = read.unwrap_or_else(|error| panic!("{}", error.chain()));
    assert_eq!((&read.bytes[..], read.unresolved), (&b"test"[..], None));

    // A server that does not know the program.
    std::fs::remove_file(&own).expect("it is ours");
    let repository = remote(&address, None, &ssh);
    let read = repository.blob(&head, path("a.bin"), Urgency::Waited).await;
    let said = read.expect("the pointer").unresolved.expect("it is said");
    assert!(said.contains("over SSH"), "{said}");
}

/// Looks at a repository while its server is there, and again when it is not, by a new start.
async fn stays_readable(what: &str, open: &dyn Fn() -> Repository, go: impl FnOnce()) {
    let fine = |error: tributary::Error| -> String { panic!("{what}: {}", error.chain()) };
    let seen = open();
    let head = seen.resolve(None).await.map_err(fine).expect("fine");
    let tag = seen
        .resolve(Some("v1.0"))
        .await
        .map_err(fine)
        .expect("fine");
    assert_ne!(head.id, tag.id, "{what}");
    let read = async |repository: &Repository, commit: &str| {
        let blob = repository.blob(commit, path("README.md"), Urgency::Waited);
        blob.await.map(|blob| blob.bytes)
    };
    let words = read(&seen, &head.id).await.map_err(fine).expect("fine");
    let branches = seen.refs(RefKind::Branch, "", Urgency::Waited).await;
    let branches = branches.map_err(fine).expect("fine");
    assert!(
        !branches.is_remembered && branches.items.len() == 2,
        "{what}"
    );
    go();
    let again = open();
    let resolve = async |name| again.resolve(name).await.map_err(fine).expect("fine").id;
    assert_eq!(resolve(None).await, head.id, "{what}");
    assert_eq!(resolve(Some("main")).await, head.id, "{what}");
    assert_eq!(resolve(Some("refs/tags/v1.0")).await, tag.id, "{what}");
    let known = again.refs(RefKind::Branch, "", Urgency::Waited).await;
    let known = known.map_err(fine).expect("fine");
    assert!(known.is_remembered, "{what}");
    assert_eq!(known.items, branches.items, "{what}");
    assert_eq!(read(&again, &head.id).await.ok(), Some(words), "{what}");
    // What nobody looked at is not there, and that is no answer of the server.
    for unseen in ["v9.9", "feature/y"] {
        let error = again.resolve(Some(unseen)).await.expect_err(unseen);
        assert_eq!(error.kind(), ErrorKind::Offline, "{what} {unseen}");
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn an_address_as_a_browser_shows_it_opens_without_the_network_too() {
    for end in ["", ".git"] {
        let (folder, _, head) = real();
        let served = folder.path().to_path_buf();
        let is_down = Arc::new(AtomicUsize::new(0));
        let down = Arc::clone(&is_down);
        let server = Server::start(move |base, asked| {
            if down.load(Ordering::SeqCst) > 0 {
                return Answer::status(501);
            }
            match asked.target.strip_prefix(&format!("/team/handbook{end}/")) {
                Some(rest) => {
                    let target = format!("/.git/{rest}");
                    backend(
                        &served,
                        &Asked {
                            target,
                            ..asked.clone()
                        },
                    )
                }
                None => Answer::bytes(format!("<html>{base}").into_bytes()),
            }
        })
        .await;
        let person = crate::browse::Nobody::new();
        let address = format!("{}/team/handbook", server.base);
        let fine = |error: tributary::Error| -> String { panic!("{end}: {}", error.chain()) };
        let visit = person.open(&address, None).await.map_err(fine);
        let readme = visit.expect("fine").file("README.md").await.map_err(fine);
        readme.expect("fine");
        is_down.store(1, Ordering::SeqCst);
        let again = person
            .open(&address, None)
            .await
            .map_err(fine)
            .expect("fine");
        assert_eq!(again.pinned.commit.id, head, "{end}");
        again.file("README.md").await.map_err(fine).expect("fine");
        // Another address of the same server was never one of a repository.
        let other = person
            .open(&format!("{}/team/other", server.base), None)
            .await;
        assert!(other.is_err(), "{end}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_seen_of_a_git_server_stays_readable_without_it() {
    let (folder, ..) = real();
    let root = folder.path().to_path_buf();
    let is_down = Arc::new(AtomicUsize::new(0));
    let down = Arc::clone(&is_down);
    let server = Server::start(move |_, asked| match down.load(Ordering::SeqCst) {
        0 => backend(&root, asked),
        // What no retry waits for.
        _ => Answer::status(501),
    })
    .await;
    let cache = tempfile::tempdir().expect("a temporary folder");
    let http = Http::new().expect("a client");
    let address = format!("{}/.git", server.base);
    let open_as = |credential: Option<Credential>| {
        let keep = Some(cache.path());
        let opened = Repository::remote(&address, &http, credential, &Ssh::default(), keep);
        opened.expect("an address")
    };
    let go = || is_down.store(1, Ordering::SeqCst);
    stays_readable("HTTP", &|| open_as(None), go).await;
    // What everybody was told is no word about what somebody else may see.
    let bob = open_as(Some(Credential::basic("bob", Secret::new("x".to_owned()))));
    let error = bob.resolve(None).await.expect_err("he was told nothing");
    assert_eq!(error.kind(), ErrorKind::Offline, "{}", error.chain());
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn what_was_seen_over_ssh_stays_readable_without_the_server() {
    let keys = tempfile::tempdir().expect("a temporary folder");
    let Some(ssh) = ssh(keys.path(), "AcceptEnv GIT_PROTOCOL") else {
        return;
    };
    let (folder, ..) = real();
    let address = format!("ssh://{}@git.example{}", user(), folder.path().display());
    let cache = tempfile::tempdir().expect("a temporary folder");
    let http = Http::new().expect("a client");
    let is_down = std::cell::Cell::new(false);
    let open = || {
        let mut ssh = ssh.clone();
        if is_down.get() {
            // Nobody listens there any more.
            ssh.arguments
                .retain(|one| !one.starts_with("-oProxyCommand"));
            ssh.arguments.push("-oProxyCommand=/bin/false".to_owned());
        }
        let opened = Repository::remote(&address, &http, None, &ssh, Some(cache.path()));
        opened.expect("an address")
    };
    stays_readable("SSH", &open, || is_down.set(true)).await;
}

#[test]
fn the_first_repository_that_is_fetched_on_a_machine_makes_the_folder_for_all() {
    let cache = tempfile::tempdir().expect("a temporary folder");
    let folder = cache.path().join("cache/git");
    let http = Http::new().expect("a client");
    let ssh = Ssh::default();
    let address = "https://git.acme.example/acme/handbook.git";
    let opened = Repository::remote(address, &http, None, &ssh, Some(&folder));
    opened.unwrap_or_else(|error| panic!("{}", error.chain()));
    let repositories = std::fs::read_dir(&folder).expect("it was made");
    assert_eq!(repositories.count(), 1);
}

#[test]
fn a_repository_that_many_open_first_at_the_same_time_is_made_once_and_whole() {
    let kept = tempfile::tempdir().expect("a temporary folder");
    let http = Http::new().expect("a client");
    let (ssh, all) = (Ssh::default(), Barrier::new(8));
    for number in 0..8 {
        let address = format!("https://git.example.com/{number}.git");
        let open = || {
            all.wait();
            let opened = Repository::remote(&address, &http, None, &ssh, Some(kept.path()));
            opened.map(drop)
        };
        std::thread::scope(|scope| {
            let begun: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
            for one in begun {
                let opened = one.join().expect("no test panicked");
                opened.unwrap_or_else(|error| panic!("{}", error.chain()));
            }
        });
    }
    let there = std::fs::read_dir(kept.path()).expect("it was made");
    let there = there.map(|entry| entry.expect("readable").path());
    let there: Vec<_> = there.collect();
    assert_eq!(there.len(), 8, "nothing is left over: {there:?}");
    assert!(
        there.iter().all(|folder| gix::open(folder).is_ok()),
        "{there:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_server_says_of_its_limits_holds_for_all_its_repositories() {
    let server = Server::start(|_, _| Answer::status(429).with("Retry-After", "3600")).await;
    let http = Http::new().expect("a client");
    let opened = |name: &str, user: Option<&str>| {
        let token = || Secret::new("of a test".to_owned());
        let credential = user.map(|user| Credential::basic(user, token()));
        let address = format!("{}/acme/{name}.git", server.base);
        let opened = Repository::remote(&address, &http, credential, &Ssh::default(), None);
        opened.expect("an address")
    };
    let (handbook, plans) = (opened("handbook", None), opened("plans", None));
    let as_ada = opened("handbook", Some("ada"));
    // The server tells each account once.
    for (repository, asked) in [(&handbook, 1), (&plans, 1), (&as_ada, 2)] {
        let refs = repository.refs(RefKind::Branch, "", Urgency::Waited).await;
        let error = refs.expect_err("it takes none for an hour");
        let kind = error.kind();
        assert_eq!(kind, ErrorKind::RateLimited, "{}", error.chain());
        assert_eq!(server.targets().len(), asked, "{:?}", server.targets());
    }
}
