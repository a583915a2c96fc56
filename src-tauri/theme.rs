//! Whether the desktop is dark, where it says so in its portal: the window's toolkit knows only its own
//! settings. Nothing wakes up but when somebody changes it.

use tauri::AppHandle;

/// Lets the window follow the desktop's color scheme from now on. A desktop that has no portal says
/// nothing, and what the toolkit knows stays.
#[cfg(target_os = "linux")]
pub(crate) fn follow(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        linux::follow(|theme| app.set_theme(theme)).await.ok();
    });
}

/// The toolkits of other systems know.
#[cfg(not(target_os = "linux"))]
pub(crate) fn follow(_app: &AppHandle) {}

#[cfg(target_os = "linux")]
mod linux {
    use futures_util::StreamExt;
    use tauri::Theme;
    use zbus::zvariant::{OwnedValue, Value};
    use zbus::{Connection, MatchRule, MessageStream, Proxy, message};

    const INTERFACE: &str = "org.freedesktop.portal.Settings";
    const NAMESPACE: &str = "org.freedesktop.appearance";
    const KEY: &str = "color-scheme";

    /// Tells the scheme now and whenever it changes, for as long as the bus is there.
    pub(super) async fn follow(tell: impl Fn(Option<Theme>)) -> zbus::Result<()> {
        let bus = Connection::session().await?;
        // The bus itself leaves out all other settings.
        let rule = MatchRule::builder()
            .msg_type(message::Type::Signal)
            .interface(INTERFACE)?
            .member("SettingChanged")?
            .arg(0, NAMESPACE)?
            .arg(1, KEY)?
            .build();
        let mut changes = MessageStream::for_match_rule(rule, &bus, None).await?;
        let portal = Proxy::new(
            &bus,
            "org.freedesktop.portal.Desktop",
            "/org/freedesktop/portal/desktop",
            INTERFACE,
        )
        .await?;
        let now: OwnedValue = portal.call("Read", &(NAMESPACE, KEY)).await?;
        if let Some(theme) = theme_of(&now) {
            tell(Some(theme));
        }
        while let Some(change) = changes.next().await {
            let (_, _, value): (String, String, OwnedValue) = change?.body().deserialize()?;
            tell(theme_of(&value));
        }
        Ok(())
    }

    /// None where the desktop has no preference. `Read` puts the value into another one.
    pub(super) fn theme_of(value: &Value<'_>) -> Option<Theme> {
        match value {
            Value::Value(inner) => theme_of(inner),
            Value::U32(1) => Some(Theme::Dark),
            Value::U32(2) => Some(Theme::Light),
            _ => None,
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use tauri::Theme;
    use zbus::zvariant::Value;

    use super::linux::theme_of;

    #[test]
    fn a_scheme_is_read_however_deep_it_is_put() {
        let nested = Value::new(Value::new(1u32));
        assert_eq!(theme_of(&nested), Some(Theme::Dark));
        assert_eq!(theme_of(&Value::new(2u32)), Some(Theme::Light));
        assert_eq!(theme_of(&Value::new(0u32)), None);
        assert_eq!(theme_of(&Value::new("dark")), None);
    }
}
