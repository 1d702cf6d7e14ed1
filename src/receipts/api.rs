//! What is answered: the picture to everybody, tokens and events to who has a key.

use super::hits::{Hit, Hits};
use super::judge::{Judge, Signs};
use super::pace::Pace;
use super::{Database, ReceiptsError, bounds, picture};
use crate::model::{ReceiptEvent, Registration, TokenHash};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use tokio::sync::Semaphore;

/// What the answers need.
pub(super) struct Desk {
    database: Mutex<Database>,
    hits: Hits,
    judge: Judge,
    pace: Pace,
    bodies: Semaphore,
    /// The field in which a reverse proxy names its client, if it is believed.
    client_field: Option<HeaderName>,
}

impl Desk {
    pub(super) fn new(database: Database, hits: Hits, client_field: Option<HeaderName>) -> Self {
        Self {
            database: Mutex::new(database),
            hits,
            judge: Judge::default(),
            pace: Pace::default(),
            bodies: Semaphore::new(bounds::BODIES),
            client_field,
        }
    }

    /// Asks the database, on a thread that may wait.
    async fn ask<T: Send + 'static>(
        self: &Arc<Self>,
        question: impl FnOnce(&mut Database) -> super::Result<T> + Send + 'static,
    ) -> Result<T, Refusal> {
        let desk = Arc::clone(self);
        let asked = tokio::task::spawn_blocking(move || {
            question(&mut desk.database.lock().unwrap_or_else(PoisonError::into_inner))
        });
        asked.await.map_err(|_| Refusal::TROUBLE)?.map_err(Refusal::from)
    }

    /// The key that a request shows, if it may ask now.
    async fn owner(self: &Arc<Self>, head: &HeaderMap) -> Result<i64, Refusal> {
        let key = bearer(head).ok_or(Refusal::NO_KEY)?.to_owned();
        let owner = self.ask(move |database| database.owner(&key)).await?;
        let owner = owner.ok_or(Refusal::NO_KEY)?;
        match self.pace.allows(owner, Instant::now()) {
            true => Ok(owner),
            false => Err(Refusal::TOO_OFTEN),
        }
    }

    /// Notes a fetch: what it says of its maker is judged here and goes no further.
    fn note(&self, request: &Request) {
        let Some(token) = picture::token(request.uri().path()) else { return };
        let head = request.headers();
        let text = |name: &HeaderName| head.get(name).and_then(|value| value.to_str().ok());
        let says = |name: &'static str, what: &str| {
            text(&HeaderName::from_static(name))
                .is_some_and(|value| value.to_ascii_lowercase().contains(what))
        };
        let signs = Signs {
            user_agent: text(&header::USER_AGENT),
            address: self.client_field.as_ref().and_then(|name| client(head, name)),
            ahead: request.method() == axum::http::Method::HEAD
                || says("sec-purpose", "prefetch")
                || says("purpose", "prefetch")
                || says("x-moz", "prefetch")
                || says("x-purpose", "preview"),
        };
        self.hits.note(Hit {
            hash: TokenHash::of(token),
            at: super::now(),
            judged: self.judge.judge(signs),
        });
    }
}

/// Who is answered what.
pub(super) fn router(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/v1/tokens", post(register))
        .route("/v1/events", get(events))
        .fallback(anything)
        .with_state(desk)
}

/// Everything below `/r/` is the picture; nothing else is here.
async fn anything(State(desk): State<Arc<Desk>>, request: Request) -> Response<Body> {
    if !request.uri().path().starts_with("/r/") {
        return Refusal::NOTHING_HERE.into_response();
    }
    if !picture::is_asked_by(request.method()) {
        return picture::not_so();
    }
    desk.note(&request);
    picture::answer()
}

#[derive(Debug, Deserialize)]
struct Tokens {
    tokens: Vec<Wanted>,
}

/// A token as it is registered: by spans, or by moments of the sender's clock.
#[derive(Debug, Deserialize)]
struct Wanted {
    hash: TokenHash,
    lives: Option<i64>,
    expires: Option<i64>,
    ago: Option<i64>,
    sent: Option<i64>,
}

impl Wanted {
    fn at(&self, now: i64) -> Option<Registration> {
        let until = |moment: i64| moment.saturating_sub(now);
        let lives = self.lives.or(self.expires.map(until))?;
        let ago = self.ago.or(self.sent.map(|sent| now.saturating_sub(sent)));
        Some(Registration { hash: self.hash, lives, ago })
    }
}

#[derive(Debug, Serialize)]
struct Registered {
    registered: usize,
}

async fn register(State(desk): State<Arc<Desk>>, request: Request) -> Response<Body> {
    answer(StatusCode::OK, registered(&desk, request).await)
}

async fn registered(desk: &Arc<Desk>, request: Request) -> Result<Registered, Refusal> {
    let owner = desk.owner(request.headers()).await?;
    let _room = desk.bodies.acquire().await.map_err(|_| Refusal::TROUBLE)?;
    let body = to_bytes(request.into_body(), bounds::BODY).await.map_err(|_| Refusal::TOO_LARGE)?;
    let Tokens { tokens } =
        serde_json::from_slice(&body).map_err(|error| Refusal::garbled(&error))?;
    if tokens.len() > bounds::TOKENS_AT_ONCE {
        return Err(Refusal::TOO_LARGE);
    }
    let now = super::now();
    let tokens: Option<Vec<Registration>> = tokens.iter().map(|token| token.at(now)).collect();
    let tokens = tokens.ok_or(Refusal::NO_LIFE)?;
    let registered = tokens.len();
    desk.ask(move |database| database.register(owner, &tokens, now)).await?;
    Ok(Registered { registered })
}

#[derive(Debug, Serialize)]
struct Told {
    events: Vec<ReceiptEvent>,
    next: String,
    more: bool,
}

async fn events(State(desk): State<Arc<Desk>>, request: Request) -> Response<Body> {
    answer(StatusCode::OK, told(&desk, request).await)
}

async fn told(desk: &Arc<Desk>, request: Request) -> Result<Told, Refusal> {
    let owner = desk.owner(request.headers()).await?;
    let query = request.uri().query().unwrap_or_default();
    let since = query.split('&').find_map(|pair| pair.strip_prefix("since=")).map(str::to_owned);
    let page = desk.ask(move |database| database.events(owner, since.as_deref())).await?;
    Ok(Told { events: page.events, next: page.next, more: page.more })
}

/// The key in `Authorization: Bearer …` (RFC 6750).
fn bearer(head: &HeaderMap) -> Option<&str> {
    let (scheme, key) = head.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(key.trim())
}

/// The last address in the proxy's field: the one that the proxy itself put there.
fn client(head: &HeaderMap, field: &HeaderName) -> Option<IpAddr> {
    let said = head.get_all(field).iter().next_back()?.to_str().ok()?;
    let last = said.rsplit(',').next()?.trim().trim_start_matches('[').trim_end_matches(']');
    last.parse().ok()
}

/// Why something is not done.
#[derive(Debug)]
struct Refusal {
    status: StatusCode,
    error: std::borrow::Cow<'static, str>,
}

impl Refusal {
    const NO_KEY: Self = Self::of(StatusCode::UNAUTHORIZED, "this needs a key of this server");
    const TOO_OFTEN: Self =
        Self::of(StatusCode::TOO_MANY_REQUESTS, "this key asks too often; ask again later");
    const TOO_LARGE: Self = Self::of(
        StatusCode::PAYLOAD_TOO_LARGE,
        "that is too much at once, or did not arrive; send fewer tokens",
    );
    const NO_LIFE: Self = Self::of(
        StatusCode::BAD_REQUEST,
        "each token needs 'lives': for how many seconds it is to be known",
    );
    const NOTHING_HERE: Self = Self::of(StatusCode::NOT_FOUND, "there is nothing here");
    const TROUBLE: Self =
        Self::of(StatusCode::SERVICE_UNAVAILABLE, "the server has trouble; ask again later");

    const fn of(status: StatusCode, error: &'static str) -> Self {
        Self { status, error: std::borrow::Cow::Borrowed(error) }
    }

    fn garbled(error: &serde_json::Error) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            error: format!("that could not be understood: {error}").into(),
        }
    }

    fn into_response(self) -> Response<Body> {
        #[derive(Serialize)]
        struct Said<'s> {
            error: &'s str,
        }
        let status = self.status;
        let mut response = json(status, &Said { error: &self.error });
        let head = response.headers_mut();
        if status == StatusCode::UNAUTHORIZED {
            head.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if status == StatusCode::TOO_MANY_REQUESTS {
            head.insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
        }
        response
    }
}

impl From<ReceiptsError> for Refusal {
    fn from(error: ReceiptsError) -> Self {
        let status = match &error {
            ReceiptsError::Token { .. } => StatusCode::CONFLICT,
            ReceiptsError::Full => StatusCode::INSUFFICIENT_STORAGE,
            error => {
                eprintln!("goyo: {error}");
                return Self::TROUBLE;
            }
        };
        Self { status, error: error.to_string().into() }
    }
}

fn answer(status: StatusCode, answer: Result<impl Serialize, Refusal>) -> Response<Body> {
    match answer {
        Ok(value) => json(status, &value),
        Err(refusal) => refusal.into_response(),
    }
}

fn json(status: StatusCode, value: &impl Serialize) -> Response<Body> {
    let mut response = match serde_json::to_vec(value) {
        Ok(bytes) => Response::new(Body::from(bytes)),
        Err(_) => Response::new(Body::empty()),
    };
    *response.status_mut() = status;
    let head = response.headers_mut();
    head.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    head.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
