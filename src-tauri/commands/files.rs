//! A file as it is looked at, of the opened folder or of the opened repository at a commit: its
//! lines, words in it, and the page it becomes. Without an id, the folder is meant.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tauri::ipc::Channel;
use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt;
use tributary::browse::File;
use tributary::preview::{
    HighlightTheme, Looks, OpenFile, Picture, Preview, document, pictures_from_elsewhere,
};
use tributary::{Error, ErrorKind, sentence};
use tributary_pages::markup::{HostLook, Surroundings, has_host_look};
use tributary_pages::plan::Preview as Page;

use crate::commands::repository::chosen;
use crate::convert::{problem, small};
use crate::desktop::Desktop;
use crate::scheme::image_address;
use crate::views::looks::{PageSizeView, PdfPageView, PdfWordsView};
use crate::views::visit::{OccurrenceView, OccurrencesView, SavedView, SavingView};
use crate::views::{
    CodeThemeView, CommandError, LongLineView, PageLookView, PageView, PictureView, RowView,
    SourceKindView, SourceView, StyleView,
};
use crate::words::{happened, said, spoken, way_out};
use crate::work::blocking;

/// As many places of words in a file as are marked.
const PLACES_SHOWN: usize = 2000;
/// So many more bytes of a file that is saved are worth to be told.
const BETWEEN_TELLING: u64 = 512 * 1024;
/// As many rows as are shown at once.
const ROWS_SHOWN: u32 = 2000;

/// Shows rows of a file with their colors, or what stands in place of a file. `colors-known` is
/// told when rows that were shown in guessed colors may be asked for again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_file(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    id: Option<String>,
    path: String,
    code_theme: CodeThemeView,
    first: u32,
    count: u32,
) -> Result<SourceView, CommandError> {
    let desktop = Arc::clone(&desktop);
    // Only who begins at the top looks whether the file is another one now: all rows that are
    // shown together are of the same.
    let (file, notes) = match find_open(&app, &desktop, id.as_deref(), &path).filter(|_| first > 0)
    {
        Some(file) => (file, Vec::new()),
        None => match open(&app, &desktop, id.as_deref(), &path).await? {
            Opening::File(file, notes) => (file, notes),
            Opening::Instead(view) => return Ok(*view),
        },
    };
    let looks = desktop.files(&app).looks();
    blocking(move || {
        let rows = first..first.saturating_add(count.min(ROWS_SHOWN));
        let shown = file.rows(rows, theme_of(&code_theme, &looks));
        let mut view = source_view(&path, id.as_deref(), &file, shown);
        if first == 0 {
            let long = file.long_lines().into_iter().map(|long| LongLineView {
                line: long.line,
                rows: long.rows,
            });
            view.long_lines = long.collect();
        }
        view.notes.splice(0..0, notes);
        Ok(view)
    })
    .await
}

/// Draws a page of a PDF, counted from 0, as wide as so many pixels.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_pdf_page(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    id: Option<String>,
    path: String,
    page: u32,
    width: u32,
) -> Result<PdfPageView, CommandError> {
    let desktop = Arc::clone(&desktop);
    let file = match find_open(&app, &desktop, id.as_deref(), &path) {
        Some(file) => file,
        None => match open(&app, &desktop, id.as_deref(), &path).await? {
            Opening::File(file, _) => file,
            Opening::Instead(_) => {
                return Err(Error::new(
                    ErrorKind::InvalidInput,
                    tributary::sentence!("`{path}` is no PDF", path),
                )
                .into());
            }
        },
    };
    blocking(move || {
        let number = usize::try_from(page).unwrap_or(usize::MAX);
        let drawn = document::draw(file.pdf()?, number, width)?;
        let words = drawn.words.into_iter().map(|words| PdfWordsView {
            text: words.text,
            left: share(words.left),
            top: share(words.top),
            width: share(words.width),
            height: share(words.height),
        });
        Ok(PdfPageView {
            picture: document::carried(&drawn.png),
            words: words.collect(),
        })
    })
    .await
}

/// Saves a file where somebody chooses in the system's dialog, also what is too large to be shown or no
/// text, and what Git LFS keeps. Nothing when none was chosen, or when `save` was cancelled: then no
/// part of it is left.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_file(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    id: Option<String>,
    path: String,
    progress: Channel<SavingView>,
) -> Result<Option<SavedView>, CommandError> {
    let desktop = Arc::clone(&desktop);
    let visit = id.map(|id| desktop.visit(&id)).transpose()?;
    let name = path.rsplit('/').next().unwrap_or(&path);
    let title = desktop.spoken().say("dialog-file");
    let dialog = app.dialog().file().set_title(title).set_file_name(name);
    let Some(into) = chosen(|answer| dialog.save_file(answer)).await else {
        return Ok(None);
    };
    let cancel = desktop.begin("save");
    let (place, wanted) = (PathBuf::from(&into), cancel.clone());
    let tell = move |bytes, of: Option<u64>| {
        let now = SavingView {
            bytes: short(bytes),
            total: of.map(short),
        };
        // A window that is gone needs no progress.
        progress.send(now).ok();
    };
    tell(0, None);
    let saved = match visit {
        Some(visit) => {
            let told = AtomicU64::new(0);
            let tell = move |bytes: u64, of| {
                // What begins anew has fewer than before.
                if bytes.abs_diff(told.load(Ordering::Relaxed)) >= BETWEEN_TELLING {
                    told.store(bytes, Ordering::Relaxed);
                    tell(bytes, of);
                }
            };
            visit.save(&path, &place, Arc::new(tell), &cancel).await?
        }
        None => {
            blocking(move || {
                let repository = &desktop.folder()?.gathered.repository;
                repository.save(&path, &place, &wanted)
            })
            .await?
        }
    };
    Ok(saved.map(|bytes| SavedView {
        path: into,
        bytes: short(bytes),
    }))
}

/// A size, of which the largest that is saved fits.
fn short(bytes: u64) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// Finds words in a file.
#[tauri::command]
#[specta::specta]
pub(crate) async fn find_in_file(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    id: Option<String>,
    path: String,
    words: String,
) -> Result<OccurrencesView, CommandError> {
    let desktop = Arc::clone(&desktop);
    // In what is shown, should the file be another one by now.
    let file = match find_open(&app, &desktop, id.as_deref(), &path) {
        Some(file) => file,
        None => match open(&app, &desktop, id.as_deref(), &path).await? {
            Opening::File(file, _) => file,
            Opening::Instead(_) => {
                return Ok(OccurrencesView {
                    places: Vec::new(),
                    total: 0,
                });
            }
        },
    };
    blocking(move || {
        let found = file.find(&words, PLACES_SHOWN);
        let places = found.places.into_iter().map(|place| OccurrenceView {
            line: place.line,
            row: file.row_at(place.line, place.first),
            first: place.first,
            end: place.end,
        });
        Ok(OccurrencesView {
            places: places.collect(),
            total: small(found.total),
        })
    })
    .await
}

/// Shows a document as Confluence will, values as a tree, a diagram as its picture; or a file as a
/// Git host shows it. Nothing for what is source only.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_page(
    desktop: State<'_, Arc<Desktop>>,
    id: Option<String>,
    path: String,
    look: PageLookView,
) -> Result<Option<PageView>, CommandError> {
    let desktop = Arc::clone(&desktop);
    let Some(id) = id else {
        return blocking(move || match look {
            PageLookView::Confluence => page_of_folder(&desktop, &path),
            PageLookView::Host => host_look_in_folder(&desktop, &path),
        })
        .await;
    };
    let visit = desktop.visit(&id)?;
    let address = move |path: &str| format!("{}?visit={id}", image_address(path));
    let page = match look {
        PageLookView::Confluence => {
            let server = desktop.settings().publish.diagram_server;
            visit.page(&path, server, address).await?
        }
        PageLookView::Host => visit.host_look(&path, address).await?,
    };
    Ok(page.map(|page| page_view(&path, page, Vec::new())))
}

/// Gets the pictures of a page that are on other servers, which learn that somebody looks at it.
/// That somebody allowed it is recorded, once for all of them; what became of each is in their order.
#[tauri::command]
#[specta::specta]
pub(crate) async fn fetch_pictures(
    desktop: State<'_, Arc<Desktop>>,
    addresses: Vec<String>,
) -> Result<Vec<PictureView>, CommandError> {
    let audit = desktop.audit_ready().await?;
    let given = pictures_from_elsewhere(desktop.http(), &audit, &addresses).await;
    let views = given.into_iter().map(|given| match given {
        Ok(carried) => PictureView {
            carried: Some(carried),
            trouble: None,
        },
        Err(error) => PictureView {
            carried: None,
            trouble: Some(CommandError::from(error).message),
        },
    });
    Ok(views.collect())
}

/// A file that was opened, or what stands in place of one.
enum Opening {
    /// With what is to be said of it, as sentences.
    File(Arc<OpenFile>, Vec<String>),
    Instead(Box<SourceView>),
}

/// What the files of the opened folder, or of the repository with an id, are kept by.
fn place_of(desktop: &Desktop, id: Option<&str>) -> Option<String> {
    match id {
        Some(id) => Some(format!("visit {id}")),
        None => {
            let opened = desktop.opened()?;
            Some(format!(
                "folder {}",
                opened.gathered.repository.root.display()
            ))
        }
    }
}

fn find_open(
    app: &AppHandle,
    desktop: &Desktop,
    id: Option<&str>,
    path: &str,
) -> Option<Arc<OpenFile>> {
    desktop.files(app).get(&place_of(desktop, id)?, path)
}

/// Reads a file anew.
async fn open(
    app: &AppHandle,
    desktop: &Arc<Desktop>,
    id: Option<&str>,
    path: &str,
) -> Result<Opening, CommandError> {
    let place = place_of(desktop, id).unwrap_or_default();
    let (app, held, path) = (app.clone(), Arc::clone(desktop), path.to_owned());
    let Some(id) = id else {
        return blocking(move || {
            let bytes = held.folder()?.gathered.repository.read(&path)?;
            Ok(Opening::File(
                held.files(&app).open(&place, &path, bytes),
                Vec::new(),
            ))
        })
        .await;
    };
    let file = desktop.visit(id)?.file(&path).await?;
    let instead = |kind, target: Option<String>| {
        Ok(Opening::Instead(Box::new(SourceView {
            target,
            ..SourceView::without_text(kind, 0)
        })))
    };
    let (bytes, pointer, unresolved) = match &*file {
        File::Link { target } => return instead(SourceKindView::Link, Some(target.clone())),
        File::Submodule { commit, address } => {
            return Ok(Opening::Instead(Box::new(SourceView {
                target: commit.clone(),
                address: address.clone(),
                ..SourceView::without_text(SourceKindView::Submodule, 0)
            })));
        }
        File::Contents {
            bytes,
            pointer,
            unresolved,
        } => (bytes.clone(), pointer, unresolved),
    };
    let stored = pointer.as_ref().map(|pointer| match unresolved {
        Some(why) => {
            said(&sentence!("{why}. What Git has instead is shown", why).with("why", why.clone()))
        }
        None => said(&sentence!(
            "This file is kept in Git LFS ({size} bytes)",
            size = pointer.size
        )),
    });
    blocking(move || {
        let file = held.files(&app).open(&place, &path, bytes);
        Ok(Opening::File(file, stored.into_iter().collect()))
    })
    .await
}

/// The theme that somebody chose, as long as there is one of that name; else the one that goes with
/// the window.
fn theme_of<'a>(theme: &'a CodeThemeView, looks: &Looks) -> HighlightTheme<'a> {
    let chosen = theme.chosen.as_deref();
    let chosen = chosen.and_then(|name| looks.named(name));
    chosen.unwrap_or_else(|| HighlightTheme::of_window(theme.is_dark, theme.has_high_contrast))
}

/// A file of the opened folder, or of the opened repository with this id.
fn source_view(path: &str, visit: Option<&str>, file: &OpenFile, preview: Preview) -> SourceView {
    let size = file.bytes().len();
    let mut view = SourceView::without_text(SourceKindView::Binary, small(size));
    match preview {
        Preview::Text(_) if size == 0 => view.kind = SourceKindView::Empty,
        Preview::Text(text) => {
            view.kind = SourceKindView::Text;
            view.language = text.language;
            view.total_lines = text.total_lines;
            view.total_rows = text.total_rows;
            view.first = text.first_row;
            view.background = text.background;
            view.is_guessed = text.is_guessed;
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
            view.columns = text.columns;
            view.rows = text
                .lines
                .into_iter()
                .map(|line| {
                    let mut row = RowView::default();
                    for span in &line {
                        row.add(&span.text, span.style);
                    }
                    row
                })
                .collect();
            view.notes = text.notes.iter().map(said).collect();
        }
        Preview::Image {
            media_type,
            width,
            height,
            ..
        } => {
            let picture = Picture {
                media_type,
                dimensions: width.zip(height),
            };
            view.kind = SourceKindView::Image;
            if let Some((width, height)) = picture.dimensions {
                let size = sentence!("{width} × {height} pixels", width, height);
                view.notes.push(said(&size));
            }
            if picture.can_be_drawn() {
                view.image_url = Some(match visit {
                    Some(id) => format!("{}?visit={id}", image_address(path)),
                    None => image_address(path),
                });
            } else {
                view.notes.push(said(&sentence!(
                    "It is not drawn here: a picture of more than 100 megapixels can take more memory \
                     than there is"
                )));
            }
        }
        Preview::Pdf { .. } => {
            view.kind = SourceKindView::Pdf;
            match file.pdf() {
                Ok(pdf) => {
                    let sizes = pdf.pages().iter().map(|size| PageSizeView {
                        width: whole(size.width),
                        height: whole(size.height),
                    });
                    view.pages = sizes.collect();
                    if pdf.total() > view.pages.len() {
                        let (shown, all) = (view.pages.len(), pdf.total());
                        let given = [("shown", shown.into()), ("all", all.into())];
                        view.notes.push(spoken().say_of("file-first-pages", given));
                    }
                }
                Err(error) => {
                    view.notes.push(format!("{}.", happened(&error)));
                    let remedy = way_out(&error);
                    view.notes.extend(remedy.map(|remedy| format!("{remedy}.")));
                }
            }
        }
        Preview::TooLarge { limit, .. } => {
            view.kind = SourceKindView::TooLarge;
            let most = limit / 1024 / 1024;
            view.notes
                .push(said(&sentence!("{most} MB are shown at most", most)));
        }
        Preview::Binary { .. } => {}
    }
    view
}

/// Hundred-thousandths of a whole; what is far off the page stays off it.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the range is made small right here"
)]
fn share(part: f64) -> i32 {
    (part * 100_000.0).clamp(-1e6, 1e6) as i32
}

/// A length in whole points.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range is made small right here"
)]
fn whole(length: f32) -> u32 {
    length.round().clamp(1.0, 1e6) as u32
}

/// The page of a file of the opened folder. Of a document it is the one that publishing the folder
/// makes, with all that is known of the other documents.
fn page_of_folder(desktop: &Desktop, path: &str) -> Result<Option<PageView>, Error> {
    let opened = desktop.folder()?;
    let (sources, repository) = (&opened.gathered.sources, &opened.gathered.repository);
    if let Some(page) = tributary_pages::plan::preview(sources, path, &image_address) {
        let labels = sources
            .document(path)
            .map(|source| source.document.front_matter.labels.clone());
        return Ok(Some(page_view(path, page, labels.unwrap_or_default())));
    }
    if let Some(file) = sources.unreadable.iter().find(|file| file.path == path) {
        return Err(Error::new(ErrorKind::InvalidInput, file.message.clone()));
    }
    if !tributary::publish::has_page(path) {
        return Ok(None);
    }
    let bytes = repository.read(path)?;
    let page = tributary::publish::page_alone(
        path,
        bytes,
        sources.files.paths().map(str::to_owned),
        &tributary::publish::Known {
            surroundings: &Surroundings::of_repository(
                opened.looks.template.clone(),
                repository.facts(),
            ),
            links: &repository.links(path),
            drawings: &opened.looks.drawings,
        },
        &mut |path| repository.read(path).ok(),
        &image_address,
    )?;
    Ok(page.map(|page| page_view(path, page, Vec::new())))
}

/// A file of the opened folder as a Git host shows it.
fn host_look_in_folder(desktop: &Desktop, path: &str) -> Result<Option<PageView>, Error> {
    if !has_host_look(path) {
        return Ok(None);
    }
    let opened = desktop.folder()?;
    let files = opened.gathered.sources.files.paths().map(str::to_owned);
    let bytes = opened.gathered.repository.read(path)?;
    let look = tributary::publish::host_look(path, bytes, files, HostLook::GitHub, &image_address)?;
    Ok(look.map(|look| page_view(path, look, Vec::new())))
}

fn page_view(path: &str, page: Page, labels: Vec<String>) -> PageView {
    PageView {
        has_host_look: has_host_look(path),
        title: page.title,
        html: page.body.content,
        problems: page.body.problems.iter().map(problem).collect(),
        labels,
    }
}
