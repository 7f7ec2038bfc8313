//! Cryptocurrency addresses and keys, family by family: each is recognised by its checksum, and the few that have none
//! by a form that nothing else has.

mod base32;
mod base58;
mod bech32;
mod hex;

use std::ops::Range;

use model::Label;

use super::scan::Scan;
use crate::limits::MAX_WORD_BYTES;
use crate::rule::{Candidate, Rule, strength};

/// What a word turned out to be.
struct Reading {
    label: Label,
    /// The address in the one form it is compared in.
    canonical: String,
    rule: &'static Rule,
}

const fn rule(name: &'static str, reason: &'static str, strength: u8) -> Rule {
    Rule { detector: "crypto", name, reason, strength }
}

/// A long word of letters and digits mixed that no checksum explains: hidden as another identifier.
static OPAQUE: Rule = Rule {
    detector: "opaque",
    name: "mixed-word",
    reason: "a long word of mixed letters and digits, as keys and references are written",
    strength: strength::UNEXPLAINED,
};

/// Finds addresses among the long words, and the few families whose words hold other signs.
pub(crate) fn find(text: &str, scan: &Scan, found: &mut Vec<Candidate>) {
    for word in &scan.long_words {
        let written = &text[word.clone()];
        if written.len() > MAX_WORD_BYTES {
            found.push(Candidate::new(word.clone(), Label::OtherId, written, &OPAQUE));
            continue;
        }
        let (range, reading) = match read(written) {
            Some(reading) => (prefixed(text, word), Some(reading)),
            None => glued(written, word).map_or((word.clone(), None), |(range, reading)| (range, Some(reading))),
        };
        if let Some(reading) = reading {
            found.push(Candidate::new(range, reading.label, reading.canonical, reading.rule));
        } else if is_opaque(written) {
            found.push(Candidate::new(word.clone(), Label::OtherId, written, &OPAQUE));
        }
    }
    for &start in &scan.ton_starts {
        if let Some(reading) = text.get(start..start + base32::TON_CHARS).and_then(base32::ton) {
            found.push(Candidate::new(
                start..start + base32::TON_CHARS,
                reading.label,
                reading.canonical,
                reading.rule,
            ));
        }
    }
}

fn read(word: &str) -> Option<Reading> {
    hex::read(word).or_else(|| bech32::read(word)).or_else(|| base32::read(word)).or_else(|| base58::read(word))
}

/// An address that other letters were glued to: `payto0x…`, `wallet=bc1…` without the sign.
fn glued(written: &str, word: &Range<usize>) -> Option<(Range<usize>, Reading)> {
    ["0x", "bc1", "BC1", "ltc1", "tb1"].iter().find_map(|head| {
        let at = written.find(head).filter(|at| *at > 0)?;
        let reading = hex::read(&written[at..]).or_else(|| bech32::read(&written[at..]))?;
        Some((word.start + at..word.end, reading))
    })
}

/// Takes a scheme such as `bitcoincash:` into the range; a checksum of its own may cover it.
fn prefixed(text: &str, word: &Range<usize>) -> Range<usize> {
    const SCHEMES: [&str; 4] = ["bitcoincash:", "ecash:", "bchtest:", "kaspa:"];
    let before = &text[..word.start];
    let scheme = SCHEMES.iter().find(|scheme| {
        before
            .len()
            .checked_sub(scheme.len())
            .and_then(|at| before.get(at..))
            .is_some_and(|tail| tail.eq_ignore_ascii_case(scheme))
    });
    word.start - scheme.map_or(0, |scheme| scheme.len())..word.end
}

/// Whether letters and digits alternate as in random text, not as in a word with a number behind it.
fn is_opaque(word: &str) -> bool {
    let bytes = word.as_bytes();
    let changes = bytes.windows(2).filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit()).count();
    changes >= 5
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(text: &str) -> Option<(String, Label)> {
        let mut found = Vec::new();
        find(text, &Scan::new(text), &mut found);
        found.first().map(|candidate| (text[candidate.range.clone()].to_owned(), candidate.label))
    }

    #[test]
    fn addresses_with_a_right_checksum_are_found() {
        // The examples of BIP-13, 173, 350, EIP-55, cashaddr, SEP-23 and the coins' own documentation: no one's money.
        for address in [
            "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
            "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
            "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh",
            "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a",
            "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A",
            "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ",
            "So11111111111111111111111111111111111111112",
        ] {
            assert_eq!(
                label(&format!("pay {address}, please")),
                Some((address.to_owned(), Label::Crypto)),
                "{address}"
            );
        }
    }

    #[test]
    fn a_wrong_checksum_is_no_address_but_is_hidden_all_the_same() {
        for address in [
            "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
            "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        ] {
            assert_eq!(label(address).map(|(_, label)| label), Some(Label::OtherId), "{address}");
        }
    }

    #[test]
    fn long_words_of_a_language_stay() {
        for word in [
            "Donaudampfschifffahrtselektrizitaeten",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "wonderfulwonderfulwonderful2026",
        ] {
            assert_eq!(label(word), None, "{word}");
        }
    }
}
