//! Markup that a filter and a browser read differently: comments, raw text,
//! foreign content, elements that end others, and what a second parse makes of it.

use super::Sees::Reference;
use super::Shape::{Document, Inside};
use super::{List, Rows};

pub(super) fn add(list: &mut List) {
    list.rows("comments", Inside, Reference, COMMENTS);
    list.nothing("comments", Inside, REAL_COMMENTS);
    list.rows("raw text", Inside, Reference, RAW);
    list.nothing("raw text", Inside, REALLY_RAW);
    list.rows("nesting", Inside, Reference, NESTING);
    list.rows("nesting", Document, Reference, DOCUMENTS);
    list.nothing("nesting", Inside, HARMLESS);
    list.nothing("nesting", Document, ENDS);
    for (name, opening, times) in DEEP {
        let text = format!("{}<img src='{{URL}}'>", opening.repeat(*times));
        list.push("depth", *name, Document, text, Reference);
    }
}

const COMMENTS: &Rows = &[
    ("conditional", "<!--[if mso]><img src='{URL}'><![endif]-->"),
    ("conditional, negated", "<!--[if !mso]><!--><img src='{URL}'><!--<![endif]-->"),
    ("conditional, open to all", "<![if !mso]><img src='{URL}'><![endif]>"),
    ("conditional, style", "<!--[if IE]><style>@import '{URL}';</style><![endif]-->"),
    (
        "conditional, link",
        "<!--[if (gte mso 9)|(IE)]><link rel=stylesheet href='{URL}'><![endif]-->",
    ),
    ("conditional, never closed", "<!--[if mso]><img src='{URL}'>"),
    ("conditional, spaces", "<!-- [if mso]><img src='{URL}'><![endif]-->"),
    ("conditional in conditional", "<!--[if mso]><!--[if gte mso 9]><img src='{URL}'><![endif]-->"),
    ("closed by >", "<!--><img src='{URL}'>-->"),
    ("closed by ->", "<!---><img src='{URL}'>-->"),
    ("closed by --!>", "<!-- a --!><img src='{URL}'>-->"),
    ("dashes inside", "<!-- a -- b --><img src='{URL}'>"),
    ("a comment in a comment", "<!-- <!-- --><img src='{URL}'> -->"),
    ("bogus <!", "<!x><img src='{URL}'>"),
    ("bogus <?", "<?x><img src='{URL}'>"),
    ("bogus </", "</ x><img src='{URL}'>"),
    ("bogus <%", "<% %><img src='{URL}'>"),
    ("CDATA in HTML", "<![CDATA[ x ]]><img src='{URL}'>"),
    ("CDATA in svg", "<svg><![CDATA[ <!-- ]]><image href='{URL}'/></svg>"),
    ("comment in an attribute", "<p title='<!--'><img src='{URL}'><p title='-->'>"),
    ("downlevel revealed tail", "<!--[if mso]>x<![endif]--><img src='{URL}'>"),
];

const REAL_COMMENTS: &[[&str; 3]] = &[
    ["plain", "<!-- <img src='{URL}'> -->", "a comment"],
    ["never closed", "<!-- <img src='{URL}'>", "a comment"],
    ["comment element", "<p title='<img src={URL}>'>x</p>", "a text for people"],
];

const RAW: &Rows = &[
    ("after title", "<title>a</title><img src='{URL}'>"),
    ("after textarea", "<textarea>a</textarea><img src='{URL}'>"),
    ("title ended oddly", "<title></title/x><img src='{URL}'>"),
    ("style ended with attributes", "<style>a</style foo='>'><img src='{URL}'>"),
    ("style ended in upper case", "<style>a</STYLE\n><img src='{URL}'>"),
    ("style with a comment", "<style><!--</style><img src='{URL}'>--></style>"),
    ("script twice escaped", "<script><!--<script></script>--></script><img src='{URL}'>"),
    ("script with a comment", "<script><!--</script><img src='{URL}'>"),
    ("xmp ended", "<xmp></xmp><img src='{URL}'>"),
    ("noembed ended in an attribute", "<noembed><p title='</noembed><img src={URL}>'>"),
    ("noframes ended in an attribute", "<noframes><p title=\"</noframes><img src='{URL}'>\">"),
    ("iframe ended in an attribute", "<iframe><p title=\"</iframe><img src='{URL}'>\">"),
    ("style ended in an attribute", "<style><p title=\"</style><img src='{URL}'>\">"),
    ("title ended in an attribute", "<title><p title=\"</title><img src='{URL}'>\">"),
    ("textarea ended in an attribute", "<textarea><p title=\"</textarea><img src='{URL}'>\">"),
    (
        "noscript ended in an attribute",
        "<noscript><p title=\"</noscript><img src='{URL}'>\"></noscript>",
    ),
    ("noscript with a style", "<noscript><style></noscript><img src='{URL}'>"),
    ("noscript", "<noscript><img src='{URL}'></noscript>"),
    ("listing", "<listing><img src='{URL}'></listing>"),
    ("pre", "<pre>\n<img src='{URL}'></pre>"),
];

const REALLY_RAW: &[[&str; 3]] = &[
    ["plaintext", "<plaintext><img src='{URL}'>", "text, no markup"],
    ["xmp", "<xmp><img src='{URL}'></xmp>", "text, no markup"],
    ["textarea never closed", "<textarea><img src='{URL}'>", "text, no markup"],
    ["title never closed", "<title><img src='{URL}'>", "text, no markup"],
];

const NESTING: &Rows = &[
    ("template", "<template><img src='{URL}'></template>"),
    ("template in a table", "<table><template><tr><td background='{URL}'></template></table>"),
    ("shadow root", "<div><template shadowrootmode=open><img src='{URL}'></template></div>"),
    ("details", "<details><summary>a</summary><img src='{URL}'></details>"),
    ("dialog", "<dialog open><img src='{URL}'></dialog>"),
    ("popover", "<div popover><img src='{URL}'></div>"),
    ("select", "<select><option><img src='{URL}'></option></select>"),
    ("select with input", "<select><input><img src='{URL}'>"),
    ("optgroup", "<select><optgroup label=a><img src='{URL}'></select>"),
    ("datalist", "<datalist><option><img src='{URL}'></datalist>"),
    ("table foster-parents", "<table><img src='{URL}'></table>"),
    ("table in a table", "<table><tr><table background='{URL}'><tr><td>x</table></table>"),
    ("caption", "<table><caption><img src='{URL}'></caption></table>"),
    ("colgroup", "<table><colgroup><img src='{URL}'></colgroup></table>"),
    ("misnested formatting", "<b><i><p></b><img src='{URL}'></i></p>"),
    ("a in a", "<a href='#a'><a href='#b'><img src='{URL}'></a></a>"),
    ("nobr", "<nobr><nobr><img src='{URL}'></nobr>"),
    ("button in a button", "<button><button><img src='{URL}'></button>"),
    ("form in a form", "<form><form action='{URL}'><input></form></form>"),
    ("form in a table", "<table><form action='{URL}'><tr><td></form></table>"),
    ("p ended by nothing", "</p><img src='{URL}'>"),
    ("br as an end tag", "</br><img src='{URL}'>"),
    ("ruby", "<ruby>a<rt><img src='{URL}'></ruby>"),
    ("marquee", "<marquee><img src='{URL}'></marquee>"),
    ("canvas", "<canvas><img src='{URL}'></canvas>"),
    ("progress", "<progress><img src='{URL}'></progress>"),
    ("slot", "<slot><img src='{URL}'></slot>"),
    ("math, style, img", "<math><mtext><table><mglyph><style><img src='{URL}'></style>"),
    ("math, style as text", "<math><style><img src='{URL}'></style></math>"),
    (
        "math, mglyph, style",
        "<form><math><mtext></form><form><mglyph><style></math><img src='{URL}'>",
    ),
    ("math, malignmark, title", "<math><mtext><malignmark><title></mtext><img src='{URL}'>"),
    (
        "math, annotation-xml, style",
        "<math><annotation-xml encoding=text/html><style></annotation-xml></style><img src='{URL}'></math>",
    ),
    ("math, select", "<math><select><mtext><img src='{URL}'></select></math>"),
    ("math, nested p", "<math><mi><p><img src='{URL}'></p></mi></math>"),
    ("svg, p breaks out", "<svg><p><img src='{URL}'></p></svg>"),
    ("svg, style as markup", "<svg><style><img src='{URL}'></style></svg>"),
    (
        "svg, title, style",
        "<svg><title><style><!--</style><img src='{URL}'>--></style></title></svg>",
    ),
    ("svg, desc, noscript", "<svg><desc><noscript><img src='{URL}'></noscript></desc></svg>"),
    ("svg, script as markup", "<svg><script><img src='{URL}'></script></svg>"),
    ("svg, textarea", "<svg><textarea><img src='{URL}'></textarea></svg>"),
    ("svg, xmp", "<svg><xmp><img src='{URL}'></xmp></svg>"),
    ("svg, noembed", "<svg><noembed><img src='{URL}'></noembed></svg>"),
    ("svg, plaintext", "<svg><plaintext><img src='{URL}'></svg>"),
    ("svg, font with colour breaks out", "<svg><font color=red><img src='{URL}'></svg>"),
    ("svg in math in svg", "<svg><math><svg><image href='{URL}'/></svg></math></svg>"),
    (
        "svg, foreignObject, math",
        "<svg><foreignObject><math><mi><img src='{URL}'></mi></math></foreignObject></svg>",
    ),
    (
        "style in an option",
        "<select><option><style></option></select><img src='{URL}'></style>x<p style='background:url({URL})'>",
    ),
    (
        "title in an attribute of svg",
        "<svg><p><style><g title=\"</style><img src='{URL}'>\"></svg>",
    ),
    ("attribute names like tags", "<p <img src='{URL}'>x"),
    ("tag names like attributes", "<img-x='a' src='{URL}'>"),
    ("hidden by an open quote", "<a title='>x</a><img src='{URL}'> '><img src='{URL}'>"),
    ("entity in a tag name", "<p>&lt;</p><img src='{URL}'>"),
    ("DEL and NUL in text", "\u{0}\u{7f}<img\u{c}src='{URL}'>"),
];

const DOCUMENTS: &Rows = &[
    ("after </html>", "<html><body><p>x</body></html><img src='{URL}'>"),
    ("after </html> twice", "<html><body></body></html></html></body><img src='{URL}'>"),
    (
        "two documents",
        "<html><body><p>x</body></html><html><head></head><body background='{URL}'>y</body></html>",
    ),
    ("a body in the head", "<head><body background='{URL}'></head>x"),
    ("a picture in the head", "<html><head><img src='{URL}'></head><body>x"),
    (
        "noscript in the head",
        "<html><head><noscript><link rel=stylesheet href='{URL}'></noscript></head><body>x",
    ),
    (
        "picture in noscript in the head",
        "<html><head><noscript><img src='{URL}'></noscript></head><body>x",
    ),
    ("before the doctype", "<img src='{URL}'><!DOCTYPE html><html><body>x"),
    ("text before html", "x<html background='{URL}'><body>y"),
    ("no markup around", "<img src='{URL}'>"),
    ("mark of byte order first", "\u{feff}<img src='{URL}'>"),
    ("mark of byte order inside", "<img src='\u{feff}cid:a'><img\u{20}src='{URL}'>"),
];

const HARMLESS: &[[&str; 3]] = &[
    [
        "svg, style, comment",
        "<svg><style><!--</style><img src='{URL}'>--></style></svg>",
        "a comment, as the standard reads it",
    ],
    ["text that looks like markup", "<p>3 < img src='{URL}'</p>", "text, no tag"],
    [
        "template of a script",
        "<script type=text/template><img src='{URL}'></script>",
        "no script runs",
    ],
];

/// Elements in elements, deeper than anything is built.
const DEEP: &[(&str, &str, usize)] = &[
    ("300 divs", "<div>", 300),
    ("2,000 spans", "<span>", 2_000),
    ("400 tables", "<table><tr><td>", 400),
    ("1,000 fonts", "<font size=1>", 1_000),
    ("500 svgs", "<svg><g>", 500),
    ("500 blockquotes", "<blockquote>", 500),
    ("300 list items", "<ul><li>", 300),
    ("200 misnested", "<b><p><i>", 200),
];

const ENDS: &[[&str; 3]] =
    &[["never ended tag", "<p>x</p><img src='{URL}' ", "the standard drops an unended tag"]];
