//! Writing a letter: to whom, about what, the words, files, receipts; and what it makes
//! known before it goes.
//!
//! Promise: what was typed is on its way to the store [`SAVED_WITHIN`] after it was typed;
//! a letter goes only after the engine has looked through it as it was saved last.
//! `update` is pure, as everywhere.

mod findings;
mod marks;
mod people;
mod preview;
mod sending;
mod shortcuts;
mod told;
mod update;
mod view;
mod view_foot;
mod writer;

use crate::engine::protocol::{Command, Event, NotDone, When, WriteId};
use crate::engine::writing::LeftOut;
use crate::gui::screen::mail::leaf::Leaf;
use crate::gui::widget::letter::Did;
use crate::html::worker::protocol::{DocId, View};
use crate::model::{
    AccountId, Address, Draft, DraftBody, DraftId, FileId, Identity, OutboxId, PixelRequest,
    ReceiptChoice,
};
use crate::privacy::preflight::{Finding, Weight};
use crate::store::DraftFile;
use iced::widget::text_editor;
pub use marks::Mark;
pub use people::People;
use std::path::PathBuf;
use std::time::Duration;

/// What was typed is handed to the store after so long at the latest.
pub const SAVED_WITHIN: Duration = Duration::from_millis(80);
/// A letter is looked through when nothing was typed for so long.
const LOOKED: Duration = Duration::from_millis(900);
/// A letter can be taken back for so many seconds after it was sent.
pub const TAKE_BACK: u32 = 10;
/// Addresses that are suggested at once.
pub const SUGGESTED: usize = 6;

/// One of the three lists of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Line {
    /// Everybody sees them.
    To,
    /// Copies.
    Cc,
    /// Nobody is told of them.
    Bcc,
}

/// A field of the letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// People.
    People(Line),
    /// What it is about.
    Subject,
    /// The words.
    Body,
    /// Where a file lies.
    Path,
    /// When it goes.
    Later,
    /// The line that says that a receipt is asked for.
    Notice,
}

impl Field {
    /// The widget's name.
    pub fn id(self) -> iced::widget::Id {
        iced::widget::Id::new(match self {
            Self::People(Line::To) => "compose-to",
            Self::People(Line::Cc) => "compose-cc",
            Self::People(Line::Bcc) => "compose-bcc",
            Self::Subject => "compose-subject",
            Self::Body => "compose-body",
            Self::Path => "compose-path",
            Self::Later => "compose-later",
            Self::Notice => "compose-notice",
        })
    }
}

/// A menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Menu {
    /// Whom it is from.
    From,
    /// When it goes.
    Later,
    /// A file by its path.
    Attach,
}

/// How a receipt is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Receipt {
    /// Not at all.
    None,
    /// By an answer (MDN).
    Answer,
    /// By a picture.
    Picture,
}

/// Where sending stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The engine is asked for it.
    Coming,
    /// It is being written.
    Writing,
    /// It was sent off: the engine looks through it.
    Looking(When),
    /// Something is asked before it goes.
    Asking(When),
    /// It is being given away.
    Giving(When),
}

/// What happens here.
#[derive(Debug, Clone)]
pub enum Message {
    /// The engine says.
    Engine(Event),
    /// Typed into a list of people.
    PeopleTyped(Line, String),
    /// Pasted into a list of people.
    PeoplePasted(Line, String),
    /// Enter in a list of people, or it was left.
    PeopleEntered(Line),
    /// A person is taken out.
    PersonRemoved(Line, usize),
    /// Cc or Bcc is wanted.
    LineShown(Line),
    /// The store suggests, for what was typed.
    Suggested(String, Vec<Address>),
    /// To the next suggestion, or the one before.
    SuggestionMoved(isize),
    /// A suggestion is taken.
    SuggestionTaken(usize),
    /// Typed.
    SubjectTyped(String),
    /// Something done in the words.
    Edited(text_editor::Action),
    /// A mark is wanted.
    Marked(Mark),
    /// With marks, or text only.
    PlainSwitched,
    /// Write, or look at it as its reader will.
    PreviewSwitched,
    /// Something done with the preview.
    Preview(Did),
    /// The quoted letter is shown, or folded.
    QuoteSwitched,
    /// The quoted letter is taken out.
    QuoteRemoved,
    /// Another identity writes.
    FromChosen(usize),
    /// A menu is opened or closed.
    MenuToggled(Menu),
    /// Menus are closed.
    MenuClosed,
    /// Files are over the window, or gone again.
    FilesOver(bool),
    /// A file was dropped.
    FileDropped(PathBuf),
    /// Typed into the path of a file.
    PathTyped(String),
    /// The path is a file to be attached.
    PathEntered,
    /// A file is taken out.
    FileRemoved(FileId),
    /// A receipt is asked for, or not.
    ReceiptChosen(Receipt),
    /// The line that says so.
    NoticeTyped(String),
    /// The receipt server is to be named.
    ReceiptServerWanted,
    /// What it makes known is shown, or folded.
    ToldSwitched,
    /// Send it.
    Sent(When),
    /// Typed when it goes.
    LaterTyped(String),
    /// What was typed is this time, or none.
    LaterEntered(Option<i64>),
    /// Send it, whatever was asked.
    SentAnyway,
    /// Put the right address in, and send.
    Corrected(String, String),
    /// Go on writing.
    AskedClosed,
    /// Save now.
    Saved,
    /// Put the cursor there.
    Entered(Field),
    /// Escape, or the cross.
    Left,
    /// Throw it away.
    Discarded,
    /// The time for something has come.
    Due(Due),
}

/// What is to be done in a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Due {
    /// Save what was typed.
    Save(WriteId),
    /// Look through it, if nothing was typed since the how many-th change.
    Look(WriteId, u64),
}

/// What the window must do.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Ask the engine.
    Ask(Command),
    /// Ask the store for addresses like this.
    Suggest(String),
    /// Say [`Message::Due`] after so long.
    Later(Due, Duration),
    /// Put the cursor into a field.
    Focus(Field),
    /// Show the mailbox again, and say this.
    Leave(Left),
}

/// Why the letter is left.
#[derive(Debug, Clone, PartialEq)]
pub enum Left {
    /// It lies among the drafts.
    PutAway,
    /// It is on its way there, or to be sent: what comes of it is still to be heard.
    Awaited,
    /// There was nothing in it.
    Empty,
    /// It is to be thrown away: it can be wanted back for a moment.
    Discarded,
    /// It could not be begun.
    NotBegun(NotDone),
    /// It is in the outbox; where the writer chose a time, not to go before.
    Given(OutboxId, Option<i64>),
}

/// A letter being written.
#[derive(Debug)]
pub struct State {
    /// Its number here.
    pub id: WriteId,
    /// Its number in the store, once it is there.
    pub draft: Option<DraftId>,
    /// Whose it is.
    pub account: AccountId,
    /// Everybody one can write as.
    pub identities: Vec<(AccountId, Identity)>,
    /// The address it was begun with, from which nobody writes any more.
    pub gone: Option<String>,
    /// What a quoted letter holds that is not quoted.
    pub left_out: LeftOut,
    /// The receipt server, where there is one.
    pub receipt_server: Option<String>,
    /// To.
    pub to: People,
    /// Cc.
    pub cc: People,
    /// Bcc.
    pub bcc: People,
    /// Cc is shown.
    pub cc_shown: bool,
    /// Bcc is shown.
    pub bcc_shown: bool,
    /// What is suggested: for which line, whom, and which of them is marked.
    pub suggested: Option<(Line, Vec<Address>, usize)>,
    /// What it is about.
    pub subject: String,
    /// The words.
    pub body: text_editor::Content,
    /// Text only.
    pub plain: bool,
    /// HTML of another program, until something is typed.
    html: Option<DraftBody>,
    /// The preview, where it is looked at.
    pub preview: Option<Leaf>,
    /// The quoted letter is shown.
    pub quote_shown: bool,
    /// Its files.
    pub files: Vec<DraftFile>,
    /// Files that could not be added, and why.
    pub failed: Vec<(PathBuf, NotDone)>,
    /// Files are over the window.
    pub files_over: bool,
    /// Where a file lies, as typed.
    pub path: String,
    /// When it goes, as typed; and that it was no time.
    pub later: String,
    /// What was typed is no time.
    pub later_wrong: bool,
    /// The line that says that a picture asks for a receipt.
    pub notice: String,
    /// What it makes known.
    pub findings: Vec<Finding>,
    /// All of that is shown.
    pub told_shown: bool,
    /// The open menu.
    pub menu: Option<Menu>,
    /// Where sending stands.
    pub stage: Stage,
    /// Why it was not saved, or not sent.
    pub problem: Option<NotDone>,
    /// What the fields do not show.
    kept: Draft,
    /// Changes; the last one sent to the store; and the last one it has.
    edits: u64,
    sent: u64,
    saved: u64,
    timer: bool,
    /// Times that files were added or taken out, and what came of it is not heard yet.
    attaching: usize,
    /// The version in the store that was looked through.
    looked: i64,
    /// How the preview is looked at.
    pub how: View,
    next_doc: DocId,
}

impl State {
    /// A letter that the engine is asked for. `notice`: the usual line that says that a
    /// receipt is asked for; `how` its preview is looked at; `doc`: numbers of previews
    /// from here on.
    pub fn new(id: WriteId, notice: String, how: View, doc: DocId) -> Self {
        Self {
            id,
            draft: None,
            account: AccountId(0),
            identities: Vec::new(),
            gone: None,
            left_out: LeftOut::default(),
            receipt_server: None,
            to: People::default(),
            cc: People::default(),
            bcc: People::default(),
            cc_shown: false,
            bcc_shown: false,
            suggested: None,
            subject: String::new(),
            body: text_editor::Content::new(),
            plain: false,
            html: None,
            preview: None,
            quote_shown: false,
            files: Vec::new(),
            failed: Vec::new(),
            files_over: false,
            path: String::new(),
            later: String::new(),
            later_wrong: false,
            notice,
            findings: Vec::new(),
            told_shown: false,
            menu: None,
            stage: Stage::Coming,
            problem: None,
            kept: Draft::default(),
            edits: 0,
            sent: 0,
            saved: 0,
            timer: false,
            attaching: 0,
            looked: 0,
            how,
            next_doc: doc,
        }
    }

    /// A list of people.
    pub fn people(&self, line: Line) -> &People {
        match line {
            Line::To => &self.to,
            Line::Cc => &self.cc,
            Line::Bcc => &self.bcc,
        }
    }

    fn people_mut(&mut self, line: Line) -> &mut People {
        match line {
            Line::To => &mut self.to,
            Line::Cc => &mut self.cc,
            Line::Bcc => &mut self.bcc,
        }
    }

    /// The letter as it stands here.
    pub fn written(&self) -> Draft {
        let body = match &self.html {
            Some(html) => html.clone(),
            None if self.plain => DraftBody::Text(self.body.text()),
            None => DraftBody::Marked(self.body.text()),
        };
        Draft {
            to: self.to.all(),
            cc: self.cc.all(),
            bcc: self.bcc.all(),
            subject: self.subject.clone(),
            body,
            ..self.kept.clone()
        }
    }

    /// Who writes.
    pub fn identity(&self) -> &Identity {
        &self.kept.identity
    }

    /// The quoted letter.
    pub fn quotation(&self) -> Option<&crate::model::Quotation> {
        self.kept.quotation.as_ref()
    }

    /// How a receipt is asked for.
    pub fn receipt(&self) -> Receipt {
        match &self.kept.receipt {
            ReceiptChoice { pixel: Some(_), .. } => Receipt::Picture,
            ReceiptChoice { mdn: true, .. } => Receipt::Answer,
            _ => Receipt::None,
        }
    }

    fn set_receipt(&mut self, receipt: Receipt) {
        let server = self.receipt_server.clone();
        let notice = self.notice.clone();
        self.kept.receipt = match (receipt, server) {
            (Receipt::Answer, _) => ReceiptChoice { mdn: true, pixel: None },
            (Receipt::Picture, Some(server)) => {
                ReceiptChoice { mdn: false, pixel: Some(PixelRequest { server, notice }) }
            }
            _ => ReceiptChoice::default(),
        };
    }

    /// Everything that was typed is in the store.
    pub fn is_saved(&self) -> bool {
        self.saved == self.edits
    }

    /// Whether its writer has to see it again: something went wrong, or is asked.
    pub fn needs_writer(&self) -> bool {
        self.problem.is_some() || !self.failed.is_empty() || matches!(self.stage, Stage::Asking(_))
    }

    /// Whether it was sent, and is not in the outbox yet.
    pub fn is_going(&self) -> bool {
        matches!(self.stage, Stage::Looking(_) | Stage::Giving(_))
    }

    /// Whether what was asked for it last is not answered yet.
    pub fn is_awaited(&self) -> bool {
        self.is_going() || !self.is_saved() || self.attaching > 0
    }

    /// Whether it changes now.
    pub fn is_writing(&self) -> bool {
        self.stage == Stage::Writing
    }

    /// Nothing was written, chosen or added.
    pub fn is_empty(&self) -> bool {
        self.written().recipients().next().is_none()
            && self.subject.trim().is_empty()
            && self.html.is_none()
            && self.body.text().trim().is_empty()
            && self.kept.quotation.is_none()
            && self.files.is_empty()
    }

    /// What is asked before it goes.
    pub fn asked(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.weight() == Weight::Asked)
    }

    /// What is shown beside the button.
    pub fn shown(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.weight() != Weight::Told)
    }
}
