//! The pages a person sees in a browser at each page's web link, for both dialects.
//!
//! Owns addresses, the frame around a body and what links lead to. Reads the state and changes
//! nothing. Whoever opens these pages is taken for the sandbox's own user: reading here needs no
//! sign-in, because the pages never leave the computer.

mod links;
mod records;
mod stored;
mod view;

use std::collections::HashMap;

use axum::Router;
use axum::extract::{Path, Query};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

use crate::format::Target;
use crate::signin::{Accounts, Product};
use crate::state::State;

pub(crate) use links::PageLinks;
use records::Site;
use records::{Body, PageRecord, TreeRecord};
use view::{Frame, PageView, SpaceHead, TreeNode, VersionLine};

type Parameters = HashMap<String, String>;

/// The routes of both dialects, the front door and the style sheet.
pub(crate) fn router<S: Clone + Send + Sync + 'static>(
    state: &State,
    accounts: &Accounts,
) -> Router<S> {
    let cloud = &Site::new(
        Product::Cloud,
        &state.cloud,
        accounts.site_url(),
        Some(accounts.user()),
    );
    let data_center = &Site::new(
        Product::DataCenter,
        &state.data_center,
        accounts.site_url(),
        Some(accounts.user()),
    );
    let front_sites = [cloud.clone(), data_center.clone()];
    Router::new()
        .route("/", get(|| async move { front(&front_sites) }))
        .route("/_sandbox/site.css", get(style_sheet))
        .merge(cloud_pages(cloud))
        .merge(data_center_pages(data_center))
        .merge(shared_pages(cloud))
        .merge(shared_pages(data_center))
}

fn cloud_pages<S: Clone + Send + Sync + 'static>(site: &Site) -> Router<S> {
    let (home, overview) = (site.clone(), site.clone());
    let mut router = Router::new()
        .route(
            "/wiki/spaces/{key}",
            get(|Path(key): Path<String>| async move { space_home(&home, &key) }),
        )
        .route(
            "/wiki/spaces/{key}/overview",
            get(|Path(key): Path<String>| async move { space_home(&overview, &key) }),
        );
    for kind in ["pages", "blog", "folder"] {
        // The title in the address is for people; the id alone decides.
        let (untitled, titled) = (site.clone(), site.clone());
        router =
            router
                .route(
                    &format!("/wiki/spaces/{{key}}/{kind}/{{id}}"),
                    get(|Path((_, id)): Path<(String, String)>| async move {
                        page(&untitled, &id, None)
                    }),
                )
                .route(
                    &format!("/wiki/spaces/{{key}}/{kind}/{{id}}/{{title}}"),
                    get(
                        |Path((_, id, _)): Path<(String, String, String)>| async move {
                            page(&titled, &id, None)
                        },
                    ),
                );
    }
    router
}

fn data_center_pages<S: Clone + Send + Sync + 'static>(site: &Site) -> Router<S> {
    let (space, titled) = (site.clone(), site.clone());
    Router::new()
        .route(
            "/confluence/display/{key}",
            get(|Path(key): Path<String>| async move { space_home(&space, &key) }),
        )
        .route(
            "/confluence/display/{key}/{title}",
            get(|Path((key, title)): Path<(String, String)>| async move {
                // A plus is a space here, as in a form; the router has decoded the percents already.
                let title = title.replace('+', " ");
                match titled.source.page_by_title(&key, &title) {
                    Some(found) => page(&titled, &found.id, None),
                    None => missing(
                        &titled,
                        &format!("The space {key} has no page titled {title}."),
                    ),
                }
            }),
        )
}

/// Addresses that both dialects have, under their own base.
fn shared_pages<S: Clone + Send + Sync + 'static>(site: &Site) -> Router<S> {
    let base = site.base;
    let [index, slash, by_id, history, files, source, find, short] =
        std::array::from_fn(|_| site.clone());
    let id = |given: &Parameters| given.get("pageId").cloned().unwrap_or_default();
    Router::new()
        .route(
            &format!("{base}/x/{{tiny}}"),
            get(|Path(tiny): Path<String>| async move {
                let id = i64::from_str_radix(&tiny, 16).unwrap_or_default();
                page(&short, &id.to_string(), None)
            }),
        )
        .route(base, get(|| async move { spaces(&index) }))
        .route(&format!("{base}/"), get(|| async move { spaces(&slash) }))
        .route(
            &format!("{base}/pages/viewpage.action"),
            get(move |Query(given): Query<Parameters>| async move {
                let version = given.get("pageVersion").and_then(|number| number.parse().ok());
                page(&by_id, &id(&given), version)
            }),
        )
        .route(
            &format!("{base}/pages/viewpreviousversions.action"),
            get(move |Query(given): Query<Parameters>| async move { page_history(&history, &id(&given)) }),
        )
        .route(
            &format!("{base}/pages/viewpageattachments.action"),
            get(move |Query(given): Query<Parameters>| async move { page_files(&files, &id(&given)) }),
        )
        .route(
            &format!("{base}/plugins/viewstorage/viewpagestorage.action"),
            get(move |Query(given): Query<Parameters>| async move { page_source(&source, &id(&given)) }),
        )
        .route(
            &format!("{base}/search"),
            get(|Query(given): Query<Parameters>| async move {
                search(&find, given.get("text").map(String::as_str).unwrap_or_default())
            }),
        )
}

fn front(sites: &[Site]) -> Response {
    let sections: Vec<_> = sites
        .iter()
        .map(|site| (site.name, site.address(), heads(site)))
        .collect();
    let frame = Frame {
        product: "Sandbox",
        ..Frame::default()
    };
    served(StatusCode::OK, view::front(&frame, &sections))
}

fn spaces(site: &Site) -> Response {
    served(
        StatusCode::OK,
        view::spaces(&frame(site, None, None), &heads(site)),
    )
}

fn heads(site: &Site) -> Vec<(SpaceHead, usize)> {
    site.source
        .spaces()
        .into_iter()
        .map(|space| {
            (
                head(site, &space.key, &space.name),
                site.source.page_count(&space.key),
            )
        })
        .collect()
}

fn head(site: &Site, key: &str, name: &str) -> SpaceHead {
    SpaceHead {
        key: key.to_owned(),
        name: name.to_owned(),
        href: site.space_href(key),
    }
}

fn space_home(site: &Site, key: &str) -> Response {
    let Some(space) = site.source.space(key) else {
        return missing(site, &format!("There is no space with the key {key}."));
    };
    match space.home_id {
        Some(home) => page(site, &home, None),
        None => served(
            StatusCode::OK,
            view::spaces(&frame(site, Some(key), None), &[]),
        ),
    }
}

fn page(site: &Site, id: &str, version: Option<u64>) -> Response {
    let Some(found) = site.source.page(id) else {
        return missing(site, "It was deleted, or the address is wrong.");
    };
    let versions = site.source.versions(id);
    let shown = version.filter(|number| *number != found.version);
    let (title, body, line) = match shown {
        None => (
            found.title.clone(),
            found.body.clone(),
            versions.iter().find(|line| line.number == found.version),
        ),
        Some(number) => match site.source.body_at(id, number) {
            Some((title, body)) => (
                title,
                body,
                versions.iter().find(|line| line.number == number),
            ),
            None => return missing(site, &format!("This page has no version {number}.")),
        },
    };
    // A folder has no body; a reader sees what is in it.
    let contents = Body::Storage("<ac:structured-macro ac:name=\"children\"/>".to_owned());
    let body_html = site.draw(found.clone(), if found.folder { &contents } else { &body });
    let banner = match (shown, found.status.as_str()) {
        (Some(number), _) => Some(format!(
            "You are viewing version {number} of this page. The current version is {}.",
            found.version
        )),
        (None, "current") => None,
        (None, status) => Some(format!("This page is not current: its status is {status}.")),
    };
    let view = PageView {
        breadcrumbs: crumbs(site, &found, false),
        version: line.map_or_else(
            || unknown_version(&found),
            |line| site.version_line(id, line),
        ),
        labels: site.source.labels(id),
        body_html,
        files: site.file_lines(id),
        links: vec![
            Target {
                title: "History".to_owned(),
                href: format!(
                    "{}/pages/viewpreviousversions.action?pageId={id}",
                    site.base
                ),
            },
            Target {
                title: "Source".to_owned(),
                href: format!(
                    "{}/plugins/viewstorage/viewpagestorage.action?pageId={id}",
                    site.base
                ),
            },
        ],
        banner,
        title,
    };
    served(
        StatusCode::OK,
        view::page(&frame(site, Some(&found.space_key), Some(id)), &view),
    )
}

fn unknown_version(page: &PageRecord) -> VersionLine {
    VersionLine {
        number: page.version,
        author: String::new(),
        when: String::new(),
        message: String::new(),
        href: String::new(),
    }
}

fn page_history(site: &Site, id: &str) -> Response {
    let Some(found) = site.source.page(id) else {
        return missing(site, "It was deleted, or the address is wrong.");
    };
    let mut lines: Vec<VersionLine> = site
        .source
        .versions(id)
        .iter()
        .map(|line| site.version_line(id, line))
        .collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.number));
    let frame = frame(site, Some(&found.space_key), Some(id));
    served(
        StatusCode::OK,
        view::history(&frame, &found.title, &crumbs(site, &found, true), &lines),
    )
}

fn page_files(site: &Site, id: &str) -> Response {
    let Some(found) = site.source.page(id) else {
        return missing(site, "It was deleted, or the address is wrong.");
    };
    let frame = frame(site, Some(&found.space_key), Some(id));
    served(
        StatusCode::OK,
        view::attachments(
            &frame,
            &found.title,
            &crumbs(site, &found, true),
            &site.file_lines(id),
        ),
    )
}

fn page_source(site: &Site, id: &str) -> Response {
    let Some(found) = site.source.page(id) else {
        return missing(site, "It was deleted, or the address is wrong.");
    };
    let text = match &found.body {
        Body::Storage(text) => text.clone(),
        Body::Adf(document) => format!("{document:#}"),
    };
    let frame = frame(site, Some(&found.space_key), Some(id));
    served(
        StatusCode::OK,
        view::source(&frame, &found.title, &crumbs(site, &found, true), &text),
    )
}

fn search(site: &Site, text: &str) -> Response {
    let hits: Vec<(Target, String)> = site
        .source
        .search(text)
        .into_iter()
        .map(|found| {
            (
                Target {
                    href: site.page_href(&found.space_key, &found.id, &found.title),
                    title: found.title,
                },
                found.space_key,
            )
        })
        .collect();
    let frame = Frame {
        query: text.to_owned(),
        ..frame(site, None, None)
    };
    served(StatusCode::OK, view::search(&frame, &hits))
}

fn missing(site: &Site, what: &str) -> Response {
    served(
        StatusCode::NOT_FOUND,
        view::missing(&frame(site, None, None), what),
    )
}

/// The frame with the tree of a space.
fn frame(site: &Site, space_key: Option<&str>, current: Option<&str>) -> Frame {
    let space = space_key.and_then(|key| site.source.space(key));
    Frame {
        base: site.base,
        product: site.name,
        tree: space
            .as_ref()
            .map(|space| tree(site, &space.key))
            .unwrap_or_default(),
        space: space.map(|space| head(site, &space.key, &space.name)),
        current: current.map(str::to_owned),
        query: String::new(),
    }
}

fn tree(site: &Site, space_key: &str) -> Vec<TreeNode> {
    let entries = site.source.tree(space_key);
    let mut below: HashMap<Option<&str>, Vec<usize>> = HashMap::new();
    for (index, entry) in entries.iter().enumerate() {
        // What hangs under something that is gone is shown at the top and not lost.
        let parent = entry
            .parent_id
            .as_deref()
            .filter(|parent| entries.iter().any(|other| other.id == *parent));
        below.entry(parent).or_default().push(index);
    }
    grow(site, space_key, &entries, &below, None)
}

fn grow(
    site: &Site,
    space_key: &str,
    entries: &[TreeRecord],
    below: &HashMap<Option<&str>, Vec<usize>>,
    parent: Option<&str>,
) -> Vec<TreeNode> {
    let children = below.get(&parent).map(Vec::as_slice).unwrap_or_default();
    children
        .iter()
        .filter_map(|index| entries.get(*index))
        .map(|entry| TreeNode {
            id: entry.id.clone(),
            title: entry.title.clone(),
            href: if entry.folder {
                site.folder_href(space_key, &entry.id)
            } else {
                site.page_href(space_key, &entry.id, &entry.title)
            },
            folder: entry.folder,
            children: grow(site, space_key, entries, below, Some(&entry.id)),
        })
        .collect()
}

/// Where a page stands: its space, what is above it and, from a page about it, itself.
fn crumbs(site: &Site, page: &PageRecord, with_itself: bool) -> Vec<Target> {
    let space = site.source.space(&page.space_key);
    let name = space.map_or_else(|| page.space_key.clone(), |space| space.name);
    let mut crumbs = vec![
        Target {
            title: "Spaces".to_owned(),
            href: site.base.to_owned(),
        },
        Target {
            title: name,
            href: site.space_href(&page.space_key),
        },
    ];
    let above = site
        .ancestors(page)
        .into_iter()
        .chain(with_itself.then(|| page.clone()));
    crumbs.extend(above.map(|above| Target {
        href: site.page_href(&above.space_key, &above.id, &above.title),
        title: above.title,
    }));
    crumbs
}

async fn style_sheet() -> Response {
    let kind = HeaderValue::from_static("text/css; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], include_str!("web/site.css")).into_response()
}

/// Serves a page under a policy that lets nothing in it run.
fn served(status: StatusCode, html: String) -> Response {
    let mut response = (status, Html(html)).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' http: https: data:; \
             form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        ),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("same-origin"),
    );
    response
}
