//! The user's lasting decisions about whose pictures are shown.
//!
//! There is one rule a scope: deciding again about the same address or domain takes
//! the place of what was decided before, and "show" and "never" about the same
//! address exclude each other. Whom a rule really covers is judged in `privacy`.

use super::error::{Result, StoreError};
use super::pool::Store;
use crate::model::{Made, Proof, Rule, Scope};
use rusqlite::{Row, Transaction, params};

const COLUMNS: &str = "SELECT kind, whom, proof FROM rule";

impl Store {
    /// All rules, the newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn rules(&self) -> Result<Vec<Rule>> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached(&format!("{COLUMNS} ORDER BY id DESC"))?;
            let mut rows = statement.query([])?;
            let mut rules = Vec::new();
            while let Some(row) = rows.next()? {
                rules.push(rule(row)?);
            }
            Ok(rules)
        })
    }

    /// All rules, the newest first, each with when and on which letter it was made.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn rules_made(&self) -> Result<Vec<(Rule, Made)>> {
        self.read(|conn| {
            let sql = "SELECT kind, whom, proof, made, letter FROM rule ORDER BY id DESC";
            let mut statement = conn.prepare_cached(sql)?;
            let mut rows = statement.query([])?;
            let mut rules = Vec::new();
            while let Some(row) = rows.next()? {
                rules.push((rule(row)?, Made { at: row.get(3)?, letter: row.get(4)? }));
            }
            Ok(rules)
        })
    }

    /// Rules that may speak of the address `sender`: of itself, of its domain and
    /// of the domains above that.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn rules_for(&self, sender: &str) -> Result<Vec<Rule>> {
        let sender = sender.to_ascii_lowercase();
        self.read(|conn| {
            let mut rules = Vec::new();
            let mut find = |whom: &str, domain: bool| -> Result<()> {
                let mut statement = conn.prepare_cached(&format!(
                    "{COLUMNS} WHERE whom = ? AND (kind = 'domain') = ? ORDER BY id DESC"
                ))?;
                let mut rows = statement.query(params![whom, domain])?;
                while let Some(row) = rows.next()? {
                    rules.push(rule(row)?);
                }
                Ok(())
            };
            find(&sender, false)?;
            let mut domain = sender.rsplit_once('@').map(|(_, domain)| domain);
            while let Some(name) = domain {
                find(name, true)?;
                domain = name.split_once('.').map(|(_, rest)| rest);
            }
            Ok(rules)
        })
    }

    /// Makes a rule, on a letter of this subject, where it was one.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn add_rule(&self, rule: &Rule, letter: Option<&str>) -> Result<()> {
        let (kind, whom) = key(&rule.scope);
        let proof = serde_json::to_string(&rule.proof)
            .map_err(|error| StoreError::Damaged(format!("a rule's proof: {error}")))?;
        self.write(|tx| {
            if kind != "domain" {
                tx.prepare_cached("DELETE FROM rule WHERE whom = ? AND kind <> 'domain'")?
                    .execute([&whom])?;
            }
            tx.prepare_cached(
                "INSERT OR REPLACE INTO rule (kind, whom, proof, letter) VALUES (?, ?, ?, ?)",
            )?
            .execute(params![kind, whom, proof, letter])?;
            Ok(())
        })
    }

    /// Takes a rule back: whatever was decided for its scope.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn remove_rule(&self, rule: &Rule) -> Result<()> {
        let (kind, whom) = key(&rule.scope);
        self.write(|tx| {
            tx.prepare_cached("DELETE FROM rule WHERE kind = ? AND whom = ?")?
                .execute(params![kind, whom])?;
            Ok(())
        })
    }
}

fn key(scope: &Scope) -> (&'static str, String) {
    match scope {
        Scope::Sender(whom) => ("sender", whom.to_ascii_lowercase()),
        Scope::Domain(whom) => ("domain", whom.to_ascii_lowercase()),
        Scope::Never(whom) => ("never", whom.to_ascii_lowercase()),
    }
}

fn rule(row: &Row<'_>) -> Result<Rule> {
    let whom: String = row.get(1)?;
    let kind = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
    let scope = match kind {
        "sender" => Scope::Sender(whom),
        "domain" => Scope::Domain(whom),
        _ => Scope::Never(whom),
    };
    Ok(Rule { proof: proof(row, 2, &scope)?, scope })
}

/// A "never" needs no proof. What else asks for a proof that cannot be read holds
/// for nobody.
fn proof(row: &Row<'_>, column: usize, scope: &Scope) -> Result<Proof> {
    let text = row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?;
    match serde_json::from_str(text) {
        Ok(proof) => Ok(proof),
        Err(_) if matches!(scope, Scope::Never(_)) => Ok(Proof::None),
        Err(_) => Ok(Proof::Own { domain: String::new() }),
    }
}

/// Finds rules whose proof cannot be read, for `check`; with `repair` they go. A
/// "never" stays: it holds without proof, and without it pictures would be shown.
pub(super) fn agree(
    tx: &Transaction<'_>,
    repair: bool,
    mut found: impl FnMut(String),
) -> Result<()> {
    let mut statement = tx.prepare("SELECT id, whom, proof, kind = 'never' FROM rule")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (id, whom, proof): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if serde_json::from_str::<Proof>(&proof).is_err() {
            let never: bool = row.get(3)?;
            if repair && never {
                let none = serde_json::to_string(&Proof::None)
                    .map_err(|error| StoreError::Damaged(format!("a rule's proof: {error}")))?;
                tx.execute("UPDATE rule SET proof = ? WHERE id = ?", params![none, id])?;
            } else if repair {
                tx.execute("DELETE FROM rule WHERE id = ?", [id])?;
            }
            found(format!("the rule about {whom} cannot be read"));
        }
    }
    Ok(())
}
