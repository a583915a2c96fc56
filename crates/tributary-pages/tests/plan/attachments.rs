//! Files that a page carries, and what it says of files that are not as it names them.

use tributary_pages::plan::{Asset, FileEntry, PlanSettings, Sources, Step, assets, plan};

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
    assert_eq!(codes(&step), [("attachment.missing", 0, 0)]);
    assert!(step.problems[0].message.contains("gone.txt"));
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
