//! The signs of addresses as words, in brackets and between dashes: `(at)`, ` punkt `, `[.]`, `-dot-`, `JADEatMAILdotORG`.

use std::sync::LazyLock;

use super::scan::{word_after, word_before};
use crate::letter::is_word;

const TABLE: &str = include_str!("words.txt");

/// Most spaces and signs at one side of a sign's word.
const MAX_AROUND_BYTES: usize = 8;

/// A sign of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Sign {
    /// `@`
    At,
    /// `.`
    Dot,
    /// `_`
    Underscore,
    /// `-`
    Hyphen,
}

/// How a sign is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) sign: Sign,
    /// Bytes with spaces and brackets.
    pub(crate) length: usize,
    /// In brackets, or between other signs.
    pub(crate) marked: bool,
    /// As a word.
    pub(crate) word: bool,
}

struct Words {
    /// By the first byte of the folded word; the longest first.
    by_head: Vec<Vec<(&'static str, Sign)>>,
    /// The first two bytes of words, a bit for each second byte.
    pairs: Box<[[u64; 4]; 256]>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut words = Words { by_head: vec![Vec::new(); 256], pairs: Box::new([[0; 4]; 256]) };
    for (word, sign) in table() {
        if let [head, ref tail @ ..] = *word.as_bytes() {
            let list = &mut words.by_head[usize::from(head)];
            if !list.iter().any(|(known, _)| *known == word) {
                list.push((word, sign));
            }
            // A word of one byte may be followed by any.
            let seconds = &mut words.pairs[usize::from(head)];
            match tail.first() {
                Some(second) => seconds[usize::from(second / 64)] |= 1 << (second % 64),
                None => *seconds = [u64::MAX; 4],
            }
        }
    }
    words.by_head.iter_mut().for_each(|list| list.sort_by_key(|(word, _)| std::cmp::Reverse(word.len())));
    words
});

impl Words {
    /// Whether a word begins with these two bytes.
    fn begin(&self, head: u8, second: u8) -> bool {
        self.pairs[usize::from(head)][usize::from(second / 64)] >> (second % 64) & 1 == 1
    }
}

/// Every word of the table and what it means.
fn table() -> impl Iterator<Item = (&'static str, Sign)> {
    const COLUMNS: [Sign; 4] = [Sign::At, Sign::Dot, Sign::Underscore, Sign::Hyphen];
    TABLE.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).flat_map(|line| {
        line.split('|').skip(1).zip(COLUMNS).flat_map(|(words, sign)| {
            words
                .split(',')
                .map(str::trim)
                .filter(|word| !word.is_empty() && *word != "-")
                .map(move |word| (word, sign))
        })
    })
}

/// Words for a sign, for the automaton that looks for them all.
pub(crate) fn words_for(sign: Sign) -> impl Iterator<Item = &'static str> {
    table().filter(move |(_, known)| *known == sign).map(|(word, _)| word)
}

const fn opens(byte: u8) -> bool {
    matches!(
        byte,
        b'(' | b'['
            | b'{'
            | b'<'
            | b'*'
            | b'_'
            | b'~'
            | b'|'
            | b'/'
            | b'\\'
            | b'-'
            | b'"'
            | b'\''
            | b'`'
            | b'='
            | b':'
            | b'.'
            | b'!'
            | b'#'
            | b'+'
            | b'^'
            | b'%'
            | b'$'
            | b','
            | b';'
    )
}

const fn closes(byte: u8) -> bool {
    matches!(byte, b')' | b']' | b'}' | b'>') || opens(byte)
}

/// Where the spaces and brackets before a sign's word begin.
pub(crate) fn lead(text: &str, word: usize) -> usize {
    let bytes = text.as_bytes();
    let (mut from, mut signs) = (word, 0);
    while from > 0 && word - from < MAX_AROUND_BYTES {
        match bytes[from - 1] {
            b' ' => {}
            byte if opens(byte) && signs < 3 => signs += 1,
            _ => break,
        }
        from -= 1;
    }
    from
}

/// The form of a sign that begins at `at`, with the spaces and brackets around it; a bare sign, too.
pub(crate) fn form(text: &str, at: usize, wanted: impl Fn(Sign) -> bool) -> Option<Form> {
    let bytes = text.as_bytes();
    let lead = around(bytes, at, opens);
    // A dot or a dash may be the sign itself rather than what stands around one.
    for start in (at..=lead).rev() {
        let bare = match bytes.get(start).copied().unwrap_or_default() {
            b'.' => Some((Sign::Dot, 1)),
            b'@' => Some((Sign::At, 1)),
            b'_' => Some((Sign::Underscore, 1)),
            b'-' => Some((Sign::Hyphen, 1)),
            _ => None,
        };
        let found = bare.or_else(|| word(text, start)).filter(|(sign, _)| wanted(*sign));
        let Some((sign, length)) = found else { continue };
        let end = start + length;
        let after = around(bytes, end, closes);
        let (before_signs, after_signs) = (text[at..start].trim(), text[end..after].trim());
        let marked = !before_signs.is_empty() && !after_signs.is_empty();
        let spaced = start > at && after > end;
        if bare.is_some() {
            // Behind the dot of a sentence there is a space, and none before it.
            let even = (start > at) == (after > end) && before_signs.is_empty() && after_signs.is_empty();
            if !marked && !even {
                continue;
            }
            return Some(Form { sign, length: after - at, marked, word: false });
        }
        let glued = is_cased(text, start, end);
        let unspaced = text[start..].chars().next().is_some_and(|c| c as u32 >= 0xe00);
        if marked || spaced || glued || unspaced {
            let free = |inside: bool| inside || glued || unspaced;
            if free(start > at || !word_before(text, start)) && free(after > end || !word_after(text, end)) {
                return Some(Form { sign, length: after - at, marked, word: true });
            }
        }
    }
    None
}

/// Whether a word stands out by its case alone: `jadeATmailDOTorg`.
fn is_cased(text: &str, start: usize, end: usize) -> bool {
    let word = &text[start..end];
    let (before, after) = (text[..start].chars().next_back(), text[end..].chars().next());
    let other = |upper: bool, c: Option<char>| {
        c.is_some_and(|c| if upper { c.is_lowercase() || c.is_ascii_digit() } else { c.is_uppercase() })
    };
    let upper = word.chars().all(char::is_uppercase);
    let lower = word.chars().all(char::is_lowercase);
    word.len() > 1 && (upper || lower) && other(upper, before) && other(upper, after)
}

/// Past spaces, at most three of the signs, and spaces.
fn around(bytes: &[u8], mut at: usize, sign: fn(u8) -> bool) -> usize {
    let limit = bytes.len().min(at + MAX_AROUND_BYTES);
    let spaces = |mut at: usize| {
        while at < limit && bytes[at] == b' ' {
            at += 1;
        }
        at
    };
    at = spaces(at);
    let signs = at;
    while at < limit && at < signs + 3 && sign(bytes[at]) {
        at += 1;
    }
    spaces(at)
}

/// The longest word for a sign that begins here.
fn word(text: &str, at: usize) -> Option<(Sign, usize)> {
    const MAX_WORD_CHARS: usize = 24;
    let rest = text.get(at..)?;
    let first = rest.chars().next()?;
    // `(a)`: in its brackets alone.
    if matches!(first, 'a' | 'A')
        && rest[1..].trim_start().starts_with([')', ']', '}'])
        && text[..at].trim_end().ends_with(['(', '[', '{'])
    {
        return Some((Sign::At, 1));
    }
    let known = &*WORDS;
    let mut head = [0; 4];
    let lower = first.to_lowercase().next()?.encode_utf8(&mut head).as_bytes()[0];
    // Most words differ in their second byte.
    if let [first, second, ..] = *rest.as_bytes()
        && first.is_ascii()
        && second.is_ascii()
        && !known.begin(lower, second.to_ascii_lowercase())
    {
        return None;
    }
    let list = &known.by_head[usize::from(lower)];
    if list.is_empty() {
        return None;
    }
    let end = rest.char_indices().nth(MAX_WORD_CHARS).map_or(rest.len(), |(end, _)| end);
    let folded = rest[..end].to_lowercase();
    let second = folded.as_bytes().get(1);
    let begins = |word: &str| word.len() < 2 || word.as_bytes().get(1) == second;
    list.iter().filter(|(word, _)| begins(word)).find_map(|&(word, sign)| {
        let tail = folded.strip_prefix(word)?;
        // Lower case may have other lengths; the words of the table have not.
        let length = word.len();
        (rest.is_char_boundary(length)
            && rest[..length].to_lowercase() == word
            && (word.chars().next_back().is_some_and(|c| c as u32 >= 0xe00)
                || !tail.chars().next().is_some_and(is_word)
                || is_cased(text, at, at + length)))
        .then_some((sign, length))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_is_read_in_every_form() {
        for (written, sign) in [
            (" at ", Sign::At),
            ("(at)", Sign::At),
            (" [ AT ] ", Sign::At),
            ("*at*", Sign::At),
            ("-dot-", Sign::Dot),
            (" . ", Sign::Dot),
            ("[.]", Sign::Dot),
            (" собака ", Sign::At),
            ("(точка)", Sign::Dot),
            (" Punkt ", Sign::Dot),
            (" guion bajo ", Sign::Underscore),
            ("点", Sign::Dot),
            ("{@}", Sign::At),
        ] {
            let text = format!("x{written}y");
            let form = form(&text, 1, |_| true).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((form.sign, form.length), (sign, written.len()), "{text}");
        }
        assert_eq!(form("xaty", 1, |_| true), None);
        assert!(form("jadeATmail", 4, |_| true).is_some());
    }

    #[test]
    fn forty_languages_have_words_for_at_and_dot() {
        let lines = TABLE.lines().filter(|line| line.split('|').count() == 5).count();
        assert!(lines >= 40, "{lines}");
    }
}
