//! Expected values: Python's `email.utils` (`mktime_tz(parsedate_tz(…))`), but
//! where a comment says that it cannot read the date.

use super::parse;
use proptest::prelude::*;

#[track_caller]
fn is(raw: &str, expected: i64) {
    assert_eq!(parse(raw.as_bytes()), Some(expected), "{raw}");
}

#[test]
fn dates_python_reads_too() {
    is("Fri, 21 Nov 1997 09:55:06 -0600", 880_127_706);
    is("21 Nov 97 09:55:06 GMT", 880_106_106);
    is("Thu, 13 Feb 1969 23:32 -0330", -27_723_480);
    is("Mon, 1 Jan 2024 00:00:00 +0900 (KST)", 1_704_034_800);
    is("Tue, 1 Jul 2003 10:52:37 +0200", 1_057_049_557);
    is("Sat,  6 Apr 2007 15:43:55 -0700 (PDT)", 1_175_899_435);
    is("1 Jan 00 00:00:00 EST", 946_702_800);
    is("Wed, 31 Dec 1969 19:00:00 -0500", 0);
    is("12 May 2001 12:34:56", 989_670_896);
    is("Mon, 05 Aug 2013 14:40:08", 1_375_713_608);
    is("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777);
    is("Sun Nov  6 08:49:37 1994", 784_111_777);
    is("Mon, 29 Feb 2016 10:00:00 +0000", 1_456_740_000);
    is("Fri, 09 Sep 2005 08:00:00 +0530", 1_126_233_000);
    is("Tue, 03 Feb 2026 7:08:09 -0800", 1_770_131_289);
    is("Wed Sep 17 11:22:33 EDT 2003", 1_063_812_153);
    is("Fri, 2 Nov 2001 1:02:03 UT", 1_004_662_923);
    is("Tue, 1 Jul\r\n 2003 10:52:37\r\n\t+0200", 1_057_049_557);
}

/// Checked with `date -u -d`.
#[test]
fn dates_python_cannot_read() {
    is("Wed, 14 Aug 2002 11:42:15 BST", 1_029_321_735);
    is("Sun, 04 Aug 2002 05:31:23 -08:00", 1_028_467_883);
    is("Sep, 17 2002 7:42:10 PM -0300", 1_032_302_530);
    is("5 Aug 2002 18:30:50 +0900(KST)", 1_028_539_850);
    is("2026-03-01T12:34:56+09:00", 1_772_336_096);
    is("2026-03-01 12:34:56.789Z", 1_772_368_496);
    is("2026-03-01", 1_772_323_200);
    is("Sun, 1 Mar 2026 21:34:56 KST", 1_772_368_496);
    is("Tue, 31 Dec 2024 24:00:00 +0000", 1_735_689_600);
    is("Sat, 31 Dec 2016 23:59:60 +0000", 1_483_228_799);
    is("Mon,  2 Apr 101 04:20:10 CST", 986_206_810);
}

#[test]
fn what_is_no_date() {
    for raw in [
        "",
        "yesterday",
        "Fri, 32 Jan 2024 10:00:00 +0000",
        "30 Feb 2024 10:00:00",
        "29 Feb 2023 10:00:00 +0000",
        "1 Foo 2024 10:00:00",
        "99999999999999999999",
        "10:00",
        "1 Jan 2024 25:00:00",
        "1 Jan 2024 10:61:00",
        "2024-13-01",
        "2024-00-10T00:00:00Z",
        "03/04/2024 10:00:00",
        "Jan",
        "1 Jan",
        "0 Jan 2024 10:00:00",
        "(((((",
        "1 Jan 0000 00:00:00",
    ] {
        assert_eq!(parse(raw.as_bytes()), None, "{raw}");
    }
}

proptest! {
    #[test]
    fn reading_never_fails(raw in proptest::collection::vec(any::<u8>(), 0..100)) {
        let _ = parse(&raw);
    }

    #[test]
    fn date_like_noise(raw in "[0-9:+ ,/()A-Za-z-]{0,60}") {
        let _ = parse(raw.as_bytes());
    }

    /// Days counted one by one, the slow way.
    #[test]
    fn every_day_of_the_calendar(year in 1900i64..2200, month in 1u32..=12, day in 1u32..=31, hour in 0u32..24, zone in -12i64..=14) {
        const NAMES: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let leap = |y: i64| (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
        let length = |y: i64, m: u32| match m { 2 => if leap(y) { 29 } else { 28 }, 4 | 6 | 9 | 11 => 30, _ => 31 };
        let sign = if zone < 0 { '-' } else { '+' };
        let raw = format!("{day} {} {year} {hour:02}:30:15 {sign}{:02}00", NAMES[month as usize - 1], zone.abs());
        let expected = (day <= length(year, month)).then(|| {
            let years: i64 = if year >= 1970 {
                (1970..year).map(|y| 365 + i64::from(leap(y))).sum()
            } else {
                -(year..1970).map(|y| 365 + i64::from(leap(y))).sum::<i64>()
            };
            let months: i64 = (1..month).map(|m| i64::from(length(year, m))).sum();
            (years + months + i64::from(day) - 1) * 86_400 + i64::from(hour) * 3600 + 1815 - zone * 3600
        });
        prop_assert_eq!(parse(raw.as_bytes()), expected);
    }
}
