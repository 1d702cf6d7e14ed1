//! Keys of rows, each its own type so that they cannot be mixed up.

use std::fmt;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id! {
    /// A mail account, or the local one.
    AccountId
}
id! {
    /// A folder of an account.
    FolderId
}
id! {
    /// A letter: one place (account, folder, uid). What `--json` calls `id`.
    LetterId
}
id! {
    /// A mail's content, which several letters may share. Its numbers grow with
    /// the mail's date, so that the highest is the newest.
    MailId
}
id! {
    /// A conversation.
    ThreadId
}
id! {
    /// Something the user did: what is undone together.
    GestureId
}
id! {
    /// One thing a server is to be told of what the user did.
    IntentId
}
id! {
    /// A letter being written.
    DraftId
}
id! {
    /// A file of a letter being written.
    FileId
}
id! {
    /// A letter given away to be sent.
    OutboxId
}
id! {
    /// One transaction with the server that sends.
    DeliveryId
}
id! {
    /// Somebody a letter was sent to.
    RecipientId
}
