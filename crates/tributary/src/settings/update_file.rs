//! Where newer versions of this program come from, in the user's own file.

use toml::Table as Out;

use super::document::Table;
use super::user_file::put;
use crate::error::Error;
use crate::updates::{Channel, Schedule, UpdateSettings};

const SCHEDULES: [(&str, Schedule); 3] = [
    ("by_hand", Schedule::ByHand),
    ("daily", Schedule::Daily),
    ("weekly", Schedule::Weekly),
];

pub(super) fn read(table: &Table<'_, '_>) -> Result<UpdateSettings, Error> {
    table.only(&["address", "key", "look", "looked"])?;
    let channel = match (table.get("address"), table.get("key")) {
        (None, None) => None,
        (None, Some(_)) => return Err(table.lacks("address")),
        (Some(_), None) => return Err(table.lacks("key")),
        (Some(address), Some(key)) => {
            let channel = Channel::read(&address.text()?, &key.text()?);
            let wrong = |error| {
                let refused = address.wrong("and `key` are no channel for updates");
                refused.caused_by(error)
            };
            Some(channel.map_err(wrong)?)
        }
    };
    let schedule = table.get("look").map(|look| look.choice(&SCHEDULES));
    let looked = match table.get("looked") {
        Some(looked) => looked.text()?.parse().ok(),
        None => None,
    };
    Ok(UpdateSettings {
        channel,
        schedule: schedule.transpose()?.unwrap_or_default(),
        looked,
    })
}

/// Only what is not as it would be anyway.
pub(super) fn write(updates: &UpdateSettings) -> Out {
    let mut table = Out::new();
    if let Some(channel) = &updates.channel {
        put(&mut table, "address", Some(channel.address().as_str()));
        put(&mut table, "key", Some(channel.key()));
    }
    let schedule = SCHEDULES
        .iter()
        .find(|(_, schedule)| *schedule == updates.schedule && *schedule != Schedule::default());
    put(&mut table, "look", schedule.map(|(word, _)| *word));
    put(
        &mut table,
        "looked",
        updates.looked.map(|at| at.to_string()),
    );
    table
}
