//! Help with searching: operators and their values completed as one types, what was searched
//! for before, and where one searches.
//!
//! Promise: nothing is searched here; what is offered comes from a fixed list, from what is
//! remembered, and from what the store has answered.

use super::{Action, Field, Message as Mail, Place, Read, State};
use crate::gui::screen::pieces::{across, entry, link_button, menu, tight, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::time::Clock;
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::line::line;
use crate::gui::widget::reach::reach;
use crate::i18n::Language;
use crate::model::{Account, AccountId, Address, FolderId};
use crate::store::Sort;
use crate::store::search::{self, KOREAN, korean, korean_value};
use iced::keyboard::{Key, Modifiers, key::Named};
use iced::widget::{Row, button, container, row, space};
use iced::{Center, Fill, Padding};
use jiff::ToSpan as _;

/// Searches that are remembered.
const REMEMBERED: usize = 8;
/// Longest search that is remembered, in characters.
const LONGEST: usize = 200;
/// Suggestions that are shown at once.
const SHOWN: usize = 9;
/// Accounts that are offered to be searched in.
const ACCOUNTS: usize = 12;
/// People that are suggested.
pub const PEOPLE: usize = 6;

/// Operators in the order they are offered, each with the name of what is said of it.
const OPERATORS: [(&str, &str); 13] = [
    ("from", "op-from"),
    ("to", "op-to"),
    ("subject", "op-subject"),
    ("has", "op-has"),
    ("is", "op-is"),
    ("in", "op-in"),
    ("label", "op-label"),
    ("after", "op-after"),
    ("before", "op-before"),
    ("filename", "op-filename"),
    ("cc", "op-cc"),
    ("larger", "op-larger"),
    ("smaller", "op-smaller"),
];

/// What may follow an operator, and the name of what is said of it.
const VALUES: [(&str, &str, &str); 19] = [
    ("is", "unread", "op-unread"),
    ("is", "flagged", "op-flagged"),
    ("is", "answered", "op-answered"),
    ("is", "read", "op-read"),
    ("is", "forwarded", "op-forwarded"),
    ("is", "draft", "op-draft"),
    ("is", "junk", "op-junk"),
    ("has", "attachment", "op-attachment"),
    ("in", "inbox", "folder-inbox"),
    ("in", "sent", "folder-sent"),
    ("in", "archive", "folder-archive"),
    ("in", "drafts", "folder-drafts"),
    ("in", "junk", "folder-junk"),
    ("in", "trash", "folder-trash"),
    ("label", "important", "label-1"),
    ("label", "work", "label-2"),
    ("label", "personal", "label-3"),
    ("label", "todo", "label-4"),
    ("label", "later", "label-5"),
];

/// Where one searches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scope {
    /// Everywhere.
    #[default]
    All,
    /// In one account.
    Account(AccountId),
    /// In one folder.
    Folder(FolderId),
}

/// What happens to it.
#[derive(Debug, Clone)]
pub enum Message {
    /// The cursor was put into the search.
    Opened,
    /// It is not wanted.
    Closed,
    /// To the next suggestion, or the one before.
    Moved(isize),
    /// This one is taken, by its place.
    Taken(usize),
    /// The one that is marked is taken, else the first.
    TakenMarked,
    /// People whose address or name begins so were read.
    People(String, Vec<Address>),
    /// Search there.
    Scoped(Scope),
    /// What was searched for before is forgotten.
    Forgotten,
}

/// The help.
#[derive(Debug, Clone, Default)]
pub struct Help {
    /// It is wanted: the cursor is in the search.
    pub open: bool,
    /// Which suggestion is marked.
    pub marked: Option<usize>,
    /// What was searched for before, the latest first.
    pub recent: Vec<String>,
    /// Where one searches.
    pub scope: Scope,
    /// In which order what was found stands.
    pub sort: Sort,
    /// People that were read, and what for.
    people: (String, Vec<Address>),
}

/// Something to be put into the search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// What the whole search is then.
    pub text: String,
    /// What is shown of it.
    shown: String,
    /// What it means: the name of a text, or the text of a person.
    said: Said,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Said {
    Recent,
    Named(&'static str),
    Words(String),
}

/// The search without its last word, and that word: nothing while a phrase is being typed.
fn last_word(text: &str) -> Option<(&str, &str)> {
    if text.len() > 2_000 || !text.matches('"').count().is_multiple_of(2) {
        return None;
    }
    let at = text.rfind([' ', '(', '\u{3000}']).map_or(0, |at| {
        at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
    });
    text.split_at_checked(at)
}

/// What is typed without an operator at its end of which nothing but the name is there.
pub(super) fn finished(text: &str) -> &str {
    let text = text.trim();
    let Some((before, word)) = last_word(text) else { return text };
    let name = word.trim_start_matches('-').strip_suffix(':').unwrap_or_default();
    let known = OPERATORS.iter().any(|(english, _)| *english == search::english(name));
    if known { before.trim() } else { text }
}

fn is_korean(text: &str) -> bool {
    text.chars().any(|c| matches!(c, 'ㄱ'..='ㅣ' | '가'..='힣'))
}

/// What somebody else wrote, as it may be put into the search.
pub(super) fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

/// In quotes where it would be taken for more than one word.
pub(super) fn quoted(text: &str) -> String {
    let plain = plain(text);
    match plain.contains([' ', '(', ')', '*', '"']) {
        true => search::quoted(&plain),
        false => plain,
    }
}

impl State {
    /// What may be put into the search now.
    pub fn suggestions(&self) -> Vec<Suggestion> {
        let over = self.sheet.is_some() || !self.search_is_shown();
        if !self.help.open || over {
            return Vec::new();
        }
        let text = self.search.text.as_str();
        let mut found = match last_word(text) {
            None => Vec::new(),
            Some((before, "")) if before.trim().is_empty() => self.first_suggestions(),
            // After a space: whatever is typed next says what is wanted.
            Some((_, "")) => Vec::new(),
            Some((before, word)) => self.completions(before, word),
        };
        found.truncate(SHOWN);
        found
    }

    /// Before anything is typed: what was searched for before, and a few operators.
    fn first_suggestions(&self) -> Vec<Suggestion> {
        let recent = self.help.recent.iter().map(|text| Suggestion {
            text: text.clone(),
            shown: text.clone(),
            said: Said::Recent,
        });
        let room = SHOWN.saturating_sub(self.help.recent.len()).clamp(4, 6);
        let in_korean = self.language == Language::Korean;
        let operators = OPERATORS.iter().take(room);
        let operators = operators.map(|&(name, said)| operator("", "", name, said, in_korean));
        recent.take(5).chain(operators).collect()
    }

    fn completions(&self, before: &str, word: &str) -> Vec<Suggestion> {
        let (sign, bare) = match word.strip_prefix('-') {
            Some(bare) => ("-", bare),
            None => ("", word),
        };
        let Some((name, value)) = bare.split_once(':') else {
            let lower = bare.to_lowercase();
            let in_korean = is_korean(bare);
            let fits = |(name, _): &&(&str, &str)| match in_korean {
                true => KOREAN.iter().any(|(word, of)| of == name && word.starts_with(bare)),
                false => !lower.is_empty() && name.starts_with(&lower),
            };
            let operators = OPERATORS.iter().filter(fits);
            return operators
                .map(|&(name, said)| operator(before, sign, name, said, in_korean))
                .collect();
        };
        let in_korean = is_korean(name);
        let of = search::english(name);
        let with = |shown: String, said| Suggestion {
            text: format!("{before}{sign}{name}:{shown} "),
            shown: format!("{name}:{shown}"),
            said,
        };
        match of.as_str() {
            "from" | "to" | "cc" => {
                let (asked, people) = &self.help.people;
                let people = people.iter().filter(|_| asked == value);
                people
                    .map(|person| {
                        with(quoted(&person.addr), Said::Words(person.label().to_owned()))
                    })
                    .filter(|suggestion| suggestion.text.trim() != self.search.text.trim())
                    .collect()
            }
            "after" | "before" => {
                let days = days_back().into_iter().filter(|(day, _)| day.starts_with(value));
                days.filter(|(day, _)| day != value)
                    .map(|(day, said)| with(day, Said::Named(said)))
                    .collect()
            }
            of => {
                let lower = value.to_lowercase();
                let mut found = Vec::new();
                for &(_, english, said) in VALUES.iter().filter(|(name, ..)| *name == of) {
                    let word = korean_value(of, english).filter(|_| in_korean || is_korean(value));
                    let word = word.unwrap_or(english);
                    if word.starts_with(&lower) && word != lower {
                        found.push(with(word.to_owned(), Said::Named(said)));
                    }
                }
                if of == "label" {
                    let own = self.labelling.own().map(|label| label.name());
                    let fits = own.filter(|name| name.to_lowercase().starts_with(&lower));
                    let others = fits.filter(|name| name.to_lowercase() != lower);
                    let one = |name: String| with(quoted(&name), Said::Named("op-label"));
                    found.extend(others.take(PEOPLE).map(one));
                }
                if of == "in" && !lower.is_empty() {
                    let folders = self.folders.iter().filter(|folder| {
                        folder.role.is_none() && folder.path.to_lowercase().contains(&lower)
                    });
                    let one = |folder: &crate::store::Folder| {
                        with(quoted(&folder.path), Said::Words(folder.account.clone()))
                    };
                    found.extend(folders.take(PEOPLE).map(one));
                }
                found
            }
        }
    }

    /// Something happens to the help.
    pub(super) fn of_help(&mut self, message: Message) -> Vec<Action> {
        match message {
            Message::Opened => {
                self.help.open = true;
                self.help.marked = None;
                Vec::new()
            }
            Message::Closed => {
                self.help.open = false;
                self.help.marked = None;
                Vec::new()
            }
            Message::Moved(by) => {
                let count = self.suggestions().len();
                let last = count.saturating_sub(1);
                self.help.marked = match (self.help.marked, by) {
                    _ if count == 0 => None,
                    (None, 1..) => Some(0),
                    (None, _) => Some(last),
                    // Above the first one is the field itself.
                    (Some(0), ..=-1) => None,
                    (Some(at), by) => Some(at.saturating_add_signed(by).min(last)),
                };
                Vec::new()
            }
            Message::Taken(at) => self.take_suggestion(at),
            Message::TakenMarked => self.take_suggestion(self.help.marked.unwrap_or(0)),
            Message::People(typed, people) => {
                self.help.people = (typed, people);
                Vec::new()
            }
            Message::Scoped(scope) => {
                self.help.scope = scope;
                self.help.open = false;
                self.search.answered = None;
                self.search_now()
            }
            Message::Forgotten => {
                self.help.recent.clear();
                self.help.marked = None;
                vec![Action::Remember]
            }
        }
    }

    fn take_suggestion(&mut self, at: usize) -> Vec<Action> {
        let Some(taken) = self.suggestions().into_iter().nth(at) else { return Vec::new() };
        let mut actions = self.update(Mail::SearchTyped(taken.text));
        self.help.open = taken.said != Said::Recent;
        if taken.said == Said::Recent {
            actions.extend(self.search_now());
            actions.extend(self.remember_search());
        }
        actions.push(Action::CursorToEnd(Field::Search));
        actions
    }

    /// Something was typed into the search.
    pub(super) fn help_typed(&mut self) -> Vec<Action> {
        self.help.open = true;
        self.help.marked = None;
        let Some((_, word)) = last_word(&self.search.text) else { return Vec::new() };
        let word = word.trim_start_matches('-');
        let Some((name, value)) = word.split_once(':') else { return Vec::new() };
        if search::english(name) == "label" {
            return vec![Action::Read(Read::Labels)];
        }
        let who = matches!(search::english(name).as_str(), "from" | "to" | "cc");
        match who && !value.is_empty() && self.help.people.0 != value {
            true => vec![Action::Read(Read::People(value.to_owned()))],
            false => Vec::new(),
        }
    }

    /// Searches for this, asked for elsewhere: what is found is shown instead of what was.
    pub(super) fn seek(&mut self, text: String) -> Vec<Action> {
        let mut actions = self.show_letters();
        actions.extend(self.update(Mail::SearchTyped(text)));
        actions.extend(self.update(Mail::SearchEntered));
        if self.only_letter_is_shown() {
            actions.extend(self.back_to_list());
        }
        actions
    }

    /// What is searched for is remembered: it was entered, or led to a letter.
    pub(super) fn remember_search(&mut self) -> Vec<Action> {
        let text: String = self.search.text.trim().chars().take(LONGEST).collect();
        if text.is_empty() || self.help.recent.first() == Some(&text) {
            return Vec::new();
        }
        self.help.recent.retain(|known| *known != text);
        self.help.recent.insert(0, text);
        self.help.recent.truncate(REMEMBERED);
        vec![Action::Remember]
    }

    /// Where one may search besides everywhere: the folder one came from, and each account
    /// where there are several, that of the folder first.
    fn scopes(&self) -> Vec<(Scope, String)> {
        let came_from = match self.list.place {
            Place::Search => self.search.before.map(|(place, _)| place),
            place => Some(place),
        };
        let mut scopes = Vec::new();
        let folder = came_from.and_then(|place| match place {
            Place::Folder(id) => self.folders.iter().find(|folder| folder.id == id),
            _ => None,
        });
        if let Some(folder) = folder {
            scopes.push((Scope::Folder(folder.id), String::new()));
        }
        let with_mail =
            |account: &&Account| self.folders.iter().any(|folder| folder.account == account.name);
        let accounts: Vec<&Account> = self.accounts.iter().filter(with_mail).collect();
        if accounts.len() > 1 {
            let own = |account: &&Account| folder.is_some_and(|f| f.account == account.name);
            let (here, elsewhere): (Vec<_>, Vec<_>) = accounts.into_iter().partition(own);
            let all = here.into_iter().chain(elsewhere).take(ACCOUNTS);
            scopes.extend(all.map(|account| (Scope::Account(account.id), account.name.clone())));
        }
        scopes
    }

    /// The question the store is asked, within the scope.
    pub(super) fn scoped(&self, question: String) -> String {
        let within = match self.help.scope {
            Scope::All => None,
            Scope::Folder(id) => {
                let folder = self.folders.iter().find(|folder| folder.id == id);
                folder.map(|folder| format!("{}/{}", folder.account, folder.path))
            }
            Scope::Account(id) => self.name_of(id).map(|name| format!("{name}/")),
        };
        match within {
            Some(within) => format!("in:{} ({question})", search::quoted(&within)),
            None => question,
        }
    }

    /// Where one searches, to be chosen.
    pub(super) fn scope_chips<'a>(&'a self, look: Look<'a>) -> Option<Element<'a, Mail>> {
        let t = look.tokens;
        if self.search.text.trim().is_empty() || self.list.place != Place::Search {
            return None;
        }
        let scopes = self.scopes();
        if scopes.is_empty() {
            return None;
        }
        let chip = |scope: Scope, said: String| {
            let on = self.help.scope == scope;
            let ink = if on { t.accent } else { t.ink2 };
            let said = tight(said, size::HINT, ink, theme::SEMIBOLD);
            let choose = Mail::Searching(Message::Scoped(scope));
            let chip = button(container(said).center_y(Fill))
                .padding([0, 10])
                .height(26)
                .style(theme::choice(t, on))
                .on_press(choose.clone());
            Element::from(reach(chip, Some(choose), t.accent))
        };
        let mut chips = Row::new().spacing(6);
        chips = chips.push(chip(Scope::All, look.say("scope-all")));
        for (scope, name) in scopes {
            let (key, name) = match scope {
                Scope::Folder(id) => {
                    ("scope-only", super::view::place_name(self, Place::Folder(id), look))
                }
                _ if name == "local" => ("scope-only", look.say("account-local")),
                _ => ("scope-account", name),
            };
            let name: String = name.chars().take(24).collect();
            let said = look.words.say_with(key, &[("name", name.into())]);
            chips = chips.push(chip(scope, said));
        }
        let padding = Padding { left: 12.0, right: 12.0, bottom: 9.0, top: 0.0 };
        Some(container(chips.wrap().vertical_spacing(6)).padding(padding).width(Fill).into())
    }

    /// What may be put into the search, below it.
    pub(super) fn suggestions_menu<'a>(&'a self, look: Look<'a>) -> Option<Element<'a, Mail>> {
        let t = look.tokens;
        let found = self.suggestions();
        if found.is_empty() {
            return None;
        }
        let recent = found.iter().any(|one| one.said == Said::Recent);
        let empty = self.search.text.trim().is_empty();
        let mut lines: Vec<Element<'a, Mail>> = Vec::new();
        if recent {
            let forget = Mail::Searching(Message::Forgotten);
            let head = row![
                words(look.say("recent-title"), size::HINT, t.ink3).font(theme::SEMIBOLD),
                space().width(Fill),
                link_button(look.say("recent-forget"), forget, look),
            ]
            .align_y(Center);
            lines.push(
                container(head).padding(Padding { left: 12.0, ..Padding::ZERO }).height(28).into(),
            );
        }
        for (at, one) in found.into_iter().enumerate() {
            let on = self.help.marked == Some(at);
            let (mark, said) = match one.said {
                Said::Recent => (Icon::Clock, String::new()),
                Said::Named(name) => (Icon::Search, look.say(name)),
                Said::Words(said) => (Icon::Search, said),
            };
            let mut inside = row![icon(mark, t.ink3)].spacing(10).align_y(Center);
            if said.is_empty() {
                inside = inside.push(line(one.shown, size::SECOND, t.ink));
            } else {
                let shown = tight(one.shown, size::SECOND, t.ink, theme::SEMIBOLD);
                inside = inside.push(shown).push(line(said, size::HINT, t.ink3));
            }
            let line = button(container(inside).center_y(Fill))
                .padding([0, 12])
                .width(Fill)
                .height(32)
                .style(theme::row(t, on))
                .on_press(Mail::Searching(Message::Taken(at)));
            lines.push(line.into());
        }
        if empty {
            let missing = Mail::Missing(super::missing::Message::Wanted);
            lines.push(across(t));
            let hint = Some(look.say("missing-entry-hint"));
            lines.push(entry(Some(Icon::Inbox), look.say("missing-entry"), hint, missing, look));
        }
        Some(menu(lines, 336.0, look))
    }
}

/// Days that are asked for often, as they are written, each with its name.
fn days_back() -> Vec<(String, &'static str)> {
    let clock = Clock::system();
    let today = clock.now.to_zoned(clock.zone).date();
    let mut days = vec![(today.to_string(), "op-today")];
    days.extend(today.yesterday().ok().map(|day| (day.to_string(), "op-yesterday")));
    days.extend(today.checked_sub(7.days()).ok().map(|day| (day.to_string(), "op-week")));
    days.push((today.strftime("%Y-%m").to_string(), "op-month"));
    days.push((today.strftime("%Y").to_string(), "op-year"));
    days
}

fn operator(
    before: &str,
    sign: &str,
    name: &str,
    said: &'static str,
    in_korean: bool,
) -> Suggestion {
    let word = korean(name).filter(|_| in_korean).unwrap_or(name);
    Suggestion {
        text: format!("{before}{sign}{word}:"),
        shown: format!("{word}:"),
        said: Said::Named(said),
    }
}

/// Keys while something is suggested, before the field has them.
pub(super) fn first(state: &State, key: &Key, modifiers: Modifiers) -> Option<Mail> {
    if !state.help.open || modifiers.command() {
        return None;
    }
    let message = match key.as_ref() {
        Key::Named(Named::Escape) => Message::Closed,
        Key::Named(Named::ArrowDown) => Message::Moved(1),
        Key::Named(Named::ArrowUp) => Message::Moved(-1),
        Key::Named(Named::Tab) => Message::TakenMarked,
        Key::Named(Named::Enter) if state.help.marked.is_some() => Message::TakenMarked,
        _ => return None,
    };
    // With nothing to choose from the keys are the list's.
    (!state.suggestions().is_empty()).then_some(Mail::Searching(message))
}
