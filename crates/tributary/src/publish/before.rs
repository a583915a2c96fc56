//! What a publish changed of a page beside its text, and how that was before: what taking the
//! publish back needs, and the versions of a page do not tell.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// What was changed of a page that was there, beside its text, files and restrictions.
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
    /// Whether it was put beside another page. Where it was among those beside it is not kept.
    pub reordered: bool,
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
            (!self.properties.is_empty(), "properties"),
            (self.place.is_some(), "place"),
            (self.reordered, "order"),
        ];
        let changed = all.into_iter().filter(|(is_changed, _)| *is_changed);
        changed.map(|(_, name)| name).collect()
    }

    /// Whether labels were added or taken off.
    pub fn has_relabeled(&self) -> bool {
        !self.labels_added.is_empty() || !self.labels_removed.is_empty()
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
        }
    }
}
