//! Draws macros, however a body calls them: `ac:structured-macro` or an ADF extension.
//!
//! A macro every site has is drawn or, where it needs what a stand-in has not (Jira, feeds), shown
//! as a labelled box. A macro only an app would bring shows as a site without that app shows it.

use std::collections::HashSet;
use std::sync::OnceLock;

use super::draw::Page;
use super::html::{
    Code, broken_link, code_block, error_box, escape, expand, link, panel, placeholder, safe_color,
    safe_url, status,
};
use super::outline::Heading;
use super::rules::built_in_macro;
use super::{Body, Branch, File, draw_adf, draw_storage, xml};

/// One call of a macro.
#[derive(Debug, Default)]
pub(super) struct Macro {
    pub(super) name: String,
    /// Name and text of each parameter; the default parameter has the empty name.
    pub(super) parameters: Vec<(String, String)>,
    /// The page a parameter names: space key and title.
    pub(super) page: Option<(Option<String>, String)>,
    /// The file a parameter names.
    pub(super) file: Option<String>,
    /// The person a parameter names.
    pub(super) user: Option<String>,
    pub(super) plain: Option<String>,
    pub(super) rich_html: Option<String>,
}

impl Macro {
    /// The value of a parameter, empty when it is not given.
    pub(super) fn parameter(&self, name: &str) -> &str {
        self.given(name).unwrap_or_default()
    }

    fn given(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.trim())
    }

    fn says(&self, name: &str) -> bool {
        self.parameter(name).eq_ignore_ascii_case("true")
    }

    fn number(&self, name: &str) -> Option<usize> {
        self.given(name)?.parse().ok()
    }

    /// The page meant by a page parameter, whether as a resource or as `KEY:Title` text.
    fn named_page(&self, parameter: &str) -> Option<(Option<&str>, &str)> {
        if let Some((space, title)) = &self.page {
            return Some((space.as_deref(), title));
        }
        let text = self
            .given(parameter)
            .filter(|text| !text.is_empty() && !text.starts_with('@'))?;
        match text.split_once(':') {
            Some((space, title)) if !space.contains(' ') => Some((Some(space), title)),
            _ => Some((None, text)),
        }
    }
}

/// Draws one call of a macro.
pub(super) fn draw(call: &Macro, page: &Page<'_>) -> String {
    let rich = call.rich_html.as_deref().unwrap_or_default();
    match call.name.as_str() {
        "code" => code(call),
        "noformat" => {
            let text = call.plain.as_deref().unwrap_or_default();
            code_block(
                &Code {
                    title: call.given("title"),
                    ..Code::default()
                },
                text,
            )
        }
        "info" | "note" | "tip" | "warning" => {
            let icon = (call.parameter("icon") == "false").then_some("");
            panel(&call.name, call.given("title"), icon, "", rich)
        }
        "panel" => custom_panel(call, rich),
        "expand" => expand(call.given("title"), rich),
        "toc" | "toc-zone" => format!("{}{rich}", table_of_contents(call, page)),
        "anchor" => {
            let [id, legacy] = page.outline.anchor_ids(call.parameter(""));
            format!(
                "<span class=\"anchor\" id=\"{}\"></span><span class=\"anchor\" id=\"{}\"></span>",
                escape(&id),
                escape(&legacy)
            )
        }
        "status" => status(
            call.parameter("title"),
            call.parameter("colour"),
            call.says("subtle"),
        ),
        "children" | "pagetree" => children(call, page),
        "include" => include(call, page),
        "excerpt" if call.says("hidden") => String::new(),
        "excerpt" | "details" if !call.says("hidden") => {
            format!("<div class=\"{}\">{rich}</div>", escape(&call.name))
        }
        "details" => String::new(),
        "excerpt-include" => excerpt_include(call, page),
        "attachments" | "space-attachments" => attachments(&page.links.attachments()),
        "gallery" => gallery(&page.links.attachments()),
        "view-file" | "viewpdf" | "viewdoc" | "viewxls" | "viewppt" | "multimedia" => {
            view_file(call, page)
        }
        "jira" => jira(call),
        "profile" => {
            let id = call.user.as_deref().unwrap_or(call.parameter("user"));
            let name = page
                .links
                .user(id)
                .unwrap_or_else(|| "Unknown user".to_owned());
            format!("<span class=\"mention\">@{}</span>", escape(&name))
        }
        "section" => format!(
            "<div class=\"section{}\">{rich}</div>",
            if call.says("border") { " bordered" } else { "" }
        ),
        "column" => format!("<div class=\"column\"{}>{rich}</div>", column_width(call)),
        "widget" | "iframe" => {
            let url = [call.given("url"), call.given("src")]
                .into_iter()
                .flatten()
                .next()
                .unwrap_or_default();
            let address = safe_url(url)
                .map(|url| link(&url, None, &escape(&url)))
                .unwrap_or_default();
            format!(
                "<div class=\"macro-placeholder\"><strong>Embedded content</strong>{address}</div>"
            )
        }
        "loremipsum" => {
            "<p>Lorem ipsum dolor sit amet, consectetur adipiscing elit.</p>".to_owned()
        }
        name if built_in_macro(name).is_some() => {
            let detail = call
                .parameters
                .iter()
                .map(|(key, value)| format!("{key}: {}", value.trim()))
                .collect::<Vec<_>>()
                .join(", ");
            format!("{}{rich}", placeholder(&readable(name), &detail))
        }
        name => unknown(name, call),
    }
}

/// A site without the app shows the name, and whatever text the body held.
fn unknown(name: &str, call: &Macro) -> String {
    let body = match (&call.plain, &call.rich_html) {
        (Some(plain), _) => format!("<pre>{}</pre>", escape(plain)),
        (None, Some(rich)) => rich.clone(),
        (None, None) => String::new(),
    };
    format!(
        "<div class=\"unknown-macro\"><span>Unknown macro: &#39;{}&#39;</span>{body}</div>",
        escape(name)
    )
}

fn readable(name: &str) -> String {
    let name = name.replace('-', " ");
    let mut letters = name.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

fn code(call: &Macro) -> String {
    let language = call
        .given("language")
        .or_else(|| call.given(""))
        .filter(|language| !language.is_empty());
    let block = code_block(
        &Code {
            language,
            title: call.given("title"),
            numbered: call.says("linenumbers"),
            first_line: call.number("firstline").unwrap_or(1),
            collapsed: call.says("collapse"),
        },
        call.plain.as_deref().unwrap_or_default(),
    );
    match language {
        Some(language) if !is_code_language(language) => format!(
            "{}{block}",
            error_box(&format!(
                "Unable to find source-code formatter for language: {language}."
            ))
        ),
        _ => block,
    }
}

fn is_code_language(name: &str) -> bool {
    static LANGUAGES: OnceLock<HashSet<&'static str>> = OnceLock::new();
    LANGUAGES
        .get_or_init(|| {
            include_str!("code-languages.txt")
                .lines()
                .filter(|line| !line.starts_with("# "))
                .collect()
        })
        .contains(name.to_lowercase().as_str())
}

fn custom_panel(call: &Macro, rich: &str) -> String {
    let color = |name: &str| call.given(name).and_then(safe_color);
    let mut style = Vec::new();
    if let Some(background) = color("bgColor") {
        style.push(format!("background-color: {background}"));
    }
    if let Some(border) = color("borderColor") {
        style.push(format!("border-color: {border}"));
    }
    let icon = call.given("panelIconText").or(Some(""));
    panel("custom", call.given("title"), icon, &style.join("; "), rich)
}

fn column_width(call: &Macro) -> String {
    let width = call.parameter("width");
    let number = width.trim_end_matches(['%', 'p', 'x']);
    if number.parse::<f32>().is_err() {
        return String::new();
    }
    let unit = if width.ends_with('%') { "%" } else { "px" };
    format!(" style=\"width: {number}{unit}\"")
}

fn table_of_contents(call: &Macro, page: &Page<'_>) -> String {
    let least = call.number("minLevel").unwrap_or(1);
    let most = call.number("maxLevel").unwrap_or(7);
    let headings: Vec<&Heading> = page
        .outline
        .headings
        .iter()
        .filter(|heading| {
            (least..=most).contains(&usize::from(heading.level)) && !heading.text.is_empty()
        })
        .collect();
    if call.parameter("type") == "flat" {
        let entries: Vec<String> = headings.iter().map(|heading| entry(heading, "")).collect();
        return format!("<nav class=\"toc flat\">{}</nav>", entries.join(" | "));
    }
    let bullets = if call.says("outline") || call.parameter("style") == "none" {
        " no-bullets"
    } else {
        ""
    };
    let mut out = format!("<nav class=\"toc{bullets}\" aria-label=\"Table of contents\">");
    let mut open: Vec<u8> = Vec::new();
    let mut numbers: Vec<usize> = Vec::new();
    for heading in headings {
        while open.last().is_some_and(|level| *level > heading.level) {
            out.push_str("</li></ul>");
            open.pop();
            numbers.pop();
        }
        if open.last() == Some(&heading.level) {
            out.push_str("</li><li>");
        } else if open.is_empty() || open.last().is_some_and(|level| *level < heading.level) {
            out.push_str("<ul><li>");
            open.push(heading.level);
            numbers.push(0);
        }
        if let Some(number) = numbers.last_mut() {
            *number += 1;
        }
        let number = if call.says("outline") {
            let parts: Vec<String> = numbers.iter().map(usize::to_string).collect();
            format!("{} ", parts.join("."))
        } else {
            String::new()
        };
        out.push_str(&entry(heading, &number));
    }
    for _ in open {
        out.push_str("</li></ul>");
    }
    out.push_str("</nav>");
    out
}

fn entry(heading: &Heading, number: &str) -> String {
    format!(
        "<a href=\"#{}\">{number}{}</a>",
        escape(&heading.id),
        escape(&heading.text)
    )
}

fn children(call: &Macro, page: &Page<'_>) -> String {
    let parameter = if call.name == "pagetree" {
        "root"
    } else {
        "page"
    };
    let mut branches = page.links.children(call.named_page(parameter));
    if call.parameter("sort") == "title" {
        branches.sort_by_key(|branch| branch.page.title.to_lowercase());
    }
    if call.says("reverse") {
        branches.reverse();
    }
    if let Some(first) = call.number("first").filter(|first| *first > 0) {
        branches.truncate(first);
    }
    let depth = if call.name == "pagetree" || call.says("all") || call.says("allChildren") {
        usize::MAX
    } else {
        call.number("depth").filter(|depth| *depth > 0).unwrap_or(1)
    };
    format!(
        "<div class=\"children\">{}</div>",
        branch_list(&branches, depth)
    )
}

fn branch_list(branches: &[Branch], depth: usize) -> String {
    if branches.is_empty() || depth == 0 {
        return String::new();
    }
    let items: String = branches
        .iter()
        .map(|branch| {
            let this = link(&branch.page.href, None, &escape(&branch.page.title));
            format!(
                "<li>{this}{}</li>",
                branch_list(&branch.children, depth.saturating_sub(1))
            )
        })
        .collect();
    format!("<ul>{items}</ul>")
}

fn include(call: &Macro, page: &Page<'_>) -> String {
    let Some((space, title)) = call.named_page("") else {
        return error_box("Unable to render include: no page is named.");
    };
    if !page.may_include() {
        return error_box("Already included page, stopping.");
    }
    let Some(included) = page.links.include(space, title) else {
        return error_box(&format!(
            "Unable to render {{include}} The included page could not be found: {title}"
        ));
    };
    let body = match (&included.storage, &included.adf) {
        (Some(storage), _) => Body::Storage(storage),
        (None, Some(adf)) => Body::Adf(adf),
        (None, None) => return String::new(),
    };
    page.draw_inside(body, included.links.as_ref())
}

fn excerpt_include(call: &Macro, page: &Page<'_>) -> String {
    let Some((space, title)) = call.named_page("") else {
        return error_box("Unable to render excerpt-include: no page is named.");
    };
    if !page.may_include() {
        return error_box("Already included page, stopping.");
    }
    let Some(included) = page.links.include(space, title) else {
        return error_box(&format!("No page found with the title: {title}"));
    };
    let name = call.parameter("name");
    let found = match (&included.storage, &included.adf) {
        (Some(storage), _) => xml::parse(storage).ok().and_then(|nodes| {
            let excerpt = draw_storage::find_excerpt(&nodes, name)?;
            let outline = super::outline::Outline::new(title);
            Some(draw_storage::nodes(
                excerpt,
                &page.of_another(included.links.as_ref(), &outline),
            ))
        }),
        (None, Some(adf)) => draw_adf::find_excerpt(adf, name).map(|excerpt| {
            let outline = super::outline::Outline::new(title);
            draw_adf::content(excerpt, &page.of_another(included.links.as_ref(), &outline))
        }),
        (None, None) => None,
    };
    let Some(excerpt) = found else {
        return error_box(&format!("The page has no excerpt: {title}"));
    };
    if call.says("nopanel") {
        return format!("<div class=\"excerpt\">{excerpt}</div>");
    }
    let heading = link(&included.target.href, None, &escape(&included.target.title));
    format!(
        "<div class=\"panel panel-custom\"><div class=\"panel-body\"><p class=\"panel-title\">{heading}</p>{excerpt}</div></div>"
    )
}

fn attachments(files: &[File]) -> String {
    if files.is_empty() {
        return "<p class=\"nothing\">No files are attached to this page.</p>".to_owned();
    }
    let rows: String = files
        .iter()
        .map(|file| {
            format!(
                "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
                link(&file.href, None, &escape(&file.name)),
                escape(&file.media_type),
                readable_size(file.size)
            )
        })
        .collect();
    format!(
        "<div class=\"table-wrap\"><table class=\"attachments\"><thead><tr><th>File</th><th>Type</th><th>Size</th></tr></thead><tbody>{rows}</tbody></table></div>"
    )
}

/// A size in the unit a person would use.
pub(crate) fn readable_size(bytes: u64) -> String {
    match bytes {
        0..=1023 => format!("{bytes} B"),
        1024..=1_048_575 => format!("{} KB", bytes.div_ceil(1024)),
        _ => format!(
            "{}.{} MB",
            bytes / 1_048_576,
            bytes % 1_048_576 * 10 / 1_048_576
        ),
    }
}

fn gallery(files: &[File]) -> String {
    let pictures: String = files
        .iter()
        .filter(|file| file.media_type.starts_with("image/"))
        .map(|file| {
            let picture = format!(
                "<img src=\"{}\" alt=\"{}\" loading=\"lazy\">",
                escape(&file.href),
                escape(&file.name)
            );
            link(&file.href, Some(&file.name), &picture)
        })
        .collect();
    format!("<div class=\"gallery\">{pictures}</div>")
}

fn view_file(call: &Macro, page: &Page<'_>) -> String {
    let name = call.file.as_deref().unwrap_or(call.parameter("name"));
    let owner = call
        .page
        .as_ref()
        .map(|(space, title)| (space.as_deref(), title.as_str()));
    match page.links.attachment(owner, name) {
        Some(file) => {
            let label = format!(
                "<span class=\"file-name\">{}</span><span class=\"file-size\">{}</span>",
                escape(&file.name),
                readable_size(file.size)
            );
            format!(
                "<div class=\"view-file\">{}</div>",
                link(&file.href, None, &label)
            )
        }
        None => format!(
            "<div class=\"view-file\">{}</div>",
            broken_link("This file is missing", &escape(name))
        ),
    }
}

fn jira(call: &Macro) -> String {
    let key = call.parameter("key");
    if !key.is_empty() {
        return format!(
            "<span class=\"jira-issue\" title=\"No Jira is connected to this site\">{}</span>",
            escape(key)
        );
    }
    let query = [call.given("jqlQuery"), call.given("jql")]
        .into_iter()
        .flatten()
        .next()
        .unwrap_or_default();
    placeholder("Jira issues", query)
}

/// Draws an address that stands for a page, as a link with the page's title.
pub(super) fn smart_link(url: &str, page: &Page<'_>) -> String {
    match (page.links.page_at(url), safe_url(url)) {
        (Some(target), _) => format!(
            "<a class=\"smart-link\" href=\"{}\">{}</a>",
            escape(url),
            escape(&target.title)
        ),
        (None, Some(url)) => link(&url, None, &escape(&url)),
        (None, None) => broken_link("This address was disarmed", &escape(url)),
    }
}
