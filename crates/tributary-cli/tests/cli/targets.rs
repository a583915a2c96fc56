//! Several targets in one `.tributary.toml`.

use std::fs;
use std::process::Command;

use serde_json::Value;
use tributary::account::site_url;
use tributary::settings::{Auth, Settings, SiteSettings};
use tributary::store::Paths;
use tributary_sandbox::signin::Product;
use tributary_sandbox::{Fault, FaultKind};

use crate::stand::{PAT, Stand, TOKEN, USER, count, ran};

/// A stand with two targets, one at each product.
fn stand() -> Stand {
    let stand = Stand::new(&[
        ("docs/a.md", "# Alpha\n"),
        ("docs/b.md", "# Beta\n"),
        ("docs/public/c.md", "# Gamma\n"),
    ]);
    let (cloud, intranet) = (
        stand.sandbox().cloud_url(),
        stand.sandbox().data_center_url(),
    );
    stand.put(
        ".tributary.toml",
        format!(
            "[publish]\nspace = \"DOCS\"\nlabels = [\"shared\"]\n\n[[targets]]\nname = \"cloud\"\n\
             site = \"{cloud}\"\nuser = \"{USER}\"\nflavor = \"cloud\"\n\n[[targets]]\nname = \"intra-net\"\n\
             site = \"{intranet}\"\npaths = [\"docs/public\"]\nlabels = [\"public\"]\n"
        ),
    );
    stand
}

/// Tokens, and the sites once more: to what is inside, none is sent on a repository's word alone.
fn with_tokens<'c>(stand: &Stand, command: &'c mut Command) -> &'c mut Command {
    with_sites(stand, command)
        .env("TRIBUTARY_TOKEN_CLOUD", TOKEN)
        .env("TRIBUTARY_TOKEN_INTRA_NET", PAT)
}

fn with_sites<'c>(stand: &Stand, command: &'c mut Command) -> &'c mut Command {
    command
        .env("TRIBUTARY_SITE_CLOUD", stand.sandbox().cloud_url())
        .env(
            "TRIBUTARY_SITE_INTRA_NET",
            stand.sandbox().data_center_url(),
        )
}

/// The titles below the home page of `DOCS`, with their labels.
fn held(stand: &Stand, product: Product) -> Vec<(String, Vec<String>)> {
    let pages = stand.control().pages(product, "DOCS").into_iter();
    let pages = pages.filter(|page| page.parent_id.is_some());
    let mut held: Vec<_> = pages.map(|page| (page.title, page.labels)).collect();
    held.sort();
    held
}

fn labeled(titles: &[&str], label: &str) -> Vec<(String, Vec<String>)> {
    let one = |title: &&str| ((*title).to_owned(), vec![label.to_owned()]);
    titles.iter().map(one).collect()
}

#[test]
fn each_target_gets_its_pages_and_its_report() {
    let stand = stand();
    let file = stand.home().join("report.json");
    let arguments = [
        "publish",
        "--json",
        "--report",
        file.to_str().expect("Unicode"),
    ];
    let all = ran(with_tokens(&stand, &mut stand.command(&arguments)).output())
        .ended(0)
        .json();
    assert_eq!(all["schema"], "tributary.reports/1");
    let reports = all["targets"].as_array().expect("a list");
    let names: Vec<&Value> = reports.iter().map(|report| &report["target"]).collect();
    assert_eq!(names, ["cloud", "intra-net"]);
    // `docs`, `docs/public` and the three files; the second has the one below `docs/public`.
    assert_eq!(count(&reports[0], "created"), 5);
    assert_eq!(count(&reports[1], "created"), 1);
    let cloud = ["Alpha", "Beta", "Docs", "Gamma", "Public"];
    let pages = held(&stand, Product::Cloud);
    let titles: Vec<&str> = pages.iter().map(|(title, _)| title.as_str()).collect();
    assert_eq!(titles, cloud);
    assert_eq!(pages[0].1, ["shared"]);
    assert_eq!(
        held(&stand, Product::DataCenter),
        labeled(&["Gamma"], "public")
    );
    for (name, report) in [("cloud", &reports[0]), ("intra-net", &reports[1])] {
        let written = fs::read(stand.home().join(format!("report.{name}.json"))).expect("written");
        let written: Value = serde_json::from_slice(&written).expect("JSON");
        assert_eq!(&written, report);
    }
    assert!(!file.exists());

    stand.control().clear_requests();
    let again = with_tokens(&stand, &mut stand.command(&["publish"])).output();
    ran(again).ended(0).says(&[
        "target `cloud`",
        "5 unchanged",
        "target `intra-net`",
        "1 unchanged",
    ]);
    assert_eq!(stand.control().writes().len(), 0);
    let plans = ran(with_tokens(&stand, &mut stand.command(&["plan", "--json"])).output())
        .ended(0)
        .json();
    assert_eq!(plans["targets"][1]["schema"], "tributary.plan/1");

    // A report of one of them can be taken back.
    let report = stand.home().join("report.intra-net.json");
    let mut undo = stand.command(&["undo", report.to_str().expect("Unicode")]);
    ran(with_tokens(&stand, &mut undo).output()).ended(0);
    assert_eq!(held(&stand, Product::DataCenter), []);
    assert_eq!(held(&stand, Product::Cloud).len(), 5);
}

#[test]
fn one_target_is_published_alone() {
    let stand = stand();
    let mut command = stand.command(&["publish", "--json", "--target", "intra-net"]);
    let command = with_sites(&stand, &mut command);
    let report = ran(command.env("TRIBUTARY_TOKEN", PAT).output())
        .ended(0)
        .json();
    assert_eq!(report["target"], "intra-net");
    assert_eq!(count(&report, "created"), 1);
    assert_eq!(held(&stand, Product::Cloud), []);
    let mut unknown = stand.command(&["publish", "--target", "cluod"]);
    ran(unknown.env("TRIBUTARY_TOKEN", PAT).output())
        .ended(2)
        .says(&["no target `cluod`", "cloud, intra-net"]);
    ran(stand
        .command(&["config", "show", "--target", "intra-net"])
        .output())
    .ended(0)
    .says(&["labels       public"]);
}

#[test]
fn trouble_at_one_target_leaves_the_others_their_turn_and_decides_the_end() {
    let stand = stand();
    stand.control().add_fault(Fault {
        method: None,
        path: "/api/v2/spaces".to_owned(),
        times: 99,
        kind: FaultKind::Status { status: 403 },
    });
    let ended =
        ran(with_tokens(&stand, &mut stand.command(&["publish", "--json"])).output()).ended(3);
    let all = ended.json();
    assert!(all["targets"][0]["error"].is_string(), "{all:#}");
    assert_eq!(count(&all["targets"][1], "created"), 1);
    assert_eq!(held(&stand, Product::DataCenter).len(), 1);
}

#[test]
fn a_token_is_never_sent_to_the_site_of_another_target() {
    let stand = stand();
    stand.control().clear_requests();
    let mut command = stand.command(&["publish"]);
    let command = with_sites(&stand, &mut command);
    ran(command.env("TRIBUTARY_TOKEN", TOKEN).output())
        .ended(3)
        .says(&["TRIBUTARY_TOKEN_CLOUD", "TRIBUTARY_TOKEN_INTRA_NET"]);
    assert_eq!(stand.control().requests().len(), 0);
}

#[test]
fn targets_that_would_take_each_other_s_pages_are_refused() {
    let stand = stand();
    let site = stand.sandbox().cloud_url();
    let mut command = stand.command(&["publish", "--site", &site]);
    ran(with_tokens(&stand, &mut command).output())
        .ended(2)
        .says(&["`cloud` and `intra-net`", "--target"]);
    assert_eq!(held(&stand, Product::Cloud), []);

    stand.put(
        ".tributary.toml",
        format!(
            "[publish]\nspace = \"DOCS\"\nsite = \"{site}\"\nuser = \"{USER}\"\n\
             on_orphan = \"trash\"\n[[targets]]\nname = \"one\"\npaths = [\"docs/public\"]\n\
             [[targets]]\nname = \"two\"\npaths = [\"docs/a.md\"]\n"
        ),
    );
    for _ in 0..2 {
        let mut command = stand.command(&["publish"]);
        // Both are at one site, so one token is for both.
        command.env("TRIBUTARY_SITE", &site);
        ran(command.env("TRIBUTARY_TOKEN", TOKEN).output()).ended(0);
        let titles: Vec<String> = held(&stand, Product::Cloud)
            .into_iter()
            .map(|(title, _)| title)
            .collect();
        assert_eq!(titles, ["Alpha", "Gamma"]);
    }
}

#[test]
fn a_token_of_a_run_goes_nowhere_inside_on_the_repositorys_word_alone() {
    let stand = stand();
    stand.control().clear_requests();
    let mut alone = stand.command(&["publish", "--target", "intra-net"]);
    ran(alone.env("TRIBUTARY_TOKEN", PAT).output())
        .ended(2)
        .says(&["only the repository says", "TRIBUTARY_SITE_NAME"]);
    let mut own = stand.command(&["publish", "--target", "intra-net"]);
    ran(own.env("TRIBUTARY_TOKEN_INTRA_NET", PAT).output()).ended(2);
    assert_eq!(stand.control().requests().len(), 0);
    // Whoever connected the site, or names it, means it.
    let site = stand.sandbox().data_center_url();
    let mut named = stand.command(&["publish", "--target", "intra-net", "--site", &site]);
    ran(named.env("TRIBUTARY_TOKEN", PAT).output()).ended(0);
    let mut settings = Settings::default();
    settings.remember_site(SiteSettings {
        url: site_url(&site).expect("an address"),
        flavor: None,
        auth: Auth::Bearer,
        gateway: None,
    });
    let paths = Paths::below(stand.home());
    settings.save(&paths).expect("written");
    let mut connected = stand.command(&["publish", "--target", "intra-net"]);
    ran(connected.env("TRIBUTARY_TOKEN", PAT).output()).ended(0);
}

#[test]
fn only_some_pages_go_to_the_targets_that_have_them() {
    let stand = stand();
    let publish = |more: &[&str]| {
        let all = [&["publish", "--json"], more].concat();
        ran(with_tokens(&stand, &mut stand.command(&all)).output())
    };
    // One name is nowhere, so nothing is written anywhere.
    let wrong = ["--only", "docs/", "--only", "docs/nowhere.md"];
    publish(&wrong)
        .ended(2)
        .says(&["`docs/nowhere.md` is no source"]);
    assert_eq!(stand.control().writes().len(), 0);
    let one = publish(&["--only", "docs", "--only", "docs/a.md"]);
    let one = one.ended(0).json();
    assert_eq!(one["target"], "cloud", "only this one has them: {one:#}");
    assert_eq!(count(&one, "created"), 2);
    assert!(held(&stand, Product::DataCenter).is_empty());
    let both = publish(&["--only", "docs/public", "--only", "docs/public/c.md"]);
    let both = both.ended(0).json();
    assert_eq!(count(&both["targets"][0], "created"), 2, "{both:#}");
    assert_eq!(count(&both["targets"][1], "created"), 1, "{both:#}");
}
