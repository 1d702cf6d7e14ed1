//! What servers say of a letter's sender: Authentication-Results (RFC 8601) and
//! Received-SPF (RFC 7208), read as claims. Anybody can write such a field; one is
//! believed only when the account's own server put it there.

use super::headers;
use crate::mime::Letter;
use serde::Serialize;

/// One method's result, as somebody claims it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Claim {
    /// `spf`, `dkim`, `dmarc`, `arc`, …
    pub method: String,
    /// `pass`, `fail`, `softfail`, `neutral`, `none`, `temperror`, `permerror`, …
    pub result: String,
    /// The domain it speaks of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// The server that says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// Whether that is the account's own server.
    pub trusted: bool,
}

/// How a letter proved whose it is, as far as its header tells.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Auth {
    /// What was claimed, in the header's order.
    pub claims: Vec<Claim>,
    /// In words.
    pub summary: String,
}

/// Most claims that are kept.
const MAX_CLAIMS: usize = 100;

/// Reads a letter's claims. `server` is the authserv-id of the account's own
/// server; without it (imported mail, a file) nothing is believed.
pub fn claims(letter: &Letter<'_>, server: Option<&str>) -> Auth {
    let mut claims = Vec::new();
    for value in headers::values(letter, "authentication-results") {
        results(value, server, &mut claims);
    }
    for value in headers::values(letter, "received-spf") {
        claims.extend(received_spf(value, server));
    }
    claims.truncate(MAX_CLAIMS);
    let summary = summary(&claims);
    Auth { claims, summary }
}

fn summary(claims: &[Claim]) -> String {
    if claims.is_empty() {
        return "Cannot be checked: no server left word of how the sender proved itself.".into();
    }
    let trusted: Vec<String> = claims
        .iter()
        .filter(|claim| claim.trusted)
        .map(|claim| format!("{} {}", claim.method.to_ascii_uppercase(), claim.result))
        .collect();
    if trusted.is_empty() {
        return "Cannot be checked: what the header says of the sender was not written by your \
                own mail server."
            .into();
    }
    format!("Your mail server says: {}.", trusted.join(", "))
}

fn is_own(id: &str, server: Option<&str>) -> bool {
    server.is_some_and(|own| {
        !own.is_empty() && id.trim_end_matches('.').eq_ignore_ascii_case(own.trim_end_matches('.'))
    })
}

/// One Authentication-Results field.
fn results(value: &str, server: Option<&str>, claims: &mut Vec<Claim>) {
    let plain = without_comments(value);
    let mut pieces = plain.split(';').map(str::trim);
    let first = pieces.next().unwrap_or("");
    // Old Exchange and others leave the id out.
    let has_id = !first.split_ascii_whitespace().next().is_some_and(|word| word.contains('='));
    let id = has_id.then(|| first.split_ascii_whitespace().next().unwrap_or("").to_owned());
    let trusted = id.as_deref().is_some_and(|id| is_own(id, server));
    let first_result = (!has_id).then_some(first);
    for piece in first_result.into_iter().chain(pieces) {
        let mut words = piece.split_ascii_whitespace();
        let Some((method, result)) = words.next().and_then(|word| word.split_once('=')) else {
            continue;
        };
        let mut domain = None;
        for (key, property) in words.filter_map(|word| word.split_once('=')) {
            let property = property.trim_matches('"');
            match key {
                "header.d" | "header.from" | "smtp.helo" => {
                    domain = Some(property.to_owned());
                }
                "header.i" | "smtp.mailfrom" | "smtp.from" => {
                    let name = property.rsplit_once('@').map_or(property, |(_, d)| d);
                    domain = domain.or_else(|| Some(name.to_owned()));
                }
                _ => {}
            }
        }
        let method = method.split('/').next().unwrap_or(method).to_ascii_lowercase();
        if claims.len() < MAX_CLAIMS && !method.is_empty() {
            claims.push(Claim {
                method,
                result: result.to_ascii_lowercase(),
                domain: domain.filter(|d| !d.is_empty()),
                server: id.clone(),
                trusted,
            });
        }
    }
}

fn received_spf(value: &str, server: Option<&str>) -> Option<Claim> {
    let plain = without_comments(value);
    let mut words = plain.split(|c: char| c.is_whitespace() || c == ';').filter(|w| !w.is_empty());
    let result = words.next()?.to_ascii_lowercase();
    let mut domain = None;
    let mut id = None;
    for (key, property) in words.filter_map(|word| word.split_once('=')) {
        let property = property.trim_matches(['"', '<', '>']);
        match key.to_ascii_lowercase().as_str() {
            "envelope-from" => {
                domain = property.rsplit_once('@').map(|(_, domain)| domain.to_owned());
            }
            "helo" => domain = domain.or_else(|| Some(property.to_owned())),
            "receiver" => id = Some(property.to_owned()),
            _ => {}
        }
    }
    let trusted = id.as_deref().is_some_and(|id| is_own(id, server));
    Some(Claim { method: "spf".into(), result, domain, server: id, trusted })
}

fn without_comments(value: &str) -> String {
    let mut plain = String::with_capacity(value.len());
    let (mut depth, mut quoted) = (0_usize, false);
    for c in value.chars() {
        match c {
            '"' if depth == 0 => {
                quoted = !quoted;
                plain.push(c);
            }
            '(' if !quoted => depth += 1,
            ')' if !quoted && depth > 0 => {
                depth -= 1;
                plain.push(' ');
            }
            // A semicolon inside quotes ends nothing.
            ';' if quoted => {}
            _ if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    plain
}
