//! Numbers that words interrupt: parts of one number with fillers between them, and a number with its area code behind.

use super::lexer::Numeral;
use super::phone::Reading;
use super::words::{CODE_WORDS, FILLERS};
use super::{MAX_JOINED_DIGITS, MAX_TRIMMED, MIN_DIGITS, MIN_JOINED_DIGITS, Reader, end_of, rule};
use crate::letter::is_word;
use crate::rule::{Candidate, Rule, strength};

/// Digits of one part of an interrupted number, and how many parts it may have.
const MAX_PART_DIGITS: usize = 6;
const MAX_PARTS: usize = 12;

static PARTS: Rule =
    rule("parts", "parts of one number with words between them, which a plan confirms", strength::PLAN);
static CODE: Rule = rule("area-code-after", "a number, and behind it its area code", strength::CONTEXT);

impl Reader<'_> {
    /// Rows with words between them that make one number together.
    pub(super) fn interrupted(&self, runs: &[&[Numeral]], found: &mut Vec<Candidate>) {
        let mut first = 0;
        while first + 1 < runs.len() {
            first = self.interrupted_from(first, runs, found).unwrap_or(first + 1);
        }
    }

    /// The number that begins with run `first`: where the next may begin. Its first part may be the end of a run, and its
    /// last part the beginning of one: an hour or a price may stand beside them.
    fn interrupted_from(&self, first: usize, runs: &[&[Numeral]], found: &mut Vec<Candidate>) -> Option<usize> {
        let words = self.text[end_of(runs[first])..runs[first + 1][0].range.start].to_lowercase();
        let heads = || tails_of(runs[first]).filter_map(|run| Some((run, self.said(run)?)));
        if CODE_WORDS.contains(&words.trim_matches(|c: char| !c.is_alphabetic())) {
            let mut local: Vec<_> = heads().filter(|(_, head)| (6..=8).contains(&head.len())).collect();
            local.sort_by_key(|(_, head)| head.len().abs_diff(MIN_DIGITS));
            for (run, head) in local {
                for (behind, code) in heads_of(runs[first + 1]).filter_map(|run| Some((run, self.said(run)?))) {
                    if (2..=5).contains(&code.len())
                        && let Some(reading) = self.number(&format!("{code}{head}"), true)
                    {
                        found.push(self.candidate(run, &reading, &CODE));
                        found.push(self.candidate(behind, &reading, &CODE));
                        return Some(first + 2);
                    }
                }
            }
        }
        if !are_fillers(&words) {
            return None;
        }
        let (parts, reading) = heads()
            .filter(|(_, head)| head.len() <= MAX_PART_DIGITS)
            .filter_map(|(run, head)| self.parts(first, run, head, runs))
            .max_by_key(|(parts, _)| parts.len())?;
        found.extend(parts.iter().map(|part| self.candidate(part, &reading, &PARTS)));
        Some(first + parts.len())
    }

    /// The most parts that make one number, beginning with `head`.
    fn parts<'r>(
        &self,
        first: usize,
        head: &'r [Numeral],
        mut all: String,
        runs: &[&'r [Numeral]],
    ) -> Option<(Vec<&'r [Numeral]>, Reading)> {
        let mut parts = vec![head];
        let mut best = None;
        for next in first + 1..runs.len().min(first + MAX_PARTS) {
            let words = self.text[end_of(runs[next - 1])..runs[next][0].range.start].to_lowercase();
            if !are_fillers(&words) {
                break;
            }
            for run in heads_of(runs[next]).filter(|run| !self.is_measured(end_of(run))) {
                let Some(digits) = self.said(run) else { continue };
                let whole = format!("{all}{digits}");
                if digits.len() <= MAX_PART_DIGITS
                    && (MIN_JOINED_DIGITS..=MAX_JOINED_DIGITS).contains(&whole.len())
                    && let Some(reading) = self.number(&whole, false)
                {
                    best = Some((parts.iter().copied().chain([run]).collect(), reading));
                    break;
                }
            }
            let Some(digits) = self.said(runs[next]) else { break };
            if digits.len() > MAX_PART_DIGITS || all.len() + digits.len() > MAX_JOINED_DIGITS {
                break;
            }
            all.push_str(&digits);
            parts.push(runs[next]);
        }
        best
    }

    /// Whether a price or an hour ends here, by what stands behind.
    fn is_measured(&self, end: usize) -> bool {
        const UNITS: [&str; 24] = [
            "€", "$", "£", "₽", "₴", "₹", "¥", "eur", "euro", "usd", "pesos", "hr", "hrs", "hour", "hh", "qk", "min",
            "am", "pm", "h", "lbs", "kg", "cm", "yo",
        ];
        let after = self.text[end..].trim_start();
        let word = after.find(|c: char| !is_word(c)).unwrap_or(after.len());
        let sign = after.chars().next().map_or(0, char::len_utf8);
        UNITS.contains(&after[..word].to_lowercase().as_str()) || UNITS.contains(&&after[..sign])
    }
}

/// A run, and its last numerals alone.
fn tails_of(run: &[Numeral]) -> impl Iterator<Item = &[Numeral]> {
    (0..run.len()).take(MAX_TRIMMED + 1).map(|from| &run[from..])
}

/// A run, and its first numerals alone.
fn heads_of(run: &[Numeral]) -> impl Iterator<Item = &[Numeral]> {
    (0..run.len()).take(MAX_TRIMMED + 1).map(|left_off| &run[..run.len() - left_off])
}

/// Whether words in small letters are such as people put between the parts of a number.
fn are_fillers(words: &str) -> bool {
    words.split(|c: char| !is_word(c)).filter(|word| !word.is_empty()).all(|word| FILLERS.contains(word))
}
