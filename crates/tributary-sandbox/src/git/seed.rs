//! The two repositories that are there from the start. Dates are fixed, so that hashes are too.

use std::io;
use std::path::Path;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::Repository;
use super::write::{Edit, Mode, NewCommit};
use crate::sample;

const ALICE: (&str, &str) = ("Alice Archer", "alice@example.com");
const BOB: (&str, &str) = ("Bob Baker", "bob@example.com");

/// The commit of another repository that the submodule entry names.
const SUBMODULE: &str = "5f3a1c2b4d6e8f90a1b2c3d4e5f60718293a4b5c";

/// What the LFS pointer of the handbook stands for.
const LARGE: &[u8] = b"A large file, as far as Git is concerned.\n";

/// Makes a repository in a folder that is not there yet.
pub(crate) fn make(folder: &Path, name: &str) -> io::Result<Repository> {
    let repository = empty(folder)?;
    match name {
        "secret-plans" => secret_plans(&repository)?,
        _ => handbook(&repository)?,
    }
    Ok(repository)
}

/// Makes an empty repository whose branch is `main`.
pub(crate) fn empty(folder: &Path) -> io::Result<Repository> {
    std::fs::create_dir_all(folder)?;
    super::run(
        folder,
        &["init", "--quiet", "--bare", "--initial-branch=main"],
        b"",
    )?;
    Ok(Repository {
        folder: folder.to_owned(),
    })
}

fn handbook(repository: &Repository) -> io::Result<()> {
    repository.import(&[
        commit("main", ALICE, "2024-01-08T09:00:00Z", "Start the handbook", vec![
            file("README.md", b"# Handbook\n\nHow we work at Acme.\n"),
            file("docs/welcome.md", b"# Welcome\n\nYour first day.\n"),
            file("docs/hello.md", b"# Hello\n\nWe greet each other in the morning.\n\nAnd in the evening.\n"),
            file("docs/team/people/alice.md", b"# Alice\n\nSee [the welcome](../../welcome.md).\n"),
        ]),
        commit("main", BOB, "2024-02-12T10:30:00Z", "Add what is hard to show\n\nLinks, a module of another repository, a large file, odd names.\n", vec![
            Edit::Write { path: b"docs/first-day.md".to_vec(), mode: Mode::Symlink, contents: b"welcome.md".to_vec() },
            Edit::Write { path: b"scripts/build.sh".to_vec(), mode: Mode::Executable, contents: b"#!/bin/sh\necho built\n".to_vec() },
            file(".gitmodules", b"[submodule \"vendor/theme\"]\n\tpath = vendor/theme\n\turl = https://git.example.com/acme/theme.git\n"),
            Edit::Submodule { path: b"vendor/theme".to_vec(), commit: SUBMODULE.to_owned() },
            file(".gitattributes", b"*.mp4 filter=lfs diff=lfs merge=lfs -text\n"),
            file("assets/tour.mp4", pointer().as_bytes()),
            file("docs/empty.md", b""),
            file("docs/windows.md", b"# Windows\r\n\r\nLines end otherwise here.\r\n"),
            // In Latin-1, name and contents.
            Edit::Write { path: b"docs/caf\xe9.md".to_vec(), mode: Mode::File, contents: b"# Caf\xe9\n\nOpen all day.\n".to_vec() },
            file("docs/naïve & 100% #1.md", "# Naïve\n\nA name that must be encoded.\n".as_bytes()),
        ]),
        commit("main", ALICE, "2024-03-04T14:15:00Z", "Call the greetings what they are", vec![
            Edit::Rename { from: b"docs/hello.md".to_vec(), to: b"docs/greetings.md".to_vec() },
        ]),
    ])?;
    let renamed = end(repository)?;
    let when = moment("2024-03-05T08:00:00Z");
    repository.annotate("v1.0", &renamed, ALICE, when, "The first edition")?;
    repository.import(&[NewCommit {
        from: Some(renamed.clone()),
        ..commit(
            "feature/pay-grades",
            BOB,
            "2024-03-11T16:45:00Z",
            "Draft the pay grades",
            vec![
                file("docs/pay.md", b"# Pay grades\n\nA draft.\n"),
                file(
                    "README.md",
                    b"# Handbook\n\nHow we work at Acme, and for how much.\n",
                ),
            ],
        )
    }])?;
    // The guide comes last: it changes with the program, and the hashes before it stay.
    let guide = sample::FILES
        .iter()
        .map(|(path, contents)| file(&format!("guide/{path}"), contents));
    repository.import(&[NewCommit {
        from: Some(renamed),
        ..commit(
            "main",
            BOB,
            "2024-04-15T11:20:00Z",
            "Bring the guide along",
            guide.collect(),
        )
    }])?;
    repository.set_reference("refs/tags/v1.1", Some(&end(repository)?))?;
    let oid = hexadecimal(LARGE);
    let place = repository
        .folder
        .join("lfs/objects")
        .join(&oid[..2])
        .join(&oid[2..4]);
    std::fs::create_dir_all(&place)?;
    #[expect(
        clippy::disallowed_methods,
        reason = "this crate shares nothing with `store`"
    )]
    std::fs::write(place.join(&oid), LARGE)
}

fn secret_plans(repository: &Repository) -> io::Result<()> {
    repository.import(&[
        commit(
            "main",
            ALICE,
            "2024-01-09T09:00:00Z",
            "Start",
            vec![file("README.md", b"# Secret plans\n")],
        ),
        commit(
            "main",
            ALICE,
            "2024-01-10T09:00:00Z",
            "Say who may look",
            vec![file("README.md", b"# Secret plans\n\nFor few eyes.\n")],
        ),
    ])
}

/// The end of `main`.
fn end(repository: &Repository) -> io::Result<String> {
    repository
        .commit_id("refs/heads/main")?
        .ok_or_else(|| io::Error::other("the repository has no commits"))
}

fn commit(
    branch: &str,
    author: (&str, &str),
    when: &str,
    message: &str,
    edits: Vec<Edit>,
) -> NewCommit {
    NewCommit {
        branch: branch.to_owned(),
        from: None,
        author: (author.0.to_owned(), author.1.to_owned()),
        when: moment(when),
        message: message.to_owned(),
        edits,
    }
}

fn file(path: &str, contents: &[u8]) -> Edit {
    Edit::Write {
        path: path.as_bytes().to_vec(),
        mode: Mode::File,
        contents: contents.to_vec(),
    }
}

fn moment(text: &str) -> Timestamp {
    text.parse().expect("the dates above are well formed")
}

fn hexadecimal(contents: &[u8]) -> String {
    let hash = Sha256::digest(contents);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn pointer() -> String {
    format!(
        "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize {}\n",
        hexadecimal(LARGE),
        LARGE.len()
    )
}
