//! Starting with the desktop, hidden in the tray. What is in force is what the desktop will do; no
//! setting of ours stands beside it.

#[cfg(target_os = "linux")]
pub(crate) use linux::{is_on, set};
#[cfg(not(target_os = "linux"))]
pub(crate) use others::{is_on, set};

/// The argument of a start that nobody made by hand.
pub(crate) const HIDDEN: &str = "--hidden";

/// The file of the Desktop Application Autostart Specification.
#[cfg(target_os = "linux")]
mod linux {
    use std::path::{Path, PathBuf};

    use tributary::store::{read_if_there, write_atomically};
    use tributary::{Error, ErrorKind};

    use super::HIDDEN;

    const FILE: &str = "autostart/tributary-desktop.desktop";

    /// Whether this program starts with the desktop. A file that names another one, or that the
    /// desktop was told to pass over, starts nothing of us.
    pub(crate) fn is_on() -> Result<bool, Error> {
        let Some(bytes) = read_if_there(&file()?)? else {
            return Ok(false);
        };
        let text = String::from_utf8_lossy(&bytes);
        let exec = exec(&program()?);
        let has = |wanted: &str| text.lines().any(|line| line.trim() == wanted);
        Ok(has(&exec) && !has("Hidden=true") && !has("X-GNOME-Autostart-enabled=false"))
    }

    /// Writes the file, or removes it.
    pub(crate) fn set(on: bool) -> Result<(), Error> {
        let file = file()?;
        if on {
            return write_atomically(&file, entry(&program()?).as_bytes());
        }
        match std::fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::new(
                ErrorKind::Storage,
                tributary::sentence!("`{file}` could not be removed", file = file.display()),
            )
            .remedy("Remove the file yourself")
            .caused_by(error)),
            _ => Ok(()),
        }
    }

    fn file() -> Result<PathBuf, Error> {
        let own = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from);
        let own = own.filter(|folder| folder.is_absolute());
        let usual = || std::env::home_dir().map(|home| home.join(".config"));
        let folder = own.or_else(usual).ok_or_else(|| {
            Error::new(ErrorKind::Storage, "Your home folder is not known")
                .remedy("Set `HOME`, and start Tributary again")
        })?;
        Ok(folder.join(FILE))
    }

    /// The program that is started next time. An AppImage runs from a place that ends with it.
    fn program() -> Result<PathBuf, Error> {
        if let Some(image) = std::env::var_os("APPIMAGE") {
            return Ok(PathBuf::from(image));
        }
        std::env::current_exe().map_err(|error| {
            Error::new(
                ErrorKind::Storage,
                "Where this program is could not be told",
            )
            .caused_by(error)
        })
    }

    /// Without the program, which a package takes with it when it is removed, the desktop passes
    /// over the file.
    fn entry(program: &Path) -> String {
        format!(
            "[Desktop Entry]\nType=Application\nName=Tributary\n\
             Comment=Documentation from Git to Confluence\n{}\nTryExec={}\n\
             Icon=tributary-desktop\nTerminal=false\n",
            exec(program),
            escaped(&program.display().to_string()),
        )
    }

    /// As the specification quotes an argument: by itself first, and then as every text of the file.
    fn exec(program: &Path) -> String {
        let mut quoted = String::from("\"");
        for sign in program.display().to_string().chars() {
            match sign {
                '"' | '`' | '$' | '\\' => quoted.extend(['\\', sign]),
                '%' => quoted.push_str("%%"),
                _ => quoted.push(sign),
            }
        }
        quoted.push('"');
        format!("Exec={} {HIDDEN}", escaped(&quoted))
    }

    fn escaped(text: &str) -> String {
        text.replace('\\', "\\\\").replace('\n', "\\n")
    }

    #[cfg(test)]
    mod tests {
        use std::path::Path;

        use super::{entry, exec};

        #[test]
        fn the_path_of_the_program_is_quoted_as_desktops_read_it() {
            for (path, expected) in [
                (
                    "/usr/bin/tributary-desktop",
                    r#"Exec="/usr/bin/tributary-desktop" --hidden"#,
                ),
                ("/opt/My Apps/it", r#"Exec="/opt/My Apps/it" --hidden"#),
                ("/opt/100%/it", r#"Exec="/opt/100%%/it" --hidden"#),
                (
                    "/opt/a\"b$c`d/it",
                    r#"Exec="/opt/a\\"b\\$c\\`d/it" --hidden"#,
                ),
                ("/opt/a\\b/it", r#"Exec="/opt/a\\\\b/it" --hidden"#),
                ("/opt/a\nX=b/it", r#"Exec="/opt/a\nX=b/it" --hidden"#),
            ] {
                assert_eq!(exec(Path::new(path)), expected);
                assert_eq!(entry(Path::new(path)).lines().count(), 8, "{path}");
            }
        }
    }
}

/// The registry on Windows, a launch agent on macOS.
#[cfg(not(target_os = "linux"))]
mod others {
    use auto_launch::{AutoLaunch, AutoLaunchBuilder};
    use tributary::{Error, ErrorKind};

    use super::HIDDEN;

    pub(crate) fn is_on() -> Result<bool, Error> {
        launch()?.is_enabled().map_err(failed)
    }

    pub(crate) fn set(on: bool) -> Result<(), Error> {
        let launch = launch()?;
        let done = if on {
            launch.enable()
        } else {
            launch.disable()
        };
        done.map_err(failed)
    }

    fn launch() -> Result<AutoLaunch, Error> {
        let program = std::env::current_exe().map_err(|error| {
            Error::new(
                ErrorKind::Storage,
                "Where this program is could not be told",
            )
            .caused_by(error)
        })?;
        AutoLaunchBuilder::new()
            .set_app_name("Tributary")
            .set_app_path(&program.display().to_string())
            .set_args(&[HIDDEN])
            .build()
            .map_err(failed)
    }

    fn failed(error: auto_launch::Error) -> Error {
        Error::new(
            ErrorKind::Storage,
            "Whether Tributary starts with the desktop could not be changed or told",
        )
        .remedy("Change it in the settings of your system")
        .caused_by(error)
    }
}
