//! How long the tokens of each server live, and what using a refresh token does: data, so that the
//! engine in `tokens` is one for all.

use std::time::Duration;

use super::Server;

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// When a code or device becomes a refresh token too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refreshes {
    /// Without being asked for it.
    Always,
    /// With the scope `offline_access`.
    OnRequest,
    /// For GitHub Apps only; the tokens of OAuth Apps do not expire either.
    GithubApps,
}

/// What happens when a refresh token comes a second time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reuse {
    /// It is taken for a while; later all refresh tokens of the consent die.
    Leeway,
    /// All tokens of the consent die.
    EndsAll,
    /// It is refused, and nothing else happens.
    Refused,
    /// It is taken as often as it comes.
    Allowed,
}

/// A server's rules.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) access_life: Duration,
    /// How long a refresh token lives unused.
    pub(super) refresh_life: Duration,
    /// How long a consent can be refreshed at all.
    pub(super) longest: Option<Duration>,
    pub(super) refreshes: Refreshes,
    pub(super) reuse: Reuse,
    /// Whether a new pair makes the old access token invalid.
    pub(super) refresh_ends_access: bool,
    /// Whether the device flow gives refresh tokens.
    pub(super) devices_refresh: bool,
    /// How access and refresh tokens begin.
    pub(super) prefixes: (&'static str, &'static str),
    pub(super) personal_prefix: &'static str,
    /// The audience in tokens that are JSON Web Tokens.
    pub(super) audience: &'static str,
}

/// The rules of a server.
pub(super) fn rules(server: Server) -> Rules {
    let common = Rules {
        access_life: HOUR,
        refresh_life: 90 * DAY,
        longest: None,
        refreshes: Refreshes::Always,
        reuse: Reuse::Refused,
        refresh_ends_access: false,
        devices_refresh: true,
        prefixes: ("", ""),
        personal_prefix: "",
        audience: "",
    };
    match server {
        Server::Cloud => Rules {
            longest: Some(365 * DAY),
            refreshes: Refreshes::OnRequest,
            reuse: Reuse::Leeway,
            audience: "api.atlassian.com",
            ..common
        },
        // A new pair makes the old pair invalid. Bitbucket has the same engine.
        Server::DataCenter | Server::BitbucketDc => Rules {
            longest: Some(365 * DAY),
            reuse: Reuse::EndsAll,
            refresh_ends_access: true,
            // Bitbucket's HTTP access tokens; Confluence's have no prefix and are not made here.
            personal_prefix: "BBDC-",
            ..common
        },
        // GitHub Apps: 8 hours and 6 months, single use, a new pair ends the old one. Assumed: a
        // used refresh token that comes back is refused and ends nothing.
        Server::Github => Rules {
            access_life: 8 * HOUR,
            refresh_life: Duration::from_secs(15_897_600),
            refreshes: Refreshes::GithubApps,
            refresh_ends_access: true,
            prefixes: ("gho_", "ghr_"),
            personal_prefix: "ghp_",
            ..common
        },
        // Documented: 7,200 seconds, and refreshing "invalidates the existing access_token and
        // refresh_token". Assumed: refresh tokens do not age, and the device flow gives none, as
        // in the documentation's example.
        Server::Gitlab => Rules {
            access_life: 2 * HOUR,
            refresh_life: 100 * 365 * DAY,
            refresh_ends_access: true,
            devices_refresh: false,
            personal_prefix: "glpat-",
            ..common
        },
        // Documented: 7,200 seconds, rotation since May 2026, unused ones die after 3 months.
        // Assumed: a used one is refused and ends nothing.
        Server::Bitbucket => Rules {
            access_life: 2 * HOUR,
            personal_prefix: "ATATT3x",
            ..common
        },
        // Assumed (general knowledge): an hour, 90 days rolling, and a used refresh token stays good.
        Server::Entra => Rules {
            refreshes: Refreshes::OnRequest,
            reuse: Reuse::Allowed,
            audience: "499b84ac-1321-427f-aa17-267ca6975798",
            ..common
        },
        // Assumed: the defaults of Gitea's settings, an hour and 30 days, used refresh tokens stay
        // good unless the administrator says otherwise.
        Server::Gitea => Rules {
            refresh_life: 30 * DAY,
            reuse: Reuse::Allowed,
            ..common
        },
    }
}
