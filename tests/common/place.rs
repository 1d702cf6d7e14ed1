//! Somebody with an account at a real Dovecot, who sends through a real Postfix.

use super::desk::{ACCOUNT, Desk};
use super::dovecot::{Dovecot, PASSWORD, Setup, USER, Way};
use super::postfix::Postfix;
use serde_json::Value;
use std::io::Write as _;
use std::process::{Command, Stdio};

pub struct Place {
    pub dovecot: Dovecot,
    _postfix: Postfix,
    pub desk: Desk,
}

/// Kim, who sends through Postfix and reads at Dovecot, both over TLS.
pub fn place() -> Place {
    place_with(&[])
}

/// The same, with more arguments of `goyo account add`.
pub fn place_with(args: &[&str]) -> Place {
    let dovecot = Setup::new().user("lee", PASSWORD).user("park", PASSWORD).receiving().start();
    let postfix = Postfix::start(&dovecot);
    let mut desk = Desk::new();
    desk.authority = Some(postfix.authority().to_owned());
    let smtp = postfix.address(Way::StartTls);
    let more = [&["--smtp", &smtp, "--sender", "김고요"], args].concat();
    desk.account_with(&dovecot.address(Way::Tls), ACCOUNT, USER, PASSWORD, &more);
    desk.sync();
    Place { dovecot, _postfix: postfix, desk }
}

/// Read back by Python's `email`: subject, text, attachments (name, size, SHA-256),
/// pictures (SHA-256), ids.
const READER: &str = r#"
import sys, json, hashlib, email, email.policy
m = email.message_from_binary_file(sys.stdin.buffer, policy=email.policy.default)
body = m.get_body(preferencelist=("plain",))
files = [[a.get_filename(), len(a.get_content()), hashlib.sha256(a.get_content()).hexdigest()]
         for a in m.iter_attachments()]
html = m.get_body(preferencelist=("html",))
pictures = [hashlib.sha256(p.get_content()).hexdigest()
            for p in m.walk() if p.get_content_maintype() == "image"]
json.dump({"subject": m["subject"], "from": str(m["from"]), "to": str(m["to"]),
           "text": body.get_content(), "files": files, "pictures": pictures,
           "html": html and html.get_content(), "bcc": m["bcc"] is not None,
           "id": m["message-id"], "reply": m["in-reply-to"], "refs": m["references"]}, sys.stdout)
"#;

pub fn read_by_python(raw: &[u8]) -> Value {
    let mut child = Command::new("python3")
        .args(["-c", READER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(raw).unwrap();
    serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap()
}
