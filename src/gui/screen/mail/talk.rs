//! The conversation with the server of an account: what was said, and beside each line
//! what that means. Secrets and letters are left out before it comes here (`net::imap`).

use super::sheet::panel;
use super::{Action, Ask, Due, Message, Notice, Sheet, State};
use crate::engine::accounts::Failure;
use crate::engine::protocol::Command;
use crate::gui::screen::pieces::{tight, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::line::line;
use crate::model::AccountId;
use iced::widget::{Column, column, container, row, scrollable};
use iced::{Fill, Font, Padding};
use std::sync::Arc;
use std::time::Duration;

/// The conversation is looked at again so often while it is shown.
const AGAIN: Duration = Duration::from_secs(1);
/// Lines that are shown: the last ones.
const LINES: usize = 500;
/// Lines in a row that mean the same, before they are shortened.
const RUN: usize = 5;

/// Who says a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// Goyo.
    Us,
    /// The server.
    Server,
    /// Nobody: what happened.
    Note,
}

/// A line, and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Who says it.
    pub speaker: Speaker,
    /// What was said, as it was said.
    pub text: String,
    /// The name of a sentence that says what that means, if there is one.
    pub means: Option<&'static str>,
}

/// The conversation that is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Talk {
    /// Its last lines.
    pub lines: Vec<Said>,
    /// Whether it has come.
    pub here: bool,
}

impl State {
    /// Something done with an account.
    pub(super) fn account_deed(&mut self, message: Message) -> Vec<Action> {
        self.menu = None;
        match message {
            Message::AccountFolded(account) => {
                if !self.folded.remove(&account) {
                    self.folded.insert(account);
                }
                Vec::new()
            }
            Message::SyncWanted(account) => {
                vec![Action::Ask(Command::SyncNow(Some(account)))]
            }
            Message::TalkWanted(account) => {
                self.talk = Talk::default();
                self.sheet = Some(Sheet::Talk(account));
                vec![Action::Ask(Command::Conversation(account))]
            }
            Message::RemoveWanted(account) => self.ask(Ask::RemoveAccount(account)),
            _ => Vec::new(),
        }
    }

    /// The engine tells what was said.
    pub(super) fn talked(&mut self, account: AccountId, lines: &[String]) -> Vec<Action> {
        if self.sheet != Some(Sheet::Talk(account)) {
            return Vec::new();
        }
        let from = lines.len().saturating_sub(LINES);
        let lines = lines.get(from..).unwrap_or_default().iter().map(|line| explained(line));
        self.talk = Talk { lines: shortened(lines.collect()), here: true };
        vec![Action::Later(Due::Talk(account), AGAIN)]
    }

    /// It may have gone on.
    pub(super) fn talk_on(&self, account: AccountId) -> Vec<Action> {
        match self.sheet == Some(Sheet::Talk(account)) {
            true => vec![Action::Ask(Command::Conversation(account))],
            false => Vec::new(),
        }
    }

    /// An account is gone, or could not be removed.
    pub(super) fn account_removed(
        &mut self,
        account: AccountId,
        outcome: Result<(), Arc<Failure>>,
    ) -> Vec<Action> {
        match outcome {
            Ok(()) => {
                self.sync.remove(&account);
                self.folded.remove(&account);
                self.account_forms.remove(&account);
                if self.account_page() == Some(account) {
                    self.leave_account();
                }
                let gone = self.name_of(account).is_some_and(|name| {
                    self.at_hand().is_some_and(|letter| letter.account == name)
                });
                let mut actions = Vec::new();
                // Its letters are no longer here to be looked at.
                if gone {
                    actions.extend(self.cancel_coming());
                    actions.extend(self.close());
                }
                actions.extend(self.changed());
                actions
            }
            Err(failure) => self.say(Notice::Account(failure)),
        }
    }

    pub(super) fn talk_sheet<'a>(
        &'a self,
        account: AccountId,
        look: Look<'a>,
    ) -> Element<'a, Message> {
        let t = look.tokens;
        let body: Element<'a, Message> = if self.talk.lines.is_empty() {
            let said = if self.talk.here { "talk-none" } else { "talk-coming" };
            container(words(look.say(said), size::SECOND, t.ink3)).center(Fill).into()
        } else {
            let mut lines = Column::new().spacing(7);
            // A sentence stands beside the first line of those that mean the same.
            let mut before = None;
            for said in &self.talk.lines {
                let again = before == Some((said.speaker, said.means));
                before = Some((said.speaker, said.means));
                lines = lines.push(shown(said, again, look));
            }
            let padding = Padding { top: 12.0, right: 20.0, bottom: 16.0, left: 20.0 };
            scrollable(container(lines).padding(padding).width(Fill))
                .height(Fill)
                .width(Fill)
                .anchor_bottom()
                .style(theme::scroll(t))
                .into()
        };
        let name = self.name_of(account).unwrap_or_default();
        let title = look.words.say_with("talk-title", &[("name", name.into())]);
        panel(title, look.say("talk-hint"), body, 680.0, look)
    }
}

pub(super) fn shown<'a>(said: &Said, again: bool, look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    let (who, ink) = match said.speaker {
        Speaker::Us => ("talk-us", t.accent),
        Speaker::Server => ("talk-server", t.ink2),
        Speaker::Note => ("talk-note", t.warn),
    };
    let who = if again { String::new() } else { look.say(who) };
    let who = container(tight(who, size::HINT, ink, theme::SEMIBOLD)).width(48);
    let mut what = column![line(said.text.clone(), size::HINT, t.ink).font(Font::MONOSPACE)];
    if let Some(means) = said.means.filter(|_| !again) {
        what = what.push(words(look.say(means), size::HINT, t.ink3));
    }
    row![who, what.width(Fill)].spacing(8).into()
}

/// Of many lines in a row that mean the same, the first and the last ones.
fn shortened(lines: Vec<Said>) -> Vec<Said> {
    let mut kept: Vec<Said> = Vec::with_capacity(lines.len());
    for run in lines.chunk_by(|a, b| a.means.is_some() && a.means == b.means) {
        match run {
            [first, second, .., last] if run.len() > RUN => {
                let between = Said { text: "…".to_owned(), ..second.clone() };
                kept.extend([first.clone(), between, last.clone()]);
            }
            run => kept.extend_from_slice(run),
        }
    }
    kept
}

/// A line of the log, with what it means.
fn explained(said: &str) -> Said {
    let (speaker, text) = match said.split_at_checked(3) {
        Some(("C: ", text)) => (Speaker::Us, text),
        Some(("S: ", text)) => (Speaker::Server, text),
        _ => (Speaker::Note, said.strip_prefix("-- ").unwrap_or(said)),
    };
    let means = match speaker {
        Speaker::Us => asked(text),
        Speaker::Server => answered(text),
        Speaker::Note => noted(text),
    };
    Said { speaker, text: text.to_owned(), means }
}

/// A line of a conversation with a server that sends, with what it means (RFC 5321);
/// `asked`: what the last thing said to it meant.
pub(super) fn smtp_explained(said: &str, asked: Option<&str>) -> Said {
    let (speaker, text) = match said.split_at_checked(3) {
        Some(("C: ", text)) => (Speaker::Us, text),
        Some(("S: ", text)) => (Speaker::Server, text),
        _ => (Speaker::Note, said.strip_prefix("-- ").unwrap_or(said)),
    };
    let means = match speaker {
        Speaker::Us => smtp_asked(text),
        // The same number that a server greets with (RFC 3207).
        Speaker::Server if asked == Some(STARTTLS) && text.starts_with("220") => {
            Some("talk-tls-ready")
        }
        Speaker::Server => smtp_answered(text),
        Speaker::Note => noted(text),
    };
    Said { speaker, text: text.to_owned(), means }
}

/// What Goyo noted itself between the lines.
fn noted(text: &str) -> Option<&'static str> {
    const NOTES: [(&str, &str); 6] = [
        ("connecting to ", "talk-connecting"),
        ("no connection", "talk-no-connection"),
        ("encrypted from here on", "talk-encrypted"),
        ("compressed from here on", "talk-compressed"),
        ("SCRAM was refused", "talk-other-login"),
        ("the connection is given up", "talk-given-up"),
    ];
    NOTES.iter().find(|(begins, _)| text.starts_with(begins)).map(|(_, means)| *means)
}

const STARTTLS: &str = "talk-starttls";

fn smtp_asked(text: &str) -> Option<&'static str> {
    let verb = text.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
    Some(match verb.as_str() {
        "EHLO" | "HELO" => "said-hello",
        "STARTTLS" => STARTTLS,
        "AUTH" => "talk-login",
        "MAIL" => "said-from",
        "RCPT" => "said-to",
        "DATA" | "BDAT" => "said-data",
        "." => "said-end",
        "RSET" => "said-reset",
        "NOOP" => "talk-noop",
        "QUIT" => "talk-logout",
        _ => return None,
    })
}

fn smtp_answered(text: &str) -> Option<&'static str> {
    let code: u16 = text.get(..3)?.parse().ok()?;
    let goes_on = text.as_bytes().get(3) == Some(&b'-');
    Some(match code {
        220 => "talk-greeting",
        221 => "talk-bye",
        235 => "said-believed",
        250 if goes_on => "talk-capabilities",
        250..=252 => "said-accepts",
        334 => "talk-goes-on",
        354 => "said-go-on",
        421 => "said-closing",
        400..=499 => "said-later",
        530 | 534 | 535 | 538 => "said-no-login",
        500..=504 => "talk-bad",
        505..=599 => "said-refuses",
        _ => return None,
    })
}

/// What we ask for (RFC 9051, 6).
fn asked(text: &str) -> Option<&'static str> {
    let upper = text.to_ascii_uppercase();
    let mut words = upper.split_ascii_whitespace();
    let first = words.next()?;
    if first == "DONE" {
        return Some("talk-done");
    }
    let verb = match words.next()? {
        "UID" => words.next()?,
        verb => verb,
    };
    Some(match verb {
        "CAPABILITY" => "talk-capability",
        "STARTTLS" => "talk-starttls",
        "LOGIN" | "AUTHENTICATE" => "talk-login",
        "ID" => "talk-id",
        "ENABLE" => "talk-enable",
        "COMPRESS" => "talk-compress",
        "LIST" | "LSUB" | "NAMESPACE" => "talk-list",
        "STATUS" => "talk-status",
        "SELECT" | "EXAMINE" => "talk-select",
        "FETCH" => "talk-fetch",
        "SEARCH" => "talk-search",
        "STORE" => "talk-store",
        "COPY" => "talk-copy",
        "MOVE" => "talk-move",
        "EXPUNGE" => "talk-expunge",
        "APPEND" => "talk-append",
        "IDLE" => "talk-idle",
        "NOOP" | "CHECK" => "talk-noop",
        "CREATE" | "RENAME" | "DELETE" | "SUBSCRIBE" | "UNSUBSCRIBE" => "talk-folder",
        "LOGOUT" => "talk-logout",
        _ => return None,
    })
}

/// What the server answers (RFC 9051, 7).
fn answered(text: &str) -> Option<&'static str> {
    let upper = text.to_ascii_uppercase();
    let mut words = upper.split_ascii_whitespace();
    let (first, second) = (words.next()?, words.next().unwrap_or_default());
    if first == "+" {
        return Some("talk-goes-on");
    }
    let kind = match second.bytes().all(|b| b.is_ascii_digit()) {
        true => words.next().unwrap_or_default(),
        false => second,
    };
    Some(match (first, kind) {
        ("*", "BYE") => "talk-bye",
        ("*", "PREAUTH") => "talk-greeting",
        ("*", "CAPABILITY") => "talk-capabilities",
        ("*", "LIST" | "LSUB") => "talk-a-folder",
        ("*", "STATUS") => "talk-a-status",
        ("*", "EXISTS") => "talk-exists",
        ("*", "EXPUNGE" | "VANISHED") => "talk-gone",
        ("*", "FETCH") => "talk-a-letter",
        ("*", "SEARCH" | "ESEARCH") => "talk-found",
        ("*", "NO" | "BAD") => "talk-warns",
        ("*", _) => return None,
        (_, "OK") => "talk-ok",
        (_, "NO") => "talk-no",
        (_, "BAD") => "talk-bad",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_letters_do_not_hide_what_was_said_before_them() {
        let mut lines = vec![explained("C: A4 UID FETCH 1:900 (BODY.PEEK[])")];
        lines.extend((1..=900).map(|n| explained(&format!("S: * {n} FETCH (UID {n})"))));
        lines.push(explained("S: A4 OK done"));
        let texts: Vec<String> = shortened(lines).into_iter().map(|said| said.text).collect();
        assert_eq!(
            texts,
            [
                "A4 UID FETCH 1:900 (BODY.PEEK[])",
                "* 1 FETCH (UID 1)",
                "…",
                "* 900 FETCH (UID 900)",
                "A4 OK done"
            ]
        );
    }

    #[test]
    fn a_conversation_with_a_server_that_sends_is_explained() {
        for (line, means) in [
            ("S: 220 smtp.example ESMTP", Some("talk-greeting")),
            ("C: EHLO [127.0.0.1]", Some("said-hello")),
            ("S: 250-SIZE 10240000", Some("talk-capabilities")),
            ("C: AUTH PLAIN …", Some("talk-login")),
            ("S: 235 2.7.0 ok", Some("said-believed")),
            ("S: 535 5.7.8 no", Some("said-no-login")),
            ("C: MAIL FROM:<a@x.kr> SIZE=900", Some("said-from")),
            ("C: RCPT TO:<b@x.kr>", Some("said-to")),
            ("S: 250 2.1.5 ok", Some("said-accepts")),
            ("S: 451 4.7.1 greylisted", Some("said-later")),
            ("S: 550 5.1.1 no such user", Some("said-refuses")),
            ("C: DATA", Some("said-data")),
            ("S: 354 go on", Some("said-go-on")),
            ("C: .", Some("said-end")),
            ("S: 421 bye", Some("said-closing")),
            ("S: 가나다", None),
            ("S: 1", None),
            ("-- the connection was lost", None),
            ("-- encrypted from here on", Some("talk-encrypted")),
        ] {
            assert_eq!(smtp_explained(line, None).means, means, "{line}");
        }
        let asked = smtp_explained("C: STARTTLS", None).means;
        let ready = smtp_explained("S: 220 2.0.0 Ready to start TLS", asked).means;
        assert_eq!(ready, Some("talk-tls-ready"));
    }

    #[test]
    fn each_line_is_told_apart_and_what_is_known_of_it_is_said() {
        for (line, speaker, text, means) in [
            ("C: A1 LOGIN …", Speaker::Us, "A1 LOGIN …", Some("talk-login")),
            (
                "C: A7 UID FETCH 1:* (FLAGS)",
                Speaker::Us,
                "A7 UID FETCH 1:* (FLAGS)",
                Some("talk-fetch"),
            ),
            ("C: DONE", Speaker::Us, "DONE", Some("talk-done")),
            ("S: * 12 EXISTS", Speaker::Server, "* 12 EXISTS", Some("talk-exists")),
            (
                "S: A1 NO [AUTHENTICATIONFAILED] no",
                Speaker::Server,
                "A1 NO [AUTHENTICATIONFAILED] no",
                Some("talk-no"),
            ),
            (
                "S: * 3 FETCH (UID 9 BODY[] {120} …)",
                Speaker::Server,
                "* 3 FETCH (UID 9 BODY[] {120} …)",
                Some("talk-a-letter"),
            ),
            ("S: * FLAGS (\\Seen)", Speaker::Server, "* FLAGS (\\Seen)", None),
            ("-- the connection was lost", Speaker::Note, "the connection was lost", None),
            ("", Speaker::Note, "", None),
            ("가", Speaker::Note, "가", None),
        ] {
            let said = explained(line);
            assert_eq!((said.speaker, said.text.as_str(), said.means), (speaker, text, means));
        }
    }
}
