//! For the eye and the clock: nothing of it runs by itself.

use super::*;

/// Pictures of pages, to be looked at: `GOYO_PAGES=dir cargo test -- --ignored`.
#[test]
#[ignore = "writes pictures for the eye"]
fn pages_to_look_at() {
    let Ok(dir) = std::env::var("GOYO_PAGES") else { return };
    let mut engine = Engine::new();
    for entry in std::fs::read_dir(&dir).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|kind| kind != "html") {
            continue;
        }
        let html = std::fs::read_to_string(&path).unwrap();
        for (name, scheme, width) in [
            ("light", Scheme::Light, 720.0),
            ("dark", Scheme::Dark, 720.0),
            ("narrow", Scheme::Light, 380.0),
        ] {
            let cleaned = clean(&[Body::Html(html.clone())]);
            let mut page = engine.open(cleaned, View { width, scheme, ..VIEW });
            let colours = [[220, 90, 60, 255], [60, 140, 220, 255], [90, 180, 120, 255]];
            let pictures = (0..40)
                .map(|token| (token, picture(160, 100, colours[token as usize % 3])))
                .collect();
            if name != "narrow" {
                page.set_pictures(&mut engine, pictures);
            }
            let start = Instant::now();
            let tile = page.paint(0, 2400);
            eprintln!(
                "{} {name}: {:?} laid {:.1} ms, painted {:.1} ms, failed {}",
                path.display(),
                page.laid().device,
                page.laid().ms,
                start.elapsed().as_secs_f32() * 1000.0,
                page.failed(),
            );
            let image = image::RgbaImage::from_raw(tile.size.0, tile.size.1, tile.pixels).unwrap();
            image.save(path.with_extension(format!("{name}.png"))).unwrap();
        }
    }
}

/// `cargo test -- --ignored --nocapture what_it_costs`.
#[test]
#[ignore = "measures"]
fn what_it_costs() {
    let start = Instant::now();
    let mut engine = Engine::new();
    eprintln!("engine: {:.1} ms", start.elapsed().as_secs_f32() * 1000.0);
    let row = "<tr><td style='padding:12px;border-bottom:1px solid #eee;font:14px/22px Arial'>
        <b>상품 이름</b> A product with a name <a href='https://shop.test/item?id=1'>더 보기</a></td>
        <td style='padding:12px;color:#c00'><span style='font-size:18px'>12,000원</span></td></tr>";
    let letter = format!("<table width=600>{}</table>", row.repeat(30_000 / row.len()));
    let mut times: Vec<(f32, f32)> = (0..40)
        .map(|_| {
            let cleaned = clean(&[Body::Html(letter.clone())]);
            let mut page = engine.open(cleaned, View { width: 720.0, ..VIEW });
            let start = Instant::now();
            page.paint(0, 800);
            (page.laid().ms, start.elapsed().as_secs_f32() * 1000.0)
        })
        .collect();
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    eprintln!("{} bytes: {:?} median, {:?} slowest", letter.len(), times[20], times[39]);
}
