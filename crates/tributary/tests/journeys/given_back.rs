//! Taking a publish back where pages depend on each other, or are a person's again.

use tributary_pages::plan::{OnConflict, OnOrphan};
use tributary_sandbox::signin::Product;

use crate::restoring::{planned, reasons, shown, trash};
use crate::undo::{BOTH, codes, take_back};
use crate::{Journey, counts, write};

/// Three pages below one, or two of them below another that was put in its place.
fn put(folder: &std::path::Path, parent: &str, head: &str) {
    let below = |label: &str| format!("---\n{head}labels: [{label}]\nparent: {parent}\n---\n");
    let is_north = parent == "North";
    let alpha = format!("{}# Alpha\n\nOf A.\n", below(&parent.to_lowercase()));
    let plain = format!("---\n{head}parent: {parent}\n---\n");
    let (beta, gamma) = (format!("{plain}# Beta\n"), format!("{plain}# Gamma\n"));
    let above = format!("---\n{head}---\n# {parent}\n\nAll that is in the {parent}.\n");
    write(folder, &[("1-alpha.md", &alpha), ("3-beta.md", &beta)]);
    match is_north {
        true => write(folder, &[("north.md", &above), ("2-gamma.md", &gamma)]),
        false => {
            write(folder, &[("south.md", &above)]);
            for gone in ["north.md", "2-gamma.md"] {
                std::fs::remove_file(folder.join(gone)).expect("it goes");
            }
        }
    }
}

/// The titles of pages with those of the pages above, as they stand below each.
fn places(journey: &Journey) -> Vec<(Option<String>, String)> {
    let pages = journey.pages();
    let title = |id: &String| {
        pages
            .iter()
            .find(|page| page.id == *id)
            .map(|page| page.title.clone())
    };
    let place = |page: &tributary_sandbox::HeldPage| {
        (page.parent_id.as_ref().and_then(title), page.title.clone())
    };
    let mut places: Vec<_> = pages.iter().map(place).collect();
    places.sort_by(|a, b| a.0.cmp(&b.0));
    places
}

const FORMATS: [(Product, &str); 3] = [
    (Product::Cloud, ""),
    (Product::Cloud, "format: adf\n"),
    (Product::DataCenter, ""),
];

#[tokio::test(flavor = "multi_thread")]
async fn pages_go_back_below_one_that_comes_out_of_the_trash() {
    for (product, head) in FORMATS {
        let about = format!("{product:?}, {head}");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let journey = Journey::new(product).await;
        put(folder.path(), "North", head);
        journey.publish(folder.path()).await;
        let north = shown(&journey);
        let places = || places(&journey);
        let below_north = places();
        put(folder.path(), "South", head);
        let report = trash(&journey, folder.path()).await;
        let changes = [("created", 1), ("updated", 1), ("moved", 1), ("trashed", 2)];
        assert_eq!(counts(&report), changes, "{about}");
        let (south, below_south) = (shown(&journey), places());

        // What is taken back is taken back in the same way, in both directions.
        let mut report = report;
        let all = [(&north, &below_north), (&south, &below_south)];
        for (number, (pages, below)) in all.into_iter().cycle().take(3).enumerate() {
            report = take_back(&journey, &report.to_json()).await;
            assert!(report.is_complete(), "{about}, {number}: {report:#?}");
            assert_eq!(codes(&report), Vec::<&str>::new(), "{about}, {number}");
            assert_eq!(&places(), below, "{about}, {number}");
            // A page whose source is gone comes back in storage format.
            if head.is_empty() {
                assert_eq!(&shown(&journey), pages, "{about}, {number}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undo_that_is_killed_while_pages_go_back_is_finished_by_the_next_try() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let journey = Journey::new(product).await;
        let mut at = 1;
        loop {
            put(folder.path(), "North", "");
            std::fs::remove_file(folder.path().join("south.md")).ok();
            trash(&journey, folder.path()).await;
            let north = shown(&journey);
            put(folder.path(), "South", "");
            let report = trash(&journey, folder.path()).await.to_json();
            let prepared = planned(&journey, &report).await;
            let is_killed = journey.kill_at(&prepared, at).await;
            take_back(&journey, &report).await;
            assert_eq!(shown(&journey), north, "{product:?}, {at}");
            if !is_killed {
                break;
            }
            at += 2;
        }
        assert!(at > 9, "{product:?}: it was killed before");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_whose_former_parent_cannot_come_back_stay_with_the_page_above_them() {
    for (product, is_purged) in BOTH.into_iter().flat_map(|it| [(it, true), (it, false)]) {
        let about = format!("{product:?}, {is_purged}");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        put(folder.path(), "North", "");
        journey.publish(folder.path()).await;
        let north = journey.page("North").id;
        put(folder.path(), "South", "");
        let report = trash(&journey, folder.path()).await;
        let south = journey.page("South").id;
        match is_purged {
            true => assert!(control.purge_page(product, &north)),
            false => {
                control.create_page_by_hand(product, "DOCS", None, "North", "<p>Theirs.</p>");
            }
        }
        let taken_back = take_back(&journey, &report.to_json()).await;
        // Alpha's text goes back, and Gamma comes back somewhere.
        let counted = [("updated", 1), ("restored", 1), ("refused", 3)];
        assert_eq!(counts(&taken_back), counted, "{about}: {taken_back:#?}");
        let said = codes(&taken_back);
        assert_eq!(said, ["undo.place", "undo.place"], "{about}");
        for title in ["Alpha", "Beta"] {
            let parent = journey.page(title).parent_id;
            assert_eq!(parent.as_ref(), Some(&south), "{about}: {title}");
        }
        let said = reasons(&taken_back);
        let of = |title: &str| {
            let found = said.iter().find(|(of, _)| *of == title);
            found.map(|(_, reason)| *reason).unwrap_or_default()
        };
        assert!(of("Beta").contains("is not there any more"), "{said:?}");
        assert!(of("South").contains("`Alpha` is below it"), "{said:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_that_a_person_gave_a_page_of_theirs_is_not_taken_from_it() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        let put = |a: &str, b: &str| {
            let (a, b) = (format!("# {a}\n\nOf A.\n"), format!("# {b}\n\nOf B.\n"));
            write(folder.path(), &[("a.md", &a), ("b.md", &b)]);
        };
        put("Alpha", "Beta");
        journey.publish(folder.path()).await;
        let before = shown(&journey);
        put("Gamma", "Alpha");
        let report = journey.publish(folder.path()).await;
        assert_eq!(counts(&report), [("updated", 2)], "{product:?}");
        let theirs = control
            .create_page_by_hand(product, "DOCS", None, "beta", "<p>Theirs.</p>")
            .expect("a page");

        // The page of A would get the title that the page of B keeps then.
        let now = shown(&journey);
        let taken_back = take_back(&journey, &report.to_json()).await;
        assert_eq!(counts(&taken_back), [("refused", 2)], "{product:?}");
        let said = reasons(&taken_back);
        let of = |title: &str| said.iter().any(|(_, why)| why.contains(title));
        assert!(of("had, `Alpha`") && of("had, `Beta`"), "{said:?}");
        assert_eq!(shown(&journey), now, "{product:?}");

        control.rename_page_by_hand(product, &theirs, "Theirs");
        let taken_back = take_back(&journey, &report.to_json()).await;
        assert_eq!(counts(&taken_back), [("updated", 2)], "{product:?}");
        control.trash_page(product, &theirs);
        assert_eq!(shown(&journey), before, "{product:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_was_taken_over_is_its_persons_again() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path();
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        let home = journey.pages()[0].id.clone();
        let id = control
            .create_page_by_hand(product, "DOCS", Some(&home), "Theirs", "<p>Words.</p>")
            .expect("a page");
        let named = format!("---\npage_id: {id}\n---\n# Ours\n\nFrom Git.\n");
        let mut request = Journey::request(path);
        request.settings.on_orphan = OnOrphan::Trash;
        request.settings.orphan_limit = 100;
        for (words, conflicts) in [
            ("<p>More words.</p>", OnConflict::Refuse),
            ("<p>Other words.</p>", OnConflict::Merge),
            ("<p>Last words.</p>", OnConflict::Overwrite),
        ] {
            let about = format!("{product:?}, {conflicts:?}");
            request.settings.on_conflict = conflicts;
            control.edit_page_by_hand(product, &id, words);
            let is_theirs = || {
                let page = journey.page("Theirs");
                assert_eq!((&page.id, page.body.as_str()), (&id, words), "{about}");
                let mut ours = page.properties.iter().map(|(key, _)| key);
                assert!(!ours.any(|key| key == "tributary.source"), "{about}");
            };
            // Naming it is to ask for it, whatever was taken back before.
            for _ in 0..2 {
                write(path, &[("a.md", &named)]);
                let report = journey.publish_as(&request).await;
                assert_eq!(counts(&report), [("updated", 1)], "{about}");
                assert_eq!(codes(&report), ["page.taken_over"], "{about}");
                assert!(journey.page("Ours").body.contains("From Git."), "{about}");
                let taken_back = take_back(&journey, &report.to_json()).await;
                assert_eq!(counts(&taken_back), [("updated", 1)], "{about}");
                is_theirs();
            }
            // A file that does not name it gets a page of its own, and it is no orphan of one that is gone.
            for (file, other) in [("a.md", "b.md"), ("b.md", "a.md")] {
                write(path, &[(file, "# Ours\n\nFrom Git.\n")]);
                std::fs::remove_file(path.join(other)).ok();
                let report = journey.publish_as(&request).await;
                assert_eq!(counts(&report), [("created", 1)], "{about}, {file}");
                is_theirs();
                take_back(&journey, &report.to_json()).await;
            }
            std::fs::remove_file(path.join("b.md")).expect("it goes");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_that_was_given_back_is_merged_with_what_the_source_says() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path();
        let put = |last: &str| {
            let text = format!("# Alpha\n\nThe first line.\n\nIn between.\n\n{last}\n");
            write(path, &[("a.md", &text)]);
        };
        let journey = Journey::new(product).await;
        put("The last line.");
        journey.publish(path).await;
        let page = journey.page("Alpha");
        let body = page.body.replace("first line", "first line by hand");
        let control = journey.sandbox.control();
        control.edit_page_by_hand(product, &page.id, &body);
        put("The last line, changed.");
        let mut request = Journey::request(path);
        request.settings.on_conflict = OnConflict::Overwrite;
        let report = journey.publish_as(&request).await;
        take_back(&journey, &report.to_json()).await;
        assert_eq!(journey.page("Alpha").body, body, "{product:?}");
        let report = journey.publish(path).await;
        assert_eq!(counts(&report), [("conflict", 1)], "{product:?}");

        request.settings.on_conflict = OnConflict::Merge;
        let report = journey.publish_as(&request).await;
        assert_eq!(counts(&report), [("updated", 1)], "{product:?}");
        let merged = journey.page("Alpha").body;
        for words in ["first line by hand", "last line, changed"] {
            assert!(merged.contains(words), "{product:?}: {merged}");
        }
    }
}
