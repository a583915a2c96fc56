//! Who may read and edit a page.
//!
//! Cloud replaces all restrictions at once, so what is to stay is read before, which needs a right
//! that an OAuth grant of ours does not have; so it is read only where something can stay. Data
//! Center changes those of one operation and leaves the others.

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

#[derive(Deserialize)]
struct Held {
    results: Vec<OperationReply>,
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
    id: Option<String>,
}

/// Users and groups of one operation.
#[derive(Default, Clone, PartialEq, Eq)]
struct Subjects {
    users: BTreeSet<String>,
    groups: BTreeSet<String>,
}

impl Client {
    /// Restricts a page as it is declared, whoever publishes (`me`) always among those who may;
    /// what is not declared stays as it is. Nobody has restricted a page that `is_new`. Doing it
    /// twice is the same as once.
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
    ) -> Result<(), Error> {
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
        let declared: BTreeMap<String, Subjects> = declared.collect();
        let path = format!("/rest/api/content/{page}/restriction");
        if self.flavor() == Flavor::DataCenter {
            let body: Vec<Value> = declared
                .iter()
                .map(|(operation, subjects)| self.restriction(operation, subjects))
                .collect();
            let _: Value = self
                .send_json(Method::PUT, &path, ENDPOINT, &Value::Array(body))
                .await?;
            return Ok(());
        }
        let mut wanted = if is_new || declared.len() == OPERATIONS {
            BTreeMap::new()
        } else {
            self.held_restrictions(page, &path).await?
        };
        wanted.extend(declared);
        wanted.retain(|_, subjects| *subjects != Subjects::default());
        if wanted.is_empty() {
            return self.delete(&path, ENDPOINT).await;
        }
        let body: Vec<Value> = wanted
            .iter()
            .map(|(operation, subjects)| self.restriction(operation, subjects))
            .collect();
        let _: Value = self
            .send_json(Method::PUT, &path, ENDPOINT, &Value::Array(body))
            .await?;
        Ok(())
    }

    async fn held_restrictions(
        &self,
        page: &str,
        path: &str,
    ) -> Result<BTreeMap<String, Subjects>, Error> {
        let path = format!("{path}?expand=restrictions.user,restrictions.group&limit={MOST}");
        let held: Held = self.get(&path, ENDPOINT).await?;
        let mut found = BTreeMap::new();
        for entry in held.results {
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
            let subjects = Subjects {
                users: users
                    .into_iter()
                    .filter_map(|user| user.account_id)
                    .collect(),
                groups: groups.into_iter().filter_map(|group| group.id).collect(),
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
