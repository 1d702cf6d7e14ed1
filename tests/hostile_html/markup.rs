//! Markup that is broken, or means something else to each reader of it.

use crate::{Hostile, may, must};

pub fn all() -> Vec<Hostile> {
    vec![
        must("nothing", ""),
        must("only NUL", "\0".repeat(100_000)),
        must("NUL everywhere", "<\0p st\0yle='col\0or:r\0ed'>a\0b<im\0g src='\0x'>"),
        must("UTF-7", "+ADw-script+AD4-alert(1)+ADw-/script+AD4-".repeat(1000)),
        must("a meta that says UTF-16", "<meta charset=utf-16><meta http-equiv=content-type content='text/html;charset=utf-7'>x"),
        must("XML declaration and doctype", "<?xml version='1.0'?><!DOCTYPE html [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><html xmlns='http://www.w3.org/1999/xhtml'><p>&b;</p>"),
        must("ten thousand doctypes", "<!DOCTYPE html>".repeat(10_000) + "x"),
        must("html in textarea, title, noscript", "<textarea><style>*{display:none}</textarea><title><p>x</title><noscript><p>x</noscript><p>y"),
        must("plaintext", "<p>x<plaintext><script></plaintext>".repeat(100)),
        must("xmp, listing, noembed, noframes", "<xmp><b>x</xmp><listing><b></listing><noembed><b></noembed><noframes><b></noframes>y"),
        must("frameset", "<frameset cols='*,*,*'><frame src='https://example.org/'><frame src=//example.org></frameset>"),
        must("frameset after text", "x<frameset rows=100%><frame src=a></frameset><body>y"),
        must("10,000 iframes", "<iframe src='https://example.org/' srcdoc='<iframe srcdoc=x>'>x</iframe>".repeat(10_000)),
        must("iframe never closed", "<iframe><p>x".repeat(1000)),
        must("script never closed", "<script>while(1){}</script><script>".to_owned() + &"x".repeat(100_000)),
        must("style never closed", "<p>x<style>".to_owned() + &"p{color:red}".repeat(10_000)),
        must("title in svg, style in math", "<svg><title><style><img src=x></style></title></svg><math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x&gt;'>"),
        must("mutation", "<form><math><mtext></form><form><mglyph><style></math><img src=x>"),
        must("foster parents", "<table>text<b>".repeat(2000) + "<tr><td>x"),
        must("template in table", "<table><template><tr><td>".repeat(1000) + "x"),
        must("base, meta refresh", "<base href='https://example.org/'><meta http-equiv=refresh content='0;url=https://example.org/'><base href=x><a href=y>z</a><img src=w>"),
        must("a picture whose address cannot be one", "<img src='http://[::1'><img src='http://a:b:c/'><img src='//'><img src='data:'><img src=':'><body background='http://[/'><a href='http://['>x</a>"),
        must("svg with files and addresses", "<svg width=100 height=100><image href='file:///etc/passwd' width=100 height=100 /><image xlink:href='https://example.org/x.png'/><use href='file:///etc/hostname#a'/><filter id=f><feImage href='/etc/passwd'/></filter><rect filter='url(#f)' fill='url(https://example.org/#g)'/></svg>x"),
        may("svg that uses itself", {
            let mut svg = String::from("<svg><g id=a0><rect width=9 height=9 /></g>");
            for i in 0..30 {
                svg += &format!("<g id=a{}><use href='#a{i}'/><use href='#a{i}'/></g>", i + 1);
            }
            svg + "</svg>x"
        }),
        must("head after body", "<body>x</body></html><head><style>p{color:red}</style></head><p>y".repeat(1000)),
        must("100,000 <", "<".repeat(100_000)),
        must("100,000 &", "&".repeat(100_000)),
        may("a million <", "<".repeat(1_000_000)),
        must("a million </", "</".repeat(1_000_000)),
        may("a million &", "&".repeat(1_000_000)),
        must("a tag never closed", "<p class='".to_owned() + &"x>".repeat(1_000_000)),
        must("a quote never closed", "<a href=\"".to_owned() + &"<p>x</p>".repeat(100_000)),
        must("end tags alone", "</p></br></div></table></body></html>".repeat(15_000)),
        must("CDATA, processing instructions", "<![CDATA[<?php ?><%x%>]]><svg><![CDATA[x]]></svg>".repeat(10_000)),
        must("surrogates and noncharacters", "&#xD800;&#xDFFF;&#x110000;&#xFFFE;&#0;&#128;&#99999999999999999999;x"),
        must("forms that act", "<form action='https://example.org/'><input type=image src='https://example.org/a.png'><button formaction=x>y</button><input autofocus onfocus=x></form>"),
        must("handlers on everything", "<p onload=x onerror=y onmouseover=z style='behavior:url(x);-moz-binding:url(y)'>x".repeat(5000)),
        must("vml and office", "<!--[if vml]><v:rect xmlns:v='urn:schemas-microsoft-com:vml'><v:fill src='https://example.org/a.png'/></v:rect><![endif]--><o:p>x</o:p>".repeat(2000)),
        may("selects and datalists", "<select multiple size=1000000000><optgroup label=x><option>".repeat(3000)),
        may("progress, meter, ranges", "<progress value=1e999 max=1e999></progress><meter value=-1 min=9 max=0></meter><input type=range min=0 max=1e300 step=1e-300>".repeat(3000)),
        must("accesskeys, popovers, dialogs", "<dialog open><div popover>x</div></dialog><p contenteditable tabindex=99999 accesskey=x>y".repeat(3000)),
    ]
}
