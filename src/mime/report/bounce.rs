//! Bounces that follow no standard: qmail, Exim, Sendmail, old Exchange, and the notes of
//! webmail services, Korean ones included. What they have in common is used: they come
//! from nobody (an empty sender, mailer-daemon), say that something failed, name an
//! address, and put the words of a server near it.

use super::{Form, MAX_RECIPIENTS, Outcome, Report, State, fields, reason};
use crate::mime::Letter;
use std::collections::HashSet;

/// Characters of prose that are read.
const MAX_PROSE: usize = 64 * 1024;
/// Lines below an address that may still speak of it.
const MAX_LINES: usize = 12;

pub(super) fn read(letter: &Letter<'_>) -> Option<Report> {
    let failed_field = letter.field("x-failed-recipients").map(|field| &*field.value);
    if failed_field.is_none() && !is_by_a_server(letter) {
        return None;
    }
    let text = letter.text();
    let text = text.get(..text.floor_char_boundary(MAX_PROSE))?;
    let subject = letter.envelope.subject.to_lowercase();
    let (prose, returned) = parted(text);
    let lower = prose.to_lowercase();
    let fails = FAILURES.iter().any(|words| lower.contains(words) || subject.contains(words));
    let waits = DELAYS.iter().any(|words| lower.contains(words) || subject.contains(words));
    if !fails && !waits && failed_field.is_none() {
        return None;
    }
    let state = if waits { State::Delayed } else { State::Failed };
    let mut outcomes = mentioned(letter, prose, state);
    for address in failed_field.into_iter().flat_map(|list| list.split(',')) {
        let address = address.trim();
        let known = outcomes.iter().any(|o| o.recipient.eq_ignore_ascii_case(address));
        if !known && is_like_an_address(address) && outcomes.len() < MAX_RECIPIENTS {
            outcomes.push(outcome(address, state, "", prose));
        }
    }
    // What the server itself names beats what only stands in the text.
    if let Some(list) = failed_field.filter(|list| list.contains('@')) {
        let named: HashSet<String> =
            list.split(',').map(|address| address.trim().to_lowercase()).collect();
        outcomes.retain(|outcome| named.contains(&outcome.recipient.to_lowercase()));
    }
    let message_id = returned.and_then(fields::message_id).or_else(|| fields::message_id(prose));
    Some(Report { form: Form::Prose, message_id, envelope_id: None, outcomes })
}

/// Whether nobody wrote it: an empty return path, or one of the names servers use.
fn is_by_a_server(letter: &Letter<'_>) -> bool {
    let empty = letter.field("return-path").is_some_and(|field| {
        let value = field.value.trim();
        value == "<>" || value.is_empty()
    });
    let name = letter.envelope.from.first().is_some_and(|from| {
        let local = from.addr.split('@').next().unwrap_or("").to_ascii_lowercase();
        const NAMES: [&str; 8] = [
            "mailer-daemon",
            "postmaster",
            "maildaemon",
            "mail-daemon",
            "mailer_daemon",
            "mail_delivery",
            "bounce",
            "microsoftexchange",
        ];
        NAMES.iter().any(|known| local.starts_with(known))
    });
    empty || name
}

const FAILURES: [&str; 37] = [
    "could not be delivered",
    "couldn't be delivered",
    "wasn't delivered",
    "was not delivered",
    "not be delivered",
    "delivery failed",
    "delivery failure",
    "delivery has failed",
    "failed to deliver",
    "failure notice",
    "undeliverable",
    "undelivered mail",
    "returned mail",
    "returning message to sender",
    "permanent error",
    "permanent fatal error",
    "did not reach",
    "couldn't deliver",
    "unable to deliver",
    "wasn't able to deliver",
    "address not found",
    "message not delivered",
    "message blocked",
    "발송 실패",
    "발송에 실패",
    "발송이 실패",
    "전송 실패",
    "전송에 실패",
    "전송되지 못",
    "전송하지 못",
    "배달되지",
    "배달 실패",
    "배달하지 못",
    "전달되지 못",
    "전달하지 못",
    "반송",
    "보내지 못",
];

const DELAYS: [&str; 9] = [
    "delivery temporarily suspended",
    "has been delayed",
    "delivery delayed",
    "warning message only",
    "will be retried",
    "will keep trying",
    "전송 지연",
    "전송이 지연",
    "배달이 지연",
];

/// The words of the report, and the letter it brings back below them.
fn parted(text: &str) -> (&str, Option<&str>) {
    const MARKS: [&str; 17] = [
        "--- below this line is a copy",
        "--- this is a copy of the message",
        "--- this is a copy of your message",
        "----- original message -----",
        "-----original message-----",
        "----- message header follows",
        "----- message headers follow",
        "---- original message ----",
        "--- the header of the original message",
        "original message headers:",
        "original message header:",
        "received: from ",
        "message headers:",
        "원본 메일",
        "원본 메시지",
        "보내신 메일 내용",
        "original message follows",
    ];
    // ASCII only: the offsets stay those of the text.
    let lower = text.to_ascii_lowercase();
    let cut = MARKS.iter().filter_map(|mark| lower.find(mark)).min();
    match cut {
        Some(at) if at > 0 => text.split_at_checked(at).map_or((text, None), |(a, b)| (a, Some(b))),
        _ => (text, None),
    }
}

/// Every address in the prose that is no party of the report itself, with what is said
/// near it.
fn mentioned(letter: &Letter<'_>, prose: &str, state: State) -> Vec<Outcome> {
    let envelope = &letter.envelope;
    let parties = envelope.from.iter().chain(&envelope.to).chain(&envelope.cc);
    let mut seen: HashSet<String> = parties.map(|a| a.addr.to_lowercase()).collect();
    let lines: Vec<&str> = prose.lines().collect();
    let mut found: Vec<(usize, String)> = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        // Whom to ask for help is no recipient.
        let asks = ["contact", "send mail to", "문의", "report this", "message-id"];
        let lower = line.to_lowercase();
        if asks.iter().any(|word| lower.contains(word)) {
            continue;
        }
        for address in addresses(line) {
            let is_new = seen.insert(address.to_lowercase());
            let local = address.split('@').next().unwrap_or("").to_ascii_lowercase();
            if is_new && !matches!(local.as_str(), "postmaster" | "mailer-daemon" | "abuse") {
                found.push((number, address.to_owned()));
                if found.len() >= MAX_RECIPIENTS {
                    break;
                }
            }
        }
        if found.len() >= MAX_RECIPIENTS {
            break;
        }
    }
    let mut outcomes = Vec::with_capacity(found.len());
    for (at, (number, address)) in found.iter().enumerate() {
        let next = found.get(at + 1).map_or(lines.len(), |(next, _)| *next);
        let end = next.max(number + 1).min(number + MAX_LINES).min(lines.len());
        let near = lines.get(*number..end).unwrap_or(&[]).join(" ");
        outcomes.push(outcome(address, state, &near, prose));
    }
    outcomes
}

fn outcome(address: &str, state: State, near: &str, prose: &str) -> Outcome {
    let said = fields::words(near);
    // Where nothing is said beside the address, the report as a whole speaks of it.
    let reason = match reason::of(None, &said) {
        reason::Reason::Other => reason::of(None, prose),
        reason => reason,
    };
    Outcome {
        recipient: address.to_owned(),
        ended_at: None,
        state,
        reason: Some(reason),
        status: reason::enhanced_in(&said).filter(|status| !status.starts_with('2')),
        said,
    }
}

/// What looks like an address in a line.
fn addresses(line: &str) -> impl Iterator<Item = &str> {
    let part = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    line.split(move |c: char| !(part(c) || c == '@'))
        .map(tight)
        .filter(|word| is_like_an_address(word))
}

/// Without what is written at it: Korean particles follow an address at once.
fn tight(word: &str) -> &str {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let Some((local, domain)) = word.split_once('@') else { return word };
    let last = domain.rfind('.').map_or(0, |dot| dot + 1);
    let ending = domain.get(last..).unwrap_or("");
    let end = match ending.chars().next() {
        Some(c) if c.is_ascii() => ending.find(|c: char| !c.is_ascii()).unwrap_or(ending.len()),
        _ => ending.len(),
    };
    let start = match local.chars().next_back() {
        Some(c) if c.is_ascii() => local
            .char_indices()
            .rfind(|(_, c)| !c.is_ascii())
            .map_or(0, |(at, c)| at + c.len_utf8()),
        _ => 0,
    };
    word.get(start..local.len() + 1 + last + end).unwrap_or(word)
}

fn is_like_an_address(word: &str) -> bool {
    word.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && word.len() <= 320
            && !domain.contains('@')
            && domain.contains('.')
            && !domain.starts_with('.')
            && domain.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.'))
    })
}
