//! The link view: which hidden identifiers hang together, how far, and why.

use std::collections::{BTreeSet, HashMap, VecDeque};

use model::{CaptureId, Label, Token};
use schema::day_to_text;
use serde::Serialize;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, Occur, Query as Engine, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DateTime, Order, Searcher as Reader, TantivyDocument, Term};

use crate::collect::Deadline;
use crate::columns::Rows;
use crate::counts::TokenCounts;
use crate::document::{Stored, as_text};
use crate::error::during;
use crate::limits::{DEFAULT_BUDGET_MILLIS, LEAST_HUB, MAX_EDGE_CAPTURES, MAX_LINK_DEPTH, MAX_NEIGHBOURS, MAX_NODES};
use crate::pivot::FirstLast;
use crate::searcher::run;
use crate::{Error, Licence, Searcher};

/// Two tokens, the smaller first: how a link is named when it is removed.
pub type Pair = (Token, Token);

/// The names of both ends in order.
#[must_use]
pub fn pair(one: Token, other: Token) -> Pair {
    (one.min(other), one.max(other))
}

/// What hangs together with one token.
#[derive(Clone, Debug, Serialize)]
pub struct Links {
    /// The token it begins at, and the tokens it leads to, nearest first.
    pub nodes: Vec<Node>,
    /// The links, each with its reason.
    pub edges: Vec<Edge>,
    /// Links that were left out because somebody removed them.
    pub removed: usize,
    /// Whether there is more than is shown.
    pub cut: bool,
    /// How many documents the case has.
    pub documents: u64,
}

/// A token in the link view.
#[derive(Clone, Debug, Serialize)]
pub struct Node {
    /// The token.
    #[serde(serialize_with = "as_text")]
    pub token: Token,
    /// How many links lie between it and the first.
    pub depth: u8,
    /// In how many documents it is.
    pub captures: u64,
    /// Why nothing is followed beyond it, if so.
    pub end: Option<End>,
}

/// Why a token is shown and not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum End {
    /// It is in more than one document in a hundred (and in ten or more): it links what has nothing to do with each other.
    Hub,
    /// What it hides is shared by many: a place, an organisation, a date, digits that nobody explained.
    Weak,
    /// As deep as was asked for.
    Depth,
}

/// A link and its reason: both tokens stand on the same pages.
#[derive(Clone, Debug, Serialize)]
pub struct Edge {
    /// One end.
    #[serde(serialize_with = "as_text")]
    pub from: Token,
    /// The other end.
    #[serde(serialize_with = "as_text")]
    pub to: Token,
    /// On how many pages.
    pub captures: u64,
    /// The newest of them, at most [`MAX_EDGE_CAPTURES`].
    pub evidence: Vec<CaptureId>,
    /// The sites of those.
    pub sites: Vec<String>,
    /// The first day that such a page was captured.
    pub first: String,
    /// The last day.
    pub last: String,
}

impl Searcher {
    /// What hangs together with `start`, at most `depth` links away (1 to [`MAX_LINK_DEPTH`]), without the links in `removed`.
    ///
    /// # Errors
    /// [`Error::OtherCase`] for a licence of another case, [`Error::Deadline`] when the time is up.
    pub fn links(&self, licence: &Licence, start: Token, depth: u8, removed: &BTreeSet<Pair>) -> Result<Links, Error> {
        self.licensed(licence)?;
        let deadline = self.deadline(DEFAULT_BUDGET_MILLIS);
        let reader = self.state();
        let depth = depth.clamp(1, MAX_LINK_DEPTH);
        let view = View {
            searcher: self,
            reader: &reader,
            deadline: &deadline,
            hub: (reader.num_docs() / 100).max(LEAST_HUB),
        };
        let mut links =
            Links { nodes: Vec::new(), edges: Vec::new(), removed: 0, cut: false, documents: reader.num_docs() };
        let mut seen: HashMap<Token, usize> = HashMap::new();
        let mut next = VecDeque::from([(start, 0)]);
        links.nodes.push(view.node(start, 0)?);
        seen.insert(start, 0);
        while let Some((token, at)) = next.pop_front() {
            let place = seen.get(&token).copied().unwrap_or_default();
            // Whoever asks about a hub wants to see what is beside it.
            let end = if at == 0 { None } else { view.end(token, links.nodes[place].captures, at, depth) };
            links.nodes[place].end = end;
            if end.is_some() {
                continue;
            }
            let (beside, count) = view.beside(token)?;
            links.cut |= count > beside.len();
            for other in beside {
                deadline.keep()?;
                if removed.contains(&pair(token, other)) {
                    links.removed += 1;
                    continue;
                }
                let known = seen.contains_key(&other);
                if !known && links.nodes.len() >= MAX_NODES {
                    links.cut = true;
                    continue;
                }
                if known && links.edges.iter().any(|edge| pair(edge.from, edge.to) == pair(token, other)) {
                    continue;
                }
                seen.entry(other).or_insert_with(|| {
                    next.push_back((other, at + 1));
                    links.nodes.len()
                });
                if !known {
                    links.nodes.push(view.node(other, at + 1)?);
                }
                links.edges.push(view.edge(token, other)?);
            }
        }
        Ok(links)
    }
}

struct View<'v> {
    searcher: &'v Searcher,
    reader: &'v Reader,
    deadline: &'v Deadline,
    hub: u64,
}

impl View<'_> {
    fn query(&self, token: Token) -> Box<dyn Engine> {
        let term = Term::from_field_text(self.searcher.fields().token, &token.to_string());
        Box::new(TermQuery::new(term, IndexRecordOption::Basic))
    }

    fn node(&self, token: Token, depth: u8) -> Result<Node, Error> {
        let captures = run(self.reader, self.query(token).as_ref(), Count, self.deadline)?;
        Ok(Node { token, depth, captures: captures as u64, end: None })
    }

    const fn end(&self, token: Token, captures: u64, at: u8, depth: u8) -> Option<End> {
        if captures > self.hub {
            Some(End::Hub)
        } else if matches!(token.label(), Label::Location | Label::Org | Label::Date | Label::Digits) {
            Some(End::Weak)
        } else if at >= depth {
            Some(End::Depth)
        } else {
            None
        }
    }

    /// The tokens beside one, commonest first, and how many there are.
    fn beside(&self, token: Token) -> Result<(Vec<Token>, usize), Error> {
        let columns = self.searcher.columns()?;
        let mut tokens = TokenCounts::default();
        let mut rows = Rows::default();
        for (segment, columns) in self.reader.segment_readers().iter().zip(&columns.segments) {
            self.deadline.keep()?;
            self.searcher.walk(segment, token, self.deadline, |docs| {
                tokens.count(columns, docs, &mut rows);
                Ok(())
            })?;
        }
        let (beside, count) = tokens.beside(token, MAX_NEIGHBOURS);
        Ok((beside.into_iter().map(|(other, _)| other).collect(), count))
    }

    fn edge(&self, from: Token, to: Token) -> Result<Edge, Error> {
        let both = BooleanQuery::new(vec![(Occur::Must, self.query(from)), (Occur::Must, self.query(to))]);
        let newest = TopDocs::with_limit(MAX_EDGE_CAPTURES).order_by_fast_field::<DateTime>("captured", Order::Desc);
        let (newest, captures, seen) = run(self.reader, &both, (newest, Count, FirstLast("captured")), self.deadline)?;
        let (mut evidence, mut sites) = (Vec::new(), BTreeSet::new());
        for (_, address) in newest {
            let document: TantivyDocument = self.reader.doc(address).map_err(during("read a document of"))?;
            let stored = Stored { document: &document, fields: self.searcher.fields() };
            evidence.push(stored.capture()?);
            sites.insert(stored.label(self.searcher.fields().site));
        }
        let (first, last) = seen.map(|(first, last)| (day_to_text(first), day_to_text(last))).unwrap_or_default();
        Ok(Edge { from, to, captures: captures as u64, evidence, sites: sites.into_iter().collect(), first, last })
    }
}
