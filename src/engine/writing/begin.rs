//! How a letter begins: empty, as an answer, handing on, or as it was left.

use super::super::protocol::NotDone;
use super::super::run::Engine;
use super::{FollowUp, Phrases, Start, Writing};
use crate::html::worker::protocol::{Request, Response};
use crate::html::{LeftOut, Quoted};
use crate::mime::compose::reply::{self, Beginning};
use crate::mime::{self, Content, Letter, mailto};
use crate::model::{
    Account, AccountId, AccountKind, Address, Attachment, Context, Draft, DraftBody, DraftId,
    Flags, Identity, LetterId, Quotation,
};
use crate::store::intents::ActError;
use crate::store::settings::RECEIPT_SERVER;

impl Engine {
    pub(super) fn begin(&mut self, start: Start, phrases: &Phrases) -> Result<Writing, NotDone> {
        let own = identities(&self.store.accounts()?);
        let (id, left_out) = match start {
            Start::New(account, to) => (self.new_letter(&own, account, to)?, LeftOut::default()),
            Start::Mailto(link, letter) => (self.mailto(&own, &link, letter)?, LeftOut::default()),
            Start::FollowUp(asked) => (self.follow_up(&own, *asked)?, LeftOut::default()),
            Start::Answer(letter, to) => self.answer(&own, letter, Some(to), phrases)?,
            Start::Forward(letter) => self.answer(&own, letter, None, phrases)?,
            Start::Draft(id) => (id, LeftOut::default()),
            Start::Letter(letter) => (self.take_up(&own, letter)?, LeftOut::default()),
        };
        Ok(Writing {
            row: self.store.draft(id)?,
            identities: own,
            left_out,
            receipt_server: self.store.setting(RECEIPT_SERVER)?,
        })
    }

    fn new_letter(
        &self,
        own: &[(AccountId, Identity)],
        account: Option<AccountId>,
        to: Vec<Address>,
    ) -> Result<DraftId, NotDone> {
        let (account, identity) = of_account(own, account)?;
        let draft = Draft { identity, to, ..Draft::default() };
        Ok(self.store.new_draft(account, &draft, None)?)
    }

    fn mailto(
        &self,
        own: &[(AccountId, Identity)],
        link: &str,
        letter: Option<LetterId>,
    ) -> Result<DraftId, NotDone> {
        let wish = mailto::parse(link).unwrap_or_default();
        let (account, identity) = match letter {
            Some(letter) => self.where_it_came(own, letter)?,
            None => of_account(own, None)?,
        };
        let context = Context {
            references: wish.in_reply_to.iter().cloned().collect(),
            in_reply_to: wish.in_reply_to.into_iter().collect(),
        };
        let draft = Draft {
            identity,
            to: wish.to,
            cc: wish.cc,
            bcc: wish.bcc,
            subject: wish.subject,
            body: DraftBody::Marked(wish.body),
            context,
            ..Draft::default()
        };
        Ok(self.store.new_draft(account, &draft, None)?)
    }

    /// As whom a letter was received. Another address would be told to whoever is written to.
    fn where_it_came(
        &self,
        own: &[(AccountId, Identity)],
        letter: LetterId,
    ) -> Result<(AccountId, Identity), NotDone> {
        let own = self.home_first(own, letter)?;
        let mine: Vec<Identity> = own.iter().map(|(_, identity)| identity.clone()).collect();
        // The header says it: the whole letter need not be here.
        let raw = self.store.raw(letter)?;
        let at = reply::identity(&mime::parse(&raw), &mine);
        own.get(at).or(own.first()).cloned().ok_or(NotDone::NoAccount)
    }

    /// Everybody the user can write as; first those of where a letter lies.
    fn home_first(
        &self,
        own: &[(AccountId, Identity)],
        letter: LetterId,
    ) -> Result<Vec<(AccountId, Identity)>, NotDone> {
        let home = self.store.account_of(letter)?.id;
        let mut own = own.to_vec();
        own.sort_by_key(|(account, _)| *account != home);
        Ok(own)
    }

    /// A question about a letter that was sent: from whom that was.
    fn follow_up(
        &self,
        own: &[(AccountId, Identity)],
        asked: FollowUp,
    ) -> Result<DraftId, NotDone> {
        let about = self.store.out_letter(asked.about)?;
        let sender = self.store.sent_from(asked.about)?;
        let was = |(account, identity): &&(AccountId, Identity)| {
            *account == about.account && identity.from.addr.eq_ignore_ascii_case(&sender)
        };
        let (account, identity) = match own.iter().find(was) {
            Some(known) => known.clone(),
            None => of_account(own, Some(about.account))?,
        };
        let id = about.message_id;
        let draft = Draft {
            identity,
            to: vec![asked.to],
            subject: asked.subject,
            body: DraftBody::Marked(asked.words),
            context: Context { references: vec![id.clone()], in_reply_to: vec![id] },
            ..Draft::default()
        };
        Ok(self.store.new_draft(account, &draft, None)?)
    }

    /// An answer; handing on, where `to` says nothing.
    fn answer(
        &mut self,
        own: &[(AccountId, Identity)],
        id: LetterId,
        to: Option<reply::To>,
        phrases: &Phrases,
    ) -> Result<(DraftId, LeftOut), NotDone> {
        let raw = self.whole_letter(id)?;
        let letter = mime::parse(&raw);
        // One answers from where the letter lies, if nothing else is known.
        let own = self.home_first(own, id)?;
        let mine: Vec<Identity> = own.iter().map(|(_, identity)| identity.clone()).collect();
        let begun = match to {
            Some(to) => reply::answer(&letter, &mine, to),
            None => reply::forward(&letter, &mine),
        };
        let intro = match to {
            Some(_) => wrote(&letter, phrases),
            None => header(&letter, phrases),
        };
        let quoted = self.quote(&raw, &letter, &intro, to.is_none());
        let Beginning { identity, to: receivers, cc, subject, context } = begun;
        let (account, identity) = own.get(identity).or(own.first()).ok_or(NotDone::NoAccount)?;
        let attachments = if to.is_none() { attachments(&letter) } else { Vec::new() };
        let draft = Draft {
            identity: identity.clone(),
            to: receivers,
            cc,
            subject,
            context,
            quotation: Some(quoted.quotation),
            pictures: quoted.pictures,
            attachments,
            ..Draft::default()
        };
        let flags = if to.is_some() { Flags::ANSWERED } else { Flags::FORWARDED };
        let draft = self.store.new_draft(*account, &draft, Some((id, flags)))?;
        Ok((draft, quoted.left_out))
    }

    /// The bytes of a letter, all of them: of a header alone nothing can be made. What is
    /// missing is asked for.
    pub(in crate::engine) fn whole_letter(&self, id: LetterId) -> Result<Vec<u8>, NotDone> {
        self.needs_whole(id)?;
        Ok(self.store.raw(id)?)
    }

    /// The same without its bytes.
    pub(in crate::engine) fn needs_whole(&self, id: LetterId) -> Result<(), NotDone> {
        if self.store.is_whole(id)? {
            return Ok(());
        }
        self.want(id);
        Err(NotDone::Act(ActError::NotHere(id)))
    }

    /// Quotes in the drawing process; a letter that is too much for it is quoted as text.
    fn quote(&mut self, raw: &[u8], letter: &Letter<'_>, intro: &str, forwarded: bool) -> Quoted {
        let request = Request::Quote(raw.to_vec(), intro.to_owned(), forwarded);
        match self.reader.call(&request) {
            Ok(Response::Quoted(quoted)) => *quoted,
            _ => Quoted {
                quotation: Quotation {
                    intro: intro.to_owned(),
                    text: letter.text(),
                    html: String::new(),
                    forwarded,
                },
                ..Quoted::default()
            },
        }
    }

    /// A letter of a Drafts folder, by whatever program it was begun.
    fn take_up(&self, own: &[(AccountId, Identity)], id: LetterId) -> Result<DraftId, NotDone> {
        if let Some(known) = self.store.draft_of(id)? {
            return Ok(known);
        }
        let raw = self.whole_letter(id)?;
        let letter = mime::parse(&raw);
        let envelope = &letter.envelope;
        let home = self.store.account_of(id)?.id;
        let by_address = |(account, identity): &&(AccountId, Identity)| {
            let from = envelope.from.first().map(|from| from.addr.as_str()).unwrap_or("");
            *account == home && identity.from.addr.eq_ignore_ascii_case(from)
        };
        let (account, mut identity) = match own.iter().find(by_address) {
            Some((account, identity)) => (*account, identity.clone()),
            None => of_account(own, Some(home))?,
        };
        let text = letter.text().replace("\r\n", "\n");
        let body = match unsigned(&text, &identity.signature) {
            Some(body) => body.to_owned(),
            // Signed in another way, or not at all: it stays as its writer left it.
            None => {
                identity.signature.clear();
                text
            }
        };
        let draft = Draft {
            identity,
            to: envelope.to.clone(),
            cc: envelope.cc.clone(),
            bcc: envelope.bcc.clone(),
            subject: envelope.subject.clone(),
            body: DraftBody::Marked(body),
            attachments: files(&letter),
            context: Context {
                in_reply_to: envelope.in_reply_to.clone(),
                references: envelope.references.clone(),
            },
            ..Draft::default()
        };
        let draft = self.store.new_draft(account, &draft, None)?;
        self.store.adopt_copy(draft, id)?;
        Ok(draft)
    }
}

/// A text without the signature at its end, where that is this one.
fn unsigned<'t>(text: &'t str, signature: &str) -> Option<&'t str> {
    let at = text.rfind("\n-- \n").map(|at| at + 1).or(text.starts_with("-- \n").then_some(0))?;
    let (body, below) = text.split_at_checked(at)?;
    let lines = |text: &str| -> Vec<String> {
        text.trim_end().lines().map(|line| line.trim_end().to_owned()).collect()
    };
    let below = below.strip_prefix("-- \n")?;
    (!signature.is_empty() && lines(below) == lines(signature)).then(|| body.trim_end())
}

/// Everybody the user can write as, by account.
pub fn identities(accounts: &[Account]) -> Vec<(AccountId, Identity)> {
    let mut found = Vec::new();
    for account in accounts.iter().filter(|account| account.kind != AccountKind::Local) {
        let Some(address) = &account.address else { continue };
        let name = Some(account.settings.sender.clone()).filter(|name| !name.is_empty());
        let own = Address { name, addr: address.clone() };
        let mut kept = account.settings.identities.clone();
        match kept.iter_mut().find(|kept| kept.from.addr.eq_ignore_ascii_case(address)) {
            // With a signature, or an address for answers; its name is the account's.
            Some(kept) if kept.from.name.is_none() => kept.from.name = own.name,
            Some(_) => {}
            None => found.push((account.id, Identity { from: own, ..Identity::default() })),
        }
        found.extend(kept.into_iter().map(|identity| (account.id, identity)));
    }
    found
}

fn of_account(
    own: &[(AccountId, Identity)],
    account: Option<AccountId>,
) -> Result<(AccountId, Identity), NotDone> {
    let wanted = own.iter().find(|(id, _)| account.is_some_and(|account| account == *id));
    wanted.or(own.first()).cloned().ok_or(NotDone::NoAccount)
}

/// The line above what is quoted.
fn wrote(letter: &Letter<'_>, phrases: &Phrases) -> String {
    let from = letter.envelope.from.first();
    let name = from.map(|from| from.name.clone().unwrap_or_else(|| from.addr.clone()));
    phrases
        .wrote
        .replace("{date}", &date(letter))
        .replace("{name}", &one_line(&name.unwrap_or_default()))
}

/// The lines above a letter that is handed on.
fn header(letter: &Letter<'_>, phrases: &Phrases) -> String {
    let envelope = &letter.envelope;
    let people = |list: &[Address]| -> String {
        let people: Vec<String> = list.iter().map(ToString::to_string).collect();
        one_line(&people.join(", "))
    };
    let [from, at, subject, to, cc] = &phrases.labels;
    let mut lines = vec![phrases.forwarded.clone()];
    for (label, value) in [
        (from, people(&envelope.from)),
        (at, date(letter)),
        (subject, one_line(&envelope.subject)),
        (to, people(&envelope.to)),
        (cc, people(&envelope.cc)),
    ] {
        if !value.is_empty() {
            lines.push(format!("{label}: {value}"));
        }
    }
    lines.join("\n")
}

/// The day and time of the letter as its own writer's clock showed it: ours would tell
/// where we are.
fn date(letter: &Letter<'_>) -> String {
    let Some(seconds) = letter.envelope.date else { return String::new() };
    let local = seconds.saturating_add(zone(letter));
    let time = jiff::Timestamp::from_second(local)
        .map(|time| time.to_zoned(jiff::tz::TimeZone::UTC).strftime("%Y-%m-%d %H:%M").to_string());
    time.unwrap_or_default()
}

/// Seconds east of Greenwich, as the letter's date says.
fn zone(letter: &Letter<'_>) -> i64 {
    let field = letter.field("date").map(|field| &*field.value).unwrap_or("");
    let sign = |word: &str| match word.as_bytes().first() {
        Some(b'+') if word.len() == 5 => Some(1),
        Some(b'-') if word.len() == 5 => Some(-1),
        _ => None,
    };
    field
        .split_ascii_whitespace()
        .find_map(|word| {
            let number: i64 = word.get(1..)?.parse().ok().filter(|number| *number <= 1400)?;
            Some(sign(word)? * (number / 100 * 3600 + number % 100 * 60))
        })
        .unwrap_or(0)
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(1000).collect()
}

/// Everything in a draft that is no text: pictures in the text too.
fn files(letter: &Letter<'_>) -> Vec<Attachment> {
    let binary = letter.parts.iter().enumerate().filter(|(index, part)| {
        matches!(part.content, Content::Binary(_)) || letter.attachments.contains(index)
    });
    files_of(letter, binary.map(|(index, _)| index))
}

fn attachments(letter: &Letter<'_>) -> Vec<Attachment> {
    files_of(letter, letter.attachments.iter().copied())
}

fn files_of(letter: &Letter<'_>, parts: impl Iterator<Item = usize>) -> Vec<Attachment> {
    parts
        .filter_map(|index| {
            let part = letter.parts.get(index)?;
            Some(Attachment {
                name: part.file_name.clone().unwrap_or_default(),
                media_type: part.media_type.clone(),
                bytes: letter.bytes(index)?.into_owned(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::unsigned;

    #[test]
    fn the_own_signature_is_cut_and_any_other_is_left() {
        let signed = "Hello\n\n-- \nKim  \n02-1234\n";
        assert_eq!(unsigned(signed, "Kim\n02-1234"), Some("Hello"));
        assert_eq!(unsigned("-- \nKim\n", "Kim"), Some(""));
        for other in ["Hello\n\n-- \nLee\n", "Hello\n", "Hello\n-- \nKim\n\n> quoted\n", "Kim"] {
            assert_eq!(unsigned(other, "Kim"), None, "{other}");
        }
        assert_eq!(unsigned("Hello\n-- \n", ""), None);
    }
}
