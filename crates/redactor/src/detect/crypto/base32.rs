//! The Base32 families with their short checksums (Stellar, Algorand), and TON's Base64.

use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use model::Label;
use sha2::{Digest, Sha512_256};

use super::{Reading, rule};
use crate::rule::{Rule, strength};

static STELLAR: Rule = rule("stellar", "a strkey with a right CRC-16", strength::CHECKSUM);
static ALGORAND: Rule =
    rule("algorand", "58 characters of Base32 with a right SHA-512/256 checksum", strength::CHECKSUM);
static TON: Rule = rule("ton", "48 characters of Base64 with a right CRC-16", strength::CHECKSUM);

/// Characters of a friendly TON address.
pub(super) const TON_CHARS: usize = 48;

const STELLAR_CHARS: usize = 56;
const ALGORAND_CHARS: usize = 58;

pub(super) fn read(word: &str) -> Option<Reading> {
    match word.len() {
        STELLAR_CHARS => {
            let bytes = BASE32_NOPAD.decode(word.as_bytes()).ok()?;
            let (payload, checksum) = bytes.split_last_chunk::<2>()?;
            let secret = word.starts_with('S');
            let label = if secret { Label::Secret } else { Label::Crypto };
            (crc16(payload).to_le_bytes() == *checksum).then(|| reading(label, word, &STELLAR))
        }
        ALGORAND_CHARS => {
            let bytes = BASE32_NOPAD.decode(word.as_bytes()).ok()?;
            let (payload, checksum) = bytes.split_last_chunk::<4>()?;
            Sha512_256::digest(payload).ends_with(checksum).then(|| reading(Label::Crypto, word, &ALGORAND))
        }
        _ => None,
    }
}

pub(super) fn ton(word: &str) -> Option<Reading> {
    let bytes = BASE64URL_NOPAD.decode(word.as_bytes()).ok()?;
    let (payload, checksum) = bytes.split_last_chunk::<2>()?;
    (crc16(payload).to_be_bytes() == *checksum).then(|| reading(Label::Crypto, word, &TON))
}

fn reading(label: Label, word: &str, rule: &'static Rule) -> Reading {
    Reading { label, canonical: word.to_owned(), rule }
}

/// CRC-16/XMODEM: polynomial 0x1021, no reflection, initial value 0.
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte) << 8, |crc, _| crc << 1 ^ if crc & 0x8000 == 0 { 0 } else { 0x1021 })
    })
}
