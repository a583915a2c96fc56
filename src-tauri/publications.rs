//! The publications that are remembered, by the ids that the window knows, and the pages of a site
//! that were listed last.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};

use tributary::published::PublishedPage;
use tributary::settings::{Publication, PublishedFrom};
use tributary::{Error, ErrorKind};

use crate::desktop::Desktop;
use crate::ended::Trouble;
use crate::views::published::PublicationView;
use crate::visits::without_scheme;
use crate::words::spoken;

/// A page, and the id of the publication that it belongs to.
type Belonging = (PublishedPage, Option<String>);

/// The pages that were listed last, with the site they are on.
#[derive(Default)]
pub(crate) struct Listed(Mutex<Option<(String, Vec<Belonging>)>>);

impl Desktop {
    /// Keeps the pages that were listed.
    pub(crate) fn remember_published(&self, site: &str, pages: Vec<Belonging>) {
        let mut listed = self.listed.0.lock().unwrap_or_else(PoisonError::into_inner);
        *listed = Some((site.to_owned(), pages));
    }

    /// The pages of a site that were listed last; none when those of another were.
    pub(crate) fn published(&self, site: &str) -> Vec<Belonging> {
        let listed = self.listed.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &*listed {
            Some((known, pages)) if known == site => pages.clone(),
            _ => Vec::new(),
        }
    }

    /// A remembered publication.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`].
    pub(crate) fn publication(&self, id: &str) -> Result<Publication, Error> {
        let all = self.settings().publications.into_iter();
        let found = all.into_iter().find(|one| id_of(one) == id);
        found.ok_or_else(|| {
            Error::new(
                ErrorKind::NotFound,
                "This publication is no longer remembered",
            )
            .remedy("Publish its folder or repository once more")
        })
    }

    /// The titles that somebody chose for pages of a publication, where that is remembered.
    pub(crate) fn kept_titles(&self, publication: &Publication) -> BTreeMap<String, String> {
        let all = self.settings().publications.into_iter();
        let mut same = all.filter(|known| known.is_same(publication));
        same.next().map(|known| known.titles).unwrap_or_default()
    }
}

/// What the window calls a publication while the program runs.
pub(crate) fn id_of(publication: &Publication) -> String {
    let mut hasher = DefaultHasher::new();
    match &publication.from {
        PublishedFrom::Folder(folder) => folder.hash(&mut hasher),
        PublishedFrom::Repository { address, reference } => {
            (address, reference).hash(&mut hasher);
        }
    }
    // The sandbox has another address at every start.
    let site = (!publication.in_sandbox).then(|| publication.site.as_str().trim_end_matches('/'));
    site.hash(&mut hasher);
    publication.paths.hash(&mut hasher);
    (&publication.space, &publication.parent).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// A publication as the window shows it, with what is in the way of it.
pub(crate) fn view(publication: &Publication, trouble: Option<Trouble>) -> PublicationView {
    let place = match &publication.from {
        PublishedFrom::Folder(folder) => folder.display().to_string(),
        PublishedFrom::Repository { address, .. } => without_scheme(address).to_owned(),
    };
    let site = without_scheme(publication.site.as_str());
    PublicationView {
        id: id_of(publication),
        name: publication.from.name().to_owned(),
        place,
        path: publication.paths.first().cloned(),
        site_name: if publication.in_sandbox {
            "Sandbox".to_owned()
        } else {
            site.split('/').next().unwrap_or(site).to_owned()
        },
        site_url: publication.site.to_string(),
        in_sandbox: publication.in_sandbox,
        space: publication.space.clone(),
        when: publication.when.map(|when| when.to_string()),
        is_pinned: publication.is_pinned,
        is_kept_up: publication.is_kept_up,
        trouble: trouble.map(|trouble| trouble.in_words(spoken())),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    use tributary::settings::{Layer, Publication, PublishedFrom};
    use url::Url;

    use super::id_of;

    fn publication(path: Option<&str>, space: &str, sandbox: Option<u16>) -> Publication {
        let site = match sandbox {
            Some(port) => format!("http://127.0.0.1:{port}/wiki"),
            None => "https://acme.atlassian.net/wiki".to_owned(),
        };
        Publication {
            from: PublishedFrom::Folder(PathBuf::from("/home/ada/handbook")),
            paths: path.map(str::to_owned).into_iter().collect(),
            site: Url::parse(&site).expect("an address"),
            in_sandbox: sandbox.is_some(),
            space: space.to_owned(),
            parent: None,
            when: None,
            is_pinned: false,
            is_kept_up: false,
            titles: BTreeMap::new(),
            options: Layer::default(),
            page: None,
        }
    }

    #[test]
    fn the_sandbox_is_the_same_at_every_start_and_other_sites_are_not() {
        let one = publication(None, "DOCS", Some(1));
        assert_eq!(id_of(&one), id_of(&publication(None, "DOCS", Some(2))));
        assert_ne!(id_of(&one), id_of(&publication(None, "DOCS", None)));
        assert_ne!(id_of(&one), id_of(&publication(None, "TEAM", Some(1))));
        assert_ne!(id_of(&one), id_of(&publication(Some("a"), "DOCS", Some(1))));
    }
}
