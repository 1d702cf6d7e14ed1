//! Frames on the pipe: length and number (u32, little-endian), then one postcard
//! message of that length. The pixels of a strip follow their frame as they are.
//!
//! Whoever reads gives a bound; nothing beyond it is allocated or read, and after a
//! frame that is wrong nothing more is understood.

use super::protocol::{Request, Response, Tile};
use super::{MAX_TILE, WorkerError};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::{self, Read};

/// Bytes of a frame, at most, either way.
pub(super) const MAX_FRAME: usize = 64 << 20;

/// Bytes the pipe holds, where the system lets us say: a strip then goes over in a
/// few pieces.
#[cfg(target_os = "linux")]
pub(super) const PIPE: usize = 1 << 20;

/// The program on both ends must mean the same: raised with every change of the
/// messages. A program replaced by an update may start another version of itself.
pub(super) const VERSION: u32 = 7;

/// The first frame of a drawing process: it is warm, and locked as far as it could.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Ready {
    pub(super) version: u32,
    /// Or why it does not draw.
    pub(super) lock: Result<super::Lock, String>,
}

/// Why a frame could not be had.
#[derive(Debug, thiserror::Error)]
pub(super) enum WireError {
    /// The pipe ended or failed.
    #[error("the pipe ended: {0}")]
    Ended(#[from] io::Error),
    /// What came is no frame, or none that was to come.
    #[error("no such frame")]
    Garbage,
}

/// A message as a frame. `None` if it is larger than a frame may be.
pub(super) fn frame(number: u32, message: &impl Serialize) -> Option<Vec<u8>> {
    let mut frame = postcard::to_extend(message, vec![0; 8]).ok()?;
    let length = frame.len().checked_sub(8).filter(|length| *length <= MAX_FRAME)?;
    let length = u32::try_from(length).ok()?;
    frame.get_mut(..4)?.copy_from_slice(&length.to_le_bytes());
    frame.get_mut(4..8)?.copy_from_slice(&number.to_le_bytes());
    Some(frame)
}

/// Reads one message of at most `most` bytes; its number, the message.
pub(super) fn read<T: DeserializeOwned>(
    from: &mut impl Read,
    most: usize,
) -> Result<(u32, T), WireError> {
    let mut head = [0; 8];
    from.read_exact(&mut head)?;
    let [a, b, c, d, number @ ..] = head;
    let length = usize::try_from(u32::from_le_bytes([a, b, c, d]));
    let length = length.ok().filter(|length| *length <= most).ok_or(WireError::Garbage)?;
    let mut bytes = vec![0; length];
    from.read_exact(&mut bytes)?;
    match postcard::take_from_bytes(&bytes) {
        Ok((message, [])) => Ok((u32::from_le_bytes(number), message)),
        _ => Err(WireError::Garbage),
    }
}

/// The bytes a strip of this size has; `None` if that is more than one may have.
pub(super) fn strip((width, height): (u32, u32)) -> Option<usize> {
    let bytes = u64::from(width) * u64::from(height) * 4;
    usize::try_from(bytes).ok().filter(|bytes| *bytes <= MAX_TILE)
}

/// Writes an answer. One that is too large becomes a refusal.
#[cfg(feature = "render")]
pub(super) fn answer(out: &mut impl io::Write, number: u32, response: &Response) -> io::Result<()> {
    let frame = frame(number, response).or_else(|| {
        let sentence = "The answer of the drawing process is too large.";
        frame(number, &Response::Refused(sentence.into()))
    });
    out.write_all(&frame.unwrap_or_default())?;
    if let Response::Tile(tile) = response {
        out.write_all(&tile.pixels)?;
    }
    out.flush()
}

/// What may come as an answer to a request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected {
    /// The number of the request.
    pub(super) number: u32,
    /// Bytes of the frame, at most.
    pub(super) most: usize,
    /// Upper edge and height of the strip that was asked for.
    pub(super) strip: Option<(u32, u32)>,
}

impl Expected {
    /// What answers a request.
    pub(super) fn of(number: u32, request: &Request) -> Self {
        let (most, strip) = match request {
            Request::Open(..) | Request::Read(..) | Request::Quote(..) => (MAX_FRAME, None),
            Request::Print(..) => (MAX_FRAME, None),
            Request::Select(..) => (MAX_FRAME / 2, None),
            Request::Find(..) => (4 << 20, None),
            Request::Paint(_, y, height) => (4 << 10, Some((*y, *height))),
            _ => (4 << 10, None),
        };
        Self { number, most, strip }
    }

    /// Reads that answer, and nothing that could not be it.
    pub(super) fn read(&self, from: &mut impl Read) -> Result<Response, WireError> {
        let (number, mut response) = read(from, self.most)?;
        if number != self.number {
            return Err(WireError::Garbage);
        }
        if let Response::Tile(tile) = &mut response {
            self.pixels(tile, from)?;
        }
        Ok(response)
    }

    fn pixels(&self, tile: &mut Tile, from: &mut impl Read) -> Result<(), WireError> {
        let asked = self.strip.is_some_and(|(y, height)| tile.y == y && tile.size.1 <= height);
        let bytes = strip(tile.size).filter(|_| asked).ok_or(WireError::Garbage)?;
        // Zeroed by the system as it is touched, not by us beforehand.
        let mut pixels = vec![0; bytes];
        from.read_exact(&mut pixels)?;
        tile.pixels = pixels;
        Ok(())
    }
}

impl From<WireError> for WorkerError {
    fn from(error: WireError) -> Self {
        match error {
            WireError::Ended(_) => Self::Died,
            WireError::Garbage => Self::Broken,
        }
    }
}
