//! Logging in (RFC 4954): with what is safest of what is offered.

use super::error::{SmtpError, Step};
use super::reply::Reply;
use super::wire::Shown;
use super::{Credentials, Result, Session};
use crate::net::sasl::{self, Mechanism, SaslError};
use crate::net::scram::Scram;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// Challenges of one login at most.
const CHALLENGES: usize = 8;
/// Bytes of a line with AUTH at most (RFC 4954, section 4).
const MAX_LINE: usize = 12_286;

fn sound(text: &str) -> Result<&str> {
    sasl::sound(text).ok_or(SmtpError::BadLogin)
}

impl Session {
    /// Logs in. `may_show`: the password may be sent as it is, for nobody reads along or the
    /// user will have it so.
    pub(super) async fn log_in(&mut self, who: &Credentials, may_show: bool) -> Result<()> {
        let offers = |name: &str| self.offers.auth.iter().any(|word| word == name);
        match who {
            Credentials::Token { user, token } => {
                let (user, token) = (sound(user)?, sound(token.reveal())?);
                let way = if !may_show {
                    return Err(SmtpError::NoLogin);
                } else if offers("OAUTHBEARER") {
                    Mechanism::Bearer(user, token)
                } else if offers("XOAUTH2") {
                    Mechanism::XOauth2(user, token)
                } else {
                    return Err(SmtpError::NoLogin);
                };
                self.authenticate(way).await
            }
            Credentials::Password { user, password } => {
                let (user, password) = (sound(user)?, sound(password.reveal())?);
                let (scram, plain, login) =
                    (offers("SCRAM-SHA-256"), offers("PLAIN"), offers("LOGIN"));
                if scram {
                    let way = Mechanism::Scram(Box::new(Scram::new(user, password)?));
                    let tried = self.authenticate(way).await;
                    // Some servers offer it to everybody and can do it for few. Where others
                    // could read along, that may as well be somebody in between.
                    let other = self.wire.is_secure() && may_show && (plain || login);
                    if !other || !matches!(tried, Err(SmtpError::Login(_))) {
                        return tried;
                    }
                    self.wire.note("SCRAM was refused: another way");
                }
                if !may_show {
                    Err(SmtpError::NoLogin)
                } else if plain {
                    self.authenticate(Mechanism::Plain(user, password)).await
                } else if login {
                    self.authenticate(Mechanism::Login(user, password)).await
                } else {
                    Err(SmtpError::NoLogin)
                }
            }
        }
    }

    async fn authenticate(&mut self, mut way: Mechanism<'_>) -> Result<()> {
        let wait = self.options.answer;
        let first = way.first();
        let mut first = first.map(|first| Zeroizing::new(STANDARD.encode(first.as_bytes())));
        let command = format!("AUTH {}", way.name());
        let room = MAX_LINE.saturating_sub(command.len() + 1);
        self.wire.unasked().await?;
        match first.take_if(|first| first.len() <= room) {
            Some(first) => {
                let line = Zeroizing::new(format!("{command} {}", &*first));
                self.wire.say(&line, &format!("{command} …"), wait).await?;
            }
            None => self.wire.say(&command, &command, wait).await?,
        }
        let (mut turn, mut failed) = (0, None);
        loop {
            // What is asked on the way is part of the secret; the last word is not.
            let reply = self.next_of_login().await?;
            if reply.code == 334 {
                if turn >= CHALLENGES || failed.is_some() {
                    return Err(SmtpError::Protocol("its login does not end".into()));
                }
                if let Some(first) = first.take() {
                    self.wire.say(&first, "…", wait).await?;
                    continue;
                }
                let answer = challenge(&way, &reply).and_then(|asked| way.step(&asked, turn));
                turn += 1;
                match answer {
                    Ok(text) => {
                        let text = Zeroizing::new(STANDARD.encode(text.as_bytes()));
                        self.wire.say(&text, "…", wait).await?;
                    }
                    Err(error) => {
                        failed = Some(error);
                        self.wire.say("*", "*", wait).await?;
                    }
                }
                continue;
            }
            if let Some(error) = failed {
                return Err(error.into());
            }
            return match reply.code / 100 {
                2 if way.is_proved() => Ok(()),
                2 => {
                    let error = "it did not prove that it knows your password";
                    Err(SmtpError::Protocol(error.into()))
                }
                4 => Err(SmtpError::Refused { step: Step::Login, reply }),
                5 => Err(SmtpError::Login(reply)),
                _ => Err(SmtpError::Protocol("it ended the login with neither yes nor no".into())),
            };
        }
    }

    async fn next_of_login(&mut self) -> Result<Reply> {
        self.wire.shown = Shown::NoQuestions;
        let reply = self.wire.answer(self.options.answer).await;
        self.wire.shown = Shown::All;
        reply
    }
}

/// What a server asks in a login.
fn challenge(way: &Mechanism<'_>, reply: &Reply) -> std::result::Result<Vec<u8>, SaslError> {
    match STANDARD.decode(reply.text()) {
        Ok(asked) => Ok(asked),
        // What it asks with is no matter there: name, then password.
        Err(_) if matches!(way, Mechanism::Login(..)) => Ok(Vec::new()),
        Err(_) => Err(SaslError("its login is not base64".into())),
    }
}
