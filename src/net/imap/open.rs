//! From an account's settings to a connection on which the user is logged in.
//!
//! Promises: nothing that came before TLS is believed, kept or shown; TLS that is asked for
//! comes about, or there is no connection; no password goes over a connection that others
//! can read unless the account says so.

use super::answer::{Answer, Code, Said, State};
use super::command::Command;
use super::dialogue::Dialogue;
use super::error::ImapError;
use super::types::Capabilities;
use super::wire::Wire;
use super::{Connection, Credentials, Endpoint, Log, Result, quirks};
use crate::model::Security;
use crate::net::dial::DialError;
use crate::net::reach;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Host;

/// How connections are made and waited for. The default is for everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Certificate authorities (DER) instead of the platform's.
    pub authorities: Option<Vec<Vec<u8>>>,
    /// Whether to compress where that is offered; `None`: unless the server is this very
    /// computer.
    pub compress: Option<bool>,
    /// For look-up and connection together.
    pub connect: Duration,
    /// For TLS.
    pub handshake: Duration,
    /// For the greeting.
    pub greeting: Duration,
    /// Without a byte of an answer.
    pub answer: Duration,
    /// The same where the server may have a lot to do before it answers: copying, searching,
    /// expunging.
    pub work: Duration,
    /// After which IDLE is renewed.
    pub renew: Duration,
    /// For the end of IDLE.
    pub done: Duration,
    /// Between two NOOPs where there is no IDLE.
    pub poll: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            authorities: None,
            compress: None,
            connect: Duration::from_secs(20),
            handshake: Duration::from_secs(20),
            greeting: Duration::from_secs(20),
            answer: Duration::from_secs(60),
            work: Duration::from_secs(300),
            renew: Duration::from_secs(300),
            done: Duration::from_secs(15),
            poll: Duration::from_secs(60),
        }
    }
}

impl Connection {
    /// Connects, protects the connection as the account says, logs in, reads what the
    /// server can do, says who we are (ID) and compresses where that is offered.
    ///
    /// # Errors
    /// What went wrong, in kinds that the user can be helped with.
    pub async fn open(at: &Endpoint, who: &Credentials, log: &Log) -> Result<Self> {
        Self::open_with(at, who, log, &Options::default()).await
    }

    /// The same, with other options.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn open_with(
        at: &Endpoint,
        who: &Credentials,
        log: &Log,
        options: &Options,
    ) -> Result<Self> {
        log.note(&format!("connecting to {}", at.server));
        let opened = open(at, who, log, options).await;
        if let Err(error) = &opened {
            log.note(&format!("no connection: {error}"));
        }
        opened
    }
}

async fn open(
    at: &Endpoint,
    who: &Credentials,
    log: &Log,
    options: &Options,
) -> Result<Connection> {
    let server = &at.server;
    let host = reach::host(&server.host);
    let host = host.ok_or_else(|| ImapError::Name(server.host.trim().to_owned()))?;
    let tcp = timeout(options.connect, reach_it(at, &host)).await;
    let tcp = tcp.map_err(|_| ImapError::TimedOut)??;
    let mut dialogue = Dialogue::new(Wire::new(tcp, log.clone()));
    let mut greeting = String::new();
    let mut inside = false;
    match server.security {
        Security::Tls => {
            let secured = secure(&mut dialogue, at, &host, options).await;
            // Nothing was said before: who speaks first here is no TLS server.
            secured.map_err(|error| match error {
                ImapError::Injected => ImapError::Tls("it speaks without encryption".into()),
                other => other,
            })?;
        }
        Security::StartTls => {
            let said = greet(&mut dialogue, options).await?;
            if said.state == State::Preauth {
                return Err(ImapError::Preauth);
            }
            start_tls(&mut dialogue, options).await?;
            secure(&mut dialogue, at, &host, options).await?;
        }
        Security::Plain => {}
    }
    // From here on what is said may be shown: over TLS, or as the account says.
    dialogue.trusted = true;
    let mut known = false;
    if server.security != Security::StartTls {
        let said = greet(&mut dialogue, options).await?;
        inside = said.state == State::Preauth;
        greeting.clone_from(&said.text);
        known = learn(&mut dialogue, said.code);
    }
    if !known {
        ask(&mut dialogue, options).await?;
    }
    if !inside {
        let may_show = dialogue.wire()?.is_secure() || server.security == Security::Plain;
        let said = dialogue.log_in(who, may_show, options.answer).await?;
        // What it can do is another thing now (RFC 3501, section 6.2.2).
        dialogue.capabilities = Capabilities::default();
        if !learn(&mut dialogue, said.code) {
            ask(&mut dialogue, options).await?;
        }
    }
    dialogue.entered = true;
    let mut connection = Connection {
        quirks: quirks::of(&server.host, &greeting, &dialogue.capabilities),
        dialogue,
        options: options.clone(),
        qresync: false,
        condstore: false,
        no_idle: false,
    };
    connection.introduce(&server.host, &greeting).await?;
    connection.pack(at.proxy.is_some()).await?;
    Ok(connection)
}

/// Connects, and says what went wrong in this room's words.
async fn reach_it(at: &Endpoint, host: &Host<String>) -> Result<TcpStream> {
    reach::dial(at, host).await.map_err(|error| match error {
        DialError::Name(name) => ImapError::Name(name),
        DialError::Connect(why) => ImapError::Connect(why),
        DialError::Proxy(error) => ImapError::Proxy(error.words()),
    })
}

async fn secure(
    dialogue: &mut Dialogue,
    at: &Endpoint,
    host: &Host<String>,
    options: &Options,
) -> Result<()> {
    let roots = reach::roots(options.authorities.as_deref()).await;
    let host = reach::lent(host);
    let secured = dialogue.wire()?.secure(&host, roots, at.server.pin.as_deref());
    timeout(options.handshake, secured).await.map_err(|_| ImapError::TimedOut)?
}

/// Reads the greeting.
async fn greet(dialogue: &mut Dialogue, options: &Options) -> Result<Said> {
    let said = match dialogue.next(options.greeting).await {
        Err(ImapError::Bye(_)) if !dialogue.trusted => {
            return Err(ImapError::Lost("it sent us away before it was encrypted".into()));
        }
        said => said?,
    };
    match said {
        Answer::State(said) if matches!(said.state, State::Ok | State::Preauth) => Ok(said),
        Answer::State(said) => Err(match dialogue.trusted {
            true => ImapError::No(said.text),
            false => ImapError::Lost("it sent us away before it was encrypted".into()),
        }),
        _ => Err(ImapError::Protocol("it does not greet as a mail server does".into())),
    }
}

/// Has the server change to TLS. What it offers, and whatever else it says, is no matter:
/// anybody may have written it.
async fn start_tls(dialogue: &mut Dialogue, options: &Options) -> Result<()> {
    let command = Command::new("STARTTLS", options.answer);
    match dialogue.run(&command, &[], |_| None).await {
        Ok(_) => {}
        Err(ImapError::No(_) | ImapError::Bad(_)) => return Err(ImapError::NoStartTls),
        Err(error) if error.is_refusal() => return Err(ImapError::NoStartTls),
        Err(ImapError::Bye(_)) => {
            return Err(ImapError::Lost("it sent us away before it was encrypted".into()));
        }
        Err(error) => return Err(error),
    }
    dialogue.capabilities = Capabilities::default();
    Ok(())
}

/// Takes what a server can do from where it said so. Whether it did.
fn learn(dialogue: &mut Dialogue, code: Option<Code>) -> bool {
    match code {
        Some(Code::Capability(words)) if !words.is_empty() => {
            dialogue.capabilities = Capabilities { words: words.into_iter().collect() };
            true
        }
        _ => false,
    }
}

async fn ask(dialogue: &mut Dialogue, options: &Options) -> Result<()> {
    let mut found = None;
    let command = Command::new("CAPABILITY", options.answer);
    let said = dialogue
        .run(&command, &[], |answer| match answer {
            Answer::Capability(words) => {
                found = Some(words);
                None
            }
            other => Some(other),
        })
        .await?;
    if !learn(dialogue, found.map(Code::Capability)) && !learn(dialogue, said.code) {
        return Err(ImapError::Protocol("it does not say what it can do".into()));
    }
    Ok(())
}

impl Connection {
    /// Says who we are, and switches on what is offered, in one go.
    async fn introduce(&mut self, host: &str, greeting: &str) -> Result<()> {
        let wait = self.options.answer;
        let dialogue = &mut self.dialogue;
        let offers = |word: &str| dialogue.capabilities.has(word);
        let (says, enables) = (offers("ID"), offers("ENABLE"));
        let (qresync, condstore) = (offers("QRESYNC"), offers("CONDSTORE"));
        // The program's name, and nothing else.
        let id = Command::new("ID (\"name\" \"goyo\")", wait);
        let id = if says { Some(dialogue.send(&id).await?) } else { None };
        let wanted = match (qresync && !self.quirks.no_qresync, condstore || qresync) {
            (true, _) => Some("ENABLE QRESYNC"),
            (false, true) => Some("ENABLE CONDSTORE"),
            _ => None,
        };
        let enable = match wanted.filter(|_| enables) {
            Some(command) => Some(dialogue.send(&Command::new(command, wait)).await?),
            None => None,
        };
        dialogue.flush().await?;
        let mut name = String::new();
        if let Some(tag) = id {
            let said = dialogue.finish(&tag, wait, &[], |answer| match answer {
                Answer::Id(said) => {
                    name = said;
                    None
                }
                other => Some(other),
            });
            refusable(said.await.map(drop))?;
        }
        let mut on = Vec::new();
        if let Some(tag) = enable {
            let said = dialogue.finish(&tag, wait, &[], |answer| match answer {
                Answer::Enabled(words) => {
                    on.extend(words);
                    None
                }
                other => Some(other),
            });
            refusable(said.await.map(drop))?;
        }
        self.quirks = quirks::of(host, &format!("{greeting} {name}"), &dialogue.capabilities);
        // Without an ENABLED the server knows nothing of it, whatever it offers.
        self.qresync = on.iter().any(|word| word == "QRESYNC") && !self.quirks.no_qresync;
        self.condstore = condstore || self.qresync;
        let words = &mut self.dialogue.capabilities.words;
        if !self.qresync {
            words.remove("QRESYNC");
        }
        if self.condstore {
            words.insert("CONDSTORE".into());
        }
        Ok(())
    }

    /// Compresses, where that pays: not within one computer.
    async fn pack(&mut self, proxied: bool) -> Result<()> {
        let far = proxied || !self.dialogue.wire()?.is_near();
        let wanted = self.options.compress.unwrap_or(far);
        if !wanted || !self.dialogue.capabilities.has("COMPRESS=DEFLATE") {
            return Ok(());
        }
        let command = Command::new("COMPRESS DEFLATE", self.options.answer);
        let said = self.dialogue.run(&command, &[], Some).await;
        if said.is_ok() {
            self.dialogue.wire()?.compress();
        }
        refusable(said.map(drop))
    }
}

/// A refusal of what can be done without is none.
fn refusable(said: Result<()>) -> Result<()> {
    match said {
        Err(error) if error.is_refusal() => Ok(()),
        said => said,
    }
}
