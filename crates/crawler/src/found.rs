//! What was found on a page: targets in scope, and counts of everything else.

use std::collections::BTreeMap;
use std::fmt;

use authorisation::{Refusal, Rule, Target, scope};
use model::{Sensitive, Timestamp};
use page::{Link, LinkKind, LinkTarget};

use crate::Lease;
use crate::limits::MAX_REDIRECTS;

/// Links of one page on their way into the frontier. Each was admitted by scope; the others are counted by rule, and
/// where they led is forgotten here.
pub struct Found {
    base: Target,
    depth: u32,
    hops: i64,
    priority: i64,
    now: Timestamp,
    pub(crate) entries: Vec<NewPage>,
    pub(crate) refused: BTreeMap<Rule, u64>,
}

/// A page that may be new to the frontier.
pub(crate) struct NewPage {
    pub(crate) target: Target,
    pub(crate) depth: u32,
    pub(crate) hops: i64,
    pub(crate) priority: i64,
}

impl Found {
    /// Nothing yet, on the page of `lease`, which was read at `now`.
    #[must_use]
    pub fn on(lease: &Lease, now: Timestamp) -> Self {
        Self {
            base: lease.target.clone(),
            depth: lease.depth,
            hops: lease.hops,
            priority: lease.priority,
            now,
            entries: Vec::new(),
            refused: BTreeMap::new(),
        }
    }

    /// Takes a link in, if scope admits it; otherwise it is counted.
    pub fn offer(&mut self, link: &Link) {
        if link.target == LinkTarget::Never {
            return self.count(Rule::NeverFollow);
        }
        let priority = priority_of(link);
        if let Err(refusal) = self.admit(link.href.expose(), 1, 0, priority) {
            self.count(refusal.rule());
        }
    }

    /// Takes in where the page redirects to, if scope admits it; otherwise it is counted and returned.
    ///
    /// # Errors
    /// The rule that stands against it, among them too many redirects in a row.
    pub fn redirect(&mut self, location: &Sensitive<String>) -> Result<(), Refusal> {
        let (hops, priority) = (self.hops + 1, self.priority);
        let admitted = if hops > MAX_REDIRECTS {
            Err(Refusal::new(Rule::Depth, format!("{MAX_REDIRECTS} redirects led here")))
        } else {
            self.admit(location.expose(), 0, hops, priority)
        };
        if let Err(refusal) = &admitted {
            self.count(refusal.rule());
        }
        admitted
    }

    /// Links that scope admitted, duplicates among them.
    #[must_use]
    pub fn admitted(&self) -> usize {
        self.entries.len()
    }

    /// Links that were refused, by rule.
    #[must_use]
    pub const fn refused(&self) -> &BTreeMap<Rule, u64> {
        &self.refused
    }

    fn admit(&mut self, href: &str, further: u32, hops: i64, priority: i64) -> Result<(), Refusal> {
        let absolute = Sensitive::new(scope::join(&self.base, href)?);
        let target = scope::admit(self.base.authorised(), absolute.expose(), self.now)?;
        let depth = self.depth.saturating_add(further);
        if depth > self.base.authorised().ceilings().depth {
            return Err(Refusal::new(Rule::Depth, "it is further from a seed than the ceiling allows"));
        }
        self.entries.push(NewPage { target, depth, hops, priority });
        Ok(())
    }

    fn count(&mut self, rule: Rule) {
        *self.refused.entry(rule).or_default() += 1;
    }
}

impl fmt::Debug for Found {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Found({} admitted, {} refused)", self.entries.len(), self.refused.values().sum::<u64>())
    }
}

/// The seeds' own.
pub(crate) const SEED_PRIORITY: i64 = 0;

/// Boards before what they list, and that before further pages of it.
fn priority_of(link: &Link) -> i64 {
    let priority = match (link.target, link.kind) {
        (LinkTarget::Board, _) => 10,
        (LinkTarget::Thread | LinkTarget::Ad, _) => 20,
        (LinkTarget::NextPage, _) | (_, LinkKind::Next) => 30,
        _ => 40,
    };
    priority + if link.nofollow { 5 } else { 0 }
}
