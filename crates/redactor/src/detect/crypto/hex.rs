//! Hexadecimal addresses: Ethereum and its relatives, with the mixed-case checksum of EIP-55.

use model::Label;
use sha3::{Digest, Keccak256};

use super::{Reading, rule};
use crate::rule::{Rule, strength};

static CHECKED: Rule =
    rule("eip-55", "40 hexadecimal digits whose cases are a right Keccak checksum", strength::CHECKSUM);
static ONE_CASE: Rule = rule("hexadecimal", "40 hexadecimal digits of one case behind 0x", strength::SYNTAX);
static LONG: Rule =
    rule("hexadecimal-64", "64 hexadecimal digits behind 0x: an account, a transaction or a key", strength::SYNTAX);

pub(super) fn read(word: &str) -> Option<Reading> {
    let digits = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X"))?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let lower = digits.to_ascii_lowercase();
    let one_case = digits == lower || *digits == digits.to_ascii_uppercase();
    let rule = match digits.len() {
        40 if one_case => &ONE_CASE,
        40 if has_checksum(digits, &lower) => &CHECKED,
        64 => &LONG,
        _ => return None,
    };
    Some(Reading { label: Label::Crypto, canonical: format!("0x{lower}"), rule })
}

/// A letter is upper case where the digit of the hash in its place is 8 or more.
fn has_checksum(written: &str, lower: &str) -> bool {
    let hash = Keccak256::digest(lower.as_bytes());
    written.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_alphabetic()).all(|(at, byte)| {
        let digit = hash[at / 2] >> (4 * (1 - at % 2)) & 15;
        byte.is_ascii_uppercase() == (digit >= 8)
    })
}
