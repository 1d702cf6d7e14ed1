//! Our own style, first in every document: without any weight, so that the letter's
//! own wins, but for the placeholders of pictures.

use super::colour::{Colour, Role};
use super::template::Colours;

/// What letters look like where they do not say. Fonts: one family for everything
/// that does not name one, so that Hangul and Latin fit.
const PLAIN: &str = "\
:where(body){margin:8px;font-family:'Pretendard',sans-serif;font-size:16px}
:where(.goyo-body){margin:8px;display:flow-root}
:where(pre,code,tt,kbd,samp){font-family:monospace;font-size:13px}
:where(pre :is(code,tt,kbd,samp),:is(h1,h2,h3,h4,small,big,font) :is(code,tt,kbd,samp)){font-size:1em}
:where(.goyo-text){font-size:15px;line-height:25px;white-space:pre-wrap;overflow-wrap:anywhere;margin:8px}
:where(.goyo-text blockquote){margin:0;padding:0 0 0 12px}
:where(.goyo-input,.goyo-button){display:inline-block;box-sizing:border-box;min-height:22px;min-width:22px;max-width:100%;vertical-align:middle;padding:2px 6px;font-size:13.333px;line-height:16px;font-weight:400;font-style:normal;text-align:start;text-transform:none;letter-spacing:0}
:where(.goyo-button){text-align:center}
:where(.goyo-input){overflow:hidden}
:where(.goyo-check){display:inline-block;box-sizing:border-box;width:13px;height:13px;margin:3px 3px 0 4px}
:where(.goyo-round){border-radius:50%}
:where(goyo-p){display:block}
:where(.goyo-flat img,.goyo-flat goyo-img){vertical-align:bottom}
:where(a,b,big,code,em,font,i,s,small,span,strong,sub,sup,tt,u):where(:not([style*=url]))>:where(a,abbr,b,big,cite,code,em,font,i,ins,kbd,s,small,span,strike,strong,sub,sup,tt,u){background-color:inherit}
.goyo-fold{display:block!important;margin:8px 0!important;line-height:20px!important}
.goyo-fold a{display:inline-block!important;padding:1px 10px!important;border:1px solid transparent;border-radius:11px;font-family:'Pretendard',sans-serif;font-size:13px!important;font-weight:400;font-style:normal;line-height:20px!important;text-decoration:none!important;white-space:nowrap}
goyo-img{display:inline-block;overflow:hidden;box-sizing:border-box;font-size:12px;text-align:center}
:where(goyo-img){line-height:16px}
goyo-img.goyo-box{border-width:1px!important;border-style:dashed!important;box-sizing:border-box!important;overflow:hidden!important;padding:0!important}
goyo-img.goyo-space{border-color:transparent!important;background:none!important;visibility:hidden}
:where(.goyo-map){position:relative;display:inline-block}
:where(.goyo-clear){display:block}
:where(.goyo-alt){line-height:normal}
";

/// What old browsers do to tables, and letters without a document type expect.
const QUIRKS: &str = ":where(table){font-size:medium;font-weight:400;font-style:normal;\
font-variant:normal;text-align:start;white-space:normal;line-height:normal}\n";

const WHITE: Colour = Colour::new(255, 255, 255);
const BLACK: Colour = Colour::new(0, 0, 0);
const GREY: Colour = Colour::new(0x63, 0x69, 0x6f);
const EDGE: Colour = Colour::new(0xc9, 0xc5, 0xba);
const BOX: Colour = Colour::new(0xf6, 0xf5, 0xf1);
const LINK: Colour = Colour::new(0x0b, 0x57, 0xd0);

/// Colours of quotes by their depth.
const QUOTES: [Colour; 3] =
    [Colour::new(0x1c, 0x76, 0x6e), Colour::new(0x6b, 0x4f, 0xa0), Colour::new(0x8a, 0x5a, 0x0c)];

/// Writes the sheet.
pub(super) fn sheet(quirks: bool, colours: &mut Colours, out: &mut String) {
    out.push_str(PLAIN);
    if quirks {
        out.push_str(QUIRKS);
    }
    let mut rule = |selector: &str, property: &str, colour: Colour, role: Role, end: &str| {
        out.push_str(selector);
        out.push('{');
        out.push_str(property);
        out.push(':');
        colours.write(colour, role, out);
        out.push_str(end);
        out.push_str("}\n");
    };
    rule(":where(body)", "background-color", WHITE, Role::Paper, "");
    rule(":where(body)", "color", BLACK, Role::Ink, "");
    rule(":where(a[href])", "color", LINK, Role::Ink, "");
    rule("goyo-img.goyo-box", "border-color", EDGE, Role::Line, "!important");
    // Of its own, so that the text can be read whatever stands behind it.
    rule("goyo-img.goyo-box", "background-color", BOX, Role::Paper, "");
    rule("goyo-img", "color", GREY, Role::Ink, "");
    rule(".goyo-fold a", "color", GREY, Role::Ink, "!important");
    rule(".goyo-fold a", "background-color", BOX, Role::Paper, "!important");
    rule(".goyo-fold a", "border-color", EDGE, Role::Line, "!important");
    rule(":where(.goyo-signature)", "color", GREY, Role::Ink, "");
    rule(
        ":where(.goyo-input,.goyo-check)",
        "border:1px solid transparent;border-color",
        GREY,
        Role::Line,
        "",
    );
    rule(":where(.goyo-button)", "border:1px solid transparent;border-color", GREY, Role::Line, "");
    rule(
        ":where(.goyo-button)",
        "background-color",
        Colour::new(0xef, 0xef, 0xef),
        Role::Paper,
        "",
    );
    rule(":where(.goyo-input,.goyo-button)", "color", BLACK, Role::Ink, "");
    rule(":where(.goyo-input,.goyo-check)", "background-color", WHITE, Role::Paper, "");
    rule(":where(.goyo-on)", "background-color", LINK, Role::Line, "");
    for (level, colour) in QUOTES.into_iter().enumerate() {
        let selector = format!(":where(.goyo-quote-{level})");
        rule(
            &selector,
            "border-left:2px solid transparent;border-left-color",
            colour,
            Role::Line,
            "",
        );
        rule(&selector, "color", GREY, Role::Ink, "");
    }
}

/// How many colours quotes have.
pub(super) const QUOTE_COLOURS: usize = QUOTES.len();
