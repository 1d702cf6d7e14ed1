//! Addresses as they are written into a header and onto an envelope. RFC 5321 section
//! 4.1.2, RFC 5322 section 3.4, RFC 5890 (names of domains), RFC 6531 (SMTPUTF8).

use super::ComposeError;
use crate::model::Address;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Octets of a local part and of a whole path (RFC 5321 section 4.5.3.1).
const MAX_LOCAL: usize = 64;
const MAX_PATH: usize = 254;

/// An address that may be written and sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mailbox<'a> {
    pub name: Option<&'a str>,
    /// The local part, quoted where it must be.
    local: String,
    /// The domain in ASCII: punycode where it is written in other scripts.
    pub domain: String,
    /// As it was written.
    written: Option<&'a Address>,
}

impl<'a> Mailbox<'a> {
    /// Takes what is an address; anything that could break a header or an SMTP command
    /// is none.
    pub fn of(address: &'a Address) -> Result<Self, ComposeError> {
        let refused = || ComposeError::Address(printable(&address.addr));
        let written = address.addr.trim();
        let (local, domain) = written.rsplit_once('@').ok_or_else(refused)?;
        let local = local_part(local).ok_or_else(refused)?;
        let domain = domain_name(domain).ok_or_else(refused)?;
        if local.len() > MAX_LOCAL || local.len() + 1 + domain.len() > MAX_PATH {
            return Err(refused());
        }
        let name = address.name.as_deref().filter(|n| !n.trim().is_empty());
        Ok(Self { name, local, domain, written: Some(address) })
    }

    /// Whoever has not said yet who writes.
    pub fn nobody() -> Self {
        Self { name: None, local: "unknown".into(), domain: "invalid".into(), written: None }
    }

    /// The address alone.
    pub fn without_name(&self) -> Self {
        Self { name: None, ..self.clone() }
    }

    /// `local@domain` for header and envelope.
    pub fn path(&self) -> String {
        format!("{}@{}", self.local, self.domain)
    }

    /// Name and address as the draft has them.
    pub fn person(&self) -> Address {
        self.written.cloned().unwrap_or_else(|| Address { name: None, addr: self.path() })
    }

    /// It cannot be written in ASCII: only servers that know SMTPUTF8 take it.
    pub fn needs_utf8(&self) -> bool {
        !self.local.is_ascii()
    }

    /// What two spellings of one mailbox have in common.
    pub fn key(&self) -> String {
        self.path().to_lowercase()
    }
}

/// For an error: without what could harm a terminal.
fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// RFC 5322 `atext`, and RFC 6532's letters of all scripts.
pub(super) fn is_atext(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || "!#$%&'*+-/=?^_`{|}~".contains(c)
        || (!c.is_ascii() && !c.is_control() && !c.is_whitespace() && !is_format(c))
}

/// Characters nobody sees: no part of an address.
fn is_format(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

fn local_part(written: &str) -> Option<String> {
    if let Some(inner) = written.strip_prefix('"') {
        let inner = inner.strip_suffix('"')?;
        return is_quoted_content(inner).then(|| written.to_owned());
    }
    if written.is_empty() || !written.chars().all(|c| c == '.' || is_atext(c)) {
        return None;
    }
    // Some old providers gave out `a..b` and `a.`: these stand in quotes.
    let plain = !written.starts_with('.') && !written.ends_with('.') && !written.contains("..");
    Some(if plain { written.to_owned() } else { format!("\"{written}\"") })
}

/// Printable ASCII between quotes, `"` and `\` behind a backslash.
fn is_quoted_content(inner: &str) -> bool {
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        let fine = match c {
            '\\' => chars.next().is_some_and(|c| c == ' ' || c.is_ascii_graphic()),
            '"' => false,
            c => c == ' ' || c.is_ascii_graphic(),
        };
        if !fine {
            return false;
        }
    }
    true
}

fn domain_name(written: &str) -> Option<String> {
    if let Some(literal) = written.strip_prefix('[') {
        let literal = literal.strip_suffix(']')?;
        let known = match literal.get(..5).filter(|tag| tag.eq_ignore_ascii_case("IPv6:")) {
            Some(_) => literal.get(5..)?.parse::<Ipv6Addr>().is_ok(),
            None => literal.parse::<Ipv4Addr>().is_ok(),
        };
        return known.then(|| written.to_owned());
    }
    let ascii = match written.is_ascii() {
        true => written.to_owned(),
        false => idna::domain_to_ascii(written).ok()?,
    };
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    (ascii.len() <= 253 && ascii.split('.').all(label)).then_some(ascii)
}

/// Whether a text is an address a letter can be sent to.
pub fn is_address(addr: &str) -> bool {
    Mailbox::of(&Address { name: None, addr: addr.to_owned() }).is_ok()
}
