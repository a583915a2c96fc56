//! What the sandbox holds: spaces, pages with their versions, attachments, labels, properties.
//!
//! Everything is in SQLite, in memory or in a folder. Each of the two products has a [`Store`] of
//! its own. Every function here is one small transaction; rules that both products share (unique
//! titles, versions in order) are kept here, what they answer is the dialects' business.

mod files;
mod trash;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value;

pub use trash::Restoring;

/// The stores of both products. Cheap to clone.
#[derive(Clone)]
pub struct State {
    /// What Cloud holds.
    pub cloud: Store,
    /// What Data Center holds.
    pub data_center: Store,
}

/// What one product holds. Cheap to clone.
#[derive(Clone)]
pub struct Store(
    Arc<Mutex<Connection>>,
    /// Held by whoever looks whether something may be written and then writes it.
    Arc<Mutex<()>>,
    /// Whether a new page has no number that says where it stands: then it stands behind those that
    /// have one, by its title.
    bool,
    /// How pages come back from the trash.
    Arc<Mutex<Restoring>>,
);

/// A space.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the vendor's API")]
pub struct Space {
    pub id: i64,
    pub key: String,
    pub name: String,
    pub home_id: Option<i64>,
    pub read_only: bool,
    pub created_at: String,
}

/// A page, blog post or folder at its current version.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the vendor's API")]
pub struct Page {
    pub id: i64,
    /// `page`, `blogpost` or `folder`.
    pub kind: String,
    pub space_id: i64,
    pub parent_id: Option<i64>,
    pub title: String,
    /// `current`, `draft`, `archived` or `trashed`.
    pub status: String,
    /// What siblings are sorted by; below zero when it was never set.
    pub position: i64,
    pub body: String,
    /// `storage` or `atlas_doc_format`.
    pub representation: String,
    pub created_at: String,
    pub author: String,
    pub version: Version,
}

/// A version of a page or attachment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the vendor's API")]
pub struct Version {
    pub number: i64,
    pub message: String,
    pub created_at: String,
    pub author: String,
    pub minor: bool,
}

/// A file on a page, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the vendor's API")]
pub struct Attachment {
    pub id: i64,
    pub page_id: i64,
    pub filename: String,
    pub media_type: String,
    pub size: i64,
    pub sha256: String,
    pub comment: String,
    pub file_id: String,
    pub version: Version,
}

/// A content or space property.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the fields are those of the vendor's API")]
pub struct Property {
    pub id: i64,
    pub key: String,
    pub value: Value,
    pub version: i64,
    pub created_at: String,
}

/// A label.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the vendor's API")]
pub struct Label {
    pub id: i64,
    pub prefix: String,
    pub name: String,
}

/// Why the store refuses something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// The space has a page of this title.
    TitleTaken,
    /// The version is not the current one plus one.
    WrongVersion {
        /// The version on top.
        current: i64,
    },
    /// The page would stand below itself.
    Circle,
    /// The thing is not there.
    Unknown,
}

/// What a new version of a page says.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the fields are those of the vendor's API")]
pub struct Draft<'a> {
    pub title: &'a str,
    pub body: &'a str,
    pub representation: &'a str,
    pub message: &'a str,
    pub author: &'a str,
    pub minor: bool,
}

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS spaces(id INTEGER PRIMARY KEY, key TEXT UNIQUE COLLATE NOCASE, name TEXT,
  home_id INTEGER, read_only INTEGER, created_at TEXT);
CREATE TABLE IF NOT EXISTS content(id INTEGER PRIMARY KEY, kind TEXT, space_id INTEGER,
  parent_id INTEGER, title TEXT, folded TEXT, status TEXT, position INTEGER, body TEXT,
  representation TEXT, created_at TEXT, author TEXT, number INTEGER, message TEXT,
  version_at TEXT, version_by TEXT, minor INTEGER);
CREATE INDEX IF NOT EXISTS content_by_title ON content(space_id, folded);
CREATE INDEX IF NOT EXISTS content_by_parent ON content(parent_id);
CREATE TABLE IF NOT EXISTS versions(content_id INTEGER, number INTEGER, message TEXT,
  created_at TEXT, author TEXT, minor INTEGER, title TEXT, body TEXT, representation TEXT,
  PRIMARY KEY(content_id, number));
CREATE TABLE IF NOT EXISTS attachments(id INTEGER PRIMARY KEY, page_id INTEGER, filename TEXT,
  media_type TEXT, size INTEGER, sha256 TEXT, comment TEXT, file_id TEXT, number INTEGER,
  message TEXT, version_at TEXT, author TEXT, minor INTEGER, bytes BLOB);
CREATE INDEX IF NOT EXISTS attachments_by_page ON attachments(page_id);
CREATE TABLE IF NOT EXISTS attachment_versions(attachment_id INTEGER, number INTEGER,
  media_type TEXT, bytes BLOB, PRIMARY KEY(attachment_id, number));
CREATE TABLE IF NOT EXISTS properties(id INTEGER PRIMARY KEY, owner TEXT, key TEXT, value TEXT,
  number INTEGER, created_at TEXT, UNIQUE(owner, key));
CREATE TABLE IF NOT EXISTS labels(id INTEGER PRIMARY KEY, prefix TEXT, name TEXT, UNIQUE(prefix, name));
CREATE TABLE IF NOT EXISTS labeled(content_id INTEGER, label_id INTEGER, PRIMARY KEY(content_id, label_id));
CREATE TABLE IF NOT EXISTS ids(next INTEGER);
";

const CONTENT: &str = "id, kind, space_id, parent_id, title, status, position, body, \
    representation, created_at, author, number, message, version_at, version_by, minor";
/// The order among siblings. A position below zero is none.
const IN_ORDER: &str = "position < 0, position, CASE WHEN position < 0 THEN folded ELSE '' END, id";

fn page_of(row: &Row<'_>) -> rusqlite::Result<Page> {
    Ok(Page {
        id: row.get(0)?,
        kind: row.get(1)?,
        space_id: row.get(2)?,
        parent_id: row.get(3)?,
        title: row.get(4)?,
        status: row.get(5)?,
        position: row.get(6)?,
        body: row.get(7)?,
        representation: row.get(8)?,
        created_at: row.get(9)?,
        author: row.get(10)?,
        version: Version {
            number: row.get(11)?,
            message: row.get(12)?,
            created_at: row.get(13)?,
            author: row.get(14)?,
            minor: row.get(15)?,
        },
    })
}

fn space_of(row: &Row<'_>) -> rusqlite::Result<Space> {
    Ok(Space {
        id: row.get(0)?,
        key: row.get(1)?,
        name: row.get(2)?,
        home_id: row.get(3)?,
        read_only: row.get(4)?,
        created_at: row.get(5)?,
    })
}

/// The moment, as both products write it.
pub(crate) fn now() -> String {
    let moment = Timestamp::now();
    let text = moment.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    format!("{text}.{:03}Z", moment.subsec_millisecond())
}

fn folded(title: &str) -> String {
    title.to_lowercase()
}

impl State {
    /// Opens the stores, in memory or in a folder, and makes the first spaces when they are empty.
    ///
    /// # Errors
    /// When the folder or its files cannot be used.
    pub fn open(folder: Option<&Path>) -> rusqlite::Result<Self> {
        let open = |name: &str, first_id: i64, unnumbered: bool| -> rusqlite::Result<Store> {
            let connection = match folder {
                Some(folder) => Connection::open(folder.join(name))?,
                None => Connection::open_in_memory()?,
            };
            connection.pragma_update(None, "synchronous", "NORMAL")?;
            if folder.is_some() {
                connection.pragma_update(None, "journal_mode", "WAL")?;
            }
            connection.set_prepared_statement_cache_capacity(128);
            connection.execute_batch(SCHEMA)?;
            let store = Store(
                Arc::new(Mutex::new(connection)),
                Arc::default(),
                unnumbered,
                Arc::default(),
            );
            store.seed(first_id)?;
            Ok(store)
        };
        Ok(Self {
            cloud: open("cloud.sqlite", 65_537, false)?,
            data_center: open("data-center.sqlite", 98_305, true)?,
        })
    }
}

impl Store {
    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One change of pages at a time: no two get one title, and none gets two versions of a number.
    fn one_at_a_time(&self) -> MutexGuard<'_, ()> {
        self.1.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn restoring(&self) -> MutexGuard<'_, Restoring> {
        self.3.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn seed(&self, first_id: i64) -> rusqlite::Result<()> {
        let known: i64 = self
            .lock()
            .query_row("SELECT count(*) FROM spaces", [], |row| row.get(0))?;
        if known > 0 {
            return Ok(());
        }
        self.lock()
            .execute("INSERT INTO ids VALUES(?)", [first_id])?;
        for (key, name, read_only) in [
            ("DOCS", "Documentation", false),
            ("TEAM", "Team", false),
            ("READ", "Read only", true),
        ] {
            self.add_space(key, name, read_only)?;
        }
        Ok(())
    }

    /// Forgets everything and begins anew.
    pub fn reset(&self) -> rusqlite::Result<()> {
        let first: i64 = self
            .lock()
            .query_row("SELECT next FROM ids", [], |row| row.get(0))?;
        for table in [
            "spaces",
            "content",
            "versions",
            "attachments",
            "attachment_versions",
            "properties",
            "labels",
            "labeled",
            "ids",
        ] {
            self.lock().execute(&format!("DELETE FROM {table}"), [])?;
        }
        self.seed(first)
    }

    /// Makes a space with its home page.
    pub fn add_space(&self, key: &str, name: &str, read_only: bool) -> rusqlite::Result<Space> {
        let id = self.next_id()?;
        self.lock().execute(
            "INSERT INTO spaces VALUES(?, ?, ?, NULL, ?, ?)",
            params![id, key, name, read_only, now()],
        )?;
        let draft = Draft {
            title: &format!("{name} home"),
            body: "<p>Everything in this space is made up.</p>",
            representation: "storage",
            message: "",
            author: "admin",
            minor: false,
        };
        let home = self.insert("page", id, None, "current", &draft)?;
        self.lock()
            .execute("UPDATE spaces SET home_id = ? WHERE id = ?", [home, id])?;
        Ok(self.space(id)?.unwrap_or(Space {
            id,
            key: key.to_owned(),
            name: name.to_owned(),
            home_id: Some(home),
            read_only,
            created_at: now(),
        }))
    }

    /// Lets a space be written to, or not.
    pub fn set_read_only(&self, key: &str, read_only: bool) -> rusqlite::Result<()> {
        self.lock().execute(
            "UPDATE spaces SET read_only = ? WHERE key = ?",
            params![read_only, key],
        )?;
        Ok(())
    }

    fn next_id(&self) -> rusqlite::Result<i64> {
        self.lock().query_row(
            "UPDATE ids SET next = next + 1 RETURNING next - 1",
            [],
            |row| row.get(0),
        )
    }

    fn spaces_where(
        &self,
        clause: &str,
        values: &[&dyn rusqlite::ToSql],
    ) -> rusqlite::Result<Vec<Space>> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(&format!(
            "SELECT id, key, name, home_id, read_only, created_at FROM spaces {clause} ORDER BY id"
        ))?;
        let rows = statement.query_map(values, space_of)?;
        rows.collect()
    }

    /// All spaces.
    pub fn spaces(&self) -> rusqlite::Result<Vec<Space>> {
        self.spaces_where("", &[])
    }

    /// A space by id.
    pub fn space(&self, id: i64) -> rusqlite::Result<Option<Space>> {
        Ok(self.spaces_where("WHERE id = ?", &[&id])?.pop())
    }

    /// A space by key, whatever its case.
    pub fn space_by_key(&self, key: &str) -> rusqlite::Result<Option<Space>> {
        Ok(self.spaces_where("WHERE key = ?", &[&key])?.pop())
    }

    /// Contents chosen by a clause of SQL, in the order of their ids.
    pub(crate) fn pages_where(
        &self,
        clause: &str,
        values: &[&dyn rusqlite::ToSql],
    ) -> rusqlite::Result<Vec<Page>> {
        let connection = self.lock();
        let mut statement =
            connection.prepare_cached(&format!("SELECT {CONTENT} FROM content WHERE {clause}"))?;
        let rows = statement.query_map(values, page_of)?;
        rows.collect()
    }

    /// A page, blog post or folder by id, whatever its status.
    pub fn page(&self, id: i64) -> rusqlite::Result<Option<Page>> {
        Ok(self.pages_where("id = ?", &[&id])?.pop())
    }

    /// The current page of a title in a space, whatever the case.
    pub fn page_by_title(&self, space_id: i64, title: &str) -> rusqlite::Result<Option<Page>> {
        let found = self.pages_where(
            "space_id = ? AND folded = ? AND status = 'current' AND kind = 'page'",
            &[&space_id, &folded(title)],
        )?;
        Ok(found.into_iter().next())
    }

    /// The current pages and folders of a space, in reading order among siblings.
    pub fn page_tree(&self, space_id: i64) -> rusqlite::Result<Vec<Page>> {
        self.pages_where(
            &format!(
                "space_id = ? AND status = 'current' AND kind IN ('page', 'folder') \
                 ORDER BY {IN_ORDER}"
            ),
            &[&space_id],
        )
    }

    /// The current pages and folders directly below a page.
    pub fn children(&self, id: i64) -> rusqlite::Result<Vec<Page>> {
        self.pages_where(
            &format!(
                "parent_id = ? AND status = 'current' AND kind IN ('page', 'folder') \
                 ORDER BY {IN_ORDER}"
            ),
            &[&id],
        )
    }

    /// The pages above a page, the topmost first.
    pub fn ancestors(&self, id: i64) -> rusqlite::Result<Vec<Page>> {
        let mut above = Vec::new();
        let mut next = self.page(id)?.and_then(|page| page.parent_id);
        while let Some(id) = next {
            let Some(page) = self.page(id)? else { break };
            next = page.parent_id;
            above.push(page);
        }
        above.reverse();
        Ok(above)
    }

    /// Everything below a page with its depth from 1, parents before children.
    pub fn descendants(&self, id: i64) -> rusqlite::Result<Vec<(Page, i64)>> {
        let mut found = Vec::new();
        let mut level = vec![id];
        let mut depth = 1;
        while !level.is_empty() {
            let mut next = Vec::new();
            for id in level {
                for child in self.children(id)? {
                    next.push(child.id);
                    found.push((child, depth));
                }
            }
            level = next;
            depth += 1;
        }
        Ok(found)
    }

    fn insert(
        &self,
        kind: &str,
        space_id: i64,
        parent_id: Option<i64>,
        status: &str,
        draft: &Draft<'_>,
    ) -> rusqlite::Result<i64> {
        let id = self.next_id()?;
        let moment = now();
        self.lock().prepare_cached(
            "INSERT INTO content VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?14, ?8, ?9, ?10, ?11, 1, ?12, ?10, ?11, ?13)",
        )?.execute(params![
            id, kind, space_id, parent_id, draft.title, folded(draft.title), status, draft.body,
            draft.representation, moment, draft.author, draft.message, draft.minor,
            if self.2 { -1 } else { id }
        ])?;
        self.keep_version(id)?;
        Ok(id)
    }

    fn keep_version(&self, id: i64) -> rusqlite::Result<()> {
        self.lock()
            .prepare_cached(
                "INSERT OR REPLACE INTO versions SELECT id, number, message, version_at, version_by, \
                 minor, title, body, representation FROM content WHERE id = ?",
            )?
            .execute([id])?;
        Ok(())
    }

    fn is_taken(&self, space_id: i64, title: &str, except: i64) -> rusqlite::Result<bool> {
        let found = self.page_by_title(space_id, title)?;
        Ok(found.is_some_and(|page| page.id != except))
    }

    /// Makes a page, blog post or folder.
    pub fn create(
        &self,
        kind: &str,
        space_id: i64,
        parent_id: Option<i64>,
        status: &str,
        draft: &Draft<'_>,
    ) -> rusqlite::Result<Result<Page, Refused>> {
        let _alone = self.one_at_a_time();
        if kind == "page" && status == "current" && self.is_taken(space_id, draft.title, 0)? {
            return Ok(Err(Refused::TitleTaken));
        }
        let id = self.insert(kind, space_id, parent_id, status, draft)?;
        Ok(self.page(id)?.ok_or(Refused::Unknown))
    }

    /// Puts a new version on a page, and moves it when a parent is given.
    pub fn update(
        &self,
        id: i64,
        number: i64,
        status: &str,
        parent: Option<Option<i64>>,
        draft: &Draft<'_>,
    ) -> rusqlite::Result<Result<Page, Refused>> {
        let _alone = self.one_at_a_time();
        let Some(page) = self.page(id)? else {
            return Ok(Err(Refused::Unknown));
        };
        // A draft is published at its version 1, and edited there as often as one likes.
        let expected = if page.status == "draft" {
            1
        } else {
            page.version.number + 1
        };
        if number != expected {
            return Ok(Err(Refused::WrongVersion {
                current: page.version.number,
            }));
        }
        if page.kind == "page"
            && status == "current"
            && self.is_taken(page.space_id, draft.title, id)?
        {
            return Ok(Err(Refused::TitleTaken));
        }
        let parent = match parent {
            Some(parent) => {
                if let Some(parent) = parent
                    && (parent == id || self.ancestors(parent)?.iter().any(|above| above.id == id))
                {
                    return Ok(Err(Refused::Circle));
                }
                parent
            }
            None => page.parent_id,
        };
        self.lock()
            .prepare_cached(
                "UPDATE content SET title = ?2, folded = ?3, body = ?4, representation = ?5, \
                 number = ?6, message = ?7, version_at = ?8, version_by = ?9, minor = ?10, \
                 parent_id = ?11, status = ?12 WHERE id = ?1",
            )?
            .execute(params![
                id,
                draft.title,
                folded(draft.title),
                draft.body,
                draft.representation,
                number,
                draft.message,
                now(),
                draft.author,
                draft.minor,
                parent,
                status
            ])?;
        self.keep_version(id)?;
        Ok(self.page(id)?.ok_or(Refused::Unknown))
    }

    /// Puts a page below another, or beside it.
    pub fn move_page(
        &self,
        id: i64,
        position: &str,
        target: i64,
    ) -> rusqlite::Result<Result<(), Refused>> {
        let (Some(_), Some(other)) = (self.page(id)?, self.page(target)?) else {
            return Ok(Err(Refused::Unknown));
        };
        let parent = if position == "append" {
            Some(target)
        } else {
            other.parent_id
        };
        let above = parent
            .map(|parent| self.ancestors(parent))
            .transpose()?
            .unwrap_or_default();
        if parent == Some(id) || above.iter().any(|page| page.id == id) {
            return Ok(Err(Refused::Circle));
        }
        let siblings = match parent {
            Some(parent) => self.children(parent)?,
            None => self.pages_where(
                &format!(
                    "space_id = ? AND parent_id IS NULL AND status = 'current' ORDER BY {IN_ORDER}"
                ),
                &[&other.space_id],
            )?,
        };
        let mut order: Vec<i64> = siblings
            .iter()
            .map(|page| page.id)
            .filter(|sibling| *sibling != id)
            .collect();
        let at = order.iter().position(|sibling| *sibling == target);
        match (position, at) {
            ("before", Some(at)) => order.insert(at, id),
            ("after", Some(at)) => order.insert(at + 1, id),
            _ => order.push(id),
        }
        // What is below it goes with it.
        let below = self.descendants(id)?;
        let connection = self.lock();
        connection.execute(
            "UPDATE content SET parent_id = ?, space_id = ? WHERE id = ?",
            params![parent, other.space_id, id],
        )?;
        for (page, _) in below {
            connection
                .prepare_cached("UPDATE content SET space_id = ? WHERE id = ?")?
                .execute([other.space_id, page.id])?;
        }
        for (position, sibling) in order.iter().enumerate() {
            let position = i64::try_from(position).unwrap_or(i64::MAX);
            connection
                .prepare_cached("UPDATE content SET position = ? WHERE id = ?")?
                .execute([position, *sibling])?;
        }
        Ok(Ok(()))
    }

    /// Sets the number by which a page is sorted among its siblings.
    pub fn set_position(&self, id: i64, position: i64) -> rusqlite::Result<()> {
        self.lock().execute(
            "UPDATE content SET position = ? WHERE id = ?",
            [position, id],
        )?;
        Ok(())
    }

    /// Gives a page another status; children of a page that goes move up to its parent.
    pub fn set_created_at(&self, id: i64, when: &str) -> rusqlite::Result<()> {
        self.lock().execute(
            "UPDATE content SET created_at = ? WHERE id = ?",
            params![when, id],
        )?;
        Ok(())
    }

    /// Changes the status of content.
    pub fn set_status(&self, id: i64, status: &str) -> rusqlite::Result<()> {
        let connection = self.lock();
        connection.execute(
            "UPDATE content SET status = ? WHERE id = ?",
            params![status, id],
        )?;
        if status == "trashed" {
            connection.execute(
                "UPDATE content SET parent_id = (SELECT parent_id FROM content WHERE id = ?1) \
                 WHERE parent_id = ?1 AND status = 'current'",
                [id],
            )?;
        }
        Ok(())
    }

    /// Removes a page for good.
    pub fn purge(&self, id: i64) -> rusqlite::Result<()> {
        let connection = self.lock();
        connection.execute("DELETE FROM content WHERE id = ?", [id])?;
        connection.execute("DELETE FROM versions WHERE content_id = ?", [id])?;
        connection.execute(
            "DELETE FROM attachment_versions WHERE attachment_id IN \
             (SELECT id FROM attachments WHERE page_id = ?)",
            [id],
        )?;
        connection.execute("DELETE FROM attachments WHERE page_id = ?", [id])?;
        connection.execute("DELETE FROM labeled WHERE content_id = ?", [id])?;
        Ok(())
    }

    /// Deletes the versions of a page that are older than its current one, as an administrator's
    /// retention rule does.
    pub fn forget_versions(&self, id: i64) -> rusqlite::Result<()> {
        self.lock().execute(
            "DELETE FROM versions WHERE content_id = ?1 \
             AND number < (SELECT number FROM content WHERE id = ?1)",
            [id],
        )?;
        Ok(())
    }

    /// Changes a stored body without a new version, as an inline comment does.
    pub fn amend_body(&self, id: i64, body: &str) -> rusqlite::Result<()> {
        self.lock().execute(
            "UPDATE content SET body = ? WHERE id = ?",
            params![body, id],
        )?;
        self.keep_version(id)
    }

    /// Changes a stored title without a new version, as a server does that keeps another than it was sent.
    pub fn amend_title(&self, id: i64, title: &str) -> rusqlite::Result<()> {
        self.lock().execute(
            "UPDATE content SET title = ?, folded = ? WHERE id = ?",
            params![title, folded(title), id],
        )?;
        self.keep_version(id)
    }

    /// The versions of a page, the latest first.
    pub fn versions(&self, id: i64) -> rusqlite::Result<Vec<Version>> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(
            "SELECT number, message, created_at, author, minor FROM versions WHERE content_id = ? \
             ORDER BY number DESC",
        )?;
        let rows = statement.query_map([id], |row| {
            Ok(Version {
                number: row.get(0)?,
                message: row.get(1)?,
                created_at: row.get(2)?,
                author: row.get(3)?,
                minor: row.get(4)?,
            })
        })?;
        rows.collect()
    }

    /// A page as it was at a version.
    pub fn page_at(&self, id: i64, number: i64) -> rusqlite::Result<Option<Page>> {
        let Some(mut page) = self.page(id)? else {
            return Ok(None);
        };
        let connection = self.lock();
        let found = connection
            .query_row(
                "SELECT message, created_at, author, minor, title, body, representation \
                 FROM versions WHERE content_id = ? AND number = ?",
                [id, number],
                |row| {
                    page.version = Version {
                        number,
                        message: row.get(0)?,
                        created_at: row.get(1)?,
                        author: row.get(2)?,
                        minor: row.get(3)?,
                    };
                    page.title = row.get(4)?;
                    page.body = row.get(5)?;
                    page.representation = row.get(6)?;
                    Ok(())
                },
            )
            .optional()?;
        Ok(found.map(|()| page))
    }

    /// The properties of an owner (`content/12`, `space/3`, `attachment/9`), of one key when given.
    pub fn properties(&self, owner: &str, key: Option<&str>) -> rusqlite::Result<Vec<Property>> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(
            "SELECT id, key, value, number, created_at FROM properties \
             WHERE owner = ?1 AND (?2 IS NULL OR key = ?2) ORDER BY id",
        )?;
        let rows = statement.query_map(params![owner, key], |row| {
            let value: String = row.get(2)?;
            Ok(Property {
                id: row.get(0)?,
                key: row.get(1)?,
                value: serde_json::from_str(&value).unwrap_or(Value::Null),
                version: row.get(3)?,
                created_at: row.get(4)?,
            })
        })?;
        rows.collect()
    }

    /// Adds a property, unless the owner has it.
    pub fn add_property(
        &self,
        owner: &str,
        key: &str,
        value: &Value,
    ) -> rusqlite::Result<Option<Property>> {
        if !self.properties(owner, Some(key))?.is_empty() {
            return Ok(None);
        }
        let id = self.next_id()?;
        self.lock().execute(
            "INSERT INTO properties VALUES(?, ?, ?, ?, 1, ?)",
            params![id, owner, key, value.to_string(), now()],
        )?;
        Ok(self.properties(owner, Some(key))?.pop())
    }

    /// Gives a property a new version.
    pub fn set_property(
        &self,
        owner: &str,
        id: i64,
        number: i64,
        value: &Value,
    ) -> rusqlite::Result<Result<Property, Refused>> {
        let found = self
            .properties(owner, None)?
            .into_iter()
            .find(|property| property.id == id);
        let Some(known) = found else {
            return Ok(Err(Refused::Unknown));
        };
        if number != known.version + 1 {
            return Ok(Err(Refused::WrongVersion {
                current: known.version,
            }));
        }
        self.lock().execute(
            "UPDATE properties SET value = ?, number = ? WHERE id = ?",
            params![value.to_string(), number, id],
        )?;
        Ok(self
            .properties(owner, Some(&known.key))?
            .pop()
            .ok_or(Refused::Unknown))
    }

    /// Removes a property.
    pub fn remove_property(&self, id: i64) -> rusqlite::Result<()> {
        self.lock()
            .execute("DELETE FROM properties WHERE id = ?", [id])?;
        Ok(())
    }

    /// The labels of a page.
    pub fn labels(&self, content_id: i64) -> rusqlite::Result<Vec<Label>> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(
            "SELECT id, prefix, name FROM labels JOIN labeled ON label_id = id \
             WHERE content_id = ? ORDER BY name",
        )?;
        let rows = statement.query_map([content_id], |row| {
            Ok(Label {
                id: row.get(0)?,
                prefix: row.get(1)?,
                name: row.get(2)?,
            })
        })?;
        rows.collect()
    }

    /// Puts a label on a page; one that is there stays.
    pub fn add_label(&self, content_id: i64, prefix: &str, name: &str) -> rusqlite::Result<()> {
        let id = self.next_id()?;
        let connection = self.lock();
        connection.execute(
            "INSERT OR IGNORE INTO labels VALUES(?, ?, ?)",
            params![id, prefix, name],
        )?;
        connection.execute(
            "INSERT OR IGNORE INTO labeled SELECT ?, id FROM labels WHERE prefix = ? AND name = ?",
            params![content_id, prefix, name],
        )?;
        Ok(())
    }

    /// Takes a label off a page.
    pub fn remove_label(&self, content_id: i64, name: &str) -> rusqlite::Result<bool> {
        let removed = self.lock().execute(
            "DELETE FROM labeled WHERE content_id = ? AND label_id IN (SELECT id FROM labels WHERE name = ?)",
            params![content_id, name],
        )?;
        Ok(removed > 0)
    }
}
