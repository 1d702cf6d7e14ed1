#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::reply::{To, answer, forward, list_post};
use crate::mime::{Letter, parse};
use crate::model::{Address, Identity};

fn own() -> Vec<Identity> {
    ["minji@example.com", "MINJI@naver.com"]
        .map(|addr| Identity {
            from: Address { name: None, addr: addr.into() },
            ..Identity::default()
        })
        .to_vec()
}

fn with<T>(header: &str, what: impl Fn(&Letter<'_>) -> T) -> T {
    let raw = format!("{}\r\n\r\nx\r\n", header.replace('\n', "\r\n"));
    what(&parse(raw.as_bytes()))
}

fn addrs(addresses: &[Address]) -> Vec<&str> {
    addresses.iter().map(|address| address.addr.as_str()).collect()
}

const LETTER: &str = "From: Seo <seo@example.org>\nTo: minji@NAVER.com, Joon <joon@example.org>\n\
    Cc: seo@example.org, a@example.net, Minji@Example.com, JOON@example.org\n\
    Subject: RE: Re[2]: 답장: Plan\nMessage-ID: <3@example.org>\nReferences: <1@example.org> <2@example.org>";

#[test]
fn an_answer_goes_to_the_author_or_to_everybody_but_oneself() {
    let one = with(LETTER, |letter| answer(letter, &own(), To::Author));
    assert_eq!(addrs(&one.to), ["seo@example.org"]);
    assert!(one.cc.is_empty());
    assert_eq!((one.identity, one.subject.as_str()), (1, "Re: Plan"));
    assert_eq!(one.context.in_reply_to, ["3@example.org"]);
    assert_eq!(one.context.references, ["1@example.org", "2@example.org", "3@example.org"]);
    let all = with(LETTER, |letter| answer(letter, &own(), To::Everybody));
    assert_eq!(addrs(&all.to), ["seo@example.org", "joon@example.org"]);
    assert_eq!(addrs(&all.cc), ["a@example.net"]);
    let on = with(LETTER, |letter| forward(letter, &own()));
    assert_eq!(on.subject, "Fwd: RE: Re[2]: 답장: Plan");
    assert!(on.to.is_empty() && on.context.in_reply_to.is_empty());
    assert_eq!(on.context.references.len(), 3);
}

#[test]
fn an_answer_to_ones_own_letter_goes_on_to_its_recipients() {
    let sent = "From: minji@example.com\nTo: seo@example.org\nCc: a@example.net\n\
        Subject: Plan\nMessage-ID: <1@example.com>\nIn-Reply-To: <0@example.org>";
    let one = with(sent, |letter| answer(letter, &own(), To::Author));
    assert_eq!((addrs(&one.to), addrs(&one.cc)), (vec!["seo@example.org"], vec![]));
    assert_eq!(one.context.references, ["0@example.org", "1@example.com"]);
    let all = with(sent, |letter| answer(letter, &own(), To::Everybody));
    assert_eq!((addrs(&all.to), addrs(&all.cc)), (vec!["seo@example.org"], vec!["a@example.net"]));
}

#[test]
fn a_list_gets_an_answer_only_when_that_is_said() {
    let list = "From: Seo <seo@example.org>\nTo: list@lists.example.org\n\
        Reply-To: list@lists.example.org\nSubject: Plan\nMessage-ID: <1@example.org>\n\
        List-Post: <https://lists.example.org/new>,\n <mailto:list%40lists.example.org?subject=x>";
    let to = |to| with(list, |letter| answer(letter, &own(), to));
    assert_eq!(addrs(&to(To::Author).to), ["seo@example.org"]);
    assert_eq!(addrs(&to(To::List).to), ["list@lists.example.org"]);
    assert_eq!(addrs(&to(To::Everybody).to), ["seo@example.org", "list@lists.example.org"]);
    assert_eq!(with("From: a@example.org\nList-Post: NO", list_post), None);
    let elsewhere = "From: Seo <seo@example.org>\nReply-To: desk@example.org\nSubject: x";
    let one = with(elsewhere, |letter| answer(letter, &own(), To::Author));
    assert_eq!(addrs(&one.to), ["desk@example.org"]);
}
