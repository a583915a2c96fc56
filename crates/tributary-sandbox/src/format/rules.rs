//! Which elements, attributes and macro structure storage format has.
//!
//! Owns the table of the format and the walk that holds a parsed body against it. Whether the text
//! is XML at all was decided before, in `xml`.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::xml::{Element, Fault, Node, Position};

/// Attributes that may stand on every element.
const EVERYWHERE: &[&str] = &[
    "class",
    "style",
    "id",
    "title",
    "dir",
    "lang",
    "align",
    "local-id",
    "ac:local-id",
    "xmlns",
    "xmlns:ac",
    "xmlns:ri",
    "xmlns:at",
    "xml:space",
    "xml:lang",
];

const PHRASING: &[&str] = &[
    "a",
    "abbr",
    "b",
    "big",
    "br",
    "cite",
    "code",
    "del",
    "em",
    "i",
    "ins",
    "kbd",
    "q",
    "s",
    "samp",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "time",
    "tt",
    "u",
    "ac:link",
    "ac:image",
    "ac:emoticon",
    "ac:structured-macro",
    "ac:macro",
    "ac:placeholder",
    "ac:inline-comment-marker",
    "ac:adf-extension",
    "ri:user",
];

const BLOCKS: &[&str] = &[
    "address",
    "blockquote",
    "div",
    "dl",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "ol",
    "p",
    "pre",
    "table",
    "ul",
    "ac:task-list",
    "ac:layout",
];

/// What kind of body a macro takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MacroBody {
    Plain,
    Rich,
    None,
}

/// The body of a macro every site has; `None` for a macro that only an app would bring.
pub(super) fn built_in_macro(name: &str) -> Option<MacroBody> {
    static MACROS: OnceLock<HashMap<&'static str, MacroBody>> = OnceLock::new();
    MACROS
        .get_or_init(|| {
            lines(include_str!("storage-macros.txt"))
                .filter_map(|line| line.split_once(' '))
                .map(|(name, body)| {
                    let body = match body {
                        "plain" => MacroBody::Plain,
                        "rich" => MacroBody::Rich,
                        _ => MacroBody::None,
                    };
                    (name, body)
                })
                .collect()
        })
        .get(name)
        .copied()
}

/// Holds a body against the table; the first fault in reading order is the answer.
pub(super) fn check(body: &[Node]) -> Result<(), Fault> {
    check_content("the page body", &Holds::Flow, body, true)
}

enum Holds {
    Phrasing,
    Flow,
    Empty,
    Listed {
        text: bool,
        elements: Vec<&'static str>,
    },
}

struct Rule {
    holds: Holds,
    attributes: Vec<&'static str>,
    required: Vec<&'static str>,
}

fn rules() -> &'static HashMap<&'static str, Rule> {
    static RULES: OnceLock<HashMap<&'static str, Rule>> = OnceLock::new();
    RULES.get_or_init(|| {
        lines(include_str!("storage-elements.txt"))
            .filter_map(|line| {
                let mut fields = line.split('|').map(str::trim);
                let (name, holds) = (fields.next()?, fields.next()?);
                let attributes = fields.next().unwrap_or_default();
                Some((name, rule(holds, attributes)))
            })
            .collect()
    })
}

fn rule(holds: &'static str, attributes: &'static str) -> Rule {
    let holds = match holds {
        "phrasing" => Holds::Phrasing,
        "flow" => Holds::Flow,
        "empty" => Holds::Empty,
        list => Holds::Listed {
            text: list.split_whitespace().any(|item| item == "text"),
            elements: list
                .split_whitespace()
                .filter(|item| *item != "text")
                .collect(),
        },
    };
    Rule {
        holds,
        attributes: attributes
            .split_whitespace()
            .map(|name| name.trim_end_matches('!'))
            .collect(),
        required: attributes
            .split_whitespace()
            .filter_map(|name| name.strip_suffix('!'))
            .collect(),
    }
}

fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn check_content(owner: &str, holds: &Holds, content: &[Node], root: bool) -> Result<(), Fault> {
    for node in content {
        match node {
            Node::Text { text, at } => {
                let allowed = match holds {
                    Holds::Phrasing | Holds::Flow => true,
                    Holds::Empty => false,
                    Holds::Listed { text, .. } => *text,
                };
                if !allowed && !text.trim().is_empty() {
                    return fault(*at, format!("Text is not allowed directly inside {owner}"));
                }
            }
            Node::Element(element) => {
                check_element(element)?;
                let name = element.name.as_str();
                let allowed = match holds {
                    Holds::Phrasing => PHRASING.contains(&name),
                    Holds::Flow => PHRASING.contains(&name) || BLOCKS.contains(&name),
                    Holds::Empty => false,
                    Holds::Listed { elements, .. } => elements.contains(&name),
                };
                if !allowed || (name == "ac:layout" && !root) {
                    return fault(
                        element.at,
                        format!("Element <{name}> is not allowed inside {owner}"),
                    );
                }
            }
        }
    }
    Ok(())
}

fn check_element(element: &Element) -> Result<(), Fault> {
    let name = element.name.as_str();
    let Some(rule) = rules().get(name) else {
        return fault(element.at, format!("Unknown element <{name}>"));
    };
    for (attribute, _) in &element.attributes {
        let known = EVERYWHERE.contains(&attribute.as_str())
            || attribute.starts_with("data-")
            || rule.attributes.contains(&attribute.as_str());
        if !known {
            return fault(
                element.at,
                format!("Unknown attribute '{attribute}' on element <{name}>"),
            );
        }
    }
    for required in &rule.required {
        if element.attribute(required).is_none() {
            return fault(
                element.at,
                format!("Element <{name}> needs the attribute '{required}'"),
            );
        }
    }
    check_content(&format!("<{name}>"), &rule.holds, &element.children, false)?;
    check_structure(element)
}

/// The rules that a list of allowed children cannot say.
fn check_structure(element: &Element) -> Result<(), Fault> {
    let count = |names: &[&str]| {
        element
            .elements()
            .filter(|child| names.contains(&child.name.as_str()))
            .count()
    };
    match element.name.as_str() {
        "ac:structured-macro" | "ac:macro" => {
            check_macro(element, count(&["ac:rich-text-body", "ac:plain-text-body"]))
        }
        "ac:link" => {
            if count(&["ac:link-body", "ac:plain-text-link-body"]) > 1 {
                return fault(element.at, "A link can have only one body");
            }
            if element
                .elements()
                .filter(|child| child.name.starts_with("ri:"))
                .count()
                > 1
            {
                return fault(element.at, "A link can point at only one resource");
            }
            if holds_a_link(&element.children) {
                return fault(element.at, "A link cannot hold another link");
            }
            Ok(())
        }
        "ac:image" if count(&["ri:attachment", "ri:url"]) != 1 => fault(
            element.at,
            "Element <ac:image> needs exactly one <ri:attachment> or <ri:url>",
        ),
        "ac:task" if count(&["ac:task-status"]) != 1 || count(&["ac:task-body"]) != 1 => fault(
            element.at,
            "Element <ac:task> needs exactly one <ac:task-status> and one <ac:task-body>",
        ),
        "ac:task-status" if !matches!(element.text().trim(), "complete" | "incomplete") => {
            fault(element.at, "A task is either 'complete' or 'incomplete'")
        }
        "ac:layout-section" => check_section(element, count(&["ac:layout-cell"])),
        "ri:user"
            if !["ri:account-id", "ri:userkey", "ri:username"]
                .iter()
                .any(|name| element.attribute(name).is_some()) =>
        {
            fault(
                element.at,
                "Element <ri:user> needs 'ri:account-id', 'ri:userkey' or 'ri:username'",
            )
        }
        _ => Ok(()),
    }
}

fn holds_a_link(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| match node {
        Node::Element(element) => {
            matches!(element.name.as_str(), "a" | "ac:link") || holds_a_link(&element.children)
        }
        Node::Text { .. } => false,
    })
}

fn check_macro(element: &Element, bodies: usize) -> Result<(), Fault> {
    let name = element.attribute("ac:name").unwrap_or_default();
    if name.is_empty() {
        return fault(element.at, "A macro needs a name");
    }
    if bodies > 1 {
        return fault(element.at, format!("Macro '{name}' has more than one body"));
    }
    // Assumed: the real server keeps a body of the wrong kind and shows an error to readers. It is
    // refused here, because a page that readers see broken is what the stand-in is meant to find.
    let wrong = match built_in_macro(name) {
        Some(MacroBody::Plain) => element.child("ac:rich-text-body").is_some(),
        Some(MacroBody::Rich) => element.child("ac:plain-text-body").is_some(),
        Some(MacroBody::None) => bodies > 0,
        None => false,
    };
    if wrong {
        return fault(
            element.at,
            format!("Macro '{name}' has a body of the wrong kind"),
        );
    }
    Ok(())
}

fn check_section(element: &Element, cells: usize) -> Result<(), Fault> {
    let kind = element.attribute("ac:type").unwrap_or_default();
    let wanted = match kind {
        "single" | "fixed-width" => 1,
        "two_equal" | "two_left_sidebar" | "two_right_sidebar" => 2,
        "three_equal" | "three_with_sidebars" | "three_left_sidebars" | "three_right_sidebars" => 3,
        "four_equal" => 4,
        "five_equal" => 5,
        _ => return fault(element.at, format!("Unknown layout section type '{kind}'")),
    };
    if cells != wanted {
        return fault(
            element.at,
            format!(
                "A layout section of type '{kind}' needs {wanted} cell(s), this one has {cells}"
            ),
        );
    }
    Ok(())
}

fn fault(at: Position, message: impl Into<String>) -> Result<(), Fault> {
    Err(Fault {
        message: message.into(),
        at,
    })
}
