//! Labels: shown on rows and above the letter, given and taken away in a small sheet of which
//! a few typed signs find one or make one, and by the keys 1 to 5 for the usual ones.

use super::deeds::Deed;
use super::list::Row;
use super::sheet::dialogue;
use super::{Action, Field, List, Message as Mail, Sheet, State};
use crate::engine::protocol::Command;
use crate::gui::screen::pieces::{tight, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::line::line;
use crate::gui::widget::reach::reach;
use crate::i18n::{Language, Words};
use crate::model::{Act, FlagChange, Label, LabelError, LetterId};
use crate::store::search::{korean, korean_value};
use iced::keyboard::{Key, key::Named};
use iced::widget::{Column, Row as Line, button, column, container, row, scrollable, text_input};
use iced::{Center, Fill};
use std::collections::BTreeSet;

/// Longest name that is typed, in characters.
const LONGEST: usize = 100;
/// Labels that are shown at once; typing finds the others.
const MOST: usize = 100;
/// Rows that are seen without scrolling.
const SEEN: usize = 8;
/// Height of a row in logical pixels.
const ROW: f32 = 34.0;
/// Labels above a letter.
const ABOVE: usize = 12;
/// Labels on a row of the list, and characters of each.
const ON_ROW: usize = 2;
const SHORT: usize = 10;

/// What happens to labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// A label is to be chosen.
    Wanted,
    /// These are known.
    Known(Vec<Label>),
    /// A name is typed.
    Typed(String),
    /// To the next one, or the one before.
    Stepped(isize),
    /// The one that is marked is chosen.
    Entered,
    /// Give this one to what is meant, or take it away.
    Set(Label, bool),
    /// Give this one of the usual ones to what is meant; take it away where all has it.
    Switched(usize),
    /// Look for letters with it.
    Sought(Label),
}

/// The choice of a label.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labelling {
    /// What is typed.
    text: String,
    /// Which of those found is marked.
    at: usize,
    /// The labels that letters have.
    known: Vec<Label>,
}

impl Labelling {
    /// The labels that letters have, but for the usual ones.
    pub(super) fn own(&self) -> impl Iterator<Item = &Label> {
        self.known.iter().filter(|label| label.number().is_none())
    }
}

/// What can be chosen.
enum Offer {
    Label(Label),
    /// One that no letter has yet.
    New(Label),
}

/// What a label is called.
pub fn called(label: &Label, words: &Words) -> String {
    match label.number() {
        Some(number) => words.say(&format!("label-{number}")),
        None => label.name(),
    }
}

impl Row {
    /// Shows a label of its letter as given or taken away.
    fn set_label(&mut self, of: &BTreeSet<LetterId>, label: &Label, on: bool) {
        if of.contains(&self.letter.id) {
            self.letter.labels.retain(|known| !known.is(label));
            self.letter.labels.extend(on.then(|| label.clone()));
        }
    }

    fn has_label(&self, label: &Label) -> bool {
        self.letter.labels.iter().any(|known| known.is(label))
    }
}

impl List {
    fn set_label(&mut self, letters: &[LetterId], label: &Label, on: bool) {
        let letters: BTreeSet<LetterId> = letters.iter().copied().collect();
        self.rows_to_change().for_each(|(_, row)| row.set_label(&letters, label, on));
        self.chosen_to_change().into_iter().for_each(|row| row.set_label(&letters, label, on));
    }
}

impl State {
    /// Something happens to labels.
    pub(super) fn labels(&mut self, message: Message) -> Vec<Action> {
        match message {
            Message::Wanted => {
                if !self.is_many() && self.at_hand().is_none() {
                    return Vec::new();
                }
                self.labelling.text.clear();
                self.labelling.at = 0;
                self.menu = None;
                self.sheet = Some(Sheet::Labels);
                vec![Action::Read(super::Read::Labels), Action::Focus(Field::Label)]
            }
            Message::Known(known) => {
                self.labelling.known = known;
                Vec::new()
            }
            Message::Typed(text) => {
                self.labelling.text =
                    text.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
                self.labelling.at = 0;
                Vec::new()
            }
            Message::Stepped(by) => {
                let last = self.offers().len().saturating_sub(1);
                self.labelling.at = self.labelling.at.saturating_add_signed(by).min(last);
                Vec::new()
            }
            Message::Entered if self.sheet == Some(Sheet::Labels) => {
                match self.offers().into_iter().nth(self.labelling.at) {
                    Some(Offer::Label(label) | Offer::New(label)) => {
                        let on = !self.all_have(&label);
                        self.set_label(label, on)
                    }
                    None => Vec::new(),
                }
            }
            Message::Entered => Vec::new(),
            Message::Set(label, on) => self.set_label(label, on),
            Message::Switched(number) => {
                let Some(label) = Label::usual().nth(number.wrapping_sub(1)) else {
                    return Vec::new();
                };
                let on = !self.all_have(&label);
                self.set_label(label, on)
            }
            Message::Sought(label) => {
                self.help.scope = super::searching::Scope::All;
                let mut actions = self.update(Mail::SearchTyped(self.search_for(&label)));
                actions.extend(self.update(Mail::SearchEntered));
                actions
            }
        }
    }

    fn set_label(&mut self, label: Label, on: bool) -> Vec<Action> {
        self.sheet = self.sheet.filter(|sheet| *sheet != Sheet::Labels);
        let letters = match self.is_many() {
            true => {
                let again = Mail::Labels(Message::Set(label.clone(), on));
                match self.picked_or(&again) {
                    Some(letters) => letters,
                    None => return Vec::new(),
                }
            }
            false => self.meant(),
        };
        if letters.is_empty() {
            return Vec::new();
        }
        self.list.set_label(&letters, &label, on);
        self.kept_many(if on { Deed::Labelled } else { Deed::Unlabelled }, letters.len());
        self.menu = None;
        if self.list.many.by_menu {
            self.let_go();
        }
        let word = vec![label.keyword().to_owned()];
        let change = match on {
            true => FlagChange { add_words: word, ..FlagChange::default() },
            false => FlagChange { remove_words: word, ..FlagChange::default() },
        };
        vec![Action::Ask(Command::Act(Act::Flag(letters, change)))]
    }

    /// Whether all that is meant, as far as it is seen, has this label.
    fn all_have(&self, label: &Label) -> bool {
        if self.is_many() {
            let mut rows = self.picked_rows().peekable();
            return rows.peek().is_some() && rows.all(|row| row.has_label(label));
        }
        self.at_hand().is_some_and(|row| row.labels.iter().any(|known| known.is(label)))
    }

    /// What can be chosen by what is typed: last one that is made by that.
    fn offers(&self) -> Vec<Offer> {
        let words = Words::new(self.language);
        let typed = self.labelling.text.trim().to_lowercase();
        let mut all: Vec<Label> = Label::usual().collect();
        let here = self.at_hand().map(|row| row.labels.as_slice()).unwrap_or_default();
        for label in self.labelling.known.iter().chain(here) {
            if !all.iter().any(|known| known.is(label)) {
                all.push(label.clone());
            }
        }
        let mut same = false;
        let mut offers: Vec<Offer> = Vec::new();
        for label in all {
            let name = called(&label, &words).to_lowercase();
            same |= name == typed;
            if name.contains(&typed) && offers.len() < MOST {
                offers.push(Offer::Label(label));
            }
        }
        let new = Label::named(&self.labelling.text).ok();
        offers.extend(new.filter(|_| !same).map(Offer::New));
        offers
    }

    /// Why what is typed can be no label.
    fn no_label(&self) -> &'static str {
        match Label::named(&self.labelling.text) {
            Err(LabelError::TooLong) => "label-too-long",
            _ => "label-none",
        }
    }

    /// The search for letters with a label.
    fn search_for(&self, label: &Label) -> String {
        let word = label.searched();
        let (name, word) = match self.language {
            Language::Korean => {
                let usual = label.number().and_then(|_| korean_value("label", &word));
                (korean("label").unwrap_or("label"), usual.map_or(word, str::to_owned))
            }
            _ => ("label", word),
        };
        format!("{name}:{}", super::searching::quoted(&word))
    }

    pub(super) fn labels_sheet<'a>(&'a self, look: Look<'a>) -> Element<'a, Mail> {
        let t = look.tokens;
        let field = text_input(&look.say("label-hint"), &self.labelling.text)
            .id(Field::Label.id())
            .on_input(|text| Mail::Labels(Message::Typed(text)))
            .on_submit(Mail::Labels(Message::Entered))
            .size(size::BODY)
            .padding([9, 0])
            .style(theme::field(t));
        let field = container(row![icon(Icon::Label, t.ink3), field].spacing(8).align_y(Center))
            .padding([0, 12])
            .width(Fill)
            .style(theme::card(t.paper, t.line, 8.0));
        let offers = self.offers();
        let count = offers.len();
        let mut rows: Column<'a, Mail> = Column::new();
        for (at, offer) in offers.into_iter().enumerate() {
            let marked = at == self.labelling.at;
            let (label, inside) = match offer {
                Offer::Label(label) => {
                    let on = self.all_have(&label);
                    let number = label.number().map(|number| number.to_string());
                    let ink = theme::label(t, label.hue(theme::HUES)).0;
                    let name = line(called(&label, look.words), size::BODY, t.ink);
                    let tick = on.then(|| icon(Icon::Check, t.accent));
                    let key = number.map(|key| tight(key, size::HINT, t.ink3, theme::SEMIBOLD));
                    (label, row![icon(Icon::Label, ink), name, tick, key])
                }
                Offer::New(label) => {
                    let name = [("name", label.name().into())];
                    let said = line(look.words.say_with("label-new", &name), size::BODY, t.ink);
                    (label, row![icon(Icon::Plus, t.ink2), said])
                }
            };
            let on = !self.all_have(&label);
            let press = Mail::Labels(Message::Set(label, on));
            rows = rows.push(
                button(container(inside.spacing(10).align_y(Center)).center_y(Fill))
                    .padding([0, 10])
                    .height(ROW)
                    .width(Fill)
                    .style(theme::folder(t, marked))
                    .on_press(press),
            );
        }
        let list: Element<'a, Mail> = if count == 0 {
            container(words(look.say(self.no_label()), size::SECOND, t.ink3)).center_y(ROW).into()
        } else {
            let shown = count.clamp(1, SEEN) as f32 * ROW;
            scrollable(rows).height(shown).width(Fill).style(theme::scroll(t)).into()
        };
        let body = column![
            words(look.say("label-title"), size::SECTION, t.ink).font(theme::BOLD),
            field,
            list,
            words(look.say("label-keys"), size::HINT, t.ink3),
        ]
        .spacing(12);
        dialogue(body, 420.0, look)
    }

    /// The labels above the letter: pressed, letters with the same are looked for.
    pub(super) fn labels_above<'a>(&'a self, look: Look<'a>) -> Option<Element<'a, Mail>> {
        let labels = &self.open_row()?.letter.labels;
        if labels.is_empty() {
            return None;
        }
        let t = look.tokens;
        let mut tags = Line::new().spacing(6).align_y(Center);
        for label in labels.iter().take(ABOVE) {
            let sought = Mail::Labels(Message::Sought(label.clone()));
            let inside = button(label_tag(label, usize::MAX, look))
                .padding(0)
                .style(theme::quiet(t, t.ink2))
                .on_press(sought.clone());
            let tag = reach(inside, Some(sought), t.accent);
            tags = tags.push(super::tools::tip(tag, look.say("label-seek"), "", look));
        }
        Some(tags.wrap().into())
    }
}

/// A label as a tag; at most so many characters of its name.
fn label_tag<'a>(label: &Label, most: usize, look: Look<'a>) -> Element<'a, Mail> {
    let (ink, ground) = theme::label(look.tokens, label.hue(theme::HUES));
    let name = called(label, look.words);
    let name = match name.chars().nth(most) {
        Some(_) => name.chars().take(most.saturating_sub(1)).chain(['…']).collect(),
        None => name,
    };
    let name = tight(name, size::HINT, ink, theme::SEMIBOLD);
    container(name).padding([0, 6]).style(theme::tag(ground)).into()
}

/// The labels of a row, the first few.
pub(super) fn on_row<'a>(labels: &[Label], look: Look<'a>) -> Option<Element<'a, Mail>> {
    if labels.is_empty() {
        return None;
    }
    let mut tags = Line::new().spacing(4).align_y(Center);
    for label in labels.iter().take(ON_ROW) {
        tags = tags.push(label_tag(label, SHORT, look));
    }
    if let Some(more) = labels.len().checked_sub(ON_ROW).filter(|more| *more > 0) {
        let more = format!("+{more}");
        tags = tags.push(tight(more, size::HINT, look.tokens.ink3, theme::SEMIBOLD));
    }
    Some(tags.into())
}

/// Keys of the choice, before its field sees them.
pub(super) fn first(state: &State, key: &Key) -> Option<Mail> {
    if state.sheet != Some(Sheet::Labels) {
        return None;
    }
    let said = match key.as_ref() {
        Key::Named(Named::ArrowDown) => Message::Stepped(1),
        Key::Named(Named::ArrowUp) => Message::Stepped(-1),
        Key::Named(Named::Enter) => Message::Entered,
        _ => return None,
    };
    Some(Mail::Labels(said))
}
