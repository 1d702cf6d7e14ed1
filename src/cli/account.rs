//! `goyo account add|list|set|remove|test|password`

mod set;

use super::{CliError, Context, Exit, Result};
use crate::engine::accounts::{self, Failure, Known, Sentence, Source, Tested};
use crate::engine::{self, EngineError};
use crate::i18n::{Language, Words};
use crate::model::{
    Account, AccountKind, FolderPolicy, Identity, Secret, Security, Server, Settings,
};
use crate::net::dns::{Dns, DnsError};
use crate::net::imap::Log;
use crate::secrets::{LONGEST, Vault};
use crate::store::Store;
use serde::Serialize;
use std::io::Read as _;
use zeroize::Zeroizing;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Add an account; its password comes from standard input
    Add(Box<Add>),
    /// List the accounts
    List,
    /// Change who writes from an account, how much of it is kept here, or its proxy
    Set(Box<set::Args>),
    /// Remove an account with its letters here and its password; the server is not touched
    Remove {
        /// The account's name
        name: String,
        /// What becomes of drafts that are not on its server
        #[arg(long, value_name = "WHAT", default_value = "keep")]
        drafts: Drafts,
    },
    /// Connect and log in, and say what is wrong if that does not work
    Test {
        /// The account's name
        name: String,
        /// Believe the certificate with this SHA-256 from now on, although nobody vouches for it
        #[arg(long, value_name = "SHA256")]
        trust: Option<String>,
    },
    /// Replace the password that is kept for an account
    Password {
        /// The account's name
        name: String,
        /// Read it from the first line of standard input
        #[arg(long, required = true)]
        password_stdin: bool,
    },
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Drafts {
    /// The account stays as long as there are any
    Keep,
    /// They go with it
    Discard,
}

#[derive(Debug, clap::Args)]
struct Add {
    /// What the account is called here; folders are written NAME/PATH
    #[arg(long)]
    name: String,
    /// Its address
    #[arg(long, value_name = "ADDRESS")]
    email: String,
    /// The name letters are sent under
    #[arg(long, value_name = "NAME")]
    sender: Option<String>,
    /// The user's name on the server, where the provider is not known to have another
    #[arg(long)]
    user: Option<String>,
    /// Where mail is read; known for many providers, else DNS is asked about the domain
    #[arg(long, value_name = "HOST:PORT[:tls|starttls|plain]")]
    imap: Option<String>,
    /// Where mail is sent
    #[arg(long, value_name = "HOST:PORT[:tls|starttls|plain]")]
    smtp: Option<String>,
    /// Read the password from the first line of standard input
    #[arg(long, required = true)]
    password_stdin: bool,
    /// The server that sends files a copy in Sent itself: yes or no, where the provider is not
    /// known
    #[arg(long, value_name = "YES|NO", value_parser = clap::builder::BoolishValueParser::new())]
    files_sent: Option<bool>,
    /// A SOCKS5 or HTTP proxy for this account
    #[arg(long, value_name = "URL")]
    proxy: Option<String>,
    /// Believe the certificate with this SHA-256, although nobody vouches for it
    #[arg(long, value_name = "SHA256")]
    trust: Option<String>,
    /// Send the password unprotected over the network if a server is given as plain
    #[arg(long)]
    allow_plain: bool,
    /// Test it first; one that does not work is not added
    #[arg(long, conflicts_with = "no_test")]
    test: bool,
    /// Do not connect (the default)
    #[arg(long)]
    no_test: bool,
}

pub(super) fn run(context: &Context, args: &Args) -> Result {
    match &args.verb {
        Verb::Add(args) => add(context, args),
        Verb::List => list(context),
        Verb::Set(args) => set::run(context, args),
        Verb::Remove { name, drafts } => remove(context, name, *drafts),
        Verb::Test { name, trust } => test(context, name, trust.as_deref()),
        Verb::Password { name, .. } => password(context, name),
    }
}

fn add(context: &Context, args: &Add) -> Result {
    let settings = settings(context, args)?;
    let secret = read_secret("password")?;
    let profile = context.profile()?;
    let (store, _lock) = context.store_to_write()?;
    let vault = Vault::of(&profile);
    if args.test
        && let Err(failure) =
            wait(accounts::test_both(Some(&args.email), &settings, &secret, &Log::default()))?
    {
        return failed(context, &args.name, &failure);
    }
    accounts::add(&store, &vault, &args.name, &args.email, &settings, &secret)?;
    let account = store.account(&args.name)?;
    let mut out = context.output();
    if context.json {
        out.object(&Row::of(&account))?;
    } else {
        out.line(&format!(
            "added {}; 'goyo account test {}' tries it, 'goyo sync --account {}' fetches its mail",
            account.name, account.name, account.name
        ))?;
    }
    out.finish()?;
    Ok(Exit::Done)
}

/// What was asked for, filled up with what is known of the provider.
fn settings(context: &Context, args: &Add) -> Result<Settings> {
    let Some(mut known) = accounts::settings_for(&args.email) else {
        return Err(CliError::Usage(format!("'{}' is no mail address", args.email)));
    };
    if let Some(text) = &args.proxy {
        accounts::check_proxy(text)
            .map_err(|error| CliError::Usage(format!("--proxy: {error}")))?;
    }
    if args.imap.is_none() && known.provider.is_none() {
        known = found(context, args)?;
    }
    let mut settings = known.settings;
    settings.sender = args.sender.clone().unwrap_or_default();
    settings.proxy.clone_from(&args.proxy);
    settings.files_sent = args.files_sent;
    if let Some(user) = &args.user {
        settings.user.clone_from(user);
    }
    if let (None, None, Some(provider)) = (&args.imap, &settings.imap, known.provider) {
        return Err(CliError::Usage(format!(
            "{} has no IMAP server that Goyo could read from; if there is one, name it with \
             --imap HOST:PORT",
            provider.name
        )));
    }
    if let Some(text) = &args.imap {
        settings.imap = Some(server("--imap", text, args.allow_plain)?);
        // A server of one's own reads and sends: the provider's would not know the user.
        settings.smtp = None;
    }
    if let Some(text) = &args.smtp {
        settings.smtp = Some(server("--smtp", text, args.allow_plain)?);
    }
    if let (Some(text), Some(imap)) = (&args.trust, &mut settings.imap) {
        let pin = Some(fingerprint(text)?);
        // One computer for both has one certificate, mostly.
        if let Some(smtp) = settings.smtp.as_mut().filter(|smtp| smtp.host == imap.host) {
            smtp.pin.clone_from(&pin);
        }
        imap.pin = pin;
    }
    Ok(settings)
}

/// The proxy for what belongs to no account: this one, else the first that an account has.
pub(super) fn way(context: &Context, named: Option<&str>) -> Result<Option<String>> {
    match context.existing() {
        Ok(profile) => Ok(engine::proxy(&Store::open(&profile)?, named)?),
        // There is no account yet.
        Err(_) => Ok(named.map(str::to_owned)),
    }
}

/// What DNS knows of an address whose domain is not in the list.
fn found(context: &Context, args: &Add) -> Result<Known> {
    let email = &args.email;
    let by_hand = "say where mail is read with --imap HOST:PORT";
    if way(context, args.proxy.as_deref())?.is_some() {
        return Err(CliError::Usage(format!(
            "the provider of '{email}' is not known, and DNS is not asked where an account is \
             behind a proxy; {by_hand}"
        )));
    }
    let known = match wait(accounts::find(&Dns::system(), email))? {
        Ok(Some(known)) => known,
        Ok(None) | Err(DnsError::Domain(_)) => {
            return Err(CliError::Usage(format!(
                "the provider of '{email}' is not known; {by_hand}"
            )));
        }
        Err(error) => {
            return Err(CliError::Usage(format!(
                "the provider of '{email}' is not known: {error}; {by_hand}"
            )));
        }
    };
    let options = [("--imap", &known.settings.imap), ("--smtp", &known.settings.smtp)]
        .into_iter()
        .filter_map(|(option, server)| {
            let server = server.as_ref()?;
            Some(format!("{option} {server}:{}", server.security.word()))
        })
        .collect::<Vec<_>>()
        .join(" ");
    match (known.source, known.provider) {
        // DNS proves nothing: where the password goes is for the user to say.
        (Source::Domain { elsewhere: true }, _) => Err(CliError::Usage(format!(
            "the mail of '{email}' is said to lie at servers of another domain; if you know them \
             to be right, say {options}"
        ))),
        (_, Some(provider)) => {
            eprintln!("goyo: {} looks after the mail of '{email}'", provider.name);
            Ok(known)
        }
        (_, None) => {
            eprintln!("goyo: the domain of '{email}' names {options}");
            Ok(known)
        }
    }
}

fn server(option: &str, text: &str, allow_plain: bool) -> Result<Server> {
    let server = accounts::server(text)
        .map_err(|error| CliError::Usage(format!("{option} {text}: {error}")))?;
    if server.security == Security::Plain && !server.is_here() && !allow_plain {
        return Err(CliError::Usage(format!(
            "{option} {text}: everybody on the way could read the password; use tls or starttls, \
             or say --allow-plain if you really mean it"
        )));
    }
    Ok(server)
}

/// A fingerprint as people copy it: with colons or without, in any case.
fn fingerprint(text: &str) -> Result<String> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != ':').collect();
    match digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        true => Ok(digits.to_ascii_lowercase()),
        false => Err(CliError::Usage(
            "--trust wants the SHA-256 of the certificate: 64 hexadecimal digits".into(),
        )),
    }
}

/// The first line of standard input.
pub(super) fn read_secret(what: &str) -> Result<Secret> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 3));
    std::io::stdin().lock().take(LONGEST as u64 + 2).read_to_end(&mut bytes)?;
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if line.is_empty() {
        return Err(CliError::Usage(format!("no {what} came in on standard input")));
    }
    if line.len() > LONGEST {
        return Err(CliError::Usage(format!("that is longer than any {what}")));
    }
    match std::str::from_utf8(line) {
        Ok(text) => Ok(Secret::new(text.to_owned())),
        Err(_) => Err(CliError::Usage(format!("the {what} is not UTF-8"))),
    }
}

fn list(context: &Context) -> Result {
    let profile = context.profile()?;
    let mut out = context.output();
    // A profile that is not there yet has no accounts.
    if Store::exists(&profile) {
        for account in Store::open(&profile)?.accounts()? {
            if account.kind == AccountKind::Local {
                continue;
            }
            let row = Row::of(&account);
            if context.json {
                out.object(&row)?;
            } else {
                let imap = row.imap.as_deref().unwrap_or("-");
                let email = row.email.unwrap_or_default();
                out.line(&format!("{}  {email}  {} at {imap}", row.account, row.user))?;
            }
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}

fn remove(context: &Context, name: &str, drafts: Drafts) -> Result {
    let profile = context.existing()?;
    let (store, _lock) = context.store_to_write()?;
    let account = store.account(name)?;
    let drafts = match drafts {
        Drafts::Keep => accounts::Drafts::Keep,
        Drafts::Discard => accounts::Drafts::Discard,
    };
    accounts::remove(&store, &Vault::of(&profile), account.id, drafts)?;
    let mut out = context.output();
    if context.json {
        out.object(&Removed { account: &account.name, removed: true })?;
    } else {
        out.line(&format!("removed {}; its mail on the server is as it was", account.name))?;
    }
    out.finish()?;
    Ok(Exit::Done)
}

fn test(context: &Context, name: &str, trust: Option<&str>) -> Result {
    let profile = context.existing()?;
    let pin = trust.map(fingerprint).transpose()?;
    let (store, _lock) = match pin {
        Some(_) => context.store_to_write().map(|(store, lock)| (store, Some(lock)))?,
        None => (Store::open(&profile)?, None),
    };
    let mut account = store.account(name)?;
    if account.kind == AccountKind::Local {
        return Err(CliError::Usage("the folders of this computer need no test".into()));
    }
    let vault = Vault::of(&profile);
    let mut tested = wait(accounts::test_kept(&account, &vault, &Log::default()))?;
    // It is trusted where it is shown: by the one server, the other, or both.
    while let (Err(failure), Some(pin)) = (&tested, &pin)
        && failure.trust(&mut account.settings, pin)
    {
        tested = wait(accounts::test_kept(&account, &vault, &Log::default()))?;
    }
    match tested {
        Ok(tested) => {
            if trust.is_some() {
                store.set_account(account.id, &account.settings)?;
            }
            works(context, &account.name, &tested)
        }
        Err(failure) => failed(context, &account.name, &failure),
    }
}

fn password(context: &Context, name: &str) -> Result {
    let secret = read_secret("password")?;
    let profile = context.existing()?;
    let (store, _lock) = context.store_to_write()?;
    let account = store.account(name)?;
    if account.kind == AccountKind::Local {
        return Err(CliError::Usage("the folders of this computer have no password".into()));
    }
    Vault::of(&profile).set(account.id.0, &secret).map_err(EngineError::from)?;
    let mut out = context.output();
    if context.json {
        out.object(&Row::of(&account))?;
    } else {
        out.line(&format!("the password of {} is replaced", account.name))?;
    }
    out.finish()?;
    Ok(Exit::Done)
}

fn works(context: &Context, name: &str, tested: &Tested) -> Result {
    let mut out = context.output();
    if context.json {
        out.object(&Works {
            account: name,
            ok: true,
            folders: tested.folders,
            capabilities: &tested.capabilities,
            sends: tested.sends,
        })?;
    } else {
        let sends = if tested.sends == Some(true) { ", and letters can be sent" } else { "" };
        out.line(&format!("{name} works: {} folders{sends}", tested.folders))?;
    }
    out.finish()?;
    Ok(Exit::Done)
}

/// Says why it does not work. The object for machines goes to standard output, the
/// sentences to standard error.
fn failed(context: &Context, name: &str, failure: &Failure) -> Result {
    let words = Words::new(Language::English);
    let sentences: Vec<String> =
        failure.sentences().iter().map(|sentence| say(&words, sentence)).collect();
    if context.json {
        let mut out = context.output();
        let reason = failure.trouble.name();
        out.object(&Fails {
            account: name,
            ok: false,
            sending: failure.sending,
            reason: reason.strip_prefix("trouble-").unwrap_or(reason),
            text: sentences.join(" "),
            advice: failure
                .advice
                .iter()
                .map(|advice| advice.name().strip_prefix("advice-").unwrap_or(advice.name()))
                .collect(),
            provider: failure.provider.map(|provider| provider.id.as_str()),
            said: failure.said.as_deref(),
            sha256: match &failure.trouble {
                accounts::Trouble::Certificate { sha256 } => Some(sha256),
                _ => None,
            },
        })?;
        out.finish()?;
    }
    for sentence in &sentences {
        eprintln!("goyo: {}", super::output::harmless(sentence));
    }
    if matches!(failure.trouble, accounts::Trouble::Certificate { .. }) {
        eprintln!("goyo: 'goyo account test {name} --trust SHA256' trusts it from now on");
    }
    Ok(Exit::Failed)
}

fn say(words: &Words, sentence: &Sentence) -> String {
    let values: Vec<_> =
        sentence.values.iter().map(|(name, value)| (*name, value.as_str().into())).collect();
    words.say_with(sentence.name, &values)
}

/// Runs a conversation with a server to its end.
pub(super) fn wait<T>(work: impl Future<Output = T>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(EngineError::from)?;
    Ok(runtime.block_on(work))
}

/// An account as `list` and `add` show it.
#[derive(Serialize)]
struct Row<'a> {
    account: &'a str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    sender: &'a str,
    user: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    imap: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    smtp: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proxy: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trusts: Option<&'a str>,
    /// Where it is not everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    keeps: Option<String>,
    /// Beside the own address, or where that has more than a name.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    identities: &'a [Identity],
}

impl<'a> Row<'a> {
    fn of(account: &'a Account) -> Self {
        let written = |server: &Server| format!("{server}:{}", server.security.word());
        let settings = &account.settings;
        Self {
            account: &account.name,
            kind: match account.kind {
                AccountKind::Local => "local",
                AccountKind::Imap => "imap",
                AccountKind::Pop3 => "pop3",
            },
            email: account.address.as_deref(),
            sender: &settings.sender,
            user: &settings.user,
            imap: settings.imap.as_ref().map(written),
            smtp: settings.smtp.as_ref().map(written),
            proxy: settings.proxy.as_deref(),
            trusts: settings.imap.as_ref().and_then(|server| server.pin.as_deref()),
            keeps: (settings.policy != FolderPolicy::Everything)
                .then(|| set::kept(settings.policy)),
            identities: &settings.identities,
        }
    }
}

#[derive(Serialize)]
struct Removed<'a> {
    account: &'a str,
    removed: bool,
}

#[derive(Serialize)]
struct Works<'a> {
    account: &'a str,
    ok: bool,
    folders: usize,
    capabilities: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    sends: Option<bool>,
}

#[derive(Serialize)]
struct Fails<'a> {
    account: &'a str,
    ok: bool,
    /// It is the server that sends.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    sending: bool,
    reason: &'a str,
    text: String,
    advice: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    said: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<&'a str>,
}
