//! A file as its host shows it, where hosts do it otherwise.

use std::sync::Arc;

use tributary::hosts::{Dialect, Link, Target};
use tributary_pages::markup::HostLook;
use tributary_sandbox::signin::hosts::{Commit, FileEdit};

use crate::requests::signed_in;
use crate::sandbox::{HOSTS, World};

const TEXT: &str = "# Looks\n\n[[_TOC_]]\n\nA <b>bold</b> word.\n\n## Tides\n\n\
    ::: mermaid\ngraph LR\n  A --> B\n:::\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_shown_as_the_host_does_that_it_is_at() {
    let world = World::new().await;
    let made = world.sandbox.control().accounts().commit(&Commit {
        repository: "acme/handbook".to_owned(),
        branch: "main".to_owned(),
        from: None,
        message: "Looks".to_owned(),
        author: "bob".to_owned(),
        date: None,
        edits: vec![FileEdit::Write {
            path: "looks.md".to_owned(),
            text: TEXT.to_owned(),
        }],
    });
    made.expect("a commit");
    let here = world.folder().display().to_string();
    crate::local::git(&world.folder(), &["remote", "update"]);
    let mut shown = Vec::new();
    for (server, name, provider, owner, scopes) in HOSTS {
        let fine = |error: tributary::Error| -> String { panic!("{name}: {}", error.chain()) };
        let (person, _) = signed_in(&world, (server, name, provider, scopes)).await;
        let link = Link {
            dialect: Dialect::of_provider(provider),
            base: format!("{}/hosts/{name}", world.base()),
            repository: format!("{owner}handbook"),
            target: Target::Repository,
        };
        let opened = person.open(&link.web(), Some("main")).await;
        let visit = Arc::new(opened.map_err(fine).expect("fine"));
        let page = visit.host_look("looks.md", str::to_owned).await;
        let page = page.map_err(fine).expect("fine").expect("a look");
        shown.push((provider, visit.look(), page.body.content));
    }
    // A clone says nothing of how a host shows its files.
    let nobody = crate::browse::Nobody::new();
    let visit = nobody.open(&here, Some("main")).await.expect("a clone");
    let visit = Arc::new(visit);
    let page = visit.host_look("looks.md", str::to_owned).await;
    let page = page.expect("fine").expect("a look");
    shown.push(("a clone", visit.look(), page.body.content));

    let expected = [
        ("github", HostLook::GitHub),
        ("gitlab", HostLook::GitLab),
        ("bitbucket", HostLook::Bitbucket),
        ("bitbucket-data-center", HostLook::Bitbucket),
        ("azure-devops", HostLook::AzureDevOps),
        ("gitea", HostLook::GitHub),
        ("a clone", HostLook::GitHub),
    ];
    for ((provider, look, html), expected) in shown.iter().zip(expected) {
        assert_eq!((*provider, *look), expected);
        let has = |words: &str| html.contains(words);
        let is_filled = *look == HostLook::GitLab;
        assert_eq!(has("<a href=\"#tides\""), is_filled, "{provider}: {html}");
        assert_eq!(has("[[<em>TOC</em>]]"), !is_filled, "{provider}: {html}");
        let is_words = *look == HostLook::Bitbucket;
        assert_eq!(
            has("&lt;b&gt;bold&lt;/b&gt;"),
            is_words,
            "{provider}: {html}"
        );
        assert_eq!(
            has("<strong>bold</strong>"),
            !is_words,
            "{provider}: {html}"
        );
        let is_drawn = *look == HostLook::AzureDevOps;
        assert_eq!(has("::: mermaid"), !is_drawn, "{provider}: {html}");
        assert_eq!(has("<img"), is_drawn, "{provider}: {html}");
    }
}
