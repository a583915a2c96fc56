//! Links that open the window: `tributary://open?…`, of a file at a Git host or of a publication.
//!
//! Anybody can make one, so that reading it is total, and nothing that it says is done: it names
//! what is to be shown, and whoever shows it asks first where the host is not known yet, and always
//! before anything is published.

use url::Url;

use crate::Sentence;
use crate::account::Account;
use crate::error::{Error, ErrorKind};
use crate::hosts::Lines;
use crate::network::{place_of, read_host};
use crate::settings::{Publication, Settings};

/// What every such link begins with.
pub const OPEN: &str = "tributary://open";
/// The longest link that is read.
const LONGEST: usize = 4096;

/// What a link names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// A file, a folder or all of a repository at a Git host.
    File(WantedFile),
    /// What was published to a space of a site.
    Publication {
        /// The site's host, with the port where it is not the usual one.
        site: String,
        /// The space's key.
        space: String,
    },
}

/// A file, a folder or all of a repository at a Git host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedFile {
    /// The host, with the port where it is not the usual one.
    pub host: String,
    /// The repository as the host names it.
    pub repository: String,
    /// The branch, tag or commit; the default branch when none.
    pub reference: Option<String>,
    /// The path; empty for the root.
    pub path: String,
    /// The lines to mark.
    pub lines: Option<Lines>,
}

impl WantedFile {
    /// The address of its repository.
    pub fn address(&self) -> String {
        let url = format!("http://{}", self.host);
        let is_here = Url::parse(&url).is_ok_and(|url| match url.host() {
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            Some(url::Host::Domain(name)) => name == "localhost",
            None => false,
        });
        let scheme = if is_here { "http" } else { "https" };
        format!("{scheme}://{}/{}", self.host, self.repository)
    }

    /// Whether somebody is signed in at its host, or opened something there before.
    pub fn is_of_known_host(&self, accounts: &[Account], settings: &Settings) -> bool {
        let bases = accounts.iter().map(|account| account.base.as_str());
        let mut known = bases.chain(settings.visited.iter().map(String::as_str));
        known.any(|address| Url::parse(address).is_ok_and(|url| place_of(&url) == self.host))
    }
}

/// Reads a link.
///
/// # Errors
/// [`ErrorKind::Forbidden`] saying in words why it is turned away. Nothing of it is repeated.
pub fn read(link: &str) -> Result<Wanted, Error> {
    let refused = |why: Sentence| {
        Error::new(
            ErrorKind::Forbidden,
            sentence!(
                "A link that should open something was turned away: {why}",
                why
            )
            .with("why", why),
        )
        .remedy(
            "If you wanted to open it, ask whoever made the link; otherwise nothing has to be done",
        )
    };
    if link.len() > LONGEST {
        return Err(refused(Sentence::from("it is too long")));
    }
    // A reader of addresses takes line breaks and tabs out in silence, so that what is shown as the
    // link and what is opened would be two things.
    if link.contains(char::is_control) {
        return Err(refused(Sentence::from("it has hidden signs")));
    }
    let url = Url::parse(link).map_err(|_| refused(Sentence::from("it is no link")))?;
    let is_bare = url.username().is_empty()
        && url.password().is_none()
        && url.port().is_none()
        && url.fragment().is_none()
        && matches!(url.path(), "" | "/");
    if url.scheme() != "tributary" || url.host_str() != Some("open") || !is_bare {
        return Err(refused(Sentence::from("it is of no kind that is known")));
    }
    let mut fields = Fields::default();
    for (name, value) in url.query_pairs() {
        let field = match &*name {
            "host" => &mut fields.host,
            "repo" => &mut fields.repository,
            "ref" => &mut fields.reference,
            "path" => &mut fields.path,
            "lines" => &mut fields.lines,
            "site" => &mut fields.site,
            "space" => &mut fields.space,
            _ => {
                return Err(refused(Sentence::from(
                    "it says something that is not known",
                )));
            }
        };
        if value.is_empty() || value.chars().any(is_hidden) {
            return Err(refused(Sentence::from(
                "it has nothing, or hidden signs, where a name should be",
            )));
        }
        if field.replace(value.into_owned()).is_some() {
            return Err(refused(Sentence::from("it says one thing twice")));
        }
    }
    match fields {
        Fields {
            host: Some(host),
            repository: Some(repository),
            reference,
            path,
            lines,
            site: None,
            space: None,
        } => {
            let host = host_of(&host).ok_or_else(|| refused(Sentence::from("its host is none")))?;
            let path = path.unwrap_or_default();
            if !is_path(&repository) || !(path.is_empty() || is_path(&path)) {
                return Err(refused(Sentence::from("its repository or path is none")));
            }
            let is_name = |name: &str| !name.starts_with(['-', '/']) && !name.contains("..");
            if !reference.as_deref().is_none_or(is_name) {
                return Err(refused(Sentence::from("its branch or commit is none")));
            }
            let lines = match lines {
                Some(text) => Some(
                    read_lines(&text)
                        .ok_or_else(|| refused(Sentence::from("its lines are none")))?,
                ),
                None => None,
            };
            Ok(Wanted::File(WantedFile {
                host,
                repository,
                reference,
                path,
                lines,
            }))
        }
        Fields {
            host: None,
            repository: None,
            reference: None,
            path: None,
            lines: None,
            site: Some(site),
            space: Some(space),
        } => {
            let site = host_of(&site).ok_or_else(|| refused(Sentence::from("its site is none")))?;
            Ok(Wanted::Publication { site, space })
        }
        _ => Err(refused(Sentence::from(
            "it does not say what is to be opened",
        ))),
    }
}

/// The latest publication to a space of a site.
pub fn publication<'s>(settings: &'s Settings, site: &str, space: &str) -> Option<&'s Publication> {
    settings
        .publications
        .iter()
        .find(|one| place_of(&one.site) == site && one.space.eq_ignore_ascii_case(space))
}

#[derive(Default)]
struct Fields {
    host: Option<String>,
    repository: Option<String>,
    reference: Option<String>,
    path: Option<String>,
    lines: Option<String>,
    site: Option<String>,
    space: Option<String>,
}

/// Whether a sign does not show, or makes others show elsewhere.
fn is_hidden(sign: char) -> bool {
    sign.is_control()
        || matches!(sign, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\\')
}

fn host_of(text: &str) -> Option<String> {
    if text.contains(['/', '@', '?', '#', ' ', '%']) {
        return None;
    }
    read_host(text).ok()
}

/// Whether a text names something below a root, in its one form.
fn is_path(text: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && part != "." && part != "..";
    !text.contains(['?', '#', '%']) && text.split('/').all(is_part)
}

fn read_lines(text: &str) -> Option<Lines> {
    let (one, other) = text.split_once('-').unwrap_or((text, text));
    let number = |text: &str| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| is_number)
    };
    Lines::new(number(one)?, number(other)?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::{Wanted, WantedFile, read};
    use crate::error::ErrorKind;
    use crate::hosts::Lines;

    #[test]
    fn what_is_whole_is_read() {
        let file = WantedFile {
            host: "gitlab.acme.com:8443".to_owned(),
            repository: "group/sub/hand book".to_owned(),
            reference: Some("release/2.0".to_owned()),
            path: "docs/ä & b.md".to_owned(),
            lines: Lines::new(3, 9),
        };
        let link = "tributary://open?host=GitLab.acme.com:8443&repo=group/sub/hand%20book&ref=release/2.0&path=docs/%C3%A4%20%26%20b.md&lines=3-9";
        assert_eq!(read(link).ok(), Some(Wanted::File(file.clone())));
        assert_eq!(
            file.address(),
            "https://gitlab.acme.com:8443/group/sub/hand book"
        );
        let publication = Wanted::Publication {
            site: "acme.atlassian.net".to_owned(),
            space: "DOCS".to_owned(),
        };
        let link = "tributary://open/?site=acme.atlassian.net&space=DOCS";
        assert_eq!(read(link).ok(), Some(publication));
        let here = "tributary://open?host=127.0.0.1:8090&repo=a/b";
        let Ok(Wanted::File(here)) = read(here) else {
            panic!("it is whole");
        };
        assert_eq!(here.address(), "http://127.0.0.1:8090/a/b");
    }

    #[test]
    fn what_is_forged_is_turned_away_in_words_that_repeat_nothing() {
        for query in [
            "",
            "?",
            "?host=acme.com",
            "?repo=a/b",
            "?host=acme.com&repo=a/canary&run=rm",
            "?host=acme.com&repo=a/b&repo=a/canary",
            "?host=acme.com&repo=a/b&site=x&space=canary",
            "?host=acme.com/canary&repo=a/b",
            "?host=canary@acme.com&repo=a/b",
            "?host=https://acme.com&repo=a/canary",
            "?host=acme.com&repo=../canary",
            "?host=acme.com&repo=/canary",
            "?host=acme.com&repo=a//canary",
            "?host=acme.com&repo=a/b&path=..%2F..%2Fcanary",
            "?host=acme.com&repo=a/b&path=a%5Ccanary",
            "?host=acme.com&repo=a/b%3Fcanary",
            "?host=acme.com&repo=a/b&ref=--upload-pack=canary",
            "?host=acme.com&repo=a/b&ref=a..canary",
            "?host=acme.com&repo=a/b&lines=canary",
            "?host=acme.com&repo=a/b&lines=0",
            "?host=acme.com&repo=a/b&lines=3-",
            "?host=acme.com&repo=a/b&lines=+3",
            "?host=acme.com&repo=a/b&path=%00canary",
            "?host=acme.com&repo=a/b&path=%E2%80%AEcanary",
            "?host=acme.com&repo=a/b&path=can\nary",
            "?host=acme.com&repo=a/\tcanary",
            "?host=acme.com&repo=a/canary\r\n",
            "?host=acme.com&repo=a/b#canary",
            "/publish?host=acme.com&repo=a/canary",
            ":80?host=acme.com&repo=a/canary",
        ] {
            let link = format!("tributary://open{query}");
            let error = read(&link).expect_err(query);
            assert_eq!(error.kind(), ErrorKind::Forbidden, "{query}");
            assert!(!error.chain().contains("canary"), "{query}: {error}");
        }
        for link in [
            "tributary:open?host=acme.com&repo=a/b",
            "tributary://canary@open?host=acme.com&repo=a/b",
            "https://open?host=acme.com&repo=a/b",
            "tributary://openx?host=acme.com&repo=a/b",
            &format!(
                "tributary://open?host=acme.com&repo=a/b&path={}",
                "x".repeat(5000)
            ),
        ] {
            read(link).expect_err("it is of another kind");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            read(&text).ok();
            read(&format!("tributary://open?{text}")).ok();
        }

        #[test]
        fn what_is_read_stays_below_its_host(
            host in "[a-z0-9.:@%/\\[\\]-]{1,20}", repo in "[a-z./%?#@ -]{1,20}", path in "[a-z./%\\\\ -]{0,20}"
        ) {
            let link = format!("tributary://open?host={host}&repo={repo}&path={path}");
            if let Ok(Wanted::File(file)) = read(&link) {
                let url = url::Url::parse(&file.address()).expect("it is an address");
                proptest::prop_assert_eq!(crate::network::place_of(&url), file.host);
                proptest::prop_assert!(url.query().is_none() && url.fragment().is_none());
                proptest::prop_assert!(url.username().is_empty());
            }
        }
    }
}
