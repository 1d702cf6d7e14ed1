//! How an account looks that is opened in the settings.

use super::super::not_done::failure_said;
use super::super::{Field, Message as Mail, Part, State};
use super::account::{Form, Keep, Message, Stage, Writer, Wrong};
use super::view::{BESIDE, WIDEST, block, card, option};
use crate::gui::screen::pieces::{across, link_button, main_button, small, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::line::line;
use crate::model::{Account, Secret};
use iced::widget::text::Wrapping;
use iced::widget::{Column, Row, column, container, row, space, text_editor, text_input};
use iced::{Center, Fill};

fn of(message: Message) -> Mail {
    Mail::OfAccount(message)
}

impl State {
    /// The account that is open, if one is and is still there.
    pub(super) fn account_shown<'a>(&'a self, look: Look<'a>) -> Option<Column<'a, Mail>> {
        let t = look.tokens;
        let id = self.account_page()?;
        let account = self.accounts.iter().find(|account| account.id == id)?;
        let form = self.account_forms.get(&id)?;
        let wide = self.beside_side() >= BESIDE;
        let back =
            small(Some(Icon::Back), look.say("account-page-back"), Some(of(Message::Left)), look);
        let name = words(account.name.clone(), size::TITLE, t.ink)
            .font(theme::BOLD)
            .wrapping(Wrapping::WordOrGlyph);
        let page = column![row![back].spacing(0), name, writers(form, wide, look)]
            .push(card([kept(form, look)], look))
            .push(card([self.way(account, form, look)], look));
        Some(page)
    }

    /// What came of a change, and what ends it: below the account, always in sight.
    pub(super) fn account_foot<'a>(&'a self, look: Look<'a>) -> Option<Element<'a, Mail>> {
        let t = look.tokens;
        let form = self.account_forms.get(&self.account_page()?)?;
        let idle = matches!(form.stage, Stage::Filling | Stage::Testing(_) | Stage::Works(_));
        if idle && !form.is_changed() {
            return None;
        }
        let foot = container(foot(form, look)).max_width(WIDEST).width(Fill);
        let foot = container(foot).padding([10, 24]).width(Fill).style(theme::area(t.surface));
        Some(column![across(t), foot].into())
    }

    /// The way to its servers, and what is shown there.
    fn way<'a>(
        &'a self,
        account: &'a Account,
        form: &'a Form,
        look: Look<'a>,
    ) -> Element<'a, Mail> {
        let t = look.tokens;
        let mut proxy = column![
            block(look.say("account-proxy"), look.say("account-proxy-hint"), None, look),
            input(Field::Proxy, "socks5://127.0.0.1:9050", &form.proxy, form, look),
        ]
        .spacing(8);
        if let Some(wrong) = form.wrong_proxy() {
            proxy = proxy.push(wrong_said(wrong, form, look));
        }
        let hint = look.say("account-password-hint");
        let typed = |text| of(Message::PasswordTyped(Secret::new(text)));
        let password = text_input("", form.password())
            .id(Field::AccountPassword.id())
            .secure(true)
            .on_input_maybe((!form.is_busy()).then_some(typed))
            .on_submit(of(Message::Saved))
            .size(size::BODY)
            .padding([8, 10])
            .style(theme::framed_field(t));
        let password =
            column![block(look.say("account-password-new"), hint, None, look), password].spacing(8);
        let testing = matches!(form.stage, Stage::Testing(_));
        let said = look.say(if testing { "account-testing" } else { "account-test" });
        let on = (!form.is_busy()).then_some(of(Message::Tested));
        let test = small(Some(Icon::Sync), said, on, look);
        let servers = &account.settings;
        let servers = [&servers.imap, &servers.smtp].into_iter().flatten();
        let servers: Vec<String> = servers.map(ToString::to_string).collect();
        let mut tested =
            column![block(look.say("account-test-title"), servers.join(" · "), Some(test), look)]
                .spacing(8);
        if let Stage::Works(works) = &form.stage {
            let folders = i64::try_from(works.folders).unwrap_or(i64::MAX);
            let name = match works.sends {
                Some(true) => "account-works-sends",
                _ => "account-works",
            };
            let said = look.words.say_with(name, &[("folders", folders.into())]);
            let said = words(said, size::SECOND, t.accent).width(Fill);
            tested = tested.push(container(said).padding([8, 10]).style(theme::tag(t.accent_soft)));
        }
        column![proxy, across(t), password, across(t), tested].spacing(14).into()
    }
}

/// Who writes, one below the other.
fn writers<'a>(form: &'a Form, wide: bool, look: Look<'a>) -> Element<'a, Mail> {
    let head = block(look.say("account-writers"), look.say("account-writers-hint"), None, look);
    let all = form.writers.iter().enumerate();
    let all = all.map(|(at, writer)| one_writer(form, at, writer, wide, look));
    let add = (!form.is_busy()).then_some(of(Message::Added));
    let add = small(Some(Icon::Plus), look.say("account-writer-add"), add, look);
    card(std::iter::once(head).chain(all).chain([row![add].into()]), look)
}

fn one_writer<'a>(
    form: &'a Form,
    at: usize,
    writer: &'a Writer,
    wide: bool,
    look: Look<'a>,
) -> Element<'a, Mail> {
    let t = look.tokens;
    let field =
        |part, hint: &str, value: &'a str| input(Field::Writer(part, at), hint, value, form, look);
    let name = labelled(
        look.say("account-writer-name"),
        field(Part::Name, &look.say("account-sender-hint"), &writer.name),
        look,
    );
    let addr: Element<'a, Mail> = match writer.own {
        true => {
            let said = line(writer.addr.clone(), size::BODY, t.ink2);
            container(said).center_y(35).padding([0, 2]).width(Fill).into()
        }
        false => field(Part::Address, "name@example.com", &writer.addr),
    };
    let own = if writer.own { "account-writer-own" } else { "account-writer-address" };
    let addr = labelled(look.say(own), addr, look);
    let first: Element<'a, Mail> = match wide {
        true => row![name, addr].spacing(12).into(),
        false => column![name, addr].spacing(10).into(),
    };
    let reply = labelled(
        look.say("account-writer-reply"),
        field(Part::Reply, &look.say("account-writer-reply-hint"), &writer.reply),
        look,
    );
    let editor = text_editor(&writer.signature)
        .id(signature_id(at))
        .placeholder(look.say("account-writer-signature-hint"))
        .size(size::BODY)
        .padding([8, 10])
        .wrapping(Wrapping::WordOrGlyph)
        .height(92)
        .style(theme::framed_editor(t));
    // While it is being kept, or tried, nothing is changed.
    let editor = match form.is_busy() {
        true => editor,
        false => editor.on_action(move |action| of(Message::Signed(at, action))),
    };
    let signature = labelled(look.say("account-writer-signature"), editor.into(), look);
    let mut block = column![first, reply, signature].spacing(10);
    // An address that is being typed is no mistake yet.
    let wrong = form.wrong_writer(at).filter(|_| form.tried || writer.addr.contains('@'));
    if let Some(wrong) = wrong {
        block = block.push(wrong_said(wrong, form, look));
    }
    if !writer.own && !form.is_busy() {
        let remove = of(Message::Removed(at));
        let remove = link_button(look.say("account-writer-remove"), remove, look);
        block = block.push(row![space().width(Fill), remove]);
    }
    block.into()
}

/// The name of the signature's field.
pub fn signature_id(at: usize) -> iced::widget::Id {
    iced::widget::Id::from(format!("signature-{at}"))
}

/// How much is kept.
fn kept<'a>(form: &'a Form, look: Look<'a>) -> Element<'a, Mail> {
    let t = look.tokens;
    let all = Keep::ALL.map(|keep| {
        let choose = (!form.is_busy()).then_some(of(Message::Kept(keep)));
        option(look.say(keep_name(keep)), form.keep == keep, choose, look)
    });
    let all = Row::with_children(all).spacing(6).wrap().vertical_spacing(6);
    let mut kept = column![block(
        look.say("account-keep"),
        look.say(keep_hint(form.keep)),
        Some(all.into()),
        look
    ),]
    .spacing(8);
    if form.keep == Keep::Days {
        let days = container(input(Field::Days, "90", &form.days, form, look)).width(96);
        let said = words(look.say("account-keep-days"), size::SECOND, t.ink2);
        kept = kept.push(row![days, said].spacing(8).align_y(Center));
        if let Some(wrong) = form.wrong_days() {
            kept = kept.push(wrong_said(wrong, form, look));
        }
    }
    kept.push(words(look.say("account-keep-later"), size::HINT, t.ink3)).into()
}

/// What this choice is called.
fn keep_name(keep: Keep) -> &'static str {
    match keep {
        Keep::Everything => "keep-everything",
        Keep::Days => "keep-days",
        Keep::Headers => "keep-headers",
        Keep::Nothing => "keep-nothing",
    }
}

fn keep_hint(keep: Keep) -> &'static str {
    match keep {
        Keep::Everything => "keep-everything-hint",
        Keep::Days => "keep-days-hint",
        Keep::Headers => "keep-headers-hint",
        Keep::Nothing => "keep-nothing-hint",
    }
}

/// What came of it, and what ends it.
fn foot<'a>(form: &'a Form, look: Look<'a>) -> Element<'a, Mail> {
    let t = look.tokens;
    let mut foot = Column::new().spacing(10);
    if let Stage::Failed(failure) = &form.stage {
        let said = words(failure_said(failure, look), size::SECOND, t.bad)
            .width(Fill)
            .wrapping(Wrapping::WordOrGlyph);
        foot = foot.push(container(said).padding([8, 10]).style(theme::tag(t.bad_soft)));
    }
    let changed = form.is_changed();
    let saving = matches!(form.stage, Stage::Saving(..));
    let said = look.say(if saving { "account-saving" } else { "account-save" });
    let on = (changed && !form.is_busy()).then_some(of(Message::Saved));
    let mut buttons = Row::new().spacing(8);
    if changed || saving {
        buttons = buttons.push(main_button(Some(Icon::Check), said, on, look));
    }
    if changed && !form.is_busy() {
        let revert = of(Message::Reverted);
        buttons = buttons.push(link_button(look.say("account-revert"), revert, look));
        buttons = buttons.push(words(look.say("account-unsaved"), size::HINT, t.ink2));
    } else if form.stage == Stage::Saved {
        buttons = buttons.push(icon(Icon::Check, t.accent).size(14.0));
        buttons = buttons.push(words(look.say("account-saved"), size::SECOND, t.accent));
    }
    foot.push(buttons.align_y(Center).wrap().vertical_spacing(6)).into()
}

fn wrong_said<'a>(wrong: Wrong, form: &Form, look: Look<'a>) -> Element<'a, Mail> {
    let address = |at: usize| {
        let addr = form.writers.get(at).map_or("", |writer| writer.addr.trim());
        let addr: String = addr.chars().take(80).collect();
        [("address", addr.into())]
    };
    let said = match wrong {
        Wrong::Address(at) => look.words.say_with("trouble-no-address", &address(at)),
        Wrong::Twice(at) => look.words.say_with("trouble-address-twice", &address(at)),
        Wrong::Reply(_) => look.say("account-wrong-reply"),
        Wrong::Days => look.say("trouble-days"),
        Wrong::Proxy(why) => look.say(why),
    };
    words(said, size::SECOND, look.tokens.bad).wrapping(Wrapping::WordOrGlyph).into()
}

fn labelled<'a>(name: String, inside: Element<'a, Mail>, look: Look<'a>) -> Element<'a, Mail> {
    let name = words(name, size::HINT, look.tokens.ink2).font(theme::SEMIBOLD);
    column![name, inside].spacing(4).width(Fill).into()
}

fn input<'a>(
    field: Field,
    hint: &str,
    value: &'a str,
    form: &Form,
    look: Look<'a>,
) -> Element<'a, Mail> {
    text_input(hint, value)
        .id(field.id())
        .on_input_maybe((!form.is_busy()).then_some(move |text| of(Message::Typed(field, text))))
        .on_submit(of(Message::Saved))
        .size(size::BODY)
        .padding([8, 10])
        .style(theme::framed_field(look.tokens))
        .into()
}
