//! What the user does to folders.

use super::act::{ActError, FolderRow, folder, letters_of};
use super::acting::Acting;
use super::{Detail, Intent, Kind};
use crate::model::{AccountId, FolderId, LONGEST_PATH, Role, folder_level};
use crate::store::error::Result;
use rusqlite::{Connection, OptionalExtension, params};

impl Acting<'_> {
    /// Makes a folder; one that the user removed comes back, empty.
    pub(super) fn create_folder(
        &mut self,
        account: AccountId,
        path: &str,
        role: Option<Role>,
    ) -> Result<FolderId> {
        let path = path_of(path)?;
        let found: Option<(i64, bool)> = self
            .tx
            .prepare_cached("SELECT id, hidden FROM folder WHERE account_id = ? AND path = ?")?
            .query_row(params![account.0, path], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let id = match found {
            Some((_, false)) => return Err(ActError::FolderExists(path).into()),
            Some((id, true)) => {
                self.tx
                    .prepare_cached("UPDATE folder SET hidden = 0, role = ? WHERE id = ?")?
                    .execute(params![role.map(Role::word), id])?;
                id
            }
            None => {
                self.tx
                    .prepare_cached("INSERT INTO folder (account_id, path, role) VALUES (?, ?, ?)")?
                    .execute(params![account.0, path, role.map(Role::word)])?;
                self.tx.last_insert_rowid()
            }
        };
        let row = self.row(FolderId(id))?;
        self.note(&Intent {
            folder: Some(row.id),
            detail: Detail { to: Some(path), ..Detail::default() },
            ..self.blank(Kind::Create, &row)
        })?;
        self.touch(&row);
        self.tally.changed += 1;
        Ok(row.id)
    }

    /// Gives a folder another path, and those below it with it.
    pub(super) fn rename_folder(&mut self, id: FolderId, path: &str) -> Result<()> {
        let path = path_of(path)?;
        let row = self.row(id)?;
        if path == row.path {
            return Ok(());
        }
        if row.role == Some(Role::Inbox) {
            return Err(ActError::FolderNeeded(row.path).into());
        }
        // Not into itself, and not onto another.
        if path.strip_prefix(&row.path).is_some_and(|rest| rest.starts_with('/')) {
            return Err(ActError::FolderName(path).into());
        }
        repath(self, &row, &path)?;
        self.note(&Intent {
            folder: Some(id),
            detail: Detail { from: Some(row.path.clone()), to: Some(path), ..Detail::default() },
            ..self.blank(Kind::Rename, &row)
        })?;
        self.touch(&row);
        self.tally.changed += 1;
        Ok(())
    }

    /// Removes a folder; its letters go to the trash.
    pub(super) fn delete_folder(&mut self, id: FolderId) -> Result<()> {
        let row = self.row(id)?;
        if matches!(row.role, Some(Role::Inbox | Role::Trash)) {
            return Err(ActError::FolderNeeded(row.path).into());
        }
        if !below(self.tx, &row)?.is_empty() {
            return Err(ActError::FolderHasFolders(row.path).into());
        }
        let letters = letters_of(self.tx, id, "")?;
        if !letters.is_empty() {
            self.delete(&letters)?;
        }
        self.tx.prepare_cached("UPDATE folder SET hidden = 1 WHERE id = ?")?.execute([id.0])?;
        self.note(&Intent {
            folder: Some(id),
            detail: Detail { from: Some(row.path.clone()), ..Detail::default() },
            ..self.blank(Kind::Remove, &row)
        })?;
        self.touch(&row);
        self.tally.changed += 1;
        Ok(())
    }

    pub(super) fn subscribe(&mut self, id: FolderId, yes: bool) -> Result<()> {
        let row = self.row(id)?;
        if row.subscribed == yes {
            return Ok(());
        }
        self.tx
            .prepare_cached("UPDATE folder SET subscribed = ? WHERE id = ?")?
            .execute(params![yes, id.0])?;
        self.note(&Intent {
            folder: Some(id),
            detail: Detail { yes: Some(yes), ..Detail::default() },
            ..self.blank(Kind::Subscribe, &row)
        })?;
        self.touch(&row);
        self.tally.changed += 1;
        Ok(())
    }
}

/// A path as it is kept.
fn path_of(path: &str) -> Result<String> {
    let path = path.trim_matches('/');
    let levels = path.split('/').all(|level| !level.trim().is_empty());
    match levels && path.len() <= LONGEST_PATH && !path.chars().any(char::is_control) {
        // As it will be called when the server names it.
        true => Ok(path.split('/').map(folder_level).collect::<Vec<_>>().join("/")),
        false => Err(ActError::FolderName(path.to_owned()).into()),
    }
}

/// The shown folders below another.
pub(super) fn below(conn: &Connection, row: &FolderRow) -> Result<Vec<FolderRow>> {
    let mut statement = conn.prepare_cached(
        "SELECT id FROM folder WHERE account_id = ?1 AND hidden = 0
         AND substr(path, 1, length(?2) + 1) = ?2 || '/' ORDER BY id",
    )?;
    let ids: Vec<i64> = statement
        .query_map(params![row.account.0, row.path], |row| row.get(0))?
        .collect::<std::result::Result<_, _>>()?;
    let mut found = Vec::new();
    for id in ids {
        found.extend(folder(conn, FolderId(id))?);
    }
    Ok(found)
}

/// Gives a folder and those below it new paths.
pub(super) fn repath(acting: &mut Acting<'_>, row: &FolderRow, path: &str) -> Result<()> {
    let mut set = vec![(row.id, path.to_owned())];
    for lower in below(acting.tx, row)? {
        let rest = lower.path.get(row.path.len()..).unwrap_or_default();
        set.push((lower.id, format!("{path}{rest}")));
    }
    let mut taken = acting
        .tx
        .prepare_cached("SELECT id, hidden FROM folder WHERE account_id = ? AND path = ?")?;
    for (id, path) in &set {
        let found: Option<(i64, bool)> = taken
            .query_row(params![row.account.0, path], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        match found {
            Some((other, false)) if FolderId(other) != *id => {
                return Err(ActError::FolderExists(path.clone()).into());
            }
            // What was removed gives up its name.
            Some((other, true)) => {
                acting
                    .tx
                    .prepare_cached("UPDATE folder SET path = path || '\n' || id WHERE id = ?")?
                    .execute([other])?;
            }
            _ => {}
        }
    }
    for (id, path) in &set {
        acting
            .tx
            .prepare_cached("UPDATE folder SET path = ? WHERE id = ?")?
            .execute(params![path, id.0])?;
    }
    acting.changed_in(set.into_iter().map(|(id, _)| id));
    Ok(())
}
