//! `lanthorn search`, `lanthorn page` and `lanthorn pivot`: the redacted index, under a licence, each use in the log.

use std::io::Write;

use access::{Access, Principal};
use casework::{Desk, Error};
use model::{CaptureId, CaseId, Token};
use search::{FacetValue, Hit, Hits, Want};

use crate::args::SearchArgs;
use crate::context::Context;
use crate::failure::usage;
use crate::site::{Site, failed};
use crate::terminal::table;

/// An opened installation with somebody signed in.
pub(crate) struct Seat {
    pub(crate) site: Site,
    pub(crate) access: Access,
    pub(crate) who: Principal,
}

impl Seat {
    pub(crate) async fn take(context: &Context) -> anyhow::Result<Self> {
        let site = context.site().await?;
        let access = context.access(&site)?;
        let who = context.sign_in(&access).await?;
        Ok(Self { site, access, who })
    }

    pub(crate) fn desk(&self) -> Desk<'_> {
        Desk::new(&self.access, self.site.store.clone(), self.site.journal.clone(), self.site.layout.indexes())
    }

    /// Signs what the command has written into the log, whatever came of it.
    pub(crate) async fn settled<T>(&self, done: Result<T, Error>) -> anyhow::Result<T> {
        self.site.settle_log().await;
        done.map_err(|error| match error {
            // Its sentence begins with the refusal.
            Error::Identifier(found) => found.into(),
            other => failed(other),
        })
    }
}

/// A mistake in a query is shown under the query, at its character.
pub(crate) fn pointed(query: &str, error: Error) -> anyhow::Error {
    match error {
        Error::Query(error) => {
            usage(format!("cannot read the query: {error}\n  {query}\n  {:>width$}", '^', width = error.at() + 1))
        }
        Error::Identifier(found) => found.into(),
        other => failed(other),
    }
}

pub(crate) async fn search(context: &Context, args: &SearchArgs) -> anyhow::Result<()> {
    let seat = Seat::take(context).await?;
    let want = Want {
        limit: usize::try_from(args.limit)?,
        offset: usize::try_from(args.offset)?,
        sort: args.sort,
        why: args.why,
        ..Want::first(0)
    };
    let hits = seat.desk().search(&seat.who, &args.case, &args.query, want).await;
    seat.site.settle_log().await;
    let hits = hits.map_err(|error| pointed(&args.query, error))?;
    context.output().show(&hits, |out| print(out, &hits))
}

/// An answer for people.
pub(crate) fn print(out: &mut dyn Write, hits: &Hits) -> std::io::Result<()> {
    let least = if hits.exact { "" } else { "at least " };
    writeln!(out, "{least}{} of {} captures fit  {}", hits.count, hits.documents, hits.understood)?;
    for pattern in &hits.expanded {
        let all = if pattern.cut { ", the commonest; narrow it for an exact count" } else { "" };
        writeln!(out, "{} stands for {} words{all}", pattern.pattern, pattern.words.len())?;
    }
    hits.hits.iter().try_for_each(|hit| show(out, hit))?;
    writeln!(out)?;
    facet(out, "sites", &hits.facets.site)?;
    facet(out, "boards", &hits.facets.board)?;
    facet(out, "languages", &hits.facets.language)?;
    facet(out, "places", &hits.facets.place)?;
    facet(out, "kinds", &hits.facets.kind)?;
    facet(out, "months", &hits.facets.month)
}

fn show(out: &mut dyn Write, hit: &Hit) -> std::io::Result<()> {
    writeln!(out, "\n{}  {}  {}  {}", hit.capture, hit.site, hit.day, hit.title)?;
    writeln!(out, "    {}", hit.snippet)?;
    for why in &hit.why {
        writeln!(out, "    because: {} in {}, {} times", why.part, why.place, why.times)?;
    }
    Ok(())
}

fn facet(out: &mut dyn Write, name: &str, values: &[FacetValue]) -> std::io::Result<()> {
    let list: Vec<_> = values.iter().map(|value| format!("{} {}", value.value, value.count)).collect();
    if list.is_empty() { Ok(()) } else { writeln!(out, "{name}: {}", list.join(", ")) }
}

pub(crate) async fn page(context: &Context, case: &CaseId, capture: CaptureId, reason: &str) -> anyhow::Result<()> {
    let seat = Seat::take(context).await?;
    let page = seat.settled(seat.desk().page(&seat.who, case, capture, reason).await).await?;
    context.output().show(&page, |out| {
        writeln!(out, "{}  {}  {}  {}", page.capture, page.site, page.kind, page.day())?;
        let named =
            |name: &str, value: Option<&String>| value.map_or_else(String::new, |value| format!("{name} {value}  "));
        let (board, language) = (named("board", page.board.as_ref()), named("language", page.language.as_ref()));
        writeln!(out, "{board}{language}places {}  redacted by {}", page.places.join(" "), page.rules)?;
        writeln!(out, "\n{}\n", search::one_line(&page.title))?;
        page.body.lines().try_for_each(|line| writeln!(out, "{}", search::one_line(line)))
    })
}

pub(crate) async fn pivot(context: &Context, case: &CaseId, token: Token, limit: u32) -> anyhow::Result<()> {
    let seat = Seat::take(context).await?;
    let pivot = seat.desk().pivot(&seat.who, case, token, usize::try_from(limit)?).await;
    let pivot = seat.settled(pivot).await?;
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
        let seen = |place: &search::PlaceSeen| {
            vec![place.place.clone(), place.captures.to_string(), place.first.clone(), place.last.clone()]
        };
        table(out, &["COUNTRY", "CAPTURES", "FIRST", "LAST"], &pivot.places.iter().map(seen).collect::<Vec<_>>())?;
        writeln!(out)?;
        let rows: Vec<_> =
            pivot.together.iter().map(|other| vec![other.token.to_string(), other.captures.to_string()]).collect();
        table(out, &["TOGETHER WITH", "CAPTURES"], &rows)
    })
}
