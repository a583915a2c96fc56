//! What is published by itself, without anybody who looks at what becomes of it.

use std::process::Command;

use tributary_sandbox::sample::documents;
use tributary_sandbox::signin::Product;

use crate::background::{change, kept_up_before, until_said};
use crate::desktop::{Desktop, on_a_desktop, until};
use crate::previews::git;
use crate::tray::{click, menu, write};

#[test]
fn it_goes_from_its_branch_alone_and_not_amid_a_merge() {
    on_a_desktop(
        "unattended::it_goes_from_its_branch_alone_and_not_amid_a_merge",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(tributary_sandbox::Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let control = sandbox.control();
            let with = |words: &str| {
                let pages = control.pages(Product::Cloud, "DOCS").into_iter();
                pages.filter(|page| page.body.contains(words)).count()
            };
            let folder = desktop.sample();
            git(&folder, &["init", "-q", "-b", "main"]);
            git(&folder, &["add", "-A"]);
            git(&folder, &["commit", "-qm", "First"]);
            kept_up_before(&desktop, &sandbox.cloud_url(), &folder).await;

            let window = desktop.window(&[]).await;
            let tray = menu().await;
            click(&tray.0, &tray.1, "Publish again").await;
            until_said(&tray, &format!("{} pages published", documents())).await;
            let made = control.pages(Product::Cloud, "DOCS").len();
            let trouble = "document.querySelector(\"[data-testid='home-trouble']\")";
            let until_in_the_way = async |words: &str| {
                let said = format!("return /{words}/.test({trouble}?.textContent ?? '')");
                window.until_script(&said).await;
            };
            let until_all_is_well = async || {
                let gone = format!("return {trouble} === null");
                window.until_script(&gone).await;
            };

            git(&folder, &["switch", "-qc", "draft"]);
            change(&folder, &["command-line.md"]);
            write(&folder.join("draft.md"), "# Draft\n");
            git(&folder, &["add", "-A"]);
            git(&folder, &["commit", "-qm", "Draft"]);
            until_in_the_way("main\\W.*draft\\W? is checked out").await;
            git(&folder, &["switch", "-q", "main"]);
            until_all_is_well().await;
            assert_eq!(with("From the tray."), 0);

            let file = folder.join("command-line.md");
            let text = std::fs::read_to_string(&file).expect("part of the sample");
            write(&file, &format!("{text}\nWords of main.\n"));
            git(&folder, &["commit", "-qam", "Main"]);
            until("the words of its branch", async || {
                (with("Words of main.") == 1).then_some(())
            })
            .await;
            let merged = Command::new("git")
                .arg("-C")
                .arg(&folder)
                .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com"])
                .args(["merge", "-q", "draft"])
                .output();
            assert!(!merged.expect("git is here").status.success(), "a conflict");
            until_in_the_way("a merge is under way").await;
            git(&folder, &["merge", "--abort"]);
            until_all_is_well().await;
            assert_eq!((with("From the tray."), with("Words of main.")), (0, 1));
            assert_eq!(control.pages(Product::Cloud, "DOCS").len(), made);
            window.close().await;
            sandbox.stop().await;
        },
    );
}
