//! Servers that send letters, and do what real ones do not, or not often enough.
//!
//! [`play`] is a script for one connection, as in [`super::fake_imap`], except that `C:` has
//! no tag: `C: MAIL FROM:*`. [`Server`] behaves, for as many connections as come, but for the
//! faults it was given; it keeps what it took, and what it heard.

use super::fake_imap::{Fake, Paper, Way};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::ServerConfig;
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// Plays a script to the first that connects, with a certificate for `tls`.
pub fn play(script: &str, paper: Option<&Paper>) -> Fake {
    let lines = script.lines().map(|line| {
        let line = line.trim_start();
        match line.strip_prefix("C: ") {
            Some(pattern) => format!("C: - {pattern}\n"),
            None => format!("{line}\n"),
        }
    });
    Fake::play_with(&lines.collect::<String>(), paper)
}

/// Where a [`Server`] does something else than it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    Greeting,
    Hello,
    StartTls,
    Auth,
    Mail,
    /// The recipient of this address, or whoever comes next.
    Recipient(Option<String>),
    Data,
    /// After so many bytes of a letter.
    Middle(usize),
    /// The letter is all there.
    Dot,
    Reset,
    Quit,
}

/// What it does there instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Does {
    /// Hangs up.
    HangsUp,
    /// At [`At::Dot`]: takes the letter, and hangs up without a word.
    TakesAndHangsUp,
    /// Says this; after 421 it hangs up. May be several lines, with `\r\n` between them.
    Says(String),
    /// Says this, and hangs up.
    SaysAndHangsUp(String),
    /// Says nothing more.
    Stalls,
    /// Does as it should, each byte by itself.
    Drips,
    /// Does as it should, once it is let go.
    Holds(Gate),
}

/// Holds a server until it is let go.
#[derive(Debug, Clone, Default)]
pub struct Gate(Arc<(Mutex<(bool, bool)>, Condvar)>);

impl PartialEq for Gate {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Gate {}

impl Gate {
    /// Lets it go on.
    pub fn let_go(&self) {
        self.0.0.lock().unwrap().1 = true;
        self.0.1.notify_all();
    }

    /// Waits until somebody stands at it.
    pub fn is_reached(&self) {
        let state = self.0.0.lock().unwrap();
        let longest = Duration::from_secs(30);
        let waited = self.0.1.wait_timeout_while(state, longest, |state| !state.0).unwrap();
        assert!(waited.0.0, "nobody came");
    }

    fn hold(&self) {
        let mut state = self.0.0.lock().unwrap();
        state.0 = true;
        self.0.1.notify_all();
        let longest = Duration::from_secs(120);
        drop(self.0.1.wait_timeout_while(state, longest, |state| !state.1).unwrap());
    }
}

/// A letter that a [`Server`] took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// `MAIL FROM:` without brackets.
    pub sender: String,
    /// Those it had accepted.
    pub recipients: Vec<String>,
    /// As it was before dots were doubled.
    pub bytes: Vec<u8>,
    /// The MAIL and RCPT lines.
    pub envelope: Vec<String>,
}

/// What a [`Server`] is started with.
pub struct Setup {
    offers: Vec<String>,
    way: super::dovecot::Way,
    paper: Option<Paper>,
    login: Option<(String, String)>,
    faults: Vec<(At, Does)>,
}

impl Setup {
    /// In clear, without a login, with everything on offer.
    pub fn new() -> Self {
        let offers = ["PIPELINING", "SIZE 20000000", "8BITMIME", "SMTPUTF8", "DSN"];
        Self {
            offers: offers.iter().chain(&["ENHANCEDSTATUSCODES"]).map(|o| (*o).into()).collect(),
            way: super::dovecot::Way::Plain,
            paper: None,
            login: None,
            faults: Vec::new(),
        }
    }

    /// Offers these alone.
    #[must_use]
    pub fn offers(mut self, offers: &[&str]) -> Self {
        self.offers = offers.iter().map(|offer| (*offer).into()).collect();
        self
    }

    /// Wants to be logged in to, with AUTH PLAIN.
    #[must_use]
    pub fn login(mut self, user: &str, password: &str) -> Self {
        self.login = Some((user.into(), password.into()));
        self
    }

    /// Is reached over TLS, or by STARTTLS, with this certificate.
    #[must_use]
    pub fn over(mut self, way: super::dovecot::Way, paper: Paper) -> Self {
        (self.way, self.paper) = (way, Some(paper));
        self
    }

    /// Does this there, once. Several faults at one place come one after the other.
    #[must_use]
    pub fn fault(mut self, at: At, does: Does) -> Self {
        self.faults.push((at, does));
        self
    }

    pub fn start(self) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(State {
            tls: self.paper.as_ref().map(Paper::config),
            offers: self.offers,
            way: self.way,
            login: self.login,
            faults: Mutex::new(self.faults),
            taken: Mutex::default(),
            heard: Mutex::default(),
            ended: AtomicBool::new(false),
        });
        let served = Arc::clone(&state);
        std::thread::spawn(move || {
            for tcp in listener.incoming() {
                if served.ended.load(Ordering::SeqCst) {
                    return;
                }
                let served = Arc::clone(&served);
                std::thread::spawn(move || served.serve(tcp.unwrap()));
            }
        });
        Server { port, state }
    }
}

struct State {
    tls: Option<Arc<ServerConfig>>,
    offers: Vec<String>,
    way: super::dovecot::Way,
    login: Option<(String, String)>,
    faults: Mutex<Vec<(At, Does)>>,
    taken: Mutex<Vec<Taken>>,
    heard: Mutex<Vec<Vec<String>>>,
    ended: AtomicBool,
}

/// A server that behaves but for its faults. Ends when it is dropped.
pub struct Server {
    /// Where it listens, on 127.0.0.1.
    pub port: u16,
    state: Arc<State>,
}

impl Server {
    /// The letters it took, in their order.
    pub fn taken(&self) -> Vec<Taken> {
        self.state.taken.lock().unwrap().clone()
    }

    /// The lines it heard, connection by connection; of letters their size.
    pub fn heard(&self) -> Vec<Vec<String>> {
        self.state.heard.lock().unwrap().clone()
    }

    /// One fault more, from now on.
    pub fn fault(&self, at: At, does: Does) {
        self.state.faults.lock().unwrap().push((at, does));
    }

    /// Faults that were not come to.
    pub fn faults_left(&self) -> Vec<(At, Does)> {
        self.state.faults.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.state.ended.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

impl State {
    fn serve(&self, tcp: TcpStream) {
        // Nobody waits longer for a test that has gone.
        tcp.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        tcp.set_nodelay(true).unwrap();
        let number = {
            let mut heard = self.heard.lock().unwrap();
            heard.push(Vec::new());
            heard.len() - 1
        };
        let mut visit = Visit { state: self, number, way: Some(Way::Plain(tcp)), unread: vec![] };
        if let Some(()) = visit.run()
            && let Some(way) = &mut visit.way
        {
            way.hang_up();
        }
    }

    /// The fault at this place, if there is one left.
    fn at(&self, at: &At) -> Option<Does> {
        let mut faults = self.faults.lock().unwrap();
        let here = |(place, _): &(At, Does)| match (place, at) {
            (At::Recipient(None), At::Recipient(_)) => true,
            (place, at) => place == at,
        };
        let found = faults.iter().position(here)?;
        Some(faults.remove(found).1)
    }

    /// After how many bytes of a letter something is to happen.
    fn in_the_middle(&self) -> Option<usize> {
        self.faults.lock().unwrap().iter().find_map(|(at, _)| match at {
            At::Middle(bytes) => Some(*bytes),
            _ => None,
        })
    }
}

/// One connection. What returns `None` ends it at once; what hangs up in order ends [`Visit::run`].
struct Visit<'s> {
    state: &'s State,
    number: usize,
    way: Option<Way>,
    unread: Vec<u8>,
}

impl Visit<'_> {
    fn run(&mut self) -> Option<()> {
        use super::dovecot::Way as Reached;
        if self.state.way == Reached::Tls {
            self.secure()?;
        }
        if !self.answer(&At::Greeting, "220 fake ESMTP")? {
            return Some(());
        }
        let mut letter: Option<Taken> = None;
        let mut inside = self.state.login.is_none();
        loop {
            let line = self.line()?;
            self.hear(line.clone());
            let word = line.split([' ', ':']).next().unwrap().to_ascii_uppercase();
            let secure = matches!(self.way, Some(Way::Tls(_)));
            let go_on = match word.as_str() {
                "EHLO" => {
                    letter = None;
                    let mut lines = vec!["fake".to_owned()];
                    if self.state.way == Reached::StartTls && !secure {
                        lines.push("STARTTLS".into());
                    } else {
                        lines.extend(self.state.offers.iter().cloned());
                        if self.state.login.is_some() {
                            lines.push("AUTH PLAIN".into());
                        }
                    }
                    let last = lines.len() - 1;
                    let lines = lines.iter().enumerate().map(|(at, line)| {
                        format!("250{}{line}", if at == last { ' ' } else { '-' })
                    });
                    let text = lines.collect::<Vec<_>>().join("\r\n");
                    self.answer(&At::Hello, &text)?
                }
                "STARTTLS" => {
                    let go_on = self.answer(&At::StartTls, "220 go on")?;
                    if go_on && !secure {
                        self.secure()?;
                    }
                    go_on
                }
                "AUTH" => {
                    let (user, password) = self.state.login.as_ref().unwrap();
                    let expected = STANDARD.encode(format!("\0{user}\0{password}"));
                    inside = line.strip_prefix("AUTH PLAIN ") == Some(expected.as_str());
                    let said = if inside { "235 2.7.0 in" } else { "535 5.7.8 not you" };
                    self.answer(&At::Auth, said)?
                }
                "MAIL" if inside => {
                    letter = Some(Taken {
                        sender: address(&line),
                        recipients: Vec::new(),
                        bytes: Vec::new(),
                        envelope: vec![line.clone()],
                    });
                    let go_on = self.answer(&At::Mail, "250 2.1.0 sender is fine")?;
                    if !self.went_well() {
                        letter = None;
                    }
                    go_on
                }
                "RCPT" if letter.is_some() => {
                    let to = address(&line);
                    let go_on = self
                        .answer(&At::Recipient(Some(to.clone())), "250 2.1.5 recipient is fine")?;
                    if self.went_well() {
                        let letter = letter.as_mut().unwrap();
                        letter.recipients.push(to);
                        letter.envelope.push(line);
                    }
                    go_on
                }
                "DATA" if letter.as_ref().is_some_and(|letter| !letter.recipients.is_empty()) => {
                    let go_on = self.answer(&At::Data, "354 go on")?;
                    if go_on && self.said().starts_with("354") {
                        let mut letter = letter.take().unwrap();
                        letter.bytes = self.letter()?;
                        self.hear(format!("({} bytes)", letter.bytes.len()));
                        self.end(letter)?
                    } else {
                        go_on
                    }
                }
                "RSET" => {
                    letter = None;
                    self.answer(&At::Reset, "250 2.0.0 forgotten")?
                }
                "NOOP" => self.say("250 2.0.0 nothing done")?,
                "QUIT" => {
                    self.answer(&At::Quit, "221 2.0.0 bye")?;
                    false
                }
                "MAIL" => self.say("530 5.7.0 log in first")?,
                "RCPT" | "DATA" => self.say("503 5.5.1 not now")?,
                _ => self.say("500 5.5.2 what?")?,
            };
            if !go_on {
                return Some(());
            }
        }
    }

    /// The letter is all there.
    fn end(&mut self, letter: Taken) -> Option<bool> {
        let fault = self.state.at(&At::Dot);
        if matches!(fault, None | Some(Does::TakesAndHangsUp | Does::Drips | Does::Holds(_)))
            || matches!(&fault, Some(Does::Says(said)) if said.starts_with('2'))
        {
            self.state.taken.lock().unwrap().push(letter);
        }
        self.do_it(fault, "250 2.0.0 taken")
    }

    /// What was said last.
    fn said(&self) -> String {
        let heard = self.state.heard.lock().unwrap();
        let said = heard[self.number].iter().rev().find_map(|line| line.strip_prefix("S: "));
        said.unwrap().to_owned()
    }

    fn went_well(&self) -> bool {
        self.said().starts_with('2')
    }

    fn hear(&self, line: String) {
        self.state.heard.lock().unwrap()[self.number].push(line);
    }

    /// Answers as it should, or as its fault has it. Whether it goes on.
    fn answer(&mut self, at: &At, proper: &str) -> Option<bool> {
        let fault = self.state.at(at);
        self.do_it(fault, proper)
    }

    fn do_it(&mut self, fault: Option<Does>, proper: &str) -> Option<bool> {
        match fault {
            None => self.say(proper),
            Some(Does::Holds(gate)) => {
                gate.hold();
                self.say(proper)
            }
            Some(Does::Says(text)) => self.say(&text),
            Some(Does::SaysAndHangsUp(text)) => self.say(&text).map(|_| false),
            Some(Does::HangsUp | Does::TakesAndHangsUp) => {
                self.hear("S: -".into());
                Some(false)
            }
            Some(Does::Stalls) => {
                while self.byte().is_some() {}
                None
            }
            Some(Does::Drips) => {
                self.hear(format!("S: {proper}"));
                for byte in format!("{proper}\r\n").bytes() {
                    self.way.as_mut()?.write(&[byte]).ok()?;
                    std::thread::sleep(Duration::from_millis(1));
                }
                Some(true)
            }
        }
    }

    fn say(&mut self, text: &str) -> Option<bool> {
        self.hear(format!("S: {text}"));
        self.way.as_mut()?.write(format!("{text}\r\n").as_bytes()).ok()?;
        Some(!text.starts_with("421"))
    }

    fn secure(&mut self) -> Option<()> {
        let Some(Way::Plain(tcp)) = self.way.take() else { panic!("TLS twice") };
        let (way, done) = Way::secure(tcp, Arc::clone(self.state.tls.as_ref()?));
        self.way = Some(way);
        done.ok()
    }

    fn byte(&mut self) -> Option<u8> {
        if self.unread.is_empty() {
            let mut room = vec![0; 16 * 1024];
            let read = self.way.as_mut()?.read(&mut room).ok().filter(|read| *read > 0)?;
            room.truncate(read);
            room.reverse();
            self.unread = room;
        }
        self.unread.pop()
    }

    fn line(&mut self) -> Option<String> {
        let mut line = Vec::new();
        while !line.ends_with(b"\r\n") {
            line.push(self.byte()?);
        }
        Some(String::from_utf8_lossy(&line[..line.len() - 2]).into_owned())
    }

    /// A letter, with its dots as they were.
    fn letter(&mut self) -> Option<Vec<u8>> {
        let (mut bytes, mut line, mut came) = (Vec::new(), Vec::new(), 0);
        let middle = self.state.in_the_middle();
        loop {
            if Some(came) == middle
                && let Some(fault) = self.state.at(&At::Middle(came))
            {
                self.do_it(Some(fault), "").filter(|go_on| *go_on)?;
            }
            line.push(self.byte()?);
            came += 1;
            if !line.ends_with(b"\r\n") {
                continue;
            }
            if line == b".\r\n" {
                return Some(bytes);
            }
            bytes.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
            line.clear();
        }
    }
}

/// What stands between the brackets.
fn address(line: &str) -> String {
    let (_, rest) = line.split_once('<').unwrap();
    // The last: quoted local parts may hold one.
    rest[..rest.find("> ").unwrap_or(rest.len() - 1)].to_owned()
}
