//! A publish whose machine sleeps: the program stands still for longer than anybody waits for an answer, and
//! goes on afterwards.

#![cfg(unix)]

use std::process::{Command, Stdio};
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tributary::account::{client, with_token};
use tributary::audit::{Audit, Clock};
use tributary::http::Http;
use tributary::publish::{OutcomeKind, apply, plan};
use tributary::settings::{Auth, SiteSettings};
use tributary::store::Paths;
use tributary::vault::Secret;
use tributary_pages::markup::Flavor;
use tributary_sandbox::signin::Product;
use tributary_sandbox::{Fault, FaultKind};
use url::Url;

use crate::{Journey, counts, write};

const PAGES: usize = 12;
/// How long the program waits for a word of an answer, and how long it stands still.
const PATIENCE: Duration = Duration::from_millis(500);
const ASLEEP: u64 = 1500;

fn put(folder: &std::path::Path, words: &str) {
    for page in 0..PAGES {
        let text =
            format!("---\nlabels: [made]\n---\n# Page {page}\n\n{words}\n\n![A](a{page}.svg)\n");
        let picture =
            format!("<svg xmlns='http://www.w3.org/2000/svg'><desc>{page} {words}</desc></svg>");
        write(
            folder,
            &[
                (&format!("p{page}.md"), &text),
                (&format!("a{page}.svg"), &picture),
            ],
        );
    }
}

/// The program that sleeps: publishes what the test below says, and tells whether all of it was done.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "the test below runs it as a program of its own"]
async fn publishes_until_it_is_done() {
    let told = |name: &str| std::env::var(name).expect("the test below says it");
    let (flavor, auth, token) = match told("ASLEEP_PRODUCT").as_str() {
        "Cloud" => {
            let user = "author@example.com".to_owned();
            (Flavor::Cloud, Auth::Basic { user }, "sandbox-token")
        }
        _ => (Flavor::DataCenter, Auth::Bearer, "sandbox-pat"),
    };
    let site = SiteSettings {
        url: Url::parse(&told("ASLEEP_SITE")).expect("an address"),
        flavor: Some(flavor),
        auth,
        gateway: None,
    };
    let folder = std::path::PathBuf::from(told("ASLEEP_FOLDER"));
    let http = Http::with_patience(PATIENCE).expect("a client");
    let credential = with_token(&site, Secret::new(token.to_owned()));
    let client = client(&http, &site, credential).await.expect("a site");
    let cancel = CancellationToken::new();
    let request = Journey::request(&folder.join("docs"));
    let prepared = plan(&client, &request, &|_| {}, &cancel)
        .await
        .expect("a plan");
    let audit = Audit::open(
        &Paths::below(&folder.join("home")),
        None,
        Clock::of_system(),
    );
    let digest = &prepared.plan.digest;
    let report = apply(&prepared, digest, &audit, &|_| {}, &cancel)
        .await
        .expect("a report");
    assert!(report.is_complete(), "{:#?}", report.outcomes);
}

fn signal(process: u32, name: &str) {
    let ended = Command::new("kill")
        .args([format!("-{name}"), process.to_string()])
        .status();
    assert!(ended.expect("kill is here").success(), "{name}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publish_goes_on_after_its_machine_slept_for_longer_than_anybody_waits() {
    for product in [Product::Cloud, Product::DataCenter] {
        let journey = Journey::new(product).await;
        let control = journey.sandbox.control();
        let keep = tempfile::tempdir().expect("a temporary folder");
        let folder = keep.path().join("docs");
        for (round, moment) in [6, 17, 30].into_iter().enumerate() {
            let words = format!("Words {round}.");
            put(&folder, &words);
            // Requests are under way when it falls asleep.
            control.set_latency(Duration::from_millis(20));
            control.clear_requests();
            let program = std::env::current_exe().expect("this one");
            let mut child = Command::new(program)
                .args(["--exact", "asleep::publishes_until_it_is_done", "--ignored"])
                .env("ASLEEP_PRODUCT", format!("{product:?}"))
                .env("ASLEEP_SITE", journey.client.site())
                .env("ASLEEP_FOLDER", keep.path())
                .stdout(Stdio::null())
                .spawn()
                .expect("it starts");
            while control.requests().len() < moment {
                assert!(
                    child.try_wait().expect("it is ours").is_none(),
                    "{product:?} {moment}"
                );
                tokio::task::yield_now().await;
            }
            signal(child.id(), "STOP");
            // The time that passes is that of an answer which the server holds back from this test.
            control.set_latency(Duration::ZERO);
            control.add_fault(Fault {
                method: Some("GET".to_owned()),
                path: "asleep".to_owned(),
                times: 1,
                kind: FaultKind::Slow {
                    milliseconds: ASLEEP,
                },
            });
            let held = journey.client.space("asleep").await;
            assert!(held.is_err(), "there is no such space");
            signal(child.id(), "CONT");
            let ended = tokio::task::spawn_blocking(move || child.wait()).await;
            let ended = ended.expect("no panic").expect("it is ours");
            assert!(
                ended.success(),
                "{product:?} {moment}: it did not come to an end"
            );

            let pages = journey.pages();
            assert_eq!(
                pages.len(),
                PAGES + 1,
                "{product:?} {moment}: one page for each source"
            );
            for page in pages.iter().filter(|page| page.parent_id.is_some()) {
                assert!(
                    page.body.contains(&words),
                    "{product:?} {moment}: {}",
                    page.title
                );
                assert_eq!(page.attachments.len(), 1, "{product:?} {moment}");
                assert_eq!(page.labels, ["made"], "{product:?} {moment}");
            }
            let again = journey.publish(&folder).await;
            assert_eq!(
                counts(&again),
                [("unchanged", PAGES)],
                "{product:?} {moment}"
            );
            assert_eq!(again.count(OutcomeKind::Failed), 0);
        }
    }
}
