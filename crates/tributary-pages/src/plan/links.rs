//! What a reference in a document points at, in the repository and then in Confluence.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use percent_encoding::percent_decode_str;

use crate::Sentence;
use crate::markup::paths::join;
pub(super) use crate::markup::paths::parent_of;
use crate::markup::{
    Block, Document, Drawing, DrawingKind, DrawingPicture, ImageTarget, LinkTarget, PageKind,
    Place, Problem, ReferenceKind, Resolve, Severity, each_placed_block, page_of_target,
    simplified, simplified_in_block,
};

use super::embedded::embedded;
use super::hierarchy::Tree;
use super::snapshot::source_hash;
use super::sources::{Asset, FileEntry, Sources};
use super::step::{MadeOf, PlannedAttachment};

/// Where in the repository a target leads, before anything is known of Confluence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Located {
    /// A heading of the same document.
    Here { fragment: String },
    /// A file of the repository.
    File {
        path: String,
        fragment: Option<String>,
    },
    /// A folder of the repository, without a slash at its end; empty for the root.
    Folder {
        path: String,
        fragment: Option<String>,
    },
    /// Something with a scheme of its own: another site, mail, data.
    Elsewhere,
    /// Above the repository's root.
    Outside,
    /// Nothing is there.
    Nowhere { path: String },
}

/// Finds what `target`, written in the document at `from`, leads to.
///
/// Documentation generators accept more than Git hosts do, and their repositories rely on it, so
/// after the path as written the following are tried in order: the path without its `.html`
/// ending (mdBook), with `.md` or `.adoc` added, as a folder's index; and a path that begins with `/` or
/// `@site/` (Docusaurus) below the root, the published folder and every folder above the document, and
/// there in the folders that generators serve files from.
pub(super) fn locate(sources: &Sources, from: &str, target: &str) -> Located {
    let target = target.trim();
    if has_scheme(target) || target.starts_with("//") {
        return Located::Elsewhere;
    }
    let (path, fragment) = match target.split_once('#') {
        Some((path, fragment)) => (path, Some(decode(fragment))),
        None => (target, None),
    };
    let path = path.split('?').next().unwrap_or_default();
    if path.is_empty() {
        return Located::Here {
            fragment: fragment.unwrap_or_default(),
        };
    }
    let mut outside = true;
    let mut first = None;
    for joined in places(&sources.selected, from, path) {
        outside = false;
        if let Some(found) = find(sources, &joined, &fragment) {
            return found;
        }
        first.get_or_insert(joined);
    }
    if outside {
        Located::Outside
    } else {
        Located::Nowhere {
            path: first.unwrap_or_default(),
        }
    }
}

/// Where a path may lead that a document writes, before it is known what is there.
pub(super) fn places(selected: &[String], from: &str, path: &str) -> Vec<String> {
    let decoded = decode(path);
    let written = decoded.replace('\\', "/");
    let of_site = written.strip_prefix("@site");
    let of_site = of_site.filter(|rest| rest.starts_with('/'));
    let written = of_site.unwrap_or(&written);
    let here = parent_of(from);
    let bases: Vec<&str> = if written.starts_with('/') {
        let mut bases: Vec<&str> = vec![""];
        bases.extend(selected.iter().map(String::as_str));
        let mut folder = here;
        while !folder.is_empty() {
            bases.push(folder);
            folder = parent_of(folder);
        }
        bases
    } else {
        vec![here]
    };
    let is_served = written.starts_with('/') && of_site.is_none() && is_no_document(written);
    let written = written.trim_start_matches('/');
    let below = |folder: &str| {
        let path = format!("{folder}{written}");
        let joined = bases.iter().filter_map(|base| join(base, &path));
        joined.collect::<Vec<String>>()
    };
    let mut joined = below("");
    if is_served {
        // Of Docusaurus and Hugo, and of VitePress and others.
        joined.extend(["static/", "public/"].into_iter().flat_map(below));
    }
    joined
}

/// Whether a path has the ending of a file that is no page.
fn is_no_document(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    let documents = ["md", "mdx", "adoc", "html", "htm"];
    ending.is_some_and(|ending| !documents.iter().any(|one| ending.eq_ignore_ascii_case(one)))
}

fn find(sources: &Sources, path: &str, fragment: &Option<String>) -> Option<Located> {
    let file = |path: String| {
        Some(Located::File {
            path,
            fragment: fragment.clone(),
        })
    };
    if path.is_empty() || sources.files.contains(&format!("{path}/")) {
        return Some(Located::Folder {
            path: path.to_owned(),
            fragment: fragment.clone(),
        });
    }
    if sources.files.contains(path) {
        return file(path.to_owned());
    }
    let stem = path
        .strip_suffix(".html")
        .or_else(|| path.strip_suffix(".htm"));
    let stem_or_path = stem.unwrap_or(path);
    let mut guesses = vec![format!("{stem_or_path}.md"), format!("{stem_or_path}.adoc")];
    if let Some(folder) = stem.and_then(|stem| stem.strip_suffix("index")) {
        guesses.push(format!("{folder}README.md"));
        guesses.push(format!("{folder}README.adoc"));
        guesses.push(format!("{folder}SUMMARY.md"));
    }
    for guess in guesses {
        if sources.files.contains(&guess) {
            return file(guess);
        }
    }
    // Git hosts are strict about case, but the author's editor may not have been.
    let known = sources.files.but_for_case(path)?;
    match known.strip_suffix('/') {
        Some(folder) => Some(Located::Folder {
            path: folder.to_owned(),
            fragment: fragment.clone(),
        }),
        None => file(known.to_owned()),
    }
}

pub(super) fn has_scheme(target: &str) -> bool {
    let Some((scheme, _)) = target.split_once(':') else {
        return false;
    };
    // One letter before a colon is a drive of Windows, which no published link means.
    scheme.len() > 1
        && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte))
}

fn decode(text: &str) -> String {
    percent_decode_str(text)
        .decode_utf8()
        .map_or_else(|_| text.to_owned(), |text| text.into_owned())
}

/// For each document, the anchors that some document of the selection links to, and those that its
/// author wrote down.
pub(super) fn wanted_anchors(sources: &Sources) -> BTreeMap<&str, BTreeSet<String>> {
    let mut wanted: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for source in &sources.documents {
        let written = &source.document.written_anchors;
        if !written.is_empty() {
            let anchors = wanted.entry(&source.path).or_default();
            anchors.extend(written.iter().cloned());
        }
        for reference in &source.document.references {
            if !reference.target.contains('#') {
                continue;
            }
            let (target, fragment) = match locate(sources, &source.path, &reference.target) {
                Located::Here { fragment } => (source, fragment),
                Located::File {
                    path,
                    fragment: Some(fragment),
                } => {
                    let Some(target) = sources.document(&path) else {
                        continue;
                    };
                    (target, fragment)
                }
                _ => continue,
            };
            if let Some(anchor) = known_anchor(&target.document, &fragment) {
                wanted
                    .entry(&target.path)
                    .or_default()
                    .insert(anchor.to_owned());
            }
        }
    }
    wanted
}

/// Whether a fragment means the top of a page, as it does to every browser.
pub(super) fn is_top(fragment: &str) -> bool {
    fragment.eq_ignore_ascii_case("top")
}

/// The anchor of a document that a fragment means, as the document spells it.
pub(super) fn known_anchor<'a>(document: &'a Document, fragment: &str) -> Option<&'a str> {
    // As hosts write it in the pages that they show.
    let fragment = fragment.strip_prefix("user-content-").unwrap_or(fragment);
    let exact = document.anchors.iter().find(|anchor| *anchor == fragment);
    exact
        .or_else(|| {
            document
                .anchors
                .iter()
                .find(|anchor| anchor.eq_ignore_ascii_case(fragment))
        })
        .map(String::as_str)
}

/// Resolves the references of one document to pages, attachments and addresses.
pub(super) struct PageLinks<'a> {
    sources: &'a Sources,
    tree: &'a Tree,
    from: &'a str,
    document: &'a Document,
    published: &'a Published,
    filenames: HashMap<String, String>,
    /// The names of the pictures of diagrams in files of their own, by path.
    drawn: HashMap<String, String>,
}

/// Titles of the pages that an earlier publish made of sources outside this one, by source hash.
pub(super) type Published = HashMap<String, String>;

impl<'a> PageLinks<'a> {
    /// Prepares the references of one document, and names its attachments.
    pub(super) fn new(
        sources: &'a Sources,
        tree: &'a Tree,
        from: &'a str,
        document: &'a Document,
        published: &'a Published,
    ) -> (Self, Vec<PlannedAttachment>) {
        let mut filenames: HashMap<String, String> = HashMap::new();
        let mut drawn: HashMap<String, String> = HashMap::new();
        let mut attachments: Vec<PlannedAttachment> = Vec::new();
        for reference in &document.references {
            let Located::File { path, .. } = locate(sources, from, &reference.target) else {
                continue;
            };
            let as_image = reference.kind == ReferenceKind::Image;
            if as_image && let Some((key, picture)) = picture_of(sources, &path) {
                if let Entry::Vacant(unnamed) = drawn.entry(path) {
                    let made = MadeOf::Drawing(key.0, key.1.clone());
                    let known = attachments
                        .iter()
                        .find(|known| known.made == Some(made.clone()));
                    if let Some(known) = known {
                        unnamed.insert(known.filename.clone());
                        continue;
                    }
                    let (_, ending) = picture.filename.rsplit_once('.').unwrap_or_default();
                    let path = unnamed.key();
                    let filename = free_name(&format!("{path}.{ending}"), &attachments);
                    unnamed.insert(filename.clone());
                    attachments.push(PlannedAttachment {
                        filename,
                        path: from.to_owned(),
                        sha256: picture.sha256.clone(),
                        size: 0,
                        media_type: picture.media_type.clone(),
                        made: Some(made),
                    });
                }
                continue;
            }
            if filenames.contains_key(&path)
                || tree.of_path(&path).is_some()
                || published.contains_key(&source_hash(&sources.repository, &path))
            {
                continue;
            }
            let Some(entry) = sources.files.get(&path) else {
                continue;
            };
            let Some(asset) = &entry.asset else { continue };
            if (as_image && (!asset.genuine || asset.diagram.is_some()))
                || (!as_image && entry.permalink.is_some())
                || entry.unusable.is_some()
            {
                continue;
            }
            attach(path, asset, as_image, &mut filenames, &mut attachments);
        }
        for named in &document.front_matter.attachments {
            if let Located::File { path, .. } = locate(sources, from, named)
                && !filenames.contains_key(&path)
                && let Some(asset) = usable(sources, &path)
            {
                attach(path, asset, false, &mut filenames, &mut attachments);
            }
        }
        for reference in &document.references {
            let address = &reference.target;
            if reference.kind != ReferenceKind::Image || filenames.contains_key(address) {
                continue;
            }
            let Some(picture) = embedded(address) else {
                continue;
            };
            filenames.insert(address.clone(), picture.filename.clone());
            let is_known = |known: &PlannedAttachment| known.filename == picture.filename;
            if !attachments.iter().any(is_known) {
                attachments.push(PlannedAttachment {
                    filename: picture.filename,
                    path: from.to_owned(),
                    sha256: picture.sha256,
                    size: picture.size,
                    media_type: picture.media_type.to_owned(),
                    made: Some(MadeOf::Address(address.clone())),
                });
            }
        }
        for key in &document.drawings {
            let Some(Drawing::Picture(picture)) = sources.drawings.get(key) else {
                continue;
            };
            // The same source is the same picture, however often it is on the page.
            if attachments
                .iter()
                .any(|known| known.filename == picture.filename)
            {
                continue;
            }
            attachments.push(PlannedAttachment {
                filename: picture.filename.clone(),
                path: from.to_owned(),
                sha256: picture.sha256.clone(),
                size: 0,
                media_type: picture.media_type.clone(),
                made: Some(MadeOf::Drawing(key.0, key.1.clone())),
            });
        }
        (
            Self {
                sources,
                tree,
                from,
                document,
                published,
                filenames,
                drawn,
            },
            attachments,
        )
    }

    fn page(&self, node: usize, fragment: Option<&str>) -> LinkTarget {
        let node = &self.tree.nodes[node];
        let document = node.document.map(|at| &self.sources.documents[at].document);
        let anchor = fragment
            .and_then(|fragment| document.and_then(|document| known_anchor(document, fragment)))
            .map(str::to_owned);
        if node.kind == PageKind::BlogPost {
            // Its address holds the day, which only Confluence knows for certain.
            return match (&node.url, anchor) {
                (Some(url), Some(anchor)) => LinkTarget::Url(format!("{url}#{anchor}")),
                (Some(url), None) => LinkTarget::Url(url.clone()),
                (None, _) => LinkTarget::Missing {
                    reason: sentence!(
                        "the blog post `{title}` has no address before it is published; publish \
                         once more to link to it",
                        title = node.title
                    ),
                },
            };
        }
        LinkTarget::Page {
            title: node.title.clone(),
            space: None,
            anchor,
        }
    }

    fn file(&self, path: &str, fragment: Option<&str>) -> LinkTarget {
        let Some(entry) = self.sources.files.get(path) else {
            return LinkTarget::Missing {
                reason: sentence!("`{path}` does not exist", path),
            };
        };
        if let Some(reason) = &entry.unusable {
            return LinkTarget::Missing {
                reason: reason.clone(),
            };
        }
        if let Some(link) = permalink(entry, fragment) {
            return LinkTarget::Url(link);
        }
        match self.filenames.get(path) {
            Some(filename) => LinkTarget::Attachment {
                filename: filename.clone(),
            },
            None => LinkTarget::Missing {
                reason: sentence!(
                    "`{path}` is not part of this publish and the repository has no known web \
                     address to link to",
                    path
                ),
            },
        }
    }
}

impl Resolve for PageLinks<'_> {
    fn drawing(&self, kind: DrawingKind, source: &str) -> Drawing {
        let key = (kind, source.to_owned());
        let known = self.sources.drawings.get(&key);
        known.cloned().unwrap_or(Drawing::Source)
    }

    fn drawn_size(&self, target: &str) -> Option<(u32, u32)> {
        let Located::File { path, .. } = locate(self.sources, self.from, target) else {
            return None;
        };
        let (_, picture) = picture_of(self.sources, &path)?;
        Some((picture.width, picture.height))
    }

    fn link(&self, target: &str) -> LinkTarget {
        // What was pulled from Confluence names pages that have no source.
        if let Some(page) = page_of_target(target.trim()) {
            return page;
        }
        match locate(self.sources, self.from, target) {
            Located::Elsewhere => LinkTarget::Url(target.trim().to_owned()),
            Located::Here { fragment }
                if fragment.is_empty()
                    || (is_top(&fragment) && known_anchor(self.document, &fragment).is_none()) =>
            {
                LinkTarget::Page {
                    title: self.own_title(),
                    space: None,
                    anchor: None,
                }
            }
            Located::Here { fragment } => match known_anchor(self.document, &fragment) {
                Some(anchor) => LinkTarget::Anchor(anchor.to_owned()),
                None => LinkTarget::Missing {
                    reason: sentence!(
                        "this document has no heading or anchor `#{fragment}`",
                        fragment
                    ),
                },
            },
            Located::File { path, fragment } => match self.tree.of_path(&path) {
                Some(node) => self.page(node, fragment.as_deref()),
                None => match self
                    .published
                    .get(&source_hash(&self.sources.repository, &path))
                {
                    Some(title) => LinkTarget::Page {
                        title: title.clone(),
                        space: None,
                        anchor: None,
                    },
                    None => self.file(&path, fragment.as_deref()),
                },
            },
            Located::Folder { path, fragment } => match self.tree.of_folder(&path) {
                Some(node) => self.page(node, fragment.as_deref()),
                None => self.file(&format!("{path}/"), fragment.as_deref()),
            },
            Located::Outside => LinkTarget::Missing {
                reason: sentence!("`{target}` leads out of the repository", target),
            },
            Located::Nowhere { path } => LinkTarget::Missing {
                reason: sentence!("`{path}` does not exist", path),
            },
        }
    }

    fn image(&self, target: &str) -> ImageTarget {
        let missing = |reason: Sentence| ImageTarget::Missing { reason };
        match locate(self.sources, self.from, target) {
            Located::Elsewhere => match self.filenames.get(target) {
                Some(filename) => ImageTarget::Attachment {
                    filename: filename.clone(),
                    width: None,
                    height: None,
                },
                None => ImageTarget::Url(target.trim().to_owned()),
            },
            Located::File { path, .. } => {
                let entry = self.sources.files.get(&path);
                if let Some(reason) = entry.and_then(|entry| entry.unusable.clone()) {
                    return missing(reason);
                }
                let asset = entry.and_then(|entry| entry.asset.as_ref());
                match asset.and_then(|asset| drawn_of(self.sources, asset)) {
                    Some(Err(reason)) => return missing(reason),
                    Some(Ok(picture)) => {
                        return match self.drawn.get(&path) {
                            Some(filename) => ImageTarget::Attachment {
                                filename: filename.clone(),
                                width: Some(picture.width),
                                height: Some(picture.height),
                            },
                            None => missing(sentence!("`{path}` cannot be attached", path)),
                        };
                    }
                    None => {}
                }
                match (asset, self.filenames.get(&path)) {
                    (Some(asset), _) if !asset.genuine => missing(sentence!(
                        "`{path}` is not a picture, whatever its name says",
                        path
                    )),
                    (Some(asset), Some(filename)) => ImageTarget::Attachment {
                        filename: filename.clone(),
                        width: asset.dimensions.map(|(width, _)| width),
                        height: asset.dimensions.map(|(_, height)| height),
                    },
                    _ => missing(sentence!("`{path}` cannot be attached", path)),
                }
            }
            Located::Outside => {
                missing(sentence!("`{target}` leads out of the repository", target))
            }
            Located::Here { .. } => missing(sentence!("the image names no file")),
            Located::Folder { path, .. } => missing(sentence!("`{path}` is a folder", path)),
            Located::Nowhere { path } => missing(sentence!("`{path}` does not exist", path)),
        }
    }
}

/// The picture of a diagram in a file of its own, or why there is none. None for any other file.
pub(super) fn drawn_of<'s>(
    sources: &'s Sources,
    asset: &Asset,
) -> Option<Result<&'s DrawingPicture, Sentence>> {
    let key = asset.diagram.as_ref()?;
    Some(match sources.drawings.get(key) {
        Some(Drawing::Picture(picture)) => Ok(picture),
        Some(Drawing::Failed { message, .. }) => Err(sentence!(
            "the {noun} cannot be drawn: {message}",
            noun = key.0.noun(),
            message
        )),
        _ => Err(sentence!(
            "the settings say that a {noun} is not drawn",
            noun = key.0.noun()
        )),
    })
}

/// The picture of a file that is a diagram, with what it is drawn of.
fn picture_of<'s>(
    sources: &'s Sources,
    path: &str,
) -> Option<(&'s (DrawingKind, String), &'s DrawingPicture)> {
    let entry = sources.files.get(path)?;
    let asset = entry.asset.as_ref().filter(|_| entry.unusable.is_none())?;
    let picture = drawn_of(sources, asset)?.ok()?;
    Some((asset.diagram.as_ref()?, picture))
}

/// Has a file attached, under a name of its own unless the same contents are attached already. Who
/// follows a link gets the file under the name that it has; of a picture nobody sees the name.
fn attach(
    path: String,
    asset: &Asset,
    is_shown: bool,
    filenames: &mut HashMap<String, String>,
    attachments: &mut Vec<PlannedAttachment>,
) {
    let name_of = |path: &str| attachable(path.rsplit('/').next().unwrap_or_default());
    let known = attachments.iter().find(|known| {
        known.made.is_none()
            && (&known.sha256, &known.media_type) == (&asset.sha256, &asset.media_type)
            && (is_shown || known.filename == name_of(&path))
    });
    let filename = match known {
        Some(known) => known.filename.clone(),
        None => free_name(&path, attachments),
    };
    if known.is_none() {
        attachments.push(PlannedAttachment {
            filename: filename.clone(),
            path: path.clone(),
            sha256: asset.sha256.clone(),
            size: asset.size,
            media_type: asset.media_type.clone(),
            made: None,
        });
    }
    filenames.insert(path, filename);
}

/// The contents of a file that can be attached.
fn usable<'s>(sources: &'s Sources, path: &str) -> Option<&'s Asset> {
    let entry = sources.files.get(path)?;
    let asset = entry.asset.as_ref();
    asset.filter(|_| entry.unusable.is_none())
}

/// Attachments that a document names and that are not there.
fn attachments_missing<'a>(
    sources: &'a Sources,
    from: &'a str,
    document: &'a Document,
) -> impl Iterator<Item = Problem> + 'a {
    let matter = &document.front_matter;
    let named = matter.attachments.iter().enumerate();
    named.filter_map(move |(at, named)| {
        let found = match locate(sources, from, named) {
            Located::File { path, .. } => usable(sources, &path).is_some(),
            _ => false,
        };
        let place = matter.attachment_places.get(at).copied();
        let place = place.unwrap_or_default();
        (!found).then(|| Problem {
            severity: Severity::Warning,
            code: "attachment.missing",
            message: sentence!(
                "the file `{named}` that the page names as an attachment is not there, so it is \
                 not attached",
                named
            ),
            line: place.line,
            column: place.column,
        })
    })
}

/// Links to a heading that another document has not: they lead to its page.
fn headings_missing<'a>(
    sources: &'a Sources,
    from: &'a str,
    document: &'a Document,
) -> impl Iterator<Item = Problem> + 'a {
    let references = document.references.iter();
    let links =
        references.filter(|link| link.kind == ReferenceKind::Link && link.target.contains('#'));
    links.filter_map(move |link| {
        let Located::File {
            path,
            fragment: Some(fragment),
        } = locate(sources, from, &link.target)
        else {
            return None;
        };
        let target = &sources.document(&path)?.document;
        if fragment.is_empty() || is_top(&fragment) || known_anchor(target, &fragment).is_some() {
            return None;
        }
        Some(Problem {
            severity: Severity::Warning,
            code: "link.target_missing",
            message: sentence!(
                "`{path}` has no heading or anchor `#{fragment}`, so the link `{target}` leads to \
                 the top of its page",
                path,
                fragment,
                target = link.target
            ),
            line: link.line,
            column: link.column,
        })
    })
}

/// Links and pictures that name a file in other letters than it has: Git hosts do not find it.
fn in_other_letters<'a>(
    sources: &'a Sources,
    from: &'a str,
    document: &'a Document,
) -> impl Iterator<Item = Problem> + 'a {
    document.references.iter().filter_map(move |reference| {
        let target = reference.target.trim();
        let written = decode(target.split(['#', '?']).next().unwrap_or_default());
        let (Located::File { path, .. } | Located::Folder { path, .. }) =
            locate(sources, from, target)
        else {
            return None;
        };
        if path.ends_with(written.trim_start_matches("./")) {
            return None;
        }
        // What was only completed, as `page` is for `page.md`, is another matter.
        let mut near = places(&sources.selected, from, &written).into_iter();
        let near = near.find(|near| near.eq_ignore_ascii_case(&path))?;
        (near != path).then(|| Problem {
            severity: Severity::Warning,
            code: "link.case",
            message: sentence!(
                "`{target}` leads to `{path}`, whose name is in other letters; Git hosts do not \
                 find it that way",
                target,
                path
            ),
            line: reference.line,
            column: reference.column,
        })
    })
}

/// What the pictures of a document's diagrams lack, and its links to other documents.
pub(super) fn lacking(sources: &Sources, from: &str, document: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    let images = document.references.iter();
    for image in images.filter(|known| known.kind == ReferenceKind::Image) {
        let place = Place {
            line: image.line,
            column: image.column,
        };
        if let Located::File { path, .. } = locate(sources, from, &image.target)
            && let Some(asset) = sources
                .files
                .get(&path)
                .and_then(|file| file.asset.as_ref())
            && let Some((kind, _)) = asset.diagram
            && let Some(Ok(picture)) = drawn_of(sources, asset)
        {
            problems.extend(simplified(kind, picture, place));
        }
    }
    problems.extend(headings_missing(sources, from, document));
    problems.extend(in_other_letters(sources, from, document));
    problems.extend(attachments_missing(sources, from, document));
    problems.extend(blocks_simplified(sources, document));
    problems
}

/// What the pictures of diagrams in a document's own blocks lack.
fn blocks_simplified(sources: &Sources, document: &Document) -> Vec<Problem> {
    let picture = |key: &(DrawingKind, String)| match sources.drawings.get(key)? {
        Drawing::Picture(picture) => (!picture.left_out.is_empty()).then_some(picture),
        _ => None,
    };
    let mut problems = Vec::new();
    // Hardly any page has one, so that the blocks of most are not gone through.
    if !document.drawings.iter().any(|key| picture(key).is_some()) {
        return problems;
    }
    each_placed_block(&mut document.blocks.clone(), &mut |block| {
        if let Block::Code { language, text, .. } = &block.is
            && let Some(kind) = language.as_deref().and_then(DrawingKind::of_language)
            && let Some(picture) = picture(&(kind, text.clone()))
        {
            problems.extend(simplified_in_block(kind, picture, text, block.place));
        }
    });
    problems
}

impl PageLinks<'_> {
    fn own_title(&self) -> String {
        let node = self.tree.of_path(self.from);
        node.map_or_else(String::new, |node| self.tree.nodes[node].title.clone())
    }
}

fn permalink(entry: &FileEntry, fragment: Option<&str>) -> Option<String> {
    let link = entry.permalink.as_deref()?;
    Some(match fragment {
        Some(fragment) => format!("{link}#{fragment}"),
        None => link.to_owned(),
    })
}

/// Names an attachment after its file; when the page has another file of that name, the folders
/// above tell them apart.
fn free_name(path: &str, taken: &[PlannedAttachment]) -> String {
    let is_free = |name: &str| {
        !taken
            .iter()
            .any(|other| other.filename.eq_ignore_ascii_case(name))
    };
    let mut start = path.rfind('/').map_or(0, |slash| slash + 1);
    loop {
        let name = attachable(&path[start..]);
        if is_free(&name) {
            return name;
        }
        if start == 0 {
            break;
        }
        start = path[..start - 1].rfind('/').map_or(0, |slash| slash + 1);
    }
    let mut number = 2;
    loop {
        let name = format!("{number}-{}", attachable(path));
        if is_free(&name) {
            return name;
        }
        number += 1;
    }
}

/// Replaces the characters that Confluence refuses in an attachment's name.
fn attachable(name: &str) -> String {
    let refused = |character: char| character.is_control() || "\\/:*?\"<>|#%&+".contains(character);
    name.chars()
        .map(|character| if refused(character) { '-' } else { character })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(paths: &[&str]) -> Sources {
        let files = paths
            .iter()
            .map(|path| ((*path).to_owned(), FileEntry::default()))
            .collect();
        Sources {
            files,
            selected: vec!["docs".to_owned()],
            ..Sources::default()
        }
    }

    #[test]
    fn targets_lead_where_git_hosts_and_generators_take_them() {
        let sources = sources(&[
            "README.md",
            "docs/",
            "docs/a b.md",
            "docs/guide/",
            "docs/guide/one.md",
            "docs/guide/README.md",
            "docs/guide/two.adoc",
            "docs/img/",
            "docs/img/Logo.png",
        ]);
        let from = "docs/guide/one.md";
        let file = |path: &str| Located::File {
            path: path.to_owned(),
            fragment: None,
        };
        let cases = [
            ("../a%20b.md", file("docs/a b.md")),
            ("one.html", file("docs/guide/one.md")),
            ("./one", file("docs/guide/one.md")),
            ("two.adoc", file("docs/guide/two.adoc")),
            ("two.html", file("docs/guide/two.adoc")),
            ("two", file("docs/guide/two.adoc")),
            ("index.html", file("docs/guide/README.md")),
            ("/guide/one.md", file("docs/guide/one.md")),
            ("/README.md", file("README.md")),
            ("../img/logo.PNG", file("docs/img/Logo.png")),
            ("one.md?plain=1", file("docs/guide/one.md")),
            (
                "..",
                Located::Folder {
                    path: "docs".into(),
                    fragment: None,
                },
            ),
            (
                "../img/",
                Located::Folder {
                    path: "docs/img".into(),
                    fragment: None,
                },
            ),
            (
                "#a%20b",
                Located::Here {
                    fragment: "a b".into(),
                },
            ),
            (
                "one.md#x",
                Located::File {
                    path: "docs/guide/one.md".into(),
                    fragment: Some("x".into()),
                },
            ),
            ("https://example.com/a.md", Located::Elsewhere),
            ("mailto:someone@example.com", Located::Elsewhere),
            ("//cdn.example.com/a.png", Located::Elsewhere),
            ("../../../x.md", Located::Outside),
            (
                "nothing.md",
                Located::Nowhere {
                    path: "docs/guide/nothing.md".into(),
                },
            ),
        ];
        for (target, expected) in cases {
            assert_eq!(locate(&sources, from, target), expected, "{target}");
        }
    }

    #[test]
    fn attachments_of_one_name_are_told_apart_by_their_folders() {
        let mut taken = Vec::new();
        let mut names = Vec::new();
        for path in ["img/a.png", "other/a.png", "deep/other/A.png", "what?.png"] {
            let filename = free_name(path, &taken);
            names.push(filename.clone());
            taken.push(PlannedAttachment {
                filename,
                path: path.to_owned(),
                sha256: String::new(),
                size: 0,
                media_type: String::new(),
                made: None,
            });
        }
        assert_eq!(
            names,
            ["a.png", "other-a.png", "deep-other-A.png", "what-.png"]
        );
    }
}
