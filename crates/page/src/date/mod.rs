//! Days as forums and ad boards write them, in some thirty languages.

mod calendar;
mod words;

use calendar::checked;

use crate::Day;

/// In which order a date of numbers alone is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Order {
    /// 24.11.2026
    #[default]
    Dmy,
    /// 11/24/2026
    Mdy,
}

/// The moment of the capture: what "yesterday" and "5 minutes ago" are counted from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Now {
    /// Its day in UTC.
    pub(crate) day: Day,
    /// Minutes since midnight.
    pub(crate) minute: i64,
}

/// Units of time that are one sign.
const IDEOGRAPHS: [char; 14] = ['秒', '分', '天', '日', '周', '週', '年', '초', '분', '일', '주', '년', '月', '월'];

/// Words of a text that are read.
const MAX_WORDS: usize = 32;

/// Reads the first day in `text`: written out, in numbers, counted back from now, or without a year.
pub(crate) fn read(text: &str, order: Order, now: Option<Now>) -> Option<Day> {
    let text = text.to_lowercase();
    let words: Vec<Word<'_>> = Words(&text).take(MAX_WORDS).collect();
    let parts = || (0..words.len()).map(|at| &words[at..]);
    let written =
        parts().find_map(|words| named(words).or_else(|| ideographic(words)).or_else(|| numeric(words, order)));
    written.or_else(|| {
        let now = now?;
        let today = calendar::number(now.day);
        let near = || parts().find_map(|words| words::near(words[0].text)).and_then(|back| calendar::day(today - back));
        let weekday =
            || parts().find_map(|words| words::weekday(words[0].text).filter(|_| words[0].text.chars().count() > 2));
        ago(&words, now)
            .or_else(near)
            .or_else(|| parts().find_map(|words| without_year(words, now.day)))
            .or_else(|| calendar::day(today - (calendar::weekday(today) - weekday()?).rem_euclid(7)))
    })
}

/// In which order the numbers of several dates of one page must be, if one of them tells.
pub(crate) fn order_of<'a>(texts: impl Iterator<Item = &'a str>) -> Option<Order> {
    for text in texts {
        let words: Vec<Word<'_>> = Words(text).take(MAX_WORDS).collect();
        for triple in words.windows(3) {
            let [a, b, c] = triple else { continue };
            let dated = a.after.is_some_and(|sign| matches!(sign, '-' | '.' | '/') && b.after == Some(sign))
                && c.text.len() == 4;
            match (a.number, b.number) {
                (Some(13..=31), Some(1..=12)) if dated => return Some(Order::Dmy),
                (Some(1..=12), Some(13..=31)) if dated => return Some(Order::Mdy),
                _ => {}
            }
        }
    }
    None
}

/// A word or number, and the sign right after it.
struct Word<'a> {
    text: &'a str,
    number: Option<u16>,
    after: Option<char>,
}

struct Words<'a>(&'a str);

impl<'a> Iterator for Words<'a> {
    type Item = Word<'a>;

    fn next(&mut self) -> Option<Word<'a>> {
        let start = self.0.find(is_letter)?;
        let rest = &self.0[start..];
        let digits = rest.starts_with(|c: char| c.is_ascii_digit());
        let ends = |c: char| if digits { !c.is_ascii_digit() } else { c.is_ascii_digit() || !is_letter(c) };
        let end = rest.find(ends).unwrap_or(rest.len());
        let (text, rest) = rest.split_at(end);
        self.0 = rest;
        Some(Word { text, number: text.parse().ok(), after: rest.chars().next() })
    }
}

/// Letters, and the marks above and below them.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{652}' | '\u{e31}'..='\u{e4e}' | '\u{2bc}' | '\u{2019}' | '\'')
}

/// `24 November 2026`, `24 de noviembre de 2026`, `November 24, 2026`, `24. Nov 2026, 10:15`.
fn named(words: &[Word<'_>]) -> Option<Day> {
    let first = words.first()?;
    if let (4, Some(year), Some(day)) = (first.text.len(), first.number, words.get(2).and_then(|word| word.number)) {
        // The Hungarian way.
        return checked(year, words::month(words[1].text)?, day);
    }
    if let Some(day) = first.number {
        // Between day and month stands nothing, or a particle, or the ending of an ordinal.
        let between = words.iter().enumerate().skip(1).take(2).take_while(|(_, word)| word.number.is_none());
        let (at, month) = between.filter_map(|(at, word)| Some((at, words::month(word.text)?))).next()?;
        let year = words.iter().skip(at + 1).take(2).find_map(|word| word.number)?;
        return checked(year, month, day);
    }
    let month = words::month(first.text)?;
    let day = words.get(1)?.number?;
    let year = words.iter().skip(2).take(2).find_map(|word| word.number.filter(|_| word.text.len() == 4))?;
    checked(year, month, day)
}

/// `2026-11-24`, `24.11.2026`, `24/11/26`, `11/24/2026`.
fn numeric(words: &[Word<'_>], order: Order) -> Option<Day> {
    let [a, b, c] = words.get(..3)? else { return None };
    let sign = a.after.filter(|sign| matches!(sign, '-' | '.' | '/'))?;
    if b.after != Some(sign) || c.text.len() > 4 {
        return None;
    }
    let (first, second, third) = (a.number?, b.number?, c.number?);
    if a.text.len() == 4 {
        return checked(first, second, third);
    }
    let (day, month) = match order {
        Order::Mdy if first > 12 => (first, second),
        Order::Mdy => (second, first),
        Order::Dmy if second > 12 => (second, first),
        Order::Dmy => (first, second),
    };
    checked(if c.text.len() == 2 { 2000 + third } else { third }, month, day)
}

/// `2026年11月24日`, `2026년 11월 24일`, `24 tháng 11, 2026`.
fn ideographic(words: &[Word<'_>]) -> Option<Day> {
    let begins = |at: usize, with: &[char]| words.get(at).is_some_and(|word| word.text.starts_with(with));
    let number = |at: usize| words.get(at).and_then(|word| word.number);
    if begins(1, &['年', '년']) && begins(3, &['月', '월']) {
        return checked(number(0)?, number(2)?, number(4)?);
    }
    let vietnamese = words.get(1).is_some_and(|word| word.text == "tháng") && words.first()?.text.len() <= 2;
    let year = if number(3).is_some() { number(3) } else { number(4) };
    vietnamese.then(|| checked(year?, number(2)?, number(0)?)).flatten()
}

/// `5 minutes ago`, `vor 3 Tagen`, `2 дня назад`, `3日前`.
fn ago(words: &[Word<'_>], now: Now) -> Option<Day> {
    if !words.iter().any(|word| words::is_ago(word.text)) {
        return None;
    }
    let spans = || {
        words.iter().enumerate().filter(|(_, word)| {
            word.number.is_none() && word.text.chars().count() > 1 || word.text.starts_with(IDEOGRAPHS)
        })
    };
    let spans = || spans().filter_map(|(at, word)| Some((at, words::span(word.text)?)));
    let count = |at: usize| at.checked_sub(1).and_then(|before| words[before].number).map(i64::from);
    // "An hour ago" has no number, and the word for the unit comes last.
    let (span, count) =
        spans().find_map(|(at, span)| Some((span, count(at)?))).or_else(|| Some((spans().next_back()?.1, 1)))?;
    let minutes = now.minute - span * count;
    calendar::day(calendar::number(now.day) + minutes.div_euclid(24 * 60))
}

/// `24 November`, `November 24 at 10:15`: the last such day.
fn without_year(words: &[Word<'_>], today: Day) -> Option<Day> {
    let [first, second, ..] = words else { return None };
    let (day, month) = match (first.number, second.number) {
        (Some(day), None) => (day, words::month(second.text)?),
        (None, Some(day)) => (day, words::month(first.text)?),
        _ => return None,
    };
    [today.year, today.year - 1].into_iter().filter_map(|year| checked(year, month, day)).find(|day| *day <= today)
}

#[cfg(test)]
mod tests;
