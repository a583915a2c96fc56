//! Signing in as a service account, which is for everybody who uses the installation.

use tributary_sandbox::sample::documents;
use tributary_sandbox::signin::Product;

use crate::accounts::stand::{begin_sign_in, data_center, page, register_service, with_names};
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
