//! The people of the Git hosts: who is at the browser, their own tokens, and what they may read.

use std::time::Duration;

use super::super::rules::rules;
use super::super::{Grant, Server, User, hosts};
use super::{Access, Accounts, random_token};

impl Accounts {
    /// Lets somebody else sit at the browser: `alice` or `bob`, at a Git host. Whether there is such
    /// a person there.
    pub fn sign_in_as(&self, server: Server, user: &str) -> bool {
        let Some(user) = hosts::user(server, user) else {
            return false;
        };
        self.lock().signed_in.insert(server, user);
        true
    }

    /// Makes a personal access token at a Git host, or another token without an application; `life`
    /// of none never expires. None when there is no such person. Permissions in place of scopes, such
    /// as `metadata=read` and `contents=read`, make a fine-grained one of GitHub.
    pub fn issue_personal(
        &self,
        server: Server,
        user: &str,
        scopes: &[&str],
        life: Option<Duration>,
    ) -> Option<String> {
        let user = hosts::user(server, user)?;
        let grant = Grant::by_hand(server, user, scopes, true);
        let is_fine_grained = scopes.iter().any(|scope| scope.contains('='));
        let prefix = match server {
            Server::Github if is_fine_grained => "github_pat_",
            _ => rules(server).personal_prefix,
        };
        Some(self.issue_by_hand(grant, prefix, life))
    }

    /// Makes an access token of Bitbucket Cloud that belongs to a repository (`owner/name`) or to a
    /// workspace, and to no person.
    pub fn issue_access_token(&self, belongs_to: &str, scopes: &[&str]) -> String {
        let user = User {
            account_id: format!("access token of {belongs_to}"),
            name: "Docs".to_owned(),
            email: String::new(),
        };
        let mut grant = Grant::by_hand(Server::Bitbucket, user, scopes, false);
        grant.belongs_to = Some(belongs_to.to_owned());
        // Assumed: the beginning, as scanners for secrets know it.
        self.issue_by_hand(grant, "ATCTT3x", None)
    }

    fn issue_by_hand(&self, grant: Grant, prefix: &str, life: Option<Duration>) -> String {
        let mut inner = self.lock();
        let family = inner.start_family("", "", grant.clone());
        let token = format!("{prefix}{}", random_token());
        let expires = life.map(|life| inner.now() + life);
        inner.access.insert(
            token.clone(),
            Access {
                grant,
                family,
                expires,
            },
        );
        token
    }

    /// Lets every access token of one person at one server expire now; refresh tokens stay good.
    pub fn expire_user(&self, server: Server, user: &str) {
        let mut inner = self.lock();
        let now = inner.now();
        let theirs = inner
            .access
            .values_mut()
            .filter(|access| access.grant.server == server && access.grant.user.account_id == user);
        theirs.for_each(|access| access.expires = Some(now));
    }

    /// Withdraws every consent of one person at one server, for one application or (`None`) for
    /// all, and their personal access tokens with the latter.
    pub fn revoke_user(&self, server: Server, user: &str, client_id: Option<&str>) {
        let mut inner = self.lock();
        let theirs: Vec<u64> = inner
            .families
            .iter()
            .filter(|(_, family)| {
                family.grant.server == server
                    && family.grant.user.account_id == user
                    && client_id.is_none_or(|client_id| family.client_id == client_id)
            })
            .map(|(id, _)| *id)
            .collect();
        theirs
            .into_iter()
            .for_each(|family| inner.end_family(family, true));
    }

    /// Lets somebody read a repository at a Git host, or no longer. Tokens stay as they are.
    pub fn set_access(&self, server: Server, repository: &str, user: &str, allowed: bool) -> bool {
        let known = self.repositories.known(repository);
        let (Some(_), Some(repository)) = (hosts::user(server, user), known) else {
            return false;
        };
        let entry = (server, repository, user.to_owned());
        let mut inner = self.lock();
        inner.guests.remove(&entry);
        if allowed {
            inner.readers.insert(entry);
        } else {
            inner.readers.remove(&entry);
        }
        true
    }

    /// Gives a repository another name at all Git hosts, as its owner does; who may read it still may.
    /// Whether there is such a repository, and the name is free.
    ///
    /// # Errors
    /// When `git` does not run.
    pub fn rename_repository(&self, repository: &str, new_name: &str) -> std::io::Result<bool> {
        let known = self.repositories.known(repository);
        let Some(before) = known.filter(|_| new_name.contains('/')) else {
            return Ok(false);
        };
        if !self.repositories.rename(&before, new_name)? {
            return Ok(false);
        }
        let mut inner = self.lock();
        let readers = inner.readers.iter().filter(|(_, name, _)| *name == before);
        let readers: Vec<_> = readers
            .map(|(server, _, user)| (*server, new_name.to_owned(), user.clone()))
            .collect();
        inner.readers.extend(readers);
        Ok(true)
    }

    /// Lets somebody know of a repository at a Git host, and have none of its files, as a guest of a
    /// private project of GitLab.
    pub fn make_guest(&self, server: Server, repository: &str, user: &str) -> bool {
        if !self.set_access(server, repository, user, true) {
            return false;
        }
        let entry = (server, repository.to_owned(), user.to_owned());
        self.lock().guests.insert(entry);
        true
    }

    /// Whether somebody is let into a repository as a guest.
    pub(in crate::signin) fn is_guest(&self, grant: &Grant, repository: &str) -> bool {
        self.lock().guests.contains(&(
            grant.server,
            repository.to_owned(),
            grant.user.account_id.clone(),
        ))
    }

    /// Whether somebody may read a repository, or it is a token's own or of its workspace.
    pub(in crate::signin) fn may_read(&self, grant: &Grant, repository: &str) -> bool {
        if let Some(owner) = &grant.belongs_to {
            let workspace = repository.split('/').next().unwrap_or_default();
            return owner == repository || owner == workspace;
        }
        self.lock().readers.contains(&(
            grant.server,
            repository.to_owned(),
            grant.user.account_id.clone(),
        ))
    }
}
