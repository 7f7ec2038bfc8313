//! Sealing pages of 100 kB and of 4 MiB beside `age` with one X25519 recipient: the container is age's, so the difference is
//! the threshold header, the commitments, and whose ChaCha20-Poly1305 it is. And opening: two shares made, checked and
//! combined beside `age` unwrapping the same file key with the one key that opens alone.

use std::io::Write as _;
use std::iter;

use age::Identity as _;
use anyhow::{Context as _, Result};
use ed25519_dalek::SigningKey;
use model::{AuthorisationId, CaptureId, CaseId, Timestamp};
use rand::rngs::OsRng;
use rand::{Rng as _, RngCore as _};
use seal::{GrantHash, Header, Label, Sealer, combine, make_share, verify_share};

use crate::watch::by_turns;
use crate::{HIGHER, LOWER, Measured, Pair};

/// Openings, and steps of one, that each turn takes.
const TIMES: usize = 50;

pub(crate) fn measure() -> Result<Measured> {
    let members: Vec<_> = ["s.maria", "s.jonas", "s.amina"]
        .into_iter()
        .map(|name| Ok((name.parse()?, SigningKey::from_bytes(&OsRng.r#gen()))))
        .collect::<Result<_>>()?;
    let founded = seal::ceremony(Timestamp::from_secs(1_795_000_000), 2, &members, &mut OsRng)?;
    let sealer = Sealer::new(&founded.epoch);
    let case: CaseId = "op-harbour-2026".parse()?;
    let mut measured = Measured::default();
    measured.pair("sealing", sealed(&sealer, &case, 100_000, 200, "100 kB pages/s"));
    measured.pair("sealing, 4 MiB", sealed(&sealer, &case, 4 << 20, 8, "4 MiB pages/s"));
    opening(&founded, &label(&sealer, &case), &sealer, &mut measured)?;
    Ok(measured)
}

fn label(sealer: &Sealer, case: &CaseId) -> Label {
    let capture = CaptureId::generate(Timestamp::from_secs(1_795_000_000), &mut OsRng);
    sealer.label(case.clone(), AuthorisationId::from_bytes([7; 16]), capture)
}

fn sealed(sealer: &Sealer, case: &CaseId, bytes: usize, count: usize, unit: &'static str) -> Pair {
    let mut pages = vec![vec![0; bytes]; count.min(16)];
    pages.iter_mut().for_each(|page| OsRng.fill_bytes(page));
    let ours = || {
        for page in pages.iter().cycle().take(count) {
            let sealed = sealer.seal(&label(sealer, case), page, &mut OsRng).expect("a page is sealed");
            assert!(sealed.payload.len() > bytes);
        }
    };
    let recipient = age::x25519::Identity::generate().to_public();
    let peer = || {
        for page in pages.iter().cycle().take(count) {
            let sealed = with_age(&recipient, page).expect("a page is encrypted");
            assert!(sealed.len() > bytes);
        }
    };
    let (ours, peer) = by_turns(ours, peer);
    let rate = |seconds: f64| count as f64 / seconds;
    Pair { ours: rate(ours), peer: rate(peer), unit, better: HIGHER }
}

fn with_age(recipient: &age::x25519::Recipient, page: &[u8]) -> Result<Vec<u8>> {
    let encryptor = age::Encryptor::with_recipients(iter::once(recipient as &dyn age::Recipient))?;
    let mut sealed = Vec::with_capacity(page.len() + 1024);
    let mut writer = encryptor.wrap_output(&mut sealed).context("age's header")?;
    writer.write_all(page)?;
    writer.finish()?;
    Ok(sealed)
}

fn opening(founded: &seal::Ceremony, label: &Label, sealer: &Sealer, measured: &mut Measured) -> Result<()> {
    let sealed = sealer.seal(label, b"an invented page", &mut OsRng)?;
    let (header, grant) = (Header::parse(&sealed.header)?, GrantHash([7; 32]));
    let (proven, epoch) = (header.verify()?, &founded.epoch);
    let share = |number: usize| make_share(&proven, &founded.shares[number], &grant, &mut OsRng).expect("a share");
    let answers = [share(0), share(1)];

    let alone = age::x25519::Identity::generate();
    let (stanzas, _) =
        age::Recipient::wrap_file_key(&alone.to_public(), &age_core::format::FileKey::new(Box::new([7; 16])))?;
    let unwrap = || {
        for _ in 0..TIMES {
            assert!(alone.unwrap_stanza(&stanzas[0]).is_some_and(|opened| opened.is_ok()));
        }
    };
    let many = |step: &dyn Fn()| (0..TIMES).for_each(|_| step());
    let steps: [(&str, &dyn Fn()); 3] = [
        ("a share made", &|| drop(std::hint::black_box(share(0)))),
        ("a share checked", &|| assert!(verify_share(epoch, &proven, &grant, &answers[0].share).is_ok())),
        ("2 of 3 combined", &|| assert!(combine(epoch, &proven, &grant, &answers).is_ok())),
    ];
    for (name, step) in steps {
        let (ours, peer) = by_turns(|| many(step), unwrap);
        let micros = |seconds: f64| seconds / TIMES as f64 * 1e6;
        let pair = Pair { ours: micros(ours), peer: micros(peer), unit: "µs (age: one key alone)", better: LOWER };
        measured.pair(name, pair);
    }
    Ok(())
}
