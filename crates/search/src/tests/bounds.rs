//! No query works past its deadline, or for more words than it says.

use model::{Clock, Timestamp};
use proptest::prelude::*;

use super::index::{Indexed, page};
use crate::limits::{MAX_EXPANSIONS, MAX_PATTERNS};
use crate::{Error, Want, parse};

#[test]
fn a_prefix_stands_for_so_many_words_and_says_when_there_are_more() {
    let words: Vec<String> = (0..400).map(|n| format!("harb{n:03}")).collect();
    let indexed = Indexed::of(&[page(1, "", &words.join(" ")), page(2, "", "harb000 harb001")]);
    let hits = indexed.hits("harb*", Want::first(5));
    let expanded = &hits.expanded[0];
    assert_eq!((expanded.words.len(), expanded.of, expanded.cut, hits.exact), (MAX_EXPANSIONS, 400, true, false));
    assert_eq!(expanded.words[..2], ["harb000", "harb001"], "the commonest come first");
    assert_eq!(hits.count, 2);
    let few = indexed.hits("harb39*", Want::first(5));
    assert_eq!((few.expanded[0].of, few.exact), (10, true));
}

#[test]
fn a_query_whose_time_is_up_answers_nothing() {
    let clock = Clock::manual(Timestamp::from_secs(1_795_000_000));
    let pages: Vec<_> = (1..=20).map(|number| page(number, "", "harbour one two three four five night")).collect();
    let indexed = Indexed::under(&pages, clock);
    // Near each other nowhere, so that nothing ever reaches the collector.
    for query in ["harbour", "harb*", "harbour~1", "harbour NEAR/2 night", "NOT harbour"] {
        let want = Want { budget_millis: -1, ..Want::first(5) };
        let answer = indexed.searcher.search(&indexed.licence, &parse(query).unwrap(), want);
        assert!(matches!(answer, Err(Error::Deadline { millis: -1 })), "{query}");
    }
}

/// Queries of every kind, out of what the pages hold and what they do not.
fn any_query() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("harb*".to_owned()),
        Just("harbour~2".to_owned()),
        Just("the".to_owned()),
        Just("\"the the\"".to_owned()),
        Just("the NEAR/100 the NEAR/1 night".to_owned()),
        Just("NOT".to_owned()),
        Just("OR".to_owned()),
        Just("(".to_owned()),
        Just(")".to_owned()),
        Just("day:2026".to_owned()),
        Just("site:*".to_owned()),
        "[a-z]{2,4}\\*",
        "[a-z]{7,9}~2",
        any::<String>(),
    ];
    prop::collection::vec(piece, 1..20).prop_map(|pieces| pieces.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn every_query_keeps_its_bounds(text in any_query()) {
        thread_local! {
            static INDEXED: Indexed = Indexed::of(
                &(1..=60).map(|n| page(n, "the night", &"the harbour of the the night ".repeat(30))).collect::<Vec<_>>(),
            );
        }
        if let Ok(query) = parse(&text) {
            INDEXED.with(|indexed| {
                let clock = Clock::system();
                let begun = clock.now();
                let answer = indexed.searcher.search(&indexed.licence, &query, Want { budget_millis: 2_000, ..Want::first(20) });
                // A second more than it was given, for a machine that is busy with other tests.
                prop_assert!(clock.now() <= begun.plus_millis(3_000), "{}", text);
                if let Ok(hits) = answer {
                    prop_assert!(hits.expanded.len() <= MAX_PATTERNS);
                    prop_assert!(hits.expanded.iter().all(|pattern| pattern.words.len() <= MAX_EXPANSIONS));
                    prop_assert!(hits.hits.len() <= 20 && hits.count <= hits.documents);
                }
                Ok(())
            })?;
        }
    }
}
