//! Where secrets are kept, and what becomes of them when something goes wrong.

#[cfg(unix)]
mod hardening;
#[cfg(all(unix, not(target_os = "macos")))]
mod keystore;
