use std::sync::Arc;
use std::time::Duration;

use tributary::ErrorKind;
use tributary::doctor::{Check, Expected, State, Step, server};
use tributary::http::Http;
use tributary::vault::Secret;
use tributary_sandbox::Options;
use tributary_testbed::company::{Authority, Proxy, answer, serve_plainly, serve_secured};
use tributary_testbed::free_port;

use crate::reach::{Company, greeting};

pub(crate) async fn steps(company: &Company, address: &str, expected: Expected) -> Vec<Step> {
    let network = company.network().expect("it fits");
    let http = Http::over(network, Duration::from_secs(20)).expect("a client");
    let url = address.parse().expect("an address");
    let mut steps = Vec::new();
    let reached = server(&http, &url, expected, &mut |step| steps.push(step)).await;
    let all_fine = steps.iter().all(Step::is_fine);
    assert_eq!(reached, all_fine, "{steps:?}");
    steps
}

/// The steps that were gone, and the words of the last.
fn gone(steps: &[Step]) -> (Vec<Check>, &str) {
    let last = steps.last().expect("there is one");
    let checks = steps.iter().map(|step| step.check).collect();
    (checks, last.message.as_str())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_step_that_fails_is_said_and_none_behind_it() {
    let company = Company::new();
    let closed = free_port();
    let ended = company.authority.vouch_until("localhost", 2001);
    let ended = serve_secured(&ended, None, greeting());
    let other = company.serve("wiki.acme.com");
    let unknown = Authority::new("Stranger").vouch("localhost");
    let unknown = serve_secured(&unknown, None, greeting());
    let plain = serve_plainly(greeting());
    let there = [Check::Proxy, Check::Name, Check::Connect];
    for (address, behind, says) in [
        (
            "https://wiki.acme.invalid/".to_owned(),
            &there[..2],
            "`wiki.acme.invalid` has no address",
        ),
        (
            format!("https://localhost:{closed}/"),
            &there[..],
            "nobody listens at port",
        ),
        (
            format!("https://localhost:{ended}/"),
            &[],
            "CN=Acme Authority and ended 2001-01-01",
        ),
        (
            format!("https://localhost:{other}/"),
            &[],
            "is another server's",
        ),
        (
            format!("https://localhost:{unknown}/"),
            &[],
            "by CN=Stranger and ends 2096",
        ),
        (
            format!("https://localhost:{plain}/"),
            &[],
            "does not speak TLS",
        ),
    ] {
        let found = steps(&company, &address, Expected::Anything).await;
        let (checks, message) = gone(&found);
        let with_tls = [&there[..], &[Check::Tls]].concat();
        let expected = if behind.is_empty() { &with_tls } else { behind };
        assert_eq!(checks, expected, "{address}: {found:?}");
        assert!(message.contains(says), "{message}");
        let last = found.last().expect("it failed");
        assert_eq!(last.state, State::Failed(ErrorKind::Offline));
        assert!(last.remedy.is_some(), "{last:?}");
        assert_eq!(last.subject.as_deref(), Some(address.as_str()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_is_well_at_the_sandbox_through_a_proxy_and_behind_tls() {
    let mut company = Company::new();
    let options = Options {
        port: 0,
        data: None,
        seed: None,
    };
    let sandbox = tributary_sandbox::start(options).await.expect("a port");
    let url = sandbox.cloud_url();
    let expected = Expected::Confluence(None);
    let found = steps(&company, &url, expected).await;
    let (checks, last) = gone(&found);
    let usual = [
        Check::Proxy,
        Check::Name,
        Check::Connect,
        Check::Http,
        Check::Api,
    ];
    let without_clock: Vec<Check> = checks
        .into_iter()
        .filter(|check| *check != Check::Clock)
        .collect();
    assert_eq!(without_clock, usual, "{found:?}");
    assert_eq!(last, "Confluence Cloud, version 2");
    let found = steps(&company, &sandbox.data_center_url(), expected).await;
    assert_eq!(gone(&found).1, "Confluence Data Center, version 1");

    let port = company.serve("wiki.acme.com");
    let proxy = Proxy::to(port, Some("Basic YWRhOm9wZW4gc2VzYW1l"));
    company.through(&proxy.address(), Some("ada"), &[]);
    let tributary::network::ProxyChoice::Manual(named) = &company.settings.proxy else {
        panic!("it is named");
    };
    let name = tributary::network::password_name(named).expect("a user");
    company
        .vault
        .put(&name, &Secret::new("open sesame".to_owned()))
        .expect("kept");
    let found = steps(&company, "https://wiki.acme.com/", Expected::Anything).await;
    let (checks, _) = gone(&found);
    let through = [
        Check::Proxy,
        Check::Name,
        Check::Connect,
        Check::Proxy,
        Check::Tls,
        Check::Http,
    ];
    assert_eq!(checks, through, "{found:?}");
    assert!(found[0].message.ends_with("as you chose"), "{found:?}");
    let text = format!("{found:?}");
    assert!(!text.contains("sesame") && !text.contains("YWRh"), "{text}");

    company
        .vault
        .put(&name, &Secret::new("wrong".to_owned()))
        .expect("kept");
    let found = steps(&company, "https://wiki.acme.com/", Expected::Anything).await;
    assert!(
        gone(&found).1.contains("does not accept what it was told"),
        "{found:?}"
    );
    let refusing = Proxy::refusing();
    company.through(&refusing.address(), None, &[]);
    let found = steps(&company, "https://wiki.acme.com/", Expected::Anything).await;
    assert!(
        gone(&found)
            .1
            .contains("refuses to lead to `wiki.acme.com:443`: 403"),
        "{found:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_to_sign_in_at_is_no_confluence_and_a_wrong_clock_is_said() {
    let company = Company::new();
    let portal = serve_plainly(Arc::new(|_| {
        answer(
            "200 OK",
            "content-type: text/html\r\n",
            "<h1>Welcome to our guest network</h1>",
        )
    }));
    let address = format!("http://127.0.0.1:{portal}/wiki");
    let found = steps(&company, &address, Expected::Confluence(None)).await;
    let (checks, message) = gone(&found);
    assert_eq!(checks.last(), Some(&Check::Api));
    assert!(message.contains("a web page answers"), "{message}");
    assert_eq!(
        found.last().map(|step| step.state),
        Some(State::Failed(ErrorKind::Offline))
    );

    let leading = serve_plainly(Arc::new(|_| {
        answer(
            "302 Found",
            "location: http://portal.example/?token=canary0815\r\n",
            "",
        )
    }));
    let found = steps(
        &company,
        &format!("http://127.0.0.1:{leading}/"),
        Expected::Anything,
    )
    .await;
    let last = found.last().expect("it answers");
    assert_eq!(last.state, State::Notice);
    assert!(last.message.contains("to `portal.example`"), "{last:?}");
    assert!(!format!("{found:?}").contains("canary"), "{found:?}");

    let earlier = serve_plainly(Arc::new(|_| {
        answer("200 OK", "date: Sun, 06 Nov 1994 08:49:37 GMT\r\n", "")
    }));
    let url = format!("http://ada:canary@127.0.0.1:{earlier}/?token=canary");
    let network = company.network().expect("it fits");
    let http = Http::over(network, Duration::from_secs(20)).expect("a client");
    let mut found = Vec::new();
    let url = url.parse().expect("an address");
    server(&http, &url, Expected::Anything, &mut |step| {
        found.push(step);
    })
    .await;
    let (checks, message) = gone(&found);
    assert_eq!(checks.last(), Some(&Check::Clock));
    assert!(
        message.contains("minutes ahead of the server's"),
        "{message}"
    );
    assert!(!format!("{found:?}").contains("canary"), "{found:?}");
}
