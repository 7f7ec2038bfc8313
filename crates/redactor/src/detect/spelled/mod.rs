//! Numbers that are said rather than written: in words of any language, in letters that look like digits, in both mixed
//! with digits, with other words between their parts, or with the area code behind.
//!
//! What a plan confirms is a telephone number. What none confirms is rewritten in digits and read like any other row of
//! digits, so that dates, prices and cards are known in words, too, and the rest is hidden as `DIGITS`.

mod compose;
mod interrupted;
mod letters;
mod lexer;
mod lexicon;
mod words;

use std::cell::OnceCell;
use std::ops::Range;

use model::Label;

use self::compose::{Ranks, Said, compose, digits_within, is_of_one_language, is_weak, main_language};
pub(super) use self::lexer::Plain;
use self::lexer::{Gap, Kind, Numeral};
use self::lexicon::{Meaning, Sense};
use super::number;
use super::phone::{self, Hints, Reading, Setting, Tier};
use super::scan::{BARRIER, Scan, floor};
use super::view::View;
use crate::rule::{Candidate, Rule, strength};

/// Fewest digits that are read, and that the parts of an interrupted number must have together.
const MIN_DIGITS: usize = 7;
const MIN_JOINED_DIGITS: usize = 9;
const MAX_JOINED_DIGITS: usize = 15;

/// Most times that a digit is said by its count: `six sevens`.
const MAX_SAID_AGAIN: usize = 6;

/// Fewest digits of a number with letters for digits.
const MIN_LETTER_DIGITS: usize = 8;

/// Fewest single digits that an ordinary word beside them belongs to.
const MIN_SINGLE_DIGITS: usize = 4;

/// Most numerals that are left off at one end of a row.
const MAX_TRIMMED: usize = 4;

/// Words that must be number words and nothing else before a row is hidden without a plan's word for it.
const MIN_STRONG_WORDS: usize = 3;

/// How much of the text around a row is read with it.
const CONTEXT_BYTES: usize = 64;

const fn rule(name: &'static str, reason: &'static str, strength: u8) -> Rule {
    Rule { detector: "spelled", name, reason, strength }
}

static WORDS: Rule = rule("words", "number words that a numbering plan confirms", strength::PLAN);
static LETTERS: Rule =
    rule("letters", "letters that look like digits, in a number that a plan confirms", strength::PLAN);

/// Reads every row of numerals that holds more than digits. `plain`: where words are noted that stand for nothing.
pub(super) fn find(text: &str, plain: Option<&OnceCell<Plain>>, hints: &Hints, found: &mut Vec<Candidate>) {
    lexer::rows(text, plain, |row| {
        let reader = Reader { text, hints };
        let parts = row.chunk_by(|_, next| next.before != Gap::Break);
        for part in parts.filter(|part| part.iter().map(bound).sum::<usize>() >= MIN_DIGITS) {
            let runs: Vec<&[Numeral]> = part.chunk_by(|_, next| next.before == Gap::Signs).collect();
            for run in &runs {
                reader.run(run, found);
            }
            if runs.len() > 1 {
                reader.interrupted(&runs, found);
            }
        }
    });
}

/// How many digits a numeral can stand for at most, those that it says again of its neighbours' among them.
fn bound(numeral: &Numeral) -> usize {
    let sense = |sense: &Sense| match sense.meaning {
        Meaning::Times(count) => usize::from(count).max(3),
        Meaning::Plural(_) => MAX_SAID_AGAIN,
        _ => 3,
    };
    match &numeral.kind {
        Kind::Digits => numeral.range.len(),
        Kind::Letters(digits) => digits.len(),
        Kind::Word(senses) => senses.iter().map(sense).max().unwrap_or_default(),
    }
}

struct Reader<'t> {
    text: &'t str,
    hints: &'t Hints,
}

impl Reader<'_> {
    /// One row with nothing but signs between its numerals.
    fn run(&self, run: &[Numeral], found: &mut Vec<Candidate>) {
        let plain = run.iter().all(|numeral| numeral.kind == Kind::Digits);
        let most: usize = run.iter().map(|numeral| self.most_digits(numeral)).sum();
        if plain || most < MIN_DIGITS {
            return;
        }
        if self.part_at_strong_gaps(run, found) {
            return;
        }
        if run.iter().any(|numeral| matches!(numeral.kind, Kind::Letters(_))) {
            if !self.letters(run, found) {
                run.split(|numeral| matches!(numeral.kind, Kind::Letters(_))).for_each(|part| self.run(part, found));
            }
            return;
        }
        self.words(run, true, found);
    }

    /// Parts a row where it is parted more strongly than elsewhere, if one part alone is a number: `ad 38: eight one …`.
    fn part_at_strong_gaps(&self, run: &[Numeral], found: &mut Vec<Candidate>) -> bool {
        let gap = |left: &Numeral, right: &Numeral| &self.text[left.range.end..right.range.start];
        let strong = |left: &Numeral, right: &Numeral| number::is_strong_gap(gap(left, right));
        let count = run.windows(2).filter(|pair| strong(&pair[0], &pair[1])).count();
        if count == 0 || count * 2 >= run.len() {
            return false;
        }
        // What no space parts stays together if it is a number together: `24 y.o. 0770090013🌹two`.
        let tight = |left: &Numeral, right: &Numeral| !gap(left, right).contains(char::is_whitespace);
        let number = |part: &[Numeral]| self.said(part).is_some_and(|digits| self.number(&digits, false).is_some());
        let together: Vec<&[Numeral]> =
            run.chunk_by(|left, right| tight(left, right) || !strong(left, right)).collect();
        if together.len() > 1 && together.iter().any(|part| part.len() > 1 && number(part)) {
            together.into_iter().for_each(|part| self.run(part, found));
            return true;
        }
        let parts: Vec<&[Numeral]> = run.chunk_by(|left, right| !strong(left, right)).collect();
        let whole = parts.iter().any(|part| number(part));
        if whole {
            parts.into_iter().for_each(|part| self.run(part, found));
        }
        whole
    }

    /// A row without the words at its ends that its own language does not have: `zéro six … de 10h`.
    fn without_foreign<'r>(&self, run: &'r [Numeral]) -> &'r [Numeral] {
        let foreign = foreign(run);
        let start = run.iter().position(|numeral| !foreign(numeral)).unwrap_or(run.len());
        let end = run.iter().rposition(|numeral| !foreign(numeral)).map_or(start, |last| last + 1);
        &run[start..end]
    }

    /// How many digits a numeral can stand for at most.
    fn most_digits(&self, numeral: &Numeral) -> usize {
        match &numeral.kind {
            Kind::Digits => numeral.range.len(),
            Kind::Letters(digits) => digits.len(),
            Kind::Word(_) => 3,
        }
    }

    /// A row with number words in it.
    fn words(&self, run: &[Numeral], may_part: bool, found: &mut Vec<Candidate>) {
        let Some(whole) = compose(run, self.text) else {
            // A joiner that joins nothing parts the row.
            let joiner = |numeral: &Numeral| compose(std::slice::from_ref(numeral), self.text).is_none();
            return run.split(joiner).filter(|part| part.len() < run.len()).for_each(|part| self.run(part, found));
        };
        if is_counting(&whole) {
            return;
        }
        let own = self.without_foreign(run);
        if own.iter().all(|numeral| numeral.kind == Kind::Digits) {
            return self.beside_single_digits(run, own, found);
        }
        if own.len() < run.len()
            && let Some(digits) = self.said(own)
            && self.number(&digits, false).is_some()
        {
            return self.run(own, found);
        }
        let ranks = Ranks::of(run);
        let said: Vec<(&[Numeral], String)> = self
            .trims(run)
            .into_iter()
            .map(|(lead, trail)| lead..run.len() - trail)
            .filter_map(|part| {
                let digits = digits_within(run, part.clone(), self.text, &ranks, phone::MAX_DIGITS)?;
                Some((&run[part], digits))
            })
            .collect();
        for called in self.ways(run) {
            for (part, digits) in &said {
                if let Some(reading) = self.number(digits, called) {
                    return found.push(self.candidate(part, &reading, &WORDS));
                }
            }
        }
        if may_part && self.part_at_commas(run, found) {
            return;
        }
        let strong = run.iter().filter(|numeral| matches!(numeral.kind, Kind::Word(_)) && !is_weak(numeral)).count();
        let words = run.iter().filter(|numeral| matches!(numeral.kind, Kind::Word(_))).count();
        let sure = strong >= MIN_STRONG_WORDS || words >= MIN_JOINED_DIGITS && is_of_one_language(run);
        if sure && whole.digits.len() >= MIN_DIGITS {
            self.rewritten(run, &whole, found);
        }
    }

    /// An ordinary word at an end of a row of single digits with the same sign between them all goes with the row: it is
    /// more likely one of its digits than a word beside it, and a digit that is left is worse than a word that is hidden.
    fn beside_single_digits(&self, run: &[Numeral], own: &[Numeral], found: &mut Vec<Candidate>) {
        let gap = |pair: &[Numeral]| &self.text[pair[0].range.end..pair[1].range.start];
        let single = own.len() >= MIN_SINGLE_DIGITS && own.iter().all(|numeral| numeral.range.len() == 1);
        let even = run.windows(2).all(|pair| gap(pair) == gap(&run[..2]));
        let read = |run| self.said(run).and_then(|digits| self.number(&digits, false));
        if single
            && even
            && let Some(reading) = read(own).or_else(|| read(run))
        {
            found.push(self.candidate(run, &reading, &WORDS));
        }
    }

    /// How many numerals may be left off at both ends, fewest first: words that are ordinary words, too, and digits that
    /// spaces or emoji part from the rest, as prices and hours before a number are.
    fn trims(&self, run: &[Numeral]) -> Vec<(usize, usize)> {
        let parted = |left: &Numeral, right: &Numeral| {
            self.text[left.range.end..right.range.start].chars().any(|c| c.is_whitespace() || !c.is_ascii())
        };
        let loose = |numeral: &Numeral| numeral.kind == Kind::Digits || is_weak(numeral);
        let leading = (1..=MAX_TRIMMED.min(run.len().saturating_sub(1)))
            .take_while(|at| loose(&run[at - 1]))
            .filter(|at| is_weak(&run[at - 1]) || parted(&run[at - 1], &run[*at]));
        let trailing = (1..=MAX_TRIMMED.min(run.len().saturating_sub(1)))
            .take_while(|at| loose(&run[run.len() - at]))
            .filter(|at| is_weak(&run[run.len() - at]) || parted(&run[run.len() - at - 1], &run[run.len() - at]));
        let trailing: Vec<usize> = std::iter::once(0).chain(trailing).collect();
        let mut trims: Vec<(usize, usize)> = std::iter::once(0)
            .chain(leading)
            .flat_map(|lead| trailing.iter().map(move |trail| (lead, *trail)))
            .filter(|(lead, trail)| lead + trail < run.len())
            .collect();
        trims.sort_by_key(|(lead, trail)| (lead + trail, *lead));
        trims
    }

    /// Parts a row at its commas, unless they stand between most of its numerals.
    fn part_at_commas(&self, run: &[Numeral], found: &mut Vec<Candidate>) -> bool {
        let comma = |left: &Numeral, right: &Numeral| {
            let gap = self.text[left.range.end..right.range.start].trim_start();
            gap.starts_with([',', ';']) || gap.starts_with('.') && gap.len() > 1
        };
        let commas = run.windows(2).filter(|pair| comma(&pair[0], &pair[1])).count();
        if commas == 0 || commas * 2 >= run.len() {
            return false;
        }
        for part in run.chunk_by(|left, right| !comma(left, right)) {
            if part.iter().any(|numeral| numeral.kind != Kind::Digits) {
                self.words(part, false, found);
            }
        }
        true
    }

    /// A row with letters that look like digits. Without a plan's word for it such a row is too easily a text.
    fn letters(&self, run: &[Numeral], found: &mut Vec<Candidate>) -> bool {
        let tight = |at: usize| {
            let gap = &self.text[run[at - 1].range.end..run[at].range.start];
            gap.chars().all(|c| !c.is_whitespace())
        };
        let beside = |at: usize| {
            let numeral = &run[at];
            let written = &self.text[numeral.range.clone()];
            let mixed = written.bytes().any(|byte| byte.is_ascii_digit());
            let foreign = !written.is_ascii() || written.bytes().all(|byte| byte.is_ascii_uppercase());
            mixed || foreign || at > 0 && tight(at) || at + 1 < run.len() && tight(at + 1)
        };
        let is_letters = |numeral: &Numeral| matches!(numeral.kind, Kind::Letters(_));
        // Letters at the edges that nothing ties to the row are no part of it.
        let first = (0..run.len()).find(|at| !is_letters(&run[*at]) || beside(*at)).unwrap_or(run.len());
        let last = (first..run.len()).rev().find(|at| !is_letters(&run[*at]) || beside(*at)).unwrap_or(first);
        let run = run.get(first..=last).unwrap_or_default();
        let written: usize =
            run.iter().map(|n| self.text[n.range.clone()].bytes().filter(u8::is_ascii_digit).count()).sum();
        if run.is_empty() || !run.iter().any(is_letters) || written < 2 {
            return false;
        }
        let bars = self.text[run[0].range.start..end_of(run)].matches('|').count();
        let most = bars + run.iter().map(|numeral| self.most_digits(numeral)).sum::<usize>();
        let trims = if most < MIN_LETTER_DIGITS { Vec::new() } else { self.trims(run) };
        let says = |numeral| self.said(std::slice::from_ref(numeral)).unwrap_or_default();
        let each: Vec<String> = if trims.is_empty() { Vec::new() } else { run.iter().map(says).collect() };
        for called in self.ways(run) {
            for (lead, trail) in &trims {
                let shown = *lead..run.len() - trail;
                let part = &run[shown.clone()];
                if part.iter().any(is_letters)
                    && let Some(reading) = self.number_in_letters(part, &each[shown], written, called)
                {
                    found.push(self.candidate(part, &reading, &LETTERS));
                    return true;
                }
            }
        }
        // Unbroken and mostly digits: no plan needs to know it, as none needs to know a row of digits.
        let unbroken = |numeral: &&Numeral| {
            let written = &self.text[numeral.range.clone()];
            let digits = written.bytes().filter(u8::is_ascii_digit).count();
            is_letters(numeral)
                && (lexer::UNBROKEN_DIGITS..=MAX_JOINED_DIGITS).contains(&written.chars().count())
                && digits * 2 >= written.len()
        };
        let Some(numeral) = run.iter().find(unbroken) else { return false };
        let reading = phone::short(&self.said(std::slice::from_ref(numeral)).unwrap_or_default());
        found.push(self.candidate(std::slice::from_ref(numeral), &reading, &LETTERS));
        true
    }

    /// `each`: what each numeral says by itself.
    fn number_in_letters(&self, run: &[Numeral], each: &[String], written: usize, called: bool) -> Option<Reading> {
        let fits = |digits: &String| {
            (MIN_LETTER_DIGITS..=MAX_JOINED_DIGITS).contains(&digits.len()) && written * 5 >= digits.len()
        };
        // Where no words are among them, the numerals say together what each says by itself.
        let words = run.iter().any(|numeral| matches!(numeral.kind, Kind::Word(_)));
        let barred = self.text[run[0].range.start..end_of(run)].contains('|');
        let length: usize = each.iter().map(String::len).sum();
        if !words && !barred && !(MIN_LETTER_DIGITS..=MAX_JOINED_DIGITS).contains(&length) {
            return None;
        }
        let plain = if words { compose(run, self.text)?.digits } else { each.concat() };
        if let Some(reading) = Some(&plain).filter(|plain| fits(plain)).and_then(|plain| self.number(plain, called)) {
            return Some(reading);
        }
        if !barred && !words {
            return None;
        }
        // A bar between digits parts them, or is a one.
        let mut barred = String::new();
        for (at, numeral) in run.iter().enumerate() {
            let from = if at == 0 { numeral.range.start } else { run[at - 1].range.end };
            self.text[from..numeral.range.start].matches('|').for_each(|_| barred.push('1'));
            barred.push_str(&each[at]);
        }
        (barred != plain && fits(&barred)).then(|| self.number(&barred, called)).flatten()
    }

    /// Whether to read a row as one that words call a number: never at first, and then only if they do.
    fn ways(&self, run: &[Numeral]) -> impl Iterator<Item = bool> {
        let called = phone::is_called(self.text, run[0].range.start);
        std::iter::once(false).chain(called.then_some(true))
    }

    /// What a row says; `None` also for words that say more than any number has.
    fn said(&self, run: &[Numeral]) -> Option<String> {
        // Without words among them, numerals say what is written, one after the other.
        let written = |said: Option<String>, numeral: &Numeral| {
            let mut said = said?;
            said.push_str(match &numeral.kind {
                Kind::Digits => &self.text[numeral.range.clone()],
                Kind::Letters(digits) => digits,
                Kind::Word(_) => return None,
            });
            Some(said)
        };
        if let Some(said) = run.iter().fold(Some(String::new()), written) {
            return Some(said).filter(|digits| !digits.is_empty());
        }
        digits_within(run, 0..run.len(), self.text, &Ranks::of(run), phone::MAX_DIGITS)
            .filter(|digits| !digits.is_empty())
    }

    fn number(&self, digits: &str, called: bool) -> Option<Reading> {
        let plus = digits.starts_with('+');
        let digits = digits.trim_start_matches('+');
        if digits.len() < MIN_DIGITS || digits.contains('+') {
            return None;
        }
        let setting = Setting { plus, called, hints: self.hints };
        phone::read(digits, setting, Tier::Sure).or_else(|| phone::read(digits, setting, Tier::Likely))
    }

    fn candidate(&self, run: &[Numeral], reading: &Reading, rule: &'static Rule) -> Candidate {
        let Range { mut start, end } = run[0].range.start..end_of(run);
        let before = &self.text[..start];
        let lead = &before[before.trim_end_matches(['(', '+', ' ']).len()..];
        if lead.contains(['(', '+']) {
            start -= lead.trim_start().len();
        }
        Candidate::new(start..end, Label::Phone, reading.canonical.as_str(), rule)
    }

    /// Writes a row in digits and reads it like any other, with what stands around it.
    fn rewritten(&self, run: &[Numeral], said: &Said, found: &mut Vec<Candidate>) {
        let barrier = char::from(BARRIER);
        let (start, end) = (run[0].range.start, end_of(run));
        let before = &self.text[floor(self.text, start.saturating_sub(CONTEXT_BYTES))..start];
        let before = before.rsplit(barrier).next().unwrap_or_default();
        let after = &self.text[end..floor(self.text, (end + CONTEXT_BYTES).min(self.text.len()))];
        let after = after.split(barrier).next().unwrap_or_default();
        let mut view = View::default();
        view.copy(self.text, start - before.len()..start);
        let from = view.text().len();
        let mut last = start;
        for piece in &said.pieces {
            let range = run[piece.numerals.start].range.start..run[piece.numerals.end - 1].range.end;
            if range.start > start {
                let gap = self.text[last..range.start].trim();
                view.write(if matches!(gap, "-" | "." | "/" | ":" | ",") { gap } else { " " }, &(last..range.start));
            }
            view.write(&said.digits[piece.digits.clone()], &range);
            last = range.end;
        }
        let to = view.text().len();
        view.copy(self.text, end..end + after.len());
        let mut inside = Vec::new();
        number::find(view.text(), &Scan::new(view.text()).groups, self.hints, &mut inside);
        for candidate in inside.into_iter().filter(|c| c.range.start < to && c.range.end > from) {
            for range in view.origins(&candidate.range) {
                found.push(Candidate { range, ..candidate.clone() });
            }
        }
    }
}

fn end_of(run: &[Numeral]) -> usize {
    run.last().map_or(0, |numeral| numeral.range.end)
}

/// Whether a word at an end of a row is none of the language that most of the row's surer words have.
fn foreign(run: &[Numeral]) -> impl Fn(&Numeral) -> bool {
    let main = main_language(run);
    // Where ordinary words are all there is, they may well be the number: `to to too for …`.
    let weak = run.iter().filter(|numeral| is_weak(numeral)).count();
    let said_in_weak_words = main.is_none() && weak >= MIN_STRONG_WORDS;
    move |numeral| {
        let of_main = |senses: &[Sense]| senses.iter().any(|sense| Some(sense.language) == main);
        !said_in_weak_words && matches!(&numeral.kind, Kind::Word(senses) if is_weak(numeral) && !of_main(senses))
    }
}

/// Whether somebody counts: one, two, three, or down again.
fn is_counting(said: &Said) -> bool {
    let values: Vec<i32> = said.numbers().filter_map(|digits| digits.parse().ok()).collect();
    let steps = |step: i32| values.windows(2).all(|pair| pair[1] - pair[0] == step);
    values.len() == said.pieces.len() && values.len() > 2 && (steps(1) || steps(-1))
}
