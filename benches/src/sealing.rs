//! Sealing pages of 100 kB beside `age` with one X25519 recipient: the container is age's, so the difference is the
//! threshold header, the commitments, and whose ChaCha20-Poly1305 it is.

use std::io::Write as _;
use std::iter;

use anyhow::{Context as _, Result};
use ed25519_dalek::SigningKey;
use model::{AuthorisationId, CaptureId, Timestamp};
use rand::rngs::OsRng;
use rand::{Rng as _, RngCore as _};
use seal::Sealer;

use crate::watch::by_turns;
use crate::{HIGHER, Measured, Pair};

const PAGE_BYTES: usize = 100_000;
const PAGES: usize = 200;

pub(crate) fn measure() -> Result<Measured> {
    let mut pages = vec![vec![0; PAGE_BYTES]; 16];
    pages.iter_mut().for_each(|page| OsRng.fill_bytes(page));

    let members: Vec<_> = ["s.maria", "s.jonas", "s.amina"]
        .into_iter()
        .map(|name| Ok((name.parse()?, SigningKey::from_bytes(&OsRng.r#gen()))))
        .collect::<Result<_>>()?;
    let founded = seal::ceremony(Timestamp::from_secs(1_795_000_000), 2, &members, &mut OsRng)?;
    let sealer = Sealer::new(&founded.epoch);
    let case: model::CaseId = "op-harbour-2026".parse()?;
    let ours = || {
        for page in pages.iter().cycle().take(PAGES) {
            let capture = CaptureId::generate(Timestamp::from_secs(1_795_000_000), &mut OsRng);
            let label = sealer.label(case.clone(), AuthorisationId::from_bytes([7; 16]), capture);
            let sealed = sealer.seal(&label, page, &mut OsRng).expect("a page is sealed");
            assert!(sealed.payload.len() > PAGE_BYTES);
        }
    };

    let recipient = age::x25519::Identity::generate().to_public();
    let peer = || {
        for page in pages.iter().cycle().take(PAGES) {
            let sealed = with_age(&recipient, page).expect("a page is encrypted");
            assert!(sealed.len() > PAGE_BYTES);
        }
    };
    let (ours, peer) = by_turns(ours, peer);
    let rate = |seconds: f64| PAGES as f64 / seconds;
    let pair = Pair { ours: rate(ours), peer: rate(peer), unit: "100 kB pages/s", better: HIGHER };
    Ok(Measured::one("sealing", pair))
}

fn with_age(recipient: &age::x25519::Recipient, page: &[u8]) -> Result<Vec<u8>> {
    let encryptor = age::Encryptor::with_recipients(iter::once(recipient as &dyn age::Recipient))?;
    let mut sealed = Vec::with_capacity(page.len() + 1024);
    let mut writer = encryptor.wrap_output(&mut sealed).context("age's header")?;
    writer.write_all(page)?;
    writer.finish()?;
    Ok(sealed)
}
