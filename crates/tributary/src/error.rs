//! The one error type: what kind it is, what we were doing, and what lay underneath.
//!
//! A kind exists only when a caller acts on it. `Display` gives the sentence a person reads; the
//! source chain is printed once, at the edge, by [`Error::chain`].

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

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

/// An error with the action that failed and the way out.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    doing: String,
    remedy: Option<String>,
    retry_after: Option<Duration>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// Makes an error from its kind and a full sentence saying what happened to which thing.
    pub fn new(kind: ErrorKind, doing: impl Into<String>) -> Self {
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
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
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

    /// What the person can do next, when we know.
    pub fn remedy_text(&self) -> Option<&str> {
        self.remedy.as_deref()
    }

    /// How long the server asked us to wait, when it did.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// The message, each cause below it, and the remedy, joined for a terminal or a log.
    pub fn chain(&self) -> String {
        let mut text = self.doing.clone();
        let mut next = self.source();
        while let Some(cause) = next {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            next = cause.source();
        }
        if let Some(remedy) = &self.remedy {
            text.push_str(". ");
            text.push_str(remedy);
        }
        text
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.doing)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}
