//! Texts that are put away until their turn.

use std::io;
use std::sync::{Arc, Mutex};

use tributary_pages::markup::{SourceLinks, Surroundings};
use tributary_pages::plan::{
    PlanSettings, Refusal, Shelf, Shelves, SourceFile, Sources, Step, StepKind, plan, read,
};

use super::{snapshot, sources};

/// The body of a step in storage format.
pub(super) fn said(step: &Step) -> String {
    step.body.read().expect("it is there").into_owned()
}

#[derive(Debug, Default)]
struct Shelved(Mutex<Vec<u8>>);

impl Shelf for Shelved {
    fn put(&self, bytes: &[u8]) -> io::Result<u64> {
        let mut held = self.0.lock().expect("nobody broke off");
        let at = held.len() as u64;
        held.extend(bytes);
        Ok(at)
    }

    fn get(&self, at: u64, size: usize) -> io::Result<Vec<u8>> {
        let at = usize::try_from(at).expect("it is small");
        let held = self.0.lock().expect("nobody broke off");
        let there = held.get(at..at + size);
        Ok(there.ok_or(io::ErrorKind::UnexpectedEof)?.to_vec())
    }
}

/// The same sources with every text on a shelf.
fn shelved(files: &[(&str, &str)]) -> (Sources, Arc<Shelved>) {
    let shelf = Arc::new(Shelved::default());
    let shelves = Shelves::of(shelf.clone());
    let of_file = |(path, text): &(&str, &str)| SourceFile {
        path: (*path).to_owned(),
        bytes: text.as_bytes().to_vec(),
        links: SourceLinks::default(),
        snippet: None,
    };
    let read_files = files.iter().map(of_file);
    let (documents, unreadable) = read(read_files, &Surroundings::default(), &shelves, &mut |_| {
        None
    });
    let sources = Sources {
        documents,
        unreadable,
        shelves,
        ..sources(files)
    };
    (sources, shelf)
}

const FILES: [(&str, &str); 3] = [
    ("a.md", "# A\n\nFirst words, [to b](b.md).\n"),
    ("b.md", "# B\n\nOther words.\n"),
    ("c/d.md", "# D\n\nLast words.\n"),
];

#[test]
fn a_plan_is_the_same_wherever_its_texts_are_and_all_of_them_are_put_away() {
    let (shelved, shelf) = shelved(&FILES);
    let settings = PlanSettings::default();
    let here = plan(&sources(&FILES), &snapshot(vec![]), &settings);
    let away = plan(&shelved, &snapshot(vec![]), &settings);
    assert_eq!(here.digest, away.digest);
    let bodies = |steps: &[Step]| steps.iter().map(said).collect::<Vec<_>>();
    assert_eq!(bodies(&here.steps), bodies(&away.steps));
    let texts: usize = FILES.iter().map(|(_, text)| text.len()).sum();
    let written: usize = here.steps.iter().map(|step| step.body.size()).sum();
    assert!(written > 0);
    let held = shelf.0.lock().expect("nobody broke off").len();
    assert_eq!(held, texts + written);
}

#[test]
fn a_source_that_cannot_be_read_again_is_refused_and_the_others_are_not() {
    let (shelved, shelf) = shelved(&FILES);
    {
        let mut held = shelf.0.lock().expect("nobody broke off");
        let mut places = held.windows(5).enumerate();
        let first = places.find(|(_, bytes)| *bytes == b"First");
        let (at, _) = first.expect("it was put there");
        held[at] = b'W';
    }
    let planned = plan(&shelved, &snapshot(vec![]), &PlanSettings::default());
    for step in &planned.steps {
        let is_refused = matches!(
            step.kind,
            StepKind::Refuse {
                refusal: Refusal::Unreadable,
                ..
            }
        );
        assert_eq!(is_refused, step.path == "a.md", "{:?}", step.kind);
    }
}
