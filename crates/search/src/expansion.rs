//! What words with `*` and `~` stand for in one index: bounded, and told with the answer.

use std::collections::BTreeMap;

use schema::Fields;
use serde::Serialize;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::Field;
use tantivy::termdict::TermDictionary;
use tantivy::{Searcher, Term};

use crate::collect::Deadline;
use crate::limits::{MAX_DICTIONARY_LOOKS, MAX_EXPANSIONS};
use crate::query::{Leaf, Name, Node, Shown, Value};

/// What a pattern of the query stood for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Expanded {
    /// The pattern, such as `harb*`.
    pub pattern: String,
    /// The words it was looked for as, commonest first; at most [`MAX_EXPANSIONS`].
    pub words: Vec<String>,
    /// How many words of the index it fits, as far as was looked.
    pub of: usize,
    /// Whether it fits more words than were looked for: the count is then too low.
    pub cut: bool,
}

/// The patterns of one query, each with its words.
#[derive(Default)]
pub(crate) struct Expansions(Vec<(Name, Value, Expanded)>);

impl Expansions {
    pub(crate) fn gather(
        root: &Node,
        searcher: &Searcher,
        fields: &Fields,
        deadline: &Deadline,
    ) -> tantivy::Result<Self> {
        let mut patterns = Vec::new();
        patterns_of(root, &mut patterns);
        let mut all = Self::default();
        for (name, value) in patterns {
            if all.of(name, value).is_none() {
                let expanded = expand(name, value, searcher, fields, deadline)?;
                all.0.push((name, value.clone(), expanded));
            }
        }
        Ok(all)
    }

    /// The words of a pattern; `None` for what is no pattern.
    pub(crate) fn of(&self, name: Name, value: &Value) -> Option<&[String]> {
        self.0.iter().find(|(n, v, _)| *n == name && v == value).map(|(.., expanded)| expanded.words.as_slice())
    }

    pub(crate) fn told(self) -> Vec<Expanded> {
        self.0.into_iter().map(|(.., expanded)| expanded).collect()
    }
}

fn patterns_of<'n>(node: &'n Node, found: &mut Vec<(Name, &'n Value)>) {
    match node {
        Node::And(nodes) | Node::Or(nodes) => nodes.iter().for_each(|inner| patterns_of(inner, found)),
        Node::Not(inner) => patterns_of(inner, found),
        Node::Near(near) => {
            found.extend(near.values().filter(|value| value.is_pattern()).map(|value| (near.name, value)));
        }
        Node::Leaf(Leaf { name, value }) => found.extend(value.is_pattern().then_some((*name, value))),
    }
}

fn expand(
    name: Name,
    value: &Value,
    searcher: &Searcher,
    fields: &Fields,
    deadline: &Deadline,
) -> tantivy::Result<Expanded> {
    let mut found = Found { words: BTreeMap::new(), looks: 0 };
    for field in name.fields(fields) {
        for segment in searcher.segment_readers() {
            deadline.check()?;
            let index = segment.inverted_index(field)?;
            match value {
                Value::Prefix(stem) => found.beginning(index.terms(), &stem.start, deadline)?,
                Value::Fuzzy(stem, edits) => found.similar(index.terms(), field, &stem.start, *edits, deadline)?,
                _ => {}
            }
        }
    }
    let of = found.words.len();
    let mut words: Vec<(String, u64)> = found.words.into_iter().collect();
    words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    words.truncate(MAX_EXPANSIONS);
    let words: Vec<String> = words.into_iter().map(|(word, _)| word).collect();
    let cut = of > words.len() || found.looks >= MAX_DICTIONARY_LOOKS;
    Ok(Expanded { pattern: Shown(name, value).to_string(), words, of, cut })
}

/// Words and in how many documents they are.
struct Found {
    words: BTreeMap<String, u64>,
    looks: usize,
}

impl Found {
    fn beginning(&mut self, terms: &TermDictionary, start: &str, deadline: &Deadline) -> tantivy::Result<()> {
        let mut stream = terms.range().ge(start).into_stream()?;
        while let Some((key, info)) = stream.next() {
            if !key.starts_with(start.as_bytes()) || !self.look(key, info.doc_freq, deadline)? {
                break;
            }
        }
        Ok(())
    }

    fn similar(
        &mut self,
        terms: &TermDictionary,
        field: Field,
        word: &str,
        edits: u8,
        deadline: &Deadline,
    ) -> tantivy::Result<()> {
        let automaton = FuzzyTermQuery::new(Term::from_field_text(field, word), edits, true).automaton()?;
        let mut stream = terms.search(automaton).into_stream()?;
        while let Some((key, info)) = stream.next() {
            if !self.look(key, info.doc_freq, deadline)? {
                break;
            }
        }
        Ok(())
    }

    /// Notes a word; `false` when enough were looked at.
    fn look(&mut self, key: &[u8], documents: u32, deadline: &Deadline) -> tantivy::Result<bool> {
        self.looks += 1;
        if self.looks.is_multiple_of(4096) {
            deadline.check()?;
        }
        // A hidden identifier is a term too, and no word.
        if let Some(word) = std::str::from_utf8(key).ok().filter(|word| !word.starts_with('[')) {
            *self.words.entry(word.to_owned()).or_default() += u64::from(documents);
        }
        Ok(self.looks < MAX_DICTIONARY_LOOKS)
    }
}
