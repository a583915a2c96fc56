//! Repositories that were renamed at their host.

use tokio_util::sync::CancellationToken;
use tributary::audit::{Audit, Clock};
use tributary::confluence::Client;
use tributary::hosts::{Host, Pinned, Repository};
use tributary::publish::{Prepared, PublishRequest, apply, plan_at};
use tributary::store::Paths;
use tributary::{Error, ErrorKind};

use crate::publish::{confluence, request};
use crate::sandbox::{HOSTS, World};

/// A repository under the name that somebody knows it by, at its newest commit.
async fn pinned(host: &Host, name: &str, reference: Option<&str>) -> Result<Pinned, Error> {
    let repository = Repository::hosted(host, name)?;
    Ok(Pinned {
        commit: repository.resolve(reference).await?,
        repository,
        reference: Some("main".to_owned()),
        path: "".into(),
        lines: None,
    })
}

async fn planned(
    client: &Client,
    request: &PublishRequest,
    pinned: &Pinned,
) -> Result<Prepared, Error> {
    let cancel = CancellationToken::new();
    plan_at(client, request, pinned, &|_| {}, &cancel).await
}

/// Carries a plan out.
async fn publish(prepared: &Prepared) {
    let home = tempfile::tempdir().expect("a temporary folder");
    let audit = Audit::open(&Paths::below(home.path()), None, Clock::of_system());
    let cancel = CancellationToken::new();
    let report = apply(prepared, &prepared.plan.digest, &audit, &|_| {}, &cancel).await;
    let report = report.expect("a report");
    assert!(report.is_complete(), "{report:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_that_was_renamed_at_its_host_keeps_its_pages_under_either_name() {
    let world = World::new().await;
    let mut name_before = "handbook".to_owned();
    for (server, name, provider, owner, scopes) in HOSTS {
        // All hosts have the same repositories, and pages of one would be like those of another.
        let (_sandbox, client) = confluence().await;
        let name_after = format!("manual-{provider}");
        let host = world.host(server, name, provider, "alice", scopes);
        let fine = |error: Error| -> Pinned { panic!("{provider}: {}", error.chain()) };
        let (old, new) = (
            format!("{owner}{name_before}"),
            format!("{owner}{name_after}"),
        );
        let before = pinned(&host, &old, None).await.unwrap_or_else(fine);
        let wanted = request(&["guide"]);
        let first = planned(&client, &wanted, &before).await.expect("a plan");
        let made = first.plan.counts().create;
        assert!(made > 1, "{provider}");
        publish(&first).await;

        let accounts = world.sandbox.control().accounts();
        let full = |name: &str| format!("acme/{name}");
        let renamed = accounts.rename_repository(&full(&name_before), &full(&name_after));
        assert!(renamed.expect("git runs"), "{provider}");
        let by_new = pinned(&host, &new, None).await.unwrap_or_else(fine);
        let leads_there = ![
            "azure-devops",
            "azure-devops-server",
            "bitbucket-data-center",
        ]
        .contains(&provider);
        let taken = std::mem::replace(&mut name_before, name_after.clone());
        if !leads_there {
            // Nobody can be asked, so that somebody has to say it.
            let error = planned(&client, &wanted, &by_new).await.expect_err("asked");
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{provider}");
            let remedy = error.remedy_text().expect("a remedy").to_owned();
            let said = format!("formerly = [\"{}\"]", before.repository.identity);
            assert!(remedy.contains(&said), "{provider}: {remedy}");
            continue;
        }
        // By the old name, also at a branch that nobody has to ask the host's default for.
        for reference in [None, Some("main")] {
            let by_old = pinned(&host, &old, reference).await.unwrap_or_else(fine);
            let prepared = planned(&client, &wanted, &by_old).await.expect("a plan");
            assert_eq!(prepared.plan.counts().create, 0, "{provider}");
            assert_eq!(prepared.source.repository, by_new.repository.identity);
            let links = by_old.repository.by_present_name().await.expect("asked");
            let link = links.permalink(&by_old.commit.id, "README.md".into(), None);
            assert!(link.expect("known").contains(&name_after), "{provider}");
        }
        // By the new name nothing tells the old one but the pages, and the host.
        let prepared = planned(&client, &wanted, &by_new).await.expect("a plan");
        let counts = prepared.plan.counts();
        assert_eq!((counts.create, counts.update), (0, made), "{provider}");
        publish(&prepared).await;
        let again = planned(&client, &wanted, &by_new).await.expect("a plan");
        assert_eq!(again.plan.counts().leave, made, "{provider}");

        // A repository that takes the name is another one.
        accounts
            .add_repository(&full(&taken), Some(&world.folder()), &["alice"])
            .expect("a repository");
        let other = pinned(&host, &old, None).await.unwrap_or_else(fine);
        let error = planned(&client, &wanted, &other).await.expect_err("asked");
        assert!(
            error.chain().contains("/manual"),
            "{provider}: {}",
            error.chain()
        );
        let mut wanted = wanted;
        wanted.settings.repository.formerly = Some(Vec::new());
        let prepared = planned(&client, &wanted, &other).await.expect("a plan");
        assert_eq!(prepared.plan.counts().create, made, "{provider}");
    }
}
