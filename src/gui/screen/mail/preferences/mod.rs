//! The settings: sections, and what is chosen in them. Whatever is chosen holds at once, and
//! is remembered.
//!
//! They stand in the place of list and letter. What was open there, a letter being written
//! too, is there again when they are closed.

pub mod account;
mod account_view;
mod archives;
mod sections;
mod view;

pub(super) use view::option;

use super::{Action, Field, Message as Mail, Read, State};
use crate::engine::protocol::{Command, Event, Storage};
use crate::engine::{EngineError, accounts};
use crate::gui::notify::Telling;
use crate::gui::taste::{Density, Light, TextSize};
use crate::gui::widget::icon::Icon;
use crate::i18n::Language;
use crate::model::{AccountId, Remote, Way};
use iced::keyboard::{Key, Modifiers, key::Named};

/// Shows the settings, or closes them.
pub(super) const TOGGLE: Mail = Mail::Preferences(Message::Toggled);

/// What belongs together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Section {
    /// Language, light, text, list, panes.
    #[default]
    Appearance,
    /// What is said when mail has come.
    Notifications,
    /// What others learn.
    Privacy,
    /// Accounts.
    Accounts,
    /// The receipt server.
    Receipts,
    /// What lies on this computer.
    Storage,
    /// What this program is.
    About,
}

impl Section {
    /// Every section, in order.
    pub const ALL: [Self; 7] = [
        Self::Appearance,
        Self::Notifications,
        Self::Privacy,
        Self::Accounts,
        Self::Receipts,
        Self::Storage,
        Self::About,
    ];

    fn mark(self) -> Icon {
        match self {
            Self::Appearance => Icon::Sun,
            Self::Notifications => Icon::Bell,
            Self::Privacy => Icon::Shield,
            Self::Accounts => Icon::Mail,
            Self::Receipts => Icon::Eye,
            Self::Storage => Icon::Disk,
            Self::About => Icon::Info,
        }
    }

    /// The name of its string.
    fn name(self) -> &'static str {
        match self {
            Self::Appearance => "settings-appearance",
            Self::Notifications => "settings-notifications",
            Self::Privacy => "settings-privacy",
            Self::Accounts => "settings-accounts",
            Self::Receipts => "server-title",
            Self::Storage => "settings-storage",
            Self::About => "settings-about",
        }
    }
}

/// The settings as they are shown.
#[derive(Debug, Clone, Default)]
pub struct Preferences {
    /// The section that is looked at.
    pub section: Section,
    /// How much room mail takes, once that is known.
    pub storage: Option<Storage>,
    /// The receipt server, once it was read, if there is one.
    pub server: Option<Option<String>>,
    /// The account that is open.
    pub account: Option<AccountId>,
}

/// How pictures from outside are fetched, as it is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum By {
    /// As the accounts.
    Accounts,
    /// Through a proxy of their own.
    Own,
    /// Through none.
    Direct,
}

/// What happens here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Message {
    /// Show them, or close them.
    Toggled,
    /// This section is to be seen, wherever one is.
    Opened(Section),
    /// A section is looked at.
    SectionChosen(Section),
    /// The next one, or the one before.
    SectionMoved(isize),
    /// This language.
    LanguageChosen(Language),
    /// This light.
    LightChosen(Light),
    /// This size of text.
    TextChosen(TextSize),
    /// Rows this close.
    DensityChosen(Density),
    /// The panes as they are when nobody has moved their borders.
    PanesReset,
    /// No picture from outside is ever fetched, or each letter is asked about.
    PicturesNever(bool),
    /// Pictures are fetched this way.
    PicturesBy(By),
    /// The proxy of pictures is that.
    PicturesProxySaved,
    /// Say this when mail has come.
    NotifyChosen(Telling),
    /// Measure anew.
    Measured,
    /// What lies on this computer is to be looked at, wherever one is.
    StorageWanted,
}

impl State {
    /// Something happens in the settings.
    pub(super) fn prefer(&mut self, message: Message) -> Vec<Action> {
        match message {
            Message::Toggled => {
                self.menu = None;
                self.sheet = None;
                self.places_shown = false;
                self.preferences = match self.preferences.take() {
                    Some(_) => None,
                    None => Some(Preferences::default()),
                };
                Vec::new()
            }
            Message::Opened(section) => {
                self.preferences.get_or_insert_default();
                self.look_into(section)
            }
            Message::SectionChosen(section) => self.look_into(section),
            Message::PicturesNever(never) => {
                self.remote.never = never;
                let by = self.way_asked.clone().unwrap_or_else(|| self.remote.by.clone());
                vec![Action::Ask(Command::SetRemote(Remote { never, by }))]
            }
            Message::PicturesBy(by) => self.choose_way(by),
            Message::PicturesProxySaved => self.save_way(),
            Message::SectionMoved(by) => {
                let Some(preferences) = &self.preferences else { return Vec::new() };
                let here = Section::ALL.iter().position(|one| *one == preferences.section);
                let last = Section::ALL.len() - 1;
                let to = here.unwrap_or(0).saturating_add_signed(by).min(last);
                Section::ALL.get(to).map_or_else(Vec::new, |section| self.look_into(*section))
            }
            Message::LanguageChosen(language) => {
                self.language = language;
                vec![Action::Ask(self.folds()), Action::Remember]
            }
            Message::LightChosen(light) => {
                self.taste.light = light;
                let mut actions = self.light_changed();
                actions.push(Action::Remember);
                actions
            }
            Message::TextChosen(text) => self.choose_text(text),
            Message::DensityChosen(density) => {
                self.taste.density = density;
                self.list.set_density(density);
                let mut actions = self.read_rows();
                actions.push(Action::Remember);
                actions
            }
            Message::PanesReset => {
                self.panes = super::panes::Panes::default();
                vec![Action::Remember]
            }
            Message::NotifyChosen(telling) => {
                self.notify = telling;
                vec![Action::Remember]
            }
            Message::StorageWanted => {
                self.notice = None;
                self.preferences.get_or_insert_default();
                self.look_into(Section::Storage)
            }
            Message::Measured => {
                if let Some(preferences) = &mut self.preferences {
                    preferences.storage = None;
                }
                vec![Action::Ask(Command::MeasureStorage)]
            }
        }
    }

    /// A proxy of their own is typed first.
    fn choose_way(&mut self, by: By) -> Vec<Action> {
        self.remote.by = match by {
            By::Accounts => Way::Accounts,
            By::Direct => Way::Direct,
            By::Own => {
                self.pictures_proxy = Some(match &self.remote.by {
                    Way::Proxy(proxy) => proxy.clone(),
                    Way::Accounts | Way::Direct => String::new(),
                });
                return vec![Action::Focus(Field::PicturesProxy)];
            }
        };
        (self.pictures_proxy, self.way_asked) = (None, None);
        vec![Action::Ask(Command::SetRemote(self.remote.clone()))]
    }

    fn save_way(&mut self) -> Vec<Action> {
        let Some(typed) = self.pictures_proxy.clone() else { return Vec::new() };
        if wrong_proxy(&typed).is_some() || typed.trim().is_empty() {
            return vec![Action::Focus(Field::PicturesProxy)];
        }
        // It holds, and what is typed has been kept, when the engine says so.
        let by = Way::Proxy(typed.trim().to_owned());
        self.way_asked = Some(by.clone());
        vec![Action::Ask(Command::SetRemote(Remote { never: self.remote.never, by }))]
    }

    /// How pictures are fetched from now on.
    pub(super) fn remote_told(&mut self, remote: Remote) {
        self.remote = remote;
        self.way_asked = None;
        if !self.is_way_unsaved() && matches!(self.remote.by, Way::Proxy(_)) {
            self.pictures_proxy = None;
        }
    }

    pub(super) fn type_pictures_proxy(&mut self, mut text: String) {
        text.truncate(text.floor_char_boundary(500));
        text.retain(|c| !c.is_control());
        self.pictures_proxy = Some(text);
    }

    /// A proxy of pictures is typed, and nothing goes through it yet.
    pub(super) fn is_way_unsaved(&self) -> bool {
        let typed = self.pictures_proxy.as_deref().map(str::trim);
        typed.is_some_and(|typed| {
            !typed.is_empty() && self.remote.by != Way::Proxy(typed.to_owned())
        })
    }

    fn look_into(&mut self, section: Section) -> Vec<Action> {
        let Some(preferences) = &mut self.preferences else { return Vec::new() };
        preferences.section = section;
        preferences.account = None;
        match section {
            Section::Storage => vec![Action::Ask(Command::MeasureStorage)],
            Section::Receipts => vec![Action::Read(Read::ReceiptServer)],
            _ => Vec::new(),
        }
    }

    /// What is chosen, or what the desktop says, is another light.
    pub(super) fn light_changed(&mut self) -> Vec<Action> {
        let mode = self.taste.light.mode(self.desktop);
        if mode == self.mode {
            return Vec::new();
        }
        self.mode = mode;
        if let Some(open) = &mut self.open {
            open.strips.clear();
        }
        self.look_again()
    }

    /// All is larger, or smaller: of the window there is less, or more.
    fn choose_text(&mut self, text: TextSize) -> Vec<Action> {
        let before = std::mem::replace(&mut self.taste.text, text).factor();
        let by = text.factor() / before;
        self.window = iced::Size::new(self.window.width / by, self.window.height / by);
        self.scale *= by;
        let mut actions = self.look_again();
        actions.push(Action::Remember);
        actions
    }

    /// How much room mail takes is known.
    pub(super) fn measured(&mut self, storage: Storage) -> Vec<Action> {
        if let Some(preferences) = &mut self.preferences {
            preferences.storage = Some(storage);
        }
        Vec::new()
    }

    /// Whoever goes elsewhere leaves the settings; what is read for them is theirs too.
    pub(super) fn leave_preferences(&mut self, message: &Mail) {
        let Some(preferences) = &mut self.preferences else { return };
        match message {
            Mail::PlaceChosen(_)
            | Mail::WriteWanted(_)
            | Mail::FileWanted(_)
            | Mail::WritingWanted(_)
            | Mail::CloseWanted => self.preferences = None,
            Mail::ReceiptServerRead(server) => preferences.server = Some(server.clone()),
            Mail::Engine(Event::ReceiptServerSet(_, Ok((server, _)))) => {
                preferences.server = Some(Some(server.clone()));
            }
            _ => {}
        }
    }
}

/// The name of the string that says why this is no proxy.
fn wrong_proxy(typed: &str) -> Option<&'static str> {
    match typed.trim() {
        "" => None,
        typed => match accounts::check_proxy(typed) {
            Ok(()) => None,
            Err(EngineError::ProxyPassword) => Some("trouble-proxy-password"),
            Err(_) => Some("trouble-not-proxy"),
        },
    }
}

/// Keys of the settings that nothing in them has taken.
pub(super) fn pressed(state: &State, key: &Key, modifiers: Modifiers) -> Option<Mail> {
    if modifiers.command() {
        return super::panes::pressed(key, modifiers);
    }
    // Whoever goes through the fields of an account stays in it.
    let section = |by| match state.account_page() {
        Some(_) => None,
        None => Some(Mail::Preferences(Message::SectionMoved(by))),
    };
    match key.as_ref() {
        Key::Named(Named::ArrowDown) | Key::Character("j" | "ㅓ") => section(1),
        Key::Named(Named::ArrowUp) | Key::Character("k" | "ㅏ") => section(-1),
        Key::Named(Named::Home) => section(isize::MIN),
        Key::Named(Named::End) => section(isize::MAX),
        Key::Character("f" | "ㄹ") if state.is_narrow() => Some(Mail::PlacesToggled),
        Key::Character(c @ ("c" | "ㅊ" | "g" | "ㅎ" | "?")) => {
            super::tools::pressed(state, c, modifiers)
        }
        _ => None,
    }
}
