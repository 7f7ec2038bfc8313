//! A query held against one page, without an index: why a hit is one, and which alerts a new page sets off.
//!
//! It gives the same answer as the index does (a test compares them), from the same tree, folding and tokenizer.

use std::collections::HashMap;

use serde::Serialize;

use crate::near::{self, Span};
use crate::query::{Holds, Leaf, Name, Near, Node, Shown, Value};
use crate::{Document, Query};

/// A page whose words have been cut, ready for any number of queries.
pub struct Prepared<'d> {
    document: &'d Document,
    title: Words,
    body: Words,
}

/// A part of a query that a page has, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Why {
    /// The part as the query shows it.
    pub part: String,
    /// In which field.
    pub place: String,
    /// How many times.
    pub times: usize,
}

/// Where each term of a text stands; words that a word is also found by stand where it does.
struct Words(HashMap<String, Vec<u32>>);

impl Words {
    fn of(text: &str) -> Self {
        let mut places: HashMap<String, Vec<u32>> = HashMap::new();
        for (place, word) in (0..).zip(schema::words(text)) {
            schema::also(&word.text, |other| match places.get_mut(other) {
                Some(known) => known.push(place),
                None => drop(places.insert(other.to_owned(), vec![place])),
            });
            places.entry(word.text).or_default().push(place);
        }
        Self(places)
    }

    fn spans(&self, value: &Value) -> Vec<Span> {
        let one = |place: &u32| (*place, *place);
        match value {
            Value::Words(words) => self.phrase(&words.terms),
            Value::Prefix(stem) => self.fitting(|term| term.starts_with(&stem.start)).iter().map(one).collect(),
            Value::Fuzzy(stem, edits) => {
                let word: Vec<char> = stem.start.chars().collect();
                self.fitting(|term| is_within(&word, term, usize::from(*edits))).iter().map(one).collect()
            }
            _ => Vec::new(),
        }
    }

    fn phrase(&self, terms: &[String]) -> Vec<Span> {
        let places = |term: &String| self.0.get(term).map(Vec::as_slice).unwrap_or_default();
        let Some((first, rest)) = terms.split_first() else { return Vec::new() };
        let follows =
            |start: u32| (1..).zip(rest).all(|(offset, term)| places(term).binary_search(&(start + offset)).is_ok());
        let last = u32::try_from(rest.len()).unwrap_or(u32::MAX);
        places(first)
            .iter()
            .filter(|start| follows(**start))
            .map(|start| (*start, start.saturating_add(last)))
            .collect()
    }

    fn fitting(&self, fits: impl Fn(&str) -> bool) -> Vec<u32> {
        let terms = self.0.iter().filter(|(term, _)| !term.starts_with('[') && fits(term));
        let mut places: Vec<u32> = terms.flat_map(|(_, places)| places).copied().collect();
        places.sort_unstable();
        places.dedup();
        places
    }
}

impl<'d> Prepared<'d> {
    /// Cuts the words of a page.
    #[must_use]
    pub fn new(document: &'d Document) -> Self {
        Self { document, title: Words::of(&document.title), body: Words::of(&document.body) }
    }

    /// The page.
    #[must_use]
    pub const fn document(&self) -> &'d Document {
        self.document
    }

    fn texts(&self, name: Name) -> Vec<(&'static str, &Words)> {
        match name {
            Name::Title => vec![("title", &self.title)],
            Name::Body => vec![("body", &self.body)],
            Name::Anywhere => vec![("title", &self.title), ("body", &self.body)],
            _ => Vec::new(),
        }
    }

    fn node(&self, node: &Node) -> bool {
        match node {
            Node::And(nodes) => nodes.iter().all(|inner| self.node(inner)),
            Node::Or(nodes) => nodes.iter().any(|inner| self.node(inner)),
            Node::Not(inner) => !self.node(inner),
            Node::Near(near) => self.texts(near.name).into_iter().any(|(_, words)| is_near(near, words)),
            Node::Leaf(Leaf { name, value }) => self.found(*name, value).iter().any(|(_, times)| *times > 0),
        }
    }

    /// In which fields a leaf is found, and how many times.
    fn found(&self, name: Name, value: &Value) -> Vec<(&'static str, usize)> {
        if name.holds() == Holds::Text {
            return self.texts(name).into_iter().map(|(place, words)| (place, words.spans(value).len())).collect();
        }
        let page = self.document;
        let labels: Vec<&str> = match name {
            Name::Site => vec![&page.site],
            Name::Kind => vec![&page.kind],
            Name::Rules => vec![&page.rules],
            Name::Board => page.board.as_deref().into_iter().collect(),
            Name::Language => page.language.as_deref().into_iter().collect(),
            Name::Currency => page.currency.as_deref().into_iter().collect(),
            Name::Authorisation => page.authorisation.as_deref().into_iter().collect(),
            Name::Place => page.places.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        };
        let times = match value {
            Value::Token(token) => match name {
                Name::Author => page.authors.iter().filter(|author| *author == token).count(),
                Name::Url => usize::from(page.url == Some(*token)),
                _ => usize::from(page.tokens.contains(token)),
            },
            Value::Label(label) if name == Name::Capture => usize::from(page.capture.to_string() == *label),
            Value::Prefix(stem) if name == Name::Capture => {
                usize::from(page.capture.to_string().starts_with(&stem.start))
            }
            Value::Label(label) => labels.iter().filter(|known| *known == label).count(),
            Value::Prefix(stem) => labels.iter().filter(|known| known.starts_with(&stem.start)).count(),
            Value::Days(from, to) => {
                let day = match name {
                    Name::Posted => page.posted.clone(),
                    Name::Captured => Some(page.captured.day()),
                    _ => Some(page.day()),
                };
                // Days written in full sort as text.
                let lies = |day: String| {
                    from.as_ref().is_none_or(|from| *from <= day) && to.as_ref().is_none_or(|to| day <= *to)
                };
                usize::from(day.is_some_and(lies))
            }
            Value::Amounts(from, to) => {
                let lies = |price: u64| from.is_none_or(|from| from <= price) && to.is_none_or(|to| price <= to);
                usize::from(page.price.is_some_and(lies))
            }
            Value::Words(_) | Value::Fuzzy(..) => 0,
        };
        vec![(name.as_str().unwrap_or("token"), times)]
    }

    fn explain(&self, node: &Node, reasons: &mut Vec<Why>) {
        match node {
            Node::And(nodes) | Node::Or(nodes) => nodes.iter().for_each(|inner| self.explain(inner, reasons)),
            Node::Not(_) => {} // what is absent has no place
            Node::Near(near) => {
                let part = Node::Near(near.clone());
                for (place, words) in self.texts(near.name) {
                    if is_near(near, words) {
                        let part = Query { root: part.clone() }.to_string();
                        reasons.push(Why { part, place: place.to_owned(), times: 1 });
                    }
                }
            }
            Node::Leaf(Leaf { name, value }) => {
                let found = self.found(*name, value).into_iter().filter(|(_, times)| *times > 0);
                let part = Shown(*name, value).to_string();
                reasons.extend(found.map(|(place, times)| Why { part: part.clone(), place: place.to_owned(), times }));
            }
        }
    }
}

impl Query {
    /// Whether the page is one of the query's answers.
    #[must_use]
    pub fn fits(&self, page: &Prepared<'_>) -> bool {
        page.node(&self.root)
    }

    /// Which parts of the query the page has, where, and how many times.
    #[must_use]
    pub fn why(&self, page: &Prepared<'_>) -> Vec<Why> {
        let mut reasons = Vec::new();
        page.explain(&self.root, &mut reasons);
        reasons
    }
}

fn is_near(near: &Near, words: &Words) -> bool {
    let spans: Vec<Vec<Span>> = near.values().map(|value| words.spans(value)).collect();
    let distances: Vec<u32> = near.then.iter().map(|(distance, _)| *distance).collect();
    near::fits(&spans, &distances)
}

/// Whether two words are at most so many edits apart: a letter more, less or another, or two neighbours exchanged (optimal
/// string alignment, as tantivy's automaton counts with transpositions of cost one).
fn is_within(word: &[char], other: &str, edits: usize) -> bool {
    let other: Vec<char> = other.chars().collect();
    if word.len().abs_diff(other.len()) > edits {
        return false;
    }
    let first: Vec<usize> = (0..=other.len()).collect();
    let mut rows = [first.clone(), first, vec![0; other.len() + 1]];
    for at in 1..=word.len() {
        rows.rotate_right(1); // now: [current, last, the one before]
        let [current, last, before] = &mut rows;
        current[0] = at;
        for place in 1..=other.len() {
            let same = word[at - 1] == other[place - 1];
            let mut least = (last[place] + 1).min(current[place - 1] + 1).min(last[place - 1] + usize::from(!same));
            if at > 1 && place > 1 && word[at - 1] == other[place - 2] && word[at - 2] == other[place - 1] {
                least = least.min(before[place - 2] + 1);
            }
            current[place] = least;
        }
    }
    rows[0][other.len()] <= edits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted_with_exchanges() {
        let within = |a: &str, b: &str, edits| is_within(&a.chars().collect::<Vec<_>>(), b, edits);
        assert!(within("harbour", "harbour", 0) && within("harbour", "harbor", 1) && within("harbour", "hrabour", 1));
        assert!(within("harbour", "arbor", 2) && !within("harbour", "arbor", 1) && !within("harbour", "port", 2));
        assert!(within("", "a", 1) && within("ab", "ba", 1) && !within("abc", "cab", 1));
    }
}
