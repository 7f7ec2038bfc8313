//! Calendar dates in digits and in words of many languages.

use super::value::Value;

/// Months by the beginnings of their names, in lower case; the number counts from one.
const MONTHS: &[(u8, &[&str])] = &[
    (
        1,
        &[
            "jan",
            "ene",
            "gen",
            "янв",
            "січ",
            "sty",
            "led",
            "ian",
            "ιαν",
            "oca",
            "ינואר",
            "يناير",
            "जनवर",
            "জানু",
            "ม.ค",
            "มกร",
            "tammi",
            "sij",
            "styc",
            "sau",
            "जन",
        ],
    ),
    (
        2,
        &[
            "feb",
            "fév",
            "fev",
            "фев",
            "лют",
            "lut",
            "úno",
            "uno",
            "φεβ",
            "şub",
            "sub",
            "פברואר",
            "فبراير",
            "फरवर",
            "ফেব",
            "ก.พ",
            "กุมภ",
            "helmi",
            "velj",
            "vas",
        ],
    ),
    (
        3,
        &[
            "mar",
            "mär",
            "maer",
            "mrt",
            "мар",
            "бер",
            "bře",
            "bre",
            "μαρ",
            "מרץ",
            "مارس",
            "मार्च",
            "মার্চ",
            "มี.ค",
            "มีน",
            "maalis",
            "ožu",
            "ozu",
            "kov",
        ],
    ),
    (
        4,
        &[
            "apr",
            "avr",
            "abr",
            "апр",
            "кві",
            "kwi",
            "dub",
            "απρ",
            "nis",
            "אפריל",
            "أبريل",
            "ابريل",
            "अप्रै",
            "এপ্রি",
            "เม.ย",
            "เมษ",
            "huhti",
            "tra",
            "bal",
        ],
    ),
    (
        5,
        &[
            "may",
            "mai",
            "maj",
            "mei",
            "mag",
            "май",
            "мая",
            "тра",
            "kvě",
            "kve",
            "μαϊ",
            "μαι",
            "מאי",
            "مايو",
            "मई",
            "মে",
            "พ.ค",
            "พฤษภ",
            "touko",
            "svi",
            "geg",
        ],
    ),
    (
        6,
        &[
            "jun",
            "giu",
            "juin",
            "июн",
            "чер",
            "cze",
            "čer",
            "iun",
            "ιουν",
            "haz",
            "יוני",
            "يونيو",
            "जून",
            "জুন",
            "มิ.ย",
            "มิถุน",
            "kesä",
            "lip",
            "bir",
        ],
    ),
    (
        7,
        &[
            "jul",
            "juil",
            "lug",
            "июл",
            "лип",
            "iul",
            "ιουλ",
            "tem",
            "יולי",
            "يوليو",
            "जुलाई",
            "জুলাই",
            "ก.ค",
            "กรกฎ",
            "heinä",
            "srp",
            "lie",
        ],
    ),
    (
        8,
        &[
            "aug",
            "aoû",
            "aou",
            "ago",
            "авг",
            "сер",
            "sie",
            "srp",
            "αυγ",
            "ağu",
            "agu",
            "אוגוסט",
            "أغسطس",
            "اغسطس",
            "अगस्त",
            "আগস্ট",
            "ส.ค",
            "สิงห",
            "elo",
            "kol",
            "rug",
        ],
    ),
    (
        9,
        &[
            "sep",
            "set",
            "сен",
            "вер",
            "wrz",
            "zář",
            "zar",
            "σεπ",
            "eyl",
            "ספטמבר",
            "سبتمبر",
            "सितंब",
            "সেপ্টে",
            "ก.ย",
            "กันย",
            "syys",
            "ruj",
        ],
    ),
    (
        10,
        &[
            "oct",
            "okt",
            "out",
            "ott",
            "окт",
            "жов",
            "paź",
            "paz",
            "říj",
            "rij",
            "οκτ",
            "eki",
            "אוקטובר",
            "أكتوبر",
            "اكتوبر",
            "अक्टू",
            "অক্টো",
            "ต.ค",
            "ตุลา",
            "loka",
            "spa",
        ],
    ),
    (
        11,
        &[
            "nov",
            "ноя",
            "лис",
            "lis",
            "νοε",
            "kas",
            "נובמבר",
            "نوفمبر",
            "नवंब",
            "নভে",
            "พ.ย",
            "พฤศจิ",
            "marras",
            "stu",
            "lap",
        ],
    ),
    (
        12,
        &[
            "dec",
            "déc",
            "dez",
            "dic",
            "дек",
            "гру",
            "gru",
            "pro",
            "δεκ",
            "ara",
            "דצמבר",
            "ديسمبر",
            "दिसंब",
            "ডিসে",
            "ธ.ค",
            "ธันว",
            "joulu",
            "gruo",
        ],
    ),
];

const MAX_PARTS: usize = 6;

enum Part {
    Number(u32, usize),
    Month(u8),
}

/// The date that begins at `start`: day, month and year in any order that is used, digits or words. A year alone is none.
pub(super) fn read(text: &str, start: usize) -> Option<Value> {
    let mut parts: Vec<(Part, usize)> = Vec::new();
    let mut at = start;
    for _ in 0..MAX_PARTS {
        let rest = &text[at..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            if digits > 8 {
                return None;
            }
            at += digits;
            parts.push((Part::Number(rest[..digits].parse().ok()?, digits), at));
            let tail = &text[at..];
            let ordinal = ["st", "nd", "rd", "th", "er", "º", "ª", "-го", "年", "月", "日", "년", "월", "일", "."]
                .iter()
                .find(|sign| tail.starts_with(**sign));
            let sign = ordinal.map_or(0, |sign| sign.len());
            at += sign;
            if let (Some(last), true) =
                (parts.last_mut(), ordinal.is_some_and(|sign| !sign.is_ascii() || sign.len() > 1))
            {
                last.1 = at;
            }
        } else {
            let length = rest.find(|c: char| !c.is_alphabetic() && c != '.' && !is_mark(c)).unwrap_or(rest.len());
            let word = rest[..length].to_lowercase();
            if matches!(word.as_str(), "de" | "of" | "the" | "del" | "di" | "den") && !parts.is_empty() {
                at += length;
            } else if let Some((month, _)) =
                MONTHS.iter().find(|(_, names)| names.iter().any(|name| word.starts_with(name)))
            {
                at += length;
                parts.push((Part::Month(*month), at));
            } else {
                break;
            }
        }
        let gap =
            text[at..].bytes().take_while(|byte| matches!(byte, b' ' | b'.' | b'/' | b'-' | b',' | b'\'')).count();
        if gap > 3 || parts.len() == 3 {
            break;
        }
        at += gap;
    }
    let end = parts.last()?.1;
    is_date(&parts).then(|| {
        let canonical: Vec<String> = parts
            .iter()
            .map(|(part, _)| match part {
                Part::Number(value, _) => value.to_string(),
                Part::Month(month) => month.to_string(),
            })
            .collect();
        Value { range: start..end, canonical: canonical.join("-") }
    })
}

fn is_mark(character: char) -> bool {
    matches!(character, '\u{900}'..='\u{e7f}')
}

fn is_date(parts: &[(Part, usize)]) -> bool {
    let numbers: Vec<(u32, usize)> = parts
        .iter()
        .filter_map(|(part, _)| match part {
            Part::Number(value, digits) => Some((*value, *digits)),
            Part::Month(_) => None,
        })
        .collect();
    let months = parts.len() - numbers.len();
    let day = |value: u32| (1..=31).contains(&value);
    let year = |(value, digits): (u32, usize)| {
        digits == 4 && (1900..2100).contains(&value)
            || digits == 2
            || digits == 4 && (2440..2600).contains(&value)
            || digits == 4 && (1300..1500).contains(&value)
    };
    match (months, numbers.as_slice()) {
        // 12 March 1998, March 12, 1998; 12 March.
        (1, [a, b]) => day(a.0) && year(*b) || year(*a) && day(b.0),
        (1, [a]) => day(a.0) || a.1 == 4,
        (0, [a, b, c]) => {
            let (dm, md) =
                (|x: u32, y: u32| day(x) && (1..=12).contains(&y), |x: u32, y: u32| day(y) && (1..=12).contains(&x));
            let pair = |x: u32, y: u32| dm(x, y) || md(x, y);
            pair(a.0, b.0) && year(*c) || year(*a) && a.1 == 4 && pair(b.0, c.0)
        }
        // 12031998 and 19980312.
        (0, [(value, 8)]) => {
            let (first, last) = (value / 10_000, value % 10_000);
            let pair = |four: u32| {
                day(four / 100) && (1..=12).contains(&(four % 100))
                    || day(four % 100) && (1..=12).contains(&(four / 100))
            };
            (1900..2100).contains(&last) && pair(first) || (1900..2100).contains(&first) && pair(last)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_and_years_alone_are_not() {
        for (text, date) in [
            ("12.03.1998, and", Some("12.03.1998")),
            ("12 March 1998 in", Some("12 March 1998")),
            ("March 12th, 1998", Some("March 12th, 1998")),
            ("12 марта 1998 года", Some("12 марта 1998")),
            ("1998年3月12日", Some("1998年3月12日")),
            ("3 de enero de 1999", Some("3 de enero de 1999")),
            ("1998-03-12", Some("1998-03-12")),
            ("1998", None),
            ("45 March 1998", None),
            ("nowhere", None),
        ] {
            let found = read(text, 0).map(|value| &text[value.range]);
            assert_eq!(found, date, "{text}");
        }
    }
}
