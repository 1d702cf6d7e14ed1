//! A Dovecot of the test's own: its files in a directory that goes away, on free ports of
//! this computer only, ended with the test however that ends. Runs as whoever runs the
//! tests. Dovecot 2.3 (Debian 12) and 2.4 (Debian 13).

use super::certificates::certificates;
use super::keeper::{self, Keeper};
use super::second::truth_of;
pub use super::second::{Client, Hands, TrueFolder, TrueLetter, Truth};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
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
    keeper: Option<Keeper>,
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
        let (program, conf) = (program(), self.path("dovecot.conf"));
        let answers = || keeper::greets(self.ports.0, *b"* OK", b"");
        self.keeper = Keeper::launch(
            Command::new("sh"),
            "\"$0\" -F -c \"$1\"",
            [program.as_ref(), conf.as_ref()],
            &self.path("stderr"),
            answers,
        );
        self.keeper.is_some()
    }

    /// Stops it; the mailboxes stay, and [`Self::go_on`] starts it again on the same ports.
    pub fn stop(&mut self) {
        self.keeper = None;
    }

    /// Starts it again after [`Self::stop`].
    pub fn go_on(&mut self) {
        assert!(self.keeper.is_none(), "it runs");
        keeper::insist(|| self.launch());
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
        truth_of(lines.lines().map(|line| serde_json::from_str(line).unwrap()))
    }

    /// A second program that reads and changes the mailbox of any user.
    pub fn hands(&self) -> Hands {
        let child = Command::new("python3")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/common/truth.py"))
            .args(["--host", "localhost", "--port", &self.ports.0.to_string(), "hands"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3");
        Hands::of(child)
    }

    /// A second program on the user's mailbox, logged in.
    pub fn client(&self, user: &str) -> Client {
        let child = self
            .reader(user, Way::Plain, "act")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3");
        Client::of(child)
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

/// What a command prints; it must succeed.
pub(super) fn run(command: &mut Command) -> Vec<u8> {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}
