//! Repositories at Git hosts in the real window, against the sandbox's hosts: real repositories
//! behind the answers of six vendors.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use tributary_sandbox::signin::Server;
use tributary_sandbox::signin::hosts::{Commit, FileEdit};
use tributary_sandbox::{Options, Running};

mod compared;
mod copied;
mod lines;
mod links;
mod looks;
mod names;
mod over_ssh;
mod public;
mod saving;
mod truth;

use crate::accounts::stand::fill_in_token;
use crate::desktop::{Desktop, Window, on_a_desktop};
use crate::window::{published_address, read_page};

/// A Git host: the sandbox's server, its name in addresses, our provider, the scopes of a token, and
/// whose name is sent along with it.
struct GitHost {
    server: Server,
    name: &'static str,
    provider: &'static str,
    scopes: &'static [&'static str],
    user: Option<&'static str>,
}

const HOSTS: [GitHost; 6] = [
    GitHost {
        server: Server::Github,
        name: "github",
        provider: "github",
        scopes: &["repo"],
        user: None,
    },
    GitHost {
        server: Server::Gitlab,
        name: "gitlab",
        provider: "gitlab",
        scopes: &["read_user", "read_api", "read_repository"],
        user: None,
    },
    GitHost {
        server: Server::Bitbucket,
        name: "bitbucket",
        provider: "bitbucket",
        scopes: &[
            "read:user:bitbucket",
            "read:workspace:bitbucket",
            "read:repository:bitbucket",
        ],
        user: Some("alice@example.com"),
    },
    GitHost {
        server: Server::BitbucketDc,
        name: "bitbucket-dc",
        provider: "bitbucket-data-center",
        scopes: &["REPO_READ"],
        user: None,
    },
    GitHost {
        server: Server::Entra,
        name: "entra",
        provider: "azure-devops",
        scopes: &["vso.code", "vso.profile"],
        user: None,
    },
    GitHost {
        server: Server::Gitea,
        name: "gitea",
        provider: "gitea",
        scopes: &["read:user", "read:repository"],
        user: None,
    },
];

/// A collection of Azure DevOps Server is what an organization is in the cloud, and is signed in to by its
/// own address. The sandbox's is of 2019, and refuses what came later.
const COLLECTION: GitHost = GitHost {
    server: Server::Entra,
    name: "entra/collections/acme",
    provider: "azure-devops-server",
    scopes: &["vso.code"],
    user: None,
};

impl GitHost {
    fn base(&self, sandbox: &Running) -> String {
        format!("{}/hosts/{}", sandbox.base_url(), self.name)
    }

    /// Signs in with a token; the accounts are in front before, and not any more afterwards.
    async fn sign_in(&self, window: &Window, sandbox: &Running) {
        self.sign_in_at(window, sandbox, &self.base(sandbox)).await;
    }

    /// The same, where the host is at another address.
    async fn sign_in_at(&self, window: &Window, sandbox: &Running, base: &str) {
        let servers = sandbox.control().accounts();
        let token = servers.issue_personal(self.server, "alice", self.scopes, None);
        window.click("[data-testid='accounts-button']").await;
        fill_in_token(window, self.provider, base, &token.expect("a token")).await;
        if let Some(user) = self.user {
            let field = window.find("sign-in-user").await;
            field.send_keys(user).await.expect("the name is typed");
        }
        window.click("[data-testid='sign-in-go']").await;
        window.click("[data-testid='sign-in-done']").await;
        window.click("[data-testid='accounts-close']").await;
    }

    /// Finds the handbook among the repositories of the host, and opens it.
    async fn open(&self, window: &Window, sandbox: &Running) {
        open_at(window, &self.base(sandbox)).await;
    }
}

/// Finds the handbook among the repositories of the host at an address, and opens it.
async fn open_at(window: &Window, base: &str) {
    window.find("host-select").await;
    window.until_script(&format!("return [...document.querySelector(\"[data-testid='host-select']\").options].some((option) => option.value.startsWith('{base}'))")).await;
    window.script(&format!("const field = document.querySelector(\"[data-testid='host-select']\"); field.value = [...field.options].find((option) => option.value.startsWith('{base}')).value; field.dispatchEvent(new Event('change', {{bubbles: true}}))")).await;
    let search = window.find("repository-search").await;
    search.clear().await.expect("the field is emptied");
    search.send_keys("handb").await.expect("typed");
    let found = "[data-testid='repository'][data-name$='handbook']";
    window.until_script(&format!("return [...document.querySelectorAll(\"[data-testid='repository']\")].length === 1 && document.querySelector(\"{found}\") !== null && document.querySelector(\"[data-testid='host-select']\").value.startsWith('{base}')")).await;
    window.click(found).await;
    window.find("visit").await;
}

fn commit(sandbox: &Running, message: &str, path: &str, text: &str) -> String {
    let made = sandbox.control().accounts().commit(&Commit {
        repository: "acme/handbook".to_owned(),
        branch: "main".to_owned(),
        from: None,
        message: message.to_owned(),
        author: "bob".to_owned(),
        date: None,
        edits: vec![FileEdit::Write {
            path: path.to_owned(),
            text: text.to_owned(),
        }],
    });
    made.expect("a commit")
}

async fn until_source(window: &Window, words: &str) {
    window.until_script(&format!("return document.querySelector(\"[data-testid='visit'] [data-testid='source']\")?.textContent.includes('{words}') ?? false")).await;
}

async fn go_to(window: &Window, kind: &str, name: &str) {
    window.click("[data-testid='ref-button']").await;
    window.click(&format!("[data-testid='ref-{kind}']")).await;
    window
        .click(&format!("[data-testid='ref-item'][data-name='{name}']"))
        .await;
    window.until_script(&format!("return document.querySelector(\"[data-testid='ref-button']\")?.textContent.includes('{name}') ?? false")).await;
}

/// Finds a path as somebody who types a part of it, and opens it.
async fn find_path(window: &Window, words: &str, path: &str) {
    let field = window.find("filter").await;
    field.clear().await.expect("the field is emptied");
    field.send_keys(words).await.expect("typed");
    window
        .click(&format!("[data-testid='tree-item'][data-path='{path}']"))
        .await;
    // Taken back letter by letter, so that the tree is there again.
    field.send_keys("\u{e00c}").await.expect("typed");
}

/// Gives the page a link, as somebody who pastes it.
async fn paste(window: &Window, link: &str) {
    window.script(&format!("const data = new DataTransfer(); data.setData('text/plain', '{link}'); document.body.dispatchEvent(new ClipboardEvent('paste', {{clipboardData: data, bubbles: true, cancelable: true}}))")).await;
}

async fn kinds(window: &Window, wanted: &str) {
    window.until_script(&format!("return [...document.querySelectorAll(\"[data-testid='plan-step']\")].map((step) => step.dataset.kind).join() === '{wanted}'")).await;
}

async fn publish(window: &Window, wanted: &str) {
    window.click("[data-testid='publish-button']").await;
    window.until_script(&format!("return [...document.querySelectorAll(\"[data-testid='report-row']\")].map((row) => row.dataset.outcome).join() === '{wanted}'")).await;
}

/// Where a journey goes: what it is called, and the beginning of lasting links, where there are any.
struct Place {
    name: &'static str,
    base: Option<String>,
}

impl Place {
    fn page(&self) -> String {
        format!("from-{}/README.md", self.name)
    }

    fn write(&self, sandbox: &Running, edition: &str) -> String {
        let text = format!("# Written for {}\n\nThe {edition} edition.\n", self.name);
        commit(sandbox, "Write", &self.page(), &text)
    }
}

/// What is the same at each host once its repository is opened: open a file at a tag, publish a
/// folder, see it go stale after a commit, publish again. `fetch` is done after each commit.
async fn from_a_tag_to_publishing_again(
    window: &Window,
    sandbox: &Running,
    place: &Place,
    fetch: impl Fn(),
) {
    let name = place.name;
    let folder = format!("from-{name}");
    until_source(window, "How we work at Acme").await;

    // At the tag there is what was there then, and nothing of what came later.
    go_to(window, "tag", "v1.0").await;
    find_path(window, "greet", "docs/greetings.md").await;
    until_source(window, "We greet each other in the morning").await;
    window.until_script(&format!("return document.querySelector(\"[data-path='{folder}']\") === null && document.querySelector(\"[data-path='docs']\") !== null")).await;

    // Its history goes on under the name that it had before.
    window.click("[data-testid='history-button']").await;
    window.until_script("return [...document.querySelectorAll(\"[data-testid='commit-path']\")].some((name) => name.textContent.includes('docs/hello.md'))").await;
    window.click("[data-testid='history-button']").await;

    // What Git LFS keeps elsewhere is shown.
    find_path(window, "tour", "assets/tour.mp4").await;
    until_source(window, "A large file, as far as Git is concerned").await;
    find_path(window, "greet", "docs/greetings.md").await;
    until_source(window, "We greet each other in the morning").await;
    // Of a plain Git server it is said once somebody wanted the history.
    window.until_script("return document.querySelector(\"[data-testid='last-change']\").textContent.toLowerCase().includes('alice')").await;

    if let Some(base) = &place.base {
        lasting_link(window, base).await;
    }

    go_to(window, "branch", "main").await;
    // The folder of the file that is shown is open, and what is below moves when its contents come.
    window
        .until_script("return document.querySelector(\"[data-path='docs/greetings.md']\") !== null")
        .await;
    window
        .click(&format!("[data-testid='tree-item'][data-path='{folder}']"))
        .await;
    window.click("[data-testid='publish-this']").await;
    let from = window.text("publish-source").await;
    assert!(
        from.contains(&folder) && from.contains("main"),
        "{name}: {from}"
    );
    let is_new = "return document.querySelector(\"[data-testid='start-sandbox']\") !== null";
    if window.script(is_new).await == true {
        window.click("[data-testid='start-sandbox']").await;
    }
    window
        .until_script(
            "return document.querySelector(\"[data-testid='space-select']\")?.value === 'DOCS'",
        )
        .await;
    window.click("[data-testid='plan-button']").await;
    kinds(window, "create").await;
    publish(window, "created").await;

    // Two commits later, of which one is about something else.
    place.write(sandbox, "second");
    let other = format!("# {name}\n");
    let last = commit(sandbox, "Something else", "other.md", &other);
    fetch();
    // Publications tell it by themselves.
    window.click("[data-testid='publications-button']").await;
    until_row(window, place, "behind", "1 commit behind").await;
    window.click("[data-testid='publications-close']").await;
    window.click("[data-testid='plan-button']").await;
    kinds(window, "update").await;
    window.until_script("return document.querySelector(\"[data-testid='behind']\")?.textContent === '1 commit behind'").await;
    let planned = window.text("plan-source").await;
    assert!(planned.contains(&last[..10]), "{name}: {planned}");
    publish(window, "updated").await;
    let read = read_page(&published_address(window).await);
    assert!(read.contains("The second edition"), "{name}");

    // The window shows the newest too, because the plan was made of it.
    window.click("[data-testid='browse-tab']").await;
    window
        .until_script(&format!(
            "return document.querySelector(\"[data-testid='visit']\").dataset.commit === '{last}'"
        ))
        .await;
    window.click("[data-testid='publications-button']").await;
    until_row(window, place, "current", "").await;
    window.click("[data-testid='publications-close']").await;

    // And so does the start screen, of what is not open any more.
    place.write(sandbox, "third");
    fetch();
    window.click("[data-testid='open-another']").await;
    window
        .until_script(&format!("return [...document.querySelectorAll(\"[data-testid='home-publication']\")].some((one) => one.textContent.includes('{folder}') && one.textContent.includes('1 page behind'))"))
        .await;
}

/// Waits until the row of the page in Publications says how its source stands, in a word and in words.
async fn until_row(window: &Window, place: &Place, state: &str, words: &str) {
    let path = place.page();
    window
        .until_script(&format!("const row = document.querySelector(\"[data-testid='published-row'][data-path='{path}']\"); return row?.dataset.state === '{state}' && row.textContent.includes('{words}')"))
        .await;
}

/// The lasting link to a line of what is shown leads back to it, wherever it is pasted.
async fn lasting_link(window: &Window, base: &str) {
    window
        .script("document.querySelector(\"[data-line='3'] .number\").click()")
        .await;
    window.until_script("return document.querySelector(\"[data-testid='copy-link']\")?.textContent.includes('line 3') ?? false").await;
    let link = window
        .script("return document.querySelector(\"[data-testid='permalink']\").textContent")
        .await;
    let link = link.as_str().expect("an address").to_owned();
    assert!(link.starts_with(base), "{link}");
    window.click("[data-testid='open-another']").await;
    window.find("git-hosts").await;
    paste(window, &link).await;
    until_source(window, "We greet each other in the morning").await;
    window.until_script("return [...document.querySelectorAll('[data-chosen]')].map((line) => line.dataset.line).join() === '3'").await;
    let stays = window
        .script("return document.querySelector(\"[data-testid='look-for-newer']\") === null")
        .await;
    assert_eq!(stays, true, "a lasting link stays at its commit");
}

/// One journey, the same at each host, which begins with signing in and finding the repository.
#[test]
fn a_folder_is_published_from_every_host_and_published_again_when_it_is_stale() {
    on_a_desktop(
        "hosts::a_folder_is_published_from_every_host_and_published_again_when_it_is_stale",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let window = desktop.window(&[]).await;
            for host in HOSTS {
                eprintln!("{}", host.name);
                let place = Place {
                    name: host.name,
                    base: Some(host.base(&sandbox)),
                };
                place.write(&sandbox, "first");
                host.sign_in(&window, &sandbox).await;
                host.open(&window, &sandbox).await;
                from_a_tag_to_publishing_again(&window, &sandbox, &place, || ()).await;
            }
            window.close().await;
            sandbox.stop().await;
        },
    );
}

/// The same at a Git server of which nothing is known but its address, in a bare clone, and in a
/// working copy whose commits are looked at, where nobody signs in, and all are named in the field for
/// addresses and folders; then at a collection of Azure DevOps Server.
#[test]
fn the_same_journey_leads_through_any_git_server_two_clones_and_a_collection() {
    on_a_desktop(
        "hosts::the_same_journey_leads_through_any_git_server_two_clones_and_a_collection",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let everybody = sandbox.control().accounts();
            assert!(everybody.set_public("acme/handbook", true).expect("set"));
            let address = format!("{}/hosts/gitea/acme/handbook.git", sandbox.base_url());
            let window = desktop.window(&[]).await;
            let name_it = async |named: &str| {
                let field = window.find("open-path").await;
                field.clear().await.expect("the field is emptied");
                field.send_keys(named).await.expect("typed");
                window.click("[data-testid='open-button']").await;
            };

            // An address of SSH is no folder; nothing answers at this one.
            window.find("open-path").await;
            paste(&window, "git@127.0.0.1:acme/nothing.git").await;
            window.until_script("return [...document.querySelectorAll(\"[role='alert'] code\")].some((name) => name.textContent.includes('git@127.0.0.1'))").await;

            let server = Place {
                name: "any-server",
                base: None,
            };
            server.write(&sandbox, "first");
            name_it(&address).await;
            from_a_tag_to_publishing_again(&window, &sandbox, &server, || ()).await;

            let bare = desktop.home.join("handbook.git");
            let shown = bare.display().to_string();
            let git = |arguments: &[&str]| {
                let done = Command::new("git").args(arguments).output();
                let done = done.expect("git is here");
                assert!(done.status.success(), "{arguments:?}: {done:?}");
            };
            let here = Place {
                name: "a-clone",
                base: None,
            };
            here.write(&sandbox, "first");
            git(&["clone", "--quiet", "--mirror", &address, &shown]);
            name_it(&shown).await;
            let fetch = || git(&["--git-dir", &shown, "remote", "update"]);
            from_a_tag_to_publishing_again(&window, &sandbox, &here, fetch).await;

            let copy = desktop.home.join("working-copy");
            let shown = copy.display().to_string();
            let working = Place {
                name: "a-working-copy",
                base: None,
            };
            working.write(&sandbox, "first");
            git(&["clone", "--quiet", &address, &shown]);
            name_it(&shown).await;
            window.find("tree").await;
            window.click("[data-testid='commits-button']").await;
            let pull = || git(&["-C", &shown, "pull", "--quiet", "--ff-only"]);
            from_a_tag_to_publishing_again(&window, &sandbox, &working, pull).await;

            let collection = Place {
                name: "a-collection",
                base: Some(COLLECTION.base(&sandbox)),
            };
            collection.write(&sandbox, "first");
            COLLECTION.sign_in(&window, &sandbox).await;
            COLLECTION.open(&window, &sandbox).await;
            from_a_tag_to_publishing_again(&window, &sandbox, &collection, || ()).await;
            window.close().await;
            sandbox.stop().await;
        },
    );
}

/// The same at a Git server that asks who one is: it is signed in to where it asks, which opens what
/// was asked for; its repositories are found again among those that were opened, and it is closed again
/// once somebody signed out.
#[test]
fn the_same_journey_leads_through_a_git_server_that_asks_who_one_is() {
    on_a_desktop(
        "hosts::the_same_journey_leads_through_a_git_server_that_asks_who_one_is",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            // Nothing tells that it is Gitea: it is spoken to as Git speaks, and wants Basic.
            let address = format!("{}/hosts/gitea/acme/handbook.git", sandbox.base_url());
            let servers = sandbox.control().accounts();
            let token = servers.issue_personal(Server::Gitea, "alice", &["read:repository"], None);
            let token = token.expect("a token");
            let server = Place {
                name: "a-closed-server",
                base: None,
            };
            server.write(&sandbox, "first");
            let window = desktop.window(&[]).await;
            window.find("open-path").await;
            paste(&window, &address).await;
            window.click("[data-testid='trouble-sign-in']").await;
            let given = async |field: &str| {
                let field = window.find(field).await;
                let value = field.prop("value").await.expect("a property");
                value.unwrap_or_default()
            };
            assert_eq!(given("sign-in-host").await, sandbox.base_url());
            let repository = "hosts/gitea/acme/handbook.git";
            assert_eq!(given("sign-in-repository").await, repository);
            window.type_into("sign-in-user", "alice").await;
            window.type_into("sign-in-token", "not-a-password").await;
            window.click("[data-testid='sign-in-go']").await;
            window.until_script("return document.querySelector(\"[data-testid='sign-in-dialog'] [data-testid='error']\")?.textContent.includes('does not accept') ?? false").await;
            window.type_into("sign-in-token", &token).await;
            window.click("[data-testid='sign-in-go']").await;
            window.click("[data-testid='sign-in-done']").await;
            from_a_tag_to_publishing_again(&window, &sandbox, &server, || ()).await;

            // It has no list, so what was opened there is its list.
            window.find("host-select").await;
            let found = "[data-testid='repository'][data-name='hosts/gitea/acme/handbook']";
            window.click(found).await;
            until_source(&window, "How we work at Acme").await;
            window.click("[data-testid='open-another']").await;

            window.click("[data-testid='accounts-button']").await;
            window
                .click("[data-provider='git-server'] [data-testid='account-sign-out']")
                .await;
            window.click("[data-testid='sign-out-confirm']").await;
            window
                .until_script(
                    "return document.querySelector(\"[data-provider='git-server']\") === null",
                )
                .await;
            window.click("[data-testid='accounts-close']").await;
            paste(&window, &address).await;
            window.find("trouble-sign-in").await;
            window.close().await;
            sandbox.stop().await;
        },
    );
}

/// Waits until the bar above the file has the path and what is done with the file in two lines at most.
async fn until_two_lines(window: &Window) {
    window
        .until_script("const heads = [...document.querySelectorAll('.file > header')].filter((head) => head.checkVisibility()); return heads.length === 1 && heads[0].getBoundingClientRect().height < 88")
        .await;
}

#[test]
fn a_folder_with_git_is_looked_at_at_any_commit() {
    on_a_desktop(
        "hosts::a_folder_with_git_is_looked_at_at_any_commit",
        async |desktop: Desktop| {
            let folder = repository(&desktop);
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.resize(900, 600).await;
            window.find("view-host").await;
            until_two_lines(&window).await;
            window.pictures(&desktop, "browse-small").await;
            window.resize(1000, 700).await;
            window.click("[data-testid='commits-button']").await;
            until_source(&window, "Now it is otherwise").await;
            let wanted = [
                "ref-button",
                "look-for-newer",
                "filter",
                "tree",
                "Width of the file list",
                "publish-this",
                "tools-more",
                "Source of README.md",
            ];
            window.round("repository", &wanted).await;
            window.resize(900, 600).await;
            until_two_lines(&window).await;
            window.pictures(&desktop, "visit-small").await;
            window.resize(1000, 700).await;
            window.click("[data-testid='tools-more']").await;
            let wanted = ["find-button", "wrap-button", "history-button"];
            window.round("more tools", &wanted).await;
            window
                .script("document.querySelector(\"[data-testid='tools-more']\").click()")
                .await;
            window.click("[data-testid='ref-button']").await;
            window.find("ref-item").await;
            let wanted = [
                "ref-branch",
                "ref-tag",
                "ref-commit",
                "ref-filter",
                "ref-files",
                "ref-item",
            ];
            window.round("refs", &wanted).await;
            window.click("[data-testid='ref-button']").await;
            go_to(&window, "tag", "v1").await;
            until_source(&window, "It was like this").await;
            let links = window
                .script("return document.querySelector(\"[data-testid='copy-link']\") === null")
                .await;
            assert_eq!(links, true, "it is at no host");
            window.script("document.querySelector(\"[data-testid='visit']\").dispatchEvent(new KeyboardEvent('keydown', {key: 'f', ctrlKey: true, bubbles: true}))").await;
            let field = window.find("find-words").await;
            field.send_keys("like").await.expect("typed");
            window.until_script("return document.querySelector(\"[data-testid='find-count']\").textContent === '1 of 1' && document.querySelector('mark.here').textContent === 'like'").await;
            window.click("[data-testid='tools-more']").await;
            window.click("[data-testid='wrap-button']").await;
            window.until_script("return document.querySelector('.lines.wrap .block [data-line=\"3\"]') !== null && document.querySelector('.lines').scrollWidth <= document.querySelector('.lines').clientWidth").await;
            window.click("[data-testid='tools-more']").await;
            window.click("[data-testid='history-button']").await;
            window.find("commit").await;
            window.click("[data-testid='ref-button']").await;
            window.click("[data-testid='ref-files']").await;
            window.find("preview").await;
            window.close().await;
        },
    );
}

#[test]
fn pictures_of_repositories_can_be_made() {
    on_a_desktop(
        "hosts::pictures_of_repositories_can_be_made",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let window = desktop.window(&[]).await;
            let host = &HOSTS[1];
            // The addresses are this run's.
            let own = host.base(&sandbox).replace("http://", "");
            let picture = async |name: &str| {
                window.script(&format!("const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); while (walk.nextNode()) walk.currentNode.data = walk.currentNode.data.replaceAll('{own}', 'gitlab.acme.com').replaceAll('{}', 'gitlab.acme.com')", own.replace("/hosts/gitlab", ""))).await;
                window.pictures(&desktop, name).await;
            };
            host.sign_in(&window, &sandbox).await;
            host.open(&window, &sandbox).await;
            until_source(&window, "How we work at Acme").await;
            window.click("[data-testid='open-another']").await;
            window.find("repository").await;
            window.find("visited").await;
            picture("hosts").await;
            window.click("[data-testid='visited']").await;
            until_source(&window, "How we work at Acme").await;
            go_to(&window, "tag", "v1.1").await;
            find_path(&window, "writemark", "guide/write/markdown.md").await;
            until_source(&window, "What your Markdown becomes").await;
            window.script("document.querySelector(\"[data-line='9'] .number\").click(); document.querySelector(\"[data-line='12'] .number\").dispatchEvent(new MouseEvent('click', {shiftKey: true, bubbles: true}))").await;
            window.click("[data-testid='history-button']").await;
            window.find("commit").await;
            picture("repository").await;
            window.click("[data-testid='history-button']").await;
            window.click("[data-testid='ref-button']").await;
            window.find("ref-item").await;
            picture("refs").await;
            window.click("[data-testid='ref-button']").await;
            let field = window.find("filter").await;
            field.send_keys("guide md").await.expect("typed");
            window.find("fitting").await;
            picture("find").await;
            field.send_keys("\u{e00c}").await.expect("typed");

            go_to(&window, "branch", "main").await;
            window
                .click("[data-testid='tree-item'][data-path='docs']")
                .await;
            window.click("[data-testid='publish-this']").await;
            window.click("[data-testid='start-sandbox']").await;
            window.until_script("return document.querySelector(\"[data-testid='space-select']\")?.value === 'DOCS'").await;
            window.click("[data-testid='plan-button']").await;
            window.find("plan-step").await;
            window.click("[data-testid='publish-button']").await;
            window.find("report").await;
            for edition in ["second", "third"] {
                let text = format!("# Welcome\n\nYour {edition} day.\n");
                commit(
                    &sandbox,
                    &format!("Tell of the {edition} day"),
                    "docs/welcome.md",
                    &text,
                );
            }
            window.click("[data-testid='plan-button']").await;
            window.find("behind").await;
            picture("behind").await;
            sandbox.stop().await;
            window.click("[data-testid='browse-tab']").await;
            window.click("[data-testid='look-for-newer']").await;
            window.find("offline").await;
            window
                .click("[data-testid='tree-item'][data-path='scripts']")
                .await;
            window.until_script("return [...document.querySelectorAll(\"[data-testid='tree-item']\")].some((row) => row.textContent.includes('could not be reached'))").await;
            picture("offline").await;
            window.close().await;
        },
    );
}

#[test]
fn a_hundred_thousand_files_are_listed_walked_through_and_found() {
    on_a_desktop(
        "hosts::a_hundred_thousand_files_are_listed_walked_through_and_found",
        async |desktop: Desktop| {
            let folder = repository(&desktop);
            let mut edits = String::from(
                "commit refs/heads/many\ncommitter Ada <ada@example.com> 1700000000 +0000\ndata 4\nMany\nfrom refs/heads/main\n",
            );
            for number in 0..100_000 {
                edits.push_str(&format!(
                    "M 100644 inline many/file-{number:06}.md\ndata 2\n#\n"
                ));
            }
            let mut importing = Command::new("git")
                .arg("-C")
                .arg(&folder)
                .args(["fast-import", "--quiet"])
                .stdin(Stdio::piped())
                .spawn()
                .expect("git is here");
            let mut entrance = importing.stdin.take().expect("it reads");
            entrance.write_all(edits.as_bytes()).expect("it reads all");
            drop(entrance);
            assert!(importing.wait().expect("it ends").success());

            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.click("[data-testid='commits-button']").await;
            until_source(&window, "Now it is otherwise").await;
            go_to(&window, "branch", "many").await;
            let began = Instant::now();
            window.click("[data-path='many']").await;
            window.find_css("[data-path='many/file-000000.md']").await;
            println!("the folder was there after {:?}", began.elapsed());
            let tree = window.find("tree").await;
            tree.send_keys("\u{e010}").await.expect("the End key");
            window.find_css("[data-path='README.md']").await;
            tree.send_keys("\u{e013}").await.expect("the arrow");
            tree.send_keys("\u{e007}").await.expect("Enter");
            window.until_script("return document.querySelector(\"[data-testid='path']\")?.textContent === 'file-099999.md'").await;
            let rows = "document.querySelectorAll(\"[data-testid='tree-item']\").length";
            let made = window.script(&format!("return {rows}")).await;
            assert!(made.as_u64().is_some_and(|made| made < 120), "{made}");

            let field = window.find("filter").await;
            let began = Instant::now();
            field.send_keys("4").await.expect("typed");
            window.find("fitting").await;
            println!("the first letter found after {:?}", began.elapsed());
            field.send_keys("2424").await.expect("typed");
            window.until_script("return document.querySelector(\"[data-testid='tree-item']\")?.dataset.path === 'many/file-042424.md'").await;
            // From the key to the rows, as the page sees it: for people who read the figures.
            let took = window.script("const field = document.querySelector(\"[data-testid='filter']\"); const times = []; for (const words of ['4', '42', '421', '4212', 'many 77', 'file md']) { const began = performance.now(); const before = document.querySelector(\"[data-testid='fitting']\").textContent; field.value = words; field.dispatchEvent(new Event('input', {bubbles: true})); for (let frame = 0; frame < 500 && document.querySelector(\"[data-testid='fitting']\").textContent === before; frame += 1) await new Promise((resolve) => setTimeout(resolve, 1)); times.push(`${words}: ${Math.round(performance.now() - began)} ms`); } return times").await;
            println!("keys: {took}");
            window.close().await;
        },
    );
}

/// A repository with two editions of a document.
fn repository(desktop: &Desktop) -> PathBuf {
    let folder = desktop.home.join("editions");
    std::fs::create_dir(&folder).expect("the folder is made");
    let git = |arguments: &[&str]| {
        let done = Command::new("git")
            .arg("-C")
            .arg(&folder)
            .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com"])
            .args(arguments)
            .output()
            .expect("git is here");
        assert!(done.status.success(), "{arguments:?}: {done:?}");
    };
    #[expect(clippy::disallowed_methods, reason = "tests write plain files")]
    let write = |text: String| std::fs::write(folder.join("README.md"), text).expect("written");
    git(&["init", "-q", "-b", "main"]);
    write(format!(
        "# Editions\n\nIt was like this, and {} on.\n",
        "so ".repeat(200)
    ));
    git(&["add", "-A"]);
    git(&["commit", "-qm", "First"]);
    git(&["tag", "v1"]);
    write("# Editions\n\nNow it is otherwise.\n".to_owned());
    git(&["commit", "-qam", "Second"]);
    folder
}
