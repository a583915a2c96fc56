//! Who may read and edit a page, as front matter and `.tributary.toml` say it.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use crate::Sentence;

/// What a source or its repository says of a page's restrictions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Restrictions {
    /// Who may read the page; as below when none.
    pub read: Option<Access>,
    /// Who may edit the page; as below when none.
    pub edit: Option<Access>,
}

/// Who may do something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// Whoever may now: what people set in Confluence stays.
    Keep,
    /// Whoever may in the space.
    Everybody,
    /// Nobody else than these, and whoever publishes.
    Only {
        /// Account ids (Cloud) or user names (Data Center).
        users: BTreeSet<String>,
        /// Ids (Cloud) or names (Data Center).
        groups: BTreeSet<String>,
    },
}

impl Restrictions {
    /// Reads what a value says: `keep`, or a map of `read` and `edit`, each of which is `keep`,
    /// `everybody`, a list of users, or a map of `users` and `groups`.
    ///
    /// # Errors
    /// What is wrong, in words that follow the name of the value.
    pub fn read(value: &Value) -> Result<Self, Sentence> {
        if value.as_str() == Some("keep") {
            return Ok(Self {
                read: Some(Access::Keep),
                edit: Some(Access::Keep),
            });
        }
        let Some(map) = value.as_object() else {
            return Err(sentence!(
                "must be `keep`, or name who may `read` and `edit`"
            ));
        };
        if let Some(key) = map
            .keys()
            .find(|key| !["read", "edit"].contains(&key.as_str()))
        {
            return Err(sentence!("knows `read` and `edit`, and not `{key}`", key));
        }
        Ok(Self {
            read: map.get("read").map(access).transpose()?,
            edit: map.get("edit").map(access).transpose()?,
        })
    }

    /// What this one says, and where it says nothing, what another one says.
    #[must_use]
    pub fn over(self, below: &Self) -> Self {
        Self {
            read: self.read.or_else(|| below.read.clone()),
            edit: self.edit.or_else(|| below.edit.clone()),
        }
    }

    /// Each operation that is to change, by the name it has in Confluence.
    pub fn declared(&self) -> Vec<(&'static str, &Access)> {
        [("read", &self.read), ("update", &self.edit)]
            .into_iter()
            .filter_map(|(operation, access)| Some((operation, access.as_ref()?)))
            .filter(|(_, access)| **access != Access::Keep)
            .collect()
    }

    /// Whether a page is to be hidden from somebody.
    pub fn hides(&self) -> bool {
        matches!(self.read, Some(Access::Only { .. }))
    }
}

impl fmt::Display for Restrictions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (operation, access)) in self.declared().into_iter().enumerate() {
            let name = if operation == "update" {
                "edit"
            } else {
                operation
            };
            let comma = if at == 0 { "" } else { "; " };
            write!(formatter, "{comma}{name}: {access}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Access {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keep => formatter.write_str("as it is"),
            Self::Everybody => formatter.write_str("everybody"),
            Self::Only { users, groups } => {
                let groups = groups.iter().map(|group| format!("group {group}"));
                let mut names: Vec<String> = users.iter().cloned().chain(groups).collect();
                names.push("whoever publishes".to_owned());
                formatter.write_str(&names.join(", "))
            }
        }
    }
}

fn access(value: &Value) -> Result<Access, Sentence> {
    match value {
        Value::String(word) if word == "keep" => Ok(Access::Keep),
        Value::String(word) if word == "everybody" => Ok(Access::Everybody),
        Value::Array(_) => Ok(Access::Only {
            users: names(value)?,
            groups: BTreeSet::new(),
        }),
        Value::Object(map) => {
            if let Some(key) = map
                .keys()
                .find(|key| !["users", "groups"].contains(&key.as_str()))
            {
                return Err(sentence!(
                    "knows `users` and `groups`, and not `{key}`",
                    key
                ));
            }
            let of = |key: &str| map.get(key).map(names).transpose();
            Ok(Access::Only {
                users: of("users")?.unwrap_or_default(),
                groups: of("groups")?.unwrap_or_default(),
            })
        }
        _ => Err(sentence!(
            "must say `keep`, `everybody`, or which `users` and `groups` may read or edit"
        )),
    }
}

fn names(value: &Value) -> Result<BTreeSet<String>, Sentence> {
    let wrong = || sentence!("must list names as texts");
    let list = value.as_array().ok_or_else(wrong)?;
    let text = |name: &Value| {
        let name = name.as_str().map(str::trim).filter(|name| !name.is_empty());
        name.map(str::to_owned).ok_or_else(wrong)
    };
    list.iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_said_is_read_and_what_is_not_understood_is_no_restriction() {
        for (value, shown) in [
            (json!("keep"), Ok("")),
            (json!({}), Ok("")),
            (
                json!({"read": "keep", "edit": "everybody"}),
                Ok("edit: everybody"),
            ),
            (
                json!({"edit": ["ada", "bob"]}),
                Ok("edit: ada, bob, whoever publishes"),
            ),
            (
                json!({"read": {"users": ["ada"], "groups": ["staff"]}}),
                Ok("read: ada, group staff, whoever publishes"),
            ),
            (
                json!("none"),
                Err("must be `keep`, or name who may `read` and `edit`"),
            ),
            (
                json!({"write": ["ada"]}),
                Err("knows `read` and `edit`, and not `write`"),
            ),
            (
                json!({"read": {"user": []}}),
                Err("knows `users` and `groups`, and not `user`"),
            ),
            (json!({"read": [7]}), Err("must list names as texts")),
        ] {
            let read = Restrictions::read(&value).map(|read| read.to_string());
            let read = read.map_err(|why| why.to_string());
            assert_eq!(
                read,
                shown.map(str::to_owned).map_err(str::to_owned),
                "{value}"
            );
        }
        let all = Restrictions::read(&json!({"read": ["ada"], "edit": ["bob"]})).expect("known");
        let page = Restrictions::read(&json!({"read": "keep"})).expect("known");
        assert_eq!(page.over(&all).to_string(), "edit: bob, whoever publishes");
    }
}
