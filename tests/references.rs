//! Every way we know in which HTML makes a program fetch something is seen.

use goyo::html;
use goyo::model::{Reference, Visible};

const U: &str = "https://leak.example/x";

fn found(html: &str) -> Vec<Reference> {
    html::references(html, 0)
}

/// `U` stands for the address; the element is what the ledger calls the place.
#[rustfmt::skip]
const VECTORS: &[(&str, &str)] = &[
    // Pictures.
    ("img[src]", "<img src='U'>"),
    ("img[src]", "<IMG SRC=U>"),
    ("img[src]", "<img\nsrc\n=\n'\nU\n'>"),
    ("img[src]", "<img/src='U'/>"),
    ("img[src]", "<img src='https://leak.exa&#109;ple/x'>"),
    ("img[src]", "<img src='https&colon;//leak.example/x'>"),
    ("img[src]", "<img src='&#x68;ttps://leak.example/x'>"),
    ("img[src]", "<img src='https://leak.exam\nple/\tx'>"),
    ("img[src]", "<img alt='>' src='U'>"),
    ("img[src]", "<img src=U <b>x"),
    ("image[src]", "<image src='U'>"),
    ("img[srcset]", "<img srcset='U 2x'>"),
    ("img[srcset]", "<img srcset='cid:a 1x, U 2x'>"),
    ("img[srcset]", "<img srcset='cid:a , U 100w'>"),
    ("img[lowsrc]", "<img lowsrc='U'>"),
    ("img[dynsrc]", "<img dynsrc='U'>"),
    ("img[longdesc]", "<img longdesc='U'>"),
    ("img[attributionsrc]", "<img attributionsrc='U'>"),
    ("source[srcset]", "<picture><source srcset='U'><img></picture>"),
    ("source[src]", "<video><source src='U'></video>"),
    ("input[src]", "<input type=image src='U'>"),
    ("input[src]", "<input type=IMAGE src='U'>"),
    // Backgrounds.
    ("body[background]", "<body background='U'>"),
    ("body[background]", "<p>one<body background='U'>"),
    ("body[background]", "</html><body background='U'>"),
    ("table[background]", "<table background='U'>"),
    ("tr[background]", "<table><tr background='U'>"),
    ("td[background]", "<table><td background='U'>"),
    ("td[background]", "<td background='U'>"),
    ("th[background]", "<table><th background='U'>"),
    ("tbody[background]", "<table><tbody background='U'>"),
    ("col[background]", "<table><col background='U'>"),
    ("div[background]", "<div background='U'>"),
    // Sound and film.
    ("video[src]", "<video src='U'>"),
    ("video[poster]", "<video poster='U'>"),
    ("audio[src]", "<audio src='U'>"),
    ("track[src]", "<video><track src='U'></video>"),
    ("bgsound[src]", "<bgsound src='U'>"),
    ("embed[src]", "<embed src='U'>"),
    ("embed[code]", "<embed code='U'>"),
    ("embed[pluginspage]", "<embed pluginspage='U'>"),
    // Objects and frames.
    ("object[data]", "<object data='U'></object>"),
    ("object[codebase]", "<object codebase='U'></object>"),
    ("object[archive]", "<object archive='cid:1 U'></object>"),
    ("object[classid]", "<object classid='U'></object>"),
    ("param[value]", "<object><param name=movie value='U'></object>"),
    ("param[value]", "<param name=src value='U'>"),
    ("applet[code]", "<applet code='U'></applet>"),
    ("applet[codebase]", "<applet codebase='U'></applet>"),
    ("applet[archive]", "<applet archive='a.jar,U'></applet>"),
    ("applet[object]", "<applet object='U'></applet>"),
    ("iframe[src]", "<iframe src='U'></iframe>"),
    ("srcdoc:img[src]", "<iframe srcdoc=\"<img src='U'>\"></iframe>"),
    ("srcdoc:img[src]", "<iframe srcdoc='&lt;img src=&quot;U&quot;&gt;'></iframe>"),
    ("srcdoc:srcdoc:img[src]", "<iframe srcdoc='<iframe srcdoc=\"<img src=U>\">'></iframe>"),
    ("srcdoc:css:@import", "<iframe srcdoc='<style>@import &quot;U&quot;</style>'></iframe>"),
    ("iframe:img[src]", "<iframe><img src='U'></iframe>"),
    ("frame[src]", "<frameset><frame src='U'></frameset>"),
    ("frame[src]", "<p><frame src='U'>"),
    ("noframes:img[src]", "<noframes><img src='U'></noframes>"),
    ("noembed:img[src]", "<noembed><img src='U'></noembed>"),
    ("portal[src]", "<portal src='U'></portal>"),
    ("fencedframe[src]", "<fencedframe src='U'></fencedframe>"),
    ("layer[src]", "<layer src='U'>"),
    ("ilayer[src]", "<ilayer src='U'>"),
    ("xml[src]", "<xml src='U'></xml>"),
    ("isindex[action]", "<isindex action='U'>"),
    // Links in the head.
    ("link[href]", "<link rel=stylesheet href='U'>"),
    ("link[href]", "<body><link rel=stylesheet href='U'>"),
    ("link[href]", "<link rel=icon href='U'>"),
    ("link[href]", "<link rel='shortcut icon' href='U'>"),
    ("link[href]", "<link rel=apple-touch-icon href='U'>"),
    ("link[href]", "<link rel=preload as=image href='U'>"),
    ("link[imagesrcset]", "<link rel=preload as=image imagesrcset='U 1x'>"),
    ("link[href]", "<link rel=prefetch href='U'>"),
    ("link[href]", "<link rel=prerender href='U'>"),
    ("link[href]", "<link rel=preconnect href='U'>"),
    ("link[href]", "<link rel=dns-prefetch href='U'>"),
    ("link[href]", "<link rel=modulepreload href='U'>"),
    ("link[href]", "<link rel=manifest href='U'>"),
    ("link[href]", "<link rel=pingback href='U'>"),
    ("link[href]", "<link rel=alternate type=application/rss+xml href='U'>"),
    ("link[href]", "<link rel=import href='U'>"),
    ("link[href]", "<link rel=search href='U'>"),
    ("link[href]", "<link href='U'>"),
    ("html[manifest]", "<html manifest='U'>"),
    ("head[profile]", "<head profile='U'>"),
    ("meta[refresh]", "<meta http-equiv=refresh content='0; url=U'>"),
    ("meta[refresh]", "<meta http-equiv=REFRESH content='5,URL = \"U\"'>"),
    ("meta[refresh]", "<body><meta http-equiv=refresh content='0;U'>"),
    ("meta[content-security-policy]", "<meta http-equiv=Content-Security-Policy content='img-src *; report-uri U'>"),
    ("meta[content-security-policy-report-only]", "<meta http-equiv=Content-Security-Policy-Report-Only content='report-uri /a U'>"),
    ("meta[link]", "<meta http-equiv=Link content='<U>; rel=preload'>"),
    ("meta[report-to]", "<meta http-equiv=Report-To content='{\"endpoints\":[{\"url\":\"U\"}]}'>"),
    ("base[href]", "<base href='U'>"),
    ("script[src]", "<script src='U'></script>"),
    ("script", "<script type=speculationrules>{\"prefetch\":[{\"urls\":[\"U\"]}]}</script>"),
    ("!doctype", "<!DOCTYPE html SYSTEM 'U'><p>"),
    ("?xml-stylesheet", "<?xml-stylesheet type='text/css' href='U'?><p>"),
    ("?import", "<?import namespace='t' implementation='U'><p>"),
    // Forms and links that report.
    ("form[action]", "<form action='U'></form>"),
    ("button[formaction]", "<form><button formaction='U'></form>"),
    ("input[formaction]", "<input type=submit formaction='U'>"),
    ("a[ping]", "<a href='#' ping='U'>x</a>"),
    ("a[ping]", "<a href='#' ping='/a U'>x</a>"),
    ("area[ping]", "<map><area href='#' ping='U'></map>"),
    ("menuitem[icon]", "<menuitem icon='U'>"),
    // SVG.
    ("image[href]", "<svg><image href='U'/></svg>"),
    ("image[xlink:href]", "<svg><image xlink:href='U'/></svg>"),
    ("use[href]", "<svg><use href='U#a'/></svg>"),
    ("use[xlink:href]", "<svg><use xlink:href='U#a'/></svg>"),
    ("feimage[href]", "<svg><filter><feImage href='U'/></filter></svg>"),
    ("feimage[xlink:href]", "<svg><filter><feImage xlink:href='U'/></filter></svg>"),
    ("script[href]", "<svg><script href='U'></script></svg>"),
    ("pattern[href]", "<svg><pattern href='U#p'/></svg>"),
    ("rect[fill]", "<svg><rect fill='url(U#f)'/></svg>"),
    ("rect[stroke]", "<svg><rect stroke='url(\"U#f\")'/></svg>"),
    ("rect[filter]", "<svg><rect filter='url(U#f)'/></svg>"),
    ("rect[mask]", "<svg><rect mask='url(U#f)'/></svg>"),
    ("rect[clip-path]", "<svg><rect clip-path='url(U#f)'/></svg>"),
    ("line[marker-end]", "<svg><line marker-end='url(U#f)'/></svg>"),
    ("rect[cursor]", "<svg><rect cursor='url(U), auto'/></svg>"),
    ("svg[xml:base]", "<svg xml:base='U'></svg>"),
    ("set[to]", "<svg><image><set attributeName=href to='U'/></image></svg>"),
    ("animate[values]", "<svg><image><animate attributeName=href values='#a;U'/></image></svg>"),
    ("animate[from]", "<svg><animate attributeName=xlink:href from='U' to='#b'/></svg>"),
    ("font-face-uri[href]", "<svg><font-face-src><font-face-uri href='U'/></font-face-src></svg>"),
    ("color-profile[xlink:href]", "<svg><color-profile xlink:href='U'/></svg>"),
    ("css:@import", "<svg><style>@import 'U';</style></svg>"),
    ("css:fill", "<svg><style><![CDATA[ rect { fill: url(U) } ]]></style></svg>"),
    ("img[src]", "<svg><foreignObject><img src='U'></foreignObject></svg>"),
    // MathML, VML, XML.
    ("mglyph[src]", "<math><mi><mglyph src='U'/></mi></math>"),
    ("math[altimg]", "<math altimg='U'></math>"),
    ("mi[xlink:href]", "<math><mi xlink:href='U'>x</mi></math>"),
    ("annotation-xml[definitionurl]", "<math><annotation-xml definitionURL='U'></annotation-xml></math>"),
    ("v:fill[src]", "<v:rect><v:fill type=tile src='U'/></v:rect>"),
    ("v:imagedata[src]", "<v:shape><v:imagedata src='U' o:title=x /></v:shape>"),
    ("v:imagedata[o:href]", "<v:shape><v:imagedata o:href='U'/></v:shape>"),
    ("v:stroke[src]", "<v:line><v:stroke src='U'/></v:line>"),
    ("t:video[src]", "<t:video src='U'/>"),
    ("img[src]", "<xml><img src='U'></xml>"),
    // Comments that one mail program reads.
    ("comment:v:fill[src]", "<!--[if gte mso 9]><v:rect><v:fill src='U'/></v:rect><![endif]-->"),
    ("comment:img[src]", "<!--[if mso]><table><tr><td><img src='U'></td></tr></table><![endif]-->"),
    ("comment:css:@import", "<!--[if mso]><style>@import url(U);</style><![endif]-->"),
    ("comment:link[href]", "<!--[if IE]><link rel=stylesheet href='U'><![endif]-->"),
    ("img[src]", "<!--[if !mso]><!--><img src='U'><!--<![endif]-->"),
    ("img[src]", "<![if !mso]><img src='U'><![endif]>"),
    ("comment:img[src]", "<!--[if mso]><img src='U'>"),
    // What is not drawn, or not by everybody.
    ("img[src]", "<noscript><img src='U'></noscript>"),
    ("img[src]", "<head><noscript><img src='U'></noscript></head>"),
    ("img[src]", "<template><img src='U'></template>"),
    ("img[src]", "<select><option><img src='U'></option></select>"),
    ("img[src]", "<table><img src='U'></table>"),
    ("img[src]", "</body></html><img src='U'>"),
    ("img[src]", "<textarea></textarea><title></title><img src='U'>"),
    ("img[src]", "<style></style foo><img src='U'>"),
    ("img[src]", "<p title=\"</p><img src='no'>\"><img src='U'>"),
    ("img[src]", "<!-- > --><img src='U'>"),
    ("img[src]", "<!--> <img src='U'>"),
    ("img[src]", "<!----!><img src='U'>"),
    // Documents in addresses.
    ("data:img[src]", "<iframe src=\"data:text/html,<img src='U'>\">"),
    ("data:img[src]", "<iframe src='data:text/html;base64,PGltZyBzcmM9Imh0dHBzOi8vbGVhay5leGFtcGxlL3giPg=='>"),
    ("data:image[href]", "<img src=\"data:image/svg+xml,<svg><image href='U'/></svg>\">"),
    ("data:css:@import", "<link rel=stylesheet href='data:text/css,@import %22U%22;'>"),
    // CSS.
    ("css:@import", "<style>@import 'U';</style>"),
    ("css:@import", "<style>@import \"U\" screen;</style>"),
    ("css:@import", "<style>@import url(U);</style>"),
    ("css:@import", "<style>@import url('U') layer(a) supports(display: grid);</style>"),
    ("css:@import", "<style>@IMPORT\n\"U\"</style>"),
    ("css:@import", "<style>@\\69mport 'U';</style>"),
    ("css:@import", "<style>@im\\port 'U';</style>"),
    ("css:@import", "<style>@import/**/url(U);</style>"),
    ("css:@import", "<style>p{}@import 'U';</style>"),
    ("css:@import", "<style>@charset \"x\";@import 'U';</style>"),
    ("css:@import", "<style><!-- @import 'U'; --></style>"),
    ("css:@import", "<style>@import src('U');</style>"),
    ("css:@namespace", "<style>@namespace a url(U);</style>"),
    ("css:@namespace", "<style>@namespace 'U';</style>"),
    ("css:@document", "<style>@document url(U) { p {} }</style>"),
    ("css:@font-face", "<style>@font-face { font-family: a; src: local(b), url(U) format('woff2') }</style>"),
    ("css:@font-face", "<style>@font-face { src: url('U') }</style>"),
    ("css:background", "<p style='background: url(U)'>"),
    ("css:background", "<p style='background:#fff url(\"U\") no-repeat'>"),
    ("css:background-image", "<p style='background-image: URL( U )'>"),
    ("css:background-image", "<p style='background-image: u\\72l(U)'>"),
    ("css:background-image", "<p style='background-image: \\75rl(U)'>"),
    ("css:background-image", "<p style='background-image: \\000075 rl(U)'>"),
    ("css:background-image", "<p style='background-image: url(\\68ttps://leak.example/x)'>"),
    ("css:background-image", "<p style='background-image: url(https:\\/\\/leak.example\\/x)'>"),
    ("css:background-image", "<p style='background-image/**/:/**/url(U)'>"),
    ("css:background-image", "<p style='b\\61 ckground-image:url(U)'>"),
    ("css:background-image", "<p style='color:red;;background-image:url(U)'>"),
    ("css:background-image", "<p style='background-image:none,url(U'>"),
    ("css:background-image", "<p style='background-image: image-set(\"U\" 1x)'>"),
    ("css:background-image", "<p style='background-image: -webkit-image-set(url(U) 1x)'>"),
    ("css:background-image", "<p style='background-image: image-set(\"U\" type(\"image/png\"))'>"),
    ("css:background-image", "<p style='background-image: cross-fade(url(U), url(cid:b), 50%)'>"),
    ("css:background-image", "<p style='background-image: cross-fade(\"U\" 50%, red)'>"),
    ("css:background-image", "<p style='background-image: image(\"U\", red)'>"),
    ("css:background-image", "<p style='background-image: src(\"U\")'>"),
    ("css:background-image", "<style>p { background-image: url(U) }</style>"),
    ("css:background-image", "<style>@media print { p { background-image: url(U) } }</style>"),
    ("css:background-image", "<style>@supports (a:b) { @media x { p { background-image: url(U) } } }</style>"),
    ("css:background-image", "<style>p { & b { background-image: url(U) } }</style>"),
    ("css:background-image", "<style>} p { background-image: url(U) }</style>"),
    ("css:background-image", "<style>p { color: red } } @x; q { background-image: url(U)</style>"),
    ("css:background-image", "<style>p { *background-image: url(U) }</style>"),
    ("css:cursor", "<p style='cursor: url(U), pointer'>"),
    ("css:list-style", "<ul style='list-style: url(U)'>"),
    ("css:list-style-image", "<ul style='list-style-image: url(U)'>"),
    ("css:content", "<style>p::before { content: url(U) }</style>"),
    ("css:border-image", "<p style='border-image: url(U) 30'>"),
    ("css:border-image-source", "<p style='border-image-source: url(U)'>"),
    ("css:mask", "<p style='mask: url(U)'>"),
    ("css:-webkit-mask-image", "<p style='-webkit-mask-image: url(U)'>"),
    ("css:mask-border-source", "<p style='mask-border-source: url(U)'>"),
    ("css:filter", "<p style='filter: url(U#f)'>"),
    ("css:filter", "<p style=\"filter: progid:DXImageTransform.Microsoft.AlphaImageLoader(src='U')\">"),
    ("css:backdrop-filter", "<p style='backdrop-filter: url(U#f)'>"),
    ("css:clip-path", "<p style='clip-path: url(U#c)'>"),
    ("css:shape-outside", "<p style='shape-outside: url(U)'>"),
    ("css:offset-path", "<p style='offset-path: url(U#p)'>"),
    ("css:behavior", "<p style='behavior: url(U)'>"),
    ("css:-moz-binding", "<p style='-moz-binding: url(U#x)'>"),
    ("css:--x", "<p style='--x: url(U)'>"),
    ("css:symbols", "<style>@counter-style a { symbols: url(U) }</style>"),
    ("css:background-image", "<noscript><style>p{background-image:url(U)}</style></noscript>"),
    ("css:background-image", "<style type=text/less media=print>p{background-image:url(U)}</style>"),
    ("css:background-image", "<body><div><style>p{background-image:url(U)}"),
];

#[test]
fn every_vector_is_seen_where_it_stands() {
    assert!(VECTORS.len() >= 120);
    let mut missed = Vec::new();
    for (element, html) in VECTORS {
        let html = html.replace('U', U).replace(&format!("{U}RL"), "URL");
        let all = found(&html);
        let hit = all.iter().any(|r| r.element == *element && r.url.split('#').next() == Some(U));
        if !hit {
            missed.push(format!("{element}  {html}\n      {all:?}"));
        }
    }
    assert!(missed.is_empty(), "{} missed:\n{}", missed.len(), missed.join("\n"));
}

#[test]
fn vectors_are_seen_in_a_whole_letter_too() {
    for (_, html) in VECTORS {
        let html = html.replace('U', U).replace(&format!("{U}RL"), "URL");
        let whole = format!("<html><head><title>t</title></head><body><div>{html}");
        assert!(!found(&whole).is_empty(), "{whole}");
    }
}

#[test]
fn what_stays_inside_is_no_reference() {
    for html in [
        "<img src='cid:logo@x'>",
        "<img src='data:image/png;base64,AAAA'>",
        "<img src=''>",
        "<img src>",
        "<img src='logo.png'>",
        "<img src='#top'>",
        "<a href='https://leak.example/x'>link</a>",
        "<area href='https://leak.example/x'>",
        "<svg><a href='https://leak.example/x'></a></svg>",
        "<v:roundrect href='https://leak.example/x'></v:roundrect>",
        "<link rel=stylesheet href='cid:style'>",
        "<form action='mailto:a@b.example'>",
        "<p style='background: url(cid:a)'>",
        "<p style='background: url()'>",
        "<p style='color: red'>https://leak.example/x</p>",
        "<style>p::before { content: 'https://leak.example/x' }</style>",
        "<style>@namespace svg url(http://www.w3.org/2000/svg);</style>",
        "<!-- <img src='https://leak.example/x'> -->",
        "<textarea><img src='https://leak.example/x'></textarea>",
        "<title><img src='https://leak.example/x'></title>",
        "<img alt='https://leak.example/x' title='url(https://leak.example/x)'>",
        "<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' 'http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd'>",
        "<html xmlns='http://www.w3.org/1999/xhtml' xmlns:v='urn:schemas-microsoft-com:vml'>",
    ] {
        assert_eq!(found(html), [], "{html}");
    }
}

#[test]
fn odd_addresses_are_recorded_as_written() {
    for url in [
        "//leak.example/x",
        "\\\\host\\share\\x.png",
        "/\\leak.example/x",
        "file:///etc/passwd",
        "file://host/share",
        "smb://host/share",
        "ftp://leak.example/x",
        "javascript:alert(1)",
        "vbscript:x",
        "http:leak.example",
        "ldap://leak.example/x",
        "http://[::1",
    ] {
        let all = found(&format!("<img src=\"{url}\">"));
        assert_eq!(all.len(), 1, "{url}");
        assert_eq!(all[0].url, url);
    }
}

#[test]
fn addresses_hold_no_control_characters() {
    for (written, read) in [
        ("https://l.example/a\u{e}b", "https://l.example/a%0Eb"),
        ("https://l.\u{1b}[31m/x", "https://l.%1B[31m/x"),
        ("https://l.example/\u{7f}\u{85}", "https://l.example/%7F%C2%85"),
        ("\u{1}https://l.example/\ta\r\n", "https://l.example/a"),
    ] {
        assert_eq!(found(&format!("<img src='{written}'>"))[0].url, read);
        let links = html::links(&format!("<a href='{written}'>x</a>"));
        assert_eq!(links[0].href, read);
    }
}

#[test]
fn relative_addresses_get_their_base() {
    let all = found(
        "<img src=a.png><base href='https://b.example/dir/'><img src='../c.png'><p style='background:url(d)'>",
    );
    let urls: Vec<_> = all.iter().map(|r| r.url.as_str()).collect();
    assert_eq!(
        urls,
        [
            "https://b.example/dir/a.png",
            "https://b.example/dir/",
            "https://b.example/c.png",
            "https://b.example/dir/d"
        ]
    );
    let all = found("<base href=//b.example/><img src=a>");
    assert_eq!(all[1].url, "https://b.example/a");
    let first_counts =
        found("<base href=https://b.example/><base href=https://c.example/><img src=a>");
    assert_eq!(first_counts[2].url, "https://b.example/a");
}

#[test]
fn order_sizes_and_words_are_kept() {
    let all = found(
        "<img src=https://a.example/1 width=600 height=\"200\" alt='Spring sale'>\
         <img src=https://a.example/2 style='width:10pt;height:1em'>\
         <img src=https://a.example/3 width=50%>",
    );
    assert_eq!(all[0].size, (Some(600.0), Some(200.0)));
    assert_eq!(all[0].alt.as_deref(), Some("Spring sale"));
    assert_eq!(all[0].visible, Visible::Yes);
    assert_eq!(all[1].size.1, Some(16.0));
    assert_eq!(all[2].size, (None, None));
    assert_eq!(all[2].visible, Visible::Unknown);
    assert_eq!(found("<img src=//a.example>").first().map(|r| r.part), Some(0));
    assert_eq!(html::references("<img src=//a.example>", 7)[0].part, 7);
}

#[test]
fn links_have_their_words() {
    let links = html::links(
        "<base href=https://b.example/><a href='/x'>Read <b>more</b>\n now</a> no \
         <a href=https://c.example><img alt='The picture' src=cid:a></a>\
         <a href='#top'>up</a><a>none</a><map><area href=/y alt=Map></map>\
         <a href='mailto:a@b.example'>write</a><a href=https://d.example>open",
    );
    let seen: Vec<_> = links.iter().map(|l| (l.href.as_str(), l.text.trim())).collect();
    assert_eq!(
        seen,
        [
            ("https://b.example/x", "Read more now"),
            ("https://c.example", "The picture"),
            ("https://b.example/y", "Map"),
            ("mailto:a@b.example", "write"),
            ("https://d.example", "open"),
        ]
    );
}

/// Debug builds are several times slower; the point is that nothing is quadratic.
fn in_time<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = std::time::Instant::now();
    let result = work();
    assert!(start.elapsed().as_secs() < 20, "{what} took {:?}", start.elapsed());
    result
}

#[test]
fn hostile_documents_cost_little() {
    let pixel = "<img src=https://leak.example/x>";
    let last =
        |html: &str| html::references(html, 0).last().map(|r| r.url.clone()).unwrap_or_default();
    let million = 1_000_000;
    for opening in [
        "<div>",
        "<b>",
        "<table>",
        "<p><b>",
        "<a>",
        "<svg>",
        "<table><tr><td>",
        "<font size=1>",
        "<select>",
        "<template>",
        "<math><mi>",
        "<svg><foreignObject>",
        "<dl><dt>",
        "<button>",
        "<form>",
        "<object>",
        "<svg><style>",
        "<li>",
        "<h1>",
        "<ruby><rt>",
        "<frameset>",
        "<noscript>",
        "<h1><nobr>",
        "<x y=1>",
    ] {
        let html = opening.repeat(million / opening.len() * 5) + pixel;
        assert_eq!(in_time(opening, || last(&html)), U, "{opening}");
    }
    for opening in [
        "<!--[if mso]>",
        "<iframe srcdoc='",
        "<style>{(",
        "<p style='a:((",
        "</x>",
        "</p>",
        "</b>",
        "<",
        "<!",
        "&",
        "&#1",
    ] {
        let html = opening.repeat(200_000);
        in_time(opening, || last(&html));
    }
    // Formatting elements that are opened again in every paragraph.
    let mut html = String::from("<p>");
    for i in 0..20_000 {
        html.push_str(&format!("<b id={i}>"));
    }
    html.push_str("</p>");
    html.push_str(&"<p>x</p>".repeat(50_000));
    html.push_str(pixel);
    assert_eq!(in_time("formatting", || last(&html)), U);
    // More attributes than anybody needs, and more references than are kept.
    let html =
        format!("<img {} src={U}>", (0..2_000).map(|i| format!("a{i}=1 ")).collect::<String>());
    assert_eq!(in_time("attributes", || last(&html)), U);
    let html = pixel.repeat(100_000);
    assert!(in_time("pictures", || html::references(&html, 0)).len() >= 10_000);
    let css = format!("<style>{}</style>", "a{b:url(https://leak.example/x)}".repeat(100_000));
    in_time("rules", || last(&css));
    let nested = format!("<style>{}background:url({U})</style>", "a{".repeat(500_000));
    assert_eq!(in_time("nested rules", || last(&nested)), U);
}
