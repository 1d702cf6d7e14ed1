//! What can be seen, as far as that is known without a layout.

use goyo::html;
use goyo::model::Visible::{self, No, Unknown, Yes};

#[rustfmt::skip]
const TABLE: &[(Visible, &str)] = &[
    // By declared size.
    (No, "<img src=U width=1 height=1>"),
    (No, "<img src=U width='1px' height='1px'>"),
    (No, "<img src=U width=0 height=0>"),
    (No, "<img src=U width=100 height=0>"),
    (No, "<img src=U width=1>"),
    (No, "<img src=U height=1>"),
    (No, "<img src=U style='width:1px;height:1px'>"),
    (No, "<img src=U style='WIDTH: 1PX; HEIGHT: 1PX !important'>"),
    (No, "<img src=U style='width:0'>"),
    (No, "<img src=U style='width:.5px;height:2px'>"),
    (No, "<img src=U style='max-width:1px;max-height:1px'>"),
    (No, "<img src=U width=600 height=200 style='width:1px;height:1px'>"),
    (No, "<img src=U style='wid\\74h:1px;/**/height:1px'>"),
    (Yes, "<img src=U width=600 height=200>"),
    (Yes, "<img src=U width=600>"),
    (Yes, "<img src=U style='width:20px;height:2em'>"),
    (Yes, "<img src=U style='max-width:100%' width=300>"),
    (Unknown, "<img src=U>"),
    (Unknown, "<img src=U width='100%'>"),
    (Unknown, "<img src=U width='100%' height=1>"),
    (Unknown, "<img src=U width=1 height=20>"),
    (Unknown, "<img src=U style='width:50vw'>"),
    (Unknown, "<img src=U style='max-width:600px'>"),
    (Unknown, "<img src=U width=abc>"),
    // Hidden itself.
    (No, "<img src=U style='display:none'>"),
    (No, "<img src=U style='display : none !important' width=600 height=200>"),
    (No, "<img src=U style='visibility:hidden'>"),
    (No, "<img src=U style='visibility:collapse'>"),
    (No, "<img src=U style='opacity:0'>"),
    (No, "<img src=U style='opacity:0.00'>"),
    (No, "<img src=U style='opacity:0%'>"),
    (No, "<img src=U style='filter:alpha(opacity=0)'>"),
    (No, "<img src=U style='filter:opacity(0)'>"),
    (No, "<img src=U hidden>"),
    (No, "<img src=U hidden=until-found>"),
    (No, "<input type=hidden src=U>"),
    (No, "<img src=U style='position:absolute;left:-9999px'>"),
    (No, "<img src=U style='position:absolute;top:-1000px' width=10 height=10>"),
    (No, "<img src=U style='margin-left:-9999px'>"),
    (No, "<img src=U style='transform:scale(0)'>"),
    (No, "<img src=U style='transform: translateX(-9999px)'>"),
    (No, "<img src=U style='position:absolute;clip:rect(0,0,0,0)'>"),
    (No, "<img src=U style='clip-path:inset(100%)'>"),
    (Unknown, "<img src=U style='opacity:0.5'>"),
    (Unknown, "<img src=U style='display:block'>"),
    (Unknown, "<img src=U style='display:none;display:block'>"),
    (Unknown, "<img src=U style='left:-9999px'>"),
    (Unknown, "<img src=U style='position:absolute;left:-10px'>"),
    (Unknown, "<img src=U style='margin:-10px'>"),
    (Unknown, "<img src=U style='font-size:0'>"),
    (Unknown, "<img src=U aria-hidden=true>"),
    // Hidden by what is around it.
    (No, "<div style='display:none'><img src=U></div>"),
    (No, "<div style='display:none'><p><span><img src=U width=600 height=200></span></p></div>"),
    (No, "<table style='display:none'><tr><td><img src=U></table>"),
    (No, "<div hidden><img src=U></div>"),
    (No, "<div style='visibility:hidden'><img src=U></div>"),
    (No, "<div style='opacity:0'><img src=U></div>"),
    (No, "<div style='max-height:0;overflow:hidden'><img src=U></div>"),
    (No, "<div style='height:0px;overflow:hidden'><img src=U></div>"),
    (No, "<div style='width:1px;height:1px;overflow:hidden'><img src=U></div>"),
    (No, "<div style='position:absolute;left:-5000px'><img src=U></div>"),
    (No, "<div style='text-indent:-9999px'><img src=U></div>"),
    (No, "<template><img src=U></template>"),
    (No, "<dialog><img src=U></dialog>"),
    (No, "<div style='display:none'><table><img src=U></table></div>"),
    (No, "<div style='display:none'><!--[if mso]><img src=U><![endif]--></div>"),
    (Unknown, "<dialog open><img src=U></dialog>"),
    (Unknown, "<div style='display:none'>preview</div><img src=U>"),
    (Unknown, "<div hidden>x</div><p><img src=U></p>"),
    (Unknown, "<div style='max-height:0'><img src=U></div>"),
    (Unknown, "<div style='font-size:0;line-height:0'><img src=U></div>"),
    (Yes, "<div style='font-size:0'><img src=U width=10 height=10></div>"),
    (Unknown, "<div style='visibility:hidden'><p style='visibility:visible'><img src=U></p></div>"),
    (Unknown, "<p style='display:none'>x<p><img src=U>"),
    (No, "<b style='display:none'><p>x</b><b hidden><img src=U>"),
    // After the end.
    (No, "<html><body></body></html><img src=U>"),
    (No, "<html><body></body></html>\n\n<img src=U width=600 height=200>"),
    (No, "<html><body></body></HTML ><p><img src=U></p>"),
    (Unknown, "<html><body><img src=U></body></html>"),
    (Unknown, "<html><body>old</html><p>new<img src=U></body></html>"),
    (Unknown, "<html><body><!-- </html> --><img src=U></body>"),
    (Unknown, "<title></html></title><img src=U>"),
    // Backgrounds.
    (Unknown, "<td background=U>"),
    (No, "<div style='display:none;background:url(U)'>"),
    (No, "<div style='width:1px;height:1px;background:url(U)'>"),
    (Unknown, "<div style='width:100px;height:10px;background:url(U)'>"),
    (Unknown, "<style>p{background:url(U)}</style>"),
];

#[test]
fn sight() {
    let mut wrong = Vec::new();
    for (visible, html) in TABLE {
        let html = html.replace('U', "https://leak.example/x");
        let all = html::references(&html, 0);
        match all.as_slice() {
            [one] if one.visible == *visible => {}
            other => wrong.push(format!("{visible:?}  {html}\n   {other:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn after_the_end_is_said() {
    let all = html::references("<img src=//a.example></html><img src=//b.example>", 0);
    assert!(!all[0].after_html && all[1].after_html);
}
