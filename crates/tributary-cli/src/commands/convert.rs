//! `tributary convert`: Markdown and Confluence's formats to each other, to HTML or to text, without
//! a server.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use serde_json::json;
use tributary::publish::{PublishRequest, problem_json, sources};
use tributary::settings::{RepositorySettings, Settings, diagram_server};
use tributary::store::{Paths, write_made};
use tributary::{Error, ErrorKind};
use tributary_pages::markup::{Flavor, Problem, storage_text, write_markdown};
use tributary_pages::plan::{PlanSettings, Snapshot, Step, StepKind, adf_bodies, plan, preview};

use super::convert_options::{Format, Options, Source};
use super::convert_stored::convert_stored;
use crate::options::FlavorName;
use crate::output::{Exit, Output};

/// Carries the command out.
pub(crate) fn run(options: &Options, output: &Output) -> Result<Exit, Error> {
    if options.to == Format::Adf && options.flavor == FlavorName::DataCenter {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            "Data Center takes no pages in the Atlassian Document Format",
        )
        .remedy("Convert for it with `--to storage`"));
    }
    if options.from != Source::Markdown {
        let (pages, exit) = convert_stored(options, output)?;
        return write(options, output, &pages, exit);
    }
    let request = PublishRequest {
        paths: options.paths.clone(),
        space: String::new(),
        parent: None,
        include: Vec::new(),
        exclude: Vec::new(),
        settings: looks(options)?,
        concurrency: 1,
        verify: false,
    };
    let mut gathered = sources(&request)?;
    // Where a page belongs is nothing that its body says, and no Confluence is asked.
    for source in &mut gathered.sources.documents {
        let front = &mut source.document.front_matter;
        (front.page_id, front.space, front.parent) = (None, None, None);
    }
    let snapshot = Snapshot {
        flavor: options.flavor.flavor().unwrap_or(Flavor::Cloud),
        space_key: String::new(),
        space_id: String::new(),
        parent: None,
        pages: Vec::new(),
        publisher: None,
        elsewhere: BTreeMap::new(),
    };
    let documents = &gathered.sources;
    let plan = plan(documents, &snapshot, &PlanSettings::default());
    let mut adf = match options.to {
        Format::Adf => adf_bodies(documents),
        _ => BTreeMap::new(),
    };
    let mut pages: BTreeMap<String, Page> = BTreeMap::new();
    let mut exit = Exit::Done;
    for step in plan.steps {
        if let StepKind::Refuse { reason, .. } = &step.kind {
            output.error_text(&format!("`{}`: {reason}", step.path));
            exit = Exit::Attention;
            let page = Page {
                content: None,
                problems: step.problems,
                reason: Some(reason.to_string()),
            };
            pages.insert(step.path, page);
            continue;
        }
        if step.path.ends_with('/') {
            continue;
        }
        let (content, problems): (String, Vec<Problem>) = match options.to {
            Format::Storage => (said(&step)?, step.problems),
            Format::Adf => match adf.remove(&step.path) {
                Some(body) => (body.content, body.problems),
                None => continue,
            },
            Format::Text => (storage_text(&said(&step)?), step.problems),
            Format::Html => match preview(documents, &step.path, &str::to_owned) {
                Some(page) => (page.body.content, page.body.problems),
                None => continue,
            },
            Format::Markdown => match documents.document(&step.path) {
                Some(source) => {
                    let document = source.whole().map_err(not_read_again)?;
                    (write_markdown(&document), document.problems)
                }
                None => continue,
            },
        };
        output.problems(&step.path, &problems);
        let page = Page::of(content, problems, options);
        if page.content.is_none() {
            exit = Exit::Attention;
        }
        pages.insert(step.path, page);
    }
    write(options, output, &pages, exit)
}

/// What became of a file.
pub(super) struct Page {
    /// None where it is not to be written.
    pub content: Option<String>,
    pub problems: Vec<Problem>,
    /// Why it became nothing, where that is not its problems.
    pub reason: Option<String>,
}

impl Page {
    /// A page with its problems, of which it may have to have none.
    pub(super) fn of(content: String, problems: Vec<Problem>, options: &Options) -> Self {
        let is_written = !options.strict || problems.iter().all(Problem::is_note);
        Self {
            content: is_written.then_some(content),
            problems,
            reason: None,
        }
    }
}

/// The body of a step in storage format.
fn said(step: &Step) -> Result<String, Error> {
    let body = step.body.read().map_err(not_read_again)?;
    Ok(body.into_owned())
}

fn not_read_again(error: io::Error) -> Error {
    Error::new(
        ErrorKind::Storage,
        "A text that was put into a temporary file could not be read again",
    )
    .remedy("Look after the disk of the folder for temporary files, and convert again")
    .caused_by(error)
}

/// How the repository wants its pages to look.
fn looks(options: &Options) -> Result<PlanSettings, Error> {
    let said = match options.paths.first() {
        Some(path) => RepositorySettings::find(path)?,
        None => None,
    };
    let settings = Settings::load(&Paths::of_user()?)?;
    let server = diagram_server(&settings, &|name| std::env::var(name).ok())?;
    Ok(RepositorySettings::looks(said, server))
}

/// Writes what was converted, each below its name.
fn write(
    options: &Options,
    output: &Output,
    pages: &BTreeMap<String, Page>,
    exit: Exit,
) -> Result<Exit, Error> {
    let written = pages
        .iter()
        .filter_map(|(path, page)| Some((path, page.content.as_ref()?)));
    let converted: BTreeMap<&String, &String> = written.collect();
    let target = |path: &str| {
        let folder = options.out.as_ref()?;
        Some(folder.join(Path::new(path).with_extension(ending(options.to))))
    };
    match &options.out {
        Some(folder) => {
            for (path, content) in &converted {
                if let Some(target) = target(path) {
                    write_made(&target, content.as_bytes())?;
                }
            }
            output.say(&format!(
                "{} files written to `{}`",
                converted.len(),
                folder.display()
            ));
        }
        None if output.is_json() => {}
        None if converted.len() > 1 => {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                format!(
                    "{} files would go to standard output at once",
                    converted.len()
                ),
            )
            .remedy("Name one file, or a folder to write to with `--out DIR`"));
        }
        None => {
            if let Some(content) = converted.values().next() {
                let line_end = if content.ends_with('\n') { "" } else { "\n" };
                output.result(format!("{content}{line_end}").as_bytes())?;
            }
        }
    }
    if output.is_json() {
        let pages = pages.iter().map(|(path, page)| {
            let file = target(path).filter(|_| page.content.is_some());
            let content = page.content.as_ref().filter(|_| file.is_none());
            json!({
                "source": path,
                "content": content,
                "file": file.map(|file| file.display().to_string()),
                "problems": page.problems.iter().map(problem_json).collect::<Vec<_>>(),
                "reason": page.reason,
            })
        });
        output.json(&json!({ "pages": pages.collect::<Vec<_>>() }))?;
    }
    Ok(exit)
}

/// What the names of files in a format end with.
fn ending(format: Format) -> &'static str {
    match format {
        Format::Storage => "xml",
        Format::Adf => "json",
        Format::Html => "html",
        Format::Text => "txt",
        Format::Markdown => "md",
    }
}
