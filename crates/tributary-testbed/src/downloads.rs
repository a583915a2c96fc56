//! A server that offers newer versions of a program, behind TLS and a proxy.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use minisign::KeyPair;
use sha2::{Digest, Sha256};

use crate::company::{Authority, Proxy, answer, serve_secured};

/// Where the latest version is described.
pub const DESCRIPTION: &str = "/tributary/latest.json";
/// Where the signature of that is.
pub const SIGNATURE: &str = "/tributary/latest.json.minisig";
/// Where its file is.
pub const FILE: &str = "/tributary/Tributary.AppImage";

/// A server of everything below `acme.com`, and the key of who makes the versions.
pub struct Downloads {
    /// The proxy that leads to it.
    pub proxy: Proxy,
    /// The key of who makes the versions.
    pub keys: KeyPair,
    answers: Arc<Mutex<HashMap<String, String>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Downloads {
    /// One that an authority vouches for and that has nothing yet.
    ///
    /// # Panics
    /// When no key can be made.
    pub fn new(authority: &Authority) -> Self {
        let answers: Arc<Mutex<HashMap<String, String>>> = Arc::default();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let (held, heard) = (Arc::clone(&answers), Arc::clone(&asked));
        let serve = move |head: &str| {
            let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
            heard.push(head.to_owned());
            let path = head.split(' ').nth(1).unwrap_or_default();
            let held = held.lock().unwrap_or_else(PoisonError::into_inner);
            let found = held.get(path).cloned();
            found.unwrap_or_else(|| answer("404 Not Found", "", ""))
        };
        let server = authority.vouch("*.acme.com");
        Self {
            proxy: Proxy::to(serve_secured(&server, None, Arc::new(serve)), None),
            keys: KeyPair::generate_unencrypted_keypair().expect("a key"),
            answers,
            asked,
        }
    }

    /// Where the latest version is described.
    pub fn address(&self) -> String {
        format!("https://downloads.acme.com{DESCRIPTION}")
    }

    /// The public key.
    pub fn key(&self) -> String {
        self.keys.pk.to_base64()
    }

    /// Answers so at a path from now on.
    pub fn put(&self, path: &str, answer: String) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.insert(path.to_owned(), answer);
    }

    /// What is answered at a path.
    pub fn answer_at(&self, path: &str) -> Option<String> {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.get(path).cloned()
    }

    /// The heads of all requests.
    pub fn asked(&self) -> Vec<String> {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.clone()
    }

    /// Describes a version with a file for this machine, and signs it.
    pub fn offer(&self, version: &str, file: &str) {
        let artifact = serde_json::json!({
            "url": "Tributary.AppImage",
            "size": file.len(),
            "sha256": sum(file),
        });
        let name = format!("linux-{}-appimage", std::env::consts::ARCH);
        self.describe(&serde_json::json!({
            "version": version,
            "notes": "Faster.",
            "page": "https://downloads.acme.com/tributary/",
            "artifacts": {name: artifact},
        }));
        self.put(FILE, answer("200 OK", "", file));
    }

    /// Puts a description there, and its signature.
    pub fn describe(&self, description: &serde_json::Value) {
        let description = description.to_string();
        let signature = sign(&self.keys, &description);
        self.put(SIGNATURE, answer("200 OK", "", &signature));
        self.put(DESCRIPTION, answer("200 OK", "", &description));
    }
}

/// Signs a text.
///
/// # Panics
/// When that does not work.
pub fn sign(keys: &KeyPair, text: &str) -> String {
    let signed = minisign::sign(Some(&keys.pk), &keys.sk, text.as_bytes(), None, None);
    signed.expect("it is signed").into_string()
}

/// The SHA-256 of a text.
pub fn sum(text: &str) -> String {
    let sum = Sha256::digest(text.as_bytes());
    sum.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What begins as an AppImage for the usual processor does.
pub fn program(words: &str) -> String {
    let mut head = "\u{7f}ELF\u{2}\u{1}\u{1}\0AI\u{2}\0\0\0\0\0\u{2}\0".to_owned();
    head.push('\u{3e}');
    head.push('\0');
    head + words
}
