//! A mail server with a mailbox of its own that keeps to the rules, but for those it is told
//! to break: for what Dovecot never does. Any number of connections, any number of times.

use super::dovecot::{TrueFolder, TrueLetter, Truth};
pub use super::odd_world::{Kept, Odd, OddFolder, World};
use super::odd_world::{ranges, visible};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};

/// See above.
pub struct OddServer {
    pub port: u16,
    world: Arc<Mutex<World>>,
}

impl OddServer {
    /// With an INBOX of these letters.
    pub fn start(odd: Odd, letters: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let mut world = World { odd, ..World::default() };
        world.create("INBOX", "");
        for bytes in letters {
            world.deliver("INBOX", &[], bytes);
        }
        let world = Arc::new(Mutex::new(world));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::clone(&world);
        std::thread::spawn(move || {
            for tcp in listener.incoming() {
                let world = Arc::clone(&shared);
                std::thread::spawn(move || {
                    // Who hangs up on us is done.
                    let _ = Talk::new(tcp.unwrap(), world).go_on();
                });
            }
        });
        Self { port, world }
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// As `goyo account add --imap` takes it.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}:plain", self.port)
    }

    /// What it really holds, and shows.
    pub fn truth(&self) -> Truth {
        let world = self.world();
        let folder = |folder: &OddFolder| TrueFolder {
            letters: folder
                .letters
                .iter()
                .map(|letter| {
                    let sha256 = goyo::store::sha256(&letter.bytes);
                    let sha256 = sha256.iter().map(|byte| format!("{byte:02x}")).collect();
                    let mut flags = letter.flags.clone();
                    flags.sort();
                    (letter.uid, TrueLetter { flags, sha256, size: letter.bytes.len() as u64 })
                })
                .collect(),
            ..TrueFolder::default()
        };
        world.folders.iter().map(|(name, one)| (name.clone(), folder(one))).collect()
    }
}

/// One connection.
struct Talk {
    from: BufReader<TcpStream>,
    to: TcpStream,
    world: Arc<Mutex<World>>,
    open: Option<String>,
    /// How the open folder looked when it was opened: sequence numbers stay.
    view: Vec<u32>,
    /// The other side has said who it is.
    introduced: bool,
}

type Io<T> = std::io::Result<T>;

impl Talk {
    fn new(tcp: TcpStream, world: Arc<Mutex<World>>) -> Self {
        tcp.set_nodelay(true).unwrap();
        let from = BufReader::new(tcp.try_clone().unwrap());
        Self { from, to: tcp, world, open: None, view: Vec::new(), introduced: false }
    }

    fn say(&mut self, text: &str) -> Io<()> {
        self.to.write_all(text.as_bytes())?;
        self.to.write_all(b"\r\n")
    }

    fn plus(&mut self) -> Io<()> {
        let bare = self.world.lock().unwrap().odd.bare_plus;
        self.say(if bare { "+" } else { "+ go on" })
    }

    fn alert(&mut self) -> Io<()> {
        let alert = self.world.lock().unwrap().odd.alert;
        if alert.is_empty() { Ok(()) } else { self.say(&format!("* OK [ALERT] {alert}")) }
    }

    fn line(&mut self) -> Io<Option<String>> {
        let mut line = String::new();
        if self.from.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        // Literals of arguments, which may come in one.
        while let Some(at) = line.trim_end().strip_suffix('}').and_then(|text| text.rfind('{')) {
            let count: usize = line.trim_end()[at + 1..line.trim_end().len() - 1]
                .trim_end_matches('+')
                .parse()
                .unwrap();
            self.plus()?;
            let mut bytes = vec![0; count];
            self.from.read_exact(&mut bytes)?;
            line.truncate(at);
            line.push_str(&String::from_utf8_lossy(&bytes));
            self.from.read_line(&mut line)?;
        }
        Ok(Some(line.trim_end().to_owned()))
    }

    fn go_on(&mut self) -> Io<()> {
        let greeting = self.world.lock().unwrap().odd.greeting;
        self.say(&format!("* OK {}", if greeting.is_empty() { "ready" } else { greeting }))?;
        while let Some(line) = self.line()? {
            let (tag, command) = line.split_once(' ').unwrap_or((&line, ""));
            let shown = if command.starts_with("LOGIN") { "LOGIN" } else { command };
            self.world.lock().unwrap().heard.push(shown.to_owned());
            if self.refused(command) {
                self.say(&format!("{tag} NO [SERVERBUG] not now"))?;
                continue;
            }
            if command == "LOGOUT" {
                self.say("* BYE")?;
                self.say(&format!("{tag} OK"))?;
                return Ok(());
            }
            let verdict = self.command(command)?;
            self.say(&format!("{tag} {verdict}"))?;
        }
        Ok(())
    }

    fn refused(&self, command: &str) -> bool {
        let mut world = self.world.lock().unwrap();
        let rule = world
            .odd
            .refuse
            .iter_mut()
            .find(|(start, left)| *left > 0 && command.starts_with(start));
        match rule {
            Some((_, left)) => {
                *left -= 1;
                true
            }
            None => false,
        }
    }

    fn command(&mut self, command: &str) -> Io<String> {
        let words: Vec<&str> = command.split(' ').collect();
        let ok = |text: &str| Ok(format!("OK {text}"));
        match words[0] {
            "CAPABILITY" => {
                let offers = self.world.lock().unwrap().odd.offers;
                self.say(&format!("* CAPABILITY IMAP4rev1 {offers}"))?;
                ok("done")
            }
            "LOGIN" | "NOOP" => {
                self.alert()?;
                ok("done")
            }
            "ID" => {
                self.introduced = true;
                ok("done")
            }
            "CLOSE" | "UNSELECT" | "ENABLE" => ok("done"),
            "AUTHENTICATE" => {
                if words.len() < 3 {
                    self.plus()?;
                    self.line()?;
                }
                self.alert()?;
                ok("done")
            }
            "LIST" | "LSUB" => {
                let mut world = self.world.lock().unwrap();
                let names: Vec<(String, &str)> =
                    match words[0] == "LIST" && std::mem::take(&mut world.odd.list_nothing) {
                        true => Vec::new(),
                        false => {
                            let named = world.folders.iter();
                            named.map(|(name, one)| (name.clone(), one.attributes)).collect()
                        }
                    };
                drop(world);
                for (name, attributes) in names {
                    self.say(&format!("* {} ({attributes}) \"/\" \"{name}\"", words[0]))?;
                }
                ok("done")
            }
            "STATUS" => {
                if self.world.lock().unwrap().odd.no_status {
                    return Ok("NO no STATUS here".into());
                }
                let name = name_in(command);
                let world = self.world.lock().unwrap();
                let Some(folder) = world.folders.get(&name) else {
                    return Ok("NO [NONEXISTENT] no such folder".into());
                };
                let letters = visible(folder, &world.odd);
                let unseen =
                    letters.iter().filter(|l| !l.flags.iter().any(|f| f == "\\Seen")).count();
                let mut items = format!("MESSAGES {} UNSEEN {unseen}", letters.len());
                if !world.odd.no_uidnext {
                    let _ = write!(items, " UIDNEXT {}", folder.uidnext);
                }
                if !world.odd.no_uidvalidity {
                    let _ = write!(items, " UIDVALIDITY {}", folder.uidvalidity);
                }
                drop(world);
                self.say(&format!("* STATUS \"{name}\" ({items})"))?;
                ok("done")
            }
            "SELECT" | "EXAMINE" => self.select(&name_in(command)),
            "FETCH" => self.fetch(words[1], command, false),
            "UID" if words[1] == "FETCH" => self.fetch(words[2], command, true),
            "UID" if words[1] == "MOVE" => self.relabel(words[2], command),
            "UID" if words[1] == "STORE" => {
                let (sign, flags) = (words[3].as_bytes()[0], command.split_once('(').unwrap().1);
                let flags: Vec<&str> = flags.trim_end_matches(')').split(' ').collect();
                self.world.lock().unwrap().mark(self.open.as_ref().unwrap(), words[2], |letter| {
                    letter.flags.retain(|flag| !flags.contains(&flag.as_str()));
                    if sign == b'+' {
                        letter.flags.extend(flags.iter().map(|flag| (*flag).to_owned()));
                    }
                });
                ok("done")
            }
            "UID" if words[1] == "SEARCH" => {
                let uids: Vec<String> = self.view.iter().map(ToString::to_string).collect();
                self.say(format!("* SEARCH {}", uids.join(" ")).trim_end())?;
                ok("done")
            }
            "IDLE" => {
                self.plus()?;
                if self.world.lock().unwrap().odd.drops_idle {
                    std::thread::sleep(std::time::Duration::from_millis(300));
                    return Err(std::io::ErrorKind::ConnectionAborted.into());
                }
                self.line()?;
                ok("done")
            }
            _ => Ok("BAD what?".into()),
        }
    }

    fn select(&mut self, name: &str) -> Io<String> {
        self.alert()?;
        let mut world = self.world.lock().unwrap();
        if world.odd.wants_id && !self.introduced {
            return Ok("NO SELECT Unsafe Login. Please contact kefu@188.com for help".into());
        }
        let Some(folder) = world.folders.get(name) else {
            return Ok("NO [NONEXISTENT] no such folder".into());
        };
        self.view = visible(folder, &world.odd).iter().map(|letter| letter.uid).collect();
        self.open = Some(name.to_owned());
        let mut said = vec![
            "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)".to_owned(),
            "* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*)] kept".into(),
            format!("* {} EXISTS", self.view.len()),
            "* 0 RECENT".into(),
        ];
        if !world.odd.no_uidvalidity {
            said.push(format!("* OK [UIDVALIDITY {}] good", folder.uidvalidity));
        }
        if !world.odd.no_uidnext {
            said.push(format!("* OK [UIDNEXT {}] next", folder.uidnext));
        }
        if !world.odd.at_select.is_empty() {
            said.push(world.odd.at_select.to_owned());
        }
        let meanwhile = world.odd.meanwhile.take_if(|(folder, _)| *folder == name);
        drop(world);
        if let Some((_, happens)) = meanwhile {
            happens();
        }
        for line in said {
            self.say(&line)?;
        }
        Ok("OK [READ-WRITE] open".into())
    }

    /// MOVE as Gmail has it: the label goes, another comes. What goes to the trash or to spam
    /// has no label any more.
    fn relabel(&mut self, set: &str, command: &str) -> Io<String> {
        let to = name_in(command.splitn(3, ' ').last().unwrap());
        let from = self.open.clone().unwrap();
        let mut world = self.world.lock().unwrap();
        let (mut before, mut after, mut gone) = (Vec::new(), Vec::new(), Vec::new());
        for letter in world.chosen(&from, set) {
            let there = world.folders[&to].letters.iter().find(|one| one.name == letter.name);
            let uid = match there.map(|one| one.uid) {
                Some(uid) => uid,
                None => {
                    let flags: Vec<&str> = letter.flags.iter().map(String::as_str).collect();
                    world.deliver_as(letter.name, &to, &flags, letter.bytes.clone())
                }
            };
            let all = to.ends_with("Trash") || to.ends_with("Spam");
            for (name, folder) in &mut world.folders {
                if *name != to && (all || *name == from) {
                    folder.letters.retain(|one| one.name != letter.name);
                }
            }
            before.push(letter.uid.to_string());
            after.push(uid.to_string());
            let at = self.view.iter().position(|uid| *uid == letter.uid).unwrap();
            self.view.remove(at);
            gone.push(at + 1);
        }
        drop(world);
        self.say(&format!("* OK [COPYUID 77 {} {}] moved", before.join(","), after.join(",")))?;
        for at in gone {
            self.say(&format!("* {at} EXPUNGE"))?;
        }
        Ok("OK done".into())
    }

    fn fetch(&mut self, set: &str, command: &str, by_uid: bool) -> Io<String> {
        let items = command.split_once('(').unwrap().1.to_owned();
        let bodies = items.contains("BODY.PEEK[]");
        let piece = items.split_once("BODY.PEEK[]<").map(|(_, rest)| {
            let (offset, rest) = rest.split_once('.').unwrap();
            let length = rest.split_once('>').unwrap().0;
            (offset.parse::<usize>().unwrap(), length.parse::<usize>().unwrap())
        });
        let name = self.open.clone().unwrap();
        let (mut answers, mut refused, hang_up, twice, chatty) = {
            let mut world = self.world.lock().unwrap();
            if piece.is_some() && world.odd.no_pieces {
                return Ok("NO no pieces here".into());
            }
            let ranges = ranges(set);
            let ascends = ranges.windows(2).all(|pair| pair[0].1 < pair[1].0);
            if world.odd.ascending && (!ascends || descends(set)) {
                return Ok("BAD the set does not ascend".into());
            }
            let half = !bodies && self.view.len() > 3 && std::mem::take(&mut world.odd.half_a_list);
            let wanted: Vec<(usize, u32)> = self
                .view
                .iter()
                .enumerate()
                .map(|(index, uid)| (index + 1, *uid))
                .filter(|(sequence, uid)| {
                    let number = if by_uid { *uid } else { *sequence as u32 };
                    ranges.iter().any(|(from, to)| (*from..=*to).contains(&number))
                })
                .collect();
            let vanishing = world.odd.vanishing.clone();
            if bodies || items.contains("BODY.PEEK[HEADER]") {
                for uid in vanishing.iter().filter(|uid| wanted.iter().any(|(_, w)| w == *uid)) {
                    world.remove(&name, *uid);
                }
            }
            let folder = world.folders[&name].clone();
            let by: HashMap<u32, &Kept> = folder.letters.iter().map(|l| (l.uid, l)).collect();
            let mut answers: Vec<(usize, u32, String, Option<Vec<u8>>)> = Vec::new();
            let mut refused = false;
            for (sequence, uid) in wanted {
                if half && sequence % 2 == 0 {
                    continue;
                }
                let Some(letter) = by.get(&uid) else { continue };
                if bodies && world.odd.broken.contains(&uid) {
                    refused = true;
                    continue;
                }
                let mut text = format!("UID {uid} FLAGS ({})", letter.flags.join(" "));
                if items.contains("RFC822.SIZE") {
                    let size = letter.bytes.len() as i64 + world.odd.size_off;
                    let size = size.max(0);
                    let _ = match world.odd.floating_sizes && size >= 1_000_000 {
                        true => write!(text, " RFC822.SIZE {}", floating(size)),
                        false => write!(text, " RFC822.SIZE {size}"),
                    };
                }
                if items.contains("X-GM-MSGID") {
                    let _ = write!(text, " X-GM-MSGID {} X-GM-LABELS ()", letter.name);
                }
                text.push_str(world.odd.beside);
                if items.contains("INTERNALDATE") {
                    text.push_str(" INTERNALDATE \"17-Jul-2024 02:44:25 +0900\"");
                }
                let bytes = if let Some((offset, length)) = piece {
                    let from = offset.min(letter.bytes.len());
                    let to = (offset + length).min(letter.bytes.len());
                    let _ = write!(text, " BODY[]<{offset}>");
                    Some(letter.bytes[from..to].to_vec())
                } else if bodies {
                    text.push_str(" BODY[]");
                    Some(letter.bytes.clone())
                } else if items.contains("BODY.PEEK[HEADER]") {
                    text.push_str(" BODY[HEADER]");
                    let end = letter.bytes.windows(4).position(|w| w == b"\r\n\r\n");
                    Some(letter.bytes[..end.map_or(letter.bytes.len(), |end| end + 4)].to_vec())
                } else {
                    None
                };
                if bodies {
                    world.handed += bytes.as_ref().map_or(0, Vec::len);
                }
                answers.push((sequence, uid, text, bytes));
            }
            if world.odd.backwards {
                answers.reverse();
            }
            let hang_up = match bodies {
                true => world.odd.hangs_up_after.take(),
                false => None,
            };
            (answers, refused, hang_up, world.odd.twice, world.odd.chatty)
        };
        let mut sent = 0;
        for (sequence, uid, text, bytes) in answers.drain(..) {
            match bytes {
                Some(bytes) => {
                    self.say(&format!("* {sequence} FETCH ({text} {{{}}}", bytes.len()))?;
                    if let Some(left) = hang_up.map(|limit| limit.saturating_sub(sent))
                        && left < bytes.len()
                    {
                        self.to.write_all(&bytes[..left])?;
                        return Err(std::io::ErrorKind::ConnectionAborted.into());
                    }
                    self.to.write_all(&bytes)?;
                    sent += bytes.len();
                    self.say(")")?;
                }
                None => self.say(&format!("* {sequence} FETCH ({text})"))?,
            }
            if twice {
                self.say(&format!("* {sequence} FETCH (UID {uid} FLAGS ())"))?;
            }
            if chatty {
                self.say("* OK [ALERT] the mailbox is nearly full")?;
                self.say(&format!("* {} EXISTS", self.view.len()))?;
            }
        }
        if std::mem::take(&mut refused) {
            return Ok("NO some letters could not be read".into());
        }
        Ok("OK fetched".into())
    }
}

/// The folder a command names.
fn name_in(command: &str) -> String {
    let rest = command.split_once(' ').unwrap().1;
    match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next().unwrap().to_owned(),
        None => rest.split(' ').next().unwrap().to_owned(),
    }
}

/// A number from a million on as C writes it with `%g`.
fn floating(number: i64) -> String {
    let written = format!("{:.5e}", number as f64);
    let (digits, exponent) = written.split_once('e').unwrap();
    format!("{digits}e+{exponent:0>2}")
}

fn descends(set: &str) -> bool {
    set.split(',')
        .filter_map(|part| part.split_once(':'))
        .any(|(from, to)| to != "*" && from.parse::<u32>().unwrap() > to.parse::<u32>().unwrap())
}
