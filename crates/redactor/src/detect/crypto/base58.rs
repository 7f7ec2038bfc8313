//! The Base58 families: Base58Check in Bitcoin's and Ripple's alphabets, Monero's blocks, bare 32-byte keys.

use bs58::Alphabet;
use model::Label;
use sha2::{Digest, Sha256};
use sha3::Keccak256;

use super::{Reading, rule};
use crate::rule::{Rule, strength};

static CHECKED: Rule = rule("base58check", "Base58 with a right double SHA-256 checksum", strength::CHECKSUM);
static RIPPLE: Rule = rule("ripple", "Ripple's alphabet with a right double SHA-256 checksum", strength::CHECKSUM);
static MONERO: Rule = rule("monero", "Monero's blocks of Base58 with a right Keccak checksum", strength::CHECKSUM);
static KEY: Rule = rule("base58-key", "Base58 of exactly 32 bytes, as Solana addresses are", strength::FORM);
static PRIVATE: Rule = rule("private-key", "a private key with a right checksum", strength::CHECKSUM);

/// Characters of a full block, which stand for 8 bytes; Monero's last block stands for 5.
const BLOCK_CHARS: usize = 11;
const CHECKSUM_BYTES: usize = 4;

/// The digits of Bitcoin's alphabet, in order.
const DIGITS: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

pub(super) fn read(word: &str) -> Option<Reading> {
    match word.len() {
        25..=36 => checked(word, Alphabet::BITCOIN, &CHECKED).or_else(|| ripple(word)).or_else(|| key(word)),
        37..=52 => key(word).or_else(|| checked(word, Alphabet::BITCOIN, &CHECKED)),
        95 | 106 => monero(word),
        53..=115 => checked(word, Alphabet::BITCOIN, &CHECKED),
        _ => None,
    }
}

fn ripple(word: &str) -> Option<Reading> {
    word.starts_with('r').then(|| checked(word, Alphabet::RIPPLE, &RIPPLE)).flatten()
}

/// Version and payload under four bytes of a double SHA-256, whatever coin the version belongs to.
fn checked(word: &str, alphabet: &Alphabet, rule: &'static Rule) -> Option<Reading> {
    let bytes = bs58::decode(word).with_alphabet(alphabet).into_vec().ok()?;
    let (payload, checksum) = bytes.split_last_chunk::<CHECKSUM_BYTES>()?;
    if payload.len() < 20 || Sha256::digest(Sha256::digest(payload))[..CHECKSUM_BYTES] != *checksum {
        return None;
    }
    // WIF keys carry version 0x80 (0xef on test networks); extended private keys begin with their name.
    let wif = matches!(payload.len(), 33 | 34) && matches!(payload[0], 0x80 | 0xef | 0xb0);
    let private = wif || word.get(1..4) == Some("prv");
    let (label, rule) = if private { (Label::Secret, &PRIVATE) } else { (Label::Crypto, rule) };
    Some(Reading { label, canonical: word.to_owned(), rule })
}

/// Public key hashes without a checksum. Random words of this length decode to 32 bytes once in some thousands of
/// times only, and digits and both cases must be there.
fn key(word: &str) -> Option<Reading> {
    let mixed = [u8::is_ascii_digit as fn(&u8) -> bool, u8::is_ascii_uppercase, u8::is_ascii_lowercase];
    let random = mixed.iter().all(|class| word.bytes().any(|byte| class(&byte)));
    let bytes = (random && (32..=44).contains(&word.len())).then(|| bs58::decode(word).into_vec().ok()).flatten()?;
    (bytes.len() == 32).then(|| Reading { label: Label::Crypto, canonical: word.to_owned(), rule: &KEY })
}

/// Eleven characters for each eight bytes; network byte, two keys (and a payment id), four bytes of Keccak-256.
fn monero(word: &str) -> Option<Reading> {
    let mut bytes = Vec::with_capacity(80);
    for block in word.as_bytes().chunks(BLOCK_CHARS) {
        let size = if block.len() == BLOCK_CHARS { 8 } else { 5 };
        let mut value = 0u128;
        for byte in block {
            let digit = DIGITS.iter().position(|known| known == byte)?;
            value = value * 58 + digit as u128;
        }
        let written = value.to_be_bytes();
        let (zeros, tail) = written.split_at(16 - size);
        if zeros.iter().any(|byte| *byte != 0) {
            return None;
        }
        bytes.extend_from_slice(tail);
    }
    let (payload, checksum) = bytes.split_last_chunk::<CHECKSUM_BYTES>()?;
    (Keccak256::digest(payload)[..CHECKSUM_BYTES] == *checksum).then(|| Reading {
        label: Label::Crypto,
        canonical: word.to_owned(),
        rule: &MONERO,
    })
}
