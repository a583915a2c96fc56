//! What the tray, its menu, notifications and the dialogs of the system say, in the language that
//! somebody chose.
//!
//! The words are in `locales/` and compiled in; the window has its own beside them. What the library
//! says of errors is English there, and has a German catalogue here.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use tributary::settings::Language;
use tributary::{Error, Given, Sentence};

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

/// Whether German is spoken now. Errors become words far from whoever knows the settings.
static GERMAN: AtomicBool = AtomicBool::new(false);

/// Says everything in this language from now on.
pub(crate) fn speak(spoken: Spoken) {
    GERMAN.store(spoken == Spoken::German, Ordering::Relaxed);
}

/// What is spoken now.
pub(crate) fn spoken() -> Spoken {
    match GERMAN.load(Ordering::Relaxed) {
        true => Spoken::German,
        false => Spoken::English,
    }
}

/// What the library says, in the language that is spoken now.
pub(crate) fn said(words: &Sentence) -> String {
    spoken().tell(words)
}

/// What a file of the library says in English, such as how an application is registered. What somebody
/// wrote in its place stays as it is.
pub(crate) fn told(written: &str) -> String {
    spoken().translate(written)
}

/// What happened, in the language that is spoken now.
pub(crate) fn happened(error: &Error) -> String {
    said(error.sentence())
}

/// What to do about it, in the words of the window and the language that is spoken now.
pub(crate) fn way_out(error: &Error) -> Option<String> {
    let remedy = error.way_out()?;
    Some(said(remedy.sentence_for_window()))
}

impl Spoken {
    /// What the library says. What was not written by us stays as it is.
    pub(crate) fn tell(self, words: &Sentence) -> String {
        let (Self::German, Some(code)) = (self, words.code()) else {
            return words.to_string();
        };
        let bundle = library();
        let Some(pattern) = bundle.get_message(&code).and_then(|found| found.value()) else {
            return words.to_string();
        };
        let given: FluentArgs<'_> = words
            .given()
            .iter()
            .map(|(name, given)| (*name, self.given(given)))
            .collect();
        let mut wrong = Vec::new();
        bundle
            .format_pattern(pattern, Some(&given), &mut wrong)
            .into_owned()
    }

    /// A text without anything put into it, where the catalogue has it.
    fn translate(self, written: &str) -> String {
        let code = match self {
            Self::English => None,
            Self::German => Some(tributary::code(written)),
        };
        let found = code.and_then(|code| library().get_message(&code)?.value());
        let Some(pattern) = found else {
            return written.to_owned();
        };
        let mut wrong = Vec::new();
        library()
            .format_pattern(pattern, None, &mut wrong)
            .into_owned()
    }

    /// What is put into a sentence. A count chooses the form of a word; other digits, such as those of
    /// a commit, stay letters.
    fn given(self, given: &Given) -> FluentValue<'static> {
        match given {
            Given::Sentence(words) => self.tell(words).into(),
            Given::Text(text) => match text.parse::<u32>() {
                Ok(count) if count.to_string() == *text => count.into(),
                _ => text.clone().into(),
            },
        }
    }

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

/// The German words for what the library says.
fn library() -> &'static FluentBundle<FluentResource> {
    static LIBRARY: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
    LIBRARY.get_or_init(|| read("de", include_str!("../locales/de/library.ftl")))
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
    use fluent_bundle::FluentResource;
    use tributary::{Sentence, sentence};

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

    #[test]
    fn the_words_for_the_library_are_read_in_whole() {
        let text = include_str!("../locales/de/library.ftl").to_owned();
        let wrong = FluentResource::try_new(text).err().map(|(_, wrong)| wrong);
        assert_eq!(wrong, None);
    }

    #[test]
    fn what_the_library_says_is_said_in_german_with_all_that_is_in_it() {
        let told = |sentence: &Sentence| Spoken::German.tell(sentence);
        let plain = Sentence::from("Sign in again");
        assert_eq!(told(&plain), "Melden Sie sich erneut an");
        assert_eq!(Spoken::English.tell(&plain), "Sign in again");
        // The ids of commits stay what they are.
        let commit = sentence!("The repository has no commit `{commit}`", commit = "0012");
        assert_eq!(told(&commit), "Das Repository hat keinen Commit `0012`");
        let other = Sentence::from("Try again");
        let both = sentence!("{one}; or {other}", one = plain, other)
            .with("one", plain.clone())
            .with("other", other.clone());
        let german = "Melden Sie sich erneut an; oder Versuchen Sie es erneut";
        assert_eq!(told(&both), german);
        // What the providers' file says is known by its words too, and what an administrator wrote is not.
        let written = |text| Spoken::German.translate(text);
        let steps = "Create an OAuth2 application, not confidential, and set the redirect URI";
        let german = "Erstellen Sie eine OAuth2-Anwendung, nicht vertraulich, und tragen Sie die \
                      Weiterleitungsadresse ein";
        assert_eq!(written(steps), german);
        assert_eq!(written("Ask Ada for the id"), "Ask Ada for the id");
        assert_eq!(Spoken::English.translate(steps), steps);
        // Why a page is refused holds what was noticed in it, which holds a reason.
        let reason = sentence!("`{path}` does not exist", path = "gone.md");
        let message = sentence!(
            "the link `{target}` leads nowhere: {reason}",
            target = "gone.md",
            reason
        );
        let all = sentence!("{count} problems", count = 2);
        let place = sentence!(" (line {line})", line = 7);
        let refused = sentence!(
            "{all}, and none are allowed: {message}{place}",
            all,
            message,
            place
        );
        let german = "2 Probleme, und keines ist erlaubt: Der Link `gone.md` führt ins Leere: \
            `gone.md` gibt es nicht (Zeile 7)";
        assert_eq!(told(&refused), german);
        // Servers say things in words of their own.
        assert_eq!(told(&"Sign in again".to_owned().into()), "Sign in again");
    }
}
