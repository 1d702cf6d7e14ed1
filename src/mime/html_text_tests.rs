//! Named characters and comments follow the HTML standard's tokenizer; Python's
//! `html.unescape` gives the same for every reference here.

use super::super::html_tokens::unescape;
use super::to_text;
use proptest::prelude::*;

#[track_caller]
fn is(html: &str, text: &str) {
    assert_eq!(to_text(html), text, "{html}");
}

#[test]
fn blocks_and_breaks() {
    is("<p>One</p><p>Two</p>", "One\n\nTwo");
    is("<div>One</div><div>Two</div>", "One\nTwo");
    is("One<br>Two<br><br>Three<br/><BR>Four", "One\nTwo\n\nThree\n\nFour");
    is("  One \n\t two  <b> three</b>four ", "One two threefour");
    is("<h1>Head</h1>text", "Head\n\ntext");
    is("One<hr>Two", "One\n\n----------\n\nTwo");
    is("<div><div><div>One</div></div></div>Two", "One\nTwo");
    is("a&nbsp;&nbsp;b", "a  b");
    is("", "");
    is("<p></p><div></div>", "");
    is("<DIV>Case</DIV><dIv>less</DiV>", "Case\nless");
}

#[test]
fn lists_tables_and_quotations() {
    is("<ul><li>One<li>Two</ul>after", "• One\n• Two\n\nafter");
    is("<ol><li>One</li><li>Two</li></ol>", "1. One\n2. Two");
    is("<ul><li>One<ul><li>Inner</ul><li>Two</ul>", "• One\n  • Inner\n• Two");
    is("<table><tr><td>a</td><td>b</td></tr><tr><th>c<th>d</table>", "a\tb\nc\td");
    is("<table><tr><td></td><td>b</td></tr></table>", "b");
    is("said:<blockquote>One<br>Two</blockquote>me", "said:\n\n> One\n> Two\n\nme");
    is("<blockquote>a<blockquote>b</blockquote></blockquote>", "> a\n\n>> b");
}

#[test]
fn links_pictures_and_preformatted_text() {
    is(
        "<a href=\"https://x.test\">here</a>, <img src=x alt=\"a &amp; b\"><img src=y>",
        "here, a & b",
    );
    is("<img alt='one'> <img alt=two>", "one two");
    is("<pre>a\n  b\n\nc</pre>d", "a\n  b\n\nc\n\nd");
    is("x<pre>\n a\n</pre>y", "x\n\n a\n\ny");
}

#[test]
fn what_is_no_text() {
    is("<head><title>T</title><style>p{}</style></head><body>x", "x");
    is("<script>if (a < b) document.write('<p>no</p>')</script>yes", "yes");
    is("<script><!-- <script> </script> --></script>yes", "yes");
    is("<SCRIPT>no</sCript >yes", "yes");
    is("<style>no", "");
    is("<!-- no -->yes<!-- <p>no</p> -->", "yes");
    is("<!-->yes", "yes");
    is("<!doctype html>yes<?php no ?>", "yes");
    is("<![if !mso]>yes<![endif]><!--[if mso]>no<![endif]-->", "yes");
    is("<textarea><b>no</b></textarea>yes", "yes");
    is("<titles>yes</titles>", "yes");
}

#[test]
fn broken_markup() {
    is("a < b and b > c", "a < b and b > c");
    is("a<b", "a");
    is("<p title=\"a > b\">yes", "yes");
    is("<p title='>'>yes<p title=a>b", "yes\n\nb");
    is("</p></div></ul></table>yes", "yes");
    is("<p", "");
    is("<", "<");
    is("</>yes", "yes");
    is("a</b x=\">\">c", "ac");
    is("<a =x>y</a>", "y");
    is("<p/class=x>y", "y");
}

#[test]
fn character_references() {
    for (escaped, text) in [
        ("&amp;&lt;&gt;&quot;&#39;", "&<>\"'"),
        ("&#44256;&#xC694;", "고요"),
        ("&eacute;&euro;&hellip;", "é€…"),
        ("&notit; &notin;", "¬it; ∉"),
        ("&ampx &amp", "&x &"),
        ("&#128;&#150;", "€–"),
        ("&#0;&#xD800;&#x110000;&#99999999999;", "\u{fffd}\u{fffd}\u{fffd}\u{fffd}"),
        ("&nosuch; & &; &# &#x;", "&nosuch; & &; &# &#x;"),
        ("&NotEqualTilde;", "≂\u{338}"),
        ("a&b&c", "a&b&c"),
        ("&#65", "A"),
    ] {
        assert_eq!(unescape(escaped), text, "{escaped}");
    }
}

proptest! {
    #[test]
    fn any_text_is_converted(html in "\\PC{0,300}") {
        let _ = to_text(&html);
    }

    #[test]
    fn marks_in_any_order(html in "[<>/a-c=\"'!?&;# -]{0,120}|(<(script|b|td|li|pre|!--)[ >]|</(script|b|pre)>|-->|x){0,30}") {
        let _ = to_text(&html);
    }

    /// The words of a letter come out whatever stands around them.
    #[test]
    fn words_come_through(words in proptest::collection::vec("[a-z가-힣]{1,8}", 1..20), tags in proptest::collection::vec(0usize..12, 20)) {
        const AROUND: [(&str, &str); 12] = [
            ("<p>", "</p>"), ("<div>", "</div>"), ("<b>", "</b> "), ("<td>", "</td> "), ("<li>", ""),
            ("<blockquote>", "</blockquote>"), ("", "<br>"), ("<pre>", "</pre>"), ("<!-- x -->", " "),
            ("<a href='>'>", "</a> "), ("<style>x</style>", " "), ("<ul>", "</ul>"),
        ];
        let html: String = words
            .iter()
            .zip(&tags)
            .map(|(word, tag)| format!("{}{word}{} ", AROUND[*tag].0, AROUND[*tag].1))
            .collect();
        let text = to_text(&html).replace(['>', '•'], " ");
        prop_assert_eq!(text.split_whitespace().collect::<Vec<_>>(), words);
    }
}
