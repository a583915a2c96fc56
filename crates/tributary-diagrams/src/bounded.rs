//! Draws on a thread of its own: with room for deep recursion, within a time, and with an end to
//! panics.

use std::panic;
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use super::Failure;

/// What each part is given to end by itself.
pub(crate) const TIME: Duration = Duration::from_secs(10);
/// When the wait for a part that does not end by itself is given up.
const PATIENCE: Duration = Duration::from_secs(20);
/// Room for what the libraries do with deeply nested sources, also without optimization.
const STACK: usize = 64 * 1024 * 1024;
/// How many drawings may still be running that nobody waits for.
const MOST_ABANDONED: usize = 4;
/// The name of the threads.
const NAME: &str = "drawing";

static ABANDONED: AtomicUsize = AtomicUsize::new(0);

/// Runs something that draws.
pub(crate) fn run<T: Send + 'static>(
    draw: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    quiet();
    if ABANDONED.load(Ordering::Relaxed) >= MOST_ABANDONED {
        return Err(Failure::new(
            "other diagrams are still being drawn that take too long; nothing more is drawn until \
             they end",
        ));
    }
    let (tell, told) = channel();
    let thread = thread::Builder::new()
        .name(NAME.to_owned())
        .stack_size(STACK)
        .spawn(move || {
            let drawn = panic::catch_unwind(panic::AssertUnwindSafe(draw));
            if tell.send(drawn).is_err() {
                ABANDONED.fetch_sub(1, Ordering::Relaxed);
            }
        })
        .map_err(|error| Failure::new(format!("no thread could be started to draw it: {error}")))?;
    match told.recv_timeout(PATIENCE) {
        Ok(Ok(drawn)) => {
            // It has told, so it ends now.
            if thread.join().is_err() {
                return Err(broken());
            }
            drawn
        }
        Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => Err(broken()),
        Err(RecvTimeoutError::Timeout) => {
            ABANDONED.fetch_add(1, Ordering::Relaxed);
            drop(told);
            Err(too_long())
        }
    }
}

/// The failure of what takes too long.
pub(crate) fn too_long() -> Failure {
    Failure::new(format!(
        "it takes longer than {} seconds to draw; make it smaller",
        TIME.as_secs()
    ))
}

fn broken() -> Failure {
    Failure::new("the drawing library broke down over it; please report the source")
}

/// Keeps the words of panics that end here from the terminal, and passes on all others.
fn quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let others = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            // To a fuzzer one in code of ours is a finding; there is one in it, not in a library.
            let is_ours = cfg!(fuzzing)
                && info
                    .location()
                    .is_some_and(|place| place.file().starts_with("crates/"));
            if is_ours || thread::current().name() != Some(NAME) {
                others(info);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::run;
    use crate::Failure;

    #[test]
    fn a_panic_is_a_failure_and_deep_recursion_has_room() {
        let broken: Result<(), Failure> = run(|| panic!("over a letter"));
        assert!(broken.is_err_and(|failure| failure.message.contains("broke down")));
        fn deep(level: usize) -> usize {
            let room = std::hint::black_box([level as u8; 1024]);
            match level {
                0 => usize::from(room[0]),
                level => deep(level - 1) + usize::from(room[512] == level as u8),
            }
        }
        assert_eq!(run(|| Ok(deep(20_000))), Ok(20_000));
    }
}
