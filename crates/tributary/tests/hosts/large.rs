//! Files that Git LFS keeps elsewhere, where no host gives them: through Git's own protocol, and in
//! clones.

use std::sync::{Arc, Mutex};

use gix::bstr::{BStr, ByteSlice};
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;
use tributary::ErrorKind;
use tributary::account::{Mode, Purpose, SignIn, Way};
use tributary::browse::{Comparison, File};
use tributary::hosts::{Cache, Repository, Ssh, Urgency};
use tributary::http::{Credential, Http};
use tributary::preview::Picture;
use tributary::vault::Secret;
use tributary_sandbox::signin::Server as Vendor;

use crate::browse::{Nobody, png};
use crate::local::{commit, git, put};
use crate::remote::backend;
use crate::sandbox::World;
use crate::server::{Answer, Asked, Server};

/// What the pointer in the sandbox's repository stands for.
const LARGE: &[u8] = b"A large file, as far as Git is concerned.\n";
const MOVIE: &str = "assets/tour.mp4";
/// The SHA-256 of `test`.
const OID: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

fn path(text: &str) -> &BStr {
    text.as_bytes().as_bstr()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_git_server_gives_what_its_lfs_server_keeps_once() {
    let world = World::new().await;
    let accounts = world.sandbox.control().accounts();
    let token = accounts.issue_personal(Vendor::Gitea, "alice", &["read:repository"], None);
    let credential = Credential::basic("alice", Secret::new(token.expect("alice is there")));
    let address = format!("{}/hosts/gitea/acme/handbook.git", world.base());
    let kept = tempfile::tempdir().expect("a temporary folder");
    let http = Http::new().expect("a client");
    let open = |credential| {
        Repository::remote(
            &address,
            &http,
            credential,
            &Ssh::default(),
            Some(kept.path()),
        )
        .expect("an address")
    };
    let repository = open(Some(credential));
    let head = repository.resolve(None).await.expect("a commit").id;
    let read = repository.blob(&head, path(MOVIE), Urgency::Waited).await;
    let read = read.unwrap_or_else(|error| panic!("{}", error.chain()));
    assert_eq!((&read.bytes[..], read.unresolved), (LARGE, None));
    assert!(read.pointer.is_some(), "it is told to be in LFS");

    // What was fetched stays, also without the network.
    world.sandbox.control().clear_requests();
    let again = open(None).blob(&head, path(MOVIE), Urgency::Waited).await;
    assert_eq!(&again.expect("it is here").bytes[..], LARGE);
    assert_eq!(world.sandbox.control().requests().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_goes_to_the_lfs_server_of_its_host_and_to_no_other_place() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    git(root, &["init", "-q"]);
    for (name, size) in [("a.bin", 4), ("gone.bin", 5)] {
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:";
        put(root, name, format!("{pointer}{OID}\nsize {size}\n"));
    }
    let head = commit(root, "first");
    let storage = Server::start(|_, asked| {
        let has = |name: &str| asked.headers.get(name).map(String::as_str);
        assert_eq!(has("authorization"), None, "no credential goes here");
        assert_eq!(has("x-pass"), Some("for this file"));
        Answer::bytes(b"test".to_vec())
    })
    .await;
    let (served, elsewhere) = (root.to_path_buf(), storage.base.clone());
    let server = Server::start(move |_, asked| {
        let sent = asked.headers.get("authorization");
        assert!(
            sent.is_some_and(|sent| sent.starts_with("Basic ")),
            "the credential goes along: {asked:?}"
        );
        if asked.target != "/.git/info/lfs/objects/batch" {
            return backend(&served, asked);
        }
        let wanted: serde_json::Value = serde_json::from_slice(&asked.body).expect("JSON");
        assert_eq!(wanted["operation"], "download");
        let object = if wanted["objects"][0]["size"] == 4 {
            json!({"oid": OID, "size": 4, "actions": {"download": {
                "href": format!("{elsewhere}/x"), "header": {"X-Pass": "for this file"}}}})
        } else {
            json!({"oid": OID, "size": 5, "error": {"code": 404, "message": "gone away"}})
        };
        Answer::json(&json!({"transfer": "basic", "objects": [object]}))
    })
    .await;
    let address = format!("{}/.git", server.base);
    let credential = Credential::basic("ada", Secret::new("secret".to_owned()));
    let http = Http::new().expect("a client");
    let opened = Repository::remote(&address, &http, Some(credential), &Ssh::default(), None);
    let repository = opened.expect("an address");
    let read = repository.blob(&head, path("a.bin"), Urgency::Waited).await;
    let read = read.unwrap_or_else(|error| panic!("{}", error.chain()));
    assert_eq!((&read.bytes[..], read.unresolved), (&b"test"[..], None));
    assert_eq!(storage.targets(), ["/x"]);

    // What the server does not have is said, and what Git has is shown.
    let read = repository.blob(&head, path("gone.bin"), Urgency::Waited);
    let read = read.await.expect("the pointer");
    let said = read.unresolved.expect("it is said");
    assert!(said.contains("gone away"), "{said}");
    assert!(read.bytes.starts_with(b"version "));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clone_gets_large_files_where_it_came_from_as_the_account_that_is_used_there() {
    let world = World::new().await;
    let at_host = format!("{}/hosts/gitea", world.base());
    let folder = world.folder();
    let clone = folder.display().to_string();
    // As a person has it who cloned by SSH or with a password: neither is used.
    let remote = at_host.replace("http://", "http://ada:wrong@");
    let remote = format!("{remote}/acme/handbook.git");
    git(&folder, &["remote", "set-url", "origin", &remote]);
    let fine = |error: tributary::Error| -> String { panic!("{}", error.chain()) };

    // Nobody is signed in, and it is not for everybody.
    let person = Nobody::new();
    let visit = person.open(&clone, Some("main")).await.map_err(fine);
    let file = visit.expect("fine").file(MOVIE).await.map_err(fine);
    let File::Contents {
        unresolved: Some(said),
        ..
    } = &*file.expect("fine")
    else {
        panic!("it cannot be had");
    };
    assert!(said.contains("token"), "{said}");

    let accounts = world.sandbox.control().accounts();
    let scopes = &["read:user", "read:repository"];
    let token = accounts.issue_personal(Vendor::Gitea, "alice", scopes, None);
    let place = person.accounts.place("gitea", Some(&at_host)).map_err(fine);
    let wish = SignIn {
        place: place.expect("fine"),
        way: Way::Token {
            token: Secret::new(token.expect("alice is there")),
            kind: None,
            user: "alice".to_owned(),
            ends: None,
        },
        purpose: Purpose::Read,
        mode: Mode::Individual,
        again: None,
    };
    let cancel = CancellationToken::new();
    let signed_in = person.accounts.sign_in(wish, &|_| {}, &cancel).await;
    signed_in.map_err(fine).expect("fine");
    for round in 0..2 {
        world.sandbox.control().clear_requests();
        let visit = person.open(&clone, Some("main")).await.map_err(fine);
        let file = visit.expect("fine").file(MOVIE).await.map_err(fine);
        let file = file.expect("fine");
        let found =
            matches!(&*file, File::Contents { bytes, unresolved: None, .. } if **bytes == *LARGE);
        assert!(found, "{file:?}");
        let asked = world.sandbox.control().requests().len();
        assert_eq!(asked, if round == 0 { 2 } else { 0 }, "it is fetched once");
    }
    assert!(
        !folder.join("lfs").exists(),
        "nothing is written to a clone"
    );

    // What `git lfs` has fetched is taken from there, and nobody is asked.
    let mine = tempfile::tempdir().expect("a temporary folder");
    let root = mine.path();
    git(root, &["init", "-q"]);
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:";
    put(root, "a.bin", format!("{pointer}{OID}\nsize 4\n"));
    put(root, &format!(".git/lfs/objects/9f/86/{OID}"), "test");
    let head = commit(root, "first");
    let address = root.display().to_string();
    let visit = person.open(&address, Some(&head)).await.map_err(fine);
    let file = visit.expect("fine").file("a.bin").await.map_err(fine);
    let file = file.expect("fine");
    assert!(
        matches!(&*file, File::Contents { bytes, .. } if **bytes == *b"test"),
        "{file:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_git_server_without_lfs_says_so() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    git(root, &["init", "-q"]);
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:";
    put(root, "a.bin", format!("{pointer}{OID}\nsize 4\n"));
    let head = commit(root, "first");
    let other = b"tesT".to_vec();
    for (answer, said) in [
        (Answer::status(404), "has no such repository"),
        (Answer::bytes(b"<html>".to_vec()), "not its own"),
        (
            Answer::json(
                &json!({"objects": [{"actions": {"download": {"href": "file:///etc/passwd"}}}]}),
            ),
            "not its own",
        ),
        (Answer::bytes(other), "other contents"),
    ] {
        let served = root.to_path_buf();
        let given = answer.clone();
        let server = Server::start(move |base, asked| match asked.target.as_str() {
            "/.git/info/lfs/objects/batch" if given.body == b"tesT" => {
                let href = format!("{base}/large");
                Answer::json(&json!({"objects": [{"actions": {"download": {"href": href}}}]}))
            }
            "/.git/info/lfs/objects/batch" | "/large" => given.clone(),
            _ => backend(&served, asked),
        })
        .await;
        let address = format!("{}/.git", server.base);
        let http = Http::new().expect("a client");
        let opened = Repository::remote(&address, &http, None, &Ssh::default(), None);
        let repository = opened.expect("an address");
        let read = repository.blob(&head, path("a.bin"), Urgency::Waited).await;
        let read = read.expect("the pointer is shown");
        let why = read.unresolved.expect("it is said");
        assert!(why.contains(said), "{answer:?}: {why}");
        assert!(read.bytes.starts_with(b"version "));
    }
    let gone = Repository::local(root).expect("a repository");
    let read = gone.blob(&head, path("absent.bin"), Urgency::Waited).await;
    assert_eq!(read.expect_err("none").kind(), ErrorKind::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lfs_server_that_a_repository_names_is_asked_at_its_own_host_alone() {
    let stranger = Server::start(|_, _| Answer::status(500)).await;
    for (at_stranger, resolved) in [(false, true), (true, false)] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path();
        git(root, &["init", "-q"]);
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:";
        put(root, "a.bin", format!("{pointer}{OID}\nsize 4\n"));
        commit(root, "first");
        // The host's address is in the file, so it is known before the commit is made.
        let (served, batch) = (
            root.to_path_buf(),
            "/acme/shared.git/info/lfs/objects/batch",
        );
        let server = Server::start(move |base, asked| {
            if asked.target == batch {
                let sent = asked.headers.get("authorization");
                assert!(
                    sent.is_some_and(|sent| sent.starts_with("Basic ")),
                    "{asked:?}"
                );
                let action = json!({"download": {"href": format!("{base}/large")}});
                return Answer::json(&json!({"objects": [{"actions": action}]}));
            }
            if asked.target == "/large" {
                return Answer::bytes(b"test".to_vec());
            }
            // The server beside the repository knows nothing.
            let real = crate::fake::at(&served);
            crate::fake::github(&real, base, asked).unwrap_or_else(|| Answer::status(404))
        })
        .await;
        let named = if at_stranger {
            &stranger.base
        } else {
            &server.base
        };
        put(
            root,
            ".lfsconfig",
            format!("[lfs]\n\turl = {named}/acme/shared.git/info/lfs\n"),
        );
        let head = commit(root, "second");
        let host = crate::hosted::host_at("github", &server.base, None);
        let hosted = Repository::hosted(&host, "acme/handbook").expect("a name");
        let read = hosted.blob(&head, path("a.bin"), Urgency::Waited).await;
        let read = read.unwrap_or_else(|error| panic!("{}", error.chain()));
        assert_eq!(read.unresolved.is_none(), resolved, "{:?}", read.unresolved);
        if resolved {
            assert_eq!(&read.bytes[..], b"test");
        } else {
            let said = read.unresolved.expect("it is said");
            assert!(
                said.contains("`.lfsconfig`") && said.contains("127.0.0.1"),
                "{said}"
            );
        }
        assert_eq!(
            stranger.targets(),
            Vec::<String>::new(),
            "nobody else is asked"
        );
        // In a clone it is told in the same words.
        let local = Repository::local(root).expect("a repository");
        let read = local.blob(&head, path("a.bin"), Urgency::Waited).await;
        let said = read.expect("the pointer").unresolved.expect("it is said");
        assert!(said.contains("`.lfsconfig`"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_named_server_is_asked_by_a_git_server_s_repository_and_by_a_clone_of_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    git(root, &["init", "-q"]);
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:";
    put(root, "a.bin", format!("{pointer}{OID}\nsize 4\n"));
    let served = root.to_path_buf();
    let server = Server::start(move |base, asked| match asked.target.as_str() {
        "/shared/info/lfs/objects/batch" => {
            let action = json!({"download": {"href": format!("{base}/large")}});
            Answer::json(&json!({"objects": [{"actions": action}]}))
        }
        "/large" => Answer::bytes(b"test".to_vec()),
        // Beside the repository there is none.
        "/.git/info/lfs/objects/batch" => Answer::status(404),
        _ => backend(&served, asked),
    })
    .await;
    let stranger = Server::start(|_, _| Answer::status(500)).await;
    for (named, is_followed) in [(&server.base, true), (&stranger.base, false)] {
        let config = format!("[lfs]\n\turl = {named}/shared/info/lfs\n");
        put(root, ".lfsconfig", config);
        let head = commit(root, "named");
        let address = format!("{}/.git", server.base);
        let http = Http::new().expect("a client");
        let remote = Repository::remote(&address, &http, None, &Ssh::default(), None);
        let remote = remote.expect("an address");
        let read = remote.blob(&head, path("a.bin"), Urgency::Waited).await;
        let mut told = vec![read.expect("the pointer at least")];

        git(root, &["config", "remote.origin.url", &address]);
        let person = Nobody::new();
        let visit = person.open(&root.display().to_string(), Some(&head)).await;
        let visit = visit.unwrap_or_else(|error| panic!("{}", error.chain()));
        let repository = &visit.pinned.repository;
        let read = repository.blob(&head, path("a.bin"), Urgency::Waited).await;
        told.push(read.expect("the pointer at least"));
        git(root, &["config", "--unset", "remote.origin.url"]);
        for read in told {
            match read.unresolved {
                None => assert_eq!((&read.bytes[..], is_followed), (&b"test"[..], true)),
                Some(said) => {
                    assert!(!is_followed, "{said}");
                    assert!(said.contains("would learn who looks at the file"), "{said}");
                }
            }
        }
        assert_eq!(stranger.targets(), Vec::<String>::new());
    }
}

/// A picture that Git LFS keeps is one, also beside what it was: in a clone that has both, and at a Git
/// server that gives them by their pointers.
#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_compared_as_what_its_pointer_stands_for() {
    let (nobody, folder) = (Nobody::new(), tempfile::tempdir());
    let folder = folder.expect("a temporary folder");
    let root = folder.path();
    git(root, &["init", "-q"]);
    let (mut commits, mut kept) = (Vec::new(), Vec::new());
    for width in [20, 40] {
        let picture = png(width, 30, 1);
        let digest = Sha256::digest(&picture);
        let oid: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let size = picture.len();
        let pointer =
            format!("version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {size}\n");
        put(root, "map.png", pointer);
        let place = format!(".git/lfs/objects/{}/{}/{oid}", &oid[..2], &oid[2..4]);
        put(root, &place, &picture);
        commits.push(commit(root, &format!("{width} wide")));
        kept.push((oid, picture));
    }
    let served = root.to_path_buf();
    let server = Server::start(move |base, asked| {
        if let Some(wanted) = asked.target.strip_prefix("/large/") {
            let found = kept.iter().find(|(oid, _)| oid == wanted);
            let found = found.expect("what a pointer names");
            return Answer::bytes(found.1.clone());
        }
        match asked.target.strip_prefix("/team/handbook.git/") {
            Some("info/lfs/objects/batch") => {
                let wanted: serde_json::Value = serde_json::from_slice(&asked.body).expect("JSON");
                let oid = wanted["objects"][0]["oid"].as_str().expect("it is named");
                let action = json!({"download": {"href": format!("{base}/large/{oid}")}});
                Answer::json(&json!({"objects": [{"actions": action}]}))
            }
            Some(rest) => {
                let target = format!("/.git/{rest}");
                let asked = asked.clone();
                backend(&served, &Asked { target, ..asked })
            }
            None => Answer::status(404),
        }
    })
    .await;
    let at_server = format!("{}/team/handbook.git", server.base);
    for address in [root.display().to_string(), at_server] {
        let visit = nobody.open(&address, None).await;
        let visit = visit.unwrap_or_else(|error| panic!("{address}: {}", error.chain()));
        let compared = visit.compare(&commits[0], "map.png").await;
        let compared = compared.unwrap_or_else(|error| panic!("{address}: {}", error.chain()));
        let Comparison::Pictures { before, after } = &compared.comparison else {
            panic!("{address}: it is a picture: {compared:?}");
        };
        let size = |picture: &Option<Picture>| picture.and_then(|seen| seen.dimensions);
        assert_eq!(
            (size(before), size(after)),
            (Some((20, 30)), Some((40, 30))),
            "{address}"
        );
        let bytes = (compared.before_size, compared.after_size);
        assert_eq!(bytes, (Some(30), Some(30)), "{address}");
        // The window asks so for what it was.
        let was = visit.bytes_at(&commits[0], "map.png").await;
        assert_eq!(was.expect("it was there"), png(20, 30, 1), "{address}");
    }
    let targets = server.targets();
    let large = targets.iter().filter(|one| one.starts_with("/large/"));
    assert_eq!(large.count(), 2, "each is fetched once: {targets:?}");
}

/// Larger than what is looked at of a file, and what Git LFS calls it.
fn film() -> (Vec<u8>, String) {
    let film = vec![7; 26 * 1024 * 1024];
    let digest = Sha256::digest(&film);
    let oid = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    (film, oid)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_to_be_shown_is_saved_part_by_part() {
    use std::os::unix::fs::PermissionsExt as _;

    let (film, oid) = film();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    git(root, &["init", "-q"]);
    let size = film.len();
    let pointer =
        format!("version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {size}\n");
    put(root, "film.bin", &pointer);
    let head = commit(root, "first");
    let wanted = path("film.bin");
    let saved = tempfile::tempdir().expect("a temporary folder");
    let into = saved.path().join("film.bin");

    // At each host, with a cache that has no room for it.
    for (provider, name, answering) in crate::hosted::HOSTS {
        let (kept, given) = (oid.clone(), film.clone());
        let storage = Server::start(move |_, _| Answer::bytes(given.clone())).await;
        let real = crate::fake::Real {
            lfs: std::collections::HashMap::from([(kept, film.clone())]),
            storage: storage.base.clone(),
            ..crate::fake::at(root)
        };
        let server = Server::start(move |base, asked| {
            answering(&real, base, asked).unwrap_or_else(|| Answer::status(404))
        })
        .await;
        let home = tempfile::tempdir().expect("a temporary folder");
        let cache = Cache::open(home.path(), 1 << 20).expect("a cache");
        let host = crate::hosted::host_at(provider, &server.base, Some(cache));
        let repository = Repository::hosted(&host, name).expect("a name");
        let shown = repository.blob(&head, wanted, Urgency::Waited).await;
        let said = shown.expect_err("it is too large").chain();
        // Bitbucket Cloud sends what a pointer stands for in its place, and tells no size of it.
        let told = if provider == "bitbucket" {
            "25 MB"
        } else {
            "27262976 bytes"
        };
        assert!(said.contains(told), "{provider}: {said}");
        assert!(said.contains("--save-to"), "{provider}: {said}");
        let written = repository.save(&head, wanted, &into).await;
        let written = written.unwrap_or_else(|error| panic!("{provider}: {}", error.chain()));
        assert_eq!(written, size as u64, "{provider}");
        assert!(
            std::fs::read(&into).expect("it is there") == film,
            "{provider}"
        );
        let left = std::fs::read_dir(home.path().join("large")).expect("the folder is there");
        assert_eq!(left.count(), 0, "{provider}: there is no room to keep it");
        std::fs::remove_file(&into).expect("it is ours");
    }

    // At a Git server, which may send something else.
    for sends in [film.clone(), vec![8; size]] {
        let is_right = sends == film;
        let served = root.to_path_buf();
        let server = Server::start(move |base, asked| match asked.target.as_str() {
            "/.git/info/lfs/objects/batch" => {
                let action = json!({"download": {"href": format!("{base}/large")}});
                Answer::json(&json!({"objects": [{"actions": action}]}))
            }
            "/large" => Answer::bytes(sends.clone()),
            _ => backend(&served, asked),
        })
        .await;
        let address = format!("{}/.git", server.base);
        let http = Http::new().expect("a client");
        let opened = Repository::remote(&address, &http, None, &Ssh::default(), None);
        let repository = opened.expect("an address");
        repository.resolve(None).await.expect("a commit");
        match repository.save(&head, wanted, &into).await {
            Ok(written) => assert_eq!((written, is_right), (size as u64, true)),
            Err(error) => {
                assert!(!is_right, "{}", error.chain());
                assert!(
                    error.chain().contains("other contents"),
                    "{}",
                    error.chain()
                );
            }
        }
        assert_eq!(into.exists(), is_right, "all of it or nothing");
        std::fs::remove_file(&into).ok();
    }

    // In a clone: once nobody has fetched it, and once `git lfs` has.
    let local = Repository::local(root).expect("a repository");
    let said = local
        .save(&head, wanted, &into)
        .await
        .expect_err("it is nowhere");
    assert!(
        said.to_string().contains("`git lfs fetch` does that"),
        "{said}"
    );
    let place = format!(".git/lfs/objects/{}/{}/{oid}", &oid[..2], &oid[2..4]);
    put(root, &place, &film);
    let written = local.save(&head, wanted, &into).await.expect("it is here");
    assert_eq!(written, size as u64);
    assert!(std::fs::read(&into).expect("it is there") == film);
    let usual = saved.path().join("usual");
    #[expect(clippy::disallowed_methods, reason = "tests write plain files")]
    std::fs::write(&usual, "").expect("it is ours");
    let mode = |of: &std::path::Path| {
        std::fs::metadata(of)
            .expect("it is there")
            .permissions()
            .mode()
    };
    assert_eq!(mode(&into), mode(&usual), "it is for whom any new file is");
    assert!(root.join(&place).exists(), "what was copied stays");
}

/// In the window, where somebody sees how far it is.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_saved_tells_how_far_it_is_and_leaves_nothing_when_it_is_cancelled() {
    let (film, oid) = film();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    git(root, &["init", "-q", "-b", "main"]);
    let size = film.len();
    let pointer =
        format!("version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {size}\n");
    put(root, "film.bin", &pointer);
    put(root, "docs/a.md", "# A\n");
    std::os::unix::fs::symlink("docs/a.md", root.join("link.md")).expect("a link");
    commit(root, "first");
    let storage = {
        let film = film.clone();
        Server::start(move |_, _| Answer::bytes(film.clone())).await
    };
    let real = crate::fake::Real {
        lfs: std::collections::HashMap::from([(oid, film.clone())]),
        storage: storage.base.clone(),
        ..crate::fake::at(root)
    };
    let server = Server::start(move |base, asked| {
        crate::fake::gitlab(&real, base, asked).unwrap_or_else(|| Answer::status(404))
    })
    .await;
    let nobody = Nobody::new();
    let address = format!("{}/acme/handbook/-/tree/main", server.base);
    let visit = nobody.open(&address, None).await;
    let visit = visit.unwrap_or_else(|error| panic!("{}", error.chain()));
    let saved = tempfile::tempdir().expect("a temporary folder");
    let into = saved.path().join("film.bin");
    put(saved.path(), "film.bin", "what was there");
    let there = || std::fs::read(&into).expect("it is there");
    let alone = || std::fs::read_dir(saved.path()).expect("it is ours").count() == 1;

    // Somebody wants it no longer as soon as the first bytes are here.
    let cancel = CancellationToken::new();
    let stop = cancel.clone();
    let tell = Arc::new(move |_: u64, _: Option<u64>| stop.cancel());
    let written = visit.save("film.bin", &into, tell, &cancel).await;
    assert_eq!(written.expect("that is no error"), None);
    assert!(
        there() == b"what was there" && alone(),
        "nothing is left of it"
    );
    // Or before.
    let written = visit.save(
        "film.bin",
        &into,
        Arc::new(|_: u64, _: Option<u64>| ()),
        &cancel,
    );
    assert_eq!(written.await.expect("that is no error"), None);
    assert!(there() == b"what was there" && alone());

    let told = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&told);
    let tell = Arc::new(move |bytes: u64, of: Option<u64>| {
        noted.lock().expect("nobody panicked").push((bytes, of));
    });
    let cancel = CancellationToken::new();
    let written = visit.save("film.bin", &into, tell, &cancel).await;
    assert_eq!(written.expect("it is saved"), Some(size as u64));
    assert!(there() == film && alone());
    let told = told.lock().expect("nobody panicked").clone();
    assert!(told.is_sorted() && told.len() > 2, "{}", told.len());
    assert_eq!(told.last(), Some(&(size as u64, Some(size as u64))));

    let nothing = Arc::new(|_: u64, _: Option<u64>| ());
    for path in ["link.md", "docs"] {
        let refused = visit.save(path, &into, nothing.clone(), &cancel).await;
        let said = refused.expect_err("it is no file").to_string();
        assert!(said.contains("is no file that could be saved"), "{said}");
    }
    let refused = visit.save("gone.md", &into, nothing.clone(), &cancel).await;
    assert_eq!(
        refused.expect_err("it is not there").kind(),
        ErrorKind::NotFound
    );
    let nowhere = saved.path().join("film.bin/inside.md");
    let refused = visit.save("docs/a.md", &nowhere, nothing, &cancel).await;
    assert_eq!(refused.expect_err("no folder").kind(), ErrorKind::Storage);
    assert!(there() == film && alone());

    // A file of an opened folder.
    let opened = tributary::repository::open(root).expect("a repository");
    let into = saved.path().join("copy.md");
    assert_eq!(
        opened.save("docs/a.md", &into, &cancel).expect("saved"),
        Some(4)
    );
    assert_eq!(std::fs::read(&into).expect("it is there"), b"# A\n");
    cancel.cancel();
    put(saved.path(), "copy.md", "what was there");
    assert_eq!(
        opened.save("docs/a.md", &into, &cancel).expect("no error"),
        None
    );
    assert_eq!(
        std::fs::read(&into).expect("it is there"),
        b"what was there"
    );
}
