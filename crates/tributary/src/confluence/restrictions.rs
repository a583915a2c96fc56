//! Who may read and edit a page.
//!
//! Cloud replaces all restrictions at once, so what is to stay is read before. Data Center changes those of
//! one operation and leaves the others. Taking a publish back needs to know what was there, so both are
//! asked for that; an access that may not ask can restrict all the same, where nothing has to stay.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use tributary_pages::markup::{Access, Flavor, Restrictions};

use crate::error::{Error, ErrorKind};

use super::Client;

/// Reading and editing.
const OPERATIONS: usize = 2;
/// How many users, and how many groups, are asked for.
const MOST: usize = 100;
const ENDPOINT: &str = "/rest/api/content/{id}/restriction";
const BY_OPERATION: &str = "/rest/api/content/{id}/restriction/byOperation";

#[derive(Deserialize)]
struct Held {
    results: Vec<OperationReply>,
}

/// Data Center's answer, by operation.
#[derive(Deserialize)]
struct HeldByOperation {
    read: OperationReply,
    update: OperationReply,
}

#[derive(Deserialize)]
struct OperationReply {
    operation: String,
    #[serde(default)]
    restrictions: SubjectsReply,
}

#[derive(Deserialize, Default)]
struct SubjectsReply {
    #[serde(default)]
    user: NamedReply,
    #[serde(default)]
    group: NamedReply,
}

#[derive(Deserialize, Default)]
struct NamedReply {
    #[serde(default)]
    results: Vec<SubjectReply>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SubjectReply {
    account_id: Option<String>,
    username: Option<String>,
    id: Option<String>,
    name: Option<String>,
}

/// Users and groups that alone may do something.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Subjects {
    /// Account ids (Cloud) or user names (Data Center).
    pub users: BTreeSet<String>,
    /// Ids (Cloud) or names (Data Center).
    pub groups: BTreeSet<String>,
}

/// Who may `read` and `update` a page; what everybody may is missing.
pub type Restricted = BTreeMap<String, Subjects>;

/// How the restrictions of a page changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestrictionChange {
    /// Before.
    pub was: Restricted,
    /// Since.
    pub is: Restricted,
}

impl Client {
    /// Restricts a page as it is declared, whoever publishes (`me`) always among those who may;
    /// what is not declared stays as it is. Nobody has restricted a page that `is_new`. Doing it
    /// twice is the same as once. Tells what that changes, where the site tells how it was.
    ///
    /// # Errors
    /// Any error of asking, and [`ErrorKind::Conflict`] when more people are named on the page than
    /// can be kept.
    pub async fn restrict(
        &self,
        page: &str,
        restrictions: &Restrictions,
        me: &str,
        is_new: bool,
    ) -> Result<Option<RestrictionChange>, Error> {
        let declared = restrictions.declared();
        let declared = declared.into_iter().map(|(operation, access)| {
            let subjects = match access {
                Access::Only { users, groups } => Subjects {
                    users: users.iter().cloned().chain([me.to_owned()]).collect(),
                    groups: groups.clone(),
                },
                Access::Keep | Access::Everybody => Subjects::default(),
            };
            (operation.to_owned(), subjects)
        });
        let declared: Restricted = declared.collect();
        let path = format!("/rest/api/content/{page}/restriction");
        let is_cloud = self.flavor() == Flavor::Cloud;
        let is_kept = is_cloud && declared.len() < OPERATIONS;
        let was = match is_new {
            true => None,
            false => match self.restricted(page).await {
                Ok(was) => Some(was),
                Err(error) if !is_kept && is_untold(&error) => None,
                Err(error) => return Err(error),
            },
        };
        let mut wanted = was.clone().unwrap_or_default();
        wanted.extend(declared.clone());
        wanted.retain(|_, subjects| *subjects != Subjects::default());
        let change = was.map(|was| RestrictionChange {
            was,
            is: wanted.clone(),
        });
        // That nobody is restricted is not relied on: what a site did not tell would be open then.
        let is_so_already =
            |change: &RestrictionChange| change.was == change.is && !change.is.is_empty();
        if change.as_ref().is_some_and(is_so_already) {
            return Ok(change);
        }
        if is_cloud && wanted.is_empty() {
            self.delete(&path, ENDPOINT).await?;
            return Ok(change);
        }
        // Data Center lifts what is sent without anybody.
        let sent = if is_cloud { &wanted } else { &declared };
        let body: Vec<Value> = sent
            .iter()
            .map(|(operation, subjects)| self.restriction(operation, subjects))
            .collect();
        let _: Value = self
            .send_json(Method::PUT, &path, ENDPOINT, &Value::Array(body))
            .await?;
        Ok(change)
    }

    /// Who may read and edit a page, as it is set on the page itself.
    ///
    /// # Errors
    /// Any error of asking, and [`ErrorKind::Conflict`] when more people are named on the page than
    /// can be kept.
    pub async fn restricted(&self, page: &str) -> Result<Restricted, Error> {
        let path = format!("/rest/api/content/{page}/restriction");
        let held: Vec<OperationReply> = match self.flavor() {
            Flavor::Cloud => {
                let path =
                    format!("{path}?expand=restrictions.user,restrictions.group&limit={MOST}");
                let held: Held = self.get(&path, ENDPOINT).await?;
                held.results
            }
            // Users and groups of both operations are in it unless something else is asked for.
            Flavor::DataCenter => {
                let held: HeldByOperation = self
                    .get(&format!("{path}/byOperation"), BY_OPERATION)
                    .await?;
                vec![held.read, held.update]
            }
        };
        let mut found = Restricted::new();
        for entry in held {
            let (users, groups) = (
                entry.restrictions.user.results,
                entry.restrictions.group.results,
            );
            if users.len() >= MOST || groups.len() >= MOST {
                return Err(Error::new(
                    ErrorKind::Conflict,
                    sentence!(
                        "The page {page} is restricted to more people than can be kept",
                        page
                    ),
                )
                .remedy(
                    "Restrict it to a group in Confluence, and leave it out of the front matter",
                ));
            }
            let is_cloud = self.flavor() == Flavor::Cloud;
            let user = |user: SubjectReply| match is_cloud {
                true => user.account_id,
                false => user.username,
            };
            let group = |group: SubjectReply| match is_cloud {
                true => group.id,
                false => group.name,
            };
            let subjects = Subjects {
                users: users.into_iter().filter_map(user).collect(),
                groups: groups.into_iter().filter_map(group).collect(),
            };
            if subjects != Subjects::default() {
                found.insert(entry.operation, subjects);
            }
        }
        Ok(found)
    }

    /// One operation's restriction as the product takes it. An empty list lifts it on Data Center;
    /// Cloud takes none.
    fn restriction(&self, operation: &str, subjects: &Subjects) -> Value {
        let is_cloud = self.flavor() == Flavor::Cloud;
        let (user_key, group_key) = match is_cloud {
            true => ("accountId", "id"),
            false => ("username", "name"),
        };
        let entries = |names: &BTreeSet<String>, kind: &str, key: &str| -> Value {
            names
                .iter()
                .map(|name| json!({"type": kind, key: name}))
                .collect()
        };
        let mut restrictions = serde_json::Map::new();
        for (name, names, kind, key) in [
            ("user", &subjects.users, "known", user_key),
            ("group", &subjects.groups, "group", group_key),
        ] {
            if !names.is_empty() || !is_cloud {
                restrictions.insert(name.to_owned(), entries(names, kind, key));
            }
        }
        json!({"operation": operation, "restrictions": restrictions})
    }
}

/// Whether it is not told who may do what, or not in a form that is known, which no other try changes.
pub(crate) fn is_untold(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Forbidden
            | ErrorKind::SignedOut
            | ErrorKind::NotFound
            | ErrorKind::Conflict
            | ErrorKind::Bug
    )
}
