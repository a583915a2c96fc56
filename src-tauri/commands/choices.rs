//! Which of several accounts is used where, and whose access a publish will use.

use std::sync::Arc;

use tauri::{AppHandle, State};
use tributary::Error;
use tributary::account::{Account, Accounts, Choice};
use tributary::browse::published_source;

use crate::commands::accounts::account;
use crate::convert::by_what;
use crate::desktop::Desktop;
use crate::health;
use crate::views::CommandError;
use crate::views::choice::{AbleView, ChoiceView, UsedAccountView, UsedView};
use crate::visits::without_scheme;
use crate::work::blocking;

/// Every host and site at which more than one account could be used, each followed by the
/// repositories or spaces of it that are known.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_choices(
    desktop: State<'_, Arc<Desktop>>,
) -> Result<Vec<ChoiceView>, CommandError> {
    let accounts = desktop.accounts_ready().await?;
    blocking(move || Ok(accounts.choices()?.iter().map(view).collect())).await
}

/// Uses an account first at a host or site, or for one repository or space of it; without an
/// account, whichever is used where nobody chose.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_account(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    provider: String,
    base: String,
    name: Option<String>,
    id: Option<String>,
) -> Result<(), CommandError> {
    let desktop = Arc::clone(&desktop);
    let accounts = desktop.accounts_ready().await?;
    blocking(move || {
        let wanted = id.map(|id| account(&accounts, &id)).transpose()?;
        accounts.choose(&provider, &base, name.as_deref(), wanted.as_ref())
    })
    .await?;
    health::tell(&app, &desktop).await;
    Ok(())
}

/// Whose access is used for publishing to a space, and for reading the repository at a commit that
/// is published from.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_used(
    desktop: State<'_, Arc<Desktop>>,
    site_url: Option<String>,
    space_key: String,
    visit: Option<String>,
) -> Result<UsedView, CommandError> {
    let desktop = Arc::clone(&desktop);
    let accounts = desktop.accounts_ready().await?;
    blocking(move || {
        let choices = accounts.choices()?;
        let publishes = match site_url {
            Some(url) => desktop.account_at(&url, &space_key)?,
            None => None,
        };
        let address = visit.map(|id| desktop.visit(&id)).transpose()?;
        let reads = match address {
            Some(visit) => reader(&accounts, &visit.address)?,
            None => None,
        };
        Ok(UsedView {
            publishes: publishes.map(|account| used(&choices, &account)),
            reads: reads.map(|account| used(&choices, &account)),
        })
    })
    .await
}

/// The account that a repository at an address is read with; none for one on this machine.
fn reader(accounts: &Accounts, address: &str) -> Result<Option<Account>, Error> {
    match published_source(accounts, address)? {
        Some(source) => account(accounts, &source.account).map(Some),
        None => Ok(None),
    }
}

pub(crate) fn used(choices: &[Choice], account: &Account) -> UsedAccountView {
    let mut able = choices.iter().flat_map(|choice| &choice.able);
    UsedAccountView {
        user: account.user.name.clone(),
        host: account.host(),
        mode: account.mode.into(),
        is_one_of_several: able.any(|able| able.id == account.id),
    }
}

fn view(choice: &Choice) -> ChoiceView {
    let able = choice.able.iter().map(|account| {
        let named = |other: &&Account| other.user.name == account.user.name;
        let is_alone = choice.able.iter().filter(named).count() == 1;
        AbleView {
            id: account.id.clone(),
            user: account.user.name.clone(),
            // One person can reach a site by a grant and by a token.
            access: (!is_alone).then(|| by_what(&account.access).0.to_owned()),
        }
    });
    ChoiceView {
        provider: choice.provider.clone(),
        base: choice.base.clone(),
        place: without_scheme(&choice.base).to_owned(),
        name: choice.name.clone(),
        able: able.collect(),
        used: choice.used.id.clone(),
        is_chosen: choice.is_chosen,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tributary::account::{Account, Choice};

    use super::view;

    #[test]
    fn accounts_of_one_name_are_told_by_what_they_rest_on() {
        let account = |id: &str, name: &str, access: serde_json::Value| -> Account {
            let account = json!({
                "id": id, "provider": "confluence-cloud", "base": "https://acme.atlassian.net/wiki",
                "mode": "individual", "user": {"id": name, "name": name}, "access": access,
                "purpose": "publish", "scopes": [], "signed_in": "2026-11-28T12:00:00Z",
            });
            serde_json::from_value(account).expect("an account")
        };
        let token = json!({"by": "token", "kind": "api_token", "sent": "basic", "user": "ada"});
        let able = vec![
            account("1", "ada", token),
            account("2", "ada", json!({"by": "service", "client_id": "own"})),
            account("3", "grace", json!({"by": "service", "client_id": "own"})),
        ];
        let choice = Choice {
            provider: "confluence-cloud".to_owned(),
            base: "https://acme.atlassian.net/wiki".to_owned(),
            name: None,
            used: able[0].clone(),
            able,
            is_chosen: false,
        };
        let shown = view(&choice);
        assert_eq!(shown.place, "acme.atlassian.net/wiki");
        let able = shown.able.iter();
        let names: Vec<_> = able
            .map(|able| (&*able.user, able.access.as_deref()))
            .collect();
        let expected = [
            ("ada", Some("api_token")),
            ("ada", Some("service")),
            ("grace", None),
        ];
        assert_eq!(names, expected);
    }
}
