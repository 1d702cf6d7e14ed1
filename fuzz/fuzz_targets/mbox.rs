//! Any bytes are read as an mbox without harm, and what is read from one, or any
//! letters at all, come back from an mboxrd of ours as they were.
#![no_main]

use goyo::archive::{MboxItem, MboxReader, from_line_date, write_mboxrd};
use libfuzzer_sys::fuzz_target;

fn read(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut reader = MboxReader::new(bytes);
    let mut letters = Vec::new();
    while let Ok(Some(item)) = reader.next_letter() {
        match item {
            MboxItem::Letter { raw, from_line } => {
                let _ = from_line_date(&from_line);
                letters.push(raw);
            }
            MboxItem::TooLarge { .. } => panic!("{} bytes hold no large letter", bytes.len()),
        }
    }
    letters
}

fuzz_target!(|bytes: &[u8]| {
    let mut letters = read(bytes);
    // And the same bytes as letters of their own, cut at a byte of theirs.
    let cut = bytes.first().copied().unwrap_or(0);
    letters.extend(bytes.split(|b| *b == cut).take(20).map(<[u8]>::to_vec));
    let mut mbox = Vec::new();
    let count = letters.len();
    for (index, letter) in letters.iter().enumerate() {
        write_mboxrd(&mut mbox, letter, "a@b.c", 1_000_000, index + 1 == count)
            .expect("memory takes everything");
    }
    assert_eq!(read(&mbox), letters);
});
