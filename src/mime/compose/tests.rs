#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::*;
use crate::model::{Attachment, DraftBody, Identity, PixelRequest, Quotation, ReceiptChoice};

fn address(name: &str, addr: &str) -> Address {
    Address { name: (!name.is_empty()).then(|| name.to_owned()), addr: addr.to_owned() }
}

pub(super) fn seal() -> Seal {
    Seal { seed: [7; 32], date: 1_792_108_800 }
}

pub(super) fn draft() -> Draft {
    Draft {
        identity: Identity {
            from: address("김민지", "minji@example.com"), ..Identity::default()
        },
        to: vec![address("", "a@example.org")],
        subject: "안녕하세요".into(),
        body: DraftBody::Text("네, 좋아요.".into()),
        ..Draft::default()
    }
}

fn text_of(draft: &Draft) -> String {
    let built = build(draft, &seal()).unwrap();
    String::from_utf8(built.bytes(&built.deliveries[0])).unwrap()
}

#[test]
fn a_short_letter_is_written_as_the_standards_have_it() {
    let raw = text_of(&draft());
    let id = raw.split("Message-ID: <").nth(1).unwrap().split('>').next().unwrap();
    let (left, domain) = id.split_once('@').unwrap();
    assert_eq!((left.len(), domain), (32, "example.com"));
    let expected = format!(
        "Date: Fri, 16 Oct 2026 00:00:00 +0000\r\n\
         From: =?UTF-8?B?6rmA66+87KeA?= <minji@example.com>\r\n\
         To: a@example.org\r\n\
         Subject: =?UTF-8?B?7JWI64WV7ZWY7IS47JqU?=\r\n\
         Message-ID: <{id}>\r\n\
         MIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8; format=flowed\r\n\
         Content-Transfer-Encoding: base64\r\n\
         \r\n\
         64SkLCDsoovslYTsmpQuDQo=\r\n"
    );
    assert_eq!(raw, expected);
}

#[test]
fn nothing_a_field_is_given_begins_another_field() {
    let evil = "x\r\nBcc: victim@example.net\nX-Evil: yes\0\u{85}\u{2028}z";
    let mut draft = draft();
    draft.identity.from.name = Some(evil.into());
    draft.to[0].name = Some(evil.into());
    draft.subject = evil.into();
    draft.identity.signature = evil.into();
    draft.context.in_reply_to = vec![evil.into(), "good@example.org".into()];
    draft.context.references = vec!["a>\r\nX-Evil: 1".into()];
    draft.attachments = vec![Attachment {
        name: evil.into(),
        media_type: "text/plain\r\nX-Evil: yes".into(),
        bytes: b"x".to_vec(),
    }];
    let raw = text_of(&draft);
    for line in raw.lines() {
        let lower = line.to_ascii_lowercase();
        if lower.starts_with("bcc:") || lower.starts_with("x-evil:") {
            // In the text it may stand.
            assert!(raw.find(line) > raw.find("\r\n\r\n"), "{line}");
        }
    }
    let header = raw.split("\r\n\r\n").next().unwrap();
    assert_eq!(header.lines().filter(|l| !l.starts_with(' ')).count(), 8, "{header}");
    assert!(raw.contains("In-Reply-To: <good@example.org>\r\n") && !raw.contains("References"));
    for bad in [
        "a@example.com\r\nX-Evil: 1",
        "a@example.com>\r\nRCPT TO:<b@example.com",
        "a b@example.com",
        "a@exam ple.com",
        "a@example.com\0",
        "@example.com",
        "a@",
        "a@b@c@",
        "a@[10.0.0.256]",
        "a@-x.com",
        "a@x..com",
        "\"a\"b\"@example.com",
        "a\u{202e}@example.com",
        "<a@example.com>",
        "a@example.com,b@example.com",
    ] {
        draft.to[0].addr = bad.into();
        assert!(matches!(build(&draft, &seal()), Err(ComposeError::Address(_))), "{bad:?}");
    }
}

#[test]
fn domains_become_punycode_and_only_local_parts_need_a_server_that_knows_them() {
    let mut draft = draft();
    draft.to[0].addr = "kim@예시.한국".into();
    let built = build(&draft, &seal()).unwrap();
    assert_eq!(built.deliveries[0].recipients, ["kim@xn--vv4b11d.xn--3e0b707e"]);
    assert!(!built.deliveries[0].smtputf8 && built.bytes(&built.deliveries[0]).is_ascii());
    draft.bcc = vec![address("", "사용자@예시.한국")];
    let built = build(&draft, &seal()).unwrap();
    assert!(built.deliveries[0].smtputf8 && built.bytes(&built.deliveries[0]).is_ascii());
    draft.to[0].addr = "사용자@예시.한국".into();
    assert!(text_of(&draft).contains("\r\nTo: 사용자@xn--vv4b11d.xn--3e0b707e\r\n"));
    draft.to[0].addr = "a..b.@docomo.ne.jp".into();
    assert!(text_of(&draft).contains("\r\nTo: <\"a..b.\"@docomo.ne.jp>\r\n"));
}

#[test]
fn with_a_picture_each_recipient_has_a_letter_that_differs_in_the_token_alone() {
    let mut draft = draft();
    draft.cc = vec![address("이서연", "b@example.org"), address("", "A@example.org")];
    draft.bcc = vec![address("", "secret@example.org")];
    draft.body = DraftBody::Marked("**보세요**".into());
    draft.receipt = ReceiptChoice {
        mdn: true,
        pixel: Some(PixelRequest {
            server: "https://receipts.example.com/".into(),
            notice: "읽으셨는지 알 수 있게 그림 하나를 넣었어요.".into(),
        }),
    };
    let built = build(&draft, &seal()).unwrap();
    let to: Vec<_> = built.deliveries.iter().flat_map(|d| d.recipients.clone()).collect();
    assert_eq!(to, ["a@example.org", "b@example.org", "secret@example.org"]);
    let tokens: Vec<_> = built.deliveries.iter().map(|d| d.token.clone().unwrap()).collect();
    assert!(tokens.iter().all(|t| t.len() == 32 && t.bytes().all(|b| b.is_ascii_hexdigit())));
    let html = |delivery: &Delivery| {
        let raw = built.bytes(delivery);
        let letter = crate::mime::parse(&raw);
        assert!(letter.text().contains("읽으셨는지 알 수 있게"));
        letter.html().unwrap()
    };
    let first = html(&built.deliveries[0]);
    for (delivery, token) in built.deliveries.iter().zip(&tokens) {
        let html = html(delivery);
        let pixel = format!(
            "<img src=\"https://receipts.example.com/r/{token}.png\" width=\"1\" height=\"1\" alt=\"\">"
        );
        assert_eq!(html.matches(&pixel).count(), 1, "{html}");
        assert_eq!(html.replace(token, &tokens[0]), first);
        assert_eq!(built.bytes(delivery).len(), built.bytes(&built.deliveries[0]).len());
        let raw = String::from_utf8(built.bytes(delivery)).unwrap();
        assert!(raw.contains("\r\nDisposition-Notification-To: minji@example.com\r\n"));
        assert!(!raw.contains("secret@") && !raw.to_ascii_lowercase().contains("\nbcc:"));
    }
    let own = built.own_copy();
    let letter = crate::mime::parse(&own);
    assert_eq!(letter.envelope.bcc, [address("", "secret@example.org")]);
    assert!(!letter.html().unwrap().contains("<img"));
    assert!(tokens.iter().all(|t| !String::from_utf8_lossy(&own).contains(t.as_str())));
    // Built again after a crash, it is the same.
    let again = build(&draft, &seal()).unwrap();
    assert_eq!(again.deliveries, built.deliveries);
    assert_eq!(again.bytes(&again.deliveries[1]), built.bytes(&built.deliveries[1]));
    // With other chance, nothing of it is the same.
    let other = build(&draft, &Seal { seed: [8; 32], ..seal() }).unwrap();
    assert!(other.deliveries.iter().all(|d| !tokens.contains(d.token.as_ref().unwrap())));
    // Text has no place for a picture.
    draft.body = DraftBody::Text("x".into());
    let built = build(&draft, &seal()).unwrap();
    assert!(built.unconfirmable && built.deliveries.len() == 1);
    for bad in
        ["http://receipts.example.com", "receipts", "https://a b", "https://x/?q=\"><script>"]
    {
        draft.receipt.pixel.as_mut().unwrap().server = bad.into();
        assert!(matches!(build(&draft, &seal()), Err(ComposeError::ReceiptServer(_))), "{bad}");
    }
}

#[test]
fn what_is_quoted_stands_below_signature_and_words() {
    let mut draft = draft();
    draft.identity.signature = "김민지\n02-0000-0000".into();
    draft.quotation = Some(Quotation {
        intro: "2026년 10월 1일에 이서연 님이 썼어요:".into(),
        text: "첫 줄\n> 더 앞".into(),
        ..Quotation::default()
    });
    let expected = "네, 좋아요.\n\n-- \n김민지\n02-0000-0000\n\n\
                    2026년 10월 1일에 이서연 님이 썼어요:\n> 첫 줄\n>> 더 앞\n";
    assert_eq!(preview_text(&draft), expected);
    draft.body = DraftBody::Html {
        html: "<html><body><p>네, <b>좋아요</b>.</p></body></html>".into(),
        text: None,
    };
    let html = preview_html(&draft).unwrap();
    assert!(html.ends_with("</blockquote>\n</blockquote>\n</body></html>\n"), "{html}");
    assert_eq!(preview_text(&draft), expected);
}

#[test]
fn marks_say_the_same_in_both_forms() {
    let typed = "**굵게**는 굵고 *기울임*도 `a*b*c` 2*3*4 snake_case_name\n\
                 [우리 집](https://example.com/a_(b)) 그리고 https://example.com/x?a=1&b=2 끝\n\
                 \n- 하나\n- 둘\n  - 둘의 하나\n3. 셋\n> 인용\n>> 더 깊이\n<b>그대로</b> \\*별\\*";
    let marks::Written { html, text } = marks::marked(typed);
    assert_eq!(
        text,
        "굵게는 굵고 기울임도 a*b*c 2*3*4 snake_case_name\n\
         우리 집 <https://example.com/a_(b)> 그리고 https://example.com/x?a=1&b=2 끝\n\
         \n- 하나\n- 둘\n  - 둘의 하나\n3. 셋\n> 인용\n>> 더 깊이\n<b>그대로</b> *별*\n"
    );
    assert!(html.contains("<b>굵게</b>는 굵고 <i>기울임</i>도 <code>a*b*c</code> 2*3*4"));
    assert!(html.contains("<a href=\"https://example.com/a_(b)\">우리 집</a>"));
    assert!(html.contains("<a href=\"https://example.com/x?a=1&amp;b=2\">"));
    assert!(html.contains("<ol start=\"3\"><li>셋</li>"));
    assert!(html.contains("&lt;b&gt;그대로&lt;/b&gt; *별*"));
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| c.is_whitespace() || "->•<".contains(c))
            .filter(|w| !w.is_empty() && !w.starts_with("https://example.com/a"))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(words(&crate::mime::html_text::to_text(&html)), words(&text));
    for bad in ["[x](javascript:alert(1))", "[x](data:text/html,x)", "[x](file:///etc/passwd)"] {
        assert!(!marks::marked(bad).html.contains("<a "), "{bad}");
    }
}

#[test]
fn a_draft_with_half_an_address_is_kept_all_the_same() {
    let mut draft = draft();
    draft.to.push(address("", "minj"));
    draft.bcc = vec![address("", "b@example.org")];
    let (raw, left_out) = draft_copy(&draft, &seal());
    let letter = crate::mime::parse(&raw);
    assert_eq!(left_out, ["minj"]);
    assert_eq!(letter.envelope.to, [address("", "a@example.org")]);
    assert_eq!(letter.envelope.bcc, [address("", "b@example.org")]);
    draft.identity = Identity::default();
    let raw = draft_copy(&draft, &seal()).0;
    assert_eq!(crate::mime::parse(&raw).envelope.from[0].addr, "unknown@invalid");
}
