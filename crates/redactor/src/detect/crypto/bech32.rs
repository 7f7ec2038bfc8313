//! The Bech32 families: segwit addresses (BIP-173, BIP-350), other chains' names, and cashaddr's longer checksum.

use bech32::primitives::decode::{CheckedHrpstring, UncheckedHrpstring};
use bech32::{Bech32, Bech32m};
use model::Label;

use super::{Reading, rule};
use crate::rule::{Rule, strength};

static CHECKED: Rule = rule("bech32", "a name, a one, and a right Bech32 checksum", strength::CHECKSUM);
static CASHADDR: Rule = rule("cashaddr", "a right cashaddr checksum", strength::CHECKSUM);
static PRIVATE: Rule = rule("private-key", "a private key with a right checksum", strength::CHECKSUM);

/// Networks that cashaddr checksums are tried for.
const CASH_NETWORKS: [&str; 3] = ["bitcoincash", "ecash", "bchtest"];
const CHARSET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

pub(super) fn read(word: &str) -> Option<Reading> {
    let lower = word.to_ascii_lowercase();
    if word.bytes().any(|byte| byte.is_ascii_lowercase()) && word.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    checked(&lower).or_else(|| cashaddr(&lower))
}

fn checked(word: &str) -> Option<Reading> {
    let parts = UncheckedHrpstring::new(word).ok()?;
    let hrp = parts.hrp().to_lowercase();
    // Segwit says which of the two checksums each version takes; other chains use either.
    let right = if parts.hrp().is_valid_segwit() {
        bech32::segwit::decode(word).is_ok()
    } else {
        CheckedHrpstring::new::<Bech32>(word).is_ok() || CheckedHrpstring::new::<Bech32m>(word).is_ok()
    };
    let (label, rule) = match hrp.as_str() {
        "nsec" => (Label::Secret, &PRIVATE),
        "npub" | "nprofile" => (Label::Handle, &CHECKED),
        _ => (Label::Crypto, &CHECKED),
    };
    right.then(|| Reading { label, canonical: word.to_owned(), rule })
}

/// The word behind `bitcoincash:`; writers leave the network out, so each is tried.
fn cashaddr(word: &str) -> Option<Reading> {
    if !word.starts_with(['q', 'p', 'z', 'r']) || !(42..=112).contains(&word.len()) {
        return None;
    }
    let values: Option<Vec<u64>> =
        word.bytes().map(|byte| CHARSET.iter().position(|known| *known == byte).map(|value| value as u64)).collect();
    let values = values?;
    CASH_NETWORKS.iter().find_map(|network| {
        let head = network.bytes().map(|byte| u64::from(byte & 31)).chain([0]);
        (polymod(head.chain(values.iter().copied())) == 0).then(|| Reading {
            label: Label::Crypto,
            canonical: format!("{network}:{word}"),
            rule: &CASHADDR,
        })
    })
}

/// The 40-bit checksum of the cashaddr specification.
fn polymod(values: impl Iterator<Item = u64>) -> u64 {
    const GENERATORS: [u64; 5] = [0x98_f2bc_8e61, 0x79_b76d_99e2, 0xf3_3e5f_b3c4, 0xae_2eab_e2a8, 0x1e_4f43_e470];
    let state = values.fold(1, |state: u64, value| {
        let top = state >> 35;
        let mixed = (state & 0x07_ffff_ffff) << 5 ^ value;
        GENERATORS.iter().enumerate().fold(mixed, |mixed, (bit, generator)| mixed ^ ((top >> bit & 1) * generator))
    });
    state ^ 1
}
