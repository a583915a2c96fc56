//! SVG of a repository, which the window shows once what could run or lead out of it is taken out.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use tributary::preview::harmless_svg;

use crate::common::{Target, contents, text, within_time};

pub const TARGETS: [Target; 1] = [Target {
    name: "repository-svg",
    longest: 2048,
    run: harmless,
    seeds,
    words: WORDS,
}];

/// What is left of a drawing is well-formed, leads nowhere, runs nothing, and is left as it is when it
/// comes by again.
fn harmless(bytes: &[u8]) {
    let Some(left) = within_time(bytes.len(), || harmless_svg(bytes)) else {
        return;
    };
    let left = String::from_utf8(left).expect("it is a text");
    holds(&left);
    let again = harmless_svg(left.as_bytes());
    let again = again.map(|again| text(&again).into_owned());
    assert_eq!(again.as_ref(), Some(&left), "of {}", text(bytes));
}

fn holds(svg: &str) {
    let is_of_xml = |sign: char| !matches!(sign, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    assert!(svg.chars().all(is_of_xml), "{svg:?}");
    let mut reader = Reader::from_str(svg);
    let mut open: Vec<String> = Vec::new();
    let mut roots = 0;
    // What a browser takes for the rules of a style: all of its own texts, one behind the other.
    let mut rules = String::new();
    loop {
        let event = reader.read_event();
        let event = event.unwrap_or_else(|error| panic!("not well-formed: {error}: {svg}"));
        let is_in_style = open.last().is_some_and(|name| name == "style");
        match event {
            Event::Eof => break,
            Event::Start(element) => {
                roots += usize::from(open.is_empty());
                assert!(!is_in_style, "an element in a style: {svg}");
                of_element(&element, open.is_empty(), svg);
                open.push(element.name().as_ref().to_owned());
            }
            Event::Empty(element) => {
                roots += usize::from(open.is_empty());
                assert!(!is_in_style, "an element in a style: {svg}");
                of_element(&element, open.is_empty(), svg);
            }
            Event::End(_) => {
                let closed = open.pop().expect("the reader knows what is open");
                if closed == "style" {
                    stays_inside(&std::mem::take(&mut rules), svg);
                }
            }
            Event::Text(text) => {
                assert!(!open.is_empty(), "words outside: {svg}");
                if is_in_style {
                    rules.push_str(&text);
                }
            }
            Event::GeneralRef(name) => {
                assert!(!open.is_empty(), "words outside: {svg}");
                let sign = unescape(&format!("&{};", &*name)).map(Cow::into_owned);
                let sign = sign.unwrap_or_else(|error| panic!("{error}: {svg}"));
                if is_in_style {
                    rules.push_str(&sign);
                }
            }
            other => panic!("{other:?} in {svg}"),
        }
    }
    assert_eq!(roots, 1, "{svg}");
}

/// A name that every reader of XML and of HTML takes for the same.
fn is_name(name: &str) -> bool {
    name.starts_with(|sign: char| sign.is_ascii_alphabetic() || sign == '_')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

fn of_element(element: &BytesStart<'_>, is_root: bool, svg: &str) {
    const RUN_OR_LEAD_OUT: &[&str] = &[
        "a",
        "audio",
        "base",
        "discard",
        "embed",
        "foreignobject",
        "form",
        "handler",
        "iframe",
        "link",
        "listener",
        "meta",
        "object",
        "script",
        "video",
    ];
    let name = element.name().as_ref().to_owned();
    assert!(is_name(&name), "<{name}> in {svg}");
    assert!(
        !RUN_OR_LEAD_OUT.contains(&&*name.to_lowercase()),
        "<{name}> in {svg}"
    );
    let changes = name.starts_with("animate") || name == "set";
    let mut has_namespace = false;
    for attribute in element.attributes() {
        let attribute = attribute.unwrap_or_else(|error| panic!("{error}: {svg}"));
        let key = attribute.key.as_ref().to_owned();
        let value = unescape(&attribute.value).map(Cow::into_owned);
        let value = value.unwrap_or_else(|error| panic!("{error}: {svg}"));
        match &*key {
            "xmlns" => {
                has_namespace = true;
                assert!(is_root && value == "http://www.w3.org/2000/svg", "{svg}");
            }
            "xml:space" | "xml:lang" => {}
            "href" => assert!(is_within(&value), "{key}={value} in {svg}"),
            _ => {
                assert!(is_name(&key), "{key}={value} in {svg}");
                let small = key.to_lowercase();
                assert!(
                    !small.starts_with("on") && !["href", "src"].contains(&&*small),
                    "{key}={value} in {svg}"
                );
                let is_address = small == "attributename" && value.to_lowercase().contains("href");
                assert!(!(changes && is_address), "{key}={value} in {svg}");
                stays_inside(&value, svg);
            }
        }
    }
    assert_eq!(has_namespace, is_root, "{svg}");
}

/// Whether a browser finds what is named in the document itself.
fn is_within(address: &str) -> bool {
    let address = address.trim_matches(['\t', '\n', '\u{c}', '\r', ' ']);
    let small = address.to_ascii_lowercase();
    let is_picture = ["png", "jpeg", "jpg", "gif", "webp"].iter().any(|kind| {
        let rest = small.strip_prefix(&format!("data:image/{kind}"));
        rest.is_some_and(|rest| rest.starts_with([';', ',']))
    });
    address.starts_with('#') || is_picture
}

/// Rules of styles, or what stands in an attribute, ask for nothing.
fn stays_inside(rules: &str, svg: &str) {
    let small = rules.to_ascii_lowercase();
    for word in [
        "\\",
        "@import",
        "javascript:",
        "image-set(",
        "image(",
        "src(",
    ] {
        assert!(!small.contains(word), "{rules} in {svg}");
    }
    for address in small.split("url(").skip(1) {
        let address = address.trim_start_matches(['\t', '\n', '\u{c}', '\r', ' ']);
        let quoted = address.strip_prefix(['"', '\'']);
        assert!(is_within(quoted.unwrap_or(address)), "{rules} in {svg}");
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = contents("icons", &[".svg"]);
    seeds.extend(contents("../shared/corpus", &[".svg"]));
    seeds.retain(|seed| seed.len() < 4 * 1024);
    for svg in [
        "<?xml version=\"1.0\"?><!DOCTYPE svg [<!ENTITY a \"#abc\"><!ENTITY b SYSTEM \"http://a\">]>\
         <svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
         viewBox=\"0 0 9 9\" onload=\"x()\"><script>x()</script><style>path{fill:url(#g)}\
         </style><a xlink:href=\"http://a\"><path d=\"M0 0L9 9z\" fill=\"&a;\" xml:space=\"preserve\"/>\
         </a><use xlink:href=\"#p\"/><image href=\"data:image/png;base64,iVBORw0KGgo=\"/></svg>",
        "<svg:svg><style><![CDATA[@font-face{src:url(data:font/woff,x)}]]></style><text>a &lt; b \
         &#233;</text><animate attributeName=\"opacity\" from=\"0\" to=\"1\" dur=\"1s\"/><set \
         attributeName=\"href\" to=\"http://a\"/></svg:svg>",
        "<svg><style>@import 'http://a';</style><rect style=\"fill:url('#g')\" mask=\"url(http://a)\"/>\
         <foreignObject><p>x</p></foreignObject><!-- c --><?php x ?><title>t</title></svg>",
        "<svg><style>a{}<g/>b{}</style><g><switch><text lang=\"en\">a</text></switch></g></svg>",
    ] {
        seeds.push(svg.as_bytes().to_vec());
    }
    seeds.push(b"\xff\xfe<\0s\0v\0g\0/\0>\0".to_vec());
    seeds
}

const WORDS: &[&str] = &[
    "<svg ",
    "</svg>",
    "<svg:svg>",
    "<g>",
    "</g>",
    "<style>",
    "</style>",
    "<script>",
    "</script>",
    "<a ",
    "</a>",
    "<image ",
    "<use ",
    "<set ",
    "<animate ",
    "<animateMotion ",
    "<text>",
    "</text>",
    "<foreignObject>",
    "</foreignObject>",
    "/>",
    ">",
    "\"",
    "'",
    " href=\"",
    " xlink:href=\"",
    " xml:space=\"",
    " XML:LANG=\"",
    " xmlns=\"",
    " xmlns:x=\"",
    " onload=\"",
    "/onload=\"",
    " style=\"",
    " fill=\"",
    " attributeName=\"",
    " to=\"",
    " values=\"",
    "href",
    "hr&#101;f",
    "#a",
    "http://a",
    "//a",
    "data:image/png,",
    "data:image/svg+xml,",
    "data:text/html,",
    "javascript:",
    "java&#10;script:",
    "url(",
    "url('\"#a",
    "\u{a0}#a",
    ")",
    "@import ",
    "image-set(",
    "\\75rl(",
    "<![CDATA[",
    "]]>",
    "<!DOCTYPE svg [<!ENTITY a \"",
    "\">]>",
    "&a;",
    "&#1;",
];
