//! Keeping everything secret somewhere else: what there is to carry over, whether the policy allows
//! the place, and the record of it.

use super::accounts::secret_names;
use super::policy::Policy;
use crate::audit::{Audit, Event, What};
use crate::error::Error;
use crate::network;
use crate::settings::Settings;
use crate::store::Paths;
use crate::vault::{Backend, Choice, Moved, Unreadable, Vaults};

/// Chooses a place for secrets, and carries over all that is kept for accounts, for the
/// network and for the audit log. Blocks on both places.
///
/// # Errors
/// [`crate::ErrorKind::Forbidden`] when the policy does not allow the place; those of
/// [`Vaults::choose`]. Then nothing was chosen or removed.
pub fn keep_elsewhere(
    paths: &Paths,
    policy: &Policy,
    vaults: &Vaults,
    audit: &Audit,
    choice: Choice<'_>,
    unreadable: Unreadable,
) -> Result<Moved, Error> {
    policy.allows_vault(choice.backend())?;
    let mut names = secret_names(paths)?;
    names.extend(audit.secret_names());
    names.extend(network::secret_names(&Settings::load(paths)?.network));
    let changed = Event::new(What::VaultChanged {
        before: vaults.chosen().map_or("unknown", Backend::name).to_owned(),
        after: choice.backend().name().to_owned(),
    });
    let moved = audit.around(changed, || vaults.choose(choice, &names, unreadable))?;
    audit.settle()?;
    Ok(moved)
}
