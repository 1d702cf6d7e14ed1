//! What addresses carry only so that somebody knows who came from where.

use url::Url;

/// Parameters that only track, by their whole name.
const WHOLE: [&str; 85] = [
    // Advertising clicks.
    "fbclid",
    "gclid",
    "gclsrc",
    "dclid",
    "gbraid",
    "wbraid",
    "msclkid",
    "yclid",
    "twclid",
    "ttclid",
    "li_fat_id",
    "igshid",
    "igsh",
    "epik",
    "rdt_cid",
    "sccid",
    "srsltid",
    "ysclid",
    "irclickid",
    "cjevent",
    "wickedid",
    "obclid",
    "tblci",
    "_openstat",
    "gad_source",
    "gad_campaignid",
    // Mail services.
    "mc_eid",
    "mc_cid",
    "_hsenc",
    "_hsmi",
    "__hssc",
    "__hstc",
    "__hsfp",
    "hsctatracking",
    "mkt_tok",
    "vero_id",
    "vero_conv",
    "_ke",
    "_kx",
    "klaviyo_id",
    "ml_subscriber",
    "ml_subscriber_hash",
    "oly_anon_id",
    "oly_enc_id",
    "ck_subscriber_id",
    "bsft_clkid",
    "bsft_uid",
    "bsft_eid",
    "bsft_mid",
    "sfmc_id",
    "sfmc_sub",
    "sfmc_activityid",
    "et_rid",
    "elqtrackid",
    "elqtrack",
    "elqaid",
    "elqat",
    "elqcampaignid",
    "elq",
    "s_cid",
    "trk_contact",
    "trk_msg",
    "trk_module",
    "trk_sid",
    "spmailingid",
    "spuserid",
    "spjobid",
    "spreportid",
    "rb_clickid",
    "dm_i",
    "wt_mc",
    "wt.mc_id",
    "inf_contact_key",
    "guccounter",
    "_bta_tid",
    "_bta_c",
    "ss_email_id",
    "sb_subscriber",
    "vgo_ee",
    "emci",
    "emdi",
    // Korea.
    "napm",
    "n_ad",
    "n_query",
    "n_rank",
];

/// The same, by how the name begins.
const BEGINNINGS: [&str; 13] = [
    "utm_",
    "n_media",
    "n_keyword",
    "n_campaign",
    "n_match",
    "n_network",
    "n_mall",
    "pk_",
    "mtm_",
    "matomo_",
    "hsa_",
    "vero_",
    "stm_",
];

/// An address without the parameters that only track. Whatever is not http(s) and
/// whatever has none of them comes back as it was.
pub fn clean(address: &str) -> String {
    let Ok(mut url) = Url::parse(address) else {
        return address.to_owned();
    };
    if !matches!(url.scheme(), "http" | "https") {
        return address.to_owned();
    }
    let query = url.query().map(|query| keep(query, '&'));
    // Trackers for single-page sites put theirs after the `#`.
    let fragment = url
        .fragment()
        .filter(|fragment| fragment.contains('='))
        .map(|fragment| keep(fragment.trim_start_matches('?'), '&'));
    let mut changed = false;
    if let Some((kept, true)) = query {
        url.set_query(Some(kept.as_str()).filter(|kept| !kept.is_empty()));
        changed = true;
    }
    if let Some((kept, true)) = fragment {
        url.set_fragment(Some(kept.as_str()).filter(|kept| !kept.is_empty()));
        changed = true;
    }
    if changed { url.into() } else { address.to_owned() }
}

fn keep(query: &str, between: char) -> (String, bool) {
    let mut dropped = false;
    let mut kept = String::with_capacity(query.len());
    for pair in query.split(between) {
        let name = pair.split_once('=').map_or(pair, |(name, _)| name);
        if tracks(name) {
            dropped = true;
            continue;
        }
        if !kept.is_empty() {
            kept.push(between);
        }
        kept.push_str(pair);
    }
    (kept, dropped)
}

fn tracks(name: &str) -> bool {
    let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy().to_ascii_lowercase();
    let name = name.strip_prefix("amp;").unwrap_or(&name);
    WHOLE.contains(&name) || BEGINNINGS.iter().any(|start| name.starts_with(start))
}
