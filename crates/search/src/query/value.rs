//! From what was typed to what is looked for.

use model::Token;
use schema::day_from_text;

use super::error::{Fault, ParseError};
use super::field::{Holds, Name};
use super::lexer::Raw;
use crate::limits::{MAX_PHRASE_WORDS, MIN_PREFIX_CHARS};

/// What to look for in a field.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// These words, one after the other.
    Words(Words),
    /// Words, or labels, that begin so.
    Prefix(Stem),
    /// Words in which at most so many letters differ; two neighbours exchanged count once.
    Fuzzy(Stem, u8),
    /// This token.
    Token(Token),
    /// Exactly this label.
    Label(String),
    /// Days, both ends included; `None` is open.
    Days(Option<String>, Option<String>),
    /// Hundredths, both ends included; `None` is open.
    Amounts(Option<u64>, Option<u64>),
}

/// Folded words, and a text that gives the same words when it is read again.
#[derive(Clone)]
pub(crate) struct Words {
    pub(crate) terms: Vec<String>,
    pub(crate) shown: String,
}

/// The words count, not how they were written.
impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        self.terms == other.terms
    }
}

impl Eq for Words {}

/// What a pattern is made from, and a text that gives the same when it is read again.
#[derive(Clone)]
pub(crate) struct Stem {
    pub(crate) start: String,
    pub(crate) shown: String,
}

/// As for words.
impl PartialEq for Stem {
    fn eq(&self, other: &Self) -> bool {
        self.start == other.start
    }
}

impl Eq for Stem {}

impl Value {
    /// Whether it stands for the words that fit it.
    pub(crate) const fn is_pattern(&self) -> bool {
        matches!(self, Self::Prefix(_) | Self::Fuzzy(..))
    }

    /// Reads a value that begins at character `at`; a token without a field is looked for among all tokens.
    pub(crate) fn read(name: Name, raw: Raw<'_>, at: usize) -> Result<(Name, Self), ParseError> {
        let wrong = |fault| ParseError::new(at, fault);
        if let Raw::Bracketed(text) = raw {
            let token: Token = text.parse().map_err(|_| wrong(Fault::BadToken))?;
            return match name.holds() {
                Holds::Tokens => Ok((name, Self::Token(token))),
                Holds::Text if name == Name::Anywhere => Ok((Name::Token, Self::Token(token))),
                Holds::Text => Ok((name, Self::Words(Words::token(token)))),
                Holds::Labels => Err(wrong(Fault::NoWord)),
                Holds::Days => Err(wrong(Fault::DayWanted)),
                Holds::Amounts => Err(wrong(Fault::AmountWanted)),
            };
        }
        if let Raw::Bare(text) = raw
            && let Some(pattern) = pattern(name, text).map_err(wrong)?
        {
            return Ok((name, pattern));
        }
        let (Raw::Quoted(text) | Raw::Bare(text) | Raw::Bracketed(text)) = raw;
        let value = match name.holds() {
            Holds::Text => Self::Words(Words::read(text).map_err(wrong)?),
            Holds::Tokens => Self::Token(text.trim().parse().map_err(|_| wrong(Fault::TokenWanted))?),
            Holds::Labels if text.trim().is_empty() => return Err(wrong(Fault::NoWord)),
            Holds::Labels => Self::Label(text.trim().to_owned()),
            Holds::Days => days(text.trim()).map_err(wrong)?,
            Holds::Amounts => amounts(text.trim()).map_err(wrong)?,
        };
        Ok((name, value))
    }
}

impl Words {
    /// A token as it stands in a text.
    pub(crate) fn token(token: Token) -> Self {
        let text = token.to_string();
        Self { terms: vec![text.clone()], shown: text }
    }

    fn read(text: &str) -> Result<Self, Fault> {
        let terms = cut(text);
        match terms.len() {
            0 => return Err(Fault::NoWord),
            1..=MAX_PHRASE_WORDS => {}
            _ => return Err(Fault::LongPhrase),
        }
        let shown = shown(text.trim(), &terms);
        Ok(Self { terms, shown })
    }
}

/// The folded words say best what is looked for. Rarely they would be cut differently when read again (a compatibility
/// character that folds to several words); then the text as typed is shown.
fn shown(typed: &str, terms: &[String]) -> String {
    let folded = terms.join(" ");
    if cut(&folded) == terms && !folded.contains('"') { folded } else { typed.to_owned() }
}

fn cut(text: &str) -> Vec<String> {
    schema::words(text).take(MAX_PHRASE_WORDS + 1).map(|word| word.text).collect()
}

/// `harb*`, `harbour~1`; `None` for a value without either sign.
fn pattern(name: Name, text: &str) -> Result<Option<Value>, Fault> {
    let (stem, edits) = match text.rsplit_once('~') {
        Some((stem, "" | "1")) => (stem, Some(1)),
        Some((stem, "2")) => (stem, Some(2)),
        Some((_, digits)) if digits.bytes().all(|byte| byte.is_ascii_digit()) => return Err(Fault::BadEdits),
        _ => (text, None),
    };
    let stars = stem.matches('*').count();
    let stem = match (stars, stem.strip_suffix('*'), edits) {
        (0, _, None) => return Ok(None),
        (0, _, Some(_)) => stem,
        (1, Some(stem), None) => stem,
        _ => return Err(Fault::StrayStar),
    };
    match (name.holds(), edits) {
        (Holds::Text, _) => {}
        (Holds::Labels, None) if !stem.is_empty() => {
            return Ok(Some(Value::Prefix(Stem { start: stem.to_owned(), shown: stem.to_owned() })));
        }
        (Holds::Labels, None) => return Err(Fault::ShortPrefix),
        _ => return Err(Fault::NoPattern),
    }
    let mut words = cut(stem);
    let shown = shown(stem, &words);
    let start = match words.len() {
        0 => return Err(Fault::ShortPrefix),
        1 => words.remove(0),
        _ => return Err(Fault::StrayStar),
    };
    let letters = start.chars().count();
    let stem = Stem { start, shown };
    match edits {
        None if letters < MIN_PREFIX_CHARS => Err(Fault::ShortPrefix),
        None => Ok(Some(Value::Prefix(stem))),
        Some(1) if letters < 4 => Err(Fault::ShortFuzzy),
        Some(2) if letters < 7 => Err(Fault::ShortFuzzy),
        Some(edits) => Ok(Some(Value::Fuzzy(stem, edits))),
    }
}

/// `2026-11-24`, `2026-11`, `2026`, `2026-11-01..2026-11-24`, `2026-11-01..`, `..2026-11-24`.
fn days(text: &str) -> Result<Value, Fault> {
    let (from, to) = match text.split_once("..") {
        Some((from, to)) => (from, to),
        None => (text, text),
    };
    let day = |text: &str, ends: &[&str]| {
        let whole = match text.len() {
            0 => return Ok(None),
            4 => ends.iter().map(|end| format!("{text}-{}", if *end == "01" { "01-01" } else { "12-31" })).next(),
            7 => ends.iter().map(|end| format!("{text}-{end}")).find(|day| day_from_text(day).is_ok()),
            _ => Some(text.to_owned()),
        };
        whole.filter(|day| day_from_text(day).is_ok()).map(Some).ok_or(Fault::DayWanted)
    };
    let (from, to) = (day(from, &["01"])?, day(to, &["31", "30", "29", "28"])?);
    match (&from, &to) {
        (None, None) => Err(Fault::DayWanted),
        // Days written in full sort as text.
        (Some(from), Some(to)) if from > to => Err(Fault::EmptyRange),
        _ => Ok(Value::Days(from, to)),
    }
}

/// `120`, `99.50`, `100..200`, `100..`, `..200`.
fn amounts(text: &str) -> Result<Value, Fault> {
    let (from, to) = ends(text, amount)?;
    match (from, to) {
        (None, None) => Err(Fault::AmountWanted),
        (Some(from), Some(to)) if from > to => Err(Fault::EmptyRange),
        _ => Ok(Value::Amounts(from, to)),
    }
}

fn ends<T: Clone>(
    text: &str,
    read: impl Fn(&str) -> Result<Option<T>, Fault>,
) -> Result<(Option<T>, Option<T>), Fault> {
    match text.split_once("..") {
        Some((from, to)) => Ok((read(from)?, read(to)?)),
        None => read(text).map(|value| (value.clone(), value)),
    }
}

/// An amount in hundredths.
fn amount(text: &str) -> Result<Option<u64>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 2 {
        return Err(Fault::AmountWanted);
    }
    let hundredths = format!("{part:0<2}").parse::<u64>().map_err(|_| Fault::AmountWanted)?;
    let whole = whole.parse::<u64>().ok().and_then(|whole| whole.checked_mul(100));
    whole.and_then(|whole| whole.checked_add(hundredths)).map(Some).ok_or(Fault::AmountWanted)
}
