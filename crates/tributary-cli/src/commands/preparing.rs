//! What commands that plan have alike: the plan of a place, what it leaves out, an end by Ctrl-C.

use tokio_util::sync::CancellationToken;
use tributary::Error;
use tributary::publish::{OnProgress, Prepared, PublishReport, plan, plan_at};
use tributary_pages::markup::Flavor;

use super::config::Resolved;
use super::targets::Places;
use crate::output::{Exit, Output, visible};

/// Reads, looks and plans, with a line that shows how far it is.
pub(crate) async fn prepare(
    places: &Places,
    place: &Resolved,
    output: &Output,
    cancel: &CancellationToken,
) -> Result<Prepared, Error> {
    let client = place.client().await?;
    let planning = async |tell: OnProgress<'_>| match &places.pinned {
        Some(pinned) => plan_at(&client, &place.request, pinned, tell, cancel).await,
        None => plan(&client, &place.request, tell, cancel).await,
    };
    shown(output, planning).await
}

/// Plans with a line that shows how far it is.
pub(crate) async fn shown(
    output: &Output,
    planning: impl AsyncFnOnce(OnProgress<'_>) -> Result<Prepared, Error>,
) -> Result<Prepared, Error> {
    let line = output.progress();
    let tell = |progress| line.show(&progress);
    let planned = planning(&tell).await;
    line.finish();
    let planned = planned?;
    if planned.plan.minor_edit && planned.client.flavor() == Flavor::Cloud {
        output.say(
            "note: Confluence Cloud's API has no minor edits of pages, so watchers are told of \
             new versions",
        );
    }
    Ok(planned)
}

/// Says which files were left out.
pub(crate) fn skipped(prepared: &Prepared, output: &Output) {
    for skipped in &prepared.skipped {
        let (path, reason) = (visible(&skipped.path), visible(&skipped.reason));
        output.say(&format!("skipped    {path}: {reason}"));
    }
}

/// A token that Ctrl-C or a termination cancels: what has begun is finished, the rest is not
/// reached.
pub(crate) fn interruptible() -> CancellationToken {
    let cancel = CancellationToken::new();
    let pressed = cancel.clone();
    tokio::spawn(async move {
        super::sandbox::wait_for_interrupt().await;
        pressed.cancel();
    });
    cancel
}

/// How a publish ended.
pub(crate) fn exit_of(report: &PublishReport) -> Exit {
    if report.cancelled {
        return Exit::Interrupted;
    }
    match &report.stopped_by {
        Some((kind, _)) => Exit::of(*kind),
        None if report.is_complete() => Exit::Done,
        None => Exit::Attention,
    }
}
