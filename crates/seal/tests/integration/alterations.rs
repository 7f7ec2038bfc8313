//! Nothing that was altered is ever accepted, and no header, however bent, does harm.

use crate::site::Site;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD as BASE64;
use proptest::prelude::*;
use seal::{Error, Header, Label, MAX_HEADER_BYTES, MAX_ORIGINAL_BYTES, STANZA_TAG};

#[test]
fn a_flip_of_any_byte_of_header_or_payload_is_refused() {
    let mut site = Site::new(2, 3);
    let sealed = site.seal(&[9; 600]);
    let mut accepted = 0;
    for place in 0..sealed.header.len() {
        for flip in [0x01, 0x80] {
            let mut header = sealed.header.clone();
            header[place] ^= flip;
            accepted += usize::from(site.open(&header, &sealed.payload, &sealed).is_ok());
        }
    }
    let combined = {
        let header = Header::parse(&sealed.header).unwrap();
        let contributions = [site.contribute(&header, 1), site.contribute(&header, 3)];
        site.combine(&header, &contributions).unwrap()
    };
    let header = Header::parse(&sealed.header).unwrap();
    for place in 0..sealed.payload.len() {
        for flip in 1..=255 {
            let mut payload = sealed.payload.clone();
            payload[place] ^= flip;
            accepted += usize::from(seal::open(&header, &payload, &combined.key, &sealed.commitments).is_ok());
        }
    }
    for cut in 0..sealed.payload.len() {
        accepted +=
            usize::from(seal::open(&header, &sealed.payload[..cut], &combined.key, &sealed.commitments).is_ok());
    }
    assert_eq!(accepted, 0);
}

#[test]
fn a_flip_of_any_bit_of_the_stanza_s_values_breaks_the_label_proof() {
    let mut site = Site::new(2, 3);
    let sealed = site.seal(b"an original");
    let text = String::from_utf8(sealed.header.clone()).unwrap();
    let lines: Vec<_> = text.split('\n').collect();
    let words: Vec<_> = lines[1].split(' ').collect();
    let (mut refused, mut tried) = (0, 0);
    for (word, bits) in [(3, 1024), (4, 1088 * 8)] {
        // All bits of the key part; of the ciphertext, which is hashed as a whole, some of each byte.
        for bit in (0..bits).step_by(if word == 3 { 1 } else { 5 }) {
            let mut value = BASE64.decode(words[word]).unwrap();
            value[bit / 8] ^= 1 << (bit % 8);
            let changed = text.replace(words[word], &BASE64.encode(value));
            let header = Header::parse(changed.as_bytes()).unwrap();
            refused += usize::from(header.verify().is_err_and(|error| error == Error::LabelProof));
            tried += 1;
        }
    }
    assert_eq!(refused, tried);
}

#[test]
fn a_swapped_label_or_body_is_refused_before_a_share_is_made() {
    let mut site = Site::new(2, 3);
    let (sensitive, harmless) = (site.seal(b"sensitive"), site.seal(b"harmless"));
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (sensitive, harmless) = (text(&sensitive.header), text(&harmless.header));
    let other = Label { case: "op-meadow-2026".parse().unwrap(), ..site.label() };
    let relabelled = sensitive.replace(&BASE64.encode(site.label().to_bytes()), &BASE64.encode(other.to_bytes()));
    assert_ne!(relabelled, sensitive);
    let header = Header::parse(relabelled.as_bytes()).unwrap();
    assert_eq!((header.label(), header.verify().unwrap_err()), (&other, Error::LabelProof));
    // The wrapped key of one under the key part of another.
    let line = |text: &str, number: usize| text.split('\n').nth(number).unwrap().to_owned();
    let swapped = sensitive.replace(&line(&sensitive, 2), &line(&harmless, 2));
    assert_eq!(Header::parse(swapped.as_bytes()).unwrap().verify().unwrap_err(), Error::LabelProof);
}

#[test]
fn headers_that_say_the_same_in_another_way_are_refused() {
    let mut site = Site::new(2, 3);
    let header = String::from_utf8(site.seal(b"an original").header).unwrap();
    let grease = "-> grease-stanza abc\n\n---";
    let second = format!("{}\n---", header.split('\n').skip(1).take(2).collect::<Vec<_>>().join("\n"));
    for (changed, why) in [
        (header.replace('\n', "\r\n"), "line ends"),
        (header.replacen(" ", "  ", 1), "two spaces"),
        (header.replace("---", grease), "grease"),
        (header.replace("---", &second), "a second stanza"),
        (format!("{header}\n"), "a line more"),
        (header.trim_end().to_owned(), "no last line feed"),
        (header.replace("--- ", "--- ="), "padding"),
        (header.replacen("v1", "v2", 1), "another age"),
    ] {
        assert!(Header::parse(changed.as_bytes()).is_err(), "{why}");
    }
}

#[test]
fn versions_are_named_and_sizes_are_bounded() {
    let mut site = Site::new(2, 3);
    let header = String::from_utf8(site.seal(b"an original").header).unwrap();
    let later = header.replace(STANZA_TAG, "lanthorn/tdh2-mlkem768-v2");
    assert_eq!(Header::parse(later.as_bytes()), Err(Error::Version { what: "header", found: 2, known: 1 }));
    let large = vec![b'a'; MAX_HEADER_BYTES + 1];
    assert!(matches!(Header::parse(&large), Err(Error::TooLarge { what: "header", .. })));
    let large = vec![0; MAX_ORIGINAL_BYTES + 1];
    assert!(matches!(
        site.sealer.seal(&site.label(), &large, &mut site.rng),
        Err(Error::TooLarge { what: "original", .. })
    ));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn no_bytes_panic_the_header_parser(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(Header::parse(&bytes).is_err());
    }

    #[test]
    fn no_bent_header_panics(cuts in proptest::collection::vec((0usize..2200, 0usize..40, any::<u8>(), 0u8..4), 1..6)) {
        let mut header = HEADER.with(Clone::clone);
        for (at, length, byte, how) in cuts {
            let at = at % header.len().max(1);
            match how {
                0 => header.insert(at, b'\n'),
                1 => { header.drain(at..(at + length).min(header.len())); }
                2 => if let Some(place) = header.get_mut(at) { *place = byte },
                _ => { let part = header[at..(at + length).min(header.len())].to_vec(); header.splice(at..at, part); }
            }
        }
        if let Ok(parsed) = Header::parse(&header) {
            prop_assert_eq!(parsed.as_bytes(), &header[..]);
            let _ = parsed.verify();
        }
    }
}

thread_local! {
    static HEADER: Vec<u8> = Site::new(2, 3).seal(b"an original").header;
}
