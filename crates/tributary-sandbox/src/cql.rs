//! A small part of the Confluence Query Language: enough for what publishers ask.
//!
//! Fields: `space`, `type`, `title`, `text`, `label`, `ancestor`, `parent`, `id`, `creator`,
//! `lastmodified`, `created`; operators `=`, `!=`, `~`, `!~`, `in`, `not in`, `<`, `>`, `<=`, `>=`;
//! `and`, `or`, `not`, parentheses, `order by`.

use crate::format;
use crate::state::{Page, Store};

/// A query that was read.
#[derive(Debug)]
pub(crate) struct Query {
    condition: Option<Condition>,
    order: Vec<(String, bool)>,
}

#[derive(Debug)]
enum Condition {
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
    Not(Box<Condition>),
    Is {
        field: String,
        operator: String,
        values: Vec<String>,
    },
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Sign(String),
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut found = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            letter if letter.is_whitespace() => {}
            quote @ ('"' | '\'') => {
                let mut value = String::new();
                loop {
                    match letters.next() {
                        None => return Err("a text is not closed".to_owned()),
                        Some('\\') => value.extend(letters.next()),
                        Some(letter) if letter == quote => break,
                        Some(letter) => value.push(letter),
                    }
                }
                found.push(Token::Text(value));
            }
            '(' | ')' | ',' => found.push(Token::Sign(letter.to_string())),
            '=' | '~' => found.push(Token::Sign(letter.to_string())),
            '!' | '<' | '>' => {
                let mut sign = letter.to_string();
                if let Some(next) = letters.next_if(|next| "=~".contains(*next)) {
                    sign.push(next);
                }
                found.push(Token::Sign(sign));
            }
            letter => {
                let mut word = letter.to_string();
                while let Some(next) =
                    letters.next_if(|next| !next.is_whitespace() && !"(),=~!<>\"'".contains(*next))
                {
                    word.push(next);
                }
                found.push(Token::Word(word));
            }
        }
    }
    Ok(found)
}

struct Reader {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
    depth: usize,
}

/// Reads a query.
pub(crate) fn parse(text: &str) -> Result<Query, String> {
    let mut reader = Reader {
        tokens: tokens(text)?.into_iter().peekable(),
        depth: 0,
    };
    let condition = if reader.is_word("order") {
        None
    } else {
        Some(reader.any()?)
    };
    let mut order = Vec::new();
    if reader.take_word("order") {
        if !reader.take_word("by") {
            return Err("expected `by`".to_owned());
        }
        loop {
            let field = reader.value()?.to_lowercase();
            let down = reader.take_word("desc");
            if !down {
                reader.take_word("asc");
            }
            order.push((field, down));
            if !reader.take_sign(",") {
                break;
            }
        }
    }
    match reader.tokens.next() {
        None => Ok(Query { condition, order }),
        Some(token) => Err(format!("unexpected {token:?}")),
    }
}

impl Reader {
    fn is_word(&mut self, wanted: &str) -> bool {
        matches!(self.tokens.peek(), Some(Token::Word(word)) if word.eq_ignore_ascii_case(wanted))
    }

    fn take_word(&mut self, wanted: &str) -> bool {
        let there = self.is_word(wanted);
        if there {
            self.tokens.next();
        }
        there
    }

    fn take_sign(&mut self, wanted: &str) -> bool {
        let there = matches!(self.tokens.peek(), Some(Token::Sign(sign)) if sign == wanted);
        if there {
            self.tokens.next();
        }
        there
    }

    fn value(&mut self) -> Result<String, String> {
        match self.tokens.next() {
            Some(Token::Word(word)) => {
                // A function such as `now()` stands for its name.
                if self.take_sign("(") {
                    while !self.take_sign(")") {
                        if self.tokens.next().is_none() {
                            return Err("a parenthesis is not closed".to_owned());
                        }
                    }
                }
                Ok(word)
            }
            Some(Token::Text(text)) => Ok(text),
            other => Err(format!("expected a value, found {other:?}")),
        }
    }

    fn any(&mut self) -> Result<Condition, String> {
        let mut left = self.every()?;
        while self.take_word("or") {
            left = Condition::Or(Box::new(left), Box::new(self.every()?));
        }
        Ok(left)
    }

    fn every(&mut self) -> Result<Condition, String> {
        let mut left = self.one()?;
        while self.take_word("and") {
            left = Condition::And(Box::new(left), Box::new(self.one()?));
        }
        Ok(left)
    }

    fn one(&mut self) -> Result<Condition, String> {
        self.depth += 1;
        if self.depth > 200 {
            return Err("the query is nested too deeply".to_owned());
        }
        let condition = self.one_inside();
        self.depth -= 1;
        condition
    }

    fn one_inside(&mut self) -> Result<Condition, String> {
        if self.take_word("not") {
            return Ok(Condition::Not(Box::new(self.one()?)));
        }
        if self.take_sign("(") {
            let inner = self.any()?;
            if !self.take_sign(")") {
                return Err("a parenthesis is not closed".to_owned());
            }
            return Ok(inner);
        }
        let field = match self.tokens.next() {
            Some(Token::Word(word)) => word.to_lowercase(),
            other => return Err(format!("expected a field, found {other:?}")),
        };
        let negated = self.take_word("not");
        if self.take_word("in") {
            if !self.take_sign("(") {
                return Err("expected a list".to_owned());
            }
            let mut values = vec![self.value()?];
            while self.take_sign(",") {
                values.push(self.value()?);
            }
            if !self.take_sign(")") {
                return Err("a list is not closed".to_owned());
            }
            let is = Condition::Is {
                field,
                operator: "=".to_owned(),
                values,
            };
            return Ok(if negated {
                Condition::Not(Box::new(is))
            } else {
                is
            });
        }
        let operator = match self.tokens.next() {
            Some(Token::Sign(sign)) if !"(),".contains(sign.as_str()) => sign,
            other => return Err(format!("expected an operator, found {other:?}")),
        };
        let values = vec![self.value()?];
        Ok(Condition::Is {
            field,
            operator,
            values,
        })
    }
}

/// The current pages and blog posts that a query names.
pub(crate) fn find(store: &Store, query: &Query) -> rusqlite::Result<Vec<Page>> {
    let all = store.pages_where(
        "status = 'current' AND kind IN ('page', 'blogpost') ORDER BY id",
        &[],
    )?;
    let mut found = Vec::new();
    for page in all {
        let fits = match &query.condition {
            Some(condition) => fits(store, condition, &page)?,
            None => true,
        };
        if fits {
            found.push(page);
        }
    }
    for (field, down) in query.order.iter().rev() {
        found.sort_by(|a, b| {
            let order = match field.as_str() {
                "title" => a.title.to_lowercase().cmp(&b.title.to_lowercase()),
                "created" => a.created_at.cmp(&b.created_at),
                "lastmodified" => a.version.created_at.cmp(&b.version.created_at),
                _ => a.id.cmp(&b.id),
            };
            if *down { order.reverse() } else { order }
        });
    }
    Ok(found)
}

fn fits(store: &Store, condition: &Condition, page: &Page) -> rusqlite::Result<bool> {
    Ok(match condition {
        Condition::And(left, right) => fits(store, left, page)? && fits(store, right, page)?,
        Condition::Or(left, right) => fits(store, left, page)? || fits(store, right, page)?,
        Condition::Not(inner) => !fits(store, inner, page)?,
        Condition::Is {
            field,
            operator,
            values,
        } => {
            let mut any = false;
            for value in values {
                any |= is(store, field, operator, value, page)?;
            }
            if operator.starts_with('!') { !any } else { any }
        }
    })
}

/// Whether one comparison holds, negation left aside.
fn is(
    store: &Store,
    field: &str,
    operator: &str,
    value: &str,
    page: &Page,
) -> rusqlite::Result<bool> {
    let value_lower = value.to_lowercase();
    let about = operator.contains('~');
    Ok(match field {
        "space" | "space.key" => store
            .space(page.space_id)?
            .is_some_and(|space| space.key.eq_ignore_ascii_case(value)),
        "type" => page.kind == value_lower,
        "id" | "content" => page.id.to_string() == value,
        "parent" => page.parent_id.is_some_and(|id| id.to_string() == value),
        "ancestor" => store
            .ancestors(page.id)?
            .iter()
            .any(|above| above.id.to_string() == value),
        "label" => store
            .labels(page.id)?
            .iter()
            .any(|label| label.name == value_lower),
        "title" if about => contains_words(&page.title, &value_lower),
        "title" => page.title.to_lowercase() == value_lower,
        "text" | "sitesearch" => {
            contains_words(&page.title, &value_lower)
                || contains_words(&format::storage_text(&page.body), &value_lower)
        }
        "creator" | "contributor" => page.author == value || value == "currentUser",
        "created" => compares(&page.created_at, operator, value),
        "lastmodified" => compares(&page.version.created_at, operator, value),
        "status" => page.status == value_lower,
        _ => false,
    })
}

fn contains_words(text: &str, words: &str) -> bool {
    let text = text.to_lowercase();
    words
        .split_whitespace()
        .all(|word| text.contains(word.trim_matches('*')))
}

fn compares(moment: &str, operator: &str, value: &str) -> bool {
    let value = value.replace(' ', "T").replace('/', "-");
    let moment = &moment[..moment.len().min(value.len())];
    match operator {
        "<" => moment < value.as_str(),
        ">" => moment > value.as_str(),
        "<=" => moment <= value.as_str(),
        ">=" => moment >= value.as_str(),
        _ => moment == value,
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn queries_are_read_or_refused() {
        for good in [
            "space = DOCS and type = page",
            "(title ~ \"a b\" OR label in (x, \"y z\")) AND NOT ancestor = 12 order by title desc, id",
            "id in (1,2,3)",
            "lastmodified > now(\"-1d\")",
            "order by created",
        ] {
            assert!(parse(good).is_ok(), "{good}");
        }
        for bad in [
            "space =",
            "and",
            "title ~ \"open",
            "id in (1",
            "space = DOCS foo",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
