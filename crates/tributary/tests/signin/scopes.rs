//! Publishing to Cloud as an account: through the gateway, with the scopes that were asked for and
//! with one less. The sandbox demands for each call what Atlassian's documents say of it.

use std::path::Path;

use tokio_util::sync::CancellationToken;
use tributary::account::{Account, Accounts, HealthState, Purpose, SignIn, Way};
use tributary::confluence::Client;
use tributary::publish::{
    OutcomeKind, PublishReport, PublishRequest, Undone, apply, plan, plan_undo,
};
use tributary::settings::{Auth, SiteSettings};
use tributary::store::write_atomically;
use tributary_pages::plan::{OnOrphan, PlanSettings};
use tributary_sandbox::signin::{Product, Server};
use url::Url;

use crate::World;

const PICTURE: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>";

/// A folder whose pages need everything that publishing does: a page below another, a label, a file.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let first = "---\nlabels: [made]\n---\n# Alpha\n\n![A picture](a.svg)\n";
    for (name, text) in [
        ("index.md", "# Start\n\nWords.\n"),
        ("a.md", first),
        ("a.svg", PICTURE),
        ("b.md", "# Beta\n"),
        ("c.md", "# Gamma\n"),
    ] {
        put(folder.path(), name, text);
    }
    folder
}

fn put(folder: &Path, name: &str, text: &str) {
    write_atomically(&folder.join(name), text.as_bytes()).expect("written");
}

async fn client(world: &World, accounts: &Accounts) -> Client {
    let site = SiteSettings {
        url: Url::parse(&world.sandbox.cloud_url()).expect("an address"),
        flavor: None,
        auth: Auth::Bearer,
        gateway: None,
    };
    let (credential, reached) = accounts.for_site(&site, None).await.expect("a credential");
    assert!(reached.gateway.is_some(), "it is an account");
    let client = tributary::account::client(&world.setup.http, &reached, credential);
    client.await.expect("a client")
}

async fn publish(
    world: &World,
    client: &Client,
    folder: &Path,
    on_orphan: OnOrphan,
) -> Result<PublishReport, tributary::Error> {
    let settings = PlanSettings {
        on_orphan,
        orphan_limit: 100,
        ..PlanSettings::default()
    };
    publish_as(world, client, folder, settings).await
}

async fn publish_as(
    world: &World,
    client: &Client,
    folder: &Path,
    settings: PlanSettings,
) -> Result<PublishReport, tributary::Error> {
    let request = PublishRequest {
        paths: vec![folder.to_path_buf()],
        space: "DOCS".to_owned(),
        parent: None,
        include: Vec::new(),
        exclude: Vec::new(),
        settings,
        concurrency: 4,
        verify: true,
    };
    let cancel = CancellationToken::new();
    let prepared = plan(client, &request, &|_| {}, &cancel).await?;
    let digest = &prepared.plan.digest;
    apply(&prepared, digest, &world.audit, &|_| {}, &cancel).await
}

/// Publishes, changes a page, and lets two sources go, one by one.
async fn whole_life(
    world: &World,
    client: &Client,
    folder: &Path,
) -> Result<Vec<PublishReport>, tributary::Error> {
    let mut reports = Vec::new();
    reports.push(publish(world, client, folder, OnOrphan::Report).await?);
    put(folder, "b.md", "# Beta\n\nMore.\n");
    reports.push(publish(world, client, folder, OnOrphan::Report).await?);
    for (name, on_orphan) in [("b.md", OnOrphan::Archive), ("c.md", OnOrphan::Trash)] {
        std::fs::remove_file(folder.join(name)).expect("the file goes");
        reports.push(publish(world, client, folder, on_orphan).await?);
    }
    Ok(reports)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_for_is_enough_to_publish_archive_and_trash() {
    let world = World::new().await;
    world.give_application("confluence-cloud");
    let account = world.sign_in(for_removing(&world)).await;
    let account = account.expect("signed in").account;
    let place = world.place("confluence-cloud");
    let mut asked = place.provider().scopes(Purpose::Remove);
    let mut granted = account.scopes.clone();
    asked.sort();
    granted.sort();
    assert_eq!(granted, asked, "no more and no less");
    let client = client(&world, &world.accounts).await;
    let folder = folder();
    let control = world.sandbox.control();
    control.clear_requests();
    let reports = whole_life(&world, &client, folder.path()).await;
    let reports = reports.unwrap_or_else(|error| panic!("{}", error.chain()));
    for report in &reports {
        assert!(report.is_complete(), "{:?}", report.outcomes);
    }
    for (report, kind, count) in [
        (&reports[0], OutcomeKind::Created, 4),
        (&reports[1], OutcomeKind::Updated, 1),
        (&reports[2], OutcomeKind::Archived, 1),
        (&reports[3], OutcomeKind::Trashed, 1),
    ] {
        assert_eq!(report.count(kind), count, "{:?}", report.outcomes);
    }
    let pages = control.pages(Product::Cloud, "DOCS");
    let alpha = pages.iter().find(|page| page.title == "Alpha");
    let alpha = alpha.expect("it is there");
    assert_eq!(alpha.labels, ["made"]);
    assert_eq!(alpha.attachments.len(), 1);
    assert!(
        pages
            .iter()
            .all(|page| page.title != "Beta" && page.title != "Gamma")
    );
    let by_gateway = |path: &str| path.starts_with("/ex/confluence/");
    for logged in control.requests() {
        assert!(
            by_gateway(&logged.path),
            "{} {}",
            logged.method,
            logged.path
        );
    }
}

/// What somebody asks for who wants to put pages into the trash too.
fn for_removing(world: &World) -> SignIn {
    SignIn {
        purpose: Purpose::Remove,
        ..world.wish("confluence-cloud", Way::Browser)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_right_to_trash_is_asked_for_by_who_wants_it_alone() {
    let delete = "delete:page:confluence".to_owned();
    let world = World::new().await;
    let account = world.signed_in("confluence-cloud").await;
    assert!(!account.scopes.contains(&delete), "{:?}", account.scopes);
    let health = world.accounts.check_health(&account).await;
    assert_eq!(health.state, HealthState::Ok, "{}", health.message);
    let before = client(&world, &world.accounts).await;
    let folder = folder();
    // Publishing and archiving take no more than what everybody asks for.
    publish(&world, &before, folder.path(), OnOrphan::Report)
        .await
        .expect("published");
    std::fs::remove_file(folder.path().join("b.md")).expect("the file goes");
    let archived = publish(&world, &before, folder.path(), OnOrphan::Archive).await;
    assert_eq!(archived.expect("published").count(OutcomeKind::Archived), 1);
    // Nothing is written of a plan that it cannot carry out.
    std::fs::remove_file(folder.path().join("c.md")).expect("the file goes");
    put(folder.path(), "a.md", "# Alpha\n\nOther words.\n");
    let control = world.sandbox.control();
    control.clear_requests();
    let refused = publish(&world, &before, folder.path(), OnOrphan::Trash).await;
    let error = refused.expect_err("it may not");
    assert_eq!(error.kind(), tributary::ErrorKind::Forbidden);
    let remedy = error.way_out().expect("a way out");
    assert!(remedy.for_command().contains("--trash"), "{remedy:?}");
    assert!(remedy.for_window().contains("May put pages"), "{remedy:?}");
    let requests = control.requests();
    let written = requests.iter().filter(|request| request.method != "GET");
    assert_eq!(written.count(), 0);
    // The same person signs in for that, and what was refused is done.
    let again = SignIn {
        again: Some(account.id.clone()),
        ..for_removing(&world)
    };
    let again = world.sign_in(again).await.expect("signed in").account;
    assert!(again.scopes.contains(&delete), "{:?}", again.scopes);
    assert!(world.has("credential.scopes", "success"));
    let after = client(&world, &world.accounts).await;
    let trashed = publish(&world, &after, folder.path(), OnOrphan::Trash).await;
    assert_eq!(trashed.expect("published").count(OutcomeKind::Trashed), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_are_made_with_what_everybody_is_asked_for_and_go_with_the_right_to_trash() {
    let world = World::new().await;
    let account = world.signed_in("confluence-cloud").await;
    let folder = folder();
    std::fs::create_dir(folder.path().join("deep")).expect("a folder");
    put(folder.path(), "deep/d.md", "# Delta\n");
    let settings = PlanSettings {
        folders: true,
        orphan_limit: 100,
        ..PlanSettings::default()
    };
    let before = client(&world, &world.accounts).await;
    let made = publish_as(&world, &before, folder.path(), settings.clone()).await;
    assert_eq!(made.expect("published").count(OutcomeKind::Created), 6);

    std::fs::remove_dir_all(folder.path().join("deep")).expect("it goes");
    let again = SignIn {
        again: Some(account.id.clone()),
        ..for_removing(&world)
    };
    world.sign_in(again).await.expect("signed in");
    let after = client(&world, &world.accounts).await;
    let settings = PlanSettings {
        on_orphan: OnOrphan::Trash,
        ..settings
    };
    let trashed = publish_as(&world, &after, folder.path(), settings).await;
    let trashed = trashed.expect("published");
    assert_eq!(
        trashed.count(OutcomeKind::Trashed),
        2,
        "{:#?}",
        trashed.outcomes
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn new_files_of_a_page_are_taken_back_with_the_right_to_trash_alone() {
    let world = World::new().await;
    let account = world.signed_in("confluence-cloud").await;
    let folder = folder();
    put(folder.path(), "a.md", "# Alpha\n\nWords.\n");
    let before = client(&world, &world.accounts).await;
    let first = publish(&world, &before, folder.path(), OnOrphan::Report).await;
    first.expect("published");
    put(folder.path(), "a.md", "# Alpha\n\n![A picture](a.svg)\n");
    let report = publish(&world, &before, folder.path(), OnOrphan::Report).await;
    let report = report.expect("published").to_json().to_string();
    let undone = Undone::read(report.as_bytes()).expect("a report");
    let cancel = CancellationToken::new();
    let planned = plan_undo(&before, &undone, 4, &|_| {}, &cancel).await;
    let planned = planned.expect("a plan");
    let mut steps = planned.plan.steps.iter();
    let step = steps.find(|step| step.title == "Alpha").expect("a step");
    assert!(step.takes_off.files.is_empty(), "{:?}", step.takes_off);
    let codes: Vec<&str> = step.problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["undo.attachments"], "that it stays is said");

    let again = SignIn {
        again: Some(account.id.clone()),
        ..for_removing(&world)
    };
    world.sign_in(again).await.expect("signed in");
    let after = client(&world, &world.accounts).await;
    let planned = plan_undo(&after, &undone, 4, &|_| {}, &cancel).await;
    let planned = planned.expect("a plan");
    let digest = &planned.plan.digest;
    let ended = apply(&planned, digest, &world.audit, &|_| {}, &cancel).await;
    let ended = ended.expect("a report");
    let mut outcomes = ended.outcomes.iter();
    let alpha = outcomes.find(|ended| ended.title == "Alpha");
    let problems = &alpha.expect("an outcome").problems;
    let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["undo.file_goes"]);
    let pages = world.sandbox.control().pages(Product::Cloud, "DOCS");
    let alpha = pages.iter().find(|page| page.title == "Alpha");
    assert!(alpha.expect("the page").attachments.is_empty());
}

/// The account of a program that asked for one scope less.
async fn signed_in_without(world: &mut World, scope: &str) -> (Accounts, Account) {
    let place = world.place("confluence-cloud");
    let less = |purpose: &[String]| {
        let kept = purpose.iter().filter(|known| *known != scope);
        toml::Value::Array(kept.cloned().map(toml::Value::String).collect())
    };
    let read = place.provider().scopes(Purpose::Read);
    let publish: Vec<String> = place.provider().scopes(Purpose::Publish);
    let publish: Vec<String> = publish
        .into_iter()
        .filter(|scope| !read.contains(scope))
        .collect();
    let now = world.another_process();
    let cloud = world.setup.providers.get_mut("confluence-cloud");
    let cloud = cloud.and_then(toml::Value::as_table_mut).expect("a table");
    cloud.insert("read".to_owned(), less(&read));
    cloud.insert("publish".to_owned(), less(&publish));
    world.accounts = world.another_process();
    world.give_application("confluence-cloud");
    let account = world.sign_in(for_removing(world)).await;
    let account = account.expect("signed in").account;
    assert!(
        !account.scopes.iter().any(|known| known == scope),
        "{scope}"
    );
    (now, account)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scope_that_is_missing_is_said_with_what_to_do() {
    for (scope, kind) in [
        ("write:page:confluence", OutcomeKind::Created),
        ("write:confluence-file", OutcomeKind::Created),
        ("write:confluence-content", OutcomeKind::Archived),
    ] {
        let mut world = World::new().await;
        let (accounts, account) = signed_in_without(&mut world, scope).await;
        let health = accounts.check_health(&account).await;
        assert_eq!(health.state, HealthState::MissingScope, "{scope}");
        assert!(health.message.contains(scope), "{}", health.message);
        let remedy = health.remedy.expect("a remedy");
        assert!(remedy.for_command().contains("--again"), "{remedy:?}");
        assert_eq!(remedy.for_window(), "Sign in again");

        let client = client(&world, &accounts).await;
        let folder = folder();
        let reports = whole_life(&world, &client, folder.path()).await;
        let reports = reports.unwrap_or_else(|error| panic!("{scope}: {}", error.chain()));
        let outcomes = reports.iter().flat_map(|report| &report.outcomes);
        let reasons: Vec<&str> = outcomes
            .clone()
            .filter(|outcome| outcome.kind == OutcomeKind::Failed)
            .filter_map(|outcome| outcome.reason.as_deref())
            .collect();
        assert!(!reasons.is_empty(), "{scope}: nothing failed");
        for reason in &reasons {
            assert!(reason.contains("Missing scope"), "{scope}: {reason}");
            assert!(reason.contains("Sign in again"), "{scope}: {reason}");
        }
        let happened = outcomes.clone().filter(|outcome| outcome.kind == kind);
        let happened: Vec<&str> = happened.map(|outcome| &*outcome.title).collect();
        let files = |title: &&str| *title == "Alpha";
        assert!(
            happened.is_empty()
                || (scope == "write:confluence-file" && !happened.iter().any(files)),
            "{scope}: {happened:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_without_a_scope_is_told_from_a_wrong_one() {
    let world = World::new().await;
    let server = world.sandbox.control().accounts().clone();
    let scopes = ["read:confluence-user", "read:space:confluence"];
    let base = world.sandbox.cloud_url();
    let wish = SignIn {
        place: world
            .accounts
            .place("confluence-cloud", Some(&base))
            .expect("a place"),
        ..world.wish(
            "confluence-cloud",
            Way::Token {
                token: tributary::vault::Secret::new(server.issue(Server::Cloud, &scopes)),
                kind: None,
                user: "author@example.com".to_owned(),
                ends: None,
            },
        )
    };
    let account = world.sign_in(wish).await.expect("signed in").account;
    let health = world.accounts.check_health(&account).await;
    assert_eq!(
        health.state,
        HealthState::MissingScope,
        "{}",
        health.message
    );
    assert!(
        health.message.contains("read:page:confluence"),
        "{}",
        health.message
    );
    let remedy = health.remedy.expect("a way out");
    assert!(remedy.for_window().contains("Make a token"), "{remedy:?}");
    let client = client(&world, &world.accounts).await;
    let folder = folder();
    let error = publish(&world, &client, folder.path(), OnOrphan::Report).await;
    let error = error.expect_err("it may not look at pages");
    assert_eq!(
        error.kind(),
        tributary::ErrorKind::Forbidden,
        "{}",
        error.chain()
    );
    assert!(
        error.to_string().contains("Missing scope"),
        "{}",
        error.chain()
    );
    let remedy = error.remedy_text().unwrap_or_default();
    assert!(
        remedy.contains("Make a token that has the scope"),
        "{remedy}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_token_may_is_asked_where_somebody_tells() {
    let world = World::new().await;
    let server = world.sandbox.control().accounts().clone();
    for (scopes, state) in [
        (["repo"].as_slice(), HealthState::Ok),
        (&["read:org"], HealthState::MissingScope),
        (&[], HealthState::MissingScope),
        // Of its permissions nobody tells.
        (&["metadata=read"], HealthState::Ok),
    ] {
        let token = server.issue_personal(Server::Github, "alice", scopes, None);
        let way = Way::Token {
            token: tributary::vault::Secret::new(token.expect("a token")),
            kind: None,
            user: String::new(),
            ends: None,
        };
        let signed_in = world.sign_in(world.wish("github", way)).await;
        let account = signed_in.expect("signed in").account;
        let health = world.accounts.check_health(&account).await;
        assert_eq!(health.state, state, "{scopes:?}: {}", health.message);
        let lacks = state == HealthState::MissingScope;
        assert_eq!(
            health.message.contains("not granted repo"),
            lacks,
            "{scopes:?}"
        );
    }
    // A token with the scope is as good as before.
    let scopes = ["read:confluence-user", "read:page:confluence"];
    let base = world.sandbox.cloud_url();
    let wish = SignIn {
        place: world
            .accounts
            .place("confluence-cloud", Some(&base))
            .expect("a place"),
        ..world.wish(
            "confluence-cloud",
            Way::Token {
                token: tributary::vault::Secret::new(server.issue(Server::Cloud, &scopes)),
                kind: None,
                user: "author@example.com".to_owned(),
                ends: None,
            },
        )
    };
    let account = world.sign_in(wish).await.expect("signed in").account;
    assert!(account.sites[0].gateway.is_some());
    let health = world.accounts.check_health(&account).await;
    assert_eq!(health.state, HealthState::Ok, "{}", health.message);
}
