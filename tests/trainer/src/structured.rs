//! The repository's own set of identifiers: every kind in every way in which the synthetic sites write it, in every disguise,
//! and in two disguises at once, put together by chance. Nobody's values: they come from reserved blocks.

use std::collections::BTreeMap;

use model::Label;
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::{ChaCha8Rng, ChaCha20Rng};
use synthetic::identifier::disguise::DISGUISES;
use synthetic::identifier::{Identifier, KINDS};

use crate::score::{Counts, Stretch};
use crate::text::Text;

/// Identifiers of each kind, of each disguise, and of two disguises at once.
const EACH_KIND: usize = 150;
const EACH_DISGUISE: usize = 12;
const COMPOSED: usize = 240;

/// What stands around a value: what people write and no number.
const AROUND: &[(&str, &str)] = &[
    ("", ""),
    ("call me ", " any time"),
    ("new in town! ", " ask for details"),
    ("contact: ", ""),
    ("📞 ", " 💕"),
    ("write to ", ", no games"),
    ("llámame ", " cariño"),
    ("пишите ", " жду"),
    ("(", ")"),
    ("details below\n", "\nthank you"),
];

/// What the kinds need around them: words that say what follows, where the value alone does not.
fn lead(label: Label) -> &'static str {
    match label {
        Label::Coordinate => "at ",
        Label::Card | Label::Iban => "pay to ",
        _ => "",
    }
}

/// The set, the same for one seed: each text says its kind, and its disguise if it has one.
#[must_use]
pub fn set(seed: u64) -> Vec<Text> {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let mut values = ChaCha20Rng::seed_from_u64(seed);
    let mut texts = Vec::new();
    for label in KINDS {
        for _ in 0..EACH_KIND {
            let made = Identifier::random(label, &mut values);
            let written = made.written.choose(&mut chance).cloned().unwrap_or_default();
            texts.push(around(&written, label, "plain", &mut chance));
        }
    }
    for disguise in DISGUISES {
        for _ in 0..EACH_DISGUISE {
            let made = Identifier::random(disguise.label, &mut values);
            texts.push(around(&disguise.markup(&made), disguise.label, disguise.name, &mut chance));
        }
    }
    let phones: Vec<_> = DISGUISES.iter().filter(|disguise| disguise.label == Label::Phone).collect();
    for _ in 0..COMPOSED {
        let made = Identifier::random(Label::Phone, &mut values);
        let digits = made.canonical.trim_start_matches('+');
        // Both halves are long enough for the disguises that work on the first five digits.
        let half = chance.gen_range(5..=digits.len() - 6);
        let [first, second] = [&digits[..half], &digits[half..]]
            .map(|part| phones.choose(&mut chance).map_or_else(String::new, |disguise| disguise.write(part)));
        let sign = [" ", "-", ".", " - "].choose(&mut chance).unwrap_or(&" ");
        texts.push(around(&format!("{first}{sign}{second}"), Label::Phone, "two at once", &mut chance));
    }
    texts
}

fn around(written: &str, label: Label, disguise: &str, chance: &mut ChaCha8Rng) -> Text {
    let (before, behind) = AROUND.choose(chance).copied().unwrap_or_default();
    let mut text = Text { groups: vec![("disguise", disguise.to_owned())], ..Text::default() };
    text.plain(before);
    text.plain(lead(label));
    // Of an account the name is the value; the platform before it may stay.
    let name = if label == Label::Handle { written.rfind([' ', '@', '/', ':']).map_or(0, |at| at + 1) } else { 0 };
    text.plain(&written[..name]);
    text.name(&written[name..], label);
    text.plain(behind);
    text
}

/// The counts by label and by disguise. A value is masked if no letter or digit of it outside a tag is left, whatever hides it.
pub fn score(texts: &[Text], hide: impl Fn(&Text) -> Vec<Stretch>) -> BTreeMap<(&'static str, String), Counts> {
    let mut counts: BTreeMap<(&'static str, String), Counts> = BTreeMap::new();
    for text in texts {
        let hidden = hide(text);
        for (name, label) in &text.names {
            let meets = |stretch: &Stretch| stretch.0.start < name.end && name.start < stretch.0.end;
            let typed = hidden.iter().any(|stretch| meets(stretch) && stretch.1 == *label);
            let one = Counts {
                gold: 1,
                masked: usize::from(left(text, name.clone(), &hidden).is_empty()),
                typed: usize::from(typed),
                exact: usize::from(hidden.iter().any(|(range, found)| range == name && found == label)),
                hidden: usize::from(typed) + hidden.iter().filter(|stretch| !meets(stretch)).count(),
            };
            counts.entry(("label", label.as_str().to_owned())).or_default().add(&one);
            for (by, group) in &text.groups {
                counts.entry((by, group.clone())).or_default().add(&one);
            }
        }
    }
    counts
}

/// The letters and digits of a value that nothing hides. What stands in a tag or a comment is no part of it.
pub(crate) fn left(text: &Text, name: std::ops::Range<usize>, hidden: &[Stretch]) -> String {
    let mut tag = false;
    let mut left = String::new();
    for (at, letter) in text.text[name.clone()].char_indices() {
        let covered = hidden.iter().any(|(range, _)| range.contains(&(name.start + at)));
        tag = letter == '<' || tag && letter != '>';
        if letter.is_alphanumeric() && !tag && !covered {
            left.push(letter);
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use redactor::{Redactor, TokenKey};

    use super::*;
    use crate::measure;

    /// Floors for a release: what may not be let through, kind by kind, over the repository's own set.
    #[test]
    fn identifiers_are_hidden_in_every_disguise() {
        let redactor = Redactor::new(TokenKey::from_bytes([7; 32]));
        let texts = set(7);
        assert_eq!(texts.len(), set(7).len());
        let counts = score(&texts, |text| measure::hidden(text, &redactor));
        for (label, floor) in [
            (Label::Phone, 0.98),
            (Label::Email, 0.98),
            (Label::Handle, 0.97),
            (Label::Crypto, 1.0),
            (Label::Iban, 1.0),
            (Label::Card, 1.0),
            (Label::Ip, 1.0),
            (Label::Onion, 1.0),
        ] {
            let recall = counts[&("label", label.as_str().to_owned())].recall();
            assert!(recall >= floor, "{label}: {recall:.4}");
        }
        for ((by, name), counts) in &counts {
            assert!(*by != "disguise" || counts.recall() >= 0.9, "{name}: {:.3}", counts.recall());
        }
    }
}
