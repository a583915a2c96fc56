//! What the programs share: which of their targets runs, what it begins with, and the clock.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cpu_time::ProcessTime;

/// A reader, and what holds for everything that it reads.
pub struct Target {
    /// Its name, as `scripts/fuzz` takes it.
    pub name: &'static str,
    /// The longest input in bytes.
    pub longest: usize,
    /// Reads one input, and panics where something does not hold.
    pub run: fn(&[u8]),
    /// Inputs to begin with.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// What the reader looks for in its inputs.
    pub words: &'static [&'static str],
}

/// What stands between the parts of an input that has several.
pub const BETWEEN: u8 = 0x1e;

/// How much slower this build is than the one that people have: with counters and with checks for
/// overflow, without optimization over packages, on a machine that does something else as well.
const SLOWER: u32 = 6;
/// What an input may cost however short it is.
const LEAST: Duration = Duration::from_millis(40);

static CHOSEN: OnceLock<&'static Target> = OnceLock::new();
static LAST: OnceLock<PathBuf> = OnceLock::new();

/// Finds the target that is wanted. Where a list or the seeds are wanted, says or writes them and
/// ends the program.
///
/// - `TRIBUTARY_FUZZ_TARGET` is the target.
/// - `TRIBUTARY_FUZZ_SEEDS`, where it is set, is a folder: each seed becomes a file in it, what the
///   target looks for becomes `words` beside it, and the longest input is printed.
/// - `TRIBUTARY_FUZZ_LAST`, where it is set, is a file that has the input that is being read: when
///   the stack is at its end, the fuzzer cannot write it down any more.
pub fn begin(targets: &[&'static [Target]]) {
    let mut targets = targets.iter().copied().flatten();
    let Ok(name) = std::env::var("TRIBUTARY_FUZZ_TARGET") else {
        for target in targets {
            println!("{}", target.name);
        }
        std::process::exit(0);
    };
    let target = targets.find(|target| target.name == name);
    let target = target.unwrap_or_else(|| panic!("no target is called `{name}`"));
    if let Some(folder) = std::env::var_os("TRIBUTARY_FUZZ_SEEDS") {
        write_seeds(target, Path::new(&folder));
        println!("{}", target.longest);
        std::process::exit(0);
    }
    if let Some(file) = std::env::var_os("TRIBUTARY_FUZZ_LAST") {
        LAST.get_or_init(|| file.into());
    }
    CHOSEN.get_or_init(|| target);
}

/// What earlier runs found, and the shortest inputs that reach what they reached.
fn earlier(target: &str) -> Vec<Vec<u8>> {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = std::fs::read_dir(kept.join("found")).into_iter().flatten();
    let mut files: Vec<PathBuf> = found.flatten().map(|entry| entry.path()).collect();
    files.sort();
    let is_of_target = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.rsplit_once('.').is_some_and(|(_, of)| of == target)
    };
    let mut inputs: Vec<Vec<u8>> = files
        .iter()
        .filter(|path| is_of_target(path))
        .map(|path| std::fs::read(path).expect("a file of the repository"))
        .collect();
    let corpus = std::fs::read_to_string(kept.join("corpus").join(target)).unwrap_or_default();
    inputs.extend(corpus.lines().map(|line| {
        let input = STANDARD.decode(line);
        input.expect("`scripts/fuzz keep` wrote it")
    }));
    inputs
}

fn write_seeds(target: &Target, folder: &Path) {
    std::fs::create_dir_all(folder).expect("a folder of the fuzzer's own");
    let seeds = earlier(target.name).into_iter().chain((target.seeds)());
    for (number, mut seed) in seeds.enumerate() {
        seed.truncate(target.longest);
        let file = folder.join(format!("seed-{number:04}"));
        std::fs::write(file, seed).expect("a file of the fuzzer's own");
    }
    let words: String = target
        .words
        .iter()
        .map(|word| {
            let bytes = word.bytes();
            let escaped: String = bytes.map(|byte| format!("\\x{byte:02x}")).collect();
            format!("\"{escaped}\"\n")
        })
        .collect();
    std::fs::write(folder.with_extension("words"), words).expect("a file of the fuzzer's own");
}

/// Runs the target that was chosen.
pub fn run(bytes: &[u8]) {
    let target = CHOSEN.get().expect("it begins by choosing one");
    if let Some(file) = LAST.get() {
        std::fs::write(file, bytes).expect("a file of the fuzzer's own");
    }
    (target.run)(bytes);
}

/// The parts of an input.
pub fn parts(bytes: &[u8]) -> Vec<String> {
    let parts = bytes.split(|byte| *byte == BETWEEN);
    parts.map(|part| text(part).into_owned()).collect()
}

/// An input as a text.
pub fn text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// An input of several parts.
pub fn joined(parts: &[&str]) -> Vec<u8> {
    parts.join("\u{1e}").into_bytes()
}

/// Does something with an input of so many bytes, which must take no longer than a second per
/// megabyte. What took longer is done again, because a machine has more to do than this.
pub fn within_time<T>(size: usize, what: impl Fn() -> T) -> T {
    let second_per_megabyte = Duration::from_secs(1) * u32::try_from(size).unwrap_or(u32::MAX);
    let limit = LEAST + second_per_megabyte / 1_000_000 * SLOWER;
    let mut times = Vec::new();
    loop {
        let before = ProcessTime::now();
        let done = what();
        let taken = before.elapsed();
        if taken <= limit {
            return done;
        }
        times.push(taken);
        assert!(
            times.len() < 4,
            "{size} bytes took {times:?}, and may take {limit:?}"
        );
    }
}

/// The files below a folder of the repository whose name ends so.
pub fn files(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    fn look(folder: &Path, endings: &[&str], found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                look(&path, endings, found);
            } else if endings
                .iter()
                .any(|ending| path.to_string_lossy().ends_with(ending))
            {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found = Vec::new();
    look(&root.join(folder), endings, &mut found);
    found.sort();
    found
}

/// What these files hold, the long ones cut off.
pub fn contents(folder: &str, endings: &[&str]) -> Vec<Vec<u8>> {
    let files = files(folder, endings).into_iter();
    files.filter_map(|path| std::fs::read(path).ok()).collect()
}
