//! Raw letters: compressed in pieces, read back and proved by their SHA-256.

use super::error::{Result, StoreError};
use super::slices;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};

/// A letter's identity: the SHA-256 of its bytes.
pub type Sha = [u8; 32];

/// Largest piece before compression.
const PIECE: usize = 4 * 1024 * 1024;
/// Largest piece that is believed when read back.
const MAX_PIECE: usize = 2 * PIECE;
const LEVEL: i32 = 3;
/// Large letters are mostly encoded attachments: no level helps those.
const LEVEL_LARGE: i32 = 1;

/// Size of a dictionary.
const DICTIONARY: usize = 128 * 1024;
/// Letters that a dictionary helps; it slows down larger ones.
const SMALL: usize = 32 * 1024;
/// A dictionary is made from at least so many letters.
const ENOUGH: usize = 100;
/// How much of a letter is looked at for a dictionary.
const SAMPLE: usize = 16 * 1024;

const PLAIN: i64 = 0;
const ZSTD: i64 = 1;
/// This and up: zstd with dictionary `codec - WITH_DICTIONARY`.
const WITH_DICTIONARY: i64 = 2;

/// The SHA-256 of a letter.
pub fn sha256(raw: &[u8]) -> Sha {
    Sha256::digest(raw).into()
}

/// The identity of a letter of which only the header is here, and the size the server
/// says. Never that of a whole letter: other bytes go in first.
pub fn header_sha(header: &[u8], size: u64) -> Sha {
    let mut sha = Sha256::new();
    sha.update(b"header only\0");
    sha.update(size.to_be_bytes());
    sha.update(header);
    sha.finalize().into()
}

/// A piece as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Packed {
    codec: i64,
    data: Vec<u8>,
}

impl Packed {
    /// Bytes it takes up.
    pub(super) fn len(&self) -> usize {
        self.data.len()
    }
}

/// What letters of this store have in common; makes small ones much smaller.
#[derive(Debug, Clone)]
pub struct Dictionary {
    id: i64,
    data: Arc<[u8]>,
}

impl Dictionary {
    pub(super) fn new(id: i64, data: Vec<u8>) -> Self {
        Self { id, data: data.into() }
    }
}

/// Makes a dictionary from letters; nothing if they are too few or too much alike.
pub(super) fn train(samples: &[Vec<u8>]) -> Option<Vec<u8>> {
    if samples.len() < ENOUGH {
        return None;
    }
    let heads: Vec<&[u8]> =
        samples.iter().map(|raw| raw.get(..SAMPLE).unwrap_or(raw.as_slice())).collect();
    zstd::dict::from_samples(&heads, DICTIONARY).ok()
}

/// Compresses letters; keep one a thread, setting it up costs more than a letter.
pub struct Packer {
    plain: Option<zstd::bulk::Compressor<'static>>,
    /// For small letters, with the `codec` that names its dictionary.
    small: Option<(zstd::bulk::Compressor<'static>, i64)>,
}

impl Packer {
    /// With a dictionary of the store the letters will be kept in, or without.
    pub fn new(dictionary: Option<&Dictionary>) -> Self {
        let small = dictionary.and_then(|dictionary| {
            let zstd = zstd::bulk::Compressor::with_dictionary(LEVEL, &dictionary.data).ok()?;
            Some((zstd, WITH_DICTIONARY + dictionary.id))
        });
        // Without a compressor letters are stored as they are: large, but kept.
        Self { plain: zstd::bulk::Compressor::new(LEVEL_LARGE).ok(), small }
    }

    pub(super) fn pack(&mut self, raw: &[u8]) -> Vec<Packed> {
        let piece = |piece: &[u8]| {
            let (zstd, codec) = match &mut self.small {
                Some((zstd, codec)) if piece.len() <= SMALL => (Some(zstd), *codec),
                _ => (self.plain.as_mut(), ZSTD),
            };
            let smaller = zstd
                .and_then(|zstd| zstd.compress(piece).ok())
                .filter(|data| data.len() < piece.len());
            match smaller {
                Some(data) => Packed { codec, data },
                None => Packed { codec: PLAIN, data: piece.to_vec() },
            }
        };
        if raw.is_empty() {
            return vec![Packed { codec: PLAIN, data: Vec::new() }];
        }
        raw.chunks(PIECE).map(piece).collect()
    }
}

/// Writes a letter's pieces and returns the key of the first, which is the
/// letter's.
pub(super) fn insert(tx: &Transaction<'_>, pieces: &[Packed]) -> Result<i64> {
    let mut first = None;
    for (seq, piece) in pieces.iter().enumerate() {
        let cut = slices::put(tx, &piece.data)?;
        tx.prepare_cached("INSERT INTO raw (codec, slice, slices, data) VALUES (?, ?, ?, ?)")?
            .execute(params![piece.codec, cut.slice, cut.slices, cut.data])?;
        let id = tx.last_insert_rowid();
        match first {
            None => first = Some(id),
            Some(first) => {
                tx.prepare_cached("INSERT INTO raw_more (raw_id, seq, more) VALUES (?, ?, ?)")?
                    .execute([first, seq as i64, id])?;
            }
        }
    }
    first.ok_or_else(|| StoreError::Damaged("a letter without bytes".into()))
}

/// Removes a letter's pieces.
pub(super) fn remove(tx: &Transaction<'_>, raw_id: i64) -> Result<()> {
    let mut pieces: Vec<i64> = tx
        .prepare_cached("SELECT more FROM raw_more WHERE raw_id = ?")?
        .query_map([raw_id], |row| row.get(0))?
        .collect::<std::result::Result<_, _>>()?;
    tx.prepare_cached("DELETE FROM raw_more WHERE raw_id = ?")?.execute([raw_id])?;
    pieces.push(raw_id);
    for piece in pieces {
        slices::remove(tx, "raw", "id = ?", piece)?;
        tx.prepare_cached("DELETE FROM raw WHERE id = ?")?.execute([piece])?;
    }
    Ok(())
}

/// Decompresses letters of one store; keeps what it has set up.
#[derive(Default)]
pub(super) struct Unpacker(Mutex<HashMap<i64, zstd::bulk::Decompressor<'static>>>);

impl std::fmt::Debug for Unpacker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Unpacker")
    }
}

impl Unpacker {
    fn with_dictionary(&self, conn: &Connection, id: i64, data: &[u8]) -> Result<Vec<u8>> {
        let mut ready = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let zstd = match ready.entry(id) {
            Entry::Occupied(ready) => ready.into_mut(),
            Entry::Vacant(place) => {
                let dictionary: Option<Vec<u8>> = conn
                    .prepare_cached("SELECT data FROM dictionary WHERE id = ?")?
                    .query_row([id], |row| row.get(0))
                    .optional()?;
                let Some(dictionary) = dictionary else {
                    return Err(StoreError::Damaged(format!("dictionary {id} is missing")));
                };
                let zstd = zstd::bulk::Decompressor::with_dictionary(&dictionary)
                    .map_err(|e| StoreError::Damaged(e.to_string()))?;
                place.insert(zstd)
            }
        };
        zstd.decompress(data, MAX_PIECE).map_err(|e| StoreError::Damaged(e.to_string()))
    }
}

fn unpack(
    conn: &Connection,
    unpacker: &Unpacker,
    codec: i64,
    data: &[u8],
    out: &mut Vec<u8>,
) -> Result<()> {
    match codec {
        PLAIN => out.extend_from_slice(data),
        ZSTD => {
            let piece = zstd::bulk::decompress(data, MAX_PIECE)
                .map_err(|e| StoreError::Damaged(e.to_string()))?;
            out.extend_from_slice(&piece);
        }
        WITH_DICTIONARY.. => {
            out.append(&mut unpacker.with_dictionary(conn, codec - WITH_DICTIONARY, data)?);
        }
        other => return Err(StoreError::Damaged(format!("unknown form {other}"))),
    }
    Ok(())
}

/// The letter stored under `raw_id`, as it came.
pub(super) fn read(conn: &Connection, unpacker: &Unpacker, raw_id: i64) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    read_piece(conn, unpacker, raw_id, &mut out)?;
    let mut more =
        conn.prepare_cached("SELECT more FROM raw_more WHERE raw_id = ? ORDER BY seq")?;
    let mut rows = more.query([raw_id])?;
    while let Some(row) = rows.next()? {
        read_piece(conn, unpacker, row.get(0)?, &mut out)?;
    }
    Ok(out)
}

fn read_piece(conn: &Connection, unpacker: &Unpacker, id: i64, out: &mut Vec<u8>) -> Result<()> {
    let mut find =
        conn.prepare_cached("SELECT codec, slice, slices, data FROM raw WHERE id = ?")?;
    let mut rows = find.query([id])?;
    let Some(row) = rows.next()? else {
        return Err(StoreError::Damaged(format!("raw letter {id} is missing")));
    };
    let mut data = Vec::new();
    slices::read(conn, row, 1, &mut data)?;
    unpack(conn, unpacker, row.get(0)?, &data, out)
}
