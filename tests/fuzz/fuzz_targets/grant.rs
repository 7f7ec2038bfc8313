//! A grant from anybody: what is read has one form, and its hash, to which shares are bound, is that form's.
#![no_main]

use client::Grant;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(grant) = Grant::parse(bytes) else { return };
    assert_eq!(grant.to_bytes().expect("it was read"), bytes);
    assert_eq!(grant.hash().expect("it was read").0, *blake3::hash(bytes).as_bytes());
    let later = Grant { not_after: grant.not_after.plus_millis(1), ..grant.clone() };
    if let Ok(hash) = later.hash() {
        assert_ne!(hash.0, grant.hash().expect("it was read").0);
    }
});
