//! Neither files that are attached nor all texts of a plan are in memory as a whole, measured by an
//! allocator of this program alone.
//!
//! One test at a time: others would be measured with it.

mod planned;
mod sent;

use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use peak_alloc::PeakAlloc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tributary::account::{Place, Providers, client, with_token};
use tributary::confluence::Client;
use tributary::hosts::{Cache, Host, Pinned, Repository, USUAL_SIZE};
use tributary::http::Http;
use tributary::publish::{PublishRequest, plan_at, sources};
use tributary::settings::{Auth, SiteSettings};
use tributary::vault::Secret;
use tributary_pages::markup::Flavor;
use tributary_pages::plan::PlanSettings;
use tributary_sandbox::Running;
use url::Url;

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

/// Whoever measures is alone.
static MEASURING: Mutex<()> = Mutex::new(());

/// The smallest picture.
const PICTURE: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
/// A page of a host attaches what it shows, and leads to the rest.
const SHOWN: &str = "# Alpha\n\n![Film](film.png)\n";
const TEXT: &str = "# Alpha\n\n[Film](film.bin)\n";

#[expect(clippy::disallowed_methods, reason = "tests write plain files")]
fn write(path: &Path, megabytes: usize) {
    let file = std::fs::File::create(path).expect("a file");
    let mut file = BufWriter::new(file);
    for part in 0..megabytes {
        let bytes = vec![u8::try_from(part % 251).expect("a byte"); 1_000_000];
        file.write_all(&bytes).expect("it is written");
    }
    file.flush().expect("it is written");
}

fn request(folder: &Path) -> PublishRequest {
    PublishRequest {
        paths: vec![folder.to_path_buf()],
        space: "DOCS".to_owned(),
        parent: None,
        include: Vec::new(),
        exclude: Vec::new(),
        settings: PlanSettings::default(),
        concurrency: 8,
        verify: false,
    }
}

#[test]
fn a_plan_of_many_long_pages_holds_few_of_their_texts() {
    let _alone = MEASURING.lock().unwrap_or_else(PoisonError::into_inner);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(planned::many_long_pages());
}

#[test]
fn files_are_sent_part_by_part() {
    let _alone = MEASURING.lock().unwrap_or_else(PoisonError::into_inner);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(sent::of_a_folder());
    runtime.block_on(sent::of_a_host());
}

#[test]
fn files_that_will_be_attached_are_hashed_part_by_part() {
    let _alone = MEASURING.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text = folder.path().join("a.md");
    #[expect(clippy::disallowed_methods, reason = "tests write plain files")]
    std::fs::write(&text, TEXT).expect("a file");
    let mut peaks = Vec::new();
    for megabytes in [1, 90] {
        write(&folder.path().join("film.bin"), megabytes);
        let before = ALLOCATED.current_usage();
        ALLOCATED.reset_peak_usage();
        let gathered = sources(&request(folder.path())).expect("it is read");
        peaks.push(ALLOCATED.peak_usage() - before);
        let asset = gathered
            .sources
            .files
            .get("film.bin")
            .and_then(|file| file.asset.clone());
        assert_eq!(
            asset.expect("it is attached").size,
            megabytes as u64 * 1_000_000
        );
    }
    assert!(
        peaks[1] < 16_000_000,
        "{peaks:?} bytes were held for 1 and 90 megabytes"
    );

    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (peak, size) = runtime.block_on(planned_from_a_host(90));
    assert_eq!(size, 90_000_000);
    assert!(
        peak < 32_000_000,
        "{peak} bytes were held for 90 megabytes of a host"
    );
}

/// What a host says of a repository with one page and a film.
fn answer(path: &str, megabytes: usize, ids: &[String; 2]) -> Option<String> {
    let commit = "1".repeat(40);
    let size = megabytes * 1_000_000;
    let [text, film] = ids;
    Some(match path {
        "/api/v3/repos/acme/films" => {
            r#"{"full_name": "acme/films", "default_branch": "main"}"#.to_owned()
        }
        _ if path.starts_with("/api/v3/repos/acme/films/commits/") => format!(
            r#"{{"sha": "{commit}", "commit": {{"message": "m", "author":
                {{"name": "a", "date": "2026-01-01T00:00:00Z"}}, "committer":
                {{"name": "a", "date": "2026-01-01T00:00:00Z"}}}}}}"#
        ),
        _ if path.starts_with("/api/v3/repos/acme/films/git/trees/") => format!(
            r#"{{"sha": "{commit}", "truncated": false, "tree": [
                {{"path": "a.md", "mode": "100644", "type": "blob", "sha": "{text}", "size": {}}},
                {{"path": "film.png", "mode": "100644", "type": "blob", "sha": "{film}",
                  "size": {size}}}]}}"#,
            SHOWN.len()
        ),
        _ if path.ends_with(text.as_str()) => SHOWN.to_owned(),
        _ => return None,
    })
}

fn blob_id(length: usize, parts: impl Iterator<Item = Vec<u8>>) -> String {
    let mut hash = gix::hash::hasher(gix::hash::Kind::Sha1);
    hash.update(format!("blob {length}\0").as_bytes());
    parts.for_each(|part| hash.update(&part));
    hash.try_finalize().expect("a hash").to_string()
}

/// A picture with much behind it.
fn film(megabytes: usize) -> impl Iterator<Item = Vec<u8>> {
    let picture = base64::engine::general_purpose::STANDARD
        .decode(PICTURE)
        .expect("Base64");
    (0..megabytes).map(move |part| {
        let mut bytes = vec![u8::try_from(part % 251).expect("a byte"); 1_000_000];
        if part == 0 {
            bytes[..picture.len()].copy_from_slice(&picture);
        }
        bytes
    })
}

/// A host that makes the film up while it sends it.
async fn host(megabytes: usize) -> (String, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("it is bound"));
    let ids = [
        blob_id(SHOWN.len(), std::iter::once(SHOWN.as_bytes().to_vec())),
        blob_id(megabytes * 1_000_000, film(megabytes)),
    ];
    let serving = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                if stream.read(&mut byte).await.unwrap_or(0) == 0 {
                    break;
                }
                head.push(byte[0]);
            }
            let head = String::from_utf8_lossy(&head).into_owned();
            let path = head.split(' ').nth(1).unwrap_or_default();
            let path = path.split('?').next().unwrap_or_default().to_owned();
            let of = |status: u16, kind: &str, length: usize| {
                format!(
                    "HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Type: {kind}\r\n\
                     Content-Length: {length}\r\n\r\n"
                )
            };
            if path.ends_with(ids[1].as_str()) {
                let head = of(200, "application/octet-stream", megabytes * 1_000_000);
                stream.write_all(head.as_bytes()).await.expect("it is read");
                for part in film(megabytes) {
                    stream.write_all(&part).await.expect("it is read");
                }
                continue;
            }
            let said = answer(&path, megabytes, &ids);
            let status = if said.is_some() { 200 } else { 404 };
            let said = said.unwrap_or_else(|| "{}".to_owned());
            let answer = of(status, "application/json", said.len()) + &said;
            stream
                .write_all(answer.as_bytes())
                .await
                .expect("it is read");
        }
    });
    (base, serving)
}

/// A site of Cloud with nothing on it that is ours.
async fn site() -> (Running, Http, Client) {
    let sandbox = tributary_sandbox::start(tributary_sandbox::Options::default());
    let sandbox = sandbox.await.expect("a sandbox");
    let (http, client) = client_at(&sandbox.cloud_url()).await;
    (sandbox, http, client)
}

/// A client of a site of Cloud.
async fn client_at(url: &str) -> (Http, Client) {
    let site = SiteSettings {
        url: Url::parse(url).expect("an address"),
        flavor: Some(Flavor::Cloud),
        auth: Auth::Basic {
            user: "author@example.com".to_owned(),
        },
        gateway: None,
    };
    let http = Http::new().expect("a client");
    let credential = with_token(&site, Secret::new("sandbox-token".to_owned()));
    let client = client(&http, &site, credential).await.expect("a site");
    (http, client)
}

/// The repository of a host, at its commit, with a cache in a folder.
async fn films(base: &str, http: &Http, home: &Path) -> Pinned {
    let providers = Providers::new(&[]).expect("the shipped file is read");
    let place = Place::new(providers.get("github").expect("known"), Some(base));
    let place = place.expect("an address");
    let cache = Cache::open(home, USUAL_SIZE).expect("a cache");
    let host = Host::new(place, "ada", None, http, Some(cache)).expect("a host");
    let repository = Repository::hosted(&host, "acme/films").expect("a name");
    Pinned {
        commit: repository.resolve(Some("main")).await.expect("a commit"),
        repository,
        reference: None,
        path: "".into(),
        lines: None,
    }
}

/// What planning from a host holds at most, and how large the film is then.
async fn planned_from_a_host(megabytes: usize) -> (usize, u64) {
    let (base, serving) = host(megabytes).await;
    let (_sandbox, http, client) = site().await;
    let home = tempfile::tempdir().expect("a temporary folder");
    let pinned = films(&base, &http, home.path()).await;
    let request = request(Path::new(""));
    let cancel = CancellationToken::new();
    let before = ALLOCATED.current_usage();
    ALLOCATED.reset_peak_usage();
    let planned = plan_at(&client, &request, &pinned, &|_| {}, &cancel).await;
    let planned = planned.unwrap_or_else(|error| panic!("{}", error.chain()));
    let peak = ALLOCATED.peak_usage() - before;
    serving.abort();
    let steps = planned.plan.steps.iter();
    let film = steps.flat_map(|step| &step.attachments).next();
    let film = film.unwrap_or_else(|| panic!("it is not attached: {:#?}", planned.plan.steps));
    (peak, film.size)
}
