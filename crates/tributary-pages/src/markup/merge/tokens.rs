//! Lines of text as sequences of words, each with what is around it.

use super::super::content::plain_text;
use super::super::document::{Inline, Place, Style};

/// A word of a line, or what else stands in one, with what is around it.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) around: Vec<Around>,
    /// None for something that is around nothing.
    pub(super) is: Option<Inline>,
    /// What tells tokens apart.
    pub(super) key: String,
}

/// What can be around a word.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Around {
    Style(Style),
    Link { target: String, title: String },
    Foreign { start: String, end: String },
}

impl PartialEq for Token {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Token {}

impl PartialOrd for Token {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Token {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key.cmp(&other.key)
    }
}

pub(super) fn tokens(content: &[Inline]) -> Vec<Token> {
    let mut found = Vec::new();
    add_tokens(content, &mut Vec::new(), &mut found);
    found
}

pub(super) fn add_tokens(content: &[Inline], around: &mut Vec<Around>, found: &mut Vec<Token>) {
    let add = |is: Option<Inline>, around: &[Around], found: &mut Vec<Token>| {
        let shown = match &is {
            Some(Inline::Image {
                target,
                title,
                alt,
                width,
                percent,
                height,
                side,
                has_border,
                ..
            }) => format!(
                "{target:?}{title:?}{alt:?}{width:?}{percent:?}{height:?}{side:?}{has_border}"
            ),
            other => format!("{other:?}"),
        };
        found.push(Token {
            key: format!("{around:?}{shown}"),
            around: around.to_vec(),
            is,
        });
    };
    for inline in content {
        let (next, content) = match inline {
            Inline::Text(text) => {
                for word in words_with_space(text) {
                    add(Some(Inline::Text(word.to_owned())), around, found);
                }
                continue;
            }
            Inline::Styled(style, content) => (Around::Style(*style), content),
            Inline::Link {
                target,
                title,
                content,
                ..
            } => {
                let (target, title) = (target.clone(), title.clone());
                (Around::Link { target, title }, content)
            }
            Inline::Foreign {
                start,
                content,
                end,
            } if !content.is_empty() => {
                let (start, end) = (start.clone(), end.clone());
                (Around::Foreign { start, end }, content)
            }
            other => {
                add(Some(other.clone()), around, found);
                continue;
            }
        };
        around.push(next);
        if content.is_empty() {
            add(None, around, found);
        } else {
            add_tokens(content, around, found);
        }
        around.pop();
    }
}

/// The words of a text, each with the space after it.
pub(super) fn words_with_space(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut from = 0;
    let mut after_space = false;
    for (at, letter) in text.char_indices() {
        if after_space && !letter.is_whitespace() {
            words.push(&text[from..at]);
            from = at;
        }
        after_space = letter.is_whitespace();
    }
    if from < text.len() {
        words.push(&text[from..]);
    }
    words
}

/// Puts tokens back into what is around them.
pub(super) fn nest(tokens: &[&Token], depth: usize) -> Vec<Inline> {
    let mut content: Vec<Inline> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let token = tokens[at];
        let Some(around) = token.around.get(depth) else {
            match (&token.is, content.last_mut()) {
                (Some(Inline::Text(word)), Some(Inline::Text(text))) => text.push_str(word),
                (Some(is), _) => content.push(is.clone()),
                (None, _) => {}
            }
            at += 1;
            continue;
        };
        let length = tokens[at..]
            .iter()
            .take_while(|next| next.around.get(depth) == Some(around))
            .count();
        let inside = nest(&tokens[at..at + length], depth + 1);
        at += length;
        content.push(match around.clone() {
            Around::Style(style) => Inline::Styled(style, inside),
            Around::Link { target, title } => Inline::Link {
                target,
                title,
                content: inside,
                place: Place::default(),
            },
            Around::Foreign { start, end } => Inline::Foreign {
                start,
                content: inside,
                end,
            },
        });
    }
    content
}

pub(super) fn words(tokens: &[&Token]) -> String {
    plain_text(&nest(tokens, 0))
}
