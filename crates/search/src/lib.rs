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

mod plan;
mod searcher;

mod collect;
mod hits;
mod pivot;
mod snippet;

pub use error::Error;
pub use hits::{Count, FacetValue, Facets, Hit, Hits};
pub use licence::{Licence, SearchCapability};
pub use pivot::{Pivot, PivotCapture, Seen, SiteCount, Together};
pub use query::{Fault, ParseError, Query, parse};
pub use searcher::{Searcher, Want};
pub use snippet::Snippet;
