//! One journey at every host of the sandbox, through Git's own protocol and in a clone: sign in, find
//! the repository, open a file at a tag, publish a folder, see it go stale after a commit, publish
//! again. And how many requests each step costs there, which is in `docs/benchmarks.md`.

use std::fmt::Write as _;
use std::sync::Arc;

use gix::bstr::BString;
use tokio_util::sync::CancellationToken;
use tributary::account::{Mode, Place, Purpose, SignIn, Way};
use tributary::audit::{Audit, Clock};
use tributary::browse::{Behind, File, Visit, behind};
use tributary::confluence::Client;
use tributary::hosts::{self, Host, Link, Pinned, Target, Urgency};
use tributary::publish::{Prepared, apply, plan_at};
use tributary::published::{
    PublishedPage, Standing, compare, find_source, identity_of, open_source,
};
use tributary::settings::Settings;
use tributary::store::Paths;
use tributary::vault::Secret;
use tributary_sandbox::Running;
use tributary_sandbox::signin::Server;
use tributary_sandbox::signin::hosts::{Commit, FileEdit};

use crate::browse::Nobody;
use crate::local::git;
use crate::publish::{client_of, request};
use crate::sandbox::{HOSTS, World};

/// As many pages as a folder has that is published.
pub(crate) const PAGES: usize = 20;

/// What a step cost, in requests to the host.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cost {
    name: &'static str,
    open: usize,
    folder: usize,
    file: usize,
    page: usize,
    publish: usize,
    stale: usize,
    again: usize,
}

/// Git itself, of which all history would have to be fetched for what nobody waits for.
const ANY_SERVER: &str = "any Git server";

/// The hosts as people call them, with what each step may cost. The folder that is opened has a name
/// that is no UTF-8: two requests of these are Git's, which tells it.
const COSTS: [Cost; 10] = [
    cost("GitHub", [2, 4, 1, 2, 6, 3, 5]),
    cost("GitHub Enterprise Server", [2, 4, 1, 2, 6, 3, 5]),
    cost("GitLab", [2, 3, 1, 2, 5, 3, 5]),
    cost("GitLab Self-Managed", [2, 3, 1, 2, 5, 3, 5]),
    cost("Bitbucket Cloud", [2, 3, 1, 2, 7, 3, 7]),
    cost("Bitbucket Data Center", [2, 3, 1, 3, 5, 3, 6]),
    cost("Azure DevOps", [3, 3, 1, 3, 5, 3, 4]),
    cost("Gitea", [2, 4, 1, 1, 5, 3, 5]),
    cost("Azure DevOps Server", [3, 3, 1, 3, 5, 3, 4]),
    cost(ANY_SERVER, [3, 0, 1, 0, 5, 1, 4]),
];

const fn cost(
    name: &'static str,
    [open, folder, file, page, publish, stale, again]: [usize; 7],
) -> Cost {
    Cost {
        name,
        open,
        folder,
        file,
        page,
        publish,
        stale,
        again,
    }
}

/// The pages of a folder, of which one is in another edition.
pub(crate) fn commit(world: &World, folder: &str, edition: usize) -> String {
    let pages = if edition == 1 { 1..=PAGES } else { 7..=7 };
    let edits = pages.map(|number| FileEdit::Write {
        path: format!("{folder}/page-{number:02}.md"),
        text: format!("# Page {number} of {folder}\n\nEdition {edition}.\n"),
    });
    let made = world.sandbox.control().accounts().commit(&Commit {
        repository: "acme/handbook".to_owned(),
        branch: "main".to_owned(),
        from: None,
        message: format!("Edition {edition}"),
        author: "bob".to_owned(),
        date: None,
        edits: edits.collect(),
    });
    made.expect("a commit")
}

/// How many requests the hosts were sent since this was asked last.
fn asked(sandbox: &Running) -> usize {
    let requests = sandbox.control().requests();
    sandbox.control().clear_requests();
    let to_hosts = |path: &str| path.starts_with("/hosts/");
    requests.iter().filter(|one| to_hosts(&one.path)).count()
}

pub(crate) struct Publisher {
    pub(crate) client: Client,
    pub(crate) home: tempfile::TempDir,
}

impl Publisher {
    /// Plans a folder of what the branch leads to now.
    async fn plan(&self, person: &Nobody, address: &str, folder: &str) -> Prepared {
        let cache = Some(person.cache.clone());
        let (accounts, http) = (&person.accounts, &person.http);
        let pinned = hosts::open(accounts, http, cache, address, Some("main"), None).await;
        let pinned = pinned.unwrap_or_else(|error| panic!("{address}: {}", error.chain()));
        let cancel = CancellationToken::new();
        let wanted = request(&[folder]);
        let planned = plan_at(&self.client, &wanted, &pinned, &|_| {}, &cancel).await;
        planned.unwrap_or_else(|error| panic!("{address}: {}", error.chain()))
    }

    pub(crate) async fn apply(&self, prepared: &Prepared) {
        let paths = Paths::below(self.home.path());
        let audit = Audit::open(&paths, None, Clock::of_system());
        let (digest, cancel) = (&prepared.plan.digest, CancellationToken::new());
        let report = apply(prepared, digest, &audit, &|_| {}, &cancel).await;
        let report = report.expect("a report");
        assert!(report.is_complete(), "{report:#?}");
    }
}

/// A page as the site tells of it, with the beginning of the commit that it was published from.
pub(crate) fn published_page(folder: &str, name: &str, commit: &str) -> PublishedPage {
    PublishedPage {
        id: name.to_owned(),
        title: name.to_owned(),
        url: String::new(),
        parent_id: None,
        space_key: "DOCS".to_owned(),
        space_name: "Documentation".to_owned(),
        version: 2,
        repository: None,
        path: Some(format!("{folder}/{name}")),
        commit: Some(commit[..12].to_owned()),
        branch: None,
        is_edited: false,
    }
}

/// The journey from the opened tag on. Gives what it cost.
async fn journey(
    world: &World,
    person: &Nobody,
    publisher: &Publisher,
    address: &str,
    called: &'static str,
    after_commit: impl Fn(),
) -> Cost {
    let count = || asked(&world.sandbox);
    let fine = |error: tributary::Error| -> String { panic!("{called}: {}", error.chain()) };
    let folder = format!("from {}", called.to_lowercase());
    let first = commit(world, &folder, 1);
    after_commit();

    // A file at a tag.
    count();
    let visit: Visit = match person.open(address, Some("v1.0")).await {
        Ok(visit) => visit,
        Err(error) => panic!("{called}: {}", error.chain()),
    };
    let visit = Arc::new(visit);
    let open = count();
    // Its own address opens it again.
    let again = person.open(&visit.address, Some("v1.0")).await;
    let again = again.map_err(fine).expect("fine");
    assert_eq!(again.pinned.commit, visit.pinned.commit, "{called}");
    count();
    let listed = visit.folder("docs", Urgency::Waited).await.map_err(fine);
    let listed = listed.expect("fine").items;
    let names: Vec<&str> = listed.iter().map(|item| item.path.as_str()).collect();
    assert!(names.contains(&"docs/greetings.md"), "{called}: {names:?}");
    let in_folder = count();
    let file = visit.file("docs/greetings.md").await.map_err(fine);
    let file = file.expect("fine");
    assert!(
        matches!(&*file, File::Contents { bytes, .. } if bytes.starts_with(b"# Hello")),
        "{called}: {file:?}"
    );
    let in_file = count();
    // What the window shows beside it: the page that it becomes, and who changed it last.
    let image = |path: &str| path.to_owned();
    let looks = visit.page("docs/greetings.md", None, image).await;
    assert!(looks.map_err(fine).expect("fine").is_some(), "{called}");
    let last = visit.history("docs/greetings.md", 1).await.map_err(fine);
    let told = usize::from(called != ANY_SERVER);
    assert_eq!(last.expect("fine").items.len(), told, "{called}");
    let as_page = count();
    // Seen before, so nobody is asked.
    drop(visit.folder("docs", Urgency::Waited).await.map_err(fine));
    drop(visit.file("docs/greetings.md").await.map_err(fine));
    assert_eq!(count(), 0, "{called}: what was seen is not asked for again");

    // A folder of the branch becomes pages.
    let planned = publisher.plan(person, address, &folder).await;
    assert_eq!(planned.plan.counts().create, PAGES, "{called}");
    assert_eq!(planned.source.commit.as_deref(), Some(&*first), "{called}");
    publisher.apply(&planned).await;
    let publish = count();

    // Another commit, and one page is behind by it.
    let second = commit(world, &folder, 2);
    after_commit();
    count();
    let planned = publisher.plan(person, address, &folder).await;
    let counts = planned.plan.counts();
    assert_eq!((counts.update, counts.leave), (1, PAGES - 1), "{called}");
    let again = count();
    let visit = person.open(address, Some("main")).await.map_err(fine);
    let repository = visit.expect("fine").pinned.repository;
    count();
    let page = format!("{folder}/page-07.md");
    let published = [(page.clone(), first[..12].to_owned())];
    let found = behind(&repository, &second, &published).await.map_err(fine);
    assert_eq!(
        found.expect("fine").get(&page),
        Some(&Behind::Commits(1)),
        "{called}"
    );
    let stale = count();
    let pages =
        ["page-07.md", "page-08.md", "gone.md"].map(|name| published_page(&folder, name, &first));
    let commit = repository.resolve(Some("main")).await.map_err(fine);
    let now = Pinned {
        commit: commit.expect("fine"),
        repository,
        reference: None,
        path: BString::default(),
        lines: None,
    };
    let standings = compare(&now, &pages).await;
    let standings = standings.map_err(fine).expect("fine");
    let stand = pages.each_ref().map(|page| standings[&page.id]);
    let expected = [
        Standing::Behind(Some(1)),
        Standing::Current,
        Standing::SourceGone,
    ];
    assert_eq!(stand, expected, "{called}");
    count();
    publisher.apply(&planned).await;
    let again = again + count();
    let planned = publisher.plan(person, address, &folder).await;
    assert_eq!(planned.plan.counts().leave, PAGES, "{called}: all is there");
    Cost {
        name: called,
        open,
        folder: in_folder,
        file: in_file,
        page: as_page,
        publish,
        stale,
        again,
    }
}

/// Somebody who is signed in at a host of the sandbox.
pub(crate) async fn signed_in(
    world: &World,
    (server, name, provider, scopes): (Server, &str, &str, &[&str]),
) -> (Nobody, Place) {
    let person = Nobody::new();
    let base = format!("{}/hosts/{name}", world.base());
    let place = sign_in(world, &person, &base, (server, provider, scopes)).await;
    (person, place)
}

/// Signs somebody in at the address of a host.
async fn sign_in(
    world: &World,
    person: &Nobody,
    base: &str,
    (server, provider, scopes): (Server, &str, &[&str]),
) -> Place {
    let fine = |error: tributary::Error| -> String { panic!("{base}: {}", error.chain()) };
    let accounts = world.sandbox.control().accounts();
    let token = accounts.issue_personal(server, "alice", scopes, None);
    let place = person.accounts.place(provider, Some(base)).map_err(fine);
    let place = place.expect("fine");
    let wish = SignIn {
        place: place.clone(),
        way: Way::Token {
            token: Secret::new(token.expect("alice is there")),
            kind: None,
            user: "alice@example.com".to_owned(),
            ends: None,
        },
        purpose: Purpose::Read,
        mode: Mode::Individual,
        again: None,
    };
    let cancel = CancellationToken::new();
    let signed_in = person.accounts.sign_in(wish, &|_| {}, &cancel).await;
    signed_in.map_err(fine).expect("fine");
    place
}

/// A host where somebody signs in: the sandbox's server, where it is, our provider, the repositories there,
/// scopes, and what the settings say of providers.
#[derive(Clone)]
struct Kind {
    server: Server,
    base: String,
    provider: &'static str,
    owner: &'static str,
    scopes: &'static [&'static str],
    providers: String,
}

/// Who publishes to the site of a world.
async fn publisher_to(world: &World) -> Publisher {
    Publisher {
        client: client_of(&world.sandbox).await,
        home: tempfile::tempdir().expect("a temporary folder"),
    }
}

/// All of them, in the order of what they cost.
async fn kinds(world: &World) -> Vec<Kind> {
    let mut kinds = Vec::new();
    // A collection of a server is what an organization is in the cloud.
    let at_server: (_, _, _, _, &[&str]) = (
        Server::Entra,
        "entra/collections/acme",
        "azure-devops-server",
        "docs/",
        &["vso.code"],
    );
    for (server, name, provider, owner, scopes) in HOSTS.into_iter().chain([at_server]) {
        let company = Kind {
            server,
            base: format!("{}/hosts/{name}", world.base()),
            provider,
            owner,
            scopes,
            providers: String::new(),
        };
        // As everybody knows it, the host is an origin by itself, and GitHub's API and archives are others.
        if let Ok(public) = world.sandbox.public(server).await {
            let api = public.api.map(|api| format!("api = \"{api}\"\n"));
            let providers = format!("[{provider}]\nbase = \"{}\"\n", public.web);
            kinds.push(Kind {
                base: public.web,
                providers: providers + &api.unwrap_or_default(),
                ..company.clone()
            });
        }
        kinds.push(company);
    }
    kinds
}

#[tokio::test(flavor = "multi_thread")]
async fn every_host_leads_from_signing_in_to_publishing_again_in_few_requests() {
    let mut costs = Vec::new();
    for (number, known) in COSTS.iter().enumerate() {
        // Each in a world of its own, because some hosts tell as many paths at once as others publish.
        let world = World::new().await;
        let Some(kind) = kinds(&world).await.into_iter().nth(number) else {
            break;
        };
        let publisher = publisher_to(&world).await;
        let name = known.name;
        let fine = |error: tributary::Error| -> String { panic!("{name}: {}", error.chain()) };
        let mut settings = Settings::default();
        settings.providers = kind.providers.parse().expect("what is above");
        let person = Nobody::with(&settings);
        let base = kind.base;
        let host = (kind.server, kind.provider, kind.scopes);
        let place = sign_in(&world, &person, &base, host).await;

        let host = Host::of_account(&person.accounts, place, None, &person.http, None).await;
        let host = host.map_err(fine).expect("fine");
        let found = host.repositories("handb").await.map_err(fine);
        let found = found.expect("fine").items;
        assert_eq!(found.len(), 1, "{name}: {found:?}");
        assert!(found[0].name.starts_with(kind.owner), "{name}: {found:?}");
        let link = Link {
            dialect: Some(host.dialect()),
            base: base.clone(),
            repository: found[0].name.clone(),
            target: Target::Repository,
        };
        let address = link.web();
        // Whoever knows only what the pages are called finds where they come from.
        let all = person.accounts.list().map_err(fine).expect("fine");
        let source = find_source(&link.identity(), &Settings::default(), &all).expect("a source");
        let called = identity_of(&source, &all);
        assert_eq!(
            called.as_deref(),
            Some(&*link.identity()),
            "{name}: {source:?}"
        );
        let cache = Some(person.cache.clone());
        let opened = open_source(
            &person.accounts,
            &person.http,
            cache,
            &source,
            Urgency::Waited,
        )
        .await;
        let opened = opened.map_err(fine).expect("fine").expect("it has commits");
        assert_eq!(opened.repository.identity, link.identity(), "{name}");
        costs.push(journey(&world, &person, &publisher, &address, name, || ()).await);
    }

    let world = World::new().await;
    let publisher = publisher_to(&world).await;
    // Git itself is spoken where nothing tells which product is there; nobody signs in.
    let everybody = world.sandbox.control().accounts();
    assert!(everybody.set_public("acme/handbook", true).expect("set"));
    let address = format!("{}/hosts/gitea/acme/handbook.git", world.base());
    let nobody = Nobody::new();
    costs.push(journey(&world, &nobody, &publisher, &address, ANY_SERVER, || ()).await);

    // A bare clone that is kept up to date.
    let folder = world.folder();
    let pull = || drop(git(&folder, &["remote", "update"]));
    let (nobody, here) = (Nobody::new(), folder.display().to_string());
    pull();
    let cost = journey(&world, &nobody, &publisher, &here, "a clone", pull).await;
    let all = cost.open + cost.folder + cost.file + cost.page + cost.stale;
    assert_eq!(all, 0, "a clone asks nobody: {cost:?}");

    let table = table(&costs);
    println!("{table}");
    assert_eq!(costs, COSTS, "see the table above");
    let documented = include_str!("../../../../docs/benchmarks.md");
    assert!(
        documented.contains(table.trim_end()),
        "docs/benchmarks.md has another table than this:\n{table}"
    );
}

/// What is in the documentation.
fn table(costs: &[Cost]) -> String {
    let mut table = String::from(
        "| | open the repository at a tag | open a folder | open a file | see it as a page, and its last change | publish 20 pages | per page | \
         count how far a page is behind | publish again, one page changed |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    for cost in costs {
        let Cost {
            name,
            open,
            folder,
            file,
            page,
            publish,
            stale,
            again,
        } = cost;
        let hundredths = publish * 100 / PAGES;
        let (whole, part) = (hundredths / 100, hundredths % 100);
        writeln!(
            table,
            "| {name} | {open} | {folder} | {file} | {page} | {publish} | {whole}.{part:02} | {stale} | {again} |"
        )
        .expect("it is text");
    }
    table
}

/// As many files are beside the folder that is published.
const BESIDE: usize = 5000;

/// How many requests publishing a folder takes where thousands of files are beside it: all paths come in
/// one answer or some, or by Git once a host has told twenty times as many as it tells at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_folder_among_thousands_of_files_is_published_in_few_requests() {
    let world = World::new().await;
    let publisher = publisher_to(&world).await;
    let accounts = world.sandbox.control().accounts();
    let many = accounts.add_files("acme/handbook", "many", BESIDE);
    many.expect("a commit");
    let mut counts = Vec::new();
    for (server, name, provider, owner, scopes) in HOSTS {
        let (person, place) = signed_in(&world, (server, name, provider, scopes)).await;
        let host = Host::of_account(&person.accounts, place, None, &person.http, None).await;
        let host = host.unwrap_or_else(|error| panic!("{name}: {}", error.chain()));
        let link = Link {
            dialect: Some(host.dialect()),
            base: format!("{}/hosts/{name}", world.base()),
            repository: format!("{owner}handbook"),
            target: Target::Repository,
        };
        let folder = format!("large from {name}");
        commit(&world, &folder, 1);
        asked(&world.sandbox);
        let planned = publisher.plan(&person, &link.web(), &folder).await;
        assert_eq!(planned.plan.counts().create, PAGES, "{name}");
        counts.push((name, asked(&world.sandbox)));
    }
    let expected = [
        ("github", 6),
        ("gitlab", 26),
        ("bitbucket", 27),
        ("bitbucket-dc", 5),
        ("entra", 5),
        ("gitea", 10),
    ];
    assert_eq!(counts, expected, "docs/benchmarks.md says so too");
}

/// Folders, and files in each of them: more than Bitbucket Cloud lists with all that is below.
const AREAS: usize = 25;
const IN_AREA: usize = 1000;

/// What takes Bitbucket Cloud too long is asked for folder by folder, which in many folders would take
/// all that an account may ask in an hour: Git fetches the trees before.
#[tokio::test(flavor = "multi_thread")]
async fn paths_in_many_folders_are_found_in_few_requests_where_a_host_lists_no_deep_tree() {
    let world = World::new().await;
    let accounts = world.sandbox.control().accounts();
    for area in 0..AREAS {
        let made = accounts.add_files("acme/handbook", &format!("area-{area:02}"), IN_AREA);
        made.expect("a commit");
    }
    let (server, name, provider, owner, scopes) = HOSTS[2];
    let fine = |error: tributary::Error| -> String { panic!("{name}: {}", error.chain()) };
    let (person, place) = signed_in(&world, (server, name, provider, scopes)).await;
    let host = Host::of_account(&person.accounts, place, None, &person.http, None).await;
    let link = Link {
        dialect: Some(host.map_err(fine).expect("fine").dialect()),
        base: format!("{}/hosts/{name}", world.base()),
        repository: format!("{owner}handbook"),
        target: Target::Repository,
    };
    let visit = person.open(&link.web(), Some("main")).await.map_err(fine);
    let visit = visit.expect("fine");
    asked(&world.sandbox);
    let found = visit.find("area07file00999", 10).await.map_err(fine);
    let found = found.expect("fine");
    assert_eq!(found.best[0].path, "area-07/file-00999.md");
    assert!(found.all > AREAS * IN_AREA, "{}", found.all);
    let to_find = asked(&world.sandbox);
    assert!(to_find <= 10, "{to_find}: a folder of these is ten pages");
    // What is typed next is found in what is known.
    let found = visit
        .find("greetings", 10)
        .await
        .map_err(fine)
        .expect("fine");
    assert_eq!(found.best[0].path, "docs/greetings.md");
    assert_eq!(asked(&world.sandbox), 0);
}
