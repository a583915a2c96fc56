//! What Confluence has and a line of Markdown has a short form for: people who are mentioned, issues
//! of Jira, days, colored statuses, and other pages that are shown in this one.
//!
//! Owns both directions, so that what is read from the one is written as the other. In the model each
//! is storage format ([`super::Inline::Foreign`]).

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::formats::Flavor;
use super::storage_tree::{Id, Tree, grow};
use super::targets::{encode, page_of_target, target_of_link};
use super::writing::LinkTarget;

const USER: &str = "confluence:user/";
const ISSUE: &str = "confluence:jira/";
const EXCERPT: &str = "confluence:excerpt/";
const PAGE: &str = "confluence:page/";

/// The colors of a status, as Markdown writes them and as storage format does. Gray is what one is
/// without a color.
const COLORS: [(&str, &str); 6] = [
    ("GRAY", ""),
    ("PURPLE", "Purple"),
    ("BLUE", "Blue"),
    ("RED", "Red"),
    ("YELLOW", "Yellow"),
    ("GREEN", "Green"),
];

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ShortForm {
    /// A person who is mentioned: the attribute that says who, and its value.
    Person { key: &'static str, id: String },
    /// An issue of Jira, by its key.
    Issue(String),
    /// A day, as `2026-12-24`.
    Day(String),
    /// A status, with the color's name in Markdown.
    Status { words: String, color: &'static str },
    /// Another page, or the excerpt of one, that is shown here.
    Shown {
        is_excerpt: bool,
        space: Option<String>,
        title: String,
    },
    /// A list of the pages below.
    Listing,
}

/// What the id of a person is, by its form. Cloud knows people by account ids, Data Center by keys or by
/// the names they sign in with.
pub(super) fn key_of_person(id: &str) -> &'static str {
    let digits = id.bytes().all(|byte| byte.is_ascii_hexdigit());
    match id.len() {
        24 if digits => "ri:account-id",
        _ if id.contains(':') => "ri:account-id",
        32 if digits => "ri:userkey",
        _ => "ri:username",
    }
}

impl ShortForm {
    /// What a link stands for: `confluence:user/ID`, `confluence:jira/KEY-1`.
    pub(super) fn of_link(target: &str) -> Option<Self> {
        if let Some(id) = target.strip_prefix(USER) {
            let id = percent_decode_str(id).decode_utf8().ok()?.into_owned();
            if id.trim().is_empty() {
                return None;
            }
            let key = key_of_person(&id);
            return Some(Self::Person { key, id });
        }
        let key = target.strip_prefix(ISSUE)?;
        let (project, number) = key.rsplit_once('-')?;
        let is_project = project.starts_with(|first: char| first.is_ascii_uppercase())
            && project
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        (is_project && is_number).then(|| Self::Issue(key.to_owned()))
    }

    /// What a picture stands for: `confluence:page/SPACE/Title`, `confluence:excerpt/Title`.
    pub(super) fn of_picture(target: &str) -> Option<Self> {
        let (is_excerpt, page) = match target.strip_prefix(EXCERPT) {
            Some(page) => (true, format!("{PAGE}{page}").into()),
            None => (false, Cow::Borrowed(target)),
        };
        let LinkTarget::Page { title, space, .. } = page_of_target(&page)? else {
            return None;
        };
        (!title.trim().is_empty()).then_some(Self::Shown {
            is_excerpt,
            space,
            title,
        })
    }

    /// A status whose color Markdown calls so.
    pub(super) fn of_status(words: &str, color: &str) -> Self {
        let named = COLORS.iter().find(|(name, _)| *name == color);
        Self::Status {
            words: words.to_owned(),
            color: named.map_or("GRAY", |(name, _)| name),
        }
    }

    /// A day, by the element that HTML has for it.
    pub(super) fn of_day(written: &str) -> Option<Self> {
        let written = written.trim();
        let is_digit = |at: usize| written.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
        let is_day = written.len() == 10
            && [0, 1, 2, 3, 5, 6, 8, 9].into_iter().all(is_digit)
            && written[4..].starts_with('-')
            && written[7..].starts_with('-');
        is_day.then(|| Self::Day(written.to_owned()))
    }

    /// What a fragment of a page is, whatever books Confluence keeps of it; none where it says more
    /// than the short form would.
    pub(super) fn of_storage(start: &str) -> Option<Self> {
        // The elements that they are; everything else is looked at no further.
        if !["<ac:structured-macro", "<ac:link", "<time"]
            .iter()
            .any(|tag| start.starts_with(tag))
        {
            return None;
        }
        let tree = grow(start);
        let elements = tree.elements(0)?;
        let [only] = elements.as_slice() else {
            return None;
        };
        if tree.faults.is_some() {
            return None;
        }
        let form = match tree.name(*only) {
            "time" => match tree.attributes(*only) {
                [("datetime", day)] if tree.children(*only).next().is_none() => Self::of_day(day)?,
                _ => return None,
            },
            "ac:link" => person(&tree, *only)?,
            _ => of_macro(&tree, *only)?,
        };
        // One that Markdown would take for another is none.
        let is_sure = match &form {
            Self::Person { .. } | Self::Issue(_) => Self::of_link(&form.target()?)? == form,
            Self::Shown { .. } => Self::of_picture(&form.target()?)? == form,
            _ => true,
        };
        is_sure.then_some(form)
    }

    /// The same in storage format.
    pub(super) fn storage(&self) -> String {
        let attribute = |name: &str, value: &str| {
            let value = html_escape::encode_double_quoted_attribute(value);
            format!("{name}=\"{value}\"")
        };
        let macro_of = |name: &str, parameters: &str| {
            format!(
                "<ac:structured-macro ac:name=\"{name}\" ac:schema-version=\"1\">{parameters}\
                 </ac:structured-macro>"
            )
        };
        match self {
            Self::Person { key, id } => {
                format!("<ac:link><ri:user {} /></ac:link>", attribute(key, id))
            }
            Self::Issue(key) => macro_of(
                "jira",
                &format!("<ac:parameter ac:name=\"key\">{key}</ac:parameter>"),
            ),
            Self::Day(day) => format!("<time datetime=\"{day}\" />"),
            Self::Status { words, color } => {
                let named = COLORS.iter().find(|(name, _)| name == color);
                let color = match named.map_or("", |(_, stored)| stored) {
                    "" => String::new(),
                    color => format!("<ac:parameter ac:name=\"colour\">{color}</ac:parameter>"),
                };
                let words = html_escape::encode_text(words);
                macro_of(
                    "status",
                    &format!("<ac:parameter ac:name=\"title\">{words}</ac:parameter>{color}"),
                )
            }
            Self::Shown {
                is_excerpt,
                space,
                title,
            } => {
                let space = space.as_deref().map_or_else(String::new, |space| {
                    format!(" {}", attribute("ri:space-key", space))
                });
                let title = attribute("ri:content-title", title);
                macro_of(
                    match is_excerpt {
                        true => "excerpt-include",
                        false => "include",
                    },
                    &format!(
                        "<ac:parameter ac:name=\"\"><ac:link><ri:page{space} {title} /></ac:link>\
                         </ac:parameter>"
                    ),
                )
            }
            Self::Listing => "<ac:structured-macro ac:name=\"children\" ac:schema-version=\"2\">\
                              <ac:parameter ac:name=\"all\">true</ac:parameter>\
                              </ac:structured-macro>"
                .to_owned(),
        }
    }

    /// The address that Markdown writes for it, where it has one.
    pub(super) fn target(&self) -> Option<String> {
        match self {
            Self::Person { id, .. } => {
                let mut target = USER.to_owned();
                encode(id, &mut target);
                Some(target)
            }
            Self::Issue(key) => Some(format!("{ISSUE}{key}")),
            Self::Shown {
                is_excerpt,
                space,
                title,
            } => {
                let page = target_of_link(&LinkTarget::Page {
                    title: title.clone(),
                    space: space.clone(),
                    anchor: None,
                })?;
                Some(match is_excerpt {
                    true => page.replacen(PAGE, EXCERPT, 1),
                    false => page,
                })
            }
            Self::Day(_) | Self::Status { .. } | Self::Listing => None,
        }
    }

    /// What it is called where nobody gave it other words.
    pub(super) fn words(&self) -> &str {
        match self {
            Self::Person { id, .. } => id,
            Self::Issue(key) => key,
            Self::Day(day) => day,
            Self::Status { words, .. } => words,
            Self::Shown { title, .. } => title,
            Self::Listing => "",
        }
    }

    /// The id of a person whom a product cannot know by it.
    pub(super) fn stranger(start: &str, flavor: Flavor) -> Option<String> {
        if !start.contains("<ri:user") {
            return None;
        }
        match Self::of_storage(start)? {
            Self::Person { key, id } => {
                let is_of_cloud = key == "ri:account-id";
                (is_of_cloud != (flavor == Flavor::Cloud)).then_some(id)
            }
            _ => None,
        }
    }
}

/// Whether an element has nothing but these attributes, and those of Confluence's books.
fn has_only(tree: &Tree<'_>, id: Id, known: &[&str]) -> bool {
    const BOOKKEEPING: [&str; 5] = [
        "ac:schema-version",
        "ac:macro-id",
        "ac:local-id",
        "local-id",
        "ri:version-at-save",
    ];
    tree.attributes(id)
        .iter()
        .all(|(name, _)| known.contains(name) || BOOKKEEPING.contains(name))
}

fn person(tree: &Tree<'_>, link: Id) -> Option<ShortForm> {
    let elements = tree.elements(link)?;
    let [user] = elements.as_slice() else {
        return None;
    };
    let is_person = tree.name(*user) == "ri:user" && tree.children(*user).next().is_none();
    if !is_person || !has_only(tree, link, &[]) {
        return None;
    }
    let [(name, id)] = tree.attributes(*user) else {
        return None;
    };
    let keys = ["ri:account-id", "ri:userkey", "ri:username"];
    let key = keys.into_iter().find(|key| key == name)?;
    let id = id.clone().into_owned();
    Some(ShortForm::Person { key, id })
}

fn of_macro(tree: &Tree<'_>, id: Id) -> Option<ShortForm> {
    if !has_only(tree, id, &["ac:name"]) {
        return None;
    }
    let mut parameters: Vec<(&str, Id)> = Vec::new();
    for part in tree.elements(id)? {
        if tree.name(part) != "ac:parameter" {
            return None;
        }
        let name = tree.attribute(part, "ac:name").unwrap_or_default();
        parameters.push((name, part));
    }
    let text = |id: Id| tree.only_text(id);
    match (tree.attribute(id, "ac:name")?, parameters.as_slice()) {
        ("jira", [("key", key)]) => Some(ShortForm::Issue(text(*key)?)),
        ("children", [("all", all)]) if text(*all)? == "true" => Some(ShortForm::Listing),
        ("status", parameters) => {
            let (mut words, mut color) = (None, "GRAY");
            for (name, value) in parameters {
                let value = text(*value)?;
                match *name {
                    "title" => words = Some(value),
                    "colour" if matches!(&*value, "Grey" | "Gray" | "") => {}
                    "colour" => color = COLORS.iter().find(|(_, stored)| *stored == value)?.0,
                    _ => return None,
                }
            }
            let words = words?;
            // What Markdown would not keep as it stands.
            let folded = words.split_whitespace().collect::<Vec<_>>().join(" ");
            let is_kept = folded == words && !words.is_empty() && !words.contains(char::is_control);
            is_kept.then_some(ShortForm::Status { words, color })
        }
        (name @ ("include" | "excerpt-include"), [("", parameter)]) => {
            let [link] = tree.elements(*parameter)?[..] else {
                return None;
            };
            let [page] = tree.elements(link)?[..] else {
                return None;
            };
            let is_page = tree.name(link) == "ac:link"
                && tree.attributes(link).is_empty()
                && tree.name(page) == "ri:page"
                && has_only(tree, page, &["ri:content-title", "ri:space-key"])
                && tree.children(page).next().is_none();
            is_page.then(|| {
                Some(ShortForm::Shown {
                    is_excerpt: name == "excerpt-include",
                    space: tree.attribute(page, "ri:space-key").map(str::to_owned),
                    title: tree.attribute(page, "ri:content-title")?.to_owned(),
                })
            })?
        }
        _ => None,
    }
}
