//! Accounts on the command line, with their password in the sealed file and nothing trusted.

use super::dovecot::USER;
use super::{Home, lines};
use serde_json::Value;
use std::io::Write;
use std::process::{Command, Output, Stdio};

/// The command line with a passphrase, and without any keyring in reach.
pub fn command(home: &Home) -> Command {
    let passphrase = home.write("passphrase", "a sentence that nobody guesses");
    let mut command = home.command();
    command
        .env("GOYO_PASSPHRASE_FILE", passphrase)
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
        .env_remove("SSL_CERT_FILE")
        .env_remove("SSL_CERT_DIR");
    command
}

/// Adds account `work` of [`USER`], at these servers (`--imap`, `--smtp`), with this password.
pub fn add(home: &Home, servers: &[&str], password: &str) {
    let mut child = command(home)
        .args(["account", "add", "--name", "work", "--email", "kim@example.org", "--user", USER])
        .args(servers)
        .arg("--password-stdin")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{password}").unwrap();
    assert!(child.wait().unwrap().success());
}

/// Tries that account; what was said of it, which must agree with how the program ended.
pub fn test(mut command: Command, more: &[&str]) -> (Output, Value) {
    let output = command.args(["--json", "account", "test", "work"]).args(more).output().unwrap();
    let said = lines(&output).remove(0);
    assert_eq!(said["ok"].as_bool().unwrap(), output.status.success());
    (output, said)
}
