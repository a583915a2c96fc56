//! What the tray says of the program, kept so that it can be said again in another language.

use std::time::Duration;

use crate::ended::Named;
use crate::health::Attention;
use crate::words::Spoken;

/// The state of the program, which the first line of the menu tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Saying {
    Nothing,
    Ready,
    Looking,
    Planning,
    Publishing {
        done: usize,
        total: usize,
    },
    Published {
        written: usize,
        attention: usize,
    },
    /// Of several publications this one is left, and so many others.
    NotAllPublished {
        first: Named,
        others: usize,
    },
    /// So many pages are behind.
    Behind(usize),
    NothingBehind,
    /// Nobody looks by the clock while the battery is saved.
    SavesPower,
    LookingBehind,
    /// A publish did not work.
    Failed(String),
    /// It could not be looked what is behind.
    NotLooked(String),
}

/// What somebody has to do about accounts; what matters more is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Wants {
    Nothing,
    /// Something that can wait.
    Attention,
    SignIn,
}

impl Wants {
    pub(super) fn of(attention: &[Attention]) -> Self {
        match attention {
            [] => Self::Nothing,
            all if all.iter().any(|one| one.needs_sign_in) => Self::SignIn,
            _ => Self::Attention,
        }
    }

    /// Whether it is said in the place of a state: where nothing goes on, nothing was asked for, and nothing
    /// went wrong. How much is behind has an entry of its own beside the line.
    pub(super) fn go_before(self, saying: &Saying) -> bool {
        match saying {
            Saying::Nothing | Saying::Ready => self > Self::Nothing,
            Saying::Behind(_) => self == Self::SignIn,
            _ => false,
        }
    }

    pub(super) fn in_words(self, spoken: Spoken) -> String {
        match self {
            Self::Nothing => spoken.say("tray-ready"),
            Self::Attention => spoken.say("notice-account"),
            Self::SignIn => spoken.say("tray-sign-in"),
        }
    }
}

/// How often it is said how far a publish is. Each change of the menu is sent to the desktop by the thread
/// that the window's pictures come from, and nobody reads a menu ten times a second.
const COUNTED_EVERY: Duration = Duration::from_secs(1);

impl Saying {
    /// Whether it is to be said in the place of another, with how long ago it was said last how far a
    /// publish is. Its end always is.
    pub(super) fn is_due(&self, before: &Self, since: Option<Duration>) -> bool {
        match self {
            same if same == before => false,
            Self::Publishing { done, total } => {
                let counts = matches!(before, Self::Publishing { .. });
                let is_recent = since.is_some_and(|since| since < COUNTED_EVERY);
                !counts || !is_recent || done >= total
            }
            _ => true,
        }
    }

    pub(super) fn in_words(&self, spoken: Spoken) -> String {
        match self {
            Self::Nothing => spoken.say("tray-nothing"),
            Self::Ready => spoken.say("tray-ready"),
            Self::Looking => spoken.say("tray-looking"),
            Self::Planning => spoken.say("tray-planning"),
            Self::Publishing { done, total } => {
                let given = [("done", (*done).into()), ("total", (*total).into())];
                spoken.say_of("tray-publishing", given)
            }
            Self::Published {
                written: 0,
                attention: 0,
            } => spoken.say("tray-up-to-date"),
            Self::Published {
                written,
                attention: 0,
            } => spoken.say_of("tray-published", [("count", (*written).into())]),
            Self::Published { written, attention } => {
                let given = [
                    ("written", (*written).into()),
                    ("attention", (*attention).into()),
                ];
                spoken.say_of("tray-published-attention", given)
            }
            Self::NotAllPublished { first, others } => {
                let first = first.in_words(spoken);
                let names = match others {
                    0 => first,
                    others => and_more(spoken, &first, *others),
                };
                spoken.say_of("tray-not-all-published", [("names", names.into())])
            }
            Self::Behind(count) => spoken.say_of("tray-behind", [("count", (*count).into())]),
            Self::NothingBehind => spoken.say("tray-nothing-behind"),
            Self::SavesPower => spoken.say("tray-saves-power"),
            Self::LookingBehind => spoken.say("tray-looking-behind"),
            Self::Failed(why) => spoken.say_of("tray-failed", [("why", why.as_str().into())]),
            Self::NotLooked(why) => {
                spoken.say_of("tray-not-looked", [("why", why.as_str().into())])
            }
        }
    }
}

/// The entry for what is behind; with the number of pages where there are any.
pub(super) fn publish_behind(spoken: Spoken, count: usize) -> String {
    match count {
        0 => spoken.say("tray-publish-behind"),
        count => spoken.say_of("tray-publish-behind-count", [("count", count.into())]),
    }
}

/// The first of several, and how many others there are.
fn and_more(spoken: Spoken, first: &str, others: usize) -> String {
    let given = [("first", first.into()), ("others", others.into())];
    spoken.say_of("tray-more", given)
}

/// The entry for accounts, and what the icon says when it is pointed at.
pub(super) fn accounts(spoken: Spoken, attention: &[String]) -> (String, String) {
    let entry = match attention {
        [] => return (spoken.say("tray-accounts"), spoken.say("tray-title")),
        [one] => one.clone(),
        [first, others @ ..] => and_more(spoken, first, others.len()),
    };
    let tooltip = spoken.say_of("tray-title-with", [("words", entry.as_str().into())]);
    (entry, tooltip)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Saying, Wants, accounts, publish_behind};
    use crate::ended::Named;
    use crate::health::Attention;
    use crate::words::Spoken;

    #[test]
    fn whatever_is_said_is_said_in_both_languages() {
        let not_all = |others| Saying::NotAllPublished {
            first: Named::called("handbook", "DOCS"),
            others,
        };
        let why = || "`acme.com` could not be reached".to_owned();
        for (saying, english, german) in [
            (
                Saying::Nothing,
                "Nothing published yet",
                "Noch nichts veröffentlicht",
            ),
            (Saying::Ready, "Ready", "Bereit"),
            (Saying::Looking, "Looking…", "Wird geprüft…"),
            (Saying::Planning, "Planning…", "Wird geplant…"),
            (
                Saying::Publishing { done: 2, total: 5 },
                "Publishing 2 of 5",
                "2 von 5 werden veröffentlicht",
            ),
            (
                Saying::Published {
                    written: 0,
                    attention: 0,
                },
                "Up to date",
                "Auf dem neuesten Stand",
            ),
            (
                Saying::Published {
                    written: 1,
                    attention: 0,
                },
                "1 page published",
                "1 Seite veröffentlicht",
            ),
            (
                Saying::Published {
                    written: 3,
                    attention: 1,
                },
                "3 published, 1 needs attention",
                "3 veröffentlicht, 1 braucht Aufmerksamkeit",
            ),
            (
                not_all(0),
                "Not all published: handbook to DOCS",
                "Nicht alles veröffentlicht: handbook nach DOCS",
            ),
            (
                not_all(2),
                "Not all published: handbook to DOCS, and 2 more",
                "Nicht alles veröffentlicht: handbook nach DOCS, und 2 weitere",
            ),
            (
                Saying::Behind(3),
                "3 pages are behind",
                "3 Seiten sind veraltet",
            ),
            (
                Saying::NothingBehind,
                "Nothing is behind",
                "Nichts ist veraltet",
            ),
            (
                Saying::LookingBehind,
                "Checking which pages are behind…",
                "Der Stand wird geprüft…",
            ),
            (
                Saying::Failed(why()),
                "Not published: `acme.com` could not be reached",
                "Nicht veröffentlicht: `acme.com` could not be reached",
            ),
            (
                Saying::NotLooked(why()),
                "Not looked: `acme.com` could not be reached",
                "Nicht geprüft: `acme.com` could not be reached",
            ),
        ] {
            assert_eq!(saying.in_words(Spoken::English), english);
            assert_eq!(saying.in_words(Spoken::German), german);
        }
        let both =
            |count| [Spoken::English, Spoken::German].map(|spoken| publish_behind(spoken, count));
        assert_eq!(
            both(0),
            ["Publish what is behind", "Veraltetes veröffentlichen"]
        );
        assert_eq!(
            both(2),
            [
                "Publish what is behind (2)",
                "Veraltetes veröffentlichen (2)"
            ]
        );
    }

    #[test]
    fn a_sign_in_that_is_needed_is_said_where_nothing_else_has_to_be() {
        let attention = |needs_sign_in| Attention {
            words: "The access of `ada` to `acme.com` is over".to_owned(),
            needs_sign_in,
        };
        assert_eq!(Wants::of(&[]), Wants::Nothing);
        assert_eq!(Wants::of(&[attention(false)]), Wants::Attention);
        let sign_in = Wants::of(&[attention(false), attention(true)]);
        assert_eq!(sign_in.in_words(Spoken::English), "Sign-in needed");
        assert_eq!(sign_in.in_words(Spoken::German), "Anmeldung nötig");
        let published = Saying::Published {
            written: 1,
            attention: 0,
        };
        for (saying, by_attention, by_sign_in) in [
            (Saying::Nothing, true, true),
            (Saying::Ready, true, true),
            (Saying::Behind(3), false, true),
            (Saying::Publishing { done: 1, total: 2 }, false, false),
            (published, false, false),
            (Saying::Failed(String::new()), false, false),
            (Saying::LookingBehind, false, false),
        ] {
            assert!(!Wants::Nothing.go_before(&saying), "{saying:?}");
            assert_eq!(
                Wants::Attention.go_before(&saying),
                by_attention,
                "{saying:?}"
            );
            assert_eq!(sign_in.go_before(&saying), by_sign_in, "{saying:?}");
        }
    }

    #[test]
    fn the_first_account_is_named_and_the_others_are_counted() {
        let say = |attention: &[&str]| {
            let attention: Vec<String> = attention.iter().map(|one| (*one).to_owned()).collect();
            accounts(Spoken::English, &attention)
        };
        let pair = |entry: &str, tooltip: &str| (entry.to_owned(), tooltip.to_owned());
        assert_eq!(say(&[]), pair("Accounts", "Tributary"));
        assert_eq!(say(&["A"]), pair("A", "Tributary: A"));
        assert_eq!(
            say(&["A", "B", "C"]),
            pair("A, and 2 more", "Tributary: A, and 2 more")
        );
    }

    #[test]
    fn how_far_a_publish_is_is_said_once_a_second_and_all_else_at_once() {
        let of = |done| Saying::Publishing { done, total: 9 };
        let (soon, later) = (Duration::from_millis(900), Duration::from_secs(1));
        assert!(of(1).is_due(&Saying::Planning, None));
        assert!(of(1).is_due(&Saying::Planning, Some(soon)), "another one");
        assert!(!of(2).is_due(&of(1), Some(soon)));
        assert!(of(2).is_due(&of(1), Some(later)));
        assert!(of(9).is_due(&of(1), Some(soon)), "its last page");
        assert!(!of(9).is_due(&of(9), Some(later)), "it is there");
        assert!(Saying::Planning.is_due(&Saying::Looking, Some(soon)));
        assert!(!Saying::Looking.is_due(&Saying::Looking, None));
        let failed = Saying::Failed("why".to_owned());
        assert!(failed.is_due(&of(1), Some(soon)));
    }
}
