//! `goyo send --account N --to A… --subject S --body-file F`

use super::outbox::{LetterJson, exit_of};
use super::{CliError, Context, Exit, Result};
use crate::engine::EngineError;
use crate::engine::outbox::Post;
use crate::engine::protocol::NotDone;
use crate::engine::writing::{self, When};
use crate::mime::address;
use crate::mime::compose::reply::{self, To};
use crate::model::{
    Account, AccountKind, Address, Attachment, Delivered, Draft, DraftBody, Flags, Identity,
    LetterId, OutboxId, PixelRequest, ReceiptChoice,
};
use crate::net::smtp::Log;
use crate::secrets::Vault;
use crate::store::settings::RECEIPT_SERVER;
use crate::store::{ProfileLock, Store, StoreError};
use serde::Serialize;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Bytes of a text that is sent.
const MAX_TEXT: u64 = 16 * 1024 * 1024;
/// How long another Goyo, which has the profile, is waited for.
const PATIENCE: Duration = Duration::from_secs(120);

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// From this account; may be left out where there is one only
    #[arg(long, value_name = "NAME")]
    account: Option<String>,
    /// To whom: addresses, with names if you like
    #[arg(long, value_name = "ADDRESS")]
    to: Vec<String>,
    /// Who gets a copy
    #[arg(long, value_name = "ADDRESS")]
    cc: Vec<String>,
    /// Who gets a copy without the others seeing
    #[arg(long, value_name = "ADDRESS")]
    bcc: Vec<String>,
    /// What it is about
    #[arg(long, default_value = "")]
    subject: String,
    /// A file with the text, in UTF-8; - is standard input
    #[arg(long, value_name = "FILE")]
    body_file: PathBuf,
    /// A file with the same in HTML; without it the letter is text only
    #[arg(long, value_name = "FILE")]
    html_file: Option<PathBuf>,
    /// A file that goes along
    #[arg(long, value_name = "FILE")]
    attach: Vec<PathBuf>,
    /// The letter this one answers
    #[arg(long, value_name = "ID")]
    reply_to_id: Option<i64>,
    /// Ask to be told that it was read: by an answer (mdn), or by a picture (pixel)
    #[arg(long, value_name = "HOW", default_value = "none")]
    receipt: Receipt,
    /// Send it then, not before: 2026-12-24T18:00:00+09:00, or 2026-12-24T18:00 of here
    #[arg(long, value_name = "TIME", conflicts_with = "now")]
    at: Option<String>,
    /// Send it now, and say what came of it; exit 3 if nobody knows
    #[arg(long)]
    now: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Receipt {
    None,
    Mdn,
    Pixel,
}

#[derive(Serialize)]
struct Queued<'a> {
    id: String,
    message_id: &'a str,
    queued: bool,
}

pub(super) fn run(context: &Context, args: &Args) -> Result {
    let sending = Sending::begin(context)?;
    let store = &sending.store;
    let account = sender(store, args.account.as_deref())?;
    let (draft, answers) = draft(store, &account, args)?;
    let when = match &args.at {
        Some(time) => When::At(seconds(time)?),
        None => When::After(0),
    };
    let id = store.new_draft(account.id, &draft, answers)?;
    let letter = match writing::give(store, id, when, None) {
        Ok((letter, _)) => letter,
        Err(error) => {
            // What cannot be sent leaves nothing behind.
            store.discard_draft(id)?;
            return Err(not_given(error));
        }
    };
    if args.now {
        return sending.now(context, &account, letter);
    }
    let queued = store.out_letter(letter)?;
    let mut out = context.output();
    let message_id = &queued.message_id;
    match context.json {
        true => out.object(&Queued { id: letter.to_string(), message_id, queued: true })?,
        false => out.line(&format!(
            "letter {letter} is in the outbox; 'goyo sync' or an open window sends it"
        ))?,
    }
    out.finish()?;
    Ok(Exit::Done)
}

/// What a verb that sends works with.
pub(super) struct Sending {
    pub store: Arc<Store>,
    vault: Vault,
    profile: PathBuf,
}

impl Sending {
    pub(super) fn begin(context: &Context) -> Result<Self> {
        let profile = context.existing()?;
        let store = Arc::new(Store::open(&profile)?);
        Ok(Self { store, vault: Vault::of(&profile), profile })
    }

    /// Sends a letter that is due, or waits for whoever has the profile to send it, and
    /// says what came of it.
    pub(super) fn now(&self, context: &Context, account: &Account, letter: OutboxId) -> Result {
        self.see_through(account, letter)?;
        let known = self.store.out_letter(letter)?;
        let mut out = context.output();
        match context.json {
            true => out.object(&LetterJson::of(&known))?,
            false => super::outbox::say(&mut out, &known)?,
        }
        out.finish()?;
        self.store.shown(&known)?;
        Ok(exit_of(known.state))
    }

    /// Where another Goyo has the profile, that one sends.
    fn see_through(&self, account: &Account, letter: OutboxId) -> Result<()> {
        let since = Instant::now();
        while since.elapsed() < PATIENCE {
            // Whoever had it may be done, and may not have seen this letter.
            match ProfileLock::take_at_once(&self.profile) {
                Ok(lock) => {
                    super::say_verb(&lock);
                    return self.post(account);
                }
                Err(StoreError::Busy { .. }) => {}
                Err(error) => return Err(error.into()),
            }
            let state = self.store.out_letter(letter)?.state;
            if !matches!(state, Delivered::Queued | Delivered::Sending) {
                break;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    /// Sends what is due for an account.
    fn post(&self, account: &Account) -> Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(EngineError::from)?;
        let post = Post {
            store: Arc::clone(&self.store),
            vault: self.vault.clone(),
            account: account.clone(),
            tell: Arc::new(|_, _| {}),
            log: Log::default(),
        };
        Ok(runtime.block_on(post.once())?)
    }
}

fn not_given(error: NotDone) -> CliError {
    match error {
        NotDone::Letter(why) => CliError::Usage(why.to_string()),
        other => CliError::Failed(other.to_string()),
    }
}

/// The account a letter is sent from.
fn sender(store: &Store, name: Option<&str>) -> Result<Account> {
    if let Some(name) = name {
        let account = store.account(name)?;
        if account.kind == AccountKind::Local {
            let text = format!("'{name}' is on this computer only and cannot send");
            return Err(CliError::Usage(text));
        }
        return Ok(account);
    }
    let mut accounts = store.accounts()?;
    accounts.retain(|account| account.kind != AccountKind::Local);
    match accounts.len() {
        0 => Err(CliError::Usage("there is no account yet; 'goyo account add' makes one".into())),
        1 => accounts.pop().ok_or_else(|| CliError::Failed("no account".into())),
        _ => Err(CliError::Usage("there are several accounts; name one with --account".into())),
    }
}

type Answers = Option<(LetterId, Flags)>;

fn draft(store: &Store, account: &Account, args: &Args) -> Result<(Draft, Answers)> {
    let own = writing::identities(std::slice::from_ref(account));
    let mine: Vec<Identity> = own.into_iter().map(|(_, identity)| identity).collect();
    let first = || mine.first().cloned().unwrap_or_default();
    let mut draft = Draft {
        identity: first(),
        subject: args.subject.clone(),
        receipt: receipt(store, args.receipt)?,
        ..Draft::default()
    };
    let mut answers = None;
    if let Some(id) = args.reply_to_id.map(LetterId) {
        let raw = store.raw(id)?;
        let begun = reply::answer(&crate::mime::parse(&raw), &mine, To::Author);
        draft.identity = mine.get(begun.identity).cloned().unwrap_or_else(first);
        draft.context = begun.context;
        if args.to.is_empty() && args.cc.is_empty() && args.bcc.is_empty() {
            draft.to = begun.to;
        }
        if args.subject.is_empty() {
            draft.subject = begun.subject;
        }
        answers = Some((id, Flags::ANSWERED));
    }
    draft.to.extend(addresses(&args.to)?);
    draft.cc = addresses(&args.cc)?;
    draft.bcc = addresses(&args.bcc)?;
    let text = read_text(&args.body_file)?;
    draft.body = match &args.html_file {
        Some(file) => DraftBody::Html { html: read_text(file)?, text: Some(text) },
        None => DraftBody::Text(text),
    };
    for path in &args.attach {
        draft.attachments.push(attachment(path)?);
    }
    Ok((draft, answers))
}

fn receipt(store: &Store, how: Receipt) -> Result<ReceiptChoice> {
    Ok(match how {
        Receipt::None => ReceiptChoice::default(),
        Receipt::Mdn => ReceiptChoice { mdn: true, pixel: None },
        Receipt::Pixel => {
            let server = store.setting(RECEIPT_SERVER)?.ok_or_else(|| {
                let text = "there is no receipt server; 'goyo receipts server set URL' names one";
                CliError::Usage(text.into())
            })?;
            let notice = writing::NOTICE.to_owned();
            ReceiptChoice { mdn: false, pixel: Some(PixelRequest { server, notice }) }
        }
    })
}

/// Addresses, with or without names; what is none is named.
pub(super) fn addresses(written: &[String]) -> Result<Vec<Address>> {
    let mut found = Vec::new();
    for text in written {
        let list = address::list(text.as_bytes(), Some("utf-8"));
        let wrong = list.is_empty()
            || list.iter().any(|address| !crate::mime::compose::is_address(&address.addr));
        if wrong {
            let text = format!("'{text}' is no address; write name@example.com");
            return Err(CliError::Usage(text));
        }
        found.extend(list);
    }
    Ok(found)
}

pub(super) fn read_text(path: &Path) -> Result<String> {
    let failed = |error: std::io::Error| CliError::Failed(format!("{}: {error}", path.display()));
    let mut bytes = Vec::new();
    match path.to_str() {
        Some("-") => std::io::stdin().take(MAX_TEXT + 1).read_to_end(&mut bytes),
        _ => File::open(path).and_then(|file| file.take(MAX_TEXT + 1).read_to_end(&mut bytes)),
    }
    .map_err(failed)?;
    if bytes.len() as u64 > MAX_TEXT {
        let text = format!("{}: more than 16 MB of text; attach it instead", path.display());
        return Err(CliError::Usage(text));
    }
    String::from_utf8(bytes)
        .map_err(|_| CliError::Usage(format!("{}: the text must be UTF-8", path.display())))
}

fn attachment(path: &Path) -> Result<Attachment> {
    let failed = |error: std::io::Error| CliError::Failed(format!("{}: {error}", path.display()));
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(crate::store::MAX_FILES + 1).read_to_end(&mut bytes))
        .map_err(failed)?;
    if bytes.len() as u64 > crate::store::MAX_FILES {
        let text = format!("{}: larger than any server takes", path.display());
        return Err(CliError::Usage(text));
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    Ok(Attachment { name: name.unwrap_or_default(), media_type: String::new(), bytes })
}

/// Seconds since 1970 of a time as it is written.
fn seconds(written: &str) -> Result<i64> {
    let wrong = || {
        CliError::Usage(format!(
            "'{written}' is no time; write 2026-12-24T18:00:00+09:00 or 2026-12-24T18:00"
        ))
    };
    if let Ok(time) = written.parse::<jiff::Timestamp>() {
        return Ok(time.as_second());
    }
    let civil: jiff::civil::DateTime = written.parse().map_err(|_| wrong())?;
    let zoned = civil.to_zoned(jiff::tz::TimeZone::system()).map_err(|_| wrong())?;
    Ok(zoned.timestamp().as_second())
}
