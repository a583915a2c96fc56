//! What a publish changed of a page beside its text, and how that was before: what taking the
//! publish back needs, and the versions of a page do not tell.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::confluence::{ORIGIN_PROPERTY, Restricted, RestrictionChange, Side, Subjects};

/// What was changed of a page that was there, beside its text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Before {
    /// Labels that were added.
    pub labels_added: Vec<String>,
    /// Labels that were taken off.
    pub labels_removed: Vec<String>,
    /// Content properties that were set or taken away, by their keys.
    pub properties: BTreeMap<String, PropertyChange>,
    /// How its place changed.
    pub place: Option<PlaceChange>,
    /// Whether it was put beside another page.
    pub reordered: bool,
    /// Where it stood among the pages beside it, where the product has that.
    pub stood: Option<Stood>,
    /// Files that were written over, by their names.
    pub files: BTreeMap<String, FileChange>,
    /// Files that the page did not have, by their names, with the SHA-256 of what was sent.
    pub files_added: BTreeMap<String, String>,
    /// The names of files that went into the trash, because an earlier publish that was taken back had
    /// put them on the page.
    pub files_taken: Vec<String>,
    /// Who may read and edit it, where that changed and the site tells how it was.
    pub restrictions: Option<RestrictionChange>,
}

/// Where a page stood among those below the same page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stood {
    /// The page that it was right behind; none for the first.
    pub behind: Option<String>,
    /// The page that it was put beside, and the side of it, unless it was only moved below another.
    pub put: Option<(Side, String)>,
    /// The page that both are below since; earlier reports do not tell.
    pub below: Option<String>,
}

/// A file that another was put in the place of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// The attachment's id.
    pub attachment: String,
    /// The number of the version that was on top.
    pub version: u32,
    /// What stood beside that version.
    pub comment: String,
    /// Its media type.
    pub media_type: String,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 of what was put in its place.
    pub is: String,
}

/// How a content property changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PropertyChange {
    /// Its value before; none when the page had no such property.
    pub was: Option<Value>,
    /// Its value since; none when it was taken away.
    pub is: Option<Value>,
}

/// How the place of a page changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceChange {
    /// The page that it was below; none at the top of the space.
    pub from: Option<String>,
    /// The number by which it was sorted there. Data Center only.
    pub position: Option<i64>,
    /// The page that it is below since.
    pub to: Option<String>,
}

impl Before {
    /// The names of what was changed, as reports give them.
    pub fn names(&self) -> Vec<&'static str> {
        let all = [
            (self.has_relabeled(), "labels"),
            (self.has_set(), "properties"),
            (self.place.is_some(), "place"),
            (self.reordered, "order"),
            (!self.files.is_empty(), "files"),
            (self.restrictions.is_some(), "restrictions"),
        ];
        let changed = all.into_iter().filter(|(is_changed, _)| *is_changed);
        changed.map(|(_, name)| name).collect()
    }

    /// Whether labels were added or taken off.
    pub fn has_relabeled(&self) -> bool {
        !self.labels_added.is_empty() || !self.labels_removed.is_empty()
    }

    /// Whether a property was set or taken away beside the one that says where the page came from.
    fn has_set(&self) -> bool {
        self.properties.keys().any(|key| key != ORIGIN_PROPERTY)
    }

    /// As reports have it: what did not change is not there.
    pub(super) fn to_json(&self) -> Value {
        let mut shown = Map::new();
        if self.has_relabeled() {
            let labels = json!({"added": self.labels_added, "removed": self.labels_removed});
            shown.insert("labels".to_owned(), labels);
        }
        if !self.properties.is_empty() {
            let change = |change: &PropertyChange| {
                let sides = [("was", &change.was), ("is", &change.is)].into_iter();
                let known =
                    sides.filter_map(|(side, value)| Some((side.to_owned(), value.clone()?)));
                Value::Object(known.collect())
            };
            let properties = self.properties.iter();
            let properties = properties.map(|(key, value)| (key.clone(), change(value)));
            shown.insert("properties".to_owned(), properties.collect());
        }
        if let Some(place) = &self.place {
            let mut moved = json!({"from": place.from, "to": place.to});
            if let Some(position) = place.position {
                moved["position"] = position.into();
            }
            shown.insert("place".to_owned(), moved);
        }
        if let Some(stood) = &self.stood {
            let mut order = json!({"behind": stood.behind});
            match &stood.put {
                Some((Side::After, page)) => order["put_after"] = json!(page),
                Some((Side::Before, page)) => order["put_before"] = json!(page),
                None => {}
            }
            if let Some(below) = &stood.below {
                order["below"] = json!(below);
            }
            shown.insert("order".to_owned(), order);
        }
        if !self.files.is_empty() {
            let change = |change: &FileChange| {
                json!({
                    "attachment": change.attachment,
                    "version": change.version,
                    "comment": change.comment,
                    "media_type": change.media_type,
                    "size": change.size,
                    "is": change.is,
                })
            };
            let files = self.files.iter();
            let files = files.map(|(name, file)| (name.clone(), change(file)));
            shown.insert("files".to_owned(), files.collect());
        }
        if !self.files_added.is_empty() {
            shown.insert("files_added".to_owned(), json!(self.files_added));
        }
        if !self.files_taken.is_empty() {
            shown.insert("files_taken".to_owned(), json!(self.files_taken));
        }
        if let Some(change) = &self.restrictions {
            let sides = json!({"was": as_json(&change.was), "is": as_json(&change.is)});
            shown.insert("restrictions".to_owned(), sides);
        }
        Value::Object(shown)
    }

    /// Reads what [`Before::to_json`] wrote, and the names beside it; what is missing did not
    /// change.
    pub(super) fn read(value: &Value, names: &[String]) -> Self {
        let texts = |value: &Value| {
            let texts = value.as_array().into_iter().flatten();
            texts.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let properties = value["properties"].as_object().into_iter().flatten();
        Self {
            labels_added: texts(&value["labels"]["added"]),
            labels_removed: texts(&value["labels"]["removed"]),
            properties: properties
                .map(|(key, change)| {
                    let change = PropertyChange {
                        was: change.get("was").cloned(),
                        is: change.get("is").cloned(),
                    };
                    (key.clone(), change)
                })
                .collect(),
            place: value["place"].as_object().map(|place| PlaceChange {
                from: place.get("from").and_then(text),
                position: place.get("position").and_then(Value::as_i64),
                to: place.get("to").and_then(text),
            }),
            reordered: names.iter().any(|name| name == "order"),
            stood: value["order"].as_object().map(|order| {
                let put = |side, key| Some((side, order.get(key).and_then(text)?));
                Stood {
                    behind: order.get("behind").and_then(text),
                    put: put(Side::After, "put_after").or_else(|| put(Side::Before, "put_before")),
                    below: order.get("below").and_then(text),
                }
            }),
            files: value["files"]
                .as_object()
                .into_iter()
                .flatten()
                .filter_map(|(name, file)| Some((name.clone(), FileChange::read(file)?)))
                .collect(),
            files_added: value["files_added"]
                .as_object()
                .into_iter()
                .flatten()
                .filter_map(|(name, sha256)| Some((name.clone(), text(sha256)?)))
                .collect(),
            files_taken: texts(&value["files_taken"]),
            restrictions: value["restrictions"].as_object().and_then(|change| {
                Some(RestrictionChange {
                    was: restricted(change.get("was")?),
                    is: restricted(change.get("is")?),
                })
            }),
        }
    }
}

impl FileChange {
    fn read(value: &Value) -> Option<Self> {
        let text = |key: &str| value[key].as_str().map(str::to_owned);
        Some(Self {
            attachment: text("attachment")?,
            version: u32::try_from(value["version"].as_u64()?).ok()?,
            comment: text("comment")?,
            media_type: text("media_type")?,
            size: value["size"].as_u64()?,
            is: text("is")?,
        })
    }
}

fn as_json(restricted: &Restricted) -> Value {
    let operations = restricted.iter().map(|(operation, subjects)| {
        let subjects = json!({"users": subjects.users, "groups": subjects.groups});
        (operation.clone(), subjects)
    });
    Value::Object(operations.collect())
}

fn restricted(value: &Value) -> Restricted {
    let names = |value: &Value| {
        let names = value.as_array().into_iter().flatten();
        names.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let operations = value.as_object().into_iter().flatten();
    let operations = operations.map(|(operation, subjects)| {
        let subjects = Subjects {
            users: names(&subjects["users"]),
            groups: names(&subjects["groups"]),
        };
        (operation.clone(), subjects)
    });
    operations.collect()
}
