//! Tells a file's language from its name and its first line.

use syntect::parsing::SyntaxReference;

use super::looks::Looks;

/// Endings and names that the syntaxes do not list themselves, and one that they do.
const ALIASES: [(&str, &str); 23] = [
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
];

/// The language of a file, with the number of its set.
pub(super) fn of<'a>(
    looks: &'a Looks,
    path: &str,
    first_line: &str,
) -> (usize, &'a SyntaxReference) {
    let name = path
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or(path)
        .to_lowercase();
    let ending = name
        .rsplit_once('.')
        .map_or(name.as_str(), |(_, ending)| ending);
    let stem = name.split('.').next().unwrap_or(&name);
    let sets = looks.sets();
    let find = |token: &str| {
        let mut numbered = sets.iter().enumerate();
        numbered.find_map(|(set, known)| Some((set, known.find_syntax_by_extension(token)?)))
    };
    let known = |token: &str| {
        let alias = ALIASES
            .iter()
            .find(|(alias, _)| *alias == token && !looks.has_own(token));
        find(alias.map_or(token, |(_, token)| token))
    };
    known(&name)
        .or_else(|| name.contains('.').then(|| known(ending)).flatten())
        // `Dockerfile.dev`, `Makefile.am`.
        .or_else(|| whole_name(stem).and_then(find))
        .unwrap_or_else(|| {
            let by_content = sets[0].find_syntax_by_first_line(first_line);
            (
                0,
                by_content.unwrap_or_else(|| sets[0].find_syntax_plain_text()),
            )
        })
}

/// Only whole names: `README.zh` is no program in the language that `readme` would end.
fn whole_name(stem: &str) -> Option<&'static str> {
    match stem {
        "dockerfile" | "containerfile" => Some("dockerfile"),
        "makefile" => Some("makefile"),
        "jenkinsfile" => Some("groovy"),
        "caddyfile" => Some("caddyfile"),
        _ => None,
    }
}
