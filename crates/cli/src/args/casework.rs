//! Commands that work with what was collected.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use model::{CaptureId, CaseId, Token};
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

/// How `links` asks.
#[derive(Debug, Args)]
pub(crate) struct LinksArgs {
    /// The case.
    pub(crate) case: CaseId,
    /// The token, such as '[PHONE:k7f3a9q2m4xtc]'.
    #[arg(required_unless_present = "removed")]
    pub(crate) token: Option<Token>,
    /// How many links away to look.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=4))]
    pub(crate) depth: u8,
    /// Take the link between TOKEN and this one away, for everybody who works on the case.
    #[arg(long, value_name = "TOKEN", requires = "reason")]
    pub(crate) remove: Option<Token>,
    /// Put the link between TOKEN and this one back.
    #[arg(long, value_name = "TOKEN", conflicts_with = "remove")]
    pub(crate) restore: Option<Token>,
    /// Why it is taken away, for the record.
    #[arg(long)]
    pub(crate) reason: Option<String>,
    /// List the links that were taken away.
    #[arg(long)]
    pub(crate) removed: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum FolderCommand {
    /// Make a folder.
    New {
        /// The case.
        case: CaseId,
        /// Its name.
        name: String,
    },
    /// List folders.
    List {
        /// The case.
        case: CaseId,
    },
    /// What lies in a folder.
    Show {
        /// The case.
        case: CaseId,
        /// Its name.
        name: String,
    },
    /// Put a capture into a folder.
    Add {
        /// The case.
        case: CaseId,
        /// The folder's name.
        name: String,
        /// The capture.
        capture: CaptureId,
    },
    /// Take a capture out of a folder.
    Remove {
        /// The case.
        case: CaseId,
        /// The folder's name.
        name: String,
        /// The capture.
        capture: CaptureId,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum NoteCommand {
    /// Write a note, or with --tag a tag.
    Add {
        /// The case.
        case: CaseId,
        /// `case`, a capture's id, or a token.
        about: String,
        /// What to write; without identifiers.
        text: String,
        /// It is a tag.
        #[arg(long)]
        tag: bool,
    },
    /// List notes, tags and assessments.
    List {
        /// The case.
        case: CaseId,
        /// Only about this: `case`, a capture's id, or a token.
        #[arg(long)]
        about: Option<String>,
    },
    /// Withdraw a note of yours; it is no longer shown.
    Withdraw {
        /// The case.
        case: CaseId,
        /// Its number.
        note: i64,
    },
}

/// The kind of statement.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Statement {
    /// What a page says.
    Captured,
    /// What follows from pages by a method that can be named.
    Derived,
    /// What a person thinks.
    Assessed,
}

/// How sure somebody is.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Sureness {
    /// Little supports it.
    Low,
    /// More supports it than not.
    Moderate,
    /// Hardly anything speaks against it.
    High,
}

/// An assessment.
#[derive(Debug, Args)]
pub(crate) struct AssessArgs {
    /// The case.
    pub(crate) case: CaseId,
    /// `case`, a capture's id, or a token.
    pub(crate) about: String,
    /// The statement; without identifiers.
    pub(crate) text: String,
    /// What kind of statement it is.
    #[arg(long = "type", value_enum, default_value = "assessed")]
    pub(crate) statement: Statement,
    /// What it rests on.
    #[arg(long)]
    pub(crate) basis: Option<String>,
    /// How sure you are.
    #[arg(long, value_enum)]
    pub(crate) confidence: Option<Sureness>,
    /// The day after which it no longer holds, such as 2027-05-31.
    #[arg(long, value_name = "DAY")]
    pub(crate) until: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AlertCommand {
    /// Save a search; with --alert, new pages are held against it as they are indexed.
    Save {
        /// The case.
        case: CaseId,
        /// Its name.
        name: String,
        /// The query.
        query: String,
        /// Make it an alert.
        #[arg(long)]
        alert: bool,
    },
    /// List saved searches and alerts.
    List {
        /// The case.
        case: CaseId,
    },
    /// The pages that set an alert off; they count as seen from then on.
    Show {
        /// The case.
        case: CaseId,
        /// Its name.
        name: String,
    },
    /// Run a saved search.
    Run {
        /// The case.
        case: CaseId,
        /// Its name.
        name: String,
    },
    /// Forget a saved search and what set it off.
    Forget {
        /// The case.
        case: CaseId,
        /// Its name.
        name: String,
    },
    /// Hand a line for each alert with new pages to the command in `[alerts]`; needs no sign-in, and says nothing of a page.
    Deliver,
}

/// How an export is written.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Written {
    /// A header line and one line a hit.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

/// An export.
#[derive(Debug, Args)]
pub(crate) struct HitExportArgs {
    /// The case.
    pub(crate) case: CaseId,
    /// The query.
    pub(crate) query: String,
    /// The new file.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// How it is written.
    #[arg(long, value_enum, default_value = "csv")]
    pub(crate) format: Written,
    /// To whom it is handed, for the record.
    #[arg(long)]
    pub(crate) recipient: String,
    /// Why, for the record.
    #[arg(long)]
    pub(crate) reason: String,
    /// The most hits.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) limit: u32,
    /// In which order, as `search` takes it.
    #[arg(long, default_value = "best")]
    pub(crate) sort: Sort,
}

#[derive(Debug, Subcommand)]
pub(crate) enum IndicatorsCommand {
    /// Print the rules: what raises them, who says so, and when they said it.
    List,
    /// The pages of a case that the rules flag, and what people made of each.
    Show {
        /// The case.
        case: CaseId,
        /// The most pages of each rule, newest first.
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
    },
    /// Confirm a flag, after having looked.
    Confirm(FlagArgs),
    /// Dismiss a flag, after having looked.
    Dismiss(FlagArgs),
}

/// One flag.
#[derive(Debug, Args)]
pub(crate) struct FlagArgs {
    /// The case.
    pub(crate) case: CaseId,
    /// The rule's id.
    pub(crate) indicator: String,
    /// The page.
    pub(crate) capture: CaptureId,
    /// Why, for the record.
    #[arg(long)]
    pub(crate) reason: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SelectorCommand {
    /// Ask that an identifier may be searched for. It is read from the terminal or standard input, never from the command line.
    Ask {
        /// The case.
        case: CaseId,
        /// Why, for the record.
        #[arg(long)]
        reason: String,
    },
    /// List selectors: kind, reason, state, how often each was searched; never a value.
    List {
        /// The case.
        case: CaseId,
    },
    /// Approve a selector somebody else asked for (supervisors).
    Approve {
        /// The case.
        case: CaseId,
        /// Its number.
        selector: i64,
        /// Why, for the record.
        #[arg(long)]
        reason: String,
    },
    /// Deny a selector somebody else asked for (supervisors).
    Deny {
        /// The case.
        case: CaseId,
        /// Its number.
        selector: i64,
        /// Why, for the record.
        #[arg(long)]
        reason: String,
    },
    /// Turn approved selectors into tokens and forget their values: as the user that crawls. A crawl does it when it starts.
    Work {
        /// The case.
        case: CaseId,
    },
}
