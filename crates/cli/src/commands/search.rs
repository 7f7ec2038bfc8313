//! `lanthorn search` and `lanthorn pivot`: the redacted index, under a licence, each use in the log.

use std::io::Write;

use access::Access;
use audit::{Act, ActKind, Outcome};
use model::{Action, CaseId, Role, Token};
use search::Searcher;

use crate::context::Context;
use crate::failure::usage;
use crate::site::failed;
use crate::terminal::table;

pub(crate) async fn search(context: &Context, case: &CaseId, query: &str, limit: u32) -> anyhow::Result<()> {
    let site = context.site().await?;
    let access = context.access(&site)?;
    let principal = context.sign_in(&access).await?;
    let licence = access.licence(&principal, Action::Search, case).await.map_err(failed)?;
    // An identifier typed raw is refused before the query is parsed, so that no error can repeat it.
    if let Err(found) = redactor::screen(query) {
        let act = principal.act(ActKind::Refusal).case(case).detail("rule", "no-identifier-in-query");
        site.journal.note_now(act).await.map_err(failed)?;
        site.settle_log().await;
        return Err(found.into());
    }
    let parsed = search::parse(query).map_err(|error| {
        usage(format!("cannot read the query: {error}\n  {query}\n  {:>width$}", '^', width = error.at() + 1))
    })?;
    let act = for_auditors(&access, principal.act(ActKind::Consultation).case(case), query).await?;
    let intent = site.journal.intend_now(act).await.map_err(failed)?;
    let searcher = Searcher::open(&site.layout.index(case), site.clock.clone()).map_err(failed)?;
    let hits = searcher.search(&licence, &parsed, usize::try_from(limit).unwrap_or(20));
    let outcome = if hits.is_ok() { Outcome::Done } else { Outcome::Failed("search") };
    site.journal.close_now(intent, outcome).await.map_err(failed)?;
    site.settle_log().await;
    let hits = hits.map_err(failed)?;
    context.output().show(&hits, |out| {
        writeln!(out, "{} captures fit  {}", hits.count, hits.understood)?;
        for hit in &hits.hits {
            writeln!(out, "\n{}  {}  {}  {}", hit.capture, hit.site, hit.day, hit.title)?;
            writeln!(out, "    {}", hit.snippet.text)?;
        }
        let facet = |out: &mut dyn Write, name: &str, values: &[search::FacetValue]| {
            let list: Vec<_> = values.iter().map(|value| format!("{} {}", value.value, value.count)).collect();
            if list.is_empty() { Ok(()) } else { writeln!(out, "{name}: {}", list.join(", ")) }
        };
        writeln!(out)?;
        facet(out, "sites", &hits.facets.site)?;
        facet(out, "languages", &hits.facets.language)?;
        facet(out, "kinds", &hits.facets.kind)
    })
}

/// What was asked for, as only auditors can read it: whoever runs the server sees that somebody searched, and not what for.
async fn for_auditors(access: &Access, act: Act, asked: &str) -> anyhow::Result<Act> {
    let people = access.people().list().await.map_err(failed)?;
    let auditors = people.into_iter().filter(|person| person.role == Role::Auditor);
    let recipients: Vec<_> = auditors.filter_map(|person| person.recipient).collect();
    if recipients.is_empty() {
        return Ok(act.detail("query_kept", "no: no auditor has enrolled a key"));
    }
    // A query may be longer than a record; its beginning, and how much is missing, are kept then.
    let kept = &asked[..asked.floor_char_boundary(client::MAX_NOTE_BYTES)];
    let act = if kept.len() < asked.len() { act.detail("query_bytes_cut", asked.len() - kept.len()) } else { act };
    Ok(act.detail("query", client::to_auditors(&recipients, kept).map_err(failed)?))
}

pub(crate) async fn pivot(context: &Context, case: &CaseId, token: Token) -> anyhow::Result<()> {
    let site = context.site().await?;
    let access = context.access(&site)?;
    let principal = context.sign_in(&access).await?;
    let licence = access.licence(&principal, Action::Pivot, case).await.map_err(failed)?;
    let act = for_auditors(&access, principal.act(ActKind::Combination).case(case), &token.to_string()).await?;
    let intent = site.journal.intend_now(act).await.map_err(failed)?;
    let searcher = Searcher::open(&site.layout.index(case), site.clock.clone()).map_err(failed)?;
    let pivot = searcher.pivot(&licence, token);
    let outcome = if pivot.is_ok() { Outcome::Done } else { Outcome::Failed("pivot") };
    site.journal.close_now(intent, outcome).await.map_err(failed)?;
    site.settle_log().await;
    let pivot = pivot.map_err(failed)?;
    context.output().show(&pivot, |out| {
        writeln!(out, "{} is in {} of {} captures", pivot.token, pivot.count, pivot.documents)?;
        if let (Some(first), Some(last)) = (pivot.first_seen, pivot.last_seen) {
            writeln!(out, "first seen {first}, last seen {last}")?;
        }
        let sites: Vec<_> = pivot.sites.iter().map(|site| format!("{} {}", site.site, site.captures)).collect();
        writeln!(out, "sites: {}\n", sites.join(", "))?;
        let rows: Vec<_> = pivot
            .captures
            .iter()
            .map(|hit| vec![hit.capture.to_string(), hit.site.clone(), hit.day.clone(), hit.title.clone()])
            .collect();
        table(out, &["CAPTURE", "SITE", "DAY", "TITLE"], &rows)?;
        writeln!(out)?;
        let rows: Vec<_> =
            pivot.together.iter().map(|other| vec![other.token.to_string(), other.captures.to_string()]).collect();
        table(out, &["TOGETHER WITH", "CAPTURES"], &rows)
    })
}
