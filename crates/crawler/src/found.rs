//! What was found on a page: targets in scope, and counts of everything else.

use std::collections::BTreeMap;
use std::fmt;

use authorisation::{Refusal, Rule, Target, scope};
use model::{Sensitive, Timestamp};
use page::{Link, LinkKind, LinkTarget, ParsedPage, Session};

use crate::Lease;
use crate::limits::MAX_REDIRECTS;
use crate::reading::Reading;
use crate::trap::{self, Judged};

/// Links of one page on their way into the frontier. Each was admitted by scope; the others are counted by rule, and
/// where they led is forgotten here.
pub struct Found {
    base: Target,
    depth: u32,
    hops: i64,
    priority: i64,
    pub(crate) now: Timestamp,
    /// The thread or list that the page belongs to, and its place in it.
    series: (Option<i64>, i64),
    pub(crate) entries: Vec<NewPage>,
    pub(crate) refused: BTreeMap<Rule, u64>,
    /// Links that lead nowhere new, by the name of the rule.
    pub(crate) traps: BTreeMap<&'static str, u64>,
    /// What the page is, once it was read.
    pub(crate) reading: Option<Reading>,
    /// Whether it shows that we are signed in.
    pub(crate) session: Session,
}

/// A page that may be new to the frontier.
pub(crate) struct NewPage {
    pub(crate) target: Target,
    pub(crate) depth: u32,
    pub(crate) hops: i64,
    pub(crate) priority: i64,
    /// Its line in a list, hashed.
    pub(crate) line: Option<[u8; 32]>,
    /// It continues this thread or list, at this place.
    pub(crate) series: Option<(i64, i64)>,
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
            series: (lease.series.or(lease.page), lease.place),
            now,
            entries: Vec::new(),
            refused: BTreeMap::new(),
            traps: BTreeMap::new(),
            reading: None,
            session: Session::Unknown,
        }
    }

    /// What a page that was parsed tells: what it is, what it says, and where it leads. Takes its links.
    #[must_use]
    pub fn read(lease: &Lease, page: &mut ParsedPage, now: Timestamp) -> Self {
        let mut found = Self::on(lease, now);
        found.reading = Some(Reading::of(page));
        found.session = page.session();
        for link in page.take_links() {
            found.offer(&link);
        }
        found
    }

    /// Takes a link in, if scope admits it; otherwise it is counted.
    pub fn offer(&mut self, link: &Link) {
        if link.target == LinkTarget::Never {
            return self.count(Rule::NeverFollow);
        }
        match self.admit(link.href.expose(), 1, 0, priority_of(link)) {
            Ok(Ok(mut page)) => {
                let next = link.target == LinkTarget::NextPage || link.kind == LinkKind::Next;
                page.series = self.series.0.filter(|_| next).map(|series| (series, self.series.1 + 1));
                page.line = self.line_of(link);
                self.entries.push(page);
            }
            Ok(Err(trap)) => *self.traps.entry(trap).or_default() += 1,
            Err(refusal) => self.count(refusal.rule()),
        }
    }

    fn line_of(&self, link: &Link) -> Option<[u8; 32]> {
        let leads = matches!(link.target, LinkTarget::Thread | LinkTarget::Ad);
        self.reading.as_ref()?.lines.get(&link.record.filter(|_| leads)?).copied()
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
        let refusal = match admitted {
            Ok(Ok(page)) => {
                self.entries.push(page);
                return Ok(());
            }
            Ok(Err(trap)) => Refusal::new(Rule::NeverFollow, format!("rule `{trap}`: it leads nowhere new")),
            Err(refusal) => refusal,
        };
        self.count(refusal.rule());
        Err(refusal)
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

    /// A page in scope, or the rule by which it leads nowhere new.
    fn admit(
        &self,
        href: &str,
        further: u32,
        hops: i64,
        priority: i64,
    ) -> Result<Result<NewPage, &'static str>, Refusal> {
        let absolute = Sensitive::new(scope::join(&self.base, href)?);
        let mut target = scope::admit(self.base.authorised(), absolute.expose(), self.now)?;
        match trap::judge(target.path_and_query(), self.now) {
            Judged::Fine => {}
            Judged::Instead(shorter) => {
                let shorter = Sensitive::new(scope::join(&target, &shorter)?);
                target = scope::admit(self.base.authorised(), shorter.expose(), self.now)?;
            }
            Judged::Trap(rule) => return Ok(Err(rule)),
        }
        let depth = self.depth.saturating_add(further);
        if depth > self.base.authorised().ceilings().depth {
            return Err(Refusal::new(Rule::Depth, "it is further from a seed than the ceiling allows"));
        }
        Ok(Ok(NewPage { target, depth, hops, priority, line: None, series: None }))
    }

    fn count(&mut self, rule: Rule) {
        *self.refused.entry(rule).or_default() += 1;
    }
}

impl NewPage {
    /// A page to begin with.
    pub(crate) const fn seed(target: Target) -> Self {
        Self { target, depth: 0, hops: 0, priority: SEED_PRIORITY, line: None, series: None }
    }
}

impl fmt::Debug for Found {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Found({} admitted, {} refused)", self.entries.len(), self.refused.values().sum::<u64>())
    }
}

/// The seeds' own.
const SEED_PRIORITY: i64 = 0;

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
