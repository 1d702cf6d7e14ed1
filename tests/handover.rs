//! A second start of the program on a profile that has a window: real processes on one side,
//! the window's end of the socket on the other. No display is needed.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::Home;
use goyo::handover::{Asked, Listener, Wish, listen};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(20);

fn window(home: &Home) -> (Listener, Receiver<Asked>) {
    std::fs::create_dir_all(home.profile()).unwrap();
    let (sender, asked) = channel();
    (listen(&home.profile(), move |wish| drop(sender.send(wish))).unwrap(), asked)
}

/// A start of the program, without a display.
fn start(home: &Home, change: impl FnOnce(&mut Command) -> &mut Command) -> Child {
    let mut command = home.command();
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    change(command.stdout(Stdio::piped()).stderr(Stdio::piped())).spawn().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn what_a_later_start_was_given_comes_to_the_window() {
    let home = Home::new();
    let letter = home.write("편지 1.eml", "Subject: one\r\n\r\n");
    let (_listener, asked) = window(&home);
    let link = "mailto:a@example.com?subject=%ED%9A%8C%EC%9D%98";
    for (argument, directory, wish) in [
        (None, None, Wish::Raise),
        (Some("편지 1.eml".to_owned()), letter.parent(), Wish::Letter(letter.clone())),
        (Some(format!("file://{}", letter.display())), None, Wish::Letter(letter.clone())),
        (Some(link.to_owned()), None, Wish::Write(link.to_owned())),
    ] {
        let child = start(&home, |command| {
            command.args(argument).current_dir(directory.unwrap_or(std::path::Path::new("/")))
        });
        assert_eq!(asked.recv_timeout(SOON).unwrap().take(), Some(wish.clone()));
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{wish:?}: {}", said(&output));
        assert!(output.stdout.is_empty() && output.stderr.is_empty());
    }
}

#[test]
fn what_the_window_did_not_take_is_not_said_to_be_done() {
    let home = Home::new();
    let letter = home.write("1.eml", "Subject: one\r\n\r\n");
    let (_listener, asked) = window(&home);
    let child = start(&home, |command| command.arg(&letter));
    // The window goes at this very moment.
    drop(asked.recv_timeout(SOON).unwrap());
    let output = child.wait_with_output().unwrap();
    // It wanted to open a window itself; there is no display for one.
    assert!(!output.status.success());
    assert!(said(&output).contains("window"), "{}", said(&output));
}

#[test]
fn a_window_of_another_profile_is_left_alone() {
    let home = Home::new();
    let (_listener, asked) = window(&home);
    let other = Home::new();
    let output = start(&other, |command| command).wait_with_output().unwrap();
    assert!(!output.status.success());
    assert_eq!(asked.recv_timeout(Duration::ZERO).err(), Some(RecvTimeoutError::Timeout));
}

#[test]
fn what_cannot_be_a_letter_is_refused_before_anybody_is_asked() {
    let home = Home::new();
    let (_listener, asked) = window(&home);
    let folder = home.path("");
    for (argument, word) in
        [(folder.to_str().unwrap(), "folder"), ("/dev/null", "file"), ("nonsense", "verb")]
    {
        let output = start(&home, |command| command.arg(argument)).wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{argument}");
        assert!(said(&output).contains(word), "{}", said(&output));
    }
    assert_eq!(asked.recv_timeout(Duration::ZERO).err(), Some(RecvTimeoutError::Timeout));
}

/// Real windows, on a screen of the test's own.
#[cfg(feature = "window-tests")]
mod on_a_screen {
    use super::common::xvfb::Xvfb;
    use super::{Home, SOON};
    use std::os::unix::fs::MetadataExt as _;
    use std::process::{Child, Stdio};
    use std::time::{Duration, Instant};
    use tempfile::TempDir;

    /// A process that goes with the test.
    struct Running(Child);

    impl Drop for Running {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    impl Running {
        fn ended(&mut self) -> Option<bool> {
            self.0.try_wait().unwrap().map(|status| status.success())
        }
    }

    fn screen() -> (Xvfb, TempDir) {
        let memory = tempfile::tempdir().unwrap();
        (Xvfb::start(memory.path()), memory)
    }

    fn start(home: &Home, display: &str, argument: Option<&std::path::Path>) -> Running {
        let child = home
            .command()
            .args(argument)
            .env("DISPLAY", display)
            .env_remove("WAYLAND_DISPLAY")
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Running(child.unwrap())
    }

    fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
        let started = Instant::now();
        loop {
            if let Some(answer) = ask() {
                return answer;
            }
            assert!(started.elapsed() < SOON * 3, "never: {what}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Which file the socket of the profile is.
    fn socket(home: &Home) -> Option<u64> {
        std::fs::metadata(home.profile().join("window.sock")).ok().map(|file| file.ino())
    }

    #[test]
    fn a_second_start_ends_and_a_killed_window_stands_in_nobodys_way() {
        let home = Home::new();
        let letter = home.write("1.eml", "Subject: one\r\n\r\nText.\r\n");
        let (screen, _memory) = screen();
        let mut first = start(&home, &screen.display, None);
        let listens = until("the window listens", || socket(&home));
        let mut second = start(&home, &screen.display, Some(&letter));
        assert!(until("the second start ends", || second.ended()));
        assert_eq!(first.ended(), None);

        // As by kill -9: its socket stays behind.
        drop(first);
        assert_eq!(socket(&home), Some(listens));
        let mut third = start(&home, &screen.display, Some(&letter));
        until("the next one listens", || socket(&home).filter(|file| *file != listens));
        let mut fourth = start(&home, &screen.display, None);
        assert!(until("the fourth start ends", || fourth.ended()));
        assert_eq!(third.ended(), None);
    }

    #[test]
    fn of_two_starts_at_one_moment_one_has_the_window() {
        let home = Home::new();
        let (screen, _memory) = screen();
        let mut both = [start(&home, &screen.display, None), start(&home, &screen.display, None)];
        let (at, well) = until("one of them ends", || {
            both.iter_mut().enumerate().find_map(|(at, start)| Some((at, start.ended()?)))
        });
        assert!(well);
        assert_eq!(both[1 - at].ended(), None);
    }
}
