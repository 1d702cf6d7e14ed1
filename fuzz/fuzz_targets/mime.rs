//! Any bytes are a letter: nothing that looks at it may panic, and what is
//! promised of a parsed letter must hold.
#![no_main]

use goyo::mime::{self, Content};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|raw: &[u8]| {
    let letter = mime::parse(raw);
    assert!(!letter.parts.is_empty());
    assert_eq!(letter.raw.len(), raw.len());
    for (index, part) in letter.parts.iter().enumerate() {
        assert_eq!(part.parent.is_none(), index == 0);
        assert!(part.parent.is_none_or(|parent| parent < index));
        assert!(!part.media_type.is_empty());
        if let Some(range) = &part.body_range {
            assert!(range.start <= range.end && range.end <= raw.len());
        }
        if let Some(name) = &part.file_name {
            assert!(!name.is_empty() && name.len() <= 255 && !name.contains(['/', '\\']));
        }
        for field in &part.fields {
            assert!(!field.value.chars().any(char::is_control));
        }
        let _ = letter.bytes(index);
        let _ = letter.nested(index);
        if let Content::Text(_) | Content::Html(_) = part.content {
            let _ = letter.text_as(index, "iso-2022-kr");
            let _ = letter.text_as(index, "johab");
        }
    }
    let all = letter
        .html_body
        .iter()
        .chain(&letter.text_body)
        .chain(&letter.attachments);
    assert!(all.clone().all(|index| *index < letter.parts.len()));
    let envelope = &letter.envelope;
    let people = envelope.from.iter().chain(&envelope.to).chain(&envelope.cc);
    assert!(people.clone().all(|address| !address.addr.is_empty()));
    let _ = letter.text();
    let _ = letter.html();
    assert!(letter.preview(80).chars().count() <= 80);
    for line in mime::flowed::lines(&String::from_utf8_lossy(raw), true, true) {
        assert!(!line.text.contains('\n'));
    }
    let _ = mime::html_text::to_text(&String::from_utf8_lossy(raw));
    let _ = mime::date::parse(raw);
    let _ = mime::address::list(raw, None);
    let _ = mime::address::ids(raw);
});
