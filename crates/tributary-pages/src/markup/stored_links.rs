//! The links that a stored page has, and the anchors that links can lead to on it.
//!
//! Reads the body as it is stored, so that what readers click on is what is looked at. Knows
//! nothing of which pages there are.

use std::collections::BTreeSet;

use super::storage_tree::{Id, Tree, grow};

/// What a stored body says about links.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoredLinks {
    /// Its links and pictures, each once.
    pub links: BTreeSet<StoredLink>,
    /// The anchors on it, each in the one form in which [`StoredLinks::has_anchor`] compares.
    anchors: BTreeSet<String>,
    /// Whether it shows what other pages say, and so may have anchors that are not in its body.
    pub shows_others: bool,
}

/// Where a link or picture of a stored body leads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum StoredLink {
    /// A page by its title, or the page itself.
    Page {
        /// The space's key, when the link names one.
        space: Option<String>,
        /// The title; none for the page itself.
        title: Option<String>,
        /// The anchor on it.
        anchor: Option<String>,
    },
    /// A blog post by its title.
    Post {
        /// The space's key, when the link names one.
        space: Option<String>,
        /// The title.
        title: String,
        /// The anchor on it.
        anchor: Option<String>,
    },
    /// A page or blog post by its id.
    Content {
        /// The id.
        id: String,
        /// The anchor on it.
        anchor: Option<String>,
    },
    /// A file attached to a page.
    Attachment {
        /// The space's key of the other page, when the link names one.
        space: Option<String>,
        /// The title of the page that has the file; none for the page itself.
        title: Option<String>,
        /// The file's name.
        filename: String,
    },
    /// An address, as it stands.
    Address(String),
}

/// Macros that put words of other pages on a page.
const SHOWING_OTHERS: [&str; 4] = ["include", "excerpt-include", "multiexcerpt-include", "html"];

/// Reads the links and anchors of a body in storage format. Never fails: what is not well-formed
/// has no links.
pub fn stored_links(body: &str) -> StoredLinks {
    let tree = grow(body);
    let mut found = StoredLinks::default();
    look(&tree, 0, &mut found);
    found
}

impl StoredLinks {
    /// Whether a link with this anchor leads somewhere on the page.
    ///
    /// The two editors of Cloud and Data Center make the ids of headings in different ways: with
    /// or without hyphens, and with the title of the page before it. What is the same of all of
    /// them is compared.
    pub fn has_anchor(&self, anchor: &str, title: &str) -> bool {
        let wanted = plain(anchor);
        let rest = wanted.strip_prefix(&plain(title));
        // The second heading with the same words has a number.
        let unnumbered = anchor.rsplit_once('.').filter(|(_, number)| {
            !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit())
        });
        wanted == "top"
            || self.anchors.contains(&wanted)
            || rest.is_some_and(|rest| self.anchors.contains(rest))
            || unnumbered.is_some_and(|(first, _)| self.anchors.contains(&plain(first)))
    }
}

/// An anchor without what the editors leave out or put in.
fn plain(anchor: &str) -> String {
    anchor
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn look(tree: &Tree<'_>, of: Id, found: &mut StoredLinks) {
    for id in tree.children(of) {
        match tree.name(id) {
            "" => continue,
            "ac:link" => found.links.extend(link(tree, id)),
            // Those of links were seen with the link.
            "ri:attachment" if tree.name(of) != "ac:link" => {
                found.links.extend(attachment(tree, id));
            }
            "ri:url" => found
                .links
                .extend(tree.attribute(id, "ri:value").map(address)),
            "a" => found.links.extend(tree.attribute(id, "href").map(address)),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                found.anchors.insert(plain(&tree.text_of(id)));
            }
            "ac:structured-macro" | "ac:macro" => match tree.attribute(id, "ac:name") {
                Some("anchor") => {
                    let named = tree
                        .children(id)
                        .find(|child| tree.name(*child) == "ac:parameter");
                    found
                        .anchors
                        .extend(named.map(|name| plain(&tree.text_of(name))));
                }
                Some(name) if SHOWING_OTHERS.contains(&name) => found.shows_others = true,
                _ => {}
            },
            _ => {}
        }
        look(tree, id, found);
    }
}

fn address(text: &str) -> StoredLink {
    match text.strip_prefix('#') {
        Some(anchor) => StoredLink::Page {
            space: None,
            title: None,
            anchor: Some(anchor.to_owned()),
        },
        None => StoredLink::Address(text.to_owned()),
    }
}

fn link(tree: &Tree<'_>, id: Id) -> Option<StoredLink> {
    let anchor = tree.attribute(id, "ac:anchor").map(str::to_owned);
    let target = tree
        .children(id)
        .find(|child| tree.name(*child).starts_with("ri:"));
    let Some(target) = target else {
        return Some(StoredLink::Page {
            space: None,
            title: None,
            anchor,
        });
    };
    match tree.name(target) {
        "ri:page" => Some(StoredLink::Page {
            space: space_of(tree, target),
            title: Some(tree.attribute(target, "ri:content-title")?.to_owned()),
            anchor,
        }),
        "ri:blog-post" => Some(StoredLink::Post {
            space: space_of(tree, target),
            title: tree.attribute(target, "ri:content-title")?.to_owned(),
            anchor,
        }),
        "ri:content-entity" => Some(StoredLink::Content {
            id: tree.attribute(target, "ri:content-id")?.to_owned(),
            anchor,
        }),
        "ri:attachment" => attachment(tree, target),
        // People, spaces and shortcuts are no pages.
        _ => None,
    }
}

fn attachment(tree: &Tree<'_>, id: Id) -> Option<StoredLink> {
    let owner = tree
        .children(id)
        .find(|child| tree.name(*child) == "ri:page");
    Some(StoredLink::Attachment {
        space: owner.and_then(|owner| space_of(tree, owner)),
        title: owner
            .and_then(|owner| tree.attribute(owner, "ri:content-title"))
            .map(str::to_owned),
        filename: tree.attribute(id, "ri:filename")?.to_owned(),
    })
}

fn space_of(tree: &Tree<'_>, page: Id) -> Option<String> {
    let key = tree.attribute(page, "ri:space-key");
    key.filter(|key| !key.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to_page(space: Option<&str>, title: Option<&str>, anchor: Option<&str>) -> StoredLink {
        StoredLink::Page {
            space: space.map(str::to_owned),
            title: title.map(str::to_owned),
            anchor: anchor.map(str::to_owned),
        }
    }

    #[test]
    fn every_kind_of_link_is_found_and_no_text_that_looks_like_one() {
        let file = |title: Option<&str>| StoredLink::Attachment {
            space: None,
            title: title.map(str::to_owned),
            filename: "a & b.png".to_owned(),
        };
        for (body, links) in [
            (
                "<p><ac:link><ri:page ri:content-title=\"Über uns\" ri:space-key=\"TEAM\" />\
                 <ac:link-body>x</ac:link-body></ac:link></p>",
                vec![to_page(Some("TEAM"), Some("Über uns"), None)],
            ),
            (
                "<p><ac:link ac:anchor=\"end\"><ac:link-body>x</ac:link-body></ac:link></p>",
                vec![to_page(None, None, Some("end"))],
            ),
            (
                "<p><a href=\"#end\">x</a> <a href=\"https://example.com/?a=1&amp;b=2\">y</a></p>",
                vec![
                    to_page(None, None, Some("end")),
                    StoredLink::Address("https://example.com/?a=1&b=2".to_owned()),
                ],
            ),
            (
                "<ac:image><ri:attachment ri:filename=\"a &amp; b.png\" /></ac:image>\
                 <p><ac:link><ri:attachment ri:filename=\"a &amp; b.png\"><ri:page \
                 ri:content-title=\"Other\" /></ri:attachment></ac:link></p>",
                vec![file(None), file(Some("Other"))],
            ),
            (
                "<p><ac:link><ri:content-entity ri:content-id=\"7\" /></ac:link>\
                 <ac:link><ri:user ri:account-id=\"u\" /></ac:link></p>",
                vec![StoredLink::Content {
                    id: "7".to_owned(),
                    anchor: None,
                }],
            ),
            (
                "<ac:structured-macro ac:name=\"code\"><ac:plain-text-body><![CDATA[<a \
                 href=\"x\">]]></ac:plain-text-body></ac:structured-macro>",
                vec![],
            ),
        ] {
            let found = stored_links(body).links;
            assert_eq!(found, links.into_iter().collect(), "{body}");
        }
    }

    #[test]
    fn anchors_are_found_whichever_editor_made_the_link() {
        let page = stored_links(
            "<h2>What's new in <strong>2.0</strong>?</h2><ac:structured-macro \
             ac:name=\"anchor\"><ac:parameter ac:name=\"\">the-end</ac:parameter>\
             </ac:structured-macro>",
        );
        for anchor in [
            "the-end",
            "What's-new-in-2.0?",
            "whats-new-in-20",
            "Guide-What'snewin2.0?",
            "What'snewin2.0?.1",
            "top",
        ] {
            assert!(page.has_anchor(anchor, "Guide"), "{anchor}");
        }
        for anchor in ["the-beginning", "Other-What'snewin2.0?", "new"] {
            assert!(!page.has_anchor(anchor, "Guide"), "{anchor}");
        }
        assert!(!page.shows_others);
        let included = "<ac:structured-macro ac:name=\"include\" />";
        assert!(stored_links(included).shows_others);
    }
}
