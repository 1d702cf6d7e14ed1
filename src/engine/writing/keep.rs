//! Drafts in the store, and their copies on the server.

use super::super::protocol::{Event, NotDone};
use super::super::run::Engine;
use super::super::working::{Around, work_out};
use super::{When, answer_receipt, build};
use crate::engine::outbox::own_copy_of;
use crate::engine::protocol::Command;
use crate::html::worker::protocol::{DocId, View};
use crate::mime::{self, compose};
use crate::model::{Attachment, Draft, DraftId, FileId, Obstacle, OutboxId};
use crate::privacy::preflight::{self, Finding, Known};
use crate::store::outbox::Settled;
use crate::store::{DraftRow, MAX_FILES, Packer, Store};
use crate::{html, privacy};
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// While a draft is being written, its copy on the server is made anew this often.
const COPIED: Duration = Duration::from_secs(90);

impl Engine {
    /// What the window asks of letters being written and sent.
    pub(in crate::engine) fn writing(&mut self, command: Command) {
        // All of these go by what was typed before.
        self.saver.settle();
        match command {
            Command::Write(id, start, phrases) => {
                let begun = self.begin(start, &phrases);
                self.tell(Event::Writing(id, begun.map(Box::new)));
                self.tell(Event::Drafts);
            }
            Command::Attach(id, paths) => self.attach(id, &paths),
            Command::Detach(id, file) => self.detach(id, file),
            Command::Preflight(id, edits) => match look_through(&self.store, id) {
                Ok((version, findings)) => {
                    self.tell(Event::Preflight(id, edits, version, findings));
                }
                Err(error) => self.tell(Event::NotLookedThrough(id, error)),
            },
            Command::OpenDraft(doc, id, view) => self.open_draft(doc, id, view),
            Command::PutAway(id) => self.put_away(id),
            Command::Discard(id) => self.discard(id),
            Command::Give(id, when, version) => self.give(id, when, version),
            Command::TakeBack(id) => {
                let back = self.store.take_back(id).map_err(NotDone::from);
                self.tell(Event::TakenBack(id, back));
                self.tell(Event::Drafts);
                self.tell(Event::Outbox);
            }
            Command::TryAgain(id) => {
                let again = self.store.try_again(id, build::now());
                self.outbox_changed(again.map_err(NotDone::from));
            }
            Command::AnswerReceipt { letter: id, to, subject, words } => {
                let answered = answer_receipt(&self.store, id, &to, &subject, &words);
                let answered = answered.map(|queued| queued.is_some());
                if answered == Ok(true) {
                    self.tell(Event::Outbox);
                    self.post();
                }
                self.tell(Event::ReceiptAnswered(id, answered));
            }
            Command::LeaveIt(id) => {
                let left = leave_it(&self.store, id);
                if let Ok(settled) = &left {
                    self.tell(Event::Changed(settled.folders.clone()));
                    self.acted_on(&settled.accounts);
                }
                self.outbox_changed(left.map(|_| ()));
            }
            _ => {}
        }
    }

    fn outbox_changed(&self, done: Result<(), NotDone>) {
        if let Err(error) = done {
            self.tell(Event::Failed(error));
        }
        self.tell(Event::Outbox);
        self.post();
    }

    /// What was typed of a draft is kept: its copy on the server follows by and by.
    pub(in crate::engine) fn typed(&mut self, id: DraftId) {
        let due = match self.copied.get(&id) {
            Some(last) => last.elapsed() >= COPIED,
            // The first copy has the time of the first words.
            None => {
                self.copied.insert(id, Instant::now());
                false
            }
        };
        if due {
            self.copy_draft(id);
        }
    }

    fn attach(&self, id: DraftId, paths: &[PathBuf]) {
        let mut failed = Vec::new();
        for path in paths {
            let attached = read_file(path)
                .and_then(|file| self.store.attach(id, None, &file).map_err(NotDone::from));
            if let Err(error) = attached {
                failed.push((path.clone(), error));
            }
        }
        self.tell_files(id, failed);
    }

    fn detach(&self, id: DraftId, file: FileId) {
        if let Err(error) = self.store.detach(id, file) {
            self.tell(Event::Failed(error.into()));
        }
        self.tell_files(id, Vec::new());
    }

    fn tell_files(&self, id: DraftId, failed: Vec<(PathBuf, NotDone)>) {
        match self.store.draft(id) {
            Ok(row) => self.tell(Event::Files(id, row.files, failed)),
            Err(error) => self.tell(Event::DraftNotSaved(id, error.into())),
        }
    }

    /// A draft as its reader would get it.
    fn open_draft(&mut self, doc: DocId, id: DraftId, view: View) {
        let built = self.store.whole_draft(id).map_err(NotDone::from).and_then(|draft| {
            let seal = build::seal(build::now())?;
            Ok(compose::draft_copy(&draft, &seal).0)
        });
        match built {
            Ok(raw) => self.open_raw(doc, None, Arc::new(raw), None, view),
            Err(error) => self.tell(Event::Failed(error)),
        }
    }

    /// A draft nobody writes at just now: it goes to the server; an empty one goes.
    fn put_away(&mut self, id: DraftId) {
        match self.store.draft(id) {
            Ok(row) if row.queued => {}
            Ok(row) if is_empty(&row) => self.discard(id),
            Ok(_) => {
                self.copy_draft(id);
                self.copied.remove(&id);
                self.tell(Event::Drafts);
            }
            Err(error) => self.tell(Event::Failed(error.into())),
        }
    }

    fn discard(&mut self, id: DraftId) {
        self.copied.remove(&id);
        match self.store.discard_draft(id) {
            Ok(Some(gesture)) => self.acted(&gesture),
            Ok(None) => {}
            Err(error) => self.tell(Event::Failed(error.into())),
        }
        self.tell(Event::Drafts);
    }

    /// What an earlier Goyo did not get to: copies of drafts on their servers.
    pub(in crate::engine) fn copy_drafts(&mut self) {
        if let Err(error) = self.store.forget_half_files() {
            self.tell(Event::Failed(error.into()));
        }
        for id in self.store.uncopied_drafts().unwrap_or_default() {
            self.copy_draft(id);
        }
    }

    fn copy_draft(&mut self, id: DraftId) {
        self.copied.insert(id, Instant::now());
        match copy_draft(&self.store, id) {
            Ok(Some(gesture)) => self.acted(&gesture),
            Ok(None) => {}
            Err(error) => self.tell(Event::Failed(error)),
        }
    }

    fn give(&mut self, id: DraftId, when: When, version: i64) {
        let given = build::give(&self.store, id, when, Some(version));
        let done = given.is_ok();
        self.tell(Event::Given(id, given));
        if done {
            self.copied.remove(&id);
            self.tell(Event::Drafts);
            self.tell(Event::Outbox);
            self.post();
        }
    }
}

/// Puts a copy of a draft as it is now among the drafts of its account.
///
/// # Errors
/// When the store cannot be read or written.
pub(in crate::engine) fn copy_draft(
    store: &Store,
    id: DraftId,
) -> Result<Option<crate::model::Gesture>, NotDone> {
    let row = store.draft(id)?;
    if row.queued || row.copy.is_some_and(|(_, version)| version == row.version) {
        return Ok(None);
    }
    let draft = store.whole_draft(id)?;
    let now = build::now();
    let (raw, _) = compose::draft_copy(&draft, &build::seal(now)?);
    let around = Around { now, delivered: Some(now), header_of: None };
    let mut packer = Packer::new(store.dictionary()?.as_ref());
    let Some(letter) = work_out(&raw, &around, None, &mut packer) else { return Ok(None) };
    Ok(store.copy_draft(id, row.version, &letter, now)?)
}

/// See [`Store::leave_it`].
fn leave_it(store: &Store, id: OutboxId) -> Result<Settled, NotDone> {
    let copy = own_copy_of(store, id)?;
    Ok(store.leave_it(id, copy.as_ref(), build::now())?)
}

/// The version of a draft, and what it would make known. The version is read first: one
/// that changes meanwhile is not the one that was looked through, and is not given away.
fn look_through(store: &Store, id: DraftId) -> Result<(i64, Vec<Finding>), NotDone> {
    let version = store.draft(id)?.version;
    Ok((version, preflight(store, id)?))
}

/// What a draft would make known.
///
/// # Errors
/// When the store cannot be read.
pub fn preflight(store: &Store, id: DraftId) -> Result<Vec<Finding>, NotDone> {
    let draft = store.whole_draft(id)?;
    let bounced = store.bounced_addresses()?;
    let own: Vec<String> =
        store.accounts()?.into_iter().filter_map(|account| account.address).collect();
    let fetched_from = hosts(&draft)?;
    let known = Known { bounced: &bounced, own: &own, fetched_from: &fetched_from };
    Ok(preflight::look(&draft, known))
}

/// Hosts that the writer's own HTML makes readers fetch from.
fn hosts(draft: &Draft) -> Result<Vec<String>, NotDone> {
    let crate::model::DraftBody::Html { .. } = draft.body else { return Ok(Vec::new()) };
    let (raw, _) = compose::draft_copy(draft, &build::seal(0)?);
    let mut hosts: Vec<String> = html::references_of(&mime::parse(&raw))
        .iter()
        .filter_map(|reference| privacy::host::parse(&reference.url)?.host_str().map(str::to_owned))
        .collect();
    hosts.sort_unstable();
    hosts.dedup();
    Ok(hosts)
}

/// Whether nothing was written yet.
pub(in crate::engine) fn is_empty(row: &DraftRow) -> bool {
    use crate::model::DraftBody::{Html, Marked, Text};
    let draft = &row.draft;
    let words = match &draft.body {
        Text(text) | Marked(text) => text,
        Html { html, .. } => html,
    };
    words.trim().is_empty()
        && draft.subject.trim().is_empty()
        && draft.recipients().next().is_none()
        && draft.quotation.is_none()
        && row.files.is_empty()
}

fn read_file(path: &Path) -> Result<Attachment, NotDone> {
    crate::window_thread::keep_out_of("a file");
    let obstacle = |error: &io::Error| NotDone::File(Obstacle::from(error));
    // A pipe or a device has no end; the one waits to be opened until somebody writes.
    if !path.metadata().map_err(|error| obstacle(&error))?.is_file() {
        return Err(NotDone::NoFile);
    }
    let file = File::open(path).map_err(|error| obstacle(&error))?;
    let mut bytes = Vec::new();
    file.take(MAX_FILES + 1).read_to_end(&mut bytes).map_err(|error| obstacle(&error))?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    Ok(Attachment { name: name.unwrap_or_default(), media_type: String::new(), bytes })
}
