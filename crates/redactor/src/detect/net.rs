//! Addresses of machines: IPv4, IPv6, MAC.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use model::Label;

use super::number::Chain;
use super::scan::{floor, word_after, word_before};
use crate::rule::{Candidate, Rule, strength};

const fn rule(name: &'static str, reason: &'static str) -> Rule {
    Rule { detector: "ip", name, reason, strength: strength::SYNTAX }
}

static V4: Rule = rule("v4", "four numbers below 256 with dots between them");
static V6: Rule = rule("v6", "an address in the form of RFC 4291");
static MAC: Rule = rule("mac", "six pairs of hexadecimal digits");

/// The longest IPv6 address in writing.
const MAX_V6_BYTES: usize = 45;

/// The first IPv4 address in a chain: its groups, and what was found.
pub(crate) fn v4(chain: Chain<'_>) -> Option<(Range<usize>, Candidate)> {
    let count = chain.groups.len();
    let dotted = |place: usize| chain.gap(place) == ".";
    (0..count.saturating_sub(3)).find_map(|start| {
        let inside = (start..start + 3).all(dotted);
        let longer = start > 0 && dotted(start - 1) || start + 4 < count && dotted(start + 3);
        if !inside || longer {
            return None;
        }
        let range = chain.groups[start].start..chain.groups[start + 3].end;
        let address: Ipv4Addr = chain.text[range.clone()].parse().ok()?;
        let version = says_version(chain.text, range.start);
        (!version && !word_before(chain.text, range.start) && !word_after(chain.text, range.end)).then(|| {
            let end = range.end + suffix(&chain.text[range.end..], 32);
            let taken = start + 4 + usize::from(end > range.end);
            (start..taken, Candidate::new(range.start..end, Label::Ip, address.to_string(), &V4))
        })
    })
}

/// The length of a network's prefix or of an interface's zone behind an address: `/24`, `%eth0`.
fn suffix(rest: &str, bits: u32) -> usize {
    let tail = rest.get(1..).unwrap_or_default();
    match rest.as_bytes().first() {
        Some(b'/') => {
            let digits = tail.bytes().take_while(u8::is_ascii_digit).count();
            let fits = digits <= 3 && tail[..digits].parse().is_ok_and(|length: u32| length <= bits);
            if fits && !word_after(tail, digits) { digits + 1 } else { 0 }
        }
        Some(b'%') => match tail.bytes().take(16).take_while(u8::is_ascii_alphanumeric).count() {
            0 => 0,
            zone => zone + 1,
        },
        _ => 0,
    }
}

/// `v1.2.3.4` and `version 1.2.3.4` are software.
fn says_version(text: &str, at: usize) -> bool {
    let before = text[floor(text, at.saturating_sub(16))..at].to_ascii_lowercase();
    ["version", "ver.", "build", " v"].iter().any(|word| before.trim_end().ends_with(word))
}

/// Finds IPv6 and MAC addresses around colons, and MAC addresses around dashes.
pub(crate) fn find(text: &str, found: &mut Vec<Candidate>) {
    let bytes = text.as_bytes();
    let mut after = 0;
    for colon in memchr::memchr_iter(b':', bytes) {
        if colon < after {
            continue;
        }
        let part = |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
        let mut start = colon - bytes[..colon].iter().rev().take(MAX_V6_BYTES).take_while(|byte| part(byte)).count();
        let mut end = colon + bytes[colon..].iter().take(MAX_V6_BYTES + 1).take_while(|byte| part(byte)).count();
        after = end;
        // A colon before, as in `ip:fe80::1`, or a full stop behind belongs to the sentence.
        while bytes[start] == b'.' || bytes[start] == b':' && bytes.get(start + 1) != Some(&b':') {
            start += 1;
            if start == end {
                break;
            }
        }
        while end > start && (bytes[end - 1] == b'.' || bytes[end - 1] == b':' && !text[start..end].ends_with("::")) {
            end -= 1;
        }
        let written = &text[start..end];
        let whole = !word_before(text, start) && !word_after(text, end);
        if !whole || written.len() < 3 {
            continue;
        }
        if let Some(value) = mac(written, b':') {
            found.push(Candidate::new(start..end, Label::Ip, value, &MAC));
        } else if let Ok(address) = written.parse::<Ipv6Addr>() {
            // `::` alone and `a::b` are operators and paths of programming languages far more often.
            if written.bytes().any(|byte| byte.is_ascii_digit()) {
                let end = end + suffix(&text[end..], 128);
                found.push(Candidate::new(start..end, Label::Ip, address.to_string(), &V6));
            }
        }
    }
    for dash in memchr::memchr_iter(b'-', bytes) {
        let Some(start) = dash.checked_sub(2) else { continue };
        let Some(written) = text.get(start..start + 17) else { continue };
        if let Some(value) = mac(written, b'-').filter(|_| !word_before(text, start) && !word_after(text, start + 17)) {
            found.push(Candidate::new(start..start + 17, Label::Ip, value, &MAC));
        }
    }
}

fn mac(written: &str, sign: u8) -> Option<String> {
    let well_formed = written.len() == 17
        && written
            .bytes()
            .enumerate()
            .all(|(at, byte)| if at % 3 == 2 { byte == sign } else { byte.is_ascii_hexdigit() });
    // Six pairs of decimal digits with dashes are a number to call; some letter must show that they are hexadecimal.
    let hexadecimal = sign == b':' || written.bytes().any(|byte| byte.is_ascii_alphabetic());
    (well_formed && hexadecimal).then(|| written.to_ascii_lowercase().replace('-', ":"))
}
