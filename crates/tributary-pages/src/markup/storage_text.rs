//! What a reader sees of a stored page, as lines of text.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::document::DECISION;
use super::emoticons::Emoticon;
use super::vocabulary::DECISION_ITEM;

/// The visible text of a body in storage format: one block a line, headings behind `#`, list
/// entries behind `-`, rows of tables between `|`, code as it is. Foreign and even ill-formed
/// bodies are read as far as they go.
pub fn storage_text(storage: &str) -> String {
    let mut reader = Reader::from_str(storage);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    let mut text = Text::default();
    // Of each element around, whether it holds elements alone.
    let mut around = Vec::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                text.start(&start);
                around.push(holds_elements(start.name().as_ref()));
            }
            Ok(Event::Empty(start)) => {
                text.start(&start);
                text.end(start.name().as_ref());
            }
            Ok(Event::End(end)) => {
                around.pop();
                text.end(end.name().as_ref());
            }
            // Between the parts of a link there is nothing to see.
            Ok(Event::Text(part)) if around.last() == Some(&true) && part.trim().is_empty() => {}
            Ok(Event::Text(part)) => text.words(&part),
            Ok(Event::CData(part)) => text.verbatim(&part),
            Ok(Event::GeneralRef(entity)) => {
                let name = entity.to_string();
                let written = format!("&{name};");
                text.words(&html_escape::decode_html_entities(&written));
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(_) => {
                let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
                text.words(storage.get(at..).unwrap_or_default());
                break;
            }
        }
    }
    text.finish()
}

/// Whether white space right in an element is only how its body was laid out.
fn holds_elements(name: &str) -> bool {
    matches!(
        name,
        "ac:link" | "ac:image" | "ac:structured-macro" | "ac:macro"
    )
}

#[derive(Default)]
struct Text {
    lines: Vec<String>,
    line: String,
    /// Signs that wait for the first word of a line.
    prefix: String,
    /// Depth of lists.
    lists: Vec<(bool, u64)>,
    rows: usize,
    /// Names of the macros around, and whether the parameter at hand is shown.
    macros: Vec<String>,
    /// The text of the code macro at hand; `]]>` in it splits it into several sections.
    code: String,
    parameter: Option<String>,
    /// Whether a node of Cloud's editor was read whose other form may follow, and whether it does.
    is_read: bool,
    is_fallback: bool,
    /// What the link at hand leads to, which it shows when it has no words.
    link: Option<String>,
}

fn attribute(start: &BytesStart<'_>, wanted: &str) -> Option<String> {
    let mut attributes = start.attributes();
    let mut found = attributes.with_checks(false).flatten();
    let value = found.find(|attribute| attribute.key.as_ref() == wanted)?;
    Some(html_escape::decode_html_entities(&value.value).into_owned())
}

impl Text {
    fn start(&mut self, start: &BytesStart<'_>) {
        let name = start.name();
        if self.is_fallback {
            return;
        }
        match name.as_ref() {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.end_line();
                let level = usize::from(name.as_ref().as_bytes()[1] - b'0');
                self.prefix = format!("{} ", "#".repeat(level));
            }
            "p" | "div" | "blockquote" | "table" | "dl" | "dt" | "dd" | "ac:task-list"
                if self.rows == 0 =>
            {
                self.end_line();
            }
            "p" | "div" if !self.line.is_empty() && !self.line.ends_with("| ") => {
                self.line.push(' ');
            }
            "ul" => {
                self.end_line();
                self.lists.push((false, 0));
            }
            "ol" => {
                self.end_line();
                let first = attribute(start, "start").and_then(|first| first.parse().ok());
                self.lists.push((true, first.unwrap_or(1)));
            }
            "li" => {
                self.end_line();
                let depth = self.lists.len().saturating_sub(1);
                let sign = match self.lists.last_mut() {
                    Some((true, number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "- ".to_owned(),
                };
                self.prefix = format!("{}{sign}", "  ".repeat(depth));
            }
            "tr" => {
                self.end_line();
                self.rows += 1;
                self.line.push_str("| ");
            }
            "br" => {
                if self.rows == 0 {
                    self.end_line();
                } else {
                    self.line.push(' ');
                }
            }
            "hr" => {
                self.end_line();
                self.lines.push("---".to_owned());
            }
            "ac:structured-macro" | "ac:macro" => {
                let name = attribute(start, "ac:name").unwrap_or_default();
                if !matches!(name.as_str(), "anchor" | "code" | "status" | "jira") {
                    self.end_line();
                    self.lines.push(format!("[{name}]"));
                }
                if name == "code" {
                    self.end_line();
                }
                self.macros.push(name);
            }
            "ac:parameter" => self.parameter = attribute(start, "ac:name"),
            "ac:adf-attribute" => self.parameter = Some("hidden".to_owned()),
            "ac:adf-node" if attribute(start, "type").as_deref() == Some(DECISION_ITEM) => {
                self.end_line();
                self.prefix = format!("- {DECISION}");
            }
            "ac:adf-extension" => self.is_read = false,
            "ac:adf-content" => self.is_read = true,
            "ac:adf-fallback" => {
                self.end_line();
                self.is_fallback = self.is_read;
            }
            "ac:task-status" => self.parameter = Some("task".to_owned()),
            "ac:task-id" | "ac:task-uuid" => self.parameter = Some("hidden".to_owned()),
            "ac:task-body" => {
                let sign = match self.prefix.contains('x') {
                    true => "[x] ",
                    false => "[ ] ",
                };
                if self.rows == 0 {
                    self.prefix = format!("- {sign}");
                } else {
                    // A row is one line, whatever its cells hold.
                    self.prefix.clear();
                    if !self.line.ends_with(' ') {
                        self.line.push(' ');
                    }
                    self.line.push_str(sign);
                }
            }
            "ac:image" => {
                let alt = attribute(start, "ac:alt").unwrap_or_default();
                self.words(&format!("![{alt}]"));
            }
            "time" => self.words(&attribute(start, "datetime").unwrap_or_default()),
            "ac:link" => self.link = Some(attribute(start, "ac:anchor").unwrap_or_default()),
            "ac:link-body" | "ac:plain-text-link-body" => self.link = None,
            "ri:page" | "ri:blog-post" => {
                self.links_to(attribute(start, "ri:content-title").unwrap_or_default());
            }
            "ri:user" => {
                let keys = ["ri:username", "ri:account-id", "ri:userkey"];
                let id = keys.into_iter().find_map(|key| attribute(start, key));
                self.links_to(id.map_or_else(String::new, |id| format!("@{id}")));
            }
            "ri:attachment" => {
                let file = attribute(start, "ri:filename").unwrap_or_default();
                self.words(&format!("({file})"));
            }
            "ri:url" => {
                let url = attribute(start, "ri:value").unwrap_or_default();
                self.words(&format!("({url})"));
            }
            "ac:emoticon" => {
                let name = attribute(start, "ac:name").unwrap_or_default();
                let short = attribute(start, "ac:emoji-shortname");
                let id = attribute(start, "ac:emoji-id");
                let shown = attribute(start, "ac:emoji-fallback");
                // A picture of Atlassian's own has its short name in the place of a sign.
                let sign = shown.filter(|shown| Some(shown) != short.as_ref());
                let sign = sign.or_else(|| {
                    let known = Emoticon::of(&name, short.as_deref(), id.as_deref())?;
                    Some(known.sign.to_owned())
                });
                self.words(&sign.or(short).unwrap_or(name));
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if self.is_fallback && !matches!(name, "ac:adf-fallback" | "ac:adf-extension") {
            return;
        }
        match name {
            "ac:adf-fallback" | "ac:adf-extension" => self.is_fallback = false,
            // Signs of what has no words are those of no line behind it.
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "li" => {
                self.end_line();
                self.prefix.clear();
            }
            "ac:task-body" if self.rows == 0 => {
                self.end_line();
                self.prefix.clear();
            }
            "dt" | "dd" => self.end_line(),
            "p" | "div" | "blockquote" if self.rows == 0 => self.end_line(),
            "ul" | "ol" => {
                self.end_line();
                self.lists.pop();
            }
            "td" | "th" => {
                let trimmed = self.line.trim_end().len();
                self.line.truncate(trimmed);
                self.line.push_str(" | ");
            }
            "tr" => {
                self.end_line();
                self.rows = self.rows.saturating_sub(1);
            }
            "ac:structured-macro" | "ac:macro" => {
                self.macros.pop();
            }
            "ac:link" => {
                let shown = self.link.take().unwrap_or_default();
                let is_included = matches!(
                    self.macros.last().map(String::as_str),
                    Some("include" | "excerpt-include")
                );
                match self.parameter {
                    // The page that a macro shows here.
                    Some(_) if is_included && !shown.is_empty() => self.lines.push(shown),
                    _ => self.words(&shown),
                }
            }
            "ac:plain-text-body" => {
                let code = std::mem::take(&mut self.code);
                if !code.is_empty() {
                    self.lines
                        .extend(code.split('\n').map(|line| format!("    {line}")));
                }
            }
            "ac:parameter" | "ac:task-status" | "ac:task-id" | "ac:task-uuid"
            | "ac:adf-attribute" => {
                self.parameter = None;
            }
            "ac:adf-node" => {
                self.end_line();
                self.prefix.clear();
            }
            _ => {}
        }
    }

    /// Notes what the link at hand leads to.
    fn links_to(&mut self, what: String) {
        if let Some(link) = &mut self.link {
            *link = what;
        }
    }

    fn words(&mut self, text: &str) {
        if self.is_fallback {
            return;
        }
        match self.parameter.as_deref() {
            None => {}
            Some("task") => {
                self.prefix = if text.trim() == "complete" {
                    "x".to_owned()
                } else {
                    String::new()
                };
                return;
            }
            Some("title") => {
                let title = text.trim();
                let in_line = self.macros.last().is_some_and(|name| name == "status");
                if in_line {
                    self.line.push_str(&format!("[{title}]"));
                } else if !title.is_empty() {
                    self.lines.push(format!("[{title}]"));
                }
                return;
            }
            Some("key") if self.macros.last().is_some_and(|name| name == "jira") => {}
            Some(_) => return,
        }
        for letter in text.chars() {
            if letter.is_whitespace() && letter != '\u{a0}' {
                if !self.line.is_empty() && !self.line.ends_with(' ') {
                    self.line.push(' ');
                }
            } else {
                self.line.push(letter);
            }
        }
    }

    fn verbatim(&mut self, text: &str) {
        if self.is_fallback {
            return;
        }
        if self
            .macros
            .last()
            .is_some_and(|name| name == "code" || name == "noformat")
        {
            self.code.push_str(text);
        } else {
            self.words(text);
        }
    }

    fn end_line(&mut self) {
        let line = self.line.trim_end();
        if !line.is_empty() {
            self.lines.push(format!("{}{line}", self.prefix));
            self.prefix.clear();
        }
        self.line.clear();
    }

    fn finish(mut self) -> String {
        self.end_line();
        let mut text = self.lines.join("\n");
        if !text.is_empty() {
            text.push('\n');
        }
        text
    }
}
