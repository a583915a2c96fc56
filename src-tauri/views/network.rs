//! How servers are reached, and what the doctor found, as the window shows them.

use serde::{Deserialize, Serialize};
use specta::Type;

/// How servers are reached.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NetworkView {
    pub(crate) chosen: NewNetwork,
    /// Whether an administrator decided about the proxy.
    pub(crate) is_by_policy: bool,
    /// The hosts that are shown a certificate.
    pub(crate) certificate_hosts: Vec<String>,
    /// The server that draws diagrams which are not drawn here.
    pub(crate) diagram_server: Option<String>,
    /// Whether the last words of a crash are written to a file.
    pub(crate) crash_reports: bool,
    /// The folder for them.
    pub(crate) crash_folder: String,
    pub(crate) log: LogView,
    /// The folder that it is in.
    pub(crate) log_folder: String,
}

/// How much is written into the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum LogView {
    Off,
    /// What went wrong.
    Errors,
    /// Each request to a server too.
    Everything,
}

/// What somebody chose.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewNetwork {
    pub(crate) proxy: ProxyView,
    /// The address of the proxy, or of the script, when it is named.
    pub(crate) address: String,
    /// Whom the proxy lets through; empty for everybody.
    pub(crate) user: String,
    /// Hosts, domains and networks that are reached directly.
    pub(crate) exceptions: Vec<String>,
    /// Files with authorities that are trusted too.
    pub(crate) ca_files: Vec<String>,
}

/// Which proxy is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ProxyView {
    System,
    None,
    Manual,
    Script,
}

/// One step of the doctor.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DoctorStepView {
    /// The server it is about; none for this machine.
    pub(crate) subject: Option<String>,
    /// What was looked at, in a word.
    pub(crate) what: String,
    pub(crate) state: DoctorStateView,
    pub(crate) message: String,
    pub(crate) remedy: Option<String>,
}

/// How a step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum DoctorStateView {
    Fine,
    Notice,
    Failed,
}
