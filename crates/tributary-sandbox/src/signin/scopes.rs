//! Which scopes a call through the Cloud gateway needs.

use std::collections::BTreeSet;
use std::sync::OnceLock;

struct Rule {
    method: &'static str,
    path: Vec<&'static str>,
    alternatives: Vec<Vec<&'static str>>,
}

fn rules() -> &'static [Rule] {
    static RULES: OnceLock<Vec<Rule>> = OnceLock::new();
    RULES.get_or_init(|| {
        include_str!("scopes.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| {
                let (method, rest) = line.split_once(' ')?;
                let (path, scopes) = rest.split_once(' ')?;
                Some(Rule {
                    method,
                    path: path.split('/').collect(),
                    alternatives: scopes
                        .split('|')
                        .map(|scopes| scopes.split_whitespace().collect())
                        .collect(),
                })
            })
            .collect()
    })
}

/// Whether these scopes suffice for a call; `path` begins with `/wiki/`.
///
/// A call that the published documents do not list needs no scope here: whether it exists at all is
/// the business of the API.
pub(super) fn suffice(scopes: &BTreeSet<String>, method: &str, path: &str) -> bool {
    let path = path
        .split('?')
        .next()
        .unwrap_or_default()
        .trim_end_matches('/');
    let segments: Vec<&str> = path.split('/').collect();
    let rule = rules()
        .iter()
        .filter(|rule| rule.method == method && matches(&rule.path, &segments))
        // `/content/search` is also a `/content/*`; the one with fewer wildcards is meant.
        .min_by_key(|rule| rule.path.iter().filter(|segment| **segment == "*").count());
    let Some(rule) = rule else { return true };
    rule.alternatives
        .iter()
        .any(|needed| needed.iter().all(|scope| scopes.contains(*scope)))
}

fn matches(pattern: &[&str], segments: &[&str]) -> bool {
    pattern.len() == segments.len()
        && pattern
            .iter()
            .zip(segments)
            .all(|(wanted, found)| *wanted == "*" || wanted == found)
}

/// Whether a scope exists; an application cannot ask for one that does not.
pub(super) fn exists(scope: &str) -> bool {
    matches!(scope, "offline_access" | "read:me" | "read:account")
        || rules().iter().flat_map(|rule| &rule.alternatives).flatten().any(|known| *known == scope)
        // Scopes that exist but guard no call of the published documents kept here.
        || matches!(
            scope,
            "manage:confluence-configuration" | "read:confluence-props" | "write:confluence-props"
                | "read:confluence-space.summary" | "write:confluence-space" | "read:confluence-groups"
                | "read:confluence-content.permission" | "read:content.metadata:confluence"
                | "read:content-details:confluence" | "write:attachment:confluence"
        )
}

/// What a scope lets an application do, in words for the person who is asked.
pub(super) fn in_words(scope: &str) -> String {
    let known = match scope {
        "offline_access" => "Stay signed in while you are away",
        "read:me" => "See who you are: name, email and picture",
        "write:confluence-content" => "Add labels, move pages and set restrictions",
        "write:confluence-file" => "Upload attachments",
        "read:confluence-content.all" => "Read content, including bodies",
        "read:confluence-content.summary" => "Read summaries of content",
        "read:confluence-user" => "See people",
        "search:confluence" => "Search",
        "readonly:content.attachment:confluence" => "Download attachments",
        "READ" => "View everything you can view",
        "WRITE" => "View and change everything you can change",
        "ADMIN" => "Administer Confluence as you can",
        "SYSTEM_ADMIN" => "Administer the system as you can",
        _ => "",
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    let mut parts = scope.split(':');
    match (parts.next(), parts.next()) {
        (Some(verb), Some(noun)) => {
            let verb = match verb {
                "read" => "View",
                "write" => "Create and change",
                "delete" => "Delete",
                other => other,
            };
            format!("{verb}: {}", noun.replace(['.', '-'], " "))
        }
        _ => scope.to_owned(),
    }
}
