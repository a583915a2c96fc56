//! Lines of Markdown: text between and inside marks, escaped where it would be taken for marks.
//!
//! Where Markdown's marks could be misread (emphasis inside a word, next to another, around spaces)
//! the HTML that means the same is written instead.

use std::borrow::Cow;

use super::content::plain_text;
use super::document::{Inline, PictureSide, Style, size_behind};
use super::drawing::formula_text;
use super::extended::{asks_for_contents, attributes, begins_keys};
use super::foreign::as_code;
use super::html_around::is_html;
use super::includes;
use super::lower::find_mail;
use super::short_forms::ShortForm;
use super::template;
use super::tree::{FOREIGN, STATUS, marks_code};

/// What stands around a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Around {
    /// A paragraph, which may have several lines.
    Paragraph,
    /// A heading or a term, which has one.
    Line,
    /// A cell of a table, which has one and ends at a bar.
    Cell,
}

/// Writes the text of a paragraph, heading or cell. `label` names footnotes.
pub(super) fn write_inlines(
    content: &[Inline],
    around: Around,
    label: &dyn Fn(usize) -> String,
) -> String {
    let mut line = Line {
        out: String::new(),
        around,
        label,
        in_brackets: false,
        in_link: false,
        keeps_emoji: true,
        styled: Vec::new(),
        mentioned: 0,
        begun: 0,
        marks: [0; 3],
        escapes_dollars: dollars(content) > 1,
    };
    // Breaks at the ends break nothing.
    let mut content = content;
    let idle = |inline: &Inline| *inline == Inline::Break || is_nothing(inline);
    while let Some((_, rest)) = content.split_last().filter(|(last, _)| idle(last)) {
        content = rest;
    }
    while let Some((_, rest)) = content.split_first().filter(|(first, _)| idle(first)) {
        content = rest;
    }
    line.sequence(content, Side::Space);
    let mut out = line.out;
    out.truncate(out.trim_end_matches([' ', '\t', '\n']).len());
    if around == Around::Paragraph
        && let Some((first, _)) = out.split_once('\n')
        && is_lone_tag(first)
    {
        // A tag alone on the first line would make a block of HTML of all of it.
        let at = first.len();
        out.replace_range(at..=at, " ");
    }
    out
}

/// Code in a line.
pub(super) fn code_span(code: &str, in_cell: bool) -> String {
    let mut text = code.replace(['\n', '\r'], " ");
    let mut longest = 0;
    let mut run = 0;
    for letter in text.chars() {
        run = if letter == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    if in_cell {
        text = text.replace('|', "\\|");
    }
    let fence = "`".repeat(longest + 1);
    let spaces = text.starts_with(' ') && text.ends_with(' ') && !text.trim().is_empty();
    let pad = if spaces || text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Text for HTML in Markdown, also for its attributes.
pub(super) fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if let Some(length) = emoji_length(rest) {
            // A shortcode that was not meant as one.
            out.push_str(&rest[..length - 1]);
            out.push_str("<wbr>");
            rest = &rest[length - 1..];
            continue;
        }
        push_html(letter, &mut out);
        rest = &rest[letter.len_utf8()..];
    }
    out
}

fn escape_attribute(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        push_html(letter, &mut out);
    }
    out
}

fn push_html(letter: char, out: &mut String) {
    match letter {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '|' => out.push_str("&#124;"),
        '\n' => out.push_str("&#10;"),
        '\u{a0}' => out.push_str("&nbsp;"),
        letter if letter.is_control() && letter != '\t' => {}
        letter => out.push(letter),
    }
}

/// What a mark has beside it, which decides what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Space,
    Mark,
    Word,
}

/// What a letter is to a mark outside of which it stands.
fn outside(letter: Option<char>) -> Side {
    match letter {
        None => Side::Space,
        Some('\u{a0}') => Side::Mark,
        Some(letter) if letter.is_whitespace() => Side::Space,
        Some(letter) if letter.is_ascii_punctuation() => Side::Mark,
        // Signs beyond ASCII count as one or the other; a word is the stricter guess.
        Some(_) => Side::Word,
    }
}

/// What a letter is to a mark inside of which it stands.
fn inside(letter: char) -> Side {
    match letter {
        letter if letter.is_whitespace() => Side::Space,
        letter if letter.is_alphanumeric() => Side::Word,
        _ => Side::Mark,
    }
}

struct Line<'l> {
    out: String,
    around: Around,
    label: &'l dyn Fn(usize) -> String,
    /// Inside of the brackets of a link or picture.
    in_brackets: bool,
    in_link: bool,
    /// Whether a shortcode in the text would become an emoji.
    keeps_emoji: bool,
    /// The emphasized, strong and struck texts around, and where they begin.
    styled: Vec<(Style, usize)>,
    /// Where the last number of a footnote ends; brackets right after it would be taken for a link.
    mentioned: usize,
    /// Where the innermost styled text begins, marked up or not.
    begun: usize,
    /// How many marks of each sign were written: `*`, `_`, `~`.
    marks: [usize; 3],
    /// Whether dollar signs in the text could be taken for those of a formula.
    escapes_dollars: bool,
}

impl Line<'_> {
    fn sequence(&mut self, content: &[Inline], after: Side) {
        let mut rest = content;
        while let Some((inline, mut after_it)) = rest.split_first() {
            if is_nothing(inline) {
                rest = after_it;
                continue;
            }
            if let Inline::Text(text) = inline {
                // Pieces side by side are one text, and are escaped as one.
                let mut text = Cow::Borrowed(text.as_str());
                while let Some((next, behind)) = after_it.split_first() {
                    match next {
                        Inline::Text(more) => text.to_mut().push_str(more),
                        next if is_nothing(next) => {}
                        _ => break,
                    }
                    after_it = behind;
                }
                // A short form may be a link, too.
                let is_link =
                    |next: &Inline| !matches!(next, Inline::Styled(..)) && holds_link(next);
                let bracket = after_it.first().is_some_and(is_link);
                self.text(&text, bracket);
            } else {
                self.inline(inline, after_it, after);
            }
            rest = after_it;
        }
    }

    fn inline(&mut self, inline: &Inline, rest: &[Inline], after: Side) {
        match inline {
            Inline::Text(text) => self.text(text, false),
            Inline::Code(code) => {
                if !code.is_empty() {
                    self.code(code);
                }
            }
            Inline::Styled(style, content) => {
                let last = rest.iter().all(is_nothing);
                let next = next_side(rest, after);
                self.styled(*style, content, next, last);
            }
            Inline::Link {
                target,
                title,
                content,
                ..
            } => self.link(target, title, content),
            Inline::Image { .. } => self.image(inline),
            Inline::Math {
                source, displayed, ..
            } => self.math(source, *displayed, rest),
            Inline::Break => self.line_break(rest),
            Inline::Anchor(name) => {
                let name = escape_attribute(name);
                self.out.push_str(&format!("<a name=\"{name}\"></a>"));
            }
            Inline::FootnoteMention { number, .. } => {
                let label = (self.label)(*number);
                self.out.push_str(&format!("[^{label}]"));
                self.mentioned = self.out.len();
            }
            Inline::Foreign {
                start,
                content,
                end,
            } if is_html(start, end) => {
                self.out.push_str(start);
                self.sequence(content, Side::Mark);
                self.out.push_str(end);
            }
            Inline::Foreign {
                start,
                content,
                end,
            } if end.is_empty() && self.short_form(start, content) => {}
            Inline::Foreign {
                start,
                content,
                end,
            } => {
                let (code, mark) = as_code(start);
                self.code(&code);
                self.out.push_str(mark);
                self.sequence(content, Side::Mark);
                if !end.is_empty() {
                    self.code(end);
                    self.out.push_str(FOREIGN);
                }
            }
        }
    }

    /// Writes the short form of what is storage format in the model, where it has one; says whether
    /// it has.
    fn short_form(&mut self, start: &str, words: &[Inline]) -> bool {
        let Some(form) = ShortForm::of_storage(start) else {
            return false;
        };
        let own = [Inline::Text(form.words().to_owned())];
        let words = if words.is_empty() { &own } else { words };
        let target = form.target();
        match (&form, target) {
            (ShortForm::Day(day), _) => {
                self.out
                    .push_str(&format!("<time datetime=\"{day}\">{day}</time>"));
            }
            (ShortForm::Status { words, color }, _) => {
                self.alternative(words);
                self.out.push_str(&format!("[{STATUS}{color}]"));
            }
            (ShortForm::Shown { .. }, Some(target)) => {
                let words = plain_text(words);
                self.alternative(&words);
                self.out.push('(');
                self.destination(&target, "");
                self.out.push(')');
            }
            (_, Some(target)) if !self.in_link && !words.iter().any(holds_link) => {
                self.link(&target, "", words);
            }
            _ => return false,
        }
        true
    }

    fn code(&mut self, code: &str) {
        if self.out.ends_with('`') {
            self.out.push_str("<wbr>");
        }
        let span = code_span(code, self.around == Around::Cell);
        self.out.push_str(&span);
    }

    fn line_break(&mut self, rest: &[Inline]) {
        if self.around != Around::Paragraph || !begins_line(rest) || self.at_line_start() {
            self.out.push_str("<br>");
        } else {
            self.out.push_str("\\\n");
        }
    }

    fn styled(&mut self, style: Style, content: &[Inline], after: Side, last: bool) {
        let marks: &[&str] = match style {
            Style::Emphasis => &["*", "_"],
            Style::Strong => &["**"],
            Style::Strike => &["~~"],
            _ => &[],
        };
        let tag = match style {
            Style::Emphasis => "em",
            Style::Strong => "strong",
            Style::Strike => "s",
            Style::Underline => "u",
            Style::Subscript => "sub",
            Style::Superscript => "sup",
            Style::Small => "small",
            Style::Code => "code",
            Style::Keyboard => "kbd",
            Style::Mark => "mark",
        };
        let start = self.out.len();
        if marks.is_empty() {
            self.out.push_str(&format!("<{tag}>"));
            let begun = self.out.len();
            let outer = std::mem::replace(&mut self.begun, begun);
            self.sequence(content, Side::Mark);
            self.begun = outer;
            if self.out.len() == begun {
                self.out.truncate(start);
            } else {
                self.out.push_str(&format!("</{tag}>"));
            }
            return;
        }
        let marks_before = self.marks;
        self.styled.push((style, start));
        let begun = std::mem::replace(&mut self.begun, start);
        self.sequence(content, Side::Mark);
        self.begun = begun;
        self.styled.pop();
        let outer = self.styled.last().copied();
        // Marks of the text around are not written yet.
        let opens = outer.is_some_and(|(_, begun)| begun == start);
        let closes = outer.is_some() && last;
        let inner = &self.out[start..];
        if inner.is_empty() {
            return;
        }
        let mark = marks.iter().find(|mark| {
            let sign = sign_index(mark);
            let mut around = self.styled.as_slice();
            if **mark == "**"
                && (opens || closes)
                && let Some(((Style::Emphasis, _), rest)) = around.split_last()
            {
                // Emphasis that begins or ends with strong text has the other sign.
                around = rest;
            }
            let may_share = |style: Style| match style {
                Style::Emphasis => sign < 2,
                Style::Strong => sign == 0,
                _ => sign == 2,
            };
            let edges = Edges {
                before: self.out[..start].chars().next_back(),
                after,
                opens,
                closes,
                alone: self.marks[sign] == marks_before[sign]
                    && !around.iter().any(|(style, _)| may_share(*style)),
            };
            fits(mark, inner, &edges)
        });
        match mark {
            Some(mark) => {
                self.marks[sign_index(mark)] += 1;
                self.out.insert_str(start, mark);
                self.out.push_str(mark);
            }
            None => {
                self.out.insert_str(start, &format!("<{tag}>"));
                self.out.push_str(&format!("</{tag}>"));
            }
        }
    }

    fn link(&mut self, target: &str, title: &str, content: &[Inline]) {
        if let [Inline::Text(text)] = content
            && title.is_empty()
            && !self.in_link
            && is_autolink(text, target)
        {
            self.out.push_str(&format!("<{text}>"));
            return;
        }
        let outer = (self.in_link, self.in_brackets);
        self.in_link = true;
        if outer.0 || content.iter().any(holds_link) {
            // Markdown has no link in a link; HTML's tags say what was there.
            let title = if title.is_empty() {
                String::new()
            } else {
                format!(" title=\"{}\"", escape_attribute(title))
            };
            let target = escape_attribute(target);
            self.out.push_str(&format!("<a href=\"{target}\"{title}>"));
            self.sequence(content, Side::Mark);
            self.out.push_str("</a>");
        } else {
            if self.mentioned == self.out.len() && self.mentioned > 0 {
                self.out.push_str("<wbr>");
            }
            self.in_brackets = true;
            self.out.push('[');
            self.sequence(content, Side::Mark);
            self.out.push_str("](");
            self.destination(target, title);
            self.out.push(')');
        }
        (self.in_link, self.in_brackets) = outer;
    }

    /// A formula between its signs; as code where they would not be read so.
    fn math(&mut self, source: &str, displayed: bool, rest: &[Inline]) {
        let mut text = match self.around {
            Around::Paragraph => source.to_owned(),
            Around::Line | Around::Cell => source.replace('\n', " "),
        };
        if self.around == Around::Cell {
            text = text.replace('|', "\\|");
        }
        let bare = text.trim();
        let fits = !bare.is_empty()
            && !text.contains('$')
            && !text.ends_with('\\')
            && is_balanced(&text)
            && (bare == text || displayed)
            && !bare.lines().any(|line| begins_block(line.trim_start()));
        if !fits {
            return self.code(source);
        }
        // Beside a letter, a digit or another sign they would be none of a formula.
        let is_word = |letter: char| letter.is_alphanumeric() || "_$".contains(letter);
        if self.out.ends_with(is_word) {
            self.out.push_str("<wbr>");
        }
        self.out.push_str(&formula_text(&text, displayed));
        match rest.iter().find(|next| !is_nothing(next)) {
            Some(Inline::Text(text)) if !text.starts_with(is_word) => {}
            Some(Inline::Text(_) | Inline::Styled(..)) => self.out.push_str("<wbr>"),
            _ => {}
        }
    }

    fn image(&mut self, image: &Inline) {
        let Inline::Image {
            target,
            title,
            alt,
            width,
            percent,
            height,
            side,
            has_border,
            ..
        } = image
        else {
            return;
        };
        // Words that end as a size does would be read as one.
        let is_sized = width.is_some() || height.is_some() || percent.is_some();
        let has_look = side.is_some() || *has_border;
        if is_sized || has_look || size_behind(alt).is_some() {
            let mut tag = format!("<img src=\"{}\"", escape_attribute(target));
            let sizes = [("width", width), ("height", height)];
            let words = [("alt", alt), ("title", title)];
            for (name, value) in words.into_iter().filter(|(_, value)| !value.is_empty()) {
                tag.push_str(&format!(" {name}=\"{}\"", escape_attribute(value)));
            }
            if let Some(percent) = percent.filter(|_| width.is_none()) {
                tag.push_str(&format!(" width=\"{percent}%\""));
            }
            for (name, value) in sizes {
                if let Some(value) = value {
                    tag.push_str(&format!(" {name}=\"{value}\""));
                }
            }
            match side {
                Some(PictureSide::WrapLeft) => tag.push_str(" align=\"left\""),
                Some(PictureSide::WrapRight) => tag.push_str(" align=\"right\""),
                Some(side) => tag.push_str(&format!(" data-layout=\"{}\"", side.name())),
                None => {}
            }
            if *has_border {
                tag.push_str(" border=\"1\"");
            }
            tag.push('>');
            self.out.push_str(&tag);
            return;
        }
        self.alternative(alt);
        self.out.push('(');
        self.destination(target, title);
        self.out.push(')');
    }

    /// The words in the stead of a picture, between their brackets.
    fn alternative(&mut self, words: &str) {
        let outer = (self.in_brackets, self.keeps_emoji);
        (self.in_brackets, self.keeps_emoji) = (true, false);
        self.out.push_str("![");
        self.text(words, false);
        self.out.push(']');
        (self.in_brackets, self.keeps_emoji) = outer;
    }

    fn destination(&mut self, target: &str, title: &str) {
        let mut depth = 0_i32;
        let mut balanced = true;
        for letter in target.chars() {
            depth += match letter {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            balanced &= (0..8).contains(&depth);
        }
        balanced &= depth == 0;
        let spaced = target.is_empty()
            || target.contains(|letter: char| letter.is_whitespace() || letter.is_control());
        if spaced {
            self.out.push('<');
        }
        for (at, letter) in target.char_indices() {
            let rest = &target[at + letter.len_utf8()..];
            match letter {
                '\n' | '\r' => self.out.push_str(&format!("%{:02X}", u32::from(letter))),
                '\\' => self.out.push_str("\\\\"),
                '<' | '>' | '|' | '*' | '_' | '`' if letter != '_' || spaced => {
                    self.out.push('\\');
                    self.out.push(letter);
                }
                '(' | ')' if !balanced && !spaced => {
                    self.out.push('\\');
                    self.out.push(letter);
                }
                '&' if is_entity(rest) => self.out.push_str("\\&"),
                letter => self.out.push(letter),
            }
        }
        if spaced {
            self.out.push('>');
        }
        if title.is_empty() {
            return;
        }
        self.out.push_str(" \"");
        for (at, letter) in title.char_indices() {
            let rest = &title[at + letter.len_utf8()..];
            match letter {
                '"' | '\\' | '|' | '`' | '<' => {
                    self.out.push('\\');
                    self.out.push(letter);
                }
                '&' if is_entity(rest) => self.out.push_str("\\&"),
                '\n' | '\r' => self.out.push_str("&#10;"),
                letter => self.out.push(letter),
            }
        }
        self.out.push('"');
    }

    /// Text, with all that would be taken for marks escaped. `bracket` says that a bracket follows.
    fn text(&mut self, text: &str, bracket: bool) {
        let mut rest = text;
        while let Some(letter) = rest.chars().next() {
            if is_blank(letter) {
                let end = rest.find(|letter| !is_blank(letter)).unwrap_or(rest.len());
                self.blank(&rest[..end]);
                rest = &rest[end..];
                continue;
            }
            if letter == '\u{a0}' && self.out.is_empty() && self.styled.is_empty() {
                // Readers of Markdown drop it, and what follows then begins the line.
                rest = &rest[letter.len_utf8()..];
                continue;
            }
            let taken = self.letter(letter, rest, bracket);
            rest = &rest[taken..];
        }
    }

    /// White space, of which readers see none at the ends of lines.
    fn blank(&mut self, blank: &str) {
        if self.at_line_start() {
            return;
        }
        if !blank.contains(['\n', '\r']) {
            return self.out.push_str(blank);
        }
        let end = self.out.trim_end_matches([' ', '\t']).len();
        if self.around != Around::Paragraph || end < self.begun {
            // Spaces before a mark that is not written yet have to stay.
            self.out.push(' ');
        } else {
            self.out.truncate(end);
            self.out.push('\n');
        }
    }

    fn at_line_start(&self) -> bool {
        self.out.is_empty() || self.out.ends_with('\n')
    }

    /// Writes the first letter of a text, or as many as belong together; gives their length.
    fn letter(&mut self, letter: char, rest: &str, bracket: bool) -> usize {
        let after = &rest[letter.len_utf8()..];
        let next = after.chars().next();
        let starts = self.at_line_start();
        let ends_word = next.is_none_or(is_blank);
        let escaped = match letter {
            '\\' => next.is_none_or(|next| next.is_ascii_punctuation() || next.is_whitespace()),
            // Between spaces a star is nothing but a star.
            '*' => {
                let alone = self.out.ends_with(' ') && next == Some(' ');
                starts || !alone || self.out.len() == self.begun
            }
            '`' | '~' | '|' | '[' => true,
            '$' => self.escapes_dollars,
            // What other dialects raise, mark and give attributes with.
            '^' => after.contains('^'),
            '=' if rest.starts_with("==") && !self.out.ends_with('=') => {
                starts
                    || after[1..]
                        .chars()
                        .next()
                        .is_none_or(|next| next != '=' && !is_blank(next))
            }
            '{' if attributes(rest).is_some() || asks_for_contents(rest) => true,
            // What would be filled in where the repository declares the name.
            '{' if !self.out.ends_with('$') && template::begins_name(rest) => true,
            ']' => self.in_brackets,
            '_' => {
                let before = self.out.chars().next_back();
                !(before.is_some_and(char::is_alphanumeric)
                    && next.is_some_and(char::is_alphanumeric))
            }
            // What would take in a file of the repository.
            '-' | ';' | '<' if starts && includes::asks(first_line(rest)) => true,
            // What would be a decision in a list.
            '<' if self.out.is_empty() && next == Some('>') => true,
            '<' => next.is_none_or(|next| next.is_ascii_alphabetic() || "/!?".contains(next)),
            '>' => starts,
            '&' => is_entity(after),
            '#' if starts => {
                let hashes = rest.trim_start_matches('#');
                rest.len() - hashes.len() <= 6 && hashes.chars().next().is_none_or(is_blank)
            }
            '+' if starts => ends_word || next == Some('+'),
            '+' if begins_keys(rest) => true,
            '-' if starts => ends_word || only(rest, '-'),
            '=' if starts => only(rest, '=') || rest.starts_with("==="),
            ':' => starts,
            // What documentation generators mark blocks with.
            '!' if rest.starts_with("!!! ") => starts,
            '?' => starts && rest.starts_with("???"),
            // What else names a person in files for `mark`.
            '{' if self.out.is_empty() || self.out.ends_with('@') => true,
            '!' => after.is_empty() && bracket,
            _ => false,
        };
        if letter == ':'
            && self.keeps_emoji
            && let Some(length) = emoji_length(rest)
        {
            // A shortcode that was not meant as one.
            self.out.push_str(if starts { "\\" } else { "" });
            self.out.push_str(&rest[..length - 1].replace('_', "\\_"));
            self.out.push_str("<wbr>");
            return length - 1;
        }
        let mentioned = self.mentioned == self.out.len() && self.mentioned > 0;
        if mentioned && letter == '[' {
            self.out.push_str("<wbr>");
        }
        if escaped || (mentioned && matches!(letter, '(' | ':')) {
            self.out.push('\\');
            self.out.push(letter);
            return letter.len_utf8();
        }
        match letter {
            '{' if self.out.ends_with('`') && marks_code(rest) => {
                self.out.push_str("<wbr>");
            }
            // The address of a mailbox that was no link.
            '@' if !self.in_link && ends_mailbox(&self.out, rest) => self.out.push_str("<wbr>"),
            '0'..='9' if starts => {
                let digits = rest.find(|letter: char| !letter.is_ascii_digit());
                let digits = digits.unwrap_or(rest.len());
                let mut behind = rest[digits..].chars();
                if digits <= 9
                    && let Some(sign @ ('.' | ')')) = behind.next()
                    && behind.next().is_none_or(is_blank)
                {
                    self.out.push_str(&rest[..digits]);
                    self.out.push('\\');
                    self.out.push(sign);
                    return digits + 1;
                }
            }
            '\u{a0}' => {
                self.out.push_str("&nbsp;");
                return letter.len_utf8();
            }
            letter if letter.is_control() => return letter.len_utf8(),
            _ => {}
        }
        self.out.push(letter);
        letter.len_utf8()
    }
}

/// Whether a sign between two texts is that of the address of a mailbox.
fn ends_mailbox(before: &str, rest: &str) -> bool {
    let is_local = |letter: char| letter.is_ascii_alphanumeric() || ".+-_".contains(letter);
    let name = before.len() - before.trim_end_matches(is_local).len();
    let whole = format!("{}{}", &before[before.len() - name..], first_line(rest));
    find_mail(&whole, name + 1).is_some_and(|(_, end, _)| end > name)
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or(text)
}

fn sign_index(mark: &str) -> usize {
    match mark {
        "_" => 1,
        "~~" => 2,
        _ => 0,
    }
}

/// What stands at both ends of a styled text.
struct Edges {
    before: Option<char>,
    after: Side,
    /// Whether it begins where the styled text around it begins.
    opens: bool,
    /// Whether it ends where that ends.
    closes: bool,
    /// Whether there are no marks around it or in it that it could be confused with.
    alone: bool,
}

/// Whether a mark on both sides of a text makes it what it should be, whatever stands around.
fn fits(mark: &str, inner: &str, edges: &Edges) -> bool {
    let (Some(first), Some(last)) = (inner.chars().next(), inner.chars().next_back()) else {
        return false;
    };
    let own = mark.chars().next();
    if Some(first) == own || Some(last) == own || first.is_whitespace() || last.is_whitespace() {
        return false;
    }
    // Right beside an underscore, dollar signs are none of a formula.
    if mark == "_" && (first == '$' || last == '$') {
        return false;
    }
    let before = match edges.opens {
        true => Side::Mark,
        false => outside(edges.before),
    };
    let (first, last) = (inside(first), inside(last));
    // A mark that could both begin and end something is confused with others around or inside.
    let clear = edges.alone
        || ((before == Side::Space || (before == Side::Mark && first == Side::Word))
            && (edges.after == Side::Space || (edges.after == Side::Mark && last == Side::Word)));
    if mark == "_" || (mark == "*" && (edges.opens || edges.closes)) {
        // Where marks meet, `_` and `**` cannot be confused, but `*` and `**` can.
        return mark == "_"
            && clear
            && before != Side::Word
            && edges.after != Side::Word
            && edges.before.filter(|_| !edges.opens) != own;
    }
    let begins = first == Side::Word || before != Side::Word;
    let ends = last == Side::Word || edges.after != Side::Word;
    let meets = !edges.opens && edges.before.is_some_and(|before| "*_~".contains(before));
    begins && ends && clear && !meets
}

/// What the rest of a line begins with.
fn next_side(rest: &[Inline], after: Side) -> Side {
    match rest.iter().find(|next| !is_nothing(next)) {
        None => after,
        Some(Inline::Text(text)) => outside(text.chars().next()),
        Some(_) => Side::Mark,
    }
}

/// Whether readers see nothing of some inlines.
pub(super) fn is_unseen(content: &[Inline]) -> bool {
    content.iter().all(|inline| match inline {
        Inline::Text(text) => text.chars().all(is_blank),
        Inline::Styled(_, content) => is_unseen(content),
        Inline::Break => true,
        inline => is_nothing(inline),
    })
}

/// Whether a line can begin with what follows, without anything of it being lost.
fn begins_line(rest: &[Inline]) -> bool {
    match rest.iter().find(|next| !is_nothing(next)) {
        Some(Inline::Text(text)) => !text.starts_with(is_blank),
        Some(Inline::Styled(_, content)) => begins_line(content),
        Some(Inline::Anchor(_) | Inline::Break) | None => false,
        Some(_) => true,
    }
}

/// Whether the braces of a formula are in pairs; one without would change where it ends.
fn is_balanced(formula: &str) -> bool {
    let mut depth = 0_i32;
    let mut escaped = false;
    for letter in formula.chars() {
        match letter {
            '{' if !escaped => depth += 1,
            '}' if !escaped => depth -= 1,
            _ => {}
        }
        escaped = letter == '\\' && !escaped;
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

/// Whether a line of a formula would end the paragraph that it stands in.
fn begins_block(line: &str) -> bool {
    line.is_empty()
        || line.starts_with(['>', '#', '=', '|', '<', ':'])
        || line.starts_with("```")
        || line.starts_with("~~~")
        || line.starts_with(|letter: char| letter.is_ascii_digit() || "-+*_".contains(letter))
}

/// How many dollar signs a line has, wherever they are.
fn dollars(content: &[Inline]) -> usize {
    let count = |text: &str| text.matches('$').count();
    let of = |inline: &Inline| match inline {
        Inline::Text(text) | Inline::Code(text) => count(text),
        Inline::Styled(_, content) => dollars(content),
        Inline::Link {
            target,
            title,
            content,
            ..
        } => count(target) + count(title) + dollars(content),
        Inline::Foreign {
            start,
            content,
            end,
        } => count(start) + dollars(content) + count(end),
        Inline::Image {
            target, title, alt, ..
        } => count(target) + count(title) + count(alt),
        Inline::Math { .. } => 2,
        Inline::Anchor(name) => count(name),
        Inline::Break | Inline::FootnoteMention { .. } => 0,
    };
    content.iter().map(of).sum()
}

/// Whether nothing is written of an inline.
fn is_nothing(inline: &Inline) -> bool {
    match inline {
        Inline::Text(text) | Inline::Code(text) => text.is_empty(),
        Inline::Styled(_, content) => content.iter().all(is_nothing),
        _ => false,
    }
}

fn holds_link(inline: &Inline) -> bool {
    match inline {
        Inline::Link { .. } | Inline::FootnoteMention { .. } => true,
        // A short form of a mention or an issue is a link, too.
        Inline::Foreign { start, end, .. } if end.is_empty() => {
            start.starts_with("<ac:link")
                || start.starts_with("<ac:structured-macro ac:name=\"jira\"")
        }
        Inline::Styled(_, content) | Inline::Foreign { content, .. } => {
            content.iter().any(holds_link)
        }
        _ => false,
    }
}

/// White space that lines are folded at.
fn is_blank(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}')
}

/// Whether a line has nothing but one sign.
fn only(rest: &str, sign: char) -> bool {
    let line = rest.split(['\n', '\r']).next().unwrap_or_default();
    line.chars()
        .all(|letter| letter == sign || is_blank(letter))
}

/// Whether a text after `&` would be read as an entity.
fn is_entity(after: &str) -> bool {
    let end = after.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '#');
    end.is_some_and(|end| end > 0 && end < 40 && after[end..].starts_with(';'))
}

/// The length of the emoji shortcode that a text begins with.
fn emoji_length(text: &str) -> Option<usize> {
    let name = text.strip_prefix(':')?;
    let length =
        name.find(|letter: char| !letter.is_ascii_alphanumeric() && !"_+-".contains(letter))?;
    let is_code = length > 0 && length < 80 && name[length..].starts_with(':');
    (is_code && emojis::get_by_shortcode(&name[..length]).is_some()).then_some(length + 2)
}

fn is_autolink(text: &str, target: &str) -> bool {
    let plain = |text: &str| {
        text.is_ascii()
            && !text.contains(|letter: char| {
                letter.is_ascii_whitespace() || letter.is_control() || "<>`\\|".contains(letter)
            })
    };
    if !plain(text) {
        return false;
    }
    if text == target {
        let scheme = text.split(':').next().unwrap_or_default();
        let known = (2..=32).contains(&scheme.len())
            && scheme.len() < text.len()
            && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || "+.-".contains(letter));
        let emoji = text
            .match_indices(':')
            .any(|(at, _)| emoji_length(&text[at..]).is_some());
        return known && !emoji;
    }
    target.strip_prefix("mailto:") == Some(text)
        && text.split_once('@').is_some_and(|(name, host)| {
            let word = |text: &str, more: &str| {
                !text.is_empty()
                    && text
                        .chars()
                        .all(|letter| letter.is_ascii_alphanumeric() || more.contains(letter))
            };
            word(name, ".+-_") && host.split('.').all(|part| word(part, ""))
        })
}

/// Whether a line is a tag of HTML and nothing else.
pub(super) fn is_lone_tag(line: &str) -> bool {
    let Some(inside) = line
        .trim_end()
        .strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'))
    else {
        return false;
    };
    let name = inside.trim_start_matches('/');
    let end = name.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
    let after = end.and_then(|end| name[end..].chars().next());
    !inside.contains('<') && matches!(after, None | Some(' ' | '/'))
}
