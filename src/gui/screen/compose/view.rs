//! The letter being written: its head, its people, its words.

use super::people::is_sound;
use super::shortcuts::first;
use super::view_foot::foot;
use super::{Field, Line, Mark, Menu, Message, Stage, State, TAKE_BACK};
use crate::engine::protocol::When;
use crate::gui::screen::mail::not_done::not_done_said;
use crate::gui::screen::mail::tools::tip;
use crate::gui::screen::pieces::{
    across, entry, icon_button, label, link_button, menu, small, tight, words,
};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::drop::drop;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::keys::keys;
use crate::gui::widget::line::line;
use crate::gui::widget::paste::paste;
use crate::gui::widget::reach::reach;
use iced::widget::text::Wrapping;
use iced::widget::{Column, Row, button, column, container, row, space, stack, text_editor};
use iced::widget::{scrollable, text_input};
use iced::{Center, Fill, Padding};

/// Width of what stands before a field.
const LABEL: f32 = 76.0;
/// The one left edge of the letter.
const EDGE: f32 = 20.0;

impl State {
    /// The letter, in so wide a place.
    pub fn view<'a>(&'a self, width: f32, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let mut page = column![self.head(look), across(t)];
        if self.menu == Some(Menu::Later) {
            page = page.push(self.later_strip(look)).push(across(t));
        }
        if let Some(why) = &self.problem {
            page = page.push(problem(not_done_said(why, look), look));
        }
        page = page
            .push(self.from(look))
            .push(across(t))
            .push(self.line(Line::To, width, look))
            .push(across(t));
        for (shown, line) in [(self.cc_shown, Line::Cc), (self.bcc_shown, Line::Bcc)] {
            if shown {
                page = page.push(self.line(line, width, look)).push(across(t));
            }
        }
        page = page.push(self.subject(look)).push(across(t)).push(self.marks(look)).push(across(t));
        if self.menu == Some(Menu::Attach) {
            page = page.push(self.attach_strip(look)).push(across(t));
        }
        page = page.push(self.words(look)).push(self.signature(look));
        if let Some(quote) = self.quote(look) {
            page = page.push(quote);
        }
        let page = page.push(foot(self, look)).width(Fill).height(Fill);
        let card = container(page)
            .padding(1)
            .width(Fill)
            .height(Fill)
            .style(theme::card(t.surface, t.line, 12.0));
        let margin = if width >= 900.0 { 28.0 } else { 12.0 };
        let card = container(card)
            .padding(Padding { top: 20.0, right: margin, bottom: 20.0, left: margin })
            .width(Fill)
            .height(Fill);
        let mut layers = stack![card];
        if self.files_over {
            let said = words(look.say("write-drop"), size::SECTION, t.accent).font(theme::BOLD);
            let over =
                container(said).center(Fill).style(theme::card(t.accent_soft, t.accent, 12.0));
            layers = layers.push(container(over).padding(28).width(Fill).height(Fill));
        }
        keys(layers, |key, modifiers| first(self, key, modifiers), |_, _| None).with_tabs().into()
    }

    fn head<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let title = match (self.quotation(), self.stage) {
            (_, Stage::Coming) => "write-coming",
            (Some(quote), _) if quote.forwarded => "write-forward",
            (Some(_), _) => "write-answer",
            (None, _) => "write-title",
        };
        let saved = match (self.stage, self.is_saved()) {
            (Stage::Coming, _) => "",
            (Stage::Looking(_) | Stage::Giving(_), _) => "write-sending",
            (_, false) => "write-saving",
            (_, true) => "write-saved",
        };
        let saved = if saved.is_empty() { String::new() } else { look.say(saved) };
        let can = self.is_writing();
        let later = Message::MenuToggled(Menu::Later);
        let later = small(Some(Icon::Clock), look.say("write-later"), can.then_some(later), look);
        let sends = can.then_some(Message::Sent(When::After(TAKE_BACK)));
        let send = button(label(Some(Icon::Sent), look.say("write-send"), t.on_accent))
            .padding([0, 12])
            .height(30)
            .style(theme::primary(t))
            .on_press_maybe(sends.clone());
        // On the accent itself it would not be seen.
        let send = reach(send, sends, t.ink);
        let mut head = row![
            tight(look.say(title), size::SECTION, t.ink, theme::BOLD),
            line(saved, size::HINT, t.ink3),
        ]
        .spacing(10)
        .align_y(Center);
        if can {
            let discard = icon_button(Icon::Trash, t.ink2, Message::Discarded, look);
            head = head.push(tip(discard, look.say("write-discard"), "Ctrl+Shift+D", look));
        }
        let close = icon_button(Icon::Close, t.ink2, Message::Left, look);
        let head = head
            .push(tip(close, look.say("write-close"), "Esc", look))
            .push(tip(later, look.say("write-later"), "Ctrl+Shift+L", look))
            .push(tip(send, look.say("write-send"), "Ctrl+Enter", look));
        container(head)
            .center_y(52)
            .padding(Padding { left: EDGE, right: 12.0, ..Padding::ZERO })
            .into()
    }

    fn later_strip<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let mut strip = row![].spacing(6).align_y(Center);
        for (name, at) in look.clock.later_times() {
            let said = match name {
                "later-hour" => look.say(name),
                name => {
                    look.words.say_with(name, &[("time", look.clock.of_day(look.words, at).into())])
                }
            };
            strip = strip.push(small(None, said, Some(Message::Sent(When::At(at))), look));
        }
        let parsed = look.clock.parse(&self.later);
        let field = text_input(&look.say("later-hint"), &self.later)
            .id(Field::Later.id())
            .on_input(Message::LaterTyped)
            .on_submit(Message::LaterEntered(parsed))
            .size(size::SECOND)
            .padding([5, 8])
            .width(190)
            .style(theme::framed_field(t));
        strip = strip.push(field);
        if let Some(at) = parsed {
            let said = look.clock.long(look.words, at);
            let said = look.words.say_with("later-at", &[("time", said.into())]);
            strip = strip.push(link_button(said, Message::LaterEntered(Some(at)), look));
        } else if self.later_wrong {
            strip = strip.push(words(look.say("later-wrong"), size::HINT, t.bad));
        }
        container(strip.wrap().vertical_spacing(6))
            .padding([8.0, EDGE])
            .width(Fill)
            .style(theme::area(t.paper))
            .into()
    }

    fn from<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let said = self.identity().from.to_string();
        let inside: Element<'a, Message> = if self.identities.len() > 1 {
            let open = row![
                tight(said, size::BODY, t.ink, theme::REGULAR),
                icon(Icon::Down, t.ink3).size(12.0)
            ]
            .spacing(6)
            .align_y(Center);
            let under = button(container(open).center_y(Fill))
                .padding([0, 8])
                .height(30)
                .style(theme::quiet(t, t.ink))
                .on_press(Message::MenuToggled(Menu::From));
            let under = reach(under, Some(Message::MenuToggled(Menu::From)), t.accent);
            let content = (self.menu == Some(Menu::From)).then(|| {
                let entries = self.identities.iter().enumerate().map(|(at, (_, identity))| {
                    let on = (identity.from == self.identity().from).then_some(Icon::Check);
                    let said = identity.from.to_string();
                    entry(on, said, None, Message::FromChosen(at), look)
                });
                menu(entries.collect(), 340.0, look)
            });
            let under = tip(under, look.say("write-from-other"), "Ctrl+Shift+F", look);
            drop(under, content, Message::MenuClosed).into()
        } else {
            container(line(said, size::BODY, t.ink)).center_y(30).padding([0, 8]).into()
        };
        let gone = self.gone.as_ref().map(|address| {
            let address: String = address.chars().take(80).collect();
            let said = look.words.say_with("write-from-gone", &[("address", address.into())]);
            container(words(said, size::SECOND, t.warn).wrapping(Wrapping::WordOrGlyph))
                .padding([2, 8])
        });
        labelled(look.say("write-from"), column![inside].push(gone), look)
    }

    fn line<'a>(&'a self, which: Line, width: f32, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let people = self.people(which);
        let mut chips = Row::new().spacing(6);
        for (at, person) in people.list.iter().enumerate() {
            let wrong = !is_sound(person);
            let ink = if wrong { t.bad } else { t.ink };
            let mut said = String::new();
            if let Some(name) = person.name.as_ref().filter(|name| !name.is_empty()) {
                said = format!("{} · ", short(name, 30));
            }
            said.push_str(&short(&person.addr, 44));
            let mut inside = row![].spacing(4).align_y(Center);
            if wrong {
                inside = inside.push(icon(Icon::Warn, t.bad).size(13.0));
            }
            let remove = button(container(icon(Icon::Close, t.ink3).size(12.0)).center(Fill))
                .padding(0)
                .width(18)
                .height(18)
                .style(theme::quiet(t, t.ink3))
                .on_press(Message::PersonRemoved(which, at));
            let remove = reach(remove, Some(Message::PersonRemoved(which, at)), t.accent);
            let inside = inside.push(tight(said, size::SECOND, ink, theme::SEMIBOLD)).push(remove);
            let chip = container(inside)
                .center_y(26)
                .padding(Padding { left: 8.0, right: 4.0, ..Padding::ZERO })
                .style(theme::chip(t, wrong));
            chips = chips.push(match wrong {
                true => tip(chip, look.say("write-wrong-address"), "", look),
                false => chip.into(),
            });
        }
        // Chips leave the field room: it stays where it is when one more comes.
        let room = ((width - 120.0) * 0.66).max(120.0);
        // They begin where the words of other fields do.
        let (left, right) = if people.list.is_empty() { (0.0, 0.0) } else { (8.0, 4.0) };
        let chips = container(chips.wrap().vertical_spacing(4))
            .padding(Padding::ZERO.left(left).right(right))
            .max_width(room);
        let hint =
            if people.list.is_empty() { look.say("write-people-hint") } else { String::new() };
        let field = text_input(&hint, &people.typed)
            .id(Field::People(which).id())
            .on_input(move |text| Message::PeopleTyped(which, text))
            .on_paste(move |text| Message::PeoplePasted(which, text))
            .on_submit(Message::PeopleEntered(which))
            .size(size::BODY)
            .padding([5, 8])
            .width(Fill)
            .style(theme::bare_field(t));
        // After what is typed already.
        let typed = people.typed.clone();
        let field = paste(field, move |text| {
            // A row of its own: it is no cell of what is pasted.
            let all = if typed.trim().is_empty() { text } else { format!("{typed}\n{text}") };
            Message::PeoplePasted(which, all)
        });
        let content = self.suggestions(which, look);
        let field = drop(field, content, Message::MenuClosed);
        let mut inside = row![chips, field].align_y(iced::Bottom);
        if which == Line::To {
            let more =
                [(self.cc_shown, Line::Cc, "write-cc"), (self.bcc_shown, Line::Bcc, "write-bcc")];
            for (_, line, name) in more.into_iter().filter(|(shown, ..)| !shown) {
                let key = if line == Line::Cc { "Ctrl+Shift+C" } else { "Ctrl+Shift+B" };
                let show = small(None, look.say(name), Some(Message::LineShown(line)), look);
                inside = inside.push(space().width(6));
                inside = inside.push(tip(show, look.say(name), key, look));
            }
        }
        let name = match which {
            Line::To => "write-to",
            Line::Cc => "write-cc",
            Line::Bcc => "write-bcc",
        };
        let mut inside = column![inside].spacing(4);
        if people.left_out > 0 {
            let count = i64::try_from(people.left_out).unwrap_or(i64::MAX).into();
            let said = look.words.say_with("write-people-left-out", &[("count", count)]);
            inside = inside.push(container(words(said, size::HINT, t.bad)).padding([0, 8]));
        }
        labelled(look.say(name), inside, look)
    }

    fn suggestions<'a>(&'a self, which: Line, look: Look<'a>) -> Option<Element<'a, Message>> {
        let (line, people, marked) = self.suggested.as_ref()?;
        if *line != which || people.is_empty() {
            return None;
        }
        let t = look.tokens;
        let mut list = Column::new();
        for (at, person) in people.iter().enumerate() {
            let on = at == *marked;
            let ink = if on { t.accent } else { t.ink };
            let said = tight(short(&person.to_string(), 60), size::SECOND, ink, theme::REGULAR);
            list = list.push(
                button(container(said).center_y(Fill))
                    .padding([0, 10])
                    .height(30)
                    .width(Fill)
                    .style(theme::folder(t, on))
                    .on_press(Message::SuggestionTaken(at)),
            );
        }
        Some(container(list).padding(5).width(360).style(theme::raised(t, 10.0)).into())
    }

    fn subject<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let field = text_input(&look.say("write-subject-hint"), &self.subject)
            .id(Field::Subject.id())
            .on_input(Message::SubjectTyped)
            .on_submit(Message::Entered(Field::Body))
            .size(size::BODY)
            .font(theme::SEMIBOLD)
            .padding([5, 8])
            .style(theme::bare_field(look.tokens));
        labelled(look.say("write-subject"), field, look)
    }

    fn marks<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let mut bar = row![].spacing(4).align_y(Center);
        if self.preview.is_none() {
            if !self.plain {
                for (mark, shape, name, key) in [
                    (Mark::Bold, Icon::Bold, "format-bold", "Ctrl+B"),
                    (Mark::Italic, Icon::Italic, "format-italic", "Ctrl+I"),
                    (Mark::List, Icon::List, "format-list", "Ctrl+L"),
                    (Mark::Quote, Icon::Quote, "format-quote", "Ctrl+Shift+Q"),
                    (Mark::Link, Icon::Link, "format-link", "Ctrl+K"),
                ] {
                    let put = icon_button(shape, t.ink2, Message::Marked(mark), look);
                    bar = bar.push(tip(put, look.say(name), key, look));
                }
            }
            let attach = Message::MenuToggled(Menu::Attach);
            let attach = icon_button(Icon::Clip, t.ink2, attach, look);
            bar = bar.push(tip(attach, look.say("write-attach"), "Ctrl+Shift+A", look));
        } else {
            bar = bar.push(space().width(2));
            bar = bar.push(words(look.say("write-preview-hint"), size::HINT, t.ink3));
        }
        bar = bar.push(space().width(Fill));
        if self.preview.is_none() {
            let plain = if self.plain { "write-plain" } else { "write-marked" };
            let plain = link_button(look.say(plain), Message::PlainSwitched, look);
            bar = bar.push(tip(plain, look.say("write-plain-hint"), "", look));
        }
        let tab = |name: &str, on: bool| {
            let said = words(look.say(name), size::HINT, if on { t.accent } else { t.ink2 })
                .font(theme::SEMIBOLD);
            let press = (!on).then_some(Message::PreviewSwitched);
            let tab = button(container(said).center_y(Fill))
                .padding([0, 10])
                .height(28)
                .style(theme::choice(t, on))
                .on_press_maybe(press.clone());
            reach(tab, press, t.accent)
        };
        let looking = self.preview.is_some();
        bar = bar.push(tab("write-write", !looking));
        let preview =
            tip(tab("write-preview", looking), look.say("write-preview"), "Ctrl+Shift+P", look);
        bar = bar.push(preview);
        container(bar)
            .center_y(44)
            .padding(Padding { left: EDGE - 6.0, right: 12.0, ..Padding::ZERO })
            .into()
    }

    fn attach_strip<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let field = text_input(&look.say("write-path-hint"), &self.path)
            .id(Field::Path.id())
            .on_input(Message::PathTyped)
            .on_submit(Message::PathEntered)
            .size(size::SECOND)
            .padding([5, 8])
            .style(theme::framed_field(t));
        let add = small(
            Some(Icon::Clip),
            look.say("write-attach-this"),
            Some(Message::PathEntered),
            look,
        );
        let strip = column![
            row![field, add].spacing(8).align_y(Center),
            words(look.say("write-drop-hint"), size::HINT, t.ink3),
        ]
        .spacing(6);
        container(strip).padding([8.0, EDGE]).width(Fill).style(theme::area(t.paper)).into()
    }

    fn words<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        if let Some(preview) = &self.preview {
            let inside =
                preview.drawn(self.how.scale, "write-preview-coming", Message::Preview, look);
            return container(inside)
                .padding([10.0, EDGE - 8.0])
                .width(Fill)
                .height(Fill)
                .style(theme::area(t.letter))
                .into();
        }
        let editor = text_editor(&self.body)
            .id(Field::Body.id())
            .placeholder(look.say("write-body-hint"))
            .on_action(Message::Edited)
            .size(size::BODY + 1.0)
            .line_height(iced::widget::text::LineHeight::Absolute(25.0.into()))
            .padding(Padding { top: 14.0, right: EDGE, bottom: 14.0, left: EDGE })
            .wrapping(Wrapping::WordOrGlyph)
            .height(Fill)
            .style(theme::editor(t));
        container(editor).width(Fill).height(Fill).into()
    }

    /// What stands below the words: that of the one who writes.
    fn signature<'a>(&'a self, look: Look<'a>) -> Option<Element<'a, Message>> {
        let t = look.tokens;
        let signature = self.identity().signature.trim_end();
        if signature.trim().is_empty() || self.preview.is_some() {
            return None;
        }
        let said = words(signature.to_owned(), size::SECOND, t.ink3)
            .wrapping(Wrapping::WordOrGlyph)
            .width(Fill);
        let said =
            scrollable(container(said).padding(Padding::ZERO.right(10.0))).style(theme::scroll(t));
        // Some lines of a long one say which it is.
        let said = container(said).max_height(56).padding([0.0, EDGE]).width(Fill);
        Some(column![said, space().height(10)].into())
    }

    fn quote<'a>(&'a self, look: Look<'a>) -> Option<Element<'a, Message>> {
        let t = look.tokens;
        let quote = self.quotation().filter(|_| self.preview.is_none())?;
        let lines = quote.text.lines().filter(|line| !line.trim().is_empty()).count();
        let lines = i64::try_from(lines).unwrap_or(i64::MAX);
        let name = if quote.forwarded { "quote-forwarded" } else { "quote-lines" };
        let said = match name {
            "quote-forwarded" => look.words.say_with("quote-forwarded", &[("count", lines.into())]),
            _ => look.words.say_with("quote-lines", &[("count", lines.into())]),
        };
        let shape = if self.quote_shown { Icon::Up } else { Icon::Down };
        let fold = button(
            container(
                row![
                    icon(shape, t.ink2).size(13.0),
                    tight(said, size::HINT, t.ink2, theme::SEMIBOLD)
                ]
                .spacing(6)
                .align_y(Center),
            )
            .center_y(Fill),
        )
        .padding([0, 8])
        .height(26)
        .style(theme::quiet(t, t.ink2))
        .on_press(Message::QuoteSwitched);
        let fold = reach(fold, Some(Message::QuoteSwitched), t.accent);
        let mut head = row![tip(fold, look.say("quote-fold"), "Ctrl+Shift+O", look)]
            .spacing(8)
            .align_y(Center);
        let left = self.left_out;
        if left.trackers + left.references + left.links > 0 {
            let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
            let args = [
                ("trackers", number(left.trackers).into()),
                ("references", number(left.references).into()),
                ("links", number(left.links).into()),
            ];
            head = head.push(icon(Icon::Shield, t.accent).size(14.0)).push(line(
                look.words.say_with("quote-left-out", &args),
                size::HINT,
                t.accent,
            ));
        } else {
            head = head.push(space().width(Fill));
        }
        let remove = link_button(look.say("quote-remove"), Message::QuoteRemoved, look);
        head = head.push(tip(remove, look.say("quote-remove-hint"), "Ctrl+Shift+X", look));
        let padding = Padding { top: 0.0, right: 12.0, bottom: 8.0, left: EDGE - 8.0 };
        let mut block = column![head].spacing(4);
        if self.quote_shown {
            let text: String = quote.text.chars().take(8_000).collect();
            let said = words(format!("{}\n{text}", quote.intro), size::SECOND, t.ink2)
                .wrapping(Wrapping::WordOrGlyph)
                .width(Fill);
            let said = scrollable(container(said).padding(Padding::ZERO.right(10.0)))
                .style(theme::scroll(t));
            let bar = container(space()).width(3).height(Fill).style(theme::area(t.line));
            let shown = row![space().width(8), bar, said].spacing(10).height(150);
            block = block.push(shown);
        }
        Some(container(block).padding(padding).width(Fill).into())
    }
}

/// Something that went wrong.
fn problem<'a>(said: String, look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    let said = row![icon(Icon::Warn, t.bad), words(said, size::SECOND, t.bad).width(Fill)]
        .spacing(10)
        .align_y(Center);
    container(said).padding([8.0, EDGE]).width(Fill).style(theme::area(t.bad_soft)).into()
}

fn labelled<'a>(
    name: String,
    inside: impl Into<Element<'a, Message>>,
    look: Look<'a>,
) -> Element<'a, Message> {
    let t = look.tokens;
    let name =
        container(tight(name, size::SECOND, t.ink3, theme::REGULAR)).width(LABEL).center_y(30);
    let inside = container(inside).width(Fill);
    container(row![name, inside])
        .padding(Padding { top: 6.0, right: 12.0, bottom: 6.0, left: EDGE })
        .width(Fill)
        .into()
}

fn short(text: &str, most: usize) -> String {
    let mut shown: String = text.chars().filter(|c| !c.is_control()).take(most).collect();
    if shown.len() < text.len() && text.chars().count() > most {
        shown.push('…');
    }
    shown
}
