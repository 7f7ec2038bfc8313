//! Searching beside raw tantivy over the same advertisements in the same run: indexing by processor time, the analyst's page,
//! the pivot, how soon a commit is seen; and, beside what was planted, how many near-duplicates are found. How long a proven
//! erasure takes is told in a note.
//!
//! A million advertisements in release mode; a build for debugging takes a few thousand, so that the bench itself is tested.
//! `LANTHORN_BENCH_ADS` says otherwise.

mod corpus;
mod index;

use std::collections::HashSet;
use std::path::Path;

use anyhow::{Result, ensure};
use indexer::{Erasure, Indexer};
use model::{CaptureId, Clock};
use search::{Licence, SearchCapability, Searcher, Want};
use tantivy::aggregation::AggregationCollector;
use tantivy::aggregation::agg_req::Aggregations;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, Occur, Query};
use tantivy::snippet::SnippetGenerator;
use tantivy::{DateTime, IndexReader, Order, ReloadPolicy, TantivyDocument};

use self::corpus::{Ad, Corpus, Rng};
use self::index::{Ours, Raw};
use crate::watch::{Wall, processor_seconds};
use crate::{HIGHER, LOWER, Measured, Pair};

const CASE: &str = "op-bench";
const QUERIES: usize = if cfg!(debug_assertions) { 20 } else { 400 };
const COMMITS: usize = if cfg!(debug_assertions) { 3 } else { 60 };
const VISIBLE_ADS: usize = 1_000;
/// Copies of each template, and words of seventy that are changed in a copy.
const COPIES: usize = 5;
const SLOTS: usize = 8;

#[expect(clippy::disallowed_methods, reason = "a bench is told by its environment how many ads it makes")]
fn ads() -> Result<usize> {
    let default = if cfg!(debug_assertions) { 3_000 } else { 1_000_000 };
    std::env::var("LANTHORN_BENCH_ADS").map_or(Ok(default), |ads| Ok(ads.parse()?))
}

pub(crate) fn measure() -> Result<Measured> {
    let ads = ads()?;
    let corpus = Corpus::new(ads);
    let folder = tempfile::tempdir()?;
    let (our_folder, raw_folder) = (folder.path().join(CASE), folder.path().join("raw"));
    let mut measured = Measured::default();
    let raw = indexed(&mut measured, &corpus, ads, &our_folder, &raw_folder)?;
    let licence = Licence::mint(&capability()?, CASE.parse()?);
    let searcher = Searcher::open(&our_folder, Clock::system())?;
    page(&mut measured, &corpus, &searcher, &licence, &raw)?;
    pivot(&mut measured, &corpus, &searcher, &licence, &raw)?;
    drop(searcher);
    erased(&mut measured, &our_folder, ads)?;
    visible(&mut measured, &corpus, ads)?;
    near_duplicates(&mut measured, ads / 10)?;
    Ok(measured)
}

/// Documents by second of processor time: one thread each, and what merging costs.
fn indexed(measured: &mut Measured, corpus: &Corpus, ads: usize, ours: &Path, raw: &Path) -> Result<Raw> {
    const BATCH: usize = 20_000;
    let (mut ours, mut raw) = (Ours::create(ours)?, Raw::create(raw)?);
    let (mut our_seconds, mut raw_seconds) = (0.0, 0.0);
    for from in (0..ads).step_by(BATCH) {
        let batch: Vec<Ad> = (from..ads.min(from + BATCH)).map(|number| corpus.ad(number)).collect();
        our_seconds += used(|| {
            batch.iter().try_for_each(|ad| ours.add(ad))?;
            ours.commit()
        })?;
        raw_seconds += used(|| {
            batch.iter().try_for_each(|ad| raw.add(ad))?;
            raw.writer.commit()?;
            Ok(())
        })?;
    }
    our_seconds += used(|| Ok(ours.writer.wait_merging_threads()?))?;
    let (index, fields) = (raw.index.clone(), raw.fields);
    raw_seconds += used(|| Ok(raw.writer.wait_merging_threads()?))?;
    let rate = |seconds: f64| ads as f64 / seconds;
    let unit = "ads/CPU-s (raw tantivy)";
    measured.pair("search indexing", Pair { ours: rate(our_seconds), peer: rate(raw_seconds), unit, better: HIGHER });
    let writer = index.writer_with_num_threads(1, 15_000_000)?;
    Ok(Raw { index, writer, fields })
}

fn used(work: impl FnOnce() -> Result<()>) -> Result<f64> {
    let before = processor_seconds()?.own;
    work()?;
    Ok(processor_seconds()?.own - before)
}

/// Milliseconds at the middle and at the 99th of a hundred.
fn percentiles(mut millis: Vec<f64>) -> (f64, f64) {
    millis.sort_by(f64::total_cmp);
    let at = |part: usize| millis[(millis.len() * part / 100).min(millis.len() - 1)];
    (at(50), at(99))
}

fn millis(work: impl FnOnce() -> Result<()>) -> Result<f64> {
    let wall = Wall::begin();
    work()?;
    Ok(wall.seconds() * 1_000.0)
}

/// Two words, the count, facets, histogram and twenty snippets, by turns.
fn page(measured: &mut Measured, corpus: &Corpus, searcher: &Searcher, licence: &Licence, raw: &Raw) -> Result<()> {
    let reader: IndexReader = raw.index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    let peer = reader.searcher();
    let mut rng = Rng::new(99);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for turn in 0..QUERIES + QUERIES / 4 {
        let words = [corpus.word(20, 300, &mut rng), corpus.word(20, 300, &mut rng)];
        let query = search::parse(&format!("body:{} body:{}", words[0], words[1]))?;
        let mut counts = (0, 0);
        let our = millis(|| {
            counts.0 = searcher.search(licence, &query, Want::first(20))?.count;
            Ok(())
        })?;
        let their = millis(|| {
            counts.1 = raw_page(&peer, raw, words)?;
            Ok(())
        })?;
        ensure!(counts.0 == counts.1, "ours finds {} and raw tantivy {}", counts.0, counts.1);
        // The first quarter warms the caches of both.
        if turn >= QUERIES / 4 {
            ours.push(our);
            theirs.push(their);
        }
    }
    let ((our_middle, our_tail), (their_middle, their_tail)) = (percentiles(ours), percentiles(theirs));
    let unit = "ms (raw tantivy)";
    measured.pair("search page p50", Pair { ours: our_middle, peer: their_middle, unit, better: LOWER });
    measured.pair("search page p99", Pair { ours: our_tail, peer: their_tail, unit, better: LOWER });
    Ok(())
}

fn raw_page(peer: &tantivy::Searcher, raw: &Raw, words: [&str; 2]) -> Result<u64> {
    let facets = serde_json::json!({
        "site": {"terms": {"field": "site", "size": 50}},
        "language": {"terms": {"field": "language", "size": 50}},
        "place": {"terms": {"field": "place", "size": 50}},
        "month": {"date_histogram": {"field": "posted", "fixed_interval": "30d"}},
    });
    let facets: Aggregations = serde_json::from_value(facets)?;
    let facets = AggregationCollector::from_aggs(facets, Default::default());
    let both = words.map(|word| {
        let query: Box<dyn Query> = Box::new(raw.term(raw.fields.body, word));
        (Occur::Must, query)
    });
    let query = BooleanQuery::new(both.into());
    let (hits, count, _) = peer.search(&query, &(TopDocs::with_limit(20).order_by_score(), Count, facets))?;
    let generator = SnippetGenerator::create(peer, &query, raw.fields.body)?;
    for (_, address) in hits {
        let document: TantivyDocument = peer.doc(address)?;
        std::hint::black_box(generator.snippet_from_doc(&document).to_html());
    }
    Ok(count as u64)
}

/// All captures with a token: the newest twenty, the count, what stands beside it, sites, places, first and last; beside the
/// newest twenty and the count alone.
fn pivot(measured: &mut Measured, corpus: &Corpus, searcher: &Searcher, licence: &Licence, raw: &Raw) -> Result<()> {
    let reader: IndexReader = raw.index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    let peer = reader.searcher();
    // The same questions twice. Ours were mapped when the columns were opened, but are in no cache yet; the peer reads its
    // files for the first time.
    for asked in ["first", "again"] {
        let mut rng = Rng::new(17);
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..QUERIES {
            let token = corpus.token(&mut rng);
            ours.push(millis(|| {
                std::hint::black_box(searcher.pivot_newest(licence, token, 20)?);
                Ok(())
            })?);
            theirs.push(millis(|| {
                let newest = TopDocs::with_limit(20).order_by_fast_field::<DateTime>("posted", Order::Desc);
                let (hits, _) = peer.search(&raw.term(raw.fields.token, &token.to_string()), &(newest, Count))?;
                for (_, address) in hits {
                    std::hint::black_box(peer.doc::<TantivyDocument>(address)?);
                }
                Ok(())
            })?);
        }
        let ((our_middle, our_tail), (their_middle, their_tail)) = (percentiles(ours), percentiles(theirs));
        for (part, ours, peer) in [("p50", our_middle, their_middle), ("p99", our_tail, their_tail)] {
            let pair = Pair { ours, peer, unit: "ms (raw tantivy)", better: LOWER };
            measured.pair(&format!("search pivot {part}, asked {asked}"), pair);
        }
    }
    Ok(())
}

fn erased(measured: &mut Measured, folder: &Path, ads: usize) -> Result<()> {
    let wall = Wall::begin();
    let mut indexer = Indexer::open(folder)?;
    let capture = CaptureId::from_bytes((ads as u128 / 2).to_be_bytes());
    let erasure = indexer.erase(&[capture])?;
    ensure!(matches!(erasure, Erasure::Proved(_)), "the erasure is pending: {erasure:?}");
    measured.notes.push(format!("search: one of {ads} ads erased and proved in {:.1} s", wall.seconds()));
    Ok(())
}

/// From the first of a thousand documents handed over to the answer that has them, an index opened anew included.
fn visible(measured: &mut Measured, corpus: &Corpus, ads: usize) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (our_folder, raw_folder) = (folder.path().join("op-seen"), folder.path().join("raw"));
    let (mut ours, mut raw) = (Ours::create(&our_folder)?, Raw::create(&raw_folder)?);
    let (mut our_millis, mut raw_millis) = (Vec::new(), Vec::new());
    for turn in 0..COMMITS {
        let from = ads + turn * VISIBLE_ADS;
        let batch: Vec<Ad> = (from..from + VISIBLE_ADS).map(|number| corpus.ad(number)).collect();
        batch.iter().try_for_each(|ad| ours.add(ad))?;
        let expected = ((turn + 1) * VISIBLE_ADS) as u64;
        our_millis.push(millis(|| {
            ours.commit()?;
            ensure!(Searcher::open(&our_folder, Clock::system())?.documents() == expected, "a commit is not seen");
            Ok(())
        })?);
        batch.iter().try_for_each(|ad| raw.add(ad))?;
        raw_millis.push(millis(|| {
            raw.writer.commit()?;
            let reader: IndexReader = raw.index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
            ensure!(reader.searcher().num_docs() == expected, "a commit is not seen");
            Ok(())
        })?);
    }
    let (ours, peer) = (percentiles(our_millis).1, percentiles(raw_millis).1);
    measured.pair("search visible p99", Pair { ours, peer, unit: "ms (raw tantivy)", better: LOWER });
    Ok(())
}

/// Every fiftieth ad is a template posted five times, eight words of seventy changed in each: of what was planted, how much is
/// found; and what is found that was not planted.
fn near_duplicates(measured: &mut Measured, ads: usize) -> Result<()> {
    let corpus = Corpus::new(ads);
    let folder = tempfile::tempdir()?;
    let folder = folder.path().join("op-alike");
    let mut ours = Ours::create(&folder)?;
    let mut rng = Rng::new(5);
    let mut planted: HashSet<(CaptureId, CaptureId)> = HashSet::new();
    let (mut written, mut number) = (0_usize, 0_usize);
    let capture = |written: usize| CaptureId::from_bytes((written as u128).to_be_bytes());
    while written < ads {
        let mut ad = corpus.ad(number);
        let copies = if number.is_multiple_of(50) { COPIES } else { 1 };
        let first = written;
        let original = ad.body.clone();
        for _ in 0..copies {
            if copies > 1 {
                let mut words: Vec<&str> = original.split_whitespace().collect();
                for _ in 0..SLOTS {
                    let at = rng.below(words.len());
                    words[at] = &corpus.words[rng.below(corpus.words.len())];
                }
                ad.body = words.join(" ");
            }
            ad.capture = capture(written);
            ours.add(&ad)?;
            planted.extend((first..written).map(|other| (capture(other), capture(written))));
            written += 1;
        }
        number += 1;
    }
    ours.commit()?;
    ours.writer.wait_merging_threads()?;
    let searcher = Searcher::open(&folder, Clock::system())?;
    let licence = Licence::mint(&capability()?, "op-alike".parse()?);
    let wall = Wall::begin();
    let groups = searcher.groups(&licence, usize::MAX)?;
    let seconds = wall.seconds();
    let mut found: HashSet<(CaptureId, CaptureId)> = HashSet::new();
    for group in &groups.groups {
        let mut members: Vec<CaptureId> = group.members.iter().map(|member| member.capture).collect();
        members.sort_unstable();
        for (place, one) in members.iter().enumerate() {
            found.extend(members[place + 1..].iter().map(|other| (*one, *other)));
        }
    }
    let hit = planted.intersection(&found).count() as f64;
    let false_pairs = found.difference(&planted).count();
    let unit = "of the planted pairs (all of them)";
    measured.pair("near-duplicates found", Pair { ours: hit / planted.len() as f64, peer: 1.0, unit, better: HIGHER });
    measured.notes.push(format!(
        "search: {} pairs planted in {written} ads, {false_pairs} false pairs, grouped in {seconds:.1} s",
        planted.len()
    ));
    Ok(())
}

fn capability() -> Result<SearchCapability> {
    SearchCapability::take().ok_or_else(|| anyhow::anyhow!("the search capability is taken"))
}
