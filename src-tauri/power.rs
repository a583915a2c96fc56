//! Whether the machine saves its battery. What goes by the clock waits then; what somebody asks for
//! does not.

/// Waits while the battery is saved, and says whether it had to. Nothing wakes up meanwhile but at
/// the system's word. Where that cannot be told, nothing waits.
#[cfg(target_os = "linux")]
pub(crate) async fn until_not_saved(waiting: impl FnOnce() + Send) -> bool {
    linux::until_not_saved(waiting).await.unwrap_or(false)
}

/// Other systems hold back what runs in the background themselves.
#[cfg(not(target_os = "linux"))]
#[expect(clippy::unused_async, reason = "shaped by Linux, which asks a service")]
pub(crate) async fn until_not_saved(_waiting: impl FnOnce() + Send) -> bool {
    false
}

#[cfg(target_os = "linux")]
mod linux {
    use std::time::Duration;

    use futures_util::StreamExt;
    use futures_util::stream::select_all;
    use zbus::fdo::{DBusProxy, PropertiesProxy};
    use zbus::names::InterfaceName;
    use zbus::zvariant::OwnedValue;
    use zbus::{Connection, MatchRule, MessageStream, connection, message};

    /// A service that does not answer holds nothing up for longer.
    const PATIENCE: Duration = Duration::from_secs(5);

    /// Who tells: the service, its object and the property's interface and name. The first is the
    /// newer name of the second.
    const TOLD_BY: [[&str; 4]; 3] = [
        [
            "org.freedesktop.UPower.PowerProfiles",
            "/org/freedesktop/UPower/PowerProfiles",
            "org.freedesktop.UPower.PowerProfiles",
            "ActiveProfile",
        ],
        [
            "net.hadess.PowerProfiles",
            "/net/hadess/PowerProfiles",
            "net.hadess.PowerProfiles",
            "ActiveProfile",
        ],
        [
            "org.freedesktop.UPower",
            "/org/freedesktop/UPower/devices/DisplayDevice",
            "org.freedesktop.UPower.Device",
            "WarningLevel",
        ],
    ];

    pub(super) async fn until_not_saved(waiting: impl FnOnce() + Send) -> zbus::Result<bool> {
        let bus = connection::Builder::system()?
            .method_timeout(PATIENCE)
            .build()
            .await?;
        if !is_saved(&bus).await {
            return Ok(false);
        }
        waiting();
        let mut changes = Vec::new();
        for [_, path, ..] in TOLD_BY {
            let rule = MatchRule::builder()
                .msg_type(message::Type::Signal)
                .interface("org.freedesktop.DBus.Properties")?
                .member("PropertiesChanged")?
                .path(path)?
                .build();
            changes.push(MessageStream::for_match_rule(rule, &bus, None).await?);
        }
        let mut changes = select_all(changes);
        // Looked at once more, as it may have changed before anybody listened.
        while is_saved(&bus).await {
            if changes.next().await.is_none() {
                break;
            }
        }
        Ok(true)
    }

    async fn is_saved(bus: &Connection) -> bool {
        for by in TOLD_BY {
            if let Ok(value) = asked(bus, by).await
                && says_saved(&value)
            {
                return true;
            }
        }
        false
    }

    /// Asks a service that runs; none is started for it.
    async fn asked(
        bus: &Connection,
        [service, path, interface, name]: [&'static str; 4],
    ) -> zbus::Result<OwnedValue> {
        if !DBusProxy::new(bus)
            .await?
            .name_has_owner(service.try_into()?)
            .await?
        {
            return Err(zbus::Error::InterfaceNotFound);
        }
        let properties = PropertiesProxy::builder(bus)
            .destination(service)?
            .path(path)?
            .build()
            .await?;
        let interface = InterfaceName::from_static_str(interface)?;
        Ok(properties.get(interface, name).await?)
    }

    /// The profile by its name, or how far the battery is down: 3 is low, and what is above lower.
    pub(super) fn says_saved(value: &OwnedValue) -> bool {
        if let Ok(profile) = <&str>::try_from(value) {
            return profile == "power-saver";
        }
        u32::try_from(value).is_ok_and(|level| level >= 3)
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use zbus::zvariant::{OwnedValue, Str};

    use super::linux::says_saved;

    #[test]
    fn a_profile_or_a_low_battery_says_so() {
        for (profile, saved) in [
            ("power-saver", true),
            ("balanced", false),
            ("performance", false),
        ] {
            assert_eq!(
                says_saved(&OwnedValue::from(Str::from(profile))),
                saved,
                "{profile}"
            );
        }
        // Unknown, none, discharging, low, critical, action.
        for (level, saved) in [
            (0u32, false),
            (1, false),
            (2, false),
            (3, true),
            (4, true),
            (5, true),
        ] {
            assert_eq!(says_saved(&OwnedValue::from(level)), saved, "{level}");
        }
    }
}
