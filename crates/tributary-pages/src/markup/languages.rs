//! The languages that the code macro of each product knows.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::formats::Flavor;

/// The name under which a product's code macro knows a language; none when it does not, and the
/// macro would show an error.
pub(super) fn code_language(flavor: Flavor, language: &str) -> Option<&'static str> {
    let names = match flavor {
        Flavor::Cloud => &*CLOUD_NAMES,
        Flavor::DataCenter => &*DATA_CENTER_NAMES,
    };
    names.get(language.to_ascii_lowercase().as_str()).copied()
}

type Names = HashMap<&'static str, &'static str>;

static CLOUD_NAMES: LazyLock<Names> = LazyLock::new(|| names(CLOUD));
static DATA_CENTER_NAMES: LazyLock<Names> = LazyLock::new(|| names(DATA_CENTER));

/// Every name and alias of a table with the product's name for it.
fn names(table: &[(&'static str, &'static str)]) -> Names {
    let mut names = Names::new();
    for (name, aliases) in table {
        let aliases = aliases.split(' ').filter(|alias| !alias.is_empty());
        for known in aliases.chain([*name]) {
            // Where two claim an alias, the first has it.
            names.entry(known).or_insert(name);
        }
    }
    names
}

/// The names of Cloud's editor (its list of languages, 2026), with what authors write for them.
const CLOUD: &[(&str, &str)] = &[
    (
        "bash",
        "sh shell zsh ksh console shell-session sh-session shellsession terminal command fish",
    ),
    ("rust", "rs"),
    ("javascript", "js mjs cjs node"),
    ("jsx", ""),
    ("typescript", "ts mts cts"),
    ("tsx", ""),
    ("python", "py python3 py3 pycon"),
    ("json", "json5 jsonc jsonl geojson"),
    ("yaml", "yml"),
    (
        "xml",
        "html htm xhtml svg rss xsl xsd plist vue svelte coldfusion",
    ),
    ("java", "javafx jfx"),
    ("go", "golang"),
    ("cpp", "c++ c h hpp cc cxx clike"),
    ("csharp", "cs c#"),
    (
        "sql",
        "postgresql postgres plpgsql psql postgresql-console postgres-console mysql sqlite tsql \
         t-sql pgsql",
    ),
    ("css", "less"),
    ("sass", "scss"),
    ("diff", "patch"),
    ("ruby", "rb duby"),
    ("php", "php3 php4 php5"),
    ("kotlin", "kt kts"),
    ("swift", ""),
    ("scala", "sc"),
    ("powershell", "posh ps1 psm1 pwsh"),
    ("docker", "dockerfile"),
    ("graphql", "gql"),
    ("groovy", "gradle"),
    ("haskell", "hs"),
    ("objectivec", "objective-c obj-c objc"),
    ("perl", "pl"),
    ("r", ""),
    ("lua", ""),
    ("dart", ""),
    ("elixir", "ex exs"),
    ("erlang", "erl"),
    ("ocaml", "ml"),
    ("clojure", "clj cljs"),
    ("matlab", ""),
    ("julia", "jl"),
    ("tex", "latex"),
    ("vbnet", "vb.net vb vfp clipper xbase"),
    ("visualbasic", "visual-basic vba vbs vbscript"),
    ("pascal", "pas delphi objectpascal"),
    ("actionscript", "actionscript3 as as3"),
    ("coffeescript", "coffee coffee-script"),
    ("applescript", ""),
    ("arduino", ""),
    ("abap", "sap-abap"),
    ("ada", "ada95 ada2005"),
    ("fortran", "f90"),
    ("haxe", "hx hxsl"),
    ("puppet", "pp"),
    ("protobuf", "proto"),
    ("prolog", ""),
    ("qml", "qbs"),
    // It is colored as Lisp, which has no name of its own.
    ("racket", "rkt lisp common-lisp cl elisp emacs-lisp"),
    ("restructuredtext", "rst rest"),
    ("scheme", "scm"),
    ("smalltalk", "squeak st"),
    ("standardml", "standard-ml sml"),
    ("tcl", ""),
    ("verilog", "v"),
    ("vhdl", ""),
    ("xquery", "xq xqy xql xqm"),
    ("d", ""),
    ("autoit", ""),
    ("cuda", "cu"),
    ("toml", ""),
    ("hcl", "terraform tf tfvars"),
    ("nginx", "nginxconf"),
    ("markdown", "md mdx"),
    ("handlebars", "mustache hbs"),
    ("gherkin", "cucumber feature"),
    ("vala", "vapi"),
    ("mathematica", "mma nb wolfram"),
    ("livescript", "live-script"),
    ("foxpro", "purebasic"),
    ("octave", ""),
    ("objective-j", "objectivej obj-j objj"),
    ("splunk-spl", "splunkspl spl"),
    ("text", "plaintext txt plain none nohighlight"),
];

/// The names of Data Center's code macro.
const DATA_CENTER: &[(&str, &str)] = &[
    (
        "bash",
        "sh shell zsh ksh console shell-session sh-session shellsession terminal command",
    ),
    ("java", "kotlin kt"),
    ("javafx", "jfx"),
    (
        "js",
        "javascript jsx mjs cjs node typescript ts tsx json json5 jsonc",
    ),
    ("py", "python python3 py3 pycon"),
    ("xml", "html htm xhtml svg rss xsl xsd plist vue svelte"),
    ("yml", "yaml"),
    (
        "sql",
        "postgresql postgres plpgsql psql mysql sqlite tsql pgsql",
    ),
    ("c#", "csharp cs"),
    ("cpp", "c++ c h hpp cc cxx"),
    ("css", "less"),
    ("sass", "scss"),
    ("diff", "patch"),
    ("ruby", "rb"),
    ("php", "php5"),
    ("scala", "sc"),
    ("powershell", "posh ps1 psm1 pwsh"),
    ("groovy", "gradle"),
    ("perl", "pl"),
    ("erl", "erlang"),
    ("vb", "vbnet vb.net visualbasic"),
    ("delphi", "pascal pas"),
    ("actionscript3", "actionscript as3"),
    ("applescript", ""),
    ("coldfusion", "cfm"),
    ("text", "plaintext txt plain none nohighlight"),
];

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{CLOUD, DATA_CENTER, code_language};
    use crate::markup::Flavor;

    /// A list of the products' own, where it is there.
    fn listed(name: &str) -> Option<Value> {
        let text = tributary_testbed::vendor_spec(&format!("storage/{name}"))?;
        Some(serde_json::from_str(&text).expect("the list is JSON"))
    }

    #[test]
    fn cloud_is_given_its_own_names_and_all_of_them() {
        let Some(list) = listed("atlaskit-code-languages.json") else {
            return;
        };
        // What colors a language, by each of its names.
        let mut colored = std::collections::BTreeMap::new();
        for language in list.as_array().expect("a list") {
            for alias in language["alias"].as_array().expect("names") {
                let alias = alias.as_str().expect("a name").to_ascii_lowercase();
                colored.insert(alias, language["value"].as_str().expect("a value"));
            }
        }
        assert!(colored.len() > 100);
        for (name, _) in CLOUD {
            assert!(colored.contains_key(*name), "{name} is no name of Cloud's");
        }
        for (alias, value) in &colored {
            let chosen = code_language(Flavor::Cloud, alias);
            let as_colored = chosen.and_then(|chosen| colored.get(chosen));
            assert_eq!(as_colored, Some(value), "{alias} becomes {chosen:?}");
        }
    }

    #[test]
    fn data_center_is_given_its_own_names_and_all_of_them() {
        let Some(list) = listed("atlassian-confluence-language-map-dc.json") else {
            return;
        };
        let list = list.as_object().expect("names");
        for (name, _) in DATA_CENTER {
            let is_known = list.values().any(|known| known == name);
            // YAML came to its code macro after the list.
            assert!(is_known || *name == "yml", "{name} is no name of its own");
        }
        for (alias, name) in list {
            assert_eq!(
                code_language(Flavor::DataCenter, alias),
                name.as_str(),
                "{alias}"
            );
        }
    }
}
