//! Whether the desktop is dark and wants more contrast or less motion, where it says so in its portal: the
//! window's toolkit knows only its own settings. Nothing wakes up but when somebody changes how the desktop
//! looks.

use std::sync::{Mutex, PoisonError};

use tauri::AppHandle;
#[cfg(target_os = "linux")]
use tauri::{Emitter, Manager};

use crate::views::settings::AppearanceView;

/// What the desktop said last that the toolkit has no place for.
#[derive(Default)]
pub(crate) struct Appearance(Mutex<AppearanceView>);

impl Appearance {
    pub(crate) fn now(&self) -> AppearanceView {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets the window follow how the desktop looks from now on. A desktop that has no portal says
/// nothing, and what the toolkit knows stays.
#[cfg(target_os = "linux")]
pub(crate) fn follow(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        linux::follow(|said| heed(&app, said)).await.ok();
    });
}

/// The toolkits of other systems know.
#[cfg(not(target_os = "linux"))]
pub(crate) fn follow(_app: &AppHandle) {}

/// The toolkit tells the page whether it is dark; the rest the page asks for.
#[cfg(target_os = "linux")]
fn heed(app: &AppHandle, said: linux::Said) {
    match said {
        linux::Said::Scheme(theme) => app.set_theme(theme),
        linux::Said::Contrast(more) => change(app, |now| now.more_contrast = more),
        linux::Said::Motion(less) => change(app, |now| now.less_motion = less),
    }
}

#[cfg(target_os = "linux")]
fn change(app: &AppHandle, change: impl FnOnce(&mut AppearanceView)) {
    let appearance = app.state::<Appearance>();
    {
        let mut now = appearance.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut now);
    }
    // A page that does not listen yet asks once it does.
    app.emit("appearance-changed", ()).ok();
}

#[cfg(target_os = "linux")]
mod linux {
    use futures_util::StreamExt;
    use tauri::Theme;
    use zbus::zvariant::{OwnedValue, Value};
    use zbus::{Connection, MatchRule, MessageStream, Proxy, message};

    const INTERFACE: &str = "org.freedesktop.portal.Settings";
    const NAMESPACE: &str = "org.freedesktop.appearance";
    const SCHEME: &str = "color-scheme";
    const CONTRAST: &str = "contrast";
    const MOTION: &str = "reduced-motion";

    /// How the desktop looks, in one of its settings.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(super) enum Said {
        /// None where it has no preference.
        Scheme(Option<Theme>),
        /// Whether it has more contrast than usual.
        Contrast(bool),
        /// Whether it moves less than usual.
        Motion(bool),
    }

    /// Tells what it says now and whenever that changes, for as long as the bus is there.
    pub(super) async fn follow(tell: impl Fn(Said)) -> zbus::Result<()> {
        let bus = Connection::session().await?;
        // The bus itself leaves out all other settings, but for the color of accents, which is no number.
        let rule = MatchRule::builder()
            .msg_type(message::Type::Signal)
            .interface(INTERFACE)?
            .member("SettingChanged")?
            .arg(0, NAMESPACE)?
            .build();
        let mut changes = MessageStream::for_match_rule(rule, &bus, None).await?;
        let portal = Proxy::new(
            &bus,
            "org.freedesktop.portal.Desktop",
            "/org/freedesktop/portal/desktop",
            INTERFACE,
        )
        .await?;
        let now: OwnedValue = portal.call("Read", &(NAMESPACE, SCHEME)).await?;
        match said(SCHEME, &now) {
            // What the toolkit knows is as good.
            None | Some(Said::Scheme(None)) => {}
            Some(scheme) => tell(scheme),
        }
        for key in [CONTRAST, MOTION] {
            // A portal that is older than a setting refuses it, and has the others.
            let now: zbus::Result<OwnedValue> = portal.call("Read", &(NAMESPACE, key)).await;
            if let Some(now) = now.ok().and_then(|now| said(key, &now)) {
                tell(now);
            }
        }
        while let Some(change) = changes.next().await {
            let (_, key, value): (String, String, OwnedValue) = change?.body().deserialize()?;
            if let Some(now) = said(&key, &value) {
                tell(now);
            }
        }
        Ok(())
    }

    /// What a setting says; none where no window heeds it. A number that is not known is no preference.
    pub(super) fn said(key: &str, value: &Value<'_>) -> Option<Said> {
        let number = number_of(value);
        Some(match key {
            SCHEME => Said::Scheme(match number {
                Some(1) => Some(Theme::Dark),
                Some(2) => Some(Theme::Light),
                _ => None,
            }),
            CONTRAST => Said::Contrast(number == Some(1)),
            MOTION => Said::Motion(number == Some(1)),
            _ => return None,
        })
    }

    /// `Read` puts the value into another one.
    fn number_of(value: &Value<'_>) -> Option<u32> {
        match value {
            Value::Value(inner) => number_of(inner),
            Value::U32(number) => Some(*number),
            _ => None,
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use tauri::Theme;
    use zbus::zvariant::Value;

    use super::linux::{Said, said};

    #[test]
    fn a_setting_is_read_however_deep_it_is_put() {
        let nested = Value::new(Value::new(1u32));
        let scheme = |value: &Value<'_>| said("color-scheme", value);
        assert_eq!(scheme(&nested), Some(Said::Scheme(Some(Theme::Dark))));
        assert_eq!(
            scheme(&Value::new(2u32)),
            Some(Said::Scheme(Some(Theme::Light)))
        );
        assert_eq!(scheme(&Value::new(0u32)), Some(Said::Scheme(None)));
        assert_eq!(scheme(&Value::new("dark")), Some(Said::Scheme(None)));
        assert_eq!(said("contrast", &nested), Some(Said::Contrast(true)));
        assert_eq!(said("reduced-motion", &nested), Some(Said::Motion(true)));
        for none in [Value::new(0u32), Value::new(2u32), Value::new(true)] {
            assert_eq!(said("contrast", &none), Some(Said::Contrast(false)));
            assert_eq!(said("reduced-motion", &none), Some(Said::Motion(false)));
        }
        assert_eq!(said("accent-color", &nested), None);
    }
}
