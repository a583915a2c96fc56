//! Signing in to a Git server of which nothing is known but that it speaks Git: with a user name and
//! a password, as HTTP has it.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tributary::account::{Account, HealthState, Mode, Purpose, SignIn, SignedIn, Way};
use tributary::audit::Filter;
use tributary::browse::{File, published_source};
use tributary::hosts::{Asking, Urgency, known_repositories};
use tributary::published::{find_source, open_source};
use tributary::settings::Settings;
use tributary::vault::Secret;
use tributary::{Error, ErrorKind};

use crate::browse::Nobody;
use crate::local::{commit, git, put};
use crate::remote::backend;
use crate::server::{Answer, Asked, Server};

const PASSWORD: &str = "canary pass\u{e4}word: with a colon";
const OTHER_PASSWORD: &str = "canary-of-bob-0123456789";

/// `git http-backend` behind a door: `team/handbook.git` for alice, `team/plans.git` for bob,
/// `open.git` for everybody, `door.git` with a page to sign in at for strangers, and a page that is
/// no repository.
struct Guarded {
    server: Server,
    folder: TempDir,
    /// By the user, the password.
    people: Arc<Mutex<HashMap<String, String>>>,
}

impl Guarded {
    async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in [
            "team/handbook.git",
            "team/plans.git",
            "open.git",
            "door.git",
        ] {
            let root = folder.path().join(name);
            std::fs::create_dir_all(&root).expect("the folder is ours");
            git(&root, &["init", "-q", "-b", "main"]);
            put(&root, "README.md", format!("# {name}\n"));
            commit(&root, "first");
            git(&root, &["tag", "v1.0"]);
            put(&root, "docs/guide.md", "# The guide\n");
            commit(&root, "second");
        }
        let people: Arc<Mutex<HashMap<String, String>>> = Arc::default();
        let (served, known) = (folder.path().to_path_buf(), Arc::clone(&people));
        let server = Server::start(move |_, asked| {
            let given = asked.headers.get("authorization");
            let given = given.and_then(|given| given.strip_prefix("Basic "));
            let given = given.and_then(|given| STANDARD.decode(given).ok());
            let given = given.and_then(|given| String::from_utf8(given).ok());
            let given = given.as_deref().and_then(|given| given.split_once(':'));
            let known = known.lock().expect("no test panicked");
            let who =
                given.filter(|(name, word)| known.get(*name).map(String::as_str) == Some(word));
            let closed = Answer::status(401).with("WWW-Authenticate", "Basic realm=\"Git\"");
            let path = asked.target.split('?').next().unwrap_or_default();
            match (path.split('/').collect::<Vec<_>>().as_slice(), who) {
                (["", "moved.git", ..], _) => {
                    Answer::status(302).with("Location", "https://git.example/sign-in?to=x")
                }
                (["", "page.git", ..], _) | (["", "door.git", ..], None) => {
                    Answer::bytes(b"<h1>Sign in</h1>".to_vec())
                }
                (["", "open.git", ..], _)
                | (["", "door.git", ..], Some(("alice", _)))
                | (["", "team", "handbook" | "handbook.git", ..], Some(("alice", _)))
                | (["", "team", "plans.git", ..], Some(("bob", _))) => behind(&served, asked),
                (["", "team", ..], Some(_)) => Answer::status(404),
                _ => closed,
            }
        })
        .await;
        let guarded = Self {
            server,
            folder,
            people,
        };
        guarded.let_in("alice", PASSWORD);
        guarded.let_in("bob", OTHER_PASSWORD);
        guarded
    }

    fn let_in(&self, user: &str, password: &str) {
        let mut people = self.people.lock().expect("no test panicked");
        people.insert(user.to_owned(), password.to_owned());
    }

    fn address(&self, repository: &str) -> String {
        format!("{}/{repository}", self.server.base)
    }
}

/// What `git http-backend` answers, with the one kind that it says itself.
fn behind(folder: &Path, asked: &Asked) -> Answer {
    let mut answer = backend(folder, asked);
    answer.headers.remove(0);
    answer
}

/// What somebody gives to sign in.
struct Given<'a> {
    user: &'a str,
    password: &'a str,
    repository: &'a str,
    mode: Mode,
    again: Option<&'a Account>,
}

const ALICE: Given<'_> = Given {
    user: "alice",
    password: PASSWORD,
    repository: "team/handbook.git",
    mode: Mode::Individual,
    again: None,
};

async fn sign_in(person: &Nobody, base: &str, given: Given<'_>) -> Result<SignedIn, Error> {
    let wish = SignIn {
        place: person.accounts.place("git-server", Some(base))?,
        way: Way::Password {
            user: given.user.to_owned(),
            password: Secret::new(given.password.to_owned()),
            repository: given.repository.to_owned(),
            ends: None,
        },
        purpose: Purpose::Read,
        mode: given.mode,
        again: given.again.map(|account| account.id.clone()),
    };
    let cancel = CancellationToken::new();
    person.accounts.sign_in(wish, &|_| {}, &cancel).await
}

fn kind<T: std::fmt::Debug>(result: Result<T, Error>) -> ErrorKind {
    result.expect_err("it cannot be").kind()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_in_to_any_git_server_reads_what_the_server_shows_to_nobody_else() {
    let git_server = Guarded::start().await;
    let base = git_server.server.base.clone();
    let person = Nobody::new();
    let address = git_server.address("team/handbook.git");

    // Who is not let in is told how, and the window where.
    let error = person.open(&address, None).await.expect_err("closed");
    assert_eq!(error.kind(), ErrorKind::SignedOut, "{}", error.chain());
    let command = format!(
        "tributary login git-server --host {base} --repository team/handbook.git --user NAME"
    );
    assert!(error.chain().contains(&command), "{}", error.chain());
    // A browser's address says less: any product may be there, or Git alone.
    let shown = person
        .open(&git_server.address("team/handbook"), None)
        .await;
    let shown = shown.expect_err("closed");
    assert_eq!(shown.kind(), ErrorKind::SignedOut, "{}", shown.chain());
    let remedy = shown.remedy_text().expect("a way out");
    let command =
        format!("tributary login git-server --host {base} --repository team/handbook --user NAME");
    assert!(remedy.contains(&command), "{remedy}");
    assert!(remedy.contains("tributary login PROVIDER"), "{remedy}");
    let odd = person
        .open(&git_server.address("team/a;b'c.git"), None)
        .await;
    let odd = odd.expect_err("closed").chain();
    assert!(
        odd.contains(r"--repository 'team/a;b'\''c.git' --user"),
        "{odd}"
    );
    let asking = Asking::of(&person.accounts, &address).expect("readable");
    let asking = asking.expect("it is known where");
    assert_eq!(
        (&asking.base, &*asking.repository),
        (&base, "team/handbook.git")
    );
    let elsewhere = "https://github.com/acme/handbook.git";
    assert_eq!(
        Asking::of(&person.accounts, elsewhere).expect("readable"),
        None
    );
    assert_eq!(
        Asking::of(&person.accounts, "git@example.com:a/b").expect("readable"),
        None
    );

    // Nothing is kept that did not prove itself.
    for (repository, password, expected) in [
        ("team/handbook.git", "wrong", ErrorKind::SignedOut),
        ("team/plans.git", PASSWORD, ErrorKind::NotFound),
        ("open.git", PASSWORD, ErrorKind::InvalidInput),
        ("page.git", PASSWORD, ErrorKind::InvalidInput),
        ("moved.git", PASSWORD, ErrorKind::InvalidInput),
        ("", PASSWORD, ErrorKind::InvalidInput),
        ("../x", PASSWORD, ErrorKind::InvalidInput),
        (
            "https://elsewhere.example/a.git",
            PASSWORD,
            ErrorKind::InvalidInput,
        ),
    ] {
        let given = Given {
            password,
            repository,
            ..ALICE
        };
        let outcome = sign_in(&person, &base, given).await;
        assert_eq!(kind(outcome), expected, "{repository}");
    }
    for (wrong, words) in [
        (Given { user: " ", ..ALICE }, "The password is sent with"),
        (
            Given {
                password: "",
                ..ALICE
            },
            "That is no password",
        ),
        (
            Given {
                repository: "moved.git",
                ..ALICE
            },
            "leads to `https://git.example`",
        ),
        (
            Given {
                repository: "moved.git",
                ..ALICE
            },
            "`--host https://git.example`",
        ),
    ] {
        let error = sign_in(&person, &base, wrong).await.expect_err("wrong");
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.chain().contains(words), "{}", error.chain());
    }
    let product = sign_in(&person, "https://github.com", ALICE).await;
    let product = product.expect_err("it has a way of its own").chain();
    assert!(product.contains("tributary login github"), "{product}");
    assert_eq!(person.accounts.list().expect("readable"), []);

    // A page to sign in at is not what everybody may read.
    let door = Given {
        repository: "door.git",
        ..ALICE
    };
    let at_door = sign_in(&Nobody::new(), &base, door).await;
    at_door.unwrap_or_else(|error| panic!("{}", error.chain()));

    let signed_in = sign_in(&person, &base, ALICE).await.expect("let in");
    let account = signed_in.account;
    assert_eq!(
        (&*account.user.name, account.access.kind()),
        ("alice", "password")
    );
    let health = person.accounts.check_health(&account).await;
    assert_eq!(health.state, HealthState::Ok, "{}", health.message);
    let visit = person.open(&address, Some("v1.0")).await.expect("open");
    assert!(
        visit.file("docs/guide.md").await.is_err(),
        "not at that tag"
    );
    let visit = person.open(&address, None).await.expect("open");
    let file = visit.file("docs/guide.md").await.expect("there");
    assert!(matches!(&*file, File::Contents { bytes, .. } if &**bytes == b"# The guide\n"));
    let root = git_server.folder.path().join("team/handbook.git");
    put(&root, "docs/guide.md", "# Another guide\n");
    let newest = commit(&root, "third");
    let newer = visit.newer().await.expect("asked").expect("newer");
    assert_eq!(newer.id, newest);
    // An address of the server needs no `.git` any more, nor a name in it.
    let [scheme, rest] = [0, 1].map(|at| address.split("://").nth(at).unwrap_or_default());
    for other in [
        address.trim_end_matches(".git").to_owned(),
        format!("{scheme}://alice@{rest}"),
    ] {
        person.open(&other, None).await.expect(&other);
    }
    // It is known by what was read there, which is all that can be listed.
    let opened = [
        address.clone(),
        git_server.address("open.git"),
        "https://x.example/a.git".to_owned(),
    ];
    let known = known_repositories(&person.accounts, &account, &opened);
    let names: Vec<&str> = known.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["team/handbook", "open"]);
    let source = published_source(&person.accounts, &address).expect("readable");
    let source = source.expect("an account is used for it");
    assert_eq!(
        (source.account, &*source.name),
        (account.id.clone(), "team/handbook.git")
    );

    // Whoever may edit a page chooses what its repository is called, and nobody is asked because of
    // that who is not signed in to.
    let (_, name) = base.split_once("://").expect("an address");
    let name = format!("{name}/team/handbook");
    let all = person.accounts.list().expect("readable");
    assert_eq!(find_source(&name, &Settings::default(), &[]), None);
    let other = name.replacen("127.0.0.1", "127.0.0.2", 1);
    assert_eq!(find_source(&other, &Settings::default(), &all), None);
    let from = find_source(&name, &Settings::default(), &all).expect("signed in there");
    let (accounts, http, urgency) = (&person.accounts, &person.http, Urgency::Waited);
    let found = open_source(accounts, http, None, &from, urgency).await;
    let found = found.expect("open").expect("it has commits");
    assert_eq!((found.repository.identity, found.commit.id), (name, newest));

    // Another password: somebody has to sign in again, who need not say once more where it is tried.
    // Spaces belong to it.
    git_server.let_in("alice", " canary another one ");
    let health = person.accounts.check_health(&account).await;
    assert_eq!(health.state, HealthState::NeedsSignIn, "{}", health.message);
    assert_eq!(
        kind(person.open(&address, None).await),
        ErrorKind::SignedOut
    );
    let given = Given {
        password: " canary another one ",
        repository: "",
        again: Some(&account),
        ..ALICE
    };
    let again = sign_in(&person, &base, given).await.expect("let in");
    assert!(again.is_known && again.account.id == account.id);
    person.open(&address, None).await.expect("open");

    // Signed out, it is closed again.
    person.accounts.sign_out(&again.account).await.expect("out");
    assert_eq!(
        kind(person.open(&address, None).await),
        ErrorKind::SignedOut
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_goes_to_its_server_alone_and_stays_in_the_vault() {
    let git_server = Guarded::start().await;
    let other = Guarded::start().await;
    let person = Nobody::new();
    let base = git_server.server.base.clone();
    let signed_in = sign_in(&person, &base, ALICE).await.expect("let in");
    println!("{signed_in:?} {:?}", person.accounts);
    let address = git_server.address("team/handbook.git");
    person.open(&address, None).await.expect("open");

    // Elsewhere, at the same name on another port, it is not sent, and at its own server only for
    // what is asked there.
    assert_eq!(
        kind(person.open(&other.address("team/handbook.git"), None).await),
        ErrorKind::SignedOut
    );
    person
        .open(&other.address("open.git"), None)
        .await
        .expect("everybody's");
    let asked = other.server.asked.lock().expect("no test panicked").clone();
    assert!(!asked.is_empty());
    for question in asked {
        assert_eq!(
            question.headers.get("authorization"),
            None,
            "{}",
            question.target
        );
    }

    // What was done is recorded, and the password is nowhere on the disk, however it is written.
    let actions: Vec<String> = person
        .audit()
        .entries(&Filter::default())
        .expect("readable")
        .iter()
        .map(|entry| format!("{entry:?}"))
        .collect();
    let actions = actions.join("\n");
    assert!(
        actions.contains("password") && actions.contains("git-server"),
        "{actions}"
    );
    let encoded = STANDARD.encode(format!("alice:{PASSWORD}"));
    let secrets = [PASSWORD, encoded.as_str(), "with a colon"];
    let mut found = 0;
    for_each_file(person.home(), &mut |path, bytes| {
        found += 1;
        for secret in secrets {
            let is_in = bytes
                .windows(secret.len())
                .any(|some| some == secret.as_bytes());
            assert!(!is_in, "{}", path.display());
        }
    });
    assert!(
        found > 3,
        "the list of accounts, the audit log and what was fetched are files"
    );
    assert!(!secrets.iter().any(|secret| actions.contains(secret)));
    let shown = format!("{signed_in:?}");
    assert!(
        !secrets.iter().any(|secret| shown.contains(secret)),
        "{shown}"
    );
}

fn for_each_file(folder: &Path, look: &mut dyn FnMut(&Path, &[u8])) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => for_each_file(&path, look),
            false => look(&path, &std::fs::read(&path).expect("readable")),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_people_at_a_server_each_reads_what_is_theirs_and_one_may_read_for_all() {
    let git_server = Guarded::start().await;
    let base = git_server.server.base.clone();
    let person = Nobody::new();
    let bob = Given {
        user: "bob",
        password: OTHER_PASSWORD,
        repository: &git_server.address("team/plans.git"),
        ..ALICE
    };
    sign_in(&person, &base, ALICE).await.expect("let in");
    let bob = sign_in(&person, &base, bob).await.expect("let in").account;
    let plans = git_server.address("team/plans.git");
    assert_eq!(kind(person.open(&plans, None).await), ErrorKind::NotFound);
    let accounts = &person.accounts;
    accounts
        .choose("git-server", &base, Some("team/plans"), Some(&bob))
        .expect("chosen");
    person.open(&plans, None).await.expect("open");
    let handbook = git_server.address("team/handbook.git");
    person.open(&handbook, None).await.expect("alice's still");

    // One for everybody who uses the installation: nobody's own is used then.
    let managed = Given {
        user: "bob",
        password: OTHER_PASSWORD,
        repository: "team/plans.git",
        mode: Mode::Managed,
        again: None,
    };
    sign_in(&person, &base, managed).await.expect("let in");
    let place = accounts.place("git-server", Some(&base)).expect("a place");
    let source = published_source(accounts, &plans).expect("readable");
    accounts
        .remember_source(&source.expect("an account is used for it"))
        .expect("remembered");
    let switch = accounts.look_at_mode(&place, Mode::Managed).await;
    let switch = switch.expect("somebody is signed in for it");
    assert!(
        switch.reach.iter().all(|reach| reach.trouble.is_none()),
        "{switch:?}"
    );
    assert_eq!(switch.reach.len(), 1, "{switch:?}");
    accounts.change_mode(&switch, false).await.expect("changed");
    person.open(&plans, None).await.expect("open");
    assert_eq!(
        kind(person.open(&handbook, None).await),
        ErrorKind::NotFound
    );
}
