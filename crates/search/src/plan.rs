//! From the query's tree to tantivy's queries.

use std::ops::Bound;
use std::sync::Arc;

use schema::{DAY_SECS, Fields, day_from_text};
use tantivy::query::{AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, ExistsQuery, Occur};
use tantivy::query::{PhraseQuery, Query as Engine, RangeQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DateTime, Term};

use crate::collect::Deadline;
use crate::excluded::Excluded;
use crate::expansion::Expansions;
use crate::near::NearQuery;
use crate::query::{Leaf, Name, Near, Node, Value};

/// How much more a word in the title says than one in the body.
const TITLE_BOOST: f32 = 2.0;

/// What a query's tree is turned into tantivy's queries with.
pub(crate) struct Planner<'p> {
    pub(crate) fields: &'p Fields,
    pub(crate) expansions: &'p Expansions,
    pub(crate) deadline: &'p Arc<Deadline>,
}

impl Planner<'_> {
    /// The query that tantivy runs.
    pub(crate) fn plan(&self, node: &Node) -> Box<dyn Engine> {
        match node {
            Node::Or(nodes) => Box::new(BooleanQuery::union(nodes.iter().map(|inner| self.plan(inner)).collect())),
            Node::And(nodes) => {
                let mut clauses: Vec<(Occur, Box<dyn Engine>)> = Vec::with_capacity(nodes.len() + 1);
                for inner in nodes {
                    clauses.push(match inner {
                        Node::Not(inner) => (Occur::MustNot, Box::new(Excluded(self.plan(inner)))),
                        inner => (Occur::Must, self.plan(inner)),
                    });
                }
                if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
                    clauses.push((Occur::Must, everything()));
                }
                Box::new(BooleanQuery::new(clauses))
            }
            Node::Not(inner) => Box::new(BooleanQuery::new(vec![
                (Occur::Must, everything()),
                (Occur::MustNot, Box::new(Excluded(self.plan(inner)))),
            ])),
            Node::Near(near) => self.near(near),
            Node::Leaf(Leaf { name, value }) => self.leaf(*name, value),
        }
    }

    fn leaf(&self, name: Name, value: &Value) -> Box<dyn Engine> {
        if name == Name::Day {
            return self.shown_day(value);
        }
        let places = name.fields(self.fields);
        let mut each = places.iter().map(|field| {
            let found = self.value(*field, name, value);
            if *field == self.fields.title && places.len() > 1 {
                Box::new(BoostQuery::new(found, TITLE_BOOST))
            } else {
                found
            }
        });
        match places.len() {
            1 => each.next().unwrap_or_else(|| Box::new(EmptyQuery)),
            _ => Box::new(BooleanQuery::union(each.collect())),
        }
    }

    fn value(&self, field: Field, name: Name, value: &Value) -> Box<dyn Engine> {
        match value {
            Value::Words(words) => phrase(field, &words.terms),
            Value::Prefix(_) | Value::Fuzzy(..) => {
                let words = self.expansions.of(name, value).unwrap_or_default();
                let each = words.iter().map(|word| exact(field, word)).collect();
                // One word that fits a pattern is worth as much as another, however rare it is.
                let score = if name.is_text() { 1.0 } else { 0.0 };
                Box::new(ConstScoreQuery::new(Box::new(BooleanQuery::union(each)), score))
            }
            Value::Token(token) => exact(field, &token.to_string()),
            Value::Label(label) => exact(field, label),
            Value::Days(from, to) => days(field, from.as_deref(), to.as_deref()),
            Value::Amounts(from, to) => amounts(field, *from, *to),
        }
    }

    /// As posted where the page says so, else as captured.
    fn shown_day(&self, value: &Value) -> Box<dyn Engine> {
        let [posted, captured] =
            [self.fields.posted, self.fields.captured].map(|field| self.value(field, Name::Day, value));
        let unsaid: Box<dyn Engine> = Box::new(BooleanQuery::new(vec![
            (Occur::Must, captured),
            (Occur::MustNot, Box::new(ExistsQuery::new("posted".to_owned(), false))),
        ]));
        filter(Box::new(BooleanQuery::union(vec![posted, unsaid])))
    }

    /// All of the operands rank as they would without NEAR; which documents fit is decided by the positions.
    fn near(&self, near: &Near) -> Box<dyn Engine> {
        let each = near.name.fields(self.fields).into_iter().map(|field| {
            let term = |text: &String| Term::from_field_text(field, text);
            let operand = |value: &Value| match value {
                Value::Words(words) => vec![words.terms.iter().map(term).collect()],
                pattern => {
                    let words = self.expansions.of(near.name, pattern).unwrap_or_default();
                    words.iter().map(|word| vec![term(word)]).collect()
                }
            };
            let query = NearQuery {
                field,
                operands: near.values().map(operand).collect(),
                distances: near.then.iter().map(|(distance, _)| *distance).collect(),
                deadline: Arc::clone(self.deadline),
            };
            let mut clauses: Vec<(Occur, Box<dyn Engine>)> = vec![(Occur::Must, Box::new(query))];
            clauses.extend(near.values().map(|value| (Occur::Must, self.value(field, near.name, value))));
            let found: Box<dyn Engine> = Box::new(BooleanQuery::new(clauses));
            found
        });
        Box::new(BooleanQuery::union(each.collect()))
    }
}

/// The terms of everything that a hit was asked to contain, for the marks in its snippet; sorted.
pub(crate) fn marked_terms(node: &Node, expansions: &Expansions) -> Vec<String> {
    fn note(name: Name, value: &Value, expansions: &Expansions, found: &mut Vec<String>) {
        match value {
            Value::Words(words) if name != Name::Title => found.extend_from_slice(&words.terms),
            Value::Prefix(_) | Value::Fuzzy(..) if name.is_text() && name != Name::Title => {
                found.extend_from_slice(expansions.of(name, value).unwrap_or_default());
            }
            Value::Token(token) => found.push(token.to_string()),
            _ => {}
        }
    }
    fn gather(node: &Node, expansions: &Expansions, found: &mut Vec<String>) {
        match node {
            Node::And(nodes) | Node::Or(nodes) => nodes.iter().for_each(|inner| gather(inner, expansions, found)),
            Node::Not(_) => {}
            Node::Near(near) => near.values().for_each(|value| note(near.name, value, expansions, found)),
            Node::Leaf(Leaf { name, value }) => note(*name, value, expansions, found),
        }
    }
    let mut found = Vec::new();
    gather(node, expansions, &mut found);
    found.sort_unstable();
    found.dedup();
    found
}

fn phrase(field: Field, terms: &[String]) -> Box<dyn Engine> {
    let term = |text: &String| Term::from_field_text(field, text);
    match terms {
        [] => Box::new(EmptyQuery),
        [word] => Box::new(TermQuery::new(term(word), IndexRecordOption::WithFreqs)),
        words => Box::new(PhraseQuery::new(words.iter().map(term).collect())),
    }
}

/// Labels filter; how rare one is says nothing about how well a page fits.
fn exact(field: Field, text: &str) -> Box<dyn Engine> {
    filter(Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic)))
}

/// A moment lies within days if it is at or after the first one's start and before the start of the day after the last.
fn days(field: Field, from: Option<&str>, to: Option<&str>) -> Box<dyn Engine> {
    let start = |day: &str, later: i64| {
        day_from_text(day).ok().map(|at| DateTime::from_timestamp_secs(at.into_timestamp_secs().saturating_add(later)))
    };
    let term = |at: DateTime| Term::from_field_date(field, at);
    let low = from.and_then(|day| start(day, 0)).map_or(Bound::Unbounded, |at| Bound::Included(term(at)));
    let high = to.and_then(|day| start(day, DAY_SECS)).map_or(Bound::Unbounded, |at| Bound::Excluded(term(at)));
    range(low, high)
}

fn amounts(field: Field, from: Option<u64>, to: Option<u64>) -> Box<dyn Engine> {
    let bound = |amount: Option<u64>| match amount {
        Some(amount) => Bound::Included(Term::from_field_u64(field, amount)),
        None => Bound::Unbounded,
    };
    range(bound(from), bound(to))
}

fn range(low: Bound<Term>, high: Bound<Term>) -> Box<dyn Engine> {
    if matches!((&low, &high), (Bound::Unbounded, Bound::Unbounded)) {
        return Box::new(EmptyQuery); // the parser lets no such range through
    }
    filter(Box::new(RangeQuery::new(low, high)))
}

fn filter(query: Box<dyn Engine>) -> Box<dyn Engine> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn everything() -> Box<dyn Engine> {
    filter(Box::new(AllQuery))
}
