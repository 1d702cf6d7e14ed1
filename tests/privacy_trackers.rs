//! Which references are trackers, and whose.

use goyo::model::{Reference, TrackerKind, Visible};
use goyo::privacy::trackers;

fn picture(url: &str, visible: Visible, alt: Option<&str>) -> Reference {
    Reference {
        url: url.into(),
        element: "img[src]".into(),
        visible,
        after_html: false,
        size: (None, None),
        alt: alt.map(str::to_owned),
        part: 0,
    }
}

fn service(url: &str) -> Option<String> {
    trackers::judge(&picture(url, Visible::Yes, Some("x")), &[]).and_then(|t| t.service)
}

#[test]
fn services_are_known_by_name() {
    #[rustfmt::skip]
    let table = [
        ("https://cos2.navercorp.com/received/1a2b3c", "Naver"),
        ("http://COS2.navercorp.com/received/1a2b3c", "Naver"),
        ("//cos2.navercorp.com/received/x", "Naver"),
        ("https://ems-counter.mail.daum.net/emscount/v1/emails/123/events/open", "Kakao (Daum)"),
        ("https://track.ems.11st.co.kr/abcdef", "11st"),
        ("https://event.stibee.com/v2/open/MTIzNDU2", "Stibee"),
        ("https://shop.us1.list-manage.com/track/open.php?u=1&id=2&e=3", "Mailchimp"),
        ("https://news.shop.example/track/open.php?u=1", "Mailchimp"),
        ("https://mandrillapp.com/track/open.php?u=1", "Mandrill"),
        ("https://u123.ct.sendgrid.net/wf/open?upn=abc", "SendGrid"),
        ("https://links.shop.example/wf/open?upn=abc", "SendGrid"),
        ("https://email.mg.shop.example/o/eJwNyEEOhCAMAMDX", "Mailgun"),
        ("https://abc.r.us-east-1.awstrack.me/I0/0100/x", "Amazon SES"),
        ("https://pstmrk.it/open?m=1", "Postmark"),
        ("https://t.hubspotemail.net/e1t/o/abc", "HubSpot"),
        ("https://trk.klaviyomail.com/o/x", "Klaviyo"),
        ("https://cl.exct.net/open.aspx?ffcb10-fe", "Salesforce Marketing Cloud"),
        ("https://view.mail.shop.example/open.aspx?ffcb10-fe", "Salesforce Marketing Cloud"),
        ("https://go.shop.example/trk?t=1&mid=abc", "Marketo (Adobe)"),
        ("https://x.cmail19.com/t/d-o-abc-def/o.gif", "Campaign Monitor"),
        ("https://r20.rs6.net/on.jsp?ca=1", "Constant Contact"),
        ("https://x.activehosted.com/lt.php?nl=1&l=open", "ActiveCampaign"),
        ("https://openrate.aweber.com/e/x", "AWeber"),
        ("https://abc.sendibt3.com/tr/op/xyz", "Brevo (Sendinblue)"),
        ("https://x1.mjt.lu/oo/abc/def/e.gif", "Mailjet"),
        ("https://click.mlsend.com/link/o/abc", "MailerLite"),
        ("https://open.convertkit-mail2.com/abc", "Kit (ConvertKit)"),
        ("https://track.customer.io/e/o/abc", "Customer.io"),
        ("https://mailfoogae.appspot.com/t?sender=a", "Streak"),
        ("https://t.yesware.com/t/abc/def/spacer.gif", "Yesware"),
        ("https://track.mixmax.com/api/track/v2/x", "Mixmax"),
        ("https://r.superhuman.com/abc.png", "Superhuman"),
        ("https://bl-1.com/t/x.gif", "Staffbase Email (Bananatag)"),
        ("https://mailstat.us/tr/t/abc", "Boomerang"),
        ("https://abc.emltrk.com/abc?d=x", "Litmus"),
        ("https://www.google-analytics.com/collect?v=1&t=event", "Google Analytics"),
        ("https://www.facebook.com/email_open_log_pic.php?mid=1", "Meta (Facebook)"),
        ("https://www.linkedin.com/emimp/ip_x.gif", "LinkedIn"),
        ("https://github.com/notifications/beacon/ABC.gif", "GitHub"),
        ("https://www.amazon.co.jp/gp/r.html?C=1", "Amazon"),
        ("https://lists.example/campaign/0e9e/51b7/px.png", "Listmonk"),
        ("https://crm.example/mail/track/12/blank.gif", "Odoo"),
        ("https://pixel.wp.com/t.gif?x=1", "WordPress.com"),
    ];
    for (url, vendor) in table {
        assert_eq!(service(url).as_deref(), Some(vendor), "{url}");
    }
    for url in [
        "https://www.naver.com/logo.png",
        "https://cos2.navercorp.com.evil.example/received/1",
        "https://evil.example/?https://cos2.navercorp.com/received/1",
        "https://www.google.com/logo.png",
        "https://github.com/logo.png",
        "https://list-manage.com/logo.png",
        "https://shop.example/opening-hours.png",
        "https://shop.example/tracking/box.png",
        "https://www.stibee.com/logo.png",
    ] {
        assert_eq!(service(url), None, "{url}");
    }
}

#[test]
fn the_list_says_whose_it_is() {
    let list = trackers::known();
    assert!(list.services().len() >= 63, "{}", list.services().len());
    for service in list.services() {
        assert!(!service.vendor.is_empty() && !service.purpose.is_empty(), "{service:?}");
        assert!(service.country.as_deref().is_none_or(|c| c.len() == 2), "{service:?}");
    }
    let naver = list.service("Naver").unwrap();
    assert_eq!((naver.purpose.as_str(), naver.country.as_deref()), ("receipt", Some("KR")));
}

const READER: &str = "Reader.Name@example.com";

fn kind(url: &str, visible: Visible, alt: Option<&str>) -> Option<TrackerKind> {
    trackers::judge(&picture(url, visible, alt), &[READER.to_owned()]).map(|t| t.kind)
}

#[test]
fn the_reader_in_the_address_is_a_tracker_however_it_is_wrapped() {
    #[rustfmt::skip]
    let urls = [
        // As it is, and percent-encoded once, wholly, and twice.
        "https://x.example/p.png?e=reader.name@example.com",
        "https://x.example/p/READER.NAME@EXAMPLE.COM/p.png",
        "https://x.example/p.png?e=reader.name%40example.com",
        "https://x.example/p.png?e=%72eader.name%40example%2Ecom",
        "https://x.example/p.png?next=a%3Fe%3Dreader.name%2540example.com",
        // Base64: lower case, as written, without padding, in a longer text, with a prefix.
        "https://x.example/p.png?e=cmVhZGVyLm5hbWVAZXhhbXBsZS5jb20=",
        "https://x.example/p.png?e=cmVhZGVyLm5hbWVAZXhhbXBsZS5jb20%3D",
        "https://x.example/p/UmVhZGVyLk5hbWVAZXhhbXBsZS5jb20",
        "https://x.example/p/cmVhZGVyLm5hbWVAZXhhbXBsZS5jb20.png",
        "https://x.example/o/eyJlIjoicmVhZGVyLm5hbWVAZXhhbXBsZS5jb20iLCJjIjoxfQ",
        "https://x.example/o/1cmVhZGVyLm5hbWVAZXhhbXBsZS5jb20",
        // Hexadecimal.
        "https://x.example/p.png?h=7265616465722e6e616d65406578616d706c652e636f6d",
        "https://x.example/p.png?h=7265616465722E6E616D65406578616D706C652E636F6D",
    ];
    for url in urls {
        assert_eq!(kind(url, Visible::Yes, Some("Sale")), Some(TrackerKind::Token), "{url}");
    }
    let hash =
        |hex: String| kind(&format!("https://x.example/{hex}.png"), Visible::Yes, Some("Sale"));
    // md5, sha1, sha256 of reader.name@example.com, and md5 of it as written.
    for digest in DIGESTS {
        assert_eq!(hash(digest.to_string()), Some(TrackerKind::Token), "{digest}");
        assert_eq!(hash(digest.to_uppercase()), Some(TrackerKind::Token), "{digest}");
    }
    for url in [
        "https://x.example/p.png?e=other@example.com",
        "https://x.example/reader.png",
        "https://x.example/p.png?e=b3RoZXJAZXhhbXBsZS5jb20",
        "https://x.example/00000000000000000000000000000000.png",
    ] {
        assert_eq!(kind(url, Visible::Yes, Some("Sale")), None, "{url}");
    }
}

const DIGESTS: [&str; 4] = [
    "859a0e8df2470149457adbeef6f6e8b7",
    "5298501c7899da298dd8921c753489299eed15d9",
    "3ed3ae116cd8a6a306915bf3dade302dffe8d3955f1d183564df70171cee6ad9",
    "0c241e864bccd0d0cf2caa6b6d55346c",
];

#[test]
fn invisible_and_opaque() {
    use TrackerKind::{Invisible, Token};
    let token = "https://x.example/o/3f2a9c8d7e6b5a4f3c2d1e0f9a8b7c6d.png";
    #[rustfmt::skip]
    let table = [
        ("https://x.example/spacer.gif", Visible::No, None, Some(Invisible)),
        (token, Visible::No, None, Some(Invisible)),
        (token, Visible::Unknown, None, Some(Token)),
        (token, Visible::Unknown, Some(""), Some(Token)),
        (token, Visible::Unknown, Some("Spring sale"), None),
        (token, Visible::Yes, None, None),
        ("https://x.example/p.png?t=550e8400-e29b-41d4-a716-446655440000", Visible::Unknown, None, Some(Token)),
        ("https://x.example/q/AQEAmPx3k9QzT7vB2nL5wR8yJ4/p", Visible::Unknown, None, Some(Token)),
        ("https://x.example/p?eJwNxEEOgCAMBMAX0W4pJT7Hg9GDMfF", Visible::Unknown, None, Some(Token)),
        // Files for everybody.
        ("https://x.example/images/3f2a9c8d7e6b5a4f3c2d1e0f9a8b7c6d.png", Visible::Unknown, None, None),
        ("https://cdn.x.example/3f2a9c8d7e6b5a4f3c2d1e0f9a8b7c6d.png", Visible::Unknown, None, None),
        ("https://img2.x.example/3f2a9c8d7e6b5a4f3c2d1e0f9a8b7c6d.jpg", Visible::Unknown, None, None),
        ("https://x.example/header-summer-sale-2024.png", Visible::Unknown, None, None),
        ("https://x.example/newsletter/2024/08/15/header_600x200.png", Visible::Unknown, None, None),
        ("https://x.example/p.png?width=600&height=200", Visible::Unknown, None, None),
        ("https://x.example/p.png?X-Amz-Signature=3f2a9c8d7e6b5a4f3c2d1e0f9a8b7c6d", Visible::Unknown, None, None),
        ("https://x.example/", Visible::Unknown, None, None),
    ];
    for (url, visible, alt, expected) in table {
        assert_eq!(kind(url, visible, alt), expected, "{url} {visible:?} {alt:?}");
    }
    // A style sheet is never seen; that alone says nothing.
    let mut style = picture("https://x.example/a.css", Visible::No, None);
    style.element = "link[href]".into();
    assert_eq!(trackers::judge(&style, &[]), None);
    style.element = "iframe[src]".into();
    assert_eq!(trackers::judge(&style, &[]).map(|t| t.kind), Some(Invisible));
}

#[test]
fn the_name_is_surer_than_the_look() {
    let seen = trackers::judge(
        &picture("https://cos2.navercorp.com/received/1", Visible::No, None),
        &[READER.to_owned()],
    )
    .unwrap();
    assert_eq!((seen.kind, seen.service.as_deref()), (TrackerKind::Service, Some("Naver")));
    let unseen = picture("https://x.example/?e=reader.name@example.com", Visible::No, None);
    assert_eq!(
        trackers::judge(&unseen, &[READER.to_owned()]).unwrap().kind,
        TrackerKind::Invisible
    );
}

proptest::proptest! {
    #[test]
    fn any_address_is_judged(url in ".{0,200}", visible in 0..3) {
        let visible = [Visible::Yes, Visible::No, Visible::Unknown][visible as usize];
        let _ = trackers::judge(&picture(&url, visible, None), &[url.clone(), READER.to_owned()]);
    }

    #[test]
    fn any_list_is_read(text in "(\\PC{0,40}\n){0,8}", url in "https?://\\PC{0,40}") {
        let _ = trackers::List::parse(&text).find(&url, true);
    }
}

/// The whole way, as a letter goes it: pictures allowed, trackers not, in each of the
/// ways of being one.
#[test]
fn where_pictures_are_allowed_trackers_stay_refused() {
    use goyo::mime;
    use goyo::model::{Proof, Reason, Rule, Scope, Verdict};
    use goyo::privacy::{Policy, ledger};

    let letter = mime::parse(
        b"From: news@shop.example.com\r\nTo: reader@example.org\r\nContent-Type: text/html\r\n\r\n",
    );
    let seen = |url: &str, visible| picture(url, visible, Some("Sale"));
    let references = || {
        vec![
            seen("https://img.shop.example.com/banner.png", Visible::Yes),
            seen("https://img.shop.example.com/pixel.png", Visible::No),
            seen("https://cos2.navercorp.com/received/Zm9vYmFy", Visible::Yes),
            seen(
                "https://ems-counter.mail.daum.net/emscount/v1/emails/1/events/open",
                Visible::Yes,
            ),
            seen("https://track.ems.11st.co.kr/12345", Visible::Yes),
            seen("https://img.shop.example.com/b.png?to=reader@example.org", Visible::Yes),
            picture(
                "https://img.shop.example.com/o/3f2a9c8d7e6b5a4f3c2d1e0f9a8b7c6d",
                Visible::Unknown,
                None,
            ),
        ]
    };
    let base = Policy::for_letter(&letter, &[], Proof::None);
    let rule = |scope| vec![Rule { scope, proof: Proof::None }];
    let verdicts = |policy: &Policy| -> Vec<Verdict> {
        ledger(&letter, references(), policy).entries.iter().map(|e| e.verdict).collect()
    };
    for (policy, reason) in [
        (Policy { once: true, ..base.clone() }, Reason::Once),
        (
            Policy { rules: rule(Scope::Sender("News@Shop.example.com".into())), ..base.clone() },
            Reason::Sender,
        ),
        (
            Policy { rules: rule(Scope::Domain("example.com".into())), ..base.clone() },
            Reason::Domain,
        ),
    ] {
        let mut expected = vec![Verdict::Refuse(Reason::Tracker); 7];
        expected[0] = Verdict::Allow(reason);
        assert_eq!(verdicts(&policy), expected);
        // By hand, one by one, whatever it is; the others stay as they were.
        for (index, reference) in references().into_iter().enumerate().skip(1) {
            let policy = Policy { by_hand: vec![reference.url], ..policy.clone() };
            let mut expected = expected.clone();
            expected[index] = Verdict::Allow(Reason::ByHand);
            assert_eq!(verdicts(&policy), expected);
        }
    }
    assert_eq!(verdicts(&base), vec![Verdict::Refuse(Reason::Default); 7]);
    let never =
        Policy { rules: rule(Scope::Never("news@shop.example.com".into())), ..base.clone() };
    assert_eq!(verdicts(&never), vec![Verdict::Refuse(Reason::NeverForSender); 7]);
    // Encrypted letters load nothing, by hand either.
    let hand = references().into_iter().map(|r| r.url).collect();
    let sealed = Policy { encrypted: true, once: true, by_hand: hand, ..base };
    assert_eq!(verdicts(&sealed), vec![Verdict::Refuse(Reason::Encrypted); 7]);
}

#[test]
fn a_name_made_for_one_reader_marks_every_address_with_it() {
    let reference = |url: &str, element: &str| Reference {
        element: element.into(),
        ..picture(url, Visible::Yes, None)
    };
    let references = [
        reference("//u8f2k1.open.garden.example", "link[rel=dns-prefetch]"),
        reference("https://bg.garden.example/u8f2k1/paper.png", "body[background]"),
        reference("https://css.garden.example/m/U8F2K1.css", "link[rel=stylesheet]"),
        reference("https://bg.garden.example/shared/leaf.png", "img[src]"),
    ];
    let kinds = |references: &[Reference]| -> Vec<bool> {
        trackers::judge_all(references, &[])
            .iter()
            .map(|tracker| tracker.as_ref().is_some_and(|t| t.kind == TrackerKind::Token))
            .collect()
    };
    assert_eq!(kinds(&references), [true, true, true, false]);
    // An opaque name alone is a customer's at a content network.
    let network = [
        reference("https://d1x2y3z4.cloudfront.net/logo.png", "img[src]"),
        reference("https://d1x2y3z4.cloudfront.net/cup.png", "img[src]"),
        reference("https://shop.example/p?from=d1x2y3z4", "img[src]"),
    ];
    assert_eq!(kinds(&network), [false, false, false]);
    // Words, sizes and dates are no signs.
    let words = [
        reference("https://summer2026.shop.example/a.png", "img[src]"),
        reference("https://img.shop.example/summer2026/b.png", "img[src]"),
        reference("https://css.shop.example/summer2026.css", "link[rel=stylesheet]"),
        reference("https://600x200.shop.example/summer2026.css", "link[rel=stylesheet]"),
    ];
    assert_eq!(kinds(&words), [false; 4]);
}
