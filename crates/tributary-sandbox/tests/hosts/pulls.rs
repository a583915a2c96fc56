//! Pull requests, of which no official description is here: where they lead from is what matters.

use serde_json::{Value, json};
use tributary_sandbox::signin::Server;

use crate::stand::Stand;

#[tokio::test(flavor = "multi_thread")]
async fn a_pull_request_says_which_commit_it_ends_at_and_follows_its_branch() {
    let stand = Stand::new().await;
    for (server, repository, number, head) in [
        (
            Server::Github,
            "/hosts/github/api/v3/repos/acme/NAME",
            "/pulls/",
            "/head/sha",
        ),
        (
            Server::Gitlab,
            "/hosts/gitlab/api/v4/projects/acme%2FNAME",
            "/merge_requests/",
            "/sha",
        ),
        (
            Server::Bitbucket,
            "/hosts/bitbucket/2.0/repositories/acme/NAME",
            "/pullrequests/",
            "/source/commit/hash",
        ),
        (
            Server::BitbucketDc,
            "/hosts/bitbucket-dc/rest/api/latest/projects/ACME/repos/NAME",
            "/pull-requests/",
            "/fromRef/latestCommit",
        ),
        (
            Server::Entra,
            "/hosts/entra/acme/docs/_apis/git/repositories/NAME",
            "/pullRequests/",
            "/lastMergeSourceCommit/commitId",
        ),
        (
            Server::Gitea,
            "/hosts/gitea/api/v1/repos/acme/NAME",
            "/pulls/",
            "/head/sha",
        ),
    ] {
        let (alice, bob) = (
            stand.as_person(server, "alice"),
            stand.as_person(server, "bob"),
        );
        let asked = async |name: &str, number_of: u32, own: &str| {
            let place = repository.replace("NAME", name);
            let asked = format!("{place}{number}{number_of}?api-version=7.1");
            stand.get(&asked, own).await
        };
        let text = format!("# For {server:?}\n");
        let edits = json!([{"write": {"path": "docs/pay.md", "text": text}}]);
        let made = stand.commit("feature/pay-grades", edits).await;
        let answer = asked("handbook", 1, &bob).await;
        assert_eq!(answer.status, 200, "{server:?}: {}", answer.text());
        let told = answer.json();
        let found = told.pointer(head).and_then(Value::as_str).expect("a hash");
        assert!(made.starts_with(found) && found.len() >= 12, "{told}");
        for (name, number, own) in [
            ("handbook", 2, &alice),
            ("secret-plans", 1, &alice),
            ("secret-plans", 1, &bob),
        ] {
            let answer = asked(name, number, own).await;
            assert_eq!(answer.status, 404, "{server:?} {name} {number}");
        }
    }
}
