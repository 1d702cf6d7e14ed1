//! Large values, cut so that they fill pages of 16 KiB: SQLite would give each its
//! own overflow pages, the last of them half empty on average.
//!
//! A value is a row of some table with the columns `slice, slices, data`: `slices`
//! full slices with consecutive ids from `slice` on, then `data`.

use super::error::{Result, StoreError};
use rusqlite::{Connection, Row, Transaction};

/// Four of them fill a page.
const SLICE: usize = 4060;
/// Only what is larger than this is cut: four of these fill a page too.
const WHOLE: usize = 4000;

/// What is written into the columns of a value.
#[derive(Debug)]
pub(super) struct Cut<'v> {
    pub slice: Option<i64>,
    pub slices: i64,
    pub data: &'v [u8],
}

/// Writes the slices of a value.
pub(super) fn put<'v>(tx: &Transaction<'_>, value: &'v [u8]) -> Result<Cut<'v>> {
    if value.len() <= WHOLE {
        return Ok(Cut { slice: None, slices: 0, data: value });
    }
    let mut insert = tx.prepare_cached("INSERT INTO slice (data) VALUES (?)")?;
    let full = value.chunks_exact(SLICE);
    let data = full.remainder();
    let mut cut = Cut { slice: None, slices: 0, data };
    for slice in full {
        insert.execute([slice])?;
        cut.slice.get_or_insert(tx.last_insert_rowid());
        cut.slices += 1;
    }
    Ok(cut)
}

/// Bytes of a value, by its slices and what lies beside them.
pub(super) fn len(slices: i64, data: i64) -> usize {
    let full = usize::try_from(slices).unwrap_or(0).saturating_mul(SLICE);
    full.saturating_add(usize::try_from(data).unwrap_or(0))
}

/// Reads a value whose columns `slice, slices, data` are those of `row` from
/// `column` on, and appends it to `out`.
pub(super) fn read(
    conn: &Connection,
    row: &Row<'_>,
    column: usize,
    out: &mut Vec<u8>,
) -> Result<()> {
    let slices: i64 = row.get(column + 1)?;
    if slices > 0 {
        let first: i64 = row.get(column)?;
        let mut read = conn.prepare_cached("SELECT data FROM slice WHERE id BETWEEN ? AND ?")?;
        let mut rows = read.query([first, first.saturating_add(slices - 1)])?;
        let mut found = 0;
        while let Some(slice) = rows.next()? {
            out.extend_from_slice(blob(slice, 0)?);
            found += 1;
        }
        if found != slices {
            return Err(StoreError::Damaged(format!("{} slices are missing", slices - found)));
        }
    }
    out.extend_from_slice(blob(row, column + 2)?);
    Ok(())
}

fn blob<'r>(row: &'r Row<'_>, column: usize) -> Result<&'r [u8]> {
    row.get_ref(column)?.as_blob().map_err(|e| StoreError::Damaged(e.to_string()))
}

/// Removes the slices of all rows of `table` for which `condition` holds; the
/// rows themselves go after that.
pub(super) fn remove(tx: &Transaction<'_>, table: &str, condition: &str, key: i64) -> Result<()> {
    let sql = format!("SELECT slice, slices FROM {table} WHERE {condition} AND slices > 0");
    let mut find = tx.prepare_cached(&sql)?;
    let mut rows = find.query([key])?;
    let mut delete = tx.prepare_cached("DELETE FROM slice WHERE id BETWEEN ? AND ?")?;
    while let Some(row) = rows.next()? {
        let (first, slices): (i64, i64) = (row.get(0)?, row.get(1)?);
        delete.execute([first, first.saturating_add(slices - 1)])?;
    }
    Ok(())
}
