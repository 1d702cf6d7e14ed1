//! Any text is a question: understood or refused with a sentence, answered
//! without harm, its hits marked inside the text.
#![no_main]

use goyo::mime;
use goyo::model::Flags;
use goyo::store::search::{Order, Search, mark, parse};
use goyo::store::{Circumstances, Incoming, Packer, Store, prepare};
use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;

/// A store of a few letters, made once.
fn store() -> &'static Store {
    static STORE: OnceLock<Store> = OnceLock::new();
    STORE.get_or_init(|| {
        let profile = std::env::temp_dir().join(format!("goyo-fuzz-{}", std::process::id()));
        let store = Store::open(&profile).expect("a store");
        let folder = store.ensure_folder("local/fuzz").expect("a folder");
        let mut packer = Packer::new(None);
        let letters = [
            "From: a@x.org\nSubject: apple pie\n\nan apple a day 가나다라 iPhone을\n",
            "From: 김 <b@x.org>\nSubject: 회의\nList-Id: <l.x.org>\n\n東京タワー résumé\n",
            "From: c@x.org\n\n-not OR \"quoted\" (paren) from:me *\n",
        ];
        for raw in letters {
            let with = Circumstances { now: 1_800_000_000, ..Circumstances::default() };
            let prepared = prepare(mime::parse(raw.as_bytes()), &with, &mut packer);
            let letter = (folder, Incoming::New(Box::new(prepared)), Flags::NONE);
            store.add(&[letter]).expect("added");
        }
        store
    })
}

fuzz_target!(|question: &str| {
    let Ok(node) = parse(question) else { return };
    let snippet = mark(question, &node.shown(), 40);
    for hit in &snippet.hits {
        assert!(snippet.text.get(hit.clone()).is_some_and(|hit| !hit.is_empty()));
    }
    for order in [Order::Newest, Order::Best] {
        let search = Search { node: node.clone(), order, limit: 10 };
        let hits = store().search(&search).expect("an answer");
        assert!(hits.len() <= 3);
        for hit in hits {
            store().snippet(hit.id, &search, 60).expect("a snippet");
        }
    }
});
