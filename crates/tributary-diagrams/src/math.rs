//! LaTeX formulas, laid out by RaTeX as KaTeX does.

use std::borrow::Cow;
use std::fmt::Write as _;

use ratex_font::{FontId, get_char_metrics};
use ratex_layout::{LayoutOptions, layout, to_display_list, validate_layout};
use ratex_svg::{SvgColorSyntax, SvgOptions, render_to_svg_with_color_syntax};
use ratex_types::DisplayItem;
use ratex_types::color::Color;
use ratex_types::math_style::MathStyle;

use super::Failure;
use super::picture::Drawn;

/// The size of an em in pixels. Text in Confluence has 14 or 16, and KaTeX' letters look small
/// beside a page's.
const EM: f64 = 18.0;
/// Room around a formula in pixels: letters reach a little over their box.
const PADDING: f64 = 2.0;
/// The largest side of a formula in em. Wider than any page, and a rule can be a million.
const LARGEST: f64 = 400.0;
/// RaTeX writes sizes in points; a pixel is three quarters of one.
const POINTS: f64 = 0.75;

pub(crate) fn draw(source: &str, displayed: bool) -> Result<Drawn, Failure> {
    let before = if source.contains(r"\idotsint") {
        INTEGRALS
    } else {
        ""
    };
    let written = format!("{before}{}", as_katex_has_it(source));
    let nodes = ratex_parser::parse(&written).map_err(|error| {
        let failure = Failure::new(&error.message);
        match &error.loc {
            Some(place) => failure.at(source, place.start.saturating_sub(before.len())),
            None => failure,
        }
    })?;
    let style = match displayed {
        true => MathStyle::Display,
        false => MathStyle::Text,
    };
    let options = LayoutOptions::default()
        .with_style(style)
        .with_color(Color::BLACK);
    let laid_out = layout(&nodes, &options);
    validate_layout(&laid_out)
        .map_err(|error| Failure::new(format!("it cannot be laid out: {error}")))?;
    let mut list = to_display_list(&laid_out);
    let sides = [list.width, list.height + list.depth];
    if sides
        .iter()
        .any(|side| !side.is_finite() || *side > LARGEST)
    {
        return Err(Failure::new("it is larger than a page"));
    }
    if list.width <= 0.0 {
        return Err(Failure::new("it shows nothing"));
    }
    let (own, strangers): (Vec<DisplayItem>, Vec<DisplayItem>) =
        list.items.drain(..).partition(is_own);
    list.items = own;
    let options = SvgOptions {
        font_size: EM * POINTS,
        padding: PADDING * POINTS,
        stroke_width: POINTS,
        embed_glyphs: true,
        font_dir: String::new(),
    };
    let mut svg = render_to_svg_with_color_syntax(&list, &options, SvgColorSyntax::Rgb);
    add_letters(&mut svg, &strangers, &options);
    Ok(Drawn {
        svg,
        below: (list.depth.max(0.0) * EM + PADDING) as f32,
        margin: 0.0,
        left_out: Vec::new(),
    })
}

/// What MathJax has and KaTeX has not, and what is longer than its name: it goes before a formula.
const INTEGRALS: &str = r"\def\idotsint{\int\!\cdots\!\int}";

/// Environments of MathJax that KaTeX has no names for, and those that look nearly the same, in as
/// many letters.
const ENVIRONMENTS: [(&str, &str); 8] = [
    (r"\begin{multline}", r"\begin{gathered}"),
    (r"\end{multline}", r"\end{gathered}"),
    (r"\begin{multline*}", r"\begin{gathered} "),
    (r"\end{multline*}", r"\end{gathered} "),
    (r"\begin{eqnarray}", r"\begin{aligned} "),
    (r"\end{eqnarray}", r"\end{aligned} "),
    (r"\begin{eqnarray*}", r"\begin{aligned}  "),
    (r"\end{eqnarray*}", r"\end{aligned}  "),
];

/// A formula for Git hosts' MathJax as KaTeX has it: a command may be defined that is known already,
/// what is asked for of MathJax's extensions is there, and what only other formulas would refer to
/// shows nothing. Places stay where they are.
fn as_katex_has_it(source: &str) -> Cow<'_, str> {
    const DEFINE: &str = r"\newcommand";
    const SILENT: [&str; 3] = [r"\require{", r"\label{", r"\class{"];
    let mut made = Cow::Borrowed(source);
    // First of all, because what comes behind it may take words of the source to another place.
    put_letters(source, &mut made);
    for silent in SILENT {
        for (at, _) in source.match_indices(silent) {
            if let Some(length) = source[at..].find('}') {
                let end = at + length + 1;
                made.to_mut().replace_range(at..end, &" ".repeat(end - at));
            }
        }
    }
    for at in second_columns(source) {
        made.to_mut().replace_range(at..=at, " ");
    }
    for (from, to) in ENVIRONMENTS {
        for (at, _) in source.match_indices(from) {
            made.to_mut().replace_range(at..at + from.len(), to);
        }
    }
    define_operators(source, &mut made);
    for (at, _) in source.match_indices(DEFINE) {
        let rest = &source[at + DEFINE.len()..];
        let inside = rest.strip_prefix('*').unwrap_or(rest).trim_start();
        let (name, behind) = match inside.strip_prefix('{') {
            Some(inside) => match inside.split_once('}') {
                Some((name, behind)) => (name.trim(), behind),
                None => continue,
            },
            None => inside.split_at(command_length(inside)),
        };
        let behind = behind.trim_start();
        let (count, behind) = match behind
            .strip_prefix('[')
            .and_then(|rest| rest.split_once(']'))
        {
            Some((count, behind)) => (count.trim().parse().unwrap_or(usize::MAX), behind),
            None => (0, behind),
        };
        // One with a word of its own for what is not given has no other form.
        let is_plain = behind.trim_start().starts_with('{');
        let end = source.len() - behind.len();
        if !is_plain || name.len() < 2 || name.len() != command_length(name) || count > 9 {
            continue;
        }
        let words: String = (1..=count).map(|number| format!("#{number}")).collect();
        let room = (end - at).checked_sub(r"\def".len() + name.len() + words.len());
        if let Some(room) = room {
            let definition = format!(r"\def{}{name}{words}", " ".repeat(room));
            made.to_mut().replace_range(at..end, &definition);
        }
    }
    made
}

/// Puts the letter in the place of `\unicode` with its number, and what KaTeX has for a capital
/// letter of `\mathbbm`. It has no digits of that form.
fn put_letters(source: &str, made: &mut Cow<'_, str>) {
    for (at, command) in source.match_indices(r"\unicode{") {
        let inside = &source[at + command.len()..];
        let Some((code, _)) = inside.split_once('}') else {
            continue;
        };
        let number = match code.strip_prefix('x') {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => code.parse(),
        };
        let letter = number.ok().and_then(char::from_u32);
        let Some(letter) = letter.filter(|letter| letter.is_alphanumeric()) else {
            continue;
        };
        let end = at + command.len() + code.len() + 1;
        let said = format!("{{{letter}}}");
        if let Some(room) = (end - at).checked_sub(said.len()) {
            let said = said + &" ".repeat(room);
            made.to_mut().replace_range(at..end, &said);
        }
    }
    for (at, command) in source.match_indices(r"\mathbbm{") {
        let inside = at + command.len();
        if let [letter @ b'A'..=b'Z', b'}', ..] = &source.as_bytes()[inside..] {
            let said = format!(r"\mathbb{{{}}} ", char::from(*letter));
            made.to_mut().replace_range(at..inside + 2, &said);
        }
    }
}

/// Defines what `\DeclareMathOperator` does, as a command that writes such a name.
fn define_operators(source: &str, made: &mut Cow<'_, str>) {
    const DECLARE: &str = r"\DeclareMathOperator";
    for (at, _) in source.match_indices(DECLARE) {
        let rest = &source[at + DECLARE.len()..];
        let (star, rest) = match rest.strip_prefix('*') {
            Some(rest) => ("*", rest),
            None => ("", rest),
        };
        let Some((name, behind)) = group(rest.trim_start()) else {
            continue;
        };
        let Some((words, behind)) = group(behind.trim_start()) else {
            continue;
        };
        let name = name.trim();
        if name.len() < 2 || name.len() != command_length(name) {
            continue;
        }
        let end = source.len() - behind.len();
        let said = format!(r"{name}{{\operatorname{star}{{{words}}}}}");
        if let Some(room) = (end - at).checked_sub(r"\def".len() + said.len()) {
            let definition = format!(r"\def{}{said}", " ".repeat(room));
            made.to_mut().replace_range(at..end, &definition);
        }
    }
}

/// What stands between the braces that a text begins with, and what is behind them.
fn group(text: &str) -> Option<(&str, &str)> {
    const LONGEST: usize = 1_000;
    let inside = text.strip_prefix('{')?;
    let mut depth = 0_usize;
    let mut escaped = false;
    for (at, byte) in inside.bytes().enumerate().take(LONGEST) {
        match byte {
            b'{' if !escaped => depth += 1,
            b'}' if !escaped && depth == 0 => return Some((&inside[..at], &inside[at + 1..])),
            b'}' if !escaped => depth -= 1,
            _ => {}
        }
        escaped = byte == b'\\' && !escaped;
    }
    None
}

/// Where the second sign of each row of `eqnarray` is: it has three columns, and what it becomes has
/// two, of which the second begins with the relation.
fn second_columns(source: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut done = 0;
    for (at, _) in source.match_indices(r"\begin{eqnarray") {
        if at < done {
            continue;
        }
        let inside = at + r"\begin".len();
        let end = source[inside..].find(r"\end{eqnarray");
        let Some(end) = end.map(|length| inside + length) else {
            // No later one ends either.
            break;
        };
        done = end;
        let bytes = source.as_bytes();
        let (mut depth, mut columns, mut at) = (0_usize, 0, inside);
        while at < end {
            match bytes[at] {
                b'\\' if source[at..].starts_with(r"\begin{") => depth += 1,
                b'\\' if source[at..].starts_with(r"\end{") => depth = depth.saturating_sub(1),
                b'\\' => {
                    if bytes.get(at + 1) == Some(&b'\\') && depth == 0 {
                        columns = 0;
                    }
                    // What is behind a backslash may be a letter of several bytes.
                    let is_ascii = bytes.get(at + 1).is_some_and(u8::is_ascii);
                    at += usize::from(is_ascii);
                }
                b'&' if depth == 0 => {
                    columns += 1;
                    if columns == 2 {
                        found.push(at);
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }
    found
}

/// The length of the command that a text begins with; 0 when it begins with none.
fn command_length(text: &str) -> usize {
    let Some(name) = text.strip_prefix('\\') else {
        return 0;
    };
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
    if letters == 0 { 0 } else { 1 + letters }
}

/// Whether KaTeX's fonts have what is to be drawn. For letters that they do not have, RaTeX looks for
/// fonts on the machine, so that a picture would be another one on each, and tells standard error.
fn is_own(item: &DisplayItem) -> bool {
    let DisplayItem::GlyphPath {
        font, char_code, ..
    } = item
    else {
        return true;
    };
    FontId::parse(font).is_some_and(|font| get_char_metrics(font, *char_code).is_some())
}

/// Adds letters as text, which is drawn with our fonts as that of diagrams is.
fn add_letters(svg: &mut String, letters: &[DisplayItem], options: &SvgOptions) {
    let mut text = String::new();
    for letter in letters {
        let DisplayItem::GlyphPath {
            x,
            y,
            scale,
            char_code,
            color,
            ..
        } = letter
        else {
            continue;
        };
        let Some(letter) = char::from_u32(*char_code) else {
            continue;
        };
        let em = options.font_size;
        let (x, y) = (x * em + options.padding, y * em + options.padding);
        let size = scale * em;
        let part = |part: f32| (part.clamp(0.0, 1.0) * 255.0).round();
        let (red, green, blue) = (part(color.r), part(color.g), part(color.b));
        let code = u32::from(letter);
        write!(
            text,
            "<text x=\"{x:.3}\" y=\"{y:.3}\" font-size=\"{size:.3}\" \
             fill=\"rgb({red},{green},{blue})\">&#{code};</text>"
        )
        .expect("a string takes whatever is written to it");
    }
    if let Some(end) = svg.rfind("</svg>") {
        svg.insert_str(end, &text);
    }
}
