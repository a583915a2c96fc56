//! What an address opens, as whom, and what it shows.

use serde_json::json;
use tributary::ErrorKind;
use tributary::hosts::{self, Depth, Urgency};
use tributary::vault::Secret;
use tributary_sandbox::signin::Server;

use crate::{World, kind};

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_opened_as_the_account_that_is_signed_in_there() {
    let world = World::new().await;
    for (id, repository, on_branch) in [
        (
            "github",
            "acme/handbook",
            "/blob/feature/pay-grades/README.md",
        ),
        (
            "gitlab",
            "acme/handbook",
            "/-/blob/feature/pay-grades/README.md",
        ),
        (
            "bitbucket",
            "acme/handbook",
            "/src/feature/pay-grades/README.md",
        ),
        (
            "bitbucket-data-center",
            "projects/ACME/repos/handbook",
            "/browse/README.md?at=refs%2Fheads%2Ffeature%2Fpay-grades",
        ),
        (
            "azure-devops",
            "acme/docs/_git/handbook",
            "?path=%2FREADME.md&version=GBfeature%2Fpay-grades",
        ),
        (
            "gitea",
            "acme/handbook",
            "/src/branch/feature/pay-grades/README.md",
        ),
    ] {
        let open = async |address: &str, reference: Option<&str>| {
            hosts::open(
                &world.accounts,
                &world.setup.http,
                None,
                address,
                reference,
                None,
            )
            .await
        };
        let base = world.place(id).base().to_owned();
        let whole = format!("{base}/{repository}");
        let nobody = open(&whole, None).await;
        assert!(nobody.is_err(), "{id}: nobody is signed in");
        world.signed_in(id).await;

        let pinned = open(&whole, Some("v1.0")).await;
        let pinned = pinned.unwrap_or_else(|error| panic!("{id}: {}", error.chain()));
        assert_eq!(pinned.reference.as_deref(), Some("v1.0"));
        assert_eq!(pinned.path, "");
        let tree = pinned
            .repository
            .tree(
                &pinned.commit.id,
                "".into(),
                Depth::Children,
                Urgency::Waited,
            )
            .await;
        let tree = tree.unwrap_or_else(|error| panic!("{id}: {}", error.chain()));
        assert!(
            tree.items.iter().any(|entry| entry.path == "README.md"),
            "{id}"
        );
        let text = pinned
            .file("README.md")
            .await
            .expect("readable")
            .expect("there is one");
        assert!(String::from_utf8_lossy(&text).contains("Handbook"), "{id}");

        let shown = open(&format!("{whole}{on_branch}"), None).await;
        let shown = shown.unwrap_or_else(|error| panic!("{id}: {}", error.chain()));
        assert_eq!(shown.path, "README.md", "{id}");
        let name = shown.reference.clone().expect("the address names a branch");
        assert!(name.ends_with("feature/pay-grades"), "{id}: {name}");
        assert_ne!(shown.commit.id, pinned.commit.id, "{id}");
        assert_eq!(
            shown.repository.identity, pinned.repository.identity,
            "{id}"
        );
        assert!(shown.repository.identity.ends_with("handbook"), "{id}");
        // By another ref, the path of the address stays.
        let other = open(&format!("{whole}{on_branch}"), Some("v1.0")).await;
        let other = other.unwrap_or_else(|error| panic!("{id}: {}", error.chain()));
        assert_eq!(
            (other.path, other.commit.id),
            (shown.path, pinned.commit.id.clone()),
            "{id}"
        );
        let link = shown
            .repository
            .permalink(&pinned.commit.id, "README.md".into(), None)
            .expect("a known host");
        let back = open(&link, None).await;
        let back = back.unwrap_or_else(|error| panic!("{id}: {}", error.chain()));
        assert_eq!(
            (back.commit.id, back.path.to_string()),
            (pinned.commit.id, "README.md".to_owned())
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_opened_says_why() {
    let world = World::new().await;
    world.signed_in("gitlab").await;
    let base = world.place("gitlab").base().to_owned();
    let open = async |address: &str, reference: Option<&str>| {
        hosts::open(
            &world.accounts,
            &world.setup.http,
            None,
            address,
            reference,
            None,
        )
        .await
    };
    let hidden = open(&format!("{base}/acme/absent"), None).await;
    assert_eq!(kind(hidden), ErrorKind::Forbidden);
    let no_ref = open(&format!("{base}/acme/handbook"), Some("absent")).await;
    assert_eq!(kind(no_ref), ErrorKind::NotFound);
    let unknown = open("https://git.acme.invalid/docs/a", None).await;
    let error = unknown.expect_err("nobody knows what is there");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(
        error.chain().contains("tributary login"),
        "{}",
        error.chain()
    );
    assert_eq!(kind(open("nonsense", None).await), ErrorKind::InvalidInput);
    let accounts = world.sandbox.control().accounts();
    accounts.set_access(Server::Gitlab, "acme/handbook", "alice", false);
    let lost = open(&format!("{base}/acme/handbook"), None).await;
    assert_eq!(kind(lost), ErrorKind::Forbidden);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_a_pipeline_goes_no_further_than_an_account_s() {
    let open = async |world: &World, address: &str| {
        let token = Secret::new("glpat-of-a-pipeline".to_owned());
        let http = &world.setup.http;
        hosts::open(&world.accounts, http, None, address, None, Some(token)).await
    };
    // Where it could be read on the way nothing is sent.
    let world = World::new().await;
    for address in [
        "http://git.acme.invalid/docs.git",
        "http://192.0.2.1/docs.git",
    ] {
        assert_eq!(
            kind(open(&world, address).await),
            ErrorKind::InvalidInput,
            "{address}"
        );
    }
    // And under a policy that allows no such token.
    for rules in [
        json!({"allowed": false}),
        json!({"mode": "managed"}),
        json!({"token_kinds": []}),
        json!({"max_token_days": 30}),
    ] {
        let policy = json!({"version": 1, "providers": {"gitlab": rules}});
        let world = World::with_policy(Some(&policy.to_string())).await;
        let refused = open(&world, "https://gitlab.com/acme/handbook").await;
        assert_eq!(kind(refused), ErrorKind::Forbidden, "{policy}");
    }
    // It is sent otherwise, and this one is nobody's.
    world.signed_in("gitlab").await;
    let base = world.place("gitlab").base().to_owned();
    let wrong = open(&world, &format!("{base}/acme/handbook")).await;
    assert_eq!(kind(wrong), ErrorKind::SignedOut);
}
