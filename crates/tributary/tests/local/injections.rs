//! Script injections that other people published, through every reader and every writer: what is
//! made of them is read by a parser of HTML that is not ours, and has nothing that runs or asks.
//!
//! This is the sanitizing in Rust alone; that of the page is tried alone in
//! `ui/src/tests/injections.test.ts`, and both together in a real window in `tests/injections.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::iter;

use base64::Engine as _;
use dom_query::{Document, NodeRef};
use tributary::publish::{Known, host_look, page_alone};
use tributary_pages::markup::{
    AdfOptions, Flavor, HostLook, ImageTarget, LinkTarget, Resolve, SourceLinks, StorageOptions,
    Surroundings, read_source, write_adf, write_storage,
};
use tributary_pages::plan::DrawingSettings;
use tributary_sandbox::format::{check_adf, check_storage};
use tributary_testbed::payloads::{CARRIERS, Carrier, Payload, payloads};
use url::Url;

/// What a page is made of. Written down here once more, so that a new element is looked at twice.
const ELEMENTS: &str = " a abbr blockquote br code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr img ins kbd li mark ol p pre s small span strong sub summary sup table tbody td th tr u ul ";
const ATTRIBUTES: &str = " alt aria-label class colspan data-line dir height href id rowspan scope src start title valign width ";
/// Those of them that hold one of a few words.
const WORDS: [(&str, &str); 3] = [
    ("dir", " auto ltr rtl "),
    ("scope", " col colgroup row rowgroup "),
    ("valign", " baseline bottom middle top "),
];
/// Macros of Confluence that we write. No other may come out of what somebody else wrote.
const MACROS: &str = " anchor attachments children code details excerpt expand info livesearch mathblock mathinline note panel status tip toc view-file warning ";

/// Schemes that run something, or that hold an address that may.
const RUNS: &str = " about blob data feed filesystem its jar javascript jscript livescript mhtml mk mocha ms-its res vbs vbscript view-source wyciwyg ";

/// Whether an address may stand in a link: what leads somewhere, by whatever program.
fn may_lead(address: &str) -> bool {
    // As a browser takes it: spaces around it and breaks inside do not count.
    let base = Url::parse("repository://localhost/").expect("an address");
    let url = base.join(address);
    url.map_or(true, |url| !RUNS.contains(&format!(" {} ", url.scheme())))
}

/// What is wrong with HTML that is shown.
fn faults_of_html(html: &str, faults: &mut BTreeSet<String>) {
    let page = Document::from(format!("<!doctype html><body>{html}</body>"));
    let head: Vec<NodeRef<'_>> = page.select("head *").nodes().to_vec();
    let body = page.select("body *").nodes().to_vec();
    for node in head.iter().chain(&body) {
        let name = node.node_name().unwrap_or_default();
        if !ELEMENTS.contains(&format!(" {name} ")) {
            faults.insert(format!("<{name}>"));
        }
        for attribute in node.attrs() {
            let key = attribute.name.local.to_string();
            let value = attribute.value.trim();
            let is_good = match key.as_str() {
                "href" => *name == *"a" && may_lead(value),
                "src" => *name == *"img" && may_be_shown(value, faults),
                key => {
                    let words = WORDS.iter().find(|(name, _)| *name == key);
                    ATTRIBUTES.contains(&format!(" {key} "))
                        && words.is_none_or(|(_, words)| words.contains(&format!(" {value} ")))
                }
            };
            if !is_good {
                faults.insert(format!("<{name} {key}={value:?}>"));
            }
        }
    }
    let outside = page.select("body").attrs();
    faults.extend(
        outside
            .iter()
            .map(|one| format!("<body {}>", one.name.local)),
    );
}

/// Whether an address may stand in a picture. Those of servers stay in what the core writes: the
/// page holds them back until somebody asks for them.
fn may_be_shown(address: &str, faults: &mut BTreeSet<String>) -> bool {
    if let Some(drawn) = address.strip_prefix("data:image/svg+xml;base64,") {
        let svg = base64::engine::general_purpose::STANDARD.decode(drawn);
        match svg.map(String::from_utf8) {
            Ok(Ok(svg)) => faults_of_svg(&svg, faults),
            _ => return false,
        }
        return true;
    }
    address.starts_with("data:image/") || may_lead(address)
}

/// What is wrong with a picture that was drawn, or that a notebook brought along.
fn faults_of_svg(svg: &str, faults: &mut BTreeSet<String>) {
    let page = Document::from(format!("<!doctype html><body>{svg}</body>"));
    for node in page.select("body *").nodes() {
        let name = node.node_name().unwrap_or_default().to_lowercase();
        let is_foreign = [
            "script",
            "foreignobject",
            "iframe",
            "handler",
            "listener",
            "embed",
        ];
        if is_foreign.contains(&name.as_str()) {
            faults.insert(format!("drawn <{name}>"));
        }
        for attribute in node.attrs() {
            let (key, value) = (attribute.name.local.to_lowercase(), attribute.value.trim());
            let leads = matches!(key.as_str(), "href" | "src");
            let is_inside = value.starts_with('#') || value.starts_with("data:image/");
            if key.starts_with("on") || (leads && !(is_inside || name == "a" && may_lead(value))) {
                faults.insert(format!("drawn <{name} {key}={value:?}>"));
            }
        }
    }
}

/// Takes every address as it is written: what may not be on a page, the writers have to know.
struct AsWritten;

impl Resolve for AsWritten {
    fn link(&self, target: &str) -> LinkTarget {
        LinkTarget::Url(target.to_owned())
    }

    fn image(&self, target: &str) -> ImageTarget {
        ImageTarget::Url(target.to_owned())
    }
}

/// What is wrong with a page in the storage format.
fn faults_of_storage(body: &str, faults: &mut BTreeSet<String>) {
    if let Err(fault) = check_storage(body) {
        faults.insert(format!("storage: {fault}"));
    }
    // What is in sections of characters is text, which a parser of HTML does not know.
    let mut text = String::new();
    let mut rest = body;
    while let Some((before, after)) = rest.split_once("<![CDATA[") {
        text += before;
        rest = after.split_once("]]>").map_or("", |(_, after)| after);
    }
    text += rest;
    let page = Document::from(format!("<!doctype html><body>{text}</body>"));
    for node in page.select("body *").nodes() {
        let name = node.node_name().unwrap_or_default();
        let runs = [
            "script", "style", "iframe", "object", "embed", "form", "input", "svg", "math", "meta",
            "link", "base",
        ];
        if runs.contains(&&*name) {
            faults.insert(format!("storage: <{name}>"));
        }
        for attribute in node.attrs() {
            let (key, value) = (attribute.name.local.to_lowercase(), attribute.value.trim());
            let is_macro = key == "ac:name" && name.contains("macro");
            let leads = matches!(key.as_str(), "href" | "src" | "ri:value");
            if key.starts_with("on")
                || is_macro && !MACROS.contains(&format!(" {value} "))
                || leads && !may_lead(value)
            {
                faults.insert(format!("storage: <{name} {key}={value:?}>"));
            }
        }
    }
}

/// What is wrong with a page in the Atlassian Document Format.
fn faults_of_adf(body: &str, faults: &mut BTreeSet<String>) {
    let document: serde_json::Value = match serde_json::from_str(body) {
        Ok(document) => document,
        Err(fault) => {
            faults.insert(format!("ADF: {fault}"));
            return;
        }
    };
    if let Err(fault) = check_adf(&document) {
        faults.insert(format!("ADF: {fault}"));
    }
    let mut waiting = vec![&document];
    while let Some(value) = waiting.pop() {
        let one = &value["attrs"];
        let address = one["href"].as_str().or(one["url"].as_str());
        if let Some(address) = address.filter(|address| !may_lead(address)) {
            faults.insert(format!("ADF: an address {address:?}"));
        }
        let key = one["extensionKey"].as_str();
        if let Some(key) = key.filter(|key| !MACROS.contains(&format!(" {key} "))) {
            faults.insert(format!("ADF: a macro {key:?}"));
        }
        match value {
            serde_json::Value::Array(all) => waiting.extend(all),
            serde_json::Value::Object(all) => waiting.extend(all.values()),
            _ => {}
        }
    }
}

/// The looks of the hosts that are known.
const LOOKS: [HostLook; 4] = [
    HostLook::GitHub,
    HostLook::GitLab,
    HostLook::Bitbucket,
    HostLook::AzureDevOps,
];

/// What is shown of a file: its page, and where there is one its host's look, of each host.
fn pages_of(path: &str, text: &str) -> Vec<String> {
    let (surroundings, links) = (Surroundings::default(), SourceLinks::default());
    let drawings = DrawingSettings::default();
    let known = Known {
        surroundings: &surroundings,
        links: &links,
        drawings: &drawings,
    };
    let address = |path: &str| format!("/file/{path}");
    let files = || [path, "x.md", "x.png"].map(str::to_owned).into_iter();
    let bytes = || text.as_bytes().to_vec();
    let page = page_alone(path, bytes(), files(), &known, &mut |_| None, &address);
    // What is no Markdown looks the same at every host.
    let looks = match path.ends_with(".md") {
        true => &LOOKS[..],
        false => &LOOKS[..1],
    };
    let hosted = looks.iter();
    let hosted = hosted.map(|look| host_look(path, bytes(), files(), *look, &address));
    let shown = iter::once(page).chain(hosted).flatten().flatten();
    shown.map(|shown| shown.body.content).collect()
}

/// What is wrong with all that is made of a file.
fn faults_of(carrier: &Carrier, text: &str) -> BTreeSet<String> {
    let path = carrier.path;
    let mut faults = BTreeSet::new();
    let surroundings = Surroundings::default();
    let pages = pages_of(path, text);
    for shown in &pages {
        faults_of_html(shown, &mut faults);
        let marks = (0..20).map(|number| format!("Here {number}."));
        let mut lost = marks.filter(|mark| text.contains(mark) && !shown.contains(mark));
        if !carrier.is_open
            && !carrier.is_drawn
            && let Some(mark) = lost.next()
        {
            faults.insert(format!("what stands before {mark} swallowed it"));
        }
    }
    if pages.is_empty() {
        faults.insert("there is no page of it".to_owned());
    }
    let document = read_source(path, text, &surroundings);
    for flavor in [Flavor::Cloud, Flavor::DataCenter] {
        let options = StorageOptions {
            flavor,
            omit_title: false,
            anchors: None,
        };
        let body = write_storage(&document, &options, &AsWritten);
        faults_of_storage(&body.content, &mut faults);
    }
    let options = AdfOptions {
        omit_title: false,
        anchors: None,
    };
    let body = write_adf(&document, &options, &AsWritten);
    faults_of_adf(&body.content, &mut faults);
    faults
}

/// The files of one carrier: one for each payload, or a few where none can hide another.
fn files_of<'a>(carrier: &Carrier, all: &'a [Payload]) -> Vec<(String, &'a [Payload])> {
    let size = if carrier.is_open { 1 } else { 20 };
    let groups = all.chunks(size).map(|group| {
        let texts: Vec<&str> = group.iter().map(|one| one.text.as_str()).collect();
        ((carrier.hold)(&texts), group)
    });
    groups.collect()
}

#[test]
fn published_injections_run_nothing_and_ask_nobody_through_any_reader_and_writer() {
    let all = payloads();
    assert!(all.len() > 400, "{}", all.len());
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let of_carrier = |carrier: &Carrier| {
        let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (text, group) in files_of(carrier, &all) {
            for fault in faults_of(carrier, &text) {
                let told = format!("{}: {fault}", carrier.name);
                let names = group
                    .iter()
                    .map(|one| format!("{}: {}", one.name, one.text));
                found.entry(told).or_default().extend(names);
            }
        }
        found
    };
    std::thread::scope(|scope| {
        let threads = CARRIERS
            .iter()
            .map(|carrier| scope.spawn(|| of_carrier(carrier)));
        for thread in threads.collect::<Vec<_>>() {
            found.extend(thread.join().expect("it ends"));
        }
    });
    let told: Vec<String> = found
        .iter()
        .map(|(fault, payloads)| {
            format!(
                "{fault}\n    {} times, as by {}",
                payloads.len(),
                payloads[0]
            )
        })
        .collect();
    assert!(
        told.is_empty(),
        "{} kinds of faults:\n{}",
        told.len(),
        told.join("\n")
    );
}

/// What is no picture is text, which other places hold.
#[test]
fn each_place_in_pictures_is_drawn() {
    for carrier in CARRIERS.iter().filter(|carrier| carrier.is_drawn) {
        let text = (carrier.hold)(&["words"]);
        let pages = pages_of(carrier.path, &text);
        let drawn = pages[0].matches("data:image/svg+xml").count();
        // Mermaid, Graphviz and PlantUML beside one another; three formulas.
        let expected = match carrier.path {
            "diagrams.md" | "formula.md" => 3,
            _ => 1,
        };
        assert_eq!(drawn, expected, "{}: {}", carrier.name, pages[0]);
    }
}

/// The parser and the rules above do see what runs, so that a sanitizer that lets all of it through
/// would be noticed.
#[test]
fn what_is_not_sanitized_is_seen() {
    let all = payloads();
    let mut harmless = 0;
    for payload in &all {
        let mut faults = BTreeSet::new();
        faults_of_html(&payload.text, &mut faults);
        harmless += usize::from(faults.is_empty());
    }
    // What is text alone, or has its address in a form that no parser takes.
    assert!(harmless * 5 < all.len(), "{harmless} of {}", all.len());
}
