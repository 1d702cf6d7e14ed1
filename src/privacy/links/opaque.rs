//! Wrappers that keep where they lead to themselves: only their server knows, and
//! it learns who clicked. They are named, so that nobody takes them for the place.

use super::unwrap::under;
use url::Url;

/// Hosts of such services, and how the paths of their links begin.
const SERVICES: &[(&str, &str)] = &[
    ("mimecast.com", "/s/"),
    ("mimecastprotect.com", "/s/"),
    ("list-manage.com", "/track/click"),
    ("mailchi.mp", "/"),
    ("sendgrid.net", "/ls/click"),
    ("sendgrid.net", "/wf/click"),
    ("sendgrid.net", "/ss/c/"),
    ("mailgun.org", "/c/"),
    ("hubspotlinks.com", "/"),
    ("hubspotemail.net", "/e"),
    ("klclick.com", "/"),
    ("klclick1.com", "/"),
    ("klclick2.com", "/"),
    ("klclick3.com", "/"),
    ("klaviyomail.com", "/"),
    ("sendibt2.com", "/tr/cl/"),
    ("sendibt3.com", "/tr/cl/"),
    ("sendibm1.com", "/tr/cl/"),
    ("rs6.net", "/tn.jsp"),
    ("activehosted.com", "/lt.php"),
    ("createsend1.com", "/t/"),
    ("cmail19.com", "/t/"),
    ("cmail20.com", "/t/"),
    ("mlsend.com", "/link/c/"),
    ("exct.net", "/"),
    ("exacttarget.com", "/"),
    ("en25.com", "/e/"),
    ("iterable.com", "/u/click"),
    ("via.intercom.io", "/c"),
    ("intercom-mail.com", "/via/c"),
    ("trackedlink.net", "/"),
    ("dmtrk.net", "/"),
    ("e2ma.net", "/click/"),
    ("superhuman.com", "/"),
    ("mailtrack.io", "/trace/link/"),
    ("yesware.com", "/tt/"),
    ("notifications.google.com", "/g/p/"),
    ("c.gle", "/"),
    ("ader.naver.com", "/v1/"),
    ("link.coupang.com", "/"),
    ("stibee.com", "/v2/click/"),
    ("tr.cloudmagic.com", "/"),
];

/// How the links of services look that run under their customers' own names.
const PATHS: &[&str] =
    &["/ls/click?upn=", "/wf/click?upn=", "/ss/c/u001.", "/tr/cl/", "/e3t/ctc/", "/e3t/btc/"];

/// Whether an address that could not be undone is such a wrapper.
pub(super) fn is_opaque(url: &Url) -> bool {
    let Some(name) = url.host_str() else { return false };
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let path = url.path();
    if SERVICES.iter().any(|(host, start)| under(&name, host) && path.starts_with(start)) {
        return true;
    }
    let whole = match url.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let whole = whole.to_ascii_lowercase();
    PATHS.iter().any(|start| whole.starts_with(start)) || is_marketing_cloud(url)
}

/// `?qs=` and a long number in hexadecimal, and nothing else: whatever host it is on.
fn is_marketing_cloud(url: &Url) -> bool {
    let token = url.query().and_then(|query| query.strip_prefix("qs="));
    url.path() == "/"
        && token.is_some_and(|t| t.len() >= 32 && t.bytes().all(|b| b.is_ascii_hexdigit()))
}
