//! The client for Confluence: Cloud and Data Center behind one type.
//!
//! Cloud is spoken to through its v2 API, and through v1 only for what v2 lacks (uploads, labels,
//! moves, archiving, the current user). Data Center has v1 alone. The two dialects are
//! [`cloud`] and [`data_center`]; this module holds what they share, and nothing here decides what
//! a page should say.

mod cloud;
mod data_center;
mod files;
mod folders;
mod register;
mod restrictions;
mod stored;
mod trash;
mod wire;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use tributary_pages::markup::{BodyFormat, Flavor, PageKind};
use tributary_pages::plan::{
    Elsewhere, ElsewherePlace, FilesByHand, Marker, Origin, RemotePage, Words,
};
use url::Url;

use crate::error::{Error, ErrorKind, Remedy};
use crate::http::{Credential, Fate, Http};

pub use files::{Attachment, Upload};
pub(crate) use files::{attachment_comment, sha256_in};
pub(crate) use register::is_closed;
pub(crate) use restrictions::is_untold;
pub use restrictions::{Restricted, RestrictionChange, Subjects};
pub(crate) use stored::Stored;
pub(crate) use trash::{Found, Status};
use wire::Answered;
pub use wire::UserKind;

/// The content property that says where a page came from.
pub const ORIGIN_PROPERTY: &str = "tributary.source";

/// A Confluence site, as one user sees it.
#[derive(Debug, Clone)]
pub struct Client {
    http: Http,
    credential: Arc<Credential>,
    flavor: Flavor,
    /// The site's address as a person knows it, without a slash at the end.
    site: String,
    /// The address the API is called at: the site, or the OAuth gateway of the site.
    api: String,
    /// What was listed or made that is no page: Cloud has addresses of its own for each kind.
    kinds: Arc<RwLock<HashMap<String, PageKind>>>,
}

/// Who a credential belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The name shown to people.
    pub name: String,
    /// The account id (Cloud) or user name (Data Center).
    pub id: String,
}

/// A space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Space {
    /// The id in numbers.
    pub id: String,
    /// The key.
    pub key: String,
    /// The name.
    pub name: String,
    /// The id of the space's home page, where it has one.
    pub home: Option<String>,
}

/// A page to be made.
#[derive(Debug, Clone)]
pub struct NewPage<'a> {
    /// The space.
    pub space: &'a Space,
    /// The page above; none for the top of the space.
    pub parent: Option<&'a str>,
    /// The title.
    pub title: &'a str,
    /// The body.
    pub body: &'a str,
    /// The format that it is in; Data Center has storage format alone.
    pub format: BodyFormat,
    /// The content property to make with the page, where the server can; its page id is not
    /// known yet.
    pub origin: &'a Origin,
    /// The labels to make it with, where the server can.
    pub labels: &'a [String],
    /// Further content properties to make it with, where the server can.
    pub properties: &'a BTreeMap<String, serde_json::Value>,
    /// Whether only whoever makes it sees it at first. Cloud only.
    pub private: bool,
    /// Whether it is a page or a blog post, which has no page above it.
    pub kind: PageKind,
    /// The day a blog post is of; today when none. Cloud only.
    pub posted: Option<&'a str>,
}

/// A new version of a page.
#[derive(Debug, Clone)]
pub struct NewVersion<'a> {
    /// The page.
    pub id: &'a str,
    /// The new version's number: the current one plus one.
    pub number: u32,
    /// The space's key.
    pub space: &'a Space,
    /// The page above, when it changes.
    pub parent: Option<&'a str>,
    /// The number by which it is sorted among its siblings, when it changes. Data Center only; see
    /// [`Client::move_beside`].
    pub position: Option<i64>,
    /// The title.
    pub title: &'a str,
    /// The body.
    pub body: &'a str,
    /// The format that it is in; Data Center has storage format alone.
    pub format: BodyFormat,
    /// The version message.
    pub message: &'a str,
    /// Whether watchers are not told; nothing on Cloud, whose API has no minor edits of pages.
    pub minor_edit: bool,
}

/// On which side of another page a page goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Right before it.
    Before,
    /// Right after it.
    After,
}

/// A page that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The page's id.
    pub id: String,
    /// The version on top.
    pub version: u32,
    /// The page's link in the browser.
    pub url: String,
    /// What was written along with it.
    pub made_with: MadeWith,
}

/// What a server takes along with a new page; what it does not has to be written by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MadeWith {
    /// All content properties, the origin among them.
    pub properties: bool,
    /// All labels.
    pub labels: bool,
}

/// What a page tells of where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Past {
    /// The last version of ours is from one of the repositories, or its content property says so.
    Ours(Origin),
    /// None of its versions is of ours.
    NotOurs,
    /// Versions are missing, or a message does not name the whole path.
    Unknown,
}

impl Past {
    /// Where the page came from, when it says so itself.
    pub fn origin(self) -> Option<Origin> {
        match self {
            Self::Ours(origin) => Some(origin),
            Self::NotOurs | Self::Unknown => None,
        }
    }
}

/// A page as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtVersion {
    /// The title it had.
    pub title: String,
    /// What the version's message says about us.
    pub marker: Option<Marker>,
    /// What stands before the marker, for a version with one.
    pub words: Option<Words>,
    /// The earlier version that it is again, for a person's that was given back.
    pub again: Option<u32>,
    /// The body it had, in the format that was asked for, where the server still has it.
    pub body: Option<String>,
}

/// A page as it is at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Now {
    /// The version on top.
    pub version: u32,
    /// What its message says about us.
    pub marker: Option<Marker>,
    /// The body in storage format.
    pub body: String,
}

/// An error of a request that writes, with whether it may have happened all the same.
#[derive(Debug)]
pub struct WriteError {
    /// What went wrong.
    pub error: Error,
    /// Whether the server may have done it.
    pub fate: Fate,
    /// Whether the server says that it does not offer this any more.
    pub is_withdrawn: bool,
}

impl From<Error> for WriteError {
    fn from(error: Error) -> Self {
        Self {
            error,
            fate: Fate::NotDone,
            is_withdrawn: false,
        }
    }
}

impl From<WriteError> for Error {
    fn from(failed: WriteError) -> Self {
        failed.error
    }
}

impl From<crate::http::Unanswered> for WriteError {
    fn from(unanswered: crate::http::Unanswered) -> Self {
        Self {
            error: unanswered.error,
            fate: unanswered.fate,
            is_withdrawn: false,
        }
    }
}

impl Client {
    /// Makes a client; nothing is sent yet. `gateway` is the OAuth gateway of the site, such as
    /// `https://api.atlassian.com/ex/confluence/{cloudId}`.
    pub fn new(
        http: Http,
        site: &Url,
        gateway: Option<&Url>,
        flavor: Flavor,
        credential: Arc<Credential>,
    ) -> Self {
        let site = site.as_str().trim_end_matches('/').to_owned();
        let api = match gateway {
            Some(gateway) => format!("{}/wiki", gateway.as_str().trim_end_matches('/')),
            None => site.clone(),
        };
        Self {
            http,
            credential,
            flavor,
            site,
            api,
            kinds: Arc::default(),
        }
    }

    /// The same client with another connection pool or count.
    #[must_use]
    pub fn with_http(&self, http: Http) -> Self {
        Self {
            http,
            ..self.clone()
        }
    }

    /// Which product the client speaks to.
    pub fn flavor(&self) -> Flavor {
        self.flavor
    }

    /// The site's address as a person knows it.
    pub fn site(&self) -> &str {
        &self.site
    }

    /// The connections and their count.
    pub fn http(&self) -> &Http {
        &self.http
    }

    /// Asks which of the two products answers at an address.
    ///
    /// # Errors
    /// [`ErrorKind::Offline`] when nothing answers, [`ErrorKind::InvalidInput`] when something
    /// answers that is not Confluence.
    pub async fn detect(
        http: &Http,
        site: &Url,
        gateway: Option<&Url>,
        credential: &Arc<Credential>,
    ) -> Result<Flavor, Error> {
        let client =
            |flavor| Self::new(http.clone(), site, gateway, flavor, Arc::clone(credential));
        let is_cloud_host = site
            .host_str()
            .is_some_and(|host| host.ends_with(".atlassian.net") || host.ends_with(".jira.com"));
        if is_cloud_host || gateway.is_some() {
            return Ok(Flavor::Cloud);
        }
        let data_center = client(Flavor::DataCenter);
        let first = client(Flavor::Cloud)
            .answers("/api/v2/spaces?limit=1")
            .await?;
        if first == Answered::AsConfluence {
            return Ok(Flavor::Cloud);
        }
        // Both products have this address.
        let second = data_center.answers("/rest/api/space?limit=1").await?;
        match (first, second) {
            (Answered::Otherwise, Answered::AsConfluence) => return Ok(Flavor::DataCenter),
            (Answered::Refused, _) if data_center.tells_access_mode().await? => {
                return Ok(Flavor::DataCenter);
            }
            (Answered::Refused, Answered::AsConfluence) => return Ok(Flavor::Cloud),
            (Answered::Refused, _) | (_, Answered::Refused) => {
                return Err(Error::new(
                    ErrorKind::Forbidden,
                    sentence!(
                        "`{site}` refuses to say whether it is Confluence Cloud or Data Center",
                        site
                    ),
                )
                .remedy(Remedy::of_each(
                    "Check that you may use Confluence there and that no proxy stands in between, \
                     or say what it is with `--flavor`",
                    "Check that you may use Confluence there and that no proxy stands in between",
                )));
            }
            _ => {}
        }
        Err(Error::new(
            ErrorKind::InvalidInput,
            sentence!("No Confluence answers at `{site}`", site),
        )
        .remedy(
            "Give the address as the browser shows it, up to `/wiki` on Cloud, for example \
             `https://acme.atlassian.net/wiki`",
        ))
    }

    /// What requests are signed in with, to name it in the audit log by its mark.
    pub(crate) fn credential(&self) -> &Arc<Credential> {
        &self.credential
    }

    /// Asks who the credential belongs to.
    ///
    /// # Errors
    /// [`ErrorKind::SignedOut`] when the server does not accept the credential; Data Center
    /// answers a wrong token as if nobody had signed in, which is seen through.
    pub async fn current_user(&self) -> Result<User, Error> {
        let mut user = self.who().await?;
        if let (UserKind::Anonymous, Credential::Account(tokens)) = (&user.kind, &*self.credential)
        {
            // The server ended the access token before its time, and no 401 told so.
            let ended = tokens.current().await?;
            tokens.instead_of(&ended).await?;
            user = self.who().await?;
        }
        if user.kind == UserKind::Anonymous {
            return Err(self.signed_out());
        }
        Ok(User {
            name: user
                .display_name
                .take()
                .or(user.public_name.take())
                .unwrap_or_default(),
            id: user.id().unwrap_or_default(),
        })
    }

    /// The space with a key; the inner error is what the server said when it shows none.
    async fn find_space(&self, key: &str) -> Result<Result<Space, Option<Error>>, Error> {
        let found = match self.flavor {
            Flavor::Cloud => self.cloud_spaces(Some(key)).await.map(|spaces| {
                spaces
                    .into_iter()
                    .find(|space| space.key.eq_ignore_ascii_case(key))
            }),
            Flavor::DataCenter => self.data_center_space(key).await,
        };
        match found {
            Ok(found) => Ok(found.ok_or(None)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Err(Some(error))),
            Err(error) => Err(error),
        }
    }

    async fn who(&self) -> Result<wire::UserReply, Error> {
        let told = self
            .get("/rest/api/user/current", "/rest/api/user/current")
            .await;
        told.map_err(|error: Error| match error.kind() {
            ErrorKind::Forbidden | ErrorKind::SignedOut | ErrorKind::NotFound => {
                self.signed_out().caused_by(error)
            }
            _ => error,
        })
    }

    fn signed_out(&self) -> Error {
        Error::new(
            ErrorKind::SignedOut,
            sentence!("`{site}` does not accept the token", site = self.site),
        )
        .remedy(
            "Sign in again with a token that is still valid, and check the user name that belongs \
             to it",
        )
    }

    /// The spaces this user sees, sorted by name.
    pub async fn spaces(&self) -> Result<Vec<Space>, Error> {
        let mut spaces = match self.flavor {
            Flavor::Cloud => self.cloud_spaces(None).await?,
            Flavor::DataCenter => self.data_center_spaces().await?,
        };
        spaces.sort_by_key(|space| space.name.to_lowercase());
        Ok(spaces)
    }

    /// The space with a key.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is none that this user sees, and
    /// [`ErrorKind::SignedOut`] when that is because the credential is not accepted.
    pub async fn space(&self, key: &str) -> Result<Space, Error> {
        let unknown = match self.find_space(key).await? {
            Ok(space) => return Ok(space),
            Err(unknown) => unknown,
        };
        // Both products hide what a wrong credential may not see, so ask who we are before
        // blaming the key. That can have renewed an account's access.
        self.current_user().await?;
        let is_account = matches!(&*self.credential, Credential::Account(_));
        if is_account && let Ok(space) = self.find_space(key).await? {
            return Ok(space);
        }
        let error = Error::new(
            ErrorKind::NotFound,
            sentence!(
                "`{site}` has no space `{key}` that you can see",
                site = self.site,
                key
            ),
        )
        .remedy("Check the space key; it stands in the address of every page of the space");
        Err(match unknown {
            Some(cause) => error.caused_by(cause),
            None => error,
        })
    }

    /// Makes sure that the account whose access is used was signed in for more than reading.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] when it was not, with the way to sign it in for publishing.
    pub fn is_for_publishing(&self) -> Result<(), Error> {
        match self.credential.holder().and_then(|it| it.for_publishing) {
            None => Ok(()),
            Some(remedy) => Err(Error::new(
                ErrorKind::Forbidden,
                sentence!(
                    "The account that is used for `{site}` was signed in for reading only",
                    site = self.site
                ),
            )
            .remedy(*remedy)),
        }
    }

    /// Makes sure that the account whose access is used may put pages into the trash, as far as what
    /// was granted says so.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] when it may not, with the way to sign it in for that.
    pub fn is_for_removing(&self) -> Result<(), Error> {
        match self.credential.holder().and_then(|it| it.for_removing) {
            None => Ok(()),
            Some(remedy) => Err(Error::new(
                ErrorKind::Forbidden,
                sentence!(
                    "The account that is used for `{site}` was not allowed to put pages into the \
                     trash, and the plan does that. Nothing was published",
                    site = self.site
                ),
            )
            .remedy(*remedy)),
        }
    }

    /// Whether this user may create pages in a space. Data Center does not tell before it is tried.
    pub async fn may_create_pages(&self, space: &Space) -> Result<bool, Error> {
        match self.flavor {
            Flavor::Cloud => self.cloud_can_write(&space.id).await,
            Flavor::DataCenter => Ok(true),
        }
    }

    /// Every current page of a space, from bulk listings. `progress` is told the number of pages
    /// read so far.
    pub async fn pages(
        &self,
        space: &Space,
        progress: &(dyn Fn(usize) + Send + Sync),
    ) -> Result<Vec<RemotePage>, Error> {
        let kind = PageKind::Page;
        let pages = match self.flavor {
            Flavor::Cloud => self.cloud_pages(space, kind, progress).await?,
            Flavor::DataCenter => self.data_center_pages(space, kind, progress).await?,
        };
        Ok(each_once(pages))
    }

    /// Every current blog post of a space, from bulk listings.
    pub async fn blog_posts(&self, space: &Space) -> Result<Vec<RemotePage>, Error> {
        let kind = PageKind::BlogPost;
        let posts = match self.flavor {
            Flavor::Cloud => self.cloud_pages(space, kind, &|_| {}).await?,
            Flavor::DataCenter => self.data_center_pages(space, kind, &|_| {}).await?,
        };
        for post in &posts {
            self.is_of_kind(&post.id, kind);
        }
        Ok(each_once(posts))
    }

    /// What is known of the kind of a page, blog post or folder.
    fn kind_of(&self, id: &str) -> PageKind {
        let kinds = self.kinds.read().unwrap_or_else(PoisonError::into_inner);
        kinds.get(id).copied().unwrap_or_default()
    }

    fn is_of_kind(&self, id: &str, kind: PageKind) {
        if kind != PageKind::Page {
            let mut kinds = self.kinds.write().unwrap_or_else(PoisonError::into_inner);
            kinds.insert(id.to_owned(), kind);
        }
    }

    /// The page or blog post with a title, if the space has one; the newest, since blog posts of
    /// different days may have one title.
    pub async fn page_by_title(
        &self,
        space: &Space,
        title: &str,
        kind: PageKind,
    ) -> Result<Option<RemotePage>, Error> {
        let found = match self.flavor {
            Flavor::Cloud => self.cloud_page_by_title(space, title, kind).await?,
            Flavor::DataCenter => self.data_center_page_by_title(space, title, kind).await?,
        };
        let newest = found
            .into_iter()
            .max_by_key(|page| (page.id.len(), page.id.clone()));
        if let Some(page) = &newest {
            self.is_of_kind(&page.id, kind);
        }
        Ok(newest)
    }

    /// Where a page came from, if it is from one of these repositories: what the messages of its
    /// versions say, or its content property.
    pub async fn past(&self, page: &str, repositories: &[String]) -> Result<Past, Error> {
        // A folder has no versions whose messages could say it.
        if self.flavor == Flavor::Cloud && self.kind_of(page) != PageKind::Folder {
            let past = self.cloud_past(page, repositories, None).await?;
            if past != Past::Unknown {
                return Ok(past);
            }
        }
        let stated = self.stated_origin(page).await?;
        Ok(stated.map_or(Past::Unknown, Past::Ours))
    }

    /// Whether none of the versions of a page before one of ours is from one of these repositories. For a
    /// page that had no content property then.
    pub(crate) async fn was_not_ours(
        &self,
        page: &str,
        before: u32,
        repositories: &[String],
    ) -> Result<bool, Error> {
        match self.flavor {
            Flavor::Cloud => {
                let past = self.cloud_past(page, repositories, Some(before));
                Ok(past.await? == Past::NotOurs)
            }
            // Each page of ours has the property from the beginning.
            Flavor::DataCenter => Ok(true),
        }
    }

    /// Where a page came from, as its content property says. On Cloud most pages have none.
    pub async fn stated_origin(&self, page: &str) -> Result<Option<Origin>, Error> {
        let property = self.property(page, ORIGIN_PROPERTY).await?;
        Ok(property.and_then(|property| wire::origin(&property.value)))
    }

    /// The stored bodies of pages, by page id.
    pub async fn bodies(&self, ids: &[String]) -> Result<BTreeMap<String, String>, Error> {
        self.bodies_in(BodyFormat::Storage, ids).await
    }

    /// The bodies of pages in a format, by page id; Cloud makes one of the other. Data Center has
    /// storage format alone.
    pub(crate) async fn bodies_in(
        &self,
        format: BodyFormat,
        ids: &[String],
    ) -> Result<BTreeMap<String, String>, Error> {
        match self.flavor {
            Flavor::Cloud => self.cloud_bodies(ids, format).await,
            Flavor::DataCenter => self.data_center_bodies(ids).await,
        }
    }

    /// Pages as they are at this moment, by page id, asked of many at once. Those that are in the
    /// trash or archived are missing.
    pub async fn now(&self, ids: &[String]) -> Result<BTreeMap<String, Now>, Error> {
        match self.flavor {
            Flavor::Cloud => self.cloud_now(ids).await,
            Flavor::DataCenter => self.data_center_now(ids).await,
        }
    }

    /// The version on top of a page at this moment, whatever its title is by now; none when it is in
    /// the trash or archived.
    pub async fn version_now(&self, page: &str) -> Result<Option<u32>, Error> {
        match self.flavor {
            Flavor::Cloud => self.cloud_version_now(page).await,
            Flavor::DataCenter => self.data_center_version_now(page).await,
        }
    }

    /// Which of these pages the site shows to this user, asked of many at once.
    pub async fn existing(&self, ids: &[String]) -> Result<BTreeSet<String>, Error> {
        match self.flavor {
            Flavor::Cloud => self.cloud_existing(ids).await,
            Flavor::DataCenter => self.data_center_existing(ids).await,
        }
    }

    /// Where pages are that are not among the current ones of a space, asked of many at once. Those that
    /// nobody can be shown any more are missing, and so are those that are in the space after all.
    pub(crate) async fn elsewhere(
        &self,
        ids: &[String],
        space: &Space,
    ) -> Result<BTreeMap<String, Elsewhere>, Error> {
        match self.flavor {
            Flavor::Cloud => self.cloud_elsewhere(ids, space).await,
            Flavor::DataCenter => self.data_center_elsewhere(ids, space).await,
        }
    }

    /// A page as it was at one of its versions, with its body in a format.
    pub async fn at_version(
        &self,
        page: &str,
        version: u32,
        format: BodyFormat,
    ) -> Result<AtVersion, Error> {
        match self.flavor {
            Flavor::Cloud => self.cloud_at_version(page, version, format).await,
            Flavor::DataCenter => self.data_center_at_version(page, version).await,
        }
    }

    /// The value of a content property, if the page has it.
    pub async fn property_value(
        &self,
        page: &str,
        key: &str,
    ) -> Result<Option<serde_json::Value>, Error> {
        let property = self.property(page, key).await?;
        Ok(property.map(|property| property.value))
    }

    /// Makes a page with its body.
    pub async fn create(&self, page: &NewPage<'_>) -> Result<Written, WriteError> {
        match self.flavor {
            Flavor::Cloud => self.cloud_create(page).await,
            Flavor::DataCenter => self.data_center_create(page).await,
        }
    }

    /// Writes a new version of a page.
    pub async fn update(&self, version: &NewVersion<'_>) -> Result<Written, WriteError> {
        match self.flavor {
            Flavor::Cloud => self.cloud_update(version).await,
            Flavor::DataCenter => self.data_center_update(version).await,
        }
    }

    /// Whether the page's place can change without a new version.
    pub fn moves_without_version(&self) -> bool {
        self.flavor == Flavor::Cloud
    }

    /// Puts a page below another as its last child.
    pub async fn move_below(&self, page: &str, parent: &str) -> Result<(), WriteError> {
        self.put_nothing(
            &format!("/rest/api/content/{page}/move/append/{parent}"),
            "/rest/api/content/{id}/move/append/{target}",
        )
        .await
    }

    /// Puts a page right before or after another, below the same page. Only Cloud can.
    pub async fn move_beside(&self, page: &str, side: Side, sibling: &str) -> Result<(), Error> {
        let (side, endpoint) = match side {
            Side::Before => ("before", "/rest/api/content/{id}/move/before/{target}"),
            Side::After => ("after", "/rest/api/content/{id}/move/after/{target}"),
        };
        let path = format!("/rest/api/content/{page}/move/{side}/{sibling}");
        Ok(self.put_nothing(&path, endpoint).await?)
    }

    /// Writes a content property, whether or not the page has it. Gives the value that it had.
    pub async fn set_property(
        &self,
        page: &str,
        key: &str,
        value: &serde_json::Value,
    ) -> Result<Option<serde_json::Value>, Error> {
        let mut tries = 0;
        let mut first = None;
        loop {
            tries += 1;
            let known = self.property(page, key).await?;
            // A later look may find what an earlier try wrote.
            let was = first
                .get_or_insert_with(|| known.as_ref().map(|property| property.value.clone()))
                .clone();
            if known
                .as_ref()
                .is_some_and(|property| property.value == *value)
            {
                return Ok(was);
            }
            let written = match self.flavor {
                Flavor::Cloud => self.cloud_set_property(page, key, value, known).await,
                Flavor::DataCenter => self.data_center_set_property(page, key, value, known).await,
            };
            match written {
                // It may have got through although its answer did not: look again.
                Err(error) if may_be_done(&error) && tries < 4 => {}
                other => return other.map(|()| was),
            }
        }
    }

    /// Takes a content property off a page; one that it has not is no error. Gives the value that it
    /// had.
    pub async fn remove_property(
        &self,
        page: &str,
        key: &str,
    ) -> Result<Option<serde_json::Value>, Error> {
        let Some(known) = self.property(page, key).await? else {
            return Ok(None);
        };
        match self.flavor {
            Flavor::Cloud => self.cloud_remove_property(page, &known).await?,
            Flavor::DataCenter => self.data_center_remove_property(page, key).await?,
        }
        Ok(Some(known.value))
    }

    /// Writes a content property of a page that is known not to have it.
    pub async fn add_property(
        &self,
        page: &str,
        key: &str,
        value: &serde_json::Value,
    ) -> Result<(), Error> {
        let added = match self.flavor {
            Flavor::Cloud => self.cloud_set_property(page, key, value, None).await,
            Flavor::DataCenter => self.data_center_set_property(page, key, value, None).await,
        };
        match added {
            Err(error) if may_be_done(&error) => {
                self.set_property(page, key, value).await.map(|_| ())
            }
            other => other,
        }
    }

    /// The files on a page.
    pub async fn attachments(&self, page: &str) -> Result<Vec<Attachment>, Error> {
        match self.flavor {
            Flavor::Cloud => self.cloud_attachments(page).await,
            Flavor::DataCenter => self.data_center_attachments(page).await,
        }
    }

    /// Sends a file to a page, as a new attachment or a new version of one. Gives the id under which
    /// the Atlassian Document Format shows it, where the answer tells.
    pub async fn upload(&self, page: &str, upload: &Upload) -> Result<Option<String>, Error> {
        match self.flavor {
            Flavor::Cloud => self.cloud_upload(page, upload).await,
            Flavor::DataCenter => self.data_center_upload(page, upload).await,
        }
    }

    /// The labels of a page.
    pub async fn labels(&self, page: &str) -> Result<Vec<String>, Error> {
        match self.flavor {
            Flavor::Cloud => self.cloud_labels(page).await,
            Flavor::DataCenter => self.data_center_labels(page).await,
        }
    }

    /// Adds labels to a page; those it has stay.
    pub async fn add_labels(&self, page: &str, labels: &[String]) -> Result<(), Error> {
        self.post_json(
            &format!("/rest/api/content/{page}/label"),
            "/rest/api/content/{id}/label",
            &wire::global_labels(labels),
        )
        .await
    }

    /// Takes a label off a page; one that it has not is no error.
    pub async fn remove_label(&self, page: &str, label: &str) -> Result<(), Error> {
        self.delete(
            &format!(
                "/rest/api/content/{page}/label?name={}",
                wire::encode(label)
            ),
            "/rest/api/content/{id}/label",
        )
        .await
    }

    /// Whether something stands below a page: a page, or on Cloud a folder, whiteboard or database.
    pub async fn has_children(&self, page: &str) -> Result<bool, Error> {
        if self.kind_of(page) == PageKind::BlogPost {
            return Ok(false);
        }
        let (path, endpoint) = match self.flavor {
            Flavor::Cloud if self.kind_of(page) == PageKind::Folder => (
                format!("/api/v2/folders/{page}/direct-children?limit=1"),
                "/api/v2/folders/{id}/direct-children",
            ),
            Flavor::Cloud => (
                format!("/api/v2/pages/{page}/direct-children?limit=1"),
                "/api/v2/pages/{id}/direct-children",
            ),
            Flavor::DataCenter => (
                format!("/rest/api/content/{page}/child/page?limit=1"),
                "/rest/api/content/{id}/child/page",
            ),
        };
        let found: wire::Listing<serde_json::Value> = match self.get(&path, endpoint).await {
            Ok(found) => found,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        };
        Ok(!found.results.is_empty())
    }

    /// Archives a page. Only Cloud can.
    pub async fn archive(&self, page: &str) -> Result<(), Error> {
        if self.flavor == Flavor::DataCenter {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "Data Center cannot archive single pages through its API",
            )
            .remedy("Choose to report or trash pages whose source is gone"));
        }
        self.post_json(
            "/rest/api/content/archive",
            "/rest/api/content/archive",
            &serde_json::json!({"pages": [{"id": page}]}),
        )
        .await
    }
}

/// What was listed, without what was listed again: Data Center counts the entries of its listings, and
/// whatever comes back from the trash between two of them moves all that stand behind it.
fn each_once(mut pages: Vec<RemotePage>) -> Vec<RemotePage> {
    let mut known = HashSet::with_capacity(pages.len());
    pages.retain(|page| known.insert(page.id.clone()));
    pages
}

/// Where a page is, when it is not current in the space that it was published to.
fn elsewhere(status: &str, is_in_space: bool, title: String, url: String) -> Option<Elsewhere> {
    let place = match status {
        "archived" => ElsewherePlace::Archive,
        "trashed" => ElsewherePlace::Trash,
        _ if is_in_space => return None,
        _ => ElsewherePlace::OtherSpace,
    };
    Some(Elsewhere { title, url, place })
}

/// Whether a write that failed like this may have been carried out, or was by an earlier try.
fn may_be_done(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Offline | ErrorKind::Conflict | ErrorKind::InvalidInput
    )
}

/// Joins what a listing tells of a page.
#[expect(
    clippy::too_many_arguments,
    reason = "each is one field of what both products answer"
)]
fn remote_page(
    kind: PageKind,
    id: String,
    title: String,
    parent_id: Option<String>,
    position: Option<i64>,
    version: u32,
    message: Option<&str>,
    url: String,
) -> RemotePage {
    RemotePage {
        kind,
        id,
        title,
        parent_id,
        position,
        version,
        marker: message.and_then(Marker::find),
        words: message.and_then(Words::find),
        again: message.and_then(Words::version_again),
        maker: None,
        creator: None,
        origin: None,
        url,
        unfinished: None,
        body: None,
        edited: None,
        is_empty_folder: false,
        files: FilesByHand::default(),
        is_former: false,
        is_live: false,
    }
}
