//! The dialogues in which an import or an export is filled in.

use super::archives::{Archives, Message as Archive};
use super::archives_said::path_said;
use super::choosing::Choose;
use super::sheet::{answers, dialogue};
use super::sidebar::{folder_icon, folder_name};
use super::tools::tip;
use super::{Field, Message, Sheet, State};
use crate::engine::protocol::ExportFormat;
use crate::gui::screen::choice::pressed_row;
use crate::gui::screen::pieces::{icon_button, main_button, small, tight, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::line::line;
use crate::gui::widget::reach::reach;
use crate::model::FolderId;
use iced::widget::scrollable::{Direction, Scrollbar};
use iced::widget::{Column, Row, column, container, row, scrollable, text_input};
use iced::{Center, Fill};

/// Width of these dialogues in logical pixels.
const WIDTH: f32 = 540.0;
/// Height of a row of a list, and rows that are seen without scrolling.
const ROW: f32 = 32.0;
const SEEN: usize = 4;
/// Folders that are shown; typing finds the others.
const MOST: usize = 200;

/// Each form with its name, and what there is to say of it.
pub(super) const FORMS: [(ExportFormat, &str, &str); 3] = [
    (ExportFormat::Mboxrd, "archive-mbox", "archive-mbox-hint"),
    (ExportFormat::Maildir, "archive-maildir", "archive-maildir-hint"),
    (ExportFormat::Eml, "archive-eml", "archive-eml-hint"),
];

fn says(message: Archive) -> Message {
    Message::Archives(message)
}

impl State {
    pub(super) fn import_sheet<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let import = &self.archives.import;
        let add = (!import.path.trim().is_empty()).then(|| says(Archive::PathEntered));
        let path = row![
            field(Field::ArchivePath, &import.path, "archive-path-hint", Archive::PathTyped, look)
                .on_submit(says(match import.path.trim() {
                    "" => Archive::Begun,
                    _ => Archive::PathEntered,
                })),
            small(Some(Icon::Plus), look.say("archive-add"), add, look),
        ]
        .spacing(8)
        .align_y(Center);
        let mut from = column![path].spacing(6);
        if self.chooser {
            let choose = |name: &str, choose| {
                small(None, look.say(name), Some(Message::ChooserWanted(choose)), look)
            };
            let both = row![
                choose("choose-files", Choose::ImportFiles),
                choose("choose-folder", Choose::ImportFolder),
            ];
            from = from.push(both.spacing(6).wrap().vertical_spacing(6));
        }
        if !import.paths.is_empty() {
            from = from.push(self.paths_chosen(look));
        }
        let chosen = self.import_folder();
        let into = match &chosen {
            None => look.say("archive-into-named"),
            Some((name, there)) => {
                let key = if *there { "archive-into-there" } else { "archive-into-new" };
                look.words.say_with(key, &[("name", self.shown_here(name, look).into())])
            }
        };
        let on = chosen.as_ref().filter(|(_, there)| *there).map(|(name, _)| name.as_str());
        let on = self
            .folders
            .iter()
            .find(|known| known.account == "local" && Some(known.path.as_str()) == on);
        let typed = Archive::FolderTyped;
        let folder =
            field(Field::ArchiveFolder, &import.folder, "archive-folder-hint", typed, look)
                .on_submit(says(Archive::Begun));
        let to = column![folder].push(self.folder_list(on.map(|known| known.id), look));
        let yes = self.can_begin().then(|| says(Archive::Begun));
        let yes = main_button(Some(Icon::Inbox), look.say("archive-import-yes"), yes, look);
        let body = column![
            words(look.say("archive-import-title"), size::SECTION, t.ink).font(theme::BOLD),
            words(look.say("archive-import-hint"), size::SECOND, t.ink2),
            labelled("archive-from", from, look),
            labelled("archive-into", to.spacing(6), look),
            words(into, size::HINT, t.ink2),
        ]
        .spacing(10);
        framed(body, answers(yes, look).into(), look)
    }

    /// A folder of this computer as the list of folders names it.
    fn shown_here(&self, path: &str, look: Look<'_>) -> String {
        let known =
            |folder: &&crate::store::Folder| folder.account == "local" && folder.path == path;
        let name = self.folders.iter().find(known).map(|folder| folder_name(folder, look));
        name.unwrap_or_else(|| path.to_owned())
    }

    fn paths_chosen<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let Archives { import, .. } = &self.archives;
        let rows = import.paths.iter().enumerate().map(|(at, path)| {
            let remove = icon_button(Icon::Close, t.ink3, says(Archive::PathRemoved(at)), look);
            let remove = tip(remove, look.say("archive-remove"), "", look);
            let path = line(path_said(path), size::SECOND, t.ink);
            let inside = row![icon(Icon::Disk, t.ink3), path, remove].spacing(10).align_y(Center);
            container(inside).center_y(ROW).padding([0, 10]).into()
        });
        listed(Column::with_children(rows), import.paths.len(), look)
    }

    /// The folders that fit, of which one may be chosen.
    fn folder_list<'a>(
        &'a self,
        chosen: Option<FolderId>,
        look: Look<'a>,
    ) -> Option<Element<'a, Message>> {
        let t = look.tokens;
        let folders = self.archive_folders();
        if folders.is_empty() {
            return None;
        }
        let several = self.accounts.len() > 1;
        let exporting = self.sheet == Some(Sheet::Export);
        let entered = if exporting { self.first_to_export() } else { None };
        let count = folders.len().min(MOST);
        let rows = folders.into_iter().take(MOST).map(|folder| {
            let on = chosen == Some(folder.id);
            let mark = icon(folder_icon(folder), if on { t.accent } else { t.ink2 });
            let name = line(folder_name(folder, look), size::SECOND, t.ink);
            let mut inside = row![mark, name];
            if several {
                let account = match folder.account.as_str() {
                    "local" => look.say("account-local"),
                    name => name.chars().take(40).collect(),
                };
                inside = inside.push(tight(account, size::HINT, t.ink3, theme::REGULAR));
            }
            if entered == Some(folder.id) {
                inside =
                    inside.push(tight("Enter".to_owned(), size::HINT, t.ink3, theme::SEMIBOLD));
            }
            let choose = says(Archive::FolderChosen(folder.id));
            let row = pressed_row(inside, ROW, on, choose.clone(), look);
            reach(row, Some(choose), t.accent).radius(8.0).into()
        });
        Some(listed(Column::with_children(rows), count, look))
    }

    pub(super) fn export_sheet<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let export = &self.archives.export;
        let known = self.folders.iter().find(|known| Some(known.id) == export.folder);
        let typed = Archive::FolderTyped;
        let shown = known.map_or_else(|| export.text.clone(), |known| folder_name(known, look));
        let folder = field(Field::ArchiveFolder, &shown, "archive-which-hint", typed, look)
            .on_submit(says(Archive::FolderEntered));
        let from = column![folder].push(self.folder_list(export.folder, look)).spacing(6);
        let forms = FORMS.map(|(form, name, _)| {
            let choose = says(Archive::FormChosen(form));
            super::preferences::option(look.say(name), form == export.form, choose, look)
        });
        let forms = Row::with_children(forms).spacing(6).wrap().vertical_spacing(6);
        let hint = FORMS.into_iter().find(|(form, ..)| *form == export.form);
        let hint = look.say(hint.map_or("archive-mbox-hint", |(_, _, hint)| hint));
        let form = column![forms, words(hint, size::HINT, t.ink2)].spacing(6);
        let dir =
            field(Field::ArchivePath, &export.dir, "archive-dir-hint", Archive::DirTyped, look)
                .on_submit(says(Archive::Begun));
        let mut to = row![dir].spacing(8).align_y(Center);
        if self.chooser {
            let choose = Some(Message::ChooserWanted(Choose::ExportFolder));
            to = to.push(small(None, look.say("choose-folder"), choose, look));
        }
        let yes = self.can_begin().then(|| says(Archive::Begun));
        let yes = main_button(Some(Icon::Save), look.say("archive-export-yes"), yes, look);
        let body = column![
            words(look.say("archive-export-title"), size::SECTION, t.ink).font(theme::BOLD),
            words(look.say("archive-export-hint"), size::SECOND, t.ink2),
            labelled("archive-which", from, look),
            labelled("archive-form", form, look),
            labelled("archive-dir", to, look),
        ]
        .spacing(10);
        framed(body, answers(yes, look).into(), look)
    }
}

/// A dialogue, which is scrolled in a low window.
fn framed<'a>(
    body: Column<'a, Message>,
    ends: Element<'a, Message>,
    look: Look<'a>,
) -> Element<'a, Message> {
    let thin = Scrollbar::new().width(4).scroller_width(4);
    let body = scrollable(body.push(ends)).width(Fill).style(theme::scroll(look.tokens));
    dialogue(body.direction(Direction::Vertical(thin)), WIDTH, look)
}

/// What is typed into one of these fields.
fn field<'a>(
    which: Field,
    text: &str,
    hint: &str,
    typed: fn(String) -> Archive,
    look: Look<'a>,
) -> text_input::TextInput<'a, Message> {
    text_input(&look.say(hint), text)
        .id(which.id())
        .on_input(move |text| says(typed(text)))
        .size(size::BODY)
        .padding([7, 10])
        .style(theme::framed_field(look.tokens))
}

fn labelled<'a>(
    name: &str,
    inside: impl Into<Element<'a, Message>>,
    look: Look<'a>,
) -> Element<'a, Message> {
    let name = words(look.say(name), size::HINT, look.tokens.ink2).font(theme::SEMIBOLD);
    column![name, inside.into()].spacing(4).into()
}

/// Rows in a frame, of which some are seen at once.
fn listed<'a>(rows: Column<'a, Message>, count: usize, look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    let height = count.clamp(1, SEEN) as f32 * ROW;
    let rows = scrollable(rows).height(height).width(Fill).style(theme::scroll(t));
    container(rows).padding(3).style(theme::card(t.paper, t.line, 8.0)).into()
}
