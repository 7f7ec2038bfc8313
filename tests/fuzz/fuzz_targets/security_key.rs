//! What a browser hands over to sign in with a security key, from anybody: the first byte says what the rest is. Whatever is
//! taken as a new key is whole and within its bounds; beside the one assertion that the key has signed, nothing is taken.
#![no_main]

use std::sync::LazyLock;

use access::{Assertion, KnownKey, Registration, RelyingParty, assert, register};
use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::{Signer as _, SigningKey};
use libfuzzer_sys::fuzz_target;
use sha2::{Digest as _, Sha256};

const CHALLENGE: [u8; 32] = [9; 32];
/// User present, user verified.
const FLAGS: u8 = 0b0000_0101;
/// There is a key in it.
const ATTESTED: u8 = 0b0100_0000;

struct Scene {
    party: RelyingParty,
    /// What a browser says beside a key that was made, and beside one that was used.
    made: Vec<u8>,
    used: Vec<u8>,
    /// An attestation object that is good, an assertion that is, and the key of both.
    attestation: Vec<u8>,
    data: Vec<u8>,
    signature: [u8; 64],
    known: KnownKey,
}

static SCENE: LazyLock<Scene> = LazyLock::new(|| {
    let party = RelyingParty::new("http://localhost:8470").expect("an address");
    let key = SigningKey::from_bytes(&[3; 32]);
    let says = |ceremony: &str| {
        let challenge = BASE64URL_NOPAD.encode(&CHALLENGE);
        format!(r#"{{"type":"{ceremony}","challenge":"{challenge}","origin":"{}","crossOrigin":false}}"#, party.origin())
    };
    let (made, used) = (says("webauthn.create").into_bytes(), says("webauthn.get").into_bytes());
    let data = |flags: u8, counter: u32| {
        let mut data = Sha256::digest(party.id()).to_vec();
        data.push(flags);
        data.extend(counter.to_be_bytes());
        data
    };
    let mut authenticator = data(FLAGS | ATTESTED, 1);
    authenticator.extend([0; 16]);
    authenticator.extend([0, 4, b'f', b'u', b'z', b'z']);
    // {1: 1, 3: -8, -1: 6, -2: 32 bytes}
    authenticator.extend([0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20]);
    authenticator.extend(key.verifying_key().to_bytes());
    let mut attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
    attestation.push(u8::try_from(authenticator.len()).expect("a short one"));
    attestation.extend(authenticator);
    let registration = Registration { client_data: &made, attestation: &attestation };
    let known = register(&party, &CHALLENGE, &registration).expect("a good key").known;
    let data = data(FLAGS, 2);
    let signature = key.sign(&[&data[..], &Sha256::digest(&used)].concat()).to_bytes();
    Scene { party, made, used, attestation, data, signature, known }
});

fuzz_target!(|bytes: &[u8]| {
    let Some((what, bytes)) = bytes.split_first() else { return };
    let scene = &*SCENE;
    match what % 5 {
        0 => made(&scene.made, bytes),
        1 => made(&scene.made, &laid(&scene.attestation, bytes)),
        2 => made(&laid(&scene.made, bytes), &scene.attestation),
        3 => used(&laid(&scene.used, bytes), &scene.data, &scene.signature),
        // The signature at the end, the data in front of it.
        _ => {
            let whole = laid(&[&scene.data[..], &scene.signature].concat(), bytes);
            let (data, signature) = whole.split_at(whole.len() - scene.signature.len());
            used(&scene.used, data, signature);
            used(bytes, data, signature);
        }
    }
});

/// The fuzzer starts from what is good and changes what it likes: bytes are laid over it, those beyond its end are added in front.
fn laid(good: &[u8], bytes: &[u8]) -> Vec<u8> {
    let (over, more) = bytes.split_at(bytes.len().min(good.len()));
    let changed = good.iter().enumerate().map(|(place, byte)| byte ^ over.get(place).copied().unwrap_or_default());
    more.iter().copied().chain(changed).collect()
}

fn made(client_data: &[u8], attestation: &[u8]) {
    let Ok(key) = register(&SCENE.party, &CHALLENGE, &Registration { client_data, attestation }) else { return };
    assert!((1..=1_023).contains(&key.credential.len()), "an identifier within its bounds");
    let length = match key.known.algorithm() {
        -7 => 64,
        -8 => 32,
        other => panic!("algorithm {other} is not one that was asked for"),
    };
    assert_eq!(key.known.public_key().len(), length);
    let client_data = client_data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(client_data);
    let said: serde_json::Value = serde_json::from_slice(client_data).expect("client data is JSON");
    assert_eq!(said["type"], "webauthn.create");
    assert_eq!(said["challenge"], BASE64URL_NOPAD.encode(&CHALLENGE), "it answers the challenge");
    assert_eq!(said["origin"], SCENE.party.origin());
    assert!(said["crossOrigin"] != true && said["topOrigin"].is_null());
}

fn used(client_data: &[u8], data: &[u8], signature: &[u8]) {
    let scene = &*SCENE;
    let assertion = Assertion {
        credential: b"fuzz",
        client_data,
        authenticator_data: data,
        signature,
        user_handle: &[],
    };
    let good = client_data == scene.used && data == scene.data && signature == scene.signature;
    assert_eq!(assert(&scene.party, &CHALLENGE, &assertion, &scene.known).is_ok(), good, "nothing else signs in");
}
