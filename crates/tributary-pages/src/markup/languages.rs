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
    ("javascript", "js jsx mjs cjs node"),
    ("typescript", "ts tsx mts cts"),
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
        "postgresql postgres plpgsql psql mysql sqlite tsql t-sql pgsql",
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
    ("vbnet", "vb.net vb visualbasic"),
    ("pascal", "pas delphi objectpascal"),
    ("actionscript", "actionscript3 as as3"),
    ("coffeescript", "coffee coffee-script"),
    ("applescript", ""),
    ("arduino", ""),
    ("abap", "sap-abap"),
    ("ada", "ada95 ada2005"),
    ("fortran", "f90"),
    ("haxe", "hx"),
    ("puppet", "pp"),
    ("protobuf", "proto"),
    ("prolog", ""),
    ("qml", ""),
    ("racket", ""),
    ("restructuredtext", "rst rest"),
    ("scheme", "scm"),
    ("smalltalk", ""),
    ("standard-ml", "sml"),
    ("tcl", ""),
    ("verilog", "v"),
    ("vhdl", ""),
    ("xquery", "xq"),
    ("d", ""),
    ("lisp", "common-lisp cl"),
    ("autoit", ""),
    ("cuda", "cu"),
    ("text", "plaintext txt plain none nohighlight"),
];

/// The names of Data Center's code macro.
const DATA_CENTER: &[(&str, &str)] = &[
    (
        "bash",
        "sh shell zsh ksh console shell-session sh-session shellsession terminal command",
    ),
    ("java", "javafx jfx kotlin kt"),
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
