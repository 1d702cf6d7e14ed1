//! Labels: shown on rows and above the letter, given and taken away in a small sheet of which
//! a few typed signs find one or make one, and by the keys 1 to 5 for the usual ones.

use super::deeds::Deed;
use super::list::Row;
use super::{Action, Field, Message as Mail, Sheet, State};
use crate::gui::screen::choice::{self, Step, step};
use crate::gui::screen::pieces::tight;
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::line::line;
use crate::gui::widget::reach::reach;
use crate::i18n::{Language, Words};
use crate::model::{FlagChange, Label, LabelError, LetterId};
use crate::store::search::{korean, korean_value};
use iced::Center;
use iced::keyboard::Key;
use iced::widget::{Row as Line, button, container, row, text_input};
use std::collections::BTreeSet;

/// Longest name that is typed, in characters.
const LONGEST: usize = 100;
/// Labels that are shown at once; typing finds the others.
const MOST: usize = 100;
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
struct Offer {
    label: Label,
    /// No letter has it yet.
    is_new: bool,
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
                    Some(Offer { label, .. }) => self.switch_label(label),
                    None => Vec::new(),
                }
            }
            Message::Entered => Vec::new(),
            Message::Set(label, on) => self.set_label(label, on),
            Message::Switched(number) => {
                let label = Label::usual().nth(number.wrapping_sub(1));
                label.map_or_else(Vec::new, |label| self.switch_label(label))
            }
            Message::Sought(label) => {
                self.help.scope = super::searching::Scope::All;
                self.seek(self.search_for(&label))
            }
        }
    }

    /// Gives a label to what is meant, or takes it away where all has it.
    fn switch_label(&mut self, label: Label) -> Vec<Action> {
        let on = !self.all_have(&label);
        self.set_label(label, on)
    }

    fn set_label(&mut self, label: Label, on: bool) -> Vec<Action> {
        self.sheet = self.sheet.filter(|sheet| *sheet != Sheet::Labels);
        let change = |row: &mut Row, of: &BTreeSet<LetterId>| row.set_label(of, &label, on);
        let letters = match self.is_many() {
            true => {
                let again = Mail::Labels(Message::Set(label.clone(), on));
                let Some(letters) = self.picked_or(&again) else { return Vec::new() };
                self.list.change_picked(change);
                letters
            }
            false => {
                let letters = self.meant();
                self.list.change_of(&letters, change);
                letters
            }
        };
        let word = vec![label.keyword().to_owned()];
        let (deed, change) = match on {
            true => (Deed::Labelled, FlagChange { add_words: word, ..FlagChange::default() }),
            false => (Deed::Unlabelled, FlagChange { remove_words: word, ..FlagChange::default() }),
        };
        self.flag(deed, letters, change)
    }

    /// Whether all that is meant, as far as it is seen, has this label.
    fn all_have(&self, label: &Label) -> bool {
        if self.is_many() {
            let mut rows = self.picked_rows().peekable();
            return rows.peek().is_some() && rows.all(|row| label.is_in(&row.letter.labels));
        }
        self.at_hand().is_some_and(|row| label.is_in(&row.labels))
    }

    /// What can be chosen by what is typed: last one that is made by that.
    fn offers(&self) -> Vec<Offer> {
        let words = Words::new(self.language);
        let typed = self.labelling.text.trim().to_lowercase();
        let mut all: Vec<Label> = Label::usual().collect();
        let here = self.at_hand().map(|row| row.labels.as_slice()).unwrap_or_default();
        for label in self.labelling.known.iter().chain(here) {
            label.clone().join(&mut all);
        }
        let mut same = false;
        let mut offers: Vec<Offer> = Vec::new();
        for label in all {
            let name = called(&label, &words).to_lowercase();
            same |= name == typed;
            if name.contains(&typed) && offers.len() < MOST {
                offers.push(Offer { label, is_new: false });
            }
        }
        let new = Label::named(&self.labelling.text).ok();
        offers.extend(new.filter(|_| !same).map(|label| Offer { label, is_new: true }));
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
            .on_submit(Mail::Labels(Message::Entered));
        let rows = self.offers().into_iter().map(|Offer { label, is_new }| {
            let has = self.all_have(&label);
            let inside = if is_new {
                let name = [("name", label.name().into())];
                let said = line(look.words.say_with("label-new", &name), size::BODY, t.ink);
                row![icon(Icon::Plus, t.ink2), said]
            } else {
                let number = label.number().map(|number| number.to_string());
                let ink = theme::label(t, label.hue(theme::HUES)).0;
                let name = line(called(&label, look.words), size::BODY, t.ink);
                let tick = has.then(|| icon(Icon::Check, t.accent));
                let key = number.map(|key| tight(key, size::HINT, t.ink3, theme::SEMIBOLD));
                row![icon(Icon::Label, ink), name, tick, key]
            };
            (inside, Mail::Labels(Message::Set(label, !has)))
        });
        let list = choice::list(rows, self.labelling.at, self.no_label(), look);
        let field = choice::field(Some(Icon::Label), field, look);
        choice::sheet(("label-title", "label-keys"), field, list, Mail::SheetClosed, look)
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
    let step = step(key).filter(|_| state.sheet == Some(Sheet::Labels))?;
    Some(Mail::Labels(match step {
        Step::By(by) => Message::Stepped(by),
        Step::Entered => Message::Entered,
    }))
}
