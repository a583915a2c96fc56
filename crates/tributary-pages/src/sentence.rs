//! Sentences that people read, which can be said in another language.
//!
//! A sentence is written in English where it is said, as a pattern and what is put into it. The pattern
//! is what the sentence is known by: its [`code`](Sentence::code) is made of it, and a catalogue of
//! another language has its words under that code. The command and the logs say it in English.

use std::fmt;
use std::ops::Deref;

/// A sentence, and what it is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sentence {
    text: String,
    /// None for what was not written here, such as a server's words. Elsewhere, because errors are
    /// passed on by value.
    form: Option<Box<Form>>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Form {
    pattern: &'static str,
    given: Vec<(&'static str, Given)>,
}

/// What is put into a sentence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Given {
    /// A name, a number or somebody else's words, the same in every language.
    Text(String),
    /// Another sentence or a part of one.
    Sentence(Sentence),
}

impl Sentence {
    /// A sentence from its pattern; `text` is what the pattern says with what is given. The macro
    /// [`sentence!`](crate::sentence!) looks that they fit.
    pub fn of(
        pattern: &'static str,
        text: fmt::Arguments<'_>,
        given: Vec<(&'static str, Given)>,
    ) -> Self {
        Self {
            text: text.to_string(),
            form: Some(Box::new(Form { pattern, given })),
        }
    }

    /// The same with another sentence in place of what was given as text.
    #[must_use]
    pub fn with(mut self, name: &str, sentence: Self) -> Self {
        let mut given = self.form.iter_mut().flat_map(|form| &mut form.given);
        if let Some((_, value)) = given.find(|(of, _)| *of == name) {
            *value = Given::Sentence(sentence);
        }
        self
    }

    /// The same with all texts in it changed, such as to leave credentials out.
    #[must_use]
    pub fn changed_by(mut self, change: &impl Fn(&mut String)) -> Self {
        change(&mut self.text);
        let given = self.form.iter_mut().flat_map(|form| &mut form.given);
        for (_, value) in given {
            match value {
                Given::Text(text) => change(text),
                Given::Sentence(sentence) => *sentence = sentence.clone().changed_by(change),
            }
        }
        self
    }

    /// In English, as the command and the logs say it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What a catalogue has the sentence under: the words of its pattern. None for words that were not
    /// written here.
    pub fn code(&self) -> Option<String> {
        self.form.as_ref().map(|form| code(form.pattern))
    }

    /// What is put into the sentence, by name.
    pub fn given(&self) -> &[(&'static str, Given)] {
        self.form.as_ref().map_or(&[], |form| &form.given)
    }
}

/// The words of a pattern as one word, in small letters.
pub fn code(pattern: &str) -> String {
    let words = pattern
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}

impl fmt::Display for Sentence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// In English, as [`Sentence::as_str`].
impl Deref for Sentence {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl PartialEq<str> for Sentence {
    fn eq(&self, other: &str) -> bool {
        self.text == other
    }
}

impl PartialEq<&str> for Sentence {
    fn eq(&self, other: &&str) -> bool {
        self.text == *other
    }
}

impl From<&Self> for Sentence {
    fn from(sentence: &Self) -> Self {
        sentence.clone()
    }
}

impl From<&'static str> for Sentence {
    fn from(pattern: &'static str) -> Self {
        Self {
            text: pattern.to_owned(),
            form: Some(Box::new(Form {
                pattern,
                given: Vec::new(),
            })),
        }
    }
}

/// Somebody else's words, which are passed on as they are.
impl From<String> for Sentence {
    fn from(text: String) -> Self {
        Self { text, form: None }
    }
}

/// How [`sentence!`](crate::sentence!) tells the sentences that are put into another from everything
/// else that can be shown: methods of a value are looked for before those of a reference to it.
#[doc(hidden)]
pub mod given {
    use std::fmt::Display;

    use super::{Given, Sentence};

    pub struct Put<'a, T: ?Sized>(pub &'a T);

    pub trait Said {
        fn given(&self) -> Given;
    }

    impl Said for Put<'_, Sentence> {
        fn given(&self) -> Given {
            Given::Sentence(self.0.clone())
        }
    }

    impl Said for Put<'_, &Sentence> {
        fn given(&self) -> Given {
            Given::Sentence((*self.0).clone())
        }
    }

    pub trait Shown {
        fn given(&self) -> Given;
    }

    impl<T: Display + ?Sized> Shown for &Put<'_, T> {
        fn given(&self) -> Given {
            Given::Text(self.0.to_string())
        }
    }
}

/// A sentence that can be said in another language, with what is put into it by name:
/// `sentence!("`{path}` is not in `{folder}`", path, folder = folder.display())`.
#[macro_export]
macro_rules! sentence {
    (@ $name:ident) => { $name };
    (@ $name:ident $value:expr) => { $value };
    ($pattern:literal $(,)?) => { $crate::Sentence::from($pattern) };
    ($pattern:literal, $($name:ident $(= $value:expr)?),+ $(,)?) => {
        match ($(&$crate::sentence!(@ $name $($value)?),)+) {
            ($($name,)+) => {
                #[allow(unused_imports, reason = "which of them is used is known where types are")]
                use $crate::given::{Said as _, Shown as _};
                $crate::Sentence::of(
                    $pattern,
                    ::std::format_args!($pattern, $($name = $name),+),
                    ::std::vec![
                        $((::std::stringify!($name), (&$crate::given::Put($name)).given())),+
                    ],
                )
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::{Given, Sentence};

    #[test]
    fn a_sentence_knows_its_pattern_and_what_is_put_into_it() {
        let (path, count) = ("a b", 2);
        let words = sentence!(
            "`{path}` is not one of {among} {{}}",
            path,
            among = count + 1
        );
        assert_eq!(words.as_str(), "`a b` is not one of 3 {}");
        assert_eq!(words.code().as_deref(), Some("path-is-not-one-of-among"));
        let given = [("path", "a b"), ("among", "3")];
        assert_eq!(
            words.given(),
            given.map(|(name, value)| (name, Given::Text(value.to_owned())))
        );
        let inner = Sentence::from("Nobody is there");
        let words = words.with("path", inner.clone());
        assert_eq!(words.given()[0].1, Given::Sentence(inner.clone()));
        let outer = sentence!("It is said: {inner}", inner);
        assert_eq!(outer.given()[0].1, Given::Sentence(inner.clone()));
        let lent = sentence!("It is said: {inner}", inner = &inner);
        assert_eq!(lent, outer);
        assert_eq!(
            Sentence::from("Nobody is there").code().as_deref(),
            Some("nobody-is-there")
        );
        assert_eq!(Sentence::from("a server's".to_owned()).code(), None);
    }
}
