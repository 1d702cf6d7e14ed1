//! Reading mail: folders, the list, the letter, and what the letter would have told.
//!
//! `update` is pure: it takes what happened and says what to do about it; the window
//! does it. That is how a test can be the engine.

mod action;
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
mod field;
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
mod keys;
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
mod message;
pub mod missing;
mod moving;
pub(in crate::gui::screen) mod not_done;
mod notice;
pub mod open;
pub mod outbox;
pub mod panes;
pub mod people;
pub mod picking;
pub mod pins;
mod place;
pub mod preferences;
pub mod preview;
mod reading;
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

pub use action::{Action, Due, Read};
pub use ask::Ask;
pub use field::{Field, Part};
pub use go::Goal;
pub use labels::Labelling;
pub use menus::Menu;
pub use message::Message;
pub use moving::Moving;
pub use notice::Notice;
pub use sheet::Sheet;
pub use sync::{Phase, Standing};
pub use talk::Talk;

use crate::demo::Hit as TrackerHit;
use crate::engine::protocol::{Command, OpenError, WriteId};
use crate::gui::notify::Telling;
use crate::gui::screen::compose;
use crate::gui::taste::{Light, Taste};
use crate::gui::theme::Mode;
use crate::gui::widget::lines::{Cut, Marked};
use crate::html::clean::Labels;
use crate::html::worker::protocol::DocId;
use crate::i18n::{Language, Words};
use crate::model::{
    Account, AccountId, Flags, FolderId, LetterId, Made, OutboxId, Remote, Rule, Way,
};
use crate::store::{Folder, LetterRow};
use deeds::Deeds;
use iced::Size;
use list::{List, Row};
use open::Open;
use std::collections::{BTreeMap, BTreeSet};

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
    rules_made: Vec<(Rule, Made)>,
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
