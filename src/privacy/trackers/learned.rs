//! What a tracker would have learned, had it been asked: possibilities, in kinds that
//! the window words in the user's language.

use super::{Service, known};
use crate::model::{Tracker, TrackerKind};
use serde::Serialize;

/// What a service watches openings for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// To tell the sender that, and when, it was read (수신확인).
    Receipt,
    /// To count who opens newsletters.
    Newsletter,
    /// To count who opens notices: orders, passwords, bills.
    Transactional,
    /// To judge whom to write more.
    Marketing,
    /// To tell a seller when to call.
    Sales,
    /// To tell a person who wrote another one.
    Personal,
    /// To tell whom to invite.
    Recruiting,
    /// To tell a help desk.
    Support,
    /// To count its own notices.
    Opens,
    /// To measure how long, and with what, a letter is read.
    ReadTime,
    /// To draw a picture for the place and the moment.
    LivePictures,
    /// To know visitors again across sites.
    Analytics,
    /// To show advertisements, and to know whom they are shown to.
    Advertising,
    /// To tie an address to everything else that is known of a person.
    Identity,
}

/// Something that may be learned from a picture being fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Learned {
    /// Which of the receivers it was.
    Reader,
    /// That the letter was opened, and when, each time.
    Time,
    /// Roughly where: the network's address.
    Place,
    /// How long it was looked at.
    HowLong,
    /// The same reader in other senders' letters and on web sites.
    Elsewhere,
}

/// What `tracker` may have learned, in the order of telling. Never empty: any request
/// tells time and place. Our own requests name neither device nor program.
pub fn learned(tracker: &Tracker) -> Vec<Learned> {
    let purpose = tracker.service.as_deref().and_then(|name| known().service(name)?.kind());
    let mut learned = Vec::with_capacity(5);
    // An invisible picture may be the same for all; a known service's never is, but
    // for those that count without asking who.
    let counts = matches!(purpose, Some(Purpose::Analytics | Purpose::LivePictures));
    if tracker.kind != TrackerKind::Invisible && !counts {
        learned.push(Learned::Reader);
    }
    learned.extend([Learned::Time, Learned::Place]);
    if purpose == Some(Purpose::ReadTime) {
        learned.push(Learned::HowLong);
    }
    if matches!(purpose, Some(Purpose::Analytics | Purpose::Advertising | Purpose::Identity)) {
        learned.push(Learned::Elsewhere);
    }
    learned
}

impl Service {
    /// Its purpose, where the list uses a word of ours.
    pub fn kind(&self) -> Option<Purpose> {
        Some(match self.purpose.as_str() {
            "receipt" => Purpose::Receipt,
            "newsletter opens" => Purpose::Newsletter,
            "transactional opens" => Purpose::Transactional,
            "marketing opens" => Purpose::Marketing,
            "sales opens" => Purpose::Sales,
            "personal mail opens" => Purpose::Personal,
            "recruiting opens" => Purpose::Recruiting,
            "support opens" => Purpose::Support,
            "opens" => Purpose::Opens,
            "read-time analytics" => Purpose::ReadTime,
            "live pictures" => Purpose::LivePictures,
            "analytics" => Purpose::Analytics,
            "advertising" => Purpose::Advertising,
            "identity" => Purpose::Identity,
            _ => return None,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn of(service: Option<&str>, kind: TrackerKind) -> Vec<Learned> {
        learned(&Tracker { service: service.map(str::to_owned), kind })
    }

    #[test]
    fn every_service_of_ours_has_a_purpose_with_a_word() {
        for service in known().services() {
            assert!(service.kind().is_some(), "{}: {}", service.vendor, service.purpose);
        }
    }

    #[test]
    fn what_each_kind_may_learn() {
        use Learned::{Elsewhere, HowLong, Place, Reader, Time};
        use TrackerKind::{Invisible, Service, Token};
        assert_eq!(of(Some("Naver"), Service), [Reader, Time, Place]);
        assert_eq!(of(Some("Litmus"), Service), [Reader, Time, Place, HowLong]);
        assert_eq!(of(Some("LiveRamp"), Service), [Reader, Time, Place, Elsewhere]);
        assert_eq!(of(Some("Google Analytics"), Service), [Time, Place, Elsewhere]);
        // Of a list of the user's own, which words purposes as it likes.
        assert_eq!(of(Some("Somebody"), Service), [Reader, Time, Place]);
        assert_eq!(of(None, Invisible), [Time, Place]);
        assert_eq!(of(None, Token), [Reader, Time, Place]);
    }

    #[test]
    fn words_for_the_window() {
        let words = serde_json::to_string(&(Learned::HowLong, Purpose::LivePictures)).unwrap();
        assert_eq!(words, r#"["how-long","live-pictures"]"#);
    }
}
