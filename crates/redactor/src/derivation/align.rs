//! Finds the pieces of a view in the original.

use std::ops::Range;

use crate::derivation::Step;
use crate::derivation::atoms::{Atom, Atoms};
use crate::text::{RedactedText, Span};

/// Bytes that may be searched through for one text, as a multiple of the original's length: order is kept nearly always.
const MAX_SEARCHES: usize = 16;

/// The steps that make `made.redacted`, which is `read` with tokens.
pub(crate) fn steps(atoms: &Atoms, read: &str, made: &RedactedText) -> Vec<Step> {
    let characters: Vec<char> = read.chars().collect();
    let places = places(atoms, read, characters.len());
    let mut out = Steps { atoms, steps: Vec::new() };
    let mut at = 0;
    for span in &made.spans {
        out.plain(&characters[at..span.start], &places[at..span.start]);
        out.token(span, &places[span.start..span.end]);
        at = span.end;
    }
    out.plain(&characters[at..], &places[at..]);
    out.steps
}

struct Steps<'a> {
    atoms: &'a Atoms,
    steps: Vec<Step>,
}

impl Steps<'_> {
    fn plain(&mut self, characters: &[char], places: &[Option<u32>]) {
        for (character, place) in characters.iter().zip(places) {
            match place.map(|place| self.atoms.atoms[place as usize]) {
                Some(Atom { start, end, reference: true }) => self.steps.push(Step::Reference { start, end }),
                Some(Atom { start, end, .. }) => self.copy(start, end),
                None => self.text(*character),
            }
        }
    }

    fn copy(&mut self, start: u32, end: u32) {
        match self.steps.last_mut() {
            Some(Step::Copy { end: last, .. }) if *last == start => *last = end,
            _ => self.steps.push(Step::Copy { start, end }),
        }
    }

    /// A character that no atom stands for: white space may go on a copy, everything else is text.
    fn text(&mut self, character: char) {
        match self.steps.last_mut() {
            Some(Step::Copy { end, .. })
                if character.is_whitespace() && self.atoms.characters.get(*end as usize) == Some(&character) =>
            {
                *end += 1;
            }
            Some(Step::Text(text)) => text.push(character),
            _ => self.steps.push(Step::Text(character.to_string())),
        }
    }

    fn token(&mut self, span: &Span, places: &[Option<u32>]) {
        let found: Vec<Atom> = places.iter().flatten().map(|place| self.atoms.atoms[*place as usize]).collect();
        let hides = found.first().zip(found.last()).map(|(first, last)| (first.start, last.end));
        self.steps.push(Step::Token {
            token: span.token,
            rule: format!("{}/{}", span.detector, span.rule),
            hides: hides.filter(|(start, end)| start < end),
        });
    }
}

/// For each character of `read` the atom that it is.
fn places(atoms: &Atoms, read: &str, length: usize) -> Vec<Option<u32>> {
    let mut places = vec![None; length];
    let mut search = Search { atoms, next: 0, budget: atoms.flat.len().saturating_mul(MAX_SEARCHES) };
    let mut point = 0;
    for line in read.split('\n') {
        if !search.put(line, point, &mut places) {
            let mut within = point;
            for word in line.split_inclusive(char::is_whitespace) {
                search.put(word, within, &mut places);
                within += word.chars().count();
            }
        }
        point += line.chars().count() + 1;
    }
    places
}

struct Search<'a> {
    atoms: &'a Atoms,
    /// Where in `flat` the last piece ended.
    next: usize,
    budget: usize,
}

impl Search<'_> {
    /// Notes the places of a piece that begins at `point`; says whether it was found.
    fn put(&mut self, piece: &str, point: usize, places: &mut [Option<u32>]) -> bool {
        let needle: String = piece.chars().filter(|character| !character.is_whitespace()).collect();
        if needle.is_empty() {
            return true;
        }
        let Some(found) = self.find(&needle) else { return false };
        let Ok(mut atom) = self.atoms.offsets.binary_search(&(found.start as u32)) else { return false };
        for (place, character) in places[point..].iter_mut().zip(piece.chars()) {
            if !character.is_whitespace() {
                *place = u32::try_from(atom).ok();
                atom += 1;
            }
        }
        self.next = found.end;
        true
    }

    /// After the last piece, or else anywhere.
    fn find(&mut self, needle: &str) -> Option<Range<usize>> {
        let flat = self.atoms.flat.as_str();
        let found = self.within(&flat[self.next..], needle).map(|at| self.next + at);
        let found = found.or_else(|| self.within(flat, needle))?;
        Some(found..found + needle.len())
    }

    fn within(&mut self, text: &str, needle: &str) -> Option<usize> {
        if self.budget == 0 {
            return None;
        }
        let found = text.find(needle);
        self.budget = self.budget.saturating_sub(found.unwrap_or(text.len()));
        found
    }
}
