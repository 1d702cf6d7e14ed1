//! What the window reads in the store, off its own thread, through a connection of
//! its own.

use super::bundles::Bundles;
use super::orders::Orders;
use super::screen::compose::{Message as Compose, SUGGESTED};
use super::screen::mail::conversation::{MOST as LETTERS_OF_ONE, Message as Conversation};
use super::screen::mail::journey::Journey;
use super::screen::mail::labels::Message as Labelled;
use super::screen::mail::list::{Marks, PAGE, Row};
use super::screen::mail::missing::{FOUND as MISSING, Message as Missing};
use super::screen::mail::picking::Pick;
use super::screen::mail::receipts::{LETTERS, Line};
use super::screen::mail::searching::{Message as Searching, PEOPLE};
use super::screen::mail::{Message, Place, Read, is_inbox};
use super::widget::lines::Cut;
use crate::model::{
    Account, AccountKind, Evidence, Flags, LetterId, OutLetter, OutRecipient, OutboxId, standing,
};
use crate::store::outbox::{ReceiptRow, Told};
use crate::store::search::{Order, Search, mark, parse};
use crate::store::settings::RECEIPT_SERVER;
use crate::store::{LetterRow, Result, Sort, Store, put_in_order};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// Letters that a search puts in an order; so many of them are shown as of any search.
const SORTED: usize = 10 * FOUND;
/// Most letters a search finds.
pub const FOUND: usize = 2_000;
/// Width of a piece of text, in characters.
const PIECE: usize = 90;
/// Bytes of source that are shown.
const SOURCE: usize = 8 * 1024 * 1024;

/// The store, opened when first read.
#[derive(Debug, Clone)]
pub struct Shelf {
    profile: PathBuf,
    store: Arc<OnceLock<Store>>,
    orders: Orders,
    bundles: Bundles,
}

impl Shelf {
    /// The shelf of a profile.
    pub fn new(profile: &Path) -> Self {
        Self {
            profile: profile.to_owned(),
            store: Arc::default(),
            orders: Orders::default(),
            bundles: Bundles::default(),
        }
    }

    fn store(&self) -> Result<&Store> {
        if let Some(store) = self.store.get() {
            return Ok(store);
        }
        let opened = Store::open(&self.profile)?;
        Ok(self.store.get_or_init(|| opened))
    }

    /// Reads. Takes as long as it takes: not for the window's thread.
    pub fn read(&self, read: Read) -> Message {
        match read {
            Read::Folders => Message::Folders(self.store().and_then(Store::folders)),
            Read::Accounts => {
                // Why they cannot be read is told with the folders.
                let (accounts, fresh) = self.accounts().unwrap_or_default();
                Message::Accounts(accounts, fresh)
            }
            Read::Page(generation, place, first) => {
                Message::Page(generation, first, self.page(place, first))
            }
            Read::Sorted(generation, place, sort, first) => {
                let page = self.sorted(generation, (place, sort), first);
                Message::Page(generation.0, first, page)
            }
            Read::Bundles(generation, asked, first) => {
                let store = self.store();
                let page = store.and_then(|store| self.bundles.page(store, &asked, first));
                Message::Page(generation, first, page)
            }
            Read::BundleSpan(number, asked, ends) => {
                let span = self.store();
                let span = span.and_then(|store| self.bundles.span(store, &asked, ends));
                Message::Pick(Pick::Read(number, span))
            }
            Read::Span(number, place, sort, ends) => {
                let span = self.store();
                let span = span.and_then(|store| self.orders.span(store, (place, sort), ends));
                Message::Pick(Pick::Read(number, span))
            }
            Read::Conversation(of, thread) => {
                let letters =
                    self.store().and_then(|store| store.conversation(of, thread, LETTERS_OF_ONE));
                Message::Conversation(Conversation::Read(of, letters.unwrap_or_default()))
            }
            Read::Search(generation, question) => {
                Message::Found(generation, self.search(&question, Sort::Newest))
            }
            Read::SearchBy(generation, question, sort) => {
                Message::Found(generation, self.search(&question, sort))
            }
            Read::Snippets(generation, question, ids) => {
                Message::Snippets(generation, self.snippets(&question, &ids).unwrap_or_default())
            }
            Read::Journey(of) => Message::JourneyRead(of, self.journey(of).unwrap_or_default()),
            Read::Sent(of) => Message::ReceiptJourney(of, self.sent(of).ok().map(Box::new)),
            Read::Receipts => Message::ReceiptsRead(self.receipts()),
            Read::ReceiptServer => {
                let server = self.store().and_then(|store| store.setting(RECEIPT_SERVER));
                Message::ReceiptServerRead(server.unwrap_or_default())
            }
            Read::Outbox(given) => Message::OutboxRead(self.outbox(&given)),
            Read::Addresses(typed) => {
                let like = self.store().and_then(|store| store.addresses_like(&typed, SUGGESTED));
                Message::Compose(Compose::Suggested(typed, like.unwrap_or_default()))
            }
            Read::People(typed) => {
                let like = self.store().and_then(|store| store.addresses_like(&typed, PEOPLE));
                Message::Searching(Searching::People(typed, like.unwrap_or_default()))
            }
            Read::Labels => {
                let known = self.store().and_then(Store::labels);
                Message::Labels(Labelled::Known(known.unwrap_or_default()))
            }
            Read::Rules => {
                let made = self.store().and_then(Store::rules_made);
                Message::RulesRead(made.unwrap_or_default())
            }
            Read::Missing(number, question) => {
                Message::Missing(Missing::Found(number, self.missing(&question)))
            }
            Read::Source(doc, raw, columns) => {
                let raw = raw.get(..SOURCE).unwrap_or(&raw);
                Message::Lines(doc, true, Cut::new(&String::from_utf8_lossy(raw), columns))
            }
            Read::Text(doc, text, columns) => Message::Lines(doc, false, Cut::new(&text, columns)),
        }
    }

    /// Who wrote these letters and about what: of the first few that are unread.
    pub fn who_and_what(&self, letters: &[LetterId], most: usize) -> Vec<(String, String)> {
        let Ok(store) = self.store() else { return Vec::new() };
        let rows = letters.iter().filter_map(|id| store.letter(*id).ok());
        let unread = rows.filter(|row| !row.flags.has(Flags::SEEN));
        let said = |row: LetterRow| {
            (row.from.as_ref().map_or(String::new(), |from| from.label().to_owned()), row.subject)
        };
        unread.map(said).take(most).collect()
    }

    /// To whom, and about what, the letters went that something was said of.
    pub fn sent_to(&self, told: &[&Told], most: usize) -> Vec<(String, String)> {
        let Ok(store) = self.store() else { return Vec::new() };
        let said = |told: &&Told| {
            let letter = store.out_letter(told.letter).ok()?;
            let of = |person: &&OutRecipient| person.id == told.recipient;
            let person = letter.recipients.iter().find(of)?;
            Some((person.address.label().to_owned(), letter.subject.clone()))
        };
        told.iter().filter_map(said).take(most).collect()
    }

    fn journey(&self, of: LetterId) -> Result<Option<Box<Journey>>> {
        let store = self.store()?;
        let Some(letter) = store.sent_as(of)? else { return Ok(None) };
        Ok(Some(Box::new(self.sent(letter.id)?)))
    }

    fn sent(&self, id: OutboxId) -> Result<Journey> {
        let store = self.store()?;
        let letter = store.out_letter(id)?;
        let reports = store.reports(letter.id)?;
        let known = store.receipts_of(letter.id)?;
        let of = |person: &OutRecipient| {
            let row = known.iter().find(|row| row.recipient == person.id);
            row.map_or_else(|| standing(&Evidence::default()), |row| row.standing.clone())
        };
        let standings = letter.recipients.iter().map(of).collect();
        let lines = store.out_lines(letter.id)?;
        Ok(Journey { letter, reports, standings, lines })
    }

    fn receipts(&self) -> Result<Vec<Line>> {
        let rows = self.store()?.receipts(LETTERS)?;
        let line = |row: ReceiptRow| Line {
            letter: row.letter,
            subject: row.subject,
            address: row.address,
            sent: row.sent,
            standing: row.standing,
        };
        Ok(rows.into_iter().map(line).collect())
    }

    fn outbox(&self, given: &[OutboxId]) -> Result<(Vec<OutLetter>, Vec<OutLetter>)> {
        let store = self.store()?;
        // One that was taken back is gone.
        let given = given.iter().filter_map(|id| store.out_letter(*id).ok()).collect();
        Ok((store.waiting_outbox()?, given))
    }

    fn accounts(&self) -> Result<(Vec<Account>, bool)> {
        let store = self.store()?;
        let accounts = store.accounts()?;
        let local = accounts.iter().all(|account| account.kind == AccountKind::Local);
        let fresh = local && store.total(None)? == 0;
        Ok((accounts, fresh))
    }

    fn page(&self, place: Place, first: usize) -> Result<(Vec<Row>, usize)> {
        let store = self.store()?;
        let folder = match place {
            Place::Inboxes => {
                let folders = store.folders()?;
                let inboxes: Vec<_> = folders.iter().filter(|folder| is_inbox(folder)).collect();
                let total: u64 = inboxes.iter().map(|folder| folder.total).sum();
                let ids: Vec<_> = inboxes.iter().map(|folder| folder.id).collect();
                let letters = store.list_of(&ids, first, PAGE)?;
                return Ok((rows(store, letters)?, usize::try_from(total).unwrap_or(usize::MAX)));
            }
            Place::Folder(id) => Some(id),
            _ => None,
        };
        let total = usize::try_from(store.total(folder)?).unwrap_or(usize::MAX);
        let letters = store.list(folder, first, PAGE)?;
        Ok((rows(store, letters)?, total))
    }

    fn sorted(
        &self,
        generation: (u64, u64),
        list: (Place, Sort),
        first: usize,
    ) -> Result<(Vec<Row>, usize)> {
        let store = self.store()?;
        let (letters, total) = self.orders.page(store, generation, list, first)?;
        Ok((rows(store, letters)?, total))
    }

    fn search(&self, question: &str, sort: Sort) -> Result<Vec<Row>> {
        let store = self.store()?;
        let mut search = search(question)?;
        match sort {
            Sort::Newest => {}
            Sort::Best => search.order = Order::Best,
            // Which is the oldest is known of those that were found.
            _ => search.limit = SORTED,
        }
        let shown = search.node.shown();
        let marked = !shown.is_empty();
        let mut letters = store.search(&search)?;
        put_in_order(&mut letters, sort);
        letters.truncate(FOUND);
        let mut rows = rows(store, letters)?;
        if marked {
            for row in &mut rows {
                let from = row.letter.from.as_ref().map_or("", |from| from.label());
                row.marks = Some(Box::new(Marks {
                    from: mark(from, &shown, 200),
                    subject: mark(&row.letter.subject, &shown, 200),
                    text: None,
                }));
            }
        }
        Ok(rows)
    }

    fn missing(&self, question: &str) -> Result<Vec<LetterRow>> {
        let node = parse(question)?;
        self.store()?.search(&Search { node, order: Order::Newest, limit: MISSING })
    }

    fn snippets(
        &self,
        question: &str,
        ids: &[LetterId],
    ) -> Result<Vec<(LetterId, crate::store::search::Snippet)>> {
        let store = self.store()?;
        let search = search(question)?;
        // One that cannot be read keeps its first words.
        Ok(ids
            .iter()
            .filter_map(|id| Some((*id, store.snippet(*id, &search, PIECE).ok()?)))
            .collect())
    }
}

fn search(question: &str) -> Result<Search> {
    Ok(Search { node: parse(question)?, order: Order::Newest, limit: FOUND })
}

fn rows(store: &Store, letters: Vec<LetterRow>) -> Result<Vec<Row>> {
    let threads: Vec<_> = letters.iter().map(|letter| letter.thread).collect();
    let sizes = store.thread_sizes(&threads)?;
    Ok(letters
        .into_iter()
        .zip(sizes)
        .map(|(letter, thread)| Row { thread, ..Row::of(letter) })
        .collect())
}
