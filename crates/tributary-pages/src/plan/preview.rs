//! Documents as Confluence will show and keep them, before anything is published.

use std::collections::{BTreeMap, BTreeSet};

use crate::Sentence;
use crate::markup::{
    self, ADF_UNFILLED, AdfOptions, Body, Document, Drawing, DrawingKind, Flavor, HtmlOptions,
    ImageTarget, LinkTarget, Problem, Resolve, Severity,
};

use super::hierarchy::{Refused, arrange, title_of_path};
use super::links::{
    Located, PageLinks, Published, drawn_of, is_top, known_anchor, lacking, locate, wanted_anchors,
};
use super::renames::Renames;
use super::snapshot::Snapshot;
use super::sources::{SourceDocument, Sources};
use super::step::PlanSettings;
use super::steps::omits_title;

/// A rendered document.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// The page's title.
    pub title: String,
    /// The page's text as HTML, and the problems of reading and writing it.
    pub body: Body,
}

/// Renders one document. `image_address` makes the address under which a picture of the repository
/// is shown; links to other documents keep the target as it is written.
pub fn preview(
    sources: &Sources,
    path: &str,
    image_address: &dyn Fn(&str) -> String,
) -> Option<Preview> {
    let document = &sources.document(path)?.whole().ok()?;
    let tree = arrange(
        sources,
        &empty_space(),
        &PlanSettings::default(),
        &Refused::new(),
        &Renames::default(),
    );
    let published = Published::new();
    let (links, _) = PageLinks::new(sources, &tree, path, document, &published);
    let shown = Shown {
        sources,
        from: path,
        links,
        image_address,
    };
    let mut body = html_of(document, &shown);
    body.problems.extend(lacking(sources, path, document));
    let title = tree
        .of_path(path)
        .map(|node| tree.nodes[node].title.clone())
        .unwrap_or_default();
    Some(Preview { title, body })
}

/// Renders a document without knowing the others of its repository: `sources` have the files that
/// it may refer to, and the pictures of its diagrams. Of other documents only whether they are
/// there is known, so a link to a heading of one is taken as it is written.
pub fn preview_alone(
    sources: &Sources,
    path: &str,
    document: &Document,
    image_address: &dyn Fn(&str) -> String,
) -> Preview {
    let shown = Alone {
        sources,
        from: path,
        document,
        image_address,
    };
    let mut body = html_of(document, &shown);
    body.problems.extend(lacking(sources, path, document));
    let stated = document.front_matter.title.as_deref();
    let title = stated.or(document.title.as_deref());
    Preview {
        title: title.map_or_else(|| title_of_path(path), str::to_owned),
        body,
    }
}

/// Renders a document that was read as a Git host reads it ([`Surroundings::of_host`]). No part of
/// it is the title of a page, and a link leads where it says, whether anything is there or not.
///
/// [`Surroundings::of_host`]: crate::markup::Surroundings::of_host
pub fn preview_of_host(
    sources: &Sources,
    path: &str,
    document: &Document,
    image_address: &dyn Fn(&str) -> String,
) -> Preview {
    let shown = OfHost(Alone {
        sources,
        from: path,
        document,
        image_address,
    });
    let options = HtmlOptions { omit_title: false };
    Preview {
        title: path.rsplit('/').next().unwrap_or(path).to_owned(),
        body: Body {
            content: markup::write_html(document, &options, &shown).content,
            // A host tells of none.
            problems: Vec::new(),
        },
    }
}

/// A document as HTML, with the problems of reading and writing it.
fn html_of(document: &Document, shown: &dyn Resolve) -> Body {
    let options = HtmlOptions {
        omit_title: omits_title(document),
    };
    let mut body = markup::write_html(document, &options, shown);
    body.problems.extend(document.problems.iter().cloned());
    body.problems
        .sort_by_key(|problem| (problem.line, problem.column));
    body
}

/// Writes every document in the Atlassian Document Format, with the problems of reading and writing
/// it, by path. What only Confluence knows is not filled in. A document whose text cannot be read any
/// more is left out.
pub fn adf_bodies(sources: &Sources) -> BTreeMap<String, Body> {
    let tree = arrange(
        sources,
        &empty_space(),
        &PlanSettings::default(),
        &Refused::new(),
        &Renames::default(),
    );
    let anchors = wanted_anchors(sources);
    let (published, none) = (Published::new(), BTreeSet::new());
    let write = |source: &SourceDocument| {
        let (path, document) = (&source.path, &source.whole().ok()?);
        let (links, _) = PageLinks::new(sources, &tree, path, document, &published);
        let options = AdfOptions {
            omit_title: omits_title(document),
            anchors: Some(anchors.get(path.as_str()).unwrap_or(&none)),
        };
        let mut body = markup::write_adf(document, &options, &links);
        body.problems.extend(document.problems.iter().cloned());
        let count = body.content.matches(ADF_UNFILLED).count();
        if count > 0 {
            body.problems.push(Problem {
                severity: Severity::Warning,
                code: "adf.unfilled",
                message: sentence!(
                    "{count} link(s) and picture(s) need addresses and ids that only Confluence \
                     gives; `{unfilled}` stands for them",
                    count,
                    unfilled = ADF_UNFILLED
                ),
                line: 0,
                column: 0,
            });
        }
        body.problems
            .sort_by_key(|problem| (problem.line, problem.column));
        Some((path.clone(), body))
    };
    sources.documents.iter().filter_map(write).collect()
}

/// What is known of Confluence before it is asked.
fn empty_space() -> Snapshot {
    Snapshot {
        flavor: Flavor::Cloud,
        space_key: String::new(),
        space_id: String::new(),
        parent: None,
        pages: Vec::new(),
        publisher: None,
        elsewhere: BTreeMap::new(),
    }
}

struct Shown<'a> {
    sources: &'a Sources,
    from: &'a str,
    links: PageLinks<'a>,
    image_address: &'a dyn Fn(&str) -> String,
}

impl Resolve for Shown<'_> {
    fn link(&self, target: &str) -> LinkTarget {
        match self.links.link(target) {
            LinkTarget::Page { .. } | LinkTarget::Attachment { .. } => {
                LinkTarget::Url(target.to_owned())
            }
            other => other,
        }
    }

    fn drawing(&self, kind: DrawingKind, source: &str) -> Drawing {
        self.links.drawing(kind, source)
    }

    fn image(&self, target: &str) -> ImageTarget {
        match self.links.image(target) {
            ImageTarget::Attachment { .. } => match locate(self.sources, self.from, target) {
                Located::File { path, .. } => match drawn_at(self.sources, &path) {
                    Some(Ok(address)) => ImageTarget::Url(address),
                    _ => ImageTarget::Url((self.image_address)(&path)),
                },
                // It is in the source.
                Located::Elsewhere => ImageTarget::Url(target.to_owned()),
                _ => ImageTarget::Missing {
                    reason: sentence!("`{target}` is not a file", target),
                },
            },
            other => other,
        }
    }
}

/// The address of the picture of a file that is a diagram, or why there is none.
fn drawn_at(sources: &Sources, path: &str) -> Option<Result<String, Sentence>> {
    let asset = sources.files.get(path)?.asset.as_ref()?;
    let drawn = drawn_of(sources, asset)?;
    Some(drawn.map(|picture| picture.address.to_string()))
}

/// Resolves as a Git host does.
struct OfHost<'a>(Alone<'a>);

impl Resolve for OfHost<'_> {
    fn link(&self, target: &str) -> LinkTarget {
        match self.0.link(target) {
            anchor @ LinkTarget::Anchor(_) => anchor,
            _ => LinkTarget::Url(target.trim().to_owned()),
        }
    }

    fn drawing(&self, kind: DrawingKind, source: &str) -> Drawing {
        self.0.drawing(kind, source)
    }

    fn image(&self, target: &str) -> ImageTarget {
        self.0.image(target)
    }
}

/// Resolves by what is in the repository, whatever becomes a page of it.
struct Alone<'a> {
    sources: &'a Sources,
    from: &'a str,
    document: &'a Document,
    image_address: &'a dyn Fn(&str) -> String,
}

impl Alone<'_> {
    /// Why a file cannot be used although it is there.
    fn unusable(&self, path: &str) -> Option<Sentence> {
        self.sources.files.get(path)?.unusable.clone()
    }
}

impl Resolve for Alone<'_> {
    fn link(&self, target: &str) -> LinkTarget {
        let missing = |reason: Sentence| LinkTarget::Missing { reason };
        if let Some(page) = markup::page_of_target(target.trim()) {
            return page;
        }
        match locate(self.sources, self.from, target) {
            Located::Here { fragment } if !fragment.is_empty() => {
                match known_anchor(self.document, &fragment) {
                    Some(anchor) => LinkTarget::Anchor(anchor.to_owned()),
                    None if is_top(&fragment) => LinkTarget::Url(target.trim().to_owned()),
                    None => missing(sentence!(
                        "this document has no heading or anchor `#{fragment}`",
                        fragment
                    )),
                }
            }
            Located::File { path, .. } => match self.unusable(&path) {
                Some(reason) => missing(reason),
                None => LinkTarget::Url(target.to_owned()),
            },
            Located::Here { .. } | Located::Folder { .. } | Located::Elsewhere => {
                LinkTarget::Url(target.trim().to_owned())
            }
            Located::Outside => {
                missing(sentence!("`{target}` leads out of the repository", target))
            }
            Located::Nowhere { path } => missing(sentence!("`{path}` does not exist", path)),
        }
    }

    fn drawing(&self, kind: DrawingKind, source: &str) -> Drawing {
        let known = self.sources.drawings.get(&(kind, source.to_owned()));
        known.cloned().unwrap_or(Drawing::Source)
    }

    fn image(&self, target: &str) -> ImageTarget {
        let missing = |reason: Sentence| ImageTarget::Missing { reason };
        match locate(self.sources, self.from, target) {
            Located::Elsewhere => ImageTarget::Url(target.trim().to_owned()),
            Located::File { path, .. } => match self.unusable(&path) {
                Some(reason) => missing(reason),
                None => match drawn_at(self.sources, &path) {
                    Some(Ok(address)) => ImageTarget::Url(address),
                    Some(Err(reason)) => missing(reason),
                    None => ImageTarget::Url((self.image_address)(&path)),
                },
            },
            Located::Here { .. } => missing(sentence!("the image names no file")),
            Located::Folder { path, .. } => missing(sentence!("`{path}` is a folder", path)),
            Located::Outside => {
                missing(sentence!("`{target}` leads out of the repository", target))
            }
            Located::Nowhere { path } => missing(sentence!("`{path}` does not exist", path)),
        }
    }
}
