//! Reads a remote's address: what the repository is called, and where its files are on the web.

use crate::hosts::Link;

/// What a remote's address tells.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Remote {
    pub name: String,
    pub identity: String,
    /// The address, when the kind of host is known.
    pub link: Option<Link>,
}

/// Reads an address in any of the forms that Git takes.
pub(crate) fn read(address: &str) -> Remote {
    let Some((host, port, path)) = parts(address) else {
        // A remote on the same machine: its folder is called the same wherever it is copied to.
        let name = last_part(address);
        return Remote {
            identity: name.clone(),
            name,
            link: None,
        };
    };
    let (host, path) = azure(&host, &path);
    let with_port = match port {
        Some(port) => format!("{host}:{port}"),
        None => host,
    };
    let link = Link::read(address).filter(|link| link.dialect.is_some());
    Remote {
        name: last_part(&path),
        identity: match &link {
            Some(link) => link.identity(),
            // The same whether or not anything tells which product is there.
            None => format!("{with_port}/{path}").to_lowercase(),
        },
        link,
    }
}

/// Host in lower case, port of a web address, and path without credentials and `.git`.
fn parts(address: &str) -> Option<(String, Option<u16>, String)> {
    let (authority, path, is_web) = match address.split_once("://") {
        Some((scheme, rest)) => {
            let scheme = scheme.to_ascii_lowercase();
            if scheme == "file" {
                return None;
            }
            let (authority, path) = rest.split_once('/')?;
            (authority, path, scheme.starts_with("http"))
        }
        // `user@host:path`; a colon after a slash, or after a drive letter, is part of a path.
        None => {
            let (authority, path) = address.split_once(':')?;
            if authority.contains('/') || authority.len() < 2 {
                return None;
            }
            (authority, path, false)
        }
    };
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let (host, port) = match host.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port.parse().ok()),
        _ => (host, None),
    };
    let path = path.trim_matches('/');
    let path = path
        .strip_suffix(".git")
        .unwrap_or(path)
        .trim_end_matches('/');
    if host.is_empty() || path.is_empty() {
        return None;
    }
    // The port of SSH says nothing about the web, and the usual ones say nothing at all.
    let port = port.filter(|port| is_web && !matches!(port, 80 | 443));
    let path = percent_encoding::percent_decode_str(path)
        .decode_utf8_lossy()
        .into_owned();
    Some((host.to_ascii_lowercase(), port, path))
}

/// Azure's SSH and old web addresses name the same repositories as its web addresses.
fn azure(host: &str, path: &str) -> (String, String) {
    let web = "dev.azure.com".to_owned();
    if host == "ssh.dev.azure.com" || host == "vs-ssh.visualstudio.com" {
        let parts: Vec<&str> = path.split('/').collect();
        if let ["v3", organization, project, repository] = parts[..] {
            return (web, format!("{organization}/{project}/_git/{repository}"));
        }
    }
    if let Some(organization) = host.strip_suffix(".visualstudio.com") {
        let path = path.strip_prefix("DefaultCollection/").unwrap_or(path);
        return (web, format!("{organization}/{path}"));
    }
    (host.to_owned(), path.to_owned())
}

fn last_part(path: &str) -> String {
    let path = path.trim_end_matches(['/', '\\']);
    let path = path
        .strip_suffix(".git")
        .unwrap_or(path)
        .trim_end_matches(['/', '\\']);
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    if name.is_empty() {
        "repository".to_owned()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use gix::bstr::ByteSlice;

    use super::read;

    #[test]
    fn every_form_of_an_address_names_one_repository() {
        for (address, identity, name) in [
            (
                "git@github.com:Acme/handbook.git",
                "github.com/acme/handbook",
                "handbook",
            ),
            (
                "https://ada:token@GitHub.com/Acme/handbook",
                "github.com/acme/handbook",
                "handbook",
            ),
            (
                "ssh://git@github.com:22/Acme/handbook.git/",
                "github.com/acme/handbook",
                "handbook",
            ),
            (
                "https://git.acme.com:8443/docs/a.git",
                "git.acme.com:8443/docs/a",
                "a",
            ),
            (
                "git@ssh.dev.azure.com:v3/acme/My%20Docs/site",
                "dev.azure.com/acme/my docs/_git/site",
                "site",
            ),
            (
                "https://acme@dev.azure.com/acme/My%20Docs/_git/site",
                "dev.azure.com/acme/my docs/_git/site",
                "site",
            ),
            (
                "https://acme.visualstudio.com/Docs/_git/site",
                "dev.azure.com/acme/docs/_git/site",
                "site",
            ),
            (
                "https://git.acme.com/scm/DOC/handbook.git",
                "git.acme.com/doc/handbook",
                "handbook",
            ),
            (
                "ssh://git@git.acme.com:7999/doc/handbook.git",
                "git.acme.com/doc/handbook",
                "handbook",
            ),
            ("/srv/git/handbook.git", "handbook", "handbook"),
            ("file:///srv/git/handbook.git/", "handbook", "handbook"),
            ("../handbook", "handbook", "handbook"),
            (r"C:\git\handbook", "handbook", "handbook"),
        ] {
            let remote = read(address);
            assert_eq!(
                (remote.identity.as_str(), remote.name.as_str()),
                (identity, name),
                "{address}"
            );
        }
    }

    #[test]
    fn links_have_the_form_of_their_host() {
        for (address, expected) in [
            (
                "https://github.com/a/b",
                Some("https://github.com/a/b/blob/abc/d%20e/f%23.md"),
            ),
            (
                "https://gitlab.com/a/sub/b.git",
                Some("https://gitlab.com/a/sub/b/-/blob/abc/d%20e/f%23.md"),
            ),
            (
                "git@gitlab.acme.com:a/b.git",
                Some("https://gitlab.acme.com/a/b/-/blob/abc/d%20e/f%23.md"),
            ),
            (
                "git@bitbucket.org:a/b.git",
                Some("https://bitbucket.org/a/b/src/abc/d%20e/f%23.md"),
            ),
            (
                "https://dev.azure.com/a/p/_git/b",
                Some("https://dev.azure.com/a/p/_git/b?path=%2Fd%20e/f%23.md&version=GCabc"),
            ),
            (
                "https://codeberg.org/a/b",
                Some("https://codeberg.org/a/b/src/commit/abc/d%20e/f%23.md"),
            ),
            ("https://git.acme.com/a/b", None),
        ] {
            let link = read(address)
                .link
                .and_then(|link| link.permalink("abc", b"d e/f#.md".as_bstr(), None));
            assert_eq!(link.as_deref(), expected, "{address}");
        }
    }
}
