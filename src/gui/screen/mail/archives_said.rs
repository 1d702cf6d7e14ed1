//! What is said of an import or export: how far it is, and what came of it.

use super::not_done::{not_done_said, obstacle_said};
use crate::engine::protocol::{
    Archived, Archiving, Doing, Exported, Imported, NotDone, Passed, Refusal, Refused,
};
use crate::gui::theme::Look;
use crate::gui::time::bytes;
use crate::i18n::grouped;
use std::path::Path;

/// Letters passed over that are named.
const NAMED: usize = 5;
/// Characters of a name that stands in a sentence.
const NAME: usize = 120;

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn counted(name: &str, count: u64, look: Look<'_>) -> String {
    let count = number(count);
    look.words.say_with(name, &[("count", count.into()), ("number", grouped(count).into())])
}

/// The end of a long path says more than its beginning.
pub(super) fn path_said(path: &Path) -> String {
    let path: Vec<char> = path.display().to_string().chars().filter(|c| !c.is_control()).collect();
    match path.len().checked_sub(NAME) {
        Some(from @ 1..) => format!("…{}", path.iter().skip(from).collect::<String>()),
        _ => path.into_iter().collect(),
    }
}

/// How much of a job is done, from 0 to 1, where that is known.
pub(super) fn share(far: &Archiving) -> Option<f32> {
    let known = far.all > 0 && !matches!(far.doing, Doing::Looking | Doing::Tidying);
    known.then(|| (far.done as f64 / far.all as f64).clamp(0.0, 1.0) as f32)
}

/// What a job is about.
pub(super) fn doing_said(doing: Doing, look: Look<'_>) -> String {
    look.say(match doing {
        Doing::Looking => "archive-looking",
        Doing::Importing => "archive-importing",
        Doing::Tidying => "archive-tidying",
        Doing::Exporting => "archive-exporting",
    })
}

/// How far it is, in figures.
pub(super) fn far_said(far: &Archiving, look: Look<'_>) -> String {
    let mut said = vec![counted("archive-letters", far.letters, look)];
    if far.bytes > 0 {
        said.push(bytes(far.bytes));
    }
    if let Some(share) = share(far) {
        said.push(format!("{:.0}%", (share * 100.0).floor()));
    }
    said.join(" · ")
}

/// What came of a job: whether all went well, the sentence that says it, and more of them.
pub(super) struct Said {
    pub well: bool,
    pub first: String,
    pub more: Vec<String>,
}

/// What came of it.
pub(super) fn archived_said(archived: &Archived, look: Look<'_>) -> Said {
    match archived {
        Archived::Import(done, trouble) => imported(done, trouble.as_ref(), look),
        Archived::Export(out, done, trouble) => {
            exported(out.as_deref(), done, trouble.as_ref(), look)
        }
    }
}

fn imported(done: &Imported, trouble: Option<&NotDone>, look: Look<'_>) -> Said {
    let first = match (done.imported, done.duplicate) {
        (0, 1..) if done.passed == 0 => look.say("archive-imported-again"),
        (0, _) => look.say("archive-imported-none"),
        (count, _) => counted("archive-imported", count, look),
    };
    let mut more = Vec::new();
    if done.duplicate > 0 {
        more.push(counted("archive-duplicate", done.duplicate, look));
    }
    if let odd @ 1.. = done.broken.saturating_sub(done.passed) {
        more.push(counted("archive-odd", odd, look));
    }
    if done.gathered > 0 {
        more.push(counted("archive-gathered", done.gathered, look));
    }
    if let Some(why) = trouble {
        let why = not_done_said(why, look);
        more.push(look.words.say_with("archive-import-trouble", &[("why", why.into())]));
    } else if done.stopped {
        more.push(look.say("archive-import-stopped"));
    }
    if done.passed > 0 {
        more.push(counted("archive-passed", done.passed, look));
        more.extend(done.refused.iter().take(NAMED).map(|refused| refused_said(refused, look)));
        let named = done.refused.len().min(NAMED) as u64;
        if let Some(left @ 1..) = done.passed.checked_sub(named) {
            more.push(counted("archive-passed-more", left, look));
        }
    }
    Said { well: trouble.is_none() && done.passed == 0 && !done.stopped, first, more }
}

fn refused_said(refused: &Refused, look: Look<'_>) -> String {
    let what = match &refused.what {
        Passed::File(path) => path_said(path),
        Passed::InMbox(path, from) => {
            let from: String = from.chars().filter(|c| !c.is_control()).take(60).collect();
            format!("{} ({from})", path_said(path))
        }
        Passed::Letter(at) => counted("archive-letter", *at, look),
    };
    let why = match &refused.why {
        Refusal::TooLarge(size) => {
            look.words.say_with("archive-too-large", &[("size", bytes(*size).into())])
        }
        Refusal::TooDeep => look.say("archive-too-deep"),
        Refusal::NoMbox => look.say("archive-no-mbox"),
        Refusal::File(obstacle) => obstacle_said(obstacle, look),
        Refusal::Fault => look.say("undone-fault"),
        Refusal::Vanished => look.say("passed-vanished"),
    };
    format!("· {what}: {why}")
}

fn exported(
    out: Option<&Path>,
    done: &Exported,
    trouble: Option<&NotDone>,
    look: Look<'_>,
) -> Said {
    let count = number(done.exported);
    let with = |name: &str, path: &Path| {
        let args = [
            ("count", count.into()),
            ("number", grouped(count).into()),
            ("path", path_said(path).into()),
        ];
        look.words.say_with(name, &args)
    };
    let whole = trouble.is_none() && !done.stopped;
    let first = match out {
        Some(out) if whole => with("archive-exported", out),
        Some(out) if done.stopped => with("archive-export-stopped", out),
        Some(out) => with("archive-export-part", out),
        None if done.stopped => look.say("archive-export-stopped-none"),
        None => look.say("archive-exported-none"),
    };
    let mut more = Vec::new();
    if let Some(why) = trouble {
        more.push(not_done_said(why, look));
    }
    if done.damaged > 0 {
        more.push(counted("archive-damaged", done.damaged, look));
    }
    if done.not_here > 0 {
        more.push(counted("archive-not-here", done.not_here, look));
    }
    Said { well: whole && more.is_empty(), first, more }
}
