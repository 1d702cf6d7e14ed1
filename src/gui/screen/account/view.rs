//! How the form looks: one card in the middle, nothing else to look at.

use super::{ByHand, Field, Message, Side, Stage, State, Typed};
use crate::engine::accounts::{AppPassword, Failure, Provider, Source, Trouble};
use crate::gui::screen::mail::tools::tip;
use crate::gui::theme::{self, Look, Tokens, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, Logo, icon};
use crate::gui::widget::keys::keys;
use crate::gui::widget::reach::reach;
use crate::i18n::Language;
use crate::model::Security;
use iced::keyboard::{Key, Modifiers, key::Named};
use iced::widget::{Column, button, column, container, row, scrollable, space, text, text_input};
use iced::{Center, Color, Fill};

/// Width of the card.
const CARD: f32 = 460.0;
/// Logical pixels above the title.
const TOP: f32 = 96.0;
/// The same where there are more fields: all of them are to be seen.
const TOP_BY_HAND: f32 = 16.0;

impl State {
    /// The screen.
    pub fn view<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let page = column![self.title(look), self.card(look), self.others(look)]
            .spacing(14)
            .width(Fill)
            .max_width(CARD);
        // It stands where it stands: what is found while one types does not move the fields.
        let page = container(page).center_x(Fill).padding(iced::Padding {
            top: if self.by_hand.is_some() { TOP_BY_HAND } else { TOP },
            right: 16.0,
            bottom: 24.0,
            left: 16.0,
        });
        let page = scrollable(container(page).center_x(Fill))
            .width(Fill)
            .height(Fill)
            .style(theme::scroll(t))
            .direction(scrollable::Direction::Vertical(
                scrollable::Scrollbar::new().width(6).scroller_width(6),
            ));
        let page = container(page).width(Fill).height(Fill).style(theme::area(t.paper));
        keys(page, first, |_: &Key, _| None).as_read().into()
    }

    fn title<'a>(&self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let logo = Logo { size: 34.0, ink: t.ink, seal: t.seal };
        let title = if self.can_leave { "account-title-more" } else { "account-title" };
        let title = text(look.say(title)).size(size::TITLE).font(theme::BOLD).color(t.ink);
        let hint = text(look.say("account-hint")).size(size::SECOND).color(t.ink2);
        column![row![logo, title].spacing(10).align_y(Center), hint, space().height(4)]
            .spacing(10)
            .into()
    }

    fn card<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let mut form = column![
            self.field(Field::Sender, &self.sender, look),
            self.field(Field::Address, &self.address, look),
            self.password(look),
        ]
        .spacing(16);
        match &self.by_hand {
            // What was found stands in the fields.
            Some(by_hand) => form = form.push(self.servers(by_hand, look)),
            None => form = form.push(self.known_box(look)),
        }
        if let Stage::Failed(failure) = &self.stage {
            form = form.push(failed(failure, look));
        } else if self.tried
            && self.stage == Stage::Filling
            && let Some(field) = self.missing()
        {
            form = form.push(note(look.say(missing(field)), t.warn, t.warn_soft));
        }
        form = form.push(self.buttons(look));
        container(form).padding(24).width(Fill).style(theme::card(t.surface, t.line, 12.0)).into()
    }

    fn field<'a>(&self, field: Field, value: &str, look: Look<'a>) -> Element<'a, Message> {
        let input =
            text_input(&hint(field, look), value).id(field.id()).on_submit(Message::Connected);
        let input = match self.stage {
            Stage::Finding | Stage::Trying => input,
            _ => input.on_input(move |text| Message::Typed(field, text)),
        };
        labelled(look.say(label(field)), boxed(input, look.tokens), look.tokens)
    }

    fn password<'a>(&self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let input = text_input("", self.password.reveal())
            .id(Field::Password.id())
            .secure(!self.shown)
            .on_submit(Message::Connected);
        let input = match self.stage {
            Stage::Finding | Stage::Trying => input,
            _ => input.on_input(|text| Message::PasswordTyped(crate::model::Secret::new(text))),
        };
        let input = boxed(input, t).padding(iced::Padding::from([11, 12]).right(44));
        let eye = if self.shown { Icon::EyeOff } else { Icon::Eye };
        let eye = button(container(icon(eye, t.ink3)).center(Fill))
            .padding(0)
            .width(32)
            .height(32)
            .style(theme::quiet(t, t.ink3))
            .on_press(Message::PasswordShown);
        let eye = reach(eye, Some(Message::PasswordShown), t.accent);
        let shows = if self.shown { "account-password-hide" } else { "account-password-show" };
        let eye = tip(eye, look.say(shows), "", look);
        let eye = container(eye).align_right(Fill).center_y(Fill).padding([0, 4]);
        let both = iced::widget::stack![input, container(eye).height(40)];
        labelled(look.say(label(Field::Password)), both, t)
    }

    /// What is known of the address: its provider, and what to do there first.
    fn known_box<'a>(&self, look: Look<'a>) -> Option<Element<'a, Message>> {
        let t = look.tokens;
        let known = self.known.as_ref()?;
        if let Some(lacking) = self.lacking() {
            // What failed says the same below.
            let failed = matches!(&self.stage, Stage::Failed(_));
            return (!failed).then(|| said(&lacking, t.warn, t.warn_soft, look));
        }
        let servers = servers_line(known.settings.imap.as_ref(), known.settings.smtp.as_ref());
        if self.is_asking() {
            return Some(note(look.say("account-asking"), t.ink2, t.hover));
        }
        if let Source::Domain { elsewhere } = known.source {
            let name = if elsewhere { "account-elsewhere" } else { "account-named" };
            let said = look.words.say_with(name, &[("servers", servers.into())]);
            let (ink, ground) = if elsewhere { (t.warn, t.warn_soft) } else { (t.ink2, t.hover) };
            return Some(note(said, ink, ground));
        }
        let Some(provider) = known.provider else {
            // A guess is shown only once it is an address that could be meant.
            let whole = self.address.rsplit_once('.').is_some_and(|(_, end)| end.trim().len() >= 2);
            return whole.then(|| {
                note(
                    look.words.say_with("account-guessed", &[("servers", servers.into())]),
                    t.ink2,
                    t.hover,
                )
            });
        };
        let name = provider_name(provider, look.words.language());
        let found = look.words.say_with("account-found", &[("provider", name.into())]);
        let mut lines = column![
            text(found).size(size::SECOND).font(theme::BOLD).color(t.accent),
            text(servers).size(size::SECOND).color(t.accent),
        ]
        .spacing(3);
        for advice in advice(provider) {
            lines = lines.push(text(look.say(advice)).size(size::SECOND).color(t.ink2));
        }
        if !known.sure {
            lines = lines.push(text(look.say("account-unsure")).size(size::SECOND).color(t.ink2));
        }
        let ground = container(lines).padding([10, 12]).width(Fill);
        Some(ground.style(theme::card(t.accent_soft, t.accent_soft, 8.0)).into())
    }

    fn servers<'a>(&self, by_hand: &ByHand, look: Look<'a>) -> Element<'a, Message> {
        column![
            self.field(Field::User, &by_hand.user, look),
            self.server(Side::Imap, &by_hand.imap, look),
            self.server(Side::Smtp, &by_hand.smtp, look),
        ]
        .spacing(16)
        .into()
    }

    fn server<'a>(&self, side: Side, server: &Typed, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let (host, port) = match side {
            Side::Imap => (Field::ImapHost, Field::ImapPort),
            Side::Smtp => (Field::SmtpHost, Field::SmtpPort),
        };
        let mut kinds = row![].spacing(6);
        for (security, name) in [
            (Security::Tls, "TLS".to_owned()),
            (Security::StartTls, "STARTTLS".to_owned()),
            (Security::Plain, look.say("account-plain")),
        ] {
            let on = server.security == security;
            let kind = button(text(name).size(size::HINT).font(theme::SEMIBOLD))
                .padding([6, 10])
                .style(theme::choice(t, on));
            let says = (!self.is_busy()).then_some(Message::Protected(side, security));
            let kind = kind.on_press_maybe(says.clone());
            kinds = kinds.push(reach(kind, says, if on { t.ink } else { t.accent }));
        }
        let first = row![
            container(self.field(host, &server.host, look)).width(Fill),
            container(self.field(port, &server.port, look)).width(92),
        ]
        .spacing(8);
        let mut block = column![first, kinds].spacing(8);
        if server.security == Security::Plain {
            block = block.push(note(look.say("account-plain-warning"), t.warn, t.warn_soft));
        }
        block.into()
    }

    fn buttons<'a>(&self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let trying = self.is_busy();
        let by_hand = if self.by_hand.is_some() { "account-automatic" } else { "account-by-hand" };
        let mut left = row![].spacing(8);
        left = left.push(if trying {
            plain(look.say("account-cancel"), Some(Message::Cancelled), t)
        } else {
            plain(look.say(by_hand), Some(Message::ByHand), t)
        });
        if self.can_leave && !trying {
            left = left.push(plain(look.say("account-leave"), Some(Message::Left), t));
        }
        let connect = match self.stage {
            Stage::Finding => "account-finding",
            Stage::Trying => "account-connecting",
            Stage::Confirming => "account-connect-there",
            Stage::Filling | Stage::Failed(_) => "account-connect",
        };
        let connects = (!trying).then_some(Message::Connected);
        let connect = button(text(look.say(connect)).size(size::SECOND).font(theme::SEMIBOLD))
            .padding([8, 14])
            .style(theme::primary(t))
            .on_press_maybe(connects.clone());
        // On the accent itself the ring would not be seen.
        let connect = reach(connect, connects, t.ink);
        row![left, space().width(Fill), connect].align_y(Center).into()
    }

    fn others<'a>(&self, look: Look<'a>) -> Element<'a, Message> {
        if self.can_leave {
            return space().into();
        }
        let t = look.tokens;
        let words = column![
            text(look.say("account-demo")).size(size::SECOND).font(theme::BOLD).color(t.ink),
            text(look.say("account-demo-hint")).size(size::HINT).color(t.ink3),
        ]
        .spacing(4);
        let demo = button(words)
            .padding([14, 16])
            .width(Fill)
            .style(theme::plain(t))
            .on_press(Message::DemoWanted);
        reach(demo, Some(Message::DemoWanted), t.accent).into()
    }
}

/// Keys that no field may have.
fn first(key: &Key, _: Modifiers) -> Option<Message> {
    match key.as_ref() {
        Key::Named(Named::Escape) => Some(Message::Left),
        _ => None,
    }
}

fn label(field: Field) -> &'static str {
    match field {
        Field::Sender => "account-sender",
        Field::Address => "account-address",
        Field::Password => "account-password",
        Field::User => "account-user",
        Field::ImapHost => "account-imap",
        Field::SmtpHost => "account-smtp",
        Field::ImapPort | Field::SmtpPort => "account-port",
    }
}

fn hint(field: Field, look: Look<'_>) -> String {
    match field {
        Field::Sender => look.say("account-sender-hint"),
        Field::Address => look.say("account-address-hint"),
        _ => String::new(),
    }
}

fn missing(field: Field) -> &'static str {
    match field {
        Field::Password => "account-missing-password",
        Field::User => "account-missing-user",
        Field::ImapHost | Field::SmtpHost => "account-missing-host",
        Field::ImapPort | Field::SmtpPort => "account-missing-port",
        Field::Sender | Field::Address => "account-missing-address",
    }
}

/// What this provider wants before it lets programs in.
fn advice(provider: &Provider) -> Vec<&'static str> {
    let mut advice = Vec::new();
    if provider.switched_on {
        advice.push("account-switch-on");
    }
    match provider.app_password {
        AppPassword::Always => advice.push("account-app-password"),
        AppPassword::TwoStep => advice.push("account-app-password-two-step"),
        AppPassword::Never => {}
    }
    advice
}

fn provider_name(provider: &Provider, language: Language) -> String {
    match language {
        Language::Korean => provider.local_name.clone(),
        Language::English => provider.name.clone(),
    }
}

fn servers_line(
    imap: Option<&crate::model::Server>,
    smtp: Option<&crate::model::Server>,
) -> String {
    let security = match imap.map(|server| server.security) {
        Some(Security::Tls) => "TLS",
        Some(Security::StartTls) => "STARTTLS",
        _ => "",
    };
    let hosts = [imap, smtp].into_iter().flatten().map(|server| server.host.as_str());
    let parts = hosts.chain([security]).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" · ")
}

fn failed<'a>(failure: &Failure, look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    let lacking = matches!(failure.trouble, Trouble::Lacking(_));
    let (ink, ground) = if lacking { (t.warn, t.warn_soft) } else { (t.bad, t.bad_soft) };
    let said = said(failure, ink, ground, look);
    let mut choices = row![].spacing(8);
    if matches!(failure.trouble, Trouble::Certificate { .. }) {
        let trust = plain(look.say("account-trust"), Some(Message::CertificateTrusted), t);
        choices = choices.push(trust);
    }
    if failure.sending {
        choices = choices.push(plain(look.say("account-anyway"), Some(Message::AddedAnyway), t));
    }
    column![said, choices.wrap()].spacing(8).into()
}

/// The sentences of a failure: what happened stands out, what to do follows.
fn said<'a>(failure: &Failure, ink: Color, ground: Color, look: Look<'a>) -> Element<'a, Message> {
    let mut lines = Column::new().spacing(4);
    for (turn, sentence) in failure.sentences().into_iter().enumerate() {
        let values: Vec<_> =
            sentence.values.iter().map(|(name, value)| (*name, value.as_str().into())).collect();
        let (font, ink) =
            if turn == 0 { (theme::SEMIBOLD, ink) } else { (theme::REGULAR, look.tokens.ink2) };
        let said = look.words.say_with(sentence.name, &values);
        lines = lines.push(
            text(said)
                .size(size::SECOND)
                .font(font)
                .color(ink)
                .wrapping(text::Wrapping::WordOrGlyph),
        );
    }
    container(lines).padding([10, 12]).width(Fill).style(theme::card(ground, ground, 8.0)).into()
}

fn note<'a>(said: String, ink: Color, ground: Color) -> Element<'a, Message> {
    let said = text(said).size(size::SECOND).color(ink);
    container(said).padding([10, 12]).width(Fill).style(theme::card(ground, ground, 8.0)).into()
}

fn labelled<'a>(
    label: String,
    input: impl Into<Element<'a, Message>>,
    t: Tokens,
) -> Element<'a, Message> {
    column![text(label).size(size::HINT).font(theme::SEMIBOLD).color(t.ink2), input.into()]
        .spacing(6)
        .into()
}

fn boxed<'a>(
    input: iced::widget::TextInput<'a, Message>,
    t: Tokens,
) -> iced::widget::TextInput<'a, Message> {
    input.padding([11, 12]).size(size::BODY).style(theme::framed_field(t))
}

fn plain<'a>(said: String, on: Option<Message>, t: Tokens) -> Element<'a, Message> {
    let button = button(text(said).size(size::SECOND).font(theme::SEMIBOLD))
        .padding([8, 12])
        .style(theme::plain(t))
        .on_press_maybe(on.clone());
    reach(button, on, t.accent).into()
}
