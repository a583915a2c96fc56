//! What is on this machine: what was kept of earlier runs, and what people and desktops put there.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use gix::bstr::ByteSlice;
use minisign::KeyPair;
use semver::Version;
use tempfile::TempDir;
use tributary::account::{fuzzing as account, known};
use tributary::audit::{Audit, Clock, Event, Filter, What};
use tributary::discreet::redact;
use tributary::hosts::Cache;
use tributary::network::{ManualProxy, Way, fuzzing, read_authorities, read_host, read_identity};
use tributary::preview::{Looks, OpenFiles, Preview};
use tributary::publish::{Repeat, Undone};
use tributary::store::Paths;
use tributary::updates::{Channel, Found, offered};
use tributary::vault::{Choice, Secret, Surroundings, Vaults};
use url::Url;

use crate::answers::folder;
use crate::common::{joined, parts, text, within_time};

/// A folder of this process.
fn home() -> &'static Path {
    static HOME: OnceLock<TempDir> = OnceLock::new();
    HOME.get_or_init(folder).path()
}

/// Writes a file of the fuzzer's own.
fn put(file: &Path, bytes: &[u8]) {
    let folder = file.parent().expect("it is in a folder");
    std::fs::create_dir_all(folder).expect("a folder of the fuzzer's own");
    std::fs::write(file, bytes).expect("a file of the fuzzer's own");
}

fn wiki() -> Url {
    Url::parse("https://wiki.acme.com/").expect("an address")
}

/// No way of a proxy has a secret in it, or leads to nowhere.
fn are_ways(ways: &[Way]) {
    assert!(!ways.is_empty() && ways.len() <= 16);
    for way in ways {
        if let Way::Via(url) = way {
            let schemes = ["http", "https", "socks4", "socks5h"];
            assert!(schemes.contains(&url.scheme()) && url.has_host(), "{url}");
            assert!(
                url.username().is_empty() && url.password().is_none(),
                "{url}"
            );
        }
    }
}

/// A script for proxies; or, behind a mark, what one answers, and what it asks of a text.
pub fn proxy_script(bytes: &[u8]) {
    let parts = parts(bytes);
    let script = match &parts[..] {
        [script] => script.clone(),
        parts => {
            let part = |at: usize| {
                let text = parts.get(at).cloned().unwrap_or_default();
                serde_json::to_string(&text).expect("a text")
            };
            format!(
                "function FindProxyForURL(url, host) {{ shExpMatch({1}, {2}); dnsDomainIs({1}, {2}); \
                 localHostOrDomainIs({1}, {2}); dnsDomainLevels({1}); isPlainHostName({1}); \
                 weekdayRange({1}, {2}); dateRange({1}, {2}); timeRange({1}, {2}); \
                 outside.isAddressIn({1}, {2}, {3}); return {0}; }}",
                part(0),
                part(1),
                part(2),
                part(3)
            )
        }
    };
    match fuzzing::script(&script, &wiki()) {
        Ok(ways) => are_ways(&ways),
        Err(why) => {
            assert!(!why.is_empty() && why.chars().count() < 4000, "{why}");
            assert!(!why.chars().any(char::is_control), "{why:?}");
        }
    }
}

pub fn proxy_script_seeds() -> Vec<Vec<u8>> {
    let scripts: [&[&str]; 4] = [
        &[
            "function FindProxyForURL(url, host) {\n if (isPlainHostName(host) || dnsDomainIs(host, '.acme.com')) return 'DIRECT';\n if (shExpMatch(url, '*.pdf') && isInNet(host, '10.0.0.0', '255.0.0.0')) return 'SOCKS5 a:1080';\n return 'PROXY p.acme.com:8080; DIRECT'; }",
        ],
        &[
            "function FindProxyForURLEx(url, host) { var m = {a: [1, 2]}; for (var i in m) { host += i; } return myIpAddressEx() + weekdayRange('MON', 'FRI') + sortIpAddressList('::1;10.0.0.1'); }",
        ],
        &[
            "PROXY a:1; HTTPS [::1]; SOCKS b ;DIRECT",
            "www.acme.com",
            "*.ac?e.*",
            "24",
        ],
        &["QUIC a:1;socks4 x:9", "10.1.2.3", "10.0.0.0", "255.0.0.0"],
    ];
    scripts.map(joined).to_vec()
}

/// What a desktop says of proxies; the first byte says which.
pub fn desktop(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else {
        return;
    };
    let said = within_time(rest.len(), || {
        fuzzing::desktop(&text(rest), first & 1 == 1, &wiki())
    });
    if let Some(ways) = said {
        are_ways(&ways);
    }
}

pub fn desktop_seeds() -> Vec<Vec<u8>> {
    vec![
        b"\0org.gnome.system.proxy mode 'manual'\norg.gnome.system.proxy ignore-hosts ['localhost', '*.a', '10.0.0.0/8']\norg.gnome.system.proxy use-same-proxy true\norg.gnome.system.proxy.http host 'proxy'\norg.gnome.system.proxy.http port 8080\norg.gnome.system.proxy.socks host 's'\norg.gnome.system.proxy.socks port 1080\n".to_vec(),
        b"\0org.gnome.system.proxy mode 'auto'\norg.gnome.system.proxy autoconfig-url 'http://a/p.pac'\n".to_vec(),
        b"\x01[Proxy Settings]\nProxyType=1\nhttpProxy=http://proxy 8080\nhttpsProxy[$i]=p:1\nsocksProxy=socks://s 1080\nNoProxyFor=localhost,.acme.com\nReversedException=false\n".to_vec(),
        b"\x01[Proxy Settings]\nProxyType=2\nProxy Config Script=/etc/p.pac\n".to_vec(),
    ]
}

/// What people type where a host, a proxy or a length of time is asked for.
pub fn typed(bytes: &[u8]) {
    let typed = text(bytes).into_owned();
    within_time(bytes.len(), || {
        if let Ok(url) = ManualProxy::read_address(&typed) {
            are_ways(&[Way::Via(url)]);
        }
        drop(tributary::network::read_script(&typed));
        if let Ok(host) = read_host(&typed) {
            assert_eq!(read_host(&host).ok().as_ref(), Some(&host));
        }
        match tributary::account::site_url(&typed) {
            Ok(url) => {
                let again = tributary::account::site_url(url.as_str());
                assert_eq!(again.ok().as_ref(), Some(&url));
            }
            Err(error) => {
                let told = error.chain();
                let secret = typed.split('@').next().filter(|before| before.len() > 12);
                let repeats = secret.is_some_and(|secret| told.contains(secret));
                assert!(!typed.contains('@') || !repeats, "{told}");
            }
        }
        drop(tributary::doctor::address(&typed));
        drop(Repeat::every(&typed));
        drop(Repeat::at(
            &typed.split(' ').map(str::to_owned).collect::<Vec<_>>(),
        ));
        drop(tributary::account::end_of_day(Some(&typed)));
        tributary::hosts::is_address(&typed);
    });
}

pub fn typed_seeds() -> Vec<Vec<u8>> {
    let seeds = [
        "https://acme.atlassian.net/wiki/spaces/DOC/pages/12/A",
        "proxy.acme.com:3128",
        "socks5h://ada@p:1080",
        "http://p/proxy.pac",
        "1h 30m",
        "06:30 18:00",
        "2026-12-31",
        "wiki.acme.com:8443",
        "[::1]:8090",
    ];
    seeds.map(|seed| seed.as_bytes().to_vec()).to_vec()
}

/// Certificates: of authorities, and of a person with the key.
pub fn certificates(bytes: &[u8]) {
    let file = home().join("authorities.pem");
    put(&file, bytes);
    drop(read_authorities(&file));
    drop(read_identity(bytes, None));
    let passphrase = Secret::new("passphrase".to_owned());
    if let Ok(identity) = read_identity(bytes, Some(&passphrase)) {
        assert!(!identity.subject.chars().any(char::is_control));
    }
}

pub fn certificates_seeds() -> Vec<Vec<u8>> {
    let made = tributary_testbed::company::Authority::new("Acme");
    let vouched = made.vouch("ada");
    vec![made.pem().into_bytes(), vouched.pem.into_bytes()]
}

/// What a server says of the latest version. The first part is signed here with the key; where
/// there is a second, that is the signature instead.
pub fn update(bytes: &[u8]) {
    static KEYS: OnceLock<(KeyPair, Channel)> = OnceLock::new();
    let (keys, channel) = KEYS.get_or_init(|| {
        let keys = KeyPair::generate_unencrypted_keypair().expect("a key");
        let address = "https://downloads.acme.com/latest.json";
        let channel = Channel::read(address, &keys.pk.to_base64());
        (keys, channel.expect("a channel"))
    });
    let (description, signature) = match bytes.find_byte(crate::common::BETWEEN) {
        Some(at) => (&bytes[..at], bytes[at + 1..].to_vec()),
        None => {
            let signed = minisign::sign(Some(&keys.pk), &keys.sk, bytes, None, None);
            (
                bytes,
                signed.expect("it is signed").into_string().into_bytes(),
            )
        }
    };
    let than = Version::new(1, 0, 0);
    let found = within_time(bytes.len(), || {
        offered(channel, description, &signature, &than).ok()
    });
    if let Some(Found::Newer(offer)) = found {
        assert!(description.len() == bytes.len(), "nobody signed that");
        assert!(*offer.version() > than);
        assert!(offer.page().is_none_or(|page| page.scheme() == "https"));
    }
    drop(Channel::read("https://a/", &text(description)));
}

pub fn update_seeds() -> Vec<Vec<u8>> {
    let described = r#"{"version":"1.2.3-rc.1+b","notes":"Faster.","page":"https://a/","artifacts":{"linux-x86_64-appimage":{"url":"a.AppImage","size":9,"sha256":"00"}}}"#;
    let signature = "untrusted comment: signature\nRUQf6LRCGA9i559r3g7V1qNyJDApGip8MfqcadIgT9CuhV3EMhHoN1mGTkUidF/z7SrlQgXdy8ofjb7bNJJylDOocrCo8KLzZwo=\ntrusted comment: timestamp:1\nwLAU5vXPqZ4K/rUHpzqYjW8f2dTNmkpIEPnXWVFvCGsZGvYkuUUfvhKLk8xvVqDgUH+qBgVOJnOzVUYfJN4OBw==\n";
    vec![
        described.as_bytes().to_vec(),
        joined(&[described, signature]),
        b"untrusted comment: minisign public key\nRWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3\n".to_vec(),
    ]
}

/// Languages and themes of a person's own: the first byte says which the file is. Something is shown
/// with it.
pub fn own_looks(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else {
        return;
    };
    let folder = home().join("looks");
    let (name, other) = match first & 1 {
        0 => ("Mine.tmTheme", "mine.sublime-syntax"),
        _ => ("mine.sublime-syntax", "Mine.tmTheme"),
    };
    put(&folder.join(name), rest);
    std::fs::remove_file(folder.join(other)).ok();
    let (looks, unusable) = Looks::with_folder(&folder);
    for file in &unusable {
        assert!(!file.why.is_empty() && !file.why.chars().any(char::is_control));
    }
    let ours = "fn main() {\n    let a = \"b\"; // c\n}\n{{ x }} [y] <z>\n";
    let files = OpenFiles::new(looks.clone(), || {});
    for (path, theme) in [
        ("a.mine", looks.named("Mine")),
        ("a.rs", looks.named("Mine")),
    ] {
        let file = files.open("here", path, ours.as_bytes().to_vec());
        let theme = theme.unwrap_or(tributary::preview::HighlightTheme::Dark);
        let Preview::Text(shown) = file.rows(0..9, theme) else {
            panic!("it is text");
        };
        let letters = shown.lines.iter().flatten().map(|span| span.text.as_str());
        let letters: String = letters.collect();
        assert_eq!(
            letters,
            ours.replace('\n', ""),
            "a color takes no letter away"
        );
        for style in &shown.palette {
            let colors = format!("{style:?}{}", shown.background);
            assert!(!colors.contains("url("), "{colors}");
        }
    }
}

pub fn own_looks_seeds() -> Vec<Vec<u8>> {
    let theme = r##"<?xml version="1.0"?><plist version="1.0"><dict><key>name</key><string>Mine</string><key>settings</key><array>
<dict><key>settings</key><dict><key>background</key><string>#102030</string><key>foreground</key><string>#fff</string></dict></dict>
<dict><key>scope</key><string>comment, string.quoted - x</string><key>settings</key><dict><key>fontStyle</key><string>italic bold</string><key>foreground</key><string>#ff00ff80</string></dict></dict>
</array></dict></plist>"##;
    let syntax = "%YAML 1.2\n---\nname: Mine\nfile_extensions: [mine]\nscope: source.mine\nvariables:\n  id: '[a-z]+'\ncontexts:\n  main:\n    - match: '\\b(fn|let)\\s+({{id}})'\n      captures:\n        1: keyword.mine\n    - match: '\"'\n      push: text\n    - include: more\n  text:\n    - meta_scope: string.mine\n    - match: '\\\\.'\n      scope: constant.mine\n    - match: '\"'\n      pop: true\n  more:\n    - match: //\n      push:\n        - meta_include_prototype: false\n        - match: $\n          pop: true\n";
    vec![
        [b"\0", theme.as_bytes()].concat(),
        [b"\x01", syntax.as_bytes()].concat(),
    ]
}

/// A log of the audit with three records, and the folder that it is in.
pub(crate) fn audit_of_three() -> (Audit, TempDir) {
    let home = folder();
    let audit = Audit::open(&Paths::below(home.path()), None, Clock::of_system());
    for records in 0..3 {
        let event = Event::new(What::Verified {
            records,
            first_bad: None,
        });
        audit.record(event).expect("it is recorded");
    }
    audit.settle().expect("it is written");
    (audit, home)
}

struct Log {
    audit: Audit,
    file: PathBuf,
    plain: Vec<u8>,
    _home: TempDir,
}

fn log() -> &'static Log {
    static LOG: OnceLock<Log> = OnceLock::new();
    LOG.get_or_init(|| {
        let (audit, home) = audit_of_three();
        let files = std::fs::read_dir(audit.folder()).expect("there is a log");
        let mut names = files.flatten().map(|file| file.path());
        let file = names.find(|path| path.extension().is_some_and(|ending| ending == "jsonl"));
        let file = file.expect("there is a log");
        let plain = std::fs::read(&file).expect("readable");
        Log {
            audit,
            file,
            plain,
            _home: home,
        }
    })
}

/// A log of the audit that somebody changed: it is read, verified, and gone on with.
pub fn audit_log(bytes: &[u8]) {
    let log = log();
    let earlier = std::fs::read_dir(log.audit.folder()).into_iter().flatten();
    for file in earlier.flatten() {
        std::fs::remove_file(file.path()).ok();
    }
    put(&log.file, bytes);
    let found = within_time(bytes.len(), || log.audit.verify()).expect("readable");
    found.in_words();
    let lines = bytes.split(|byte| *byte == b'\n').count();
    assert!(usize::try_from(found.records).is_ok_and(|records| records <= lines));
    drop(log.audit.entries(&Filter::default()));
    let event = Event::new(What::Verified {
        records: 0,
        first_bad: None,
    });
    drop(log.audit.note(event));
    drop(log.audit.settle());
}

pub fn audit_log_seeds() -> Vec<Vec<u8>> {
    let plain = &log().plain;
    vec![plain.clone(), plain[..plain.len() - 9].to_vec()]
}

/// What was kept of accounts, vaults and reports; the first byte says which file it is.
pub fn kept_files(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else {
        return;
    };
    let paths = Paths::below(home());
    match first % 6 {
        0 => {
            put(&paths.data.join("accounts.json"), rest);
            if let Ok(accounts) = known(&paths) {
                for account in accounts {
                    account.host();
                }
            }
        }
        1 => {
            account::grant(&text(rest));
        }
        2 => drop(Undone::read(rest)),
        3 => {
            put(&paths.data.join("vault.json"), rest);
            let surroundings = Surroundings::of_system();
            Vaults::open_in(&paths, surroundings).chosen();
        }
        4 => {
            // Answers of hosts; a damaged file costs requests, and no more.
            let folder = home().join("cache");
            std::fs::remove_dir_all(&folder).ok();
            put(&folder.join("hosts.sqlite"), rest);
            Cache::open(&folder, 1 << 20).expect("a damaged one is replaced");
        }
        _ => {
            put(
                &paths.data.join("vault.json"),
                br#"{"format":"tributary.vault/1","kept_in":"passphrase"}"#,
            );
            put(&paths.data.join("vault").join("key.json"), rest);
            let vaults = Vaults::open_in(&paths, Surroundings::of_system());
            vaults.state();
        }
    }
}

pub fn kept_files_seeds() -> Vec<Vec<u8>> {
    let mut seeds = vec![
        b"\0{\"format\":\"tributary.accounts/1\",\"accounts\":[{\"id\":\"a\",\"provider\":\"github\",\"base\":\"https://github.com\",\"name\":\"ada\",\"identity\":{\"id\":\"1\",\"name\":\"Ada\"}}],\"preferred\":{},\"modes\":{}}".to_vec(),
        b"\x01{\"access\":\"t\",\"refresh\":\"r\",\"client_secret\":null,\"obtained\":\"2026-11-28T00:00:00Z\",\"lives\":3600}".to_vec(),
    ];
    let kept = folder();
    drop(Cache::open(kept.path(), 1 << 20));
    let file = std::fs::read(kept.path().join("hosts.sqlite")).unwrap_or_default();
    seeds.push([b"\x04", &file[..]].concat());
    // A vault as this version makes it.
    let made = folder();
    let paths = Paths::below(made.path());
    let vaults = Vaults::open_in(&paths, Surroundings::of_system());
    let passphrase = Secret::new("a long passphrase".to_owned());
    drop(vaults.choose(
        Choice::Passphrase(&passphrase),
        &[],
        tributary::vault::Unreadable::LeaveBehind,
    ));
    let mut files = Vec::new();
    crate::repositories::find(made.path(), &mut files);
    for (path, bytes) in files {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let kind = if name == "vault.json" { 3 } else { 5 };
        seeds.push([&[kind], &bytes[..]].concat());
    }
    seeds.push(b"\x02{\"schema\":\"tributary.report/1\",\"site\":\"https://a/wiki\",\"space\":\"DOC\",\"source\":{\"repository\":\"r\",\"ref\":\"main\",\"commit\":\"c\"},\"outcomes\":[{\"page_id\":\"1\",\"source\":\"a.md\",\"title\":\"A\",\"outcome\":\"updated\",\"version\":2,\"attachments\":{\"uploaded\":1},\"restricted\":true,\"format\":\"adf\"}]}".to_vec());
    seeds
}

/// What secrets are taken out of before it is kept or shown.
pub fn records(bytes: &[u8]) {
    const TOKEN: &str = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
    let parts = parts(bytes);
    let mut told = parts.join(TOKEN);
    let size = told.len();
    within_time(size, || {
        let mut once = told.clone();
        redact(&mut once);
    });
    redact(&mut told);
    let mut again = told.clone();
    redact(&mut again);
    assert_eq!(again, told, "what was taken out stays out");
    assert!(!told.contains(TOKEN), "{told}");
}

pub fn records_seeds() -> Vec<Vec<u8>> {
    vec![
        joined(&[
            "token ",
            " and https://ada:secret@acme.com/?access_token=abc&x=1",
        ]),
        b"Authorization: Bearer abc.def.ghi\n{\"password\":\"x\",\"client_secret\":\"y\"}".to_vec(),
        b"-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\nATATT3xFfGF0abc=12345678"
            .to_vec(),
    ]
}

/// What somebody looks for among names.
pub fn names(bytes: &[u8]) {
    let parts = parts(bytes);
    let (words, names) = parts.split_first().expect("a split gives one part");
    let paths = tributary::browse::Paths::new(names.iter().map(String::as_str));
    let found = within_time(bytes.len().max(1024), || paths.find(words, 3));
    assert!(found.best.len() <= 3 && found.best.len() <= found.fitting);
    assert!(found.fitting <= names.len());
    for hit in &found.best {
        let name = &names[hit.number];
        let letters = name.chars().count();
        for (first, end) in &hit.ranges {
            assert!(
                first < end && *end as usize <= letters,
                "{hit:?} of {name:?}"
            );
        }
    }
}

pub fn names_seeds() -> Vec<Vec<u8>> {
    vec![
        joined(&[
            "rdme",
            "README.md",
            "docs/größe.md",
            "a/b/c.rs",
            "e\u{301}t\u{e9}.txt",
        ]),
        joined(&["GROSSE x", "docs/Größe x.md", "\u{1f600}", "ﬁ/İ"]),
    ]
}
