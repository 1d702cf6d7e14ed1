//! A server with a user for every run, mailboxes and profiles that are made once and copied
//! for each, and the comparison at the end.

use crate::common::desk::{ACCOUNT, Desk, PASSPHRASE, Told, hex, server_words};
use crate::common::dovecot::{Dovecot, Hands, PASSWORD, Setup, Truth, Way};
use crate::common::lines;
use argon2::{Algorithm, Argon2, Version};
use chacha20poly1305::aead::{AeadInPlace as _, KeyInit as _};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use goyo::model::{Flags, FolderId, LetterId};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// A run that has not ended after this has lost its way.
const PATIENCE: Duration = Duration::from_secs(120);

/// What lies where: bytes and flags of letters by folder.
pub type View = BTreeMap<String, Vec<(String, String)>>;

/// A server, and a client that shares nothing with Goyo.
pub struct Ground {
    pub server: Dovecot,
    pub hands: Hands,
    next: usize,
    users: usize,
}

impl Ground {
    /// A server that lacks these, for so many runs at most.
    pub fn new(without: &[&str], users: usize) -> Self {
        let mut setup = Setup::new().without(without).without_tls();
        for user in 0..users {
            setup = setup.user(&format!("u{user}"), PASSWORD);
        }
        let server = setup.start();
        let hands = server.hands();
        Self { server, hands, next: 0, users }
    }

    fn user(&mut self) -> String {
        assert!(self.next < self.users, "more runs than users");
        self.next += 1;
        format!("u{}", self.next - 1)
    }

    /// A mailbox of its own, empty but for its folders, and a profile that knows of it.
    pub fn play(&mut self) -> Play<'_> {
        let user = self.user();
        let desk = Desk::new();
        desk.account(&self.server, ACCOUNT, &user, PASSWORD, Way::Plain);
        let account = desk.store().account(ACCOUNT).unwrap().id;
        cheaply_sealed(&desk.home.profile(), account.0);
        Play { ground: self, desk, user }
    }

    /// The mailbox and the profile of a scene, as they were when it was made.
    pub fn copy(&mut self, scene: &Scene) -> Play<'_> {
        let user = self.user();
        copied(&self.server.home(&scene.user), &self.server.home(&user));
        let desk = Desk::new();
        copied(&scene.desk.home.profile(), &desk.home.profile());
        {
            let store = desk.store();
            let account = store.account(ACCOUNT).unwrap();
            let mut settings = account.settings;
            settings.user = user.clone();
            store.set_account(account.id, &settings).unwrap();
        }
        Play { ground: self, desk, user }
    }
}

/// The password again, under a key that costs next to nothing to make: the program is
/// started ten thousand times. The form is that of `src/secrets/file.rs`.
fn cheaply_sealed(profile: &Path, account: i64) {
    const MEMORY: u32 = 8;
    let (salt, nonce) = ([7; 16], [9; 24]);
    let mut made = [0; 48];
    let params = argon2::Params::new(MEMORY, 1, 1, Some(made.len())).unwrap();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(PASSPHRASE.as_bytes(), &salt, &mut made)
        .unwrap();
    let (key, proof) = made.split_at(32);
    let mut header = b"goyo-sec\x01".to_vec();
    header.extend(MEMORY.to_le_bytes());
    header.extend(1_u32.to_le_bytes());
    header.push(1);
    header.extend(salt);
    header.extend(proof);
    header.extend(nonce);
    let mut body = account.to_le_bytes().to_vec();
    body.extend((PASSWORD.len() as u32).to_le_bytes());
    body.extend(PASSWORD.as_bytes());
    let tag = XChaCha20Poly1305::new(Key::from_slice(key))
        .encrypt_in_place_detached(XNonce::from_slice(&nonce), &header, &mut body)
        .unwrap();
    fs::write(profile.join("passwords.sealed"), [header, body, tag.to_vec()].concat()).unwrap();
}

/// With owners and times.
fn copied(from: &Path, to: &Path) {
    let done = Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap();
    assert!(done.success(), "{} -> {}", from.display(), to.display());
}

/// A moment that many runs begin at.
pub struct Scene {
    pub desk: Desk,
    pub user: String,
}

/// A mailbox and a profile in use.
pub struct Play<'g> {
    pub ground: &'g mut Ground,
    pub desk: Desk,
    pub user: String,
}

impl Play<'_> {
    /// The end of the preparations.
    pub fn into_scene(self) -> Scene {
        self.ground.hands.act(&self.user, json!({"do": "leave"}));
        Scene { desk: self.desk, user: self.user }
    }

    /// The second program does something.
    pub fn other(&mut self, what: Value) -> Value {
        self.ground.hands.act(&self.user, what)
    }

    pub fn truth(&mut self) -> Truth {
        self.ground.hands.truth(&self.user)
    }

    pub fn folder(&self, path: &str) -> FolderId {
        self.desk.store().folder(&format!("{ACCOUNT}/{path}")).unwrap().id
    }

    /// Letters of a folder, by UID.
    pub fn ids(&self, path: &str) -> Vec<LetterId> {
        let known = self.desk.store().known(self.folder(path)).unwrap();
        known.into_iter().map(|known| known.id).collect()
    }

    /// What the user sees.
    pub fn view(&self) -> View {
        let store = self.desk.store();
        let mut view = View::new();
        for folder in store.folders().unwrap() {
            if folder.account != ACCOUNT {
                continue;
            }
            let mut letters: Vec<(String, String)> = store
                .ids(folder.id)
                .unwrap()
                .into_iter()
                .map(|(id, flags)| (hex(&store.raw(id).unwrap()), shown(flags)))
                .collect();
            letters.sort();
            view.insert(folder.path, letters);
        }
        view
    }

    /// Goyo, about to do this. What no verb does is done by this binary instead.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = match args {
            ["append"] => Command::new(std::env::current_exe().unwrap()),
            _ => self.desk.command(),
        };
        match args {
            ["append"] => {
                command.args(["--exact", "--ignored", "scenes::adds_a_draft"]);
                command.env("GOYO_APPEND_IN", self.desk.home.profile())
            }
            _ => command.arg("--json").args(args),
        };
        command
    }

    /// Starts Goyo so that it dies at this point.
    pub fn spawn(&self, args: &[&str], fail_at: Option<&str>) -> Child {
        let mut command = self.command(args);
        command.stdout(Stdio::null());
        match fail_at {
            Some(at) => command.env("GOYO_FAIL_AT", at).stderr(Stdio::null()),
            None => command.stderr(Stdio::inherit()),
        };
        command.spawn().unwrap()
    }

    /// Runs Goyo so that it dies at this point; whether it did.
    pub fn dies(&self, args: &[&str], at: &str) -> bool {
        let mut child = self.spawn(args, Some(at));
        let status = ended(&mut child);
        status.signal() == Some(9)
    }

    /// Proves the store: with the program itself.
    pub fn check(&self) {
        self.desk.home.check();
    }

    /// Goyo is started again: sync, and all is in its place; once more, and nothing changes.
    /// What the server has in the end. `then`: what happens later, if something is put off.
    pub fn recovers(&mut self, then: Option<fn(&mut Play<'_>)>) -> Truth {
        self.check();
        let output = self.desk.sync_with(&[]);
        let said = Told(lines(&output));
        // What cannot be done is told as an error.
        let fine = output.status.success() || !said.events("rolled_back").is_empty();
        assert!(fine, "{:?} {:?}", output.status, said.0);
        if let Some(then) = then {
            then(self);
            self.desk.sync();
        }
        let left = self.pending();
        assert!(left.is_empty(), "still pending: {left:?}");
        let truth = self.truth();
        self.desk.is_true(ACCOUNT, &truth);
        assert_eq!(self.desk.sync().counts(), (0, 0, 0), "a second sync changed something");
        assert_eq!(lasting(self.truth()), lasting(truth.clone()), "a second sync told something");
        self.desk.is_true(ACCOUNT, &truth);
        self.check();
        truth
    }

    /// What the server has not been told, or not in full.
    pub fn pending(&self) -> Vec<String> {
        let conn = rusqlite::Connection::open(self.desk.store().path()).unwrap();
        let mut rows = conn
            .prepare(
                "SELECT kind || ' ' || state || ' ' || coalesce(uid, 0) || ' ' || detail || ' ' ||
                 coalesce(error, '') FROM intent WHERE state IN ('waiting', 'sent')",
            )
            .unwrap();
        let rows = rows.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }

    /// What was put off is due.
    pub fn an_hour_later(&self) {
        let conn = rusqlite::Connection::open(self.desk.store().path()).unwrap();
        conn.execute("UPDATE intent SET not_before = 0", []).unwrap();
    }

    /// The mailbox is not needed any more.
    pub fn leave(self) {
        self.ground.hands.act(&self.user, json!({"do": "leave"}));
        let _ = fs::remove_dir_all(self.ground.server.home(&self.user));
    }
}

/// Waits for the end of a program, but not for ever.
pub fn ended(child: &mut Child) -> ExitStatus {
    let since = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if since.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("it does not end");
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn shown(flags: Flags) -> String {
    server_words(flags, None).join(" ")
}

/// What the server holds, without the numbers that differ from run to run.
pub fn held(truth: &Truth) -> View {
    truth
        .iter()
        .map(|(name, folder)| {
            let mut letters: Vec<(String, String)> = folder
                .letters
                .values()
                .map(|letter| (letter.sha256.clone(), letter.flags.join(" ")))
                .collect();
            letters.sort();
            let subscribed = if folder.subscribed { "" } else { " (unsubscribed)" };
            (format!("{name}{subscribed}"), letters)
        })
        .collect()
}

/// Without what a server says of the moment only.
fn lasting(mut truth: Truth) -> Truth {
    for folder in truth.values_mut() {
        folder.attributes.retain(|word| word != "\\Marked" && word != "\\UnMarked");
    }
    truth
}
