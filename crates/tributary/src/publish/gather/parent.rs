//! The page or folder to publish below.

use tributary_pages::markup::Flavor;
use tributary_pages::plan::RemotePage;
use url::Url;

use crate::confluence::{Client, Space};
use crate::error::{Error, ErrorKind};

/// Finds what somebody means by a title, an id or an address. Costs a request where it is no page of the
/// space and may be a folder.
pub(super) async fn find(
    client: &Client,
    named: &str,
    space: &Space,
    pages: &[RemotePage],
) -> Result<String, Error> {
    let id = id_in(named).unwrap_or_else(|| named.to_owned());
    let lower = named.to_lowercase();
    let by_id = pages.iter().find(|page| page.id == id);
    let found = by_id.or_else(|| pages.iter().find(|page| page.title.to_lowercase() == lower));
    if let Some(page) = found {
        return Ok(page.id.clone());
    }
    let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    // Folders are in no listing of a space.
    if is_id && client.flavor() == Flavor::Cloud && client.has_folder(space, &id).await? {
        return Ok(id);
    }
    Err(Error::new(
        ErrorKind::NotFound,
        sentence!(
            "The space `{key}` has no page `{named}` to publish under",
            key = space.key,
            named
        ),
    )
    .remedy(
        "Give the parent's title, id or address as Confluence shows it, or leave it out; a folder by \
         its id or address",
    ))
}

/// The id in the address of a page or folder.
fn id_in(named: &str) -> Option<String> {
    let url = Url::parse(named).ok()?;
    let asked = url.query_pairs().find(|(key, _)| key == "pageId");
    if let Some((_, id)) = asked {
        return Some(id.into_owned());
    }
    let mut parts = url.path_segments()?;
    parts.find(|part| matches!(*part, "pages" | "folder"))?;
    parts.next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::id_in;

    #[test]
    fn addresses_of_pages_and_folders_name_their_ids() {
        let site = "https://acme.atlassian.net/wiki";
        for (named, expected) in [
            (
                format!("{site}/spaces/DOCS/folder/123?atl_f=x"),
                Some("123"),
            ),
            (
                format!("{site}/spaces/DOCS/pages/45/Some+title"),
                Some("45"),
            ),
            (
                "https://wiki.acme.com/pages/viewpage.action?pageId=7".to_owned(),
                Some("7"),
            ),
            (format!("{site}/spaces/DOCS/overview"), None),
            ("Pages: 12".to_owned(), None),
            ("123".to_owned(), None),
        ] {
            assert_eq!(id_in(&named).as_deref(), expected, "{named}");
        }
    }
}
