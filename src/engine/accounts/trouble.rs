//! Why an account does not work, in kinds that the user can do something about.

use super::providers::{AppPassword, Needs, Provider};
use crate::model::{Security, Server, Settings};
use crate::net::imap::ImapError;
use crate::net::smtp::SmtpError;
use crate::secrets::SecretsError;

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trouble {
    /// The account has no server to read from.
    NoServer,
    /// There is no server of this name.
    Name,
    /// Nobody answers there.
    Connect,
    /// The proxy would not.
    Proxy,
    /// It does not answer in time.
    TimedOut,
    /// The connection was lost.
    Lost,
    /// TLS failed: often the wrong port for this kind of protection.
    Tls,
    /// Nobody vouches for the server's certificate.
    Certificate {
        /// SHA-256 of it, to be compared and pinned.
        sha256: String,
    },
    /// No encryption is offered here.
    NoEncryption,
    /// Somebody interfered with the change to TLS.
    Interfered,
    /// No way to log in that is used here.
    NoLogin,
    /// The server refused the name or password.
    Refused,
    /// The server would not go on.
    Unwilling,
    /// What answers is no IMAP server.
    NotImap,
    /// What answers is no SMTP server.
    NotSmtp,
    /// No password is kept for the account.
    NoPassword,
    /// The place of the passwords cannot be opened: what it said.
    Secrets(SecretsError),
    /// There is an account of this name already.
    NameTaken,
    /// That can be no name of an account.
    BadName,
    /// The account is not there any more.
    Gone,
    /// Letters of the account are not sent yet: it is not removed.
    StillSending,
    /// Drafts of the account are not on its server yet: it is not removed.
    StillWriting,
    /// This is no mail address.
    NoAddress(String),
    /// This address is there twice.
    AddressTwice(String),
    /// Letters of so many days cannot be kept.
    Days,
    /// That is no proxy.
    NotProxy,
    /// A proxy's password has no safe place here.
    ProxyPassword,
    /// The store, or the system, refused: what it said.
    Store(String),
    /// The provider needs what Goyo does not have.
    Lacking(Needs),
}

/// What to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// Switch IMAP on in the webmail.
    SwitchOn,
    /// Switch sending by SMTP on in the webmail.
    SwitchOnSending,
    /// Make a password for programs and use that.
    AppPassword,
    /// The same, if one logs in to the web in two steps.
    AppPasswordTwoStep,
    /// Look at name and password again.
    CheckPassword,
}

/// An account that does not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What is wrong.
    pub trouble: Trouble,
    /// What to do about it, the likeliest first.
    pub advice: Vec<Advice>,
    /// Where it was tried.
    pub server: Option<Box<Server>>,
    /// Who provides it.
    pub provider: Option<&'static Provider>,
    /// What the server, or the system, said: their words, never ours.
    pub said: Option<String>,
    /// It is the server that sends; the one that is read from works.
    pub sending: bool,
}

/// A sentence: the name of a string of the window, and what goes into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Its name.
    pub name: &'static str,
    /// What goes into it.
    pub values: Vec<(&'static str, String)>,
}

impl Trouble {
    /// The name of the string that says it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::NoServer => "trouble-no-server",
            Self::Name => "trouble-name",
            Self::Connect => "trouble-connect",
            Self::Proxy => "trouble-proxy",
            Self::TimedOut => "trouble-timed-out",
            Self::Lost => "trouble-lost",
            Self::Tls => "trouble-tls",
            Self::Certificate { .. } => "trouble-certificate",
            Self::NoEncryption => "trouble-no-encryption",
            Self::Interfered => "trouble-interfered",
            Self::NoLogin => "trouble-no-login",
            Self::Refused => "trouble-refused",
            Self::Unwilling => "trouble-unwilling",
            Self::NotImap => "trouble-not-imap",
            Self::NotSmtp => "trouble-not-smtp",
            Self::NoPassword => "trouble-no-password",
            Self::Secrets(_) => "trouble-secrets",
            Self::NameTaken => "trouble-name-taken",
            Self::BadName => "trouble-bad-name",
            Self::Gone => "trouble-gone",
            Self::StillSending => "outbox-still-sending",
            Self::StillWriting => "outbox-still-writing",
            Self::NoAddress(_) => "trouble-no-address",
            Self::AddressTwice(_) => "trouble-address-twice",
            Self::Days => "trouble-days",
            Self::NotProxy => "trouble-not-proxy",
            Self::ProxyPassword => "trouble-proxy-password",
            Self::Store(_) => "trouble-store",
            Self::Lacking(Needs::SignIn) => "trouble-sign-in",
            Self::Lacking(Needs::Pop3) => "trouble-pop3",
            Self::Lacking(Needs::Bridge) => "trouble-bridge",
            Self::Lacking(Needs::OwnProgram) => "trouble-own-program",
        }
    }
}

impl Advice {
    /// The name of the string that says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::SwitchOn => "advice-switch-on",
            Self::SwitchOnSending => "advice-switch-on-sending",
            Self::AppPassword => "advice-app-password",
            Self::AppPasswordTwoStep => "advice-app-password-two-step",
            Self::CheckPassword => "advice-check-password",
        }
    }
}

impl Failure {
    /// Trouble that is not a server's.
    pub fn of(trouble: Trouble) -> Self {
        Self {
            trouble,
            advice: Vec::new(),
            server: None,
            provider: None,
            said: None,
            sending: false,
        }
    }

    /// What an error of a server at this provider means to the user.
    pub fn from_imap(
        error: ImapError,
        server: &Server,
        provider: Option<&'static Provider>,
    ) -> Self {
        let (trouble, said) = match error {
            ImapError::Name(_) => (Trouble::Name, None),
            ImapError::Connect(why) => (Trouble::Connect, Some(why)),
            ImapError::Proxy(why) => (Trouble::Proxy, Some(why)),
            ImapError::TimedOut => (Trouble::TimedOut, None),
            ImapError::Lost(why) => (Trouble::Lost, Some(why)),
            ImapError::Tls(why) => (Trouble::Tls, Some(why)),
            ImapError::Certificate { sha256, why } => (Trouble::Certificate { sha256 }, Some(why)),
            ImapError::NoStartTls | ImapError::Preauth => (Trouble::NoEncryption, None),
            // Where TLS comes first, plain text is what a port for something else says.
            ImapError::Injected if server.security == Security::Tls => (Trouble::Tls, None),
            ImapError::Injected => (Trouble::Interfered, None),
            ImapError::NoLogin => (Trouble::NoLogin, None),
            ImapError::Login(said) => (Trouble::Refused, Some(said)),
            ImapError::Protocol(why) => (Trouble::NotImap, Some(why)),
            ImapError::No(said)
            | ImapError::NotNow(said)
            | ImapError::Bad(said)
            | ImapError::Bye(said) => (Trouble::Unwilling, Some(said)),
            other => (Trouble::Lost, Some(other.to_string())),
        };
        let advice = match trouble {
            Trouble::Refused => advice(provider, said.as_deref().unwrap_or_default()),
            _ => Vec::new(),
        };
        let said = said.filter(|said| !said.trim().is_empty());
        let server = Some(Box::new(server.clone()));
        Self { trouble, advice, server, provider, said, sending: false }
    }

    /// What an error of the server that sends means to the user.
    pub fn from_smtp(
        error: SmtpError,
        server: &Server,
        provider: Option<&'static Provider>,
    ) -> Self {
        let (trouble, said) = match error {
            SmtpError::Name(_) => (Trouble::Name, None),
            SmtpError::Connect(why) => (Trouble::Connect, Some(why)),
            SmtpError::Proxy(why) => (Trouble::Proxy, Some(why)),
            SmtpError::TimedOut => (Trouble::TimedOut, None),
            SmtpError::Lost(why) => (Trouble::Lost, Some(why)),
            SmtpError::Tls(why) => (Trouble::Tls, Some(why)),
            SmtpError::Certificate { sha256, why } => (Trouble::Certificate { sha256 }, Some(why)),
            SmtpError::NoStartTls => (Trouble::NoEncryption, None),
            SmtpError::Injected => (Trouble::Interfered, None),
            SmtpError::NoLogin => (Trouble::NoLogin, None),
            SmtpError::Login(reply) => (Trouble::Refused, Some(reply.text())),
            SmtpError::BadLogin => (Trouble::Refused, None),
            SmtpError::Protocol(why) => (Trouble::NotSmtp, Some(why)),
            SmtpError::Refused { reply, .. } | SmtpError::Closing(reply) => {
                (Trouble::Unwilling, Some(reply.text()))
            }
            other => (Trouble::Lost, Some(other.to_string())),
        };
        let advice = match trouble {
            Trouble::Refused => sending_advice(said.as_deref().unwrap_or_default()),
            _ => Vec::new(),
        };
        let said = said.filter(|said| !said.trim().is_empty());
        let server = Some(Box::new(server.clone()));
        Self { trouble, advice, server, provider, said, sending: true }
    }

    /// Pins this certificate (SHA-256, lower-case hexadecimal) to the server that showed it,
    /// if that is why it failed. Whether it did.
    pub fn trust(&self, settings: &mut Settings, pin: &str) -> bool {
        let shown = matches!(&self.trouble, Trouble::Certificate { sha256 } if sha256 == pin);
        let server = if self.sending { &mut settings.smtp } else { &mut settings.imap };
        let Some(server) = server.as_mut().filter(|server| {
            // Never twice: what is pinned already and fails all the same fails for good.
            shown && server.pin.as_deref() != Some(pin)
        }) else {
            return false;
        };
        server.pin = Some(pin.to_owned());
        true
    }

    /// Everything there is to say, in order.
    pub fn sentences(&self) -> Vec<Sentence> {
        let mut values = Vec::new();
        if let Some(server) = &self.server {
            values.push(("host", server.host.clone()));
            values.push(("port", server.port.to_string()));
        }
        if let Some(provider) = self.provider {
            values.push(("provider", provider.name.clone()));
            values.push(("provider-local", provider.local_name.clone()));
        }
        if let Trouble::NoAddress(addr) | Trouble::AddressTwice(addr) = &self.trouble {
            values.push(("address", addr.clone()));
        }
        let say = |name| Sentence { name, values: values.clone() };
        let mut all = Vec::new();
        if self.sending {
            all.push(say("trouble-sending"));
        }
        // Ports are others there.
        all.push(say(match self.trouble {
            Trouble::Tls if self.sending => "trouble-tls-sending",
            Trouble::NoEncryption if self.sending => "trouble-no-encryption-sending",
            _ => self.trouble.name(),
        }));
        match &self.trouble {
            Trouble::Certificate { sha256 } => all.push(Sentence {
                name: "trouble-fingerprint",
                values: vec![("sha256", sha256.clone())],
            }),
            Trouble::Secrets(error) => {
                all.push(Sentence {
                    name: "trouble-detail",
                    values: vec![("said", error.to_string())],
                });
            }
            Trouble::Store(error) => {
                all.push(Sentence {
                    name: "trouble-detail",
                    values: vec![("said", error.clone())],
                });
            }
            _ => {}
        }
        all.extend(self.advice.iter().map(|advice| match (advice, self.provider) {
            (Advice::SwitchOn, None) => say("advice-switch-on-somewhere"),
            (Advice::SwitchOnSending, None) => say("advice-switch-on-sending-somewhere"),
            (Advice::AppPassword, None) => say("advice-app-password-somewhere"),
            (advice, _) => say(advice.name()),
        }));
        if let Some(said) = &self.said {
            // What the system says is no server's word.
            let name = match self.trouble {
                Trouble::Refused | Trouble::Unwilling => "trouble-said",
                _ => "trouble-detail",
            };
            all.push(Sentence { name, values: vec![("said", said.clone())] });
        }
        all
    }
}

/// What servers say that want a password made for programs.
const APP_PASSWORD: [&str; 4] =
    ["application-specific", "app password", "app-specific", "application password"];

/// What may help when the server that sends refuses a login that is good for reading.
fn sending_advice(said: &str) -> Vec<Advice> {
    let said = said.to_lowercase();
    match APP_PASSWORD.iter().any(|word| said.contains(word)) {
        true => vec![Advice::AppPassword],
        false => vec![Advice::SwitchOnSending, Advice::CheckPassword],
    }
}

/// What may help when a login is refused: what the server says comes first, then what is
/// known of the provider.
fn advice(provider: Option<&'static Provider>, said: &str) -> Vec<Advice> {
    let said = said.to_lowercase();
    let any = |words: &[&str]| words.iter().any(|word| said.contains(word));
    let mut advice = Vec::new();
    if any(&APP_PASSWORD) {
        advice.push(Advice::AppPassword);
    }
    if any(&["not enabled for imap", "imap access is disabled", "imap is disabled", "enable imap"])
    {
        advice.push(Advice::SwitchOn);
    }
    if !advice.is_empty() {
        return advice;
    }
    if let Some(provider) = provider {
        if provider.switched_on {
            advice.push(Advice::SwitchOn);
        }
        match provider.app_password {
            AppPassword::Always => advice.push(Advice::AppPassword),
            AppPassword::TwoStep => advice.push(Advice::AppPasswordTwoStep),
            AppPassword::Never => {}
        }
    }
    advice.push(Advice::CheckPassword);
    advice
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::super::providers::{provider_of, providers};
    use super::*;
    use crate::i18n::{Language, Words};

    fn refused(address: &str, said: &str) -> Failure {
        let provider = provider_of(address);
        let server = provider.and_then(|p| p.imap.clone()).unwrap_or(Server {
            host: "imap.example.org".into(),
            port: 993,
            security: Security::Tls,
            pin: None,
        });
        Failure::from_imap(ImapError::Login(said.into()), &server, provider)
    }

    fn text(failure: &Failure, language: Language) -> String {
        let words = Words::new(language);
        let say = |sentence: Sentence| {
            let values: Vec<_> = sentence
                .values
                .iter()
                .map(|(name, value)| (*name, value.as_str().into()))
                .collect();
            words.say_with(sentence.name, &values)
        };
        failure.sentences().into_iter().map(say).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_refused_login_says_what_this_provider_wants() {
        use Advice::{AppPassword, AppPasswordTwoStep, CheckPassword, SwitchOn};
        let advice = |address, said| refused(address, said).advice;
        assert_eq!(advice("a@naver.com", "NO"), [SwitchOn, AppPassword, CheckPassword]);
        assert_eq!(advice("a@icloud.com", "NO"), [AppPassword, CheckPassword]);
        assert_eq!(advice("a@gmx.de", "NO"), [SwitchOn, AppPasswordTwoStep, CheckPassword]);
        assert_eq!(advice("a@example.org", "NO"), [CheckPassword]);
        // The server's own words settle it.
        let gmail = "[ALERT] Application-specific password required (Failure)";
        assert_eq!(advice("a@gmail.com", gmail), [AppPassword]);
        assert_eq!(
            advice("a@gmail.com", "[ALERT] Your account is not enabled for IMAP use. (Failure)"),
            [SwitchOn]
        );
        let korean = text(&refused("a@naver.com", ""), Language::Korean);
        assert!(korean.contains("웹메일에서 IMAP을 켜야 해요"), "{korean}");
        assert!(korean.contains("앱 비밀번호"), "{korean}");
        assert!(korean.contains("네이버"), "{korean}");
    }

    #[test]
    fn a_login_that_reads_but_does_not_send_says_so() {
        let server = provider_of("a@naver.com").unwrap().smtp.clone().unwrap();
        let said = |text: &str| {
            let mut replies = crate::net::smtp::Replies::new();
            let reply = replies.take(format!("{text}\r\n").as_bytes()).unwrap().1.unwrap();
            Failure::from_smtp(SmtpError::Login(reply), &server, provider_of("a@naver.com"))
        };
        let failure = said("534-5.7.9 Application-specific password required.\r\n534 5.7.9 see");
        assert_eq!(failure.advice, [Advice::AppPassword]);
        assert_eq!(failure.said.as_deref(), Some("Application-specific password required. see"));
        let failure = said("535 5.7.8 no");
        assert_eq!(failure.advice, [Advice::SwitchOnSending, Advice::CheckPassword]);
        let korean = text(&failure, Language::Korean);
        assert!(korean.starts_with("메일을 읽을 수는 있지만 보낼 수는 없어요."), "{korean}");
        assert!(korean.contains("smtp.naver.com") && korean.contains("네이버"), "{korean}");
    }

    #[test]
    fn every_trouble_is_said_in_both_languages_with_nothing_missing() {
        let server = provider_of("a@naver.com").unwrap().imap.clone().unwrap();
        let errors = [
            ImapError::Name("h".into()),
            ImapError::Connect("refused".into()),
            ImapError::Proxy("no".into()),
            ImapError::TimedOut,
            ImapError::Lost("eof".into()),
            ImapError::Tls("handshake".into()),
            ImapError::Certificate { sha256: "ab".repeat(32), why: "unknown issuer".into() },
            ImapError::NoStartTls,
            ImapError::Injected,
            ImapError::Preauth,
            ImapError::NoLogin,
            ImapError::Login("no".into()),
            ImapError::No("no".into()),
            ImapError::Bad("bad".into()),
            ImapError::Bye("bye".into()),
            ImapError::Protocol("junk".into()),
        ];
        let mut all: Vec<Failure> = errors
            .into_iter()
            .flat_map(|error| {
                [None, provider_of("a@naver.com"), provider_of("a@gmx.de")]
                    .map(|provider| Failure::from_imap(error.clone(), &server, provider))
            })
            .collect();
        let reply = |text: &str| {
            let mut replies = crate::net::smtp::Replies::new();
            replies.take(format!("{text}\r\n").as_bytes()).unwrap().1.unwrap()
        };
        let step = crate::net::smtp::Step::Greeting;
        for error in [
            SmtpError::Name("h".into()),
            SmtpError::Connect("refused".into()),
            SmtpError::Proxy("no".into()),
            SmtpError::TimedOut,
            SmtpError::Lost("eof".into()),
            SmtpError::Tls("handshake".into()),
            SmtpError::Certificate { sha256: "ab".repeat(32), why: "unknown issuer".into() },
            SmtpError::NoStartTls,
            SmtpError::Injected,
            SmtpError::NoLogin,
            SmtpError::BadLogin,
            SmtpError::Login(reply("535 5.7.139 SmtpClientAuthentication is disabled")),
            SmtpError::Login(reply("534 5.7.9 Application-specific password required")),
            SmtpError::Refused { step, reply: reply("554 no") },
            SmtpError::Closing(reply("421 later")),
            SmtpError::Protocol("junk".into()),
            SmtpError::NoUtf8,
        ] {
            for provider in [None, provider_of("a@naver.com")] {
                let failure = Failure::from_smtp(error.clone(), &server, provider);
                assert_eq!(failure.sentences()[0].name, "trouble-sending");
                all.push(failure);
            }
        }
        for trouble in [
            Trouble::NoServer,
            Trouble::NoPassword,
            Trouble::Secrets(SecretsError::NoPlace),
            Trouble::NameTaken,
            Trouble::BadName,
            Trouble::Gone,
            Trouble::StillSending,
            Trouble::StillWriting,
            Trouble::NoAddress("a".into()),
            Trouble::AddressTwice("a@example.org".into()),
            Trouble::Days,
            Trouble::NotProxy,
            Trouble::ProxyPassword,
            Trouble::Store("full".into()),
        ] {
            all.push(Failure::of(trouble));
        }
        for provider in providers() {
            if let Some(needs) = provider.needs {
                let lacking = Failure::of(Trouble::Lacking(needs));
                all.push(Failure { provider: Some(provider), ..lacking });
            }
        }
        all.push(refused("a@example.org", "app password needed, and IMAP is disabled"));
        for failure in all {
            for language in [Language::Korean, Language::English] {
                let text = text(&failure, language);
                assert!(!text.contains("trouble-") && !text.contains("advice-"), "{text}");
                assert!(!text.contains("outbox-"), "{text}");
                assert!(!text.contains('{') && !text.contains('$'), "{failure:?}: {text}");
            }
        }
        let shown = text(
            &Failure::from_imap(
                ImapError::Certificate { sha256: "ab".repeat(32), why: String::new() },
                &server,
                None,
            ),
            Language::English,
        );
        assert!(shown.contains(&"ab".repeat(32)), "{shown}");
    }
}
