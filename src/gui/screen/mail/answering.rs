//! Somebody asks to be told that the open letter was read (RFC 8098). Nobody is, unless the
//! user says so, for this letter; what is said is remembered with it, here and on the server.

use super::open::Open;
use super::{Action, Message, Notice, State};
use crate::engine::protocol::{Command, NotDone};
use crate::gui::screen::pieces::{link_button, small, words};
use crate::gui::theme::{Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::i18n::Words;
use crate::model::{AccountKind, Address, Flags, LetterId};
use crate::privacy::receipts::{ReceiptKind, ReceiptRequest};
use iced::widget::{column, row, space};
use iced::{Center, Fill};

/// What the user says to a request for a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Answering {
    /// Nothing yet.
    #[default]
    Nothing,
    /// Tell them: the engine is asked.
    Asked,
    /// They are told.
    Told,
    /// Do not tell them.
    Declined,
    /// It was settled before, elsewhere: nobody is told now.
    Settled,
}

/// Whom an answer would tell.
fn answerable(request: &ReceiptRequest) -> Option<&Address> {
    request.answer.as_ref()?.as_ref().ok()
}

impl State {
    /// The one who asks is told, or is not.
    pub(super) fn decide_receipt(&mut self, tell: bool) -> Vec<Action> {
        let words = Words::new(self.language);
        let Some(open) = &mut self.open else { return Vec::new() };
        let Some(letter) = open.id.filter(|_| open.answering == Answering::Nothing) else {
            return Vec::new();
        };
        if tell {
            let mut requests = open.letter.report.receipt_requests.iter();
            // The address that is shown.
            let Some(to) = requests.find_map(answerable) else { return Vec::new() };
            let to = to.addr.clone();
            open.answering = Answering::Asked;
            let subject: String = open.letter.subject.chars().take(200).collect();
            let subject = words.say_with("told-subject", &[("subject", subject.into())]);
            let words = words.say("told-words");
            return vec![Action::Ask(Command::AnswerReceipt { letter, to, subject, words })];
        }
        open.answering = Answering::Declined;
        self.list.set_flags(letter, Flags::MDN_SENT, Flags::NONE);
        let (letters, add, remove) = (vec![letter], Flags::MDN_SENT, Flags::NONE);
        vec![Action::Ask(Command::Flag { letters, add, remove })]
    }

    /// The engine has answered for that letter, or not.
    pub(super) fn receipt_answered(
        &mut self,
        letter: LetterId,
        answered: Result<bool, NotDone>,
    ) -> Vec<Action> {
        if answered.is_ok() {
            self.list.set_flags(letter, Flags::MDN_SENT, Flags::NONE);
        }
        let opens = self.open.iter_mut().chain(&mut self.stack.beside);
        for open in opens.filter(|open| open.id == Some(letter)) {
            open.answering = match answered {
                Err(_) => Answering::Nothing,
                Ok(true) => Answering::Told,
                Ok(false) => Answering::Settled,
            };
        }
        answered.err().map_or_else(Vec::new, |why| self.say(Notice::Failed(why)))
    }

    /// Whether it is the user who asks: in a letter of their own.
    pub(super) fn is_own_request(&self, request: &ReceiptRequest) -> bool {
        request.kind == ReceiptKind::Mdn
            && !matches!(request.answer, Some(Err(_)))
            && request.asker.as_ref().is_some_and(|asker| {
                let own = self.accounts.iter().filter_map(|account| account.address.as_ref());
                own.into_iter().any(|own| own.eq_ignore_ascii_case(&asker.addr))
            })
    }

    /// A request that the user can answer; nothing where there is nobody to answer from.
    pub(super) fn answer_line<'a>(
        &'a self,
        open: &'a Open,
        request: &ReceiptRequest,
        look: Look<'a>,
    ) -> Option<Element<'a, Message>> {
        let t = look.tokens;
        let asker = answerable(request)?;
        let row = self.row_of(open)?;
        let account = self.accounts.iter().find(|known| known.name == row.account)?;
        if account.kind == AccountKind::Local {
            return None;
        }
        // By the name the letter is from, where it is the same address.
        let from = open.letter.from.iter().find(|from| from.addr.eq_ignore_ascii_case(&asker.addr));
        let who: String = from.unwrap_or(asker).label().chars().take(60).collect();
        let settled = row.flags.has(Flags::MDN_SENT);
        let said = match open.answering {
            Answering::Asked | Answering::Told => Some("receipt-telling"),
            Answering::Declined => Some("receipt-declined"),
            Answering::Settled => Some("receipt-settled"),
            Answering::Nothing if settled => Some("receipt-settled"),
            Answering::Nothing => None,
        };
        if let Some(said) = said {
            let said = look.words.say_with(said, &[("who", who.into())]);
            let line = row![icon(Icon::Eye, t.ink3), words(said, size::HINT, t.ink2).width(Fill)];
            return Some(line.spacing(10).align_y(Center).into());
        }
        let asks = look.words.say_with("receipt-asks", &[("who", who.into())]);
        // Whole: its end is what matters, and no address is longer than 254 characters.
        let tells = look.words.say_with("receipt-tells", &[("address", asker.addr.clone().into())]);
        let said =
            column![words(asks, size::SECOND, t.ink), words(tells, size::HINT, t.ink3)].width(Fill);
        let tell = Message::ReceiptDecided(true);
        let buttons = row![
            small(None, look.say("receipt-tell"), Some(tell), look),
            link_button(look.say("receipt-decline"), Message::ReceiptDecided(false), look),
        ]
        .spacing(4)
        .align_y(Center);
        let mark = icon(Icon::Eye, t.ink3);
        Some(if self.view.width >= 620.0 {
            row![mark, said, buttons].spacing(10).align_y(Center).into()
        } else {
            let under = row![space().width(26), buttons];
            column![row![mark, said].spacing(10).align_y(Center), under].spacing(6).into()
        })
    }
}
