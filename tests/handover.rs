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
        assert_eq!(asked.recv_timeout(SOON).unwrap().take(), wish);
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
