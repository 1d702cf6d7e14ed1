//! Whose pictures are always shown, and whose never: every lasting rule, the proof it
//! was made on, and how to take it back.

use super::sheet::panel;
use super::{Message, State};
use crate::gui::screen::pieces::{across, small, subject_said, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::line::line;
use crate::gui::widget::rows::{Window, rows};
use crate::model::{Made, Proof, Rule, Scope};
use iced::widget::{column, container, row, space};
use iced::{Center, Fill};

/// Height of a rule.
const ROW: f32 = 78.0;

impl State {
    pub(super) fn rules_sheet<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let count = i64::try_from(self.rules.len()).unwrap_or(i64::MAX);
        let hint = look.words.say_with("rules-hint", &[("count", count.into())]);
        let body: Element<'a, Message> = match self.rules_window() {
            Some(window) => rows(
                window,
                look.tokens,
                |at| {
                    self.rules.get(at).map_or_else(
                        || space().into(),
                        |rule| {
                            let made = self.rules_made.iter().find(|(made, _)| made == rule);
                            one(rule, made.map(|(_, made)| made), at, look)
                        },
                    )
                },
                Message::RulesScrolled,
                Message::RulesHeight,
            )
            .into(),
            None => {
                let t = look.tokens;
                let said = column![
                    icon(Icon::Shield, t.ink3).size(32.0),
                    words(look.say("rules-none"), size::BODY, t.ink2),
                    words(look.say("rules-none-hint"), size::SECOND, t.ink3).center(),
                ]
                .spacing(8)
                .align_x(Center)
                .max_width(320);
                container(said).center(Fill).into()
            }
        };
        panel(look.say("rules-title"), hint, body, 520.0, look)
    }

    /// Where the list of rules stands; `None` if there are none.
    pub(super) fn rules_window(&self) -> Option<Window> {
        let total = self.rules.len();
        let window = Window { total, row: ROW, offset: 0.0, height: self.rules_at.1 };
        (total > 0).then(|| Window { offset: window.clamp(self.rules_at.0), ..window })
    }
}

fn one<'a>(rule: &Rule, made: Option<&Made>, at: usize, look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    let (mark, ink, key, whom) = match &rule.scope {
        Scope::Sender(whom) => (Icon::Eye, t.accent, "rules-sender", whom),
        Scope::Domain(whom) => (Icon::Globe, t.accent, "rules-domain", whom),
        Scope::Never(whom) => (Icon::EyeOff, t.warn, "rules-never", whom),
    };
    let what = look.say(key);
    let on = match (&rule.scope, &rule.proof) {
        (Scope::Never(_), _) => None,
        (_, Proof::None) => Some(look.say("rules-no-proof")),
        (_, Proof::ServerClaim { domain } | Proof::Own { domain }) => {
            let domain: String = domain.chars().take(80).collect();
            Some(look.words.say_with("rules-proof", &[("domain", domain.into())]))
        }
    };
    let about = on.map_or(what.clone(), |on| format!("{what} · {on}"));
    let said = column![
        line(whom.clone(), size::BODY, t.ink).font(theme::SEMIBOLD).height(20.0),
        line(about, size::HINT, t.ink2).height(18.0),
    ]
    .push(made.map(|made| {
        let day = look.clock.long(look.words, made.at);
        let said = match &made.letter {
            Some(letter) => {
                let letter = subject_said(letter, look);
                let args = [("day", day.into()), ("letter", letter.into())];
                look.words.say_with("rules-made-on", &args)
            }
            None => look.words.say_with("rules-made", &[("day", day.into())]),
        };
        line(said, size::HINT, t.ink3).height(18.0)
    }))
    .spacing(2)
    .width(Fill);
    let forget = small(None, look.say("rules-forget"), Some(Message::RuleForgotten(at)), look);
    let inside = row![icon(mark, ink), said, forget].spacing(12).align_y(Center);
    let inside = container(inside).center_y(ROW - 1.0).padding([0, 20]).width(Fill);
    column![inside, across(t)].into()
}
