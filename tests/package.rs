//! The Debian package: built, installed into an empty system, used from there, and removed.
//!
//! The programs are those that were built for the tests, since building them for release takes many
//! minutes; all else is what a release has.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::desktop::{Desktop, is_inside, on_a_desktop, program, until};
use crate::screen::Screen;
use crate::settings::open_settings;
use crate::tray::{click, menu, until_ended};

/// Runs a program to its end, and gives what it printed.
fn ran(command: &mut Command) -> String {
    let ended = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let complained = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{command:?}: {complained}");
    String::from_utf8_lossy(&ended.stdout).into_owned()
}

/// Builds the package, or gives the one that was built.
fn package() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("package");
    if is_inside() {
        let made = std::fs::read_dir(&folder).expect("it was built");
        let mut made = made.map(|entry| entry.expect("an entry").path());
        let is_package = |path: &PathBuf| path.extension() == Some(OsStr::new("deb"));
        return made.find(is_package).expect("a package");
    }
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("it is ours");
    }
    let programs = Path::new(program()).parent().expect("a folder");
    assert!(
        programs.join("tributary").exists(),
        "build the command too: cargo build -p tributary-cli"
    );
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/package");
    let told = ran(Command::new(script)
        .arg("--fast")
        .args([OsStr::new("--binaries"), programs.as_os_str()])
        .args([OsStr::new("--to"), folder.as_os_str()]));
    PathBuf::from(told.lines().last().expect("the package's path"))
}

/// A system with nothing on it but what packages bring.
struct System(PathBuf);

impl System {
    fn empty(root: PathBuf) -> Self {
        let database = root.join("var/lib/dpkg");
        for folder in ["info", "updates", "triggers"] {
            std::fs::create_dir_all(database.join(folder)).expect("the folder is made");
        }
        for file in ["status", "available"] {
            tributary::store::write_made(&database.join(file), b"").expect("the file is made");
        }
        Self(root)
    }

    /// What our package needs is not there; that it can be had is looked at by itself.
    fn dpkg(&self, what: &str, name: impl AsRef<OsStr>) {
        let log = self.0.join("var/lib/dpkg/log");
        ran(Command::new("dpkg")
            .arg(format!("--root={}", self.0.display()))
            .arg(format!("--log={}", log.display()))
            .args(["--force-depends", "--force-not-root"])
            .args(["--force-script-chrootless", what])
            .arg(name));
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }

    /// Everything there is, but for dpkg's own book.
    fn files(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut folders = vec![self.0.clone()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                let inside = path.strip_prefix(&self.0).expect("it is below");
                if inside.starts_with("var") {
                    continue;
                }
                found.insert(inside.display().to_string());
                if path.is_dir() {
                    folders.push(path);
                }
            }
        }
        found
    }
}

/// What somebody who installs the package may count on.
const PROMISED: [&str; 16] = [
    "usr/bin/tributary",
    "usr/bin/tributary-desktop",
    "usr/share/applications/tributary-desktop.desktop",
    "usr/share/metainfo/dev.tributary.desktop.metainfo.xml",
    "usr/share/bash-completion/completions/tributary",
    "usr/share/zsh/vendor-completions/_tributary",
    "usr/share/fish/vendor_completions.d/tributary.fish",
    "usr/share/man/man1/tributary.1.gz",
    "usr/share/man/man1/tributary-publish.1.gz",
    "usr/share/man/man1/tributary-accounts-use.1.gz",
    "usr/share/man/man1/tributary-desktop.1.gz",
    "usr/share/icons/hicolor/scalable/apps/tributary-desktop.svg",
    "usr/share/doc/tributary/copyright",
    "usr/share/doc/tributary/changelog.gz",
    "usr/share/doc/tributary/changelog.Debian.gz",
    "usr/share/doc/tributary/third-party-licenses.gz",
];

fn look_at_files(system: &System) {
    let files = system.files();
    for promised in PROMISED {
        assert!(files.contains(promised), "{promised} is not in {files:?}");
    }
    for file in files {
        let path = system.path(&file);
        let mode = path.metadata().expect("it is there").permissions().mode() & 0o7777;
        let wanted = if path.is_dir() || file.starts_with("usr/bin/") {
            0o755
        } else {
            0o644
        };
        assert_eq!(mode, wanted, "{file}");
    }
    for (size, folder) in [
        (32, "32x32"),
        (128, "128x128"),
        (256, "256x256"),
        (512, "512x512"),
    ] {
        let icon = format!("usr/share/icons/hicolor/{folder}/apps/tributary-desktop.png");
        let icon = tauri::image::Image::from_path(system.path(&icon)).expect("an icon");
        assert_eq!((icon.width(), icon.height()), (size, size));
    }
}

/// Every library it asks for is on this machine, which runs the programs, and it asks for those that
/// nothing but this tells of.
fn look_at_dependencies(package: &Path) {
    let depends = ran(Command::new("dpkg-deb")
        .arg("-f")
        .arg(package)
        .arg("Depends"));
    for library in ["libwebkit2gtk-4.1-0", "libayatana-appindicator3-1", "libc6"] {
        assert!(depends.contains(library), "{depends}");
    }
    // No package of sources is about; only whether the machine has what it lists is asked.
    let control = package.with_file_name("none");
    tributary::store::write_made(
        &control,
        b"Source: none\n\nPackage: none\nArchitecture: any\n",
    )
    .expect("a file");
    ran(Command::new("dpkg-checkbuilddeps")
        .args(["-d", depends.trim()])
        .arg(control));
}

/// Every page is one that `man` shows without a complaint.
fn read_manuals(system: &System) {
    let folder = system.path("usr/share/man/man1");
    let pages: Vec<_> = std::fs::read_dir(folder).expect("a folder").collect();
    assert!(
        pages.len() > 30,
        "a page for every command: {}",
        pages.len()
    );
    for page in pages {
        let page = page.expect("an entry").path();
        let shown = Command::new("man")
            .args(["--warnings", "--local-file", "-P", "cat"])
            .arg(&page)
            .env("MANWIDTH", "80")
            .output()
            .expect("man is here");
        let complained = String::from_utf8_lossy(&shown.stderr).into_owned();
        assert!(
            shown.status.success() && complained.is_empty(),
            "{}: {complained}",
            page.display()
        );
        assert!(String::from_utf8_lossy(&shown.stdout).contains("SYNOPSIS"));
    }
}

/// What bash offers after the words of a line, the last of which is begun.
fn completed(system: &System, line: &[&str]) -> String {
    let script = system.path("usr/share/bash-completion/completions/tributary");
    let words = line.join(" ");
    let asked = format!(
        ". '{}' && COMP_WORDS=({words}) COMP_CWORD={} && \
         $(complete -p tributary | sed 's/.*-F \\([^ ]*\\) .*/\\1/') tributary '{}' '{}' && \
         echo \"${{COMPREPLY[@]}}\"",
        script.display(),
        line.len() - 1,
        line[line.len() - 1],
        line[line.len() - 2],
    );
    ran(Command::new("bash").args(["--norc", "-c", &asked]))
}

/// Puts one object into another, as `tauri build --config` does.
fn merge(into: &mut serde_json::Value, from: serde_json::Value) {
    match (into, from) {
        (serde_json::Value::Object(into), serde_json::Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key).or_insert(serde_json::Value::Null), value);
            }
        }
        (into, from) => *into = from,
    }
}

#[test]
fn the_bundles_of_a_release_are_configured_as_tauri_reads_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| -> serde_json::Value {
        let text = std::fs::read_to_string(root.join(path)).expect(path);
        serde_json::from_str(&text).expect(path)
    };
    let mut all = read("tauri.conf.json");
    merge(&mut all, read("packaging/tauri.release.json"));
    // It refuses what it does not know.
    let config: tauri::Config = serde_json::from_value(all).expect("what Tauri reads");
    let links = &config.plugins.0["deep-link"]["desktop"]["schemes"];
    assert_eq!(links, &serde_json::json!(["tributary"]), "everywhere");
    let bundle = config.bundle;
    let targets: BTreeSet<String> = bundle
        .targets
        .to_vec()
        .iter()
        .map(ToString::to_string)
        .collect();
    for target in ["appimage", "rpm", "dmg", "msi"] {
        assert!(targets.contains(target), "{target}: {targets:?}");
    }
    assert!(!targets.contains("deb"), "scripts/package makes that one");
    for icon in &bundle.icon {
        assert!(root.join(icon).exists(), "{icon}");
    }
    let entry = Some(PathBuf::from("src-tauri/tributary.desktop"));
    assert_eq!(bundle.linux.rpm.desktop_template, entry, "with its links");
    assert_eq!(bundle.linux.deb.desktop_template, entry, "the AppImage's");
    // The programs that the configuration takes along are those that the workflow puts there.
    let workflow = std::fs::read_to_string(root.join(".github/workflows/release.yml"));
    let workflow = workflow.expect("the workflow");
    let along = bundle.external_bin.expect("the command goes along");
    assert_eq!(along, ["target/packages/tributary"]);
    assert!(workflow.contains("\"target/packages/tributary-${{ matrix.target }}"));
    assert!(workflow.contains("--config packaging/tauri.release.json"));
}

#[test]
fn the_package_is_installed_used_and_removed() {
    // On the machine as it is, since that is where what the build had can be found.
    let package = package();
    on_a_desktop(
        "package::the_package_is_installed_used_and_removed",
        async |desktop: Desktop| {
            look_at_dependencies(&package);
            let system = System::empty(desktop.home.join("system"));
            system.dpkg("--install", &package);
            look_at_files(&system);
            read_manuals(&system);
            assert!(completed(&system, &["tributary", "publ"]).contains("publish"));
            assert!(completed(&system, &["tributary", "vault", "cho"]).contains("choose"));
            let version = ran(Command::new(system.path("usr/bin/tributary")).arg("--version"));
            assert_eq!(
                version.trim(),
                concat!("tributary ", env!("CARGO_PKG_VERSION"))
            );

            // As the packages of a desktop do when they see that there are new files.
            let applications = system.path("usr/share/applications");
            let entry = applications.join("tributary-desktop.desktop");
            ran(Command::new("desktop-file-validate").arg(&entry));
            let described = "usr/share/metainfo/dev.tributary.desktop.metainfo.xml";
            let described = system.path(described);
            // Also that what it launches is there, as catalogues of programs look.
            ran(Command::new("appstreamcli")
                .args(["validate", "--no-net"])
                .arg(described));
            ran(Command::new("appstreamcli")
                .args(["validate-tree", "--no-net"])
                .arg(&system.0));
            ran(Command::new("update-desktop-database").arg(&applications));
            let used = |name: &str| {
                let path = std::env::var("PATH").unwrap_or_default();
                let mut command = Command::new(name);
                command.env("XDG_DATA_DIRS", system.path("usr/share")).env(
                    "PATH",
                    format!("{}:{path}", system.path("usr/bin").display()),
                );
                command
            };
            let opener =
                ran(used("xdg-mime").args(["query", "default", "x-scheme-handler/tributary"]));
            assert_eq!(opener.trim(), "tributary-desktop.desktop");
            // Whoever names a type of documents exactly goes before the editors, which name text alone.
            for kind in ["inode/directory", "text/markdown", "text/asciidoc"] {
                let openers = ran(used("gio").args(["mime", kind]));
                assert!(!openers.contains("tributary"), "{kind}: {openers}");
            }

            let screen = Screen::open();
            let sample = desktop.sample();
            // What it starts would keep a pipe open that somebody reads to its end.
            let launched = used("gio")
                .arg("launch")
                .args([&entry, &sample])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            assert!(launched.expect("gio is here").success());
            screen.until_shown().await;
            let installed = system.path("usr/bin/tributary-desktop");
            let runs = || {
                let processes = std::fs::read_dir("/proc").expect("processes");
                processes
                    .filter_map(|one| std::fs::read_link(one.ok()?.path().join("exe")).ok())
                    .any(|program| program == installed)
            };
            assert!(runs(), "the window is that of the installed program");
            let (bus, path) = menu().await;
            click(&bus, &path, "Quit").await;
            until("the end of the program", async || (!runs()).then_some(())).await;

            // It is the installed program that starts with the desktop once somebody wants that.
            let window = desktop.driven(&installed, &[], &[]).await;
            window.find("open-path").await;
            open_settings(&window).await;
            window.click("[data-testid='settings-autostart']").await;
            let at_start = desktop
                .home
                .join(".config/autostart/tributary-desktop.desktop");
            let text = until("the file", async || std::fs::read_to_string(&at_start).ok()).await;
            for line in [
                format!("Exec=\"{}\" --hidden", installed.display()),
                format!("TryExec={}", installed.display()),
            ] {
                assert!(text.lines().any(|had| had == line), "{line}: {text}");
            }
            let (bus, path) = menu().await;
            click(&bus, &path, "Quit").await;
            until_ended().await;
            window.close().await;
            // As a desktop does at its start.
            let begin = || {
                let launched = Command::new("gio")
                    .arg("launch")
                    .arg(&at_start)
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .status();
                launched.expect("gio is here").success()
            };
            assert!(begin(), "the program is there");
            let (bus, path) = menu().await;
            assert!(runs(), "the desktop started the installed program");
            click(&bus, &path, "Quit").await;
            until("the end of the program", async || (!runs()).then_some(())).await;

            // The list that the desktop makes goes with the last of its packages.
            std::fs::remove_file(applications.join("mimeinfo.cache")).expect("it was made");
            system.dpkg("--purge", "tributary");
            assert_eq!(system.files(), BTreeSet::new(), "nothing is left");
            // The file is the person's and stays; without the program the desktop passes over it.
            assert!(at_start.exists() && !begin(), "nothing is started");
        },
    );
}
