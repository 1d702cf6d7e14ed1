//! Pictures of every view, of the real program: `docs/pictures/take` keeps them.

use super::receipt_server;
use super::stage::{Screen, Window};
use crate::common::desk::{ACCOUNT, Desk};
use crate::common::dovecot::Dovecot;
use crate::common::place::{Place, place, read_by_python};
use crate::common::postfix::DOMAIN;
use crate::server::{CHROME, Data, GMAIL};
use crate::stage::until;
use crate::story::{SURFACE, WARNS, bar_buttons_of};

/// A language, and whether it is dark.
const LOOKS: [(&str, bool); 4] = [("ko", false), ("ko", true), ("en", false), ("en", true)];

fn name(view: &str, (language, dark): (&str, bool)) -> String {
    format!("{view}-{language}-{}", if dark { "dark" } else { "light" })
}

#[test]
#[ignore = "takes pictures to be looked at: docs/pictures/take"]
fn of_the_sample_mailbox() {
    LOOKS.into_iter().for_each(of_the_demo);
}

#[test]
#[ignore = "takes pictures to be looked at: docs/pictures/take"]
fn of_what_is_sent_and_of_an_account() {
    LOOKS.into_iter().for_each(of_an_account);
}

#[test]
#[ignore = "takes pictures to be looked at: docs/pictures/take"]
fn of_the_first_start() {
    LOOKS.into_iter().for_each(of_the_beginning);
}

/// The window on the sample mailbox.
fn demo(screen: &Screen, desk: &Desk, (language, dark): (&str, bool), scale: &str) -> Window {
    desk.home.write(
        "profile/window.json",
        format!(r#"{{"language":"{language}","dark":{dark},"notify_off":true}}"#),
    );
    let mut program = desk.command();
    screen.opens(program.arg("--demo").env("WINIT_X11_SCALE_FACTOR", scale))
}

/// Finds the letter with these words, and opens it.
fn open(screen: &Screen, words: &str) {
    screen.press_and_see(&["slash"]);
    screen.press(&["ctrl+a"]);
    screen.pastes(words);
    screen.press_and_see(&["Return"]);
    screen.settled();
}

fn of_the_demo(look: (&str, bool)) {
    let desk = Desk::new();
    let screen = Screen::of((1280, 800));
    let window = demo(&screen, &desk, look, "1");
    let keep = |view: &str| screen.keep(&name(view, look));
    screen.press_and_see(&["Down"]);
    keep("reading");
    for (key, view) in [("d", "ledger"), ("i", "header"), ("ctrl+u", "source"), ("m", "move")] {
        screen.press_and_see(&[key]);
        keep(view);
        screen.press_and_see(&["Escape"]);
    }
    let menus = [("o", "orders"), ("shift+F10", "row-menu"), ("ctrl+shift+F10", "folder-menu")];
    for (key, view) in menus {
        screen.press_and_see(&[key]);
        keep(view);
        screen.press_and_see(&["Escape"]);
    }
    clicks_always(&screen, look);
    keep("trust-menu");
    screen.press_and_see(&["Escape"]);
    screen.press_and_see(&["period"]);
    keep("letter-menu");
    screen.press_and_see(&["Escape"]);
    screen.press_and_see(&["w"]);
    screen.press_and_see(&["1"]);
    screen.press_and_see(&["4"]);
    keep("people-and-labels");
    screen.press_and_see(&["l"]);
    keep("labels");
    screen.press_and_see(&["Escape"]);
    screen.press_and_see(&["w"]);
    screen.press_and_see(&["shift+Down", "shift+Down", "shift+Down"]);
    keep("several");
    screen.press_and_see(&["Escape"]);
    screen.press_and_see(&["question"]);
    keep("keys");
    screen.press_and_see(&["Escape"]);
    screen.press_and_see(&["Down", "Down", "Down", "Down", "Down"]);
    screen.press_and_see(&["Right"]);
    keep("conversation");
    screen.press_and_see(&["shift+Right"]);
    keep("stacked");
    screen.press_and_see(&["ctrl+shift+k"]);
    screen.pastes("정지");
    keep("missing");
    screen.press_and_see(&["Escape"]);
    open(&screen, "회의");
    keep("searching");
    open(&screen, "정지 안내");
    screen.press_and_see(&["Down"]);
    keep("phishing");
    // A link in the letter that leads elsewhere than it says.
    let link = (786, 551);
    screen.clicks(link);
    keep("link");
    screen.press_and_see(&["Escape"]);
    screen.asks_for_the_menu(link);
    keep("link-menu");
    screen.press_and_see(&["Escape"]);
    open(&screen, "견적서");
    screen.press_and_see(&["Down"]);
    keep("attachments");
    // The last of them is a picture.
    screen.clicks((660, 222));
    keep("attachment-inside");
    screen.press_and_see(&["Escape"]);
    screen.press_and_see(&["i"]);
    screen.press_and_see(&["End"]);
    keep("parts");
    screen.press_and_see(&["Escape"]);
    open(&screen, "Overdue invoice");
    screen.press_and_see(&["Down"]);
    screen.press_and_see(&["ctrl+shift+s"]);
    keep("attachment-warning");
    screen.press_and_see(&["Escape"]);
    screen.press_and_see(&["g", "i"]);
    screen.press_and_see(&["Down"]);
    screen.press_and_see(&["Delete"]);
    keep("undo");
    // The archive, kept on top by the second entry of its menu.
    screen.clicks((75, 336));
    screen.press_and_see(&["ctrl+shift+F10"]);
    screen.press_and_see(&["Down"]);
    screen.press_and_see(&["Return"]);
    screen.press_and_see(&["F6"]);
    keep("on-top-and-focus");
    screen.press_and_see(&["g", "x"]);
    screen.press_and_see(&["Down"]);
    screen.press_and_see(&["Delete"]);
    keep("delete");
    screen.press_and_see(&["Escape"]);
    screen.press_and_see(&["slash"]);
    screen.types("fr");
    screen.settled();
    keep("operators");
    drop(window);
}

/// Clicks on the last button of the bar: what is decided about the sender for good.
fn clicks_always(screen: &Screen, look: (&str, bool)) {
    let colours = match look.1 {
        false => (WARNS, SURFACE),
        true => ([0x33, 0x29, 0x0F], [0x1B, 0x1F, 0x22]),
    };
    // A button under the pointer has another colour.
    screen.points((100, 600));
    // A letter that is still to come has them, the one before it may have others.
    let always = until("both buttons of the bar", || {
        let buttons = bar_buttons_of(&screen.settled(), colours);
        buttons.get(1).copied().filter(|_| buttons.len() == 2)
    });
    screen.clicks(always.middle());
}

#[test]
#[ignore = "takes pictures to be looked at: docs/pictures/take"]
fn of_what_was_decided_for_good() {
    for look in LOOKS {
        let desk = Desk::new();
        let screen = Screen::of((1280, 800));
        let window = demo(&screen, &desk, look, "1");
        screen.press_and_see(&["Down"]);
        clicks_always(&screen, look);
        screen.press_and_see(&["Down"]);
        screen.press_and_see(&["Return"]);
        screen.press_and_see(&["Down"]);
        screen.press_and_see(&["Down"]);
        clicks_always(&screen, look);
        screen.press_and_see(&["Up"]);
        screen.press_and_see(&["Return"]);
        screen.press_and_see(&["ctrl+comma"]);
        screen.press_and_see(&["Down"]);
        screen.press_and_see(&["Down"]);
        screen.press_and_see(&["shift+Tab"]);
        screen.press_and_see(&["Return"]);
        screen.keep(&name("trusted-and-blocked", look));
        drop(window);
    }
}

#[test]
#[ignore = "takes pictures to be looked at: docs/pictures/take"]
fn of_import_and_export() {
    for look in LOOKS {
        of_archives(look);
    }
}

/// Import and export: as they are filled in, and as one is done.
fn of_archives(look: (&str, bool)) {
    let desk = Desk::new();
    let screen = Screen::of((1280, 800));
    let window = demo(&screen, &desk, look, "1");
    let keep = |view: &str| screen.keep(&name(view, look));
    let letter = "From a@example.com Thu Jan  1 00:00:00 1970\nSubject: letter\n\ntext\n\n";
    let mbox = desk.home.write("old.mbox", letter);
    screen.press_and_see(&["ctrl+comma"]);
    screen.press_and_see(&["Down", "Down", "Down", "Down", "Down"]);
    // The cross, the sections, and two buttons come before.
    screen.press(&["Tab"; 11]);
    screen.press_and_see(&["Return"]);
    screen.pastes(mbox.to_str().unwrap());
    screen.press_and_see(&["Return"]);
    keep("import");
    screen.press_and_see(&["Return"]);
    screen.settled();
    keep("imported");
    // Nothing has the focus now; a button more comes before.
    screen.press(&["Tab"; 13]);
    screen.press_and_see(&["Return"]);
    keep("export");
    drop(window);
}

fn said(place: &Place, to: &str, subject: &str, text: &str, receipt: &str) {
    let body = place.desk.home.write("body.txt", format!("{text}\n"));
    let html = place.desk.home.write("body.html", format!("<p>{text}</p>"));
    let mut command = place.desk.command();
    command.args(["send", "--now", "--account", "work", "--subject", subject, "--to", to]);
    command.arg("--body-file").arg(body).args(["--receipt", receipt]);
    if receipt == "pixel" {
        command.arg("--html-file").arg(html);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The picture of a letter that has arrived.
fn token(place: &Place, user: &str, count: usize) -> String {
    let letters = place.dovecot.wait_for(user, count);
    let read = read_by_python(letters.last().unwrap());
    let (_, token) = read["html"].as_str().unwrap().split_once("/r/").expect("a picture");
    token.chars().take(32).collect()
}

fn of_an_account(look: (&str, bool)) {
    let mut place = place();
    let data = Data::new();
    let key = data.key("kim");
    let receipts = receipt_server(&place.desk, &data, &key);
    let to = |user: &str| format!("{user}@{DOMAIN}");
    said(&place, &to("lee"), "11월 워크숍 장소 안내", "장소는 2층 회의실이에요.", "pixel");
    let read = token(&place, "lee", 1);
    said(&place, &to("park"), "견적서 수정본 보내드려요", "고친 견적서예요.", "pixel");
    let fetched = token(&place, "park", 1);
    said(&place, &to("nobody"), "다음 주 일정 확인", "화요일 괜찮으세요?", "pixel");
    said(&place, &to("lee"), "회의록 공유", "오늘 회의록이에요.", "none");
    said(&place, &to("park"), "사진 잘 받았어요", "고마워요!", "pixel");
    place.desk.sync();
    until("departures are known", || {
        let sql = "SELECT count(*) FROM token WHERE sent IS NOT NULL";
        let count = data.database().query_row(sql, [], |row| row.get::<_, i64>(0));
        count.is_ok_and(|count| count >= 3).then_some(())
    });
    for (token, agent) in [(&read, CHROME), (&fetched, GMAIL)] {
        data.ages(token, 3_600);
        receipts.hit(token, agent);
    }
    let (language, dark) = look;
    let screen = Screen::of((1280, 800));
    let window = screen.window(&place.desk, language, dark);
    let keep = |view: &str| screen.keep(&name(view, look));
    screen.press_and_see(&["g", "r"]);
    until("both are known", || {
        let known = super::said(&place.desk, &["receipts", "list"]);
        let states = known.iter().filter(|row| row["state"] == "read" || row["state"] == "fetched");
        (states.count() == 2).then_some(())
    });
    screen.press_and_see(&["Down"]);
    keep("receipts");
    let before = screen.settled();
    screen.press_and_see(&["c"]);
    screen.types(&format!("lee@{DOMAIN},"));
    screen.press(&["Tab"]);
    screen.pastes("다음 주 목요일");
    screen.press(&["Tab"]);
    screen.pastes("안녕하세요, 이서연 님.\n\n목요일 오후 두 시에 뵐게요. 첨부한 자료도 봐 주세요.\n\n김고요 드림");
    screen.press_and_see(&["ctrl+shift+r"]);
    screen.press_and_see(&["ctrl+shift+r"]);
    keep("writing");
    screen.press_and_see(&["ctrl+Return"]);
    if super::said(&place.desk, &["outbox", "list"]).iter().all(|letter| letter["state"] == "sent")
    {
        keep("preflight");
        screen.press_and_see(&["ctrl+Return"]);
    }
    keep("sending");
    screen.press_and_see(&["g", "o"]);
    keep("outbox");
    screen.press_and_see(&["g", "x"]);
    keep("empty");
    screen.press_and_see(&["g", "t"]);
    screen.press_and_see(&["Down"]);
    screen.press_and_see(&["t"]);
    keep("journey");
    screen.press_and_see(&["Escape"]);
    // The account's own menu, beside its name, once no outbox stands above it any more.
    until("the outbox is gone", || screen.shown().is_same(&before, 0..150, 230..256).then_some(()));
    let dots = (194, 243);
    screen.clicks(dots);
    keep("account-menu");
    screen.clicks((240, 310));
    keep("talk");
    screen.press_and_see(&["Escape"]);
    screen.clicks(dots);
    screen.clicks((240, 341));
    keep("account-remove");
    screen.press_and_see(&["Escape"]);
    screen.press_and_see(&["ctrl+comma"]);
    for section in 1..=7 {
        keep(&format!("settings-{section}"));
        screen.press(&["Down"]);
    }
    screen.press_and_see(&["Escape"]);
    screen.press_and_see(&["g", "i"]);
    screen.press_and_see(&["Down"]);
    let well = screen.settled();
    place.dovecot.stop();
    until("the account is marked", || {
        (!well.is_same(&screen.shown(), 150..182, 234..252)).then_some(())
    });
    keep("failing");
    drop(window);
}

#[test]
#[ignore = "takes pictures to be looked at: docs/pictures/take"]
fn of_the_settings_of_an_account() {
    LOOKS.into_iter().for_each(of_its_settings);
}

fn of_its_settings(look: (&str, bool)) {
    let (language, dark) = look;
    let server = Dovecot::new();
    let desk = Desk::at(&server);
    let set = |args: &[&str]| {
        let output = desk.command().args(["account", "set", ACCOUNT]).args(args).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let signature = |text: &str| desk.home.write("signature.txt", text).display().to_string();
    let own = signature("김고요\n고요연구소 · 02-000-0000");
    set(&["--sender", "김고요", "--signature-file", &own, "--keep", "90"]);
    let team = signature("고요연구소 안내 데스크");
    set(&["--as", "고요연구소 <desk@example.org>", "--signature-file", &team]);
    let screen = Screen::of((1280, 800));
    let window = screen.window(&desk, language, dark);
    let keep = |view: &str| screen.keep(&name(view, look));
    screen.press_and_see(&["c"]);
    keep("writing-signature");
    screen.press_and_see(&["Escape"]);
    screen.press_and_see(&["ctrl+comma"]);
    screen.press(&["Down", "Down"]);
    // The cross, seven sections, ask or never, the accounts' proxy, one of their own.
    screen.press(&["Tab"; 12]);
    screen.press_and_see(&["Return"]);
    screen.types("socks5://127.0.0.1:9050");
    keep("settings-pictures");
    drop(window);
    // So high that all of the account is in sight.
    let screen = Screen::of((1280, 1640));
    let window = screen.window(&desk, language, dark);
    screen.resize((1280, 1640));
    screen.press_and_see(&["ctrl+comma"]);
    screen.press(&["Down", "Down", "Down"]);
    screen.press(&["Tab"; 9]);
    screen.press_and_see(&["Return"]);
    screen.types("Kim");
    screen.keep(&name("settings-account", look));
    drop(window);
}

fn of_the_beginning(look: (&str, bool)) {
    let (language, dark) = look;
    let desk = Desk::new();
    let screen = Screen::of((1280, 800));
    let window = screen.window(&desk, language, dark);
    screen.keep(&name("welcome", look));
    screen.types("Kim Goyo");
    screen.press(&["Tab"]);
    screen.types("kim@localhost.invalid");
    screen.press(&["Tab"]);
    screen.types("wrong");
    screen.press_and_see(&["Return"]);
    screen.keep(&name("account-failed", look));
    drop(window);
}

#[test]
#[ignore = "takes pictures to be looked at: docs/pictures/take"]
fn of_reading_small_and_dense() {
    for look in [("ko", false), ("en", true)] {
        let desk = Desk::new();
        let screen = Screen::of((3840, 2160));
        let window = demo(&screen, &desk, look, "2");
        screen.resize((3840, 2160));
        screen.press_and_see(&["Down"]);
        screen.keep(&name("reading-1920x1080-dense", look));
        drop(window);
        let screen = Screen::of((960, 640));
        let window = demo(&screen, &desk, look, "1");
        screen.resize((960, 640));
        screen.keep(&name("list-960x640", look));
        screen.press_and_see(&["Down"]);
        screen.keep(&name("reading-960x640", look));
        drop(window);
    }
}
