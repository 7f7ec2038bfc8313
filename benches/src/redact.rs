//! Redacting the text of synthetic pages beside `redact-core`, on one core: megabytes of text in a second.
//!
//! Both read the same texts one after the other and replace what they find. What each finds differs: ours reads six
//! languages and obfuscated writings, the peer has more kinds of secrets.

use anyhow::Result;
use model::{CaptureId, Timestamp};
use page::{CaptureRecord, FetchedPage, Profiles};
use rand::rngs::OsRng;
use redact_core::{AnalyzerEngine, AnonymizationStrategy, AnonymizerConfig};
use redactor::{Options, Redactor, TokenKey, redact_text};
use synthetic::site::Site;

use crate::watch::by_turns;
use crate::{HIGHER, Measured, Pair};

pub(crate) fn measure() -> Result<Measured> {
    let texts = texts(&Site::generate(2026, 500))?;
    let bytes: usize = texts.iter().map(String::len).sum();

    let redactor = Redactor::new(TokenKey::generate(&mut OsRng));
    let options = Options::default();
    let ours = || {
        for text in &texts {
            assert!(!redact_text(&redactor, text, &options).redacted.is_empty());
        }
    };

    let engine = AnalyzerEngine::new();
    let replace = AnonymizerConfig { strategy: AnonymizationStrategy::Replace, ..AnonymizerConfig::default() };
    let peer = || {
        for text in &texts {
            let found = engine.analyze_and_anonymize(text, None, &replace).expect("a text is analysed");
            assert!(found.anonymized.is_some());
        }
    };
    let (ours, peer) = by_turns(ours, peer);
    let rate = |seconds: f64| bytes as f64 / 1e6 / seconds;
    let pair = Pair { ours: rate(ours), peer: rate(peer), unit: "MB/s on one core", better: HIGHER };
    Ok(Measured::one("redact", pair))
}

/// The visible text of each good page, a line for each piece.
fn texts(site: &Site) -> Result<Vec<String>> {
    let profiles = Profiles::builtin();
    let mut texts = Vec::new();
    for path in &site.in_scope {
        let now = Timestamp::from_secs(1_795_000_000);
        let (capture, case) = (CaptureId::generate(now, &mut OsRng), "op-harbour-2026".parse()?);
        let authorisation = model::AuthorisationId::from_bytes([7; 16]);
        let mut record = CaptureRecord::begun(capture, authorisation, case, "site-1", site.url(path), now);
        record.status = 200;
        record.body = site.pages[path].body.clone().into();
        let parsed = page::parse(FetchedPage::new(record), &profiles);
        let lines: Vec<&str> = parsed.segments().iter().map(|segment| segment.text.expose().as_str()).collect();
        texts.push(lines.join("\n"));
    }
    Ok(texts)
}
