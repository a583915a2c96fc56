//! How servers are reached, and what the doctor says when they are not.

use std::sync::Arc;

use serde_json::Value;
use tributary_testbed::company::{Authority, Proxy, answer, serve_plainly, serve_secured};
use tributary_testbed::free_port;

use crate::signin::Person;
use crate::stand::{Ran, Stand};

const PASSWORD: &str = "open sesame";

/// The steps that failed at servers, with their words.
fn failed(told: &Ran) -> Vec<(String, String)> {
    let found: Value = told.json();
    let findings = found["findings"].as_array().expect("a list");
    let failed = findings
        .iter()
        .filter(|finding| finding["state"] == "failed" && !finding["subject"].is_null());
    failed
        .map(|finding| {
            assert!(finding["remedy"].is_string(), "{finding}");
            let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
            (text("step"), text("message"))
        })
        .collect()
}

#[test]
fn a_company_s_proxy_authority_and_certificate_are_set_once_and_used() {
    let person = Person::new(&[("a.md", "# Alpha\n")]);
    let (company, people) = (
        Authority::new("Acme Authority"),
        Authority::new("Acme People"),
    );
    let hello = Arc::new(|_: &str| answer("200 OK", "", "hello"));
    let port = serve_secured(&company.vouch("wiki.acme.com"), Some(&people), hello);
    let proxy = Proxy::to(port, Some("Basic YWRhOm9wZW4gc2VzYW1l"));
    person.stand.put("acme.pem", company.pem());
    let ada = people.vouch("ada");
    person.stand.put("ada.pem", &ada.pem);
    let doctor = ["doctor", "--url", "https://wiki.acme.com/", "--json"];

    let address = proxy.address();
    person
        .run(&[
            "network",
            "proxy",
            &address,
            "--user",
            "ada",
            "--except",
            "*.intern.acme.com",
        ])
        .ended(0);
    // What is missing is said, and nothing goes another way instead.
    let told = person.run(&doctor).ended(2);
    assert!(
        told.stdout.contains("The password for the proxy"),
        "{told:?}"
    );
    person
        .run(&["health"])
        .ended(3)
        .says(&["tributary network password"]);
    person
        .with_input(&["network", "password", "--stdin"], PASSWORD)
        .ended(0);
    let told = person.run(&doctor).ended(4);
    let steps = failed(&told);
    assert_eq!(steps[0].0, "tls", "{steps:?}");
    assert!(steps[0].1.contains("CN=Acme Authority"), "{steps:?}");

    person.run(&["network", "trust", "acme.pem"]).ended(0);
    let told = person.run(&doctor).ended(4);
    let steps = failed(&told);
    assert!(
        steps[0].1.contains("wants to be shown a certificate"),
        "{steps:?}"
    );
    person
        .run(&["network", "certificate", "wiki.acme.com", "ada.pem"])
        .ended(0)
        .says(&["CN=ada"]);
    std::fs::remove_file(person.stand.docs().join("ada.pem")).expect("it is not needed any more");
    let told = person.run(&doctor).ended(0);
    assert_eq!(failed(&told), []);
    let shown = person.json(&["network"]);
    assert_eq!(shown["proxy_user"], "ada");
    assert_eq!(shown["client_certificates"][0], "wiki.acme.com");

    let diagnostics = person.run(&["doctor", "--diagnostics", "--url", "https://wiki.acme.com/"]);
    assert!(
        diagnostics
            .stdout
            .contains("client certificates: wiki.acme.com"),
        "{diagnostics:?}"
    );
    let key = ada.pem.lines().rev().nth(1).expect("a line of the key");
    person
        .stand
        .is_silent_about(&[&told, &diagnostics], &[PASSWORD, "YWRhOm9wZW4", key]);

    // Secrets go along to another place.
    person.run(&["network", "forget", "wiki.acme.com"]).ended(0);
    let told = person.run(&doctor).ended(4);
    assert!(failed(&told)[0].1.contains("wants to be shown"), "{told:?}");
    person
        .run(&["network", "trust", "acme.pem", "--remove"])
        .ended(0);
    person.run(&["network", "proxy", "none"]).ended(0);
    let told = person.run(&doctor).ended(4);
    assert_eq!(failed(&told)[0].0, "name");
}

/// Whatever a command does with an account, it asks through the proxy.
#[test]
fn an_account_is_used_through_the_proxy_by_every_command_that_opens_accounts() {
    let person = Person::new(&[("a.md", "# Alpha\n")]);
    let company = Authority::new("Acme Authority");
    let ada = r#"{"type":"known","username":"ada","userKey":"1","displayName":"Ada"}"#;
    let says = Arc::new(move |_: &str| answer("200 OK", "content-type: application/json\r\n", ada));
    let proxy = Proxy::to(
        serve_secured(&company.vouch("wiki.acme.com"), None, says),
        None,
    );
    person.stand.put("acme.pem", company.pem());
    person.run(&["network", "trust", "acme.pem"]).ended(0);
    person.run(&["network", "proxy", &proxy.address()]).ended(0);
    let site = "https://wiki.acme.com/wiki";
    let login = ["login", "confluence-data-center", "--host", site];
    let login = [&login[..], &["--token-stdin"]].concat();
    person.with_input(&login, "pat-of-ada\n").ended(0);
    let place = ["--site", site, "--space", "DOCS"];
    for command in ["plan", "status", "pull", "health"] {
        let before = proxy.heads().len();
        let arguments = match command {
            "health" => vec![command],
            "status" => [&[command][..], &place].concat(),
            _ => [&[command, "."][..], &place].concat(),
        };
        // This server knows no more than who somebody is; that it was asked is what counts.
        let told = person.run(&arguments);
        let heads = proxy.heads();
        assert!(heads.len() > before, "{command} went past it: {told:?}");
        let asked = heads.iter().all(|head| head.contains("wiki.acme.com:443"));
        assert!(asked, "{heads:?}");
    }
}

/// Somebody's desktop says it where nobody and no variable does: GNOME's by its own program, KDE's in
/// its file.
#[cfg(target_os = "linux")]
#[test]
fn what_the_desktop_says_is_used_where_no_variable_says_otherwise() {
    let person = Person::new(&[("a.md", "# Alpha\n")]);
    let company = Authority::new("Acme Authority");
    let hello = Arc::new(|_: &str| answer("200 OK", "", "hello"));
    let port = serve_secured(&company.vouch("wiki.acme.com"), None, hello);
    let proxy = Proxy::to(port, None);
    let script = format!(
        "function FindProxyForURL(url, host) {{ return 'PROXY 127.0.0.1:{}' }}",
        proxy.port
    );
    let scripts = serve_plainly(Arc::new(move |_: &str| answer("200 OK", "", &script)));
    person.stand.put("acme.pem", company.pem());
    person.run(&["network", "trust", "acme.pem"]).ended(0);
    let doctor = ["doctor", "--url", "https://wiki.acme.com/", "--json"];
    let home = person.stand.docs().join("desktop");
    let keyfile = "desktop/glib-2.0/settings/keyfile";
    let port = proxy.port;
    let manual = format!(
        "mode='manual'\nignore-hosts=['localhost']\n[system/proxy/https]\nhost='127.0.0.1'\nport={port}\n"
    );
    let auto = format!("mode='auto'\nautoconfig-url='http://127.0.0.1:{scripts}/proxy.pac'\n");
    let kde = format!("[Proxy Settings]\nProxyType=1\nhttpsProxy=http://127.0.0.1 {port}\n");
    for (desktop, file, text, says) in [
        (
            "ubuntu:GNOME",
            keyfile,
            format!("[system/proxy]\n{manual}"),
            "as the desktop's settings say",
        ),
        (
            "GNOME",
            keyfile,
            format!("[system/proxy]\n{auto}"),
            "/proxy.pac` says",
        ),
        (
            "KDE",
            "desktop/kioslaverc",
            kde,
            "as the desktop's settings say",
        ),
    ] {
        person.stand.put(file, &text);
        let variables = [
            ("XDG_CURRENT_DESKTOP", desktop),
            ("XDG_CONFIG_HOME", home.to_str().expect("text")),
            ("GSETTINGS_BACKEND", "keyfile"),
        ];
        let before = proxy.heads().len();
        let told = person.run_where(&doctor, &variables).ended(0);
        assert!(told.stdout.contains(says), "{desktop}: {told:?}");
        assert!(proxy.heads().len() > before, "{desktop}: {told:?}");
        // A variable says otherwise.
        let before = proxy.heads().len();
        let elsewhere = [&variables[..], &[("HTTPS_PROXY", "http://127.0.0.1:1")]].concat();
        let told = person.run_where(&doctor, &elsewhere).ended(4);
        assert!(
            told.stdout.contains("as the system says"),
            "{desktop}: {told:?}"
        );
        assert_eq!(proxy.heads().len(), before);
    }
}

#[test]
fn a_script_is_chosen_by_its_address() {
    let stand = Stand::new(&[("a.md", "# Alpha\n")]);
    stand
        .run(&["network", "proxy", "http://acme.com/proxy.pac"])
        .ended(0)
        .says(&["The script chooses the proxy"]);
    let shown = stand.run(&["network"]).ended(0);
    shown.says(&["Proxy: as the script says: http://acme.com/proxy.pac"]);
    stand
        .run(&["network", "proxy", "http://acme.com/wpad.dat", "--script"])
        .ended(0);
    let shown = stand.run(&["network", "--json"]).ended(0);
    assert_eq!(shown.json()["proxy_is_script"], true);
    stand.run(&["network", "proxy", "system"]).ended(0);
}

#[test]
fn what_is_no_proxy_or_certificate_is_refused() {
    let stand = Stand::new(&[("a.md", "# Alpha\n")]);
    for (arguments, says) in [
        (
            &["network", "proxy", "ftp://acme.com/proxy.pac"][..],
            "not the address of a script",
        ),
        (
            &["network", "proxy", "http://ada:canary0815@acme.com"],
            "a user or a password",
        ),
        (
            &["network", "proxy", "ftp://acme.com"],
            "not the address of a proxy",
        ),
        (
            &["network", "proxy", "system", "--user", "ada"],
            "belong to a proxy",
        ),
        (&["network", "password", "--stdin"], "No proxy with a user"),
        (&["network", "trust", "a.md"], "holds no certificate"),
        (&["network", "trust", "a.md", "--remove"], "is not trusted"),
        (
            &["network", "certificate", "wiki.acme.com", "a.md"],
            "passphrase",
        ),
        (
            &["network", "certificate", "wiki.acme.com", "b.md"],
            "no file",
        ),
        (
            &["doctor", "--url", "ftp://acme.com"],
            "not the address of a server",
        ),
    ] {
        let told = stand.run(arguments).ended(2);
        assert!(told.stderr.contains(says), "{arguments:?}: {told:?}");
        assert!(!format!("{told:?}").contains("canary0815"), "{told:?}");
    }
    assert!(!stand.home().join("config/settings.toml").exists());
}

#[test]
fn the_doctor_tells_a_closed_port_from_a_page_of_the_network_and_a_proxy() {
    let stand = Stand::new(&[]);
    let site = |url: &str| {
        let settings = format!("version = 1\n[[sites]]\nurl = \"{url}\"\nflavor = \"cloud\"\n");
        let file = stand.home().join("config/settings.toml");
        tributary::store::write_atomically(&file, settings.as_bytes()).expect("ours");
        stand.run(&["doctor", "--json"])
    };
    let told = site(&format!("http://127.0.0.1:{}/wiki", free_port())).ended(4);
    assert_eq!(failed(&told)[0].0, "connect");
    let portal = serve_plainly(Arc::new(|_| {
        answer("200 OK", "content-type: text/html\r\n", "<h1>Guests</h1>")
    }));
    let told = site(&format!("http://127.0.0.1:{portal}/wiki")).ended(4);
    assert_eq!(failed(&told)[0].0, "api");
    // The server is well, and nobody is signed in.
    let told = site(&stand.sandbox().cloud_url()).ended(3);
    assert_eq!(failed(&told)[0].0, "sign-in");

    // The proxy of the environment, with a password that is told to nobody.
    let refusing = Proxy::refusing();
    let through = refusing
        .address()
        .replace("http://", "http://ada:canary0815@");
    let mut command = stand.command(&["doctor", "--json", "--url", "https://wiki.acme.com/"]);
    command.env("HTTPS_PROXY", through);
    let told = crate::stand::ran(command.output()).ended(4);
    let steps = failed(&told);
    assert!(
        steps[0]
            .1
            .contains("refuses to lead to `wiki.acme.com:443`: 403"),
        "{steps:?}"
    );
    assert!(!format!("{told:?}").contains("canary0815"), "{told:?}");
    assert!(
        refusing.heads()[0]
            .to_lowercase()
            .contains("proxy-authorization")
    );
}
