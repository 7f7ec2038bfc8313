//! From the query's tree to tantivy's queries.

use std::ops::Bound;

use schema::{Fields, day_from_text};
use tantivy::query::{AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur, PhraseQuery, TermQuery};
use tantivy::query::{Query as Engine, RangeQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DateTime, Term};

use crate::query::{Name, Node, Value};

/// How much more a word in the title says than one in the body.
const TITLE_BOOST: f32 = 2.0;

/// Seconds of a day.
const DAY_SECS: i64 = 86_400;

/// The query that tantivy runs.
pub(crate) fn plan(node: &Node, fields: &Fields) -> Box<dyn Engine> {
    match node {
        Node::Or(nodes) => Box::new(BooleanQuery::union(nodes.iter().map(|inner| plan(inner, fields)).collect())),
        Node::And(nodes) => {
            let mut clauses: Vec<(Occur, Box<dyn Engine>)> = Vec::with_capacity(nodes.len() + 1);
            for inner in nodes {
                clauses.push(match inner {
                    Node::Not(inner) => (Occur::MustNot, plan(inner, fields)),
                    inner => (Occur::Must, plan(inner, fields)),
                });
            }
            if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
                clauses.push((Occur::Must, everything()));
            }
            Box::new(BooleanQuery::new(clauses))
        }
        Node::Not(inner) => {
            Box::new(BooleanQuery::new(vec![(Occur::Must, everything()), (Occur::MustNot, plan(inner, fields))]))
        }
        Node::Leaf(name, value) => leaf(*name, value, fields),
    }
}

/// The terms of everything that a hit was asked to contain, for the marks in its snippet.
pub(crate) fn marked_terms(node: &Node) -> Vec<String> {
    fn gather(node: &Node, found: &mut Vec<String>) {
        match node {
            Node::And(nodes) | Node::Or(nodes) => nodes.iter().for_each(|inner| gather(inner, found)),
            Node::Not(_) => {}
            Node::Leaf(Name::Anywhere | Name::Body, Value::Words(words)) => found.extend_from_slice(&words.terms),
            Node::Leaf(_, Value::Token(token)) => found.push(token.to_string()),
            Node::Leaf(..) => {}
        }
    }
    let mut found = Vec::new();
    gather(node, &mut found);
    found.sort_unstable();
    found.dedup();
    found
}

fn leaf(name: Name, value: &Value, fields: &Fields) -> Box<dyn Engine> {
    let places = name.fields(fields);
    let mut each = places.iter().map(|field| match value {
        Value::Words(words) => {
            let found = phrase(*field, &words.terms);
            if *field == fields.title && places.len() > 1 {
                Box::new(BoostQuery::new(found, TITLE_BOOST))
            } else {
                found
            }
        }
        Value::Token(token) => exact(*field, &token.to_string()),
        Value::Label(label) => exact(*field, label),
        Value::Days(from, to) => days(*field, from.as_deref(), to.as_deref()),
        Value::Amounts(from, to) => amounts(*field, *from, *to),
    });
    match places.len() {
        1 => each.next().unwrap_or_else(|| Box::new(EmptyQuery)),
        _ => Box::new(BooleanQuery::union(each.collect())),
    }
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
