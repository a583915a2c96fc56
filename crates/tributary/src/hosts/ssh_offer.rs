//! With which keys and which agent `ssh` asks a server, for whom a server does not let in: nobody signs
//! in to one here.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Sentence;

/// What `ssh` offers a server.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Offered {
    keys: Vec<String>,
    agent: Option<String>,
}

impl Offered {
    /// As `ssh -G` says it, which reaches no server. None where the program does not say it.
    pub(super) fn ask(mut command: Command) -> Option<Self> {
        let output = command.output().ok()?;
        let said = String::from_utf8_lossy(&output.stdout);
        let agent = std::env::var("SSH_AUTH_SOCK").ok();
        let home = std::env::home_dir();
        let read = Self::read(&said, agent, home.as_deref(), &|path| path.exists());
        output.status.success().then_some(read)
    }

    /// Keys that are not there are offered by nobody: `ssh` names all that it would look for.
    fn read(
        said: &str,
        agent: Option<String>,
        home: Option<&Path>,
        is_there: &dyn Fn(&Path) -> bool,
    ) -> Self {
        let place = |name: &str| match (name.strip_prefix("~/"), home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => PathBuf::from(name),
        };
        let mut offered = Self {
            keys: Vec::new(),
            agent: agent.filter(|socket| !socket.is_empty()),
        };
        for line in said.lines() {
            match line.split_once(' ') {
                Some(("identityfile", name)) if is_there(&place(name)) => {
                    offered.keys.push(name.to_owned());
                }
                Some(("identityagent", "none")) => offered.agent = None,
                Some(("identityagent", name)) if name != "SSH_AUTH_SOCK" => {
                    offered.agent = Some(name.to_owned());
                }
                _ => {}
            }
        }
        offered
    }

    /// As a sentence.
    pub(super) fn in_words(&self) -> Sentence {
        let quoted: Vec<String> = self.keys.iter().map(|key| format!("`{key}`")).collect();
        let keys = match quoted.as_slice() {
            [] => None,
            [key] => Some(sentence!("the key {key}", key)),
            keys => Some(sentence!("the keys {keys}", keys = keys.join(", "))),
        };
        match (keys, self.agent.as_ref()) {
            (None, None) => Sentence::from(
                "`ssh` has no key to offer: none of its files is there, and no agent runs. \
                 `ssh-keygen` makes one",
            ),
            (Some(keys), None) => {
                sentence!("`ssh` offered {keys}, and no agent runs", keys).with("keys", keys)
            }
            (None, Some(socket)) => sentence!(
                "`ssh` offered no keys but those of the agent at `{socket}`",
                socket
            ),
            (Some(keys), Some(socket)) => sentence!(
                "`ssh` offered {keys} and those of the agent at `{socket}`",
                keys,
                socket
            )
            .with("keys", keys),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Offered;

    const SAID: &str = "user git\nhostname git.example.com\nidentityfile ~/.ssh/id_rsa\n\
                        identityfile ~/.ssh/id_ed25519\nidentityfile /keys/work key\n";

    fn words(said: &str, agent: Option<&str>, there: &[&str]) -> String {
        let is_there = |path: &Path| there.iter().any(|known| path == Path::new(known));
        let home = Some(Path::new("/home/ada"));
        Offered::read(said, agent.map(str::to_owned), home, &is_there)
            .in_words()
            .to_string()
    }

    #[test]
    fn only_keys_that_are_there_and_the_agent_in_use_are_named() {
        let nothing = words(SAID, None, &[]);
        assert!(nothing.contains("has no key to offer"), "{nothing}");
        let one = words(SAID, Some(""), &["/home/ada/.ssh/id_ed25519"]);
        assert_eq!(
            one,
            "`ssh` offered the key `~/.ssh/id_ed25519`, and no agent runs"
        );
        let there = ["/home/ada/.ssh/id_rsa", "/keys/work key"];
        let both = words(SAID, Some("/run/agent"), &there);
        assert_eq!(
            both,
            "`ssh` offered the keys `~/.ssh/id_rsa`, `/keys/work key` and those of the agent at \
             `/run/agent`"
        );
        let other = format!("{SAID}identityagent ~/.vault/agent\n");
        let other = words(&other, Some("/run/agent"), &[]);
        assert_eq!(
            other,
            "`ssh` offered no keys but those of the agent at `~/.vault/agent`"
        );
        let none = format!("{SAID}identityagent none\n");
        assert_eq!(words(&none, Some("/run/agent"), &[]), nothing);
        let usual = format!("{SAID}identityagent SSH_AUTH_SOCK\n");
        let usual = words(&usual, Some("/run/agent"), &[]);
        assert!(usual.contains("`/run/agent`"), "{usual}");
    }
}
