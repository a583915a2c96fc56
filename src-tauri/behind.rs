//! What is behind of what was published from here: looked at by the clock, told in the tray, and
//! published again when somebody asks for all of it, or by itself where somebody wants that.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tauri::{AppHandle, Emitter, Manager};
use tokio::sync::Notify;
use tokio::time::Instant;
use tributary::Error;
use tributary::discreet::complain;
use tributary::hosts::Urgency;
use tributary::settings::{LooksEvery, Publication, PublishedFrom, Settings};

use crate::commands::publish::{Changes, Part, begin, carry_out, end, publish_changes, remember};
use crate::commands::published::{compare_at, list_at};
use crate::desktop::Desktop;
use crate::ended::{Ended, Trouble};
use crate::notices::Notices;
use crate::power;
use crate::publications::id_of;
use crate::tray::{Tray, telling};
use crate::updates;

/// The sources of pages by the branch they are published from again; none for the one that their
/// repository is opened at.
pub(crate) type ByBranch = BTreeMap<Option<String>, BTreeSet<String>>;

/// What sources of each publication are newer than their pages, as far as somebody looked.
#[derive(Default)]
pub(crate) struct Behind {
    sources: Mutex<BTreeMap<String, ByBranch>>,
    /// Why publications are not on their pages as a whole, since they were published last.
    troubles: Mutex<BTreeMap<String, Trouble>>,
    /// Held while something is published by itself, so that the clock and a folder do not both do it.
    keeping_up: tokio::sync::Mutex<()>,
    /// Whether something was to be published by itself while something else was published.
    missed: AtomicBool,
    /// How often a publish began, ended or was counted.
    turns: AtomicUsize,
    /// Tells whoever waits for the next look that somebody changed when it is.
    rescheduled: Notify,
}

impl Behind {
    /// Tells that somebody may have changed how often it is looked.
    pub(crate) fn reschedule(&self) {
        self.rescheduled.notify_one();
    }

    /// Waits until so much time went by since the last look, however often that is changed meanwhile.
    /// Nothing wakes up before.
    async fn until_due(&self, last: Instant, period: impl Fn() -> Duration) {
        loop {
            tokio::select! {
                () = tokio::time::sleep_until(last + period()) => return,
                () = self.rescheduled.notified() => {}
            }
        }
    }

    /// Tells that a publish begins or ends: what somebody saw before says nothing of what is now.
    pub(crate) fn turn(&self) {
        self.turns.fetch_add(1, Ordering::SeqCst);
    }

    /// What tells whether a publish began or ended since.
    pub(crate) fn turns(&self) -> usize {
        self.turns.load(Ordering::SeqCst)
    }

    /// Keeps what pages of publications are behind, as somebody saw who began to look at that turn; false where a publish was under way, because what was seen is then neither how it was
    /// nor how it is.
    pub(crate) fn keep(
        &self,
        turns: usize,
        is_publishing: bool,
        seen: impl IntoIterator<Item = (String, ByBranch)>,
    ) -> bool {
        if is_publishing || turns != self.turns() {
            return false;
        }
        let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        sources.extend(seen);
        true
    }

    /// Keeps that the pages of some sources of a publication were written, and are not behind any more.
    pub(crate) fn written<'a>(&self, publication: &str, written: impl Iterator<Item = &'a str>) {
        self.turn();
        let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(behind) = sources.get_mut(publication) else {
            return;
        };
        for path in written {
            for of_branch in behind.values_mut() {
                of_branch.remove(path);
            }
        }
    }

    /// Keeps why a publication is not on its pages as a whole, until it is published once more.
    pub(crate) fn stands(&self, publication: &str, trouble: Option<Trouble>) {
        let mut troubles = self.troubles.lock().unwrap_or_else(PoisonError::into_inner);
        match trouble {
            Some(trouble) => troubles.insert(publication.to_owned(), trouble),
            None => troubles.remove(publication),
        };
    }

    /// Why a publication is not on its pages as a whole, where somebody has to do something about it.
    pub(crate) fn trouble(&self, publication: &str) -> Option<Trouble> {
        let troubles = self.troubles.lock().unwrap_or_else(PoisonError::into_inner);
        troubles.get(publication).cloned()
    }

    /// Whether any publication is not on its pages as a whole.
    fn is_troubled(&self) -> bool {
        let troubles = self.troubles.lock().unwrap_or_else(PoisonError::into_inner);
        !troubles.is_empty()
    }

    /// Tells that something is to be published by itself once the publish that is under way has ended.
    pub(crate) fn miss(&self) {
        self.missed.store(true, Ordering::SeqCst);
    }

    /// Whether there is such a thing; asked once for each end.
    pub(crate) fn take_missed(&self) -> bool {
        self.missed.swap(false, Ordering::SeqCst)
    }

    /// How many pages there are in all.
    pub(crate) fn total(&self) -> usize {
        let sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        let of_branches = sources.values().flat_map(BTreeMap::values);
        of_branches.map(BTreeSet::len).sum()
    }

    /// The publications that have something behind, with what is published of each.
    fn parts(&self) -> Vec<(String, Part)> {
        let sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        let mut parts = Vec::new();
        for (id, by_branch) in sources.iter() {
            for (branch, paths) in by_branch.iter().filter(|(_, paths)| !paths.is_empty()) {
                let part = match branch {
                    // What is checked out, or opened, is published as a whole, but for pages of other branches.
                    None => Part {
                        keeps_branch: true,
                        ..Part::default()
                    },
                    Some(branch) => Part {
                        branch: Some(branch.clone()),
                        only: paths.iter().cloned().collect(),
                        keeps_branch: true,
                    },
                };
                parts.push((id.clone(), part));
            }
        }
        parts
    }
}

/// The time between two wake-ups. While nobody looks what is behind, only newer versions of the program
/// are looked for.
fn period(settings: &Settings) -> Duration {
    let every = match settings.pauses_looking {
        true => LooksEvery::Day,
        false => settings.looks_every,
    };
    every.period()
}

/// Looks as often as it is set, but not while the battery is saved: as soon as it is not any more. The start
/// screen makes the first look, when it is seen; without a window it is made here. What is published by itself
/// and changed while the program did not run is published at the start, either way.
pub(crate) fn watch(app: &AppHandle, hidden: bool) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let desktop = Arc::clone(&app.state::<Arc<Desktop>>());
        let mut is_due = hidden;
        if !hidden {
            keep_up_soon(&app);
        }
        let mut last = Instant::now();
        loop {
            if !is_due {
                let set = || period(&desktop.settings());
                desktop.behind.until_due(last, set).await;
            }
            is_due = false;
            let tray = Tray::of(&app);
            let waited = power::until_not_saved(|| tray.waits_for_power()).await;
            // The one clock that wakes the program up serves both.
            updates::look_if_due(&app).await;
            last = Instant::now();
            if desktop.settings().pauses_looking {
                continue;
            }
            keep_up(&app, &desktop, None).await;
            let before = desktop.behind.total();
            // Whoever is offline is told when they look themselves.
            let looked = look(&app, &desktop).await;
            let now = desktop.behind.total();
            if waited && looked.is_ok() {
                tray.looked_at_last(&app, now);
            }
            if now > before {
                Notices::of(&app).behind(now);
            }
        }
    });
}

/// Looks at all sites that were published to from here, but for a sandbox that does not run.
pub(crate) async fn look(app: &AppHandle, desktop: &Arc<Desktop>) -> Result<(), Error> {
    let sandbox = desktop.sandbox_site().map(|site| site.url.to_string());
    let publications = desktop.settings().publications.into_iter();
    let sites: BTreeSet<String> = publications
        .filter_map(|one| {
            if one.in_sandbox {
                sandbox.clone()
            } else {
                Some(one.site.to_string())
            }
        })
        .collect();
    let mut trouble = None;
    for site in sites {
        let looked = async {
            let found = list_at(desktop, &site, false).await?;
            let pages = found.pages.iter();
            let ours = pages.filter(|page| page.publication.is_some());
            let repositories: BTreeSet<&String> =
                ours.filter_map(|page| page.repository.as_ref()).collect();
            for repository in repositories {
                // Whatever a person waits for at the host goes first.
                compare_at(app, desktop, &site, repository, Urgency::Background).await?;
            }
            Ok(())
        };
        // One site that is not reached says nothing about the others.
        if let Err(error) = looked.await {
            trouble = Some(error);
        }
    }
    trouble.map_or(Ok(()), Err)
}

/// Publishes everything again that is behind, one publication after the other, those that were published
/// last first. The tray tells how it goes; what became of all of them is told once, at the end, so that one
/// that went well hides none that did not.
pub(crate) async fn publish_all(app: &AppHandle, desktop: &Arc<Desktop>) {
    // One right for all of them: nothing else is published in between, and whoever cancels means all.
    let publishing = match begin(app, desktop) {
        Ok(publishing) => publishing,
        Err(error) => {
            Notices::of(app).behind_not_published(&error);
            return told(&error);
        }
    };
    let mut parts: BTreeMap<String, Vec<Part>> = BTreeMap::new();
    for (id, part) in desktop.behind.parts() {
        parts.entry(id).or_default().push(part);
    }
    let mut all = Vec::new();
    // One that is forgotten since is nobody's any more.
    for publication in desktop.settings().publications {
        for part in parts.remove(&id_of(&publication)).unwrap_or_default() {
            if publishing.cancel.is_cancelled() {
                break;
            }
            let mut publication = publication.clone();
            let (tell, cancel) = (telling(app, &publication), &publishing.cancel);
            let became = carry_out(app, desktop, &mut publication, part, tell, cancel).await;
            match &became {
                Ok(report) => {
                    let kept = remember(app, desktop, publication.clone(), report).await;
                    kept.unwrap_or_else(|error| told(&error));
                }
                Err(error) => told(error),
            }
            all.push(Ended {
                publication,
                became,
            });
        }
    }
    // Of two branches of a publication, too, what went well hides nothing.
    for one in &all {
        if let Some(trouble) = one.trouble() {
            desktop
                .behind
                .stands(&id_of(&one.publication), Some(trouble));
        }
    }
    end(app, desktop, publishing);
    Notices::of(app).all_published(&all);
    Tray::of(app).all_published(app, &all);
}

/// Publishes again what is to be published by itself, as soon as the battery is not saved.
pub(crate) fn keep_up_soon(app: &AppHandle) {
    let desktop = Arc::clone(&app.state::<Arc<Desktop>>());
    if !desktop.settings().publications.iter().any(is_kept_up) {
        return;
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let tray = Tray::of(&app);
        power::until_not_saved(|| tray.waits_for_power()).await;
        if !desktop.settings().pauses_looking {
            keep_up(&app, &desktop, None).await;
        }
    });
}

/// Whether a publication is published by itself. What runs in the sandbox is there as long as that is.
fn is_kept_up(publication: &Publication) -> bool {
    publication.is_kept_up && !publication.in_sandbox
}

/// Publishes again what is to be published by itself, as far as something of it changed: all of it, or
/// what comes from a folder. Where nothing changed, nobody hears of it; what is in the way stands at the
/// publication in the window, and is told once where somebody has to do something about it.
pub(crate) async fn keep_up(app: &AppHandle, desktop: &Arc<Desktop>, folder: Option<&Path>) {
    let _alone = desktop.behind.keeping_up.lock().await;
    let publications = desktop.settings().publications.into_iter();
    let is_of = |one: &Publication| match (folder, &one.from) {
        (None, _) => true,
        (Some(folder), PublishedFrom::Folder(from)) => from == folder,
        (Some(_), PublishedFrom::Repository { .. }) => false,
    };
    for publication in publications.filter(|one| is_kept_up(one) && is_of(one)) {
        match publish_changes(app, desktop, &publication).await {
            Ok(Changes::Written(report)) => {
                Notices::of(app).published(&publication, &report);
                Tray::of(app).published(app, &report);
            }
            Ok(Changes::Left(0)) => all_is_well(app, desktop, &publication),
            Ok(Changes::Left(left)) => {
                if is_news(desktop, &publication, Trouble::Left(left)) {
                    Notices::of(app).left(&publication, left);
                    Tray::of(app).left(app, &publication);
                }
            }
            // It goes on by itself, and until then its pages are as they are to be.
            Ok(Changes::Waits(why)) => {
                let waits = Some(Trouble::Failed(why));
                desktop.behind.stands(&id_of(&publication), waits);
            }
            Ok(Changes::NotNow) => {}
            Err(error) => {
                told(&error);
                if is_news(desktop, &publication, Trouble::of_error(&error)) {
                    Notices::of(app).not_published(&publication, &error);
                    Tray::of(app).not_begun(app, &error);
                }
            }
        }
        // A window that is not there yet will ask by itself.
        app.emit("publication-changed", ()).ok();
    }
}

/// Keeps what is in the way of a publication, and says whether that is another thing than before: nobody is
/// told of the same at each save and each hour.
fn is_news(desktop: &Desktop, publication: &Publication, trouble: Trouble) -> bool {
    let id = id_of(publication);
    let is_news = desktop.behind.trouble(&id).as_ref() != Some(&trouble);
    desktop.behind.stands(&id, Some(trouble));
    is_news
}

/// Keeps that nothing is in the way of a publication, and takes back what the tray said where that was the last.
fn all_is_well(app: &AppHandle, desktop: &Desktop, publication: &Publication) {
    let id = id_of(publication);
    let was_in_the_way = desktop.behind.trouble(&id).is_some();
    desktop.behind.stands(&id, None);
    if was_in_the_way && !desktop.behind.is_troubled() {
        Tray::of(app).all_is_well(app);
    }
}

/// The tray and a notification say how it went; the terminal and the log have the whole chain.
fn told(error: &Error) {
    complain(&format!("error: {}", error.chain()));
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use tokio::time::Instant;
    use tributary::settings::{LooksEvery, Settings};

    use super::{Behind, ByBranch, period};
    use crate::commands::publish::Part;
    use crate::ended::Trouble;

    #[test]
    fn it_is_looked_as_often_as_it_is_set_and_hardly_while_that_is_paused() {
        let minutes = |every: LooksEvery, paused: bool| {
            let mut settings = Settings::default();
            settings.looks_every = every;
            settings.pauses_looking = paused;
            period(&settings).as_secs() / 60
        };
        assert_eq!(minutes(LooksEvery::default(), false), 60);
        assert_eq!(minutes(LooksEvery::QuarterHour, false), 15);
        assert_eq!(minutes(LooksEvery::Day, false), 24 * 60);
        assert_eq!(minutes(LooksEvery::QuarterHour, true), 24 * 60);
    }

    #[test]
    fn a_change_of_the_time_between_looks_counts_from_the_last_one_at_once() {
        let behind = Behind::default();
        let asked = AtomicUsize::new(0);
        // A day at first, and nothing once it was changed.
        let set = || match asked.fetch_add(1, Ordering::SeqCst) {
            0 => LooksEvery::Day.period(),
            _ => Duration::ZERO,
        };
        behind.reschedule();
        tauri::async_runtime::block_on(behind.until_due(Instant::now(), set));
        assert_eq!(asked.load(Ordering::SeqCst), 2);
    }

    fn sources(branch: Option<&str>, count: usize) -> ByBranch {
        let paths = (0..count).map(|number| format!("{number}.md"));
        ByBranch::from([(branch.map(str::to_owned), paths.collect())])
    }

    #[test]
    fn what_was_seen_around_a_publish_is_not_kept() {
        let behind = Behind::default();
        let seen = |count| [("docs".to_owned(), sources(None, count))];
        assert!(behind.keep(behind.turns(), false, seen(3)));
        assert_eq!(behind.total(), 3);

        // It began before the publish, and ended in it or behind it.
        let before = behind.turns();
        behind.turn();
        assert!(!behind.keep(before, true, seen(17)));
        // It began in the publish.
        let within = behind.turns();
        assert!(!behind.keep(within, true, seen(17)));
        behind.turn();
        behind.written("docs", ["0.md", "2.md", "other.md"].into_iter());
        assert!(!behind.keep(before, false, seen(17)));
        assert!(!behind.keep(within, false, seen(17)));
        assert_eq!(behind.total(), 1);

        assert!(behind.keep(behind.turns(), false, seen(0)));
        assert_eq!(behind.total(), 0);
    }

    #[test]
    fn what_is_in_the_way_of_a_publication_is_known_until_it_is_published() {
        let behind = Behind::default();
        behind.stands("docs", Some(Trouble::Left(2)));
        behind.stands("team", None);
        assert_eq!(behind.trouble("docs"), Some(Trouble::Left(2)));
        assert_eq!(behind.trouble("team"), None);
        behind.stands("docs", None);
        assert_eq!(behind.trouble("docs"), None);
    }

    #[test]
    fn what_was_published_from_another_branch_is_published_from_there_and_nothing_beside_it() {
        let behind = Behind::default();
        let mut seen = sources(None, 2);
        seen.extend(sources(Some("release"), 1));
        assert!(behind.keep(behind.turns(), false, [("docs".to_owned(), seen)]));
        assert_eq!(behind.total(), 3);
        let parts: Vec<_> = behind.parts().into_iter().map(|(_, part)| part).collect();
        let opened = Part {
            keeps_branch: true,
            ..Part::default()
        };
        let release = Part {
            branch: Some("release".to_owned()),
            only: vec!["0.md".to_owned()],
            keeps_branch: true,
        };
        assert_eq!(parts, [opened, release]);
    }
}
