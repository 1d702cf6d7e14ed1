//! Letters for tests: as many as wanted, each different, the same every time.

use std::fmt::Write as _;

/// A source of numbers that only looks like chance: splitmix64.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.roll() % end
    }

    /// One of them.
    pub fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len() as u64) as usize]
    }
}

const PEOPLE: &[&str] = &[
    "=?UTF-8?B?6rmA66+87KeA?= <minji@example.org>",
    "Margaret Hale <margaret@example.net>",
    "news@shop.example",
    "\"Lee, Jun-ho\" <junho@example.com>",
];
const SUBJECTS: &[&str] = &[
    "=?UTF-8?B?7ZqM7J2YIOyekOujjCDrs7Trgrjri4jri6Q=?=",
    "Minutes of Thursday",
    "=?EUC-KR?B?vsiz58fPvLy/5A==?=",
    "Your order has left us",
    "",
];
const WORDS: &[&str] = &[
    "조용한",
    "아침에",
    "편지를",
    "읽는",
    "사람",
    "lorem",
    "harbour",
    "ticket",
    "회의",
    "자료",
    "twelve",
    "kiln",
    "보냅니다",
    "確認",
    "お願い",
    "window",
];

/// Letter `number`, CRLF at line ends as it goes over the line. Neighbours answer each
/// other now and then; every seventh has HTML, every eleventh an attachment, every
/// hundredth is about 200 kB.
pub fn letter(number: u64) -> Vec<u8> {
    let mut dice = Dice::new(number ^ 0x0060_7970);
    let mut out = String::new();
    let head = &mut out;
    let _ = write!(head, "From: {}\r\nTo: Kim <kim@example.org>\r\n", dice.pick(PEOPLE));
    let _ = write!(head, "Subject: {} {number}\r\n", dice.pick(SUBJECTS));
    let _ = write!(
        head,
        "Date: {:02} {} {} {:02}:{:02}:{:02} +0900\r\n",
        1 + number % 28,
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
            [(number / 28 % 12) as usize],
        2015 + number / 3360 % 10,
        dice.below(24),
        dice.below(60),
        dice.below(60),
    );
    let _ = write!(head, "Message-ID: <letter-{number}@test.example>\r\n");
    if number > 3 && dice.below(3) == 0 {
        let _ =
            write!(head, "In-Reply-To: <letter-{}@test.example>\r\n", number - 1 - dice.below(3));
    }
    head.push_str("MIME-Version: 1.0\r\n");
    let length = match number % 100 {
        99 => 12_000,
        _ => 20 + dice.below(200),
    };
    let text = prose(&mut dice, length);
    if number % 11 == 10 {
        let length = 300 + dice.below(4000) as usize;
        let _ = write!(
            out,
            "Content-Type: multipart/mixed; boundary=\"=_{number}\"\r\n\r\n--=_{number}\r\n\
             Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
             {text}\r\n--=_{number}\r\nContent-Type: application/octet-stream; name=\"a-{number}.bin\"\r\n\
             Content-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        );
        for at in 0..length {
            out.push((b'A' + dice.below(26) as u8) as char);
            if at % 76 == 75 {
                out.push_str("\r\n");
            }
        }
        let _ = write!(out, "\r\n--=_{number}--\r\n");
    } else if number % 7 == 6 {
        let _ = write!(
            out,
            "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
             <html><body><h1>{number}</h1><p>{text}</p></body></html>\r\n"
        );
    } else {
        let _ = write!(
            out,
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
        );
    }
    out.into_bytes()
}

/// Letters of these numbers.
pub fn letters(numbers: std::ops::Range<u64>) -> impl Iterator<Item = Vec<u8>> {
    numbers.map(letter)
}

fn prose(dice: &mut Dice, words: u64) -> String {
    let mut out = String::new();
    for at in 0..words {
        out.push_str(dice.pick(WORDS));
        out.push_str(if at % 12 == 11 { "\r\n" } else { " " });
    }
    out
}
