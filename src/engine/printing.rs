//! Letters on paper: a PDF of what is shown, made by a drawing process of its own, so that
//! reading goes on meanwhile and a letter that is too much for it takes nothing along.
//!
//! Promise: nothing is asked of anybody for it. Pictures are on paper only if they came
//! before and are allowed still; quoted parts are printed unfolded. A letter that is shown as
//! text is printed as text; one that cannot be put on paper otherwise is too, and that is said.
//! Printing that was asked for is waited for when the window closes.

use super::document::{Document, Pictures};
use super::protocol::{Event, Fallback, Lacking, NotDone, OpenLetter};
use super::reading::{Circumstances, Reader};
use super::run::{Engine, Inner};
use super::saving::{self, Target};
use crate::html::worker::Worker;
use crate::html::worker::protocol::{
    DocId, Paper, Print, PrintError, Printed, Request, Response, View,
};
use crate::model::{Address, Obstacle};
use std::path::PathBuf;
use std::sync::Arc;

/// People, and files, that are named above a letter; of the others it is said how many.
const PEOPLE: usize = 8;
const FILES: usize = 20;
/// Characters of a name.
const NAME: usize = 120;

/// How a letter is printed: what stands above it, in the words of `say`, which is asked
/// for them by their keys, with a count where there is one.
pub fn order(
    open: &OpenLetter,
    language: &str,
    date: Option<String>,
    say: &dyn Fn(&str, usize) -> String,
) -> Print {
    let mut lines: Vec<(String, String)> = Vec::new();
    let mut add = |key: &str, named: Vec<String>, most: usize, more: &str| {
        if named.is_empty() {
            return;
        }
        let mut value = named.iter().take(most).cloned().collect::<Vec<_>>().join(", ");
        if let Some(left @ 1..) = named.len().checked_sub(most) {
            value = format!("{value} {}", say(more, left));
        }
        lines.push((say(key, 0), value));
    };
    let people = |all: &[Address]| all.iter().map(person).collect::<Vec<_>>();
    add("print-from", people(&open.from), PEOPLE, "print-more-people");
    add("print-to", people(&open.to), PEOPLE, "print-more-people");
    add("print-cc", people(&open.cc), PEOPLE, "print-more-people");
    add("print-date", date.into_iter().collect(), 1, "");
    let files = open.report.attachments.iter().map(|file| match file.name.as_deref() {
        Some(name) => name.chars().take(NAME).collect(),
        None => say("attachment-unnamed", 0),
    });
    add("print-attached", files.collect(), FILES, "print-more-files");
    Print {
        paper: Paper::A4,
        language: language.to_owned(),
        title: match open.subject.trim() {
            "" => say("no-subject", 0),
            subject => subject.to_owned(),
        },
        lines,
        cut: say("print-cut", 0),
    }
}

fn person(address: &Address) -> String {
    let short = |text: &str| text.chars().take(NAME).collect::<String>();
    match address.name.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
        Some(name) => format!("{} <{}>", short(name), short(&address.addr)),
        None => short(&address.addr),
    }
}

/// A letter to be printed, apart from the one that is read.
struct Job {
    raw: Arc<Vec<u8>>,
    charset: Option<String>,
    view: View,
    pictures: Pictures,
    /// Why it is shown as text, if it is.
    fallback: Option<Fallback>,
    order: Print,
    to: Target,
    program: Option<PathBuf>,
}

impl Engine {
    /// Prints an open letter, on a thread of its own. Whatever happens is
    /// told. One that is being printed is not printed again meanwhile.
    pub(super) fn print(&mut self, doc: DocId, order: Print, to: Target) {
        if self.prints.contains(&doc) {
            return;
        }
        let not = |why| Event::NotSaved(to.path(), why);
        let Some((_, document)) = self.documents.get(&doc) else {
            return self.tell(not(NotDone::File(Obstacle::Missing)));
        };
        if let Some(why) = self.missing(document) {
            return self.tell(not(why));
        }
        let job = Job {
            raw: Arc::clone(&document.raw),
            charset: document.charset.clone(),
            view: document.view,
            pictures: document.pictures_shown(),
            fallback: document.fallback,
            order,
            to: to.clone(),
            program: self.options.program.clone(),
        };
        let (back, turn) = (self.back.clone(), Arc::clone(&self.printing));
        let started = std::thread::Builder::new().name("printing".into()).spawn(move || {
            // One after the other: each takes a process.
            let _turn = turn.lock();
            let _ = back.send(Inner::Printed(doc, job.done()));
        });
        match started {
            Ok(_) => drop(self.prints.insert(doc)),
            Err(error) => self.tell(not(NotDone::Thread(Obstacle::from(&error)))),
        }
    }
}

impl Job {
    fn done(&self) -> Event {
        match self.printed() {
            Ok((printed, lacking)) => match saving::written(&self.to, &printed.pdf) {
                Event::Saved(path) if lacking != Lacking::default() => {
                    Event::Printed(path, lacking)
                }
                told => told,
            },
            Err(why) => Event::NotSaved(self.to.path(), why),
        }
    }

    fn printed(&self) -> Result<(Printed, Lacking), NotDone> {
        let mut reader = match &self.program {
            Some(program) => Reader::with(Worker::start_program(program)),
            None => Reader::new(),
        };
        let with = Circumstances { charset: self.charset.clone(), ..Circumstances::default() };
        let raw = Arc::clone(&self.raw);
        let (mut document, _) = reader.open(1, None, raw, &with, self.view);
        match self.fallback.filter(|_| document.fallback.is_none()) {
            Some(why) => reader.show_as_text(&mut document, why),
            None => drop(reader.show(&mut document, &self.pictures)),
        }
        let printed = reader.print(&mut document, &self.order)?;
        let lacking = Lacking { as_text: document.fallback.is_some(), cut: !printed.whole };
        Ok((printed, lacking))
    }
}

impl Reader {
    /// Prints an open letter. One that kills the drawing process, or is too much for paper, is
    /// printed as text.
    ///
    /// # Errors
    /// [`NotDone::TooLargeToPrint`], [`NotDone::Unwritten`], [`NotDone::NotPrinted`].
    pub fn print(&mut self, document: &mut Document, order: &Print) -> Result<Printed, NotDone> {
        let mut why = NotDone::NotPrinted;
        for _ in 0..2 {
            if document.laid.is_none() {
                break;
            }
            match self.call(&Request::Print(document.doc, Box::new(order.clone()))) {
                Ok(Response::Printed(printed)) => return Ok(printed),
                Ok(Response::NotPrinted(error)) => {
                    why = match error {
                        PrintError::TooLarge => NotDone::TooLargeToPrint,
                        PrintError::Unwritten => NotDone::Unwritten,
                        PrintError::Failed => NotDone::NotPrinted,
                    };
                    if document.fallback.is_some() {
                        break;
                    }
                    let fallback = match error {
                        PrintError::TooLarge => Fallback::TooLarge,
                        PrintError::Unwritten | PrintError::Failed => Fallback::Died,
                    };
                    self.show_as_text(document, fallback);
                }
                Ok(_) => break,
                Err(error) => self.recover(document, &error),
            }
        }
        Err(why)
    }
}
