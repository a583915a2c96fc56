//! The workspace's own tests: one binary, so that everything is linked once.
//!
//! - `accounts`: signing in and out in the real window.
//! - `audit`: the audit log in the real window.
//! - `background`: notifications, starting with the desktop, and a battery that is saved.
//! - `unattended`: what is published by itself, where nobody looks at it.
//! - `bindings`: the UI's types are those of the commands.
//! - `oidc_window`: the same against an authorization server of other people.
//! - `hosts`: looking around at every Git host in the real window, and publishing from there.
//! - `choices`: the pages that are written and that go, chosen in a plan.
//! - `injections`: script injections that other people published, in the real window.
//! - `looks`: each form of file as it is drawn in the real window.
//! - `package`: the Debian package, installed, used and removed.
//! - `plain_browser`: the UI in a browser that has nothing of ours, on its fake backend.
//! - `previews`: hostile and large files in the real window.
//! - `publications`: what was published, listed and published again.
//! - `settings`: what somebody decided, seen, kept and heeded.
//! - `targets`: the targets of a repository, and edits of their pages.
//! - `tidy`: the borders, and what documents and permissions promise.
//! - `window`: the real window through WebDriver.
//! - `traces`: where a secret could have been left.
//! - `network`: proxies, certificates and the doctor in the window.
//! - `updates`: newer versions of the program.
//! - `tour`: the first publish, step by step.
//! - `tray`: the real tray over D-Bus.
//! - `states`: every screen in every state, as others' rules of accessibility see it.
//! - `starts`: a first start, a second start, closing and quitting.

#[cfg(target_os = "linux")]
mod accounts;
#[cfg(target_os = "linux")]
mod audit;
#[cfg(target_os = "linux")]
mod background;
mod bindings;
#[cfg(target_os = "linux")]
mod choices;
#[cfg(target_os = "linux")]
mod desktop;
#[cfg(target_os = "linux")]
mod focus;
#[cfg(target_os = "linux")]
mod form;
#[cfg(target_os = "linux")]
mod hosts;
#[cfg(target_os = "linux")]
mod injections;
#[cfg(target_os = "linux")]
mod looks;
#[cfg(target_os = "linux")]
mod network;
#[cfg(target_os = "linux")]
mod oidc_window;
#[cfg(target_os = "linux")]
mod package;
#[cfg(target_os = "linux")]
mod plain_browser;
#[cfg(target_os = "linux")]
mod previews;
#[cfg(target_os = "linux")]
mod publications;
#[cfg(target_os = "linux")]
mod screen;
mod sentences;
#[cfg(target_os = "linux")]
mod settings;
#[cfg(target_os = "linux")]
mod starts;
#[cfg(target_os = "linux")]
mod states;
#[cfg(target_os = "linux")]
mod targets;
mod tidy;
#[cfg(target_os = "linux")]
mod tour;
#[cfg(target_os = "linux")]
mod traces;
#[cfg(target_os = "linux")]
mod tray;
#[cfg(target_os = "linux")]
mod unattended;
#[cfg(target_os = "linux")]
mod updates;
#[cfg(target_os = "linux")]
mod window;
#[cfg(target_os = "linux")]
mod words;
