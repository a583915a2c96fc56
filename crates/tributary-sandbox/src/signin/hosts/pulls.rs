//! Pull requests: each branch whose name begins with `feature/` is asked to be merged into the
//! default branch, in the order of their names, from 1 on. None is closed, and nothing is merged.

use std::io;

use crate::git::{References, Repository};

/// A branch that is asked to be merged.
pub(super) struct PullRequest {
    pub(super) number: usize,
    /// What the newest commit says.
    pub(super) title: String,
    pub(super) branch: String,
    pub(super) head: String,
    pub(super) into: String,
    pub(super) base: String,
}

/// The pull request of a number, as it stands in an address.
pub(super) fn find(repository: &Repository, number: &str) -> io::Result<Option<PullRequest>> {
    let into = repository.default_branch()?;
    let mut all = repository.references(References::Branches)?;
    let base = all.iter().find(|branch| branch.name == into);
    let Some(base) = base.map(|branch| branch.commit.clone()) else {
        return Ok(None);
    };
    all.retain(|branch| branch.name.starts_with("feature/"));
    all.sort_by(|a, b| a.name.cmp(&b.name));
    let number = number.parse::<usize>().unwrap_or(0);
    let Some(branch) = number.checked_sub(1).and_then(|at| all.get(at)) else {
        return Ok(None);
    };
    Ok(Some(PullRequest {
        number,
        title: repository.commit(&branch.commit)?.subject().to_owned(),
        branch: branch.name.clone(),
        head: branch.commit.clone(),
        into,
        base,
    }))
}
