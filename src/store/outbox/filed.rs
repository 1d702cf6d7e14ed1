//! Servers that file what they send themselves (Gmail, Exchange): one copy in Sent, and
//! none with a picture that counts.

use super::attempt::Settled;
use super::set_recipient;
use crate::model::{AccountId, Delivered, LetterId, OutboxId, RecipientId, Role, Word};
use crate::store::error::Result;
use crate::store::intents::Acting;
use crate::store::pool::Store;
use rusqlite::OptionalExtension as _;

/// So many seconds after a letter was given away copies of it are looked for.
const LOOKED_FOR: i64 = 2 * 24 * 60 * 60;

/// A copy the server filed.
struct Filed {
    letter: OutboxId,
    place: LetterId,
    copy: Option<LetterId>,
    pixel: bool,
}

impl Store {
    /// Meets the copies that the server of an account has filed of what was sent: without a
    /// receipt picture the server's is kept and ours, which it was not given yet, goes; with
    /// one ours is kept, since the server's would count a reading by the user themselves.
    /// Where it was not known whether the server took a letter, its copy settles it.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn meet_filed(&self, account: AccountId, now: i64) -> Result<Settled> {
        let sent = Role::Sent.word();
        let all = "SELECT o.id, p.id, o.copy_id, o.pixel IS NOT NULL FROM outbox o
             JOIN mail m ON m.msgid = o.msgid JOIN place p ON p.mail_id = m.id
             JOIN folder f ON f.id = p.folder_id
             WHERE o.account_id = ?1 AND f.account_id = ?1 AND f.role = ?2 AND p.uid IS NOT NULL
             AND o.queued >= ?3 AND p.id IS NOT o.copy_id";
        let with = (account.0, sent, now - LOOKED_FOR);
        // Mostly there is nothing: that is found out without the right to write.
        let some = self.read(|conn| Ok(conn.prepare_cached(all)?.exists(with)?))?;
        if !some {
            return Ok(Settled::default());
        }
        self.write(|tx| {
            let mut statement = tx.prepare_cached(all)?;
            let rows = statement.query_map(with, |row| {
                Ok(Filed {
                    letter: OutboxId(row.get(0)?),
                    place: LetterId(row.get(1)?),
                    copy: row.get::<_, Option<i64>>(2)?.map(LetterId),
                    pixel: row.get(3)?,
                })
            })?;
            let found = rows.collect::<rusqlite::Result<Vec<_>>>()?;
            let mut acting = Acting::begin(tx, "filed")?;
            for filed in found {
                settle_unknown(&mut acting, filed.letter)?;
                meet(&mut acting, &filed)?;
            }
            Settled::of(acting)
        })
    }
}

fn meet(acting: &mut Acting<'_>, filed: &Filed) -> Result<()> {
    let tx = acting.tx;
    // What this very loop has done is seen by the next of the same letter.
    let copy: Option<i64> = tx
        .prepare_cached("SELECT copy_id FROM outbox WHERE id = ?")?
        .query_row([filed.letter.0], |row| row.get(0))?;
    if copy != filed.copy.map(|copy| copy.0) {
        return Ok(());
    }
    let held = match copy {
        Some(copy) => tx
            .prepare_cached(
                "SELECT 1 FROM intent WHERE made_id = ? AND kind = 'append' AND state = 'waiting'
                 AND tries = 0 AND not_before > unixepoch()",
            )?
            .exists([copy])?,
        None => false,
    };
    // Where ours was put elsewhere, and maybe back, nothing is known any more.
    let ours: Option<(i64, Option<u32>)> = match copy {
        Some(copy) => tx
            .prepare_cached("SELECT mail_id, uid FROM place WHERE id = ?")?
            .query_row([copy], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?,
        None => None,
    };
    if copy.is_some() && ours.is_none() {
        return Ok(());
    }
    if filed.pixel {
        let theirs: i64 = tx
            .prepare_cached("SELECT mail_id FROM place WHERE id = ?")?
            .query_row([filed.place.0], |row| row.get(0))?;
        match (copy, ours) {
            // Ours has no picture. Theirs goes when the server has ours.
            (_, Some((mail, Some(_)))) if mail != theirs => acting.remove(&[filed.place])?,
            (Some(copy), Some((_, None))) => {
                tx.prepare_cached(
                    "UPDATE intent SET not_before = 0 WHERE made_id = ? AND kind = 'append'
                     AND state IN ('waiting', 'sent')",
                )?
                .execute([copy])?;
            }
            _ => {}
        }
    } else if held || copy.is_none() {
        if let Some(copy) = copy {
            tx.prepare_cached(
                "DELETE FROM intent WHERE made_id = ? AND kind = 'append'
                 AND state IN ('waiting', 'sent')",
            )?
            .execute([copy])?;
            acting.forget(LetterId(copy))?;
        }
        tx.prepare_cached("UPDATE outbox SET copy_id = ? WHERE id = ?")?
            .execute([filed.place.0, filed.letter.0])?;
    }
    Ok(())
}

/// The server has the letter: it filed it.
fn settle_unknown(acting: &mut Acting<'_>, letter: OutboxId) -> Result<()> {
    let tx = acting.tx;
    // With a picture each, one copy does not tell whose transaction it was.
    let single: bool = tx
        .prepare_cached("SELECT count(*) = 1 FROM delivery WHERE outbox_id = ?")?
        .query_row([letter.0], |row| row.get(0))?;
    if !single {
        return Ok(());
    }
    let known = super::out_letter(tx, letter)?;
    // The copy may be of an attempt that ended well for others.
    if known.recipients.iter().any(|recipient| recipient.state == Delivered::Sent) {
        return Ok(());
    }
    let word = Word { why: None, code: None, text: "found in the server's Sent folder".into() };
    let mut some = false;
    for recipient in known.recipients.iter().filter(|r| r.state == Delivered::Unknown) {
        let id: RecipientId = recipient.id;
        set_recipient(tx, id, Delivered::Sent, Some(&word))?;
        some = true;
    }
    if some {
        tx.prepare_cached("UPDATE outbox SET sent = unixepoch() WHERE id = ? AND sent IS NULL")?
            .execute([letter.0])?;
        let known = super::out_letter(tx, letter)?;
        if known.recipients.iter().all(|recipient| recipient.state == Delivered::Sent) {
            super::close(acting, letter)?;
        }
    }
    Ok(())
}
