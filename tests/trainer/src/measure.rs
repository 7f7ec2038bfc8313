//! Measures the whole redactor over sets, and writes the tables.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use model::Label;
use redactor::{Options, Redactor, TokenKey, redact_text};
use serde::Serialize;
use synthetic::identifier::KINDS;

use crate::score::{Counts, Stretch, score_one};
use crate::text::{Text, read_set};
use crate::{equality, structured};

/// Sets that are measured if the folder has them, and the labels that they mark; none means every label.
const SETS: &[(&str, &[Label])] = &[
    ("uner_ewt/dev", &[Label::Person, Label::Location, Label::Org]),
    ("ads_names/ads", &[Label::Person, Label::Location]),
    ("wnut17/test", &[Label::Person, Label::Location, Label::Org]),
    ("presidio_synth/synth_v2", &[Label::Person, Label::Location, Label::Org]),
    ("obfuscation", &[Label::Phone, Label::Email, Label::Handle]),
    ("ids/ids", &[Label::Crypto, Label::Iban, Label::Card]),
    ("libphonenumber/examples", &[Label::Phone]),
];

/// The seed of the repository's own set.
const SEED: u64 = 20_261_126;

/// One line of a table.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// The set.
    pub set: String,
    /// What the line is about: `label`, `origin` or `script`.
    pub by: String,
    /// Which of them.
    pub name: String,
    /// The counts.
    #[serde(flatten)]
    pub counts: Counts,
    /// Share of names covered whole.
    pub masked: f64,
    /// Share of stretches that are right.
    pub precision: f64,
    /// Harmonic mean of exact precision and recall.
    pub exact_f1: f64,
}

impl Row {
    fn new(set: &str, by: &str, name: &str, counts: Counts) -> Self {
        let (masked, precision, exact_f1) = (counts.recall(), counts.precision(), counts.exact_f1());
        Self { set: set.to_owned(), by: by.to_owned(), name: name.to_owned(), counts, masked, precision, exact_f1 }
    }
}

/// Measures the repository's own set, with its own names or those of a file, and every set that `data` has.
///
/// # Errors
/// If a set cannot be read.
pub fn measure(data: Option<&Path>, names: Option<&Path>) -> Result<Vec<Row>> {
    let redactor = Redactor::new(TokenKey::from_bytes([7; 32]));
    let mut rows = own(&equal(names)?, &redactor);
    let Some(data) = data else { return Ok(rows) };
    std::fs::read_dir(data).with_context(|| format!("read {}", data.display()))?;
    for (set, labels) in SETS {
        let path = data.join(format!("{set}.jsonl"));
        if path.exists() {
            let texts = read_set(&path)?;
            rows.extend(by_label(set, &texts, labels, &redactor));
        }
    }
    Ok(rows)
}

fn by_label(set: &str, texts: &[Text], labels: &[Label], redactor: &Redactor) -> Vec<Row> {
    let mut by_label: BTreeMap<Label, Counts> = labels.iter().map(|label| (*label, Counts::default())).collect();
    for text in texts {
        for (label, counts) in score_one(text, labels, &hidden(text, redactor)) {
            by_label.entry(label).or_default().add(&counts);
        }
    }
    by_label.iter().map(|(label, counts)| Row::new(set, "label", label.as_str(), *counts)).collect()
}

/// The set for equality, with the names of a file if one is given.
fn equal(names: Option<&Path>) -> Result<Vec<Text>> {
    let Some(path) = names else { return Ok(equality::set(SEED)) };
    let names = std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
    Ok(equality::set_of(SEED, &names))
}

fn own(texts: &[Text], redactor: &Redactor) -> Vec<Row> {
    let mut rows = by_label("own", texts, &[Label::Person], redactor);
    let mut groups: BTreeMap<(&str, String), Counts> = BTreeMap::new();
    for text in texts {
        let counts = score_one(text, &[Label::Person], &hidden(text, redactor));
        for (by, name) in &text.groups {
            let counts = counts.get(&Label::Person).copied().unwrap_or_default();
            groups.entry((by, name.clone())).or_default().add(&counts);
        }
    }
    rows.extend(groups.into_iter().map(|((by, name), counts)| Row::new("own", by, &name, counts)));
    let counts = structured::score(&structured::set(SEED), |text| hidden(text, redactor));
    rows.extend(counts.into_iter().map(|((by, name), counts)| Row::new("identifiers", by, &name, counts)));
    rows
}

/// What was not hidden whole, for one set and label.
#[derive(Clone, Debug, Serialize)]
pub struct Misses {
    /// The set.
    pub set: String,
    /// The label.
    pub label: String,
    /// The commonest of them: how often, and one of them as it is written, in marks, with what stands beside it.
    pub commonest: Vec<(usize, String)>,
}

/// The `most` commonest misses of each set and label.
///
/// # Errors
/// If a set cannot be read.
pub fn misses(data: Option<&Path>, names: Option<&Path>, most: usize) -> Result<Vec<Misses>> {
    let redactor = Redactor::new(TokenKey::from_bytes([7; 32]));
    let mut all = commonest("own", &equal(names)?, &[Label::Person], most, &redactor);
    all.extend(commonest("identifiers", &structured::set(SEED), &KINDS, most, &redactor));
    for (set, labels) in SETS {
        let path = data.map(|data| data.join(format!("{set}.jsonl"))).filter(|path| path.exists());
        if let Some(path) = path {
            all.extend(commonest(set, &read_set(&path)?, labels, most, &redactor));
        }
    }
    Ok(all)
}

fn commonest(set: &str, texts: &[Text], labels: &[Label], most: usize, redactor: &Redactor) -> Vec<Misses> {
    let mut missed: BTreeMap<Label, BTreeMap<String, (usize, String)>> = BTreeMap::new();
    for text in texts {
        let hidden = hidden(text, redactor);
        for (name, label) in text.names.iter().filter(|(_, label)| labels.contains(label)) {
            let written = &text.text[name.clone()];
            if !structured::left(text, name.clone(), &hidden).is_empty() {
                let kind = missed.entry(*label).or_default().entry(written.to_lowercase()).or_default();
                kind.0 += 1;
                let group = text.groups.first().map(|(_, group)| format!("{group}: ")).unwrap_or_default();
                let (before, after) = (before(&text.text, name.start), after(&text.text, name.end));
                kind.1 = format!("{group}{before}⟦{written}⟧{after}");
            }
        }
    }
    let rows = missed.into_iter().map(|(label, kinds)| {
        let mut kinds: Vec<(usize, String)> = kinds.into_values().collect();
        kinds.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        kinds.truncate(most);
        Misses { set: set.to_owned(), label: label.as_str().to_owned(), commonest: kinds }
    });
    rows.collect()
}

/// Some letters that stand before a place.
fn before(text: &str, at: usize) -> String {
    let mut letters: Vec<char> = text[..at].chars().rev().take(16).collect();
    letters.reverse();
    letters.into_iter().collect::<String>().replace('\n', "⏎")
}

fn after(text: &str, at: usize) -> String {
    text[at..].chars().take(16).collect::<String>().replace('\n', "⏎")
}

/// What the redactor hides of a text, in bytes.
#[must_use]
pub fn hidden(text: &Text, redactor: &Redactor) -> Vec<Stretch> {
    let mut borders: Vec<usize> = text.text.char_indices().map(|(at, _)| at).collect();
    borders.push(text.text.len());
    let redacted = redact_text(redactor, &text.text, &Options::default());
    redacted.spans.iter().map(|span| (borders[span.start]..borders[span.end], span.label)).collect()
}

/// The rows as a table for people, with the largest gap within each dimension.
#[must_use]
pub fn table(rows: &[Row]) -> String {
    let mut text = format!(
        "{:<24} {:<8} {:<16} {:>6} {:>8} {:>8} {:>10} {:>8}\n",
        "set", "by", "name", "gold", "hidden", "masked", "precision", "exact F1"
    );
    for row in rows {
        let _ = writeln!(
            text,
            "{:<24} {:<8} {:<16} {:>6} {:>8} {:>8.3} {:>10.3} {:>8.3}",
            row.set, row.by, row.name, row.counts.gold, row.counts.hidden, row.masked, row.precision, row.exact_f1
        );
    }
    for by in ["origin", "script"] {
        let shares = || rows.iter().filter(|row| row.by == by).map(|row| row.masked);
        let (least, most) = (shares().fold(f64::INFINITY, f64::min), shares().fold(0.0, f64::max));
        let mean = shares().sum::<f64>() / shares().count().max(1) as f64;
        let _ =
            writeln!(text, "gap by {by}: {:.1} points between most and least, mean {mean:.3}", 100.0 * (most - least));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Floors below which no change may push the recall of names on the repository's own set.
    #[test]
    fn names_of_every_origin_are_found() {
        let rows = measure(None, None).unwrap();
        let low: Vec<_> = rows
            .iter()
            .filter(|row| row.by == "origin" && row.masked < 0.955 || row.by == "script" && row.masked < 0.935)
            .map(|row| format!("{} {:.3}", row.name, row.masked))
            .collect();
        assert!(low.is_empty(), "{low:?}");
    }
}
