//! Ways to log in (SASL, RFC 4422): PLAIN (RFC 4616), LOGIN, SCRAM-SHA-256, OAUTHBEARER
//! (RFC 7628), XOAUTH2. What is said, without the base64 and the commands around it.

use super::scram::Scram;
use zeroize::Zeroizing;

/// The server's part of a login makes no sense, or is none: why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SaslError(pub(super) String);

/// A way to log in.
pub(super) enum Mechanism<'c> {
    Scram(Box<Scram>),
    Plain(&'c str, &'c str),
    Login(&'c str, &'c str),
    /// RFC 7628.
    Bearer(&'c str, &'c str),
    XOauth2(&'c str, &'c str),
}

impl Mechanism<'_> {
    /// Its registered name.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Scram(_) => "SCRAM-SHA-256",
            Self::Plain(..) => "PLAIN",
            Self::Login(..) => "LOGIN",
            Self::Bearer(..) => "OAUTHBEARER",
            Self::XOauth2(..) => "XOAUTH2",
        }
    }

    /// Whether the server has proved that it knows the secret, where it can be made to.
    pub(super) fn is_proved(&self) -> bool {
        match self {
            Self::Scram(scram) => scram.is_verified(),
            _ => true,
        }
    }

    /// What is sent without being asked, where that is possible.
    pub(super) fn first(&self) -> Option<Zeroizing<String>> {
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
    pub(super) fn step(
        &mut self,
        challenge: &[u8],
        turn: usize,
    ) -> Result<Zeroizing<String>, SaslError> {
        Ok(Zeroizing::new(match self {
            Self::Scram(scram) => scram.step(challenge)?,
            Self::Login(user, _) if turn == 0 => (*user).to_owned(),
            Self::Login(_, password) if turn == 1 => (*password).to_owned(),
            // What follows is what went wrong: it is told when it is acknowledged.
            Self::Bearer(..) => "\x01".to_owned(),
            Self::XOauth2(..) => String::new(),
            Self::Plain(..) | Self::Login(..) => {
                return Err(SaslError("its login does not end".into()));
            }
        }))
    }
}

/// What can be sent as a name or a password.
pub(super) fn sound(text: &str) -> Option<&str> {
    let bad = text.contains(['\0', '\r', '\n', '\x01']) || text.is_empty();
    (!bad).then_some(text)
}
