//! What is fetched: nothing, unless the user said so, and then never a tracker.

use goyo::model::{Reason, Reference, Tracker, TrackerKind, Verdict, Visible};
use goyo::privacy::{Policy, Proof, Rule, Scope, judge};
use proptest::prelude::*;

fn reference(element: &str, url: &str) -> Reference {
    Reference {
        url: url.into(),
        element: element.into(),
        visible: Visible::Unknown,
        after_html: false,
        size: (None, None),
        alt: None,
        part: 0,
    }
}

fn picture() -> Reference {
    reference("img[src]", "https://shop.example.com/a.png")
}

fn server(domain: &str) -> Proof {
    Proof::ServerClaim { domain: domain.into() }
}

fn own(domain: &str) -> Proof {
    Proof::Own { domain: domain.into() }
}

fn with(scope: Scope, needed: Proof, from: &str, proof: Proof) -> Policy {
    Policy {
        from: Some(from.into()),
        proof,
        rules: vec![Rule { scope, proof: needed }],
        ..Policy::default()
    }
}

const NEWS: &str = "news@shop.example.com";

fn sender() -> Scope {
    Scope::Sender(NEWS.into())
}

fn domain(of: &str) -> Scope {
    Scope::Domain(of.into())
}

#[test]
fn never_goes_before_everything_that_allows() {
    let none = Proof::None;
    let tracker = Tracker { service: None, kind: TrackerKind::Token };
    for policy in [
        Policy::default(),
        Policy { once: true, ..Policy::default() },
        Policy { by_hand: vec![picture().url], ..Policy::default() },
        with(sender(), none.clone(), NEWS, none.clone()),
        with(domain("example.com"), none.clone(), NEWS, none.clone()),
        with(Scope::Never(NEWS.into()), none.clone(), NEWS, none),
    ] {
        let before = judge(&policy, &picture(), None);
        let policy = Policy { never: true, ..policy };
        assert_eq!(judge(&policy, &picture(), None), Verdict::Refuse(Reason::Never));
        assert_eq!(judge(&policy, &picture(), Some(&tracker)), Verdict::Refuse(Reason::Never));
        // What never was a picture has the reason it always had.
        let font = reference("css:@font-face", "https://shop.example.com/a.woff");
        assert_eq!(judge(&policy, &font, None), Verdict::Refuse(Reason::NotAPicture));
        let file = reference("img[src]", "file:///etc/passwd");
        assert_eq!(judge(&policy, &file, None), Verdict::Refuse(Reason::Address));
        // What was decided is untouched.
        assert_eq!(judge(&Policy { never: false, ..policy }, &picture(), None), before);
    }
}

#[test]
fn every_reason() {
    use Reason::{
        Address, ByHand, Default, Domain, Encrypted, NeverForSender, NotAPicture, Once, Sender,
        Unproven,
    };
    use Verdict::{Allow, Refuse};
    let none = Proof::None;
    let once = Policy { once: true, ..Policy::default() };
    let tracker = Tracker { service: None, kind: TrackerKind::Token };
    let plain = |policy: Policy| judge(&policy, &picture(), None);
    let tracked = |policy: Policy| judge(&policy, &picture(), Some(&tracker));

    assert_eq!(plain(Policy::default()), Refuse(Default));
    assert_eq!(tracked(Policy::default()), Refuse(Default));
    assert_eq!(plain(once.clone()), Allow(Once));
    assert_eq!(tracked(once.clone()), Refuse(Reason::Tracker));
    assert_eq!(plain(with(sender(), none.clone(), NEWS, none.clone())), Allow(Sender));
    assert_eq!(tracked(with(sender(), none.clone(), NEWS, none.clone())), Refuse(Reason::Tracker));
    assert_eq!(plain(with(domain("example.com"), none.clone(), NEWS, none.clone())), Allow(Domain));
    let never = with(Scope::Never(NEWS.into()), none.clone(), NEWS, none.clone());
    assert_eq!(plain(never.clone()), Refuse(NeverForSender));
    assert_eq!(plain(Policy { once: true, ..never.clone() }), Allow(Once));
    let mut both = never;
    both.rules.push(Rule { scope: sender(), proof: none.clone() });
    assert_eq!(plain(both), Refuse(NeverForSender));
    assert_eq!(plain(with(sender(), server("example.com"), NEWS, none)), Refuse(Unproven));
    assert_eq!(plain(Policy { encrypted: true, ..once.clone() }), Refuse(Encrypted));
    let by_hand = Policy { by_hand: vec![picture().url], ..Policy::default() };
    assert_eq!(tracked(by_hand.clone()), Allow(ByHand));
    assert_eq!(
        judge(&by_hand, &reference("img[src]", "https://shop.example.com/b"), None),
        Refuse(Default)
    );
    assert_eq!(judge(&once, &reference("img[src]", "file:///etc/passwd"), None), Refuse(Address));
    for element in [
        "link[href]",
        "css:@import",
        "css:@font-face",
        "iframe[src]",
        "form[action]",
        "video[src]",
        "comment:img[src]",
        "base[href]",
        "a[ping]",
        "script[src]",
        "object[data]",
        "css:src",
        "css:behavior",
    ] {
        assert_eq!(
            judge(&once, &reference(element, &picture().url), None),
            Refuse(NotAPicture),
            "{element}"
        );
    }
    for element in [
        "img[srcset]",
        "td[background]",
        "css:background",
        "css:background-image",
        "css:list-style-image",
        "css:content",
        "v:fill[src]",
        "video[poster]",
        "input[src]",
        "image[xlink:href]",
    ] {
        assert_eq!(
            judge(&once, &reference(element, &picture().url), None),
            Allow(Once),
            "{element}"
        );
    }
}

#[test]
fn a_rule_asks_for_the_proof_it_was_made_with() {
    let table = [
        (Proof::None, Proof::None, true),
        (Proof::None, server("example.com"), true),
        (server("example.com"), Proof::None, false),
        (server("example.com"), server("EXAMPLE.com"), true),
        (server("example.com"), server("evil.com"), false),
        (server("example.com"), own("example.com"), true),
        (own("example.com"), server("example.com"), false),
        (own("example.com"), own("example.com"), true),
        (own("example.com"), own("sub.example.com"), false),
    ];
    for (needed, shown, granted) in table {
        let verdict = judge(&with(sender(), needed.clone(), NEWS, shown.clone()), &picture(), None);
        let expected = if granted {
            Verdict::Allow(Reason::Sender)
        } else {
            Verdict::Refuse(Reason::Unproven)
        };
        assert_eq!(verdict, expected, "{needed:?} {shown:?}");
    }
}

#[test]
fn rules_match_whom_they_name() {
    let table = [
        (sender(), "NEWS@shop.EXAMPLE.com", true),
        (sender(), "news@shop.example.com.evil.net", false),
        (sender(), "news@example.com", false),
        (domain("example.com"), "a@example.com", true),
        (domain("example.com"), "a@b.c.example.com", true),
        (domain("Example.COM"), "a@b.example.com", true),
        (domain("example.com"), "a@notexample.com", false),
        (domain("example.com"), "a@example.com.evil.net", false),
        (domain("shop.example.com"), "a@example.com", false),
        (domain("co.kr"), "a@shop.co.kr", false),
        (domain("com"), "a@example.com", false),
        (domain(""), "a@example.com", false),
        (domain(""), "nobody", false),
    ];
    for (scope, from, matches) in table {
        let verdict = judge(&with(scope.clone(), Proof::None, from, Proof::None), &picture(), None);
        assert_eq!(matches!(verdict, Verdict::Allow(_)), matches, "{scope:?} {from}");
    }
    let nobody = Policy { from: None, ..with(sender(), Proof::None, NEWS, Proof::None) };
    assert_eq!(judge(&nobody, &picture(), None), Verdict::Refuse(Reason::Default));
}

#[test]
fn addresses_that_are_never_fetched() {
    let once = Policy { once: true, ..Policy::default() };
    for url in [
        "http://127.0.0.1/x",
        "http://2130706433/x",
        "http://0x7f000001/",
        "http://0177.1/",
        "http://localhost:8080/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://192.168.1.1/router",
        "http://169.254.169.254/latest",
        "http://printer.local/",
        "http://metadata.google.internal/",
        "http://intranet/",
        "//10.0.0.1/x",
        "\\\\host\\share\\a.png",
        "//host\\share",
        "file:///c:/x",
        "ftp://example.com/x",
        "javascript:alert(1)",
        "data:image/png;base64,AA",
        "http://user:pass@example.com/",
        "http://user@example.com/",
        "smb://example.com/",
        "http://",
        "https://[::1",
        "not an address",
        "",
        "http://a b.example/",
        "https:/\\127.0.0.1/",
    ] {
        assert_eq!(
            judge(&once, &reference("img[src]", url), None),
            Verdict::Refuse(Reason::Address),
            "{url}"
        );
    }
    for url in [
        "https://example.com/x",
        "http://example.com:8080/x",
        "//example.com/x",
        "https://8.8.8.8/",
        "HTTPS://EXAMPLE.com",
    ] {
        assert_eq!(
            judge(&once, &reference("img[src]", url), None),
            Verdict::Allow(Reason::Once),
            "{url}"
        );
    }
}

#[test]
fn one_private_port_may_be_opened_and_no_other() {
    let demo =
        Policy { once: true, reachable: vec![("127.0.0.1".into(), 4025)], ..Policy::default() };
    assert!(demo.may_reach("http://127.0.0.1:4025/pixel"));
    for url in [
        "http://127.0.0.1:4026/",
        "http://127.0.0.1/",
        "http://127.0.0.2:4025/",
        "http://localhost:4025/",
        "file://127.0.0.1:4025/",
    ] {
        assert!(!demo.may_reach(url), "{url}");
    }
}

fn any_tracker() -> impl Strategy<Value = Option<Tracker>> {
    prop_oneof![
        Just(None),
        Just(Some(Tracker { service: None, kind: TrackerKind::Invisible })),
        Just(Some(Tracker { service: Some("x".into()), kind: TrackerKind::Service })),
    ]
}

fn any_url() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,60}",
        "(https?|ftp|file|//|\\\\\\\\):?(//)?[a-z0-9.:@\\[\\]-]{0,20}(/[ -~]{0,10})?",
        "https?://[0-9a-fx.]{1,15}/",
    ]
}

proptest! {
    #[test]
    fn by_default_nothing_is_ever_allowed(url in any_url(), element in ".{0,20}|img\\[src\\]|css:background", tracker in any_tracker(),
        from in proptest::option::of(".{0,20}")) {
        let policy = Policy { from, ..Policy::default() };
        prop_assert!(matches!(judge(&policy, &reference(&element, &url), tracker.as_ref()), Verdict::Refuse(_)));
    }

    #[test]
    fn trackers_are_refused_whatever_the_rules(url in any_url(), once: bool, from in "[a-c]@[a-c]\\.com", of in "[a-c]\\.com") {
        let policy = Policy { once, ..with(domain(&of), Proof::None, &from, Proof::None) };
        let tracker = Tracker { service: None, kind: TrackerKind::Invisible };
        prop_assert!(matches!(judge(&policy, &reference("img[src]", &url), Some(&tracker)), Verdict::Refuse(_)));
    }

    #[test]
    fn an_encrypted_letter_loads_nothing(url in any_url(), by_hand: bool) {
        let policy = Policy { once: true, encrypted: true, by_hand: if by_hand { vec![url.clone()] } else { vec![] }, ..Policy::default() };
        prop_assert_eq!(judge(&policy, &reference("img[src]", &url), None), Verdict::Refuse(Reason::Encrypted));
    }
}
