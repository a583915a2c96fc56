//! What is published while nobody looks, from a folder in which branches come and go.

use std::collections::BTreeSet;
use std::path::Path;

use tributary::publish::PublishRequest;
use tributary_sandbox::signin::Product;

use crate::published::{commit, git};
use crate::{Journey, write};

/// What nobody looks at.
fn unattended(folder: &Path) -> PublishRequest {
    let mut request = Journey::request(folder);
    request.settings.keep_branch = true;
    request
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_go_unattended_from_their_branch_alone_and_not_amid_a_merge() {
    for product in [Product::Cloud, Product::DataCenter] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path();
        write(path, &[("a.md", "# Alpha\n"), ("b.md", "# Beta\n")]);
        git(path, &["init", "--quiet", "--initial-branch", "main"]);
        commit(path);
        let journey = Journey::new(product).await;
        journey.publish(path).await;

        git(path, &["checkout", "--quiet", "-b", "draft"]);
        let draft = [("a.md", "# Alpha\n\nDraft.\n"), ("c.md", "# Gamma\n")];
        write(path, &draft);
        commit(path);
        let prepared = journey.plan(&unattended(path)).await;
        let counts = prepared.plan.counts();
        assert_eq!((counts.writes(), counts.refuse, counts.leave), (0, 2, 1));
        let why = prepared.waits_for_branch().expect("it waits").to_string();
        assert!(why.contains("the branch `main` alone"), "{why}");
        assert!(why.contains("`draft` is checked out"), "{why}");
        assert!(prepared.of_this_branch().is_none(), "nothing is written");
        // So does what is read where no branch is checked out.
        git(path, &["checkout", "--quiet", "--detach"]);
        let prepared = journey.plan(&unattended(path)).await;
        assert!(prepared.waits_for_branch().is_some());

        // Somebody looked at it, and publishes one page from there: the other stays with its branch.
        git(path, &["checkout", "--quiet", "draft"]);
        let mut looked_at = Journey::request(path);
        looked_at.settings.only = Some(BTreeSet::from(["a.md".to_owned()]));
        journey.publish_as(&looked_at).await;
        let both = [("a.md", "# Alpha\n\nA.\n"), ("b.md", "# Beta\n\nB.\n")];
        write(path, &both);
        let prepared = journey.plan(&unattended(path)).await;
        assert!(prepared.waits_for_branch().is_none(), "some of it goes");
        let own = prepared.of_this_branch().expect("the others");
        assert_eq!(own, BTreeSet::from(["a.md", "c.md"].map(str::to_owned)));
        let mut alone = unattended(path);
        alone.settings.only = Some(own);
        let counts = journey.plan(&alone).await.plan.counts();
        assert_eq!((counts.writes(), counts.refuse), (2, 0));

        // It is there as long as a remote has it; nothing waits for one that is no more.
        git(path, &["update-ref", "refs/remotes/origin/main", "main"]);
        git(path, &["branch", "--quiet", "--force", "--delete", "main"]);
        let prepared = journey.plan(&unattended(path)).await;
        assert_eq!(prepared.plan.counts().writes(), 2);
        git(path, &["update-ref", "-d", "refs/remotes/origin/main"]);
        let prepared = journey.plan(&unattended(path)).await;
        assert_eq!(prepared.plan.counts().writes(), 3);
        assert!(prepared.under_way().is_none());
        write(path, &[(".git/MERGE_HEAD", "")]);
        let prepared = journey.plan(&unattended(path)).await;
        let what = prepared.under_way().expect("it is known").to_string();
        assert_eq!(what, "a merge is under way");
    }
}
