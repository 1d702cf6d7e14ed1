//! Numbers as they lie in the index: differences in LEB128.
//!
//! The lowest bit of a position says that another one of the same mail follows. Whatever
//! damaged bytes hold, reading them ends and stays inside them.

pub(super) fn put(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

pub(super) fn put_len(out: &mut Vec<u8>, len: usize) {
    put(out, u32::try_from(len).unwrap_or(u32::MAX));
}

/// Takes numbers and pieces off bytes; nothing when they end.
#[derive(Debug, Clone, Copy)]
pub struct Take<'b>(pub &'b [u8]);

impl<'b> Take<'b> {
    /// The next number.
    #[inline]
    pub fn number(&mut self) -> Option<u32> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        if first < 0x80 {
            return Some(u32::from(first));
        }
        let mut value = u32::from(first & 0x7f);
        let mut shift = 7;
        loop {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u32::from(byte & 0x7f).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(value);
            }
            shift += 7;
        }
    }

    /// The next `len` bytes.
    #[inline]
    pub fn bytes(&mut self, len: usize) -> Option<&'b [u8]> {
        let (bytes, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(bytes)
    }

    /// The positions of one mail: numbers up to one whose lowest bit is clear.
    #[inline]
    pub(super) fn positions(&mut self) -> Option<&'b [u8]> {
        let start = self.0;
        while self.number()? & 1 == 1 {}
        start.get(..start.len() - self.0.len())
    }

    pub(super) fn sized(&mut self) -> Option<&'b [u8]> {
        let len = self.number()? as usize;
        self.bytes(len)
    }
}

/// Numbers, ascending, from their differences.
#[inline]
pub(super) fn ascending(bytes: &[u8]) -> impl Iterator<Item = u32> {
    let mut take = Take(bytes);
    let mut at: u32 = 0;
    std::iter::from_fn(move || {
        at = at.wrapping_add(take.number()?);
        Some(at)
    })
}

/// Positions of a word in one mail, ascending.
pub fn positions(bytes: &[u8]) -> impl Iterator<Item = u32> {
    let mut take = Take(bytes);
    let mut at: u32 = 0;
    std::iter::from_fn(move || {
        at = at.wrapping_add(take.number()? >> 1);
        Some(at)
    })
}

/// Mail ids, newest first, as differences.
pub fn pack_ids(ids: &[i64]) -> Vec<u8> {
    let mut out = Vec::with_capacity(ids.len() * 3 + 8);
    let mut before: Option<i64> = None;
    for id in ids {
        match before {
            None => out.extend_from_slice(&id.to_be_bytes()),
            Some(before) => {
                let mut difference = before.wrapping_sub(*id).cast_unsigned();
                while difference >= 0x80 {
                    out.push((difference & 0x7f) as u8 | 0x80);
                    difference >>= 7;
                }
                out.push(difference as u8);
            }
        }
        before = Some(*id);
    }
    out
}

/// The reverse of [`pack_ids`].
pub fn unpack_ids(bytes: &[u8]) -> Vec<i64> {
    let Some((first, mut rest)) = bytes.split_first_chunk::<8>() else {
        return Vec::new();
    };
    let mut id = i64::from_be_bytes(*first);
    let mut ids = vec![id];
    while !rest.is_empty() {
        let (mut difference, mut shift) = (0_u64, 0_u32);
        loop {
            let Some((&byte, after)) = rest.split_first() else {
                return ids;
            };
            rest = after;
            difference |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            shift += 7;
            if byte < 0x80 {
                break;
            }
        }
        id = id.wrapping_sub(difference.cast_signed());
        ids.push(id);
    }
    ids
}
