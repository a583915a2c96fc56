//! Inputs that readers of such languages are known to stumble over, each of any size.

/// A name, what stands before, what is repeated, and what stands behind as often. Where it says
/// `{n}`, each has a number of its own.
pub(crate) type Piece = (&'static str, &'static str, &'static str, &'static str);

pub(crate) const MARKDOWN: [Piece; 67] = [
    ("values that do not end", "<h1>", "<a b=", ""),
    (
        "comments without an end",
        "<!-- Include: a -->\n",
        "<!--\n",
        "",
    ),
    ("open brackets", "", "[", ""),
    ("nested brackets", "", "[", "]"),
    ("nested pictures", "", "![", "]()"),
    ("links that do not end", "", "[a](", ""),
    ("links in angles that do not end", "", "[a](<b", ""),
    ("references that are not there", "", "[a] ", ""),
    ("references that are there", "[a]: b\n\n", "[a]", ""),
    ("nested references", "[a]: b\n\n", "[", "a][a]"),
    ("many definitions", "", "[a]: b\n", ""),
    ("emphasis that does not end", "", "*a ", ""),
    ("emphasis that does not begin", "", "a* ", ""),
    ("strong and emphasis", "", "*a **a ", ""),
    ("two signs of emphasis", "", "*a_ ", ""),
    ("nested emphasis", "", "*a ", "a*"),
    ("struck words", "", "~~a ", ""),
    ("ticks of one length", "", "`", ""),
    ("quotes in quotes", "", "> ", ""),
    ("lists in lists", "", "- ", ""),
    ("numbered lists in lists", "", "1. ", ""),
    ("many entries", "", "- a\n", ""),
    ("many tasks", "", "- [ ] a\n", ""),
    ("quotes and lists", "", "> - ", ""),
    ("a wide table", "", "| a ", ""),
    ("a long table", "|a|b|\n|-|-|\n", "|c|d|\n", ""),
    (
        "a table of short rows",
        "|a|b|c|d|e|f|g|h|\n|-|-|-|-|-|-|-|-|\n",
        "|x\n",
        "",
    ),
    ("entities", "", "&amp;", ""),
    ("entities that do not end", "", "&a", ""),
    ("open tags", "", "<b>", ""),
    ("open blocks", "", "<div>\n", ""),
    ("nested blocks", "", "<div>", "</div>"),
    ("tags that do not end", "", "<a href=\"", ""),
    ("comments that do not end", "", "<!--", ""),
    ("comments", "", "<!-- a -->\n", ""),
    ("comments in a line", "", "a <!-- a -->", ""),
    (
        "comments that take in files",
        "",
        "<!-- include: a -->\n",
        "",
    ),
    ("instructions that do not end", "", "<?", ""),
    ("declarations that do not end", "", "<!A ", ""),
    ("data that does not end", "", "<![CDATA[", ""),
    ("footnotes that are not there", "", "[^a]", ""),
    ("footnotes that are there", "[^a]: b\n\n", "[^a]", ""),
    ("definitions of footnotes", "", "[^a]: b\n\n", ""),
    ("headings of one name", "", "# a\n", ""),
    ("headings of many names", "", "# a{n}\n", ""),
    ("footnotes of many names", "", "[^{n}] ", "\n\n[^{n}]: b"),
    ("notes that nothing mentions", "", "[^{n}]: b\n\n", ""),
    ("references of many names", "", "[{n}] ", "\n\n[{n}]: b"),
    ("anchors of many names", "", "<a id=\"x{n}\"></a>\n\n", ""),
    (
        "anchors of many names in a line",
        "",
        "<a id=\"x{n}\"></a>",
        "",
    ),
    ("addresses", "", "https://a.b/ ", ""),
    ("addresses in one", "", "https://", ""),
    (
        "addresses of all kinds",
        "",
        "www.a.b a@b.c http://a.b ",
        "",
    ),
    ("an address and parentheses", "https://a.b", ")", ""),
    (
        "macros in lists in lists",
        "",
        "- <ac:task><ac:task-body>",
        "",
    ),
    ("formulas that do not end", "", "$a ", ""),
    ("names in braces", "", "{{a}} ", ""),
    ("admonitions", "", "!!! note\n", ""),
    ("fences of colons", "", ":::note\n", ""),
    ("an abbreviation", "*[a]: b\n\n", "a ", ""),
    ("many abbreviations", "", "*[a{n}]: b\n", ""),
    ("keys", "", "++ctrl+c++ ", ""),
    ("keys that do not end", "", "++ctrl+", ""),
    ("insertions that do not end", "", "^^a ", ""),
    ("sized pictures that do not end", "", "![a](b =", ""),
    ("lines of attributes", "", "{: .a}\n", ""),
    ("lines around quotations", "", ">>>\n", ""),
];

pub(crate) const ASCIIDOC: [Piece; 21] = [
    ("lists in lists", "", "* a\n** b\n", ""),
    ("deep lists", "", "*", " a\n"),
    ("blocks that do not end", "", "====\na\n", ""),
    ("many paragraphs", "", "a\n\n", ""),
    ("many sections", "= A\n\n", "== b\n\nc\n\n", ""),
    ("many entries", "", "* a\n", ""),
    ("strong words", "", "*a* ", ""),
    ("strong that does not end", "", "*a ", ""),
    ("ticks", "", "`", ""),
    ("brackets", "", "[", ""),
    ("anchors", "", "[[a]] ", ""),
    ("references", "", "<<a>> ", ""),
    ("attributes without a block", "", "[a:: [source,rust]\n", ""),
    ("attributes", ":a: b\n\n", "{a} ", ""),
    ("names without a value", "", "{a}\n\n", ""),
    ("conditions", "", "ifdef::a[]\n", ""),
    ("conditions that do not begin", "", "endif::[]\na\n\n", ""),
    ("headings of one sign", "", "= a\n\n", ""),
    ("footnotes", "", "footnote:[a] ", ""),
    ("a long table", "|===\n", "|a |b\n", ""),
    ("addresses", "", "https://a.b ", ""),
];

pub(crate) const STORAGE: [Piece; 16] = [
    ("open paragraphs", "", "<p>", ""),
    ("nested paragraphs", "", "<p>", "</p>"),
    ("nested words", "<p>", "<strong>", "</strong>"),
    ("lists in lists", "", "<ul><li>", "</li></ul>"),
    ("many entries", "<ul>", "<li>a</li>", ""),
    ("many paragraphs", "", "<p>a</p>", ""),
    ("many headings", "", "<h2>a</h2>", ""),
    (
        "tables in tables",
        "",
        "<table><tbody><tr><td>",
        "</td></tr></tbody></table>",
    ),
    (
        "a long table",
        "<table><tbody>",
        "<tr><td>a</td><td>b</td></tr>",
        "",
    ),
    (
        "macros in macros",
        "",
        "<ac:structured-macro ac:name=\"panel\"><ac:rich-text-body>",
        "</ac:rich-text-body></ac:structured-macro>",
    ),
    ("ends without a beginning", "", "</p>", ""),
    ("crossed tags", "", "<b></i>", ""),
    ("data that does not end", "", "<![CDATA[", ""),
    ("comments that do not end", "", "<!--", ""),
    ("entities", "<p>", "&nbsp;", ""),
    ("attributes that do not end", "", "<a href=\"", ""),
];

pub(crate) const ADF: [Piece; 6] = [
    (
        "lists in lists",
        "",
        r#"{"type":"bulletList","content":[{"type":"listItem","content":["#,
        "]}]}",
    ),
    (
        "panels in panels",
        "",
        r#"{"type":"panel","attrs":{"panelType":"info"},"content":["#,
        "]}",
    ),
    (
        "many paragraphs",
        "",
        r#"{"type":"paragraph","content":[{"type":"text","text":"a"}]},"#,
        "",
    ),
    (
        "many headings",
        "",
        r#"{"type":"heading","attrs":{"level":2},"content":[{"type":"text","text":"a"}]},"#,
        "",
    ),
    (
        "many tasks",
        "",
        r#"{"type":"taskList","attrs":{"localId":"a"},"content":[{"type":"taskItem","attrs":{"localId":"a","state":"TODO"}}]},"#,
        "",
    ),
    (
        "many marks",
        "",
        r#"{"type":"paragraph","content":[{"type":"text","text":"a","marks":[{"type":"strong"},{"type":"em"}]}]},"#,
        "",
    ),
];

pub(crate) const DATA: [Piece; 6] = [
    ("arrays in arrays", "", "[", "]"),
    ("objects in objects", "", "{\"a\":", "}"),
    ("many values", "[", "1,", ""),
    ("many keys", "", "a: 1\n", ""),
    ("lists in lists", "", "- ", ""),
    ("aliases", "a: &a [x]\nb:\n", "- *a\n", ""),
];

/// An input of about so many bytes.
pub(crate) fn repeated((_, before, piece, behind): &Piece, size: usize) -> String {
    let times = size / (piece.len() + behind.len());
    let repeat = |piece: &str| match piece.contains("{n}") {
        true => (0..times)
            .map(|n| piece.replace("{n}", &n.to_string()))
            .collect(),
        false => piece.repeat(times),
    };
    format!("{before}{}{}", repeat(piece), repeat(behind))
}
