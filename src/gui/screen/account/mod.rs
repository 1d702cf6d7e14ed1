//! Setting up an account: name, address, password; the rest is filled in where it is
//! known, and asked for where it is not.
//!
//! `update` is pure, as everywhere. The password leaves the screen with the one command
//! that carries it, and is wiped when the screen goes.

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
mod view;

use crate::engine::accounts::{self, Failure, Known, NewAccount, Source, Trouble};
use crate::engine::protocol::{Command, Event};
use crate::model::{Secret, Security, Server};
use std::sync::Arc;

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
    /// The widget's name.
    pub fn id(self) -> iced::widget::Id {
        iced::widget::Id::new(match self {
            Self::Sender => "account-sender",
            Self::Address => "account-address",
            Self::Password => "account-password",
            Self::User => "account-user",
            Self::ImapHost => "imap-host",
            Self::ImapPort => "imap-port",
            Self::SmtpHost => "smtp-host",
            Self::SmtpPort => "smtp-port",
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

/// Where the form stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Stage {
    /// Being filled in.
    #[default]
    Filling,
    /// DNS is being asked; then it is tried.
    Finding,
    /// The servers lie elsewhere: they are shown before the password goes there.
    Confirming,
    /// Being tried, then kept.
    Trying,
    /// It did not work.
    Failed(Arc<Failure>),
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
    /// It cannot send, and is wanted all the same.
    AddedAnyway,
    /// The engine says.
    Engine(Event),
    /// Open the sample mailbox instead.
    DemoWanted,
    /// Leave the form.
    Left,
}

/// What the window must do.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Ask the engine.
    Ask(Command),
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
    /// Certificates of the two servers that the user believes: their SHA-256.
    pin: Option<String>,
    smtp_pin: Option<String>,
    /// DNS was asked about this address.
    asked: bool,
    /// Servers outside of the address's domain that the user has said yes to.
    confirmed: Option<[Option<Server>; 2]>,
    /// It has not answered yet; and the how many-th question it is.
    asking: bool,
    questions: u64,
    /// The account that is being tried, and the how many-th try it is.
    wanted: Option<Box<NewAccount>>,
    /// The account that was tried, where it can be read from and does not send.
    reads: Option<Box<NewAccount>>,
    tries: u64,
}

impl State {
    /// A server is being asked.
    pub fn is_trying(&self) -> bool {
        self.stage == Stage::Trying
    }

    /// Something else stands before it: nothing is done any more when DNS answers.
    pub fn set_aside(&mut self) {
        if self.stage == Stage::Finding {
            self.stage = Stage::Filling;
        }
    }

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
            smtp_pin: None,
            asked: false,
            confirmed: None,
            asking: false,
            questions: 0,
            wanted: None,
            reads: None,
            tries: 0,
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
                if self.is_busy() || secret.reveal().len() > Field::LONGEST {
                    return Vec::new();
                }
                self.stage = Stage::Filling;
                self.password = secret;
                // Whoever goes on to the password has written the address to its end.
                self.look_up().into_iter().collect()
            }
            Message::ByHand => {
                if self.stage == Stage::Confirming {
                    self.stage = Stage::Filling;
                }
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
            Message::Cancelled => {
                // An account that is being kept already comes all the same.
                // Whoever does not want to wait for DNS goes on without it.
                let finding = self.stage == Stage::Finding;
                self.asking &= !finding;
                if self.wanted.take().is_some() || finding {
                    self.stage = Stage::Filling;
                }
                Vec::new()
            }
            Message::CertificateTrusted => {
                if let Stage::Failed(failure) = &self.stage
                    && let Trouble::Certificate { sha256 } = &failure.trouble
                {
                    let pin = if failure.sending { &mut self.smtp_pin } else { &mut self.pin };
                    *pin = Some(sha256.clone());
                    return self.connect();
                }
                Vec::new()
            }
            Message::AddedAnyway => match (&self.stage, self.reads.take()) {
                (Stage::Failed(_), Some(wanted)) => {
                    self.stage = Stage::Trying;
                    vec![Action::Ask(Command::AddAccount(wanted))]
                }
                _ => Vec::new(),
            },
            Message::Engine(event) => self.told(event),
            Message::DemoWanted => vec![Action::Demo],
            Message::Left if self.can_leave => vec![Action::Leave],
            Message::Left => Vec::new(),
        }
    }

    /// The engine's answers: tried, then kept.
    fn told(&mut self, event: Event) -> Vec<Action> {
        match event {
            Event::ServersFound(number, found) if self.asking && number == self.questions => {
                return self.found(found);
            }
            Event::AccountTested(tried, outcome) if tried == self.tries => {
                let Some(wanted) = self.wanted.take() else { return Vec::new() };
                match outcome {
                    Ok(_) => return vec![Action::Ask(Command::AddAccount(wanted))],
                    Err(failure) => {
                        // One that is read from alone is better than none.
                        self.reads = failure.sending.then_some(wanted);
                        self.stage = Stage::Failed(failure);
                    }
                }
            }
            Event::AccountAdded(Ok(_)) if self.stage == Stage::Trying => {
                return vec![Action::Leave];
            }
            Event::AccountAdded(Err(failure)) => self.stage = Stage::Failed(failure),
            _ => {}
        }
        Vec::new()
    }

    fn typed(&mut self, field: Field, mut text: String) {
        text.truncate(text.floor_char_boundary(Field::LONGEST));
        text.retain(|c| !c.is_control());
        // What is being tried is not changed under it; what failed is of the past.
        if self.is_busy() {
            return;
        }
        self.stage = Stage::Filling;
        match (field, &mut self.by_hand) {
            (Field::Sender, _) => self.sender = text,
            (Field::Address, _) => {
                let same = text.trim() == self.address.trim();
                self.address = text;
                if !same {
                    self.know(accounts::settings_for(self.address.trim()));
                    (self.asked, self.asking) = (false, false);
                    self.confirmed = None;
                }
            }
            (Field::Password, _) | (_, None) => {}
            (Field::User, Some(by_hand)) => by_hand.user = text,
            (Field::ImapPort, Some(by_hand)) => by_hand.imap.port = digits(text),
            (Field::SmtpPort, Some(by_hand)) => by_hand.smtp.port = digits(text),
            // It was this one server's certificate.
            (Field::SmtpHost, Some(by_hand)) => {
                by_hand.smtp.host = text;
                self.smtp_pin = None;
            }
            (Field::ImapHost, Some(by_hand)) => {
                by_hand.imap.host = text;
                self.pin = None;
            }
        }
    }

    /// Something else is known of the address.
    fn know(&mut self, known: Option<Known>) {
        if known != self.known {
            self.known = known;
            (self.pin, self.smtp_pin) = (None, None);
            // What was asked about was another server.
            if self.stage == Stage::Confirming {
                self.stage = Stage::Filling;
            }
            if self.by_hand.is_some() {
                self.by_hand = Some(self.filled_in());
            }
        }
    }

    /// Has DNS asked about the address: once, where nothing is known of it.
    fn look_up(&mut self) -> Option<Action> {
        let guessed = self.known.as_ref().is_some_and(|known| known.source == Source::Guess);
        let address = self.address.trim();
        if self.asked || self.by_hand.is_some() || !guessed || !accounts::is_worth_asking(address) {
            return None;
        }
        (self.asked, self.asking) = (true, true);
        self.questions += 1;
        Some(Action::Ask(Command::FindServers(self.questions, address.to_owned())))
    }

    /// What DNS knows.
    fn found(&mut self, found: Option<Box<Known>>) -> Vec<Action> {
        self.asking = false;
        // What stands in the fields by now is the user's.
        if let (Some(found), None) = (found, &self.by_hand) {
            self.know(Some(*found));
        }
        if self.stage != Stage::Finding {
            return Vec::new();
        }
        self.stage = Stage::Filling;
        self.connect()
    }

    /// Whether the form waits for somebody: nothing is changed meanwhile.
    pub fn is_busy(&self) -> bool {
        matches!(self.stage, Stage::Finding | Stage::Trying)
    }

    /// Whether DNS is being asked.
    pub fn is_asking(&self) -> bool {
        self.asking
    }

    /// The servers that are known lie outside of the address's domain.
    pub fn is_elsewhere(&self) -> bool {
        let source = self.known.as_ref().map(|known| known.source);
        self.by_hand.is_none() && source == Some(Source::Domain { elsewhere: true })
    }

    /// The usual port of a protection stands in for the usual one of another.
    fn protect(&mut self, side: Side, security: Security) {
        if self.is_busy() {
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
        if self.known.is_none() {
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
        if self.is_busy() {
            return Vec::new();
        }
        self.tried = true;
        if let Some(field) = self.missing() {
            return vec![Action::Focus(field)];
        }
        if let Some(failure) = self.lacking() {
            self.stage = Stage::Failed(Arc::new(failure));
            return Vec::new();
        }
        let asks = self.look_up();
        if self.asking && self.by_hand.is_none() {
            self.stage = Stage::Finding;
            return asks.into_iter().collect();
        }
        let Some(known) = &self.known else { return Vec::new() };
        if self.is_elsewhere() {
            let servers = Some([known.settings.imap.clone(), known.settings.smtp.clone()]);
            if self.stage == Stage::Confirming {
                self.confirmed = servers;
            } else if self.confirmed != servers {
                self.stage = Stage::Confirming;
                return Vec::new();
            }
        }
        let mut settings = known.settings.clone();
        if let Some(by_hand) = &self.by_hand {
            settings.user = by_hand.user.trim().to_owned();
            settings.imap = by_hand.imap.server(None);
            settings.smtp = by_hand.smtp.server(None);
        }
        if let Some(imap) = &mut settings.imap {
            imap.pin.clone_from(&self.pin);
        }
        let imap = settings.imap.as_ref().map(|imap| imap.host.as_str());
        if let Some(smtp) = &mut settings.smtp {
            // One computer for both has one certificate, mostly.
            let same = self.pin.as_ref().filter(|_| imap == Some(smtp.host.as_str()));
            smtp.pin = self.smtp_pin.as_ref().or(same).cloned();
        }
        settings.sender = self.sender.trim().to_owned();
        let address = self.address.trim().to_owned();
        self.stage = Stage::Trying;
        self.tries += 1;
        let wanted = Box::new(NewAccount {
            // A slash would make folder names ambiguous.
            name: address.replace('/', "_"),
            address,
            settings,
            secret: self.password.clone(),
        });
        self.wanted = Some(wanted.clone());
        vec![Action::Ask(Command::TestAccount(self.tries, wanted))]
    }
}

fn digits(mut text: String) -> String {
    text.retain(|c| c.is_ascii_digit());
    text.truncate(5);
    text
}
