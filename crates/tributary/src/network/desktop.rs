//! What the desktop says about proxies, on Linux: the settings of GNOME and of those that share them,
//! and those of KDE. They are read when something is sent for the first time, not at the start.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use url::Url;

use super::is_among;
use super::pac::Way;

/// What the environment names a proxy with. Where one of them is set, the desktop is not asked, as
/// `curl` does it and everything that follows its usage.
const VARIABLES: [&str; 6] = [
    "http_proxy",
    "HTTP_PROXY",
    "https_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "ALL_PROXY",
];
/// The desktops that keep GNOME's settings, as `XDG_CURRENT_DESKTOP` names them.
const LIKE_GNOME: [&str; 7] = [
    "GNOME",
    "Unity",
    "X-Cinnamon",
    "Budgie",
    "Pantheon",
    "MATE",
    "COSMIC",
];

/// What a desktop says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "there is one of it")]
pub(super) enum Said {
    /// Nothing, or that there is no proxy.
    Nothing,
    /// These proxies.
    Named(Named),
    /// That a script says it.
    Script(Url),
}

/// The proxies that a desktop names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Named {
    http: Option<Url>,
    https: Option<Url>,
    socks: Option<Url>,
    exceptions: String,
    /// Whether the exceptions are what alone goes through a proxy.
    is_reversed: bool,
}

impl Named {
    /// How to reach an address.
    pub(super) fn ways(&self, url: &Url) -> Vec<Way> {
        let own = match url.scheme() {
            "http" => &self.http,
            _ => &self.https,
        };
        let proxy = own.as_ref().or(self.socks.as_ref());
        let is_direct = is_among(url, &self.exceptions) != self.is_reversed;
        match proxy.filter(|_| !is_direct) {
            Some(proxy) => vec![Way::Via(proxy.clone())],
            None => vec![Way::Direct],
        }
    }
}

/// Whether the desktop is asked at all.
pub(super) fn is_asked() -> bool {
    let is_set = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(target_os = "linux") && !VARIABLES.iter().any(is_set) && desktop().is_some()
}

#[derive(Clone, Copy)]
enum Kind {
    Gnome,
    Kde,
}

fn desktop() -> Option<Kind> {
    let names = std::env::var("XDG_CURRENT_DESKTOP").ok()?;
    names.split(':').find_map(|name| match name {
        "KDE" => Some(Kind::Kde),
        name if LIKE_GNOME.iter().any(|one| one.eq_ignore_ascii_case(name)) => Some(Kind::Gnome),
        _ => None,
    })
}

/// Asks it. Blocks on a program and a file.
pub(super) fn read() -> Said {
    match desktop() {
        Some(Kind::Gnome) => {
            // Its own program: the settings are in a file whose form is nobody else's business.
            let asked = Command::new("gsettings")
                .args(["list-recursively", "org.gnome.system.proxy"])
                .stdin(Stdio::null())
                .stderr(Stdio::null())
                .output();
            let text = asked.ok().filter(|asked| asked.status.success());
            text.map_or(Said::Nothing, |text| {
                of_gnome(&String::from_utf8_lossy(&text.stdout))
            })
        }
        Some(Kind::Kde) => {
            let folder = std::env::var_os("XDG_CONFIG_HOME")
                .filter(|folder| !folder.is_empty())
                .map(PathBuf::from)
                .or_else(|| Some(Path::new(&std::env::var_os("HOME")?).join(".config")));
            let text = folder.and_then(|folder| {
                crate::store::read_if_there(&folder.join("kioslaverc"))
                    .ok()
                    .flatten()
            });
            text.map_or(Said::Nothing, |text| {
                of_kde(&String::from_utf8_lossy(&text))
            })
        }
        None => Said::Nothing,
    }
}

/// An address of a proxy from what stands for one: with or without a scheme, the port behind a colon
/// or a space.
fn proxy(scheme: &str, text: &str) -> Option<Url> {
    let text = text.trim().replacen(' ', ":", 1);
    let place = text
        .split_once("://")
        .map_or(text.as_str(), |(_, place)| place);
    let place = place.trim_end_matches('/');
    let url = Url::parse(&format!("{scheme}://{place}")).ok()?;
    let has_user = !url.username().is_empty() || url.password().is_some();
    (!place.is_empty() && url.has_host() && !has_user).then_some(url)
}

/// Reads what `gsettings` lists: a schema, a key and a value in each line.
pub(super) fn of_gnome(text: &str) -> Said {
    let values: Vec<(&str, &str, &str)> = text
        .lines()
        .filter_map(|line| {
            let (schema, rest) = line.split_once(' ')?;
            let (key, value) = rest.split_once(' ')?;
            let part = schema.strip_prefix("org.gnome.system.proxy")?;
            Some((part.trim_start_matches('.'), key, value.trim()))
        })
        .collect();
    let value = |part: &str, key: &str| {
        let found = values.iter().find(|one| (one.0, one.1) == (part, key));
        found.map_or("", |(_, _, value)| value)
    };
    let text = |part: &str, key: &str| {
        quoted(value(part, key))
            .into_iter()
            .next()
            .unwrap_or_default()
    };
    let named = |part: &str, scheme: &str| {
        let (host, port) = (text(part, "host"), value(part, "port"));
        // Zero is how a proxy is switched off here.
        let is_on = !host.is_empty() && port != "0";
        is_on
            .then(|| proxy(scheme, &format!("{host}:{port}")))
            .flatten()
    };
    match text("", "mode").as_str() {
        "manual" => {
            let http = named("http", "http");
            let shared = http
                .clone()
                .filter(|_| value("", "use-same-proxy") == "true");
            Said::Named(Named {
                https: named("https", "http").or(shared),
                http,
                socks: named("socks", "socks5h"),
                exceptions: exceptions(quoted(value("", "ignore-hosts"))),
                is_reversed: false,
            })
        }
        "auto" => match Url::parse(&text("", "autoconfig-url")) {
            Ok(script) => Said::Script(script),
            // Looking for a script in the network is nothing that a program should believe.
            Err(_) => Said::Nothing,
        },
        _ => Said::Nothing,
    }
}

/// The texts in quotes in a value.
fn quoted(value: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = value;
    while let Some(begin) = rest.find(['\'', '"']) {
        let quote = &rest[begin..=begin];
        let inside = &rest[begin + 1..];
        let Some(end) = inside.find(quote) else { break };
        found.push(inside[..end].to_owned());
        rest = &inside[end + 1..];
    }
    found
}

/// Exceptions in the form that curl made usual.
fn exceptions(hosts: impl IntoIterator<Item = String>) -> String {
    let hosts = hosts
        .into_iter()
        .map(|host| match host.trim().strip_prefix("*.") {
            Some(domain) => format!(".{domain}"),
            None => host.trim().to_owned(),
        });
    let hosts: Vec<String> = hosts.filter(|host| !host.is_empty()).collect();
    hosts.join(",")
}

/// Reads KDE's `kioslaverc`.
pub(super) fn of_kde(text: &str) -> Said {
    let mut is_ours = false;
    let mut values: Vec<(&str, &str)> = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.starts_with('[') {
            is_ours = line == "[Proxy Settings]";
        } else if let (true, Some((key, value))) = (is_ours, line.split_once('=')) {
            // What an administrator fixed has a mark behind its key.
            values.push((
                key.trim().trim_end_matches("[$i]").trim_end_matches("[$e]"),
                value.trim(),
            ));
        }
    }
    let value = |key: &str| {
        values
            .iter()
            .find(|one| one.0 == key)
            .map_or("", |one| one.1)
    };
    match value("ProxyType") {
        "1" => Said::Named(Named {
            http: proxy("http", value("httpProxy")),
            https: proxy("http", value("httpsProxy")),
            socks: proxy("socks5h", value("socksProxy")),
            exceptions: exceptions(value("NoProxyFor").split([',', ' ']).map(str::to_owned)),
            is_reversed: value("ReversedException") == "true",
        }),
        "2" => {
            let script = value("Proxy Config Script");
            let script = match script.starts_with('/') {
                true => Url::from_file_path(script).ok(),
                false => Url::parse(script).ok(),
            };
            script.map_or(Said::Nothing, Said::Script)
        }
        _ => Said::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::{Said, of_gnome, of_kde};
    use crate::network::pac::Way;

    fn way(said: &Said, url: &str) -> String {
        let Said::Named(named) = said else {
            return format!("{said:?}");
        };
        let ways = named.ways(&url.parse().expect("an address"));
        assert_eq!(ways.len(), 1);
        match &ways[0] {
            Way::Direct => "direct".to_owned(),
            Way::Via(proxy) => proxy.as_str().trim_end_matches('/').to_owned(),
        }
    }

    #[test]
    fn gnome_s_settings_are_read_as_its_program_lists_them() {
        let manual = "org.gnome.system.proxy autoconfig-url ''\n\
            org.gnome.system.proxy ignore-hosts ['localhost', '127.0.0.0/8', '*.intern.acme.com', '10.0.0.0/8']\n\
            org.gnome.system.proxy mode 'manual'\n\
            org.gnome.system.proxy use-same-proxy true\n\
            org.gnome.system.proxy.http host 'proxy.acme.com'\n\
            org.gnome.system.proxy.http port 3128\n\
            org.gnome.system.proxy.https host ''\n\
            org.gnome.system.proxy.https port 0\n\
            org.gnome.system.proxy.socks host 'socks.acme.com'\n\
            org.gnome.system.proxy.socks port 1080\n";
        let said = of_gnome(manual);
        for (url, expected) in [
            (
                "https://acme.atlassian.net/wiki",
                "http://proxy.acme.com:3128",
            ),
            (
                "http://acme.atlassian.net/wiki",
                "http://proxy.acme.com:3128",
            ),
            ("https://git.intern.acme.com/", "direct"),
            ("https://10.1.2.3/", "direct"),
            ("http://localhost:8090/", "direct"),
        ] {
            assert_eq!(way(&said, url), expected, "{url}");
        }
        let own = manual.replace("https host ''", "https host 'secure.acme.com'");
        let own = of_gnome(&own.replace("https port 0", "https port 3129"));
        assert_eq!(
            way(&own, "https://acme.com/"),
            "http://secure.acme.com:3129"
        );
        let socks = of_gnome(&manual.replace("use-same-proxy true", "use-same-proxy false"));
        assert_eq!(
            way(&socks, "https://acme.com/"),
            "socks5h://socks.acme.com:1080"
        );
        assert_eq!(
            of_gnome(&manual.replace("'manual'", "'none'")),
            Said::Nothing
        );
        let auto = manual.replace("'manual'", "'auto'");
        assert_eq!(
            of_gnome(&auto),
            Said::Nothing,
            "looking in the network is not done"
        );
        let script = auto.replace("url ''", "url 'http://pac.acme.com/proxy.pac'");
        let address = "http://pac.acme.com/proxy.pac".parse().expect("an address");
        assert_eq!(of_gnome(&script), Said::Script(address));
        assert_eq!(of_gnome("No such schema"), Said::Nothing);
        let secret = of_gnome(&manual.replace("'proxy.acme.com'", "':secret@proxy.acme.com'"));
        assert_eq!(
            way(&secret, "http://acme.com/"),
            "socks5h://socks.acme.com:1080",
            "what has a password in it is no proxy"
        );
    }

    #[test]
    fn kde_s_settings_are_read_as_it_writes_them() {
        let file = "[Other]\nProxyType=0\n[$Version]\nupdate_info=x\n\n[Proxy Settings][$i]\nNo=1\n\
            [Proxy Settings]\nNoProxyFor=.intern.acme.com, wiki.acme.com\n\
            Proxy Config Script=http://pac.acme.com/proxy.pac\nProxyType[$i]=1\n\
            ReversedException=false\nhttpProxy=http://proxy.acme.com 3128\n\
            httpsProxy=proxy.acme.com:3129\nsocksProxy=\n";
        let said = of_kde(file);
        for (url, expected) in [
            ("http://acme.com/", "http://proxy.acme.com:3128"),
            ("https://acme.com/", "http://proxy.acme.com:3129"),
            ("https://git.intern.acme.com/", "direct"),
            ("https://wiki.acme.com/", "direct"),
        ] {
            assert_eq!(way(&said, url), expected, "{url}");
        }
        let reversed = of_kde(&file.replace("ReversedException=false", "ReversedException=true"));
        assert_eq!(way(&reversed, "https://acme.com/"), "direct");
        assert_eq!(
            way(&reversed, "https://wiki.acme.com/"),
            "http://proxy.acme.com:3129"
        );
        let script = of_kde(&file.replace("ProxyType[$i]=1", "ProxyType=2"));
        let address = "http://pac.acme.com/proxy.pac".parse().expect("an address");
        assert_eq!(script, Said::Script(address));
        assert_eq!(of_kde(""), Said::Nothing);
    }
}
