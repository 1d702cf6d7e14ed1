//! Letters made up: every script, odd names, long lines. What each must be read back as
//! is known from how it was made, not from the program.

use goyo::model::{
    Address, Attachment, Context, Draft, DraftBody, Identity, InlinePicture, PixelRequest,
    ReceiptChoice,
};

/// Numbers that only look like chance (xorshift64*).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % sides
    }

    fn one_in(&mut self, sides: usize) -> bool {
        self.roll(sides) == 0
    }

    fn of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.roll(all.len())]
    }
}

const WORDS: &[&str] = &[
    "hello",
    "Plan",
    "don't",
    "a",
    "x=1",
    "50%",
    "C++",
    "naïve",
    "Größe",
    "œuvre",
    "ñandú",
    "안녕하세요",
    "보고서",
    "최종",
    "뷁",
    "똠방각하",
    "회의는",
    "ㅋㅋㅋ",
    "한\u{1112}\u{1161}\u{11ab}",
    "日本語の文章です",
    "カタカナ",
    "ﾊﾝｶｸ",
    "「括弧」",
    "中文信件",
    "繁體中文",
    "𠮷野家",
    "，。！",
    "Привет",
    "Ελληνικά",
    "مرحبا",
    "שלום",
    "नमस्ते",
    "สวัสดีครับ",
    "გამარჯობა",
    "አማርኛ",
    "ខ្មែរ",
    "Tiếng",
    "Việt",
    "😀",
    "👩\u{200d}👩\u{200d}👧\u{200d}👦",
    "🇰🇷",
    "👍🏽",
    "e\u{301}",
    "𝔘𝔫𝔦",
    "\u{a0}",
    "…",
    "“quoted”",
    "—",
    "№",
    "=?UTF-8?B?QQ==?=",
    "=?",
    "?=",
    "=20",
    "--",
    ".",
    "..",
    "From",
    "&amp;",
    "<b>",
    "a@b",
    "\"q\"",
    "\\",
    "(c)",
    ",",
    ";",
    ":",
    "[x]",
    "_u_v",
    "~",
    "Re:",
    "\u{feff}x",
];

fn word(dice: &mut Dice) -> String {
    if dice.one_in(40) {
        // Longer than a line; some of them longer than any server takes.
        let unit = dice.of(&["x", "가", "漢", "é", "😀", "ab-"]);
        let count = 30 + dice.roll(600);
        return unit.repeat(count);
    }
    dice.of(WORDS).to_owned()
}

fn words(dice: &mut Dice, most: usize) -> String {
    let mut out = word(dice);
    for _ in 0..dice.roll(most) {
        out.push_str(if dice.one_in(12) { "  " } else { " " });
        out.push_str(&word(dice));
    }
    out
}

/// A text for a header, and as what it is read: on one line, without blanks around it.
fn line(dice: &mut Dice, text: String) -> (String, String) {
    match dice.roll(30) {
        0 => (
            format!("{text}\r\nBcc: evil@example.net"),
            format!("{text}  Bcc: evil@example.net").trim().to_owned(),
        ),
        1 => (format!(" {text}\0\t"), text.trim().to_owned()),
        2 => (String::new(), String::new()),
        _ => (text.clone(), text.trim().to_owned()),
    }
}

fn person(dice: &mut Dice, number: usize) -> (Address, [String; 2]) {
    let local = match dice.roll(6) {
        0 => format!("a.b+c{number}"),
        1 => format!("\"o dd, {number}\""),
        2 => format!("o'neil=x/{number}"),
        _ => format!("user{number}"),
    };
    let (domain, ascii) = match dice.roll(5) {
        0 => ("예시.한국", "xn--vv4b11d.xn--3e0b707e"),
        1 => ("münchen.example", "xn--mnchen-3ya.example"),
        2 => (
            "sub-domain.long-name-of-a-host.example.org",
            "sub-domain.long-name-of-a-host.example.org",
        ),
        _ => ("example.org", "example.org"),
    };
    // Python makes a blank of a no-break space in a name.
    let name = words(dice, 4).replace('\u{a0}', "_");
    let (name, read) = if dice.one_in(3) { Default::default() } else { line(dice, name) };
    // Of several blanks in a name one is left.
    let read = read.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let address =
        Address { name: (!name.is_empty()).then_some(name), addr: format!("{local}@{domain}") };
    (address, [read, format!("{local}@{ascii}")])
}

/// A name for a file that is read back as it is.
fn file_name(dice: &mut Dice) -> String {
    let mut name = String::new();
    for _ in 0..1 + dice.roll(5) {
        let word = word(dice);
        let fine: String = word
            .chars()
            .filter(|c| !r#"/\:*?"<>|"#.contains(*c))
            .filter(|c| !matches!(c, '\u{200d}' | '\u{feff}' | '\u{a0}'))
            .take(20)
            .collect();
        if !name.is_empty() {
            name.push(' ');
        }
        name.push_str(&fine);
    }
    let mut name = name.trim().trim_matches('.').trim().to_owned();
    while name.len() > 200 {
        name.pop();
    }
    format!("f{}.{}", name.trim_end(), dice.of(&["pdf", "hwp", "txt", "zip", "한글"]))
}

/// What a letter must be read back as.
#[derive(Default)]
pub struct Expected {
    pub subject: String,
    pub from: [String; 2],
    pub to: Vec<[String; 2]>,
    pub cc: Vec<[String; 2]>,
    pub reply_to: Vec<[String; 2]>,
    /// Lines of the text with their depth, where it was typed without marks.
    pub lines: Option<Vec<(usize, String)>>,
    /// Words of text and HTML, where it was typed with marks.
    pub words: Option<Vec<String>>,
    /// Name and bytes of files, in any order.
    pub files: Vec<(String, Vec<u8>)>,
    /// Names of pictures shown in the text.
    pub shown: Vec<String>,
    pub references: Vec<String>,
    /// What nobody but the sender may see.
    pub hidden: String,
    pub pixel: bool,
    pub zone: i16,
}

fn lines(dice: &mut Dice) -> (String, Vec<(usize, String)>) {
    let mut typed = String::new();
    let mut read = Vec::new();
    let count = 1 + dice.roll(8);
    for number in 0..count {
        let depth = if dice.one_in(4) { 1 + dice.roll(3) } else { 0 };
        let mut line = if dice.one_in(5) { String::new() } else { words(dice, 40) };
        line = match dice.roll(12) {
            0 => format!("From {line}"),
            1 => format!("  {line}"),
            2 => format!("{line}   "),
            3 => ".".into(),
            4 => format!("\t{line}\t"),
            _ => line,
        };
        // The last line holds something; `-- ` is for signatures.
        if number + 1 == count || line == "-- " {
            line.push('끝');
        }
        if depth > 0 {
            typed.push_str(&">".repeat(depth));
            typed.push(' ');
        }
        typed.push_str(&line);
        typed.push_str(dice.of(&["\n", "\r\n"]));
        let kept = line.trim_end_matches(' ');
        read.push((depth, kept.to_owned()));
    }
    (typed, read)
}

fn marked(dice: &mut Dice) -> (String, Vec<String>) {
    let mut typed = String::new();
    let mut read = Vec::new();
    for _ in 0..1 + dice.roll(6) {
        typed.push_str(dice.of(&["", "- ", "  - ", "1. ", "> ", ">> ", "\n", "", ""]));
        for _ in 0..1 + dice.roll(12) {
            let mut word: String = word(dice)
                .chars()
                .filter(|c| c.is_alphanumeric() || c.is_ascii_punctuation())
                .filter(|c| !r"*_`[]!\>-".contains(*c))
                .collect();
            // What could be a number of a list is none.
            word.insert(0, 'w');
            read.push(word.clone());
            typed.push_str(&match dice.roll(8) {
                0 => format!("**{word}**"),
                1 => format!("*{word}*"),
                2 => format!("`{word}`"),
                3 => format!("***{word}***"),
                _ => word,
            });
            typed.push(' ');
        }
        typed.push('\n');
    }
    (typed, read)
}

/// Makes up the letter of this number.
pub fn letter(number: u64) -> (Draft, Expected) {
    let dice = &mut Dice::new(number + 1);
    let mut expected = Expected::default();
    let mut draft = Draft::default();
    let mut everybody = 0;
    let mut people = |dice: &mut Dice, count: usize| -> (Vec<Address>, Vec<[String; 2]>) {
        (0..count)
            .map(|_| {
                everybody += 1;
                person(dice, everybody)
            })
            .unzip()
    };
    let (from, from_read) = people(dice, 1);
    let (to, to_read) = people(dice, 1 + dice.0 as usize % 3);
    let count = if dice.one_in(20) { 40 } else { dice.roll(3) };
    let (cc, cc_read) = people(dice, count);
    let replies = if dice.one_in(4) { 1 } else { 0 };
    let (reply_to, reply_read) = people(dice, replies);
    expected.hidden = format!("hidden{number}@secret.example");
    draft.bcc = vec![Address { name: Some("숨은이".into()), addr: expected.hidden.clone() }];
    draft.identity = Identity { from: from[0].clone(), reply_to, signature: String::new() };
    (draft.to, draft.cc) = (to, cc);
    expected.from = from_read[0].clone();
    (expected.to, expected.cc, expected.reply_to) = (to_read, cc_read, reply_read);
    let subject = words(dice, 20);
    let (subject, read) = line(dice, subject);
    (draft.subject, expected.subject) = (subject, read);

    let signature = if dice.one_in(3) { words(dice, 5) } else { String::new() };
    let signature = signature.trim_end().to_owned();
    if dice.one_in(2) {
        let (typed, mut read) = lines(dice);
        draft.body = DraftBody::Text(typed);
        if !signature.is_empty() {
            read.extend([(0, String::new()), (0, "-- ".into()), (0, signature.clone())]);
            draft.identity.signature = signature;
        }
        expected.lines = Some(read);
    } else {
        let (mut typed, mut read) = marked(dice);
        if dice.one_in(3) {
            for key in ["p1", "p10"] {
                let name = format!("{key} {}", file_name(dice));
                typed.push_str(&format!("\n![그림](cid:{key})"));
                read.push("그림".into());
                let bytes = vec![dice.roll(256) as u8; 40];
                draft.pictures.push(InlinePicture {
                    key: key.into(),
                    file: Attachment {
                        name: name.clone(),
                        media_type: "image/png".into(),
                        bytes: bytes.clone(),
                    },
                });
                expected.shown.push(name.clone());
                expected.files.push((name, bytes));
            }
        }
        draft.body = DraftBody::Marked(typed);
        expected.words = Some(read);
        if dice.one_in(3) {
            let server = "https://receipts.example.com".into();
            draft.receipt = ReceiptChoice {
                mdn: true,
                pixel: Some(PixelRequest { server, notice: String::new() }),
            };
            expected.pixel = true;
        }
    }
    for _ in 0..dice.roll(3) {
        let name = file_name(dice);
        let bytes: Vec<u8> = (0..dice.roll(400)).map(|_| dice.roll(256) as u8).collect();
        let media_type =
            dice.of(&["application/pdf", "text/plain", "", "nonsense", "application/octet-stream"]);
        draft.attachments.push(Attachment {
            name: name.clone(),
            media_type: media_type.to_owned(),
            bytes: bytes.clone(),
        });
        expected.files.push((name, bytes));
    }
    if dice.one_in(3) {
        let ids: Vec<String> = (0..1 + dice.roll(12))
            .map(|n| format!("{}{n}@host{}.example", "x".repeat(dice.roll(70)), dice.roll(9)))
            .collect();
        draft.context = Context {
            in_reply_to: ids.last().cloned().into_iter().collect(),
            references: ids.clone(),
        };
        expected.references = ids;
    }
    if dice.one_in(10) {
        expected.zone = 9 * 60;
        draft.zone = Some(expected.zone);
    }
    (draft, expected)
}
