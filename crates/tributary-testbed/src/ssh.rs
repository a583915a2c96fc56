//! A Git server over SSH, twice: OpenSSH with a server of its own, for the person who runs the tests, and
//! what needs neither keys nor a server, a program that takes the place of `ssh` and runs on this machine
//! what it would run there.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What a program that takes the place of `ssh` was started with.
#[derive(Debug, Clone)]
pub struct Starts(PathBuf);

impl Starts {
    /// What is written down in a file.
    pub fn in_file(file: &Path) -> Self {
        Self(file.to_owned())
    }

    /// The line of a shell script that writes its own start down.
    pub fn noted(&self) -> String {
        format!("printf '%s\\n' \"$*\" >>'{}'", self.0.display())
    }

    /// The arguments of each start since this was asked last, a line for each.
    pub fn since(&self) -> Vec<String> {
        let noted = std::fs::read_to_string(&self.0).unwrap_or_default();
        std::fs::remove_file(&self.0).ok();
        noted.lines().map(str::to_owned).collect()
    }
}

/// Puts a shell script where a program is looked for.
///
/// # Panics
/// When the folder cannot be written to.
#[expect(
    clippy::disallowed_methods,
    reason = "a test writes plain files, and this package has none of ours"
)]
pub fn program(at: &Path, script: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt as _;

    if let Some(folder) = at.parent() {
        std::fs::create_dir_all(folder).expect("the folder is ours");
    }
    std::fs::write(at, format!("#!/bin/sh\n{script}\n")).expect("the folder is ours");
    let executable = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(at, executable).expect("the file is ours");
    at.to_owned()
}

/// Puts a program there that takes the place of `ssh`: it runs the command for the other end here, with
/// the one variable that a Git server accepts from outside (`AcceptEnv GIT_PROTOCOL`). What settings it
/// has, it does not say.
///
/// # Panics
/// When the folder cannot be written to.
pub fn run_here(at: &Path, starts: &Starts) -> PathBuf {
    let script = format!(
        "{}\nfor word; do\n\
         case $word in\n\
         -G) exit 1 ;;\n\
         -oSetEnv=GIT_PROTOCOL=*) export GIT_PROTOCOL=\"${{word#-oSetEnv=GIT_PROTOCOL=}}\" ;;\n\
         esac\n\
         done\nexec sh -c \"$word\"",
        starts.noted()
    );
    program(at, &script)
}

/// The name of the person who runs the test.
///
/// # Panics
/// When the system does not say it.
pub fn user() -> String {
    let user = Command::new("id").arg("-un").output().expect("a user");
    String::from_utf8_lossy(&user.stdout).trim().to_owned()
}

/// OpenSSH with a server of its own, which it starts for each connection, without a port: the arguments of
/// `ssh` with which it reaches `git.example`, at whatever port, as the person who runs the test. Keys and
/// settings are made in a folder; `accepts` is a line of the server's. Says why where the server cannot be
/// started here.
///
/// # Panics
/// When the folder cannot be written to.
#[expect(
    clippy::disallowed_methods,
    reason = "a test writes plain files, and this package has none of ours"
)]
pub fn open_ssh(folder: &Path, accepts: &str) -> Option<Vec<String>> {
    let server = Path::new(env!("CARGO_MANIFEST_DIR")).join("ssh/sshd");
    let unpacked = crate::target().join("sshd");
    let mut check = Command::new(&server);
    check.arg(&unpacked).arg("--check");
    let checked = check.output().expect("the script is beside this");
    if !checked.status.success() {
        let why = String::from_utf8_lossy(&checked.stdout);
        assert!(!why.is_empty(), "it says why: {checked:?}");
        println!("SKIPPED: {}", why.trim());
        return None;
    }
    let place = folder.display();
    for name in ["server", "person"] {
        let made = Command::new("ssh-keygen")
            .args(["-q", "-t", "ed25519", "-N", "", "-f"])
            .arg(folder.join(name))
            .status();
        assert!(made.is_ok_and(|status| status.success()));
    }
    let config = format!(
        "HostKey {place}/server\nAuthorizedKeysFile {place}/person.pub\nStrictModes no\nUsePAM no\n\
         PasswordAuthentication no\nPermitRootLogin yes\nPidFile none\n{accepts}\n"
    );
    let settings = folder.join("config");
    std::fs::write(&settings, config).expect("the folder is ours");
    let key = std::fs::read_to_string(folder.join("server.pub")).expect("it was made");
    let known = format!("git.example,[git.example]:* {key}");
    std::fs::write(folder.join("known"), known).expect("the folder is ours");
    let words = [&server, &unpacked, &settings];
    let words = words.map(|word| quoted(&word.display().to_string()));
    Some(vec![
        "-F/dev/null".to_owned(),
        "-oBatchMode=yes".to_owned(),
        "-oIdentitiesOnly=yes".to_owned(),
        format!("-oIdentityFile={place}/person"),
        format!("-oUserKnownHostsFile={place}/known"),
        format!("-oProxyCommand={}", words.join(" ")),
    ])
}

/// A word as a shell takes it for one, whatever is in it.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// Puts a program there that is found as `ssh` before the real one, and is that with more arguments.
///
/// # Panics
/// When the folder cannot be written to, or there is no `ssh`.
pub fn run_with(at: &Path, starts: &Starts, arguments: &[String]) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path);
    let mut files = folders.map(|folder| folder.join("ssh"));
    let real = files.find(|file| file.is_file());
    let real = real.expect("there is an `ssh`");
    let words = [real.display().to_string()];
    let words = words.iter().chain(arguments).map(|word| quoted(word));
    let words: Vec<String> = words.collect();
    let script = format!("{}\nexec {} \"$@\"", starts.noted(), words.join(" "));
    program(at, &script)
}

/// Puts the program there that a server has beside Git, which says where its large files are asked for.
///
/// # Panics
/// When the folder cannot be written to.
pub fn large_files(folder: &Path, at: &str) -> PathBuf {
    let said = serde_json::json!({"href": at, "header": {}, "expires_in": 3600});
    let script = format!("[ \"$2\" = download ] && [ -d \"$1\" ] && echo '{said}'");
    program(&folder.join("git-lfs-authenticate"), &script)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{Starts, open_ssh, run_here, run_with, user};

    #[test]
    fn the_real_one_reaches_a_server_of_its_own_at_any_port() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let Some(arguments) = open_ssh(folder.path(), "AcceptEnv GIT_PROTOCOL") else {
            return;
        };
        let starts = Starts::in_file(&folder.path().join("started"));
        let ssh = run_with(&folder.path().join("ssh"), &starts, &arguments);
        let server = format!("{}@git.example", user());
        for port in ["-p22", "-p2222"] {
            let ran = Command::new(&ssh)
                .args(["-oSetEnv=GIT_PROTOCOL=version=2", port, "--", &*server])
                .arg("echo \"$GIT_PROTOCOL 'quoted'\"")
                .output()
                .expect("it starts");
            let said = String::from_utf8_lossy(&ran.stdout);
            assert_eq!(said, "version=2 'quoted'\n", "{ran:?}");
        }
        let begins = "-oSetEnv=GIT_PROTOCOL=version=2 -p2222 -- ";
        let noted = starts.since();
        assert!(noted[1].starts_with(begins), "{noted:?}");
    }

    #[test]
    fn it_runs_the_command_for_the_other_end_and_says_no_settings() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let starts = Starts::in_file(&folder.path().join("started"));
        let ssh = run_here(&folder.path().join("ssh"), &starts);
        let run = |arguments: &[&str]| {
            let ran = Command::new(&ssh)
                .args(arguments)
                .env_remove("GIT_PROTOCOL")
                .output()
                .expect("it starts");
            let said = String::from_utf8_lossy(&ran.stdout).into_owned();
            (ran.status.success(), said)
        };
        let command = "echo \"$GIT_PROTOCOL 'quoted'\"";
        let sent = ["-oSetEnv=GIT_PROTOCOL=version=2", "--", "git@x", command];
        assert_eq!(run(&sent), (true, "version=2 'quoted'\n".to_owned()));
        assert_eq!(run(&sent[1..]), (true, " 'quoted'\n".to_owned()));
        assert_eq!(run(&["-G", "--", "git@x"]), (false, String::new()));
        assert_eq!(starts.since().len(), 3);
        assert!(starts.since().is_empty());
    }
}
