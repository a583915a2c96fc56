//! Signing in and out, looking whether it works, and changing whose access is used.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tributary_sandbox::signin::Server;
use tributary_testbed::browser::client;
use tributary_testbed::consent::{application, decide};
use tributary_testbed::free_port;

use crate::stand::{Ran, Stand, TOKEN, USER, heard, ran, typed_to};

pub(crate) const PASSPHRASE: &str = "correct horse battery staple";
pub(crate) const SECRET: &str = "own-application-secret";

/// A stand whose providers are the sandbox's, and whose tokens go into a passphrase vault.
pub(crate) struct Person {
    pub(crate) stand: Stand,
    browser: reqwest::Client,
}

impl Person {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        Self::whose_grants_end(files, None)
    }

    /// A person whose grants at Confluence Cloud end after other days than the usual ones.
    pub(crate) fn whose_grants_end(files: &[(&str, &str)], days: Option<u32>) -> Self {
        let stand = Stand::new(files);
        let longest = days.map(|days| format!("longest_days = {days}\n"));
        let longest = longest.unwrap_or_default();
        let port = free_port();
        let sandbox = stand.sandbox().base_url().to_owned();
        let settings = format!(
            "version = 1\n\
             [providers.confluence-cloud]\nbase = \"{sandbox}\"\napi = \"{sandbox}\"\n\
             authorize = \"{sandbox}/authorize\"\ntoken = \"{sandbox}/oauth/token\"\n\
             redirect.ports = [{port}]\n{longest}\
             [providers.gitlab]\nbase = \"{sandbox}/hosts/gitlab\"\n"
        );
        let file = stand.home().join("config/settings.toml");
        tributary::store::write_atomically(&file, settings.as_bytes()).expect("ours");
        for (server, path, is_public) in [
            (
                Server::Cloud,
                format!("http://127.0.0.1:{port}/callback/confluence-cloud"),
                false,
            ),
            (
                Server::Gitlab,
                "http://127.0.0.1/callback/gitlab".to_owned(),
                true,
            ),
        ] {
            let secret = (!is_public).then_some(SECRET);
            let own = application(server, &path, secret);
            stand.control().accounts().register(own);
        }
        let browser = client();
        let person = Self { stand, browser };
        person.run(&["vault", "choose", "passphrase"]).ended(0);
        person
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.stand.command(arguments);
        command.env("TRIBUTARY_VAULT_PASSPHRASE", PASSPHRASE);
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        ran(self.command(arguments).stdin(Stdio::null()).output())
    }

    /// The same with variables.
    pub(crate) fn run_where(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
        let mut command = self.command(arguments);
        ran(command
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .output())
    }

    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let told = self.run(&[arguments, &["--json"]].concat());
        serde_json::from_str(&told.stdout).unwrap_or_else(|error| panic!("{error}: {told:?}"))
    }

    fn start(&self, arguments: &[&str], input: &str) -> Child {
        typed_to(&mut self.command(arguments), input)
    }

    pub(crate) fn with_input(&self, arguments: &[&str], input: &str) -> Ran {
        ran(self.start(arguments, input).wait_with_output())
    }

    /// Signs in through the browser, whose part this plays.
    pub(crate) fn browse(&self, arguments: &[&str], input: &str) -> Ran {
        let arguments = [arguments, &["--no-browser"]].concat();
        heard(self.start(&arguments, input), |line| {
            if line.starts_with("http") {
                self.stand.wait(decide(&self.browser, line, "allow"));
            }
        })
    }
}

/// A server that lets nobody in hears the password as it was typed, with the space at its end.
#[test]
fn a_password_for_a_git_server_is_sent_as_it_was_typed() {
    let person = Person::new(&[]);
    let server = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let base = format!("http://{}", server.local_addr().expect("bound"));
    let closed = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\
                  Connection: close\r\n\r\n";
    let heard = std::thread::spawn(move || {
        let (stream, _) = server.accept().expect("it asks");
        let lines = BufReader::new(&stream).lines().map_while(Result::ok);
        let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
        (&stream).write_all(closed.as_bytes()).expect("it listens");
        head
    });
    let login = ["login", "git-server", "--host", &base, "--user", "alice"];
    let with = ["--repository", "team/x.git", "--token-stdin"];
    person
        .with_input(&[&login[..], &with].concat(), " pw \r\n")
        .ended(3);
    let head = heard.join().expect("no assertion in it");
    let sent = "authorization: Basic YWxpY2U6IHB3IA==";
    assert!(
        head.iter().any(|line| line.eq_ignore_ascii_case(sent)),
        "{head:?}"
    );
    // Words of a password, and not of a token.
    person
        .run(&login)
        .ended(2)
        .says(&["a user name and a password or token", "--token-stdin"]);
    person
        .with_input(&[&login[..], &with].concat(), "\n")
        .ended(2)
        .says(&["That is no password"]);
}

/// An account that only reads is refused before anything is written; signing in again keeps that
/// only where it is said again.
#[test]
fn an_account_for_reading_only_publishes_after_it_signed_in_again_for_it() {
    let person = Person::new(&[("a.md", "# Alpha\n")]);
    let site = person.stand.sandbox().cloud_url();
    let login = [
        "login",
        "confluence-cloud",
        "--client-id",
        "own",
        "--client-secret-stdin",
        "--read-only",
    ];
    person.browse(&login, &format!("{SECRET}\n")).ended(0);
    let account = || person.json(&["accounts"])["accounts"][0].clone();
    let first = account();
    assert_eq!(first["purpose"], "read");
    let granted = first["scopes"].to_string();
    assert!(!granted.contains("write:"), "{granted}");
    let id = first["id"].as_str().expect("an id").to_owned();
    let again = ["login", "confluence-cloud", "--again", &id];

    let publish = ["publish", "--site", &site, "--space", "DOCS"];
    let control = person.stand.control();
    control.clear_requests();
    let refused = person.run(&publish).ended(3);
    refused.says(&[
        "was signed in for reading only",
        &format!("--again {id}"),
        "without `--read-only`",
    ]);
    for asked in control.requests() {
        assert_eq!(asked.method, "GET", "{}", asked.path);
    }
    assert!(person.stand.pages().is_empty());

    // Withdrawn, it is asked for again as it was.
    control.accounts().revoke_all();
    let keeping = format!("--again {id} --read-only");
    person.run(&["health"]).ended(1).says(&[&keeping]);
    let reading = [&again[..], &["--read-only"]].concat();
    person.browse(&reading, "").ended(0);
    assert_eq!(account()["purpose"], "read");

    person.browse(&again, "").ended(0);
    let raised = account();
    assert_eq!(raised["purpose"], "publish");
    assert_eq!(raised["id"], id.as_str());
    let granted = raised["scopes"].to_string();
    assert!(granted.contains("write:page:confluence"), "{granted}");
    person.run(&publish).ended(0);
    assert_eq!(person.stand.pages().len(), 1);
}

/// Removing the application is a thing of its own: nobody is signed out by it.
#[test]
fn the_application_that_was_registered_is_forgotten_on_demand() {
    let person = Person::new(&[]);
    let login = ["login", "confluence-cloud"];
    let first = [&login[..], &["--client-id", "own", "--client-secret-stdin"]].concat();
    person.browse(&first, &format!("{SECRET}\n")).ended(0);
    let forget = ["logout", "--application", "confluence-cloud"];
    let managed = [&forget[..], &["--managed"]].concat();
    let none = person.run(&managed).ended(2);
    none.says(&["No application was registered", "Managed Access"]);
    let gone = person.run(&forget).ended(0);
    gone.says(&["`own`", "forgotten", "stays signed in"]);
    person.run(&["health"]).ended(0);
    let refused = person.browse(&login, "").ended(2);
    refused.says(&["No application is registered"]);
    let log = person.json(&["audit", "list", "--event", "token.remove"]);
    let entries = log["entries"].as_array().expect("a list");
    let last = entries.last().expect("it is recorded");
    assert_eq!(last["object"]["id"], "own", "{last:#}");
    for wrong in [
        &["logout"][..],
        &["logout", "--application", "gitlab", "--account", "ada"],
        &["logout", "--managed", "--host", "gitlab.com"],
    ] {
        person.run(wrong).ended(2);
    }
}

#[test]
fn a_person_signs_in_publishes_and_signs_out() {
    let person = Person::new(&[("a.md", "# Alpha\n")]);
    let site = person.stand.sandbox().cloud_url();
    let unknown = person
        .run(&["login", "confluence-cloud", "--no-browser"])
        .ended(2);
    unknown.says(&[
        "No application is registered",
        "/callback/confluence-cloud",
        "--client-id",
    ]);
    let login = [
        "login",
        "confluence-cloud",
        "--client-id",
        "own",
        "--client-secret-stdin",
    ];
    let signed_in = person.browse(&login, &format!("{SECRET}\n")).ended(0);
    signed_in.says(&["Sign in in a browser", "Signed in to", &site]);

    let accounts = person.json(&["accounts"]);
    let account = &accounts["accounts"][0];
    let id = account["id"].as_str().expect("an id").to_owned();
    assert_eq!(account["provider"], "confluence-cloud");
    assert_eq!(account["mode"], "individual");
    assert_eq!(account["purpose"], "publish");
    assert_eq!(account["sites"][0], site.as_str());
    assert!(
        account["ends"].is_string(),
        "a grant there ends after a year"
    );

    person
        .run(&["health"])
        .ended(0)
        .says(&["ok", "Signed in as"]);
    let publish = ["publish", "--site", &site, "--space", "DOCS"];
    let published = person.run(&publish).ended(0);
    assert_eq!(person.stand.pages().len(), 1);
    let log = person.json(&["audit", "list", "--event", "publish.run"]);
    assert!(
        log.to_string().contains(&id),
        "the log says whose access it was: {log}"
    );
    person.run(&["doctor"]).ended(0);

    // The person withdraws it at the provider.
    person.stand.control().accounts().revoke_all();
    let ill = person.run(&["health"]).ended(1);
    ill.says(&["needs sign-in", "--again", &id]);
    person.run(&publish).ended(3).says(&["Sign in again"]);
    let again = person
        .browse(&["login", "confluence-cloud", "--again", &id], "")
        .ended(0);
    again.says(&["Signed in to"]);
    person.run(&["health", "--account", &id]).ended(0);

    let gone = person.run(&["logout", "--host", &site]).ended(0);
    gone.says(&["Signed", "out of", "yourself at"]);
    person.run(&publish).ended(3);
    assert_eq!(
        person.json(&["accounts"])["accounts"],
        Value::Array(Vec::new())
    );
    person.run(&["audit", "verify"]).ended(0);
    let listed = person.run(&["audit", "list"]).ended(0);
    listed.says(&["sign_in", "credential.refresh", "sign_out", "token.remove"]);
    person.stand.is_silent_about(
        &[&signed_in, &published, &ill, &again, &gone, &listed],
        &[SECRET, PASSPHRASE],
    );
}

#[test]
fn a_code_is_shown_and_typed_elsewhere() {
    let person = Person::new(&[]);
    let login = ["login", "gitlab", "--device", "--client-id", "own"];
    let accounts = person.stand.control().accounts();
    let mut typed = 0;
    let ended = heard(person.start(&login, ""), |line| {
        if let Some(code) = line.strip_prefix("and type the code ") {
            assert!(accounts.decide_device(Server::Gitlab, code, true));
            typed += 1;
        }
    });
    assert_eq!(typed, 1, "it shows a code");
    let ended = ended.ended(0);
    ended.says(&["Signed in to", "alice"]);
    person.run(&["health"]).ended(0);
    let gone = person.run(&["logout", "--account", "alice"]).ended(0);
    gone.says(&["useless everywhere"]);
}

#[test]
fn whose_access_is_used_is_changed_after_it_was_shown() {
    let person = Person::new(&[]);
    let server = person.stand.control().accounts().clone();
    let token = |user: &str| {
        let scopes = ["read_user", "read_api", "read_repository"];
        let token = server.issue_personal(Server::Gitlab, user, &scopes, None);
        format!("{}\n", token.expect("a token"))
    };
    let (alice, bob) = (token("alice"), token("bob"));
    let login = ["login", "gitlab", "--token-stdin"];
    person
        .with_input(&login, "wrong\n")
        .ended(3)
        .says(&["does not accept"]);
    let ends = [
        "login",
        "gitlab",
        "--token-stdin",
        "--token-ends",
        "2030-01-31",
    ];
    let first = person.with_input(&ends, &alice).ended(0);
    person
        .run(&["accounts"])
        .ended(0)
        .says(&["alice", "expires    2030-01-31"]);
    person
        .run(&["mode", "gitlab"])
        .ended(0)
        .says(&["Individual Access"]);
    let early = person.run(&["mode", "gitlab", "managed"]).ended(3);
    early.says(&["Nobody is signed in", "--managed"]);
    let managed = ["login", "gitlab", "--managed", "--token-stdin"];
    let second = person.with_input(&managed, &bob).ended(0);
    second.says(&[
        "Individual Access is in force here",
        "tributary mode gitlab managed",
    ]);

    // What alice published from her repository is looked at too.
    let repository = format!(
        "{}/hosts/gitlab/acme/handbook",
        person.stand.sandbox().base_url()
    );
    let site = person.stand.sandbox().cloud_url();
    let publish = [
        "publish",
        "--site",
        &site,
        "--space",
        "DOCS",
        "--repo",
        &repository,
        "README.md",
    ];
    let mut publish = person.command(&publish);
    publish
        .env("TRIBUTARY_USER", USER)
        .env("TRIBUTARY_TOKEN", TOKEN);
    ran(publish.output()).ended(0);

    let shown = person.run(&["mode", "gitlab", "managed"]).ended(0);
    shown.says(&[
        "acme/handbook",
        "would leave",
        "alice",
        "Nothing was changed",
    ]);
    person
        .run(&["mode", "gitlab"])
        .ended(0)
        .says(&["Individual Access"]);
    let changed = person.run(&["mode", "gitlab", "managed", "--yes"]).ended(0);
    changed.says(&[
        "Managed Access is in force",
        "Signed alice out",
        "yourself at",
    ]);
    let accounts = person.json(&["accounts"]);
    assert_eq!(
        accounts["accounts"].as_array().map(Vec::len),
        Some(1),
        "{accounts}"
    );
    assert_eq!(accounts["accounts"][0]["user"]["name"], "bob");
    person
        .run(&["audit", "list", "--event", "mode.switch"])
        .ended(0)
        .says(&["managed"]);
    person.run(&["policy"]).ended(0).says(&["no policy"]);

    // What is in force is what one signs in for, unless one says otherwise.
    let login = ["login", "gitlab", "--token-stdin"];
    let third = person.with_input(&login, &bob).ended(0);
    third.says(&[
        "Managed Access is in force at",
        "for everybody",
        "--individual",
    ]);
    let accounts = person.json(&["accounts"])["accounts"].clone();
    assert_eq!(accounts.as_array().map(Vec::len), Some(1), "{accounts}");
    assert_eq!(accounts[0]["mode"], "managed");
    let own = [&login[..], &["--individual"]].concat();
    let fourth = person.with_input(&own, &alice).ended(0);
    fourth.says(&["Managed Access is in force here", "not used before"]);
    let accounts = person.json(&["accounts"])["accounts"].clone();
    assert_eq!(accounts[1]["mode"], "individual", "{accounts}");
    let both = [&own[..], &["--managed"]].concat();
    person.with_input(&both, &alice).ended(2);
    person.stand.is_silent_about(
        &[&first, &second, &changed, &third, &fourth],
        &[alice.trim(), bob.trim(), PASSPHRASE],
    );
}

#[test]
fn what_is_wrong_is_said_before_anybody_is_asked() {
    let person = Person::new(&[]);
    for (arguments, code, expected) in [
        (&["login", "sourceforge"][..], 2, "gitlab"),
        (&["login", "gitea"], 2, "--host"),
        (
            &["login", "gitlab", "--host", "http://git.example.com"],
            2,
            "read on the way",
        ),
        (
            &["login", "gitlab", "--host", "https://u:p@git.example.com"],
            2,
            "password",
        ),
        (&["login", "bitbucket", "--device"], 2, "with a code"),
        (
            &[
                "login",
                "azure-devops-server",
                "--host",
                "https://tfs.example.com",
            ],
            2,
            "--token-stdin",
        ),
        (&["login", "gitlab", "--auth", "basic"], 2, "confluence"),
        (
            &["login", "confluence", "--host", "a.com", "--device"],
            2,
            "confluence-data-center",
        ),
        (&["login", "gitlab", "--again", "nobody"], 2, "nobody"),
        (&["logout", "--account", "nobody"], 2, "nobody"),
        (
            &["logout", "--host", "https://elsewhere.example.com"],
            2,
            "not connected",
        ),
        (&["logout"], 2, "--host"),
        (&["accounts", "use", "nobody"], 2, "nobody"),
        (&["health", "--account", "nobody"], 2, "nobody"),
        (&["mode", "sourceforge"], 2, "sourceforge"),
        (&["mode", "gitlab", "individual"], 2, "already"),
    ] {
        person.run(arguments).ended(code).says(&[expected]);
    }
}

#[test]
fn what_is_done_with_the_vault_is_recorded() {
    let person = Person::new(&[]);
    person.run(&["vault", "unlock"]).ended(0);
    let mut wrong = person.command(&["vault", "unlock"]);
    wrong.env("TRIBUTARY_VAULT_PASSPHRASE", "not the passphrase");
    let wrong = ran(wrong.stdin(Stdio::null()).output());
    assert_ne!(wrong.code, 0, "{wrong:?}");
    // Nor does a wrong one in the environment of another command go unnoticed.
    for command in ["health", "accounts"] {
        let mut wrong = person.command(&[command]);
        wrong.env("TRIBUTARY_VAULT_PASSPHRASE", "not the passphrase");
        ran(wrong.stdin(Stdio::null()).output());
    }
    person.run(&["health"]).ended(0);
    person.run(&["vault", "lock"]).ended(0);
    let outcomes = |action: &str| -> Vec<String> {
        let log = person.json(&["audit", "list", "--event", action]);
        let entries = log["entries"].as_array().expect("a list").iter();
        entries
            .map(|entry| entry["outcome"].as_str().expect("a word").to_owned())
            .collect()
    };
    // Each is recorded before it is done, and how it ended. Of what the environment unlocks only
    // failures are, so that a pipeline's records are about what it published.
    assert_eq!(outcomes("vault.change"), ["attempt", "success"]);
    assert_eq!(
        outcomes("vault.unlock"),
        ["attempt", "success", "attempt", "failure", "failure"]
    );
    assert_eq!(outcomes("vault.lock"), ["attempt", "success"]);
}

/// On a terminal of its own, as nothing else is asked for a passphrase.
#[cfg(target_os = "linux")]
#[test]
fn a_passphrase_that_is_typed_at_any_command_is_recorded() {
    let person = Person::new(&[]);
    let like = person.command(&["health"]);
    let mut command = Command::new("script");
    let wanted = format!("'{}' health", like.get_program().display());
    command
        .args(["-qec", &wanted, "/dev/null"])
        .current_dir(person.stand.docs())
        .env_clear();
    for (name, value) in like.get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    command.env_remove("TRIBUTARY_VAULT_PASSPHRASE");
    let typed = format!("not the passphrase\n{PASSPHRASE}\n");
    let told = ran(typed_to(&mut command, &typed).wait_with_output()).ended(0);
    told.says(&["Passphrase of the vault", "Nobody is signed in"]);
    let log = person.json(&["audit", "list", "--event", "vault.unlock"]);
    let entries = log["entries"].as_array().expect("a list").iter();
    let outcomes: Vec<_> = entries.map(|entry| entry["outcome"].clone()).collect();
    assert_eq!(outcomes, ["attempt", "failure", "attempt", "success"]);
}

#[test]
fn the_keystore_of_the_desktop_keeps_an_account() {
    let person = Person::new(&[]);
    let token = person
        .stand
        .control()
        .accounts()
        .issue_personal(Server::Gitlab, "alice", &["read_user", "read_api"], None)
        .expect("a token");
    let script = "set -e\n\
        printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null\n\
        gdbus wait --session --timeout 20 org.freedesktop.secrets\n\
        \"$0\" vault choose keystore\n\
        echo \"$1\" | \"$0\" login gitlab --token-stdin\n\
        \"$0\" health\n\
        \"$0\" logout --account alice\n";
    let like = person.command(&[]);
    let mut command = Command::new("dbus-run-session");
    command
        .args(["--", "sh", "-c", script])
        .arg(like.get_program())
        .arg(&token)
        .current_dir(person.stand.docs())
        .env_clear();
    for (name, value) in like.get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    let told = ran(command.output()).ended(0);
    told.says(&["Signed in to", "ok ", "Signed alice out"]);
    person.stand.is_silent_about(&[&told], &[&token]);
}
