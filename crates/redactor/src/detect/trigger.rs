//! Words that make a detector look: one automaton finds them all in one pass.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::platform::{LINK_HOSTS, NAMES};

/// What a trigger means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trigger {
    /// `://`, behind a scheme.
    Scheme,
    /// `www.`
    Www,
    /// `.onion`
    Onion,
    /// A way to write an at sign.
    At,
    /// The name of a platform, by its place in [`NAMES`].
    Platform(usize),
    /// The host of a platform's links, by its place in [`LINK_HOSTS`].
    Link(usize),
}

/// Ways to write an at sign. Those in words must stand between spaces.
const AT_FORMS: &[&str] = &[
    "(at)",
    "[at]",
    "{at}",
    "<at>",
    "( at )",
    "[ at ]",
    "{ at }",
    "(a)",
    "[a]",
    "(@)",
    "[@]",
    "(ät)",
    "[ät]",
    "(Ät)",
    " at ",
    " arroba ",
    "(arroba)",
    "[arroba]",
    " arobase ",
    "(arobase)",
    "[arobase]",
    " chiocciola ",
    "(chiocciola)",
    " ät ",
    " собака ",
    "(собака)",
    "[собака]",
    " (at) ",
    " małpa ",
    "(małpa)",
    " apenstaartje ",
    " kukac ",
    " zavináč ",
];

struct Automaton {
    words: Option<AhoCorasick>,
    meanings: Vec<Trigger>,
}

static AUTOMATON: LazyLock<Automaton> = LazyLock::new(|| {
    let fixed = [("://", Trigger::Scheme), ("www.", Trigger::Www), (".onion", Trigger::Onion)];
    let at = AT_FORMS.iter().map(|form| (*form, Trigger::At));
    let names = NAMES.iter().enumerate().map(|(place, (name, _))| (*name, Trigger::Platform(place)));
    let links = LINK_HOSTS.iter().enumerate().map(|(place, link)| (link.host, Trigger::Link(place)));
    let all = fixed.into_iter().chain(at).chain(names).chain(links);
    let (words, meanings): (Vec<String>, Vec<Trigger>) =
        all.flat_map(|(word, trigger)| cases(word).into_iter().map(move |word| (word, trigger))).unzip();
    let words = AhoCorasick::builder().ascii_case_insensitive(true).match_kind(MatchKind::Standard).build(words).ok();
    Automaton { words, meanings }
});

/// A word as it may be written: the automaton folds the case of ASCII alone, so others come in three.
fn cases(word: &str) -> BTreeSet<String> {
    if word.is_ascii() {
        return BTreeSet::from([word.to_owned()]);
    }
    let signs = word.len() - word.trim_start_matches(|c: char| !c.is_alphabetic()).len();
    let (lead, mut letters) = (&word[..signs], word[signs..].chars());
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    BTreeSet::from([word.to_owned(), format!("{lead}{first}{}", letters.as_str()), word.to_uppercase()])
}

/// Every trigger in a text, overlapping ones included, by where they end.
pub(crate) fn find(text: &str) -> Vec<(Trigger, Range<usize>)> {
    let automaton = &*AUTOMATON;
    let Some(words) = &automaton.words else { return Vec::new() };
    words
        .find_overlapping_iter(text)
        .map(|found| (automaton.meanings[found.pattern().as_usize()], found.range()))
        .collect()
}
