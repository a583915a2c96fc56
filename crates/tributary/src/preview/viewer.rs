//! A file that is open: what is on the screen gets its colors first, the rest behind it.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;

use bytes::Bytes;
use syntect::highlighting::{Highlighter, Style as Shade, Theme};
use syntect::parsing::SyntaxSet;
use tokio_util::sync::CancellationToken;

use super::document::is_pdf;
use super::looks::Looks;
use super::paint::{FARTHEST, Memory, Palette, State, hex};
use super::text::{Row, Spot, Text};
use super::{
    HighlightTheme, Highlighted, LARGEST_TEXT, LongLine, Picture, Preview, language, picture,
};

/// Lines of which it is told together that they are known.
const EVERY: usize = 256;
/// The bytes from one checkpoint to the next; more in files with more checkpoints than are kept.
const APART: usize = 8 * 1024;
/// How many checkpoints are kept at most.
const MOST_CHECKPOINTS: usize = 4096;
/// What they weigh at most, by the measure of [`State::weigh`].
const HEAVIEST: usize = 8 * 1024 * 1024;
/// What a sweep reads before others get their turn, in bytes.
const AT_A_TIME: usize = 16 * 1024;
/// Rows above the first one asked for that are read to guess what it stands in, where no run from
/// the beginning has come near yet, and how many bytes of them at most.
const RUN_UP: (usize, usize) = (200, 8 * 1024);

/// A file that is open, with what is known of its colors. May be asked from several threads.
///
/// Memory beside the file itself is bounded, whatever the file holds. What is known is kept by a
/// thread of its own, since the states of the regular expressions belong to one; it ends with the
/// viewer.
#[derive(Debug)]
pub struct Viewer {
    looks: Looks,
    size: u64,
    shown: Shown,
}

#[derive(Debug)]
enum Shown {
    Text {
        text: Arc<Source>,
        asking: mpsc::Sender<Question>,
    },
    Other(Preview),
}

/// What the thread of a file is asked.
enum Question {
    /// Rows, by number, up to so many bytes, in the colors of the theme of this name.
    Rows(Range<u32>, usize, Box<Theme>, mpsc::Sender<Highlighted>),
    /// To read on for a moment; the answer is how many rows are known.
    Sweep(mpsc::Sender<usize>),
}

/// Whether [`Viewer::sweep`] came to the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Swept {
    /// It did: every row has its own colors now.
    Whole,
    /// It was cancelled before; another sweep goes on from there.
    Cancelled,
}

impl Viewer {
    /// Opens a file. The path only serves to tell the language. Costs a look at every byte.
    pub fn open(looks: &Looks, path: &str, bytes: &Bytes) -> Self {
        let size = bytes.len() as u64;
        let shown = match read(looks, path, bytes) {
            Ok(text) => {
                let text = Arc::new(text);
                let (asking, questions) = mpsc::channel();
                let (looks, of_thread) = (looks.clone(), Arc::clone(&text));
                let spawned = thread::Builder::new()
                    .name("highlighting".to_owned())
                    .spawn(move || Run::new(&looks, &of_thread).answer(&of_thread, &questions));
                if let Err(error) = spawned {
                    tracing::warn!(%error, "a file is shown without colors");
                }
                Shown::Text { text, asking }
            }
            Err(other) => Shown::Other(*other),
        };
        Self {
            looks: looks.clone(),
            size,
            shown,
        }
    }

    /// The size of the file in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Shows the rows whose numbers, counted from 0, are in the range, at once: where no sweep has
    /// come near yet, what they stand in is guessed from what is above, and
    /// [`Highlighted::is_guessed`] says so.
    ///
    /// A line is one row, and of more than 4,096 bytes several, so that whoever looks at a part of a
    /// long line waits for no other part. Rows of more bytes than `most` are not all of the answer,
    /// but the first ones of them, so that nobody waits for what is below the screen.
    pub fn rows(&self, range: Range<u32>, most: usize, theme: HighlightTheme<'_>) -> Preview {
        let (text, asking) = match &self.shown {
            Shown::Text { text, asking } => (text, asking),
            Shown::Other(preview) => return preview.clone(),
        };
        let theme = self.looks.theme(theme);
        let (sender, answer) = mpsc::channel();
        let asked = asking.send(Question::Rows(
            range.clone(),
            most,
            Box::new(theme.clone()),
            sender,
        ));
        let rows = asked.ok().and_then(|()| answer.recv().ok());
        // A thread that is gone takes the colors with it, not the text.
        Preview::Text(rows.unwrap_or_else(|| text.shown(range, most, theme, None)))
    }

    /// The lines that are shown in several rows, from the top.
    pub fn long_lines(&self) -> Vec<LongLine> {
        match &self.shown {
            Shown::Text { text, .. } => text.text.long_lines(),
            Shown::Other(_) => Vec::new(),
        }
    }

    /// The row that a character of a line is in, both counted from 0, the character as it is shown.
    pub fn row_at(&self, line: u32, column: u32) -> u32 {
        let row = match &self.shown {
            Shown::Text { text, .. } => text.text.row_at(line as usize, column),
            Shown::Other(_) => 0,
        };
        u32::try_from(row).unwrap_or(u32::MAX)
    }

    /// In how many bytes patterns were looked for so far to show rows: what these cost.
    pub fn parsed(&self) -> usize {
        match &self.shown {
            Shown::Text { text, .. } => text.parsed.load(Ordering::Relaxed),
            Shown::Other(_) => 0,
        }
    }

    /// Reads the file from where the last sweep ended, so that the colors of all rows are known
    /// rather than guessed. Takes about a second for each megabyte and blocks the calling thread;
    /// whoever asks for rows meanwhile goes first. `progress` gets the number of rows that are
    /// known.
    pub fn sweep(&self, cancel: &CancellationToken, mut progress: impl FnMut(u32)) -> Swept {
        let Shown::Text { text, asking } = &self.shown else {
            return Swept::Whole;
        };
        loop {
            if cancel.is_cancelled() {
                return Swept::Cancelled;
            }
            let (sender, answer) = mpsc::channel();
            let asked = asking.send(Question::Sweep(sender));
            let known = asked.ok().and_then(|()| answer.recv().ok());
            let known = known.unwrap_or(text.text.rows());
            progress(u32::try_from(known).unwrap_or(u32::MAX));
            if known == text.text.rows() {
                return Swept::Whole;
            }
        }
    }
}

/// Shows lines of a file that is looked at once.
pub(super) fn once(
    looks: &Looks,
    path: &str,
    bytes: &Bytes,
    lines: Range<u32>,
    theme: HighlightTheme<'_>,
) -> Preview {
    match read(looks, path, bytes) {
        Ok(source) => {
            let row_of = |line: u32| {
                let row = source.text.row_of(source.text.total.min(line as usize));
                u32::try_from(row).unwrap_or(u32::MAX)
            };
            let rows = row_of(lines.start)..row_of(lines.end);
            let mut run = Run::new(looks, &source);
            let shown = source.shown(rows, usize::MAX, looks.theme(theme), Some(&mut run));
            Preview::Text(whole(shown))
        }
        Err(other) => *other,
    }
}

/// Puts the rows of each line together.
fn whole(mut shown: Highlighted) -> Highlighted {
    let rows = std::mem::take(&mut shown.lines);
    for (row, column) in rows.into_iter().zip(&shown.columns) {
        match shown.lines.last_mut().filter(|_| *column > 0) {
            None => shown.lines.push(row),
            Some(line) => {
                for span in row {
                    match line.last_mut() {
                        Some(last) if last.style == span.style => last.text.push_str(&span.text),
                        _ => line.push(span),
                    }
                }
            }
        }
    }
    shown.columns = vec![0; shown.lines.len()];
    shown
}

/// Reads a file as text, or says what it is otherwise.
fn read(looks: &Looks, path: &str, bytes: &Bytes) -> Result<Source, Box<Preview>> {
    let size = bytes.len() as u64;
    if let Some(Picture {
        media_type,
        dimensions,
    }) = picture(bytes)
    {
        let (width, height) = dimensions.unzip();
        return Err(Box::new(Preview::Image {
            media_type,
            width,
            height,
            size,
        }));
    }
    if is_pdf(bytes) {
        return Err(Box::new(Preview::Pdf { size }));
    }
    if size > LARGEST_TEXT && !is_binary(bytes) {
        return Err(Box::new(Preview::TooLarge {
            size,
            limit: LARGEST_TEXT,
        }));
    }
    match decode(bytes) {
        Some((text, is_lossy)) => Ok(Source::new(looks, path, text, is_lossy)),
        None => Err(Box::new(Preview::Binary { size })),
    }
}

/// Text, and what language it is in.
#[derive(Debug)]
struct Source {
    text: Text,
    is_lossy: bool,
    language: String,
    /// The language's set, and its number in there.
    syntax: (usize, usize),
    /// In how many bytes patterns were looked for, to show rows.
    parsed: AtomicUsize,
}

impl Source {
    fn new(looks: &Looks, path: &str, bytes: Bytes, is_lossy: bool) -> Self {
        let text = Text::new(bytes);
        let (set, syntax) = language::of(looks, path, &text.beginning());
        let known = looks.sets()[set].syntaxes();
        let number = known.iter().position(|other| std::ptr::eq(other, syntax));
        Self {
            language: syntax.name.clone(),
            syntax: (set, number.unwrap_or_default()),
            text,
            is_lossy,
            parsed: AtomicUsize::new(0),
        }
    }

    /// The rows, up to so many bytes of them, in the colors that a run knows; plain without one.
    fn shown(
        &self,
        asked: Range<u32>,
        most: usize,
        theme: &Theme,
        run: Option<&mut Run<'_>>,
    ) -> Highlighted {
        let total = self.text.rows();
        let first = (asked.start as usize).min(total);
        let end = (asked.end as usize).clamp(first, total);
        let rows = self.text.some(first..end, most);
        let highlighter = Highlighter::new(theme);
        let mut palette = Palette::new(theme);
        let (painted, is_guessed) = match run {
            Some(run) => {
                let before = run.memory.parsed;
                let painted = run.paint(first, &rows, &highlighter);
                let parsed = run.memory.parsed - before;
                self.parsed.fetch_add(parsed, Ordering::Relaxed);
                painted
            }
            None => {
                let plain = highlighter.get_default();
                let plainly = |row: &Row| vec![(plain, self.text.part(row.bytes.clone()))];
                (rows.iter().map(plainly).collect(), false)
            }
        };
        let ground = theme.settings.background;
        let small = |number| u32::try_from(number).unwrap_or(u32::MAX);
        Highlighted {
            language: self.language.clone(),
            lines: painted.into_iter().map(|row| palette.spans(row)).collect(),
            columns: rows.iter().map(|row| row.column).collect(),
            palette: palette.styles,
            background: hex(ground.map_or((255, 255, 255), |c| (c.r, c.g, c.b))),
            total_lines: small(self.text.total),
            total_rows: small(total),
            first_line: small(self.text.spot(first).line),
            first_row: small(first),
            is_guessed,
            notes: match self.is_lossy {
                true => vec![sentence!(
                    "Bytes that are not valid UTF-8 are shown as {sign}",
                    sign = char::REPLACEMENT_CHARACTER
                )],
                false => Vec::new(),
            },
        }
    }
}

/// The parts of a row in their colors.
type Painted<'a> = Vec<(Shade, &'a str)>;

/// What is known of a file's colors, by the thread that found it out.
struct Run<'a> {
    syntaxes: &'a SyntaxSet,
    text: &'a Text,
    /// What every file in the language begins with.
    fresh: State,
    /// Where a run from the beginning stood, at places that are so many bytes apart at least.
    checkpoints: Vec<(Spot, State)>,
    apart: usize,
    weight: usize,
    /// How far the sweep is.
    swept: (Spot, State),
    memory: Memory,
}

impl<'a> Run<'a> {
    fn new(looks: &'a Looks, source: &'a Source) -> Self {
        let (set, number) = source.syntax;
        let syntaxes = looks.sets()[set];
        let fresh = State::new(&syntaxes.syntaxes()[number]);
        let beginning = (source.text.spot(0), fresh.clone());
        Self {
            syntaxes,
            text: &source.text,
            checkpoints: vec![beginning.clone()],
            apart: APART,
            weight: 0,
            swept: beginning,
            memory: Memory::default(),
            fresh,
        }
    }

    /// Answers until nobody can ask any more. Who gave up waiting for an answer misses nothing.
    fn answer(mut self, source: &Source, questions: &mpsc::Receiver<Question>) {
        for question in questions {
            match question {
                Question::Rows(range, most, theme, sender) => {
                    let rows = source.shown(range, most, &theme, Some(&mut self));
                    sender.send(rows).ok();
                }
                Question::Sweep(sender) => {
                    self.sweep();
                    sender.send(self.text.rows_above(&self.swept.0)).ok();
                }
            }
        }
    }

    /// The rows from one on in their colors, and whether these are a guess.
    fn paint(
        &mut self,
        first: usize,
        rows: &[Row],
        highlighter: &Highlighter<'_>,
    ) -> (Vec<Painted<'a>>, bool) {
        let mut painted: Vec<Painted<'a>> = rows.iter().map(|_| Vec::new()).collect();
        let (mut spot, mut state, is_guessed) = self.nearest(first);
        let begin = rows.first().map_or(spot.at, |row| row.bytes.start);
        let end = rows.last().map_or(spot.at, |row| row.bytes.end);
        let mut colors = None;
        let mut number = 0;
        while spot.at < end {
            if !is_guessed {
                self.keep(&spot, &state);
            }
            let ahead = self.text.ahead(&spot, FARTHEST);
            // Of a long line the part that the first row is in may begin above it.
            if spot.ends < begin {
                let read = state.skip(ahead, self.syntaxes, &mut self.memory);
                self.text.pass(&mut spot, read);
                continue;
            }
            let memory = &mut self.memory;
            let spans = state.paint(ahead, self.syntaxes, memory, highlighter, &mut colors);
            let mut at = spot.at;
            for (shade, span) in spans {
                let span_end = at + span.len();
                while let Some(row) = rows.get(number) {
                    let part = at.max(row.bytes.start)..span_end.min(row.bytes.end);
                    if !part.is_empty() {
                        let part = part.start - at..part.end - at;
                        painted[number].push((shade, &span[part]));
                    }
                    if row.bytes.end > span_end || row.bytes.start >= span_end {
                        break;
                    }
                    number += 1;
                }
                at = span_end;
            }
            let read = at - spot.at;
            self.text.pass(&mut spot, read);
        }
        (painted, is_guessed)
    }

    /// Where to begin for a row, with the state there, and whether that is a guess.
    fn nearest(&self, row: usize) -> (Spot, State, bool) {
        let wanted = self.text.spot(row);
        let index = self
            .checkpoints
            .partition_point(|(spot, _)| spot.at <= wanted.at);
        let (spot, state) = &self.checkpoints[index.saturating_sub(1)];
        let known = self.swept.0.at.max(spot.at);
        // What is known is known, however far apart the checkpoints are.
        if wanted.at <= known || wanted.at - spot.at <= self.apart + RUN_UP.1 {
            return (spot.clone(), state.clone(), false);
        }
        let mut above = RUN_UP.0.min(row);
        let mut begin = self.text.spot(row - above);
        while above > 1 && wanted.at - begin.at > RUN_UP.1 {
            above /= 2;
            begin = self.text.spot(row - above);
        }
        (begin, self.fresh.clone(), true)
    }

    /// Keeps a state, when it is far enough behind the last one that is kept. Where there are too
    /// many then, every second one goes.
    fn keep(&mut self, spot: &Spot, state: &State) {
        let last = self.checkpoints.last().map_or(0, |(spot, _)| spot.at);
        if spot.at < last + self.apart {
            return;
        }
        self.checkpoints.push((spot.clone(), state.clone()));
        self.weight += state.weigh();
        if self.checkpoints.len() > MOST_CHECKPOINTS || self.weight > HEAVIEST {
            let mut number = 0;
            self.checkpoints.retain(|_| {
                number += 1;
                number % 2 == 1
            });
            self.checkpoints.shrink_to_fit();
            self.apart *= 2;
            // They weigh about the same each.
            self.weight /= 2;
        }
    }

    /// Goes on past so many lines, or so much text.
    fn sweep(&mut self) {
        // Rows on a screen may have come further already.
        if let Some(last) = self.checkpoints.last()
            && last.0.at > self.swept.0.at
        {
            self.swept.clone_from(last);
        }
        let (mut spot, mut state) = self.swept.clone();
        let begun = spot.at;
        while !self.text.is_end(&spot) {
            self.keep(&spot, &state);
            let ahead = self.text.ahead(&spot, FARTHEST);
            let read = state.skip(ahead, self.syntaxes, &mut self.memory);
            let line = spot.line;
            self.text.pass(&mut spot, read);
            let ends_lines = spot.line > line && spot.line.is_multiple_of(EVERY);
            if ends_lines || spot.at - begun > AT_A_TIME {
                break;
            }
        }
        self.swept = (spot, state);
    }
}

fn is_binary(bytes: &[u8]) -> bool {
    !bytes.starts_with(&[0xff, 0xfe])
        && !bytes.starts_with(&[0xfe, 0xff])
        && bytes[..bytes.len().min(8000)].contains(&0)
}

/// Text in UTF-8, made of UTF-8 or of UTF-16 with a byte order mark, and whether something was no
/// such text; none for what is no text.
pub(super) fn decode(bytes: &Bytes) -> Option<(Bytes, bool)> {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        let mut is_lossy = bytes.len() % 2 == 1;
        let text: String = char::decode_utf16(units)
            .map(|decoded| {
                is_lossy |= decoded.is_err();
                decoded.unwrap_or(char::REPLACEMENT_CHARACTER)
            })
            .collect();
        Some((Bytes::from(text), is_lossy))
    };
    match &**bytes {
        [0xff, 0xfe, rest @ ..] => return wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => return wide(rest, u16::from_be_bytes),
        _ => {}
    }
    if is_binary(bytes) {
        return None;
    }
    let mark = if bytes.starts_with(b"\xef\xbb\xbf") {
        3
    } else {
        0
    };
    let bytes = bytes.slice(mark..);
    let lossy = match String::from_utf8_lossy(&bytes) {
        Cow::Borrowed(_) => None,
        Cow::Owned(text) => Some(Bytes::from(text)),
    };
    Some(match lossy {
        None => (bytes, false),
        Some(text) => (text, true),
    })
}
