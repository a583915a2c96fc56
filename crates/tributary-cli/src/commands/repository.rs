//! `--repo`: the repository that is published from without a clone.

use tributary::Error;
use tributary::hosts::{self, Cache, Pinned, USUAL_SIZE};
use tributary::store::Paths;
use tributary::vault::Secret;

use super::given::git_token;
use crate::options::Target;

/// Opens what `--repo` and `--ref` name; none without them.
pub(crate) async fn open(target: &Target) -> Result<Option<Pinned>, Error> {
    let Some(address) = &target.repo else {
        return Ok(None);
    };
    let accounts = super::accounts::open().await?;
    let cache = cache().await?;
    let token = git_token().map(Secret::new);
    let reference = target.reference.as_deref();
    let http = super::network::http().await?;
    hosts::open(&accounts, &http, cache, address, reference, token)
        .await
        .map(Some)
}

/// What hosts said before. Without it everything works, slower.
pub(crate) async fn cache() -> Result<Option<Cache>, Error> {
    let folder = Paths::of_user()?.cache;
    let opened = tokio::task::spawn_blocking(move || Cache::open(&folder, USUAL_SIZE)).await;
    Ok(opened.ok().and_then(Result::ok))
}
