#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::*;
use crate::model::{Attachment, PixelRequest};

fn address(addr: &str) -> Address {
    Address { name: None, addr: addr.to_owned() }
}

fn draft(to: &[&str], text: &str) -> Draft {
    Draft {
        to: to.iter().map(|addr| address(addr)).collect(),
        subject: "x".into(),
        body: DraftBody::Marked(text.into()),
        ..Draft::default()
    }
}

fn kinds(draft: &Draft) -> Vec<&'static str> {
    look(draft, Known::default()).iter().map(Finding::kind).collect()
}

#[test]
fn slips_in_domains_are_asked_about_and_real_ones_are_not() {
    for (typed, meant) in [
        ("a@gamil.com", "a@gmail.com"),
        ("a@naver.con", "a@naver.com"),
        ("a@Naver.CON", "a@naver.com"),
        ("a@nvaer.com", "a@naver.com"),
        ("a@hanmai.net", "a@hanmail.net"),
        ("a@hotmaul.com", "a@hotmail.com"),
        ("a@outloook.com", "a@outlook.com"),
        ("a@company.con", "a@company.com"),
        ("a@company.co.rk", "a@company.co.kr"),
    ] {
        let found = look(&draft(&[typed], "x"), Known::default());
        let expected = Finding::Mistyped { address: typed.into(), meant: meant.into() };
        assert_eq!(found[0], expected);
        assert_eq!(found[0].weight(), Weight::Asked);
    }
    for real in [
        "a@gmail.com",
        "a@mail.com",
        "a@email.com",
        "a@ymail.com",
        "a@naver.com",
        "a@daum.net",
        "a@company.example",
        "a@korea.ac.kr",
        "a@outlook.de",
        "a@gmx.at",
        "a@example.com",
    ] {
        assert!(!kinds(&draft(&[real], "x")).contains(&"mistyped"), "{real}");
    }
    // One's own domain is no slip.
    let own = ["me@navr.com".to_owned()];
    let found = look(&draft(&["me@navr.com"], "x"), Known { own: &own, ..Known::default() });
    assert!(found.iter().all(|finding| finding.kind() != "mistyped"));
}

#[test]
fn forgotten_attachments_are_noticed_in_both_languages() {
    for text in [
        "첨부한 파일을 봐 주세요",
        "붙임 1부",
        "견적서 파일 보내드립니다",
        "Please find the report attached.",
        "I've enclosed the plan",
    ] {
        assert!(
            kinds(&draft(&["a@example.com"], text)).contains(&"attachment-forgotten"),
            "{text}"
        );
    }
    for text in [
        "첨부 없이 보내요",
        "There is no attachment.",
        "> 첨부한 파일을 봐 주세요\n네, 봤어요.",
        "She is unattached.",
        "내일 봐요",
    ] {
        assert!(
            !kinds(&draft(&["a@example.com"], text)).contains(&"attachment-forgotten"),
            "{text}"
        );
    }
    let mut with = draft(&["a@example.com"], "첨부한 파일을 봐 주세요");
    with.attachments.push(Attachment { name: "a.txt".into(), ..Attachment::default() });
    assert!(!kinds(&with).contains(&"attachment-forgotten"));
}

#[test]
fn what_a_letter_makes_known_is_listed() {
    let mut letter = draft(&["a@example.com", "noreply@example.org", "b@mois.go.kr"], "x");
    letter.cc = vec![address("Old@example.org")];
    letter.bcc = vec![address("c@example.org")];
    letter.zone = Some(540);
    letter.receipt.mdn = true;
    letter.receipt.pixel =
        Some(PixelRequest { server: "https://r.example.net/x".into(), notice: String::new() });
    let file = |name: &str, bytes: &[u8]| Attachment {
        name: name.into(),
        bytes: bytes.to_vec(),
        ..Attachment::default()
    };
    letter.attachments = vec![
        file("plan.hwp", b"x"),
        file("phone.heic", b"\0\0\0\x18ftypheic\0\0\0\0"),
        file("old.eml", b"x"),
    ];
    let bounced = ["old@EXAMPLE.org".to_owned()];
    let found = look(&letter, Known { bounced: &bounced, ..Known::default() });
    let has = |finding: Finding| assert!(found.contains(&finding), "{finding:?} of {found:?}");
    has(Finding::AddressesSeen(4));
    has(Finding::BlindCopies(1));
    has(Finding::NoReply("noreply@example.org".into()));
    has(Finding::BouncedBefore("Old@example.org".into()));
    has(Finding::PicturesBlocked("b@mois.go.kr".into()));
    has(Finding::ReceiptPicture("r.example.net".into()));
    has(Finding::ReceiptAnswer);
    has(Finding::Time(Some(540)));
    has(Finding::DocumentTells("plan.hwp".into()));
    has(Finding::PictureTells("phone.heic".into()));
    has(Finding::LetterWhole("old.eml".into()));
    assert!(found.is_sorted_by_key(|finding| std::cmp::Reverse(finding.weight())));
    letter.body = DraftBody::Text("x".into());
    assert!(kinds(&letter).contains(&"receipt-impossible"));
    let many: Vec<String> = (0..16).map(|n| format!("{n}@example.com")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert!(kinds(&draft(&many, "x")).contains(&"many-seen"));
    assert!(kinds(&Draft::default()).contains(&"empty"));
}
