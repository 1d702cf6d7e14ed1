//! An open letter as the engine keeps it: what it refers to, what was decided about it,
//! what was asked for it and what came.

use super::protocol::{Fallback, OpenLedger, OpenLetter, Redrawn};
use super::reading::bodies_as_text;
use super::remote::{Brought, Leash};
use crate::html::clean::Token;
use crate::html::worker::protocol::{DocId, Laid, View};
use crate::mime::{self, Letter};
use crate::model::{
    Allowed, Ledger, LetterId, Proof, Reference, RequestMade, Rule, Scope, Tracker,
};
use crate::privacy::links::LinkReport;
use crate::privacy::{self, Policy};
use std::collections::HashSet;
use std::sync::Arc;

/// Pictures that came: the address asked, and the bytes.
pub type Pictures = Vec<(String, Arc<Vec<u8>>)>;

/// An open letter, as the engine keeps it.
#[derive(Debug)]
pub struct Document {
    /// Its number at the drawing process.
    pub doc: DocId,
    /// Which letter; `None` for a file.
    pub letter: Option<LetterId>,
    /// Its bytes.
    pub raw: Arc<Vec<u8>>,
    /// What it is about.
    pub subject: String,
    /// How it is looked at.
    pub view: View,
    /// The charset it is read in by hand.
    pub charset: Option<String>,
    /// What the user decided, seen from this letter.
    pub policy: Policy,
    /// Whether it is drawn at all.
    pub laid: Option<Laid>,
    /// Why it is shown as text, if it is.
    pub fallback: Option<Fallback>,
    /// Looking for a text in it takes too long.
    pub unsearchable: bool,
    /// Addresses the engine that draws asked for, in vain: of a cleaned letter none.
    pub stray: u32,
    /// The links of what is drawn, by the numbers the drawing process gives them.
    pub(super) links: Arc<Vec<LinkReport>>,
    /// Everything it refers to.
    pub(super) references: Vec<Reference>,
    /// Its remote pictures at the drawing process.
    pub(super) remote: Vec<(Token, String)>,
    /// Pictures that came: address asked, bytes.
    pub(super) brought: Vec<(String, Arc<Vec<u8>>)>,
    /// Addresses asked for since it was opened, whatever came of them.
    pub(super) asked: Vec<String>,
    /// Requests made for it before it was opened.
    pub(super) before: Vec<RequestMade>,
    /// Requests made since it was opened.
    pub(super) made: Vec<RequestMade>,
    /// Requests for it since it was opened that were made or are about to be.
    pub(super) begun: usize,
    /// Batches under way.
    pub(super) batches: Vec<Batch>,
}

/// A batch under way.
#[derive(Debug)]
pub(super) struct Batch {
    number: u64,
    leash: Leash,
    /// The proxy it goes by.
    way: Option<String>,
    /// Cut for good.
    recalled: bool,
    pub(super) urls: HashSet<String>,
}

impl Document {
    /// Judges everything it refers to, under its policy as it is now.
    pub fn judge(&self) -> Ledger {
        privacy::ledger_again(self.references.clone(), &self.policy)
    }

    /// How it came out, for whoever shows it.
    pub fn redrawn(&self) -> Redrawn {
        Redrawn {
            laid: self.laid,
            fallback: self.fallback,
            links: Arc::clone(&self.links),
            text: match self.laid {
                Some(_) => String::new(),
                None => self.text_instead(&mime::parse(&self.raw)),
            },
        }
    }

    /// Brings up to date how a letter came out that is about to be told of.
    pub fn tell_drawn(&self, open: &mut OpenLetter) {
        (open.laid, open.fallback) = (self.laid, self.fallback);
        open.links = Arc::clone(&self.links);
        if self.laid.is_none() && open.text.is_empty() {
            open.text = self.redrawn().text;
        }
    }

    /// Its text, where nothing can be drawn.
    pub(super) fn text_instead(&self, letter: &Letter<'_>) -> String {
        match self.laid {
            Some(_) => String::new(),
            None => bodies_as_text(letter, self.charset.as_deref()),
        }
    }

    /// Who it is from, if it is from one.
    pub fn sender(&self) -> Option<&str> {
        self.policy.from.as_deref()
    }

    /// What a ledger allows, each address once.
    pub fn allowed(&self, ledger: &Ledger) -> Vec<Allowed> {
        let mut seen = HashSet::new();
        let leaves = ledger.entries.iter().filter_map(|entry| entry.allowed());
        leaves.filter(|leave| seen.insert(leave.url().to_owned())).collect()
    }

    /// What a ledger allows and was not asked for yet; it counts as asked from now on.
    pub fn to_fetch(&mut self, ledger: &Ledger) -> Vec<Allowed> {
        let mut missing = self.allowed(ledger);
        // What is drawn nowhere need not be fetched.
        missing.retain(|leave| {
            self.remote.iter().any(|(_, url)| url == leave.url())
                && !self.asked.iter().any(|url| url == leave.url())
        });
        self.asked.extend(missing.iter().map(|leave| leave.url().to_owned()));
        missing
    }

    /// Whether a picture is shown that this ledger no longer allows.
    pub fn shows_refused(&self, ledger: &Ledger) -> bool {
        let allowed = self.allowed(ledger);
        self.brought.iter().any(|(url, _)| !allowed.iter().any(|a| a.url() == url))
    }

    /// A batch of these goes out: what it is held by.
    pub fn send_out(&mut self, number: u64, wanted: &[Allowed]) -> Leash {
        let leash = Leash::default();
        let urls = wanted.iter().map(|leave| leave.url().to_owned()).collect();
        let (way, recalled) = (None, false);
        self.batches.push(Batch { number, leash: leash.clone(), way, recalled, urls });
        leash
    }

    /// Holds batches under way to what this ledger allows.
    pub fn rein_in(&self, ledger: &Ledger) {
        if self.batches.is_empty() {
            return;
        }
        let allowed = self.allowed(ledger);
        let allowed: HashSet<String> = allowed.iter().map(|leave| leave.url().into()).collect();
        let held = self.batches.iter().filter(|batch| !batch.recalled);
        held.for_each(|batch| batch.leash.hold(allowed.clone()));
    }

    /// A batch goes by this proxy, or by none.
    pub(super) fn goes_by(&mut self, number: u64, way: &Option<String>) {
        if let Some(batch) = self.batches.iter_mut().find(|batch| batch.number == number) {
            batch.way.clone_from(way);
        }
    }

    /// Cuts for good what goes another way than this, if one is known. What it was to bring is
    /// asked for anew when it is back.
    pub(super) fn recall(&mut self, way: Option<&Option<String>>) {
        for batch in self.batches.iter_mut().filter(|batch| Some(&batch.way) != way) {
            batch.recalled = true;
            batch.leash.cut();
        }
    }

    /// Nobody reads it any more: nothing more is asked for it.
    pub fn give_up(&self) {
        self.batches.iter().for_each(|batch| batch.leash.cut());
    }

    /// Counts requests that are about to be made: how many there are now.
    pub fn count(&mut self, more: usize) -> usize {
        self.begun += more;
        self.begun
    }

    /// Keeps what a batch brought. The pictures that may still be shown; and whether
    /// something of it was taken back on the way and is allowed again by now.
    pub fn take_in(&mut self, batch: u64, brought: Brought, ledger: &Ledger) -> (Pictures, bool) {
        self.batches.retain(|known| known.number != batch);
        let allowed = self.allowed(ledger);
        let allowed: HashSet<&str> = allowed.iter().map(Allowed::url).collect();
        let (shown, hidden): (Vec<_>, Vec<_>) =
            brought.pictures.into_iter().partition(|(url, _)| allowed.contains(url.as_str()));
        let pictures: Pictures =
            shown.into_iter().map(|(url, bytes)| (url, Arc::new(bytes))).collect();
        // What was not had is asked for again when it is wanted again.
        let missing: HashSet<&String> = hidden.iter().map(|(url, _)| url).collect();
        let missing: HashSet<&String> =
            missing.into_iter().chain(&brought.taken_back).chain(&brought.left_out).collect();
        self.asked.retain(|url| !missing.contains(url));
        self.made.extend(brought.requests);
        self.brought.extend(pictures.iter().cloned());
        let again = brought.taken_back.iter().any(|url| allowed.contains(url.as_str()));
        (pictures, again)
    }

    /// Addresses whose pictures are drawn.
    fn shown(&self) -> Vec<String> {
        if self.laid.is_none() || self.fallback.is_some() {
            return Vec::new();
        }
        let drawn: HashSet<&str> = self.remote.iter().map(|(_, url)| url.as_str()).collect();
        let brought = self.brought.iter().map(|(url, _)| url);
        brought.filter(|url| drawn.contains(url.as_str())).cloned().collect()
    }

    /// The pictures that are drawn and allowed as things stand.
    pub(super) fn pictures_shown(&self) -> Pictures {
        let (shown, allowed) = (self.shown(), self.allowed(&self.judge()));
        let stands =
            |url: &String| shown.contains(url) && allowed.iter().any(|leave| leave.url() == url);
        self.brought.iter().filter(|(url, _)| stands(url)).cloned().collect()
    }

    /// The ledger as the window shows it.
    pub fn summary(&self, ledger: Ledger) -> OpenLedger {
        let from = self.sender().unwrap_or_default();
        let domain = from.rsplit_once('@').map_or("", |(_, domain)| domain);
        let speaks = |rule: &&Rule| match &rule.scope {
            Scope::Sender(whom) | Scope::Never(whom) => whom.eq_ignore_ascii_case(from),
            Scope::Domain(of) => privacy::verdict::covers(of, domain),
        };
        let mut trackers: Vec<Tracker> = Vec::new();
        for tracker in ledger.entries.iter().filter_map(|entry| entry.tracker.as_ref()) {
            if !trackers.contains(tracker) {
                trackers.push(tracker.clone());
            }
        }
        OpenLedger {
            requests: self.before.iter().chain(&self.made).cloned().collect(),
            since_opened: self.begun.max(self.made.len()),
            shown: self.shown(),
            rules: self.policy.rules.iter().filter(speaks).cloned().collect(),
            unproven: self.policy.lacks_proof(),
            proven: self.policy.proof != Proof::None,
            trackers,
            fetching: !self.batches.is_empty(),
            once: self.policy.once || !self.policy.by_hand.is_empty(),
            ledger,
        }
    }
}
