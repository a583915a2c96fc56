//! Planning, by value: sources and a snapshot go in, steps come out.

mod attachments;
mod branches;
mod moved;
mod order;
mod renames;
mod snippets;
mod texts;
mod titles;
mod twice;

use std::collections::{BTreeMap, BTreeSet};

use tributary_pages::markup::{
    Flavor, PageTemplate, RepositoryFacts, SourceLinks, Surroundings, write_markdown,
};
use tributary_pages::plan::{
    Edited, Elsewhere, ElsewherePlace, FileEntry, FilesByHand, Marker, OnConflict, OnOrphan,
    Origin, Place, PlanSettings, Refusal, RemotePage, Shelves, Snapshot, SourceDocument,
    SourceFile, Sources, Step, StepKind, Unreadable, Wanted, Words, adf_bodies, follow_names, plan,
    read, sources_named, wanted,
};

use texts::said;

const REPOSITORY: &str = "example.com/team/docs";

fn sources(files: &[(&str, &str)]) -> Sources {
    let mut documents: Vec<SourceDocument> = files
        .iter()
        .map(|(path, text)| SourceDocument::read(path, text, &Surroundings::default()))
        .collect();
    documents.sort_by(|a, b| a.path.cmp(&b.path));
    let entries = files
        .iter()
        .map(|(path, _)| ((*path).to_owned(), FileEntry::default()))
        .collect();
    Sources {
        repository: REPOSITORY.to_owned(),
        name: "docs".to_owned(),
        commit: Some("0123456789abcdef".to_owned()),
        selected: vec![String::new()],
        documents,
        unreadable: Vec::new(),
        files: entries,
        ..Sources::default()
    }
}

fn snapshot(pages: Vec<RemotePage>) -> Snapshot {
    let home = page("1", "Home", None);
    Snapshot {
        flavor: Flavor::Cloud,
        space_key: "DOCS".to_owned(),
        space_id: "9".to_owned(),
        parent: Some("1".to_owned()),
        pages: std::iter::once(home).chain(pages).collect(),
        publisher: None,
        elsewhere: BTreeMap::new(),
    }
}

fn page(id: &str, title: &str, parent: Option<&str>) -> RemotePage {
    RemotePage {
        kind: tributary_pages::markup::PageKind::Page,
        id: id.to_owned(),
        title: title.to_owned(),
        parent_id: parent.map(str::to_owned),
        position: None,
        version: 2,
        marker: None,
        words: None,
        again: None,
        maker: None,
        creator: None,
        origin: None,
        url: String::new(),
        unfinished: None,
        body: None,
        edited: None,
        is_empty_folder: false,
        files: FilesByHand::default(),
        is_former: false,
        is_live: false,
    }
}

/// What Confluence holds after a plan was carried out.
fn carried_out(steps: &[Step]) -> Vec<RemotePage> {
    let id = |index: usize| format!("{}", 100 + index);
    steps
        .iter()
        .enumerate()
        .map(|(index, step)| {
            let parent = match &step.parent {
                tributary_pages::plan::Parent::Top => None,
                tributary_pages::plan::Parent::Page(id) => Some(id.clone()),
                tributary_pages::plan::Parent::Step(above) => Some(id(*above)),
            };
            let mut made = page(&id(index), &step.title, parent.as_deref());
            made.marker.clone_from(&step.marker);
            made.words = Some(step.message.clone());
            made
        })
        .collect()
}

fn origin(path: &str, id: &str) -> Origin {
    Origin {
        repository: REPOSITORY.to_owned(),
        path: path.to_owned(),
        page: id.to_owned(),
    }
}

/// A plan as lines: kind, title, source, and the page above.
fn lines(sources: &Sources, snapshot: &Snapshot, settings: &PlanSettings) -> Vec<String> {
    let plan = plan(sources, snapshot, settings);
    let steps = &plan.steps;
    steps
        .iter()
        .map(|step| {
            let kind = match &step.kind {
                StepKind::Create => "create".to_owned(),
                StepKind::Update { moves, .. } => {
                    format!("update{}", if *moves { "+move" } else { "" })
                }
                StepKind::Move { .. } => "move".to_owned(),
                StepKind::Leave => "leave".to_owned(),
                StepKind::Refuse { refusal, .. } => format!("refuse {refusal:?}"),
                StepKind::Orphan => "orphan".to_owned(),
                StepKind::Restore { .. } => "restore".to_owned(),
                StepKind::Archive { .. } => "archive".to_owned(),
                StepKind::Trash { .. } => "trash".to_owned(),
            };
            let above = match &step.parent {
                tributary_pages::plan::Parent::Top => "top".to_owned(),
                tributary_pages::plan::Parent::Page(id) => id.clone(),
                tributary_pages::plan::Parent::Step(above) => steps[*above].title.clone(),
            };
            format!("{kind}: {} ({}) below {above}", step.title, step.path)
        })
        .collect()
}

fn check(files: &[(&str, &str)], pages: Vec<RemotePage>, expected: &[&str]) {
    let found = lines(&sources(files), &snapshot(pages), &PlanSettings::default());
    assert_eq!(found, expected);
}

#[test]
fn folders_become_a_tree_and_titles_come_from_the_best_place() {
    check(
        &[
            ("README.md", "No heading."),
            ("guide/README.md", "# The guide\n"),
            ("guide/first-steps.md", "Text."),
            (
                "guide/named.md",
                "---\ntitle: From front matter\n---\n# Heading\n",
            ),
            ("deep/er/page.md", "# Deep\n"),
            ("beside.md", "# Beside\n"),
            ("beside/inner.md", "# Inner\n"),
            ("index.md", "# Index wins\n"),
        ],
        vec![],
        &[
            "create: Index wins (index.md) below 1",
            "create: Beside (beside.md) below Index wins",
            "create: Deep (deep/) below Index wins",
            "create: The guide (guide/README.md) below Index wins",
            "create: Er (deep/er/) below Deep",
            "create: docs (README.md) below Index wins",
            "create: Inner (beside/inner.md) below Beside",
            "create: Deep (Er) (deep/er/page.md) below Er",
            "create: First steps (guide/first-steps.md) below The guide",
            "create: From front matter (guide/named.md) below The guide",
        ],
    );
}

#[test]
fn titles_that_collide_get_their_folder_whoever_comes_first() {
    let files = [
        ("a/page.md", "# Same\n"),
        ("b/page.md", "# same\n"),
        ("page.md", "# Same\n"),
    ];
    check(
        &files,
        vec![page("7", "B", None)],
        &[
            "create: A (a/) below 1",
            "create: B (b) (b/) below 1",
            "create: Same (A) (a/page.md) below A",
            "create: same (B) (b/page.md) below B (b)",
            "create: Same (page.md) below 1",
        ],
    );
    let mut turned = files;
    turned.reverse();
    let settings = PlanSettings::default();
    let one = plan(&sources(&files), &snapshot(vec![]), &settings);
    let other = plan(&sources(&turned), &snapshot(vec![]), &settings);
    assert_eq!(one.digest, other.digest);
}

#[test]
fn what_is_published_is_left_and_what_moved_is_put_back() {
    let files = [
        ("README.md", "# Top\n\n[down](a/b.md#part)\n"),
        ("a/b.md", "# Down\n\n## Part\n"),
    ];
    let first = plan(
        &sources(&files),
        &snapshot(vec![]),
        &PlanSettings::default(),
    );
    let mut held = carried_out(&first.steps);
    let again = lines(
        &sources(&files),
        &snapshot(held.clone()),
        &PlanSettings::default(),
    );
    assert!(
        again.iter().all(|line| line.starts_with("leave")),
        "{again:?}"
    );
    let at = held
        .iter()
        .position(|page| page.title == "Down")
        .expect("the page");
    held[at].parent_id = Some("1".to_owned());
    let moved = lines(&sources(&files), &snapshot(held), &PlanSettings::default());
    assert!(
        moved.contains(&"move: Down (a/b.md) below A".to_owned()),
        "{moved:?}"
    );
}

#[test]
fn a_source_whose_page_is_in_another_space_gets_no_second_one_unasked() {
    let files = [("a.md", "# A\n"), ("b.md", "# B\n")];
    let found = |place: ElsewherePlace, on_conflict: OnConflict| {
        let mut snapshot = snapshot(vec![]);
        let there = Elsewhere {
            title: "A".to_owned(),
            url: "https://example.com/wiki/a".to_owned(),
            place,
        };
        snapshot.elsewhere.insert("a.md".to_owned(), there);
        let settings = PlanSettings {
            on_conflict,
            ..PlanSettings::default()
        };
        let plan = plan(&sources(&files), &snapshot, &settings);
        let mut steps = plan.steps.into_iter();
        let step = steps.find(|step| step.path == "a.md").expect("a step");
        let is_told = step
            .problems
            .iter()
            .any(|problem| problem.code == "page.made_again");
        (step.kind == StepKind::Create, is_told)
    };
    let refused = (false, false);
    let told = (true, true);
    for on_conflict in [OnConflict::Refuse, OnConflict::Merge] {
        assert_eq!(found(ElsewherePlace::OtherSpace, on_conflict), refused);
        assert_eq!(found(ElsewherePlace::Archive, on_conflict), told);
        assert_eq!(found(ElsewherePlace::Trash, on_conflict), told);
    }
    assert_eq!(
        found(ElsewherePlace::OtherSpace, OnConflict::Overwrite),
        told
    );
}

#[test]
fn what_was_chosen_stands_behind_the_last_that_is_there() {
    let all = [
        ("g/index.md", "# G\n"),
        ("g/01-a.md", "# A\n"),
        ("g/02-b.md", "# B\n"),
        ("g/03-c.md", "# C\n"),
        ("g/04-d.md", "# D\n"),
        ("g/05-e.md", "# E\n"),
    ];
    let some = [all[0], all[1], all[5]];
    for there in [&some[..], &all[..1]] {
        let first = plan(&sources(there), &snapshot(vec![]), &PlanSettings::default());
        let settings = PlanSettings {
            only: Some(["g/03-c.md", "g/04-d.md"].map(str::to_owned).into()),
            ..PlanSettings::default()
        };
        let held = snapshot(carried_out(&first.steps));
        let steps = plan(&sources(&all), &held, &settings).steps;
        let titles: Vec<&str> = steps.iter().map(|step| step.title.as_str()).collect();
        assert_eq!(titles.len(), there.len() + 2, "{titles:?}");
        let named = |at: usize| titles[at];
        for step in &steps {
            let place = step.place.as_ref().map(|place| match place {
                Place::After(other) => named(*other),
                other => panic!("{}: {other:?}", step.title),
            });
            let before = step.made_after.map(named);
            // Those that were not chosen are made later, and stand in between then.
            match step.title.as_str() {
                "D" => assert_eq!(before.or(place), Some("C"), "{step:#?}"),
                "C" => assert!(before.or(place).is_none_or(|it| it == "A"), "{step:#?}"),
                _ => assert_eq!((place, before), (None, None), "{step:#?}"),
            }
        }
    }
}

#[test]
fn an_older_commit_writes_over_no_newer_one_and_removes_nothing() {
    let files = [("a.md", "# A\n"), ("b.md", "# B\n"), ("c.md", "# C\n")];
    let first = plan(
        &sources(&files),
        &snapshot(vec![]),
        &PlanSettings::default(),
    );
    let held = carried_out(&first.steps);
    let mut older = sources(&[("a.md", "# A\n\nAs before.\n"), ("b.md", "# B\n")]);
    older.commit = Some("fedcba9876543210".to_owned());
    let kinds = |sources: &Sources, on_conflict: OnConflict| {
        let settings = PlanSettings {
            on_conflict,
            on_orphan: OnOrphan::Trash,
            orphan_limit: 100,
            ..PlanSettings::default()
        };
        let lines = lines(sources, &snapshot(held.clone()), &settings);
        let kinds = lines.iter().filter_map(|line| line.split(" (").next());
        kinds.map(str::to_owned).collect::<Vec<_>>()
    };
    // Of commits that are not known nothing is thought.
    let as_ever = ["update: A", "leave: B", "trash: C"];
    assert_eq!(kinds(&older, OnConflict::Refuse), as_ever);
    older.newer.insert("0123456789ab".to_owned());
    let refused = ["refuse PublishedNewer: A", "leave: B", "orphan: C"];
    assert_eq!(kinds(&older, OnConflict::Refuse), refused);
    assert_eq!(kinds(&older, OnConflict::Merge), refused);
    let back = ["update: A", "leave: B", "orphan: C"];
    assert_eq!(kinds(&older, OnConflict::Overwrite), back);
    // Nor does it make one: its source may be called otherwise by now.
    let mut made = older.clone();
    let unknown = sources(&[("d.md", "# D\n")]);
    made.documents.extend(unknown.documents);
    let refused = [
        "refuse PublishedNewer: A",
        "leave: B",
        "refuse PublishedNewer: D",
        "orphan: C",
    ];
    assert_eq!(kinds(&made, OnConflict::Refuse), refused);
    // Beside what another job published from a newer commit it does.
    made.selected = vec!["part".to_owned()];
    for document in &mut made.documents {
        document.path = format!("part/{}", document.path);
    }
    let made = kinds(&made, OnConflict::Refuse);
    assert!(made.contains(&"create: D".to_owned()), "{made:?}");
    // Whoever wants a page gone all the same is told how.
    let settings = PlanSettings {
        on_orphan: OnOrphan::Trash,
        ..PlanSettings::default()
    };
    let plan = plan(&older, &snapshot(held), &settings);
    let mut said = plan.steps.iter().flat_map(|step| &step.problems);
    let way = "put the page into the trash in Confluence";
    assert!(said.any(|problem| problem.message.contains(way)));
}

#[test]
fn a_page_that_goes_elsewhere_although_its_source_stays_is_named() {
    let files = [
        ("a.md", "# A\n"),
        ("b/index.md", "# B\n"),
        ("b/c.md", "# C\n"),
    ];
    let first = plan(
        &sources(&files),
        &snapshot(vec![]),
        &PlanSettings::default(),
    );
    let mut held = carried_out(&first.steps);
    held.push(page("900", "Version 2", Some("1")));
    let said = |files: &[(&str, &str)], parent: &str| {
        let mut snapshot = snapshot(held.clone());
        snapshot.parent = Some(parent.to_owned());
        let plan = plan(&sources(files), &snapshot, &PlanSettings::default());
        let said = plan.steps.iter().flat_map(|step| {
            let problems = step.problems.iter();
            let problems = problems.filter(|problem| problem.code == "page.moved_away");
            problems.map(|problem| (step.title.clone(), problem.message.to_string()))
        });
        said.collect::<Vec<_>>()
    };
    let elsewhere = said(&files, "900");
    let titles: Vec<&str> = elsewhere.iter().map(|(title, _)| title.as_str()).collect();
    assert_eq!(titles, ["B", "A"], "what is below B goes with it");
    for (_, message) in &elsewhere {
        let way = "from below `Home` to below `Version 2`";
        assert!(message.contains(way), "{message}");
    }
    assert_eq!(said(&files, "1"), []);
    // A file that is moved in the repository takes its page along.
    let moved = [
        ("b/a.md", "# A\n"),
        ("b/index.md", "# B\n"),
        ("b/c.md", "# C\n"),
    ];
    assert_eq!(said(&moved, "1"), []);
}

#[test]
fn a_person_s_edit_is_refused_or_written_over_as_asked() {
    let files = [("README.md", "# Top\n")];
    let first = plan(
        &sources(&files),
        &snapshot(vec![]),
        &PlanSettings::default(),
    );
    let mut held = carried_out(&first.steps);
    held[0].marker = None;
    held[0].title = "Renamed by hand".to_owned();
    held[0].origin = Some(origin("README.md", &held[0].id));
    let settings = PlanSettings::default();
    assert_eq!(
        lines(&sources(&files), &snapshot(held.clone()), &settings),
        ["refuse EditedByHand: Renamed by hand (README.md) below 1"]
    );
    let settings = PlanSettings {
        on_conflict: OnConflict::Overwrite,
        ..settings
    };
    assert_eq!(
        lines(&sources(&files), &snapshot(held.clone()), &settings),
        ["update: Top (README.md) below 1"]
    );
    // A copy of the page carries the property too, but not for itself.
    held[0].id = "999".to_owned();
    assert_eq!(
        lines(&sources(&files), &snapshot(held), &PlanSettings::default()),
        ["create: Top (README.md) below 1"]
    );
}

#[test]
fn a_page_that_front_matter_names_is_asked_where_it_came_from() {
    let named = sources(&[("a.md", "---\npage_id: 77\n---\n# Ours\n")]);
    let held = snapshot(vec![
        page("77", "Theirs", None),
        page("78", "Another", Some("1")),
    ]);
    let asked = wanted(&named, &held, &PlanSettings::default());
    assert_eq!(asked.origins, ["77"], "whether or not anything is new");
    assert_eq!(
        asked.perhaps,
        ["78"],
        "only when the list of pages names it"
    );
}

#[test]
fn only_what_was_chosen_is_written() {
    let files = [
        ("README.md", "# Top\n"),
        ("a/README.md", "# Folder\n"),
        ("a/old.md", "# Old\n"),
        ("b/new.md", "# New\n\n[Fresh](fresh.md)\n"),
        ("b/fresh.md", "# Fresh\n"),
    ];
    let before = [
        ("README.md", "# Top\n\nBefore.\n"),
        ("a/README.md", "# Folder before\n"),
        ("a/old.md", "# Old\n\nBefore.\n"),
        ("gone.md", "# Gone\n"),
    ];
    let held = carried_out(
        &plan(
            &sources(&before),
            &snapshot(Vec::new()),
            &PlanSettings::default(),
        )
        .steps,
    );
    let only = |paths: &[&str]| PlanSettings {
        only: Some(paths.iter().map(|path| (*path).to_owned()).collect()),
        ..PlanSettings::default()
    };
    let chosen = |paths: &[&str]| lines(&sources(&files), &snapshot(held.clone()), &only(paths));
    // Nothing is made, renamed or called an orphan beside it.
    assert_eq!(
        chosen(&["a/old.md"]),
        [
            "leave: Top (README.md) below 1",
            "leave: Folder before (a/README.md) below 100",
            "update: Old (a/old.md) below 101",
        ]
    );
    // Without the page of its folder, a new page has no place yet.
    let alone = plan(
        &sources(&files),
        &snapshot(held.clone()),
        &only(&["b/new.md"]),
    );
    let Some(StepKind::Refuse { refusal, reason }) = alone.steps.last().map(|step| &step.kind)
    else {
        panic!("it is refused: {alone:#?}");
    };
    assert_eq!(*refusal, Refusal::ParentNotChosen);
    assert!(
        reason.contains("`b/`") && reason.contains("publish it too"),
        "{reason}"
    );
    let both = ["b/", "b/new.md"];
    assert_eq!(
        chosen(&both)[2..],
        [
            "create: B (b/) below 100",
            "leave: Old (a/old.md) below 101",
            "create: New (b/new.md) below B"
        ]
    );
    let made = plan(&sources(&files), &snapshot(held.clone()), &only(&both));
    let body = made.steps.last().map(said);
    assert!(
        !body
            .unwrap_or_default()
            .contains("ri:content-title=\"Fresh\""),
        "a link does not lead to a page that is not made"
    );
}

#[test]
fn what_was_chosen_gets_the_title_and_place_that_it_has_among_all() {
    let files = [
        ("new/deep/d.md", "# Deep\n"),
        ("b.md", "# B\n"),
        ("child.md", "---\nparent: B\n---\n# Child\n"),
        ("k/README.md", "---\nparent: B\n---\n# K\n"),
        ("k/x.md", "# X\n"),
    ];
    let only = |paths: &[&str]| PlanSettings {
        only: Some(paths.iter().map(|path| (*path).to_owned()).collect()),
        ..PlanSettings::default()
    };
    let whole = lines(
        &sources(&files),
        &snapshot(Vec::new()),
        &PlanSettings::default(),
    );
    let of = |chosen: &[&str]| lines(&sources(&files), &snapshot(Vec::new()), &only(chosen));
    let chain = ["new/", "new/deep/", "new/deep/d.md"];
    for line in of(&chain) {
        assert!(whole.contains(&line), "{line} of {whole:#?}");
    }
    let refused = |line: &String| line.starts_with("refuse ParentNotChosen: ");
    // Neither the page of a folder in between, nor one that front matter names, nor one that is
    // refused itself may be passed over.
    for chosen in [
        &chain[2..],
        &chain[1..],
        &["new/", "new/deep/d.md"],
        &["child.md"],
        &["k/README.md", "k/x.md"],
    ] {
        let lines = of(chosen);
        let is_made = |line: &&String| !refused(line);
        let made: Vec<&String> = lines.iter().filter(is_made).collect();
        let made_alone: &[&str] = match chosen {
            ["new/", _] => &["create: New (new/) below 1"],
            _ => &[],
        };
        assert_eq!(made, made_alone, "{chosen:?}");
        assert_eq!(lines.len(), chosen.len());
    }
    // The folder's page would have the title.
    let alone = of(&["new/deep/d.md"]);
    assert!(alone[0].contains("Deep (Deep)"), "{alone:?}");
}

#[test]
fn names_of_files_and_folders_are_those_of_their_pages() {
    let sources = sources(&[
        ("README.md", "# Top\n"),
        ("k/README.md", "# K\n"),
        ("k/a.md", "# A\n"),
        ("m.md", "# M\n"),
        ("m/a.md", "# A of M\n"),
        ("n/a.md", "# A of N\n"),
    ]);
    for (name, found) in [
        ("", Some("README.md")),
        ("k", Some("k/README.md")),
        ("k/", Some("k/README.md")),
        ("k/README.md", Some("k/README.md")),
        ("m", Some("m.md")),
        ("m/", Some("m.md")),
        ("n", Some("n/")),
        ("n/", Some("n/")),
        ("n/a.md", Some("n/a.md")),
        ("n/a.md/", None),
        ("n/b.md", None),
    ] {
        let named = sources_named(&sources, &[name.to_owned()]);
        assert_eq!(named, [found.map(str::to_owned)], "{name}");
    }
}

#[test]
fn front_matter_places_and_refuses() {
    let long = format!("# {}\n", "x".repeat(256));
    check(
        &[
            ("a.md", "---\nparent: B\n---\n# A\n"),
            ("b.md", "# B\n"),
            ("c.md", "---\nparent: Nowhere\n---\n# C\n"),
            ("d.md", "---\nspace: OTHER\n---\n# D\n"),
            ("e.md", "---\npage_id: 55\n---\n# E\n"),
            ("f.md", "---\npage_id: 56\n---\n# F\n"),
            ("g.md", "---\nparent: H\n---\n# G\n"),
            ("h.md", "---\nparent: G\n---\n# H\n"),
            ("i.md", &long),
            ("j.md", "---\nparent: 55\n---\n# J\n"),
        ],
        vec![page("55", "Old E", Some("1"))],
        &[
            "create: A (a.md) below B",
            "create: B (b.md) below 1",
            "refuse ParentNotFound: C (c.md) below top",
            "refuse OtherSpace: D (d.md) below 1",
            "update: E (e.md) below 1",
            "refuse PageNotFound: F (f.md) below 1",
            "refuse ParentNotFound: G (g.md) below top",
            "refuse ParentNotFound: H (h.md) below top",
            &format!("refuse TitleTooLong: {} (i.md) below 1", "x".repeat(256)),
            "create: J (j.md) below 55",
        ],
    );
}

#[test]
fn orphans_stay_unless_asked_and_never_with_what_is_not_ours() {
    let files = [
        ("README.md", "# Top\n"),
        ("a.md", "# A\n"),
        ("b.md", "# B\n"),
        ("c.md", "# C\n"),
    ];
    let first = plan(
        &sources(&files),
        &snapshot(vec![]),
        &PlanSettings::default(),
    );
    let mut held = carried_out(&first.steps);
    for page in &mut held {
        page.words = None;
        page.origin = Some(origin(
            &format!("{}.md", page.title.to_lowercase()),
            &page.id,
        ));
    }
    let b = held
        .iter()
        .find(|page| page.title == "B")
        .expect("the page")
        .id
        .clone();
    held.push(page("500", "A person's", Some(&b)));
    if let Some(c) = held.iter_mut().find(|page| page.title == "C") {
        c.marker = None;
    }
    let left = sources(&[("README.md", "# Top\n")]);
    for (on_orphan, expected) in [
        (OnOrphan::Report, ["orphan: A", "orphan: B", "orphan: C"]),
        (OnOrphan::Trash, ["trash: A", "orphan: B", "orphan: C"]),
        (OnOrphan::Archive, ["archive: A", "orphan: B", "orphan: C"]),
    ] {
        let settings = PlanSettings {
            on_orphan,
            ..PlanSettings::default()
        };
        // Deepest first, so that a page goes after those below it.
        let found = lines(&left, &snapshot(held.clone()), &settings);
        let found: Vec<&str> = found[1..]
            .iter()
            .filter_map(|line| line.split(" (").next())
            .collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn a_page_that_cannot_be_merged_keeps_its_title_and_nobody_takes_it() {
    let first = plan(
        &sources(&[("a.md", "# One\n\nFirst words.\n")]),
        &snapshot(vec![]),
        &PlanSettings::default(),
    );
    let mut held = carried_out(&first.steps);
    held[0].marker = None;
    held[0].origin = Some(origin("a.md", &held[0].id));
    held[0].edited = Some(Edited {
        base_title: "One".to_owned(),
        words: None,
        base: said(&first.steps[0]),
        body: said(&first.steps[0]).replace("First", "Their"),
    });
    let settings = PlanSettings {
        on_conflict: OnConflict::Merge,
        ..PlanSettings::default()
    };
    let files = [
        ("a.md", "# Two\n\nOur words.\n"),
        ("b/c.md", "# One\n\n[To a](../a.md)\n"),
    ];
    let planned = plan(&sources(&files), &snapshot(held), &settings);
    let step = |path: &str| planned.steps.iter().find(|step| step.path == path);
    let (a, c) = (step("a.md").expect("a"), step("b/c.md").expect("c"));
    assert!(matches!(a.kind, StepKind::Refuse { .. }), "{:?}", a.kind);
    assert_eq!((a.title.as_str(), c.title.as_str()), ("One", "One (B)"));
    assert!(said(c).contains("ri:content-title=\"One\""), "{c:?}");
}

/// What is left of a tree after some of its files went away, as orphans see it.
fn orphans(
    before: &[&str],
    after: &[&str],
    limit: u8,
    change: impl Fn(&mut Sources),
) -> Vec<String> {
    let texts = |paths: &[&str]| -> Vec<(String, String)> {
        let texts = paths.iter().map(|path| {
            let words = path.replace(['/', '.'], " ");
            ((*path).to_owned(), format!("# {words}\n"))
        });
        texts.collect()
    };
    fn borrowed(texts: &[(String, String)]) -> Vec<(&str, &str)> {
        let texts = texts.iter();
        texts
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect()
    }
    let (before, after) = (texts(before), texts(after));
    let first = plan(
        &sources(&borrowed(&before)),
        &snapshot(vec![]),
        &PlanSettings::default(),
    );
    // Their versions' messages say what they were made of, so nothing is asked of them.
    let held = carried_out(&first.steps);
    let settings = PlanSettings {
        on_orphan: OnOrphan::Trash,
        orphan_limit: limit,
        ..PlanSettings::default()
    };
    let mut left = sources(&borrowed(&after));
    change(&mut left);
    let held = snapshot(held);
    assert_eq!(wanted(&left, &held, &settings), Wanted::default());
    let found = lines(&left, &held, &settings);
    let found = found.iter().filter_map(|line| line.split_once(" below "));
    found
        .map(|(line, _)| line.to_owned())
        .filter(|line| line.starts_with("orphan") || line.starts_with("trash"))
        .collect()
}

#[test]
fn a_page_goes_after_those_below_it_and_stays_above_one_that_stays() {
    let before = ["t/index.md", "t/u/index.md", "t/u/f.md", "z.md"];
    assert_eq!(
        orphans(&before, &["z.md"], 100, |_| {}),
        [
            "trash: t u f md (t/u/f.md)",
            "trash: t u index md (t/u/index.md)",
            "trash: t index md (t/index.md)"
        ]
    );
    let unreadable = |sources: &mut Sources| {
        let entry = FileEntry {
            unusable: Some("`t/u` cannot be opened".into()),
            ..FileEntry::default()
        };
        sources.files = [("t/u".to_owned(), entry)].into_iter().collect();
    };
    assert_eq!(
        orphans(&before, &["z.md"], 100, unreadable),
        [
            "orphan: t u f md (t/u/f.md)",
            "orphan: t u index md (t/u/index.md)",
            "orphan: t index md (t/index.md)"
        ],
        "what could not be looked at is not gone, and what is above it stays"
    );
}

#[test]
fn what_a_pattern_leaves_out_is_not_gone() {
    let before = ["a.md", "b.md", "c.md", "d/e.md"];
    let there = |sources: &mut Sources| {
        let entries = ["a.md", "b.md", "c.md", "d/", "d/e.md"].into_iter();
        sources.files = entries
            .map(|path| (path.to_owned(), FileEntry::default()))
            .collect();
        sources.withheld.insert("c.md".to_owned());
    };
    assert_eq!(
        orphans(&before, &["a.md"], 100, there),
        ["trash: c md (c.md)"],
        "it says itself that it is not to be published"
    );
}

#[test]
fn the_page_of_a_folder_without_a_document_goes_when_it_has_one() {
    let there = |sources: &mut Sources| {
        let entries = ["d/", "d/README.md", "d/e.md"].into_iter();
        sources.files = entries
            .map(|path| (path.to_owned(), FileEntry::default()))
            .collect();
    };
    let found = orphans(&["d/e.md"], &["d/README.md", "d/e.md"], 100, there);
    assert!(found.len() == 1 && found[0].ends_with("(d/)"), "{found:?}");
}

#[test]
fn no_page_goes_while_a_source_is_refused() {
    let unreadable = |sources: &mut Sources| {
        sources.unreadable.push(Unreadable {
            path: "b.md".to_owned(),
            code: "source.not_utf8",
            message: "it is not UTF-8".into(),
            line: 1,
        });
    };
    let before = ["a.md", "z.md"];
    assert_eq!(
        orphans(&before, &["z.md"], 100, unreadable),
        ["orphan: a md (a.md)"],
        "b.md may be what a.md was"
    );
    let elsewhere = |sources: &mut Sources| {
        let text = "---\nspace: OTHER\n---\n# Elsewhere\n";
        let read = SourceDocument::read("b.md", text, &Surroundings::default());
        sources.documents.insert(0, read);
    };
    assert_eq!(
        orphans(&before, &["z.md"], 100, elsewhere),
        ["orphan: a md (a.md)"]
    );
}

#[test]
fn more_orphans_than_were_agreed_to_all_stay() {
    let before = [
        "a.md", "b.md", "c.md", "d.md", "e.md", "f.md", "g.md", "h.md",
    ];
    let kinds = |after: usize, limit: u8| -> BTreeSet<String> {
        let found = orphans(&before, &before[..after], limit, |_| {});
        let kind = |line: &String| line.split(':').next().map(str::to_owned);
        found.iter().filter_map(kind).collect()
    };
    let only = |kind: &str| BTreeSet::from([kind.to_owned()]);
    assert_eq!(kinds(6, 25), only("trash"), "two of eight");
    assert_eq!(kinds(5, 25), only("orphan"), "three of eight");
    assert_eq!(kinds(5, 40), only("trash"), "agreed to");
    assert_eq!(kinds(7, 1), only("trash"), "one may go where some may");
    assert_eq!(kinds(6, 1), only("orphan"));
    assert_eq!(kinds(7, 0), only("orphan"), "none was agreed to");
    assert_eq!(kinds(0, 100), only("trash"));
}

#[test]
fn a_title_is_handed_over_in_order_and_a_circle_is_broken() {
    let before = [("a.md", "# One\n"), ("b.md", "# Two\n")];
    let first = plan(
        &sources(&before),
        &snapshot(vec![]),
        &PlanSettings::default(),
    );
    let held = carried_out(&first.steps);
    let handed = plan(
        &sources(&[("a.md", "# Two\n"), ("b.md", "# Three\n")]),
        &snapshot(held.clone()),
        &PlanSettings::default(),
    );
    assert_eq!(handed.steps[0].title, "Two");
    assert_eq!(
        handed.steps[0].after,
        Some(1),
        "the page that has the title gives it up first"
    );
    let swapped = plan(
        &sources(&[("a.md", "# Two\n"), ("b.md", "# One\n")]),
        &snapshot(held),
        &PlanSettings::default(),
    );
    let mut titles: Vec<&str> = swapped
        .steps
        .iter()
        .map(|step| step.title.as_str())
        .collect();
    titles.sort_unstable();
    titles.dedup();
    assert_eq!(titles.len(), 2);
    assert!(
        swapped
            .steps
            .iter()
            .filter(|step| step.after.is_some())
            .count()
            <= 1
    );
}

#[test]
fn the_message_names_the_source_and_the_marker_is_found_in_it() {
    let plan = plan(
        &sources(&[("README.md", "# Top\n")]),
        &snapshot(vec![]),
        &PlanSettings::default(),
    );
    let step = &plan.steps[0];
    assert_eq!(
        step.message.to_string(),
        "Published from Git: README.md at 0123456789ab"
    );
    let marker = step.marker.as_ref().expect("a marker");
    assert_eq!(
        Marker::find(&format!("{} {marker}", step.message)).as_ref(),
        Some(marker)
    );
}

#[test]
fn the_commit_is_read_from_messages_of_ours_alone() {
    let marker = "[tributary 1a2b3c4d 0123456789ab 0123456789abcdef]";
    for (message, expected) in [
        (
            format!("Published from Git: a.md at 0123456789ab {marker}"),
            Some("0123456789ab"),
        ),
        (
            format!("Look at noon: at at at.md at fedcba987654 {marker}"),
            Some("fedcba987654"),
        ),
        (format!("Published from Git: a.md {marker}"), None),
        (format!("Published from Git: look at 2024 {marker}"), None),
        ("Published from Git: a.md at 0123456789ab".to_owned(), None),
        (String::new(), None),
    ] {
        let words = Words::find(&message);
        let commit = words.as_ref().and_then(Words::commit);
        assert_eq!(commit, expected, "{message}");
    }
    let sources = sources(&[("README.md", "# Top\n")]);
    let first = plan(&sources, &snapshot(vec![]), &PlanSettings::default());
    let mut held = carried_out(&first.steps);
    held[0].words = Words::find(&format!("Mine: README.md at fedcba987654 {marker}"));
    let again = plan(&sources, &snapshot(held), &PlanSettings::default());
    let known = again.steps[0].published_commit.as_deref();
    assert_eq!(known, Some("fedcba987654"));
}

#[test]
fn documents_are_written_in_adf_as_their_pages_would_be() {
    let bodies = adf_bodies(&sources(&[
        (
            "README.md",
            "# Home\n\n[Setup](setup.md#steps) and [more](setup.md)\n",
        ),
        ("setup.md", "# Setup\n\n## Steps\n\n## Others\n"),
    ]));
    let home = &bodies["README.md"];
    for part in [
        "https://tributary.invalid/page/Setup#steps\"",
        "https://tributary.invalid/page/Setup\"",
    ] {
        assert!(home.content.contains(part), "{}", home.content);
    }
    assert!(
        !home.content.contains("\"heading\""),
        "the title is the page's: {}",
        home.content
    );
    let told: Vec<&str> = home.problems.iter().map(|problem| problem.code).collect();
    assert_eq!(told, ["adf.unfilled"]);
    assert!(home.problems[0].message.starts_with("2 link(s)"));
    let setup = &bodies["setup.md"];
    let anchors = setup.content.matches("\"anchor\"").count();
    assert_eq!(anchors, 1, "only what is linked to: {}", setup.content);
    assert_eq!(setup.problems, []);
}

#[test]
fn an_anchor_that_its_author_wrote_is_on_the_page_though_nothing_links_to_it() {
    let sources = sources(&[(
        "a.md",
        "# A\n\nText <a id=\"spot\"></a>\n\n## Named {#own}\n\n## Made\n",
    )]);
    let plan = plan(&sources, &snapshot(Vec::new()), &PlanSettings::default());
    let body = plan.steps[0].body.read().expect("it is there");
    for anchor in ["spot", "own"] {
        let written = format!("<ac:parameter ac:name=\"\">{anchor}</ac:parameter>");
        assert!(body.contains(&written), "{anchor} in {body}");
    }
    assert!(!body.contains(">made<"), "{body}");
}

#[test]
fn a_link_can_name_a_page_that_has_no_source() {
    let sources = sources(&[(
        "a.md",
        "# A\n\n[rest](confluence:page/OPS/Run%20%26%20rest#top) and [here](confluence:page/Handbook)\n",
    )]);
    let plan = plan(&sources, &snapshot(Vec::new()), &PlanSettings::default());
    let step = plan
        .steps
        .iter()
        .find(|step| step.path == "a.md")
        .expect("a step");
    let body = said(step);
    assert!(
        body.contains(
            "<ac:link ac:anchor=\"top\"><ri:page ri:space-key=\"OPS\" ri:content-title=\"Run &amp; rest\" />"
        ),
        "{body}"
    );
    assert!(
        body.contains("<ac:link><ri:page ri:content-title=\"Handbook\" />"),
        "{body}"
    );
    assert_eq!(step.problems, []);
}

#[test]
fn a_name_that_leads_to_no_heading_is_told_where_it_stands() {
    let text = "# A\n\nSome words,\n**and [[b#missing]]** there.\n\n- [[b#gone]]\n";
    let mut sources = sources(&[("a.md", text), ("b.md", "# B\n")]);
    sources.files = ["a.md", "b.md"]
        .map(|path| (path.to_owned(), FileEntry::default()))
        .into_iter()
        .collect();
    follow_names(&mut sources);
    let plan = plan(&sources, &snapshot(Vec::new()), &PlanSettings::default());
    let step = plan.steps.iter().find(|step| step.path == "a.md");
    let told = step.expect("a step").problems.iter();
    let told: Vec<_> = told.map(|problem| (problem.code, problem.line)).collect();
    assert_eq!(
        told,
        [("link.target_missing", 4), ("link.target_missing", 6)]
    );
}

#[test]
fn names_in_double_brackets_lead_to_what_has_the_name() {
    let text = "# Start\n\n[[setup guide]], [[Setup Guide#First steps|steps]], **[[deep/Note]]**, \
                [[note]], [[#Start]], [[words first|Setup_Guide]], [[Handbook]], ![[logo.png|300]], \
                ![[setup guide]]\n\n\
                | a |\n|---|\n| [[setup guide\\|cell]] |\n\n\
                Not: [[nodiscard]], [[ setup guide ]], `[[setup guide]]`, [[setup guide](x.md)](y), \
                [[a] setup guide]], \\[[setup guide]], \\[\\[setup guide]], [\\[setup guide]].\n";
    let mut sources = sources(&[
        ("README.md", text),
        ("docs/Setup-Guide.md", "# Setting up\n\n## First steps\n"),
        ("deep/note.md", "# Deep\n"),
        ("docs/note.md", "# Beside\n"),
        ("x/handbook-2.md", "---\ntitle: Handbook\n---\n"),
        ("docs/here.md", "[[note]]\n"),
    ]);
    sources.files = [
        "README.md",
        "docs/Setup-Guide.md",
        "deep/note.md",
        "docs/note.md",
    ]
    .iter()
    .chain(&["x/handbook-2.md", "docs/here.md", "images/logo.png"])
    .map(|path| ((*path).to_owned(), FileEntry::default()))
    .collect();
    follow_names(&mut sources);
    let targets = |path: &str| -> Vec<String> {
        let document = &sources.document(path).expect("it is there").document;
        let references = document.references.iter();
        references
            .map(|reference| reference.target.clone())
            .collect()
    };
    assert_eq!(
        targets("README.md"),
        [
            "x.md",
            "/docs/Setup-Guide.md",
            "/docs/Setup-Guide.md#first-steps",
            "/deep/note.md",
            "/deep/note.md",
            "#start",
            "/docs/Setup-Guide.md",
            "/x/handbook-2.md",
            "/images/logo.png",
            "/docs/Setup-Guide.md",
            "/docs/Setup-Guide.md",
        ]
        .map(str::to_owned)
    );
    // Of two with one name, the one beside the document.
    assert_eq!(targets("docs/here.md"), ["/docs/note.md"]);
    let readme = sources.document("README.md").expect("it is there");
    let written = write_markdown(&readme.whole().expect("in memory"));
    assert!(
        written.contains("[steps](/docs/Setup-Guide.md#first-steps)"),
        "{written}"
    );
    assert!(
        written.contains("[words first](/docs/Setup-Guide.md)"),
        "{written}"
    );
    assert!(written.contains("width=\"300\""), "{written}");
    for kept in [
        "\\[\\[nodiscard",
        "\\[\\[ setup guide",
        "`[[setup guide]]`",
        "\\[\\[a",
        "\\[\\[setup guide]], \\[\\[setup guide]], \\[\\[setup guide]].",
    ] {
        assert!(written.contains(kept), "{kept} in {written}");
    }
}

#[test]
fn asciidoc_files_are_pages_as_markdown_files_are() {
    let files = [
        (
            "guide/README.adoc",
            "= The guide\n\nxref:one.adoc#_part[one]\n",
        ),
        ("guide/one.adoc", "== Part\n"),
        ("guide.adoc", "= Beside\n"),
        ("index.adoc", "= Top\n\nlink:guide/README.adoc[in]\n"),
    ];
    check(
        &files,
        vec![],
        &[
            "create: Top (index.adoc) below 1",
            "create: The guide (guide/README.adoc) below Top",
            "create: Beside (guide.adoc) below Top",
            "create: One (guide/one.adoc) below The guide",
        ],
    );
    let plan = plan(
        &sources(&files),
        &snapshot(vec![]),
        &PlanSettings::default(),
    );
    let body = |path: &str| {
        let step = plan.steps.iter().find(|step| step.path == path);
        said(step.expect("a step"))
    };
    assert!(body("index.adoc").contains("ri:content-title=\"The guide\""));
    let guide = body("guide/README.adoc");
    assert!(
        guide.contains("ac:anchor=\"_part\"><ri:page ri:content-title=\"One\""),
        "{guide}"
    );
    assert!(body("guide/one.adoc").contains("<ac:parameter ac:name=\"\">_part</ac:parameter>"));
}

#[test]
fn files_that_documents_take_in_are_asked_for_until_none_is_left() {
    let file = |path: &str, text: &str| SourceFile {
        path: path.to_owned(),
        bytes: text.as_bytes().to_vec(),
        links: SourceLinks::default(),
        snippet: None,
    };
    let files = [
        file(
            "a.adoc",
            "include::parts/b.adoc[]\n\ninclude::gone.adoc[]\n",
        ),
        file("c.adoc", "include::parts/b.adoc[]\n"),
        file("d.md", "Text.\n"),
    ];
    let mut asked = Vec::new();
    let mut more = |path: &str| {
        asked.push(path.to_owned());
        match path {
            "parts/b.adoc" => Some(b"include::deep.adoc[]\n".to_vec()),
            "parts/deep.adoc" => Some(b"Deep.\n".to_vec()),
            _ => None,
        }
    };
    let (here, shelves) = (Surroundings::default(), Shelves::default());
    let (documents, unreadable) = read(files, &here, &shelves, &mut more);
    assert!(unreadable.is_empty());
    assert_eq!(asked, ["gone.adoc", "parts/b.adoc", "parts/deep.adoc"]);
    let says: Vec<String> = documents
        .iter()
        .map(|source| write_markdown(&source.whole().expect("in memory")))
        .collect();
    assert!(
        says[0].contains("Deep.") && says[0].contains("gone.adoc"),
        "{says:?}"
    );
    assert_eq!(says[1], "Deep.\n");
    assert_eq!(documents[0].document.wanted, ["gone.adoc"]);
}

#[test]
fn a_page_is_not_written_again_because_something_else_was_committed() {
    let settings = PlanSettings::default();
    let at = |text: &str, commit: &str, date: &str| {
        let facts = RepositoryFacts {
            commit: Some(commit.to_owned()),
            date: Some(date.to_owned()),
            ..RepositoryFacts::default()
        };
        let template = PageTemplate {
            footer: Some("{{ source.commit }}, {{ source.date }}, [code](/src/a.rs)".to_owned()),
            ..PageTemplate::default()
        };
        let surroundings = Surroundings::of_repository(template, facts);
        let mut all = sources(&[("a.md", text)]);
        all.documents = vec![SourceDocument::read("a.md", text, &surroundings)];
        all.commit = Some(commit.to_owned());
        let code = FileEntry {
            permalink: Some(format!("https://example.com/docs/blob/{commit}/src/a.rs")),
            ..FileEntry::default()
        };
        let entries = [
            ("a.md".to_owned(), FileEntry::default()),
            ("src/a.rs".to_owned(), code),
        ];
        all.files = entries.into_iter().collect();
        all
    };
    let (one, two) = ("0123456789abcdef01234567", "fedcba9876543210fedcba98");
    let text = "# A\n\nReleased on 2026-11-27.\n";
    let first = at(text, one, "2026-11-27");
    let plan_of = |sources: &Sources, held| plan(sources, &snapshot(held), &settings);
    let written = plan_of(&first, vec![]);
    for shown in [&one[..12], "2026-11-27", one] {
        assert!(said(&written.steps[0]).contains(shown), "{shown}");
    }
    let held = carried_out(&written.steps);
    let later = plan_of(&at(text, two, "2026-11-28"), held.clone());
    assert_eq!(later.steps[0].kind, StepKind::Leave);
    // A day that the text itself names does count.
    let changed = "# A\n\nReleased on 2026-11-28.\n";
    let changed = plan_of(&at(changed, two, "2026-11-28"), held);
    assert!(matches!(changed.steps[0].kind, StepKind::Update { .. }));
    assert!(said(&changed.steps[0]).contains(&two[..12]));
}

#[test]
fn a_link_to_a_heading_that_another_page_has_not_is_told() {
    let sources = sources(&[
        (
            "a.md",
            "# A\n\n[x](b.md#nope) [y](b.md#There) [z](b.md#) [l](b.md) [up](#top) [t](b.md#top) [h](b.md#user-content-there)\n",
        ),
        ("b.md", "# B\n\n## There\n"),
    ]);
    let plan = plan(&sources, &snapshot(Vec::new()), &PlanSettings::default());
    let of = |path: &str| {
        plan.steps
            .iter()
            .find(|step| step.path == path)
            .expect("a step")
    };
    let told: Vec<(&str, u32, u32)> = of("a.md")
        .problems
        .iter()
        .map(|problem| (problem.code, problem.line, problem.column))
        .collect();
    assert_eq!(told, [("link.target_missing", 3, 1)]);
    assert_eq!(of("b.md").problems, []);
    // It is a link to the page all the same.
    assert!(said(of("a.md")).contains("<ac:link><ri:page ri:content-title=\"B\" />"));
}
