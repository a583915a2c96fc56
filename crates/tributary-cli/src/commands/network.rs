//! `tributary network`: how servers are reached.

use std::io::{IsTerminal, Read, stdin};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand};
use serde_json::json;
use tokio::sync::OnceCell;
use tributary::account::Policy;
use tributary::http::Http;
use tributary::network::{
    ManualProxy, Network, NetworkSettings, ProxyChoice, identity_for, identity_name, password_name,
    read_authorities, read_host, read_script,
};
use tributary::settings::Settings;
use tributary::store::Paths;
use tributary::vault::Secret;
use tributary::{Error, ErrorKind};

use super::{blocking, vault};
use crate::output::{Exit, Output};

/// What to do.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say which proxy is used, which authorities are trusted too, who is shown a certificate
    Show,
    /// Choose the proxy: `system`, `none`, an address such as `http://proxy.example.com:8080`, or that
    /// of a script that chooses it
    Proxy(ProxyOptions),
    /// Keep the password for the proxy's user where tokens are kept
    Password(PasswordOptions),
    /// Trust the authorities in a file in PEM too, beside those of the system
    Trust(TrustOptions),
    /// Keep a certificate with its key, to be shown to one host
    Certificate(CertificateOptions),
    /// Show a host no certificate any more, and forget it
    Forget {
        /// The host
        host: String,
    },
}

#[derive(Debug, Args)]
struct ProxyOptions {
    /// `system`, `none`, or the address; one that ends with `.pac` is a script's
    #[arg(value_name = "WHICH")]
    which: String,
    /// The address is that of a script (PAC), or the whole path of one
    #[arg(long)]
    script: bool,
    /// Whom the proxy lets through; `tributary network password` takes the password
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// Reach this host, domain (`.example.com`) or network (`10.0.0.0/8`) directly; may be given
    /// several times
    #[arg(long = "except", value_name = "HOST")]
    exceptions: Vec<String>,
}

#[derive(Debug, Args)]
struct PasswordOptions {
    /// Read it from standard input
    #[arg(long)]
    stdin: bool,
}

#[derive(Debug, Args)]
struct TrustOptions {
    /// The file
    file: PathBuf,
    /// Trust it no more
    #[arg(long)]
    remove: bool,
}

#[derive(Debug, Args)]
struct CertificateOptions {
    /// The host, with the port where it is not the usual one
    host: String,
    /// The certificate with its key, in PEM or PKCS#12. It is read once; what is kept is where
    /// tokens are kept
    file: PathBuf,
    /// Read the passphrase of the file from standard input
    #[arg(long)]
    passphrase_stdin: bool,
}

/// Reads how servers are reached, and lets all that this process sends follow it.
pub(crate) async fn install() -> Result<(), Error> {
    static INSTALLED: OnceCell<()> = OnceCell::const_new();
    let install = || async {
        let network = blocking(|| {
            let settings = Settings::load(&Paths::of_user()?)?;
            in_force(&settings, &Policy::of_machine()?)
        });
        Arc::new(network.await?).use_from_now();
        Ok(())
    };
    INSTALLED.get_or_try_init(install).await.copied()
}

/// The one client, over it.
pub(crate) async fn http() -> Result<Http, Error> {
    install().await?;
    Http::new()
}

/// How servers are reached, with what is kept for it. Blocks.
pub(crate) fn in_force(settings: &Settings, policy: &Policy) -> Result<Network, Error> {
    Network::of_user(&settings.network, policy, &|| Ok(vault::open()?.0))
}

/// Carries the command out.
pub(crate) async fn run(options: &Options, output: &Output) -> Result<Exit, Error> {
    match &options.command {
        None | Some(Command::Show) => show(output).await,
        Some(Command::Proxy(wanted)) => proxy(wanted, output),
        Some(Command::Password(wanted)) => password(wanted, output).await,
        Some(Command::Trust(wanted)) => trust(wanted, output),
        Some(Command::Certificate(wanted)) => certificate(wanted, output).await,
        Some(Command::Forget { host }) => forget(host, output).await,
    }
}

async fn show(output: &Output) -> Result<Exit, Error> {
    let (network, is_by_policy) = blocking(|| {
        let settings = Settings::load(&Paths::of_user()?)?;
        Policy::of_machine()?.network(&settings.network)
    })
    .await?;
    let (proxy, exceptions) = match &network.proxy {
        ProxyChoice::System => ("system".to_owned(), &[][..]),
        ProxyChoice::None => ("none".to_owned(), &[][..]),
        ProxyChoice::Script(address) => (address.to_string(), &[][..]),
        ProxyChoice::Manual(proxy) => (proxy.address.to_string(), &proxy.exceptions[..]),
    };
    let user = match &network.proxy {
        ProxyChoice::Manual(proxy) => proxy.user.as_deref(),
        _ => None,
    };
    let whose = match is_by_policy {
        true => " (by the policy of this machine)",
        false => "",
    };
    let is_script = matches!(network.proxy, ProxyChoice::Script(_));
    let kind = if is_script {
        "as the script says: "
    } else {
        ""
    };
    output.say(&format!("Proxy: {kind}{proxy}{whose}"));
    if let Some(user) = user {
        output.say(&format!("  user: {user}"));
    }
    for exception in exceptions {
        output.say(&format!("  directly: {exception}"));
    }
    for file in &network.ca_files {
        output.say(&format!("Trusted too: {}", file.display()));
    }
    for host in &network.certificate_hosts {
        output.say(&format!("Shown a certificate: {host}"));
    }
    if output.is_json() {
        output.json(&json!({
            "schema": "tributary.network/1",
            "proxy": proxy,
            "proxy_is_script": is_script,
            "by_policy": is_by_policy,
            "proxy_user": user,
            "proxy_exceptions": exceptions,
            "ca_files": network.ca_files,
            "client_certificates": network.certificate_hosts,
        }))?;
    }
    Ok(Exit::Done)
}

fn change(change: impl FnOnce(&mut NetworkSettings) -> Result<(), Error>) -> Result<(), Error> {
    let paths = Paths::of_user()?;
    let mut settings = Settings::load(&paths)?;
    change(&mut settings.network)?;
    settings.save(&paths)
}

fn proxy(wanted: &ProxyOptions, output: &Output) -> Result<Exit, Error> {
    let (choice, says) = match wanted.which.as_str() {
        "system" => (ProxyChoice::System, "The proxy of the system is used."),
        "none" => (ProxyChoice::None, "No proxy is used."),
        address if wanted.script || address.ends_with(".pac") => (
            ProxyChoice::Script(read_script(address)?),
            "The script chooses the proxy; `tributary doctor` says what it chooses.",
        ),
        address => {
            let proxy = ManualProxy {
                address: ManualProxy::read_address(address)?,
                user: wanted.user.clone(),
                exceptions: wanted.exceptions.clone(),
            };
            let says = match proxy.user {
                Some(_) => {
                    "The proxy is used; give its password with `tributary network password`."
                }
                None => "The proxy is used.",
            };
            (ProxyChoice::Manual(proxy), says)
        }
    };
    let is_named = matches!(choice, ProxyChoice::Manual(_));
    if !is_named && (wanted.user.is_some() || !wanted.exceptions.is_empty()) {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            "A user and exceptions belong to a proxy that is named by its address",
        ));
    }
    change(|network| {
        network.proxy = choice;
        Ok(())
    })?;
    output.say(says);
    Ok(Exit::Done)
}

async fn password(wanted: &PasswordOptions, output: &Output) -> Result<Exit, Error> {
    let settings = Settings::load(&Paths::of_user()?)?;
    let (network, _) = Policy::of_machine()?.network(&settings.network)?;
    let name = match &network.proxy {
        ProxyChoice::Manual(proxy) => password_name(proxy),
        _ => None,
    };
    let name = name.ok_or_else(|| {
        Error::new(ErrorKind::InvalidInput, "No proxy with a user is chosen")
            .remedy("Choose one first: `tributary network proxy ADDRESS --user NAME`")
    })?;
    let password = secret(wanted.stdin, "Password of the proxy: ")?;
    vault::must_be_kept().await?;
    blocking(move || vault::open()?.0.put(&name, &password)).await?;
    output.say("The password is kept where tokens are kept.");
    Ok(Exit::Done)
}

fn trust(wanted: &TrustOptions, output: &Output) -> Result<Exit, Error> {
    let file = std::path::absolute(&wanted.file).unwrap_or_else(|_| wanted.file.clone());
    let count = match wanted.remove {
        true => 0,
        false => read_authorities(&file)?.len(),
    };
    change(|network| {
        let known = network.ca_files.len();
        network.ca_files.retain(|trusted| *trusted != file);
        if wanted.remove && network.ca_files.len() == known {
            return Err(not_there(&file));
        }
        if !wanted.remove {
            network.ca_files.push(file.clone());
        }
        Ok(())
    })?;
    output.say(&match wanted.remove {
        true => format!("`{}` is trusted no more.", file.display()),
        false => format!("{count} in `{}` are trusted too.", file.display()),
    });
    Ok(Exit::Done)
}

fn not_there(file: &Path) -> Error {
    Error::new(
        ErrorKind::InvalidInput,
        format!("`{}` is not trusted", file.display()),
    )
    .remedy("`tributary network` lists the files")
}

async fn certificate(wanted: &CertificateOptions, output: &Output) -> Result<Exit, Error> {
    let passphrase = match wanted.passphrase_stdin {
        true => Some(secret(true, "")?),
        false => None,
    };
    let (host, identity) = identity_for(&wanted.host, &wanted.file, passphrase.as_ref())?;
    vault::must_be_kept().await?;
    let says = format!(
        "`{host}` is shown the certificate of {}. The file is not needed any more.",
        identity.subject
    );
    blocking(move || {
        vault::open()?
            .0
            .put(&identity_name(&host), identity.pem())?;
        change(|network| {
            network.certificate_hosts.retain(|known| *known != host);
            network.certificate_hosts.push(host);
            Ok(())
        })
    })
    .await?;
    output.say(&says);
    Ok(Exit::Done)
}

async fn forget(host: &str, output: &Output) -> Result<Exit, Error> {
    let host = read_host(host)?;
    let says = format!("`{host}` is shown no certificate any more.");
    blocking(move || {
        vault::open()?.0.forget(&identity_name(&host))?;
        change(|network| {
            network.certificate_hosts.retain(|known| *known != host);
            Ok(())
        })
    })
    .await?;
    output.say(&says);
    Ok(Exit::Done)
}

/// A secret that is typed, or comes on standard input; never an argument.
fn secret(from_stdin: bool, prompt: &str) -> Result<Secret, Error> {
    let unread = |error| {
        Error::new(ErrorKind::InvalidInput, "The secret could not be read").caused_by(error)
    };
    if !from_stdin && stdin().is_terminal() {
        return rpassword::prompt_password(prompt)
            .map(Secret::new)
            .map_err(unread);
    }
    if !from_stdin {
        return Err(Error::new(ErrorKind::InvalidInput, "No secret was given")
            .remedy("Give it on standard input with `--stdin`"));
    }
    let mut text = String::with_capacity(4096);
    let read = stdin().take(4096).read_to_string(&mut text);
    read.map_err(unread)?;
    let text = text.trim_end_matches(['\r', '\n']).to_owned();
    Ok(Secret::new(text))
}
