//! Things in things in things.

use crate::{Hostile, many, may, must};

const DEEP: usize = 100_000;

fn nested(open: &str, close: &str) -> String {
    format!("{}deep{}", open.repeat(DEEP), close.repeat(DEEP))
}

pub fn all() -> Vec<Hostile> {
    vec![
        must("nested div", nested("<div>", "</div>")),
        must("nested div, never closed", "<div>".repeat(DEEP) + "deep"),
        must("nested div with styles", nested("<div style='padding:1px;float:left'>", "</div>")),
        may("nested table", nested("<table><tr><td>", "</td></tr></table>")),
        may("nested table, never closed", "<table>".repeat(DEEP) + "deep"),
        must("nested span", nested("<span>", "</span>")),
        must("nested b, i, u, font", nested("<b><i><u><font color=red>", "</font></u></i></b>")),
        may("formatting never closed", "<p><b><i><u><s><font size=7>x".repeat(5000)),
        may("formatting closed crosswise", "<b><i><p></b>x</i></p>".repeat(10_000)),
        may("nested a", "<a href='https://example.org/'>x".repeat(20_000)),
        must("nested list", nested("<ul><li>", "</li></ul>")),
        must("nested quote", nested("<blockquote>", "</blockquote>")),
        must("nested flex", nested("<div style='display:flex'>", "</div>")),
        may(
            "nested flex, 200",
            format!(
                "{}x{}",
                "<div style='display:flex;flex-wrap:wrap;width:90%'>".repeat(200),
                "</div>".repeat(200)
            ),
        ),
        must("nested grid", nested("<div style='display:grid'>", "</div>")),
        may(
            "nested grid, 200",
            format!(
                "{}x{}",
                "<div style='display:grid;grid-template-columns:auto 1fr'><i>a</i>".repeat(200),
                "</div>".repeat(200)
            ),
        ),
        may(
            "nested table, 200",
            format!(
                "{}x{}",
                "<table border=1 width='90%'><tr><td>a<td>".repeat(200),
                "</table>".repeat(200)
            ),
        ),
        may(
            "nested inline-block, 200",
            format!(
                "{}x{}",
                "<span style='display:inline-block;width:min-content'>a ".repeat(200),
                "</span>".repeat(200)
            ),
        ),
        must("nested svg", nested("<svg><g>", "</g></svg>")),
        must("nested mathml", nested("<math><mrow>", "</mrow></math>")),
        must(
            "nested foreignObject",
            nested("<svg><foreignObject><div>", "</div></foreignObject></svg>"),
        ),
        must("nested template", nested("<template>", "</template>")),
        must("nested select, option", nested("<select><option>", "</option></select>")),
        must("nested object", nested("<object>", "</object>")),
        must("nested ruby", nested("<ruby><rt>", "</rt></ruby>")),
        must("nested details", nested("<details open><summary>x</summary>", "</details>")),
        must("nested unknown element", nested("<goyo-x>", "</goyo-x>")),
        must("nested comment", nested("<!--", "-->")),
        must("nested conditional comment", nested("<!--[if mso]>", "<![endif]-->")),
        must(
            "tables in inline in lists",
            nested("<li><b><table><tr><td><i>", "</i></td></table></b></li>"),
        ),
        must("nested p in button", nested("<button><p>", "</p></button>")),
        must("nested fieldset", nested("<form><fieldset><legend>", "</legend></fieldset></form>")),
        may(
            "every element in every other",
            many(
                "",
                2000,
                |index| {
                    const NAMES: [&str; 16] = [
                        "table", "td", "p", "b", "svg", "select", "li", "form", "frameset", "math",
                        "tr", "textarea", "a", "style", "caption", "dd",
                    ];
                    format!("<{}>x</{}>", NAMES[index % 16], NAMES[(index * 7 + 3) % 16])
                },
                "",
            ),
        ),
    ]
}
