//! What is known of mail providers, from `assets/providers.json`: facts only.

use super::server::server;
use crate::model::{Server, Settings, lies_in};
use serde::{Deserialize, Deserializer};
use std::sync::LazyLock;

static PROVIDERS: LazyLock<Vec<Provider>> = LazyLock::new(|| {
    // A test guards that it can be read.
    serde_json::from_str(include_str!("../../../assets/providers.json")).unwrap_or_default()
});

/// A mail provider.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Its short name, for machines.
    pub id: String,
    /// Its name in English.
    pub name: String,
    /// Its name in Korean.
    pub local_name: String,
    /// Domains of its addresses.
    pub domains: Vec<String>,
    /// What the names of the servers that receive for it end with (MX records): how a
    /// company's own domain is known to lie there.
    pub mx: Vec<String>,
    /// Where mail is read.
    #[serde(default, deserialize_with = "written")]
    pub imap: Option<Server>,
    /// Where mail is sent.
    #[serde(default, deserialize_with = "written")]
    pub smtp: Option<Server>,
    /// Where mail is fetched by POP3.
    #[serde(default, deserialize_with = "written")]
    pub pop3: Option<Server>,
    /// The user's name on its servers.
    pub user: UserForm,
    /// When a password made for programs is needed.
    pub app_password: AppPassword,
    /// IMAP is off until the user switches it on in the webmail.
    pub switched_on: bool,
    /// It files a copy of what it sends itself.
    #[serde(default)]
    pub files_sent: bool,
    /// These facts are well known; else they are said to be a guess.
    pub sure: bool,
    /// What Goyo lacks for it.
    #[serde(default)]
    pub needs: Option<Needs>,
}

/// How a provider names its users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UserForm {
    /// By the whole address.
    Address,
    /// By what stands before the @.
    Local,
}

/// When a provider wants a password made for programs instead of the user's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AppPassword {
    /// Always.
    Always,
    /// When the user logs in to the web in two steps.
    TwoStep,
    /// Never: there are none, or the user's own works.
    Never,
}

/// What Goyo lacks for a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Needs {
    /// Signing in on the provider's page (OAuth 2.0).
    SignIn,
    /// POP3: it has no IMAP.
    Pop3,
    /// A program of the provider's that speaks IMAP on this computer.
    Bridge,
    /// The provider's own program: it speaks no mail protocol.
    OwnProgram,
}

fn written<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Server>, D::Error> {
    let text = String::deserialize(from)?;
    server(&text).map(Some).map_err(serde::de::Error::custom)
}

/// The settings for an address, as far as they are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Who provides it; `None`: the settings are a guess from the domain.
    pub provider: Option<&'static Provider>,
    /// They are well known, not a guess.
    pub sure: bool,
    /// Who says so.
    pub source: Source,
    /// What to fill in.
    pub settings: Settings,
}

/// Who says where an address is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The list of providers, by the address's domain.
    List,
    /// The list of providers, by who receives the domain's mail (MX).
    Receivers,
    /// The domain itself (SRV).
    Domain {
        /// It names a server that is not below the domain: the user is shown it before a
        /// password goes there.
        elsewhere: bool,
    },
    /// Nobody: it is what most servers are called.
    Guess,
}

/// All that are known.
pub fn providers() -> &'static [Provider] {
    &PROVIDERS
}

/// The provider of an address, by its domain.
pub fn provider_of(address: &str) -> Option<&'static Provider> {
    let domain = domain(address)?;
    PROVIDERS.iter().find(|provider| provider.domains.contains(&domain))
}

/// The provider of a server: how an account that was set up by hand is known again.
pub fn provider_at(host: &str) -> Option<&'static Provider> {
    let same = |server: &Option<Server>| {
        server.as_ref().is_some_and(|server| server.host.eq_ignore_ascii_case(host))
    };
    PROVIDERS.iter().find(|provider| same(&provider.imap) || same(&provider.smtp))
}

/// The provider that receives a domain's mail, by the names of its servers (MX).
pub fn provider_by_mx(hosts: &[&str]) -> Option<&'static Provider> {
    hosts.iter().find_map(|host| {
        let host = host.trim_end_matches('.');
        let under = |suffix: &String| lies_in(host, suffix);
        // The longest that fits: one provider's servers may lie below another's name.
        PROVIDERS
            .iter()
            .filter_map(|provider| {
                let fits = provider.mx.iter().filter(|suffix| under(suffix));
                Some((fits.map(String::len).max()?, provider))
            })
            .max_by_key(|(length, _)| *length)
            .map(|(_, provider)| provider)
    })
}

/// The settings for an address: the provider's, else what most servers of one's own are
/// called. `None` if it is no address.
pub fn settings_for(address: &str) -> Option<Known> {
    let (local, _) = address.rsplit_once('@')?;
    let domain = domain(address)?;
    if let Some(provider) = provider_of(address) {
        let user = match provider.user {
            UserForm::Address => address,
            UserForm::Local => local,
        };
        return Some(known(provider, user, Source::List));
    }
    let guess = |text: String| server(&text).ok();
    let settings = Settings {
        user: address.to_owned(),
        imap: guess(format!("imap.{domain}:993:tls")),
        smtp: guess(format!("smtp.{domain}:465:tls")),
        ..Settings::default()
    };
    Some(Known { provider: None, sure: false, source: Source::Guess, settings })
}

/// The settings for this user at this provider.
pub(super) fn known(provider: &'static Provider, user: &str, source: Source) -> Known {
    let settings = Settings {
        user: user.to_owned(),
        imap: provider.imap.clone(),
        smtp: provider.smtp.clone(),
        ..Settings::default()
    };
    Known { provider: Some(provider), sure: provider.sure, source, settings }
}

/// The domain of an address, as providers' domains are written.
pub(super) fn domain(address: &str) -> Option<String> {
    let (local, domain) = address.rsplit_once('@')?;
    let sound =
        |text: &str| !text.is_empty() && !text.chars().any(|c| c.is_whitespace() || c.is_control());
    (sound(local) && sound(domain) && !domain.contains(['/', ':', '[']))
        .then(|| domain.trim_end_matches('.').to_lowercase())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::model::Security;
    use std::collections::BTreeSet;

    #[test]
    fn the_file_can_be_read_and_nothing_stands_there_twice() {
        let read: Vec<Provider> =
            serde_json::from_str(include_str!("../../../assets/providers.json")).unwrap();
        let mut ids = BTreeSet::new();
        let mut domains = BTreeSet::new();
        let mut mx = BTreeSet::new();
        for provider in &read {
            assert!(ids.insert(&provider.id), "{}", provider.id);
            assert!(!provider.domains.is_empty() || !provider.mx.is_empty(), "{}", provider.id);
            for domain in &provider.domains {
                assert_eq!(*domain, domain.to_lowercase());
                assert!(domains.insert(domain), "{domain}");
            }
            for suffix in &provider.mx {
                assert!(mx.insert(suffix), "{suffix}");
            }
            // Who has no IMAP says what is lacking, and nobody is reached without protection.
            assert!(provider.imap.is_some() || provider.needs.is_some(), "{}", provider.id);
            for server in [&provider.imap, &provider.smtp, &provider.pop3].into_iter().flatten() {
                assert_ne!(server.security, Security::Plain, "{}", provider.id);
            }
        }
        for wanted in [
            "naver",
            "naver-works",
            "daum",
            "kakao",
            "nate",
            "dooray",
            "hiworks",
            "gabia",
            "gmail",
            "icloud",
            "yahoo",
            "fastmail",
            "zoho",
            "gmx",
            "posteo",
            "mailbox-org",
            "outlook",
            "office365",
        ] {
            assert!(read.iter().any(|provider| provider.id == wanted), "{wanted}");
        }
    }

    #[test]
    fn an_address_brings_its_providers_settings() {
        let naver = settings_for("Minji.Kim@NAVER.com").unwrap();
        assert!(naver.sure);
        assert_eq!(naver.settings.user, "Minji.Kim");
        let imap = naver.settings.imap.unwrap();
        assert_eq!((imap.host.as_str(), imap.port), ("imap.naver.com", 993));
        assert_eq!(imap.security, Security::Tls);

        assert_eq!(provider_of("a@hanmail.net").unwrap().id, "daum");
        let icloud = settings_for("a@me.com").unwrap().settings;
        assert_eq!(icloud.user, "a@me.com");
        assert_eq!(icloud.smtp.unwrap().security, Security::StartTls);
        assert_eq!(provider_of("a@outlook.com").unwrap().needs, Some(Needs::SignIn));

        let own = settings_for("kim@example.org").unwrap();
        assert!(!own.sure && own.provider.is_none());
        assert_eq!(own.settings.imap.unwrap().host, "imap.example.org");
        for nothing in ["kim", "@example.org", "kim@", "kim@a b", "kim@[10.0.0.1]"] {
            assert_eq!(settings_for(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn a_companys_domain_is_known_by_who_receives_for_it() {
        let at = |host: &str| provider_by_mx(&[host]).map(|provider| provider.id.as_str());
        assert_eq!(at("kr1-aspmx1.worksmobile.com."), Some("naver-works"));
        assert_eq!(at("ASPMX.L.GOOGLE.COM"), Some("gmail"));
        assert_eq!(at("example-org.mail.protection.outlook.com"), Some("office365"));
        assert_eq!(at("outlook-com.olc.protection.outlook.com"), Some("outlook"));
        assert_eq!(at("notgoogle.com"), None);
        assert_eq!(at("mx.example.org"), None);
    }
}
