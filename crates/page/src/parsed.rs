//! A page after parsing: all of its text, its links, its records.

use std::fmt;

use model::{CaptureId, Sensitive};

use crate::{
    Circumstances, Day, FormKind, Link, LoginForm, Price, Problems, Record, Segment, Session, SourceText, Wall,
};

/// What kind of page it is, as its profile tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PageKind {
    /// A list of boards or threads.
    Board,
    /// A thread.
    Thread,
    /// A list of advertisements.
    AdList,
    /// One advertisement.
    Ad,
    /// Anything else.
    #[default]
    Other,
}

impl PageKind {
    /// The word in profiles and reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Board => "board",
            Self::Thread => "thread",
            Self::AdList => "ad-list",
            Self::Ad => "ad",
            Self::Other => "other",
        }
    }
}

/// A parsed page. Raw text inside; `Debug` prints counts.
pub struct ParsedPage {
    pub(crate) capture: CaptureId,
    pub(crate) site: String,
    pub(crate) url: Sensitive<String>,
    pub(crate) kind: PageKind,
    pub(crate) profile: Option<String>,
    pub(crate) language: Option<String>,
    pub(crate) posted: Option<Day>,
    pub(crate) price: Option<Price>,
    pub(crate) segments: Vec<Segment>,
    pub(crate) records: Vec<Record>,
    pub(crate) links: Vec<Link>,
    pub(crate) problems: Problems,
    pub(crate) wall: Option<Wall>,
    pub(crate) session: Session,
    pub(crate) login: Option<LoginForm>,
    pub(crate) withheld: Vec<Sensitive<String>>,
    pub(crate) forms: Vec<FormKind>,
    pub(crate) source: SourceText,
    pub(crate) circumstances: Circumstances,
}

impl ParsedPage {
    /// The fetch it came from.
    #[must_use]
    pub const fn capture(&self) -> CaptureId {
        self.capture
    }

    /// The label of the site in its authorisation.
    #[must_use]
    pub fn site(&self) -> &str {
        &self.site
    }

    /// The URL it was fetched from, raw.
    #[must_use]
    pub const fn url(&self) -> &Sensitive<String> {
        &self.url
    }

    /// What kind of page it is.
    #[must_use]
    pub const fn kind(&self) -> PageKind {
        self.kind
    }

    /// The profile that fitted, as `name version`.
    #[must_use]
    pub fn profile(&self) -> Option<&str> {
        self.profile.as_deref()
    }

    /// The language tag that the document or a header states, in lower case, such as `ro` or `pt-br`.
    #[must_use]
    pub fn language(&self) -> Option<&str> {
        self.language.as_deref()
    }

    /// The day of its first record that states one.
    #[must_use]
    pub const fn posted_day(&self) -> Option<Day> {
        self.posted
    }

    /// The price, if the page is one advertisement.
    #[must_use]
    pub const fn price(&self) -> Option<Price> {
        self.price
    }

    /// All text of the page: visible text in the order of the document, other kinds among it where they stood.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Threads, posts and advertisements, in order.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// Takes the links out; a second call finds none.
    #[must_use]
    pub fn take_links(&mut self) -> Vec<Link> {
        std::mem::take(&mut self.links)
    }

    /// What the page wants before it shows its content: then it is no content, and nothing behind it is fetched.
    #[must_use]
    pub const fn wall(&self) -> Option<Wall> {
        self.wall
    }

    /// Whether the page shows that we are signed in.
    #[must_use]
    pub const fn session(&self) -> Session {
        self.session
    }

    /// The page's form for signing in, if it has one that a reader without scripts could send.
    #[must_use]
    pub const fn login_form(&self) -> Option<&LoginForm> {
        self.login.as_ref()
    }

    /// Names what must be hidden wherever it stands on the page: the user name of the account that it was read with.
    pub fn withhold(&mut self, secrets: Vec<Sensitive<String>>) {
        self.withheld = secrets;
    }

    /// What must be hidden wherever it stands.
    #[must_use]
    pub fn withheld(&self) -> &[Sensitive<String>] {
        &self.withheld
    }

    /// Takes that form, to fill it in.
    #[must_use]
    pub const fn take_login_form(&mut self) -> Option<LoginForm> {
        self.login.take()
    }

    /// What the forms of the page are for, in order.
    #[must_use]
    pub fn forms(&self) -> &[FormKind] {
        &self.forms
    }

    /// What it was read from, raw.
    #[must_use]
    pub const fn source(&self) -> &SourceText {
        &self.source
    }

    /// How the fetch went.
    #[must_use]
    pub const fn circumstances(&self) -> &Circumstances {
        &self.circumstances
    }

    /// What was wrong with the page.
    #[must_use]
    pub const fn problems(&self) -> &Problems {
        &self.problems
    }
}

impl fmt::Debug for ParsedPage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "ParsedPage({}, {}, {} segments, {} records, {} links, {:?})",
            self.capture,
            self.kind.as_str(),
            self.segments.len(),
            self.records.len(),
            self.links.len(),
            self.problems
        )
    }
}
