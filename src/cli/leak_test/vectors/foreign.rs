//! Pictures drawn by rules and other languages inside HTML: SVG, MathML, VML,
//! XML islands; and other protocols than the web's.

use super::Sees::{Link, Reference};
use super::Shape::{Document, Inside};
use super::{List, Rows};

pub(super) fn add(list: &mut List) {
    for (name, inside) in SVG {
        list.push("svg", *name, Inside, format!("<svg>{inside}</svg>"), Reference);
    }
    for attribute in PAINTED {
        let text = format!("<svg><rect width=9 height=9 {attribute}=\"url({{URL}}#a)\"/></svg>");
        list.push("svg", format!("rect {attribute}"), Inside, text, Reference);
    }
    list.rows("svg", Inside, Reference, AROUND_SVG);
    list.rows("svg", Inside, Link, LINKS);
    list.rows("mathml", Inside, Reference, MATHML);
    list.rows("vml and office", Inside, Reference, VML);
    list.rows("xml", Inside, Reference, XML);
    list.rows("xml", Document, Reference, XHTML);
    list.nothing("xml", Document, ENTITIES);
    for (name, address) in OTHER {
        let text = format!("<img src=\"{address}\">");
        list.push("other protocols", *name, Inside, text, Reference);
    }
    list.rows("look-up or handshake alone", Document, Reference, ALONE);
}

const SVG: &Rows = &[
    ("image href", "<image href='{URL}' width=9 height=9 />"),
    ("image xlink:href", "<image xlink:href='{URL}' width=9 height=9 />"),
    (
        "image with another prefix",
        "<image xmlns:a='http://www.w3.org/1999/xlink' a:href='cid:a' xlink:href='{URL}'/>",
    ),
    ("use href", "<use href='{URL}#a'/>"),
    ("use xlink:href", "<use xlink:href='{URL}#a'/>"),
    (
        "feImage",
        "<filter id=f><feImage href='{URL}'/></filter><rect filter='url(#f)' width=9 height=9 />",
    ),
    ("feImage xlink:href", "<filter><feImage xlink:href='{URL}'/></filter>"),
    ("linearGradient href", "<linearGradient href='{URL}#a'/>"),
    ("radialGradient xlink:href", "<radialGradient xlink:href='{URL}#a'/>"),
    ("pattern href", "<pattern href='{URL}#a'/>"),
    (
        "pattern with an image",
        "<pattern id=p width=9 height=9><image href='{URL}'/></pattern><rect fill='url(#p)' width=9 height=9 />",
    ),
    ("filter href", "<filter xlink:href='{URL}#a'/>"),
    ("textPath", "<text><textPath href='{URL}#a'>x</textPath></text>"),
    ("tref", "<text><tref xlink:href='{URL}#a'/></text>"),
    ("altGlyph", "<text><altGlyph xlink:href='{URL}#a'>x</altGlyph></text>"),
    ("glyphRef", "<glyphRef xlink:href='{URL}#a'/>"),
    ("mpath", "<animateMotion><mpath href='{URL}#a'/></animateMotion>"),
    ("mpath xlink:href", "<animateMotion><mpath xlink:href='{URL}#a'/></animateMotion>"),
    ("cursor", "<cursor xlink:href='{URL}'/>"),
    ("color-profile", "<color-profile xlink:href='{URL}' name=a />"),
    (
        "font-face-uri",
        "<font><font-face><font-face-src><font-face-uri xlink:href='{URL}'/></font-face-src></font-face></font>",
    ),
    ("definition-src", "<font-face><definition-src xlink:href='{URL}'/></font-face>"),
    ("set to", "<image><set attributeName=href to='{URL}'/></image>"),
    ("animate values", "<image><animate attributeName=href values='#a;{URL}'/></image>"),
    ("animate from", "<image><animate attributeName=xlink:href from='{URL}' to='#b'/></image>"),
    ("animate by", "<image><animate attributeName=href by='{URL}'/></image>"),
    ("animate href", "<animate href='{URL}#a'/>"),
    ("animate of fill", "<rect><animate attributeName=fill values='url({URL})'/></rect>"),
    ("script", "<script xlink:href='{URL}'/>"),
    ("handler", "<handler xlink:href='{URL}'/>"),
    ("listener", "<listener handler='{URL}#a' xlink:href='{URL}'/>"),
    ("prefetch (SVG Tiny)", "<prefetch xlink:href='{URL}'/>"),
    ("audio (SVG Tiny)", "<audio xlink:href='{URL}'/>"),
    ("video (SVG Tiny)", "<video xlink:href='{URL}'/>"),
    ("animation (SVG Tiny)", "<animation xlink:href='{URL}'/>"),
    ("foreignObject (SVG Tiny)", "<foreignObject xlink:href='{URL}'/>"),
    ("discard", "<discard href='{URL}#a'/>"),
    ("view", "<view id=a /><image href='{URL}#a'/>"),
    ("xml:base", "<g xml:base='{URL}/'><image href='p.png'/></g>"),
    ("foreignObject with a picture", "<foreignObject><img src='{URL}'></foreignObject>"),
    ("foreignObject with a frame", "<foreignObject><iframe src='{URL}'></iframe></foreignObject>"),
    ("desc with a picture", "<desc><img src='{URL}'></desc>"),
    ("title with a picture", "<title><img src='{URL}'></title>"),
    ("switch", "<switch><image href='{URL}'/></switch>"),
    ("symbol", "<symbol id=s><image href='{URL}'/></symbol><use href='#s'/>"),
    ("style attribute", "<rect style='fill: url({URL}#a)'/>"),
    ("style element", "<style>@import '{URL}';</style>"),
    ("metadata", "<metadata><image href='{URL}'/></metadata>"),
    ("capitals", "<IMAGE HREF='{URL}' />"),
    ("prefix svg:", "<svg:image xlink:href='{URL}'/>"),
];

/// Presentation attributes that name something to paint with.
const PAINTED: &[&str] = &[
    "fill",
    "stroke",
    "filter",
    "mask",
    "clip-path",
    "marker",
    "marker-start",
    "marker-mid",
    "marker-end",
    "cursor",
    "color-profile",
];

const AROUND_SVG: &Rows = &[
    (
        "data: in an img",
        "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='{URL}'/></svg>\">",
    ),
    (
        "data: in an img, percent",
        "<img src=\"data:image/svg+xml;utf8,%3Csvg%3E%3Cimage href='{URL}'/%3E%3C/svg%3E\">",
    ),
    (
        "data: in a style",
        "<p style=\"background:url(&quot;data:image/svg+xml,<svg><image href='{URL}'/></svg>&quot;)\">x",
    ),
    (
        "data: with a style sheet",
        "<img src=\"data:image/svg+xml,<svg><style>@import '{URL}';</style></svg>\">",
    ),
    (
        "data: with an entity",
        "<img src=\"data:image/svg+xml,<!DOCTYPE svg SYSTEM '{URL}'><svg/>\">",
    ),
    (
        "data: with xml-stylesheet",
        "<img src=\"data:image/svg+xml,<?xml-stylesheet href='{URL}'?><svg/>\">",
    ),
    (
        "data: in an object",
        "<object data=\"data:image/svg+xml,<svg><image href='{URL}'/></svg>\"></object>",
    ),
    ("data: in an embed", "<embed src=\"data:image/svg+xml,<svg><image href='{URL}'/></svg>\">"),
    (
        "data: in data:",
        "<iframe src=\"data:text/html,<img src='data:image/svg+xml,%3Csvg%3E%3Cimage href={URL} /%3E%3C/svg%3E'>\">",
    ),
    ("image outside svg", "<image xlink:href='{URL}'>"),
    ("svg with a background", "<svg background='{URL}'></svg>"),
];

const LINKS: &Rows = &[
    ("a around a shape", "<svg><a href='{URL}'><rect width=9 height=9 /></a></svg>"),
    (
        "a xlink:show=embed",
        "<svg><a xlink:href='{URL}' xlink:show=embed xlink:actuate=onLoad>x</a></svg>",
    ),
];

const MATHML: &Rows = &[
    ("href", "<math href='{URL}'><mi>x</mi></math>"),
    ("mi href", "<math><mi href='{URL}'>x</mi></math>"),
    ("mi xlink:href", "<math><mi xlink:href='{URL}'>x</mi></math>"),
    ("altimg", "<math altimg='{URL}'></math>"),
    ("mglyph src", "<math><mi><mglyph src='{URL}'/></mi></math>"),
    ("ms with mglyph", "<math><ms><mglyph src='{URL}' alt=x /></ms></math>"),
    ("annotation src", "<math><semantics><mi>x</mi><annotation src='{URL}'/></semantics></math>"),
    (
        "annotation-xml src",
        "<math><semantics><annotation-xml encoding='text/html' src='{URL}'/></semantics></math>",
    ),
    (
        "annotation-xml with HTML",
        "<math><annotation-xml encoding='text/html'><img src='{URL}'></annotation-xml></math>",
    ),
    (
        "annotation-xml with svg",
        "<math><annotation-xml encoding=SVG1.1><svg><image href='{URL}'/></svg></annotation-xml></math>",
    ),
    ("definitionURL", "<math><csymbol definitionURL='{URL}'>x</csymbol></math>"),
    (
        "maction",
        "<math><maction actiontype='statusline#{URL}' xlink:href='{URL}'>x</maction></math>",
    ),
    ("mtext with HTML", "<math><mtext><img src='{URL}'></mtext></math>"),
    ("mstyle background", "<math><mstyle background='{URL}'><mi>x</mi></mstyle></math>"),
    ("style", "<math><mi style='background:url({URL})'>x</mi></math>"),
];

const VML: &Rows = &[
    ("v:imagedata src", "<v:shape><v:imagedata src='{URL}' o:title=x /></v:shape>"),
    ("v:imagedata o:href", "<v:shape><v:imagedata src='cid:a' o:href='{URL}'/></v:shape>"),
    ("v:image src", "<v:image src='{URL}' style='width:9px;height:9px'/>"),
    ("v:fill src", "<v:rect><v:fill type=frame src='{URL}'/></v:rect>"),
    ("v:fill o:href", "<v:rect><v:fill o:href='{URL}'/></v:rect>"),
    ("v:stroke src", "<v:line><v:stroke src='{URL}'/></v:line>"),
    ("v:rect with a style", "<v:rect style=\"behavior:url({URL})\"/>"),
    ("v:background", "<v:background><v:fill src='{URL}'/></v:background>"),
    (
        "conditional v:roundrect",
        "<!--[if mso]><v:roundrect><v:fill src='{URL}'/></v:roundrect><![endif]-->",
    ),
    (
        "conditional v:background",
        "<!--[if gte vml 1]><v:background fill=t><v:fill type=tile src='{URL}'/></v:background><![endif]-->",
    ),
    ("o:OLEObject", "<o:OLEObject src='{URL}'/>"),
    ("w:pict", "<w:pict><v:shape><v:imagedata src='{URL}'/></v:shape></w:pict>"),
    ("t:video", "<t:video src='{URL}'/>"),
    ("t:audio", "<t:audio src='{URL}'/>"),
    (
        "t:animate",
        "<img id=i src=cid:a><t:animate targetElement=i attributeName=src values='{URL}'/>",
    ),
    ("t:set", "<t:set attributeName=src to='{URL}'/>"),
    ("st1 tag", "<st1:place background='{URL}'>x</st1:place>"),
    (
        "table background of Word",
        "<table style='mso-cellspacing:0' background='{URL}'><tr><td>x</table>",
    ),
];

const XML: &Rows = &[
    ("island src", "<xml src='{URL}'></xml>"),
    ("island with a picture", "<xml><img src='{URL}'></xml>"),
    (
        "island datasrc",
        "<xml id=i><a><b>{URL}</b></a></xml><img datasrc='#i' datafld=b src='{URL}'>",
    ),
    ("unknown namespace", "<a:b xmlns:a='urn:x' src='{URL}'/>"),
    (
        "xlink on anything",
        "<p xlink:type=simple xlink:actuate=onLoad xlink:show=embed xlink:href='{URL}'>x</p>",
    ),
    ("xi:include", "<xi:include href='{URL}'/>"),
    ("xml:base", "<p xml:base='{URL}/'><img src='p.png'></p>"),
    ("CDATA in HTML", "<![CDATA[><img src='{URL}'>]]>"),
    ("xsl", "<xsl:include href='{URL}'/>"),
    ("xbl", "<xbl:binding src='{URL}'/>"),
    ("xul", "<xul:image src='{URL}'/>"),
    ("amp-img", "<amp-img src='{URL}' width=9 height=9></amp-img>"),
    ("smil ref", "<smil><ref src='{URL}'/></smil>"),
];

const XHTML: &Rows = &[
    (
        "XHTML declaration",
        "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><body><img src='{URL}'/></body></html>",
    ),
    ("XHTML prefix", "<html xmlns:h='http://www.w3.org/1999/xhtml'><h:img src='{URL}'/></html>"),
    (
        "XHTML doctype",
        "<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' 'http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd'><html xmlns='http://www.w3.org/1999/xhtml'><head><style>@import '{URL}';</style></head><body/></html>",
    ),
    ("XHTML object", "<?xml version='1.0'?><html><object data='{URL}'/><p>x</p></html>"),
];

const OTHER: &Rows = &[
    ("ftp", "ftp://{TAIL}"),
    ("ws", "ws://{TAIL}"),
    ("wss", "wss://{TAIL}"),
    ("file with a host", "file://v{N}.leak.test/share/p.png"),
    ("file with four slashes", "file:////v{N}.leak.test/share/p.png"),
    ("UNC path", "\\\\v{N}.leak.test\\share\\p.png"),
    ("UNC over WebDAV", "\\\\v{N}.leak.test@80\\share\\p.png"),
    ("smb", "smb://v{N}.leak.test/share/p.png"),
    ("webdav", "dav://{TAIL}"),
    ("gopher", "gopher://{TAIL}"),
    ("ldap", "ldap://{TAIL}"),
    ("nntp", "nntp://{TAIL}"),
    ("imap", "imap://{TAIL}"),
    ("rtsp", "rtsp://{TAIL}"),
    ("mms", "mms://{TAIL}"),
    ("view-source", "view-source:{URL}"),
    ("feed", "feed:{URL}"),
    ("jar", "jar:{URL}!/p.png"),
    ("mhtml", "mhtml:{URL}!p.png"),
    ("ms-its", "ms-its:{URL}::/p.png"),
    ("res", "res://{TAIL}"),
    ("ms-word", "ms-word:ofe|u|{URL}"),
    ("search-ms", "search-ms:query=x&crumb=location:\\\\v{N}.leak.test\\x"),
    ("moz-icon", "moz-icon://{TAIL}"),
    ("filesystem", "filesystem:{URL}"),
    ("IPv4 as a number", "http://2130706433/v{N}"),
    ("IPv4 in octal", "http://0177.0.0.01/v{N}"),
    ("IPv6", "http://[::1]/v{N}"),
    ("IPv6 of IPv4", "http://[::ffff:127.0.0.1]/v{N}"),
    ("a document address", "http://192.0.2.7/v{N}"),
    ("IPv6 document address", "http://[2001:db8::7]/v{N}"),
    ("the whole network", "http://255.255.255.255/v{N}"),
    ("many", "http://224.0.0.251/v{N}"),
    (".local name", "http://v{N}.local/v{N}"),
    ("single-label name", "http://v{N}/v{N}"),
    ("onion", "http://v{N}.onion/v{N}"),
];

const ALONE: &Rows = &[
    ("dns-prefetch", "<link rel=dns-prefetch href='//v{N}.leak.test'><p>x"),
    ("preconnect", "<link rel=preconnect href='https://v{N}.leak.test' crossorigin><p>x"),
    (
        "x-dns-prefetch-control",
        "<meta http-equiv=x-dns-prefetch-control content=on><link rel=dns-prefetch href='//v{N}.leak.test'><a href='https://v{N}.leak.test/'>x</a>",
    ),
    ("base alone", "<base href='https://v{N}.leak.test/'><p>x"),
    ("picture that cannot be", "<img src='https://v{N}.leak.test:1/'>"),
    (
        "TLS with client certificate",
        "<img crossorigin=use-credentials src='https://v{N}.leak.test/'>",
    ),
    ("HTTP/3", "<img src='https://v{N}.leak.test:443/'>"),
    ("deep name", "<img src='https://a.b.c.d.e.f.g.v{N}.leak.test/'>"),
    (
        "many names",
        "<img src='https://a.v{N}.leak.test/'><img src='https://b.v{N}.leak.test/'><img src='https://c.v{N}.leak.test/'>",
    ),
];

const ENTITIES: &[[&str; 3]] = &[
    [
        "external entity",
        "<!DOCTYPE html [<!ENTITY a SYSTEM '{URL}'>]><p>&a;",
        "HTML knows no entities of one's own",
    ],
    [
        "parameter entity",
        "<!DOCTYPE html [<!ENTITY % a SYSTEM '{URL}'> %a;]><p>x",
        "HTML knows no entities of one's own",
    ],
];
