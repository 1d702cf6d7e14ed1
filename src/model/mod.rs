//! Plain types that every room speaks. Nothing here does I/O or parsing.

mod account;
mod act;
mod address;
mod digits;
mod domain;
mod draft;
mod envelope;
mod flags;
mod folder;
mod ids;
mod label;
mod obstacle;
mod outbox;
mod receipt;
mod reference;
mod remote;
mod rule;
mod secret;
mod token;
pub mod utf7;

pub use account::{Account, AccountKind, FolderPolicy, Proves, Security, Server, Settings};
pub use act::{Act, FlagChange, Gesture};
pub use address::Address;
pub use digits::hexadecimal;
pub use domain::lies_in;
pub use draft::{
    Attachment, Context, Draft, DraftBody, Identity, InlinePicture, PixelRequest, Quotation,
    ReceiptChoice, Seal,
};
pub use envelope::Envelope;
pub use flags::Flags;
pub use folder::{LONGEST_PATH, Role, folder_level};
pub use ids::{
    AccountId, DeliveryId, DraftId, FileId, FolderId, GestureId, IntentId, LetterId, MailId,
    OutboxId, RecipientId, ThreadId,
};
pub use label::{Label, LabelError};
pub use obstacle::Obstacle;
pub use outbox::{Delivered, Hindrance, OutLetter, OutRecipient, Word};
pub use receipt::{
    Evidence, Fetcher, FetcherKind, ReceiptState, Reported, Standing, Step, standing,
};
pub use reference::{
    Allowed, Answer, Failing, Ledger, LedgerEntry, Link, Reason, Reference, RequestMade, Tracker,
    TrackerKind, Verdict, Visible,
};
pub use remote::{Remote, Way};
pub use rule::{Made, Proof, Rule, Scope};
pub use secret::Secret;
pub use token::{ReceiptEvent, Registration, TokenHash};
