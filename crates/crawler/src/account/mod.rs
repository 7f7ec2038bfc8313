//! Accounts: the pages of a site that an authorisation names an account for are read signed in, and in no other way.
//!
//! What an operator types is encrypted to a key of the case ([`Accounts::set`]); that key lies sealed under the case's crawl
//! key, so that the crawl process alone opens it, and destroying the case destroys it. The frontier lends the two steps of
//! a login like pages, under the same politeness and the same ceilings: first the page with the form, then the form. A
//! session has a version, which the records of its captures name; its cookies are kept sealed and are gone once it is over.

mod cookies;
mod credentials;
mod form;
mod register;

pub(crate) use cookies::Jar;
pub(crate) use credentials::Credentials;
pub use form::{FormBody, LoginShown};
pub use register::{AccountStatus, Accounts};
pub(crate) use register::{end, open};

pub use credentials::Typed;

use std::fmt;
use std::sync::Arc;

use authorisation::LoginTarget;

/// Logins that are begun without a session proving good in between; then a person has to look.
pub const MAX_LOGINS: i64 = 3;

/// Pages of a session after which it has proved good.
pub(crate) const PROVEN_PAGES: i64 = 10;

/// Bytes of a login page, and of the answer to its form.
pub(crate) const MAX_LOGIN_BYTES: usize = 2 << 20;

/// An account under which something is asked for. `Debug` prints its label and version.
pub(crate) struct InUse {
    pub(crate) label: String,
    /// Of the session; of the one that a login is to begin.
    pub(crate) version: i64,
    /// The login page: path and query.
    pub(crate) login: String,
    /// Whether a page has shown that the site knows us.
    pub(crate) proven: bool,
    pub(crate) jar: Jar,
    pub(crate) credentials: Arc<Credentials>,
}

impl fmt::Debug for InUse {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "InUse({}, session {})", self.label, self.version)
    }
}

/// A login form, filled in, and the cookies that came with its page.
pub(crate) struct Pending {
    pub(crate) target: LoginTarget,
    pub(crate) body: FormBody,
    pub(crate) jar: Jar,
}
