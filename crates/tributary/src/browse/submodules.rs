//! Where the repository of a submodule is, as `.gitmodules` says it.

use gix::bstr::{BStr, ByteSlice};
use url::Url;

use crate::hosts::is_address;

/// The address of the submodule at a path, out of `.gitmodules`; none where that names none that can be
/// opened. What is named from the repository itself on (`../theme.git`) stands beside its own address.
pub(super) fn address_of(modules: &[u8], path: &BStr, own: Option<&str>) -> Option<String> {
    let file = gix::config::File::try_from(modules.as_bstr()).ok()?;
    let mut sections = file.sections_by_name("submodule")?;
    let section = sections.find(|section| {
        let named = section.value("path");
        named.is_some_and(|named| named.trim_end_with(|sign| sign == '/') == path.as_bytes())
    })?;
    let url = section.value("url")?;
    let url = url.to_str().ok()?;
    let address = match url.starts_with("./") || url.starts_with("../") {
        true => beside(own?, url)?,
        false => url.to_owned(),
    };
    (is_at_server(&address) && !address.contains(char::is_control)).then_some(address)
}

/// Whether an address is one of a server: nothing on this machine is opened, and no program started,
/// because a repository says so.
fn is_at_server(address: &str) -> bool {
    if !is_address(address) || address.trim() != address || address.starts_with('-') {
        return false;
    }
    match Url::parse(address) {
        Ok(url) => matches!(url.scheme(), "https" | "http" | "ssh") && url.has_host(),
        // As SSH has it: a colon behind the server, and no `/` before that.
        Err(_) => address.split_once(':').is_some_and(|(server, path)| {
            let host = server.split_once('@').map_or("", |(_, host)| host);
            !server.contains('/') && !host.is_empty() && !host.starts_with('-') && !path.is_empty()
        }),
    }
}

/// An address that is named from another one on, as Git does it.
fn beside(own: &str, relative: &str) -> Option<String> {
    let mut above = own.trim_end_matches('/');
    let mut rest = relative;
    loop {
        if let Some(behind) = rest.strip_prefix("./") {
            rest = behind;
        } else if let Some(behind) = rest.strip_prefix("../") {
            let (before, _) = above.rsplit_once('/')?;
            // The server itself is above nothing.
            let is_server = |text: &str| text.ends_with("//") || text.ends_with(":/");
            if before.ends_with('/') || is_server(before) {
                return None;
            }
            (above, rest) = (before, behind);
        } else {
            return Some(format!("{above}/{rest}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::address_of;

    const MODULES: &str = "[submodule \"theme\"]\n\tpath = docs/theme\n\turl = ../theme.git\n\
        [submodule \"far\"]\n\tpath = far/\n\turl = https://git.example.com/team/far.git\n\
        [submodule \"up\"]\n\tpath = up\n\turl = ../../../../up.git\n\
        [submodule \"disk\"]\n\tpath = disk\n\turl = file:///etc\n\
        [submodule \"folder\"]\n\tpath = folder\n\turl = /srv/git/a.git\n\
        [submodule \"none\"]\n\tpath = none\n\
        [submodule \"large\"]\n\tpath = large\n\turl = FILE:///etc\n\
        [submodule \"space\"]\n\tpath = space\n\turl = \" file:///etc\"\n\
        [submodule \"deep\"]\n\tpath = deep\n\turl = /srv/a://b\n\
        [submodule \"program\"]\n\tpath = program\n\turl = ext::sh://x\n\
        [submodule \"option\"]\n\tpath = option\n\turl = git@-oA:x\n";

    fn at(path: &str, own: Option<&str>) -> Option<String> {
        address_of(MODULES.as_bytes(), path.into(), own)
    }

    #[test]
    fn a_submodule_is_where_its_repository_says() {
        let web = Some("https://gitlab.example.com/acme/docs/handbook");
        let theme = at("docs/theme", web);
        assert_eq!(
            theme.as_deref(),
            Some("https://gitlab.example.com/acme/docs/theme.git")
        );
        let ssh = at("docs/theme", Some("git@git.example.com:team/handbook.git"));
        assert_eq!(ssh.as_deref(), Some("git@git.example.com:team/theme.git"));
        let far = at("far", None);
        assert_eq!(far.as_deref(), Some("https://git.example.com/team/far.git"));
    }

    #[test]
    fn what_leads_nowhere_or_onto_the_disk_is_no_address() {
        let own = Some("https://git.example.com/acme/handbook");
        for path in [
            "up", "disk", "folder", "none", "absent", "large", "space", "deep", "program", "option",
        ] {
            assert_eq!(at(path, own), None, "{path}");
        }
        assert_eq!(at("docs/theme", None), None);
        assert_eq!(address_of(b"[submodule", "x".into(), own), None);
        assert_eq!(address_of(b"\xff\xfe", "x".into(), own), None);
    }
}
