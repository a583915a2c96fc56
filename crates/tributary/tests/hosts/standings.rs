//! How published pages stand that show more commits, and have more sources, than a host is asked about.

use std::fmt::Write as _;
use std::path::Path;

use tributary::hosts::{Pinned, Repository, Ssh};
use tributary::http::Http;
use tributary::published::{PublishedPage, Standing, compare};
use tributary_testbed::ssh::{Starts, run_here, user};

use crate::local::{git, git_with};
use crate::requests::published_page;

/// One source more than is read at a host.
const SOURCES: usize = 1_001;
/// Commits that are in no history: with that of the sources, one more than a host is asked about.
const UNKNOWN: usize = 200;

/// Makes commits of files one after the other, and gives their ids.
fn commits(root: &Path, all: &[Vec<(String, String)>]) -> Vec<String> {
    let mut stream = String::new();
    for (number, files) in all.iter().enumerate() {
        let when = 1_700_000_000 + number;
        let head = format!("commit refs/heads/main\ncommitter Ada <ada@acme.com> {when} +0000\n");
        stream.push_str(&head);
        stream.push_str("data 4\nmore\n");
        for (path, text) in files {
            let size = text.len();
            writeln!(stream, "M 100644 inline {path}\ndata {size}\n{text}").expect("it is a text");
        }
    }
    git(root, &["init", "-q", "-b", "main"]);
    git_with(root, &["fast-import", "--quiet"], stream.as_bytes());
    let listed = git(root, &["rev-list", "--reverse", "main"]);
    let made: Vec<String> = listed.lines().map(str::to_owned).collect();
    assert_eq!(made.len(), all.len());
    made
}

async fn stand(repository: Repository, pages: &[PublishedPage]) -> Vec<Standing> {
    let commit = repository.resolve(None).await.expect("a commit");
    let opened = Pinned {
        repository,
        commit,
        reference: None,
        path: "".into(),
        lines: None,
    };
    let standings = compare(&opened, pages).await;
    let standings = standings.unwrap_or_else(|error| panic!("{}", error.chain()));
    pages.iter().map(|page| standings[&page.id]).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_a_clone_are_all_compared_however_many_commits_they_show() {
    const PAGES: usize = 60;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let page = |number: usize, words: &str| {
        let path = format!("docs/{number:02}.md");
        (path, format!("# Page {number}\n\n{words}\n"))
    };
    let is_changed = |number: usize| number.is_multiple_of(3);
    let first = (0..PAGES).map(|number| vec![page(number, "First.")]);
    let mut all: Vec<_> = first.collect();
    let again = (0..PAGES).filter(|number| is_changed(*number));
    all.push(again.map(|number| page(number, "Later.")).collect());
    let made = commits(folder.path(), &all);
    let pages = made.iter().take(PAGES).enumerate();
    let pages = pages.map(|(number, id)| published_page("docs", &format!("{number:02}.md"), id));
    let pages: Vec<PublishedPage> = pages.collect();
    let repository = Repository::local(folder.path()).expect("a repository");
    let standings = stand(repository, &pages).await;
    for (number, standing) in standings.into_iter().enumerate() {
        let expected = match is_changed(number) {
            true => Standing::Behind(Some(1)),
            false => Standing::Current,
        };
        assert_eq!(standing, expected, "page {number}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_host_is_not_asked_about_is_told_and_taken_for_nothing_else() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    let source = |number: usize| format!("page-{number:04}.md");
    let old = |number: usize| format!("old-{number:03}.md");
    let text = |number: usize| match number + 1 == SOURCES {
        true => "# The last\n\n![Plan](plan.svg)\n".to_owned(),
        false => format!("# Page {number}\n"),
    };
    let at = |name: String, text: String| (format!("docs/{name}"), text);
    let plan = |width: u32| {
        let drawn = "<svg xmlns='http://www.w3.org/2000/svg' height='1'";
        at("plan.svg".to_owned(), format!("{drawn} width='{width}'/>"))
    };
    let mut first = vec![plan(1)];
    first.extend((0..SOURCES).map(|number| at(source(number), text(number))));
    first.extend((0..UNKNOWN).map(|number| at(old(number), "# Old\n".to_owned())));
    let made = commits(root, &[first, vec![plan(2)]]);
    // Those of the unknown commits come first, so that it is not their place that gives the others a turn.
    let unknown = (0..UNKNOWN).map(|number| {
        let id = format!("{:012x}", number + 1);
        published_page("docs", &old(number), &id)
    });
    let known = (0..SOURCES).map(|number| published_page("docs", &source(number), &made[0]));
    let pages: Vec<PublishedPage> = unknown.chain(known).collect();

    let here = Repository::local(root).expect("a repository");
    let standings = stand(here, &pages).await;
    let (old, sources) = standings.split_at(UNKNOWN);
    assert!(old.iter().all(|one| *one == Standing::Unknown), "{old:?}");
    let (last, others) = sources.split_last().expect("there are some");
    assert!(others.iter().all(|one| *one == Standing::Current));
    assert_eq!(*last, Standing::Behind(Some(1)), "all are read here");

    git(root, &["config", "uploadpack.allowFilter", "true"]);
    let beside = tempfile::tempdir().expect("a temporary folder");
    let starts = Starts::in_file(&beside.path().join("started"));
    let ssh = Ssh {
        program: run_here(&beside.path().join("ssh"), &starts),
        arguments: Vec::new(),
    };
    let address = format!("ssh://{}@git.example{}", user(), root.display());
    let http = Http::new().expect("a client");
    let kept = tempfile::tempdir().expect("a temporary folder");
    let there = Repository::remote(&address, &http, None, &ssh, Some(kept.path()));
    let standings = stand(there.expect("an address"), &pages).await;
    let (old, sources) = standings.split_at(UNKNOWN);
    let (not_reached, asked) = old.split_last().expect("there are some");
    assert!(
        asked.iter().all(|one| *one == Standing::Unknown),
        "{asked:?}"
    );
    assert_eq!(*not_reached, Standing::NotReached, "the others are 200");
    let (last, others) = sources.split_last().expect("there are some");
    assert!(others.iter().all(|one| *one == Standing::Current));
    assert_eq!(*last, Standing::NotReached, "1,000 sources are read");
}
