//! Running what blocks beside what the window waits for.

use tributary::{Error, ErrorKind};

use crate::views::CommandError;

/// Runs what blocks on its own thread.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, CommandError> {
    let done = tauri::async_runtime::spawn_blocking(work).await;
    let done =
        done.map_err(|error| Error::new(ErrorKind::Bug, "The work broke off").caused_by(error))?;
    Ok(done?)
}
