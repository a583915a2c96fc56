//! How servers are reached, in the user's own file.

use std::path::PathBuf;

use toml::Table as Out;

use super::document::Table;
use super::user_file::put;
use crate::error::Error;
use crate::network::{ManualProxy, NetworkSettings, ProxyChoice, read_host, read_script};

const KEYS: [&str; 6] = [
    "proxy",
    "proxy_address",
    "proxy_user",
    "proxy_exceptions",
    "ca_files",
    "client_certificates",
];

#[derive(Clone, Copy)]
enum Kind {
    System,
    None,
    Manual,
    Script,
}

const KINDS: [(&str, Kind); 4] = [
    ("system", Kind::System),
    ("none", Kind::None),
    ("manual", Kind::Manual),
    ("script", Kind::Script),
];

pub(super) fn read(table: &Table<'_, '_>) -> Result<NetworkSettings, Error> {
    table.only(&KEYS)?;
    let texts = |key| match table.get(key) {
        Some(value) => value.texts(),
        None => Ok(Vec::new()),
    };
    let kind = match table.get("proxy") {
        Some(kind) => kind.choice(&KINDS)?,
        None => Kind::System,
    };
    let proxy = match kind {
        Kind::System => ProxyChoice::System,
        Kind::None => ProxyChoice::None,
        Kind::Script => {
            let address = table
                .get("proxy_address")
                .ok_or_else(|| table.lacks("proxy_address"))?;
            let read = read_script(&address.text()?);
            let wrong = |error| address.wrong("is no address of a script").caused_by(error);
            ProxyChoice::Script(read.map_err(wrong)?)
        }
        Kind::Manual => {
            let address = table
                .get("proxy_address")
                .ok_or_else(|| table.lacks("proxy_address"))?;
            let read = ManualProxy::read_address(&address.text()?);
            let user = table.get("proxy_user").map(|user| user.text());
            ProxyChoice::Manual(ManualProxy {
                address: read
                    .map_err(|error| address.wrong("is no address of a proxy").caused_by(error))?,
                user: user.transpose()?.filter(|user| !user.is_empty()),
                exceptions: texts("proxy_exceptions")?,
            })
        }
    };
    let mut certificate_hosts = Vec::new();
    if let Some(hosts) = table.get("client_certificates") {
        for host in hosts.texts()? {
            let host = read_host(&host);
            let wrong = |error| hosts.wrong("must be names of hosts").caused_by(error);
            certificate_hosts.push(host.map_err(wrong)?);
        }
    }
    Ok(NetworkSettings {
        proxy,
        ca_files: texts("ca_files")?.into_iter().map(PathBuf::from).collect(),
        certificate_hosts,
    })
}

pub(super) fn write(network: &NetworkSettings) -> Out {
    let mut table = Out::new();
    match &network.proxy {
        ProxyChoice::System => {}
        ProxyChoice::None => put(&mut table, "proxy", Some("none")),
        ProxyChoice::Script(address) => {
            put(&mut table, "proxy", Some("script"));
            put(&mut table, "proxy_address", Some(address.as_str()));
        }
        ProxyChoice::Manual(proxy) => {
            put(&mut table, "proxy", Some("manual"));
            put(&mut table, "proxy_address", Some(proxy.address.as_str()));
            put(&mut table, "proxy_user", proxy.user.clone());
            let exceptions = Some(proxy.exceptions.clone());
            let exceptions = exceptions.filter(|exceptions| !exceptions.is_empty());
            put(&mut table, "proxy_exceptions", exceptions);
        }
    }
    let files = network.ca_files.iter();
    let files: Vec<String> = files
        .filter_map(|file| file.to_str().map(str::to_owned))
        .collect();
    put(
        &mut table,
        "ca_files",
        Some(files).filter(|files| !files.is_empty()),
    );
    let hosts = Some(network.certificate_hosts.clone());
    put(
        &mut table,
        "client_certificates",
        hosts.filter(|hosts| !hosts.is_empty()),
    );
    table
}
