//! What would be asked for next, and what is known of an address: for the person who plans.

use authorisation::{Authorised, RobotsPolicy, scope};
use model::Timestamp;
use serde::Serialize;
use sqlx::FromRow;

use super::Frontier;
use super::pages::{place, prefixes};
use crate::error::during;
use crate::trap::{self, Judged};
use crate::{Error, robots};

/// Pages of one host that are looked at.
const A_HOST: i64 = 200;

/// A page that will be asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Planned {
    /// Not before; later, if others come first or a ceiling is in the way.
    pub not_before: Timestamp,
    /// The site's label.
    pub site: String,
    /// Scheme, host, and the form of the address: what tells one page from the next is left out, because it can name
    /// people.
    pub form: String,
    /// Why.
    pub why: String,
}

#[derive(FromRow)]
struct Row {
    url_sealed: Vec<u8>,
    authorisation: Vec<u8>,
    site: String,
    reason: String,
    next_at: i64,
    delay_ms: i64,
    due_at: Option<i64>,
}

/// The addresses at which the crawl of an authorisation begins.
#[must_use]
pub fn beginnings(authorised: &Authorised) -> Vec<String> {
    prefixes(authorised)
}

impl Frontier {
    /// The next pages of the case, the earliest first. Each host's own order is the one in which they will be asked for,
    /// as far as nothing new is found meanwhile.
    ///
    /// # Errors
    /// When the store fails or what it holds is not what was written.
    pub async fn plan(&self, count: usize) -> Result<Vec<Planned>, Error> {
        let failed = during("plan a crawl");
        let select = "SELECT host FROM frontier_hosts WHERE case_id = ? AND held IS NULL ORDER BY host";
        let hosts: Vec<i64> = sqlx::query_scalar(select)
            .bind(self.case().as_str())
            .fetch_all(self.0.store.reader())
            .await
            .map_err(&failed)?;
        let now = self.now().millis();
        let mut planned = Vec::new();
        for host in hosts {
            let select = "SELECT p.url_sealed, h.authorisation, h.site, p.reason, h.next_at, h.delay_ms, p.due_at \
                          FROM frontier_pages p JOIN frontier_hosts h USING (host) WHERE p.host = ? \
                          AND (p.state = 'waiting' OR p.state = 'done' AND p.due_at IS NOT NULL) \
                          ORDER BY coalesce(p.due_at, 0), p.priority, p.page LIMIT ?";
            let most = i64::try_from(count).unwrap_or(A_HOST).min(A_HOST);
            let rows: Vec<Row> =
                sqlx::query_as(select).bind(host).bind(most).fetch_all(self.0.store.reader()).await.map_err(&failed)?;
            let mut turn = now;
            for row in rows {
                turn = turn.max(row.next_at).max(row.due_at.unwrap_or_default());
                planned.push(self.planned(&row, turn)?);
                turn = turn.saturating_add(row.delay_ms);
            }
        }
        planned.sort_by_key(|page| page.not_before);
        planned.truncate(count);
        Ok(planned)
    }

    fn planned(&self, row: &Row, turn: i64) -> Result<Planned, Error> {
        let damaged = |what| Error::Damaged { during: "plan a crawl", what };
        let id: [u8; 16] = row.authorisation.as_slice().try_into().map_err(|_| damaged("an authorisation's id"))?;
        let url = self.0.key.open(&place(model::AuthorisationId::from_bytes(id)), &row.url_sealed);
        let url = url.ok_or_else(|| damaged("a sealed URL"))?;
        let url = std::str::from_utf8(url.expose()).map_err(|_| damaged("a sealed URL"))?;
        let (scheme, rest) = url.split_once("://").ok_or_else(|| damaged("a sealed URL"))?;
        let at = rest.find('/').unwrap_or(rest.len());
        let form = format!("{scheme}://{}{}", &rest[..at], trap::form(&rest[at..], &[]));
        let not_before = Timestamp::from_millis(turn);
        Ok(Planned { not_before, site: row.site.clone(), form, why: row.reason.clone() })
    }

    /// What is known of an address that somebody typed, and would become of it, in sentences.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn about(&self, authorised: &Authorised, url: &str) -> Result<Vec<String>, Error> {
        let target = match scope::admit(authorised, url, self.now()) {
            Ok(target) => target,
            Err(refusal) => return Ok(vec![refusal.to_string()]),
        };
        let mut lines = Vec::new();
        match trap::judge(target.path_and_query(), self.now()) {
            Judged::Fine => {}
            Judged::Instead(_) => lines.push("it names a session; without that it would be asked for".to_owned()),
            Judged::Trap(rule) => lines.push(format!("a link to it would not be followed: rule `{rule}`")),
        }
        let mut tx = self.0.store.begin().await?;
        let host: Option<i64> =
            sqlx::query_scalar("SELECT host FROM frontier_hosts WHERE authorisation = ? AND host_hash = ?")
                .bind(authorised.id().as_bytes().as_slice())
                .bind(self.0.key.host_hash(target.host()).to_vec())
                .fetch_optional(&mut *tx)
                .await
                .map_err(during("look for a host"))?;
        let Some(host) = host else {
            lines.push("its host has not been asked for anything yet".to_owned());
            return Ok(lines);
        };
        match self.rules(&mut tx, host, &target, self.now()).await? {
            None => lines.push(format!("robots.txt for {} is read before it", robots::origin(&target))),
            Some(rules) if rules.allow(&target) => lines.push("robots.txt allows it".to_owned()),
            Some(_) if *target.robots() == RobotsPolicy::Obey => {
                lines.push("robots.txt asks not to visit it, and is obeyed".to_owned());
            }
            Some(_) => lines.push("robots.txt asks not to visit it, and is set aside".to_owned()),
        }
        let select = "SELECT state, reason, visit, due_at FROM frontier_pages WHERE host = ? AND url_hash = ?";
        let page: Option<(String, String, i64, Option<i64>)> = sqlx::query_as(select)
            .bind(host)
            .bind(self.0.key.url_hash(target.url()).as_bytes().as_slice())
            .fetch_optional(&mut *tx)
            .await
            .map_err(during("look for a page"))?;
        lines.push(match page {
            None => "no link to it has been found".to_owned(),
            Some((state, reason, visit, due_at)) => {
                let due = due_at.map(|at| format!("; due on {}", Timestamp::from_millis(at))).unwrap_or_default();
                format!("it is {state} (visit {visit}): {reason}{due}")
            }
        });
        Ok(lines)
    }
}
