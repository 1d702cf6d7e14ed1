//! From an account's settings to a connection on which letters can be sent.
//!
//! Promises: nothing that came before TLS is believed, kept or shown; TLS that is asked for
//! comes about, or there is no connection; no password goes over a connection that others
//! can read unless the account says so; the server learns neither this computer's name nor
//! its address from us.

use super::error::{SmtpError, Step};
use super::reply::Reply;
use super::types::{Offers, Options};
use super::wire::{Shown, Wire};
use super::{Credentials, Endpoint, Log, Result, Session, State};
use crate::model::Security;
use crate::net::reach;
use tokio::time::timeout;
use url::Host;

/// What we call ourselves: every computer's own address, by which nobody is known.
const NAME: &str = "[127.0.0.1]";

impl Session {
    /// Connects, protects the connection as the account says, asks what the server can do,
    /// and logs in (nobody: does not log in).
    ///
    /// # Errors
    /// What went wrong, in kinds that the user can be helped with.
    pub async fn open(at: &Endpoint, who: Option<&Credentials>, log: &Log) -> Result<Self> {
        Self::open_with(at, who, log, &Options::default()).await
    }

    /// The same, with other options.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn open_with(
        at: &Endpoint,
        who: Option<&Credentials>,
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
    who: Option<&Credentials>,
    log: &Log,
    options: &Options,
) -> Result<Session> {
    let server = &at.server;
    let host = reach::host(&server.host);
    let host = host.ok_or_else(|| SmtpError::Name(server.host.trim().to_owned()))?;
    let tcp = timeout(options.connect, reach::dial(at, &host)).await;
    let mut wire = Wire::new(tcp.map_err(|_| SmtpError::TimedOut)??, log.clone());
    match server.security {
        Security::Tls => {
            let secured = secure(&mut wire, at, &host, options).await;
            // Nothing was said before: who speaks first here is no TLS server.
            secured.map_err(|error| match error {
                SmtpError::Injected => SmtpError::Tls("it speaks without encryption".into()),
                other => other,
            })?;
        }
        Security::StartTls => {
            start_tls(&mut wire, options).await.map_err(silent)?;
            secure(&mut wire, at, &host, options).await?;
        }
        Security::Plain => {}
    }
    // From here on what is said may be shown: over TLS, or as the account says.
    wire.shown = Shown::All;
    if server.security != Security::StartTls {
        greeted(wire.answer(options.greeting).await?)?;
    }
    let offers = hello(&mut wire, options).await?;
    let mut session =
        Session { wire, offers, options: options.clone(), state: State::Ready, declared: false };
    if let Some(who) = who {
        let may_show = session.wire.is_secure() || server.security == Security::Plain;
        session.log_in(who, may_show).await?;
    }
    Ok(session)
}

/// An error from before TLS, without the words of whoever wrote them.
fn silent(error: SmtpError) -> SmtpError {
    let gone = || SmtpError::Lost("it sent us away before it was encrypted".into());
    match error {
        SmtpError::Closing(_) | SmtpError::Refused { .. } => gone(),
        other => other,
    }
}

fn greeted(reply: Reply) -> Result<()> {
    match reply.code {
        220 => Ok(()),
        _ if reply.is_transient() || reply.is_permanent() => {
            Err(SmtpError::Refused { step: Step::Greeting, reply })
        }
        _ => Err(SmtpError::Protocol("it does not greet as a mail server does".into())),
    }
}

/// Has the server change to TLS. What it says on the way is no matter: anybody may have
/// written it.
async fn start_tls(wire: &mut Wire, options: &Options) -> Result<()> {
    greeted(wire.answer(options.greeting).await?)?;
    if !hello(wire, options).await?.starttls {
        return Err(SmtpError::NoStartTls);
    }
    let reply = wire.ask("STARTTLS", options.answer).await?;
    match reply.code {
        220 => Ok(()),
        _ if reply.is_transient() => {
            Err(SmtpError::Lost("it cannot encrypt the connection just now".into()))
        }
        _ if reply.is_permanent() => Err(SmtpError::NoStartTls),
        _ => Err(SmtpError::Protocol("it answers STARTTLS with neither yes nor no".into())),
    }
}

async fn secure(
    wire: &mut Wire,
    at: &Endpoint,
    host: &Host<String>,
    options: &Options,
) -> Result<()> {
    let roots = reach::roots(options.authorities.as_deref()).await;
    let host = reach::lent(host);
    let secured = wire.secure(&host, roots, at.server.pin.as_deref());
    timeout(options.handshake, secured).await.map_err(|_| SmtpError::TimedOut)?
}

/// Greets, and learns what the server can do.
async fn hello(wire: &mut Wire, options: &Options) -> Result<Offers> {
    let reply = wire.ask(&format!("EHLO {NAME}"), options.answer).await?;
    if reply.is_positive() {
        return Ok(offers(&reply));
    }
    // Servers from before 1995 (RFC 5321, 3.2).
    if matches!(reply.code, 500 | 502 | 504) {
        let reply = wire.ask(&format!("HELO {NAME}"), options.answer).await?;
        if reply.is_positive() {
            return Ok(Offers::default());
        }
        return refused(reply);
    }
    refused(reply)
}

fn refused(reply: Reply) -> Result<Offers> {
    match reply.is_transient() || reply.is_permanent() {
        true => Err(SmtpError::Refused { step: Step::Hello, reply }),
        false => Err(SmtpError::Protocol("it answers a greeting with a question".into())),
    }
}

/// What the answer to EHLO says.
fn offers(reply: &Reply) -> Offers {
    let mut offers = Offers::default();
    for line in reply.lines.iter().skip(1) {
        let line = line.to_ascii_uppercase();
        // Old servers write AUTH=LOGIN.
        let line = line.replacen("AUTH=", "AUTH ", usize::from(line.starts_with("AUTH=")));
        let mut words = line.split_ascii_whitespace();
        match words.next().unwrap_or_default() {
            "SIZE" => {
                offers.size = Some(words.next().and_then(|n| n.parse().ok()).unwrap_or(0));
            }
            "DSN" => offers.dsn = true,
            "SMTPUTF8" => offers.smtputf8 = true,
            "8BITMIME" => offers.eight_bit = true,
            "PIPELINING" => offers.pipelining = true,
            "ENHANCEDSTATUSCODES" => offers.enhanced = true,
            "STARTTLS" => offers.starttls = true,
            "AUTH" => {
                for word in words {
                    if !offers.auth.iter().any(|known| known == word) {
                        offers.auth.push(word.to_owned());
                    }
                }
            }
            _ => {}
        }
    }
    offers
}
