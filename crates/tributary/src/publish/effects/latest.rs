//! Writes over what was on top a moment ago.

use tributary_pages::plan::Step;

use crate::confluence::Written;
use crate::error::Error;
use crate::http::Fate;
use crate::publish::fresh::Looked;

use super::attachments::Sent;
use super::{Filled, Work};

/// How often it is looked at a page at most before it is written: where even then the write waits for
/// longer than a look is good for, it goes all the same.
const MOST_LOOKS: u32 = 3;

impl Work {
    /// Writes a page of which it was looked what is on top, and looks again where that is too long ago when
    /// the write can be sent: somebody may have commented on the page since. Gives the step as it was
    /// carried out, with what was written for it.
    pub(super) async fn write_latest(
        &self,
        planned: &Step,
        mut looked: Looked,
        id: &str,
        expected: u32,
        parent: Option<&str>,
        sent: &Sent,
    ) -> Result<(Step, Filled, Written), Error> {
        let mut looks = 1;
        loop {
            let body = self.body(&looked.step, id, sent).await?;
            let client = match looks < MOST_LOOKS {
                true => {
                    let http = self.client.http().clone();
                    self.client.with_http(http.not_after(looked.until))
                }
                false => self.client.clone(),
            };
            let writing = self.write(&client, &looked.step, id, expected, parent, &body);
            match writing.await {
                Ok(written) => return Ok((looked.step, body, written)),
                Err(failed) if failed.fate == Fate::TooLate => {}
                Err(failed) => return Err(failed.error),
            }
            looked = self.fresh.step(&self.client, planned, id, expected).await?;
            looks += 1;
        }
    }
}
