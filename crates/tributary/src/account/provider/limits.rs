//! How much a Git host takes of what is asked as one account, as the data says it.

use std::collections::BTreeMap;
use std::num::{NonZeroU8, NonZeroU32};
use std::time::Duration;

use serde::Deserialize;

/// The limits of a Git host. What its answers say of them goes before.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Limits {
    /// The most requests of an account at once; none of them would be asked with none.
    at_once: NonZeroU8,
    /// For how many seconds an account that asks too fast is left alone where the host does not say
    /// it, at first; each time again twice as long.
    wait: NonZeroU32,
    /// Whether nothing is sent until the count begins anew once nothing is left of it.
    pub(crate) stops: bool,
    /// What the host counts in place of everything else, by what such requests are called in the
    /// record, and what that count is called.
    pub(crate) apart: BTreeMap<String, String>,
    /// The same of what it counts beside everything else.
    pub(crate) beside: BTreeMap<String, String>,
}

impl Default for Limits {
    /// More than four requests at once gain nothing and trip secondary limits. GitHub documents the
    /// minute, and for others nothing better is known.
    fn default() -> Self {
        const FOUR: NonZeroU8 = NonZeroU8::new(4).expect("it is not zero");
        const MINUTE: NonZeroU32 = NonZeroU32::new(60).expect("it is not zero");
        Self {
            at_once: FOUR,
            wait: MINUTE,
            stops: true,
            apart: BTreeMap::new(),
            beside: BTreeMap::new(),
        }
    }
}

impl Limits {
    /// The most requests of an account at once.
    pub(crate) fn at_once(&self) -> usize {
        usize::from(self.at_once.get())
    }

    /// How long an account that asks too fast is left alone at first.
    pub(crate) fn wait(&self) -> Duration {
        Duration::from_secs(u64::from(self.wait.get()))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::Providers;

    #[test]
    fn an_administrator_says_what_a_server_of_theirs_takes() {
        let change = |text: &str| toml::from_str(text).expect("TOML");
        let slow = change("[bitbucket-data-center.limits]\nat_once = 2\nwait = 30\n");
        let providers = Providers::new(&[&slow]).expect("it fits");
        let limits = |id: &str| providers.get(id).expect("known").limits.clone();
        let changed = limits("bitbucket-data-center");
        assert_eq!(
            (changed.at_once(), changed.wait()),
            (2, Duration::from_secs(30))
        );
        assert!(changed.stops, "what is not said stays");
        assert_eq!(limits("gitea").at_once(), 4);
        // Nothing would ever be asked with none at once, and without a wait it would not end.
        for wrong in ["at_once = 0", "wait = 0", "at_once = 256", "hourly = 5"] {
            let wrong = change(&format!("[gitea.limits]\n{wrong}\n"));
            let error = Providers::new(&[&wrong]).expect_err("it does not fit");
            assert!(error.to_string().contains("gitea"), "{error}");
        }
    }
}
