//! Paths: one normal form, and the question whether they lie below a prefix whoever decodes them, and how often.

use crate::limits::MAX_DECODINGS;
use crate::{Refusal, Rule};

/// The normal form of a path that the URL parser has resolved: escapes in upper case, none where none is needed.
///
/// # Errors
/// If decoding it, once or again and again, would show dot segments, backslashes or control characters.
pub(super) fn normal(path: &str) -> Result<String, Refusal> {
    let normal = unescape_plain(path);
    let mut decoded = normal.clone().into_bytes();
    for _ in 0..=MAX_DECODINGS {
        harmless(&decoded)?;
        let next = decode(&decoded);
        if next == decoded {
            return Ok(normal);
        }
        decoded = next;
    }
    Err(Refusal::new(Rule::PathDecoding, "its path has escapes inside escapes inside escapes"))
}

/// Whether a path in normal form lies below one of the prefixes, as it is sent and as it is after full decoding.
pub(super) fn inside(path: &str, prefixes: &[String]) -> bool {
    prefixes
        .iter()
        .any(|prefix| below(path.as_bytes(), prefix.as_bytes()) && below(&fully_decoded(path), &fully_decoded(prefix)))
}

/// The normal form of a prefix that a document names, if it is a plain path.
pub(crate) fn normal_prefix(written: &str) -> Option<String> {
    if !written.starts_with('/') || written.contains(['?', '#', '\\', ';']) || written.chars().any(char::is_control) {
        return None;
    }
    let url = url::Url::parse(&format!("http://prefix.example{written}")).ok()?;
    let path = normal(url.path()).ok()?;
    // What the parser would resolve or what still has escapes after one decoding is not what people believe they sign.
    let plain = !written.split('/').any(|segment| matches!(&fully_decoded(segment)[..], b"." | b".."))
        && url.host_str() == Some("prefix.example");
    let once = decode(path.as_bytes());
    (plain && decode(&once) == once && !encodes_slash(&path)).then_some(path)
}

/// Escapes in upper case, as RFC 3986 section 6.2.2.1 has it.
pub(super) fn escapes_in_upper_case(text: &str) -> String {
    rewrite(text, |_| None)
}

/// Escapes in upper case, and those of unreserved characters undone (RFC 3986 section 6.2.2).
fn unescape_plain(path: &str) -> String {
    rewrite(path, |byte| {
        (byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')).then_some(char::from(byte))
    })
}

fn rewrite(text: &str, plain: impl Fn(u8) -> Option<char>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        match escaped(&rest.as_bytes()[at..]) {
            Some(byte) => {
                match plain(byte).filter(|_| !ends_in_half_an_escape(&out)) {
                    Some(character) => out.push(character),
                    None => out.push_str(&format!("%{byte:02X}")),
                }
                rest = &rest[at + 3..];
            }
            None => {
                out.push('%');
                rest = &rest[at + 1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// Whether the next character could complete an escape that nobody wrote: after `%2`, an undone `%61` would make `%2a`.
fn ends_in_half_an_escape(out: &str) -> bool {
    let bytes = out.as_bytes();
    bytes.ends_with(b"%") || bytes.len() > 1 && bytes[bytes.len() - 2] == b'%'
}

/// The byte that an escape at the start stands for.
fn escaped(bytes: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = *bytes else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(high)? << 4 | digit(low)?)
}

/// One round of percent-decoding.
fn decode(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match escaped(&bytes[at..]) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    out
}

/// Decoded until nothing changes; a path in normal form ends within the bound.
fn fully_decoded(path: &str) -> Vec<u8> {
    let mut bytes = path.as_bytes().to_vec();
    for _ in 0..=MAX_DECODINGS {
        bytes = decode(&bytes);
    }
    bytes
}

fn encodes_slash(path: &str) -> bool {
    path.contains("%2F")
}

fn harmless(decoded: &[u8]) -> Result<(), Refusal> {
    if decoded.contains(&b'\\') {
        return Err(Refusal::new(Rule::PathDecoding, "its path decodes to one with a backslash"));
    }
    if decoded.iter().any(u8::is_ascii_control) {
        return Err(Refusal::new(Rule::PathDecoding, "its path decodes to one with control characters"));
    }
    if SECOND_SPELLINGS.iter().any(|spelling| contains(decoded, spelling)) {
        return Err(Refusal::new(
            Rule::PathDecoding,
            "its path spells a plain character in a way that few decoders take",
        ));
    }
    for segment in decoded.split(|byte| *byte == b'/') {
        // Some servers cut a segment at ';', some drop dots and spaces at its end, and resolve what is left.
        let name = segment.split(|byte| *byte == b';').next().unwrap_or_default();
        if name.contains(&b'.') && name.iter().all(|byte| matches!(byte, b'.' | b' ')) {
            return Err(Refusal::new(Rule::PathDecoding, "its path decodes to one with dot segments"));
        }
    }
    Ok(())
}

/// Overlong UTF-8 (RFC 3629 section 10) of '.', '/' and '\\', and the start of the `%u002e` of old servers: whoever
/// undoes these finds dot segments that nobody else has seen. Where a legacy charset has letters for such a pair, a path
/// with them is refused all the same.
const SECOND_SPELLINGS: &[&[u8]] =
    &[b"\xC0\xAE", b"\xC0\xAF", b"\xC1\x9C", b"\xE0\x80\xAE", b"\xE0\x80\xAF", b"\xE0\x81\x9C", b"%u00", b"%U00"];

fn contains(text: &[u8], piece: &[u8]) -> bool {
    text.windows(piece.len()).any(|window| window == piece)
}

/// Prefixes end at the border of a segment: `/board` covers `/board` and `/board/7`, not `/boards`.
fn below(path: &[u8], prefix: &[u8]) -> bool {
    match path.strip_prefix(prefix) {
        Some(rest) => rest.is_empty() || prefix.ends_with(b"/") || rest.starts_with(b"/"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_path_has_one_normal_form() {
        for (written, expected) in [
            ("/%66orum/%7e%2a", "/forum/~%2A"),
            ("/100%", "/100%"),
            ("/%zz/%4", "/%zz/%4"),
            ("/%2%61/%%61b/%2%2%61", "/%2%61/%%61b/%2%2%61"),
            ("/a%20b", "/a%20b"),
            ("/%C3%A4", "/%C3%A4"),
        ] {
            assert_eq!(normal(written).as_deref(), Ok(expected), "{written}");
        }
    }

    #[test]
    fn prefixes_end_at_the_border_of_a_segment() {
        let prefixes = ["/board".to_owned(), "/item/".to_owned()];
        for path in ["/board", "/board/", "/board/7", "/item/", "/item/7"] {
            assert!(inside(path, &prefixes), "{path}");
        }
        for path in ["/", "/boards", "/boar", "/item", "/Board", "/x/board", "/board%2F7", "//board"] {
            assert!(!inside(path, &prefixes), "{path}");
        }
    }

    #[test]
    fn prefixes_are_plain_paths() {
        assert_eq!(normal_prefix("/%66orum/").as_deref(), Some("/forum/"));
        assert_eq!(normal_prefix("/форум").as_deref(), Some("/%D1%84%D0%BE%D1%80%D1%83%D0%BC"));
        for bad in
            ["", "board", "/a/../b", "/a/.", "/a?b", "/a#b", "/a\\b", "/%2e%2e/", "/a%2fb", "/%2566", "/a;b", "/a\nb"]
        {
            assert_eq!(normal_prefix(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn the_normal_form_is_its_own(path in "/([a-z0-9./;%]|%[0-9A-Fa-f]{2}|%25[0-9a-f]{2}|%[0-9a-f]?%[346][0-9a-f]){0,24}") {
            if let Ok(once) = normal(&path) {
                prop_assert_eq!(normal(&once), Ok(once.clone()));
                prop_assert_eq!(fully_decoded(&once), fully_decoded(&path));
            }
        }
    }
}
