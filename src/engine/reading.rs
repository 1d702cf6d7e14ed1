//! Reading one letter: bytes → drawing process → references → verdicts → ledger.
//!
//! The letter's HTML is cleaned, laid out and painted in the drawing process; what it
//! refers to is judged here, before anything is fetched. A letter that kills the
//! process, or that is larger than what is ever drawn, is shown as text, and its
//! ledger is complete all the same. [`Reader`] is what the window, `goyo render` and
//! `goyo leak-test` read with.

pub use super::document::Document;
use super::protocol::{Fallback, OpenLetter};
use crate::html::clean::{Body, Labels, Token};
use crate::html::worker::protocol::{DocId, InlinePart, Laid, Opened, Request, Response};
use crate::html::worker::protocol::{Source, View};
use crate::html::worker::{Worker, WorkerError};
use crate::html::{self, MAX_HTML};
use crate::mime::{self, Content, Letter};
use crate::model::{LetterId, Link, Reference, RequestMade, Rule};
use crate::privacy::oddities::{Known, Warning};
use crate::privacy::{self, Policy};
use std::sync::Arc;
use std::time::Duration;

/// Bytes of pictures inside a letter that are handed to the drawing process.
const MAX_INLINE: usize = 32 * 1024 * 1024;

/// How long looking through HTML may take that could not be drawn, and drawing its text
/// instead: with the time it had before, less than five seconds together.
const LOOK_THROUGH: Duration = Duration::from_millis(800);
const AS_TEXT: Duration = Duration::from_millis(1200);

/// Text that is drawn; what is longer is cut with the drawing process's own sentence.
const MAX_TEXT: usize = MAX_HTML;

/// What is known around a letter.
#[derive(Debug, Clone, Default)]
pub struct Circumstances {
    /// The reader's own addresses.
    pub own: Vec<String>,
    /// Another letter carries its Message-ID.
    pub used_elsewhere: bool,
    /// The authserv-id of the account's own server, where there is one.
    pub server: Option<String>,
    /// The user's lasting rules.
    pub rules: Vec<Rule>,
    /// Nothing is ever fetched.
    pub never: bool,
    /// The charset chosen by hand for this letter.
    pub charset: Option<String>,
    /// Hosts and ports in private networks that may be reached all the same.
    pub reachable: Vec<(String, u16)>,
    /// Nothing but those may be reached.
    pub only_reachable: bool,
    /// Requests made for it before.
    pub before: Vec<RequestMade>,
}

/// Reads letters with one drawing process.
#[derive(Debug)]
pub struct Reader {
    worker: Result<Worker, WorkerError>,
    /// What is written on the long quoted parts of letters; `None`: they are not
    /// folded.
    pub folds: Option<Labels>,
}

impl Reader {
    /// Starts the drawing process, so that it is warm when the first letter comes.
    pub fn new() -> Self {
        Self::with(Worker::start())
    }

    /// Reads with this drawing process, or with none.
    pub fn with(worker: Result<Worker, WorkerError>) -> Self {
        Self { worker, folds: None }
    }

    /// The drawing process, where there is one.
    ///
    /// # Errors
    /// Why there is none.
    pub fn worker(&mut self) -> Result<&mut Worker, WorkerError> {
        self.worker.as_mut().map_err(|error| error.clone())
    }

    /// Asks the drawing process.
    ///
    /// # Errors
    /// What it or its pipe says.
    pub fn call(&mut self, request: &Request) -> Result<Response, WorkerError> {
        self.worker()?.call(request)
    }

    /// Opens a letter: parses, cleans, lays out, judges. Nothing is fetched.
    pub fn open(
        &mut self,
        doc: DocId,
        letter: Option<LetterId>,
        raw: Arc<Vec<u8>>,
        with: &Circumstances,
        view: View,
    ) -> (Document, OpenLetter) {
        let parsed = mime::parse(&raw);
        let policy = Policy {
            reachable: with.reachable.clone(),
            only_reachable: with.only_reachable,
            never: with.never,
            ..Policy::for_letter(
                &parsed,
                &with.rules,
                privacy::proof(&parsed, with.server.as_deref()),
            )
        };
        let mut drawn = self.draw(doc, &parsed, with.charset.as_deref(), view);
        if html::is_cut(drawn.references.len(), drawn.links.len()) {
            drawn.warnings.push(html::warning_list_cut());
        }
        let known = Known { own: &with.own, used_elsewhere: with.used_elsewhere, now: None };
        let mut report = privacy::report(&parsed, drawn.references.clone(), &drawn.links, known);
        report.auth = privacy::auth::claims(&parsed, with.server.as_deref());
        report.warnings.extend(drawn.warnings);
        let document = Document {
            doc,
            letter,
            view,
            charset: with.charset.clone(),
            policy,
            laid: drawn.laid,
            fallback: drawn.fallback,
            unsearchable: false,
            stray: drawn.stray,
            links: Arc::new(report.links.clone()),
            references: drawn.references,
            remote: drawn.remote,
            brought: Vec::new(),
            asked: Vec::new(),
            before: with.before.clone(),
            made: Vec::new(),
            begun: 0,
            batches: Vec::new(),
            raw: Arc::clone(&raw),
            subject: parsed.envelope.subject.clone(),
        };
        let ledger = document.judge();
        let open = OpenLetter {
            letter,
            subject: parsed.envelope.subject.clone(),
            from: parsed.envelope.from.clone(),
            to: parsed.envelope.to.clone(),
            cc: parsed.envelope.cc.clone(),
            date: parsed.envelope.date,
            links: Arc::clone(&document.links),
            report,
            laid: document.laid,
            fallback: document.fallback,
            text: document.text_instead(&parsed),
            charsets: charsets(&parsed, with.charset.as_deref()),
            raw: Arc::clone(&raw),
            ledger: Arc::new(document.summary(ledger)),
            strips: Vec::new(),
        };
        (document, open)
    }

    /// Draws a letter's HTML, else its text, else nothing.
    fn draw(
        &mut self,
        doc: DocId,
        letter: &Letter<'_>,
        charset: Option<&str>,
        view: View,
    ) -> Drawn {
        let bodies = bodies(letter, &letter.html_body, charset);
        let is_html = bodies.iter().any(|(_, body)| matches!(body, Body::Html(_)));
        let size: usize = bodies.iter().map(|(_, body)| body.size()).sum();
        let too_large = is_html && size > MAX_HTML;
        let why = if too_large {
            Fallback::TooLarge
        } else {
            let folds = self.folds.clone();
            let source = Source { bodies, parts: inline_parts(letter), folds };
            match self.call(&Request::Open(doc, source, view)) {
                Ok(Response::Opened(opened)) => return Drawn::whole(letter, opened),
                Ok(_) => Fallback::Died,
                Err(error) => reason(&error),
            }
        };
        let mut drawn = self.look_through(letter, charset, why);
        if too_large {
            drawn.warnings.push(html::warning_too_large());
        }
        if !matches!(why, Fallback::NoWorker | Fallback::OtherVersion)
            && let Some(opened) = self.open_text(doc, letter, charset, view)
        {
            drawn.laid = Some(opened.laid);
            drawn.links = opened.links;
        }
        drawn
    }

    /// What a letter refers to whose HTML is not drawn: its ledger is to be complete all
    /// the same. What is hostile is looked through in the drawing process too.
    fn look_through(&mut self, letter: &Letter<'_>, charset: Option<&str>, why: Fallback) -> Drawn {
        let mut drawn = Drawn { fallback: Some(why), ..Drawn::default() };
        if matches!(why, Fallback::NoWorker | Fallback::OtherVersion) {
            drawn.references = html::references_of(letter);
            drawn.links = html::links_of(letter);
            return drawn;
        }
        let read = Request::Read(bodies(letter, &letter.html_body, charset));
        let read = self.worker().and_then(|worker| worker.call_within(&read, LOOK_THROUGH));
        drawn.references = html::references_beside(letter);
        match read {
            Ok(Response::Read(references, links)) => {
                drawn.references.extend(references);
                drawn.references.sort_by_key(|reference| reference.part);
                drawn.links = links;
            }
            _ => drawn.warnings.push(html::warning_not_listed()),
        }
        drawn
    }

    /// Draws a letter's text; nothing if that fails too.
    fn open_text(
        &mut self,
        doc: DocId,
        letter: &Letter<'_>,
        charset: Option<&str>,
        view: View,
    ) -> Option<Opened> {
        let mut text = bodies_as_text(letter, charset);
        text.truncate(text.floor_char_boundary(MAX_TEXT));
        let bodies = vec![(0, Body::Text(text))];
        let source = Source { bodies, parts: Vec::new(), folds: self.folds.clone() };
        let open = Request::Open(doc, source, view);
        match self.worker().and_then(|worker| worker.call_within(&open, AS_TEXT)) {
            Ok(Response::Opened(opened)) => Some(opened),
            _ => None,
        }
    }

    /// Draws a document anew, with the pictures that are still allowed: after a
    /// decision was taken back.
    pub fn redraw(&mut self, document: &mut Document) {
        let raw = Arc::clone(&document.raw);
        let parsed = mime::parse(&raw);
        let drawn = self.draw(document.doc, &parsed, document.charset.as_deref(), document.view);
        document.laid = drawn.laid;
        document.fallback = drawn.fallback;
        document.remote = drawn.remote;
        document.links = Arc::new(privacy::links::judge_all(&drawn.links));
        let allowed = document.allowed(&document.judge());
        document.brought.retain(|(url, _)| allowed.iter().any(|a| a.url() == url));
        let (brought, batches) = (&document.brought, &document.batches);
        document.asked.retain(|url| {
            brought.iter().any(|(had, _)| had == url)
                || batches.iter().any(|batch| batch.urls.contains(url))
        });
        let pictures = document.brought.clone();
        self.show(document, &pictures);
    }

    /// Gives the drawing process pictures that came; `true` if it was laid out again.
    pub fn show(&mut self, document: &mut Document, pictures: &[(String, Arc<Vec<u8>>)]) -> bool {
        let mut sent = Vec::new();
        for (url, bytes) in pictures {
            for (token, _) in document.remote.iter().filter(|(_, place)| place == url) {
                sent.push((*token, bytes.as_ref().clone()));
            }
        }
        if sent.is_empty() || document.laid.is_none() {
            return false;
        }
        match self.call(&Request::Pictures(document.doc, sent)) {
            Ok(Response::Laid(laid)) => {
                document.laid = Some(laid);
                true
            }
            // A picture that kills the process takes the HTML with it: text is left.
            Ok(_) | Err(WorkerError::Refused(_) | WorkerError::NotOpen) => false,
            Err(error) => {
                document.brought.clear();
                self.recover(document, &error);
                true
            }
        }
    }

    /// After the process died under a document that was open: shows it as text from
    /// now on.
    pub fn recover(&mut self, document: &mut Document, error: &WorkerError) {
        self.show_as_text(document, reason(error));
    }

    /// Shows a document as text from now on.
    pub fn show_as_text(&mut self, document: &mut Document, why: Fallback) {
        document.fallback = Some(why);
        document.remote.clear();
        let raw = Arc::clone(&document.raw);
        let (charset, view) = (document.charset.as_deref(), document.view);
        let opened = self.open_text(document.doc, &mime::parse(&raw), charset, view);
        document.laid = opened.as_ref().map(|opened| opened.laid);
        // What is drawn now has other links, with other numbers.
        let links = opened.map(|opened| opened.links).unwrap_or_default();
        document.links = Arc::new(privacy::links::judge_all(&links));
    }

    /// A letter that was open is read again another way: what the user decided for it,
    /// what was asked for and what came of that still stands.
    pub fn go_on(&mut self, document: &mut Document, before: Document) {
        document.policy.once = before.policy.once;
        document.policy.by_hand = before.policy.by_hand;
        document.before = before.before;
        document.made = before.made;
        document.asked = before.asked;
        document.brought = before.brought;
        document.begun = before.begun;
        document.batches = before.batches;
        let pictures = document.brought.clone();
        self.show(document, &pictures);
    }
}

impl Default for Reader {
    fn default() -> Self {
        Self::new()
    }
}

/// What drawing a letter gave.
#[derive(Debug, Default)]
struct Drawn {
    references: Vec<Reference>,
    remote: Vec<(Token, String)>,
    links: Vec<Link>,
    laid: Option<Laid>,
    fallback: Option<Fallback>,
    stray: u32,
    warnings: Vec<Warning>,
}

impl Drawn {
    fn whole(letter: &Letter<'_>, opened: Opened) -> Self {
        let mut references = html::references_beside(letter);
        references.extend(opened.references);
        references.sort_by_key(|reference| reference.part);
        Self {
            references,
            remote: opened.remote,
            links: opened.links,
            laid: Some(opened.laid),
            fallback: None,
            stray: opened.stray,
            warnings: Vec::new(),
        }
    }
}

fn reason(error: &WorkerError) -> Fallback {
    match error {
        WorkerError::Start(_) => Fallback::NoWorker,
        WorkerError::OtherVersion => Fallback::OtherVersion,
        WorkerError::TooLong => Fallback::TooLong,
        WorkerError::Refused(_) | WorkerError::TooLarge => Fallback::TooLarge,
        _ => Fallback::Died,
    }
}

/// The bodies to draw, in order, in the charset chosen by hand if one was.
fn bodies(letter: &Letter<'_>, parts: &[usize], charset: Option<&str>) -> Vec<(usize, Body)> {
    let body = |index: &usize| {
        let part = letter.parts.get(*index)?;
        let by_hand = charset.and_then(|charset| letter.text_as(*index, charset));
        match (&part.content, by_hand) {
            (Content::Html(_), Some(html)) => Some((*index, Body::Html(html))),
            (Content::Html(html), None) => Some((*index, Body::Html(html.to_string()))),
            (Content::Text(_), Some(text)) => Some((*index, Body::Text(text))),
            (Content::Text(_), None) => {
                let text = part.plain_text();
                Some((*index, Body::Text(text.into_owned())))
            }
            _ => None,
        }
    };
    parts.iter().filter_map(body).collect()
}

pub(super) fn bodies_as_text(letter: &Letter<'_>, charset: Option<&str>) -> String {
    match charset {
        None => letter.text(),
        Some(_) => bodies(letter, &letter.text_body, charset)
            .into_iter()
            .map(|(_, body)| match body {
                Body::Text(text) => text,
                Body::Html(html) => mime::html_text::to_text(&html),
            })
            .collect::<Vec<_>>()
            .join("\n\n"),
    }
}

/// The pictures a letter brought along, up to a limit.
fn inline_parts(letter: &Letter<'_>) -> Vec<InlinePart> {
    let mut room = MAX_INLINE;
    let mut parts = Vec::new();
    for part in &letter.parts {
        let Content::Binary(bytes) = &part.content else { continue };
        let location = part
            .fields
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case("content-location"))
            .map(|field| field.value.trim().trim_matches('"').to_owned());
        if part.content_id.is_none() && location.is_none() {
            continue;
        }
        let Some(left) = room.checked_sub(bytes.len()) else { continue };
        room = left;
        parts.push(InlinePart { id: part.content_id.clone(), location, bytes: bytes.to_vec() });
    }
    parts
}

/// The charsets its text was read in, each once; one chosen by hand comes first.
fn charsets(letter: &Letter<'_>, by_hand: Option<&str>) -> Vec<String> {
    let mut found: Vec<String> = by_hand.map(str::to_owned).into_iter().collect();
    let shown = letter.html_body.iter().filter_map(|index| letter.parts.get(*index));
    for charset in shown.filter_map(|part| part.charset.as_ref()) {
        if !found.contains(charset) {
            found.push(charset.clone());
        }
    }
    found
}
