//! Lines of files that are pages by themselves.

use tributary_pages::markup::{Flavor, RepositoryFacts, Snippet, SourceLinks, Surroundings};
use tributary_pages::plan::{
    FileEntry, OnConflict, OnOrphan, PlanSettings, RemotePage, Shelves, SourceFile, Sources, Step,
    StepKind, plan, read,
};

use crate::texts::said;
use crate::{REPOSITORY, carried_out, lines, snapshot, sources};

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
const CODE: &str = "fn main() {\n    one();\n    two();\n}\n";

/// What is gathered when these lines are named, by a title where one is chosen.
fn named(text: &str, commit: &str, ranges: &[(&str, Option<&str>)]) -> Sources {
    let files: Vec<SourceFile> = ranges
        .iter()
        .map(|(range, title)| {
            let mut snippet = Snippet::of_path(range).expect("lines");
            snippet.title = title.map(str::to_owned);
            let view = format!("https://example.com/blob/{commit}/{range}");
            SourceFile {
                path: snippet.path(),
                bytes: text.as_bytes().to_vec(),
                links: SourceLinks {
                    view: Some(view),
                    edit: None,
                },
                snippet: Some(snippet),
            }
        })
        .collect();
    let facts = RepositoryFacts {
        commit: Some(commit.to_owned()),
        ..RepositoryFacts::default()
    };
    let surroundings = Surroundings::of_repository(Default::default(), facts);
    let selected = files.iter().map(|file| file.path.clone()).collect();
    let (documents, unreadable) = read(files, &surroundings, &Shelves::default(), &mut |_| None);
    Sources {
        repository: REPOSITORY.to_owned(),
        name: "docs".to_owned(),
        commit: Some(commit.to_owned()),
        selected,
        documents,
        unreadable,
        files: [("src/main.rs".to_owned(), FileEntry::default())]
            .into_iter()
            .collect(),
        ..Sources::default()
    }
}

fn steps(sources: &Sources, held: &[RemotePage]) -> Vec<Step> {
    let settings = PlanSettings::default();
    plan(sources, &snapshot(held.to_vec()), &settings).steps
}

fn found(sources: &Sources, held: &[RemotePage]) -> Vec<String> {
    lines(sources, &snapshot(held.to_vec()), &PlanSettings::default())
}

#[test]
fn lines_become_a_page_that_says_where_they_are_from() {
    let made = steps(&named(CODE, COMMIT, &[("src/main.rs#L2-L3", None)]), &[]);
    assert_eq!(made.len(), 1);
    assert_eq!(made[0].title, "main.rs, lines 2 to 3");
    assert_eq!(
        made[0].message.to_string(),
        "Published from Git: src/main.rs#L2-L3 at 0123456789ab"
    );
    assert_eq!(
        said(&made[0]),
        format!(
            "<p><a href=\"https://example.com/blob/{COMMIT}/src/main.rs#L2-L3\"><code>src/main.rs\
             </code>, lines 2 to 3</a>, at <code>0123456789ab</code></p>\
             <ac:structured-macro ac:name=\"code\" ac:schema-version=\"1\">\
             <ac:parameter ac:name=\"language\">rust</ac:parameter>\
             <ac:parameter ac:name=\"linenumbers\">true</ac:parameter>\
             <ac:parameter ac:name=\"firstline\">2</ac:parameter>\
             <ac:plain-text-body><![CDATA[    one();\n    two();]]></ac:plain-text-body>\
             </ac:structured-macro>"
        )
    );
    assert!(made[0].problems.is_empty(), "{:?}", made[0].problems);
}

#[test]
fn two_ranges_are_two_pages_each_found_again_and_stale_when_the_file_changes() {
    let both: [(&str, Option<&str>); 2] = [
        ("src/main.rs#L2-L3", Some("The calls")),
        ("src/main.rs#L1", None),
    ];
    let first = steps(&named(CODE, COMMIT, &both[..1]), &[]);
    let held = carried_out(&first);
    // The other one makes no orphan of the first, and does not take its page.
    let second = named(CODE, COMMIT, &[("src/main.rs#L1", Some("The calls"))]);
    assert_eq!(
        found(&second, &held),
        ["create: The calls (Src) (src/main.rs#L1) below 1"]
    );
    let all = steps(&named(CODE, COMMIT, &both), &held);
    let mut held = carried_out(&all);
    held.sort_by(|a, b| a.title.cmp(&b.title));

    // Something else was committed. A title that was chosen once stays.
    let later = "fedcba9876543210fedcba9876543210fedcba98";
    let again = [("src/main.rs#L2-L3", None), ("src/main.rs#L1", None)];
    let unchanged = found(&named(CODE, later, &again), &held);
    assert_eq!(
        unchanged,
        [
            "leave: main.rs, line 1 (src/main.rs#L1) below 1",
            "leave: The calls (src/main.rs#L2-L3) below 1",
        ]
    );
    // The file changed, were it elsewhere: the page leads to the file as it is.
    let text = format!("{CODE}\nfn three() {{}}\n");
    let changed = found(&named(&text, later, &again), &held);
    assert!(
        changed.iter().all(|line| line.starts_with("update")) && changed.len() == 2,
        "{changed:?}"
    );
    // Another title is a change.
    let renamed = named(CODE, COMMIT, &[("src/main.rs#L2-L3", Some("Calls"))]);
    assert_eq!(
        found(&renamed, &held),
        ["update: Calls (src/main.rs#L2-L3) below 1"]
    );

    // An edit by hand is a conflict as on any page.
    let at = held.iter().position(|page| page.title == "The calls");
    let at = at.expect("the page");
    held[at].marker = None;
    held[at].words = None;
    held[at].origin = Some(crate::origin("src/main.rs#L2-L3", &held[at].id));
    let one = named(CODE, COMMIT, &[("src/main.rs#L2-L3", None)]);
    assert_eq!(
        found(&one, &held),
        ["refuse EditedByHand: The calls (src/main.rs#L2-L3) below 1"]
    );
    let settings = PlanSettings {
        on_conflict: OnConflict::Overwrite,
        ..PlanSettings::default()
    };
    assert_eq!(
        lines(&one, &snapshot(held), &settings),
        ["update: The calls (src/main.rs#L2-L3) below 1"]
    );
}

#[test]
fn neither_lines_nor_named_files_are_orphans_of_a_folder_or_the_other_way_round() {
    let settings = PlanSettings {
        on_orphan: OnOrphan::Trash,
        orphan_limit: 100,
        ..PlanSettings::default()
    };
    let snippet = named(
        CODE,
        COMMIT,
        &[("README.md#L1", None), ("src/main.rs#L1", None)],
    );
    let mut held = carried_out(&steps(&snippet, &[]));
    let readme = [("README.md", "# Top\n"), ("prices.csv", "a,b\n1,2\n")];
    let mut by_name = sources(&readme[1..]);
    by_name.selected = vec!["prices.csv".to_owned()];
    let others = carried_out(&steps(&by_name, &[]));
    held.extend(others.into_iter().map(|mut page| {
        page.id = format!("2{}", page.id);
        page
    }));
    // Everything is published, and the file of one of them is not even there.
    let mut folder = sources(&readme[..1]);
    let found = lines(&folder, &snapshot(held.clone()), &settings);
    assert_eq!(
        found,
        [
            "create: Top (README.md) below 1",
            "trash: prices.csv (prices.csv) below 1",
        ],
        "a file that is gone is gone"
    );
    folder.files = sources(&readme).files;
    let found = lines(&folder, &snapshot(held.clone()), &settings);
    assert_eq!(found, ["create: Top (README.md) below 1"]);
    // The other way round.
    held.extend(
        carried_out(&steps(&folder, &[]))
            .into_iter()
            .map(|mut page| {
                page.id = format!("3{}", page.id);
                page
            }),
    );
    let found = lines(&snippet, &snapshot(held), &settings);
    assert!(
        found.iter().all(|line| line.starts_with("leave")) && found.len() == 2,
        "{found:?}"
    );
}

#[test]
fn lines_that_are_gone_are_said_to_be() {
    let gone = steps(&named(CODE, COMMIT, &[("src/main.rs#L40-L50", None)]), &[]);
    let StepKind::Refuse { reason, .. } = &gone[0].kind else {
        panic!("{:?}", gone[0].kind);
    };
    assert!(reason.contains("ends before line 40"), "{reason}");
    let short = steps(&named(CODE, COMMIT, &[("src/main.rs#L4-L50", None)]), &[]);
    let problems: Vec<&str> = short[0].problems.iter().map(|one| one.code).collect();
    assert_eq!(problems, ["lines.gone"]);
    assert!(said(&short[0]).contains("<![CDATA[}]]>"), "{short:?}");
}

#[test]
fn the_cloud_editor_has_no_numbers_of_its_own_for_lines() {
    let settings = PlanSettings {
        format: tributary_pages::markup::BodyFormat::Adf,
        ..PlanSettings::default()
    };
    let sources = named(CODE, COMMIT, &[("src/main.rs#L2-L3", None)]);
    let held = snapshot(Vec::new());
    assert_eq!(held.flavor, Flavor::Cloud);
    let made = plan(&sources, &held, &settings).steps;
    let problems: Vec<&str> = made[0].problems.iter().map(|one| one.code).collect();
    assert_eq!(problems, ["code.numbers"]);
    let adf = made[0].adf.as_ref().expect("its format");
    let adf = adf.read().expect("in memory");
    assert!(adf.contains("two();"), "{adf}");
}
