//! Files of version 1, as they were first written: they open for ever, and are written again byte for byte.
//!
//! The key shares in `tests/golden` belong to nobody: they were made for these files.

use std::path::Path;

use ed25519_dalek::VerifyingKey;
use model::{AuthorisationId, CaptureId, PersonId};
use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;
use seal::{
    Commitments, Contribution, DecryptionShare, EpochCertificate, EpochPublic, GrantHash, Header, KeyShare,
    MlKemSecret, Sealer, combine, make_share, open,
};

use crate::site::people;

const SEAL_SEED: u64 = 1;
const SHARE_SEED: u64 = 2;
const GRANT: GrantHash = GrantHash([0x67; 32]);

fn file(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn epoch() -> EpochPublic {
    let trusted = people(3).into_iter().map(|(person, key)| (person, key.verifying_key()));
    let trusted = trusted.collect::<std::collections::BTreeMap<PersonId, VerifyingKey>>();
    EpochCertificate::from_bytes(&file("epoch.cbor")).unwrap().verify(&trusted).unwrap()
}

fn shares(epoch: &EpochPublic) -> Vec<KeyShare> {
    let share = |name| KeyShare::from_bytes(&file(name), epoch).unwrap();
    vec![share("key-share-1.cbor"), share("key-share-3.cbor")]
}

fn commitments() -> Commitments {
    let bytes = file("commitments.bin");
    Commitments { blake3: bytes[..32].try_into().unwrap(), sha256: bytes[32..].try_into().unwrap() }
}

fn original() -> Vec<u8> {
    (0..70_000u32).map(|i| (i * 7 % 251) as u8).collect()
}

#[test]
fn a_file_of_version_1_opens() {
    let epoch = epoch();
    let header = Header::parse(&file("header.age")).unwrap();
    let proven = header.verify().unwrap();
    assert_eq!(proven.label().case.as_str(), "op-harbour-2026");
    let mut rng = ChaCha20Rng::seed_from_u64(9);
    let contributions: Vec<_> =
        shares(&epoch).iter().map(|share| make_share(&proven, share, &GRANT, &mut rng).unwrap()).collect();
    let combined = combine(&epoch, &proven, &GRANT, &contributions).unwrap();
    assert_eq!(*open(&header, &file("payload.age"), &combined.key, &commitments()).unwrap().expose(), original());
}

#[test]
fn answers_of_version_1_combine() {
    let epoch = epoch();
    let header = Header::parse(&file("header.age")).unwrap();
    let contribution = |name: &str| {
        let bytes = file(name);
        let (share, secret) = bytes.split_at(seal::SHARE_BYTES);
        let share = DecryptionShare::from_bytes(share).unwrap();
        Contribution { share, secret: MlKemSecret::from_bytes(secret.try_into().unwrap()) }
    };
    let contributions = [contribution("contribution-1.bin"), contribution("contribution-3.bin")];
    let combined = combine(&epoch, &header.verify().unwrap(), &GRANT, &contributions).unwrap();
    assert_eq!(combined.blamed, []);
    assert_eq!(*open(&header, &file("payload.age"), &combined.key, &commitments()).unwrap().expose(), original());
}

#[test]
fn the_same_seed_writes_the_same_bytes() {
    let epoch = epoch();
    for (name, bytes) in written(&epoch, &shares(&epoch)) {
        assert!(bytes == file(name), "{name} is written otherwise than it was: that takes a new version");
    }
}

/// Everything that a seed decides once an epoch stands.
fn written(epoch: &EpochPublic, shares: &[KeyShare]) -> Vec<(&'static str, Vec<u8>)> {
    let sealer = Sealer::new(epoch);
    let case = "op-harbour-2026".parse().unwrap();
    let label = sealer.label(case, AuthorisationId::from_bytes([0xa1; 16]), CaptureId::from_bytes([0xc2; 16]));
    let sealed = sealer.seal(&label, &original(), &mut ChaCha20Rng::seed_from_u64(SEAL_SEED)).unwrap();
    let header = Header::parse(&sealed.header).unwrap();
    let mut rng = ChaCha20Rng::seed_from_u64(SHARE_SEED);
    let mut contribute = |share| {
        let made = make_share(&header.verify().unwrap(), share, &GRANT, &mut rng).unwrap();
        [&made.share.to_bytes()[..], made.secret.expose()].concat()
    };
    vec![
        ("contribution-1.bin", contribute(&shares[0])),
        ("contribution-3.bin", contribute(&shares[1])),
        ("commitments.bin", [sealed.commitments.blake3, sealed.commitments.sha256].concat()),
        ("header.age", sealed.header),
        ("payload.age", sealed.payload),
    ]
}
