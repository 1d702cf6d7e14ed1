//! What is outside HTML: fields of the header, parts and attachments, the MIME
//! tree, text.

use super::List;
use super::Sees::{Link, Nothing, Reference};
use super::Shape::{Header, Mime, Text};

pub(super) fn add(list: &mut List) {
    for (name, field) in PICTURE_FIELDS {
        list.push("header", *name, Header, *field, Reference);
    }
    list.nothing("header", Header, FIELDS);
    list.rows("text", Text, Link, TEXTS);
    list.nothing("text", Text, QUIET_TEXTS);
    list.rows("mime", Mime, Reference, TREES);
    list.nothing("mime", Mime, QUIET_TREES);
    for (name, kind, file, content) in ATTACHED {
        let text = format!(
            "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html; charset=utf-8\n\n<p>See the attachment.</p>\n--b\nContent-Type: {kind}; name=\"{file}\"\nContent-Disposition: attachment; filename=\"{file}\"\n\n{content}\n--b--\n"
        );
        list.push(
            "attachments",
            *name,
            Mime,
            text,
            Nothing("attachments are not opened with the letter"),
        );
    }
}

/// Fields that some program fetches a picture or a body for.
const PICTURE_FIELDS: &[(&str, &str)] = &[
    ("X-Image-URL", "X-Image-URL: {URL}"),
    ("X-Face-URL", "X-Face-URL: {URL}"),
    ("BIMI-Location", "BIMI-Location: v=BIMI1; l={URL}; a="),
    ("X-Gravatar-URL", "X-Gravatar-URL: {URL}"),
    ("Avatar", "Avatar: <{URL}>"),
    ("Link: preload", "Link: <{URL}>; rel=preload; as=image"),
    ("Link: stylesheet", "Link: <{URL}>; rel=stylesheet"),
];

const RECEIPT: &str = "a receipt is asked for, and none is sent unasked";
const ARRIVAL: &str = "checked when the letter arrives, never when it is opened";
const BUTTON: &str = "used only when somebody asks for it";
const NAMES: &str = "no avatar or icon is looked for on the network";

const FIELDS: &[[&str; 3]] = &[
    ["Disposition-Notification-To", "Disposition-Notification-To: a@v{N}.leak.test", RECEIPT],
    ["Return-Receipt-To", "Return-Receipt-To: a@v{N}.leak.test", RECEIPT],
    ["X-Confirm-Reading-To", "X-Confirm-Reading-To: a@v{N}.leak.test", RECEIPT],
    ["Read-Receipt-To", "Read-Receipt-To: a@v{N}.leak.test", RECEIPT],
    ["Generate-Delivery-Report", "Generate-Delivery-Report: a@v{N}.leak.test", RECEIPT],
    ["Errors-To", "Errors-To: a@v{N}.leak.test", RECEIPT],
    ["Return-Path", "Return-Path: <a@v{N}.leak.test>", RECEIPT],
    [
        "Original-Recipient",
        "Original-Recipient: rfc822;a@v{N}.leak.test\nDisposition-Notification-Options: signed-receipt-protocol=optional,pkcs7-signature\nDisposition-Notification-To: a@v{N}.leak.test",
        RECEIPT,
    ],
    [
        "DKIM selector",
        "DKIM-Signature: v=1; a=rsa-sha256; d=v{N}.leak.test; s=v{N}; h=from; bh=AAAA; b=AAAA",
        ARRIVAL,
    ],
    [
        "DKIM q= and r=y",
        "DKIM-Signature: v=1; a=ed25519-sha256; d=v{N}.leak.test; s=x.v{N}; r=y; q=dns/txt; h=from; bh=AAAA; b=AAAA",
        ARRIVAL,
    ],
    [
        "ARC",
        "ARC-Seal: i=1; a=rsa-sha256; d=v{N}.leak.test; s=v{N}; cv=none; b=AAAA\nARC-Message-Signature: i=1; a=rsa-sha256; d=v{N}.leak.test; s=v{N}; h=from; bh=AAAA; b=AAAA",
        ARRIVAL,
    ],
    [
        "DomainKey-Signature",
        "DomainKey-Signature: a=rsa-sha1; q=dns; d=v{N}.leak.test; s=v{N}; b=AAAA",
        ARRIVAL,
    ],
    [
        "Received-SPF",
        "Received-SPF: pass client-ip=192.0.2.1; envelope-from=a@v{N}.leak.test; helo=v{N}.leak.test",
        ARRIVAL,
    ],
    [
        "Authentication-Results",
        "Authentication-Results: mx.example.org; dmarc=pass header.from=v{N}.leak.test; bimi=pass header.d=v{N}.leak.test",
        ARRIVAL,
    ],
    ["BIMI-Selector", "BIMI-Selector: v=BIMI1; s=v{N}", NAMES],
    ["Sender", "Sender: b@other.v{N}.leak.test", NAMES],
    [
        "Received",
        "Received: from v{N}.leak.test (v{N}.leak.test [192.0.2.7]) by mx.example.org; Sat, 21 Nov 2026 05:02:00 +0000",
        "a name in the journey, not looked up",
    ],
    [
        "X-Originating-IP",
        "X-Originating-IP: [192.0.2.7]",
        "an address in the journey, not looked up",
    ],
    ["Face", "Face: iVBORw0KGgo=\nX-Face: abc{URL}", "a picture in itself"],
    ["Openpgp", "OpenPGP: id=0123456789ABCDEF; url={URL}; preference=signencrypt", BUTTON],
    ["X-PGP-Key", "X-PGP-Key: {URL}", BUTTON],
    ["Autocrypt", "Autocrypt: addr=a@v{N}.leak.test; prefer-encrypt=mutual; keydata=AAAA", BUTTON],
    ["Jabber-ID", "Jabber-ID: a@v{N}.leak.test\nX-URL: {URL}", BUTTON],
    ["List-Unsubscribe", "List-Unsubscribe: <{URL}>, <mailto:a@v{N}.leak.test>", BUTTON],
    [
        "List-Unsubscribe-Post",
        "List-Unsubscribe: <https://{TAIL}>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click",
        BUTTON,
    ],
    [
        "List-Archive",
        "List-Archive: <{URL}>\nList-Help: <{URL}>\nList-Subscribe: <{URL}>\nList-Owner: <{URL}>\nList-Post: <{URL}>",
        BUTTON,
    ],
    ["Archived-At", "Archived-At: <{URL}>", BUTTON],
    ["Feedback-ID", "Feedback-ID: v{N}:leak\nX-Report-Abuse: {URL}", BUTTON],
    ["Content-Base on text", "Content-Base: {URL}/", "a base of nothing"],
    ["Content-Location on text", "Content-Location: {URL}", "a name of the part"],
    ["Refresh", "Refresh: 0; url={URL}", "a header of the web"],
    ["Location", "Location: {URL}", "a header of the web"],
    [
        "Content-Security-Policy",
        "Content-Security-Policy: default-src 'none'; report-uri {URL}",
        "a header of the web",
    ],
    [
        "NEL and Report-To",
        "NEL: {\"report_to\":\"a\"}\nReport-To: {\"group\":\"a\",\"endpoints\":[{\"url\":\"{URL}\"}]}",
        "a header of the web",
    ],
    ["SourceMap", "SourceMap: {URL}\nX-SourceMap: {URL}", "a header of the web"],
    ["P3P", "P3P: policyref=\"{URL}\"", "a header of the web"],
    ["Set-Cookie", "Set-Cookie: a=b; domain=v{N}.leak.test", "a header of the web"],
    ["Solicitation", "Solicitation: v{N}.leak.test", "a name"],
    ["MIME-Version comment", "MIME-Version: 1.0 (by {URL})", "a comment"],
    [
        "X-MS-Has-Attach",
        "X-MS-Exchange-SharedMailbox-RoutingAgent-Url: {URL}\nX-MSFBL: {URL}",
        "a note of a server",
    ],
    ["Subject", "X-Subject: {URL}\nKeywords: {URL}\nComments: {URL}", "a text for people"],
    ["encoded word", "X-Image-Note: =?utf-8?Q?{URL}?=", "a text for people"],
    ["fetch after a folded field", "X-Folded: a\n {URL}", "a text for people"],
    ["From with a host of its own", "Reply-To: =?utf-8?Q?Bank?= <a@xn--v{N}.leak.test>", NAMES],
    ["group of addresses", "Cc: friends: a@v{N}.leak.test, b@[IPv6:2001:db8::7];", NAMES],
];

const TEXTS: &[(&str, &str)] = &[
    ("address", "See {URL} for more."),
    ("address in brackets", "See <{URL}>."),
    ("https", "https://{TAIL}"),
    ("quoted", "> > {URL}\n\nYes."),
    ("at the end of a sentence", "({URL})."),
];

const QUIET_TEXTS: &[[&str; 3]] = &[
    ["HTML in text", "<img src='{URL}'>", "text, no markup"],
    ["Markdown", "![x]({URL})", "text, no markup"],
    ["BBCode", "[img]{URL}[/img]", "text, no markup"],
    ["UNC path", "\\\\v{N}.leak.test\\share\\p.png", "a text for people"],
    ["file", "file://v{N}.leak.test/share/p.png", "a text for people"],
    ["mail address", "a@v{N}.leak.test", "a link to write to"],
    ["escape codes", "\u{1b}]8;;{URL}\u{7}x\u{1b}]8;;\u{7}", "a text for people"],
    ["uuencoded", "begin 644 p.svg\n#86)C\n`\nend\n{URL}", "a text for people"],
];

/// Parts that are drawn with the letter.
const TREES: &[(&str, &str)] = &[
    (
        "alternative",
        "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nx\n--b\nContent-Type: text/html\n\n<img src='{URL}'>\n--b--\n",
    ),
    (
        "alternative, HTML first",
        "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/html\n\n<img src='{URL}'>\n--b\nContent-Type: text/plain\n\nx\n--b--\n",
    ),
    (
        "related",
        "Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<img src=cid:a><img src='{URL}'>\n--b\nContent-Type: image/gif\nContent-ID: <a>\n\nGIF89a\n--b--\n",
    ),
    (
        "mixed, two bodies",
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nx\n--b\nContent-Type: text/html\n\n<img src='{URL}'>\n--b--\n",
    ),
    (
        "signed",
        "Content-Type: multipart/signed; protocol=\"application/pgp-signature\"; micalg=pgp-sha256; boundary=b\n\n--b\nContent-Type: text/html\n\n<img src='{URL}'>\n--b\nContent-Type: application/pgp-signature\n\nx\n--b--\n",
    ),
    (
        "unknown multipart",
        "Content-Type: multipart/x-unknown; boundary=b\n\n--b\nContent-Type: text/html\n\n<img src='{URL}'>\n--b--\n",
    ),
    (
        "boundary never closed",
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<img src='{URL}'>\n",
    ),
    (
        "boundary with spaces",
        "Content-Type: multipart/mixed; boundary=\"b c\"\n\n--b c  \nContent-Type: text/html\n\n<img src='{URL}'>\n--b c--\n",
    ),
    (
        "boundary in RFC 2231",
        "Content-Type: multipart/mixed; boundary*0=b; boundary*1=c\n\n--bc\nContent-Type: text/html\n\n<img src='{URL}'>\n--bc--\n",
    ),
    (
        "boundary inside a boundary",
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/related; boundary=bb\n\n--bb\nContent-Type: text/html\n\n<img src='{URL}'>\n--bb--\n--b--\n",
    ),
    ("type in RFC 2231", "Content-Type: text/html; charset*=utf-8''utf-8\n\n<img src='{URL}'>\n"),
    ("type in upper case", "CONTENT-TYPE: TEXT/HTML\n\n<img src='{URL}'>\n"),
    ("type with comments", "Content-Type: text/html (b); charset=utf-8 (c)\n\n<img src='{URL}'>\n"),
    ("type folded", "Content-Type:\n text/html;\n charset=utf-8\n\n<img src='{URL}'>\n"),
    (
        "quoted-printable",
        "Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n<img=20s=\nrc=3D'{URL}'>\n",
    ),
    (
        "quoted-printable, broken",
        "Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n<img src='{URL}?=ZZ=' =\n>\n",
    ),
    (
        "encoding in upper case",
        "Content-Type: text/html\nContent-Transfer-Encoding: QUOTED-PRINTABLE\n\n<img src=3D'{URL}'>\n",
    ),
    (
        "encoding unknown",
        "Content-Type: text/html\nContent-Transfer-Encoding: x-none\n\n<img src='{URL}'>\n",
    ),
    (
        "XHTML",
        "Content-Type: application/xhtml+xml\n\n<html xmlns='http://www.w3.org/1999/xhtml'><body><img src='{URL}'/></body></html>\n",
    ),
    (
        "inline disposition",
        "Content-Type: text/html\nContent-Disposition: inline; filename=a.txt\n\n<img src='{URL}'>\n",
    ),
    ("two types", "Content-Type: text/html\nContent-Type: text/html\n\n<img src='{URL}'>\n"),
    ("Content-Base", "Content-Type: text/html\nContent-Base: {URL}/\n\n<img src=p.png>\n"),
    ("Content-Location", "Content-Type: text/html\nContent-Location: {URL}/\n\n<img src=p.png>\n"),
    (
        "Content-Location of a picture",
        "Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<img src='{URL}'>\n--b\nContent-Type: image/gif\nContent-Location: http://other.example/p\n\nGIF89a\n--b--\n",
    ),
    (
        "svg inline",
        "Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<img src=cid:a>\n--b\nContent-Type: image/svg+xml\nContent-ID: <a>\nContent-Disposition: inline\n\n<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'><image xlink:href='{URL}'/></svg>\n--b--\n",
    ),
    (
        "svg inline, entity",
        "Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<img src=cid:a>\n--b\nContent-Type: image/svg+xml\nContent-ID: <a>\nContent-Disposition: inline\n\n<!DOCTYPE svg [<!ENTITY a SYSTEM '{URL}'>]><svg xmlns='http://www.w3.org/2000/svg'>&a;</svg>\n--b--\n",
    ),
    (
        "svg inline, style sheet",
        "Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<img src=cid:a>\n--b\nContent-Type: image/svg+xml\nContent-ID: <a>\nContent-Disposition: inline\n\n<?xml-stylesheet href='{URL}'?><svg xmlns='http://www.w3.org/2000/svg'><style>@import '{URL}';</style></svg>\n--b--\n",
    ),
    (
        "style sheet as a part",
        "Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<link rel=stylesheet href=cid:a><p>x\n--b\nContent-Type: text/css\nContent-ID: <a>\nContent-Disposition: inline\n\n@import '{URL}';\n--b--\n",
    ),
    (
        "frame as a part",
        "Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<iframe src=cid:a></iframe>\n--b\nContent-Type: text/html\nContent-ID: <a>\nContent-Disposition: inline\n\n<img src='{URL}'>\n--b--\n",
    ),
    (
        "letter in a letter",
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nx\n--b\nContent-Type: message/rfc822\nContent-Disposition: inline\n\nSubject: y\nContent-Type: text/html\n\n<img src='{URL}'>\n--b--\n",
    ),
    (
        "external body",
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/external-body; access-type=URL;\n URL=\"{URL}\"\n\nContent-Type: text/html\n\n\n--b--\n",
    ),
    (
        "external body by FTP",
        "Content-Type: message/external-body; access-type=anon-ftp; site=\"v{N}.leak.test\"; name=a; directory=b\n\nContent-Type: text/plain\n\n\n",
    ),
    (
        "digest",
        "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: y\nContent-Type: text/html\n\n<img src='{URL}'>\n--b--\n",
    ),
    (
        "parallel",
        "Content-Type: multipart/parallel; boundary=b\n\n--b\nContent-Type: text/html\n\n<img src='{URL}'>\n--b--\n",
    ),
    (
        "appledouble",
        "Content-Type: multipart/appledouble; boundary=b\n\n--b\nContent-Type: text/html\n\n<img src='{URL}'>\n--b--\n",
    ),
    (
        "letter attached",
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nx\n--b\nContent-Type: message/rfc822; name=a.eml\nContent-Disposition: attachment; filename=a.eml\n\nSubject: y\nContent-Type: text/html\n\n<img src='{URL}'>\n--b--\n",
    ),
];

const QUIET_TREES: &[[&str; 3]] = &[
    [
        "HTML labelled text/plain",
        "Content-Type: text/plain\n\n<html><img src='{URL}'></html>\n",
        "shown as the text it says it is",
    ],
    ["HTML without a type", "\n<html><img src='{URL}'></html>\n", "shown as text"],
    [
        "text/enriched",
        "Content-Type: text/enriched\n\n<x-img><param>{URL}</param></x-img>\n",
        "shown as text",
    ],
    ["text/markdown", "Content-Type: text/markdown\n\n![x]({URL})\n", "shown as text"],
    [
        "text/x-amp-html",
        "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nx\n--b\nContent-Type: text/x-amp-html\n\n<amp-img src='{URL}'></amp-img>\n--b--\n",
        "not drawn by anything here",
    ],
    [
        "watch HTML",
        "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nx\n--b\nContent-Type: text/watch-html\n\n<img src='{URL}'>\n--b--\n",
        "not drawn by anything here",
    ],
    [
        "picture that is HTML",
        "Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<img src=cid:a>\n--b\nContent-Type: image/png\nContent-ID: <a>\nContent-Disposition: inline\n\n<html><img src='{URL}'></html>\n--b--\n",
        "not a picture",
    ],
    [
        "picture that is SVG",
        "Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<img src=cid:a>\n--b\nContent-Type: image/png\nContent-ID: <a>\nContent-Disposition: inline\n\n<svg xmlns='http://www.w3.org/2000/svg'><image href='{URL}'/></svg>\n--b--\n",
        "not the picture it says it is",
    ],
    [
        "picture that is a playlist",
        "Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<video src=cid:a></video>\n--b\nContent-Type: video/mp4\nContent-ID: <a>\nContent-Disposition: inline\n\n#EXTM3U\n{URL}\n--b--\n",
        "nothing is played",
    ],
    [
        "delivery report",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nx\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns;v{N}.leak.test\nX-Url: {URL}\n--b--\n",
        "a text for people",
    ],
    [
        "reading report",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\n\nx\n--b\nContent-Type: message/disposition-notification\n\nReporting-UA: v{N}.leak.test; x\nFinal-Recipient: rfc822;a@v{N}.leak.test\n--b--\n",
        "a text for people",
    ],
    [
        "invitation",
        "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nx\n--b\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nBEGIN:VEVENT\nATTACH:{URL}\nURL:{URL}\nIMAGE;VALUE=URI:{URL}\nORGANIZER:mailto:a@v{N}.leak.test\nBEGIN:VALARM\nACTION:AUDIO\nATTACH:{URL}\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR\n--b--\n",
        "a calendar entry is read, nothing in it is fetched",
    ],
    [
        "encrypted",
        "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\n\n--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\nContent-Type: application/octet-stream\n\n{URL}\n--b--\n",
        "not opened",
    ],
    [
        "S/MIME",
        "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\n\n{URL}\n",
        "no certificate or revocation list is fetched",
    ],
    [
        "preamble and epilogue",
        "Content-Type: multipart/mixed; boundary=b\n\n<img src='{URL}'>\n--b\nContent-Type: text/plain\n\nx\n--b--\n<img src='{URL}'>\n",
        "not part of the letter",
    ],
    [
        "winmail.dat",
        "Content-Type: application/ms-tnef; name=winmail.dat\n\n{URL}\n",
        "not opened with the letter",
    ],
    [
        "fields of a part",
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\nContent-Description: {URL}\nRefresh: 0;url={URL}\n\nx\n--b--\n",
        "a text for people",
    ],
    [
        "name of an attachment",
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nx\n--b\nContent-Type: image/png; name=\"{URL}\"\nContent-Disposition: attachment; filename*=utf-8''{URL}\n\nx\n--b--\n",
        "a name, no address",
    ],
];

/// What is attached: name, type, file, content.
const ATTACHED: &[(&str, &str, &str, &str)] = &[
    (
        "HTML",
        "text/html",
        "a.html",
        "<img src='{URL}'><meta http-equiv=refresh content='0;url={URL}'>",
    ),
    (
        "XHTML",
        "application/xhtml+xml",
        "a.xhtml",
        "<html xmlns='http://www.w3.org/1999/xhtml'><img src='{URL}'/></html>",
    ),
    (
        "SVG",
        "image/svg+xml",
        "a.svg",
        "<svg xmlns='http://www.w3.org/2000/svg'><image href='{URL}'/></svg>",
    ),
    ("style sheet", "text/css", "a.css", "@import '{URL}';"),
    ("XML", "text/xml", "a.xml", "<?xml-stylesheet href='{URL}'?><!DOCTYPE a SYSTEM '{URL}'><a/>"),
    (
        "XSLT",
        "application/xslt+xml",
        "a.xsl",
        "<xsl:stylesheet xmlns:xsl='http://www.w3.org/1999/XSL/Transform'><xsl:include href='{URL}'/></xsl:stylesheet>",
    ),
    (
        "PDF",
        "application/pdf",
        "a.pdf",
        "%PDF-1.4\n1 0 obj<</Type/Catalog/OpenAction<</S/URI/URI({URL})>>>>endobj",
    ),
    (
        "Office",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "a.docx",
        "PK {URL}",
    ),
    (
        "Office template",
        "application/rtf",
        "a.rtf",
        "{\\rtf1{\\*\\template {URL}}{\\field{\\*\\fldinst INCLUDEPICTURE \"{URL}\"}}}",
    ),
    (
        "invitation",
        "text/calendar",
        "a.ics",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nATTACH:{URL}\nEND:VEVENT\nEND:VCALENDAR",
    ),
    (
        "business card",
        "text/vcard",
        "a.vcf",
        "BEGIN:VCARD\nVERSION:4.0\nPHOTO:{URL}\nLOGO:{URL}\nSOUND:{URL}\nKEY:{URL}\nSOURCE:{URL}\nEND:VCARD",
    ),
    ("playlist", "audio/x-mpegurl", "a.m3u", "{URL}"),
    (
        "internet shortcut",
        "application/internet-shortcut",
        "a.url",
        "[InternetShortcut]\nURL={URL}\nIconFile={URL}",
    ),
    ("web archive", "multipart/related", "a.mht", "{URL}"),
    (
        "desktop entry",
        "application/x-desktop",
        "a.desktop",
        "[Desktop Entry]\nType=Link\nURL={URL}\nIcon={URL}",
    ),
    ("torrent", "application/x-bittorrent", "a.torrent", "d8:announce20:{URL}e"),
    ("key", "application/pgp-keys", "a.asc", "Preferred key server: {URL}"),
    (
        "MathML",
        "application/mathml+xml",
        "a.mml",
        "<math xmlns='http://www.w3.org/1998/Math/MathML' altimg='{URL}'/>",
    ),
    (
        "feed",
        "application/rss+xml",
        "a.rss",
        "<rss><channel><image><url>{URL}</url></image></channel></rss>",
    ),
    (
        "library file",
        "application/windows-library+xml",
        "a.library-ms",
        "<libraryDescription><searchConnectorDescriptionList><url>\\\\v{N}.leak.test\\x</url></searchConnectorDescriptionList></libraryDescription>",
    ),
    (
        "folder settings",
        "application/octet-stream",
        "desktop.ini",
        "[.ShellClassInfo]\nIconResource=\\\\v{N}.leak.test\\x",
    ),
];
