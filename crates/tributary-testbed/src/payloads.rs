//! Script injections that other people published, and documents of every kind that hold them.
//!
//! Where the lists are from and under which licences is in `payloads/README.md`.

use serde_json::{Value, json};

/// A script injection of a published list.
#[derive(Debug, Clone)]
pub struct Payload {
    /// The list, and the place in it.
    pub name: String,
    /// What somebody would put into a page.
    pub text: String,
}

/// The published files of one list.
macro_rules! files {
    ($($path:literal),* $(,)?) => { [$(($path, include_str!(concat!("../payloads/", $path)))),*] };
}

/// All of the published script injections.
///
/// # Panics
/// When a list is not in the form that it was published in.
pub fn payloads() -> Vec<Payload> {
    let mut all = Vec::new();
    let mut add = |list: &str, number: usize, text: &str| {
        all.push(Payload {
            name: format!("{list} {number}"),
            text: text.to_owned(),
        });
    };
    let purify = include_str!("../payloads/dompurify/expect.js").trim();
    let purify = purify.strip_prefix("module.exports = ").expect("its start");
    let purify = purify.strip_suffix(';').expect("its end");
    let purify: Vec<Value> = serde_json::from_str(purify).expect("a list");
    for (number, entry) in purify.iter().enumerate() {
        add(
            "dompurify",
            number,
            entry["payload"].as_str().expect("text"),
        );
    }
    let naughty = include_str!("../payloads/naughty/blns.txt");
    let (_, naughty) = naughty.split_once("#\tScript Injection").expect("there");
    let (naughty, _) = naughty.split_once("#\tSQL Injection").expect("there");
    let lines = naughty.lines().filter(|line| !line.starts_with('#'));
    for (number, line) in lines.filter(|line| !line.is_empty()).enumerate() {
        add("naughty", number, line);
        let meant = unescaped(line);
        if meant != line {
            add("naughty, read,", number, &meant);
        }
    }
    for (number, (path, text)) in BLEACH.iter().enumerate() {
        let (text, _) = text.split_once("\n--").expect(path);
        add("bleach", number, text);
    }
    for (number, (path, text)) in LXML.iter().enumerate() {
        let (_, text) = text.split_once("\n\n").expect(path);
        let (text, _) = text.split_once("\n----------").expect(path);
        add("lxml", number, text);
    }
    all
}

const BLEACH: [(&str, &str); 20] = files![
    "bleach/1.test",
    "bleach/2.test",
    "bleach/3.test",
    "bleach/4.test",
    "bleach/5.test",
    "bleach/6.test",
    "bleach/7.test",
    "bleach/8.test",
    "bleach/9.test",
    "bleach/10.test",
    "bleach/11.test",
    "bleach/12.test",
    "bleach/13.test",
    "bleach/14.test",
    "bleach/15.test",
    "bleach/16.test",
    "bleach/17.test",
    "bleach/18.test",
    "bleach/19.test",
    "bleach/20.test",
];

const LXML: [(&str, &str); 12] = files![
    "lxml/background-image-plus.data",
    "lxml/background-image-with-unicoded.data",
    "lxml/downlevel-hidden.data",
    "lxml/html-plus-time.data",
    "lxml/javascript-link.data",
    "lxml/style-comment.data",
    "lxml/style-expression.data",
    "lxml/style-import.data",
    "lxml/style-js-tag.data",
    "lxml/style-url-js.data",
    "lxml/xml-data-island.data",
    "lxml/xml-embedded-js.data",
];

/// A line with the bytes that its `\x` stand for.
fn unescaped(line: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("\\x") {
        bytes.extend(before.as_bytes());
        match after.get(..2).map(|digits| u8::from_str_radix(digits, 16)) {
            Some(Ok(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.extend(b"\\x");
                rest = after;
            }
        }
    }
    bytes.extend(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The same payload, made so that somebody can see it succeed: its scripts set `top.ran`, and what
/// it fetches is at `listener`, an address with its scheme.
pub fn aimed(payload: &str, listener: &str) -> String {
    let mut text = payload.to_owned();
    for call in ["alert(", "prompt(", "confirm(", "eval("] {
        text = text.replace(call, "top.ran=(");
    }
    let mut aimed = String::new();
    let mut rest = text.as_str();
    // Whatever host a payload names is replaced, and what follows its name is left.
    while let Some(at) = rest.find("//") {
        let before = &rest[..at];
        let after = &rest[at + 2..];
        let end =
            after.find(|letter: char| !(letter.is_ascii_alphanumeric() || ".-".contains(letter)));
        let (host, behind) = after.split_at(end.unwrap_or(after.len()));
        if host.contains('.') {
            let scheme = ["https:", "http:"]
                .iter()
                .find(|scheme| before.ends_with(**scheme));
            aimed.push_str(scheme.map_or(before, |scheme| &before[..before.len() - scheme.len()]));
            aimed.push_str(if scheme.is_some() {
                listener
            } else {
                &listener["http:".len()..]
            });
        } else {
            aimed.push_str(before);
            aimed.push_str("//");
            aimed.push_str(host);
        }
        rest = behind;
    }
    aimed + rest
}

/// A way for a payload to get into a file.
#[derive(Debug, Clone, Copy)]
pub struct Carrier {
    /// What of the file holds it.
    pub name: &'static str,
    /// The name of such a file.
    pub path: &'static str,
    /// Whether a payload may swallow what follows, so that each is tried in a file of its own too.
    pub is_open: bool,
    /// Whether a picture is drawn of it, which takes longer the more it holds.
    pub is_drawn: bool,
    /// A file that holds these payloads.
    pub hold: fn(&[&str]) -> String,
}

impl Carrier {
    /// What holds markup.
    const fn open(name: &'static str, path: &'static str, hold: fn(&[&str]) -> String) -> Self {
        Self {
            name,
            path,
            is_open: true,
            is_drawn: false,
            hold,
        }
    }

    /// What holds text alone, each with an end that no text can hide.
    const fn closed(name: &'static str, path: &'static str, hold: fn(&[&str]) -> String) -> Self {
        Self {
            is_open: false,
            ..Self::open(name, path, hold)
        }
    }

    /// What holds the words of a picture.
    const fn drawn(name: &'static str, path: &'static str, hold: fn(&[&str]) -> String) -> Self {
        Self {
            is_drawn: true,
            ..Self::closed(name, path, hold)
        }
    }
}

/// Every kind of file that is shown, and every place in it where foreign text gets.
pub const CARRIERS: [Carrier; 28] = [
    Carrier::open("Markdown: block of HTML", "block.md", |all| {
        each(all, |text| format!("{text}\n\n"))
    }),
    Carrier::open("Markdown: HTML in a line", "line.md", |all| {
        each(all, |text| format!("a {} b\n\n", line(text)))
    }),
    Carrier::open(
        "Markdown: heading, list, cell, quote, note",
        "parts.md",
        |all| {
            each(all, |text| {
                let text = line(text);
                let cell = text.replace('|', "\\|");
                format!(
                    "## {text}\n\n- {text}\n\n| a | {cell} |\n|---|---|\n| {cell} | b |\n\n> [!NOTE]\n> {text}\n\nx[^n]\n\n[^n]: {text}\n\n"
                )
            })
        },
    ),
    Carrier::open("Markdown: links and pictures", "links.md", |all| {
        each(all, |text| {
            let (text, address) = (line(text), address(text));
            format!(
                "[a](<{address}>) ![b](<{address}>) [{text}](x.md) ![{text}](x.png) [c](x.md \"{}\") <{address}> [[{text}]]\n\n",
                text.replace('"', "\\\"")
            )
        })
    }),
    Carrier::open(
        "Markdown: HTML around and in attributes",
        "attributes.md",
        |all| {
            each(all, |text| {
                format!(
                    "<div id=\"{0}\" class='{0}'>{0}</div>\n\n<a href=\"{0}\">a</a> <img src='{0}' alt=\"{0}\">\n\n<details><summary>{0}</summary>\n\n{0}\n\n</details>\n\n\
                     <p dir=\"{0}\">An <abbr title=\"{0}\">{0}</abbr></p>\n\n<p dir=\"rtl\">{0}</p>\n\n\
                     <table><tr><th scope=\"{0}\" valign='{0}'>{0}</th><th scope=\"row\" valign=\"top\">{0}</th></tr></table>\n\n",
                    line(text)
                )
            })
        },
    ),
    Carrier::closed("Markdown: front matter", "front.md", |all| {
        format!(
            "---\ntitle: {}\nlabels: {}\nauthor: {}\n---\ntext\n",
            json!(all.join(" ")),
            json!(all),
            json!(all)
        )
    }),
    Carrier::closed("Markdown: code", "code.md", |all| {
        each(all, |text| {
            format!(
                "~~~~html title=\"{}\"\n{text}\n~~~~\n\n`` {0} ``\n\n",
                line(text)
            )
        })
    }),
    Carrier::drawn("Markdown: formula", "formula.md", |all| {
        each(all, |text| {
            format!(
                "$\\text{{{0}}}$ $\\href{{{0}}}{{x}}$\n\n$$\n{0}\n$$\n\n",
                line(text)
            )
        })
    }),
    Carrier::drawn("Markdown: diagrams", "diagrams.md", |all| {
        // What one payload has that PlantUML has not keeps the others beside it from being drawn.
        let alone: String = all
            .iter()
            .map(|text| format!("~~~~plantuml\n{}~~~~\n\n", boxes(text)))
            .collect();
        format!(
            "~~~~mermaid\n{}\n~~~~\n\n~~~~dot\n{}\n~~~~\n\n{alone}",
            mermaid(all),
            dot(all)
        )
    }),
    Carrier::open("AsciiDoc: passthrough", "pass.adoc", |all| {
        each(all, |text| {
            format!(
                "++++\n{text}\n++++\n\na +++{0}+++ pass:[{0}] $${0}$$ b\n\n",
                line(text)
            )
        })
    }),
    Carrier::open(
        "AsciiDoc: text, links, pictures, attributes",
        "text.adoc",
        |all| {
            each(all, |text| {
                format!(
                    ":name: {0}\n\n.{0}\n[role=\"{0}\",quote,{0}]\n____\n{0} {{name}} link:{1}[{0}] image:{1}[{0}] footnote:[{0}]\n____\n\n|===\n|{0}\n|===\n\n",
                    line(text),
                    address(text)
                )
            })
        },
    ),
    Carrier::closed("notebook: outputs of HTML", "html.ipynb", |all| {
        notebook(all, |text| json!([output(&json!({"text/html": [text]}))]))
    }),
    Carrier::closed("notebook: outputs of SVG", "svg.ipynb", |all| {
        notebook(all, |text| {
            json!([output(&json!({"image/svg+xml": [svg(text)]}))])
        })
    }),
    Carrier::closed(
        "notebook: outputs of Markdown, LaTeX, JSON, script",
        "rich.ipynb",
        |all| {
            notebook(all, |text| {
                json!([
                    output(&json!({"text/markdown": [text]})),
                    output(&json!({"text/latex": [text]})),
                    output(&json!({"application/json": {text: text}})),
                    output(&json!({"application/javascript": [text]})),
                    output(&json!({"image/png": text}))
                ])
            })
        },
    ),
    Carrier::closed("notebook: streams and errors", "stream.ipynb", |all| {
        notebook(all, |text| {
            json!([
                {"output_type": "stream", "name": "stdout", "text": [text]},
                {"output_type": "error", "ename": text, "evalue": text, "traceback": [text]}
            ])
        })
    }),
    Carrier::closed(
        "notebook: cells of Markdown, raw cells",
        "cells.ipynb",
        |all| {
            let mut cells = Vec::new();
            for (number, text) in all.iter().enumerate() {
                cells.push(json!({"cell_type": "markdown", "metadata": {}, "source": [text]}));
                cells.push(json!({"cell_type": "raw", "metadata": {"format": "text/html"}, "source": [text]}));
                cells.push(json!({"cell_type": "markdown", "metadata": {}, "source": [format!("Here {number}.")]}));
            }
            book(&cells)
        },
    ),
    Carrier::closed("OpenAPI: descriptions and names", "api.yaml", |all| {
        let mut paths = serde_json::Map::new();
        for (number, text) in all.iter().enumerate() {
            let operation = json!({
                "summary": text, "description": text, "operationId": text, "tags": [text],
                "externalDocs": {"url": text, "description": text},
                "parameters": [{"name": text, "in": "query", "description": text, "schema": {"type": "string", "enum": [text], "default": text}}],
                "responses": {"200": {"description": text, "content": {text.to_owned(): {"example": text}}}}
            });
            paths.insert(format!("/Here {number}./{text}"), json!({"get": operation}));
        }
        json!({"openapi": "3.0.3", "info": {"title": all[0], "version": all[0], "description": all[0], "contact": {"name": all[0], "url": all[0]}}, "servers": [{"url": all[0], "description": all[0]}], "paths": paths}).to_string()
    }),
    Carrier::closed("JSON Schema", "thing.schema.json", |all| {
        let mut properties = serde_json::Map::new();
        for text in all {
            properties.insert((*text).to_owned(), json!({"type": "string", "title": text, "description": text, "default": text, "enum": [text], "examples": [text]}));
        }
        json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "title": all[0], "description": all[0], "type": "object", "properties": properties}).to_string()
    }),
    Carrier::closed("CSV: cells", "cells.csv", |all| {
        let mut text = "name,\"value\"\n".to_owned();
        for (number, cell) in all.iter().enumerate() {
            text += &format!("Here {number}.,\"{}\"\n", cell.replace('"', "\"\""));
        }
        text
    }),
    Carrier::closed("TSV: cells", "cells.tsv", |all| {
        let rows = all
            .iter()
            .enumerate()
            .map(|(number, cell)| format!("Here {number}.\t{}\n", line(cell).replace('\t', " ")));
        format!("name\tvalue\n{}", rows.collect::<String>())
    }),
    Carrier::closed("JSON: names and values", "tree.json", |all| {
        values(all).to_string()
    }),
    Carrier::closed("YAML: names and values", "tree.yaml", |all| {
        // YAML takes fewer signs as they are than JSON does.
        let text = values(all).to_string();
        let taken = |letter: &char| {
            !matches!(
                letter,
                '\u{7f}'..='\u{9f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
            )
        };
        text.chars().filter(taken).collect()
    }),
    Carrier::closed("TOML: names and values", "tree.toml", |all| {
        let rows = all.iter().enumerate().map(|(number, text)| {
            format!(
                "{} = {}\n",
                quoted(&format!("{number} {text}")),
                quoted(text)
            )
        });
        rows.collect()
    }),
    Carrier::drawn("Mermaid: labels and links", "flow.mmd", mermaid),
    Carrier::drawn("Graphviz: labels and links", "graph.dot", dot),
    Carrier::drawn("PlantUML: messages, notes, links", "talk.puml", talk),
    Carrier::drawn("draw.io: labels, styles, links", "plan.drawio", |all| {
        let mut cells = String::new();
        for (number, text) in all.iter().enumerate() {
            let (text, id) = (html(text), number + 2);
            cells += &format!(
                "<UserObject label=\"{text} Here {number}.\" link=\"{text}\" tooltip=\"{text}\" id=\"{id}\"><mxCell style=\"html=1;fillColor={text}\" vertex=\"1\" parent=\"1\"><mxGeometry x=\"10\" y=\"{}\" width=\"240\" height=\"30\" as=\"geometry\"/></mxCell></UserObject>",
                number * 40
            );
        }
        format!(
            "<mxfile><diagram name=\"a\"><mxGraphModel><root><mxCell id=\"0\"/><mxCell id=\"1\" parent=\"0\"/>{cells}</root></mxGraphModel></diagram></mxfile>"
        )
    }),
    Carrier::drawn("Excalidraw: texts and links", "sketch.excalidraw", |all| {
        let elements = all.iter().enumerate().map(|(number, text)| json!({"id": format!("e{number}"), "type": "text", "x": 0, "y": number * 40, "width": 300, "height": 25, "fontSize": 20, "fontFamily": 1, "strokeColor": text, "backgroundColor": text, "link": text, "text": format!("{text} Here {number}.")}));
        json!({"type": "excalidraw", "version": 2, "source": "x", "elements": elements.collect::<Vec<_>>(), "files": {}}).to_string()
    }),
];

/// A picture in SVG with a payload inside.
pub fn svg(payload: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"40\" height=\"30\"><rect width=\"40\" height=\"30\"/>{payload}</svg>"
    )
}

/// A PDF whose pages have payloads as their words, each on a line of its own. Its font has the signs of
/// one byte; the others are left out.
pub fn pdf(pages: &[&[&str]]) -> Vec<u8> {
    let kids = (0..pages.len()).map(|page| format!("{} 0 R", 4 + page * 2));
    let kids = kids.collect::<Vec<_>>().join(" ");
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Count {} /Kids [{kids}] >>", pages.len()).into_bytes(),
        b"<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> >> >>".to_vec(),
    ];
    for (number, texts) in pages.iter().enumerate() {
        // The longest have nine hundred letters, and are to end on the page.
        let height = 40 + texts.len() * 12;
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 6000 {height}] /Resources 3 0 R /Contents {} 0 R >>",
                5 + number * 2
            )
            .into_bytes(),
        );
        let mut drawn = Vec::new();
        for (row, text) in texts.iter().enumerate() {
            drawn.extend(format!("BT /F 8 Tf 20 {} Td (", height - 20 - row * 12).into_bytes());
            for letter in line(text).chars() {
                let Ok(byte) = u8::try_from(letter) else {
                    continue;
                };
                match byte {
                    b'(' | b')' | b'\\' => drawn.extend([b'\\', byte]),
                    b' '..=b'~' | 0xa0.. => drawn.push(byte),
                    _ => {}
                }
            }
            drawn.extend(b") Tj ET\n");
        }
        let mut stream = format!("<< /Length {} >>\nstream\n", drawn.len()).into_bytes();
        stream.append(&mut drawn);
        stream.extend(b"\nendstream");
        objects.push(stream);
    }
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut places = String::new();
    for (number, object) in (1..).zip(&objects) {
        places += &format!("{:010} 00000 n \n", file.len());
        file.extend(format!("{number} 0 obj\n").into_bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let (table, count) = (file.len(), objects.len() + 1);
    file.extend(
        format!(
            "xref\n0 {count}\n0000000000 65535 f \n{places}trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF"
        )
        .into_bytes(),
    );
    file
}

/// Each payload with a mark behind it, by which one sees that it did not swallow what follows.
fn each(all: &[&str], hold: impl Fn(&str) -> String) -> String {
    let parts = all.iter().enumerate();
    let parts = parts.map(|(number, text)| format!("{}Here {number}.\n\n", hold(text)));
    parts.collect()
}

/// What is one line of text.
fn line(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}

/// What can stand between the pointed brackets of an address.
fn address(text: &str) -> String {
    line(text).replace('<', "%3C").replace('>', "%3E")
}

/// What can stand in an attribute of XML.
fn html(text: &str) -> String {
    let text = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;");
    text.chars()
        .filter(|letter| !letter.is_control() || *letter == '\n')
        .collect()
}

/// A string of TOML or of Graphviz's language.
fn quoted(text: &str) -> String {
    json!(
        text.chars()
            .filter(|letter| *letter != '\u{7f}')
            .collect::<String>()
    )
    .to_string()
}

fn values(all: &[&str]) -> Value {
    let parts = all.iter().enumerate();
    let parts = parts.map(
        |(number, text)| json!({*text: [text, {"Here": text}], "Here": format!("Here {number}.")}),
    );
    Value::Array(parts.collect())
}

fn mermaid(all: &[&str]) -> String {
    let mut text = "graph TD\n".to_owned();
    for (number, label) in all.iter().enumerate() {
        let label = line(label).replace('"', "#quot;");
        text += &format!(
            "  n{number}[\"{label} Here {number}.\"]\n  click n{number} href \"{label}\" \"{label}\"\n"
        );
    }
    text
}

fn dot(all: &[&str]) -> String {
    let mut text = "digraph {\n".to_owned();
    for (number, label) in all.iter().enumerate() {
        let label = format!(
            "\"{}\"",
            line(label).replace('\\', "\\\\").replace('"', "\\\"")
        );
        text += &format!(
            "  n{number} [label={label}, URL={label}, tooltip={label}, id={label}, class={label}, target={label}]\n"
        );
    }
    text + "}\n"
}

/// Who says what to whom, with all of it wherever PlantUML takes words.
fn talk(all: &[&str]) -> String {
    let mut text = "@startuml\n".to_owned();
    for (number, label) in all.iter().enumerate() {
        let (label, name) = (line(label), line(label).replace('"', "'"));
        text += &format!(
            "participant \"{name}\" as p{number}\np{number} -> p{number} : {label} [[{label} {{{label}}} {label}]] Here {number}.\n\
             note over p{number} : {label}\n== {label} ==\n"
        );
    }
    text + "@enduml\n"
}

/// The same in boxes, for one payload.
fn boxes(label: &str) -> String {
    let (label, name) = (line(label), line(label).replace('"', "'"));
    format!(
        "title {label}\nrectangle \"{name} [[{name} {name}]]\" as a\nrectangle b [\n{label}\n<b>{label}</b> <color:red>{label}</color>\n]\n\
         a --> b : {label}\nnote right of a : {label}\nlegend\n{label}\nend legend\n"
    )
}

fn output(data: &Value) -> Value {
    json!({"output_type": "display_data", "metadata": {}, "data": data})
}

fn notebook(all: &[&str], outputs: impl Fn(&str) -> Value) -> String {
    let mut cells = Vec::new();
    for (number, text) in all.iter().enumerate() {
        cells.push(json!({"cell_type": "code", "execution_count": number, "metadata": {}, "source": ["x"], "outputs": outputs(text)}));
        cells.push(
            json!({"cell_type": "markdown", "metadata": {}, "source": [format!("Here {number}.")]}),
        );
    }
    book(&cells)
}

fn book(cells: &[Value]) -> String {
    json!({"cells": cells, "metadata": {"title": "x"}, "nbformat": 4, "nbformat_minor": 5})
        .to_string()
}
