//! Whatever a server sends is cut into replies the same way, in whatever pieces it comes,
//! within the limits; what is sendable of a letter is so whatever stands around it.
#![no_main]

use goyo::net::smtp::{MAX_LINE, MAX_LINES, Replies, Reply, check};
use libfuzzer_sys::fuzz_target;

fn cut(bytes: &[u8], size: usize) -> Option<Vec<Reply>> {
    let mut replies = Replies::new();
    let mut all = Vec::new();
    for mut piece in bytes.chunks(size) {
        while !piece.is_empty() {
            let (taken, reply) = replies.take(piece).ok()?;
            all.extend(reply);
            piece = piece.get(taken..).unwrap_or_default();
        }
    }
    Some(all)
}

fuzz_target!(|bytes: &[u8]| {
    let whole = cut(bytes, bytes.len().max(1));
    assert_eq!(whole, cut(bytes, 1));
    assert_eq!(whole, cut(bytes, 7));
    for reply in whole.into_iter().flatten() {
        assert!((200..600).contains(&reply.code));
        assert!((1..=MAX_LINES).contains(&reply.lines.len()));
        assert!(!reply.to_string().contains(|c: char| c.is_control()));
        assert!(reply.lines.iter().all(|line| line.chars().count() <= MAX_LINE));
    }
    if check(bytes).is_ok() {
        // Nothing in it that any server takes for a line end but CR LF.
        let bare = bytes.split(|byte| *byte == b'\n').rev().skip(1);
        assert!(bare.clone().all(|line| line.ends_with(b"\r")));
        let returns = bytes.iter().filter(|byte| **byte == b'\r').count();
        assert_eq!(returns, bare.count());
    }
});
