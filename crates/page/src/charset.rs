//! Bytes into characters: by byte order mark, header, document, and at last by guess.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};

use crate::{Problem, Problems};

/// Bytes at the beginning of a document in which it may name its charset, as browsers hold it.
const PRESCAN_BYTES: usize = 1024;

/// Decodes a body and names its charset. `declared` is the charset of the `Content-Type` header.
pub(crate) fn decode(body: &[u8], declared: Option<&str>, problems: &mut Problems) -> (String, &'static str) {
    let encoding = Encoding::for_bom(body).map(|(encoding, _)| encoding).unwrap_or_else(|| {
        let named = declared.and_then(|label| known(label, problems));
        named.or_else(|| in_document(body, problems)).unwrap_or_else(|| guess(body))
    });
    let (text, encoding, broken) = encoding.decode(body);
    if broken {
        problems.add(Problem::BrokenCharset);
    }
    (text.into_owned(), encoding.name())
}

fn known(label: &str, problems: &mut Problems) -> Option<&'static Encoding> {
    let found = Encoding::for_label(label.trim().as_bytes());
    if found.is_none() {
        problems.add(Problem::UnknownCharset);
    }
    found
}

/// The charset that the first `meta` or the XML declaration names. Names alone are looked for, not markup: that finds
/// it in every document that has it, and a name in the wrong place is still the best guess there is.
fn in_document(body: &[u8], problems: &mut Problems) -> Option<&'static Encoding> {
    let head = &body[..body.len().min(PRESCAN_BYTES)];
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let label = ["charset", "encoding"].iter().find_map(|key| {
        head.match_indices(key).find_map(|(at, _)| {
            let rest = head[at + key.len()..].trim_start().strip_prefix('=')?.trim_start();
            let rest = rest.strip_prefix(['"', '\'']).unwrap_or(rest);
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "-_:.".contains(c))).unwrap_or(rest.len());
            Some(&rest[..end]).filter(|label| !label.is_empty())
        })
    })?;
    let found = known(label, problems)?;
    // Whoever can write these words in ASCII is not writing UTF-16; the rule, and the next, are the standard's.
    Some(if found == UTF_16LE || found == UTF_16BE {
        UTF_8
    } else if found == X_USER_DEFINED {
        WINDOWS_1252
    } else {
        found
    })
}

fn guess(body: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(body, true);
    detector.guess(None, Utf8Detection::Allow)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(body: &[u8], declared: Option<&str>) -> (String, Problems) {
        let mut problems = Problems::default();
        (decode(body, declared, &mut problems).0, problems)
    }

    #[test]
    fn mark_header_document_and_guess_in_this_order() {
        let text = "<meta charset=windows-1251><p>Звоните после шести, спросить Анну";
        let cyrillic = encoding_rs::WINDOWS_1251.encode(text).0;
        assert_eq!(decoded(&cyrillic, None).0, text);
        assert_eq!(decoded(text.as_bytes(), Some("utf-8")).0, text, "the header wins over the document");
        let marked: Vec<u8> =
            [b"\xff\xfe".as_slice(), &"<p>ж".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()].concat();
        assert_eq!(decoded(&marked, Some("utf-8")).0, "<p>ж", "the mark wins over the header");
        let bare = "Звоните после шести вечера, спросить Анну. Центр, недорого, звоните в любое время.";
        assert_eq!(decoded(&encoding_rs::WINDOWS_1251.encode(bare).0, None).0, bare, "guessed");
        assert_eq!(decoded(bare.as_bytes(), None).0, bare, "guessed");
    }

    #[test]
    fn unknown_names_and_broken_bytes_are_problems() {
        let (text, problems) = decoded("é".as_bytes(), Some("klingon"));
        assert_eq!((text.as_str(), problems.count(Problem::UnknownCharset)), ("é", 1));
        let (text, problems) = decoded(b"a\xffb", Some("utf-8"));
        assert_eq!((text.as_str(), problems.count(Problem::BrokenCharset)), ("a\u{fffd}b", 1));
        assert_eq!(decoded(b"<meta charset=utf-16>a", None).0, "<meta charset=utf-16>a");
    }
}
