//! A screen of the test's own (Xvfb), and the hands of a user on it: keys through the X
//! server, text through the clipboard. What is shown is read from the screen's memory.

use crate::common::desk::Desk;
use crate::common::xvfb::Xvfb;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// A picture that stayed the same so long is finished. The cursor blinks more slowly.
const STILL: Duration = Duration::from_millis(250);

pub struct Screen {
    server: Xvfb,
    memory: TempDir,
}

/// The program with its window; killed when it is dropped.
pub struct Window {
    child: Child,
}

/// What the screen shows.
#[derive(PartialEq, Eq)]
pub struct Picture {
    width: u32,
    height: u32,
    /// Red, green, blue.
    pixels: Vec<u8>,
}

/// Asks until there is an answer.
pub fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(started.elapsed() < PATIENCE, "never: {what}");
        std::thread::sleep(Duration::from_millis(30));
    }
}

impl Screen {
    pub fn start() -> Self {
        Self::of((1280, 800))
    }

    /// With so many pixels.
    pub fn of(size: (u32, u32)) -> Self {
        let memory = tempfile::tempdir().unwrap();
        Self { server: Xvfb::of(size, memory.path()), memory }
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(name);
        command.env("DISPLAY", &self.server.display).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// The program's window, which nothing else may show anything to.
    pub fn window(&self, desk: &Desk, language: &str, dark: bool) -> Window {
        let chosen = format!(r#"{{"language":"{language}","dark":{dark},"notify_off":true}}"#);
        desk.home.write("profile/window.json", chosen);
        self.opens(&mut desk.command())
    }

    /// The window of the program that this starts.
    pub fn opens(&self, program: &mut Command) -> Window {
        let child = program
            .env("DISPLAY", &self.server.display)
            .env_remove("WAYLAND_DISPLAY")
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
            .spawn()
            .unwrap();
        let mut window = Window { child };
        until("the window is there", || {
            let ended = window.child.try_wait().unwrap();
            assert!(ended.is_none(), "the program ended: {ended:?}");
            let args = ["search", "--onlyvisible", "--class", "goyo", "windowfocus"];
            self.command("xdotool").args(args).status().unwrap().success().then_some(())
        });
        // It is there before it shows anything.
        until("it shows something", || (self.settled().colours() > 20).then_some(()));
        window
    }

    /// Presses keys, one after the other, by their X names.
    pub fn press(&self, keys: &[&str]) {
        let done = self.command("xdotool").arg("key").args(keys).status().unwrap();
        assert!(done.success(), "{keys:?}");
    }

    /// Presses keys, and waits until that has been answered on the screen.
    pub fn press_and_see(&self, keys: &[&str]) {
        let before = self.shown();
        self.press(keys);
        let started = Instant::now();
        while self.shown() == before {
            if started.elapsed() > PATIENCE {
                save("unanswered", before);
                panic!("{keys:?} are not answered");
            }
            std::thread::sleep(Duration::from_millis(30));
        }
        self.settled();
    }

    /// Makes the window so large.
    pub fn resize(&self, (width, height): (u32, u32)) {
        let (width, height) = (width.to_string(), height.to_string());
        let args = ["search", "--onlyvisible", "--class", "goyo", "windowsize", &width, &height];
        assert!(self.command("xdotool").args(args).status().unwrap().success());
        self.settled();
    }

    /// Types signs that are on the keyboard.
    pub fn types(&self, text: &str) {
        let done = self.command("xdotool").args(["type", "--delay", "15", "--", text]).status();
        assert!(done.unwrap().success());
    }

    /// Puts a text in by the clipboard.
    pub fn pastes(&self, text: &str) {
        let mut clipboard = self
            .command("xclip")
            .args(["-selection", "clipboard"])
            .stdin(Stdio::piped())
            .spawn()
            .expect("xclip");
        clipboard.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        assert!(clipboard.wait().unwrap().success());
        self.press_and_see(&["ctrl+v"]);
    }

    /// What the screen shows now.
    pub fn shown(&self) -> Picture {
        let file = std::fs::read(self.memory.path().join("Xvfb_screen0")).unwrap();
        // A file as of xwd: numbers of four bytes, the highest first, then colours, then rows
        // of blue, green, red and nothing.
        let number = |at: usize| u32::from_be_bytes(file[at * 4..at * 4 + 4].try_into().unwrap());
        let (width, height, line) = (number(4), number(5), number(12) as usize);
        let begin = number(0) as usize + number(19) as usize * 12;
        let rows = file[begin..].chunks(line).take(height as usize);
        let pixels = rows
            .flat_map(|row| row[..width as usize * 4].chunks_exact(4))
            .flat_map(|pixel| [pixel[2], pixel[1], pixel[0]])
            .collect();
        Picture { width, height, pixels }
    }

    /// Waits until the picture stays as it is.
    pub fn settled(&self) -> Picture {
        let mut last = (self.shown(), Instant::now());
        until("the picture stands still", || {
            let now = self.shown();
            if now != last.0 {
                last = (now, Instant::now());
            }
            (last.1.elapsed() >= STILL).then_some(())
        });
        last.0
    }

    /// Keeps what is shown as a picture, where somebody wants to look at it.
    pub fn keep(&self, name: &str) {
        let picture = self.settled();
        assert!(picture.colours() > 20, "{name}: nothing is shown");
        save(name, picture);
    }
}

fn save(name: &str, picture: Picture) {
    let Some(dir) = std::env::var_os("GOYO_PICTURES") else { return };
    let path = PathBuf::from(dir).join(format!("{name}.png"));
    let (width, height) = (picture.width, picture.height);
    image::RgbImage::from_raw(width, height, picture.pixels).unwrap().save(path).unwrap();
}

impl Picture {
    fn colours(&self) -> usize {
        let all: std::collections::HashSet<&[u8]> = self.pixels.chunks_exact(3).collect();
        all.len()
    }
}

impl Window {
    /// As by `kill -9`: nothing is said to it.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
