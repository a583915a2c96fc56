//! A Git server over SSH in the real window: what is found as `ssh` speaks it, as for everybody.

use tributary_sandbox::Options;
use tributary_testbed::ssh::{Starts, large_files, open_ssh, run_here, run_with, user};

use super::{Place, from_a_tag_to_publishing_again, paste};
use crate::desktop::{Desktop, on_a_desktop};
use crate::previews::git;

/// The journey of every host, from a pasted address to publishing again. The repository is the sandbox's,
/// which the program that is found as `ssh` leads to: OpenSSH with a server of its own, or where that cannot
/// be started, one that runs here what it would run there. Over the web nothing is asked but its large files.
#[test]
fn the_same_journey_leads_over_ssh() {
    on_a_desktop(
        "hosts::over_ssh::the_same_journey_leads_over_ssh",
        async |desktop: Desktop| {
            let kept = desktop.home.join("served");
            let options = Options {
                data: Some(kept.clone()),
                ..Options::default()
            };
            let sandbox = tributary_sandbox::start(options).await;
            let sandbox = sandbox.expect("a sandbox");
            let everybody = sandbox.control().accounts();
            assert!(everybody.set_public("acme/handbook", true).expect("set"));
            let served = kept.join("git/acme/handbook.git");
            git(&served, &["config", "uploadpack.allowFilter", "true"]);
            let programs = desktop.home.join("bin");
            let starts = Starts::in_file(&desktop.home.join("started"));
            let ssh = programs.join("ssh");
            let keys = desktop.home.join("keys");
            std::fs::create_dir(&keys).expect("the folder is ours");
            // A server lets one variable in, and finds the program for large files beside Git.
            let found = programs.display();
            let accepts = format!("AcceptEnv GIT_PROTOCOL\nSetEnv PATH={found}:/usr/bin:/bin");
            let user = match open_ssh(&keys, &accepts) {
                Some(real) => {
                    run_with(&ssh, &starts, &real);
                    user()
                }
                None => {
                    run_here(&ssh, &starts);
                    "git".to_owned()
                }
            };
            let lfs = format!(
                "{}/hosts/gitea/acme/handbook.git/info/lfs",
                sandbox.base_url()
            );
            large_files(&programs, &lfs);

            let place = Place {
                name: "over-ssh",
                base: None,
            };
            place.write(&sandbox, "first");
            let window = desktop.window(&[]).await;
            window.find("open-path").await;
            let address = format!("ssh://{user}@git.example:2222{}", served.display());
            paste(&window, &address).await;
            from_a_tag_to_publishing_again(&window, &sandbox, &place, || ()).await;

            let starts = starts.since();
            let fetches = "-oBatchMode=yes -oSetEnv=GIT_PROTOCOL=version=2 -p2222 --";
            let fetches = format!("{fetches} {user}@git.example git-");
            for start in &starts {
                assert!(start.starts_with(&fetches), "{start}");
            }
            let fetched = |program: &str| starts.iter().any(|start| start.contains(program));
            assert!(fetched("git-upload-pack '/") && fetched("git-lfs-authenticate '/"));
            let requests = sandbox.control().requests();
            let to_hosts = requests
                .iter()
                .filter(|one| one.path.starts_with("/hosts/"));
            let paths: Vec<&str> = to_hosts.map(|one| one.path.as_str()).collect();
            let of_large_files = |path: &&str| path.contains("/info/lfs/objects/");
            assert!(
                !paths.is_empty() && paths.iter().all(of_large_files),
                "{paths:?}"
            );
            window.close().await;
            sandbox.stop().await;
        },
    );
}
