//! Synthetic sites with ground truth, two ways of serving them, and the byte scan that looks for what should not be found:
//! tests, benches and the demonstration only.
//!
//! [`site::Site::generate`] makes a forum, a board of advertisements and plain pages from a seed and writes down every
//! identifier that it hides in them; [`site::Town::generate`] makes three sites that share identifiers.
//! [`memory::MemoryTransport`] serves such sites without a network, [`server::Server`] over HTTP on loopback; both record
//! who asked for what. [`loopback::Loopback`] asks such servers, and writes down every connection that it opens. [`truth::Truth`] is what another program must know of them, as JSON: the program `synthetic-sites`
//! serves, writes it and scans by it. [`members::Members`] serves forums that want a login. [`paper::document`] is the authorisation under which they may be crawled. [`scan::Scan`] then looks through every byte
//! of a folder for what was hidden, in every encoding that a program might have left it in.
//!
//! Deliberately absent: real names, numbers and addresses; any address but loopback; a clock.
//!
//! ```
//! use synthetic::site::Site;
//!
//! let site = Site::generate(7, 120);
//! assert_eq!(site.in_scope.len(), 120);
//! assert!(site.planted.iter().all(|planted| site.pages.contains_key(&planted.path)));
//! ```

mod answers;
pub mod engine;
pub mod identifier;
pub mod language;
pub mod loopback;
pub mod members;
pub mod memory;
pub mod paper;
pub mod scan;
pub mod server;
pub mod site;
pub mod truth;
