//! Near-duplicates and links over planted ones.

use std::collections::{BTreeSet, HashMap, HashSet};

use model::{CaptureId, Token};

use super::index::{Indexed, page};
use crate::{Document, End, Mirror, Piece, pair};

/// Splitmix64: the same ads in every run.
struct Rng(u64);

impl Rng {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        usize::try_from((u128::from(z) * bound as u128) >> 64).unwrap_or(0)
    }

    /// Common words are common: the rank falls off as in real text.
    fn word(&mut self, words: &[String]) -> String {
        let most = words.len();
        let rank = self.below(most).min(self.below(most)).min(self.below(most));
        words[rank].clone()
    }
}

fn ad(number: u32, body: String) -> Document {
    let mut page = page(u8::try_from(number % 250).unwrap_or(0), "", &body);
    page.capture = CaptureId::from_bytes(u128::from(number).to_be_bytes());
    page
}

fn vocabulary() -> Vec<String> {
    let parts = ["ka", "lo", "mi", "ren", "sta", "vu", "per", "di", "no", "tra", "qui", "ble"];
    let mut rng = Rng(7);
    (0..6000).map(|_| (0..2 + rng.below(4)).map(|_| parts[rng.below(parts.len())]).collect()).collect()
}

/// `templates` ads, each posted five times with eight words in seventy changed and under another number; and `others`.
fn planted(templates: u32, others: u32) -> (Vec<Document>, HashSet<(CaptureId, CaptureId)>) {
    let words = vocabulary();
    let mut rng = Rng(5);
    let text = |rng: &mut Rng| (0..70).map(|_| rng.word(&words)).collect::<Vec<_>>();
    let (mut pages, mut pairs) = (Vec::new(), HashSet::new());
    for _ in 0..templates {
        let first = text(&mut rng);
        let mut copies: Vec<CaptureId> = Vec::new();
        for _ in 0..5 {
            let mut copy = first.clone();
            for _ in 0..8 {
                let at = rng.below(copy.len());
                copy[at] = rng.word(&words);
            }
            let number = u32::try_from(pages.len()).unwrap();
            let token = Token::from_hash(model::Label::Phone, blake(number).as_slice().try_into().unwrap());
            pages.push(ad(number, format!("{} {token}", copy.join(" "))));
            let capture = pages[pages.len() - 1].capture;
            pairs.extend(copies.iter().map(|other| (*other, capture)));
            copies.push(capture);
        }
    }
    for _ in 0..others {
        let number = u32::try_from(pages.len()).unwrap();
        pages.push(ad(number, text(&mut rng).join(" ")));
    }
    (pages, pairs)
}

fn blake(number: u32) -> Vec<u8> {
    let mut rng = Rng(u64::from(number) + 1000);
    (0..32).map(|_| u8::try_from(rng.below(256)).unwrap()).collect()
}

#[test]
fn planted_near_duplicates_are_found_and_nothing_else() {
    let (pages, planted) = planted(60, 1200);
    let indexed = Indexed::of(&pages);
    let groups = indexed.searcher.groups(&indexed.licence, 1000).unwrap();
    let mut found = HashSet::new();
    for group in &groups.groups {
        let mut members: Vec<CaptureId> = group.members.iter().map(|member| member.capture).collect();
        members.sort_unstable();
        for (place, one) in members.iter().enumerate() {
            found.extend(members[place + 1..].iter().map(|other| (*one, *other)));
        }
    }
    let false_pairs = found.difference(&planted).count();
    let recall = planted.intersection(&found).count() as f64 / planted.len() as f64;
    assert_eq!((planted.len(), false_pairs, groups.cut), (600, 0, false));
    assert!(recall >= 0.98, "recall {recall:.3}");
}

#[test]
fn a_group_is_shown_as_a_template_with_slots() {
    let text = |number: u32, word: &str| {
        let token = Token::from_hash(model::Label::Phone, blake(number).as_slice().try_into().unwrap());
        format!("New in town, quiet flat near the {word}, day and night, cash only, no questions. Call {token} now")
    };
    let mut pages: Vec<Document> =
        [(1, "harbour"), (2, "station"), (3, "harbour")].map(|(n, w)| ad(n, text(n, w))).into();
    pages.push(ad(
        4,
        "Second hand bicycle for sale, hardly used, blue, with lights and a lock, collect it here".to_owned(),
    ));
    let indexed = Indexed::of(&pages);
    let group = indexed.searcher.alike(&indexed.licence, pages[1].capture).unwrap().unwrap();
    assert_eq!((group.count, group.token_count, group.sites.len()), (3, 3, 3));
    let slots = group.template.iter().filter_map(|piece| match piece {
        Piece::Slot { values, .. } => {
            Some(values.iter().map(|value| (value.text.as_str(), value.captures)).collect::<Vec<_>>())
        }
        Piece::Text { .. } => None,
    });
    let slots = slots.collect::<Vec<_>>();
    assert_eq!(slots[0], [("harbour,", 2), ("station,", 1)]);
    assert!(slots[1].len() == 3 && slots[1].iter().all(|(text, _)| text.starts_with("[PHONE:")));
    assert!(matches!(&group.template[0], Piece::Text { text } if text == "New in town, quiet flat near the"));
    assert!(indexed.searcher.alike(&indexed.licence, pages[3].capture).unwrap().is_none());
}

#[test]
fn a_site_that_repeats_another_is_a_mirror() {
    let words = vocabulary();
    let mut rng = Rng(11);
    let mut pages = Vec::new();
    for number in 0..40_u32 {
        let text = (0..40).map(|_| rng.word(&words)).collect::<Vec<_>>().join(" ");
        let mut original = ad(number * 2, text.clone());
        original.site = "forum-a".to_owned();
        let mut other = ad(
            number * 2 + 1,
            if number < 20 { text } else { (0..40).map(|_| rng.word(&words)).collect::<Vec<_>>().join(" ") },
        );
        other.site = if number < 25 { "forum-b" } else { "forum-c" }.to_owned();
        pages.extend([original, other]);
    }
    let indexed = Indexed::of(&pages);
    let mirrors = indexed.searcher.groups(&indexed.licence, 1).unwrap().mirrors;
    let expected =
        Mirror { site: "forum-b".to_owned(), of: "forum-a".to_owned(), shared: 20, captures: 25, percent: 80 };
    assert_eq!(mirrors, [expected]);
}

/// Tokens by a letter, and pages as strings of letters.
fn linked(pages: &[&str]) -> (Indexed, HashMap<char, Token>) {
    let token = |letter: char| {
        let label = if letter == 'w' { model::Label::Location } else { model::Label::Phone };
        Token::from_hash(label, blake(u32::from(letter)).as_slice().try_into().unwrap())
    };
    let pages: Vec<Document> = (0..)
        .zip(pages)
        .map(|(number, letters)| ad(number, letters.chars().map(|letter| format!("{} ", token(letter))).collect()))
        .collect();
    (Indexed::of(&pages), ('a'..='z').map(|letter| (letter, token(letter))).collect())
}

#[test]
fn links_go_as_far_as_asked_and_stop_at_hubs() {
    // h is on 12 pages of 16: a hub. w is a place: weak.
    let pages = ["ab", "ab", "bc", "cdw", "ah", "hx", "hx", "hx", "hx", "hx", "hx", "hx", "hx", "hx", "hx", "hy"];
    let (indexed, token) = linked(&pages);
    let none = BTreeSet::new();
    let links = |depth: u8, removed: &BTreeSet<_>| {
        indexed.searcher.links(&indexed.licence, token[&'a'], depth, removed).unwrap()
    };
    let letters = |links: &crate::Links| {
        let letter = |at: Token| token.iter().find(|(_, known)| **known == at).map(|(letter, _)| *letter).unwrap();
        links.nodes.iter().map(|node| (letter(node.token), node.depth, node.end)).collect::<Vec<_>>()
    };
    let one = links(1, &none);
    assert_eq!(letters(&one), [('a', 0, None), ('b', 1, Some(End::Depth)), ('h', 1, Some(End::Hub))]);
    let edge = &one.edges[0];
    assert_eq!((edge.captures, edge.evidence.len(), edge.sites.len()), (2, 2, 2));
    let three = links(3, &none);
    let found: BTreeSet<_> = letters(&three).into_iter().map(|(letter, ..)| letter).collect();
    assert_eq!(found, BTreeSet::from(['a', 'b', 'c', 'd', 'h', 'w']));
    assert!(letters(&three).contains(&('w', 3, Some(End::Weak))));
    // A removed link is not followed.
    let without = links(3, &BTreeSet::from([pair(token[&'c'], token[&'b'])]));
    let found: BTreeSet<_> = letters(&without).into_iter().map(|(letter, ..)| letter).collect();
    assert_eq!((found, without.removed), (BTreeSet::from(['a', 'b', 'h']), 1));
}
