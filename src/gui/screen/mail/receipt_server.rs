//! The receipt server, named where a receipt by picture is wanted: its address and its key.
//! The key leaves the screen with the one command that carries it, and is wiped then.

use super::sheet::{answers, dialogue};
use super::{Action, Field, Message, Notice, Read, Sheet, State};
use crate::engine::protocol::{Command, Event, NoReceipts, WriteId};
use crate::gui::screen::compose::{self, Receipt};
use crate::gui::screen::pieces::{main_button, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::Icon;
use crate::model::Secret;
use iced::Fill;
use iced::widget::{column, container, space, text_input};

/// Longest address and key, in bytes.
const LONGEST: usize = 500;

/// Where naming it stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum Stage {
    #[default]
    Filling,
    Trying,
    Failed(NoReceipts),
}

/// The receipt server as it is being named.
#[derive(Debug, Default)]
pub(super) struct Form {
    address: String,
    key: Option<Secret>,
    stage: Stage,
    /// The letter that is to ask by picture when there is one.
    by: Option<WriteId>,
    /// The how many-th try it is.
    tries: u64,
}

impl Form {
    fn key(&self) -> &str {
        self.key.as_ref().map_or("", Secret::reveal)
    }

    /// An empty one: answers to earlier tries are none to this.
    fn anew(&self, by: Option<WriteId>) -> Self {
        Self { by, tries: self.tries + 1, ..Self::default() }
    }

    fn is_filled(&self) -> bool {
        !self.address.trim().is_empty() && !self.key().is_empty()
    }
}

impl State {
    /// It is to be named: for this letter, or for none.
    pub(super) fn want_receipt_server(&mut self, by: Option<WriteId>) -> Vec<Action> {
        self.server_form = self.server_form.anew(by);
        self.menu = None;
        self.sheet = Some(Sheet::ReceiptServer);
        vec![Action::Read(Read::ReceiptServer), Action::Focus(Field::ReceiptServer)]
    }

    /// The form is closed. What is being tried may still be kept, but no letter uses it.
    pub(super) fn leave_receipt_server(&mut self) {
        self.server_form = self.server_form.anew(None);
    }

    /// Something happens to the form.
    pub(super) fn name_receipt_server(&mut self, message: Message) -> Vec<Action> {
        match message {
            Message::ReceiptServerRead(server) => {
                if let Some(server) = server.filter(|_| self.server_form.address.is_empty()) {
                    self.server_form.address = server;
                }
            }
            _ if self.server_form.stage == Stage::Trying => {}
            Message::ReceiptServerTyped(mut address) => {
                address.truncate(address.floor_char_boundary(LONGEST));
                self.server_form.address = address;
                self.server_form.stage = Stage::Filling;
            }
            Message::ReceiptKeyTyped(key) => {
                if key.reveal().len() <= LONGEST {
                    self.server_form.key = Some(key);
                }
                self.server_form.stage = Stage::Filling;
            }
            Message::ReceiptServerEntered if self.server_form.is_filled() => {
                let form = &mut self.server_form;
                form.stage = Stage::Trying;
                form.tries += 1;
                let key = Secret::new(form.key().trim().to_owned());
                let address = form.address.trim().to_owned();
                return vec![Action::Ask(Command::SetReceiptServer(form.tries, address, key))];
            }
            _ => {}
        }
        Vec::new()
    }

    /// The engine has named it by this try, or not.
    pub(super) fn receipt_server_set(
        &mut self,
        number: u64,
        set: Result<(String, Option<NoReceipts>), NoReceipts>,
    ) -> Vec<Action> {
        // One that was given up is named all the same, if it was too late for that.
        let awaited = self.sheet == Some(Sheet::ReceiptServer) && self.server_form.tries == number;
        match set {
            Ok((address, away)) => {
                for left in self.departed.iter_mut().chain(&mut self.thrown) {
                    left.receipt_server = Some(address.clone());
                }
                let named = Event::ReceiptServerSet(number, Ok((address, away.clone())));
                let mut actions = self.compose(compose::Message::Engine(named));
                if awaited {
                    let by = self.server_form.by;
                    self.leave_receipt_server();
                    self.sheet = None;
                    let asks = |w: &compose::State| Some(w.id) == by && !w.plain;
                    if self.writing.as_deref().is_some_and(asks) {
                        let picture = compose::Message::ReceiptChosen(Receipt::Picture);
                        actions.extend(self.compose(picture));
                    }
                }
                actions.extend(self.say(Notice::ReceiptServer(away)));
                actions
            }
            Err(why) => {
                if awaited {
                    self.server_form.stage = Stage::Failed(why);
                }
                Vec::new()
            }
        }
    }

    pub(super) fn receipt_server_sheet<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let form = &self.server_form;
        let trying = form.stage == Stage::Trying;
        let field = |name: &str, input: Element<'a, Message>| {
            column![words(look.say(name), size::HINT, t.ink2).font(theme::SEMIBOLD), input]
                .spacing(4)
        };
        let address = text_input("https://receipts.example", &form.address)
            .id(Field::ReceiptServer.id())
            .on_input_maybe((!trying).then_some(Message::ReceiptServerTyped))
            .on_submit(Message::Entered(Field::ReceiptKey))
            .size(size::BODY)
            .padding([8, 10])
            .style(theme::framed_field(t));
        let typed = |text| Message::ReceiptKeyTyped(Secret::new(text));
        let key = text_input("", form.key())
            .id(Field::ReceiptKey.id())
            .secure(true)
            .on_input_maybe((!trying).then_some(typed))
            .on_submit(Message::ReceiptServerEntered)
            .size(size::BODY)
            .padding([8, 10])
            .style(theme::framed_field(t));
        let mut body = column![
            words(look.say("server-title"), size::SECTION, t.ink).font(theme::BOLD),
            words(look.say("server-hint"), size::SECOND, t.ink2),
            space().height(2),
            field("server-address", address.into()),
            field("server-key", key.into()),
            words(look.say("server-key-hint"), size::HINT, t.ink3),
        ]
        .spacing(8);
        if let Stage::Failed(why) = &form.stage {
            let why = words(no_receipts_said(why, look), size::SECOND, t.bad).width(Fill);
            body = body.push(container(why).padding([8, 10]).style(theme::tag(t.bad_soft)));
        }
        let on = (form.is_filled() && !trying).then_some(Message::ReceiptServerEntered);
        let said = look.say(if trying { "server-trying" } else { "server-set" });
        let set = main_button(Some(Icon::Check), said, on, look);
        dialogue(body.push(space().height(2)).push(answers(set, look)), 480.0, look)
    }
}

/// What stands between us and the receipt server.
pub(super) fn no_receipts_said(why: &NoReceipts, look: Look<'_>) -> String {
    let other = |said: &str| {
        let said: String = said.chars().filter(|c| !c.is_control()).take(200).collect();
        look.words.say_with("server-other", &[("said", said.into())])
    };
    match why {
        NoReceipts::Address => look.say("server-no-address"),
        NoReceipts::Plain => look.say("server-plain"),
        NoReceipts::KeyForm => look.say("server-key-form"),
        NoReceipts::Key => look.say("server-wrong-key"),
        NoReceipts::NoKey => look.say("server-no-key"),
        NoReceipts::Demo => look.say("server-demo"),
        NoReceipts::Away => look.say("server-away"),
        NoReceipts::Unsafe => look.say("server-unsafe"),
        NoReceipts::Secrets(said) => {
            let said: String = said.chars().filter(|c| !c.is_control()).take(200).collect();
            look.words.say_with("server-secrets", &[("said", said.into())])
        }
        NoReceipts::Other(said) => other(said),
    }
}
