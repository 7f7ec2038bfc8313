//! The only home of raw text: the capture record in, parsed text, links and records out.
//!
//! [`parse`] turns a fetched page into a [`ParsedPage`] and never fails: whatever a page does to us becomes one of its
//! [`Problems`], and every size, depth and count has a bound in [`limits`]. All text comes out as [`Segment`]s that say
//! where they stood, because everything on a page leaks: what can be seen, what is hidden, titles, comments, attributes,
//! addresses, headers. [`Profiles`] tell forums and ad boards apart and name the parts of their pages.
//!
//! Deliberately absent: a clock, a network, a disk (but for reading profile files), any judgement of what is an
//! identifier (`redactor`), of what may be fetched (`authorisation`) or of what is worth fetching (`crawler`).
//!
//! ```
//! use model::{CaptureId, Timestamp};
//! use page::{CaptureRecord, FetchedPage, Profiles, Provenance, parse};
//!
//! let now = Timestamp::parse_rfc3339("2026-11-24T04:00:00Z").unwrap();
//! let capture = CaptureId::generate(now, &mut rand::rngs::mock::StepRng::new(1, 1));
//! let authorisation = "00112233445566778899aabbccddeeff".parse().unwrap();
//! let case = "op-harbour-2026".parse().unwrap();
//! let mut record = CaptureRecord::begun(capture, authorisation, case, "board-a", "http://ads.example/item/7", now);
//! record.status = 200;
//! record.body = b"<p>call 07<b>700</b> 900<!-- x -->123</p>".to_vec().into();
//!
//! let page = parse(FetchedPage::new(record), &Profiles::builtin());
//! let seen: Vec<_> = page.segments().iter().filter(|segment| segment.provenance == Provenance::Visible).collect();
//! assert_eq!(seen[0].text.expose(), "call 07700 900123");
//! ```

pub mod limits;

mod capture;
mod error;
mod fetched;
mod link;
mod parse;
mod parsed;
mod problem;
mod record;
mod segment;
mod source;

// The way of a page, in its order.
mod address;
mod answers;
mod attribute;
mod body;
mod charset;
mod collector;
mod date;
mod form;
mod json;
mod marks;
mod miner;
mod paging;
mod price;
mod profile;
mod structured;
mod style;
mod tree;
mod walk;
mod wall;

pub use capture::{CaptureRecord, Headers, Method, RECORD_VERSION, Truncation};
pub use error::Error;
pub use fetched::FetchedPage;
pub use form::{FormKind, LoginForm};
pub use link::{Link, LinkKind, LinkTarget};
pub use parse::parse;
pub use parsed::{PageKind, ParsedPage};
pub use problem::{Problem, Problems};
pub use profile::{Profiles, Rejected, propose};
pub use record::{Day, Price, Record, RecordKind};
pub use segment::{Field, Provenance, Segment};
pub use source::{Circumstances, SourceText};
pub use wall::{Session, Wall};
