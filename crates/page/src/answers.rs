//! Which post answers which: by the number that a quote names, else by the words that it repeats.

use std::collections::{HashMap, HashSet};

use ego_tree::iter::Edge;
use scraper::{ElementRef, Selector};
use zeroize::Zeroizing;

use crate::profile::{RecordRule, Reference};
use crate::{Field, Record};

/// Posts back from an answer in which the words that it repeats are looked for.
const MAX_BACK: usize = 200;

/// Bytes of a post in which repeated words are looked for.
const MAX_POST_BYTES: usize = 16 << 10;

/// Characters at the end of a quote that must stand in the post that it is from. Its beginning often names a person.
const TELLING_CHARACTERS: usize = 40;

/// Fewest characters that tell one post from another.
const MIN_CHARACTERS: usize = 12;

/// Fills in [`Record::answers`]; `elements` are the records' own.
pub(crate) fn find(records: &mut [Record], elements: &[ElementRef<'_>], rule: &RecordRule) {
    let mut by_number = HashMap::new();
    if let Some(id) = &rule.id {
        for (at, element) in elements.iter().enumerate() {
            if let Some(number) = numbers(*element, id).next() {
                by_number.entry(number).or_insert(at);
            }
        }
    }
    let quote = rule.fields.iter().find(|field| field.field == Field::Quote);
    let mut bodies: Vec<Zeroizing<String>> = Vec::new();
    for (at, element) in elements.iter().enumerate() {
        let named = rule.answers.as_ref().into_iter().flat_map(|answers| numbers(*element, answers));
        let named = named.filter_map(|number| by_number.get(number).copied()).find(|answered| *answered < at);
        records[at].answers = named.or_else(|| {
            let quoted = text_of(element.select(&quote?.select).next()?, None);
            let end = quoted.char_indices().rev().nth(TELLING_CHARACTERS - 1).map_or(0, |(at, _)| at);
            let telling = &quoted[end..];
            let from = bodies.len().saturating_sub(MAX_BACK);
            let long = telling.chars().count() >= MIN_CHARACTERS;
            bodies[from..].iter().rposition(|body| long && body.contains(telling)).map(|place| from + place)
        });
        // Only what a post says itself: many may repeat the same words.
        if let Some(quote) = quote {
            bodies.push(text_of(*element, Some(&quote.select)));
        }
    }
}

fn numbers<'a>(record: ElementRef<'a>, reference: &'a Reference) -> impl Iterator<Item = &'a str> {
    let found: Box<dyn Iterator<Item = ElementRef<'a>>> = match &reference.select {
        Some(select) => Box::new(record.select(select).take(64)),
        None => Box::new(std::iter::once(record)),
    };
    found
        .filter_map(|element| reference.pattern.captures(element.attr(&reference.attribute)?)?.get(1))
        .map(|number| number.as_str())
}

/// The text of an element without its white space, which quoting changes, and without what `apart` matches in it.
fn text_of(element: ElementRef<'_>, apart: Option<&Selector>) -> Zeroizing<String> {
    let apart: HashSet<_> = apart.into_iter().flat_map(|apart| element.select(apart)).map(|quote| quote.id()).collect();
    let mut text = Zeroizing::new(String::with_capacity(MAX_POST_BYTES));
    let mut depth = 0_usize;
    for edge in element.traverse() {
        match edge {
            Edge::Open(node) if apart.contains(&node.id()) => depth += 1,
            Edge::Close(node) if apart.contains(&node.id()) => depth = depth.saturating_sub(1),
            Edge::Open(node) if depth == 0 => {
                for word in node.value().as_text().into_iter().flat_map(|text| text.split_whitespace()) {
                    if text.len() + word.len() > MAX_POST_BYTES {
                        return text;
                    }
                    text.push_str(word);
                }
            }
            _ => {}
        }
    }
    text
}
