//! A Dovecot of the test's own: its files in a directory that goes away, on free ports of
//! this computer only, ended with the test however that ends. Runs as whoever runs the
//! tests. Dovecot 2.3 (Debian 12) and 2.4 (Debian 13).

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The user that is there unless others are asked for.
pub const USER: &str = "kim";
/// That user's password.
pub const PASSWORD: &str = "correct horse/battery=staple";

/// How letters lie on the server's disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Maildir,
    Sdbox,
}

/// How a client of the tests reaches the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Plain,
    StartTls,
    Tls,
}

impl Way {
    /// As the command line of Goyo and the reader spell it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::StartTls => "starttls",
            Self::Tls => "tls",
        }
    }
}

/// What a Dovecot is started with.
#[derive(Debug, Clone)]
pub struct Setup {
    users: Vec<(String, String)>,
    format: Format,
    without: Vec<String>,
    settings: Vec<String>,
    special: bool,
    tls: bool,
    receives: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            users: vec![(USER.into(), PASSWORD.into())],
            format: Format::Maildir,
            without: Vec::new(),
            settings: Vec::new(),
            special: true,
            tls: true,
            receives: false,
        }
    }
}

impl Setup {
    /// One user, Maildir, the folders Drafts, Sent, Junk, Trash and Archive with their roles.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more user.
    #[must_use]
    pub fn user(mut self, name: &str, password: &str) -> Self {
        assert!(!name.contains(':') && !password.contains(':'), "its file has colons between");
        self.users.push((name.into(), password.into()));
        self
    }

    #[must_use]
    pub fn format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }

    /// Does not say that it can do these: `MOVE`, `UIDPLUS`, `QRESYNC`, `COMPRESS=DEFLATE`…
    #[must_use]
    pub fn without(mut self, capabilities: &[&str]) -> Self {
        self.without.extend(capabilities.iter().map(|word| (*word).to_owned()));
        self
    }

    /// Lines of its configuration, in the syntax of the version that is installed.
    #[must_use]
    pub fn set(mut self, lines: &str) -> Self {
        self.settings.push(lines.to_owned());
        self
    }

    /// Only INBOX, at first.
    #[must_use]
    pub fn without_special_folders(mut self) -> Self {
        self.special = false;
        self
    }

    /// No TLS at all: no STARTTLS either.
    #[must_use]
    pub fn without_tls(mut self) -> Self {
        self.tls = false;
        self
    }

    /// Takes letters in by LMTP, and says for others who may log in: what a Postfix
    /// (`common/postfix.rs`) needs. Users are then known at any domain too.
    #[must_use]
    pub fn receiving(mut self) -> Self {
        self.receives = true;
        self
    }

    /// Starts it, and waits until it answers.
    pub fn start(self) -> Dovecot {
        Dovecot::start(self)
    }
}

/// Where letters are handed in, and where one asks who may log in.
const LMTP: &str = "lmtp";
const SASL: &str = "sasl";

/// A running Dovecot.
pub struct Dovecot {
    dir: TempDir,
    setup: Setup,
    version: (u32, u32),
    ports: (u16, u16),
    /// A shell that ends Dovecot when the pipe to it closes: also when the test is killed.
    keeper: Option<(Child, ChildStdin)>,
}

impl Dovecot {
    /// One with the usual things in it.
    pub fn new() -> Self {
        Setup::new().start()
    }

    fn start(setup: Setup) -> Self {
        let dir = tempfile::Builder::new().prefix("goyo-d").tempdir().unwrap();
        // Its own users must come through; what is secret inside is not of this world.
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let mut server = Self { version: version(), dir, setup, ports: (0, 0), keeper: None };
        server.lay_out();
        // Somebody else may take a port between choosing and binding it.
        for _ in 0..5 {
            server.ports = (free_port(), free_port());
            server.configure();
            if server.launch() {
                return server;
            }
        }
        panic!("Dovecot does not start:\n{}", server.log());
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Where letters are handed in by LMTP, if it was set up so.
    pub fn lmtp(&self) -> PathBuf {
        assert!(self.setup.receives, "it was not set up to receive");
        self.path(LMTP)
    }

    /// Where one asks who may log in.
    pub fn sasl(&self) -> PathBuf {
        assert!(self.setup.receives, "it was not set up to receive");
        self.path(SASL)
    }

    /// Its certificate, PEM, and the key to it.
    pub fn certificate(&self) -> (PathBuf, PathBuf) {
        assert!(self.setup.tls, "it has no TLS");
        (self.path("server.pem"), self.path("server.key"))
    }

    /// The letters of a folder as they lie there, by UID.
    pub fn letters(&self, user: &str, folder: &str) -> BTreeMap<u32, Vec<u8>> {
        use base64::Engine as _;
        let answer = self.client(user).act(&json!({"do": "bodies", "folder": folder}));
        let decode = |text: &Value| {
            base64::engine::general_purpose::STANDARD.decode(text.as_str().unwrap()).unwrap()
        };
        let bodies = answer["bodies"].as_object().unwrap();
        bodies.iter().map(|(uid, body)| (uid.parse().unwrap(), decode(body))).collect()
    }

    /// The letters of a user's INBOX, once there are so many.
    pub fn wait_for(&self, user: &str, count: usize) -> Vec<Vec<u8>> {
        let limit = Instant::now() + Duration::from_secs(60);
        loop {
            let letters = self.letters(user, "INBOX");
            if letters.len() >= count {
                return letters.into_values().collect();
            }
            assert!(Instant::now() < limit, "{user} has {} letters", letters.len());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn lay_out(&self) {
        fs::create_dir(self.path("mail")).unwrap();
        if is_root() {
            // Dovecot never reads mail as root.
            chown(self.path("mail"), Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let users: String = self
            .setup
            .users
            .iter()
            .map(|(user, password)| format!("{user}:{{PLAIN}}{password}\n"))
            .collect();
        fs::write(self.path("users"), users).unwrap();
        if self.setup.tls {
            certificates(self.dir.path());
        }
    }

    fn configure(&self) {
        let new = self.version >= (2, 4);
        let base = self.dir.path().display();
        let (uid, gid) = match is_root() {
            true => (NOBODY, NOBODY),
            false => own_ids(),
        };
        let mut out = String::new();
        let mut line = |text: String| {
            out.push_str(&text);
            out.push('\n');
        };
        if new {
            let form = format!("{}.{}.0", self.version.0, self.version.1);
            line(format!("dovecot_config_version = {form}\ndovecot_storage_version = {form}"));
        }
        line(format!("base_dir = {base}/run\nstate_dir = {base}/state\nlog_path = {base}/log"));
        line(
            "protocols = imap\nlisten = 127.0.0.1\nauth_mechanisms = plain login scram-sha-256"
                .into(),
        );
        line("mail_fsync = never\nfirst_valid_uid = 1\nmail_max_userip_connections = 100".into());
        // A wrong password is answered at once, however often it comes.
        line("auth_failure_delay = 0".into());
        line("service anvil {\n  unix_listener anvil-auth-penalty {\n    mode = 0\n  }\n}".into());
        line("default_process_limit = 60\ndefault_client_limit = 240".into());
        if !is_root() {
            // It cannot become anybody else, nor lock itself in.
            let (user, group) = (own_name("-un"), own_name("-gn"));
            line(format!("default_login_user = {user}\ndefault_internal_user = {user}"));
            line(format!("default_internal_group = {group}"));
            line("service anvil {\n  chroot =\n}".into());
        }
        let (kind, place) = match self.setup.format {
            Format::Maildir => ("maildir", "Maildir"),
            Format::Sdbox => ("sdbox", "sdbox"),
        };
        let home = format!("{base}/mail/%u");
        if new {
            let home = home.replace("%u", "%{user}");
            line("auth_allow_cleartext = yes".into());
            line(format!("passdb passwd-file {{\n  passwd_file_path = {base}/users\n}}"));
            line(format!(
                "userdb static {{\n  fields {{\n    uid = {uid}\n    gid = {gid}\n    home = {home}\n  }}\n}}"
            ));
            line(format!("mail_driver = {kind}\nmail_path = ~/{place}"));
        } else {
            line("disable_plaintext_auth = no".into());
            line(format!("passdb {{\n  driver = passwd-file\n  args = {base}/users\n}}"));
            line(format!(
                "userdb {{\n  driver = static\n  args = uid={uid} gid={gid} home={home}\n}}"
            ));
            line(format!("mail_location = {kind}:~/{place}"));
        }
        if self.setup.tls {
            line("ssl = yes".into());
            line(match new {
                true => format!(
                    "ssl_server_cert_file = {base}/server.pem\nssl_server_key_file = {base}/server.key"
                ),
                false => format!("ssl_cert = <{base}/server.pem\nssl_key = <{base}/server.key"),
            });
        } else {
            line("ssl = no".into());
        }
        line("namespace inbox {\n  inbox = yes\n  separator = /".into());
        if self.setup.special {
            for name in ["Drafts", "Sent", "Junk", "Trash", "Archive"] {
                line(format!(
                    "  mailbox {name} {{\n    special_use = \\{name}\n    auto = subscribe\n  }}"
                ));
            }
        }
        line("}".into());
        let (plain, tls) = self.ports;
        let tls = if self.setup.tls { tls } else { 0 };
        let chroot = if is_root() { "" } else { "  chroot =\n" };
        // One process for all logins.
        let count = if new { "restart_request_count = unlimited" } else { "service_count = 0" };
        line(format!(
            "service imap-login {{\n{chroot}  {count}\n  process_min_avail = 1\n  \
             inet_listener imap {{\n    port = {plain}\n  }}\n  \
             inet_listener imaps {{\n    port = {tls}\n    ssl = yes\n  }}\n}}"
        ));
        if self.setup.receives {
            line("protocols = imap lmtp".into());
            line(match new {
                true => "auth_username_format = %{user | username | lower}".into(),
                false => "auth_username_format = %Ln".into(),
            });
            let anybody =
                |name: &str| format!("  unix_listener {base}/{name} {{\n    mode = 0666\n  }}\n}}");
            line(format!("service lmtp {{\n{}", anybody(LMTP)));
            line(format!("service auth {{\n{}", anybody(SASL)));
        }
        if !self.setup.without.is_empty() {
            line(format!("imap_capability = {}", self.lessened()));
        }
        for more in &self.setup.settings {
            line(more.clone());
        }
        fs::write(self.path("dovecot.conf"), out).unwrap();
    }

    /// What Dovecot says that it can do after the login, without what was to be hidden.
    fn lessened(&self) -> String {
        const ALL: &str = "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE SORT SORT=DISPLAY \
            THREAD=REFERENCES THREAD=REFS THREAD=ORDEREDSUBJECT MULTIAPPEND URL-PARTIAL CATENATE \
            UNSELECT CHILDREN NAMESPACE UIDPLUS LIST-EXTENDED I18NLEVEL=1 CONDSTORE QRESYNC ESEARCH \
            ESORT SEARCHRES WITHIN CONTEXT=SEARCH LIST-STATUS BINARY MOVE SNIPPET=FUZZY \
            PREVIEW=FUZZY PREVIEW STATUS=SIZE SAVEDATE LITERAL+ NOTIFY SPECIAL-USE";
        let hidden = |word: &&str| !self.setup.without.iter().any(|gone| gone == word);
        ALL.split_ascii_whitespace().filter(hidden).collect::<Vec<_>>().join(" ")
    }

    fn launch(&mut self) -> bool {
        let log = fs::File::create(self.path("stderr")).unwrap();
        let mut keeper = Command::new("sh")
            .args([
                "-c",
                "exec 3<&0\n\"$0\" -F -c \"$1\" 3<&- & dovecot=$!\n\
                 { cat <&3 >/dev/null; kill $dovecot 2>/dev/null; } &\nexec 3<&-\nwait $dovecot",
            ])
            .arg(program())
            .arg(self.path("dovecot.conf"))
            .stdin(Stdio::piped())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let pipe = keeper.stdin.take().unwrap();
        let limit = Instant::now() + Duration::from_secs(30);
        while Instant::now() < limit {
            if keeper.try_wait().unwrap().is_some() {
                return false;
            }
            if self.answers() {
                self.keeper = Some((keeper, pipe));
                return true;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        self.keeper = Some((keeper, pipe));
        panic!("Dovecot does not answer:\n{}", self.log());
    }

    fn answers(&self) -> bool {
        let Ok(mut tcp) = TcpStream::connect(("127.0.0.1", self.ports.0)) else { return false };
        tcp.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let mut greeting = [0; 4];
        tcp.read_exact(&mut greeting).is_ok() && greeting == *b"* OK"
    }

    /// Stops it; the mailboxes stay, and [`Self::go_on`] starts it again on the same ports.
    pub fn stop(&mut self) {
        if let Some((mut keeper, pipe)) = self.keeper.take() {
            drop(pipe);
            let _ = keeper.wait();
        }
    }

    /// Starts it again after [`Self::stop`].
    pub fn go_on(&mut self) {
        assert!(self.keeper.is_none(), "it runs");
        // The old process may still be giving its ports back.
        for _ in 0..50 {
            if self.launch() {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("Dovecot does not start again:\n{}", self.log());
    }

    /// The port of one way in.
    pub fn port(&self, way: Way) -> u16 {
        assert!(self.setup.tls || way == Way::Plain, "it has no TLS");
        match way {
            Way::Plain | Way::StartTls => self.ports.0,
            Way::Tls => self.ports.1,
        }
    }

    /// As `goyo account add --imap` takes it. The certificate is good for `localhost`.
    pub fn address(&self, way: Way) -> String {
        format!("localhost:{}:{}", self.port(way), way.word())
    }

    /// The certificate of the authority that signed the server's, PEM. A program that
    /// reads the platform's roots believes it with `SSL_CERT_FILE` set to this.
    pub fn authority(&self) -> PathBuf {
        self.path("ca.pem")
    }

    /// SHA-256 of the server's certificate, lower-case hexadecimal.
    pub fn fingerprint(&self) -> String {
        let der = run(Command::new("openssl")
            .args(["x509", "-outform", "DER", "-in"])
            .arg(self.path("server.pem")));
        goyo::store::sha256(&der).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// What it wrote into its log.
    pub fn log(&self) -> String {
        ["log", "stderr"]
            .map(|name| fs::read_to_string(self.path(name)).unwrap_or_default())
            .concat()
    }

    /// The directory of a user's mail.
    pub fn home(&self, user: &str) -> PathBuf {
        self.path("mail").join(user)
    }

    /// Puts letters into INBOX without a server in between: fast, for many. Maildir only,
    /// and best before the first login. Each is delivered a minute after the one before.
    pub fn deliver(&self, user: &str, letters: impl IntoIterator<Item = Vec<u8>>) {
        static DELIVERED: AtomicU32 = AtomicU32::new(0);
        assert_eq!(self.setup.format, Format::Maildir);
        let maildir = self.home(user).join("Maildir");
        let mail = fs::metadata(self.path("mail")).unwrap();
        for made in [self.home(user), maildir.clone()]
            .into_iter()
            .chain(["cur", "new", "tmp"].map(|name| maildir.join(name)))
        {
            if fs::create_dir(&made).is_ok() {
                chown(&made, Some(mail.uid()), Some(mail.gid())).unwrap();
            }
        }
        for letter in letters {
            let count = DELIVERED.fetch_add(1, Ordering::Relaxed);
            let name =
                format!("{}.M{count}P{}.test", 1_700_000_000 + count * 60, std::process::id());
            let (half, whole) = (maildir.join("tmp").join(&name), maildir.join("new").join(&name));
            fs::write(&half, letter).unwrap();
            chown(&half, Some(mail.uid()), Some(mail.gid())).unwrap();
            fs::rename(half, whole).unwrap();
        }
    }

    fn reader(&self, user: &str, way: Way, verb: &str) -> Command {
        let password =
            &self.setup.users.iter().find(|(name, _)| name == user).expect("no such user").1;
        let mut command = Command::new("python3");
        command
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/common/truth.py"))
            .args(["--host", "localhost", "--port", &self.port(way).to_string()])
            .args(["--security", way.word(), "--user", user, "--password", password]);
        if self.setup.tls {
            command.arg("--ca").arg(self.authority());
        }
        command.arg(verb);
        command
    }

    /// Everything the user has there, read by a client that shares nothing with Goyo.
    pub fn truth(&self, user: &str) -> Truth {
        self.truth_over(user, Way::Plain)
    }

    /// The same over one of the ways in.
    pub fn truth_over(&self, user: &str, way: Way) -> Truth {
        let lines = run(&mut self.reader(user, way, "read"));
        let lines = String::from_utf8(lines).unwrap();
        Self::truth_of(lines.lines().map(|line| serde_json::from_str(line).unwrap()))
    }

    fn truth_of(lines: impl IntoIterator<Item = Value>) -> Truth {
        let mut folders: Truth = BTreeMap::new();
        for said in lines {
            let folder = folders.entry(said["folder"].as_str().unwrap().into()).or_default();
            if let Some(uid) = said["uid"].as_u64() {
                let letter = TrueLetter {
                    flags: words(&said["flags"]),
                    sha256: said["sha256"].as_str().unwrap().into(),
                    size: said["size"].as_u64().unwrap(),
                };
                assert!(folder.letters.insert(uid as u32, letter).is_none(), "{said} twice");
            } else {
                folder.uidvalidity = said["uidvalidity"].as_u64().map(|n| n as u32);
                folder.uidnext = said["uidnext"].as_u64().map(|n| n as u32);
                folder.subscribed = said["subscribed"].as_bool().unwrap();
                folder.attributes = words(&said["attributes"]);
            }
        }
        folders
    }

    /// A second program that reads and changes the mailbox of any user.
    pub fn hands(&self) -> Hands {
        let mut child = Command::new("python3")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/common/truth.py"))
            .args(["--host", "localhost", "--port", &self.ports.0.to_string(), "hands"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3");
        let (to, from) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Hands(Client { child, to: Some(to), from: BufReader::new(from) })
    }

    /// A second program on the user's mailbox, logged in.
    pub fn client(&self, user: &str) -> Client {
        let mut child = self
            .reader(user, Way::Plain, "act")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3");
        let (to, from) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Client { child, to: Some(to), from: BufReader::new(from) }
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        self.stop();
        if std::thread::panicking() {
            eprintln!("Dovecot's log:\n{}", self.log());
        }
    }
}

/// Folders by name.
pub type Truth = BTreeMap<String, TrueFolder>;

/// A folder as it really is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrueFolder {
    /// `None`: it cannot be opened.
    pub uidvalidity: Option<u32>,
    pub uidnext: Option<u32>,
    pub subscribed: bool,
    pub attributes: Vec<String>,
    /// By UID.
    pub letters: BTreeMap<u32, TrueLetter>,
}

/// A letter as it really is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrueLetter {
    /// As the server writes them, sorted, without `\Recent`.
    pub flags: Vec<String>,
    /// Of its bytes, lower-case hexadecimal.
    pub sha256: String,
    pub size: u64,
}

/// A second program on a mailbox.
pub struct Client {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
}

impl Client {
    /// Does one thing (`ACTS` of `truth.py`); the answer, whatever it is.
    pub fn ask(&mut self, what: &Value) -> Value {
        writeln!(self.to.as_mut().unwrap(), "{what}").unwrap();
        let mut line = String::new();
        self.from.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("the second client died: {what}"))
    }

    /// Does one thing that must work.
    pub fn act(&mut self, what: &Value) -> Value {
        let answer = self.ask(what);
        assert_eq!(answer["ok"], true, "{what}: {answer}");
        answer
    }

    /// Adds letters to a folder; their UIDs.
    pub fn append(
        &mut self,
        folder: &str,
        flags: &[&str],
        letters: impl IntoIterator<Item = Vec<u8>>,
    ) -> Vec<u32> {
        let dir = tempfile::tempdir().unwrap();
        let mut files = Vec::new();
        for (at, letter) in letters.into_iter().enumerate() {
            let path = dir.path().join(at.to_string());
            fs::write(&path, letter).unwrap();
            files.push(path);
        }
        let answer =
            self.act(&json!({"do": "append", "folder": folder, "flags": flags, "files": files}));
        numbers(&answer["uids"])
    }

    /// Sets flags: `uids` as IMAP writes sets.
    pub fn flag(&mut self, folder: &str, uids: &str, flags: &[&str]) {
        self.act(&json!({"do": "store", "folder": folder, "uids": uids, "add": flags}));
    }

    /// Clears flags.
    pub fn unflag(&mut self, folder: &str, uids: &str, flags: &[&str]) {
        self.act(&json!({"do": "store", "folder": folder, "uids": uids, "remove": flags}));
    }

    pub fn move_to(&mut self, folder: &str, uids: &str, to: &str) {
        self.act(&json!({"do": "move", "folder": folder, "uids": uids, "to": to}));
    }

    pub fn copy(&mut self, folder: &str, uids: &str, to: &str) {
        self.act(&json!({"do": "copy", "folder": folder, "uids": uids, "to": to}));
    }

    /// Removes letters for good.
    pub fn delete(&mut self, folder: &str, uids: &str) {
        self.act(&json!({"do": "delete_letters", "folder": folder, "uids": uids}));
    }

    pub fn create(&mut self, folder: &str) {
        self.act(&json!({"do": "create", "folder": folder}));
        self.act(&json!({"do": "subscribe", "folder": folder}));
    }

    pub fn remove_folder(&mut self, folder: &str) {
        self.act(&json!({"do": "delete", "folder": folder}));
    }

    pub fn rename(&mut self, folder: &str, to: &str) {
        self.act(&json!({"do": "rename", "folder": folder, "to": to}));
    }

    pub fn search(&mut self, folder: &str, query: &str) -> Vec<u32> {
        numbers(&self.act(&json!({"do": "search", "folder": folder, "query": query}))["uids"])
    }
}

/// A second program that changes from user to user; all have [`PASSWORD`].
pub struct Hands(Client);

impl Hands {
    /// Does one thing as this user; the answer, whatever it is.
    pub fn ask(&mut self, user: &str, what: Value) -> Value {
        let mut what = what;
        what["user"] = json!(user);
        what["password"] = json!(PASSWORD);
        self.0.ask(&what)
    }

    /// Does one thing that must work.
    pub fn act(&mut self, user: &str, what: Value) -> Value {
        let answer = self.ask(user, what.clone());
        assert_eq!(answer["ok"], true, "{user}: {what}: {answer}");
        answer
    }

    /// Everything the user has there.
    pub fn truth(&mut self, user: &str) -> Truth {
        let answer = self.act(user, json!({"do": "read"}));
        Dovecot::truth_of(answer["lines"].as_array().unwrap().iter().cloned())
    }

    /// Adds letters to a folder.
    pub fn append(&mut self, user: &str, folder: &str, letters: impl IntoIterator<Item = Vec<u8>>) {
        let dir = tempfile::tempdir().unwrap();
        let mut files = Vec::new();
        for (at, letter) in letters.into_iter().enumerate() {
            let path = dir.path().join(at.to_string());
            fs::write(&path, letter).unwrap();
            files.push(path);
        }
        self.act(user, json!({"do": "append", "folder": folder, "flags": [], "files": files}));
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.to = None;
        let _ = self.child.wait();
    }
}

fn numbers(list: &Value) -> Vec<u32> {
    list.as_array().unwrap().iter().map(|n| n.as_u64().unwrap() as u32).collect()
}

fn words(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
}

const NOBODY: u32 = 65534;

pub(super) fn is_root() -> bool {
    own_ids().0 == 0
}

fn own_ids() -> (u32, u32) {
    let own = fs::metadata("/proc/self").unwrap();
    (own.uid(), own.gid())
}

fn own_name(which: &str) -> String {
    String::from_utf8(run(Command::new("id").arg(which))).unwrap().trim().to_owned()
}

fn program() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from))
        .map(|dir| dir.join("dovecot"))
        .find(|path| path.exists())
        .expect("Dovecot is missing: tests/run installs it (Debian package dovecot-imapd)")
}

fn version() -> (u32, u32) {
    let said = String::from_utf8(run(Command::new(program()).arg("--version"))).unwrap();
    let mut numbers = said.split(['.', ' ']).map(|n| n.trim().parse().unwrap_or(0));
    (numbers.next().unwrap(), numbers.next().unwrap())
}

/// A port that nobody listens on now, outside the range that systems give to clients.
pub(super) fn free_port() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let start = std::process::id().wrapping_mul(97);
    for _ in 0..10_000 {
        let port = 12_000 + (start + NEXT.fetch_add(1, Ordering::Relaxed)) % 20_000;
        if TcpListener::bind(("127.0.0.1", port as u16)).is_ok() {
            return port as u16;
        }
    }
    panic!("no port is free");
}

/// An authority and a certificate for `localhost` and 127.0.0.1 that it signed.
fn certificates(dir: &Path) {
    const KEY: [&str; 5] = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    fs::write(
        dir.join("server.ext"),
        "subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n\
         keyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n\
         subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n",
    )
    .unwrap();
    let openssl = |args: &[&str]| {
        run(Command::new("openssl").current_dir(dir).args(args));
    };
    let ca = [
        "-keyout",
        "ca.key",
        "-out",
        "ca.pem",
        "-days",
        "2",
        "-subj",
        "/CN=Goyo test authority",
        "-addext",
        "keyUsage=critical,keyCertSign",
    ];
    openssl(&[&["req", "-x509"], &KEY[..], &ca].concat());
    let server = ["-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost"];
    openssl(&[&["req", "-new"], &KEY[..], &server].concat());
    openssl(&[
        "x509",
        "-req",
        "-in",
        "server.csr",
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-CAcreateserial",
        "-days",
        "2",
        "-extfile",
        "server.ext",
        "-out",
        "server.pem",
    ]);
}

/// What a command prints; it must succeed.
pub(super) fn run(command: &mut Command) -> Vec<u8> {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}
