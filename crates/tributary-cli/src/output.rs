//! What people and scripts read: messages, tables, JSON, progress and the exit code.
//!
//! What is said to a person goes through [`shown`]: names, titles and texts of a repository or a
//! server may hold signs that steer a terminal, and none gets there. The only such signs are those
//! that [`Output::paint`] asks for.

use std::collections::HashMap;
use std::io::{IsTerminal, Write, stderr, stdout};
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::Value;
use tributary::discreet::redact;
use tributary::links::CheckedLinks;
pub(crate) use tributary::preview::visible;
use tributary::publish::{Outcome, OutcomeKind, Phase, Prepared, Progress, PublishReport};
use tributary::{Error, ErrorKind};
use tributary_pages::markup::{PageKind, Problem, Severity};
use tributary_pages::plan::{DiffKind, DiffLine, Step, StepKind};

use crate::options::Global;

/// How the program ends. Scripts rely on the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything asked was done.
    Done,
    /// Something failed, was refused or needs a decision.
    Attention,
    /// Wrong usage or configuration.
    Usage,
    /// Not signed in, or not allowed.
    SignedOut,
    /// The server could not be reached or kept refusing.
    Unreachable,
    /// Interrupted by the user.
    Interrupted,
}

impl Exit {
    /// The exit that an error leads to when nothing could be done at all.
    pub(crate) fn of(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::SignedOut | ErrorKind::Forbidden | ErrorKind::VaultUnavailable => {
                Self::SignedOut
            }
            ErrorKind::Offline | ErrorKind::RateLimited => Self::Unreachable,
            ErrorKind::NotFound | ErrorKind::InvalidInput => Self::Usage,
            ErrorKind::Conflict | ErrorKind::Storage | ErrorKind::Bug => Self::Attention,
        }
    }
}

impl Exit {
    /// The one of the two that is worse to whoever waits for the end.
    pub(crate) fn or_worse(self, other: Self) -> Self {
        let badness = |exit: Self| match exit {
            Self::Done => 0,
            Self::Attention => 1,
            Self::Unreachable => 2,
            Self::SignedOut => 3,
            Self::Usage => 4,
            Self::Interrupted => 5,
        };
        if badness(other) > badness(self) {
            other
        } else {
            self
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Attention => 1,
            Exit::Usage => 2,
            Exit::SignedOut => 3,
            Exit::Unreachable => 4,
            Exit::Interrupted => 130,
        })
    }
}

/// Where words go: results to standard output, everything else to standard error once a machine
/// reads the former.
#[derive(Debug)]
pub(crate) struct Output {
    json: bool,
    quiet: bool,
    verbose: bool,
    to_stderr: bool,
    color: bool,
    log: Option<std::sync::Mutex<std::fs::File>>,
}

/// The colors used, always beside a word or sign that says the same.
#[derive(Debug, Clone, Copy)]
enum Color {
    Red,
    Green,
    Yellow,
    Dim,
    Bold,
}

/// What a color begins and ends with until it is written: characters that mean nothing and that no
/// text has, so that the signs of a terminal can be told from those in the text.
const COLORS: [(char, &str); 5] = [
    ('\u{fdd0}', "\u{1b}[31m"),
    ('\u{fdd1}', "\u{1b}[32m"),
    ('\u{fdd2}', "\u{1b}[33m"),
    ('\u{fdd3}', "\u{1b}[2m"),
    ('\u{fdd4}', "\u{1b}[1m"),
];
const PLAIN: char = '\u{fdd5}';

impl Color {
    fn sign(self) -> char {
        let (sign, _) = match self {
            Self::Red => COLORS[0],
            Self::Green => COLORS[1],
            Self::Yellow => COLORS[2],
            Self::Dim => COLORS[3],
            Self::Bold => COLORS[4],
        };
        sign
    }
}

/// Text as it is written: lines and colors are what they are, every other sign that would steer a
/// terminal or turn the direction of text is a mark.
fn shown(text: &str) -> String {
    let lines = text.split('\n').map(visible);
    let mut shown = lines.collect::<Vec<_>>().join("\n");
    if !shown.contains(|sign| ('\u{fdd0}'..=PLAIN).contains(&sign)) {
        return shown;
    }
    for (sign, code) in COLORS {
        shown = shown.replace(sign, code);
    }
    shown.replace(PLAIN, "\u{1b}[0m")
}

impl Output {
    /// Decides from the switches, the terminal and `NO_COLOR` how to speak.
    pub(crate) fn new(global: &Global, prints_result: bool) -> Self {
        let to_stderr = global.json || prints_result;
        let terminal = if to_stderr {
            stderr().is_terminal()
        } else {
            stdout().is_terminal()
        };
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let log = global.log.as_ref().and_then(|path| {
            let opened = std::fs::OpenOptions::new()
                .create(true)
                .append(true)
                .open(path);
            match opened {
                Ok(file) => Some(std::sync::Mutex::new(file)),
                Err(error) => {
                    eprintln!("The log `{}` cannot be written: {error}", path.display());
                    None
                }
            }
        });
        Self {
            json: global.json,
            quiet: global.quiet,
            verbose: global.verbose,
            to_stderr,
            color: terminal && !plain,
            log,
        }
    }

    /// Whether one JSON document is asked for.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// Whether more is to be said.
    pub(crate) fn is_verbose(&self) -> bool {
        self.verbose
    }

    /// Says something to a person, unless quiet.
    pub(crate) fn say(&self, text: &str) {
        self.write_log(text);
        if !self.quiet {
            self.print(text);
        }
    }

    /// Asks a person to do something, also when quiet: the command waits for it. Goes where no
    /// machine reads a result.
    pub(crate) fn ask(&self, text: &str) {
        self.write_log("a person is asked to sign in");
        writeln!(stderr(), "{}", shown(text)).ok();
    }

    fn print(&self, text: &str) {
        let text = shown(text);
        // A closed pipe is the reader's choice, not a failure.
        if self.to_stderr {
            writeln!(stderr(), "{text}").ok();
        } else {
            writeln!(stdout(), "{text}").ok();
        }
    }

    /// Gives a result: the only thing on standard output when a machine reads.
    pub(crate) fn result(&self, bytes: &[u8]) -> Result<(), Error> {
        let mut out = stdout().lock();
        match out.write_all(bytes).and_then(|()| out.flush()) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Error::new(
                ErrorKind::Storage,
                "The result could not be written to standard output",
            )
            .caused_by(error)),
            _ => Ok(()),
        }
    }

    /// Gives a JSON document.
    pub(crate) fn json(&self, value: &Value) -> Result<(), Error> {
        self.result(format!("{value:#}\n").as_bytes())
    }

    /// Says what went wrong.
    pub(crate) fn error(&self, error: &Error) {
        self.error_text(&error.chain());
    }

    /// Says what went wrong, in words.
    pub(crate) fn error_text(&self, text: &str) {
        self.write_log(&format!("error: {text}"));
        let color = self.color && stderr().is_terminal();
        let head = if color {
            "\u{1b}[31merror:\u{1b}[0m"
        } else {
            "error:"
        };
        writeln!(stderr(), "{head} {}", shown(text)).ok();
    }

    fn write_log(&self, text: &str) {
        if let Some(log) = &self.log
            && let Ok(mut file) = log.lock()
        {
            // People read it in a terminal, and pass it on to others.
            let mut text = shown(text);
            redact(&mut text);
            writeln!(file, "{text}").ok();
        }
    }

    fn paint(&self, color: Color, text: &str) -> String {
        if !self.color {
            return text.to_owned();
        }
        format!("{}{text}{PLAIN}", color.sign())
    }

    /// A progress bar on a terminal, nothing elsewhere.
    pub(crate) fn progress(&self) -> ProgressLine {
        let bar = ProgressBar::new(0);
        if self.quiet || self.json || !stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        let style = ProgressStyle::with_template("{prefix:>10} {wide_bar} {pos}/{len} {msg:20!}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style);
        ProgressLine(bar)
    }

    /// Shows one step of a plan.
    pub(crate) fn step(
        &self,
        step: &Step,
        prepared: &Prepared,
        with_diff: bool,
    ) -> Result<(), Error> {
        let (sign, color) = match &step.kind {
            StepKind::Create => ("create", Color::Green),
            StepKind::Update { .. } if step.merges.is_some() => ("merge", Color::Yellow),
            StepKind::Update { moves: true, .. } => ("update and move", Color::Yellow),
            StepKind::Update { .. } => ("update", Color::Yellow),
            StepKind::Move { .. } => ("move", Color::Yellow),
            StepKind::Leave => ("unchanged", Color::Dim),
            StepKind::Refuse { .. } => ("refuse", Color::Red),
            StepKind::Orphan => ("orphaned", Color::Yellow),
            StepKind::Archive { .. } => ("archive", Color::Red),
            StepKind::Trash { .. } => ("trash", Color::Red),
            StepKind::Restore { .. } => ("restore", Color::Green),
        };
        if step.kind == StepKind::Leave && !self.verbose && step.problems.is_empty() {
            return Ok(());
        }
        let indent = "  ".repeat(step.depth);
        let files = match step.attachments.len() {
            0 => String::new(),
            1 => ", 1 attachment".to_owned(),
            count => format!(", {count} attachments"),
        };
        let quiet_files = if step.kind == StepKind::Leave {
            ""
        } else {
            &files
        };
        let path = visible(&step.path);
        let source = self.paint(Color::Dim, &format!("({path}{quiet_files})"));
        self.say(&format!(
            "{:<10} {indent}{} {source}",
            self.paint(color, sign),
            self.paint(Color::Bold, &step.title)
        ));
        if let Some(title) = step.title_before() {
            let was = format!("           {indent}was `{}`", visible(title));
            self.say(&self.paint(Color::Dim, &was));
        }
        if let Some(moved) = &step.moved {
            let place = |title: &Option<String>| match title {
                Some(title) => format!("below `{}`", visible(title)),
                None => "the top of the space".to_owned(),
            };
            let (from, to) = (place(&moved.from), place(&moved.to));
            let way = format!("           {indent}from {from} to {to}");
            self.say(&self.paint(Color::Dim, &way));
        }
        if step.content == PageKind::BlogPost && step.kind != StepKind::Leave {
            let day = step.posted.as_deref().unwrap_or("today");
            let what = match step.kind {
                StepKind::Create => format!("           a blog post of {day}"),
                _ => "           a blog post".to_owned(),
            };
            self.say(&self.paint(Color::Dim, &what));
        }
        if step.content == PageKind::Folder && step.kind != StepKind::Leave {
            self.say(&self.paint(Color::Dim, "           a folder"));
        }
        if let StepKind::Refuse { reason, .. } = &step.kind {
            self.say(&format!(
                "           {indent}{}",
                self.paint(Color::Red, &visible(reason))
            ));
        }
        let written = matches!(step.kind, StepKind::Create | StepKind::Update { .. });
        if written && !step.restrictions.declared().is_empty() {
            let who = format!("           {indent}restricted to {}", step.restrictions);
            self.say(&self.paint(Color::Yellow, &who));
        }
        self.problems(&step.path, &step.problems);
        if with_diff {
            self.diff(&prepared.diff(step)?);
        }
        Ok(())
    }

    /// Shows what somebody changed on a page since its source was published.
    pub(crate) fn edit(&self, lines: &[DiffLine]) {
        self.say(&self.paint(
            Color::Dim,
            "    changed in Confluence since it was published:",
        ));
        self.diff(lines);
    }

    fn diff(&self, lines: &[DiffLine]) {
        for line in lines {
            let (sign, color) = match line.kind {
                DiffKind::Same => (' ', Color::Dim),
                DiffKind::Added => ('+', Color::Green),
                DiffKind::Removed => ('-', Color::Red),
                DiffKind::Gap => {
                    let text = format!("    … {} lines", line.text);
                    self.say(&self.paint(Color::Dim, &text));
                    continue;
                }
            };
            self.say(&self.paint(color, &format!("    {sign} {}", line.text)));
        }
    }

    /// Shows the problems of a file, each with its place, and each in one line: the name of a file can
    /// hold the end of one.
    pub(crate) fn problems(&self, path: &str, problems: &[Problem]) {
        let path = visible(path);
        for problem in problems {
            let (word, color) = match problem.severity {
                Severity::Note => ("note", Color::Dim),
                Severity::Warning => ("warning", Color::Yellow),
                Severity::Error => ("error", Color::Red),
            };
            let place = match problem.line {
                0 => path.to_string(),
                line => format!("{path}:{line}:{}", problem.column),
            };
            self.say(&format!(
                "  {} {place}: {} [{}]",
                self.paint(color, word),
                visible(&problem.message),
                problem.code
            ));
        }
    }

    /// Shows what became of a publish.
    pub(crate) fn report(&self, report: &PublishReport) {
        for outcome in &report.outcomes {
            self.outcome(outcome);
        }
        let counts: Vec<String> = OutcomeKind::ALL
            .iter()
            .map(|kind| (kind, report.count(*kind)))
            .filter(|(_, count)| *count > 0)
            .map(|(kind, count)| format!("{count} {}", kind.name().replace('_', " ")))
            .collect();
        let seconds = report.took().as_secs_f64();
        let counts = if counts.is_empty() {
            "nothing to do".to_owned()
        } else {
            counts.join(", ")
        };
        self.say(&format!(
            "{counts} in {seconds:.1} s, {} requests",
            report.traffic.total
        ));
        if let Some(links) = &report.links {
            let outcomes = report.outcomes.iter();
            let titles = outcomes.filter_map(|it| Some((it.page_id.as_deref()?, &*it.title)));
            self.links(links, &titles.collect());
        }
        if let Some((_, reason)) = &report.stopped_by {
            self.error_text(&format!("publishing stopped: {reason}"));
        } else if report.cancelled {
            self.error_text("publishing was cancelled; what was not reached is as it was");
        }
    }

    /// Shows the links that lead nowhere; `titles` are those of the pages, by id.
    pub(crate) fn links(&self, links: &CheckedLinks, titles: &HashMap<&str, &str>) {
        for link in &links.broken {
            let id = link.page_id.as_str();
            let title = titles.get(id).copied().unwrap_or(id);
            let line = format!("{title}: `{}` leads nowhere: {}", link.target, link.reason);
            if self.quiet {
                self.error_text(&line);
            } else {
                self.say(&format!("{} {line}", self.paint(Color::Red, "link      ")));
            }
        }
        let mut words = format!(
            "{} links of {} pages were looked at, {} lead nowhere",
            links.checked,
            links.pages,
            links.broken.len()
        );
        if links.not_checked > 0 {
            words += &format!("; of {} more it is not known", links.not_checked);
        }
        self.say(&words);
    }

    fn outcome(&self, outcome: &Outcome) {
        let color = match outcome.kind {
            OutcomeKind::Created
            | OutcomeKind::Updated
            | OutcomeKind::Moved
            | OutcomeKind::Restored => Color::Green,
            OutcomeKind::Unchanged if !self.verbose => return,
            OutcomeKind::Unchanged => Color::Dim,
            kind if kind.needs_attention() => Color::Red,
            _ => Color::Yellow,
        };
        let name = outcome.kind.name().replace('_', " ");
        let place = outcome.url.as_deref().unwrap_or(&outcome.source);
        let line = format!(
            "{:<10} {} {}",
            self.paint(color, &name),
            outcome.title,
            self.paint(Color::Dim, place)
        );
        if outcome.kind.needs_attention() && self.quiet {
            self.error_text(&format!(
                "`{}`: {}",
                outcome.source,
                outcome.reason.as_deref().unwrap_or(&name)
            ));
            return;
        }
        self.say(&line);
        if let Some(reason) = &outcome.reason {
            self.say(&format!("           {reason}"));
        }
        self.problems(&outcome.source, &outcome.problems);
    }
}

/// A line that shows how far an operation has come.
#[derive(Debug)]
pub(crate) struct ProgressLine(ProgressBar);

impl ProgressLine {
    /// Shows a new state.
    pub(crate) fn show(&self, progress: &Progress) {
        self.0.set_prefix(match progress.phase {
            Phase::Reading => "reading",
            Phase::Snapshot => "looking",
            Phase::Planning => "planning",
            Phase::Publishing => "publishing",
        });
        self.0.set_length(progress.total as u64);
        self.0.set_position(progress.done as u64);
        self.0
            .set_message(visible(progress.current.as_deref().unwrap_or_default()).into_owned());
    }

    /// Takes the line away.
    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
