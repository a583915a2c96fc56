//! The ways to servers where they have to be asked for: what a script says, or the desktop.
//!
//! An answer is kept for each origin, and all of them for a while. A way that leads nowhere is passed
//! over for the next one until then.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use url::Url;

use super::desktop::{self, Said};
use super::pac::{self, Way};
use crate::Sentence;
use crate::error::{Error, ErrorKind, Remedy};

/// How long what was said is believed.
const KEPT: Duration = Duration::from_secs(30 * 60);
/// How many answers are kept.
const ANSWERS: usize = 4096;

/// Who says the ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// The desktop's settings.
    Desktop,
    /// A script.
    Script(Url),
}

/// The ways that are known.
#[derive(Debug)]
pub(crate) struct Ways {
    source: Source,
    known: Mutex<Known>,
    /// Held while somebody asks, so that the others wait for the answer and do not ask too.
    pub(crate) asking: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Known {
    since: Option<Instant>,
    said: Option<Said>,
    script: Option<Arc<str>>,
    answers: HashMap<String, Answer>,
}

#[derive(Debug)]
struct Answer {
    ways: Vec<Way>,
    /// Which of them is tried.
    at: usize,
}

impl Ways {
    pub(super) fn new(source: Source) -> Self {
        Self {
            source,
            known: Mutex::default(),
            asking: tokio::sync::Mutex::default(),
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The way to an address that is tried now; none before somebody asked for it.
    pub(crate) fn current(&self, url: &Url) -> Option<Way> {
        let known = self.known();
        let answer = known.answers.get(&origin(url))?;
        answer.ways.get(answer.at).cloned()
    }

    /// Forgets everything when it is old, and says whether the ways to an address are known.
    pub(crate) fn is_known(&self, url: &Url) -> bool {
        let mut known = self.known();
        if known.since.is_some_and(|since| since.elapsed() > KEPT) || known.answers.len() > ANSWERS
        {
            *known = Known::default();
        }
        known.answers.contains_key(&origin(url))
    }

    /// Goes on from a way to an address that led nowhere to the next; the first follows the last.
    pub(crate) fn go_on(&self, url: &Url, from: Option<&Way>) {
        let mut known = self.known();
        // Another request may have gone on already.
        if let Some(answer) = known.answers.get_mut(&origin(url))
            && answer.ways.get(answer.at) == from
        {
            answer.at = (answer.at + 1) % answer.ways.len().max(1);
        }
    }

    /// Whether another way is tried now than one that led nowhere, and not the first again.
    pub(crate) fn has_left(&self, url: &Url, way: &Way) -> bool {
        let known = self.known();
        let answer = known.answers.get(&origin(url));
        answer.is_some_and(|answer| answer.at != 0 && answer.ways.get(answer.at) != Some(way))
    }

    /// The script that has to be fetched before anybody can be asked. Blocks on the desktop.
    pub(crate) fn script_wanted(&self) -> Option<Url> {
        let said = match &self.source {
            Source::Script(address) => Said::Script(address.clone()),
            Source::Desktop => {
                let said = self.known().said.clone();
                said.unwrap_or_else(desktop::read)
            }
        };
        let mut known = self.known();
        known.since.get_or_insert_with(Instant::now);
        let wanted = match &said {
            Said::Script(address) if known.script.is_none() => Some(address.clone()),
            _ => None,
        };
        known.said = Some(said);
        wanted
    }

    /// Takes the script that was fetched. Blocks while it is looked at.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when it is none.
    pub(crate) fn take_script(&self, address: &Url, script: &str) -> Result<(), Error> {
        if let Some(fault) = pac::fault(script) {
            return Err(faulty(address, &fault));
        }
        self.known().script = Some(script.into());
        Ok(())
    }

    /// Asks for the ways to an address. Blocks. This machine is always reached directly.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when the script fails.
    pub(crate) fn ask(&self, url: &Url) -> Result<(), Error> {
        let (said, script) = {
            let known = self.known();
            (known.said.clone(), known.script.clone())
        };
        let ways = match (said, script) {
            _ if super::is_own_machine(url) => vec![Way::Direct],
            (Some(Said::Named(named)), _) => named.ways(url),
            (Some(Said::Script(address)), Some(script)) => {
                pac::ask(&script, url).map_err(|fault| faulty(&address, &fault))?
            }
            _ => vec![Way::Direct],
        };
        let answer = Answer { ways, at: 0 };
        self.known().answers.insert(origin(url), answer);
        Ok(())
    }

    /// Who says the ways, in words.
    pub(crate) fn told_by(&self) -> Sentence {
        let said = match &self.source {
            Source::Script(address) => Some(Said::Script(address.clone())),
            Source::Desktop => self.known().said.clone(),
        };
        match said {
            Some(Said::Script(address)) => {
                sentence!("as the script `{script}` says", script = shown(&address))
            }
            _ => sentence!("as the desktop's settings say"),
        }
    }
}

fn origin(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or_default();
    format!("{}://{host}:{port}", url.scheme())
}

/// The address of a script without what may be secret in it.
pub(crate) fn shown(address: &Url) -> String {
    let mut shown = address.clone();
    shown.set_query(None);
    shown.set_fragment(None);
    if !shown.username().is_empty() || shown.password().is_some() {
        return place_alone(address);
    }
    shown.to_string()
}

fn place_alone(address: &Url) -> String {
    format!("{}://{}", address.scheme(), super::place_of(address))
}

/// The remedy for a script that cannot be used.
pub(crate) fn other_way() -> Remedy {
    Remedy::of_each(
        "Open its address in a browser, tell whoever looks after it, or name the proxy with \
         `tributary network proxy`",
        "Open its address in a browser, tell whoever looks after it, or name the proxy under \
         Settings, Network",
    )
}

fn faulty(address: &Url, fault: &str) -> Error {
    Error::new(
        ErrorKind::InvalidInput,
        sentence!(
            "The script `{address}` that chooses the proxy fails: {fault}",
            address = shown(address),
            fault
        ),
    )
    .remedy(other_way())
}
