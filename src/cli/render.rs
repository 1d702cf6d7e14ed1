//! `goyo render FILE… --out PNG_OR_PDF_OR_DIR`: draws letters as the window would, or
//! prints them.

use super::{CliError, Context, Exit, Result};
use crate::engine::printing;
use crate::engine::protocol::{Fallback, OpenLetter};
use crate::engine::reading::{Circumstances, Document, Reader};
use crate::engine::{remote, saving};
use crate::html::clean::{Labels, Scheme};
use crate::html::worker::protocol::{Paper, Print, Printed, Request, Response, Select, View};
use crate::i18n::{Language, Words};
use crate::net::http::Client;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use serde::Serialize;
use std::collections::HashSet;
use std::ffi::OsString;
use std::fs::File;
use std::io::{BufWriter, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// Device pixels painted at once.
const STRIP: u32 = 1024;

/// Pixels of one picture.
const MAX_PIXELS: u32 = 64 * 1024 * 1024;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Letters, as .eml files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The picture to write, or a directory for many; a name that ends in .pdf is printed
    #[arg(long, value_name = "PNG|PDF|DIR")]
    out: PathBuf,
    /// Width of the column, in pixels
    #[arg(long, default_value_t = 800, value_parser = clap::value_parser!(u32).range(100..=4000))]
    width: u32,
    /// Height that is drawn at most, in pixels
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    max_height: u32,
    /// Light letters on dark paper
    #[arg(long)]
    dark: bool,
    /// Fetch remote pictures (not trackers), once: directly, whatever the settings of a profile
    /// say about pictures or a proxy
    #[arg(long)]
    allow_remote: bool,
    /// A host and port in a private network that may be reached
    #[arg(long, value_name = "HOST:PORT", requires = "allow_remote")]
    allow_host: Vec<String>,
    /// Fold long quoted parts, as the window does
    #[arg(long)]
    fold: bool,
    /// Print sheets of paper (PDF) rather than pictures
    #[arg(long)]
    pdf: bool,
    /// Print over a file that is there already
    #[arg(long)]
    overwrite: bool,
    /// The paper they are printed on
    #[arg(long, default_value = "a4", value_parser = ["a4", "letter"])]
    paper: String,
    /// Say what text was drawn, in its order (with --json)
    #[arg(long)]
    text: bool,
}

#[derive(Serialize)]
struct Line {
    file: String,
    out: String,
    width: u32,
    height: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    sheets: Option<u32>,
    /// All of it is on paper.
    #[serde(skip_serializing_if = "Option::is_none")]
    whole: Option<bool>,
    remote_refused: usize,
    remote_fetched: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    fallback: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    ms: f64,
}

pub(super) fn run(context: &Context, args: &Args) -> Result {
    let mut out = context.output();
    let reachable =
        args.allow_host.iter().map(|host| host_and_port(host)).collect::<Result<_>>()?;
    let with = Circumstances { reachable, ..Circumstances::default() };
    let names = names(args)?;
    let mut reader = Reader::new();
    if args.fold {
        let words = Words::new(Language::English);
        reader.folds = Some(Labels {
            show: words.say_with("fold-show", &[("count", "#".into())]),
            hide: words.say("fold-hide"),
        });
    }
    // It is warm before the first letter: its start is not the letter's time.
    reader.call(&Request::Ping).map_err(|error| CliError::Failed(error.to_string()))?;
    let mut exit = Exit::Done;
    for (file, picture) in args.files.iter().zip(names) {
        match render(&mut reader, args, &with, file, &picture) {
            Ok(line) if context.json => out.object(&line)?,
            Ok(line) => out.line(&for_people(&line))?,
            Err(error) => {
                eprintln!("goyo: {}: {error}", file.display());
                exit = Exit::Failed;
            }
        }
    }
    out.finish()?;
    Ok(exit)
}

fn for_people(line: &Line) -> String {
    let Line {
        file,
        out,
        width,
        height,
        sheets,
        whole,
        remote_refused,
        remote_fetched,
        fallback,
        ms,
        ..
    } = line;
    let size = match sheets {
        Some(1) => "1 sheet".to_owned(),
        Some(sheets) => format!("{sheets} sheets"),
        None => format!("{width}×{height}"),
    };
    let cut = if *whole == Some(false) { ", too long to be printed whole" } else { "" };
    let as_text = fallback.map_or(String::new(), |why| format!(", shown as text: {why}"));
    format!(
        "{file} → {out} ({size}, {ms:.1} ms; outside the letter: {remote_refused} refused, {remote_fetched} fetched{as_text}{cut})"
    )
}

fn render(
    reader: &mut Reader,
    args: &Args,
    with: &Circumstances,
    file: &Path,
    picture: &Path,
) -> Result<Line> {
    let is_pdf = prints(args, picture);
    if is_pdf && !args.overwrite && picture.exists() {
        return Err(is_taken(picture));
    }
    let raw = Arc::new(super::inspect::read(file)?);
    let view = View {
        width: args.width as f32,
        scale: 1.0,
        zoom: 1.0,
        scheme: if args.dark { Scheme::Dark } else { Scheme::Light },
        fit: true,
    };
    let start = Instant::now();
    let (mut document, open) = reader.open(1, None, raw, with, view);
    let mut fetched = 0;
    let mut ledger = open.ledger.ledger.clone();
    if args.allow_remote {
        document.policy.once = true;
        ledger = document.judge();
        fetched = fetch(reader, &mut document, &ledger)?;
    }
    let refused = ledger.entries.iter().filter(|entry| entry.allowed().is_none()).count();
    let (width, height, pixels, printed) = if is_pdf {
        let printed = print(reader, &mut document, &open, args)?;
        (args.width, 0, Vec::new(), Some(printed))
    } else {
        let (width, height, pixels) = paint(reader, &mut document, args.max_height)?;
        (width, height, pixels, None)
    };
    let ms = start.elapsed().as_secs_f64() * 1000.0;
    let text = args.text.then(|| match reader.call(&Request::Select(document.doc, Select::All)) {
        Ok(Response::Selection(_, text)) => text,
        _ => String::new(),
    });
    let _ = reader.call(&Request::Close(1));
    match &printed {
        Some(printed) => {
            saving::put(picture, &printed.pdf, args.overwrite).map_err(|error| {
                match error.kind() {
                    ErrorKind::AlreadyExists => is_taken(picture),
                    _ => error.into(),
                }
            })?;
        }
        None => {
            let written = BufWriter::new(File::create(picture)?);
            PngEncoder::new_with_quality(written, CompressionType::Fast, FilterType::Adaptive)
                .write_image(&pixels, width, height, ExtendedColorType::Rgba8)
                .map_err(|error| CliError::Failed(error.to_string()))?;
        }
    }
    Ok(Line {
        file: file.display().to_string(),
        out: picture.display().to_string(),
        width,
        height,
        sheets: printed.as_ref().map(|printed| printed.sheets),
        whole: printed.map(|printed| printed.whole),
        remote_refused: refused,
        remote_fetched: fetched,
        fallback: document.fallback.map(why),
        text,
        ms: (ms * 100.0).round() / 100.0,
    })
}

fn is_taken(pdf: &Path) -> CliError {
    let pdf = pdf.display();
    CliError::Failed(format!("'{pdf}' is there already; --overwrite prints over it"))
}

/// Whether it is printed rather than painted.
fn prints(args: &Args, out: &Path) -> bool {
    args.pdf || out.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("pdf"))
}

fn print(
    reader: &mut Reader,
    document: &mut Document,
    open: &OpenLetter,
    args: &Args,
) -> Result<Printed> {
    let words = Words::new(Language::English);
    let say = |key: &str, count: usize| {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        words.say_with(key, &[("count", count.into())])
    };
    let paper = if args.paper == "letter" { Paper::Letter } else { Paper::A4 };
    let date = open.date.map(super::output::local);
    let order = Print { paper, ..printing::order(open, "en", date, &say) };
    reader.print(document, &order).map_err(|error| CliError::Failed(error.to_string()))
}

fn why(fallback: Fallback) -> &'static str {
    match fallback {
        Fallback::Died => "the drawing process died on its HTML",
        Fallback::TooLong => "its HTML took too long to draw",
        Fallback::TooLarge => "its HTML is too large to draw",
        Fallback::NoWorker => "there is no drawing process",
        Fallback::OtherVersion => "the program was replaced by another version",
    }
}

/// Fetches what the ledger allows and shows it; how many pictures came.
fn fetch(
    reader: &mut Reader,
    document: &mut Document,
    ledger: &crate::model::Ledger,
) -> Result<usize> {
    let wanted = document.to_fetch(ledger);
    if wanted.is_empty() {
        return Ok(0);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let leash = document.send_out(1, &wanted);
    let (client, journal) = (Client::default(), Arc::new(remote::Unkept));
    let fetched = remote::fetch_on(&leash, &client, &wanted, &document.policy, journal);
    let brought = runtime.block_on(fetched);
    if let Some(problem) = &brought.problem {
        eprintln!("{problem}");
    }
    let (pictures, _) = document.take_in(1, brought, ledger);
    reader.show(document, &pictures);
    Ok(pictures.len())
}

/// The whole letter's pixels, strip by strip.
fn paint(
    reader: &mut Reader,
    document: &mut Document,
    max_height: u32,
) -> Result<(u32, u32, Vec<u8>)> {
    // A letter that kills the process while it is painted is painted again as text.
    for _ in 0..2 {
        let Some(laid) = document.laid else { break };
        let width = laid.device.0.max(1);
        let height = laid.device.1.min(max_height).min(MAX_PIXELS / width).max(1);
        let mut pixels = Vec::new();
        let mut y = 0;
        while y < height {
            match reader.call(&Request::Paint(document.doc, y, STRIP.min(height - y))) {
                Ok(Response::Tile(tile)) if tile.size.0 == width && tile.size.1 > 0 => {
                    pixels.extend_from_slice(&tile.pixels);
                    y += tile.size.1;
                }
                Ok(_) => break,
                Err(error) => {
                    reader.recover(document, &error);
                    break;
                }
            }
        }
        if y >= height {
            return Ok((width, height, pixels));
        }
    }
    Err(CliError::Failed("this letter could not be drawn".into()))
}

fn host_and_port(written: &str) -> Result<(String, u16)> {
    let parts = written.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
    parts
        .map(|(host, port)| (host.to_owned(), port))
        .ok_or_else(|| CliError::Usage(format!("{written} is not HOST:PORT, as in 127.0.0.1:8080")))
}

/// Where each picture goes: the file named, or a file of its own in the directory.
fn names(args: &Args) -> Result<Vec<PathBuf>> {
    let into_directory = args.files.len() > 1 || args.out.is_dir();
    if !into_directory {
        return Ok(vec![args.out.clone()]);
    }
    std::fs::create_dir_all(&args.out)?;
    let mut taken: HashSet<OsString> = HashSet::new();
    let name = |file: &PathBuf| {
        let stem = file.file_stem().unwrap_or(file.as_os_str()).to_os_string();
        let mut name = stem.clone();
        let mut number = 2;
        while !taken.insert(name.clone()) {
            name = stem.clone();
            name.push(format!("-{number}"));
            number += 1;
        }
        name.push(if args.pdf { ".pdf" } else { ".png" });
        args.out.join(name)
    };
    Ok(args.files.iter().map(name).collect())
}
