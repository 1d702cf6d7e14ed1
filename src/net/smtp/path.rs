//! Addresses as they stand in an envelope (RFC 5321, 4.1.2; RFC 6531), and what is told of
//! them to who writes reports (RFC 3461, 6533). Whatever could end a command is no address.

use super::error::SmtpError;
use lettre::Address;
use std::fmt::Write as _;

/// Bytes of an address at most: 64 before the @, 255 behind it.
const MAX_LOCAL: usize = 64;
const MAX_DOMAIN: usize = 255;
/// Characters of an envelope's name at most (RFC 3461, 4.4).
const MAX_ID: usize = 100;

/// An address that may stand in a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path {
    local: String,
    /// In ASCII.
    domain: String,
}

impl Path {
    /// # Errors
    /// [`SmtpError::Address`] for what is none.
    pub(super) fn of(written: &str) -> Result<Self, SmtpError> {
        let shown = || written.chars().filter(|c| !c.is_control()).take(200).collect();
        Self::read(written).ok_or_else(|| SmtpError::Address(shown()))
    }

    fn read(written: &str) -> Option<Self> {
        let (local, domain) = written.rsplit_once('@')?;
        let good = match local.strip_prefix('"') {
            Some(inner) => is_quoted(inner.strip_suffix('"')?),
            None => !local.is_empty() && local.chars().all(stands_bare),
        };
        let domain = match domain.starts_with('[') {
            true => literal(domain)?,
            false => name(domain)?,
        };
        (good && local.len() <= MAX_LOCAL).then(|| Self { local: local.to_owned(), domain })
    }

    /// Only a server with SMTPUTF8 takes it.
    pub(super) fn needs_utf8(&self) -> bool {
        !self.local.is_ascii()
    }

    /// `local@domain`.
    pub(super) fn text(&self) -> String {
        format!("{}@{}", self.local, self.domain)
    }

    /// For a command. It was looked at more closely here than is done there.
    pub(super) fn address(&self) -> Address {
        Address::new_dangerous(&self.local, &self.domain)
    }

    /// As the one who writes reports gets it (ORCPT), before xtext.
    pub(super) fn original(&self) -> String {
        let text = self.text();
        match self.needs_utf8() {
            false => format!("rfc822;{text}"),
            true => {
                let mut out = String::from("utf-8;");
                for c in text.chars() {
                    match c {
                        '!'..='~' if !matches!(c, '\\' | '+' | '=') => out.push(c),
                        c => drop(write!(out, "\\x{{{:02X}}}", u32::from(c))),
                    }
                }
                out
            }
        }
    }
}

/// What stands in a local part without quotes. Dots at odd places are the server's affair.
fn stands_bare(c: char) -> bool {
    !c.is_control()
        && !c.is_whitespace()
        && !matches!(c, '(' | ')' | '<' | '>' | '[' | ']' | ':' | ';' | '@' | '\\' | ',' | '"')
}

fn is_quoted(inner: &str) -> bool {
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        let c = if c == '\\' { chars.next() } else { Some(c).filter(|c| *c != '"') };
        if !c.is_some_and(|c| !c.is_control() && (c == ' ' || !c.is_whitespace())) {
            return false;
        }
    }
    true
}

fn literal(domain: &str) -> Option<String> {
    let inner = domain.strip_prefix('[')?.strip_suffix(']')?;
    let good = !inner.is_empty()
        && inner.len() <= MAX_DOMAIN
        && inner.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b':' | b'-'));
    good.then(|| domain.to_owned())
}

fn name(domain: &str) -> Option<String> {
    let ascii = match domain.is_ascii() {
        true => domain.to_owned(),
        false => idna::domain_to_ascii(domain).ok()?,
    };
    let good = !ascii.is_empty()
        && ascii.len() <= MAX_DOMAIN
        && ascii.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
    good.then_some(ascii)
}

/// Whether an envelope can be called this.
pub(super) fn is_envelope_id(id: &str) -> bool {
    (1..=MAX_ID).contains(&id.len()) && id.bytes().all(|b| (b' '..=b'~').contains(&b))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn addresses_stand_in_commands() {
        for (written, text) in [
            ("kim@example.org", "kim@example.org"),
            ("a..b.@docomo.example", "a..b.@docomo.example"),
            ("\"a b\\\"@c\"@example.org", "\"a b\\\"@c\"@example.org"),
            ("kim@[127.0.0.1]", "kim@[127.0.0.1]"),
            ("kim@[IPv6:::1]", "kim@[IPv6:::1]"),
            ("kim@예시.한국", "kim@xn--vv4b11d.xn--3e0b707e"),
            ("김@example.org", "김@example.org"),
        ] {
            assert_eq!(Path::of(written).unwrap().text(), text);
        }
    }

    #[test]
    fn what_could_end_a_command_is_no_address() {
        for written in [
            "",
            "kim",
            "@example.org",
            "kim@",
            "a@b\r\nRCPT TO:<c@d",
            "a\nb@c",
            "a b@c",
            "a>b@c",
            "<a@b>",
            "a@b>",
            "a@b c",
            "a@b> NOTIFY=NEVER",
            "\"a\"b\"@c",
            "\"a\\\"@c",
            "\"a\nb\"@c",
            "a@[1.2.3.4",
            "a@[1.2.3.4]>",
            "a\u{85}b@c",
            "a\u{2028}b@c",
            "a\0@b",
        ] {
            assert!(matches!(Path::of(written), Err(SmtpError::Address(_))), "{written:?}");
        }
        assert!(Path::of(&format!("{}@b", "a".repeat(65))).is_err());
        assert!(Path::of(&format!("a@{}", "b".repeat(256))).is_err());
    }

    #[test]
    fn reports_are_told_of_addresses_in_ascii() {
        let original = |written| Path::of(written).unwrap().original();
        assert_eq!(original("a+b=c@example.org"), "rfc822;a+b=c@example.org");
        assert_eq!(original("김+x@example.org"), "utf-8;\\x{AE40}\\x{2B}x@example.org");
        assert!(is_envelope_id("1f=a") && is_envelope_id(&"a".repeat(100)));
        assert!(!is_envelope_id("") && !is_envelope_id("a\r\nb") && !is_envelope_id("é"));
        assert!(!is_envelope_id(&"a".repeat(101)));
    }
}
