//! What the window holds between commands: the opened folder, the sandbox, plans, the vault.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::SystemTime;

use tauri::{AppHandle, Emitter};
use tokio_util::sync::CancellationToken;
use tributary::account::{
    Account, Accounts, ConsentMove, Health, ModeSwitch, Policy, Session, Setup, client,
    keep_elsewhere, with_token,
};
use tributary::audit::{Audit, Clock, Event, Forwarder, Outcome, What};
use tributary::confluence::Client;
use tributary::discreet::complain;
use tributary::discreet::log::log_to;
use tributary::doctor::Step;
use tributary::http::Http;
use tributary::network::{Network, needs_secrets};
use tributary::opening::{self, Wanted};
use tributary::preview::{Looks, OWN_HIGHLIGHTING, OpenFiles, Unusable};
use tributary::publish::{Gathered, PublishRequest, keep_drawings, sources};
use tributary::settings::{Auth, RepositorySettings, Settings, SiteSettings};
use tributary::store::Paths;
use tributary::vault::{Backend, Choice, Moved, Secret, Unreadable, Vault, VaultState, Vaults};
use tributary::{Error, ErrorKind};
use tributary_pages::markup::Flavor;
use tributary_pages::plan::PlanSettings;
use tributary_sandbox::Running;
use url::Url;

use crate::apart;
use crate::behind::Behind;
use crate::clipboard::Clipboard;
use crate::health::Attention;
use crate::plans::{Plans, TakenEdits};
use crate::publications::Listed;
use crate::updates::Updates;
use crate::views::{HealthView, SceneView, SiteView};
use crate::visits::Visits;
use crate::watching::Watching;
use crate::words::Spoken;

/// The user of the sandbox and their token, which are no secret.
const SANDBOX_USER: &str = "author@example.com";
const SANDBOX_TOKEN: &str = "sandbox-token";

/// What [`Desktop::cancel`] calls a sign-in.
pub(crate) const SIGN_IN: &str = "sign-in";

/// The window's state. One per process.
pub(crate) struct Desktop {
    pub paths: Paths,
    http: Http,
    pub clipboard: Arc<Clipboard>,
    settings: Mutex<Settings>,
    vaults: OnceLock<Vaults>,
    /// Whether the keystore can be used, once it was asked: that may take seconds.
    keystore: Mutex<Option<VaultState>>,
    /// Opened when first asked for, and anew when secrets are kept somewhere else.
    audit: Mutex<Option<Audit>>,
    /// Opened when first asked for, and asked for again while that fails.
    accounts: Mutex<Option<Accounts>>,
    /// How each account was when it was looked at last, by its id.
    health: Mutex<HashMap<String, HealthView>>,
    /// When all of them were looked at last, on the clock that runs on in sleep.
    looked_at: Mutex<Option<SystemTime>>,
    /// What the sign-in that is under way waits for.
    awaited: Mutex<Option<Awaited>>,
    /// Sends the audit log on for as long as the window is there.
    forwarder: Mutex<Option<Forwarder>>,
    /// What the user connected for this session only.
    session: Session,
    folder: Mutex<Option<Arc<Opened>>>,
    /// The files that are looked at; none before the first.
    files: OnceLock<OpenFiles>,
    /// What is opened in front of the folder.
    pub visits: Visits,
    /// The pages of a site that were listed last.
    pub listed: Listed,
    /// What of it is behind.
    pub behind: Behind,
    /// Newer versions of this program.
    pub updates: Updates,
    /// The folders that are watched.
    pub watching: Watching,
    sandbox: tokio::sync::Mutex<Option<Running>>,
    sandbox_site: Mutex<Option<SiteSettings>>,
    /// The plans that are shown.
    pub plans: Plans,
    /// What an edit of a page made of its source.
    pub edits: TakenEdits,
    /// The change of accounts that was shown last, by its id.
    shown: Mutex<(u64, Option<Shown>)>,
    cancel: Mutex<HashMap<String, CancellationToken>>,
    /// Held while something is published, from wherever it was started.
    publishing: Arc<Mutex<bool>>,
    /// What went wrong before the window could say so; it says so when it next asks.
    trouble: Mutex<Option<Error>>,
    /// Where somebody was in a window whose page ended; the next begins there.
    scene: Mutex<Option<SceneView>>,
    /// Whether the window that opens is to begin with the palette.
    palette: AtomicBool,
    /// What the doctor found last.
    steps: Mutex<Vec<Step>>,
    /// What a link named last and nobody has opened yet, by its id.
    linked: Mutex<(u64, Option<Wanted>)>,
}

/// What a sign-in waits for a person to do.
#[derive(Clone)]
pub(crate) struct Awaited {
    /// The page on which it is done.
    pub page: String,
    /// The code that is typed there; none where the browser brings the answer.
    pub code: Option<String>,
}

/// A change of accounts that somebody was shown and has not agreed to yet.
pub(crate) enum Shown {
    /// Of the mode of a place.
    Mode(Box<ModeSwitch>),
    /// Of what one account published to another.
    Move(Box<ConsentMove>),
}

/// The right to publish, given back when it is dropped.
pub(crate) struct Publishing {
    /// Cancelled by whoever cancels `publish`.
    pub cancel: CancellationToken,
    running: Arc<Mutex<bool>>,
}

impl Drop for Publishing {
    fn drop(&mut self) {
        *lock(&self.running) = false;
    }
}

/// The opened folder, read.
pub(crate) struct Opened {
    pub gathered: Gathered,
    /// How its repository wants its pages to look.
    pub looks: PlanSettings,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Desktop {
    pub(crate) fn open() -> Result<Self, Error> {
        let paths = Paths::of_user()?;
        let settings = Settings::load(&paths)?;
        crate::words::speak(settings.window.language.into());
        keep_drawings(&paths);
        let desktop = Self {
            paths,
            http: Http::new()?,
            clipboard: Arc::new(Clipboard::of_system()),
            settings: Mutex::new(settings),
            vaults: OnceLock::new(),
            keystore: Mutex::default(),
            audit: Mutex::default(),
            accounts: Mutex::default(),
            health: Mutex::default(),
            looked_at: Mutex::default(),
            awaited: Mutex::default(),
            forwarder: Mutex::default(),
            session: Session::default(),
            folder: Mutex::default(),
            files: OnceLock::new(),
            visits: Visits::default(),
            listed: Listed::default(),
            behind: Behind::default(),
            updates: Updates::default(),
            watching: Watching::default(),
            sandbox: tokio::sync::Mutex::default(),
            sandbox_site: Mutex::default(),
            plans: Plans::default(),
            edits: TakenEdits::default(),
            shown: Mutex::default(),
            cancel: Mutex::default(),
            publishing: Arc::default(),
            trouble: Mutex::default(),
            scene: Mutex::default(),
            palette: AtomicBool::default(),
            steps: Mutex::default(),
            linked: Mutex::default(),
        };
        if let Err(error) = desktop.use_network() {
            desktop.set_trouble(error);
        }
        desktop.write_crashes();
        desktop.write_log();
        Ok(desktop)
    }

    /// Reaches servers as the settings and the policy say from now on. Blocks on files, and on the
    /// keystore where something is kept there for it. What cannot be read is told, and nothing is
    /// sent another way meanwhile.
    ///
    /// # Errors
    /// As [`Network::of_user`].
    pub(crate) fn use_network(&self) -> Result<(), Error> {
        let settings = self.settings().network;
        // A policy that cannot be read stops every sign-in, and that says so.
        let policy = Policy::of_machine().unwrap_or_default();
        let found = Network::of_user(&settings, &policy, &|| Ok(self.vault().0));
        let (network, trouble) = match found {
            Ok(network) => (network, None),
            Err(error) => (Network::as_far_as_possible(&settings, &policy), Some(error)),
        };
        let network = Arc::new(network);
        Arc::clone(&network).use_from_now();
        self.http.use_network(&network)?;
        trouble.map_or(Ok(()), Err)
    }

    /// Writes the last words of a crash to a file, where somebody chose so.
    pub(crate) fn write_crashes(&self) {
        let folder = self.paths.data.join("crashes");
        let wanted = self.settings().crash_reports;
        tributary::discreet::write_crashes_to(wanted.then_some(folder));
    }

    /// Where the log is.
    pub(crate) fn log_folder(&self) -> PathBuf {
        self.paths.state.join("logs")
    }

    /// Writes into the log as much as somebody chose.
    pub(crate) fn write_log(&self) {
        log_to(self.log_folder(), self.settings().log);
    }

    /// Keeps what a link names, until somebody opens it or does not.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when it is a publication that is not remembered.
    pub(crate) fn want(&self, wanted: Wanted) -> Result<(), Error> {
        if let Wanted::Publication { site, space } = &wanted
            && opening::publication(&self.settings(), site, space).is_none()
        {
            return Err(Error::new(
                ErrorKind::NotFound,
                "A link names a publication that is not remembered here",
            )
            .remedy("Publish its folder or repository once; then the link leads to it"));
        }
        let mut linked = lock(&self.linked);
        *linked = (linked.0 + 1, Some(wanted));
        Ok(())
    }

    /// What a link named last, with its id.
    pub(crate) fn wanted(&self) -> Option<(String, Wanted)> {
        let linked = lock(&self.linked);
        let wanted = linked.1.clone()?;
        Some((linked.0.to_string(), wanted))
    }

    /// Forgets it, and gives it.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] when another link came since.
    pub(crate) fn take_wanted(&self, id: &str) -> Result<Wanted, Error> {
        let mut linked = lock(&self.linked);
        let is_it = linked.0.to_string() == id;
        let wanted = if is_it { linked.1.take() } else { None };
        wanted.ok_or_else(|| {
            Error::new(ErrorKind::Conflict, "This link is no longer known")
                .remedy("Open the link again")
        })
    }

    /// Has the window that opens begin with the palette.
    pub(crate) fn want_palette(&self) {
        self.palette.store(true, Ordering::SeqCst);
    }

    /// Whether it is to, once.
    pub(crate) fn take_palette(&self) -> bool {
        self.palette.swap(false, Ordering::SeqCst)
    }

    /// Keeps what the doctor found, for a report.
    pub(crate) fn remember_steps(&self, steps: Vec<Step>) {
        *lock(&self.steps) = steps;
    }

    /// What the doctor found last.
    pub(crate) fn steps(&self) -> Vec<Step> {
        lock(&self.steps).clone()
    }

    pub(crate) fn http(&self) -> &Http {
        &self.http
    }

    pub(crate) fn settings(&self) -> Settings {
        lock(&self.settings).clone()
    }

    /// Changes the settings and writes them.
    pub(crate) fn change_settings(&self, change: impl FnOnce(&mut Settings)) -> Result<(), Error> {
        let mut settings = lock(&self.settings);
        change(&mut settings);
        crate::words::speak(settings.window.language.into());
        settings.save(&self.paths)
    }

    /// The language of what the tray and the dialogs say.
    pub(crate) fn spoken(&self) -> Spoken {
        self.settings().window.language.into()
    }

    /// Where tokens are kept, and whether it can be used. Blocks on the first call.
    pub(crate) fn vault(&self) -> (Arc<dyn Vault>, VaultState) {
        let vaults = self.vaults();
        // A keystore that cannot be used takes seconds to say so, and is asked once; a vault
        // behind a passphrase is locked and unlocked while this program runs.
        let state = match vaults.chosen() {
            Some(Backend::Keystore) => lock(&self.keystore)
                .get_or_insert_with(|| vaults.state())
                .clone(),
            _ => vaults.state(),
        };
        (vaults.as_vault(), state)
    }

    /// Lets the next who asks for the vault look whether it can be used.
    pub(crate) fn ask_vault_again(&self) {
        *lock(&self.keystore) = None;
    }

    /// Whether a passphrase is all that is missing to use the tokens.
    pub(crate) fn can_unlock(&self, state: &VaultState) -> bool {
        let chosen = self.vaults().chosen();
        chosen == Some(Backend::Passphrase) && matches!(state, VaultState::Locked { .. })
    }

    /// Whether a secret can be kept in the place that was chosen, before somebody signs in in vain.
    /// Blocks on the keystore.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] when the policy does not allow the place, or cannot be read;
    /// [`ErrorKind::VaultUnavailable`].
    pub(crate) fn may_keep(&self) -> Result<(), Error> {
        let policy = Policy::of_machine()?;
        if let Some(chosen) = self.vaults().chosen() {
            policy.allows_vault(chosen)?;
        }
        if self.vault().1.trouble().is_some() {
            // It may have been started or unlocked since it was asked.
            self.ask_vault_again();
        }
        match self.vault().1.trouble() {
            None => Ok(()),
            Some((reason, remedy)) => {
                Err(Error::new(ErrorKind::VaultUnavailable, reason).remedy(remedy.clone()))
            }
        }
    }

    /// Unlocks the vault behind a passphrase, and records it. Takes a good part of a second.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when it is not the passphrase.
    pub(crate) fn unlock(&self, passphrase: &Secret) -> Result<(), Error> {
        let vault = Backend::Passphrase.name().to_owned();
        let unlocked = Event::new(What::VaultUnlocked { vault });
        self.audit()
            .around(unlocked, || self.vaults().unlock(passphrase))?;
        if needs_secrets(&self.settings().network)
            && let Err(error) = self.use_network()
        {
            self.set_trouble(error);
        }
        Ok(())
    }

    /// Locks it in every program of this user.
    ///
    /// # Errors
    /// As [`Vaults::lock_everywhere`].
    pub(crate) fn lock_vault(&self) -> Result<(), Error> {
        let vault = Backend::Passphrase.name().to_owned();
        let locked = Event::new(What::VaultLocked { vault });
        self.audit()
            .around(locked, || self.vaults().lock_everywhere())?;
        // What was renewed is in its memory.
        *lock(&self.accounts) = None;
        Ok(())
    }

    /// Keeps secrets somewhere else from now on.
    ///
    /// # Errors
    /// As [`keep_elsewhere`].
    pub(crate) fn keep_elsewhere(
        &self,
        choice: Choice<'_>,
        unreadable: Unreadable,
    ) -> Result<Moved, Error> {
        let policy = Policy::of_machine()?;
        let (vaults, audit) = (self.vaults(), self.audit());
        let moved = keep_elsewhere(&self.paths, &policy, vaults, &audit, choice, unreadable)?;
        self.ask_vault_again();
        // Both are anchored in the place that was, or in none; and accounts remember what they
        // read there.
        *lock(&self.audit) = None;
        *lock(&self.accounts) = None;
        Ok(moved)
    }

    pub(crate) fn vaults(&self) -> &Vaults {
        self.vaults.get_or_init(|| {
            let vaults = Vaults::open(&self.paths);
            if let Err(error) = vaults.unlock_from_environment() {
                // Without the log's keys: they are in the vault that stays locked.
                let audit = Audit::open(&self.paths, None, Clock::of_system());
                let vault = Backend::Passphrase.name().to_owned();
                let failed = Event::new(What::VaultUnlocked { vault })
                    .because(Outcome::Failure, error.chain());
                // What is in the way is said, whether it can be recorded or not.
                audit.record(failed).ok();
                self.set_trouble(error);
            }
            vaults
        })
    }

    /// The audit log, anchored in the keystore when there is one. Blocks on the first call.
    pub(crate) fn audit(&self) -> Audit {
        let mut audit = lock(&self.audit);
        if let Some(audit) = &*audit {
            return audit.clone();
        }
        let keystore = match self.vault() {
            // One that is locked is asked again once it is not: what was recorded meanwhile is
            // anchored then.
            (vault, state) if state.is_lasting() || self.can_unlock(&state) => Some(vault),
            // A vault that ends with the program cannot show tomorrow what was cut today.
            _ => None,
        };
        let opened = Audit::open(&self.paths, keystore, Clock::of_system());
        opened.watch(self.vaults());
        let wanted = self.settings().audit;
        opened.keep_for(wanted.keep_days);
        *lock(&self.forwarder) = wanted.forward.map(|server| opened.forward(&server));
        audit.insert(opened).clone()
    }

    /// The same from async code.
    pub(crate) async fn audit_ready(self: &Arc<Self>) -> Result<Audit, Error> {
        let desktop = Arc::clone(self);
        let opened = tokio::task::spawn_blocking(move || desktop.audit());
        opened.await.map_err(broke_off)
    }

    /// Everybody's accounts. Blocks on the disk, and on the keystore the first time.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] when there is a policy that cannot be read.
    pub(crate) fn accounts(&self) -> Result<Accounts, Error> {
        let mut accounts = lock(&self.accounts);
        // A policy that is another now is looked at anew, however long this runs already.
        if let Some(accounts) = accounts.as_ref().filter(|known| !known.is_outdated()) {
            return Ok(accounts.clone());
        }
        let setup = Setup {
            session: self.session.clone(),
            ..Setup::of_system(
                self.paths.clone(),
                &self.settings(),
                self.vault().0,
                self.audit(),
                self.http.clone(),
            )?
        };
        Ok(accounts.insert(Accounts::open(setup)?).clone())
    }

    /// The same from async code.
    pub(crate) async fn accounts_ready(self: &Arc<Self>) -> Result<Accounts, Error> {
        let desktop = Arc::clone(self);
        let opened = tokio::task::spawn_blocking(move || desktop.accounts());
        opened.await.map_err(broke_off)?
    }

    /// Remembers with whose access a space was published to.
    pub(crate) async fn remember_space(
        self: &Arc<Self>,
        site: &str,
        space: String,
    ) -> Result<(), Error> {
        let site = self.site_ready(site).await?;
        // It was asked before anything was published; one that was forgotten since is nobody's.
        let Some(flavor) = site.flavor else {
            return Ok(());
        };
        let accounts = self.accounts_ready().await?;
        let remembered = tokio::task::spawn_blocking(move || {
            accounts.remember_space(site.url.as_str(), flavor, &space)
        });
        remembered.await.map_err(broke_off)?
    }

    /// Remembers how an account is.
    pub(crate) fn remember_health(&self, found: &Health) {
        let view = crate::convert::health(found);
        lock(&self.health).insert(found.account.id.clone(), view);
    }

    /// How an account was when it was looked at last.
    pub(crate) fn health_of(&self, account: &str) -> Option<HealthView> {
        lock(&self.health).get(account).cloned()
    }

    /// Forgets how an account was: it is another now, or gone.
    pub(crate) fn forget_health(&self, account: &str) {
        lock(&self.health).remove(account);
    }

    /// When all accounts were looked at last.
    pub(crate) fn looked_at(&self) -> Option<SystemTime> {
        *lock(&self.looked_at)
    }

    pub(crate) fn set_looked_at(&self, now: SystemTime) {
        *lock(&self.looked_at) = Some(now);
    }

    /// What the person has to do about accounts. Blocks on the disk.
    pub(crate) fn attention(&self) -> Vec<Attention> {
        let wrong = |error: Error| vec![Attention::of_other(crate::words::happened(&error))];
        let accounts = match self.accounts() {
            Ok(accounts) => accounts,
            Err(error) => return wrong(error),
        };
        let unused_days = self.settings().unused_days;
        let known = accounts.list().and_then(|list| {
            let unused = accounts.unused(unused_days.0)?;
            Ok((list, accounts.ending_soon()?, unused))
        });
        let (list, ending, unused) = match known {
            Ok(known) => known,
            Err(error) => return wrong(error),
        };
        let days_of = |account: &Account| {
            let found = ending.iter().find(|(known, _)| known.id == account.id);
            found.map(|(_, days)| *days)
        };
        let spoken = self.spoken();
        let sentence = |account: &Account| {
            let wanted = crate::convert::attention(
                spoken,
                account,
                self.health_of(&account.id),
                days_of(account),
            );
            // What has to be done goes before what could be.
            let unused = unused.iter().find(|(known, _)| known.id == account.id);
            let unused = unused.map(|(_, days)| crate::convert::unused(spoken, account, *days));
            wanted.or_else(|| unused.map(Attention::of_other))
        };
        list.iter().filter_map(sentence).collect()
    }

    /// Keeps what the sign-in that is under way waits for, to show it once more.
    pub(crate) fn set_awaited(&self, awaited: Option<Awaited>) {
        *lock(&self.awaited) = awaited;
    }

    pub(crate) fn awaited(&self) -> Option<Awaited> {
        lock(&self.awaited).clone()
    }

    /// Gives up a sign-in whose code nobody sees any more: whoever types it then was talked into it.
    pub(crate) fn give_up_code(&self) {
        if self.awaited().is_some_and(|awaited| awaited.code.is_some()) {
            self.cancel(SIGN_IN);
        }
    }

    /// Reads a folder and makes it the opened one. Blocks on the disk.
    pub(crate) fn open_folder(&self, path: PathBuf) -> Result<Arc<Opened>, Error> {
        let request = self.everything_in(path);
        let gathered = sources(&request)?;
        // The folder is what was chosen, which may lie inside a repository.
        let root = gathered.repository.root.clone();
        let opened = Arc::new(Opened {
            gathered,
            looks: request.settings,
        });
        *lock(&self.folder) = Some(Arc::clone(&opened));
        self.leave();
        self.change_settings(|settings| settings.remember_folder(&root))?;
        Ok(opened)
    }

    /// The files that are looked at. Blocks on the disk the first time.
    pub(crate) fn files(&self, app: &AppHandle) -> &OpenFiles {
        self.files.get_or_init(|| {
            let (looks, unusable) = Looks::with_folder(&self.own_highlighting());
            // Who looks at the settings is told there.
            for file in unusable {
                complain(&format!("warning: {file}"));
            }
            let app = app.clone();
            OpenFiles::new(looks, move || {
                // A window that is gone asks for nothing again.
                app.emit("colors-known", ()).ok();
            })
        })
    }

    /// The folder of a person's own languages and themes.
    pub(crate) fn own_highlighting(&self) -> PathBuf {
        self.paths.config.join(OWN_HIGHLIGHTING)
    }

    /// Reads a person's own languages and themes again, and shows files with them from now on. Blocks
    /// on the disk.
    pub(crate) fn read_looks(&self, app: &AppHandle) -> (Looks, Vec<Unusable>) {
        let files = self.files(app);
        let (looks, unusable) = Looks::with_folder(&self.own_highlighting());
        files.change_looks(looks.clone());
        (looks, unusable)
    }

    /// Reads languages and themes beside what somebody waits for, so that the first file that is opened
    /// does not wait for them.
    pub(crate) fn expect_files(self: &Arc<Self>, app: &AppHandle) {
        if self.files.get().is_none() {
            let (desktop, app) = (Arc::clone(self), app.clone());
            tauri::async_runtime::spawn_blocking(move || {
                desktop.files(&app);
            });
        }
    }

    pub(crate) fn opened(&self) -> Option<Arc<Opened>> {
        lock(&self.folder).clone()
    }

    /// The opened folder, or the words that none is.
    pub(crate) fn folder(&self) -> Result<Arc<Opened>, Error> {
        self.opened().ok_or_else(|| {
            Error::new(ErrorKind::InvalidInput, "No folder is open").remedy("Open a folder first")
        })
    }

    /// A request for all of a folder, with how its repository wants its pages to look.
    fn everything_in(&self, path: PathBuf) -> PublishRequest {
        // A mistake in the repository's file is told when it is published.
        let said = RepositorySettings::find(&path).unwrap_or_default();
        let chosen = said.as_ref().map(|said| said.publish.clone());
        let chosen = chosen.unwrap_or_default();
        PublishRequest {
            paths: vec![path],
            include: chosen.include.unwrap_or_default(),
            exclude: chosen.exclude.unwrap_or_default(),
            settings: self.looks(said),
            ..everything()
        }
    }

    /// How the pages of a repository look, as it and the user want them.
    pub(crate) fn looks(&self, said: Option<RepositorySettings>) -> PlanSettings {
        RepositorySettings::looks(said, self.settings().publish.diagram_server)
    }

    /// Reads the opened folder again. Blocks on the disk.
    pub(crate) fn read_again(&self) -> Result<Arc<Opened>, Error> {
        let known = self.folder()?;
        let path = known.gathered.repository.root.clone();
        let request = self.everything_in(path);
        let opened = Arc::new(Opened {
            gathered: sources(&request)?,
            looks: request.settings,
        });
        *lock(&self.folder) = Some(Arc::clone(&opened));
        Ok(opened)
    }

    /// Starts the sandbox, unless it runs, and gives its site.
    pub(crate) async fn start_sandbox(&self) -> Result<SiteSettings, Error> {
        let mut sandbox = self.sandbox.lock().await;
        if let Some(site) = lock(&self.sandbox_site).clone() {
            return Ok(site);
        }
        // Kept, so that what was published is still there after a restart.
        let options = tributary_sandbox::Options {
            data: Some(self.paths.data.join("sandbox")),
            ..tributary_sandbox::Options::default()
        };
        let could_not = || Error::new(ErrorKind::Storage, "The sandbox could not start");
        let apart = apart::runtime().map_err(|error| could_not().caused_by(error))?;
        let starting = apart.spawn(tributary_sandbox::start(options)).await;
        let started = starting.map_err(|error| could_not().caused_by(error))?;
        let running = started.map_err(|error| could_not().caused_by(error))?;
        let url = Url::parse(&running.cloud_url()).map_err(|error| {
            Error::new(ErrorKind::Bug, "The sandbox gave no address").caused_by(error)
        })?;
        let auth = Auth::Basic {
            user: SANDBOX_USER.to_owned(),
        };
        let site = SiteSettings {
            url,
            flavor: Some(Flavor::Cloud),
            auth,
            gateway: None,
        };
        *lock(&self.sandbox_site) = Some(site.clone());
        *sandbox = Some(running);
        Ok(site)
    }

    /// Writes the sample repository where it can be edited, and gives its folder.
    pub(crate) fn sample(&self) -> Result<PathBuf, Error> {
        let folder = self.paths.data.join(tributary_sandbox::sample::NAME);
        if !folder.join("README.md").exists() {
            tributary_sandbox::sample::write_to(&folder).map_err(|error| {
                Error::new(ErrorKind::Storage, "The sample could not be written").caused_by(error)
            })?;
        }
        Ok(folder)
    }

    pub(crate) fn sandbox_site(&self) -> Option<SiteSettings> {
        lock(&self.sandbox_site).clone()
    }

    pub(crate) fn is_sandbox(&self, site: &SiteSettings) -> bool {
        self.sandbox_site()
            .is_some_and(|sandbox| sandbox.url == site.url)
    }

    /// The sites that can be published to, the sandbox first. Blocks on the disk.
    pub(crate) fn sites(&self) -> Vec<SiteView> {
        let sandbox = self.sandbox_site();
        let sandbox = sandbox.iter().map(crate::convert::sandbox);
        // Without the accounts the sandbox is still there; whoever uses another one is told why.
        let reached = self
            .accounts()
            .and_then(|accounts| accounts.reached_sites());
        let reached = reached.unwrap_or_default();
        let reached = reached
            .iter()
            .map(|(site, account)| crate::convert::site(site, account));
        sandbox.chain(reached).collect()
    }

    /// The site with an address. Blocks on the disk.
    pub(crate) fn site(&self, url: &str) -> Result<SiteSettings, Error> {
        let is = |site: &SiteSettings| same(site.url.as_str(), url);
        if let Some(site) = self.sandbox_site().filter(is) {
            return Ok(site);
        }
        let reached = self.accounts()?.reached_sites()?.into_iter();
        reached.map(|(site, _)| site).find(is).ok_or_else(|| {
            Error::new(
                ErrorKind::SignedOut,
                tributary::sentence!("`{url}` is not connected", url),
            )
            .remedy("Connect the site first")
        })
    }

    /// The same from async code.
    pub(crate) async fn site_ready(self: &Arc<Self>, url: &str) -> Result<SiteSettings, Error> {
        let (desktop, url) = (Arc::clone(self), url.to_owned());
        let found = tokio::task::spawn_blocking(move || desktop.site(&url));
        found.await.map_err(broke_off)?
    }

    /// The account that is used for a space of a site; none in the sandbox, whose token is no
    /// account's. Blocks on the disk.
    pub(crate) fn account_at(&self, url: &str, space: &str) -> Result<Option<Account>, Error> {
        let site = self.site(url)?;
        if self.is_sandbox(&site) {
            return Ok(None);
        }
        self.accounts()?.account_for_site(&site.url, Some(space))
    }

    /// Makes a client for a site, and for one of its spaces, with the credential that is used there.
    pub(crate) async fn client(
        self: &Arc<Self>,
        url: &str,
        space: Option<&str>,
    ) -> Result<Client, Error> {
        let site = self.site_ready(url).await?;
        if self.is_sandbox(&site) {
            let token = Secret::new(SANDBOX_TOKEN.to_owned());
            return client(&self.http, &site, with_token(&site, token)).await;
        }
        let accounts = self.accounts_ready().await?;
        let (credential, site) = accounts.for_site(&site, space).await?;
        client(&self.http, &site, credential).await
    }

    /// Keeps a change of accounts until it is agreed to, and gives its id. The one before is
    /// forgotten.
    pub(crate) fn keep_shown(&self, change: Shown) -> String {
        let mut shown = lock(&self.shown);
        *shown = (shown.0 + 1, Some(change));
        shown.0.to_string()
    }

    /// Takes the change of accounts that was shown, which is good once.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] when another one was shown since, or it was taken.
    pub(crate) fn take_shown(&self, id: &str) -> Result<Shown, Error> {
        let mut shown = lock(&self.shown);
        let is_it = shown.0.to_string() == id;
        let change = if is_it { shown.1.take() } else { None };
        change.ok_or_else(|| {
            Error::new(ErrorKind::Conflict, "What was shown is no longer known")
                .remedy("Nothing was changed. Look at it again")
        })
    }

    /// A token that [`Desktop::cancel`] with the same name cancels.
    pub(crate) fn begin(&self, operation: &str) -> CancellationToken {
        let token = CancellationToken::new();
        lock(&self.cancel).insert(operation.to_owned(), token.clone());
        token
    }

    pub(crate) fn cancel(&self, operation: &str) {
        if let Some(token) = lock(&self.cancel).get(operation) {
            token.cancel();
        }
    }

    /// Takes the right to publish: one publish at a time, whether the window or the tray asked.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] while another publish runs.
    pub(crate) fn begin_publish(&self) -> Result<Publishing, Error> {
        let mut running = lock(&self.publishing);
        if *running {
            return Err(
                Error::new(ErrorKind::Conflict, "A publish is under way already")
                    .remedy("Wait for its end, or cancel it"),
            );
        }
        *running = true;
        Ok(Publishing {
            cancel: self.begin("publish"),
            running: Arc::clone(&self.publishing),
        })
    }

    /// Whether something is being published now.
    pub(crate) fn is_publishing(&self) -> bool {
        *lock(&self.publishing)
    }

    /// Keeps an error for the window to show.
    pub(crate) fn set_trouble(&self, error: Error) {
        *lock(&self.trouble) = Some(error);
    }

    /// Keeps where the next page begins.
    pub(crate) fn keep_scene(&self, scene: SceneView) {
        *lock(&self.scene) = Some(scene);
    }

    /// Takes where a page begins that opens now.
    pub(crate) fn take_scene(&self) -> Option<SceneView> {
        lock(&self.scene).take()
    }

    /// Takes the error that the window has not shown yet.
    pub(crate) fn take_trouble(&self) -> Option<Error> {
        lock(&self.trouble).take()
    }
}

/// Whether two addresses are one site's.
pub(crate) fn same(one: &str, other: &str) -> bool {
    one.trim_end_matches('/') == other.trim_end_matches('/')
}

pub(crate) fn broke_off(error: tokio::task::JoinError) -> Error {
    Error::new(ErrorKind::Bug, "The keystore call broke off").caused_by(error)
}

/// A request for all of a folder, nowhere yet.
pub(crate) fn everything() -> PublishRequest {
    PublishRequest {
        paths: Vec::new(),
        space: String::new(),
        parent: None,
        include: Vec::new(),
        exclude: Vec::new(),
        settings: PlanSettings::default(),
        concurrency: tributary::http::PUBLISH_CONCURRENCY,
        verify: false,
    }
}
