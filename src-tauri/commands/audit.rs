//! The audit log: its records, whether anybody changed it, and a copy for other programs.

use std::sync::Arc;

use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt;
use tributary::Error;
use tributary::account::{known, recorded_as};
use tributary::audit::{Audit, Filter, Form, Outcome, Sender};
use tributary::store::{Paths, write_private};

use crate::convert;
use crate::desktop::Desktop;
use crate::views::{
    AuditFilterView, AuditFormView, AuditVerificationView, AuditView, CommandError,
};
use crate::work::blocking;

/// The records that a filter lets through, the latest first, at most `most` of them.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_audit(
    desktop: State<'_, Arc<Desktop>>,
    filter: AuditFilterView,
    most: u32,
) -> Result<AuditView, CommandError> {
    let desktop = Arc::clone(&desktop);
    let audit = desktop.audit_ready().await?;
    blocking(move || {
        let paths = &desktop.paths;
        let entries = audit.entries(&wanted(paths, &audit, &filter)?)?;
        let known = known(paths)?;
        let server = desktop.settings().audit.forward;
        let forwarding = match &server {
            Some(server) => Some((server, audit.forwarded(server)?)),
            None => None,
        };
        Ok(convert::audit(&audit, &entries, most, &known, forwarding))
    })
    .await
}

/// Looks whether anybody changed the log. That it was looked at is a record too.
#[tauri::command]
#[specta::specta]
pub(crate) async fn verify_audit(
    desktop: State<'_, Arc<Desktop>>,
) -> Result<AuditVerificationView, CommandError> {
    let audit = desktop.audit_ready().await?;
    blocking(move || {
        let found = audit.inspect()?;
        Ok(convert::verification(&found))
    })
    .await
}

/// Writes the records that a filter lets through into a file that the user chooses, and gives its
/// path; none when they chose none.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_audit(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    filter: AuditFilterView,
    form: AuditFormView,
) -> Result<Option<String>, CommandError> {
    let (form, ending) = match form {
        AuditFormView::Jsonl => (Form::JsonLines, "jsonl"),
        AuditFormView::Csv => (Form::Csv, "csv"),
        AuditFormView::Cef => (Form::Cef, "cef"),
        AuditFormView::Ocsf => (Form::Ocsf, "ocsf.jsonl"),
        AuditFormView::Syslog => (Form::Syslog, "log"),
    };
    let (sender, receiver) = tokio::sync::oneshot::channel();
    app.dialog()
        .file()
        .set_title(desktop.spoken().say("dialog-audit"))
        .set_file_name(format!("audit.{ending}"))
        .save_file(move |chosen| {
            // The window may be gone before the dialog is answered.
            sender.send(chosen).ok();
        });
    let chosen = receiver.await.ok().flatten();
    let Some(path) = chosen.and_then(|chosen| chosen.into_path().ok()) else {
        return Ok(None);
    };
    let desktop = Arc::clone(&desktop);
    let audit = desktop.audit_ready().await?;
    blocking(move || {
        let filter = wanted(&desktop.paths, &audit, &filter)?;
        let exported = audit.export(&filter, form, &Sender::default())?;
        write_private(&path, exported.as_bytes())?;
        Ok(Some(path.display().to_string()))
    })
    .await
}

fn wanted(paths: &Paths, audit: &Audit, filter: &AuditFilterView) -> Result<Filter, Error> {
    let given = |text: &Option<String>| {
        let text = text.as_deref().map(str::trim).unwrap_or_default();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let time = |text: &Option<String>| {
        let text = given(text);
        text.map(|text| audit.point_in_time(&text)).transpose()
    };
    Ok(Filter {
        since: time(&filter.since)?,
        until: time(&filter.until)?,
        action: given(&filter.action),
        accounts: match given(&filter.account) {
            Some(account) => recorded_as(paths, &account)?,
            None => Vec::new(),
        },
        outcome: given(&filter.outcome).and_then(|name| Outcome::of(&name)),
        correlation: given(&filter.operation),
        ..Filter::default()
    })
}
