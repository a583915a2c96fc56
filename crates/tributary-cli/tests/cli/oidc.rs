//! The command against an authorization server of other people (npm `oidc-provider`) and a real
//! Secret Service. Pages and repositories are the sandbox's, for whoever that server lets in.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tributary_sandbox::signin::Product;
use tributary_testbed::browser::{Browser, Decision};
use tributary_testbed::joined::Joined;
use tributary_testbed::oidc::PUBLIC;

use crate::stand::{Keyring, Ran, Stand, heard, ran};

/// How long an access token lives, in seconds.
pub(crate) const HOUR: u64 = 3600;

/// A stand with a desktop's keystore, whose providers are one host of other people.
pub(crate) struct Resident {
    pub(crate) stand: Stand,
    pub(crate) joined: Joined,
    pub(crate) keyring: Keyring,
}

impl Resident {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let stand = Stand::new(files);
        let joined = stand.wait(Joined::start(stand.sandbox(), HOUR));
        let settings = format!("version = 1\n{}", joined.providers("providers."));
        let file = stand.home().join("config/settings.toml");
        tributary::store::write_atomically(&file, settings.as_bytes()).expect("ours");
        let keyring = Keyring::start(stand.home());
        let resident = Self {
            stand,
            joined,
            keyring,
        };
        resident.run(&["vault", "choose", "keystore"]).ended(0);
        resident
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.stand.command(arguments);
        self.keyring.reach(&mut command);
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        ran(self.command(arguments).stdin(Stdio::null()).output())
    }

    fn json(&self, arguments: &[&str]) -> Value {
        self.run(&[arguments, &["--json"]].concat()).json()
    }

    fn start(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts")
    }

    /// Runs a sign-in through the browser, in which a person decides.
    fn browse(&self, arguments: &[&str], person: &str, decision: Decision) -> Ran {
        let child = self.start(&[arguments, &["--no-browser"]].concat());
        let browser = Browser::new();
        heard(child, |line| {
            if line.starts_with("http") {
                self.stand.wait(async {
                    let answer = browser.decide(line, person, decision).await;
                    assert_eq!(browser.land(answer).await, 303);
                });
            }
        })
    }

    /// Runs a sign-in with a code, which a person types and decides about.
    fn type_code(&self, arguments: &[&str], person: &str, decision: Decision) -> Ran {
        let child = self.start(&[arguments, &["--device"]].concat());
        let mut page = String::new();
        heard(child, |line| {
            if let Some(shown) = line.strip_prefix("Go to ") {
                shown.clone_into(&mut page);
            }
            if let Some(code) = line.strip_prefix("and type the code ") {
                let browser = Browser::new();
                self.stand
                    .wait(browser.type_code(&page, code, person, decision));
            }
        })
    }

    /// Lets time pass at the server, so that every access token is over there.
    fn an_hour_passes(&self) {
        let by = Duration::from_secs(2 * HOUR);
        self.stand.wait(self.joined.server().advance(by));
    }

    fn renewals(&self) -> (usize, usize) {
        self.stand.wait(self.joined.server().renewals())
    }

    fn is_active(&self, token: &str) -> bool {
        self.stand.wait(self.joined.server().is_active(token))
    }

    /// The access token that was used last.
    fn shown(&self) -> String {
        self.joined.last_shown().expect("the API was asked")
    }

    /// Publishes to Data Center, where the one user of the sandbox stands for everybody.
    fn publish(&self) -> Ran {
        let site = self.joined.data_center();
        self.run(&["publish", "--site", &site, "--space", "DOCS"])
    }

    /// Whose access was used last, as the server says.
    fn publishes_as(&self) -> Option<String> {
        let token = self.shown();
        self.stand.wait(self.joined.server().whose(&token))
    }

    /// What is on the pages.
    fn bodies(&self) -> Vec<String> {
        let pages = self.stand.control().pages(Product::DataCenter, "DOCS");
        pages.into_iter().map(|page| page.body).collect()
    }

    fn pages(&self) -> usize {
        let pages = self.stand.control().pages(Product::DataCenter, "DOCS");
        pages.iter().filter(|page| page.parent_id.is_some()).count()
    }
}

#[test]
fn a_person_signs_in_publishes_for_hours_and_signs_out() {
    let resident = Resident::new(&[("a.md", "# Alpha\n")]);
    let site = resident.joined.data_center();
    let login = [
        "login",
        "confluence-data-center",
        "--host",
        &site,
        "--client-id",
        PUBLIC,
    ];
    let denied = resident.browse(&login, "alice", Decision::Deny).ended(3);
    denied.says(&["was told not to allow it"]);
    assert_eq!(
        resident.json(&["accounts"])["accounts"],
        Value::Array(Vec::new())
    );
    let signed_in = resident.browse(&login, "alice", Decision::Allow).ended(0);
    signed_in.says(&["Signed in to", "alice"]);
    let account = resident.json(&["accounts"])["accounts"][0].clone();
    assert_eq!(account["user"]["id"], "alice", "the server's own word");
    assert_eq!(account["access"], "oauth");
    assert_eq!(
        account["scopes"].as_array().map(Vec::len),
        Some(4),
        "{account}"
    );

    let first = resident.publish().ended(0);
    assert_eq!(resident.pages(), 1);
    let early = resident.shown();
    assert!(resident.is_active(&early));
    assert!(
        resident.keyring.contents().contains(&early),
        "the Secret Service has it"
    );
    resident
        .stand
        .is_silent_about(&[&signed_in, &first], &[&early]);

    // Nobody notices that the access token ran out.
    for round in 1..=3 {
        resident.an_hour_passes();
        assert!(!resident.is_active(&resident.shown()), "it ran out");
        resident
            .stand
            .put("a.md", format!("# Alpha\n\nRound {round}.\n"));
        resident.publish().ended(0).says(&["Alpha"]);
        assert_eq!(resident.renewals(), (round, 0), "once for each expiry");
    }
    let late = resident.shown();
    assert!(resident.is_active(&late) && late != early);
    assert!(resident.keyring.contents().contains(&late));
    resident
        .run(&["health"])
        .ended(0)
        .says(&["ok", "Signed in as alice"]);
    assert_eq!(resident.renewals(), (3, 0), "what is good is not renewed");

    let gone = resident.run(&["logout", "--account", "alice"]).ended(0);
    gone.says(&["Signed alice out", "useless everywhere"]);
    assert!(!resident.is_active(&late), "at the server too");
    let kept = resident.keyring.contents();
    assert!(!kept.contains(&late), "and it is forgotten here");
    assert!(kept.contains("tributary"), "only the audit log's is left");
    resident.publish().ended(3);
    let log = resident.json(&["audit", "list"]);
    let log = log.to_string();
    for action in [
        "sign_in",
        "credential.refresh",
        "credential.revoke",
        "sign_out",
    ] {
        assert!(log.contains(&format!("\"{action}\"")), "{action}: {log}");
    }
    resident.run(&["audit", "verify"]).ended(0);
    resident.stand.is_silent_about(&[&gone], &[&late]);
}

#[test]
fn a_code_is_typed_at_another_machine() {
    let resident = Resident::new(&[]);
    let host = resident.joined.gitlab();
    let login = ["login", "gitlab", "--host", &host, "--client-id", PUBLIC];
    let denied = resident.type_code(&login, "bob", Decision::Deny).ended(3);
    denied.says(&["not to allow"]);
    let signed_in = resident.type_code(&login, "bob", Decision::Allow).ended(0);
    signed_in.says(&["Signed in to", "bob"]);
    resident.run(&["health"]).ended(0).says(&["ok"]);
    resident.an_hour_passes();
    resident.run(&["health"]).ended(0).says(&["ok"]);
    assert_eq!(resident.renewals(), (1, 0));
    let gone = resident.run(&["logout", "--account", "bob"]).ended(0);
    gone.says(&["useless everywhere"]);
    resident.run(&["health"]).ended(0).says(&["Nobody"]);
}

#[test]
fn the_access_is_changed_for_everybody_and_handed_over() {
    let resident = Resident::new(&[("a.md", "# Alpha\n")]);
    let site = resident.joined.data_center();
    let provider = "confluence-data-center";
    let login = ["login", provider, "--host", &site, "--client-id", PUBLIC];
    resident.browse(&login, "alice", Decision::Allow).ended(0);
    resident.publish().ended(0);
    let alices = resident.shown();

    let managed = ["login", provider, "--host", &site, "--managed"];
    let second = resident.browse(&managed, "bob", Decision::Allow).ended(0);
    second.says(&["Individual Access is in force here"]);
    let mode = ["mode", provider, "managed", "--host", &site];
    let shown = resident.run(&mode).ended(0);
    shown.says(&["can read", "DOCS", "would leave", "alice"]);
    assert!(resident.is_active(&alices), "nothing was changed");
    let changed = resident.run(&[&mode[..], &["--yes"]].concat()).ended(0);
    changed.says(&[
        "Managed Access is in force",
        "Signed alice out",
        "useless everywhere",
    ]);
    assert!(!resident.is_active(&alices), "at the server too");
    resident.stand.put("a.md", "# Alpha\n\nBy bob.\n");
    resident.publish().ended(0);
    let bobs = resident.shown();
    assert!(resident.is_active(&bobs));

    // Bob leaves; alice takes over what everybody published with his access.
    resident.browse(&managed, "alice", Decision::Allow).ended(0);
    let look = resident.run(&["accounts", "move", "bob", "alice"]).ended(0);
    look.says(&["can read", "1 would be moved"]);
    let moved = resident.run(&["accounts", "move", "bob", "alice", "--yes"]);
    moved.ended(0).says(&["1 of 1 were moved"]);
    resident
        .run(&["logout", "--account", "bob"])
        .ended(0)
        .says(&["useless everywhere"]);
    resident.stand.put("a.md", "# Alpha\n\nBy alice again.\n");
    resident.publish().ended(0);
    let latest = resident.shown();
    assert_ne!(latest, bobs);
    assert_eq!(resident.publishes_as().as_deref(), Some("alice"));

    // Everybody has an access of his own again: the one for all goes, what was published stays.
    let bodies = resident.bodies();
    let own = [&login[..], &["--individual"]].concat();
    resident.browse(&own, "bob", Decision::Allow).ended(0);
    let back = ["mode", provider, "individual", "--host", &site];
    let shown = resident.run(&back).ended(0);
    shown.says(&[
        "can read",
        "DOCS",
        "would leave",
        "alice",
        "Nothing was changed",
    ]);
    assert!(resident.is_active(&latest), "nothing was changed");
    let changed = resident.run(&[&back[..], &["--yes"]].concat()).ended(0);
    changed.says(&[
        "Individual Access is in force",
        "Signed alice out",
        "useless everywhere",
    ]);
    assert!(!resident.is_active(&latest), "at the server too");
    assert_eq!(resident.bodies(), bodies, "nothing was written");
    let accounts = resident.json(&["accounts"])["accounts"].clone();
    assert_eq!(accounts.as_array().map(Vec::len), Some(1), "{accounts}");
    assert_eq!(accounts[0]["mode"], "individual");
    resident.stand.put("a.md", "# Alpha\n\nBy bob himself.\n");
    resident.publish().ended(0);
    assert_eq!(resident.publishes_as().as_deref(), Some("bob"));
    let log = resident.json(&["audit", "list"]).to_string();
    assert!(log.contains("mode.switch") && log.contains("consent.move"));
    resident.run(&["audit", "verify"]).ended(0);
}

#[test]
fn the_account_that_is_chosen_for_a_space_publishes_there_and_nowhere_else() {
    let resident = Resident::new(&[("a.md", "# Alpha\n")]);
    let site = resident.joined.data_center();
    let login = ["login", "confluence-data-center", "--host", &site];
    let first = [&login[..], &["--client-id", PUBLIC]].concat();
    resident.browse(&first, "alice", Decision::Allow).ended(0);
    resident.browse(&login, "bob", Decision::Allow).ended(0);
    let mut text = "# Alpha\n".to_owned();
    let mut publishes_to = |space: &str| {
        // Where nothing changed, nobody publishes.
        text.push_str("\nMore.\n");
        resident.stand.put("a.md", &text);
        let publish = ["publish", "--site", &site, "--space", space];
        resident.run(&publish).ended(0);
        resident.publishes_as().expect("somebody")
    };
    let choose = |account: &str, more: &[&str]| {
        let chosen = ["accounts", "use", account, "--site", &site];
        let told = resident.run(&[&chosen[..], more].concat()).ended(0);
        told.says(&["used first from now on"]);
    };
    choose("alice", &[]);
    choose("bob", &["--space", "TEAM"]);
    assert_eq!(publishes_to("DOCS"), "alice");
    assert_eq!(publishes_to("TEAM"), "bob");
    // However the space is written, and whatever is chosen for the site.
    choose("bob", &[]);
    choose("alice", &["--space", "team"]);
    assert_eq!(publishes_to("TEAM"), "alice");
    assert_eq!(publishes_to("DOCS"), "bob");
    let without_site = ["accounts", "use", "alice", "--space", "TEAM"];
    resident.run(&without_site).ended(2).says(&["--site"]);
}
