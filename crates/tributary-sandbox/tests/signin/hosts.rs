//! The Git hosts' sign-in servers, who-am-I and reading, from the authorize page to a file.

mod github;
mod tokens;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tributary_sandbox::signin::Server;

use crate::application::{CALLBACK, Signin};

const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters-0123456789";
const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// What a test needs to know of a host; written down from the vendors' documentation, not taken
/// from the sandbox.
struct Host {
    server: Server,
    name: &'static str,
    authorize: &'static str,
    token: &'static str,
    scope: &'static str,
    user: &'static str,
    /// Where the answer to `user` names the person.
    login: &'static str,
    handbook: &'static str,
    secret: &'static str,
    file: &'static str,
    secret_file: &'static str,
    public: bool,
}

const HOSTS: [Host; 6] = [
    Host {
        server: Server::Github,
        name: "github",
        authorize: "/login/oauth/authorize",
        token: "/login/oauth/access_token",
        scope: "repo",
        user: "/api/v3/user",
        login: "/login",
        handbook: "/api/v3/repos/acme/handbook",
        secret: "/api/v3/repos/acme/secret-plans",
        file: "/api/v3/repos/acme/handbook/contents/docs/welcome.md",
        secret_file: "/api/v3/repos/acme/secret-plans/contents/README.md",
        public: false,
    },
    Host {
        server: Server::Gitlab,
        name: "gitlab",
        authorize: "/oauth/authorize",
        token: "/oauth/token",
        scope: "read_user read_api read_repository",
        user: "/api/v4/user",
        login: "/username",
        handbook: "/api/v4/projects/acme%2Fhandbook",
        secret: "/api/v4/projects/acme%2Fsecret-plans",
        file: "/api/v4/projects/acme%2Fhandbook/repository/files/docs%2Fwelcome%2Emd/raw?ref=main",
        secret_file: "/api/v4/projects/acme%2Fsecret-plans/repository/files/README%2Emd/raw?ref=main",
        public: true,
    },
    Host {
        server: Server::Bitbucket,
        name: "bitbucket",
        authorize: "/site/oauth2/authorize",
        token: "/site/oauth2/access_token",
        scope: "account repository",
        user: "/2.0/user",
        login: "/account_id",
        handbook: "/2.0/repositories/acme/handbook",
        secret: "/2.0/repositories/acme/secret-plans",
        file: "/2.0/repositories/acme/handbook/src/main/docs/welcome.md",
        secret_file: "/2.0/repositories/acme/secret-plans/src/main/README.md",
        public: false,
    },
    Host {
        server: Server::Entra,
        name: "entra",
        authorize: "/organizations/oauth2/v2.0/authorize",
        token: "/organizations/oauth2/v2.0/token",
        scope: "499b84ac-1321-427f-aa17-267ca6975798/.default offline_access",
        user: "/_apis/profile/profiles/me?api-version=7.1",
        login: "/publicAlias",
        handbook: "/acme/docs/_apis/git/repositories/handbook?api-version=7.1",
        secret: "/acme/docs/_apis/git/repositories/secret-plans?api-version=7.1",
        file: "/acme/docs/_apis/git/repositories/handbook/items?path=/docs/welcome.md&api-version=7.1",
        secret_file: "/acme/docs/_apis/git/repositories/secret-plans/items?path=/README.md",
        public: true,
    },
    Host {
        server: Server::Gitea,
        name: "gitea",
        authorize: "/login/oauth/authorize",
        token: "/login/oauth/access_token",
        scope: "read:user read:repository",
        user: "/api/v1/user",
        login: "/login",
        handbook: "/api/v1/repos/acme/handbook",
        secret: "/api/v1/repos/acme/secret-plans",
        file: "/api/v1/repos/acme/handbook/raw/docs/welcome.md",
        secret_file: "/api/v1/repos/acme/secret-plans/raw/README.md",
        public: false,
    },
    Host {
        server: Server::BitbucketDc,
        name: "bitbucket-dc",
        authorize: "/rest/oauth2/latest/authorize",
        token: "/rest/oauth2/latest/token",
        scope: "REPO_READ",
        user: "/plugins/servlet/applinks/whoami",
        login: "",
        handbook: "/rest/api/latest/projects/ACME/repos/handbook",
        secret: "/rest/api/latest/projects/ACME/repos/secret-plans",
        file: "/rest/api/latest/projects/ACME/repos/handbook/raw/docs/welcome.md",
        secret_file: "/rest/api/latest/projects/ACME/repos/secret-plans/raw/README.md",
        public: false,
    },
];

fn host(server: Server) -> &'static Host {
    HOSTS
        .iter()
        .find(|host| host.server == server)
        .expect("listed above")
}

/// An answer, read whole.
struct Answer {
    status: StatusCode,
    headers: reqwest::header::HeaderMap,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("JSON")
    }
}

impl Host {
    fn path(&self, rest: &str) -> String {
        format!("/hosts/{}{rest}", self.name)
    }

    fn client(&self) -> (String, String) {
        (
            format!("{}-client", self.name),
            format!("{}-secret", self.name),
        )
    }

    async fn call(
        &self,
        signin: &Signin,
        method: Method,
        rest: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Answer {
        let mut request = signin
            .browser
            .request(method, format!("{}{}", signin.base, self.path(rest)))
            .header("user-agent", "tests")
            .body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.expect("an answer");
        Answer {
            status: answer.status(),
            headers: answer.headers().clone(),
            text: answer.text().await.expect("a text"),
        }
    }

    async fn get(&self, signin: &Signin, rest: &str, authorization: &str) -> Answer {
        let headers: &[(&str, &str)] = match authorization {
            "" => &[],
            value => &[
                ("authorization", value),
                (
                    "accept",
                    "application/vnd.github.raw+json, application/json",
                ),
            ],
        };
        self.call(signin, Method::GET, rest, headers, String::new())
            .await
    }

    /// The status of a read by bearer token.
    async fn status(&self, signin: &Signin, rest: &str, token: &str) -> StatusCode {
        let bearer = format!("Bearer {token}");
        self.get(signin, rest, &bearer).await.status
    }

    /// Posts a form, with the application's credentials where the host wants them.
    async fn form(&self, signin: &Signin, rest: &str, form: &[(&str, &str)]) -> Answer {
        let (id, secret) = self.client();
        let in_header = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
        let mut headers = vec![
            ("content-type", "application/x-www-form-urlencoded"),
            ("accept", "application/json"),
        ];
        let mut form = form.to_vec();
        let names_itself = form.iter().any(|(name, _)| *name == "client_id");
        if self.server == Server::Bitbucket {
            headers.push(("authorization", &in_header));
        } else if !names_itself {
            form.push(("client_id", &id));
            if !self.public {
                form.push(("client_secret", &secret));
            }
        }
        self.call(signin, Method::POST, rest, &headers, encoded(&form))
            .await
    }

    async fn code(&self, signin: &Signin, client_id: &str, scope: &str) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let query = [
            ("client_id", client_id),
            ("redirect_uri", CALLBACK),
            ("response_type", "code"),
            ("state", "s"),
            ("scope", scope),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let mut back = signin
            .consent(&self.path(self.authorize), &query, "allow")
            .await;
        assert_eq!(back["state"], "s");
        back.remove("code").expect("a code")
    }

    async fn redeem(&self, signin: &Signin, code: &str, verifier: &str) -> Answer {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", verifier),
        ];
        self.form(signin, self.token, &form).await
    }

    async fn sign_in(&self, signin: &Signin) -> Value {
        let code = self.code(signin, &self.client().0, self.scope).await;
        let answer = self.redeem(signin, &code, VERIFIER).await;
        assert_eq!(
            answer.status,
            StatusCode::OK,
            "{}: {}",
            self.name,
            answer.text
        );
        answer.json()
    }

    async fn refresh(&self, signin: &Signin, tokens: &Value) -> Answer {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", text(tokens, "refresh_token")),
            ("redirect_uri", CALLBACK),
        ];
        self.form(signin, self.token, &form).await
    }
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("`{name}` in {value}"))
}

fn encoded(form: &[(&str, &str)]) -> String {
    let encode = |value: &str| {
        percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    let pairs: Vec<String> = form
        .iter()
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    pairs.join("&")
}

async fn hand(signin: &Signin, rest: &str, body: Value) -> (StatusCode, Value) {
    signin
        .post_json(&format!("/_sandbox/hosts/{rest}"), &body)
        .await
}

#[tokio::test]
async fn a_person_signs_in_everywhere_and_reads_what_they_may() {
    let signin = Signin::start().await;
    for host in &HOSTS {
        for (person, secret) in [("alice", StatusCode::OK), ("bob", StatusCode::NOT_FOUND)] {
            let told = json!({"server": host.name, "user": person});
            assert_eq!(
                hand(&signin, "signed-in", told).await.0,
                StatusCode::NO_CONTENT
            );
            let tokens = host.sign_in(&signin).await;
            let access = text(&tokens, "access_token");
            let user = host
                .get(&signin, host.user, &format!("Bearer {access}"))
                .await;
            let name = match host.login {
                "" => user.text.clone(),
                login => user
                    .json()
                    .pointer(login)
                    .expect("a name")
                    .as_str()
                    .expect("text")
                    .to_owned(),
            };
            assert_eq!(name, person, "{}", host.name);
            assert_eq!(
                host.status(&signin, host.handbook, access).await,
                StatusCode::OK
            );
            let file = host
                .get(&signin, host.file, &format!("Bearer {access}"))
                .await;
            assert_eq!(file.text, "# Welcome\n\nYour first day.\n", "{}", host.name);
            assert_eq!(
                host.status(&signin, host.secret, access).await,
                secret,
                "{}",
                host.name
            );
            assert_eq!(host.status(&signin, host.secret_file, access).await, secret);
            // Nobody, and a token of another host, see nothing.
            for wrong in ["", "Bearer nonsense"] {
                let answer = host.get(&signin, host.handbook, wrong).await;
                assert_ne!(answer.status, StatusCode::OK, "{} {wrong}", host.name);
            }
            for other in HOSTS.iter().filter(|other| other.server != host.server) {
                let status = other.status(&signin, other.handbook, access).await;
                assert_ne!(status, StatusCode::OK, "{} at {}", host.name, other.name);
            }
        }
    }
}

#[tokio::test]
async fn the_verifier_is_checked_everywhere_but_at_bitbucket_cloud() {
    let signin = Signin::start().await;
    for host in &HOSTS {
        let code = host.code(&signin, &host.client().0, host.scope).await;
        let answer = host.redeem(&signin, &code, "another-verifier").await;
        let error = answer.json()["error"].as_str().map(str::to_owned);
        match host.server {
            Server::Bitbucket => assert_eq!((answer.status, error), (StatusCode::OK, None)),
            Server::Github => assert_eq!(
                (answer.status, error.as_deref()),
                (StatusCode::OK, Some("bad_verification_code"))
            ),
            _ => assert_eq!(
                (answer.status, error.as_deref()),
                (StatusCode::BAD_REQUEST, Some("invalid_grant")),
                "{}",
                host.name
            ),
        }
    }
}

#[tokio::test]
async fn access_is_taken_away_by_the_control_interface_alone() {
    let signin = Signin::start().await;
    for host in &HOSTS {
        let tokens = host.sign_in(&signin).await;
        let access = text(&tokens, "access_token");
        let of_alice = json!({"server": host.name, "user": "alice"});
        let change = |allowed: bool| json!({"server": host.name, "user": "alice", "repository": "acme/handbook", "allowed": allowed});
        for (allowed, status) in [(false, StatusCode::NOT_FOUND), (true, StatusCode::OK)] {
            assert_eq!(
                hand(&signin, "access", change(allowed)).await.0,
                StatusCode::NO_CONTENT
            );
            assert_eq!(
                host.status(&signin, host.file, access).await,
                status,
                "{}",
                host.name
            );
        }
        hand(&signin, "tokens/expire", of_alice.clone()).await;
        assert_ne!(
            host.status(&signin, host.file, access).await,
            StatusCode::OK
        );
        if tokens["refresh_token"].is_string() {
            let next = host.refresh(&signin, &tokens).await.json();
            let access = text(&next, "access_token");
            assert_eq!(
                host.status(&signin, host.file, access).await,
                StatusCode::OK
            );
            hand(&signin, "grants/revoke", of_alice).await;
            assert_ne!(
                host.status(&signin, host.file, access).await,
                StatusCode::OK
            );
            let refused = host.refresh(&signin, &next).await.json();
            assert!(refused["error"].is_string(), "{}: {refused}", host.name);
        } else {
            assert_eq!(host.server, Server::Github, "all others refresh");
        }
    }
    let nobody = json!({"server": "github", "user": "carol"});
    assert_eq!(
        hand(&signin, "signed-in", nobody).await.0,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn refreshing_kills_what_each_host_says_it_kills() {
    let signin = Signin::start().await;
    for host in HOSTS.iter().filter(|host| host.server != Server::Github) {
        let first = host.sign_in(&signin).await;
        let second = host.refresh(&signin, &first).await;
        assert_eq!(
            second.status,
            StatusCode::OK,
            "{}: {}",
            host.name,
            second.text
        );
        let old = host
            .status(&signin, host.file, text(&first, "access_token"))
            .await;
        let old_dies = matches!(host.server, Server::Gitlab | Server::BitbucketDc);
        assert_eq!(old != StatusCode::OK, old_dies, "{}", host.name);
        let again = host.refresh(&signin, &first).await;
        let single_use = !matches!(host.server, Server::Entra | Server::Gitea);
        assert_eq!(again.status != StatusCode::OK, single_use, "{}", host.name);
        if single_use {
            assert_eq!(again.json()["error"], "invalid_grant");
        }
    }
    // GitLab wants the redirect address again.
    let gitlab = host(Server::Gitlab);
    let tokens = gitlab.sign_in(&signin).await;
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", text(&tokens, "refresh_token")),
    ];
    let answer = gitlab.form(&signin, gitlab.token, &form).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn lives_are_those_of_the_documentation() {
    let signin = Signin::start().await;
    let lives = [
        (Server::Github, None),
        (Server::Gitlab, Some(7200)),
        (Server::Bitbucket, Some(7200)),
        (Server::Entra, Some(3600)),
        (Server::Gitea, Some(3600)),
        (Server::BitbucketDc, Some(3600)),
    ];
    for (server, life) in lives {
        let tokens = host(server).sign_in(&signin).await;
        assert_eq!(tokens["expires_in"].as_u64(), life, "{tokens}");
        let access = text(&tokens, "access_token").to_owned();
        let Some(life) = life else { continue };
        hand(&signin, "clock", json!({"seconds": life})).await;
        assert_ne!(
            host(server)
                .status(&signin, host(server).file, &access)
                .await,
            StatusCode::OK
        );
    }
}

#[tokio::test]
async fn redirect_addresses_are_compared_by_each_hosts_rule() {
    let signin = Signin::start().await;
    let cases = [
        (Server::Github, "http://127.0.0.1:4711/callback", true),
        (
            Server::Github,
            "http://127.0.0.1:4711/callback/deeper",
            true,
        ),
        (Server::Github, "http://127.0.0.1:4711/callbacks", false),
        (Server::Github, "http://127.0.0.1:4711/other", false),
        (Server::Github, "http://127.0.0.1:4711/callback/../x", false),
        (Server::Gitlab, "http://127.0.0.1:4711/callback", true),
        (
            Server::Gitlab,
            "http://127.0.0.1:4711/callback/deeper",
            false,
        ),
        (Server::Gitlab, "http://user@127.0.0.1:4711/callback", false),
        (Server::Gitlab, "http://localhost:4711/callback", false),
        (Server::Bitbucket, CALLBACK, true),
        (Server::Bitbucket, "http://127.0.0.1:4711/callback", false),
        (Server::Entra, "http://localhost:4711/callback", true),
        (Server::Entra, "http://localhost:4711/Callback", false),
        (Server::Entra, "http://127.0.0.1:4711/callback", false),
        (Server::Gitea, "http://127.0.0.1:4711/callback", false),
        (Server::BitbucketDc, "http://127.0.0.1:4711/callback", false),
    ];
    for (server, address, taken) in cases {
        let host = host(server);
        let (id, _) = host.client();
        let query = [
            ("client_id", id.as_str()),
            ("redirect_uri", address),
            ("response_type", "code"),
            ("scope", host.scope),
        ];
        let page = signin.get(&host.path(host.authorize), &query).await;
        let wanted = if taken {
            StatusCode::OK
        } else {
            StatusCode::BAD_REQUEST
        };
        assert_eq!(page.status(), wanted, "{} {address}", host.name);
    }
}

#[tokio::test]
async fn a_person_may_refuse() {
    let signin = Signin::start().await;
    for host in &HOSTS {
        let (id, _) = host.client();
        let query = [
            ("client_id", id.as_str()),
            ("redirect_uri", CALLBACK),
            ("response_type", "code"),
            ("scope", host.scope),
            ("state", "s"),
        ];
        let back = signin
            .consent(&host.path(host.authorize), &query, "deny")
            .await;
        assert_eq!(
            (back["error"].as_str(), back["state"].as_str()),
            ("access_denied", "s")
        );
    }
}
