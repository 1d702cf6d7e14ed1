//! The report as `inspect` prints it.

use goyo::html;
use goyo::privacy::report::attachment_warning;
use serde_json::{Value, json};

const LETTER: &str = "Received: from a.example.com (a.example.com [8.8.8.8]) by mx.naver.com with ESMTPS; Thu, 15 Aug 2024 10:00:05 +0900\r\n\
From: Shop <news@shop.example.com>\r\n\
To: reader@naver.com\r\n\
Subject: Sale\r\n\
Date: Thu, 15 Aug 2024 10:00:00 +0900\r\n\
Message-ID: <1@shop.example.com>\r\n\
Disposition-Notification-To: <news@shop.example.com>\r\n\
MIME-Version: 1.0\r\n\
Content-Type: multipart/mixed; boundary=x\r\n\
\r\n\
--x\r\n\
Content-Type: multipart/alternative; boundary=y\r\n\
\r\n\
--y\r\n\
Content-Type: text/plain; charset=utf-8\r\n\
\r\n\
one\r\ntwo\r\n\r\n\
--y\r\n\
Content-Type: text/html; charset=utf-8\r\n\
Content-Transfer-Encoding: 8bit\r\n\
\r\n\
<p><a href=\"http://evil.example.net/?utm_source=x\">naver.com</a>\
<img src=\"https://shop.example.com/header.png\" width=600 height=200 alt=Sale>\
<img src=\"https://cos2.navercorp.com/received/1\" width=1 height=1>\
<img src=\"http://10.0.0.1/x\"><link rel=stylesheet href=\"https://shop.example.com/a.css\"></p>\r\n\
--y--\r\n\
--x\r\n\
Content-Type: text/html; name=a.html\r\n\
Content-Disposition: attachment; filename=a.html\r\n\
\r\n\
<img src=https://never.example/x>\r\n\
--x--\r\n";

fn report() -> Value {
    let report = html::inspect(LETTER.as_bytes(), &["me@naver.com".into()]);
    serde_json::to_value(report).unwrap_or_default()
}

#[test]
fn the_whole_shape() {
    let report = report();
    let keys: Vec<&str> = report.as_object().unwrap().keys().map(String::as_str).collect();
    for key in [
        "headers",
        "warnings",
        "remote",
        "links",
        "receipt_requests",
        "hops",
        "attachments",
        "parts",
        "auth",
    ] {
        assert!(keys.contains(&key), "{key}");
    }
    assert_eq!(report["headers"][1]["name"], "From");
    assert_eq!(report["headers"][1]["group"], "recipients: basic");
    assert!(report["headers"][1]["note"].is_string());
    assert_eq!(
        report["remote"],
        json!([
            {"url": "https://shop.example.com/header.png", "element": "img[src]", "visible": true, "verdict": "refuse", "reason": "default"},
            {"url": "https://cos2.navercorp.com/received/1", "element": "img[src]", "visible": false, "verdict": "refuse", "reason": "default",
             "tracker": {"service": "Naver", "kind": "service"}},
            {"url": "http://10.0.0.1/x", "element": "img[src]", "visible": null, "verdict": "refuse", "reason": "address"},
            {"url": "https://shop.example.com/a.css", "element": "link[href]", "visible": null, "verdict": "refuse", "reason": "not-a-picture"},
        ])
    );
    assert_eq!(
        report["links"],
        json!([{"href": "http://evil.example.net/?utm_source=x", "text": "naver.com", "target": "http://evil.example.net/?utm_source=x",
            "cleaned": "http://evil.example.net/", "domain": "example.net", "warnings": ["plain-http", "text-names-another-host"]}])
    );
    let kinds: Vec<&str> = report["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|w| w["kind"].as_str().unwrap())
        .collect();
    assert!(kinds.contains(&"not-addressed-to-you"), "{kinds:?}");
    assert_eq!(report["receipt_requests"][0]["kind"], "mdn");
    assert_eq!(report["receipt_requests"][1]["kind"], "pixel");
    assert_eq!(report["receipt_requests"][1]["service"], "Naver");
    assert_eq!(report["hops"][0]["at"], "2024-08-15T01:00:05Z");
    assert_eq!(report["hops"][0]["tls"], true);
    assert_eq!(report["attachments"][0]["name"], "a.html");
    assert!(report["attachments"][0]["warning"].is_string());
    assert!(report["auth"]["summary"].as_str().unwrap().starts_with("Cannot be checked"));
}

#[test]
fn parts_have_stable_sums() {
    let report = report();
    let parts = report["parts"].as_array().unwrap();
    let plain = parts.iter().find(|p| p["type"] == "text/plain").unwrap();
    // SHA-256 of "one\ntwo".
    assert_eq!(plain["sha256"], "21066d108d5319ecb5a1fc4454f42ef22fc5f1c7df49c31d90294950e0ea8b2c");
    assert_eq!(plain["charset"], "utf-8");
    let mixed = parts.iter().find(|p| p["type"] == "multipart/mixed").unwrap();
    assert!(mixed.get("sha256").is_none());
}

#[test]
fn text_letters_have_links_too() {
    let raw = b"From: a@b.example\r\n\r\nSee https://x.example/?utm_source=a now.";
    let report = serde_json::to_value(html::inspect(raw, &[])).unwrap();
    assert_eq!(report["links"][0]["cleaned"], "https://x.example/");
    assert_eq!(report["remote"], json!([]));
}

#[test]
fn references_outside_html() {
    let raw = b"From: a@b.example\r\nX-Image-URL: https://b.example/face.png\r\n\
        Face: iVBORw0KGgo=\r\nList-Unsubscribe: <https://b.example/u>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n\
        --x\r\nContent-Type: message/external-body; access-type=URL; URL=\"https://b.example/body\"\r\n\r\nContent-Type: text/plain\r\n\r\n\
        --x\r\nContent-Type: text/html\r\nContent-Base: \"https://base.example/dir/\"\r\n\r\n<img src=a.png>\r\n--x--\r\n";
    let report = html::inspect(raw, &[]);
    let seen: Vec<_> = report.remote.iter().map(|r| (r.element.as_str(), r.url.as_str())).collect();
    assert_eq!(
        seen,
        [
            ("header:x-image-url", "https://b.example/face.png"),
            ("message/external-body", "https://b.example/body"),
            ("img[src]", "https://base.example/dir/a.png"),
        ]
    );
}

#[test]
fn attachments_are_warned_about() {
    use goyo::privacy::report::AttachmentWarning::*;
    #[rustfmt::skip]
    let table = [
        (Some("a.pdf"), "application/pdf", Some(Reports)),
        (Some("a.html"), "text/html", Some(Reports)),
        (Some("a.svg"), "image/svg+xml", Some(Reports)),
        (Some("견적서.hwp"), "application/octet-stream", Some(Reports)),
        (Some("a.docx"), "application/octet-stream", Some(Reports)),
        (None, "application/pdf", Some(Reports)),
        (None, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", Some(Reports)),
        (Some("a.docm"), "application/octet-stream", Some(Macros)),
        (Some("a.exe"), "application/octet-stream", Some(Program)),
        (Some("A.EXE "), "image/png", Some(Program)),
        (Some("invoice.pdf.exe"), "application/octet-stream", Some(ProgramDisguised)),
        (Some("사진.jpg.lnk"), "application/octet-stream", Some(ProgramDisguised)),
        (Some("invoice\u{202e}fdp.exe"), "application/pdf", Some(Disguised)),
        (Some("a.png"), "image/png", None),
        (Some("a.txt"), "text/plain", None),
        (Some("exe"), "application/octet-stream", None),
        (None, "image/jpeg", None),
        (Some(""), "", None),
    ];
    for (name, media_type, warning) in table {
        assert_eq!(attachment_warning(name, media_type), warning, "{name:?} {media_type}");
    }
    // For scripts it is a sentence.
    let json = serde_json::to_string(&Macros).unwrap();
    assert_eq!(json, r#""It may run macros when it is opened.""#);
}
