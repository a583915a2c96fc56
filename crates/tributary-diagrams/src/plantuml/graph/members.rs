//! What stands below the name of a class or a state.

use super::super::frame::words_of;
use super::super::words::{SIZE, Words};
use super::{Failure, Line};

/// A line below a name.
#[derive(Debug)]
pub(super) enum Member {
    /// A line across, with words in it.
    Rule(Words),
    Field(Words),
    Method(Words),
}

impl Member {
    pub(super) fn words(&self) -> &Words {
        match self {
            Self::Rule(words) | Self::Field(words) | Self::Method(words) => words,
        }
    }

    /// Reads a member of a class.
    pub(super) fn read(text: &str, line: &Line) -> Result<Self, Failure> {
        if let Some(words) = rule(text) {
            return Ok(Self::Rule(words_of(words, SIZE - 1.0, line)?));
        }
        let mut text = text.to_owned();
        let mut said = None;
        let (mut is_static, mut is_abstract) = (false, false);
        for word in [
            "{static}",
            "{classifier}",
            "{abstract}",
            "{field}",
            "{method}",
        ] {
            if text.contains(word) {
                text = text.replace(word, "");
                match word {
                    "{static}" | "{classifier}" => is_static = true,
                    "{abstract}" => is_abstract = true,
                    word => said = Some(word == "{method}"),
                }
            }
        }
        // A sign before a member says who sees it, and begins no list.
        let trimmed = text.trim();
        let shown = match trimmed.strip_prefix('#') {
            Some(rest) => format!("#{}", rest.trim_start()),
            None => trimmed.to_owned(),
        };
        let mut words = words_of(&shown, SIZE, line)?;
        if is_static {
            words.underline();
        }
        if is_abstract {
            words.slant();
        }
        Ok(match said.unwrap_or(trimmed.contains('(')) {
            true => Self::Method(words),
            false => Self::Field(words),
        })
    }

    /// Words below the name of a state.
    pub(super) fn plain(text: &str, line: &Line) -> Result<Self, Failure> {
        Ok(Self::Field(words_of(text, SIZE, line)?))
    }
}

/// The words in a line across, when it is one.
fn rule(text: &str) -> Option<&str> {
    for sign in ["--", "..", "==", "__"] {
        if text == sign {
            return Some("");
        }
        if let Some(words) = text
            .strip_prefix(sign)
            .and_then(|rest| rest.strip_suffix(sign))
            && words
                .chars()
                .next()
                .is_none_or(|first| first == ' ' || sign.starts_with(first))
        {
            let sign = sign.chars().next().unwrap_or('-');
            return Some(words.trim_matches(sign).trim());
        }
    }
    None
}
