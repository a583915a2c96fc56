//! What comes back from the trash.

use rusqlite::params;

use super::{Page, Refused, Store, now};

/// What the vendors' documents leave open of pages that are restored. Assumed at first: what costs whoever
/// restores a page the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restoring {
    /// Whether that is a version of its own, which says nothing. Both documents want the next number.
    pub makes_version: bool,
    /// Whether the page is below the page again that it was below, and not at the top of the space.
    pub keeps_place: bool,
}

impl Default for Restoring {
    fn default() -> Self {
        Self {
            makes_version: true,
            keeps_place: false,
        }
    }
}

impl Store {
    /// Says how pages come back from now on.
    pub fn set_restoring(&self, restoring: Restoring) {
        *self.restoring() = restoring;
    }

    /// Gives a page of the trash the status that it had. Nothing else of it changes but what
    /// [`Restoring`] says; what was below it stays where it went.
    pub fn restore(
        &self,
        id: i64,
        number: i64,
        author: &str,
    ) -> rusqlite::Result<Result<Page, Refused>> {
        let _alone = self.one_at_a_time();
        let Some(page) = self.page(id)? else {
            return Ok(Err(Refused::Unknown));
        };
        let current = page.version.number;
        if number != current + 1 {
            return Ok(Err(Refused::WrongVersion { current }));
        }
        if page.kind == "page" && self.is_taken(page.space_id, &page.title, id)? {
            return Ok(Err(Refused::TitleTaken));
        }
        let restoring = *self.restoring();
        let above = page.parent_id.filter(|_| restoring.keeps_place);
        let above = above.map(|above| self.page(above)).transpose()?.flatten();
        let above = above.filter(|above| above.status == "current");
        let position = match above {
            Some(_) => page.position,
            None => -1,
        };
        self.lock().execute(
            "UPDATE content SET status = 'current', parent_id = ?2, position = ?3 WHERE id = ?1",
            params![id, above.map(|above| above.id), position],
        )?;
        if restoring.makes_version {
            self.lock().execute(
                "UPDATE content SET number = ?2, message = '', version_at = ?3, version_by = ?4, \
                 minor = 0 WHERE id = ?1",
                params![id, number, now(), author],
            )?;
            self.keep_version(id)?;
        }
        Ok(self.page(id)?.ok_or(Refused::Unknown))
    }
}
