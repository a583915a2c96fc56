//! Whether the links of published pages lead anywhere.
//!
//! [`check`] reads the pages as they are stored and compares their links with what the site has:
//! pages, and blog posts where there are any, from the bulk listings of their spaces, anchors from bodies that are read a hundred at a
//! time, attachments with one request for each page that has some linked. No link costs a request
//! of its own, but those to other servers, which are asked only when that is wanted. Nothing is
//! written anywhere.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use futures_util::{StreamExt, TryStreamExt, stream};
use percent_encoding::percent_decode_str;
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tributary_pages::markup::{StoredLink, StoredLinks, stored_links};
use url::Url;

use crate::confluence::{Client, Space};
use crate::error::{Error, ErrorKind};
use crate::http::{CONCURRENCY, Call, Payload, Repeat, Traffic};

/// Pages whose bodies are in memory at once.
const AT_ONCE: usize = 100;
/// The most addresses of other servers that are asked for; a tree with more is not a tree whose
/// links one looks at every time.
const MOST_ELSEWHERE: usize = 500;

/// Which links are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Links {
    /// Those that lead to pages, anchors and attachments of the site.
    Internal,
    /// Those to other servers too, each of which is asked for what the link names.
    All,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckedLinks {
    /// Pages that were read.
    pub pages: usize,
    /// Links that were looked at, each once for a page.
    pub checked: usize,
    /// Links of which it is not known: into spaces that were not read, and to other servers that
    /// were not asked or did not say.
    pub not_checked: usize,
    /// Those that lead nowhere, by page.
    pub broken: Vec<BrokenLink>,
    /// What was sent to find out.
    pub traffic: Traffic,
}

/// A link that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenLink {
    /// The id of the page that has it.
    pub page_id: String,
    /// Where it is to lead, as a person would say it.
    pub target: String,
    /// What is not there.
    pub reason: String,
}

impl CheckedLinks {
    /// The broken links of a page.
    pub fn broken_on<'a>(&'a self, page: &'a str) -> impl Iterator<Item = &'a BrokenLink> {
        self.broken.iter().filter(move |link| link.page_id == page)
    }

    /// As JSON, in the shape of `docs/schemas/report.schema.json`.
    pub fn to_json(&self) -> Value {
        let broken = self.broken.iter().map(|link| {
            json!({
                "page_id": link.page_id,
                "target": link.target,
                "reason": link.reason,
            })
        });
        json!({
            "pages": self.pages,
            "checked": self.checked,
            "not_checked": self.not_checked,
            "broken": broken.collect::<Vec<_>>(),
        })
    }
}

/// The pages of the spaces that were listed.
#[derive(Default)]
struct Site {
    /// Keys of the spaces, in lower case.
    spaces: BTreeSet<String>,
    pages: HashMap<String, Listed>,
    /// Ids by space and title, both in lower case.
    by_title: HashMap<(String, String), String>,
    /// The same of blog posts, of which several may have one title.
    posts_by_title: HashMap<(String, String), String>,
    /// Whether the blog posts were listed.
    has_posts: bool,
}

struct Listed {
    /// The space's key, in lower case.
    space: String,
    title: String,
    url: String,
}

/// What one link asks for.
enum Asks {
    /// That a page is there, with an anchor.
    Page(String, Option<String>),
    /// That a page with an id is there, of which the listings do not know.
    Unlisted(String),
    /// That a page has a file.
    File(String, String),
    /// That another server has something at an address.
    Elsewhere(Url),
    /// Nothing that can be told: the answer is known, or will not be.
    Nothing,
    /// It leads nowhere.
    Broken(String),
}

/// Checks the links of pages, given by their ids; `spaces` are those that they are in. Pages that
/// are gone are left out.
///
/// # Errors
/// Any error of asking Confluence; what other servers say is never one.
pub async fn check(
    client: &Client,
    spaces: &[Space],
    pages: &[String],
    which: Links,
) -> Result<CheckedLinks, Error> {
    let http = client.http();
    let client = &client.with_http(http.for_operation(CONCURRENCY, CancellationToken::new()));
    let mut site = list(client, spaces).await?;
    if pages.iter().any(|id| !site.pages.contains_key(id)) {
        // They may be blog posts, which have a listing of their own.
        site.add_posts(client, spaces).await?;
    }
    let pages: Vec<String> = pages
        .iter()
        .filter(|id| site.pages.contains_key(*id))
        .cloned()
        .collect();
    let mut read: BTreeMap<String, StoredLinks> = BTreeMap::new();
    read_bodies(client, &pages, &mut read).await?;

    let mut links = read.values().flat_map(|page| &page.links);
    if !site.has_posts && links.any(leads_to_post) {
        site.add_posts(client, spaces).await?;
    }

    let mut asked: Vec<(&str, String, Asks)> = Vec::new();
    for id in &pages {
        let Some(links) = read.get(id).map(|page| &page.links) else {
            continue;
        };
        for link in links {
            if let Some(asks) = site.what(client, id, link) {
                asked.push((id, named(link), asks));
            }
        }
    }

    // Everything that has to be known of other pages, in bulk.
    let mut with_anchor = BTreeSet::new();
    let mut unlisted = BTreeSet::new();
    let mut with_files = BTreeSet::new();
    let mut elsewhere = BTreeSet::new();
    for (_, _, asks) in &asked {
        match asks {
            Asks::Page(id, Some(_)) if !read.contains_key(id) => {
                with_anchor.insert(id.clone());
            }
            Asks::Unlisted(id) => {
                unlisted.insert(id.clone());
            }
            Asks::File(id, _) => {
                with_files.insert(id.clone());
            }
            Asks::Elsewhere(url) if which == Links::All && elsewhere.len() < MOST_ELSEWHERE => {
                elsewhere.insert(url.clone());
            }
            _ => {}
        }
    }
    let mut others = BTreeMap::new();
    let with_anchor: Vec<String> = with_anchor.into_iter().collect();
    read_bodies(client, &with_anchor, &mut others).await?;
    let unlisted: Vec<String> = unlisted.into_iter().collect();
    let there = client.existing(&unlisted).await?;
    let files = files_of(client, with_files).await?;
    let answers = ask_elsewhere(client, elsewhere).await;

    let mut found = CheckedLinks {
        pages: read.len(),
        ..CheckedLinks::default()
    };
    for (page, target, asks) in &asked {
        let broken = match asks {
            Asks::Broken(reason) => Some(Some(reason.clone())),
            Asks::Nothing => None,
            Asks::Page(id, anchor) => {
                let anchors = read.get(id).or_else(|| others.get(id));
                site.lacks_anchor(id, anchor.as_deref(), anchors)
            }
            Asks::Unlisted(id) => Some(
                (!there.contains(id)).then(|| format!("the site shows no page with the id {id}")),
            ),
            Asks::File(id, filename) => {
                let has_it = files.get(id).is_some_and(|names| names.contains(filename));
                Some((!has_it).then(|| format!("the page has no attachment `{filename}`")))
            }
            Asks::Elsewhere(url) => answers.get(url).cloned().flatten(),
        };
        match broken {
            None => found.not_checked += 1,
            Some(broken) => {
                found.checked += 1;
                found.broken.extend(broken.map(|reason| BrokenLink {
                    page_id: (*page).to_owned(),
                    target: target.clone(),
                    reason,
                }));
            }
        }
    }
    found.traffic = client.http().traffic();
    Ok(found)
}

async fn list(client: &Client, spaces: &[Space]) -> Result<Site, Error> {
    let mut site = Site::default();
    for space in spaces {
        let key = space.key.to_lowercase();
        for page in client.pages(space, &|_| {}).await? {
            let by_title = (key.clone(), page.title.to_lowercase());
            site.by_title.insert(by_title, page.id.clone());
            let listed = Listed {
                space: key.clone(),
                title: page.title,
                url: page.url,
            };
            site.pages.insert(page.id, listed);
        }
        site.spaces.insert(key);
    }
    Ok(site)
}

async fn read_bodies(
    client: &Client,
    ids: &[String],
    into: &mut BTreeMap<String, StoredLinks>,
) -> Result<(), Error> {
    for part in ids.chunks(AT_ONCE) {
        let bodies = client.bodies(part).await?;
        into.extend(
            bodies
                .into_iter()
                .map(|(id, body)| (id, stored_links(&body))),
        );
    }
    Ok(())
}

async fn files_of(
    client: &Client,
    pages: BTreeSet<String>,
) -> Result<HashMap<String, BTreeSet<String>>, Error> {
    stream::iter(pages)
        .map(|id| async move {
            let files = match client.attachments(&id).await {
                Ok(files) => files,
                Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
                Err(error) => return Err(error),
            };
            let names = files.into_iter().map(|file| file.filename).collect();
            Ok::<_, Error>((id, names))
        })
        .buffer_unordered(CONCURRENCY)
        .try_collect()
        .await
}

/// Asks other servers for what links name. The answer of each address is why it leads nowhere, if
/// it does; none when the server did not say.
async fn ask_elsewhere(
    client: &Client,
    addresses: BTreeSet<Url>,
) -> HashMap<Url, Option<Option<String>>> {
    stream::iter(addresses)
        .map(|url| async move {
            // Only the address goes there, and nothing that says who asks.
            let call = Call {
                method: Method::HEAD,
                url: url.clone(),
                endpoint: "elsewhere",
                credential: None,
                payload: Payload::None,
                repeat: Repeat::Never,
                headers: HeaderMap::new(),
                most: Some(0),
            };
            let answer = match client.http().send(call).await {
                Ok(reply) if matches!(reply.status, StatusCode::NOT_FOUND | StatusCode::GONE) => {
                    Some(Some(format!(
                        "the server answers {}",
                        reply.status.as_u16()
                    )))
                }
                Ok(reply) if reply.status.is_success() || reply.status.is_redirection() => {
                    Some(None)
                }
                // It may well be there for whoever signs in, or asks in another way.
                Ok(_) => None,
                Err(unanswered) => Some(Some(unanswered.error.to_string())),
            };
            (url, answer)
        })
        .buffer_unordered(CONCURRENCY)
        .collect()
        .await
}

impl Site {
    async fn add_posts(&mut self, client: &Client, spaces: &[Space]) -> Result<(), Error> {
        for space in spaces {
            let key = space.key.to_lowercase();
            for post in client.blog_posts(space).await? {
                let by_title = (key.clone(), post.title.to_lowercase());
                self.posts_by_title.insert(by_title, post.id.clone());
                let listed = Listed {
                    space: key.clone(),
                    title: post.title,
                    url: post.url,
                };
                self.pages.insert(post.id, listed);
            }
        }
        self.has_posts = true;
        Ok(())
    }

    /// The blog post that a link of a page names.
    fn post(&self, from: &str, space: Option<&str>, title: &str) -> Result<String, Asks> {
        let own = self.pages.get(from).map(|listed| listed.space.as_str());
        let key = space.or(own).map(str::to_lowercase).unwrap_or_default();
        if !self.spaces.contains(&key) {
            return Err(Asks::Nothing);
        }
        let shown = key.to_uppercase();
        let found = self.posts_by_title.get(&(key, title.to_lowercase()));
        found
            .cloned()
            .ok_or_else(|| Asks::Broken(format!("the space `{shown}` has no blog post `{title}`")))
    }

    /// What a link of a page asks for; none when it is no link that leads anywhere, such as a mail
    /// address.
    fn what(&self, client: &Client, page: &str, link: &StoredLink) -> Option<Asks> {
        Some(match link {
            StoredLink::Page {
                space,
                title,
                anchor,
            } => match self.page(page, space.as_deref(), title.as_deref()) {
                Ok(id) => Asks::Page(id, anchor.clone()),
                Err(otherwise) => otherwise,
            },
            StoredLink::Post {
                space,
                title,
                anchor,
            } => match self.post(page, space.as_deref(), title) {
                Ok(id) => Asks::Page(id, anchor.clone()),
                Err(otherwise) => otherwise,
            },
            StoredLink::Content { id, anchor } => self.by_id(id, None, anchor.clone()),
            StoredLink::Attachment {
                space,
                title,
                filename,
            } => match self.page(page, space.as_deref(), title.as_deref()) {
                Ok(id) => Asks::File(id, filename.clone()),
                Err(otherwise) => otherwise,
            },
            StoredLink::Address(address) => return self.address(client, page, address),
        })
    }

    /// The page that a link of a page names.
    fn page(&self, from: &str, space: Option<&str>, title: Option<&str>) -> Result<String, Asks> {
        let Some(title) = title else {
            return Ok(from.to_owned());
        };
        let own = self.pages.get(from).map(|listed| listed.space.as_str());
        let key = space
            .map(str::to_lowercase)
            .or_else(|| own.map(str::to_owned))
            .unwrap_or_default();
        if !self.spaces.contains(&key) {
            return Err(Asks::Nothing);
        }
        let shown = space.unwrap_or(&key).to_uppercase();
        let found = self.by_title.get(&(key, title.to_lowercase()));
        found
            .cloned()
            .ok_or_else(|| Asks::Broken(format!("the space `{shown}` has no page `{title}`")))
    }

    fn by_id(&self, id: &str, space: Option<&str>, anchor: Option<String>) -> Asks {
        if self.pages.contains_key(id) {
            return Asks::Page(id.to_owned(), anchor);
        }
        match space {
            Some(space) if !self.spaces.contains(&space.to_lowercase()) => Asks::Nothing,
            _ => Asks::Unlisted(id.to_owned()),
        }
    }

    fn address(&self, client: &Client, page: &str, address: &str) -> Option<Asks> {
        let base = self.pages.get(page).and_then(|it| Url::parse(&it.url).ok());
        let url = match &base {
            Some(base) => base.join(address),
            None => Url::parse(address),
        };
        let Ok(url) = url else {
            return Some(Asks::Broken("it is not an address".to_owned()));
        };
        if !matches!(url.scheme(), "http" | "https") {
            return None;
        }
        let site = Url::parse(client.site()).ok()?;
        let within = url.path().strip_prefix(site.path().trim_end_matches('/'));
        let (true, Some(path)) = (url.origin() == site.origin(), within) else {
            return Some(Asks::Elsewhere(url));
        };
        let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let anchor = url.fragment().map(decode);
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let id = url.query_pairs().find(|(key, _)| key == "pageId");
        let asks = match (parts.as_slice(), id) {
            (["spaces", space, "pages", id, ..], _) if is_id(id) => {
                self.by_id(id, Some(space), anchor)
            }
            (["spaces", space, "blog", rest @ ..], _) => match post_id(rest) {
                Some(id) => self.by_id(id, Some(space), anchor),
                None => Asks::Nothing,
            },
            (["display", space, year, month, day, title], _) if is_day(&[*year, *month, *day]) => {
                let title = decode(&title.replace('+', " "));
                match self.post(page, Some(space), &title) {
                    Ok(id) => Asks::Page(id, anchor),
                    Err(otherwise) => otherwise,
                }
            }
            (["pages", "viewpage.action"], Some((_, id))) => self.by_id(&id, None, anchor),
            (["display", space, title], _) => {
                let title = decode(&title.replace('+', " "));
                match self.page(page, Some(space), Some(&title)) {
                    Ok(id) => Asks::Page(id, anchor),
                    Err(otherwise) => otherwise,
                }
            }
            (["download", "attachments", id, filename], _) if self.pages.contains_key(*id) => {
                Asks::File((*id).to_owned(), decode(filename))
            }
            _ => Asks::Nothing,
        };
        Some(asks)
    }

    /// What is not there of a page and an anchor; none when the anchor cannot be told.
    fn lacks_anchor(
        &self,
        id: &str,
        anchor: Option<&str>,
        page: Option<&StoredLinks>,
    ) -> Option<Option<String>> {
        let Some(anchor) = anchor.filter(|anchor| !anchor.is_empty()) else {
            return Some(None);
        };
        let page = page?;
        let title = self.pages.get(id).map_or("", |listed| &listed.title);
        if page.has_anchor(anchor, title) {
            return Some(None);
        }
        (!page.shows_others).then(|| Some(format!("the page `{title}` has no anchor `{anchor}`")))
    }
}

/// Whether a link may lead to a blog post, which the listing of pages does not have.
fn leads_to_post(link: &StoredLink) -> bool {
    match link {
        StoredLink::Post { .. } => true,
        StoredLink::Address(address) => {
            let path = address.split(['?', '#']).next().unwrap_or(address);
            let parts: Vec<&str> = path.split('/').collect();
            parts.contains(&"blog") || parts.windows(3).any(is_day)
        }
        StoredLink::Page { .. } | StoredLink::Content { .. } | StoredLink::Attachment { .. } => {
            false
        }
    }
}

/// The id in the address of a blog post, which has the day before it or not.
fn post_id<'a>(parts: &[&'a str]) -> Option<&'a str> {
    let rest = match parts {
        [year, month, day, rest @ ..] if is_day(&[*year, *month, *day]) => rest,
        rest => rest,
    };
    rest.first().copied().filter(|id| is_id(id))
}

/// Whether parts of a path are a day, as `2026/01/31`.
fn is_day(parts: &[&str]) -> bool {
    let lengths = parts.iter().map(|part| part.len());
    lengths.eq([4, 2, 2]) && parts.iter().all(|part| is_id(part))
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit())
}

/// A link's target as a person would say it.
fn named(link: &StoredLink) -> String {
    let page = |space: &Option<String>, title: &Option<String>| {
        let space = space.as_ref().map_or(String::new(), |it| format!("{it}:"));
        format!("{space}{}", title.as_deref().unwrap_or_default())
    };
    match link {
        StoredLink::Page {
            space,
            title,
            anchor,
        } => {
            let anchor = anchor.as_ref().map_or(String::new(), |it| format!("#{it}"));
            format!("{}{anchor}", page(space, title))
        }
        StoredLink::Post { space, title, .. } => page(space, &Some(title.clone())),
        StoredLink::Content { id, .. } => id.clone(),
        StoredLink::Attachment {
            space,
            title,
            filename,
        } => match title {
            Some(_) => format!("{}^{filename}", page(space, title)),
            None => filename.clone(),
        },
        StoredLink::Address(address) => address.clone(),
    }
}
