//! A hostile page: the first line of the input is its content type, the rest is the body. And the same bytes as a capture
//! record that somebody else wrote.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::{AuthorisationId, CaptureId, Timestamp};
use page::{CaptureRecord, FetchedPage, Profiles, parse};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(page) = FetchedPage::decode(bytes) {
        assert_eq!(page.encode().expose(), bytes, "a record has one form");
        let _ = parse(page, &Profiles::builtin());
    }
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (kind, body) = bytes.split_at(end);
    let mut record = CaptureRecord::begun(
        CaptureId::from_bytes([1; 16]),
        AuthorisationId::from_bytes([2; 16]),
        "fuzz".parse().expect("a case id"),
        "market",
        "http://market.example/ad/7",
        Timestamp::from_secs(1_795_000_000),
    );
    record.status = 200;
    record.response_headers = vec![(b"content-type".to_vec(), kind.to_vec())].into();
    *record.body.expose_mut() = body.to_vec();
    let _ = parse(FetchedPage::new(record), &Profiles::builtin());
});
