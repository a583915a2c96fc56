//! Accounts from the command line: connecting a site, service accounts, which account is used, when
//! access ends, and handing over.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tributary::settings::{Auth, Settings, SiteSettings, UnusedDays};
use tributary::store::Paths;
use tributary::vault::{Secret, SecretName, Vaults};
use tributary_pages::markup::Flavor;
use tributary_sandbox::signin::{Application, Server};

use crate::signin::{PASSPHRASE, Person, SECRET};
use crate::stand::{PAT, Ran, TOKEN, USER};

impl Person {
    /// Connects the sandbox's Cloud with its token, and gives the account's id.
    pub(crate) fn connect(&self, more: &[&str]) -> (String, Ran) {
        let site = self.stand.sandbox().cloud_url();
        let login = ["login", "confluence", "--host", &site, "--user", USER];
        let login = [&login[..], &["--token-stdin"], more].concat();
        let told = self.with_input(&login, &format!("{TOKEN}\n")).ended(0);
        (self.newest(), told)
    }

    /// Signs in to the sandbox's Cloud through the browser, and gives the account's id.
    fn allow(&self) -> (String, Ran) {
        let login = ["login", "confluence-cloud", "--client-id", "own"];
        let login = [&login[..], &["--client-secret-stdin"]].concat();
        let told = self.browse(&login, &format!("{SECRET}\n")).ended(0);
        (self.newest(), told)
    }

    /// A token of somebody at GitLab, signed in with; gives the account's id.
    pub(crate) fn at_gitlab(&self, who: &str, more: &[&str]) -> String {
        let scopes = ["read_user", "read_api", "read_repository"];
        let accounts = self.stand.control().accounts();
        let token = accounts.issue_personal(Server::Gitlab, who, &scopes, None);
        let login = [&["login", "gitlab", "--token-stdin"][..], more].concat();
        let token = token.expect("somebody there");
        self.with_input(&login, &format!("{token}\n")).ended(0);
        self.newest()
    }

    fn newest(&self) -> String {
        let accounts = self.accounts();
        let last = accounts.last().expect("somebody is signed in");
        last["id"].as_str().expect("an id").to_owned()
    }

    fn accounts(&self) -> Vec<Value> {
        let told = self.json(&["accounts"]);
        told["accounts"].as_array().expect("a list").clone()
    }

    /// Publishes to the sandbox's Cloud, as who is connected with it.
    pub(crate) fn publish(&self, more: &[&str]) -> Ran {
        let site = self.stand.sandbox().cloud_url();
        self.run(&[&["publish", "--site", &site, "--space", "DOCS"], more].concat())
    }

    /// The account that published last, as the log says.
    fn published_by(&self) -> String {
        let log = self.json(&["audit", "list", "--event", "publish.run"]);
        let entries = log["entries"].as_array().expect("a list");
        let last = entries.last().expect("something was published");
        let account = &last["actor"]["account_id"];
        let account = account.as_str().unwrap_or_else(|| panic!("{last:#}"));
        account.to_owned()
    }
}

fn in_days(days: i64) -> String {
    let day = Timestamp::now() + SignedDuration::from_hours(days * 24);
    day.strftime("%Y-%m-%d").to_string()
}

#[test]
fn a_connected_site_is_listed_looked_at_and_signed_out_like_any_account() {
    let person = Person::new(&[("a.md", "# Alpha\n")]);
    let site = person.stand.sandbox().cloud_url();
    let ends = in_days(10);
    let (id, told) = person.connect(&["--token-ends", &ends]);
    told.says(&["Signed in to", &site]);
    let accounts = person.accounts();
    assert_eq!(accounts.len(), 1);
    assert_eq!(accounts[0]["provider"], "confluence-cloud");
    assert_eq!(accounts[0]["access"], "api_token");
    assert_ne!(accounts[0]["user"]["id"], "", "the site said whose it is");
    let listed = person.run(&["accounts"]).ended(0);
    listed.says(&[
        &id,
        "API token",
        "reaches    http",
        "scopes     not told",
        "last used  never",
        &format!("expires    {ends}"),
    ]);
    let ill = person.run(&["health"]).ended(1);
    ill.says(&[
        "expiring",
        "The access ends in",
        "--again",
        &id,
        "new token",
    ]);

    person.publish(&[]).ended(0);
    assert_eq!(person.published_by(), id, "the log names the account");
    assert_eq!(person.stand.pages().len(), 1);
    let today = Timestamp::now().strftime("%Y-%m-%d").to_string();
    let listed = person.run(&["accounts"]).ended(0);
    assert!(
        listed.stdout.contains(&format!("last used  {today}")),
        "{listed:?}"
    );
    person.run(&["doctor"]).ended(0).says(&["signed in as"]);

    // A new token for the same account, which ends later.
    let (again, _) = person.connect(&["--token-ends", &in_days(60), "--again", &id]);
    assert_eq!(again, id);
    person.run(&["health"]).ended(0).says(&["ok"]);

    person.run(&["logout", "--host", &site]).ended(0);
    assert!(person.accounts().is_empty());
    person.publish(&[]).ended(3).says(&["login confluence"]);
    let space = ["publish", "--space", "DOCS"];
    person.run(&space).ended(2).says(&["--site"]);
    person.run(&["audit", "verify"]).ended(0);
    person
        .stand
        .is_silent_about(&[&told, &ill, &listed], &[TOKEN]);
}

#[test]
fn a_switch_to_managed_access_takes_a_connected_token_away() {
    let person = Person::new(&[("a.md", "# Alpha\n")]);
    let site = person.stand.sandbox().data_center_url();
    let login = ["login", "confluence", "--host", &site, "--token-stdin"];
    let pat = format!("{PAT}\n");
    person.with_input(&login, &pat).ended(0);
    let mine = person.newest();
    let publish = ["publish", "--site", &site, "--space", "DOCS"];
    person.run(&publish).ended(0);
    let managed = [&login[..], &["--managed"]].concat();
    let told = person.with_input(&managed, &pat).ended(0);
    told.says(&["Individual Access is in force here"]);
    let company = person.newest();
    assert_ne!(company, mine);

    let mode = ["mode", "confluence-data-center", "managed", "--host", &site];
    let shown = person.run(&mode).ended(0);
    shown.says(&["DOCS", "would leave", "Nothing was changed"]);
    person.run(&[&mode[..], &["--yes"]].concat()).ended(0);
    let left: Vec<Value> = person.accounts();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0]["id"], company.as_str());
    person.stand.put("a.md", "# Alpha\n\nMore.\n");
    person.run(&publish).ended(0);
    assert_eq!(person.published_by(), company);
}

#[test]
fn a_token_that_an_earlier_version_kept_is_an_account_from_then_on() {
    let person = Person::new(&[("a.md", "# Alpha\n")]);
    let paths = Paths::below(person.stand.home());
    let site = SiteSettings {
        url: tributary::account::site_url(&person.stand.sandbox().cloud_url()).expect("a site"),
        flavor: Some(Flavor::Cloud),
        auth: Auth::Basic {
            user: USER.to_owned(),
        },
        gateway: None,
    };
    let mut settings = Settings::load(&paths).expect("readable");
    settings.remember_site(site.clone());
    settings.save(&paths).expect("written");
    let vaults = Vaults::open(&paths);
    let passphrase = Secret::new(PASSPHRASE.to_owned());
    vaults.unlock(&passphrase).expect("the passphrase");
    let old = SecretName::site_token(&site.url, USER);
    let kept = vaults.as_vault();
    let token = Secret::new(TOKEN.to_owned());
    kept.put(&old, &token).expect("kept");

    // Without the passphrase it is listed, and waits.
    let mut listing = person.command(&["accounts"]);
    listing.env_remove("TRIBUTARY_VAULT_PASSPHRASE");
    let listed = crate::stand::ran(listing.output()).ended(0);
    listed.says(&[USER, "API token"]);
    assert!(kept.get(&old).expect("readable").is_some());
    person
        .run(&["health"])
        .ended(0)
        .says(&["ok", "Signed in as"]);
    assert!(kept.get(&old).expect("readable").is_none());
    person.publish(&[]).ended(0);
    assert_eq!(person.published_by(), person.newest());
    person.run(&["audit", "verify"]).ended(0);
}

#[test]
fn a_service_account_signs_in_without_a_person_or_is_refused() {
    let person = Person::new(&[("a.md", "# Alpha\n")]);
    let scopes = [
        "read:page:confluence",
        "write:page:confluence",
        "read:space:confluence",
        "read:hierarchical-content:confluence",
        "read:folder:confluence",
        "read:attachment:confluence",
        "readonly:content.attachment:confluence",
        "search:confluence",
        "write:confluence-file",
        "write:confluence-content",
        "read:confluence-content.all",
        "read:confluence-content.summary",
        "delete:page:confluence",
        "write:folder:confluence",
        "delete:folder:confluence",
        "delete:attachment:confluence",
        "read:confluence-user",
        "read:me",
    ];
    person.stand.control().accounts().register(Application {
        client_id: "service".to_owned(),
        client_secret: "service-secret".to_owned(),
        name: "Robot".to_owned(),
        redirect_uris: Vec::new(),
        server: Server::Cloud,
        service_scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        public: false,
        device_flow: false,
        github_app: false,
    });
    let login = ["login", "confluence-cloud", "--service-account"];
    let login = [
        &login[..],
        &["--client-id", "service", "--client-secret-stdin"],
    ]
    .concat();
    let refused = person.with_input(&login, "not-the-secret\n").ended(3);
    refused.says(&["does not know the application, or not with this secret"]);
    assert!(person.accounts().is_empty(), "nobody is signed in");
    let none = person.run(&["login", "gitlab", "--service-account"]);
    none.ended(2)
        .says(&["no service accounts", "--token-stdin"]);

    let signed_in = person.with_input(&login, "service-secret\n").ended(0);
    signed_in.says(&["Signed in to", &person.stand.sandbox().cloud_url()]);
    let accounts = person.accounts();
    assert_eq!(accounts.len(), 1);
    assert_eq!(accounts[0]["access"], "client_credentials");
    let listed = person.run(&["accounts"]).ended(0);
    listed.says(&["service account", "write:page:confluence", "renewed"]);
    person.run(&["health"]).ended(0).says(&["ok"]);
    person.publish(&[]).ended(0);
    assert_eq!(person.published_by(), person.newest());
    person.stand.is_silent_about(
        &[&refused, &signed_in, &listed],
        &["service-secret", "not-the-secret", PASSPHRASE],
    );
}

#[test]
fn the_account_that_is_chosen_for_a_site_publishes_there() {
    let person = Person::new(&[("a.md", "# Alpha\n")]);
    let site = person.stand.sandbox().cloud_url();
    let (granted, _) = person.allow();
    let (token, _) = person.connect(&[]);
    assert_ne!(granted, token);
    person.publish(&[]).ended(0);
    assert_eq!(person.published_by(), token, "it was connected last");

    let chosen = person.run(&["accounts", "use", &granted, "--site", &site]);
    chosen.ended(0).says(&["used first from now on"]);
    person.stand.put("a.md", "# Alpha\n\nMore.\n");
    person.publish(&[]).ended(0);
    assert_eq!(person.published_by(), granted);
    person
        .run(&["accounts", "use", &token, "--site", &site])
        .ended(0);
    person.stand.put("a.md", "# Alpha\n\nMost.\n");
    person.publish(&[]).ended(0);
    assert_eq!(person.published_by(), token);
    let choices = || person.json(&["accounts"])["choices"].clone();
    let at_site = || {
        let choices = choices();
        let list = choices.as_array().expect("a list").clone();
        let found = list.into_iter().find(|choice| choice["name"].is_null());
        found.unwrap_or_else(|| panic!("{choices:#}"))
    };
    let chosen = at_site();
    assert_eq!(chosen["used"], token.as_str());
    assert_eq!(chosen["chosen"], true);
    assert_eq!(chosen["able"].as_array().map(Vec::len), Some(2), "{chosen}");
    let listed = person.run(&["accounts"]).ended(0);
    listed.says(&["Which account is used:", &format!("{token} "), "(chosen)"]);
    // To be shown takes neither a passphrase nor a record.
    let mut locked = person.command(&["accounts"]);
    locked.env("TRIBUTARY_VAULT_PASSPHRASE", "not the passphrase");
    let locked = crate::stand::ran(locked.output()).ended(0);
    locked.says(&["Which account is used:", "(chosen)"]);

    // For one space another one, and back, as the window does.
    let of_space = [
        "accounts", "use", &granted, "--site", &site, "--space", "DOCS",
    ];
    person.run(&of_space).ended(0);
    person.stand.put("a.md", "# Alpha\n\nOnce more.\n");
    person.publish(&[]).ended(0);
    assert_eq!(person.published_by(), granted);
    let nobody = [&of_space[..], &["--nobody"]].concat();
    let told = person.run(&nobody).ended(0);
    told.says(&["Nobody is chosen there any more"]);
    person.stand.put("a.md", "# Alpha\n\nTwice more.\n");
    person.publish(&[]).ended(0);
    assert_eq!(person.published_by(), token, "as for all of the site");
    let nobody = ["accounts", "use", &token, "--site", &site, "--nobody"];
    person.run(&nobody).ended(0);
    assert_eq!(at_site()["chosen"], false);
    let elsewhere = ["accounts", "use", &token, "--site", "https://a.example.com"];
    person
        .run(&elsewhere)
        .ended(2)
        .says(&["No account reaches"]);
}

#[test]
fn what_was_published_is_listed_by_the_account_that_publishes_to_its_space() {
    let person = Person::new(&[("a.md", "# Alpha\n")]);
    let site = person.stand.sandbox().cloud_url();
    let (granted, _) = person.allow();
    let (token, _) = person.connect(&[]);
    let choose = |space: &str, account: &str| {
        let of_space = ["accounts", "use", account, "--site", &site];
        let of_space = [&of_space[..], &["--space", space]].concat();
        person.run(&of_space).ended(0);
    };
    choose("TEAM", &granted);
    for space in ["DOCS", "TEAM"] {
        let publish = ["publish", "--site", &site, "--space", space];
        person.run(&publish).ended(0);
    }
    assert_eq!(
        person.published_by(),
        granted,
        "it is chosen for that space"
    );

    let spaces = |more: &[&str]| -> Vec<String> {
        let status = ["status", "--all", "--site", &site];
        let told = person.json(&[&status[..], more].concat());
        let pages = told["pages"].as_array().expect("a list");
        let named = pages.iter().all(|page| page["account"].is_string());
        assert!(named, "{told:#}");
        let spaces = pages.iter().filter_map(|page| page["space"].as_str());
        spaces.map(str::to_owned).collect()
    };
    assert_eq!(spaces(&[]), ["DOCS", "TEAM"]);
    assert_eq!(spaces(&["--account", &granted]), ["TEAM"]);
    assert_eq!(spaces(&["--account", &token]), ["DOCS"]);
    let both = ["--account", &granted, "--space", "DOCS"];
    assert_eq!(spaces(&both), Vec::<String>::new());
    // Who would publish there counts, and not who did.
    choose("DOCS", &granted);
    assert_eq!(spaces(&["--account", &granted]), ["DOCS", "TEAM"]);
    assert_eq!(spaces(&["--account", &token]), Vec::<String>::new());
}

#[test]
fn the_account_that_is_chosen_for_a_repository_reads_it() {
    let person = Person::new(&[]);
    person.connect(&[]);
    let alice = person.at_gitlab("alice", &[]);
    let bob = person.at_gitlab("bob", &[]);
    let base = person.stand.sandbox().base_url().to_owned();
    let secret = format!("{base}/hosts/gitlab/acme/secret-plans");
    let handbook = format!("{base}/hosts/gitlab/acme/handbook");
    let from = |repository: &str| person.publish(&["--repo", repository, "README.md"]);
    from(&secret).ended(0);
    let name = "acme/secret-plans";
    person
        .run(&["accounts", "use", &bob, "--repository", name])
        .ended(0);
    let refused = from(&secret);
    assert_ne!(refused.code, 0, "only alice may read it: {refused:?}");
    from(&handbook).ended(0);
    person
        .run(&["accounts", "use", &alice, "--repository", name])
        .ended(0);
    from(&secret).ended(0);
}

/// What somebody marked at a host and copied the address of.
#[test]
fn a_link_with_lines_publishes_these_lines() {
    let person = Person::new(&[]);
    person.connect(&[]);
    person.at_gitlab("alice", &[]);
    let base = person.stand.sandbox().base_url().to_owned();
    let link = format!("{base}/hosts/gitlab/acme/handbook/-/blob/main/README.md?plain=1#L1-2");
    let report = person.publish(&["--repo", &link, "--json"]).ended(0).json();
    let outcomes = report["outcomes"].as_array().expect("a list");
    let made: Vec<&str> = outcomes
        .iter()
        .filter_map(|page| page["source"].as_str())
        .collect();
    assert_eq!(made, ["README.md#L1-L2"], "{report:#}");
    // Whoever names a path beside it means that path.
    let whole = person.publish(&["--repo", &link, "--json", "README.md"]);
    let report = whole.ended(0).json();
    assert_eq!(report["outcomes"][0]["source"], "README.md", "{report:#}");
}

#[test]
fn only_what_is_named_is_handed_over() {
    let person = Person::new(&[("a.md", "# Alpha\n")]);
    let site = person.stand.sandbox().cloud_url();
    let (granted, _) = person.allow();
    let (token, _) = person.connect(&[]);
    let mut text = "# Alpha\n".to_owned();
    let mut to = |space: &str| {
        // Where nothing changed, nobody publishes.
        text.push_str("\nMore.\n");
        person.stand.put("a.md", &text);
        let publish = ["publish", "--site", &site, "--space", space];
        person.run(&publish).ended(0);
        person.published_by()
    };
    assert_eq!([to("DOCS"), to("TEAM")], [token.as_str(), token.as_str()]);
    // One by one, by what each is called; what is not there stops all of it.
    let one = ["accounts", "move", &token, &granted, "--source", "docs"];
    let shown = person.run(&one).ended(0);
    shown.says(&["can read", "DOCS", "1 would be moved"]);
    assert!(!format!("{shown:?}").contains("TEAM"), "{shown:?}");
    let whole = format!("{} TEAM", site.trim_end_matches('/'));
    let both = person.run(&[&one[..], &["--source", &whole]].concat());
    both.ended(0).says(&["DOCS", "TEAM", "2 would be moved"]);
    let none = person.run(&[&one[..], &["--source", "NOWHERE", "--yes"]].concat());
    none.ended(2).says(&["`NOWHERE` is nothing that"]);
    assert_eq!(to("DOCS"), token, "nothing was moved");

    let hand_over = ["accounts", "move", &token, &granted, "--only", "team"];
    let shown = person.run(&hand_over).ended(0);
    shown.says(&["can read", "TEAM", "1 would be moved"]);
    shown.says(&["Spaces are tried, and not their pages"]);
    assert!(!format!("{shown:?}").contains("DOCS"), "{shown:?}");
    assert_eq!(to("TEAM"), token, "it was only shown");
    let moved = person.json(&[&hand_over[..], &["--yes"]].concat());
    assert_eq!(moved["moved"], 1);
    assert_eq!(moved["sources"][0]["name"], "TEAM");
    assert_eq!(to("TEAM"), granted);
    assert_eq!(to("DOCS"), token, "the rest stays");
    let none = ["accounts", "move", &token, &granted, "--only", "nothing"];
    person
        .run(&none)
        .ended(0)
        .says(&["Nothing that was published"]);
}

#[test]
fn nothing_is_handed_over_to_an_account_of_the_other_mode() {
    let person = Person::new(&[]);
    let alice = person.at_gitlab("alice", &[]);
    let company = person.at_gitlab("bob", &["--managed"]);
    let hand_over = ["accounts", "move", &alice, &company, "--yes"];
    person.run(&hand_over).ended(2).says(&[
        "one is for Managed Access, the other for Individual Access",
        "`tributary mode`",
    ]);
}

#[test]
fn a_repositorys_token_is_told_from_a_persons() {
    let person = Person::new(&[]);
    let base = format!("{}/hosts/bitbucket", person.stand.sandbox().base_url());
    let accounts = person.stand.control().accounts();
    let token = accounts.issue_access_token("acme/handbook", &["repository"]);
    let token = format!("{token}\n");
    let login = ["login", "bitbucket", "--host", &base, "--token-stdin"];
    // Without a repository it is taken for a person's, who is sent along.
    let told = person.with_input(&login, &token).ended(2);
    told.says(&["email address", "--user"]);
    let login = [&login[..], &["--repository", "acme/handbook"]].concat();
    let wrong_kind = [&login[..], &["--token-kind", "api_token"]].concat();
    let told = person.with_input(&wrong_kind, &token).ended(2);
    told.says(&["Leave `--repository` out"]);
    person.with_input(&login, &token).ended(0);
    let told = person.run(&["accounts"]).ended(0);
    told.says(&["access token of acme/handbook"]);
    person.run(&["health"]).ended(0);
}

#[test]
fn the_end_of_a_grant_is_announced_fourteen_days_ahead() {
    for (days, code, state) in [(15, 0, "ok"), (14, 1, "expiring")] {
        let person = Person::whose_grants_end(&[], Some(days));
        let (id, _) = person.allow();
        let health = person.run(&["health"]).ended(code);
        health.says(&[state]);
        let told = person.json(&["health"]);
        assert_eq!(told["accounts"][0]["state"], state);
        person
            .run(&["accounts"])
            .ended(0)
            .says(&[&format!("expires    {}", in_days(i64::from(days)))]);
        if state == "expiring" {
            health.says(&["The access ends in 13 days", "--again", &id]);
        }
    }
}

#[test]
fn the_end_of_a_grant_is_announced_while_the_provider_is_away_too() {
    for (days, code) in [(15, 0), (14, 1)] {
        let mut person = Person::whose_grants_end(&[], Some(days));
        person.allow();
        person.stand.stop();
        let health = person.run(&["health"]).ended(code);
        health.says(&["offline"]);
        let said = "The access ends in 13 days";
        assert_eq!(health.stdout.contains(said), code == 1, "{health:?}");
        let told = person.json(&["health"]);
        assert_eq!(told["accounts"][0]["state"], "offline");
        let left = (code == 1).then_some(13);
        assert_eq!(told["accounts"][0]["ends_in_days"].as_i64(), left);
    }
}

#[test]
fn an_account_that_nobody_uses_is_announced() {
    let person = Person::new(&[]);
    person.at_gitlab("alice", &[]);
    person.run(&["health"]).ended(0);
    let file = person.stand.home().join("data/accounts.json");
    let text = std::fs::read_to_string(&file).expect("readable");
    let mut known: Value = serde_json::from_str(&text).expect("JSON");
    let long_ago = Timestamp::now() - SignedDuration::from_hours(100 * 24 + 1);
    let account = &mut known["accounts"][0];
    account["signed_in"] = long_ago.to_string().into();
    account["last_used"] = Value::Null;
    tributary::store::write_atomically(&file, known.to_string().as_bytes()).expect("ours");
    let said = "Nobody used it for 100 days";
    person.run(&["health"]).ended(1).says(&["ok", said]);
    // Looking did not count.
    let told = person.run(&["health", "--json"]).ended(1).json();
    assert_eq!(told["accounts"][0]["unused_days"], 100);
    let paths = Paths::below(person.stand.home());
    let mut settings = Settings::load(&paths).expect("readable");
    settings.unused_days = UnusedDays(101);
    settings.save(&paths).expect("written");
    let told = person.run(&["health"]).ended(0);
    assert!(!told.stdout.contains("Nobody used"), "{}", told.stdout);
}
