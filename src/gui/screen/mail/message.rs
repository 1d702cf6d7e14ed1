//! What happens on the screen, and what the user wants: every message it takes.

use super::list::Row;
use super::{
    Ask, Due, Field, Goal, Menu, Place, Sheet, archives, choosing, conversation, focus, fold,
    journey, labels, leaving, missing, outbox, panes, people, picking, pins, preferences, preview,
    receipts, saving, searching, stack,
};
use crate::demo::Hit as TrackerHit;
use crate::engine::protocol::{Event, Start, Trust, WriteId};
use crate::gui::screen::compose;
use crate::gui::theme::Mode;
use crate::gui::widget::edges::Pull;
use crate::gui::widget::letter::Did;
use crate::gui::widget::lines::{Cut, Marked};
use crate::gui::widget::rows::Scroll;
use crate::html::worker::protocol::DocId;
use crate::model::{
    Account, AccountId, FolderId, FolderPolicy, LetterId, Made, OutLetter, OutboxId, Rule, Secret,
};
use crate::store::search::Snippet;
use crate::store::{Folder, StoreError};
use iced::Size;
use std::path::PathBuf;

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
    RulesRead(Vec<(Rule, Made)>),
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
