//! Holds a document against the official schema of the Atlassian Document Format.
//!
//! The schema next to this file is Atlassian's own (version 57.7.22, Apache-2.0, license beside it).

use std::sync::OnceLock;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, ValidationError, Validator};
use serde_json::Value;

/// Says whether a document is valid ADF; if not, where it first goes wrong and why.
pub(super) fn check(document: &Value) -> Result<(), String> {
    let Err(error) = validator().validate(document) else {
        return Ok(());
    };
    let (place, message) = cause(&error);
    Err(format!("Invalid ADF document at `{place}`: {message}"))
}

fn validator() -> &'static Validator {
    static VALIDATOR: OnceLock<Validator> = OnceLock::new();
    VALIDATOR.get_or_init(|| {
        let schema: Value = serde_json::from_str(include_str!("adf-schema.json"))
            .expect("the schema in the source tree is JSON");
        jsonschema::options()
            .with_draft(Draft::Draft4)
            .build(&schema)
            .expect("the schema in the source tree is a draft-04 schema")
    })
}

/// The place and the words of an error, followed down into the alternative its author meant.
///
/// Most nodes must match one of many alternatives, one per kind of node. Those of another kind say
/// nothing; among the rest, the one that complains least is the one that was meant.
fn cause(error: &ValidationError<'_>) -> (String, String) {
    let place = match error.instance_path().to_string() {
        root if root.is_empty() => "/".to_owned(),
        place => place,
    };
    let (ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context }) =
        error.kind()
    else {
        return (place, shortened(error.to_string()));
    };
    let meant = context
        .iter()
        .filter(|alternative| !alternative.is_empty())
        .filter(|alternative| {
            !alternative
                .iter()
                .any(|inner| is_of_another_kind(inner, error))
        })
        .min_by_key(|alternative| alternative.len());
    match meant.and_then(|alternative| alternative.iter().max_by_key(|inner| depth(inner))) {
        Some(inner) => cause(inner),
        None => match error.instance()["type"].as_str() {
            Some(kind) => (
                place,
                format!("a node or mark of type '{kind}' is not allowed here"),
            ),
            None => (place, shortened(error.to_string())),
        },
    }
}

/// Whether an alternative failed because it describes another type than the document has there.
fn is_of_another_kind(inner: &ValidationError<'_>, outer: &ValidationError<'_>) -> bool {
    match inner.kind() {
        ValidationErrorKind::Enum { .. } => {
            inner.instance_path().to_string() == format!("{}/type", outer.instance_path())
        }
        // An alternative may itself be a list of alternatives, of which none fits.
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            inner.instance_path() == outer.instance_path()
                && context.iter().all(|alternative| {
                    alternative
                        .iter()
                        .any(|innermost| is_of_another_kind(innermost, outer))
                })
        }
        _ => false,
    }
}

fn depth(error: &ValidationError<'_>) -> usize {
    error.instance_path().to_string().matches('/').count()
}

/// A message that quotes a whole subtree is of no use to anybody.
fn shortened(mut message: String) -> String {
    const LONGEST: usize = 300;
    if message.len() > LONGEST {
        let cut = (0..=LONGEST)
            .rev()
            .find(|index| message.is_char_boundary(*index));
        message.truncate(cut.unwrap_or(0));
        message.push('…');
    }
    message
}
