//! Words with letters of another alphabet that look like Latin ones: `telegr\u{430}m`.
//!
//! Only words that mix alphabets are read again: a word in one alphabet is what it says. The pairs are those of the
//! confusables of Unicode Technical Standard 39 that have one Latin letter.

use std::ops::Range;

use super::trigger::Trigger;
use crate::letter::is_letter;

/// Longest word that is read again, in letters.
const MAX_LETTERS: usize = 24;

/// The triggers that are words in two alphabets; `meaning` says what a whole Latin word means.
pub(super) fn find<'t>(
    text: &'t str,
    meaning: impl Fn(&str) -> Option<Trigger> + 't,
) -> impl Iterator<Item = (Trigger, Range<usize>)> + 't {
    mixed(text).filter_map(move |range| {
        let latin: Option<String> = text[range.clone()].chars().map(latin).collect();
        Some((meaning(&latin?)?, range))
    })
}

/// The words that have letters of both kinds.
fn mixed(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            // The lead bytes of Greek and Cyrillic letters.
            at += bytes.get(at..)?.iter().position(|byte| (0xcd..=0xd4).contains(byte))?;
            let word = |letter: &char| is_letter(*letter);
            let head: usize = text[..at].chars().rev().take(MAX_LETTERS).take_while(word).map(char::len_utf8).sum();
            let tail: usize = text[at..].chars().take(MAX_LETTERS).take_while(word).map(char::len_utf8).sum();
            let range = at - head..at + tail;
            at += tail.max(2);
            let latin = text[range.clone()].bytes().any(|byte| byte.is_ascii_alphabetic());
            if latin && text[range.clone()].chars().count() <= MAX_LETTERS {
                return Some(range);
            }
        }
    })
}

/// The Latin letter that a letter looks like.
fn latin(letter: char) -> Option<char> {
    Some(match letter {
        'a'..='z' | 'A'..='Z' => letter,
        'а' | 'А' | 'α' | 'Α' => 'a',
        'В' | 'Β' | 'в' => 'b',
        'с' | 'С' => 'c',
        'ԁ' => 'd',
        'е' | 'Е' | 'Ε' | 'ε' | 'ё' => 'e',
        'һ' | 'Н' | 'Η' => 'h',
        'і' | 'І' | 'ι' | 'Ι' => 'i',
        'ј' | 'Ј' => 'j',
        'к' | 'К' | 'κ' | 'Κ' => 'k',
        'ӏ' => 'l',
        'м' | 'М' | 'Μ' => 'm',
        'ո' | 'Ν' | 'п' => 'n',
        'о' | 'О' | 'ο' | 'Ο' | 'օ' => 'o',
        'р' | 'Р' | 'ρ' | 'Ρ' => 'p',
        'ԛ' => 'q',
        'г' | 'ѓ' => 'r',
        'ѕ' | 'Ѕ' => 's',
        'т' | 'Т' | 'τ' | 'Τ' => 't',
        'υ' => 'u',
        'ν' => 'v',
        'ԝ' => 'w',
        'х' | 'Х' | 'χ' | 'Χ' => 'x',
        'у' | 'У' | 'γ' | 'Υ' => 'y',
        'Ζ' => 'z',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_in_two_alphabets_are_read_again() {
        let read = |text: &str| {
            let seen = std::cell::RefCell::new(Vec::new());
            let count = find(text, |word| {
                seen.borrow_mut().push(word.to_owned());
                Some(Trigger::Www)
            })
            .count();
            assert_eq!(count, seen.borrow().len());
            seen.into_inner()
        };
        assert_eq!(read("my telegr\u{430}m and \u{456}nsta"), ["telegram", "insta"]);
        assert_eq!(read("телеграм telegram τηλ"), [""; 0]);
        assert_eq!(read(&"a\u{430}".repeat(400)), [""; 0]);
    }
}
