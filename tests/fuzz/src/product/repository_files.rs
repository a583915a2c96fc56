//! Files of a repository that name other places: `.gitmodules`, `.lfsconfig`, and what stands in Git
//! for a large file; and what the servers say that have those.

use std::collections::{BTreeSet, HashMap};
use std::path::{Component, Path};
use std::sync::{Arc, Mutex, OnceLock};

use gix::bstr::{BStr, ByteSlice};
use serde_json::json;
use tempfile::TempDir;
use tributary::browse;
use tributary::hosts::{Link, Repository, Urgency, fuzzing};
use url::Url;

use crate::answers::{HOST, folder, runtime};
use crate::common::{BETWEEN, Target, joined, parts, text, within_time};
use crate::fake;
use crate::hosted::host_at;
use crate::local::{commit, git, put};
use crate::server::{Answer, Asked, Server};

pub const TARGETS: [Target; 2] = [
    Target {
        name: "submodules",
        longest: 1024,
        run: submodules,
        seeds: submodules_seeds,
        words: MODULES,
    },
    Target {
        name: "large-files",
        longest: 1024,
        run: large_files,
        seeds: large_files_seeds,
        words: LARGE,
    },
];

/// Where the repository is that has the submodules; the last one was opened from a disk.
const OWN: [Option<&str>; 5] = [
    Some("https://git.acme.com/team/docs/handbook"),
    Some("http://git.acme.com:8080/handbook.git"),
    Some("ssh://git@git.acme.com:7999/team/handbook.git"),
    Some("git@git.acme.com:team/handbook.git"),
    None,
];

/// The first part is `.gitmodules`, the second the path of a submodule.
fn submodules(bytes: &[u8]) {
    let mut parts = bytes.splitn(2, |byte| *byte == BETWEEN);
    let modules = parts.next().unwrap_or_default();
    let path = parts.next().unwrap_or(b"docs/theme").as_bstr();
    for own in OWN {
        let found = within_time(bytes.len(), || {
            browse::fuzzing::address_of(modules, path, own)
        });
        if let Some(address) = found {
            leads_to_a_server(&address, own, modules);
        }
    }
}

/// No address of a submodule is a place on this machine, an option of a program, or two things to two
/// readers; and what is named from the repository on is at its server.
fn leads_to_a_server(address: &str, own: Option<&str>, modules: &[u8]) {
    assert_eq!(address, address.trim(), "{address:?}");
    assert!(!address.starts_with('-'), "{address:?}");
    assert!(!address.chars().any(char::is_control), "{address:?}");
    let host = match Url::parse(address).ok().filter(|_| address.contains("://")) {
        Some(url) => {
            assert!(
                ["https", "http", "ssh"].contains(&url.scheme()),
                "{address:?}"
            );
            assert!(url.has_host(), "{address:?}");
            url.host_str().unwrap_or_default().to_owned()
        }
        None => {
            let (server, path) = address.split_once(':').expect("as SSH has it");
            assert!(!server.contains('/') && !path.is_empty(), "{address:?}");
            let (_, host) = server.split_once('@').expect("as SSH has it");
            assert!(!host.starts_with('-'), "{address:?}");
            host.to_owned()
        }
    };
    assert!(!Path::new(address).exists(), "{address:?}");
    drop(Link::read_at(address, &[]));
    // Where no address is written out, all there is are those beside the repository's own.
    let says_addresses = modules.find(b"//").is_some() || modules.contains(&b'@');
    if let Some(own) = own
        && !says_addresses
    {
        assert!(
            own.contains(&host) && !host.is_empty(),
            "{address:?} of {own}"
        );
    }
}

fn submodules_seeds() -> Vec<Vec<u8>> {
    vec![
        joined(&[
            "[submodule \"theme\"]\n\tpath = docs/theme\n\turl = ../theme.git\n\
             [submodule \"far\"]\n\tpath = far/\n\turl = https://git.example.com/team/far.git\n",
            "docs/theme",
        ]),
        joined(&[
            "[submodule \"a\"] path=a\nurl=git@git.acme.com:team/a.git # note\n",
            "a",
        ]),
        joined(&[
            "[submodule \"a\"]\npath = \"a b\"\nurl = \"ssh://git@git.acme.com:7999/a\" ;note\n",
            "a b",
        ]),
        joined(&["[submodule \"d\"]\npath=d\nurl=./../../../up\n", "d"]),
        joined(&["[submodule \"d\"]\npath=d\nurl=file:///etc\n", "d"]),
        joined(&[
            "[include]\npath=/etc/hostname\n[submodule]\npath=d\nurl=/srv/a\n",
            "d",
        ]),
    ]
}

const MODULES: &[&str] = &[
    "\u{1e}",
    "[submodule \"a\"]\n",
    "[submodule]\n",
    "[include]\n",
    "path = ",
    "url = ",
    "docs/theme",
    "../",
    "./",
    "/",
    "..",
    "https://",
    "http://",
    "ssh://",
    "git://",
    "file://",
    "FILE://",
    "ext::sh -c x",
    "git.acme.com",
    "git@",
    ":",
    ":7999",
    "\"",
    "\\\"",
    "\\\n",
    "\\t",
    "#",
    ";",
    " ",
    "-oProxyCommand=x",
    "\u{a0}",
    "%2e%2e",
];

/// What stands in inputs for the address of a server that is none of the repository's.
const STRANGER: &str = "http://stranger.test";
const OID: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
/// Where the LFS server beside the repository is asked.
const BESIDE: &str = "/acme/handbook.git/info/lfs/objects/batch";

/// The first byte says what the rest is: `.lfsconfig`, what a server says over SSH, what Git has in
/// place of a file; or the answer of the LFS server, and `.lfsconfig` of a repository, with both of
/// which a file is asked for.
fn large_files(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else {
        return;
    };
    match first % 5 {
        0 => {
            if let Some(url) = within_time(rest.len(), || fuzzing::named_lfs_server(rest)) {
                assert!(matches!(url.scheme(), "https" | "http"), "{url}");
                assert!(url.has_host(), "{url}");
                assert!(
                    url.username().is_empty() && url.password().is_none(),
                    "{url}"
                );
            }
        }
        1 => {
            let Some((url, headers)) = within_time(rest.len(), || fuzzing::said_lfs_server(rest))
            else {
                return;
            };
            let is_here = url.scheme() == "http" && url.host_str() == Some("127.0.0.1");
            assert!(url.scheme() == "https" || is_here, "{url}");
            assert!(url.path().ends_with("/objects/batch"), "{url}");
            let told = format!("{headers:?}");
            assert!(headers.values().all(|value| value.is_sensitive()), "{told}");
        }
        2 => {
            let Some((pointer, place)) = within_time(rest.len(), || fuzzing::pointer(rest)) else {
                return;
            };
            let mut parts = place.components();
            assert!(parts.all(|part| matches!(part, Component::Normal(_))));
            assert!(place.starts_with("lfs/objects") && place.ends_with(&pointer.oid));
            let again = format!(
                "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize {}\n",
                pointer.oid, pointer.size
            );
            let again = fuzzing::pointer(again.as_bytes());
            assert_eq!(again.map(|(pointer, _)| pointer), Some(pointer));
        }
        kind => asked_for(kind == 4, rest),
    }
}

/// What the servers give this time.
#[derive(Default)]
struct Given {
    /// What the LFS server beside the repository answers; none where it has nothing.
    batch: Option<Answer>,
    /// What the repository has in `.lfsconfig`, where that is another.
    config: Option<Vec<u8>>,
}

struct World {
    given: Arc<Mutex<Given>>,
    repository: Repository,
    head: String,
    own: Server,
    stranger: Server,
    _folder: TempDir,
}

fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let folder = folder();
        let root = folder.path();
        git(root, &["init", "-q"]);
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:";
        put(root, "a.bin", format!("{pointer}{OID}\nsize 4\n"));
        put(root, ".lfsconfig", "[lfs]\n");
        let head = commit(root, "first");
        let config = git(root, &["rev-parse", "HEAD:.lfsconfig"]);
        let given: Arc<Mutex<Given>> = Arc::default();
        let (served, shared) = (root.to_path_buf(), Arc::clone(&given));
        // What the host answers of its own is the same every time.
        let known: Mutex<HashMap<String, Answer>> = Mutex::default();
        let own = Server::start(move |base, asked| {
            let given = shared.lock().expect("nobody panicked with it");
            let is_config = asked.target.ends_with(&format!("/git/blobs/{config}"));
            if let Some(config) = given.config.as_ref().filter(|_| is_config) {
                return Answer::bytes(config.clone());
            }
            if asked.target == BESIDE {
                return given.batch.clone().unwrap_or_else(|| Answer::status(404));
            }
            if asked.target.ends_with("/objects/batch") {
                let action = json!({"download": {"href": format!("{base}/large")}});
                return Answer::json(&json!({"objects": [{"actions": action}]}));
            }
            if !asked.target.starts_with("/api/") {
                return Answer::bytes(b"test".to_vec());
            }
            drop(given);
            let mut known = known.lock().expect("nobody panicked with it");
            let answer = known.entry(asked.target.clone()).or_insert_with(|| {
                let answer = fake::github(&fake::at(&served), base, asked);
                answer.unwrap_or_else(|| Answer::status(404))
            });
            answer.clone()
        });
        let own = runtime().block_on(own);
        let stranger = Server::start(|_, _| Answer::bytes(b"test".to_vec()));
        let stranger = runtime().block_on(stranger);
        let host = host_at("github", &own.base, None);
        let repository = Repository::hosted(&host, "acme/handbook").expect("a name");
        World {
            given,
            repository,
            head,
            own,
            stranger,
            _folder: folder,
        }
    })
}

/// Whether an input names no server but the two: no other one is asked, whatever was wrong here.
fn names_these_alone(input: &str) -> bool {
    let ends_there = |place: &&str| {
        let mut behind = input.match_indices(place);
        behind.all(|(at, _)| {
            let next = input[at + place.len()..].chars().next();
            next.is_none_or(|next| "/?#\"\n> ".contains(next))
        })
    };
    let known = [HOST, STRANGER];
    let named: usize = known.iter().map(|place| input.matches(place).count()).sum();
    let small = input.to_ascii_lowercase();
    known.iter().all(ends_there)
        && small.matches("http").count() == named
        && small.matches("//").count() == named
        && !input.contains(['\\', '\t', '\r'])
}

/// A file is asked for, of which the repository has a pointer. The credential that opens the
/// repository goes to nobody else, and one whom only the repository names is asked nothing.
fn asked_for(by_config: bool, input: &[u8]) {
    let world = world();
    let input = text(input);
    if !names_these_alone(&input) || by_config && input.contains('"') {
        return;
    }
    let input = input
        .replace(HOST, &world.own.base)
        .replace(STRANGER, &world.stranger.base);
    *world.given.lock().expect("nobody panicked with it") = match by_config {
        true => Given {
            batch: None,
            config: Some(input.into_bytes()),
        },
        false => Given {
            batch: Some(answer(&input)),
            config: None,
        },
    };
    let path = BStr::new("a.bin");
    let read = runtime().block_on(world.repository.blob(&world.head, path, Urgency::Waited));
    if let Ok(read) = read
        && read.unresolved.is_none()
    {
        assert_eq!(&read.bytes[..], b"test");
    }
    let asked = |server: &Server| {
        let asked = server.asked.lock().expect("nobody panicked with it");
        asked.clone()
    };
    let opens = |asked: &Asked| asked.headers.get("authorization").cloned();
    let own: BTreeSet<String> = asked(&world.own).iter().filter_map(opens).collect();
    let strange = asked(&world.stranger);
    assert!(!by_config || strange.is_empty(), "{strange:?}");
    for one in &strange {
        let sent = opens(one);
        assert!(sent.is_none_or(|sent| !own.contains(&sent)), "{one:?}");
        let told = format!("{one:?}");
        assert!(!told.contains("the-token-of-the-account"), "{told}");
    }
    world.own.forget();
    world.stranger.forget();
}

/// The answer of a server: a sign for its status, the body, and behind a mark its headers.
fn answer(input: &str) -> Answer {
    let mut signs = input.chars();
    let (status, rest) = match signs.next() {
        Some('r') => (302, signs.as_str()),
        Some('m') => (307, signs.as_str()),
        Some('u') => (401, signs.as_str()),
        Some('n') => (404, signs.as_str()),
        _ => (200, input),
    };
    let mut parts = parts(rest.as_bytes()).into_iter();
    let mut answer = Answer::bytes(parts.next().unwrap_or_default().into_bytes());
    answer.status = status;
    answer.headers.clear();
    for line in parts.next().unwrap_or_default().lines() {
        if let Some((name, value)) = line.split_once(": ")
            // What is said of limits would be kept to.
            && ["location", "content-type", "www-authenticate"]
                .contains(&&*name.to_lowercase())
        {
            answer.headers.push((name.to_owned(), value.to_owned()));
        }
    }
    answer
}

fn large_files_seeds() -> Vec<Vec<u8>> {
    let of = |kind: u8, text: &str| [&[kind], text.as_bytes()].concat();
    let batch = |place: &str| {
        format!(
            "{{\"objects\":[{{\"oid\":\"{OID}\",\"actions\":{{\"download\":{{\"href\":\"{place}/large\",\
             \"header\":{{\"X-Pass\":\"once\",\"Authorization\":\"Bearer x\"}}}}}}}}]}}"
        )
    };
    vec![
        of(
            0,
            "[lfs]\n\turl = https://ada:secret@git.acme.com/team/a.git/info/lfs\n",
        ),
        of(
            0,
            "[lfs]\nurl = ssh://git@git.acme.com/a\n[remote \"origin\"]\nlfsurl = http://a/\n",
        ),
        of(
            1,
            "{\"href\":\"https://lfs.acme.com/a/\",\"header\":{\"Authorization\":\"RemoteAuth x\"},\
             \"expires_in\":3600}",
        ),
        of(
            1,
            "{\"href\":\"http://127.0.0.1:1/a?b#c\",\"header\":{\"Host\":\"b\"}}",
        ),
        of(
            2,
            &format!("version https://git-lfs.github.com/spec/v1\noid sha256:{OID}\nsize 4\n"),
        ),
        of(
            2,
            &format!(
                "version https://hawser.github.com/spec/v1\next-0-a sha256:b\noid sha256:{OID}\nsize 18446744073709551615"
            ),
        ),
        of(3, &batch(HOST)),
        of(3, &batch(STRANGER)),
        of(3, &format!("r\u{1e}location: {STRANGER}/objects/batch")),
        of(3, &format!("m\u{1e}location: {STRANGER}/objects/batch")),
        of(3, &format!("m\u{1e}location: {HOST}/other/objects/batch")),
        of(
            3,
            "u{\"message\":\"no\"}\u{1e}www-authenticate: Basic realm=\"a\"",
        ),
        of(
            3,
            "{\"objects\":[{\"error\":{\"code\":404,\"message\":\"gone\"}}]}",
        ),
        of(
            4,
            &format!("[lfs]\nurl = {HOST}/acme/shared.git/info/lfs\n"),
        ),
        of(
            4,
            &format!("[lfs]\nurl = {STRANGER}/acme/shared.git/info/lfs\n"),
        ),
        of(4, &format!("[lfs]\nurl = {HOST}/a?b={STRANGER}/#c\n")),
    ]
}

const LARGE: &[&str] = &[
    "\u{0}",
    "\u{1}",
    "\u{2}",
    "\u{3}",
    "\u{4}",
    "[lfs]\n",
    "url = ",
    "http://host.test/",
    "http://stranger.test/",
    "https://",
    "ssh://",
    "file:///etc",
    "@",
    ":",
    "?",
    "#",
    "..",
    "/info/lfs",
    "\"href\":\"",
    "\"header\":{\"",
    "\"Authorization\":\"",
    "\"Host\":\"",
    "\"Content-Length\":\"",
    "\"Transfer-Encoding\":\"chunked\"",
    "\"Expect\":\"100-continue\"",
    "\"objects\":[{",
    "\"actions\":{\"download\":{",
    "\"error\":{\"message\":\"",
    "}}}]}",
    "null",
    "version https://git-lfs.github.com/spec/v1\n",
    "oid sha256:",
    "size ",
    "-1",
    "18446744073709551616",
    "\u{1e}",
    "location: ",
    "www-authenticate: ",
    "127.0.0.1",
    "[::1]",
];
