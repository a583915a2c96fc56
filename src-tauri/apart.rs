//! A thread for what is to leave the processor to the window: the sandbox, which stands in for a server that
//! is on another machine. On the threads that answer the window it kept pages waiting while something was
//! published to it.

use std::sync::OnceLock;

use tokio::runtime::{Builder, Runtime};

/// How far it comes after whoever else wants the processor: with half of what each of them gets it still
/// answers while all processors are taken.
#[cfg(target_os = "linux")]
const GIVES_WAY: i32 = 3;

/// Where it runs, for as long as the program does; with nothing to do it does not wake up.
///
/// # Errors
/// When there can be no more threads.
pub(crate) fn runtime() -> std::io::Result<&'static Runtime> {
    static APART: OnceLock<std::io::Result<Runtime>> = OnceLock::new();
    let made = APART.get_or_init(|| {
        Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("apart")
            .on_thread_start(give_way)
            .enable_all()
            .build()
    });
    made.as_ref()
        .map_err(|error| std::io::Error::new(error.kind(), error.to_string()))
}

/// Has the thread that calls it come after others. Elsewhere it would be the whole program.
fn give_way() {
    #[cfg(target_os = "linux")]
    // Where that is refused, it takes its share as any other.
    rustix::process::nice(GIVES_WAY).ok();
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::{GIVES_WAY, runtime};

    /// How much less the thread that calls it gets, by field 19 of `stat` of its own (proc(5)).
    fn niceness() -> i32 {
        let stat = std::fs::read_to_string("/proc/thread-self/stat").expect("of Linux");
        let (_, behind_name) = stat.rsplit_once(')').expect("a name");
        let nice = behind_name.split_whitespace().nth(16).expect("a field");
        nice.parse().expect("a number")
    }

    #[test]
    fn what_runs_apart_comes_after_the_window_and_nothing_else_does() {
        let before = niceness();
        let apart = runtime().expect("a thread");
        let there = apart.block_on(async {
            let (task, blocking) = (
                tokio::spawn(async { niceness() }),
                tokio::task::spawn_blocking(niceness),
            );
            [task.await, blocking.await].map(|found| found.expect("it ran"))
        });
        assert_eq!(there, [(before + GIVES_WAY).min(19); 2]);
        assert_eq!(niceness(), before);
        let again = runtime().expect("a thread");
        assert!(std::ptr::eq(apart, again), "there is one");
    }
}
