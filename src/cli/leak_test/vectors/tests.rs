use super::*;
use crate::html;
use crate::mime;
use std::collections::BTreeSet;

const LISTENER: &str = "127.0.0.1:8099";

#[test]
fn there_are_enough_and_each_has_a_name() {
    let all = all();
    assert!(all.len() >= 250, "{}", all.len());
    let titles: BTreeSet<String> = all.iter().map(Vector::title).collect();
    assert_eq!(titles.len(), all.len());
    for (index, vector) in all.iter().enumerate() {
        assert_eq!(vector.number, index + 1);
    }
}

#[test]
fn every_letter_can_be_traced_to_its_vector() {
    for vector in all() {
        for aim in [Aim::Name, Aim::Listener(LISTENER)] {
            let letter = vector.letter(aim);
            let text = String::from_utf8_lossy(&letter);
            assert!(!text.contains("{N}") && !text.contains("{URL}"), "{}", vector.title());
            assert!(text.contains(&format!("@v{}.{DOMAIN}>", vector.number)));
        }
    }
    assert_eq!(owner("https://v12.leak.test/x"), Some(12));
    assert_eq!(owner("/V7?a=v9"), Some(7));
    assert_eq!(owner("GET /v31 HTTP/1.1"), Some(31));
    assert_eq!(owner("http://127.0.0.1:80/"), None);
}

/// The letters are read as any letter is, and everything in them that a program
/// would fetch is in the ledger.
#[test]
fn the_ledger_misses_nothing() {
    let mut wrong = Vec::new();
    for vector in all() {
        for aim in [Aim::Name, Aim::Listener(LISTENER)] {
            let raw = vector.letter(aim);
            let letter = mime::parse(&raw);
            let references = html::references_of(&letter);
            let links = html::links_of(&letter);
            let addresses = references.iter().map(|reference| reference.url.as_str());
            let is_link = vector.sees == Sees::Link;
            let is_linked = links.iter().any(|link| vector.owns(&link.href));
            if !vector.is_told(addresses) || (is_link && !is_linked) {
                wrong.push(format!("{} {aim:?} {:?}: {references:?}", vector.title(), vector.sees));
                break;
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
