//! A Git server over SSH that needs neither keys nor a server: a program that takes the place of `ssh`
//! and runs on this machine what it would run there.

use std::path::{Path, PathBuf};

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

    use super::{Starts, run_here};

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
