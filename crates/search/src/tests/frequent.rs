//! The lists of frequent tokens: a pivot that reads them answers what one that looks into the columns answers.

use std::collections::BTreeSet;

use model::{CaptureId, Clock, Label, Timestamp, Token};
use tantivy::Term;

use super::index::{Indexed, page};
use crate::{Document, Searcher};

/// The token of a number: 0 is on every page, 1 on every second, and so on.
fn token(number: u8) -> Token {
    let label = if number.is_multiple_of(2) { Label::Phone } else { Label::Email };
    Token::from_hash(label, &[number.wrapping_mul(37).wrapping_add(1); 32])
}

const TOKENS: u8 = 90;

/// Pages with several tokens, places or none, days or none, moments that several share, and titles too long for a line.
fn pages(count: u32) -> Vec<Document> {
    let made = |number: u32| {
        let mut page = page((number % 251) as u8, "Harbour  night", "Quiet flat by the harbour");
        page.capture = CaptureId::from_bytes(u128::from(number).to_be_bytes());
        page.captured = Timestamp::from_secs(1_795_000_000 + i64::from(number * 7919 % 500) * 40_000);
        let carries = |token: &u8| number.is_multiple_of(u32::from(*token) + 1);
        page.tokens = (0..TOKENS).filter(carries).map(token).collect();
        page.places = ["DE", "RO", "NL"].into_iter().take(number as usize % 4).map(str::to_owned).collect();
        if number.is_multiple_of(97) {
            page.title = "long ".repeat(400);
        }
        page
    };
    (1..=count).map(made).collect()
}

/// Every token's pivot, by both ways, in several lengths of the list of captures.
fn agree(indexed: &Indexed) {
    for number in 0..TOKENS {
        for limit in [0, 3, 200, 1000] {
            let pivot = |lists| {
                let pivot = indexed.searcher.pivot_by(&indexed.licence, token(number), limit, lists).unwrap();
                serde_json::to_string(&pivot).unwrap()
            };
            assert_eq!(pivot(true), pivot(false), "token {number}, {limit} captures");
        }
    }
}

fn listed(indexed: &Indexed) -> usize {
    let lists = indexed.lists();
    (0..TOKENS).map(|number| lists.iter().filter(|segment| segment.of(token(number)).is_some()).count()).sum()
}

#[test]
fn a_list_answers_what_the_columns_answer() {
    let mut indexed = Indexed::in_segments(&pages(1300), Clock::system(), 600);
    assert!(listed(&indexed) > 10 && indexed.lists().len() == 3, "{}", listed(&indexed));
    agree(&indexed);

    // Deleted documents are left out, and a capture that was among the newest makes room for another.
    let (_, fields) = schema::build();
    let gone = (0..1300_u32).filter(|number| number.is_multiple_of(3) || number.is_multiple_of(11));
    let gone: Vec<CaptureId> = gone.map(|number| CaptureId::from_bytes(u128::from(number).to_be_bytes())).collect();
    indexed.change(|writer| {
        for capture in &gone {
            writer.delete_term(Term::from_field_text(fields.capture, &capture.to_string()));
        }
    });
    assert!(listed(&indexed) > 10);
    agree(&indexed);

    // A merge writes the lists anew, and nothing of what was deleted is in them.
    let only = token(10); // on every eleventh page
    let numbers = BTreeSet::from([schema::token_numbers(only)]);
    assert!(indexed.lists().iter().any(|segment| segment.holds_any(&numbers)), "or this could not fail");
    let segments: Vec<_> =
        indexed.searcher.state().segment_readers().iter().map(|segment| segment.segment_id()).collect();
    indexed.change(|writer| {
        writer.merge(&segments).wait().unwrap();
    });
    assert!(indexed.lists().len() == 1 && listed(&indexed) > 5);
    assert!(!indexed.lists()[0].holds_any(&numbers));
    agree(&indexed);
}

#[test]
fn sites_without_numbers_stand_in_no_list() {
    let mut pages = pages(4200);
    for (number, page) in pages.iter_mut().enumerate() {
        page.site = format!("forum-{number}");
    }
    let indexed = Indexed::in_segments(&pages, Clock::system(), 9000);
    assert_eq!(listed(&indexed), 0);
    agree(&indexed);
    pages.truncate(4000);
    let indexed = Indexed::in_segments(&pages, Clock::system(), 9000);
    assert!(listed(&indexed) > 50);
    agree(&indexed);
}

/// Each token of a page would have all others in its row.
#[test]
fn a_page_with_very_many_tokens_takes_their_lists_away_and_no_others() {
    let mut pages = pages(200);
    let crowd = |number: u8| Token::from_hash(Label::Iban, &[number; 32]);
    for page in &mut pages[..40] {
        page.tokens.push(crowd(0));
    }
    let count = |indexed: &Indexed| indexed.lists()[0].of(crowd(0)).is_some();
    assert!(count(&Indexed::in_segments(&pages, Clock::system(), 900)), "or this could not fail");
    pages[0].tokens.extend((1..=64).map(crowd));
    let indexed = Indexed::in_segments(&pages, Clock::system(), 900);
    assert!(!count(&indexed) && indexed.lists()[0].of(token(1)).is_some());
    agree(&indexed);
}

#[test]
fn lists_are_touched_a_piece_at_a_time_for_as_long_as_they_may_be() {
    let pages = pages(1300);
    let indexed = Indexed::in_segments(&pages, Clock::system(), 9000);
    let bytes = std::fs::metadata(&indexed.list_files()[0]).unwrap().len() as usize;
    assert!(bytes > schema::frequent::TOUCHED_BYTES, "{bytes} bytes");
    let whole = bytes.div_ceil(schema::frequent::TOUCHED_BYTES);
    let list = &indexed.lists()[0];
    // Of a piece sixteen pages, and its last byte.
    for (most, asked_for, read) in [(usize::MAX, whole, bytes / 4096), (1, 2, 17), (0, 1, 0)] {
        let mut asked = 0;
        let touched = list.touch(|| {
            asked += 1;
            asked <= most
        });
        assert_eq!(asked, asked_for, "{most} pieces at most");
        assert!(touched >= read && touched <= read + 2 * whole, "{touched} bytes, {most} pieces at most");
    }
}

/// A merge takes the files of the segments that it has merged away, whoever may still read them.
#[test]
fn without_the_file_the_columns_answer() {
    let indexed = Indexed::in_segments(&pages(300), Clock::system(), 900);
    let pivot = |searcher: &Searcher, lists| {
        serde_json::to_string(&searcher.pivot_by(&indexed.licence, token(1), 200, lists).unwrap()).unwrap()
    };
    let (before, later) = (pivot(&indexed.searcher, true), indexed.another());
    for file in indexed.list_files() {
        std::fs::remove_file(file).unwrap();
    }
    assert_eq!(pivot(&later, true), before);
}

#[test]
fn a_damaged_file_costs_no_more_than_a_wrong_answer() {
    let indexed = Indexed::in_segments(&pages(70), Clock::system(), 900);
    let file = &indexed.list_files()[0];
    let whole = std::fs::read(file).unwrap();
    assert!(indexed.lists()[0].of(token(1)).is_some());
    // Whether a footer is tantivy's own is for tantivy to say, of this file as of any other.
    let footer = u32::from_le_bytes(*whole[..whole.len() - 4].last_chunk().unwrap()) as usize + 8;
    for place in (0..whole.len() - footer).step_by(5) {
        let mut damaged = whole.clone();
        damaged[place] ^= 0x80;
        // A file of its own: readers have mapped the one before.
        std::fs::remove_file(file).unwrap();
        std::fs::write(file, damaged).unwrap();
        let reader = indexed.another();
        for number in 0..2 {
            assert!(reader.pivot(&indexed.licence, token(number)).is_ok(), "a bit of byte {place} was flipped");
        }
    }
}
