//! What keeps the memory of this process out of files and away from other programs of its user.
//!
//! A memory dump of a program that holds tokens holds the tokens. Overwriting them early is best
//! effort, because the layers below copy what they send; that the system writes no dump is not.

use crate::error::Error;
#[cfg(any(unix, windows))]
use crate::error::ErrorKind;

/// Forbids the system to write this process's memory into a core file or to show it to other
/// processes of the same user. Call it first thing in `main`.
///
/// On Unix the limit for core files becomes 0, for this process and those it starts. On Linux the
/// process is also made not dumpable (`PR_SET_DUMPABLE`, prctl(2)): where core dumps go to a
/// program through a pipe, as with `systemd-coredump`, the limit alone is not heeded (core(5)),
/// and no debugger of the same user may attach or read `/proc/PID/mem`. On Windows the program is
/// left out of the user's error reports, which carry memory: by its name in the user's registry,
/// which stays there.
///
/// # Errors
/// [`crate::ErrorKind::Bug`] when the system refuses what it always allows.
pub fn harden_process() -> Result<(), Error> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};

        let none = Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        setrlimit(Resource::Core, none).map_err(refused)?;
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};

        set_dumpable_behavior(DumpableBehavior::NotDumpable).map_err(refused)?;
    }
    #[cfg(windows)]
    leave_out_of_error_reports()?;
    Ok(())
}

#[cfg(windows)]
fn leave_out_of_error_reports() -> Result<(), Error> {
    const EXCLUDED: &str =
        r"Software\Microsoft\Windows\Windows Error Reporting\ExcludedApplications";

    let refused = |error: Box<dyn std::error::Error + Send + Sync>| {
        Error::new(
            ErrorKind::Bug,
            "Windows does not let this program leave itself out of error reports",
        )
        .remedy("Switch error reports off for it, so that none carries its memory")
        .caused_by(error)
    };
    let program = std::env::current_exe().map_err(|error| refused(error.into()))?;
    let Some(name) = program.file_name() else {
        return Ok(());
    };
    let excluded = windows_registry::CURRENT_USER.create(EXCLUDED);
    let excluded = excluded.and_then(|excluded| excluded.set_u32(name.to_string_lossy(), 1));
    excluded.map_err(|error| refused(error.into()))
}

#[cfg(unix)]
fn refused(error: rustix::io::Errno) -> Error {
    Error::new(
        ErrorKind::Bug,
        "The system does not let this program forbid memory dumps of itself",
    )
    .remedy("Set `ulimit -c 0` before you start it")
    .caused_by(error)
}
