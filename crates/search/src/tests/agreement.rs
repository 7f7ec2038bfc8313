//! A page held against a query by itself fits exactly where the index finds it: alerts and searches never differ.

use proptest::prelude::*;

use super::index::{Indexed, page};
use crate::{Document, Prepared, parse};

const WORDS: [&str; 12] = [
    "harbour",
    "harbor",
    "harbours",
    "night",
    "nights",
    "new",
    "Ferienwohnung",
    "wohnung",
    "habitación",
    "[PHONE:k7f3a9q2m4xtc]",
    "3.50",
    "hrabour",
];

fn any_text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&WORDS[..]), 0..14).prop_map(|words| words.join(" "))
}

fn any_page() -> impl Strategy<Value = Vec<Document>> {
    let texts = prop::collection::vec((any_text(), any_text()), 1..12);
    texts.prop_map(|texts| (1..).zip(texts).map(|(number, (title, body))| page(number, &title, &body)).collect())
}

fn any_leaf() -> impl Strategy<Value = String> {
    let word =
        prop::sample::select(&["harbour", "night", "new", "wohnung", "habitacion", "hotel", "ferienwohnung"][..]);
    prop_oneof![
        word.clone().prop_map(str::to_owned),
        (word.clone(), word.clone()).prop_map(|(a, b)| format!("\"{a} {b}\"")),
        word.clone().prop_map(|word| format!("title:{}*", word.get(..3).unwrap_or(word))),
        word.clone().prop_map(|word| format!("{}*", word.get(..4).unwrap_or(word))),
        Just("harbour~1".to_owned()),
        Just("body:harbours~2".to_owned()),
        (word.clone(), 1..6_u32, word.clone()).prop_map(|(a, n, b)| format!("{a} NEAR/{n} {b}")),
        (word.clone(), 1..4_u32).prop_map(|(a, n)| format!("{a} NEAR/{n} [PHONE:k7f3a9q2m4xtc] NEAR/{n} har*")),
        word.prop_map(|word| format!("title:{word} NEAR/2 title:\"new night\"")),
        Just("[PHONE:k7f3a9q2m4xtc]".to_owned()),
        Just("site:forum-1".to_owned()),
        Just("site:forum*".to_owned()),
        Just("board:\"New ads\"".to_owned()),
        Just("place:RO".to_owned()),
        Just("day:2026-11-20..2026-11-23".to_owned()),
        Just("posted:2026-11".to_owned()),
        Just("captured:..2026-11-22".to_owned()),
        Just("price:20..70".to_owned()),
    ]
}

fn any_query() -> impl Strategy<Value = String> {
    any_leaf().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) AND ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) OR ({b})")),
            inner.prop_map(|a| format!("NOT ({a})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn a_page_fits_where_the_index_finds_it(
        pages in any_page(),
        queries in prop::collection::vec(any_query(), 1..12),
    ) {
        let indexed = Indexed::of(&pages);
        for text in queries {
            let query = parse(&text).unwrap();
            let fits = |page: &&Document| query.fits(&Prepared::new(page));
            let fitting: Vec<u8> = pages.iter().filter(fits).map(|page| page.capture.as_bytes()[0]).collect();
            prop_assert_eq!(indexed.found(&text), fitting, "{}", text);
        }
    }
}
