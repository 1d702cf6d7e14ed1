//! What [`super::odd_imap`] has and knows: its folders and letters, the rules it was told to
//! break, the commands it heard.

use std::collections::BTreeMap;

/// Which rules it breaks.
#[derive(Default)]
pub struct Odd {
    /// What it says it can do, beside IMAP4rev1.
    pub offers: &'static str,
    /// No UIDNEXT, in SELECT and STATUS.
    pub no_uidnext: bool,
    /// No UIDVALIDITY.
    pub no_uidvalidity: bool,
    /// STATUS is refused.
    pub no_status: bool,
    /// Every letter is told twice in answers to FETCH, the second time without its bytes.
    pub twice: bool,
    /// Sizes are this much off.
    pub size_off: i64,
    /// Answers to FETCH come with the highest number first.
    pub backwards: bool,
    /// Commands that begin so (after the tag) are answered NO this many times, with nothing
    /// before it.
    pub refuse: Vec<(&'static str, usize)>,
    /// Letters whose bytes are never handed over: left out of an answer that ends with NO.
    pub broken: Vec<u32>,
    /// Letters that are removed the moment their bytes are first asked for.
    pub vanishing: Vec<u32>,
    /// Only so many of the newest letters of a folder are there to be seen.
    pub shows: Option<usize>,
    /// It hangs up after so many bytes of letters, once.
    pub hangs_up_after: Option<usize>,
    /// It says what it calls itself.
    pub greeting: &'static str,
    /// LIST names no folder, once.
    pub list_nothing: bool,
    /// FETCH of flags or sizes answers OK with half of the letters, once.
    pub half_a_list: bool,
    /// A flag change of somebody else's is told in the midst of every answer.
    pub chatty: bool,
    /// Pieces of letters are refused.
    pub no_pieces: bool,
    /// Sizes from a million on are written as floating numbers with six digits.
    pub floating_sizes: bool,
    /// Where it goes on, it says `+` and nothing else.
    pub bare_plus: bool,
    /// A set that does not ascend is BAD.
    pub ascending: bool,
    /// It hangs up on who idles, after a moment.
    pub drops_idle: bool,
    /// Nobody opens a folder who has not said who they are.
    pub wants_id: bool,
    /// Stands behind the items of every FETCH.
    pub beside: &'static str,
    /// Said at every SELECT.
    pub at_select: &'static str,
    /// Said before the end of every NOOP, SELECT and login.
    pub alert: &'static str,
    /// What happens once when this folder is being opened: the server has looked at it, and
    /// has not answered yet.
    pub meanwhile: Option<Meanwhile>,
}

/// What happens, and at which folder.
pub type Meanwhile = (&'static str, Box<dyn FnOnce() + Send>);

/// A letter there.
#[derive(Clone)]
pub struct Kept {
    pub uid: u32,
    pub flags: Vec<String>,
    pub bytes: Vec<u8>,
    /// X-GM-MSGID.
    pub name: u64,
}

/// A folder there.
#[derive(Clone, Default)]
pub struct OddFolder {
    pub uidvalidity: u32,
    pub uidnext: u32,
    pub letters: Vec<Kept>,
    /// In LIST.
    pub attributes: &'static str,
}

#[derive(Default)]
pub struct World {
    pub odd: Odd,
    pub folders: BTreeMap<String, OddFolder>,
    /// Commands heard, without tags.
    pub heard: Vec<String>,
    /// Bytes of whole letters that were handed over.
    pub handed: usize,
    pub(super) names: u64,
}

impl World {
    /// An empty folder.
    pub fn create(&mut self, folder: &str, attributes: &'static str) {
        let new = OddFolder { uidvalidity: 77, uidnext: 1, attributes, ..OddFolder::default() };
        self.folders.insert(folder.into(), new);
    }

    pub fn deliver(&mut self, folder: &str, flags: &[&str], bytes: Vec<u8>) -> u32 {
        self.names += 1;
        self.deliver_as(1 << 63 | self.names, folder, flags, bytes)
    }

    /// One letter under several labels.
    pub fn label(&mut self, labels: &[&str], bytes: &[u8]) {
        self.names += 1;
        let name = 1 << 63 | self.names;
        for label in labels {
            self.deliver_as(name, label, &[], bytes.to_vec());
        }
    }

    /// A letter under this X-GM-MSGID.
    pub fn deliver_as(&mut self, name: u64, folder: &str, flags: &[&str], bytes: Vec<u8>) -> u32 {
        let folder = self.folders.get_mut(folder).unwrap();
        let uid = folder.uidnext;
        folder.uidnext += 1;
        let flags = flags.iter().map(|flag| (*flag).to_owned()).collect();
        folder.letters.push(Kept { uid, flags, bytes, name });
        uid
    }

    /// Letters of a set of UIDs.
    pub(super) fn chosen(&self, folder: &str, set: &str) -> Vec<Kept> {
        let ranges = ranges(set);
        let chosen = |one: &&Kept| ranges.iter().any(|(from, to)| (*from..=*to).contains(&one.uid));
        self.folders[folder].letters.iter().filter(chosen).cloned().collect()
    }

    /// Changes letters of a set of UIDs, under all of their labels.
    pub(super) fn mark(&mut self, folder: &str, set: &str, change: impl Fn(&mut Kept)) {
        for chosen in self.chosen(folder, set) {
            let all = self.folders.values_mut().flat_map(|folder| &mut folder.letters);
            all.filter(|one| one.name == chosen.name).for_each(&change);
        }
    }

    pub fn remove(&mut self, folder: &str, uid: u32) {
        self.folders.get_mut(folder).unwrap().letters.retain(|letter| letter.uid != uid);
    }
}

pub(super) fn visible<'f>(folder: &'f OddFolder, odd: &Odd) -> &'f [Kept] {
    let hidden = odd.shows.map_or(0, |shows| folder.letters.len().saturating_sub(shows));
    &folder.letters[hidden..]
}

pub(super) fn ranges(set: &str) -> Vec<(u32, u32)> {
    let number = |text: &str| if text == "*" { u32::MAX } else { text.parse().unwrap() };
    set.split(',')
        .map(|part| {
            let (from, to) = part.split_once(':').unwrap_or((part, part));
            let (from, to) = (number(from), number(to));
            (from.min(to), from.max(to))
        })
        .collect()
}
