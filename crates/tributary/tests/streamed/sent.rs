//! Files on their way to a page: however large one is, little of it is in memory while it is sent.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tributary::audit::{Audit, Clock};
use tributary::confluence::Client;
use tributary::http::Http;
use tributary::publish::{Prepared, apply, plan, plan_at};
use tributary::store::Paths;
use url::Url;

use crate::{ALLOCATED, client_at, films, host, request, site, write};

/// Bytes that sending a file of any size may take.
const HELD: usize = 16_000_000;

/// A site before the sandbox that takes files and keeps none: the sandbox is of this program too, and holds
/// what it is sent.
struct Swallowing {
    /// The site's address.
    url: String,
    /// Bytes of files that came, with what stands around them in their requests.
    swallowed: Arc<AtomicU64>,
    serving: JoinHandle<()>,
}

impl Swallowing {
    async fn before(behind: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let here = listener.local_addr().expect("it is bound");
        let mut url = Url::parse(behind).expect("an address");
        let behind = SocketAddr::from(([127, 0, 0, 1], url.port().expect("a port")));
        url.set_port(Some(here.port())).expect("it has a host");
        let swallowed = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&swallowed);
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // Whoever asked sees it when a request is not answered.
                tokio::spawn(answered(stream, behind, Arc::clone(&counted)));
            }
        });
        Self {
            url: url.to_string(),
            swallowed,
            serving,
        }
    }
}

/// Swallows the file of a request, or has the sandbox answer it.
async fn answered(
    mut asking: TcpStream,
    behind: SocketAddr,
    swallowed: Arc<AtomicU64>,
) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(asking.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let named = |line: &str, name: &str| line.to_ascii_lowercase().starts_with(name);
    let length = head.lines().find(|line| named(line, "content-length:"));
    let length = length.and_then(|line| line.split_once(':')?.1.trim().parse::<u64>().ok());
    let length = length.unwrap_or(0);
    let asked = head.lines().next().unwrap_or_default();
    if asked.starts_with("PUT ") && asked.contains("/child/attachment") {
        let mut part = vec![0; 64 * 1024];
        let mut left = length;
        while left > 0 {
            let most = part.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            let count = asking.read(&mut part[..most]).await? as u64;
            if count == 0 {
                return Ok(());
            }
            swallowed.fetch_add(count, Ordering::Relaxed);
            left -= count;
        }
        let said = r#"{"results": [{"id": "att1", "title": "film"}]}"#;
        let answer = format!(
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{said}",
            said.len()
        );
        asking.write_all(answer.as_bytes()).await?;
        return asking.shutdown().await;
    }
    let mut sandbox = TcpStream::connect(behind).await?;
    let lines = head.lines().filter(|line| !line.is_empty());
    let kept = lines.filter(|line| !named(line, "connection:"));
    // One request for each connection, so that the end of its answer is the connection's.
    let head: String = kept.map(|line| format!("{line}\r\n")).collect();
    let head = format!("{head}Connection: close\r\n\r\n");
    sandbox.write_all(head.as_bytes()).await?;
    tokio::io::copy(&mut (&mut asking).take(length), &mut sandbox).await?;
    tokio::io::copy(&mut sandbox, &mut asking).await?;
    asking.shutdown().await
}

/// What carrying a plan out holds at most. The plan sends one file.
async fn sent(prepared: &Prepared, home: &Path) -> usize {
    let audit = Audit::open(&Paths::below(home), None, Clock::of_system());
    let cancel = CancellationToken::new();
    let before = ALLOCATED.current_usage();
    ALLOCATED.reset_peak_usage();
    let report = apply(prepared, &prepared.plan.digest, &audit, &|_| {}, &cancel).await;
    let peak = ALLOCATED.peak_usage().saturating_sub(before);
    let report = report.unwrap_or_else(|error| panic!("{}", error.chain()));
    assert!(report.is_complete(), "{:#?}", report.outcomes);
    let sent = report.outcomes.iter().map(|outcome| outcome.uploaded);
    assert_eq!(sent.sum::<usize>(), 1);
    peak
}

#[expect(clippy::disallowed_methods, reason = "tests write plain files")]
fn write_page(folder: &Path) {
    fs::create_dir(folder).expect("a folder");
    fs::write(folder.join("a.md"), "# Alpha\n\n[Film](film.bin)\n").expect("a file");
}

/// A file of a folder on this machine: a small one, and a large one in its place.
pub(crate) async fn of_a_folder() {
    let (sandbox, _, _) = site().await;
    let swallowing = Swallowing::before(&sandbox.cloud_url()).await;
    let (_, client) = client_at(&swallowing.url).await;
    let home = tempfile::tempdir().expect("a temporary folder");
    let folder = home.path().join("docs");
    write_page(&folder);
    let mut peaks = Vec::new();
    for megabytes in [1, 90] {
        write(&folder.join("film.bin"), megabytes);
        let cancel = CancellationToken::new();
        let prepared = plan(&client, &request(&folder), &|_| {}, &cancel).await;
        let prepared = prepared.unwrap_or_else(|error| panic!("{}", error.chain()));
        peaks.push(sent(&prepared, home.path()).await);
        assert_swallowed(&swallowing, megabytes);
    }
    println!("{peaks:?} bytes were held to send 1 and 90 megabytes of a folder");
    assert!(
        peaks[1] < HELD,
        "{peaks:?} bytes were held to send 1 and 90 megabytes"
    );
    swallowing.serving.abort();
}

/// A file of a repository at a host.
pub(crate) async fn of_a_host() {
    const MEGABYTES: usize = 90;
    let (base, serving) = host(MEGABYTES).await;
    let (sandbox, _, _) = site().await;
    let swallowing = Swallowing::before(&sandbox.cloud_url()).await;
    let (http, client) = client_at(&swallowing.url).await;
    let home = tempfile::tempdir().expect("a temporary folder");
    let peak = sent_from_a_host(&client, &base, &http, home.path()).await;
    assert_swallowed(&swallowing, MEGABYTES);
    println!("{peak} bytes were held to send {MEGABYTES} megabytes of a host");
    assert!(
        peak < HELD,
        "{peak} bytes were held to send {MEGABYTES} megabytes of a host"
    );
    serving.abort();
    swallowing.serving.abort();
}

async fn sent_from_a_host(client: &Client, base: &str, http: &Http, home: &Path) -> usize {
    let pinned = films(base, http, home).await;
    let cancel = CancellationToken::new();
    let request = request(Path::new(""));
    let prepared = plan_at(client, &request, &pinned, &|_| {}, &cancel).await;
    let prepared = prepared.unwrap_or_else(|error| panic!("{}", error.chain()));
    sent(&prepared, home).await
}

/// All of the file came, and once.
fn assert_swallowed(swallowing: &Swallowing, megabytes: usize) {
    let came = swallowing.swallowed.swap(0, Ordering::Relaxed);
    let size = megabytes as u64 * 1_000_000;
    assert!((size..size + 10_000).contains(&came), "{came} of {size}");
}
