//! What can go wrong in the store, in sentences a person can act on.

use super::search::QueryError;
use crate::model::{LetterId, Obstacle};
use std::path::PathBuf;
use std::sync::Arc;

/// An error of the store.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// SQLite refused.
    #[error("the mail store could not be read or written: {0}{hint}", hint = hint(.0))]
    Sqlite(#[source] Arc<rusqlite::Error>),
    /// A file or folder beside the database.
    #[error("{path}: {source}", path = path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// What.
        #[source]
        source: Arc<std::io::Error>,
    },
    /// A newer Goyo wrote it.
    #[error(
        "this mail store was written by a newer Goyo (form {found}, this one knows {known}); \
         update Goyo to open it"
    )]
    TooNew {
        /// The store's form.
        found: i64,
        /// The newest form this program knows.
        known: i64,
    },
    /// Another process works on the profile.
    #[error(
        "another Goyo is working on this profile ({}){}; wait until it is done",
        path.display(),
        super::holder::named(by.as_ref())
    )]
    Busy {
        /// The lock file.
        path: PathBuf,
        /// Who it is, where that is known.
        by: Option<super::Holder>,
    },
    /// No such folder.
    #[error("there is no folder '{name}'; there is {known}")]
    NoFolder {
        /// What was asked for.
        name: String,
        /// What there is, as text.
        known: String,
    },
    /// No such account.
    #[error("there is no account '{0}'; 'goyo account list' lists them")]
    NoAccount(String),
    /// There is one of this name.
    #[error("there is an account '{0}' already")]
    AccountExists(String),
    /// Not a name for an account.
    #[error("'{0}' cannot be the name of an account: letters, numbers and spaces can")]
    AccountName(String),
    /// The account of this computer stays.
    #[error("the folders of this computer are no account that could be removed")]
    LocalAccount,
    /// No such letter.
    #[error("there is no letter {0}")]
    NoLetter(LetterId),
    /// What was read is not what was written.
    #[error("letter data is damaged ({0}); 'goyo check' tells more")]
    Damaged(String),
    /// What the user asked for is not done: why.
    #[error(transparent)]
    Act(#[from] super::intents::ActError),
    /// The same for letters being written and sent.
    #[error(transparent)]
    Outbox(#[from] super::outbox::OutboxError),
    /// The search could not be understood.
    #[error(transparent)]
    Query(#[from] QueryError),
}

/// An error of SQLite by what can be done about it.
fn sqlite(error: &rusqlite::Error) -> Obstacle {
    use rusqlite::ErrorCode;
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Obstacle::Full,
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            Obstacle::Denied
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Obstacle::Busy,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Obstacle::Damaged,
        _ => Obstacle::Other(error.to_string()),
    }
}

/// What to do about an error of SQLite, where there is something.
fn hint(error: &rusqlite::Error) -> &'static str {
    match sqlite(error) {
        Obstacle::Full => "; make room on the disk and try again",
        Obstacle::Denied => "; the profile must be writable",
        Obstacle::Busy => "; try again in a moment",
        Obstacle::Damaged => "; 'goyo check' tells what is left of it",
        _ => "",
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(Arc::new(error))
    }
}

impl StoreError {
    /// An error of a file beside the database.
    pub(crate) fn io(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        Self::Io { path: path.into(), source: Arc::new(source) }
    }

    /// What stood in the way, by what can be done about it.
    pub fn obstacle(&self) -> Obstacle {
        match self {
            Self::Sqlite(error) => sqlite(error),
            Self::Io { source, .. } => Obstacle::from(source.as_ref()),
            Self::Busy { .. } => Obstacle::Busy,
            Self::NoLetter(_) | Self::NoFolder { .. } => Obstacle::Missing,
            Self::Damaged(_) => Obstacle::Damaged,
            Self::TooNew { .. }
            | Self::NoAccount(_)
            | Self::AccountExists(_)
            | Self::AccountName(_)
            | Self::LocalAccount
            | Self::Act(_)
            | Self::Outbox(_)
            | Self::Query(_) => Obstacle::Other(self.to_string()),
        }
    }
}

/// What the store's functions return.
pub type Result<T> = std::result::Result<T, StoreError>;
