//! Draws the diagrams and formulas of the documents, so that planning knows how large their
//! pictures are and which have none.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use tributary_diagrams::{EDITION, Failure, Kind, Picture, draw_or_load, redraw};
use tributary_pages::markup::{Drawing, DrawingKind, DrawingPicture, drawing_name};
use tributary_pages::plan::{
    DrawingForm, DrawingSettings, PictureFormat, Sources, drawings, drawn_files,
};

use crate::error::{Error, ErrorKind};

use super::kept;
use super::served::DiagramServer;

/// Draws all that the documents show, on all processors, and notes what became of each. Blocks while
/// a server draws.
pub(super) fn draw_all(sources: &mut Sources, settings: &DrawingSettings) {
    sources.drawings = draw_each(drawings(sources), settings);
}

/// Draws the diagrams in files of their own that the documents show as pictures.
pub(super) fn draw_files(sources: &mut Sources, settings: &DrawingSettings) {
    let mut wanted = drawn_files(sources);
    wanted.retain(|key| !sources.drawings.contains_key(key));
    sources.drawings.extend(draw_each(wanted, settings));
}

/// Draws sources on all processors. What is shown as code is left out.
pub(super) fn draw_each(
    sources: impl IntoIterator<Item = (DrawingKind, String)>,
    settings: &DrawingSettings,
) -> HashMap<(DrawingKind, String), Drawing> {
    let wanted: Vec<(DrawingKind, String)> = sources
        .into_iter()
        .filter(|(kind, _)| *settings.form(*kind) != DrawingForm::Code)
        .collect();
    let server = match wanted.iter().any(|(kind, _)| is_served(*kind)) {
        true => settings.server.as_deref().map(DiagramServer::new),
        false => None,
    };
    let next = AtomicUsize::new(0);
    let drawn = Mutex::new(HashMap::with_capacity(wanted.len()));
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers.min(wanted.len()) {
            scope.spawn(|| {
                while let Some((kind, source)) = wanted.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let drawing = become_of(*kind, source, settings, server.as_ref());
                    let mut drawn = drawn.lock().unwrap_or_else(PoisonError::into_inner);
                    drawn.insert((*kind, source.clone()), drawing);
                }
            });
        }
    });
    drawn.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn become_of(
    kind: DrawingKind,
    source: &str,
    settings: &DrawingSettings,
    server: Option<&DiagramServer>,
) -> Drawing {
    match settings.form(kind) {
        DrawingForm::Code => Drawing::Source,
        // Nobody asked for a picture, and the server has none of that language.
        DrawingForm::Image
            if matches!(kind, DrawingKind::Other(_))
                && settings.others.is_none()
                && server.is_some_and(|server| !server.draws(kind.word())) =>
        {
            Drawing::Source
        }
        DrawingForm::Macro(name) => Drawing::Macro { name: name.clone() },
        DrawingForm::Image => match picture_of(kind, source, server) {
            Ok(picture) => {
                let drawn_by = DrawnBy::of(kind, server.is_some());
                let format = settings.format;
                Drawing::Picture(planned(kind, source, &picture, format, drawn_by))
            }
            Err(failure) => Drawing::Failed {
                message: failure.message,
                line: failure.line,
                column: failure.column,
            },
        },
    }
}

fn planned(
    kind: DrawingKind,
    source: &str,
    picture: &Picture,
    format: PictureFormat,
    drawn_by: DrawnBy,
) -> DrawingPicture {
    let pixels = |side: f32| side.round().max(1.0) as u32;
    let (name, ending) = (drawing_name(kind, source), format.ending());
    DrawingPicture {
        filename: format!("{name}.{ending}"),
        width: pixels(picture.width()),
        height: pixels(picture.height()),
        below: match kind {
            DrawingKind::Formula => picture.below_baseline().round() as u32,
            _ => 0,
        },
        sha256: print_of(kind, source, format, drawn_by),
        media_type: format.media_type().to_owned(),
        address: format!(
            "data:image/svg+xml;base64,{}",
            STANDARD.encode(picture.svg())
        )
        .into(),
        left_out: picture.left_out().to_vec(),
    }
}

/// Who drew a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DrawnBy {
    Tributary,
    Server,
}

impl DrawnBy {
    /// Who draws a kind. PlantUML is drawn by a server where one is named.
    fn of(kind: DrawingKind, has_server: bool) -> Self {
        match kind {
            DrawingKind::Other(_) => Self::Server,
            DrawingKind::PlantUml if has_server => Self::Server,
            _ => Self::Tributary,
        }
    }
}

/// What a picture is recognized by, as 64 digits. Not of the bytes: they are drawn again for sending,
/// and only by a page that lacks them. Of PlantUML the two who draw it have different pictures.
fn print_of(kind: DrawingKind, source: &str, format: PictureFormat, drawn_by: DrawnBy) -> String {
    let (name, ending) = (drawing_name(kind, source), format.ending());
    let here = match (kind, drawn_by) {
        (DrawingKind::PlantUml, DrawnBy::Tributary) => "here\n",
        _ => "",
    };
    let hash = Sha256::digest(format!("{EDITION}\n{here}{name}.{ending}\n{source}"));
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a server may draw a kind.
fn is_served(kind: DrawingKind) -> bool {
    matches!(kind, DrawingKind::PlantUml | DrawingKind::Other(_))
}

fn picture_of(
    kind: DrawingKind,
    source: &str,
    server: Option<&DiagramServer>,
) -> Result<Arc<Picture>, Failure> {
    let drawn_by = DrawnBy::of(kind, server.is_some());
    picture_by(drawn_by, kind, source, server)
}

fn picture_by(
    drawn_by: DrawnBy,
    kind: DrawingKind,
    source: &str,
    server: Option<&DiagramServer>,
) -> Result<Arc<Picture>, Failure> {
    let kind = match kind {
        DrawingKind::PlantUml if drawn_by == DrawnBy::Tributary => Kind::PlantUml,
        DrawingKind::Mermaid => Kind::Mermaid,
        DrawingKind::Graphviz => Kind::Graphviz,
        DrawingKind::Formula => Kind::Formula,
        DrawingKind::Equation => Kind::Equation,
        DrawingKind::DrawIo => Kind::DrawIo,
        DrawingKind::Excalidraw => Kind::Excalidraw,
        DrawingKind::PlantUml | DrawingKind::Other(_) => {
            let word = kind.word();
            let server = server.cloned();
            return redraw(word, source, move |source| match server {
                Some(server) => server.draw(word, source),
                None => Err(Failure::new(
                    "no server is named that draws it: `diagram_server` in your settings or \
                     `TRIBUTARY_DIAGRAM_SERVER`",
                )),
            });
        }
    };
    draw_or_load(
        kind,
        source,
        || kept::load(kind, source),
        |picture| kept::keep(kind, source, picture),
    )
}

/// The picture of a source as it is attached, which was planned with these 64 digits. Blocks while it
/// is drawn.
pub(super) fn bytes_of(
    kind: DrawingKind,
    source: &str,
    media_type: &str,
    sha256: &str,
) -> Result<Vec<u8>, Error> {
    let failed = |failure: Failure| {
        Error::new(
            ErrorKind::Bug,
            sentence!(
                "A {noun} that was drawn before cannot be drawn again",
                noun = kind.noun()
            ),
        )
        .caused_by(failure)
    };
    let is_svg = media_type == PictureFormat::Svg.media_type();
    let format = match is_svg {
        true => PictureFormat::Svg,
        false => PictureFormat::Png,
    };
    let here = print_of(kind, source, format, DrawnBy::Tributary);
    let drawn_by = DrawnBy::of(kind, sha256 != here);
    // What a server drew is kept since the plan.
    let picture = picture_by(drawn_by, kind, source, None).map_err(failed)?;
    if is_svg {
        return Ok(picture.svg().as_bytes().to_vec());
    }
    picture.png().map_err(failed)
}
