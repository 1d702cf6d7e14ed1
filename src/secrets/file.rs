//! The encrypted file: argon2id (RFC 9106) makes a key of the passphrase,
//! XChaCha20-Poly1305 seals all secrets of the profile at once.
//!
//! ```text
//! 0   8  "goyo-sec"      18 16  salt
//! 8   1  version: 1      34 16  proof of the passphrase, derived beside the key
//! 9   4  memory, KiB     50 24  nonce, new with every write
//! 13  4  passes          74  …  sealed: for each account its number (8 bytes), length
//! 17  1  lanes                  of its secret (4), the secret; then a tag of 16
//! ```
//! Numbers are little-endian. Everything before the seal is part of what it vouches for.
//! The file is replaced as a whole or not at all, and only its owner may read it.

use super::{LONGEST, Result, SecretsError};
use crate::model::Secret;
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{AeadInPlace as _, KeyInit as _, OsRng, rand_core::RngCore as _};
use chacha20poly1305::{Key, Tag, XChaCha20Poly1305, XNonce};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use zeroize::{Zeroize as _, Zeroizing};

const NAME: &str = "passwords.sealed";
const LOCK: &str = "passwords.lock";
const MAGIC: [u8; 8] = *b"goyo-sec";
const VERSION: u8 = 1;
const HEADER: usize = 74;
const TAG: usize = 16;
/// More than any profile's secrets take.
const MAX_FILE: u64 = 16 << 20;
const MAX_PASSPHRASE: u64 = 64 << 10;

/// What making a key costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cost {
    memory: u32,
    passes: u32,
    lanes: u8,
}

/// What new files are written with: about a fifth of a second.
const COST: Cost = Cost { memory: 64 << 10, passes: 3, lanes: 1 };
/// What a file may ask for at most: it is not to make us reserve all memory there is.
const MOST: Cost = Cost { memory: 512 << 10, passes: 64, lanes: 16 };

/// Where the passphrase comes from.
#[derive(Debug)]
pub(super) enum Passphrase {
    In(PathBuf),
    Typed(Secret),
}

impl Passphrase {
    fn read(&self) -> Result<Zeroizing<Vec<u8>>> {
        let path = match self {
            Self::Typed(secret) => return Ok(Zeroizing::new(secret.reveal().as_bytes().to_vec())),
            Self::In(path) => path,
        };
        let failed =
            |why: String| SecretsError::PassphraseFile { path: path.display().to_string(), why };
        // Reserved at once: growing would leave copies behind.
        let mut text = Zeroizing::new(Vec::with_capacity(MAX_PASSPHRASE as usize + 1));
        File::open(path)
            .and_then(|file| file.take(MAX_PASSPHRASE + 1).read_to_end(&mut text))
            .map_err(|error| failed(error.to_string()))?;
        if text.len() as u64 > MAX_PASSPHRASE {
            return Err(failed("it is too long".into()));
        }
        // Editors end a file with a line end.
        for end in [b'\n', b'\r'] {
            if text.last() == Some(&end) {
                text.pop();
            }
        }
        match text.is_empty() {
            true => Err(failed("it is empty".into())),
            false => Ok(text),
        }
    }
}

/// A key and what it was made of.
struct Made {
    cost: Cost,
    salt: [u8; 16],
    proof: [u8; 16],
    key: Zeroizing<[u8; 32]>,
}

/// The encrypted file of a profile.
pub(super) struct SecretFile {
    profile: PathBuf,
    passphrase: Passphrase,
    /// The key made last: making it takes a while. Holding this serialises all work.
    made: Mutex<Option<Made>>,
}

impl std::fmt::Debug for SecretFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecretFile").field("profile", &self.profile).finish_non_exhaustive()
    }
}

type Entries = BTreeMap<i64, Secret>;

impl SecretFile {
    pub(super) fn new(profile: &Path, passphrase: Passphrase) -> Self {
        Self { profile: profile.to_owned(), passphrase, made: Mutex::default() }
    }

    pub(super) fn get(&self, account: i64) -> Result<Option<Secret>> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(self.open(&mut made)?.remove(&account))
    }

    /// Keeps or forgets a secret.
    pub(super) fn set(&self, account: i64, secret: Option<&Secret>) -> Result<()> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        std::fs::create_dir_all(&self.profile).map_err(failed)?;
        // Two programs at once would lose what the first one wrote.
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.profile.join(LOCK))
            .map_err(failed)?;
        lock.lock().map_err(failed)?;
        let mut entries = self.open(&mut made)?;
        let changed = match secret {
            Some(secret) => entries.insert(account, secret.clone()).as_ref() != Some(secret),
            None => entries.remove(&account).is_some(),
        };
        if !changed {
            return Ok(());
        }
        if !made.as_ref().is_some_and(|made| made.cost == COST) {
            *made = Some(self.make(COST, random()?)?);
        }
        match made.as_ref() {
            Some(made) => self.write(&seal(made, random()?, &entries)?),
            None => Err(SecretsError::File("no key".into())),
        }
    }

    /// Everything in the file; nothing if there is none.
    fn open(&self, made: &mut Option<Made>) -> Result<Entries> {
        let mut bytes = Vec::new();
        match File::open(self.profile.join(NAME)) {
            Ok(file) => file.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(failed)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Entries::new());
            }
            Err(error) => return Err(failed(error)),
        };
        let sealed = Sealed::read(&bytes)?;
        let fits = |made: &Made| made.cost == sealed.cost && made.salt == sealed.salt;
        if !made.as_ref().is_some_and(fits) {
            *made = Some(self.make(sealed.cost, sealed.salt)?);
        }
        match made.as_ref() {
            Some(made) if made.proof == sealed.proof => sealed.open(&made.key),
            _ => Err(SecretsError::Passphrase),
        }
    }

    fn make(&self, cost: Cost, salt: [u8; 16]) -> Result<Made> {
        let passphrase = self.passphrase.read()?;
        let params = Params::new(cost.memory, cost.passes, cost.lanes.into(), Some(48))
            .map_err(|_| SecretsError::Damaged("its header asks for the impossible"))?;
        let mut out = Zeroizing::new([0; 48]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(&passphrase, &salt, out.as_mut())
            .map_err(|error| SecretsError::File(error.to_string()))?;
        let mut made = Made { cost, salt, proof: [0; 16], key: Zeroizing::default() };
        let (key, proof) = out.split_at(32);
        made.key.copy_from_slice(key);
        made.proof.copy_from_slice(proof);
        Ok(made)
    }

    fn write(&self, bytes: &[u8]) -> Result<()> {
        // Made by the library so that only its owner may read it.
        let mut file = tempfile::NamedTempFile::new_in(&self.profile).map_err(failed)?;
        file.write_all(bytes).map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        file.persist(self.profile.join(NAME)).map_err(|error| failed(error.error))?;
        // The name, too, is to outlive a power cut.
        #[cfg(unix)]
        File::open(&self.profile).and_then(|dir| dir.sync_all()).map_err(failed)?;
        Ok(())
    }
}

fn failed(error: std::io::Error) -> SecretsError {
    SecretsError::File(error.to_string())
}

/// Bytes that nobody can guess.
pub(super) fn random<const N: usize>() -> Result<[u8; N]> {
    let mut out = [0; N];
    OsRng.try_fill_bytes(&mut out).map_err(|error| {
        SecretsError::File(format!("the system gave no random numbers: {error}"))
    })?;
    Ok(out)
}

/// A file as read, not opened yet.
struct Sealed<'a> {
    header: &'a [u8; HEADER],
    cost: Cost,
    salt: [u8; 16],
    proof: [u8; 16],
    nonce: [u8; 24],
    body: &'a [u8],
    tag: &'a [u8; TAG],
}

/// Takes the first bytes off.
fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N]> {
    let (first, others) =
        rest.split_first_chunk::<N>().ok_or(SecretsError::Damaged("it is cut short"))?;
    *rest = others;
    Ok(*first)
}

impl<'a> Sealed<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self> {
        if bytes.len() as u64 > MAX_FILE {
            return Err(SecretsError::Damaged("it is too large"));
        }
        let cut = || SecretsError::Damaged("it is cut short");
        let (mut rest, _) = bytes.split_at_checked(9).ok_or_else(cut)?;
        if take(&mut rest)? != MAGIC {
            return Err(SecretsError::Damaged("it is something else"));
        }
        if take(&mut rest)? != [VERSION] {
            return Err(SecretsError::TooNew);
        }
        let (header, body) = bytes.split_first_chunk::<HEADER>().ok_or_else(cut)?;
        let (body, tag) = body.split_last_chunk::<TAG>().ok_or_else(cut)?;
        let mut rest = header.as_slice();
        take::<9>(&mut rest)?;
        let cost = Cost {
            memory: u32::from_le_bytes(take(&mut rest)?),
            passes: u32::from_le_bytes(take(&mut rest)?),
            lanes: take::<1>(&mut rest)?[0],
        };
        if cost.memory > MOST.memory || cost.passes > MOST.passes || cost.lanes > MOST.lanes {
            return Err(SecretsError::Damaged("its header asks for too much"));
        }
        let (salt, proof, nonce) = (take(&mut rest)?, take(&mut rest)?, take(&mut rest)?);
        Ok(Self { header, cost, salt, proof, nonce, body, tag })
    }

    fn open(&self, key: &[u8; 32]) -> Result<Entries> {
        let mut plain = Zeroizing::new(self.body.to_vec());
        XChaCha20Poly1305::new(Key::from_slice(key))
            .decrypt_in_place_detached(
                XNonce::from_slice(&self.nonce),
                self.header,
                &mut plain,
                Tag::from_slice(self.tag),
            )
            .map_err(|_| SecretsError::Damaged("its seal is broken"))?;
        let mut entries = Entries::new();
        let mut rest = plain.as_slice();
        while !rest.is_empty() {
            let account = i64::from_le_bytes(take(&mut rest)?);
            let length = u32::from_le_bytes(take(&mut rest)?) as usize;
            let (secret, others) = rest
                .split_at_checked(length)
                .filter(|_| length <= LONGEST)
                .ok_or(SecretsError::Damaged("an entry is too long"))?;
            let text = std::str::from_utf8(secret)
                .map_err(|_| SecretsError::Damaged("an entry is no text"))?;
            entries.insert(account, Secret::new(text.to_owned()));
            rest = others;
        }
        Ok(entries)
    }
}

fn seal(made: &Made, nonce: [u8; 24], entries: &Entries) -> Result<Vec<u8>> {
    let mut out = Vec::with_capacity(
        HEADER + TAG + entries.values().map(|secret| 12 + secret.reveal().len()).sum::<usize>(),
    );
    out.extend(MAGIC);
    out.push(VERSION);
    out.extend(made.cost.memory.to_le_bytes());
    out.extend(made.cost.passes.to_le_bytes());
    out.push(made.cost.lanes);
    out.extend(made.salt);
    out.extend(made.proof);
    out.extend(nonce);
    for (account, secret) in entries {
        out.extend(account.to_le_bytes());
        // `Vault::set` guards the length.
        out.extend((secret.reveal().len() as u32).to_le_bytes());
        out.extend(secret.reveal().as_bytes());
    }
    let sealed = out.split_at_mut_checked(HEADER).and_then(|(header, body)| {
        XChaCha20Poly1305::new(Key::from_slice(made.key.as_slice()))
            .encrypt_in_place_detached(XNonce::from_slice(&nonce), header, body)
            .ok()
    });
    match sealed {
        Some(tag) => {
            out.extend(tag);
            Ok(out)
        }
        None => {
            out.zeroize();
            Err(SecretsError::File("it could not be encrypted".into()))
        }
    }
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
