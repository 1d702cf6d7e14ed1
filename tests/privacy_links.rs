//! Links, looked at before they are opened.

use base64::Engine as _;
use goyo::model::Link;
use goyo::privacy::links::{self, LinkReport, Warning};

fn judge(href: &str, text: &str) -> LinkReport {
    links::judge(&Link { href: href.into(), text: text.into() })
}

fn base64(text: &str) -> String {
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text)
}

#[test]
fn wrappers_are_undone() {
    let target = "https://shop.example.com/path?a=1";
    let encoded = "https%3A%2F%2Fshop.example.com%2Fpath%3Fa%3D1";
    let json = serde_json::json!({ "url": target, "id": "x" }).to_string();
    let mandrill = base64(&serde_json::json!({ "s": "x", "v": 1, "p": json }).to_string());
    let table = [
        format!("https://nam01.safelinks.protection.outlook.com/?url={encoded}&data=05%7C01"),
        format!("https://kor01.safelinks.protection.outlook.com/ap/w-59584e83/?url={encoded}"),
        format!("https://urldefense.proofpoint.com/v1/url?u={encoded}&k=x"),
        "https://urldefense.proofpoint.com/v2/url?u=https-3A__shop.example.com_path-3Fa-3D1&d=DwMFaQ&c=x".into(),
        "https://urldefense.com/v3/__https://shop.example.com/path?a=1__;!!abc!def$".into(),
        "https://urldefense.com/v3/__https:/shop.example.com/path?a=1__;!!abc!def$".into(),
        // `?` and `=` taken out: base64 of `?=`.
        "https://urldefense.com/v3/__https://shop.example.com/path*a*1__;Pz0!!abc!def$".into(),
        format!("https://mandrillapp.com/track/click/123/shop.example.com?p={mandrill}"),
        format!("https://abc.r.us-east-1.awstrack.me/L0/{encoded}/1/0100/x=1"),
        format!("https://www.google.com/url?q={encoded}&sa=D&usg=x"),
        format!("https://www.google.co.kr/url?url={encoded}&rct=j"),
        format!("https://l.facebook.com/l.php?u={encoded}&h=x"),
        format!("https://www.linkedin.com/safety/go?url={encoded}&trk=x"),
        format!("https://www.youtube.com/redirect?event=x&q={encoded}"),
        format!("https://linkprotect.cudasvc.com/url?a={encoded}&c=E,1"),
        format!("https://slack-redir.net/link?url={encoded}"),
        format!("https://out.reddit.com/t3_x?url={encoded}&token=x"),
        format!("https://click.redditmail.com/CL0/{encoded}/1/x/y"),
        format!("https://steamcommunity.com/linkfilter/?url={encoded}"),
        format!("https://event.stibee.com/v2/click/MTIz/{}", base64(target)),
        format!("https://cr.shopping.naver.com/adcr.nhn?x=1&url={encoded}"),
        format!("https://cc.naver.com/cc?a=x&u={encoded}"),
        format!("https://t.kakao.com/redirect?url={encoded}"),
        format!("https://away.vk.com/away.php?to={encoded}"),
        format!("https://deref-gmx.com/mail/client/x/dereferrer/?redirectUrl={encoded}"),
        "https://urldefense.us/v2/url?u=https-3A__shop.example.com_path-3Fa-3D1".into(),
        format!("https://secure-web.cisco.com/1abc/{encoded}"),
        format!("https://url.avanan.click/v2/___{target}___.YXAzOm"),
        format!("https://tracker.example.org/click?id=1&url={encoded}"),
        format!("https://tracker.example.org/r?redirect={encoded}&x=1"),
        format!("https://tracker.example.org/r?u={}", base64(target)),
        format!("https://imsva91-ctp.trendmicro.com:443/wis/clicktime/v1/query?url={encoded}&umid=x&auth=y"),
        format!("https://protect2.fireeye.com/v1/url?k=1&q=1&e=2&u={encoded}"),
        format!("https://eu-west-1.protection.sophos.com/?d=example.com&u={}&i=x", base64(target)),
        format!("https://clicktime.symantec.com/3abc?u={encoded}"),
        format!("https://statics.teams.cdn.office.net/evergreen-assets/safelinks/1/atp-safelinks.html?url={encoded}&locale=ko"),
        format!("https://nam.safelink.emails.azure.net/redirect/?destination={encoded}&p=x"),
        format!("https://outlook.office.com/mail/safelink.html?url={encoded}&corid=x"),
        // {"e":"https://shop.example.com/path?a=1"}
        "https://substack.com/redirect/2/eyJlIjoiaHR0cHM6Ly9zaG9wLmV4YW1wbGUuY29tL3BhdGg_YT0xIn0.c2ln".into(),
        format!("https://e.customeriomail.com/e/c/{}/5d1a", base64(&serde_json::json!({"email_id": "R", "href": target}).to_string())),
        "https://click.pstmrk.it/3s/shop.example.com%2Fpath%3Fa%3D1/abc/AQ/1".into(),
        // `https://shop.example.com/path?a=1` in base64, in the path.
        "http://x1.mjt.lu/lnk/AAA/1/BBB/aHR0cHM6Ly9zaG9wLmV4YW1wbGUuY29tL3BhdGg_YT0x".into(),
        "https://click.convertkit-mail2.com/abc/def/aHR0cHM6Ly9zaG9wLmV4YW1wbGUuY29tL3BhdGg_YT0x".into(),
        "https://www.bing.com/ck/a?!&&p=x&u=a1aHR0cHM6Ly9zaG9wLmV4YW1wbGUuY29tL3BhdGg_YT0x&ntb=1".into(),
        format!("https://r.search.yahoo.com/_ylt=x;_ylu=y/RV=2/RE=1/RO=10/RU={encoded}/RK=2/RS=z-"),
        format!("https://rover.ebay.com/rover/1/711-1/1?mpre={encoded}"),
        format!("https://www.awin1.com/cread.php?awinmid=1&awinaffid=2&ued={encoded}"),
        format!("https://click.linksynergy.com/deeplink?id=x&mid=1&murl={encoded}"),
        format!("https://click.linkprice.com/click.php?m=x&a=y&tu={encoded}"),
        format!("https://www.11st.co.kr/connect/Gateway.tmall?method=Xsite&tid=1&lurl={encoded}"),
        format!("https://c.pc.qq.com/middlem.html?pfurl={encoded}"),
        format!("https://link.zhihu.com/?target={encoded}"),
        format!("https://mail.daum.net/redirect?url={encoded}"),
        format!("https://ad.doubleclick.net/ddm/clk/1;2;k?{target}"),
        format!("https://tracker.example.org/c?{encoded}"),
        "https://t.news.example.org/CL0/https:%2F%2Fshop.example.com%2Fpath%3Fa=1/1/0100-x/y=".into(),
        "https://t.news.example.org/c/https%3A%2F%2Fshop.example.com%2Fpath%3Fa=1/9".into(),
        // Two layers.
        format!("https://www.google.com/url?q=https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3D{}", encoded.replace('%', "%25")),
    ];
    for wrapped in table {
        assert_eq!(links::unwrap(&wrapped), target, "{wrapped}");
        let report = judge(&wrapped, "shop");
        assert_eq!(report.domain.as_deref(), Some("example.com"), "{wrapped}");
        assert_eq!(report.href, wrapped);
    }
}

#[test]
fn what_only_looks_wrapped_stays() {
    for url in [
        "https://shop.example.com/path?a=1",
        "https://protect-eu.mimecast.com/s/AbCdEf",
        "https://bit.ly/abc",
        "https://www.google.com/search?q=https%3A%2F%2Fexample.com",
        "https://accounts.example.com/login?redirect=https%3A%2F%2Fexample.com",
        "https://www.facebook.com/sharer.php?u=https%3A%2F%2Fexample.com",
        "https://x.example/share?url=https%3A%2F%2Fexample.com",
        "https://x.example/?url=javascript:alert(1)",
        "https://x.example/?url=not-an-address",
        "mailto:a@b.example?url=https://x.example",
        "https://urldefense.com/v3/",
        "https://urldefense.com/v3/__x__;***!",
        "https://mandrillapp.com/track/click/1/x?p=!!!",
        "https://a.awstrack.me/L0/",
    ] {
        assert_eq!(links::unwrap(url), url);
    }
}

#[test]
fn what_only_its_service_can_undo_is_said_to_be_that() {
    for url in [
        "https://u1.ct.sendgrid.net/ls/click?upn=u001.abc-2Bdef",
        "https://links.shop.example/ls/click?upn=u001.abc-2Bdef",
        "https://shop.us1.list-manage.com/track/click?u=1&id=2&e=3",
        "https://protect-eu.mimecast.com/s/AbCdEf?domain=shop.example",
        "https://d1.hubspotlinks.com/Ctc/abc/def",
        "https://r20.rs6.net/tn.jsp?f=001abc",
        "https://click.mail.shop.example/?qs=0123456789abcdef0123456789abcdef",
        "https://x.r.bh.d.sendibt3.com/tr/cl/abc",
        "https://event.stibee.com/v2/click/MTIz/NDU2",
    ] {
        let report = judge(url, "x");
        assert_eq!(report.target, url);
        assert_eq!(report.warnings, [Warning::OpaqueWrapper], "{url}");
    }
    for url in [
        "https://www.mimecast.com/products/",
        "https://shop.example/?qs=0123456789",
        "https://shop.example/search?qs=0123456789abcdef0123456789abcdef",
        "https://notsendgrid.net/x",
        "https://shop.example/tr/clothes",
    ] {
        assert_eq!(judge(url, "x").warnings, [], "{url}");
    }
}

#[test]
fn proofpoint_runs_of_characters() {
    // `**D` stands for five characters; the base64 holds `-----`… here `?a=1&`.
    let wrapped = "https://urldefense.com/v3/__https://x.example/p**Db__;P2E9MSY!!x";
    assert_eq!(links::unwrap(wrapped), "https://x.example/p?a=1&b");
}

#[test]
fn tracking_parameters_go() {
    #[rustfmt::skip]
    let table = [
        ("https://x.example/?utm_source=a&id=1&UTM_medium=b", "https://x.example/?id=1"),
        ("https://x.example/?utm_source=a", "https://x.example/"),
        ("https://x.example/p?a=1&fbclid=x#top", "https://x.example/p?a=1#top"),
        ("https://x.example/?gclid=1&mc_cid=2&mc_eid=3&_hsenc=4&_hsmi=5&mkt_tok=6&igshid=7&vero_id=8&q=%20", "https://x.example/?q=%20"),
        ("https://x.example/?n_media=1&n_query=2&n_rank=3&n_ad_group=4&n_ad=5&NaPm=ct%3Dx", "https://x.example/?n_ad_group=4"),
        ("https://x.example/#utm_source=a", "https://x.example/"),
        ("https://x.example/#/page?utm_source=a", "https://x.example/#/page?utm_source=a"),
        ("https://x.example/?a=1", "https://x.example/?a=1"),
        ("https://x.example", "https://x.example"),
        ("https://x.example/?a=b+c&d", "https://x.example/?a=b+c&d"),
        ("https://x.example/?_ga=1&_gl=2&msclkid=3&twclid=4&ttclid=5&yclid=6&li_fat_id=7&wbraid=8&a=9", "https://x.example/?a=9"),
        ("https://x.example/?__s=1&_bhlid=2&_ke=3&_kx=4&ck_subscriber_id=5&ml_subscriber=6&vero_conv=7&dm_i=8&elqTrackId=9&spMailingID=10&sc_uid=11&iterable_campaign=12", "https://x.example/"),
        ("https://x.example/?mtm_campaign=1&pk_kwd=2&hsa_acc=3&wt_mc=4&s_cid=5&adobe_mc=6&xtor=7&_openstat=8&sk=1", "https://x.example/?sk=1"),
        // What means something elsewhere tracks only at home.
        ("https://www.youtube.com/watch?v=abc&si=1&feature=share&t=30", "https://www.youtube.com/watch?v=abc&t=30"),
        ("https://youtu.be/abc?si=1&t=30", "https://youtu.be/abc?t=30"),
        ("https://x.com/a/status/1?s=20&t=abc", "https://x.com/a/status/1"),
        ("https://www.linkedin.com/comm/jobs/view/1?trk=a&midToken=b&trackingId=c&page=2", "https://www.linkedin.com/comm/jobs/view/1?page=2"),
        ("https://www.amazon.co.jp/dp/B1?pd_rd_w=1&pf_rd_p=2&ref_=3&th=1", "https://www.amazon.co.jp/dp/B1?th=1"),
        ("https://www.coupang.com/vp/products/1?itemId=2&traceid=3&wPcid=4", "https://www.coupang.com/vp/products/1?itemId=2"),
        ("https://shop.example/?si=1&s=2&t=3&r=4&token=5&ref=6&feature=7&source=8", "https://shop.example/?si=1&s=2&t=3&r=4&token=5&ref=6&feature=7&source=8"),
        ("https://notyoutube.com/?si=1", "https://notyoutube.com/?si=1"),
        ("mailto:a@b.example?utm_source=x", "mailto:a@b.example?utm_source=x"),
        ("not an address", "not an address"),
    ];
    for (url, cleaned) in table {
        assert_eq!(links::clean(url), cleaned, "{url}");
    }
    let both =
        judge("https://www.google.com/url?q=https%3A%2F%2Fx.example%2F%3Futm_source%3Da", "x");
    assert_eq!(both.target, "https://x.example/?utm_source=a");
    assert_eq!(both.cleaned, "https://x.example/");
}

#[test]
fn warnings() {
    use Warning::*;
    #[rustfmt::skip]
    let table: &[(&str, &str, &[Warning])] = &[
        ("https://www.naver.com/", "naver.com", &[]),
        ("https://www.naver.com/", "Naver", &[]),
        ("https://www.naver.com/", "", &[]),
        ("https://evil.example.com/", "www.naver.com", &[TextNamesAnotherHost]),
        ("https://evil.example.com/", "https://naver.com/login", &[TextNamesAnotherHost]),
        ("https://naver.com.evil.net/", "naver.com", &[TextNamesAnotherHost]),
        ("https://evil.example.com/", "report.pdf", &[]),
        ("https://evil.example.com/", "me@naver.com", &[]),
        ("https://evil.example.com/", "Visit naver.com today", &[]),
        ("https://nid.naver.com/", "https://mail.naver.com", &[]),
        // A wrapper's own name, and its target's, are both honest.
        ("https://www.google.com/url?q=https%3A%2F%2Fnaver.com", "naver.com", &[]),
        ("http://www.naver.com/", "x", &[PlainHttp]),
        ("https://8.8.8.8/", "x", &[IpAddress]),
        ("http://3232235777/", "x", &[IpAddress, PlainHttp]),
        ("https://[2001:4860::1]/", "x", &[IpAddress]),
        ("https://naver.com@evil.net/", "x", &[Credentials]),
        ("https://user:pw@evil.net/", "x", &[Credentials]),
        ("javascript:alert(1)", "x", &[Javascript]),
        (" java\nscript:alert(1)", "x", &[Javascript]),
        ("VBScript:x", "x", &[Javascript]),
        ("data:text/html,x", "x", &[Data]),
        ("file:///c:/x.exe", "x", &[File]),
        ("\\\\host\\share\\x", "x", &[File]),
        ("https://bit.ly/x", "x", &[Shortener]),
        ("https://naver.me/x", "x", &[Shortener]),
        ("https://xn--nver-5na.com/", "x", &[Punycode]),
        ("https://네이버.한국/", "x", &[]),
        ("https://xn--950bt9s8xi.xn--3e0b707e/", "x", &[Punycode]),
        ("https://nаver.com/", "x", &[Punycode, MixedScript]),
        ("https://аррӏе.com/", "x", &[Punycode, MixedScript]),
        ("https://münchen.de/", "x", &[Punycode]),
        ("mailto:a@b.example", "x", &[]),
        ("tel:+8210", "x", &[]),
    ];
    for (href, text, expected) in table {
        assert_eq!(judge(href, text).warnings, *expected, "{href} {text}");
    }
}

#[test]
fn links_in_text() {
    let found =
        links::in_text("See https://a.example/x?y=1, or (http://b.example). Not a@b.example.");
    let hrefs: Vec<_> = found.iter().map(|l| l.href.as_str()).collect();
    assert_eq!(hrefs, ["https://a.example/x?y=1", "http://b.example"]);
}

#[test]
fn names_in_json() {
    let json = serde_json::to_string(&[
        Warning::TextNamesAnotherHost,
        Warning::Punycode,
        Warning::MixedScript,
        Warning::PlainHttp,
        Warning::IpAddress,
        Warning::Credentials,
        Warning::Javascript,
        Warning::Data,
        Warning::File,
        Warning::Shortener,
        Warning::OpaqueWrapper,
    ])
    .unwrap();
    assert_eq!(
        json,
        r#"["text-names-another-host","punycode","mixed-script","plain-http","ip-address","credentials-in-url","javascript","data","file","shortener","opaque-wrapper"]"#
    );
}

proptest::proptest! {
    #[test]
    fn any_link_is_judged(href in "(https?://)?\\PC{0,80}", text in "\\PC{0,40}") {
        let _ = judge(&href, &text);
    }

    #[test]
    fn any_wrapper_is_read(host in "(urldefense.com/v3/__|a.awstrack.me/L0/|mandrillapp.com/track/click/1/x\\?p=|url.avanan.click/v2/___|www.google.com/url\\?q=)", rest in "[ -~가-힣*_;!%]{0,60}") {
        let _ = links::unwrap(&format!("https://{host}{rest}"));
    }
}
