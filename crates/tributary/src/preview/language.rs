//! Tells a file's language from its name and its first line.

use syntect::parsing::{SyntaxReference, SyntaxSet};

/// Endings and names that the syntaxes do not list themselves, and one that they do.
const ALIASES: [(&str, &str); 24] = [
    ("mdx", "md"),
    ("mdown", "md"),
    ("jsonc", "json"),
    ("json5", "json"),
    ("geojson", "json"),
    ("webmanifest", "json"),
    ("mts", "ts"),
    ("cts", "ts"),
    ("cjs", "js"),
    ("mjs", "js"),
    ("svg", "xml"),
    ("csproj", "xml"),
    ("gradle", "groovy"),
    ("tfvars", "tf"),
    ("hcl", "tf"),
    ("pyi", "py"),
    ("bazel", "bzl"),
    ("bats", "sh"),
    ("ksh", "sh"),
    ("astro", "html"),
    ("htmx", "html"),
    ("cargo.lock", "toml"),
    ("containerfile", "dockerfile"),
    ("justfile", "makefile"),
];

pub(super) fn of<'a>(syntaxes: &'a SyntaxSet, path: &str, text: &str) -> &'a SyntaxReference {
    let name = path
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or(path)
        .to_lowercase();
    let ending = name
        .rsplit_once('.')
        .map_or(name.as_str(), |(_, ending)| ending);
    let stem = name.split('.').next().unwrap_or(&name);
    let known = |token: &str| {
        let alias = ALIASES.iter().find(|(alias, _)| *alias == token);
        syntaxes.find_syntax_by_extension(alias.map_or(token, |(_, token)| token))
    };
    known(&name)
        .or_else(|| if name.contains('.') { known(ending) } else { None })
        // `Dockerfile.dev`, `Makefile.am`.
        .or_else(|| if stem.is_empty() { None } else { known_name(syntaxes, stem) })
        .or_else(|| syntaxes.find_syntax_by_first_line(text.lines().next().unwrap_or_default()))
        .unwrap_or_else(|| syntaxes.find_syntax_plain_text())
}

/// Only whole names: `README.zh` is no program in the language that `readme` would end.
fn known_name<'a>(syntaxes: &'a SyntaxSet, stem: &str) -> Option<&'a SyntaxReference> {
    match stem {
        "dockerfile" | "containerfile" => syntaxes.find_syntax_by_extension("dockerfile"),
        "makefile" => syntaxes.find_syntax_by_extension("makefile"),
        "jenkinsfile" => syntaxes.find_syntax_by_extension("groovy"),
        _ => None,
    }
}
