//! A Postfix of the test's own in front of a Dovecot: its files in a directory that goes
//! away, on free ports of this computer only, ended with the test however that ends.
//!
//! What is sent through it reaches the users of the Dovecot as `user@example.org`
//! ([`DOMAIN`]); who is not there bounces, and so does everybody else: nothing leaves.
//! `refused@` is refused when named, `later@` is told to come back. Postfix can only be run
//! by root: others need `sudo` without a password, as `tests/run` does to install it.

use super::dovecot::{Dovecot, Way, free_port, is_root};
use super::keeper::{self, Keeper};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Where the Dovecot's users are.
pub const DOMAIN: &str = "example.org";

/// A running Postfix.
pub struct Postfix {
    dir: TempDir,
    ports: (u16, u16),
    authority: PathBuf,
    fingerprint: String,
    keeper: Option<Keeper>,
}

impl Postfix {
    /// In front of this Dovecot, which was set up with [`super::dovecot::Setup::receiving`].
    pub fn start(dovecot: &Dovecot) -> Self {
        Self::start_with(dovecot, &[])
    }

    /// The same with lines of `main.cf` of one's own: `message_size_limit = 100000`.
    pub fn start_with(dovecot: &Dovecot, settings: &[&str]) -> Self {
        let dir = tempfile::Builder::new().prefix("goyo-p").tempdir().unwrap();
        let mut server = Self {
            dir,
            ports: (0, 0),
            authority: dovecot.authority(),
            fingerprint: dovecot.fingerprint(),
            keeper: None,
        };
        // Somebody else may take a port between choosing and binding it.
        for _ in 0..5 {
            server.ports = (free_port(), free_port());
            server.configure(dovecot, settings);
            if server.launch() {
                return server;
            }
        }
        panic!("Postfix does not start:\n{}", server.log());
    }

    /// The port of one way in: STARTTLS and clear text are one.
    pub fn port(&self, way: Way) -> u16 {
        match way {
            Way::Plain | Way::StartTls => self.ports.0,
            Way::Tls => self.ports.1,
        }
    }

    /// As `goyo account add --smtp` takes it. The certificate is good for `localhost`.
    pub fn address(&self, way: Way) -> String {
        format!("localhost:{}:{}", self.port(way), way.word())
    }

    /// The certificate of the authority that signed the server's, PEM.
    pub fn authority(&self) -> &Path {
        &self.authority
    }

    /// SHA-256 of the server's certificate, lower-case hexadecimal.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// What it wrote into its log.
    pub fn log(&self) -> String {
        ["log", "stderr"]
            .map(|name| fs::read(self.path(name)).unwrap_or_default())
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .concat()
    }

    /// Stops it; what waits in it stays. [`Self::go_on`] starts it again on the same ports.
    pub fn stop(&mut self) {
        self.keeper = None;
    }

    /// Starts it again.
    pub fn go_on(&mut self) {
        assert!(self.keeper.is_none(), "it runs");
        keeper::insist(|| self.launch());
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn configure(&self, dovecot: &Dovecot, settings: &[&str]) {
        let base = self.dir.path().display();
        let (certificate, key) = dovecot.certificate();
        let mut main = format!(
            "compatibility_level = 3.6
config_directory = {base}
queue_directory = {base}/queue
data_directory = {base}/data
daemon_directory = {daemons}
command_directory = /usr/sbin
maillog_file = {base}/log
maillog_file_prefixes = {base}
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.{DOMAIN}
mydestination =
alias_maps =
alias_database =
mynetworks =
local_recipient_maps =
virtual_mailbox_domains = {DOMAIN}
virtual_transport = lmtp:unix:{lmtp}
lmtp_assume_final = yes
default_transport = error:5.1.2 nothing leaves this computer
smtpd_reject_unlisted_recipient = no
smtpd_peername_lookup = no
smtp_dns_support_level = disabled
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions =
    check_recipient_access inline:{{ {{ refused@{DOMAIN} = 550 5.7.1 not to this one }},
        {{ later@{DOMAIN} = 450 4.2.1 come back later }} }},
    permit_sasl_authenticated, reject
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {sasl}
smtpd_tls_security_level = may
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_client_connection_count_limit = 0
smtpd_error_sleep_time = 0
mailbox_size_limit = 0
in_flow_delay = 0
minimal_backoff_time = 2s
maximal_backoff_time = 2s
queue_run_delay = 2s
ipc_timeout = 60s
",
            daemons = daemons().display(),
            lmtp = dovecot.lmtp().display(),
            sasl = dovecot.sasl().display(),
            certificate = certificate.display(),
            key = key.display(),
        );
        for line in settings {
            main.push_str(line);
            main.push('\n');
        }
        fs::write(self.path("main.cf"), main).unwrap();
        let (clear, tls) = self.ports;
        let services = format!(
            "127.0.0.1:{clear} inet n - n - - smtpd
127.0.0.1:{tls} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
showq unix n - n - - showq
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"
        );
        fs::write(self.path("master.cf"), services).unwrap();
        // What belongs to whom, as Postfix demands it.
        let script = format!(
            "set -e
chmod 755 '{base}'
mkdir -p '{base}/queue' '{base}/data'
cd '{base}/queue'
mkdir -p active bounce corrupt defer deferred flush hold incoming private saved trace
mkdir -p maildrop public pid
chown -R postfix:root active bounce corrupt defer deferred flush hold incoming private saved trace
chmod 700 active bounce corrupt defer deferred flush hold incoming private saved trace
chown postfix:postdrop maildrop public
chmod 730 maildrop
chmod 710 public
chown postfix:root ../data
chmod 700 ../data
chown root:root . pid ../main.cf ../master.cf
"
        );
        let output = as_root("sh").args(["-c", &script]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn launch(&mut self) -> bool {
        let master = daemons().join("master");
        let answers = || keeper::greets(self.ports.0, *b"220 ", b"QUIT\r\n");
        self.keeper = Keeper::launch(
            as_root("sh"),
            // In a session of its own: it ends its processes by their group.
            "setsid \"$0\" -d -c \"$1\"",
            [master.as_ref(), self.dir.path().as_ref()],
            &self.path("stderr"),
            answers,
        );
        self.keeper.is_some()
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        self.stop();
        if std::thread::panicking() {
            eprintln!("Postfix's log:\n{}", self.log());
        }
        if !is_root() {
            // Its queue is not ours to remove.
            let _ = as_root("rm").arg("-rf").arg(self.dir.path()).status();
        }
    }
}

fn as_root(program: &str) -> Command {
    match is_root() {
        true => Command::new(program),
        false => {
            let mut command = Command::new("sudo");
            command.args(["-n", program]);
            command
        }
    }
}

fn daemons() -> PathBuf {
    ["/usr/lib/postfix/sbin", "/usr/libexec/postfix", "/usr/lib/postfix"]
        .map(PathBuf::from)
        .into_iter()
        .find(|dir| dir.join("master").exists())
        .expect("Postfix is missing: tests/run installs it (Debian package postfix)")
}
