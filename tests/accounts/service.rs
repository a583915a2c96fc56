//! Signing in as a service account, which is for everybody who uses the installation.

use tributary_sandbox::Options;
use tributary_sandbox::sample::documents;
use tributary_sandbox::signin::{Application, Product, Server};

use crate::accounts::stand::{
    begin_sign_in, data_center, page, register_service, settings, with_names,
};
use crate::desktop::{Desktop, free_port, on_a_desktop};

#[test]
fn a_service_account_publishes_for_everybody() {
    on_a_desktop(
        "accounts::service::a_service_account_publishes_for_everybody",
        async |desktop: Desktop| {
            let own = "application-secret";
            let (_, sandbox) = data_center(&desktop, free_port(), own).await;
            let secret = "secret-of-the-service-account";
            register_service(&sandbox, secret);
            let site = sandbox.data_center_url();
            let folder = desktop.sample();
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.click("[data-testid='accounts-button']").await;

            // What people sign in with is no service account, and the server says so.
            begin_sign_in(&window, "confluence-data-center", &site).await;
            window.click("[data-testid='sign-in-way-service']").await;
            window
                .until_script(
                    "return document.querySelector(\"[data-testid='sign-in-managed']\").checked",
                )
                .await;
            window.type_into("sign-in-client-id", "own").await;
            window.type_into("sign-in-client-secret", own).await;
            window.click("[data-testid='sign-in-go']").await;
            window
                .find_css("[data-testid='sign-in-dialog'] [data-testid='error']")
                .await;
            with_names(&window, &sandbox, 0).await;
            window.pictures(&desktop, "sign-in-service").await;
            window.choose("sign-in-host", &site).await;

            window.choose("sign-in-client-id", "publisher").await;
            window.type_into("sign-in-client-secret", secret).await;
            window.click("[data-testid='sign-in-go']").await;
            let waiting = window.text("sign-in-waiting").await;
            assert!(
                waiting.contains("Individual Access is in force"),
                "{waiting}"
            );
            window.click("[data-testid='sign-in-done']").await;
            window.until_states("ok").await;
            let account = window.text("account").await;
            assert!(account.contains("service account"), "{account}");
            assert!(!page(&window).await.contains(secret), "the page has it");

            window.click("[data-testid='access-change']").await;
            window.click("[data-testid='access-confirm']").await;
            window.find("access-result").await;
            window.click("[data-testid='access-done']").await;

            // Whoever publishes here does it as that account from now on. That the server ended its
            // access token early is noticed, and it gets another one by itself.
            sandbox.control().accounts().expire_all();
            window.click("[data-testid='publish-tab']").await;
            window.until_script("return document.querySelector(\"[data-testid='space-select']\")?.value === 'DOCS'").await;
            window.click("[data-testid='plan-button']").await;
            window.find("plan-step").await;
            let publishes = window.text("used-publishes").await;
            assert!(publishes.contains("Managed Access"), "{publishes}");
            window.click("[data-testid='publish-button']").await;
            window.find("report").await;
            let pages = sandbox.control().pages(Product::DataCenter, "DOCS");
            assert_eq!(pages.len(), documents() + 1, "ours and the home page");
            window.close().await;
            sandbox.stop().await;
        },
    );
}

/// What a service account of Confluence Cloud is given, so that it can publish.
const CLOUD_SCOPES: [&str; 18] = [
    "read:me",
    "read:page:confluence",
    "read:space:confluence",
    "read:folder:confluence",
    "read:hierarchical-content:confluence",
    "read:attachment:confluence",
    "readonly:content.attachment:confluence",
    "search:confluence",
    "read:confluence-user",
    "read:confluence-content.summary",
    "write:page:confluence",
    "delete:page:confluence",
    "write:folder:confluence",
    "delete:folder:confluence",
    "delete:attachment:confluence",
    "write:confluence-file",
    "write:confluence-content",
    "read:confluence-content.all",
];

#[test]
fn a_service_account_of_the_cloud_publishes_through_the_gateway() {
    on_a_desktop(
        "accounts::service::a_service_account_of_the_cloud_publishes_through_the_gateway",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let at = sandbox.base_url();
            settings(
                &desktop,
                &format!(
                    "[confluence-cloud]\nbase = \"{at}\"\napi = \"{at}\"\n\
                     authorize = \"{at}/authorize\"\ntoken = \"{at}/oauth/token\"\n"
                ),
            );
            let secret = "secret-of-the-service-account-of-the-cloud";
            sandbox.control().accounts().register(Application {
                client_id: "publisher".to_owned(),
                client_secret: secret.to_owned(),
                name: "Publisher".to_owned(),
                redirect_uris: Vec::new(),
                server: Server::Cloud,
                service_scopes: CLOUD_SCOPES.map(str::to_owned).to_vec(),
                public: false,
                device_flow: false,
                github_app: false,
            });
            let folder = desktop.sample();
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.press("accounts-button").await;
            window.press("sign-in-button").await;
            // It is what the form begins with.
            window.until_script("return document.querySelector(\"[data-testid='sign-in-provider']\").value === 'confluence-cloud'").await;
            window.press("sign-in-way-service").await;
            // Atlassian's console asks for what we say here.
            let asked = window.text("sign-in-register").await;
            for part in [
                "service account",
                "write:page:confluence",
                "admin.atlassian.com",
            ] {
                assert!(asked.contains(part), "{part}: {asked}");
            }
            window.type_into("sign-in-client-id", "publisher").await;
            window
                .type_into("sign-in-client-secret", "not-its-secret")
                .await;
            window.press("sign-in-go").await;
            window
                .find_css("[data-testid='sign-in-dialog'] [data-testid='error']")
                .await;
            window.type_into("sign-in-client-secret", secret).await;
            window.press("sign-in-go").await;
            let waiting = window.text("sign-in-waiting").await;
            assert!(
                waiting.contains("Individual Access is in force"),
                "{waiting}"
            );
            window.press("sign-in-done").await;
            window.until_states("ok").await;
            let account = window.text("account").await;
            assert!(account.contains("service account"), "{account}");
            assert!(!page(&window).await.contains(secret), "the page has it");
            window.press("access-change").await;
            window.press("access-confirm").await;
            window.find("access-result").await;
            window.press("access-done").await;

            // Its access tokens end after an hour, or when the server says so.
            sandbox.control().accounts().expire_all();
            sandbox.control().clear_requests();
            window.press("publish-tab").await;
            window.until_script("return document.querySelector(\"[data-testid='space-select']\")?.value === 'DOCS'").await;
            window.press("plan-button").await;
            window.find("plan-step").await;
            let publishes = window.text("used-publishes").await;
            assert!(publishes.contains("Managed Access"), "{publishes}");
            window.press("publish-button").await;
            window.find("report").await;
            let pages = sandbox.control().pages(Product::Cloud, "DOCS");
            assert_eq!(pages.len(), documents() + 1, "ours and the home page");
            let writes = sandbox.control().writes().into_iter();
            for asked in writes.filter(|asked| asked.path != "/oauth/token") {
                assert!(asked.path.starts_with("/ex/confluence/"), "{}", asked.path);
            }
            window.close().await;
            sandbox.stop().await;
        },
    );
}
