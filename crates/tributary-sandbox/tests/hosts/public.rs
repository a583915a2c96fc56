//! The hosts that everybody knows, each of whose names is an origin by itself.

use serde_json::json;
use tributary_sandbox::signin::Server;

use crate::stand::{Stand, basic};

#[tokio::test(flavor = "multi_thread")]
async fn github_has_its_website_its_api_and_its_archives_at_three_origins() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::Github, "alice");
    let public = stand.sandbox.public(Server::Github).await;
    let public = public.expect("free ports");
    let (web, api) = (public.web, public.api.expect("another origin"));
    assert_ne!(web, api);
    let handbook = format!("{api}/repos/acme/handbook");
    let described = stand.get(&handbook, &own).await.json();
    assert_eq!(described["url"], handbook.as_str());
    assert_eq!(described["html_url"], format!("{web}/acme/handbook"));
    let listed = stand
        .get(&format!("{api}/user/repos?per_page=1"), &own)
        .await;
    let next = listed.next().expect("there is another");
    assert!(next.starts_with(&format!("{api}/user/repos?")), "{next}");
    assert_eq!(stand.get(&next, &own).await.status, 200);

    // What one origin has, the others have not.
    for elsewhere in [
        format!("{web}/api/v3/user"),
        format!("{web}/user"),
        format!("{api}/api/v3/user"),
        format!("{api}/acme/handbook.git/info/refs?service=git-upload-pack"),
    ] {
        assert_eq!(stand.get(&elsewhere, &own).await.status, 404, "{elsewhere}");
    }
    let token = stand.token(Server::Github, "alice");
    let refs = format!("{web}/acme/handbook.git/info/refs?service=git-upload-pack");
    let refs = stand.get(&refs, &basic("alice", &token)).await;
    assert_eq!(refs.status, 200);

    // An archive lies at the third, which knows nobody.
    let sent_on = stand.get(&format!("{handbook}/zipball/v1.0"), &own).await;
    let place = sent_on.header("location").to_owned();
    let is_elsewhere = !place.starts_with(&web) && !place.starts_with(&api);
    assert!(sent_on.status == 302 && is_elsewhere, "{place}");
    let archive = stand.get(&place, "").await;
    assert_eq!((archive.status, &archive.bytes[..2]), (200, &b"PK"[..]));
    assert_eq!(stand.get(&place, &own).await.status, 400);
    let (bare, _) = place.split_once("?token=").expect("a token");
    assert_eq!(stand.get(bare, "").await.status, 404);
    assert_eq!(stand.get(&format!("{bare}?token=1"), "").await.status, 404);
    stand
        .hand(
            "visibility",
            json!({"repository": "acme/handbook", "public": true}),
        )
        .await;
    let sent_on = stand.get(&format!("{handbook}/tarball/v1.0"), "").await;
    let place = sent_on.header("location");
    assert!(!place.contains('?'), "{place}");
    assert_eq!(stand.get(place, "").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn gitlab_has_its_api_below_its_own_name_and_others_have_none() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::Gitlab, "alice");
    let public = stand.sandbox.public(Server::Gitlab).await;
    let public = public.expect("a free port");
    assert_eq!(public.api, None);
    let project = format!("{}/api/v4/projects/acme%2Fhandbook", public.web);
    let described = stand.get(&project, &own).await.json();
    assert_eq!(
        described["web_url"],
        format!("{}/acme/handbook", public.web)
    );
    let listed = format!("{}/api/v4/projects?per_page=1&membership=true", public.web);
    let next = stand.get(&listed, &own).await.next().expect("another");
    assert!(next.starts_with(&public.web), "{next}");
    // The company's is still there.
    let company = stand.get("/hosts/gitlab/api/v4/projects/acme%2Fhandbook", &own);
    let company = company.await.json();
    let at = format!("{}/hosts/gitlab/acme/handbook", stand.sandbox.base_url());
    assert_eq!(company["web_url"], at.as_str());
    assert!(stand.sandbox.public(Server::Gitea).await.is_err());
}
