//! `lanthorn account`: what can be typed.

use std::path::PathBuf;

use clap::Subcommand;
use model::CaseId;

#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// Keep the user name and the password of a site's account, encrypted so that the crawl process alone opens them. They are
    /// asked for at the terminal, or read as two lines from standard input; never from the command line.
    Set {
        /// The case.
        case: CaseId,
        /// The site's label in the authorisation, which must name an account for it.
        #[arg(long, value_name = "LABEL")]
        site: String,
        /// Read the two lines from FILE, such as /dev/fd/3, instead.
        #[arg(long, value_name = "FILE")]
        from: Option<PathBuf>,
    },
    /// List the accounts of a case: who set them, their sessions, never a user name.
    List {
        /// The case.
        case: CaseId,
    },
    /// Forget a site's account: its bytes are overwritten, its session ends, and nothing more is asked of the site.
    Forget {
        /// The case.
        case: CaseId,
        /// The site's label in the authorisation.
        #[arg(long, value_name = "LABEL")]
        site: String,
        /// Why, for the record.
        #[arg(long)]
        reason: String,
    },
    /// Say for each account that the authorisations name whether it can be used, and what is missing; nothing is asked of a site.
    Check {
        /// The case.
        case: CaseId,
    },
    /// Make the key that accounts of a case are encrypted to: as the user that crawls. A crawl does it when it starts.
    Prepare {
        /// The case.
        case: CaseId,
    },
}
