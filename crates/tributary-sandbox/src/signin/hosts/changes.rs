//! What a test does to the hosts' repositories and limits by hand.

use std::io;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::super::{Accounts, Server};
use super::limits::{Bucket, Refused};
use super::{PEOPLE, user};
use crate::git::held::Held;
use crate::git::write::{Edit, Mode, NewCommit};

/// A commit to make by hand.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commit {
    /// `owner/name`.
    pub repository: String,
    /// The branch, which is made when it is not there.
    #[serde(default = "main")]
    pub branch: String,
    /// A branch, tag or hash to begin at, in place of the branch's end: for a new branch, and to
    /// push by force. Everything behind it is no longer in the branch.
    #[serde(default)]
    pub from: Option<String>,
    /// The message.
    #[serde(default = "by_hand")]
    pub message: String,
    /// `alice` or `bob`.
    #[serde(default = "alice")]
    pub author: String,
    /// When, such as `2024-05-01T08:00:00Z`; an hour after the commit before when none.
    #[serde(default)]
    pub date: Option<Timestamp>,
    /// What it changes.
    #[serde(default)]
    pub edits: Vec<FileEdit>,
}

fn main() -> String {
    "main".to_owned()
}

fn by_hand() -> String {
    "Change by hand".to_owned()
}

fn alice() -> String {
    "alice".to_owned()
}

/// What a commit does to one file.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FileEdit {
    /// Writes text.
    Write {
        /// The file.
        path: String,
        /// What is in it.
        text: String,
    },
    /// Writes bytes, given as Base64.
    WriteBytes {
        /// The file.
        path: String,
        /// What is in it.
        base64: String,
    },
    /// Makes a symbolic link.
    Link {
        /// The link.
        path: String,
        /// Where it leads, as Git keeps it.
        target: String,
    },
    /// Takes a file or folder away.
    Remove {
        /// The file or folder.
        path: String,
    },
    /// Gives a file or folder another path.
    Rename {
        /// What it was.
        path: String,
        /// What it becomes.
        to: String,
    },
}

impl FileEdit {
    fn edit(&self) -> io::Result<Edit> {
        let write = |path: &str, mode, contents: Vec<u8>| Edit::Write {
            path: path.as_bytes().to_vec(),
            mode,
            contents,
        };
        Ok(match self {
            Self::Write { path, text } => write(path, Mode::File, text.clone().into_bytes()),
            Self::WriteBytes { path, base64 } => {
                let contents = STANDARD
                    .decode(base64)
                    .map_err(|error| refused(&format!("the contents of {path}: {error}")))?;
                write(path, Mode::File, contents)
            }
            Self::Link { path, target } => write(path, Mode::Symlink, target.clone().into_bytes()),
            Self::Remove { path } => Edit::Remove {
                path: path.as_bytes().to_vec(),
            },
            Self::Rename { path, to } => Edit::Rename {
                from: path.as_bytes().to_vec(),
                to: to.as_bytes().to_vec(),
            },
        })
    }
}

fn refused(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, reason.to_owned())
}

impl Accounts {
    /// Makes a commit in a repository of the Git hosts; its hash comes back.
    ///
    /// # Errors
    /// When there is no such repository or beginning, when the repository was attached, and when
    /// `git` refuses.
    pub fn commit(&self, wanted: &Commit) -> io::Result<String> {
        let edits = wanted
            .edits
            .iter()
            .map(FileEdit::edit)
            .collect::<io::Result<Vec<_>>>()?;
        self.commit_edits(wanted, edits)
    }

    /// Commits a folder of this many files, `FOLDER/file-00000.md` and on, to `main`; what was in the
    /// folder goes.
    ///
    /// # Errors
    /// As for [`Self::commit`].
    pub fn add_files(&self, repository: &str, folder: &str, count: usize) -> io::Result<String> {
        let held = self.writable(repository)?;
        let file = |number| (format!("file-{number:05}.md"), format!("# File {number}\n"));
        let files: Vec<(String, String)> = (0..count).map(file).collect();
        let wanted = Commit {
            repository: repository.to_owned(),
            branch: main(),
            from: None,
            message: format!("Add {count} files"),
            author: alice(),
            date: None,
            edits: Vec::new(),
        };
        let folder = Edit::Folder {
            path: folder.as_bytes().to_vec(),
            tree: held.repository.folder_of(&files)?,
        };
        self.commit_edits(&wanted, vec![folder])
    }

    /// Lets a branch or tag, such as `refs/heads/main`, be at a commit, wherever it was before; none
    /// takes it away.
    ///
    /// # Errors
    /// As for [`Self::commit`].
    pub fn set_reference(
        &self,
        repository: &str,
        name: &str,
        commit: Option<&str>,
    ) -> io::Result<()> {
        let held = self.writable(repository)?;
        if !(name.starts_with("refs/heads/") || name.starts_with("refs/tags/"))
            || name.contains('\0')
        {
            return Err(refused(
                "a reference begins with `refs/heads/` or `refs/tags/`",
            ));
        }
        let commit = match commit {
            Some(revision) => Some(resolved(&held, revision)?),
            None => None,
        };
        held.repository.set_reference(name, commit.as_deref())
    }

    /// Adds a repository to all Git hosts: one that lies on this machine, as it is there, or an
    /// empty one. These people may read it.
    ///
    /// # Errors
    /// When the name is not `owner/name`, or there is no repository at the place.
    pub fn add_repository(
        &self,
        name: &str,
        place: Option<&Path>,
        readers: &[&str],
    ) -> io::Result<()> {
        self.repositories.attach(name, place)?;
        for (login, ..) in PEOPLE {
            for server in super::servers() {
                self.set_access(server, name, login, readers.contains(&login));
            }
        }
        Ok(())
    }

    /// Opens a repository to everybody, or closes it. Whether there is such a repository.
    ///
    /// # Errors
    /// When `git` does not run.
    pub fn set_public(&self, repository: &str, public: bool) -> io::Result<bool> {
        self.repositories.set_public(repository, public)
    }

    /// Lets a Git host allow each person this many calls per hour, from now on; none is the
    /// documented number. At Data Center, which limits nothing unless its administrators do, so many
    /// at once and five a second.
    pub fn set_budget(&self, server: Server, calls: Option<u64>) {
        self.limits.set_budget(server, calls);
    }

    /// Lets a Git host allow so much of one kind at once, from now on, and as much less of it anew as
    /// that is less than the documented size; none is the documented size.
    pub fn set_size(&self, server: Server, bucket: Bucket, size: Option<u64>) {
        self.limits.set_size(server, bucket, size);
    }

    /// The most calls of a person that a Git host answered at the same time; at Data Center, of all.
    pub fn most_at_once(&self, server: Server) -> usize {
        self.limits.most_at_once(server)
    }

    /// Lets a Git host refuse the next calls with a status, as it does when it is asked too fast.
    pub fn refuse(&self, server: Server, status: u16, retry_after: Option<u64>, times: u32) {
        let refused = Refused {
            status,
            retry_after,
            times,
        };
        self.limits.refuse(server, refused);
    }

    fn commit_edits(&self, wanted: &Commit, edits: Vec<Edit>) -> io::Result<String> {
        let held = self.writable(&wanted.repository)?;
        let plain = |text: &str| !text.is_empty() && !text.chars().any(char::is_control);
        if !plain(&wanted.branch) {
            return Err(refused("a branch's name has no control characters"));
        }
        let author = user(Server::Github, &wanted.author)
            .ok_or_else(|| refused(&format!("nobody is called {}", wanted.author)))?;
        let end = format!("refs/heads/{}", wanted.branch);
        let from = match &wanted.from {
            Some(revision) => Some(resolved(&held, revision)?),
            None => held.repository.commit_id(&end)?,
        };
        let when = match (wanted.date, &from) {
            (Some(date), _) => date,
            (None, Some(from)) => {
                let before = held.repository.commit(from)?.committer.when;
                before
                    .checked_add(SignedDuration::from_hours(1))
                    .unwrap_or(before)
            }
            (None, None) => "2024-05-01T08:00:00Z".parse().map_err(io::Error::other)?,
        };
        held.repository.import(&[NewCommit {
            branch: wanted.branch.clone(),
            from,
            author: (author.name, author.email),
            when,
            message: wanted.message.clone(),
            edits,
        }])?;
        resolved(&held, &end)
    }

    fn writable(&self, repository: &str) -> io::Result<Held> {
        let held = self.repositories.find(repository)?;
        let held = held.ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::NotFound,
                format!("there is no repository {repository}"),
            )
        })?;
        if held.attached {
            return Err(refused(
                "the repository lies elsewhere on this machine: change it there",
            ));
        }
        Ok(held)
    }
}

fn resolved(held: &Held, revision: &str) -> io::Result<String> {
    held.repository.commit_id(revision)?.ok_or_else(|| {
        io::Error::new(
            io::ErrorKind::NotFound,
            format!("there is no commit {revision}"),
        )
    })
}
