//! Sealing: AES-256-GCM with what belongs to a thing as associated data, and the key that a
//! passphrase makes.
//!
//! A sealed text is `nonce ‖ ciphertext ‖ tag` in lower-case hexadecimal. Nonces are random: 96
//! bits allow 2^32 of them under one key (NIST SP 800-38D, section 8.3), and a vault is not written
//! that often. What is sealed where is decided in [`super::passphrase`].

use std::fmt::Write as _;

use argon2::{Algorithm, Argon2, Params, Version};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::Secret;
use crate::error::{Error, ErrorKind};

/// The length of every key here, in bytes.
const KEY_LENGTH: usize = 32;
/// What a passphrase costs to try: RFC 9106, section 4, second choice, with one lane instead of
/// four, because one thread does it.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
const LANES: u32 = 1;
/// What a file may ask for before we take it for damaged: more would only be a way to hold the
/// program up.
const MOST_MEMORY_KIB: u32 = 1024 * 1024;
const MOST_PASSES: u32 = 64;
const MOST_LANES: u32 = 16;

/// A key of AES-256. Overwritten in memory when it is dropped.
pub(super) struct Key(Zeroizing<[u8; KEY_LENGTH]>);

impl Key {
    pub(super) fn random() -> Result<Self, Error> {
        let mut key = Zeroizing::new([0_u8; KEY_LENGTH]);
        fill(&mut *key)?;
        Ok(Self(key))
    }

    /// Seals bytes; they open only with the same key and context.
    pub(super) fn seal(&self, context: &[u8], bytes: &[u8]) -> Result<String, Error> {
        let mut nonce = [0_u8; NONCE_LEN];
        fill(&mut nonce)?;
        // With room for the tag: growing would leave a copy of the plain bytes behind.
        let mut sealed = Zeroizing::new(Vec::with_capacity(bytes.len() + AES_256_GCM.tag_len()));
        sealed.extend_from_slice(bytes);
        self.cipher()
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(context),
                &mut *sealed,
            )
            .map_err(|_| Error::new(ErrorKind::Bug, "A secret is too long to be sealed"))?;
        Ok(hex(&nonce) + &hex(&sealed))
    }

    /// Opens what was sealed with this key and context; none when it was not, or was changed.
    pub(super) fn open(&self, context: &[u8], sealed: &str) -> Option<Zeroizing<Vec<u8>>> {
        let mut bytes = Zeroizing::new(unhex(sealed)?);
        if bytes.len() < NONCE_LEN {
            return None;
        }
        let ciphertext = Zeroizing::new(bytes.split_off(NONCE_LEN));
        let nonce = Nonce::try_assume_unique_for_key(&bytes).ok()?;
        let mut opened = ciphertext;
        let length = self
            .cipher()
            .open_in_place(nonce, Aad::from(context), &mut opened)
            .ok()?
            .len();
        opened.truncate(length);
        Some(opened)
    }

    /// Seals this key with another one.
    pub(super) fn wrap(&self, with: &Self, context: &[u8]) -> Result<String, Error> {
        with.seal(context, &*self.0)
    }

    /// Opens a key that was sealed with this one.
    pub(super) fn unwrap(&self, context: &[u8], sealed: &str) -> Option<Self> {
        let opened = self.open(context, sealed)?;
        let mut key = Zeroizing::new([0_u8; KEY_LENGTH]);
        if opened.len() != KEY_LENGTH {
            return None;
        }
        key.copy_from_slice(&opened);
        Some(Self(key))
    }

    fn cipher(&self) -> LessSafeKey {
        let key = UnboundKey::new(&AES_256_GCM, &*self.0);
        LessSafeKey::new(key.expect("the key has the length of AES-256"))
    }
}

/// How a key is made from a passphrase. Not secret; kept beside what the key seals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Derivation {
    name: String,
    version: u32,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: String,
}

impl Derivation {
    /// One that nobody used before.
    pub(super) fn new() -> Result<Self, Error> {
        let mut salt = [0_u8; 16];
        fill(&mut salt)?;
        Ok(Self {
            name: Algorithm::Argon2id.as_str().to_owned(),
            version: Version::V0x13.into(),
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            lanes: LANES,
            salt: hex(&salt),
        })
    }

    /// Makes the key. Takes a good part of a second and 64 MiB on purpose; none when this version
    /// does not know how.
    pub(super) fn key(&self, passphrase: &Secret) -> Option<Key> {
        let known = self.name == Algorithm::Argon2id.as_str()
            && self.version == u32::from(Version::V0x13)
            && self.memory_kib <= MOST_MEMORY_KIB
            && self.passes <= MOST_PASSES
            && self.lanes <= MOST_LANES;
        if !known {
            return None;
        }
        let length = Some(KEY_LENGTH);
        let params = Params::new(self.memory_kib, self.passes, self.lanes, length).ok()?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut key = Zeroizing::new([0_u8; KEY_LENGTH]);
        argon2
            .hash_password_into(
                passphrase.expose().as_bytes(),
                &unhex(&self.salt)?,
                &mut *key,
            )
            .ok()?;
        Some(Key(key))
    }
}

/// What belongs to a sealed thing, in a form that no other things have: each part behind its
/// length.
pub(super) fn context(parts: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend((part.len() as u64).to_be_bytes());
        bytes.extend(part.as_bytes());
    }
    bytes
}

/// A name that no other thing has.
pub(super) fn random_name() -> Result<String, Error> {
    let mut bytes = [0_u8; 16];
    fill(&mut bytes)?;
    Ok(hex(&bytes))
}

/// SHA-256 in hexadecimal.
pub(super) fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn fill(bytes: &mut [u8]) -> Result<(), Error> {
    SystemRandom::new()
        .fill(bytes)
        .map_err(|_| Error::new(ErrorKind::Bug, "The system gives no random numbers"))
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a text cannot fail.
        write!(text, "{byte:02x}").ok();
    }
    text
}

/// The bytes that lower-case hexadecimal digits stand for.
fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    if !text.len().is_multiple_of(2) {
        return None;
    }
    let pairs = text.as_bytes().chunks_exact(2);
    pairs
        .map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?))
        .collect()
}
