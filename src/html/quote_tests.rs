use super::*;
use crate::mime::compose;
use crate::mime::parse;
use crate::model::{Address, Draft, DraftBody, Identity, Seal};

const GIF: &str = "R0lGODlhAQABAIAAAAAAAP///yH+BlNlY3JldAAsAAAAAAEAAQAAAgJEAQA7";

fn letter(html: &str) -> String {
    let html = html.replace('\n', "\r\n");
    format!(
        "From: shop@shop.example\r\nTo: minji@example.com\r\nSubject: x\r\n\
         Message-ID: <1@shop.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/related; boundary=r\r\n\r\n\
         --r\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n\
         --r\r\nContent-Type: image/gif; name=logo.gif\r\nContent-ID: <logo@shop.example>\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{GIF}\r\n--r--\r\n"
    )
}

const SHOP: &str = "<html><head><style>.x{background:url(https://t.shop.example/css.png)}</style></head>\
    <body background=\"https://t.shop.example/body.png\">\
    <p style=\"color:#c00;background:url('https://t.shop.example/p.png')\">안녕 <b>손님</b></p>\
    <img src=\"cid:logo@shop.example\">\
    <img src=\"https://shop.example/hat.jpg\" alt=\"모자\" width=\"300\" height=\"200\">\
    <img src=\"https://cos2.navercorp.com/received/abc\" width=\"1\" height=\"1\">\
    <a href=\"https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fshop.example%2Fhat%3Futm_source%3Dmail&data=x\">보기</a>\
    <a href=\"javascript:alert(1)\">x</a><script>alert(1)</script>\
    <form action=\"https://t.shop.example/f\"><input name=a></form></body></html>";

#[test]
fn what_is_quoted_tells_nobody() {
    let raw = letter(SHOP);
    let letter = parse(raw.as_bytes());
    for forwarded in [false, true] {
        let quoted = quote(&letter, "Shop:", forwarded);
        let html = &quoted.quotation.html;
        for word in
            ["t.shop.example", "cos2", "<script", "javascript", "hat.jpg", "goyo", "<form", "utm_"]
        {
            assert!(!html.contains(word), "{word} in {html}");
        }
        assert!(html.contains("<a href=\"https://shop.example/hat\">보기</a>"), "{html}");
        assert!(html.contains("<b>손님</b>") && html.contains("모자"), "{html}");
        assert!(quoted.quotation.text.contains("안녕 손님"));
        assert!(quoted.left_out.trackers >= 1 && quoted.left_out.links >= 1);
        assert_eq!(quoted.pictures.len(), usize::from(forwarded));
        assert_eq!(html.contains("<img src=\"cid:q"), forwarded, "{html}");
        // Nothing is left that a program would fetch.
        assert!(crate::html::references(html, 0).iter().all(|r| r.url.starts_with("cid:")));
    }
}

#[test]
fn a_letter_that_hands_on_has_the_pictures_and_their_secrets_not() {
    let raw = letter(SHOP);
    let quoted = quote(&parse(raw.as_bytes()), "Shop:", true);
    let draft = Draft {
        identity: Identity {
            from: Address { name: None, addr: "minji@example.com".into() },
            ..Identity::default()
        },
        to: vec![Address { name: None, addr: "a@example.org".into() }],
        body: DraftBody::Marked("보세요".into()),
        quotation: Some(quoted.quotation),
        pictures: quoted.pictures,
        ..Draft::default()
    };
    let built = compose::build(&draft, &Seal { seed: [1; 32], date: 0 }).unwrap();
    assert!(built.pictures[0].cleaned);
    let raw = built.bytes(&built.deliveries[0]);
    let letter = parse(&raw);
    let html = letter.html().unwrap();
    let id = html.split("cid:").nth(1).unwrap().split('"').next().unwrap();
    let picture = letter.parts.iter().position(|p| p.content_id.as_deref() == Some(id)).unwrap();
    let bytes = letter.bytes(picture).unwrap();
    assert!(bytes.starts_with(b"GIF89a") && !bytes.windows(6).any(|w| w == b"Secret"));
    assert_eq!(letter.parts[picture].file_name.as_deref(), Some("logo.gif"));
}

#[test]
fn text_is_quoted_as_text_with_its_links_unwrapped() {
    let raw = "From: a@example.org\r\nSubject: x\r\n\r\nSee https://www.google.com/url?q=https://example.net/x%3Futm_source%3Da now.\r\n> older\r\n";
    let quoted = quote(&parse(raw.as_bytes()), "a:", false);
    assert_eq!(quoted.quotation.text.trim_end(), "See https://example.net/x now.\n> older");
    assert!(quoted.quotation.html.is_empty());
    assert_eq!(quoted.left_out.links, 1);
}
