//! A mail server in memory, with another program that uses it, and with a plan when it
//! falls over.

use crate::engine::intents::Server;
use crate::model::{Flags, Role};
use crate::net::imap::{
    Appended, Copied, Fetched, ImapError, Listed, Selected, Status, Store as Change, StoreHow,
    UidSet, Wanted,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};

type Result<T> = std::result::Result<T, ImapError>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub uid: u32,
    pub raw: Vec<u8>,
    pub flags: Flags,
    pub keywords: BTreeSet<String>,
}

impl Letter {
    /// Keywords as the store has them.
    pub fn words(&self) -> Vec<String> {
        self.keywords.iter().cloned().collect()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Folder {
    pub uidvalidity: u32,
    pub uidnext: u32,
    pub letters: Vec<Letter>,
}

impl Folder {
    pub fn put(&mut self, letter: &Letter) -> u32 {
        let uid = self.uidnext;
        self.uidnext += 1;
        self.letters.push(Letter { uid, ..letter.clone() });
        uid
    }
}

/// What a server offers and will not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Manners {
    pub can_move: bool,
    pub uidplus: bool,
    /// STATUS tells no UIDNEXT.
    pub no_uidnext: bool,
    /// It cannot search.
    pub no_search: bool,
    /// It keeps no keywords but its own.
    pub no_keywords: bool,
}

#[derive(Debug, Default)]
pub struct World {
    pub folders: BTreeMap<String, Folder>,
    pub manners: Manners,
    /// Fail points left until the connection breaks.
    pub break_in: Option<u32>,
    /// Commands that change something and are still obeyed before the next is refused.
    pub refuse_in: Option<u32>,
    pub commands: Vec<String>,
}

/// A connection to it.
#[derive(Debug, Clone, Default)]
pub struct Fake {
    pub world: Arc<Mutex<World>>,
    open: Option<String>,
}

impl Fake {
    pub fn new(world: &Arc<Mutex<World>>) -> Self {
        Self { world: Arc::clone(world), open: None }
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// A place where the connection may break.
    fn point(&self) -> Result<()> {
        let mut world = self.world();
        if let Some(left) = &mut world.break_in {
            if *left == 0 {
                return Err(ImapError::Lost("a fail point".into()));
            }
            *left -= 1;
        }
        Ok(())
    }

    fn command(&self, what: String) -> Result<()> {
        self.point()?;
        self.world().commands.push(what);
        Ok(())
    }

    fn change(&self, what: String) -> Result<()> {
        self.command(what)?;
        let mut world = self.world();
        if let Some(left) = &mut world.refuse_in {
            if *left == 0 {
                world.refuse_in = None;
                return Err(ImapError::No("not today".into()));
            }
            *left -= 1;
        }
        Ok(())
    }

    fn here(&self) -> Result<String> {
        self.open.clone().ok_or_else(|| ImapError::Bad("no folder is open".into()))
    }

    fn take(&self, uids: &UidSet, to: &str, leave: bool) -> Result<Option<Copied>> {
        let here = self.here()?;
        let mut world = self.world();
        let uidplus = world.manners.uidplus;
        if !world.folders.contains_key(to) {
            return Err(ImapError::NoSuchMailbox("[TRYCREATE]".into()));
        }
        let from = world.folders.get_mut(&here).unwrap();
        let (taken, kept): (Vec<Letter>, Vec<Letter>) =
            from.letters.drain(..).partition(|letter| uids.has(letter.uid));
        from.letters = kept;
        if leave {
            from.letters.extend(taken.iter().cloned());
            from.letters.sort_by_key(|letter| letter.uid);
        }
        let target = world.folders.get_mut(to).unwrap();
        let pairs: Vec<(u32, u32)> =
            taken.iter().map(|letter| (letter.uid, target.put(letter))).collect();
        let uidvalidity = target.uidvalidity;
        Ok((uidplus && !pairs.is_empty()).then_some(Copied { uidvalidity, uids: pairs }))
    }
}

/// Flags and keywords as STORE has them.
pub fn set(letter: &mut Letter, names: &[String], how: StoreHow) {
    let known = [
        ("\\Seen", Flags::SEEN),
        ("\\Answered", Flags::ANSWERED),
        ("\\Flagged", Flags::FLAGGED),
        ("\\Draft", Flags::DRAFT),
        ("\\Deleted", Flags::DELETED),
        ("$Forwarded", Flags::FORWARDED),
        ("$Junk", Flags::JUNK),
        ("$MDNSent", Flags::MDN_SENT),
    ];
    for name in names {
        match (known.iter().find(|(known, _)| known == name), how) {
            (Some((_, flag)), StoreHow::Add) => letter.flags = letter.flags.with(*flag),
            (Some((_, flag)), StoreHow::Remove) => letter.flags = letter.flags.without(*flag),
            (None, StoreHow::Add) => {
                letter.keywords.insert(name.clone());
            }
            (None, StoreHow::Remove) => {
                letter.keywords.remove(name);
            }
        }
    }
}

fn header(raw: &[u8]) -> Vec<u8> {
    let end = raw.windows(4).position(|four| four == b"\r\n\r\n").map_or(raw.len(), |at| at + 4);
    raw[..end].to_vec()
}

impl Server for Fake {
    fn offers(&self, word: &str) -> bool {
        let manners = self.world().manners;
        match word {
            "MOVE" => manners.can_move,
            "UIDPLUS" => manners.uidplus,
            _ => false,
        }
    }

    async fn list(&mut self) -> Result<Vec<Listed>> {
        self.command("LIST".into())?;
        Ok(self
            .world()
            .folders
            .keys()
            .map(|name| Listed {
                mailbox: name.clone(),
                levels: name.split('/').map(str::to_owned).collect(),
                role: (name == "INBOX").then_some(Role::Inbox),
                selectable: true,
                subscribed: true,
                delimiter: Some('/'),
            })
            .collect())
    }

    async fn status(&mut self, mailbox: &str) -> Result<Status> {
        self.command(format!("STATUS {mailbox}"))?;
        let world = self.world();
        let Some(folder) = world.folders.get(mailbox) else {
            return Err(ImapError::NoSuchMailbox(mailbox.into()));
        };
        Ok(Status {
            messages: folder.letters.len() as u32,
            uidnext: (!world.manners.no_uidnext).then_some(folder.uidnext),
            uidvalidity: Some(folder.uidvalidity),
            ..Status::default()
        })
    }

    async fn select(&mut self, mailbox: &str) -> Result<Selected> {
        self.command(format!("SELECT {mailbox}"))?;
        self.open = None;
        let world = self.world();
        let Some(folder) = world.folders.get(mailbox) else {
            return Err(ImapError::NoSuchMailbox(mailbox.into()));
        };
        let selected = Selected {
            exists: folder.letters.len() as u32,
            uidvalidity: Some(folder.uidvalidity),
            uidnext: Some(folder.uidnext),
            permanent: ["\\*", "\\Seen", "\\Flagged", "\\Answered", "\\Draft", "\\Deleted"]
                .into_iter()
                .filter(|word| *word != "\\*" || !world.manners.no_keywords)
                .map(str::to_owned)
                .collect(),
            ..Selected::default()
        };
        drop(world);
        self.open = Some(mailbox.to_owned());
        Ok(selected)
    }

    async fn each(
        &mut self,
        uids: UidSet,
        wanted: Wanted,
        take: &mut (dyn FnMut(Fetched) + Send),
    ) -> Result<()> {
        self.command(format!("FETCH {uids:?}"))?;
        let here = self.here()?;
        let letters = self.world().folders.get(&here).unwrap().letters.clone();
        for letter in letters.iter().filter(|letter| uids.has(letter.uid)) {
            take(Fetched {
                uid: Some(letter.uid),
                flags: Some(letter.flags),
                keywords: letter.words(),
                size: Some(letter.raw.len() as u64),
                bytes: (wanted == Wanted::Header).then(|| header(&letter.raw)),
                ..Fetched::default()
            });
        }
        self.point()
    }

    async fn search(&mut self, query: &str) -> Result<Vec<u32>> {
        self.command(format!("SEARCH {query}"))?;
        let here = self.here()?;
        let world = self.world();
        let letters = &world.folders.get(&here).unwrap().letters;
        if query == "DELETED" {
            let deleted = letters.iter().filter(|letter| letter.flags.has(Flags::DELETED));
            return Ok(deleted.map(|letter| letter.uid).collect());
        }
        if world.manners.no_search {
            return Err(ImapError::No("no searching here".into()));
        }
        let matching = |letter: &&Letter| match query.strip_prefix("HEADER Message-ID \"") {
            Some(id) => {
                let field = format!("<{}>", id.trim_end_matches('"'));
                String::from_utf8_lossy(&letter.raw).contains(&field)
            }
            None => {
                let numbers: Vec<usize> =
                    query.split(' ').filter_map(|word| word.parse().ok()).collect();
                letter.raw.len() > numbers[0] && letter.raw.len() < numbers[1]
            }
        };
        Ok(letters.iter().filter(matching).map(|letter| letter.uid).collect())
    }

    async fn store(&mut self, change: &Change) -> Result<()> {
        self.change(format!("STORE {change:?}"))?;
        let here = self.here()?;
        let mut world = self.world();
        let letters = &mut world.folders.get_mut(&here).unwrap().letters;
        for letter in letters.iter_mut().filter(|letter| change.uids.has(letter.uid)) {
            set(letter, &change.flags, change.how);
        }
        drop(world);
        self.point()
    }

    async fn copy(&mut self, uids: &UidSet, to: &str) -> Result<Option<Copied>> {
        self.change(format!("COPY {uids:?} {to}"))?;
        let copied = self.take(uids, to, true)?;
        self.point()?;
        Ok(copied)
    }

    async fn move_to(&mut self, uids: &UidSet, to: &str) -> Result<Option<Copied>> {
        if !self.offers("MOVE") {
            return Err(ImapError::Unoffered("MOVE"));
        }
        self.change(format!("MOVE {uids:?} {to}"))?;
        let copied = self.take(uids, to, false)?;
        self.point()?;
        Ok(copied)
    }

    async fn expunge(&mut self, uids: &UidSet) -> Result<()> {
        if !self.offers("UIDPLUS") {
            return Err(ImapError::Unoffered("UIDPLUS"));
        }
        self.change(format!("UID EXPUNGE {uids:?}"))?;
        let here = self.here()?;
        let mut world = self.world();
        let letters = &mut world.folders.get_mut(&here).unwrap().letters;
        letters.retain(|l| !(uids.has(l.uid) && l.flags.has(Flags::DELETED)));
        drop(world);
        self.point()
    }

    async fn expunge_all(&mut self) -> Result<()> {
        self.change("EXPUNGE".into())?;
        let here = self.here()?;
        let mut world = self.world();
        let letters = &mut world.folders.get_mut(&here).unwrap().letters;
        letters.retain(|letter| !letter.flags.has(Flags::DELETED));
        drop(world);
        self.point()
    }

    async fn append(
        &mut self,
        mailbox: &str,
        flags: &[String],
        _date: Option<i64>,
        raw: &[u8],
    ) -> Result<Option<Appended>> {
        self.change(format!("APPEND {mailbox}"))?;
        let mut world = self.world();
        let uidplus = world.manners.uidplus;
        let Some(folder) = world.folders.get_mut(mailbox) else {
            return Err(ImapError::NoSuchMailbox(mailbox.into()));
        };
        let mut letter =
            Letter { uid: 0, raw: raw.to_vec(), flags: Flags::NONE, keywords: BTreeSet::new() };
        set(&mut letter, flags, StoreHow::Add);
        let uid = folder.put(&letter);
        let uidvalidity = folder.uidvalidity;
        drop(world);
        self.point()?;
        Ok(uidplus.then_some(Appended { uidvalidity, uid }))
    }

    async fn create(&mut self, mailbox: &str) -> Result<()> {
        self.change(format!("CREATE {mailbox}"))?;
        let mut world = self.world();
        if world.folders.contains_key(mailbox) {
            return Err(ImapError::AlreadyThere(mailbox.into()));
        }
        let uidvalidity = 1000 + world.commands.len() as u32;
        let folder = Folder { uidvalidity, uidnext: 1, letters: Vec::new() };
        world.folders.insert(mailbox.to_owned(), folder);
        drop(world);
        self.point()
    }

    async fn delete(&mut self, mailbox: &str) -> Result<()> {
        self.change(format!("DELETE {mailbox}"))?;
        let gone = self.world().folders.remove(mailbox);
        if gone.is_none() {
            return Err(ImapError::NoSuchMailbox(mailbox.into()));
        }
        self.point()
    }

    async fn rename(&mut self, mailbox: &str, to: &str) -> Result<()> {
        self.change(format!("RENAME {mailbox} {to}"))?;
        let mut world = self.world();
        if world.folders.contains_key(to) {
            return Err(ImapError::AlreadyThere(to.into()));
        }
        if !world.folders.contains_key(mailbox) {
            return Err(ImapError::NoSuchMailbox(mailbox.into()));
        }
        let below = format!("{mailbox}/");
        let all: Vec<String> = world.folders.keys().cloned().collect();
        for name in all {
            let new = match name.strip_prefix(&below) {
                Some(rest) => format!("{to}/{rest}"),
                None if name == mailbox => to.to_owned(),
                None => continue,
            };
            let folder = world.folders.remove(&name).unwrap();
            world.folders.insert(new, folder);
        }
        drop(world);
        self.point()
    }

    async fn subscribe(&mut self, _mailbox: &str, _yes: bool) -> Result<()> {
        self.point()
    }
}
