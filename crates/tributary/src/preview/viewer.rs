//! A file that is open: what is on the screen gets its colors first, the rest behind it.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Arc, mpsc};
use std::thread;

use bytes::Bytes;
use syntect::highlighting::{Highlighter, Theme};
use syntect::parsing::SyntaxSet;
use tokio_util::sync::CancellationToken;

use super::document::is_pdf;
use super::looks::Looks;
use super::paint::{Memory, Palette, State, hex};
use super::{HighlightTheme, Highlighted, LARGEST_TEXT, Picture, Preview, Span, language, picture};

/// Of longer lines only so many characters are shown.
const LONGEST_SHOWN: usize = 20_000;
/// Lines from one checkpoint to the next; more in files with more checkpoints than are kept.
const EVERY: usize = 256;
/// How many checkpoints are kept at most.
const MOST_CHECKPOINTS: usize = 4096;
/// What they weigh at most, by the measure of [`State::weigh`].
const HEAVIEST: usize = 8 * 1024 * 1024;
/// What a sweep reads before others get their turn, in bytes.
const AT_A_TIME: usize = 16 * 1024;
/// Lines above the first one asked for that are read to guess what it stands in, where no run from
/// the beginning has come near yet.
const RUN_UP: usize = 200;

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
        text: Arc<Text>,
        asking: mpsc::Sender<Question>,
    },
    Other(Preview),
}

/// What the thread of a file is asked.
enum Question {
    /// Lines, by number, in the colors of the theme of this name.
    Lines(Range<u32>, Box<Theme>, mpsc::Sender<Highlighted>),
    /// To read on for a moment; the answer is how many lines are known.
    Sweep(mpsc::Sender<usize>),
}

/// Whether [`Viewer::sweep`] came to the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Swept {
    /// It did: every line has its own colors now.
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
                    .spawn(move || Run::new(&looks, &of_thread).answer(&questions));
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

    /// Shows the lines whose numbers, counted from 0, are in the range, at once: where no sweep has
    /// come near yet, what they stand in is guessed from the 200 lines above, and
    /// [`Highlighted::is_guessed`] says so.
    pub fn lines(&self, range: Range<u32>, theme: HighlightTheme<'_>) -> Preview {
        let (text, asking) = match &self.shown {
            Shown::Text { text, asking } => (text, asking),
            Shown::Other(preview) => return preview.clone(),
        };
        let theme = self.looks.theme(theme);
        let (sender, answer) = mpsc::channel();
        let asked = asking.send(Question::Lines(
            range.clone(),
            Box::new(theme.clone()),
            sender,
        ));
        let lines = asked.ok().and_then(|()| answer.recv().ok());
        // A thread that is gone takes the colors with it, not the text.
        Preview::Text(lines.unwrap_or_else(|| text.lines(range, theme, None)))
    }

    /// Reads the file from where the last sweep ended, so that the colors of all lines are known
    /// rather than guessed. Takes about a second for each megabyte and blocks the calling thread;
    /// whoever asks for lines meanwhile goes first. `progress` gets the number of lines that are
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
            let known = known.unwrap_or(text.total);
            progress(u32::try_from(known).unwrap_or(u32::MAX));
            if known == text.total {
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
        Ok(text) => {
            let mut run = Run::new(looks, &text);
            Preview::Text(text.lines(lines, looks.theme(theme), Some(&mut run)))
        }
        Err(other) => *other,
    }
}

/// Reads a file as text, or says what it is otherwise.
fn read(looks: &Looks, path: &str, bytes: &Bytes) -> Result<Text, Box<Preview>> {
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
        Some((text, is_lossy)) => Ok(Text::new(looks, path, text, is_lossy)),
        None => Err(Box::new(Preview::Binary { size })),
    }
}

/// Text in UTF-8, and where its lines are.
#[derive(Debug)]
struct Text {
    bytes: Bytes,
    is_lossy: bool,
    language: String,
    /// The language's set, and its number in there.
    syntax: (usize, usize),
    total: usize,
    /// Where every 256th line begins.
    marks: Vec<u32>,
}

impl Text {
    fn new(looks: &Looks, path: &str, bytes: Bytes, is_lossy: bool) -> Self {
        let mut marks = vec![0];
        let mut total = 0;
        for end in memchr::memchr_iter(b'\n', &bytes) {
            total += 1;
            if total % EVERY == 0 {
                // Files are far smaller than four gigabytes.
                marks.push(u32::try_from(end + 1).unwrap_or(u32::MAX));
            }
        }
        if !bytes.is_empty() && !bytes.ends_with(b"\n") {
            total += 1;
        }
        let first = memchr::memchr(b'\n', &bytes).unwrap_or(bytes.len());
        let first = String::from_utf8_lossy(&bytes[..first.min(1000)]);
        let (set, syntax) = language::of(looks, path, &first);
        let known = looks.sets()[set].syntaxes();
        let number = known.iter().position(|other| std::ptr::eq(other, syntax));
        Self {
            language: syntax.name.clone(),
            syntax: (set, number.unwrap_or_default()),
            bytes,
            is_lossy,
            total,
            marks,
        }
    }

    /// The lines from one on, without their ends.
    fn from(&self, line: usize) -> impl Iterator<Item = &str> {
        let mark = self.marks.get(line / EVERY).copied();
        let start = mark.map_or(self.bytes.len(), |mark| mark as usize);
        // Cut at ends of lines, UTF-8 stays UTF-8.
        self.bytes[start..]
            .split_inclusive(|byte| *byte == b'\n')
            .map(|line| std::str::from_utf8(line).unwrap_or_default())
            .map(|line| line.lines().next().unwrap_or_default())
            .skip(line % EVERY)
    }

    /// The lines in the colors that a run knows; plain without one.
    fn lines(&self, asked: Range<u32>, theme: &Theme, run: Option<&mut Run<'_>>) -> Highlighted {
        let first = (asked.start as usize).min(self.total);
        let end = (asked.end as usize).clamp(first, self.total);
        let highlighter = Highlighter::new(theme);
        let mut palette = Palette::new(theme);
        let mut notes = Vec::new();
        if self.is_lossy {
            notes.push("Bytes that are not valid UTF-8 are shown as \u{fffd}".to_owned());
        }
        let mut lines = Vec::with_capacity((end - first).min(10_000));
        let mut is_guessed = false;
        let mut add = |spans, line| {
            lines.push(shown(
                first + lines.len(),
                line,
                spans,
                &mut palette,
                &mut notes,
            ));
        };
        match run {
            None => {
                for line in self.from(first).take(end - first) {
                    add(vec![(highlighter.get_default(), line)], line);
                }
            }
            Some(run) => {
                let (mut at, mut state);
                (at, state, is_guessed) = run.nearest(first);
                let mut colors = None;
                for line in self.from(at).take(end - at) {
                    if !is_guessed {
                        run.keep(at, &state);
                    }
                    if at < first {
                        state.skip(line, run.syntaxes, &mut run.memory);
                    } else {
                        let spans = state.paint(
                            line,
                            run.syntaxes,
                            &mut run.memory,
                            &highlighter,
                            &mut colors,
                        );
                        add(spans, line);
                    }
                    at += 1;
                }
            }
        }
        let ground = theme.settings.background;
        Highlighted {
            language: self.language.clone(),
            palette: palette.styles,
            background: hex(ground.map_or((255, 255, 255), |c| (c.r, c.g, c.b))),
            lines,
            total_lines: u32::try_from(self.total).unwrap_or(u32::MAX),
            first_line: u32::try_from(first).unwrap_or(u32::MAX),
            is_guessed,
            notes,
        }
    }
}

/// What is known of a file's colors, by the thread that found it out.
struct Run<'a> {
    syntaxes: &'a SyntaxSet,
    text: &'a Text,
    /// What every file in the language begins with.
    fresh: State,
    /// Where a run from the beginning stood before lines 0, `every`, 2 × `every` and so on.
    checkpoints: Vec<State>,
    every: usize,
    weight: usize,
    /// How far the sweep is.
    swept: (usize, State),
    memory: Memory,
}

impl<'a> Run<'a> {
    fn new(looks: &'a Looks, text: &'a Text) -> Self {
        let (set, number) = text.syntax;
        let syntaxes = looks.sets()[set];
        let fresh = State::new(&syntaxes.syntaxes()[number]);
        Self {
            syntaxes,
            text,
            checkpoints: vec![fresh.clone()],
            every: EVERY,
            weight: 0,
            swept: (0, fresh.clone()),
            memory: Memory::default(),
            fresh,
        }
    }

    /// Answers until nobody can ask any more. Who gave up waiting for an answer misses nothing.
    fn answer(mut self, questions: &mpsc::Receiver<Question>) {
        for question in questions {
            match question {
                Question::Lines(range, theme, sender) => {
                    let lines = self.text.lines(range, &theme, Some(&mut self));
                    sender.send(lines).ok();
                }
                Question::Sweep(sender) => {
                    self.sweep();
                    sender.send(self.swept.0).ok();
                }
            }
        }
    }

    /// Where to begin for a line, with the state there, and whether that is a guess.
    fn nearest(&self, line: usize) -> (usize, State, bool) {
        let index = (line / self.every).min(self.checkpoints.len() - 1);
        let at = index * self.every;
        if line - at <= self.every + RUN_UP {
            (at, self.checkpoints[index].clone(), false)
        } else {
            (line - RUN_UP, self.fresh.clone(), true)
        }
    }

    /// Keeps a state before a line, when it is the next that is wanted. Where there are too many
    /// then, every second one goes.
    fn keep(&mut self, line: usize, state: &State) {
        if line != self.checkpoints.len() * self.every {
            return;
        }
        self.checkpoints.push(state.clone());
        self.weight += state.weigh();
        if self.checkpoints.len() > MOST_CHECKPOINTS || self.weight > HEAVIEST {
            let mut number = 0;
            self.checkpoints.retain(|_| {
                number += 1;
                number % 2 == 1
            });
            self.checkpoints.shrink_to_fit();
            self.every *= 2;
            // They weigh about the same each.
            self.weight /= 2;
        }
    }

    /// Goes on to the next place for a checkpoint, or past so much text.
    fn sweep(&mut self) {
        // Lines on a screen may have come further already.
        let last = (self.checkpoints.len() - 1) * self.every;
        if last > self.swept.0 {
            self.swept = (last, self.checkpoints[self.checkpoints.len() - 1].clone());
        }
        let (mut at, mut state) = self.swept.clone();
        let mut read = 0;
        for line in self.text.from(at) {
            self.keep(at, &state);
            state.skip(line, self.syntaxes, &mut self.memory);
            at += 1;
            read += line.len();
            if at.is_multiple_of(EVERY) || read > AT_A_TIME {
                break;
            }
        }
        self.swept = (at, state);
    }
}

/// A line as it is shown: of a very long one the beginning.
fn shown(
    number: usize,
    line: &str,
    spans: Vec<(syntect::highlighting::Style, &str)>,
    palette: &mut Palette,
    notes: &mut Vec<String>,
) -> Vec<Span> {
    let Some((cut, _)) = line.char_indices().nth(LONGEST_SHOWN) else {
        return palette.spans(spans);
    };
    let rest = line[cut..].chars().count();
    notes.push(format!(
        "Line {} goes on for {rest} more characters",
        number + 1
    ));
    // Lines this long are in one style, that of plain text.
    let plain = spans.first().map(|(shade, _)| *shade).unwrap_or_default();
    let mut spans = palette.spans(vec![(plain, &line[..cut])]);
    spans.push(Span {
        text: format!("… {rest} more characters"),
        style: 0,
    });
    spans
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
