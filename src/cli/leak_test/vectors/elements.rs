//! Elements and attributes of HTML, of the standard, of its drafts and of the
//! programs before it.

use super::Sees::{Link, Reference};
use super::Shape::{Document, Inside};
use super::{List, Rows};

pub(super) fn add(list: &mut List) {
    list.rows("pictures", Inside, Reference, PICTURES);
    list.rows("backgrounds", Inside, Reference, BACKGROUNDS);
    list.rows("backgrounds", Document, Reference, BODY_BACKGROUNDS);
    list.rows("sound and film", Inside, Reference, MEDIA);
    list.rows("objects", Inside, Reference, OBJECTS);
    list.rows("frames", Inside, Reference, FRAMES);
    list.rows("frames", Document, Reference, FRAMESETS);
    for rel in RELATIONS {
        let text = format!("<html><head><link rel=\"{rel}\" href=\"{{URL}}\"></head><p>x");
        list.push("link rel", *rel, Document, text, Reference);
    }
    list.rows("link rel", Inside, Reference, LINKS);
    list.rows("head", Document, Reference, HEAD);
    list.rows("scripts", Inside, Reference, SCRIPTS);
    list.nothing("scripts", Inside, DEAD_SCRIPTS);
    list.rows("forms and pings", Inside, Reference, FORMS);
    list.rows("links", Inside, Link, CLICKED);
    list.nothing("names and notes", Inside, CITATIONS);
}

const PICTURES: &Rows = &[
    ("img src", "<img src='{URL}' width=300 height=200 alt=Sale>"),
    ("img src, one pixel", "<img src='{URL}' width=1 height=1>"),
    ("img src, hidden", "<div style='display:none'><img src='{URL}'></div>"),
    ("img src, loading=eager", "<img loading=eager fetchpriority=high decoding=sync src='{URL}'>"),
    ("img src, loading=lazy", "<img loading=lazy src='{URL}'>"),
    (
        "img src, crossorigin",
        "<img crossorigin=use-credentials referrerpolicy=unsafe-url src='{URL}'>",
    ),
    ("img srcset, density", "<img srcset='{URL} 2x'>"),
    ("img srcset, width", "<img srcset='cid:a 50w, {URL} 100w' sizes='100vw'>"),
    ("img srcset, no descriptor", "<img src='cid:a' srcset='{URL}'>"),
    ("img srcset, commas", "<img srcset=',,{URL},'>"),
    ("img sizes=auto", "<img loading=lazy sizes=auto srcset='{URL} 640w'>"),
    ("img lowsrc", "<img src='cid:a' lowsrc='{URL}'>"),
    ("img dynsrc", "<img dynsrc='{URL}' start=fileopen>"),
    ("img loopsrc", "<img loopsrc='{URL}'>"),
    ("img longdesc", "<img src='cid:a' longdesc='{URL}'>"),
    ("img attributionsrc", "<img src='cid:a' attributionsrc='{URL}'>"),
    ("img usemap", "<img src='{URL}' usemap='#m'><map name=m><area href='#a'></map>"),
    ("img ismap in a link", "<a href='#a'><img ismap src='{URL}'></a>"),
    ("image", "<image src='{URL}'>"),
    ("picture source srcset", "<picture><source srcset='{URL}'><img src='cid:a'></picture>"),
    (
        "picture source media",
        "<picture><source media='(min-width:1px)' srcset='{URL} 1x'><img></picture>",
    ),
    ("picture source type", "<picture><source type='image/webp' srcset='{URL}'><img></picture>"),
    ("picture img", "<picture><img src='{URL}'></picture>"),
    ("input type=image", "<input type=image src='{URL}'>"),
    ("input type=IMAGE in a form", "<form><input type=IMAGE src='{URL}'></form>"),
    ("menuitem icon", "<menuitem icon='{URL}'>"),
    ("command icon", "<command icon='{URL}'>"),
    ("button with a picture", "<button><img src='{URL}'></button>"),
    ("picture in a list marker", "<ul src='{URL}'><li src='{URL}'>x</ul>"),
    ("hr src", "<hr src='{URL}'>"),
    ("figure src (HTML 3)", "<fig src='{URL}'></fig>"),
    ("overlay src (HTML 3)", "<overlay src='{URL}'>"),
    ("note src (HTML 3)", "<note src='{URL}'>x</note>"),
    ("banner of an unknown element", "<x-picture src='{URL}'></x-picture>"),
    ("picture in alternative text of nothing", "<img alt='a' title='b' src='{URL}' onerror='x'>"),
];

const BACKGROUNDS: &Rows = &[
    ("table", "<table background='{URL}'><tr><td>x</table>"),
    ("thead", "<table><thead background='{URL}'><tr><td>x</table>"),
    ("tbody", "<table><tbody background='{URL}'><tr><td>x</table>"),
    ("tfoot", "<table><tfoot background='{URL}'><tr><td>x</table>"),
    ("tr", "<table><tr background='{URL}'><td>x</table>"),
    ("td", "<table><tr><td background='{URL}'>x</table>"),
    ("th", "<table><tr><th background='{URL}'>x</table>"),
    ("col", "<table><col background='{URL}'><tr><td>x</table>"),
    ("td without a table", "<td background='{URL}'>x</td>"),
    ("div", "<div background='{URL}'>x</div>"),
    ("span", "<span background='{URL}'>x</span>"),
    ("second body", "<body background='{URL}'>"),
    ("second html", "<html background='{URL}'>"),
    ("layer", "<layer background='{URL}'>x</layer>"),
    ("ilayer", "<ilayer background='{URL}'>x</ilayer>"),
];

const BODY_BACKGROUNDS: &Rows = &[
    ("body", "<html><body background='{URL}'><p>x</body></html>"),
    ("body, upper case", "<HTML><BODY BGCOLOR=WHITE BACKGROUND={URL}><P>x"),
    ("body after </html>", "<html><body><p>x</body></html><body background='{URL}'>"),
    ("body, bgproperties=fixed", "<body background={URL} bgproperties=fixed>x"),
];

const MEDIA: &Rows = &[
    ("video src", "<video src='{URL}'></video>"),
    ("video autoplay", "<video autoplay muted src='{URL}'></video>"),
    ("video preload", "<video preload=auto src='{URL}'></video>"),
    ("video poster", "<video poster='{URL}'></video>"),
    ("video source", "<video><source src='{URL}' type=video/mp4></video>"),
    ("video track", "<video><track kind=captions default src='{URL}'></video>"),
    ("video fallback", "<video><img src='{URL}'></video>"),
    ("audio src", "<audio src='{URL}' autoplay></audio>"),
    ("audio source", "<audio controls><source src='{URL}'></audio>"),
    ("audio track", "<audio><track src='{URL}'></audio>"),
    ("bgsound", "<bgsound src='{URL}' loop=infinite>"),
    ("sound", "<sound src='{URL}'>"),
    ("embed src", "<embed src='{URL}'>"),
    ("embed hidden autostart", "<embed hidden=true autostart=true src='{URL}'>"),
    ("embed code", "<embed code='{URL}'>"),
    ("embed pluginspage", "<embed type=x/y pluginspage='{URL}'>"),
    ("embed pluginurl", "<embed type=x/y pluginurl='{URL}'>"),
    ("noembed", "<noembed><img src='{URL}'></noembed>"),
    ("model source", "<model><source src='{URL}'></model>"),
];

const OBJECTS: &Rows = &[
    ("object data", "<object data='{URL}'></object>"),
    ("object data, type", "<object type='text/html' data='{URL}' width=1 height=1></object>"),
    ("object data, svg", "<object type='image/svg+xml' data='{URL}'></object>"),
    ("object codebase", "<object classid='clsid:0' codebase='{URL}#version=1'></object>"),
    ("object archive", "<object archive='cid:a {URL}'></object>"),
    ("object classid", "<object classid='{URL}'></object>"),
    ("object fallback", "<object><img src='{URL}'></object>"),
    ("object param movie", "<object><param name=movie value='{URL}'></object>"),
    ("object param src", "<object><param name=src value='{URL}'></object>"),
    ("object param valuetype=ref", "<object><param name=x valuetype=ref value='{URL}'></object>"),
    ("applet code", "<applet code='{URL}'></applet>"),
    ("applet codebase", "<applet code=a.class codebase='{URL}'></applet>"),
    ("applet archive", "<applet archive='a.jar,{URL}'></applet>"),
    ("applet object", "<applet object='{URL}'></applet>"),
    ("applet param", "<applet><param name=url value='{URL}'></applet>"),
];

const FRAMES: &Rows = &[
    ("iframe src", "<iframe src='{URL}'></iframe>"),
    ("iframe src, sandbox", "<iframe sandbox='' credentialless src='{URL}'></iframe>"),
    ("iframe longdesc", "<iframe longdesc='{URL}'></iframe>"),
    ("iframe content", "<iframe><img src='{URL}'></iframe>"),
    ("iframe srcdoc", "<iframe srcdoc=\"<img src='{URL}'>\"></iframe>"),
    ("iframe srcdoc, entities", "<iframe srcdoc='&lt;img src=&quot;{URL}&quot;&gt;'></iframe>"),
    ("iframe srcdoc twice", "<iframe srcdoc='<iframe srcdoc=\"<img src={URL}>\">'></iframe>"),
    ("iframe srcdoc, style", "<iframe srcdoc='<style>@import &quot;{URL}&quot;</style>'></iframe>"),
    (
        "iframe srcdoc, refresh",
        "<iframe srcdoc='<meta http-equiv=refresh content=&quot;0;url={URL}&quot;>'></iframe>",
    ),
    ("iframe data:", "<iframe src=\"data:text/html,<img src='{URL}'>\"></iframe>"),
    ("iframe data:, percent", "<iframe src=\"data:text/html,%3Cimg%20src='{URL}'%3E\"></iframe>"),
    ("frame in a body", "<frame src='{URL}'>"),
    ("portal", "<portal src='{URL}'></portal>"),
    ("fencedframe", "<fencedframe src='{URL}'></fencedframe>"),
    ("webview", "<webview src='{URL}'></webview>"),
    ("layer", "<layer src='{URL}'></layer>"),
    ("ilayer", "<ilayer src='{URL}'></ilayer>"),
    ("noframes", "<noframes><img src='{URL}'></noframes>"),
];

const FRAMESETS: &Rows = &[
    ("frameset", "<html><frameset cols='*'><frame src='{URL}'></frameset></html>"),
    ("frameset longdesc", "<frameset><frame longdesc='{URL}'></frameset>"),
    ("frameset noframes", "<frameset><noframes><body background='{URL}'></noframes></frameset>"),
    ("frameset in a frameset", "<frameset><frameset><frame src={URL}></frameset></frameset>"),
];

/// Values of `rel` that some program follows, or once did.
const RELATIONS: &[&str] = &[
    "stylesheet",
    "alternate stylesheet",
    "STYLESHEET",
    "stylesheet/less",
    "icon",
    "shortcut icon",
    "mask-icon",
    "fluid-icon",
    "apple-touch-icon",
    "apple-touch-icon-precomposed",
    "apple-touch-startup-image",
    "image_src",
    "preload",
    "modulepreload",
    "prefetch",
    "prerender",
    "preconnect",
    "dns-prefetch",
    "subresource",
    "manifest",
    "pingback",
    "webmention",
    "alternate",
    "canonical",
    "next",
    "prev",
    "search",
    "import",
    "author",
    "license",
    "help",
    "me",
    "contents",
    "start",
    "index",
    "amphtml",
    "compression-dictionary",
    "expect",
    "monetization",
    "privacy-policy",
    "terms-of-service",
    "File-List",
    "Edit-Time-Data",
    "themeData",
    "colorSchemeMapping",
    "p3pv1",
    "EditURI",
    "wlwmanifest",
    "fontdef",
    "timesheet",
    "schema.DC",
];

const LINKS: &Rows = &[
    ("no rel", "<link href='{URL}'>"),
    ("in the body", "<link rel=stylesheet href='{URL}'>"),
    ("media=print", "<link rel=stylesheet media=print href='{URL}'>"),
    ("media nothing matches", "<link rel=stylesheet media='not all' href='{URL}'>"),
    ("disabled", "<link disabled rel=stylesheet href='{URL}'>"),
    ("rev", "<link rev=stylesheet href='{URL}'>"),
    ("itemprop", "<link itemprop=image href='{URL}'>"),
    ("type=text/css", "<link type=text/css href='{URL}'>"),
    (
        "preload as=image imagesrcset",
        "<link rel=preload as=image imagesrcset='{URL} 1x' imagesizes=50vw>",
    ),
    ("preload as=font", "<link rel=preload as=font crossorigin href='{URL}'>"),
    ("many relations", "<link rel='prefetch preconnect dns-prefetch stylesheet' href='{URL}'>"),
    ("data: sheet", "<link rel=stylesheet href='data:text/css,@import %22{URL}%22;'>"),
    ("link src", "<link rel=fontdef src='{URL}'>"),
    ("after </html>", "</body></html><link rel=stylesheet href='{URL}'>"),
];

const HEAD: &Rows = &[
    ("html manifest", "<html manifest='{URL}'><p>x"),
    ("head profile", "<html><head profile='{URL}'><p>x"),
    ("base href", "<base href='{URL}/'><p>x"),
    ("base href, relative picture", "<base href='{URL}/'><img src='p.png'>"),
    ("base href, picture before it", "<img src='p.png'><base href='{URL}/'>"),
    ("base href, no slashes", "<base href='//{TAIL}/'><img src='p.png'>"),
    ("base href, background", "<base href='{URL}/'><table background=p.png><tr><td>x</table>"),
    ("base href, style", "<base href='{URL}/'><p style='background:url(p.png)'>x"),
    ("base href, link", "<base href='{URL}/'><link rel=stylesheet href=a.css>"),
    ("base href, empty picture", "<base href='{URL}/'><img src='?'>"),
    ("base href in the body", "<body><p>x<base href='{URL}/'><img src='p.png'>"),
    ("base href twice", "<base target=_top><base href='{URL}/'><base href='cid:a'><img src=p>"),
    ("meta refresh", "<meta http-equiv=refresh content='0; url={URL}'><p>x"),
    ("meta refresh, quotes", "<meta http-equiv=REFRESH content='0;URL=\"{URL}\"'><p>x"),
    ("meta refresh, comma", "<meta http-equiv=refresh content='0,{URL}'><p>x"),
    ("meta refresh, spaces", "<meta http-equiv=' refresh ' content=' 0 ; url = {URL} '><p>x"),
    ("meta refresh, no url=", "<meta http-equiv=refresh content='0;{URL}'><p>x"),
    ("meta refresh, fraction", "<meta http-equiv=refresh content='.5;url={URL}'><p>x"),
    ("meta refresh, entities", "<meta http-equiv=&#114;efresh content='0;&#117;rl={URL}'><p>x"),
    ("meta refresh in the body", "<body><p>x<meta http-equiv=refresh content='0; url={URL}'>"),
    (
        "meta refresh in noscript",
        "<noscript><meta http-equiv=refresh content='0; url={URL}'></noscript>",
    ),
    (
        "meta refresh, data:",
        "<meta http-equiv=refresh content='0;url=data:text/html,<img src={URL}>'><p>x",
    ),
    (
        "meta policy report-uri",
        "<meta http-equiv=Content-Security-Policy content=\"img-src 'none'; report-uri {URL}\"><img src=x>",
    ),
    (
        "meta policy, report only",
        "<meta http-equiv=Content-Security-Policy-Report-Only content='default-src cid:; report-uri {URL}'>",
    ),
    (
        "meta Report-To",
        "<meta http-equiv=Report-To content='{\"endpoints\":[{\"url\":\"{URL}\"}]}'>",
    ),
    ("meta Reporting-Endpoints", "<meta http-equiv=Reporting-Endpoints content='a=\"{URL}\"'>"),
    ("meta NEL", "<meta http-equiv=NEL content='{\"report_to\":\"{URL}\"}'>"),
    ("meta Link preload", "<meta http-equiv=Link content='<{URL}>; rel=preload; as=image'>"),
    ("meta Link stylesheet", "<meta http-equiv=Link content='<{URL}>; rel=stylesheet'>"),
    ("meta Content-Location", "<meta http-equiv=Content-Location content='{URL}'><img src=p.png>"),
    ("meta Content-Base", "<meta http-equiv=Content-Base content='{URL}/'><img src=p.png>"),
    ("meta Location", "<meta http-equiv=Location content='{URL}'>"),
    ("doctype", "<!DOCTYPE html SYSTEM '{URL}'><p>x"),
    ("doctype PUBLIC", "<!DOCTYPE html PUBLIC '-//X//Y' '{URL}'><p>x"),
    ("xml-stylesheet", "<?xml-stylesheet type='text/css' href='{URL}'?><p>x"),
    ("import of a behaviour", "<?import namespace=t implementation='{URL}'><p>x"),
    ("object tag in the head", "<head><object data='{URL}'></object></head><p>x"),
    ("base href, link in the text", "<a href='p'>x</a><base href='{URL}/'>"),
];

const SCRIPTS: &Rows = &[
    ("script src", "<script src='{URL}'></script>"),
    ("script src, async", "<script async defer src={URL}></script>"),
    ("script src, module", "<script type=module src='{URL}'></script>"),
    ("script src, unknown type", "<script type=text/vbscript src='{URL}'></script>"),
    ("script href in svg", "<svg><script href='{URL}'></script></svg>"),
    ("script xlink:href in svg", "<svg><script xlink:href='{URL}'/></svg>"),
    (
        "speculation rules",
        "<script type=speculationrules>{\"prefetch\":[{\"urls\":[\"{URL}\"]}]}</script>",
    ),
    ("import map", "<script type=importmap>{\"imports\":{\"a\":\"{URL}\"}}</script>"),
    ("script for an event", "<script for=window event=onload src='{URL}'></script>"),
];

const DEAD_SCRIPTS: &[[&str; 3]] = &[
    ["inline script", "<script>new Image().src='{URL}'</script>", "no script runs"],
    ["script after a comment", "<script><!--\nfetch('{URL}')\n--></script>", "no script runs"],
    ["onload", "<body onload=\"fetch('{URL}')\">", "no script runs"],
    ["onerror", "<img src='' onerror=\"this.src='{URL}'\">", "no script runs"],
    ["onmouseover", "<p onmouseover=\"location='{URL}'\">x</p>", "no script runs"],
    ["autofocus", "<input autofocus onfocus=\"fetch('{URL}')\">", "no script runs"],
    ["custom element", "<x-a is=b data-src='{URL}'></x-a>", "no script runs"],
    ["lazy loading by script", "<img data-src='{URL}' data-original='{URL}'>", "no script runs"],
];

const FORMS: &Rows = &[
    ("form action", "<form action='{URL}'><input name=a></form>"),
    ("form action, post", "<form method=post action='{URL}'><input type=submit></form>"),
    ("form data", "<form data='{URL}'></form>"),
    ("button formaction", "<form><button formaction='{URL}'>x</button></form>"),
    ("input formaction", "<form><input type=submit formaction='{URL}'></form>"),
    ("isindex action", "<isindex action='{URL}'>"),
    ("input src", "<input src='{URL}'>"),
    ("a ping", "<a href='#a' ping='{URL}'>x</a>"),
    ("a ping, second", "<a href='#a' ping='/x {URL}'>x</a>"),
    ("area ping", "<map name=m><area href='#a' ping='{URL}'></map>"),
    ("a attributionsrc", "<a href='#a' attributionsrc='{URL}'>x</a>"),
    ("a urn", "<a urn='{URL}'>x</a>"),
];

const CLICKED: &Rows = &[
    ("a href", "<a href='{URL}'>x</a>"),
    ("a download", "<a download href='{URL}'>x</a>"),
    ("a target", "<a target=_self href='{URL}'>x</a>"),
    ("a hreflang, type", "<a type=text/html hreflang=ko href='{URL}'>x</a>"),
    ("a rel=prefetch", "<a rel=prefetch href='{URL}'>x</a>"),
    ("a with a picture", "<a href='{URL}'><img src=cid:a alt=x></a>"),
    ("a that looks like another", "<a href='{URL}'>https://bank.example/</a>"),
    ("area href", "<img usemap='#m' src=cid:a><map name=m><area href='{URL}'></map>"),
    ("a in svg", "<svg><a href='{URL}'><text>x</text></a></svg>"),
    ("a xlink:href in svg", "<svg><a xlink:href='{URL}'><text>x</text></a></svg>"),
];

const CITATIONS: &[[&str; 3]] = &[
    ["blockquote cite", "<blockquote cite='{URL}'>x</blockquote>", "nothing fetches a citation"],
    ["q cite", "<q cite='{URL}'>x</q>", "nothing fetches a citation"],
    ["ins cite", "<ins cite='{URL}'>x</ins>", "nothing fetches a citation"],
    ["del cite", "<del cite='{URL}'>x</del>", "nothing fetches a citation"],
    ["itemid", "<p itemscope itemid='{URL}' itemtype='{URL}'>x</p>", "a name, no address"],
    ["about", "<p about='{URL}' resource='{URL}'>x</p>", "a name, no address"],
    ["alt", "<img alt='{URL}' title='{URL}'>", "a text for people"],
    ["xmlns", "<html xmlns:x='{URL}'><p>x", "a name, no address"],
    ["textarea", "<textarea><img src='{URL}'></textarea>", "text, no markup"],
    ["title", "<title><img src='{URL}'></title>", "text, no markup"],
    ["plain text", "<p>{URL}</p>", "a text for people"],
    [
        "action of an ld+json",
        "<script type=application/ld+json>{\"@type\":\"ViewAction\",\"url\":\"{URL}\"}</script>",
        "no program fetches it unasked",
    ],
    [
        "meta msapplication-TileImage",
        "<meta name=msapplication-TileImage content='{URL}'>",
        "for a page on a desktop",
    ],
    [
        "meta msapplication-config",
        "<meta name=msapplication-config content='{URL}'>",
        "for a page on a desktop",
    ],
    [
        "meta msapplication-notification",
        "<meta name=msapplication-notification content='frequency=30;polling-uri={URL}'>",
        "for a page on a desktop",
    ],
    ["meta og:image", "<meta property=og:image content='{URL}'>", "for previews of a page"],
    ["meta twitter:image", "<meta name=twitter:image content='{URL}'>", "for previews of a page"],
    ["meta itemprop image", "<meta itemprop=image content='{URL}'>", "for previews of a page"],
];
