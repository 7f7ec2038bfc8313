//! The archive of originals that goes with an unredacted edition: made in memory of the requester's machine, and encrypted to the
//! recipient before a byte of it is written.

use evidence::{Exchange, Setting};
use model::Kind;
use page::{FetchedPage, Method, Truncation};
use serde_json::json;

use crate::commands::unseal::DisclosedOriginal;
use crate::failure::failure;
use crate::site::failed;

/// The age file for `recipient`.
pub(super) fn archive(setting: &Setting, recipient: &str, originals: &[DisclosedOriginal]) -> anyhow::Result<Vec<u8>> {
    let pages = originals.iter().map(|original| original.opened.page().map_err(failed));
    let mut pages = pages.collect::<anyhow::Result<Vec<_>>>()?;
    pages.sort_by_key(|page| page.record().capture);
    if pages.is_empty() {
        return Err(failure(
            Kind::Usage,
            "the grant is for the unredacted edition: name the opened requests with --original",
        ));
    }
    let exchanges: Vec<Exchange<'_>> = pages.iter().map(exchange).collect();
    let case = setting.disclosure.case.as_str();
    let archive = evidence::unredacted(case, &setting.tool, setting.made, &exchanges).map_err(failed)?;
    client::to_recipient(recipient, &archive).map_err(failed)
}

fn exchange(page: &FetchedPage) -> Exchange<'_> {
    let record = page.record();
    Exchange {
        capture: record.capture,
        method: match record.method {
            Method::Get => "GET",
            Method::Head => "HEAD",
        },
        url: record.url.expose(),
        request_headers: record.request_headers.pairs(),
        status: record.status,
        response_headers: record.response_headers.pairs(),
        body: record.body.expose(),
        started: record.started,
        ended: record.ended,
        truncated: record.truncated.map(|why| match why {
            Truncation::Length => "length",
            Truncation::Time => "time",
            Truncation::Disconnect => "disconnect",
        }),
        facts: json!(record.facts),
    }
}
