//! Languages that documentation repositories hold and the set of syntaxes does not: their words,
//! texts, numbers and comments. Each is written from its language's own reference.

use syntect::parsing::syntax_definition::SyntaxDefinition;
use syntect::parsing::{SyntaxSet, SyntaxSetBuilder};

struct Language {
    name: &'static str,
    endings: &'static [&'static str],
    /// What begins a comment up to the end of the line.
    comment: &'static str,
    /// What begins and ends a longer one.
    block: Option<(&'static str, &'static str)>,
    /// What texts stand between.
    quotes: &'static [char],
    keywords: &'static str,
    types: &'static str,
    constants: &'static str,
}

const C_BLOCK: Option<(&str, &str)> = Some(("/*", "*/"));

#[rustfmt::skip]
const LANGUAGES: [Language; 17] = [
    Language { name: "Avro IDL", endings: &["avdl"], comment: "//", block: C_BLOCK, quotes: &['"'],
        keywords: "protocol namespace record enum fixed error import idl schema oneway throws union array map void",
        types: "boolean bytes int string float double decimal date time_ms timestamp_ms uuid", constants: "true false null" },
    Language { name: "Bicep", endings: &["bicep", "bicepparam"], comment: "//", block: C_BLOCK, quotes: &['\''],
        keywords: "targetScope param var resource module output metadata type import using existing for in if func provider extension assert",
        types: "string int bool object array", constants: "true false null" },
    Language { name: "Caddyfile", endings: &["caddyfile"], comment: "#", block: None, quotes: &['"', '`'],
        keywords: "import handle handle_path route respond reverse_proxy file_server root encode log tls redir rewrite header php_fastcgi templates basic_auth try_files uri vars map bind",
        types: "", constants: "on off" },
    Language { name: "Cap'n Proto", endings: &["capnp"], comment: "#", block: None, quotes: &['"'],
        keywords: "struct enum interface union group import using const annotation extends in of on as with from fixed",
        types: "Void Bool Int8 Int16 Int32 Int64 UInt8 UInt16 UInt32 UInt64 Float32 Float64 Text Data List AnyPointer AnyStruct Capability",
        constants: "true false void inf" },
    Language { name: "CUE", endings: &["cue"], comment: "//", block: None, quotes: &['"', '\''],
        keywords: "package import for in if let", types: "bool int float string bytes number uint uint8 uint16 uint32 uint64 int8 int16 int32 int64",
        constants: "true false null _" },
    Language { name: "Dhall", endings: &["dhall"], comment: "--", block: Some(("{-", "-}")), quotes: &['"'],
        keywords: "let in if then else merge toMap assert with using as forall missing", types: "Bool Natural Integer Double Text List Optional Type Kind Sort Date Time",
        constants: "True False None Some" },
    Language { name: "Gherkin", endings: &["feature"], comment: "#", block: Some(("\"\"\"", "\"\"\"")), quotes: &['"'],
        keywords: "Feature Rule Background Scenario Outline Template Example Examples Scenarios Given When Then And But", types: "", constants: "" },
    Language { name: "Gleam", endings: &["gleam"], comment: "//", block: None, quotes: &['"'],
        keywords: "as assert auto case const delegate derive echo else external fn if implement import let macro opaque panic pub test todo type use",
        types: "Int Float String Bool List Result Nil BitArray Option", constants: "True False Ok Error Some None" },
    Language { name: "Just", endings: &["just", "justfile"], comment: "#", block: None, quotes: &['"', '\'', '`'],
        keywords: "alias export import mod set if else assert unexport", types: "", constants: "true false" },
    Language { name: "KDL", endings: &["kdl"], comment: "//", block: C_BLOCK, quotes: &['"'],
        keywords: "", types: "", constants: "true false null" },
    Language { name: "Kusto", endings: &["kql", "csl"], comment: "//", block: None, quotes: &['"', '\''],
        keywords: "let where project extend summarize by join kind on union order sort asc desc top take limit distinct count parse evaluate render make-series mv-expand lookup as print datatable between in has contains startswith endswith and or not",
        types: "string int long real decimal datetime timespan dynamic guid bool", constants: "true false null" },
    Language { name: "Mermaid", endings: &["mmd", "mermaid"], comment: "%%", block: None, quotes: &['"'],
        keywords: "graph flowchart sequenceDiagram classDiagram stateDiagram stateDiagram-v2 erDiagram gantt pie journey gitGraph mindmap timeline quadrantChart requirementDiagram subgraph end participant actor note over loop alt else opt par and critical break rect activate deactivate direction class classDef style linkStyle click section title state",
        types: "TB TD BT LR RL", constants: "" },
    Language { name: "Nushell", endings: &["nu"], comment: "#", block: None, quotes: &['"', '\'', '`'],
        keywords: "def export extern use module let mut const if else match for in while loop break continue return try catch do alias overlay hide source where each not and or",
        types: "int float string bool list record table any nothing duration filesize datetime closure", constants: "true false null" },
    Language { name: "PlantUML", endings: &["puml", "plantuml", "pu", "iuml", "wsd"], comment: "'", block: Some(("/'", "'/")), quotes: &['"'],
        keywords: "@startuml @enduml @startmindmap @endmindmap @startgantt @endgantt participant actor boundary control entity database collections queue component package node cloud folder frame rectangle interface class abstract enum annotation state usecase note end left right of over title legend skinparam hide show activate deactivate alt else opt loop par group as if then endif while start stop include",
        types: "", constants: "" },
    Language { name: "Prisma", endings: &["prisma"], comment: "//", block: None, quotes: &['"'],
        keywords: "model enum type view datasource generator", types: "String Boolean Int BigInt Float Decimal DateTime Json Bytes Unsupported",
        constants: "true false" },
    Language { name: "Smithy", endings: &["smithy"], comment: "//", block: None, quotes: &['"'],
        keywords: "namespace use metadata service resource operation structure union list map enum intEnum apply with for simple",
        types: "blob boolean string byte short integer long float double bigInteger bigDecimal timestamp document Blob Boolean String Integer Long Double Timestamp",
        constants: "true false null" },
    Language { name: "Thrift", endings: &["thrift"], comment: "//", block: C_BLOCK, quotes: &['"', '\''],
        keywords: "namespace include cpp_include const typedef enum struct union exception service extends required optional oneway throws void",
        types: "bool byte i8 i16 i32 i64 double string binary uuid map set list", constants: "true false" },
];

/// The syntaxes of these languages.
pub(super) fn languages() -> SyntaxSet {
    let mut builder = SyntaxSetBuilder::new();
    for language in &LANGUAGES {
        match SyntaxDefinition::load_from_str(&definition(language), true, None) {
            Ok(syntax) => builder.add(syntax),
            // `languages` in the tests counts them.
            Err(error) => tracing::warn!(%error, language.name, "a language is not known"),
        }
    }
    builder.build()
}

/// The language in the form of a `.sublime-syntax`.
fn definition(language: &Language) -> String {
    let scope: String = language
        .name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_lowercase();
    let mut rules = Vec::new();
    let mut until = |begin: &str, end: &str, inside: &str, escape: &str| {
        rules.push(format!(
            "    - match: {}\n      push:\n        - meta_scope: {inside}.{scope}\n{escape}        - match: {}\n          pop: true\n",
            quoted(begin),
            quoted(end),
        ));
    };
    if let Some((begin, end)) = language.block {
        until(&escaped(begin), &escaped(end), "comment.block", "");
    }
    until(&escaped(language.comment), "$\\n?", "comment.line", "");
    for quote in language.quotes {
        let mark = escaped(&quote.to_string());
        let escape = "        - match: '\\\\.'\n          scope: constant.character.escape\n";
        // A text that is not closed ends with its line.
        until(&mark, &format!("{mark}|$\\n?"), "string.quoted", escape);
    }
    for (words, kind) in [
        (language.keywords, "keyword.control"),
        (language.types, "storage.type"),
        (language.constants, "constant.language"),
    ] {
        let words: Vec<String> = words.split_whitespace().map(escaped).collect();
        if !words.is_empty() {
            let pattern = format!("(?<![\\w@-])(?:{})(?![\\w-])", words.join("|"));
            rules.push(format!(
                "    - match: {}\n      scope: {kind}.{scope}\n",
                quoted(&pattern)
            ));
        }
    }
    rules.push(format!(
        "    - match: '\\b\\d[\\d_]*(?:\\.\\d+)?\\b'\n      scope: constant.numeric.{scope}\n"
    ));
    format!(
        "%YAML 1.2\n---\nname: {}\nfile_extensions: [{}]\nscope: source.{scope}\ncontexts:\n  main:\n{}",
        quoted(language.name),
        language.endings.join(", "),
        rules.concat()
    )
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        if !character.is_alphanumeric() && !character.is_whitespace() {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// A text of YAML.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
