//! Trees, bodies and attachments. Structure was compared with Python's `email`
//! for each of these letters.

use super::super::{Content, Letter};
use super::parse;
use proptest::prelude::*;

fn shape(letter: &Letter<'_>) -> Vec<(String, String)> {
    letter.parts.iter().map(|p| (p.path.clone(), p.media_type.clone())).collect()
}

#[track_caller]
fn has_shape(letter: &Letter<'_>, expected: &[(&str, &str)]) {
    let expected: Vec<_> =
        expected.iter().map(|(p, t)| ((*p).to_owned(), (*t).to_owned())).collect();
    assert_eq!(shape(letter), expected);
}

const NEWSLETTER: &str = "From: =?utf-8?B?6rOg7JqU?= <news@goyo.test>\r\n\
To: kim@x.test\r\n\
Subject: Hi\r\n\
Date: Mon, 1 Jan 2024 00:00:00 +0900\r\n\
Message-ID: <1@goyo.test>\r\n\
List-Id: News of Goyo <news.goyo.test>\r\n\
MIME-Version: 1.0\r\n\
Content-Type: multipart/mixed; boundary=m\r\n\
\r\n\
preamble\r\n\
--m\r\n\
Content-Type: multipart/alternative; boundary=a\r\n\
\r\n\
--a\r\n\
Content-Type: text/plain; charset=utf-8\r\n\
Content-Transfer-Encoding: base64\r\n\
\r\n\
7JWI64WV\r\n\
--a\r\n\
Content-Type: multipart/related; boundary=r; type=\"text/html\"\r\n\
\r\n\
--r\r\n\
Content-Type: text/html; charset=utf-8\r\n\
Content-Transfer-Encoding: quoted-printable\r\n\
\r\n\
<p>=EC=95=88=EB=85=95 <img src=3D\"cid:pic%40x\"></p>\r\n\
--r\r\n\
Content-Type: image/png\r\n\
Content-ID: <pic@x>\r\n\
Content-Transfer-Encoding: base64\r\n\
\r\n\
iVBORw0KGgo=\r\n\
--r\r\n\
Content-Type: image/gif; name=unused.gif\r\n\
Content-ID: <unused@x>\r\n\
\r\n\
GIF\r\n\
--r--\r\n\
\r\n\
--a--\r\n\
--m\r\n\
Content-Type: application/pdf\r\n\
Content-Disposition: attachment; filename*=utf-8''%EA%B3%A0%EC%9A%94.pdf\r\n\
\r\n\
%PDF\r\n\
--m--\r\n\
epilogue\r\n";

#[test]
fn a_newsletter() {
    let letter = parse(NEWSLETTER.as_bytes());
    has_shape(
        &letter,
        &[
            ("", "multipart/mixed"),
            ("1", "multipart/alternative"),
            ("1.1", "text/plain"),
            ("1.2", "multipart/related"),
            ("1.2.1", "text/html"),
            ("1.2.2", "image/png"),
            ("1.2.3", "image/gif"),
            ("2", "application/pdf"),
        ],
    );
    assert_eq!(letter.text_body, [2]);
    assert_eq!(letter.html_body, [4]);
    // The picture the HTML shows is no attachment; the other one is.
    assert_eq!(letter.attachments, [6, 7]);
    let marked: Vec<bool> = letter.parts.iter().map(|p| p.is_attachment).collect();
    assert_eq!(marked, [false, false, false, false, false, false, true, true]);
    assert_eq!(letter.text(), "안녕");
    assert_eq!(letter.html().as_deref(), Some("<p>안녕 <img src=\"cid:pic%40x\"></p>"));
    assert_eq!(letter.parts[7].file_name.as_deref(), Some("고요.pdf"));
    assert_eq!(letter.bytes(7).as_deref(), Some(&b"%PDF"[..]));
    assert_eq!(letter.parts[5].size, 8);
    assert_eq!(letter.envelope.from[0].name.as_deref(), Some("고요"));
    assert_eq!(letter.envelope.date, Some(1_704_034_800));
    assert_eq!(letter.envelope.message_id.as_deref(), Some("1@goyo.test"));
    assert_eq!(letter.envelope.list_id.as_deref(), Some("news.goyo.test"));
    assert_eq!(letter.field("subject").map(|f| &*f.value), Some("Hi"));
    assert_eq!(letter.fields().len(), 8);
    assert_eq!(letter.preview(100), "안녕");
    assert!(letter.defects.is_empty(), "{:?}", letter.defects);
    // The same with other line ends.
    for end in ["\n", "\r"] {
        let raw = NEWSLETTER.replace("\r\n", end);
        let other = parse(raw.as_bytes());
        assert_eq!(shape(&other), shape(&letter));
        assert_eq!((other.text(), &other.attachments), ("안녕".to_owned(), &letter.attachments));
    }
}

#[test]
fn letters_in_letters() {
    let raw = "Subject: outer\n\
        Content-Type: multipart/mixed; boundary=o\n\n\
        --o\n\nsee below\n\
        --o\nContent-Type: message/rfc822\n\n\
        Subject: inner\nFrom: a@x.test\nContent-Type: multipart/mixed; boundary=i\n\n\
        --i\n\ninner text\n--i\nContent-Type: message/rfc822\n\n\
        Subject: core\n\ncore text\n--i--\n\
        --o--\n";
    let letter = parse(raw.as_bytes());
    has_shape(
        &letter,
        &[
            ("", "multipart/mixed"),
            ("1", "text/plain"),
            ("2", "message/rfc822"),
            ("2.TEXT", "multipart/mixed"),
            ("2.1", "text/plain"),
            ("2.2", "message/rfc822"),
            ("2.2.1", "text/plain"),
        ],
    );
    assert_eq!((letter.text().as_str(), &letter.attachments[..]), ("see below", &[2][..]));
    let subject = |n| letter.nested(n).map(|e| e.subject.as_str());
    assert_eq!((subject(2), subject(3)), (Some("inner"), Some("inner")));
    assert_eq!((subject(5), subject(6)), (Some("core"), Some("core")));
    assert_eq!(subject(1), None);
    assert_eq!(letter.bytes(2).map(|b| b.starts_with(b"Subject: inner")), Some(true));
}

#[test]
fn a_letter_that_is_nothing_but_another() {
    let letter = parse(b"Content-Type: message/rfc822\n\nSubject: in\n\nthe text\n");
    assert_eq!((letter.text().as_str(), &letter.attachments[..]), ("the text\n", &[0][..]));
}

#[test]
fn an_encoded_letter_in_a_letter() {
    // base64 of "Subject: =?utf-8?Q?=EC=95=88?=\n\n안녕\n".
    let raw = "Content-Type: multipart/mixed; boundary=b\n\n\
        --b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n\
        U3ViamVjdDogPT91dGYtOD9RPz1FQz05NT04OD89Cgrs\nlYjrhZUK\n\
        --b\n\nafter\n--b--\n";
    let letter = parse(raw.as_bytes());
    has_shape(
        &letter,
        &[
            ("", "multipart/mixed"),
            ("1", "message/rfc822"),
            ("1.1", "text/plain"),
            ("2", "text/plain"),
        ],
    );
    assert_eq!(letter.nested(1).map(|e| e.subject.as_str()), Some("안"));
    assert!(matches!(&letter.parts[2].content, Content::Text(text) if text == "안녕\n"));
    assert_eq!(letter.parts[3].parent, Some(0));
    assert_eq!(letter.text(), "after");
}

#[test]
fn digests_reports_signed_and_encrypted() {
    let digest = parse(b"Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: one\n\n1\n--b\n\nSubject: two\n\n2\n--b--");
    has_shape(
        &digest,
        &[
            ("", "multipart/digest"),
            ("1", "message/rfc822"),
            ("1.1", "text/plain"),
            ("2", "message/rfc822"),
            ("2.1", "text/plain"),
        ],
    );
    assert_eq!(digest.attachments, [1, 3]);

    let report = parse(b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nIt failed.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nAction: failed\n--b\nContent-Type: text/rfc822-headers\n\nSubject: s\n--b--");
    assert_eq!((report.text().as_str(), &report.attachments[..]), ("It failed.", &[2, 3][..]));
    assert!(matches!(&report.parts[2].content, Content::Text(t) if t.ends_with("Action: failed")));

    let signed = parse(b"Content-Type: multipart/signed; boundary=b\n\n--b\n\nwords\n--b\nContent-Type: application/pgp-signature\n\nsig\n--b--");
    assert_eq!((signed.text().as_str(), &signed.attachments[..]), ("words", &[2][..]));

    let encrypted = parse(b"Content-Type: multipart/encrypted; boundary=b\n\n--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\nContent-Type: application/octet-stream\n\nx\n--b--");
    assert_eq!((encrypted.text().as_str(), &encrypted.attachments[..]), ("", &[1, 2][..]));
}

#[test]
fn bodies_and_attachments() {
    // A letter that is only a file.
    let file = parse(
        b"Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\nJVBE",
    );
    assert_eq!((file.text_body.len(), &file.attachments[..]), (0, &[0][..]));
    // All inline text, in order; text files are files.
    let mixed = parse(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\nContent-Type: text/html\n\n<p>two</p>\n--b\nContent-Type: text/plain; name=notes.txt\n\nnotes\n--b\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\n--b\n\nthree\n--b--");
    assert_eq!(mixed.text(), "one\n\ntwo\n\nthree");
    assert_eq!(mixed.attachments, [3, 4]);
    assert!(mixed.html().is_some_and(|html| html.contains(">one</pre><p>two</p><pre")));
    // Alternatives: the plain one for text, the last HTML for reading.
    let alternative = parse(b"Content-Type: multipart/alternative; boundary=b\n\n--b\n\nplain\n--b\nContent-Type: text/x-amp-html\n\namp\n--b\nContent-Type: text/html\n\nhtml\n--b\nContent-Type: text/calendar\n\nBEGIN\n--b--");
    assert_eq!((&alternative.text_body[..], &alternative.html_body[..]), (&[1][..], &[3][..]));
    assert_eq!(alternative.attachments, [4]);
    // Only HTML: converted.
    let html = parse(b"Content-Type: text/html; charset=utf-8\n\n<p>Hello<br>you</p>");
    assert_eq!(html.text(), "Hello\nyou");
    // Related with its root named.
    let related = parse(b"Content-Type: multipart/related; boundary=b; start=\"<root>\"\n\n--b\nContent-Type: image/png\nContent-ID: <p>\n\nx\n--b\nContent-Type: text/html\nContent-ID: <root>\n\n<img src='cid:p'>\n--b--");
    assert_eq!((&related.html_body[..], related.attachments.len()), (&[2][..], 0));
    // Attachment, whatever its type.
    let attached =
        parse(b"Content-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\ntext");
    assert_eq!((attached.text_body.len(), &attached.attachments[..]), (0, &[0][..]));
    // winmail.dat.
    let tnef = parse(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhi\n--b\nContent-Type: application/ms-tnef; name=winmail.dat\n\nx\n--b--");
    assert_eq!(tnef.attachments, [2]);
}

#[test]
fn uuencoded_files_in_text_become_attachments() {
    let letter = parse(b"Subject: s\n\nbefore\nbegin 644 a.txt\n%2&5L;&\\ \n`\nend\nafter\n");
    assert_eq!(letter.text(), "before\nafter\n");
    assert_eq!(letter.attachments, [1]);
    assert_eq!(letter.parts[1].file_name.as_deref(), Some("a.txt"));
    assert_eq!(letter.bytes(1).as_deref(), Some(&b"Hello"[..]));
    let encoded = parse(b"Content-Type: application/x-y\nContent-Transfer-Encoding: x-uuencode\n\nbegin 644 a.txt\n%2&5L;&\\ \n`\nend\n");
    assert_eq!(encoded.bytes(0).as_deref(), Some(&b"Hello"[..]));
}

#[test]
fn charsets_of_parts() {
    let letter = parse(b"Content-Type: text/plain; charset=ks_c_5601-1987\n\n\xbe\xc8\xb3\xe7");
    assert_eq!(
        (letter.text().as_str(), letter.parts[0].charset.as_deref()),
        ("안녕", Some("euc-kr"))
    );
    assert_eq!(letter.parts[0].declared_charset.as_deref(), Some("ks_c_5601-1987"));
    // A file keeps its bytes; a charset chosen by hand outranks everything.
    assert_eq!(letter.bytes(0).as_deref(), Some(&b"\xbe\xc8\xb3\xe7"[..]));
    assert_eq!(letter.text_as(0, "iso-8859-1").as_deref(), Some("¾È³ç"));
    assert_eq!(letter.text_as(0, "nonsense"), None);
    // The page's own word, where the header is silent.
    let page = parse(b"Content-Type: text/html\n\n<meta http-equiv=Content-Type content=\"text/html; charset=euc-kr\">\xb0\xed");
    assert_eq!(page.text(), "고");
    // The body's charset is a hint for the raw subject.
    let subject =
        parse(b"Subject: \x89\xef\x8bc\nContent-Type: text/plain; charset=shift_jis\n\nx");
    assert_eq!(subject.envelope.subject, "会議");
}

#[test]
fn flowed_text_is_joined() {
    let letter =
        parse(b"Content-Type: text/plain; format=flowed\n\nlong \nline\n> quoted \n> too\n");
    assert_eq!(letter.text(), "long line\n> quoted too\n");
}

#[test]
fn previews() {
    let preview = |raw: &str| parse(raw.as_bytes()).preview(20);
    assert_eq!(
        preview("A: b\n\n> quoted\n\nKim wrote:\n  The   answer\n-- \nsignature"),
        "Kim wrote: The answe"
    );
    assert_eq!(preview("A: b\n\nYes.\n\nOn Monday Kim wrote:\n> quoted\n\nBye"), "Yes. Bye");
    assert_eq!(preview("A: b\n\n> only\n> quoted\n"), "only quoted");
    assert_eq!(preview("A: b\n\n=====\n*****\nwords"), "words");
    assert_eq!(
        preview("Content-Type: text/html\n\n<style>x</style><p>Hi&nbsp;you\u{200b}</p>"),
        "Hi you"
    );
    assert_eq!(preview("A: b\n\n"), "");
}

/// Letters built from a tree must come apart into the same tree.
#[derive(Debug, Clone)]
enum Tree {
    Text(String),
    Multipart(Vec<Tree>),
    Message(Box<Tree>),
}

fn trees() -> impl Strategy<Value = Tree> {
    let leaf = "[a-zA-Z가-힣 \n-]{0,40}".prop_map(|text| Tree::Text(text.replace("--", "-")));
    leaf.prop_recursive(5, 40, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 1..4).prop_map(Tree::Multipart),
            inner.prop_map(|tree| Tree::Message(Box::new(tree))),
        ]
    })
}

fn write(tree: &Tree, end: &str, number: &mut usize, out: &mut String) {
    match tree {
        Tree::Text(text) => {
            out.push_str(&format!("Content-Type: text/plain; charset=utf-8{end}{end}{text}"));
        }
        Tree::Multipart(children) => {
            *number += 1;
            let boundary = format!("=_{number}");
            out.push_str(&format!(
                "Content-Type: multipart/mixed; boundary=\"{boundary}\"{end}{end}"
            ));
            for child in children {
                out.push_str(&format!("--{boundary}{end}"));
                write(child, end, number, out);
                out.push_str(end);
            }
            out.push_str(&format!("--{boundary}--"));
        }
        Tree::Message(inner) => {
            out.push_str(&format!("Content-Type: message/rfc822{end}{end}Subject: in{end}"));
            write(inner, end, number, out);
        }
    }
}

fn leaves(tree: &Tree, out: &mut Vec<String>) {
    match tree {
        Tree::Text(text) => out.push(text.clone()),
        Tree::Multipart(children) => children.iter().for_each(|child| leaves(child, out)),
        Tree::Message(inner) => leaves(inner, out),
    }
}

/// The texts mail-parser finds, which builds its tree in another way.
fn second_opinion(message: &mail_parser::Message<'_>, part: u32, out: &mut Vec<String>) {
    use mail_parser::PartType;
    match message.parts.get(part as usize).map(|part| &part.body) {
        Some(PartType::Multipart(children)) => {
            children.iter().for_each(|child| second_opinion(message, *child, out));
        }
        Some(PartType::Text(text)) => out.push(text.clone().into_owned()),
        _ => {}
    }
}

proptest! {
    #[test]
    fn trees_come_apart_as_they_were_put_together(tree in trees(), crlf in any::<bool>()) {
        let mut raw = String::new();
        write(&tree, if crlf { "\r\n" } else { "\n" }, &mut 0, &mut raw);
        let letter = parse(raw.as_bytes());
        let found: Vec<String> = letter
            .parts
            .iter()
            .filter_map(|part| match &part.content {
                Content::Text(text) => Some(text.clone().into_owned()),
                _ => None,
            })
            .collect();
        let mut expected = Vec::new();
        leaves(&tree, &mut expected);
        prop_assert_eq!(&found, &expected);
        // Letters in letters stop mail-parser's debug assertions.
        let plain = !raw.contains("message/rfc822");
        if plain && expected.iter().all(|text| !text.trim().is_empty()) {
            let message = mail_parser::MessageParser::default().parse(&raw).unwrap();
            let mut second = Vec::new();
            second_opinion(&message, 0, &mut second);
            prop_assert_eq!(&second, &expected);
        }
        prop_assert!(letter.defects.is_empty(), "{:?}", letter.defects);
        let mut paths: Vec<_> = letter.parts.iter().map(|p| p.path.clone()).collect();
        paths.sort();
        paths.dedup();
        prop_assert_eq!(paths.len(), letter.parts.len());
    }

    #[test]
    fn any_bytes_are_a_letter(raw in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(!parse(&raw).parts.is_empty());
    }

    #[test]
    fn broken_letters(cut in 0..NEWSLETTER.len(), at in 0..NEWSLETTER.len(), byte in any::<u8>()) {
        let mut raw = NEWSLETTER.as_bytes()[cut..].to_vec();
        if let Some(place) = raw.get_mut(at) { *place = byte; }
        let letter = parse(&raw);
        let _ = (letter.text(), letter.html(), letter.preview(50));
        raw.truncate(at);
        prop_assert!(!parse(&raw).parts.is_empty());
    }
}
