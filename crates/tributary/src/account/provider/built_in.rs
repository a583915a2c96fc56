//! The applications that were put in when this program was built.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::vault::Secret;

/// By the provider's id: the id of the application, and its secret where it has one.
const OF_BUILD: [(&str, Option<&str>, Option<&str>); 5] = [
    (
        "confluence-cloud",
        option_env!("TRIBUTARY_CONFLUENCE_CLOUD_CLIENT_ID"),
        option_env!("TRIBUTARY_CONFLUENCE_CLOUD_CLIENT_SECRET"),
    ),
    (
        "github",
        option_env!("TRIBUTARY_GITHUB_CLIENT_ID"),
        option_env!("TRIBUTARY_GITHUB_CLIENT_SECRET"),
    ),
    ("gitlab", option_env!("TRIBUTARY_GITLAB_CLIENT_ID"), None),
    (
        "bitbucket",
        option_env!("TRIBUTARY_BITBUCKET_CLIENT_ID"),
        option_env!("TRIBUTARY_BITBUCKET_CLIENT_SECRET"),
    ),
    (
        "azure-devops",
        option_env!("TRIBUTARY_AZURE_DEVOPS_CLIENT_ID"),
        None,
    ),
];

/// Applications that come with the program, each registered at its provider's usual address. A
/// build for everybody's use brings some; without, people register their own.
#[derive(Debug, Clone, Default)]
pub struct BuiltIn(BTreeMap<String, (String, Option<Arc<Secret>>)>);

impl BuiltIn {
    /// Those that this program was built with.
    pub fn of_build() -> Self {
        let known = OF_BUILD.iter().filter_map(|(provider, client, secret)| {
            let secret = secret.map(|secret| Secret::new(secret.to_owned()));
            Some((*provider, (*client)?, secret))
        });
        known.fold(Self::default(), |all, (provider, client, secret)| {
            all.with(provider, client, secret)
        })
    }

    /// The same, and the application of one more provider.
    #[must_use]
    pub fn with(mut self, provider: &str, client_id: &str, secret: Option<Secret>) -> Self {
        let application = (client_id.to_owned(), secret.map(Arc::new));
        self.0.insert(provider.to_owned(), application);
        self
    }

    /// The application of a provider.
    pub(in crate::account) fn of(&self, provider: &str) -> Option<&(String, Option<Arc<Secret>>)> {
        self.0.get(provider)
    }
}

#[cfg(test)]
mod tests {
    use super::BuiltIn;

    #[test]
    fn what_the_build_was_given_is_what_the_program_has() {
        let built = BuiltIn::of_build();
        for (provider, client) in [
            (
                "confluence-cloud",
                option_env!("TRIBUTARY_CONFLUENCE_CLOUD_CLIENT_ID"),
            ),
            ("github", option_env!("TRIBUTARY_GITHUB_CLIENT_ID")),
            ("gitlab", option_env!("TRIBUTARY_GITLAB_CLIENT_ID")),
            ("bitbucket", option_env!("TRIBUTARY_BITBUCKET_CLIENT_ID")),
            (
                "azure-devops",
                option_env!("TRIBUTARY_AZURE_DEVOPS_CLIENT_ID"),
            ),
            ("gitea", None),
        ] {
            let found = built.of(provider).map(|(client, _)| client.as_str());
            assert_eq!(found, client, "{provider}");
        }
        let secret = option_env!("TRIBUTARY_GITHUB_CLIENT_SECRET");
        let found = built.of("github").and_then(|(_, secret)| secret.as_ref());
        assert_eq!(found.map(|secret| secret.expose()), secret);
        assert!(!format!("{built:?}").contains(secret.unwrap_or("no secret")));
    }
}
