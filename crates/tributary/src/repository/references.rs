//! What the names of a repository lead to, whether Git keeps them in files or in tables.
//!
//! Files are read by `gix`. Tables, of which it knows nothing, are read here in the form that Git's
//! `reftable` describes: some files, each sorted by name, of which the later ones have the last word.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::Path;

use gix::ObjectId;
use gix::bstr::{BStr, BString, ByteSlice};

/// As often is the list of tables read anew that Git has put together meanwhile.
const TIMES_AGAIN: usize = 5;
/// No name is longer: each is written out, and a few bytes can stand for a long one.
const LONGEST_NAME: usize = 4096;
/// Nor are all names of a table together longer than so many times the table. Git writes one of 16 out,
/// and an id of 20 bytes behind each, so that theirs are at most a few times as long.
const MOST_SHARED: usize = 64;
/// As many names may lead on from one to the next.
const LONGEST_CHAIN: usize = 5;

/// The names of a repository, as they were when they were read.
pub(crate) enum References<'git> {
    /// Each in a file, or packed together.
    Files(&'git gix::Repository),
    /// All in tables.
    Tables {
        git: &'git gix::Repository,
        known: BTreeMap<BString, Target>,
    },
}

/// What a name leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// An object, which can be a tag of one.
    Object(ObjectId),
    /// Another name.
    Name(BString),
}

impl<'git> References<'git> {
    /// Reads them as far as they are kept together.
    ///
    /// # Errors
    /// When there is a table that cannot be read, or the repository keeps them in a third way.
    pub(crate) fn of(git: &'git gix::Repository) -> Result<Self, gix::Error> {
        let way = git.config_snapshot().string("extensions.refStorage");
        match way.as_deref().map(|way| way.to_str_lossy()).as_deref() {
            None | Some("files") => Ok(Self::Files(git)),
            Some("reftable") => {
                let kind = git.object_hash();
                let mut known = read_stack(&git.common_dir().join("reftable"), kind)?;
                if git.git_dir() != git.common_dir() {
                    // What is checked out in one more folder is told there.
                    known.extend(read_stack(&git.git_dir().join("reftable"), kind)?);
                }
                Ok(Self::Tables { git, known })
            }
            Some(other) => Err(strange(&format!("its names are kept as `{other}`"))),
        }
    }

    /// Whether they are kept so that they can be added to here.
    pub(crate) fn is_writable(&self) -> bool {
        matches!(self, Self::Files(_))
    }

    /// The object that a full name leads to, which no tag stands for.
    pub(crate) fn find(&self, full: &str) -> Option<ObjectId> {
        match self {
            Self::Files(git) => {
                let mut found = git.try_find_reference(full).ok().flatten()?;
                Some(found.peel_to_id().ok()?.detach())
            }
            Self::Tables { git, known } => {
                let id = followed(known, full.into())?.1?;
                peeled(git, id)
            }
        }
    }

    /// The same for a name that may be short, as that of a branch of others is in a clone.
    pub(crate) fn find_any(&self, name: &str) -> Option<ObjectId> {
        match self {
            // All the places in which Git looks are known there.
            Self::Files(_) => self.find(name),
            Self::Tables { .. } => self
                .find(name)
                .or_else(|| self.find(&format!("refs/remotes/{name}"))),
        }
    }

    /// The name that is checked out, which need not lead to anything yet, and none where a commit is.
    pub(crate) fn head_name(&self) -> Option<String> {
        match self {
            Self::Files(git) => {
                let name = git.head_name().ok().flatten()?;
                Some(name.shorten().to_str_lossy().into_owned())
            }
            Self::Tables { known, .. } => {
                let (name, _) = followed(known, "HEAD".into())?;
                let name = name.strip_prefix(b"refs/heads/")?;
                Some(name.to_str_lossy().into_owned())
            }
        }
    }

    /// The commit that is checked out.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn head_id(&self) -> Result<ObjectId, gix::Error> {
        match self {
            Self::Files(git) => git.head_id().map(gix::Id::detach),
            Self::Tables { known, .. } => {
                let found = followed(known, "HEAD".into()).and_then(|(_, id)| id);
                found.ok_or_else(|| strange("nothing is checked out"))
            }
        }
    }

    /// The full names that begin so, each with the commit that it leads to. One that is broken does not
    /// hide the others.
    ///
    /// # Errors
    /// When they cannot be listed.
    pub(crate) fn all(&self, prefix: &str) -> Result<Vec<(String, Option<ObjectId>)>, gix::Error> {
        let mut found = Vec::new();
        match self {
            Self::Files(git) => {
                let references = git.references()?;
                for reference in references.prefixed(prefix)? {
                    let Ok(mut reference) = reference else {
                        continue;
                    };
                    let name = reference.name().as_bstr().to_str_lossy().into_owned();
                    let commit = reference.peel_to_commit().ok();
                    found.push((name, commit.map(|commit| commit.id)));
                }
            }
            Self::Tables { git, known } => {
                let from = BString::from(prefix);
                let some = known.range(from..);
                for (name, _) in some.take_while(|(name, _)| name.starts_with(prefix.as_bytes())) {
                    let id = followed(known, name.as_bstr()).and_then(|(_, id)| id);
                    let commit = id
                        .and_then(|id| git.find_object(id).ok())
                        .and_then(|object| object.peel_to_commit().ok());
                    let name = name.to_str_lossy().into_owned();
                    found.push((name, commit.map(|commit| commit.id)));
                }
            }
        }
        Ok(found)
    }
}

/// The last of the names that lead from one to another, and what that leads to.
fn followed<'known>(
    known: &'known BTreeMap<BString, Target>,
    name: &BStr,
) -> Option<(&'known BStr, Option<ObjectId>)> {
    let (mut name, mut target) = known.get_key_value(name)?;
    for _ in 0..LONGEST_CHAIN {
        match target {
            Target::Object(id) => return Some((name.as_bstr(), Some(*id))),
            Target::Name(next) => match known.get_key_value(next) {
                Some((next, found)) => (name, target) = (next, found),
                None => return Some((next.as_bstr(), None)),
            },
        }
    }
    None
}

/// What a tag stands for in the end.
fn peeled(git: &gix::Repository, id: ObjectId) -> Option<ObjectId> {
    let object = git.find_object(id).ok()?;
    Some(object.peel_tags_to_end().ok()?.id)
}

fn strange(what: &str) -> gix::Error {
    gix::Error::from_error(std::io::Error::other(what.to_owned()))
}

/// The names in the tables of a folder. Git puts several of them into one whenever it likes, and what
/// the list named a moment ago is gone then.
fn read_stack(
    folder: &Path,
    kind: gix::hash::Kind,
) -> Result<BTreeMap<BString, Target>, gix::Error> {
    let mut trouble = strange("its tables change all the time");
    for _ in 0..TIMES_AGAIN {
        match read_listed(folder, kind) {
            Ok(known) => return Ok(known),
            Err(Unread::Gone(error)) => trouble = gix::Error::from_error(error),
            Err(Unread::Strange(what)) => return Err(strange(what)),
        }
    }
    Err(trouble)
}

/// Why tables were not read.
enum Unread {
    Gone(std::io::Error),
    Strange(&'static str),
}

impl From<&'static str> for Unread {
    fn from(what: &'static str) -> Self {
        Self::Strange(what)
    }
}

fn read_listed(folder: &Path, kind: gix::hash::Kind) -> Result<BTreeMap<BString, Target>, Unread> {
    let list = fs::read_to_string(folder.join("tables.list")).map_err(Unread::Gone)?;
    let mut known = BTreeMap::new();
    let mut seen = HashSet::new();
    for name in list.lines() {
        // A name is no path, whatever a repository says.
        if name.contains(['/', '\\']) || name.starts_with('.') {
            return Err(Unread::Strange("a table is called as none is"));
        }
        // A short list could have the same one read for hours.
        if !seen.insert(name) {
            return Err(Unread::Strange("a table is listed twice"));
        }
        let bytes = fs::read(folder.join(name)).map_err(Unread::Gone)?;
        for (name, target) in read_table(&bytes, kind)? {
            match target {
                Some(target) => known.insert(name, target),
                None => known.remove(&name),
            };
        }
    }
    Ok(known)
}

/// A name of a table, and what it leads to; none where it was deleted.
type Record = (BString, Option<Target>);

/// Reads the names of one table, which stand in its first blocks.
fn read_table(bytes: &[u8], kind: gix::hash::Kind) -> Result<Vec<Record>, &'static str> {
    const CUT: &str = "a table is cut off";
    let version = match (bytes.get(..4), bytes.get(4)) {
        (Some(b"REFT"), Some(version @ 1..=2)) => *version,
        _ => return Err("a table begins as none does"),
    };
    let head = if version == 1 { 24 } else { 28 };
    let told = match (version, bytes.get(24..28)) {
        (1, _) | (_, Some(b"sha1")) => gix::hash::Kind::Sha1,
        (_, Some(b"s256")) => gix::hash::Kind::Sha256,
        _ => return Err("a table has ids of an unknown kind"),
    };
    if told != kind {
        return Err("a table has ids of another kind than the repository");
    }
    let block_size = number(bytes, 5, 3).ok_or(CUT)?;
    let mut found = Vec::new();
    let mut room = bytes.len().saturating_mul(MOST_SHARED);
    let mut start = 0;
    loop {
        // The head of the table belongs to the first block.
        let begin = if start == 0 { head } else { start };
        if bytes.get(begin) != Some(&b'r') {
            return Ok(found);
        }
        let length = number(bytes, begin + 1, 3).ok_or(CUT)?;
        let block = bytes.get(start..start + length).ok_or(CUT)?;
        read_block(block, begin - start + 4, kind, &mut room, &mut found).ok_or(CUT)?;
        // Filled up to the size of blocks, unless the next one follows at once.
        let is_filled = length < block_size && bytes.get(start + length) == Some(&0);
        let step = if is_filled { block_size } else { length };
        if step == 0 {
            return Err("a table has an empty block");
        }
        start += step;
    }
}

/// Reads the records of a block, which end where it is told where to begin a search.
fn read_block(
    block: &[u8],
    begin: usize,
    kind: gix::hash::Kind,
    room: &mut usize,
    found: &mut Vec<Record>,
) -> Option<()> {
    let count = number(block, block.len().checked_sub(2)?, 2)?;
    let end = block.len().checked_sub(2 + 3 * count)?;
    let mut rest = block.get(begin..end)?;
    let mut name: Vec<u8> = Vec::new();
    while !rest.is_empty() {
        let shared = take_number(&mut rest)?;
        let length = take_number(&mut rest)?;
        let (value, length) = (length & 7, length >> 3);
        if shared > name.len() {
            return None;
        }
        name.truncate(shared);
        name.extend_from_slice(take(&mut rest, length)?);
        if name.len() > LONGEST_NAME {
            return None;
        }
        *room = room.checked_sub(name.len())?;
        // Since when it is so.
        take_number(&mut rest)?;
        let target = match value {
            0 => None,
            1 | 2 => {
                let id = ObjectId::try_from(take(&mut rest, kind.len_in_bytes())?).ok()?;
                if value == 2 {
                    take(&mut rest, kind.len_in_bytes())?;
                }
                Some(Target::Object(id))
            }
            3 => {
                let length = take_number(&mut rest)?;
                Some(Target::Name(take(&mut rest, length)?.into()))
            }
            _ => return None,
        };
        found.push((name.clone().into(), target));
    }
    Some(())
}

fn take<'bytes>(rest: &mut &'bytes [u8], length: usize) -> Option<&'bytes [u8]> {
    let (taken, behind) = rest.split_at_checked(length)?;
    *rest = behind;
    Some(taken)
}

/// A number of so many bytes, the largest first.
fn number(bytes: &[u8], at: usize, count: usize) -> Option<usize> {
    let bytes = bytes.get(at..at + count)?;
    Some(
        bytes
            .iter()
            .fold(0, |sum, byte| sum << 8 | usize::from(*byte)),
    )
}

/// A number of as many bytes as it takes, each of which but the last says that another one follows.
fn take_number(rest: &mut &[u8]) -> Option<usize> {
    let mut number = 0_usize;
    loop {
        let byte = *take(rest, 1)?.first()?;
        number = number
            .checked_mul(128)?
            .checked_add(usize::from(byte & 0x7f))?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
        number = number.checked_add(1)?;
    }
}
