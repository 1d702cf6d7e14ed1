//! What addresses carry only so that somebody knows who came from where.

use super::unwrap::under;
use url::Url;

/// Parameters that only track, by their whole name.
const WHOLE: &[&str] = &[
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
    "_gl",
    "_ga",
    "gcl_au",
    "s_kwcid",
    "ef_id",
    "mkwid",
    "pcrid",
    "zanpid",
    "awc",
    "fb_action_ids",
    "fb_action_types",
    "fb_source",
    "fb_ref",
    "_branch_match_id",
    "_branch_referrer",
    "ref_src",
    "ref_url",
    // Analytics.
    "adobe_mc",
    "adobe_mc_ref",
    "adobe_mc_sdid",
    "xtor",
    "at_medium",
    "at_campaign",
    "cmpid",
    "ncid",
    "spm",
    "scm",
    "nr_email_referer",
    // Mail services.
    "__s",
    "_bhlid",
    "bt_ee",
    "bt_ts",
    "_ri_",
    "_ei_",
    "_di_",
    "sc_src",
    "sc_lid",
    "sc_uid",
    "sc_llid",
    "sc_eh",
    "email_token",
    "email_source",
    "mc_tc",
    "sendgrid_id",
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
const BEGINNINGS: &[&str] = &[
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
    "ga_",
    "iterable_",
    "aff_trace",
];

/// Names that only track on one site and mean something on others.
const ON: &[(&str, &[&str])] = &[
    ("youtube.com", &["si", "pp", "feature"]),
    ("youtu.be", &["si", "feature"]),
    ("spotify.com", &["si", "context"]),
    ("twitter.com", &["s", "t", "cn", "refsrc"]),
    ("x.com", &["s", "t", "cn", "refsrc"]),
    (
        "linkedin.com",
        &[
            "trk",
            "trkemail",
            "midtoken",
            "midsig",
            "lipi",
            "lici",
            "otptoken",
            "trackingid",
            "refid",
            "eid",
        ],
    ),
    ("reddit.com", &["share_id", "correlation_id", "ref_campaign", "ref_source", "rdt", "ref"]),
    ("tiktok.com", &["_r", "_t", "is_from_webapp", "sender_device", "u_code"]),
    (
        "ebay.com",
        &[
            "_trkparms",
            "_trksid",
            "mkevt",
            "mkcid",
            "mkrid",
            "campid",
            "toolid",
            "customid",
            "mkpid",
            "emsid",
            "bu",
            "osub",
            "segname",
            "crd",
        ],
    ),
    ("google.com", &["ved", "ei", "usg", "sca_esv", "sxsrf", "gs_lcp", "gs_lcrp"]),
    ("substack.com", &["r", "token", "isfreemail", "triedredirect"]),
    ("coupang.com", &["traceid", "wpcid", "wref", "wtime", "lptag", "addtag", "ctag", "spec"]),
    ("aliexpress.com", &["pvid", "algo_pvid", "algo_expid", "gps-id", "sk"]),
    ("medium.com", &["source"]),
    ("netflix.com", &["trackid", "trkid", "lnktrk", "g", "lkid"]),
];

/// Amazon has a site in every country.
const ON_AMAZON: &[&str] = &[
    "ref_",
    "linkcode",
    "linkid",
    "creativeasin",
    "qid",
    "sr",
    "crid",
    "sprefix",
    "dib",
    "dib_tag",
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
    let local = local(url.host_str().unwrap_or_default());
    let query = url.query().map(|query| keep(query, '&', &local));
    // Trackers for single-page sites put theirs after the `#`.
    let fragment = url
        .fragment()
        .filter(|fragment| fragment.contains('='))
        .map(|fragment| keep(fragment.trim_start_matches('?'), '&', &local));
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

/// What only tracks on this host.
fn local(host: &str) -> Vec<&'static str> {
    let host = host.to_ascii_lowercase();
    let mut names: Vec<&str> = ON
        .iter()
        .filter(|(site, _)| under(&host, site))
        .flat_map(|(_, names)| *names)
        .copied()
        .collect();
    let registered = crate::privacy::host::registered(&host).unwrap_or_default();
    if registered.starts_with("amazon.") {
        names.extend(ON_AMAZON);
        names.extend(["pd_rd_", "pf_rd_"]);
    }
    names
}

fn keep(query: &str, between: char, local: &[&str]) -> (String, bool) {
    let mut dropped = false;
    let mut kept = String::with_capacity(query.len());
    for pair in query.split(between) {
        let name = pair.split_once('=').map_or(pair, |(name, _)| name);
        if tracks(name, local) {
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

fn tracks(name: &str, local: &[&str]) -> bool {
    let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy().to_ascii_lowercase();
    let name = name.strip_prefix("amp;").unwrap_or(&name);
    let here =
        |known: &&str| name == *known || (known.ends_with("_rd_") && name.starts_with(*known));
    WHOLE.contains(&name)
        || BEGINNINGS.iter().any(|start| name.starts_with(start))
        || local.iter().any(here)
}
