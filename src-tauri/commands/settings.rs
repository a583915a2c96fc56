//! The user's settings.

use std::sync::Arc;

use tauri::{AppHandle, Emitter, State};
use tributary::http::PUBLISH_CONCURRENCY;
use tributary::preview::visible;
use tributary::publish::PastReports;
use tributary::settings::{Language, Layer, Pane, WindowSettings};
use tributary::{Error, ErrorKind};
use tributary_pages::markup::Editor;
use tributary_pages::plan::{LabelMode, OnConflict, OnOrphan, PageWidth};

use crate::autostart;
use crate::commands::network::draw_anew;
use crate::convert::{self, small};
use crate::desktop::Desktop;
use crate::tray::Tray;
use crate::views::CommandError;
use crate::views::publish::OrphanView;
use crate::views::settings::{
    CodeThemesView, EditorView, LanguageView, PaneView, PublishDefaultsView, SettingsView,
    SpokenView, UnusableView, WidthView, WindowView,
};
use crate::watching;
use crate::window;
use crate::words::Spoken;
use crate::work::blocking;

/// Changes what the window and a publish are like. It takes effect at once.
#[tauri::command]
#[specta::specta]
pub(crate) fn change_settings(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    settings: SettingsView,
) -> Result<(), CommandError> {
    let SettingsView {
        window: look,
        publish,
    } = settings;
    if !WindowSettings::ZOOM.contains(&look.zoom) {
        let (least, most) = (WindowSettings::ZOOM.start(), WindowSettings::ZOOM.end());
        return Err(Error::new(
            ErrorKind::InvalidInput,
            tributary::sentence!("{zoom} % is no zoom", zoom = look.zoom),
        )
        .remedy(tributary::sentence!(
            "Choose one from {least} % to {most} %",
            least,
            most
        ))
        .into());
    }
    let panes: Vec<Pane> = look.panes.into_iter().map(pane).collect();
    if !WindowSettings::can_show(&panes) {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            "One or two things are shown of a file",
        )
        .into());
    }
    desktop.change_settings(|settings| {
        settings.window = WindowSettings {
            language: match look.language {
                LanguageView::System => Language::System,
                LanguageView::En => Language::English,
                LanguageView::De => Language::German,
            },
            high_contrast: look.high_contrast,
            code_theme: look.code_theme,
            reduced_motion: look.reduced_motion,
            zoom: look.zoom,
            panes,
            shortcuts: look.shortcuts,
        };
        put(publish, &mut settings.publish);
    })?;
    window::zoom(&app, look.zoom);
    Tray::of(&app).speak(&app, &desktop);
    Ok(())
}

/// The themes of code that there are, with those that a person put into a folder since.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_code_themes(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
) -> Result<CodeThemesView, CommandError> {
    let desktop = Arc::clone(&desktop);
    blocking(move || {
        let (looks, unusable) = desktop.read_looks(&app);
        let unusable = unusable.into_iter().map(|file| UnusableView {
            file: visible(&file.file.display().to_string()).into_owned(),
            why: file.why,
            remedy: file.remedy,
        });
        Ok(CodeThemesView {
            folder: desktop.own_highlighting().display().to_string(),
            own: looks.themes().into_iter().map(str::to_owned).collect(),
            languages: small(looks.languages().len()),
            unusable: unusable.collect(),
        })
    })
    .await
}

/// Begins anew with what can be decided in the window. Accounts, publications and certificates stay.
#[tauri::command]
#[specta::specta]
pub(crate) async fn reset_settings(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
) -> Result<(), CommandError> {
    desktop.change_settings(tributary::settings::Settings::reset)?;
    let settings = desktop.settings();
    desktop.behind.reschedule();
    watching::follow(&app);
    window::zoom(&app, settings.window.zoom);
    let tray = Tray::of(&app);
    tray.paused(settings.pauses_looking);
    tray.speak(&app, &desktop);
    let (app, held) = (app.clone(), Arc::clone(&desktop));
    // What may be refused comes last: the rest is in force already.
    blocking(move || {
        draw_anew(&app, &held);
        held.write_crashes();
        held.write_log();
        if autostart::is_on()? {
            autostart::set(false)?;
        }
        held.use_network()
    })
    .await
}

/// Forgets what was opened and published, but for what is pinned.
#[tauri::command]
#[specta::specta]
pub(crate) fn forget_past(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
) -> Result<(), CommandError> {
    desktop.change_settings(tributary::settings::Settings::forget_past)?;
    PastReports::new(&desktop.paths).forget()?;
    // A window that is not there yet will ask by itself.
    app.emit("publication-changed", ()).ok();
    Ok(())
}

/// The window's own settings as it shows them.
pub(crate) fn window_view(settings: &WindowSettings) -> WindowView {
    WindowView {
        language: match settings.language {
            Language::System => LanguageView::System,
            Language::English => LanguageView::En,
            Language::German => LanguageView::De,
        },
        high_contrast: settings.high_contrast,
        code_theme: settings.code_theme.clone(),
        reduced_motion: settings.reduced_motion,
        zoom: settings.zoom,
        panes: settings.panes.iter().map(pane_view).collect(),
        shortcuts: settings.shortcuts.clone(),
    }
}

fn pane(pane: PaneView) -> Pane {
    match pane {
        PaneView::Source => Pane::Source,
        PaneView::Host => Pane::Host,
        PaneView::Page => Pane::Page,
    }
}

fn pane_view(pane: &Pane) -> PaneView {
    match pane {
        Pane::Source => PaneView::Source,
        Pane::Host => PaneView::Host,
        Pane::Page => PaneView::Page,
    }
}

/// A language, as the window names it.
pub(crate) fn spoken_view(spoken: Spoken) -> SpokenView {
    match spoken {
        Spoken::English => SpokenView::En,
        Spoken::German => SpokenView::De,
    }
}

/// What a publish is like, as the window shows it.
pub(crate) fn defaults_view(layer: &Layer) -> PublishDefaultsView {
    PublishDefaultsView {
        on_conflict: convert::conflict(layer.on_conflict.unwrap_or_default()),
        on_orphan: match layer.on_orphan.unwrap_or_default() {
            OnOrphan::Report => OrphanView::Report,
            OnOrphan::Archive => OrphanView::Archive,
            OnOrphan::Trash => OrphanView::Trash,
        },
        message: layer.message.clone(),
        page_width: layer.page_width.map(|width| match width {
            PageWidth::Default => WidthView::Default,
            PageWidth::Full => WidthView::Full,
            PageWidth::Max => WidthView::Max,
        }),
        editor: layer.editor.map(|editor| match editor {
            Editor::New => EditorView::New,
            Editor::Legacy => EditorView::Legacy,
        }),
        sets_labels: layer.label_mode == Some(LabelMode::Set),
        minor_edit: layer.minor_edit.unwrap_or_default(),
        verify: layer.verify.unwrap_or_default(),
        concurrency: u16::try_from(layer.concurrency.unwrap_or(PUBLISH_CONCURRENCY))
            .unwrap_or(u16::MAX),
    }
}

/// Puts what the window shows into the user's layer; what is as it would be anyway leaves no word
/// there, so that a repository's own file is not spoken for.
fn put(defaults: PublishDefaultsView, layer: &mut Layer) {
    let on_conflict = convert::on_conflict(defaults.on_conflict);
    let on_orphan = convert::on_orphan(defaults.on_orphan);
    layer.on_conflict = (on_conflict != OnConflict::default()).then_some(on_conflict);
    layer.on_orphan = (on_orphan != OnOrphan::default()).then_some(on_orphan);
    layer.message = defaults.message.filter(|words| !words.trim().is_empty());
    layer.page_width = defaults.page_width.map(convert::page_width);
    layer.editor = defaults.editor.map(convert::editor);
    layer.label_mode = defaults.sets_labels.then_some(LabelMode::Set);
    layer.minor_edit = defaults.minor_edit.then_some(true);
    layer.verify = defaults.verify.then_some(true);
    let concurrency = usize::from(defaults.concurrency.clamp(1, 64));
    layer.concurrency = (concurrency != PUBLISH_CONCURRENCY).then_some(concurrency);
}
