//! What is odd about a letter's header, said without accusing anybody.

use super::headers;
use super::host;
use super::route::Hop;
use crate::mime::Letter;
use crate::model::Address;
use serde::Serialize;

/// Something odd.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// Stable, short, machine-readable.
    pub kind: &'static str,
    /// One English sentence.
    pub text: String,
}

/// What is known from outside the letter.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'k> {
    /// The reader's own addresses; empty when not known.
    pub own: &'k [String],
    /// A different letter in the store has the same Message-ID.
    pub used_elsewhere: bool,
    /// Now, in seconds since 1970 UTC; absent when not known.
    pub now: Option<i64>,
}

/// Fields that may stand in a header once at most (RFC 5322 section 3.6).
const ONCE: [&str; 11] = [
    "date",
    "from",
    "sender",
    "reply-to",
    "to",
    "cc",
    "bcc",
    "message-id",
    "in-reply-to",
    "references",
    "subject",
];

/// Seconds a date may lie ahead of the letter's arrival before it is odd.
const AHEAD: i64 = 24 * 3600;

/// Everything odd, in the order in which it should be read.
pub fn find(letter: &Letter<'_>, hops: &[Hop], known: Known<'_>) -> Vec<Warning> {
    let mut found = Vec::new();
    let mut say = |kind: &'static str, text: String| found.push(Warning { kind, text });
    // A list hands letters on: that it stands on the envelope is no oddity.
    let by_list = is_of_a_list(letter);
    senders(letter, by_list, &mut say);
    display_names(letter, &mut say);
    message_id(letter, hops, known, &mut say);
    date(letter, hops, known, &mut say);
    chain(hops, &mut say);
    recipients(letter, by_list, known, &mut say);
    duplicates(letter, &mut say);
    found
}

/// Whether the letter says that it came through a mailing list.
fn is_of_a_list(letter: &Letter<'_>) -> bool {
    let has = |name| headers::value(letter, name).is_some_and(|value| !value.is_empty());
    letter.envelope.list_id.is_some()
        || has("list-post")
        || has("mailing-list")
        || headers::value(letter, "precedence")
            .is_some_and(|value| value.eq_ignore_ascii_case("list"))
}

/// The domain of the sender on the envelope.
fn return_path(letter: &Letter<'_>) -> Option<String> {
    headers::addresses(letter, "return-path").next()?.domain().map(str::to_owned)
}

fn senders(letter: &Letter<'_>, by_list: bool, say: &mut impl FnMut(&'static str, String)) {
    let envelope = &letter.envelope;
    let Some(from) = envelope.from.first() else {
        say("no-from", "It names no author.".into());
        return;
    };
    if envelope.from.len() > 1 {
        say("several-authors", format!("It names {} authors.", envelope.from.len()));
    }
    let Some(from_domain) = from.domain() else {
        say("from-malformed", format!("Its author, {}, is no address.", from.addr));
        return;
    };
    let bounce = return_path(letter);
    if let Some(bounce) = bounce.as_deref().filter(|_| !by_list)
        && !host::same_party(bounce, from_domain)
    {
        say(
            "return-path-differs",
            format!("Its author is at {from_domain}, but failures go to {bounce}."),
        );
    }
    if let Some(sender) = envelope.sender.as_ref().filter(|_| !by_list)
        && !sender.addr.eq_ignore_ascii_case(&from.addr)
    {
        say(
            "sender-differs",
            format!("It was handed in by {}, not by {}.", sender.addr, from.addr),
        );
    }
    let is_elsewhere = |domain: &str| {
        // Answers to a list letter go to the list.
        let of_the_list = by_list && bounce.as_deref().is_some_and(|b| host::same_party(b, domain));
        !of_the_list && !host::same_party(domain, from_domain)
    };
    let elsewhere = envelope.reply_to.iter().find(|a| a.domain().is_some_and(is_elsewhere));
    if let Some(reply) = elsewhere {
        say("reply-to-elsewhere", format!("Answers go to {}, not to {}.", reply.addr, from.addr));
    }
    let answered = if envelope.reply_to.is_empty() { &envelope.from } else { &envelope.reply_to };
    if let Some(address) = answered.iter().find(|a| is_noreply(&a.addr)) {
        say("noreply", format!("Answers to {} will probably not be read.", address.addr));
    }
}

/// Whether an address says itself that nobody reads it.
pub(super) fn is_noreply(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or("").to_ascii_lowercase();
    let packed: String = local.chars().filter(char::is_ascii_alphanumeric).collect();
    ["noreply", "donotreply", "dontreply", "nepasrepondre", "nichtantworten", "norespond"]
        .iter()
        .any(|word| packed.contains(word))
}

fn display_names(letter: &Letter<'_>, say: &mut impl FnMut(&'static str, String)) {
    let envelope = &letter.envelope;
    let everybody = envelope.from.iter().chain(&envelope.sender).chain(&envelope.reply_to);
    for Address { name, addr } in everybody {
        let Some(claimed) = name.as_deref().and_then(address_in_name) else {
            continue;
        };
        if !claimed.eq_ignore_ascii_case(addr) {
            say(
                "name-is-an-address",
                format!("The name shows {claimed}, but the address is {addr}."),
            );
            return;
        }
    }
}

/// An address inside a display name.
fn address_in_name(name: &str) -> Option<&str> {
    name.split(|c: char| {
        c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '"' | '\'' | ',' | '[' | ']' | ':')
    })
    .find(|word| {
        word.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && domain.contains('.') && host::registered(domain).is_some()
        })
    })
}

fn message_id(
    letter: &Letter<'_>,
    hops: &[Hop],
    known: Known<'_>,
    say: &mut impl FnMut(&'static str, String),
) {
    let Some(written) = headers::value(letter, "message-id").filter(|v| !v.is_empty()) else {
        say("message-id-missing", "It has no Message-ID.".into());
        return;
    };
    if known.used_elsewhere {
        say("message-id-reused", "A different letter has the same Message-ID.".into());
    }
    let inside = written.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    let parts = inside.and_then(|id| id.rsplit_once('@')).filter(|(left, right)| {
        !left.is_empty()
            && !right.is_empty()
            && !written.contains(char::is_whitespace)
            && !left.contains(['<', '>'])
    });
    let Some((_, right)) = parts else {
        say(
            "message-id-malformed",
            format!("Its Message-ID, {written}, is not formed as it should be."),
        );
        return;
    };
    // Mail services put their own names there; what is odd is a registered domain
    // that neither the author, the envelope nor any server on the way knows.
    let right = right.trim_matches(['[', ']']);
    let Some(_) = host::registered(right) else {
        return;
    };
    let envelope = &letter.envelope;
    let authors = envelope.from.iter().chain(&envelope.sender);
    let mut own = authors.filter_map(Address::domain).peekable();
    let bounce = return_path(letter);
    let any = own.peek().is_some() || bounce.is_some();
    let on_the_way = hops
        .iter()
        .flat_map(|hop| [&hop.from, &hop.reverse, &hop.by])
        .flatten()
        .map(String::as_str);
    if own.chain(bounce.as_deref()).chain(on_the_way).any(|domain| host::same_party(domain, right))
    {
        return;
    }
    if any {
        say(
            "message-id-foreign",
            format!("Its Message-ID was made at {right}, not by its author's domain."),
        );
    }
}

fn date(
    letter: &Letter<'_>,
    hops: &[Hop],
    known: Known<'_>,
    say: &mut impl FnMut(&'static str, String),
) {
    let Some(written) = headers::value(letter, "date").filter(|v| !v.is_empty()) else {
        say("date-missing", "It has no date.".into());
        return;
    };
    let Some(date) = letter.envelope.date else {
        say("date-malformed", format!("Its date, {written}, cannot be read."));
        return;
    };
    // The first mail was sent in 1971; nothing dated before is a date of writing.
    const FIRST: i64 = 31_536_000;
    if date < FIRST {
        say("date-absurd", format!("Its date, {written}, cannot be true."));
        return;
    }
    let arrived = hops.iter().rev().find_map(|hop| hop.at);
    match arrived.or(known.now) {
        Some(arrived) if date > arrived.saturating_add(AHEAD) => {
            say("date-after-arrival", "It is dated after its own arrival.".into());
        }
        Some(_) => {}
        // Nothing to compare with: a year nobody reaches is odd all the same.
        None if date > 4_102_444_800 => {
            say("date-absurd", format!("Its date, {written}, cannot be true."));
        }
        None => {}
    }
}

fn chain(hops: &[Hop], say: &mut impl FnMut(&'static str, String)) {
    for pair in hops.windows(2) {
        let [earlier, later] = pair else { continue };
        let (Some(by), Some(_)) = (earlier.by.as_deref(), later.from.as_deref()) else {
            continue;
        };
        if !meet(by, later) {
            say(
                "route-broken",
                format!(
                    "{by} had it, but the next server took it from {}.",
                    later.from.as_deref().unwrap_or("somebody else")
                ),
            );
            break;
        }
    }
    // Clocks differ by minutes; hours are something else.
    const BACK: i64 = -3600;
    if let Some(hop) = hops.iter().find(|hop| hop.delay_s.is_some_and(|delay| delay < BACK)) {
        let by = hop.by.as_deref().unwrap_or("a server");
        say("route-back-in-time", format!("{by} had it before the server it came from."));
    }
}

/// Whether one hop hands over to the next, as far as names can tell. Names inside a
/// network, numbers and bare words are never evidence against anybody.
fn meet(by: &str, later: &Hop) -> bool {
    let silent =
        |name: &str| host::registered(name).is_none() || host::is_private(&url::Host::Domain(name));
    if silent(by) {
        return true;
    }
    let mut named = false;
    for name in [later.from.as_deref(), later.reverse.as_deref()].into_iter().flatten() {
        if silent(name) {
            continue;
        }
        named = true;
        if host::same_party(by, name) {
            return true;
        }
    }
    // One machine under two names passes mail on to itself.
    let same_machine = later.by.as_deref().is_some_and(|later_by| host::same_party(by, later_by));
    !named || same_machine
}

fn recipients(
    letter: &Letter<'_>,
    by_list: bool,
    known: Known<'_>,
    say: &mut impl FnMut(&'static str, String),
) {
    let envelope = &letter.envelope;
    let listed: Vec<&str> = envelope
        .to
        .iter()
        .chain(&envelope.cc)
        .chain(&envelope.bcc)
        .map(|address| address.addr.as_str())
        .collect();
    let among = |address: &str| listed.iter().any(|known| known.eq_ignore_ascii_case(address));
    if !known.own.is_empty() {
        let by_me =
            envelope.from.iter().any(|a| known.own.iter().any(|o| o.eq_ignore_ascii_case(&a.addr)));
        if !by_me && !known.own.iter().any(|own| among(own)) {
            say(
                "not-addressed-to-you",
                "You are in neither To nor Cc: it came as a hidden copy or through a list.".into(),
            );
        }
    }
    let delivered = ["delivered-to", "envelope-to", "x-original-to"]
        .into_iter()
        .find_map(|name| headers::addresses(letter, name).next());
    if let Some(Address { addr, .. }) = delivered
        && !by_list
        && !listed.is_empty()
        && !among(&addr)
    {
        say(
            "delivered-elsewhere",
            format!("It was delivered to {addr}, whom its header does not name."),
        );
    }
}

fn duplicates(letter: &Letter<'_>, say: &mut impl FnMut(&'static str, String)) {
    for name in ONCE {
        let times = headers::values(letter, name).count();
        if times > 1 {
            say(
                "field-repeated",
                format!(
                    "The field {name} stands there {times} times; programs differ in which they show."
                ),
            );
        }
    }
}
