//! The way of a page: body to text, text to tree, tree to segments, links and records.

use std::sync::LazyLock;

use model::Timestamp;
use scraper::{Html, Selector};
use url::{Position, Url};

use crate::address::{Addresses, Leads};
use crate::body::{self, Body};
use crate::collector::Collector;
use crate::date::Now;
use crate::marks::Marks;
use crate::profile::select;
use crate::{
    CaptureRecord, Circumstances, Day, FetchedPage, FormKind, LinkKind, LoginForm, PageKind, ParsedPage, Problem,
    Profiles, Provenance, Session, SourceText, Wall, form, json, miner, paging, structured, tree, walk, wall,
};

/// Response headers that are about the transfer and hold nobody's words.
const TRANSFER_HEADERS: [&str; 18] = [
    "accept-ranges",
    "age",
    "alt-svc",
    "cache-control",
    "connection",
    "content-encoding",
    "content-language",
    "content-length",
    "content-type",
    "date",
    "etag",
    "expires",
    "keep-alive",
    "last-modified",
    "pragma",
    "strict-transport-security",
    "transfer-encoding",
    "vary",
];

static GENERATOR: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse("meta[name=generator i]").expect("a constant, compiled by every test"));

/// Parses a page. Never fails: what is wrong with the page is in [`ParsedPage::problems`].
#[must_use]
pub fn parse(page: FetchedPage, profiles: &Profiles) -> ParsedPage {
    let record = page.into_record();
    let mut out = Collector::default();
    let mut found = Found::default();
    Addresses::new(record.url.expose(), None).read(record.url.expose(), None, &mut out);
    headers(&record, &mut out);
    let mut source = SourceText::default();
    match body::read(&record, &mut out.problems) {
        Body::Markup(text, charset) => {
            found = markup(text.expose(), &record, profiles, &mut out);
            source = SourceText { text, charset, markup: true };
        }
        Body::Json(text) => {
            let mut problems = std::mem::take(&mut out.problems);
            json::values(text.expose(), &mut problems, |value| out.push_aside(Provenance::JsonLd, value, None));
            out.problems = problems;
        }
        Body::Plain(text, charset) => {
            // An empty line is the only border that plain text has.
            let lines = text.expose().replace("\r\n", "\n");
            lines.split("\n\n").for_each(|paragraph| out.push(Provenance::Visible, paragraph, None, None));
            source = SourceText { text, charset, markup: false };
        }
        Body::Nothing => {}
    }
    let language = found.language.or_else(|| {
        let header = record.response_headers.first("content-language").map(String::from_utf8_lossy)?;
        language_tag(header.split(',').next()?)
    });
    let circumstances = Circumstances::of(&record);
    let Marks { kind, records, .. } = found.marks;
    let only_ad = (kind == PageKind::Ad).then(|| records.first()).flatten();
    ParsedPage {
        capture: record.capture,
        site: record.site,
        url: record.url,
        kind,
        profile: found.profile,
        language,
        posted: records.iter().find_map(|record| record.posted),
        price: only_ad.and_then(|record| record.price),
        segments: out.segments,
        records,
        links: out.links,
        problems: out.problems,
        wall: found.wall,
        session: found.session,
        login: found.login,
        withheld: Vec::new(),
        forms: found.forms,
        source,
        circumstances,
    }
}

/// What the markup of a page says beside its text.
#[derive(Default)]
struct Found {
    marks: Marks,
    profile: Option<String>,
    language: Option<String>,
    wall: Option<Wall>,
    session: Session,
    login: Option<LoginForm>,
    forms: Vec<FormKind>,
}

fn markup(text: &str, record: &CaptureRecord, profiles: &Profiles, out: &mut Collector) -> Found {
    let document = tree::build(text, &mut out.problems);
    let generator = select(&document, &GENERATOR).find_map(|element| element.attr("content"));
    let profile = profiles.detect(&document, generator);
    let path_and_query = Url::parse(record.url.expose()).map(|url| url[Position::BeforePath..].to_owned());
    let rule = profile.and_then(|profile| profile.page(&document, path_and_query.as_deref().unwrap_or_default()));
    let mut marks = match (profile, rule) {
        (Some(profile), Some(rule)) => {
            Marks::find(&document, rule, profile.dates, now(record.started), &mut out.problems)
        }
        (Some(_), None) => {
            out.problems.add(Problem::UnknownPage);
            unprofiled(&document, now(record.started))
        }
        (None, _) => unprofiled(&document, now(record.started)),
    };
    if marks.next.is_empty() {
        marks.next = paging::next_links(&document, record.url.expose());
    }
    for (record, field, value) in &marks.values {
        out.push(Provenance::Attribute, value, Some(*field), *record);
    }
    let addresses = Addresses::new(record.url.expose(), profile);
    let base = addresses.base_in(&document);
    walk::walk(&document, &marks, addresses, out);
    let forms = form::forms(&document);
    let login = profile.and_then(|profile| profile.login.as_ref());
    let signed_in = login.is_some_and(|login| select(&document, &login.signed_in).next().is_some());
    Found {
        wall: wall::wall(&document, &forms, marks.records.len()),
        session: if signed_in || out.ends_session {
            Session::SignedIn
        } else {
            wall::session(out.links.iter().map(|link| link.href.expose().as_str()), &forms)
        },
        login: base.and_then(|base| form::login_form(&forms, &base)),
        forms: forms.iter().map(|form| form.kind).collect(),
        marks,
        profile: profile.map(|profile| format!("{} {}", profile.name(), profile.revision())),
        language: language(&document),
    }
}

/// Records of a page that no profile knows: as the page itself says, else by what repeats on it.
fn unprofiled(document: &Html, now: Option<Now>) -> Marks {
    structured::find(document, now).or_else(|| miner::find(document, now)).unwrap_or_default()
}

fn headers(record: &CaptureRecord, out: &mut Collector) {
    let addresses = Addresses::new(record.url.expose(), None);
    for (name, value) in record.response_headers.pairs() {
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        let value = String::from_utf8_lossy(value);
        match name.as_str() {
            "location" | "content-location" => addresses.read(&value, None, out),
            "onion-location" => {
                addresses.read(&value, None, out);
                addresses.link(&value, LinkKind::OnionLocation, "", Leads::Anywhere, None, out);
            }
            "content-disposition" => {
                if let Some((_, name)) = value.split_once("filename") {
                    out.push_aside(Provenance::FileName, name.trim_matches(['*', '=', '"', ' ']), None);
                }
                out.push_aside(Provenance::Header, &value, None);
            }
            _ if TRANSFER_HEADERS.contains(&name.as_str()) => {}
            _ => out.push_aside(Provenance::Header, &value, None),
        }
    }
}

/// The language that the root element states.
fn language(document: &Html) -> Option<String> {
    let root = document.tree.root().children().find_map(|node| node.value().as_element())?;
    root.attr("lang").or_else(|| root.attr("xml:lang")).and_then(language_tag)
}

/// A language tag in lower case, if it has the form of one.
fn language_tag(text: &str) -> Option<String> {
    let tag = text.trim().replace('_', "-").to_ascii_lowercase();
    let mut parts = tag.split('-');
    let primary =
        parts.next().is_some_and(|part| (2..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphabetic()));
    let rest = parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    (primary && rest && tag.len() <= 35).then_some(tag)
}

fn now(time: Timestamp) -> Option<Now> {
    let text = time.day();
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let day = Day { year: year.parse().ok()?, month: month.parse().ok()?, day: day.parse().ok()? };
    Some(Now { day, minute: time.millis().rem_euclid(86_400_000) / 60_000 })
}

#[cfg(test)]
mod tests;
