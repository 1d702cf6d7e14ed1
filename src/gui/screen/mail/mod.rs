//! Reading mail: folders, the list, the letter, and what the letter would have told.
//!
//! `update` is pure: it takes what happened and says what to do about it; the window
//! does it. That is how a test can be the engine.

mod answering;
pub mod archives;
mod archives_said;
mod archives_view;
mod ask;
mod attachments;
mod bar;
pub mod choosing;
mod closing;

pub mod conversation;
pub mod deeds;
mod deeds_many;
mod demo;
pub mod drag;
mod engine;
pub mod focus;
pub mod fold;
mod fold_view;
pub mod folders;
mod go;
mod head;
mod header;
mod in_letter;
pub mod journey;
mod keep;
pub mod labels;
pub(in crate::gui::screen) mod leaf;
mod learned;
pub mod leaving;
mod ledger;
mod letter;
mod letter_menu;
mod link;
pub mod list;
mod listing;
pub mod many;
mod many_view;
mod menus;
pub mod missing;
mod moving;
pub(in crate::gui::screen) mod not_done;
pub mod open;
pub mod outbox;
pub mod panes;
pub mod people;
pub mod picking;
pub mod pins;
mod place;
pub mod preferences;
pub mod preview;
mod receipt_server;
pub mod receipts;
mod rows;
mod rules;
pub mod saving;
pub mod searching;
pub(in crate::gui::screen) mod sheet;
mod short;
mod sidebar;
pub mod sorting;
pub mod spot;
pub mod stack;
mod stack_view;
pub mod story;
mod sync;
mod talk;
pub(in crate::gui::screen) mod tools;
mod update;
pub(in crate::gui::screen) mod view;
mod writing;

use crate::demo::Hit as TrackerHit;
use crate::engine::accounts::Failure;
use crate::engine::protocol::{
    Archived, Command, Event, ExportFormat, Lacking, NoReceipts, NotDone, OpenError, Start, Trust,
    WriteId,
};
use crate::gui::bundles::Asked;
use crate::gui::notify::Telling;
use crate::gui::screen::compose;
use crate::gui::taste::{Light, Taste};
use crate::gui::theme::Mode;
use crate::gui::widget::edges::Pull;
use crate::gui::widget::letter::Did;
use crate::gui::widget::lines::{Cut, Marked};
use crate::gui::widget::rows::Scroll;
use crate::html::clean::Labels;
use crate::html::worker::protocol::{DocId, Print};
use crate::i18n::{Language, Words};
use crate::model::{
    Account, AccountId, Flags, FolderId, FolderPolicy, LetterId, OutLetter, OutboxId, Remote, Rule,
    Secret, ThreadId, Way,
};
use crate::store::outbox::Told;
use crate::store::search::Snippet;
use crate::store::{Folder, LetterRow, Sort, StoreError};
use deeds::{Deeds, Done};
pub use go::Goal;
use iced::Size;
pub use labels::Labelling;
use list::{List, Row};
pub use moving::Moving;
use open::Open;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
pub use sync::{Phase, Standing};
pub use talk::Talk;

/// What the list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// What lies in the inboxes of all accounts.
    Inboxes,
    /// Every letter.
    All,
    /// Those with a star.
    Starred,
    /// A folder.
    Folder(FolderId),
    /// What the search found.
    Search,
    /// Letters on their way.
    Outbox,
    /// What is known of letters that were sent.
    Receipts,
}

/// The name of what the folders are scrolled in.
pub const FOLDERS: iced::widget::Id = iced::widget::Id::new("folders");
/// The name of the line of the sidebar that the keys are for.
pub const PLACE: iced::widget::Id = iced::widget::Id::new("place");

/// Whether a folder is where mail comes in.
pub fn is_inbox(folder: &Folder) -> bool {
    match folder.role.as_deref() {
        Some(role) => role == "inbox",
        None => folder.path.eq_ignore_ascii_case("inbox"),
    }
}

/// What lies over the letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sheet {
    /// The ledger.
    Ledger,
    /// Header, journey, parts.
    Header,
    /// What became of a letter that was sent.
    Journey,
    /// The source.
    Source,
    /// A link, before it is opened.
    Link(usize),
    /// An attachment that may report its opening, before it is saved.
    Attachment(usize),
    /// An attachment, looked at.
    Preview,
    /// Everything that is attached, before it is saved: some of it may report its opening.
    AllAttachments,
    /// How the list of the open letter is left.
    Leave,
    /// The page by which it is left.
    LeavePage,
    /// What blocking the sender does.
    Block,
    /// A letter that did not come is looked for.
    Missing,
    /// Every lasting rule.
    Rules,
    /// Every key.
    Keys,
    /// A label is being chosen.
    Labels,
    /// The folders a letter can be put into.
    Move,
    /// The name of a folder.
    FolderName,
    /// How much of a folder is kept here.
    Keep(FolderId),
    /// The conversation with the server of an account.
    Talk(AccountId),
    /// A question, before something is done that cannot be undone.
    Ask(Ask),
    /// The receipt server and its key.
    ReceiptServer,
    /// Mail that is to come in.
    Import,
    /// A folder that is to go out.
    Export,
}

/// What is asked before it is done: it cannot be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ask {
    /// Delete this letter for good.
    DeleteForGood(LetterId),
    /// Delete the picked letters, of which some go for good.
    DeleteMany {
        /// How many.
        count: usize,
        /// How many of them lie in the trash.
        trashed: usize,
    },
    /// Remove this folder; its letters go to the trash.
    RemoveFolder(FolderId),
    /// Delete for good what lies in the trash of this account.
    EmptyTrash(AccountId),
    /// Remove this account and its letters from this computer.
    RemoveAccount(AccountId),
    /// Close the window, although something of this account, or the proxy of pictures, is not
    /// saved.
    CloseUnsaved(Option<AccountId>),
}

/// A menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Menu {
    /// Lasting decisions about the sender.
    Trust,
    /// Charsets.
    Charset,
    /// What else can be done with the letter.
    More,
    /// What can be done with an account.
    Account(AccountId),
    /// What can be done with a row of the list, or with all that is picked.
    Row,
    /// What can be done with a folder.
    Folder(FolderId),
    /// In which order the list is.
    Sort,
    /// What can be done with the address of the how many-th who is named in the letter.
    Person(usize),
    /// What can be done at a place in the open letter.
    InLetter,
}

/// Something to say that goes away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// An attachment lies here now.
    Saved(PathBuf),
    /// A printed letter lies here now, but for what it lacks.
    Printed(PathBuf, Lacking),
    /// So many attachments lie in this folder now.
    SavedAll(PathBuf, usize),
    /// It does not: where to, and why.
    NotSaved(PathBuf, NotDone),
    /// Pictures of this sender are never shown from now on.
    Blocked(String),
    /// Something with an account went wrong.
    Account(Arc<Failure>),
    /// Something else went wrong.
    Failed(NotDone),
    /// Copied.
    Copied,
    /// This was done.
    Did(Done),
    /// It was taken back.
    Undone,
    /// So was part of it; so many letters could not be brought back.
    UndoneInPart(usize),
    /// A letter is sent then, in seconds since 1970.
    Scheduled(OutboxId, i64),
    /// A server has taken the letter: its words.
    Sent(String),
    /// A letter was not sent, or nobody knows.
    NotSent(OutboxId),
    /// What was written lies among the drafts.
    PutAway,
    /// What was written is thrown away, if it is not wanted back.
    Discarded(WriteId),
    /// What was written could not be kept or sent: why. It is still here.
    NotKept(WriteId, NotDone),
    /// An import or export has ended: what came of it.
    Archived(Arc<Archived>),
    /// The receipt server is named; why it could not be tried, if it could not.
    ReceiptServer(Option<NoReceipts>),
    /// A letter was not sent: its writer is to be asked something first.
    Unanswered(WriteId),
}

/// A field that can be typed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// Search of all mail.
    Search,
    /// Search in the letter.
    Find,
    /// What is known of a letter that did not come.
    Missing,
    /// The folder a letter is to be put into.
    Folder,
    /// The name of a label.
    Label,
    /// The name of a folder.
    FolderName,
    /// The address of the receipt server.
    ReceiptServer,
    /// Its key.
    ReceiptKey,
    /// Where an archive lies, or is to lie.
    ArchivePath,
    /// The folder that it goes into, or comes from.
    ArchiveFolder,
    /// Of the how many-th who writes from the account that is changed.
    Writer(Part, usize),
    /// Of how many days letters are kept whole.
    Days,
    /// The proxy of an account.
    Proxy,
    /// That of pictures.
    PicturesProxy,
    /// Another password for an account.
    AccountPassword,
}

/// What somebody is called who writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The name.
    Name,
    /// The address.
    Address,
    /// Where answers go.
    Reply,
}

impl Field {
    /// The widget's name.
    pub fn id(self) -> iced::widget::Id {
        iced::widget::Id::new(match self {
            Self::Search => "search",
            Self::Find => "find",
            Self::Missing => "missing",
            Self::Folder => "folder",
            Self::Label => "label",
            Self::FolderName => "naming",
            Self::ReceiptServer => "receipt-server",
            Self::ReceiptKey => "receipt-key",
            Self::ArchivePath => "box-path",
            Self::ArchiveFolder => "box-folder",
            Self::Days => "days",
            Self::Proxy => "proxy",
            Self::PicturesProxy => "proxy-of-pictures",
            Self::AccountPassword => "new-password",
            Self::Writer(part, at) => {
                let part = match part {
                    Part::Name => "name",
                    Part::Address => "address",
                    Part::Reply => "reply",
                };
                return iced::widget::Id::from(format!("writer-{part}-{at}"));
            }
        })
    }
}

/// What happened, and what the user wants.
#[derive(Debug, Clone)]
pub enum Message {
    /// The engine says.
    Engine(Event),
    /// Folders were read.
    Folders(Result<Vec<Folder>, StoreError>),
    /// Accounts were read; whether there is neither one of a server nor any mail yet.
    Accounts(Vec<Account>, bool),
    /// A page of the list was read: of which reading, its first row, rows, all there are.
    Page(u64, usize, Result<(Vec<Row>, usize), StoreError>),
    /// A search was answered: of which reading.
    Found(u64, Result<Vec<Row>, StoreError>),
    /// Pieces of text that answer the search.
    Snippets(u64, Vec<(LetterId, Snippet)>),
    /// Text was cut into lines: of which letter, its source or its text.
    Lines(DocId, bool, Cut),
    /// The demo's tracker was hit so often.
    Hits(Vec<TrackerHit>),
    /// The screen's device pixels to a logical pixel of text at 100%.
    Scale(f32),
    /// The search was left alone long enough: the how many-th.
    SearchDue(u64),
    /// The window was resized.
    Resized(Size),

    /// A place was chosen.
    PlaceChosen(Place),
    /// To the next place, or the one before.
    PlaceMoved(isize),
    /// Something happens to the conversation of the open letter.
    Conversation(conversation::Message),
    /// Something happens to conversations in the list.
    Fold(fold::Message),
    /// Something happens where the letters of a conversation stand below each other.
    Stack(stack::Message),
    /// Something is done in that open letter.
    InOne(DocId, Box<Self>),
    /// Something done by keyboard to the pane it has come to.
    Focus(focus::Message),
    /// In a narrow window: show the places over the list, or no longer.
    PlacesToggled,
    /// Go to a place: the next key says which.
    Going,
    /// It said so, or was none.
    Gone(Option<Goal>),
    /// A row was chosen.
    RowChosen(usize),
    /// Move by rows.
    Moved(isize),
    /// Something is done to the list as a whole.
    Pick(picking::Pick),
    /// The list was scrolled.
    ListScrolled(Scroll),
    /// The list has this height.
    ListHeight(f32),
    /// Typed into the search.
    SearchTyped(String),
    /// Search at once.
    SearchEntered,
    /// The cross in the search, or Escape.
    SearchCleared,
    /// Something happens to the help with searching.
    Searching(searching::Message),
    /// Something happens while one looks for a letter that did not come.
    Missing(missing::Message),
    /// Put the cursor into a field.
    Entered(Field),
    /// Escape.
    Escaped,
    /// Something done with the letter.
    Letter(Did),
    /// Scroll the letter by a share of what is seen.
    Paged(f32),
    /// Show the pictures this time.
    ShownOnce,
    /// A lasting decision.
    Trusted(Trust),
    /// Take back what was allowed.
    TakenBack,
    /// Allow one address this time.
    AllowedByHand(String),
    /// A menu is opened or closed.
    MenuToggled(Menu),
    /// Close menus.
    MenuClosed,
    /// A sheet is opened.
    SheetOpened(Sheet),
    /// It is closed.
    SheetClosed,
    /// When the rules were made was read, in seconds since 1970.
    RulesRead(Vec<(Rule, i64)>),
    /// The list of rules was scrolled.
    RulesScrolled(Scroll),
    /// The list of rules has this height.
    RulesHeight(f32),
    /// The rule at this place of the list is taken back.
    RuleForgotten(usize),
    /// The ledger was scrolled.
    LedgerScrolled(Scroll),
    /// The ledger has this height.
    LedgerHeight(f32),
    /// A charset was chosen; `None`: as the letter says.
    CharsetChosen(Option<String>),
    /// Open this address in the browser: the user clicked.
    Visited(String),
    /// Copy this.
    Copied(String),
    /// Save an attachment; asks first where it may report its opening.
    SaveWanted(usize),
    /// Save it.
    SaveConfirmed(usize),
    /// The same, in a place that is chosen.
    SaveAsWanted(usize),
    /// Something happens to folders on top.
    Pins(pins::Message),
    /// Something happens to those who are named in the letter.
    People(people::Message),
    /// Something happens to what is attached.
    Preview(preview::Message),
    /// The letter, or all that is attached, is to be kept as files.
    Saving(saving::Message),
    /// Something is to be done about the sender.
    Leaving(leaving::Message),
    /// Search in the letter.
    FindOpened,
    /// Typed into it.
    FindTyped(String),
    /// The next or the previous place.
    FindMoved(isize),
    /// Close it.
    FindClosed,
    /// Copy what is selected.
    SelectionCopied,
    /// Select all of the letter.
    AllSelected,
    /// Text that is shown as lines was marked: whether the source, and what.
    Marked(bool, Option<Marked>),
    /// Set or clear the star.
    StarToggled,
    /// Mark it unread, or read.
    SeenToggled,
    /// Put it away.
    Archived,
    /// Put it into the trash; what lies there is deleted for good, after asking.
    Deleted,
    /// It is junk; what lies among junk is none.
    Junked,
    /// Something happens to labels.
    Labels(labels::Message),
    /// It is to be put into another folder: which?
    MoveWanted,
    /// Typed into the choice of folders.
    MoveTyped(String),
    /// To the next folder of the choice, or the one before.
    MoveStepped(isize),
    /// Into the folder that is marked in the choice.
    MoveEntered,
    /// Into this folder.
    MovedTo(FolderId),
    /// Mark every letter of this folder as read.
    AllRead(FolderId),
    /// Empty the trash of this account; asks first.
    TrashEmptied(AccountId),
    /// Yes, do it.
    Confirmed(Ask),
    /// Take back what was done last.
    Undone,
    /// The time for something has come.
    Due(Due),
    /// Larger (1), smaller (-1), as it was (0).
    Zoomed(i8),
    /// The desktop is light or dark, or does not say.
    DesktopIs(Option<Mode>),
    /// A border between panes is dragged.
    Pulled(panes::Border, Pull),
    /// One is moved by a key, so many steps to the right.
    Stepped(panes::Border, isize),
    /// In a window that is not high: what stands above the letter, or the letter.
    Unfolded,
    /// From the letter to the list, where there is room for one of them.
    BackToList,
    /// Something happens to an import or export.
    Archives(archives::Message),
    /// The desktop has a file chooser.
    ChooserFound,
    /// It is to be asked for this.
    ChooserWanted(choosing::Choose),
    /// This was chosen in it; `None`: there is none.
    Chosen(choosing::Choose, Option<Vec<PathBuf>>),
    /// Something in the settings.
    Preferences(preferences::Message),
    /// How much of this folder is to be kept here?
    KeepWanted(FolderId),
    /// So much; `None`: as its account says.
    FolderKept(FolderId, Option<FolderPolicy>),
    /// Typed into the proxy of pictures.
    PicturesProxyTyped(String),
    /// Something in the settings of an account.
    OfAccount(preferences::account::Message),
    /// Another account is wanted.
    AccountWanted,
    /// An account's folders are folded away, or shown again.
    AccountFolded(AccountId),
    /// Look at all folders of an account now.
    SyncWanted(AccountId),
    /// Show the conversation with the server of an account.
    TalkWanted(AccountId),
    /// Remove an account; asks first.
    RemoveWanted(AccountId),
    /// The notice was read.
    NoticeClosed,
    /// Something in the letter being written.
    Compose(compose::Message),
    /// The letter in this file is to be shown.
    FileWanted(PathBuf),
    /// A letter is to be written.
    WriteWanted(Start),
    /// An answer to the letter at hand is to be written.
    AnswerWanted,
    /// One to everybody.
    AnswerAllWanted,
    /// The letter at hand is to be handed on.
    ForwardWanted,
    /// The draft at hand is to be written on.
    DraftWanted,
    /// The letter that was just sent is wanted back.
    SendUndone(OutboxId),
    /// The outbox was read: what waits, and letters that were asked after.
    OutboxRead(Result<(Vec<OutLetter>, Vec<OutLetter>), StoreError>),
    /// What became of a letter was read.
    JourneyRead(LetterId, Option<Box<journey::Journey>>),
    /// What is known of letters that were sent was read.
    ReceiptsRead(Result<Vec<receipts::Line>, StoreError>),
    /// A line of it is looked at: of that letter, to that address.
    ReceiptChosen(OutboxId, String),
    /// The next one, or the one before.
    ReceiptsMoved(isize),
    /// Other lines are shown.
    ReceiptsFiltered(receipts::Filter),
    /// What became of the letter of that line was read.
    ReceiptJourney(OutboxId, Option<Box<journey::Journey>>),
    /// A polite question is to be written to that recipient.
    FollowUpWanted,
    /// A letter of the outbox is looked at.
    OutboxChosen(OutboxId),
    /// The next one, or the one before.
    OutboxMoved(isize),
    /// Something is done with one.
    OutboxDeed(OutboxId, outbox::Deed),
    /// A letter that was left is wanted back: it was thrown away, or could not be kept.
    WritingWanted(WriteId),
    /// The window is to be closed.
    CloseWanted,
    /// The one who asks for a receipt of the open letter is told, or is not.
    ReceiptDecided(bool),
    /// The receipt server is to be named.
    ReceiptServerWanted,
    /// It was read which it is.
    ReceiptServerRead(Option<String>),
    /// Typed into its address.
    ReceiptServerTyped(String),
    /// Typed into its key.
    ReceiptKeyTyped(Secret),
    /// That is it.
    ReceiptServerEntered,
}

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
    /// Say [`Message::Due`] of this after so long.
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

/// The search of all mail.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// What is typed.
    pub text: String,
    /// What the list answers, if it does.
    pub answered: Option<String>,
    /// Where the list was before.
    pub before: Option<(Place, f64)>,
    typed: u64,
}

/// The screen.
#[derive(Debug)]
pub struct State {
    /// Language.
    pub language: Language,
    /// Light or dark.
    pub mode: Mode,
    /// What the desktop is, if it says.
    pub desktop: Option<Mode>,
    /// How somebody likes the window.
    pub taste: Taste,
    /// Widths of panes that somebody has chosen.
    pub panes: panes::Panes,
    /// In a window that is not high: what stands above the letter is shown.
    pub unfolded: bool,
    /// The settings, if they are shown.
    pub preferences: Option<preferences::Preferences>,
    /// Accounts as they are being changed in the settings.
    pub account_forms: BTreeMap<AccountId, preferences::account::Form>,
    account_tests: u64,
    /// What is done about the pictures of all letters.
    pub remote: Remote,
    /// The proxy for pictures, as it is being typed.
    pub pictures_proxy: Option<String>,
    /// The proxy for pictures that the engine was asked for, and has not answered yet.
    way_asked: Option<Way>,
    /// What is said when mail has come.
    pub notify: Telling,
    /// Folders, once read.
    pub folders: Vec<Folder>,
    /// Accounts, once read.
    pub accounts: Vec<Account>,
    /// How the accounts stand.
    pub sync: BTreeMap<AccountId, Standing>,
    /// The list.
    pub list: List,
    /// The search.
    pub search: Search,
    /// Help with it.
    pub help: searching::Help,
    /// The search for a letter that did not come.
    pub missing: missing::Missing,
    /// The open letter.
    pub open: Option<Open>,
    /// The letter that is being opened.
    pub coming: Option<(DocId, Option<LetterId>)>,
    /// Why the last letter could not be opened.
    pub not_opened: Option<OpenError>,
    /// The conversation of the open letter.
    pub conversation: conversation::Conversation,
    /// Conversations are shown, not letters alone.
    pub stacked: bool,
    /// Where the open letters of the conversation stand.
    pub stack: stack::Stack,
    /// Lists stand by conversation, not letter by letter.
    pub bundled: bool,
    /// What lies over the letter.
    pub sheet: Option<Sheet>,
    /// The open menu.
    pub menu: Option<Menu>,
    /// Something to say.
    pub notice: Option<Notice>,
    /// What the user did, and what of it can be taken back.
    pub deeds: Deeds,
    /// The sender that was blocked last.
    blocked: Option<leaving::Blocked>,
    /// The choice of a folder.
    pub moving: Moving,
    /// The choice of a label.
    pub labelling: Labelling,
    /// The folder that is being named.
    pub naming: Option<folders::Naming>,
    /// What is carried by the pointer.
    pub drag: Option<drag::Drag>,
    /// Where a menu was asked for.
    pointed: menus::Pointed,
    /// The order of each place.
    pub sorts: sorting::Sorts,
    /// Folders on top.
    pub pins: pins::Pins,
    /// The letter was clicked last, and not the list.
    in_letter: bool,
    /// What the keys are for.
    focus: focus::Focus,
    /// Accounts whose folders are folded away.
    pub folded: BTreeSet<AccountId>,
    /// The conversation that is shown.
    pub talk: Talk,
    /// The engine is gone.
    pub ended: bool,
    /// In a narrow window: the places are shown over the list.
    pub places_shown: bool,
    /// The next key says which place to go to.
    pub going: bool,
    /// The demo's tracker, in the demo.
    pub hits: Option<Vec<TrackerHit>>,
    /// Source of the open letter as lines.
    pub source: Option<Cut>,
    /// What is marked of it.
    pub source_marked: Option<Marked>,
    /// Where the ledger is scrolled to, and its height.
    pub ledger: (f64, f32),
    /// Every lasting rule.
    pub rules: Vec<Rule>,
    /// When they were made, as far as that was read.
    rules_made: Vec<(Rule, i64)>,
    /// Where the list of rules is scrolled to, and its height.
    rules_at: (f64, f32),
    /// Size of the letter's view in logical pixels.
    pub view: Size,
    /// Size of the window.
    pub window: Size,
    /// Device pixels to a logical pixel, of which there are fewer where text is large.
    pub scale: f32,
    /// The reader's zoom.
    pub zoom: f32,
    fresh: place::Fresh,
    /// Somebody has chosen where to be, or the inbox was found.
    placed: bool,
    /// Where one was before, until the letter that was selected there has come.
    back: Option<spot::Spot>,
    next_doc: DocId,
    /// The letter being written.
    pub writing: Option<Box<compose::State>>,
    next_write: WriteId,
    /// Letters that were left: what comes of them is still to be heard.
    departed: Vec<compose::State>,
    /// Letters that are thrown away in a moment.
    thrown: Vec<compose::State>,
    /// A letter was sent; for so many seconds it can be taken back.
    pub sending: Option<(OutboxId, u32)>,
    /// The window is to be closed.
    closing: Option<closing::Closing>,
    /// Closings, and limits of theirs, so far.
    closings: u64,
    /// The attachment that is looked at.
    pub preview: Option<preview::Preview>,
    /// The way back from an attached letter.
    within: preview::Within,
    /// Letters on their way.
    pub outbox: outbox::Outbox,
    /// What became of the open letter, where it was sent from here.
    pub journey: Option<(LetterId, Box<journey::Journey>)>,
    /// What is known of letters that were sent.
    pub receipts: receipts::Receipts,
    /// The desktop has a file chooser.
    pub chooser: bool,
    /// Mail from archives, and into them.
    pub archives: archives::Archives,
    /// The receipt server as it is being named.
    server_form: receipt_server::Form,
}

impl State {
    /// An empty screen. What to do first is in [`State::start`].
    pub fn new(language: Language, mode: Mode, demo: bool) -> Self {
        Self {
            language,
            mode,
            desktop: None,
            taste: Taste { light: Light::Always(mode), ..Taste::default() },
            panes: panes::Panes::default(),
            unfolded: false,
            preferences: None,
            account_forms: BTreeMap::new(),
            account_tests: 0,
            remote: Remote::default(),
            pictures_proxy: None,
            way_asked: None,
            notify: Telling::default(),
            folders: Vec::new(),
            accounts: Vec::new(),
            sync: BTreeMap::new(),
            list: List::new(Place::All),
            search: Search::default(),
            help: searching::Help::default(),
            missing: missing::Missing::default(),
            open: None,
            coming: None,
            not_opened: None,
            conversation: conversation::Conversation::default(),
            stacked: true,
            stack: stack::Stack::default(),
            bundled: false,
            sheet: None,
            rules: Vec::new(),
            rules_made: Vec::new(),
            rules_at: (0.0, 500.0),
            menu: None,
            notice: None,
            deeds: Deeds::default(),
            blocked: None,
            moving: Moving::default(),
            labelling: Labelling::default(),
            naming: None,
            drag: None,
            pointed: menus::Pointed::default(),
            sorts: sorting::Sorts::default(),
            pins: pins::Pins::default(),
            in_letter: false,
            focus: focus::Focus::default(),
            folded: BTreeSet::new(),
            talk: Talk::default(),
            fresh: place::Fresh::default(),
            placed: false,
            back: None,
            ended: false,
            places_shown: false,
            going: false,
            hits: demo.then(Vec::new),
            source: None,
            source_marked: None,
            ledger: (0.0, 500.0),
            view: Size::new(654.0, 420.0),
            window: Size::new(1280.0, 800.0),
            scale: 1.0,
            zoom: 1.0,
            next_doc: 1,
            writing: None,
            next_write: 0,
            departed: Vec::new(),
            thrown: Vec::new(),
            sending: None,
            closing: None,
            closings: 0,
            preview: None,
            within: preview::Within::default(),
            outbox: outbox::Outbox::default(),
            journey: None,
            receipts: receipts::Receipts::default(),
            chooser: false,
            archives: archives::Archives::default(),
            server_form: receipt_server::Form::default(),
        }
    }

    /// What to do first.
    pub fn start(&mut self) -> Vec<Action> {
        let mut actions = vec![
            Action::Ask(self.folds()),
            Action::Read(Read::Folders),
            Action::Read(Read::Accounts),
            Action::Read(Read::Outbox(Vec::new())),
        ];
        actions.extend(self.read_back());
        actions
    }

    /// What is written on folded parts, in the language of now.
    fn folds(&self) -> Command {
        let words = Words::new(self.language);
        Command::Folds(Labels {
            show: words.say_with("fold-show", &[("count", "#".into())]),
            hide: words.say("fold-hide"),
        })
    }

    /// The row of the open letter, if the list had it.
    fn open_row(&self) -> Option<&Row> {
        let id = self.open.as_ref()?.id?;
        self.list.chosen().filter(|row| row.letter.id == id)
    }

    fn open_flags(&self) -> Flags {
        self.open_row().map_or(Flags::NONE, |row| row.letter.flags)
    }

    /// The letter that what the user does is about: the one that was chosen last.
    fn at_hand(&self) -> Option<&LetterRow> {
        // What is picked goes before what is open.
        if self.list.many.is_any() {
            let at = self.list.at(self.list.many.only()?)?;
            let only = self.list.many.only();
            let row = self.list.row(at).map(|row| &row.letter);
            return row.filter(|letter| Some(letter.id) == only);
        }
        // A file lies in no folder: nothing is done with what was chosen before it.
        let file = match (&self.coming, &self.open) {
            (Some((_, id)), _) => id.is_none(),
            (None, open) => open.as_ref().is_some_and(|open| open.id.is_none()),
        };
        if file {
            return None;
        }
        let coming = self.coming.and_then(|(_, id)| id);
        let open = || self.open.as_ref().and_then(|open| open.id);
        let selected = || self.list.selected.map(|(_, id)| id);
        let id = coming.or_else(open).or_else(selected)?;
        self.list.chosen().map(|row| &row.letter).filter(|letter| letter.id == id)
    }
}
