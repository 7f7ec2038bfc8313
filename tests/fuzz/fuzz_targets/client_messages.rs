//! What a supervisor's or requester's client reads from others: grants, policies, enrolments, witnesses' keys and cosigned
//! checkpoints, news of the log. Whatever is accepted is in its one form.
#![no_main]

use std::sync::LazyLock;

use audit::{Checkpoint, LogKey, LogVerifier, News, WitnessKey};
use client::{Enrolment, Grant, Policy};
use libfuzzer_sys::fuzz_target;

static LOG: LazyLock<LogVerifier> = LazyLock::new(|| {
    LogKey::generate("fuzz.example/audit", &mut rand::rngs::OsRng).expect("a key").verifier()
});

fuzz_target!(|bytes: &[u8]| {
    if let Ok(grant) = Grant::parse(bytes) {
        assert_eq!(grant.to_bytes().expect("it was read"), bytes);
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(policy) = Policy::parse(text) {
        assert_eq!(Policy::parse(&policy.to_toml()).expect("it was written by us"), policy);
    }
    if let Ok(enrolment) = Enrolment::parse(text) {
        assert_eq!(Enrolment::parse(&enrolment.to_toml()).expect("it was written by us"), enrolment);
    }
    if let Ok(key) = WitnessKey::parse(text) {
        assert_eq!(key.to_string(), text);
        let checkpoint = Checkpoint { origin: "fuzz.example/audit".into(), size: 7, root: [9; 32] };
        assert!(key.cosignature(text, &checkpoint).is_none(), "a cosignature that nobody made");
    }
    if let Ok(news) = serde_json::from_str::<News>(text) {
        assert!(news.verify(&LOG, None).is_err(), "news that nobody signed");
    }
});
