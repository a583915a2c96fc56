//! Which addresses may stand in a page, in whatever format.

/// Schemes of addresses that run something, or hold another address that may: browsers of today know
/// few of them, and pages of Confluence are read and exported with others.
const UNSAFE_SCHEMES: [&str; 19] = [
    "about",
    "blob",
    "data",
    "feed",
    "filesystem",
    "its",
    "jar",
    "javascript",
    "jscript",
    "livescript",
    "mhtml",
    "mk",
    "mocha",
    "ms-its",
    "res",
    "vbs",
    "vbscript",
    "view-source",
    "wyciwyg",
];

/// Whether an address may stand in a page: anything that leads somewhere, nothing that runs.
pub(super) fn is_safe(url: &str) -> bool {
    // The first letter tells of most.
    if let Some(first @ ('!'..='~')) = url.chars().next()
        && !"abdfijlmrvw".contains(first.to_ascii_lowercase())
    {
        return true;
    }
    // And a scheme ends with a colon.
    if memchr::memchr(b':', url.as_bytes()).is_none() {
        return true;
    }
    let mut scheme = String::new();
    for letter in url.chars() {
        match letter {
            ':' => return !UNSAFE_SCHEMES.contains(&scheme.as_str()),
            // No scheme is that long.
            _ if scheme.len() > 12 => return true,
            _ if letter.is_whitespace() || letter.is_control() => {}
            _ => scheme.extend(letter.to_lowercase()),
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::is_safe;

    #[test]
    fn addresses_that_run_something_are_told_from_those_that_lead_somewhere() {
        for bad in [
            "javascript:x",
            " JavaScript:x",
            "java\nscript:x",
            "\u{1}javascript:x",
            "vbscript:x",
            "data:text/html,x",
            "jscript\n:x",
            "mhtml:http://example.com!x",
            "feed:javascript:x",
            "view-source:http://example.com",
            "blob:https://example.com/x",
            "about:blank",
        ] {
            assert!(!is_safe(bad), "{bad:?}");
        }
        for good in [
            "about",
            "data",
            "data/table.csv",
            "feed.xml",
            "res",
            "https://example.com",
            "mailto:a@b",
            "tel:+1",
            "file://server/share",
            "#javascript:x",
            "/javascript:x",
            "javascripts:x",
            "",
        ] {
            assert!(is_safe(good), "{good:?}");
        }
    }
}
