//! The sample letters: which there are, where they lie, how far they were read.

/// Whose mailbox it is.
pub const READER: &str = "minji.kim@haneul.example";

/// The server that took its letters in, as it signs.
pub(super) const SERVER: &str = "mx.haneul.example";

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
    1 "01-goyopay-statement" INBOX NEW
        "{{DAY:-1d %-m}}월 결제 내역을 알려드려요"
    2 "02-dalbit-47" INBOX NEW
        "[달빛책방 47호] 밤에만 여는 책장 이야기"
    3 "03-dalbit-46" INBOX READ
        "[달빛책방 46호] 읽다 만 책이 세 권이라면"
    4 "04-dalbit-45" ARCHIVE READ
        "[달빛책방 45호] 고양이가 고른 가을 소설"
    5 "05-banjjak-order" INBOX NEW
        "주문하신 독서등과 머그, 잘 받았습니다 (주문번호 20261-88403)"
    6 "06-library-due" INBOX READ
        "[은하마을도서관] 반납일이 이틀 남았습니다"
    7 "07-younghee-kimjang" INBOX NEW
        "토요일 김장, 도망가지 마"
    8 "08-project-schedule" INBOX ANSWERED
        "프로젝트 A 2차 회의 일정"
    9 "09-re-schedule-minji" SENT READ
        "Re: 프로젝트 A 2차 회의 일정"
    10 "10-re-schedule-minho" INBOX ANSWERED
        "Re: 프로젝트 A 2차 회의 일정"
    11 "11-re-re-eunsoo" INBOX READ
        "Re: Re: 프로젝트 A 2차 회의 일정"
    12 "12-re-re-minji" SENT READ
        "Re: 프로젝트 A 2차 회의 일정"
    13 "13-re-re-re-minho" INBOX NEW
        "Re: 프로젝트 A 2차 회의 일정"
    14 "14-slow-mornings" INBOX READ
        "The forty-minute egg ☕"
    15 "15-phishing" JUNK NEW
        "[긴급] 계정 정지 안내 - 24시간 내 확인 필수!!!"
    16 "16-spoofed-boss" INBOX NEW
        "지금 자리에 있나요?"
    17 "17-the-long-read" ARCHIVE READ
        "Six essays, fifty-two weeks, one lighthouse"
    18 "18-namu-estimate" INBOX READ
        "달력 견적서 보내드립니다 (나무인쇄)"
    19 "19-aunt-jeju" INBOX STARRED
        "제주에서 이모가 (귤 보냈다)"
    20 "20-invoice-html" JUNK NEW
        "Overdue invoice 88213 - final reminder before the ship turns around"
    21 "21-county-euckr" INBOX READ
        "문의하신 민원(수신확인 관련)에 대한 답변입니다"
    22 "22-alumni-cp949" INBOX READ
        "뷁! 졸업 십 주년 동창회, 펩시와 콜라 중에 고르시오"
    23 "23-old-club-iso2022kr" ARCHIVE READ
        "다음 관측회는 그믐밤입니다"
    24 "24-hana-iso2022jp" INBOX NEW
        "来週の打ち合わせについて"
    25 "25-tsukiakari-sjis" INBOX STARRED
        "【新色】夜ふかしインク、五色そろいました"
    26 "26-tea-gb18030" INBOX READ
        "新茶到了,您的样品已寄出"
    27 "27-bakery-big5" ARCHIVE READ
        "鳳梨酥食譜,照約定寄給您"
    28 "28-margaret-cp1252" INBOX READ
        "Your scarf, and the goat"
    29 "29-invitation" INBOX NEW
        "초대: 프로젝트 A 2차 회의 (금요일 오후 4시)"
    30 "30-broken" INBOX READ
        "🍞 Your toast is ready (again)=E"
    31 "31-list-rust" INBOX NEW
        "[talk] Re: 빌림 검사기와 화해하는 법"
    32 "32-bounce" INBOX READ
        "Undelivered Mail Returned to Sender"
    33 "33-mdn-hr" INBOX NEW
        "[확인 요청] 남은 연차 11.5일을 어떻게 하시겠습니까"
    34 "34-tickets-long-urls" INBOX READ
        "Your night train to Porto: ticket, seat, and a word about gulls"
    35 "35-everything-but-pixels" INBOX READ
        "No pictures in this one. We promise"
    36 "36-undisclosed" INBOX NEW
        "은행 털기 안내 (금융기관 아님)"
    37 "37-kiln-sign-in" INBOX NEW
        "New sign-in to your pottery schedule"
    38 "38-slow-coffee" INBOX NEW
        "(광고) 아홉 잔 드셨네요. 열 번째 잔은 저희가 낼게요"
    39 "39-sent-question" SENT READ
        "독서등 색상 문의드립니다 (주문번호 20261-88403)"
    40 "40-junk-jackpot" JUNK NEW
        "(광고) ★축★하★ 고객님은 44번째 44번째 당첨자입니다"
}
