//! The short form of the fuzz target `client_messages`: nothing that others send makes a client panic, and what it accepts is
//! in its one form.

use audit::{Checkpoint, News, WitnessKey};
use client::{Enrolment, Grant, Policy};
use ed25519_dalek::SigningKey;
use proptest::prelude::*;

fn grant() -> Grant {
    Grant {
        request: 7,
        capture: model::CaptureId::from_bytes([3; 16]),
        header_hash: [0xab; 32],
        requester: "a.ivan".parse().unwrap(),
        recipient: age::x25519::Identity::generate().to_public().to_string(),
        code: "R1".into(),
        reason: "a child may be at risk".into(),
        legal_basis: "Example Act, s. 7".into(),
        not_after: model::Timestamp::from_secs(1_795_000_000),
    }
}

fn read(bytes: &[u8]) {
    if let Ok(grant) = Grant::parse(bytes) {
        assert_eq!(grant.to_bytes().unwrap(), bytes);
    }
    let text = String::from_utf8_lossy(bytes);
    if let Ok(policy) = Policy::parse(&text) {
        assert_eq!(Policy::parse(&policy.to_toml()).unwrap(), policy);
    }
    if let Ok(enrolment) = Enrolment::parse(&text) {
        assert_eq!(Enrolment::parse(&enrolment.to_toml()).unwrap(), enrolment);
    }
    let _ = serde_json::from_str::<News>(&text);
    let key =
        WitnessKey::of_person("a/b", &"s.maria".parse().unwrap(), SigningKey::from_bytes(&[7; 32]).verifying_key());
    let checkpoint = Checkpoint { origin: "a/b".into(), size: 7, root: [9; 32] };
    assert_eq!(key.cosignature(&text, &checkpoint), None);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
        read(&bytes);
    }

    #[test]
    fn good_messages_with_a_stretch_exchanged_are_read_or_refused(
        which in 0usize..3, from: prop::sample::Index, length in 0usize..40, instead in "\\PC{0,20}|[0-9+ \n=\"]{0,20}"
    ) {
        let signing = SigningKey::from_bytes(&[7; 32]).verifying_key().to_bytes();
        let recipient = grant().recipient;
        let enrolment = Enrolment { person: "s.maria".parse().unwrap(), signing_key: signing, recipient };
        let good = match which {
            0 => grant().to_bytes().unwrap(),
            1 => Policy::default().to_toml().into_bytes(),
            _ => enrolment.to_toml().into_bytes(),
        };
        let from = from.index(good.len());
        let to = (from + length).min(good.len());
        let mut bytes = good;
        bytes.splice(from..to, instead.bytes());
        read(&bytes);
    }
}

/// What the fuzzer found worth keeping, read again on the stable toolchain.
#[test]
fn nothing_in_the_fuzzers_corpus_of_grants_has_two_forms() {
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz/corpus/grant");
    let mut good = 0;
    for entry in std::fs::read_dir(corpus).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        if let Ok(grant) = Grant::parse(&bytes) {
            assert_eq!(grant.to_bytes().unwrap(), bytes);
            good += 1;
        }
    }
    assert!(good > 0, "there is a good grant among them");
}
