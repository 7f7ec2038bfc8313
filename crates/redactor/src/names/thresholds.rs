//! How much must speak for a word before it is hidden as a name.

use super::crf::Tag;
use super::tagger::Line;
use super::token::{Class, Shape};

/// How much must speak for a name before it is hidden: the sum of the probabilities of the three kinds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// A word that begins or carries a name.
    pub seed: f32,
    /// The same if it is a place rather than anything else.
    pub place: f32,
    /// The same if lists have it as a name of persons and as no ordinary word.
    pub listed: f32,
    /// The same if no list has it as an ordinary word and its letters tell little: of a script without capitals, with a capital in
    /// another script than Latin behind a word, or listed and with an accent in an English line. Fewer texts and names of those were learnt from,
    /// and a name let through is let through whatever its letters.
    pub scarce: f32,
    /// A word beside one.
    pub grow: f32,
    /// A word right behind what is surely a name: surnames are missed more than forenames.
    pub behind: f32,
    /// A usual name right before one.
    pub before: f32,
    /// A word beside one, of another script than Latin that no list has and no capital sets apart, or any of a script without
    /// capitals: the lists of such scripts are short.
    pub unlisted: f32,
    /// The same in a script whose names have capitals, in a line that is not English; and of such a word that has a line to itself, in any script:
    /// nothing but its letters speaks for it.
    pub foreign: f32,
}

/// The probability from which a name is hidden wherever it stands on the page.
pub(super) const SURE: f32 = 0.6;

impl Thresholds {
    /// Tuned on texts that were not trained on: recall first.
    pub const TUNED: Self = Self {
        seed: 0.18,
        place: 0.12,
        listed: 0.1,
        scarce: 0.07,
        grow: 0.15,
        behind: 0.05,
        before: 0.02,
        unlisted: 0.08,
        foreign: 0.8,
    };

    fn least(&self) -> f32 {
        let all = [self.seed, self.place, self.listed, self.scarce, self.grow, self.unlisted, self.foreign];
        all.into_iter().fold(1.0, f32::min)
    }
}

/// A line that was tagged, and what is asked of its words.
pub(super) struct Words<'l> {
    text: &'l str,
    line: &'l Line,
    thresholds: Thresholds,
    /// Most words are far from every threshold.
    least: f32,
    /// Most of its small words are none of English.
    is_foreign: bool,
    /// It has one word and no more.
    is_alone: bool,
}

impl<'l> Words<'l> {
    pub(super) fn new(text: &'l str, line: &'l Line, thresholds: Thresholds) -> Self {
        let (is_foreign, is_alone) = (is_foreign(line), is_alone(line));
        Self { text, line, thresholds, least: thresholds.least(), is_foreign, is_alone }
    }

    /// What speaks for a name of any kind.
    pub(super) fn chance(&self, at: usize) -> f32 {
        1.0 - self.line.marginals[at][Tag::Outside as usize]
    }

    /// Whether a name may consist of it.
    pub(super) fn carries(&self, at: usize) -> bool {
        matches!(self.line.tokens[at].class, Class::Word)
    }

    /// Whether it belongs to a name that something in it or beside it begins.
    pub(super) fn belongs(&self, at: usize) -> bool {
        self.is_at_least(at, Self::grow)
            || self.carries(at) && (self.begins(at) || self.is_behind(at) || self.is_before(at))
    }

    /// Whether it is a name by itself.
    pub(super) fn begins(&self, at: usize) -> bool {
        self.is_at_least(at, Self::seed) || self.is_paired(at)
    }

    fn is_at_least(&self, at: usize, threshold: impl FnOnce(&Self, usize) -> f32) -> bool {
        let chance = self.chance(at);
        chance >= self.least && chance >= threshold(self, at)
    }

    fn seed(&self, at: usize) -> f32 {
        if self.is_strange(at) {
            return self.thresholds.foreign;
        }
        let (Thresholds { seed, place, listed, scarce, .. }, shape) = (self.thresholds, self.line.tokens[at].shape);
        let entry = self.line.known[at].entry;
        let kinds = &self.line.marginals[at];
        let [person, somewhere, organisation] =
            [Tag::Person, Tag::Place, Tag::Organisation].map(|tag| kinds[tag as usize]);
        let seed = if somewhere > person && somewhere > organisation { seed.min(place) } else { seed };
        if entry.common() > 0 {
            return seed;
        }
        // A seldom name of a group of English words may be anything.
        let is_usual = entry.forename() >= 2;
        let is_rare = entry.forename().max(entry.surname()) > 0 && entry.cluster() == 0;
        let only_a_name = is_usual || is_rare;
        let first = self.first(at);
        let tells_little = match shape {
            Shape::Caseless => true,
            // The first word of a sentence has a capital whatever it is.
            Shape::Title if !is_latin(first) => at > 0 && self.carries(at - 1),
            _ if is_georgian(first) => true,
            _ => only_a_name && !self.is_foreign && self.written(at).contains(is_accented),
        };
        match () {
            () if tells_little => seed.min(scarce),
            () if only_a_name => seed.min(listed),
            () => seed,
        }
    }

    /// Whether it is the rest of a name, behind what surely is one: a word that none of the lists has as an ordinary one, a usual surname,
    /// or one with a capital.
    fn is_behind(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1).filter(|before| self.is_surely_one(*before)) else { return false };
        let entry = self.line.known[at].entry;
        let titled = self.are_titled(before, at);
        // In another script than Latin hardly anything but a name has a capital there.
        let least = if titled && !is_latin(self.first(at)) { 0.0 } else { self.thresholds.behind };
        let may_be = match entry.common() {
            3 => titled && entry.surname() == 3,
            0 if entry.cluster() == 0 => true,
            _ => titled || entry.surname() >= 2,
        };
        may_be && self.chance(at) >= least
    }

    /// Whether it is a usual name before what surely is one, each with a capital.
    fn is_before(&self, at: usize) -> bool {
        let entry = self.line.known[at].entry;
        entry.common() < 3
            && entry.forename().max(entry.surname()) >= 2
            && at + 1 < self.line.tokens.len()
            && self.are_titled(at, at + 1)
            && self.is_surely_one(at + 1)
            && self.chance(at) >= self.thresholds.before
    }

    fn are_titled(&self, one: usize, other: usize) -> bool {
        [one, other].iter().all(|at| self.line.tokens[*at].shape == Shape::Title)
    }

    fn is_surely_one(&self, at: usize) -> bool {
        self.carries(at) && self.chance(at) >= SURE
    }

    /// Whether it is a usual forename and stands with a person's: `Joy and Maria`, `MARIA & JOY`.
    pub(super) fn is_paired(&self, at: usize) -> bool {
        let shape = self.line.tokens[at].shape;
        let with = |and: Option<usize>, other: Option<usize>| {
            let (Some(and), Some(other)) = (and, other.filter(|other| *other < self.line.tokens.len())) else {
                return false;
            };
            let person = self.line.marginals[other][Tag::Person as usize];
            person >= PAIRED
                && self.carries(other)
                && self.line.tokens[other].shape == shape
                && AND.contains(&&*self.written(and).to_lowercase())
        };
        shape.is_capital()
            && self.line.known[at].entry.forename() >= 2
            && (with(at.checked_sub(1), at.checked_sub(2)) || with(Some(at + 1), Some(at + 2)))
    }

    /// What is asked of a word beside a name.
    fn grow(&self, at: usize) -> f32 {
        let Thresholds { grow, unlisted, foreign, .. } = self.thresholds;
        match self.line.tokens[at].shape {
            _ if self.is_strange(at) => foreign,
            // The lists of such a script are short: what they do have is not asked for more than what they do not.
            Shape::Caseless => unlisted,
            Shape::Lower if !self.is_listed(at) && !is_latin(self.first(at)) => unlisted,
            _ => grow,
        }
    }

    /// Whether nothing but the tagger speaks for it, no list and no capital: by itself in a line, or, where names have capitals, in small
    /// letters in a line that is not English. Georgian's capitals are not used so.
    fn is_strange(&self, at: usize) -> bool {
        let shape = self.line.tokens[at].shape;
        let small = shape == Shape::Lower && self.line.known[at].entry.cluster() == 0 && !is_georgian(self.first(at));
        matches!(shape, Shape::Caseless | Shape::Lower)
            && (self.is_alone || self.is_foreign && small)
            && !self.is_listed(at)
    }

    fn is_listed(&self, at: usize) -> bool {
        let known = &self.line.known[at];
        known.entry.forename().max(known.entry.surname()).max(known.entry.place()).max(known.phrase.0) > 0
    }

    fn written(&self, at: usize) -> &str {
        let token = &self.line.tokens[at];
        &self.text[token.start..token.end]
    }

    fn first(&self, at: usize) -> char {
        self.written(at).chars().next().unwrap_or_default()
    }
}

/// The probability of being a person from which a word speaks for one that it is paired with.
const PAIRED: f32 = 0.25;

/// And, in some languages.
const AND: &[&str] = &[
    "and", "&", "+", "und", "et", "y", "e", "og", "och", "en", "i", "și", "si", "ja", "és", "ve", "dan", "at", "и",
    "та", "і", "και",
];

fn is_latin(letter: char) -> bool {
    letter < '\u{370}' || ('\u{1e00}'..'\u{1f00}').contains(&letter)
}

fn is_accented(letter: char) -> bool {
    ('\u{c0}'..'\u{250}').contains(&letter)
}

fn is_georgian(letter: char) -> bool {
    ('\u{10d0}'..='\u{10ff}').contains(&letter)
}

fn is_alone(line: &Line) -> bool {
    line.tokens.iter().filter(|token| matches!(token.class, Class::Word | Class::Unspaced)).take(2).count() == 1
}

/// Fewest small words of a line that tell its language.
const LEAST_SMALL_WORDS: usize = 4;

/// Whether most of a line's small words are of no group that English running text has taught.
fn is_foreign(line: &Line) -> bool {
    let small = line
        .tokens
        .iter()
        .zip(&line.known)
        .filter(|(token, _)| token.class == Class::Word && token.shape == Shape::Lower);
    let (mut words, mut strange) = (0, 0);
    for (_, known) in small {
        words += 1;
        strange += usize::from(known.entry.cluster() == 0);
    }
    words >= LEAST_SMALL_WORDS && strange * 2 > words
}

#[cfg(test)]
mod tests {
    use super::super::search::find;

    fn hidden(text: &str) -> Vec<&str> {
        let mut ranges: Vec<_> = find(text).into_iter().map(|found| found.range).collect();
        ranges.sort_by_key(|range| range.start);
        ranges.into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn what_stands_with_a_sure_name_belongs_to_it() {
        for (text, names) in [
            ("WHO IS HERE TODAY? DANIEL AND ION.", &["DANIEL", "ION"][..]),
            ("МАРИЯ И ВЕРА ЖДУТ", &["МАРИЯ", "ВЕРА"]),
            ("at the desk for Sheikh Rana", &["Sheikh Rana"]),
            ("вчера видел, что Амина Ли вернулась", &["Амина Ли"]),
        ] {
            assert_eq!(hidden(text), names, "{text}");
        }
    }

    #[test]
    fn ordinary_words_of_other_languages_stay_readable() {
        for text in [
            "Bitte geben Sie ein Passwort ein",
            "Документация и настройки",
            "कृपया दस्तावेज़ जोड़ें",
            "يرجى إدخال كلمة المرور",
            "దయచేసి మళ్ళీ ప్రయత్నించండి",
        ] {
            assert_eq!(hidden(text), [""; 0], "{text}");
        }
    }
}
