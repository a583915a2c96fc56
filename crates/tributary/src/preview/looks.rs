//! Which languages and themes there are: those built in, and those of a person.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use syntect::highlighting::{Color, Highlighter, Theme};
use syntect::parsing::SyntaxSet;
use two_face::theme::EmbeddedThemeName;

use super::own::{self, Own, Unusable};
use super::{HighlightTheme, more};

/// The contrast that text of a theme of high contrast has at least; WCAG 2.2 asks for it at the
/// level AAA.
const HIGH_CONTRAST: f64 = 7.0;

/// The languages and themes that files are shown with. Clones are the same.
#[derive(Clone)]
pub struct Looks(Arc<Known>);

struct Known {
    syntaxes: SyntaxSet,
    /// Languages that are in a set of their own: linking the large one again takes long.
    more: SyntaxSet,
    /// Endings that a person's own syntaxes are for: no alias of ours takes them away.
    own_endings: HashSet<String>,
    light: Theme,
    dark: Theme,
    high_contrast_light: Theme,
    high_contrast_dark: Theme,
    own_themes: BTreeMap<String, Theme>,
}

impl fmt::Debug for Looks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Looks").finish_non_exhaustive()
    }
}

impl Looks {
    /// What is built in.
    pub fn built_in() -> Self {
        static BUILT_IN: OnceLock<Looks> = OnceLock::new();
        BUILT_IN
            .get_or_init(|| Self::of(two_face::syntax::extra_newlines(), HashSet::new()))
            .clone()
    }

    /// What is built in and what a folder holds: `*.sublime-syntax` and `*.tmTheme`, at any depth.
    /// A syntax goes before a built-in one for the same endings. Gives also what could not be used.
    /// A folder that is not there holds nothing. Blocks on the disk.
    pub fn with_folder(folder: &Path) -> (Self, Vec<Unusable>) {
        let Own {
            syntaxes,
            themes,
            unusable,
        } = own::read(folder);
        if syntaxes.is_empty() && themes.is_empty() {
            return (Self::built_in(), unusable);
        }
        let endings = syntaxes
            .iter()
            .flat_map(|syntax| &syntax.file_extensions)
            .map(|ending| ending.to_lowercase())
            .collect();
        let mut known = two_face::syntax::extra_newlines();
        // Linking all of them again takes a moment, which only those pay who have their own.
        if !syntaxes.is_empty() {
            let mut builder = known.into_builder();
            syntaxes.into_iter().for_each(|syntax| builder.add(syntax));
            known = builder.build();
        }
        let mut looks = Self::of(known, endings);
        if let Some(inner) = Arc::get_mut(&mut looks.0) {
            inner.own_themes = themes;
        }
        (looks, unusable)
    }

    fn of(syntaxes: SyntaxSet, own_endings: HashSet<String>) -> Self {
        // Of the themes in the set only Coldark has a contrast of 4.5 and more everywhere in both.
        let themes = two_face::theme::extra();
        let light = themes.get(EmbeddedThemeName::ColdarkCold);
        let dark = themes.get(EmbeddedThemeName::ColdarkDark);
        Self(Arc::new(Known {
            syntaxes,
            more: more::languages(),
            own_endings,
            high_contrast_light: contrasted(light, Color::WHITE, Color::BLACK),
            high_contrast_dark: contrasted(dark, Color::BLACK, Color::WHITE),
            light: light.clone(),
            dark: dark.clone(),
            own_themes: BTreeMap::new(),
        }))
    }

    /// The names of the languages, sorted.
    pub fn languages(&self) -> Vec<&str> {
        let known = self.sets().into_iter().flat_map(SyntaxSet::syntaxes);
        let mut names: Vec<&str> = known
            .filter(|syntax| !syntax.hidden)
            .map(|syntax| syntax.name.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The names of a person's own themes, sorted, for [`HighlightTheme::Named`].
    pub fn themes(&self) -> Vec<&str> {
        self.0.own_themes.keys().map(String::as_str).collect()
    }

    /// The theme with a name: one that is built in, or one of a person's own.
    pub fn named<'a>(&self, name: &'a str) -> Option<HighlightTheme<'a>> {
        let own = || {
            let is_known = self.0.own_themes.contains_key(name);
            is_known.then_some(HighlightTheme::Named(name))
        };
        HighlightTheme::built_in(name).or_else(own)
    }

    /// The sets of syntaxes; the first knows plain text.
    pub(super) fn sets(&self) -> [&SyntaxSet; 2] {
        [&self.0.syntaxes, &self.0.more]
    }

    pub(super) fn has_own(&self, ending: &str) -> bool {
        self.0.own_endings.contains(ending)
    }

    /// The theme; the dark one for a name that nobody has.
    pub(super) fn theme(&self, theme: HighlightTheme<'_>) -> &Theme {
        match theme {
            HighlightTheme::Light => &self.0.light,
            HighlightTheme::Dark => &self.0.dark,
            HighlightTheme::HighContrastLight => &self.0.high_contrast_light,
            HighlightTheme::HighContrastDark => &self.0.high_contrast_dark,
            HighlightTheme::Named(name) => self.0.own_themes.get(name).unwrap_or(&self.0.dark),
        }
    }
}

/// The same theme on a ground without color, each of its colors moved towards `strongest` until
/// the contrast is high enough.
fn contrasted(theme: &Theme, ground: Color, strongest: Color) -> Theme {
    let mut theme = theme.clone();
    let plain = Highlighter::new(&theme).get_default().foreground;
    let strengthen = |color: Color| {
        let mixed = |share: u16| {
            let mix = |own: u8, other: u8| {
                let sum = u16::from(own) * (20 - share) + u16::from(other) * share;
                // A mean of two bytes is one.
                u8::try_from(sum / 20).unwrap_or(other)
            };
            Color {
                r: mix(color.r, strongest.r),
                g: mix(color.g, strongest.g),
                b: mix(color.b, strongest.b),
                a: u8::MAX,
            }
        };
        let enough = (0..20).map(mixed);
        enough
            .into_iter()
            .find(|mixed| contrast(*mixed, ground) >= HIGH_CONTRAST)
            .unwrap_or(strongest)
    };
    theme.settings.background = Some(ground);
    theme.settings.foreground = Some(strengthen(plain));
    for item in &mut theme.scopes {
        item.style.foreground = item.style.foreground.map(strengthen);
        item.style.background = None;
    }
    theme
}

/// The contrast of two colors, from 1 to 21, as WCAG 2.2 defines it.
fn contrast(one: Color, other: Color) -> f64 {
    let luminance = |color: Color| {
        let part = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(color.r) + 0.7152 * part(color.g) + 0.0722 * part(color.b)
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}
