//! Letters on paper, read back by another program: poppler's `pdftotext`, `pdftoppm` and
//! `pdfimages`.
#![cfg(feature = "render")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::Home;
use serde_json::Value;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

fn poppler(program: &str, args: &[&str], pdf: &Path, after: &[&str]) -> Vec<u8> {
    let output = Command::new(program).args(args).arg(pdf).args(after).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.trim().is_empty(), "{}: {said}", pdf.display());
    output.stdout
}

/// In the order in which it was put on paper: words go on behind the end of a line.
fn in_order(pdf: &Path) -> String {
    String::from_utf8(poppler("pdftotext", &["-raw", "-enc", "UTF-8"], pdf, &["-"])).unwrap()
}

fn text(pdf: &Path) -> String {
    String::from_utf8(poppler("pdftotext", &["-enc", "UTF-8"], pdf, &["-"])).unwrap()
}

/// Prints a letter; what the program says of it, and the file.
fn print(place: &Home, eml: &Path, more: &[&str]) -> (Value, PathBuf) {
    let pdf = eml.with_extension("pdf");
    let mut args = vec!["render", eml.to_str().unwrap(), "--out", pdf.to_str().unwrap()];
    args.extend(more);
    (place.object(&args), pdf)
}

fn html_letter(html: &str) -> String {
    format!(
        "From: \"한지우\" <jiwoo@example.com>\r\nTo: min@example.org\r\nSubject: Paper\r\n\
         Date: Sat, 21 Nov 2026 14:02:00 +0900\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/html; charset=utf-8\r\n\r\n{html}"
    )
}

/// Nor what no font of this machine may have.
fn without_blanks(text: &str) -> String {
    let text = text.chars().filter(|c| *c < '\u{1f000}' && *c != '\u{fe0f}');
    text.filter(|c| !c.is_whitespace() && *c != '\u{200b}' && *c != '\u{ad}').collect()
}

/// The darkest and the lightest of each sheet, small.
fn sheets(pdf: &Path) -> Vec<(u8, usize)> {
    let dir = tempfile::tempdir().unwrap();
    let stem = dir.path().join("s");
    poppler("pdftoppm", &["-r", "24", "-gray"], pdf, &[stem.to_str().unwrap()]);
    let mut names: Vec<PathBuf> =
        std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    let one = |name: &PathBuf| {
        let bytes = std::fs::read(name).unwrap();
        let pixels = &bytes[bytes.len() - 100 * 100..];
        let ink = bytes.iter().skip(20).filter(|pixel| **pixel < 200).count();
        (*pixels.iter().max().unwrap(), ink)
    };
    names.iter().map(one).collect()
}

/// Everything in a file, its compressed parts opened.
fn opened(pdf: &Path) -> Vec<u8> {
    let bytes = std::fs::read(pdf).unwrap();
    let mut all = bytes.clone();
    for (at, _) in bytes.windows(7).enumerate().filter(|(_, seven)| *seven == b"stream\n") {
        let mut inside = Vec::new();
        let _ = flate2::read::ZlibDecoder::new(&bytes[at + 7..]).read_to_end(&mut inside);
        all.extend(inside);
    }
    all
}

fn holds(bytes: &[u8], what: &str) -> bool {
    bytes.windows(what.len()).any(|window| window == what.as_bytes())
}

#[test]
fn every_letter_of_the_demo_can_be_searched_on_paper() {
    let place = Home::new();
    let dir = place.path("letters");
    std::fs::create_dir(&dir).unwrap();
    let letters = goyo::demo::write_letters(&dir, ("127.0.0.1", 4444)).unwrap();
    let names: Vec<&str> = letters.iter().map(|path| path.to_str().unwrap()).collect();
    let run = |more: &[&str]| {
        let out = place.path(more[0]);
        let out = out.to_str().unwrap();
        let mut args = vec!["render"];
        args.extend(&names);
        args.extend(["--out", out]);
        args.extend(more);
        place.json(&args)
    };
    let drawn = run(&["--text"]);
    let printed = run(&["--pdf"]);
    assert_eq!((drawn.len(), printed.len()), (letters.len(), letters.len()));
    for ((drawn, printed), letter) in drawn.iter().zip(&printed).zip(&letters) {
        let pdf = PathBuf::from(printed["out"].as_str().unwrap());
        let count = usize::try_from(printed["sheets"].as_u64().unwrap()).unwrap();
        let text = in_order(&pdf);
        let found = without_blanks(&text);
        let raw = std::fs::read(letter).unwrap();
        let subject = goyo::mime::parse(&raw).envelope.subject.clone();
        assert!(found.contains(&without_blanks(&subject)), "{subject} of {letter:?}: {text}");
        let said = drawn["text"].as_str().unwrap();
        for word in said.split_whitespace().map(without_blanks) {
            // What ends one box and begins the next is said in one.
            let halves = word.char_indices().map(|(at, _)| word.split_at(at));
            let mut halves = halves.map(|(a, b)| found.contains(a) && found.contains(b));
            assert!(word.is_empty() || halves.any(|both| both), "{word} of {letter:?}: {text}");
        }
        for number in 1..=count {
            assert!(found.contains(&format!("{number}/{count}")), "{letter:?}");
        }
        let sheets = sheets(&pdf);
        assert_eq!(sheets.len(), count);
        for (lightest, ink) in sheets {
            assert!(lightest > 220 && ink > 20, "an empty or black sheet of {letter:?}");
        }
        let size = std::fs::metadata(&pdf).unwrap().len();
        assert!(size < 4 << 20, "{size} bytes of {letter:?}");
    }
}

#[test]
fn no_line_of_a_long_letter_is_cut_lost_or_doubled() {
    let place = Home::new();
    let rows: String = (0..900)
        .map(|n| {
            let height = 18 + n % 7;
            format!("<div style='line-height:{height}px'>줄번호{n:04} and words</div>")
        })
        .collect();
    let eml = place.write("long.eml", html_letter(&rows));
    let (said, pdf) = print(&place, &eml, &[]);
    let count = said["sheets"].as_u64().unwrap();
    assert!((19..=25).contains(&count), "{said}");
    let text = text(&pdf);
    let numbers: Vec<usize> =
        text.split("줄번호").skip(1).map(|rest| rest[..4].parse().unwrap()).collect();
    assert_eq!(numbers, (0..900).collect::<Vec<_>>());
    // All of every word lies between the margins.
    let boxes = String::from_utf8(poppler("pdftotext", &["-bbox"], &pdf, &["-"])).unwrap();
    let mut words = 0;
    for line in boxes.lines().filter(|line| line.contains("<word") && !line.contains(" / ")) {
        let side = |name: &str| -> f64 {
            let rest = line.split(&format!("{name}=\"")).nth(1).unwrap();
            rest.split('"').next().unwrap().parse().unwrap()
        };
        let is_foot = side("yMin") > 841.89 - 45.0;
        words += usize::from(!is_foot);
        assert!(is_foot || side("yMin") > 38.0 && side("yMax") < 841.89 - 50.0, "{line}");
    }
    assert!(words >= 2700, "{words}");
}

#[test]
fn columns_side_by_side_lose_nothing_between_sheets() {
    let place = Home::new();
    let column = |name: &str, height: u32| -> String {
        (0..300)
            .map(|n| format!("<div style='line-height:{height}px'>{name}{n:03}</div>"))
            .collect()
    };
    let html = format!(
        "<table><tr><td valign=top>{}</td><td valign=top>{}</td></tr></table>",
        column("left", 17),
        column("right", 16)
    );
    let eml = place.write("columns.eml", html_letter(&html));
    let (said, pdf) = print(&place, &eml, &["--paper", "letter"]);
    assert!(said["sheets"].as_u64().unwrap() >= 5, "{said}");
    let text = text(&pdf);
    for n in 0..300 {
        for name in ["left", "right"] {
            let word = format!("{name}{n:03}");
            assert_eq!(text.matches(&word).count(), 1, "{word}");
        }
    }
}

#[test]
fn pictures_are_on_paper_only_where_they_are_shown() {
    let place = Home::new();
    let png = "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR4nGM4IWeDFTEMLQkAd2xIgco4MNEAAAAASUVORK5CYII=";
    let html = "<p>Before</p><img src='http://tracker.example/secret-4711.png' width=200 height=80 \
                alt='a horse'><p><a href='https://click.example/secret-4712'>A link</a></p>";
    let eml = place.write("far.eml", html_letter(html));
    let (said, pdf) = print(&place, &eml, &[]);
    assert_eq!(said["remote_fetched"], 0);
    let bytes = opened(&pdf);
    for address in ["tracker.example", "click.example", "secret-47", "http://t", "https://c"] {
        assert!(!holds(&bytes, address), "{address}");
    }
    assert!(text(&pdf).contains("a horse"), "{}", text(&pdf));
    let pictures = |pdf: &Path| {
        let list = String::from_utf8(poppler("pdfimages", &["-list"], pdf, &[])).unwrap();
        list.lines().skip(2).filter(|line| line.contains(" image ")).count()
    };
    assert_eq!(pictures(&pdf), 0);
    let html = format!("<p>Within</p><img src='data:image/png;base64,{png}' width=90 height=90>");
    let eml = place.write("near.eml", html_letter(&html));
    assert_eq!(pictures(&print(&place, &eml, &[]).1), 1);
}

#[test]
fn a_letter_without_end_is_cut_off_and_says_so() {
    let place = Home::new();
    let words = "Zeile um Zeile ".repeat(9000);
    let html = format!("<p style='font-size:70px;line-height:90px'>{words}</p>");
    let eml = place.write("endless.eml", html_letter(&html));
    let (said, pdf) = print(&place, &eml, &[]);
    assert_eq!(said["sheets"], 200, "{said}");
    assert_eq!(said["whole"], false);
    assert!(text(&pdf).contains("too long to be printed whole"));
    assert!(std::fs::metadata(&pdf).unwrap().len() < 20 << 20);
}

#[test]
fn hostile_letters_are_printed_or_refused_in_a_sentence() {
    let place = Home::new();
    let letters = [
        ("giant.eml", "<p style='font-size:9000px'>A</p><p>after</p>".to_owned()),
        ("wide.eml", "<div style='width:90000px;background:#eee'>far</div>".to_owned()),
        ("deep.eml", "<div style='opacity:.9;overflow:hidden'>".repeat(400) + "in the deep"),
        (
            "turned.eml",
            "<p style='transform:rotate(40deg) scale(0.0001)'>t</p><p style='transform:matrix(1,\
             1e30,0,1,0,0)'>u</p><p>ok</p>"
                .to_owned(),
        ),
        (
            "mixed.eml",
            "<div style='background:linear-gradient(90deg,red,transparent 0%,blue 40%,#0f0 20%);\
             box-shadow:0 0 40px #000,inset 0 0 9px red;border-radius:9px;border:3px dashed #000;\
             mix-blend-mode:multiply;height:90px'>m</div><div style='height:50px;background:\
             repeating-radial-gradient(circle,#fff,#000 10px)'></div><div style='height:50px;\
             background:conic-gradient(red,blue)'></div>"
                .to_owned(),
        ),
        ("nothing.eml", String::new()),
    ];
    for (name, html) in letters {
        let eml = place.write(name, html_letter(&html));
        let (said, pdf) = print(&place, &eml, &[]);
        assert!(said["sheets"].as_u64().unwrap() <= 200, "{name}: {said}");
        assert!(text(&pdf).contains("Paper"), "{name}");
        assert!(!sheets(&pdf).is_empty(), "{name}");
    }
}

#[test]
fn what_is_clipped_away_is_not_on_paper_however_much_of_it_there_is() {
    let place = Home::new();
    let rows: String = (0..1500)
        .map(|n| {
            format!(
                "<div style='height:16px;line-height:16px;overflow:hidden'>\
                 shown{n:04}<br>secret{n:04}</div>"
            )
        })
        .collect();
    let html = format!(
        "<div style='height:0;overflow:hidden'>flat</div><div style='width:0;height:0;\
         overflow:hidden'>point</div><div style='width:60px;white-space:nowrap;overflow:hidden'>\
         begins and then goes on into nowhere</div>{rows}"
    );
    let eml = place.write("clipped.eml", html_letter(&html));
    let (_, pdf) = print(&place, &eml, &[]);
    let text = text(&pdf);
    for word in ["flat", "point", "nowhere", "secret"] {
        assert!(!text.contains(word), "{word}");
    }
    assert!(text.contains("begins"));
    for n in 0..1500 {
        assert_eq!(text.matches(&format!("shown{n:04}")).count(), 1, "{n}");
    }
}

#[test]
fn the_text_on_paper_is_that_of_the_letter() {
    let place = Home::new();
    let html = "<p>co&shy;operation, well-known, ab&#x200b;cd ef</p>\
                <p style='width:70px'>Donau&shy;dampf&shy;schiff&shy;fahrt</p>\
                <p>A\u{410}\u{391} e\u{301}\u{323} a&nbsp;b</p>\
                <p lang=th>\u{e19}\u{e49}\u{e33} \u{e17}\u{e35}\u{e48}</p>\
                <p lang=hi>\u{939}\u{93f}\u{928}\u{94d}\u{926}\u{940}</p>";
    let eml = place.write("signs.eml", html_letter(html));
    let (_, pdf) = print(&place, &eml, &[]);
    let text = in_order(&pdf);
    for words in ["cooperation, well-known, abcd ef", "A\u{410}\u{391} ", " a b"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let found: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    assert!(found.contains("Donaudampfschifffahrt"), "{text}");
    assert!(found.contains("e\u{301}\u{323}") || found.contains("e\u{323}\u{301}"), "{text}");
    assert!(found.contains("\u{939}\u{93f}\u{928}\u{94d}\u{926}\u{940}"), "{text}");
    assert!(found.contains("\u{e17}\u{e35}\u{e48}"), "{text}");
}

#[test]
fn a_file_that_is_there_is_printed_over_only_if_asked() {
    let place = Home::new();
    let eml = place.write("twice.eml", html_letter("<p>once</p>"));
    let pdf = eml.with_extension("pdf");
    std::fs::write(&pdf, "somebody's").unwrap();
    let args = ["render", eml.to_str().unwrap(), "--out", pdf.to_str().unwrap()];
    let refused = place.run(&args);
    assert_eq!(refused.status.code(), Some(1));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("is there already; --overwrite"), "{said}");
    assert_eq!(std::fs::read(&pdf).unwrap(), b"somebody's");
    let (said, _) = print(&place, &eml, &["--overwrite"]);
    assert_eq!((&said["sheets"], &said["whole"]), (&1.into(), &true.into()));
    assert!(std::fs::read(&pdf).unwrap().starts_with(b"%PDF-"));
    let files = std::fs::read_dir(pdf.parent().unwrap()).unwrap();
    assert!(files.flatten().all(|file| !file.file_name().to_string_lossy().starts_with('.')));
}
