//! Widths of tables and cells beside those of a browser: Chromium 156, with the
//! same font, in a column of 800 pixels. In the order of the elements. Words are set
//! a little wider here and there, so widths may differ by some hundredths.

use super::tests::page_of_width;
use blitz_dom::local_name;

const WIDTHS: &[(&str, &[f64])] = &[
    (
        "<table style='width:100%'><tr><td style='width:20%'>a</td><td style='width:50%'>b</td><td style='width:30%'>c</td></tr></table>",
        &[784.0, 155.2, 388.0, 232.8],
    ),
    (
        "<table style='width:100%'><tr><td style='width:33%'>a</td><td style='width:33%'>b</td><td style='width:33%'>c</td></tr></table>",
        &[784.0, 258.7, 258.7, 258.7],
    ),
    (
        "<table style='width:600px'><tr><td style='width:100px'>a</td><td>b</td><td style='width:150px'>c</td></tr></table>",
        &[600.0, 102.0, 338.0, 152.0],
    ),
    (
        "<table style='width:600px'><tr><td style='width:100px'>a</td><td style='width:200px'>b</td></tr></table>",
        &[600.0, 199.3, 394.7],
    ),
    (
        "<table style='width:500px'><tr><td>short</td><td>a cell with much more text than the others have, so it gets more of the room that there is</td><td>middle length here</td></tr></table>",
        &[500.0, 40.0, 358.3, 93.7],
    ),
    (
        "<table style='width:500px'><tr><td>short</td><td>middle length here</td></tr></table>",
        &[500.0, 114.2, 379.8],
    ),
    ("<table><tr><td>short</td><td>middle length here</td></tr></table>", &[179.0, 40.0, 133.0]),
    (
        "<table><tr><td>short</td><td>a cell with much more text than the others have, so much that it does not fit on the one line that the page has to offer it, and then still some more of it, as letters do</td></tr></table>",
        &[784.0, 40.0, 738.0],
    ),
    (
        "<table style='width:600px'><tr><td style='width:1px'>narrowest word</td><td style='width:100%'>everything else</td></tr></table>",
        &[600.0, 75.0, 519.0],
    ),
    (
        "<table style='width:300px'><tr><td style='white-space:nowrap'>this line must not be broken although the table says 300</td></tr></table>",
        &[404.0, 400.0],
    ),
    (
        "<table style='width:600px'><tr><td colspan=4>top</td></tr><tr><td style='width:20px'>a</td><td style='width:270px'>b</td><td style='width:290px'>c</td><td style='width:20px'>d</td></tr></table>",
        &[600.0, 596.0, 21.6, 263.7, 283.0, 21.7],
    ),
    (
        "<table style='width:600px'><tr><td colspan=2>top</td><td>x</td></tr><tr><td>a</td><td style='width:50%'>b</td><td>c</td></tr></table>",
        &[600.0, 456.3, 137.7, 158.3, 296.0, 137.7],
    ),
    (
        "<table><tr><td style='width:50%'>a</td><td>a longer one</td></tr></table>",
        &[188.0, 91.0, 91.0],
    ),
    ("<table><tr><td style='width:100%'>a</td><td>b</td></tr></table>", &[784.0, 767.0, 11.0]),
    (
        "<table style='width:640px'><tr><td style='width:25%'>a</td><td style='width:160px'>b</td><td>c</td></tr></table>",
        &[640.0, 158.0, 162.0, 312.0],
    ),
    (
        "<table style='width:100%'><tr><td style='width:200px'>a</td><td style='width:300px'>b</td></tr></table>",
        &[784.0, 311.8, 466.2],
    ),
    (
        "<table style='width:100%'><tr><td><table style='width:100%'><tr><td style='width:50%'>a</td><td>b</td></tr></table></td><td style='width:200px'>c</td></tr></table>",
        &[784.0, 576.0, 574.0, 284.0, 284.0, 202.0],
    ),
    (
        "<style>td{padding:5px;border:1px inset}</style><table  style='border-spacing:10px;border:1px outset'><tr><td style='width:100px'>a</td><td style='width:200px'>b</td></tr></table>",
        &[356.0, 112.0, 212.0],
    ),
    (
        "<table style='width:400px'><tr><td style='width:60%'>a</td><td style='width:60%'>b</td></tr></table>",
        &[400.0, 236.4, 157.6],
    ),
    (
        "<table style='width:400px'><tr><td rowspan=2 style='width:100px'>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
        &[400.0, 102.0, 292.0, 292.0],
    ),
    (
        "<table style='width:200px'><tr><td style='width:150px'>a</td><td style='width:150px'>b</td></tr></table>",
        &[200.0, 97.0, 97.0],
    ),
    (
        "<table style='width:90%'><tr><td colspan=2 style='width:40%'>a</td><td>b</td></tr><tr><td>x</td><td>y</td><td>z</td></tr></table>",
        &[705.6, 281.0, 418.6, 139.5, 139.5, 418.6],
    ),
    (
        "<table style='width:300px'><tr><td>averyveryveryverylongwordhere andanotherveryveryverylongword</td><td style='width:200px'>b</td></tr></table>",
        &[300.0, 244.0, 50.0],
    ),
    ("<table style='width:600px'><tr><td></td><td></td></tr></table>", &[600.0, 297.0, 297.0]),
    (
        "<table><tr><td><table style='width:300px'><tr><td>a</td></tr></table></td><td>b</td></tr></table>",
        &[319.0, 302.0, 300.0, 296.0, 11.0],
    ),
    ("<center><table><tr><td style='width:120px'>a</td></tr></table></center>", &[126.0, 122.0]),
    (
        "<table style='width:500px;table-layout:fixed'><tr><td style='width:100px'>a</td><td>b</td><td>c</td></tr></table>",
        &[500.0, 102.0, 195.0, 195.0],
    ),
    (
        "<table style='width:400px'><tr><th>heading one</th><td>some words in the cell that wrap to more than a single line</td></tr><tr><td>x</td><td>y</td></tr></table>",
        &[400.0, 86.8, 307.2, 86.8, 307.2],
    ),
    (
        "<table style='width:100%;max-width:480px'><tr><td>a</td><td>b</td></tr></table>",
        &[480.0, 237.0, 237.0],
    ),
    (
        "<style>td{padding:6px;border:1px inset}</style><table  style='width:600px;border:1px outset;border-collapse:collapse'><tr><td style='width:200px'>a</td><td>b</td></tr></table>",
        &[600.0, 213.0, 386.0],
    ),
    (
        "<table style='width:500px'><tr><td>ein sehr langer Text, der umgebrochen werden muss, weil die Tabelle schmal ist</td><td>ein zweiter Text, der auch umgebrochen wird, aber etwas kuerzer</td></tr></table>",
        &[500.0, 264.1, 229.9],
    ),
];

#[test]
fn columns_are_as_wide_as_in_a_browser() {
    let mut wrong = String::new();
    for (html, expected) in WIDTHS {
        let page = page_of_width(html, 800.0);
        let found: Vec<f64> = page
            .document
            .tree()
            .iter()
            .filter(|(_, node)| {
                node.element_data().is_some_and(|element| {
                    [local_name!("table"), local_name!("td"), local_name!("th")]
                        .contains(&element.name.local)
                })
            })
            .map(|(_, node)| f64::from(node.final_layout().size.width))
            .collect();
        let near = found.len() == expected.len()
            && found
                .iter()
                .zip(*expected)
                .all(|(ours, theirs)| (ours - theirs).abs() <= 2.5 + theirs * 0.04);
        if !near {
            wrong.push_str(&format!("{html}\n  is {found:?}\n  not {expected:?}\n"));
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

fn height_of(html: &str, name: &blitz_dom::LocalName) -> f32 {
    let page = page_of_width(html, 400.0);
    let mut nodes = page.document.tree().iter();
    let found = nodes.find(|(_, n)| n.element_data().is_some_and(|e| e.name.local == *name));
    found.unwrap().1.final_layout().size.height
}

#[test]
fn the_height_of_a_table_is_the_least_it_has() {
    let low = "<table style='height:1px'><tr><td>a<br>b<br>c</td></tr></table>";
    assert!(height_of(low, &local_name!("table")) > 50.0);
    let high = "<table style='height:120px;border-spacing:0'><tr><td>a</td></tr></table>";
    assert_eq!(height_of(high, &local_name!("table")), 120.0);
    assert!(height_of(high, &local_name!("td")) > 118.0);
}
