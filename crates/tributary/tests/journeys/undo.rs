//! Taking a publish back.

use serde_json::Value;
use tokio_util::sync::CancellationToken;
use tributary::publish::{PastReports, PublishReport, PublishRequest, Undone, apply, plan_undo};
use tributary::store::Paths;
use tributary_pages::markup::BodyFormat;
use tributary_pages::plan::{LabelMode, OnConflict};
use tributary_sandbox::signin::Product;
use tributary_sandbox::{Fault, FaultKind};

use crate::order::below;
use crate::restoring::planned;
use crate::{Journey, counts, write};

/// A page with a picture and a file, in a format.
pub(crate) fn put_files(folder: &std::path::Path, edition: u32, format: BodyFormat) {
    let head = match format {
        BodyFormat::Storage => "",
        BodyFormat::Adf => "---\nformat: adf\n---\n",
    };
    let text = format!("{head}# Alpha\n\nEdition {edition}.\n\n![A](a.svg) [All](all.bin)\n");
    let picture = format!("<svg xmlns='http://www.w3.org/2000/svg' width='{edition}' height='1'/>");
    let file = format!("File {edition}. ").repeat(200_000);
    write(
        folder,
        &[("a.md", &text), ("a.svg", &picture), ("all.bin", &file)],
    );
}

/// The hashes of a page's files by their names, and the versions.
fn files_of(journey: &Journey) -> Vec<(String, String, i64)> {
    let page = journey.page("Alpha");
    let files = page.attachments.into_iter();
    files
        .map(|file| (file.filename, file.sha256, file.version))
        .collect()
}

/// The same without versions.
pub(crate) fn contents(journey: &Journey) -> Vec<(String, String)> {
    let files = files_of(journey).into_iter();
    files.map(|(name, hash, _)| (name, hash)).collect()
}

pub(crate) fn codes(report: &PublishReport) -> Vec<&str> {
    let outcomes = report.outcomes.iter();
    let problems = outcomes.flat_map(|outcome| outcome.problems.iter());
    problems.map(|problem| problem.code).collect()
}

/// Each product with the formats that it takes.
const EACH_FORMAT: [(Product, BodyFormat); 3] = [
    (Product::Cloud, BodyFormat::Storage),
    (Product::Cloud, BodyFormat::Adf),
    (Product::DataCenter, BodyFormat::Storage),
];

#[tokio::test(flavor = "multi_thread")]
async fn files_that_others_were_put_in_the_place_of_come_back() {
    for (product, format) in EACH_FORMAT {
        let folder = tempfile::tempdir().expect("a temporary folder");
        put_files(folder.path(), 1, format);
        let journey = Journey::new(product).await;
        journey.publish(folder.path()).await;
        let (first, body) = (contents(&journey), journey.page("Alpha").body);
        put_files(folder.path(), 2, format);
        let report = journey.publish(folder.path()).await;
        let second = contents(&journey);
        assert!(first.iter().all(|file| !second.contains(file)));

        let taken_back = take_back(&journey, &report.to_json()).await;
        assert_eq!(counts(&taken_back), [("updated", 1)], "{product:?}");
        assert_eq!(codes(&taken_back), Vec::<&str>::new(), "{product:?}");
        assert_eq!(contents(&journey), first, "{product:?}");
        assert_eq!(journey.page("Alpha").body, body, "{product:?}");
        let versions: Vec<i64> = files_of(&journey).iter().map(|file| file.2).collect();
        assert_eq!(
            versions,
            [3, 3],
            "{product:?}: nothing of the history is lost"
        );
        // Taking back is taken back in the same way.
        let again = take_back(&journey, &taken_back.to_json()).await;
        assert_eq!(codes(&again), Vec::<&str>::new(), "{product:?}");
        assert_eq!(contents(&journey), second, "{product:?}");
        take_back(&journey, &again.to_json()).await;
        // Nothing is left to do for sources that are what they were.
        put_files(folder.path(), 1, format);
        let report = journey.publish(folder.path()).await;
        assert_eq!(counts(&report), [("unchanged", 1)], "{product:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_a_person_comes_back_as_theirs_and_one_that_somebody_put_there_since_stays() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        put_files(folder.path(), 1, BodyFormat::Storage);
        let journey = Journey::new(product).await;
        journey.publish(folder.path()).await;
        let page: i64 = journey.page("Alpha").id.parse().expect("a number");
        let store = journey.sandbox.control().store(product).clone();
        let file = |name: &str| {
            store
                .attachment(page, name)
                .expect("a look")
                .expect("a file")
        };
        let attach = |name: &str, bytes: &[u8]| {
            let id = Some(file(name).id);
            let kind = "image/svg+xml";
            let attached =
                store.attach(page, id, name, kind, "Mine", "somebody-else", false, bytes);
            attached.expect("it is attached");
        };
        attach(
            "a.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg' id='mine'/>",
        );
        let theirs = contents(&journey);
        put_files(folder.path(), 2, BodyFormat::Storage);
        let mut request = Journey::request(folder.path());
        request.settings.on_conflict = OnConflict::Overwrite;
        let report = journey.publish_as(&request).await;
        assert_eq!(codes(&report), ["file.written_over"], "{product:?}");
        attach("all.bin", b"Put there meanwhile.");
        let meanwhile = contents(&journey);

        let taken_back = take_back(&journey, &report.to_json()).await;
        assert_eq!(codes(&taken_back), ["undo.attachments"], "{product:?}");
        assert_eq!(contents(&journey)[0], theirs[0], "{product:?}");
        assert_eq!(file("a.svg").comment, "Mine", "{product:?}");
        assert_eq!(contents(&journey)[1], meanwhile[1], "{product:?}");
    }
}

const PLAIN: &str = "# Alpha\n\nPlain.\n";

#[tokio::test(flavor = "multi_thread")]
async fn files_that_a_page_did_not_have_go_into_the_trash_again() {
    for (product, format) in EACH_FORMAT {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let plain = match format {
            BodyFormat::Storage => PLAIN.to_owned(),
            BodyFormat::Adf => format!("---\nformat: adf\n---\n{PLAIN}"),
        };
        write(folder.path(), &[("a.md", &plain)]);
        let journey = Journey::new(product).await;
        journey.publish(folder.path()).await;
        let body = journey.page("Alpha").body;
        put_files(folder.path(), 1, format);
        let report = journey.publish(folder.path()).await;
        let files = || {
            let mut files = contents(&journey);
            files.sort();
            files
        };
        let sent = files();
        assert_eq!(sent.len(), 2, "{product:?}");

        let taken_back = take_back(&journey, &report.to_json()).await;
        assert_eq!(counts(&taken_back), [("updated", 1)], "{product:?}");
        assert_eq!(codes(&taken_back), ["undo.file_goes"; 2], "{product:?}");
        assert!(files().is_empty(), "{product:?}: {:?}", files());
        assert_eq!(journey.page("Alpha").body, body, "{product:?}");
        // Nothing is left to do for a source that is what it was.
        write(folder.path(), &[("a.md", &plain)]);
        let again = journey.publish(folder.path()).await;
        assert_eq!(counts(&again), [("unchanged", 1)], "{product:?}");

        // Taken back in turn, the page shows files that it has not until it is published.
        let again = take_back(&journey, &taken_back.to_json()).await;
        assert_eq!(codes(&again), ["undo.attachments"; 2], "{product:?}");
        put_files(folder.path(), 1, format);
        let again = journey.publish(folder.path()).await;
        assert_eq!(counts(&again), [("updated", 1)], "{product:?}");
        assert_eq!(files(), sent, "{product:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_file_stays_that_somebody_replaced_or_that_the_site_keeps() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write(folder.path(), &[("a.md", PLAIN)]);
        let journey = Journey::new(product).await;
        journey.publish(folder.path()).await;
        put_files(folder.path(), 1, BodyFormat::Storage);
        let report = journey.publish(folder.path()).await.to_json();
        let page: i64 = journey.page("Alpha").id.parse().expect("a number");
        let store = journey.sandbox.control().store(product).clone();
        let there = store.attachment(page, "all.bin").expect("a look");
        let id = Some(there.expect("a file").id);
        let kind = "text/plain";
        let by = "somebody-else";
        let attached = store.attach(page, id, "all.bin", kind, "Mine", by, false, b"Mine.");
        attached.expect("it is attached");
        let both = contents(&journey);
        journey.sandbox.control().add_fault(Fault {
            method: Some("DELETE".to_owned()),
            path: "/attachment".to_owned(),
            times: 1,
            kind: FaultKind::Status { status: 403 },
        });

        let taken_back = take_back(&journey, &report).await;
        assert_eq!(counts(&taken_back), [("updated", 1)], "{product:?}");
        let said = ["undo.attachments", "undo.file_goes", "undo.attachments"];
        assert_eq!(codes(&taken_back), said, "{product:?}");
        assert!(journey.page("Alpha").body.contains("Plain."));
        assert_eq!(contents(&journey), both, "{product:?}");
        // The next try leaves the page, and names the file that is the publish's still.
        let again = take_back(&journey, &report).await;
        assert_eq!(counts(&again), [("unchanged", 1)], "{product:?}");
        assert_eq!(codes(&again), ["undo.attachments"], "{product:?}");
        let problem = &again.outcomes[0].problems[0];
        assert!(problem.message.contains("`a.svg`"), "{problem:?}");
        assert_eq!(contents(&journey), both, "{product:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_the_earlier_version_shows_stays_although_somebody_had_taken_it_off() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        put_files(folder.path(), 1, BodyFormat::Storage);
        let journey = Journey::new(product).await;
        journey.publish(folder.path()).await;
        let mut first = contents(&journey);
        let page: i64 = journey.page("Alpha").id.parse().expect("a number");
        let store = journey.sandbox.control().store(product).clone();
        let there = store.attachment(page, "a.svg").expect("a look");
        let taken_off = store.detach(there.expect("a file").id);
        taken_off.expect("it goes");
        put_files(folder.path(), 2, BodyFormat::Storage);
        let report = journey.publish(folder.path()).await.to_json();
        assert_eq!(contents(&journey).len(), 2, "{product:?}");

        let taken_back = take_back(&journey, &report).await;
        assert_eq!(codes(&taken_back), ["undo.attachments"], "{product:?}");
        assert!(journey.page("Alpha").body.contains("Edition 1"));
        assert_eq!(contents(&journey).len(), 2, "{product:?}");
        // It is the later edition's, so the page is looked at again.
        put_files(folder.path(), 1, BodyFormat::Storage);
        let again = journey.publish(folder.path()).await;
        assert_eq!(counts(&again), [("updated", 1)], "{product:?}");
        let mut now = contents(&journey);
        first.sort();
        now.sort();
        assert_eq!(now, first, "{product:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undo_that_was_killed_leaves_no_new_file_without_a_word() {
    for product in BOTH {
        let (mut at, mut left_some) = (1, false);
        loop {
            let folder = tempfile::tempdir().expect("a temporary folder");
            write(folder.path(), &[("a.md", PLAIN)]);
            let journey = Journey::new(product).await;
            journey.publish(folder.path()).await;
            put_files(folder.path(), 1, BodyFormat::Storage);
            let report = journey.publish(folder.path()).await.to_json();
            let prepared = planned(&journey, &report).await;
            let is_killed = journey.kill_at(&prepared, at).await;
            let is_back = journey.page("Alpha").body.contains("Plain.");
            assert!(
                is_back || contents(&journey).len() == 2,
                "{product:?}, {at}: a file went before the text that shows it"
            );
            let again = take_back(&journey, &report).await;
            let left = contents(&journey);
            let codes = codes(&again);
            let named = codes.iter().filter(|code| **code == "undo.attachments");
            assert_eq!(named.count(), left.len(), "{product:?}, {at}");
            assert!(journey.page("Alpha").body.contains("Plain."));
            left_some |= !left.is_empty();
            if !is_killed {
                break;
            }
            at += 1;
        }
        assert!(
            left_some,
            "{product:?}: it was never killed while files went"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_cloud_stand_again_where_they_stood() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let put = |order: &str| {
        let list = order.chars().map(|name| format!("* [{name}]({name}.md)\n"));
        let list: String = list.collect();
        let pages = order
            .chars()
            .map(|name| (format!("{name}.md"), format!("# Page {name}\n")));
        for (path, text) in pages {
            write(folder.path(), &[(&path, &text)]);
        }
        write(folder.path(), &[("SUMMARY.md", &list)]);
    };
    let journey = Journey::new(Product::Cloud).await;
    let row = || -> String {
        let home = journey.page("Page a").parent_id;
        let pages = journey.pages().into_iter();
        let pages = pages.filter(|page| page.parent_id == home && page.title.starts_with("Page "));
        pages.filter_map(|page| page.title.chars().last()).collect()
    };
    put("abcdef");
    journey.publish(folder.path()).await;
    assert_eq!(row(), "abcdef");
    for order in ["fabcde", "bcdefa", "fedcba", "badcfe", "cdefab"] {
        put(order);
        let report = journey.publish(folder.path()).await;
        assert_eq!(row(), order);
        let taken_back = take_back(&journey, &report.to_json()).await;
        assert_eq!(codes(&taken_back), Vec::<&str>::new(), "{order}");
        assert_eq!(row(), "abcdef", "{order}");
        let again = take_back(&journey, &taken_back.to_json()).await;
        assert_eq!(row(), order);
        take_back(&journey, &again.to_json()).await;
        assert_eq!(row(), "abcdef", "{order}");
    }

    // An order that somebody made since is theirs.
    put("fabcde");
    let report = journey.publish(folder.path()).await;
    let control = journey.sandbox.control();
    let home = journey
        .page("Page a")
        .parent_id
        .expect("it is below the home page");
    assert!(control.move_page_by_hand(Product::Cloud, &journey.page("Page f").id, &home));
    let theirs = row();
    let taken_back = take_back(&journey, &report.to_json()).await;
    assert_eq!(codes(&taken_back), ["undo.order"]);
    assert_eq!(row(), theirs);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_cloud_that_was_moved_goes_back_between_those_it_was_between() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let put = |parent: &str| {
        let middle = format!("---\nparent: {parent}\n---\n# Middle\n");
        write(
            folder.path(),
            &[
                ("n/index.md", "# North\n"),
                ("n/1-one.md", "# One\n"),
                ("n/2-middle.md", &middle),
                ("n/3-three.md", "# Three\n"),
                ("s.md", "# South\n"),
            ],
        );
    };
    let journey = Journey::new(Product::Cloud).await;
    let below = |title: &str| -> Vec<String> {
        let id = Some(journey.page(title).id);
        let pages = journey
            .pages()
            .into_iter()
            .filter(|page| page.parent_id == id);
        pages.map(|page| page.title).collect()
    };
    put("North");
    journey.publish(folder.path()).await;
    assert_eq!(below("North"), ["One", "Middle", "Three"]);
    put("South");
    let report = journey.publish(folder.path()).await;
    assert_eq!(below("South"), ["Middle"]);
    let taken_back = take_back(&journey, &report.to_json()).await;
    assert_eq!(codes(&taken_back), Vec::<&str>::new());
    assert_eq!(below("North"), ["One", "Middle", "Three"]);
    let report = take_back(&journey, &taken_back.to_json()).await;
    assert_eq!(below("South"), ["Middle"]);

    // Where somebody put it since is its place, also below the page that it came from.
    let control = journey.sandbox.control();
    let north = journey.page("North").id;
    assert!(control.move_page_by_hand(Product::Cloud, &journey.page("Middle").id, &north));
    let theirs = ["One", "Three", "Middle"];
    assert_eq!(below("North"), theirs);
    let taken_back = take_back(&journey, &report.to_json()).await;
    assert_eq!(below("North"), theirs);
    let of_it = taken_back.outcomes.iter().find(|one| one.title == "Middle");
    let of_it = of_it.expect("an outcome");
    let reason = of_it.reason.as_deref().unwrap_or_default();
    assert!(reason.contains("somebody moved it since"), "{of_it:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_cloud_that_a_person_moved_together_keep_their_order() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let put = |order: [&str; 3]| {
        let list = order.map(|name| format!("* [{name}]({name}.md)\n"));
        write(folder.path(), &[("SUMMARY.md", &list.concat())]);
        for name in ["one", "two", "three", "elsewhere"] {
            write(
                folder.path(),
                &[(&format!("{name}.md"), &format!("# {name}\n"))],
            );
        }
    };
    let journey = Journey::new(Product::Cloud).await;
    put(["one", "two", "three"]);
    journey.publish(folder.path()).await;
    put(["two", "three", "one"]);
    let report = journey.publish(folder.path()).await;
    // The page that was put beside another is beside it still, below a page of theirs.
    let elsewhere = journey.page("elsewhere").id;
    for title in ["three", "one"] {
        let id = journey.page(title).id;
        let control = journey.sandbox.control();
        assert!(control.move_page_by_hand(Product::Cloud, &id, &elsewhere));
    }
    let taken_back = take_back(&journey, &report.to_json()).await;
    assert_eq!(codes(&taken_back), ["undo.order"]);
    let pages = journey.pages().into_iter();
    let pages = pages.filter(|page| page.parent_id.as_ref() == Some(&elsewhere));
    let titles: Vec<String> = pages.map(|page| page.title).collect();
    assert_eq!(titles, ["three", "one"]);
}

pub(crate) const BOTH: [Product; 2] = [Product::Cloud, Product::DataCenter];

pub(crate) async fn take_back(journey: &Journey, report: &Value) -> PublishReport {
    let undone = Undone::read(report.to_string().as_bytes()).expect("a report");
    let cancel = CancellationToken::new();
    let prepared = plan_undo(&journey.client, &undone, 4, &|_| {}, &cancel)
        .await
        .expect("a plan");
    let digest = &prepared.plan.digest;
    apply(&prepared, digest, &journey.audit, &|_| {}, &cancel)
        .await
        .expect("a report")
}

/// Two pages below one of two others, one of them with a label and properties.
struct Tree {
    folder: tempfile::TempDir,
    request: PublishRequest,
}

impl Tree {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut request = Journey::request(folder.path());
        request.settings.label_mode = LabelMode::Set;
        Self { folder, request }
    }

    fn put(&self, label: &str, properties: &str, parent: &str) {
        let alpha = format!(
            "---\nlabels: [{label}]\nproperties: {{{properties}}}\nparent: {parent}\n---\n\
             # Alpha\n\nA page that is {label}.\n"
        );
        let beta = format!("---\nparent: {parent}\n---\n# Beta\n");
        let files = [
            ("a.md", alpha.as_str()),
            ("b.md", beta.as_str()),
            ("n.md", "# North\n"),
            ("s.md", "# South\n"),
        ];
        write(self.folder.path(), &files);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_properties_and_places_go_back_to_what_they_were() {
    for product in BOTH {
        let tree = Tree::new();
        let journey = Journey::new(product).await;
        tree.put("old", "status: draft", "North");
        journey.publish_as(&tree.request).await;
        let before = [journey.page("Alpha"), journey.page("Beta")];
        tree.put("new", "status: final, extra: 7", "South");
        let report = journey.publish_as(&tree.request).await;
        let changes = [("updated", 1), ("moved", 1), ("unchanged", 2)];
        assert_eq!(counts(&report), changes, "{product:?}");
        // What people add meanwhile stays.
        let theirs = ["theirs".to_owned()];
        let labeled = journey.client.add_labels(&before[0].id, &theirs).await;
        labeled.expect("a label");

        let taken_back = take_back(&journey, &report.to_json()).await;
        let is_cloud = product == Product::Cloud;
        let expected: &[_] = match is_cloud {
            true => &[("updated", 1), ("moved", 1)],
            // A move is a version there.
            false => &[("updated", 2)],
        };
        assert_eq!(counts(&taken_back), expected, "{product:?}");
        assert!(
            taken_back
                .outcomes
                .iter()
                .all(|one| one.problems.is_empty())
        );
        let after = [journey.page("Alpha"), journey.page("Beta")];
        for (before, after) in before.iter().zip(&after) {
            assert_eq!(after.parent_id, before.parent_id, "{product:?}");
            assert_eq!(after.body, before.body, "{product:?}");
            let own = |page: &tributary_sandbox::HeldPage| {
                let mut own = page.properties.clone();
                own.retain(|(key, _)| !key.starts_with("tributary."));
                own
            };
            assert_eq!(own(after), own(before), "{product:?}");
        }
        assert_eq!(after[0].labels, ["old", "theirs"], "{product:?}");

        // Nothing is left to do for sources that are what they were.
        tree.put("old", "status: draft", "North");
        let again = journey.publish_as(&tree.request).await;
        assert_eq!(counts(&again), [("unchanged", 4)], "{product:?}");
        // Taking back is a publish, and is taken back like one.
        take_back(&journey, &taken_back.to_json()).await;
        let alpha = journey.page("Alpha");
        assert_eq!(alpha.labels, ["new", "theirs"], "{product:?}");
        assert_eq!(alpha.parent_id, Some(journey.page("South").id));
        let extra = ("extra".to_owned(), 7.into());
        assert!(alpha.properties.contains(&extra), "{product:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_reports_are_kept_and_each_can_be_taken_back() {
    let tree = Tree::new();
    let journey = Journey::new(Product::Cloud).await;
    let home = tempfile::tempdir().expect("a temporary folder");
    let past = PastReports::new(&Paths::below(home.path()));
    assert_eq!(past.list().expect("a list"), []);
    let mut ids = Vec::new();
    for number in 0..22 {
        tree.put(&format!("number-{number}"), "status: draft", "North");
        let report = journey.publish_as(&tree.request).await;
        let id = past.keep(&report, false, false).expect("it is kept");
        ids.push(id.expect("pages were written"));
    }
    // A publish that changes nothing leaves nothing to take back.
    let report = journey.publish_as(&tree.request).await;
    assert_eq!(past.keep(&report, false, false).expect("a look"), None);
    let kept = past.list().expect("a list");
    let kept: Vec<&str> = kept.iter().map(|one| one.id.as_str()).collect();
    let expected: Vec<&str> = ids.iter().rev().take(20).map(String::as_str).collect();
    assert_eq!(kept, expected, "the last first, and the oldest forgotten");
    assert!(past.read(&ids[1]).is_err());

    let (last, undone) = past.read(&ids[21]).expect("the last one");
    assert_eq!((last.created, last.changed, last.taken_back), (0, 1, None));
    let cancel = CancellationToken::new();
    let prepared = plan_undo(&journey.client, &undone, 4, &|_| {}, &cancel)
        .await
        .expect("a plan");
    let digest = &prepared.plan.digest;
    let ended = apply(&prepared, digest, &journey.audit, &|_| {}, &cancel).await;
    let ended = ended.expect("a report");
    past.was_taken_back(&ids[21], ended.finished)
        .expect("a note");
    let (noted, _) = past.read(&ids[21]).expect("it is there still");
    assert_eq!(noted.taken_back, Some(ended.finished));
    assert!(journey.page("Alpha").body.contains("number-20"));

    // What nobody began is kept beside them.
    let by_itself = past.clone().by_itself();
    for _ in 0..7 {
        let kept = by_itself.keep(&ended, false, false).expect("it is kept");
        assert!(kept.is_some(), "pages were written");
    }
    let now = past.list().expect("a list");
    let (alone, begun): (Vec<_>, Vec<_>) = now.iter().partition(|one| one.by_itself);
    assert_eq!(alone.len(), 5);
    let begun: Vec<&str> = begun.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(begun, expected);

    past.forget().expect("nothing is left");
    assert_eq!(past.list().expect("a list"), []);
    assert!(past.read(&ids[21]).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publish_that_was_killed_at_any_request_is_taken_back_as_far_as_it_came() {
    for product in BOTH {
        let (mut killed, mut half_done, mut at) = (0, 0, 1);
        loop {
            let tree = Tree::new();
            let journey = Journey::new(product).await;
            let home = tempfile::tempdir().expect("a temporary folder");
            let past = PastReports::new(&Paths::below(home.path()));
            tree.put("old", "status: draft", "North");
            journey.publish_as(&tree.request).await;
            let before = journey.pages();
            tree.put("new", "status: final, extra: 7", "South");
            let picture = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>";
            let more = [
                ("c.md", "# Gamma\n\n![A](a.svg)\n"),
                ("d.md", "---\nparent: Gamma\n---\n# Delta\n"),
                ("a.svg", picture),
            ];
            write(tree.folder.path(), &more);
            let mut prepared = journey.plan(&tree.request).await;
            prepared.keep_report(past.clone(), false, None);
            let is_killed = journey.kill_at(&prepared, at).await;
            let kept = past.list().expect("a list");
            let Some(last) = kept.first() else {
                assert_eq!(
                    journey.pages(),
                    before,
                    "{product:?}, {at}: nothing was noted"
                );
                at += 1;
                continue;
            };
            // It may be gone after it had noted its end, and before it said so.
            let has_broken_off = last.broke_off;
            assert!(is_killed || !has_broken_off, "{product:?}, {at}");
            let (_, undone) = past.read(&last.id).expect("it is kept");
            let cancel = CancellationToken::new();
            let prepared = plan_undo(&journey.client, &undone, 4, &|_| {}, &cancel).await;
            let mut prepared = prepared.expect("a plan");
            prepared.keep_report(past.clone(), false, Some(&last.id));
            let digest = &prepared.plan.digest;
            let ended = apply(&prepared, digest, &journey.audit, &|_| {}, &cancel).await;
            let ended = ended.expect("a report");
            assert!(
                ended.is_complete(),
                "{product:?}, {at}: {:#?}",
                ended.outcomes
            );
            let is_half = codes(&ended).contains(&"undo.half_done");
            half_done += usize::from(is_half);
            let shown = |page: &tributary_sandbox::HeldPage| {
                let mut own = page.properties.clone();
                own.retain(|(key, _)| !key.starts_with("tributary.") && !is_half);
                let labels = page.labels.iter().filter(|_| !is_half);
                (
                    page.title.clone(),
                    page.body.clone(),
                    page.parent_id.clone(),
                    labels.cloned().collect::<Vec<_>>(),
                    own,
                )
            };
            // As a reader sees those below each page.
            let rows = |pages: &[tributary_sandbox::HeldPage]| {
                let mut shown: Vec<_> = pages.iter().map(shown).collect();
                shown.sort_by(|a, b| a.2.cmp(&b.2));
                shown
            };
            let (was, is) = (rows(&before), rows(&journey.pages()));
            assert_eq!(was, is, "{product:?}, {at}");
            if !is_killed {
                break;
            }
            killed += 1;
            at += 3;
        }
        met_what_it_is_for(killed, half_done);
    }
}

/// That a test met what it is for.
#[track_caller]
fn met_what_it_is_for(killed: usize, half_done: usize) {
    assert!(killed > 5, "{killed} were killed");
    assert!(
        half_done > 0,
        "none while something beside the text was set"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_that_a_new_page_got_goes_back_to_the_page_that_had_it() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write(folder.path(), &[("a.md", "# Alpha\n\nOf A.\n")]);
        let journey = Journey::new(product).await;
        journey.publish(folder.path()).await;
        let id = journey.page("Alpha").id;
        write(
            folder.path(),
            &[
                ("a.md", "# Beta\n\nOf A.\n"),
                ("b.md", "# Alpha\n\nOf B.\n"),
            ],
        );
        let report = journey.publish(folder.path()).await;
        let changes = [("created", 1), ("updated", 1)];
        assert_eq!(counts(&report), changes, "{product:?}");
        assert_ne!(journey.page("Alpha").id, id, "{product:?}");
        let taken_back = take_back(&journey, &report.to_json()).await;
        assert!(taken_back.is_complete(), "{product:?}: {taken_back:#?}");
        assert_eq!(journey.page("Alpha").id, id, "{product:?}");
        assert_eq!(journey.pages().len(), 2, "{product:?}: and the home page");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_waits_for_its_title_gets_its_text_and_its_place_back() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write(
            folder.path(),
            &[
                ("guide/index.md", "# Guide\n"),
                ("guide/c.md", "# Of C\n\nFirst.\n"),
                ("guide/d.md", "# Of D\n"),
                ("guide/e.md", "# Of E\n"),
            ],
        );
        let journey = Journey::new(product).await;
        journey.publish(folder.path()).await;
        let (before, order) = (journey.page("Of C"), below(&journey, "Guide"));
        // Its title goes over to a new page, which is put into the trash last, and it stands elsewhere.
        write(
            folder.path(),
            &[
                ("guide/c.md", "# Beta\n\nSecond.\n"),
                ("guide/f.md", "# Of C\n\nOf F.\n"),
                ("guide/.pages", "nav: [d.md, e.md, c.md, f.md]\n"),
            ],
        );
        let report = journey.publish(folder.path()).await;
        assert_eq!(
            below(&journey, "Guide"),
            ["Of D", "Of E", "Beta", "Of C"],
            "{product:?}"
        );
        let taken_back = take_back(&journey, &report.to_json()).await;
        assert!(taken_back.is_complete(), "{product:?}: {taken_back:#?}");
        let after = journey.page("Of C");
        assert_eq!(
            (after.id, after.body),
            (before.id, before.body),
            "{product:?}"
        );
        assert_eq!(below(&journey, "Guide"), order, "{product:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_was_cut_short_is_ours_still_after_an_undo() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write(folder.path(), &[("a.md", "# Alpha\n\nFirst.\n")]);
        let journey = Journey::new(product).await;
        // Its text is not taken, so that it stays as it was made.
        journey.sandbox.control().add_fault(Fault {
            method: Some("PUT".to_owned()),
            path: match product {
                Product::Cloud => "/api/v2/pages/".to_owned(),
                Product::DataCenter => "/rest/api/content/".to_owned(),
            },
            times: 1,
            kind: FaultKind::Status { status: 400 },
        });
        let report = journey.publish(folder.path()).await;
        assert_eq!(counts(&report), [("failed", 1)], "{product:?}");
        assert!(journey.page("Alpha").body.contains("tributary-unfinished"));
        let report = journey.publish(folder.path()).await;
        assert_eq!(counts(&report), [("updated", 1)], "{product:?}");
        take_back(&journey, &report.to_json()).await;
        assert!(journey.page("Alpha").body.contains("First."), "{product:?}");
        let report = journey.publish(folder.path()).await;
        assert_eq!(counts(&report), [("updated", 1)], "{product:?}");
        let body = journey.page("Alpha").body;
        assert!(!body.contains("tributary-unfinished"), "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_changed_beside_the_text_since_a_publish_is_not_taken_back() {
    for product in BOTH {
        let tree = Tree::new();
        let journey = Journey::new(product).await;
        tree.put("old", "status: draft", "North");
        journey.publish_as(&tree.request).await;
        tree.put("new", "status: final", "South");
        let report = journey.publish_as(&tree.request).await;
        let (alpha, beta) = (journey.page("Alpha"), journey.page("Beta"));
        let theirs = Value::from("theirs");
        let set = journey.client.set_property(&alpha.id, "status", &theirs);
        set.await.expect("a property");
        let control = journey.sandbox.control();
        let home = control.store(product).space_by_key("DOCS");
        let home = home.expect("spaces").and_then(|space| space.home_id);
        let home = home.expect("a home page").to_string();
        for page in [&alpha, &beta] {
            assert!(control.move_page_by_hand(product, &page.id, &home));
        }
        let taken_back = take_back(&journey, &report.to_json()).await;
        let said = taken_back.outcomes.iter().map(|ended| {
            let problems = ended.problems.iter().map(|problem| problem.code);
            (ended.title.as_str(), ended.kind.name(), problems.collect())
        });
        let said: Vec<(&str, &str, Vec<&str>)> = said.collect();
        let expected = [
            ("Alpha", "updated", vec!["undo.properties", "undo.place"]),
            ("Beta", "refused", vec![]),
        ];
        assert_eq!(said, expected, "{product:?}");
        let now = journey.page("Alpha");
        assert!(now.body.contains("that is old"), "{}", now.body);
        let theirs = ("status".to_owned(), "theirs".into());
        assert!(now.properties.contains(&theirs), "{product:?}");
        for title in ["Alpha", "Beta"] {
            assert_eq!(journey.page(title).parent_id, Some(home.clone()));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stays_after_an_undo_is_said_and_put_right_by_the_next_publish() {
    for product in [Product::Cloud, Product::DataCenter] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path();
        let put = |label: &str, width: u32| {
            let picture =
                format!("<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='1'/>");
            let text = format!("---\nlabels: [{label}]\n---\n# Alpha\n\n![A](a.svg)\n");
            let plain = format!("# Beta\n\nNumber {width}.\n");
            write(
                path,
                &[("a.md", &text), ("a.svg", &picture), ("b.md", &plain)],
            );
        };
        put("old", 1);
        let journey = Journey::new(product).await;
        journey.publish(path).await;
        let first = journey.page("Alpha");
        put("new", 2);
        let report = journey.publish(path).await;
        assert_eq!(counts(&report), [("updated", 2)]);
        let changed = journey.page("Alpha");
        assert_ne!(changed.attachments, first.attachments);

        // As reports were before they told how labels, properties and places had been.
        let mut written = report.to_json();
        for outcome in written["outcomes"].as_array_mut().expect("outcomes") {
            outcome
                .as_object_mut()
                .expect("an outcome")
                .remove("before");
        }
        let taken_back = take_back(&journey, &written).await;
        assert_eq!(counts(&taken_back), [("updated", 2)]);
        let said: Vec<Vec<&str>> = taken_back
            .outcomes
            .iter()
            .map(|ended| ended.problems.iter().map(|problem| problem.code).collect())
            .collect();
        assert_eq!(said, [vec!["undo.attachments", "undo.labels"], vec![]]);

        // The file is what it was, and so is the page again; nothing of the other is left to do.
        put("old", 1);
        let again = journey.publish(path).await;
        assert_eq!(
            counts(&again),
            [("updated", 1), ("unchanged", 1)],
            "{product:?}"
        );
        let page = journey.page("Alpha");
        let hash = |page: &tributary_sandbox::HeldPage| page.attachments[0].sha256.clone();
        assert_eq!(hash(&page), hash(&first), "{product:?}");
        assert!(page.labels.contains(&"old".to_owned()), "{:?}", page.labels);
        assert_eq!(counts(&journey.publish(path).await), [("unchanged", 2)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_moved_keeps_its_page_when_the_publish_is_taken_back() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path();
        write(
            root,
            &[("wa.md", "# Walking\n\nOn foot.\n"), ("b.md", "# Beta\n")],
        );
        let journey = Journey::new(product).await;
        journey.publish(root).await;
        let id = journey.page("Walking").id;
        std::fs::create_dir(root.join("sec")).expect("a folder");
        std::fs::rename(root.join("wa.md"), root.join("sec/wa.md")).expect("a rename");
        let report = journey.publish(root).await;
        assert_eq!(
            journey.page("Walking").id,
            id,
            "{product:?}: it is followed"
        );
        take_back(&journey, &report.to_json()).await;

        // The version on top is of the old path again, and is followed once more.
        let report = journey.publish(root).await;
        let mut created = report.outcomes.iter();
        let is_twice = created
            .any(|ended| ended.title.starts_with("Walking") && ended.page_id.as_ref() != Some(&id));
        assert!(!is_twice, "{product:?}: {:?}", counts(&report));
        assert_eq!(journey.page("Walking").id, id, "{product:?}");
    }
}

/// When somebody writes to a page of which their earlier version is given back.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Writes {
    AfterThePlan,
    AfterTheLastLook,
    /// Nobody does; the answer to our own write is lost.
    Never,
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_writes_while_their_own_version_is_given_back_stays() {
    let moments = [
        Writes::AfterThePlan,
        Writes::AfterTheLastLook,
        Writes::Never,
    ];
    for (product, moment) in BOTH.into_iter().flat_map(|it| moments.map(|to| (it, to))) {
        let tree = Tree::new();
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        tree.put("old", "status: draft", "North");
        journey.publish_as(&tree.request).await;
        let id = journey.page("Alpha").id;
        control.edit_page_by_hand(product, &id, "<p>Theirs.</p>");
        tree.put("new", "status: draft", "North");
        let mut request = tree.request.clone();
        request.settings.on_conflict = OnConflict::Overwrite;
        let report = journey.publish_as(&request).await.to_json();
        let undone = Undone::read(report.to_string().as_bytes()).expect("a report");
        let cancel = CancellationToken::new();
        let prepared = plan_undo(&journey.client, &undone, 4, &|_| {}, &cancel)
            .await
            .expect("a plan");
        let before = journey.page("Alpha");
        let edit = {
            let (control, id) = (control.clone(), id.clone());
            move || {
                control.edit_page_by_hand(product, &id, "<p>Theirs again.</p>");
            }
        };
        // Neither their version nor the one that is given back has a marker that tells them apart.
        match moment {
            Writes::AfterThePlan => edit(),
            Writes::AfterTheLastLook => control.meanwhile("PUT", &format!("/{id}"), edit),
            Writes::Never => control.add_fault(Fault {
                method: Some("PUT".to_owned()),
                path: format!("/{id}"),
                times: 1,
                kind: FaultKind::StatusAfter { status: 409 },
            }),
        }
        let digest = &prepared.plan.digest;
        let ended = apply(&prepared, digest, &journey.audit, &|_| {}, &cancel).await;
        let ended = ended.expect("a report");
        let of_alpha = ended.outcomes.iter().find(|one| one.title == "Alpha");
        let kind = of_alpha.map(|one| one.kind.name());
        let after = journey.page("Alpha");
        let (outcome, words) = match moment {
            Writes::Never => ("updated", "Theirs."),
            _ => ("conflict", "Theirs again."),
        };
        assert_eq!(kind, Some(outcome), "{product:?}: {moment:?}");
        assert!(after.body.contains(words), "{}", after.body);
        if moment == Writes::AfterThePlan {
            assert_eq!(after.labels, before.labels, "{product:?}");
        }
    }
}
