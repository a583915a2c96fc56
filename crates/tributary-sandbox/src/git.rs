//! Real Git repositories, read and changed through the `git` program.
//!
//! Owns how a repository is asked: revisions, trees, contents, history, differences, archives. The
//! program is used instead of a library because smart HTTP needs it anyway, and because it makes a
//! commit of 100,000 files in a second. Knows nothing of hosts: they are in `signin::hosts`.
//!
//! Paths are bytes, as Git has them. Names from outside go to the program over its standard input
//! only, so that none of them can be taken for an option.

pub(crate) mod held;
pub(crate) mod http;
pub(crate) mod seed;
pub(crate) mod write;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

/// What is in a tree, whose id says all of it.
#[derive(Debug)]
struct Listed {
    tree: String,
    recursive: bool,
    entries: Vec<Entry>,
}

/// The last listing that takes Git long. Hosts tell it page by page, and each is another question.
static LARGE_LISTING: Mutex<Option<Listed>> = Mutex::new(None);
const LARGE: usize = 10_000;

fn lock(listing: &Mutex<Option<Listed>>) -> MutexGuard<'_, Option<Listed>> {
    // It is put there as a whole.
    listing.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A repository on the disk.
#[derive(Debug, Clone)]
pub(crate) struct Repository {
    /// The folder with `HEAD`, `objects` and `refs` in it.
    pub(crate) folder: PathBuf,
}

/// What an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Blob,
    Tree,
    Commit,
    Tag,
}

impl Kind {
    /// Git's own word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Blob => "blob",
            Self::Tree => "tree",
            Self::Commit => "commit",
            Self::Tag => "tag",
        }
    }

    fn of(word: &str) -> Self {
        match word {
            "tree" => Self::Tree,
            "commit" => Self::Commit,
            "tag" => Self::Tag,
            _ => Self::Blob,
        }
    }
}

/// An object, without its contents.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub(crate) id: String,
    pub(crate) kind: Kind,
}

/// An entry of a tree. One of kind [`Kind::Commit`] is a submodule.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) path: Vec<u8>,
    pub(crate) mode: String,
    pub(crate) kind: Kind,
    pub(crate) id: String,
    /// The length of a file.
    pub(crate) size: Option<u64>,
}

impl Entry {
    pub(crate) fn is_symlink(&self) -> bool {
        self.mode == "120000"
    }

    pub(crate) fn is_executable(&self) -> bool {
        self.mode == "100755"
    }

    /// The path as the hosts' JSON has it. Assumed: what is not UTF-8 is replaced there.
    pub(crate) fn shown(&self) -> String {
        String::from_utf8_lossy(&self.path).into_owned()
    }

    /// The last part of [`Self::shown`].
    pub(crate) fn name(&self) -> String {
        let shown = self.shown();
        shown.rsplit('/').next().unwrap_or_default().to_owned()
    }
}

/// Who made a commit or a tag, and when.
#[derive(Debug, Clone)]
pub(crate) struct Signature {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) when: Timestamp,
}

/// A commit.
#[derive(Debug, Clone)]
pub(crate) struct Commit {
    pub(crate) id: String,
    pub(crate) tree: String,
    pub(crate) parents: Vec<String>,
    pub(crate) author: Signature,
    pub(crate) committer: Signature,
    pub(crate) message: String,
}

impl Commit {
    /// The first line of the message.
    pub(crate) fn subject(&self) -> &str {
        self.message.lines().next().unwrap_or_default()
    }
}

/// A branch or a tag.
#[derive(Debug, Clone)]
pub(crate) struct Reference {
    /// Without `refs/heads/` or `refs/tags/`.
    pub(crate) name: String,
    /// What it points at itself: a commit, or the object of an annotated tag.
    pub(crate) object: Object,
    /// The commit in the end.
    pub(crate) commit: String,
    /// Who tagged, when somebody did.
    pub(crate) tagger: Option<Signature>,
    pub(crate) message: String,
    /// When the commit or tag was made.
    pub(crate) when: Timestamp,
}

/// Where the references of a kind are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum References {
    Branches,
    Tags,
}

impl References {
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Self::Branches => "refs/heads/",
            Self::Tags => "refs/tags/",
        }
    }
}

/// Which commits to list: newest first.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct History<'a> {
    /// The commit to begin at.
    pub(crate) from: &'a str,
    /// A commit whose history is left out.
    pub(crate) without: Option<&'a str>,
    /// Only those that changed this path.
    pub(crate) path: Option<&'a [u8]>,
    pub(crate) since: Option<Timestamp>,
    pub(crate) until: Option<Timestamp>,
    pub(crate) skip: usize,
    pub(crate) most: Option<usize>,
}

/// What happened to a file between two commits.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    /// `A`, `M`, `D`, `R` or `T`, as Git says it.
    pub(crate) what: char,
    pub(crate) old_path: Vec<u8>,
    pub(crate) new_path: Vec<u8>,
    pub(crate) old_mode: String,
    pub(crate) new_mode: String,
    pub(crate) old_id: String,
    pub(crate) new_id: String,
    /// Lines; none for what Git takes for binary.
    pub(crate) added: Option<u64>,
    pub(crate) removed: Option<u64>,
}

impl Change {
    pub(crate) fn old_shown(&self) -> String {
        String::from_utf8_lossy(&self.old_path).into_owned()
    }

    pub(crate) fn new_shown(&self) -> String {
        String::from_utf8_lossy(&self.new_path).into_owned()
    }
}

/// Settings that every run of the program gets, so that nobody's own settings show through.
const SETTINGS: [(&str, &str); 5] = [
    // A repository that was attached may belong to somebody else.
    ("safe.directory", "*"),
    ("uploadpack.allowFilter", "true"),
    ("uploadpack.allowAnySHA1InWant", "true"),
    ("http.receivepack", "false"),
    ("core.quotePath", "false"),
];

/// The variables that make the program the same everywhere.
fn surroundings() -> Vec<(String, String)> {
    let mut all = vec![
        ("GIT_CONFIG_NOSYSTEM".to_owned(), "1".to_owned()),
        ("GIT_CONFIG_GLOBAL".to_owned(), "/dev/null".to_owned()),
        ("GIT_CONFIG_COUNT".to_owned(), SETTINGS.len().to_string()),
        ("GIT_TERMINAL_PROMPT".to_owned(), "0".to_owned()),
        ("LC_ALL".to_owned(), "C".to_owned()),
    ];
    for (at, (name, value)) in SETTINGS.into_iter().enumerate() {
        all.push((format!("GIT_CONFIG_KEY_{at}"), name.to_owned()));
        all.push((format!("GIT_CONFIG_VALUE_{at}"), value.to_owned()));
    }
    all
}

/// Runs the program in a repository's folder, and gives what it wrote.
pub(crate) fn run(folder: &Path, arguments: &[&str], input: &[u8]) -> io::Result<Vec<u8>> {
    let mut child = Command::new("git")
        .arg("--git-dir")
        .arg(folder)
        .args(arguments)
        .envs(surroundings())
        // A hook or test that runs inside another repository names that one.
        .env_remove("GIT_DIR")
        .env_remove("GIT_INDEX_FILE")
        .env_remove("GIT_WORK_TREE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| io::Error::new(error.kind(), format!("running `git`: {error}")))?;
    let entrance = child.stdin.take();
    let ended = std::thread::scope(|scope| {
        scope.spawn(move || {
            if let Some(mut entrance) = entrance {
                // The program may end before it has read everything; its status says whether that
                // is a failure.
                entrance.write_all(input).ok();
            }
        });
        child.wait_with_output()
    })?;
    if ended.status.success() {
        return Ok(ended.stdout);
    }
    let said = String::from_utf8_lossy(&ended.stderr);
    let command = arguments.first().copied().unwrap_or_default();
    Err(io::Error::other(format!("git {command}: {}", said.trim())))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn moment(seconds: &str) -> Timestamp {
    let seconds = seconds.trim().parse().unwrap_or_default();
    Timestamp::from_second(seconds).unwrap_or_default()
}

impl Repository {
    fn git(&self, arguments: &[&str], input: &[u8]) -> io::Result<Vec<u8>> {
        run(&self.folder, arguments, input)
    }

    /// Finds an object by anything Git can resolve, such as `main:docs`.
    pub(crate) fn object(&self, named: &[u8]) -> io::Result<Option<Object>> {
        let relative = |part: &[u8]| part == b"." || part == b"..";
        let path = named.splitn(2, |byte| *byte == b':').nth(1);
        let strange = path.is_some_and(|path| path.split(|byte| *byte == b'/').any(relative));
        if named.is_empty() || strange || named.contains(&0) || named.starts_with(b":") {
            return Ok(None);
        }
        let mut input = named.to_vec();
        input.push(0);
        let told = self.git(&["cat-file", "--batch-check", "-z"], &input)?;
        let told = text(&told);
        let mut words = told.split_whitespace();
        let (Some(id), Some(kind), Some(size), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Ok(None);
        };
        let found = size.parse::<u64>().is_ok().then(|| Object {
            id: id.to_owned(),
            kind: Kind::of(kind),
        });
        Ok(found)
    }

    /// The commit that a branch, tag or hash stands for.
    pub(crate) fn commit_id(&self, revision: &str) -> io::Result<Option<String>> {
        let named = format!("{revision}^{{commit}}");
        Ok(self.object(named.as_bytes())?.map(|found| found.id))
    }

    /// Git's word for the kind of its ids.
    pub(crate) fn object_format(&self) -> io::Result<String> {
        let told = self.git(&["rev-parse", "--show-object-format"], b"")?;
        Ok(text(told.trim_ascii()))
    }

    /// The bytes of a file.
    pub(crate) fn blob(&self, id: &str) -> io::Result<Vec<u8>> {
        self.git(&["cat-file", "blob", id], b"")
    }

    /// What lies at a path in a commit or tree; the root for an empty path.
    pub(crate) fn entry(&self, treeish: &str, path: &[u8]) -> io::Result<Option<Entry>> {
        if path.is_empty() {
            let named = format!("{treeish}^{{tree}}");
            return Ok(self.object(named.as_bytes())?.map(|root| Entry {
                path: Vec::new(),
                mode: "040000".to_owned(),
                kind: Kind::Tree,
                id: root.id,
                size: None,
            }));
        }
        let at = path.iter().rposition(|byte| *byte == b'/');
        let parent = at.map_or(&path[..0], |at| &path[..at]);
        let name = at.map_or(path, |at| &path[at + 1..]);
        let named = [treeish.as_bytes(), b":", parent].concat();
        let Some(folder) = self
            .object(&named)?
            .filter(|found| found.kind == Kind::Tree)
        else {
            return Ok(None);
        };
        let found = self
            .tree(&folder.id, false)?
            .into_iter()
            .find(|entry| entry.path == name);
        Ok(found.map(|entry| Entry {
            path: path.to_vec(),
            ..entry
        }))
    }

    /// The entries of a tree, in Git's order; `recursive` lists folders before what is in them.
    pub(crate) fn tree(&self, id: &str, recursive: bool) -> io::Result<Vec<Entry>> {
        let is_known = |known: &Listed| known.tree == id && known.recursive == recursive;
        if let Some(known) = lock(&LARGE_LISTING)
            .as_ref()
            .filter(|known| is_known(known))
        {
            return Ok(known.entries.clone());
        }
        let deep: &[&str] = if recursive { &["-r", "-t"] } else { &[] };
        let arguments = [&["ls-tree", "-z", "-l"], deep, &[id]].concat();
        let told = self.git(&arguments, b"")?;
        let line = |line: &[u8]| {
            let at = line.iter().position(|byte| *byte == b'\t')?;
            let head = text(&line[..at]);
            let mut words = head.split_whitespace();
            let (mode, kind) = (words.next()?.to_owned(), Kind::of(words.next()?));
            Some(Entry {
                path: line[at + 1..].to_vec(),
                mode,
                kind,
                id: words.next()?.to_owned(),
                size: words.next()?.parse().ok(),
            })
        };
        let entries: Vec<Entry> = told.split(|byte| *byte == 0).filter_map(line).collect();
        if entries.len() >= LARGE
            && id.len() == 40
            && id.bytes().all(|byte| byte.is_ascii_hexdigit())
        {
            *lock(&LARGE_LISTING) = Some(Listed {
                tree: id.to_owned(),
                recursive,
                entries: entries.clone(),
            });
        }
        Ok(entries)
    }

    /// The branches or tags, by name.
    pub(crate) fn references(&self, which: References) -> io::Result<Vec<Reference>> {
        let format = "--format=%(refname)%00%(objectname)%00%(objecttype)%00%(*objectname)%00%(taggername)%00%(taggeremail)%00%(creatordate:unix)%00%(contents)%1e";
        let told = text(&self.git(&["for-each-ref", format, which.prefix()], b"")?);
        let record = |record: &str| {
            let parts: Vec<&str> = record.trim_start_matches('\n').split('\0').collect();
            let [name, id, kind, peeled, tagger, email, when, message] = parts[..] else {
                return None;
            };
            let kind = Kind::of(kind);
            let commit = if kind == Kind::Tag { peeled } else { id };
            let when = moment(when);
            Some(Reference {
                name: name.strip_prefix(which.prefix())?.to_owned(),
                object: Object {
                    id: id.to_owned(),
                    kind,
                },
                commit: commit.to_owned(),
                tagger: (kind == Kind::Tag).then(|| Signature {
                    name: tagger.to_owned(),
                    email: email.trim_matches(['<', '>']).to_owned(),
                    when,
                }),
                message: message.trim_end().to_owned(),
                when,
            })
        };
        Ok(told.split('\u{1e}').filter_map(record).collect())
    }

    /// Whether a commit belongs to the history of any branch or tag.
    pub(crate) fn is_reachable(&self, commit: &str) -> io::Result<bool> {
        let told = self.git(&["for-each-ref", "--count=1", "--contains", commit], b"")?;
        Ok(!told.is_empty())
    }

    /// The branch that is shown when none is asked for.
    pub(crate) fn default_branch(&self) -> io::Result<String> {
        let told = self.git(&["symbolic-ref", "--short", "HEAD"], b"");
        // A clone that stands on a commit has no branch; any of its names will do.
        Ok(told.map_or_else(|_| "HEAD".to_owned(), |told| text(&told).trim().to_owned()))
    }

    /// Commits, newest first.
    pub(crate) fn history(&self, asked: &History<'_>) -> io::Result<Vec<Commit>> {
        let mut arguments = vec![
            "--literal-pathspecs".to_owned(),
            "log".to_owned(),
            "-z".to_owned(),
            "--format=tformat:%H%x1f%T%x1f%P%x1f%an%x1f%ae%x1f%at%x1f%cn%x1f%ce%x1f%ct%x1f%B"
                .to_owned(),
            format!("--skip={}", asked.skip),
        ];
        if let Some(most) = asked.most {
            arguments.push(format!("--max-count={most}"));
        }
        if let Some(since) = asked.since {
            arguments.push(format!("--since={}", since.as_second()));
        }
        if let Some(until) = asked.until {
            arguments.push(format!("--until={}", until.as_second()));
        }
        arguments.push("--stdin".to_owned());
        let mut input = format!("{}\n", asked.from).into_bytes();
        if let Some(without) = asked.without {
            input.extend_from_slice(format!("^{without}\n").as_bytes());
        }
        input.extend_from_slice(b"--\n");
        if let Some(path) = asked.path.filter(|path| !path.is_empty()) {
            input.extend_from_slice(path);
            input.push(b'\n');
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let told = text(&self.git(&arguments, &input)?);
        let record = |record: &str| {
            let parts: Vec<&str> = record.splitn(10, '\u{1f}').collect();
            let [
                id,
                tree,
                parents,
                name,
                email,
                when,
                committer,
                address,
                later,
                message,
            ] = parts[..]
            else {
                return None;
            };
            let signature = |name: &str, email: &str, when: &str| Signature {
                name: name.to_owned(),
                email: email.to_owned(),
                when: moment(when),
            };
            Some(Commit {
                id: id.to_owned(),
                tree: tree.to_owned(),
                parents: parents.split_whitespace().map(str::to_owned).collect(),
                author: signature(name, email, when),
                committer: signature(committer, address, later),
                message: message.trim_end().to_owned(),
            })
        };
        Ok(told.split('\0').filter_map(record).collect())
    }

    /// One commit.
    pub(crate) fn commit(&self, id: &str) -> io::Result<Commit> {
        self.last_change(id, b"")?
            .ok_or_else(|| io::Error::other(format!("there is no commit {id}")))
    }

    /// The last commit that changed a path.
    pub(crate) fn last_change(&self, commit: &str, path: &[u8]) -> io::Result<Option<Commit>> {
        let asked = History {
            from: commit,
            path: Some(path),
            most: Some(1),
            ..History::default()
        };
        Ok(self.history(&asked)?.into_iter().next())
    }

    /// The history of a file with the path it had at each commit, through renames.
    pub(crate) fn followed(&self, commit: &str, path: &[u8]) -> io::Result<Vec<(Commit, Vec<u8>)>> {
        let mut all = Vec::new();
        let (mut from, mut path) = (commit.to_owned(), path.to_vec());
        loop {
            let asked = History {
                from: &from,
                path: Some(&path),
                ..History::default()
            };
            let part = self.history(&asked)?;
            let Some(oldest) = part.last().cloned() else {
                return Ok(all);
            };
            all.extend(part.into_iter().map(|commit| (commit, path.clone())));
            let Some(parent) = oldest.parents.first() else {
                return Ok(all);
            };
            let renamed = self
                .changes(parent, &oldest.id)?
                .into_iter()
                .find(|change| change.what == 'R' && change.new_path == path);
            let Some(renamed) = renamed else {
                return Ok(all);
            };
            (from, path) = (parent.clone(), renamed.old_path);
        }
    }

    /// The commit that each line of a file came with, and the line without its end.
    pub(crate) fn blame(&self, commit: &str, path: &[u8]) -> io::Result<Vec<(String, String)>> {
        let path = String::from_utf8_lossy(path);
        let told = self.git(&["blame", "--porcelain", commit, "--", &path], b"")?;
        let (mut lines, mut from) = (Vec::new(), String::new());
        for told in told.split(|byte| *byte == b'\n') {
            match told {
                [b'\t', line @ ..] => lines.push((from.clone(), text(line))),
                _ => {
                    // A line's own words begin with the commit, those about the commit with a name.
                    let word = told.split(|byte| *byte == b' ').next().unwrap_or_default();
                    if matches!(word.len(), 40 | 64) && word.iter().all(u8::is_ascii_hexdigit) {
                        from = text(word);
                    }
                }
            }
        }
        Ok(lines)
    }

    /// What is different in `to`, by path; renames are found.
    pub(crate) fn changes(&self, from: &str, to: &str) -> io::Result<Vec<Change>> {
        let arguments = [
            "diff-tree",
            "-r",
            "-z",
            "-M",
            "--raw",
            "--numstat",
            "--no-abbrev",
            from,
            to,
        ];
        let told = self.git(&arguments, b"")?;
        let mut parts = told.split(|byte| *byte == 0).peekable();
        let mut changes = Vec::new();
        while let Some(head) = parts.next_if(|part| part.starts_with(b":")) {
            let head = text(head);
            let words: Vec<&str> = head.trim_start_matches(':').split_whitespace().collect();
            let [old_mode, new_mode, old_id, new_id, what] = words[..] else {
                break;
            };
            let what = what.chars().next().unwrap_or('M');
            let old_path = parts.next().unwrap_or_default().to_vec();
            let new_path = match what {
                'R' | 'C' => parts.next().unwrap_or_default().to_vec(),
                _ => old_path.clone(),
            };
            changes.push(Change {
                what,
                old_path,
                new_path,
                old_mode: old_mode.to_owned(),
                new_mode: new_mode.to_owned(),
                old_id: old_id.to_owned(),
                new_id: new_id.to_owned(),
                added: None,
                removed: None,
            });
        }
        // The numbers follow in the same order.
        for change in &mut changes {
            let numbers = text(parts.next().unwrap_or_default());
            let mut words = numbers.split('\t');
            change.added = words.next().and_then(|number| number.trim().parse().ok());
            change.removed = words.next().and_then(|number| number.parse().ok());
            if words.next().is_none_or(str::is_empty) {
                // Of a rename both paths follow.
                parts.next();
                parts.next();
            }
        }
        Ok(changes)
    }

    /// The text of each change of [`Self::changes`], from its first `@@` on.
    pub(crate) fn patches(&self, from: &str, to: &str) -> io::Result<Vec<String>> {
        let arguments = ["diff-tree", "-r", "-p", "-M", "--no-color", from, to];
        let told = format!("\n{}", text(&self.git(&arguments, b"")?));
        let hunks = |patch: &str| {
            let at = patch.find("\n@@").map(|at| at + 1);
            at.map_or_else(String::new, |at| patch[at..].to_owned())
        };
        Ok(told.split("\ndiff --git ").skip(1).map(hunks).collect())
    }

    /// The newest commit that both histories have.
    pub(crate) fn merge_base(&self, one: &str, other: &str) -> Option<String> {
        // The program fails when there is none.
        let told = self.git(&["merge-base", one, other], b"").ok()?;
        Some(text(&told).trim().to_owned())
    }

    /// How many commits `head` has that `base` lacks, and the other way round.
    pub(crate) fn ahead_and_behind(&self, base: &str, head: &str) -> io::Result<(usize, usize)> {
        let between = format!("{base}...{head}");
        let told = text(&self.git(&["rev-list", "--left-right", "--count", &between], b"")?);
        let mut numbers = told
            .split_whitespace()
            .map(|word| word.parse().unwrap_or(0));
        let (behind, ahead) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        Ok((ahead, behind))
    }

    /// A folder, or everything, as `zip`, `tar` or `tar.gz`.
    pub(crate) fn archive(
        &self,
        commit: &str,
        path: &str,
        format: &str,
        prefix: &str,
    ) -> io::Result<Vec<u8>> {
        let (format, prefix) = (format!("--format={format}"), format!("--prefix={prefix}"));
        let mut arguments = vec!["archive", &format, &prefix, commit];
        if !path.is_empty() {
            arguments.extend(["--", path]);
        }
        self.git(&arguments, b"")
    }

    /// The contents that an LFS pointer stands for, when the repository has them.
    pub(crate) fn large_file(&self, pointer: &[u8]) -> Option<Vec<u8>> {
        self.large_file_of(&large_file_id(pointer)?)
    }

    /// The contents with this SHA-256, when they are among the large files.
    pub(crate) fn large_file_of(&self, oid: &str) -> Option<Vec<u8>> {
        if oid.len() != 64 || !oid.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let place = self
            .folder
            .join("lfs/objects")
            .join(&oid[..2])
            .join(&oid[2..4]);
        std::fs::read(place.join(oid)).ok()
    }
}

/// The SHA-256 that an LFS pointer names; none for any other file.
pub(crate) fn large_file_id(contents: &[u8]) -> Option<String> {
    if contents.len() > 1024
        || !contents.starts_with(b"version https://git-lfs.github.com/spec/v1\n")
    {
        return None;
    }
    let pointer = std::str::from_utf8(contents).ok()?;
    let oid = pointer
        .lines()
        .find_map(|line| line.strip_prefix("oid sha256:"))?;
    let hexadecimal = oid.len() == 64 && oid.bytes().all(|byte| byte.is_ascii_hexdigit());
    hexadecimal.then(|| oid.to_owned())
}
