//! The one answer of `/r/…`.

use axum::body::{Body, Bytes};
use axum::http::{Method, Response, StatusCode, header};

/// A transparent picture of 1×1.
const PICTURE: &[u8] = include_bytes!("../../assets/receipt.png");

/// The answer: the same for everybody, whatever was asked for.
pub(super) fn answer() -> Response<Body> {
    let mut response = Response::new(Body::from(Bytes::from_static(PICTURE)));
    let head = response.headers_mut();
    let mut set = |name, value| head.insert(name, header::HeaderValue::from_static(value));
    set(header::CONTENT_TYPE, "image/png");
    // Whoever opens the letter again should ask again.
    set(header::CACHE_CONTROL, "no-store");
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::HeaderName::from_static("cross-origin-resource-policy"), "cross-origin");
    response
}

/// What a method other than GET and HEAD gets.
pub(super) fn not_so() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static("GET, HEAD"));
    response
}

/// Whether a method asks for the picture.
pub(super) fn is_asked_by(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// The token in a path that could have been given out by somebody.
pub(super) fn token(path: &str) -> Option<&str> {
    let token = path.strip_prefix("/r/")?.strip_suffix(".png")?;
    let is_token = (16..=64).contains(&token.len())
        && token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    is_token.then_some(token)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn only_what_could_be_a_token_is_looked_up() {
        let hex = "0123456789abcdef0123456789abcdef";
        assert_eq!(token(&format!("/r/{hex}.png")), Some(hex));
        for garbage in [
            "/r/.png".to_owned(),
            "/r/short.png".to_owned(),
            format!("/r/{hex}"),
            format!("/r/{hex}.gif"),
            format!("/r/{hex}.png/"),
            format!("/r//{hex}.png"),
            format!("//r/{hex}.png"),
            format!("/r/../r/{hex}.png"),
            format!("/r/%30{}.png", &hex[1..]),
            format!("/r/{}.png", "a".repeat(65)),
            format!("/R/{hex}.png"),
        ] {
            assert_eq!(token(&garbage), None, "{garbage}");
        }
    }
}
