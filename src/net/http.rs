//! Remote pictures over HTTP/1.1 (RFC 9110, 9112): no cookies, no Referer, one generic
//! User-Agent and Accept, no caching, no redirects of its own, caps on size and time,
//! private addresses refused after the look-up, proxies resolve names themselves.

/// Fetches pictures.
#[derive(Debug, Clone, Default)]
pub struct Client {}
