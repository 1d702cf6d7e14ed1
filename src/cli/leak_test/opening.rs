//! Opening a letter as the window does: drawn by the drawing process, every strip of
//! it painted, pointed at, searched, selected, looked at in the dark; pictures blocked.

use crate::engine::protocol::Fallback;
use crate::engine::reading::{Circumstances, Document, Reader};
use crate::engine::remote;
use crate::html::clean::Scheme;
use crate::html::worker::WorkerError;
use crate::html::worker::protocol::{Request, Response, Select, View};
use crate::net::http::Client;
use std::sync::Arc;
use tokio::runtime::Runtime;

/// Device pixels of a letter that are painted, from its top.
const HEIGHT: u32 = 20_000;

/// Device pixels painted at once.
const STRIP: u32 = 1024;

const VIEW: View = View { width: 600.0, scale: 1.0, zoom: 1.0, scheme: Scheme::Light, fit: true };

/// What is broken on purpose, to see that it would be noticed.
#[cfg(debug_assertions)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Sabotage {
    /// Letters are drawn as they came.
    Cleaner,
    /// Everything that is judged is allowed.
    Gate,
}

/// How opening a letter went, the worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Drawn {
    /// As itself.
    Whole,
    /// As text.
    AsText,
    /// Not at all.
    Nothing,
}

/// What opening a letter showed.
#[derive(Debug)]
pub(super) struct Seen {
    pub drawn: Drawn,
    /// Addresses in its ledger.
    pub ledger: Vec<String>,
    /// Addresses that were asked for by the engine that draws.
    pub stray: u64,
}

/// Opens letters.
pub(super) struct Opener {
    reader: Reader,
    number: u32,
    client: Client,
    runtime: Runtime,
    /// The gate is broken on purpose.
    #[cfg(debug_assertions)]
    open_gate: bool,
}

impl Opener {
    /// Starts the drawing process and waits until it is warm.
    ///
    /// # Errors
    /// There is no drawing process.
    pub fn new() -> Result<Self, WorkerError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| WorkerError::Start(error.to_string()))?;
        let mut reader = Reader::new();
        reader.call(&Request::Ping)?;
        Ok(Self {
            reader,
            number: 0,
            client: Client::default(),
            runtime,
            #[cfg(debug_assertions)]
            open_gate: false,
        })
    }

    /// Breaks something.
    ///
    /// # Errors
    /// The drawing process.
    #[cfg(debug_assertions)]
    pub fn sabotage(&mut self, what: Sabotage) -> Result<(), WorkerError> {
        match what {
            Sabotage::Cleaner => self.reader.call(&Request::Sabotage).map(drop),
            Sabotage::Gate => {
                self.open_gate = true;
                Ok(())
            }
        }
    }

    /// Opens one, fetches what is allowed of it (nothing), looks at all of it, closes
    /// it. `reachable` is where its addresses lead: that they lead to a private network
    /// is no reason to refuse them here.
    pub fn open(&mut self, raw: Vec<u8>, scheme: Scheme, reachable: Vec<(String, u16)>) -> Seen {
        self.number = self.number.wrapping_add(1);
        let with = Circumstances { reachable, ..Circumstances::default() };
        let view = View { scheme, ..VIEW };
        let (mut document, _) = self.reader.open(self.number, None, Arc::new(raw), &with, view);
        let ledger: Vec<String> =
            document.judge().entries.iter().map(|entry| entry.reference.url.clone()).collect();
        #[cfg(debug_assertions)]
        if self.open_gate {
            document.policy.once = true;
            document.policy.by_hand = ledger.clone();
        }
        // As the engine does it with every letter it opens.
        let wanted = document.to_fetch(&document.judge());
        if !wanted.is_empty() {
            let journal = Arc::new(remote::Unkept);
            let fetched = remote::fetch(&self.client, &wanted, &document.policy, journal);
            self.runtime.block_on(fetched);
        }
        if let Err(error) = self.look(&document)
            && !matches!(error, WorkerError::Refused(_))
        {
            self.reader.recover(&mut document, &error);
            // As text it is a letter like any other.
            let _ = self.look(&document);
        }
        let _ = self.reader.call(&Request::Close(document.doc));
        let drawn = match (document.laid, document.fallback) {
            (Some(_), None) => Drawn::Whole,
            (Some(_), Some(Fallback::NoWorker | Fallback::OtherVersion)) | (None, _) => {
                Drawn::Nothing
            }
            (Some(_), Some(_)) => Drawn::AsText,
        };
        Seen { drawn, ledger, stray: u64::from(document.stray) }
    }

    /// All that a reader can do with an open letter.
    fn look(&mut self, document: &Document) -> Result<(), WorkerError> {
        let doc = document.doc;
        let Some(laid) = document.laid else { return Ok(()) };
        self.paint(doc, laid.device.1)?;
        let (width, height) = (VIEW.width, laid.device.1 as f32 / laid.factor.max(0.1));
        for part in [0.1, 0.3, 0.5, 0.7, 0.9] {
            self.reader.call(&Request::Hit(doc, (width * part, height.min(800.0) * part)))?;
            self.reader.call(&Request::Hit(doc, (12.0, height.min(800.0) * part)))?;
        }
        self.reader.call(&Request::Find(doc, "before".into()))?;
        self.reader.call(&Request::Select(doc, Select::All))?;
        let other = match document.view.scheme {
            Scheme::Light => Scheme::Dark,
            Scheme::Dark => Scheme::Light,
        };
        let other = View { scheme: other, zoom: 1.5, ..VIEW };
        if let Response::Laid(laid) = self.reader.call(&Request::View(doc, other))? {
            self.paint(doc, laid.device.1)?;
        }
        Ok(())
    }

    fn paint(&mut self, doc: u32, height: u32) -> Result<(), WorkerError> {
        let mut y = 0;
        while y < height.min(HEIGHT) {
            match self.reader.call(&Request::Paint(doc, y, STRIP.min(height - y)))? {
                Response::Tile(tile) if tile.size.1 > 0 => y += tile.size.1,
                _ => break,
            }
        }
        Ok(())
    }
}
