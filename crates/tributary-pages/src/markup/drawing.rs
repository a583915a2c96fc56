//! Diagrams and formulas: sources that a page shows as pictures.
//!
//! Nothing is drawn here. A document holds the sources, [`super::Resolve::drawing`] says what each
//! becomes, and a picture's name and description say which source it shows, so that reading the
//! page gives the source back.

use std::fmt::Write;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::Sentence;

/// What a source is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DrawingKind {
    /// Mermaid.
    Mermaid,
    /// Graphviz' language DOT.
    Graphviz,
    /// PlantUML.
    PlantUml,
    /// LaTeX in a line of text.
    Formula,
    /// LaTeX on lines of its own.
    Equation,
    /// A file of draw.io.
    DrawIo,
    /// A file of Excalidraw.
    Excalidraw,
    /// One of [`DrawingKind::OTHERS`].
    Other(&'static str),
}

impl DrawingKind {
    /// The other languages that a Kroki server draws, by the words that it has for them.
    pub const OTHERS: [&str; 23] = [
        "actdiag",
        "blockdiag",
        "bpmn",
        "bytefield",
        "c4plantuml",
        "d2",
        "dbml",
        "ditaa",
        "erd",
        "nomnoml",
        "nwdiag",
        "packetdiag",
        "pikchr",
        "rackdiag",
        "seqdiag",
        "structurizr",
        "svgbob",
        "symbolator",
        "tikz",
        "vega",
        "vegalite",
        "wavedrom",
        "wireviz",
    ];
    const NAMED: [Self; 7] = [
        Self::Mermaid,
        Self::Graphviz,
        Self::PlantUml,
        Self::Formula,
        Self::Equation,
        Self::DrawIo,
        Self::Excalidraw,
    ];

    /// The kind of a fenced block, by the language after its fence.
    pub fn of_language(language: &str) -> Option<Self> {
        match language.to_ascii_lowercase().as_str() {
            "mermaid" => Some(Self::Mermaid),
            "dot" | "graphviz" | "gv" => Some(Self::Graphviz),
            "plantuml" | "puml" => Some(Self::PlantUml),
            "math" => Some(Self::Equation),
            "drawio" => Some(Self::DrawIo),
            "excalidraw" => Some(Self::Excalidraw),
            "vega-lite" => Some(Self::Other("vegalite")),
            other => Self::other(other),
        }
    }

    /// The kind of a file that holds nothing but a diagram, by its name. Files of the other languages end
    /// as these are called.
    pub fn of_path(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        let (stem, ending) = name.rsplit_once('.')?;
        match ending {
            "mmd" | "mermaid" => Some(Self::Mermaid),
            "dot" | "gv" => Some(Self::Graphviz),
            "puml" | "plantuml" | "pu" | "iuml" | "wsd" => Some(Self::PlantUml),
            "drawio" | "dio" => Some(Self::DrawIo),
            "xml" if stem.ends_with(".drawio") => Some(Self::DrawIo),
            "excalidraw" => Some(Self::Excalidraw),
            "json" if stem.ends_with(".excalidraw") => Some(Self::Excalidraw),
            other => Self::other(other),
        }
    }

    fn other(word: &str) -> Option<Self> {
        let known = Self::OTHERS.into_iter().find(|known| *known == word);
        known.map(Self::Other)
    }

    /// The kind that [`DrawingKind::word`] gives this word for.
    fn of_word(word: &str) -> Option<Self> {
        let mut named = Self::NAMED.into_iter();
        named
            .find(|kind| kind.word() == word)
            .or_else(|| Self::other(word))
    }

    /// The language of a fenced block of this kind.
    pub fn language(self) -> &'static str {
        match self {
            Self::Mermaid => "mermaid",
            Self::Graphviz => "dot",
            Self::PlantUml => "plantuml",
            Self::Formula | Self::Equation => "math",
            Self::DrawIo => "drawio",
            Self::Excalidraw => "excalidraw",
            Self::Other(word) => word,
        }
    }

    /// The word for it in the names of pictures.
    pub fn word(self) -> &'static str {
        match self {
            Self::Mermaid => "mermaid",
            Self::Graphviz => "graphviz",
            Self::PlantUml => "plantuml",
            Self::Formula => "formula",
            Self::Equation => "equation",
            Self::DrawIo => "drawio",
            Self::Excalidraw => "excalidraw",
            Self::Other(word) => word,
        }
    }

    /// What people call it.
    pub fn noun(self) -> Sentence {
        match self {
            Self::Mermaid => sentence!("Mermaid diagram"),
            Self::Graphviz => sentence!("Graphviz diagram"),
            Self::PlantUml => sentence!("PlantUML diagram"),
            Self::Formula | Self::Equation => sentence!("formula"),
            Self::DrawIo => sentence!("draw.io diagram"),
            Self::Excalidraw => sentence!("Excalidraw drawing"),
            Self::Other(_) => sentence!("diagram"),
        }
    }
}

/// What becomes of a source on a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Drawing {
    /// Its source is shown: a diagram's as code, a formula's between dollar signs.
    Source,
    /// A macro of the site gets the source as its body, and draws it.
    Macro {
        /// The macro's name in storage format.
        name: String,
    },
    /// A picture that is attached to the page.
    Picture(DrawingPicture),
    /// It cannot be drawn. Its source is shown, and why is reported.
    Failed {
        /// What is wrong.
        message: String,
        /// The line of the source, counted from 1, when it is known.
        line: Option<u32>,
        /// The column, counted from 1, when it is known.
        column: Option<u32>,
    },
}

/// A picture of a source.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawingPicture {
    /// Its name on the page; see [`drawing_name`].
    pub filename: String,
    /// Its width as shown, in pixels.
    pub width: u32,
    /// Its height as shown, in pixels.
    pub height: u32,
    /// How many of its pixels are below the line of text that a formula stands in.
    pub below: u32,
    /// Lower-case hexadecimal SHA-256 of all that the picture depends on.
    pub sha256: String,
    /// Its media type.
    pub media_type: String,
    /// An address that shows it without a page, for previews.
    pub address: Arc<str>,
    /// Shapes in the source that are not known, and are boxes with their labels in the picture; of
    /// diagrams in text also what they say of looks that it has not.
    pub left_out: Vec<String>,
}

/// The name of the picture of a source, without its ending. It depends on nothing else, so that the
/// same source has the same picture everywhere, and the picture of another version of it another.
pub fn drawing_name(kind: DrawingKind, source: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(kind.word());
    hash.update([0]);
    hash.update(comparable(kind, source));
    let mut name = format!("{}-", kind.word());
    for byte in &hash.finalize()[..8] {
        // Writing to a string cannot fail.
        write!(name, "{byte:02x}").unwrap_or_default();
    }
    name
}

/// The kind and source of a picture, when its name belongs to its description.
pub(super) fn drawing_of_picture(filename: &str, alt: &str) -> Option<(DrawingKind, String)> {
    let (stem, ending) = filename.rsplit_once('.')?;
    let (word, _) = stem.split_once('-')?;
    let kind = DrawingKind::of_word(word)?;
    let is_ours = matches!(ending, "png" | "svg") && drawing_name(kind, alt) == stem;
    is_ours.then(|| (kind, alt.to_owned()))
}

/// A formula as text, between its signs.
pub(super) fn formula_text(source: &str, displayed: bool) -> String {
    let signs = if displayed { "$$" } else { "$" };
    format!("{signs}{source}{signs}")
}

/// The kind of a formula in a text.
pub(super) fn kind_of_math(displayed: bool) -> DrawingKind {
    match displayed {
        true => DrawingKind::Equation,
        false => DrawingKind::Formula,
    }
}

/// A source as it is compared. White space means little in formulas, and Confluence is not held to
/// keep line breaks in a picture's description; after a comment's sign they mean something.
fn comparable(kind: DrawingKind, source: &str) -> String {
    let is_math = matches!(kind, DrawingKind::Formula | DrawingKind::Equation);
    let source = source.trim_end();
    if is_math && !source.contains('%') {
        return source.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    source.to_owned()
}

#[cfg(test)]
mod tests {
    use super::{DrawingKind, drawing_name, drawing_of_picture};

    #[test]
    fn a_picture_is_known_by_its_name_and_description_together() {
        let source = "flowchart TD\n  a --> b\n";
        let name = drawing_name(DrawingKind::Mermaid, source);
        assert!(name.starts_with("mermaid-") && name.len() == "mermaid-".len() + 16);
        let found = |filename: &str, alt: &str| drawing_of_picture(filename, alt);
        let png = format!("{name}.png");
        let ours = Some((DrawingKind::Mermaid, source.to_owned()));
        assert_eq!(found(&png, source), ours);
        assert_eq!(found(&format!("{name}.svg"), source), ours);
        for (filename, alt) in [
            (png.as_str(), "flowchart TD a --> b"),
            (png.as_str(), ""),
            ("mermaid-0123456789abcdef.png", source),
            ("mermaid.png", source),
            (&format!("{name}.gif"), source),
        ] {
            assert_eq!(found(filename, alt), None, "{filename} {alt}");
        }
    }

    #[test]
    fn a_file_is_a_diagram_by_what_its_name_ends_in() {
        for (path, kind) in [
            ("docs/Talk.PU", Some(DrawingKind::PlantUml)),
            ("parts.iuml", Some(DrawingKind::PlantUml)),
            ("process.bpmn", Some(DrawingKind::Other("bpmn"))),
            ("docs/flow.d2", Some(DrawingKind::Other("d2"))),
            ("schema.dbml", Some(DrawingKind::Other("dbml"))),
            ("bpmn", None),
            ("notes.d2.md", None),
            ("a.yml", None),
            ("a.json", None),
        ] {
            assert_eq!(DrawingKind::of_path(path), kind, "{path}");
        }
        for language in DrawingKind::OTHERS {
            let kind = DrawingKind::of_path(&format!("a.{language}"));
            assert_eq!(kind, Some(DrawingKind::Other(language)));
        }
    }

    #[test]
    fn formulas_are_the_same_whatever_white_space_they_have_unless_it_ends_a_comment() {
        let name = |source: &str| drawing_name(DrawingKind::Equation, source);
        assert_eq!(name("a +\n  b\n"), name("a + b"));
        assert_ne!(name("a % x\n b"), name("a % x b"));
        assert_ne!(name("a"), drawing_name(DrawingKind::Formula, "a"));
    }
}
