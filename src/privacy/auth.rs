//! What servers say of a letter's sender: Authentication-Results (RFC 8601) and
//! Received-SPF (RFC 7208), read as claims. Anybody can write such a field; one is
//! believed only when the account's own server put it there.

use super::{headers, host};
use crate::mime::{Field, Letter};
use crate::model::Proof;
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
    let named = |name: &'static str| {
        headers::fields(letter).iter().filter(move |f| f.name.trim().eq_ignore_ascii_case(name))
    };
    for field in named("authentication-results") {
        results(&written(field), server, &mut claims);
    }
    for field in named("received-spf") {
        claims.extend(received_spf(&written(field), server));
    }
    claims.truncate(MAX_CLAIMS);
    let summary = summary(&claims);
    Auth { claims, summary }
}

/// A field's value as it was written, unfolded. Its encoded words stay encoded: a
/// server that repeats a sender's words in it does not say what is in them.
fn written(field: &Field<'_>) -> String {
    String::from_utf8_lossy(field.raw).replace(['\r', '\n'], "").trim().to_owned()
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

/// One method's result with all that is said of it.
struct Outcome {
    method: String,
    result: String,
    /// `header.d`, `smtp.mailfrom`, … in lower case, with their values, in order.
    properties: Vec<(String, String)>,
}

impl Outcome {
    /// A property's value; none when two that differ are given.
    fn property(&self, name: &str) -> Option<&str> {
        let mut values = self.properties.iter().filter(|(n, _)| n == name).map(|(_, v)| v);
        let first = values.next()?;
        values.all(|other| other == first).then_some(first.as_str())
    }

    /// The domain of an address, or a domain as it is.
    fn domain(&self, name: &str) -> Option<&str> {
        let value = self.property(name)?;
        Some(value.rsplit_once('@').map_or(value, |(_, domain)| domain)).filter(|d| !d.is_empty())
    }

    /// The domain it speaks of.
    fn subject(&self) -> Option<&str> {
        ["header.d", "header.from", "header.i", "smtp.mailfrom", "smtp.from", "smtp.helo"]
            .into_iter()
            .find_map(|name| self.domain(name))
    }
}

/// The server that wrote an Authentication-Results field, and what it says.
fn outcomes(value: &str) -> (Option<String>, Vec<Outcome>) {
    let plain = without_comments(value);
    let mut pieces = split(&plain, |c| c == ';').into_iter();
    let words = |piece: &str| -> Vec<String> {
        let words = split(piece, char::is_whitespace).into_iter();
        words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    let first = pieces.next().unwrap_or("");
    // Old Exchange and others leave the id out.
    let id = words(first).into_iter().next().filter(|word| !word.contains('='));
    let first = id.is_none().then_some(first);
    let mut outcomes = Vec::new();
    for piece in first.into_iter().chain(pieces).take(MAX_CLAIMS) {
        let mut words = words(piece).into_iter();
        let said = words.next();
        let Some((method, result)) = said.as_deref().and_then(|word| word.split_once('=')) else {
            continue;
        };
        let method = method.split('/').next().unwrap_or(method).to_ascii_lowercase();
        if method.is_empty() {
            continue;
        }
        let properties = words
            .filter_map(|word| {
                let (name, value) = word.split_once('=')?;
                // Only a value that is quoted as a whole is what is in the quotes.
                let inside = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
                Some((name.to_ascii_lowercase(), inside.unwrap_or(value).to_owned()))
            })
            .collect();
        outcomes.push(Outcome { method, result: result.to_ascii_lowercase(), properties });
    }
    (id.map(|id| id.trim_matches('"').to_owned()), outcomes)
}

/// Splits outside quotes (RFC 5322 quoted strings).
fn split(text: &str, between: impl Fn(char) -> bool) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut quoted, mut escaped, mut start) = (false, false, 0);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            c if !quoted && between(c) => {
                pieces.push(text.get(start..at).unwrap_or_default());
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    pieces.push(text.get(start..).unwrap_or_default());
    pieces
}

/// One Authentication-Results field.
fn results(value: &str, server: Option<&str>, claims: &mut Vec<Claim>) {
    let (id, outcomes) = outcomes(value);
    let trusted = id.as_deref().is_some_and(|id| is_own(id, server));
    for outcome in outcomes {
        if claims.len() < MAX_CLAIMS {
            claims.push(Claim {
                domain: outcome.subject().map(str::to_owned),
                method: outcome.method,
                result: outcome.result,
                server: id.clone(),
                trusted,
            });
        }
    }
}

/// How a letter proved to the account's own server that it is of the domain in its
/// From. `server` is that server's authserv-id; without it (imported mail, a file)
/// nothing is proof.
///
/// DMARC (RFC 7489) says it outright; without it an aligned DKIM signature or an
/// aligned SPF does, "aligned" meaning the same registered domain. Only the topmost
/// field in the server's name is believed: what a sender wrote stands below what the
/// server added, and not every server takes it out (RFC 8601 section 5).
pub fn proof(letter: &Letter<'_>, server: Option<&str>) -> Proof {
    proven(letter, server).map_or(Proof::None, |domain| Proof::ServerClaim { domain })
}

fn proven(letter: &Letter<'_>, server: Option<&str>) -> Option<String> {
    let [from] = letter.envelope.from.as_slice() else { return None };
    // Two From fields: it is anybody's guess which one the server looked at.
    if headers::values(letter, "from").count() != 1 {
        return None;
    }
    let (_, from) = from.addr.rsplit_once('@')?;
    let registered = host::registered(from)?;
    let mut said = headers::fields(letter)
        .iter()
        .filter(|field| field.name.trim().eq_ignore_ascii_case("authentication-results"))
        .map(|field| outcomes(&written(field)))
        .filter(|(id, _)| id.as_deref().is_some_and(|id| is_own(id, server)));
    let (_, believed) = said.next()?;
    let aligned = |domain: Option<&str>| {
        domain.and_then(host::registered).is_some_and(|domain| domain == registered)
    };
    let of = |method: &'static str| believed.iter().filter(move |o| o.method == method);
    // A verdict on the From itself outweighs what it was drawn from.
    if let Some(dmarc) = of("dmarc").next() {
        match dmarc.result.as_str() {
            // Some leave out whose From they looked at; there is but one.
            "pass" => {
                let named = dmarc.properties.iter().any(|(name, _)| name == "header.from");
                return (!named || aligned(dmarc.domain("header.from"))).then_some(registered);
            }
            "none" | "bestguesspass" => {}
            _ => return None,
        }
    }
    let signed = of("dkim").any(|dkim| {
        let domain = dkim.domain("header.d").or_else(|| dkim.domain("header.i"));
        dkim.result == "pass" && aligned(domain)
    });
    let sent = of("spf").any(|spf| {
        let domain = spf.domain("smtp.mailfrom").or_else(|| spf.domain("smtp.from"));
        spf.result == "pass" && aligned(domain)
    });
    (signed || sent).then_some(registered)
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
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for c in value.chars() {
        // `\"` ends no string, `\)` no comment.
        let literal = escaped;
        escaped = c == '\\' && !literal && (quoted || depth > 0);
        match c {
            _ if literal && depth == 0 => plain.push(c),
            _ if literal => {}
            '"' if depth == 0 => {
                quoted = !quoted;
                plain.push(c);
            }
            '(' if !quoted => depth += 1,
            ')' if !quoted && depth > 0 => {
                depth -= 1;
                plain.push(' ');
            }
            _ if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    plain
}
