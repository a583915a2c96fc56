//! github.com and gitlab.com in the real window, as everybody knows them: each name is an origin by itself,
//! and GitHub's API and archives are at others than its website. First without an account, then with one.

use tributary::store::write_atomically;
use tributary_sandbox::signin::Server;
use tributary_sandbox::{Options, Running};

use super::{HOSTS, Place, from_a_tag_to_publishing_again, open_at, paste, until_source};
use crate::desktop::{Desktop, Window, on_a_desktop};

/// Pastes a link to a file at a tag where nobody is signed in: before the repository is everybody's, and
/// then.
async fn looked_at_by_anybody(window: &Window, sandbox: &Running, name: &str, base: &str) {
    let accounts = sandbox.control().accounts();
    let file = match name {
        "github" => "blob/v1.0/docs/greetings.md",
        _ => "-/blob/v1.0/docs/greetings.md",
    };
    let link = format!("{base}/acme/handbook/{file}");
    paste(window, &link).await;
    window.until_script("return document.querySelector(\"[data-testid='unopened'] [data-testid='error']\")?.dataset.code === 'signedOut'").await;
    assert!(accounts.set_public("acme/handbook", true).expect("set"));
    paste(window, &link).await;
    until_source(window, "We greet each other in the morning").await;
    window.until_script("return document.querySelector(\"[data-testid='path']\")?.textContent === 'greetings.md' && document.querySelector(\"[data-testid='unopened']\") === null").await;
    window.until_script("return document.querySelector(\"[data-testid='last-change']\")?.textContent.toLowerCase().includes('alice') ?? false").await;
    assert!(accounts.set_public("acme/handbook", false).expect("set"));
    window.click("[data-testid='open-another']").await;
}

#[test]
fn the_same_journey_leads_through_the_hosts_that_everybody_knows() {
    on_a_desktop(
        "hosts::public::the_same_journey_leads_through_the_hosts_that_everybody_knows",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let mut places = Vec::new();
            let mut settings = String::from("version = 1\n");
            for (server, name) in [
                (Server::Github, "public-github"),
                (Server::Gitlab, "public-gitlab"),
            ] {
                let public = sandbox.public(server).await.expect("free ports");
                let host = HOSTS.iter().find(|host| host.server == server);
                let host = host.expect("one of them");
                let web = &public.web;
                settings += &format!("[providers.{}]\nbase = \"{web}\"\n", host.provider);
                if let Some(api) = &public.api {
                    settings += &format!("api = \"{api}\"\n");
                }
                places.push((
                    host,
                    Place {
                        name,
                        base: Some(public.web),
                    },
                ));
            }
            let file = desktop.home.join("tributary/config/settings.toml");
            write_atomically(&file, settings.as_bytes()).expect("ours");
            let window = desktop.window(&[]).await;
            window.find("open-path").await;
            for (host, place) in &places {
                let base = place.base.as_deref().expect("an address");
                looked_at_by_anybody(&window, &sandbox, host.name, base).await;
            }
            for (host, place) in &places {
                let base = place.base.as_deref().expect("an address");
                place.write(&sandbox, "first");
                host.sign_in_at(&window, &sandbox, base).await;
                open_at(&window, base).await;
                from_a_tag_to_publishing_again(&window, &sandbox, place, || ()).await;
            }
            // Nothing was asked where a company's host would be.
            let requests = sandbox.control().requests();
            let to_hosts = requests
                .iter()
                .filter_map(|one| one.path.strip_prefix("/hosts/"));
            let names = to_hosts.filter_map(|path| path.split('/').next());
            let mut names: Vec<&str> = names.collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names, ["api.github.com", "github.com", "gitlab.com"]);
            window.close().await;
            sandbox.stop().await;
        },
    );
}
