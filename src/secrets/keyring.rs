//! The system's keyring: the Secret Service on Linux, Keychain and Credential Manager
//! elsewhere.
//!
//! Every question is asked on a thread of its own: the library below runs a runtime that
//! must not run inside another, and a keyring may wait for the user without end.

use super::{Result, SecretsError};
use crate::model::Secret;
use ::keyring::{Entry, Error};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

const SERVICE: &str = "Goyo";
/// The file in a profile that holds the name its secrets go by. No secret itself.
const NAME_FILE: &str = "keyring-name";
/// As long as a user may take to unlock the keyring.
const PATIENCE: Duration = Duration::from_secs(120);

pub(super) fn get(profile: &Path, account: i64) -> Result<Option<Secret>> {
    // A profile that never put anything there need not ask.
    let Some(name) = name(profile)? else { return Ok(None) };
    match ask(name, account, |entry| entry.get_password()) {
        Ok(text) => Ok(Some(Secret::new(text))),
        Err(Refusal::None) => Ok(None),
        Err(Refusal::Error(error)) => Err(error),
    }
}

pub(super) fn set(profile: &Path, account: i64, secret: &Secret) -> Result<()> {
    let name = match name(profile)? {
        Some(name) => name,
        None => make_name(profile)?,
    };
    let secret = secret.clone();
    ask(name, account, move |entry| entry.set_password(secret.reveal())).map_err(Refusal::error)
}

pub(super) fn remove(profile: &Path, account: i64) -> Result<()> {
    let Some(name) = name(profile)? else { return Ok(()) };
    match ask(name, account, |entry| entry.delete_credential()) {
        Ok(()) | Err(Refusal::None) => Ok(()),
        Err(Refusal::Error(error)) => Err(error),
    }
}

/// Why there is no answer.
enum Refusal {
    /// It holds nothing of that name.
    None,
    Error(SecretsError),
}

impl Refusal {
    fn error(self) -> SecretsError {
        match self {
            Self::None => SecretsError::Keyring("it lost the password at once".into()),
            Self::Error(error) => error,
        }
    }
}

fn ask<T: Send + 'static>(
    name: String,
    account: i64,
    work: impl FnOnce(Entry) -> ::keyring::Result<T> + Send + 'static,
) -> std::result::Result<T, Refusal> {
    let (sender, answer) = mpsc::channel();
    let keyring = |text: &str| Refusal::Error(SecretsError::Keyring(text.into()));
    std::thread::Builder::new()
        .name("keyring".into())
        .spawn(move || {
            let done = Entry::new(SERVICE, &format!("{name}/{account}")).and_then(work);
            let _ = sender.send(done.map_err(|error| refusal(&error)));
        })
        .map_err(|_| keyring("the system could not start another thread"))?;
    match answer.recv_timeout(PATIENCE) {
        Ok(answer) => answer,
        Err(mpsc::RecvTimeoutError::Timeout) => {
            Err(keyring("it does not answer; unlock it and try again"))
        }
        Err(mpsc::RecvTimeoutError::Disconnected) => Err(keyring("it broke off")),
    }
}

/// In words of ours: an error of the library may carry the secret itself.
fn refusal(error: &Error) -> Refusal {
    Refusal::Error(match error {
        Error::NoEntry => return Refusal::None,
        Error::NoDefaultStore => SecretsError::NoPlace,
        Error::NoStorageAccess(_) => {
            SecretsError::Keyring("it is locked, or does not let Goyo in; unlock it first".into())
        }
        Error::PlatformFailure(why) => SecretsError::Keyring(why.to_string()),
        Error::Ambiguous(_) => {
            SecretsError::Keyring("it holds the same password twice; remove one of them".into())
        }
        Error::TooLong(..) => SecretsError::TooLong,
        _ => SecretsError::Keyring("it gave an answer that makes no sense".into()),
    })
}

/// The name of this profile in the keyring, if it has one.
fn name(profile: &Path) -> Result<Option<String>> {
    let mut name = String::new();
    match std::fs::File::open(profile.join(NAME_FILE)) {
        Ok(file) => file.take(64).read_to_string(&mut name),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => Err(error),
    }
    .map_err(|error| SecretsError::Keyring(format!("{NAME_FILE}: {error}")))?;
    let name = name.trim();
    match name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        true => Ok(Some(name.to_owned())),
        false => Err(SecretsError::Keyring(format!(
            "the file {NAME_FILE} of the profile is damaged; remove it and enter the passwords again"
        ))),
    }
}

/// Names this profile: two profiles never share secrets.
fn make_name(profile: &Path) -> Result<String> {
    let failed = |error: std::io::Error| SecretsError::Keyring(format!("{NAME_FILE}: {error}"));
    let name: String = super::file::random::<16>()?.iter().map(|b| format!("{b:02x}")).collect();
    std::fs::create_dir_all(profile).map_err(failed)?;
    let mut file = tempfile::NamedTempFile::new_in(profile).map_err(failed)?;
    file.write_all(name.as_bytes()).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(profile.join(NAME_FILE)).map_err(|error| failed(error.error))?;
    Ok(name)
}
