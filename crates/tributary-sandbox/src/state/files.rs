//! The files of pages, with their earlier versions.

use rusqlite::{OptionalExtension, Row, params};
use sha2::{Digest, Sha256};

use super::{Attachment, Page, Store, Version, now};
use crate::format;

const ATTACHMENT: &str = "id, page_id, filename, media_type, size, sha256, comment, file_id, \
    number, message, version_at, author, minor";

impl Store {
    fn attachments_where(
        &self,
        clause: &str,
        values: &[&dyn rusqlite::ToSql],
    ) -> rusqlite::Result<Vec<Attachment>> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {ATTACHMENT} FROM attachments WHERE {clause} ORDER BY id"
        ))?;
        let rows = statement.query_map(values, attachment_of)?;
        rows.collect()
    }

    /// The files of a page.
    pub fn attachments(&self, page_id: i64) -> rusqlite::Result<Vec<Attachment>> {
        self.attachments_where("page_id = ?", &[&page_id])
    }

    /// A file by id.
    pub fn attachment_by_id(&self, id: i64) -> rusqlite::Result<Option<Attachment>> {
        Ok(self.attachments_where("id = ?", &[&id])?.pop())
    }

    /// A file by the id that ADF media carry.
    pub fn attachment_by_file_id(&self, file_id: &str) -> rusqlite::Result<Option<Attachment>> {
        Ok(self.attachments_where("file_id = ?", &[&file_id])?.pop())
    }

    /// The body of a page that is kept in ADF, in storage format.
    pub fn in_storage(&self, page: &Page) -> String {
        let mut document = serde_json::from_str(&page.body).unwrap_or_default();
        let name_of = |id: &str| {
            let file = self.attachment_by_file_id(id).ok().flatten();
            file.map(|file| file.filename)
        };
        format::name_media(&mut document, &name_of);
        format::adf_to_storage(&document)
    }

    /// A file of a page by name.
    pub fn attachment(&self, page_id: i64, filename: &str) -> rusqlite::Result<Option<Attachment>> {
        Ok(self
            .attachments_where("page_id = ? AND filename = ?", &[&page_id, &filename])?
            .pop())
    }

    /// The media type and bytes of a file at one of its versions.
    pub fn attachment_at(
        &self,
        id: i64,
        number: i64,
    ) -> rusqlite::Result<Option<(String, Vec<u8>)>> {
        self.lock()
            .query_row(
                "SELECT media_type, bytes FROM attachments WHERE id = ?1 AND number = ?2 UNION ALL \
                 SELECT media_type, bytes FROM attachment_versions WHERE attachment_id = ?1 AND \
                 number = ?2",
                params![id, number],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()
    }

    /// Keeps the version of a file that another takes the place of.
    fn keep_file_version(&self, id: i64) -> rusqlite::Result<()> {
        self.lock().execute(
            "INSERT OR REPLACE INTO attachment_versions SELECT id, number, media_type, bytes FROM \
             attachments WHERE id = ?",
            [id],
        )?;
        Ok(())
    }

    /// Puts a file on a page, as a new one or as a new version of the one with this id.
    #[expect(clippy::too_many_arguments, reason = "the fields of an upload")]
    pub fn attach(
        &self,
        page_id: i64,
        replaces: Option<i64>,
        filename: &str,
        media_type: &str,
        comment: &str,
        author: &str,
        minor: bool,
        bytes: &[u8],
    ) -> rusqlite::Result<Attachment> {
        let sha256: String = Sha256::digest(bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let id = match replaces {
            Some(id) => {
                self.keep_file_version(id)?;
                self.lock().execute(
                    "UPDATE attachments SET filename = ?2, media_type = ?3, size = ?4, sha256 = ?5, \
                     comment = ?6, number = number + 1, message = ?6, version_at = ?7, author = ?8, \
                     minor = ?9, bytes = ?10 WHERE id = ?1",
                    params![id, filename, media_type, size, sha256, comment, now(), author, minor, bytes],
                )?;
                id
            }
            None => {
                let id = self.next_id()?;
                let file_id = file_id(id, &sha256);
                self.lock().execute(
                    "INSERT INTO attachments VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, ?7, ?9, ?10, ?11, ?12)",
                    params![
                        id, page_id, filename, media_type, size, sha256, comment, file_id, now(),
                        author, minor, bytes
                    ],
                )?;
                id
            }
        };
        self.lock().query_row(
            &format!("SELECT {ATTACHMENT} FROM attachments WHERE id = ?"),
            [id],
            attachment_of,
        )
    }

    /// Changes a file's name, comment or media type.
    pub fn amend_attachment(
        &self,
        id: i64,
        filename: &str,
        comment: &str,
        media_type: &str,
    ) -> rusqlite::Result<()> {
        self.keep_file_version(id)?;
        self.lock().execute(
            "UPDATE attachments SET filename = ?2, comment = ?3, media_type = ?4, number = number + 1, \
             version_at = ?5 WHERE id = ?1",
            params![id, filename, comment, media_type, now()],
        )?;
        Ok(())
    }

    /// Removes a file.
    pub fn detach(&self, id: i64) -> rusqlite::Result<()> {
        self.lock()
            .execute("DELETE FROM attachments WHERE id = ?", [id])?;
        Ok(())
    }
}

fn attachment_of(row: &Row<'_>) -> rusqlite::Result<Attachment> {
    Ok(Attachment {
        id: row.get(0)?,
        page_id: row.get(1)?,
        filename: row.get(2)?,
        media_type: row.get(3)?,
        size: row.get(4)?,
        sha256: row.get(5)?,
        comment: row.get(6)?,
        file_id: row.get(7)?,
        version: Version {
            number: row.get(8)?,
            message: row.get(9)?,
            created_at: row.get(10)?,
            author: row.get(11)?,
            minor: row.get(12)?,
        },
    })
}

/// An id in the form of a UUID, as ADF media have.
fn file_id(id: i64, sha256: &str) -> String {
    let digits = &sha256[..32.min(sha256.len())];
    format!(
        "{id:08x}-{}-4{}-8{}-{}",
        &digits[..4],
        &digits[4..7],
        &digits[7..10],
        &digits[10..22]
    )
}
