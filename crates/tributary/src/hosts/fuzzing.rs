//! Doors for the fuzzer (`tests/fuzz`) to what nobody else calls: there only when it is built.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::lfs::{self, Pointer};
use super::queue::{Limit, Queue, Taken};
use super::remembered;
use super::wire::Ref;
use crate::account::Limits;
use crate::store::write_atomically;

/// How long a host wants to be left alone, by the headers in lines of a name and a value.
pub fn wait(lines: &str, is_refused: bool) -> Option<Duration> {
    let mut headers = HeaderMap::new();
    for line in lines.lines() {
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        if let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_str(value.trim()),
        ) {
            headers.append(name, value);
        }
    }
    crate::http::pace_of(&headers);
    let taken = match is_refused {
        true => Taken::TooFast,
        false => Taken::Well,
    };
    let (limit, limits) = (Limit::Usual, Limits::default());
    Queue::default().note(&limit, Instant::now(), &limits, &headers, taken)
}

/// The LFS server that a repository names in `.lfsconfig`.
pub fn named_lfs_server(config: &[u8]) -> Option<Url> {
    lfs::named_server(config)
}

/// Where an LFS server is asked, and with what, as a server says it over SSH.
pub fn said_lfs_server(said: &[u8]) -> Option<(Url, HeaderMap)> {
    lfs::Server::said(said).map(|server| (server.batch, server.headers))
}

/// What stands in Git in place of a file, and where `git lfs` would keep that.
pub fn pointer(bytes: &[u8]) -> Option<(Pointer, PathBuf)> {
    Pointer::read(bytes).map(|pointer| {
        let place = pointer.place();
        (pointer, place)
    })
}

/// Reads what was kept of the refs that a server told, and keeps lines that it tells now: what it told
/// is read again as it was told, and nothing else is lost.
pub fn told_refs(folder: &Path, kept: &[u8], told: &str) {
    const WHO: &str = "ada";
    let is_branch = |one: &&Ref| one.name.starts_with("refs/heads/");
    let file = remembered::place(folder, WHO);
    write_atomically(&file, kept).expect("a folder of the fuzzer's own");
    let before = remembered::those(folder, WHO, &[""]);
    let told: Vec<Ref> = told.split('\n').filter_map(Ref::read).collect();
    let told: Vec<Ref> = told.into_iter().filter(|one| is_branch(&one)).collect();
    remembered::keep(folder, WHO, &["refs/heads/"], &told).expect("there is room");
    let now = remembered::those(folder, WHO, &[""]);
    let branches: Vec<&Ref> = now.iter().filter(is_branch).collect();
    for one in &told {
        let first = told.iter().find(|known| known.name == one.name);
        let read = branches.iter().find(|known| known.name == one.name);
        assert_eq!(read.copied(), first, "what was told is read again");
    }
    assert!(branches.iter().all(|one| told.contains(one)));
    let others = before.iter().filter(|one| !is_branch(one));
    for one in others {
        assert!(now.contains(one), "{one:?} was not asked for");
    }
}
