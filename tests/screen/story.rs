//! One morning at the real window, from a letter that would have told on its reader to the
//! window that opens again where one was. What was done is read where it counts: at the mail
//! server, at whoever was asked for pictures, in the store, and on the screen.

use super::stage::{Area, Picture, Screen, Window, until};
use super::web::{COLOUR, Web};
use super::{receipt_server, said, send};
use crate::common::desk::Desk;
use crate::common::dovecot::USER;
use crate::common::place::{Place, place_with, read_by_python};
use crate::common::postfix::DOMAIN;
use crate::server::{CHROME, Data, Running};
use serde_json::Value;
use std::process::Stdio;

/// Behind what was stopped in a letter, while the window is light.
pub const WARNS: [u8; 3] = [0xFA, 0xF1, 0xDD];
/// Behind the place and the row one is at.
const CHOSEN: [u8; 3] = [0xE4, 0xF0, 0xEE];
/// Behind the folder that letters would be let go over.
const TARGET: [u8; 3] = [0xE1, 0xF0, 0xED];
/// Cards and buttons.
pub const SURFACE: [u8; 3] = [0xFF, 0xFF, 0xFF];
/// The window's own ground where it is dark.
const DARK: [u8; 3] = [0x1B, 0x1F, 0x22];
/// The newest letter of the inbox.
const FIRST: &str = "가을 신상품";
/// The sidebar, and the list.
const SIDE: std::ops::Range<u32> = 0..210;
const LIST: std::ops::Range<u32> = 230..560;
const LETTER: std::ops::Range<u32> = 580..1280;
/// What became of a letter that was sent, in the list of receipts.
const STATES: std::ops::Range<u32> = 590..800;

/// A letter of the shop: pictures that can be seen, and two that are there to tell.
fn of_the_shop(subject: &str, day: u32, pictures: &[&str]) -> Vec<u8> {
    let pictures: String = pictures
        .iter()
        .map(|name| {
            format!(
                "<p><img src='http://pictures.shop.example/{name}.png' width=240 height=90></p>"
            )
        })
        .collect();
    format!(
        "From: 가게 <news@shop.example>\r\nTo: {USER}@{DOMAIN}\r\nSubject: {subject}\r\n\
         Message-ID: <shop-{day}@shop.example>\r\nDate: {day} Nov 2026 08:00:00 +0900\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
         <p>새로 나왔어요.</p>{pictures}\
         <img src='http://open.shop.example/o.gif?who={USER}-{day}' width=1 height=1>\
         <img src='https://cos2.navercorp.com/received/{day}' width=1 height=1>\r\n"
    )
    .into_bytes()
}

/// A letter that is only text.
fn plain(id: &str, subject: &str, day: u32, answers: Option<&str>) -> Vec<u8> {
    let answers = answers.map_or(String::new(), |id| {
        format!("In-Reply-To: <{id}@{DOMAIN}>\r\nReferences: <{id}@{DOMAIN}>\r\n")
    });
    format!(
        "From: 이서연 <lee@{DOMAIN}>\r\nTo: {USER}@{DOMAIN}\r\nSubject: {subject}\r\n\
         Message-ID: <{id}@{DOMAIN}>\r\n{answers}Date: {day} Nov 2026 07:00:00 +0900\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
         {subject}에 대한 이야기예요.\r\n"
    )
    .into_bytes()
}

/// The morning so far.
struct Morning {
    // Goes first: its last picture is of a window whose servers are there.
    screen: Screen,
    place: Place,
    web: Web,
    /// The receipt server, and what it keeps.
    receipts: Running,
    data: Data,
}

impl Morning {
    fn desk(&self) -> &Desk {
        &self.place.desk
    }

    /// Goes down the inbox to the letter of this subject, which is opened by that.
    fn reads(&self, subject: &str) {
        let ending = format!("{subject} — 고요");
        self.screen.press(&["Home"]);
        let mut title = format!("{FIRST} — 고요");
        self.screen.shows(&title);
        for _ in 0..20 {
            if title.ends_with(&ending) {
                self.screen.settled();
                return;
            }
            self.screen.press(&["Down"]);
            title = until("the next letter is open", || {
                Some(self.screen.title()).filter(|next| *next != title)
            });
        }
        panic!("'{subject}' is not in the list");
    }

    /// How often a letter with this subject lies in a folder at the server.
    fn at_server(&self, folder: &str, subject: &str) -> usize {
        let letters = self.place.dovecot.letters(USER, folder);
        letters.values().filter(|raw| contains(raw, &format!("Subject: {subject}\r\n"))).count()
    }

    fn until_it_lies(&self, subject: &str, folder: &str, not: &str) {
        until(&format!("'{subject}' lies in {folder}, not in {not}"), || {
            let here = (self.at_server(folder, subject), self.at_server(not, subject));
            (here == (1, 0)).then_some(())
        });
    }
}

fn contains(raw: &[u8], words: &str) -> bool {
    raw.windows(words.len()).any(|part| part == words.as_bytes())
}

/// The buttons of the bar above a letter, from the left.
fn bar_buttons(shown: &Picture) -> Vec<Area> {
    bar_buttons_of(shown, (WARNS, SURFACE))
}

/// The same, where the bar and its buttons have these colours.
pub fn bar_buttons_of(shown: &Picture, (ground, surface): ([u8; 3], [u8; 3])) -> Vec<Area> {
    let bar = shown.area(LETTER, ground, 200).expect("what was stopped is said");
    let across = || bar.x..bar.x + bar.width;
    let whites = |y| shown.runs(y, across(), surface, 24);
    let top = (bar.y..bar.y + bar.height).find(|y| !whites(*y).is_empty()).expect("buttons");
    // Below their round corners, above the words in them.
    let runs = whites(top + 4);
    let button = |run: std::ops::Range<u32>| Area {
        x: run.start,
        y: top,
        width: run.end - run.start,
        height: 26,
    };
    runs.into_iter().map(button).collect()
}

/// How many lines of the letter's pictures are seen.
fn lines_of_pictures(shown: &Picture) -> usize {
    (0..800).filter(|y| !shown.runs(*y, LETTER, COLOUR, 100).is_empty()).count()
}

#[test]
fn a_morning_from_a_letter_that_would_tell_to_the_window_opened_again() {
    let web = Web::start();
    let place = place_with(&["--proxy", &web.address]);
    let mut server = place.dovecot.client(USER);
    server.create("산악회");
    server.append(
        "INBOX",
        &[],
        [
            of_the_shop(FIRST, 20, &["a", "b"]),
            of_the_shop("겨울 신상품", 19, &["c"]),
            of_the_shop("봄 신상품", 18, &["d"]),
            plain("walk", "북한산 산행", 14, None),
            plain("walk-2", "Re: 북한산 산행", 16, Some("walk")),
            plain("minutes", "11월 정기회의록", 13, None),
            plain("keep", "보관할 편지", 12, None),
            plain("carry", "옮길 편지", 11, None),
            plain("last", "맨 아래 편지", 10, None),
        ],
    );
    drop(server);
    place.desk.sync();
    let data = Data::new();
    let receipts = receipt_server(&place.desk, &data, &data.key("kim"));
    let screen = Screen::start();
    let window = screen.window(&place.desk, "ko", false);
    let day = Morning { screen, place, web, receipts, data };
    // From elsewhere: the window may have gone to the inbox by itself.
    day.screen.press_and_see(&["g", "s"]);
    day.screen.press_and_see(&["g", "i"]);
    trusts_and_takes_it_back(&day);
    finds_in_the_middle_of_a_word(&day);
    folds_and_unfolds(&day);
    archives_and_takes_it_back(&day);
    let folder = carries_to_a_folder(&day);
    let token = writes(&day);
    learns_that_it_was_read(&day, &token);
    let window = opens_what_comes_later(&day, window);
    comes_back(&day, window, folder);
    assert_eq!(day.web.asked(), ALLOWED.map(url), "asked for what was allowed");
}

/// The pictures that were allowed, by showing them once or by trust.
const ALLOWED: [&str; 3] = ["a", "b", "c"];

fn url(name: &str) -> String {
    format!("http://pictures.shop.example/{name}.png")
}

fn trusts_and_takes_it_back(day: &Morning) {
    let (screen, web) = (&day.screen, &day.web);
    let none: [String; 0] = [];
    day.reads(FIRST);
    let shown = screen.settled();
    assert_eq!(lines_of_pictures(&shown), 0);
    assert_eq!(web.asked(), none, "nobody has allowed anything");

    // Shown once: these two, and what would tell is still refused.
    let buttons = bar_buttons(&shown);
    screen.clicks(buttons[0].middle());
    until("both pictures are seen", || (lines_of_pictures(&screen.shown()) > 120).then_some(()));
    assert_eq!(web.asked(), [url("a"), url("b")]);
    screen.keep("pictures shown");

    // The sender is trusted: what else comes from there shows its pictures by itself.
    let always = *bar_buttons(&screen.settled()).last().unwrap();
    let (x, y) = always.middle();
    screen.clicks((x, y));
    screen.keep("whom to trust");
    screen.clicks((x, y + 14 + 4 + 5 + 20));
    until("the sender is trusted", || {
        (day.desk().store().rules().unwrap().len() == 1).then_some(())
    });
    let made = day.desk().store().rules_made().unwrap();
    assert_eq!(made[0].1.letter.as_deref(), Some(FIRST), "on which letter is remembered");
    screen.press(&["Down"]);
    screen.shows("겨울 신상품 — 고요");
    until("its picture is seen", || (lines_of_pictures(&screen.shown()) > 60).then_some(()));
    let after = || -> Vec<String> {
        web.asked()
            .into_iter()
            .filter(|asked| !asked.contains("/a.") && !asked.contains("/b."))
            .collect()
    };
    assert_eq!(after(), [url("c")]);

    // The trust is taken back, in the list of the settings.
    screen.press_and_see(&["ctrl+comma"]);
    screen.press_and_see(&["Down"]);
    screen.press_and_see(&["Down"]);
    screen.press_and_see(&["shift+Tab"]);
    screen.press_and_see(&["Return"]);
    screen.keep("whom one trusts");
    screen.press_and_see(&["Tab"]);
    screen.press_and_see(&["Tab"]);
    screen.press_and_see(&["Return"]);
    until("nobody is trusted", || day.desk().store().rules().unwrap().is_empty().then_some(()));
    screen.press_and_see(&["Escape"]);
    screen.press_and_see(&["Escape"]);
    day.reads("봄 신상품");
    assert_eq!(lines_of_pictures(&screen.settled()), 0);
    assert_eq!(bar_buttons(&screen.settled()).len(), 2, "what was stopped can be shown");
    assert_eq!(after(), [url("c")], "nothing is asked for any more");
}

fn finds_in_the_middle_of_a_word(day: &Morning) {
    let screen = &day.screen;
    screen.press_and_see(&["slash"]);
    screen.pastes("의록");
    screen.press_and_see(&["Return"]);
    screen.press(&["Down"]);
    screen.shows("11월 정기회의록 — 고요");
    screen.keep("found");
    screen.press_and_see(&["Escape"]);
}

fn folds_and_unfolds(day: &Morning) {
    let screen = &day.screen;
    day.reads("북한산 산행");
    let folded = screen.settled();
    screen.press_and_see(&["Right"]);
    let unfolded = screen.settled();
    let row = (84..760).find(|y| !folded.is_same(&unfolded, LIST, *y..*y + 1));
    // The row itself may say by now that it was read; what is below it lies elsewhere.
    let below = row.expect("its letters stand below each other") + 80..760;
    assert!(!folded.is_same(&unfolded, LIST, below.clone()));
    screen.keep("unfolded");
    screen.press_and_see(&["Left"]);
    until("it is one row again", || {
        folded.is_same(&screen.shown(), LIST, below.clone()).then_some(())
    });
}

fn archives_and_takes_it_back(day: &Morning) {
    let screen = &day.screen;
    day.reads("보관할 편지");
    screen.press(&["e"]);
    day.until_it_lies("보관할 편지", "Archive", "INBOX");
    screen.keep("archived");
    screen.press(&["z"]);
    day.until_it_lies("보관할 편지", "INBOX", "Archive");
}

/// Where the folder is in the sidebar.
fn carries_to_a_folder(day: &Morning) -> (u32, u32) {
    let screen = &day.screen;
    // What has no use of its own stands below the trash.
    screen.press_and_see(&["g", "x"]);
    let trash = screen.settled().area(SIDE, CHOSEN, 60).unwrap();
    let (x, y) = trash.middle();
    let folder = (x, y + 32);
    screen.press_and_see(&["g", "i"]);
    day.reads("옮길 편지");
    let row = screen.settled().area(LIST, CHOSEN, 150).unwrap();
    screen.points(row.middle());
    screen.settled();
    screen.button(true);
    let (from_x, from_y) = row.middle();
    screen.points((from_x - 20, from_y));
    screen.settled();
    screen.points(folder);
    until("it would be let go there", || {
        let lit = screen.shown().area(SIDE, TARGET, 60)?;
        (lit.y < folder.1 && folder.1 < lit.y + lit.height).then_some(())
    });
    screen.keep("carried");
    screen.button(false);
    day.until_it_lies("옮길 편지", "산악회", "INBOX");
    folder
}

/// The name of the picture that was put into the letter.
fn writes(day: &Morning) -> String {
    let screen = &day.screen;
    screen.press_and_see(&["c"]);
    screen.types(&format!("lee@{DOMAIN},"));
    screen.press(&["Tab"]);
    screen.pastes("토요일 산행");
    screen.press(&["Tab"]);
    screen.pastes("아홉 시에 구파발역에서 만나요.");
    super::draft(day.desk(), "토요일 산행");
    // A receipt by a picture is the second of the choices.
    screen.press_and_see(&["ctrl+shift+r"]);
    screen.press_and_see(&["ctrl+shift+r"]);
    send(screen, day.desk());
    let got = day.place.dovecot.wait_for("lee", 1);
    let read = read_by_python(&got[0]);
    assert_eq!(read["subject"], "토요일 산행");
    assert_eq!(read["from"], format!("김고요 <{USER}@{DOMAIN}>"));
    let text = read["text"].as_str().unwrap();
    let (said, asked) = text.split_once("\r\n\r\n").expect("that it asks is said below");
    assert_eq!(said, "아홉 시에 구파발역에서 만나요.");
    assert!(asked.starts_with("이 메일은 수신확인을 요청합니다."), "{asked}");
    let (_, token) = read["html"].as_str().unwrap().split_once("/r/").expect("a picture");
    token.chars().take(32).collect()
}

fn learns_that_it_was_read(day: &Morning, token: &str) {
    let screen = &day.screen;
    until("its departure is known", || {
        let sql = "SELECT count(*) FROM token WHERE sent IS NOT NULL";
        let count = day.data.database().query_row(sql, [], |row| row.get::<_, i64>(0));
        count.is_ok_and(|count| count == 1).then_some(())
    });
    let states = || -> Vec<Value> {
        let known = said(day.desk(), &["receipts", "list"]);
        known.into_iter().map(|row| row["state"].clone()).collect()
    };
    screen.press_and_see(&["g", "r"]);
    let unread = screen.settled();
    assert!(!states().contains(&Value::from("read")), "nobody has opened it");
    day.data.ages(token, 3_600);
    day.receipts.hit(token, CHROME);
    screen.press(&["g", "i"]);
    screen.press(&["g", "r"]);
    until("it is known to be read", || (states() == ["read"]).then_some(()));
    until("the list says so", || (!unread.is_same(&screen.shown(), STATES, 98..158)).then_some(()));
    screen.keep("read, as its receipt says");
    screen.press_and_see(&["g", "i"]);
}

fn opens_what_comes_later(day: &Morning, window: Window) -> Window {
    let screen = &day.screen;
    let invitation = plain("invitation", "초대합니다", 20, None);
    let file = day.desk().home.write("초대장.eml", invitation);
    let later = screen.runs(day.desk().command().arg(&file).stdout(Stdio::null()));
    assert!(later.success(), "{later:?}");
    screen.shows("초대합니다 — 고요");
    assert_eq!(screen.windows(), 1);
    window
}

fn comes_back(day: &Morning, window: Window, folder: (u32, u32)) {
    let screen = &day.screen;
    screen.clicks(folder);
    screen.press(&["Down"]);
    screen.shows("옮길 편지 — 고요");
    screen.resize((1180, 760));
    let remembered = |name: &str| -> Value {
        let file = std::fs::read(day.desk().home.path("profile/window.json")).unwrap();
        serde_json::from_slice::<Value>(&file).unwrap()[name].clone()
    };

    // Another language, and dark, while it runs.
    screen.press_and_see(&["ctrl+comma"]);
    into_the_section(screen);
    screen.press_and_see(&["Tab"]);
    screen.press_and_see(&["Return"]);
    screen.shows("옮길 편지 — Goyo");
    // Past the desktop's light and day, to night.
    for _ in 0..3 {
        screen.press_and_see(&["Tab"]);
    }
    screen.press_and_see(&["Return"]);
    until("it is dark", || (screen.shown().at((900, 20)) == DARK).then_some(()));
    screen.press_and_see(&["Escape"]);
    screen.keep("in English, and dark");
    screen.press(&["ctrl+q"]);
    window.ends();
    assert_eq!(remembered("language"), "en");

    let window = screen.opens(&mut day.desk().command());
    screen.shows("옮길 편지 — Goyo");
    assert_eq!(screen.size(), (1180, 760));
    assert_eq!(screen.settled().at((900, 20)), DARK);
    screen.keep("opened again");
    drop(window);
}

/// Goes on with the tabulator from the sections of the settings into the one that is shown: to
/// its first choice, that of the language.
fn into_the_section(screen: &Screen) {
    for _ in 0..20 {
        let before = screen.settled();
        screen.press_and_see(&["Tab"]);
        if !before.is_same(&screen.settled(), 430..1000, 114..200) {
            return;
        }
    }
    panic!("nothing in the section is reached");
}
