//! What pages hold, to be compared with what was sent.

use std::collections::BTreeMap;

use tributary_pages::markup::{BodyFormat, Flavor};

use crate::error::Error;

use super::Client;

/// What a page holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) title: String,
    pub(crate) body: String,
}

impl Client {
    /// What pages hold, by page id, asked of many at once. Those that are not there are missing.
    pub(crate) async fn stored(
        &self,
        format: BodyFormat,
        ids: &[String],
    ) -> Result<BTreeMap<String, Stored>, Error> {
        match self.flavor {
            Flavor::Cloud => self.cloud_stored(ids, format).await,
            Flavor::DataCenter => self.data_center_stored(ids).await,
        }
    }
}
