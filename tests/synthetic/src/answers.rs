//! What a site answers, and who asked: the part that every way of serving it shares.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::site::{Canned, Site};

/// One request that came in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asked {
    /// `GET` or `HEAD`.
    pub method: &'static str,
    /// The whole URL.
    pub url: String,
    /// The host alone.
    pub host: String,
    /// Path and query alone.
    pub path: String,
}

/// The answers of one site.
#[derive(Default)]
pub(crate) struct Answers {
    /// By path and query.
    pages: BTreeMap<String, Arc<Canned>>,
    /// How often each page that answers differently at first was asked for.
    turns: BTreeMap<String, usize>,
}

impl Answers {
    pub(crate) fn of(site: Site) -> Self {
        let pages = site.pages.into_iter().map(|(path, canned)| (path, Arc::new(canned)));
        Self { pages: pages.collect(), turns: BTreeMap::new() }
    }

    /// The next answer at a path.
    pub(crate) fn next(&mut self, path: &str) -> Arc<Canned> {
        let Some(canned) = self.pages.get(path) else { return not_found() };
        if canned.first.is_empty() {
            return Arc::clone(canned);
        }
        let turn = self.turns.entry(path.to_owned()).or_default();
        *turn += 1;
        canned.first.get(*turn - 1).map_or_else(|| Arc::clone(canned), |first| Arc::new(first.clone()))
    }

    /// Puts another answer at a path, as if its author had edited it.
    pub(crate) fn replace(&mut self, path: &str, canned: Canned) {
        self.turns.remove(path);
        self.pages.insert(path.to_owned(), Arc::new(canned));
    }
}

/// What stands where nothing is.
pub(crate) fn not_found() -> Arc<Canned> {
    Arc::new(Canned::status(404, &[("content-type", "text/html")]))
}

/// The pieces in which a body goes out: where each begins and ends. A body that is cut has fewer.
pub(crate) fn pieces(canned: &Canned, piece_bytes: usize) -> impl Iterator<Item = (usize, usize)> + use<> {
    let whole = canned.body.len();
    let size = if canned.pieces > 0 { whole.div_ceil(canned.pieces).max(1) } else { piece_bytes };
    let end = canned.cut_at.map_or(whole, |cut| cut.min(whole));
    (0..end).step_by(size).map(move |start| (start, end.min(start + size)))
}
