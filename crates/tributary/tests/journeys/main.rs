//! Publishing over real HTTP, from files to pages and back: the library against the sandbox.
//!
//! - `adf`: pages in the Atlassian Document Format.
//! - `asleep`: a publish whose machine sleeps.
//! - `audit`: what publishing leaves in the audit log, and what it does without one.
//! - `blog`: blog posts beside pages.
//! - `branches`: what is published while nobody looks at which branch is checked out.
//! - `corpus`: real repositories, both products.
//! - `diagrams`: pictures of diagrams and formulas.
//! - `edits`: what people do to pages meanwhile.
//! - `faults`: large trees on servers that fail all the time, and two publishers at once.
//! - `folders`: directories that become folders of Cloud.
//! - `formerly`: repositories that are called otherwise than they were.
//! - `given_back`: taking a publish back where pages depend on each other, or are people's again.
//! - `identity`: whose page is whose.
//! - `links`: whether the links of what was published lead anywhere.
//! - `meanwhile`: what people do between a plan and its writes.
//! - `model`: random changes on both sides against a model of what must hold.
//! - `order`: where pages stand beside each other.
//! - `others`: what people set of a page beside its text.
//! - `published`: what is found of it afterwards.
//! - `reread`: reading again what was written.
//! - `restoring`: taking a publish back that put pages into the trash.
//! - `restrictions`: who may read and edit pages.
//! - `scale`: how many requests a large tree costs.
//! - `trouble`: servers that fail.
//! - `undo`: taking a publish back.
//! - `unread`: taking one back where pages cannot be read.

mod adf;
mod asleep;
mod audit;
mod blog;
mod branches;
mod corpus;
mod diagrams;
mod edits;
mod faults;
mod folders;
mod formerly;
mod given_back;
mod identity;
mod links;
mod meanwhile;
mod merging;
mod model;
mod order;
mod others;
mod published;
mod reread;
mod restoring;
mod restrictions;
mod scale;
mod trouble;
mod undo;
mod unread;

use std::path::{Path, PathBuf};

use tokio_util::sync::CancellationToken;
use tributary::account::{client, with_token};
use tributary::audit::{Audit, Clock};
use tributary::confluence::Client;
use tributary::http::{Credential, Http};
use tributary::publish::{OutcomeKind, Prepared, PublishReport, PublishRequest, apply, plan};
use tributary::settings::{Auth, SiteSettings};
use tributary::store::Paths;
use tributary::vault::Secret;
use tributary_pages::markup::Flavor;
use tributary_pages::plan::PlanSettings;
use tributary_sandbox::signin::Product;
use tributary_sandbox::{HeldPage, Options, Running};
use url::Url;

/// A sandbox with a client for one of its products.
pub(crate) struct Journey {
    pub(crate) sandbox: Running,
    pub(crate) product: Product,
    pub(crate) client: Client,
    /// The log, in a folder that goes with the journey.
    pub(crate) audit: Audit,
    _home: tempfile::TempDir,
}

impl Journey {
    pub(crate) async fn new(product: Product) -> Self {
        let auth = match product {
            Product::Cloud => Auth::Basic {
                user: "author@example.com".to_owned(),
            },
            Product::DataCenter => Auth::Bearer,
        };
        let token = match product {
            Product::Cloud => "sandbox-token",
            Product::DataCenter => "sandbox-pat",
        };
        let http = Http::new().expect("a client");
        Self::start(product, auth, http, |site, _| {
            with_token(site, Secret::new(token.to_owned()))
        })
        .await
    }

    /// A journey to a sandbox, with what the requests are signed in with; those to Cloud go
    /// through its gateway when that is an account.
    pub(crate) async fn start(
        product: Product,
        auth: Auth,
        http: Http,
        credential: impl FnOnce(&SiteSettings, &Running) -> Credential,
    ) -> Self {
        let sandbox = tributary_sandbox::start(Options::default())
            .await
            .expect("a sandbox");
        let (url, flavor) = match product {
            Product::Cloud => (sandbox.cloud_url(), Flavor::Cloud),
            Product::DataCenter => (sandbox.data_center_url(), Flavor::DataCenter),
        };
        let address = |text: &str| Url::parse(text).expect("an address");
        let mut site = SiteSettings {
            url: address(&url),
            flavor: Some(flavor),
            auth,
            gateway: None,
        };
        let credential = credential(&site, &sandbox);
        if product == Product::Cloud && matches!(credential, Credential::Account(_)) {
            site.gateway = Some(address(&sandbox.gateway_url()));
        }
        let client = client(&http, &site, credential).await.expect("a site");
        let home = tempfile::tempdir().expect("a temporary folder");
        Self {
            sandbox,
            product,
            client,
            audit: Audit::open(&Paths::below(home.path()), None, Clock::of_system()),
            _home: home,
        }
    }

    pub(crate) fn request(folder: &Path) -> PublishRequest {
        PublishRequest {
            paths: vec![folder.to_path_buf()],
            space: "DOCS".to_owned(),
            parent: None,
            include: Vec::new(),
            exclude: Vec::new(),
            settings: PlanSettings::default(),
            concurrency: 8,
            verify: false,
        }
    }

    pub(crate) async fn plan(&self, request: &PublishRequest) -> Prepared {
        let cancel = CancellationToken::new();
        plan(&self.client, request, &|_| {}, &cancel)
            .await
            .expect("a plan")
    }

    pub(crate) async fn publish_as(&self, request: &PublishRequest) -> PublishReport {
        let prepared = self.plan(request).await;
        let cancel = CancellationToken::new();
        apply(
            &prepared,
            &prepared.plan.digest,
            &self.audit,
            &|_| {},
            &cancel,
        )
        .await
        .expect("a report")
    }

    pub(crate) async fn publish(&self, folder: &Path) -> PublishReport {
        self.publish_as(&Self::request(folder)).await
    }

    /// Carries a plan out, and is gone once the server has answered so many requests, as a program is that
    /// is killed. Tells whether it came to that before the publish ended.
    pub(crate) async fn kill_at(&self, prepared: &Prepared, requests: usize) -> bool {
        let control = self.sandbox.control();
        control.clear_requests();
        let cancel = CancellationToken::new();
        let digest = &prepared.plan.digest;
        let publishing = apply(prepared, digest, &self.audit, &|_| {}, &cancel);
        let killing = async {
            while control.requests().len() < requests {
                tokio::task::yield_now().await;
            }
        };
        let is_killed = tokio::select! {
            ended = publishing => ended.is_err(),
            () = killing => true,
        };
        // What it had asked for may still be done: the answer to another request comes after that.
        for _ in 0..3 {
            while control.under_way() > 0 {
                tokio::task::yield_now().await;
            }
            self.client.space("DOCS").await.expect("it is there");
        }
        is_killed
    }

    pub(crate) fn pages(&self) -> Vec<HeldPage> {
        self.sandbox.control().pages(self.product, "DOCS")
    }

    pub(crate) fn page(&self, title: &str) -> HeldPage {
        let found = self.pages().into_iter().find(|page| page.title == title);
        found.unwrap_or_else(|| panic!("no page is titled {title}"))
    }
}

/// The kinds of outcomes with how often each occurs, in the report's own order.
pub(crate) fn counts(report: &PublishReport) -> Vec<(&'static str, usize)> {
    OutcomeKind::ALL
        .iter()
        .map(|kind| (kind.name(), report.count(*kind)))
        .filter(|(_, count)| *count > 0)
        .collect()
}

/// Writes files into a folder.
#[expect(clippy::disallowed_methods, reason = "tests write plain files")]
pub(crate) fn write(folder: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let target = folder.join(path);
        std::fs::create_dir_all(target.parent().expect("a folder")).expect("the folder is made");
        std::fs::write(target, text).expect("the file is written");
    }
}

/// The sample repository in a folder of its own.
pub(crate) fn sample() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("guide");
    tributary_sandbox::sample::write_to(&path).expect("the sample is written");
    (folder, path)
}

/// A number below `most` that depends on `seed` alone (SplitMix64).
pub(crate) fn number(seed: u64, most: u64) -> u64 {
    let mut mixed = seed
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        .wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (mixed ^ (mixed >> 31)) % most
}
