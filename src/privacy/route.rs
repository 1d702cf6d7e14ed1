//! The way a letter came: its Received fields (RFC 5321 section 4.4) as hops,
//! oldest first, in the spellings of twenty years of servers. What a server wrote
//! is what it says, not what is so: everything below the reader's own servers may
//! be invented.

use super::headers;
use crate::mime::{Letter, date};
use jiff::Timestamp;
use serde::{Serialize, Serializer};

/// One server that passed the letter on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Hop {
    /// The machine it came from, as that machine called itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The address it came from, as the receiving server saw it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    /// What the address resolved to, as the receiving server saw it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reverse: Option<String>,
    /// The machine that took it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The protocol: `ESMTPS`, `HTTP`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    /// Whom it was for.
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
    /// When, in seconds since 1970 UTC.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_timestamp")]
    pub at: Option<i64>,
    /// Seconds since the hop before it; negative when clocks disagree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_s: Option<i64>,
    /// Whether this step was encrypted; absent when that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<bool>,
}

fn as_timestamp<S: Serializer>(at: &Option<i64>, serializer: S) -> Result<S::Ok, S::Error> {
    match at.and_then(|seconds| Timestamp::from_second(seconds).ok()) {
        Some(at) => serializer.serialize_str(&at.to_string()),
        None => serializer.serialize_none(),
    }
}

/// Most Received fields that are looked at.
const MAX_HOPS: usize = 200;

/// The hops of a letter, oldest first.
pub fn hops(letter: &Letter<'_>) -> Vec<Hop> {
    let mut hops: Vec<Hop> =
        headers::values(letter, "received").take(MAX_HOPS).map(parse).collect();
    hops.reverse();
    let mut before: Option<i64> = None;
    for hop in &mut hops {
        hop.delay_s = hop.at.zip(before).map(|(at, before)| at.saturating_sub(before));
        before = hop.at.or(before);
    }
    hops
}

/// Reads one Received field.
pub fn parse(value: &str) -> Hop {
    let mut hop = Hop::default();
    let value = value.get(..value.floor_char_boundary(4000)).unwrap_or("");
    let (trace, date) = split_date(value);
    hop.at = date.and_then(|date| date::parse(date.as_bytes()));

    let mut clause = "";
    // Comments after a clause tell more of it; those after `from` hold the address.
    for token in Tokens(trace) {
        match token {
            Token::Comment(text) => comment(clause, text, &mut hop),
            Token::Word(word) => {
                let lower = word.to_ascii_lowercase();
                match (clause, lower.as_str()) {
                    (_, "from") if hop.from.is_none() && hop.by.is_none() => clause = "from",
                    (_, "by") if hop.by.is_none() => clause = "by",
                    (_, "with") if hop.with.is_none() => clause = "with",
                    (_, "for") => clause = "for",
                    (_, "id") => clause = "id",
                    (_, "via") => clause = "via",
                    ("from", _) if hop.from.is_none() => {
                        hop.from = Some(machine(word));
                        note_address(word, &mut hop);
                    }
                    // `from host [1.2.3.4] by …`, without the brackets around it.
                    ("from", _) => {
                        note_address(word, &mut hop);
                    }
                    ("by", _) if hop.by.is_none() => hop.by = Some(machine(word)),
                    ("with", _) if hop.with.is_none() => {
                        hop.with = Some(word.trim_end_matches(';').to_owned());
                    }
                    // `with Microsoft SMTP Server …`: its name is two or three words.
                    ("with", "smtp" | "smtpsvc" | "server" | "exchange" | "mapi") => {
                        if let Some(with) = &mut hop.with
                            && with.len() < 60
                        {
                            with.push(' ');
                            with.push_str(word);
                        }
                    }
                    ("for", _) if hop.recipient.is_none() => {
                        let address = word.trim_matches(['<', '>', ';', ',']);
                        hop.recipient = address.contains('@').then(|| address.to_owned());
                    }
                    _ => {}
                }
            }
        }
    }
    hop.tls = encrypted(trace, hop.with.as_deref());
    hop
}

/// A machine's name without brackets and marks.
fn machine(word: &str) -> String {
    word.trim_matches(['[', ']', ';', ',', '(', ')', '<', '>']).to_owned()
}

/// A comment: addresses, names and TLS details in many spellings.
fn comment(clause: &str, text: &str, hop: &mut Hop) {
    if clause != "from" {
        return;
    }
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | ';')) {
        let word = word.rsplit_once('@').map_or(word, |(_, host)| host);
        if let Some(name) = word.strip_prefix("HELO=").or_else(|| word.strip_prefix("helo=")) {
            hop.from = Some(machine(name));
        } else if note_address(word, hop) {
        } else if hop.reverse.is_none()
            && word.contains('.')
            && !word.contains(['=', '[', ']', '/', ':'])
            && word.chars().any(char::is_alphabetic)
            && !word.to_ascii_lowercase().starts_with("tls")
        {
            hop.reverse = Some(word.to_owned());
        }
    }
}

/// Notes an IP address, if that is what the word is.
fn note_address(word: &str, hop: &mut Hop) -> bool {
    let word = word.trim_matches(['[', ']', '(', ')', ';', ',']);
    let word = word.rsplit_once('[').map_or(word, |(_, inside)| inside);
    let word = word.strip_prefix("IPv6:").or_else(|| word.strip_prefix("ipv6:")).unwrap_or(word);
    let word = word.split_once(']').map_or(word, |(inside, _)| inside);
    let without_port =
        word.rsplit_once(':').filter(|_| word.contains('.')).map_or(word, |(a, _)| a);
    let Ok(ip) = without_port.parse::<std::net::IpAddr>() else {
        return false;
    };
    if hop.ip.is_none() {
        hop.ip = Some(ip.to_string());
    }
    true
}

/// What is known of the encryption of a step.
fn encrypted(trace: &str, with: Option<&str>) -> Option<bool> {
    let lower = trace.to_ascii_lowercase();
    let says_tls =
        ["tls1", "tlsv1", "using tls", "version=tls", "sslv3", "ssl3", "(tls", "cipher="]
            .iter()
            .any(|word| lower.contains(word));
    if says_tls && !lower.contains("version=none") {
        return Some(true);
    }
    let protocol = with?.split_ascii_whitespace().next()?.to_ascii_uppercase();
    // RFC 3848, 6531: a final S, or SA, says STARTTLS.
    match protocol.as_str() {
        "ESMTPS" | "ESMTPSA" | "LMTPS" | "LMTPSA" | "UTF8SMTPS" | "UTF8SMTPSA" | "UTF8LMTPS"
        | "SMTPS" | "HTTPS" | "ASMTPS" => Some(true),
        "SMTP" | "ESMTP" | "ESMTPA" | "LMTP" | "LMTPA" | "UTF8SMTP" | "UTF8SMTPA" | "ASMTP" => {
            Some(false)
        }
        _ => None,
    }
}

/// The date stands after the last semicolon; some servers forget the semicolon.
fn split_date(value: &str) -> (&str, Option<&str>) {
    if let Some((trace, date)) = value.rsplit_once(';')
        && !date.trim().is_empty()
    {
        return (trace, Some(date));
    }
    const DAYS: [&str; 7] = ["Mon, ", "Tue, ", "Wed, ", "Thu, ", "Fri, ", "Sat, ", "Sun, "];
    DAYS.iter()
        .filter_map(|day| value.rfind(day))
        .max()
        .and_then(|at| value.split_at_checked(at))
        .map_or((value, None), |(trace, date)| (trace, Some(date)))
}

enum Token<'a> {
    Word(&'a str),
    Comment(&'a str),
}

/// Words and comments, nested parentheses kept together.
struct Tokens<'a>(&'a str);

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let text = self.0.trim_start();
        if text.is_empty() {
            self.0 = text;
            return None;
        }
        if text.starts_with('(') {
            let mut depth = 0_usize;
            let end = text
                .char_indices()
                .find_map(|(at, c)| {
                    match c {
                        '(' => depth += 1,
                        ')' => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                    (depth == 0).then_some(at)
                })
                .unwrap_or(text.len());
            let inside = text.get(1..end).unwrap_or("");
            self.0 = text.get(end + 1..).unwrap_or("");
            return Some(Token::Comment(inside));
        }
        let end = text.find(|c: char| c.is_whitespace() || c == '(').unwrap_or(text.len());
        let (word, rest) = text.split_at_checked(end)?;
        self.0 = rest;
        Some(Token::Word(word))
    }
}
