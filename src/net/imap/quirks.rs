//! What is known to be odd about servers, by their name, their greeting, what they say of
//! themselves (ID) and what they offer. How odd lines are read is in `mend`.

use super::types::{Capabilities, Quirks};
use crate::model::lies_in;

const MB: u64 = 1024 * 1024;

/// A server is known by…
enum Sign {
    /// the end of its name,
    Host(&'static str),
    /// a word in its greeting or ID (lower case),
    Word(&'static str),
    /// something only it offers.
    Offer(&'static str),
}

use Sign::{Host, Offer, Word};

/// One kind of server, and what is odd about it.
struct Odd {
    signs: &'static [Sign],
    mark: fn(&mut Quirks),
}

const ODD: &[Odd] = &[
    // Gmail: labels for folders; files what is sent through it.
    Odd {
        signs: &[Offer("X-GM-EXT-1"), Host("gmail.com"), Host("googlemail.com")],
        mark: |quirks| {
            quirks.gmail = true;
            quirks.files_sent = true;
        },
    },
    // Exchange and Microsoft 365: file what is sent.
    Odd {
        signs: &[Word("microsoft exchange"), Host("office365.com"), Host("outlook.com")],
        mark: |quirks| quirks.files_sent = true,
    },
    // Yahoo and what stands on it: not all of a large folder is shown.
    Odd {
        signs: &[Host("yahoo.com"), Host("aol.com"), Host("yahoo.co.jp"), Word("yahoo")],
        mark: |quirks| quirks.partial_view = true,
    },
    // iCloud: says what vanished wrongly, and never that QRESYNC is on.
    Odd {
        signs: &[Host("mail.me.com"), Host("icloud.com")],
        mark: |quirks| quirks.no_qresync = true,
    },
    // QQ: BAD to a set that does not ascend.
    Odd {
        signs: &[Host("qq.com"), Word("qqmail"), Word("tencent")],
        mark: |quirks| quirks.ascending = true,
    },
    // Yandex: hangs up on who idles.
    Odd {
        signs: &[Host("yandex.com"), Host("yandex.ru"), Word("yandex")],
        mark: |quirks| quirks.short_idle = true,
    },
    // Naver: no letter over 40 MB.
    Odd {
        signs: &[Host("naver.com"), Host("worksmobile.com")],
        mark: |quirks| quirks.append_limit = Some(40 * MB),
    },
];

/// What is odd about a server.
pub(super) fn of(host: &str, said: &str, capabilities: &Capabilities) -> Quirks {
    let (host, said) = (host.trim_end_matches('.'), said.to_lowercase());
    let mut quirks = Quirks::default();
    let has = |sign: &Sign| match sign {
        Host(end) => lies_in(host, end),
        Word(word) => said.contains(word),
        Offer(word) => capabilities.has(word),
    };
    for odd in ODD {
        if odd.signs.iter().any(has) {
            (odd.mark)(&mut quirks);
        }
    }
    // RFC 7889.
    let limit = capabilities.words.iter().find_map(|word| word.strip_prefix("APPENDLIMIT="));
    if let Some(limit) = limit.and_then(|limit| limit.parse().ok()) {
        quirks.append_limit = Some(limit);
    }
    quirks
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn offering(words: &[&str]) -> Capabilities {
        Capabilities { words: words.iter().map(|word| (*word).to_owned()).collect() }
    }

    #[test]
    fn servers_are_known() {
        let none = offering(&[]);
        assert!(of("imap.gmail.com", "", &none).gmail);
        assert!(of("proxy.example.org", "", &offering(&["X-GM-EXT-1"])).gmail);
        assert!(of("OUTLOOK.office365.com.", "", &none).files_sent);
        assert!(of("x.org", "The Microsoft Exchange IMAP4 service is ready.", &none).files_sent);
        assert!(of("imap.mail.yahoo.com", "", &none).partial_view);
        assert!(of("p42-imap.mail.me.com", "", &none).no_qresync);
        assert!(of("imap.qq.com", "", &none).ascending);
        assert!(of("imap.yandex.com", "", &none).short_idle);
        assert_eq!(of("imap.naver.com", "", &none).append_limit, Some(41_943_040));
        assert_eq!(of("x.org", "", &offering(&["APPENDLIMIT=1000"])).append_limit, Some(1000));
        // A name that only ends alike is another server's.
        assert_eq!(of("notgmail.com", "Dovecot ready.", &none), Quirks::default());
    }
}
