//! Any bytes are a letter to draw: cleaning them ends, and what comes out names no
//! address, whatever the paper and whichever pictures are there.
#![no_main]

use goyo::html::clean::{Body, Cleaned, Scheme, clean};
use libfuzzer_sys::fuzz_target;

fn names_no_address(cleaned: &Cleaned) {
    for scheme in [Scheme::Light, Scheme::Dark] {
        for has in [true, false] {
            let html = cleaned.html(scheme, &|_| has).to_ascii_lowercase();
            assert!(!html.contains("//"), "{html}");
            for (at, _) in html.match_indices("url(") {
                assert!(html[at..].starts_with("url(goyo:"), "{html}");
            }
            for tag in ["<script", "<link", "<base", "<iframe", "<object", "<form", "<svg"] {
                assert!(!html.contains(tag), "{html}");
            }
        }
    }
}

fuzz_target!(|raw: &[u8]| {
    let text = String::from_utf8_lossy(raw).into_owned();
    names_no_address(&clean(&[Body::Html(text.clone())]));
    let (one, two) = text.split_at(text.floor_char_boundary(text.len() / 2));
    names_no_address(&clean(&[
        Body::Html(one.to_owned()),
        Body::Text(two.to_owned()),
        Body::Html(two.to_owned()),
    ]));
});
