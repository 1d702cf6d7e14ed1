//! What is kept of the open letter as files: the letter itself, and all that is attached.
//! Nothing is opened, and nothing that is there already is written over, but where somebody chose
//! to in the desktop's own dialogue.

use super::attachments::{attachment_said, warning_said};
use super::choosing::Choose;
use super::open::Open;
use super::sheet::{answers, dialogue};
use super::{Action, Notice, Sheet, State};
use crate::engine::printing;
use crate::engine::protocol::NotDone;
use crate::engine::saving::named;
use crate::gui::screen::pieces::{link_button, main_button, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::time::Clock;
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::html::worker::protocol::{DocId, Print};
use crate::i18n::Words;
use crate::model::Obstacle;
use iced::widget::text::Wrapping;
use iced::widget::{Column, column, row, space};
use iced::{Center, Fill};
use std::path::PathBuf;

/// Characters of a subject that become a file's name.
const NAME: usize = 80;
/// Attachments that are named before all are saved.
const NAMED: usize = 5;

/// What is to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Message {
    /// The letter, as it came.
    Letter,
    /// The letter, on paper.
    Print,
    /// Everything that is attached; asks first where something may report its opening.
    All,
    /// All of it.
    AllConfirmed,
    /// This, in a place that is chosen.
    As(SaveAs),
}

/// What is kept in a place that is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SaveAs {
    /// The letter, as it came.
    Letter,
    /// The letter, on paper.
    Print,
    /// The how many-th of what is attached.
    Attachment(usize),
    /// All of that, in a folder.
    All,
}

/// What of an open letter is written.
#[derive(Debug, Clone, PartialEq)]
pub enum Kept {
    /// As it came.
    Letter,
    /// On paper, like this.
    Printed(Box<Print>),
    /// This part.
    Part(usize),
    /// These parts, each under its name.
    Parts(Vec<(usize, String)>),
}

impl State {
    /// Something of the open letter is to be kept.
    pub(super) fn keep_as_file(&mut self, message: Message) -> Vec<Action> {
        self.menu = None;
        let Some(open) = &self.open else { return Vec::new() };
        match message {
            Message::Letter => {
                vec![Action::SaveLetter(open.doc, format!("{}.eml", self.file_name(open)))]
            }
            Message::Print => {
                let name = format!("{}.pdf", self.file_name(open));
                vec![Action::Print(open.doc, Box::new(self.on_paper(open)), name)]
            }
            Message::All | Message::As(SaveAs::All)
                if self.sheet != Some(Sheet::AllAttachments)
                    && open.letter.report.attachments.iter().any(|a| a.warning.is_some()) =>
            {
                self.sheet = Some(Sheet::AllAttachments);
                Vec::new()
            }
            Message::All | Message::AllConfirmed => {
                let save = Action::SaveAll(open.doc, all_parts(open));
                self.sheet = None;
                vec![save]
            }
            Message::As(what) => {
                let doc = open.doc;
                self.sheet = None;
                self.choose_place(doc, what)
            }
        }
    }

    /// Asks where to, if there is somebody to ask; else it goes where all is saved.
    pub(super) fn choose_place(&mut self, doc: DocId, what: SaveAs) -> Vec<Action> {
        match self.chooser {
            true => vec![Action::Choose(Choose::Save(doc, what))],
            false => self.save_as(doc, what, None),
        }
    }

    /// A place was chosen, or is the one where all is saved.
    pub(super) fn save_as(
        &mut self,
        doc: DocId,
        what: SaveAs,
        path: Option<PathBuf>,
    ) -> Vec<Action> {
        let Some(open) = self.open_as(doc) else {
            // It was closed while somebody chose.
            let gone = NotDone::File(Obstacle::Missing);
            return path.map_or_else(Vec::new, |path| self.say(Notice::NotSaved(path, gone)));
        };
        let name = self.file_name(open);
        let attachments = &open.letter.report.attachments;
        let action = match (what, path) {
            (SaveAs::Letter, Some(path)) => Action::SaveAs(doc, Kept::Letter, path),
            (SaveAs::Letter, None) => Action::SaveLetter(doc, format!("{name}.eml")),
            (SaveAs::Print, path) => {
                let order = Box::new(self.on_paper(open));
                match path {
                    Some(path) => Action::SaveAs(doc, Kept::Printed(order), path),
                    None => Action::Print(doc, order, format!("{name}.pdf")),
                }
            }
            (SaveAs::Attachment(at), path) => {
                let Some(attachment) = attachments.get(at) else { return Vec::new() };
                let part = attachment.part;
                match path {
                    Some(path) => Action::SaveAs(doc, Kept::Part(part), path),
                    None => Action::Save(doc, part, attachment.name.clone().unwrap_or_default()),
                }
            }
            (SaveAs::All, Some(path)) => Action::SaveAs(doc, Kept::Parts(all_parts(open)), path),
            (SaveAs::All, None) => Action::SaveAll(doc, all_parts(open)),
        };
        vec![action]
    }

    /// What it is called as long as nobody says otherwise.
    pub(super) fn named_first(&self, doc: DocId, what: SaveAs) -> String {
        let Some(open) = self.open_as(doc) else { return String::new() };
        let name = match what {
            SaveAs::Letter => format!("{}.eml", self.file_name(open)),
            SaveAs::Print => format!("{}.pdf", self.file_name(open)),
            SaveAs::Attachment(at) => {
                let attachment = open.letter.report.attachments.get(at);
                attachment.and_then(|attachment| attachment.name.clone()).unwrap_or_default()
            }
            SaveAs::All => String::new(),
        };
        named(&name, 0)
    }

    /// A letter that is open, by its number.
    fn open_as(&self, doc: DocId) -> Option<&Open> {
        self.open.iter().chain(&self.stack.beside).find(|open| open.doc == doc)
    }

    /// How an open letter stands on paper.
    fn on_paper(&self, open: &Open) -> Print {
        let words = Words::new(self.language);
        let date = open.letter.date.map(|date| Clock::system().whole(&words, date));
        let say = |key: &str, count: usize| {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            words.say_with(key, &[("count", count.into())])
        };
        printing::order(&open.letter, self.language.code(), date, &say)
    }

    /// What a file is called that an open letter becomes, without its ending.
    fn file_name(&self, open: &Open) -> String {
        let subject: String = open.letter.subject.trim().chars().take(NAME).collect();
        match subject.trim() {
            "" => Words::new(self.language).say("no-subject"),
            subject => subject.to_owned(),
        }
    }

    /// Before everything is saved: what of it may report that it was opened, or worse.
    pub(super) fn all_attachments_dialogue<'a>(
        &'a self,
        open: &'a Open,
        look: Look<'a>,
    ) -> Element<'a, super::Message> {
        let t = look.tokens;
        let attachments = &open.letter.report.attachments;
        let count = i64::try_from(attachments.len()).unwrap_or(i64::MAX);
        let odd: Vec<_> = attachments.iter().filter(|a| a.warning.is_some()).collect();
        let mut lines: Column<'a, super::Message> = column![].spacing(8);
        for attachment in odd.iter().take(NAMED) {
            let name = attachment_said(attachment, look);
            let name: String = name.chars().take(120).collect();
            let Some(warning) = attachment.warning else { continue };
            let said = column![
                words(name, size::SECOND, t.ink)
                    .font(theme::SEMIBOLD)
                    .wrapping(Wrapping::WordOrGlyph),
                words(warning_said(warning, look), size::HINT, t.ink2),
            ];
            lines = lines.push(row![icon(Icon::Warn, t.warn), said.width(Fill)].spacing(10));
        }
        if let Some(more @ 1..) = odd.len().checked_sub(NAMED) {
            let more = i64::try_from(more).unwrap_or(i64::MAX);
            let said = look.words.say_with("attachment-more", &[("count", more.into())]);
            lines = lines.push(words(said, size::HINT, t.ink3));
        }
        let confirmed = super::Message::Saving(Message::AllConfirmed);
        let save =
            main_button(Some(Icon::Save), look.say("attachment-save"), Some(confirmed), look);
        let elsewhere = super::Message::Saving(Message::As(SaveAs::All));
        let elsewhere =
            self.chooser.then(|| link_button(look.say("attachment-save-as"), elsewhere, look));
        let title = look.words.say_with("attachment-all", &[("count", count.into())]);
        let body = column![
            words(title, size::SECTION, t.ink).font(theme::BOLD),
            lines,
            words(look.say("attachment-hint"), size::HINT, t.ink3),
            space().height(4),
            answers(row![].push(elsewhere).push(save).spacing(8).align_y(Center).into(), look),
        ]
        .spacing(10);
        dialogue(body, 480.0, look)
    }
}

/// Everything that is attached, by its names.
fn all_parts(open: &Open) -> Vec<(usize, String)> {
    let attachments = open.letter.report.attachments.iter();
    attachments
        .map(|attachment| (attachment.part, attachment.name.clone().unwrap_or_default()))
        .collect()
}
