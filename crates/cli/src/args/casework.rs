//! Commands that work with what was collected.

use clap::Args;
use model::CaseId;
use search::Sort;

/// How `search` asks.
#[derive(Debug, Args)]
pub(crate) struct SearchArgs {
    /// The case.
    pub(crate) case: CaseId,
    /// Words, "phrases", AND OR NOT ( ), NEAR/5, harb*, harbour~1, field:value, ranges, [PHONE:…] tokens.
    pub(crate) query: String,
    /// The most hits to print.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) limit: u32,
    /// How many hits to skip.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    pub(crate) offset: u32,
    /// best, newest, oldest, newest-posted, oldest-posted, cheapest or dearest.
    #[arg(long, default_value = "best")]
    pub(crate) sort: Sort,
    /// Say for each hit which parts of the query it has, where, and how many times.
    #[arg(long)]
    pub(crate) why: bool,
}
