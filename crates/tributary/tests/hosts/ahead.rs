//! Many files in one answer, and how many requests each host takes for what people do.

use gix::bstr::BStr;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tributary::hosts::{Cache, Depth, Entry, Pinned, Repository, Urgency};
use tributary::publish::plan_at;

use crate::fake::{self, Real};
use crate::hosted::{Answering, HOSTS, host_at};
use crate::local::{commit, git, put};
use crate::publish::{confluence, request};
use crate::remote::backend;
use crate::server::{Answer, Asked, Server};

/// Documents, among them two that are the same.
const DOCUMENTS: usize = 40;

fn documents(with_attributes: bool) -> (TempDir, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    git(root, &["init", "-q"]);
    put(root, "README.md", "# Read me\n");
    for number in 0..DOCUMENTS {
        let text = format!("# Page {}\n", number.max(1));
        put(root, &format!("docs/part{}/{number}.md", number % 3), text);
    }
    put(root, "docs/größe.md", "# Größe $Format:%H$\n");
    if with_attributes {
        put(
            root,
            ".gitattributes",
            "docs/größe.md export-subst\ndocs/part1/1.md export-ignore\n",
        );
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink("../../etc", root.join("docs/out")).expect("a link");
    let head = commit(root, "first");
    (folder, head)
}

struct World {
    server: Server,
    repository: Repository,
    files: Vec<Entry>,
    head: String,
    local: Repository,
    _folders: (TempDir, TempDir),
}

async fn world(provider: &str, name: &str, answering: Answering, with_attributes: bool) -> World {
    served(documents(with_attributes), provider, name, answering).await
}

async fn served(
    (folder, head): (TempDir, String),
    provider: &str,
    name: &str,
    answering: Answering,
) -> World {
    let real = Real {
        page: 1000,
        ..fake::at(folder.path())
    };
    let server = Server::start(move |base, asked| {
        answering(&real, base, asked).unwrap_or_else(|| Answer::status(404))
    })
    .await;
    of_server(server, folder, head, provider, name).await
}

async fn of_server(
    server: Server,
    folder: TempDir,
    head: String,
    provider: &str,
    name: &str,
) -> World {
    let kept = tempfile::tempdir().expect("a temporary folder");
    let cache = Cache::open(kept.path(), 1 << 26).expect("a cache");
    let host = host_at(provider, &server.base, Some(cache));
    let repository = Repository::hosted(&host, name).expect("a name");
    let listing = repository
        .tree(&head, BStr::new("docs"), Depth::All, Urgency::Waited)
        .await;
    let files = listing.unwrap_or_else(|error| panic!("{provider}: {}", error.chain()));
    World {
        local: Repository::local(folder.path()).expect("a repository"),
        server,
        repository,
        files: files.items,
        head,
        _folders: (folder, kept),
    }
}

impl World {
    async fn ahead(&self, provider: &str) -> usize {
        let files: Vec<&Entry> = self.files.iter().collect();
        let fetched = self
            .repository
            .fetch_ahead(&self.head, &files, Urgency::Waited)
            .await;
        fetched.unwrap_or_else(|error| panic!("{provider}: {}", error.chain()))
    }

    /// Reads every file, and compares it with what the repository holds.
    async fn read_all(&self, provider: &str) {
        for entry in &self.files {
            let ours = self
                .repository
                .blob_of(&self.head, entry, Urgency::Waited)
                .await;
            let theirs = self
                .local
                .blob(&self.head, entry.path.as_ref(), Urgency::Waited)
                .await;
            let ours = ours.unwrap_or_else(|error| panic!("{provider}: {}", error.chain()));
            assert_eq!(ours, theirs.expect("readable"), "{provider} {}", entry.path);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_and_its_files_take_few_requests() {
    for (provider, name, answering) in HOSTS {
        let world = world(provider, name, answering, false).await;
        // The way down to the folder, for hosts that know folders by id only.
        let listed = match provider {
            "github" | "gitea" => 2,
            // This one takes too long for more than a folder, so each of the four is tried twice.
            "bitbucket" => 8,
            _ => 1,
        };
        assert_eq!(world.server.targets().len(), listed, "{provider}: opening");
        // Opened again, it costs nothing.
        let again =
            world
                .repository
                .tree(&world.head, BStr::new("docs"), Depth::All, Urgency::Waited);
        assert!(again.await.is_ok());
        // That it takes too long today says nothing of tomorrow.
        let again = if provider == "bitbucket" { 4 } else { 0 };
        assert_eq!(world.server.targets().len(), listed + again, "{provider}");

        world.server.forget();
        let fetched = world.ahead(provider).await;
        let asked = world.server.targets().len();
        // The symbolic link is asked for by itself, where it is told from a file.
        let (expected, requests) = match provider {
            // Git's own protocol is tried, which this one has not.
            "bitbucket" => (0, 1),
            // How large the whole is, the address of its archive, and that.
            "github" => (DOCUMENTS, 3),
            // Without attributes in the whole tree, which is one request more.
            "bitbucket-data-center" => (DOCUMENTS + 1, 2),
            "gitea" => (DOCUMENTS, 2),
            _ => (DOCUMENTS, 1),
        };
        assert_eq!(
            (fetched, asked),
            (expected, requests),
            "{provider}: {:?}",
            world.server.targets()
        );

        world.server.forget();
        world.read_all(provider).await;
        let asked = world.server.targets().len();
        let singly = if provider == "bitbucket" {
            world.files.len()
        } else {
            1
        };
        assert_eq!(asked, singly, "{provider}: {:?}", world.server.targets());
        world.server.forget();
        world.read_all(provider).await;
        assert_eq!(world.ahead(provider).await, 0, "{provider}: all are known");
        assert_eq!(world.server.targets().len(), 0, "{provider}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publish_asks_far_less_than_once_for_a_page() {
    for (provider, name, answering) in HOSTS {
        let world = world(provider, name, answering, false).await;
        let pinned = Pinned {
            commit: world.repository.resolve(None).await.expect("a commit"),
            repository: world.repository.clone(),
            reference: None,
            path: "".into(),
            lines: None,
        };
        world.server.forget();
        let (_sandbox, client) = confluence().await;
        let cancel = CancellationToken::new();
        let planned = plan_at(&client, &request(&[""]), &pinned, &|_| {}, &cancel).await;
        let planned = planned.unwrap_or_else(|error| panic!("{provider}: {}", error.chain()));
        let pages = planned.plan.steps.len();
        assert!(pages > DOCUMENTS, "{provider}: {pages} pages");
        let asked = world.server.targets().len();
        let most = match provider {
            // Every file by itself, and the folders twice.
            "bitbucket" => 60,
            // The tree, the archive and where it is, the symbolic link.
            _ => 5,
        };
        assert!(
            asked <= most,
            "{provider}: {asked} requests for {pages} pages: {:#?}",
            world.server.targets()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn small_files_are_not_fetched_with_the_large_ones_beside_them() {
    for (provider, name, answering) in HOSTS {
        let (folder, _) = documents(false);
        put(folder.path(), "video.bin", vec![7; 5 * 1024 * 1024]);
        let head = commit(folder.path(), "a video");
        let world = served((folder, head), provider, name, answering).await;
        world.server.forget();
        let fetched = world.ahead(provider).await;
        let asked = world.server.targets();
        let archives = asked.iter().filter(|target| {
            ["tarball", "archive", "zip"]
                .iter()
                .any(|word| target.contains(word))
        });
        // These give the archive of a folder; the others that of the whole repository, or none.
        let by_folder = ["gitlab", "bitbucket-data-center", "azure-devops"].contains(&provider);
        assert_eq!(archives.count() > 0, by_folder, "{provider}: {asked:#?}");
        assert_eq!(fetched > 0, by_folder, "{provider}");
        world.read_all(provider).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_archive_changes_on_the_way_is_not_taken_for_the_file() {
    for (provider, name, answering) in HOSTS {
        let world = world(provider, name, answering, true).await;
        let fetched = world.ahead(provider).await;
        let expected = match provider {
            // Nothing tells what is right there, so nothing is taken.
            "bitbucket" | "bitbucket-data-center" => 0,
            // One was left out, one was changed.
            _ => DOCUMENTS - 1,
        };
        assert_eq!(fetched, expected, "{provider}");
        world.read_all(provider).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_archive_can_be_relied_on_git_brings_all_files_at_once() {
    for (provider, name, answering) in HOSTS {
        // A server that leaves nothing out would send all that a commit has.
        for can_filter in [true, false] {
            let (folder, head) = documents(true);
            let root = folder.path().to_path_buf();
            git(
                &root,
                &["config", "uploadpack.allowFilter", &can_filter.to_string()],
            );
            let real = Real {
                page: 1000,
                ..fake::at(&root)
            };
            let server = Server::start(move |base, asked| {
                let by_git = asked.target.split_once("handbook.git/");
                match by_git.filter(|(_, rest)| !rest.contains("lfs")) {
                    Some((_, rest)) => {
                        let target = format!("/.git/{rest}");
                        backend(
                            &root,
                            &Asked {
                                target,
                                ..asked.clone()
                            },
                        )
                    }
                    None => answering(&real, base, asked).unwrap_or_else(|| Answer::status(404)),
                }
            })
            .await;
            let world = of_server(server, folder, head, provider, name).await;
            world.server.forget();
            let fetched = world.ahead(provider).await;
            let asked = world.server.targets();
            let of_git = asked
                .iter()
                .filter(|target| target.contains("handbook.git/"));
            let of_git: Vec<&String> = of_git.collect();
            match (provider, can_filter) {
                // What it is, the commit with its trees, and all contents that are wanted.
                ("bitbucket" | "bitbucket-data-center", true) => {
                    assert!(fetched > DOCUMENTS, "{provider}: {fetched}");
                    assert_eq!(of_git.len(), 3, "{provider}: {of_git:?}");
                    let place = match provider {
                        "bitbucket" => "/acme/handbook.git/",
                        _ => "/scm/acme/handbook.git/",
                    };
                    assert!(
                        of_git.iter().all(|one| one.starts_with(place)),
                        "{of_git:?}"
                    );
                }
                ("bitbucket" | "bitbucket-data-center", false) => {
                    assert_eq!((fetched, of_git.len()), (0, 1), "{provider}: {of_git:?}");
                }
                _ => assert_eq!(of_git.len(), 0, "{provider}: {of_git:?}"),
            }
            world.read_all(provider).await;
            if fetched > DOCUMENTS {
                let singly = world.server.targets().len() - asked.len();
                assert!(singly <= 1, "{provider}: the link alone, where it is told");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn few_files_are_asked_for_one_by_one_and_without_a_cache_nothing_is_fetched() {
    let (provider, name, answering) = HOSTS[0];
    let mut world = world(provider, name, answering, false).await;
    world.files.truncate(19);
    world.server.forget();
    assert_eq!(world.ahead(provider).await, 0);
    assert_eq!(world.server.targets().len(), 0);
    assert_eq!(
        world
            .local
            .fetch_ahead(&world.head, &[], Urgency::Waited)
            .await
            .ok(),
        Some(0)
    );
    let host = host_at(provider, &world.server.base, None);
    let repository = Repository::hosted(&host, name).expect("a name");
    let files: Vec<&Entry> = world.files.iter().cycle().take(60).collect();
    let fetched = repository
        .fetch_ahead(&world.head, &files, Urgency::Waited)
        .await;
    assert_eq!(fetched.ok(), Some(0));
    assert_eq!(world.server.targets().len(), 0);
}

/// An archive that a host of bad will sends for GitHub's.
async fn fetched_from(archive: Vec<u8>) -> (Result<usize, tributary::Error>, World) {
    let (folder, head) = documents(false);
    let real = Real {
        page: 1000,
        ..fake::at(folder.path())
    };
    let server = Server::start(move |base, asked| {
        if asked.target.contains("/tarball/") {
            return Answer::bytes(archive.clone());
        }
        fake::github(&real, base, asked).unwrap_or_else(|| Answer::status(404))
    })
    .await;
    let kept = tempfile::tempdir().expect("a temporary folder");
    let cache = Cache::open(kept.path(), 1 << 26).expect("a cache");
    let host = host_at("github", &server.base, Some(cache));
    let repository = Repository::hosted(&host, "acme/handbook").expect("a name");
    let listing = repository
        .tree(&head, BStr::new("docs"), Depth::All, Urgency::Waited)
        .await;
    let world = World {
        local: Repository::local(folder.path()).expect("a repository"),
        server,
        repository,
        files: listing.expect("readable").items,
        head,
        _folders: (folder, kept),
    };
    let files: Vec<&Entry> = world.files.iter().collect();
    let fetched = world
        .repository
        .fetch_ahead(&world.head, &files, Urgency::Waited)
        .await;
    (fetched, world)
}

fn packed(build: impl FnOnce(&mut tar::Builder<flate2::write::GzEncoder<Vec<u8>>>)) -> Vec<u8> {
    let encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut builder = tar::Builder::new(encoder);
    build(&mut builder);
    let encoder = builder.into_inner().expect("memory grows");
    encoder.finish().expect("memory grows")
}

fn entry(kind: tar::EntryType, size: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_mode(0o644);
    header.set_cksum();
    header
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_of_bad_will_leads_nowhere() {
    let text = b"# Page 1\n";
    // The right contents under a name that leads out, and wrong ones under a right name.
    let archive = packed(|builder| {
        for (name, bytes) in [
            ("x/../../../evil.md", &text[..]),
            ("x/docs/part2/2.md", b"evil"),
        ] {
            let mut header = entry(tar::EntryType::Regular, bytes.len() as u64);
            // The library refuses such a name, so it is written as bytes.
            let field = &mut header.as_old_mut().name;
            field[..name.len()].copy_from_slice(name.as_bytes());
            header.set_cksum();
            builder.append(&header, bytes).expect("memory grows");
        }
        let mut link = entry(tar::EntryType::Symlink, 0);
        builder
            .append_link(&mut link, "x/docs/part2/5.md", "/etc/passwd")
            .expect("memory grows");
        let mut link = entry(tar::EntryType::Link, 0);
        builder
            .append_link(&mut link, "x/docs/part2/8.md", "/etc/passwd")
            .expect("memory grows");
    });
    let (fetched, world) = fetched_from(archive).await;
    assert_eq!(
        fetched.ok(),
        Some(1),
        "the contents of pages 0 and 1, whatever they are called"
    );
    world.read_all("github").await;

    // Zeros without end, as a file that says it is small enough, and as one that is not.
    for size in [26 * 1024 * 1024, 100 * 1024 * 1024] {
        let archive = packed(|builder| {
            let zeros = std::io::Read::take(std::io::repeat(0), size);
            let header = entry(tar::EntryType::Regular, size);
            builder.append(&header, zeros).expect("memory grows");
        });
        let (fetched, world) = fetched_from(archive).await;
        assert!(!matches!(fetched, Ok(1..)), "{fetched:?}");
        world.read_all("github").await;
    }
    for archive in [
        Vec::new(),
        b"<html>".to_vec(),
        packed(|_| {})[..20].to_vec(),
        packed(|builder| {
            let header = entry(tar::EntryType::Regular, u64::MAX / 2);
            builder
                .append(&header, &b"short"[..])
                .expect("memory grows");
        }),
    ] {
        let (fetched, world) = fetched_from(archive).await;
        assert!(!matches!(fetched, Ok(1..)), "{fetched:?}");
        world.read_all("github").await;
    }
}
