//! Files that a page carries, and what it says of files that are not as it names them.

use tributary_pages::markup::{Drawing, DrawingKind, DrawingPicture, Severity};
use tributary_pages::plan::{
    AddedFile, Asset, FileEntry, PlanSettings, Refusal, Sources, Step, StepKind, assets, drawings,
    plan, plan_of_steps,
};

use crate::{snapshot, sources};

fn step(sources: &Sources, path: &str) -> Step {
    let plan = plan(sources, &snapshot(Vec::new()), &PlanSettings::default());
    let mut steps = plan.steps.into_iter();
    steps.find(|step| step.path == path).expect("a step")
}

fn codes(step: &Step) -> Vec<(&str, u32, u32)> {
    let problems = step.problems.iter();
    problems
        .map(|problem| (problem.code, problem.line, problem.column))
        .collect()
}

#[test]
fn what_a_page_names_as_an_attachment_is_one_although_nothing_leads_to_it() {
    let text = "---\nattachments: [notes.txt, /top.txt, gone.txt]\n---\n# A\n";
    let mut sources = sources(&[("docs/a.md", text)]);
    let entry = |name: &str| FileEntry {
        // Where its host shows it, a link leads there and attaches nothing.
        permalink: Some(format!("https://example.com/{name}")),
        asset: Some(Asset {
            sha256: name.to_owned(),
            size: 3,
            media_type: "text/plain".to_owned(),
            dimensions: None,
            genuine: true,
            diagram: None,
        }),
        unusable: None,
    };
    sources.files = [
        ("docs/a.md".to_owned(), FileEntry::default()),
        ("docs/notes.txt".to_owned(), entry("notes.txt")),
        ("top.txt".to_owned(), entry("top.txt")),
        ("other.txt".to_owned(), entry("other.txt")),
    ]
    .into_iter()
    .collect();
    let wanted = assets(&sources);
    assert_eq!(
        wanted.iter().map(String::as_str).collect::<Vec<_>>(),
        ["docs/notes.txt", "top.txt"]
    );
    let step = step(&sources, "docs/a.md");
    let named = step.attachments.iter().map(|file| file.path.as_str());
    assert_eq!(named.collect::<Vec<_>>(), ["docs/notes.txt", "top.txt"]);
    assert_eq!(codes(&step), [("attachment.missing", 2, 36)]);
    assert!(step.problems[0].message.contains("gone.txt"));
}

#[test]
fn the_files_that_are_taken_off_a_page_are_what_a_digest_stands_for() {
    let step = step(&sources(&[("a.md", "# A\n")]), "a.md");
    let digest = |file: Option<(&str, &str)>| {
        let mut step = step.clone();
        let files = file.into_iter().map(|(attachment, sha256)| AddedFile {
            filename: "a.png".to_owned(),
            attachment: attachment.to_owned(),
            sha256: sha256.to_owned(),
        });
        step.takes_off.files = files.collect();
        plan_of_steps(vec![step], &[]).digest
    };
    let first = digest(Some(("att1", "aa")));
    assert_eq!(digest(Some(("att1", "aa"))), first);
    for other in [None, Some(("att2", "aa")), Some(("att1", "bb"))] {
        assert_ne!(digest(other), first, "{other:?}");
    }
}

/// A file with these contents.
fn entry(contents: &str, media_type: &str) -> FileEntry {
    FileEntry {
        permalink: None,
        asset: Some(Asset {
            sha256: contents.to_owned(),
            size: 3,
            media_type: media_type.to_owned(),
            dimensions: None,
            genuine: true,
            diagram: None,
        }),
        unusable: None,
    }
}

#[test]
fn what_a_generator_serves_from_a_folder_of_its_own_is_found() {
    let text = "# A\n\n![1](/img/a.png) ![2](@site/static/img/b.png) [3](/files/c.zip) \
                [4](@site/docs/b.md)\n";
    let mut sources = sources(&[("site/docs/a.md", text), ("site/docs/b.md", "# B\n")]);
    sources.files = [
        ("site/docs/a.md".to_owned(), FileEntry::default()),
        ("site/docs/b.md".to_owned(), FileEntry::default()),
        ("site/static/img/a.png".to_owned(), entry("a", "image/png")),
        ("site/static/img/b.png".to_owned(), entry("b", "image/png")),
        (
            "site/public/files/c.zip".to_owned(),
            entry("c", "application/zip"),
        ),
    ]
    .into_iter()
    .collect();
    let step = step(&sources, "site/docs/a.md");
    assert_eq!(codes(&step), []);
    let mut named: Vec<&str> = step.attachments.iter().map(|file| &*file.path).collect();
    named.sort_unstable();
    let served = [
        "site/public/files/c.zip",
        "site/static/img/a.png",
        "site/static/img/b.png",
    ];
    assert_eq!(named, served);
}

#[test]
fn the_same_contents_are_attached_once() {
    let text = "# A\n\n![1](img/a.png) ![2](other/b.png) ![3](sub/a.png)\n[x](one.zip) \
                [y](two.zip) [z](sub/one.zip)\n";
    let mut sources = sources(&[("a.md", text)]);
    sources.files = [
        ("a.md".to_owned(), FileEntry::default()),
        ("img/a.png".to_owned(), entry("same", "image/png")),
        ("other/b.png".to_owned(), entry("same", "image/png")),
        ("sub/a.png".to_owned(), entry("another", "image/png")),
        ("one.zip".to_owned(), entry("zip", "application/zip")),
        ("two.zip".to_owned(), entry("zip", "application/zip")),
        ("sub/one.zip".to_owned(), entry("zip", "application/zip")),
    ]
    .into_iter()
    .collect();
    let step = step(&sources, "a.md");
    let names = step.attachments.iter().map(|file| file.filename.as_str());
    // What a link leads to is saved under the name that it has in the repository.
    assert_eq!(
        names.collect::<Vec<_>>(),
        ["a.png", "sub-a.png", "one.zip", "two.zip"]
    );
    let body = step.body.read().expect("it is there");
    for (name, times) in [
        ("a.png", 2),
        ("sub-a.png", 1),
        ("one.zip", 2),
        ("two.zip", 1),
    ] {
        let named = format!("ri:filename=\"{name}\"");
        assert_eq!(body.matches(&named).count(), times, "{name} in {body}");
    }
    assert_eq!(codes(&step), []);
}

#[test]
fn a_file_that_is_named_in_other_letters_is_told() {
    let sources = sources(&[
        (
            "a.md",
            "# A\n\n[x](B.MD) [y](b.md) [z](b) [s](Sub/c.md#c)\n[w](./b.md)\n",
        ),
        ("b.md", "# B\n"),
        ("sub/c.md", "# C\n"),
    ]);
    let step = step(&sources, "a.md");
    assert_eq!(codes(&step), [("link.case", 3, 1), ("link.case", 3, 28)]);
    // They are links all the same.
    for title in ["B", "C"] {
        let link = format!("<ri:page ri:content-title=\"{title}\" />");
        let body = step.body.read().expect("it is there");
        assert!(body.contains(&link), "{body}");
    }
}

/// A diagram whose looks are ours is told at the line that says others, and is nothing that a page
/// without problems may not have: the picture says what its source does.
#[test]
fn looks_that_a_picture_does_not_follow_are_a_note_at_their_line() {
    let text = "# A\n\n- In a list:\n\n  ```plantuml\n  ann -> bea\n  Skinparam shadowing false\n  \
                ```\n\n```mermaid\nflowchart\n```\n";
    let mut sources = sources(&[("a.md", text)]);
    for (kind, source) in drawings(&sources) {
        let left_out = match kind {
            DrawingKind::PlantUml => vec!["skinparam".to_owned()],
            _ => Vec::new(),
        };
        let picture = DrawingPicture {
            filename: "drawn.png".to_owned(),
            width: 10,
            height: 10,
            below: 0,
            sha256: "0".to_owned(),
            media_type: "image/png".to_owned(),
            address: "data:".into(),
            left_out,
        };
        let drawing = Drawing::Picture(picture);
        sources.drawings.insert((kind, source), drawing);
    }
    let is_made = |sources: &Sources| {
        let settings = PlanSettings {
            strict: true,
            ..PlanSettings::default()
        };
        let plan = plan(sources, &snapshot(Vec::new()), &settings);
        let mut steps = plan.steps.into_iter();
        let step = steps.find(|step| step.path == "a.md").expect("a step");
        (matches!(step.kind, StepKind::Create), step)
    };
    let (made, step) = is_made(&sources);
    assert!(made, "{:?}", step.kind);
    assert_eq!(codes(&step), [("diagram.plain", 7, 1)]);
    assert_eq!(step.problems[0].severity, Severity::Note);
    // Nor do marks in words hold up a page.
    for (kind, drawing) in &mut sources.drawings {
        if let (DrawingKind::Mermaid, Drawing::Picture(picture)) = (&kind.0, drawing) {
            picture.left_out = vec!["**bold".to_owned(), "elk".to_owned()];
        }
    }
    let (made, step) = is_made(&sources);
    assert!(made, "{:?}", step.kind);
    let told = [("diagram.plain", 7, 1), ("diagram.plain", 11, 1)];
    assert_eq!(codes(&step), told);
    // A shape that is not known is none that its author sees there.
    for (kind, drawing) in &mut sources.drawings {
        if let (DrawingKind::Mermaid, Drawing::Picture(picture)) = (&kind.0, drawing) {
            picture.left_out.push("flowchart".to_owned());
        }
    }
    let (_, step) = is_made(&sources);
    let StepKind::Refuse { refusal, reason } = &step.kind else {
        panic!("{:?}", step.kind);
    };
    assert_eq!(*refusal, Refusal::HasProblems);
    let reason = reason.to_string();
    assert!(reason.starts_with("1 problem, and none"), "{reason}");
    assert!(reason.ends_with("(line 11)"), "{reason}");
}
