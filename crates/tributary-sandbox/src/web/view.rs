//! The HTML around a body: frame, page tree, byline, listings. Takes values, knows no state.

use crate::format::Target;

/// One entry of the sidebar.
#[derive(Debug, Clone)]
pub(super) struct TreeNode {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) href: String,
    /// Whether it only holds others and has no body of its own.
    pub(super) folder: bool,
    pub(super) children: Vec<TreeNode>,
}

/// What stands around every page.
#[derive(Debug, Default)]
pub(super) struct Frame {
    /// `/wiki` or `/confluence`.
    pub(super) base: &'static str,
    pub(super) product: &'static str,
    pub(super) space: Option<SpaceHead>,
    pub(super) tree: Vec<TreeNode>,
    /// The id of the page that is shown.
    pub(super) current: Option<String>,
    /// What stands in the search box.
    pub(super) query: String,
}

/// The space whose tree is shown.
#[derive(Debug, Clone)]
pub(super) struct SpaceHead {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) href: String,
}

/// One version of a page.
#[derive(Debug, Clone)]
pub(super) struct VersionLine {
    pub(super) number: u64,
    pub(super) author: String,
    pub(super) when: String,
    pub(super) message: String,
    pub(super) href: String,
}

/// One file of a page.
#[derive(Debug, Clone)]
pub(super) struct FileLine {
    pub(super) name: String,
    pub(super) href: String,
    pub(super) media_type: String,
    pub(super) size: u64,
    pub(super) version: u64,
    pub(super) comment: String,
}

/// A page as it is read.
#[derive(Debug)]
pub(super) struct PageView {
    pub(super) title: String,
    pub(super) breadcrumbs: Vec<Target>,
    pub(super) version: VersionLine,
    pub(super) labels: Vec<String>,
    pub(super) body_html: String,
    pub(super) files: Vec<FileLine>,
    pub(super) links: Vec<Target>,
    /// A line above the body, such as that this is an old version.
    pub(super) banner: Option<String>,
}

/// A page with its byline, labels and files.
pub(super) fn page(frame: &Frame, view: &PageView) -> String {
    let banner = view
        .banner
        .as_ref()
        .map(|text| format!("<p class=\"banner\" role=\"note\">{}</p>", escape(text)))
        .unwrap_or_default();
    let message = if view.version.message.is_empty() {
        String::new()
    } else {
        format!(
            "<br><span class=\"message\">{}</span>",
            escape(&view.version.message)
        )
    };
    let links: String = view.links.iter().map(anchor).collect();
    let labels: String = view
        .labels
        .iter()
        .map(|label| format!("<span class=\"label\">{}</span>", escape(label)))
        .collect();
    let labels = if labels.is_empty() {
        labels
    } else {
        format!("<div class=\"labels\" aria-label=\"Labels\">{labels}</div>")
    };
    let files = if view.files.is_empty() {
        String::new()
    } else {
        format!(
            "<section class=\"files\"><h2>Attachments ({})</h2>{}</section>",
            view.files.len(),
            file_table(&view.files)
        )
    };
    let body = format!(
        "<nav class=\"breadcrumbs\" aria-label=\"Breadcrumbs\">{breadcrumbs}</nav>{banner}<h1 class=\"title\">{title}</h1>\
         <div class=\"byline\"><span class=\"avatar\" aria-hidden=\"true\">{initial}</span>\
         <p>{author}<br>Version {number}, {when}{message}</p><nav>{links}</nav></div>\
         <article class=\"body\">{body}</article>{labels}{files}",
        breadcrumbs = breadcrumbs(&view.breadcrumbs),
        title = escape(&view.title),
        initial = escape(&view.version.author.chars().take(1).collect::<String>()),
        author = escape(&view.version.author),
        number = view.version.number,
        when = when(&view.version.when),
        body = view.body_html,
    );
    document(frame, &view.title, "main", &body)
}

/// The versions of a page, newest first.
pub(super) fn history(
    frame: &Frame,
    title: &str,
    crumbs: &[Target],
    versions: &[VersionLine],
) -> String {
    let rows: String = versions
        .iter()
        .map(|version| {
            format!(
                "<tr><td><a href=\"{}\">{}</a></td><td>{}</td><td>{}</td><td>{}</td></tr>",
                escape(&version.href),
                version.number,
                when(&version.when),
                escape(&version.author),
                escape(&version.message)
            )
        })
        .collect();
    let body = format!(
        "<nav class=\"breadcrumbs\" aria-label=\"Breadcrumbs\">{}</nav><h1 class=\"title\">Page history</h1>\
         <div class=\"table-wrap\"><table><thead><tr><th>Version</th><th>Changed</th><th>By</th><th>Message</th></tr></thead><tbody>{rows}</tbody></table></div>",
        breadcrumbs(crumbs)
    );
    document(frame, &format!("History of {title}"), "main wide", &body)
}

/// The files of a page.
pub(super) fn attachments(
    frame: &Frame,
    title: &str,
    crumbs: &[Target],
    files: &[FileLine],
) -> String {
    let table = if files.is_empty() {
        "<p class=\"nothing\">No files are attached to this page.</p>".to_owned()
    } else {
        file_table(files)
    };
    let body = format!(
        "<nav class=\"breadcrumbs\" aria-label=\"Breadcrumbs\">{}</nav><h1 class=\"title\">Attachments</h1>{table}",
        breadcrumbs(crumbs)
    );
    document(
        frame,
        &format!("Attachments of {title}"),
        "main wide",
        &body,
    )
}

/// The source of a page, as the API gives it.
pub(super) fn source(frame: &Frame, title: &str, crumbs: &[Target], text: &str) -> String {
    let body = format!(
        "<nav class=\"breadcrumbs\" aria-label=\"Breadcrumbs\">{}</nav><h1 class=\"title\">Source</h1><div class=\"body\"><pre><code>{}</code></pre></div>",
        breadcrumbs(crumbs),
        escape(text)
    );
    document(frame, &format!("Source of {title}"), "main wide", &body)
}

/// All spaces of one site.
pub(super) fn spaces(frame: &Frame, spaces: &[(SpaceHead, usize)]) -> String {
    let body = format!(
        "<h1 class=\"title\">Spaces</h1><div class=\"cards\">{}</div>",
        space_cards(spaces)
    );
    document(frame, "Spaces", "main wide", &body)
}

/// One site on the front door: what it is called, its address, its spaces with their page counts.
pub(super) type SiteSection<'a> = (&'a str, String, Vec<(SpaceHead, usize)>);

/// The front door: what the stand-in offers, and its spaces in both dialects.
pub(super) fn front(frame: &Frame, sites: &[SiteSection<'_>]) -> String {
    let sections: String = sites
        .iter()
        .map(|(name, address, spaces)| {
            format!(
                "<section class=\"listing\"><h2>{}</h2><p class=\"nothing\">Site address for a client: <code>{}</code></p><div class=\"cards\">{}</div></section>",
                escape(name),
                escape(address),
                space_cards(spaces)
            )
        })
        .collect();
    let body = format!(
        "<h1 class=\"title\">Sandbox</h1><p>A stand-in Confluence on this computer. Nothing here leaves it.</p>{sections}"
    );
    document(frame, "Sandbox", "main wide", &body)
}

fn space_cards(spaces: &[(SpaceHead, usize)]) -> String {
    spaces
        .iter()
        .map(|(space, pages)| {
            format!(
                "<a class=\"card-link\" href=\"{}\"><span class=\"key\" aria-hidden=\"true\">{}</span><span>{}<small>{} · {}</small></span></a>",
                escape(&space.href),
                escape(&space.key.chars().take(4).collect::<String>()),
                escape(&space.name),
                escape(&space.key),
                if *pages == 1 { "1 page".to_owned() } else { format!("{pages} pages") }
            )
        })
        .collect()
}

/// What a search found: each hit with the space it is in.
pub(super) fn search(frame: &Frame, hits: &[(Target, String)]) -> String {
    let found: String = hits
        .iter()
        .map(|(page, space)| {
            format!(
                "<li>{} <span class=\"nothing\">{}</span></li>",
                anchor(page),
                escape(space)
            )
        })
        .collect();
    let found = if hits.is_empty() {
        "<p class=\"nothing\">No page has these words in its title or text.</p>".to_owned()
    } else {
        format!("<ul>{found}</ul>")
    };
    let body = format!("<h1 class=\"title\">Search</h1><div class=\"body\">{found}</div>");
    document(frame, "Search", "main", &body)
}

/// The page for an address behind which there is nothing.
pub(super) fn missing(frame: &Frame, what: &str) -> String {
    let body = format!(
        "<h1 class=\"title\">Page not found</h1><p>{}</p>",
        escape(what)
    );
    document(frame, "Page not found", "main", &body)
}

fn document(frame: &Frame, title: &str, main_class: &str, main: &str) -> String {
    let side = frame
        .space
        .as_ref()
        .map(|space| sidebar(frame, space))
        .unwrap_or_default();
    let columns = if side.is_empty() {
        "columns bare"
    } else {
        "columns"
    };
    let search = if frame.base.is_empty() {
        String::new()
    } else {
        format!(
            "<form role=\"search\" action=\"{}/search\"><input type=\"search\" name=\"text\" value=\"{}\" placeholder=\"Search\" aria-label=\"Search\"></form>",
            frame.base,
            escape(&frame.query)
        )
    };
    let home = if frame.base.is_empty() {
        "/"
    } else {
        frame.base
    };
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><link rel=\"icon\" href=\"data:,\">\
         <link rel=\"stylesheet\" href=\"/_sandbox/site.css\"></head><body>\
         <header class=\"bar\"><a class=\"brand\" href=\"{home}\">{product}</a><span class=\"stand-in\">stand-in, on this computer</span>{search}</header>\
         <div class=\"{columns}\">{side}<main class=\"{main_class}\">{main}</main></div></body></html>",
        title = escape(title),
        product = escape(frame.product),
    )
}

fn sidebar(frame: &Frame, space: &SpaceHead) -> String {
    let (tree, _) = branches(&frame.tree, frame.current.as_deref());
    format!(
        "<aside class=\"side\"><h2><span class=\"key\" aria-hidden=\"true\">{}</span><a href=\"{}\">{}</a></h2><nav class=\"tree\" aria-label=\"Pages\">{tree}</nav></aside>",
        escape(&space.key.chars().take(4).collect::<String>()),
        escape(&space.href),
        escape(&space.name),
    )
}

/// Draws a level of the tree; says whether the current page is in it, so that it stands open.
fn branches(nodes: &[TreeNode], current: Option<&str>) -> (String, bool) {
    let mut out = String::from("<ul>");
    let mut holds_current = false;
    for node in nodes {
        let is_current = current == Some(node.id.as_str());
        let entry = format!(
            "<a href=\"{}\" title=\"{title}\"{}{}>{title}</a>",
            escape(&node.href),
            if node.folder { " class=\"folder\"" } else { "" },
            if is_current {
                " aria-current=\"page\""
            } else {
                ""
            },
            title = escape(&node.title)
        );
        if node.children.is_empty() {
            out.push_str(&format!("<li>{entry}</li>"));
        } else {
            let (below, inside) = branches(&node.children, current);
            let open = if is_current || inside || node.folder {
                " open"
            } else {
                ""
            };
            out.push_str(&format!(
                "<li><details{open}><summary>{entry}</summary>{below}</details></li>"
            ));
            holds_current |= inside;
        }
        holds_current |= is_current;
    }
    out.push_str("</ul>");
    (out, holds_current)
}

fn file_table(files: &[FileLine]) -> String {
    let rows: String = files
        .iter()
        .map(|file| {
            format!(
                "<tr><td><a href=\"{}\">{}</a></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                escape(&file.href),
                escape(&file.name),
                escape(&file.media_type),
                crate::format::readable_size(file.size),
                file.version,
                escape(&file.comment)
            )
        })
        .collect();
    format!(
        "<div class=\"table-wrap\"><table><thead><tr><th>File</th><th>Type</th><th>Size</th><th>Version</th><th>Comment</th></tr></thead><tbody>{rows}</tbody></table></div>"
    )
}

fn breadcrumbs(crumbs: &[Target]) -> String {
    crumbs
        .iter()
        .map(anchor)
        .collect::<Vec<_>>()
        .join("<span>/</span>")
}

fn anchor(target: &Target) -> String {
    format!(
        "<a href=\"{}\">{}</a>",
        escape(&target.href),
        escape(&target.title)
    )
}

/// A moment in the form a person reads; the exact one is in the attribute.
fn when(timestamp: &str) -> String {
    let shown = timestamp
        .parse::<jiff::Timestamp>()
        .map(|moment| moment.strftime("%-d %b %Y, %H:%M UTC").to_string())
        .unwrap_or_else(|_| timestamp.to_owned());
    format!(
        "<time datetime=\"{}\">{}</time>",
        escape(timestamp),
        escape(&shown)
    )
}

fn escape(text: &str) -> String {
    crate::format::escape(text)
}
