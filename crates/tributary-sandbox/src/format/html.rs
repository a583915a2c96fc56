//! Safe pieces of HTML: escaping, addresses, styles, and the blocks both formats share.
//!
//! Everything that reaches the output from a page goes through here. No function puts a value into
//! the output unescaped unless its name says that it takes HTML.

/// Escapes text for content and for quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(character),
        }
    }
    out
}

/// An address a reader may follow, or `None` for one that could run something.
pub(super) fn safe_url(url: &str) -> Option<String> {
    // Browsers drop these before they look at the scheme, so `java\nscript:` is `javascript:`.
    let cleaned: String = url
        .chars()
        .filter(|character| !character.is_control())
        .collect();
    let cleaned = cleaned.trim().to_owned();
    let Some(scheme) = scheme(&cleaned) else {
        return Some(cleaned);
    };
    [
        "http", "https", "mailto", "ftp", "ftps", "tel", "sftp", "ssh", "git", "irc", "xmpp",
        "news",
    ]
    .contains(&scheme.to_ascii_lowercase().as_str())
    .then_some(cleaned)
}

/// An address an image may come from.
pub(super) fn safe_image_url(url: &str) -> Option<String> {
    let trimmed = url.trim();
    let is_picture = trimmed
        .get(..11)
        .is_some_and(|start| start.eq_ignore_ascii_case("data:image/"));
    if is_picture {
        return Some(
            trimmed
                .chars()
                .filter(|character| !character.is_control())
                .collect(),
        );
    }
    safe_url(url).filter(|url| match scheme(url) {
        Some(scheme) => scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https"),
        None => true,
    })
}

fn scheme(url: &str) -> Option<&str> {
    let (head, _) = url.split_once(':')?;
    (!head.contains(['/', '?', '#'])).then_some(head)
}

/// The declarations of a style that change looks only; the rest is dropped.
pub(super) fn safe_style(style: &str) -> String {
    const PROPERTIES: &[&str] = &[
        "color",
        "background-color",
        "text-align",
        "vertical-align",
        "width",
        "min-width",
        "height",
        "margin-left",
        "padding-left",
        "font-weight",
        "font-style",
        "text-decoration",
        "font-size",
        "white-space",
        "list-style-type",
        "border-color",
        "text-transform",
    ];
    style
        .split(';')
        .filter_map(|declaration| declaration.split_once(':'))
        .map(|(property, value)| (property.trim().to_ascii_lowercase(), value.trim()))
        .filter(|(property, value)| {
            PROPERTIES.contains(&property.as_str()) && is_plain_value(value)
        })
        .map(|(property, value)| format!("{property}: {value}"))
        .collect::<Vec<_>>()
        .join("; ")
}

fn is_plain_value(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    !value.is_empty()
        && value.len() <= 80
        && !lower.contains("url")
        && !lower.contains("expression")
        && value
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "#.,%()- ".contains(c))
}

/// A color a page may set: a name, `#rgb`, `rgb(…)`, `var(…)` never.
pub(super) fn safe_color(color: &str) -> Option<&str> {
    let color = color.trim();
    (is_plain_value(color) && !color.contains("var")).then_some(color)
}

/// ` name="value"`, or nothing without a value.
pub(super) fn attribute(name: &str, value: Option<&str>) -> String {
    value
        .map(|value| format!(" {name}=\"{}\"", escape(value)))
        .unwrap_or_default()
}

/// A number an author gave for a size, without its unit.
pub(super) fn pixels(value: Option<&str>) -> Option<u32> {
    let value = value?.trim();
    let value = value.strip_suffix("px").unwrap_or(value);
    value
        .parse::<f64>()
        .ok()
        .filter(|size| (1.0..=10_000.0).contains(size))
        .map(|size| size as u32)
}

/// A link to somewhere else; one that could run something is drawn as plain text.
pub(super) fn link(href: &str, title: Option<&str>, inner_html: &str) -> String {
    let Some(href) = safe_url(href) else {
        return format!(
            "<span class=\"unsafe-link\" title=\"This link was disarmed\">{inner_html}</span>"
        );
    };
    let outside = scheme(&href).is_some();
    let rel = if outside {
        " class=\"external-link\" rel=\"nofollow noopener noreferrer\""
    } else {
        ""
    };
    format!(
        "<a href=\"{}\"{rel}{}>{inner_html}</a>",
        escape(&href),
        attribute("title", title)
    )
}

/// A link whose target does not exist, as Confluence draws it: there, but red and leading nowhere.
pub(super) fn broken_link(what: &str, inner_html: &str) -> String {
    format!(
        "<a class=\"broken-link\" title=\"{}\">{inner_html}</a>",
        escape(what)
    )
}

/// The mark in place of a picture that is not there.
pub(super) fn broken_image(name: &str) -> String {
    format!(
        "<span class=\"broken-image\" role=\"img\" title=\"This image is missing\">{}</span>",
        escape(name)
    )
}

/// What a code block can be told.
#[derive(Debug, Default)]
pub(super) struct Code<'a> {
    pub(super) language: Option<&'a str>,
    pub(super) title: Option<&'a str>,
    pub(super) numbered: bool,
    pub(super) first_line: usize,
    pub(super) collapsed: bool,
}

/// A block of code with its label, title and line numbers.
pub(super) fn code_block(code: &Code<'_>, text: &str) -> String {
    let text = text.strip_prefix('\n').unwrap_or(text);
    let mut lines = String::new();
    if code.numbered {
        for (index, line) in text
            .strip_suffix('\n')
            .unwrap_or(text)
            .split('\n')
            .enumerate()
        {
            let number = code.first_line + index;
            lines.push_str(&format!(
                "<span class=\"line\" data-line=\"{number}\">{}</span>\n",
                escape(line)
            ));
        }
    } else {
        lines = escape(text);
    }
    let label = code
        .language
        .filter(|language| !matches!(*language, "" | "none"))
        .map(|language| format!("<span class=\"code-language\">{}</span>", escape(language)))
        .unwrap_or_default();
    let title = code.title.filter(|title| !title.is_empty());
    let class = if code.numbered {
        "code-block numbered"
    } else {
        "code-block"
    };
    let body = format!("<pre><code>{lines}</code></pre>");
    if code.collapsed {
        let title = escape(title.unwrap_or("Expand source"));
        return format!(
            "<details class=\"{class}\"><summary>{title}{label}</summary>{body}</details>"
        );
    }
    let title = title
        .map(|title| format!("<div class=\"code-title\">{}</div>", escape(title)))
        .unwrap_or_default();
    format!("<div class=\"{class}\">{title}{label}{body}</div>")
}

/// An info, note, tip or warning box, or one of ADF's other kinds.
pub(super) fn panel(
    kind: &str,
    title: Option<&str>,
    icon: Option<&str>,
    style: &str,
    body_html: &str,
) -> String {
    let icon = match (icon, kind) {
        (Some(icon), _) => icon,
        (None, "info") => "ℹ",
        (None, "note") => "✎",
        (None, "tip" | "success") => "✓",
        (None, "warning") => "!",
        (None, "error") => "✕",
        (None, _) => "",
    };
    let icon = if icon.is_empty() {
        String::new()
    } else {
        format!(
            "<span class=\"panel-icon\" aria-hidden=\"true\">{}</span>",
            escape(icon)
        )
    };
    let title = title
        .filter(|title| !title.is_empty())
        .map(|title| format!("<p class=\"panel-title\">{}</p>", escape(title)))
        .unwrap_or_default();
    let style = if style.is_empty() {
        String::new()
    } else {
        attribute("style", Some(style))
    };
    format!(
        "<div class=\"panel panel-{kind}\"{style}>{icon}<div class=\"panel-body\">{title}{body_html}</div></div>",
        kind = escape(kind)
    )
}

/// A section a reader opens.
pub(super) fn expand(title: Option<&str>, body_html: &str) -> String {
    let title = title
        .filter(|title| !title.trim().is_empty())
        .unwrap_or("Click here to expand...");
    format!(
        "<details class=\"expand\"><summary>{}</summary><div class=\"expand-body\">{body_html}</div></details>",
        escape(title)
    )
}

/// A colored word.
pub(super) fn status(text: &str, color: &str, subtle: bool) -> String {
    let color = match color.to_ascii_lowercase().as_str() {
        known @ ("red" | "yellow" | "green" | "blue" | "purple") => known.to_owned(),
        _ => "grey".to_owned(),
    };
    let subtle = if subtle { " subtle" } else { "" };
    format!(
        "<span class=\"status status-{color}{subtle}\">{}</span>",
        escape(text)
    )
}

/// A date as readers see it; a text that is no date stays as it is.
pub(super) fn date(datetime: &str) -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let day = datetime.get(..10).unwrap_or(datetime);
    let mut parts = day.split('-').map(str::parse::<usize>);
    let shown = match (parts.next(), parts.next(), parts.next()) {
        (Some(Ok(year)), Some(Ok(month @ 1..=12)), Some(Ok(day @ 1..=31))) => {
            format!("{day} {} {year}", MONTHS[month - 1])
        }
        _ => datetime.to_owned(),
    };
    format!(
        "<time class=\"date\" datetime=\"{}\">{}</time>",
        escape(datetime),
        escape(&shown)
    )
}

/// One task with its box, which a reader here cannot tick.
pub(super) fn task(done: bool, body_html: &str) -> String {
    let (class, checked) = if done {
        ("task done", " checked")
    } else {
        ("task", "")
    };
    format!(
        "<li class=\"{class}\"><input type=\"checkbox\" disabled{checked} aria-label=\"{}\"><div class=\"task-body\">{body_html}</div></li>",
        if done { "Done" } else { "To do" }
    )
}

/// The box in place of something that cannot be drawn here.
pub(super) fn placeholder(name: &str, detail: &str) -> String {
    let detail = if detail.is_empty() {
        String::new()
    } else {
        format!("<span>{}</span>", escape(detail))
    };
    format!(
        "<div class=\"macro-placeholder\"><strong>{}</strong>{detail}</div>",
        escape(name)
    )
}

/// The box that tells a reader something on the page is wrong.
pub(super) fn error_box(message: &str) -> String {
    format!(
        "<div class=\"macro-error\" role=\"alert\">{}</div>",
        escape(message)
    )
}
