//! From the library's types to views.

mod asked;
mod step;

use tributary::account::{
    Access, Account, Accounts, Health, HealthState, Left, Mode, Place, Policy, Product, Provider,
    Providers, Purpose, Reach, Registering, Revoked, SignedIn,
};
use tributary::audit::{Audit, Clock, Entry, Forwarded, Verification};
use tributary::hosts::{Asking, short_name};
use tributary::publish::{Outcome, Phase, Prepared, Progress, PublishReport};
use tributary::repository::Repository;
use tributary::settings::{Auth, ForwardSettings, SiteSettings};
use tributary::vault::{Backend, Moved, VaultState, Vaults};
use tributary::{Error, ErrorKind};
use tributary_pages::markup::{Flavor, Problem, Severity};
use tributary_pages::plan::{DiffKind, DiffLine, OnConflict, OnOrphan};

use crate::health::Attention;
use crate::views::publish::OrphanView;
use crate::views::settings::ConflictView;
use crate::views::{
    AccessView, AccountView, AskingView, AuditChangeView, AuditEntryView, AuditObjectView,
    AuditVerificationView, AuditView, CodeView, CommandError, DiffLineView, ForwardingView,
    HealthStateView, HealthView, KeptElsewhereView, KeystoreView, LeftView, ModeView, OutcomeView,
    PlaceView, PlanView, PolicyView, ProblemView, ProductView, ProgressView, ProviderView,
    PurposeView, ReachView, RegistrationView, ReportView, RepositoryView, SeverityView,
    SignedInView, SignedOutView, SiteView, SkippedView, TokenKindView, VaultOptionView,
    VaultPlaceView, VaultView, WayView, WhoView,
};
use crate::words::{Spoken, happened, said, spoken, told, way_out};

pub(crate) use asked::{asked, editor, options, options_view, page_width};

impl From<Error> for CommandError {
    fn from(error: Error) -> Self {
        tributary::discreet::note(&error.chain());
        let code = match error.kind() {
            ErrorKind::SignedOut => CodeView::SignedOut,
            ErrorKind::Forbidden => CodeView::Forbidden,
            ErrorKind::NotFound => CodeView::NotFound,
            ErrorKind::Conflict => CodeView::Conflict,
            ErrorKind::RateLimited => CodeView::RateLimited,
            ErrorKind::Offline => CodeView::Offline,
            ErrorKind::VaultUnavailable => CodeView::VaultUnavailable,
            ErrorKind::InvalidInput | ErrorKind::Storage => CodeView::InvalidInput,
            ErrorKind::Bug => CodeView::Bug,
        };
        Self {
            code,
            message: happened(&error),
            remedy: way_out(&error),
            asking: None,
        }
    }
}

/// The Git server that asks who somebody is.
pub(crate) fn asking(asking: Asking) -> AskingView {
    AskingView {
        provider: asking.provider.to_owned(),
        host: asking.base,
        repository: asking.repository,
    }
}

/// A count as JavaScript takes it.
pub(crate) fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

pub(crate) fn repository(repository: &Repository, documents: usize) -> RepositoryView {
    let head = repository.head.as_ref();
    RepositoryView {
        path: repository.root.display().to_string(),
        name: repository.name.clone(),
        is_git: repository.is_git,
        branch: head.and_then(|head| head.branch.clone()),
        short_commit: head.map(|head| head.commit.chars().take(8).collect()),
        web_url: repository.web.clone(),
        documents: small(documents),
    }
}

pub(crate) fn keystore(state: &VaultState, can_unlock: bool) -> KeystoreView {
    let spoken = spoken();
    if let VaultState::Available { name } = state {
        return KeystoreView {
            available: true,
            name: name.clone(),
            message: spoken.say_of("vault-is", [("name", name.as_str().into())]),
            remedy: String::new(),
            can_unlock,
        };
    }
    let (message, remedy) = match state.trouble() {
        Some((reason, remedy)) => (said(reason), said(remedy.sentence_for_window())),
        None => (
            spoken.say("vault-session-chosen"),
            spoken.say("vault-choose-lasting"),
        ),
    };
    KeystoreView {
        available: false,
        name: String::new(),
        message,
        remedy,
        can_unlock,
    }
}

pub(crate) fn vault(vaults: &Vaults, state: &VaultState, policy: &Policy) -> VaultView {
    let spoken = spoken();
    let chosen = vaults.chosen();
    let (message, remedy) = match (state, state.trouble()) {
        (_, Some((reason, remedy))) => (
            format!("{}.", said(reason)),
            Some(format!("{}.", said(remedy.sentence_for_window()))),
        ),
        (VaultState::Available { .. }, None) if chosen == Some(Backend::Passphrase) => {
            (spoken.say("vault-is-passphrase"), None)
        }
        (VaultState::Available { name }, None) => {
            let name = [("name", name.as_str().into())];
            (spoken.say_of("vault-is-keystore", name), None)
        }
        (_, None) => (spoken.say("vault-is-session"), None),
    };
    let places = [Backend::Keystore, Backend::Passphrase, Backend::Session];
    let left = vaults.left_behind();
    let left = left
        .iter()
        .map(|(place, names)| about(*place, names.len(), "vault-left-behind"));
    VaultView {
        chosen: chosen.map(vault_place),
        places: places
            .into_iter()
            .map(|place| VaultOptionView {
                place: vault_place(place),
                name: spoken.say(place_name(place)),
                forbidden: policy
                    .allows_vault(place)
                    .err()
                    .map(|error| happened(&error)),
            })
            .collect(),
        is_usable: state.trouble().is_none(),
        can_unlock: chosen == Some(Backend::Passphrase)
            && matches!(state, VaultState::Locked { .. }),
        message,
        remedy,
        lock_after_minutes: vaults.lock_after_minutes(),
        left_behind: left.collect(),
    }
}

/// What became of everything when tokens are kept in another place than before.
pub(crate) fn kept_elsewhere(
    before: Option<Backend>,
    after: Backend,
    moved: &Moved,
) -> KeptElsewhereView {
    let mut sentences = vec![match after {
        Backend::Session => spoken().say("vault-now-session"),
        Backend::Keystore => spoken().say("vault-now-keystore"),
        Backend::Passphrase => spoken().say("vault-now-passphrase"),
    }];
    if !moved.moved.is_empty() {
        sentences.push(about(after, moved.moved.len(), "vault-moved"));
    }
    let count = moved.left.len();
    if let Some(old) = before.filter(|_| count > 0) {
        sentences.push(match after {
            Backend::Session => about(old, count, "vault-left-there"),
            _ => about(old, count, "vault-not-removed"),
        });
    }
    if let Some(aside) = &moved.set_aside {
        let folder = [("folder", aside.display().to_string().into())];
        sentences.push(spoken().say_of("vault-set-aside", folder));
    }
    KeptElsewhereView {
        sentences,
        is_left: count > 0 || moved.set_aside.is_some(),
    }
}

/// A sentence about so many secrets in a place.
fn about(place: Backend, count: usize, id: &str) -> String {
    let place = match place {
        Backend::Keystore => "keystore",
        Backend::Passphrase => "passphrase",
        Backend::Session => "session",
    };
    spoken().say_of(id, [("count", count.into()), ("place", place.into())])
}

fn vault_place(place: Backend) -> VaultPlaceView {
    match place {
        Backend::Keystore => VaultPlaceView::Keystore,
        Backend::Passphrase => VaultPlaceView::Passphrase,
        Backend::Session => VaultPlaceView::Session,
    }
}

fn place_name(place: Backend) -> &'static str {
    match place {
        Backend::Keystore => "vault-place-keystore",
        Backend::Passphrase => "vault-place-passphrase",
        Backend::Session => "vault-place-session",
    }
}

/// The embedded Confluence.
pub(crate) fn sandbox(found: &SiteSettings) -> SiteView {
    let user = match &found.auth {
        Auth::Basic { user } => user.clone(),
        Auth::Bearer => String::new(),
    };
    SiteView {
        name: "Sandbox".to_owned(),
        is_sandbox: true,
        ..site_of(found, user)
    }
}

/// A site, and the account that is used there.
pub(crate) fn site(found: &SiteSettings, account: &Account) -> SiteView {
    site_of(found, account.user.name.clone())
}

fn site_of(site: &SiteSettings, user: String) -> SiteView {
    let host = site.url.host_str().unwrap_or_default();
    let port = site
        .url
        .port()
        .map(|port| format!(":{port}"))
        .unwrap_or_default();
    SiteView {
        url: site.url.to_string(),
        name: format!("{host}{port}"),
        product: match site.flavor {
            Some(Flavor::Cloud) => "Cloud".to_owned(),
            Some(Flavor::DataCenter) => "Data Center".to_owned(),
            None => "Confluence".to_owned(),
        },
        user,
        is_sandbox: false,
    }
}

pub(crate) fn problem(problem: &Problem) -> ProblemView {
    ProblemView {
        severity: match problem.severity {
            Severity::Note => SeverityView::Note,
            Severity::Warning => SeverityView::Warning,
            Severity::Error => SeverityView::Error,
        },
        code: problem.code.to_owned(),
        message: said(&problem.message),
        line: problem.line,
        column: problem.column,
    }
}

pub(crate) fn progress(progress: &Progress) -> ProgressView {
    ProgressView {
        phase: match progress.phase {
            Phase::Reading => "reading",
            Phase::Snapshot => "snapshot",
            Phase::Planning => "planning",
            Phase::Publishing => "publishing",
        }
        .to_owned(),
        done: small(progress.done),
        total: small(progress.total),
        current: progress.current.clone(),
    }
}

pub(crate) fn plan(id: String, prepared: &Prepared) -> PlanView {
    let steps = prepared.plan.steps.iter().enumerate();
    PlanView {
        id,
        digest: prepared.plan.digest.clone(),
        steps: steps.map(|(index, one)| step::step(index, one)).collect(),
        skipped: prepared
            .skipped
            .iter()
            .map(|left| SkippedView {
                path: left.path.clone(),
                reason: said(&left.reason),
            })
            .collect(),
        site_url: prepared.client.site().to_owned(),
        space: prepared.space.key.clone(),
        reference: prepared
            .source
            .reference
            .as_deref()
            .map(|name| short_name(name).to_owned()),
        commit: prepared.source.commit.clone(),
        tells_watchers: prepared.plan.minor_edit && prepared.client.flavor() == Flavor::Cloud,
    }
}

pub(crate) fn on_conflict(view: ConflictView) -> OnConflict {
    match view {
        ConflictView::Refuse => OnConflict::Refuse,
        ConflictView::Overwrite => OnConflict::Overwrite,
        ConflictView::Merge => OnConflict::Merge,
    }
}

pub(crate) fn conflict(on_conflict: OnConflict) -> ConflictView {
    match on_conflict {
        OnConflict::Refuse => ConflictView::Refuse,
        OnConflict::Overwrite => ConflictView::Overwrite,
        OnConflict::Merge => ConflictView::Merge,
    }
}

pub(crate) fn on_orphan(view: OrphanView) -> OnOrphan {
    match view {
        OrphanView::Report => OnOrphan::Report,
        OrphanView::Archive => OnOrphan::Archive,
        OrphanView::Trash => OnOrphan::Trash,
    }
}

pub(crate) fn diff_line(line: DiffLine) -> DiffLineView {
    DiffLineView {
        kind: match line.kind {
            DiffKind::Same => "same",
            DiffKind::Added => "added",
            DiffKind::Removed => "removed",
            DiffKind::Gap => "gap",
        }
        .to_owned(),
        text: line.text,
        emphasis: line.emphasis,
    }
}

/// A report, and the id under which it is kept.
pub(crate) fn report(report: &PublishReport) -> ReportView {
    ReportView {
        kept: report.kept.clone(),
        outcomes: report.outcomes.iter().map(outcome).collect(),
        cancelled: report.cancelled,
        stopped_by: report.stopped_by.as_ref().map(|(_, reason)| said(reason)),
        milliseconds: u32::try_from(report.took().as_millis()).unwrap_or(u32::MAX),
        requests: u32::try_from(report.traffic.total).unwrap_or(u32::MAX),
        site_url: report.site.clone(),
        space: report.space.clone(),
    }
}

fn outcome(outcome: &Outcome) -> OutcomeView {
    OutcomeView {
        path: outcome.source.clone(),
        title: outcome.title.clone(),
        page_id: outcome.page_id.clone(),
        outcome: outcome.kind.name().to_owned(),
        needs_attention: outcome.kind.needs_attention(),
        url: outcome.url.clone(),
        version: outcome.version,
        uploaded: small(outcome.uploaded),
        reason: outcome.reason.as_ref().map(said),
        problems: outcome.problems.iter().map(problem).collect(),
    }
}

/// Records of the audit log, the latest first, with the names of accounts that are `known`, and how
/// far they were sent on to a server.
pub(crate) fn audit(
    audit: &Audit,
    entries: &[Entry],
    most: u32,
    known: &[Account],
    forwarding: Option<(&ForwardSettings, Forwarded)>,
) -> AuditView {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    AuditView {
        folder: audit.folder().display().to_string(),
        total: small(entries.len()),
        entries: entries
            .iter()
            .rev()
            .take(most)
            .map(|entry| audit_entry(entry, known))
            .collect(),
        forwarding: forwarding.map(|(server, done)| ForwardingView {
            to: server.to_string(),
            waiting: u32::try_from(done.waiting).unwrap_or(u32::MAX),
        }),
    }
}

fn audit_entry(entry: &Entry, known: &[Account]) -> AuditEntryView {
    let actor = &entry.actor;
    // People know an account by its user's name; its id is of use where it is no more.
    let name_of = |id: &String| {
        let account = known.iter().find(|account| account.id == *id);
        account.map(|account| account.user.name.clone())
    };
    let user = actor.account_id.as_ref().and_then(name_of);
    let who = match user.as_ref().or(actor.provider_user.as_ref()) {
        Some(user) => format!("{user} ({})", actor.os_user),
        None => actor.os_user.clone(),
    };
    let object = &entry.object;
    let account = (object.kind == "account").then(|| name_of(&object.id));
    // The same with a page and its title.
    let id = match entry.value("title") {
        Some(title) => format!("“{title}”"),
        None => account.flatten().unwrap_or_else(|| object.id.clone()),
    };
    AuditEntryView {
        number: entry.seq.to_string(),
        when: entry.ts.to_string(),
        action: entry.action.clone(),
        outcome: entry.outcome.clone(),
        who,
        object: AuditObjectView {
            kind: object.kind.clone(),
            name: id,
            host: object.host.clone(),
        },
        reason: entry.reason.clone(),
        changes: entry
            .changes
            .iter()
            .map(|change| AuditChangeView {
                name: change.name.clone(),
                before: change.before.clone(),
                after: change.after.clone(),
            })
            .collect(),
        operation: entry.corr.clone(),
        credential: entry.cred.as_ref().map(|mark| mark.fp.clone()),
    }
}

/// What verifying the audit log found.
pub(crate) fn verification(found: &Verification) -> AuditVerificationView {
    let words = found.sentences();
    let mut sentences = words.iter().map(said);
    AuditVerificationView {
        intact: found.is_intact(),
        message: sentences.next().unwrap_or_default(),
        details: sentences.collect(),
    }
}

pub(crate) fn provider(provider: &Provider) -> ProviderView {
    let mut ways = Vec::new();
    if provider.has_browser_flow() {
        ways.push(WayView::Browser);
    }
    if provider.has_device_flow() {
        let at = if provider.prefers_device() {
            0
        } else {
            ways.len()
        };
        ways.insert(at, WayView::Device);
    }
    if !provider.tokens.is_empty() {
        ways.push(WayView::Token);
    }
    if provider.has_service_accounts() {
        ways.push(WayView::Service);
    }
    let usual = provider.usual_base().and_then(|url| url.host_str());
    ProviderView {
        id: provider.id().to_owned(),
        name: told(&provider.name),
        product: match provider.product {
            Product::Confluence => ProductView::Confluence,
            Product::Git => ProductView::Git,
        },
        usual_host: usual.map(str::to_owned),
        ways,
        token_is_for_one_site: provider.token_is_for_one_site(),
        can_publish: provider.purposes().contains(&Purpose::Publish),
        can_remove: provider.purposes().contains(&Purpose::Remove),
    }
}

/// What is needed to sign in at a place. Blocks on the disk.
pub(crate) fn place(
    accounts: &Accounts,
    place: &Place,
    purpose: Purpose,
) -> Result<PlaceView, Error> {
    let provider = place.provider();
    let registration = place.registration(purpose).map(|registering| {
        let mut needs_secret = Vec::new();
        if registering.browser_needs_secret {
            needs_secret.push(WayView::Browser);
        }
        if registering.needs_secret {
            needs_secret.push(WayView::Device);
        }
        registration_view(registering, needs_secret)
    });
    let service = place.service_registration(purpose);
    let service = service.map(|registering| registration_view(registering, vec![WayView::Service]));
    let tokens = provider.tokens.iter().map(|kind| TokenKindView {
        kind: kind.kind.clone(),
        name: told(&kind.name),
        user: kind.user.as_deref().map(told),
        tried: match &kind.owned {
            Some(owned) => Some(told(&owned.words)),
            None => provider.proven_at.as_deref().map(told),
        },
        page: place.token_page(kind),
    });
    Ok(PlaceView {
        host: place.host(),
        has_application: accounts.has_application(place, Mode::Individual)?,
        has_managed_application: accounts.has_application(place, Mode::Managed)?,
        registered: accounts.registered(place, Mode::Individual)?,
        registered_managed: accounts.registered(place, Mode::Managed)?,
        access: access(accounts, place)?,
        registration,
        service,
        tokens: tokens.collect(),
    })
}

fn registration_view(registering: Registering, needs_secret: Vec<WayView>) -> RegistrationView {
    RegistrationView {
        page: registering.page,
        steps: told(&registering.steps),
        redirects: registering.redirects,
        scopes: registering.scopes,
        needs_secret,
    }
}

pub(crate) fn purpose(purpose: PurposeView) -> Purpose {
    match purpose {
        PurposeView::Read => Purpose::Read,
        PurposeView::Publish => Purpose::Publish,
        PurposeView::Remove => Purpose::Remove,
    }
}

/// What an access rests on, for which the window has words, and the way by which it is got again.
pub(crate) fn by_what(access: &Access) -> (&'static str, WayView) {
    match access {
        Access::Grant {
            redirect: Some(_), ..
        } => ("browser", WayView::Browser),
        Access::Grant { redirect: None, .. } => ("code", WayView::Device),
        Access::Service { .. } => ("service", WayView::Service),
        Access::Token { kind, .. } if kind == "api_token" => ("api_token", WayView::Token),
        Access::Token { kind, .. } if kind == "access_token" => ("access_token", WayView::Token),
        Access::Token { kind, .. } if kind == "password" => ("password", WayView::Token),
        Access::Token { .. } => ("personal_token", WayView::Token),
    }
}

/// An account and how it was when it was looked at last.
pub(crate) fn account(
    accounts: &Accounts,
    account: &Account,
    checked: Option<HealthView>,
) -> AccountView {
    let provider = accounts.providers().get(&account.provider).ok();
    let is_first = |first: Result<Option<Account>, Error>| {
        let first = first.ok().flatten();
        first.is_some_and(|first| first.id == account.id)
    };
    // A Confluence is reached by its sites, whatever the place is.
    let mut sites = account.sites.iter();
    let is_used_first = if account.sites.is_empty() {
        let place = accounts.place(&account.provider, Some(&account.base));
        is_first(place.and_then(|place| accounts.for_place(&place, None)))
    } else {
        sites.all(|site| is_first(accounts.account_for_site(&site.url, None)))
    };
    let (access, way) = by_what(&account.access);
    AccountView {
        id: account.id.clone(),
        provider: account.provider.clone(),
        provider_name: provider
            .map_or_else(|| account.provider.clone(), |provider| told(&provider.name)),
        base: account.base.clone(),
        host: account.host(),
        user: account.user.name.clone(),
        access: access.to_owned(),
        way,
        mode: account.mode.into(),
        is_managed: account.mode == Mode::Managed,
        purpose: match account.purpose {
            Purpose::Read => PurposeView::Read,
            Purpose::Publish => PurposeView::Publish,
            Purpose::Remove => PurposeView::Remove,
        },
        scopes: account.scopes.clone(),
        sites: account
            .sites
            .iter()
            .map(|site| site.url.to_string())
            .collect(),
        signed_in: account.signed_in.to_string(),
        last_used: account.last_used.map(|when| when.to_string()),
        ends: account.ends.map(|when| when.to_string()),
        is_used_first,
        health: match &account.signed_out {
            // Found out by whoever used it last, which is later than any look at it.
            Some(why) => Some(HealthView {
                state: HealthStateView::NeedsSignIn,
                message: why.clone(),
                remedy: None,
                checked: checked.and_then(|checked| checked.checked),
            }),
            None => checked,
        },
    }
}

/// How an account is, found out now.
pub(crate) fn health(found: &Health) -> HealthView {
    HealthView {
        state: match found.state {
            HealthState::Ok => HealthStateView::Ok,
            HealthState::Expiring => HealthStateView::Expiring,
            HealthState::NeedsSignIn => HealthStateView::NeedsSignIn,
            HealthState::MissingScope => HealthStateView::MissingScope,
            HealthState::WrongUser => HealthStateView::WrongUser,
            HealthState::Locked => HealthStateView::Locked,
            HealthState::Offline => HealthStateView::Offline,
            HealthState::Forbidden => HealthStateView::Forbidden,
        },
        message: said(&found.message),
        remedy: found
            .remedy
            .as_ref()
            .map(|remedy| said(remedy.sentence_for_window())),
        checked: Some(Clock::of_system().now().wall.to_string()),
    }
}

/// What somebody has to do about an account, if anything; `days` is how long it goes on, when it
/// ends soon whatever is done.
pub(crate) fn attention(
    spoken: Spoken,
    account: &Account,
    checked: Option<HealthView>,
    days: Option<i64>,
) -> Option<Attention> {
    let host = account.host();
    let say = |id, needs_sign_in| {
        let given = [
            ("user", account.user.name.as_str().into()),
            ("host", host.as_str().into()),
        ];
        Some(Attention {
            words: spoken.say_of(id, given),
            needs_sign_in,
        })
    };
    if account.signed_out.is_some() {
        return say("access-over", true);
    }
    match days {
        Some(..0) => return say("access-ended", true),
        Some(0) => return say("access-ends-within-a-day", false),
        Some(days) => {
            let given = [
                ("days", days.into()),
                ("user", account.user.name.as_str().into()),
                ("host", host.as_str().into()),
            ];
            return Some(Attention::of_other(spoken.say_of("access-ends", given)));
        }
        None => {}
    }
    match checked?.state {
        // Nobody has to do anything about the last.
        HealthStateView::Ok | HealthStateView::Expiring | HealthStateView::Offline => None,
        HealthStateView::NeedsSignIn => say("access-over", true),
        HealthStateView::MissingScope => say("access-lacks", true),
        HealthStateView::WrongUser => say("access-another", true),
        HealthStateView::Locked => say("access-locked", false),
        HealthStateView::Forbidden => say("access-forbidden", false),
    }
}

/// The same for an account that nobody used for so many days.
pub(crate) fn unused(spoken: Spoken, account: &Account, days: i64) -> String {
    let given = [
        ("days", days.into()),
        ("user", account.user.name.as_str().into()),
        ("host", account.host().into()),
    ];
    spoken.say_of("access-unused", given)
}

pub(crate) fn signed_in(
    accounts: &Accounts,
    signed_in: &SignedIn,
    checked: Option<HealthView>,
) -> SignedInView {
    SignedInView {
        account: account(accounts, &signed_in.account, checked),
        missing: signed_in.missing.clone(),
        is_known: signed_in.is_known,
    }
}

pub(crate) fn signed_out(revoked: &Revoked) -> SignedOutView {
    let page = match revoked {
        Revoked::Yes | Revoked::UntilItEnds { .. } | Revoked::Unchecked { .. } => None,
        Revoked::ByHand { page } | Revoked::Failed { page, .. } => Some(page.clone()),
    };
    SignedOutView {
        message: said(&revoked.sentence()),
        page,
    }
}

/// What the administrator decided, with the providers by their names.
pub(crate) fn policy(policy: &Policy, providers: &Providers) -> PolicyView {
    let name_of = |id: &str| match providers.get(id) {
        Ok(provider) => told(&provider.name),
        Err(_) => id.to_owned(),
    };
    PolicyView {
        is_there: policy.is_there(),
        path: policy.path().display().to_string(),
        sentences: policy.sentences(name_of).iter().map(said).collect(),
    }
}

pub(crate) fn mode(mode: ModeView) -> Mode {
    match mode {
        ModeView::Individual => Mode::Individual,
        ModeView::Managed => Mode::Managed,
    }
}

impl From<Mode> for ModeView {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Individual => Self::Individual,
            Mode::Managed => Self::Managed,
        }
    }
}

/// Whose access is used at a place. Blocks on the disk.
pub(crate) fn access(accounts: &Accounts, place: &Place) -> Result<AccessView, Error> {
    let provider = place.provider();
    Ok(AccessView {
        mode: accounts.mode(place)?.into(),
        // One grant reaches several sites there, and one mode holds for all of them.
        place: if provider.token_is_for_one_site() {
            told(&provider.name)
        } else {
            place.host()
        },
        is_locked: accounts.policy().locked_mode(provider).is_some(),
    })
}

pub(crate) fn reach(reach: &Reach) -> ReachView {
    ReachView {
        base: reach.source.base.clone(),
        name: reach.source.name.clone(),
        trouble: reach.trouble.as_ref().map(said),
    }
}

pub(crate) fn who(account: &Account) -> WhoView {
    WhoView {
        user: account.user.name.clone(),
        host: account.host(),
    }
}

pub(crate) fn left(left: &Left) -> LeftView {
    LeftView {
        who: who(&left.account),
        is_gone: left.result.is_ok(),
        became: match &left.result {
            Ok(revoked) => signed_out(revoked),
            Err(error) => SignedOutView {
                message: match way_out(error) {
                    Some(remedy) => format!("{}. {remedy}.", happened(error)),
                    None => format!("{}.", happened(error)),
                },
                page: None,
            },
        },
    }
}
