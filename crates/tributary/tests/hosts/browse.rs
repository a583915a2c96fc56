//! Looking around in a repository: here, and at every host of the sandbox.

use tributary::ErrorKind;
use tributary::account::{Accounts, Setup};
use tributary::audit::{Audit, Clock};
use tributary::browse::{Behind, Comparison, File, FoundPath, Landing, Visit, behind, open};
use tributary::hosts::{Cache, ChangeKind, EntryKind, Lines, Side, Urgency};
use tributary::http::Http;
use tributary::settings::Settings;
use tributary::store::Paths;
use tributary::vault::session_vault;
use tributary_pages::markup::DrawingKind;

use crate::fake;
use crate::local::{commit, git, put};
use crate::server::{Answer, Asked, Server};

/// Nobody is signed in anywhere.
pub(crate) struct Nobody {
    home: tempfile::TempDir,
    pub(crate) accounts: Accounts,
    pub(crate) http: Http,
    pub(crate) cache: Cache,
}

impl Nobody {
    pub(crate) fn new() -> Self {
        Self::with(&Settings::default())
    }

    /// The same, of whom something is kept in settings.
    pub(crate) fn with(settings: &Settings) -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        let paths = Paths::below(home.path());
        let http = Http::new().expect("a client");
        let setup = Setup::of_system(
            paths.clone(),
            settings,
            session_vault().into(),
            Audit::open(&paths, None, Clock::of_system()),
            http.clone(),
        )
        .expect("no policy");
        Self {
            accounts: Accounts::open(setup).expect("accounts"),
            cache: Cache::open(home.path(), 1 << 24).expect("a cache"),
            http,
            home,
        }
    }

    pub(crate) fn home(&self) -> &std::path::Path {
        self.home.path()
    }

    /// What was recorded.
    pub(crate) fn audit(&self) -> Audit {
        Audit::open(&Paths::below(self.home.path()), None, Clock::of_system())
    }

    pub(crate) async fn open(
        &self,
        address: &str,
        reference: Option<&str>,
    ) -> Result<Visit, tributary::Error> {
        let cache = Some(self.cache.clone());
        open(&self.accounts, &self.http, cache, address, reference).await
    }
}

/// A repository with everything that is shown in a way of its own.
fn repository() -> tempfile::TempDir {
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::symlink;

    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    git(root, &["init", "-q", "-b", "main"]);
    put(root, "README.md", "# Handbook\n");
    put(root, "docs/guide/setup.md", "# Setup\n\nOne.\n");
    put(root, "docs/empty.md", "");
    put(
        root,
        "docs/tour.mp4",
        format!(
            "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 42\n",
            "0".repeat(64)
        ),
    );
    let strange = std::ffi::OsStr::from_bytes(b"caf\xe9.md");
    let strange = root.join("docs").join(strange);
    #[expect(clippy::disallowed_methods, reason = "tests write plain files")]
    std::fs::write(strange, b"# Caf\xe9\n").expect("it is written");
    symlink("guide/setup.md", root.join("docs/link.md")).expect("a link");
    git(root, &["add", "-A"]);
    git(
        root,
        &[
            "update-index",
            "--add",
            "--cacheinfo",
            "160000,5f3a1c2b4d6e8f90a1b2c3d4e5f60718293a4b5c,vendor",
        ],
    );
    git(root, &["commit", "-qm", "first"]);
    git(root, &["tag", "v1"]);
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_in_a_repository_is_shown_for_what_it_is() {
    let (nobody, folder) = (Nobody::new(), repository());
    let address = folder.path().display().to_string();
    let visit = nobody.open(&address, None).await.expect("it is opened");
    assert_eq!(visit.pinned.reference.as_deref(), Some("main"));
    assert!(visit.is_following() && !visit.is_offline);
    assert_eq!(visit.permalink("README.md", None), None, "it is at no host");

    let listing = visit.folder("", Urgency::Waited).await.expect("the root");
    let names: Vec<&str> = listing
        .items
        .iter()
        .map(|item| item.path.as_str())
        .collect();
    assert_eq!(names, ["docs", "README.md", "vendor"], "folders are first");
    let listing = visit
        .folder("docs", Urgency::Waited)
        .await
        .expect("a folder");
    let seen: Vec<(&str, EntryKind, Option<u64>, bool)> = listing
        .items
        .iter()
        .map(|item| (item.path.as_str(), item.kind, item.size, item.is_strange))
        .collect();
    assert_eq!(
        seen,
        [
            ("docs/guide", EntryKind::Folder, None, false),
            ("docs/caf\\xE9.md", EntryKind::File, Some(7), true),
            ("docs/empty.md", EntryKind::File, Some(0), false),
            ("docs/link.md", EntryKind::Symlink, None, false),
            ("docs/tour.mp4", EntryKind::Lfs, Some(42), false),
        ]
    );
    let file = async |path: &str| visit.file(path).await.map(|file| (*file).clone());
    let bytes = |file: File| match file {
        File::Contents { bytes, .. } => bytes.to_vec(),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        bytes(file("docs/caf\\xE9.md").await.expect("it leads there")),
        b"# Caf\xe9\n"
    );
    assert_eq!(bytes(file("docs/empty.md").await.expect("a file")), b"");
    assert_eq!(
        file("docs/link.md").await.expect("a link"),
        File::Link {
            target: "guide/setup.md".to_owned()
        }
    );
    let commit = Some("5f3a1c2b4d6e8f90a1b2c3d4e5f60718293a4b5c".to_owned());
    assert_eq!(
        file("vendor").await.expect("a submodule"),
        File::Submodule {
            commit,
            address: None
        }
    );
    match file("docs/tour.mp4").await.expect("a pointer") {
        File::Contents {
            pointer: Some(pointer),
            unresolved: Some(why),
            ..
        } => {
            assert_eq!(pointer.size, 42);
            assert!(why.contains("Git LFS"), "{why}");
        }
        other => panic!("{other:?}"),
    }
    let missing = file("docs/gone.md").await.expect_err("there is none");
    assert_eq!(missing.kind(), ErrorKind::NotFound);
    assert!(missing.to_string().contains("`docs/gone.md`"), "{missing}");

    let found = visit.find("dgs", 10).await.expect("found");
    assert_eq!(
        found.best,
        [FoundPath {
            path: "docs/guide/setup.md".to_owned(),
            kind: EntryKind::File,
            ranges: vec![(0, 1), (5, 6), (11, 12)],
        }]
    );
    assert_eq!((found.fitting, found.all), (1, 7));
    let strange = visit.find("caf", 10).await.expect("found");
    assert_eq!(strange.best[0].path, "docs/caf\\xE9.md");
    let history = visit
        .history("docs/caf\\xE9.md", 5)
        .await
        .expect("a history");
    assert_eq!(history.items.len(), 1);
}

/// The head of a picture in PNG of so many pixels, with something that tells it from another.
pub(crate) fn png(width: u32, height: u32, more: u8) -> Vec<u8> {
    let mut head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    head.extend(width.to_be_bytes());
    head.extend(height.to_be_bytes());
    head.extend([8, 2, 0, 0, 0, more]);
    head
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_compared_with_what_it_was_at_another_ref() {
    let (nobody, folder) = (Nobody::new(), repository());
    let root = folder.path();
    let bytes = |path: &str, bytes: &[u8]| {
        #[expect(clippy::disallowed_methods, reason = "tests write plain files")]
        std::fs::write(root.join(path), bytes).expect("it is written");
    };
    let long: String = (0..40).map(|line| format!("Line {line}\n")).collect();
    put(root, "docs/long.md", &long);
    bytes("map.png", &png(20, 30, 1));
    bytes("clip.bin", b"\0one");
    put(root, "gone.md", "# Gone\n");
    git(root, &["add", "-A"]);
    git(root, &["commit", "-qm", "second"]);
    git(root, &["tag", "v2"]);
    put(root, "README.md", "# Handbook of Acme\n");
    bytes("map.png", &png(40, 30, 2));
    bytes("clip.bin", b"\0two!");
    git(root, &["mv", "docs/long.md", "docs/longer.md"]);
    git(root, &["rm", "-q", "gone.md"]);
    git(root, &["add", "-A"]);
    git(root, &["commit", "-qm", "third"]);
    let address = root.display().to_string();
    let visit = nobody.open(&address, None).await.expect("it is opened");
    let compare = async |path: &str| visit.compare("v2", path).await.expect(path);

    let lines = compare("README.md").await;
    assert_eq!(
        (lines.before.summary.as_str(), lines.was.as_deref()),
        ("second", None)
    );
    assert_eq!((lines.before_size, lines.after_size), (Some(11), Some(19)));
    let Comparison::Lines(hunks) = &lines.comparison else {
        panic!("it is text: {lines:?}");
    };
    let said: Vec<(Side, &str)> = hunks[0]
        .lines
        .iter()
        .map(|(side, line)| (*side, line.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            (Side::Before, "# Handbook"),
            (Side::After, "# Handbook of Acme")
        ]
    );

    let renamed = compare("docs/longer.md").await;
    assert_eq!(renamed.was.as_deref(), Some("docs/long.md"));
    assert_eq!(renamed.comparison, Comparison::Same);

    let pictures = compare("map.png").await;
    let Comparison::Pictures { before, after } = &pictures.comparison else {
        panic!("it is a picture: {pictures:?}");
    };
    let size =
        |picture: &Option<tributary::preview::Picture>| picture.and_then(|seen| seen.dimensions);
    assert_eq!(
        (size(before), size(after)),
        (Some((20, 30)), Some((40, 30)))
    );
    let old = visit
        .bytes_at(&pictures.before.id, "map.png")
        .await
        .expect("it was there");
    assert_eq!(old, png(20, 30, 1));
    let added = visit.compare("v1", "map.png").await.expect("it is new");
    assert!(
        matches!(
            added.comparison,
            Comparison::Pictures {
                before: None,
                after: Some(_)
            }
        ),
        "{added:?}"
    );
    assert_eq!((added.before_size, added.after_size), (None, Some(30)));

    assert_eq!(compare("clip.bin").await.comparison, Comparison::Binary);
    assert_eq!(compare("docs/empty.md").await.comparison, Comparison::Same);
    let gone = compare("gone.md").await;
    assert_eq!((gone.before_size, gone.after_size), (Some(7), None));
    assert!(matches!(gone.comparison, Comparison::Lines(_)), "{gone:?}");
    for (reference, path) in [("v2", "nowhere.md"), ("v9", "README.md")] {
        let refused = visit.compare(reference, path).await.expect_err(path);
        assert_eq!(refused.kind(), ErrorKind::NotFound, "{refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_differ_are_listed_by_folder_in_a_clone_and_at_a_host() {
    let (nobody, folder) = (Nobody::new(), repository());
    let root = folder.path();
    let text = |name: &str| -> String { (0..20).map(|line| format!("{name} {line}\n")).collect() };
    for name in ["docs/long.md", "docs/out.md", "docs/gone.md"] {
        put(root, name, text(name));
    }
    commit(root, "second");
    git(root, &["tag", "v2"]);
    put(root, "README.md", "# Handbook of Acme\n");
    put(root, "document.md", "# Beside the folder\n");
    git(root, &["mv", "docs/long.md", "docs/longer.md"]);
    git(root, &["mv", "docs/out.md", "out.md"]);
    git(root, &["rm", "-q", "docs/gone.md"]);
    commit(root, "third");
    let real = fake::at(root);
    let server = Server::start(move |base, asked| {
        let answer = fake::gitlab(&real, base, asked);
        answer.unwrap_or_else(|| Answer::status(404))
    })
    .await;
    for address in [
        root.display().to_string(),
        format!("{}/acme/handbook/-/tree/main", server.base),
    ] {
        let visit = nobody.open(&address, None).await;
        let visit = visit.unwrap_or_else(|error| panic!("{address}: {}", error.chain()));
        let listed = async |folder: &str| {
            let changes = visit.changes("v2", folder).await.expect("they are listed");
            assert_eq!(changes.before.summary, "second", "{address}");
            assert_eq!(changes.incomplete, None, "{address}");
            let told = changes.files.into_iter().map(|file| {
                let sign = match file.kind {
                    ChangeKind::Added => "+",
                    ChangeKind::Removed => "-",
                    ChangeKind::Modified => "~",
                    ChangeKind::Renamed { .. } => ">",
                };
                let was = file.was.map_or_else(String::new, |was| format!(" {was}"));
                format!("{sign} {}{was}", file.path)
            });
            told.collect::<Vec<_>>()
        };
        let below = [
            "- docs/gone.md",
            "> docs/longer.md docs/long.md",
            "> out.md docs/out.md",
        ];
        let [gone, longer, out] = below;
        let all = ["~ README.md", gone, longer, "+ document.md", out];
        assert_eq!(listed("").await, all, "{address}");
        assert_eq!(listed("docs").await, below, "{address}");
        assert_eq!(listed("doc").await, Vec::<String>::new(), "{address}");
        let refused = visit.changes("v9", "").await.expect_err("no such tag");
        assert_eq!(refused.kind(), ErrorKind::NotFound, "{address}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_keeps_up_with_its_branch_and_stays_at_its_commit() {
    let (nobody, folder) = (Nobody::new(), repository());
    let (root, address) = (folder.path(), folder.path().display().to_string());
    let first = git(root, &["rev-parse", "HEAD"]);
    let branch = nobody.open(&address, Some("main")).await.expect("opened");
    let tag = nobody.open(&address, Some("v1")).await.expect("opened");
    let commit = nobody
        .open(&address, Some(&first[..12]))
        .await
        .expect("opened");
    assert!(!commit.is_following());
    assert_eq!(commit.reference(), Some(first.as_str()));
    for visit in [&branch, &tag, &commit] {
        assert_eq!(visit.newer().await.expect("asked"), None);
    }
    for number in 2..5 {
        put(
            root,
            "docs/guide/setup.md",
            format!("# Setup\n\n{number}.\n"),
        );
        git(root, &["commit", "-qam", &format!("change {number}")]);
        put(root, "README.md", format!("# Handbook\n\n{number}.\n"));
        git(root, &["commit", "-qam", &format!("other {number}")]);
    }
    let head = git(root, &["rev-parse", "HEAD"]);
    let newer = branch.newer().await.expect("asked").expect("it moved");
    assert_eq!(
        (newer.id.as_str(), newer.summary.as_str()),
        (head.as_str(), "other 4")
    );
    for visit in [&tag, &commit] {
        assert_eq!(visit.newer().await.expect("asked"), None);
    }

    let before = git(root, &["rev-parse", "HEAD~3"]);
    let path = |path: &str, commit: &str| (path.to_owned(), commit.to_owned());
    let published = [
        path("docs/guide/setup.md", &first[..12]),
        path("README.md", &before[..12]),
        path("docs/empty.md", &first[..12]),
        path("docs/", &first[..12]),
        path("vendor", "0123456789ab"),
    ];
    let repository = &branch.pinned.repository;
    let found = behind(repository, &head, &published)
        .await
        .expect("counted");
    for (path, expected) in [
        ("docs/guide/setup.md", Behind::Commits(3)),
        ("README.md", Behind::Commits(2)),
        ("docs/empty.md", Behind::Commits(0)),
        ("docs/", Behind::Commits(3)),
        ("vendor", Behind::Unknown),
    ] {
        assert_eq!(found.get(path), Some(&expected), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_of_a_host_leads_to_its_file_and_still_does_when_the_host_is_away() {
    // The SHA-1 of `docs/guide/setup.md`, and of a file that is not there.
    let setup = "c8d480e2660376a7d0e0bb51e6554adb9e34c96e";
    let gone = "88348397fe6d85423e60d5cbd98b176d98137801";
    let (nobody, folder) = (Nobody::new(), repository());
    git(folder.path(), &["branch", "feature/x"]);
    let real = fake::at(folder.path());
    let server = Server::start(move |base, asked| {
        fake::gitlab(&real, base, asked).unwrap_or_else(|| Answer::status(404))
    })
    .await;
    let repository = format!("{}/acme/handbook", server.base);
    let setup_at = |lines| Landing {
        path: "docs/guide/setup.md".to_owned(),
        is_folder: false,
        lines,
        trouble: None,
    };
    for (address, landing, is_following) in [
        (
            "/-/blob/main/docs/guide/setup.md#L3-4".to_owned(),
            setup_at(Lines::new(3, 4)),
            true,
        ),
        (
            "/-/blob/feature/x/docs/guide/setup.md".to_owned(),
            setup_at(None),
            true,
        ),
        (
            format!("/-/merge_requests/7/diffs#{setup}_0_3"),
            setup_at(Lines::new(3, 3)),
            false,
        ),
        (
            "/-/tree/main/docs/guide".to_owned(),
            Landing {
                path: "docs/guide".to_owned(),
                is_folder: true,
                ..setup_at(None)
            },
            true,
        ),
    ] {
        let address = format!("{repository}{address}");
        let visit = nobody.open(&address, None).await;
        let visit = visit.unwrap_or_else(|error| panic!("{address}: {}", error.chain()));
        assert_eq!(visit.landing, landing, "{address}");
        assert_eq!(visit.is_following(), is_following, "{address}");
        assert_eq!(visit.address, repository, "it is opened again at its root");
        assert!(!visit.is_offline);
    }
    for (address, said) in [
        (
            format!("/-/merge_requests/7/diffs#{gone}_0_3"),
            "is not there after the change",
        ),
        (
            "/-/blob/main/docs/gone.md".to_owned(),
            "There is no `docs/gone.md`",
        ),
    ] {
        let address = format!("{repository}{address}");
        let visit = nobody
            .open(&address, None)
            .await
            .expect("the repository is there");
        let trouble = visit.landing.trouble.expect("it is said");
        assert!(trouble.contains(said), "{address}: {trouble}");
        assert_eq!(
            (visit.landing.path.as_str(), visit.landing.is_folder),
            ("", true)
        );
    }
    let address = format!("{repository}/-/blob/main/docs/guide/setup.md#L3");
    let visit = nobody.open(&address, None).await.expect("opened");
    visit.file("docs/guide/setup.md").await.expect("a file");
    assert_eq!(visit.newer().await.expect("asked"), None);
    let link = visit.permalink("docs/guide/setup.md", visit.landing.lines);
    let commit = visit.pinned.commit.id.clone();
    let lasting = format!("{repository}/-/blob/{commit}/docs/guide/setup.md?plain=1#L3");
    assert_eq!(link, Some(lasting));

    // A link from elsewhere names a path and lines beside the address.
    let address_of_branch = format!("{repository}/-/tree/main");
    let linked = nobody.open(&address_of_branch, None).await;
    let mut linked = linked.expect("opened");
    let lines = Lines::new(3, 3);
    let led = linked.lead_to("docs/guide/setup.md", lines).await;
    led.expect("asked");
    assert_eq!(linked.landing, setup_at(lines));
    linked.lead_to("docs/gone.md", lines).await.expect("asked");
    let trouble = linked.landing.trouble.as_deref().unwrap_or_default();
    assert!(trouble.contains("There is no `docs/gone.md`"), "{trouble}");
    assert_eq!(linked.landing.path, "");

    drop(server);
    let error = visit.newer().await.expect_err("nobody answers");
    assert_eq!(error.kind(), ErrorKind::Offline);
    let visit = nobody.open(&address, None).await.expect("it was seen");
    assert!(visit.is_offline);
    assert_eq!(visit.landing, setup_at(Lines::new(3, 3)));
    visit
        .file("docs/guide/setup.md")
        .await
        .expect("it was seen");
    let error = visit.file("docs/empty.md").await.expect_err("it was not");
    assert_eq!(error.kind(), ErrorKind::Offline);
}

/// What a file of a visit becomes, with the titles of its pictures made plain.
async fn page(visit: &std::sync::Arc<Visit>, path: &str) -> Option<(String, String, Vec<String>)> {
    let address = |path: &str| format!("picture:{path}");
    let page = visit.page(path, None, address).await.expect("it is read")?;
    let codes = page.body.problems.iter().map(|problem| problem.code);
    let codes = codes.map(str::to_owned).collect();
    Some((page.title, page.body.content, codes))
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_a_commit_have_the_pages_they_become_without_a_clone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    git(root, &["init", "-q", "-b", "main"]);
    put(
        root,
        "docs/page.md",
        "# Page\n\n![a](../a.png) [other](other.md#there) [gone](gone.md) [down](#down) [up](#up)\n\n## Down\n\n$x^2$\n\n```mermaid\ngraph TD\n  a --> b\n```\n",
    );
    put(root, "docs/other.md", "# Other\n");
    put(root, "a.png", "no picture, which nobody looks at here\n");
    put(root, "docs/book.adoc", "= Book\n\ninclude::part.adoc[]\n");
    put(root, "docs/part.adoc", "Taken in.\n");
    put(
        root,
        "api.yaml",
        "openapi: 3.0.3\ninfo: {title: Greeter, version: '1'}\npaths:\n  /greet:\n    get: {summary: Says hello, responses: {'200': {description: ok}}}\n",
    );
    put(root, "values.csv", "name,count\nada,3\n");
    put(root, "conf/values.toml", "name = \"ada\"\n");
    put(root, "flow.dot", "digraph { a -> b }\n");
    put(root, "main.rs", "fn main() {}\n");
    put(
        root,
        "book.ipynb",
        r##"{"cells": [{"cell_type": "code", "source": ["plot()"], "metadata": {}, "outputs": [{"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBORw0KGgo="}}]}], "metadata": {"kernelspec": {"language": "python"}}, "nbformat": 4, "nbformat_minor": 5}"##,
    );
    put(root, "hidden.md", "---\npublish: false\n---\n# Hidden\n");
    put(root, "latin.md", [b'#', b' ', 0xe9]);
    git(root, &["add", "-A"]);
    git(root, &["commit", "-qm", "first"]);
    put(root, "docs/page.md", "# Changed since\n");
    let nobody = Nobody::new();
    let address = root.display().to_string();
    let visit = nobody.open(&address, None).await.expect("it is opened");
    let visit = std::sync::Arc::new(visit);

    let (title, html, problems) = page(&visit, "docs/page.md").await.expect("a page");
    assert_eq!(title, "Page");
    for part in [
        "<img src=\"picture:a.png\" alt=\"a\"",
        "<a href=\"other.md#there\">",
        "<a href=\"#down\">",
        "alt=\"x^2\"",
        "src=\"data:image/svg+xml;base64,",
    ] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
    assert_eq!(html.matches("data:image/svg+xml").count(), 2, "{html}");
    // The heading that is not there, and the file that is not.
    assert_eq!(problems, ["link.target_missing", "link.target_missing"]);
    for (path, title, part) in [
        ("docs/book.adoc", "Book", "Taken in."),
        ("api.yaml", "Greeter", "Says hello"),
        ("values.csv", "values.csv", "<td class=\"right\">3</td>"),
        (
            "conf/values.toml",
            "values.toml",
            "<strong>name</strong>: <code>\"ada\"</code>",
        ),
        ("flow.dot", "flow.dot", "src=\"data:image/svg+xml;base64,"),
        (
            "book.ipynb",
            "Book",
            "<img src=\"data:image/png;base64,iVBORw0KGgo=\"",
        ),
    ] {
        let (found, html, problems) = page(&visit, path).await.expect("a page");
        assert_eq!(found, title, "{path}");
        assert!(html.contains(part), "{path}: {part} is not in {html}");
        assert_eq!(problems, Vec::<String>::new(), "{path}");
    }
    assert_eq!(page(&visit, "main.rs").await, None, "it is source only");
    assert_eq!(page(&visit, "hidden.md").await, None, "it says so itself");
    let refused = visit.page("latin.md", None, |_| String::new()).await;
    let refused = refused.expect_err("it is no text");
    assert_eq!(refused.kind(), ErrorKind::InvalidInput);
    assert!(refused.to_string().contains("latin.md"), "{refused}");
    let gone = visit.page("docs/gone.md", None, |_| String::new()).await;
    assert_eq!(
        gone.expect_err("it is not there").kind(),
        ErrorKind::NotFound
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_hides_or_turns_is_shown_with_marks_and_leads_to_its_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    git(root, &["init", "-q", "-b", "main"]);
    put(root, "docs\u{200b}/x\u{202e}dm.md", "# Turned\n");
    put(root, "docs/x.md", "# Plain\n");
    commit(root, "first");
    let nobody = Nobody::new();
    let visit = nobody.open(&root.display().to_string(), None).await;
    let mut visit = visit.expect("opened");
    let (above, shown) = ("docs⟨U+200B⟩", "docs⟨U+200B⟩/x⟨U+202E⟩dm.md");
    let names = async |folder: &str| {
        let listed = visit.folder(folder, Urgency::Waited).await.expect("listed");
        let names = listed.items.into_iter().map(|item| item.path);
        names.collect::<Vec<String>>()
    };
    assert_eq!(
        names("").await,
        ["docs", above],
        "no folder passes for another"
    );
    assert_eq!(names(above).await, [shown]);
    let found = visit.find("turned dm", 9).await.expect("found");
    assert_eq!(found.fitting, 0);
    let found = visit.find("202e", 9).await.expect("found");
    assert_eq!(found.best[0].path, shown);
    let file = visit.file(shown).await.expect("a file");
    assert!(matches!(&*file, File::Contents { bytes, .. } if bytes.starts_with(b"# Turned")));
    let told = visit.history(shown, 9).await.expect("a history").items;
    assert_eq!((told.len(), told[0].path.as_str()), (1, shown));
    assert_eq!(visit.real_path(shown), "docs\u{200b}/x\u{202e}dm.md");
    visit.lead_to(shown, None).await.expect("asked");
    assert_eq!(
        (visit.landing.path.as_str(), &visit.landing.trouble),
        (shown, &None)
    );
}

#[test]
fn the_window_offers_to_publish_what_becomes_a_page() {
    let list = include_str!("../../../../ui/src/documents.ts");
    let offered = list.split_once("const PAGES").expect("the list").1;
    let offered = offered.split_once("\\.(").expect("endings").1;
    let offered: Vec<&str> = offered
        .split_once(")$")
        .expect("an end")
        .0
        .split('|')
        .collect();
    assert!(offered.len() > 20, "{offered:?}");
    for ending in &offered {
        assert!(
            tributary::publish::has_page(&format!("a.{ending}")),
            "{ending}"
        );
    }
    for language in DrawingKind::OTHERS {
        assert!(offered.contains(&language), "{language}");
    }
    // And nothing else that the core makes a page of, of what it could.
    let letters = || ('a'..='z').map(String::from);
    let two = letters().flat_map(|one| letters().map(move |other| format!("{one}{other}")));
    let three = two
        .clone()
        .flat_map(|one| letters().map(move |other| format!("{one}{other}")));
    let longer = [
        "json",
        "yaml",
        "toml",
        "jsonl",
        "ndjson",
        "ipynb",
        "asciidoc",
        "markdown",
        "mdown",
        "text",
        "mermaid",
        "plantuml",
        "drawio",
        "excalidraw",
        "geojson",
        "webmanifest",
        "notebook",
        "d2",
        "bpmn",
        "vegalite",
    ];
    let all = two.chain(three).chain(longer.map(str::to_owned));
    for ending in all.filter(|ending| tributary::publish::has_page(&format!("a.{ending}"))) {
        assert!(offered.contains(&&*ending), "{ending}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_has_no_word_for_links_shows_them_as_links_all_the_same() {
    use std::os::unix::fs::symlink;

    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    git(root, &["init", "-q", "-b", "main"]);
    put(root, "docs/guide/setup.md", "# Setup\n");
    // These are files, whatever their contents look like.
    put(root, "docs/word", "MIT");
    put(root, "docs/path", "guide/absent.md");
    put(root, "docs/line", "guide/setup.md\n");
    put(root, "docs/outside", "../../elsewhere");
    symlink("guide/setup.md", root.join("docs/file-link")).expect("a link");
    symlink("../docs/guide", root.join("docs/folder-link")).expect("a link");
    symlink("..", root.join("docs/root-link")).expect("a link");
    commit(root, "first");
    let real = fake::at(root);
    let server = Server::start(move |base, asked| {
        fake::data_center(&real, base, asked).unwrap_or_else(|| Answer::status(404))
    })
    .await;
    let address = format!("{}/projects/acme/repos/handbook/browse", server.base);
    let visit = Nobody::new().open(&address, None).await;
    let visit = visit.unwrap_or_else(|error| panic!("{}", error.chain()));
    for (path, expected) in [
        ("docs/file-link", Some("guide/setup.md")),
        ("docs/folder-link", Some("../docs/guide")),
        ("docs/root-link", Some("..")),
        ("docs/word", None),
        ("docs/path", None),
        ("docs/line", None),
        ("docs/outside", None),
        ("docs/guide/setup.md", None),
    ] {
        let file = visit.file(path).await;
        let file = file.unwrap_or_else(|error| panic!("{path}: {}", error.chain()));
        let target = match &*file {
            File::Link { target } => Some(target.as_str()),
            _ => None,
        };
        assert_eq!(target, expected, "{path}: {file:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_a_large_repository_asks_only_for_the_folders_that_it_names() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    git(root, &["init", "-q", "-b", "main"]);
    for area in 0..40 {
        for page in 0..60 {
            let name = format!("area-{area:02}/page-{page}.md");
            put(root, &name, format!("# Page {page} of {area}\n"));
        }
    }
    put(root, "pictures/deep/one.png", "not really one");
    put(
        root,
        "README.md",
        "# All\n\n[by path](area-07/page-1.md), [a folder](area-09/), [in other letters](Area-11/PAGE-2.md), \
         [from the root](/area-12/page-3.md), [not there](area-13/absent.md), [nor this](absent/x.md), \
         ![a picture](pictures/deep/one.png), [elsewhere](https://acme.example/area-14/page-1.md)\n",
    );
    put(
        root,
        "guide/parts/more.adoc",
        "See link:../area-21/page-4.md[this].\n",
    );
    put(
        root,
        "guide/start.adoc",
        "= Start\n\ninclude::parts/more.adoc[]\n\nAnd link:../area-22/page-5.md[that].\n",
    );
    commit(root, "first");
    for (provider, form) in [
        ("gitlab", "/acme/handbook/-/tree/main"),
        ("gitea", "/acme/handbook/src/branch/main"),
    ] {
        let real = fake::Real {
            page: 100,
            ..fake::at(root)
        };
        let server = Server::start(move |base, asked| {
            let answer = match provider {
                "gitlab" => fake::gitlab(&real, base, asked),
                _ => fake::gitea(&real, base, asked),
            };
            answer.unwrap_or_else(|| Answer::status(404))
        })
        .await;
        let nobody = Nobody::new();
        let opened = nobody.open(&format!("{}{form}", server.base), None).await;
        let visit = opened.unwrap_or_else(|error| panic!("{}", error.chain()));
        let visit = std::sync::Arc::new(visit);
        let look = async |path: &str| {
            let page = visit
                .page(path, None, |path| format!("picture:{path}"))
                .await;
            let host = visit
                .host_look(path, |path| format!("picture:{path}"))
                .await;
            let fine = |error: tributary::Error| -> String { panic!("{}", error.chain()) };
            (page.map_err(fine).ok(), host.map_err(fine).ok())
        };
        for (path, named) in [
            (
                "README.md",
                &[
                    "area-07", "area-09", "area-11", "area-12", "area-13", "deep",
                ][..],
            ),
            ("guide/start.adoc", &["parts", "area-21", "area-22"]),
        ] {
            server.forget();
            let lazily = look(path).await;
            let asked = server.targets();
            // The root, the folders on the way and those that are named, a page or two of each.
            assert!(asked.len() <= 20, "{provider} {path}: {asked:#?}");
            for folder in named {
                let is_asked = asked.iter().any(|target| target.contains(folder));
                assert!(
                    is_asked || provider == "gitea",
                    "{provider} {path}: no {folder}"
                );
            }
            for other in ["area-14", "area-30"] {
                let is_asked = asked.iter().any(|target| target.contains(other));
                assert!(!is_asked, "{provider} {path}: {asked:#?}");
            }
            // It looks as it does where all paths are known.
            let all = nobody.open(&format!("{}{form}", server.base), None).await;
            let all = std::sync::Arc::new(all.expect("opened"));
            assert!(all.find("page", 1).await.expect("found").all > 2400);
            let page = all.page(path, None, |path| format!("picture:{path}")).await;
            let host = all.host_look(path, |path| format!("picture:{path}")).await;
            let whole = (page.ok(), host.ok());
            assert_eq!(lazily, whole, "{provider} {path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submodule_beside_its_repository_is_found_from_where_that_is_cloned() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    git(root, &["init", "-q", "-b", "main"]);
    put(
        root,
        ".gitmodules",
        "[submodule \"theme\"]\n\tpath = theme\n\turl = ../../other/theme.git\n",
    );
    let id = "5f3a1c2b4d6e8f90a1b2c3d4e5f60718293a4b5c";
    git(root, &["add", "-A"]);
    let module = format!("160000,{id},theme");
    git(root, &["update-index", "--add", "--cacheinfo", &module]);
    git(root, &["commit", "-qm", "first"]);
    let nobody = Nobody::new();
    let address = async |opened: &str| {
        let visit = nobody.open(opened, None).await;
        let visit = visit.unwrap_or_else(|error| panic!("{opened}: {}", error.chain()));
        match &*visit.file("theme").await.expect("it is there") {
            File::Submodule { address, .. } => address.clone(),
            other => panic!("{opened}: {other:?}"),
        }
    };
    let here = root.display().to_string();
    assert_eq!(address(&here).await, None, "it was cloned from nowhere");
    for (remote, expected) in [
        (
            "git@git.example.com:acme/docs/handbook.git",
            Some("git@git.example.com:acme/other/theme.git"),
        ),
        (
            "https://ada:secret@git.example.com/acme/docs/handbook.git",
            Some("https://git.example.com/acme/other/theme.git"),
        ),
        // Nothing on this machine is opened because a repository says so.
        ("/srv/git/docs/handbook.git", None),
    ] {
        git(root, &["config", "remote.origin.url", remote]);
        assert_eq!(address(&here).await.as_deref(), expected, "{remote}");
    }
    let real = fake::at(root);
    let server = Server::start(move |base, asked| {
        fake::data_center(&real, base, asked).unwrap_or_else(|| Answer::status(404))
    })
    .await;
    let shown = format!("{}/projects/acme/repos/handbook/browse", server.base);
    let expected = format!("{}/scm/other/theme.git", server.base);
    assert_eq!(address(&shown).await, Some(expected));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gitlab_below_a_path_opens_by_a_link_that_somebody_pastes() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    git(folder.path(), &["init", "-q", "-b", "main"]);
    put(folder.path(), "docs/a.md", "# A\n");
    let head = commit(folder.path(), "first");
    let real = fake::at(folder.path());
    let server = Server::start(move |base, asked| {
        let answer = asked.target.strip_prefix("/gitlab").and_then(|target| {
            let asked = Asked {
                target: target.to_owned(),
                ..asked.clone()
            };
            fake::gitlab(&real, &format!("{base}/gitlab"), &asked)
        });
        // What is at the root is another product, which has a page for everything.
        answer
            .unwrap_or_else(|| Answer::bytes(b"<html>".to_vec()).with("Content-Type", "text/html"))
    })
    .await;
    let person = Nobody::new();
    let at = |path: &str| format!("{}{path}", server.base);
    let address = at("/gitlab/acme/handbook/-/blob/main/docs/a.md#L1");
    let visit = person.open(&address, None).await;
    let visit = visit.unwrap_or_else(|error| panic!("{}", error.chain()));
    assert_eq!(visit.pinned.commit.id, head);
    assert_eq!(visit.pinned.path, "docs/a.md");
    let identity = &visit.pinned.repository.identity;
    assert!(identity.ends_with("/gitlab/acme/handbook"), "{identity}");
    // A group of that name at the root is asked for first, and what that says stands.
    let address = at("/other/acme/handbook/-/blob/main/docs/a.md");
    let error = person.open(&address, None).await.expect_err("neither");
    assert!(error.chain().contains("127.0.0.1"), "{}", error.chain());
    let root = server
        .targets()
        .into_iter()
        .find(|target| target.contains("other%2Facme%2Fhandbook"));
    assert!(root.is_some(), "{:#?}", server.targets());
}
