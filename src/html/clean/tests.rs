use super::*;

pub(super) fn of(html: &str) -> Cleaned {
    clean(&[Body::Html(html.into())])
}

fn shown(html: &str) -> String {
    of(html).html(Scheme::Light, &|_| true)
}

fn refused(html: &str) -> String {
    of(html).html(Scheme::Light, &|_| false)
}

/// The letter's part of a document: what stands behind our own style.
fn body(html: &str) -> String {
    let whole = shown(html);
    whole[whole.find("<body").unwrap()..].to_owned()
}

/// Every slot outside the letter is one of its references, under the same name.
pub(super) fn assert_listed(cleaned: &Cleaned, references: &[Reference]) {
    for slot in &cleaned.slots {
        if slot.source != SlotSource::Remote {
            continue;
        }
        // `<image>` is an old name of `<img>`.
        let element = |r: &Reference| r.element == slot.element || r.element == "image[src]";
        assert!(references.iter().any(|r| r.url == slot.url && element(r)), "{slot:?}");
    }
}

#[test]
fn a_letter_comes_out() {
    let html = body(
        "<p>Hi <a href='http://a.example/x'>there</a><img src='http://b.example/p.png' width=10>",
    );
    assert!(html.contains("<a href=\"goyo-link:0\">there</a>"), "{html}");
    assert!(html.contains("src=\"goyo:0\""), "{html}");
}

#[test]
fn refused_pictures_leave_their_text() {
    let html = refused("<img src='http://b.example/p.png' alt='Our logo'>");
    assert!(html.contains(">Our logo<"), "{html}");
    assert!(!html.contains("<img"), "{html}");
}

#[test]
#[ignore = "prints a file: GOYO_HTML=file"]
fn print() {
    let path = std::env::var("GOYO_HTML").unwrap();
    let html = String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
    let start = std::time::Instant::now();
    let cleaned = of(&html);
    let took = start.elapsed();
    println!("{}", cleaned.html(Scheme::Light, &|_| false));
    eprintln!("{took:?}");
}

/// Every HTML and text body under a directory of letters: no panic, no address, and
/// how long it took. `GOYO_LETTERS=dir`.
#[test]
#[ignore = "needs a corpus: GOYO_LETTERS=directory"]
fn corpus() {
    use std::time::{Duration, Instant};
    let mut files = vec![std::path::PathBuf::from(std::env::var("GOYO_LETTERS").unwrap())];
    let (mut times, mut write, mut count) = (Vec::new(), Duration::ZERO, 0);
    let mut slowest = (Duration::ZERO, std::path::PathBuf::new());
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()));
            continue;
        }
        let Ok(bytes) = std::fs::read(&path) else { continue };
        let letter = crate::mime::parse(&bytes);
        let bodies: Vec<Body> = letter
            .html_body
            .iter()
            .filter_map(|index| match &letter.parts.get(*index)?.content {
                crate::mime::Content::Html(html) => Some(Body::Html(html.to_string())),
                crate::mime::Content::Text(text) => Some(Body::Text(text.to_string())),
                _ => None,
            })
            .collect();
        let start = Instant::now();
        let cleaned = clean(&bodies);
        let took = start.elapsed();
        let references: Vec<Reference> = bodies
            .iter()
            .flat_map(|body| match body {
                Body::Html(html) => crate::html::references(html, 0),
                Body::Text(_) => Vec::new(),
            })
            .collect();
        assert_listed(&cleaned, &references);
        let start = Instant::now();
        let html = cleaned.html(Scheme::Dark, &|token| token % 2 == 0);
        write += start.elapsed();
        assert_no_address(&html);
        assert!(cleaned.slots.len() < 20_001);
        count += 1;
        if bodies.iter().any(|b| matches!(b, Body::Html(_))) {
            times.push(took);
            if took > slowest.0 {
                slowest = (took, path);
            }
        }
    }
    times.sort();
    println!(
        "{count} letters, {} with HTML: p50 {:?}, p95 {:?}, p99 {:?}, most {:?} ({}); writing all {write:?}",
        times.len(),
        times[times.len() / 2],
        times[times.len() * 95 / 100],
        times[times.len() * 99 / 100],
        slowest.0,
        slowest.1.display()
    );
}

/// What the engine could take for an address: nothing but our tokens.
pub(super) fn assert_no_address(html: &str) {
    assert!(!html.contains("//"), "two slashes: …{}…", around(html, "//"));
    let lower = html.to_ascii_lowercase();
    for (at, _) in lower.match_indices("url(") {
        assert!(lower[at..].starts_with("url(goyo:"), "{}", &lower[at..(at + 40).min(lower.len())]);
    }
    for (at, _) in lower.match_indices("@import").chain(lower.match_indices("@font-face")) {
        // Only as the letter's text.
        assert!(at > lower.find("<body").unwrap(), "{}", around(html, "@"));
    }
    let tree = tree::parse(html);
    for node in &tree.nodes {
        let tree::Kind::Element { name, attributes } = &node.kind else { continue };
        let element = &*name.local;
        assert!(
            elements::names().any(|known| known == element)
                || ["html", "head", "meta", "style", "body"].contains(&element),
            "<{element}>"
        );
        for attribute in attributes {
            let (name, value) = (&*attribute.name.local, &*attribute.value);
            match name {
                "href" => {
                    assert!(value.strip_prefix("goyo-link:").is_some_and(is_number), "{value}");
                }
                "src" => assert!(value.strip_prefix("goyo:").is_some_and(is_number), "{value}"),
                "style" => assert!(!value.contains("//") && !value.contains('<'), "{value}"),
                "class" | "id" | "dir" | "lang" | "colspan" | "rowspan" | "span" | "start"
                | "reversed" | "value" | "data-g" | "charset" => {}
                other => {
                    assert!(other.starts_with("g-") || other.starts_with("a-"), "{other}={value}");
                    assert!(!value.contains("//"), "{other}={value}");
                }
            }
        }
        // Nothing is asked of the engine but what the letter's own styles may ask.
        assert!(element != "meta" || attributes.len() == 1);
    }
}

fn is_number(text: &str) -> bool {
    text.parse::<u32>().is_ok()
}

fn around<'a>(html: &'a str, what: &str) -> &'a str {
    let at = html.find(what).unwrap_or(0);
    let from = html.floor_char_boundary(at.saturating_sub(80));
    &html[from..html.ceil_char_boundary((at + 80).min(html.len()))]
}

#[test]
fn text_is_what_it_was() {
    let html = body("<p>a &amp;amp; b &lt;i&gt; c\u{fdd2}\u{fdd3} &quot;</p>");
    assert!(html.contains("a &amp;amp; b &lt;i&gt; c\u{fffd}\u{fffd} \"</p>"), "{html}");
}

fn slot(url: &str, element: &str, source: SlotSource) -> Slot {
    Slot { url: url.into(), element: element.into(), source, size: (None, None), alt: None }
}

#[test]
fn every_place_of_a_picture_becomes_a_token() {
    let cleaned = of("<base href='https://h.example/d/'><style>.a{background:url(s.png)}</style>\
        <body background=b.png><table background=t.png><td background='//c.example/c.png'>\
        <img src=i.png><img srcset='x2.png 2x, x1.png 1x'><picture><source srcset=w.webp type=image/webp><img></picture>\
        <input type=image src=in.png><p style=\"list-style-image:url('l.png')\">");
    let mut found: Vec<(&str, &str)> =
        cleaned.slots.iter().map(|s| (s.url.as_str(), s.element.as_str())).collect();
    found.sort();
    let d = "https://h.example/d/";
    let mut wanted = vec![
        (format!("{d}s.png"), "css:background"),
        (format!("{d}b.png"), "body[background]"),
        (format!("{d}t.png"), "table[background]"),
        ("//c.example/c.png".to_owned(), "td[background]"),
        (format!("{d}i.png"), "img[src]"),
        (format!("{d}x1.png"), "img[srcset]"),
        (format!("{d}w.webp"), "source[srcset]"),
        (format!("{d}in.png"), "input[src]"),
        (format!("{d}l.png"), "css:list-style-image"),
    ];
    wanted.sort();
    let wanted: Vec<(&str, &str)> = wanted.iter().map(|(u, e)| (u.as_str(), *e)).collect();
    assert_eq!(found, wanted);
    assert!(cleaned.slots.iter().all(|s| s.source == SlotSource::Remote));
}

#[test]
fn pictures_in_the_letter_are_told_from_those_outside() {
    let cleaned =
        of("<img src='cid:a%40b'><img src='pics/x.png'><img src='data:image/gif;base64,R0lG'>\
        <img src='data:image/svg+xml,<svg/>'><img src='data:text/html,x'>");
    assert_eq!(
        cleaned.slots,
        [
            slot("cid:a%40b", "img[src]", SlotSource::Part("a@b".into())),
            slot("pics/x.png", "img[src]", SlotSource::Part("pics/x.png".into())),
            slot("", "img[src]", SlotSource::Data(b"GIF".to_vec())),
            slot("", "img[src]", SlotSource::Never),
            slot("", "img[src]", SlotSource::Never),
        ]
    );
}

#[test]
fn links_are_numbers_with_their_text() {
    let cleaned = of("<base href='https://h.example/'><a href=one>First  <b>link</b></a> \
        <a href='mailto:x@y.example'><img src=a.png alt=Write></a><a href='#top'>top</a><a name=n>anchor</a>");
    let links: Vec<(&str, &str)> =
        cleaned.links.iter().map(|l| (l.href.as_str(), l.text.trim())).collect();
    assert_eq!(links, [("https://h.example/one", "First link"), ("mailto:x@y.example", "Write")]);
    let html = cleaned.html(Scheme::Light, &|_| true);
    assert_eq!(html.matches(" href=").count(), 2);
}

#[test]
fn what_stands_after_the_end_is_kept_with_its_style() {
    let html =
        shown("<html><body><p>a</body></html><style>.z{color:blue}</style><p class=z>behind");
    assert!(html.contains(".z{color:#0000ff;}"), "{html}");
    assert!(html.contains("<p class=\"z\">behind"), "{html}");
}

#[test]
fn conditional_comments_are_comments() {
    let html = body(
        "a<!--[if mso]><p>word<![endif]-->b<![if !mso]>c<![endif]>d<!--[if !mso]><!-->e<!--<![endif]-->f",
    );
    let text: String = html.split('<').filter_map(|p| p.split_once('>')).map(|(_, t)| t).collect();
    assert_eq!(text, "abcdef");
}

#[test]
fn an_xml_doctype_shows_no_style_as_text() {
    let html = shown(
        "<?xml version='1.0'?><!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' 'x'>\
        <html xmlns='http://www.w3.org/1999/xhtml'><head><title>T</title><style>p{color:red}</style></head><body><p>x</p></body></html>",
    );
    assert!(html.starts_with("<!DOCTYPE html><html><head>"), "{html}");
    assert!(!html.contains("xmlns") && !html.contains("title"), "{html}");
}

#[test]
fn scripts_forms_and_frames_are_gone() {
    let html = body(
        "<script>x</script><form action=//h>f<input value=v><button onclick=x>b</button></form>\
        <iframe src=//h>i</iframe><object data=//h>o</object><embed src=//h><svg><a href=//h>s</a></svg><p onclick=x>p",
    );
    for gone in
        ["script", "form", "<input", "<button", "iframe", "object", "embed", "svg", "onclick"]
    {
        assert!(!html.contains(gone), "{gone}: {html}");
    }
    for kept in [">f<", ">v<", ">b<", ">o<", ">p<"] {
        assert!(html.contains(kept), "{kept}: {html}");
    }
}

#[test]
fn a_letter_may_not_use_our_own_names() {
    let html = body("<!DOCTYPE html><p class='goyo-box mine' g-1=x data-g=4 a-width=3>x");
    assert_eq!(html, "<body><p class=\"mine\">x</p></body></html>");
}

/// The declarations the first rule of our own gives for what matches.
fn hints(html: &str) -> String {
    let whole = shown(html);
    let lines: Vec<&str> = whole.lines().filter(|l| l.starts_with(":where([g-")).collect();
    lines.iter().map(|l| l.split(['{', '}']).nth(1).unwrap()).collect::<Vec<_>>().join("|")
}

#[test]
fn old_attributes_become_style() {
    // HTML 15.3: what the standard says each maps to.
    for (html, wanted) in [
        (
            "<font color=red size=+2 face='Arial, sans-serif'>x",
            "color:#ff0000;font-size:x-large;font-family:'Arial',sans-serif;",
        ),
        ("<font size=7>x", "font-size:xxx-large;"),
        ("<font size=-1>x", "font-size:small;"),
        ("<p align=center>x", "text-align:-moz-center;"),
        (
            "<img src=a width=10 height=5% align=left hspace=3>",
            "width:10px;height:5%;float:left;margin-left:3px;margin-right:3px;",
        ),
        ("<br clear=all>", "clear:both;"),
        ("<ol type=a start=3><li>x", "list-style-type:lower-alpha;"),
        ("<hr width=50% size=5>", "width:50%;height:3px;"),
        ("<hr color=red size=4>", "border-style:solid;border-color:#ff0000;border-width:2px;"),
        ("<div hidden>x", "display:none;"),
        ("<table align=right cellspacing=4><tr><td>x", "border-spacing:4px;float:right;"),
        (
            "<table cellpadding=4><tr><td nowrap valign=top height=20>x",
            "padding:4px;min-height:20px;white-space:nowrap;vertical-align:top;",
        ),
        ("<table width=0><tr><td width=0>x", ""),
        (
            "<body topmargin=0 text=#fff bgcolor=black>",
            "margin-top:0px;margin-bottom:0px;background-color:#000000;color:#ffffff;",
        ),
        ("<center><table><tr><td>x", "margin-left:auto;margin-right:auto;"),
    ] {
        assert_eq!(hints(&format!("<!DOCTYPE html>{html}")), wanted, "{html}");
    }
}

#[test]
fn hints_weigh_nothing() {
    let html = shown("<style>td{width:5px}</style><table><tr><td width=10>");
    let ours = html.find(":where([g-0])").unwrap();
    assert!(ours < html.find("td{width:5px;}").unwrap(), "{html}");
}

#[test]
fn styles_keep_what_lays_out_and_drop_what_reaches_out() {
    let html = shown(
        "<style>@charset 'x';@import url(//h/a);@font-face{font-family:x;src:url(//h/f)}\
        @media print{p{color:red}}@media screen and (max-width:600px){p{color:lime}}@keyframes k{from{top:0}}\
        p{position:fixed;top:1px;animation:k 1s;behavior:url(//h/b);width:expression(1);color:#00F!important;\
        margin:0 auto;font:bold 12px/1.5 'A B',serif;--x:1}<!-- b{color:teal} --></style>",
    );
    let sheet = html.split("<style>").nth(2).unwrap().split("</style>").next().unwrap();
    assert_eq!(
        sheet,
        "@media screen and (max-width:600px){\np{color:#00ff00;}\n}\n\
         p{top:1px;color:#0000ff !important;margin:0 auto;font:bold 12px / 1.5 'A B',serif;}\n\
         b{color:#008080;}\n"
            .replace(" !", "!")
    );
}

#[test]
fn selectors_still_mean_what_they_meant() {
    let sheet = |css: &str| {
        let html = shown(&format!("<!DOCTYPE html><style>{css}</style><td width=600 bgcolor=red>"));
        html.split("<style>").nth(2).map(|s| s.split("</style>").next().unwrap().to_owned())
    };
    for (css, wanted) in [
        ("td[class=\"a b\"],#x>p+q~i{color:red}", "td[class='a b'],#x>p+q~i{color:#ff0000;}\n"),
        ("td[width='600']{top:0}", "td[a-width='600']{top:0;}\n"),
        ("img.x{top:0}", ":is(img,goyo-img).x{top:0;}\n"),
        (".img{top:0}", ".img{top:0;}\n"),
        ("a:not(.b):nth-child(2n+1)::before{top:0}", "a:not(.b):nth-child(2n+1)::before{top:0;}\n"),
        ("p:has(a),b{top:0}", "b{top:0;}\n"),
        (
            "a[href^='http://h.example/']{top:0}",
            "a[a-href^='http\\3a \\2f \\2f h.example\\2f ']{top:0;}\n",
        ),
    ] {
        assert_eq!(sheet(css).as_deref(), Some(wanted), "{css}");
    }
    assert!(
        shown("<style>[width]{top:0}</style><table width=600>")
            .contains("<table g-0=\"\" a-width=\"600\">")
    );
}

#[test]
fn placeholders_say_what_is_missing_and_keep_its_room() {
    for (img, wanted) in [
        ("<img src=//h/a>", "<span data-g=\"0\"></span>"),
        ("<img src=//h/a alt=Logo>", "<span class=\"goyo-alt\" data-g=\"0\">Logo</span>"),
        (
            "<img src=//h/a width=1 height=1 alt=x>",
            "<goyo-img data-g=\"0\" class=\"goyo-space\" g-1=\"\"></goyo-img>",
        ),
        (
            "<img src=//h/spacer.gif width=20 height=40>",
            "<goyo-img data-g=\"0\" class=\"goyo-space\" g-1=\"\"></goyo-img>",
        ),
        (
            "<img src=//h/a width=100 height=50 alt=Logo class=c>",
            "<goyo-img data-g=\"0\" class=\"goyo-box c\" g-1=\"\">Logo</goyo-img>",
        ),
        (
            "<img src=//h/a width=20 height=20 alt=Logo>",
            "<goyo-img data-g=\"0\" class=\"goyo-box\" g-1=\"\"></goyo-img>",
        ),
    ] {
        let html = refused(&format!("<!DOCTYPE html>{img}"));
        let body = html.split_once("<body>").unwrap().1.trim_end_matches("</body></html>");
        assert_eq!(body, wanted, "{img}");
    }
}

#[test]
fn dark_paper_turns_colours_unless_the_letter_has_its_own() {
    let dark = |html: &str| of(html).html(Scheme::Dark, &|_| true);
    let turned = dark("<body bgcolor=white><p style='color:#000;background:#fff url(a)'>x");
    assert!(!turned.contains("#ffffff") && turned.contains("background-color:#1b1f22"), "{turned}");
    let own = dark(
        "<style>@media (prefers-color-scheme:dark){body{background:#111}}</style><p style='color:#123456'>",
    );
    assert!(own.contains("color:#123456"), "{own}");
    assert!(own.contains("@media (prefers-color-scheme:dark){"), "{own}");
    assert!(
        dark("<meta name=color-scheme content='light dark'><p style='color:#123456'>")
            .contains("#123456")
    );
}

#[test]
fn several_bodies_do_not_dress_each_other() {
    let bodies = [
        Body::Html("<!DOCTYPE html><style>body{color:red}p{top:0}</style><body id=one><p>a".into()),
        Body::Text("two & <three>".into()),
        Body::Html("<!DOCTYPE html><style>body p{top:1px}</style><p>b".into()),
    ];
    let html = clean(&bodies).html(Scheme::Light, &|_| true);
    for wanted in [
        "<style>.goyo-b0{color:#ff0000;}",
        ".goyo-b0 p{top:0;}",
        ".goyo-b2 p{top:1px;}",
        "<div class=\"goyo-body goyo-b0\" id=\"one\"><p>a</p></div>",
        "two &amp; &lt;three&gt;",
        "<div class=\"goyo-body goyo-b2\"><p>b</p></div>",
    ] {
        assert!(html.contains(wanted), "{wanted}: {html}");
    }
}

#[test]
fn a_text_keeps_its_lines_quotes_links_and_signature() {
    let cleaned = clean(&[Body::Text(
        "Hi\n  two\n> q\n>> qq\n\nsee https://h.example/x, a@b.example\n-- \nMe".into(),
    )]);
    let html = cleaned.html(Scheme::Light, &|_| true);
    let body = html.split_once("<body>").unwrap().1;
    assert_eq!(
        body,
        "<div class=\"goyo-text\">Hi\n  two<blockquote class=\"goyo-quote-0\">q\
         <blockquote class=\"goyo-quote-1\">qq</blockquote></blockquote>\nsee <a href=\"goyo-link:0\">https:/&#47;h.example/x</a>, \
         <a href=\"goyo-link:1\">a@b.example</a>\n<div class=\"goyo-signature\">-- \nMe</div></div></body></html>"
    );
    let hrefs: Vec<&str> = cleaned.links.iter().map(|l| l.href.as_str()).collect();
    assert_eq!(hrefs, ["https://h.example/x", "mailto:a@b.example"]);
}

#[test]
fn the_layout_says_what_is_seen() {
    let reference = |url: &str, visible| Reference {
        url: url.into(),
        element: "img[src]".into(),
        visible,
        after_html: false,
        size: (None, None),
        alt: None,
        part: 0,
    };
    let slots: Vec<Slot> =
        ["a", "a", "b", "c", "d"].map(|u| slot(u, "img[src]", SlotSource::Remote)).into();
    let (yes, no, unknown) = (Visible::Yes, Visible::No, Visible::Unknown);
    let mut references =
        [reference("a", unknown), reference("b", yes), reference("c", yes), reference("d", no)];
    merge_visible(&mut references, &slots, &[no, yes, no, unknown, yes].map(Some));
    assert_eq!(references.map(|r| r.visible), [yes, no, yes, no]);
}

#[test]
fn areas_of_a_picture_are_links_over_it() {
    let cleaned = of("<img src=a.png usemap='#m' width=200 height=100><map name=m>\
        <area href=https://h.example/1 alt=One coords='0,0,100,50'><area shape=circle href=https://h.example/2 coords='150,75,25'></map>");
    let html = cleaned.html(Scheme::Light, &|_| true);
    assert!(html.contains("<a href=\"goyo-link:0\" style=\"position:absolute;left:0.00%;top:0.00%;width:50.00%;height:50.00%;\"></a>"), "{html}");
    assert!(html.contains("left:62.50%;top:50.00%;width:25.00%;height:50.00%;"), "{html}");
    assert_eq!(cleaned.links[0].text, "One");
    assert_eq!(cleaned.links[1].href, "https://h.example/2");
}

#[test]
fn captions_are_rows_and_breaks_clear() {
    let html = shown("<!DOCTYPE html><table><caption>Fares</caption><tr><td>a<td>b</table>");
    assert!(html.contains("colspan=\"2\">Fares</td></tr></thead>"), "{html}");
    let html = shown("<!DOCTYPE html><p>a<br style='clear:both'>b");
    assert!(
        html.contains("<br><span class=\"goyo-clear\" style=\"clear:both;\"></span>b"),
        "{html}"
    );
}

#[test]
fn short_inline_elements_with_padding_are_boxes() {
    let boxed = |html: &str| hints(&format!("<!DOCTYPE html>{html}")).contains("inline-block");
    assert!(boxed("<span style='padding:2px 6px'>25%</span>"));
    assert!(boxed("<a style='border:2px solid red'>Go</a>"));
    assert!(!boxed("<span style='padding:0;border:none'>x</span>"));
    assert!(!boxed(&format!("<span style='padding:2px'>{}</span>", "long ".repeat(30))));
}

#[test]
fn cells_of_old_letters_are_as_high_as_their_pictures() {
    let cell = "<table><tr><td><img src=a width=1 height=1></td></tr></table>";
    let old = hints(cell);
    assert!(old.contains("line-height:0;"), "{old}");
    let new = hints(&format!("<!DOCTYPE html>{cell}"));
    assert!(!new.contains("line-height"), "{new}");
    // Words of its own have their own height.
    assert!(!hints("<table><tr><td>word <img src=a width=1 height=1>").contains("line-height"));
    let small = hints("<table><tr><td><font size=1>small</font></table>");
    assert!(small.contains("line-height:0;") && small.contains("line-height:normal;"), "{small}");
    let own = hints("<table><tr><td style='line-height:20px'><font size=1>small</font></table>");
    assert!(!own.contains("line-height:0"), "{own}");
}

#[test]
fn old_letters_begin_without_a_margin() {
    assert_eq!(hints("<p>first<p>second"), "margin-top:0;");
    assert_eq!(hints("<table><tr><td> <p>a</p> </table>"), "margin-top:0;margin-bottom:0;");
    assert_eq!(hints("word<p>second"), "");
    assert_eq!(hints("<!DOCTYPE html><p>first"), "");
}

#[test]
fn a_cell_is_at_least_as_high_as_it_says() {
    let cell = |style: &str| hints(&format!("<!DOCTYPE html><table><tr><td style='{style}'>x"));
    assert_eq!(cell("height:40px"), "height:auto!important;min-height:40px;");
    assert_eq!(cell("color:red; HEIGHT: 15pt"), "height:auto!important;min-height:20px;");
    assert_eq!(cell("line-height:40px;height:50%"), "");
}
