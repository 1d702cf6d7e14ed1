//! COMPRESS=DEFLATE (RFC 4978), one buffer at a time: what inflates without end only ever
//! takes the room of that buffer.

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use std::io;

/// Both directions of a compressed connection.
pub(super) struct Packing {
    pack: Compress,
    unpack: Decompress,
}

impl std::fmt::Debug for Packing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Packing")
    }
}

impl Packing {
    /// Nothing packed yet.
    pub(super) fn new() -> Self {
        Self { pack: Compress::new(Compression::default(), false), unpack: Decompress::new(false) }
    }

    /// Packs bytes so that the other side can read all of them.
    pub(super) fn pack(&mut self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut packed = Vec::with_capacity(bytes.len() / 2 + 64);
        let mut rest = bytes;
        loop {
            if packed.len() == packed.capacity() {
                packed.reserve(packed.capacity().max(64));
            }
            let before = self.pack.total_in();
            self.pack
                .compress_vec(rest, &mut packed, FlushCompress::Sync)
                .map_err(io::Error::other)?;
            let taken = usize::try_from(self.pack.total_in() - before).unwrap_or(rest.len());
            rest = rest.get(taken..).unwrap_or_default();
            // Room left over: everything is out.
            if rest.is_empty() && packed.len() < packed.capacity() {
                return Ok(packed);
            }
        }
    }

    /// Unpacks into `room`: how much was taken, how much came out.
    pub(super) fn unpack(&mut self, packed: &[u8], room: &mut [u8]) -> io::Result<(usize, usize)> {
        let (taken, given) = (self.unpack.total_in(), self.unpack.total_out());
        let status = self
            .unpack
            .decompress(packed, room, FlushDecompress::Sync)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        let taken = usize::try_from(self.unpack.total_in() - taken).unwrap_or(0);
        let given = usize::try_from(self.unpack.total_out() - given).unwrap_or(0);
        if status == Status::StreamEnd && given == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok((taken, given))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_packed_comes_out(parts in prop::collection::vec(
            prop::collection::vec(any::<u8>(), 0..5000), 0..6), room in 1_usize..4000) {
            let (mut here, mut there) = (Packing::new(), Packing::new());
            for part in parts {
                let packed = here.pack(&part).unwrap();
                let (mut out, mut at) = (Vec::new(), 0);
                loop {
                    let mut buffer = vec![0; room];
                    // No progress is no error to zlib's users, but one to the crate.
                    let (taken, given) = there.unpack(&packed[at..], &mut buffer).unwrap_or((0, 0));
                    at += taken;
                    out.extend_from_slice(&buffer[..given]);
                    if taken == 0 && given == 0 {
                        break;
                    }
                }
                prop_assert_eq!(out, part);
            }
        }
    }
}
