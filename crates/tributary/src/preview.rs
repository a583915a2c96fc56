//! What a file looks like: lines with syntax highlighting, or what kind of picture it is.
//!
//! Pure functions over bytes; files are read in [`crate::repository`], pages are rendered in
//! `tributary_pages`. What comes out can be shown as it is: signs that would steer a terminal or
//! turn the direction of text are made visible.

mod language;
mod picture;
mod render;

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

use syntect::highlighting::{
    FontStyle, HighlightIterator, HighlightState, Highlighter, Style as Shade, Theme,
};
use syntect::parsing::{ParseState, ScopeStack, SyntaxReference, SyntaxSet};
use two_face::theme::{EmbeddedLazyThemeSet, EmbeddedThemeName};

pub use picture::{Picture, picture};
pub use render::{to_ansi, to_html, to_json, to_text};

/// Files larger than this are not shown.
pub const LARGEST_TEXT: u64 = 10 * 1024 * 1024;
/// Longer lines are shown without colors: no person wrote them, and patterns take long on them.
const LONGEST_COLORED: usize = 4096;
/// Of longer lines only the beginning is shown.
const LONGEST_SHOWN: usize = 20_000;
/// Lines above the first one asked for that are read to know what it stands in.
const RUN_UP: usize = 200;

/// Which colors to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HighlightTheme {
    /// Dark text on a light background.
    Light,
    /// Light text on a dark background.
    Dark,
}

/// What a file looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Preview {
    /// Text.
    Text(Highlighted),
    /// A picture.
    Image {
        /// Its media type, as its contents say.
        media_type: &'static str,
        /// Its width in pixels, when it is known.
        width: Option<u32>,
        /// Its height in pixels, when it is known.
        height: Option<u32>,
        /// Its size in bytes.
        size: u64,
    },
    /// Neither text nor a picture.
    Binary {
        /// Its size in bytes.
        size: u64,
    },
    /// Text that is too large to show.
    TooLarge {
        /// Its size in bytes.
        size: u64,
        /// The size that is shown at most.
        limit: u64,
    },
}

/// Lines of text with their colors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Highlighted {
    /// The language's name.
    pub language: String,
    /// The styles that spans refer to by number. The first is that of plain text.
    pub palette: Vec<Style>,
    /// The background, as `#rrggbb`.
    pub background: String,
    /// The lines that were asked for, as far as there are any.
    pub lines: Vec<Vec<Span>>,
    /// How many lines the file has.
    pub total_lines: u32,
    /// The number of the first line in `lines`, counted from 0.
    pub first_line: u32,
    /// What is not shown as it is in the file, as sentences.
    pub notes: Vec<String>,
}

/// How a span looks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Style {
    /// The color, as `#rrggbb`.
    pub color: String,
    /// Whether it is bold.
    pub bold: bool,
    /// Whether it is italic.
    pub italic: bool,
    /// Whether it is underlined.
    pub underline: bool,
}

/// A part of a line in one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The text, free of control characters other than tabs.
    pub text: String,
    /// The number of its style in the palette.
    pub style: u16,
}

/// Shows the lines of a file whose numbers, counted from 0, are in the range.
///
/// The path only serves to tell the language. Highlighting begins up to 200 lines above the range;
/// what opened further up, such as a very long comment, is not recognized.
pub fn highlight(path: &str, bytes: &[u8], theme: HighlightTheme, lines: Range<u32>) -> Preview {
    let size = bytes.len() as u64;
    if let Some(Picture {
        media_type,
        dimensions,
    }) = picture(bytes)
    {
        let (width, height) = dimensions.unzip();
        return Preview::Image {
            media_type,
            width,
            height,
            size,
        };
    }
    let Some(text) = decode(bytes) else {
        return Preview::Binary { size };
    };
    if size > LARGEST_TEXT {
        return Preview::TooLarge {
            size,
            limit: LARGEST_TEXT,
        };
    }
    Preview::Text(highlight_text(path, &text, theme, lines))
}

/// How many languages are known.
pub fn languages() -> usize {
    syntaxes()
        .syntaxes()
        .iter()
        .filter(|syntax| !syntax.hidden)
        .count()
}

fn syntaxes() -> &'static SyntaxSet {
    static SYNTAXES: OnceLock<SyntaxSet> = OnceLock::new();
    SYNTAXES.get_or_init(two_face::syntax::extra_newlines)
}

fn colors(theme: HighlightTheme) -> &'static Theme {
    static THEMES: OnceLock<EmbeddedLazyThemeSet> = OnceLock::new();
    // Of the themes in the set only Coldark has a contrast of 4.5 and more everywhere in both.
    THEMES.get_or_init(two_face::theme::extra).get(match theme {
        HighlightTheme::Light => EmbeddedThemeName::ColdarkCold,
        HighlightTheme::Dark => EmbeddedThemeName::ColdarkDark,
    })
}

/// Text in UTF-8, or in UTF-16 with a byte order mark; none for what is no text.
fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes
            .chunks_exact(2)
            .map(|pair| unit([pair[0], pair[1]]))
            .collect();
        Some(Cow::Owned(String::from_utf16_lossy(&units)))
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => return wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => return wide(rest, u16::from_be_bytes),
        _ => {}
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let head = &bytes[..bytes.len().min(8000)];
    if head.contains(&0) {
        None
    } else {
        Some(String::from_utf8_lossy(bytes))
    }
}

fn highlight_text(path: &str, text: &str, theme: HighlightTheme, asked: Range<u32>) -> Highlighted {
    let theme = colors(theme);
    let syntax = language::of(syntaxes(), path, text);
    let total = text.lines().count();
    let first = (asked.start as usize).min(total);
    let end = (asked.end as usize).clamp(first, total);
    let mut palette = Palette::new(theme);
    let mut notes = Vec::new();
    if text.contains(char::REPLACEMENT_CHARACTER) {
        notes.push("Bytes that are not valid UTF-8 are shown as \u{fffd}".to_owned());
    }
    let mut lines = Vec::with_capacity(end - first);
    let mut painter = Painter::new(syntax, theme);
    let begin = first.saturating_sub(RUN_UP);
    for (number, line) in text.lines().enumerate().take(end).skip(begin) {
        let spans = painter.paint(line);
        if number < first {
            continue;
        }
        let shown = line.char_indices().nth(LONGEST_SHOWN);
        let Some((cut, _)) = shown else {
            lines.push(palette.spans(spans));
            continue;
        };
        let rest = line[cut..].chars().count();
        notes.push(format!(
            "Line {} goes on for {rest} more characters",
            number + 1
        ));
        let mut spans = palette.spans(vec![(painter.plain, &line[..cut])]);
        spans.push(Span {
            text: format!("… {rest} more characters"),
            style: 0,
        });
        lines.push(spans);
    }
    Highlighted {
        language: syntax.name.clone(),
        palette: palette.styles,
        background: hex(theme
            .settings
            .background
            .map_or((255, 255, 255), |c| (c.r, c.g, c.b))),
        lines,
        total_lines: u32::try_from(total).unwrap_or(u32::MAX),
        first_line: u32::try_from(first).unwrap_or(u32::MAX),
        notes,
    }
}

/// Highlights one line after the other.
struct Painter<'a> {
    highlighter: Highlighter<'a>,
    parsing: ParseState,
    state: HighlightState,
    plain: Shade,
}

impl<'a> Painter<'a> {
    fn new(syntax: &SyntaxReference, theme: &'a Theme) -> Self {
        let highlighter = Highlighter::new(theme);
        let state = HighlightState::new(&highlighter, ScopeStack::new());
        let plain = highlighter.get_default();
        Self {
            highlighter,
            parsing: ParseState::new(syntax),
            state,
            plain,
        }
    }

    fn paint<'t>(&mut self, line: &'t str) -> Vec<(Shade, &'t str)> {
        if line.len() > LONGEST_COLORED {
            return vec![(self.plain, line)];
        }
        // The syntaxes expect each line with its end.
        let with_end = format!("{line}\n");
        let Ok(changes) = self.parsing.parse_line(&with_end, syntaxes()) else {
            return vec![(self.plain, line)];
        };
        let mut spans = Vec::new();
        let mut at = 0;
        for (shade, part) in
            HighlightIterator::new(&mut self.state, &changes, &with_end, &self.highlighter)
        {
            let end = (at + part.len()).min(line.len());
            if let Some(part) = line.get(at..end)
                && !part.is_empty()
            {
                spans.push((shade, part));
            }
            at = end;
        }
        spans
    }
}

/// Gives each look a number.
struct Palette {
    styles: Vec<Style>,
    numbers: HashMap<Style, u16>,
}

impl Palette {
    fn new(theme: &Theme) -> Self {
        let mut palette = Self {
            styles: Vec::new(),
            numbers: HashMap::new(),
        };
        palette.number(Highlighter::new(theme).get_default());
        palette
    }

    fn number(&mut self, shade: Shade) -> u16 {
        let color = shade.foreground;
        let style = Style {
            color: hex((color.r, color.g, color.b)),
            bold: shade.font_style.contains(FontStyle::BOLD),
            italic: shade.font_style.contains(FontStyle::ITALIC),
            underline: shade.font_style.contains(FontStyle::UNDERLINE),
        };
        if let Some(number) = self.numbers.get(&style) {
            return *number;
        }
        // A theme has some dozens of looks; plain text stands in should one ever have more.
        let Ok(number) = u16::try_from(self.styles.len()) else {
            return 0;
        };
        self.styles.push(style.clone());
        self.numbers.insert(style, number);
        number
    }

    /// Neighbors that look the same become one span.
    fn spans(&mut self, parts: Vec<(Shade, &str)>) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::with_capacity(parts.len());
        for (shade, text) in parts {
            let style = self.number(shade);
            let text = visible(text);
            match spans.last_mut() {
                Some(last) if last.style == style => last.text.push_str(&text),
                _ => spans.push(Span {
                    text: text.into_owned(),
                    style,
                }),
            }
        }
        spans
    }
}

fn hex((red, green, blue): (u8, u8, u8)) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Makes signs visible that would steer a terminal, hide, or turn the direction of the text.
fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_treacherous) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        let code = u32::from(character);
        match character {
            // The pictures of the control characters stand in their order.
            '\0'..='\u{1f}' if character != '\t' => {
                shown.push(char::from_u32(0x2400 + code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            '\u{7f}' => shown.push('\u{2421}'),
            character if is_treacherous(character) => shown.push_str(&format!("⟨U+{code:04X}⟩")),
            character => shown.push(character),
        }
    }
    Cow::Owned(shown)
}

fn is_treacherous(character: char) -> bool {
    matches!(
        character,
        '\0'..='\u{8}' | '\n'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}
