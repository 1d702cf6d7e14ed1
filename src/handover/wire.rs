//! What goes through the socket. There: `goyo`, the version 1, a kind, the length of what
//! follows as four bytes (the lowest first), and that. Back: `goyo`, 1, and whether it was
//! taken.

use super::Wish;
use std::path::PathBuf;

/// Longest path or link, in bytes.
pub const MAX: usize = 256 * 1024;
/// Longest path that a system opens, with room to spare.
const MAX_PATH: usize = 8 * 1024;
const MARK: [u8; 5] = *b"goyo\x01";

/// Bytes before what follows.
pub const HEAD: usize = MARK.len() + 1 + 4;
/// Bytes of an answer.
pub const ANSWER: usize = MARK.len() + 1;

/// A wish as it is sent; nothing where it is too long.
pub fn write(wish: &Wish) -> Option<Vec<u8>> {
    let (kind, rest) = match wish {
        Wish::Raise => (b'r', &[][..]),
        Wish::Letter(path) => (b'l', path.as_os_str().as_encoded_bytes()),
        Wish::Write(link) => (b'w', link.as_bytes()),
    };
    let length = u32::try_from(rest.len()).ok().filter(|_| rest.len() <= MAX)?;
    let mut bytes = Vec::with_capacity(HEAD + rest.len());
    bytes.extend(MARK);
    bytes.push(kind);
    bytes.extend(length.to_le_bytes());
    bytes.extend(rest);
    Some(bytes)
}

/// The kind of a wish, and how many bytes follow; nothing where it is not ours.
pub fn read_head(head: &[u8; HEAD]) -> Option<(u8, usize)> {
    let [mark @ .., kind, a, b, c, d] = head;
    let length = usize::try_from(u32::from_le_bytes([*a, *b, *c, *d])).ok()?;
    let most = match kind {
        b'r' => 0,
        b'l' => MAX_PATH,
        b'w' => MAX,
        _ => return None,
    };
    (*mark == MARK && length <= most).then_some((*kind, length))
}

/// The wish itself; nothing where it makes no sense.
pub fn read(kind: u8, rest: Vec<u8>) -> Option<Wish> {
    match kind {
        b'r' => Some(Wish::Raise),
        b'l' => path(rest).filter(|path| path.is_absolute()).map(Wish::Letter),
        b'w' => String::from_utf8(rest)
            .ok()
            .filter(|link| super::begins(link, "mailto:"))
            .map(Wish::Write),
        _ => None,
    }
}

#[cfg(unix)]
fn path(bytes: Vec<u8>) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt as _;
    Some(PathBuf::from(std::ffi::OsString::from_vec(bytes)))
}

#[cfg(not(unix))]
fn path(bytes: Vec<u8>) -> Option<PathBuf> {
    String::from_utf8(bytes).ok().map(PathBuf::from)
}

/// An answer.
pub fn answer(taken: bool) -> [u8; ANSWER] {
    let [a, b, c, d, e] = MARK;
    [a, b, c, d, e, u8::from(taken)]
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn read_back(bytes: &[u8]) -> Option<Wish> {
        let head = bytes.get(..HEAD)?.try_into().unwrap();
        let (kind, length) = read_head(&head)?;
        read(kind, bytes.get(HEAD..HEAD + length)?.to_vec())
    }

    #[test]
    fn wishes_arrive_as_they_were() {
        let odd = {
            #[cfg(unix)]
            {
                use std::os::unix::ffi::OsStringExt as _;
                PathBuf::from(std::ffi::OsString::from_vec(b"/tmp/\xbe\xc8 \n.eml".to_vec()))
            }
            #[cfg(not(unix))]
            PathBuf::from("C:\\a.eml")
        };
        for wish in [
            Wish::Raise,
            Wish::Letter(odd),
            Wish::Write("mailto:a@example.com?subject=회의".into()),
            Wish::Write(format!("mailto:{}", "x".repeat(MAX - 7))),
        ] {
            assert_eq!(read_back(&write(&wish).unwrap()), Some(wish));
        }
        assert_eq!(write(&Wish::Write("x".repeat(MAX + 1))), None);
    }

    #[test]
    fn what_is_not_ours_is_no_wish() {
        let with = |kind: u8, length: u32, rest: &[u8]| {
            let length = length.to_le_bytes();
            read_back(&[&MARK[..], &[kind], &length[..], rest].concat())
        };
        assert_eq!(with(b'r', 0, b""), Some(Wish::Raise));
        assert_eq!(with(b'r', 1, b"x"), None);
        assert_eq!(with(b'x', 0, b""), None);
        assert_eq!(with(b'l', 11, b"letters.eml"), None, "a path that is not absolute");
        assert_eq!(with(b'l', u32::MAX, b"/"), None);
        assert_eq!(with(b'w', 16, b"http://a.example"), None);
        assert_eq!(with(b'w', 8, b"mailto:\xff"), None);
        assert_eq!(read_back(b"GET / HTTP/1.1\r\n\r\n"), None);
        assert_eq!(read_back(b"goyo\x02r\0\0\0\0"), None, "of a later version");
    }
}
