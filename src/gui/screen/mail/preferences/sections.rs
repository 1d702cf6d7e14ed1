//! What is in the sections.

use super::super::not_done::failure_said;
use super::super::sync::{Phase, Trouble};
use super::super::{Field, Message as Mail, Place, Sheet, State};
use super::view::{block, card, options};
use super::{By, Message, Preferences, Section, wrong_proxy};
use crate::engine::protocol::Storage;
use crate::gui::notify::Telling;
use crate::gui::screen::pieces::{link_button, main_button, small, tight, words};
use crate::gui::taste::{Density, Light, TextSize};
use crate::gui::theme::{self, Look, Mode, size};
use crate::gui::time::bytes;
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, Logo};
use crate::gui::widget::line::line;
use crate::i18n::Language;
use crate::model::{Account, AccountKind, Way};
use iced::widget::{Column, column, row, space, text_input};
use iced::{Center, Fill};

impl State {
    /// What is in the section that is looked at.
    pub(super) fn section<'a>(
        &'a self,
        preferences: &'a Preferences,
        look: Look<'a>,
    ) -> Column<'a, Mail> {
        if let Some(account) = self.account_shown(look) {
            return account;
        }
        let title = look.say(preferences.section.name());
        let title = words(title, size::TITLE, look.tokens.ink).font(theme::BOLD);
        let section = column![title];
        match preferences.section {
            Section::Appearance => section.push(self.appearance(look)),
            Section::Notifications => section.push(self.notifications(look)),
            Section::Privacy => section.push(self.privacy(look)),
            Section::Accounts => self.accounts_shown(section, look),
            Section::Receipts => section.push(receipts(preferences, look)),
            Section::Storage => {
                section.push(self.storage(preferences, look)).push(self.archives_shown(look))
            }
            Section::About => section.push(about(look)),
        }
    }

    fn appearance<'a>(&'a self, look: Look<'a>) -> Element<'a, Mail> {
        let language = [Language::Korean, Language::English].map(|language| {
            let on = self.language == language;
            (own_name(language).to_owned(), on, Message::LanguageChosen(language))
        });
        let light = Light::ALL.map(|light| {
            let name = match light {
                Light::Desktop => "settings-light-desktop",
                Light::Always(Mode::Light) => "settings-light",
                Light::Always(Mode::Dark) => "settings-dark",
            };
            (look.say(name), self.taste.light == light, Message::LightChosen(light))
        });
        let unsaid = self.taste.light == Light::Desktop && self.desktop.is_none();
        let hint = if unsaid { "settings-light-unsaid" } else { "settings-light-hint" };
        let hint = look.say(hint);
        let text = TextSize::ALL.map(|text| {
            let percent = i64::from(text.percent());
            let said = look.words.say_with("settings-percent", &[("percent", percent.into())]);
            (said, self.taste.text == text, Message::TextChosen(text))
        });
        let density = Density::ALL.map(|density| {
            let name = match density {
                Density::Comfortable => "settings-comfortable",
                Density::Compact => "settings-compact",
            };
            (look.say(name), self.taste.density == density, Message::DensityChosen(density))
        });
        let moved = self.panes != super::super::panes::Panes::default();
        let reset = moved.then_some(Mail::Preferences(Message::PanesReset));
        let reset = small(Some(Icon::Undo), look.say("settings-panes-reset"), reset, look);
        let said = |name: &str| look.say(name);
        card(
            [
                block(
                    said("settings-language"),
                    String::new(),
                    Some(options(language, look)),
                    look,
                ),
                block(said("settings-light-title"), hint, Some(options(light, look)), look),
                block(
                    said("settings-text"),
                    said("settings-text-hint"),
                    Some(options(text, look)),
                    look,
                ),
                block(
                    said("settings-density"),
                    said("settings-density-hint"),
                    Some(options(density, look)),
                    look,
                ),
                block(said("settings-panes"), said("settings-panes-hint"), Some(reset), look),
            ],
            look,
        )
    }

    fn notifications<'a>(&'a self, look: Look<'a>) -> Element<'a, Mail> {
        let all = [
            (Telling::Quiet, "notify-not-shown"),
            (Telling::Full, "notify-shown"),
            (Telling::Off, "notify-off"),
        ];
        let all = all.map(|(telling, name)| {
            (look.say(name), self.notify == telling, Message::NotifyChosen(telling))
        });
        let name = look.say("settings-notify");
        card([block(name, look.say("settings-notify-hint"), Some(options(all, look)), look)], look)
    }

    fn privacy<'a>(&'a self, look: Look<'a>) -> Element<'a, Mail> {
        let count = i64::try_from(self.rules.len()).unwrap_or(i64::MAX);
        let rules = look.words.say_with("rules-hint", &[("count", count.into())]);
        let open = Mail::SheetOpened(Sheet::Rules);
        let open = small(Some(Icon::Shield), look.say("settings-rules-show"), Some(open), look);
        let never = self.remote.never;
        let hint = if never { "settings-remote-never-hint" } else { "settings-remote-hint" };
        let remote = [(false, "settings-remote-ask"), (true, "settings-remote-never")];
        let remote = remote.map(|(never, name)| {
            (look.say(name), self.remote.never == never, Message::PicturesNever(never))
        });
        let remote = Some(options(remote, look));
        card(
            [
                block(look.say("settings-remote"), look.say(hint), remote, look),
                self.way_of_pictures(look),
                block(
                    look.say("settings-trackers"),
                    look.say("settings-trackers-hint"),
                    None,
                    look,
                ),
                block(look.say("settings-asked"), look.say("settings-asked-hint"), None, look),
                block(look.say("rules-title"), rules, Some(open), look),
            ],
            look,
        )
    }

    /// The way to pictures that are fetched.
    fn way_of_pictures<'a>(&'a self, look: Look<'a>) -> Element<'a, Mail> {
        let t = look.tokens;
        // What holds, not what is being typed.
        let here = match &self.remote.by {
            Way::Proxy(_) => By::Own,
            Way::Accounts => By::Accounts,
            Way::Direct => By::Direct,
        };
        let all = [
            (By::Accounts, "pictures-by-accounts"),
            (By::Own, "pictures-by-own"),
            (By::Direct, "pictures-by-none"),
        ];
        let all = all.map(|(by, name)| (look.say(name), by == here, Message::PicturesBy(by)));
        let hint = match here {
            By::Accounts => "pictures-by-accounts-hint",
            By::Own => "pictures-by-own-hint",
            By::Direct => "pictures-by-none-hint",
        };
        let name = look.say("pictures-by");
        let mut way = column![block(name, look.say(hint), Some(options(all, look)), look)];
        if here == By::Own || self.pictures_proxy.is_some() {
            let typed = match (&self.pictures_proxy, &self.remote.by) {
                (Some(typed), _) => typed.as_str(),
                (None, Way::Proxy(proxy)) => proxy.as_str(),
                (None, _) => "",
            };
            let save = Mail::Preferences(Message::PicturesProxySaved);
            let field = text_input("socks5://127.0.0.1:9050", typed)
                .id(Field::PicturesProxy.id())
                .on_input(Mail::PicturesProxyTyped)
                .on_submit(save.clone())
                .size(size::BODY)
                .padding([8, 10])
                .style(theme::framed_field(t));
            let wrong = wrong_proxy(typed);
            let on = (self.is_way_unsaved() && wrong.is_none()).then_some(save);
            let save = small(Some(Icon::Check), look.say("account-save"), on, look);
            way = way.push(row![field, save].spacing(8).align_y(Center));
            if let Some(wrong) = wrong {
                way = way.push(words(look.say(wrong), size::SECOND, t.bad));
            } else if here != By::Own || self.is_way_unsaved() {
                way = way.push(words(look.say("pictures-by-own-later"), size::SECOND, t.ink2));
            }
        }
        way.spacing(8).into()
    }

    fn accounts_shown<'a>(&'a self, section: Column<'a, Mail>, look: Look<'a>) -> Column<'a, Mail> {
        let t = look.tokens;
        // The sample mailbox takes no accounts.
        if self.hits.is_some() {
            let name = look.say("settings-demo");
            let block = block(name, look.say("settings-demo-hint"), None, look);
            return section.push(card([block], look));
        }
        let servers: Vec<_> =
            self.accounts.iter().filter(|account| account.kind != AccountKind::Local).collect();
        let section = match servers.is_empty() {
            true => section.push(words(look.say("settings-no-account"), size::BODY, t.ink2)),
            false => {
                section.push(card(servers.into_iter().map(|one| self.one_account(one, look)), look))
            }
        };
        let on = Some(Mail::AccountWanted);
        section.push(main_button(Some(Icon::Plus), look.say("account-title-more"), on, look))
    }

    fn one_account<'a>(&'a self, account: &'a Account, look: Look<'a>) -> Element<'a, Mail> {
        let t = look.tokens;
        let ink = self.not_well(account.id, look).map_or(t.ink2, |(_, ink)| ink);
        let sync = Mail::SyncWanted(account.id);
        let remove = Mail::RemoveWanted(account.id);
        let open = Mail::OfAccount(super::account::Message::Opened(account.id));
        let unsaved = self.account_forms.get(&account.id).filter(|form| form.is_changed());
        let unsaved = unsaved
            .map(|_| words(look.say("account-unsaved"), size::HINT, t.warn).font(theme::SEMIBOLD));
        let buttons = row![
            small(Some(Icon::Draft), look.say("settings-account-open"), Some(open), look),
            small(Some(Icon::Sync), look.say("sync-now"), Some(sync), look),
            link_button(look.say("talk-show"), Mail::TalkWanted(account.id), look),
            link_button(look.say("account-remove"), remove, look),
        ]
        .spacing(6)
        .wrap()
        .vertical_spacing(6);
        column![
            line(account.name.clone(), size::BODY, t.ink).font(theme::SEMIBOLD),
            words(self.standing_said(account, look), size::SECOND, ink),
        ]
        .spacing(3)
        .push(unsaved)
        .push(space().height(5))
        .push(buttons)
        .into()
    }

    /// How an account stands, in a sentence.
    fn standing_said(&self, account: &Account, look: Look<'_>) -> String {
        let standing = self.sync.get(&account.id);
        match standing.map(|standing| (&standing.trouble, &standing.phase)) {
            Some((Some(Trouble::Failure(failure)), _)) => failure_said(failure, look),
            Some((Some(Trouble::Said(why)), _)) => {
                let why: String = why.chars().filter(|c| !c.is_control()).take(200).collect();
                look.words.say_with("sync-trouble", &[("why", why.into())])
            }
            Some((None, Phase::Offline)) => look.say("sync-offline"),
            Some((None, Phase::InStep)) => look.say("sync-in-step"),
            _ => look.say("sync-connecting"),
        }
    }

    fn storage<'a>(&'a self, preferences: &'a Preferences, look: Look<'a>) -> Element<'a, Mail> {
        let t = look.tokens;
        let Some(Storage { place, database, profile }) = &preferences.storage else {
            let coming = words(look.say("settings-storage-coming"), size::SECOND, t.ink2);
            return card([coming.into()], look);
        };
        let figure = |name: &str, said: String| -> Element<'a, Mail> {
            row![
                words(look.say(name), size::BODY, t.ink).width(Fill),
                tight(said, size::BODY, t.ink, theme::SEMIBOLD),
            ]
            .spacing(12)
            .align_y(Center)
            .into()
        };
        let letters: u64 = self.folders.iter().map(|folder| folder.total).sum();
        let letters = i64::try_from(letters).unwrap_or(i64::MAX);
        let letters = look.words.say_with("search-count", &[("count", letters.into())]);
        let place = place.display().to_string();
        let again = Mail::Preferences(Message::Measured);
        let copy = small(
            Some(Icon::Copy),
            look.say("settings-place-copy"),
            Some(Mail::Copied(place.clone())),
            look,
        );
        let again = link_button(look.say("settings-measure"), again, look);
        let buttons = row![copy, again].spacing(6).wrap().vertical_spacing(6);
        card(
            [
                figure("settings-letters", letters),
                figure("settings-database", bytes(*database)),
                figure("settings-profile", bytes(*profile)),
                block(look.say("settings-place"), place, Some(buttons.into()), look),
            ],
            look,
        )
    }
}

fn receipts<'a>(preferences: &'a Preferences, look: Look<'a>) -> Element<'a, Mail> {
    let server = match &preferences.server {
        Some(Some(server)) => server.chars().take(200).collect(),
        Some(None) => look.say("settings-no-server"),
        None => String::new(),
    };
    let named = matches!(&preferences.server, Some(Some(_)));
    let name = look.say(if named { "settings-server-other" } else { "settings-server-name" });
    let buttons = row![
        small(Some(Icon::Eye), name, Some(Mail::ReceiptServerWanted), look),
        link_button(look.say("settings-receipts-show"), Mail::PlaceChosen(Place::Receipts), look),
    ]
    .spacing(6)
    .wrap()
    .vertical_spacing(6);
    card(
        [
            block(look.say("settings-server-why"), look.say("settings-server-hint"), None, look),
            block(look.say("server-address"), server, Some(buttons.into()), look),
        ],
        look,
    )
}

fn about<'a>(look: Look<'a>) -> Element<'a, Mail> {
    let t = look.tokens;
    let version = [("version", env!("CARGO_PKG_VERSION").into())];
    let version = look.words.say_with("settings-version", &version);
    let name = row![
        Logo { size: 34.0, ink: t.ink, seal: t.seal },
        column![
            words(look.say("name"), size::SECTION, t.ink).font(theme::BOLD),
            words(version, size::SECOND, t.ink2),
        ]
        .spacing(1),
    ]
    .spacing(12)
    .align_y(Center);
    let promise = words(look.say("settings-promise"), size::BODY, t.ink).line_height(1.6);
    card(
        [
            column![name, promise].spacing(12).into(),
            block(look.say("settings-licence"), look.say("settings-licence-hint"), None, look),
            block(look.say("settings-typeface"), look.say("settings-typeface-hint"), None, look),
            block(look.say("settings-parts"), look.say("settings-parts-hint"), None, look),
        ],
        look,
    )
}

/// What a language calls itself: whoever looks for it may read no other.
fn own_name(language: Language) -> &'static str {
    match language {
        Language::Korean => "한국어",
        Language::English => "English",
    }
}
