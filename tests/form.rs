//! Filling in the forms of the window as a person does, and reading what it says.

use crate::desktop::{Window, until};

impl Window {
    /// Types into a field.
    pub(crate) async fn type_into(&self, id: &str, text: &str) {
        // The field that was found first may be drawn anew by then.
        until(id, async || self.find(id).await.send_keys(text).await.ok()).await;
    }

    /// Gives a field a value as a person who chooses one does.
    pub(crate) async fn choose(&self, id: &str, value: &str) {
        self.find(id).await;
        self.script(&format!("const field = document.querySelector(\"[data-testid='{id}']\"); field.value = '{value}'; field.dispatchEvent(new Event('input', {{bubbles: true}})); field.dispatchEvent(new Event('change', {{bubbles: true}}))")).await;
    }

    /// What something says.
    pub(crate) async fn text(&self, id: &str) -> String {
        self.find(id).await.text().await.expect("words")
    }

    /// Clicks on what has a test id.
    pub(crate) async fn press(&self, id: &str) {
        self.click(&format!("[data-testid='{id}']")).await;
    }

    /// Waits until the accounts have these states, in their order and with commas between.
    pub(crate) async fn until_states(&self, states: &str) {
        self.until_script(&format!("return [...document.querySelectorAll(\"[data-testid='account']\")].map((row) => row.dataset.state).join() === '{states}'")).await;
    }
}
