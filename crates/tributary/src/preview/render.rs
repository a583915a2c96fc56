//! Writes a preview for a browser, a terminal or a program.

use std::fmt::Write;

use serde_json::{Value, json};

use super::{Highlighted, Preview, Style};

/// Writes highlighted text as an HTML fragment that needs no style sheet.
pub fn to_html(text: &Highlighted) -> String {
    let plain = text
        .palette
        .first()
        .map_or("inherit", |style| style.color.as_str());
    let mut html = format!(
        "<pre style=\"background:{};color:{plain};padding:1em;overflow:auto;tab-size:4\"><code>",
        text.background
    );
    for (number, line) in (text.first_line + 1..).zip(&text.lines) {
        html.push_str(&format!("<span data-line=\"{number}\">"));
        for span in line {
            let style = text
                .palette
                .get(usize::from(span.style))
                .filter(|_| span.style != 0);
            match style {
                Some(style) => {
                    html.push_str(&format!("<span style=\"{}\">", css(style)));
                    html.push_str(&escape(&span.text));
                    html.push_str("</span>");
                }
                None => html.push_str(&escape(&span.text)),
            }
        }
        html.push_str("</span>\n");
    }
    html.push_str("</code></pre>\n");
    for note in &text.notes {
        html.push_str(&format!("<p>{}</p>\n", escape(note)));
    }
    html
}

/// Writes highlighted text for a terminal with 24-bit color. The only escape sequences are ours.
pub fn to_ansi(text: &Highlighted) -> String {
    terminal(text, |span, style| match style {
        Some(style) => format!("{}{span}\u{1b}[0m", sgr(style)),
        None => span.to_owned(),
    })
}

/// Writes the lines for a terminal without color.
pub fn to_text(text: &Highlighted) -> String {
    terminal(text, |span, _| span.to_owned())
}

/// Writes a preview as a JSON document. Lines are counted from 1.
pub fn to_json(preview: &Preview) -> Value {
    match preview {
        Preview::Text(text) => json!({
            "kind": "text",
            "language": text.language,
            "background": text.background,
            "palette": text.palette.iter().map(style_json).collect::<Vec<_>>(),
            "total_lines": text.total_lines,
            "first_line": text.first_line + 1,
            "lines": lines_json(text),
            "notes": text.notes.iter().map(|note| note.as_str()).collect::<Vec<_>>(),
        }),
        Preview::Image {
            media_type,
            width,
            height,
            size,
        } => json!({
            "kind": "image",
            "media_type": media_type,
            "width": width,
            "height": height,
            "size": size,
        }),
        Preview::Pdf { size } => json!({ "kind": "pdf", "size": size }),
        Preview::Binary { size } => json!({ "kind": "binary", "size": size }),
        Preview::TooLarge { size, limit } => {
            json!({ "kind": "too_large", "size": size, "limit": limit })
        }
    }
}

fn terminal(text: &Highlighted, paint: impl Fn(&str, Option<&Style>) -> String) -> String {
    let last = text.first_line as usize + text.lines.len();
    let width = last.to_string().len();
    let mut shown = String::new();
    for (number, line) in (text.first_line + 1..).zip(&text.lines) {
        // Writing to a string cannot fail.
        write!(shown, "{number:>width$}  ").ok();
        for span in line {
            let style = text
                .palette
                .get(usize::from(span.style))
                .filter(|_| span.style != 0);
            shown.push_str(&paint(&span.text, style));
        }
        shown.push('\n');
    }
    for note in &text.notes {
        writeln!(shown, "{note}").ok();
    }
    shown
}

fn css(style: &Style) -> String {
    let mut css = format!("color:{}", style.color);
    if style.bold {
        css.push_str(";font-weight:bold");
    }
    if style.italic {
        css.push_str(";font-style:italic");
    }
    if style.underline {
        css.push_str(";text-decoration:underline");
    }
    css
}

fn sgr(style: &Style) -> String {
    let part = |at: usize| {
        style
            .color
            .get(at..at + 2)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok())
            .unwrap_or(0)
    };
    let mut codes = format!("38;2;{};{};{}", part(1), part(3), part(5));
    if style.bold {
        codes.push_str(";1");
    }
    if style.italic {
        codes.push_str(";3");
    }
    if style.underline {
        codes.push_str(";4");
    }
    format!("\u{1b}[{codes}m")
}

fn style_json(style: &Style) -> Value {
    json!({
        "color": style.color,
        "bold": style.bold,
        "italic": style.italic,
        "underline": style.underline,
    })
}

fn lines_json(text: &Highlighted) -> Vec<Vec<Value>> {
    let line = |line: &Vec<super::Span>| {
        line.iter()
            .map(|span| json!({ "text": span.text, "style": span.style }))
            .collect()
    };
    text.lines.iter().map(line).collect()
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            character => escaped.push(character),
        }
    }
    escaped
}
