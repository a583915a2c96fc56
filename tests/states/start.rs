//! The start screen while what it lists is asked for or cannot be had, and the strips below the head.

use super::{OFFLINE, SIGNED_OUT, Tour, journey};

/// Somebody who is signed in at a host.
const HOST: &str = "{base: 'https://gitlab.com', host: 'gitlab.com', provider: 'gitlab', providerName: 'GitLab', account: '1', user: 'ada', isUsed: true, health: null}";

impl Tour<'_> {
    /// Leaves the folder for the start screen, which asks for all that it shows.
    pub(super) async fn to_start(&self, folder: &str) {
        self.open(folder).await;
        // The folder is there in whole before it is left.
        self.until_there("source").await;
        self.press("open-another").await;
        self.until_there("home-publication").await;
    }

    async fn start(&self, folder: &str) {
        for command in ["list_hosts", "list_published"] {
            self.answer(command, "'never'").await;
        }
        self.to_start(folder).await;
        self.window
            .find_css("[data-testid='git-hosts'] [role='status']")
            .await;
        self.state("home-loading").await;
        self.answer_truly().await;
        self.answer("list_hosts", &format!("() => [{HOST}]")).await;
        self.answer("list_repositories", "'never'").await;
        self.to_start(folder).await;
        self.until_there("repository-search").await;
        self.state("home-asking").await;
        for (name, error, health) in [
            ("offline", OFFLINE, "offline"),
            ("signed-out", SIGNED_OUT, "needsSignIn"),
        ] {
            let health = format!(
                "{{state: '{health}', message: {error}.message, remedy: null, checked: null}}"
            );
            self.answer(
                "list_hosts",
                &format!("() => [{{...{HOST}, health: {health}}}]"),
            )
            .await;
            for command in ["list_repositories", "list_published"] {
                self.answer(command, error).await;
            }
            self.to_start(folder).await;
            self.window
                .find_css("[data-testid='git-hosts'] .trouble")
                .await;
            self.window
                .find_css("[data-testid='home-publication'] .trouble")
                .await;
            self.state(&format!("home-{name}")).await;
        }
        self.answer("list_hosts", OFFLINE).await;
        self.to_start(folder).await;
        self.window
            .find_css("[data-testid='git-hosts'] .trouble")
            .await;
        self.state("home-hosts-error").await;
    }

    /// What is said below the head, wherever somebody is.
    async fn strips(&self, folder: &str) {
        self.open(folder).await;
        self.until_there("source").await;
        for (name, told, there) in [
            (
                "publishing-elsewhere",
                "publishing: true",
                "publishing-elsewhere",
            ),
            (
                "attention",
                "attention: ['The access of `ada` to `gitlab.com` ends in 3 days', 'The access of `grace` to `acme.atlassian.net` is over']",
                "attention",
            ),
        ] {
            self.answer(
                "start_state",
                &format!("async (truly) => ({{...await truly(), {told}}})"),
            )
            .await;
            self.key("key: 'F5'").await;
            self.until_there(there).await;
            self.state(name).await;
        }
    }
}

#[test]
fn the_start_screen_is_drawn_and_accessible_whatever_can_be_had() {
    journey(
        "states::start::the_start_screen_is_drawn_and_accessible_whatever_can_be_had",
        async |tour, folder| {
            tour.publish_to_the_sandbox(folder).await;
            tour.press("open-another").await;
            tour.start(folder).await;
            tour.answer_truly().await;
            tour.strips(folder).await;
        },
    );
}
