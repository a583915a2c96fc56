//! How servers are reached, the doctor, and what a report of a trouble needs.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tauri::ipc::Channel;
use tauri::{AppHandle, Emitter, State};
use tauri_plugin_dialog::DialogExt;
use tributary::account::Policy;
use tributary::discreet::log::{Level, tail};
use tributary::doctor::{self, Check, Expected, State as StepState, Step};
use tributary::network::{
    ManualProxy, NetworkSettings, ProxyChoice, identity_for, identity_name, password_name,
    read_authorities, read_host, read_script,
};
use tributary::settings::read_diagram_server;
use tributary::vault::Secret;
use tributary::{Error, ErrorKind};

use crate::commands::repository::chosen;
use crate::desktop::Desktop;
use crate::views::CommandError;
use crate::views::network::{
    DoctorStateView, DoctorStepView, LogView, NetworkView, NewNetwork, ProxyView,
};
use crate::words::said;
use crate::work::blocking;

/// How servers are reached.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_network(
    desktop: State<'_, Arc<Desktop>>,
) -> Result<NetworkView, CommandError> {
    let desktop = Arc::clone(&desktop);
    blocking(move || Ok(view(&desktop))).await
}

/// Reaches servers another way from now on. A password goes to where tokens are kept.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_network(
    desktop: State<'_, Arc<Desktop>>,
    network: NewNetwork,
    password: Option<String>,
) -> Result<NetworkView, CommandError> {
    let desktop = Arc::clone(&desktop);
    let password = password
        .filter(|password| !password.is_empty())
        .map(Secret::new);
    blocking(move || {
        let proxy = match network.proxy {
            ProxyView::System => ProxyChoice::System,
            ProxyView::None => ProxyChoice::None,
            ProxyView::Script => ProxyChoice::Script(read_script(&network.address)?),
            ProxyView::Manual => ProxyChoice::Manual(ManualProxy {
                address: ManualProxy::read_address(&network.address)?,
                user: Some(network.user.trim().to_owned()).filter(|user| !user.is_empty()),
                exceptions: kept(network.exceptions),
            }),
        };
        let files: Vec<PathBuf> = kept(network.ca_files)
            .into_iter()
            .map(PathBuf::from)
            .collect();
        for file in &files {
            if !file.is_absolute() {
                return Err(Error::new(
                    ErrorKind::InvalidInput,
                    tributary::sentence!("`{file}` is no whole path", file = file.display()),
                )
                .remedy("Give the path from the root of the disk on"));
            }
            read_authorities(file)?;
        }
        if let (ProxyChoice::Manual(named), Some(password)) = (&proxy, &password) {
            let name = password_name(named).ok_or_else(|| {
                Error::new(
                    ErrorKind::InvalidInput,
                    "A password is for a user of the proxy",
                )
                .remedy("Give the user too")
            })?;
            desktop.may_keep()?;
            desktop.vault().0.put(&name, password)?;
        }
        change(&desktop, |network| {
            network.proxy = proxy;
            network.ca_files = files;
        })
    })
    .await
}

/// Has another server draw what is not drawn here from now on; none for an empty address.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_diagram_server(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    address: String,
) -> Result<NetworkView, CommandError> {
    let desktop = Arc::clone(&desktop);
    blocking(move || {
        let server = read_diagram_server(&address)?;
        desktop.change_settings(|settings| settings.publish.diagram_server = server)?;
        draw_anew(&app, &desktop);
        Ok(view(&desktop))
    })
    .await
}

/// Has pages that are shown drawn by who draws them now. Blocks on the disk.
pub(crate) fn draw_anew(app: &AppHandle, desktop: &Desktop) {
    // No folder may be open, and one that is gone is told about where it is shown.
    desktop.read_again().ok();
    app.emit("drawing-changed", ()).ok();
}

/// Keeps a certificate with its key, to be shown to one host. The passphrase is used and forgotten.
#[tauri::command]
#[specta::specta]
pub(crate) async fn keep_certificate(
    desktop: State<'_, Arc<Desktop>>,
    server: String,
    file: String,
    passphrase: Option<String>,
) -> Result<NetworkView, CommandError> {
    let desktop = Arc::clone(&desktop);
    let passphrase = passphrase
        .filter(|passphrase| !passphrase.is_empty())
        .map(Secret::new);
    blocking(move || {
        let (host, identity) = identity_for(&server, Path::new(file.trim()), passphrase.as_ref())?;
        desktop.may_keep()?;
        desktop
            .vault()
            .0
            .put(&identity_name(&host), identity.pem())?;
        change(&desktop, |network| {
            network.certificate_hosts.retain(|known| *known != host);
            network.certificate_hosts.push(host);
        })
    })
    .await
}

/// Lets the user choose a file with a certificate and its key in the system's dialog.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_certificate(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
) -> Result<Option<String>, CommandError> {
    let title = desktop.spoken().say("dialog-certificate");
    let dialog = app.dialog().file().set_title(title);
    Ok(chosen(|answer| dialog.pick_file(answer)).await)
}

/// Shows a host no certificate any more, and forgets it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn forget_certificate(
    desktop: State<'_, Arc<Desktop>>,
    server: String,
) -> Result<NetworkView, CommandError> {
    let desktop = Arc::clone(&desktop);
    blocking(move || {
        let host = read_host(&server)?;
        desktop.vault().0.forget(&identity_name(&host))?;
        change(&desktop, |network| {
            network.certificate_hosts.retain(|known| *known != host);
        })
    })
    .await
}

/// Writes the last words of a crash to a file from now on, or does not.
#[tauri::command]
#[specta::specta]
pub(crate) fn change_crash_reports(
    desktop: State<'_, Arc<Desktop>>,
    wanted: bool,
) -> Result<(), CommandError> {
    desktop.change_settings(|settings| settings.crash_reports = wanted)?;
    desktop.write_crashes();
    Ok(())
}

/// Writes so much into the log from now on.
#[tauri::command]
#[specta::specta]
pub(crate) fn change_log(
    desktop: State<'_, Arc<Desktop>>,
    level: LogView,
) -> Result<(), CommandError> {
    desktop.change_settings(|settings| settings.log = level_of(level))?;
    desktop.write_log();
    Ok(())
}

fn level_of(chosen: LogView) -> Level {
    match chosen {
        LogView::Off => Level::Off,
        LogView::Errors => Level::Errors,
        LogView::Everything => Level::Everything,
    }
}

/// Looks at this machine and goes the way to every server, or to the one at an address alone.
#[tauri::command]
#[specta::specta]
pub(crate) async fn run_doctor(
    desktop: State<'_, Arc<Desktop>>,
    address: Option<String>,
    progress: Channel<DoctorStepView>,
) -> Result<(), CommandError> {
    let desktop = Arc::clone(&desktop);
    let found = Arc::new(Mutex::new(Vec::new()));
    let mut tell = {
        let found = Arc::clone(&found);
        move |step: Step| {
            // The window may have gone on to something else.
            progress.send(step_view(&step)).ok();
            found
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(step);
        }
    };
    match address.map(|address| address.trim().to_owned()) {
        Some(address) if !address.is_empty() => {
            let url = doctor::address(&address)?;
            doctor::server(desktop.http(), &url, Expected::Anything, &mut tell).await;
        }
        _ => {
            let held = Arc::clone(&desktop);
            let machine = blocking(move || {
                Ok(doctor::machine(&held.paths, &Policy::of_machine, &|| {
                    Ok(held.vault().1)
                }))
            })
            .await?;
            machine.steps.into_iter().for_each(&mut tell);
            let held = Arc::clone(&desktop);
            if let Err(error) = blocking(move || Ok(held.use_network())).await? {
                tell(Step::of_error(Check::Network, &error));
            }
            match desktop.accounts_ready().await {
                Ok(accounts) => doctor::all(desktop.http(), &accounts, &mut tell).await?,
                Err(error) => tell(Step::of_error(Check::SignIn, &error)),
            }
        }
    }
    let found = std::mem::take(&mut *found.lock().unwrap_or_else(PoisonError::into_inner));
    desktop.remember_steps(found);
    Ok(())
}

/// What somebody who helps wants to know, as a text without secrets.
#[tauri::command]
#[specta::specta]
pub(crate) fn show_diagnostics(desktop: State<'_, Arc<Desktop>>) -> String {
    let settings = desktop.settings();
    // Where nothing is written any more, what is there is of another time.
    let written = match settings.log {
        Level::Off => String::new(),
        _ => tail(&desktop.log_folder()),
    };
    let lines = match written.is_empty() {
        true => tributary::discreet::noted(),
        false => written.lines().map(ToOwned::to_owned).collect(),
    };
    doctor::diagnostics(&settings, &desktop.steps(), &lines)
}

/// Changes how servers are reached, for every request from now on.
fn change(
    desktop: &Desktop,
    change: impl FnOnce(&mut NetworkSettings),
) -> Result<NetworkView, Error> {
    desktop.change_settings(|settings| change(&mut settings.network))?;
    desktop.use_network()?;
    Ok(view(desktop))
}

fn kept(lines: Vec<String>) -> Vec<String> {
    let lines = lines.into_iter().map(|line| line.trim().to_owned());
    lines.filter(|line| !line.is_empty()).collect()
}

fn view(desktop: &Desktop) -> NetworkView {
    let settings = desktop.settings();
    let policy = Policy::of_machine().unwrap_or_default();
    let found = policy.network(&settings.network);
    let (network, is_by_policy) = found.unwrap_or_else(|_| (settings.network.clone(), false));
    let files = settings.network.ca_files.iter();
    let mut chosen = NewNetwork {
        proxy: ProxyView::System,
        address: String::new(),
        user: String::new(),
        exceptions: Vec::new(),
        ca_files: files.map(|file| file.display().to_string()).collect(),
    };
    match network.proxy {
        ProxyChoice::System => {}
        ProxyChoice::None => chosen.proxy = ProxyView::None,
        ProxyChoice::Script(address) => {
            chosen.proxy = ProxyView::Script;
            chosen.address = address.to_string();
        }
        ProxyChoice::Manual(proxy) => {
            chosen.proxy = ProxyView::Manual;
            chosen.address = proxy.address.to_string();
            chosen.user = proxy.user.unwrap_or_default();
            chosen.exceptions = proxy.exceptions;
        }
    }
    NetworkView {
        chosen,
        is_by_policy,
        certificate_hosts: network.certificate_hosts,
        diagram_server: settings.publish.diagram_server.map(String::from),
        crash_reports: settings.crash_reports,
        log: match settings.log {
            Level::Off => LogView::Off,
            Level::Errors => LogView::Errors,
            Level::Everything => LogView::Everything,
        },
        log_folder: desktop.log_folder().display().to_string(),
        crash_folder: desktop.paths.data.join("crashes").display().to_string(),
    }
}

fn step_view(step: &Step) -> DoctorStepView {
    DoctorStepView {
        subject: step.subject.clone(),
        what: said(&step.check.in_words()),
        state: match step.state {
            StepState::Fine => DoctorStateView::Fine,
            StepState::Notice => DoctorStateView::Notice,
            StepState::Failed(_) => DoctorStateView::Failed,
        },
        message: said(&step.message),
        remedy: step
            .remedy
            .as_ref()
            .map(|remedy| said(remedy.sentence_for_window())),
    }
}
