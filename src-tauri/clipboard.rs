//! The code of a sign-in in the clipboard, for as long as it may stay there.
//!
//! Owns the one thing that this program puts into the clipboard by itself. A code that lies there
//! can be pasted by accident, or be read by any program; so it is taken out again, unless something
//! else is there by then. No token and no passphrase ever goes this way.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tributary::discreet::complain;
use tributary::vault::Secret;
use tributary::{Error, ErrorKind};

/// How long a code may stay in the clipboard.
const STAYS: Duration = Duration::from_secs(60);

/// Gives the text of a clipboard, if it has one.
type Read = Box<dyn FnMut() -> Option<String> + Send>;
/// Puts a text into a clipboard; none empties it.
type Write = Box<dyn FnMut(Option<&str>) -> Result<(), arboard::Error> + Send>;

/// The clipboard, and the code of ours that may be in it. Calls block for as long as the program
/// does that has put something there.
pub(crate) struct Clipboard(Mutex<Inner>);

struct Inner {
    read: Read,
    write: Write,
    /// The code that was copied last and not taken back yet.
    code: Option<Secret>,
    /// How often one was copied, so that an earlier minute ends no later one.
    times: u64,
}

impl Clipboard {
    /// The clipboard of this desktop. Nothing is asked of it before a code is copied.
    pub(crate) fn of_system() -> Self {
        // The same for both, as what it holds goes with it on some desktops.
        let board = Arc::new(Mutex::new(None));
        let same = Arc::clone(&board);
        Self::new(
            Box::new(move || with(&board, arboard::Clipboard::get_text).ok()),
            Box::new(move |text| with(&same, |board| put(board, text))),
        )
    }

    fn new(read: Read, write: Write) -> Self {
        Self(Mutex::new(Inner {
            read,
            write,
            code: None,
            times: 0,
        }))
    }

    /// Puts a code into the clipboard, and gives what takes it out again after a minute, measured by
    /// `wait`.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] when there is no clipboard, or another program holds it.
    pub(crate) async fn lend<Waiting: Future<Output = ()>>(
        self: Arc<Self>,
        code: String,
        wait: impl FnOnce(Duration) -> Waiting,
    ) -> Result<impl Future<Output = ()>, Error> {
        let copying = Arc::clone(&self);
        let copied = tokio::task::spawn_blocking(move || copying.copy(code)).await;
        let number = copied.map_err(broke_off)??;
        let waiting = wait(STAYS);
        Ok(async move {
            waiting.await;
            let taken = tokio::task::spawn_blocking(move || {
                self.with(|inner| {
                    if inner.times == number {
                        inner.take_back();
                    }
                });
            });
            // What panicked there has said so, and nobody waits for this.
            taken.await.ok();
        })
    }

    /// The text that somebody copied, if it is one.
    pub(crate) fn text(&self) -> Option<String> {
        self.with(|inner| (inner.read)())
    }

    /// Takes the code out of the clipboard at once, if it is still there: it is of no use any more.
    pub(crate) fn take_back(&self) {
        self.with(Inner::take_back);
    }

    fn copy(&self, code: String) -> Result<u64, Error> {
        self.with(|inner| {
            (inner.write)(Some(&code)).map_err(|error| {
                Error::new(
                    ErrorKind::Conflict,
                    "The code could not be put into the clipboard",
                )
                .remedy("Type it, or select it and copy it by the keyboard")
                .caused_by(error)
            })?;
            inner.code = Some(Secret::new(code));
            inner.times += 1;
            Ok(inner.times)
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut Inner) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Inner {
    fn take_back(&mut self) {
        let Some(code) = self.code.take() else {
            return;
        };
        if (self.read)().is_some_and(|found| code.is(&found))
            && let Err(error) = (self.write)(None)
        {
            complain(&format!(
                "warning: the code of a sign-in is still in the clipboard: {error}"
            ));
        }
    }
}

/// Uses the clipboard of the desktop, opened when it is first needed.
fn with<T>(
    board: &Mutex<Option<arboard::Clipboard>>,
    act: impl FnOnce(&mut arboard::Clipboard) -> Result<T, arboard::Error>,
) -> Result<T, arboard::Error> {
    let mut board = board.lock().unwrap_or_else(PoisonError::into_inner);
    let board = match &mut *board {
        Some(open) => open,
        none => none.insert(arboard::Clipboard::new()?),
    };
    act(board)
}

/// Programs that keep what was copied are asked to leave a code out.
fn put(board: &mut arboard::Clipboard, text: Option<&str>) -> Result<(), arboard::Error> {
    #[cfg(target_os = "macos")]
    use arboard::SetExtApple as _;
    #[cfg(target_os = "linux")]
    use arboard::SetExtLinux as _;
    #[cfg(windows)]
    use arboard::SetExtWindows as _;

    let Some(text) = text else {
        return board.clear();
    };
    let set = board.set();
    #[cfg(any(target_os = "macos", target_os = "linux"))]
    let set = set.exclude_from_history();
    #[cfg(windows)]
    let set = set
        .exclude_from_cloud()
        .exclude_from_history()
        .exclude_from_monitoring();
    set.text(text)
}

fn broke_off(error: tokio::task::JoinError) -> Error {
    Error::new(ErrorKind::Bug, "Copying the code broke off").caused_by(error)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use tokio::sync::oneshot;

    use super::Clipboard;

    type Held = Arc<Mutex<Option<String>>>;

    /// A clipboard in memory, and what is in it.
    fn clipboard() -> (Arc<Clipboard>, Held) {
        let held = Held::default();
        let (read, written) = (Arc::clone(&held), Arc::clone(&held));
        let clipboard = Clipboard::new(
            Box::new(move || read.lock().expect("unpoisoned").clone()),
            Box::new(move |text| {
                *written.lock().expect("unpoisoned") = text.map(str::to_owned);
                Ok(())
            }),
        );
        (Arc::new(clipboard), held)
    }

    fn found(held: &Held) -> Option<String> {
        held.lock().expect("unpoisoned").clone()
    }

    /// Copies a code; gives what lets its minute pass, and what ends once that did its work.
    async fn copy(
        clipboard: &Arc<Clipboard>,
        code: &str,
    ) -> (oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
        let (passes, passed) = oneshot::channel();
        let wait = |asked: Duration| async move {
            assert_eq!(asked, Duration::from_secs(60));
            passed.await.ok();
        };
        let lent = Arc::clone(clipboard).lend(code.to_owned(), wait).await;
        (passes, tokio::spawn(lent.expect("copied")))
    }

    #[tokio::test]
    async fn a_copied_code_stays_for_a_minute() {
        let (clipboard, held) = clipboard();
        let (minute, done) = copy(&clipboard, "WDJB-MJHT").await;
        assert_eq!(found(&held).as_deref(), Some("WDJB-MJHT"));
        minute.send(()).expect("it is waited for");
        done.await.expect("no panic");
        assert_eq!(found(&held), None);
    }

    #[tokio::test]
    async fn what_somebody_copied_meanwhile_stays() {
        let (clipboard, held) = clipboard();
        let (minute, done) = copy(&clipboard, "WDJB-MJHT").await;
        *held.lock().expect("unpoisoned") = Some("mine".to_owned());
        minute.send(()).expect("it is waited for");
        done.await.expect("no panic");
        assert_eq!(found(&held).as_deref(), Some("mine"));
    }

    #[tokio::test]
    async fn a_code_that_is_copied_again_has_a_minute_of_its_own() {
        let (clipboard, held) = clipboard();
        let (first, done) = copy(&clipboard, "WDJB-MJHT").await;
        let (second, done_again) = copy(&clipboard, "WDJB-MJHT").await;
        first.send(()).expect("it is waited for");
        done.await.expect("no panic");
        assert_eq!(found(&held).as_deref(), Some("WDJB-MJHT"));
        second.send(()).expect("it is waited for");
        done_again.await.expect("no panic");
        assert_eq!(found(&held), None);
    }

    #[tokio::test]
    async fn a_code_of_no_use_is_taken_out_at_once_and_only_once() {
        let (clipboard, held) = clipboard();
        let (minute, done) = copy(&clipboard, "WDJB-MJHT").await;
        clipboard.take_back();
        assert_eq!(found(&held), None);
        // Whoever copies the same text by hand afterwards did not ask for this.
        *held.lock().expect("unpoisoned") = Some("WDJB-MJHT".to_owned());
        minute.send(()).expect("it is waited for");
        done.await.expect("no panic");
        clipboard.take_back();
        assert_eq!(found(&held).as_deref(), Some("WDJB-MJHT"));
    }
}
