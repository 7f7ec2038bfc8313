//! Numbers: chains of digit groups, what explains them, and what is hidden because nothing does.
//!
//! A chain is a row of digit groups with nothing but signs between them. Dates, times and opening hours are taken out
//! first; then positions, addresses of machines, cards and telephone numbers are read; and what is left with seven
//! digits or more is hidden as `DIGITS` unless a price, a measure, a list of years or a reference number explains it.

use std::ops::Range;

use model::Label;

use super::phone::{self, Hints, Setting, Tier};
use super::scan::{BARRIER, digits_of};
use super::{card, coordinate, explain, net};
use crate::letter::is_word;
use crate::limits::MAX_CHAIN_DIGITS;
use crate::rule::{Candidate, Rule, strength};

/// Fewest digits that are hidden without being understood.
const UNEXPLAINED_DIGITS: usize = 7;

/// Fewest digits that are hidden because a number left them over.
const MIN_LEFT_DIGITS: usize = 3;

/// Most bytes and characters that may stand between two groups of one chain.
const MAX_GAP_BYTES: usize = 24;
const MAX_GAP_CHARS: usize = 6;

static UNEXPLAINED: Rule = Rule {
    detector: "digits",
    name: "unexplained",
    reason: "seven digits or more that no price, date, time, measure or reference explains",
    strength: strength::UNEXPLAINED,
};
static GROUPED: Rule = Rule {
    detector: "phone",
    name: "grouped",
    reason: "groups of digits as numbers are written, though no plan knows it",
    strength: strength::FORM - 5,
};
static LEFT_OVER: Rule = Rule {
    detector: "digits",
    name: "left-over",
    reason: "digits that go on in one row with a number",
    strength: strength::UNEXPLAINED,
};
static TOO_LONG: Rule = Rule {
    detector: "digits",
    name: "too-long",
    reason: "more digits in a row than are read",
    strength: strength::UNEXPLAINED,
};

/// Finds everything made of digit groups.
pub(crate) fn find(text: &str, groups: &[Range<usize>], hints: &Hints, found: &mut Vec<Candidate>) {
    let mut first = 0;
    while first < groups.len() {
        let mut last = first;
        while last + 1 < groups.len() && joins(text, &groups[last], &groups[last + 1]) {
            last += 1;
        }
        Chain { text, groups: &groups[first..=last] }.read(hints, found);
        first = last + 1;
    }
}

/// Whether two neighbouring groups belong to one chain.
fn joins(text: &str, left: &Range<usize>, right: &Range<usize>) -> bool {
    let gap = &text[left.end..right.start];
    if gap.len() > MAX_GAP_BYTES || gap.chars().count() > MAX_GAP_CHARS {
        return false;
    }
    let spaced = gap.bytes().any(|byte| byte.is_ascii_whitespace());
    gap.chars().all(|character| match character {
        '\n' => left.len() <= 2 && right.len() <= 2,
        // With a space beside them these signs belong to one number; without, they may be a disguised joiner.
        '$' | '€' | '£' | '¥' | '₽' | '₴' | '₹' | '₩' | '฿' | '₪' | '₫' | '₺' | '%' | '°' => {
            !spaced
        }
        '@' => false,
        // Feet and inches.
        '\'' => left.len() > 1,
        _ => !is_word(character) && character != char::from(BARRIER),
    })
}

/// Whether signs part what they stand between, as a colon or the end of a sentence does, rather than join it.
pub(super) fn is_strong_gap(gap: &str) -> bool {
    let signs = gap.trim();
    let spaced = gap.contains(char::is_whitespace);
    signs.contains([';', '!', '?', '…'])
        || spaced && (signs.contains([':', ',']) || signs.starts_with('.'))
        || gap.contains('\n') && spaced
        || gap.chars().any(|c| c as u32 >= 0x2600)
}

/// A row of groups.
#[derive(Clone, Copy)]
pub(crate) struct Chain<'t> {
    pub(crate) text: &'t str,
    pub(crate) groups: &'t [Range<usize>],
}

impl<'t> Chain<'t> {
    /// The groups `range` of this chain.
    fn part(self, range: Range<usize>) -> Self {
        Self { text: self.text, groups: &self.groups[range] }
    }

    /// The bytes from the first digit to the last.
    pub(crate) fn range(self) -> Range<usize> {
        match self.groups {
            [] => 0..0,
            [first, .., last] => first.start..last.end,
            [only] => only.clone(),
        }
    }

    /// The text of group `place`.
    pub(crate) fn group(self, place: usize) -> &'t str {
        &self.text[self.groups[place].clone()]
    }

    /// What stands between group `place` and the next.
    pub(crate) fn gap(self, place: usize) -> &'t str {
        &self.text[self.groups[place].end..self.groups[place + 1].start]
    }

    /// How many digits there are.
    pub(crate) fn digit_count(self) -> usize {
        self.groups.iter().map(Range::len).sum()
    }

    /// The digits alone.
    pub(crate) fn digits(self) -> String {
        digits_of(&self.text[self.range()])
    }

    /// Takes dates and times out and reads the stretches between them.
    fn read(self, hints: &Hints, found: &mut Vec<Candidate>) {
        if self.digit_count() < 4 {
            return;
        }
        // What a calling code and its plan explain whole holds no date: `+687 20.12.34`.
        let dialled = self.has_plus(0) && {
            let setting = Setting { plus: true, called: false, hints };
            phone::read(&self.digits(), setting, Tier::Sure).is_some()
        };
        let (mut from, mut at) = (0, 0);
        while at < self.groups.len() && !dialled {
            let taken = explain::moment(self, at);
            if taken == 0 {
                at += 1;
                continue;
            }
            self.part(from..at).identify(hints, found);
            at += taken;
            from = at;
        }
        self.part(from..self.groups.len()).identify(hints, found);
    }

    /// Reads a stretch without dates.
    fn identify(self, hints: &Hints, found: &mut Vec<Candidate>) {
        if self.digit_count() < 4 {
            return;
        }
        if self.digit_count() > MAX_CHAIN_DIGITS {
            return self.hide(&TOO_LONG, found);
        }
        let other = coordinate::decimal(self).or_else(|| net::v4(self)).or_else(|| card::find(self));
        if let Some((place, candidate)) = other {
            found.push(candidate);
            self.part(0..place.start).identify(hints, found);
            return self.part(place.end..self.groups.len()).identify(hints, found);
        }
        self.phones(hints, found);
    }

    /// The stretches between gaps that part a chain more strongly than its others: `ad 38: 817.555.0171 . 100`.
    fn strongly_parted(self) -> Vec<Self> {
        let strong: Vec<usize> = (1..self.groups.len()).filter(|at| is_strong_gap(self.gap(at - 1))).collect();
        // Where all gaps are strong they are how the number is written.
        if strong.is_empty() || self.groups.len() > 2 && strong.len() + 1 == self.groups.len() {
            return Vec::new();
        }
        let ends = strong.iter().copied().chain([self.groups.len()]);
        let starts = std::iter::once(0).chain(strong.iter().copied());
        starts.zip(ends).map(|(start, end)| self.part(start..end)).collect()
    }

    /// Reads telephone numbers, the surest and longest first, and hides what is left over and unexplained.
    fn phones(self, hints: &Hints, found: &mut Vec<Candidate>) {
        if self.digit_count() < UNEXPLAINED_DIGITS {
            return self.short_number(found);
        }
        if explain::is_book(self) || explain::amount_or_reference(self, hints) && !self.has_plus(0) {
            return;
        }
        let called = phone::is_called(self.text, self.range().start);
        let parts = self.strongly_parted();
        let alone = |part: &Self| {
            let setting = Setting { plus: part.has_plus(0), called: false, hints };
            let digits = part.digits();
            digits.len() >= UNEXPLAINED_DIGITS
                && [Tier::Sure, Tier::Likely].into_iter().any(|tier| phone::read(&digits, setting, tier).is_some())
        };
        if parts.iter().any(alone) {
            // What the number leaves over is read on its own, and hidden if it has digits enough of its own.
            return parts.into_iter().for_each(|part| part.phones(hints, found));
        }
        for tier in [Tier::Sure, Tier::Likely] {
            if let Some((window, candidate)) = self.phone(Setting { plus: false, called, hints }, tier) {
                found.push(candidate);
                self.beside(0..window.start, &window, hints, found);
                return self.beside(window.end..self.groups.len(), &window, hints, found);
            }
        }
        if self.is_grouped_like_a_number() {
            let canonical = format!("?{}", self.digits());
            return found.push(Candidate::new(self.with_signs(), Label::Phone, canonical, &GROUPED));
        }
        self.hide(&UNEXPLAINED, found);
    }

    /// Groups as people write them in numbers that no plan knows, with the same kind of sign between them all.
    fn is_grouped_like_a_number(self) -> bool {
        let lengths: Vec<usize> = self.groups.iter().map(Range::len).collect();
        let written = matches!(
            lengths[..],
            [3, 3, 4] | [1, 3, 3, 4] | [2, 2, 2, 2, 2] | [3, 2, 2, 2] | [3, 2, 2] | [5, 3, 3] | [4, 3, 3]
        );
        written && (0..lengths.len() - 1).all(|place| matches!(self.gap(place), "-" | "." | " " | ") " | ")" | "/"))
    }

    /// Reads what a number left over at one side. Few digits that go on in the number's own row are hidden, too: whoever
    /// reads a card as a number and an amount would print the amount.
    fn beside(self, rest: Range<usize>, window: &Range<usize>, hints: &Hints, found: &mut Vec<Candidate>) {
        let part = self.part(rest.clone());
        let few = (MIN_LEFT_DIGITS..UNEXPLAINED_DIGITS).contains(&part.digit_count());
        if few && self.is_one_row(&rest, window) && !explain::amount_or_reference(part, hints) {
            return part.hide(&LEFT_OVER, found);
        }
        part.phones(hints, found);
    }

    /// Whether the sign between a window and what stands beside it is the sign inside the window.
    fn is_one_row(self, rest: &Range<usize>, window: &Range<usize>) -> bool {
        let border = if rest.end <= window.start { window.start - 1 } else { window.end - 1 };
        (window.start..window.end - 1).any(|place| self.gap(place) == self.gap(border))
    }

    /// The first window of groups that reads as a number: those with a plus first, then from the left, longest first.
    fn phone(self, setting: Setting<'_>, tier: Tier) -> Option<(Range<usize>, Candidate)> {
        let count = self.groups.len();
        let plus: Vec<bool> = (0..count).map(|place| self.has_plus(place)).collect();
        // Pluses all over are joiners, not prefixes, apart from one that nothing stands before: `+44+7700+900123`.
        let prefixes = plus.iter().filter(|plus| **plus).count() <= 2;
        let starts = (0..count).filter(|place| plus[*place]).chain((0..count).filter(|place| !plus[*place]));
        for start in starts {
            let mut ends: Vec<usize> = Vec::new();
            let mut digits = 0;
            for end in start + 1..=count {
                digits += self.groups[end - 1].len();
                let crosses = prefixes && end - 1 > start && plus[end - 1];
                if digits > phone::MAX_DIGITS || crosses {
                    break;
                }
                ends.push(end);
            }
            for end in ends.into_iter().rev() {
                if self.cuts_a_row(start) || self.cuts_a_row(end) {
                    continue;
                }
                let window = self.part(start..end);
                let setting = Setting { plus: plus[start] && (prefixes || start == 0), ..setting };
                if let Some(reading) = phone::read(&window.digits(), setting, tier) {
                    let range = window.with_signs();
                    return Some((start..end, Candidate::new(range, Label::Phone, reading.canonical, reading.rule)));
                }
            }
        }
        None
    }

    /// Five or six digits right behind words that call them a number.
    fn short_number(self, found: &mut Vec<Candidate>) {
        let fits = (phone::MIN_CALLED_DIGITS..UNEXPLAINED_DIGITS).contains(&self.digit_count());
        if fits && phone::is_called_here(self.text, self.range().start) && !explain::is_money(self) {
            let reading = phone::short(&self.digits());
            found.push(Candidate::new(self.with_signs(), Label::Phone, reading.canonical, reading.rule));
        }
    }

    fn has_plus(self, place: usize) -> bool {
        self.text[..self.groups[place].start].trim_end_matches(['(', ' ']).ends_with('+')
    }

    /// Whether a window that begins or ends before group `at` would part digits written one by one or in pairs with
    /// the same signs between them: the rest would be left to read.
    fn cuts_a_row(self, at: usize) -> bool {
        if at == 0 || at >= self.groups.len() || self.groups[at - 1].len() > 2 || self.groups[at].len() > 2 {
            return false;
        }
        let same = |place: usize| place + 1 < self.groups.len() && self.gap(place) == self.gap(at - 1);
        at >= 2 && same(at - 2) || same(at)
    }

    /// The range with the plus, the bracket before it, and an extension behind it.
    fn with_signs(self) -> Range<usize> {
        let Range { mut start, mut end } = self.range();
        let before = &self.text[..start];
        let signs = before.len() - before.trim_end_matches(['(', '+', ' ']).len();
        let lead = &before[before.len() - signs..];
        if lead.contains(['(', '+']) {
            start -= lead.trim_start().len();
        }
        end += phone::extension(&self.text[end..]);
        start..end
    }

    /// With the few capitals that are glued to it, as in the numbers of documents.
    fn hide(self, rule: &'static Rule, found: &mut Vec<Candidate>) {
        const MAX_CAPITALS: usize = 4;
        let Range { mut start, mut end } = self.with_signs();
        let bytes = self.text.as_bytes();
        let capitals = |count: usize| if count <= MAX_CAPITALS { count } else { 0 };
        start -=
            capitals(bytes[..start].iter().rev().take(MAX_CAPITALS + 1).take_while(|b| b.is_ascii_uppercase()).count());
        end += capitals(bytes[end..].iter().take(MAX_CAPITALS + 1).take_while(|b| b.is_ascii_uppercase()).count());
        found.push(Candidate::new(start..end, Label::Digits, self.digits(), rule));
    }
}
