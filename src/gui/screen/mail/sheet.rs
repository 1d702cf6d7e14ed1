//! What lies over the window: sheets from the right, dialogues in the middle.

use super::open::Open;
use super::tools::tip;
use super::{Action, Ask, Message, Read, State};
use crate::gui::screen::pieces::{across, bytes, icon_button, link_button, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::by_keys::by_keys;
use crate::gui::widget::icon::Icon;
use crate::gui::widget::lines::lines;
use crate::model::{AccountId, FolderId};
use iced::widget::{column, container, mouse_area, opaque, row, space, stack};
use iced::{Center, Fill, Padding};
use std::sync::Arc;

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

impl Sheet {
    /// Whether it is of the open letter: without one it is not shown. Every sheet has to say,
    /// for whatever is shown takes the keys from what lies under it.
    pub(super) fn is_of_letter(self) -> bool {
        match self {
            Self::Move
            | Self::Labels
            | Self::FolderName
            | Self::Keep(_)
            | Self::Ask(_)
            | Self::Rules
            | Self::Keys
            | Self::Talk(_)
            | Self::Missing
            | Self::Import
            | Self::Export
            | Self::ReceiptServer => false,
            Self::AllAttachments
            | Self::Preview
            | Self::Leave
            | Self::LeavePage
            | Self::Block
            | Self::Ledger
            | Self::Header
            | Self::Journey
            | Self::Source
            | Self::Link(_)
            | Self::Attachment(_) => true,
        }
    }

    /// Whether it comes from the right, as high as the window, and does not lie in the middle.
    /// Every sheet has to say: one from the right stays where it is when a notice comes.
    fn is_from_right(self) -> bool {
        match self {
            Self::Preview
            | Self::Ledger
            | Self::Header
            | Self::Journey
            | Self::Source
            | Self::Rules
            | Self::Keys
            | Self::Missing
            | Self::Talk(_) => true,
            Self::Move
            | Self::Labels
            | Self::FolderName
            | Self::Keep(_)
            | Self::Ask(_)
            | Self::Import
            | Self::Export
            | Self::ReceiptServer
            | Self::AllAttachments
            | Self::Leave
            | Self::LeavePage
            | Self::Block
            | Self::Link(_)
            | Self::Attachment(_) => false,
        }
    }
}

impl State {
    pub(super) fn open_sheet(&mut self, sheet: Sheet) -> Vec<Action> {
        self.menu = None;
        self.help.open = false;
        if matches!(sheet, Sheet::Rules | Sheet::Keys) {
            self.sheet = Some(sheet);
            let made = (sheet == Sheet::Rules).then_some(Action::Read(Read::Rules));
            return made.into_iter().collect();
        }
        let Some(open) = &self.open else { return Vec::new() };
        self.sheet = Some(sheet);
        if sheet == Sheet::Source && self.source.is_none() {
            let raw = Arc::clone(&open.letter.raw);
            return vec![Action::Read(Read::Source(open.doc, raw, 96))];
        }
        Vec::new()
    }

    pub(super) fn sheet_over<'a>(&'a self, look: Look<'a>) -> Option<Element<'a, Message>> {
        let open = self.open.as_ref();
        Some(match self.sheet? {
            Sheet::Move => self.move_sheet(look),
            Sheet::Labels => self.labels_sheet(look),
            Sheet::FolderName => self.folder_name_sheet(look),
            Sheet::Ask(ask) => self.question(ask, look),
            Sheet::Keep(folder) => self.keep_sheet(folder, look),
            Sheet::Rules => self.rules_sheet(look),
            Sheet::Missing => self.missing_sheet(look),
            Sheet::Keys => self.keys_sheet(look),
            Sheet::Talk(account) => self.talk_sheet(account, look),
            Sheet::ReceiptServer => self.receipt_server_sheet(look),
            Sheet::Import => self.import_sheet(look),
            Sheet::Export => self.export_sheet(look),
            Sheet::Preview => self.preview_sheet(open?, look)?,
            Sheet::AllAttachments => self.all_attachments_dialogue(open?, look),
            Sheet::Leave => self.leave_dialogue(open?, look),
            Sheet::LeavePage => self.leave_page_dialogue(open?, look),
            Sheet::Block => self.block_dialogue(open?, look),
            Sheet::Ledger => self.ledger_sheet(open?, look),
            Sheet::Header => self.header_sheet(open?, look),
            Sheet::Journey => self.journey_sheet(open?, look)?,
            Sheet::Source => self.source_sheet(open?, look),
            Sheet::Link(at) => self.link_dialogue(open?, at, look),
            Sheet::Attachment(at) => self.attachment_dialogue(open?, at, look)?,
        })
    }

    fn source_sheet<'a>(&'a self, open: &'a Open, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let body: Element<'a, Message> = match &self.source {
            Some(cut) => {
                let written = (iced::Font::MONOSPACE, size::HINT, 18.0);
                let on = |marked| Message::Marked(true, marked);
                lines(cut, self.source_marked, on, look, written).into()
            }
            None => container(words(look.say("source-coming"), size::SECOND, t.ink3))
                .center(Fill)
                .into(),
        };
        panel(look.say("source-title"), bytes(open.letter.raw.len()), body, 760.0, look)
    }
}

/// What a notice takes of the window below a sheet, in logical pixels, so that it lies over
/// nothing of it: one notice, and two.
const NOTICES: [f32; 2] = [76.0, 124.0];
/// From this height of a window on a dialogue stays in its middle when a notice comes.
const HIGH: f32 = 640.0;

impl State {
    /// Something that lies over the window, and below it what is said meanwhile: both can be
    /// pressed.
    pub(super) fn over_notices<'a>(
        &'a self,
        over: Element<'a, Message>,
        notices: Option<Element<'a, Message>>,
        look: Look<'a>,
    ) -> Element<'a, Message> {
        let t = look.tokens;
        let both = self.notice.is_some() && self.sending.is_some();
        let height = match (&notices, NOTICES) {
            (None, _) => 0.0,
            (Some(_), [_, two]) if both => two,
            (Some(_), [one, _]) => one,
        };
        let stays = self.sheet.is_some_and(Sheet::is_from_right) || self.window.height < HIGH;
        let above = if stays { 0.0 } else { height };
        let veil = |inside: Element<'a, Message>, height: f32| {
            opaque(container(inside).width(Fill).height(height).style(theme::area(t.scrim)))
        };
        let notices = notices.unwrap_or_else(|| space().into());
        let padding = Padding { top: 0.0, right: 24.0, bottom: 12.0, left: 24.0 };
        let notices = container(notices).align_bottom(Fill).center_x(Fill).padding(padding);
        // The same three, whether there is a notice or not: what is typed in the middle stays.
        column![veil(space().into(), above), over, veil(notices.into(), height)]
            .width(Fill)
            .height(Fill)
            .into()
    }
}

fn scrim<'a, M: Clone + 'a>(close: M, look: Look<'a>) -> Element<'a, M> {
    let scrim = container(space()).width(Fill).height(Fill).style(theme::area(look.tokens.scrim));
    opaque(mouse_area(scrim).on_press(close))
}

/// A sheet from the right. What is in it is scrolled by keys too.
pub(super) fn panel<'a>(
    title: String,
    hint: String,
    body: impl Into<Element<'a, Message>>,
    width: f32,
    look: Look<'a>,
) -> Element<'a, Message> {
    let t = look.tokens;
    let close = icon_button(Icon::Close, t.ink2, Message::SheetClosed, look);
    let head = row![
        column![
            words(title, size::SECTION, t.ink).font(theme::BOLD),
            words(hint, size::HINT, t.ink3),
        ]
        .spacing(2)
        .width(Fill),
        tip(close, look.say("close"), "Esc", look),
    ]
    .align_y(Center);
    let head =
        container(head).padding(Padding { top: 14.0, right: 16.0, bottom: 12.0, left: 20.0 });
    let sheet = container(column![head, across(t), by_keys(body)])
        .width(Fill)
        .max_width(width)
        .height(Fill)
        .style(theme::raised(t, 0.0));
    let sheet = container(opaque(sheet)).align_right(Fill).height(Fill);
    stack![scrim(Message::SheetClosed, look), sheet].into()
}

/// What ends a dialogue: away from it, or on with it.
pub(super) fn answers<'a>(
    yes: Element<'a, Message>,
    look: Look<'a>,
) -> iced::widget::Row<'a, Message> {
    let cancel = link_button(look.say("cancel"), Message::SheetClosed, look);
    row![space().width(Fill), cancel, yes].spacing(8).align_y(Center)
}

/// A dialogue in the middle.
pub(super) fn dialogue<'a>(
    body: impl Into<Element<'a, Message>>,
    width: f32,
    look: Look<'a>,
) -> Element<'a, Message> {
    dialogue_of(body, width, Message::SheetClosed, look)
}

/// A dialogue in the middle; `close`: a click beside it.
pub(in crate::gui::screen) fn dialogue_of<'a, M: Clone + 'a>(
    body: impl Into<Element<'a, M>>,
    width: f32,
    close: M,
    look: Look<'a>,
) -> Element<'a, M> {
    let card = container(body)
        .padding(24)
        .width(Fill)
        .max_width(width)
        .style(theme::raised(look.tokens, 12.0));
    stack![scrim(close, look), container(opaque(card)).center(Fill).padding(24)].into()
}
