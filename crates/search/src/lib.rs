//! Queries in, hits and snippets out; read only.
//!
//! [`parse`] reads the query language into a [`Query`], which prints itself back as it was understood; a [`Searcher`]
//! runs it on one case's index, inside a deadline, for whoever holds a [`Licence`] for that case.
//! `docs/formats/query.md` describes the language.
//!
//! Deliberately absent: tantivy's own query parser (it has hung and crashed on hostile text), any way to write, any
//! way to an original, and any decision who may search: `access` makes that one, and a licence is its only trace here.
//!
//! ```
//! let query = search::parse(r#"harbour ("new in town" OR title:night) NOT site:forum-a"#)?;
//! assert_eq!(query.to_string(), r#"harbour AND ("new in town" OR title:night) AND NOT site:forum-a"#);
//!
//! let mistake = search::parse("harbour AND (night").unwrap_err();
//! assert_eq!(mistake.at(), 12);
//! # Ok::<(), search::ParseError>(())
//! ```

mod error;
mod licence;
pub mod limits;
mod query;

mod excluded;
mod expansion;
mod near;
mod plan;

mod folder;
mod readers;
mod searcher;

mod alike;
mod answer;
mod collect;
mod columns;
mod counts;
mod document;
mod full;
mod hits;
mod links;
mod matching;
mod pivot;
mod seen;
mod snippet;
mod template;

#[cfg(test)]
mod tests;

pub use alike::{Group, Groups, Mirror};
pub use answer::{Sort, UnknownSort, Want};
pub use document::Document;
pub use error::Error;
pub use expansion::Expanded;
pub use full::FullPage;
pub use hits::{Bar, Count, FacetValue, Facets, Histogram, Hit, Hits, Step};
pub use licence::{Licence, SearchCapability};
pub use links::{Edge, End, Links, Node, Pair, pair};
pub use matching::{Prepared, Why};
pub use pivot::{Pivot, PivotCapture, PlaceSeen, Seen, SiteCount, Together};
pub use query::{Fault, ParseError, Query, Tree, parse};
pub use readers::{LOOK_MILLIS, Readers};
pub use searcher::Searcher;
pub use snippet::{Snippet, one_line};
pub use template::{Piece, SlotValue};
