//! Whatever string is offered: what is admitted has a door that was signed and a path below one of its prefixes, and
//! another reader of its URL finds the same.

use proptest::prelude::*;

use super::super::{Target, admit, join};
use super::{authorised, moment};
use crate::{Authorised, Protected};

/// Pieces that URLs are made of, ours and those of tricksters: whoever glues them at random meets every rule.
const PIECES: &[&str] = &[
    "http",
    "https",
    "HTTP",
    "ftp",
    ":",
    "//",
    "/",
    "\\",
    "@",
    "#",
    "?",
    ".",
    "..",
    "%2e",
    "%2F",
    "%252e",
    "%5c",
    "%00",
    ":80",
    ":8080",
    ":443",
    "ads.example",
    "ADS.example",
    "ads.example.",
    "forum.example",
    "b\u{fc}cher.example",
    "xn--bcher-kva.example",
    "ads\u{3002}example",
    "helpline.example",
    "mirror.example",
    "127.0.0.1",
    "[::1]",
    "user",
    "board",
    "boards",
    "item",
    "private",
    "7",
    ";",
    " ",
    "\t",
    "\u{ad}",
    "\u{430}",
    "%c0%ae",
    "%u002e",
    "http://ads.example/board/",
    "https://forum.example/",
    "http://ads.example:8080/item/",
    "&",
    "=",
    "%",
    "%E4",
    "\u{1f600}",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn glued_from_pieces_nothing_gets_out_of_scope(pieces in prop::collection::vec(prop::sample::select(PIECES), 1..14)) {
        lies_in_scope(&pieces.concat())?;
    }

    #[test]
    fn below_an_authorised_prefix_no_path_gets_out_of_scope(
        tail in "([a-z0-9./;%\\\\ ]|%[0-9a-f]?%[346][0-9a-f]|%[0-9A-Fa-f]{2}|%25[0-9a-f]{2}|%u00[0-9a-f]{2}|\\PC){0,24}",
        door in prop::sample::select(vec!["http://ads.example/board", "http://ads.example:8080/item/", "http://b\u{fc}cher.example/"]),
    ) {
        lies_in_scope(&format!("{door}{tail}"))?;
    }

    #[test]
    fn whatever_string_is_offered_nothing_gets_out_of_scope(text in "\\PC{0,60}") {
        lies_in_scope(&text)?;
    }

    #[test]
    fn whatever_link_is_joined_nothing_gets_out_of_scope(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..10)) {
        let authorised = authorised();
        let page = admit(&authorised, "http://ads.example/board/a/b", moment()).unwrap();
        if let Ok(joined) = join(&page, &pieces.concat()) {
            lies_in_scope(&joined)?;
        }
    }
}

/// Whatever is admitted lies within the document, and an outside reader of its URL sees the same.
fn lies_in_scope(text: &str) -> Result<(), TestCaseError> {
    let authorised = authorised();
    let Ok(target) = admit(&authorised, text, moment()) else { return Ok(()) };
    let sites = authorised.document().sites();
    let named = |site: &&crate::Site| {
        site.host() == target.host() && site.scheme() == target.scheme() && site.ports().contains(&target.port())
    };
    let site = sites.iter().find(named);
    prop_assert!(site.is_some(), "{text:?} is admitted at a door that nobody signed");
    let site = site.unwrap();
    prop_assert!(Protected::builtin().find(target.host()).is_none());

    let outside = url::Url::parse(target.url()).map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert_eq!(outside.as_str(), target.url(), "a reader changes what is sent");
    prop_assert_eq!(outside.scheme(), target.scheme().as_str());
    prop_assert_eq!(outside.host_str(), Some(target.host()));
    prop_assert_eq!(outside.port_or_known_default(), Some(target.port()));
    prop_assert!(outside.username().is_empty() && outside.password().is_none() && outside.fragment().is_none());
    let asked = target.path_and_query();
    let path = asked.split('?').next().unwrap_or_default();
    prop_assert_eq!(outside.path(), path);
    prop_assert_eq!(outside.query(), asked.split_once('?').map(|(_, query)| query));

    // Decoded once or to the end, and with dot segments resolved by a server that does so late, it is still inside.
    let mut seen = path.as_bytes().to_vec();
    for _ in 0..=crate::limits::MAX_DECODINGS {
        let resolved = resolved(&seen);
        let below = site.path_prefixes().iter().any(|prefix| below(&resolved, prefix.as_bytes()));
        prop_assert!(below, "{text:?} decodes to a path outside of every prefix");
        seen = percent_decoded(&seen);
    }
    again_the_same(&authorised, &target)
}

/// A normal form is its own normal form.
fn again_the_same(authorised: &Authorised, target: &Target) -> Result<(), TestCaseError> {
    let again =
        admit(authorised, target.url(), moment()).map_err(|refusal| TestCaseError::fail(refusal.to_string()))?;
    prop_assert_eq!(again.url(), target.url());
    prop_assert_eq!(again.port(), target.port());
    Ok(())
}

/// Written anew for the tests: what a server does that decodes.
fn percent_decoded(bytes: &[u8]) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match (bytes[at], digit(bytes.get(at + 1)), digit(bytes.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(16 * high + low).expect("two hexadecimal digits are a byte"));
                at += 3;
            }
            (byte, ..) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

/// Written anew for the tests: what a server does that turns backslashes around, cuts parameters and resolves dots.
fn resolved(path: &[u8]) -> Vec<u8> {
    let mut kept: Vec<Vec<u8>> = Vec::new();
    let slashes: Vec<u8> = path.iter().map(|byte| if *byte == b'\\' { b'/' } else { *byte }).collect();
    for segment in slashes.split(|byte| *byte == b'/').skip(1) {
        let name = segment.split(|byte| *byte == b';').next().unwrap_or_default();
        match name {
            b".." => drop(kept.pop()),
            b"." => {}
            _ => kept.push(segment.to_vec()),
        }
    }
    kept.iter().flat_map(|segment| [b"/".as_slice(), segment].concat()).collect()
}

fn below(path: &[u8], prefix: &[u8]) -> bool {
    let bare = prefix.strip_suffix(b"/").unwrap_or(prefix);
    path.strip_prefix(bare).is_some_and(|rest| {
        if prefix.ends_with(b"/") { rest.starts_with(b"/") } else { rest.is_empty() || rest.starts_with(b"/") }
    })
}
