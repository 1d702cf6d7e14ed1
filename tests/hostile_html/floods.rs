//! Too much of one thing.

use crate::{Hostile, many, may, must};

pub fn all() -> Vec<Hostile> {
    let word = "x".repeat(5_000_000);
    let zalgo = "e\u{301}\u{316}\u{334}\u{489}\u{36f}\u{20dd}".repeat(100) + " ";
    vec![
        may("a word of 5 MB", format!("<p>{word}")),
        may("a word of 5 MB that may break", format!("<p style='overflow-wrap:anywhere'>{word}")),
        may("a word of 5 MB that may not", format!("<pre style='white-space:pre'>{word}")),
        may("a word of 5 MB of Hangul", format!("<p>{}", "가".repeat(1_666_666))),
        may("5 MB of text", format!("<p>{}", "Lorem ipsum dolor 안녕 ".repeat(200_000))),
        may("15 MB of paragraphs", "<p>Lorem ipsum dolor sit amet</p>".repeat(480_000)),
        may("5 MB of spaces", format!("<p>a{}b", " \t\n\u{a0}".repeat(1_000_000))),
        may("5 MB of <br>", "<br>".repeat(1_250_000)),
        may("5 MB of soft hyphens", format!("<p>{}", "a\u{ad}\u{200b}".repeat(1_000_000))),
        may("combining marks", format!("<p>{}", zalgo.repeat(500))),
        may("one letter, a million marks", format!("<p>e{}", "\u{301}".repeat(1_000_000))),
        may("bidi controls", format!("<p>{}", "\u{202e}a\u{202d}b\u{2067}c".repeat(100_000))),
        may("bidi nested", format!("<p>{}x", "\u{202b}".repeat(1_000_000))),
        may("directions in directions", format!("{}x", "<bdo dir=rtl><bdi dir=ltr>א".repeat(10_000))),
        may("emoji joined", format!("<p>{}", "👩\u{200d}".repeat(300_000))),
        must("every character there is", (1..0x11_0000).filter_map(char::from_u32).collect::<String>()),
        may("private and unassigned characters", format!("<p>{}", "\u{e000}\u{10fffd}\u{fdd0}\u{378}".repeat(50_000))),
        may("scripts in turn", format!("<p>{}", "aאعकกკ가漢😀".repeat(50_000))),
        may("vertical text", format!("<p style='writing-mode:vertical-rl;text-orientation:upright'>{}", "가나다 ".repeat(50_000))),
        may("100,000 links", many("", 100_000, |i| format!("<a href='https://example.org/{i}'>{i}</a> "), "")),
        may("100,000 links of one address", "<a href='https://example.org/'>x</a>".repeat(100_000)),
        must("a link of 10 MB", format!("<a href='https://example.org/{}'>x</a>", "a".repeat(10_000_000))),
        may("100,000 pictures elsewhere", many("", 100_000, |i| format!("<img src='https://example.org/{i}.png' width=1 height=1>"), "")),
        must("10,000 pictures of one address", "<img src='https://example.org/a.png' width=9 height=9>".repeat(10_000)),
        must("a picture of 10^9 pixels elsewhere", "<img src='https://example.org/a.png' width=1000000000 height=1000000000 alt=x>"),
        may("a srcset of 100,000", many("<img srcset='", 100_000, |i| format!("https://example.org/{i} {i}w,"), "'>")),
        may("100,000 floats", "<div style='float:left;width:7px;height:3px'></div>".repeat(100_000)),
        may("5,000 floats left and right", many("", 5000, |i| {
            let side = if i % 2 == 0 { "left" } else { "right" };
            format!("<div style='float:{side};width:{}px;height:{}px'></div>text ", i % 97, i % 89)
        }, "")),
        may("a table of 100,000 rows", format!("<table border=1>{}", "<tr><td>a<td>b".repeat(100_000))),
        may("a table of 10,000 columns", format!("<table><tr>{}", "<td>a".repeat(10_000))),
        may("a table of 300 by 300", format!("<table>{}", format!("<tr>{}", "<td>a".repeat(300)).repeat(300))),
        must("colspan and rowspan of 10^9", "<table><tr><td colspan=1000000000 rowspan=1000000000>a<td>b<tr><td>c</table>"),
        may("colspans over one another", many("<table>", 2000, |i| format!("<tr><td colspan={} rowspan={}>a<td colspan=1000>b", i + 1, 2000 - i), "")),
        must("<col span> of 10^9", "<table><colgroup span=1000000000><col span=1000000000 width=5><tr><td>a</table>"),
        must("cellpadding and cellspacing of 10^9", "<table border=1000000000 cellpadding=1000000000 cellspacing=1000000000><tr><td>a</table>"),
        must("widths of 10^9", "<table width=1000000000 height=1000000000><tr><td width='999999999%'>a</table><hr size=1000000000 width=1000000000>"),
        may("100,000 list items", "<li>x".repeat(100_000)),
        may("100,000 form fields", "<input value=x><select><option>y</select><textarea>z</textarea>".repeat(33_000)),
        may("100,000 attributes", many("<p ", 100_000, |i| format!("a{i}=b "), ">x")),
        must("a name of 10 MB", format!("<{0} {0}={0}>x", "a".repeat(3_000_000))),
        must("a class of 5 MB", format!("<p class='{}'>x", "a ".repeat(2_500_000))),
        may("100,000 entities", "&CounterClockwiseContourIntegral;&#x1F600;&notit;&amp".repeat(100_000)),
        may("1,000,000 comments", "<!---->x".repeat(1_000_000)),
        may("marquee, blink, canvas, video", "<marquee><blink>x</blink></marquee><canvas width=99999 height=99999></canvas><video width=99999 height=99999></video><audio controls></audio>".repeat(3000)),
        may("text: quotes in quotes", many("", 3000, |i| format!("{}x\n", ">".repeat(i)), "")).as_text(),
        may("text: 15 MB", "All work and no play\n".repeat(730_000)).as_text(),
        may("text: 100,000 links", many("", 100_000, |i| format!("https://example.org/{i} <a{i}@example.org>\n"), "")).as_text(),
        may("text: a line of 5 MB", "a@b.".repeat(1_250_000)).as_text(),
        may("text: brackets", "<(".repeat(2_000_000)).as_text(),
    ]
}
