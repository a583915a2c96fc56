//! What merging needs to know of a page's past: read from its versions, kept in its properties.
//!
//! `docs/decisions/0006-merging.md` says why.

use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};
use tributary_pages::markup::BodyFormat;
use tributary_pages::plan::{Edited, RemotePage, base_hash};

use crate::confluence::Client;
use crate::error::{Error, ErrorKind};

use super::known::Addresses;

/// Versions of people's on top of ours that are gone through to find ours.
const MOST_VERSIONS: u32 = 100;

/// Bytes of a body that go into one property. Both products take 32 KB of JSON, in which a quotation
/// mark counts twice.
const PART: usize = 12_000;

/// The beginning of the keys of what is kept.
const PREFIX: &str = "tributary.base.";

/// Finds what the source said when a page was last published, beside what the page says now. None
/// when that cannot be found, or is not what we wrote.
pub(super) async fn edited(
    client: &Client,
    page: &RemotePage,
    format: BodyFormat,
    addresses: &Addresses,
    body: String,
) -> Result<Option<Edited>, Error> {
    let id = page.id.as_str();
    let body = addresses.read(client, format, id, body).await?;
    if let Some(marker) = &page.marker {
        let Some(hash) = &marker.merged else {
            return Ok(None);
        };
        let base = kept(client, id, hash).await?;
        return Ok(base.map(|base| Edited {
            base_title: page.title.clone(),
            words: page.words.clone(),
            base,
            body,
        }));
    }
    // One that is an earlier version again stands for that one, and what was in between for nothing.
    let below = |number: u32, again: Option<u32>| match again {
        Some(again) if again < number => again,
        _ => number.saturating_sub(1),
    };
    let mut number = below(page.version, page.again);
    for _ in 0..MOST_VERSIONS {
        if number == 0 {
            break;
        }
        let then = match client.at_version(id, number, format).await {
            Ok(then) => then,
            // Versions can be deleted, and the one that is gone may be ours: merging from an older
            // one would bring back what the source took out since.
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let Some(marker) = then.marker else {
            number = below(number, then.again);
            continue;
        };
        let base = match marker.merged {
            Some(hash) => kept(client, id, &hash).await?,
            None => match then.body {
                Some(then) => Some(addresses.read(client, format, id, then).await?),
                None => None,
            },
        };
        return Ok(base.map(|base| Edited {
            base_title: then.title,
            words: then.words,
            base,
            body,
        }));
    }
    Ok(None)
}

/// Keeps what the source alone becomes, before the version is written that says something else.
/// It goes by its own hash, so that what an earlier version needs stays until that is replaced.
pub(super) async fn keep(client: &Client, page: &str, base: &str) -> Result<(), Error> {
    let hash = base_hash(base);
    let parts = parts(base);
    let count = parts.len();
    for (number, text) in parts.into_iter().enumerate() {
        let value = json!({"parts": count, "text": text});
        client
            .set_property(page, &key(&hash, number), &value)
            .await?;
    }
    Ok(())
}

/// Removes what was kept for versions that were merged before the one that these hashes belong to.
pub(super) async fn forget_others(
    client: &Client,
    page: &str,
    needed: &[&str],
) -> Result<(), Error> {
    let is_old = |key: &str| {
        let rest = key.strip_prefix(PREFIX);
        let hash = rest.and_then(|rest| rest.rsplit_once('.'));
        hash.is_some_and(|(hash, _)| !needed.contains(&hash))
    };
    client.remove_properties(page, is_old).await
}

async fn kept(client: &Client, page: &str, hash: &str) -> Result<Option<String>, Error> {
    let Some(first) = client.property_value(page, &key(hash, 0)).await? else {
        return Ok(None);
    };
    let count = first["parts"].as_u64().unwrap_or(1);
    let rest: Vec<Option<Value>> = stream::iter(1..usize::try_from(count).unwrap_or(1))
        .map(|number| async move { client.property_value(page, &key(hash, number)).await })
        .buffered(4)
        .try_collect()
        .await?;
    let mut base = String::new();
    for value in std::iter::once(Some(first)).chain(rest) {
        match value.as_ref().and_then(|value| value["text"].as_str()) {
            Some(text) => base.push_str(text),
            None => return Ok(None),
        }
    }
    // Everybody who may edit the page may change its properties.
    Ok((base_hash(&base) == hash).then_some(base))
}

fn key(hash: &str, number: usize) -> String {
    format!("{PREFIX}{hash}.{number}")
}

fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while rest.len() > PART {
        let (part, after) = rest.split_at(rest.floor_char_boundary(PART));
        parts.push(part);
        rest = after;
    }
    parts.push(rest);
    parts
}

#[cfg(test)]
mod tests {
    use super::{PART, parts};

    #[test]
    fn parts_are_small_and_make_the_whole() {
        for text in ["".to_owned(), "a".repeat(PART), "ö\"".repeat(PART)] {
            let parts = parts(&text);
            assert_eq!(parts.concat(), text);
            for part in parts {
                let json = serde_json::json!({"parts": 1, "text": part}).to_string();
                assert!(json.len() < 32 * 1024, "{}", json.len());
            }
        }
    }
}
