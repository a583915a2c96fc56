//! Repositories that are called otherwise than they were.

use std::path::Path;

use tributary::publish::PublishRequest;
use tributary_pages::plan::{Marker, OnConflict, OnOrphan, RepositoryNames};
use tributary_sandbox::signin::Product;

use crate::{Journey, counts, write};

const BOTH: [Product; 2] = [Product::Cloud, Product::DataCenter];

/// Lets a clone come from an address.
fn come_from(root: &Path, address: &str) {
    let config = format!("[core]\n\tbare = false\n[remote \"origin\"]\n\turl = {address}\n");
    write(root, &[(".git/config", &config)]);
}

/// A publish of a repository that was called so before.
fn formerly(root: &Path, names: &[&str]) -> PublishRequest {
    let mut request = Journey::request(root);
    request.settings.repository = RepositoryNames {
        name: None,
        formerly: Some(names.iter().map(|name| (*name).to_owned()).collect()),
    };
    request
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renamed_repository_keeps_its_pages() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path();
        gix::init(root).expect("a repository");
        come_from(root, "https://github.com/acme/old.git");
        // A message names no path of this length.
        let long = format!("{}/long.md", "folder/".repeat(15));
        write(
            root,
            &[
                ("a.md", "# Kept\n\nSee [the other](b.md).\n"),
                ("b.md", "# Edited\n\nFrom Git.\n"),
                ("c.md", "# Gone\n\nFrom Git.\n"),
                (&long, "# Deep\n\nFrom Git.\n"),
            ],
        );
        let journey = Journey::new(product).await;
        journey.publish(root).await;
        let before = journey.pages();
        let id_of = |title: &str| journey.page(title).id;
        let ids = [id_of("Kept"), id_of("Edited"), id_of("Deep")];
        let control = journey.sandbox.control();
        control.edit_page_by_hand(product, &ids[1], "<p>By hand.</p>");
        std::fs::remove_file(root.join("c.md")).expect("the file goes");

        come_from(root, "git@github.com:acme/new.git");
        let mut request = formerly(root, &["github.com/acme/older", "github.com/acme/old"]);
        request.settings.on_orphan = OnOrphan::Trash;
        request.settings.orphan_limit = 100;
        let report = journey.publish_as(&request).await;
        assert!(report.is_complete() || counts(&report).contains(&("conflict", 1)));
        let ended = counts(&report);
        assert!(
            !ended.iter().any(|(kind, _)| *kind == "created"),
            "{ended:?}"
        );
        assert!(ended.contains(&("conflict", 1)), "{product:?}: {ended:?}");
        assert!(ended.contains(&("trashed", 1)), "{product:?}: {ended:?}");
        assert_eq!(journey.pages().len(), before.len() - 1, "{product:?}");
        assert_eq!(journey.page("Edited").body, "<p>By hand.</p>");
        request.settings.on_conflict = OnConflict::Overwrite;
        let report = journey.publish_as(&request).await;
        assert_eq!(report.count(tributary::publish::OutcomeKind::Updated), 1);

        // From now on the pages say the name themselves, and nobody has to remember the other one.
        let report = journey.publish(root).await;
        let ended = counts(&report);
        assert_eq!(ended.len(), 1, "{product:?}: {ended:?}");
        assert_eq!(ended[0].0, "unchanged", "{product:?}: {ended:?}");
        assert_eq!([id_of("Kept"), id_of("Edited"), id_of("Deep")], ids);

        // Also when a person's version is on top.
        for id in &ids {
            control.edit_page_by_hand(product, id, "<p>By hand again.</p>");
        }
        let report = journey.publish(root).await;
        assert!(counts(&report).contains(&("conflict", 3)), "{product:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_the_new_name_has_already_is_not_given_up_for_that_of_the_old_one() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path();
        gix::init(root).expect("a repository");
        let journey = Journey::new(product).await;
        write(root, &[("a.md", "# One\n\nFrom Git.\n")]);
        come_from(root, "https://github.com/acme/old");
        journey.publish(root).await;
        come_from(root, "https://github.com/acme/new");
        journey.publish_as(&formerly(root, &[])).await;
        let before = journey.pages();
        let request = formerly(root, &["github.com/acme/old"]);
        let report = journey.publish_as(&request).await;
        assert_eq!(counts(&report), [("unchanged", 1)], "{product:?}");
        assert_eq!(journey.pages(), before, "{product:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clone_that_comes_from_elsewhere_now_asks_what_it_was_called() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path();
        gix::init(root).expect("a repository");
        let journey = Journey::new(product).await;
        write(
            root,
            &[
                ("a.md", "# One\n\nFrom Git.\n"),
                ("b.md", "# Two\n\nFrom Git.\n"),
                ("docs/c.md", "# Three\n\nFrom Git.\n"),
            ],
        );
        come_from(root, "https://github.com/acme/old");
        journey.publish(root).await;
        let before = journey.pages();
        come_from(root, "https://github.com/acme/new");
        let cancel = tokio_util::sync::CancellationToken::new();
        let request = Journey::request(root);
        let planned = tributary::publish::plan(&journey.client, &request, &|_| {}, &cancel).await;
        let error = planned.expect_err("it would all be made again");
        let remedy = error.remedy_text().expect("a remedy").to_owned();
        assert!(
            remedy.contains("formerly = [\"github.com/acme/old\"]"),
            "{remedy}"
        );
        assert_eq!(journey.pages(), before);

        // One that is alike in a file or two is another one, and so is what somebody says is.
        write(
            root,
            &[
                ("a.md", "# Else\n"),
                ("b.md", "# More\n"),
                ("d.md", "# Four\n"),
            ],
        );
        let report = journey.publish(root).await;
        assert_eq!(report.count(tributary::publish::OutcomeKind::Created), 5);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clone_that_has_the_old_name_still_makes_no_page_a_second_time() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path();
        gix::init(root).expect("a repository");
        let journey = Journey::new(product).await;
        write(root, &[("a.md", "# One\n"), ("b.md", "# Two\n")]);
        come_from(root, "https://github.com/acme/old");
        journey.publish(root).await;
        come_from(root, "https://github.com/acme/new");
        let mut request = formerly(root, &["github.com/acme/old"]);
        journey.publish_as(&request).await;
        let before = journey.pages();

        // Hosts lead on from the old address, so that nobody notices.
        come_from(root, "https://github.com/acme/old");
        let cancel = tokio_util::sync::CancellationToken::new();
        let planned = tributary::publish::plan(&journey.client, &request, &|_| {}, &cancel).await;
        let error = planned.expect_err("it would all be made again");
        let remedy = error.remedy_text().expect("a remedy").to_owned();
        assert!(remedy.contains("git remote set-url"), "{remedy}");
        assert_eq!(journey.pages(), before);

        // With a name it is the same wherever it is read from.
        request.settings.repository.name = Some("github.com/acme/new".to_owned());
        let report = journey.publish_as(&request).await;
        assert_eq!(counts(&report), [("unchanged", 2)], "{product:?}");

        // The own name says nothing of others.
        request.settings.repository = RepositoryNames {
            name: Some("github.com/acme/old".to_owned()),
            formerly: Some(vec!["github.com/acme/old".to_owned()]),
        };
        let planned = tributary::publish::plan(&journey.client, &request, &|_| {}, &cancel).await;
        let error = planned.expect_err("it would all be made again");
        assert!(error.chain().contains("acme/new"), "{}", error.chain());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_of_one_name_do_not_write_over_each_other() {
    for product in BOTH {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let [one, other] = ["one/docs", "other/docs"].map(|path| folder.path().join(path));
        write(&one, &[("a.md", "# One\n\nHere.\n")]);
        write(&other, &[("a.md", "# Other\n\nThere.\n")]);
        let journey = Journey::new(product).await;
        journey.publish(&one).await;
        let before = journey.pages();
        let cancel = tokio_util::sync::CancellationToken::new();
        let plan_of = async |folder: &Path| {
            let request = Journey::request(folder);
            tributary::publish::plan(&journey.client, &request, &|_| {}, &cancel).await
        };
        let error = plan_of(&other).await.expect_err("it is another one");
        assert!(error.chain().contains("`One`"), "{}", error.chain());
        assert_eq!(journey.pages(), before, "{product:?}");
        // Pages are known in all of the space, so that it is the same below another page.
        let mut below = Journey::request(&other);
        below.parent = Some("One".to_owned());
        let planned = tributary::publish::plan(&journey.client, &below, &|_| {}, &cancel).await;
        let error = planned.expect_err("it is another one there too");
        assert!(error.chain().contains("`One`"), "{}", error.chain());
        // Whoever published before that was noted does it with the next publish, whatever it changes.
        let home = journey
            .client
            .space(&below.space)
            .await
            .expect("a space")
            .home;
        let home = home.expect("a home page");
        let key = format!("tributary.folder.{}", Marker::repository_hash("docs"));
        let is_noted = async || {
            let value = journey.client.property_value(&home, &key).await;
            value.expect("asked").is_some()
        };
        assert!(is_noted().await, "{product:?}");
        let removed = journey.client.remove_property(&home, &key).await;
        removed.expect("it goes");
        plan_of(&other).await.expect("nobody knows");
        assert_eq!(counts(&journey.publish(&one).await), [("unchanged", 1)]);
        plan_of(&other).await.expect_err("it is another one again");
        // The one it was is known, whatever it says by now.
        write(&one, &[("a.md", "# Changed\n\nAll of it.\n")]);
        assert_eq!(counts(&journey.publish(&one).await), [("updated", 1)]);

        // With a name of its own it is another, and with the same name it is the same in another
        // place.
        let named = |name: &str| {
            let mut request = Journey::request(&other);
            request.settings.repository.name = Some(name.to_owned());
            request
        };
        let report = journey.publish_as(&named("other docs")).await;
        assert_eq!(counts(&report), [("created", 1)], "{product:?}");
        let report = journey.publish_as(&named("docs")).await;
        assert_eq!(counts(&report), [("updated", 1)], "{product:?}");
    }
}
