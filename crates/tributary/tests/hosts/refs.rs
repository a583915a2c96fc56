//! What the name of a ref means, at every host, at a Git server and in a clone.

use std::fmt::Write as _;

use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tributary::account::{Mode, Purpose, SignIn, Way};
use tributary::browse::Visit;
use tributary::browse::{Behind, MOST_COMMITS_COUNTED, behind};
use tributary::hosts::{Cache, Host, Link, RefKind, Repository, Urgency};
use tributary::http::Http;
use tributary::published::open_source;
use tributary::settings::PublishedFrom;
use tributary::vault::Secret;
use tributary::{ErrorKind, Sentence};
use tributary_sandbox::signin::Server as Product;

use crate::browse::Nobody;
use crate::fake;
use crate::hosted::world_of;
use crate::local::{commit, git, git_with, put};
use crate::sandbox::{HOSTS, World};
use crate::server::{Answer, Asked, Server};

/// Refs, and where they are: names that packages and people have, and names that two share.
const REFS: [(&str, &str); 8] = [
    ("refs/tags/pkg@1.0.0", "v1.0"),
    ("refs/tags/@scope/pkg@2.0.0", "v1.0"),
    ("refs/heads/ada@feature", "v1.0"),
    ("refs/heads/rel/1.0@rc", "v1.0"),
    ("refs/heads/both", "feature/pay-grades"),
    ("refs/tags/both", "v1.0"),
    // They look like the beginnings of ids.
    ("refs/heads/feed", "v1.0"),
    ("refs/tags/deadbee", "v1.0"),
];

/// Hosts whose repository has these refs, and that everybody may read.
async fn with_refs() -> World {
    World::after(|sandbox| {
        let hosts = sandbox.control().accounts();
        for (name, commit) in REFS {
            let set = hosts.set_reference("acme/handbook", name, Some(commit));
            set.expect("a ref");
        }
        hosts.set_public("acme/handbook", true).expect("set");
    })
    .await
}

/// The commit that Git itself finds under a name.
fn commit_of(world: &World, name: &str) -> String {
    git(
        &world.folder(),
        &["rev-parse", &format!("{name}^{{commit}}")],
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_leads_to_the_same_commit_wherever_it_is_looked_up() {
    let world = with_refs().await;
    let id = |name: &str| commit_of(&world, name);
    let (one, head) = (id("refs/tags/v1.0"), id("refs/heads/main"));
    let two = id("refs/heads/feature/pay-grades");
    assert!(one != two && two != head, "they can be told apart");
    let old = git(&world.folder(), &["rev-list", "--max-parents=0", "main"]);
    let mut all = vec![("a clone", world.local())];
    for (server, name, provider, owner, scopes) in HOSTS {
        let host = world.host(server, name, provider, "alice", scopes);
        let hosted = Repository::hosted(&host, &format!("{owner}handbook"));
        all.push((provider, hosted.expect("a name")));
    }
    let address = format!("{}/hosts/gitea/acme/handbook.git", world.base());
    let http = Http::new().expect("a client");
    let remote = Repository::remote(
        &address,
        &http,
        None,
        &tributary::hosts::Ssh::default(),
        None,
    );
    all.push(("a Git server", remote.expect("an address")));
    for (place, repository) in &all {
        for (name, expected) in [
            ("main", &head),
            ("HEAD", &head),
            ("refs/heads/main", &head),
            ("feature/pay-grades", &two),
            ("refs/tags/v1.0", &one),
            ("pkg@1.0.0", &one),
            ("@scope/pkg@2.0.0", &one),
            ("ada@feature", &one),
            ("rel/1.0@rc", &one),
            ("both", &two),
            ("refs/heads/both", &two),
            ("refs/tags/both", &one),
            ("feed", &one),
            ("deadbee", &one),
            (&old[..7], &old),
            (&old[..12], &old),
            (&old.to_uppercase()[..12], &old),
            (&old, &old),
        ] {
            let found = repository.resolve(Some(name)).await;
            let found = found.unwrap_or_else(|error| panic!("{place} {name}: {}", error.chain()));
            assert_eq!(&found.id, expected, "{place} {name}");
        }
        for name in [
            "absent",
            "main~1",
            "main^",
            "HEAD@{0}",
            "main:README.md",
            "0123456",
            "",
        ] {
            let error = repository.resolve(Some(name)).await.expect_err(name);
            assert_eq!(error.kind(), ErrorKind::NotFound, "{place} {name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_says_the_kind_of_its_ref_means_no_other_one() {
    let world = with_refs().await;
    let id = |name: &str| commit_of(&world, name);
    let (branch, tag) = (id("refs/heads/both"), id("refs/tags/both"));
    assert_ne!(branch, tag, "they can be told apart");
    for (server, name, provider, owner, scopes) in HOSTS {
        let host = world.host(server, name, provider, "alice", scopes);
        let base = host.place().base().to_owned();
        let hosted = Repository::hosted(&host, &format!("{owner}handbook")).expect("a name");
        // Written by kind, and one that says none.
        let forms: &[(&str, Option<RefKind>)] = match provider {
            "github" => &[
                ("blob/refs/heads/both/README.md", Some(RefKind::Branch)),
                ("raw/refs/tags/both/README.md", Some(RefKind::Tag)),
                ("releases/tag/both", Some(RefKind::Tag)),
                ("blob/both/README.md", None),
            ],
            "gitlab" => &[
                (
                    "-/blob/both/README.md?ref_type=heads",
                    Some(RefKind::Branch),
                ),
                ("-/blob/both/README.md?ref_type=tags", Some(RefKind::Tag)),
                ("-/tags/both", Some(RefKind::Tag)),
                ("-/blob/both/README.md", None),
            ],
            "bitbucket" => &[
                ("branch/both", Some(RefKind::Branch)),
                ("commits/tag/both", Some(RefKind::Tag)),
                ("src/both/README.md", None),
            ],
            "bitbucket-data-center" => &[
                (
                    "browse/README.md?at=refs%2Fheads%2Fboth",
                    Some(RefKind::Branch),
                ),
                ("browse/README.md?at=refs%2Ftags%2Fboth", Some(RefKind::Tag)),
                ("browse/README.md?at=both", None),
            ],
            "azure-devops" => &[
                ("?path=/README.md&version=GBboth", Some(RefKind::Branch)),
                ("?path=/README.md&version=GTboth", Some(RefKind::Tag)),
            ],
            _ => &[
                ("src/branch/both/README.md", Some(RefKind::Branch)),
                ("src/tag/both/README.md", Some(RefKind::Tag)),
                ("releases/tag/both", Some(RefKind::Tag)),
                ("src/both/README.md", None),
            ],
        };
        let web = match provider {
            "bitbucket-data-center" => format!("{base}/projects/ACME/repos/handbook"),
            "azure-devops" => format!("{base}/acme/docs/_git/handbook"),
            _ => format!("{base}/{owner}handbook"),
        };
        for (form, kind) in forms {
            let text = match form.starts_with('?') {
                true => format!("{web}{form}"),
                false => format!("{web}/{form}"),
            };
            let link = Link::read_at(&text, &[(&base, host.dialect())]).expect("an address");
            let followed = hosted.follow(&link).await;
            let (found, _) = followed.unwrap_or_else(|error| panic!("{text}: {}", error.chain()));
            let expected = match kind {
                Some(RefKind::Tag) => &tag,
                Some(RefKind::Branch) | None => &branch,
            };
            assert_eq!(&found.id, expected, "{text}");
        }
        let odd = format!("{web}/src/tag/absent/README.md");
        let link = Link::read_at(&odd, &[(&base, host.dialect())]).expect("an address");
        if provider == "gitea" {
            let error = hosted.follow(&link).await.expect_err("no such tag");
            assert_eq!(error.kind(), ErrorKind::NotFound, "{odd}");
        }
    }

    // The kind stays with what is opened, so that whoever asks again means the same; people and
    // editors get the name alone.
    let nobody = Nobody::new();
    let address = format!("{}/hosts/gitea/acme/handbook", world.base());
    let token = world.sandbox.control().accounts().issue_personal(
        Product::Gitea,
        "alice",
        &["read:user", "read:repository"],
        None,
    );
    let wish = SignIn {
        place: nobody
            .accounts
            .place("gitea", Some(&format!("{}/hosts/gitea", world.base())))
            .expect("a place"),
        way: Way::Token {
            token: Secret::new(token.expect("a person")),
            kind: None,
            user: "alice".to_owned(),
            ends: None,
        },
        purpose: Purpose::Read,
        mode: Mode::Individual,
        again: None,
    };
    let signed_in = nobody
        .accounts
        .sign_in(wish, &|_| {}, &CancellationToken::new())
        .await;
    signed_in.unwrap_or_else(|error| panic!("{}", error.chain()));
    for (shown, reference, name, edited) in [
        ("src/tag/both", None, "refs/tags/both", None),
        ("src/branch/both", None, "both", Some("/_edit/both/")),
        (
            "src/tag/v1.0",
            Some("refs/heads/both"),
            "refs/heads/both",
            Some("/_edit/both/"),
        ),
        ("", Some("refs/tags/both"), "refs/tags/both", None),
    ] {
        let at = format!("{address}/{shown}");
        let visit = nobody.open(&at, reference).await;
        let visit = visit.unwrap_or_else(|error| panic!("{at}: {}", error.chain()));
        assert_eq!(visit.pinned.reference.as_deref(), Some(name), "{at}");
        let commit = if edited.is_none() { &tag } else { &branch };
        assert_eq!(&visit.pinned.commit.id, commit, "{at}");
        assert_eq!(visit.newer().await.expect("asked"), None, "{at}");
        let said = visit.pinned.facts().reference;
        assert_eq!(said.as_deref(), Some("both"), "{at}");
        let edit = visit.pinned.links("README.md").edit;
        assert_eq!(edit.is_some(), edited.is_some(), "{at}: {edit:?}");
        let is_so = |edit: &str| edited.is_some_and(|part| edit.contains(part));
        assert!(edit.as_deref().is_none_or(is_so), "{at}: {edit:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_default_branch_has_the_name_it_was_told_by_and_others_are_not_listed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    git(root, &["init", "-q", "-b", "develop"]);
    put(root, "README.md", "# Handbook\n");
    let head = commit(root, "first");
    // `main` is at the same commit, and so are many more than a host lists at once.
    let mut refs = format!("create refs/heads/main {head}\n");
    for number in 0..450 {
        writeln!(refs, "create refs/heads/topic/{number:03} {head}").expect("it is text");
    }
    git_with(root, &["update-ref", "--stdin"], refs.as_bytes());
    let nobody = Nobody::new();
    let named = |visit: &Visit| visit.pinned.reference.clone();

    let here = root.display().to_string();
    let visit = nobody.open(&here, None).await.expect("opened");
    assert_eq!(named(&visit).as_deref(), Some("develop"), "a clone");

    let real = fake::at(root);
    let server = Server::start(move |base, asked| {
        if asked
            .parts()
            .last()
            .is_some_and(|last| last == "default-branch")
        {
            let told = serde_json::json!({"id": "refs/heads/develop", "displayId": "develop"});
            return Answer::json(&told);
        }
        fake::data_center(&real, base, asked).unwrap_or_else(|| Answer::status(404))
    })
    .await;
    let address = format!(
        "{}/projects/acme/repos/handbook/browse/README.md",
        server.base
    );
    let visit = nobody.open(&address, None).await;
    let visit = visit.unwrap_or_else(|error| panic!("{}", error.chain()));
    assert_eq!(named(&visit).as_deref(), Some("develop"), "a host");
    assert!(visit.is_following() && visit.reference().is_none());
    let edit = visit.pinned.links("README.md").edit.expect("a link");
    assert!(edit.contains("develop"), "{edit}");
    let asked = server.targets();
    assert!(asked.len() <= 5, "{asked:#?}");
    server.forget();
    assert_eq!(visit.newer().await.expect("asked"), None);
    let asked = server.targets();
    assert!(asked.len() <= 2, "{asked:#?}");
    git(root, &["commit", "-q", "--allow-empty", "-m", "second"]);
    let newer = visit.newer().await.expect("asked").expect("it moved");
    assert_eq!(newer.summary, "second");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_looks_by_the_clock_leaves_the_rest_of_a_limit_to_people() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    git(root, &["init", "-q", "-b", "main"]);
    put(root, "README.md", "# Handbook\n");
    commit(root, "first");
    let (real, reset) = (fake::at(root), jiff::Timestamp::now().as_second() + 1800);
    let server = Server::start(move |base, asked| {
        let answer = fake::gitlab(&real, base, asked).unwrap_or_else(|| Answer::status(404));
        answer
            .with("RateLimit-Limit", "2000")
            .with("RateLimit-Remaining", "150")
            .with("RateLimit-Reset", reset.to_string())
    })
    .await;
    let from = PublishedFrom::Repository {
        address: format!("{}/acme/handbook/-/tree/main", server.base),
        reference: None,
    };
    let nobody = Nobody::new();
    // The limit belongs to the account, which goes on while somebody looks at the host.
    let visit = nobody
        .open(&format!("{}/acme/handbook/-/tree/main", server.base), None)
        .await;
    let visit = visit.unwrap_or_else(|error| panic!("{}", error.chain()));
    let look = async |urgency| {
        let cache = Some(nobody.cache.clone());
        let opened = open_source(&nobody.accounts, &nobody.http, cache, &from, urgency).await;
        opened.map(|found| found.is_some())
    };
    server.forget();
    let error = look(Urgency::Background).await.expect_err("little is left");
    assert!(
        matches!(error.kind(), ErrorKind::RateLimited | ErrorKind::Offline),
        "{error:?}"
    );
    assert_eq!(server.targets(), Vec::<String>::new());
    assert!(
        look(Urgency::Waited)
            .await
            .expect("there is enough for a person")
    );
    // Whoever looks for a file waits for it too.
    let found = visit.find("readme", 9).await.expect("it is asked");
    assert_eq!(found.fitting, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_is_found_among_more_than_a_host_lists() {
    let searched = |q: &str| match q {
        "handbook in:name user:acme" => json!([
            {"full_name": "acme/handbook", "description": "found"},
            {"full_name": "acme/number-7", "description": "twice"}
        ]),
        _ => json!([]),
    };
    let server = Server::start(move |base, asked| {
        let page = asked.number("page").max(1);
        match asked.target.split('?').next() {
            Some("/api/v3/user/repos") => {
                let of = |number: usize| json!({"full_name": format!("acme/number-{number}"), "description": null});
                let items: Vec<Value> = (page * 100 - 100..page * 100).map(of).collect();
                let next = asked.with(base, "page", page + 1);
                Answer::json(&Value::Array(items)).with("Link", format!("<{next}>; rel=\"next\""))
            }
            Some("/api/v3/search/repositories") => {
                let items = searched(&asked.query("q").expect("words"));
                Answer::json(&json!({"total_count": 1, "incomplete_results": false, "items": items}))
            }
            _ => Answer::status(404),
        }
    })
    .await;
    let host = crate::hosted::host_at("github", &server.base, None);
    let names = async |search: &str| {
        let found = host.repositories(search).await;
        let found = found.unwrap_or_else(|error| panic!("{}", error.chain()));
        let names: Vec<String> = found.items.into_iter().map(|one| one.name).collect();
        (names, found.incomplete)
    };
    let (all, more) = names("").await;
    assert_eq!(all.len(), 1000);
    assert!(more.expect("it is said").contains("search for one"));
    assert_eq!(
        names("acme/handbook").await,
        (vec!["acme/handbook".to_owned()], None)
    );
    assert_eq!(
        names("number-77").await.0.first().map(String::as_str),
        Some("acme/number-77")
    );
    let asked = server.targets();
    assert!(
        asked.iter().any(|target| target.contains("number-77")),
        "{asked:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn github_s_word_that_organizations_keep_some_from_a_token_is_passed_on() {
    let server = Server::start(move |_, asked| {
        let name = match asked.target.split('?').next() {
            Some("/api/v3/user/repos") => "ada/own",
            Some("/api/v3/search/repositories") => {
                let items = json!([{"full_name": "acme/handbook", "description": null}]);
                return Answer::json(&json!({"items": items}));
            }
            _ => return Answer::status(404),
        };
        // What did not change says so again.
        let answer = match asked.headers.contains_key("if-none-match") {
            true => Answer::status(304),
            false => Answer::json(&json!([{"full_name": name, "description": null}])),
        };
        let told = "partial-results; organizations=21955855,20582480";
        answer.with("X-GitHub-SSO", told).with("ETag", "\"one\"")
    })
    .await;
    let cache = tempfile::tempdir().expect("a temporary folder");
    let cache = Cache::open(cache.path(), 1 << 20).expect("a cache");
    let host = crate::hosted::host_at("github", &server.base, Some(cache));
    for search in ["", "", "own", "handbook"] {
        let found = host.repositories(search).await;
        let found = found.unwrap_or_else(|error| panic!("{}", error.chain()));
        let told = found.incomplete.unwrap_or_default();
        assert!(told.contains("are left out"), "{search}: {told:?}");
        assert!(!found.items.is_empty(), "what there is is listed");
    }
}

/// What a host lists, and what it was asked for that.
async fn repositories_at(
    provider: &str,
    search: &str,
    answer: impl Fn(&Asked) -> Option<Value> + Send + Sync + 'static,
) -> (Vec<String>, Option<Sentence>, Vec<String>) {
    let server = Server::start(move |_, asked| match answer(asked) {
        Some(Value::Null) => Answer::status(403),
        Some(json) => Answer::json(&json),
        None => Answer::status(404),
    })
    .await;
    let host = crate::hosted::host_at(provider, &server.base, None);
    let found = host.repositories(search).await;
    let asked = server.targets();
    let found = found.unwrap_or_else(|error| panic!("{provider} {asked:#?}: {}", error.chain()));
    let names = found.items.into_iter().map(|one| one.name).collect();
    (names, found.incomplete, asked)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_is_found_by_either_name_and_whoever_refuses_hides_no_others() {
    // One workspace of three lets nobody in from elsewhere.
    let of_bitbucket = |asked: &Asked| {
        let path = format!("/{}", asked.parts().join("/"));
        let known = [("team-handbook", "Team Handbook"), ("other", "Other")];
        let word = asked.query("q").unwrap_or_default().to_lowercase();
        let word = word
            .trim_start_matches("name~")
            .trim_matches('"')
            .to_owned();
        let values = |owner: &str| {
            let fitting = known
                .iter()
                .filter(|(_, name)| name.to_lowercase().contains(&word));
            let told = fitting.map(|(slug, name)| {
                json!({"full_name": format!("{owner}/{slug}"), "name": name, "description": ""})
            });
            json!({"values": told.collect::<Vec<_>>()})
        };
        match path.as_str() {
            "/2.0/user/workspaces" => Some(json!({"values": [
                {"workspace": {"slug": "acme"}}, {"workspace": {"slug": "closed"}},
                {"workspace": {"slug": "more"}},
            ]})),
            "/2.0/repositories/closed" => Some(Value::Null),
            "/2.0/repositories/acme" => Some(values("acme")),
            "/2.0/repositories/more" => Some(values("more")),
            _ => None,
        }
    };
    let both = ["acme/team-handbook", "more/team-handbook"];
    for search in ["team-handbook", "Team Handbook", "handb"] {
        let (names, incomplete, _) = repositories_at("bitbucket", search, of_bitbucket).await;
        assert_eq!(names, both, "{search}");
        let incomplete = incomplete.expect("it is said");
        assert!(
            incomplete.contains("`closed` is not listed"),
            "{incomplete}"
        );
    }
    let (names, ..) = repositories_at("bitbucket", "more/team-handbook", of_bitbucket).await;
    assert_eq!(names, ["more/team-handbook"]);

    let of_data_center = |asked: &Asked| {
        let word = asked.query("name").unwrap_or_default().to_lowercase();
        let is_it = "team handbook".contains(&word);
        let one =
            json!({"slug": "team-handbook", "name": "Team Handbook", "project": {"key": "DOC"}});
        let values = if is_it { vec![one] } else { Vec::new() };
        Some(json!({"values": values, "isLastPage": true}))
    };
    for search in ["team-handbook", "team handbook", "DOC/team-handbook"] {
        let (names, ..) = repositories_at("bitbucket-data-center", search, of_data_center).await;
        assert_eq!(names, ["DOC/team-handbook"], "{search}");
    }

    // All refuse, and then that is what is told.
    let server = Server::start(|_, asked| match asked.target.contains("workspaces") {
        true => Answer::json(&json!({"values": [{"workspace": {"slug": "closed"}}]})),
        false => Answer::status(403),
    })
    .await;
    let host = crate::hosted::host_at("bitbucket", &server.base, None);
    let error = host.repositories("").await.expect_err("nothing is listed");
    assert_eq!(error.kind(), ErrorKind::Forbidden);

    // Those used last come first, also where the host lists them by their ids.
    let of_gitea = |asked: &Asked| {
        let old = json!({"full_name": "acme/old", "updated_at": "2025-01-02T03:04:05Z"});
        let new = json!({"full_name": "acme/new", "updated_at": "2026-01-02T03:04:05Z"});
        asked
            .target
            .contains("/user/repos")
            .then(|| json!([old, new]))
    };
    let (names, ..) = repositories_at("gitea", "", of_gitea).await;
    assert_eq!(names, ["acme/new", "acme/old"]);

    // What is not one's own is looked for where nothing of one's own is called so.
    let of_gitlab = |asked: &Asked| {
        let of = |name: &str| json!({"path_with_namespace": name, "description": null});
        let word = asked.query("search").unwrap_or_default();
        let mine = ["acme/handbook", "acme/archived"];
        let others = ["else/internal"];
        let all: Vec<&str> = match asked.query("membership") {
            Some(_) => mine.to_vec(),
            None => mine.into_iter().chain(others).collect(),
        };
        let is_hidden =
            |name: &str| asked.query("archived").is_some() && name.ends_with("archived");
        let fitting = all
            .into_iter()
            .filter(|name| name.contains(&word) && !is_hidden(name));
        Some(Value::Array(fitting.map(of).collect()))
    };
    for (search, expected, most) in [
        ("", &["acme/handbook", "acme/archived"][..], 1),
        ("handbook", &["acme/handbook"], 1),
        ("archived", &["acme/archived"], 1),
        ("internal", &["else/internal"], 2),
        ("absent", &[], 2),
    ] {
        let (names, _, asked) = repositories_at("gitlab", search, of_gitlab).await;
        assert_eq!(names, expected, "{search}");
        assert!(asked.len() <= most, "{search}: {asked:#?}");
    }
    let of_github = |asked: &Asked| {
        let of = |name: &str| json!({"full_name": name, "description": null});
        match asked.target.split('?').next() {
            Some("/api/v3/user/repos") => Some(json!([of("acme/handbook")])),
            Some("/api/v3/search/repositories") => {
                Some(json!({"total_count": 1, "items": [of("else/internal")]}))
            }
            _ => None,
        }
    };
    for (search, expected, most) in [
        ("handb", &["acme/handbook"][..], 1),
        ("internal", &["else/internal"], 2),
        ("in", &[], 1),
    ] {
        let (names, _, asked) = repositories_at("github", search, of_github).await;
        assert_eq!(names, expected, "{search}");
        assert!(asked.len() <= most, "{search}: {asked:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_account_is_named_where_the_one_that_is_used_may_not_see() {
    let world = World::new().await;
    let (nobody, sandbox) = (Nobody::new(), world.sandbox.control().accounts());
    let base = format!("{}/hosts/gitea", world.base());
    let place = nobody
        .accounts
        .place("gitea", Some(&base))
        .expect("a place");
    for user in ["bob", "alice"] {
        let token = sandbox.issue_personal(
            Product::Gitea,
            user,
            &["read:user", "read:repository"],
            None,
        );
        let wish = SignIn {
            place: place.clone(),
            way: Way::Token {
                token: Secret::new(token.expect("a person")),
                kind: None,
                user: user.to_owned(),
                ends: None,
            },
            purpose: Purpose::Read,
            mode: Mode::Individual,
            again: None,
        };
        let cancel = CancellationToken::new();
        let signed_in = nobody.accounts.sign_in(wish, &|_| {}, &cancel).await;
        signed_in.unwrap_or_else(|error| panic!("{}", error.chain()));
    }
    let all = nobody.accounts.all_for_place(&place).expect("a list");
    let names: Vec<&str> = all.iter().map(|one| one.user.name.as_str()).collect();
    assert!(
        names.len() == 2 && names[0].to_lowercase().contains("bob"),
        "{names:?}"
    );
    let listed = async |number: usize| {
        let (accounts, http) = (&nobody.accounts, &nobody.http);
        let host = Host::of_one(accounts, place.clone(), &all[number], http, None).await;
        let found = host.expect("a host").repositories("secret").await;
        found.expect("listed").items.len()
    };
    assert_eq!((listed(0).await, listed(1).await), (0, 1));

    let address = format!("{base}/acme/secret-plans");
    let refused = nobody
        .open(&address, None)
        .await
        .expect_err("Bob may not see it");
    assert_eq!(refused.kind(), ErrorKind::Forbidden);
    let remedy = format!("{:?}", refused.way_out());
    assert!(remedy.contains(names[1]), "{remedy}");
    let (provider, name) = ("gitea", Some("acme/secret-plans"));
    let chosen = nobody.accounts.choose(provider, &base, name, Some(&all[1]));
    chosen.expect("she is signed in");
    let visit = nobody.open(&address, None).await;
    visit.unwrap_or_else(|error| panic!("{}", error.chain()));

    // What a host has beside the files lands on the repository, and says that it is none of them.
    for (place, trouble) in [("issues/3", true), ("wiki/Home", true), ("", false)] {
        let visit = nobody.open(&format!("{address}/{place}"), None).await;
        let landing = visit
            .unwrap_or_else(|error| panic!("{}", error.chain()))
            .landing;
        assert!(landing.is_folder && landing.path.is_empty(), "{place}");
        let said = landing.trouble.as_deref().unwrap_or_default();
        assert_eq!(said.contains(place) && !said.is_empty(), trouble, "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn commits_are_counted_by_descent_and_no_further_than_anybody_reads() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    git(root, &["init", "-q"]);
    let mut stream = String::new();
    let mut mark = 0;
    let mut one = |branch: &str, from: &str, when: u64, text: &str| {
        mark += 1;
        write!(
            stream,
            "commit refs/heads/{branch}\nmark :{mark}\ncommitter Ada <ada@acme.com> {when} +0000\n\
             data 1\nx\n{from}M 644 inline {branch}.md\ndata {}\n{text}\n",
            text.len()
        )
        .expect("it is text");
        mark
    };
    let first = one("page", "", 1_000, "one");
    let published = one("main", &format!("from :{first}\n"), 5_000, "published");
    // Made before the publish, and merged after it.
    let side = one("page", &format!("from :{first}\n"), 3_000, "two");
    let merge = format!("from :{published}\nmerge :{side}\nM 644 inline page.md\ndata 3\ntwo\n");
    one("main", &merge, 6_000, "merged");
    for number in 0..MOST_COMMITS_COUNTED + 5 {
        one(
            "often",
            &if number == 0 {
                format!("from :{published}\n")
            } else {
                String::new()
            },
            7_000 + number as u64,
            &format!("{number}"),
        );
    }
    git_with(root, &["fast-import", "--quiet"], stream.as_bytes());
    let repository = Repository::local(root).expect("a repository");
    let published = git(root, &["rev-parse", "main^1"])[..12].to_owned();
    let count = async |branch: &str, path: &str| {
        let now = repository.resolve(Some(branch)).await.expect("a commit").id;
        let asked = [(path.to_owned(), published.clone())];
        let found = behind(&repository, &now, &asked).await.expect("counted");
        found[path]
    };
    assert_eq!(count("main", "page.md").await, Behind::Commits(1));
    assert_eq!(count("main", "main.md").await, Behind::Commits(1));
    let most = Behind::Commits(MOST_COMMITS_COUNTED);
    assert_eq!(count("often", "often.md").await, most);
    assert_eq!(count("often", "page.md").await, Behind::Commits(0));
    let gone = [("page.md".to_owned(), "0123456789ab".to_owned())];
    let now = repository.resolve(Some("main")).await.expect("a commit").id;
    let found = behind(&repository, &now, &gone).await.expect("counted");
    assert_eq!(found["page.md"], Behind::Unknown);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_host_knows_full_ids_only_an_old_commit_is_asked_for_by_its_full_id() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    git(root, &["init", "-q", "-b", "main"]);
    let mut stream = String::new();
    for number in 0..3010 {
        write!(
            stream,
            "commit refs/heads/main\ncommitter Ada <ada@acme.com> {number} +0000\ndata 1\nx\n"
        )
        .expect("it is text");
    }
    git_with(root, &["fast-import", "--quiet"], stream.as_bytes());
    let id = |name: &str| git(root, &["rev-parse", name]);
    let (head, near, old) = (id("main"), id("main~2900"), id("main~3005"));
    let real = (folder, old.clone(), head);
    let world = world_of(real, "azure-devops", "acme/docs/handbook", fake::azure).await;
    for (name, expected) in [(&near[..12], &near), (&*old, &old)] {
        let found = world.hosted.resolve(Some(name)).await;
        let found = found.unwrap_or_else(|error| panic!("{name}: {}", error.chain()));
        assert_eq!(&found.id, expected);
    }
    let error = world.hosted.resolve(Some(&old[..12])).await;
    let error = error.expect_err("it is too old");
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.to_string().contains(&old[..12]), "{error}");
    let remedy = error.remedy_text().expect("a way out");
    assert!(remedy.contains("full id"), "{remedy}");
    // Of what can be no id, nothing of the kind is said.
    let error = world.hosted.resolve(Some("release/9")).await;
    let remedy = error.expect_err("absent").remedy_text().map(str::to_owned);
    assert!(remedy.is_some_and(|remedy| !remedy.contains("full id")));
}
