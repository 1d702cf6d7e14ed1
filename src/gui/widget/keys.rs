//! Keys for the whole window: some before any field sees them, the others only
//! when no field has taken them.
//!
//! Promise: a syllable that is still being put together is in its field before a key or a
//! click elsewhere does anything.

use super::reach;
use super::wrap::{Around, Inside, Wrap};
use iced::advanced::widget::operation::Focusable;
use iced::advanced::widget::{Id, Operation};
use iced::advanced::{InputMethod, Shell, input_method, mouse};
use iced::keyboard::{self, Key, Modifiers, key::Named};
use iced::{Event, Rectangle, touch, window};

type Say<'a, Message> = Box<dyn Fn(&Key, Modifiers) -> Option<Message> + 'a>;
type SayNext<'a, Message> = Box<dyn Fn(Option<&Key>, Modifiers) -> Message + 'a>;

/// The keys of a view.
pub struct Keys<'a, Message> {
    first: Say<'a, Message>,
    last: Say<'a, Message>,
    tabs: bool,
    as_read: bool,
    arrows: bool,
    passing: bool,
    once: bool,
    deaf: bool,
    leaves: Option<Message>,
    second: Option<Second<'a, Message>>,
}

/// Keys that come in pairs.
struct Second<'a, Message> {
    waits: bool,
    begins: fn(&Message) -> bool,
    says: SayNext<'a, Message>,
}

/// Gives a view its keys: `first` is asked before the view, `last` after it.
pub fn keys<'a, Message>(
    content: impl Into<super::Element<'a, Message>>,
    first: impl Fn(&Key, Modifiers) -> Option<Message> + 'a,
    last: impl Fn(&Key, Modifiers) -> Option<Message> + 'a,
) -> Wrap<'a, Message, Keys<'a, Message>> {
    let (first, last) = (Box::new(first), Box::new(last));
    let keys = Keys {
        first,
        last,
        tabs: false,
        as_read: false,
        arrows: false,
        passing: false,
        once: false,
        deaf: false,
        leaves: None,
        second: None,
    };
    Wrap::new(content, keys)
}

impl<'a, Message> Wrap<'a, Message, Keys<'a, Message>> {
    /// The tabulator moves from field to field, then from button to button, from the last to
    /// the first. At once: what is typed right after it, a password, must not go into the
    /// field before.
    #[must_use]
    pub fn with_tabs(mut self) -> Self {
        self.around.tabs = true;
        self
    }

    /// The tabulator goes through fields and buttons as they stand, in the order in which
    /// they are read.
    #[must_use]
    pub fn as_read(mut self) -> Self {
        self.around.tabs = true;
        self.around.as_read = true;
        self
    }

    /// While one of its buttons has the focus, arrows go from one to the next, Home and End to
    /// the first and the last.
    #[must_use]
    pub fn with_arrows(mut self) -> Self {
        self.around.arrows = true;
        self
    }

    /// A button loses the focus by a key that is none of its own: whoever goes on by other
    /// keys must not press, a letter later, what has taken its place.
    #[must_use]
    pub fn passing(mut self) -> Self {
        self.around.passing = true;
        self
    }

    /// A key that is held down means what it means once.
    #[must_use]
    pub fn once(mut self) -> Self {
        self.around.once = true;
        self
    }

    /// While it is `deaf`, no key comes to the view: something lies over it. Only a syllable
    /// that was begun before is finished.
    #[must_use]
    pub fn deaf(mut self, deaf: bool) -> Self {
        self.around.deaf = deaf;
        self
    }

    /// Says this, if anything, of a click anywhere.
    #[must_use]
    pub fn left_by_click(mut self, says: Option<Message>) -> Self {
        self.around.leaves = says;
        self
    }

    /// After a message that begins a pair the next key means what `says` says, and nothing
    /// else; a click gives up (`None`). At once, as with tabs: the second key, alone, may
    /// well throw a letter away. `waits`: the first was pressed.
    #[must_use]
    pub fn with_second(
        mut self,
        waits: bool,
        begins: fn(&Message) -> bool,
        says: impl Fn(Option<&Key>, Modifiers) -> Message + 'a,
    ) -> Self {
        self.around.second = Some(Second { waits, begins, says: Box::new(says) });
        self
    }
}

/// Where the focus can be: fields first, in their order, then buttons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    Field(usize),
    Button(usize),
}

/// Counts them, and finds the one with the focus.
#[derive(Default)]
struct Count {
    /// Buttons are counted with the fields.
    as_read: bool,
    fields: usize,
    buttons: usize,
    here: Option<Stop>,
    /// Where the field with the focus is.
    bounds: Option<Rectangle>,
}

impl Count {
    /// The next one, or the one before.
    fn beside(&self, back: bool) -> Stop {
        let all = (self.fields + self.buttons).max(1);
        let here = self.here.map(|stop| match stop {
            Stop::Field(at) => at,
            Stop::Button(at) => self.fields + at,
        });
        let into = match (here, back) {
            (None, false) => 0,
            (None, true) => all - 1,
            (Some(here), false) => (here + 1) % all,
            (Some(here), true) => (here + all - 1) % all,
        };
        match into.checked_sub(self.fields) {
            Some(at) if self.buttons > 0 => Stop::Button(at),
            _ => Stop::Field(into),
        }
    }
}

impl Count {
    /// Where this key leads from the one with the focus, if anywhere.
    fn stepped(&self, key: Named) -> Option<Stop> {
        let Some(Stop::Field(here)) = self.here else { return None };
        let last = self.fields.saturating_sub(1);
        Some(Stop::Field(match key {
            Named::ArrowRight | Named::ArrowDown => (here + 1).min(last),
            Named::ArrowLeft | Named::ArrowUp => here.saturating_sub(1),
            Named::Home => 0,
            Named::End => last,
            _ => return None,
        }))
    }
}

/// Which stop comes next while all are gone through.
fn next(as_read: bool, id: Option<&Id>, fields: &mut usize, buttons: &mut usize) -> Stop {
    let is_button = !as_read && id.is_some_and(|id| *id == Id::new(reach::NAME));
    let count = if is_button { buttons } else { fields };
    *count += 1;
    if is_button { Stop::Button(*count - 1) } else { Stop::Field(*count - 1) }
}

impl Operation for Count {
    fn focusable(&mut self, id: Option<&Id>, bounds: Rectangle, field: &mut dyn Focusable) {
        let stop = next(self.as_read, id, &mut self.fields, &mut self.buttons);
        if field.is_focused() {
            self.here = Some(stop);
            self.bounds = matches!(stop, Stop::Field(_)).then_some(bounds);
        }
    }

    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }
}

/// Puts the focus into one of them.
struct Enter {
    into: Stop,
    as_read: bool,
    fields: usize,
    buttons: usize,
}

impl Operation for Enter {
    fn focusable(&mut self, id: Option<&Id>, _: Rectangle, field: &mut dyn Focusable) {
        match next(self.as_read, id, &mut self.fields, &mut self.buttons) == self.into {
            true => field.focus(),
            false => field.unfocus(),
        }
    }

    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }
}

/// Takes the focus from buttons.
struct Leave;

impl Operation for Leave {
    fn focusable(&mut self, id: Option<&Id>, _: Rectangle, field: &mut dyn Focusable) {
        if id.is_some_and(|id| *id == Id::new(reach::NAME)) {
            field.unfocus();
        }
    }

    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }
}

/// Whether a key does nothing by itself.
fn is_modifier(key: &Key) -> bool {
    use Named::{Alt, Control, Shift, Super};
    matches!(key, Key::Named(Shift | Control | Alt | Super))
}

/// Whether a key means something beside the syllable that is begun. The same wherever keys
/// are asked for: whoever is asked first hands it over.
fn leaves(key: &Key, modifiers: Modifiers) -> bool {
    match key {
        Key::Named(named) => matches!(
            named,
            Named::Escape
                | Named::Tab
                | Named::Enter
                | Named::ArrowUp
                | Named::ArrowDown
                | Named::ArrowLeft
                | Named::ArrowRight
        ),
        _ => modifiers.command(),
    }
}

/// What the view cannot know yet.
#[derive(Debug, Default)]
pub struct State {
    /// Whether a second key is waited for.
    pair: Option<bool>,
    /// The syllable as it is so far.
    begun: String,
    /// The input method is to forget it: it was handed over.
    forget: bool,
}

/// Hands what is begun to its field.
fn hand_over<Message>(
    state: &mut State,
    inside: &mut Inside<'_, '_, Message>,
    shell: &mut Shell<'_, Message>,
) {
    if state.begun.is_empty() {
        return;
    }
    state.forget = true;
    let begun = std::mem::take(&mut state.begun);
    // On a line of its own: that it is taken says nothing of the event that follows, nor
    // does where the pointer is.
    let mut messages = Vec::new();
    let cursor = std::mem::replace(&mut inside.cursor, mouse::Cursor::Unavailable);
    for event in [input_method::Event::Commit(begun), input_method::Event::Closed] {
        inside.update(&Event::InputMethod(event), &mut Shell::new(&mut messages));
    }
    inside.cursor = cursor;
    messages.into_iter().for_each(|message| shell.publish(message));
    shell.request_redraw();
}

impl<Message> Around<Message> for Keys<'_, Message> {
    type State = State;

    fn renewed(state: &mut State) {
        state.pair = None;
    }

    fn update(
        &mut self,
        state: &mut State,
        inside: &mut Inside<'_, '_, Message>,
        event: &Event,
        shell: &mut Shell<'_, Message>,
    ) {
        if self.deaf {
            match event {
                Event::Keyboard(_) | Event::InputMethod(input_method::Event::Preedit(..)) => return,
                Event::InputMethod(input_method::Event::Commit(_)) if state.begun.is_empty() => {
                    return;
                }
                _ => {}
            }
        }
        let pressed = match event {
            Event::Keyboard(keyboard::Event::KeyPressed {
                key,
                modified_key,
                modifiers,
                repeat,
                ..
            }) if !(self.once && *repeat) => Some((key, modified_key, *modifiers)),
            _ => None,
        };
        // A sign by what it is, wherever it stands: `#` is 3 on most keyboards, `?` is `/`.
        let is_sign = |key: &Key| matches!(key, Key::Character(c) if c.chars().all(|c| c.is_ascii_punctuation()));
        let asked = |say: &Say<'_, Message>| {
            let (key, modified, modifiers) = pressed?;
            let (one, other) = if is_sign(modified) { (modified, key) } else { (key, modified) };
            say(one, modifiers).or_else(|| say(other, modifiers))
        };
        if let Some(second) = &self.second {
            let pair = &mut state.pair;
            let clicked = matches!(event, Event::Mouse(mouse::Event::ButtonPressed(_)));
            // Shift alone is no answer.
            let key = pressed.filter(|(key, ..)| !is_modifier(key));
            if pair.unwrap_or(second.waits) && (clicked || key.is_some()) {
                *pair = Some(false);
                let modifiers = key.map_or_else(Modifiers::default, |(_, _, modifiers)| modifiers);
                shell.publish((second.says)(key.map(|(key, ..)| key), modifiers));
                if key.is_some() {
                    shell.capture_event();
                    return;
                }
            }
        }
        let tabs = self.tabs
            && matches!(pressed, Some((Key::Named(Named::Tab), _, modifiers)) if !modifiers.command());
        let said = asked(&self.first);
        let elsewhere = match event {
            Event::Mouse(mouse::Event::ButtonPressed(_))
            | Event::Touch(touch::Event::FingerPressed { .. }) => {
                let mut count = Count::default();
                let begun = !state.begun.is_empty();
                if begun {
                    inside.operate(&mut count);
                }
                begun && !count.bounds.is_some_and(|bounds| inside.cursor.is_over(bounds))
            }
            Event::Window(window::Event::CloseRequested) => true,
            _ => pressed.is_some_and(|(key, _, modifiers)| leaves(key, modifiers)),
        };
        if elsewhere {
            hand_over(state, inside, shell);
        }
        match event {
            Event::Mouse(mouse::Event::ButtonPressed(_))
            | Event::Touch(touch::Event::FingerPressed { .. }) => {
                self.leaves.take().into_iter().for_each(|says| shell.publish(says));
            }
            Event::InputMethod(input_method::Event::Preedit(begun, _)) => {
                state.begun.clone_from(begun);
            }
            Event::InputMethod(_) => state.begun.clear(),
            _ => {}
        }
        if let (true, Some((_, _, modifiers))) = (tabs, pressed) {
            let as_read = self.as_read;
            let mut count = Count { as_read, ..Count::default() };
            inside.operate(&mut count);
            let into = count.beside(modifiers.shift());
            inside.operate(&mut Enter { into, as_read, fields: 0, buttons: 0 });
            inside.reveal();
            shell.capture_event();
            shell.request_redraw();
            return;
        }
        let steps = self.arrows && pressed.is_some_and(|(.., modifiers)| modifiers.is_empty());
        if let (true, Some((Key::Named(named), ..))) = (steps, pressed) {
            let mut count = Count { as_read: true, ..Count::default() };
            inside.operate(&mut count);
            if let Some(into) = count.stepped(*named) {
                inside.operate(&mut Enter { into, as_read: true, fields: 0, buttons: 0 });
                inside.reveal();
                shell.capture_event();
                shell.request_redraw();
                return;
            }
        }
        if let Some(message) = said {
            shell.publish(message);
            shell.capture_event();
            return;
        }
        inside.update(event, shell);
        if matches!(event, Event::Window(window::Event::RedrawRequested(_)))
            && std::mem::take(&mut state.forget)
        {
            // Off for a moment: the input method begins anew.
            *shell.input_method_mut() = InputMethod::Disabled;
            shell.request_redraw();
        }
        if shell.is_event_captured() {
            return;
        }
        if self.passing && pressed.is_some_and(|(key, ..)| !is_modifier(key)) {
            inside.operate(&mut Leave);
            shell.request_redraw();
        }
        if let Some(message) = asked(&self.last) {
            if self.second.as_ref().is_some_and(|second| (second.begins)(&message)) {
                state.pair = Some(true);
            }
            shell.publish(message);
            shell.capture_event();
        }
    }
}
