//! Reads TOML so that every mistake is told with file, line, column and a way out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use url::Url;

use crate::Sentence;
use crate::error::{Error, ErrorKind, Remedy};

/// Words that only a secret goes by.
const SECRETS: [&str; 8] = [
    "token",
    "api_token",
    "password",
    "secret",
    "pat",
    "access_token",
    "api_key",
    "credential",
];

/// A file's text, to say where in it something stands.
pub(super) struct Document<'t> {
    path: PathBuf,
    text: &'t str,
}

/// A table together with the document it stands in.
pub(super) struct Table<'d, 't> {
    document: &'d Document<'t>,
    name: String,
    values: &'d DeTable<'t>,
}

/// A value together with its name and place.
pub(super) struct Value<'d, 't> {
    document: &'d Document<'t>,
    key: String,
    value: &'d Spanned<DeValue<'t>>,
}

impl<'t> Document<'t> {
    pub(super) fn new(path: &Path, text: &'t str) -> Self {
        Self {
            path: path.to_path_buf(),
            text,
        }
    }

    pub(super) fn parse(&self) -> Result<Spanned<DeTable<'t>>, Error> {
        DeTable::parse(self.text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            self.wrong(at, sentence!("is not TOML: {why}", why = error.message()))
                .remedy("Correct the line; text values stand in double quotes")
        })
    }

    pub(super) fn root<'d>(&'d self, values: &'d DeTable<'t>) -> Table<'d, 't> {
        Table {
            document: self,
            name: String::new(),
            values,
        }
    }

    /// The line and column of a byte, counted from 1.
    pub(super) fn place(&self, at: usize) -> (usize, usize) {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        (
            before.matches('\n').count() + 1,
            before[line_start..].chars().count() + 1,
        )
    }

    fn wrong(&self, at: usize, what: Sentence) -> Error {
        let (line, column) = self.place(at);
        let words = sentence!(
            "`{file}` line {line} column {column} {what}",
            file = self.path.display(),
            line,
            column,
            what
        );
        Error::new(ErrorKind::InvalidInput, words.with("what", what))
    }
}

impl<'d, 't> Table<'d, 't> {
    pub(super) fn get(&self, key: &str) -> Option<Value<'d, 't>> {
        let (key, value) = self
            .values
            .iter()
            .find(|(name, _)| name.get_ref().as_ref() == key)?;
        let document = self.document;
        Some(Value {
            document,
            key: self.full_name(key.get_ref()),
            value,
        })
    }

    /// Refuses keys that nobody reads: a mistyped one would silently do nothing.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), Error> {
        for key in self.values.keys() {
            self.no_secret(key)?;
            let name: &str = key.get_ref();
            if known.contains(&name) {
                continue;
            }
            let error = self.document.wrong(
                key.span().start,
                sentence!(
                    "has the key `{key}`, which is not known",
                    key = self.full_name(name)
                ),
            );
            return Err(match nearest(name, known) {
                Some(nearest) => error.remedy(sentence!(
                    "Did you mean `{full_name}`?",
                    full_name = self.full_name(nearest)
                )),
                None => error.remedy(sentence!("Known keys: {known}", known = known.join(", "))),
            });
        }
        Ok(())
    }

    /// Refuses a key because of where it stands.
    pub(super) fn refuse(&self, key: &str, why: Sentence) -> Result<(), Error> {
        match self
            .values
            .keys()
            .find(|name| name.get_ref().as_ref() == key)
        {
            Some(name) => {
                let what = sentence!("has the key `{key}`", key = self.full_name(key));
                Err(self.document.wrong(name.span().start, what).remedy(why))
            }
            None => Ok(()),
        }
    }

    /// The error for a key that has to be there.
    pub(super) fn lacks(&self, key: &str) -> Error {
        let file = self.document.path.display();
        Error::new(
            ErrorKind::InvalidInput,
            sentence!(
                "`{file}` lacks `{full_name}`",
                file,
                full_name = self.full_name(key)
            ),
        )
        .remedy("Add the key, or remove its table")
    }

    /// Its texts by their names, which somebody chose.
    pub(super) fn names(&self) -> Result<BTreeMap<String, String>, Error> {
        let mut names = BTreeMap::new();
        for (key, value) in self.values.iter() {
            let name: &str = key.get_ref();
            let is_name = name.starts_with(char::is_alphabetic)
                && name
                    .chars()
                    .all(|letter| letter.is_alphanumeric() || "_-.".contains(letter));
            if !is_name || name.starts_with("source.") {
                let what = sentence!("has the name `{name}`", name = self.full_name(name));
                let error = self.document.wrong(key.span().start, what);
                return Err(error.remedy(
                    "Names begin with a letter and have letters, digits, `_`, `-` and `.`; those \
                     that begin with `source.` have a meaning already",
                ));
            }
            let value = Value {
                document: self.document,
                key: self.full_name(name),
                value,
            };
            names.insert(name.to_owned(), value.text()?);
        }
        Ok(names)
    }

    /// Its texts by their keys, whatever these are.
    pub(super) fn pairs(&self) -> Result<BTreeMap<String, String>, Error> {
        let pairs = self.values.iter().map(|(key, value)| {
            let key: &str = key.get_ref();
            let value = Value {
                document: self.document,
                key: self.full_name(key),
                value,
            };
            value.text().map(|text| (key.to_owned(), text))
        });
        pairs.collect()
    }

    /// Refuses keys that hold a secret.
    pub(super) fn no_secrets(&self) -> Result<(), Error> {
        self.values.keys().try_for_each(|key| self.no_secret(key))
    }

    fn no_secret(&self, key: &Spanned<std::borrow::Cow<'t, str>>) -> Result<(), Error> {
        let name: &str = key.get_ref();
        if !SECRETS.contains(&name.to_lowercase().replace('-', "_").as_str()) {
            return Ok(());
        }
        let what = sentence!(
            "has the key `{key}`; secrets are never kept in files",
            key = self.full_name(name)
        );
        Err(self
            .document
            .wrong(key.span().start, what)
            .remedy(Remedy::of_each(
                "Remove the line and use `tributary login` or `TRIBUTARY_TOKEN`; a token that was \
             committed must be revoked",
                "Remove the line and sign in instead; a token that was committed must be revoked",
            )))
    }

    fn full_name(&self, key: &str) -> String {
        if self.name.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.name)
        }
    }
}

impl<'d, 't> Value<'d, 't> {
    /// The line it stands on, counted from 1.
    pub(super) fn line(&self) -> usize {
        self.document.place(self.value.span().start).0
    }

    pub(super) fn text(&self) -> Result<String, Error> {
        match self.value.get_ref() {
            DeValue::String(text) => Ok(text.as_ref().to_owned()),
            _ => Err(self.wrong("must be text in double quotes")),
        }
    }

    pub(super) fn url(&self) -> Result<Url, Error> {
        let text = self.text()?;
        match Url::parse(&text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.password().is_none() => {
                Ok(url)
            }
            _ => Err(self.wrong("must be an address such as \"https://acme.atlassian.net/wiki\"")),
        }
    }

    pub(super) fn boolean(&self) -> Result<bool, Error> {
        match self.value.get_ref() {
            DeValue::Boolean(value) => Ok(*value),
            _ => Err(self.wrong("must be true or false")),
        }
    }

    pub(super) fn whole(&self, least: i64, most: i64) -> Result<i64, Error> {
        let number = match self.value.get_ref() {
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        number
            .filter(|number| (least..=most).contains(number))
            .ok_or_else(|| {
                self.wrong(sentence!(
                    "must be a whole number from {least} to {most}",
                    least,
                    most
                ))
            })
    }

    pub(super) fn texts(&self) -> Result<Vec<String>, Error> {
        let DeValue::Array(values) = self.value.get_ref() else {
            return Err(self.wrong("must be a list of texts, such as [\"docs/**\"]"));
        };
        let value = |value| Value {
            document: self.document,
            key: self.key.clone(),
            value,
        };
        values.iter().map(|one| value(one).text()).collect()
    }

    pub(super) fn tables(&self) -> Result<Vec<Table<'d, 't>>, Error> {
        let DeValue::Array(values) = self.value.get_ref() else {
            return Err(self.wrong("must be a list of tables"));
        };
        let value = |value| Value {
            document: self.document,
            key: self.key.clone(),
            value,
        };
        values.iter().map(|one| value(one).table()).collect()
    }

    pub(super) fn table(&self) -> Result<Table<'d, 't>, Error> {
        match self.value.get_ref() {
            DeValue::Table(values) => Ok(Table {
                document: self.document,
                name: self.key.clone(),
                values,
            }),
            _ => Err(self.wrong("must be a table")),
        }
    }

    /// The value as JSON, for what reads it where front matter has it too, and knows no
    /// fractions and dates.
    pub(super) fn as_json(&self) -> serde_json::Value {
        json_of(self.value.get_ref())
    }

    /// One of the given words.
    pub(super) fn choice<T: Copy>(&self, choices: &[(&str, T)]) -> Result<T, Error> {
        let text = self.text()?;
        let chosen = choices.iter().find(|(word, _)| *word == text);
        chosen.map(|(_, value)| *value).ok_or_else(|| {
            let words: Vec<String> = choices
                .iter()
                .map(|(word, _)| format!("`{word}`"))
                .collect();
            self.wrong(sentence!(
                "is \"{text}\" and must be one of {words}",
                text,
                words = words.join(", ")
            ))
        })
    }

    pub(super) fn wrong(&self, what: impl Into<Sentence>) -> Error {
        let what = what.into();
        let words = sentence!("sets `{key}`, which {what}", key = self.key, what);
        self.document
            .wrong(self.value.span().start, words.with("what", what))
            .remedy("Correct the line")
    }
}

fn json_of(value: &DeValue<'_>) -> serde_json::Value {
    match value {
        DeValue::String(text) => serde_json::Value::from(text.as_ref()),
        DeValue::Boolean(value) => serde_json::Value::from(*value),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(serde_json::Value::Null, serde_json::Value::from),
        DeValue::Float(_) | DeValue::Datetime(_) => serde_json::Value::Null,
        DeValue::Array(values) => values.iter().map(|one| json_of(one.get_ref())).collect(),
        DeValue::Table(values) => values
            .iter()
            .map(|(key, one)| (key.get_ref().to_string(), json_of(one.get_ref())))
            .collect(),
    }
}

/// The word that was probably meant, when one is near.
fn nearest<'k>(typed: &str, known: &[&'k str]) -> Option<&'k str> {
    let plain = |word: &str| word.to_lowercase().replace(['-', ' '], "_");
    let typed = plain(typed);
    known
        .iter()
        .map(|word| (strsim::levenshtein(&typed, word), *word))
        .filter(|(distance, word)| *distance <= word.len().max(typed.len()) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}
