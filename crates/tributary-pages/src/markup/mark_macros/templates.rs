//! `mark`'s own templates: the macro that each one writes, and by which keys it is filled.

use std::borrow::Cow;

use serde_json::Value;

use super::super::short_forms::key_of_person;
use super::super::targets::encode;
use super::super::template::{Given, with_given};
use super::super::tree::FOREIGN;
use super::longest_run;

/// What stands in the place of a macro or of a comment that includes a template.
pub(super) struct Written {
    /// Within a line.
    pub line: String,
    /// On lines of its own, where it is a block there.
    pub block: Option<String>,
}

impl Written {
    pub(super) fn line(line: String) -> Self {
        Self { line, block: None }
    }
}

/// How a macro has the value of a key.
#[derive(Clone, Copy)]
enum Says {
    Text,
    /// As text that is there although the key is not.
    TextOr(&'static str),
    Url,
    Page,
    File,
    User,
    Space,
}

/// One of the templates that are a macro.
struct Template {
    name: &'static str,
    /// The name of its macro; the one that the key `Name` gives when empty.
    writes: &'static str,
    /// The keys without which it says nothing.
    needs: &'static [&'static str],
    /// Its keys, the parameters that these are to the macro, and how it has them.
    keys: &'static [(&'static str, &'static str, Says)],
    /// The key of the Markdown that it is around.
    body: Option<&'static str>,
    /// Whether it stands within a line wherever it is.
    is_inline: bool,
}

impl Template {
    /// One that stands on lines of its own where it can, and needs nothing.
    const fn new(
        name: &'static str,
        writes: &'static str,
        keys: &'static [(&'static str, &'static str, Says)],
    ) -> Self {
        Self {
            name,
            writes,
            needs: &[],
            keys,
            body: None,
            is_inline: false,
        }
    }

    const fn needing(mut self, needs: &'static [&'static str]) -> Self {
        self.needs = needs;
        self
    }

    const fn around(mut self, body: &'static str) -> Self {
        self.body = Some(body);
        self
    }

    const fn in_a_line(mut self) -> Self {
        self.is_inline = true;
        self
    }
}

use Says::{File, Page, Space, Text, TextOr, Url, User};

const TEMPLATES: &[Template] = &[
    Template::new(
        "ac:toc",
        "toc",
        &[
            ("Printable", "printable", Text),
            ("Style", "style", Text),
            ("MaxLevel", "maxLevel", Text),
            ("Indent", "indent", Text),
            ("MinLevel", "minLevel", Text),
            ("Exclude", "exclude", Text),
            ("Type", "type", Text),
            ("Outline", "outline", Text),
            ("Include", "include", Text),
        ],
    ),
    Template::new(
        "ac:children",
        "children",
        &[
            ("Reverse", "reverse", Text),
            ("Sort", "sort", Text),
            ("Style", "style", Text),
            ("Page", "page", Page),
            ("Excerpt", "excerptType", Text),
            ("First", "first", Text),
            ("Depth", "depth", Text),
            ("All", "all", Text),
        ],
    ),
    Template::new(
        "ac:status",
        "status",
        &[
            ("Title", "title", Text),
            ("Color", "colour", Text),
            ("Subtle", "subtle", Text),
        ],
    )
    .needing(&["Title"])
    .in_a_line(),
    Template::new(
        "ac:jira:ticket",
        "jira",
        &[("Ticket", "key", Text), ("Server", "server", Text)],
    )
    .needing(&["Ticket"])
    .in_a_line(),
    Template::new(
        "ac:jira:filter",
        "jira",
        &[("Server", "server", Text), ("JQL", "jqlQuery", Text)],
    )
    .needing(&["JQL"])
    .in_a_line(),
    Template::new(
        "ac:jiraissues",
        "jiraissues",
        &[
            ("Anonymous", "anonymous", Text),
            ("BaseURL", "baseurl", Url),
            ("Columns", "columns", Text),
            ("Count", "count", Text),
            ("Cache", "cache", Text),
            ("Height", "height", Text),
            ("RenderMode", "renderMode", Text),
            ("Title", "title", Text),
            ("URL", "url", Url),
            ("Width", "width", Text),
        ],
    )
    .needing(&["URL"]),
    Template::new("ac:anchor", "anchor", &[("Anchor", "", Text)])
        .needing(&["Anchor"])
        .in_a_line(),
    Template::new(
        "ac:box",
        "",
        &[("Icon", "icon", TextOr("false")), ("Title", "title", Text)],
    )
    .needing(&["Name"])
    .around("Body"),
    Template::new("ac:expand", "expand", &[("Title", "title", Text)]).around("Body"),
    Template::new(
        "ac:excerpt",
        "excerpt",
        &[
            ("Name", "name", Text),
            ("Hidden", "hidden", Text),
            ("OutputType", "atlassian-macro-output-type", Text),
        ],
    )
    .around("Excerpt"),
    Template::new(
        "ac:panel",
        "panel",
        &[
            ("BGColor", "bgColor", Text),
            ("TitleBGColor", "titleBGColor", Text),
            ("Title", "title", Text),
            ("BorderStyle", "borderStyle", Text),
            ("BorderColor", "borderColor", Text),
            ("TitleColor", "titleColor", Text),
        ],
    )
    .around("Body"),
    Template::new("ac:details", "details", &[]).around("Body"),
    Template::new("ac:column", "column", &[("Width", "width", Text)]).around("Body"),
    Template::new(
        "ac:detailssummary",
        "detailssummary",
        &[
            ("Headings", "headings", Text),
            ("FirstColumn", "firstcolumn", Text),
            ("SortBy", "sortBy", Text),
            ("CQL", "cql", Text),
        ],
    ),
    Template::new(
        "ac:contentbylabel",
        "contentbylabel",
        &[("CQL", "cql", Text)],
    )
    .needing(&["CQL"]),
    Template::new(
        "ac:youtube",
        "widget",
        &[
            ("Width", "width", TextOr("640px")),
            ("Height", "height", TextOr("360px")),
            ("URL", "url", Url),
        ],
    )
    .needing(&["URL"]),
    Template::new(
        "ac:iframe",
        "iframe",
        &[
            ("URL", "src", Url),
            ("Frameborder", "frameborder", Text),
            ("Scrolling", "scrolling", Text),
            ("Align", "align", Text),
            ("Width", "width", TextOr("640px")),
            ("Height", "height", TextOr("360px")),
        ],
    )
    .needing(&["URL"]),
    Template::new(
        "ac:blog-posts",
        "blog-posts",
        &[
            ("Content", "content", Text),
            ("Spaces", "spaces", Text),
            ("Author", "author", Text),
            ("Time", "time", Text),
            ("Reverse", "reverse", Text),
            ("Sort", "sort", Text),
            ("Max", "max", Text),
            ("Label", "label", Text),
        ],
    ),
    Template::new("ac:include", "include", &[("Page", "", Page)]).needing(&["Page"]),
    Template::new(
        "ac:excerpt-include",
        "excerpt-include",
        &[
            ("Page", "", Page),
            ("Name", "name", Text),
            ("NoPanel", "nopanel", Text),
        ],
    )
    .needing(&["Page"]),
    Template::new("ac:profile", "profile", &[("Name", "user", User)]).needing(&["Name"]),
    Template::new(
        "ac:pagetree",
        "pagetree",
        &[
            ("Title", "root", Page),
            ("Sort", "sort", Text),
            ("Excerpt", "excerpt", Text),
            ("Reverse", "reverse", Text),
            ("SearchBox", "searchBox", Text),
            ("ExpandCollapseAll", "expandCollapseAll", Text),
            ("StartDepth", "startDepth", Text),
        ],
    ),
    Template::new(
        "ac:pagetreesearch",
        "pagetreesearch",
        &[("Root", "root", Text)],
    ),
    Template::new(
        "ac:recently-updated",
        "recently-updated",
        &[
            ("Spaces", "spaces", Space),
            ("ShowProfilePic", "showProfilePic", Text),
            ("Types", "types", Text),
            ("Max", "max", Text),
            ("Labels", "labels", Text),
            ("HideHeading", "hideHeading", Text),
            ("Theme", "theme", Text),
        ],
    ),
    Template::new(
        "ac:multimedia",
        "multimedia",
        &[
            ("Name", "name", File),
            ("Width", "width", TextOr("500")),
            ("AutoPlay", "autoplay", Text),
        ],
    )
    .needing(&["Name"]),
    Template::new(
        "ac:view-file",
        "view-file",
        &[("Name", "name", File), ("Height", "height", TextOr("250"))],
    )
    .needing(&["Name"]),
];

/// The lines of a comment that give values to keys: YAML, or at least keys before colons.
pub(super) fn values_of(lines: &[&str]) -> Vec<(String, String)> {
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let said = lines.iter().filter(|line| !line.trim().is_empty());
    let margin = said.map(indent).min().unwrap_or(0);
    let block: Vec<&str> = lines
        .iter()
        .map(|line| line.get(margin..).unwrap_or_default())
        .collect();
    if let Ok(Value::Object(map)) = serde_saphyr::from_str::<Value>(&block.join("\n")) {
        let word = |value| match value {
            Value::String(text) => text,
            Value::Null => String::new(),
            other => other.to_string(),
        };
        return map
            .into_iter()
            .map(|(key, value)| (key, word(value)))
            .collect();
    }
    let pairs = lines.iter().filter_map(|line| line.split_once(':'));
    pairs
        .map(|(key, value)| {
            let value = value.trim();
            let quoted = ['\'', '"'].into_iter().find_map(|quote| {
                value
                    .strip_prefix(quote)
                    .and_then(|rest| rest.strip_suffix(quote))
            });
            (key.trim().to_owned(), quoted.unwrap_or(value).to_owned())
        })
        .collect()
}

/// The value of a key, in whichever letters it is written.
fn value_of<'v>(values: &'v [(String, String)], wanted: &str) -> Option<&'v str> {
    let mut found = values.iter();
    let (_, value) = found.find(|(key, _)| key.eq_ignore_ascii_case(wanted))?;
    (!value.is_empty()).then_some(value.as_str())
}

/// Whether a macro with these values has a template that is known.
pub(super) fn is_known(template: &str, values: &[(String, String)]) -> bool {
    match template.strip_prefix('#') {
        Some(name) => inline_of(name, values).is_some(),
        None => {
            matches!(template, "ac:emoticon" | "ac:link:user")
                || TEMPLATES.iter().any(|known| known.name == template)
        }
    }
}

/// The template that a macro has in itself, under a name of its own, filled with the macro's values.
/// None where it has more than names in it.
pub(super) fn inline_of(name: &str, values: &[(String, String)]) -> Option<Written> {
    let text = value_of(values, name)?;
    let given: Given = values
        .iter()
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let filled = with_given(text.trim_end(), &given);
    (!filled.contains("{{")).then(|| Written {
        block: Some(filled.clone()),
        line: filled,
    })
}

/// The first key that a template needs and is not given.
pub(super) fn lacking(template: &str, values: &[(String, String)]) -> Option<&'static str> {
    let known = TEMPLATES.iter().find(|known| known.name == template)?;
    let mut needs = known.needs.iter();
    needs.find(|key| value_of(values, key).is_none()).copied()
}

/// One of `mark`'s own templates, as Markdown with storage format in it.
pub(super) fn storage_of(template: &str, values: &[(String, String)]) -> Option<Written> {
    let value = |wanted: &str| value_of(values, wanted);
    match template {
        "ac:emoticon" => {
            let name = html_escape::encode_double_quoted_attribute(value("Name")?);
            let code = format!("<ac:emoticon ac:name=\"{name}\" />");
            return Some(Written::line(marked(&code)));
        }
        "ac:link:user" => return Some(Written::line(mention(value("Name")?))),
        _ => {}
    }
    let known = TEMPLATES.iter().find(|known| known.name == template)?;
    if lacking(template, values).is_some() {
        return None;
    }
    let name = match known.writes {
        "" => value("Name")?,
        name => name,
    };
    let name = html_escape::encode_double_quoted_attribute(name);
    let mut start = format!("<ac:structured-macro ac:name=\"{name}\" ac:schema-version=\"1\">");
    for (key, parameter, says) in known.keys {
        let said = match (value(key), says) {
            (None, TextOr(said)) => Some(*said),
            (said, _) => said,
        };
        let Some(said) = said else { continue };
        let attribute = html_escape::encode_double_quoted_attribute(said);
        let said = match says {
            Text | TextOr(_) => html_escape::encode_text(said).into_owned(),
            Url => format!("<ri:url ri:value=\"{attribute}\" />"),
            Page => {
                let space = value("Space").filter(|_| template == "ac:include");
                let space = space.map(html_escape::encode_double_quoted_attribute);
                let space = space.map(|key| format!(" ri:space-key=\"{key}\""));
                let space = space.unwrap_or_default();
                format!("<ac:link><ri:page ri:content-title=\"{attribute}\"{space} /></ac:link>")
            }
            // On a page, files have no folders.
            File => {
                let name = attribute.replace('/', "_");
                format!("<ri:attachment ri:filename=\"{name}\" />")
            }
            User => format!("<ri:user {}=\"{attribute}\" />", key_of_person(said)),
            Space => format!("<ri:space ri:space-key=\"{attribute}\" />"),
        };
        start.push_str(&format!(
            "<ac:parameter ac:name=\"{parameter}\">{said}</ac:parameter>"
        ));
    }
    let end = "</ac:structured-macro>";
    let fenced = |code: &str| {
        let fence = "`".repeat(longest_run(code).max(2) + 1);
        format!("{fence}{FOREIGN}\n{code}\n{fence}")
    };
    if let Some(key) = known.body {
        let body = value(key).unwrap_or_default().trim();
        let start = format!("{start}<ac:rich-text-body>");
        let end = format!("</ac:rich-text-body>{end}");
        // What Markdown has a form for is the editor's own in its format, too.
        let block = match value("Title").filter(|_| template == "ac:expand") {
            Some(title) => {
                let title = html_escape::encode_text(title);
                format!("<details><summary>{title}</summary>\n\n{body}\n\n</details>")
            }
            None => format!("{}\n\n{body}\n\n{}", fenced(&start), fenced(&end)),
        };
        return Some(Written {
            line: format!("{}{body}{}", marked(&start), marked(&end)),
            block: Some(block),
        });
    }
    let code = format!("{start}{end}");
    let block = match template {
        _ if known.is_inline => None,
        "ac:toc" if values.iter().all(|(_, value)| value.is_empty()) => Some("[TOC]".to_owned()),
        _ => Some(fenced(&code)),
    };
    Some(Written {
        line: marked(&code),
        block,
    })
}

/// Storage format in a line of Markdown.
pub(super) fn marked(code: &str) -> String {
    // A row of a table would end its cell there.
    let code = match code.contains('|') && !code.contains("<![CDATA[") {
        true => Cow::Owned(code.replace('|', "&#124;")),
        false => Cow::Borrowed(code),
    };
    let fence = "`".repeat(longest_run(&code) + 1);
    format!("{fence}{code}{fence}{FOREIGN}")
}

pub(super) fn mention(name: &str) -> String {
    let mut target = "confluence:user/".to_owned();
    encode(name, &mut target);
    let words: String = name
        .chars()
        .flat_map(|letter| {
            let is_sign = letter.is_ascii_punctuation();
            is_sign.then_some('\\').into_iter().chain([letter])
        })
        .collect();
    format!("[{words}]({target})")
}
