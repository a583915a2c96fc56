//! Text in colors: a `span` of HTML, which Confluence's storage format has too.
//!
//! Git hosts show such text without its color, so the model has no form of its own for it: it is
//! storage format around text. Only colors are read, never another style.

use super::vocabulary::MARK;

/// The end of what begins with [`start_tag`].
pub(super) const END_TAG: &str = "</span>";

/// The color of text and the one behind it, as red, green and blue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Colors {
    pub text: Option<[u8; 3]>,
    pub behind: Option<[u8; 3]>,
}

impl Colors {
    /// The colors that a style tells.
    pub(super) fn of_style(style: &str) -> Option<Self> {
        let mut colors = Self::default();
        for declaration in style.split(';') {
            let Some((property, value)) = declaration.split_once(':') else {
                continue;
            };
            match property.trim().to_ascii_lowercase().as_str() {
                "color" => colors.text = color(value),
                "background-color" | "background" => colors.behind = color(value),
                _ => {}
            }
        }
        (colors != Self::default()).then_some(colors)
    }

    /// The colors of what begins and ends with these tags.
    pub(super) fn of_tags(start: &str, end: &str) -> Option<Self> {
        let style = start.strip_prefix("<span style=\"")?.strip_suffix("\">")?;
        (end == END_TAG && !style.contains('"')).then(|| Self::of_style(style))?
    }

    /// The style in the form in which Confluence keeps it.
    pub(super) fn style(self) -> String {
        let rgb = |[red, green, blue]: [u8; 3]| format!("rgb({red},{green},{blue});");
        let text = self.text.map(|color| format!("color: {}", rgb(color)));
        let behind = self
            .behind
            .map(|color| format!("background-color: {}", rgb(color)));
        let both: Vec<String> = text.into_iter().chain(behind).collect();
        both.join("")
    }

    /// The tag that begins text in these colors.
    pub(super) fn start_tag(self) -> String {
        format!("<span style=\"{}\">", self.style())
    }

    /// Whether it is nothing but the color of marked text.
    pub(super) fn is_mark(self) -> bool {
        self.style() == MARK
    }
}

/// A color as the Atlassian Document Format writes it.
pub(super) fn hexadecimal([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// A color as styles and HTML write it: by its name, its digits or its parts.
pub(super) fn color(written: &str) -> Option<[u8; 3]> {
    let written = written.trim().to_ascii_lowercase();
    if let Some(digits) = written.strip_prefix('#') {
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let part = |from: usize, length: usize| {
            let digits = digits.get(from..from + length)?;
            u8::from_str_radix(&digits.repeat(3 - length), 16).ok()
        };
        return match digits.len() {
            3 => Some([part(0, 1)?, part(1, 1)?, part(2, 1)?]),
            6 => Some([part(0, 2)?, part(2, 2)?, part(4, 2)?]),
            _ => None,
        };
    }
    if let Some(parts) = written.strip_prefix("rgb(") {
        let parts: Vec<u8> = parts
            .strip_suffix(')')?
            .split(',')
            .map(|part| part.trim().parse().ok())
            .collect::<Option<_>>()?;
        return parts.try_into().ok();
    }
    // The names that HTML 4 has.
    Some(match written.as_str() {
        "black" => [0, 0, 0],
        "silver" => [192, 192, 192],
        "gray" | "grey" => [128, 128, 128],
        "white" => [255, 255, 255],
        "maroon" => [128, 0, 0],
        "red" => [255, 0, 0],
        "purple" => [128, 0, 128],
        "fuchsia" | "magenta" => [255, 0, 255],
        "green" => [0, 128, 0],
        "lime" => [0, 255, 0],
        "olive" => [128, 128, 0],
        "yellow" => [255, 255, 0],
        "orange" => [255, 165, 0],
        "navy" => [0, 0, 128],
        "blue" => [0, 0, 255],
        "teal" => [0, 128, 128],
        "aqua" | "cyan" => [0, 255, 255],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Colors, color};

    #[test]
    fn colors_are_read_in_every_way_of_writing_and_nothing_else_is() {
        for (written, expected) in [
            ("#f00", Some([255, 0, 0])),
            ("#FF5630", Some([255, 86, 48])),
            (" rgb(255, 86,48) ", Some([255, 86, 48])),
            ("Red", Some([255, 0, 0])),
            ("#ff", None),
            ("#ü0", None),
            ("rgb(256,0,0)", None),
            ("rgb(1,2)", None),
            ("url(x)", None),
            ("inherit", None),
        ] {
            assert_eq!(color(written), expected, "{written}");
        }
        let style = "font-size: 9px; COLOR: red;background: #00f";
        let colors = Colors::of_style(style).expect("it has colors");
        assert_eq!(
            colors.start_tag(),
            "<span style=\"color: rgb(255,0,0);background-color: rgb(0,0,255);\">"
        );
        assert_eq!(
            Colors::of_tags(&colors.start_tag(), "</span>"),
            Some(colors)
        );
        assert_eq!(Colors::of_style("position: fixed"), None);
    }
}
