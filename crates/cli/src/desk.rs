//! The door between the web pages and the rooms that they may not name: only what is shown on a page goes through it.

use access::{Permit, Principal};
use audit::ActKind;
use authorisation::SignedDocument;
use client::Grant;
use crawler::{HostStatus, Registry};
use model::{CaseId, HasKind, Kind, Timestamp};
use server::{BoxFuture, Desk, DeskError, GrantAsk, GrantText, Granted, Host, Paper, Plan, RetentionRow, Schedule};

use crate::commands::retention;
use crate::site::Site;

/// The shipped one.
pub(crate) struct SiteDesk(pub(crate) Site);

fn told<E: HasKind + std::fmt::Display>(error: E) -> DeskError {
    match error.kind() {
        Kind::Refused | Kind::Usage => DeskError::Refused(error.to_string()),
        _ => DeskError::Failed(error.to_string()),
    }
}

fn failed(error: anyhow::Error) -> DeskError {
    DeskError::Failed(format!("{error:#}"))
}

impl Desk for SiteDesk {
    fn grant(&self, ask: GrantAsk) -> Result<Granted, DeskError> {
        let grant = Grant {
            request: ask.request,
            capture: ask.capture,
            header_hash: ask.header_hash,
            requester: ask.requester,
            recipient: ask.recipient,
            code: ask.code,
            reason: ask.reason,
            legal_basis: ask.legal_basis,
            not_after: ask.not_after,
        };
        let (bytes, log_word) = (grant.to_bytes().map_err(told)?, grant.log_word().map_err(told)?);
        Ok(Granted { bytes, log_word, break_glass: grant.breaks_glass() })
    }

    fn grant_text(&self, bytes: &[u8]) -> Result<GrantText, DeskError> {
        let grant = Grant::parse(bytes).map_err(told)?;
        let break_glass = grant.breaks_glass();
        Ok(GrantText { code: grant.code, reason: grant.reason, legal_basis: grant.legal_basis, break_glass })
    }

    fn hosts<'a>(&'a self, case: &'a CaseId) -> BoxFuture<'a, Result<Vec<Host>, DeskError>> {
        Box::pin(async move {
            let hosts = crawler::status(&self.0.store, case).await.map_err(told)?;
            Ok(hosts.into_iter().map(host).collect())
        })
    }

    fn why<'a>(&'a self, case: &'a CaseId, site: &'a str) -> BoxFuture<'a, Result<Vec<String>, DeskError>> {
        Box::pin(async move { crawler::why(&self.0.store, case, site).await.map_err(told) })
    }

    fn pause<'a>(
        &'a self,
        case: &'a CaseId,
        by: &'a Principal,
        _permit: &'a Permit,
        reason: Option<&'a str>,
    ) -> BoxFuture<'a, Result<u64, DeskError>> {
        Box::pin(async move {
            let mut tx = self.0.store.begin().await.map_err(told)?;
            let (changed, act) = match reason {
                Some(reason) => {
                    let changed = crawler::pause(&mut tx, case, by.person(), reason).await.map_err(told)?;
                    (changed, by.act(ActKind::CrawlStop).case(case).reason("paused", reason))
                }
                None => {
                    let changed = crawler::resume(&mut tx, case).await.map_err(told)?;
                    (changed, by.act(ActKind::CrawlStart).case(case).detail("step", "resumed"))
                }
            };
            self.0.journal.note(&mut tx, act).await.map_err(told)?;
            tx.commit().await.map_err(told)?;
            Ok(changed)
        })
    }

    fn schedules<'a>(&'a self, case: &'a CaseId) -> BoxFuture<'a, Result<Vec<Schedule>, DeskError>> {
        Box::pin(async move {
            let (found, now) = (crawler::schedules(&self.0.store, Some(case)).await.map_err(told)?, self.0.clock.now());
            Ok(found.into_iter().map(|one| schedule(one, now)).collect())
        })
    }

    fn plan<'a>(
        &'a self,
        case: &'a CaseId,
        by: &'a Principal,
        _permit: &'a Permit,
        plan: Plan<'a>,
    ) -> BoxFuture<'a, Result<(), DeskError>> {
        Box::pin(async move {
            let mut tx = self.0.store.begin().await.map_err(told)?;
            let act = by.act(ActKind::CrawlStart).case(case);
            let act = match plan {
                Plan::Add { pattern, zone, minutes } => {
                    let (pattern, now) = ((pattern, zone), self.0.clock.now());
                    let id = crawler::add_schedule(&mut tx, case, pattern, minutes, by.person(), now).await;
                    act.detail("step", "scheduled").detail("schedule", id.map_err(told)?)
                }
                Plan::Remove(id) => {
                    if !crawler::remove_schedule(&mut tx, case, id).await.map_err(told)? {
                        return Err(DeskError::Refused(format!("case {case} has no schedule {id}")));
                    }
                    act.detail("step", "schedule removed").detail("schedule", id)
                }
            };
            self.0.journal.note(&mut tx, act).await.map_err(told)?;
            tx.commit().await.map_err(told)
        })
    }

    fn papers(&self) -> BoxFuture<'_, Result<Vec<Paper>, DeskError>> {
        Box::pin(async move {
            let registry = Registry::new(self.0.store.clone());
            let (trust, now) = (self.0.trust().await.map_err(failed)?, self.0.clock.now());
            let mut papers = Vec::new();
            for entry in registry.list().await.map_err(told)? {
                let signed: SignedDocument = registry.find(entry.id).await.map_err(told)?;
                let standing = match (entry.revoked_at, signed.missing(&trust, now).first()) {
                    (Some(_), _) => "revoked".to_owned(),
                    (None, _) if now >= entry.not_after => "over".to_owned(),
                    (None, Some(refusal)) => refusal.to_string(),
                    (None, None) => "in force".to_owned(),
                };
                let document = &signed.document;
                papers.push(Paper {
                    authorisation: entry.id.to_string(),
                    case: entry.case,
                    standing,
                    legal_basis: basis(document.legal_basis()),
                    retention_days: document.retention_days(),
                    not_after: entry.not_after,
                    added_at: entry.added_at,
                    revoked_at: entry.revoked_at,
                    signers: document.supervisors().to_vec(),
                });
            }
            Ok(papers)
        })
    }

    fn retention(&self) -> BoxFuture<'_, Result<Vec<RetentionRow>, DeskError>> {
        Box::pin(async move { retention::rows(&self.0).await.map_err(failed) })
    }
}

fn host(host: HostStatus) -> Host {
    Host {
        site: host.site,
        state: host.state.as_str().to_owned(),
        reason: host.reason,
        next_at: host.next_at,
        waiting: host.waiting,
        done: host.done,
        retired: host.retired,
        requests: host.requests,
        bytes: host.bytes,
        latency_ms: host.latency_ms,
        refused: host.refused.values().sum(),
    }
}

fn schedule(found: crawler::Schedule, now: Timestamp) -> Schedule {
    let next = found.read().ok().and_then(|calendar| calendar.next(now).map(|next| calendar.show(next)));
    Schedule {
        schedule: found.id,
        pattern: found.calendar,
        zone: found.zone,
        minutes: found.minutes,
        made_by: found.made_by,
        next,
        runs: found.runs,
        missed: found.missed,
        last: found.last,
    }
}

fn basis(basis: &authorisation::LegalBasis) -> String {
    format!("{}, {} ({}, {})", basis.instrument, basis.article, basis.issuing_authority, basis.reference)
}
