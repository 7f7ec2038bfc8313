//! One page, one straight line: lease, fetch, seal, log, parse, redact, outbox, index.
//!
//! The line itself is one readable function, [`Line::walk`]. Around it stand the crawl that leases pages to several
//! walkers at once ([`Crawl`]), and the outbox that the index is written and rebuilt from ([`Indexing`]).
//!
//! Deliberately absent: any decision of its own. Scope and politeness are the crawler's, custody the vault's, what is
//! hidden the redactor's; the pipeline only puts them in order, and stops them in order.
//!
//! ```
//! use pipeline::Stage;
//!
//! let order: Vec<&str> = Stage::ALL.iter().map(|stage| stage.as_str()).collect();
//! assert_eq!(order, ["lease", "fetch", "seal", "parse", "redact", "outbox", "index"]);
//! ```

mod crawl;
mod error;
mod health;
mod indexing;
mod line;
mod outbox;
mod stage;

pub use crawl::{Crawl, Ended, Progress, Recovered, RunOptions};
pub use error::Error;
pub use health::{SiteHealth, forget_health, health};
pub use indexing::{Indexing, IndexingSettings, Notice};
pub use line::{Begun, Line, Next, Parts, Step};
pub use outbox::{Outbox, OutboxRow};
pub use stage::{NoWatch, Stage, StageTimes, Watch};
