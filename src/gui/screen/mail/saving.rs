//! What is kept of the open letter as files: the letter itself, and all that is attached.
//! Nothing is opened, and nothing that is there already is written over.

use super::open::Open;
use super::sheet::{answers, dialogue};
use super::{Action, Sheet, State};
use crate::engine::printing;
use crate::gui::screen::pieces::{main_button, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::time::Clock;
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::i18n::Words;
use iced::Fill;
use iced::widget::text::Wrapping;
use iced::widget::{Column, column, row, space};

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
                let words = Words::new(self.language);
                let date = open.letter.date.map(|date| Clock::system().whole(&words, date));
                let say = |key: &str, count: usize| {
                    let count = i64::try_from(count).unwrap_or(i64::MAX);
                    words.say_with(key, &[("count", count.into())])
                };
                let order = printing::order(&open.letter, self.language.code(), date, &say);
                let name = format!("{}.pdf", self.file_name(open));
                vec![Action::Print(open.doc, Box::new(order), name)]
            }
            Message::All if open.letter.report.attachments.iter().any(|a| a.warning.is_some()) => {
                self.sheet = Some(Sheet::AllAttachments);
                Vec::new()
            }
            Message::All | Message::AllConfirmed => {
                let attachments = open.letter.report.attachments.iter();
                let parts = attachments.map(|attachment| {
                    (attachment.part, attachment.name.clone().unwrap_or_default())
                });
                let save = Action::SaveAll(open.doc, parts.collect());
                self.sheet = None;
                vec![save]
            }
        }
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
            let name = attachment.name.clone().unwrap_or_else(|| look.say("attachment-unnamed"));
            let name: String = name.chars().take(120).collect();
            let Some(warning) = attachment.warning else { continue };
            let said = column![
                words(name, size::SECOND, t.ink)
                    .font(theme::SEMIBOLD)
                    .wrapping(Wrapping::WordOrGlyph),
                words(super::attachments::warning_said(warning, look), size::HINT, t.ink2),
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
        let title = look.words.say_with("attachment-all", &[("count", count.into())]);
        let body = column![
            words(title, size::SECTION, t.ink).font(theme::BOLD),
            lines,
            words(look.say("attachment-hint"), size::HINT, t.ink3),
            space().height(4),
            answers(save, look),
        ]
        .spacing(10);
        dialogue(body, 480.0, look)
    }
}
