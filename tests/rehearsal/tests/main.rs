//! Every end-to-end test, one binary: the shipped commands over synthetic sites in memory.

mod line;

use std::path::Path;

use rehearsal::Installation;

/// The command with a site in memory where Tor would be.
fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_lanthorn-in-memory"))
}

/// An installation that can crawl.
fn ready(seed: u64, pages: usize) -> Installation {
    Installation::ready(binary(), seed, pages)
}
