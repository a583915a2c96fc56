//! The certificate with its key that says to a server who we are.

use p12_keystore::{KeyStore, Pkcs12ImportPolicy};
use pkcs8::der::pem::{LineEnding, PemLabel, encode_string};
use pkcs8::{EncryptedPrivateKeyInfoRef, PrivateKeyInfoRef};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use zeroize::Zeroizing;

use super::read_host;
use crate::Sentence;
use crate::error::{Error, ErrorKind, Remedy};
use crate::vault::Secret;

/// A certificate with its key.
pub struct Identity {
    /// Both, in PEM.
    pem: Secret,
    /// Whose it is.
    pub subject: String,
    /// When it ends, in seconds since 1970.
    pub ends: i64,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Identity({})", self.subject)
    }
}

impl Identity {
    /// Takes what was kept.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when it is not what was put there.
    pub(super) fn of_kept(pem: &Secret) -> Result<Self, Error> {
        let damaged = || {
            Error::new(
                ErrorKind::Storage,
                "The client certificate that is kept is damaged",
            )
            .remedy(Remedy::of_each(
                "Give it once more: `tributary network certificate HOST FILE`",
                "Give it once more under Settings, Network",
            ))
        };
        let (certificates, key) = read_pem(pem.expose().as_bytes()).ok_or_else(damaged)?;
        Self::of(&certificates, &key).map_err(|error| damaged().caused_by(error))
    }

    fn of(
        certificates: &[CertificateDer<'static>],
        key: &PrivateKeyDer<'_>,
    ) -> Result<Self, Error> {
        let unfit = |why: Sentence| Error::new(ErrorKind::InvalidInput, why);
        let own = certificates
            .first()
            .ok_or_else(|| unfit(Sentence::from("There is no certificate in it")))?;
        let (_, parsed) = x509_parser::parse_x509_certificate(own).map_err(|error| {
            unfit(Sentence::from("The certificate in it is damaged")).caused_by(error)
        })?;
        let provider = rustls::crypto::ring::default_provider();
        CertifiedKey::from_der(certificates.to_vec(), key.clone_key(), &provider)
            .and_then(|certified| certified.keys_match())
            .map_err(|error| {
                unfit(Sentence::from(
                    "The key in it is not the certificate's, or of a kind that is not known",
                ))
                .caused_by(error)
            })?;
        let mut pem = Zeroizing::new(String::new());
        for certificate in certificates {
            pem.push_str(&in_pem("CERTIFICATE", certificate)?);
        }
        let label = match key {
            PrivateKeyDer::Pkcs1(_) => "RSA PRIVATE KEY",
            PrivateKeyDer::Sec1(_) => "EC PRIVATE KEY",
            _ => PrivateKeyInfoRef::PEM_LABEL,
        };
        pem.push_str(&in_pem(label, key.secret_der())?);
        Ok(Self {
            subject: parsed.subject().to_string(),
            ends: parsed.validity().not_after.timestamp(),
            pem: Secret::new(pem.to_string()),
        })
    }

    /// Both in PEM, to be kept where secrets are kept.
    pub fn pem(&self) -> &Secret {
        &self.pem
    }

    /// As the HTTP client takes it.
    pub(crate) fn for_client(&self) -> Result<reqwest::Identity, Error> {
        reqwest::Identity::from_pem(self.pem.expose().as_bytes()).map_err(|error| {
            Error::new(ErrorKind::Bug, "The client certificate cannot be used").caused_by(error)
        })
    }

    /// As TLS takes it.
    pub(crate) fn for_tls(&self) -> Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)> {
        read_pem(self.pem.expose().as_bytes())
    }
}

/// Reads a file with a certificate and its key: PEM, with the key in the clear or behind a passphrase,
/// or PKCS#12. The passphrase is needed here only; it is kept nowhere.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] saying what is missing or wrong.
pub fn read_identity(bytes: &[u8], passphrase: Option<&Secret>) -> Result<Identity, Error> {
    let unfit = |why: Sentence| {
        Error::new(
            ErrorKind::InvalidInput,
            sentence!("The client certificate cannot be used: {why}", why).with("why", why),
        )
    };
    let wrong_passphrase = || match passphrase {
        Some(_) => unfit(Sentence::from(
            "it is damaged, or that is not its passphrase",
        )),
        None => unfit(Sentence::from("it is behind a passphrase")).remedy(Remedy::of_each(
            "Give the passphrase with `--passphrase-stdin`",
            "Give the passphrase too",
        )),
    };
    if !bytes.windows(11).any(|part| part == b"-----BEGIN ") {
        let typed = passphrase.map_or("", Secret::expose);
        let store = KeyStore::from_pkcs12(bytes, typed, Pkcs12ImportPolicy::Strict)
            .map_err(|error| wrong_passphrase().caused_by(error))?;
        let (_, chain) = store
            .private_key_chain()
            .ok_or_else(|| unfit(Sentence::from("there is no key in it")))?;
        let key = PrivateKeyDer::try_from(chain.key().as_der().to_vec())
            .map_err(|error| unfit(Sentence::from("its key is damaged")).caused_by(error))?;
        let certificates: Vec<CertificateDer<'static>> = chain
            .certs()
            .iter()
            .map(|certificate| CertificateDer::from(certificate.as_der().to_vec()))
            .collect();
        return Identity::of(&certificates, &key);
    }
    if let Some((certificates, key)) = read_pem(bytes) {
        return Identity::of(&certificates, &key);
    }
    let certificates =
        read_certificates(bytes).ok_or_else(|| unfit(Sentence::from("it is damaged")))?;
    let text = std::str::from_utf8(bytes).map_err(|_| unfit(Sentence::from("it is damaged")))?;
    let locked = pem_of(text, EncryptedPrivateKeyInfoRef::PEM_LABEL)
        .ok_or_else(|| unfit(Sentence::from("there is no key in it")))?;
    let Some(typed) = passphrase else {
        return Err(wrong_passphrase());
    };
    let (_, der) = pkcs8::SecretDocument::from_pem(locked)
        .map_err(|_| unfit(Sentence::from("its key is damaged")))?;
    let opened = EncryptedPrivateKeyInfoRef::try_from(der.as_bytes())
        .map_err(|_| unfit(Sentence::from("its key is damaged")))?
        .decrypt(typed.expose())
        .map_err(|_| wrong_passphrase())?;
    let key = PrivateKeyDer::try_from(opened.as_bytes().to_vec())
        .map_err(|error| unfit(Sentence::from("its key is damaged")).caused_by(error))?;
    Identity::of(&certificates, &key)
}

/// A host as [`super::identity_name`] takes it, and the certificate for it, read from a file.
///
/// # Errors
/// Those of [`read_host`] and [`read_identity`]; [`ErrorKind::InvalidInput`] when there is no file.
pub fn identity_for(
    host: &str,
    file: &std::path::Path,
    passphrase: Option<&Secret>,
) -> Result<(String, Identity), Error> {
    let host = read_host(host)?;
    let bytes = crate::store::read_if_there(file)?.ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidInput,
            sentence!("There is no file `{file}`", file = file.display()),
        )
    })?;
    let bytes = Zeroizing::new(bytes);
    Ok((host, read_identity(&bytes, passphrase)?))
}

fn read_certificates(bytes: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(bytes).collect();
    read.ok()
}

fn read_pem(bytes: &[u8]) -> Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)> {
    let key = PrivateKeyDer::from_pem_slice(bytes).ok()?;
    Some((read_certificates(bytes)?, key))
}

fn in_pem(label: &str, der: &[u8]) -> Result<Zeroizing<String>, Error> {
    encode_string(label, LineEnding::LF, der)
        .map(Zeroizing::new)
        .map_err(|error| {
            Error::new(ErrorKind::Bug, "The certificate cannot be written down").caused_by(error)
        })
}

/// The part of a text between the lines of a label, with them.
fn pem_of<'t>(text: &'t str, label: &str) -> Option<&'t str> {
    let end = format!("-----END {label}-----");
    let from = text.find(&format!("-----BEGIN {label}-----"))?;
    let to = text[from..].find(&end)?;
    Some(&text[from..from + to + end.len()])
}
