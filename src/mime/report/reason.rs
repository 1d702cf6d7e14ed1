//! Why a letter did not arrive, out of status codes (RFC 3463, 5248) and of the words of
//! servers, English and Korean. The code decides; words decide where it says little, as
//! many servers use 5.0.0, 5.1.1 or 5.7.1 for everything.

/// Why, as a person is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// There is no such mailbox.
    NoSuchUser,
    /// There is no such domain, or it takes no mail.
    NoSuchDomain,
    /// The mailbox is full.
    MailboxFull,
    /// The mailbox is shut: dormant, suspended, moved.
    Disabled,
    /// The letter is too large.
    TooLarge,
    /// The receiver's server does not want this letter, sender or server.
    Refused,
    /// The receiver's server was not reached, or not in time.
    Unreachable,
    /// It went in a circle.
    Loop,
    /// Something else, in the server's words.
    Other,
}

impl Reason {
    const NAMED: [(Self, &'static str); 9] = [
        (Self::NoSuchUser, "no-such-user"),
        (Self::NoSuchDomain, "no-such-domain"),
        (Self::MailboxFull, "mailbox-full"),
        (Self::Disabled, "disabled"),
        (Self::TooLarge, "too-large"),
        (Self::Refused, "refused"),
        (Self::Unreachable, "unreachable"),
        (Self::Loop, "loop"),
        (Self::Other, "other"),
    ];

    /// Its word, in `--json` and in the store.
    pub fn word(self) -> &'static str {
        Self::NAMED.into_iter().find(|(reason, _)| *reason == self).map_or("", |(_, word)| word)
    }

    /// The reason of a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::NAMED.into_iter().find(|(_, name)| *name == word).map(|(reason, _)| reason)
    }
}

/// Tells the reason of a code and words. `status` is like `5.1.1`, `said` what the server
/// said.
pub(super) fn of(status: Option<&str>, said: &str) -> Reason {
    let by_words = by_words(said);
    let enhanced = status.map(str::to_owned).or_else(|| enhanced_in(said));
    let by_code = enhanced.as_deref().and_then(by_code);
    match (by_code, by_words) {
        // "5.1.1 … mailbox full", "5.7.1 … user unknown": the words know better.
        (Some(Reason::NoSuchUser | Reason::Refused | Reason::Unreachable), Some(words)) => words,
        (Some(code), _) => code,
        (None, Some(words)) => words,
        (None, None) => basic_in(said).unwrap_or(Reason::Other),
    }
}

fn by_code(status: &str) -> Option<Reason> {
    let mut numbers = status.split('.').skip(1).map(str::parse::<u32>);
    let (subject, detail) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    Some(match (subject, detail) {
        (1, 1 | 3 | 4 | 6) => Reason::NoSuchUser,
        (1, 2 | 10) => Reason::NoSuchDomain,
        (1, 7..=9) => Reason::Refused,
        (2, 1) => Reason::Disabled,
        (2, 2) | (3, 1) => Reason::MailboxFull,
        (2, 3) | (3, 4) => Reason::TooLarge,
        (4, 6) => Reason::Loop,
        (4, 310) => Reason::NoSuchDomain,
        (4, _) => Reason::Unreachable,
        (7, _) => Reason::Refused,
        _ => return None,
    })
}

/// `5.1.1` somewhere in words.
pub(super) fn enhanced_in(said: &str) -> Option<String> {
    said.split(|c: char| !(c.is_ascii_digit() || c == '.')).find_map(|word| {
        let word = word.trim_end_matches('.');
        let numbers: Vec<&str> = word.split('.').collect();
        let [class, subject, detail] = numbers.as_slice() else { return None };
        let fits = matches!(*class, "2" | "4" | "5")
            && (1..=3).contains(&subject.len())
            && (1..=3).contains(&detail.len());
        fits.then(|| word.to_owned())
    })
}

/// The reply code of SMTP, where there is nothing else.
fn basic_in(said: &str) -> Option<Reason> {
    said.split(|c: char| !c.is_ascii_digit()).find_map(|word| match word {
        "552" => Some(Reason::MailboxFull),
        "551" | "553" => Some(Reason::NoSuchUser),
        "521" | "556" => Some(Reason::NoSuchDomain),
        _ => None,
    })
}

fn by_words(said: &str) -> Option<Reason> {
    const WORDS: [(Reason, &[&str]); 8] = [
        (
            Reason::TooLarge,
            &[
                "message too large",
                "message size exceeds",
                "exceeds size limit",
                "exceeded the size limit",
                "message is too big",
                "exceeds maximum",
                "size limit exceeded",
                "크기 초과",
                "크기를 초과",
                "크기가 너무",
                "용량이 너무 큰",
            ],
        ),
        (
            Reason::MailboxFull,
            &[
                "mailbox full",
                "mailbox is full",
                "over quota",
                "overquota",
                "quota exceeded",
                "exceeded storage",
                "out of storage",
                "storage space",
                "inbox is full",
                "exceeds quota",
                "insufficient disk",
                "메일함이 가득",
                "용량 초과",
                "용량이 초과",
                "용량을 초과",
                "용량 부족",
                "용량이 부족",
                "편지함이 가득",
                "메일박스가 가득",
            ],
        ),
        (
            Reason::Disabled,
            &[
                "mailbox disabled",
                "account disabled",
                "account is disabled",
                "account that you tried to reach is disabled",
                "inactive",
                "suspended",
                "dormant",
                "휴면",
                "정지된",
                "이용이 제한된",
                "사용 중지",
            ],
        ),
        (
            Reason::NoSuchDomain,
            &[
                "host not found",
                "host or domain name not found",
                "domain not found",
                "domain name not found",
                "unrouteable mail domain",
                "unrouteable address",
                "does not accept mail",
                "nullmx",
                "null mx",
                "couldn't find any host named",
                "domain wasn't found",
                "couldn't be found at that domain",
                "no such domain",
                "nxdomain",
                "unknown host",
                "존재하지 않는 도메인",
                "도메인을 찾을 수 없",
                "도메인이 존재하지",
                "호스트를 찾을 수 없",
                "없는 메일서버",
                "메일 서버를 찾을 수 없",
            ],
        ),
        (
            Reason::NoSuchUser,
            &[
                "user unknown",
                "unknown user",
                "no such user",
                "no such recipient",
                "no such mailbox",
                "no mailbox",
                "does not exist",
                "doesn't exist",
                "address not found",
                "address couldn't be found",
                "recipient not found",
                "recipientnotfound",
                "unknown recipient",
                "recipient unknown",
                "user not found",
                "invalid recipient",
                "unknown address",
                "mailbox unavailable",
                "mailbox not found",
                "isn't a valid",
                "not listed in",
                "unable to receive mail",
                "존재하지 않는",
                "존재하지 않습니다",
                "없는 사용자",
                "없는 메일",
                "없는 주소",
                "사용자가 없",
                "수신자를 찾을 수 없",
                "주소를 찾을 수 없",
                "계정이 없",
                "잘못된 주소",
            ],
        ),
        (
            Reason::Loop,
            &["too many hops", "hop count", "mail loop", "loops back to myself", "routing loop"],
        ),
        (
            Reason::Refused,
            &[
                "spam",
                "blocked",
                "blacklist",
                "blocklist",
                "block list",
                "rejected",
                "relay access denied",
                "relaying denied",
                "not permitted",
                "policy",
                "reputation",
                "unauthenticated",
                "dmarc",
                "spf",
                "access denied",
                "not authorized",
                "denied by",
                "수신 거부",
                "수신거부",
                "수신이 거부",
                "수신을 거부",
                "스팸",
                "차단",
                "정책",
            ],
        ),
        (
            Reason::Unreachable,
            &[
                "timed out",
                "timeout",
                "time out",
                "connection refused",
                "could not connect",
                "couldn't connect",
                "connect to",
                "no route to host",
                "network is unreachable",
                "temporarily",
                "retry time",
                "delivery time expired",
                "message expired",
                "been in the queue too long",
                "i'm not going to try again",
                "연결할 수 없",
                "연결에 실패",
                "접속할 수 없",
                "접속 실패",
                "응답이 없",
                "응답하지 않",
                "시간 초과",
                "시간이 초과",
                "일시적",
            ],
        ),
    ];
    let lower = said.to_lowercase();
    WORDS
        .iter()
        .find(|(_, words)| words.iter().any(|word| lower.contains(word)))
        .map(|(reason, _)| *reason)
}
