//! github.com and gitlab.com in the real window, as everybody knows them: each name is an origin by itself,
//! and GitHub's API and archives are at others than its website.

use tributary::store::write_atomically;
use tributary_sandbox::Options;
use tributary_sandbox::signin::Server;

use super::{HOSTS, Place, from_a_tag_to_publishing_again, open_at};
use crate::desktop::{Desktop, on_a_desktop};

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
