//! What `page` finds on pages that other people annotated: links to the next page, and pages that want a login.
//!
//! The data are fetched by whoever measures and never become part of the repository:
//! `TeamHG-Memex/autopager` and `TeamHG-Memex/Formasaurus`, both MIT.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use model::{AuthorisationId, CaptureId, Timestamp};
use page::{CaptureRecord, FetchedPage, FormKind, LinkKind, LinkTarget, ParsedPage, Profiles, parse};
use regex::Regex;
use scraper::{ElementRef, Html, Selector};
use serde::{Deserialize, Serialize};
use url::Url;

/// Found and missed of one thing.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// The set and the thing.
    pub what: String,
    /// Pages.
    pub pages: usize,
    /// Things that are there.
    pub truth: usize,
    /// Of those, the ones found.
    pub found: usize,
    /// Things found that are not there.
    pub wrong: usize,
    /// `found / truth`.
    pub recall: f64,
    /// `found / (found + wrong)`.
    pub precision: f64,
}

/// One page: what is there, what was found.
struct Judged {
    truth: BTreeSet<String>,
    found: BTreeSet<String>,
}

/// Measures the links to the next page on the data folder of autopager (`data.csv` and `html`).
///
/// A link counts by where it leads; links that lead nowhere but to a script or a fragment of the same page cannot be
/// followed by a reader without scripts and are left out on both sides. The first row is by signs alone, the second with
/// the built-in profiles, which also take a number for the next page where a forum has no other link to it; annotators
/// call that a page among pages.
///
/// # Errors
/// When the folder is not that of autopager.
pub fn next_links(data: &Path, mut wrong: impl FnMut(&str, &str, &str)) -> Result<Vec<Row>> {
    let table = fs::read_to_string(data.join("data.csv")).context("read data.csv")?;
    let mut lines = records(&table).into_iter();
    let head = lines.next().context("data.csv is empty")?;
    let column = |name: &str| head.iter().position(|cell| cell == name).with_context(|| format!("no column {name}"));
    let (file, address, charset, next, failed) =
        (column("File Name")?, column("Page URL")?, column("Encoding")?, column("NEXT")?, column("failed")?);
    let (signs, profiles) = (Profiles::default(), Profiles::builtin());
    let (mut by_signs, mut by_profile) = (Vec::new(), Vec::new());
    for line in lines {
        let cell = |at: usize| line.get(at).map(String::as_str).unwrap_or_default();
        if !cell(failed).is_empty() || cell(file).is_empty() {
            continue;
        }
        let path = data.join("html").join(format!("{}.html", cell(file)));
        let html = fs::read(&path).with_context(|| format!("read {}", path.display()))?;
        let url = cell(address);
        let truth = annotated(&String::from_utf8_lossy(&html), url, cell(next));
        let found = found_next(url, html.clone(), cell(charset), &signs);
        found.difference(&truth).for_each(|link| wrong("wrong", url, link));
        truth.difference(&found).for_each(|link| wrong("missed", url, link));
        by_profile.push(Judged { truth: truth.clone(), found: found_next(url, html, cell(charset), &profiles) });
        by_signs.push(Judged { truth, found });
    }
    Ok(vec![row("links to the next page", &by_signs), row("the same, with profiles", &by_profile)])
}

fn found_next(url: &str, html: Vec<u8>, charset: &str, profiles: &Profiles) -> BTreeSet<String> {
    let links = parsed(url, html, charset, profiles).take_links().into_iter();
    links
        .filter(|link| link.kind == LinkKind::Anchor && link.target == LinkTarget::NextPage)
        .map(|link| link.href.into_inner())
        .collect()
}

/// Where the links lead that the annotation's selector means: the links around, at or inside what it matches.
fn annotated(html: &str, url: &str, selector: &str) -> BTreeSet<String> {
    let (Ok(own), Ok(selector)) = (Url::parse(url), Selector::parse(selector)) else { return BTreeSet::new() };
    let document = Html::parse_document(html);
    let is_link = |element: &ElementRef<'_>| element.value().name() == "a";
    let base = Selector::parse("base[href]").expect("a constant");
    let base = document.select(&base).next().and_then(|base| own.join(base.attr("href")?).ok()).unwrap_or(own);
    let mut out = BTreeSet::new();
    for element in document.select(&selector) {
        let around: Vec<_> = element.ancestors().filter_map(ElementRef::wrap).filter(is_link).collect();
        let links = if around.is_empty() { element.descendent_elements().filter(is_link).collect() } else { around };
        for href in links.iter().filter_map(|link| link.attr("href")).map(str::trim) {
            let Ok(mut url) = base.join(href) else { continue };
            if !href.is_empty() && !href.starts_with('#') && matches!(url.scheme(), "http" | "https") {
                url.set_fragment(None);
                out.insert(url.into());
            }
        }
    }
    out
}

/// Measures which forms and pages are for signing in, on the data folder of Formasaurus (`index.json` and `html`).
/// Pages whose file begins with `onion-` are never opened.
///
/// The annotations say what each form is for. They do not say whether a page is a wall; the second row takes a page for
/// one if its address says that it is for signing in and one of its forms does, and the third row counts the pages with
/// no such form that were taken for one.
///
/// # Errors
/// When the folder is not that of Formasaurus.
pub fn login_walls(data: &Path, mut wrong: impl FnMut(&str, &str, &str)) -> Result<Vec<Row>> {
    let index = fs::read_to_string(data.join("index.json")).context("read index.json")?;
    let index: BTreeMap<String, Annotated> = serde_json::from_str(&index).context("read index.json")?;
    let says_login = Regex::new(r"(?i)(?:log|sign)[-_]?(?:in|on)(?:[^a-z]|$)").expect("a constant");
    let profiles = Profiles::builtin();
    let (mut forms, mut walls, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for (file, about) in index {
        let path = data.join(&file);
        if file.contains("onion-") || about.forms.iter().all(|form| form == "X") || !path.exists() {
            continue;
        }
        let page = parsed(
            &about.url,
            fs::read(&path).with_context(|| format!("read {}", path.display()))?,
            "utf-8",
            &profiles,
        );
        // Fields that stand in no form come last and are in no annotation.
        let found: Vec<_> = page.forms().iter().take(about.forms.len()).copied().collect();
        let numbers =
            |is: &dyn Fn(usize) -> bool| (0..about.forms.len()).filter(|at| is(*at)).map(|at| at.to_string()).collect();
        let judged: Judged = Judged {
            truth: numbers(&|at| about.forms[at] == "l"),
            found: numbers(&|at| !matches!(&*about.forms[at], "-" | "X") && found.get(at) == Some(&FormKind::Login)),
        };
        judged.found.difference(&judged.truth).for_each(|at| wrong("wrong form", &about.url, at));
        judged.truth.difference(&judged.found).for_each(|at| wrong("missed form", &about.url, at));
        let has_login = !judged.truth.is_empty();
        let wall = page.wall().map(|wall| wall.as_str().to_owned()).into_iter().filter(|wall| wall == "login-wall");
        let wall = Judged {
            truth: (has_login && says_login.is_match(&about.url))
                .then(|| "login-wall".to_owned())
                .into_iter()
                .collect(),
            found: wall.collect(),
        };
        if !wall.truth.is_empty() {
            if wall.found.is_empty() {
                wrong("missed wall", &about.url, "");
            }
            walls.push(wall);
        } else if !about.forms.iter().any(|form| matches!(&**form, "l" | "-" | "X")) {
            if !wall.found.is_empty() {
                wrong("wrong wall", &about.url, "");
            }
            others.push(wall);
        }
        forms.push(judged);
    }
    Ok(vec![
        row("forms for signing in", &forms),
        row("walls at addresses that say login", &walls),
        row("walls where no form is a login", &others),
    ])
}

/// What Formasaurus says about one page.
#[derive(Deserialize)]
struct Annotated {
    url: String,
    /// One letter for each form: `l` login, `r` registration, `-` to be skipped, `X` not annotated, …
    forms: Vec<String>,
}

fn row(what: &str, judged: &[Judged]) -> Row {
    let truth = judged.iter().map(|page| page.truth.len()).sum();
    let found = judged.iter().map(|page| page.truth.intersection(&page.found).count()).sum();
    let wrong = judged.iter().map(|page| page.found.difference(&page.truth).count()).sum();
    Row {
        what: what.to_owned(),
        pages: judged.len(),
        truth,
        found,
        wrong,
        recall: share(found, truth),
        precision: share(found, found + wrong),
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of pages")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

fn parsed(url: &str, html: Vec<u8>, charset: &str, profiles: &Profiles) -> ParsedPage {
    let now = Timestamp::parse_rfc3339("2026-11-24T04:00:00Z").expect("a constant");
    let (capture, authorisation) = (CaptureId::from_bytes([1; 16]), AuthorisationId::from_bytes([2; 16]));
    let case = "measured-pages-2026".parse().expect("a constant");
    let mut record = CaptureRecord::begun(capture, authorisation, case, "measured", url, now);
    record.status = 200;
    record.body = html.into();
    record.response_headers = vec![(b"Content-Type".to_vec(), format!("text/html; charset={charset}").into())].into();
    parse(FetchedPage::new(record), profiles)
}

/// The records of a CSV file whose cells may be quoted (RFC 4180).
fn records(text: &str) -> Vec<Vec<String>> {
    let (mut out, mut line, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => line.push(std::mem::take(&mut cell)),
            '\n' if !quoted => {
                line.push(std::mem::take(&mut cell));
                out.push(std::mem::take(&mut line));
            }
            '\r' if !quoted => {}
            other => cell.push(other),
        }
    }
    if !cell.is_empty() || !line.is_empty() {
        line.push(cell);
        out.push(line);
    }
    out
}

/// A table for people.
#[must_use]
pub fn table(rows: &[Row]) -> String {
    let mut out = format!(
        "{:<34} {:>6} {:>6} {:>6} {:>6} {:>7} {:>9}\n",
        "WHAT", "PAGES", "THERE", "FOUND", "WRONG", "RECALL", "PRECISION"
    );
    for row in rows {
        let Row { what, pages, truth, found, wrong, recall, precision } = row;
        out.push_str(&format!(
            "{what:<34} {pages:>6} {truth:>6} {found:>6} {wrong:>6} {recall:>7.3} {precision:>9.3}\n"
        ));
    }
    out
}
