//! `.tributary.toml`: how one repository wants to be published.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use tributary_pages::markup::{PageTemplate, Restrictions};
use tributary_pages::plan::{DrawingSettings, PlanSettings, RepositoryNames};
use url::Url;

use super::document::{Document, Table};
use super::layers::{self, KEYS, Layer};
use crate::Sentence;
use crate::error::{Error, ErrorKind};
use crate::hosts::{Pinned, is_address};
use crate::repository::remote;
use crate::store;

/// The file's name.
const NAME: &str = ".tributary.toml";

/// What a repository's own file says.
#[derive(Debug, Clone, PartialEq)]
pub struct RepositorySettings {
    /// Where the file is.
    pub file: PathBuf,
    /// Its `[publish]` table.
    pub publish: Layer,
    /// Its `[repository]` table: what it is called, and was called.
    pub repository: RepositoryNames,
    /// Its `[template]` table: what it adds to its pages.
    pub template: PageTemplate,
    /// Its `[restrictions]` table: who may read and edit its pages.
    pub restrictions: Restrictions,
    /// Its `[titles]` table: titles by the paths of the sources that they are chosen for.
    pub titles: BTreeMap<String, String>,
    /// Its `[[targets]]`.
    pub targets: Vec<RepositoryTarget>,
}

/// One of several places that a repository is published to.
#[derive(Debug, Clone, PartialEq)]
pub struct RepositoryTarget {
    /// What it is called.
    pub name: String,
    /// What is published there, relative to the file's folder; what the command names when empty.
    pub paths: Vec<PathBuf>,
    /// What differs from the `[publish]` table.
    pub publish: Layer,
    /// What differs from the `[restrictions]` table: the two products name people in different
    /// ways.
    pub restrictions: Restrictions,
}

impl RepositorySettings {
    /// Looks for `.tributary.toml` beside a path and in the folders above, up to the root of the
    /// Git repository it is in.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] naming line and column when the file is wrong.
    pub fn find(path: &Path) -> Result<Option<Self>, Error> {
        let full = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        let full = full.canonicalize().unwrap_or(full);
        for folder in full.ancestors() {
            let file = folder.join(NAME);
            if let Some(bytes) = read_below(folder, &file)? {
                return read(&file, bytes).map(Some);
            }
            if folder.join(".git").exists() {
                break;
            }
        }
        Ok(None)
    }
}

impl RepositorySettings {
    /// The name of the file, in the root of the repository.
    pub const NAME: &str = NAME;

    /// How pages look that are made of the files of a repository, as it wants them, and else as
    /// usual. `server` draws what is not drawn here.
    pub fn looks(found: Option<Self>, server: Option<Url>) -> PlanSettings {
        let (publish, template, restrictions) = found.map_or_else(Default::default, |file| {
            (file.publish, file.template, file.restrictions)
        });
        PlanSettings {
            drawings: DrawingSettings {
                server: server.map(String::from),
                ..publish.diagrams.unwrap_or_default()
            },
            template,
            restrictions,
            ..PlanSettings::default()
        }
    }

    /// Reads the file of a repository at a commit, wherever that is.
    ///
    /// # Errors
    /// The same as [`RepositorySettings::find`], and when the repository cannot be read.
    pub async fn at(pinned: &Pinned) -> Result<Option<Self>, Error> {
        let bytes = pinned.file(NAME).await?;
        bytes.map(|bytes| Self::read(NAME, bytes)).transpose()
    }

    /// What holds for one of its targets.
    #[must_use]
    pub fn of_target(&self, target: &RepositoryTarget) -> Self {
        Self {
            file: self.file.clone(),
            publish: target.publish.clone().over(&self.publish),
            targets: Vec::new(),
            repository: self.repository.clone(),
            template: self.template.clone(),
            restrictions: target.restrictions.clone().over(&self.restrictions),
            titles: self.titles.clone(),
        }
    }

    /// Reads the contents of the file; `origin` is what errors call it.
    ///
    /// # Errors
    /// The same as [`RepositorySettings::find`].
    pub fn read(origin: &str, bytes: Vec<u8>) -> Result<Self, Error> {
        read(Path::new(origin), bytes)
    }
}

fn read_below(folder: &Path, file: &Path) -> Result<Option<Vec<u8>>, Error> {
    if folder.is_dir() {
        store::read_if_there(file)
    } else {
        Ok(None)
    }
}

fn read(file: &Path, bytes: Vec<u8>) -> Result<RepositorySettings, Error> {
    let text = String::from_utf8(bytes).map_err(|error| {
        Error::new(
            ErrorKind::InvalidInput,
            sentence!("`{file}` is not UTF-8 text", file = file.display()),
        )
        .remedy("Save the file as UTF-8")
        .caused_by(error)
    })?;
    let document = Document::new(file, &text);
    let parsed = document.parse()?;
    let root = document.root(parsed.get_ref());
    root.only(&[
        "publish",
        "repository",
        "restrictions",
        "targets",
        "template",
        "titles",
    ])?;
    let restrictions = restrictions_of(&root)?;
    let template = match root.get("template") {
        Some(template) => template_of(&template.table()?)?,
        None => PageTemplate::default(),
    };
    let repository = match root.get("repository") {
        Some(repository) => names_of(&repository.table()?)?,
        None => RepositoryNames::default(),
    };
    let titles = match root.get("titles") {
        Some(titles) => titles.table()?.pairs()?,
        None => BTreeMap::new(),
    };
    let known: Vec<&str> = KEYS
        .iter()
        .copied()
        .filter(|key| !["gateway", "diagram_server"].contains(key))
        .collect();
    let publish = match root.get("publish") {
        Some(publish) => {
            let publish = publish.table()?;
            no_addresses(&publish)?;
            publish.only(&known)?;
            layers::read(&publish)?
        }
        None => Layer::default(),
    };
    let mut targets: Vec<RepositoryTarget> = Vec::new();
    let tables = root.get("targets").map(|targets| targets.tables());
    for table in tables.transpose()?.unwrap_or_default() {
        no_addresses(&table)?;
        let keys: Vec<&str> = ["name", "paths", "restrictions"]
            .into_iter()
            .chain(known.clone())
            .collect();
        table.only(&keys)?;
        let target = read_target(&table)?;
        let is_known = |other: &RepositoryTarget| other.name.eq_ignore_ascii_case(&target.name);
        if targets.iter().any(is_known)
            && let Some(name) = table.get("name")
        {
            return Err(name.wrong("is the name of another target too"));
        }
        targets.push(target);
    }
    Ok(RepositorySettings {
        file: file.to_path_buf(),
        publish,
        targets,
        repository,
        template,
        restrictions,
        titles,
    })
}

/// Whoever can change a file in a repository must not be able to redirect a token, or sources.
fn no_addresses(table: &Table<'_, '_>) -> Result<(), Error> {
    table.refuse(
        "gateway",
        Sentence::from(
            "Tokens are sent there, so it is taken only from your own settings, \
             `TRIBUTARY_GATEWAY` or `--gateway`",
        ),
    )?;
    table.refuse(
        "diagram_server",
        Sentence::from(
            "Sources are sent there, so it is taken only from your own settings or \
             `TRIBUTARY_DIAGRAM_SERVER`",
        ),
    )
}

fn read_target(table: &Table<'_, '_>) -> Result<RepositoryTarget, Error> {
    let given = table.get("name").ok_or_else(|| table.lacks("name"))?;
    let name = given.text()?;
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    if name.is_empty() || !name.chars().all(is_plain) {
        return Err(given.wrong("must be made of letters, digits, `-` and `_`"));
    }
    let mut paths = Vec::new();
    if let Some(given) = table.get("paths") {
        for path in given.texts()? {
            let path = PathBuf::from(path);
            let is_inside = path
                .components()
                .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
            if !is_inside {
                return Err(given.wrong("must name files and folders below the one of this file"));
            }
            paths.push(path);
        }
    }
    Ok(RepositoryTarget {
        name,
        paths,
        publish: layers::values(table)?,
        restrictions: restrictions_of(table)?,
    })
}

fn restrictions_of(table: &Table<'_, '_>) -> Result<Restrictions, Error> {
    let Some(given) = table.get("restrictions") else {
        return Ok(Restrictions::default());
    };
    Restrictions::read(&given.as_json()).map_err(|wrong| given.wrong(wrong))
}

/// Names may be written as addresses, of which there are many for one repository.
fn names_of(table: &Table<'_, '_>) -> Result<RepositoryNames, Error> {
    table.only(&["name", "formerly"])?;
    let identity = |text: String| match is_address(&text) {
        true => remote(&text).identity,
        false => text.trim().trim_matches('/').to_owned(),
    };
    let name = table.get("name").map(|given| {
        let name = identity(given.text()?);
        match name.is_empty() {
            true => Err(given.wrong("must be what the repository is called")),
            false => Ok(name),
        }
    });
    let formerly = table.get("formerly").map(|given| given.texts());
    Ok(RepositoryNames {
        name: name.transpose()?,
        formerly: formerly
            .transpose()?
            .map(|names| names.into_iter().map(identity).collect()),
    })
}

fn template_of(table: &Table<'_, '_>) -> Result<PageTemplate, Error> {
    table.only(&["header", "footer", "variables", "snippets"])?;
    let text = |key: &str| table.get(key).map(|value| value.text()).transpose();
    let names = |key: &str| match table.get(key) {
        Some(names) => names.table()?.names(),
        None => Ok(BTreeMap::new()),
    };
    let template = PageTemplate {
        header: text("header")?,
        footer: text("footer")?,
        variables: names("variables")?,
        snippets: names("snippets")?,
    };
    let both = template.variables.keys();
    if let Some(name) = both
        .into_iter()
        .find(|name| template.snippets.contains_key(*name))
    {
        let snippets = table.get("snippets");
        let wrong = snippets.map(|snippets| {
            snippets.wrong(sentence!(
                "has `{name}`, which is a variable's name too",
                name
            ))
        });
        return Err(wrong.unwrap_or_else(|| table.lacks("snippets")));
    }
    Ok(template)
}
