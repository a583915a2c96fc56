//! What the keystore holds for a log: the key that signs, the key that marks credentials, and the
//! head that shows a cut.
//!
//! The entries go by the log's folder, not by what is in it: a log that was exchanged for another
//! or deleted is still compared with what this place should hold.

use std::path::{Path, PathBuf};

use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use zeroize::Zeroizing;

use super::record::{Checkpoint, CredentialMark, hex, sha256, unhex};
use crate::error::{Error, ErrorKind};
use crate::store::lock;
use crate::vault::{Secret, SecretName, Vault};

/// The keys of a log.
pub(super) struct Keys {
    /// The installation the keys were made for.
    pub(super) install: String,
    /// What checks the signatures, in hexadecimal.
    pub(super) public_key: String,
    signing: Ed25519KeyPair,
    marking: hmac::Key,
    marking_id: String,
}

/// How far the log had come when the keystore was told last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    /// The last record.
    pub(super) seq: u64,
    /// Its hash.
    pub(super) hash: String,
    /// The first record that is kept.
    pub(super) first: u64,
    /// The hash before it.
    pub(super) first_prev: String,
}

impl Keys {
    pub(super) fn sign(&self, checkpoint: &mut Checkpoint) {
        checkpoint.public_key.clone_from(&self.public_key);
        let signature = self
            .signing
            .sign(checkpoint.statement(&self.install).as_bytes());
        checkpoint.signature = hex(signature.as_ref());
    }

    pub(super) fn mark(&self, secret: &Secret) -> CredentialMark {
        let tag = hmac::sign(&self.marking, secret.expose().as_bytes());
        CredentialMark {
            key_id: self.marking_id.clone(),
            fp: hex(tag.as_ref()),
        }
    }
}

/// Whether a checkpoint was signed with the key that it names.
pub(super) fn is_signed(checkpoint: &Checkpoint, install: &str) -> bool {
    let (Some(key), Some(signature)) =
        (unhex(&checkpoint.public_key), unhex(&checkpoint.signature))
    else {
        return false;
    };
    let statement = checkpoint.statement(install);
    UnparsedPublicKey::new(&ED25519, key)
        .verify(statement.as_bytes(), &signature)
        .is_ok()
}

/// The keys that the keystore holds for a folder, or none.
pub(super) fn find(vault: &dyn Vault, folder: &Path) -> Result<Option<Keys>, Error> {
    match vault.get(&keys_name(folder))? {
        Some(secret) => Ok(Some(read(&secret)?)),
        None => Ok(None),
    }
}

/// The keys that the keystore holds for a folder, made when there are none; says whether they were
/// made just now.
pub(super) fn find_or_make(
    vault: &dyn Vault,
    folder: &Path,
    install: impl FnOnce() -> Result<String, Error>,
) -> Result<(Keys, bool), Error> {
    if let Some(keys) = find(vault, folder)? {
        return Ok((keys, false));
    }
    // Two programs that begin at once must not each make keys of their own.
    let _locked = lock(&folder.join("keys.lock"))?;
    if let Some(keys) = find(vault, folder)? {
        return Ok((keys, false));
    }
    let random = SystemRandom::new();
    let signing = Ed25519KeyPair::generate_pkcs8(&random).map_err(|_| no_random())?;
    let mut marking = Zeroizing::new([0_u8; 32]);
    random.fill(&mut *marking).map_err(|_| no_random())?;
    let text = Zeroizing::new(format!(
        "1 {} {} {}",
        install()?,
        *Zeroizing::new(hex(signing.as_ref())),
        *Zeroizing::new(hex(&*marking))
    ));
    let secret = Secret::new(text.to_string());
    vault.put(&keys_name(folder), &secret)?;
    Ok((read(&secret)?, true))
}

/// The head that the keystore holds for a folder.
pub(super) fn head(vault: &dyn Vault, folder: &Path) -> Result<Option<Head>, Error> {
    let Some(secret) = vault.get(&head_name(folder))? else {
        return Ok(None);
    };
    let mut words = secret.expose().split(' ');
    let mut next = || words.next().map(str::to_owned);
    let read = (|| {
        (next()? == "1").then_some(())?;
        Some(Head {
            seq: next()?.parse().ok()?,
            hash: next()?,
            first: next()?.parse().ok()?,
            first_prev: next()?,
        })
    })();
    read.map_or_else(|| Err(not_ours()), |head| Ok(Some(head)))
}

/// Tells the keystore how far the log has come.
pub(super) fn put_head(vault: &dyn Vault, folder: &Path, head: &Head) -> Result<(), Error> {
    let Head {
        seq,
        hash,
        first,
        first_prev,
    } = head;
    let text = format!("1 {seq} {hash} {first} {first_prev}");
    vault.put(&head_name(folder), &Secret::new(text))
}

/// A name for an installation that no other has.
pub(super) fn new_install() -> Result<String, Error> {
    let mut bytes = [0_u8; 16];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| no_random())?;
    Ok(hex(&bytes))
}

fn read(secret: &Secret) -> Result<Keys, Error> {
    let read = || {
        let mut words = secret.expose().split(' ');
        (words.next()? == "1").then_some(())?;
        let install = words.next()?.to_owned();
        let signing = Zeroizing::new(unhex(words.next()?)?);
        let signing = Ed25519KeyPair::from_pkcs8(&signing).ok()?;
        let marking = Zeroizing::new(unhex(words.next()?)?);
        Some(Keys {
            install,
            public_key: hex(signing.public_key().as_ref()),
            signing,
            // The mark of the key itself says which key it is, and nothing about it.
            marking_id: sha256(&marking)[..16].to_owned(),
            marking: hmac::Key::new(hmac::HMAC_SHA256, &marking),
        })
    };
    read().ok_or_else(not_ours)
}

/// The folder as it is really called, so that a link to it is no other log, and a log that was
/// deleted is still missed.
fn place(folder: &Path) -> PathBuf {
    for above in folder.ancestors() {
        if let Ok(real) = std::fs::canonicalize(above)
            && let Ok(below) = folder.strip_prefix(above)
        {
            // Joined part by part: joining nothing would end the name with a slash.
            return below.components().fold(real, |path, part| path.join(part));
        }
    }
    folder.to_path_buf()
}

/// Under which names the keystore holds what it does for a folder.
pub(super) fn names(folder: &Path) -> Vec<SecretName> {
    vec![keys_name(folder), head_name(folder)]
}

fn keys_name(folder: &Path) -> SecretName {
    SecretName::audit("keys", &place(folder))
}

fn head_name(folder: &Path) -> SecretName {
    SecretName::audit("head", &place(folder))
}

fn no_random() -> Error {
    Error::new(ErrorKind::Bug, "The system gives no random numbers")
}

fn not_ours() -> Error {
    Error::new(
        ErrorKind::VaultUnavailable,
        "What the keystore holds for the audit log is not what this version wrote",
    )
    .remedy(
        "Use the version of Tributary that wrote it, or remove the entry in your keystore program",
    )
}
