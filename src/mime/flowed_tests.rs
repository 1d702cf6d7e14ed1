use super::{Line, lines};
use proptest::prelude::*;

fn read(text: &str, flowed: bool, delsp: bool) -> Vec<(usize, String)> {
    lines(text, flowed, delsp).into_iter().map(|Line { quote, text }| (quote, text)).collect()
}

#[track_caller]
fn same(text: &str, flowed: bool, delsp: bool, expected: &[(usize, &str)]) {
    let expected: Vec<_> = expected.iter().map(|(q, t)| (*q, (*t).to_owned())).collect();
    assert_eq!(read(text, flowed, delsp), expected, "{text:?}");
}

#[test]
fn the_example_of_rfc_3676() {
    // Section 4.1 with the quoting of section 4.5.
    let text = "`Take some more tea,' the March Hare said to Alice, \r\n\
        very earnestly.\r\n\
        \r\n\
        `I've had nothing yet,' Alice replied in an offended \r\n\
        tone, `so I can't take more.'\r\n\
        >>>Take some \r\n>>>more tea.\r\n>>I've had nothing\r\n>yet,\r\n";
    same(
        text,
        true,
        false,
        &[
            (0, "`Take some more tea,' the March Hare said to Alice, very earnestly."),
            (0, ""),
            (
                0,
                "`I've had nothing yet,' Alice replied in an offended tone, `so I can't take more.'",
            ),
            (3, "Take some more tea."),
            (2, "I've had nothing"),
            (1, "yet,"),
        ],
    );
}

#[test]
fn flowed_text() {
    // Space-stuffing protects marks and blanks.
    same(
        " > not quoted\n From me\n  two\n",
        true,
        false,
        &[(0, "> not quoted"), (0, "From me"), (0, " two")],
    );
    // The signature's separator is not flowed, before it or behind it.
    same("bye \n-- \nKim\n", true, false, &[(0, "bye"), (0, "-- "), (0, "Kim")]);
    same("> bye \n> -- \n> Kim\n", true, false, &[(1, "bye"), (1, "-- "), (1, "Kim")]);
    // A change of depth ends a paragraph, blank or not.
    same("> a \nb\n", true, false, &[(1, "a"), (0, "b")]);
    // DelSp: for text without blanks between its words.
    same("日本 \n語\n", true, true, &[(0, "日本語")]);
    same("a  \nb\n", true, true, &[(0, "a b")]);
    same("a \nb \n", true, false, &[(0, "a b")]);
    same("\n\n", true, false, &[(0, ""), (0, "")]);
    same("", true, false, &[]);
}

#[test]
fn text_that_is_not_flowed() {
    same(
        "> > a\n>> b\n> >> c\n>d\ne \nf",
        false,
        false,
        &[(2, "a"), (2, "b"), (3, "c"), (1, "d"), (0, "e "), (0, "f")],
    );
    same(">From me\n> From me\n", false, false, &[(0, ">From me"), (1, "From me")]);
    same("a\r\nb\rc\nd", false, false, &[(0, "a"), (0, "b"), (0, "c"), (0, "d")]);
    same(">\n>  indented\n", false, false, &[(1, ""), (1, " indented")]);
    same(" > a\n", false, false, &[(0, " > a")]);
}

proptest! {
    #[test]
    fn no_word_is_lost(text in "[a-c> \r\n-]{0,200}") {
        let words = |text: &str| text.replace('>', " ").split_whitespace().collect::<String>();
        for (flowed, delsp) in [(false, false), (true, false), (true, true)] {
            let joined: Vec<String> =
                read(&text, flowed, delsp).into_iter().map(|(_, text)| text).collect();
            prop_assert_eq!(words(&joined.join("\n")), words(&text));
        }
    }
}
