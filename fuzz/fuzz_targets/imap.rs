//! Whatever a server sends is cut into answers the same way, in whatever pieces it comes,
//! within the limits, and read without harm; names come back as they were written.
#![no_main]

use goyo::net::imap::frame::{Frame, Framer, Limits};
use goyo::net::imap::{is_understood, utf7};
use libfuzzer_sys::fuzz_target;

const LIMITS: Limits = Limits { line: 4096, literal: 2048, small: 512, literals: 8 };

fn cut(bytes: &[u8], size: usize) -> Option<Vec<Frame>> {
    let mut framer = Framer::new(LIMITS);
    let mut frames = Vec::new();
    for mut piece in bytes.chunks(size) {
        loop {
            let (taken, frame) = framer.take(piece).ok()?;
            piece = piece.get(taken..).unwrap_or_default();
            match frame {
                Some(frame) => frames.push(frame),
                None => break,
            }
        }
    }
    Some(frames)
}

fuzz_target!(|bytes: &[u8]| {
    let whole = cut(bytes, bytes.len().max(1));
    assert_eq!(whole, cut(bytes, 5));
    for frame in whole.into_iter().flatten() {
        assert!(frame.literals.iter().map(Vec::len).sum::<usize>() <= LIMITS.literal);
        is_understood(frame);
    }
    let name = String::from_utf8_lossy(bytes);
    assert_eq!(utf7::decode(&utf7::encode(&name)).as_deref(), Some(&*name));
    let _ = utf7::shown(&name);
});
