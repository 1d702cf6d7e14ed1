//! Why something of the user's was taken back: typed, so that the window can say it in the
//! user's language; as text it is English, for the command line.

/// Why something was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Why {
    /// The server refused; its words.
    #[error("the server refused: {0}")]
    Refused(String),
    /// There is no room on the server; its words.
    #[error("the mailbox is full: {0}")]
    Full(String),
    /// A folder is not on the server, or not any more.
    #[error("the folder is not on the server any more")]
    NoFolder,
    /// The server has numbered a folder anew, and the letter was not found in it.
    #[error(
        "the server has numbered this folder anew, and the letter was not found in it any more"
    )]
    Renumbered,
    /// The server numbers letters anew each time.
    #[error("this server numbers its letters anew each time; Goyo cannot change them there")]
    NoNumbers,
    /// Letters were copied and the originals could not be removed; the server's words. They
    /// lie in both folders.
    #[error("the letters were copied but could not be taken out of their folder: {0}")]
    LeftBehind(String),
    /// A folder was to be removed in which letters lie that are not here.
    #[error("there are letters in the folder that are not here yet")]
    NotEmpty,
    /// The server has no folders in folders.
    #[error("this server does not have folders in other folders")]
    NoLevels,
    /// The server separates levels with this, so no name can have it.
    #[error("on this server a folder's name cannot have '{0}' in it")]
    Separator(char),
    /// The server keeps no labels in this folder, or none but its own.
    #[error("this server does not keep this label")]
    NoLabels,
    /// The user took it back.
    #[error("it was taken back")]
    Undone,
}
