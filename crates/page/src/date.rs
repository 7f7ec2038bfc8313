//! Days as forums and ad boards write them, in the languages of our fixtures and a few more.

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

/// Beginnings of the names of the twelve months, in lower case without accents; several languages side by side.
/// A name must begin with one of them; longer ones are tried first where two share letters.
const MONTHS: [&[&str]; 12] = [
    &["jan", "ene", "ian", "gen", "янв", "січ", "ιαν", "sty", "oca"],
    &["feb", "fev", "fév", "фев", "лют", "φεβ", "lut", "şub"],
    &["mar", "mär", "maer", "мар", "бер", "μαρ", "μάρ"],
    &["apr", "abr", "avr", "апр", "кві", "απρ", "kwi", "nis"],
    &["may", "mai", "mag", "май", "мая", "тра", "μαι", "μάι", "μαΐ", "maj"],
    &["jun", "juin", "iun", "giu", "июн", "чер", "ιουν", "ιούν", "cze", "haz"],
    &["jul", "juil", "iul", "lug", "июл", "лип", "ιουλ", "ιούλ", "lip", "tem"],
    &["aug", "ago", "aoû", "aou", "авг", "сер", "αυγ", "αύγ", "sie", "ağu"],
    &["sep", "set", "сен", "вер", "σεπ", "wrz", "eyl"],
    &["oct", "okt", "out", "ott", "окт", "жов", "οκτ", "paź", "eki"],
    &["nov", "noi", "ноя", "лис", "νοε", "νοέ", "lis", "kas"],
    &["dec", "dez", "dic", "déc", "дек", "гру", "δεκ", "gru", "ara"],
];

/// Words for the day of the capture and the day before it.
const TODAY: [&str; 9] = ["today", "hoy", "azi", "astăzi", "aujourd", "heute", "сегодня", "сьогодні", "σήμερα"];
const YESTERDAY: [&str; 7] = ["yesterday", "ayer", "ieri", "hier", "gestern", "вчера", "вчора"];
const YESTERDAY_GREEK: &str = "χθες";

/// Reads the first day in `text`. `today` is the day of the capture, for words such as "yesterday".
pub(crate) fn read(text: &str, order: Order, today: Option<Day>) -> Option<Day> {
    let text = text.to_lowercase();
    let words: Vec<Word<'_>> = Words(&text).take(32).collect();
    for at in 0..words.len() {
        let found =
            named(&words[at..]).or_else(|| numeric(&words[at..], order)).or_else(|| relative(&words[at], today));
        if found.is_some() {
            return found;
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
        let start = self.0.find(char::is_alphanumeric)?;
        let rest = &self.0[start..];
        let digits = rest.starts_with(|c: char| c.is_ascii_digit());
        let ends = |c: char| if digits { !c.is_ascii_digit() } else { c.is_ascii_digit() || !c.is_alphanumeric() };
        let end = rest.find(ends).unwrap_or(rest.len());
        let (text, rest) = rest.split_at(end);
        self.0 = rest;
        Some(Word { text, number: text.parse().ok(), after: rest.chars().next() })
    }
}

/// `24 November 2026`, `24 de noviembre de 2026`, `November 24, 2026`, `24. Nov 2026, 10:15`.
fn named(words: &[Word<'_>]) -> Option<Day> {
    let first = words.first()?;
    if let Some(day) = first.number {
        // Between day and month stands nothing, or a particle, or the ending of an ordinal.
        let between = words.iter().enumerate().skip(1).take(2).take_while(|(_, word)| word.number.is_none());
        let (at, month) = between.filter_map(|(at, word)| Some((at, month(word.text)?))).next()?;
        let year = words.iter().skip(at + 1).take(2).find_map(|word| word.number)?;
        return checked(year, month, day);
    }
    let month = month(first.text)?;
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
        Order::Mdy => (second, first),
        Order::Dmy if sign == '/' && second > 12 => (second, first),
        Order::Dmy => (first, second),
    };
    checked(if c.text.len() == 2 { 2000 + third } else { third }, month, day)
}

fn relative(word: &Word<'_>, today: Option<Day>) -> Option<Day> {
    if TODAY.contains(&word.text) {
        today
    } else if YESTERDAY.contains(&word.text) || word.text == YESTERDAY_GREEK {
        today.and_then(day_before)
    } else {
        None
    }
}

fn month(word: &str) -> Option<u16> {
    let longest = |names: &&[&str]| {
        let fits = names.iter().filter(|name| word.starts_with(**name));
        fits.map(|name| name.len()).max().unwrap_or_default()
    };
    let (at, length) = MONTHS.iter().map(longest).enumerate().max_by_key(|(at, length)| (*length, 12 - at))?;
    (length > 0).then(|| u16::try_from(at + 1).unwrap_or_default())
}

fn checked(year: u16, month: u16, day: u16) -> Option<Day> {
    let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
    let possible =
        (1970..=2100).contains(&year) && (1..=12).contains(&month) && (1..=length(year, month)).contains(&day);
    possible.then_some(Day { year, month, day })
}

fn length(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn day_before(day: Day) -> Option<Day> {
    match (day.month, day.day) {
        (1, 1) => checked(day.year - 1, 12, 31),
        (month, 1) => checked(day.year, u16::from(month) - 1, u16::from(length(day.year, month - 1))),
        (month, number) => checked(day.year, u16::from(month), u16::from(number) - 1),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read_as(text: &str, order: Order) -> Option<String> {
        read(text, order, checked(2026, 3, 1)).map(|day| day.to_string())
    }

    #[test]
    fn written_dates_in_many_languages() {
        for text in [
            "Tue Nov 24, 2026 4:05 am",
            "Posted on 24 November 2026",
            "24th November, 2026",
            "24 de noviembre de 2026",
            "le 24 novembre 2026 à 10 h",
            "24. November 2026, 10:15",
            "24 noiembrie 2026",
            "24 ноября 2026 г.",
            "24 листопада 2026",
            "24 Νοεμβρίου 2026",
            "2026-11-24T04:05:00+00:00",
            "24.11.2026 04:05",
            "24/11/26",
            "10:15 24 Nov 2026",
            "11/24/2026",
        ] {
            assert_eq!(read_as(text, Order::Dmy).as_deref(), Some("2026-11-24"), "{text}");
        }
    }

    #[test]
    fn every_month_of_the_fixture_languages_is_known() {
        let names = [
            "January February March April May June July August September October November December",
            "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
            "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
            "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
            "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
            "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
            "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
            "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου Οκτωβρίου Νοεμβρίου Δεκεμβρίου",
        ];
        for language in names {
            for (at, name) in language.split(' ').enumerate() {
                assert_eq!(month(&name.to_lowercase()), Some(at as u16 + 1), "{name}");
            }
        }
    }

    #[test]
    fn words_for_days_and_the_order_of_numbers() {
        assert_eq!(read_as("Вчера, 14:05", Order::Dmy).as_deref(), Some("2026-02-28"));
        assert_eq!(read_as("Today at 9", Order::Dmy).as_deref(), Some("2026-03-01"));
        assert_eq!(read_as("05/04/2026", Order::Mdy).as_deref(), Some("2026-05-04"));
        assert_eq!(read_as("05/04/2026", Order::Dmy).as_deref(), Some("2026-04-05"));
    }

    #[test]
    fn what_is_no_day_is_none() {
        for text in ["", "soon", "31.02.2026", "10:15", "1.2.3", "99/99/9999", "12 roses 2026", "May be"] {
            assert_eq!(read_as(text, Order::Dmy), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in ".*") {
            let _ = read(&text, Order::Mdy, None);
        }
    }
}
