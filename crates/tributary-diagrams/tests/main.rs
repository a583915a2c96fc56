//! Draws what people write, and what nobody should.

mod by_hand;
mod dot;
mod formulas;
mod hostile;
mod kept;
mod letters;
mod mermaid;
mod pdf;
mod plantuml;

use std::path::Path;
use std::{env, fs};

use tributary_diagrams::{Kind, Picture, draw, source_of};

/// Draws a source that is fine, and checks what holds for every picture.
fn drawn(kind: Kind, source: &str, name: &str) -> Picture {
    let picture = match draw(kind, source) {
        Ok(picture) => picture,
        Err(failure) => panic!("{name}: {failure} ({:?})\n{source}", failure.line),
    };
    check(&picture, source, name);
    (*picture).clone()
}

/// What holds for every picture, whatever its source says.
fn check(picture: &Picture, source: &str, name: &str) {
    let svg = picture.svg();
    let (_, found) =
        source_of(svg.as_bytes()).unwrap_or_else(|| panic!("{name}: no source in SVG"));
    assert_eq!(found, source, "{name}: the SVG keeps its source");
    let mut reader = quick_xml::Reader::from_str(svg);
    let allowed = [
        "svg",
        "metadata",
        "rect",
        "g",
        "path",
        "defs",
        "clipPath",
        "mask",
        "marker",
        "linearGradient",
        "radialGradient",
        "stop",
        "filter",
        "pattern",
    ];
    let mut shapes = 0;
    loop {
        use quick_xml::events::Event;
        match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                let element = tag.name().as_ref().to_owned();
                assert!(
                    allowed.contains(&element.as_str()) || element.starts_with("fe"),
                    "{name}: <{element}> in the SVG"
                );
                shapes += usize::from(element == "path");
                for attribute in tag.attributes() {
                    let attribute = attribute.unwrap_or_else(|error| panic!("{name}: {error}"));
                    let key = attribute.key.as_ref().to_owned();
                    if element == "svg" && key == "content" {
                        // The source once more, where draw.io looks for it.
                        continue;
                    }
                    let value = attribute.value.into_owned();
                    assert!(
                        !key.starts_with("on") && !key.ends_with("href"),
                        "{name}: {key}={value}"
                    );
                    // Written for what has no attribute of its own.
                    let harmless = value.split(';').all(|rule| {
                        rule.starts_with("mix-blend-mode:") || rule.starts_with("isolation:")
                    });
                    assert!(key != "style" || harmless, "{name}: {key}={value}");
                    let reaches_out = value.contains("url(") && !value.contains("url(#")
                        || value.contains("://") && !key.starts_with("xmlns");
                    assert!(!reaches_out, "{name}: {key}={value}");
                }
            }
            Ok(_) => {}
            Err(error) => panic!("{name}: not well-formed: {error}"),
        }
    }
    assert!(shapes > 0, "{name}: an empty picture");
    let png = match picture.png() {
        Ok(png) => png,
        Err(failure) => panic!("{name}: {failure}"),
    };
    let (_, found) = source_of(&png).unwrap_or_else(|| panic!("{name}: no source in PNG"));
    assert_eq!(found, source, "{name}: the PNG keeps its source");
    let (width, height) = size(&png);
    let area = picture.width() * picture.height();
    if area < 10_000_000.0 {
        assert_eq!(
            (width, height),
            (
                (picture.width() * 2.0).ceil() as u32,
                (picture.height() * 2.0).ceil() as u32
            ),
            "{name}: twice the size"
        );
    }
    keep(name, svg, &png);
}

/// Width and height of a PNG.
fn size(png: &[u8]) -> (u32, u32) {
    let number = |at: usize| u32::from_be_bytes([png[at], png[at + 1], png[at + 2], png[at + 3]]);
    (number(16), number(20))
}

/// Writes the picture to the folder that `TRIBUTARY_PICTURES` names, for looking at.
#[expect(
    clippy::disallowed_methods,
    reason = "pictures to look at are no data of a user that a crash could cut in half"
)]
fn keep(name: &str, svg: &str, png: &[u8]) {
    if let Some(folder) = env::var_os("TRIBUTARY_PICTURES") {
        let folder = Path::new(&folder);
        fs::create_dir_all(folder).expect("the folder can be made");
        fs::write(folder.join(format!("{name}.svg")), svg).expect("it can be written");
        fs::write(folder.join(format!("{name}.png")), png).expect("it can be written");
    }
}
