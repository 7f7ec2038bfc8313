//! From text to numerals: digit groups, number words, letters that stand for digits, and what stands between them.

use std::cell::OnceCell;
use std::ops::Range;

use super::super::scan::BARRIER;
use super::letters;
use super::lexicon::{LEXICON, Meaning, Sense, fold_one};
use crate::letter::is_word;

/// Fewest digits of a number that is one word of digits and letters, and the most bytes of such a word.
pub(super) const UNBROKEN_DIGITS: usize = 10;
const MAX_WORD_BYTES: usize = 15;

/// Most bytes of a word of letters alone that may stand for digits.
const MAX_SHAPED_BYTES: usize = 8;

/// Most bytes of signs, of words, and of a word itself that numerals go on across.
const MAX_SIGN_BYTES: usize = 28;
const MAX_SIGN_CHARS: usize = 7;
const MAX_FILLER_BYTES: usize = 32;
const MIN_GLUED_BYTES: usize = 5;
const MAX_GLUED_BYTES: usize = 192;

/// Most numerals of one row; a longer one is read in parts, each of which is hidden on its own.
const MAX_ROW: usize = 128;

/// Fewest numerals in a row that are read inside a text without spaces.
const MIN_UNSPACED: usize = 3;

/// What a numeral is written in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Digits.
    Digits,
    /// A number word: what it may mean.
    Word(&'static [Sense]),
    /// Letters that look like digits, and those digits.
    Letters(String),
}

/// What stands between a numeral and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// Too much, or the beginning.
    Break,
    /// Signs, spaces, emoji, or nothing.
    Signs,
    /// One or two other words.
    Words,
}

/// One numeral of a text.
#[derive(Clone, Debug)]
pub(super) struct Numeral {
    pub(super) range: Range<usize>,
    pub(super) kind: Kind,
    pub(super) before: Gap,
}

/// Words of a text that stand for no number whatever is beside them: where each begins and ends.
pub(in super::super) type Plain = Vec<(u32, u32)>;

/// Reads a text and hands over each row of numerals that nothing breaks, if it holds more than plain digits.
///
/// The first look at a text notes its plain words; when parts of the text are hidden, the next has not to read the others
/// again.
pub(super) fn rows(text: &str, plain: Option<&OnceCell<Plain>>, mut take: impl FnMut(&[Numeral])) {
    let bytes = text.as_bytes();
    let mut lexer = Lexer { text, row: Vec::new(), plain: true, words: 0 };
    let known = plain.and_then(OnceCell::get).map_or(&[][..], Vec::as_slice);
    let (mut known, mut noted) = (known.iter().peekable(), Plain::new());
    let notes = plain.is_some_and(|plain| plain.get().is_none());
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        if byte < 0x80 {
            if !byte.is_ascii_alphanumeric() {
                at += 1;
                continue;
            }
        } else if !starts_word(text, at) {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
            continue;
        }
        if lexer.is_over(at) || lexer.row.len() >= MAX_ROW {
            lexer.flush(&mut take);
        }
        while known.next_if(|(start, _)| (*start as usize) < at).is_some() {}
        let unchanged =
            |(start, end): &&(u32, u32)| *start as usize == at && !bytes[at..*end as usize].contains(&BARRIER);
        if let Some((_, end)) = known.next_if(unchanged) {
            at = *end as usize;
            lexer.other();
            continue;
        }
        let start = at;
        let plain = if let Some(end) = ordinary(text, at) {
            at = end;
            lexer.other();
            true
        } else {
            let word = word_at(text, at);
            at = word.range.end;
            lexer.word(&word, notes)
        };
        if notes && plain {
            noted.push((start as u32, at as u32));
        }
    }
    lexer.flush(&mut take);
    if let Some(plain) = plain.filter(|_| notes) {
        plain.get_or_init(|| noted);
    }
}

struct Lexer<'t> {
    text: &'t str,
    row: Vec<Numeral>,
    /// Whether the row holds digits alone, one row of signs.
    plain: bool,
    /// Other words since the last numeral.
    words: usize,
}

/// A maximal run of letters and digits.
pub(super) struct Word {
    pub(super) range: Range<usize>,
    digits: bool,
    letters: bool,
    unspaced: bool,
}

/// Whether a piece of so many bytes counts inside a word: a short or ordinary one only in a script without spaces.
fn counts(senses: &[Sense], bytes: usize, weak: bool) -> bool {
    weak || senses.iter().any(|sense| !sense.weak && (bytes > 2 || sense.meaning == Meaning::And))
}

fn starts_word(text: &str, at: usize) -> bool {
    text[at..].chars().next().is_some_and(is_part)
}

/// Letters, digits and the vowel signs of scripts that write them apart.
fn is_part(character: char) -> bool {
    is_word(character)
        || matches!(character, '\u{900}'..='\u{109f}' | '\u{1780}'..='\u{17dd}')
            && !matches!(character, '\u{964}' | '\u{965}' | '\u{e3f}' | '\u{17d4}'..='\u{17db}')
}

fn is_unspaced(character: char) -> bool {
    matches!(character,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3005}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

fn word_at(text: &str, start: usize) -> Word {
    let bytes = text.as_bytes();
    let mut word = Word { range: start..start, digits: false, letters: false, unspaced: false };
    let mut at = start;
    while at < bytes.len() {
        let byte = bytes[at];
        if byte.is_ascii_alphanumeric() {
            word.digits |= byte.is_ascii_digit();
            word.letters |= !byte.is_ascii_digit();
            at += 1;
        } else if byte >= 0x80 {
            let Some(character) = text[at..].chars().next().filter(|c| is_part(*c)) else { break };
            word.letters = true;
            word.unspaced |= is_unspaced(character);
            at += character.len_utf8();
        } else if byte == b'\'' && word.letters && at > start && bytes[at - 1] >= 0x80 && starts_cyrillic(text, at + 1)
        {
            at += 1;
        } else {
            break;
        }
    }
    word.range.end = at;
    word
}

/// Where the word at `at` ends, if its letters show that it stands for nothing, as those of most words do.
///
/// What [`Lexer::word`] would find out of a word in ASCII letters, after more work.
fn ordinary(text: &str, at: usize) -> Option<usize> {
    let rest = &text.as_bytes()[at..];
    let (mut length, mut doubled, mut seen, mut last) = (0, false, 0, 0);
    while let Some(byte) = rest.get(length)
        && let kind = letters::KINDS[usize::from(*byte)]
        && kind != 0
    {
        let byte = byte | 0x20;
        doubled |= byte == last;
        last = byte;
        seen |= kind;
        length += 1;
    }
    let shapes = seen & letters::PLAIN == 0;
    let next = rest.get(length);
    let goes_on = next.is_some_and(|next| next.is_ascii_digit() || *next >= 0x80);
    if length == 0 || goes_on || doubled || shapes {
        return None;
    }
    let word = &text[at..at + length];
    let ordinary = !LEXICON.may_be(word) && (length < MIN_GLUED_BYTES || !LEXICON.may_begin(word));
    ordinary.then_some(at + length)
}

/// Whether a Cyrillic letter goes on behind an apostrophe: `п'ять` is one word.
fn starts_cyrillic(text: &str, at: usize) -> bool {
    text[at..].chars().next().is_some_and(|c| matches!(c, '\u{400}'..='\u{4ff}'))
}

impl Lexer<'_> {
    /// Whether what begins at `at` is too far behind the row to belong to it.
    fn is_over(&self, at: usize) -> bool {
        self.row.last().is_some_and(|last| self.words > 2 || at - last.range.end > MAX_FILLER_BYTES + 16)
    }

    /// More than one numeral, or a whole number of digits and letters that look like digits.
    fn is_worth_reading(&self) -> bool {
        self.row.len() > 1
            || matches!(self.row.first(), Some(Numeral { kind: Kind::Letters(digits), .. }) if digits.len() >= UNBROKEN_DIGITS)
    }

    /// Counts a word that stands for nothing.
    fn other(&mut self) {
        self.words += 1;
        if self.words > 2 && !self.is_worth_reading() && !self.row.is_empty() {
            self.row.clear();
            self.plain = true;
            self.words = 0;
        }
    }

    fn flush(&mut self, take: &mut impl FnMut(&[Numeral])) {
        if !self.plain && self.is_worth_reading() {
            take(&self.row);
        }
        self.row.clear();
        self.plain = true;
        self.words = 0;
    }

    /// Reads a word. Whether it stands for nothing, whatever is beside it, if that is `asked`.
    fn word(&mut self, word: &Word, asked: bool) -> bool {
        let written = &self.text[word.range.clone()];
        let numeral = if !word.letters {
            Some(Kind::Digits)
        } else if !word.digits
            && let Some(senses) = LEXICON.word(written)
        {
            Some(Kind::Word(senses))
        } else if word.unspaced {
            self.unspaced(word);
            return false;
        } else {
            self.shaped(word, written)
        };
        if let Some(kind) = numeral {
            self.push(word.range.clone(), kind);
            return false;
        }
        if self.glued(word) {
            return false;
        }
        self.other();
        asked && (word.digits || written.len() > MAX_SHAPED_BYTES || letters::digits(written).is_none())
    }

    /// What a word is whose letters stand for digits, or whose digits for letters. Letters alone do so beside something.
    fn shaped(&self, word: &Word, written: &str) -> Option<Kind> {
        if word.digits && written.len() <= MAX_WORD_BYTES {
            if let Some(senses) = letters::leet(written).and_then(|plain| LEXICON.exact(&plain)) {
                return Some(Kind::Word(senses));
            }
            return letters::digits(written).map(Kind::Letters);
        }
        let beside =
            || self.row.last().is_some() || self.text[word.range.end..].starts_with(|c: char| !c.is_whitespace());
        (written.len() <= MAX_SHAPED_BYTES && beside()).then(|| letters::digits(written)).flatten().map(Kind::Letters)
    }

    fn push(&mut self, range: Range<usize>, kind: Kind) {
        let before = match self.row.last() {
            None => Gap::Break,
            Some(last) => self.gap(&(last.range.end..range.start)),
        };
        if before == Gap::Break {
            // Only what a flush would have passed over is dropped here.
            if self.plain || !self.is_worth_reading() {
                self.row.clear();
                self.plain = true;
            }
        }
        self.plain &= kind == Kind::Digits && before != Gap::Words;
        self.words = 0;
        self.row.push(Numeral { range, kind, before });
    }

    fn gap(&self, gap: &Range<usize>) -> Gap {
        let between = &self.text[gap.clone()];
        if between.is_empty() {
            return Gap::Signs;
        }
        if between.as_bytes().contains(&BARRIER) || between.matches('\n').count() > 1 {
            return Gap::Break;
        }
        if self.words == 0 {
            let near =
                between.len() <= MAX_SIGN_BYTES && between.chars().take(MAX_SIGN_CHARS + 1).count() <= MAX_SIGN_CHARS;
            return if near && !between.contains(['$', '€', '£']) { Gap::Signs } else { Gap::Break };
        }
        let near = between.len() <= MAX_FILLER_BYTES && !between.contains(['\n', '$', '€', '£']);
        if near && self.words <= 2 { Gap::Words } else { Gap::Break }
    }

    /// Rows of number words inside a text without spaces; shorter ones are ordinary words.
    fn unspaced(&mut self, word: &Word) {
        let mut at = word.range.start;
        let mut found: Vec<(Range<usize>, Kind)> = Vec::new();
        while at < word.range.end {
            match self.piece(at, word.range.end, true) {
                Some((length, kind)) => {
                    found.push((at..at + length, kind));
                    at += length;
                }
                None => {
                    self.keep_unspaced(&mut found, at, word);
                    self.words += 1;
                    at += self.text[at..].chars().next().map_or(1, char::len_utf8);
                }
            }
        }
        self.keep_unspaced(&mut found, at, word);
    }

    fn keep_unspaced(&mut self, found: &mut Vec<(Range<usize>, Kind)>, end: usize, word: &Word) {
        let whole = found.first().is_some_and(|first| first.0.start == word.range.start) && end == word.range.end;
        let digits = found.iter().any(|(_, kind)| *kind == Kind::Digits);
        if whole || digits || found.len() >= MIN_UNSPACED {
            found.drain(..).for_each(|(range, kind)| self.push(range, kind));
        } else {
            self.words += found.len();
            found.clear();
        }
    }

    /// Number words glued to one another or to digits, all of the word: `twozero2five`.
    fn glued(&mut self, word: &Word) -> bool {
        let written = &self.text[word.range.clone()];
        if !(MIN_GLUED_BYTES..=MAX_GLUED_BYTES).contains(&written.len()) {
            return false;
        }
        let first = written.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or_default();
        if !LEXICON.may_begin(&written[first..]) {
            return false;
        }
        if self.shorter_piece(word.range.start, word.range.end).is_none() {
            return false;
        }
        // The longest piece first; where that leads nowhere, the next shorter one.
        let mut dead = vec![false; written.len() + 1];
        let mut pieces: Vec<(Range<usize>, Kind)> = Vec::new();
        if !self.split(word.range.start, word.range.clone(), &mut dead, &mut pieces) || pieces.len() < 2 {
            return false;
        }
        pieces.into_iter().for_each(|(range, kind)| self.push(range, kind));
        true
    }

    /// Splits what is left of a word from `at` on; places from which nothing leads to the end are remembered as dead, so
    /// that each is tried once.
    fn split(&self, at: usize, word: Range<usize>, dead: &mut [bool], pieces: &mut Vec<(Range<usize>, Kind)>) -> bool {
        // Without recursion: a word may hold two hundred pieces.
        let mut at = at;
        let mut limit = word.end;
        loop {
            if at == word.end {
                return true;
            }
            let next = self.shorter_piece(at, limit).filter(|_| !dead[at - word.start]);
            match next {
                Some((length, kind)) => {
                    pieces.push((at..at + length, kind));
                    at += length;
                    limit = word.end;
                }
                None => {
                    dead[at - word.start] = true;
                    let Some((last, _)) = pieces.pop() else { return false };
                    at = last.start;
                    limit = last.end - 1;
                }
            }
        }
    }

    fn shorter_piece(&self, at: usize, limit: usize) -> Option<(usize, Kind)> {
        if limit <= at {
            return None;
        }
        self.piece(at, self.text.floor_char_boundary(limit), false)
    }

    /// The longest number word or row of digits that begins at `at`. Weak words count only in scripts without spaces.
    fn piece(&self, at: usize, end: usize, weak: bool) -> Option<(usize, Kind)> {
        const MAX_PIECE_CHARS: usize = 16;
        let rest = &self.text[at..end];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            return Some((digits, Kind::Digits));
        }
        if !LEXICON.may_begin(rest) {
            return None;
        }
        if let Some(head) = rest.as_bytes().get(..rest.len().min(MAX_PIECE_CHARS)).filter(|head| head.is_ascii()) {
            // An apostrophe is no letter: what is looked up is what stands before it.
            let letters = head.iter().take_while(|byte| **byte != b'\'').count();
            let mut lower = [0; MAX_PIECE_CHARS];
            lower[..letters].copy_from_slice(&head[..letters]);
            lower.make_ascii_lowercase();
            let lower = std::str::from_utf8(&lower[..letters]).unwrap_or_default();
            return (1..=letters).rev().find_map(|end| {
                LEXICON
                    .exact(&lower[..end])
                    .filter(|senses| counts(senses, end, weak))
                    .map(|senses| (end, Kind::Word(senses)))
            });
        }
        if !LEXICON.may_begin_with_pair(rest) {
            return None;
        }
        // Folding goes character by character, so the beginnings of the folded text are the folded beginnings.
        let mut folded = String::new();
        let mut ends = Vec::with_capacity(MAX_PIECE_CHARS);
        for (at, character) in rest.char_indices().take(MAX_PIECE_CHARS) {
            fold_one(character, &mut folded);
            ends.push((at + character.len_utf8(), folded.len()));
        }
        for (end, length) in ends.into_iter().rev() {
            if let Some(senses) = LEXICON.exact(&folded[..length]).filter(|senses| counts(senses, end, weak)) {
                return Some((end, Kind::Word(senses)));
            }
        }
        None
    }
}
