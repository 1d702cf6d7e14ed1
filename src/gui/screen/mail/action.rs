//! What the window must do for the screen: ask the engine, ask the store, wait, and what else
//! only a window can. The screen itself does nothing of it.

use super::{Field, Place, choosing, many, saving};
use crate::engine::protocol::{Command, ExportFormat, WriteId};
use crate::gui::bundles::Asked;
use crate::gui::screen::compose;
use crate::html::worker::protocol::{DocId, Print};
use crate::model::{AccountId, FolderId, LetterId, OutboxId, ThreadId};
use crate::store::Sort;
use crate::store::outbox::Told;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// What is asked of the store, off the window's thread.
#[derive(Debug, Clone, PartialEq)]
pub enum Read {
    /// The folders.
    Folders,
    /// The accounts.
    Accounts,
    /// The letters of a conversation that this one is of.
    Conversation(LetterId, ThreadId),
    /// A page of a list by conversation, from this row: of which reading.
    Bundles(u64, Asked, usize),
    /// The letters between two ends of one: for which range.
    BundleSpan(u64, Asked, (many::End, many::End)),
    /// A page of a place, from this row.
    Page(u64, Place, usize),
    /// A page of a place in another order than the newest first, from this row: of which
    /// reading, and which was the first since the place was gone to.
    Sorted((u64, u64), Place, Sort, usize),
    /// The letters between two ends of a place in an order: for which range.
    Span(u64, Place, Sort, (many::End, many::End)),
    /// Answers to a question.
    Search(u64, String),
    /// The same in another order than the newest first.
    SearchBy(u64, String, Sort),
    /// Pieces of text that answer a question.
    Snippets(u64, String, Vec<LetterId>),
    /// What became of a letter.
    Journey(LetterId),
    /// The same, by its number in the outbox.
    Sent(OutboxId),
    /// What is known of letters that were sent.
    Receipts,
    /// What is in the outbox, and what became of these letters.
    Outbox(Vec<OutboxId>),
    /// Which the receipt server is.
    ReceiptServer,
    /// Addresses like what was typed.
    Addresses(String),
    /// The same, to be searched for.
    People(String),
    /// The labels that letters have.
    Labels,
    /// When the rules were made.
    Rules,
    /// Where a letter lies that did not come: the how many-th question, and which.
    Missing(u64, String),
    /// A letter's source as lines.
    Source(DocId, Arc<Vec<u8>>, usize),
    /// A letter's text as lines.
    Text(DocId, Arc<str>, usize),
}

/// What the window must do.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Ask the engine.
    Ask(Command),
    /// Ask the store.
    Read(Read),
    /// Put text on the clipboard.
    Copy(String),
    /// Open an address in the browser.
    Visit(String),
    /// Save an attachment of the open letter into the user's download folder: its
    /// letter, part and name.
    Save(DocId, usize, String),
    /// Save the letter itself there, under this name.
    SaveLetter(DocId, String),
    /// Print it there, like this and under this name.
    Print(DocId, Box<Print>, String),
    /// Save these parts of it there, each under its name.
    SaveAll(DocId, Vec<(usize, String)>),
    /// Save this of it just there, or in that folder: it was chosen.
    SaveAs(DocId, saving::Kept, PathBuf),
    /// Export this folder in this form to there, or else to where all is saved, under this
    /// name.
    Export(FolderId, ExportFormat, Option<PathBuf>, String),
    /// Let the desktop's file chooser ask for this.
    Choose(choosing::Choose),
    /// Put the cursor into a field, and mark what is in it.
    Focus(Field),
    /// Put the cursor behind what is in a field.
    CursorToEnd(Field),
    /// Put the cursor into a field of the letter being written.
    Cursor(compose::Field),
    /// Say this search is due, in a moment.
    SearchSoon(u64),
    /// Say [`Message::Due`](super::Message::Due) of this after so long.
    Later(Due, Duration),
    /// Take the cursor out of every field: keys are for the letters again.
    LeaveFields,
    /// Scroll the folders by so many logical pixels.
    ScrollFolders(f32),
    /// Bring the line of the sidebar into sight that has the focus.
    RevealPlace,
    /// Say that these letters have come.
    Notify(Vec<LetterId>),
    /// Say what others said of letters that were sent.
    NotifyTold(Vec<Told>),
    /// Show the form of an account; whether there is a mailbox to go back to.
    AddAccount(bool),
    /// Remember how somebody likes it.
    Remember,
    /// The window goes.
    Exit,
}

/// What is to be done in a moment, if it still makes sense then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Due {
    /// The letter has been looked at long enough to count as read.
    Seen(DocId),
    /// What was said has been there long enough: the how many-th.
    Notice(u64),
    /// What has changed meanwhile is read.
    Refresh,
    /// What is known of a letter that did not come was left alone long enough.
    Missing(u64),
    /// The conversation that is shown has gone on.
    Talk(AccountId),
    /// Something of the letter being written.
    Compose(compose::Due),
    /// A second is over in which a letter could be taken back.
    Countdown(OutboxId),
    /// A letter is thrown away for good, if it is not wanted back.
    Discard(WriteId),
    /// That the window is closing is said: the how many-th time it does.
    Closing(u64),
    /// It has waited as long as it may.
    Closed(u64),
    /// What is carried is still at the edge of the folders.
    Edge,
}
