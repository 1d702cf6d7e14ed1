//! Figures of the store at scale, from the library: recall against a plain scan,
//! and how long searches and lists take.
//!
//! `cargo bench --bench search -- --profile DIR --queries FILE [--scan N]`: DIR is
//! a profile into which a mailbox was imported, FILE has a question a line
//! (`benches/queries.py`). Prints one table; exits 1 when recall is not whole.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use goyo::mime::{self, Content};
use goyo::model::{FolderId, LetterId};
use goyo::store::search::{Order, Search, parse};
use goyo::store::{Among, Sort, Store};
use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use unicode_normalization::UnicodeNormalization;

/// Hits a search brings to the screen, and how many of them show a snippet.
const HITS: usize = 100;
const SNIPPETS: usize = 20;

struct Options {
    profile: PathBuf,
    queries: PathBuf,
    terms: usize,
}

fn options() -> Options {
    let mut args = std::env::args().skip(1).filter(|arg| arg != "--bench");
    let mut options = Options { profile: PathBuf::new(), queries: PathBuf::new(), terms: 500 };
    while let Some(arg) = args.next() {
        let value = args.next().expect("every option has a value");
        match arg.as_str() {
            "--profile" => options.profile = value.into(),
            "--queries" => options.queries = value.into(),
            "--scan" => options.terms = value.parse().expect("--scan N"),
            other => panic!("unknown option {other}"),
        }
    }
    options
}

fn main() -> ExitCode {
    let options = options();
    let started = Instant::now();
    let store = Store::open(&options.profile).expect("the profile opens");
    let opened = started.elapsed();
    let folders = store.folders().expect("folders");
    let largest = folders.iter().max_by_key(|folder| folder.total).expect("a folder");
    println!("{} letters in {}; opened in {}", largest.total, largest.name(), ms(opened));

    let queries = std::fs::read_to_string(&options.queries).expect("the queries");
    let queries: Vec<&str> = queries.lines().filter(|line| !line.is_empty()).collect();
    let mut slowest: Vec<(Duration, &str)> = Vec::new();
    // Once to warm up, as a program that is open is warm; then five counted rounds.
    for round in 0..6 {
        for query in &queries {
            let started = Instant::now();
            let search = Search {
                node: parse(query).expect("a good query"),
                order: Order::Newest,
                limit: HITS,
            };
            let rows = store.search(&search).expect("search");
            for row in rows.iter().take(SNIPPETS) {
                store.snippet(row.id, &search, 120).expect("snippet");
            }
            if round > 0 {
                slowest.push((started.elapsed(), query));
            }
        }
    }
    report(
        &format!("search, {HITS} hits, {SNIPPETS} snippets ({} queries)", queries.len()),
        &slowest,
    );
    slowest.sort_by_key(|(took, _)| std::cmp::Reverse(*took));
    let mut named = BTreeSet::new();
    for (took, query) in slowest.iter().filter(|(_, query)| named.insert(*query)).take(3) {
        println!("  slowest: {} {query}", ms(*took));
    }
    time_search(&store, &queries, Order::Newest, "search, rows only");
    time_search(&store, &queries, Order::Best, "search, best first, rows only");

    let total = usize::try_from(largest.total).expect("a count");
    let mut first = Vec::new();
    let mut windows = Vec::new();
    for round in 0..200 {
        let started = Instant::now();
        store.list(Some(largest.id), 0, 100).expect("list");
        first.push((started.elapsed(), "first"));
        let offset = total * round / 200;
        let started = Instant::now();
        store.list(Some(largest.id), offset, 100).expect("list");
        windows.push((started.elapsed(), "window"));
    }
    report("first 100 rows of the folder", &first);
    report("100 rows anywhere in the folder", &windows);
    time_orders(&store, largest.id);

    if options.terms == 0 {
        return ExitCode::SUCCESS;
    }
    match recall(&store, options.terms) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// Each order of a folder, as it is made when it is chosen, and a page in the middle of it.
fn time_orders(store: &Store, folder: FolderId) {
    let sorts = [
        (Sort::Newest, "all of the folder, newest first"),
        (Sort::Oldest, "oldest first"),
        (Sort::Sender, "by sender"),
        (Sort::Subject, "by subject"),
        (Sort::Size, "by size"),
        (Sort::Unread, "unread first"),
        (Sort::Starred, "starred first"),
    ];
    let mut pages = Vec::new();
    for (sort, what) in sorts {
        let mut took = Vec::new();
        for _ in 0..10 {
            let started = Instant::now();
            let order = store.order(Among::Folders(&[folder]), sort).expect("an order");
            took.push((started.elapsed(), what));
            let from = order.len() / 2;
            let page = &order[from..(from + 100).min(order.len())];
            let started = Instant::now();
            store.rows_of(page).expect("rows");
            pages.push((started.elapsed(), what));
        }
        report(what, &took);
    }
    report("100 rows in the middle of an order", &pages);
}

fn time_search(store: &Store, queries: &[&str], order: Order, what: &str) {
    let mut took = Vec::new();
    for query in queries {
        let started = Instant::now();
        let node = parse(query).expect("a good query");
        store.search(&Search { node, order, limit: HITS }).expect("search");
        took.push((started.elapsed(), *query));
    }
    report(what, &took);
}

fn ms(took: Duration) -> String {
    format!("{:.2} ms", took.as_secs_f64() * 1000.0)
}

fn report(what: &str, took: &[(Duration, &str)]) {
    let mut took: Vec<Duration> = took.iter().map(|(took, _)| *took).collect();
    took.sort_unstable();
    let at = |share: f64| ms(took[((took.len() - 1) as f64 * share) as usize]);
    println!("{what:<52} p50 {:>10}  p99 {:>10}  max {:>10}", at(0.5), at(0.99), at(1.0));
}

/// A letter's text as the plain scan sees it, folded by its own means.
fn texts(raw: &[u8]) -> Vec<String> {
    let letter = mime::parse(raw);
    let envelope = &letter.envelope;
    let mut texts = vec![envelope.subject.clone()];
    for address in [&envelope.from, &envelope.to, &envelope.cc, &envelope.bcc].into_iter().flatten()
    {
        texts.extend(address.name.clone());
        texts.push(address.addr.clone());
    }
    texts.extend(envelope.list_id.clone());
    for (index, part) in letter.parts.iter().enumerate() {
        texts.extend(part.file_name.clone());
        let shown = letter.html_body.contains(&index) || letter.text_body.contains(&index);
        if shown && matches!(part.content, Content::Text(_) | Content::Html(_)) {
            texts.push(part.plain_text().into_owned());
        }
    }
    texts.iter().map(|text| plain_fold(text)).collect()
}

fn plain_fold(text: &str) -> String {
    let mut folded = String::new();
    for c in text.nfkd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)) {
        folded.extend(c.to_lowercase());
    }
    folded.nfkc().collect()
}

fn is_cjk(c: char) -> bool {
    matches!(c, '가'..='힣' | '\u{4e00}'..='\u{9fff}' | 'ぁ'..='ゖ' | 'ァ'..='ヺ')
}

/// 500 terms taken from the mail itself (words, beginnings, parts of CJK runs),
/// each found by the index just where the plain scan finds it.
fn recall(store: &Store, terms: usize) -> bool {
    let mut letters: Vec<(LetterId, Vec<String>)> = Vec::new();
    for folder in store.folders().expect("folders") {
        for (id, _) in store.ids(folder.id).expect("ids") {
            letters.push((id, texts(&store.raw(id).expect("raw"))));
        }
    }
    let mut state = 20_261_121_u64;
    let mut random = move |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) as usize) % below.max(1)
    };
    let mut wanted: HashMap<String, Kind> = HashMap::new();
    let mut tries = 0;
    while wanted.len() < terms && tries < terms * 1000 {
        tries += 1;
        let (_, texts) = &letters[random(letters.len())];
        let text = &texts[random(texts.len())];
        let runs: Vec<&str> = text
            .split(|c: char| !c.is_alphanumeric())
            .flat_map(|run| split_scripts(run))
            .filter(|run| !run.is_empty())
            .collect();
        if runs.is_empty() {
            continue;
        }
        let run: Vec<char> = runs[random(runs.len())].chars().collect();
        if is_cjk(run[0]) {
            let from = random(run.len());
            let len = 1 + random((run.len() - from).min(4));
            wanted.insert(run[from..from + len].iter().collect(), Kind::Part);
        } else if run.iter().all(char::is_ascii_alphanumeric) && run.len() <= 40 {
            if random(2) == 0 {
                wanted.insert(run.iter().collect(), Kind::Word);
            } else {
                let len = 1 + random(run.len());
                wanted.insert(run[..len].iter().collect::<String>() + "*", Kind::Prefix);
            }
        }
    }
    let (mut expected_hits, mut found_hits, mut missed, mut extra) = (0, 0, 0, 0);
    for (term, kind) in &wanted {
        let bare = term.trim_end_matches('*');
        let expected: BTreeSet<LetterId> = letters
            .iter()
            .filter(|(_, texts)| texts.iter().any(|text| kind.is_in(bare, text)))
            .map(|(id, _)| *id)
            .collect();
        let search =
            Search { node: parse(term).expect("a term"), order: Order::Newest, limit: usize::MAX };
        let found: BTreeSet<LetterId> =
            store.search(&search).expect("search").into_iter().map(|row| row.id).collect();
        expected_hits += expected.len();
        found_hits += found.len();
        let lost = expected.difference(&found).count();
        let more = found.difference(&expected).count();
        if lost + more > 0 {
            println!("  {term:?}: {lost} missed, {more} too many");
        }
        missed += lost;
        extra += more;
    }
    println!(
        "recall: {} terms, {expected_hits} hits by plain scan, {found_hits} by the index, {missed} missed, {extra} too many",
        wanted.len()
    );
    missed == 0
}

#[derive(Clone, Copy)]
enum Kind {
    Word,
    Prefix,
    Part,
}

impl Kind {
    fn is_in(self, term: &str, text: &str) -> bool {
        if let Self::Part = self {
            return text.contains(term);
        }
        text.match_indices(term).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            let after = text[at + term.len()..].chars().next();
            let glued = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !is_cjk(c));
            !glued(before) && (matches!(self, Self::Prefix) || !glued(after))
        })
    }
}

/// Pieces of a run that are all CJK or all not.
fn split_scripts(run: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before: Option<bool> = None;
    for (at, c) in run.char_indices() {
        let cjk = is_cjk(c);
        if before.is_some_and(|b| b != cjk) {
            pieces.push(&run[start..at]);
            start = at;
        }
        before = Some(cjk);
    }
    pieces.push(&run[start..]);
    pieces
}
