//! What commands open and share: the user's places for secrets, and the log that is anchored in them.

use std::sync::{Arc, OnceLock};

use tributary::Error;
use tributary::audit::{Audit, Clock};
use tributary::settings::Settings;
use tributary::store::Paths;
use tributary::vault::{Vault, VaultState, Vaults};

/// The user's places for secrets, the same for the whole program, so that a passphrase is asked
/// for once.
pub(crate) fn vaults() -> Result<&'static Vaults, Error> {
    static VAULTS: OnceLock<Vaults> = OnceLock::new();
    if let Some(vaults) = VAULTS.get() {
        return Ok(vaults);
    }
    let opened = Vaults::open(&Paths::of_user()?);
    Ok(VAULTS.get_or_init(|| opened))
}

/// The vault, when what is put into it outlives the program.
pub(crate) fn lasting(vault: &Arc<dyn Vault>, state: &VaultState) -> Option<Arc<dyn Vault>> {
    state.is_lasting().then(|| Arc::clone(vault))
}

/// The user's log, anchored in a keystore or not.
pub(crate) fn log(vault: Option<Arc<dyn Vault>>) -> Result<Audit, Error> {
    let paths = Paths::of_user()?;
    let is_anchored = vault.is_some();
    let audit = Audit::open(&paths, vault, Clock::of_system());
    if is_anchored {
        audit.watch(vaults()?);
    }
    audit.keep_for(Settings::load(&paths)?.audit.keep_days);
    Ok(audit)
}
