//! What the tray, its menu, notifications and the dialogs of the system say, in the language that
//! somebody chose.
//!
//! The words are in `locales/` and compiled in; the window has its own beside them. What the library
//! says of errors is English.

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use tributary::settings::Language;

/// A language that there are words in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spoken {
    English,
    German,
}

/// What the desktop speaks: the first of its languages that there are words in, else English.
pub(crate) fn system() -> Spoken {
    fitting(sys_locale::get_locales())
}

fn fitting(preferred: impl IntoIterator<Item = String>) -> Spoken {
    let known = |tag: String| {
        let base = tag.split(['-', '_', '.']).next()?.to_ascii_lowercase();
        match base.as_str() {
            "en" => Some(Spoken::English),
            "de" => Some(Spoken::German),
            _ => None,
        }
    };
    preferred
        .into_iter()
        .find_map(known)
        .unwrap_or(Spoken::English)
}

impl From<Language> for Spoken {
    fn from(language: Language) -> Self {
        match language {
            Language::System => system(),
            Language::English => Self::English,
            Language::German => Self::German,
        }
    }
}

impl Spoken {
    /// A message in words.
    pub(crate) fn say(self, id: &str) -> String {
        self.say_of(id, [])
    }

    /// A message in words, with what has to be put into it.
    pub(crate) fn say_of<'a, const N: usize>(
        self,
        id: &str,
        given: [(&'a str, FluentValue<'a>); N],
    ) -> String {
        let bundle = self.bundle();
        let pattern = bundle.get_message(id).and_then(|message| message.value());
        // That every message is there, and what it is given, is tested.
        let Some(pattern) = pattern else {
            return id.to_owned();
        };
        let given: FluentArgs<'_> = given.into_iter().collect();
        let mut wrong = Vec::new();
        bundle
            .format_pattern(pattern, Some(&given), &mut wrong)
            .into_owned()
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        static ENGLISH: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
        static GERMAN: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
        match self {
            Self::English => {
                ENGLISH.get_or_init(|| read("en", include_str!("../locales/en/desktop.ftl")))
            }
            Self::German => {
                GERMAN.get_or_init(|| read("de", include_str!("../locales/de/desktop.ftl")))
            }
        }
    }
}

/// Reads a catalogue. What is wrong in it is left out, which tests forbid.
fn read(tag: &str, text: &str) -> FluentBundle<FluentResource> {
    let tags = tag.parse().into_iter().collect();
    let mut bundle = FluentBundle::new_concurrent(tags);
    // Signs that keep directions apart are seen as boxes in the menus of some desktops.
    bundle.set_use_isolating(false);
    let resource =
        FluentResource::try_new(text.to_owned()).unwrap_or_else(|(resource, _)| resource);
    bundle.add_resource_overriding(resource);
    bundle
}

#[cfg(test)]
mod tests {
    use super::{Spoken, fitting};

    #[test]
    fn the_first_language_that_is_known_is_spoken() {
        let spoken = |tags: &[&str]| fitting(tags.iter().map(|tag| (*tag).to_owned()));
        assert_eq!(spoken(&["de-AT", "en-GB"]), Spoken::German);
        assert_eq!(spoken(&["fr-FR", "de_DE.UTF-8"]), Spoken::German);
        assert_eq!(spoken(&["EN-us", "de"]), Spoken::English);
        assert_eq!(spoken(&["C"]), Spoken::English);
        assert_eq!(spoken(&[]), Spoken::English);
    }

    #[test]
    fn numbers_choose_the_form_of_the_word() {
        for (count, english, german) in [
            (1_usize, "1 page is behind", "1 Seite ist veraltet"),
            (2, "2 pages are behind", "2 Seiten sind veraltet"),
        ] {
            let said = |spoken: Spoken| spoken.say_of("tray-behind", [("count", count.into())]);
            assert_eq!(said(Spoken::English), english);
            assert_eq!(said(Spoken::German), german);
        }
    }

    #[test]
    fn two_numbers_of_a_sentence_have_a_form_each() {
        for (written, left, english, german) in [
            (
                1_usize,
                2_usize,
                "1 page written, 2 pages left",
                "1 Seite geschrieben, 2 Seiten ausgelassen",
            ),
            (
                3,
                1,
                "3 pages written, 1 page left",
                "3 Seiten geschrieben, 1 Seite ausgelassen",
            ),
        ] {
            let given = || [("written", written.into()), ("left", left.into())];
            let said = |spoken: Spoken| spoken.say_of("notice-written-left", given());
            assert_eq!(said(Spoken::English), english);
            assert_eq!(said(Spoken::German), german);
        }
    }

    #[test]
    fn both_languages_have_the_same_messages() {
        let ids = |text: &str| -> Vec<String> {
            let messages = text.lines().filter_map(|line| line.split_once(" ="));
            messages.map(|(id, _)| id.to_owned()).collect()
        };
        let english = ids(include_str!("../locales/en/desktop.ftl"));
        assert!(english.len() > 20);
        assert_eq!(english, ids(include_str!("../locales/de/desktop.ftl")));
        for id in &english {
            for spoken in [Spoken::English, Spoken::German] {
                assert_ne!(&spoken.say(id), id, "{spoken:?} cannot read `{id}`");
            }
        }
    }
}
