//! `tributary vault`: where tokens are kept.

use std::io::{IsTerminal, stdin};
use std::sync::{Arc, Mutex, PoisonError};

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;
use tributary::account::{Policy, keep_elsewhere};
use tributary::audit::{Event, Outcome, What};
use tributary::store::Paths;
use tributary::vault::{
    Backend, Choice, Moved, PASSPHRASE_VARIABLE, Secret, SecretName, Unreadable, Vault, VaultState,
    Vaults,
};
use tributary::{Error, ErrorKind};

use super::blocking;
use super::opened::{lasting, log, vaults};
use crate::output::{Exit, Output};

/// The variable with the new passphrase, where nobody can be asked for it.
const NEW_PASSPHRASE_VARIABLE: &str = "TRIBUTARY_VAULT_NEW_PASSPHRASE";
/// How often a passphrase may be typed wrong.
const TRIES: usize = 3;

/// What to do with the place for tokens.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say where tokens are kept and whether that place can be used; exit code 1 when it cannot
    Status,
    /// Keep tokens somewhere else, and move them there
    Choose(Choose),
    /// Lock the passphrase vault in every running Tributary
    Lock,
    /// Try the passphrase of the passphrase vault
    ///
    /// Every command asks for it when it needs a token, or reads `TRIBUTARY_VAULT_PASSPHRASE`.
    Unlock,
    /// Give the passphrase vault another passphrase
    ///
    /// Where nobody can be asked, `TRIBUTARY_VAULT_PASSPHRASE` is the present passphrase and
    /// `TRIBUTARY_VAULT_NEW_PASSPHRASE` the new one.
    ChangePassphrase,
}

/// Where to keep tokens.
#[derive(Debug, Args)]
pub(crate) struct Choose {
    /// The place
    #[arg(value_enum)]
    pub place: Place,
    /// Begin without the tokens in the present place when they cannot be read; they stay there
    #[arg(long)]
    pub leave_behind: bool,
    /// After how many minutes without use the passphrase vault locks itself; 0 for never
    #[arg(long, value_name = "MINUTES")]
    pub lock_after: Option<u32>,
}

/// The places for tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Place {
    /// The system's keystore
    Keystore,
    /// Files that a passphrase unlocks
    Passphrase,
    /// Nowhere: for the running program only
    Session,
}

impl Command {
    /// Whether the command leaves a record.
    pub(crate) fn records(&self) -> bool {
        !matches!(self, Self::Status)
    }
}

/// The place that was chosen for secrets, and whether it can be used. A passphrase vault is
/// unlocked with the passphrase in the environment, or one that is typed now. Blocks.
pub(crate) fn open() -> Result<(Arc<dyn Vault>, VaultState), Error> {
    static ASKING: Mutex<()> = Mutex::new(());
    let _asking = ASKING.lock().unwrap_or_else(PoisonError::into_inner);
    let vaults = vaults()?;
    unlock_from_environment(vaults)?;
    let is_locked = vaults.chosen() == Some(Backend::Passphrase)
        && matches!(vaults.state(), VaultState::Locked { .. });
    if is_locked && stdin().is_terminal() {
        unlock_by_hand(vaults)?;
    }
    Ok((vaults.as_vault(), vaults.state()))
}

/// Whether the policy allows tokens in the place that was chosen.
pub(crate) fn may_keep(policy: &Policy) -> Result<(), Error> {
    match vaults()?.chosen() {
        Some(chosen) => policy.allows_vault(chosen),
        None => Ok(()),
    }
}

/// Whether a secret that somebody gives now can be kept, and found by the next command.
pub(crate) async fn must_be_kept() -> Result<(), Error> {
    blocking(|| {
        may_keep(&Policy::of_machine()?)?;
        must_last(&open()?.1).map(drop)
    })
    .await
}

/// The name of the place for tokens, when what is put there outlives this command.
pub(super) fn must_last(state: &VaultState) -> Result<String, Error> {
    if let Some((reason, remedy)) = state.trouble() {
        let remedy = remedy.for_command();
        let remedy = format!(
            "{remedy}. Nothing was saved; for this session only, set `TRIBUTARY_TOKEN` in the \
             environment"
        );
        return Err(Error::new(ErrorKind::VaultUnavailable, reason).remedy(remedy));
    }
    match state {
        VaultState::Available { name } => Ok(name.clone()),
        _ => Err(Error::new(
            ErrorKind::VaultUnavailable,
            "Tokens are kept for this session only, as you chose, and this session ends with the \
             command",
        )
        .remedy(
            "Set `TRIBUTARY_TOKEN` in the environment, or choose a lasting place with `tributary \
             vault choose`",
        )),
    }
}

/// Unlocks with the passphrase in the environment. Only that it was a wrong one is recorded: every
/// command that runs unattended unlocks so, and says in its own records what it did then.
fn unlock_from_environment(vaults: &Vaults) -> Result<(), Error> {
    let Err(error) = vaults.unlock_from_environment() else {
        return Ok(());
    };
    let failed = unlocking().because(Outcome::Failure, error.chain());
    log(None)?.record(failed)?;
    Err(error)
}

/// Unlocks with a passphrase that somebody gave now, and records whether it was the right one.
/// Without the log's keys, as they are in the vault.
fn unlock_with(vaults: &Vaults, passphrase: &Secret) -> Result<(), Error> {
    log(None)?.around(unlocking(), || vaults.unlock(passphrase))
}

fn unlocking() -> Event {
    Event::new(What::VaultUnlocked {
        vault: Backend::Passphrase.name().to_owned(),
    })
}

fn unlock_by_hand(vaults: &Vaults) -> Result<(), Error> {
    let mut tries = 1..=TRIES;
    loop {
        let tried = tries.next();
        match unlock_with(vaults, &typed("Passphrase of the vault: ")?) {
            Err(error) if error.kind() == ErrorKind::InvalidInput && tried < Some(TRIES) => {
                eprintln!("{error}.");
            }
            unlocked => return unlocked,
        }
    }
}

/// Carries the command out.
pub(crate) async fn run(command: &Command, output: &Output) -> Result<Exit, Error> {
    match command {
        Command::Status => blocking(|| {
            let vaults = vaults()?;
            unlock_from_environment(vaults)?;
            Ok((vaults.clone(), vaults.state()))
        })
        .await
        .and_then(|(vaults, state)| status(&vaults, &state, output)),
        Command::Choose(options) => choose(options, output).await,
        Command::Lock => {
            blocking(|| {
                let vaults = vaults()?;
                let locked = Event::new(What::VaultLocked {
                    vault: Backend::Passphrase.name().to_owned(),
                });
                log(None)?.around(locked, || vaults.lock_everywhere())
            })
            .await?;
            output.say("The passphrase vault is locked in every running Tributary.");
            Ok(Exit::Done)
        }
        Command::Unlock => {
            blocking(unlock).await?;
            output.say(&format!(
                "That is the passphrase. Every command asks for it when it needs a token, or \
                 reads `{PASSPHRASE_VARIABLE}`."
            ));
            Ok(Exit::Done)
        }
        Command::ChangePassphrase => {
            blocking(change_passphrase).await?;
            output.say("The vault has another passphrase.");
            Ok(Exit::Done)
        }
    }
}

fn status(vaults: &Vaults, state: &VaultState, output: &Output) -> Result<Exit, Error> {
    let chosen = vaults.chosen().map(Backend::name);
    let trouble = state.trouble();
    let (word, name) = match state {
        VaultState::Available { name } => ("available", Some(name)),
        VaultState::SessionOnly => ("session", None),
        VaultState::Unavailable { .. } => ("unavailable", None),
        VaultState::Locked { .. } => ("locked", None),
        VaultState::Changed { .. } => ("changed", None),
        VaultState::Damaged { .. } => ("damaged", None),
    };
    match (name, trouble) {
        (_, Some((reason, remedy))) => output.say(&format!("{reason}. {}.", remedy.for_command())),
        (Some(name), None) => output.say(&format!("Tokens are kept in {name}.")),
        (None, None) => output.say("Tokens are kept for a session only, as you chose."),
    }
    if chosen == Some(Backend::Passphrase.name()) {
        output.say(&match vaults.lock_after_minutes() {
            0 => "It does not lock itself.".to_owned(),
            minutes => format!("It locks itself after {minutes} minutes without use."),
        });
    }
    let left = vaults.left_behind();
    for (place, names) in &left {
        output.say(&format!(
            "{} secrets that were moved are still in the place `{}` too; `tributary vault choose` \
             tries again to remove them.",
            names.len(),
            place.name()
        ));
    }
    if output.is_json() {
        let left: Vec<_> = left
            .iter()
            .map(|(place, names)| json!({"place": place.name(), "names": texts(names)}))
            .collect();
        output.json(&json!({
            "schema": "tributary.vault/1",
            "chosen": chosen,
            "state": word,
            "name": name,
            "reason": trouble.map(|(reason, _)| reason.as_str()),
            "remedy": trouble.map(|(_, remedy)| remedy.for_command()),
            "lock_after_minutes": vaults.lock_after_minutes(),
            "left_behind": left,
        }))?;
    }
    Ok(match trouble {
        Some(_) => Exit::Attention,
        None => Exit::Done,
    })
}

async fn choose(options: &Choose, output: &Output) -> Result<Exit, Error> {
    let Choose {
        place,
        leave_behind,
        lock_after,
    } = *options;
    let moved = blocking(move || carry_over(place, leave_behind, lock_after)).await?;
    output.say(match place {
        Place::Keystore => "Tokens are kept in the system's keystore from now on.",
        Place::Passphrase => "Tokens are kept in the passphrase vault from now on.",
        Place::Session => "Tokens are kept for a session only from now on.",
    });
    if !moved.moved.is_empty() {
        output.say(&format!("{} secrets were moved.", moved.moved.len()));
    }
    if !moved.left.is_empty() {
        output.say(&format!(
            "{} secrets are still in the old place.",
            moved.left.len()
        ));
    }
    if let Some(aside) = &moved.set_aside {
        output.say(&format!(
            "The vault that could not be opened is in `{}` now.",
            aside.display()
        ));
    }
    if output.is_json() {
        output.json(&json!({
            "schema": "tributary.vault_choice/1",
            "moved": texts(&moved.moved),
            "left": texts(&moved.left),
            "set_aside": moved.set_aside,
        }))?;
    }
    Ok(Exit::Done)
}

fn carry_over(place: Place, leave_behind: bool, lock_after: Option<u32>) -> Result<Moved, Error> {
    let vaults = vaults()?;
    let policy = Policy::of_machine()?;
    // Before a passphrase is asked for in vain.
    policy.allows_vault(match place {
        Place::Keystore => Backend::Keystore,
        Place::Passphrase => Backend::Passphrase,
        Place::Session => Backend::Session,
    })?;
    let state = if leave_behind {
        vaults.state()
    } else {
        open()?.1
    };
    let passphrase = match place {
        Place::Passphrase => Some(new_passphrase(PASSPHRASE_VARIABLE)?),
        _ => None,
    };
    let choice = match &passphrase {
        Some(passphrase) => Choice::Passphrase(passphrase),
        None if place == Place::Keystore => Choice::Keystore,
        None => Choice::Session,
    };
    let unreadable = if leave_behind {
        Unreadable::LeaveBehind
    } else {
        Unreadable::Refuse
    };
    let audit = log(lasting(&vaults.as_vault(), &state))?;
    let paths = Paths::of_user()?;
    let moved = keep_elsewhere(&paths, &policy, vaults, &audit, choice, unreadable)?;
    if let Some(minutes) = lock_after {
        vaults.set_lock_after(minutes)?;
    }
    Ok(moved)
}

fn unlock() -> Result<(), Error> {
    let vaults = vaults()?;
    let passphrase = passphrase(PASSPHRASE_VARIABLE, "Passphrase of the vault: ")?;
    unlock_with(vaults, &passphrase)
}

fn change_passphrase() -> Result<(), Error> {
    let vaults = vaults()?;
    let before = passphrase(PASSPHRASE_VARIABLE, "Present passphrase: ")?;
    // Before the new one is asked for in vain.
    unlock_with(vaults, &before)?;
    let after = new_passphrase(NEW_PASSPHRASE_VARIABLE)?;
    let audit = log(Some(vaults.as_vault()))?;
    let changed = Event::new(What::VaultChanged {
        before: Backend::Passphrase.name().to_owned(),
        after: "passphrase, another one".to_owned(),
    });
    audit.around(changed, || vaults.change_passphrase(&before, &after))?;
    audit.settle()
}

/// A passphrase from the environment or the keyboard; never an argument.
fn passphrase(variable: &str, prompt: &str) -> Result<Secret, Error> {
    match in_environment(variable) {
        Some(passphrase) => Ok(passphrase),
        None if stdin().is_terminal() => typed(prompt),
        None => Err(no_passphrase(variable)),
    }
}

/// The same for a new one, which is typed twice.
fn new_passphrase(variable: &str) -> Result<Secret, Error> {
    if let Some(passphrase) = in_environment(variable) {
        return Ok(passphrase);
    }
    if !stdin().is_terminal() {
        return Err(no_passphrase(variable));
    }
    let passphrase = typed("New passphrase: ")?;
    if typed("Once more: ")?.expose() == passphrase.expose() {
        return Ok(passphrase);
    }
    Err(Error::new(
        ErrorKind::InvalidInput,
        "The passphrase was typed in two different ways",
    )
    .remedy("Try again; nothing was changed"))
}

fn in_environment(variable: &str) -> Option<Secret> {
    let value = std::env::var(variable).ok();
    value.filter(|value| !value.is_empty()).map(Secret::new)
}

fn typed(prompt: &str) -> Result<Secret, Error> {
    let typed = rpassword::prompt_password(prompt).map_err(|error| {
        Error::new(ErrorKind::InvalidInput, "The passphrase could not be read").caused_by(error)
    })?;
    Ok(Secret::new(typed))
}

fn no_passphrase(variable: &str) -> Error {
    Error::new(ErrorKind::InvalidInput, "No passphrase was given").remedy(format!(
        "Type it on a terminal, or give it in the environment as `{variable}`"
    ))
}

fn texts(names: &[SecretName]) -> Vec<&str> {
    names.iter().map(SecretName::as_str).collect()
}
