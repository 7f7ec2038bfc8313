//! From any crate's error to one sentence and an exit code.

use model::{HasKind, Kind};

/// A failure that the command line itself finds.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
pub(crate) struct Failure {
    kind: Kind,
    text: String,
}

impl HasKind for Failure {
    fn kind(&self) -> Kind {
        self.kind
    }
}

/// A failure of the given kind.
pub(crate) fn failure(kind: Kind, text: impl Into<String>) -> anyhow::Error {
    Failure { kind, text: text.into() }.into()
}

/// Wrong use of the command.
pub(crate) fn usage(text: impl Into<String>) -> anyhow::Error {
    failure(Kind::Usage, text)
}

/// A rule forbids it.
pub(crate) fn refused(text: impl Into<String>) -> anyhow::Error {
    failure(Kind::Refused, text)
}

/// The name of the rule that forbade it: every refusal's sentence says `refused by rule` and the rule's name.
pub(crate) fn rule(error: &anyhow::Error) -> Option<String> {
    let said = format!("{error:#}");
    let (_, after) = said.split_once("refused by rule `")?;
    after.split_once('`').map(|(name, _)| name.to_owned())
}

/// The kind of the innermost error of ours; [`Kind::Internal`] where there is none.
pub(crate) fn kind(error: &anyhow::Error) -> Kind {
    macro_rules! first_of {
        ($cause:ident: $($error:ty),* $(,)?) => {
            $(if let Some(known) = $cause.downcast_ref::<$error>() { return known.kind(); })*
        };
    }
    for cause in error.chain() {
        first_of!(
            cause: Failure, store::Error, audit::Error, audit::Fault, seal::Error, page::Error, authorisation::Error,
            authorisation::Refusal, redactor::Error, redactor::Found, search::Error, search::ParseError, crawler::Error,
            vault::Error, access::Error, client::Error, casework::Error, evidence::Error, verify::Fault, indexer::Error, pipeline::Error,
        );
        #[cfg(feature = "tor")]
        first_of!(cause: tor::Error);
        if cause.is::<model::InvalidId>() || cause.is::<toml::de::Error>() {
            return Kind::Usage;
        }
    }
    Kind::Internal
}
