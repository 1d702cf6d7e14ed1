use super::*;
use proptest::prelude::*;

fn read(mbox: &[u8]) -> Vec<Vec<u8>> {
    let mut reader = MboxReader::new(mbox);
    let mut letters = Vec::new();
    while let Some(item) = reader.next_letter().unwrap() {
        match item {
            MboxItem::Letter { raw, .. } => letters.push(raw),
            MboxItem::TooLarge { .. } => panic!("too large"),
        }
    }
    letters
}

fn write(letters: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Vec::new();
    for (i, letter) in letters.iter().enumerate() {
        write_mboxrd(&mut out, letter, "kim@example.org", 86_400 * 365, i + 1 == letters.len())
            .unwrap();
    }
    out
}

const FROM: &str = "From kim@example.org Mon Nov 16 10:00:00 2026\n";

#[test]
fn quoting_of_every_depth_is_undone() {
    let mbox =
        format!("{FROM}Subject: x\n\n>From here\n>>From there\n> From no\nFrom the start\n\n");
    assert_eq!(
        read(mbox.as_bytes()),
        [b"Subject: x\n\nFrom here\n>From there\n> From no\nFrom the start\n".to_vec()]
    );
}

#[test]
fn a_letter_begins_only_at_a_dated_from_line() {
    let mbox = format!(
        "{FROM}A: 1\n\nFrom now on, Mon was here.\n\nFrom today\n\n{FROM}B: 2\n\nbody\n{FROM}C: 3\n\n"
    );
    let letters = read(mbox.as_bytes());
    assert_eq!(letters.len(), 3);
    assert_eq!(letters[0], b"A: 1\n\nFrom now on, Mon was here.\n\nFrom today\n");
    assert_eq!(letters[1], b"B: 2\n\nbody");
    assert_eq!(letters[2], b"C: 3\n");
}

#[test]
fn the_from_lines_of_other_programs_are_known() {
    for line in [
        "From MAILER-DAEMON Thu Jan  1 00:00:00 1970",
        "From - Mon Sep 01 12:00:00 2003",
        "From ???@??? Mon Nov 16 10:00:00 2026",
        "From a@b.c Fri, 3 Jan 10:00:00 2003",
        "From a b@c Mon Nov 16 10:00:00 KST 2026",
        "From a@b.c Mon Nov 16 10:00 2026",
        "From a@b.c Mon Nov 16 10:00:00 2026 remote from uucp",
    ] {
        let expected = !line.contains("Fri, 3");
        assert_eq!(is_from_line(line.as_bytes(), true), expected, "{line}");
    }
    assert!(!is_from_line(b"From the sun, Mon and moon at 10:00", true));
}

#[test]
fn the_date_of_delivery_is_read() {
    // date -u -d '2026-11-16 10:00:00' +%s
    let date = Some(1_794_823_200);
    assert_eq!(from_line_date("a@b.c Mon Nov 16 10:00:00 2026"), date);
    assert_eq!(from_line_date("a@b.c Mon Nov 16 10:00 KST 2026"), date);
    assert_eq!(from_line_date("a@b.c Mon Nov 36 10:00:00 2026"), None);
    assert_eq!(from_line_date("nonsense"), None);
}

#[test]
fn content_length_is_believed_when_a_letter_ends_there() {
    // mboxcl2: the body has a bare From line and a quoted one, counted.
    let body = "one\n\nFrom two\n>From three\n";
    let mbox =
        format!("{FROM}Content-Length: {}\n\n{body}\n{FROM}Subject: next\n\nx\n\n", body.len());
    let letters = read(mbox.as_bytes());
    assert_eq!(letters.len(), 2);
    assert!(letters[0].ends_with(body.as_bytes()));
    // mboxcl: counted and quoted.
    let body = ">From me\n";
    let mbox = format!("{FROM}Content-Length: {}\n\n{body}\n{FROM}S: n\n\nx\n\n", body.len());
    assert_eq!(read(mbox.as_bytes())[0], b"Content-Length: 9\n\nFrom me\n");
    // One that would swallow a letter is not.
    let next = format!("{FROM}S: n\n\nx\n");
    let body = format!("one\n\n{next}");
    let mbox = format!("{FROM}Content-Length: {}\n\n{body}\n{next}\n", body.len());
    assert_eq!(read(mbox.as_bytes()).len(), 3);
    // Nor is a wrong one.
    let mbox = format!("{FROM}Content-Length: 3\n\nlonger\n\n{FROM}S: n\n\nx\n\n");
    assert_eq!(read(mbox.as_bytes())[0], b"Content-Length: 3\n\nlonger\n");
}

#[test]
fn windows_line_ends_belong_to_the_file() {
    let mbox = "From a@b Mon Nov 16 10:00:00 2026\r\nS: 1\r\n\r\nx\r\n\r\n\
                From a@b Mon Nov 16 10:00:00 2026\r\nS: 2\r\n\r\ny\r\n";
    assert_eq!(
        read(mbox.as_bytes()),
        [b"S: 1\r\n\r\nx\r\n".to_vec(), b"S: 2\r\n\r\ny\r\n".to_vec()]
    );
}

#[test]
fn from_lines_without_a_date_we_know_are_believed_before_a_header() {
    let mbox = "From a@b\nS: 1\n\nFrom here on\nx\n\nFrom there on\n\nFrom c@d\nS: 2\n\ny\n";
    let letters = read(mbox.as_bytes());
    assert_eq!(letters.len(), 2);
    assert_eq!(letters[0], b"S: 1\n\nFrom here on\nx\n\nFrom there on\n");
}

#[test]
fn a_carriage_return_at_the_end_of_a_counted_body_is_its_own() {
    let letters = [b"Content-Length: 2\n\nab\r".to_vec(), b"A: 1\n\nx".to_vec()];
    assert_eq!(read(&write(&letters)), letters);
}

#[test]
fn what_is_no_mbox_is_refused() {
    let error = MboxReader::new(&b"Subject: x\n\n"[..]).next_letter().unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    assert_eq!(read(b""), Vec::<Vec<u8>>::new());
    assert_eq!(read(b"\n\n"), Vec::<Vec<u8>>::new());
}

#[test]
fn a_letter_that_is_too_large_is_passed_over_in_bounded_memory() {
    struct Endless {
        head: io::Cursor<Vec<u8>>,
        left: u64,
        tail: io::Cursor<Vec<u8>>,
    }
    impl Read for Endless {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            let got = self.head.read(buf)?;
            if got > 0 {
                return Ok(got);
            }
            let fill = buf.len().min(usize::try_from(self.left).unwrap());
            if fill == 0 {
                return self.tail.read(buf);
            }
            buf[..fill].fill(b'x');
            self.left -= fill as u64;
            Ok(fill)
        }
    }
    let mut reader = MboxReader::new(Endless {
        head: io::Cursor::new(format!("{FROM}S: 1\n\n").into_bytes()),
        left: 2 * MAX_LETTER as u64,
        tail: io::Cursor::new(format!("\n\n{FROM}S: 2\n\nsmall\n\n").into_bytes()),
    });
    let first = reader.next_letter().unwrap().unwrap();
    let size = 2 * MAX_LETTER as u64 + 7;
    assert!(matches!(first, MboxItem::TooLarge { size: s, .. } if s == size), "{size}");
    assert!(reader.source.buffer.capacity() < 8 * STRETCH);
    let second = reader.next_letter().unwrap().unwrap();
    assert!(matches!(second, MboxItem::Letter { raw, .. } if raw == b"S: 2\n\nsmall\n"));
}

/// Bytes that look as much like an mbox's own as possible.
fn letter() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"From kim@example.org Mon Nov 16 10:00:00 2026\n".to_vec()),
        Just(b">From x\n".to_vec()),
        Just(b"From \n".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\r".to_vec()),
        (0_usize..40).prop_map(|n| format!("Content-Length: {n}\n").into_bytes()),
        Just(b"Subject: x\n".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..12),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(letters in proptest::collection::vec(letter(), 1..6)) {
        prop_assert_eq!(read(&write(&letters)), letters);
    }

    #[test]
    fn any_bytes_are_read_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let mut mbox = FROM.as_bytes().to_vec();
        mbox.extend(bytes);
        let mut reader = MboxReader::new(&mbox[..]);
        while reader.next_letter().unwrap().is_some() {}
    }
}
