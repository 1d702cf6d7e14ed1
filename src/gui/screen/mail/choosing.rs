//! What the desktop's file chooser is asked for, and what becomes of what was chosen. Where there
//! is none, paths are typed.

use super::archives::Message as Archive;
use super::saving::SaveAs;
use super::{Action, State};
use crate::engine::protocol::WriteId;
use crate::gui::chooser::Kind;
use crate::gui::screen::compose;
use crate::html::worker::protocol::DocId;
use std::path::PathBuf;

/// What is to be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Choose {
    /// Files to attach to this letter.
    Attach(WriteId),
    /// Archives to bring in.
    ImportFiles,
    /// A directory of them.
    ImportFolder,
    /// Where a folder is exported to.
    ExportFolder,
    /// Where this of an open letter is kept as a file.
    Save(DocId, SaveAs),
}

impl Choose {
    /// Whether something is to be written there.
    pub fn saves(self) -> bool {
        matches!(self, Self::Save(..))
    }

    /// The name of the string on the button that ends it.
    pub fn yes(self) -> &'static str {
        match self {
            Self::Save(_, SaveAs::Letter | SaveAs::Print | SaveAs::Attachment(_)) => "choose-save",
            _ => "choose-yes",
        }
    }

    /// The name of the string above it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Attach(_) => "choose-attach",
            Self::ImportFiles | Self::ImportFolder => "archive-import-title",
            Self::ExportFolder => "archive-export-title",
            Self::Save(_, SaveAs::Letter) => "tool-save-letter",
            Self::Save(_, SaveAs::Print) => "tool-print",
            Self::Save(_, SaveAs::Attachment(_)) => "choose-save-attachment",
            Self::Save(_, SaveAs::All) => "attachment-save-all",
        }
    }
}

impl State {
    /// Files, a directory, or a file that is to be written.
    pub fn chooses(&self, choose: Choose) -> Kind {
        match choose {
            Choose::Attach(_) | Choose::ImportFiles => Kind::Files,
            Choose::ImportFolder | Choose::ExportFolder | Choose::Save(_, SaveAs::All) => {
                Kind::Directory
            }
            Choose::Save(doc, what) => Kind::Save(self.named_first(doc, what)),
        }
    }

    /// Something is to be attached to the letter being written: the desktop asks what, where it
    /// can. Whether it does.
    pub(super) fn attaches_by_chooser(&self, message: &compose::Message) -> Option<Choose> {
        let writing = self.writing.as_ref().filter(|_| self.chooser)?;
        let attach = matches!(message, compose::Message::MenuToggled(compose::Menu::Attach));
        let wanted = attach && writing.menu != Some(compose::Menu::Attach);
        wanted.then_some(Choose::Attach(writing.id))
    }

    /// These were chosen, or none; `None`: the desktop has no chooser after all, and what is
    /// wanted is typed.
    pub(super) fn chosen(&mut self, choose: Choose, paths: Option<Vec<PathBuf>>) -> Vec<Action> {
        let Some(paths) = paths else {
            self.chooser = false;
            return match choose {
                Choose::Attach(id) if self.is_written(id) => {
                    self.compose(compose::Message::MenuToggled(compose::Menu::Attach))
                }
                // Where all is saved, then.
                Choose::Save(doc, what) => self.save_as(doc, what, None),
                _ => Vec::new(),
            };
        };
        match choose {
            Choose::Attach(id) if self.is_written(id) => {
                let attach = |path| self.compose(compose::Message::FileDropped(path));
                paths.into_iter().flat_map(attach).collect()
            }
            Choose::Attach(_) => Vec::new(),
            Choose::Save(doc, what) => match paths.into_iter().next() {
                Some(path) => self.save_as(doc, what, Some(path)),
                None => Vec::new(),
            },
            Choose::ImportFiles | Choose::ImportFolder => {
                paths.into_iter().for_each(|path| self.archives.import.add(path));
                Vec::new()
            }
            Choose::ExportFolder => match paths.into_iter().next() {
                Some(path) => self.archive(Archive::DirTyped(path.display().to_string())),
                None => Vec::new(),
            },
        }
    }

    fn is_written(&self, id: WriteId) -> bool {
        self.writing.as_ref().is_some_and(|writing| writing.id == id)
    }
}
