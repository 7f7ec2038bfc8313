//! Sections 7.1 and 7.2 of W3C Web Authentication, Level 3, against keys that lie: every step has a refusal of its own.

use access::{Assertion, KnownKey, NewKey, Refusal, Registration, RelyingParty, assert, register};

use crate::authenticator::{Key, Made, PRESENT, Used, VERIFIED, attestation, client_data, cose_eddsa, cose_es256};

const ORIGIN: &str = "https://lanthorn.unit.example";
const ID: &str = "lanthorn.unit.example";
const CHALLENGE: [u8; 32] = [7; 32];
const HANDLE: [u8; 32] = [9; 32];

fn party() -> RelyingParty {
    RelyingParty::new(ORIGIN).unwrap()
}

fn made(made: &Made) -> Result<NewKey, Refusal> {
    register(&party(), &CHALLENGE, &Registration { client_data: &made.client_data, attestation: &made.attestation })
}

fn used(used: &Used, known: &KnownKey) -> Result<u32, Refusal> {
    let assertion = Assertion {
        credential: &used.credential,
        client_data: &used.client_data,
        authenticator_data: &used.authenticator_data,
        signature: &used.signature,
        user_handle: &used.user_handle,
    };
    assert(&party(), &CHALLENGE, &assertion, known).map(|asserted| asserted.counter)
}

/// A key that was taken.
fn known(key: &Key) -> KnownKey {
    made(&key.make(ORIGIN, &CHALLENGE)).unwrap().known
}

#[test]
fn both_algorithms_are_made_and_used() {
    for mut key in [Key::es256(&HANDLE), Key::eddsa(&HANDLE)] {
        let new = made(&key.make(ORIGIN, &CHALLENGE)).unwrap();
        assert_eq!((&new.credential, new.known.counter), (&key.credential, 0));
        assert_eq!(used(&key.answer(ORIGIN, &CHALLENGE), &new.known), Ok(1));
    }
}

/// Members that later editions add, a byte order mark, and extensions that browsers add of their own accord.
#[test]
fn what_browsers_add_is_passed_over() {
    let key = Key::es256(&HANDLE);
    let plain = client_data("webauthn.create", &CHALLENGE, ORIGIN);
    let more = String::from_utf8(plain).unwrap().replace("{\"type\"", "{\"other\":{\"keys\":[1]},\"type\"");
    let mut data = key.attested(ID, &key.cose());
    data[32] |= 0x80;
    data.extend(b"\xa1\x6bcredProtect\x02");
    let taken =
        Made { client_data: format!("\u{feff}{more}").into_bytes(), attestation: attestation("none", &[0xa0], &data) };
    assert_eq!(made(&taken).unwrap().credential, key.credential);
}

#[test]
fn client_data_of_another_page_another_ceremony_or_another_question_is_refused() {
    let key = Key::es256(&HANDLE);
    let known = known(&key);
    let with = |ceremony: &str, challenge: &[u8], origin: &str| client_data(ceremony, challenge, origin);
    let plain = |ceremony| String::from_utf8(client_data(ceremony, &CHALLENGE, ORIGIN)).unwrap();
    for (create, ceremony, other) in
        [(true, "webauthn.create", "webauthn.get"), (false, "webauthn.get", "webauthn.create")]
    {
        let cases = [
            (with(other, &CHALLENGE, ORIGIN), Refusal::Ceremony),
            (with(ceremony, &[8; 32], ORIGIN), Refusal::Challenge),
            (with(ceremony, &CHALLENGE[..31], ORIGIN), Refusal::Challenge),
            (with(ceremony, &[], ORIGIN), Refusal::Challenge),
            (with(ceremony, &CHALLENGE, "https://lanthorn.unit.example.evil.example"), Refusal::Origin),
            (with(ceremony, &CHALLENGE, "http://lanthorn.unit.example"), Refusal::Origin),
            (with(ceremony, &CHALLENGE, "https://lanthorn.unit.example:8443"), Refusal::Origin),
            (with(ceremony, &CHALLENGE, "https://LANTHORN.unit.example"), Refusal::Origin),
            (with(ceremony, &CHALLENGE, "null"), Refusal::Origin),
            (plain(ceremony).replace("false", "true").into_bytes(), Refusal::CrossOrigin),
            (plain(ceremony).replace('}', ",\"topOrigin\":\"https://evil.example\"}").into_bytes(), Refusal::TopOrigin),
            (plain(ceremony).replace('}', ",\"type\":\"x\"}").into_bytes(), Refusal::ClientData),
            (plain(ceremony).replace('}', ",\"origin\":\"https://evil.example\"}").into_bytes(), Refusal::ClientData),
            (plain(ceremony).replace("\"challenge\"", "\"chall\"").into_bytes(), Refusal::ClientData),
            ([plain(ceremony).as_bytes(), b"x"].concat(), Refusal::ClientData),
            (b"\xff\xfe".to_vec(), Refusal::ClientData),
            (Vec::new(), Refusal::ClientData),
            ("[".repeat(4_000).into_bytes(), Refusal::ClientData),
            (vec![b' '; 5_000], Refusal::TooLong),
        ];
        for (said, refusal) in cases {
            let shown = String::from_utf8_lossy(&said).chars().take(200).collect::<String>();
            let answer = if create {
                made(&Made { client_data: said, attestation: key.make(ORIGIN, &CHALLENGE).attestation }).map(|_| ())
            } else {
                used(&key.answer_with(said, key.authenticator_data(ID)), &known).map(|_| ())
            };
            assert_eq!(answer, Err(refusal), "{shown}");
        }
    }
}

#[test]
fn a_key_of_another_site_or_without_its_user_is_refused() {
    let mut key = Key::es256(&HANDLE);
    let known = known(&key);
    let flags = [
        (VERIFIED, Refusal::UserPresence),
        (PRESENT, Refusal::UserVerification),
        (0, Refusal::UserPresence),
        (PRESENT | VERIFIED | 0x10, Refusal::BackupFlags), // backed up, and cannot be
    ];
    for (flags, refusal) in flags {
        key.flags = flags;
        assert_eq!(made(&key.make(ORIGIN, &CHALLENGE)), Err(refusal));
        let data = key.authenticator_data(ID);
        assert_eq!(used(&key.answer_with(client_data("webauthn.get", &CHALLENGE, ORIGIN), data), &known), Err(refusal));
    }
    key.flags = PRESENT | VERIFIED | 0x08; // from now on it could be copied, and when it was made it could not
    assert_eq!(used(&key.answer(ORIGIN, &CHALLENGE), &known), Err(Refusal::BackupEligibility));
    key.flags = PRESENT | VERIFIED;
    for other in ["evil.example", "unit.example", "LANTHORN.unit.example", ""] {
        let data = key.attested(other, &key.cose());
        let client = client_data("webauthn.create", &CHALLENGE, ORIGIN);
        let answer = made(&Made { client_data: client, attestation: attestation("none", &[0xa0], &data) });
        assert_eq!(answer, Err(Refusal::RpIdHash), "{other}");
        let client = client_data("webauthn.get", &CHALLENGE, ORIGIN);
        assert_eq!(used(&key.answer_with(client, key.authenticator_data(other)), &known), Err(Refusal::RpIdHash));
    }
}

#[test]
fn a_signature_of_another_key_over_other_bytes_or_in_another_form_is_refused() {
    let (mut key, mut other) = (Key::es256(&HANDLE), Key::es256(&HANDLE));
    let known = known(&key);
    assert_eq!(used(&other.answer(ORIGIN, &CHALLENGE), &known), Err(Refusal::Signature));
    let good = key.answer(ORIGIN, &CHALLENGE);
    for at in 0..good.signature.len() {
        let mut bent = good.clone();
        bent.signature[at] ^= 1;
        assert_eq!(used(&bent, &known), Err(Refusal::Signature), "byte {at}");
    }
    let mut longer = key.answer(ORIGIN, &CHALLENGE);
    longer.signature.push(0);
    assert_eq!(used(&longer, &known), Err(Refusal::Signature));
    longer.signature = vec![0x30; 300];
    assert_eq!(used(&longer, &known), Err(Refusal::TooLong));
    longer.signature.clear();
    assert_eq!(used(&longer, &known), Err(Refusal::Signature));
    // Signed was another counter.
    let mut moved = key.answer(ORIGIN, &CHALLENGE);
    moved.authenticator_data[36] ^= 1;
    assert_eq!(used(&moved, &known), Err(Refusal::Signature));
}

/// A key of one algorithm never verifies what another has signed, and a key of none of both is not taken.
#[test]
fn algorithms_are_not_mixed_up() {
    let (mut es256, mut eddsa) = (Key::es256(&HANDLE), Key::eddsa(&HANDLE));
    let (one, other) = (known(&es256), known(&eddsa));
    assert_eq!(used(&es256.answer(ORIGIN, &CHALLENGE), &other), Err(Refusal::Signature));
    assert_eq!(used(&eddsa.answer(ORIGIN, &CHALLENGE), &one), Err(Refusal::Signature));

    let (x, y) = (es256.cose()[10..42].to_vec(), es256.cose()[45..77].to_vec());
    let es = |from: &str, to: &str| {
        let hex = data_encoding::HEXLOWER.encode(&cose_es256(&x, &y)).replacen(from, to, 1);
        data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap()
    };
    let cases = [
        (es("0326", "0327"), Refusal::Algorithm), // EdDSA, with the key of an ES256
        (es("a5010203", "a5010103"), Refusal::Algorithm), // the key type of an EdDSA
        (es("032620", "03382220"), Refusal::Algorithm), // ES384
        (es("2001", "2002"), Refusal::Algorithm), // P-384
        (es("0326", "033a00010000"), Refusal::Algorithm), // RS1 and its like
        (es("a5", "a4")[..42].to_vec(), Refusal::Algorithm), // no second coordinate
        (es("a5", "a6"), Refusal::AuthenticatorData), // one field more, and then nothing
        ([es("a5", "a6").as_slice(), &[0x04, 0x81, 0x02]].concat(), Refusal::Algorithm), // key operations: optional
        ([es("a5", "a6").as_slice(), &[0x01, 0x02]].concat(), Refusal::AuthenticatorData), // one twice
        (es("a5", "bf"), Refusal::AuthenticatorData), // of unknown length
        (cose_es256(&x, &[1; 32]), Refusal::PublicKey), // no point of the curve
        (cose_es256(&[0; 32], &[0; 32]), Refusal::PublicKey),
        (compressed(&x, &y), Refusal::PublicKey),
        (cose_eddsa(&[0; 32]), Refusal::PublicKey), // of small order: anybody's signature would fit
        (cose_eddsa(&[[1].as_slice(), &[0; 31]].concat()), Refusal::PublicKey),
        (b"\xa4\x01\x03\x03\x39\x01\x00\x20\x41\x01\x21\x43\x01\x00\x01".to_vec(), Refusal::Algorithm), // RS256
        (Vec::new(), Refusal::AuthenticatorData),
    ];
    for (cose, refusal) in cases {
        let data = es256.attested(ID, &cose);
        let client = client_data("webauthn.create", &CHALLENGE, ORIGIN);
        let answer = made(&Made { client_data: client, attestation: attestation("none", &[0xa0], &data) });
        assert_eq!(answer, Err(refusal), "{}", data_encoding::HEXLOWER.encode(&cose));
    }
}

/// The second coordinate as its sign alone, which COSE knows and Web Authentication forbids.
fn compressed(x: &[u8], y: &[u8]) -> Vec<u8> {
    let sign = if y[31] & 1 == 1 { 0xf5 } else { 0xf4 };
    [&cose_es256(x, y)[..43], &[sign]].concat()
}

#[test]
fn an_attestation_that_is_none_is_empty_and_ends() {
    let key = Key::es256(&HANDLE);
    let data = key.attested(ID, &key.cose());
    let good = attestation("none", &[0xa0], &data);
    let twice = [b"\xa4".as_slice(), &good[1..], b"\x63fmt\x64none"].concat();
    let cases = [
        (attestation("packed", &[0xa0], &data), Refusal::AttestationFormat),
        (attestation("none", b"\xa1\x63alg\x26", &data), Refusal::AttestationStatement),
        ([good.as_slice(), &[0]].concat(), Refusal::AttestationObject),
        (good[..good.len() - 1].to_vec(), Refusal::AttestationObject),
        (twice, Refusal::AttestationObject),
        ([b"\xbf".as_slice(), &good[1..], b"\xff"].concat(), Refusal::AttestationObject),
        (
            b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x5b\xff\xff\xff\xff\xff\xff\xff\xff".to_vec(),
            Refusal::AttestationObject,
        ),
        (b"\xbb\xff\xff\xff\xff\xff\xff\xff\xff\x63fmt\x64none".to_vec(), Refusal::AttestationObject),
        (b"\xa2\x63fmt\x64none\x67attStmt\xa0".to_vec(), Refusal::AttestationObject),
        (vec![0x81; 8_000], Refusal::AttestationObject), // eight thousand lists, one in another
        ([b"\xa1\x67attStmt".as_slice(), &vec![0x81; 8_000]].concat(), Refusal::AttestationObject),
        (vec![0; 9_000], Refusal::TooLong),
        (Vec::new(), Refusal::AttestationObject),
        (attestation("none", &[0xa0], &[data.as_slice(), &[0]].concat()), Refusal::AuthenticatorData),
        (attestation("none", &[0xa0], &key.authenticator_data(ID)), Refusal::NoKey),
    ];
    for (object, refusal) in cases {
        let client_data = client_data("webauthn.create", &CHALLENGE, ORIGIN);
        let shown = data_encoding::HEXLOWER.encode(&object[..object.len().min(80)]);
        assert_eq!(made(&Made { client_data, attestation: object }), Err(refusal), "{shown}");
    }
}

#[test]
fn authenticator_data_is_whole_and_has_nothing_after_its_end() {
    let mut key = Key::es256(&HANDLE);
    let known = known(&key);
    let answer = |data: Vec<u8>| used(&key.answer_with(client_data("webauthn.get", &CHALLENGE, ORIGIN), data), &known);
    let data = key.authenticator_data(ID);
    for length in 0..data.len() {
        assert_eq!(answer(data[..length].to_vec()), Err(Refusal::AuthenticatorData), "{length} bytes");
    }
    assert_eq!(answer([data.as_slice(), &[0xa0]].concat()), Err(Refusal::AuthenticatorData));
    assert_eq!(answer(key.attested(ID, &key.cose())), Err(Refusal::AuthenticatorData), "no key is made here");
    assert_eq!(answer(vec![0; 9_000]), Err(Refusal::TooLong));
    let mut extended = data.clone();
    extended[32] |= 0x80;
    assert_eq!(answer([extended.as_slice(), b"\xa0"].concat()), Ok(0));
    for wrong in [b"".as_slice(), b"\x01", b"\xa1\x01", b"\xa0\x00", b"\xbf", b"\xbb\xff\xff\xff\xff\xff\xff\xff\xff"] {
        assert_eq!(answer([extended.as_slice(), wrong].concat()), Err(Refusal::AuthenticatorData), "{wrong:?}");
    }
    // The identifier: at least a byte, at most 1023, and all of them there.
    for (length, refusal) in
        [(0, Some(Refusal::CredentialLength)), (1_023, None), (1_024, Some(Refusal::CredentialLength))]
    {
        key.credential = vec![5; length];
        assert_eq!(made(&key.make(ORIGIN, &CHALLENGE)).err(), refusal, "{length}");
    }
}

#[test]
fn a_counter_rises_or_has_never_begun() {
    let mut key = Key::es256(&HANDLE);
    let mut known = known(&key);
    let at = |key: &mut Key, counter: u32, known: &KnownKey| {
        key.counter = counter;
        let data = key.authenticator_data(ID);
        used(&key.answer_with(client_data("webauthn.get", &CHALLENGE, ORIGIN), data), known)
    };
    assert_eq!(at(&mut key, 0, &known), Ok(0), "keys that do not count say 0");
    known.counter = 5;
    assert_eq!(at(&mut key, 6, &known), Ok(6));
    for back in [0, 1, 4, 5] {
        assert_eq!(at(&mut key, back, &known), Err(Refusal::Counter), "{back} after 5");
    }
    known.counter = u32::MAX;
    assert_eq!(at(&mut key, u32::MAX, &known), Err(Refusal::Counter));
}

mod bent {
    use proptest::prelude::*;

    use super::*;

    /// What nobody's key has made: bytes, and good answers that were cut, bent and lengthened.
    fn bent(good: &[u8], at: prop::sample::Index, how: u8, with: &[u8]) -> Vec<u8> {
        let at = at.index(good.len());
        let mut bytes = good.to_vec();
        match how % 4 {
            0 => bytes[at] ^= with.first().copied().unwrap_or(1) | 1,
            1 => bytes.truncate(at),
            2 => drop(bytes.splice(at..at, with.iter().copied())),
            _ => bytes.extend(with),
        }
        bytes
    }

    proptest! {
        /// No byte of an answer can be changed: it is signed, or it is looked at.
        #[test]
        fn a_bent_answer_is_never_taken(at: prop::sample::Index, how: u8, part in 0..3, with in prop::collection::vec(any::<u8>(), 1..20)) {
            let mut key = Key::eddsa(&HANDLE);
            let known = known(&key);
            let mut answer = key.answer(ORIGIN, &CHALLENGE);
            let part = match part {
                0 => &mut answer.client_data,
                1 => &mut answer.authenticator_data,
                _ => &mut answer.signature,
            };
            let changed = bent(part, at, how, &with);
            prop_assume!(changed != *part);
            *part = changed;
            prop_assert!(used(&answer, &known).is_err());
        }

        /// Whatever a new key says of itself, it is taken for this site, this question, and with its user; or not at all.
        #[test]
        fn a_bent_registration_is_refused_or_still_ours(at: prop::sample::Index, how: u8, with in prop::collection::vec(any::<u8>(), 1..20)) {
            let key = Key::es256(&HANDLE);
            let mut good = key.make(ORIGIN, &CHALLENGE);
            good.attestation = bent(&good.attestation, at, how, &with);
            if let Ok(new) = made(&good) {
                prop_assert_eq!(new.known.algorithm(), -7);
                prop_assert!(!new.credential.is_empty());
            }
        }

        #[test]
        fn bytes_are_read_without_end_or_panic(client_data: Vec<u8>, attestation in prop::collection::vec(any::<u8>(), 0..2_000)) {
            let answer = made(&Made { client_data, attestation });
            prop_assert!(answer.is_err());
        }
    }
}
