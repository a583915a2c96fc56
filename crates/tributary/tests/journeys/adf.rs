//! Pages in the Atlassian Document Format, on Cloud.

use std::collections::BTreeMap;

use tokio_util::sync::CancellationToken;
use tributary::ErrorKind;
use tributary::links::Links;
use tributary::publish::{
    OutcomeKind, PublishReport, PublishRequest, Undone, apply, plan, plan_undo,
};
use tributary_pages::markup::BodyFormat;
use tributary_pages::plan::{DrawingForm, OnConflict, StepKind};
use tributary_sandbox::HeldPage;
use tributary_sandbox::format::check_adf;
use tributary_sandbox::signin::Product;

use crate::corpus::{broken, copy, repositories};
use crate::links::checked;
use crate::{Journey, counts, sample, write};

const FORMAT: &str = "atlas_doc_format";
/// A picture of one dot.
const DOT: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"8\" height=\"8\"></svg>";

fn request(folder: &std::path::Path) -> PublishRequest {
    let mut request = Journey::request(folder);
    request.settings.format = BodyFormat::Adf;
    request
}

/// Writes the bodies down where `TRIBUTARY_ADF_OUT` says, for Atlassian's own renderer and validator.
#[expect(clippy::disallowed_methods, reason = "tests write plain files")]
fn write_down(journey: &Journey, name: &str) {
    let Some(folder) = std::env::var_os("TRIBUTARY_ADF_OUT") else {
        return;
    };
    let folder = std::path::PathBuf::from(folder);
    std::fs::create_dir_all(&folder).expect("the folder is made");
    for page in journey.pages() {
        if page.representation == FORMAT {
            let file = folder.join(format!("{name}-{}.adf.json", page.id));
            std::fs::write(file, &page.body).expect("the body is written");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn real_repositories_are_published_and_read_again() {
    for (name, source) in repositories() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let copied = folder.path().join(&name);
        copy(&source, &copied);
        let journey = Journey::new(Product::Cloud).await;
        let mut wanted = request(&copied);
        // `diagrams` draws.
        wanted.settings.drawings.mermaid = DrawingForm::Code;
        wanted.verify = true;
        let report = journey.publish_as(&wanted).await;
        for outcome in &report.outcomes {
            let is_fine = matches!(outcome.kind, OutcomeKind::Created | OutcomeKind::Refused);
            assert!(is_fine, "{name}: {outcome:?}");
        }
        let created = report.count(OutcomeKind::Created);
        assert_eq!(writes(&report), 2 * created, "{name}");
        all_is_well(&journey);
        write_down(&journey, &name);
        let broken = broken(&journey).await;
        assert!(broken.is_empty(), "{name}: {broken:?}");
        let again = journey.publish_as(&wanted).await;
        assert_eq!(
            again.count(OutcomeKind::Unchanged),
            created,
            "{name}: {again:?}"
        );
        println!("{name}: {created} pages");
    }
}

/// Every page is in the format, valid, and names nothing that does not exist.
fn all_is_well(journey: &Journey) -> BTreeMap<String, HeldPage> {
    let pages: Vec<HeldPage> = journey.pages();
    let ids: Vec<&str> = pages.iter().map(|page| page.id.as_str()).collect();
    for page in pages.iter().filter(|page| page.representation == FORMAT) {
        let body: serde_json::Value = serde_json::from_str(&page.body).expect("JSON");
        assert_eq!(check_adf(&body), Ok(()), "{}", page.title);
        for name in ["href", "url", "collection"] {
            for start in ["", "https://"] {
                let unfilled = format!("\"{name}\":\"{start}tributary.invalid");
                assert!(!page.body.contains(&unfilled), "{}", page.body);
            }
        }
        let anchor = "{\"value\":\"tributary-unfinished-";
        assert!(!page.body.contains(anchor), "{}", page.body);
        for (at, start) in page.body.match_indices("/spaces/DOCS/pages/") {
            let rest = &page.body[at + start.len()..];
            let id: String = rest.chars().take_while(char::is_ascii_digit).collect();
            assert!(ids.contains(&id.as_str()), "{} leads to {id}", page.title);
        }
        let mut media = Vec::new();
        media_of(&body, &mut media);
        for (id, collection) in media {
            assert_eq!(collection, format!("contentId-{}", page.id));
            let file = page.attachments.iter().find(|file| file.file_id == id);
            assert!(file.is_some(), "`{}` shows {id}: {page:?}", page.title);
        }
    }
    pages
        .into_iter()
        .map(|page| (page.title.clone(), page))
        .collect()
}

fn media_of(node: &serde_json::Value, found: &mut Vec<(String, String)>) {
    let attribute = |name: &str| node["attrs"][name].as_str().map(str::to_owned);
    if let (Some(id), Some(collection)) = (attribute("id"), attribute("collection")) {
        found.push((id, collection));
    }
    for inner in node["content"].as_array().into_iter().flatten() {
        media_of(inner, found);
    }
}

fn writes(report: &PublishReport) -> usize {
    let by = &report.traffic.by_endpoint;
    let count = |name: &str| {
        by.get(name)
            .map_or(0, |count| usize::try_from(*count).expect("few"))
    };
    count("POST /api/v2/pages") + count("PUT /api/v2/pages/{id}")
}

#[tokio::test]
async fn pages_name_the_ids_of_pages_and_files() {
    let journey = Journey::new(Product::Cloud).await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(
        folder.path(),
        &[
            // Links to what is below it, to what is beside it, and back: nobody can be first.
            (
                "index.md",
                "# Top\n\n[below](sub/index.md) [](b.md) and [part](b.md#part)\n\n![dot](dot.svg)\n",
            ),
            ("b.md", "# Beside\n\n## Part\n\n[up](index.md)\n"),
            (
                "sub/index.md",
                "# Below\n\n[top](../index.md) [deep](deep.md)\n",
            ),
            (
                "sub/deep.md",
                "# Deep\n\nA ![dot](../dot.svg) and [b](../b.md), [all](index.md).\n",
            ),
            ("dot.svg", DOT),
        ],
    );
    let mut wanted = request(folder.path());
    wanted.verify = true;
    // Fewer at once than wait for each other.
    wanted.concurrency = 1;
    let report = journey.publish_as(&wanted).await;
    assert_eq!(counts(&report), [("created", 4)], "{report:?}");
    assert_eq!(writes(&report), 8, "{:?}", report.traffic.by_endpoint);
    let pages = all_is_well(&journey);
    let site = journey.client.site();
    let address = |title: &str| format!("\"{site}/spaces/DOCS/pages/{}", pages[title].id);
    for (page, parts) in [
        (
            "Top",
            vec![
                address("Below"),
                address("Beside"),
                format!("{}#part\"", address("Beside")),
            ],
        ),
        ("Beside", vec![address("Top")]),
        ("Below", vec![address("Top"), address("Deep")]),
        ("Deep", vec![address("Below"), address("Beside")]),
    ] {
        assert_eq!(pages[page].representation, FORMAT);
        for part in parts {
            assert!(
                pages[page].body.contains(&part),
                "{part}: {}",
                pages[page].body
            );
        }
    }
    assert!(pages["Top"].body.contains("inlineCard"));
    // Whoever came by before all was there found no link that leads nowhere.
    let first = journey
        .client
        .at_version(&pages["Top"].id, 1, BodyFormat::Adf)
        .await
        .expect("the first version");
    let first = first.body.expect("its body");
    assert!(
        first.contains("below") && first.contains("dot.svg"),
        "{first}"
    );
    assert!(!first.contains("tributary.invalid"), "{first}");
    assert_eq!(
        counts(&journey.publish_as(&wanted).await),
        [("unchanged", 4)]
    );

    // A picture that changes has another id, and its page names that one.
    write(folder.path(), &[("dot.svg", &DOT.replace('8', "9"))]);
    assert_eq!(
        counts(&journey.publish_as(&wanted).await),
        [("updated", 2), ("unchanged", 2)]
    );
    all_is_well(&journey);

    // A page that is gone comes back with another id, and what leads to it leads there again.
    journey
        .client
        .trash(&pages["Beside"].id)
        .await
        .expect("it is trashed");
    let report = journey.publish_as(&wanted).await;
    assert_eq!(
        counts(&report),
        [("created", 1), ("updated", 2), ("unchanged", 1)],
        "{report:?}"
    );
    all_is_well(&journey);
    assert_eq!(
        counts(&journey.publish_as(&wanted).await),
        [("unchanged", 4)]
    );
}

#[tokio::test]
async fn the_sample_is_published_and_read_again() {
    let (_keep, folder) = sample();
    let journey = Journey::new(Product::Cloud).await;
    let mut wanted = request(&folder);
    wanted.verify = true;
    let report = journey.publish_as(&wanted).await;
    let created = report.count(OutcomeKind::Created);
    assert_eq!(counts(&report), [("created", created)], "{report:?}");
    assert_eq!(writes(&report), 2 * created);
    all_is_well(&journey);
    // Links are looked at in storage format, in which the site tells files by their names.
    let found = checked(&journey, Links::Internal).await;
    assert_eq!(found.broken, []);
    assert!(found.checked > created, "{found:?}");
    assert_eq!(
        counts(&journey.publish_as(&wanted).await),
        [("unchanged", created)]
    );
    write_down(&journey, "sample");
    // The other format is another state of every page, and back.
    let storage = Journey::request(&folder);
    assert_eq!(
        counts(&journey.publish_as(&storage).await),
        [("updated", created)]
    );
    let is_storage = |page: &HeldPage| page.representation == "storage";
    assert!(journey.pages().iter().all(is_storage));
    let report = journey.publish_as(&wanted).await;
    assert_eq!(counts(&report), [("updated", created)], "{report:?}");
    all_is_well(&journey);
}

#[tokio::test]
async fn a_link_to_a_page_that_was_not_made_is_mended_by_the_next_publish() {
    let journey = Journey::new(Product::Cloud).await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(
        folder.path(),
        &[
            ("a.md", "# Alpha\n\n[to it](b.md)\n"),
            ("b.md", "# Beta\n\n[back](a.md)\n"),
        ],
    );
    let wanted = request(folder.path());
    let prepared = journey.plan(&wanted).await;
    let control = journey.sandbox.control();
    let taken = control.create_page_by_hand(journey.product, "DOCS", None, "Beta", "<p>x</p>");
    let cancel = CancellationToken::new();
    let digest = &prepared.plan.digest;
    let report = apply(&prepared, digest, &journey.audit, &|_| {}, &cancel)
        .await
        .expect("a report");
    assert_eq!(
        counts(&report),
        [("created", 1), ("failed", 1)],
        "{report:?}"
    );
    let alpha = &report.outcomes[0];
    assert_eq!(alpha.problems[0].code, "link.page_not_made");
    let body = all_is_well(&journey)["Alpha"].body.clone();
    assert!(body.contains("to it") && !body.contains("href"), "{body}");

    assert!(control.trash_page(journey.product, &taken.expect("a page")));
    let report = journey.publish_as(&wanted).await;
    assert_eq!(
        counts(&report),
        [("created", 1), ("updated", 1)],
        "{report:?}"
    );
    assert!(all_is_well(&journey)["Alpha"].body.contains("href"));
    assert_eq!(
        counts(&journey.publish_as(&wanted).await),
        [("unchanged", 2)]
    );
}

/// Changes the words of a page as somebody does in the editor.
fn edit(journey: &Journey, title: &str, from: &str, to: &str) {
    let page = journey.page(title);
    assert!(page.body.contains(from), "{from} in {}", page.body);
    let body = page.body.replacen(from, to, 1);
    let control = journey.sandbox.control();
    let version = control.edit_page_by_hand(journey.product, &page.id, &body);
    assert_eq!(version, Some(page.version + 1));
}

#[tokio::test]
async fn what_people_write_is_not_lost() {
    let journey = Journey::new(Product::Cloud).await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text = |first: &str| {
        format!(
            "# Alpha\n\n{first}\n\n## Words\n\nSecond paragraph.\n\n![dot](dot.svg)\n\n\
             Third with [a link](b.md).\n"
        )
    };
    write(
        folder.path(),
        &[
            ("a.md", &text("First.")),
            ("b.md", "# Beta\n"),
            ("dot.svg", DOT),
        ],
    );
    let mut wanted = request(folder.path());
    assert_eq!(counts(&journey.publish_as(&wanted).await), [("created", 2)]);

    edit(
        &journey,
        "Alpha",
        "Second paragraph.",
        "Second paragraph, and more of it.",
    );
    write(folder.path(), &[("a.md", &text("First, changed."))]);
    let report = journey.publish_as(&wanted).await;
    assert_eq!(counts(&report), [("unchanged", 1), ("conflict", 1)]);

    wanted.settings.on_conflict = OnConflict::Merge;
    wanted.verify = true;
    let prepared = journey.plan(&wanted).await;
    let is_update =
        |step: &&tributary_pages::plan::Step| matches!(step.kind, StepKind::Update { .. });
    let step = prepared
        .plan
        .steps
        .iter()
        .find(is_update)
        .expect("an update");
    let changed: Vec<String> = prepared
        .diff(step)
        .expect("it is there")
        .into_iter()
        .filter(|line| line.kind == tributary_pages::plan::DiffKind::Added)
        .map(|line| line.text)
        .collect();
    assert_eq!(
        changed,
        ["First, changed."],
        "only what the source changed differs"
    );
    let report = journey.publish_as(&wanted).await;
    assert_eq!(
        counts(&report),
        [("updated", 1), ("unchanged", 1)],
        "{report:?}"
    );
    let pages = all_is_well(&journey);
    let body = &pages["Alpha"].body;
    for words in [
        "First, changed.",
        "Second paragraph, and more of it.",
        &pages["Beta"].id,
    ] {
        assert!(body.contains(words), "{words} in {body}");
    }
    assert_eq!(pages["Alpha"].representation, FORMAT);

    // Both change the same words.
    edit(&journey, "Alpha", "First, changed.", "First, by hand.");
    write(folder.path(), &[("a.md", &text("First, otherwise."))]);
    let report = journey.publish_as(&wanted).await;
    assert_eq!(counts(&report), [("unchanged", 1), ("conflict", 1)]);
}

#[tokio::test]
async fn inline_comments_keep_their_place() {
    let journey = Journey::new(Product::Cloud).await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(
        folder.path(),
        &[("a.md", "# Alpha\n\nSome words that matter here.\n")],
    );
    let wanted = request(folder.path());
    journey.publish_as(&wanted).await;
    let page = journey.page("Alpha");
    let control = journey.sandbox.control();
    assert!(control.comment_by_hand(journey.product, &page.id, "words that matter"));
    write(
        folder.path(),
        &[(
            "a.md",
            "# Alpha\n\nBefore all: some words that matter here.\n\n- new\n",
        )],
    );
    let report = journey.publish_as(&wanted).await;
    assert_eq!(counts(&report), [("updated", 1)], "{report:?}");
    let body = all_is_well(&journey)["Alpha"].body.clone();
    assert!(body.contains("Before all"), "{body}");
    assert!(body.contains("\"annotation\""), "{body}");
    assert!(body.contains("\"text\":\"words that matter\""), "{body}");
}

#[tokio::test]
async fn data_center_is_refused_with_words() {
    let journey = Journey::new(Product::DataCenter).await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(
        folder.path(),
        &[
            ("a.md", "---\nformat: adf\n---\n# Alpha\n"),
            ("b.md", "# Beta\n"),
        ],
    );
    let cancel = CancellationToken::new();
    let refused = plan(&journey.client, &request(folder.path()), &|_| {}, &cancel).await;
    let error = refused.expect_err("it is refused");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.chain().contains("Data Center"), "{}", error.chain());
    assert!(journey.pages().iter().all(|page| page.title != "Alpha"));

    // One page of a repository that is published to both is sent as the site takes it.
    let report = journey.publish(folder.path()).await;
    assert_eq!(counts(&report), [("created", 2)]);
    let of_alpha = |outcome: &&tributary::publish::Outcome| outcome.title == "Alpha";
    let alpha = report.outcomes.iter().find(of_alpha).expect("the page");
    assert_eq!(alpha.problems[0].code, "format.cloud_only");
}

#[tokio::test]
async fn front_matter_names_the_format_of_one_page() {
    let journey = Journey::new(Product::Cloud).await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(
        folder.path(),
        &[
            ("a.md", "---\nformat: adf\n---\n# Alpha\n\n[b](b.md)\n"),
            ("b.md", "# Beta\n\n[a](a.md)\n"),
            ("c.md", "---\nformat: html\n---\n# Gamma\n"),
        ],
    );
    assert_eq!(
        counts(&journey.publish(folder.path()).await),
        [("created", 3)]
    );
    let pages = all_is_well(&journey);
    assert_eq!(pages["Alpha"].representation, FORMAT);
    assert_eq!(pages["Beta"].representation, "storage");
    assert_eq!(pages["Gamma"].representation, "storage");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publish_that_is_taken_back_is_what_it_was_to_the_letter() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let page = "# Page\n\nFirst <span style=\"color: #ff0000\">words</span>.\n\n![Dot](dot.svg)\n";
    write(
        folder.path(),
        &[
            ("page.md", page),
            ("dot.svg", DOT),
            ("plain.md", "---\nformat: storage\n---\n# Plain\n\nFirst.\n"),
        ],
    );
    let journey = Journey::new(Product::Cloud).await;
    let wanted = request(folder.path());
    journey.publish_as(&wanted).await;
    let held = || -> BTreeMap<String, (String, String)> {
        let pages = journey.pages().into_iter();
        pages
            .map(|page| (page.title, (page.representation, page.body)))
            .collect()
    };
    let before = held();
    assert_eq!(before["Page"].0, FORMAT);
    write(
        folder.path(),
        &[
            ("page.md", &page.replace("First", "Second")),
            (
                "plain.md",
                "---\nformat: storage\n---\n# Plain\n\nSecond.\n",
            ),
        ],
    );
    let report = journey.publish_as(&wanted).await;
    assert_eq!(counts(&report), [("updated", 2)]);
    assert!(held()["Page"].1.contains("Second"));

    let undone = Undone::read(report.to_json().to_string().as_bytes()).expect("a report");
    let cancel = CancellationToken::new();
    let undo = plan_undo(&journey.client, &undone, 4, &|_| {}, &cancel)
        .await
        .expect("a plan");
    let taken = apply(&undo, &undo.plan.digest, &journey.audit, &|_| {}, &cancel).await;
    assert_eq!(counts(&taken.expect("a report")), [("updated", 2)]);
    assert_eq!(held(), before);
}
