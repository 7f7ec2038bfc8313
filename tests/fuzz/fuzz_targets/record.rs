//! Records: of a capture, as an original holds it, and of acts, as the patterns that an auditor asks for read them.
#![no_main]

use audit::{Bounds, Entry, patterns};
use libfuzzer_sys::fuzz_target;
use model::Timestamp;
use page::FetchedPage;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(page) = FetchedPage::decode(bytes) {
        assert_eq!(page.encode().expose(), bytes, "a record has one form");
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let entry = |(place, record): (usize, &str)| Entry {
        seq: place as i64,
        at: Timestamp::from_millis(place as i64 * 60_000),
        kind: ["unseal-request", "unseal-grant", "refuse"][place % 3].to_owned(),
        part: "note".to_owned(),
        record: (!record.is_empty()).then(|| record.to_owned()),
    };
    let entries: Vec<_> = text.lines().take(64).enumerate().map(entry).collect();
    for pattern in patterns(&entries, &Bounds::default()) {
        assert!(pattern.rows.iter().all(|row| (0..64).contains(row)), "a pattern in rows that are not there");
    }
});
