//! The whole line, in pages for each second of processor time, beside the least that any crawler does with the same
//! pages: parse with `scraper`, take text and links, index with `tantivy`. The ratio is what sealing, redacting, logging
//! and a durable, polite frontier cost.
//!
//! Ours is the shipped command over a site in memory, start to end, its children and all. How the wall time spreads over
//! the stages goes to standard error.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use rehearsal::Installation;
use scraper::{Html, Selector};
use synthetic::site::Site;
use tantivy::TantivyDocument;
use tantivy::schema::{STORED, Schema, TEXT};

use crate::watch::processor_seconds;
use crate::{HIGHER, Measured, Pair};

const SEED: u64 = 2026;
const PAGES: usize = 500;

pub(crate) fn measure() -> Result<Measured> {
    let installation = Installation::ready(&command()?, SEED, PAGES);
    let before = processor_seconds()?;
    let crawled = installation.crawl().good().json();
    let ours = processor_seconds()?.children - before.children;
    let kept = crawled["pages"]["kept"].as_f64().context("pages kept")?;

    // Ten times over, so that ticks of a hundredth of a second are fine enough.
    let before = processor_seconds()?;
    let mut pages = 0;
    for _ in 0..10 {
        pages += bare(&installation.site)?;
    }
    let peer = processor_seconds()?.own - before.own;
    let pair = Pair { ours: kept / ours, peer: pages as f64 / peer, unit: "pages/CPU-s", better: HIGHER };
    Ok(Measured { notes: stages(&crawled, kept), ..Measured::one("line", pair) })
}

/// Beside this program, where `cargo xtask bench` builds it.
fn command() -> Result<PathBuf> {
    let beside = std::env::current_exe()?.with_file_name("lanthorn-in-memory");
    anyhow::ensure!(beside.exists(), "build it first: cargo build --release --package rehearsal --bins");
    Ok(beside)
}

/// How the wall time of the crawl spreads over the stages.
pub(crate) fn stages(crawled: &serde_json::Value, kept: f64) -> Vec<String> {
    let mut lines = vec![format!("{:<8} {:>8} {:>12} {:>12}", "stage", "passes", "wall ms", "pages/s")];
    for stage in crawled["stages"].as_array().into_iter().flatten() {
        let millis = stage["millis"].as_f64().unwrap_or_default().max(1.0);
        let (name, passes) =
            (stage["stage"].as_str().unwrap_or_default(), stage["passes"].as_u64().unwrap_or_default());
        lines.push(format!("{name:<8} {passes:>8} {millis:>12} {:>12.0}", kept / millis * 1000.0));
    }
    lines
}

/// Parses and indexes every good page as plainly as can be; how many there were.
fn bare(site: &Site) -> Result<usize> {
    let folder = tempfile::tempdir()?;
    let mut fields = Schema::builder();
    let (url, body) = (fields.add_text_field("url", STORED), fields.add_text_field("body", TEXT | STORED));
    let index = tantivy::Index::create_in_dir(folder.path(), fields.build())?;
    let mut writer = index.writer_with_num_threads(1, 64 << 20)?;
    let anchor = Selector::parse("a[href]").map_err(|_| anyhow::anyhow!("a constant"))?;
    for path in &site.in_scope {
        let html = Html::parse_document(&String::from_utf8_lossy(&site.pages[path].body));
        let links = html.select(&anchor).filter_map(|link| link.attr("href")).count();
        std::hint::black_box(links);
        let mut document = TantivyDocument::default();
        document.add_text(url, path);
        document.add_text(body, html.root_element().text().collect::<String>());
        writer.add_document(document)?;
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    Ok(site.in_scope.len())
}
