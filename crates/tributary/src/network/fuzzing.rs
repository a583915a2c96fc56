//! Doors for the fuzzer (`tests/fuzz`) to what nobody else calls: there only when it is built.

use std::time::{Duration, Instant};

use url::Url;

use super::desktop::{self, Said};
use super::pac::{self, Way};

/// What a script says, in a time that is long for what nobody made up.
///
/// # Errors
/// What is wrong with it.
pub fn script(script: &str, url: &Url) -> Result<Vec<Way>, String> {
    pac::ask_until(script, url, Instant::now() + Duration::from_millis(100))
}

/// The ways that a desktop says for an address: its settings as GNOME's program lists them, or as
/// the file of KDE; none where it names a script.
pub fn desktop(text: &str, is_kde: bool, url: &Url) -> Option<Vec<Way>> {
    let said = match is_kde {
        true => desktop::of_kde(text),
        false => desktop::of_gnome(text),
    };
    match said {
        Said::Nothing => Some(vec![Way::Direct]),
        Said::Named(named) => Some(named.ways(url)),
        Said::Script(_) => None,
    }
}
