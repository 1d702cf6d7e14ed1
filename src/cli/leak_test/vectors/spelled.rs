//! One address, many spellings: what differs between what a filter reads and what
//! a browser does.

use super::List;
use super::Sees::{Nothing, Reference};
use super::Shape::Inside;

/// Where the spelling is tried: element, other attributes, attribute.
const CARRIERS: &[(&str, &str, &str)] = &[
    ("img", "", "src"),
    ("link", " rel=stylesheet", "href"),
    ("iframe", "", "src"),
    ("div", "", "background"),
];

pub(super) fn add(list: &mut List) {
    for (element, others, attribute) in CARRIERS {
        let fill = |template: &str| {
            template
                .replace("{EL}", &element.to_uppercase())
                .replace("{AT}", &attribute.to_uppercase())
                .replace("{el}", element)
                .replace("{at}", attribute)
                .replace("{others}", others)
        };
        for (name, template) in TAGS {
            list.push(
                "spelling of tags",
                format!("{element}, {name}"),
                Inside,
                fill(template),
                Reference,
            );
        }
        for (name, address) in ADDRESSES {
            let text = fill("<{el}{others} {at}=\"{address}\">x").replace("{address}", address);
            list.push(
                "spelling of addresses",
                format!("{element}, {name}"),
                Inside,
                text,
                Reference,
            );
        }
    }
    for [name, address, reason] in NO_ADDRESSES {
        let text = format!("<img src=\"{address}\">");
        list.push("spelling of addresses", *name, Inside, text, Nothing(reason));
    }
    list.nothing("spelling of tags", Inside, NO_TAGS);
}

/// Spellings of the tag.
const TAGS: &[(&str, &str)] = &[
    ("upper case", "<{EL}{others} {AT}='{URL}'>x"),
    ("no quotes", "<{el}{others} {at}={URL}>x"),
    ("no quotes, slash", "<{el}{others} {at}={URL}/>x"),
    ("line ends", "<{el}{others}\n{at}\n=\n\"\n{URL}\n\"\n>x"),
    ("tabs and form feeds", "<{el}{others}\t\u{c}{at}\t=\u{c}'{URL}'>x"),
    ("slash for a space", "<{el}{others} /a='b'/{at}='{URL}'/>x"),
    ("no space", "<{el}{others} a=\"b\"{at}=\"{URL}\">x"),
    ("second of the same name ignored", "<{el}{others} {at}='{URL}' {at}='cid:a'>x"),
    ("a > before", "<{el}{others} a='>' {at}='{URL}'>x"),
    ("a quote before", "<{el}{others} a=\" {at}='cid:a' \" {at}='{URL}'>x"),
    ("stray quotes", "<{el}{others} \"' {at}='{URL}'>x"),
    ("another tag inside", "<{el}{others} {at}={URL} <b>x"),
    (
        "many attributes before",
        "<{el}{others} a b c d=e f='g' h=\"i\" j k l m n o p q {at}='{URL}'>x",
    ),
    ("= before a name", "<{el}{others} =a {at}='{URL}'>x"),
    ("NUL in a name", "<{el}{others} a\u{0}b=c {at}='{URL}'>x"),
];

/// Spellings of the address.
const ADDRESSES: &[(&str, &str)] = &[
    ("spaces around", "   {URL}   "),
    ("line ends inside", "ht\ntp://{HOST}\n/v{N}"),
    ("tabs inside", "h\tt\tt\tp:/\t/{HOST}/v{N}"),
    ("control characters before", "&#1;&#31;{URL}"),
    ("numeric entities", "&#104;&#116;&#116;&#112;://{TAIL}"),
    ("hex entities", "&#x68;&#X74;tp&#x3a;//{TAIL}"),
    ("entities without semicolon", "&#104ttp&#58//{TAIL}"),
    ("padded entities", "&#0000000104;ttp://{TAIL}"),
    ("named entities", "http&colon;&sol;&sol;{TAIL}"),
    ("Tab and NewLine entities", "&Tab;http&NewLine;://{TAIL}"),
    ("upper-case scheme", "HTTP://{TAIL}"),
    ("https", "https://{TAIL}"),
    ("no scheme", "//{TAIL}"),
    ("no scheme, four slashes", "////{TAIL}"),
    ("backslashes", "\\\\{TAIL}"),
    ("slash and backslash", "/\\{TAIL}"),
    ("http and backslashes", "http:\\\\{TAIL}"),
    ("http and one slash", "http:/{TAIL}"),
    ("http and no slash", "http:{TAIL}"),
    ("http and many slashes", "http://////{TAIL}"),
    ("user and password", "http://user:secret@{TAIL}"),
    ("a host before @", "http://bank.example@{TAIL}"),
    ("port", "http://v{N}.leak.test:8080/v{N}"),
    ("dot at the end", "http://v{N}.leak.test./v{N}"),
    ("percent in the host", "http://%76{N}.leak.test/"),
    ("full-width letters", "http://ｖ{N}.leak.test/"),
    ("ideographic dots", "http://v{N}。leak。test/"),
    ("soft hyphen in the host", "http://v{N}.le\u{ad}ak.test/"),
    ("upper-case host", "http://V{N}.LEAK.TEST/"),
    ("no path", "http://v{N}.leak.test"),
    ("query only", "http://v{N}.leak.test?a=b&amp;c"),
    ("fragment", "{URL}#a"),
    ("Korean path", "{URL}/한글?질문=답"),
    ("spaces in the path", "{URL}/a b c"),
];

/// What looks like an address and is none.
const NO_ADDRESSES: &[[&str; 3]] = &[
    ["a name on this server", "v{N}.leak.test/v{N}", "relative, and a letter has no server"],
    ["backticks", "`{URL}`", "relative, and a letter has no server"],
    ["no-break space before", "&nbsp;{URL}", "relative, and a letter has no server"],
    ["angle brackets", "&lt;{URL}&gt;", "relative, and a letter has no server"],
];

const NO_TAGS: &[[&str; 3]] = &[
    [
        "first of the same name counts",
        "<img src='cid:a' src='{URL}'>",
        "the standard ignores the second",
    ],
    ["space in the name", "< img src='{URL}'>", "text, no tag"],
    ["escaped", "&lt;img src='{URL}'&gt;", "text, no tag"],
    ["escaped twice", "&amp;lt;img src='{URL}'&amp;gt;", "text, no tag"],
    ["in an end tag", "</img src='{URL}'>", "end tags have no attributes"],
    ["full-width brackets", "＜img src='{URL}'＞", "text, no tag"],
];
