//! The hosts that everybody knows, which have names of their own for what a company's host has below one:
//! github.com, whose API is at `api.github.com` without `/api/v3`, and whose archives are at
//! `codeload.github.com`; and gitlab.com, whose API is below its own name. All else is as at a company's.
//!
//! Each name is below `/hosts/` as other hosts are, and at an origin of its own once that was asked for.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::super::dialect::Addresses;
use super::super::{Accounts, Server};

/// A name of a public host.
#[derive(Debug)]
pub(super) struct Name {
    pub(super) server: Server,
    pub(super) name: &'static str,
    /// What a company's host has before the paths of this name.
    pub(super) before: &'static str,
}

/// Where GitHub's archives are.
pub(super) const ARCHIVES: &str = "/_codeload";

/// The names of each host, that of its website first.
static NAMES: [Name; 4] = [
    Name {
        server: Server::Github,
        name: "github.com",
        before: "",
    },
    Name {
        server: Server::Github,
        name: "api.github.com",
        before: "/api/v3",
    },
    Name {
        server: Server::Github,
        name: "codeload.github.com",
        before: ARCHIVES,
    },
    Name {
        server: Server::Gitlab,
        name: "gitlab.com",
        before: "",
    },
];

/// The origins of names that have one.
#[derive(Debug, Default)]
pub(in crate::signin) struct Origins(Mutex<HashMap<&'static str, String>>);

impl Origins {
    fn lock(&self) -> MutexGuard<'_, HashMap<&'static str, String>> {
        // Each is put there as a whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The name of a public host that is asked for.
pub(super) fn named(name: &str) -> Option<&'static Name> {
    NAMES.iter().find(|known| known.name == name)
}

/// The names of a public host, that of its website first; empty where the sandbox has none.
pub(crate) fn names_of(server: Server) -> Vec<&'static str> {
    let names = NAMES.iter().filter(|name| name.server == server);
    names.map(|name| name.name).collect()
}

/// Where each name of a public host is.
pub(super) fn addresses(accounts: &Accounts, server: Server) -> Addresses {
    let origins = accounts.origins.lock();
    let names = NAMES.iter().filter(|name| name.server == server);
    let address = |name: &Name| {
        let below = || format!("{}/hosts/{}", accounts.site_url(), name.name);
        origins.get(name.name).cloned().unwrap_or_else(below)
    };
    Addresses::several(names.map(|name| (name.before, address(name))).collect())
}

impl Accounts {
    /// Gives names of public hosts origins of their own, which answers tell from then on.
    pub(crate) fn give_origins(&self, origins: impl IntoIterator<Item = (&'static str, String)>) {
        self.origins.lock().extend(origins);
    }
}
