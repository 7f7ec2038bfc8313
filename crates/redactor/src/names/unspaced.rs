//! Names in scripts that put no space between words: Han, Kana, Thai, Lao, Khmer, Burmese.
//!
//! There are no words to tag, so a name is found by what introduces it, or by the lists: a surname with a forename, or a
//! place. A given name by itself, without either, is not found.

use std::ops::Range;

use model::Label;

use super::cues::INTRODUCED;
use super::lexicon::Lexicon;
use super::spans::candidate;
use super::token::word_hash;
use crate::rule::{Candidate, Rule, strength};

static LISTED: Rule = Rule {
    detector: "names",
    name: "listed",
    reason: "the lists have it as a name, and its script leaves no other sign",
    strength: strength::FORM,
};

/// Before a name, the most letters that it may have, and what ends it.
const BEFORE: &[(&str, usize, &[&str])] = &[
    ("我叫", 3, HAN),
    ("名字叫", 3, HAN),
    ("名字是", 3, HAN),
    ("我的名字是", 3, HAN),
    ("叫我", 3, HAN),
    ("名叫", 3, HAN),
    ("我係", 3, HAN),
    ("我叫做", 3, HAN),
    ("名前は", 8, KANA),
    ("名は", 8, KANA),
    ("源氏名は", 8, KANA),
    ("ชื่อ", 14, THAI),
    ("น้อง", 14, THAI),
    ("ຊື່", 14, THAI),
    ("ឈ្មោះ", 16, KHMER),
    ("နာမည်", 16, KHMER),
];

/// After a name, and the most letters that it may have.
const AFTER: &[(&str, usize)] = &[
    ("さん", 4),
    ("ちゃん", 5),
    ("くん", 4),
    ("様", 4),
    ("と申します", 8),
    ("といいます", 8),
    ("と言います", 8),
    ("小姐", 3),
    ("先生", 3),
    ("女士", 3),
];

const HAN: &[&str] =
    &["今年", "来自", "來自", "很", "在", "是", "的", "可以", "我", "，", "。", "、", "请", "喜欢", "希望"];
const KANA: &[&str] = &["です", "と申", "とい", "と言", "、", "。", "で、", "だよ", "！"];
const THAI: &[&str] = &["ค่ะ", "คะ", "ครับ", "นะ", "อายุ", "จ้า", "เป็น", "มา", "พร้อม", "อยู่", "ຄ່ະ", "ອາຍຸ", "และ"];
const KHMER: &[&str] = &["អាយុ", "នៅ", "ပါ"];

/// What ends like a name with its title and is none.
const NOT_NAMES: &[&str] = &[
    "お客", "皆", "みな", "お姉", "お兄", "お母", "お父", "奥", "お嬢", "神", "王", "客", "赤", "お子", "医", "老",
    "美女", "各位", "同様", "有",
];

/// Adds every name in a run of such letters. `run` is in bytes of the text.
pub(super) fn find(text: &str, run: Range<usize>, lexicon: &Lexicon<'_>, found: &mut Vec<Candidate>) {
    let written = &text[run.clone()];
    for (cue, most, ends) in BEFORE {
        for (at, _) in written.match_indices(cue) {
            introduced(text, run.start + at + cue.len(), *most, ends, lexicon, found);
        }
    }
    for (title, most) in AFTER {
        for (at, _) in written.match_indices(title) {
            titled(text, run.start..run.start + at, *most, found);
        }
    }
    listed(text, run, lexicon, found);
}

fn introduced(text: &str, from: usize, most: usize, ends: &[&str], lexicon: &Lexicon<'_>, found: &mut Vec<Candidate>) {
    // A space or a colon may stand between.
    let from = from + text[from..].len() - text[from..].trim_start_matches([' ', ':', '\u{ff1a}', '-']).len();
    let rest = &text[from..];
    let letters =
        rest.chars().take_while(|letter| letter.is_alphanumeric() || super::token::is_unspaced(*letter)).take(most);
    let mut end = letters.map(char::len_utf8).sum::<usize>();
    for stop in ends {
        if let Some(at) = rest[..end].find(stop) {
            end = at;
        }
    }
    // Of a run that goes on, as much as the lists know, if they know any of it.
    let known = borders(&rest[..end]).filter(|length| {
        let entry = word_hash(&rest[..*length]).map(|word| lexicon.get(word)).unwrap_or_default();
        entry.forename().max(entry.surname()) > 0
    });
    if let Some(length) =
        known.max().filter(|length| rest[..*length].chars().count() > 1 && ends.as_ptr() != HAN.as_ptr())
    {
        end = length;
    }
    if end > 0 {
        found.push(candidate(text, from..from + end, Label::Person, &INTRODUCED));
    }
}

fn titled(text: &str, before: Range<usize>, most: usize, found: &mut Vec<Candidate>) {
    let written = &text[before.clone()];
    // A name is written in one script: what stands before it in another is not part of it.
    let script = |letter: char| match letter {
        '\u{3040}'..='\u{309f}' => 1,
        '\u{30a0}'..='\u{30ff}' => 2,
        _ => 3,
    };
    let Some(last) = written.chars().next_back() else { return };
    let name: usize =
        written.chars().rev().take(most).take_while(|letter| script(*letter) == script(last)).map(char::len_utf8).sum();
    let start = before.end - name;
    if text[start..before.end].chars().count() > 1 && !NOT_NAMES.iter().any(|word| written.ends_with(word)) {
        found.push(candidate(text, start..before.end, Label::Person, &INTRODUCED));
    }
}

/// Most letters of a listed name: longer ones are found by their beginning.
const LONGEST: usize = 8;

fn listed(text: &str, run: Range<usize>, lexicon: &Lexicon<'_>, found: &mut Vec<Candidate>) {
    let mut at = run.start;
    while at < run.end {
        let rest = &text[at..run.end];
        let mut step = rest.chars().next().map_or(1, char::len_utf8);
        let thai = rest.starts_with(|letter| matches!(letter, '\u{e00}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'));
        let entries: Vec<(usize, super::lexicon::Entry)> = borders(rest)
            .take(LONGEST)
            .skip(if thai { 3 } else { 1 })
            .filter_map(|length| word_hash(&rest[..length]).map(|word| (length, lexicon.get(word))))
            .collect();
        let longest = |kind: fn(super::lexicon::Entry) -> bool| {
            entries.iter().rev().find(|(_, entry)| kind(*entry)).map(|(length, _)| *length)
        };
        let full = entries.iter().rev().find_map(|(length, entry)| {
            let rest = &rest[*length..];
            let given = (entry.surname() > 0).then(|| {
                borders(rest).take(4).filter(|given| {
                    let entry = word_hash(&rest[..*given]).map(|word| lexicon.get(word)).unwrap_or_default();
                    *given > 3 && entry.forename() > 0
                })
            });
            given.and_then(Iterator::max).map(|given| length + given)
        });
        let whole = longest(|entry| entry.forename() > 0 && entry.common() == 0).filter(|length| !thai && *length >= 9);
        if let Some(length) = full.filter(|_| !thai).or(whole) {
            found.push(candidate(text, at..at + length, Label::Person, &LISTED));
            step = length;
        } else if let Some(length) = longest(|entry| entry.place() > 0 && entry.common() == 0) {
            found.push(candidate(text, at..at + length, Label::Location, &LISTED));
            step = length;
        }
        at += step;
    }
}

/// The ends of the beginnings of a text, in bytes.
fn borders(text: &str) -> impl Iterator<Item = usize> {
    text.char_indices().map(|(at, letter)| at + letter.len_utf8())
}
