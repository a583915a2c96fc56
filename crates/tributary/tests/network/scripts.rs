//! Proxies that a script chooses: through real ones, with scripts from a real server.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tributary::ErrorKind;
use tributary::account::Policy;
use tributary::doctor::{Check, Expected, State};
use tributary::network::{NetworkSettings, ProxyChoice, read_script};
use tributary::settings::Settings;
use tributary::store::{Paths, write_atomically};
use tributary_testbed::company::{Proxy, answer, serve_plainly};
use tributary_testbed::free_port;

use crate::doctor::steps;
use crate::reach::{Company, get};

const WIKI: &str = "https://wiki.acme.com/secret/page?token=secret";

/// A server of a script, which can be changed and is counted.
struct Scripts {
    port: u16,
    script: Arc<Mutex<Option<String>>>,
    asked: Arc<AtomicUsize>,
}

impl Scripts {
    fn with(script: &str) -> Self {
        let held = Arc::new(Mutex::new(Some(script.to_owned())));
        let asked: Arc<AtomicUsize> = Arc::default();
        let (script, count) = (Arc::clone(&held), Arc::clone(&asked));
        let port = serve_plainly(Arc::new(move |_: &str| {
            count.fetch_add(1, Ordering::Relaxed);
            match script.lock().expect("no panic").as_deref() {
                Some(script) => answer("200 OK", "", script),
                None => answer("503 Service Unavailable", "", ""),
            }
        }));
        Self {
            port,
            script: held,
            asked,
        }
    }

    fn become_now(&self, script: Option<&str>) {
        *self.script.lock().expect("no panic") = script.map(str::to_owned);
    }

    fn choice(&self) -> ProxyChoice {
        let address = format!("http://127.0.0.1:{}/proxy.pac", self.port);
        ProxyChoice::Script(read_script(&address).expect("an address"))
    }
}

/// A script that always answers so.
fn always(says: &str) -> String {
    format!("function FindProxyForURL(url, host) {{ return '{says}'; }}")
}

#[tokio::test(flavor = "multi_thread")]
async fn each_server_is_reached_as_the_script_says_and_it_is_asked_once() {
    let mut company = Company::new();
    let proxy = Proxy::to(company.serve("wiki.acme.com"), None);
    let local = company.serve("localhost");
    let scripts = Scripts::with(&format!(
        "function FindProxyForURL(url, host) {{
            if (url !== 'https://' + host + '/' && host !== 'localhost') throw new Error(url);
            if (dnsDomainIs(host, '.acme.com')) return 'PROXY 127.0.0.1:{}';
            return 'PROXY 127.0.0.1:1';
        }}",
        proxy.port
    ));
    company.settings.proxy = scripts.choice();
    let http = company.http();
    for _ in 0..2 {
        assert_eq!(get(&http, WIKI).await.expect("it answers"), "200 hello");
    }
    assert!(proxy.heads()[0].starts_with("CONNECT wiki.acme.com:443 "));
    assert_eq!(scripts.asked.load(Ordering::Relaxed), 1);
    // This machine is reached directly, whatever a script says.
    let address = format!("https://localhost:{local}/");
    assert_eq!(get(&http, &address).await.expect("it answers"), "200 hello");
    assert_eq!(proxy.heads().len(), 2, "one for each connection");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_leads_nowhere_is_passed_over_for_the_next() {
    let mut company = Company::new();
    let proxy = Proxy::to(company.serve("wiki.acme.com"), None);
    let refusing = Proxy::refusing();
    let says = format!(
        "PROXY 127.0.0.1:{}; PROXY 127.0.0.1:{}; PROXY 127.0.0.1:{}; DIRECT",
        free_port(),
        refusing.port,
        proxy.port
    );
    let scripts = Scripts::with(&always(&says));
    company.settings.proxy = scripts.choice();
    let http = company.http();
    assert_eq!(get(&http, WIKI).await.expect("it answers"), "200 hello");
    assert_eq!((refusing.heads().len(), proxy.heads().len()), (1, 1));
    // The one that worked is the first from now on.
    assert_eq!(get(&http, WIKI).await.expect("it answers"), "200 hello");
    assert_eq!(refusing.heads().len(), 1);

    // Where none leads anywhere, it is said after all were tried.
    let dead = [free_port(), free_port()].map(|port| format!("PROXY 127.0.0.1:{port}"));
    scripts.become_now(Some(&always(&dead.join(";"))));
    let error = get(&company.http(), WIKI).await.expect_err("nobody there");
    assert_eq!(error.kind(), ErrorKind::Offline);
    assert!(error.to_string().contains("through the proxy"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_asked_stops_the_request_and_nothing_goes_another_way() {
    let mut company = Company::new();
    let proxy = Proxy::to(company.serve("wiki.acme.com"), None);
    let scripts = Scripts::with("");
    company.settings.proxy = scripts.choice();
    for (script, kind, says) in [
        (None, ErrorKind::Offline, "the server says 503"),
        (
            Some("<html>Sign in</html>"),
            ErrorKind::InvalidInput,
            "fails: ",
        ),
        (
            Some("function FindProxyForURL() { throw new Error('closed on Sundays') }"),
            ErrorKind::InvalidInput,
            "closed on Sundays",
        ),
    ] {
        scripts.become_now(script);
        let error = get(&company.http(), WIKI).await.expect_err(says);
        assert_eq!(error.kind(), kind, "{error}");
        let chain = error.chain();
        assert!(
            chain.contains(says) && chain.contains("/proxy.pac"),
            "{chain}"
        );
        assert!(
            error.way_out().is_some() && !chain.contains("secret"),
            "{chain}"
        );
        // The doctor says that it is the proxy, and why, and goes no further.
        let steps = steps(&company, WIKI, Expected::Anything).await;
        assert_eq!(steps.len(), 1, "{steps:?}");
        assert_eq!(steps[0].check, Check::Proxy);
        assert!(matches!(steps[0].state, State::Failed(_)), "{steps:?}");
    }
    let too_long = format!("{}{}", always("DIRECT"), " ".repeat(1024 * 1024));
    scripts.become_now(Some(&too_long));
    let error = get(&company.http(), WIKI).await.expect_err("too long");
    assert!(error.to_string().contains("too long"), "{error}");
    // A client learns of a better one at its next request.
    scripts.become_now(None);
    let http = company.http();
    get(&http, WIKI).await.expect_err("no script");
    scripts.become_now(Some(&always(&format!("PROXY 127.0.0.1:{}", proxy.port))));
    assert_eq!(get(&http, WIKI).await.expect("it answers"), "200 hello");
    assert_eq!(proxy.heads().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_goes_the_way_that_the_script_says() {
    let mut company = Company::new();
    let proxy = Proxy::to(company.serve("wiki.acme.com"), None);
    let script = always(&format!("PROXY 127.0.0.1:{}; DIRECT", proxy.port));
    let file = company.put("proxy.pac", script.as_bytes());
    let address = read_script(&file.display().to_string()).expect("a file");
    assert_eq!(address.scheme(), "file");
    company.settings.proxy = ProxyChoice::Script(address);
    let steps = steps(&company, WIKI, Expected::Anything).await;
    let said = &steps[0].message;
    assert!(
        said.contains(&format!("through `127.0.0.1:{}`", proxy.port)),
        "{said}"
    );
    assert!(
        said.contains("as the script `file://") && said.ends_with("says"),
        "{said}"
    );
    let last = steps.last().expect("a step");
    assert!(last.is_fine(), "{steps:?}");
}

fn lead(mut socket: TcpStream, port: u16, names: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let read = |socket: &mut TcpStream, count: u8| {
        let mut bytes = vec![0; usize::from(count)];
        socket.read_exact(&mut bytes).map(|()| bytes)
    };
    let methods = read(&mut socket, 2)?[1];
    read(&mut socket, methods)?;
    socket.write_all(&[5, 0])?;
    let length = read(&mut socket, 5)?[4];
    let name = String::from_utf8(read(&mut socket, length)?).expect("a name");
    read(&mut socket, 2)?;
    names.lock().expect("no panic").push(name);
    socket.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 0])?;
    let server = TcpStream::connect(("127.0.0.1", port))?;
    let (mut up, mut onward) = (socket.try_clone()?, server.try_clone()?);
    std::thread::spawn(move || std::io::copy(&mut up, &mut onward));
    let (mut down, mut back) = (server, socket);
    std::thread::spawn(move || std::io::copy(&mut down, &mut back));
    Ok(())
}

/// A proxy of the kind SOCKS 5 (RFC 1928) that leads every name to a port of this machine.
fn socks(port: u16) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let own = listener.local_addr().expect("an address").port();
    let names: Arc<Mutex<Vec<String>>> = Arc::default();
    let heard = Arc::clone(&names);
    std::thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            // Who only looks whether somebody is there goes away again.
            lead(socket, port, &heard).ok();
        }
    });
    (own, names)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_of_the_kind_socks_looks_the_name_up_itself() {
    let mut company = Company::new();
    let (port, names) = socks(company.serve("wiki.acme.com"));
    let scripts = Scripts::with(&always(&format!("SOCKS5 127.0.0.1:{port}")));
    company.settings.proxy = scripts.choice();
    let answer = get(&company.http(), WIKI).await;
    assert_eq!(answer.expect("it answers"), "200 hello");
    assert_eq!(*names.lock().expect("no panic"), ["wiki.acme.com"]);
    let steps = steps(&company, WIKI, Expected::Anything).await;
    assert!(steps.last().expect("a step").is_fine(), "{steps:?}");
}

#[test]
fn a_script_is_kept_in_the_settings_and_the_policy_s_is_before_it() {
    let home = tempfile::tempdir().expect("a folder");
    let paths = Paths::below(home.path());
    let script = |address: &str| ProxyChoice::Script(read_script(address).expect("an address"));
    let mut settings = Settings::default();
    settings.network.proxy = script("http://pac.acme.com/proxy.pac");
    settings.save(&paths).expect("they are written");
    assert_eq!(
        Settings::load(&paths).expect("they are read").network,
        settings.network
    );
    let file = home.path().join("policy.json");
    let policy = |network: &serde_json::Value| {
        let policy = serde_json::json!({"version": 1, "network": network});
        write_atomically(&file, policy.to_string().as_bytes()).expect("it is written");
        Policy::load(&file)
    };
    let named = serde_json::json!({"proxy_script": "https://it.acme.com/proxy.pac"});
    let (found, is_by_policy) = policy(&named)
        .and_then(|policy| policy.network(&settings.network))
        .expect("a policy");
    assert!(is_by_policy);
    assert_eq!(found.proxy, script("https://it.acme.com/proxy.pac"));
    for wrong in [
        serde_json::json!({"proxy_script": "proxy.pac"}),
        serde_json::json!({"proxy_script": "http://pac.acme.com/", "proxy": "none"}),
    ] {
        let error = policy(&wrong).expect_err("no policy");
        assert_eq!(error.kind(), ErrorKind::Forbidden, "{wrong}");
    }
    for typed in [
        "",
        "proxy.pac",
        "ftp://acme.com/proxy.pac",
        "http://ada:canary@acme.com/x.pac",
    ] {
        let error = read_script(typed).expect_err(typed);
        assert!(!error.chain().contains("canary"), "{typed}");
    }
    assert_eq!(NetworkSettings::default().proxy, ProxyChoice::System);
}
