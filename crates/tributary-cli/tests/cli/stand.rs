//! A sandbox, a folder of documentation, and the program.

use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;
use tributary_sandbox::signin::Product;
use tributary_sandbox::{Control, HeldPage, Options, Running};

/// The user and token that the sandbox's Cloud knows.
pub(crate) const USER: &str = "author@example.com";
pub(crate) const TOKEN: &str = "sandbox-token";
/// The personal access token that its Data Center knows.
pub(crate) const PAT: &str = "sandbox-pat";

/// Everything a test stands on.
pub(crate) struct Stand {
    runtime: tokio::runtime::Runtime,
    sandbox: Option<Running>,
    home: TempDir,
    folder: TempDir,
}

/// What a run of the program left.
#[derive(Debug)]
pub(crate) struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Stand {
    /// A running sandbox beside a folder named `handbook` with the given files.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime");
        let options = Options {
            port: 0,
            data: None,
            seed: None,
        };
        let sandbox = runtime
            .block_on(tributary_sandbox::start(options))
            .expect("a free port");
        let stand = Self {
            runtime,
            sandbox: Some(sandbox),
            home: tempfile::tempdir().expect("a temporary folder"),
            folder: tempfile::tempdir().expect("a temporary folder"),
        };
        for (path, text) in files {
            stand.put(path, text);
        }
        stand
    }

    /// A stand with the sample repository.
    pub(crate) fn with_sample() -> Self {
        let stand = Self::new(&[]);
        tributary_sandbox::sample::write_to(&stand.docs()).expect("the folder is ours");
        stand
    }

    pub(crate) fn sandbox(&self) -> &Running {
        self.sandbox.as_ref().expect("it runs until the test ends")
    }

    /// Stops the servers, as far as anybody can tell for good.
    pub(crate) fn stop(&mut self) {
        if let Some(sandbox) = self.sandbox.take() {
            self.runtime.block_on(sandbox.stop());
        }
    }

    /// Waits for something that speaks to a server.
    pub(crate) fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    pub(crate) fn control(&self) -> &Control {
        self.sandbox().control()
    }

    /// The folder of documentation.
    pub(crate) fn docs(&self) -> PathBuf {
        self.folder.path().join("handbook")
    }

    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// Writes a file into the documentation.
    pub(crate) fn put(&self, path: &str, contents: impl AsRef<[u8]>) {
        let path = self.docs().join(path);
        tributary::store::write_atomically(&path, contents.as_ref()).expect("the folder is ours");
    }

    /// The Cloud pages of `DOCS` below its home page.
    pub(crate) fn pages(&self) -> Vec<HeldPage> {
        let pages = self.control().pages(Product::Cloud, "DOCS");
        pages
            .into_iter()
            .filter(|page| page.parent_id.is_some())
            .collect()
    }

    /// The Cloud page of a title.
    pub(crate) fn page(&self, title: &str) -> HeldPage {
        let found = self.pages().into_iter().find(|page| page.title == title);
        found.unwrap_or_else(|| panic!("there is no page `{title}`"))
    }

    /// The program with its arguments, in the folder of documentation, on a machine without
    /// display, D-Bus, keystore or configuration.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tributary"));
        fs::create_dir_all(self.docs()).expect("the folder is ours");
        command
            .args(arguments)
            .current_dir(self.docs())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.home())
            .env("XDG_RUNTIME_DIR", self.home())
            .env("TRIBUTARY_HOME", self.home());
        command
    }

    /// Makes sure that no secret is in what was said or written.
    pub(crate) fn is_silent_about(&self, told: &[&Ran], secrets: &[&str]) {
        let mut folders = vec![self.home().to_path_buf()];
        let mut looked = 0;
        while let Some(folder) = folders.pop() {
            let entries = match fs::read_dir(folder) {
                // A keyring that ends takes its folders along.
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                entries => entries.expect("ours"),
            };
            for entry in entries.flatten() {
                let kind = entry.file_type().expect("ours");
                if kind.is_dir() {
                    folders.push(entry.path());
                }
                if !kind.is_file() {
                    // A keyring leaves sockets, which hold nothing.
                    continue;
                }
                let bytes = match fs::read(entry.path()) {
                    Ok(bytes) => bytes,
                    // A keyring that ends puts a file in place of another: all of it is looked at anew.
                    Err(error) if error.kind() == ErrorKind::NotFound => {
                        return self.is_silent_about(told, secrets);
                    }
                    Err(error) => panic!("{}: {error}", entry.path().display()),
                };
                looked += 1;
                for secret in secrets {
                    let found = bytes
                        .windows(secret.len())
                        .any(|part| part == secret.as_bytes());
                    assert!(!found, "{} has a secret in it", entry.path().display());
                }
            }
        }
        assert!(looked > 3, "there were files to look through");
        for told in told {
            for secret in secrets {
                assert!(!format!("{told:?}").contains(secret), "a secret was said");
            }
        }
    }

    /// Runs the program without any credential.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        ran(self.command(arguments).stdin(Stdio::null()).output())
    }

    /// Runs a command on the sandbox's Cloud space `DOCS`, signed in through the environment.
    pub(crate) fn cloud(&self, command: &str, arguments: &[&str]) -> Ran {
        ran(self.on_cloud(command, arguments).output())
    }

    /// The same, started and not waited for.
    pub(crate) fn start_on_cloud(&self, command: &str, arguments: &[&str]) -> Child {
        let mut command = self.on_cloud(command, arguments);
        command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts")
    }

    /// A command on that space, to be changed before it runs.
    pub(crate) fn on_cloud(&self, command: &str, arguments: &[&str]) -> Command {
        let site = self.sandbox().cloud_url();
        let mut all = vec![command, "--site", &site, "--space", "DOCS"];
        all.extend(arguments);
        let mut command = self.command(&all);
        command
            .env("TRIBUTARY_USER", USER)
            .env("TRIBUTARY_TOKEN", TOKEN)
            .stdin(Stdio::null());
        command
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Ran {
    /// The one JSON document on standard output.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error} in standard output:\n{self:#?}"))
    }

    /// Checks the exit code, showing everything when it is another.
    #[track_caller]
    pub(crate) fn ended(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "stdout:\n{}\nstderr:\n{}",
            self.stdout, self.stderr
        );
        self
    }

    /// Checks that a word was said, on whichever stream.
    #[track_caller]
    pub(crate) fn says(&self, words: &[&str]) -> &Self {
        for word in words {
            assert!(
                self.stdout.contains(word) || self.stderr.contains(word),
                "`{word}` was not said\nstdout:\n{}\nstderr:\n{}",
                self.stdout,
                self.stderr
            );
        }
        self
    }
}

/// What a finished process left.
/// Starts a command and gives it what a person types.
pub(crate) fn typed_to(command: &mut Command, input: &str) -> Child {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(input.as_bytes()).expect("it reads");
    child
}

pub(crate) fn ran(output: std::io::Result<Output>) -> Ran {
    let output = output.expect("the program starts");
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// Hears what a program says on its error stream, line by line, until it ends.
pub(crate) fn heard(mut child: Child, mut hear: impl FnMut(&str)) -> Ran {
    let mut lines = BufReader::new(child.stderr.take().expect("a pipe"));
    let mut told = String::new();
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line).expect("readable") == 0 {
            break;
        }
        hear(line.trim());
        told.push_str(&line);
    }
    let mut output = child.wait_with_output().expect("it ends");
    output.stderr = told.into_bytes();
    ran(Ok(output))
}

/// How many outcomes of a report ended in a way.
pub(crate) fn count(report: &Value, ending: &str) -> usize {
    let outcomes = report["outcomes"].as_array().expect("a list");
    outcomes
        .iter()
        .filter(|outcome| outcome["outcome"] == ending)
        .count()
}

/// The outcome of one source.
pub(crate) fn outcome<'r>(report: &'r Value, source: &str) -> &'r Value {
    let outcomes = report["outcomes"].as_array().expect("a list");
    let found = outcomes.iter().find(|outcome| outcome["source"] == source);
    found.unwrap_or_else(|| panic!("the report does not mention `{source}`: {report:#}"))
}

/// A desktop's session with an unlocked Secret Service, as long as this lives.
pub(crate) struct Keyring {
    session: Child,
    bus: String,
}

impl Keyring {
    /// Starts one whose files are below a home folder, encrypted with a password.
    pub(crate) fn start(home: &Path) -> Self {
        // It ends when its standard input does.
        let script = "set -e\n\
            printf 'the password of a desktop' \
              | gnome-keyring-daemon --unlock --components=secrets >/dev/null\n\
            gdbus wait --session --timeout 20 org.freedesktop.secrets\n\
            echo \"$DBUS_SESSION_BUS_ADDRESS\"\n\
            cat >/dev/null\n";
        let mut session = Command::new("dbus-run-session")
            .args(["--", "sh", "-c", script])
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", home)
            .env("XDG_RUNTIME_DIR", home)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("`./scripts/test` installs the package `dbus`");
        let mut bus = String::new();
        let stdout = session.stdout.take().expect("a pipe");
        BufReader::new(stdout)
            .read_line(&mut bus)
            .expect("readable");
        let bus = bus.trim().to_owned();
        assert!(
            !bus.is_empty(),
            "this needs the packages `gnome-keyring` and `libglib2.0-bin`; `./scripts/test` \
             installs them"
        );
        Self { session, bus }
    }

    /// Lets a program see it.
    pub(crate) fn reach(&self, command: &mut Command) {
        command.env("DBUS_SESSION_BUS_ADDRESS", &self.bus);
    }

    /// What the Secret Service has of this program, with the secrets.
    pub(crate) fn contents(&self) -> String {
        let mut search = Command::new("secret-tool");
        search.args(["search", "--all", "--unlock", "service", "tributary"]);
        self.reach(&mut search);
        let found = search.output().expect("the package `libsecret-tools`");
        let told = [found.stdout, found.stderr].concat();
        String::from_utf8_lossy(&told).into_owned()
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        drop(self.session.stdin.take());
        self.session.wait().ok();
    }
}

/// A program that publishes again and again, and what it says meanwhile.
#[cfg(unix)]
pub(crate) struct Repeated {
    child: Child,
    said: std::io::Lines<BufReader<std::process::ChildStdout>>,
    complained: std::io::Lines<BufReader<std::process::ChildStderr>>,
    /// How the line begins that says that it waits.
    waits: &'static str,
}

#[cfg(unix)]
impl Repeated {
    pub(crate) fn start(stand: &Stand, arguments: &[&str], waits: &'static str) -> Self {
        let mut child = stand.start_on_cloud("publish", arguments);
        let said = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let complained = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        Self {
            child,
            said,
            complained,
            waits,
        }
    }

    /// What is said until it waits for the next time.
    #[track_caller]
    pub(crate) fn until_it_waits(&mut self) -> String {
        let mut heard = Vec::new();
        for line in self.said.by_ref() {
            let line = line.expect("text");
            if line.starts_with(self.waits) {
                return heard.join("\n");
            }
            heard.push(line);
        }
        panic!("it ended: {heard:#?}");
    }

    /// Goes on until something with these words is said.
    #[track_caller]
    pub(crate) fn until_it_says(&mut self, words: &str) -> String {
        let mut heard = Vec::new();
        for line in self.said.by_ref() {
            let line = line.expect("text");
            if line.contains(words) {
                return line;
            }
            heard.push(line);
        }
        panic!("it ended without `{words}`: {heard:#?}");
    }

    /// Goes on until it complains with these words.
    #[track_caller]
    pub(crate) fn until_it_complains(&mut self, words: &str) {
        let mut lines = self.complained.by_ref().map(|line| line.expect("text"));
        let found = lines.any(|line| line.contains(words));
        assert!(found, "it ended without a complaint of `{words}`");
    }

    /// Presses Ctrl-C, and sees how it ends.
    #[track_caller]
    pub(crate) fn interrupt(mut self, code: i32) {
        let id = self.child.id().to_string();
        let interrupted = Command::new("kill").args(["-INT", &id]).status();
        assert!(interrupted.expect("`kill` is everywhere").success());
        assert_eq!(self.child.wait().expect("it ends").code(), Some(code));
    }
}
