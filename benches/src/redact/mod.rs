//! Redacting the text of synthetic pages, on one core: megabytes of text in a second.
//!
//! All tiers stand beside `redact-core`; the pattern tier alone (what a query is screened with) stands beside `redact-core`
//! and Presidio's pattern recognisers. All read the same texts. What each finds differs: ours reads six languages and
//! obfuscated writings, the peers have more kinds of secrets.

mod presidio;
mod worst;

use anyhow::Result;
use model::{CaptureId, Timestamp};
use page::{CaptureRecord, FetchedPage, Profiles};
use rand::rngs::OsRng;
use redact_core::{AnalyzerEngine, AnonymizationStrategy, AnonymizerConfig};
use redactor::{Options, Redactor, TokenKey, redact_text};
use synthetic::site::Site;

use crate::watch::by_turns;
use crate::{HIGHER, LOWER, Measured, Pair};

const UNIT: &str = "MB/s on one core";

pub(crate) fn measure() -> Result<Measured> {
    let texts = texts(&Site::generate(2026, 500))?;
    let bytes: usize = texts.iter().map(String::len).sum();
    let rate = |seconds: f64| bytes as f64 / 1e6 / seconds;
    let mut measured = Measured::default();

    let redactor = Redactor::new(TokenKey::generate(&mut OsRng));
    let options = Options::default();
    let all_tiers = || {
        for text in &texts {
            assert!(!redact_text(&redactor, text, &options).redacted.is_empty());
        }
    };
    let patterns = || {
        let found = texts.iter().filter(|text| redactor::screen(text).is_err()).count();
        assert!(found > 0);
    };
    let engine = AnalyzerEngine::new();
    let replace = AnonymizerConfig { strategy: AnonymizationStrategy::Replace, ..AnonymizerConfig::default() };
    let peer = || {
        for text in &texts {
            let found = engine.analyze_and_anonymize(text, None, &replace).expect("a text is analysed");
            assert!(found.anonymized.is_some());
        }
    };

    let (ours, core) = by_turns(all_tiers, peer);
    measured.pair("redact", Pair { ours: rate(ours), peer: rate(core), unit: UNIT, better: HIGHER });
    let mean = 1e9 * ours / bytes as f64;
    let (ours, core) = by_turns(patterns, peer);
    measured.pair("redact_patterns", Pair { ours: rate(ours), peer: rate(core), unit: UNIT, better: HIGHER });
    match presidio::rate(&texts)? {
        presidio::Peer::Measured(peer) => {
            let pair = Pair { ours: rate(ours), peer, unit: UNIT, better: HIGHER };
            measured.pair("redact_patterns_presidio", pair);
        }
        presidio::Peer::Absent(why) => measured.notes.push(format!("Presidio was not measured: {why}")),
    }

    let worst = worst::slowest(&redactor);
    measured.notes.extend(worst.iter().map(|one| format!("{:>9.1} ns/byte  {}", one.nanoseconds, one.name)));
    if let Some(slowest) = worst.first() {
        let pair = Pair { ours: slowest.nanoseconds, peer: mean, unit: "ns/byte, worst input : mean", better: LOWER };
        measured.pair("redact_worst_input", pair);
    }
    Ok(measured)
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
