//! What a profile finds on a page: which elements are records, which are fields.

use std::collections::{HashMap, HashSet};

use ego_tree::NodeId;
use scraper::{ElementRef, Html};
use zeroize::Zeroizing;

use crate::date::{self, Now, Order};
use crate::limits::MAX_RECORDS;
use crate::profile::{FieldRule, PageRule, RecordRule, select};
use crate::{Day, Field, PageKind, Price, Problem, Problems, Record, answers, price};

/// Elements of one field that one record may have.
const MAX_OF_A_FIELD: usize = 256;

/// Characters of a date or a price that are read.
const MAX_VALUE_BYTES: usize = 512;

/// What a profile found.
#[derive(Default)]
pub(crate) struct Marks {
    pub(crate) kind: PageKind,
    pub(crate) records: Vec<Record>,
    /// What elements are.
    pub(crate) elements: HashMap<NodeId, Mark>,
    /// Fields that stand in attributes: record, field, value.
    pub(crate) values: Vec<(Option<usize>, Field, Zeroizing<String>)>,
    /// Links to the next page.
    pub(crate) next: HashSet<NodeId>,
    /// `noscript` elements that hold records: what a reader without scripts sees instead of the page.
    pub(crate) shown: HashSet<NodeId>,
}

/// What one element is.
#[derive(Clone, Copy, Default)]
pub(crate) struct Mark {
    pub(crate) record: Option<usize>,
    pub(crate) field: Option<Field>,
}

impl Marks {
    /// Applies the rules of one kind of page.
    pub(crate) fn find(
        document: &Html,
        rule: &PageRule,
        order: Order,
        now: Option<Now>,
        problems: &mut Problems,
    ) -> Self {
        let mut marks = Self { kind: rule.kind, ..Self::default() };
        for field in &rule.fields {
            marks.field(select(document, &field.select), field, None, problems);
        }
        if let Some(next) = &rule.next {
            marks.next.extend(select(document, next).map(|element| element.id()));
        }
        if let Some(record) = &rule.record {
            marks.records(document, record, order, now, problems);
        }
        marks
    }

    fn records(&mut self, document: &Html, rule: &RecordRule, order: Order, now: Option<Now>, problems: &mut Problems) {
        let mut last: Option<ElementRef<'_>> = None;
        let mut elements = Vec::new();
        let mut days = Vec::new();
        for element in select(document, &rule.select) {
            // A record inside a record is part of it; as elements come in order, comparing with the last one suffices.
            if last.is_some_and(|last| element.ancestors().any(|outer| outer.id() == last.id())) {
                continue;
            }
            last = Some(element);
            if self.records.len() == MAX_RECORDS {
                problems.add(Problem::TooManyRecords);
                break;
            }
            let index = self.records.len();
            elements.push(element);
            self.records.push(Record { kind: rule.kind, posted: None, price: None, answers: None });
            self.elements.entry(element.id()).or_default().record = Some(index);
            let unseen =
                element.ancestors().filter(|node| node.value().as_element().is_some_and(|e| e.name() == "noscript"));
            self.shown.extend(unseen.map(|node| node.id()));
            for field in &rule.fields {
                let first = self.field(element.select(&field.select), field, Some(index), problems);
                match (field.field, first) {
                    (Field::Posted, Some(text)) => days.push((index, text)),
                    (Field::Price, Some(text)) => self.records[index].price = amount(&text, problems),
                    _ => {}
                }
            }
        }
        // A profile says how an engine writes by default; one date of the page can say how this site does.
        let order = date::order_of(days.iter().map(|(_, text)| text.as_str())).unwrap_or(order);
        for (index, text) in days {
            self.records[index].posted = day(&text, order, now, problems);
        }
        answers::find(&mut self.records, &elements, rule);
    }

    /// Marks the elements of one field and returns the text of the first.
    fn field<'a>(
        &mut self,
        found: impl Iterator<Item = ElementRef<'a>>,
        rule: &FieldRule,
        record: Option<usize>,
        problems: &mut Problems,
    ) -> Option<Zeroizing<String>> {
        let many = matches!(rule.field, Field::Body | Field::Quote | Field::Place | Field::Contact);
        let mut first = None;
        for element in found.take(if many { MAX_OF_A_FIELD } else { 1 }) {
            let text = match rule.attribute.as_deref().and_then(|name| element.attr(name)) {
                Some(value) => {
                    let value = Zeroizing::new(cut(value).to_owned());
                    self.values.push((record, rule.field, value.clone()));
                    value
                }
                None => text_of(element),
            };
            // A page's own field never takes an element away from a record's, nor a later rule from an earlier one.
            self.elements.entry(element.id()).or_default().field.get_or_insert(rule.field);
            first.get_or_insert(text);
        }
        if first.is_none() && rule.required {
            problems.add(Problem::MissingField);
        }
        first
    }
}

fn day(text: &str, order: Order, now: Option<Now>, problems: &mut Problems) -> Option<Day> {
    let day = date::read(text, order, now);
    if day.is_none() && !text.trim().is_empty() {
        problems.add(Problem::UnknownDate);
    }
    day
}

fn amount(text: &str, problems: &mut Problems) -> Option<Price> {
    let price = price::read(text);
    if price.is_none() && text.contains(|c: char| c.is_ascii_digit()) {
        problems.add(Problem::UnknownPrice);
    }
    price
}

/// The beginning of an element's text.
fn text_of(element: ElementRef<'_>) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(2 * MAX_VALUE_BYTES));
    for piece in element.text() {
        text.push_str(cut(piece));
        if text.len() >= MAX_VALUE_BYTES {
            break;
        }
    }
    text
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_VALUE_BYTES)]
}
