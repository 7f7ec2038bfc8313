//! What can go wrong at the desk.

use model::{HasKind, Kind};

/// Every failure of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Access control refused, or failed.
    #[error(transparent)]
    Access(#[from] access::Error),
    /// The log could not be written, so nothing was done.
    #[error(transparent)]
    Audit(#[from] audit::Error),
    /// The note for auditors could not be encrypted.
    #[error(transparent)]
    Client(#[from] client::Error),
    /// What was typed holds an identifier.
    #[error(transparent)]
    Identifier(#[from] redactor::Found),
    /// The query was not understood.
    #[error(transparent)]
    Query(#[from] search::ParseError),
    /// The index could not answer.
    #[error(transparent)]
    Search(#[from] search::Error),
    /// The control database failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A statement on the control database failed.
    #[error("use the control database: {0}")]
    Sql(#[from] sqlx::Error),
    /// There is no such thing in the case.
    #[error("find {what}: the case has none; `lanthorn {list}` lists what there is")]
    Unknown {
        /// What was looked for.
        what: String,
        /// The command that lists what there is.
        list: &'static str,
    },
    /// The name is taken.
    #[error("name it {name}: refused by rule `one-name`: the case has one of that name; choose another")]
    Taken {
        /// The name.
        name: String,
    },
    /// A text is empty or too long.
    #[error("keep the text: write 1 to {most} characters")]
    Length {
        /// The bound.
        most: usize,
    },
    /// An assessment without what it rests on.
    #[error(
        "keep the assessment: refused by rule `assessed-with-basis`: say on what basis, with which confidence, and until when"
    )]
    Unfounded,
    /// More lines than one batch takes.
    #[error("search in a batch: at most {most} lines at a time; cut the list")]
    Batch {
        /// The bound.
        most: usize,
    },
    /// Whoever asked for a selector decides about it.
    #[error("decide: refused by rule `two-persons`: you asked for it; another supervisor has to decide")]
    OwnSelector,
    /// The case has as many selectors as a rule allows.
    #[error("ask for a selector: refused by rule `selector-cap`: the case has {most}; let one end first")]
    SelectorCap {
        /// The bound.
        most: i64,
    },
    /// Only a single identifier can be a selector.
    #[error(
        "ask for a selector: refused by rule `one-identifier`: the text has to be one identifier that the redactor knows, and nothing else"
    )]
    NoSelector,
    /// The selector cannot be searched.
    #[error("use the selector: refused by rule `live-selector`: {why}")]
    DeadSelector {
        /// Why not.
        why: &'static str,
    },
    /// Selectors may be searched so many times.
    #[error("use the selector: refused by rule `selector-rate`: it was searched {most} times; ask for it again")]
    SelectorRate {
        /// The bound.
        most: i64,
    },
    /// A row is not what was written.
    #[error("read a row of `{table}`: it is not what was written; run `lanthorn doctor --deep`")]
    Row {
        /// The table.
        table: &'static str,
    },
    /// The rules of the indicators are not what they must be.
    #[error("read the indicators: {0}")]
    Rules(String),
    /// A fault of ours while the index was read.
    #[error("read the index: the search ended in a fault; its message is withheld because it could hold page text")]
    Panicked,
}

impl HasKind for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Access(error) => error.kind(),
            Self::Audit(error) => error.kind(),
            Self::Client(error) => error.kind(),
            Self::Identifier(error) => error.kind(),
            Self::Query(error) => error.kind(),
            Self::Search(error) => error.kind(),
            Self::Store(error) => error.kind(),
            Self::Sql(error) => store::kind_of(error),
            Self::Unknown { .. } | Self::Length { .. } | Self::Batch { .. } | Self::Rules(_) => Kind::Usage,
            Self::Taken { .. }
            | Self::Unfounded
            | Self::OwnSelector
            | Self::SelectorCap { .. }
            | Self::NoSelector
            | Self::DeadSelector { .. }
            | Self::SelectorRate { .. } => Kind::Refused,
            Self::Row { .. } => Kind::Damaged,
            Self::Panicked => Kind::Internal,
        }
    }
}
