//! The journey from a tag to publishing again by the command alone, at every Git host that the sandbox
//! imitates: sign in, publish a folder at a tag, hear how far it is behind, publish again.

use serde_json::Value;
use tributary_sandbox::signin::Server;
use tributary_sandbox::signin::hosts::{Commit, FileEdit};

use crate::signin::Person;
use crate::stand::{count, outcome};

/// A host: the sandbox's server, its name in addresses, our provider, the scopes of a token, and where
/// the handbook is there, as a browser shows it.
struct Host {
    server: Server,
    name: &'static str,
    provider: &'static str,
    scopes: &'static [&'static str],
    handbook: &'static str,
}

const HOSTS: [Host; 7] = [
    Host {
        server: Server::Github,
        name: "github",
        provider: "github",
        scopes: &["repo"],
        handbook: "/acme/handbook",
    },
    Host {
        server: Server::Gitlab,
        name: "gitlab",
        provider: "gitlab",
        scopes: &["read_user", "read_api", "read_repository"],
        handbook: "/acme/handbook",
    },
    Host {
        server: Server::Bitbucket,
        name: "bitbucket",
        provider: "bitbucket",
        scopes: &["read:user:bitbucket", "read:repository:bitbucket"],
        handbook: "/acme/handbook",
    },
    Host {
        server: Server::BitbucketDc,
        name: "bitbucket-dc",
        provider: "bitbucket-data-center",
        scopes: &["REPO_READ"],
        handbook: "/projects/ACME/repos/handbook",
    },
    Host {
        server: Server::Entra,
        name: "entra",
        provider: "azure-devops",
        scopes: &["vso.code", "vso.profile"],
        handbook: "/acme/docs/_git/handbook",
    },
    // A collection of a server is what an organization is in the cloud.
    Host {
        server: Server::Entra,
        name: "entra/collections/acme",
        provider: "azure-devops-server",
        scopes: &["vso.code"],
        handbook: "/docs/_git/handbook",
    },
    Host {
        server: Server::Gitea,
        name: "gitea",
        provider: "gitea",
        scopes: &["read:user", "read:repository"],
        handbook: "/acme/handbook",
    },
];

impl Host {
    fn base(&self, person: &Person) -> String {
        let sandbox = person.stand.sandbox().base_url();
        format!("{sandbox}/hosts/{}", self.name)
    }

    /// The folder of this host's journey; all hosts have the same repository.
    fn folder(&self) -> String {
        format!("from-{}", self.provider)
    }

    fn sign_in(&self, person: &Person) {
        let accounts = person.stand.control().accounts();
        let token = accounts.issue_personal(self.server, "alice", self.scopes, None);
        let token = format!("{}\n", token.expect("alice is there"));
        let base = self.base(person);
        let login = ["login", self.provider, "--host", &base, "--token-stdin"];
        // A token of Bitbucket Cloud goes with somebody's address.
        let user: &[&str] = match self.server {
            Server::Bitbucket => &["--user", "alice@example.com"],
            _ => &[],
        };
        let told = person.with_input(&[&login[..], user].concat(), &token);
        told.ended(0).says(&["Signed in to"]);
    }

    /// Writes files of the folder in an edition. Gives the commit.
    fn commit(&self, person: &Person, names: &[&str], edition: &str) -> String {
        let folder = self.folder();
        let edits = names.iter().map(|name| FileEdit::Write {
            path: format!("{folder}/{name}.md"),
            text: format!("# The {name} of {folder}\n\nThe {edition} edition.\n"),
        });
        let made = person.stand.control().accounts().commit(&Commit {
            repository: "acme/handbook".to_owned(),
            branch: "main".to_owned(),
            from: None,
            message: format!("Write the {edition} edition"),
            author: "bob".to_owned(),
            date: None,
            edits: edits.collect(),
        });
        made.expect("a commit")
    }
}

/// How a page stands, and in how many commits its source changed, by its source.
fn standing(told: &Value, source: &str) -> (String, Option<u64>) {
    let pages = told["pages"].as_array().expect("a list");
    let found = pages.iter().find(|page| page["source"] == source);
    let found = found.unwrap_or_else(|| panic!("{source} is not told of: {told:#}"));
    let state = found["state"].as_str().expect("a word").to_owned();
    (state, found["commits_behind"].as_u64())
}

#[test]
fn every_host_leads_from_a_token_and_a_tag_to_publishing_again() {
    let person = Person::new(&[]);
    person.connect(&[]);
    for host in &HOSTS {
        let (folder, provider) = (host.folder(), host.provider);
        let first = host.commit(&person, &["guide", "glossary"], "first");
        let tag = format!("{provider}-1.0");
        let accounts = person.stand.control().accounts();
        let tagged =
            accounts.set_reference("acme/handbook", &format!("refs/tags/{tag}"), Some(&first));
        tagged.expect("a tag");
        // Of the branch there is more by now than is published.
        host.commit(&person, &["preface"], "first");
        host.sign_in(&person);
        let link = format!("{}{}", host.base(&person), host.handbook);
        let publish = |reference: &str| {
            let told = person.publish(&["--repo", &link, "--ref", reference, &folder, "--json"]);
            told.ended(0).json()
        };
        let status = || {
            let site = person.stand.sandbox().cloud_url();
            let status = ["status", "--all", "--site", &site, "--from", &link];
            person.json(&status)
        };
        let (guide, glossary) = (
            format!("{folder}/guide.md"),
            format!("{folder}/glossary.md"),
        );
        let current = ("up_to_date".to_owned(), None);

        let report = publish(&tag);
        assert_eq!(report["source"]["ref"], tag.as_str(), "{provider}");
        assert_eq!(report["source"]["commit"], first.as_str(), "{provider}");
        assert_eq!(outcome(&report, &guide)["outcome"], "created", "{provider}");
        assert_eq!(count(&report, "created"), 2, "{provider}: {report:#}");
        let told = status();
        assert_eq!(standing(&told, &guide), current, "{provider}");

        let second = host.commit(&person, &["guide"], "second");
        host.commit(&person, &["afterword"], "first");
        let told = status();
        let behind = ("behind".to_owned(), Some(1));
        assert_eq!(standing(&told, &guide), behind, "{provider}: {told:#}");
        assert_eq!(standing(&told, &glossary), current, "{provider}");

        let report = publish("main");
        assert_eq!(outcome(&report, &guide)["outcome"], "updated", "{provider}");
        assert_eq!(count(&report, "updated"), 1, "{provider}: {report:#}");
        assert_eq!(count(&report, "created"), 2, "{provider}: {report:#}");
        let head = report["source"]["commit"].as_str().expect("a commit");
        assert!(head != first && head != second, "the newest: {report:#}");
        let body = person.stand.page(&format!("The guide of {folder}")).body;
        assert!(body.contains("The second edition."), "{provider}: {body}");
        assert_eq!(standing(&status(), &guide), current, "{provider}");
    }
    // Each host's pages are its own, whoever asks.
    let site = person.stand.sandbox().cloud_url();
    let all = person.json(&["status", "--all", "--site", &site]);
    let pages = all["pages"].as_array().expect("a list");
    assert_eq!(pages.len(), 4 * HOSTS.len(), "{all:#}");
    let repositories = pages.iter().map(|page| page["repository"].to_string());
    let repositories: std::collections::BTreeSet<String> = repositories.collect();
    assert_eq!(repositories.len(), HOSTS.len(), "{repositories:?}");
}
