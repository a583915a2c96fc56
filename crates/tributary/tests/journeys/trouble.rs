//! Servers that fail, before the work and after it; a user who stops; two publishers at once.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tributary_sandbox::sample::documents;

use tokio_util::sync::CancellationToken;
use tributary::ErrorKind;
use tributary::confluence::Client;
use tributary::http::{Credential, Http};
use tributary::publish::{OutcomeKind, apply};
use tributary::vault::Secret;
use tributary_pages::markup::Flavor;
use tributary_sandbox::signin::Product;
use tributary_sandbox::{Fault, FaultKind};
use url::Url;

use crate::{Journey, counts, sample, write};

const BOTH: [Product; 2] = [Product::Cloud, Product::DataCenter];

/// No title twice, every page complete, every picture there.
fn assert_whole(journey: &Journey, pages: usize) {
    let held = journey.pages();
    let titles: BTreeSet<String> = held.iter().map(|page| page.title.to_lowercase()).collect();
    assert_eq!(titles.len(), held.len(), "a page was made twice");
    assert_eq!(held.len(), pages + 1, "the pages and the home page");
    for page in &held {
        assert!(
            !page.body.contains("tributary-unfinished"),
            "{} was not finished",
            page.title
        );
        assert!(
            page.body.matches("ri:attachment").count() <= page.attachments.len(),
            "{}",
            page.title
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_whose_answer_is_lost_makes_one_page() {
    for product in BOTH {
        for kind in [
            FaultKind::DropAfter,
            FaultKind::StatusAfter { status: 504 },
            FaultKind::Truncate,
            FaultKind::Cut,
            FaultKind::DropBefore,
        ] {
            let (_keep, path) = sample();
            let journey = Journey::new(product).await;
            let create = if product == Product::Cloud {
                "/api/v2/pages"
            } else {
                "/rest/api/content"
            };
            journey.sandbox.control().add_fault(Fault {
                method: Some("POST".to_owned()),
                path: create.to_owned(),
                times: 3,
                kind,
            });
            let report = journey.publish(&path).await;
            assert_eq!(
                counts(&report),
                [("created", documents())],
                "{product:?} {kind:?}: {:?}",
                report
                    .outcomes
                    .iter()
                    .find(|outcome| outcome.kind.needs_attention())
            );
            assert_whole(&journey, documents());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_or_upload_whose_answer_is_lost_is_done_once() {
    for product in BOTH {
        for kind in [
            FaultKind::DropAfter,
            FaultKind::DropBefore,
            FaultKind::StatusAfter { status: 502 },
            FaultKind::Cut,
            FaultKind::RateLimited { retry_after: 0 },
        ] {
            let (_keep, path) = sample();
            let journey = Journey::new(product).await;
            for (method, part) in [
                ("PUT", "/"),
                ("POST", "/child/attachment"),
                ("POST", "/label"),
                ("POST", "/propert"),
            ] {
                journey.sandbox.control().add_fault(Fault {
                    method: Some(method.to_owned()),
                    path: part.to_owned(),
                    times: 1,
                    kind,
                });
            }
            let report = journey.publish(&path).await;
            assert_eq!(
                counts(&report),
                [("created", documents())],
                "{product:?} {kind:?}: {:?}",
                report
                    .outcomes
                    .iter()
                    .find(|outcome| outcome.kind.needs_attention())
            );
            assert_whole(&journey, documents());
            assert_eq!(
                counts(&journey.publish(&path).await),
                [("unchanged", documents())]
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_offered_any_more_is_said_with_a_way_out_whatever_was_asked() {
    for (product, by_gateway) in [
        (Product::Cloud, true),
        (Product::Cloud, false),
        (Product::DataCenter, false),
    ] {
        let journey = Journey::new(product).await;
        let space = journey.client.space("DOCS").await.expect("a space");
        let client = if by_gateway {
            let address = |text: &str| Url::parse(text).expect("an address");
            let site = address(&journey.sandbox.cloud_url());
            let gateway = address(&journey.sandbox.gateway_url());
            let token = Secret::new("sandbox-token".to_owned());
            let credential = Credential::basic("author@example.com", token);
            let http = Http::new().expect("a client");
            Client::new(
                http,
                &site,
                Some(&gateway),
                Flavor::Cloud,
                Arc::new(credential),
            )
        } else {
            journey.client.clone()
        };
        // Where the gateway has lost a call, the site may have it still.
        let way_out = match by_gateway {
            true => "API token without scopes",
            false => "newer version",
        };
        let control = journey.sandbox.control();
        let withdrawn = |path: &str| Fault {
            method: None,
            path: path.to_owned(),
            times: u32::MAX,
            kind: FaultKind::Status { status: 410 },
        };
        control.add_fault(withdrawn("/"));
        let labels = ["made".to_owned()];
        let mut refused = vec![
            client.spaces().await.err(),
            client.space("DOCS").await.err(),
            client.pages(&space, &|_| {}).await.err(),
            client.blog_posts(&space).await.err(),
            client.labels("1").await.err(),
            client.add_labels("1", &labels).await.err(),
            client.trash("1").await.err(),
            client.current_user().await.err(),
        ];
        if product == Product::Cloud {
            refused.push(client.archive("1").await.err());
            refused.push(client.move_below("1", "2").await.err().map(Into::into));
        }
        for (call, refused) in refused.into_iter().enumerate() {
            let refused = refused.expect("nothing is offered any more");
            let remedy = refused.remedy_text().unwrap_or_default();
            assert!(
                remedy.contains(way_out),
                "{product:?}, call {call}: {}",
                refused.chain()
            );
        }
        control.clear_faults();
        if by_gateway {
            continue;
        }
        // A publish says it too, beside the page.
        let (_keep, path) = sample();
        control.add_fault(withdrawn("/child/attachment"));
        let report = journey.publish(&path).await;
        let mut failed = report
            .outcomes
            .iter()
            .filter(|outcome| outcome.kind == OutcomeKind::Failed);
        let reason = failed.next().and_then(|outcome| outcome.reason.as_deref());
        let reason = reason.expect("pages with pictures fail");
        assert!(reason.contains(way_out), "{product:?}: {reason}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_cloud_that_are_not_found_at_once_are_made_once_and_completed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let front = "---\nlabels: [made]\nproperties: {status: final}\n---\n";
    let picture = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>";
    let page = |title: &str| format!("{front}# {title}\n\n![A](a.svg)\n");
    write(
        folder.path(),
        &[
            ("a.svg", picture),
            ("index.md", &page("Start")),
            ("b.md", &page("Beta")),
            ("deep/c.md", &page("Gamma").replace("a.svg", "../a.svg")),
        ],
    );
    let journey = Journey::new(Product::Cloud).await;
    let control = journey.sandbox.control();
    control.set_found_late(true);
    let mut request = Journey::request(folder.path());
    request.settings.folders = true;
    let report = journey.publish_as(&request).await;
    assert_eq!(counts(&report), [("created", 4)], "{:#?}", report.outcomes);
    let told = control.requests();
    let told = told.iter().filter(|request| request.status == 404).count();
    assert!(told >= 4, "{told} times something was not found");
    control.clear_faults();
    assert_whole(&journey, 4);
    for title in ["Start", "Beta", "Gamma"] {
        let page = journey.page(title);
        assert_eq!(page.labels, ["made"], "{title}");
        assert_eq!(page.attachments.len(), 1, "{title}");
        let status = ("status".to_owned(), "final".into());
        assert!(page.properties.contains(&status), "{title}");
    }
    assert_eq!(
        counts(&journey.publish_as(&request).await),
        [("unchanged", 4)]
    );

    // What is gone is told as that, and does not stop the rest.
    write(
        folder.path(),
        &[("deep/d.md", "# Delta\n"), ("e.md", "# Epsilon\n")],
    );
    let prepared = journey.plan(&request).await;
    let deep: Option<i64> = journey.page("Deep").id.parse().ok();
    let store = control.store(Product::Cloud);
    let gone = store.set_status(deep.expect("a number"), "trashed");
    gone.expect("the database works");
    let cancel = CancellationToken::new();
    let digest = &prepared.plan.digest;
    let report = apply(&prepared, digest, &journey.audit, &|_| {}, &cancel).await;
    let report = report.expect("a report");
    assert_eq!(
        report.count(OutcomeKind::Created),
        1,
        "{:#?}",
        report.outcomes
    );
    let of_it = report.outcomes.iter().find(|one| one.title == "Delta");
    let reason = of_it
        .and_then(|one| one.reason.as_deref())
        .unwrap_or_default();
    assert!(reason.contains("is not there any more"), "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_cancelled_is_not_reached_and_the_next_run_does_it() {
    let (_keep, path) = sample();
    let journey = Journey::new(Product::Cloud).await;
    let prepared = journey.plan(&Journey::request(&path)).await;
    // Slow enough that the first page is told of before the last is done.
    journey
        .sandbox
        .control()
        .set_latency(Duration::from_millis(60));
    let cancel = CancellationToken::new();
    let stop = cancel.clone();
    let report = apply(
        &prepared,
        &prepared.plan.digest,
        &journey.audit,
        &move |progress| {
            if progress.done > 0 {
                stop.cancel();
            }
        },
        &cancel,
    )
    .await
    .expect("a report");
    assert!(report.cancelled);
    assert!(report.count(OutcomeKind::Created) >= 1);
    assert!(report.count(OutcomeKind::NotReached) >= 1);
    journey.sandbox.control().set_latency(Duration::ZERO);
    let next = journey.publish(&path).await;
    assert_eq!(
        next.count(OutcomeKind::Created),
        report.count(OutcomeKind::NotReached)
    );
    assert_whole(&journey, documents());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_applied_only_as_it_was_shown_and_never_over_a_newer_version() {
    let (_keep, path) = sample();
    let journey = Journey::new(Product::Cloud).await;
    journey.publish(&path).await;
    write(
        &path,
        &[("command-line.md", "# The command line\n\nShorter.\n")],
    );
    let prepared = journey.plan(&Journey::request(&path)).await;
    let cancel = CancellationToken::new();
    let audit = &journey.audit;
    let wrong = apply(&prepared, "another digest", audit, &|_| {}, &cancel).await;
    assert_eq!(wrong.expect_err("refused").kind(), ErrorKind::Conflict);

    let page = journey.page("The command line");
    journey
        .sandbox
        .control()
        .edit_page_by_hand(Product::Cloud, &page.id, "<p>Quick!</p>")
        .expect("an edit");
    let report = apply(&prepared, &prepared.plan.digest, audit, &|_| {}, &cancel)
        .await
        .expect("a report");
    assert_eq!(report.count(OutcomeKind::Conflict), 1);
    assert_eq!(journey.page("The command line").body, "<p>Quick!</p>");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_publishers_at_once_make_no_page_twice() {
    for product in BOTH {
        let (_keep, path) = sample();
        let journey = Journey::new(product).await;
        tokio::join!(journey.publish(&path), journey.publish(&path));
        journey.publish(&path).await;
        assert_eq!(
            counts(&journey.publish(&path).await),
            [("unchanged", documents())]
        );
        assert_whole(&journey, documents());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_file_is_read_anew_for_each_try_and_never_sent_when_it_changed() {
    for product in [Product::Cloud, Product::DataCenter] {
        let keep = tempfile::tempdir().expect("a temporary folder");
        let folder = keep.path().join("docs");
        write(&folder, &[("a.md", "# A\n\n[The data](large.bin)\n")]);
        let contents: Vec<u8> = (0..3_000_001_u32).map(|at| at.to_le_bytes()[1]).collect();
        let file = folder.join("large.bin");
        let put = |contents: &[u8]| {
            tributary::store::write_atomically(&file, contents).expect("the folder is ours");
        };
        put(&contents);
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        for kind in [
            FaultKind::Status { status: 503 },
            FaultKind::DropAfter,
            FaultKind::DropBefore,
        ] {
            control.add_fault(Fault {
                method: None,
                path: "/child/attachment".to_owned(),
                times: 1,
                kind,
            });
        }
        let report = journey.publish(&folder).await;
        assert_eq!(
            counts(&report),
            [("created", 1)],
            "{product:?} {:?}",
            report.outcomes
        );
        let held = journey.page("A").attachments;
        assert_eq!(held.len(), 1, "{product:?}");
        assert_eq!(held[0].size, 3_000_001, "{product:?}");
        assert_eq!(report.outcomes[0].uploaded, 1);
        let first = held[0].sha256.clone();

        // Somebody writes to the file between the plan and its turn.
        let mut other = contents.clone();
        other[7] ^= 1;
        put(&other);
        let prepared = journey.plan(&Journey::request(&folder)).await;
        other[8] ^= 1;
        put(&other);
        let digest = &prepared.plan.digest;
        let cancel = CancellationToken::new();
        let report = apply(&prepared, digest, &journey.audit, &|_| {}, &cancel)
            .await
            .expect("a report");
        assert_eq!(counts(&report), [("conflict", 1)], "{product:?}");
        assert_eq!(journey.page("A").attachments[0].sha256, first);
        assert_eq!(
            counts(&journey.publish(&folder).await),
            [("updated", 1)],
            "{product:?}"
        );
        assert_ne!(journey.page("A").attachments[0].sha256, first);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn which_product_it_is_is_not_told_from_a_refusal() {
    let refuse = |journey: &Journey, path: &str| {
        journey.sandbox.control().add_fault(Fault {
            method: None,
            path: path.to_owned(),
            times: 9,
            kind: FaultKind::Status { status: 403 },
        });
    };
    for (product, flavor) in [
        (Product::Cloud, Flavor::Cloud),
        (Product::DataCenter, Flavor::DataCenter),
    ] {
        let journey = Journey::new(product).await;
        let site = Url::parse(journey.client.site()).expect("an address");
        let credential = Credential::bearer(Secret::new("unknown".to_owned()));
        let credential = Arc::new(credential);
        let http = Http::new().expect("a client");
        let detect = || Client::detect(&http, &site, None, &credential);
        refuse(&journey, "/api/v2/");
        assert_eq!(detect().await.expect("an answer"), flavor);
        // A server that refuses everything could be either.
        refuse(&journey, "/rest/api/");
        let unknown = detect().await.expect_err("nobody knows");
        assert_eq!(unknown.kind(), ErrorKind::Forbidden, "{}", unknown.chain());
        journey.sandbox.control().clear_faults();
        assert_eq!(detect().await.expect("an answer"), flavor);
    }
}
