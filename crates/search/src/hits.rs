//! Answers to a search.

use std::cmp::Ordering;
use std::collections::HashMap;

use model::{CaptureId, Timestamp, Token};
use schema::DAY_SECS;
use serde::{Serialize, Serializer};

use crate::counts::{Days, Labelled};
use crate::document::{as_text_if_any, as_texts};
use crate::limits::{MAX_BARS, MAX_FACET_VALUES, SMALL_COUNT};
use crate::{Expanded, Snippet, Sort, Why};

/// One page of hits.
#[derive(Clone, Debug, Serialize)]
pub struct Hits {
    /// The query as it was understood; reading it again asks the same.
    pub understood: String,
    /// How many documents fit.
    pub count: u64,
    /// Whether the count is exact; it is unless a pattern fits more words than are looked for (`expanded`).
    pub exact: bool,
    /// How many documents the case has.
    pub documents: u64,
    /// How many hits were skipped.
    pub offset: usize,
    /// In which order they come.
    pub sort: Sort,
    /// One page of them.
    pub hits: Vec<Hit>,
    /// What the documents that fit have in common.
    pub facets: Facets,
    /// When they were posted or captured.
    pub histogram: Histogram,
    /// What words with `*` and `~` stood for.
    pub expanded: Vec<Expanded>,
}

/// One document that fits.
#[derive(Clone, Serialize)]
pub struct Hit {
    /// Which capture.
    pub capture: CaptureId,
    /// The site's label.
    pub site: String,
    /// The board or section.
    pub board: Option<String>,
    /// `thread`, `ad`, `listing` or `other`.
    pub kind: String,
    /// The language tag.
    pub language: Option<String>,
    /// Country codes.
    pub places: Vec<String>,
    /// The asking price in hundredths of the currency's unit.
    pub price: Option<u64>,
    /// The currency's ISO 4217 code.
    pub currency: Option<String>,
    /// The day it was posted where the page says so, else the day it was captured.
    pub day: String,
    /// The day it says it was posted.
    pub posted: Option<String>,
    /// The day it was captured.
    pub captured: String,
    /// The redacted title.
    pub title: String,
    /// A piece of the redacted text.
    pub snippet: Snippet,
    /// How well it fits; comparable within one answer only, and 0 in any other order than the best first.
    pub score: f32,
    /// Its hidden identifiers, at most [`MAX_HIT_TOKENS`](crate::limits::MAX_HIT_TOKENS).
    #[serde(serialize_with = "as_texts")]
    pub tokens: Vec<Token>,
    /// How many hidden identifiers it has.
    pub token_count: usize,
    /// Its address as a token.
    #[serde(serialize_with = "as_text_if_any")]
    pub url: Option<Token>,
    /// Which parts of the query it has and where; empty unless it was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<Why>,
}

/// Prints which capture, nothing of its content.
impl std::fmt::Debug for Hit {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Hit({}, {} tokens)", self.capture, self.tokens.len())
    }
}

/// Labels of the documents that fit, commonest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Facets {
    /// By site.
    pub site: Vec<FacetValue>,
    /// By board.
    pub board: Vec<FacetValue>,
    /// By language.
    pub language: Vec<FacetValue>,
    /// By country.
    pub place: Vec<FacetValue>,
    /// By kind.
    pub kind: Vec<FacetValue>,
    /// By month (`2026-11`, as the field `day` takes it), newest first.
    pub month: Vec<FacetValue>,
}

/// How the documents that fit lie in time: by the day that hits show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Histogram {
    /// How long one bar is.
    pub step: Step,
    /// The bars, oldest first and without gaps, at most [`MAX_BARS`].
    pub bars: Vec<Bar>,
}

/// How long a bar is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// One day.
    Day,
    /// One month.
    Month,
    /// One year.
    Year,
}

/// One bar of a histogram.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bar {
    /// Its day, month or year, as the field `day` takes it: `2026-11-24`, `2026-11`, `2026`.
    pub from: String,
    /// How many.
    pub count: Count,
}

impl Histogram {
    /// Days if they are few, else months, else the last years.
    pub(crate) fn new(days: &Days) -> Self {
        let (Some((first, _)), Some((last, _))) = (days.first_key_value(), days.last_key_value()) else {
            return Self { step: Step::Day, bars: Vec::new() };
        };
        let span = usize::try_from(last - first).unwrap_or(usize::MAX);
        let step = match span {
            _ if span < MAX_BARS => Step::Day,
            _ if span < MAX_BARS * 28 => Step::Month,
            _ => Step::Year,
        };
        let mut bars: Vec<(String, u64)> = Vec::new();
        let mut month: Option<Month> = None;
        for day in *first.max(&(last - 366 * MAX_BARS as i64))..=*last {
            let count = days.get(&day).copied().unwrap_or_default();
            if step != Step::Day && month.as_ref().is_some_and(|month| month.has(day)) {
                // To name a day costs far more than to count it.
                bars.last_mut().into_iter().for_each(|bar| bar.1 += count);
                continue;
            }
            month = Some(Month::of(day));
            let from = named(day, step);
            match bars.last_mut() {
                Some(bar) if bar.0 == from => bar.1 += count,
                _ => bars.push((from, count)),
            }
        }
        let skipped = bars.len().saturating_sub(MAX_BARS);
        let bars = bars.into_iter().skip(skipped).map(|(from, count)| Bar { from, count: Count::of(count) });
        Self { step, bars: bars.collect() }
    }
}

/// The day, month or year of a day since 1970.
fn named(day: i64, step: Step) -> String {
    let mut text = Timestamp::from_secs(day.saturating_mul(DAY_SECS)).day();
    text.truncate(match step {
        Step::Day => 10,
        Step::Month => 7,
        Step::Year => 4,
    });
    text
}

/// A month, and until when it lasts.
struct Month {
    name: String,
    /// Its last day that is known to belong to it.
    until: i64,
}

impl Month {
    /// The month of a day since 1970.
    fn of(day: i64) -> Self {
        let mut name = named(day, Step::Day);
        // Four weeks every month has; the days after them are asked for one by one.
        let of_month: i64 = name.get(8..10).and_then(|digits| digits.parse().ok()).unwrap_or(28);
        name.truncate(7);
        Self { name, until: day + (28 - of_month).max(0) }
    }

    const fn has(&self, day: i64) -> bool {
        day <= self.until
    }
}

/// A label and how many documents carry it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FacetValue {
    /// The label.
    pub value: String,
    /// How many.
    pub count: Count,
}

/// A count that is exact only where it is large enough not to point at single pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Exactly so many; none is said to be none.
    Exactly(u64),
    /// Fewer than [`SMALL_COUNT`].
    Few,
}

impl Count {
    const fn of(count: u64) -> Self {
        if 0 < count && count < SMALL_COUNT { Self::Few } else { Self::Exactly(count) }
    }
}

/// `12` or `<10`.
impl std::fmt::Display for Count {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exactly(count) => write!(out, "{count}"),
            Self::Few => write!(out, "<{SMALL_COUNT}"),
        }
    }
}

/// The number 12 or the text `<10`.
impl Serialize for Count {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Exactly(count) => serializer.serialize_u64(*count),
            Self::Few => serializer.collect_str(self),
        }
    }
}

impl Facets {
    pub(crate) fn new(labels: Labelled, days: &Days) -> Self {
        let mut fields = labels.into_iter().map(|labels| values(labels, commonest));
        let mut next = || fields.next().unwrap_or_default();
        let mut months: Vec<(Month, u64)> = Vec::new();
        for (day, count) in days {
            match months.last_mut() {
                Some((month, counted)) if month.has(*day) => *counted += count,
                _ => months.push((Month::of(*day), *count)),
            }
        }
        let mut month: HashMap<String, u64> = HashMap::new();
        months.into_iter().for_each(|(named, count)| *month.entry(named.name).or_default() += count);
        let month = values(month, |a, b| b.value.cmp(&a.value));
        Self { site: next(), board: next(), language: next(), place: next(), kind: next(), month }
    }
}

/// Commonest first. Small counts are ordered by label alone, so that their order does not tell what is not told.
fn commonest(a: &FacetValue, b: &FacetValue) -> Ordering {
    let rank = |count: Count| match count {
        Count::Exactly(count) => count,
        Count::Few => 0,
    };
    rank(b.count).cmp(&rank(a.count)).then_with(|| a.value.cmp(&b.value))
}

fn values(labels: HashMap<String, u64>, order: fn(&FacetValue, &FacetValue) -> Ordering) -> Vec<FacetValue> {
    let mut values: Vec<FacetValue> =
        labels.into_iter().map(|(value, count)| FacetValue { value, count: Count::of(count) }).collect();
    values.sort_by(order);
    values.truncate(MAX_FACET_VALUES);
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_counts_are_not_told_by_number_or_by_order() {
        let labels = [("a", 3), ("b", 9), ("c", 10), ("d", 90)].map(|(label, count)| (label.to_owned(), count));
        let told: Vec<String> =
            values(labels.into(), commonest).iter().map(|value| format!("{} {}", value.value, value.count)).collect();
        assert_eq!(told, ["d 90", "c 10", "a <10", "b <10"]);
    }

    #[test]
    fn a_histogram_has_bars_without_gaps_and_few_of_them() {
        let bars = |days: &[i64]| Histogram::new(&days.iter().map(|day| (*day, 12)).collect());
        let week = bars(&[20_000, 20_003]);
        let told: Vec<_> = week.bars.iter().map(|bar| format!("{} {}", bar.from, bar.count)).collect();
        assert_eq!(told, ["2024-10-04 12", "2024-10-05 0", "2024-10-06 0", "2024-10-07 12"]);
        let year = bars(&[20_000, 20_400]);
        assert_eq!((year.step, year.bars[0].from.as_str(), year.bars.len()), (Step::Month, "2024-10", 14));
        let ages = bars(&[-500_000, 20_400]);
        assert_eq!((ages.step, ages.bars.len(), ages.bars[59].from.as_str()), (Step::Year, MAX_BARS, "2025"));
        assert!(bars(&[]).bars.is_empty());
    }
}
