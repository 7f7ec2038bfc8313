//! Every string and number in a piece of JSON, found without building it: depth costs nothing, and what is broken
//! behind does not spoil what came before.

use crate::{Problem, Problems};

/// Calls `value` with each string value (unescaped) and each number (as written), in order. Keys of objects are skipped.
pub(crate) fn values(text: &str, problems: &mut Problems, mut value: impl FnMut(&str)) {
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c == '"' || c == '-' || c.is_ascii_digit()) {
        let here = &rest[at..];
        if !here.starts_with('"') {
            let end = here.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c))).unwrap_or(here.len());
            if here[..end].contains(|c: char| c.is_ascii_digit()) {
                value(&here[..end]);
            }
            rest = &here[end..];
            continue;
        }
        let Some(end) = string_end(here) else {
            problems.add(Problem::BrokenJsonLd);
            value(&here[1..]);
            return;
        };
        rest = &here[end..];
        if rest.trim_start().starts_with(':') {
            continue;
        }
        // A string that is not JSON's (a raw line break inside, say) still says what it says.
        let read = serde_json::from_str::<String>(&here[..end]).map(zeroize::Zeroizing::new);
        value(read.as_deref().map_or(&here[1..end - 1], String::as_str));
    }
}

/// Where the string that `text` begins with ends, after its closing quote.
fn string_end(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(text: &str) -> (Vec<String>, Problems) {
        let (mut found, mut problems) = (Vec::new(), Problems::default());
        values(text, &mut problems, |value| found.push(value.to_owned()));
        (found, problems)
    }

    #[test]
    fn strings_and_numbers_but_no_keys() {
        let text = r#"{"@type":"Person","telephone" : "\u002b44 7700\t900123","age":-31.5,"ids":[447700900123,true,null,"a:b"]}"#;
        let (values, problems) = found(text);
        assert_eq!(values, ["Person", "+44 7700\t900123", "-31.5", "447700900123", "a:b"]);
        assert!(problems.is_empty());
    }

    #[test]
    fn depth_is_free_and_what_is_broken_behind_spoils_nothing_before() {
        let text = format!("{}\"a\", \"b\nc\", \"d", "[".repeat(1_000_000));
        let (values, problems) = found(&text);
        assert_eq!(values, ["a", "b\nc", "d"]);
        assert_eq!(problems.count(Problem::BrokenJsonLd), 1);
    }

    proptest! {
        #[test]
        fn every_string_that_serde_json_writes_is_found(strings in proptest::collection::vec(".*", 0..8)) {
            let text = serde_json::to_string(&strings).unwrap();
            prop_assert_eq!(found(&text).0, strings);
        }
    }
}
