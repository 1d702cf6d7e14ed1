//! What goes over the wire: nothing of the computer, of its user, of where they are, and of
//! who gets the letter without the others seeing.

use super::{desk_at, said, send_command, server};
use std::process::Command;

fn output_of(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).output().map(|output| output.stdout);
    String::from_utf8_lossy(&output.unwrap_or_default()).trim().to_owned()
}

#[test]
fn nothing_of_the_computer_its_user_or_its_place_is_on_the_wire() {
    let server = server();
    let desk = desk_at(&server);
    let picture = desk.home.write("사진.txt", "notes");
    let more = [
        "--cc",
        "Choi <choi@example.org>",
        "--bcc",
        "hidden@example.org",
        "--attach",
        picture.to_str().unwrap(),
        "--receipt",
        "mdn",
        "--now",
    ];
    let mut command = send_command(&desk, &["lee"], "제목", &more);
    // A zone, a name, a home and a machine that would be noticed.
    command
        .env("TZ", "Asia/Kathmandu")
        .env("USER", "yongjae-the-user")
        .env("LOGNAME", "yongjae-the-user")
        .env("HOSTNAME", "yongjaes-machine");
    let (code, letter) = said(&command.output().unwrap());
    assert_eq!(code, 0, "{letter}");
    let taken = server.taken();
    let [letter] = taken.as_slice() else { panic!("{taken:?}") };
    let bytes = String::from_utf8(letter.bytes.clone()).unwrap();
    let lines = server.heard().concat();
    let said = lines.join("\n");

    // Everything is here: the net was not empty.
    assert!(bytes.contains("Disposition-Notification-To: kim@example.org\r\n"));
    assert!(said.contains("RCPT TO:<hidden@example.org>"), "{said}");
    let profile = desk.home.profile();
    let home = profile.parent().unwrap().to_str().unwrap().to_owned();
    let own = [
        output_of("hostname", &[]),
        output_of("id", &["-un"]),
        output_of("hostname", &["-I"]).split(' ').next().unwrap_or_default().to_owned(),
        "yongjae".into(),
        home,
        "+0545".into(),
        "Kathmandu".into(),
    ];
    for tells in own.iter().filter(|tells| !tells.is_empty()) {
        assert!(!bytes.contains(tells.as_str()), "{tells}: {bytes}");
        assert!(!said.contains(tells.as_str()), "{tells}: {said}");
    }
    // Who gets it unseen is named to the server alone, and no field speaks of it.
    assert!(!bytes.contains("hidden@"), "{bytes}");
    assert!(!bytes.to_lowercase().contains("\nbcc:"), "{bytes}");
    for field in ["User-Agent", "X-Mailer", "Content-Language", "X-Originating", "Received"] {
        assert!(!bytes.contains(field), "{field}");
    }
    assert!(bytes.contains(" +0000\r\n"), "{bytes}");
    let greeted: Vec<&String> = lines.iter().filter(|line| line.starts_with("EHLO")).collect();
    assert!(!greeted.is_empty() && greeted.iter().all(|line| *line == "EHLO [127.0.0.1]"));
    // 7 bits, lines of at most 998, each ending as RFC 5322 says.
    assert!(bytes.is_ascii());
    assert!(bytes.split("\r\n").all(|line| line.len() <= 998 && !line.contains(['\r', '\n'])));
}
