//! Who may read and edit a page, as the official documents of both products say it is set.
//!
//! They are held and given back, and hide nothing here: the sandbox has too few people for that.
//! Assumed, because the documents do not say it: the statuses of what is refused on Data Center, and
//! that Data Center answers the question that Cloud's document has. Data Center's document names
//! `restriction/byOperation` without its answer; assumed is that of the earlier ones, each operation
//! under its name.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::answers::{Answer, Outcome, Request};
use crate::signin::Product;
use crate::state::Store;

const OPERATIONS: [&str; 2] = ["read", "update"];

/// What is held of one page, by operation: `{"user": […], "group": […]}`.
pub(crate) fn held(store: &Store, page: i64) -> rusqlite::Result<BTreeMap<String, Value>> {
    let found = store.properties(&owner(page), None)?;
    Ok(found
        .into_iter()
        .map(|property| (property.key, property.value))
        .collect())
}

/// Lets only one person read and edit a page.
pub(crate) fn keep_to(store: &Store, page: i64, user: &str) -> rusqlite::Result<()> {
    for operation in OPERATIONS {
        set(
            store,
            page,
            operation,
            Some(json!({"user": [user], "group": []})),
        )?;
    }
    Ok(())
}

/// Answers `/rest/api/content/{id}/restriction`. `me` is who asks, as the product names people.
pub(crate) fn serve(
    store: &Store,
    product: Product,
    request: &Request,
    page: i64,
    me: &str,
) -> Outcome {
    match request.method.as_str() {
        "GET" => {}
        "DELETE" if product == Product::Cloud => {
            for operation in OPERATIONS {
                set(store, page, operation, None)?;
            }
        }
        "PUT" => {
            let asked = request.json()?;
            let entries = match &asked {
                Value::Array(entries) => entries.clone(),
                // Cloud takes what it gave, too.
                other if product == Product::Cloud => other["results"]
                    .as_array()
                    .cloned()
                    .ok_or_else(|| Answer::bad("results is required"))?,
                _ => return Err(Answer::bad("A list of restrictions is required")),
            };
            let wanted = entries
                .iter()
                .map(|entry| read(store, product, page, entry))
                .collect::<Result<BTreeMap<String, Value>, Answer>>()?;
            let names =
                |value: &Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
            let locks_out = wanted.values().any(|value| {
                let (users, groups) = (names(value, "user"), names(value, "group"));
                let is_restricted = !users.is_empty() || !groups.is_empty();
                is_restricted && !users.contains(&json!(me))
            });
            if product == Product::DataCenter && locks_out {
                return Err(Answer::forbidden(
                    "Modifying restrictions to revoke the requesting user's access is prohibited",
                ));
            }
            for operation in OPERATIONS {
                match wanted.get(operation) {
                    Some(value) => set(store, page, operation, Some(value.clone()))?,
                    // Cloud's are replaced by those of the request.
                    None if product == Product::Cloud => set(store, page, operation, None)?,
                    None => {}
                }
            }
        }
        _ => return Err(Answer::not_found("No such resource")),
    }
    let held = held(store, page)?;
    let results: Vec<Value> = OPERATIONS
        .iter()
        .map(|operation| shown(product, operation, held.get(*operation)))
        .collect();
    Ok(Answer::json(json!({
        "results": results, "start": 0, "limit": 100, "size": results.len(),
        "restrictionsHash": "", "_links": {"base": request.base},
    })))
}

/// Answers `GET /rest/api/content/{id}/restriction/byOperation` of Data Center.
pub(crate) fn by_operation(store: &Store, page: i64) -> Outcome {
    let held = held(store, page)?;
    let shown = |operation| shown(Product::DataCenter, operation, held.get(operation));
    Ok(Answer::json(json!({
        "read": shown("read"), "update": shown("update"), "_links": {},
    })))
}

fn owner(page: i64) -> String {
    format!("restrictions/{page}")
}

fn set(store: &Store, page: i64, operation: &str, value: Option<Value>) -> rusqlite::Result<()> {
    for known in store.properties(&owner(page), Some(operation))? {
        store.remove_property(known.id)?;
    }
    let is_any = |value: &Value| value["user"] != json!([]) || value["group"] != json!([]);
    if let Some(value) = value.filter(is_any) {
        store.add_property(&owner(page), operation, &value)?;
    }
    Ok(())
}

/// Reads the restriction of one operation.
fn read(
    store: &Store,
    product: Product,
    page: i64,
    entry: &Value,
) -> Result<(String, Value), Answer> {
    let operation = entry["operation"].as_str().unwrap_or_default();
    if !OPERATIONS.contains(&operation) {
        return Err(Answer::bad("Only `read` and `update` can be restricted"));
    }
    let given = &entry["restrictions"];
    let (user_key, group_key) = match product {
        Product::Cloud => ("accountId", "id"),
        Product::DataCenter => ("username", "name"),
    };
    let before = held(store, page)?;
    let mut value = json!({});
    for (kind, key) in [("user", user_key), ("group", group_key)] {
        let list = match (&given[kind], product) {
            (Value::Array(list), _) => list.clone(),
            // What is missing stays on Data Center, and is none on Cloud.
            (Value::Null, Product::DataCenter) => {
                let there = before.get(operation).map(|before| before[kind].clone());
                value[kind] = there.unwrap_or_else(|| json!([]));
                continue;
            }
            (Value::Null, Product::Cloud) => Vec::new(),
            _ => return Err(Answer::bad("Users and groups are lists")),
        };
        if product == Product::Cloud && given.get(kind).is_some() && list.is_empty() {
            return Err(Answer::bad("A list without an item is to be left out"));
        }
        let names = list.iter().map(|one| {
            let named = one[key].as_str().filter(|_| one["type"].is_string());
            let named = named.ok_or_else(|| Answer::bad(&format!("{kind} needs type and {key}")));
            named.map(|name| json!(name))
        });
        value[kind] = names.collect::<Result<Vec<Value>, Answer>>()?.into();
    }
    if product == Product::Cloud && given.get("user").is_none() && given.get("group").is_none() {
        return Err(Answer::bad(
            "At least one of user or group must be specified",
        ));
    }
    Ok((operation.to_owned(), value))
}

fn shown(product: Product, operation: &str, held: Option<&Value>) -> Value {
    let (user_key, group_key) = match product {
        Product::Cloud => ("accountId", "id"),
        Product::DataCenter => ("username", "name"),
    };
    let list = |kind: &str, key: &str, word: &str| -> Value {
        let names = held.and_then(|held| held[kind].as_array().cloned());
        let names = names.unwrap_or_default();
        let results: Vec<Value> = names
            .into_iter()
            .map(|name| {
                let mut one = json!({"type": word});
                one[key] = name.clone();
                one["name"] = name;
                one
            })
            .collect();
        json!({"results": results, "start": 0, "limit": 100, "size": results.len()})
    };
    json!({
        "operation": operation,
        "restrictions": {
            "user": list("user", user_key, "known"),
            "group": list("group", group_key, "group"),
        },
        "_expandable": {"content": ""},
        "_links": {},
    })
}
