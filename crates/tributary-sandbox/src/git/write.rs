//! Changing a repository: commits as a stream for `git fast-import`, and references.

use std::io;

use jiff::Timestamp;

use super::Repository;

/// What a commit does to one path.
#[derive(Debug, Clone)]
pub(crate) enum Edit {
    /// A file with these contents, or the target of a symbolic link.
    Write {
        path: Vec<u8>,
        mode: Mode,
        contents: Vec<u8>,
    },
    /// A folder, in place of what is there, by the hash of its tree.
    Folder {
        path: Vec<u8>,
        tree: String,
    },
    /// A commit of another repository.
    Submodule {
        path: Vec<u8>,
        commit: String,
    },
    Remove {
        path: Vec<u8>,
    },
    Rename {
        from: Vec<u8>,
        to: Vec<u8>,
    },
}

/// What kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    File,
    Executable,
    Symlink,
}

/// A commit to make.
#[derive(Debug, Clone)]
pub(crate) struct NewCommit {
    /// The branch, which is made when it is not there.
    pub(crate) branch: String,
    /// The commit it comes after; none only for the first of a stream's branch and for a root.
    pub(crate) from: Option<String>,
    /// Name and address.
    pub(crate) author: (String, String),
    pub(crate) when: Timestamp,
    pub(crate) message: String,
    pub(crate) edits: Vec<Edit>,
}

impl Repository {
    /// Makes commits one after the other; each becomes the end of its branch, whatever that was.
    pub(crate) fn import(&self, commits: &[NewCommit]) -> io::Result<()> {
        let mut stream = Vec::new();
        for commit in commits {
            stream_commit(&mut stream, commit);
        }
        stream.extend_from_slice(b"done\n");
        super::run(
            &self.folder,
            &["fast-import", "--quiet", "--done", "--force"],
            &stream,
        )?;
        Ok(())
    }

    /// Makes the tree of a folder of plain files, whose names must be in Git's order; gives its hash.
    ///
    /// `fast-import` looks through a whole folder for every file it adds there, so that 100,000 of
    /// them in a commit take half a minute. Here it only makes the contents.
    pub(crate) fn folder_of(&self, files: &[(String, String)]) -> io::Result<String> {
        let mut stream = Vec::new();
        for (number, (_, contents)) in files.iter().enumerate() {
            stream.extend_from_slice(format!("blob\nmark :{}\n", number + 1).as_bytes());
            data(&mut stream, contents.as_bytes());
        }
        stream.extend_from_slice(b"done\n");
        let marks = tempfile::NamedTempFile::new()?;
        let export = format!("--export-marks={}", marks.path().display());
        let arguments = ["fast-import", "--quiet", "--done", "--depth=0", &export];
        super::run(&self.folder, &arguments, &stream)?;
        // A line is `:NUMBER HASH`; they need not come in order.
        let told = std::fs::read_to_string(marks.path())?;
        let mut ids = vec![""; files.len()];
        for line in told.lines() {
            let Some((mark, id)) = line.split_once(' ') else {
                continue;
            };
            let number: usize = mark.trim_start_matches(':').parse().unwrap_or(0);
            if let Some(place) = number.checked_sub(1).and_then(|at| ids.get_mut(at)) {
                *place = id;
            }
        }
        let lines = files
            .iter()
            .zip(ids)
            .map(|((name, _), id)| format!("100644 blob {id}\t{name}\n"));
        let lines: String = lines.collect();
        let tree = super::run(&self.folder, &["mktree"], lines.as_bytes())?;
        Ok(String::from_utf8_lossy(&tree).trim().to_owned())
    }

    /// Lets a reference point at a commit, wherever it pointed before; none takes it away.
    pub(crate) fn set_reference(&self, name: &str, commit: Option<&str>) -> io::Result<()> {
        let order = match commit {
            Some(commit) => format!("update {name}\0{commit}\0\0"),
            None => format!("delete {name}\0\0"),
        };
        super::run(
            &self.folder,
            &["update-ref", "-z", "--stdin"],
            order.as_bytes(),
        )?;
        Ok(())
    }

    /// Makes a tag with a message.
    pub(crate) fn annotate(
        &self,
        name: &str,
        commit: &str,
        tagger: (&str, &str),
        when: Timestamp,
        message: &str,
    ) -> io::Result<()> {
        let (person, email) = tagger;
        let seconds = when.as_second();
        let tag = format!(
            "object {commit}\ntype commit\ntag {name}\ntagger {person} <{email}> {seconds} +0000\n\n{message}\n"
        );
        let id = super::run(&self.folder, &["mktag"], tag.as_bytes())?;
        let id = String::from_utf8_lossy(&id).trim().to_owned();
        self.set_reference(&format!("refs/tags/{name}"), Some(&id))
    }
}

fn stream_commit(stream: &mut Vec<u8>, commit: &NewCommit) {
    let (name, email) = &commit.author;
    let signature = format!("{name} <{email}> {} +0000", commit.when.as_second());
    let head = format!(
        "commit refs/heads/{}\nauthor {signature}\ncommitter {signature}\n",
        commit.branch
    );
    stream.extend_from_slice(head.as_bytes());
    data(stream, commit.message.as_bytes());
    if let Some(from) = &commit.from {
        stream.extend_from_slice(format!("from {from}\n").as_bytes());
    }
    for edit in &commit.edits {
        match edit {
            Edit::Write {
                path,
                mode,
                contents,
            } => {
                let mode = match mode {
                    Mode::File => "100644",
                    Mode::Executable => "100755",
                    Mode::Symlink => "120000",
                };
                let line = format!("M {mode} inline {}\n", quoted(path));
                stream.extend_from_slice(line.as_bytes());
                data(stream, contents);
            }
            Edit::Folder { path, tree } => {
                let line = format!("M 040000 {tree} {}\n", quoted(path));
                stream.extend_from_slice(line.as_bytes());
            }
            Edit::Submodule { path, commit } => {
                let line = format!("M 160000 {commit} {}\n", quoted(path));
                stream.extend_from_slice(line.as_bytes());
            }
            Edit::Remove { path } => {
                stream.extend_from_slice(format!("D {}\n", quoted(path)).as_bytes());
            }
            Edit::Rename { from, to } => {
                let line = format!("R {} {}\n", quoted(from), quoted(to));
                stream.extend_from_slice(line.as_bytes());
            }
        }
    }
    stream.push(b'\n');
}

fn data(stream: &mut Vec<u8>, contents: &[u8]) {
    stream.extend_from_slice(format!("data {}\n", contents.len()).as_bytes());
    stream.extend_from_slice(contents);
    stream.push(b'\n');
}

/// A path in quotes, with everything but plain letters as Git's octal numbers.
fn quoted(path: &[u8]) -> String {
    let mut text = String::from("\"");
    for byte in path {
        match byte {
            b'"' | b'\\' => {
                text.push('\\');
                text.push(char::from(*byte));
            }
            b' '..=b'~' => text.push(char::from(*byte)),
            _ => text.push_str(&format!("\\{byte:03o}")),
        }
    }
    text.push('"');
    text
}
