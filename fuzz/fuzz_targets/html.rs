//! Any bytes are HTML, and any letter may hold it: nothing that looks for what it
//! refers to may panic, and by default nothing of it is allowed.
#![no_main]

use goyo::html;
use goyo::mime;
use goyo::model::{Reference, Verdict};
use goyo::privacy::{self, Policy};
use libfuzzer_sys::fuzz_target;

fn addresses_are_clean(references: &[Reference]) {
    for reference in references {
        let url = &reference.url;
        let web = url
            .get(..4)
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("http"));
        assert!(
            !web || !url.chars().any(|c| matches!(c, '\t' | '\n' | '\r')),
            "{url:?}"
        );
        assert!(!web || !url.chars().any(char::is_control), "{url:?}");
    }
}

fuzz_target!(|raw: &[u8]| {
    let page = String::from_utf8_lossy(raw);
    addresses_are_clean(&html::references(&page, 0));
    let _ = html::links(&page);

    let mut with_header =
        b"From: a@b.example\nTo: me@c.example\nContent-Type: text/html; charset=utf-8\n\n".to_vec();
    with_header.extend_from_slice(raw);
    for bytes in [&with_header, raw] {
        let letter = mime::parse(bytes);
        let references = html::references_of(&letter);
        addresses_are_clean(&references);
        let _ = html::links_of(&letter);
        let count = references.len();
        let ledger = privacy::ledger(&letter, references, &Policy::default());
        assert_eq!(ledger.entries.len(), count);
        for entry in &ledger.entries {
            assert!(matches!(entry.verdict, Verdict::Refuse(_)), "{entry:?}");
        }
        let report = html::inspect(bytes, &["me@c.example".to_owned()]);
        assert_eq!(report.remote.len(), count);
    }
});
