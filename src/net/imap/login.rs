//! Logging in (RFC 3501, 4959, 5802, 7628): with what is safest of what is offered. A
//! referral to another server (RFC 2221) is a refusal.

use super::Result;
use super::answer::{Answer, Code, Said, State, words};
use super::command::Command;
use super::dialogue::Dialogue;
use super::error::ImapError;
use crate::net::reach::Credentials;
use crate::net::sasl::{self, Mechanism, SaslError};
use crate::net::scram::Scram;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::time::Duration;
use zeroize::Zeroizing;

/// Challenges of one login at most.
const CHALLENGES: usize = 8;

impl From<SaslError> for ImapError {
    fn from(error: SaslError) -> Self {
        Self::Protocol(error.0)
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
                    Mechanism::Bearer(user, token)
                } else if offers("XOAUTH2") {
                    Mechanism::XOauth2(user, token)
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
                    let way = Mechanism::Scram(Box::new(Scram::new(user, password)?));
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
                    self.authenticate(Mechanism::Plain(user, password), wait).await
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
                    self.authenticate(Mechanism::Login(user, password), wait).await
                } else {
                    Err(ImapError::NoLogin)
                }
            }
        }
    }

    fn trusted_line(&self) -> bool {
        self.wire_ref().is_some_and(super::wire::Wire::is_secure)
    }

    async fn authenticate(&mut self, way: Mechanism<'_>, wait: Duration) -> Result<Said> {
        self.ready()?;
        self.wire()?.login = true;
        let done = self.exchange(way, wait).await;
        self.wire()?.login = false;
        done
    }

    async fn exchange(&mut self, mut way: Mechanism<'_>, wait: Duration) -> Result<Said> {
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
                        .and_then(|challenge| Ok(way.step(&challenge, turn)?));
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
                    if !way.is_proved() {
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
    let wrong = || ImapError::Login("such a name or password cannot be sent".into());
    sasl::sound(text).ok_or_else(wrong)
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
