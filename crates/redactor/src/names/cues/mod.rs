//! Words that introduce a name, in many languages: they speak for a name whatever its letters are.
//!
//! Only words that hardly ever stand before anything else: `soy` and `ich bin` are left to the tagger, because an adjective
//! follows them as often as a name. Where no capital tells a name from a word, some more say that a usual name behind them is one.

mod words;

use std::ops::Range;
use std::sync::LazyLock;

use model::Label;
use rustc_hash::FxHashMap as HashMap;

use self::words::{
    AFTER_HANGUL, BEFORE, COPULAS, NAMED, NO_NAMES_HANGUL, NOT_NAMES, PARTICLES_HANGUL, TITLES_HANGUL, WITH,
};
use super::lexicon::Lexicon;
use super::spans::candidate;
use super::tagger::Line;
use super::token::{Class, Shape, Token, tokenise};
use crate::rule::{Candidate, Rule, strength};

pub(super) static INTRODUCED: Rule = Rule {
    detector: "names",
    name: "introduced",
    reason: "the words beside it introduce a person",
    strength: strength::FORM,
};

struct Cue {
    /// The words before its last, nearest first.
    earlier: Vec<u64>,
    kind: Kind,
}

/// What a cue says of the word behind it, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// A name, if it usually is one.
    With,
    /// A name, unless it is an ordinary word.
    Before,
    /// A name.
    Named,
}

static CUES: LazyLock<HashMap<u64, Vec<Cue>>> = LazyLock::new(|| {
    let mut cues: HashMap<u64, Vec<Cue>> = HashMap::default();
    for (table, kind) in [(BEFORE, Kind::Before), (NAMED, Kind::Named), (WITH, Kind::With)] {
        for cue in table {
            let mut words = words(cue);
            if let Some(last) = words.pop() {
                words.reverse();
                cues.entry(last).or_default().push(Cue { earlier: words, kind });
            }
        }
    }
    cues
});

static STOPS: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let mut stops: Vec<u64> = NOT_NAMES.iter().flat_map(|word| words(word)).collect();
    stops.sort_unstable();
    stops
});

fn words(text: &str) -> Vec<u64> {
    let mut tokens = Vec::new();
    tokenise(text, 0, &mut tokens);
    tokens.iter().map(|token| token.word).collect()
}

/// Adds every name of a line that is introduced.
pub(super) fn find(text: &str, line: &Line, lexicon: &Lexicon<'_>, found: &mut Vec<Candidate>) {
    let tokens = &line.tokens;
    for (at, token) in tokens.iter().enumerate() {
        if token.shape == Shape::Caseless
            && let Some(range) = titled_hangul(text, tokens, at)
        {
            found.push(candidate(text, range, Label::Person, &INTRODUCED));
        }
        let Some(cues) = CUES.get(&token.word).filter(|_| token.class == Class::Word) else { continue };
        let fit = cues.iter().filter(|cue| follows(tokens, at, &cue.earlier));
        let Some(kind) = fit.map(|cue| cue.kind).max() else { continue };
        let mut first = at + 1;
        // `name: X`, `name is "X"`, `miss. X`
        while first < tokens.len() && first <= at + 2 && tokens[first].class == Class::Sign {
            first += 1;
        }
        let is_copula = |token: &Token| COPULAS.contains(&&text[token.start..token.end]);
        if kind == Kind::Named && tokens.get(first).is_some_and(is_copula) {
            first += 1;
        }
        if let Some(range) = name(text, tokens, first, kind, lexicon) {
            found.push(candidate(text, range, Label::Person, &INTRODUCED));
        }
    }
}

/// A name in Hangul before its title: `김지안 씨가`, `지안님`.
fn titled_hangul(text: &str, tokens: &[Token], at: usize) -> Option<Range<usize>> {
    let token = tokens.get(at)?;
    let written = &text[token.start..token.end];
    if !written.chars().all(is_hangul) {
        return None;
    }
    let bare = |word: &str| {
        let titled = |particle: &&str| {
            TITLES_HANGUL.iter().find_map(|title| word.strip_suffix(*particle)?.strip_suffix(title)).map(str::len)
        };
        PARTICLES_HANGUL.iter().find_map(titled)
    };
    let next = tokens.get(at + 1).filter(|next| next.shape == Shape::Caseless);
    let before_title = next.is_some_and(|next| bare(&text[next.start..next.end]) == Some(0));
    let length = if before_title { written.len() } else { bare(written)? };
    let name = &written[..length];
    let fits = (2..=4).contains(&name.chars().count()) && !NO_NAMES_HANGUL.iter().any(|word| name.ends_with(word));
    fits.then(|| token.start..token.start + length)
}

fn is_hangul(letter: char) -> bool {
    ('가'..='힣').contains(&letter)
}

fn follows(tokens: &[Token], at: usize, earlier: &[u64]) -> bool {
    at >= earlier.len() && earlier.iter().enumerate().all(|(back, word)| tokens[at - 1 - back].word == *word)
}

/// The name that begins at a token, if what stands there may be one.
fn name(text: &str, tokens: &[Token], first: usize, kind: Kind, lexicon: &Lexicon<'_>) -> Option<Range<usize>> {
    let token = tokens.get(first)?;
    let written = &text[token.start..token.end];
    let letters = written.chars().count();
    if token.class != Class::Word || letters < 2 || STOPS.binary_search(&token.word).is_ok() {
        return None;
    }
    if written.chars().all(is_hangul) {
        let name = AFTER_HANGUL.iter().find_map(|end| written.strip_suffix(end)).unwrap_or(written);
        return (2..=5).contains(&name.chars().count()).then(|| token.start..token.start + name.len());
    }
    let entry = lexicon.get(token.word);
    let (forename, titled) = (entry.forename(), token.shape == Shape::Title);
    // A common word in small letters after `miss` or `ask for` is that word; one of another language than English is a name if
    // any list has it as one.
    let foreign = entry.cluster() == 0;
    let is_name = match (kind, entry.common()) {
        (Kind::Named, _) | (Kind::Before, 0 | 1) => true,
        (Kind::Before, 2) => titled || forename >= 2 || forename == 1 && foreign,
        (Kind::Before, _) => forename >= 2 || forename == 1 && titled,
        (Kind::With, _) => forename.max(entry.surname()) >= 2 && !titled,
    };
    if !is_name {
        return None;
    }
    let mut end = token.end;
    for next in tokens.iter().skip(first + 1).take(2).take_while(|next| next.class == Class::Word) {
        let entry = lexicon.get(next.word);
        let listed = entry.forename().max(entry.surname()) > 0 && entry.common() == 0;
        let ordinary = entry.common() >= 2 && entry.cluster() != 0 || entry.common() == 3;
        let capital = token.shape == Shape::Title && next.shape.is_capital() && !ordinary;
        if !(listed || capital) || STOPS.binary_search(&next.word).is_ok() {
            break;
        }
        end = next.end;
    }
    Some(token.start..end)
}

#[cfg(test)]
mod tests {
    use super::super::built_in;
    use super::*;

    fn introduced(text: &str) -> Vec<&str> {
        let (mut line, mut found) = (Line::default(), Vec::new());
        built_in().tag(text, 0, &mut line);
        find(text, &line, built_in().lexicon(), &mut found);
        found.iter().map(|found| &text[found.range.clone()]).collect()
    }

    #[test]
    fn a_name_is_found_whatever_its_letters_are() {
        for (text, name) in [
            ("My name is Qzara", "Qzara"),
            ("ask for qzara 24/7", "qzara"),
            ("Miss Qzara Vint is here", "Qzara Vint"),
            ("je m'appelle Qzara", "Qzara"),
            ("my name is pari", "pari"),
            ("меня зовут Кзара", "Кзара"),
            ("اسمي قزارة", "قزارة"),
            ("मेरा नाम क़ज़ारा है", "क़ज़ारा"),
            ("με λένε Κζάρα", "Κζάρα"),
            ("제 이름은 김크자입니다", "김크자"),
            ("어제 김지안 씨가 왔어요", "김지안"),
            ("지안님 연락주세요", "지안"),
            ("Tôi tên là Kzả", "Kzả"),
            ("קוראים לי קזרה", "קזרה"),
            ("আমার নাম হলো রিয়া", "রিয়া"),
            ("שמי הוא דנה", "דנה"),
            // Words that are names as well.
            ("مرحبا أنا اسمي لين", "لين"),
            ("الليلة مع نور فقط", "نور"),
            ("ראיתי את ענת אתמול", "ענת"),
        ] {
            assert_eq!(introduced(text), [name], "{text}");
        }
    }

    #[test]
    fn what_is_no_name_stays() {
        for text in [
            "call me now",
            "ask for details",
            "call me anytime",
            "do not miss it",
            "I miss you",
            "miss the bus",
            "call me!",
            "اسمي ليس مهما",
            "मेरा नाम है",
            "مع ذلك",
            "ראיתי את הסרט",
        ] {
            assert_eq!(introduced(text), [""; 0], "{text}");
        }
    }
}
