//! Synthetic sites with ground truth, an in-memory transport, and the byte scan that looks for what should not be found:
//! tests and benches only.
//!
//! [`site::Site::generate`] makes a forum, a board of advertisements and plain pages from a seed and writes down every
//! identifier that it hides in them. [`memory::MemoryTransport`] serves such sites and records who asked for what.
//! [`paper::document`] is the authorisation under which they may be crawled. [`scan::Scan`] then looks through every byte
//! of a folder for what was hidden, in every encoding that a program might have left it in.
//!
//! Deliberately absent: real names, numbers and addresses; a network; a clock.
//!
//! ```
//! use synthetic::site::Site;
//!
//! let site = Site::generate(7, 120);
//! assert_eq!(site.in_scope.len(), 120);
//! assert!(site.planted.iter().all(|planted| site.pages.contains_key(&planted.path)));
//! ```

pub mod identifier;
pub mod language;
pub mod memory;
pub mod paper;
pub mod scan;
pub mod site;
