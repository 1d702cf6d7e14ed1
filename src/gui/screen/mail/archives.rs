//! Mail from archives and into them: what is to come in or go out, how far it is, and what came
//! of it.
//!
//! Promise: what is said of a job is what the engine said of it. One job is at work at a time.

use super::sidebar::{in_order, name_in};
use super::{Action, Field, Notice, Sheet, State};
use crate::engine::protocol::{Archived, Archiving, Command, Event, ExportFormat};
use crate::gui::typed;
use crate::i18n::Words;
use crate::model::FolderId;
use crate::store::Folder;
use std::path::PathBuf;
use std::sync::Arc;

/// Paths that are brought in at once.
const MOST: usize = 50;
/// Characters of a folder's path.
const LONGEST: usize = 130;
/// The account of this computer. What is put into a folder of a server would be here only, and
/// look as if it were there.
const HERE: &str = "local";

/// Import and export as they stand.
#[derive(Debug, Clone, Default)]
pub struct Archives {
    /// How far the job is that is at work.
    pub job: Option<Archiving>,
    /// It was asked to end.
    pub stopping: bool,
    /// What came of the last one.
    pub last: Option<Arc<Archived>>,
    /// What is to come in.
    pub import: Import,
    /// What is to go out.
    pub export: Export,
}

/// Mail that is to come in.
#[derive(Debug, Clone, Default)]
pub struct Import {
    /// Where it lies.
    pub paths: Vec<PathBuf>,
    /// What is typed of one more.
    pub path: String,
    /// The folder it goes into, as typed; none: folders named after the archives.
    pub folder: String,
}

impl Import {
    /// It comes from there too.
    pub(super) fn add(&mut self, path: PathBuf) {
        if self.paths.len() < MOST && !self.paths.contains(&path) {
            self.paths.push(path);
        }
    }
}

/// A folder that is to go out.
#[derive(Debug, Clone)]
pub struct Export {
    /// Which.
    pub folder: Option<FolderId>,
    /// What is typed to find it.
    pub text: String,
    /// Its form.
    pub form: ExportFormat,
    /// Where to, as typed; nothing: where all is saved.
    pub dir: String,
}

impl Default for Export {
    fn default() -> Self {
        Self { folder: None, text: String::new(), form: ExportFormat::Mboxrd, dir: String::new() }
    }
}

/// What happens to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// Mail is to come in.
    ImportWanted,
    /// A folder is to go out: which, if that is known.
    ExportWanted(Option<FolderId>),
    /// Typed into where the mail lies.
    PathTyped(String),
    /// It lies there too.
    PathEntered,
    /// Not there.
    PathRemoved(usize),
    /// Typed into the folder it goes into, or that goes out.
    FolderTyped(String),
    /// Of those that fit what is typed the first one goes out; if one is chosen, it begins.
    FolderEntered,
    /// Of those that there are this one.
    FolderChosen(FolderId),
    /// In this form.
    FormChosen(ExportFormat),
    /// Typed into where it goes.
    DirTyped(String),
    /// That is it: it begins.
    Begun,
    /// The job is to end.
    Stopped,
    /// What came of the last one was read.
    Forgotten,
}

/// The folders that fit what is typed, by name or path.
fn fitting<'a>(
    folders: impl IntoIterator<Item = &'a Folder>,
    typed: &str,
    words: &Words,
) -> Vec<&'a Folder> {
    let typed = typed.trim().to_lowercase();
    let fits = |folder: &&Folder| {
        typed.is_empty()
            || folder.path.to_lowercase().contains(&typed)
            || name_in(folder, words).to_lowercase().contains(&typed)
    };
    folders.into_iter().filter(fits).collect()
}

impl State {
    /// Something happens to an import or export.
    pub(super) fn archive(&mut self, message: Message) -> Vec<Action> {
        let exporting = self.sheet == Some(Sheet::Export);
        match message {
            Message::ImportWanted => {
                self.menu = None;
                self.archives.import = Import::default();
                self.sheet = Some(Sheet::Import);
                return vec![Action::Focus(Field::ArchivePath)];
            }
            Message::ExportWanted(folder) => {
                self.menu = None;
                let form = self.archives.export.form;
                self.archives.export = Export { folder, form, ..Export::default() };
                self.sheet = Some(Sheet::Export);
                let field = match folder {
                    Some(_) => Field::ArchivePath,
                    None => Field::ArchiveFolder,
                };
                return vec![Action::Focus(field)];
            }
            Message::PathTyped(text) => self.archives.import.path = text,
            Message::PathEntered => {
                self.add_path();
                return vec![Action::Focus(Field::ArchivePath)];
            }
            Message::PathRemoved(at) => {
                if at < self.archives.import.paths.len() {
                    self.archives.import.paths.remove(at);
                }
            }
            Message::FolderTyped(text) => {
                let text: String = text.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
                if exporting {
                    self.archives.export.text = text;
                    self.archives.export.folder = None;
                } else {
                    self.archives.import.folder = text;
                }
            }
            Message::FolderEntered => {
                return match self.first_to_export() {
                    Some(id) => self.archive(Message::FolderChosen(id)),
                    None => self.begin_export(),
                };
            }
            Message::FolderChosen(id) => {
                let words = Words::new(self.language);
                let name = self.folders.iter().find(|folder| folder.id == id);
                let Some(name) = name.map(|folder| name_in(folder, &words)) else {
                    return Vec::new();
                };
                if exporting {
                    self.archives.export.folder = Some(id);
                } else {
                    self.archives.import.folder = name;
                }
            }
            Message::FormChosen(form) => self.archives.export.form = form,
            Message::DirTyped(text) => self.archives.export.dir = text,
            Message::Begun if exporting => return self.begin_export(),
            Message::Begun => return self.begin_import(),
            Message::Stopped => {
                self.archives.stopping = true;
                return vec![Action::Ask(Command::StopArchiving)];
            }
            Message::Forgotten => self.archives.last = None,
        }
        Vec::new()
    }

    fn add_path(&mut self) {
        let import = &mut self.archives.import;
        if let Some(path) = typed::path(&std::mem::take(&mut import.path)) {
            import.add(path);
        }
    }

    /// Whether an import, or an export, can begin as it is filled in.
    pub(super) fn can_begin(&self) -> bool {
        let Archives { job, import, export, .. } = &self.archives;
        job.is_none()
            && match self.sheet {
                Some(Sheet::Import) => {
                    !import.paths.is_empty() || typed::path(&import.path).is_some()
                }
                Some(Sheet::Export) => export.folder.is_some(),
                _ => false,
            }
    }

    fn begin_import(&mut self) -> Vec<Action> {
        if self.sheet != Some(Sheet::Import) || !self.can_begin() {
            return Vec::new();
        }
        self.add_path();
        let folder = self.import_folder().map(|(name, _)| format!("{HERE}/{name}"));
        let paths = std::mem::take(&mut self.archives.import.paths);
        self.sheet = None;
        vec![Action::Ask(Command::Import { paths, folder })]
    }

    fn begin_export(&mut self) -> Vec<Action> {
        if !self.can_begin() {
            return Vec::new();
        }
        let Export { folder, form, dir, .. } = &self.archives.export;
        let known = self.folders.iter().find(|known| Some(known.id) == *folder);
        let Some(known) = known else { return Vec::new() };
        let name = name_in(known, &Words::new(self.language));
        let export = Action::Export(known.id, *form, typed::path(dir), name);
        self.sheet = None;
        vec![export]
    }

    /// The folder that mail comes into, by its path, and whether it is there already; none:
    /// folders named after the archives.
    pub(super) fn import_folder(&self) -> Option<(String, bool)> {
        let levels = self.archives.import.folder.split('/').map(str::trim);
        let typed = levels.filter(|level| !level.is_empty()).collect::<Vec<_>>().join("/");
        if typed.is_empty() {
            return None;
        }
        let words = Words::new(self.language);
        let mut here = self.folders_here();
        let known = here.find(|known| known.path == typed || name_in(known, &words) == typed);
        Some(known.map_or_else(|| (typed.clone(), false), |known| (known.path.clone(), true)))
    }

    fn folders_here(&self) -> impl Iterator<Item = &Folder> {
        in_order(&self.folders).into_iter().filter(|folder| folder.account == HERE)
    }

    /// The folders of the form that is filled in, which fit what is typed in it.
    pub(super) fn archive_folders(&self) -> Vec<&Folder> {
        let words = Words::new(self.language);
        if self.sheet == Some(Sheet::Export) {
            return fitting(in_order(&self.folders), &self.archives.export.text, &words);
        }
        // Once it is one of them, the others are to be seen still.
        let typed = match self.import_folder() {
            Some((_, true)) => "",
            _ => &self.archives.import.folder,
        };
        fitting(self.folders_here(), typed, &words)
    }

    /// The folder that Enter chooses: the first that fits what is typed, as long as none is
    /// chosen.
    pub(super) fn first_to_export(&self) -> Option<FolderId> {
        let Export { folder, text, .. } = &self.archives.export;
        let typed = folder.is_none() && !text.trim().is_empty();
        let folders = if typed { self.archive_folders() } else { Vec::new() };
        folders.first().map(|folder| folder.id)
    }

    /// The engine says how far it is, or that it has ended.
    pub(super) fn archiving_told(&mut self, event: Event) -> Vec<Action> {
        match event {
            Event::Archiving(far) => {
                if self.archives.job.is_none() {
                    self.archives.stopping = false;
                    self.archives.last = None;
                }
                self.archives.job = Some(far);
                Vec::new()
            }
            Event::Archived(archived) => {
                self.archives.job = None;
                self.archives.stopping = false;
                self.archives.last = Some(Arc::clone(&archived));
                let mut actions = match *archived {
                    Archived::Import(..) => self.changed(),
                    Archived::Export(..) => Vec::new(),
                };
                if !self.are_archives_shown() {
                    actions.extend(self.say(Notice::Archived(archived)));
                }
                actions
            }
            _ => Vec::new(),
        }
    }
}
