//! What the window asks of the engine, and what the engine tells it.
//!
//! The engine runs on threads of its own: one reads letters, writes the store and drives
//! the drawing process, others fetch. Mail never rides this channel, only ids of it; the
//! one exception is what is drawn: the open letter's facts and its tiles.

use super::accounts::{Change, Failure, Known, NewAccount, Tested};
#[cfg(doc)]
use super::sync::Log;
use super::sync::SyncEvent;
use crate::html::clean::Labels;
use crate::html::worker::protocol::{
    DocId, Hit, Laid, Point, Print, Rect, Select, Step, Stop, Tile, View,
};
use crate::model::{
    AccountId, Act, Address, Draft, DraftId, FileId, Flags, FolderId, FolderPolicy, Gesture,
    GestureId, Ledger, LetterId, Obstacle, OutboxId, Remote, RequestMade, Rule, Secret, Tracker,
};
use crate::privacy::Report;
use crate::privacy::links::LinkReport;
use crate::privacy::preflight::Finding;
use crate::store::DraftFile;
use crate::store::intents::RolledBack;
use crate::store::outbox::Told;
use std::path::PathBuf;
use std::sync::Arc;

pub use super::archiving::{Archived, Archiving, Doing};
pub use super::export::{ExportFormat, Exported};
pub use super::import::{Imported, Passed, Refusal, Refused};
pub use super::inside::{Inside, inside};
pub use super::not_done::{NoReceipts, NotDone};
pub use super::saving::Target;
pub use super::writing::{FollowUp, NOTICE, Phrases, Start, When, WriteId, Writing};
pub use crate::mime::compose::ComposeError;
pub use crate::mime::compose::reply::To;
pub use crate::mime::report::{Form, Reason};

/// Height of the strips a letter is painted in, in device pixels: upper edges are
/// multiples of it.
pub const STRIP: u32 = 384;

/// What the window asks.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Read a letter and draw it under this number.
    Open(DocId, LetterId, View),
    /// Read a letter in a file.
    OpenFile(DocId, PathBuf, View),
    /// Open what is attached to an open letter, as a letter of its own.
    OpenPart {
        /// Under this number.
        doc: DocId,
        /// The open letter.
        of: DocId,
        /// Which part of it.
        part: usize,
        /// No picture is drawn higher than so many logical pixels.
        height: f32,
        /// What stands in the place of a picture that cannot be drawn.
        otherwise: String,
        /// How it is looked at.
        view: View,
    },
    /// Look at it another way.
    View(DocId, View),
    /// Open a folded part, or fold it again.
    Fold(DocId, u32),
    /// What is to be written on folded parts from now on; letters that are open are
    /// drawn anew.
    Folds(Labels),
    /// Paint a strip: y and height in device pixels.
    Paint(DocId, u32, u32),
    /// What is at a point.
    Hit(DocId, Point),
    /// The link that comes next.
    Step(DocId, Step),
    /// Select text.
    Select(DocId, Select),
    /// Find text in the letter.
    Find(DocId, String),
    /// Read it in another charset; remembered for that letter. `None`: as it says.
    Charset(DocId, Option<String>),
    /// Show the pictures of this letter, this time.
    ShowOnce(DocId),
    /// Allow one address of this letter by hand, tracker or not, this time.
    AllowByHand(DocId, String),
    /// Take back what was allowed for this letter this time.
    HideAgain(DocId),
    /// Make a rule of the sender of this letter.
    Trust(DocId, Trust),
    /// Take a rule back.
    Forget(Rule),
    /// Make a rule again, just as it was made before.
    Restore(Rule),
    /// Decide about the pictures of all letters: it holds at once. [`Event::Remote`] tells
    /// what is so from now on.
    SetRemote(Remote),
    /// Write an attachment of this letter to disk.
    Save {
        /// Which letter.
        doc: DocId,
        /// Which part of it.
        part: usize,
        /// Where to, under the name the letter gives it.
        to: Target,
    },
    /// Write this letter to disk as it came.
    SaveLetter {
        /// Which letter.
        doc: DocId,
        /// Where to.
        to: Target,
    },
    /// Print this letter as a PDF, as it is shown.
    Print {
        /// Which letter.
        doc: DocId,
        /// How, and what stands above it.
        order: Box<Print>,
        /// Where to.
        to: Target,
    },
    /// Write parts of this letter to disk, each under a name that is free.
    SaveAll {
        /// Which letter.
        doc: DocId,
        /// Which parts of it, and the names the letter gives them.
        parts: Vec<(usize, String)>,
        /// Into which folder; it is made if it is not there.
        dir: PathBuf,
    },
    /// Close the letter.
    Close(DocId),
    /// Look at all folders of an account now, or of all accounts.
    SyncNow(Option<AccountId>),
    /// Accounts have come, gone or changed in the store.
    Accounts,
    /// Do something to letters or folders that can be undone.
    Act(Act),
    /// Take back what was done at a gesture.
    Undo(GestureId),
    /// Take back what was asked for last by [`Command::Act`] and is not done yet, and not being
    /// taken back: [`Event::Withdrawn`] answers for it, by this number. Where all is done there
    /// is no answer but [`Event::Gesture`], which is under way.
    Withdraw(u64),
    /// Set and clear flags, by the way: nothing to undo, no [`Event::Gesture`].
    Flag {
        /// Whose.
        letters: Vec<LetterId>,
        /// Flags to set.
        add: Flags,
        /// Flags to clear.
        remove: Flags,
    },
    /// Ask DNS for the servers of an address that was typed; the number comes back with
    /// [`Event::ServersFound`].
    FindServers(u64, String),
    /// Try an account before it is added; the number comes back with
    /// [`Event::AccountTested`].
    TestAccount(u64, Box<NewAccount>),
    /// Try an account with the password that is kept for it.
    TestKept(u64, AccountId),
    /// Add an account.
    AddAccount(Box<NewAccount>),
    /// Remove an account with its letters and its password; the server is not touched.
    RemoveAccount(AccountId),
    /// What was last said between an account and its server.
    Conversation(AccountId),
    /// Change who writes from an account, how much of it is kept here, or the way to its
    /// servers. [`Event::AccountChanged`] answers.
    ChangeAccount(AccountId, Box<Change>),
    /// Keep so much of this folder; `None`: as its account says.
    KeepOfFolder(FolderId, Option<FolderPolicy>),
    /// Replace the password that is kept for an account.
    SetPassword(AccountId, Secret),
    /// The passphrase of the encrypted file, typed by the user where there is no keyring:
    /// passwords are kept there from now on.
    Unlock(Secret),
    /// Begin or take up a letter to be written; [`Event::Writing`] brings it.
    Write(WriteId, Start, Box<Phrases>),
    /// Keep what was typed, as it was after so many changes. Files have commands of their
    /// own.
    SaveDraft(DraftId, AccountId, Box<Draft>, u64),
    /// Add files to a draft.
    Attach(DraftId, Vec<PathBuf>),
    /// Take a file out of a draft.
    Detach(DraftId, FileId),
    /// What a draft, as it was saved last, would make known. The number of changes comes
    /// back with the answer.
    Preflight(DraftId, u64),
    /// Show a draft, as it was saved last, as its reader would get it.
    OpenDraft(DocId, DraftId, View),
    /// The writer has put a draft away: it goes to the drafts on the server; an empty one is
    /// thrown away.
    PutAway(DraftId),
    /// Throw a draft away.
    Discard(DraftId),
    /// Give this version of a draft, which was looked through, away to be sent.
    Give(DraftId, When, i64),
    /// Take a letter back from the outbox: it is a draft again.
    TakeBack(OutboxId),
    /// Try a letter of the outbox again now.
    TryAgain(OutboxId),
    /// Answer the request for a receipt that a letter makes.
    AnswerReceipt {
        /// Which.
        letter: LetterId,
        /// The address that the user was shown: no other is told.
        to: String,
        /// Under this subject.
        subject: String,
        /// With these words.
        words: String,
    },
    /// Ask the receipt server now: the list is looked at.
    AskReceipts,
    /// How much room mail takes on this computer; [`Event::Storage`] answers.
    MeasureStorage,
    /// Bring in the mail that lies at these paths: mbox files, Maildirs, letters, or directories
    /// of those; behind it comes [`Event::Archived`].
    Import {
        /// Where it lies.
        paths: Vec<PathBuf>,
        /// The folder it goes into (`account/path`), which is made if it is not there; without
        /// one, folders of this computer named after the archives.
        folder: Option<String>,
    },
    /// Write all letters of a folder into an archive; behind it comes [`Event::Archived`].
    Export {
        /// Which.
        folder: FolderId,
        /// Its form.
        form: ExportFormat,
        /// Into which directory; it is made if it is not there.
        dir: PathBuf,
        /// The name it is to have, without an ending; another one where that is taken.
        name: String,
    },
    /// The import or export that is at work is to end here.
    StopArchiving,
    /// Name the receipt server and its key: the how many-th try it is.
    /// [`Event::ReceiptServerSet`] answers.
    SetReceiptServer(u64, String, Secret),
    /// Leave a letter of the outbox as it is: see [`crate::store::Store::leave_it`].
    LeaveIt(OutboxId),
    /// End: when letters that are just being sent have gone, but soon. [`Event::Ended`]
    /// follows.
    Quit,
}

/// A lasting decision about the sender of the open letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trust {
    /// Show pictures of this address.
    Sender,
    /// Show pictures of this domain.
    Domain,
    /// Never show pictures of this address.
    Never,
}

/// What the engine tells.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A letter is open and laid out; its tiles may be asked for.
    Opened(DocId, Arc<OpenLetter>),
    /// It could not be opened: why.
    NotOpened(DocId, OpenError),
    /// It was laid out again: ask for its tiles anew.
    Laid(DocId, Laid),
    /// It was drawn anew, maybe as text now; without a layout only its text can be
    /// shown. Ask for its tiles anew.
    Redrawn(DocId, Redrawn),
    /// The ledger has changed: verdicts, or requests made.
    Ledger(DocId, Arc<OpenLedger>),
    /// Requests for it that left, or are about to, since it was opened: told at once,
    /// before anything came of them.
    Asked(DocId, usize),
    /// A strip.
    Tile(DocId, Arc<Tile>),
    /// What was at a point.
    Hit(DocId, Point, Hit),
    /// The link that was asked for, if there is one.
    Stop(DocId, Option<Stop>),
    /// What is selected: where, and the text.
    Selection(DocId, Vec<Rect>, String),
    /// Where a text was found: what was looked for, and the places.
    Found(DocId, String, Vec<Vec<Rect>>),
    /// An attachment, a letter or a printed letter was saved.
    Saved(PathBuf),
    /// A printed letter was saved, but not all as it is shown.
    Printed(PathBuf, Lacking),
    /// So many attachments were saved into this folder.
    SavedAll(PathBuf, usize),
    /// It was not: where to, and why.
    NotSaved(PathBuf, NotDone),
    /// The rows of these folders may have changed; ask the store.
    Changed(Vec<FolderId>),
    /// What was asked for by [`Command::Act`] is done here, and can be taken back by its
    /// number; servers are told by and by.
    Gesture(Gesture),
    /// What was asked for by [`Command::Act`] was so already: nothing was done.
    Unchanged,
    /// What was withdrawn by [`Command::Withdraw`] is not done, or taken back but for so many
    /// letters. There is no other answer to it.
    Withdrawn(u64, usize),
    /// What the end of the program had broken off is done, and can be taken back.
    GoneOn(Gesture),
    /// It was taken back, but for so many letters: they are gone for good, or have gone on
    /// since.
    Undone(GestureId, usize),
    /// What was asked for by [`Command::Act`] was not done, or the taking back of this
    /// gesture: why. What is left of the latter can be tried again.
    NotActed(Option<GestureId>, NotDone),
    /// A server would not do what was done here: it was taken back, and why.
    RolledBack(RolledBack),
    /// The rules have changed.
    Rules(Vec<Rule>),
    /// What is done about the pictures of all letters; where nothing is said of it, what is
    /// usual.
    Remote(Remote),
    /// What DNS knows of an address, if anything.
    ServersFound(u64, Option<Box<Known>>),
    /// An account was tried.
    AccountTested(u64, Result<Tested, Arc<Failure>>),
    /// An account was added, or why not; ask the store for it.
    AccountAdded(Result<AccountId, Arc<Failure>>),
    /// An account is gone, or why not.
    AccountRemoved(AccountId, Result<(), Arc<Failure>>),
    /// What was last said between an account and its server: the last lines, secrets
    /// blanked (see [`Log::lines`]).
    Conversation(AccountId, Arc<Vec<String>>),
    /// An account is changed, and works so from now on; or why not: it is as it was.
    AccountChanged(AccountId, Result<(), Arc<Failure>>),
    /// The password of an account is kept, or why not.
    PasswordKept(AccountId, Result<(), Arc<Failure>>),
    /// This mailbox of samples takes no accounts.
    NoAccountsHere,
    /// How an account is being brought in step. May be left out where nobody listens in
    /// time; [`Event::Resync`] comes then.
    Sync(AccountId, SyncEvent),
    /// A letter to be written is here, or why not.
    Writing(WriteId, Result<Box<Writing>, NotDone>),
    /// What was typed up to this change is kept.
    DraftSaved(DraftId, u64),
    /// It is not: why. It is still in the window.
    DraftNotSaved(DraftId, NotDone),
    /// The files of a draft as they are now, and those that could not be added.
    Files(DraftId, Vec<DraftFile>, Vec<(PathBuf, NotDone)>),
    /// What a draft would make known: after how many changes it was asked, and the version
    /// that was looked through. What is asked about comes first.
    Preflight(DraftId, u64, i64, Vec<Finding>),
    /// A draft could not be looked through: why.
    NotLookedThrough(DraftId, NotDone),
    /// A draft is in the outbox now, not to be sent before (in seconds since 1970); or why
    /// not: it is a draft still.
    Given(DraftId, Result<(OutboxId, i64), NotDone>),
    /// A letter of the outbox is a draft again, or why not.
    TakenBack(OutboxId, Result<DraftId, NotDone>),
    /// A request for a receipt was answered; `false` where it was settled before, here or by
    /// another program, so that nothing goes now; or why not.
    ReceiptAnswered(LetterId, Result<bool, NotDone>),
    /// Drafts have come, gone or changed; ask the store.
    Drafts,
    /// Letters of the outbox have come, gone or changed; ask the store.
    Outbox,
    /// More is known of who fetched the pictures of these letters; ask the store.
    Receipts(Vec<OutboxId>),
    /// Since when the receipt server cannot be asked (in seconds since 1970), and why; or that
    /// it can again.
    ReceiptsAsked(Option<(i64, NoReceipts)>),
    /// The receipt server is named, by this try: its address as it stands in letters, and why it could not
    /// be tried just now, if it could not; or why it is not named.
    ReceiptServerSet(u64, Result<(String, Option<NoReceipts>), NoReceipts>),
    /// Something became known of letters that were sent, and is told this once: bounces,
    /// refusals, readings.
    Told(Vec<Told>),
    /// How much room mail takes on this computer.
    Storage(Storage),
    /// How far an import or export is.
    Archiving(Archiving),
    /// It has ended: what came of it.
    Archived(Arc<Archived>),
    /// Everything may have changed.
    Resync,
    /// Something asked for was not done: why.
    Failed(NotDone),
    /// The engine is gone.
    Ended,
}

/// What a printed letter lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lacking {
    /// Only its text is on paper, although it has HTML.
    pub as_text: bool,
    /// It was too long: its end is not on paper.
    pub cut: bool,
}

/// How much room mail takes on this computer, in bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Storage {
    /// The folder of the profile.
    pub place: PathBuf,
    /// The database: letters, folders, what the search knows.
    pub database: u64,
    /// All of the profile, the database included.
    pub profile: u64,
}

/// How a letter came out when it was drawn anew.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Redrawn {
    /// Its layout, if it can be drawn.
    pub laid: Option<Laid>,
    /// Why it is shown as text, if it is.
    pub fallback: Option<Fallback>,
    /// The links of what is drawn now, by number, judged.
    pub links: Arc<Vec<LinkReport>>,
    /// Its text, where nothing can be drawn.
    pub text: String,
}

/// Why a letter is not open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenError {
    /// It could not be read.
    Unreadable(Obstacle),
    /// It is larger than the largest letter that is read.
    TooLarge,
}

/// Why a letter is shown as text although it has HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fallback {
    /// The drawing process died on it.
    Died,
    /// It took too long.
    TooLong,
    /// It is larger than what is ever drawn.
    TooLarge,
    /// There is no drawing process.
    NoWorker,
    /// The program was replaced by another version while it ran.
    OtherVersion,
}

/// An open letter, without its pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenLetter {
    /// Which; `None` for a file.
    pub letter: Option<LetterId>,
    /// Its subject, decoded.
    pub subject: String,
    /// Who it is from.
    pub from: Vec<Address>,
    /// To whom.
    pub to: Vec<Address>,
    /// Copies.
    pub cc: Vec<Address>,
    /// Its date, in seconds since 1970.
    pub date: Option<i64>,
    /// Header, journey, warnings, links, attachments, proof of the sender.
    pub report: Report,
    /// The links of the drawn document, by number, judged.
    pub links: Arc<Vec<LinkReport>>,
    /// How it came out; `None` when nothing could be drawn and `text` is to be shown.
    pub laid: Option<Laid>,
    /// Why it is shown as text, if it is.
    pub fallback: Option<Fallback>,
    /// Its text, for the case that nothing can be drawn.
    pub text: String,
    /// The charsets it was read in.
    pub charsets: Vec<String>,
    /// Bytes of the letter, for "show source".
    pub raw: Arc<Vec<u8>>,
    /// What it refers to and what became of that.
    pub ledger: Arc<OpenLedger>,
    /// Its first strips, painted already: it is shown at once.
    pub strips: Vec<Arc<Tile>>,
}

/// The ledger of the open letter.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OpenLedger {
    /// Every reference with its verdict.
    pub ledger: Ledger,
    /// Every request made for it since it came.
    pub requests: Vec<RequestMade>,
    /// Requests made since it was opened this time, those under way included.
    pub since_opened: usize,
    /// Addresses whose pictures are drawn now.
    pub shown: Vec<String>,
    /// The rules that speak of its sender.
    pub rules: Vec<Rule>,
    /// Whether a rule exists that this letter cannot use for lack of proof.
    pub unproven: bool,
    /// Whether the letter proved whose it is: a rule made of it asks for that again.
    pub proven: bool,
    /// Trackers found, one for each service or kind.
    pub trackers: Vec<Tracker>,
    /// Pictures are being fetched right now.
    pub fetching: bool,
    /// Something was allowed this time only, and can be taken back.
    pub once: bool,
}
