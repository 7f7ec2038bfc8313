//! A supervisor's share, from whoever it may be: the first byte says what the rest is. Beside one good share, no other bytes
//! than the second supervisor's own open anything.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use model::{AuthorisationId, CaptureId, Timestamp};
use rand::rngs::OsRng;
use seal::{
    Contribution, DecryptionShare, EpochPublic, GrantHash, Header, KeyShare, Label, MlKemSecret, Sealer, combine, make_share,
};

struct Scene {
    epoch: EpochPublic,
    header: Vec<u8>,
    grant: GrantHash,
    good: Contribution,
    other: Vec<u8>,
    secret: [u8; 32],
}

static SCENE: LazyLock<Scene> = LazyLock::new(|| {
    let keys: Vec<_> = ["s.maria", "s.jonas", "s.amina"]
        .map(|person| (person.parse().expect("a person"), ed25519_dalek::SigningKey::generate(&mut OsRng)))
        .to_vec();
    let now = Timestamp::from_secs(1_795_000_000);
    let made = seal::ceremony(now, 2, &keys, &mut OsRng).expect("an epoch");
    let label = Label {
        case: "fuzz".parse().expect("a case"),
        authorisation: AuthorisationId::from_bytes([2; 16]),
        capture: CaptureId::from_bytes([1; 16]),
        epoch: made.epoch.id(),
    };
    let sealed = Sealer::new(&made.epoch).seal(&label, b"invented", &mut OsRng).expect("sealed");
    let header = sealed.header.clone();
    let grant = GrantHash([7; 32]);
    let parsed = Header::parse(&header).expect("a header of ours");
    let proven = parsed.verify().expect("a header of ours");
    let share = |number: usize| {
        make_share(&proven, &made.shares[number], &grant, &mut OsRng).expect("a share")
    };
    let (good, other) = (share(0), share(1));
    let secret = *other.secret.expose();
    Scene { epoch: made.epoch, header, grant, good, other: other.share.to_bytes().to_vec(), secret }
});

fuzz_target!(|bytes: &[u8]| {
    let Some((what, bytes)) = bytes.split_first() else { return };
    if what % 2 == 0 {
        if let Ok(share) = KeyShare::from_bytes(bytes, &SCENE.epoch) {
            assert_eq!(share.to_bytes().expose(), bytes, "a key share has one form");
        }
        return;
    }
    // The fuzzer starts from the good share and changes what it likes: bytes are laid over it.
    let mut laid: Vec<u8> = SCENE.other.clone();
    for (place, byte) in bytes.iter().enumerate().take(laid.len()) {
        laid[place] ^= byte;
    }
    for candidate in [&laid[..], bytes] {
        let Ok(share) = DecryptionShare::from_bytes(candidate) else { continue };
        assert_eq!(share.to_bytes(), candidate, "a share has one form");
        let second = Contribution { share, secret: MlKemSecret::from_bytes(SCENE.secret) };
        let header = Header::parse(&SCENE.header).expect("a header of ours");
        let proven = header.verify().expect("a header of ours");
        let opened = combine(&SCENE.epoch, &proven, &SCENE.grant, &[SCENE.good.clone(), second]).is_ok();
        assert_eq!(opened, candidate == SCENE.other, "nothing else opens");
    }
});
