//! Repositories: what Git hosts and Git servers answer, archives, and folders of Git on a disk.
//!
//! Each session is one question of the product's own to a host that answers properly, but for one
//! of its answers, which is the input. Where an answer has an address of the host in it, the
//! inputs have [`HOST`].

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use gix::bstr::{BStr, BString, ByteSlice};
use tempfile::TempDir;
use tributary::hosts::{
    Cache, Change, ChangeKind, Depth, Entry, RefKind, Repository, Ssh, Urgency,
};
use tributary::http::Http;

use crate::answers::{HOST, Shared, choosing, chosen, folder, runtime, with};
use crate::common::within_time;
use crate::fake::{self, Real};
use crate::hosted::{HOSTS, host_at, real};
use crate::local::git;
use crate::remote;
use crate::server::{Answer, Server};

pub const ANSWERS: &[&str] = &[
    "\u{1e}",
    "x-next-page: ",
    "x-total-pages: ",
    "location: ",
    "link: <http://host.test/",
    ">; rel=\"next\"",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "null",
    "true",
    "-1",
    "18446744073709551616",
    "1e999",
    "\"\"",
    "\"sha\":",
    "\"id\":",
    "\"path\":",
    "\"name\":",
    "\"type\":",
    "\"mode\":",
    "\"size\":",
    "\"values\":",
    "\"next\":",
    "\"isLastPage\":",
    "\"nextPageStart\":",
    "\"truncated\":true",
    "\"encoding\":\"base64\"",
    "\"content\":",
    "\"commit\":",
    "\"message\":",
    "\"date\":",
    "\"default_branch\":",
    "\"ranges\":",
    "\"data\":",
    "../",
    "\\u0000",
    "\\ud800",
    "%2F",
    "http://host.test",
    "version https://git-lfs.github.com/spec/v1\noid sha256:",
    "\nsize 4\n",
    "2026-11-28T00:00:00Z",
];

/// One question to a repository.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Question {
    Default,
    Branch,
    Tags,
    Tree,
    Folder,
    Blobs,
    History,
    Compare,
    Blame,
    LastCommits,
    Difference,
    Versions,
}

const QUESTIONS: [Question; 12] = [
    Question::Default,
    Question::Branch,
    Question::Tags,
    Question::Tree,
    Question::Folder,
    Question::Blobs,
    Question::History,
    Question::Compare,
    Question::Blame,
    Question::LastCommits,
    Question::Difference,
    Question::Versions,
];

/// Asks. Whatever comes of it, it ends and is a value.
async fn ask(repository: &Repository, question: Question, first: &str, head: &str) {
    let docs = b"docs".as_bstr();
    let readme = b"README.md".as_bstr();
    match question {
        Question::Default => drop(repository.resolve(None).await),
        Question::Branch => drop(repository.resolve(Some("feature/x")).await),
        Question::Tags => drop(repository.refs(RefKind::Tag, "", Urgency::Waited).await),
        Question::Tree => {
            let root = BStr::new("");
            let tree = repository.tree(head, root, Depth::All, Urgency::Waited);
            holds(tree.await.map(|listing| listing.items));
        }
        Question::Folder => {
            let tree = repository.tree(head, docs, Depth::Children, Urgency::Waited);
            holds(tree.await.map(|listing| listing.items));
        }
        Question::Blobs => {
            for path in [b"docs/big.bin".as_bstr(), readme] {
                drop(repository.blob(head, path, Urgency::Waited).await);
            }
        }
        Question::History => drop(repository.history(head, readme, 3).await),
        Question::Compare => drop(repository.compare(first, head).await),
        Question::Blame => drop(repository.blame(head, readme).await),
        Question::LastCommits => drop(repository.last_commits(head, docs).await),
        Question::Difference => {
            let change = Change {
                path: readme.to_owned(),
                kind: ChangeKind::Modified,
            };
            drop(repository.difference(first, head, &change).await);
        }
        Question::Versions => drop(repository.versions(head, readme, 3).await),
    }
}

/// No name of a listing leads out of the repository.
fn holds(listing: Result<Vec<Entry>, tributary::Error>) {
    for entry in listing.unwrap_or_default() {
        let path: &BString = &entry.path;
        let mut parts = path.split(|byte| *byte == b'/');
        assert!(
            !parts.any(|part| matches!(part, b".." | b"." | b"")),
            "{path:?}"
        );
    }
}

struct Host {
    answers: Shared,
    repository: Repository,
    base: String,
    first: String,
    head: String,
    server: Server,
    _folder: TempDir,
}

struct World {
    hosts: Vec<Host>,
    /// Which host is asked what, and which answer is another.
    sessions: Vec<(usize, Question, String)>,
}

fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let mut hosts = Vec::new();
        let mut sessions = Vec::new();
        for (provider, name, answering) in HOSTS {
            let (folder, first, head) = real();
            let behind = Real {
                lfs: HashMap::from([("0".repeat(64), b"test".to_vec())]),
                page: 20,
                ..fake::at(folder.path())
            };
            let answers = Shared::default();
            let shared = Arc::clone(&answers);
            let server = runtime().block_on(Server::start(move |base, asked| {
                with(&shared, |answers| {
                    answers.give(&asked.target, base, || {
                        answering(&behind, base, asked).unwrap_or_else(|| Answer::status(404))
                    })
                })
            }));
            let host = host_at(provider, &server.base, None);
            let repository = Repository::hosted(&host, name).expect("a name");
            for question in QUESTIONS {
                with(&answers, |answers| answers.asked.clear());
                runtime().block_on(ask(&repository, question, &first, &head));
                let asked = with(&answers, |answers| answers.asked.clone());
                sessions.extend(asked.into_iter().map(|key| (hosts.len(), question, key)));
            }
            hosts.push(Host {
                answers,
                repository,
                base: server.base.clone(),
                first,
                head,
                server,
                _folder: folder,
            });
        }
        World { hosts, sessions }
    })
}

pub fn answers(bytes: &[u8]) {
    let world = world();
    let Some((session, body)) = chosen(bytes, world.sessions.len()) else {
        return;
    };
    let (host, question, key) = &world.sessions[session];
    let host = &world.hosts[*host];
    with(&host.answers, |answers| {
        answers.changed = Some((key.clone(), body.to_vec()));
    });
    runtime().block_on(ask(&host.repository, *question, &host.first, &host.head));
    host.server.forget();
}

pub fn answers_seeds() -> Vec<Vec<u8>> {
    let world = world();
    let sessions = world.sessions.iter().enumerate();
    sessions
        .map(|(number, (host, _, key))| {
            let host = &world.hosts[*host];
            let body = with(&host.answers, |answers| answers.known[key].body.clone());
            let headers = "\u{1e}x-next-page: 2\nlink: <http://host.test/next>; rel=\"next\"";
            let body = body.replace(&host.base, HOST);
            let with_headers = match number % 8 {
                0 => [&body[..], headers.as_bytes()].concat(),
                _ => body,
            };
            choosing(number, &with_headers)
        })
        .collect()
}

/// What a host says of its limits, in headers; the first byte says whether it refused.
pub fn limits(bytes: &[u8]) {
    let Some((first, headers)) = bytes.split_first() else {
        return;
    };
    let headers = crate::common::text(headers);
    let wait = tributary::hosts::fuzzing::wait(&headers, first & 1 == 1);
    assert!(
        wait.is_none_or(|wait| wait.as_secs() <= 24 * 60 * 60),
        "{wait:?}"
    );
}

struct Archive {
    sent: Arc<Mutex<Vec<u8>>>,
    plain: Vec<u8>,
    files: Vec<Entry>,
    provider: &'static str,
    name: &'static str,
    base: String,
    head: String,
    server: Server,
    _folder: TempDir,
}

fn archive() -> &'static [Archive; 2] {
    static ARCHIVES: OnceLock<[Archive; 2]> = OnceLock::new();
    ARCHIVES.get_or_init(|| {
        [("gitlab", "tar"), ("azure-devops", "zip")].map(|(provider, format)| {
            let (folder, _, head) = remote::real();
            let behind = Real {
                page: 1000,
                ..fake::at(folder.path())
            };
            let plain = behind
                .archive(format, "", &head, "")
                .expect("an archive")
                .body;
            let known = HOSTS.into_iter().find(|(known, ..)| *known == provider);
            let (_, name, answering) = known.expect("it is a host");
            let sent = Arc::new(Mutex::new(Vec::new()));
            let shared = Arc::clone(&sent);
            let server = runtime().block_on(Server::start(move |base, asked| {
                if asked.target.contains("archive") || asked.target.contains("zip") {
                    return Answer::bytes(shared.lock().expect("nobody panicked with it").clone());
                }
                answering(&behind, base, asked).unwrap_or_else(|| Answer::status(404))
            }));
            let host = host_at(provider, &server.base, None);
            let listing = Repository::hosted(&host, name).expect("a name");
            let all = listing.tree(&head, BStr::new(""), Depth::All, Urgency::Waited);
            let files = runtime().block_on(all).expect("readable").items;
            Archive {
                sent,
                plain,
                files,
                provider,
                name,
                base: server.base.clone(),
                head,
                server,
                _folder: folder,
            }
        })
    })
}

/// The first byte says which kind: a tar that is packed here, a tar as it was packed, a zip.
pub fn archives(bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else {
        return;
    };
    let (archive, body) = match kind % 3 {
        0 => (&archive()[0], packed(rest)),
        1 => (&archive()[0], rest.to_vec()),
        _ => (&archive()[1], rest.to_vec()),
    };
    *archive.sent.lock().expect("nobody panicked with it") = body;
    let kept = folder();
    let cache = Cache::open(kept.path(), 1 << 24).expect("a cache");
    let host = host_at(archive.provider, &archive.base, Some(cache));
    let repository = Repository::hosted(&host, archive.name).expect("a name");
    let files: Vec<&Entry> = archive.files.iter().collect();
    let fetched = repository.fetch_ahead(&archive.head, &files, Urgency::Waited);
    drop(runtime().block_on(fetched));
    archive.server.forget();
}

pub fn archives_seeds() -> Vec<Vec<u8>> {
    let [tar, zip] = archive();
    vec![
        [&[0], &tar.plain[..tar.plain.len().min(8000)]].concat(),
        [&[1], &packed(&tar.plain)[..]].concat(),
        [&[2], &zip.plain[..]].concat(),
    ]
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    std::io::Write::write_all(&mut encoder, bytes).expect("memory grows");
    encoder.finish().expect("memory grows")
}

struct GitServer {
    answers: Shared,
    address: String,
    head: String,
    keys: Vec<String>,
    server: Server,
    _folder: TempDir,
}

fn git_server() -> &'static GitServer {
    static SERVER: OnceLock<GitServer> = OnceLock::new();
    SERVER.get_or_init(|| {
        let (folder, _, head) = remote::real();
        let served = folder.path().to_path_buf();
        let answers = Shared::default();
        let shared = Arc::clone(&answers);
        let server = runtime().block_on(Server::start(move |base, asked| {
            let key = format!("{}{}", asked.target, asked.body.escape_ascii());
            with(&shared, |answers| {
                let is_changed = answers
                    .changed
                    .as_ref()
                    .is_some_and(|(known, _)| *known == key);
                if answers.changed.is_some() && !is_changed && !answers.known.contains_key(&key) {
                    // What only an odd answer makes it ask is not worth a process of Git's.
                    return Answer::status(404);
                }
                let mut answer = answers.give(&key, base, || remote::backend(&served, asked));
                if is_changed {
                    // This protocol is told by its type.
                    answer.headers.clone_from(&answers.known[&key].headers);
                }
                answer
            })
        }));
        let mut server = GitServer {
            answers,
            address: format!("{}/.git", server.base),
            head,
            keys: Vec::new(),
            server,
            _folder: folder,
        };
        look(&server);
        let keys = with(&server.answers, |answers| {
            answers.known.keys().cloned().collect()
        });
        server.keys = keys;
        server.keys.sort();
        server
    })
}

fn look(server: &GitServer) {
    runtime().block_on(async {
        let http = Http::new().expect("a client");
        let remote = Repository::remote(&server.address, &http, None, &Ssh::default(), None);
        let remote = remote.expect("an address");
        drop(remote.refs(RefKind::Branch, "", Urgency::Waited).await);
        drop(remote.resolve(None).await);
        let readme = b"README.md".as_bstr();
        drop(remote.blob(&server.head, readme, Urgency::Waited).await);
    });
}

pub fn git_servers(bytes: &[u8]) {
    let server = git_server();
    let Some((key, body)) = chosen(bytes, server.keys.len()) else {
        return;
    };
    with(&server.answers, |answers| {
        answers.changed = Some((server.keys[key].clone(), body.to_vec()));
    });
    look(server);
    server.server.forget();
}

pub fn git_servers_seeds() -> Vec<Vec<u8>> {
    let server = git_server();
    let keys = server.keys.iter().enumerate();
    keys.map(|(number, key)| {
        let body = with(&server.answers, |answers| answers.known[key].body.clone());
        choosing(number, &body)
    })
    .collect()
}

struct Folder {
    folder: TempDir,
    first: String,
    head: String,
    /// The files that are changed, from the folder.
    files: Vec<(PathBuf, Vec<u8>)>,
}

/// A repository of which one half is in a pack and the other in files of their own.
fn git_folder() -> &'static Folder {
    static FOLDER: OnceLock<Folder> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let (made, first, head) = remote::real();
        let folder = folder();
        let to = folder.path().join("r");
        let from = made.path().to_string_lossy().into_owned();
        git(folder.path(), &["clone", "-q", "--no-local", &from, "r"]);
        git(&to, &["pack-refs", "--all"]);
        crate::local::put(&to, "more.md", "# More\n");
        git(&to, &["add", "-A"]);
        git(&to, &["commit", "-qm", "third\n\nwith a body"]);
        let head_now = git(&to, &["rev-parse", "HEAD"]);
        let mut files: Vec<(PathBuf, Vec<u8>)> = Vec::new();
        find(&to.join(".git"), &mut files);
        files.sort();
        drop(head);
        Folder {
            folder,
            first,
            head: head_now,
            files,
        }
    })
}

pub fn find(below: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in std::fs::read_dir(below).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_dir() {
            if !matches!(&*name, "hooks" | "info" | "logs") {
                find(&path, found);
            }
        } else if let Ok(bytes) = std::fs::read(&path) {
            found.push((path, bytes));
        }
    }
}

/// Whether it is an object in a file of its own, which is packed.
fn is_loose(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.len() == 38
}

pub fn folders(bytes: &[u8]) {
    let made = git_folder();
    let Some((number, body)) = chosen(bytes, made.files.len()) else {
        return;
    };
    let (path, plain) = &made.files[number];
    let body = if is_loose(path) {
        deflated(body)
    } else {
        body.to_vec()
    };
    replace(path, &body);
    let root = made.folder.path().join("r");
    if let Ok(repository) = Repository::local(&root) {
        runtime().block_on(async {
            for question in QUESTIONS {
                ask(&repository, question, &made.first, &made.head).await;
            }
        });
    }
    if let Ok(repository) = tributary::repository::open(&root) {
        drop(repository.entries(&root));
        repository.facts();
        repository.permalink("README.md");
        repository.is_modified("README.md", b"x");
    }
    replace(path, plain);
}

fn replace(path: &Path, bytes: &[u8]) {
    // Git makes its files read-only.
    std::fs::remove_file(path).expect("a file of the fuzzer's own");
    std::fs::write(path, bytes).expect("a file of the fuzzer's own");
}

pub fn folders_seeds() -> Vec<Vec<u8>> {
    let made = git_folder();
    let files = made.files.iter().enumerate();
    files
        .map(|(number, (path, bytes))| match is_loose(path) {
            true => choosing(number, &inflated(bytes)),
            false => choosing(number, bytes),
        })
        .collect()
}

/// A repository that keeps its names in tables, for each kind of ids.
struct Tables {
    folder: TempDir,
    /// The files of its tables and their list, from the folder.
    files: Vec<(PathBuf, Vec<u8>)>,
}

/// Some names of each kind: so many that a table has several blocks, one that was deleted, tags with what
/// they stand for, and what is checked out in one more folder.
fn git_tables() -> &'static [Tables; 2] {
    static TABLES: OnceLock<[Tables; 2]> = OnceLock::new();
    TABLES.get_or_init(|| {
        ["sha1", "sha256"].map(|ids| {
            let folder = folder();
            let root = folder.path().join("r");
            let ids = format!("--object-format={ids}");
            git(
                folder.path(),
                &["init", "-q", "--ref-format=reftable", &ids, "r"],
            );
            crate::local::put(&root, "README.md", "# Read me\n");
            git(&root, &["add", "-A"]);
            git(&root, &["commit", "-qm", "first"]);
            git(&root, &["tag", "-a", "v1.0", "-m", "one"]);
            for number in 0..60 {
                git(
                    &root,
                    &["branch", &format!("people/{number}/what-they-do-{number}")],
                );
            }
            git(&root, &["pack-refs", "--all"]);
            git(&root, &["branch", "-D", "people/7/what-they-do-7"]);
            git(
                &root,
                &["symbolic-ref", "refs/heads/other", "refs/heads/main"],
            );
            git(&root, &["worktree", "add", "-q", "--detach", "../w"]);
            // Git calls them by chance, and an input has to mean the same in every run.
            let tables = root.join(".git/reftable");
            let list = tables.join("tables.list");
            let called = std::fs::read_to_string(&list).expect("Git wrote it");
            let mut names = String::new();
            for (number, name) in called.lines().enumerate() {
                let plain = format!("{number}.ref");
                std::fs::rename(tables.join(name), tables.join(&plain)).expect("it is listed");
                names += &format!("{plain}\n");
            }
            replace(&list, names.as_bytes());
            let mut files: Vec<(PathBuf, Vec<u8>)> = Vec::new();
            find(&tables, &mut files);
            files.sort();
            Tables { folder, files }
        })
    })
}

/// One of the files of tables is another one.
pub fn tables(bytes: &[u8]) {
    let made = git_tables();
    let all = made[0].files.len() + made[1].files.len();
    let Some((number, body)) = chosen(bytes, all) else {
        return;
    };
    let (made, number) = match number.checked_sub(made[0].files.len()) {
        Some(number) => (&made[1], number),
        None => (&made[0], number),
    };
    let (path, plain) = &made.files[number];
    replace(path, body);
    for root in ["r", "w"].map(|name| made.folder.path().join(name)) {
        let repository = within_time(bytes.len(), || Repository::local(&root));
        if let Ok(repository) = repository {
            names_agree(&root, &repository);
        }
    }
    replace(path, plain);
}

/// What is listed is found by its name too, and leads to the same.
fn names_agree(root: &Path, repository: &Repository) {
    let opened = tributary::repository::open(root).expect("its names can be read");
    runtime().block_on(async {
        if let (Ok(head), Some(opened)) = (repository.resolve(None).await, opened.head)
            // One that leads to a tag is told when it is looked at.
            && opened.when.is_some()
        {
            assert_eq!(head.id, opened.commit);
        }
        for (kind, above) in [(RefKind::Branch, "refs/heads"), (RefKind::Tag, "refs/tags")] {
            let listed = repository.refs(kind, "", Urgency::Waited).await;
            let listed = listed.expect("its names can be read").items;
            for one in listed.iter().take(20) {
                let full = format!("{above}/{}", one.name);
                // Signs that are no text are shown as others.
                let is_text = !one.name.contains(char::REPLACEMENT_CHARACTER);
                if let Some(commit) = one.commit.as_ref().filter(|_| is_text)
                    && let Ok(found) = repository.resolve(Some(&full)).await
                {
                    assert_eq!(found.id, *commit, "{full:?}");
                }
            }
        }
    });
}

pub fn tables_seeds() -> Vec<Vec<u8>> {
    let made = git_tables().iter().flat_map(|tables| &tables.files);
    made.enumerate()
        .map(|(number, (_, bytes))| choosing(number, bytes))
        .collect()
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    std::io::Write::write_all(&mut encoder, bytes).expect("memory grows");
    encoder.finish().expect("memory grows")
}

fn inflated(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    let mut decoder = flate2::read::ZlibDecoder::new(bytes);
    std::io::Read::read_to_end(&mut decoder, &mut plain).expect("Git wrote it");
    plain
}
