//! Passwords and tokens: in the system's keyring, else in an encrypted file.
//!
//! Promise: nothing secret is ever written anywhere else, printed, or logged; a file that
//! cannot be opened is never overwritten.

mod file;
mod keyring;

use crate::model::Secret;
use crate::window_thread::keep_out_of;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Names the file that holds the passphrase of the encrypted file.
pub const PASSPHRASE_FILE: &str = "GOYO_PASSPHRASE_FILE";

/// The number under which the key of the receipt server lies: that of no account.
pub const RECEIPT_SERVER: i64 = 0;

/// The longest secret that is kept, in bytes: tokens of some services are long.
pub const LONGEST: usize = 64 << 10;

/// What can go wrong with secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SecretsError {
    /// There is neither a keyring nor a passphrase for the file.
    #[error(
        "there is no keyring here, and no passphrase for the encrypted file; write one into a \
         file and name that file in GOYO_PASSPHRASE_FILE"
    )]
    NoPlace,
    /// The keyring would not.
    #[error("the keyring refused: {0}")]
    Keyring(String),
    /// The file with the passphrase cannot be read, or holds none.
    #[error("the passphrase could not be read from {path} (GOYO_PASSPHRASE_FILE): {why}")]
    PassphraseFile {
        /// Which.
        path: String,
        /// What is wrong with it.
        why: String,
    },
    /// The encrypted file was made with another passphrase.
    #[error(
        "the passphrase is not the one that the passwords of this profile were encrypted with; \
         look at the file that GOYO_PASSPHRASE_FILE names"
    )]
    Passphrase,
    /// The encrypted file is not as it was written.
    #[error(
        "the encrypted file of passwords is damaged: {0}; move it away and enter the passwords \
         again"
    )]
    Damaged(&'static str),
    /// A newer Goyo wrote it.
    #[error("the encrypted file of passwords was written by a newer Goyo; update Goyo to open it")]
    TooNew,
    /// The file could not be read or written.
    #[error("the encrypted file of passwords: {0}")]
    File(String),
    /// It is longer than any password or token.
    #[error("a secret of more than {LONGEST} bytes is not kept")]
    TooLong,
}

/// What functions here return.
pub type Result<T> = std::result::Result<T, SecretsError>;

/// Where the secrets of a profile lie. Every function here may take a second, and the
/// keyring may ask the user to unlock it: never for a thread that draws or serves others.
#[derive(Debug, Clone)]
pub struct Vault {
    profile: PathBuf,
    file: Option<Arc<file::SecretFile>>,
}

impl Vault {
    /// The place for this profile: the file beside it if there is a passphrase in
    /// `GOYO_PASSPHRASE_FILE`, else the keyring.
    pub fn of(profile: &Path) -> Self {
        match std::env::var_os(PASSPHRASE_FILE).filter(|name| !name.is_empty()) {
            Some(name) => Self::with_file(profile, file::Passphrase::In(name.into())),
            None => Self { profile: profile.to_owned(), file: None },
        }
    }

    /// The encrypted file, opened with a passphrase that the user typed.
    pub fn with_passphrase(profile: &Path, passphrase: Secret) -> Self {
        Self::with_file(profile, file::Passphrase::Typed(passphrase))
    }

    fn with_file(profile: &Path, passphrase: file::Passphrase) -> Self {
        let file = file::SecretFile::new(profile, passphrase);
        Self { profile: profile.to_owned(), file: Some(Arc::new(file)) }
    }

    /// The secret of an account, by its number. What the file does not hold may lie in the
    /// keyring still, from before there was a passphrase.
    ///
    /// # Errors
    /// When the place cannot be read.
    pub fn get(&self, account: i64) -> Result<Option<Secret>> {
        keep_out_of("the secrets");
        if let Some(file) = &self.file
            && let Some(secret) = file.get(account)?
        {
            return Ok(Some(secret));
        }
        match keyring::get(&self.profile, account) {
            // The file is there and was asked: it does not know.
            Err(_) if self.file.is_some() => Ok(None),
            answer => answer,
        }
    }

    /// Keeps the secret of an account, in place of the one it had.
    ///
    /// # Errors
    /// When the place cannot be written.
    pub fn set(&self, account: i64, secret: &Secret) -> Result<()> {
        keep_out_of("the secrets");
        if secret.reveal().len() > LONGEST {
            return Err(SecretsError::TooLong);
        }
        match &self.file {
            Some(file) => file.set(account, Some(secret)),
            None => keyring::set(&self.profile, account, secret),
        }
    }

    /// Forgets the secret of an account, wherever it lies.
    ///
    /// # Errors
    /// When the place cannot be written.
    pub fn remove(&self, account: i64) -> Result<()> {
        keep_out_of("the secrets");
        let in_keyring = keyring::remove(&self.profile, account);
        match &self.file {
            Some(file) => file.set(account, None),
            None => in_keyring,
        }
    }
}
