//! What an answer holds besides its hits.

use super::index::{Indexed, page};
use crate::{Count, Error, Sort, Want, parse};

fn indexed() -> Indexed {
    let text = |number: u8| {
        format!(
            "Quiet flat by the harbour number {number}. {}",
            if number.is_multiple_of(7) { "Call [PHONE:k7f3a9q2m4xtc] now" } else { "" }
        )
    };
    Indexed::of(&(1..=40).map(|number| page(number, "Harbour night", &text(number))).collect::<Vec<_>>())
}

#[test]
fn facets_histogram_and_count_come_with_the_hits() {
    let indexed = indexed();
    let hits = indexed.hits("harbour", Want::first(5));
    assert_eq!((hits.count, hits.exact, hits.documents, hits.hits.len()), (40, true, 40, 5));
    let told =
        |values: &[crate::FacetValue]| values.iter().map(|v| format!("{} {}", v.value, v.count)).collect::<Vec<_>>();
    assert_eq!(told(&hits.facets.site), ["forum-1 14", "forum-0 13", "forum-2 13"]);
    assert_eq!(told(&hits.facets.board), ["New ads 20"]);
    assert_eq!(told(&hits.facets.place), ["DE 30", "RO 10"]);
    assert_eq!(told(&hits.facets.month), ["2026-12 27", "2026-11 13"]);
    let few = indexed.hits("[PHONE:k7f3a9q2m4xtc]", Want::first(5));
    assert_eq!((few.count, told(&few.facets.kind)), (5, vec!["ad <10".to_owned()]));
    let bars = &hits.histogram.bars;
    assert!(bars.iter().all(|bar| bar.count == Count::Few || bar.count == Count::Exactly(0)) && bars.len() == 41);
}

#[test]
fn a_facet_narrows_the_query() {
    let indexed = indexed();
    let query = parse("harbour OR night").unwrap();
    let narrowed = query.narrowed("board", "New ads").unwrap().narrowed("day", "2026-11").unwrap();
    assert_eq!(narrowed.to_string(), "(harbour OR night) AND board:\"New ads\" AND day:2026-11-01..2026-11-30");
    let hits = indexed.searcher.search(&indexed.licence, &narrowed, 50).unwrap();
    assert_eq!(hits.count, 6);
    assert!(query.narrowed("colour", "red").is_err() && query.narrowed("day", "soon").is_err());
}

#[test]
fn hits_come_in_the_order_asked_for_and_pages_do_not_overlap() {
    let indexed = indexed();
    let order = |sort: Sort, offset: usize| {
        let hits = indexed.hits("harbour", Want { sort, offset, ..Want::first(20) });
        hits.hits.iter().map(|hit| hit.capture.as_bytes()[0]).collect::<Vec<_>>()
    };
    assert_eq!(order(Sort::Newest, 0), (21..=40).rev().collect::<Vec<_>>());
    assert_eq!(order(Sort::Oldest, 20), (21..=40).collect::<Vec<_>>());
    assert_eq!(order(Sort::Cheapest, 0)[..3], [1, 2, 4]);
    assert_eq!(order(Sort::Dearest, 0)[..3], [40, 38, 37]);
    assert_eq!(order(Sort::NewestPosted, 0)[..2], [39, 38], "40 does not say when it was posted");
    let mut all = order(Sort::Best, 0);
    all.extend(order(Sort::Best, 20));
    all.sort_unstable();
    assert_eq!(all, (1..=40).collect::<Vec<_>>());
}

#[test]
fn a_hit_says_why() {
    let indexed = indexed();
    let want = Want { why: true, ..Want::first(1) };
    let hits = indexed.hits("harb* \"by the harbour\" flat NEAR/5 call NOT maria site:forum-1", want);
    let why = |hit: &crate::Hit| {
        hit.why.iter().map(|why| format!("{} in {} x{}", why.part, why.place, why.times)).collect::<Vec<_>>()
    };
    assert!(hits.hits.is_empty(), "call stands more than five words after flat");
    let hits = indexed.hits("harb* \"by the harbour\" number NEAR/2 call NOT maria site:forum-1", want);
    assert_eq!(
        why(&hits.hits[0]),
        [
            "harb* in title x1",
            "harb* in body x1",
            "\"by the harbour\" in body x1",
            "number NEAR/2 call in body x1",
            "site:forum-1 in site x1"
        ]
    );
    assert_eq!(hits.expanded[0].words, ["harbour"]);
}

#[test]
fn a_whole_page_is_read_by_its_capture() {
    let indexed = indexed();
    let page = page(7, "", "");
    let document = indexed.searcher.document(&indexed.licence, page.capture).unwrap();
    assert_eq!((document.site.as_str(), document.tokens.len()), ("forum-1", 1));
    assert!(document.body.starts_with("Quiet flat"));
    let other = model::CaptureId::from_bytes([99; 16]);
    assert!(matches!(indexed.searcher.document(&indexed.licence, other), Err(Error::NoCapture)));
}

#[test]
fn a_pivot_tells_places_over_time() {
    let indexed = indexed();
    let pivot = indexed.searcher.pivot_newest(&indexed.licence, "[PHONE:k7f3a9q2m4xtc]".parse().unwrap(), 2).unwrap();
    assert_eq!((pivot.count, pivot.captures.len()), (5, 2));
    let places: Vec<_> = pivot.places.iter().map(|seen| (seen.place.as_str(), seen.captures)).collect();
    assert_eq!(places, [("DE", 4), ("RO", 1)]);
    assert!(pivot.places[0].first < pivot.places[1].first && pivot.places[0].last > pivot.places[1].last);
}
