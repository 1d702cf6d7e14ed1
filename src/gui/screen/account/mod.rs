//! Setting up an account: name, address, password; the rest is filled in where it is
//! known, and asked for where it is not.
//!
//! `update` is pure, as everywhere. The password leaves the screen with the one command
//! that carries it, and is wiped when the screen goes.

mod view;

use crate::engine::accounts::{self, Failure, Known, Trouble};
use crate::model::{Secret, Security, Server, Settings};

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// The name letters are sent under.
    Sender,
    /// The address.
    Address,
    /// The password.
    Password,
    /// The user's name on the servers.
    User,
    /// Where mail is read: the server.
    ImapHost,
    /// Its port.
    ImapPort,
    /// Where mail is sent: the server.
    SmtpHost,
    /// Its port.
    SmtpPort,
}

impl Field {
    /// The fields in the order the tabulator goes through them.
    pub const ALL: [Self; 8] = [
        Self::Sender,
        Self::Address,
        Self::Password,
        Self::User,
        Self::ImapHost,
        Self::ImapPort,
        Self::SmtpHost,
        Self::SmtpPort,
    ];

    /// The widget's name.
    pub fn id(self) -> iced::widget::Id {
        iced::widget::Id::new(match self {
            Self::Sender => "account-sender",
            Self::Address => "account-address",
            Self::Password => "account-password",
            Self::User => "account-user",
            Self::ImapHost => "account-imap-host",
            Self::ImapPort => "account-imap-port",
            Self::SmtpHost => "account-smtp-host",
            Self::SmtpPort => "account-smtp-port",
        })
    }

    /// What is taken of a text that was typed or pasted, in bytes.
    const LONGEST: usize = 500;
}

/// One of the two servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// Where mail is read.
    Imap,
    /// Where mail is sent.
    Smtp,
}

/// A server as it stands in the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// Its name.
    pub host: String,
    /// Its port, as typed.
    pub port: String,
    /// How the connection is protected.
    pub security: Security,
}

impl Typed {
    fn of(server: Option<&Server>, port: u16) -> Self {
        match server {
            Some(server) => Self {
                host: server.host.clone(),
                port: server.port.to_string(),
                security: server.security,
            },
            None => Self { host: String::new(), port: port.to_string(), security: Security::Tls },
        }
    }

    fn server(&self, pin: Option<String>) -> Option<Server> {
        let host = self.host.trim();
        let port = self.port.trim().parse().ok().filter(|port| *port != 0)?;
        let sound = !host.is_empty()
            && host.len() <= 253
            && !host.contains(|c: char| c.is_whitespace() || c.is_control() || "/@".contains(c));
        sound.then(|| Server { host: host.to_owned(), port, security: self.security, pin })
    }
}

/// What was asked for by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByHand {
    /// The user's name on the servers.
    pub user: String,
    /// Where mail is read.
    pub imap: Typed,
    /// Where mail is sent.
    pub smtp: Typed,
}

/// An account as the user wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its name, which is its address.
    pub name: String,
    /// Its address.
    pub address: String,
    /// Where it is and how.
    pub settings: Settings,
    /// Its password.
    pub secret: Secret,
}

/// Where the form stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Stage {
    /// Being filled in.
    #[default]
    Filling,
    /// Being tried.
    Trying,
    /// It did not work.
    Failed(Box<Failure>),
}

/// What happens here.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// Typed into a field other than the password's.
    Typed(Field, String),
    /// Typed into the password's.
    PasswordTyped(Secret),
    /// Show, or hide, the servers.
    ByHand,
    /// Another protection.
    Protected(Side, Security),
    /// Show, or hide, the password.
    PasswordShown,
    /// Enter was pressed, or the button.
    Connected,
    /// The user does not want to wait.
    Cancelled,
    /// Believe this one certificate and try again.
    CertificateTrusted,
    /// It did not work.
    Failed(Box<Failure>),
    /// Open the sample mailbox instead.
    DemoWanted,
    /// Leave the form.
    Left,
}

/// What the window must do.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Try these settings, and keep the account if they work.
    Connect(Box<Wanted>),
    /// Nobody waits for the answer any more.
    Forget,
    /// Put the cursor into a field.
    Focus(Field),
    /// Open the sample mailbox in a window of its own.
    Demo,
    /// Show the mailbox again.
    Leave,
}

/// The form.
#[derive(Debug)]
pub struct State {
    /// The name letters are sent under.
    pub sender: String,
    /// The address.
    pub address: String,
    password: Secret,
    /// The password can be read on the screen.
    pub shown: bool,
    /// What is known of the address.
    pub known: Option<Known>,
    /// The servers, if they are shown.
    pub by_hand: Option<ByHand>,
    /// Where it stands.
    pub stage: Stage,
    /// What is missing is said from the first try on.
    pub tried: bool,
    /// There is a mailbox to go back to.
    pub can_leave: bool,
    pin: Option<String>,
}

impl State {
    /// An empty form. `can_leave`: there is a mailbox to go back to.
    pub fn new(can_leave: bool) -> Self {
        Self {
            sender: String::new(),
            address: String::new(),
            password: Secret::new(String::new()),
            shown: false,
            known: None,
            by_hand: None,
            stage: Stage::Filling,
            tried: false,
            can_leave,
            pin: None,
        }
    }

    /// Takes what happened; says what to do about it.
    pub fn update(&mut self, message: Message) -> Vec<Action> {
        match message {
            Message::Typed(field, text) => {
                self.typed(field, text);
                Vec::new()
            }
            Message::PasswordTyped(secret) => {
                if self.stage != Stage::Trying && secret.reveal().len() <= Field::LONGEST {
                    self.stage = Stage::Filling;
                    self.password = secret;
                }
                Vec::new()
            }
            Message::ByHand => {
                self.by_hand = match self.by_hand.take() {
                    Some(_) => None,
                    None => Some(self.filled_in()),
                };
                Vec::new()
            }
            Message::Protected(side, security) => {
                self.protect(side, security);
                Vec::new()
            }
            Message::PasswordShown => {
                self.shown = !self.shown;
                Vec::new()
            }
            Message::Connected => self.connect(),
            Message::Cancelled if self.stage == Stage::Trying => {
                self.stage = Stage::Filling;
                vec![Action::Forget]
            }
            Message::Cancelled => Vec::new(),
            Message::CertificateTrusted => {
                if let Stage::Failed(failure) = &self.stage
                    && let Trouble::Certificate { sha256 } = &failure.trouble
                {
                    self.pin = Some(sha256.clone());
                    return self.connect();
                }
                Vec::new()
            }
            Message::Failed(failure) => {
                if self.stage == Stage::Trying {
                    self.stage = Stage::Failed(failure);
                }
                Vec::new()
            }
            Message::DemoWanted => vec![Action::Demo],
            Message::Left if self.can_leave => {
                let mut actions = vec![Action::Leave];
                if self.stage == Stage::Trying {
                    actions.push(Action::Forget);
                }
                actions
            }
            Message::Left => Vec::new(),
        }
    }

    fn typed(&mut self, field: Field, mut text: String) {
        text.truncate(text.floor_char_boundary(Field::LONGEST));
        text.retain(|c| !c.is_control());
        // What is being tried is not changed under it; what failed is of the past.
        if self.stage == Stage::Trying {
            return;
        }
        self.stage = Stage::Filling;
        match (field, &mut self.by_hand) {
            (Field::Sender, _) => self.sender = text,
            (Field::Address, _) => {
                self.address = text;
                let known = accounts::settings_for(self.address.trim());
                if known != self.known {
                    self.known = known;
                    self.pin = None;
                    if self.by_hand.is_some() {
                        self.by_hand = Some(self.filled_in());
                    }
                }
            }
            (Field::Password, _) | (_, None) => {}
            (Field::User, Some(by_hand)) => by_hand.user = text,
            (Field::ImapPort, Some(by_hand)) => by_hand.imap.port = digits(text),
            (Field::SmtpPort, Some(by_hand)) => by_hand.smtp.port = digits(text),
            (Field::SmtpHost, Some(by_hand)) => by_hand.smtp.host = text,
            (Field::ImapHost, Some(by_hand)) => {
                by_hand.imap.host = text;
                // It was this one server's certificate.
                self.pin = None;
            }
        }
    }

    /// The usual port of a protection stands in for the usual one of another.
    fn protect(&mut self, side: Side, security: Security) {
        if self.stage == Stage::Trying {
            return;
        }
        let Some(by_hand) = &mut self.by_hand else { return };
        let (server, tls, other) = match side {
            Side::Imap => (&mut by_hand.imap, "993", "143"),
            Side::Smtp => (&mut by_hand.smtp, "465", "587"),
        };
        let usual = if security == Security::Tls { tls } else { other };
        if server.port.is_empty() || server.port == tls || server.port == other {
            server.port = usual.to_owned();
        }
        server.security = security;
        self.stage = Stage::Filling;
    }

    fn filled_in(&self) -> ByHand {
        let settings = self.known.as_ref().map(|known| &known.settings);
        ByHand {
            user: settings.map_or_else(String::new, |settings| settings.user.clone()),
            imap: Typed::of(settings.and_then(|settings| settings.imap.as_ref()), 993),
            smtp: Typed::of(settings.and_then(|settings| settings.smtp.as_ref()), 465),
        }
    }

    /// What is missing: the first field that has to be filled in.
    pub fn missing(&self) -> Option<Field> {
        let known = accounts::settings_for(self.address.trim()).is_some();
        if !known {
            return Some(Field::Address);
        }
        if self.password.reveal().is_empty() {
            return Some(Field::Password);
        }
        let by_hand = self.by_hand.as_ref()?;
        if by_hand.user.trim().is_empty() {
            return Some(Field::User);
        }
        let missing = |server: &Typed, host, port| {
            server.server(None).is_none().then(|| match server.host.trim().is_empty() {
                true => host,
                false => port,
            })
        };
        missing(&by_hand.imap, Field::ImapHost, Field::ImapPort)
            .or_else(|| missing(&by_hand.smtp, Field::SmtpHost, Field::SmtpPort))
    }

    /// What this provider needs and Goyo lacks, unless servers were given by hand.
    pub fn lacking(&self) -> Option<Failure> {
        let provider = self.known.as_ref()?.provider?;
        let needs = provider.needs?;
        let own = self.by_hand.as_ref().is_some_and(|by_hand| by_hand.imap.server(None).is_some());
        (!own).then(|| Failure { provider: Some(provider), ..Failure::of(Trouble::Lacking(needs)) })
    }

    fn connect(&mut self) -> Vec<Action> {
        if self.stage == Stage::Trying {
            return Vec::new();
        }
        self.tried = true;
        if let Some(field) = self.missing() {
            return vec![Action::Focus(field)];
        }
        if let Some(failure) = self.lacking() {
            self.stage = Stage::Failed(Box::new(failure));
            return Vec::new();
        }
        let Some(known) = &self.known else { return Vec::new() };
        let mut settings = known.settings.clone();
        if let Some(by_hand) = &self.by_hand {
            settings.user = by_hand.user.trim().to_owned();
            settings.imap = by_hand.imap.server(None);
            settings.smtp = by_hand.smtp.server(None);
        }
        if let Some(imap) = &mut settings.imap {
            imap.pin.clone_from(&self.pin);
        }
        settings.sender = self.sender.trim().to_owned();
        let address = self.address.trim().to_owned();
        self.stage = Stage::Trying;
        vec![Action::Connect(Box::new(Wanted {
            name: address.replace('/', "_"),
            address,
            settings,
            secret: self.password.clone(),
        }))]
    }
}

fn digits(mut text: String) -> String {
    text.retain(|c| c.is_ascii_digit());
    text.truncate(5);
    text
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn typed(fields: &[(Field, &str)]) -> State {
        let mut state = State::new(false);
        for (field, text) in fields {
            assert_eq!(state.update(typing(*field, text)), []);
        }
        state
    }

    fn typing(field: Field, text: &str) -> Message {
        match field {
            Field::Password => Message::PasswordTyped(Secret::new(text.to_owned())),
            field => Message::Typed(field, text.to_owned()),
        }
    }

    fn wanted(actions: Vec<Action>) -> Wanted {
        let [Action::Connect(wanted)] = &actions[..] else { panic!("{actions:?}") };
        (**wanted).clone()
    }

    #[test]
    fn an_address_and_a_password_are_enough_where_the_provider_is_known() {
        let mut state = typed(&[
            (Field::Sender, " 김민지 "),
            (Field::Address, "minji@naver.com "),
            (Field::Password, "열려라"),
        ]);
        let wanted = wanted(state.update(Message::Connected));
        assert_eq!(state.stage, Stage::Trying);
        assert_eq!(
            (wanted.address.as_str(), wanted.name.as_str()),
            ("minji@naver.com", "minji@naver.com")
        );
        assert_eq!(wanted.settings.sender, "김민지");
        assert_eq!(wanted.settings.user, "minji");
        assert_eq!(wanted.settings.imap.unwrap().host, "imap.naver.com");
        assert_eq!(wanted.secret.reveal(), "열려라");
        // Once is enough, and what is under way is not changed.
        assert_eq!(state.update(Message::Connected), []);
        state.update(Message::Typed(Field::Address, "other@naver.com".into()));
        assert_eq!(state.address, "minji@naver.com ");
        assert_eq!(state.update(Message::Cancelled), [Action::Forget]);
        // An answer that nobody waits for says nothing.
        let late = Box::new(Failure::of(Trouble::TimedOut));
        state.update(Message::Failed(late));
        assert_eq!(state.stage, Stage::Filling);
    }

    #[test]
    fn what_is_missing_gets_the_cursor() {
        let mut state = typed(&[]);
        assert_eq!(state.update(Message::Connected), [Action::Focus(Field::Address)]);
        let mut state = typed(&[(Field::Address, "kim@example.org")]);
        assert_eq!(state.update(Message::Connected), [Action::Focus(Field::Password)]);
        state.update(typing(Field::Password, "x"));
        state.update(Message::ByHand);
        state.update(Message::Typed(Field::ImapPort, "9a9b".into()));
        assert_eq!(state.by_hand.as_ref().unwrap().imap.port, "99");
        state.update(Message::Typed(Field::ImapPort, "0".into()));
        assert_eq!(state.update(Message::Connected), [Action::Focus(Field::ImapPort)]);
    }

    #[test]
    fn servers_given_by_hand_are_taken_and_ports_follow_the_protection() {
        let mut state = typed(&[(Field::Address, "kim@example.org"), (Field::Password, "x")]);
        state.update(Message::ByHand);
        state.update(Message::Typed(Field::ImapHost, "mail.example.org".into()));
        state.update(Message::Protected(Side::Imap, Security::StartTls));
        state.update(Message::Typed(Field::SmtpPort, "2525".into()));
        state.update(Message::Protected(Side::Smtp, Security::Plain));
        let settings = wanted(state.update(Message::Connected)).settings;
        let imap = settings.imap.unwrap();
        assert_eq!((imap.host.as_str(), imap.port), ("mail.example.org", 143));
        assert_eq!(imap.security, Security::StartTls);
        assert_eq!(settings.smtp.unwrap().port, 2525);
    }

    #[test]
    fn a_certificate_is_believed_only_when_the_user_says_so_and_for_that_server_only() {
        let mut state = typed(&[(Field::Address, "kim@example.org"), (Field::Password, "x")]);
        state.update(Message::Connected);
        let trouble = Trouble::Certificate { sha256: "ab".repeat(32) };
        state.update(Message::Failed(Box::new(Failure::of(trouble))));
        let imap = wanted(state.update(Message::CertificateTrusted)).settings.imap.unwrap();
        assert_eq!(imap.pin, Some("ab".repeat(32)));
        state.update(Message::Cancelled);
        state.update(Message::Typed(Field::Address, "kim@example.net".into()));
        let imap = wanted(state.update(Message::Connected)).settings.imap.unwrap();
        assert_eq!(imap.pin, None);
    }

    #[test]
    fn what_cannot_work_yet_is_said_instead_of_tried() {
        let mut state = typed(&[(Field::Address, "a@outlook.com"), (Field::Password, "x")]);
        assert_eq!(state.update(Message::Connected), []);
        assert!(matches!(&state.stage, Stage::Failed(failure)
            if matches!(failure.trouble, Trouble::Lacking(_))));
    }

    #[test]
    fn the_password_is_in_no_debug_output() {
        let mut state = typed(&[(Field::Address, "a@naver.com"), (Field::Password, "hunter2")]);
        let actions = state.update(Message::Connected);
        assert!(!format!("{state:?}{actions:?}").contains("hunter2"));
    }
}
