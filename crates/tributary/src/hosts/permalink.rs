//! Writes the addresses that a host shows for a file: the lasting one, and that of its editor.

use gix::bstr::{BStr, ByteSlice};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use super::{Dialect, Lines, RefKind};

/// What stays as it is in the path of an address.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The address of a repository in a browser.
pub(super) fn web(dialect: Option<Dialect>, base: &str, repository: &str) -> String {
    let parts: Vec<&str> = repository.split('/').collect();
    let encoded = encode_path(repository.as_bytes().as_bstr());
    match (dialect, parts.as_slice()) {
        (Some(Dialect::BitbucketDataCenter), [owner, name]) => {
            let (owner, name) = (encode(owner.as_bytes()), encode(name.as_bytes()));
            match owner.strip_prefix('~') {
                Some(user) => format!("{base}/users/{user}/repos/{name}"),
                None => format!("{base}/projects/{owner}/repos/{name}"),
            }
        }
        (Some(Dialect::AzureDevOps), [.., _]) => match encoded.rsplit_once('/') {
            Some((project, name)) => format!("{base}/{project}/_git/{name}"),
            None => format!("{base}/_git/{encoded}"),
        },
        _ => format!("{base}/{encoded}"),
    }
}

/// The lasting address of a file or folder at a commit.
pub(super) fn permalink(
    dialect: Dialect,
    base: &str,
    repository: &str,
    commit: &str,
    path: &BStr,
    lines: Option<Lines>,
) -> String {
    let web = web(Some(dialect), base, repository);
    let encoded = encode_path(path);
    let tail = if encoded.is_empty() {
        String::new()
    } else {
        format!("/{encoded}")
    };
    // Rendered Markdown has no lines; these switches show the source.
    let lower = path.to_ascii_lowercase();
    let is_markdown = lower.ends_with(b".md") || lower.ends_with(b".markdown");
    let plain = match dialect {
        Dialect::GitHub | Dialect::GitLab if is_markdown && lines.is_some() => "?plain=1",
        Dialect::Gitea if is_markdown && lines.is_some() => "?display=source",
        _ => "",
    };
    let range = |one: &str, dash: &str| match lines {
        None => String::new(),
        Some(Lines { first, last }) if first == last => format!("{one}{first}"),
        Some(Lines { first, last }) => format!("{one}{first}{dash}{last}"),
    };
    match dialect {
        Dialect::GitHub => format!("{web}/blob/{commit}{tail}{plain}{}", range("#L", "-L")),
        Dialect::GitLab => format!("{web}/-/blob/{commit}{tail}{plain}{}", range("#L", "-")),
        Dialect::Bitbucket => format!("{web}/src/{commit}{tail}{}", range("#lines-", ":")),
        Dialect::BitbucketDataCenter => {
            format!("{web}/browse{tail}?at={commit}{}", range("#", "-"))
        }
        Dialect::AzureDevOps => {
            let lines = lines.map_or_else(String::new, |Lines { first, last }| {
                format!(
                    "&line={first}&lineEnd={}&lineStartColumn=1&lineEndColumn=1",
                    last.saturating_add(1)
                )
            });
            format!("{web}?path=%2F{encoded}&version=GC{commit}{lines}")
        }
        Dialect::Gitea => format!(
            "{web}/src/commit/{commit}{tail}{plain}{}",
            range("#L", "-L")
        ),
    }
}

/// The address of a host's editor for a file of a branch; for those that have none, of the file.
pub(super) fn edit_link(
    dialect: Dialect,
    base: &str,
    repository: &str,
    branch: &str,
    path: &BStr,
) -> String {
    let web = web(Some(dialect), base, repository);
    let path = encode_path(path);
    let branch = RefKind::Branch.short(branch).unwrap_or(branch);
    let branch = encode_path(branch.as_bytes().as_bstr());
    match dialect {
        Dialect::GitHub => format!("{web}/edit/{branch}/{path}"),
        Dialect::GitLab => format!("{web}/-/edit/{branch}/{path}"),
        Dialect::Bitbucket => format!("{web}/src/{branch}/{path}?mode=edit"),
        Dialect::BitbucketDataCenter => {
            let name = format!("refs/heads/{branch}").replace('/', "%2F");
            format!("{web}/browse/{path}?at={name}")
        }
        Dialect::AzureDevOps => {
            format!(
                "{web}?path=%2F{path}&version=GB{}",
                branch.replace('/', "%2F")
            )
        }
        Dialect::Gitea => format!("{web}/_edit/{branch}/{path}"),
    }
}

pub(super) fn encode(bytes: &[u8]) -> String {
    percent_encode(bytes, PATH).to_string()
}

fn encode_path(path: &BStr) -> String {
    let parts: Vec<String> = path.split(|byte| *byte == b'/').map(encode).collect();
    parts.join("/")
}
