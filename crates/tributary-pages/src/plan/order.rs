//! The order of the pages below one page.
//!
//! Sources tell it by a navigation file (`mkdocs.yml`, `.pages`, `.nav.yml`, `SUMMARY.md`), by a
//! number in front matter or in `_category_.json`, or by a number that file names begin with.
//! Pages that none of these speaks of are left where they are, and so are other people's pages.
//!
//! Only what is out of order is written, and as little of it as possible: the longest part of the
//! pages that stand in order already stays. On Cloud the others are moved beside their neighbors.
//! Data Center has no such request; there a page has a number, which goes along with the version
//! that is written anyway.

use std::cmp::Ordering;
use std::collections::HashMap;

use serde_json::Value;

use crate::markup::{Flavor, PageKind};

use super::hierarchy::{Node, Tree};
use super::links::parent_of;
use super::snapshot::{RemotePage, Snapshot};
use super::sources::Sources;
use super::step::{Parent, Step, StepKind};
use super::steps::Placed;

/// Where a page goes among the pages beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Right after the page of another step.
    After(usize),
    /// Right before the page of another step.
    Before(usize),
    /// Right after a page that is there, by its id.
    AfterPage(String),
    /// Right before a page that is there, by its id.
    BeforePage(String),
    /// Where its number puts it; the pages below one page are sorted by their numbers.
    Numbered(i64),
}

/// Whether a file says something about the order of pages: such files belong to
/// [`Sources::navigation`].
pub fn is_navigation(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    form_of(name).is_some()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    /// `nav` names files relative to `docs_dir`.
    MkDocs,
    /// A list of links.
    Summary,
    /// `nav` names files and folders beside it.
    Pages,
    /// The number of its folder.
    Category,
}

fn form_of(name: &str) -> Option<Form> {
    Some(match name {
        "mkdocs.yml" | "mkdocs.yaml" => Form::MkDocs,
        "SUMMARY.md" => Form::Summary,
        ".pages" | ".nav.yml" | ".nav.yaml" => Form::Pages,
        "_category_.json" | "_category_.yml" | "_category_.yaml" => Form::Category,
        _ => return None,
    })
}

impl Place {
    /// Whether it is beside another page, where a page is moved to by itself.
    pub fn is_beside(&self) -> bool {
        !matches!(self, Self::Numbered(_))
    }
}

/// The pages below each page, and those at the top of the space, in the order that Cloud shows them in:
/// those without a number as they were made, behind the others.
pub fn rows_of(pages: &[RemotePage]) -> HashMap<Option<&str>, Vec<&str>> {
    let mut rows: HashMap<Option<&str>, Vec<&RemotePage>> = HashMap::new();
    for page in pages.iter().filter(|page| page.kind != PageKind::BlogPost) {
        let row = rows.entry(page.parent_id.as_deref()).or_default();
        row.push(page);
    }
    let in_order = rows.into_iter().map(|(above, mut row)| {
        row.sort_by_key(|page| {
            let position = page.position.filter(|position| *position >= 0);
            let id: u64 = page.id.parse().unwrap_or(u64::MAX);
            (position.is_none(), position, id)
        });
        (
            above,
            row.into_iter().map(|page| page.id.as_str()).collect(),
        )
    });
    in_order.collect()
}

/// Notes behind which page each one stands that will stand elsewhere or go away, where that cannot be seen any more
/// once it does.
pub(super) fn note_where_they_stand(steps: &mut [Step], snapshot: &Snapshot) {
    let is_put = |step: &Step| match &step.kind {
        StepKind::Update { moves, .. } => *moves || step.place.is_some(),
        StepKind::Move { .. } | StepKind::Trash { .. } => true,
        _ => false,
    };
    if snapshot.flavor != Flavor::Cloud || !steps.iter().any(is_put) {
        return;
    }
    let mut behind: HashMap<&str, &str> = HashMap::new();
    for row in rows_of(&snapshot.pages).values() {
        behind.extend(row.windows(2).map(|two| (two[1], two[0])));
    }
    for step in steps.iter_mut().filter(|step| is_put(step)) {
        let id = step.page_id.as_deref().unwrap_or_default();
        step.stands.behind = behind.get(id).map(|id| (*id).to_owned());
    }
}

/// What was decided about the order, by node.
pub(super) struct Order {
    /// Where pages go that are out of order.
    pub places: Vec<Option<Place>>,
    /// The page that has to be made before, so that the two stand in order: a new page stands
    /// behind all others.
    pub made_after: Vec<Option<usize>>,
}

impl Order {
    /// One in which nothing has to be moved.
    pub(super) fn as_it_is(tree: &Tree) -> Self {
        let count = tree.nodes.len();
        Self {
            places: vec![None; count],
            made_after: vec![None; count],
        }
    }
}

/// Decides what has to be moved. `in_place` tells whether a node's page is below its parent
/// already.
pub(super) fn order(
    tree: &Tree,
    sources: &Sources,
    snapshot: &Snapshot,
    parents: &[Placed],
    in_place: impl Fn(usize) -> bool,
) -> Order {
    let mut order = Order::as_it_is(tree);
    // Older versions of Data Center neither tell a page's number nor take one.
    let is_told = snapshot.pages.iter().any(|page| page.position.is_some());
    if snapshot.flavor == Flavor::DataCenter && !is_told {
        return order;
    }
    let said = Said::read(sources, tree);
    let mut groups: HashMap<&Parent, Vec<(Rank, usize)>> = HashMap::new();
    for (at, node) in tree.nodes.iter().enumerate() {
        if node.refusal.is_none()
            && node.kind == PageKind::Page
            && let Ok(parent) = &parents[at]
            && let Some(rank) = said.rank(at, node, sources)
        {
            groups.entry(parent).or_default().push((rank, at));
        }
    }
    for group in groups.values_mut() {
        group.sort_by(|a, b| {
            let path = |at: usize| &tree.nodes[at].path;
            a.0.compare(&b.0).then_with(|| path(a.1).cmp(path(b.1)))
        });
        let wanted: Vec<Sibling> = group
            .iter()
            .map(|(_, at)| {
                let page = tree.nodes[*at].remote.map(|at| &snapshot.pages[at]);
                Sibling {
                    node: *at,
                    is_new: page.is_none(),
                    there: page.filter(|_| in_place(*at)).map(|page| There {
                        position: page.position.filter(|position| *position >= 0),
                        id: page.id.parse().unwrap_or(u64::MAX),
                        title: page.title.to_lowercase(),
                    }),
                }
            })
            .collect();
        match snapshot.flavor {
            Flavor::Cloud => beside_each_other(&wanted, &mut order),
            Flavor::DataCenter => by_number(&wanted, &mut order),
        }
    }
    order
}

/// A page in the order that its source wants.
struct Sibling {
    node: usize,
    is_new: bool,
    /// What is known of its page, when that is below its parent already.
    there: Option<There>,
}

struct There {
    position: Option<i64>,
    id: u64,
    title: String,
}

/// Places of the siblings that are there, in the order that a reader sees. Pages without a number
/// come last: on Cloud as they were made, on Data Center by title.
fn as_seen(wanted: &[Sibling], flavor: Flavor) -> Vec<usize> {
    let mut seen: Vec<usize> = (0..wanted.len())
        .filter(|at| wanted[*at].there.is_some())
        .collect();
    seen.sort_by(|a, b| {
        let (Some(a), Some(b)) = (&wanted[*a].there, &wanted[*b].there) else {
            return Ordering::Equal;
        };
        let by_position = match (a.position, b.position) {
            (Some(one), Some(other)) => one.cmp(&other),
            (one, other) => one.is_none().cmp(&other.is_none()),
        };
        by_position.then_with(|| match flavor {
            Flavor::Cloud => a.id.cmp(&b.id),
            Flavor::DataCenter => a.title.cmp(&b.title),
        })
    });
    seen
}

fn beside_each_other(wanted: &[Sibling], order: &mut Order) {
    let seen: Vec<i64> = as_seen(wanted, Flavor::Cloud)
        .into_iter()
        .filter_map(|at| i64::try_from(at).ok())
        .collect();
    let mut stays = vec![false; wanted.len()];
    for at in longest_rising(&seen) {
        if let Ok(at) = usize::try_from(seen[at]) {
            stays[at] = true;
        }
    }
    // New pages at the end are made there, one after the other.
    let end = wanted
        .iter()
        .rposition(|sibling| !sibling.is_new)
        .map_or(0, |last| last + 1);
    for at in end + 1..wanted.len() {
        order.made_after[wanted[at].node] = Some(wanted[at - 1].node);
    }
    for at in (0..end).filter(|at| !stays[*at]) {
        order.places[wanted[at].node] = match at.checked_sub(1) {
            Some(before) => Some(Place::After(wanted[before].node)),
            // The first has nothing before it; where nothing stays, it begins the row as it is.
            None => stays
                .iter()
                .position(|stays| *stays)
                .map(|next| Place::Before(wanted[next].node)),
        };
    }
}

/// What numbers that nobody had before are apart, so that there is room in between later.
const APART: i64 = 1000;

fn by_number(wanted: &[Sibling], order: &mut Order) {
    let seen = as_seen(wanted, Flavor::DataCenter);
    let is_in_order = seen.len() == wanted.len() && seen.is_sorted();
    if is_in_order {
        return;
    }
    // A page may keep its number when there is room before it for the numbers of all that come
    // before: the numbers less the places must not fall.
    // Numbers are positive, so none can be put before a zero, where those of people's moves begin.
    let first = wanted
        .first()
        .and_then(|first| first.there.as_ref()?.position);
    let least_room = i64::from(first != Some(0));
    let known: Vec<(usize, i64)> = wanted
        .iter()
        .enumerate()
        .filter_map(|(at, sibling)| {
            let position = sibling.there.as_ref()?.position?;
            let room = position - i64::try_from(at).ok()?;
            (at == 0 || room >= least_room).then_some((at, room))
        })
        .collect();
    let rooms: Vec<i64> = known.iter().map(|(_, room)| *room).collect();
    let mut numbers: Vec<Option<i64>> = vec![None; wanted.len()];
    for kept in longest_rising(&rooms) {
        let at = known[kept].0;
        numbers[at] = wanted[at].there.as_ref().and_then(|there| there.position);
    }
    let mut at = 0;
    let mut before = 0;
    while at < wanted.len() {
        if let Some(number) = numbers[at] {
            before = number;
            at += 1;
            continue;
        }
        let gap = numbers[at..].iter().take_while(|number| number.is_none());
        let missing = gap.count();
        let step = match numbers.get(at + missing).copied().flatten() {
            Some(next) => (next - before) / (i64::try_from(missing).unwrap_or(i64::MAX - 1) + 1),
            None => APART,
        };
        for sibling in &wanted[at..at + missing] {
            before += step;
            order.places[sibling.node] = Some(Place::Numbered(before));
        }
        at += missing;
    }
}

/// Indexes of a longest part of the values that does not fall.
fn longest_rising(values: &[i64]) -> Vec<usize> {
    // `ends[length]` is where the best row of `length + 1` values ends: the one with the lowest
    // last value.
    let mut ends: Vec<usize> = Vec::new();
    let mut previous: Vec<Option<usize>> = vec![None; values.len()];
    for (at, value) in values.iter().enumerate() {
        let length = ends.partition_point(|end| values[*end] <= *value);
        previous[at] = length.checked_sub(1).map(|shorter| ends[shorter]);
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut row = Vec::with_capacity(ends.len());
    let mut next = ends.last().copied();
    while let Some(at) = next {
        row.push(at);
        next = previous[at];
    }
    row.reverse();
    row
}

/// What a source says about its place.
enum Rank {
    /// The how manieth of a navigation file.
    Listed(usize),
    /// A number.
    Number(f64),
}

impl Rank {
    /// What a navigation file lists comes before what only has a number.
    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Listed(one), Self::Listed(other)) => one.cmp(other),
            (Self::Number(one), Self::Number(other)) => one.total_cmp(other),
            (Self::Listed(_), Self::Number(_)) => Ordering::Less,
            (Self::Number(_), Self::Listed(_)) => Ordering::Greater,
        }
    }
}

/// What the sources say about the order.
#[derive(Default)]
struct Said {
    /// By the path of a file, or of a folder with a slash at the end.
    listed: HashMap<String, usize>,
    /// The numbers of folders.
    numbers: HashMap<String, f64>,
    /// The folders of the nodes that are a folder's page.
    folders: HashMap<usize, String>,
}

impl Said {
    fn read(sources: &Sources, tree: &Tree) -> Self {
        let mut said = Self {
            folders: tree.folders_by_node(),
            ..Self::default()
        };
        let mut files: Vec<(Form, &String, &String)> = sources
            .navigation
            .iter()
            .filter_map(|(path, text)| {
                let name = path.rsplit('/').next().unwrap_or(path);
                Some((form_of(name)?, path, text))
            })
            .collect();
        files.sort();
        for (form, path, text) in files {
            said.add(form, parent_of(path), text);
        }
        // A folder stands where the first of its files does, unless it is listed itself.
        let mut above: HashMap<String, usize> = HashMap::new();
        for (path, at) in &said.listed {
            let mut folder = parent_of(path.trim_end_matches('/'));
            while !folder.is_empty() {
                let first = above.entry(format!("{folder}/")).or_insert(*at);
                *first = (*first).min(*at);
                folder = parent_of(folder);
            }
        }
        for (folder, at) in above {
            said.listed.entry(folder).or_insert(at);
        }
        said
    }

    fn add(&mut self, form: Form, folder: &str, text: &str) {
        match form {
            Form::MkDocs => {
                let docs = top_level(text, "docs_dir");
                let docs = docs.as_ref().and_then(Value::as_str).unwrap_or("docs");
                if let Some(nav) = top_level(text, "nav") {
                    self.list(&nav, &join(folder, docs));
                }
            }
            Form::Pages => {
                for key in ["nav", "arrange"] {
                    if let Some(nav) = top_level(text, key) {
                        self.list(&nav, folder);
                    }
                }
            }
            Form::Summary => {
                for (at, _) in text.match_indices("](") {
                    let target = &text[at + 2..];
                    if let Some(target) = target.split([')', '#', ' ']).next() {
                        self.list_one(&join(folder, target.trim_matches(['<', '>'])));
                    }
                }
            }
            Form::Category => {
                let read = serde_saphyr::from_str::<Value>(text).ok();
                let number = read.and_then(|read| read.get("position")?.as_f64());
                if let Some(number) = number {
                    self.numbers.insert(folder.to_owned(), number);
                }
            }
        }
    }

    /// Notes the files of a list of files, of titles with files, and of titles with lists.
    fn list(&mut self, nav: &Value, folder: &str) {
        match nav {
            Value::String(path) => {
                let is_elsewhere = path.contains("://") || path == "...";
                if !is_elsewhere {
                    self.list_one(&join(folder, path));
                }
            }
            Value::Array(entries) => entries.iter().for_each(|entry| self.list(entry, folder)),
            Value::Object(entries) => entries.values().for_each(|entry| self.list(entry, folder)),
            _ => {}
        }
    }

    fn list_one(&mut self, path: &str) {
        if path.is_empty() {
            return;
        }
        let at = self.listed.len();
        let is_file = path
            .rsplit('/')
            .next()
            .is_some_and(|name| name.contains('.'));
        let path = if is_file {
            path.to_owned()
        } else {
            format!("{path}/")
        };
        self.listed.entry(path).or_insert(at);
    }

    fn rank(&self, at: usize, node: &Node, sources: &Sources) -> Option<Rank> {
        let folder = self.folders.get(&at);
        let listed = match folder {
            Some(folder) => self.listed.get(&format!("{folder}/")),
            None => None,
        };
        if let Some(at) = listed.or_else(|| self.listed.get(&node.path)) {
            return Some(Rank::Listed(*at));
        }
        let stated = folder.and_then(|folder| self.numbers.get(folder).copied());
        let stated = stated.or_else(|| {
            let front = &sources.documents[node.document?].document.front_matter;
            ["sidebar_position", "nav_order", "order", "weight"]
                .iter()
                .find_map(|key| match front.other.get(*key)? {
                    // To Hugo a weight of zero is none.
                    Value::Number(number) if *key != "weight" || number.as_f64() != Some(0.0) => {
                        number.as_f64()
                    }
                    _ => None,
                })
        });
        let path = folder.map_or(node.path.as_str(), String::as_str);
        stated.or_else(|| prefix(path)).map(Rank::Number)
    }
}

/// The number that a name begins with, as in `01-intro.md`. Versions and dates, as in `1.2-notes.md`
/// and `2024-05-01.md`, are none.
fn prefix(path: &str) -> Option<f64> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let digits = name.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = name.split_at(digits);
    let words = rest.trim_start_matches(['-', '_', '.', ' ']);
    // The ending of a file is no word.
    let is_ending = rest.len() == words.len() + 1 && rest.starts_with('.') && !words.contains('.');
    let begins_plainly = !words.starts_with(|letter: char| letter.is_ascii_digit());
    let is_apart = words.len() < rest.len();
    if is_apart && !is_ending && begins_plainly && !words.is_empty() {
        number.parse().ok()
    } else {
        None
    }
}

/// The value of a key of a YAML file. Only its own lines are read: elsewhere such files may hold
/// what plain YAML has no meaning for, such as the names of functions.
fn top_level(text: &str, key: &str) -> Option<Value> {
    let opening = format!("{key}:");
    let mut lines = text.lines().skip_while(|line| !line.starts_with(&opening));
    let first = lines.next()?;
    let rest = lines.take_while(|line| {
        line.is_empty() || line.starts_with([' ', '\t', '-', '#']) || line.trim().is_empty()
    });
    let block: Vec<&str> = std::iter::once(first).chain(rest).collect();
    let read = serde_saphyr::from_str::<Value>(&block.join("\n")).ok()?;
    read.get(key).cloned()
}

/// A path below a folder, without dots; empty when it leads out of the repository.
fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return String::new();
                }
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::{longest_rising, prefix, top_level};

    #[test]
    fn a_name_begins_with_a_number_or_not() {
        for (path, number) in [
            ("docs/01-intro.md", Some(1.0)),
            ("2_setup.md", Some(2.0)),
            ("10. Last.md", Some(10.0)),
            ("03-folder", Some(3.0)),
            ("0001-use-rust.md", Some(1.0)),
            ("1.2-notes.md", None),
            ("2024-05-01.md", None),
            ("7.md", None),
            ("3d-graphics.md", None),
            ("intro.md", None),
            ("01", None),
        ] {
            assert_eq!(prefix(path), number, "{path}");
        }
    }

    #[test]
    fn the_longest_part_in_order_is_found() {
        for (values, longest) in [
            (&[][..], 0),
            (&[1, 2, 3][..], 3),
            (&[3, 2, 1][..], 1),
            (&[2, 3, 1][..], 2),
            (&[5, 1, 6, 2, 3][..], 3),
            (&[1, 1, 1][..], 3),
        ] {
            let row = longest_rising(values);
            assert_eq!(row.len(), longest, "{values:?}");
            assert!(row.is_sorted_by(|a, b| a < b && values[*a] <= values[*b]));
        }
    }

    #[test]
    fn a_key_is_read_beside_what_plain_yaml_does_not_know() {
        let text =
            "site_name: x\nnav:\n  - Home: index.md\n\n  # more\n  - a.md\nx: !!python/name:y\n";
        let nav = top_level(text, "nav").expect("it is there");
        assert_eq!(nav.to_string(), r#"[{"Home":"index.md"},"a.md"]"#);
        assert_eq!(top_level(text, "docs_dir"), None);
    }
}
