//! Which page of a host comes next, and when a page that was visited comes again.

use model::Timestamp;
use sqlx::FromRow;
use store::Tx;

use super::Frontier;
use super::rows::{Host, Waiting};
use crate::error::during;
use crate::reading::Reading;
use crate::remembered::Remembered;
use crate::revisit::{Rate, Role, worth, worth_of_new};
use crate::{Error, Lease};

/// Pages that are due which are compared by what a visit is worth.
const COMPARED: i64 = 64;

/// The page that waits longest among the most urgent.
const WAITING: &str =
    "SELECT * FROM frontier_pages WHERE host = ? AND state = 'waiting' ORDER BY priority, page LIMIT 1";

/// The pages that are due again.
const DUE: &str =
    "SELECT * FROM frontier_pages WHERE host = ? AND state = 'done' AND due_at <= ? ORDER BY due_at LIMIT ?";

/// Keeps beside a host's queue when its first page is due again. The host is bound twice.
pub(super) const SETTLE_REVISIT: &str = "UPDATE frontier_hosts SET revisit_at = (SELECT min(due_at) FROM frontier_pages \
    WHERE host = ? AND state = 'done' AND due_at IS NOT NULL) WHERE host = ? RETURNING *";

/// What is known of a page that is given back.
#[derive(FromRow)]
pub(super) struct Known {
    role: String,
    seen_at: Option<i64>,
    content_hash: Option<Vec<u8>>,
    changes: Option<f64>,
    watched: Option<f64>,
    series: Option<i64>,
    place: i64,
    line_hash: Option<Vec<u8>>,
    pub(super) form_hash: Option<Vec<u8>>,
}

/// When a page is visited again, and the reason for people.
pub(super) struct NextVisit {
    pub(super) due_at: Option<i64>,
    pub(super) reason: String,
}

impl NextVisit {
    /// None by itself, and why.
    pub(super) fn never(reason: &str) -> Self {
        Self { due_at: None, reason: reason.to_owned() }
    }
}

impl Frontier {
    /// The page of a host that comes first now: one that waits, or one that is due again and matters more.
    pub(super) async fn first(&self, tx: &mut Tx, host: &Host, now: Timestamp) -> Result<Option<Waiting>, Error> {
        let select = sqlx::query_as::<_, Waiting>(WAITING).bind(host.host);
        let new = select.fetch_optional(&mut **tx).await.map_err(during("take a page"))?;
        if host.revisit_at.is_none_or(|at| at > now.millis()) {
            return Ok(new);
        }
        let select = sqlx::query_as::<_, Waiting>(DUE).bind(host.host).bind(now.millis()).bind(COMPARED);
        let due = select.fetch_all(&mut **tx).await;
        let value = |page: &Waiting| {
            let elapsed = now.millis() - page.seen_at.unwrap_or_default();
            worth(page.role(), page.rate(), elapsed, page.sure > 0)
        };
        let due = due.map_err(during("take a page that is due again"))?;
        let again = due.into_iter().max_by(|one, other| value(one).total_cmp(&value(other)));
        Ok(match (new, again) {
            (Some(new), Some(again)) if worth_of_new(new.priority) >= value(&again) => Some(new),
            (new, again) => again.or(new),
        })
    }

    /// What is known of a leased page.
    pub(super) async fn known(&self, tx: &mut Tx, lease: &Lease) -> Result<Known, Error> {
        let select = "SELECT role, seen_at, content_hash, changes, watched, series, place, line_hash, form_hash \
                      FROM frontier_pages WHERE page = ?";
        let select = sqlx::query_as::<_, Known>(select).bind(lease.page);
        select.fetch_one(&mut **tx).await.map_err(during("look at a page that was visited"))
    }

    /// Notes what a visit showed and decides on the next. Without a reading the page is what it was.
    pub(super) async fn visited(
        &self,
        tx: &mut Tx,
        lease: &Lease,
        known: &Known,
        reading: Option<&Reading>,
        now: Timestamp,
    ) -> Result<NextVisit, Error> {
        let role = reading.map_or_else(|| Role::from_word(&known.role), |reading| reading.role);
        let role = if role == Role::Board && known.place > 0 { Role::List } else { role };
        let content = reading.map(|reading| self.0.key.body_hash(&reading.content).to_vec());
        let changed = content.is_some() && content != known.content_hash;
        let before = known.changes.zip(known.watched).and_then(|(changes, watched)| Rate::stored(changes, watched));
        let rate = match (known.seen_at, before) {
            (Some(seen), Some(rate)) => rate.observed(now.millis() - seen, changed),
            _ => Rate::prior(role),
        };
        let next = self.next_visit(tx, lease, known, role, rate, now).await?;
        let remembered =
            lease.meter.learnt().map(|seen| self.0.key.seal(&remembered_place(lease.host), &seen.to_bytes()));
        let words = reading.map(|reading| self.0.key.body_hash(&reading.words).to_vec());
        let update = "UPDATE frontier_pages SET role = ?, seen_at = ?, content_hash = coalesce(?, content_hash), \
                      words_hash = coalesce(?, words_hash), changes = ?, watched = ?, remembered = coalesce(?, remembered) \
                      WHERE page = ?";
        let update = sqlx::query(update)
            .bind(role.as_str())
            .bind(now.millis())
            .bind(content)
            .bind(words)
            .bind(rate.changes)
            .bind(rate.watched)
            .bind(remembered)
            .bind(lease.page);
        update.execute(&mut **tx).await.map_err(during("note what a visit showed"))?;
        Ok(next)
    }

    async fn next_visit(
        &self,
        tx: &mut Tx,
        lease: &Lease,
        known: &Known,
        role: Role,
        rate: Rate,
        now: Timestamp,
    ) -> Result<NextVisit, Error> {
        let never = |reason: &str| Ok(NextVisit::never(&format!("visited; {reason}")));
        if role == Role::List {
            return never("a further page of a list is looked at again when everything listed before it has moved");
        }
        if role == Role::Thread {
            let root = known.series.or(lease.page);
            let later = "SELECT count(*) FROM frontier_pages WHERE series = ? AND place > ?";
            let later: i64 = sqlx::query_scalar(later)
                .bind(root)
                .bind(known.place)
                .fetch_one(&mut **tx)
                .await
                .map_err(during("look for later pages of a thread"))?;
            if later > 0 {
                return never("an earlier page of a thread does not grow: only its last page is looked at again");
            }
            let listed = "SELECT count(*) FROM frontier_pages WHERE page = ? AND line_hash IS NOT NULL";
            let listed: i64 = sqlx::query_scalar(listed)
                .bind(root)
                .fetch_one(&mut **tx)
                .await
                .map_err(during("look for the line of a thread"))?;
            if listed > 0 || known.line_hash.is_some() {
                return never("a thread's last page is looked at again when its line in the list changes");
            }
        }
        let due_at = now.millis().saturating_add(rate.wait_millis(role));
        let until = Timestamp::from_millis(due_at);
        Ok(NextVisit {
            due_at: Some(due_at),
            reason: format!("visited; {}: the next visit is due on {until}", rate.explain(role)),
        })
    }

    /// When a host's first page is due again, kept beside its queue. The host as it stands then.
    pub(super) async fn settle_revisit(&self, tx: &mut Tx, host: i64) -> Result<Host, Error> {
        let update = sqlx::query_as(SETTLE_REVISIT).bind(host).bind(host);
        update.fetch_one(&mut **tx).await.map_err(during("note when a host is due again"))
    }

    /// What the last visit of a page brought, opened.
    pub(super) fn recall(&self, host: i64, page: &Waiting) -> Option<Remembered> {
        let opened = self.0.key.open(&remembered_place(host), page.remembered.as_deref()?)?;
        Remembered::from_bytes(opened.expose())
    }
}

impl Waiting {
    pub(super) fn role(&self) -> Role {
        Role::from_word(&self.role)
    }

    fn rate(&self) -> Rate {
        let stored = self.changes.zip(self.watched).and_then(|(changes, watched)| Rate::stored(changes, watched));
        stored.unwrap_or_else(|| Rate::prior(self.role()))
    }
}

/// What the seal of a remembered answer is bound to.
fn remembered_place(host: i64) -> Vec<u8> {
    format!("frontier remembered {host}").into_bytes()
}
