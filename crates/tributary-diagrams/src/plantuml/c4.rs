//! The macros of C4, which the library `C4-PlantUML` gives to PlantUML: each becomes the lines of a
//! description that say the same. Its colors, its signs for people and its legend are looks.

use super::super::Failure;
use super::frame::unquoted;
use super::lines::{Line, unknown};

/// The parts of the library that are read. That of sequences makes another kind of diagram.
const LIBRARIES: [&str; 6] = [
    "c4",
    "c4_context",
    "c4_container",
    "c4_component",
    "c4_deployment",
    DYNAMIC,
];
/// The part in which relations are numbered.
const DYNAMIC: &str = "c4_dynamic";

/// The part of the library that an `!include` names, wherever it would get it from.
fn library(target: &str) -> Option<&'static str> {
    let target = unquoted(target.trim());
    let target = target.trim_start_matches('<').trim_end_matches('>');
    let name = target.rsplit('/').next()?;
    let name = name.strip_suffix(".puml").unwrap_or(name);
    let mut known = LIBRARIES.into_iter();
    known.find(|known| name.eq_ignore_ascii_case(known))
}

/// Whether an `!include` names a part of the library that is read here.
pub(super) fn is_library(target: &str) -> bool {
    library(target).is_some()
}

/// Whether lines take in the library, and if so whether relations are numbered.
pub(super) fn included(lines: &[Line]) -> Option<bool> {
    let mut found = None;
    for line in lines {
        let target = line.text.trim().strip_prefix("!include");
        let target = target.and_then(|rest| rest.split_once(char::is_whitespace));
        if let Some(name) = target.and_then(|(_, target)| library(target)) {
            found = Some(found == Some(true) || name == DYNAMIC);
        }
    }
    found
}

/// The lines of a diagram with descriptions in the place of C4's macros, and which commands for its
/// looks are left out.
pub(super) fn described(
    lines: Vec<Line>,
    is_numbered: bool,
) -> Result<(Vec<Line>, Vec<String>), Failure> {
    let mut made = Vec::with_capacity(lines.len());
    let mut left_out = Vec::new();
    let mut count = 0;
    for line in lines {
        let written = line.text.clone();
        let Some(call) = Call::read(&written) else {
            made.push(line);
            continue;
        };
        if call.given.iter().any(|given| given.value.contains('"')) {
            return Err(unknown(&line));
        }
        let text = match call.name {
            "LAYOUT_TOP_DOWN" | "Lay_Distance" => continue,
            "LAYOUT_LEFT_RIGHT" | "LAYOUT_LANDSCAPE" => "left to right direction".to_owned(),
            "HIDE_STEREOTYPE" => "hide stereotype".to_owned(),
            name if is_look(name) => {
                left_out.push(name.to_owned());
                continue;
            }
            _ => call
                .element()
                .or_else(|| call.boundary())
                .or_else(|| call.node())
                .or_else(|| call.relation(is_numbered, &mut count))
                .ok_or_else(|| unknown(&line))?,
        };
        if call.has_sprite() {
            left_out.push("sprite".to_owned());
        }
        made.push(Line {
            number: line.number,
            text,
        });
    }
    Ok((made, left_out))
}

/// Whether a macro says nothing but how a diagram looks.
fn is_look(name: &str) -> bool {
    let is_setting = ["LAYOUT_", "SHOW_", "HIDE_", "SET_", "Update"]
        .iter()
        .any(|start| name.starts_with(start));
    is_setting || (name.starts_with("Add") && name.ends_with("Tag"))
}

/// What a macro is given.
struct Given {
    /// Empty where its place says what it is.
    name: String,
    value: String,
}

/// A macro that is called.
struct Call<'t> {
    name: &'t str,
    given: Vec<Given>,
    /// Whether it holds the lines that follow.
    opens: bool,
}

impl<'t> Call<'t> {
    /// The call that a line is.
    fn read(text: &'t str) -> Option<Self> {
        let text = text.trim();
        let (name, rest) = text.split_once('(')?;
        let name = name.trim_end();
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if name.is_empty() || !name.bytes().all(is_letter) {
            return None;
        }
        let (mut depth, mut is_quoted, mut begun) = (0_usize, false, 0);
        let mut given = Vec::new();
        let mut end = None;
        for (at, byte) in rest.bytes().enumerate() {
            match byte {
                b'"' => is_quoted = !is_quoted,
                _ if is_quoted => {}
                b'(' => depth += 1,
                b')' if depth > 0 => depth -= 1,
                b',' if depth == 0 => {
                    given.push(given_of(&rest[begun..at]));
                    begun = at + 1;
                }
                b')' => {
                    given.push(given_of(&rest[begun..at]));
                    end = Some(at + 1);
                    break;
                }
                _ => {}
            }
        }
        let opens = match rest[end?..].trim() {
            "" => false,
            "{" => true,
            _ => return None,
        };
        Some(Self { name, given, opens })
    }

    /// What it is given at a place, from 0, or by a name.
    fn get(&self, place: usize, name: &str) -> &str {
        let named = self.given.iter().find(|given| given.name == name);
        let mut by_place = self.given.iter().filter(|given| given.name.is_empty());
        let found = named.or_else(|| by_place.nth(place));
        found.map_or("", |found| found.value.as_str())
    }

    /// Whether it is given a picture, which is not drawn.
    fn has_sprite(&self) -> bool {
        let place = match self.name {
            name if name.contains("Boundary") => usize::MAX,
            name if name.starts_with("Person") || name.starts_with("System") => 3,
            name if name.starts_with("Rel") || name.starts_with("BiRel") => 5,
            _ => 4,
        };
        !self.get(place, "sprite").is_empty()
    }

    /// The name by which others lead to it.
    fn alias(&self) -> Option<&str> {
        let alias = self.get(0, "alias");
        (!alias.is_empty() && !alias.contains(char::is_whitespace)).then_some(alias)
    }

    /// A person, a system, a container or a component.
    fn element(&self) -> Option<String> {
        let (name, is_external) = match self.name.strip_suffix("_Ext") {
            Some(name) => (name, true),
            None => (self.name, false),
        };
        let kinds = ["Person", "System", "Container", "Component"];
        let kind = kinds.into_iter().find(|kind| name.starts_with(kind))?;
        let shape = match (&name[kind.len()..], kind) {
            ("", _) => "rectangle",
            ("Db", "System" | "Container" | "Component") => "database",
            ("Queue", "System" | "Container" | "Component") => "queue",
            _ => return None,
        };
        if self.opens {
            return None;
        }
        let (made_with, says) = match kind {
            "Person" | "System" => (self.get(6, "type"), self.get(2, "descr")),
            _ => (self.get(2, "techn"), self.get(3, "descr")),
        };
        let words = words(&format!("**{}**", self.get(1, "label")), made_with, says);
        let kind = kind.to_ascii_lowercase();
        let kind = match is_external {
            true => format!("external_{kind}"),
            false => kind,
        };
        Some(format!(
            "{shape} \"{words}\" as {} <<{kind}>>",
            self.alias()?
        ))
    }

    /// What is around others.
    fn boundary(&self) -> Option<String> {
        let (kind, says) = match self.name {
            "Boundary" => (self.get(2, "type"), self.get(5, "descr")),
            "Enterprise_Boundary" => ("Enterprise", self.get(4, "descr")),
            "System_Boundary" => ("System", self.get(4, "descr")),
            "Container_Boundary" => ("Container", self.get(4, "descr")),
            _ => return None,
        };
        let words = words(self.get(1, "label"), kind, says);
        let held = format!("rectangle \"{words}\" as {} {{", self.alias()?);
        self.opens.then_some(held)
    }

    /// What something runs on.
    fn node(&self) -> Option<String> {
        let name = self.name.strip_suffix("_L");
        let name = name.or_else(|| self.name.strip_suffix("_R"));
        if !matches!(name.unwrap_or(self.name), "Node" | "Deployment_Node") {
            return None;
        }
        let words = words(
            self.get(1, "label"),
            self.get(2, "type"),
            self.get(3, "descr"),
        );
        let opens = if self.opens { " {" } else { "" };
        Some(format!("node \"{words}\" as {}{opens}", self.alias()?))
    }

    /// What leads from one to another, or says where it stands.
    fn relation(&self, is_numbered: bool, count: &mut usize) -> Option<String> {
        let kinds = ["RelIndex", "BiRel", "Rel", "Lay"];
        let kind = kinds.into_iter().find(|kind| self.name.starts_with(kind))?;
        let way = match &self.name[kind.len()..] {
            "" | "_Back" => "--",
            "_Neighbor" | "_Back_Neighbor" => "-",
            "_U" | "_Up" => "-up-",
            "_D" | "_Down" => "-down-",
            "_L" | "_Left" => "-left-",
            "_R" | "_Right" => "-right-",
            _ => return None,
        };
        let first = usize::from(kind == "RelIndex");
        let from = self.get(first, "from");
        let to = self.get(first + 1, "to");
        if from.is_empty() || to.is_empty() || self.opens {
            return None;
        }
        if kind == "Lay" {
            let way = way.strip_prefix('-')?;
            return Some(format!("{from} -[hidden]{way} {to}"));
        }
        let (tail, head) = match kind {
            "BiRel" => ("<", ">"),
            _ if self.name.contains("_Back") => ("<", ""),
            _ => ("", ">"),
        };
        let label = self.get(first + 2, "label");
        let label = match kind {
            "RelIndex" => format!("{}: {label}", self.get(0, "e_index")),
            _ if is_numbered => {
                *count += 1;
                format!("{count}: {label}")
            }
            _ => label.to_owned(),
        };
        let label = match label.is_empty() {
            true => label,
            false => format!("**{label}**"),
        };
        let said = words(
            &label,
            self.get(first + 3, "techn"),
            self.get(first + 4, "descr"),
        );
        let said = match said.is_empty() {
            true => said,
            false => format!(" : {said}"),
        };
        Some(format!("{from} {tail}{way}{head} {to}{said}"))
    }
}

/// What stands between two commas.
fn given_of(text: &str) -> Given {
    let text = text.trim();
    let named = text
        .strip_prefix('$')
        .and_then(|rest| rest.split_once('='))
        .filter(|(name, _)| !name.contains('"'));
    let (name, value) = match named {
        Some((name, value)) => (name.trim().to_owned(), value.trim()),
        None => (String::new(), text),
    };
    let value = unquoted(value).to_owned();
    Given { name, value }
}

/// The lines of a label: a name, what it is made with, and what it does.
fn words(name: &str, made_with: &str, says: &str) -> String {
    let mut made = name.to_owned();
    if !made_with.is_empty() {
        let gap = if made.is_empty() { "" } else { "\\n" };
        made.push_str(&format!("{gap}//[{made_with}]//"));
    }
    if !says.is_empty() {
        let gap = if made.is_empty() { "" } else { "\\n\\n" };
        made.push_str(&format!("{gap}{says}"));
    }
    made
}
