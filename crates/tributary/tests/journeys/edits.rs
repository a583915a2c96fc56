//! What people do to pages, and to sources, between two publishes.

use serde_json::json;
use tokio_util::sync::CancellationToken;
use tributary::publish::{Outcome, OutcomeKind, Undone, apply, plan_undo};
use tributary_pages::markup::Editor;
use tributary_pages::plan::{LabelMode, OnConflict, OnOrphan, PageWidth, StepKind};
use tributary_sandbox::sample::documents;
use tributary_sandbox::signin::Product;
use tributary_sandbox::{Fault, FaultKind};

use crate::{Journey, counts, sample, write};

const BOTH: [Product; 2] = [Product::Cloud, Product::DataCenter];

#[tokio::test(flavor = "multi_thread")]
async fn a_page_edited_by_hand_is_refused_until_asked() {
    for product in BOTH {
        let (_keep, path) = sample();
        let journey = Journey::new(product).await;
        journey.publish(&path).await;
        let page = journey.page("Front matter");
        let control = journey.sandbox.control();
        control
            .edit_page_by_hand(product, &page.id, "<p>My own words.</p>")
            .expect("an edit");

        write(
            &path,
            &[(
                "write/front-matter.md",
                "# Front matter\n\nNew words from Git.\n",
            )],
        );
        let refused = journey.publish(&path).await;
        assert_eq!(refused.count(OutcomeKind::Conflict), 1);
        assert_eq!(journey.page("Front matter").body, "<p>My own words.</p>");

        let mut request = Journey::request(&path);
        request.settings.on_conflict = OnConflict::Overwrite;
        let overwritten = journey.publish_as(&request).await;
        assert_eq!(overwritten.count(OutcomeKind::Updated), 1);
        let held = journey.page("Front matter");
        assert!(held.body.contains("New words from Git."));
        assert_eq!(held.version, 4, "the edit stays in the history");
        assert_eq!(
            counts(&journey.publish(&path).await),
            [("unchanged", documents())]
        );
    }
}

/// Publishes, lets somebody edit a page, and deletes every version below the edit.
async fn edited_and_forgotten(journey: &Journey, path: &std::path::Path) -> String {
    journey.publish(path).await;
    let page = journey.page("Front matter");
    let control = journey.sandbox.control();
    control
        .edit_page_by_hand(journey.product, &page.id, "<p>My own words.</p>")
        .expect("an edit");
    assert!(control.forget_versions(journey.product, &page.id));
    let text = "# Front matter\n\nNew words from Git.\n";
    write(path, &[("write/front-matter.md", text)]);
    page.id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_versions_of_ours_were_deleted_is_still_known_and_its_edit_a_conflict() {
    for product in BOTH {
        let (_keep, path) = sample();
        let journey = Journey::new(product).await;
        let id = edited_and_forgotten(&journey, &path).await;
        let before = journey.pages().len();
        for conflicts in [OnConflict::Refuse, OnConflict::Merge] {
            let mut request = Journey::request(&path);
            request.settings.on_conflict = conflicts;
            let report = journey.publish_as(&request).await;
            assert_eq!(report.count(OutcomeKind::Conflict), 1, "{product:?}");
            assert_eq!(report.count(OutcomeKind::Created), 0, "{product:?}");
            let is_ours = |outcome: &&Outcome| outcome.kind == OutcomeKind::Conflict;
            let conflict = report.outcomes.iter().find(is_ours).expect("a conflict");
            assert_eq!(conflict.page_id.as_ref(), Some(&id));
            assert_eq!(journey.page("Front matter").body, "<p>My own words.</p>");
        }
        assert_eq!(journey.pages().len(), before);

        let mut request = Journey::request(&path);
        request.settings.on_conflict = OnConflict::Overwrite;
        let report = journey.publish_as(&request).await;
        assert_eq!(report.count(OutcomeKind::Updated), 1);
        let held = journey.page("Front matter");
        assert_eq!(held.id, id);
        assert!(held.body.contains("New words from Git."));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn new_pages_say_themselves_where_they_came_from_below_a_page_that_may_not_be_changed() {
    let (_keep, path) = sample();
    let journey = Journey::new(Product::Cloud).await;
    let home = journey
        .pages()
        .into_iter()
        .find(|page| page.parent_id.is_none());
    let home = home.expect("a home page").id;
    journey.sandbox.control().add_fault(Fault {
        method: Some("POST".to_owned()),
        path: format!("/pages/{home}/properties"),
        times: u32::MAX,
        kind: FaultKind::Status { status: 403 },
    });
    let id = edited_and_forgotten(&journey, &path).await;
    let report = journey.publish(&path).await;
    assert_eq!(report.count(OutcomeKind::Conflict), 1);
    assert_eq!(report.count(OutcomeKind::Created), 0);
    assert_eq!(journey.page("Front matter").id, id);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_of_pages_stays_in_pieces_that_confluence_takes() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let deep = format!("{}/{}", "long".repeat(25), "name".repeat(25));
    for page in 0..160 {
        let path = format!("{deep}{page}.md");
        write(folder.path(), &[(&path, &format!("# Page {page}\n"))]);
    }
    let journey = Journey::new(Product::Cloud).await;
    journey.publish(folder.path()).await;
    let listed = |journey: &Journey| {
        let pages = journey.pages();
        let home = pages.iter().find(|page| page.parent_id.is_none());
        let home = home.expect("a home page").properties.clone();
        let parts = home.into_iter();
        let parts = parts.filter(|(key, _)| key.starts_with("tributary.pages."));
        parts
            .map(|(_, value)| {
                assert!(value.to_string().len() <= 32 * 1024);
                value["pages"].as_object().map_or(0, serde_json::Map::len)
            })
            .collect::<Vec<usize>>()
    };
    let parts = listed(&journey);
    assert!(parts.len() > 1, "{parts:?}");
    assert_eq!(
        parts.iter().sum::<usize>(),
        161,
        "a folder's page among them"
    );

    // A page that goes away leaves the list, and another takes its place.
    std::fs::remove_file(folder.path().join(format!("{deep}3.md"))).expect("the file goes");
    write(folder.path(), &[("new.md", "# New\n")]);
    let mut request = Journey::request(folder.path());
    request.settings.on_orphan = OnOrphan::Trash;
    let report = journey.publish_as(&request).await;
    assert_eq!(report.count(OutcomeKind::Trashed), 1);
    let after = listed(&journey);
    assert_eq!(after.iter().sum::<usize>(), 161, "{after:?}");
    assert_eq!(after.len(), parts.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_renamed_by_hand_is_not_made_a_second_time() {
    for product in BOTH {
        let (_keep, path) = sample();
        let journey = Journey::new(product).await;
        journey.publish(&path).await;
        let before = journey.pages().len();
        let page = journey.page("Front matter");
        journey
            .sandbox
            .control()
            .rename_page_by_hand(product, &page.id, "Other")
            .expect("a rename");
        let report = journey.publish(&path).await;
        assert_eq!(report.count(OutcomeKind::Conflict), 1);
        assert_eq!(report.count(OutcomeKind::Created), 0);
        assert_eq!(journey.pages().len(), before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_somebody_else_is_never_taken() {
    for product in BOTH {
        let (_keep, path) = sample();
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        let id = control
            .create_page_by_hand(product, "DOCS", None, "Front matter", "<p>Theirs.</p>")
            .expect("a page");
        let report = journey.publish(&path).await;
        assert_eq!(counts(&report), [("created", documents())]);
        let theirs = journey.page("Front matter");
        assert_eq!((theirs.id, theirs.body.as_str()), (id, "<p>Theirs.</p>"));
        let ours = journey.page("Front matter (Write)");
        assert!(ours.body.contains("A block at the top"));
        let link = journey.page("Writing");
        assert!(!link.body.contains("ri:content-title=\"Front matter\""));
        assert_eq!(
            counts(&journey.publish(&path).await),
            [("unchanged", documents())]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_stays_where_it_was_put_when_asked_until_its_file_moves() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path();
        write(
            path,
            &[
                ("one/index.md", "# One\n"),
                ("one/a.md", "# Alpha\n\nWords that tell it from others.\n"),
                ("two/index.md", "# Two\n"),
            ],
        );
        let journey = Journey::new(product).await;
        let mut request = Journey::request(path);
        request.settings.keep_place = true;
        journey.publish_as(&request).await;
        let control = journey.sandbox.control();
        let stranger = control
            .create_page_by_hand(product, "DOCS", None, "Stranger", "<p>Theirs.</p>")
            .expect("a page");
        // Below a page of theirs, and below another of ours.
        for above in [stranger, journey.page("Two").id] {
            assert!(control.move_page_by_hand(product, &journey.page("Alpha").id, &above));
            let report = journey.publish_as(&request).await;
            assert_eq!(counts(&report), [("unchanged", 3)], "{product:?}");
            assert_eq!(journey.page("Alpha").parent_id, Some(above));
        }
        // With new words it stays there too.
        let more = "# Alpha\n\nWords that tell it from others, and more.\n";
        write(path, &[("one/a.md", more)]);
        journey.publish_as(&request).await;
        let alpha = journey.page("Alpha");
        assert_eq!(alpha.parent_id, Some(journey.page("Two").id));

        std::fs::rename(path.join("one/a.md"), path.join("a.md")).expect("it moves");
        journey.publish_as(&request).await;
        let moved = journey.page("Alpha");
        assert_eq!(
            (&moved.id, &moved.parent_id),
            (&alpha.id, &journey.page("One").parent_id)
        );

        request.settings.keep_place = false;
        assert!(control.move_page_by_hand(product, &alpha.id, &journey.page("Two").id));
        let report = journey.publish_as(&request).await;
        assert_eq!(
            counts(&report),
            [("moved", 1), ("unchanged", 2)],
            "{product:?}"
        );

        // A file can say it for its own page.
        let own = format!("---\nconnie-dont-change-parent-page: true\n---\n{more}");
        write(path, &[("a.md", &own)]);
        let two = journey.page("Two").id;
        assert!(control.move_page_by_hand(product, &alpha.id, &two));
        journey.publish_as(&request).await;
        assert_eq!(journey.page("Alpha").parent_id, Some(two), "{product:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_moves_by_a_version_where_a_move_is_not_offered_any_more() {
    for format in ["storage", "adf"] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let alpha = format!("---\nformat: {format}\n---\n# Alpha\n\nWords.\n");
        write(folder.path(), &[("a.md", &alpha), ("b.md", "# Beta\n")]);
        let journey = Journey::new(Product::Cloud).await;
        journey.publish(folder.path()).await;
        let page = journey.page("Alpha");
        let control = journey.sandbox.control();
        assert!(control.move_page_by_hand(Product::Cloud, &page.id, &journey.page("Beta").id));
        control.add_fault(Fault {
            method: Some("PUT".to_owned()),
            path: "/move/".to_owned(),
            times: 1,
            kind: FaultKind::Status { status: 410 },
        });
        let report = journey.publish(folder.path()).await;
        assert_eq!(
            counts(&report),
            [("moved", 1), ("unchanged", 1)],
            "{format}"
        );
        let back = journey.page("Alpha");
        assert_eq!(back.parent_id, page.parent_id);
        assert!(back.body.contains("Words."), "{back:?}");
        assert_eq!(
            (&back.representation, back.version),
            (&page.representation, page.version + 1)
        );
        let again = journey.publish(folder.path()).await;
        assert_eq!(counts(&again), [("unchanged", 2)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moved_page_is_put_back_and_a_renamed_file_keeps_its_page() {
    for product in BOTH {
        let (_keep, path) = sample();
        let journey = Journey::new(product).await;
        journey.publish(&path).await;
        let page = journey.page("Front matter");
        let elsewhere = journey.page("Getting started");
        assert!(
            journey
                .sandbox
                .control()
                .move_page_by_hand(product, &page.id, &elsewhere.id)
        );
        let report = journey.publish(&path).await;
        assert_eq!(report.count(OutcomeKind::Moved), 1, "{product:?}");
        assert_eq!(
            journey.page("Front matter").parent_id,
            Some(journey.page("Writing").id)
        );

        std::fs::rename(
            path.join("write/front-matter.md"),
            path.join("write/metadata.md"),
        )
        .expect("a rename");
        let report = journey.publish(&path).await;
        assert_eq!(
            report.count(OutcomeKind::Created),
            0,
            "{:?}",
            counts(&report)
        );
        let held = journey.page("Front matter");
        assert_eq!(held.id, page.id);
        let origin = held
            .properties
            .iter()
            .find(|(key, _)| key == "tributary.source");
        assert_eq!(
            origin.map(|(_, value)| &value["path"]),
            Some(&"write/metadata.md".into())
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_source_is_gone_is_reported_and_goes_when_asked() {
    for product in BOTH {
        let (_keep, path) = sample();
        let journey = Journey::new(product).await;
        journey.publish(&path).await;
        let control = journey.sandbox.control();
        let page = journey.page("The command line");
        let kept = journey.page("Front matter");
        control
            .edit_page_by_hand(product, &kept.id, "<p>Mine now.</p>")
            .expect("an edit");
        for gone in ["command-line.md", "write/front-matter.md"] {
            std::fs::remove_file(path.join(gone)).expect("the file goes");
        }
        // The edited one too, although nothing is new that would have to be told from it.
        let report = journey.publish(&path).await;
        assert_eq!(report.count(OutcomeKind::Created), 0, "{product:?}");
        assert_eq!(report.count(OutcomeKind::Orphaned), 2, "{product:?}");
        assert_eq!(journey.page("The command line").id, page.id);

        let mut request = Journey::request(&path);
        request.settings.on_orphan = OnOrphan::Trash;
        let report = journey.publish_as(&request).await;
        assert_eq!(report.count(OutcomeKind::Trashed), 1);
        let titles: Vec<String> = journey.pages().into_iter().map(|page| page.title).collect();
        assert!(!titles.contains(&"The command line".to_owned()));
        assert!(
            titles.contains(&"Front matter".to_owned()),
            "an edited page stays"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_goes_away_while_the_working_copy_is_being_changed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path();
    write(path, &[("a.md", "# Alpha\n"), ("b.md", "# Beta\n")]);
    gix::init(path).expect("a repository");
    let journey = Journey::new(Product::Cloud).await;
    journey.publish(path).await;
    std::fs::remove_file(path.join("b.md")).expect("it was there");
    let mut request = Journey::request(path);
    request.settings.on_orphan = OnOrphan::Trash;
    request.settings.orphan_limit = 100;
    for (file, what) in [
        (".git/index.lock", "Git is at work"),
        (".git/rebase-merge/interactive", "a rebase is under way"),
        (".git/MERGE_HEAD", "a merge is under way"),
    ] {
        write(path, &[(file, "")]);
        let report = journey.publish_as(&request).await;
        let expected = [("unchanged", 1), ("orphaned", 1)];
        assert_eq!(counts(&report), expected, "{file}");
        let mut problems = report.outcomes.iter().flat_map(|ended| &ended.problems);
        let problem = problems.next().expect("it is said why");
        assert!(problem.message.contains(what), "{}", problem.message);
        std::fs::remove_file(path.join(file)).expect("it was there");
        std::fs::remove_dir(path.join(".git/rebase-merge")).ok();
    }
    let report = journey.publish_as(&request).await;
    assert_eq!(counts(&report), [("unchanged", 1), ("trashed", 1)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_goes_away_after_a_failure_or_when_somebody_was_there_meanwhile() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path();
        let text = |word: &str| format!("# Alpha\n\n{word}\n");
        write(
            path,
            &[
                ("a.md", &text("One.")),
                ("b.md", "# Beta\n"),
                ("c.md", "# Gamma\n"),
                ("d.md", "# Delta\n"),
            ],
        );
        let journey = Journey::new(product).await;
        journey.publish(path).await;
        let control = journey.sandbox.control();
        for gone in ["b.md", "c.md", "d.md"] {
            std::fs::remove_file(path.join(gone)).expect("the file goes");
        }
        write(path, &[("a.md", &text("Two."))]);
        let mut request = Journey::request(path);
        request.settings.on_orphan = OnOrphan::Trash;
        request.settings.orphan_limit = 100;
        control.add_fault(Fault {
            method: Some("PUT".to_owned()),
            path: String::new(),
            times: 1,
            kind: FaultKind::Status { status: 403 },
        });
        let report = journey.publish_as(&request).await;
        assert_eq!(
            counts(&report),
            [("orphaned", 3), ("failed", 1)],
            "{product:?}"
        );
        let reason = &report.outcomes[1].reason;
        let says_why = |reason: &str| reason.contains("not everything else was published");
        assert!(reason.as_deref().is_some_and(says_why), "{reason:?}");

        // Between the plan and its end, one is edited, one gets a page below it, and one another
        // title.
        let prepared = journey.plan(&request).await;
        let (beta, gamma) = (journey.page("Beta"), journey.page("Gamma"));
        control.edit_page_by_hand(product, &beta.id, "<p>Still needed.</p>");
        control.create_page_by_hand(product, "DOCS", Some(&gamma.id), "Below", "<p>x</p>");
        let delta = journey.page("Delta").id;
        control.rename_page_by_hand(product, &delta, "Epsilon");
        let cancel = CancellationToken::new();
        let digest = &prepared.plan.digest;
        let report = apply(&prepared, digest, &journey.audit, &|_| {}, &cancel)
            .await
            .expect("a report");
        assert_eq!(
            counts(&report),
            [("updated", 1), ("conflict", 3)],
            "{product:?}"
        );
        assert_eq!(journey.page("Epsilon").id, delta);
        assert_eq!(journey.page("Beta").body, "<p>Still needed.</p>");
        assert_eq!(journey.page("Below").parent_id.as_ref(), Some(&gamma.id));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_are_set_and_pages_made_wide_when_asked() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path();
        let text = "---\nlabels: [ours]\n---\n# Alpha\n";
        let beta = "---\neditor: new\n---\n# Beta\n";
        write(path, &[("a.md", text), ("b.md", beta)]);
        let journey = Journey::new(product).await;
        journey.publish(path).await;
        let store = journey.sandbox.control().store(product);
        for title in ["Alpha", "Beta"] {
            let id = journey.page(title).id.parse().expect("an id");
            store.add_label(id, "global", "theirs").expect("a label");
        }
        let mut request = Journey::request(path);
        request.settings.label_mode = LabelMode::Set;
        request.settings.page_width = Some(PageWidth::Full);
        request.settings.editor = Some(Editor::Legacy);
        assert_eq!(
            counts(&journey.publish_as(&request).await),
            [("updated", 2)]
        );
        assert_eq!(journey.page("Alpha").labels, ["ours"]);
        assert!(journey.page("Beta").labels.is_empty());
        let width = (
            "content-appearance-published".to_owned(),
            "full-width".into(),
        );
        assert!(journey.page("Beta").properties.contains(&width));
        let editor = |title: &str| {
            let properties = journey.page(title).properties;
            let mut properties = properties.into_iter();
            let found = properties.find(|(key, _)| key == "editor");
            found.map(|(_, value)| value)
        };
        // Data Center has one editor, and no word for it. What front matter says goes first.
        let expected = match product {
            Product::Cloud => [Some("v1".into()), Some("v2".into())],
            Product::DataCenter => [None, None],
        };
        assert_eq!([editor("Alpha"), editor("Beta")], expected);
        journey.sandbox.control().clear_requests();
        assert_eq!(
            counts(&journey.publish_as(&request).await),
            [("unchanged", 2)]
        );
        assert!(journey.sandbox.control().writes().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_confluence_stored_is_read_again_when_asked() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path();
        write(
            path,
            &[
                ("a.md", "# Alpha\n\nFirst.\n\nSecond & last.\n"),
                ("b.md", "# Beta\n\n![B](b.svg)\n"),
                (
                    "b.svg",
                    "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>",
                ),
                ("c.md", "# Gamma\n"),
            ],
        );
        let journey = Journey::new(product).await;
        let mut request = Journey::request(path);
        request.verify = true;
        let control = journey.sandbox.control();
        let prepared = journey.plan(&request).await;
        let cancel = CancellationToken::new();
        // A server that keeps less than it took: part of one body, and not one of the files.
        let lose = |progress: tributary::publish::Progress| {
            if progress.done < progress.total || progress.current.is_some() {
                return;
            }
            let store = control.store(product);
            for page in journey.pages() {
                let id = page.id.parse().expect("an id");
                if page.title == "Alpha" {
                    let half = page.body.replace("<p>Second &amp; last.</p>", "");
                    assert_ne!(half, page.body);
                    store.amend_body(id, &half).expect("the database works");
                }
                for file in store.attachments(id).expect("the database works") {
                    store.detach(file.id).expect("the database works");
                }
            }
        };
        let digest = &prepared.plan.digest;
        let report = apply(&prepared, digest, &journey.audit, &lose, &cancel)
            .await
            .expect("a report");
        assert_eq!(
            counts(&report),
            [("created", 1), ("failed", 2)],
            "{product:?}"
        );
        let reasons: Vec<&str> = report
            .outcomes
            .iter()
            .filter_map(|outcome| outcome.reason.as_deref())
            .collect();
        let [body, file] = reasons[..] else {
            panic!("{reasons:?}");
        };
        assert!(body.contains("should say `Second & last.`"), "{body}");
        assert!(file.contains("b.svg"), "{file}");

        write(path, &[("c.md", "# Gamma\n\nMore *words*, and `code`.\n")]);
        // What was found wrong is written again with what changed, also by who does not look.
        request.verify = false;
        let report = journey.publish_as(&request).await;
        assert_eq!(counts(&report), [("updated", 3)], "{product:?}");
        assert!(journey.page("Alpha").body.contains("Second &amp; last."));
        assert_eq!(journey.page("Beta").attachments.len(), 1);
        let again = journey.publish_as(&request).await;
        assert_eq!(counts(&again), [("unchanged", 3)], "{product:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_changes_is_sent_once_and_labels_of_people_stay() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("docs");
        let picture = "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>";
        write(
            &path,
            &[
                (
                    "README.md",
                    "---\nlabels: [ours]\nproperties: {status: draft}\n---\n# Docs\n\n![A](a.svg) ![B](b.svg) ![A again](./a.svg)\n",
                ),
                ("a.svg", picture),
                (
                    "b.svg",
                    "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='1'/>",
                ),
            ],
        );
        let journey = Journey::new(product).await;
        let first = journey.publish(&path).await;
        assert_eq!(first.outcomes[0].uploaded, 2);
        let page = journey.page("Docs");
        assert_eq!(page.labels, ["ours"]);
        assert!(
            page.properties
                .contains(&("status".to_owned(), "draft".into()))
        );
        let id = page.id.parse().expect("an id");
        let store = journey.sandbox.control().store(product);
        store.add_label(id, "global", "theirs").expect("a label");

        write(
            &path,
            &[(
                "a.svg",
                "<svg xmlns='http://www.w3.org/2000/svg' width='2' height='2'/>",
            )],
        );
        let second = journey.publish(&path).await;
        assert_eq!(
            (second.outcomes[0].uploaded, second.outcomes[0].kept),
            (1, 1)
        );
        let page = journey.page("Docs");
        assert_eq!(page.labels, ["ours", "theirs"]);
        let mut versions: Vec<(String, i64)> = page
            .attachments
            .iter()
            .map(|file| (file.filename.clone(), file.version))
            .collect();
        versions.sort();
        assert_eq!(versions, [("a.svg".to_owned(), 2), ("b.svg".to_owned(), 1)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inline_comment_is_named_before_its_place_is_lost() {
    let (_keep, path) = sample();
    let journey = Journey::new(Product::Cloud).await;
    journey.publish(&path).await;
    let page = journey.page("Front matter");
    assert!(journey.sandbox.control().comment_by_hand(
        Product::Cloud,
        &page.id,
        "A block at the top"
    ));
    write(
        &path,
        &[(
            "write/front-matter.md",
            "# Front matter\n\nRewritten from the beginning.\n",
        )],
    );
    let prepared = journey.plan(&Journey::request(&path)).await;
    let step = prepared
        .plan
        .steps
        .iter()
        .find(|step| step.title == "Front matter")
        .expect("a step");
    assert!(
        matches!(step.kind, StepKind::Update { .. }),
        "a comment raises no version"
    );
    let lost: Vec<&str> = step
        .problems
        .iter()
        .filter(|problem| problem.code == "comment.anchor_lost")
        .map(|problem| problem.message.as_str())
        .collect();
    assert!(
        matches!(lost.as_slice(), [message] if message.contains("`A block at the top`")),
        "{lost:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inline_comment_keeps_its_place_when_the_text_around_it_changes() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let text = |first: &str| {
            format!("# Alpha\n\n{first}\n\nThe *sentence* that somebody asked about & more.\n")
        };
        write(folder.path(), &[("a.md", &text("One."))]);
        let journey = Journey::new(product).await;
        journey.publish(folder.path()).await;
        let page = journey.page("Alpha");
        let control = journey.sandbox.control();
        assert!(control.comment_by_hand(product, &page.id, "somebody asked about"));
        write(folder.path(), &[("a.md", &text("One, two and three."))]);
        let prepared = journey.plan(&Journey::request(folder.path())).await;
        let problems: Vec<&str> = prepared
            .plan
            .steps
            .iter()
            .flat_map(|step| step.problems.iter().map(|problem| problem.code))
            .collect();
        assert!(problems.is_empty(), "{problems:?}");
        let report = journey.publish(folder.path()).await;
        assert_eq!(report.count(OutcomeKind::Updated), 1);
        let held = journey.page("Alpha");
        assert!(held.body.contains("One, two and three."));
        assert!(
            held.body
                .contains(">somebody asked about</ac:inline-comment-marker>"),
            "{}",
            held.body
        );
        assert_eq!(
            counts(&journey.publish(folder.path()).await),
            [("unchanged", 1)]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_somebody_edits_before_it_is_finished_is_not_made_a_second_time() {
    for product in BOTH {
        let keep = tempfile::tempdir().expect("a temporary folder");
        write(keep.path(), &[("a.md", "# A\n\nFrom Git.\n")]);
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        control.add_fault(Fault {
            method: Some("PUT".to_owned()),
            path: String::new(),
            times: 9,
            kind: FaultKind::Status { status: 403 },
        });
        assert_eq!(
            journey
                .publish(keep.path())
                .await
                .count(OutcomeKind::Failed),
            1
        );
        control.clear_faults();
        let page = journey.page("A");
        assert_eq!(page.version, 1);
        let edited = format!("{}<p>By hand.</p>", page.body);
        control
            .edit_page_by_hand(product, &page.id, &edited)
            .expect("an edit");
        let before = journey.pages().len();
        let report = journey.publish(keep.path()).await;
        assert_eq!(counts(&report), [("conflict", 1)], "{product:?}");
        assert_eq!(journey.pages().len(), before, "{product:?}");
        assert!(journey.page("A").body.contains("By hand."));

        let mut request = Journey::request(keep.path());
        request.settings.on_conflict = OnConflict::Overwrite;
        journey.publish_as(&request).await;
        let held = journey.page("A");
        assert!(!held.body.contains("tributary-unfinished"), "{}", held.body);
        assert_eq!(
            counts(&journey.publish(keep.path()).await),
            [("unchanged", 1)]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_gave_a_page_beside_its_text_stays_through_a_publish_and_its_undo() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let source = |words: &str| {
            let text = format!("---\nlabels: [ours]\n---\n# Alpha\n\n{words}\n");
            write(folder.path(), &[("a.md", text.as_str())]);
        };
        source("First.");
        let journey = Journey::new(product).await;
        journey.publish(folder.path()).await;
        let id = journey.page("Alpha").id;
        // An emoji and a cover are content properties, as Cloud's editor writes them.
        let given = [
            ("emoji-title-published", json!("1f680")),
            ("emoji-title-draft", json!("1f680")),
            (
                "cover-picture-id-published",
                json!("{\"id\":\"https://images.example.com/sea\",\"position\":50}"),
            ),
        ];
        for (key, value) in &given {
            let set = journey.client.set_property(&id, key, value).await;
            set.expect("a property");
        }
        let control = journey.sandbox.control();
        assert!(control.comment_by_hand(product, &id, "First."));
        let labels = ["theirs".to_owned()];
        let labeled = journey.client.add_labels(&id, &labels).await;
        labeled.expect("a label");
        let stays = |when: &str| {
            let page = journey.page("Alpha");
            for (key, value) in &given {
                let expected = ((*key).to_owned(), value.clone());
                assert!(
                    page.properties.contains(&expected),
                    "{product:?}, {when}: {key} is not what it was"
                );
            }
            assert_eq!(page.labels, ["ours", "theirs"], "{product:?}, {when}");
        };
        control.clear_requests();
        source("Second.");
        let report = journey.publish(folder.path()).await;
        assert_eq!(counts(&report), [("updated", 1)], "{product:?}");
        stays("published");
        let undone = Undone::read(report.to_json().to_string().as_bytes()).expect("a report");
        let cancel = CancellationToken::new();
        let undo = plan_undo(&journey.client, &undone, 4, &|_| {}, &cancel)
            .await
            .expect("a plan");
        let taken = apply(&undo, &undo.plan.digest, &journey.audit, &|_| {}, &cancel).await;
        assert_eq!(counts(&taken.expect("a report")), [("updated", 1)]);
        stays("taken back");
        // Who watches a page and who reacts to it is nobody's business here: it is never asked of
        // nor written. Both are resources of their own, which a new version leaves alone.
        for request in control.requests() {
            let path = request.path.to_lowercase();
            let is_theirs = ["watch", "reaction", "like", "emoji", "cover-picture"]
                .iter()
                .any(|word| path.contains(word));
            assert!(!is_theirs, "{product:?}: {path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_stays_whose_source_is_left_out_and_goes_when_the_source_says_so() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path();
    write(
        path,
        &[
            ("a.md", "# Alpha\n"),
            ("b.md", "# Beta\n"),
            ("c.md", "# Gamma\n"),
        ],
    );
    let journey = Journey::new(Product::Cloud).await;
    journey.publish(path).await;
    write(path, &[("c.md", "---\npublish: false\n---\n# Gamma\n")]);
    let mut request = Journey::request(path);
    request.settings.on_orphan = OnOrphan::Trash;
    request.settings.orphan_limit = 100;
    request.exclude = vec!["b.md".to_owned()];
    let report = journey.publish_as(&request).await;
    assert_eq!(counts(&report), [("unchanged", 1), ("trashed", 1)]);
    let there = |title: &str| journey.pages().iter().any(|page| page.title == title);
    assert!(there("Beta") && !there("Gamma"));
    // Two publishes that share a folder by patterns leave each other's pages alone.
    request.exclude = Vec::new();
    request.include = vec!["b.md".to_owned()];
    let report = journey.publish_as(&request).await;
    assert_eq!(counts(&report), [("unchanged", 1)]);
    assert!(there("Alpha"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_waits_for_its_title_until_the_page_that_has_it_is_decided_about() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path();
        let picture = "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>";
        write(
            path,
            &[("a.md", "# Bridge\n\n![A](a.svg)\n"), ("a.svg", picture)],
        );
        let journey = Journey::new(product).await;
        journey.publish(path).await;
        let page = journey.page("Bridge");
        let store = journey.sandbox.control().store(product);
        let (id, kind) = (page.id.parse().expect("an id"), "image/svg+xml");
        let ours = store.attachment(id, "a.svg").expect("the database works");
        let (ours, theirs) = (ours.map(|file| file.id), b"<svg/>");
        store
            .attach(
                id,
                ours,
                "a.svg",
                kind,
                "Mine",
                "somebody-else",
                false,
                theirs,
            )
            .expect("a file of theirs");

        // The title goes over to another file, and the picture that a person put there is found only
        // when the page is written that gives the title up.
        let other = picture.replace("width='1'", "width='2'");
        write(
            path,
            &[
                ("a.md", "# Fjord\n\n![A](a.svg)\n"),
                ("a.svg", &other),
                ("b.md", "# Bridge\n\nAnother one.\n"),
            ],
        );
        let report = journey.publish(path).await;
        assert_eq!(
            counts(&report),
            [("conflict", 1), ("refused", 1)],
            "{product:?}"
        );
        let refused = report.outcomes.iter().find(|page| page.source == "b.md");
        let reason = refused.and_then(|page| page.reason.as_deref());
        assert!(
            reason.is_some_and(|reason| reason.contains("still that of the page of `a.md`")),
            "{reason:?}"
        );
        let mut request = Journey::request(path);
        request.settings.on_conflict = OnConflict::Overwrite;
        let report = journey.publish_as(&request).await;
        assert_eq!(
            counts(&report),
            [("created", 1), ("updated", 1)],
            "{product:?}"
        );
        assert_eq!(journey.page("Fjord").id, page.id);
        assert!(journey.page("Bridge").body.contains("Another one."));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_not_moved_below_one_that_stays_below_it() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path();
        let text = "# Alpha\n\nWords that tell this page from every other one.\n";
        write(
            path,
            &[
                ("a.md", text),
                ("s/index.md", "# Section\n"),
                ("s/c.md", "# Gamma\n"),
            ],
        );
        let journey = Journey::new(product).await;
        journey.publish(path).await;
        let (alpha, section) = (journey.page("Alpha"), journey.page("Section"));
        let control = journey.sandbox.control();
        assert!(control.move_page_by_hand(product, &section.id, &alpha.id));
        control
            .edit_page_by_hand(product, &section.id, "<p>By hand.</p>")
            .expect("an edit");

        std::fs::remove_file(path.join("a.md")).expect("the file moves");
        write(path, &[("s/a.md", text)]);
        let report = journey.publish(path).await;
        let expected = [("unchanged", 1), ("conflict", 1), ("refused", 1)];
        assert_eq!(counts(&report), expected, "{product:?}");
        let refused = report.outcomes.iter().find(|page| page.source == "s/a.md");
        let reason = refused.and_then(|page| page.reason.as_deref());
        assert!(
            reason.is_some_and(|reason| reason.contains("below itself")),
            "{product:?}: {reason:?}"
        );
        let mut request = Journey::request(path);
        request.settings.on_conflict = OnConflict::Overwrite;
        let report = journey.publish_as(&request).await;
        assert_eq!(report.count(OutcomeKind::Refused), 0, "{report:#?}");
        assert_eq!(journey.page("Alpha").parent_id, Some(section.id.clone()));
        assert_eq!(journey.page("Section").parent_id, section.parent_id);
    }
}
