//! Pages that somebody edited in Confluence while their sources changed too.

use tributary::publish::{OutcomeKind, PublishReport, PublishRequest, apply, pull};
use tributary::repository;
use tributary_pages::plan::{DiffKind, DiffLine, Marker, OnConflict, StepKind};
use tributary_sandbox::HeldPage;
use tributary_sandbox::signin::Product;

use tokio_util::sync::CancellationToken;

use crate::{Journey, counts, write};

const BOTH: [Product; 2] = [Product::Cloud, Product::DataCenter];

/// A page of one source, published.
struct Merging {
    product: Product,
    journey: Journey,
    folder: tempfile::TempDir,
}

impl Merging {
    async fn new(product: Product, text: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let journey = Journey::new(product).await;
        let merging = Self {
            product,
            journey,
            folder,
        };
        merging.source(text);
        assert_eq!(counts(&merging.publish().await), [("created", 1)]);
        merging
    }

    fn source(&self, text: &str) {
        write(
            self.folder.path(),
            &[("a.md", &format!("# Alpha\n\n{text}"))],
        );
    }

    fn request(&self) -> PublishRequest {
        Journey::request(self.folder.path())
    }

    async fn publish(&self) -> PublishReport {
        self.journey.publish(self.folder.path()).await
    }

    async fn merge(&self) -> PublishReport {
        let mut request = self.request();
        request.settings.on_conflict = OnConflict::Merge;
        self.journey.publish_as(&request).await
    }

    fn page(&self) -> HeldPage {
        self.journey.page("Alpha")
    }

    /// Changes words of the page as a person does in the editor.
    fn edit(&self, changes: &[(&str, &str)]) {
        let page = self.page();
        let mut body = page.body;
        for (from, to) in changes {
            assert!(body.contains(from), "`{from}` is not on the page: {body}");
            body = body.replacen(from, to, 1);
        }
        let control = self.journey.sandbox.control();
        control
            .edit_page_by_hand(self.product, &page.id, &body)
            .expect("an edit");
    }

    /// Asserts what the page says and does not say.
    fn says(&self, words: &[&str], not: &[&str]) {
        let body = self.page().body;
        for word in words {
            assert!(
                body.contains(word),
                "{:?}: `{word}` is lost: {body}",
                self.product
            );
        }
        for word in not {
            assert!(
                !body.contains(word),
                "{:?}: `{word}` is there: {body}",
                self.product
            );
        }
    }
}

const TEXT: &str = "First paragraph, about apples.\n\nSecond paragraph, which says a good deal about pears.\n\n\
    - open the door\n- enter the house\n- close the door\n\n\
    | Name | Value |\n|---|---|\n| one | 1 |\n| two | 2 |\n\n\
    A paragraph that nobody needs.\n\nLast paragraph.\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_merged_again_and_again_keeps_what_the_last_two_need() {
    for product in BOTH {
        let merging = Merging::new(product, TEXT).await;
        for round in 0..4 {
            let (from, to) = (
                format!("pears{}", "!".repeat(round)),
                format!("pears{}", "!".repeat(round + 1)),
            );
            merging.edit(&[(&from, &to)]);
            merging.source(&TEXT.replace("Last paragraph", &format!("Paragraph {round}")));
            assert_eq!(
                counts(&merging.merge().await),
                [("updated", 1)],
                "{product:?}"
            );
            let properties = merging.page().properties;
            let kept = properties
                .iter()
                .filter(|(key, _)| key.starts_with("tributary.base."));
            let kept = kept.count();
            assert!((1..=2).contains(&kept), "{product:?}: {kept}");
        }
        merging.says(&["pears!!!!", "Paragraph 3"], &["Paragraph 2"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_both_changed_is_on_the_page() {
    for product in BOTH {
        let merging = Merging::new(product, TEXT).await;
        merging.edit(&[
            ("about apples", "about green apples"),
            ("Second paragraph", "The second paragraph"),
            ("<p>A paragraph that nobody needs.</p>", ""),
        ]);
        // Twice, so that the version below the one on top is a person's too.
        merging.edit(&[("<p>2</p>", "<p>22</p>")]);
        merging.source(
            &TEXT
                .replace("about pears", "about ripe pears")
                .replace(
                    "- open the door\n- enter the house\n",
                    "- enter the house\n- open the door\n",
                )
                .replace("| one | 1 |", "| one | 11 |")
                .replace("Last paragraph.", "Last paragraph, with more."),
        );
        assert_eq!(counts(&merging.publish().await), [("conflict", 1)]);
        let before = merging.page().version;
        let report = merging.merge().await;
        assert_eq!(counts(&report), [("updated", 1)], "{:?}", report.outcomes);
        merging.says(
            &[
                "about green apples",
                "The second paragraph, which says a good deal about ripe pears",
                "<p>22</p>",
                "<p>11</p>",
                "Last paragraph, with more.",
            ],
            &["nobody needs"],
        );
        let body = merging.page().body;
        assert!(
            body.find("enter the house") < body.find("open the door"),
            "{body}"
        );
        assert_eq!(merging.page().version, before + 1);
        assert!(merging.page().message.contains("merged with an edit"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merged_page_keeps_what_was_written_on_it_however_the_source_goes_on() {
    for product in BOTH {
        let merging = Merging::new(product, TEXT).await;
        merging.edit(&[("about apples", "about green apples")]);
        merging.source(&TEXT.replace("about pears", "about ripe pears"));
        assert_eq!(counts(&merging.merge().await), [("updated", 1)]);
        let words = ["about green apples", "about ripe pears"];
        merging.says(&words, &[]);

        // Nothing changed, so nothing is done, whatever is to be done with conflicts.
        assert_eq!(counts(&merging.publish().await), [("unchanged", 1)]);
        assert_eq!(counts(&merging.merge().await), [("unchanged", 1)]);
        let mut overwrite = merging.request();
        overwrite.settings.on_conflict = OnConflict::Overwrite;
        assert_eq!(
            counts(&merging.journey.publish_as(&overwrite).await),
            [("unchanged", 1)]
        );

        // The source goes on: what the person wrote is not written over without being asked.
        merging.source(&TEXT.replace("Last paragraph.", "The last paragraph."));
        assert_eq!(counts(&merging.publish().await), [("conflict", 1)]);
        merging.says(&words, &["The last"]);
        // The pears are what they were: what the source took back is taken back, because the merge
        // begins from what the source said at the last one.
        assert_eq!(counts(&merging.merge().await), [("updated", 1)]);
        merging.says(
            &["about green apples", "about pears", "The last paragraph."],
            &["ripe"],
        );
        assert_eq!(counts(&merging.merge().await), [("unchanged", 1)]);

        // Both go on.
        merging.edit(&[("<p>2</p>", "<p>22</p>"), ("green", "red")]);
        merging.source(
            &TEXT
                .replace("<p>1</p>", "x")
                .replace("enter the house", "enter the old house"),
        );
        assert_eq!(counts(&merging.merge().await), [("updated", 1)]);
        merging.says(
            &[
                "about red apples",
                "<p>22</p>",
                "enter the old house",
                "Last paragraph.",
            ],
            &["green", "The last"],
        );

        // The source takes everything over, and the page is like any other.
        let taken = TEXT
            .replace("about apples", "about red apples")
            .replace("| two | 2 |", "| two | 22 |")
            .replace("enter the house", "enter the old house");
        merging.source(&taken);
        assert_eq!(counts(&merging.merge().await), [("updated", 1)]);
        assert_eq!(counts(&merging.publish().await), [("unchanged", 1)]);
        merging.source(&taken.replace("red apples", "apples"));
        assert_eq!(counts(&merging.publish().await), [("updated", 1)]);
        merging.says(&["about apples"], &["red"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_that_was_merged_can_be_taken_into_the_source_still() {
    for product in BOTH {
        let merging = Merging::new(product, TEXT).await;
        merging.edit(&[("pears", "plums"), ("enter the house", "enter the garden")]);
        let source = TEXT.replace("Last paragraph", "Final paragraph");
        merging.source(&source);
        assert_eq!(
            counts(&merging.merge().await),
            [("updated", 1)],
            "{product:?}"
        );
        let merged = merging.page();
        assert_eq!(
            counts(&merging.publish().await),
            [("unchanged", 1)],
            "{product:?}"
        );

        let pulled = async || {
            let mut request = merging.request();
            request.settings.on_conflict = OnConflict::Merge;
            request.settings.merges_again = true;
            let prepared = merging.journey.plan(&request).await;
            let folder = repository::open(merging.folder.path()).expect("a folder");
            pull(&prepared, &folder).expect("readable")
        };
        let taken = pulled().await;
        assert_eq!(taken.left, [], "{product:?}");
        let [file] = &taken.files[..] else {
            panic!("{product:?}: {taken:#?}");
        };
        assert!(file.is_certain, "{product:?}");
        let expected = source.replace("pears", "plums");
        let expected = expected.replace("enter the house", "enter the garden");
        assert_eq!(file.after, format!("# Alpha\n\n{expected}"), "{product:?}");

        // What somebody writes on top of the merged version is taken with it.
        merging.edit(&[("apples", "cherries")]);
        let more = pulled().await;
        let expected = expected.replace("apples", "cherries");
        assert_eq!(
            more.files[0].after,
            format!("# Alpha\n\n{expected}"),
            "{product:?}"
        );

        // Once the source says it, the page is one like any other.
        merging.source(&expected);
        assert_eq!(
            counts(&merging.merge().await),
            [("updated", 1)],
            "{product:?}"
        );
        merging.says(
            &["plums", "cherries", "enter the garden", "Final"],
            &["pears"],
        );
        let marker = Marker::find(&merging.page().message).expect("ours");
        assert_eq!(marker.merged, None, "{product:?}");
        assert!(
            Marker::find(&merged.message)
                .expect("ours")
                .merged
                .is_some()
        );
        let report = merging.publish().await;
        assert_eq!(counts(&report), [("unchanged", 1)], "{product:?}");
        let taken = pulled().await;
        assert!(
            taken.files.is_empty() && taken.left.is_empty(),
            "{taken:#?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_both_changed_the_same_words_the_page_is_left_and_the_place_is_named() {
    for product in BOTH {
        let text = "Words.\n\n## Ports\n\nThe port is 80 by default.\n";
        let merging = Merging::new(product, text).await;
        merging.edit(&[("80", "443")]);
        merging.source(&text.replace("80", "8080"));
        let before = merging.page();
        let report = merging.merge().await;
        assert_eq!(counts(&report), [("conflict", 1)]);
        let reason = report.outcomes[0].reason.clone().expect("a reason");
        for named in [
            "`Ports`",
            "`443`",
            "`8080`",
            "line 7 of `a.md`",
            "version 3",
        ] {
            assert!(reason.contains(named), "{named}: {reason}");
        }
        assert_eq!(merging.page(), before, "nothing is written");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_somebody_renamed_is_left_until_the_source_has_the_name() {
    for product in BOTH {
        let merging = Merging::new(product, "Words.\n").await;
        let control = merging.journey.sandbox.control();
        let id = merging.page().id;
        control
            .rename_page_by_hand(product, &id, "Beta")
            .expect("a rename");
        let report = merging.merge().await;
        assert_eq!(counts(&report), [("conflict", 1)]);
        let reason = report.outcomes[0].reason.clone().expect("a reason");
        assert!(reason.contains("from `Alpha` to `Beta`"), "{reason}");
        write(merging.folder.path(), &[("a.md", "# Beta\n\nWords.\n")]);
        assert_eq!(counts(&merging.merge().await), [("updated", 1)]);
        assert_eq!(merging.journey.page("Beta").id, id);
        assert_eq!(counts(&merging.publish().await), [("unchanged", 1)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merged_page_that_is_moved_is_put_back_with_all_its_words() {
    for product in BOTH {
        let merging = Merging::new(product, TEXT).await;
        merging.edit(&[("about apples", "about green apples")]);
        assert_eq!(counts(&merging.merge().await), [("updated", 1)]);
        let control = merging.journey.sandbox.control();
        let other = control
            .create_page_by_hand(product, "DOCS", None, "Elsewhere", "<p>x</p>")
            .expect("a page");
        let page = merging.page();
        assert!(control.move_page_by_hand(product, &page.id, &other));
        assert_eq!(counts(&merging.publish().await), [("conflict", 1)]);
        assert_eq!(counts(&merging.merge().await), [("updated", 1)]);
        merging.says(&["about green apples"], &[]);
        assert_eq!(merging.page().parent_id, page.parent_id);
        assert_eq!(counts(&merging.publish().await), [("unchanged", 1)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_plan_says_that_it_merges_and_shows_the_difference() {
    for product in BOTH {
        let merging = Merging::new(product, TEXT).await;
        merging.edit(&[("about apples", "about green apples")]);
        merging.source(&TEXT.replace("Last paragraph.", "The last paragraph."));
        let control = merging.journey.sandbox.control();
        let id = merging.page().id;
        assert!(control.comment_by_hand(product, &id, "green apples"));
        let mut request = merging.request();
        request.settings.on_conflict = OnConflict::Merge;
        let prepared = merging.journey.plan(&request).await;
        let step = &prepared.plan.steps[0];
        assert!(matches!(step.kind, StepKind::Update { .. }));
        assert!(step.merges.is_some());
        let shown = format!("{:?}", prepared.diff(step).expect("it is there"));
        assert!(shown.contains("The last paragraph."), "{shown}");
        assert!(
            !shown.contains("green"),
            "what stays is no difference: {shown}"
        );
        assert_eq!(merging.merge().await.count(OutcomeKind::Updated), 1);
        merging.says(&[">green apples</ac:inline-comment-marker>"], &[]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_found_any_more_is_not_guessed() {
    for product in BOTH {
        let merging = Merging::new(product, TEXT).await;
        merging.edit(&[("about apples", "about green apples")]);
        assert_eq!(counts(&merging.merge().await), [("updated", 1)]);
        let page = merging.page();
        let store = merging.journey.sandbox.control().store(product);
        let owner = format!("content/{}", page.id);
        let kept = store.properties(&owner, None).expect("the properties");
        let kept = kept
            .iter()
            .find(|property| property.key.starts_with("tributary.base."))
            .expect("what the source said is kept");
        store.remove_property(kept.id).expect("it goes");
        merging.source(&TEXT.replace("Last paragraph.", "The last paragraph."));
        let report = merging.merge().await;
        assert_eq!(counts(&report), [("conflict", 1)]);
        let reason = report.outcomes[0].reason.clone().expect("a reason");
        assert!(reason.contains("not there any more"), "{reason}");
        assert_eq!(
            merging.page(),
            HeldPage {
                properties: merging.page().properties,
                ..page
            }
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_kept_and_changed_by_somebody_is_not_believed() {
    for product in BOTH {
        let merging = Merging::new(product, TEXT).await;
        merging.edit(&[("about apples", "about green apples")]);
        assert_eq!(counts(&merging.merge().await), [("updated", 1)]);
        let page = merging.page();
        let store = merging.journey.sandbox.control().store(product);
        let kept = store
            .properties(&format!("content/{}", page.id), None)
            .expect("the properties")
            .into_iter()
            .find(|property| property.key.starts_with("tributary.base."))
            .expect("what the source said is kept");
        // As if the source had said it, and taken it out since.
        let mut value = kept.value.clone();
        let text = value["text"].as_str().expect("a text");
        value["text"] = text.replace("apples", "green apples").into();
        store
            .set_property(
                &format!("content/{}", page.id),
                kept.id,
                kept.version + 1,
                &value,
            )
            .expect("it is asked")
            .expect("it changes");
        merging.source(&TEXT.replace("Last paragraph.", "The last paragraph."));
        assert_eq!(counts(&merging.merge().await), [("conflict", 1)]);
        merging.says(&["green apples"], &["The last"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_while_the_plan_is_read_is_merged_by_the_next_publish() {
    for product in BOTH {
        let merging = Merging::new(product, TEXT).await;
        merging.edit(&[("about apples", "about green apples")]);
        assert_eq!(counts(&merging.merge().await), [("updated", 1)]);
        merging.source(&TEXT.replace("Last paragraph.", "The last paragraph."));
        let mut request = merging.request();
        request.settings.on_conflict = OnConflict::Merge;
        let prepared = merging.journey.plan(&request).await;
        merging.edit(&[("green", "red")]);
        let report = apply(
            &prepared,
            &prepared.plan.digest,
            &merging.journey.audit,
            &|_| {},
            &CancellationToken::new(),
        )
        .await
        .expect("a report");
        assert_eq!(counts(&report), [("conflict", 1)]);
        merging.says(&["red apples"], &["The last"]);
        // What that publish kept for its version is there, and what the earlier one needs is too.
        assert_eq!(counts(&merging.merge().await), [("updated", 1)]);
        merging.says(&["red apples", "The last paragraph."], &["green"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_becomes_of_an_edit_is_decided_page_by_page() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let text = "First paragraph.\n\nMiddle paragraph.\n\nLast paragraph.\n";
        let source = |name: &str, text: &str| {
            write(
                folder.path(),
                &[(
                    &*format!("{}.md", name.to_lowercase()),
                    &*format!("# {name}\n\n{text}"),
                )],
            );
        };
        let names = ["Alpha", "Beta", "Gamma", "Delta"];
        for name in names {
            source(name, text);
        }
        let journey = Journey::new(product).await;
        journey.publish(folder.path()).await;
        let control = journey.sandbox.control();
        for name in ["Alpha", "Beta", "Gamma"] {
            let page = journey.page(name);
            let body = page.body.replace("First", "Their first");
            control
                .edit_page_by_hand(product, &page.id, &body)
                .expect("an edit");
        }
        for name in names {
            source(name, &text.replace("Last", "Our last"));
        }
        let mut request = Journey::request(folder.path());
        request.settings.on_conflict_of = [
            ("alpha.md".to_owned(), OnConflict::Merge),
            ("beta.md".to_owned(), OnConflict::Overwrite),
        ]
        .into();

        let plan = journey.plan(&request).await;
        for step in &plan.plan.steps {
            let edit = plan.edit_of(step).await.expect("the versions are read");
            if step.title == "Delta" {
                assert_eq!(edit, None, "nobody edited it");
                assert_eq!(step.conflict, None);
                continue;
            }
            let edit = edit.expect("somebody edited it");
            let changed: Vec<(bool, &str)> = edit
                .iter()
                .filter(|line| matches!(line.kind, DiffKind::Added | DiffKind::Removed))
                .map(|line| (line.kind == DiffKind::Added, line.text.trim()))
                .collect();
            // Whatever becomes of it: what they changed, and nothing that the source changed.
            let expected = [
                (false, "First paragraph."),
                (true, "Their first paragraph."),
            ];
            assert_eq!(changed, expected, "{}", step.title);
        }

        let report = journey.publish_as(&request).await;
        assert_eq!(counts(&report), [("updated", 3), ("conflict", 1)]);
        for (name, theirs, ours) in [
            ("Alpha", true, true),
            ("Beta", false, true),
            ("Gamma", true, false),
            ("Delta", false, true),
        ] {
            let body = journey.page(name).body;
            assert_eq!(body.contains("Their first"), theirs, "{name}: {body}");
            assert_eq!(body.contains("Our last"), ours, "{name}: {body}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_that_somebody_changed_is_part_of_their_edit() {
    for product in BOTH {
        let merging = Merging::new(product, TEXT).await;
        let control = merging.journey.sandbox.control();
        control
            .rename_page_by_hand(product, &merging.page().id, "Beta")
            .expect("a version");
        let changed = |lines: &[DiffLine]| -> Vec<String> {
            let lines = lines.iter().filter_map(|line| match line.kind {
                DiffKind::Added => Some(format!("+ {}", line.text)),
                DiffKind::Removed => Some(format!("- {}", line.text)),
                DiffKind::Same | DiffKind::Gap => None,
            });
            lines.collect()
        };
        let plan = merging.journey.plan(&merging.request()).await;
        let edit = plan.edit_of(&plan.plan.steps[0]).await;
        let edit = edit.expect("the versions are read");
        let edit = edit.expect("somebody edited it");
        assert_eq!(changed(&edit), ["- # Alpha", "+ # Beta"], "{product:?}");

        let mut request = merging.request();
        request.settings.on_conflict = OnConflict::Overwrite;
        let plan = merging.journey.plan(&request).await;
        let step = &plan.plan.steps[0];
        assert_eq!(step.title_before(), Some("Beta"));
        let lost = plan.diff(step).expect("it is there");
        assert_eq!(changed(&lost), ["- # Beta", "+ # Alpha"], "{product:?}");
    }
}
