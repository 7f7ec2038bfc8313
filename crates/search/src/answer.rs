//! Answering a query: hits, count, facets, histogram.

use std::sync::Arc;

use model::CaptureId;
use serde::{Deserialize, Serialize};
use tantivy::collector::sort_key::{SortBySimilarityScore, SortByStaticFastValue};
use tantivy::collector::{Collector, Count, TopDocs};
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{DateTime, DocAddress, Order, TantivyDocument, Term};

use crate::collect::Deadline;
use crate::columns::{Columns, Facet};
use crate::counts::{DayCounts, Days, LabelCounts, Labelled};
use crate::error::during;
use crate::expansion::Expansions;
use crate::limits::{DEFAULT_BUDGET_MILLIS, MAX_HIT_TOKENS, MAX_HITS, MAX_WINDOW};
use crate::matching::Prepared;
use crate::plan::{Planner, marked_terms};
use crate::searcher::run;
use crate::snippet::one_line;
use crate::{Document, Error, Facets, Histogram, Hit, Hits, Licence, Query, Searcher, Snippet};

/// Which part of the answer is wanted, in which order, and how long it may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Want {
    /// How many hits; at most [`MAX_HITS`].
    pub limit: usize,
    /// How many to skip; with the limit at most [`MAX_WINDOW`].
    pub offset: usize,
    /// In which order.
    pub sort: Sort,
    /// Whether each hit says why it is one.
    pub why: bool,
    /// Milliseconds that the answer may take.
    pub budget_millis: i64,
}

/// The order of hits. Those that are equal come newest captured first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// Those that fit best.
    #[default]
    Best,
    /// Last captured first.
    Newest,
    /// First captured first.
    Oldest,
    /// Last posted first, as the pages say; pages that do not say come last.
    NewestPosted,
    /// First posted first; pages that do not say come last.
    OldestPosted,
    /// Lowest price first, whatever the currency; pages without one come last.
    Cheapest,
    /// Highest price first.
    Dearest,
}

impl Sort {
    /// Every order.
    pub const ALL: [Self; 7] =
        [Self::Best, Self::Newest, Self::Oldest, Self::NewestPosted, Self::OldestPosted, Self::Cheapest, Self::Dearest];

    /// The word in commands, addresses and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Best => "best",
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::NewestPosted => "newest-posted",
            Self::OldestPosted => "oldest-posted",
            Self::Cheapest => "cheapest",
            Self::Dearest => "dearest",
        }
    }
}

impl std::str::FromStr for Sort {
    type Err = UnknownSort;

    fn from_str(word: &str) -> Result<Self, UnknownSort> {
        Self::ALL.into_iter().find(|sort| sort.as_str() == word).ok_or(UnknownSort)
    }
}

/// The word names no order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown order: use best, newest, oldest, newest-posted, oldest-posted, cheapest or dearest")]
pub struct UnknownSort;

impl Want {
    /// The first `limit` hits, the best first, within the usual time.
    #[must_use]
    pub const fn first(limit: usize) -> Self {
        Self { limit, offset: 0, sort: Sort::Best, why: false, budget_millis: DEFAULT_BUDGET_MILLIS }
    }
}

impl From<usize> for Want {
    fn from(limit: usize) -> Self {
        Self::first(limit)
    }
}

/// Everything but the hits, found in the same pass.
type Found = (Vec<(f32, DocAddress)>, usize, Labelled, Days);

impl Searcher {
    /// The hits of a query, with the exact count, facets and histogram.
    ///
    /// # Errors
    /// [`Error::OtherCase`] for a licence of another case, [`Error::Window`] for paging too far, [`Error::Deadline`]
    /// when the time is up.
    pub fn search(&self, licence: &Licence, query: &Query, want: impl Into<Want>) -> Result<Hits, Error> {
        self.licensed(licence)?;
        let want = want.into();
        let window = want.offset.saturating_add(want.limit);
        if want.limit > MAX_HITS || window > MAX_WINDOW {
            return Err(Error::Window { most: if want.limit > MAX_HITS { MAX_HITS } else { MAX_WINDOW } });
        }
        let deadline = Arc::new(self.deadline(want.budget_millis));
        let searcher = self.state();
        let (engine, expansions) = self.planned(query, &searcher, &deadline)?;
        let (ranked, count, labels, days) = found(&searcher, &self.columns()?, engine.as_ref(), want, &deadline)?;

        let terms = marked_terms(&query.root, &expansions);
        let mut hits = Vec::with_capacity(ranked.len().min(want.limit));
        for (score, address) in ranked.into_iter().take(want.limit) {
            deadline.keep()?;
            let document: TantivyDocument = searcher.doc(address).map_err(during("read a document of"))?;
            let document = Document::read(&document, self.fields())?;
            let why = if want.why { query.why(&Prepared::new(&document)) } else { Vec::new() };
            hits.push(Hit { why, ..hit(document, score, &terms) });
        }
        let expanded = expansions.told();
        Ok(Hits {
            understood: query.to_string(),
            exact: expanded.iter().all(|pattern| !pattern.cut),
            count: count as u64,
            documents: searcher.num_docs(),
            offset: want.offset,
            sort: want.sort,
            hits,
            facets: Facets::new(labels, &days),
            histogram: Histogram::new(&days),
            expanded,
        })
    }

    /// How many documents fit, and nothing else of them.
    ///
    /// # Errors
    /// As [`search`](Self::search).
    pub fn count(&self, licence: &Licence, query: &Query) -> Result<u64, Error> {
        self.licensed(licence)?;
        let deadline = Arc::new(self.deadline(DEFAULT_BUDGET_MILLIS));
        let searcher = self.state();
        let (engine, _) = self.planned(query, &searcher, &deadline)?;
        run(&searcher, engine.as_ref(), Count, &deadline).map(|count| count as u64)
    }

    /// One redacted page, whole. To read one is a step of its own, which callers log with a reason.
    ///
    /// # Errors
    /// [`Error::OtherCase`] for a licence of another case; [`Error::NoCapture`] where the index has no such capture.
    pub fn document(&self, licence: &Licence, capture: CaptureId) -> Result<Document, Error> {
        self.licensed(licence)?;
        let searcher = self.state();
        let address = self.address(&searcher, capture)?.ok_or(Error::NoCapture)?;
        Document::read(&searcher.doc(address).map_err(during("read a document of"))?, self.fields())
    }

    /// Where a capture's document is.
    pub(crate) fn address(
        &self,
        searcher: &tantivy::Searcher,
        capture: CaptureId,
    ) -> Result<Option<DocAddress>, Error> {
        let term = Term::from_field_text(self.fields().capture, &capture.to_string());
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        let found = searcher.search(&query, &TopDocs::with_limit(1).order_by_score()).map_err(during("search"))?;
        Ok(found.first().map(|(_, address)| *address))
    }

    fn planned(
        &self,
        query: &Query,
        searcher: &tantivy::Searcher,
        deadline: &Arc<Deadline>,
    ) -> Result<(Box<dyn tantivy::query::Query>, Expansions), Error> {
        let expansions = Expansions::gather(&query.root, searcher, self.fields(), deadline);
        let expansions = expansions
            .map_err(|error| if deadline.was_missed() { deadline.error() } else { during("search")(error) })?;
        let planner = Planner { fields: self.fields(), expansions: &expansions, deadline };
        let engine = planner.plan(&query.root);
        Ok((engine, expansions))
    }
}

/// Runs the query once for everything that is asked of it.
fn found(
    searcher: &tantivy::Searcher,
    columns: &Arc<Columns>,
    engine: &dyn tantivy::query::Query,
    want: Want,
    deadline: &Deadline,
) -> Result<Found, Error> {
    // tantivy wants at least one place even where none is asked for.
    let top = TopDocs::with_limit(want.limit.max(1)).and_offset(want.offset);
    let captured = || SortByStaticFastValue::<DateTime>::for_field("captured");
    let posted = || SortByStaticFastValue::<DateTime>::for_field("posted");
    let price = || SortByStaticFastValue::<u64>::for_field("price");
    let newest = || (captured(), Order::Desc);
    let pass = Pass { searcher, columns, engine, deadline };
    match want.sort {
        Sort::Best => {
            let best = top.order_by(((SortBySimilarityScore, Order::Desc), newest()));
            pass.run(best, |(score, _)| score)
        }
        Sort::Newest => pass.run(top.order_by(newest()), |_| 0.0),
        Sort::Oldest => pass.run(top.order_by((captured(), Order::Asc)), |_| 0.0),
        Sort::NewestPosted => pass.run(top.order_by(((posted(), Order::Desc), newest())), |_| 0.0),
        Sort::OldestPosted => pass.run(top.order_by(((posted(), Order::Asc), newest())), |_| 0.0),
        Sort::Cheapest => pass.run(top.order_by(((price(), Order::Asc), newest())), |_| 0.0),
        Sort::Dearest => pass.run(top.order_by(((price(), Order::Desc), newest())), |_| 0.0),
    }
}

struct Pass<'p> {
    searcher: &'p tantivy::Searcher,
    columns: &'p Arc<Columns>,
    engine: &'p dyn tantivy::query::Query,
    deadline: &'p Deadline,
}

impl Pass<'_> {
    fn run<K, C>(&self, top: C, score: impl Fn(K) -> f32) -> Result<Found, Error>
    where
        C: Collector<Fruit = Vec<(K, DocAddress)>>,
        K: Send + 'static,
    {
        let columns = || Arc::clone(self.columns);
        let what = ((top, Count), (LabelCounts(columns(), Facet::ALL), DayCounts(columns())));
        let ((ranked, count), (labels, days)) = run(self.searcher, self.engine, what, self.deadline)?;
        let ranked = ranked.into_iter().map(|(key, address)| (score(key), address)).collect();
        Ok((ranked, count, labels, days))
    }
}

/// What a list of hits shows of a page.
pub(crate) fn hit(document: Document, score: f32, terms: &[String]) -> Hit {
    Hit {
        day: document.day(),
        snippet: Snippet::of(&document.body, terms),
        title: one_line(&document.title),
        board: document.board.as_deref().map(one_line),
        capture: document.capture,
        site: document.site,
        kind: document.kind,
        language: document.language,
        places: document.places,
        posted: document.posted,
        captured: document.captured.day(),
        price: document.price,
        currency: document.currency,
        score,
        token_count: document.tokens.len(),
        tokens: document.tokens.into_iter().take(MAX_HIT_TOKENS).collect(),
        url: document.url,
        why: Vec::new(),
    }
}
