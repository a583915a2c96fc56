//! Servers that answer properly, but for one of their answers, which is the input.
//!
//! Where an answer has an address of the server in it, the inputs have [`HOST`].

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use gix::bstr::ByteSlice;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::common::{BETWEEN, text};
use crate::server::Answer;

/// What stands in inputs for the address that a host has this time.
pub const HOST: &str = "http://host.test";

pub fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Runtime::new().expect("a runtime"))
}

/// A folder in memory where there is such a place.
pub fn folder() -> TempDir {
    let memory = PathBuf::from("/dev/shm");
    let place = if memory.is_dir() {
        memory
    } else {
        std::env::temp_dir()
    };
    tempfile::tempdir_in(place).expect("a temporary folder")
}

/// Answers by what was asked, and which of them is another.
#[derive(Default)]
pub struct Answers {
    pub known: HashMap<String, Answer>,
    pub asked: BTreeSet<String>,
    pub changed: Option<(String, Vec<u8>)>,
}

impl Answers {
    pub fn give(&mut self, key: &str, base: &str, answer: impl FnOnce() -> Answer) -> Answer {
        self.asked.insert(key.to_owned());
        let known = self.known.entry(key.to_owned()).or_insert_with(answer);
        let mut answer = known.clone();
        if let Some((wanted, body)) = &self.changed
            && wanted == key
        {
            // What a host says of further pages stands in headers; what it says of its limits would be
            // kept to. That has a target of its own.
            let (body, headers) = match body.rfind_byte(BETWEEN) {
                Some(at) => (&body[..at], &body[at + 1..]),
                None => (&body[..], &[][..]),
            };
            answer.body = body.replace(HOST, base);
            // JSON that breaks off is asked for again after a while; here it is to be read.
            answer
                .headers
                .retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
            for line in text(&headers.replace(HOST, base)).lines() {
                if let Some((name, value)) = line.split_once(": ")
                    && !["content-length", "retry-after"].contains(&&*name.to_lowercase())
                    && !name.to_lowercase().contains("limit")
                {
                    answer.headers.push((name.to_owned(), value.to_owned()));
                }
            }
        }
        answer
    }
}

pub type Shared = Arc<Mutex<Answers>>;

pub fn with<T>(answers: &Shared, what: impl FnOnce(&mut Answers) -> T) -> T {
    what(&mut answers.lock().expect("nobody panicked with it"))
}

/// The number that an input begins with, below `count`, and the rest.
pub fn chosen(bytes: &[u8], count: usize) -> Option<(usize, &[u8])> {
    let (number, rest) = bytes.split_at_checked(2)?;
    let number = usize::from(u16::from_le_bytes([number[0], number[1]]));
    Some((number % count, rest))
}

pub fn choosing(number: usize, rest: &[u8]) -> Vec<u8> {
    let number = u16::try_from(number).expect("few choices").to_le_bytes();
    [&number[..], rest].concat()
}
