//! Who may read and edit pages.

use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tributary::publish::{Undone, plan_undo};
use tributary_pages::markup::{Access, Restrictions};
use tributary_sandbox::signin::Product;
use tributary_sandbox::{Fault, FaultKind};

use crate::undo::{codes, take_back};
use crate::{Journey, counts, write};

const BOTH: [Product; 2] = [Product::Cloud, Product::DataCenter];

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_stays_because_of_a_file_of_a_person_keeps_who_may_edit_it() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let put = |front: &str, width: u32| {
            let picture =
                format!("<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='1'/>");
            let text = format!("{front}# Alpha\n\n![A](a.svg)\n");
            write(folder.path(), &[("a.md", &text), ("a.svg", &picture)]);
        };
        put("", 1);
        let journey = Journey::new(product).await;
        journey.publish(folder.path()).await;
        let page: i64 = journey.page("Alpha").id.parse().expect("a number");
        let store = journey.sandbox.control().store(product);
        let ours = store.attachment(page, "a.svg").expect("a look");
        let ours = Some(ours.expect("a file").id);
        let (kind, author) = ("image/svg+xml", "somebody-else");
        let attached = store.attach(page, ours, "a.svg", kind, "Mine", author, false, b"<svg/>");
        attached.expect("it is attached");
        let before = journey.page("Alpha");
        put("---\nrestrictions:\n  edit: [yan]\n---\n", 2);
        let report = journey.publish(folder.path()).await;
        assert_eq!(counts(&report), [("conflict", 1)], "{product:?}");
        assert_eq!(journey.page("Alpha"), before, "{product:?}");
    }
}

fn only(users: &[&str], groups: &[&str]) -> Value {
    json!({"user": users, "group": groups})
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_restricted_as_declared_and_never_from_whoever_publishes() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let hidden = "---\nrestrictions:\n  read: {users: [zoe], groups: [staff]}\n---\n# Hidden\n";
        write(
            folder.path(),
            &[("README.md", "# Open\n"), ("b.md", hidden)],
        );
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        let me = journey.client.current_user().await.expect("somebody").id;
        control.clear_requests();
        assert_eq!(
            counts(&journey.publish(folder.path()).await),
            [("created", 2)]
        );
        assert!(journey.page("Open").restrictions.is_empty());
        let page = journey.page("Hidden");
        let mut users = vec![me.as_str(), "zoe"];
        users.sort_unstable();
        let read = only(&users, &["staff"]);
        assert_eq!(page.restrictions.get("read"), Some(&read), "{product:?}");
        assert_eq!(page.restrictions.len(), 1, "everybody edits: {page:#?}");
        let requests = control.requests();
        let private = requests
            .iter()
            .filter(|it| it.path.contains("private=true"));
        assert_eq!(private.count(), usize::from(product == Product::Cloud));
        let asked = requests
            .iter()
            .filter(|it| it.path.contains("/restriction"));
        assert_eq!(asked.count(), 1, "{product:?}");

        // Nothing more is asked of a page that did not change, whatever people do to it.
        control.clear_requests();
        assert_eq!(
            counts(&journey.publish(folder.path()).await),
            [("unchanged", 2)]
        );
        assert!(control.writes().is_empty());

        // What is declared for all pages meets what a page says itself, and what people set.
        let mut request = Journey::request(folder.path());
        request.settings.restrictions =
            Restrictions::read(&json!({"edit": ["yan"]})).expect("understood");
        let report = journey.publish_as(&request).await;
        assert_eq!(counts(&report), [("updated", 2)]);
        let mut editors = vec![me.as_str(), "yan"];
        editors.sort_unstable();
        let page = journey.page("Hidden");
        assert_eq!(page.restrictions.get("read"), Some(&read), "it stays");
        assert_eq!(page.restrictions.get("update"), Some(&only(&editors, &[])));
        let open = journey.page("Open");
        assert_eq!(open.restrictions.len(), 1, "{open:#?}");

        // Taking it back lets everybody edit again, and leaves who may read.
        let undone = Undone::read(report.to_json().to_string().as_bytes()).expect("a report");
        let cancel = CancellationToken::new();
        let undo = plan_undo(&journey.client, &undone, 4, &|_| {}, &cancel)
            .await
            .expect("a plan");
        for step in &undo.plan.steps {
            let back = Restrictions {
                read: None,
                edit: Some(Access::Everybody),
            };
            assert_eq!(step.restrictions, back, "{product:?}: {}", step.title);
            assert!(step.problems.is_empty(), "{:?}", step.problems);
        }

        // Lifted for everybody, and again left to people.
        let lifted = hidden.replace("{users: [zoe], groups: [staff]}", "everybody");
        write(folder.path(), &[("b.md", &lifted)]);
        journey.publish(folder.path()).await;
        let page = journey.page("Hidden");
        assert!(!page.restrictions.contains_key("read"), "{page:#?}");
        assert!(
            page.restrictions.contains_key("update"),
            "people's: {page:#?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_restrictions_are_not_understood_is_not_published() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let wrong = "---\nrestrictions:\n  view: [zoe]\n---\n# Hidden\n";
    write(folder.path(), &[("b.md", wrong)]);
    let journey = Journey::new(Product::Cloud).await;
    let report = journey.publish(folder.path()).await;
    assert_eq!(counts(&report), [("refused", 1)]);
    let reason = report.outcomes[0].reason.clone().unwrap_or_default();
    assert!(reason.contains("`view`"), "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_restrictions_are_refused_shows_nothing_of_its_text() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let hidden = "---\nlabels: [secret]\nrestrictions:\n  read: [zoe]\n---\n# Hidden\n\n\
                      Top secret words.\n";
        write(folder.path(), &[("b.md", hidden)]);
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        control.add_fault(Fault {
            method: Some("PUT".to_owned()),
            path: "/restriction".to_owned(),
            times: 1,
            kind: FaultKind::Status { status: 400 },
        });
        let report = journey.publish(folder.path()).await;
        assert_eq!(counts(&report), [("failed", 1)], "{product:?}");
        let page = journey.page("Hidden");
        let is_hidden = page.restrictions.contains_key("read");
        let says_it = page.body.contains("Top secret words.");
        assert!(is_hidden || !says_it, "{product:?}: {page:#?}");
        assert!(
            is_hidden || page.labels.is_empty(),
            "{product:?}: {page:#?}"
        );

        // The same page gets its text with the next publish, and is restricted by then.
        let report = journey.publish(folder.path()).await;
        assert_eq!(counts(&report), [("updated", 1)], "{product:?}");
        let finished = journey.page("Hidden");
        assert_eq!(finished.id, page.id);
        assert!(finished.body.contains("Top secret words."), "{finished:#?}");
        assert_eq!(finished.labels, ["secret"]);
        assert!(finished.restrictions.contains_key("read"), "{finished:#?}");
    }
}

/// One page with these words, which these may read.
fn put(folder: &std::path::Path, words: &str, read: &str) {
    let text = format!("---\nrestrictions:\n  read: {read}\n---\n# Alpha\n\n{words}\n");
    write(folder, &[("a.md", &text)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_a_publish_opened_is_closed_again_when_it_is_taken_back() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let journey = Journey::new(product).await;
        put(folder.path(), "For few.", "{users: [zoe], groups: [staff]}");
        journey.publish(folder.path()).await;
        let closed = journey.page("Alpha");
        assert!(closed.restrictions.contains_key("read"), "{product:?}");

        put(folder.path(), "For all.", "everybody");
        let report = journey.publish(folder.path()).await.to_json();
        let open = journey.page("Alpha");
        assert!(!open.restrictions.contains_key("read"), "{product:?}");
        let taken_back = take_back(&journey, &report).await;
        assert_eq!(counts(&taken_back), [("updated", 1)], "{product:?}");
        assert_eq!(codes(&taken_back), Vec::<&str>::new(), "{product:?}");
        let back = journey.page("Alpha");
        assert_eq!(back.restrictions, closed.restrictions, "{product:?}");
        assert_eq!(back.body, closed.body, "{product:?}");

        // Taking that back would open what was written for few, so that stays.
        let again = take_back(&journey, &taken_back.to_json()).await;
        assert_eq!(codes(&again), ["undo.restrictions"], "{product:?}");
        let page = journey.page("Alpha");
        assert_eq!(page.body, open.body, "{product:?}");
        assert_eq!(page.restrictions, closed.restrictions, "{product:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_read_stays_where_somebody_decided_or_a_publish_wrote_for_fewer() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let journey = Journey::new(product).await;
        let me = journey.client.current_user().await.expect("somebody").id;
        put(folder.path(), "For few.", "[zoe]");
        journey.publish(folder.path()).await;
        put(folder.path(), "For all.", "everybody");
        let report = journey.publish(folder.path()).await.to_json();
        let theirs = Restrictions::read(&json!({"read": ["yan"]})).expect("understood");
        let id = journey.page("Alpha").id;
        let deciding = journey.client.restrict(&id, &theirs, &me, false);
        deciding.await.expect("it is theirs");
        let decided = journey.page("Alpha").restrictions;
        let taken_back = take_back(&journey, &report).await;
        assert_eq!(codes(&taken_back), ["undo.restrictions"], "{product:?}");
        let page = journey.page("Alpha");
        assert!(page.body.contains("For few."), "{product:?}");
        assert_eq!(page.restrictions, decided, "{product:?}");

        // What a publish wrote for fewer is among the versions, whatever stands on the page.
        let folder = tempfile::tempdir().expect("a temporary folder");
        let journey = Journey::new(product).await;
        put(folder.path(), "For all.", "everybody");
        journey.publish(folder.path()).await;
        put(folder.path(), "For few.", "[zoe]");
        let report = journey.publish(folder.path()).await.to_json();
        let closed = journey.page("Alpha").restrictions;
        let taken_back = take_back(&journey, &report).await;
        assert_eq!(codes(&taken_back), ["undo.restrictions"], "{product:?}");
        let page = journey.page("Alpha");
        assert!(page.body.contains("For all."), "{product:?}");
        assert_eq!(page.restrictions, closed, "{product:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_restricted_although_the_site_does_not_tell_how_it_was() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let journey = Journey::new(product).await;
        let both = "[zoe]\n  edit: [zoe]";
        put(folder.path(), "First.", "everybody");
        journey.publish(folder.path()).await;
        put(folder.path(), "Second.", both);
        let control = journey.sandbox.control();
        control.add_fault(Fault {
            method: Some("GET".to_owned()),
            path: "/restriction".to_owned(),
            times: 2,
            kind: FaultKind::Status { status: 403 },
        });
        control.clear_requests();
        let report = journey.publish(folder.path()).await;
        assert_eq!(counts(&report), [("updated", 1)], "{product:?}");
        let requests = control.requests();
        let asked = requests
            .iter()
            .filter(|it| it.path.contains("/restriction"));
        let told = "it is asked for the plan and before it is set";
        assert_eq!(asked.count(), 3, "{product:?}: {told}");
        let closed = journey.page("Alpha").restrictions;
        assert_eq!(closed.len(), 2, "{product:?}");
        let taken_back = take_back(&journey, &report.to_json()).await;
        assert_eq!(codes(&taken_back), ["undo.restrictions"], "{product:?}");
        assert_eq!(journey.page("Alpha").restrictions, closed, "{product:?}");

        // What is so already is not set once more.
        put(folder.path(), "Third.", both);
        control.clear_requests();
        journey.publish(folder.path()).await;
        let requests = control.writes();
        let set = requests
            .iter()
            .filter(|it| it.path.contains("/restriction"));
        assert_eq!(set.count(), 0, "{product:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_a_publish_takes_off_a_page_is_named_in_its_plan() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let journey = Journey::new(product).await;
        let me = journey.client.current_user().await.expect("somebody").id;
        put(folder.path(), "First.", "[zoe]");
        journey.publish(folder.path()).await;
        let id = journey.page("Alpha").id;
        let allowed = json!({"read": {"users": ["zoe", "yan"], "groups": ["staff"]}});
        let allowed = Restrictions::read(&allowed).expect("understood");
        let allowing = journey.client.restrict(&id, &allowed, &me, false);
        allowing.await.expect("somebody lets more people read it");
        let named = async || -> Vec<String> {
            let plan = journey.plan(&Journey::request(folder.path())).await;
            let problems = plan.plan.steps.iter().flat_map(|step| &step.problems);
            let problems = problems.filter(|one| one.code == "restrictions.taken_off");
            problems.map(|one| one.message.to_string()).collect()
        };

        // As long as nothing is written they stay, and nobody asks.
        let control = journey.sandbox.control();
        control.clear_requests();
        assert!(named().await.is_empty(), "{product:?}");
        let requests = control.requests();
        let mut requests = requests.iter();
        assert!(!requests.any(|one| one.path.contains("/restriction")));

        put(folder.path(), "Second.", "[zoe]");
        let told = named().await;
        assert_eq!(told.len(), 1, "{product:?}: {told:?}");
        assert!(told[0].contains("may read the page"), "{told:?}");
        assert!(told[0].contains(": `staff`, `yan`. "), "{told:?}");
        journey.publish(folder.path()).await;
        let mut users = vec![me.as_str(), "zoe"];
        users.sort_unstable();
        let page = journey.page("Alpha");
        assert_eq!(page.restrictions.get("read"), Some(&only(&users, &[])));

        // Nobody is taken off who is named, nor whoever publishes.
        put(folder.path(), "Third.", "[zoe]");
        assert!(named().await.is_empty(), "{product:?}");
    }
}
