//! Files that are open, one after the other, as somebody looks through them.

use std::sync::{Arc, mpsc};

use bytes::Bytes;
use tributary::preview::{
    HighlightTheme, Highlighted, LARGEST_TEXT, Looks, OpenFile, OpenFiles, Preview,
};

fn lines(file: &OpenFile, first: u32) -> Highlighted {
    match file.rows(first..first + 60, HighlightTheme::Dark) {
        Preview::Text(text) => text,
        other => panic!("it is text, not {other:?}"),
    }
}

/// Code of which the whole stands in a comment that begins in the first line.
fn commented(lines: usize) -> Bytes {
    Bytes::from(format!("/*\n{}", "let text = \"a\";\n".repeat(lines)))
}

#[test]
fn a_guess_is_told_when_it_is_known_better_and_nothing_else_is_read_on() {
    let (sender, told) = mpsc::channel();
    let files = OpenFiles::new(Looks::built_in(), move || {
        sender.send(()).expect("a listener");
    });
    let file = files.open("here", "a.rs", commented(20_000));
    assert!(!lines(&file, 0).is_guessed);
    assert!(told.try_recv().is_err(), "the beginning needs nothing more");
    let guessed = lines(&file, 15_000);
    assert!(guessed.is_guessed);
    told.recv().expect("it is read up to there");
    let known = lines(&file, 15_000);
    assert!(!known.is_guessed);
    let look = |text: &Highlighted| {
        let span = &text.lines[0][0];
        (
            span.text.clone(),
            text.palette[usize::from(span.style)].color.clone(),
        )
    };
    assert_ne!(look(&known), look(&guessed), "a comment, as it turned out");
    // Two places of one file, the further one first.
    let file = files.open("there", "a.rs", commented(30_000));
    assert!(lines(&file, 25_000).is_guessed && lines(&file, 10_000).is_guessed);
    told.recv().expect("the nearer one");
    told.recv().expect("the further one");
    assert!(!lines(&file, 10_000).is_guessed && !lines(&file, 25_000).is_guessed);
    assert!(
        lines(&file, 29_000).is_guessed,
        "only what somebody looked at is read on"
    );
}

#[test]
fn other_languages_and_themes_take_effect_when_a_file_is_looked_at_again() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let syntax = "name: Runbook\nfile_extensions: [runbook]\nscope: source.runbook\ncontexts:\n  main:\n    - match: step\n      scope: keyword.control\n";
    let files = OpenFiles::new(Looks::built_in(), || ());
    let language =
        |files: &OpenFiles| lines(&files.open("here", "a.runbook", "step\n"), 0).language;
    assert_eq!(language(&files), "Plain Text");
    tributary::store::write_atomically(
        &folder.path().join("runbook.sublime-syntax"),
        syntax.as_bytes(),
    )
    .expect("the folder is ours");
    let (looks, unusable) = Looks::with_folder(folder.path());
    assert!(unusable.is_empty(), "{unusable:?}");
    files.change_looks(looks);
    assert_eq!(language(&files), "Runbook");
    assert!(files.looks().languages().contains(&"Runbook"));
}

#[test]
fn the_files_looked_at_last_stay_open_until_they_change() {
    let files = OpenFiles::new(Looks::built_in(), || ());
    let first = files.open("here", "a.rs", commented(1));
    assert!(Arc::ptr_eq(
        &first,
        &files.open("here", "a.rs", commented(1))
    ));
    assert!(
        files.get("there", "a.rs").is_none(),
        "another place has files of its own"
    );
    assert!(files.get("here", "b.rs").is_none());
    let changed = files.open("here", "a.rs", commented(2));
    assert!(!Arc::ptr_eq(&first, &changed));
    assert_eq!(lines(&changed, 0).total_lines, 3);
    let kept = files.get("here", "a.rs").expect("it is open");
    assert!(Arc::ptr_eq(&kept, &changed));
    for name in ["b.rs", "c.rs", "a.rs", "d.rs"] {
        files.get("here", name);
        files.open("here", name, commented(2));
    }
    assert!(
        files.get("here", "b.rs").is_none(),
        "it was looked at longest ago"
    );
    assert!(files.get("here", "a.rs").is_some() && files.get("here", "c.rs").is_some());
    let huge = Bytes::from(vec![
        b'a';
        usize::try_from(LARGEST_TEXT).expect("some megabytes")
            + 1
    ]);
    let shown = files
        .open("here", "huge.txt", huge)
        .rows(0..1, HighlightTheme::Dark);
    assert!(matches!(shown, Preview::TooLarge { .. }), "{shown:?}");
    assert!(
        files.get("here", "huge.txt").is_none(),
        "what is not shown is not kept"
    );
}

#[test]
fn a_file_that_nobody_has_any_more_is_not_read_on() {
    let (sender, told) = mpsc::channel();
    let files = OpenFiles::new(Looks::built_in(), move || {
        sender.send(()).expect("a listener");
    });
    let file = files.open("here", "a.rs", commented(400_000));
    assert!(lines(&file, 399_000).is_guessed);
    drop(file);
    drop(files);
    // The thread ends with the file, and what it would tell with it goes away.
    assert!(told.recv().is_err(), "it was given up, not read to its end");
}

/// The bytes of a file, which say when nobody holds them any more.
struct Held {
    text: Vec<u8>,
    name: usize,
    gone: mpsc::Sender<usize>,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.text
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // Those that are held to the end have nobody to tell.
        self.gone.send(self.name).ok();
    }
}

#[test]
fn of_hundreds_of_large_files_the_last_ones_alone_are_held() {
    const OPENED: usize = 300;
    const KEPT: usize = 3;
    let (gone, told) = mpsc::channel();
    let files = OpenFiles::new(Looks::built_in(), || ());
    for name in 0..OPENED {
        let held = Held {
            text: commented(40_000).to_vec(),
            name,
            gone: gone.clone(),
        };
        let path = format!("{name}.rs");
        let file = files.open("here", &path, Bytes::from_owner(held));
        // Far down, so that it is read on in the background too.
        if name % 10 == 0 {
            assert!(lines(&file, 39_000).is_guessed);
        }
    }
    // What was closed is let go of, by its threads as well; waiting for it ends by itself.
    let mut closed: Vec<usize> = told.iter().take(OPENED - KEPT).collect();
    closed.sort_unstable();
    assert!(closed.into_iter().eq(0..OPENED - KEPT));
    for name in OPENED - KEPT..OPENED {
        assert!(files.get("here", &format!("{name}.rs")).is_some(), "{name}");
    }
    assert!(told.try_recv().is_err(), "the last ones are held");
}
