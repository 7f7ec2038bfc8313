//! What pages of a group have in common, with slots where they differ (the idea of InfoShield, Vajiac and others, 2021).

use std::collections::BTreeMap;

use serde::Serialize;

use crate::limits::{MAX_SLOT_VALUES, MAX_TEMPLATE_WORDS};
use crate::snippet::one_line;

/// A stretch of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "lowercase")]
pub enum Piece {
    /// What all of them say, as the first says it.
    Text {
        /// The words.
        text: String,
    },
    /// Where they differ.
    Slot {
        /// What stands there, commonest first, at most [`MAX_SLOT_VALUES`]; an empty text where a page leaves it out.
        values: Vec<SlotValue>,
        /// How many different things stand there.
        count: usize,
    },
}

/// What stands in a slot, and in how many pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SlotValue {
    /// The words.
    pub text: String,
    /// In how many of the pages.
    pub captures: u64,
}

/// A word: what it is compared by, and its text up to the next word.
struct Word<'t> {
    key: String,
    text: &'t str,
    hidden: bool,
}

fn cut(text: &str) -> Vec<Word<'_>> {
    let words: Vec<schema::Word> = schema::words(text).take(MAX_TEMPLATE_WORDS).collect();
    let ends = words.iter().skip(1).map(|next| next.range.start).chain([text.len()]);
    let ends: Vec<usize> = ends.collect();
    words
        .into_iter()
        .zip(ends)
        .map(|(word, end)| {
            let hidden = word.text.starts_with('[');
            let key = if hidden { word.text.split(':').next().unwrap_or_default().to_owned() } else { word.text };
            // Of the last word nothing but itself: what follows may be the rest of a text that was not read.
            let end = if end == text.len() { word.range.end } else { end };
            Word { key, text: &text[word.range.start..end], hidden }
        })
        .collect()
}

/// The template of some texts; empty where there are none.
pub(crate) fn template(texts: &[String]) -> Vec<Piece> {
    let pages: Vec<Vec<Word<'_>>> = texts.iter().map(|text| cut(text)).collect();
    let Some((first, others)) = pages.split_first() else { return Vec::new() };
    let mut common: Vec<&str> = first.iter().map(|word| word.key.as_str()).collect();
    for page in others {
        let keys: Vec<&str> = page.iter().map(|word| word.key.as_str()).collect();
        common = longest_common(&common, &keys).into_iter().map(|place| common[place]).collect();
    }
    // Where each common word stands in each page: the first place that leaves room for the rest.
    let places: Vec<Vec<usize>> = pages.iter().map(|page| aligned(&common, page)).collect();
    let mut pieces = Pieces::default();
    for at in 0..=common.len() {
        let gap = pages.iter().zip(&places).map(|(page, places)| {
            let from = at.checked_sub(1).and_then(|before| places.get(before)).map_or(0, |place| place + 1);
            let to = places.get(at).copied().unwrap_or(page.len());
            page.get(from..to).unwrap_or_default().iter().map(|word| word.text).collect::<String>()
        });
        pieces.gap(gap.map(|text| one_line(&text)).collect());
        if at < common.len() {
            let here = pages.iter().zip(&places).filter_map(|(page, places)| page.get(*places.get(at)?));
            let words: Vec<&Word<'_>> = here.collect();
            // A hidden identifier is common by its kind; which one it is differs.
            if words.iter().any(|word| word.hidden) {
                pieces.gap(words.iter().map(|word| one_line(word.text)).collect());
            } else if let Some(word) = words.first() {
                pieces.text.push_str(word.text);
            }
        }
    }
    pieces.finish()
}

#[derive(Default)]
struct Pieces {
    done: Vec<Piece>,
    text: String,
}

impl Pieces {
    /// What stands between two common words, one text a page.
    fn gap(&mut self, texts: Vec<String>) {
        if texts.iter().all(String::is_empty) {
            return;
        }
        self.close();
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        texts.into_iter().for_each(|text| *counts.entry(text).or_default() += 1);
        let count = counts.len();
        let mut values: Vec<SlotValue> =
            counts.into_iter().map(|(text, captures)| SlotValue { text, captures }).collect();
        values.sort_by(|a, b| b.captures.cmp(&a.captures).then_with(|| a.text.cmp(&b.text)));
        values.truncate(MAX_SLOT_VALUES);
        self.done.push(Piece::Slot { values, count });
    }

    fn close(&mut self) {
        let text = one_line(&std::mem::take(&mut self.text));
        if !text.is_empty() {
            self.done.push(Piece::Text { text });
        }
    }

    fn finish(mut self) -> Vec<Piece> {
        self.close();
        self.done
    }
}

/// The places in `one` of a longest common subsequence of both.
fn longest_common(one: &[&str], other: &[&str]) -> Vec<usize> {
    let width = other.len() + 1;
    let mut table = vec![0_u16; (one.len() + 1) * width];
    for a in (0..one.len()).rev() {
        for b in (0..other.len()).rev() {
            table[a * width + b] = if one[a] == other[b] {
                table[(a + 1) * width + b + 1] + 1
            } else {
                table[(a + 1) * width + b].max(table[a * width + b + 1])
            };
        }
    }
    let (mut a, mut b, mut places) = (0, 0, Vec::new());
    while a < one.len() && b < other.len() {
        if one[a] == other[b] {
            places.push(a);
            (a, b) = (a + 1, b + 1);
        } else if table[(a + 1) * width + b] >= table[a * width + b + 1] {
            a += 1;
        } else {
            b += 1;
        }
    }
    places
}

fn aligned(common: &[&str], page: &[Word<'_>]) -> Vec<usize> {
    let keys: Vec<&str> = page.iter().map(|word| word.key.as_str()).collect();
    longest_common(&keys, common)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(texts: &[&str]) -> Vec<String> {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        let values = |values: &[SlotValue]| values.iter().map(|v| v.text.clone()).collect::<Vec<_>>().join("|");
        template(&texts)
            .iter()
            .map(|piece| match piece {
                Piece::Text { text } => text.clone(),
                Piece::Slot { values: all, .. } => format!("<{}>", values(all)),
            })
            .collect()
    }

    #[test]
    fn what_differs_is_a_slot() {
        assert_eq!(
            shown(&[
                "New in town, only this week. Call [PHONE:k7f3a9q2m4xtc] now!",
                "New in town, only this month. Call [PHONE:0000000000000] now!",
                "New in town, only this week. Please call [PHONE:k7f3a9q2m4xtc] now!",
            ]),
            [
                "New in town, only this",
                "<month.|week.|week. Please>",
                "Call",
                "<[PHONE:k7f3a9q2m4xtc]|[PHONE:0000000000000]>",
                "now"
            ]
        );
        assert_eq!(shown(&["one two", "three four"]), ["<one two|three four>"]);
        assert_eq!(shown(&["same words", "same words"]), ["same words"]);
        assert!(shown(&[]).is_empty());
    }
}
