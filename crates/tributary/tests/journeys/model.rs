//! Random sequences of changes to sources, of what people do in Confluence, and of publishes,
//! against a simple model of what must hold after every publish:
//!
//! - nothing of other people's pages changes;
//! - what a person wrote stays, unless it was asked to write over it;
//! - every source has one page, the same one for as long as it is there, in its place and with the
//!   source's words; no two sources share one, and one that people brought back from the trash takes it
//!   from none that is called as its source;
//! - every picture that a body shows is on its page, and is the one that the source has now;
//! - labels that people put on a page stay;
//! - a comment keeps its place, or it is said that it does not;
//! - only pages whose source is gone go away, only when asked, and never one that a person changed
//!   or that other pages are below;
//! - a second publish writes nothing, or a third one when titles had to be handed over;
//! - all of that also where only a part of the sources is published, a pattern leaves one out or one is
//!   chosen alone, and the rest stays as it is;
//! - what is published from an older commit changes, makes and removes nothing that a newer one said;
//! - a publish that is killed at any request leaves nothing that the next one does not put right;
//! - a publish that is taken back leaves every page as it was before.
//!
//! - `people`: what people do in Confluence.
//! - `deeds`: what publishers do beside a plain publish.
//!
//! `TRIBUTARY_SEQUENCES=2000 cargo test -p tributary --test journeys model` tries more than the few
//! of every test run; a failure names the seed, and `TRIBUTARY_FIRST=N` begins there.

mod deeds;
mod people;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use sha2::{Digest, Sha256};
use tributary::publish::{Outcome, OutcomeKind, PublishReport, PublishRequest};
use tributary_pages::plan::{OnConflict, OnOrphan};
use tributary_sandbox::HeldPage;
use tributary_sandbox::signin::Product;

use crate::{Journey, number, write};

const PATHS: [&str; 8] = [
    "index.md",
    "a.md",
    "b.md",
    "s/index.md",
    "s/c.md",
    "s/d.md",
    "t/e.md",
    "t/u/f.md",
];
const TITLES: [&str; 6] = ["Anchor", "Bridge", "Canal", "Delta", "Estuary", "Fjord"];
/// What is published where not all is.
const PART: &str = "s/";
const STEPS: u64 = 18;

/// Numbers that depend on a seed alone.
struct Dice {
    seed: u64,
    thrown: u64,
}

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.thrown += 1;
        number(self.seed * 10_000 + self.thrown, most as u64) as usize
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        (!all.is_empty()).then(|| &all[self.below(all.len())])
    }
}

/// What a source says.
#[derive(Debug, Clone)]
struct Source {
    title: String,
    /// A word that stands in this state of this source alone.
    word: String,
    has_picture: bool,
    /// Whether the words are there that people comment on.
    is_commented: bool,
    /// The page that its front matter names: one that a person made.
    page_id: Option<String>,
}

impl Source {
    fn text(&self) -> String {
        let mut text = match &self.page_id {
            Some(id) => format!("---\npage_id: {id}\n---\n"),
            None => String::new(),
        };
        write!(text, "# {}\n\nThe source says {}.\n", self.title, self.word)
            .expect("a string takes everything");
        if self.is_commented {
            text.push_str("\nRemarkable words stand here.\n");
        }
        if self.has_picture {
            text.push_str("\n![Picture](picture.svg)\n");
        }
        text
    }
}

/// What has to hold, and what happened so far.
struct Model {
    dice: Dice,
    words: usize,
    sources: BTreeMap<String, Source>,
    /// The ids of the commits, the first one first.
    commits: Vec<String>,
    /// Which commit pages were published from, as its place among all; none where a page does not say it.
    published_at: BTreeMap<String, usize>,
    /// The publish that can be taken back, with what held before it.
    last: Option<deeds::Last>,
    /// Whether nobody did anything in Confluence since that publish.
    is_untouched: bool,
    /// Whether the list of what was published may lack pages that are there.
    is_list_behind: bool,
    /// What people wrote on a page, and has to stay there.
    by_hand: BTreeMap<String, BTreeSet<String>>,
    /// Pages that people renamed.
    renamed: BTreeSet<String>,
    /// Pages that people made.
    foreign: BTreeSet<String>,
    /// All that people made at any time: they may be theirs again.
    made_by_people: BTreeSet<String>,
    /// Those that a source names and that were not taken over yet.
    named: BTreeSet<String>,
    /// The page of each source at the last publish.
    pages: BTreeMap<String, String>,
    /// Pages that people took out of the space, by the sources that they had then.
    gone_by_hand: BTreeMap<String, String>,
    /// Those of them that are in the trash.
    in_trash: BTreeSet<String>,
    /// Those that people took out of the trash again.
    restored: BTreeSet<String>,
    /// Whether people moved a page to another space, with whatever is below it.
    has_left: bool,
    /// Which picture each folder has.
    pictures: BTreeMap<String, usize>,
    /// The labels that people put on pages.
    labels: BTreeMap<String, BTreeSet<String>>,
    /// The properties that they set.
    properties: BTreeMap<String, BTreeSet<String>>,
    /// The files that they attached.
    files: BTreeMap<String, BTreeSet<String>>,
    /// The hashes of pictures that they put in the place of ours.
    pictures_by_hand: BTreeMap<String, String>,
    story: String,
}

impl Model {
    fn new(seed: u64) -> Self {
        Self {
            dice: Dice { seed, thrown: 0 },
            words: 0,
            sources: BTreeMap::new(),
            commits: Vec::new(),
            published_at: BTreeMap::new(),
            last: None,
            is_untouched: true,
            is_list_behind: false,
            by_hand: BTreeMap::new(),
            renamed: BTreeSet::new(),
            foreign: BTreeSet::new(),
            made_by_people: BTreeSet::new(),
            named: BTreeSet::new(),
            pages: BTreeMap::new(),
            gone_by_hand: BTreeMap::new(),
            in_trash: BTreeSet::new(),
            restored: BTreeSet::new(),
            has_left: false,
            pictures: BTreeMap::new(),
            labels: BTreeMap::new(),
            properties: BTreeMap::new(),
            files: BTreeMap::new(),
            pictures_by_hand: BTreeMap::new(),
            story: String::new(),
        }
    }

    fn word(&mut self) -> String {
        self.words += 1;
        format!("word{}end", self.words)
    }

    fn tell(&mut self, what: &str) {
        writeln!(self.story, "  {what}").expect("a string takes everything");
    }

    /// Changes the sources: adds, edits, retitles, moves or removes a file.
    fn change_sources(&mut self) {
        let paths: Vec<String> = self.sources.keys().cloned().collect();
        let path = PATHS[self.dice.below(PATHS.len())].to_owned();
        let title = TITLES[self.dice.below(TITLES.len())].to_owned();
        let word = self.word();
        match (self.dice.below(9), self.dice.one_of(&paths).cloned()) {
            (0, Some(gone)) => {
                self.tell(&format!("{gone} is removed"));
                self.sources.remove(&gone);
            }
            (1, Some(from)) if !self.sources.contains_key(&path) => {
                self.tell(&format!("{from} is moved to {path}"));
                let moved = self.sources.remove(&from).expect("it is there");
                self.sources.insert(path, moved);
            }
            (2, Some(at)) => {
                self.tell(&format!("{at} gets the title {title}"));
                self.sources.get_mut(&at).expect("it is there").title = title;
            }
            (3, Some(at)) => {
                self.tell(&format!("{at} gains or loses its remarkable words"));
                let source = self.sources.get_mut(&at).expect("it is there");
                source.is_commented = !source.is_commented;
            }
            (6, Some(at)) => {
                let folder = folder_of(&at).to_owned();
                self.tell(&format!("the picture in `{folder}` becomes another"));
                *self.pictures.entry(folder).or_default() += 1;
            }
            (4 | 5, Some(at)) => {
                self.tell(&format!("{at} says {word}"));
                let source = self.sources.get_mut(&at).expect("it is there");
                source.word = word;
            }
            _ => {
                // Whose page is named is taken over.
                let foreign: Vec<String> = self.foreign.iter().cloned().collect();
                let page_id = match self.dice.below(3) {
                    0 => self.dice.one_of(&foreign).cloned(),
                    _ => None,
                };
                if let Some(id) = &page_id {
                    self.foreign.remove(id);
                    self.named.insert(id.clone());
                    self.pages.remove(&path);
                }
                // What named a page before has the one of its path now, should there be one.
                let earlier = self.sources.get(&path);
                if earlier.is_some_and(|earlier| earlier.page_id.is_some()) {
                    self.pages.remove(&path);
                }
                self.tell(&format!("{path} is written: {title}, {word}, {page_id:?}"));
                let source = Source {
                    title,
                    word,
                    has_picture: self.dice.below(2) == 0,
                    is_commented: self.dice.below(3) > 0,
                    page_id,
                };
                self.sources.insert(path, source);
            }
        }
    }

    /// The picture that a folder has.
    fn drawn(&self, folder: &str) -> String {
        let number = self.pictures.get(folder).copied().unwrap_or_default();
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><desc>{folder} \
             {number}</desc></svg>"
        )
    }

    /// Writes the sources into their repository, and commits them.
    fn put(&mut self, folder: &Path) {
        let known = std::fs::read_dir(folder).into_iter().flatten().flatten();
        for entry in known.filter(|entry| entry.file_name() != ".git") {
            let path = entry.path();
            match path.is_dir() {
                true => std::fs::remove_dir_all(path),
                false => std::fs::remove_file(path),
            }
            .expect("the folder is ours");
        }
        write(folder, &[("other.txt", "so that the folder is there")]);
        for (path, source) in &self.sources {
            write(folder, &[(path, &source.text())]);
            let above = folder_of(path);
            let picture = format!("{above}/picture.svg");
            let drawn = self.drawn(above);
            write(folder, &[(picture.trim_start_matches('/'), &drawn)]);
        }
        if !folder.join(".git").exists() {
            git(folder, &["init", "--quiet", "--initial-branch=main"]);
        }
        git(folder, &["add", "--all"]);
        let commit = ["commit", "--quiet", "--allow-empty", "--message=A change"];
        git(folder, &commit);
        let commit = git(folder, &["rev-parse", "HEAD"]);
        self.commits.push(commit.trim().to_owned());
    }

    /// What is asked for, and what of it is left out.
    fn ask(&mut self, folder: &Path) -> (PublishRequest, Scope) {
        let mut request = Journey::request(folder);
        let paths: Vec<String> = self.sources.keys().cloned().collect();
        let has_part = paths.iter().any(|path| path.starts_with(PART));
        let mut scope = Scope::default();
        match self.dice.below(9) {
            0..=2 if has_part => {
                scope.part = PART;
                request.paths = vec![folder.join(PART)];
            }
            3 => {
                scope.excluded = self.dice.one_of(&paths).cloned();
                let excluded = scope.excluded.iter();
                request.exclude = excluded.map(|path| format!("/{path}")).collect();
            }
            4 => {
                scope.only = self.dice.one_of(&paths).cloned();
                let only = scope.only.clone();
                request.settings.only = only.map(|path| BTreeSet::from([path]));
            }
            _ => {}
        }
        let conflicts = [OnConflict::Refuse, OnConflict::Merge, OnConflict::Overwrite];
        // Mostly without writing over anything, so that edits live for a while.
        request.settings.on_conflict = conflicts[[0, 0, 1, 1, 1, 2][self.dice.below(6)]];
        request.settings.on_orphan = [OnOrphan::Report, OnOrphan::Trash][self.dice.below(2)];
        request.settings.orphan_limit = 100;
        (request, scope)
    }

    /// Publishes, and checks everything that has to hold then.
    async fn publish(&mut self, journey: &Journey, folder: &Path) {
        self.put(folder);
        let (request, scope) = self.ask(folder);
        let settings = request.settings.clone();
        self.tell(&format!(
            "publish {scope:?}: conflicts {:?}, orphans {:?}",
            settings.on_conflict, settings.on_orphan
        ));
        let control = journey.sandbox.control();
        let team = control.pages(journey.product, "TEAM");
        let pages = journey.pages();
        let before = by_id(pages.clone());
        let held = self.held();
        let report = journey.publish_as(&request).await;
        let after = by_id(journey.pages());
        self.tell_of(&report);

        for outcome in &report.outcomes {
            if let (OutcomeKind::Updated, Some(id)) = (outcome.kind, &outcome.page_id) {
                self.named.remove(id);
            }
        }
        self.note_commit(&report, self.commits.len() - 1);
        self.check_sources(&report, &before, &after, settings.on_conflict, &scope);
        self.check_gone(&report, &before, &after, settings.on_orphan);
        self.check_people(&before, &after);
        assert_eq!(team, control.pages(journey.product, "TEAM"));
        // One that a publish was killed at, and nothing put right since, is told as an orphan or not
        // within what was published.
        let is_cut_short = |page: &HeldPage| page.body.contains("tributary-unfinished");
        for page in after.values().filter(|page| !is_cut_short(page)) {
            let shown = page.body.matches("ri:filename=\"picture.svg\"").count();
            let mut files = page.attachments.iter();
            let has_it = files.any(|file| file.filename == "picture.svg");
            assert!(shown == 0 || has_it, "`{}`", page.title);
        }
        self.is_list_behind &= !scope.is_all();
        self.last = Some(deeds::Last::new(&report, pages, held));
        self.is_untouched = true;

        // A page that another one below it has to give up its title for gets another title first.
        let is_taken = |outcome: &Outcome| {
            let mut problems = outcome.problems.iter();
            problems.any(|problem| problem.code == "title.taken")
        };
        if report.outcomes.iter().any(is_taken) {
            let second = journey.publish_as(&request).await;
            self.is_untouched &= changed_nothing(&second);
        }
        control.clear_requests();
        let again = journey.publish_as(&request).await;
        assert!(control.writes().is_empty(), "{:#?}", control.writes());
        assert!(changed_nothing(&again));
    }

    /// Nothing that people made or did is lost.
    fn check_people(
        &self,
        before: &BTreeMap<String, HeldPage>,
        after: &BTreeMap<String, HeldPage>,
    ) {
        for id in self.foreign.iter().chain(&self.named) {
            assert_eq!(before.get(id), after.get(id), "a person's page changed");
        }
        for (id, words) in &self.by_hand {
            let Some(page) = after.get(id) else {
                panic!("page {id}, which a person edited, went away");
            };
            for word in words {
                assert!(page.body.contains(word), "{word} is gone from {id}");
            }
        }
        // Whoever asks for pages to go away does not ask for what is beside their text.
        for (id, page) in after {
            for label in self.labels.get(id).into_iter().flatten() {
                assert!(page.labels.contains(label), "{label} is gone from {id}");
            }
            for name in self.properties.get(id).into_iter().flatten() {
                let mut there = page.properties.iter();
                assert!(
                    there.any(|(key, _)| key == name),
                    "{name} is gone from {id}"
                );
            }
            for name in self.files.get(id).into_iter().flatten() {
                let mut there = page.attachments.iter();
                assert!(
                    there.any(|file| file.filename == *name),
                    "{name} is gone from {id}"
                );
            }
            if let Some(theirs) = self.pictures_by_hand.get(id) {
                let mut there = page.attachments.iter();
                assert!(
                    there.any(|file| file.sha256 == *theirs),
                    "the picture of {id}"
                );
            }
        }
    }

    fn check_sources(
        &mut self,
        report: &PublishReport,
        before: &BTreeMap<String, HeldPage>,
        after: &BTreeMap<String, HeldPage>,
        on_conflict: OnConflict,
        scope: &Scope,
    ) {
        assert_eq!(report.count(OutcomeKind::Failed), 0);
        assert_eq!(report.count(OutcomeKind::NotReached), 0);
        let mut pages = BTreeMap::new();
        let mut used = BTreeSet::new();
        // Also the pages of folders, which have no file.
        for outcome in &report.outcomes {
            if let (OnConflict::Overwrite, OutcomeKind::Updated, Some(id)) =
                (on_conflict, outcome.kind, &outcome.page_id)
            {
                self.by_hand.remove(id);
                self.renamed.remove(id);
                self.pictures_by_hand.remove(id);
            }
            // Whoever names a page in a source was told that its words go.
            let mut problems = outcome.problems.iter();
            if let (true, Some(id)) = (
                problems.any(|problem| problem.code == "page.taken_over"),
                &outcome.page_id,
            ) {
                self.by_hand.remove(id);
            }
        }
        let within = self.sources.iter();
        for (path, source) in within.filter(|(path, _)| scope.has(path)) {
            let outcomes: Vec<&Outcome> = report
                .outcomes
                .iter()
                .filter(|outcome| outcome.source == *path && is_of_source(outcome.kind))
                .collect();
            let [outcome] = outcomes[..] else {
                panic!("{path} has {} outcomes", outcomes.len());
            };
            if outcome.kind == OutcomeKind::Refused {
                let reason = outcome.reason.as_deref().unwrap_or_default();
                // A source that was away meanwhile has its page elsewhere all the same.
                let is_elsewhere = self.gone_by_hand.contains_key(path)
                    || self.has_left && reason.contains("is in another space");
                let is_alone = scope.only.is_some() && reason.contains("not there yet");
                // Another page that stays as people left it was to give up its title.
                let conflicts = report.count(OutcomeKind::Conflict) > 0;
                let is_untitled = conflicts && reason.contains("its title is still that of");
                // Or it stands between a page and the one that is to be above it.
                let is_between = conflicts && reason.contains("would be below itself");
                // Or it was moved and names its page, and a new source is at the path that the page knows:
                // nothing tells which of the two is meant.
                let is_named = source.page_id.is_some()
                    && reason.contains("belongs to another source")
                    && report
                        .outcomes
                        .iter()
                        .any(|other| other.source != *path && other.page_id == source.page_id);
                let is_known = is_elsewhere || is_alone || is_untitled || is_between || is_named;
                assert!(is_known, "{path}: {:?}", outcome.reason);
                assert!(
                    on_conflict != OnConflict::Overwrite || is_alone || is_named,
                    "{path}"
                );
                continue;
            }
            let Some(id) = &outcome.page_id else {
                panic!("{path} has no page");
            };
            assert!(used.insert(id.clone()), "{path} shares page {id}");
            assert!(!self.foreign.contains(id), "{path} took a person's page");
            let page = after.get(id).expect("the page of a source is there");
            if let Some(earlier) = self.pages.get(path)
                && let Some(was) = before.get(earlier)
            {
                // Where one was brought back there are two, and the one that has the title is kept up.
                let are_two = [earlier, id].iter().any(|one| self.restored.contains(*one));
                let is_edited =
                    self.by_hand.contains_key(earlier) || self.renamed.contains(earlier);
                let is_kept_up = !are_two || was.title == source.title && !is_edited;
                assert!(earlier == id || !is_kept_up, "{path} has another page");
            }
            pages.insert(path.clone(), id.clone());
            if outcome.kind == OutcomeKind::Conflict {
                let was = &before[id];
                assert_eq!((&was.body, &was.title), (&page.body, &page.title), "{path}");
                // One that was not taken over to the end, or given back, is a person's still.
                let is_theirs = self.by_hand.contains_key(id)
                    || self.renamed.contains(id)
                    || self.made_by_people.contains(id)
                    || self.pictures_by_hand.contains_key(id);
                assert!(is_theirs, "{path}: nobody edited {id}");
                continue;
            }
            // Merging takes a new title over, which is then no more a person's alone.
            self.renamed.remove(id);
            assert_eq!(page.title, outcome.title, "{path}");
            let is_finished = !page.body.contains("tributary-unfinished");
            assert!(is_finished, "{path}: {id} was not finished");
            // What was given back to a person is theirs: a merge leaves what they wrote in its place.
            let is_theirs = self.made_by_people.contains(id)
                && outcome
                    .reason
                    .as_deref()
                    .is_some_and(|reason| reason.starts_with("merged"));
            let says_it = page.body.contains(&source.word) || is_theirs;
            assert!(says_it, "{path}: {} is not on page {id}", source.word);
            if source.has_picture && !self.pictures_by_hand.contains_key(id) {
                let drawn = sha256(&self.drawn(folder_of(path)));
                let mut files = page.attachments.iter();
                let is_on_it = files.any(|file| file.sha256 == drawn);
                assert!(is_on_it, "{path}: page {id} has another picture");
            }
            if let Some(was) = before.get(id)
                && was.body.contains("inline-comment-marker")
            {
                let is_kept = page.body.contains("inline-comment-marker");
                let is_said = outcome
                    .problems
                    .iter()
                    .any(|problem| problem.code == "comment.anchor_lost");
                assert!(is_kept != is_said, "{path}: kept {is_kept}, said {is_said}");
                assert!(is_kept || !source.is_commented, "{path}: words still there");
            }
        }
        for (path, id) in &self.pages {
            let is_left = self.sources.contains_key(path) && !scope.has(path);
            if let (true, Some(was)) = (is_left, before.get(id)) {
                assert_eq!(Some(was), after.get(id), "{path} was not published");
            }
        }
        // A moved file's page is the moved page, or a new one.
        self.pages.retain(|path, _| !scope.has(path));
        for (path, id) in pages {
            self.pages.retain(|_, known| *known != id);
            self.pages.insert(path, id);
        }
    }

    fn check_gone(
        &self,
        report: &PublishReport,
        before: &BTreeMap<String, HeldPage>,
        after: &BTreeMap<String, HeldPage>,
        on_orphan: OnOrphan,
    ) {
        let trashed: BTreeSet<&String> = report
            .outcomes
            .iter()
            .filter(|outcome| outcome.kind == OutcomeKind::Trashed)
            .filter_map(|outcome| outcome.page_id.as_ref())
            .collect();
        let gone: BTreeSet<&String> = before
            .keys()
            .filter(|id| !after.contains_key(*id))
            .collect();
        assert_eq!(gone, trashed, "what went away");
        assert!(on_orphan == OnOrphan::Trash || gone.is_empty());
        for id in gone {
            assert!(!self.by_hand.contains_key(id), "{id} was edited");
            assert!(!self.renamed.contains(id), "{id} was renamed");
            assert!(
                !self.pages.values().any(|page| page == id),
                "{id} has a source"
            );
            for page in before
                .values()
                .filter(|page| page.parent_id.as_ref() == Some(id))
            {
                let is_moved = report.outcomes.iter().any(|outcome| {
                    outcome.page_id.as_ref() == Some(&page.id)
                        && matches!(outcome.kind, OutcomeKind::Moved | OutcomeKind::Updated)
                });
                let goes = trashed.contains(&page.id) || is_moved;
                assert!(goes, "`{}` was below {id}", page.title);
            }
        }
    }
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn sha256(text: &str) -> String {
    let digest = Sha256::digest(text);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a publish changed nothing.
fn changed_nothing(report: &PublishReport) -> bool {
    let changed = [
        OutcomeKind::Created,
        OutcomeKind::Updated,
        OutcomeKind::Moved,
    ];
    changed.iter().all(|kind| report.count(*kind) == 0)
}

/// Which of the sources are published.
#[derive(Debug, Default)]
struct Scope {
    /// What their paths begin with.
    part: &'static str,
    /// The one that a pattern leaves out.
    excluded: Option<String>,
    /// The one that is chosen.
    only: Option<String>,
}

impl Scope {
    fn has(&self, path: &str) -> bool {
        path.starts_with(self.part)
            && self.excluded.as_deref() != Some(path)
            && self.only.as_deref().is_none_or(|only| only == path)
    }

    fn is_all(&self) -> bool {
        self.part.is_empty() && self.excluded.is_none() && self.only.is_none()
    }
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(folder)
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com"])
        .args(["-c", "gc.auto=0", "-c", "core.fsync=none"])
        .args(arguments);
    let ended = command.output().expect("git is here");
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(ended.status.success(), "git {arguments:?}: {said}");
    String::from_utf8_lossy(&ended.stdout).into_owned()
}

fn is_of_source(kind: OutcomeKind) -> bool {
    !matches!(
        kind,
        OutcomeKind::Orphaned | OutcomeKind::Trashed | OutcomeKind::Archived
    )
}

fn by_id(pages: Vec<HeldPage>) -> BTreeMap<String, HeldPage> {
    let pages = pages.into_iter().map(|page| (page.id.clone(), page));
    pages.collect()
}

/// Tells what led to a failure, when one comes.
struct Story<'m>(&'m mut Model, Product);

impl Drop for Story<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{:?}, seed {}:\n{}", self.1, self.0.dice.seed, self.0.story);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_people_and_sources_do_a_publish_keeps_its_promises() {
    let asked = |name: &str, otherwise: u64| {
        let asked = std::env::var(name).ok();
        asked
            .and_then(|number| number.parse().ok())
            .unwrap_or(otherwise)
    };
    let first = asked("TRIBUTARY_FIRST", 1);
    for product in [Product::Cloud, Product::DataCenter] {
        let journey = Journey::new(product).await;
        let keep = tempfile::tempdir().expect("a temporary folder");
        let folder = keep.path().join("docs");
        for seed in first..first + asked("TRIBUTARY_SEQUENCES", 12) {
            journey.sandbox.control().reset();
            let mut model = Model::new(seed);
            std::fs::remove_dir_all(&folder).ok();
            let story = Story(&mut model, product);
            for _ in 0..STEPS {
                match story.0.dice.below(9) {
                    0..=2 => story.0.change_sources(),
                    3 | 4 => story.0.act_by_hand(&journey),
                    5 => story.0.publish_older(&journey, &folder).await,
                    6 => story.0.take_back(&journey).await,
                    7 => story.0.kill(&journey, &folder).await,
                    _ => story.0.publish(&journey, &folder).await,
                }
            }
        }
    }
}
