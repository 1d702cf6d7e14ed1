//! SCRAM-SHA-256 (RFC 5802, 7677): the password is never sent, and the server has to prove
//! that it knows it too. Without channel binding.

use super::sasl::SaslError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::{digest, hmac, pbkdf2};
use std::num::NonZeroU32;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// Fewest rounds that protect a password (RFC 7677, section 4).
const FEWEST: u32 = 4096;
/// Most rounds that a server may have us make.
const MOST: u32 = 2_000_000;
/// Bytes of a salt at most.
const SALT: usize = 1024;

/// One login.
pub(super) struct Scram {
    nonce: String,
    first_bare: String,
    password: Zeroizing<String>,
    /// What the server has to prove itself with: key, and what it signs.
    expected: Option<(hmac::Key, String)>,
    verified: bool,
}

fn nonsense(what: &str) -> SaslError {
    SaslError(format!("its login makes no sense ({what})"))
}

impl Scram {
    /// A login with a new nonce.
    ///
    /// # Errors
    /// [`SaslError`] if the system gives no random numbers.
    pub(super) fn new(user: &str, password: &str) -> Result<Self, SaslError> {
        let mut random = [0_u8; 18];
        let random_failed = |_| SaslError("there are no random numbers here".into());
        SystemRandom::new().fill(&mut random).map_err(random_failed)?;
        Ok(Self::with_nonce(user, password, STANDARD.encode(random)))
    }

    fn with_nonce(user: &str, password: &str, nonce: String) -> Self {
        let user = prepare(user).replace('=', "=3D").replace(',', "=2C");
        Self {
            first_bare: format!("n={user},r={nonce}"),
            nonce,
            password: Zeroizing::new(prepare(password)),
            expected: None,
            verified: false,
        }
    }

    /// What is sent first.
    pub(super) fn first(&self) -> String {
        format!("n,,{}", self.first_bare)
    }

    /// Whether the server has proved itself.
    pub(super) fn is_verified(&self) -> bool {
        self.verified
    }

    /// The answer to a challenge.
    ///
    /// # Errors
    /// [`SaslError`] if the server does not know the password, or makes no sense.
    pub(super) fn step(&mut self, challenge: &[u8]) -> Result<String, SaslError> {
        let challenge =
            std::str::from_utf8(challenge).map_err(|_| nonsense("not UTF-8"))?.to_owned();
        match self.expected.take() {
            None if self.verified => Err(nonsense("it goes on")),
            None => self.answer(&challenge),
            Some((key, signed)) => {
                let signature = field(&challenge, 'v').and_then(|text| STANDARD.decode(text).ok());
                // Compared in constant time.
                let good = signature.is_some_and(|signature| {
                    hmac::verify(&key, signed.as_bytes(), &signature).is_ok()
                });
                if !good {
                    let error = "it does not know your password: it may not be your server";
                    return Err(SaslError(error.into()));
                }
                self.verified = true;
                Ok(String::new())
            }
        }
    }

    fn answer(&mut self, challenge: &str) -> Result<String, SaslError> {
        let nonce = field(challenge, 'r').ok_or_else(|| nonsense("no nonce"))?;
        if !nonce.starts_with(&self.nonce) || nonce.len() == self.nonce.len() {
            return Err(nonsense("not our nonce"));
        }
        let salt = field(challenge, 's').and_then(|text| STANDARD.decode(text).ok());
        let salt = salt.filter(|salt| (1..=SALT).contains(&salt.len()));
        let salt = salt.ok_or_else(|| nonsense("no salt"))?;
        let rounds = field(challenge, 'i').and_then(|text| text.parse::<u32>().ok());
        let rounds = rounds.filter(|rounds| (FEWEST..=MOST).contains(rounds));
        let rounds = rounds.and_then(NonZeroU32::new).ok_or_else(|| nonsense("its rounds"))?;
        // A mandatory extension that we do not know (RFC 5802, section 5.1).
        if challenge.starts_with("m=") {
            return Err(nonsense("an extension"));
        }
        let mut salted = Zeroizing::new([0_u8; digest::SHA256_OUTPUT_LEN]);
        let password = self.password.as_bytes();
        pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, rounds, &salt, password, &mut *salted);
        let salted = hmac::Key::new(hmac::HMAC_SHA256, &*salted);
        let client_key = hmac::sign(&salted, b"Client Key");
        let stored = digest::digest(&digest::SHA256, client_key.as_ref());
        // "biws" is "n,," again: no channel binding.
        let last = format!("c=biws,r={nonce}");
        let signed = format!("{},{challenge},{last}", self.first_bare);
        let stored = hmac::Key::new(hmac::HMAC_SHA256, stored.as_ref());
        let signature = hmac::sign(&stored, signed.as_bytes());
        let pairs = client_key.as_ref().iter().zip(signature.as_ref());
        let proof: Vec<u8> = pairs.map(|(key, sign)| key ^ sign).collect();
        let server_key = hmac::sign(&salted, b"Server Key");
        self.expected = Some((hmac::Key::new(hmac::HMAC_SHA256, server_key.as_ref()), signed));
        Ok(format!("{last},p={}", STANDARD.encode(proof)))
    }
}

/// A field of a message.
fn field(message: &str, name: char) -> Option<&str> {
    let mut fields = message.split(',');
    fields.find_map(|field| field.strip_prefix(name)?.strip_prefix('='))
}

/// What SASLprep (RFC 4013) makes of what people type: compatibility forms are one, other
/// spaces are spaces, what is not seen is not there.
fn prepare(text: &str) -> String {
    let unseen = |character: &char| {
        matches!(character, '\u{ad}' | '\u{34f}' | '\u{1806}' | '\u{180b}'..='\u{180d}'
            | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
    };
    text.chars()
        .filter(|character| !unseen(character))
        .map(|character| if character.is_whitespace() { ' ' } else { character })
        .nfkc()
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    const FIRST: &str = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
                         s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

    fn of_the_rfc() -> Scram {
        Scram::with_nonce("user", "pencil", "rOprNGfwEbeRWgbNEkqO".into())
    }

    #[test]
    fn the_example_of_rfc_7677() {
        let mut scram = of_the_rfc();
        assert_eq!(scram.first(), "n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        assert_eq!(
            scram.step(FIRST.as_bytes()).unwrap(),
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
             p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
        );
        assert!(!scram.is_verified());
        let last = b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";
        assert_eq!(scram.step(last).unwrap(), "");
        assert!(scram.is_verified());
    }

    #[test]
    fn a_server_that_does_not_know_the_password_is_found_out() {
        for last in ["v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G5=", "v=", "e=other-error", ""] {
            let mut scram = of_the_rfc();
            scram.step(FIRST.as_bytes()).unwrap();
            assert!(scram.step(last.as_bytes()).is_err(), "{last}");
            assert!(!scram.is_verified());
        }
    }

    #[test]
    fn challenges_that_weaken_or_never_end_are_refused() {
        for (from, to) in [
            ("i=4096", "i=1"),
            ("i=4096", "i=4000000000"),
            ("i=4096", "i=-1"),
            ("r=rOprNGfwEbeRWgbNEkqO%", "r=someoneelse%"),
            ("s=W22ZaJ0SNY7soEsUEjb6gQ==", "s="),
            ("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0", "r=rOprNGfwEbeRWgbNEkqO"),
            ("r=rOpr", "m=x,r=rOpr"),
        ] {
            let challenge = FIRST.replace(from, to);
            assert!(of_the_rfc().step(challenge.as_bytes()).is_err(), "{challenge}");
        }
    }

    #[test]
    fn names_and_passwords_are_prepared() {
        let scram = Scram::with_nonce("a=b,c", "I\u{ad}X\u{a0}ª", "x".into());
        assert_eq!(scram.first(), "n,,n=a=3Db=2Cc,r=x");
        // The examples of RFC 4013, and a space that is none.
        assert_eq!(&*scram.password, "IX a");
        assert_eq!(prepare("\u{2168}"), "IX");
    }
}
