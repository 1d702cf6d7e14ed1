//! A screen of the test's own (Xvfb), and the hands of a user on it: keys through the X
//! server, text through the clipboard. What is shown is read from the screen's memory.

use crate::common::desk::Desk;
use crate::common::xvfb::Xvfb;
use std::io::Write as _;
use std::ops::Range;
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

/// A part of the screen, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

impl Area {
    /// The point in its middle.
    pub fn middle(&self) -> (u32, u32) {
        (self.x + self.width / 2, self.y + self.height / 2)
    }
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
        let child = self.on(program).spawn().unwrap();
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

    /// Runs a start of the program that is to end by itself.
    pub fn runs(&self, program: &mut Command) -> std::process::ExitStatus {
        let mut child = Window { child: self.on(program).spawn().unwrap() };
        until("the program ends", || child.child.try_wait().unwrap())
    }

    fn on<'c>(&self, program: &'c mut Command) -> &'c mut Command {
        program
            .env("DISPLAY", &self.server.display)
            .env_remove("WAYLAND_DISPLAY")
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
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

    /// Asks about the window: what `xdotool` answers.
    fn asks(&self, args: &[&str]) -> String {
        let mut command = self.command("xdotool");
        command.args(["search", "--onlyvisible", "--class", "goyo"]).args(args);
        let output = command.stdout(Stdio::piped()).output().unwrap();
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// The title of the window.
    pub fn title(&self) -> String {
        self.asks(&["getwindowname"])
    }

    /// Waits until the window has this title.
    pub fn shows(&self, title: &str) {
        let mut last = String::new();
        let started = Instant::now();
        while last != title {
            last = self.title();
            assert!(started.elapsed() < PATIENCE, "'{title}' is never shown, but '{last}'");
            std::thread::sleep(Duration::from_millis(30));
        }
        self.settled();
    }

    /// How many windows there are.
    pub fn windows(&self) -> usize {
        self.asks(&[]).lines().count()
    }

    /// How large the window is.
    pub fn size(&self) -> (u32, u32) {
        let said = self.asks(&["getwindowgeometry", "--shell"]);
        let side = |name: &str| {
            let mut lines = said.lines();
            lines.find_map(|line| line.strip_prefix(name)).unwrap().parse().unwrap()
        };
        (side("WIDTH="), side("HEIGHT="))
    }

    /// Moves the pointer.
    pub fn points(&self, (x, y): (u32, u32)) {
        let (x, y) = (x.to_string(), y.to_string());
        assert!(self.command("xdotool").args(["mousemove", &x, &y]).status().unwrap().success());
    }

    /// Clicks there with the other button.
    pub fn asks_for_the_menu(&self, at: (u32, u32)) {
        self.points(at);
        self.settled();
        assert!(self.command("xdotool").args(["click", "3"]).status().unwrap().success());
        self.settled();
    }

    /// Presses the pointer's button, or lets go of it.
    pub fn button(&self, down: bool) {
        let what = if down { "mousedown" } else { "mouseup" };
        assert!(self.command("xdotool").args([what, "1"]).status().unwrap().success());
    }

    /// Clicks there.
    pub fn clicks(&self, at: (u32, u32)) {
        self.points(at);
        self.settled();
        self.button(true);
        self.button(false);
        self.settled();
    }

    /// Makes the window so large.
    pub fn resize(&self, (width, height): (u32, u32)) {
        let (width, height) = (width.to_string(), height.to_string());
        let args = ["search", "--onlyvisible", "--class", "goyo", "windowsize", &width, &height];
        assert!(self.command("xdotool").args(args).status().unwrap().success());
        self.settled();
    }

    /// Types signs that are on the keyboard. For others a key would have to be made, which the
    /// program may learn of too late.
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
    /// The colour of a pixel.
    pub fn at(&self, (x, y): (u32, u32)) -> [u8; 3] {
        let at = (y * self.width + x) as usize * 3;
        [self.pixels[at], self.pixels[at + 1], self.pixels[at + 2]]
    }

    /// Where in a line there are so many pixels of a colour beside each other.
    pub fn runs(&self, y: u32, across: Range<u32>, colour: [u8; 3], least: u32) -> Vec<Range<u32>> {
        let mut runs = Vec::new();
        let mut begun = None;
        for x in across.start..=across.end.min(self.width) {
            let is = x < across.end.min(self.width) && self.at((x, y)) == colour;
            match (begun, is) {
                (None, true) => begun = Some(x),
                (Some(from), false) => {
                    if x - from >= least {
                        runs.push(from..x);
                    }
                    begun = None;
                }
                _ => {}
            }
        }
        runs
    }

    /// What a ground of this colour takes: from its first line to its last, each at least so
    /// long.
    pub fn area(&self, across: Range<u32>, colour: [u8; 3], least: u32) -> Option<Area> {
        let runs: Vec<(u32, Range<u32>)> = (0..self.height)
            .flat_map(|y| {
                let runs = self.runs(y, across.clone(), colour, least);
                runs.into_iter().map(move |run| (y, run))
            })
            .collect();
        let (first, last) = (runs.first()?.0, runs.last()?.0);
        let x = runs.iter().map(|(_, run)| run.start).min()?;
        let end = runs.iter().map(|(_, run)| run.end).max()?;
        Some(Area { x, y: first, width: end - x, height: last + 1 - first })
    }

    /// The same part of two pictures is the same.
    pub fn is_same(&self, other: &Self, across: Range<u32>, down: Range<u32>) -> bool {
        let mut lines = down.into_iter();
        lines.all(|y| across.clone().all(|x| self.at((x, y)) == other.at((x, y))))
    }

    fn colours(&self) -> usize {
        let all: std::collections::HashSet<&[u8]> = self.pixels.chunks_exact(3).collect();
        all.len()
    }
}

impl Window {
    /// It ends by itself.
    pub fn ends(mut self) {
        let status = until("the program ends", || self.child.try_wait().unwrap());
        assert!(status.success(), "{status:?}");
    }

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

impl Drop for Screen {
    fn drop(&mut self) {
        // What was seen last says most.
        if std::thread::panicking() {
            save("failed", self.shown());
        }
    }
}
