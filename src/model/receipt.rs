//! What is known of a letter's way to one recipient, from all that was ever seen of it.
//!
//! Pure: the same evidence gives the same state in whatever order it came, and more
//! evidence never gives a weaker one. Nothing here claims to know that a letter was not
//! read: [`ReceiptState::Unread`] says that nothing was seen.

use serde::{Deserialize, Serialize};

/// What others report of a letter for one recipient: by delivery report (RFC 3464), by
/// answer (MDN, RFC 8098), or in prose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reported {
    /// Not delivered, and nobody tries any more.
    Failed,
    /// Not delivered yet; the server goes on trying.
    Delayed,
    /// In the recipient's mailbox.
    Delivered,
    /// Handed to a server that reports no further.
    Relayed,
    /// Handed to a list's members.
    Expanded,
    /// Shown to the recipient: their program says so.
    Displayed,
    /// Thrown away; whether it was read before is not said.
    Deleted,
    /// Handled by a program, without being shown.
    Processed,
    /// The recipient does not want to say.
    Denied,
}

impl Reported {
    /// Every state.
    pub const ALL: [Self; 9] = [
        Self::Failed,
        Self::Delayed,
        Self::Delivered,
        Self::Relayed,
        Self::Expanded,
        Self::Displayed,
        Self::Deleted,
        Self::Processed,
        Self::Denied,
    ];

    /// Its name in JSON and in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Delayed => "delayed",
            Self::Delivered => "delivered",
            Self::Relayed => "relayed",
            Self::Expanded => "expanded",
            Self::Displayed => "displayed",
            Self::Deleted => "deleted",
            Self::Processed => "processed",
            Self::Denied => "denied",
        }
    }

    /// The state of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// What it proves, if anything. Every answer of the recipient's program proves that it
    /// has the letter (RFC 8098 section 1); a server that handed it on proves nothing.
    pub fn proves(self) -> Option<ReceiptState> {
        match self {
            Self::Failed => Some(ReceiptState::Bounced),
            Self::Displayed => Some(ReceiptState::Read),
            Self::Delivered | Self::Expanded | Self::Deleted | Self::Processed | Self::Denied => {
                Some(ReceiptState::Delivered)
            }
            Self::Delayed | Self::Relayed => None,
        }
    }
}

/// Who fetched a receipt's picture, as the receipt server judged it at that moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FetcherKind {
    /// A browser or mail program, not right after delivery: likely a person.
    Person,
    /// A mail service that fetches pictures for its users, seen by them or not.
    Proxy,
    /// A program that looks into mail or follows links before anybody reads it.
    Scanner,
    /// Seconds after delivery, or before it: whoever it was, hardly a reader.
    Soon,
    /// Nothing is known of it.
    Unknown,
}

impl FetcherKind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::Person, Self::Proxy, Self::Scanner, Self::Soon, Self::Unknown];

    /// Its name in JSON and in databases.
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Proxy => "proxy",
            Self::Scanner => "scanner",
            Self::Soon => "soon",
            Self::Unknown => "unknown",
        }
    }

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What such a fetch proves.
    pub fn proves(self) -> ReceiptState {
        match self {
            Self::Person => ReceiptState::Read,
            Self::Proxy | Self::Scanner | Self::Soon | Self::Unknown => ReceiptState::Fetched,
        }
    }
}

/// Fetches of one recipient's picture by one kind of fetcher.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Fetcher {
    /// The kind.
    pub kind: FetcherKind,
    /// The mail service or scanner, where it is known; never for persons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// The first of them, in seconds since 1970 UTC.
    pub first: i64,
    /// How many; one at least.
    pub count: u64,
}

/// How much is known of a letter and one recipient, weakest first: of two the greater one
/// stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReceiptState {
    /// Nothing was asked for that could confirm anything.
    Unconfirmable,
    /// Asked for, and nothing seen: no proof that it was not read.
    Unread,
    /// It lies in the mailbox.
    Delivered,
    /// The picture was fetched, not known to be by a person.
    Fetched,
    /// Read, as far as can be known.
    Read,
    /// It came back.
    Bounced,
}

impl ReceiptState {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unconfirmable => "unconfirmable",
            Self::Unread => "unread",
            Self::Delivered => "delivered",
            Self::Fetched => "fetched",
            Self::Read => "read",
            Self::Bounced => "bounced",
        }
    }
}

/// All that was seen of a letter and one recipient.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Evidence {
    /// The letter carries a picture for this recipient, and its token is known to the
    /// receipt server.
    pub pixel: bool,
    /// The letter asks for an answer (`Disposition-Notification-To`).
    pub mdn: bool,
    /// What was reported, and when it came, in seconds since 1970 UTC.
    pub reports: Vec<(Reported, i64)>,
    /// Who fetched the picture.
    pub fetchers: Vec<Fetcher>,
}

/// What is known for the first time at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Step {
    /// What.
    pub state: ReceiptState,
    /// When, in seconds since 1970 UTC.
    pub at: i64,
}

/// What is known of a letter and one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The strongest that is known.
    pub state: ReceiptState,
    /// When that was first seen, in seconds since 1970 UTC; absent for what is only the
    /// lack of anything seen.
    pub first: Option<i64>,
    /// How often the picture was fetched, by whomever: the sum of the fetchers' counts.
    pub count: u64,
    /// Who fetched it, a line for each kind and service, the likely persons first.
    pub fetchers: Vec<Fetcher>,
    /// Everything that was proved, the strongest first, each with when it was first seen:
    /// a letter that came back may have been read all the same (a mailbox that hands on).
    pub steps: Vec<Step>,
}

/// What evidence amounts to.
pub fn standing(evidence: &Evidence) -> Standing {
    let reports = evidence.reports.iter();
    let reported = reports.filter_map(|(what, at)| Some(Step { state: what.proves()?, at: *at }));
    let fetched = evidence.fetchers.iter().filter(|fetcher| fetcher.count > 0);
    let seen = fetched.clone().map(|f| Step { state: f.kind.proves(), at: f.first });
    let mut steps: Vec<Step> = Vec::new();
    for step in reported.chain(seen) {
        match steps.iter_mut().find(|known| known.state == step.state) {
            Some(known) => known.at = known.at.min(step.at),
            None => steps.push(step),
        }
    }
    steps.sort_by_key(|step| std::cmp::Reverse(step.state));
    let nothing = match evidence.pixel || evidence.mdn {
        true => ReceiptState::Unread,
        false => ReceiptState::Unconfirmable,
    };
    let mut fetchers: Vec<Fetcher> = Vec::new();
    for fetcher in fetched {
        let same = |f: &&mut Fetcher| f.kind == fetcher.kind && f.service == fetcher.service;
        match fetchers.iter_mut().find(same) {
            Some(known) => {
                known.first = known.first.min(fetcher.first);
                known.count = known.count.saturating_add(fetcher.count);
            }
            None => fetchers.push(fetcher.clone()),
        }
    }
    fetchers.sort_by(|a, b| (a.kind, &a.service).cmp(&(b.kind, &b.service)));
    Standing {
        state: steps.first().map_or(nothing, |step| step.state),
        first: steps.first().map(|step| step.at),
        count: fetchers.iter().fold(0, |sum: u64, f| sum.saturating_add(f.count)),
        fetchers,
        steps,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fetch(kind: FetcherKind, first: i64) -> Fetcher {
        Fetcher { kind, service: None, first, count: 1 }
    }

    fn asked(fetchers: Vec<Fetcher>, reports: Vec<(Reported, i64)>) -> Standing {
        standing(&Evidence { pixel: true, mdn: false, reports, fetchers })
    }

    #[test]
    fn nothing_seen_is_unread_only_where_something_could_have_been_seen() {
        let nothing = Evidence::default();
        assert_eq!(standing(&nothing).state, ReceiptState::Unconfirmable);
        assert_eq!(standing(&nothing).first, None);
        for (pixel, mdn) in [(true, false), (false, true), (true, true)] {
            let evidence = Evidence { pixel, mdn, ..Evidence::default() };
            assert_eq!(standing(&evidence).state, ReceiptState::Unread);
            assert_eq!(standing(&evidence).first, None);
        }
    }

    #[test]
    fn only_a_likely_person_reads() {
        assert_eq!(asked(vec![fetch(FetcherKind::Person, 9)], vec![]).state, ReceiptState::Read);
        for kind in
            [FetcherKind::Proxy, FetcherKind::Scanner, FetcherKind::Soon, FetcherKind::Unknown]
        {
            let found = asked(vec![fetch(kind, 9)], vec![]);
            assert_eq!((found.state, found.first), (ReceiptState::Fetched, Some(9)), "{kind:?}");
        }
    }

    #[test]
    fn an_answer_that_it_was_shown_is_a_reading_and_no_other_answer_is() {
        let state = |reported| asked(vec![], vec![(reported, 5)]).state;
        assert_eq!(state(Reported::Displayed), ReceiptState::Read);
        for had in [Reported::Deleted, Reported::Denied, Reported::Processed] {
            assert_eq!(state(had), ReceiptState::Delivered, "{had:?}");
        }
        // A letter handed on, or waiting, has not arrived.
        assert_eq!(state(Reported::Relayed), ReceiptState::Unread);
        assert_eq!(state(Reported::Delayed), ReceiptState::Unread);
        let unasked = Evidence { reports: vec![(Reported::Relayed, 5)], ..Evidence::default() };
        assert_eq!(standing(&unasked).state, ReceiptState::Unconfirmable);
    }

    #[test]
    fn a_letter_that_came_back_was_perhaps_read_and_both_are_told() {
        let found = asked(
            vec![fetch(FetcherKind::Person, 70), fetch(FetcherKind::Proxy, 60)],
            vec![(Reported::Delivered, 10), (Reported::Failed, 90), (Reported::Failed, 80)],
        );
        let steps: Vec<_> = found.steps.iter().map(|s| (s.state, s.at)).collect();
        assert_eq!(
            steps,
            [
                (ReceiptState::Bounced, 80),
                (ReceiptState::Read, 70),
                (ReceiptState::Fetched, 60),
                (ReceiptState::Delivered, 10),
            ]
        );
        assert_eq!((found.state, found.first, found.count), (ReceiptState::Bounced, Some(80), 2));
    }

    #[test]
    fn fetches_of_one_kind_and_service_are_one_line() {
        let gmail = |first, count| Fetcher {
            kind: FetcherKind::Proxy,
            service: Some("Gmail".to_owned()),
            first,
            count,
        };
        let found = asked(
            vec![gmail(50, 2), fetch(FetcherKind::Person, 90), gmail(40, 3), gmail(1, 0)],
            vec![],
        );
        assert_eq!(found.fetchers, [fetch(FetcherKind::Person, 90), gmail(40, 5)]);
        assert_eq!(found.count, 6);
    }

    #[test]
    fn names_lead_back_to_kinds() {
        for kind in FetcherKind::ALL {
            assert_eq!(FetcherKind::named(kind.name()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        assert_eq!(FetcherKind::named("Person"), None);
    }

    fn reports() -> impl Strategy<Value = (Reported, i64)> {
        use Reported::*;
        let all =
            [Failed, Delayed, Delivered, Relayed, Expanded, Displayed, Deleted, Processed, Denied];
        (prop::sample::select(all.to_vec()), 0..1_000_i64)
    }

    fn fetchers() -> impl Strategy<Value = Fetcher> {
        let services = vec![None, Some("Gmail".to_owned()), Some("Naver".to_owned())];
        (
            prop::sample::select(FetcherKind::ALL.to_vec()),
            prop::sample::select(services),
            0..1_000_i64,
            0..4_u64,
        )
            .prop_map(|(kind, service, first, count)| Fetcher {
                kind,
                service,
                first,
                count,
            })
    }

    fn evidence() -> impl Strategy<Value = Evidence> {
        (
            any::<bool>(),
            any::<bool>(),
            prop::collection::vec(reports(), 0..5),
            prop::collection::vec(fetchers(), 0..5),
        )
            .prop_map(|(pixel, mdn, reports, fetchers)| Evidence {
                pixel,
                mdn,
                reports,
                fetchers,
            })
    }

    proptest! {
        #[test]
        fn more_evidence_never_weakens(less in evidence(), more in evidence()) {
            let mut both = less.clone();
            both.pixel |= more.pixel;
            both.mdn |= more.mdn;
            both.reports.extend(more.reports);
            both.fetchers.extend(more.fetchers);
            let (before, after) = (standing(&less), standing(&both));
            prop_assert!(after.state >= before.state);
            prop_assert!(after.count >= before.count);
            if after.state == before.state {
                // What was seen stays seen, and no later than it was.
                prop_assert!(before.first.is_none() || after.first <= before.first);
            }
            for step in &before.steps {
                let kept = after.steps.iter().find(|s| s.state == step.state);
                prop_assert!(kept.is_some_and(|kept| kept.at <= step.at));
            }
        }

        #[test]
        fn order_does_not_matter(evidence in evidence()) {
            let mut turned = evidence.clone();
            turned.reports.reverse();
            turned.fetchers.reverse();
            prop_assert_eq!(standing(&evidence), standing(&turned));
        }

        #[test]
        fn every_claim_has_something_behind_it(evidence in evidence()) {
            let found = standing(&evidence);
            let fetched = |kind| evidence.fetchers.iter().any(|f| f.kind == kind && f.count > 0);
            let reported = |what| evidence.reports.iter().any(|(said, _)| *said == what);
            match found.state {
                ReceiptState::Bounced => prop_assert!(reported(Reported::Failed)),
                ReceiptState::Read => prop_assert!(
                    reported(Reported::Displayed) || fetched(FetcherKind::Person)
                ),
                ReceiptState::Fetched => prop_assert!(found.count > 0),
                ReceiptState::Delivered => prop_assert!(!evidence.reports.is_empty()),
                ReceiptState::Unread => prop_assert!(evidence.pixel || evidence.mdn),
                ReceiptState::Unconfirmable => prop_assert!(!evidence.pixel && !evidence.mdn),
            }
            prop_assert_eq!(found.count, found.fetchers.iter().map(|f| f.count).sum::<u64>());
        }
    }
}
