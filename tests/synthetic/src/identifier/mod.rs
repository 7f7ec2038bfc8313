//! Identifiers that belong to nobody, each with its canonical value and the ways in which people write it.
//!
//! Numbers come from blocks that their regulators keep for fiction, names and hosts from RFC 2606, addresses from RFC
//! 5737 and RFC 3849. What carries a checksum carries a right one, over random bytes.

mod bank;
mod crypto;
pub mod disguise;
mod net;
mod phone;

use model::Label;
use rand::Rng;
use rand_chacha::ChaCha20Rng;

pub(crate) use net::onion_of;

/// The kinds that are planted, in the order in which they take turns.
pub const KINDS: [Label; 10] = [
    Label::Phone,
    Label::Email,
    Label::Url,
    Label::Handle,
    Label::Crypto,
    Label::Iban,
    Label::Card,
    Label::Ip,
    Label::Onion,
    Label::Coordinate,
];

/// One identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifier {
    /// What it is.
    pub label: Label,
    /// Its one value: E.164, lower-case mail, `platform:name`, checksummed address.
    pub canonical: String,
    /// How people write it; the first is the plainest and fits into attributes and URLs as it is. A reader who knows
    /// the page's language resolves each of them to `canonical`.
    pub written: Vec<String>,
    /// The country whose national form is among `written`, if one is: only pages of that country may use those.
    pub(crate) national: Option<National>,
    /// How a link to it is written.
    pub(crate) link: String,
}

/// Writings that only people of one country understand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct National {
    /// The language tag of pages that may use them.
    pub(crate) language: &'static str,
    pub(crate) written: Vec<String>,
}

impl Identifier {
    /// A random identifier of a kind.
    ///
    /// # Panics
    /// If the kind is not one of [`KINDS`].
    pub fn random(label: Label, rng: &mut ChaCha20Rng) -> Self {
        match label {
            Label::Phone => phone::number(rng),
            Label::Email => net::email(rng),
            Label::Url => net::url(rng),
            Label::Handle => net::handle(rng),
            Label::Crypto => crypto::address(rng),
            Label::Iban => bank::iban(rng),
            Label::Card => bank::card(rng),
            Label::Ip => net::ip(rng),
            Label::Onion => net::hidden_service(rng),
            Label::Coordinate => net::coordinate(rng),
            other => panic!("no synthetic identifiers of kind {other}"),
        }
    }

    /// The writings that a page in `language` may use.
    #[must_use]
    pub fn written_for(&self, language: &str) -> Vec<&str> {
        let national = self.national.iter().filter(|national| national.language == language);
        self.written.iter().chain(national.flat_map(|national| &national.written)).map(String::as_str).collect()
    }

    pub(crate) fn new(label: Label, canonical: String, written: Vec<String>, link: String) -> Self {
        Self { label, canonical, written, national: None, link }
    }
}

/// One of some values.
pub(crate) fn pick<T: Copy>(rng: &mut ChaCha20Rng, values: &[T]) -> T {
    values[rng.gen_range(0..values.len())]
}

/// A random run of decimal digits.
fn digits(rng: &mut ChaCha20Rng, count: usize) -> String {
    (0..count).map(|_| char::from(b'0' + rng.gen_range(0..10u8))).collect()
}

/// `text` in groups of `size`, with `sign` between them.
fn grouped(text: &str, size: usize, sign: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    characters.chunks(size).map(|chunk| chunk.iter().collect::<String>()).collect::<Vec<_>>().join(sign)
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn every_kind_has_a_plain_writing_and_a_value_long_enough_to_scan_for() {
        let mut rng = ChaCha20Rng::seed_from_u64(5);
        for label in KINDS {
            for _ in 0..200 {
                let made = Identifier::random(label, &mut rng);
                assert_eq!(made.label, label);
                assert!(made.canonical.len() >= crate::scan::MIN_NEEDLE_BYTES, "{made:?}");
                assert!(!made.written.is_empty() && made.written.iter().all(|written| written.len() >= 6), "{made:?}");
                assert!(!made.written[0].contains(['"', '<', '>', '&']), "{made:?}");
            }
        }
    }

    #[test]
    fn only_pages_of_its_country_may_use_a_national_writing() {
        let mut rng = ChaCha20Rng::seed_from_u64(6);
        let number = std::iter::repeat_with(|| Identifier::random(Label::Phone, &mut rng))
            .find(|number| number.national.is_some())
            .unwrap();
        let language = number.national.as_ref().unwrap().language;
        assert!(number.written_for(language).len() > number.written_for("el").len());
        assert!(number.written_for("el").iter().all(|written| written.contains('+') || written.starts_with("00")));
    }
}
