//! What the vault keeps for an account: tokens, and when they were obtained.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind};
use crate::vault::Secret;

/// The tokens of an account.
#[derive(Debug)]
pub(super) struct Grant {
    pub(super) access: Secret,
    /// By which a new access token is asked for.
    pub(super) refresh: Option<Secret>,
    /// The secret of the application that the grant was given to, where that has one.
    pub(super) client_secret: Option<Secret>,
    /// When the access token was obtained, by this machine's clock.
    pub(super) obtained: Timestamp,
    /// How many seconds the access token lives, as the server said.
    pub(super) lives: Option<u64>,
}

/// Which token of a grant is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// The one that is sent along.
    Access,
    /// The one that new ones are given for.
    Refresh,
}

impl Which {
    /// The standard's word for it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Access => "access_token",
            Self::Refresh => "refresh_token",
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Form<'a> {
    access: std::borrow::Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh: Option<std::borrow::Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<std::borrow::Cow<'a, str>>,
    obtained: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    lives: Option<u64>,
}

impl Grant {
    /// A token made by hand: nothing renews it.
    pub(super) fn of_token(token: Secret, now: Timestamp) -> Self {
        Self {
            access: token,
            refresh: None,
            client_secret: None,
            obtained: now,
            lives: None,
        }
    }

    /// The same once more.
    pub(super) fn copy(&self) -> Self {
        let own = |secret: &Secret| Secret::new(secret.expose().to_owned());
        Self {
            access: own(&self.access),
            refresh: self.refresh.as_ref().map(own),
            client_secret: self.client_secret.as_ref().map(own),
            obtained: self.obtained,
            lives: self.lives,
        }
    }

    /// The token by which it is withdrawn: where there are two, the one that lives longer.
    pub(super) fn withdrawn_by(&self) -> (&Secret, Which) {
        match &self.refresh {
            Some(refresh) => (refresh, Which::Refresh),
            None => (&self.access, Which::Access),
        }
    }

    /// As the vault keeps it.
    pub(super) fn to_secret(&self) -> Result<Secret, Error> {
        let form = Form {
            access: self.access.expose().into(),
            refresh: self.refresh.as_ref().map(|token| token.expose().into()),
            client_secret: self
                .client_secret
                .as_ref()
                .map(|secret| secret.expose().into()),
            obtained: self.obtained,
            lives: self.lives,
        };
        // Large enough that growing leaves no copies behind.
        let mut text = Zeroizing::new(Vec::with_capacity(16 * 1024));
        serde_json::to_writer(&mut *text, &form).map_err(broken)?;
        let text = String::from_utf8(std::mem::take(&mut *text)).map_err(broken)?;
        Ok(Secret::new(text))
    }

    /// From what the vault kept.
    pub(super) fn from_secret(secret: &Secret) -> Result<Self, Error> {
        let form: Form<'_> = serde_json::from_str(secret.expose()).map_err(|_| {
            // Without the cause, which could quote the secret.
            Error::new(
                ErrorKind::Storage,
                "What the vault keeps for the account cannot be read",
            )
            .remedy("Sign in again")
        })?;
        let own = |text: std::borrow::Cow<'_, str>| Secret::new(text.into_owned());
        Ok(Self {
            access: own(form.access),
            refresh: form.refresh.map(own),
            client_secret: form.client_secret.map(own),
            obtained: form.obtained,
            lives: form.lives,
        })
    }

    /// How many milliseconds the access token still has by this machine's clock; none when nobody
    /// knows, because the server did not say or the clock was set back since.
    pub(super) fn left(&self, now: Timestamp) -> Option<i64> {
        let lives = i64::try_from(self.lives?.checked_mul(1000)?).ok()?;
        let age = now.as_millisecond() - self.obtained.as_millisecond();
        (age >= 0).then(|| lives - age)
    }
}

fn broken(_: impl std::error::Error) -> Error {
    Error::new(ErrorKind::Bug, "The tokens could not be put into words")
}
