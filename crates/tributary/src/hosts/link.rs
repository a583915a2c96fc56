//! Reads the addresses that Git hosts show for files, folders, lines, commits, pull requests and
//! clones; `permalink` writes them.
//!
//! Pure and total: nothing is asked of a host, and no text makes it fail. Where a branch name with
//! `/` makes an address ambiguous, [`At::Undecided`] says so, and [`Link::splits`] lists what it
//! can mean; the refs of the repository decide.

use gix::bstr::{BStr, BString, ByteSlice};
use percent_encoding::percent_decode_str;
use url::Url;

use super::RefKind;
use super::permalink::{edit_link, encode, permalink, web};

/// The rules of a host: which addresses it shows, and which API it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// github.com, GitHub Enterprise Cloud and Server.
    GitHub,
    /// gitlab.com and self-managed GitLab.
    GitLab,
    /// bitbucket.org.
    Bitbucket,
    /// Bitbucket Data Center.
    BitbucketDataCenter,
    /// Azure DevOps Services and Server.
    AzureDevOps,
    /// Gitea and Forgejo.
    Gitea,
}

impl Dialect {
    /// The dialect of a provider, by its id in `providers.toml`; none for those without Git.
    pub fn of_provider(id: &str) -> Option<Self> {
        Some(match id {
            "github" => Self::GitHub,
            "gitlab" => Self::GitLab,
            "bitbucket" => Self::Bitbucket,
            "bitbucket-data-center" => Self::BitbucketDataCenter,
            "azure-devops" | "azure-devops-server" => Self::AzureDevOps,
            "gitea" => Self::Gitea,
            _ => return None,
        })
    }

    /// The provider with this dialect that an address is of, where nobody is signed in yet.
    pub(super) fn provider(self, base: &str) -> &'static str {
        match self {
            Self::GitHub => "github",
            Self::GitLab => "gitlab",
            Self::Bitbucket => "bitbucket",
            Self::BitbucketDataCenter => "bitbucket-data-center",
            Self::AzureDevOps if base == "https://dev.azure.com" => "azure-devops",
            Self::AzureDevOps => "azure-devops-server",
            Self::Gitea => "gitea",
        }
    }

    /// The dialect that a host's name promises: the public ones, and others that carry the
    /// product's name.
    pub fn of_host(host: &str) -> Option<Self> {
        let first = host.split('.').next().unwrap_or_default();
        Some(match (host, first) {
            ("github.com" | "raw.githubusercontent.com", _) | (_, "github") => Self::GitHub,
            ("gitlab.com", _) | (_, "gitlab") => Self::GitLab,
            ("bitbucket.org", _) => Self::Bitbucket,
            ("dev.azure.com", _) => Self::AzureDevOps,
            ("codeberg.org", _) | (_, "gitea" | "forgejo") => Self::Gitea,
            _ if host.ends_with(".ghe.com") => Self::GitHub,
            _ if host.ends_with(".visualstudio.com") => Self::AzureDevOps,
            (_, "bitbucket" | "stash") => Self::BitbucketDataCenter,
            _ => return None,
        })
    }
}

/// An address at a Git host, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The host's rules, when its name or the address' form tells.
    pub dialect: Option<Dialect>,
    /// The host's address in a browser, without a slash at the end. At Azure DevOps Server it ends
    /// with the collection.
    pub base: String,
    /// The repository as the host names it: `owner/name`, `group/sub/name`,
    /// `organization/project/name`, `~user/name`.
    pub repository: String,
    /// What of it.
    pub target: Target,
}

/// What of a repository an address shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The repository itself.
    Repository,
    /// A file or folder.
    Path {
        /// The state it is shown in.
        at: At,
        /// Its path; empty for the root. With [`At::Undecided`] the ref is part of it.
        path: BString,
        /// The marked lines.
        lines: Option<Lines>,
    },
    /// A commit.
    Commit(String),
    /// A pull or merge request, and a file of it.
    PullRequest {
        /// Its number.
        number: u64,
        /// The file.
        file: Option<ChangedFile>,
        /// The marked lines, as they are after the change.
        lines: Option<Lines>,
    },
    /// What a host has beside the files of a repository, such as an issue, a page of a wiki or a
    /// release, by its place below the repository.
    Elsewhere(String),
}

impl Target {
    /// The marked lines.
    pub fn lines(&self) -> Option<Lines> {
        match self {
            Self::Path { lines, .. } | Self::PullRequest { lines, .. } => *lines,
            Self::Repository | Self::Commit(_) | Self::Elsewhere(_) => None,
        }
    }
}

/// Which state of a repository is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// The default branch.
    Default,
    /// A commit, by its full id.
    Commit(String),
    /// A branch, tag or other name that Git resolves; with `refs/heads/` or `refs/tags/` where the
    /// address says which of the two it is.
    Ref(String),
    /// A ref, and then the path: only the repository's refs say where one ends. Some addresses say
    /// which kind of ref it is.
    Undecided(Option<RefKind>),
}

/// How an address names a file of a pull request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangedFile {
    /// By its path.
    Path(BString),
    /// By the SHA-1 or SHA-256 of its path, in hexadecimal.
    Hash(String),
}

/// Lines of a file, counted from 1, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lines {
    /// The first.
    pub first: u64,
    /// The last; never before the first.
    pub last: u64,
}

impl Lines {
    /// These lines, in whichever order they are named; none where one is 0.
    pub fn new(one: u64, other: u64) -> Option<Self> {
        (one > 0 && other > 0).then(|| Self {
            first: one.min(other),
            last: one.max(other),
        })
    }
}

impl Link {
    /// Reads an address as a person copies it: from the browser, or for a clone by https, ssh or
    /// in the form `user@host:path`. None when it is no address of a repository; a path on this
    /// machine never is one.
    pub fn read(text: &str) -> Option<Self> {
        Self::read_at(text, &[])
    }

    /// Like [`Link::read`], knowing the addresses of hosts that no name tells: base addresses, as
    /// a browser shows them, with their dialect.
    pub fn read_at(text: &str, known: &[(&str, Dialect)]) -> Option<Self> {
        let text = text.trim();
        if let Some((_, rest)) = text.split_once("://") {
            let scheme = text.get(..text.len() - rest.len() - 3)?;
            return match scheme.to_ascii_lowercase().as_str() {
                "http" | "https" | "git+https" => {
                    let url = Url::parse(text.strip_prefix("git+").unwrap_or(text)).ok()?;
                    of_web(&Address::of(&url)?, known)
                }
                "ssh" | "git" | "git+ssh" => {
                    let url = Url::parse(&format!("ssh://{rest}")).ok()?;
                    let host = url.host_str()?.to_ascii_lowercase();
                    of_clone(&host, url.port(), url.path(), known)
                }
                _ => None,
            };
        }
        if let Some((authority, path)) = text.split_once(':')
            && !authority.contains(['/', '\\'])
            && authority.len() > 1
        {
            // `user@host:path`, or a host with a port that nobody gave a scheme.
            let host = authority
                .rsplit_once('@')
                .map_or(authority, |(_, host)| host);
            let is_port = path
                .split('/')
                .next()
                .is_some_and(|port| port.parse::<u16>().is_ok());
            let typed_web = is_port && !authority.contains('@');
            if !typed_web {
                let sound = |letter: char| letter.is_ascii_alphanumeric() || ".-_".contains(letter);
                let named = authority.contains('@') || host.contains('.');
                return (named && !host.is_empty() && host.chars().all(sound))
                    .then(|| of_clone(&host.to_ascii_lowercase(), None, path, known))
                    .flatten();
            }
        }
        // Without a scheme, only names that cannot be folders are taken for hosts.
        let (host, _) = text.split_once('/')?;
        let url = Url::parse(&format!("https://{text}")).ok()?;
        let address = Address::of(&url)?;
        let is_known = known.iter().any(|(base, _)| address.below(base).is_some());
        (is_known || (host.contains('.') && Dialect::of_host(&address.host).is_some()))
            .then(|| of_web(&address, known))
            .flatten()
    }

    /// What the repository is called wherever it is read from: host and path, the same for every
    /// form of its address, in small letters: hosts take a name in any, and people write it in any.
    pub fn identity(&self) -> String {
        let host = self
            .base
            .split_once("://")
            .map_or(&*self.base, |(_, host)| host);
        let identity = match (self.dialect, self.repository.rsplit_once('/')) {
            (Some(Dialect::AzureDevOps), Some((project, name))) => {
                format!("{host}/{project}/_git/{name}")
            }
            _ => format!("{host}/{}", self.repository),
        };
        identity.to_lowercase()
    }

    /// The repository that is called so at a host; none when it is at another one.
    pub(crate) fn of_identity(identity: &str, base: &str, dialect: Dialect) -> Option<Self> {
        let base = base.trim_end_matches('/');
        let (_, host) = base.split_once("://")?;
        let rest = identity.strip_prefix(&*host.to_lowercase())?;
        let rest = rest.strip_prefix('/')?;
        let name = match dialect {
            Dialect::AzureDevOps => rest.replacen("/_git/", "/", 1),
            _ => rest.to_owned(),
        };
        let link = Self {
            dialect: Some(dialect),
            base: base.to_owned(),
            repository: name,
            target: Target::Repository,
        };
        (link.identity() == identity).then_some(link)
    }

    /// The address of the repository in a browser.
    pub fn web(&self) -> String {
        web(self.dialect, &self.base, &self.repository)
    }

    /// The lasting address of a file or folder at a commit; none while the dialect is not known.
    pub fn permalink(&self, commit: &str, path: &BStr, lines: Option<Lines>) -> Option<String> {
        let dialect = self.dialect?;
        let repository = &self.repository;
        Some(permalink(
            dialect, &self.base, repository, commit, path, lines,
        ))
    }

    /// The address of the host's editor for a file of a branch; none while the dialect is not
    /// known.
    pub fn edit_link(&self, branch: &str, path: &BStr) -> Option<String> {
        let dialect = self.dialect?;
        Some(edit_link(
            dialect,
            &self.base,
            &self.repository,
            branch,
            path,
        ))
    }

    /// What an undecided address can mean: each ref with the path behind it, the shortest ref
    /// first. Empty for every other address.
    pub fn splits(&self) -> Vec<(String, BString)> {
        let Target::Path {
            at: At::Undecided(_),
            path,
            ..
        } = &self.target
        else {
            return Vec::new();
        };
        let mut splits = Vec::new();
        let ends = path.find_iter("/").chain([path.len()]);
        for end in ends {
            let Ok(name) = path[..end].to_str() else {
                break;
            };
            let rest = path.get(end + 1..).unwrap_or_default();
            splits.push((name.to_owned(), BString::from(rest)));
        }
        splits
    }
}

/// Whether a text is the full id of a commit, by its form.
pub(crate) fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A web address in the parts that matter here.
struct Address {
    origin: String,
    host: String,
    /// The parts of the path, decoded.
    parts: Vec<BString>,
    query: Vec<(String, String)>,
    fragment: String,
}

impl Address {
    fn of(url: &Url) -> Option<Self> {
        let host = url.host_str()?.to_ascii_lowercase();
        let scheme = url.scheme();
        let origin = match url.port() {
            Some(port) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{host}"),
        };
        let mut parts: Vec<BString> = url
            .path()
            .split('/')
            .map(|part| BString::from(percent_decode_str(part).collect::<Vec<u8>>()))
            .collect();
        parts.retain(|part| !part.is_empty());
        let query = url
            .query_pairs()
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        let fragment = percent_decode_str(url.fragment().unwrap_or_default());
        Some(Self {
            origin,
            host,
            parts,
            query,
            fragment: fragment.decode_utf8_lossy().into_owned(),
        })
    }

    fn asked(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(known, _)| known == name)?;
        Some(found.1.as_str())
    }

    /// How many parts of the path a base address takes, when this one is below it.
    fn below(&self, base: &str) -> Option<usize> {
        let base = Self::of(&Url::parse(base).ok()?)?;
        let same = base.origin == self.origin && self.parts.starts_with(&base.parts);
        same.then_some(base.parts.len())
    }

    /// Joins parts to a path that Git can have; none for one that climbs.
    fn path(parts: &[BString]) -> Option<BString> {
        sound(&BString::from(parts.join(&b"/"[..])))
    }
}

/// A path without parts that no tree has.
fn sound(path: &BString) -> Option<BString> {
    let trimmed = path.trim_with(|letter| letter == '/');
    let good = trimmed.is_empty()
        || trimmed
            .split(|byte| *byte == b'/')
            .all(|part| !part.is_empty() && part != b"." && part != b".." && !part.contains(&0));
    good.then(|| BString::from(trimmed))
}

/// The words of a path, where all of them are Unicode.
fn words(parts: &[BString]) -> Vec<&str> {
    parts
        .iter()
        .map(|part| part.to_str().unwrap_or("\0"))
        .collect()
}

/// A name of a repository out of parts, without `.git`; none where a part cannot be one.
fn repository(parts: &[&str]) -> Option<String> {
    let mut parts: Vec<&str> = parts.to_vec();
    let last = parts.pop()?;
    let last = last.strip_suffix(".git").unwrap_or(last);
    parts.push(last);
    let good = |part: &&str| {
        !part.is_empty()
            && *part != "."
            && *part != ".."
            && !part.contains(['/', '\\'])
            && !part.chars().any(char::is_control)
    };
    parts.iter().all(good).then(|| parts.join("/"))
}

fn of_web(address: &Address, known: &[(&str, Dialect)]) -> Option<Link> {
    let named = known
        .iter()
        .filter_map(|(base, dialect)| Some((address.below(base)?, *dialect)))
        .max_by_key(|(parts, _)| *parts);
    let (skipped, dialect) = match named {
        Some((parts, dialect)) => (parts, Some(dialect)),
        None => (0, Dialect::of_host(&address.host)),
    };
    let guessed = dialect.or_else(|| guess(address));
    match guessed {
        Some(Dialect::GitHub) => github(address, skipped),
        Some(Dialect::GitLab) => gitlab(address, skipped),
        Some(Dialect::Bitbucket) => bitbucket(address, skipped),
        Some(Dialect::BitbucketDataCenter) => data_center(address),
        Some(Dialect::AzureDevOps) => azure(address, named.map(|(parts, _)| parts)),
        Some(Dialect::Gitea) => gitea(address, skipped),
        None => {
            let words = words(&address.parts);
            // Only what Git itself takes is a repository at the root of a server.
            let is_clone = words.last().is_some_and(|last| last.ends_with(".git"));
            (words.len() >= 2 || is_clone).then_some(())?;
            Some(Link {
                dialect: None,
                base: address.origin.clone(),
                repository: repository(&words)?,
                target: Target::Repository,
            })
        }
    }
}

/// What the form of an address says about its host.
fn guess(address: &Address) -> Option<Dialect> {
    let words = words(&address.parts);
    let has = |run: &[&str]| words.windows(run.len()).any(|some| some == run);
    let at = |index: usize| words.get(index).copied().unwrap_or_default();
    if has(&["-", "blob"]) || has(&["-", "tree"]) || has(&["-", "raw"]) || has(&["-", "commit"]) {
        return Some(Dialect::GitLab);
    }
    if has(&["-", "merge_requests"]) || has(&["-", "blame"]) || has(&["-", "commits"]) {
        return Some(Dialect::GitLab);
    }
    if words.contains(&"_git") {
        return Some(Dialect::AzureDevOps);
    }
    let owned = words
        .windows(4)
        .any(|some| matches!(some[0], "projects" | "users") && some[2] == "repos");
    if owned || words.contains(&"scm") {
        return Some(Dialect::BitbucketDataCenter);
    }
    for verb in ["src", "raw", "media", "blame"] {
        for kind in ["branch", "commit", "tag"] {
            if has(&[verb, kind]) {
                return Some(Dialect::Gitea);
            }
        }
    }
    if at(2) == "pulls" {
        return Some(Dialect::Gitea);
    }
    matches!(at(2), "blob" | "tree" | "pull").then_some(Dialect::GitHub)
}

/// A ref and a path in one, as most hosts show them, with the kind of the ref where the host says it.
fn undecided(parts: &[BString], kind: Option<RefKind>, lines: Option<Lines>) -> Option<Target> {
    // The buttons of some hosts write the name of a ref out.
    let (parts, kind) = match parts {
        [refs, heads, rest @ ..] if refs == "refs" && heads == "heads" && !rest.is_empty() => {
            (rest, Some(RefKind::Branch))
        }
        [refs, tags, rest @ ..] if refs == "refs" && tags == "tags" && !rest.is_empty() => {
            (rest, Some(RefKind::Tag))
        }
        parts => (parts, kind),
    };
    let Some(first) = parts.first() else {
        return Some(Target::Repository);
    };
    let commit = first.to_str().ok().filter(|first| is_commit(first));
    Some(match commit.filter(|_| kind.is_none()) {
        Some(commit) => Target::Path {
            at: At::Commit(commit.to_ascii_lowercase()),
            path: Address::path(&parts[1..])?,
            lines,
        },
        None => Target::Path {
            at: At::Undecided(kind),
            path: Address::path(parts)?,
            lines,
        },
    })
}

/// A number at the beginning of a text, and what is behind it.
fn number(text: &str) -> Option<(u64, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    Some((text.get(..digits)?.parse().ok()?, &text[digits..]))
}

/// `L10`, `L10-L20`, `L10C2-L20C5`, `L10-20`.
fn lines(fragment: &str) -> Option<Lines> {
    let (first, rest) = number(fragment.strip_prefix('L')?)?;
    let rest = skip_column(rest);
    let Some(rest) = rest.strip_prefix('-') else {
        return Lines::new(first, first);
    };
    let (last, _) = number(rest.strip_prefix('L').unwrap_or(rest))?;
    Lines::new(first, last)
}

fn skip_column(text: &str) -> &str {
    match text.strip_prefix('C').and_then(number) {
        Some((_, rest)) => rest,
        None => text,
    }
}

/// `diff-HASH`, `diff-HASHR10`, `diff-HASHR10-R20`; lines of the old side are not kept.
fn diff_anchor(fragment: &str) -> (Option<ChangedFile>, Option<Lines>) {
    let Some(anchor) = fragment.strip_prefix("diff-") else {
        return (None, None);
    };
    let digits = anchor.bytes().take_while(u8::is_ascii_hexdigit).count();
    let (hash, rest) = anchor.split_at(digits);
    if !matches!(hash.len(), 40 | 64) {
        return (None, None);
    }
    let lines = rest.strip_prefix('R').and_then(|rest| {
        let (first, rest) = number(rest)?;
        let last = rest.strip_prefix("-R").and_then(number);
        Lines::new(first, last.map_or(first, |(last, _)| last))
    });
    (Some(ChangedFile::Hash(hash.to_ascii_lowercase())), lines)
}

fn pull_request(text: &str, (file, lines): (Option<ChangedFile>, Option<Lines>)) -> Target {
    match text.parse() {
        Ok(number) => Target::PullRequest {
            number,
            file,
            lines,
        },
        Err(_) => Target::Repository,
    }
}

fn commit(text: &str) -> Target {
    let short = text.len() >= 4 && text.len() <= 64;
    if short && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Target::Commit(text.to_ascii_lowercase())
    } else {
        Target::Repository
    }
}

/// What a host has below a repository under a name that stands for none of its files.
fn elsewhere(rest: &[&str]) -> Target {
    // What shows the files from their root on.
    const ROOTS: [&str; 7] = ["", "blob", "browse", "commits", "overview", "src", "tree"];
    match rest {
        [] => Target::Repository,
        [one] if ROOTS.contains(one) => Target::Repository,
        rest => Target::Elsewhere(rest.join("/")),
    }
}

/// The root at a ref, with its kind where the host says it.
fn whole_ref(name: String, kind: Option<RefKind>) -> Target {
    let at = match kind {
        Some(kind) => At::Ref(kind.full(&name)),
        None if is_commit(&name) => At::Commit(name.to_ascii_lowercase()),
        None => At::Ref(name),
    };
    Target::Path {
        at,
        path: BString::default(),
        lines: None,
    }
}

fn github(address: &Address, skipped: usize) -> Option<Link> {
    let parts = address.parts.get(skipped..)?;
    let words = words(parts);
    let base = base_of(address, skipped);
    let (owner, name) = (*words.first()?, *words.get(1)?);
    let lines = lines(&address.fragment);
    let (base, target) = if address.host == "raw.githubusercontent.com" {
        (
            "https://github.com".to_owned(),
            undecided(&parts[2..], None, None)?,
        )
    } else {
        let target = match &words[2..] {
            ["blob" | "tree" | "raw" | "blame" | "edit" | "commits", ..] => {
                undecided(&parts[3..], None, lines)?
            }
            ["commit", id, ..] | ["pull", _, "commits" | "changes", id, ..] if is_hex(id) => {
                commit(id)
            }
            ["pull", number, ..] => pull_request(number, diff_anchor(&address.fragment)),
            ["releases", "tag", tag @ ..] if !tag.is_empty() => {
                whole_ref(tag.join("/"), Some(RefKind::Tag))
            }
            rest => elsewhere(rest),
        };
        (base, target)
    };
    Some(Link {
        dialect: Some(Dialect::GitHub),
        base,
        repository: repository(&[owner, name])?,
        target,
    })
}

fn is_hex(text: &str) -> bool {
    text.len() >= 4 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The host's address with what stands before the repository.
fn base_of(address: &Address, parts: usize) -> String {
    let mut base = address.origin.clone();
    for part in &address.parts[..parts] {
        base.push('/');
        base.push_str(&encode(part));
    }
    base
}

fn gitlab(address: &Address, skipped: usize) -> Option<Link> {
    const VERBS: [&str; 6] = ["blob", "tree", "raw", "blame", "edit", "commits"];
    let parts = address.parts.get(skipped..)?;
    let words = words(parts);
    // Older versions had no `-` between the project and the rest.
    let dash = words.iter().position(|word| *word == "-");
    let old = || {
        let verb =
            |word: &&str| VERBS.contains(word) || matches!(*word, "commit" | "merge_requests");
        let found = words.iter().skip(2).position(verb);
        found.map(|at| at + 2)
    };
    let (end, behind) = match (dash, old()) {
        (Some(dash), _) => (dash, dash + 1),
        (None, Some(verb)) => (verb, verb),
        (None, None) => (words.len(), words.len()),
    };
    (end >= 2).then_some(())?;
    let name = repository(&words[..end])?;
    let target = match &words[behind..] {
        [verb, ..] if VERBS.contains(verb) => {
            let kind = match address.asked("ref_type") {
                Some("heads") => Some(RefKind::Branch),
                Some("tags") => Some(RefKind::Tag),
                _ => None,
            };
            undecided(&parts[behind + 1..], kind, lines(&address.fragment))?
        }
        ["commit", id, ..] => commit(id),
        ["merge_requests", number, ..] => pull_request(number, gitlab_anchor(&address.fragment)),
        ["tags", tag @ ..] if !tag.is_empty() => whole_ref(tag.join("/"), Some(RefKind::Tag)),
        rest => elsewhere(rest),
    };
    Some(Link {
        dialect: Some(Dialect::GitLab),
        base: base_of(address, skipped),
        repository: name,
        target,
    })
}

/// `HASH` or `HASH_OLD_NEW`.
fn gitlab_anchor(fragment: &str) -> (Option<ChangedFile>, Option<Lines>) {
    let mut parts = fragment.split('_');
    let hash = parts.next().unwrap_or_default();
    if !is_commit(hash) {
        return (None, None);
    }
    let line = parts.nth(1).and_then(|new| new.parse().ok());
    let lines = line.and_then(|line| Lines::new(line, line));
    (Some(ChangedFile::Hash(hash.to_ascii_lowercase())), lines)
}

fn bitbucket(address: &Address, skipped: usize) -> Option<Link> {
    let parts = address.parts.get(skipped..)?;
    let words = words(parts);
    let (owner, name) = (*words.first()?, *words.get(1)?);
    let marked = colon_lines(&address.fragment);
    let target = match &words[2..] {
        [
            "src" | "raw" | "annotate" | "history-node" | "file-view",
            ..,
        ] => undecided(&parts[3..], None, marked)?,
        ["branch", branch @ ..] | ["commits", "branch", branch @ ..] if !branch.is_empty() => {
            whole_ref(branch.join("/"), Some(RefKind::Branch))
        }
        ["commits", "tag", tag @ ..] if !tag.is_empty() => {
            whole_ref(tag.join("/"), Some(RefKind::Tag))
        }
        ["commits", id, ..] => commit(id),
        ["pull-requests", number, ..] => {
            let anchor = address.fragment.strip_prefix("chg-");
            let file = anchor.or_else(|| address.fragment.strip_prefix("chg_"));
            let (path, line) = match file.and_then(|file| file.rsplit_once('T')) {
                Some((path, line)) if line.parse::<u64>().is_ok() => {
                    (Some(path), line.parse().ok())
                }
                _ => (file, None),
            };
            let path = path.and_then(|path| sound(&BString::from(path)));
            let file = path.filter(|path| !path.is_empty()).map(ChangedFile::Path);
            pull_request(number, (file, line.and_then(|line| Lines::new(line, line))))
        }
        rest => elsewhere(rest),
    };
    Some(Link {
        dialect: Some(Dialect::Bitbucket),
        base: base_of(address, skipped),
        repository: repository(&[owner, name])?,
        target,
    })
}

/// `lines-10`, `lines-10:20`, and the older `a.md-10:20`.
fn colon_lines(fragment: &str) -> Option<Lines> {
    let (_, numbers) = fragment.rsplit_once('-')?;
    let (first, last) = numbers.split_once(':').unwrap_or((numbers, numbers));
    Lines::new(first.parse().ok()?, last.parse().ok()?)
}

fn data_center(address: &Address) -> Option<Link> {
    let words = words(&address.parts);
    let owned = words
        .windows(4)
        .position(|some| matches!(some[0], "projects" | "users") && some[2] == "repos");
    let scm = words.iter().position(|word| *word == "scm");
    let (at, owner, name, behind) = match (owned, scm) {
        (Some(at), _) => {
            let owner = if words[at] == "users" {
                format!("~{}", words[at + 1])
            } else {
                words[at + 1].to_owned()
            };
            (at, owner, words[at + 3], at + 4)
        }
        (None, Some(at)) => (
            at,
            (*words.get(at + 1)?).to_owned(),
            *words.get(at + 2)?,
            words.len(),
        ),
        (None, None) => return None,
    };
    let shown = |parts: &[BString], lines| {
        Some(Target::Path {
            at: match address.asked("at").filter(|at| !at.is_empty()) {
                Some(at) if is_commit(at) => At::Commit(at.to_ascii_lowercase()),
                Some(at) => At::Ref(at.to_owned()),
                None => At::Default,
            },
            path: Address::path(parts)?,
            lines,
        })
    };
    let target = match &words[behind..] {
        ["browse" | "raw", ..] => {
            let first_range = address.fragment.split(',').next().unwrap_or_default();
            let (first, last) = first_range
                .split_once('-')
                .unwrap_or((first_range, first_range));
            let lines = match (first.parse(), last.parse()) {
                (Ok(first), Ok(last)) => Lines::new(first, last),
                _ => None,
            };
            shown(&address.parts[behind + 1..], lines)?
        }
        ["commits", id, ..] => commit(id),
        ["commits"] => match address.asked("until") {
            Some(until) => whole_ref(until.to_owned(), None),
            None => Target::Repository,
        },
        ["pull-requests", number, ..] => {
            let (path, rest) = match address.fragment.split_once('?') {
                Some((path, rest)) => (path, rest),
                None => (address.fragment.as_str(), ""),
            };
            let line = rest.split('&').find_map(|part| part.strip_prefix("t="));
            let line = line.and_then(|line| line.parse().ok());
            let path = sound(&BString::from(path)).filter(|path| !path.is_empty());
            let lines = line.and_then(|line| Lines::new(line, line));
            pull_request(number, (path.map(ChangedFile::Path), lines))
        }
        rest => elsewhere(rest),
    };
    Some(Link {
        dialect: Some(Dialect::BitbucketDataCenter),
        base: base_of(address, at),
        repository: repository(&[&owner, name])?,
        target,
    })
}

/// `known` is how many parts a base address takes that somebody is signed in at.
fn azure(address: &Address, known: Option<usize>) -> Option<Link> {
    let words = words(&address.parts);
    let at = words.iter().position(|word| *word == "_git")?;
    let name = *words.get(at + 1)?;
    let old = address.host.strip_suffix(".visualstudio.com");
    let before = &words[..at];
    // A project's own repository has its name, and the address may leave the project out.
    let behind = known.and_then(|parts| before.get(parts..));
    let (base, repository) = match (old, address.host.as_str(), before) {
        _ if behind.is_some_and(|behind| !behind.is_empty()) => {
            let behind = behind.unwrap_or_default();
            // At the address of Services there is an organization before the project.
            let mut parts = behind.to_vec();
            parts.push(name);
            (base_of(address, at - behind.len()), repository(&parts)?)
        }
        (Some(organization), _, before) => {
            let before = match before {
                ["DefaultCollection", rest @ ..] => rest,
                all => all,
            };
            let project = before.first().copied().unwrap_or(name);
            (
                "https://dev.azure.com".to_owned(),
                repository(&[organization, project, name])?,
            )
        }
        (None, "dev.azure.com", [organization]) => (
            address.origin.clone(),
            repository(&[organization, name, name])?,
        ),
        (None, "dev.azure.com", [organization, project, ..]) => (
            address.origin.clone(),
            repository(&[organization, project, name])?,
        ),
        (None, _, [.., _, project]) => (base_of(address, at - 1), repository(&[project, name])?),
        (None, _, [_]) => (base_of(address, at), repository(&[name, name])?),
        (None, _, []) => return None,
    };
    let asked_path = match address.asked("path") {
        Some(path) => Some(sound(&BString::from(path))?),
        None => None,
    };
    let marked = || {
        let value = |name| address.asked(name)?.parse::<u64>().ok();
        let first = value("line")?;
        let last = value("lineEnd").unwrap_or(first);
        // An end in the first column marks nothing of its line.
        let excluded = value("lineEndColumn") == Some(1) && last > first;
        Lines::new(first, if excluded { last - 1 } else { last })
    };
    let behind = &words[at + 2..];
    let target = match behind {
        ["commit", id, ..] => commit(id),
        ["pullrequest", number, ..] => {
            let file = asked_path.filter(|path| !path.is_empty());
            pull_request(number, (file.map(ChangedFile::Path), marked()))
        }
        _ => {
            let version = address.asked("version").unwrap_or_default();
            let at = match (version.get(..2), version.get(2..)) {
                (Some("GC"), Some(id)) if is_commit(id) => At::Commit(id.to_ascii_lowercase()),
                (Some("GB"), Some(name)) if !name.is_empty() => At::Ref(RefKind::Branch.full(name)),
                (Some("GT"), Some(name)) if !name.is_empty() => At::Ref(RefKind::Tag.full(name)),
                (Some("GC"), Some(name)) if !name.is_empty() => At::Ref(name.to_owned()),
                _ => At::Default,
            };
            match (at, asked_path) {
                (At::Default, None) => elsewhere(behind),
                (at, path) => Target::Path {
                    at,
                    path: path.unwrap_or_default(),
                    lines: marked(),
                },
            }
        }
    };
    Some(Link {
        dialect: Some(Dialect::AzureDevOps),
        base,
        repository,
        target,
    })
}

fn gitea(address: &Address, skipped: usize) -> Option<Link> {
    const VERBS: [&str; 6] = ["src", "raw", "media", "blame", "rendered", "commits"];
    let words = words(&address.parts);
    // An instance may live below a path, which the owner and the name stand behind.
    let verb = words
        .windows(2)
        .enumerate()
        .skip(skipped + 2)
        .find(|(_, some)| {
            VERBS.contains(&some[0]) && matches!(some[1], "branch" | "commit" | "tag")
        });
    let start = match verb {
        Some((at, _)) => at - 2,
        None => skipped,
    };
    let (owner, name) = (*words.get(start)?, *words.get(start + 1)?);
    let rest = &address.parts[start + 2..];
    let marked = lines(&address.fragment);
    let target = match &words[start + 2..] {
        [_, kind @ ("branch" | "commit" | "tag"), ..] if verb.is_some() => {
            let kind = match *kind {
                "branch" => Some(RefKind::Branch),
                "tag" => Some(RefKind::Tag),
                _ => None,
            };
            undecided(&rest[2..], kind, marked)?
        }
        ["src" | "raw", _, ..] => undecided(&rest[1..], None, marked)?,
        ["commit", id, ..] | ["pulls", _, "commits", id, ..] => commit(id),
        ["pulls", number, ..] => pull_request(number, diff_anchor(&address.fragment)),
        ["releases", "tag", tag @ ..] if !tag.is_empty() => {
            whole_ref(tag.join("/"), Some(RefKind::Tag))
        }
        rest => elsewhere(rest),
    };
    Some(Link {
        dialect: Some(Dialect::Gitea),
        base: base_of(address, start),
        repository: repository(&[owner, name])?,
        target,
    })
}

/// An address for cloning by ssh.
fn of_clone(host: &str, port: Option<u16>, path: &str, known: &[(&str, Dialect)]) -> Option<Link> {
    // As in addresses for a browser: SSH's may have bytes in it that are no text, which no host's
    // name has.
    let web = Url::parse(&format!("https://{host}")).ok()?;
    let host = web.host_str()?;
    let path = percent_decode_str(path).decode_utf8().ok()?;
    let words: Vec<&str> = path.split('/').filter(|word| !word.is_empty()).collect();
    // The servers that take ssh on the port of the web have names of their own.
    let host = match host {
        "ssh.github.com" => "github.com",
        "altssh.gitlab.com" => "gitlab.com",
        "altssh.bitbucket.org" => "bitbucket.org",
        "ssh.dev.azure.com" | "vs-ssh.visualstudio.com" => "dev.azure.com",
        host => host
            .strip_prefix("ssh.")
            .filter(|rest| rest.ends_with(".ghe.com"))
            .unwrap_or(host),
    };
    let of_known = known.iter().find_map(|(base, dialect)| {
        let base = Url::parse(base).ok()?;
        let same = base.host_str() == Some(host);
        same.then(|| (base.as_str().trim_end_matches('/').to_owned(), *dialect))
    });
    let usual = || {
        let dialect =
            Dialect::of_host(host).or((port == Some(7999)).then_some(Dialect::BitbucketDataCenter));
        (format!("https://{host}"), dialect)
    };
    let (base, dialect) = of_known.map_or_else(usual, |(base, dialect)| (base, Some(dialect)));
    let parts: Vec<&str> = match (dialect, words.as_slice()) {
        (Some(Dialect::AzureDevOps), ["v3", rest @ ..]) => rest.to_vec(),
        (Some(Dialect::BitbucketDataCenter), ["scm", rest @ ..]) => rest.to_vec(),
        (_, all) => all.to_vec(),
    };
    (parts.len() >= 2).then_some(())?;
    // A host whose names are an owner and a name has no deeper ones: it is another Git server.
    let dialect = dialect.filter(|dialect| match dialect {
        Dialect::GitHub | Dialect::Gitea | Dialect::Bitbucket | Dialect::BitbucketDataCenter => {
            parts.len() == 2
        }
        // A lone dash ends the names of groups and projects in its addresses, and is none itself.
        Dialect::GitLab => !parts.contains(&"-"),
        Dialect::AzureDevOps => true,
    });
    Some(Link {
        dialect,
        base,
        repository: repository(&parts)?,
        target: Target::Repository,
    })
}
