//! A hostile page: the first line of the input is its content type, the second its path, the rest is the body. And the
//! same bytes as a capture record that somebody else wrote.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use model::{AuthorisationId, CaptureId, Timestamp};
use page::{CaptureRecord, FetchedPage, Profiles, limits, parse};

static PROFILES: LazyLock<Profiles> = LazyLock::new(Profiles::builtin);

fuzz_target!(|bytes: &[u8]| {
    if let Ok(page) = FetchedPage::decode(bytes) {
        assert_eq!(page.encode().expose(), bytes, "a record has one form");
        read(page);
    }
    let mut lines = bytes.splitn(3, |byte| *byte == b'\n');
    let (kind, path, body) = (lines.next(), lines.next(), lines.next());
    let path = String::from_utf8_lossy(path.unwrap_or_default());
    let mut record = CaptureRecord::begun(
        CaptureId::from_bytes([1; 16]),
        AuthorisationId::from_bytes([2; 16]),
        "fuzz".parse().expect("a case id"),
        "market",
        format!("http://market.example/{path}"),
        Timestamp::from_secs(1_795_000_000),
    );
    record.status = 200;
    record.response_headers = vec![(b"content-type".to_vec(), kind.unwrap_or_default().to_vec())].into();
    *record.body.expose_mut() = body.unwrap_or_default().to_vec();
    read(FetchedPage::new(record));
});

/// What holds for every page, whoever wrote it. `crates/page/tests/hostile_pages.rs` says the same on the stable toolchain.
fn read(page: FetchedPage) {
    let mut page = parse(page, &PROFILES);
    let records = page.records().len();
    assert!(records <= limits::MAX_RECORDS && page.segments().len() <= limits::MAX_SEGMENTS);
    assert!(page.segments().iter().all(|segment| segment.record.is_none_or(|record| record < records)));
    assert!(page.records().iter().enumerate().all(|(at, record)| record.answers.is_none_or(|answered| answered < at)));
    let links = page.take_links();
    assert!(links.len() <= limits::MAX_LINKS);
    assert!(links.iter().all(|link| link.href.expose().starts_with("http")));
}
