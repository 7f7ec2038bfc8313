//! Links: where a page points, and what its profile makes of that.

use std::fmt;

use model::Sensitive;

/// One link, made absolute against the page's base. Nothing here says that it may be followed.
pub struct Link {
    /// The absolute URL, without fragment. Only `http` and `https` links are kept.
    pub href: Sensitive<String>,
    /// Whether the page marks it `nofollow`, `ugc` or `sponsored`.
    pub nofollow: bool,
    /// The markup it came from.
    pub kind: LinkKind,
    /// What the profile says it leads to.
    pub target: LinkTarget,
    /// Which of [`ParsedPage::records`](crate::ParsedPage::records) it stands in.
    pub record: Option<usize>,
}

/// The markup a link came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkKind {
    /// `a` or `area`.
    Anchor,
    /// `link rel=next`.
    Next,
    /// `link rel=prev`.
    Previous,
    /// `link rel=canonical`: the address that the page says it has.
    Canonical,
    /// `meta http-equiv=refresh`.
    Refresh,
    /// `iframe` or `frame`.
    Frame,
    /// The header `Onion-Location`, or its `meta` form.
    OnionLocation,
}

/// What a link leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkTarget {
    /// A list of threads or advertisements.
    Board,
    /// A thread.
    Thread,
    /// An advertisement.
    Ad,
    /// The page after this one of the same list or thread.
    NextPage,
    /// Nothing the profile knows.
    Page,
    /// A link that must not be followed: logout, report, reply, sort, print and the like.
    Never,
}

/// Prints what is known about the link, never where it leads.
impl fmt::Debug for Link {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Link({:?} to {:?}, {} bytes)", self.kind, self.target, self.href.expose().len())
    }
}
