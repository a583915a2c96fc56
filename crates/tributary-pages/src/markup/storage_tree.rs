//! The elements of storage format as one tree, whatever is wrong with the text.
//!
//! Owns what is well-formed: every node knows whether it can be written as it stands, and
//! [`is_whole`] says so of a fragment. Knows nothing of what elements mean.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::html_tags::is_void;
use super::safe::is_safe;
use super::xml::is_allowed;

/// The nodes of a text in the order in which they begin. The first is the root.
pub(super) struct Tree<'a> {
    pub text: &'a str,
    pub nodes: Vec<Node<'a>>,
    /// Where the text is not well-formed, and in how many places.
    pub faults: Option<(usize, usize)>,
}

/// A node's number in its tree.
pub(super) type Id = usize;

/// A node.
pub(super) struct Node<'a> {
    pub kind: Kind<'a>,
    /// Where it begins.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// Where its start tag ends.
    pub inner_from: usize,
    /// Where its end tag begins.
    pub inner_to: usize,
    /// Whether it can be written as it stands, with all it holds.
    pub sound: bool,
    /// The node after all that it holds.
    after: Id,
}

/// What a node is.
pub(super) enum Kind<'a> {
    Element {
        name: &'a str,
        attributes: Vec<(&'a str, Cow<'a, str>)>,
        /// Whether it is one tag, as `<br />` is.
        is_empty: bool,
    },
    /// Text, entities decoded.
    Text(Cow<'a, str>),
    /// The text of a CDATA section.
    Verbatim(&'a str),
}

impl<'a> Tree<'a> {
    /// The nodes that a node holds.
    pub(super) fn children(&self, of: Id) -> impl Iterator<Item = Id> + '_ {
        self.from(of + 1, of)
    }

    /// The nodes that a node holds after one of them.
    pub(super) fn siblings_after(&self, id: Id, of: Id) -> impl Iterator<Item = Id> + '_ {
        self.from(self.nodes[id].after, of)
    }

    fn from(&self, first: Id, of: Id) -> impl Iterator<Item = Id> + '_ {
        let end = self.nodes[of].after;
        let mut next = first;
        std::iter::from_fn(move || {
            let id = next;
            (id < end).then(|| {
                next = self.nodes[id].after;
                id
            })
        })
    }

    /// The elements that a node holds; none when it holds text as well.
    pub(super) fn elements(&self, of: Id) -> Option<Vec<Id>> {
        let mut found = Vec::new();
        for child in self.children(of) {
            match &self.nodes[child].kind {
                Kind::Element { .. } => found.push(child),
                _ if self.is_blank(child) => {}
                _ => return None,
            }
        }
        Some(found)
    }

    /// An element's name; empty for text.
    pub(super) fn name(&self, id: Id) -> &'a str {
        match &self.nodes[id].kind {
            Kind::Element { name, .. } => name,
            _ => "",
        }
    }

    /// An element's attributes.
    pub(super) fn attributes(&self, id: Id) -> &[(&'a str, Cow<'a, str>)] {
        match &self.nodes[id].kind {
            Kind::Element { attributes, .. } => attributes,
            _ => &[],
        }
    }

    /// The value of an attribute.
    pub(super) fn attribute(&self, id: Id, wanted: &str) -> Option<&str> {
        let mut attributes = self.attributes(id).iter();
        let found = attributes.find(|(name, _)| *name == wanted);
        found.map(|(_, value)| value.as_ref())
    }

    /// Whether a node is white space between others.
    pub(super) fn is_blank(&self, id: Id) -> bool {
        matches!(&self.nodes[id].kind, Kind::Text(text) if text.trim_matches(is_space).is_empty())
    }

    /// All the text below a node, at any depth.
    pub(super) fn text_of(&self, id: Id) -> String {
        let mut text = String::new();
        for node in &self.nodes[id..self.nodes[id].after] {
            match &node.kind {
                Kind::Text(more) => text.push_str(more),
                Kind::Verbatim(more) => text.push_str(more),
                Kind::Element { .. } => {}
            }
        }
        text
    }

    /// The text that a node is, or holds when it holds nothing else.
    pub(super) fn only_text(&self, id: Id) -> Option<String> {
        let nodes = &self.nodes[id + 1..self.nodes[id].after];
        let elements = nodes
            .iter()
            .any(|node| matches!(node.kind, Kind::Element { .. }));
        (!elements).then(|| self.text_of(id))
    }

    /// A node as it stands in the text.
    pub(super) fn source(&self, id: Id) -> &'a str {
        &self.text[self.nodes[id].from..self.nodes[id].to]
    }

    /// The tags of an element as they stand in the text.
    pub(super) fn tags(&self, id: Id) -> (&'a str, &'a str) {
        let node = &self.nodes[id];
        (
            &self.text[node.from..node.inner_from],
            &self.text[node.inner_to..node.to],
        )
    }
}

/// The white space of XML, which separates elements; other spaces are text.
pub(super) fn is_space(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\n' | '\r')
}

/// Makes the tree of a text. What is not well-formed is mended, with all of its text.
pub(super) fn grow(text: &str) -> Tree<'_> {
    let mut builder = Builder {
        tree: Tree {
            text,
            nodes: Vec::with_capacity(text.len() / 24),
            faults: None,
        },
        open: Vec::new(),
        names: HashMap::new(),
    };
    builder.begin("", Vec::new(), 0, 0, false);
    let ended = scan(text, &mut |piece, from, to, sound| {
        builder.piece(piece, from, to, sound);
    });
    if ended < text.len() {
        // What cannot even be cut into tags and text is shown as it stands.
        builder.fault(ended);
        let rest = Cow::Borrowed(&text[ended..]);
        builder.text(rest, ended, text.len(), false);
    }
    while let Some(id) = builder.open.pop() {
        if id > 0 {
            builder.fault(text.len());
        }
        builder.end(id, text.len(), text.len(), id == 0);
    }
    builder.tree
}

struct Builder<'a> {
    tree: Tree<'a>,
    /// The elements that did not end yet, the root first.
    open: Vec<Id>,
    /// How many of them have each name.
    names: HashMap<&'a str, usize>,
}

impl<'a> Builder<'a> {
    fn fault(&mut self, at: usize) {
        match &mut self.tree.faults {
            None => self.tree.faults = Some((at, 1)),
            Some((_, count)) => *count += 1,
        }
    }

    fn add(&mut self, kind: Kind<'a>, from: usize, to: usize, sound: bool) -> Id {
        let id = self.tree.nodes.len();
        self.tree.nodes.push(Node {
            kind,
            from,
            to,
            inner_from: to,
            inner_to: to,
            sound,
            after: id + 1,
        });
        if !sound {
            self.spoil();
        }
        id
    }

    fn spoil(&mut self) {
        if let Some(top) = self.open.last() {
            self.tree.nodes[*top].sound = false;
        }
    }

    fn begin(
        &mut self,
        name: &'a str,
        attributes: Vec<(&'a str, Cow<'a, str>)>,
        from: usize,
        to: usize,
        sound: bool,
    ) {
        let kind = Kind::Element {
            name,
            attributes,
            is_empty: false,
        };
        let id = self.add(kind, from, to, sound);
        *self.names.entry(name).or_default() += 1;
        self.open.push(id);
    }

    /// Ends an element whose end tag, if it has one, stands from `inner_to` to `to`.
    fn end(&mut self, id: Id, inner_to: usize, to: usize, has_tag: bool) {
        let after = self.tree.nodes.len();
        let node = &mut self.tree.nodes[id];
        node.inner_to = inner_to;
        node.to = to;
        node.after = after;
        node.sound &= has_tag;
        let sound = node.sound;
        if let Some(count) = self.names.get_mut(self.tree.name(id)) {
            *count -= 1;
        }
        if !sound {
            self.spoil();
        }
    }

    fn text(&mut self, text: Cow<'a, str>, from: usize, to: usize, sound: bool) {
        // An entity continues the text before it.
        if let Some(Node {
            kind: Kind::Text(before),
            to: end,
            sound: both,
            ..
        }) = self.tree.nodes.last_mut()
            && *end == from
        {
            before.to_mut().push_str(&text);
            *end = to;
            *both &= sound;
            if !sound {
                self.spoil();
            }
            return;
        }
        if !text.is_empty() {
            self.add(Kind::Text(text), from, to, sound);
        }
    }

    fn piece(&mut self, piece: Piece<'a>, from: usize, to: usize, sound: bool) {
        if !sound {
            self.fault(from);
        }
        match piece {
            Piece::Start(name, attributes) => {
                let text = self.tree.text;
                // `<br>` of HTML has no end; `<br></br>` of XML has one.
                if is_void(name) && !text[to..].starts_with("</") {
                    self.fault(from);
                    let kind = Kind::Element {
                        name,
                        attributes,
                        is_empty: true,
                    };
                    self.add(kind, from, to, false);
                } else {
                    self.begin(name, attributes, from, to, sound);
                }
            }
            Piece::Empty(name, attributes) => {
                let kind = Kind::Element {
                    name,
                    attributes,
                    is_empty: true,
                };
                self.add(kind, from, to, sound);
            }
            Piece::End(name) => {
                if name.is_empty() || self.names.get(name).is_none_or(|count| *count == 0) {
                    self.fault(from);
                    self.spoil();
                    return;
                }
                while let Some(id) = self.open.pop() {
                    if self.tree.name(id) == name {
                        self.end(id, from, to, true);
                        break;
                    }
                    self.fault(from);
                    self.end(id, from, from, false);
                }
            }
            Piece::Text(text) => self.text(text, from, to, sound),
            Piece::Verbatim(text) => {
                self.add(Kind::Verbatim(text), from, to, sound);
            }
            Piece::Hidden => {
                if !sound {
                    self.spoil();
                }
            }
        }
    }
}

/// Whether two fragments are well-formed with well-formed content between them, and hold nothing
/// that runs. The second is empty when the first is all there is.
pub(super) fn is_whole(start: &str, end: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    [start, end].iter().enumerate().all(|(part, fragment)| {
        let (closes, mut opens) = match balance(fragment) {
            Some(balance) if part == 0 && !balance.closes.is_empty() => return false,
            Some(balance) => (balance.closes, balance.opens),
            None => return false,
        };
        for name in closes {
            if open.pop() != Some(name) {
                return false;
            }
        }
        open.append(&mut opens);
        part == 0 || open.is_empty()
    }) && open.is_empty()
}

/// The elements that a fragment ends without having begun them, and begins without ending them.
pub(super) struct Balance<'a> {
    pub closes: Vec<&'a str>,
    pub opens: Vec<&'a str>,
}

/// Balances a fragment; none when no text around it could make it well-formed, or when it holds
/// something that runs.
pub(super) fn balance(fragment: &str) -> Option<Balance<'_>> {
    let mut balance = Balance {
        closes: Vec::new(),
        opens: Vec::new(),
    };
    let mut all_sound = true;
    let ended = scan(fragment, &mut |piece, _, _, sound| {
        all_sound &= sound;
        match piece {
            Piece::Start(name, _) => balance.opens.push(name),
            Piece::End(name) => match balance.opens.pop() {
                Some(open) => all_sound &= open == name,
                None => balance.closes.push(name),
            },
            _ => {}
        }
    });
    (all_sound && ended == fragment.len()).then_some(balance)
}

enum Piece<'a> {
    Start(&'a str, Vec<(&'a str, Cow<'a, str>)>),
    Empty(&'a str, Vec<(&'a str, Cow<'a, str>)>),
    End(&'a str),
    Text(Cow<'a, str>),
    Verbatim(&'a str),
    /// What no reader sees.
    Hidden,
}

/// Cuts a text into pieces and says of each where it begins and ends and whether it is well-formed
/// in itself. Gives the offset from which on nothing could be cut.
fn scan<'a>(text: &'a str, take: &mut dyn FnMut(Piece<'a>, usize, usize, bool)) -> usize {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let position = |reader: &Reader<&[u8]>| {
        usize::try_from(reader.buffer_position()).map_or(text.len(), |at| at.min(text.len()))
    };
    loop {
        let from = position(&reader);
        let Ok(event) = reader.read_event() else {
            return from;
        };
        let to = position(&reader);
        let written = text.get(from..to).unwrap_or_default();
        match event {
            Event::Start(_) | Event::Empty(_) => {
                let is_empty = matches!(event, Event::Empty(_));
                let inside = between(written, "<", ">");
                let inside = if is_empty {
                    inside.strip_suffix('/').unwrap_or(inside)
                } else {
                    inside
                };
                let name_end = inside.find(is_space).unwrap_or(inside.len());
                let (name, rest) = inside.split_at(name_end);
                let is_tag = name.chars().all(is_name_letter)
                    && name.starts_with(|first: char| first.is_alphabetic() || first == '_');
                if !is_tag {
                    take(Piece::Text(Cow::Borrowed(written)), from, to, false);
                    continue;
                }
                let (attributes, sound) = read_attributes(rest);
                let sound = sound && is_known_name(name) && !runs(name);
                let piece = if is_empty {
                    Piece::Empty(name, attributes)
                } else {
                    Piece::Start(name, attributes)
                };
                take(piece, from, to, sound);
            }
            Event::End(_) => {
                let inside = between(written, "</", ">");
                take(
                    Piece::End(inside.trim_end_matches(is_space)),
                    from,
                    to,
                    true,
                );
            }
            Event::Text(_) => {
                let sound =
                    !written.contains(['&', '<']) && !written.contains("]]>") && allowed(written);
                take(Piece::Text(Cow::Borrowed(written)), from, to, sound);
            }
            Event::GeneralRef(_) => {
                let (decoded, sound) = decode(written);
                take(Piece::Text(decoded), from, to, sound);
            }
            Event::CData(_) => {
                let inside = between(written, "<![CDATA[", "]]>");
                take(Piece::Verbatim(inside), from, to, allowed(inside));
            }
            Event::Comment(_) => {
                let inside = between(written, "<!--", "-->");
                let sound = !inside.contains("--") && !inside.ends_with('-') && allowed(inside);
                take(Piece::Hidden, from, to, sound);
            }
            Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {
                take(Piece::Hidden, from, to, false);
            }
            Event::Eof => return text.len(),
        }
    }
}

fn between<'a>(written: &'a str, start: &str, end: &str) -> &'a str {
    let inside = written.strip_prefix(start).unwrap_or(written);
    inside.strip_suffix(end).unwrap_or(inside)
}

fn is_name_letter(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.' | ':')
}

/// Whether a name is one that Confluence's parser knows the prefix of.
fn is_known_name(name: &str) -> bool {
    let (prefix, local) = name.split_once(':').unwrap_or(("", name));
    matches!(prefix, "" | "ac" | "ri" | "at" | "xml")
        && local.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && !local.contains(':')
        && local.chars().all(is_name_letter)
}

/// Elements that run something, or bring something in from elsewhere; Confluence takes none.
fn runs(name: &str) -> bool {
    matches!(
        name.to_ascii_lowercase().as_str(),
        "script" | "style" | "iframe" | "object" | "embed" | "form" | "base" | "meta" | "link"
    )
}

/// Reads the attributes of a tag as far as they go, and says whether they are well-formed and none
/// of them runs something.
fn read_attributes(tag: &str) -> (Vec<(&str, Cow<'_, str>)>, bool) {
    let mut found: Vec<(&str, Cow<'_, str>)> = Vec::new();
    let mut sound = true;
    let mut rest = tag;
    loop {
        let trimmed = rest.trim_start_matches(is_space);
        let spaced = trimmed.len() < rest.len();
        rest = trimmed;
        if rest.is_empty() {
            break;
        }
        let end = rest
            .find(|letter: char| is_space(letter) || matches!(letter, '=' | '"' | '\''))
            .unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let after = after.trim_start_matches(is_space);
        let value = after.strip_prefix('=').map(|value| {
            let value = value.trim_start_matches(is_space);
            let quote = value.chars().next().filter(|quote| "\"'".contains(*quote));
            quote.and_then(|quote| value[1..].split_once(quote))
        });
        let Some(Some((value, after))) = value else {
            return (found, false);
        };
        rest = after;
        let (value, well_formed) = decode_all(value);
        let on_event = name.len() > 2
            && name
                .get(..2)
                .is_some_and(|beginning| beginning.eq_ignore_ascii_case("on"));
        let harmless = !matches!(name, "href" | "src" | "ri:value") || is_safe(&value);
        sound &= spaced
            && well_formed
            && is_known_name(name)
            && !on_event
            && harmless
            && found.iter().all(|(known, _)| *known != name);
        found.push((name, value));
    }
    (found, sound)
}

/// Decodes all entities of an attribute's value.
fn decode_all(value: &str) -> (Cow<'_, str>, bool) {
    let mut sound = !value.contains('<') && allowed(value);
    if !value.contains('&') {
        return (Cow::Borrowed(value), sound);
    }
    let mut made = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        made.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest[1..]
            .find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '#')
            .map_or(rest.len(), |end| end + 1);
        if rest[end..].starts_with(';') {
            let (decoded, known) = decode(&rest[..=end]);
            made.push_str(&decoded);
            sound &= known;
            rest = &rest[end + 1..];
        } else {
            made.push_str(&rest[..end]);
            sound = false;
            rest = &rest[end..];
        }
    }
    made.push_str(rest);
    (Cow::Owned(made), sound)
}

/// Decodes one entity, and says whether Confluence knows it.
fn decode(entity: &str) -> (Cow<'_, str>, bool) {
    let decoded = html_escape::decode_html_entities(entity);
    let name = entity.trim_start_matches('&').trim_end_matches(';');
    let known = if name.starts_with('#') {
        decoded != entity && allowed(&decoded)
    } else {
        NAMES.contains(name)
    };
    (decoded, known)
}

fn allowed(text: &str) -> bool {
    text.chars().all(is_allowed)
}

static NAMES: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| ENTITIES.split_whitespace().collect());

/// The named characters of XHTML, which are the ones that storage format knows.
const ENTITIES: &str = "
    AElig Aacute Acirc Agrave Alpha Aring Atilde Auml Beta Ccedil Chi Dagger Delta ETH Eacute
    Ecirc Egrave Epsilon Eta Euml Gamma Iacute Icirc Igrave Iota Iuml Kappa Lambda Mu Ntilde Nu
    OElig Oacute Ocirc Ograve Omega Omicron Oslash Otilde Ouml Phi Pi Prime Psi Rho Scaron
    Sigma THORN Tau Theta Uacute Ucirc Ugrave Upsilon Uuml Xi Yacute Yuml Zeta aacute acirc
    acute aelig agrave alefsym alpha amp and ang apos aring asymp atilde auml bdquo beta brvbar
    bull cap ccedil cedil cent chi circ clubs cong copy crarr cup curren dArr dagger darr deg
    delta diams divide eacute ecirc egrave empty emsp ensp epsilon equiv eta eth euml euro
    exist fnof forall frac12 frac14 frac34 frasl gamma ge gt hArr harr hearts hellip iacute
    icirc iexcl igrave image infin int iota iquest isin iuml kappa lArr lambda lang laquo larr
    lceil ldquo le lfloor lowast loz lrm lsaquo lsquo lt macr mdash micro middot minus mu nabla
    nbsp ndash ne ni not notin nsub ntilde nu oacute ocirc oelig ograve oline omega omicron
    oplus or ordf ordm oslash otilde otimes ouml para part permil perp phi pi piv plusmn pound
    prime prod prop psi quot rArr radic rang raquo rarr rceil rdquo real reg rfloor rho rlm
    rsaquo rsquo sbquo scaron sdot sect shy sigma sigmaf sim spades sub sube sum sup sup1 sup2
    sup3 supe szlig tau there4 theta thetasym thinsp thorn tilde times trade uArr uacute uarr
    ucirc ugrave uml upsih upsilon uuml weierp xi yacute yen yuml zeta zwj zwnj
";

/// The element that a text is, when it is one and nothing else.
pub(super) fn only_element(tree: &Tree<'_>) -> Option<Id> {
    match tree.elements(0)?.as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}

/// The name of a macro; none of any other element.
pub(super) fn macro_name<'t>(tree: &'t Tree<'_>, id: Id) -> Option<&'t str> {
    if !matches!(tree.name(id), "ac:structured-macro" | "ac:macro") {
        return None;
    }
    tree.attribute(id, "ac:name")
        .filter(|name| !name.is_empty())
}

/// The first child of a name.
pub(super) fn child(tree: &Tree<'_>, id: Id, name: &str) -> Option<Id> {
    tree.children(id).find(|child| tree.name(*child) == name)
}

/// The parameters of a macro. One that names a page, a space, a file or a person says its name.
pub(super) fn parameters<'t>(
    tree: &'t Tree<'_>,
    id: Id,
) -> impl Iterator<Item = (&'t str, String)> + 't {
    let found = tree
        .children(id)
        .filter(|child| tree.name(*child) == "ac:parameter");
    found.map(|parameter| {
        let name = tree.attribute(parameter, "ac:name").unwrap_or_default();
        let mut value = tree.text_of(parameter);
        if value.trim().is_empty() {
            value = named(tree, parameter).unwrap_or(value);
        }
        (name, value)
    })
}

fn named(tree: &Tree<'_>, id: Id) -> Option<String> {
    tree.children(id).find_map(|child| {
        let own = |name: &str| tree.attribute(child, name);
        // As its older notation had it, and as ADF has it still.
        if let (Some(space), Some(title)) = (own("ri:space-key"), own("ri:content-title")) {
            return Some(format!("{space}:{title}"));
        }
        let names = [
            "ri:content-title",
            "ri:space-key",
            "ri:value",
            "ri:filename",
            "ri:account-id",
            "ri:username",
            "ri:userkey",
        ];
        let own = names.iter().find_map(|name| tree.attribute(child, name));
        own.map(str::to_owned).or_else(|| named(tree, child))
    })
}

#[cfg(test)]
mod tests {
    use super::is_whole;

    #[test]
    fn only_what_is_well_formed_and_runs_nothing_is_whole() {
        for (start, end) in [
            ("<ac:emoticon ac:name=\"smile\" />", ""),
            ("text &amp; &nbsp;&#8364;", ""),
            ("<p title='a &quot;b&quot;'>x</p><p>y</p>", ""),
            (
                "<ac:layout><ac:layout-cell>",
                "</ac:layout-cell></ac:layout>",
            ),
            ("<a><![CDATA[ <b> ]]>", "</a >"),
            ("<!-- a - b --><br />", ""),
        ] {
            assert!(is_whole(start, end), "{start} … {end}");
        }
        for (start, end) in [
            ("<p>", ""),
            ("</p>", ""),
            ("<p>", "</b>"),
            ("<p>", "</p></p>"),
            ("</p>", "<p>"),
            ("<p></b>", "</p>"),
            ("<p", ""),
            ("<p>a & b</p>", ""),
            ("<p>&check;</p>", ""),
            ("<p>&#1;</p>", ""),
            ("<p>\u{1}</p>", ""),
            ("<p>]]></p>", ""),
            ("<p a=\"1\" a=\"2\" />", ""),
            ("<p a=\"1\"b=\"2\" />", ""),
            ("<p a=1 />", ""),
            ("<p a=\"<\" />", ""),
            ("<p a=\"&\" />", ""),
            ("<q:p />", ""),
            ("<1p />", ""),
            ("<!-- a -- b -->", ""),
            ("<?pi x?>", ""),
            ("<!DOCTYPE html>", ""),
            ("<script>x</script>", ""),
            ("<a href=\"java\nscript:x\">y</a>", ""),
            ("<p onclick=\"x\">y</p>", ""),
            ("<![CDATA[", ""),
        ] {
            assert!(!is_whole(start, end), "{start} … {end}");
        }
    }
}
