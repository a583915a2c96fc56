//! Whose page is whose.

use std::path::Path;

use tributary_pages::plan::{DiffKind, OnConflict, OnOrphan};
use tributary_sandbox::signin::Product;
use tributary_sandbox::state::Restoring;
use tributary_sandbox::{Fault, FaultKind};

use crate::{Journey, counts, write};

const BOTH: [Product; 2] = [Product::Cloud, Product::DataCenter];

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_front_matter_names_is_taken_over_once_and_its_edits_are_conflicts() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path();
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        let id = control
            .create_page_by_hand(product, "DOCS", None, "Theirs", "<p>Words of people.</p>")
            .expect("a page");
        control.edit_page_by_hand(product, &id, "<p>More words of people.</p>");
        let text = |words: &str| format!("---\npage_id: {id}\n---\n# Ours\n\n{words}\n");
        write(path, &[("a.md", &text("From Git."))]);

        // Whoever names a page asks for it. The plan says what is lost.
        let prepared = journey.plan(&Journey::request(path)).await;
        let step = &prepared.plan.steps[0];
        let codes: Vec<&str> = step.problems.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, ["page.taken_over"], "{product:?}");
        let diff = prepared.diff(step).expect("it is there");
        let removed = diff.iter().filter(|line| line.kind == DiffKind::Removed);
        let removed: Vec<&str> = removed.map(|line| line.text.as_str()).collect();
        assert_eq!(removed, ["# Theirs", "More words of people."]);
        let report = journey.publish(path).await;
        assert_eq!(counts(&report), [("updated", 1)]);
        assert_eq!(journey.page("Ours").id, id);

        // From then on it is like any other page of ours, whether or not the source changes.
        let by_hand = "<p>By hand.</p>";
        control.edit_page_by_hand(product, &id, by_hand);
        for words in ["From Git.", "From Git, changed."] {
            write(path, &[("a.md", &text(words))]);
            let report = journey.publish(path).await;
            assert_eq!(counts(&report), [("conflict", 1)], "{product:?}");
            assert_eq!(journey.page("Ours").body, by_hand);
        }
        // Nor is it taken by another file that names it.
        std::fs::remove_file(path.join("a.md")).expect("the file goes");
        write(path, &[("b.md", &text("From another file."))]);
        let report = journey.publish(path).await;
        assert_eq!(counts(&report), [("conflict", 1)], "{product:?}");
        assert_eq!(journey.page("Ours").body, by_hand);

        let mut request = Journey::request(path);
        request.settings.on_conflict = OnConflict::Overwrite;
        let report = journey.publish_as(&request).await;
        assert_eq!(counts(&report), [("updated", 1)]);
        assert!(report.outcomes[0].problems.is_empty());
        assert!(journey.page("Ours").body.contains("From another file."));
    }
}

/// Publishes some folders and files of a repository, and tells what became of each.
async fn part(journey: &Journey, root: &Path, parts: &[&str]) -> Vec<String> {
    let mut request = Journey::request(root);
    request.paths = parts.iter().map(|part| root.join(part)).collect();
    let report = journey.publish_as(&request).await;
    let outcomes = report.outcomes.iter();
    outcomes
        .map(|ended| format!("{} {}", ended.kind.name(), ended.title))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn publishes_of_parts_of_a_repository_leave_each_other_alone() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path();
        gix::init(root).expect("a repository");
        write(
            root,
            &[
                ("a/overview.md", "# Overview\n\nOf the one.\n"),
                ("b/overview.md", "# Overview\n\nOf the other.\n"),
                ("x/sub/p.md", "# Page\n\nBelow.\n"),
            ],
        );
        let journey = Journey::new(product).await;
        assert_eq!(part(&journey, root, &["a"]).await, ["created Overview"]);
        let first = journey.page("Overview");
        assert_eq!(part(&journey, root, &["b"]).await, ["created Overview (B)"]);
        assert_eq!(part(&journey, root, &["a"]).await, ["unchanged Overview"]);
        assert_eq!(journey.page("Overview"), first, "{product:?}");

        // Where a page stands does not depend on how much of the repository is published with it.
        part(&journey, root, &["x"]).await;
        let places = journey.pages();
        for some in ["x/sub", "x/sub/p.md", "x"] {
            let ended = part(&journey, root, &[some]).await;
            let is_left = |line: &String| line.starts_with("unchanged");
            assert!(ended.iter().all(is_left), "{product:?}, {some}: {ended:?}");
        }
        assert_eq!(journey.pages(), places);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_stays_below_the_page_of_its_folder_that_was_cut_short_and_edited() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path();
        gix::init(root).expect("a repository");
        write(root, &[("s/c.md", "# Canal\n\nFirst.\n")]);
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        // The page of the folder is made, and not completed.
        control.add_fault(Fault {
            method: Some("PUT".to_owned()),
            path: match product {
                Product::Cloud => "/api/v2/pages/".to_owned(),
                Product::DataCenter => "/rest/api/content/".to_owned(),
            },
            times: 1,
            kind: FaultKind::Status { status: 400 },
        });
        let report = journey.publish(root).await;
        let counted = [("created", 1), ("failed", 1)];
        assert_eq!(counts(&report), counted, "{product:?}: {report:#?}");
        let above = journey.page("S");
        let is_below = || journey.page("Canal").parent_id.as_ref() == Some(&above.id);
        assert!(is_below(), "{product:?}");
        let body = format!("{}<p>By hand.</p>", above.body);
        control.edit_page_by_hand(product, &above.id, &body);

        write(root, &[("s/c.md", "# Canal\n\nSecond.\n")]);
        for ended in ["updated Canal", "unchanged Canal"] {
            let part = part(&journey, root, &["s"]).await;
            assert_eq!(part, [ended], "{product:?}");
            assert!(is_below(), "{product:?}");
        }
        assert_eq!(journey.page("S").body, body, "{product:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renamed_file_keeps_its_page_by_what_it_says() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path();
        let pump = "The pump is in the cellar. Clean its filter with water in the spring.";
        write(path, &[("old.md", &format!("# Notes\n\n{pump}\n"))]);
        let journey = Journey::new(product).await;
        journey.publish(path).await;
        let page = journey.page("Notes");
        let rename = |from: &str, to: &str, text: &str| {
            std::fs::remove_file(path.join(from)).expect("the file goes");
            write(path, &[(to, text)]);
        };
        // Changed a little, and under another title.
        rename(
            "old.md",
            "new.md",
            &format!("# Notes\n\n{pump} Or later.\n"),
        );
        assert_eq!(counts(&journey.publish(path).await), [("updated", 1)]);
        rename(
            "new.md",
            "pump.md",
            &format!("# Pump\n\n{pump} Or later.\n"),
        );
        assert_eq!(counts(&journey.publish(path).await), [("updated", 1)]);
        assert_eq!(journey.page("Pump").id, page.id, "{product:?}");

        // With an edit on top it is a conflict, and no second page.
        let control = journey.sandbox.control();
        let by_hand = format!("<p>{pump} Or later. Or never.</p>");
        control.edit_page_by_hand(product, &page.id, &by_hand);
        rename(
            "pump.md",
            "cellar.md",
            &format!("# Pump\n\n{pump} Or later.\n"),
        );
        let report = journey.publish(path).await;
        assert_eq!(counts(&report), [("conflict", 1)], "{product:?}");
        assert_eq!(journey.page("Pump").body, by_hand);
        let mut request = Journey::request(path);
        request.settings.on_conflict = OnConflict::Overwrite;
        let report = journey.publish_as(&request).await;
        assert_eq!(counts(&report), [("updated", 1)]);
        assert_eq!(report.outcomes[0].page_id.as_ref(), Some(&page.id));
        assert_eq!(counts(&journey.publish(path).await), [("unchanged", 1)]);

        // What has only the title is another page.
        rename(
            "cellar.md",
            "door.md",
            "# Pump\n\nTurn the key to the left.\n",
        );
        let report = journey.publish(path).await;
        assert_eq!(counts(&report), [("created", 1), ("orphaned", 1)]);
        let mut problems = report.outcomes[0].problems.iter();
        assert!(problems.any(|problem| problem.code == "page.perhaps_renamed"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_was_cut_short_is_finished_by_its_source_under_another_name() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path();
        let text = "# Pump\n\nClean its filter with water in the spring.\n";
        write(
            path,
            &[("1.md", text), ("2.md", "# Door\n\nTurn the key.\n")],
        );
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        control.add_fault(Fault {
            method: Some("PUT".to_owned()),
            path: String::new(),
            times: 9,
            kind: FaultKind::Status { status: 403 },
        });
        let report = journey.publish(path).await;
        assert_eq!(counts(&report), [("failed", 2)]);
        control.clear_faults();
        let (pump, door) = (journey.page("Pump"), journey.page("Door"));
        assert_eq!(pump.version, 1);
        for gone in ["1.md", "2.md"] {
            std::fs::remove_file(path.join(gone)).expect("the file goes");
        }
        write(path, &[("renamed.md", text)]);
        let mut request = Journey::request(path);
        request.settings.on_orphan = OnOrphan::Trash;
        request.settings.orphan_limit = 100;
        let report = journey.publish_as(&request).await;
        assert_eq!(
            counts(&report),
            [("updated", 1), ("trashed", 1)],
            "{product:?}"
        );
        let held = journey.page("Pump");
        assert_eq!(held.id, pump.id);
        assert!(!held.body.contains("tributary-unfinished"), "{}", held.body);
        assert!(journey.pages().iter().all(|page| page.id != door.id));
        assert_eq!(counts(&journey.publish(path).await), [("unchanged", 1)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_listed_twice_is_one_page() {
    let product = Product::DataCenter;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path();
    let journey = Journey::new(product).await;
    let control = journey.sandbox.control();
    let by_hand = |number: usize| {
        let title = format!("Of people {number}");
        control.create_page_by_hand(product, "DOCS", None, &title, "<p>One.</p>")
    };
    // Ours stand at both sides of the border between two listings.
    let first = by_hand(0).expect("a page");
    assert!(control.trash_page(product, &first));
    for number in journey.pages().len()..247 {
        by_hand(number).expect("a page");
    }
    for number in 0..6 {
        let file = format!("{number}.md");
        write(path, &[(&file, &format!("# Ours {number}\n"))]);
    }
    let report = journey.publish(path).await;
    assert_eq!(counts(&report), [("created", 6)]);
    let restore = {
        let (control, first) = (control.clone(), first.parse().expect("an id"));
        move || {
            let restored = control.store(product).set_status(first, "current");
            restored.expect("it comes back");
        }
    };
    control.clear_requests();
    control.meanwhile("GET", "start=250", restore);
    let mut request = Journey::request(path);
    request.settings.on_orphan = OnOrphan::Trash;
    let report = journey.publish_as(&request).await;
    let mut requests = control.requests().into_iter();
    assert!(requests.any(|request| request.path.contains("start=250")));
    assert!(journey.pages().iter().any(|page| page.id == first));
    assert_eq!(counts(&report), [("unchanged", 6)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_was_cut_short_is_an_orphan_when_its_source_is_gone() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path();
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        write(path, &[("stays.md", "# Stays\n")]);
        journey.publish(path).await;
        let of_people: Vec<String> = (0..60)
            .map(|number| {
                let title = format!("Of people {number}");
                let made =
                    control.create_page_by_hand(product, "DOCS", None, &title, "<p>One.</p>");
                made.expect("a page")
            })
            .collect();
        write(path, &[("door.md", "# Door\n\nTurn the key.\n")]);
        control.add_fault(Fault {
            method: Some("PUT".to_owned()),
            path: String::new(),
            times: 9,
            kind: FaultKind::Status { status: 403 },
        });
        let report = journey.publish(path).await;
        assert_eq!(counts(&report), [("unchanged", 1), ("failed", 1)]);
        control.clear_faults();
        let door = journey.page("Door");
        assert_eq!(door.version, 1);
        // Nothing else is new, and it is found all the same.
        std::fs::remove_file(path.join("door.md")).expect("the file goes");
        control.clear_requests();
        let report = journey.publish(path).await;
        let expected = [("unchanged", 1), ("orphaned", 1)];
        assert_eq!(counts(&report), expected, "{product:?}");
        // What people wrote is not read for that.
        for request in control.requests() {
            let mut ids = of_people.iter();
            let asks = ids.any(|id| request.path.contains(id.as_str()));
            assert!(!asks, "{product:?}: {}", request.path);
        }
        let mut request = Journey::request(path);
        request.settings.on_orphan = OnOrphan::Trash;
        request.settings.orphan_limit = 100;
        let report = journey.publish_as(&request).await;
        let expected = [("unchanged", 1), ("trashed", 1)];
        assert_eq!(counts(&report), expected, "{product:?}");
        assert!(journey.pages().iter().all(|page| page.id != door.id));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_left_the_space_gets_no_second_one_without_a_word() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path();
        let files = [
            ("a.md", "# Alpha\n"),
            ("b.md", "# Beta\n"),
            ("c.md", "# Gamma\n"),
        ];
        write(path, &files);
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        journey.publish(path).await;
        let team = control.pages(product, "TEAM").into_iter();
        let mut team = team.filter(|page| page.parent_id.is_none());
        let team = team.next().expect("a home page").id;
        assert!(control.move_page_by_hand(product, &journey.page("Alpha").id, &team));
        assert!(control.trash_page(product, &journey.page("Beta").id));
        let gamma = journey.page("Gamma").id.parse().expect("an id");
        let status = match product {
            Product::Cloud => "archived",
            Product::DataCenter => "trashed",
        };
        let put_away = control.store(product).set_status(gamma, status);
        put_away.expect("it goes");

        let report = journey.publish(path).await;
        let expected = [("created", 2), ("refused", 1)];
        assert_eq!(counts(&report), expected, "{product:?}");
        for ended in &report.outcomes {
            let codes = ended.problems.iter().map(|problem| problem.code);
            let codes: Vec<&str> = codes.collect();
            match ended.source.as_str() {
                "a.md" => {
                    let reason = ended.reason.as_deref().unwrap_or_default();
                    assert!(reason.contains("in another space"), "{reason}");
                }
                _ => assert_eq!(codes, ["page.made_again"], "{product:?}"),
            }
        }
        // Who wants another one here says so, and is not asked again.
        let mut request = Journey::request(path);
        request.settings.on_conflict = OnConflict::Overwrite;
        let report = journey.publish_as(&request).await;
        let expected = [("created", 1), ("unchanged", 2)];
        assert_eq!(counts(&report), expected, "{product:?}");
        let report = journey.publish(path).await;
        assert_eq!(counts(&report), [("unchanged", 3)], "{product:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_no_list_names_because_a_publish_was_killed_is_not_made_a_second_time() {
    for product in BOTH {
        for at in 1..10 {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let path = folder.path();
            write(path, &[("a.md", "# Delta\n\nFrom Git.\n")]);
            let journey = Journey::new(product).await;
            let prepared = journey.plan(&Journey::request(path)).await;
            journey.kill_at(&prepared, at).await;
            // It puts right what was cut short, and may find nothing to write.
            journey.publish(path).await;
            let page = journey.page("Delta");
            let control = journey.sandbox.control();
            control
                .rename_page_by_hand(product, &page.id, "Another name")
                .expect("a new name");
            let report = journey.publish(path).await;
            assert_eq!(counts(&report), [("conflict", 1)], "{product:?} {at}");
            assert_eq!(report.outcomes[0].page_id.as_ref(), Some(&page.id));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_pages_of_a_file_the_one_that_was_kept_up_stays_and_the_other_is_named() {
    for product in BOTH {
        for makes_version in [false, true] {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let path = folder.path();
            let put = |title: &str| write(path, &[("a.md", &format!("# {title}\n\nWords.\n"))]);
            put("Alpha");
            let journey = Journey::new(product).await;
            let control = journey.sandbox.control();
            let restoring = Restoring {
                makes_version,
                keeps_place: true,
            };
            control.set_restoring(product, restoring);
            journey.publish(path).await;
            let first = journey.page("Alpha").id;
            assert!(control.trash_page(product, &first));
            put("Today");
            let report = journey.publish(path).await;
            assert_eq!(counts(&report), [("created", 1)], "{product:?}");
            let second = journey.page("Today").id;
            assert!(control.restore_page_by_hand(product, &first));
            let restored = journey.page("Alpha");

            for (title, ends) in [("Today", "unchanged"), ("Tomorrow", "updated")] {
                put(title);
                let mut request = Journey::request(path);
                request.settings.on_conflict = OnConflict::Overwrite;
                let report = journey.publish_as(&request).await;
                let ended = &report.outcomes[0];
                assert_eq!(counts(&report), [(ends, 1)], "{product:?}: {report:?}");
                assert_eq!(ended.page_id.as_ref(), Some(&second), "{product:?}");
                assert_eq!(journey.page(title).id, second);
                assert_eq!(journey.page("Alpha"), restored, "{product:?}");
                // Whose version on top is a person's is not always asked where it came from.
                let codes: Vec<&str> = ended.problems.iter().map(|one| one.code).collect();
                let is_named = codes.contains(&"page.twice");
                assert!(is_named || makes_version, "{product:?}: {codes:?}");
            }
        }
    }
}
