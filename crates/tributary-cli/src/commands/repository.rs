//! `--repo`: the repository that is published from without a clone.

use tributary::Error;
use tributary::hosts::{self, Cache, Pinned, USUAL_SIZE};
use tributary::store::Paths;
use tributary::vault::Secret;

use crate::options::Target;

/// Opens what `--repo` and `--ref` name; none without them.
pub(crate) async fn open(target: &Target) -> Result<Option<Pinned>, Error> {
    let Some(address) = &target.repo else {
        return Ok(None);
    };
    let accounts = super::accounts::open().await?;
    let cache = cache().await?;
    let token = token().map(Secret::new);
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

/// The token for Git hosts that the environment has.
pub(crate) fn token() -> Option<String> {
    let token = std::env::var("TRIBUTARY_GIT_TOKEN").ok();
    token.filter(|token| !token.is_empty())
}

/// Whether the token for Git hosts comes from the environment, so that no account is used there.
pub(crate) fn is_unattended() -> bool {
    token().is_some()
}
