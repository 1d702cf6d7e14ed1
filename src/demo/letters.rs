//! The sample letters: which there are, where they lie, how far they were read.

/// Whose mailbox it is.
pub const READER: &str = "minji.kim@haneul.example";

pub(super) const INBOX: &str = "받은편지함";
pub(super) const SENT: &str = "보낸편지함";
pub(super) const ARCHIVE: &str = "보관함";
pub(super) const JUNK: &str = "스팸메일함";

/// Maildir flags as file names carry them, in the spelling every system allows.
const NEW: &str = ";2,";
const READ: &str = ";2,S";
const STARRED: &str = ";2,FS";
const ANSWERED: &str = ";2,RS";

/// A sample letter as it lies in `assets/demo/letters`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// Its number, which its addresses on the tracker begin with.
    pub number: u8,
    /// Its file's name without `.eml`.
    pub name: &'static str,
    /// The folder it lies in, below the local account.
    pub folder: &'static str,
    /// Its subject, decoded; days are still to be put in.
    pub subject: &'static str,
    pub(super) flags: &'static str,
    pub(super) raw: &'static [u8],
}

macro_rules! letters {
    ($($number:literal $name:literal $folder:ident $flags:ident $subject:literal)*) => {
        /// The sample letters, by number.
        pub const LETTERS: [Sample; { [$($number),*].len() }] = [$(Sample {
            number: $number,
            name: $name,
            folder: $folder,
            subject: $subject,
            flags: $flags,
            raw: include_bytes!(concat!("../../assets/demo/letters/", $name, ".eml")),
        }),*];
    };
}

letters! {
    1 "01-goyopay-statement" INBOX NEW "{{DAY:-1d %-m}}월 결제 내역을 알려드려요"
    2 "02-dalbit-47" INBOX NEW "[달빛책방 47호] 밤에만 여는 책장 이야기"
    3 "03-dalbit-46" INBOX READ "[달빛책방 46호] 읽다 만 책이 세 권이라면"
    4 "04-dalbit-45" INBOX READ "[달빛책방 45호] 고양이가 고른 가을 소설"
    5 "05-banjjak-order" INBOX NEW "주문하신 독서등과 머그, 잘 받았습니다 (주문번호 20261-88403)"
    6 "06-library-due" INBOX READ "[은하마을도서관] 반납일이 이틀 남았습니다"
    7 "07-younghee-kimjang" INBOX NEW "토요일 김장, 도망가지 마"
    14 "14-slow-mornings" INBOX READ "The forty-minute egg ☕"
    15 "15-phishing" JUNK NEW "[긴급] 계정 정지 안내 - 24시간 내 확인 필수!!!"
    16 "16-spoofed-boss" INBOX NEW "지금 자리에 있나요?"
}
