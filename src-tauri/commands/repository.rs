//! The opened folder: its files, their source and the pages they become.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tauri::{AppHandle, Emitter, State};
use tauri_plugin_dialog::DialogExt;
use tributary::preview::{HighlightTheme, Preview, highlight};
use tributary::repository::EntryKind;
use tributary::{Error, ErrorKind};
use tributary_pages::markup::SourceKind;

use crate::convert::{problem, repository, small};
use crate::desktop::{Desktop, Opened};
use crate::scheme::image_address;
use crate::views::{
    CommandError, FileKindView, FileView, PageView, RepositoryView, SourceKindView, SourceView,
    SpanView, StyleView, ThemeView,
};
use crate::work::blocking;

/// The opened folder as the window shows it.
pub(crate) fn view(opened: &Opened) -> RepositoryView {
    repository(
        &opened.gathered.repository,
        opened.gathered.sources.documents.len(),
    )
}

/// Lets the user choose a folder in the system's dialog.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_folder(app: AppHandle) -> Result<Option<String>, CommandError> {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    app.dialog()
        .file()
        .set_title("Open a folder")
        .pick_folder(move |chosen| {
            // The window may be gone before the dialog is answered.
            sender.send(chosen).ok();
        });
    let chosen = receiver.await.ok().flatten();
    Ok(chosen
        .and_then(|chosen| chosen.into_path().ok())
        .map(|path| path.display().to_string()))
}

/// Opens a folder.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_folder(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    path: String,
) -> Result<RepositoryView, CommandError> {
    let desktop = Arc::clone(&desktop);
    let opened = blocking(move || desktop.open_folder(expand(&path)?)).await?;
    app.emit("folder-changed", ()).ok();
    Ok(view(&opened))
}

/// Opens the sample repository.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_sample(
    desktop: State<'_, Arc<Desktop>>,
) -> Result<RepositoryView, CommandError> {
    let desktop = Arc::clone(&desktop);
    let opened = blocking(move || {
        let folder = desktop.sample()?;
        desktop.open_folder(folder)
    });
    Ok(view(&*opened.await?))
}

/// A path as a person types it: `~` is the home folder.
pub(crate) fn expand(typed: &str) -> Result<PathBuf, Error> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Error::new(ErrorKind::InvalidInput, "No folder was named")
            .remedy("Type a path or choose a folder"));
    }
    let home = std::env::var_os("HOME");
    Ok(match (typed.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => PathBuf::from(typed),
    })
}

/// Lists the files of the opened folder as they are now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_files(
    desktop: State<'_, Arc<Desktop>>,
) -> Result<Vec<FileView>, CommandError> {
    let desktop = Arc::clone(&desktop);
    blocking(move || {
        let opened = desktop.read_again()?;
        let gathered = &opened.gathered;
        let (entries, skipped) = gathered.repository.entries(Path::new(""))?;
        let mut files: Vec<FileView> = entries
            .into_iter()
            .map(|entry| FileView {
                kind: kind_of(&entry.path),
                size: u32::try_from(entry.size).unwrap_or(u32::MAX),
                skipped: match entry.kind {
                    EntryKind::Symlink { inside: false, .. } => {
                        Some("a symbolic link that leaves the repository".to_owned())
                    }
                    _ => None,
                },
                path: entry.path,
            })
            .collect();
        files.extend(skipped.into_iter().map(|left| FileView {
            kind: FileKindView::Other,
            size: 0,
            path: left.path,
            skipped: Some(left.reason),
        }));
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    })
    .await
}

fn kind_of(path: &str) -> FileKindView {
    let ending = path
        .rsplit('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    match ending.as_str() {
        "png" | "jpg" | "jpeg" | "gif" | "svg" | "webp" | "bmp" | "ico" | "avif" => {
            FileKindView::Image
        }
        _ if SourceKind::of_path(path) != SourceKind::Code => FileKindView::Document,
        _ => FileKindView::Other,
    }
}

/// Shows lines of a file with their colors.
#[tauri::command]
#[specta::specta]
pub(crate) async fn preview_source(
    desktop: State<'_, Arc<Desktop>>,
    path: String,
    theme: ThemeView,
    first: u32,
    count: u32,
) -> Result<SourceView, CommandError> {
    let desktop = Arc::clone(&desktop);
    blocking(move || {
        let bytes = desktop.folder()?.gathered.repository.read(&path)?;
        let lines = first..first.saturating_add(count.min(2000));
        let shown = highlight(&path, &bytes, theme_of(theme), lines);
        Ok(source_view(&path, None, bytes.len(), shown))
    })
    .await
}

pub(crate) fn theme_of(theme: ThemeView) -> HighlightTheme<'static> {
    match theme {
        ThemeView::Dark => HighlightTheme::Dark,
        _ => HighlightTheme::Light,
    }
}

/// A file of the opened folder, or of the opened repository with this id.
pub(crate) fn source_view(
    path: &str,
    visit: Option<&str>,
    size: usize,
    preview: Preview,
) -> SourceView {
    let mut view = SourceView::without_text(SourceKindView::Binary, small(size));
    match preview {
        Preview::Text(_) if size == 0 => view.kind = SourceKindView::Empty,
        Preview::Text(text) => {
            view.kind = SourceKindView::Text;
            view.language = text.language;
            view.total_lines = text.total_lines;
            view.first = text.first_line;
            view.background = text.background;
            view.palette = text
                .palette
                .into_iter()
                .map(|style| StyleView {
                    color: style.color,
                    bold: style.bold,
                    italic: style.italic,
                    underline: style.underline,
                })
                .collect();
            view.lines = text
                .lines
                .into_iter()
                .map(|line| {
                    line.into_iter()
                        .map(|span| SpanView {
                            text: span.text,
                            style: span.style,
                        })
                        .collect()
                })
                .collect();
            view.notes = text.notes;
        }
        Preview::Image { width, height, .. } => {
            view.kind = SourceKindView::Image;
            view.image_url = Some(match visit {
                Some(id) => format!("{}?visit={id}", image_address(path)),
                None => image_address(path),
            });
            if let (Some(width), Some(height)) = (width, height) {
                view.notes.push(format!("{width} × {height} pixels"));
            }
        }
        Preview::TooLarge { limit, .. } => {
            view.kind = SourceKindView::TooLarge;
            view.notes
                .push(format!("{} MB are shown at most", limit / 1024 / 1024));
        }
        Preview::Binary { .. } => {}
    }
    view
}

/// Shows a document as Confluence will.
#[tauri::command]
#[specta::specta]
pub(crate) async fn preview_page(
    desktop: State<'_, Arc<Desktop>>,
    path: String,
) -> Result<PageView, CommandError> {
    let desktop = Arc::clone(&desktop);
    blocking(move || {
        let opened = desktop.folder()?;
        let sources = &opened.gathered.sources;
        let missing = || {
            let unreadable = sources.unreadable.iter().find(|file| file.path == path);
            match unreadable {
                Some(file) => Error::new(ErrorKind::InvalidInput, file.message.clone()),
                None => Error::new(
                    ErrorKind::NotFound,
                    format!("`{path}` does not become a page"),
                )
                .remedy("Pages are made of Markdown files that are not excluded"),
            }
        };
        let page =
            tributary_pages::plan::preview(sources, &path, &image_address).ok_or_else(missing)?;
        let labels = sources
            .document(&path)
            .map(|source| source.document.front_matter.labels.clone());
        Ok(PageView {
            title: page.title,
            html: page.body.content,
            problems: page.body.problems.iter().map(problem).collect(),
            labels: labels.unwrap_or_default(),
        })
    })
    .await
}
