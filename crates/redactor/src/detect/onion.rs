//! Onion addresses: version 3 by its checksum, and whatever else stands before `.onion`, because a mistyped or shortened
//! address still leads somewhere.

use std::ops::Range;

use data_encoding::BASE32_NOPAD;
use model::Label;
use sha3::{Digest, Sha3_256};

use super::scan::Scan;
use crate::rule::{Candidate, Rule, strength};

const fn rule(name: &'static str, reason: &'static str, strength: u8) -> Rule {
    Rule { detector: "onion", name, reason, strength }
}

static CHECKED: Rule = rule("v3", "56 characters with a right version 3 checksum", strength::CHECKSUM);
static SHAPED: Rule = rule("shaped", "a name before .onion, though no checksum confirms it", strength::CHECKSUM);

/// Characters of a version 3 name, and the longest name that is looked at.
const V3_CHARS: usize = 56;
const MAX_NAME_BYTES: usize = 255;

/// Finds names before each `.onion` that the triggers noted, and version 3 names without it.
pub(crate) fn find(text: &str, suffixes: &[Range<usize>], scan: &Scan, found: &mut Vec<Candidate>) {
    for suffix in suffixes {
        let before = &text.as_bytes()[..suffix.start];
        let part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(**byte, b'-' | b'.');
        let length = before.iter().rev().take(MAX_NAME_BYTES).take_while(part).count();
        let continues = text[suffix.end..].bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
        let name = text[suffix.start - length..suffix.start].trim_start_matches(['.', '-']);
        if name.len() < 4 || continues {
            continue;
        }
        // Names below the service's own belong to the address but not to the service.
        let service = name.rsplit('.').next().unwrap_or(name).to_ascii_lowercase();
        let rule = if is_v3(&service) { &CHECKED } else { &SHAPED };
        let start = suffix.start - name.len();
        let end = suffix.end + port(&text[suffix.end..]);
        found.push(Candidate::new(start..end, Label::Onion, format!("{service}.onion"), rule));
    }
    for word in scan.long_words.iter().filter(|word| word.len() == V3_CHARS) {
        let service = text[word.clone()].to_ascii_lowercase();
        if is_v3(&service) {
            found.push(Candidate::new(word.clone(), Label::Onion, format!("{service}.onion"), &CHECKED));
        }
    }
}

fn port(rest: &str) -> usize {
    let digits = rest.strip_prefix(':').map_or(0, |after| after.bytes().take_while(u8::is_ascii_digit).count());
    if (1..=5).contains(&digits) { digits + 1 } else { 0 }
}

/// Public key, two bytes of SHA3-256 of `.onion checksum`, the key and the version; then the version, 3.
fn is_v3(name: &str) -> bool {
    let Ok(bytes) = BASE32_NOPAD.decode(name.to_ascii_uppercase().as_bytes()) else { return false };
    let (Some(key), Some(checksum), Some(&3)) = (bytes.get(..32), bytes.get(32..34), bytes.get(34)) else {
        return false;
    };
    let hash = Sha3_256::new().chain_update(b".onion checksum").chain_update(key).chain_update([3]).finalize();
    name.len() == V3_CHARS && hash[..2] == *checksum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A made-up service: the address of a key that nobody drew.
    fn generated() -> String {
        let key = [0x4c; 32];
        let hash = Sha3_256::new().chain_update(b".onion checksum").chain_update(key).chain_update([3]).finalize();
        let bytes = [&key[..], &hash[..2], &[3]].concat();
        BASE32_NOPAD.encode(&bytes).to_ascii_lowercase()
    }

    fn canonical(text: &str) -> Vec<(String, &'static str)> {
        let suffixes: Vec<_> = text.match_indices(".onion").map(|(at, s)| at..at + s.len()).collect();
        let mut found = Vec::new();
        find(text, &suffixes, &Scan::new(text), &mut found);
        found.iter().map(|candidate| (candidate.canonical.to_string(), candidate.rule.name)).collect()
    }

    #[test]
    fn services_are_named_with_and_without_their_suffix() {
        let name = generated();
        let expected = vec![(format!("{name}.onion"), "v3")];
        for text in [name.clone(), name.to_uppercase()] {
            assert_eq!(canonical(&text), expected);
        }
        assert_eq!(canonical(&format!("http://www.{name}.onion:8080/x"))[0], expected[0]);
        assert_eq!(canonical("abcdefghij234567.onion"), [("abcdefghij234567.onion".to_owned(), "shaped")]);
        assert_eq!(canonical("a .onion site, my.onions"), []);
    }
}
