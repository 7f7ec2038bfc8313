//! Keys and tokens of services by the beginnings that their issuers gave them, private keys, and passwords in addresses.

use std::ops::Range;

use model::Label;

use super::scan::{BARRIER, word_before};
use super::trigger::Trigger;
use crate::rule::{Candidate, Rule, strength};

const fn rule(name: &'static str, reason: &'static str) -> Rule {
    Rule { detector: "secret", name, reason, strength: strength::LINK }
}

static ISSUED: Rule = rule("issued", "a key with a beginning that its issuer gave it, and a length that it uses");
static PRIVATE_KEY: Rule = rule("private-key", "a private key between its own first and last lines");
static USER_INFO: Rule = rule("user-info", "a name and a password in an address");

/// Longest private key in text form.
const MAX_KEY_BYTES: usize = 16 << 10;

/// Beginnings of keys and the fewest characters behind them. Characters are letters, digits and `-_.=+/~`.
pub(super) const BEGINNINGS: &[(&str, usize)] = &[
    ("AKIA", 16),
    ("ASIA", 16),
    ("ABIA", 16),
    ("ACCA", 16),
    ("A3T", 17),
    ("AIza", 35),
    ("AGE-SECRET-KEY-1", 58),
    ("API-", 26),
    ("AQVN", 35),
    ("CLOJARS_", 60),
    ("EAAA", 22),
    ("GOCSPX-", 20),
    ("HRKU-", 30),
    ("LTAI", 20),
    ("NRAK-", 27),
    ("NRII-", 32),
    ("NRJS-", 19),
    ("PMAK-", 40),
    ("SG.", 60),
    ("SK", 32),
    ("api_org_", 34),
    ("bkua_", 40),
    ("cio_", 20),
    ("dapi", 32),
    ("dckr_pat_", 24),
    ("dop_v1_", 64),
    ("doo_v1_", 64),
    ("dor_v1_", 64),
    ("dp.pt.", 40),
    ("duffel_live_", 30),
    ("duffel_test_", 30),
    ("ey", 34),
    ("figd_", 30),
    ("fio-u-", 30),
    ("fo1_", 40),
    ("gho_", 36),
    ("ghp_", 36),
    ("ghr_", 36),
    ("ghs_", 36),
    ("ghu_", 36),
    ("github_pat_", 60),
    ("glc_", 32),
    ("gldt-", 20),
    ("glft-", 20),
    ("glpat-", 20),
    ("glptt-", 40),
    ("glrt-", 20),
    ("glsa_", 40),
    ("gsk_", 40),
    ("hf_", 34),
    ("hvb.", 60),
    ("hvs.", 60),
    ("ico-", 32),
    ("lin_api_", 40),
    ("live_", 35),
    ("npm_", 36),
    ("ntn_", 40),
    ("nfp_", 36),
    ("p8e-", 32),
    ("pat-na1-", 30),
    ("pnu_", 36),
    ("pplx-", 40),
    ("pscale_oauth_", 32),
    ("pscale_pw_", 32),
    ("pscale_tkn_", 32),
    ("pul-", 40),
    ("pypi-AgE", 50),
    ("r8_", 37),
    ("rdme_", 70),
    ("rk_live_", 10),
    ("rk_test_", 10),
    ("rk_prod_", 10),
    ("rubygems_", 48),
    ("secret_", 40),
    ("sgp_", 40),
    ("sha256~", 43),
    ("shippo_live_", 40),
    ("shippo_test_", 40),
    ("shpat_", 32),
    ("shpca_", 32),
    ("shppa_", 32),
    ("shpss_", 32),
    ("sk-", 32),
    ("sk_live_", 10),
    ("sk_test_", 10),
    ("sk_prod_", 10),
    ("sm_aat_", 16),
    ("sm_pat_", 16),
    ("sm_sat_", 16),
    ("sntrys_", 40),
    ("sntryu_", 64),
    ("sq0atp-", 22),
    ("sq0csp-", 22),
    ("tfp_", 40),
    ("tk-us-", 48),
    ("v1.0-", 120),
    ("vercel_", 24),
    ("xai-", 60),
    ("xapp-", 20),
    ("xkeysib-", 64),
    ("xoxa-", 8),
    ("xoxb-", 20),
    ("xoxc-", 20),
    ("xoxd-", 20),
    ("xoxe-", 20),
    ("xoxe.", 20),
    ("xoxo-", 20),
    ("xoxp-", 20),
    ("xoxr-", 8),
    ("xoxs-", 20),
    ("ya29.", 20),
];

/// Beginnings that are known in any case would be words; these must be as written, so the scan is told so.
pub(super) const PRIVATE_KEY_BEGINS: &str = "-----begin ";

/// Reads keys at every trigger.
pub(super) fn find(text: &str, triggers: &[(Trigger, Range<usize>)], found: &mut Vec<Candidate>) {
    for (trigger, at) in triggers {
        match trigger {
            Trigger::Key(place) => found.extend(issued(text, at, *place)),
            Trigger::PrivateKey => found.extend(private_key(text, at.start)),
            Trigger::Scheme => found.extend(user_info(text, at.end)),
            _ => {}
        }
    }
}

fn issued(text: &str, at: &Range<usize>, place: usize) -> Option<Candidate> {
    let (begins, fewest) = BEGINNINGS[place];
    if text[at.clone()] != *begins || word_before(text, at.start) || text[..at.start].ends_with(['_', '-']) {
        return None;
    }
    let part =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'=' | b'+' | b'/' | b'~');
    let length = text.as_bytes()[at.end..].iter().take(2048).take_while(|byte| part(byte)).count();
    let body = text[at.end..at.end + length].trim_end_matches(['.', '/', '-', '=']);
    let digits = body.bytes().filter(u8::is_ascii_digit).count();
    let letters = body.bytes().filter(u8::is_ascii_alphabetic).count();
    // Base64 of a JSON object begins with `ey`; a web token has two dots.
    let token = begins != "ey" || body.matches('.').count() == 2;
    let mixed = digits > 0 && letters > 0;
    (body.len() >= fewest && mixed && token).then(|| {
        Candidate::new(at.start..at.end + body.len(), Label::Secret, &text[at.start..at.end + body.len()], &ISSUED)
    })
}

fn private_key(text: &str, start: usize) -> Option<Candidate> {
    let window = &text[start..text.floor_char_boundary((start + MAX_KEY_BYTES).min(text.len()))];
    let head = window.find('\n').or_else(|| window[11..].find("-----").map(|at| at + 16))?;
    if !window[..head].to_ascii_uppercase().contains("PRIVATE KEY") {
        return None;
    }
    // Without its last line the key goes on to the end of what is read.
    let tail = window[head..].find("-----END").map(|at| head + at);
    let end =
        tail.map_or(window.len(), |tail| window[tail + 8..].find("-----").map_or(window.len(), |at| tail + 8 + at + 5));
    let body: String = window[..end].chars().filter(|c| !c.is_whitespace()).collect();
    Some(Candidate::new(start..start + end, Label::Secret, body, &PRIVATE_KEY))
}

/// `https://name:password@host`: the password, with the name before it.
fn user_info(text: &str, start: usize) -> Option<Candidate> {
    let rest = &text[start..text.floor_char_boundary((start + 256).min(text.len()))];
    let end = rest.find(|c: char| {
        c.is_whitespace() || matches!(c, '/' | '?' | '#' | '<' | '>' | '"') || c == char::from(BARRIER)
    });
    let authority = &rest[..end.unwrap_or(rest.len())];
    let (user_info, host) = authority.rsplit_once('@')?;
    let (_, password) = user_info.split_once(':')?;
    (!password.is_empty() && host.contains(char::is_alphanumeric))
        .then(|| Candidate::new(start..start + user_info.len(), Label::Secret, user_info, &USER_INFO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_known_by_their_beginnings() {
        let key = format!("ghp_{}", "a1B2".repeat(9));
        for (text, found) in [
            (format!("key {key} ok"), Some(key.as_str())),
            ("ghp_short".to_owned(), None),
            ("skiing sk-ating".to_owned(), None),
            ("ftp://jade:hunter2@files.example/a".to_owned(), Some("jade:hunter2")),
            ("https://shop.example/@jade".to_owned(), None),
        ] {
            let mut all = Vec::new();
            find(&text, &super::super::trigger::find(&text, &super::super::Words::of(&text)), &mut all);
            assert_eq!(all.first().map(|candidate| &text[candidate.range.clone()]), found, "{text}");
        }
    }
}
