//! Logging in (RFC 3501, 4959, 5802, 7628): with what is safest of what is offered. A
//! referral to another server (RFC 2221) is a refusal.

use super::Result;
use super::answer::{Answer, Code, Said, State, words};
use super::command::Command;
use super::dialogue::Dialogue;
use super::error::ImapError;
use super::scram::Scram;
use super::types::Credentials;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::time::Duration;
use zeroize::Zeroizing;

/// Challenges of one login at most.
const CHALLENGES: usize = 8;

/// A way to log in.
enum Way<'c> {
    Scram(Box<Scram>),
    Plain(&'c str, &'c str),
    Login(&'c str, &'c str),
    /// RFC 7628.
    Bearer(&'c str, &'c str),
    XOauth2(&'c str, &'c str),
}

impl Way<'_> {
    fn name(&self) -> &'static str {
        match self {
            Self::Scram(_) => "SCRAM-SHA-256",
            Self::Plain(..) => "PLAIN",
            Self::Login(..) => "LOGIN",
            Self::Bearer(..) => "OAUTHBEARER",
            Self::XOauth2(..) => "XOAUTH2",
        }
    }

    /// What is sent without being asked, where that is possible.
    fn first(&self) -> Option<Zeroizing<String>> {
        Some(Zeroizing::new(match self {
            Self::Scram(scram) => scram.first(),
            Self::Plain(user, password) => format!("\0{user}\0{password}"),
            Self::Login(..) => return None,
            Self::Bearer(user, token) => {
                let user = user.replace('=', "=3D").replace(',', "=2C");
                format!("n,a={user},\x01auth=Bearer {token}\x01\x01")
            }
            Self::XOauth2(user, token) => format!("user={user}\x01auth=Bearer {token}\x01\x01"),
        }))
    }

    /// The answer to a challenge after the first.
    fn step(&mut self, challenge: &[u8], turn: usize) -> Result<Zeroizing<String>> {
        Ok(Zeroizing::new(match self {
            Self::Scram(scram) => scram.step(challenge)?,
            Self::Login(user, _) if turn == 0 => (*user).to_owned(),
            Self::Login(_, password) if turn == 1 => (*password).to_owned(),
            // What follows is what went wrong: it is told when it is acknowledged.
            Self::Bearer(..) => "\x01".to_owned(),
            Self::XOauth2(..) => String::new(),
            Self::Plain(..) | Self::Login(..) => {
                return Err(ImapError::Protocol("its login does not end".into()));
            }
        }))
    }
}

impl Dialogue {
    /// Logs in. `may_show`: the password may be sent as it is, for nobody reads along or the
    /// user will have it so.
    pub(super) async fn log_in(
        &mut self,
        who: &Credentials,
        may_show: bool,
        wait: Duration,
    ) -> Result<Said> {
        let offers = |name: &str| self.capabilities.has(&format!("AUTH={name}"));
        match who {
            Credentials::Token { user, token } => {
                let (user, token) = (sound(user)?, sound(token.reveal())?);
                let way = if !may_show {
                    return Err(ImapError::NoLogin);
                } else if offers("OAUTHBEARER") {
                    Way::Bearer(user, token)
                } else if offers("XOAUTH2") {
                    Way::XOauth2(user, token)
                } else {
                    return Err(ImapError::NoLogin);
                };
                self.authenticate(way, wait).await
            }
            Credentials::Password { user, password } => {
                let (user, password) = (sound(user)?, sound(password.reveal())?);
                let (scram, plain, login) =
                    (offers("SCRAM-SHA-256"), offers("PLAIN"), offers("LOGIN"));
                let command = !self.capabilities.has("LOGINDISABLED");
                if scram {
                    let way = Way::Scram(Box::new(Scram::new(user, password)?));
                    let tried = self.authenticate(way, wait).await;
                    // Some servers offer it to everybody and can do it for few. Where others
                    // could read along, that may as well be somebody in between.
                    let other = self.trusted_line() && may_show && (plain || login || command);
                    if !other || !matches!(tried, Err(ImapError::Login(_))) {
                        return tried;
                    }
                    self.note("SCRAM was refused: another way");
                }
                if !may_show {
                    return Err(ImapError::NoLogin);
                }
                if plain {
                    self.authenticate(Way::Plain(user, password), wait).await
                } else if command {
                    let ask = Command::new("LOGIN ", wait).secret(user).text(" ").secret(password);
                    self.ready()?;
                    self.wire()?.login = true;
                    let tag = self.send(&ask).await.map_err(refused)?;
                    self.flush().await?;
                    let done = self.answered(&tag, wait).await;
                    self.wire()?.login = false;
                    done
                } else if login {
                    self.authenticate(Way::Login(user, password), wait).await
                } else {
                    Err(ImapError::NoLogin)
                }
            }
        }
    }

    fn trusted_line(&self) -> bool {
        self.wire_ref().is_some_and(super::wire::Wire::is_secure)
    }

    async fn authenticate(&mut self, way: Way<'_>, wait: Duration) -> Result<Said> {
        self.ready()?;
        self.wire()?.login = true;
        let done = self.exchange(way, wait).await;
        self.wire()?.login = false;
        done
    }

    async fn exchange(&mut self, mut way: Way<'_>, wait: Duration) -> Result<Said> {
        let mut first = way.first().map(|first| Zeroizing::new(STANDARD.encode(first.as_bytes())));
        let mut command = Command::new(format!("AUTHENTICATE {}", way.name()), wait);
        if self.capabilities.has("SASL-IR")
            && let Some(first) = first.take()
        {
            command.shown.push_str(" …");
            let text = Zeroizing::new(format!(" {}", &*first));
            let shown = command.shown.clone();
            command = command.text(&text);
            command.shown = shown;
        }
        let tag = self.send(&command).await?;
        self.flush().await?;
        let (mut turn, mut failed) = (0, None);
        loop {
            match self.next(wait).await? {
                Answer::Continue(_) if turn >= CHALLENGES || failed.is_some() => {
                    return Err(self.end(ImapError::Protocol("its login does not end".into())));
                }
                Answer::Continue(challenge) => {
                    if let Some(first) = first.take() {
                        self.line(first.as_bytes(), "…").await?;
                        continue;
                    }
                    let decoded = STANDARD.decode(challenge.trim());
                    let answer = decoded
                        .map_err(|_| ImapError::Protocol("its login is not base64".into()))
                        .and_then(|challenge| way.step(&challenge, turn));
                    turn += 1;
                    match answer {
                        Ok(text) => {
                            let text = Zeroizing::new(STANDARD.encode(text.as_bytes()));
                            self.line(text.as_bytes(), "…").await?;
                        }
                        Err(error) => {
                            failed = Some(error);
                            self.line(b"*", "*").await?;
                        }
                    }
                }
                Answer::Done(done, said) => {
                    self.landed(&done)?;
                    if done != tag {
                        let error = "it answered another question than the login";
                        return Err(self.end(ImapError::Protocol(error.into())));
                    }
                    if let Some(error) = failed {
                        return Err(self.end(error));
                    }
                    let said = outcome(said)?;
                    if matches!(&way, Way::Scram(scram) if !scram.is_verified()) {
                        let error = "it did not prove that it knows your password";
                        return Err(self.end(ImapError::Protocol(error.into())));
                    }
                    return Ok(said);
                }
                other => self.absorb_capability(other),
            }
        }
    }

    /// The tagged answer to LOGIN.
    async fn answered(&mut self, tag: &str, wait: Duration) -> Result<Said> {
        loop {
            match self.next(wait).await? {
                Answer::Done(done, said) if done == tag => {
                    self.landed(tag)?;
                    return outcome(said);
                }
                Answer::Done(done, _) => self.landed(&done)?,
                other => self.absorb_capability(other),
            }
        }
    }

    /// Some servers tell what they can do before they say that the login was good.
    fn absorb_capability(&mut self, answer: Answer) {
        if let Answer::Capability(_) = answer {
            self.note("told before the login was good: asked again");
        }
    }
}

/// What can be sent as a name or a password.
fn sound(text: &str) -> Result<&str> {
    match text.contains(['\0', '\r', '\n', '\x01']) || text.is_empty() {
        true => Err(ImapError::Login("such a name or password cannot be sent".into())),
        false => Ok(text),
    }
}

fn refused(error: ImapError) -> ImapError {
    match error {
        ImapError::No(text) | ImapError::Bad(text) => ImapError::Login(text),
        other => other,
    }
}

/// Of the tagged answer to a login.
fn outcome(said: Said) -> Result<Said> {
    let text = words(&said.text);
    match (said.state, &said.code) {
        (State::Ok, _) => Ok(said),
        (State::No, Some(Code::Passing)) => Err(ImapError::No(text)),
        // Not a word about the password.
        (State::No, _) if text.to_ascii_lowercase().contains("too many") => {
            Err(ImapError::No(text))
        }
        (State::No | State::Bad, _) => Err(ImapError::Login(text)),
        _ => Err(ImapError::Protocol("it ended the login with neither OK nor NO".into())),
    }
}
