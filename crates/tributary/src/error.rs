//! The one error type: what kind it is, what we were doing, and what lay underneath.
//!
//! A kind exists only when a caller acts on it. `Display` gives the sentence a person reads; the
//! source chain is printed once, at the edge, by [`Error::chain`].

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use crate::Sentence;

/// What a caller can do about an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// No credential, or one the server does not accept: sign in (again).
    SignedOut,
    /// Signed in, but not allowed: ask for the right or choose another target.
    Forbidden,
    /// The thing named does not exist, or is hidden from this user.
    NotFound,
    /// Someone changed it meanwhile: take a new snapshot and plan again.
    Conflict,
    /// The server asks for patience for longer than we are willing to wait.
    RateLimited,
    /// The server could not be reached, or kept failing.
    Offline,
    /// The keystore is missing or locked.
    VaultUnavailable,
    /// What was asked for is not valid: change the input.
    InvalidInput,
    /// A file could not be read or written.
    Storage,
    /// The server or we ourselves broke a promise.
    Bug,
}

/// What the person can do next, as a sentence. The window has buttons and fields where the command
/// has options and variables, so that some remedies are said in other words there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedy {
    command: Sentence,
    /// None where the command's words do for the window too.
    window: Option<Sentence>,
}

impl Remedy {
    /// One that is said in other words by the command and by the window.
    pub fn of_each(command: impl Into<Sentence>, window: impl Into<Sentence>) -> Self {
        Self {
            command: command.into(),
            window: Some(window.into()),
        }
    }

    /// In the words of the command, which a log has too.
    pub fn for_command(&self) -> &str {
        self.command.as_str()
    }

    /// In the words of the window.
    pub fn for_window(&self) -> &str {
        self.sentence_for_window().as_str()
    }

    /// The same, to be said in another language.
    pub fn sentence_for_window(&self) -> &Sentence {
        self.window.as_ref().unwrap_or(&self.command)
    }

    /// The same, with another remedy behind it.
    #[must_use]
    pub fn or(&self, other: impl Into<Self>) -> Self {
        let other = other.into();
        let both = |one: &Sentence, other: &Sentence| {
            let words = sentence!("{one}; or {other}", one, other);
            words.with("one", one.clone()).with("other", other.clone())
        };
        Self::of_each(
            both(&self.command, &other.command),
            both(self.sentence_for_window(), other.sentence_for_window()),
        )
    }
}

impl<Said: Into<Sentence>> From<Said> for Remedy {
    fn from(words: Said) -> Self {
        Self {
            command: words.into(),
            window: None,
        }
    }
}

/// An error with the action that failed and the way out.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    doing: Sentence,
    /// Elsewhere, because errors are passed on by value.
    remedy: Option<Box<Remedy>>,
    retry_after: Option<Duration>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// Makes an error from its kind and a full sentence saying what happened to which thing.
    pub fn new(kind: ErrorKind, doing: impl Into<Sentence>) -> Self {
        Self {
            kind,
            doing: doing.into(),
            remedy: None,
            retry_after: None,
            source: None,
        }
    }

    /// Adds what the person can do next, as a sentence.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<Remedy>) -> Self {
        self.remedy = Some(Box::new(remedy.into()));
        self
    }

    /// Adds how long the server asked us to wait.
    #[must_use]
    pub fn after(mut self, wait: Option<Duration>) -> Self {
        self.retry_after = wait;
        self
    }

    /// Adds the error underneath.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What a caller can do about it.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What happened, to be said in another language.
    pub fn sentence(&self) -> &Sentence {
        &self.doing
    }

    /// What happened and each cause below it, to be said in another language as far as we wrote it.
    pub fn sentence_with_causes(&self) -> Sentence {
        let mut causes = Vec::new();
        let mut next = self.source();
        while let Some(cause) = next {
            causes.push(cause.to_string());
            next = cause.source();
        }
        if causes.is_empty() {
            return self.doing.clone();
        }
        let words = sentence!(
            "{what}: {causes}",
            what = self.doing,
            causes = causes.join(": ")
        );
        words.with("what", self.doing.clone())
    }

    /// As [`Error::chain`], to be said in another language as far as we wrote it. There the way out is
    /// the window's.
    pub fn sentence_of_chain(&self) -> Sentence {
        let what = self.sentence_with_causes();
        let Some(remedy) = self.way_out() else {
            return what;
        };
        let words = sentence!("{what}. {remedy}", what, remedy = remedy.for_command());
        words
            .with("what", what)
            .with("remedy", remedy.sentence_for_window().clone())
    }

    /// What the person can do next, when we know.
    pub fn way_out(&self) -> Option<&Remedy> {
        self.remedy.as_deref()
    }

    /// The same in the words of the command.
    pub fn remedy_text(&self) -> Option<&str> {
        self.way_out().map(Remedy::for_command)
    }

    /// How long the server asked us to wait, when it did.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// The message, each cause below it, and the remedy, joined for a terminal or a log.
    pub fn chain(&self) -> String {
        let mut text = self.doing.to_string();
        let mut next = self.source();
        while let Some(cause) = next {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            next = cause.source();
        }
        if let Some(remedy) = &self.remedy {
            text.push_str(". ");
            text.push_str(remedy.for_command());
        }
        text
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.doing, formatter)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}
