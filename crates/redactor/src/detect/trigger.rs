//! Words that make a detector look: one dictionary finds them all in one pass.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use super::address::{self, Part};
use super::context::{self, Context};
use super::dictionary::{Dictionary, Found};
use super::lookalike;
use super::platform::{self, LINK_HOSTS, NAMES};
use super::scan::{BARRIER, word_after, word_before};
use super::secret::{BEGINNINGS, PRIVATE_KEY_BEGINS};
use super::signs::{self, Sign};
use super::spelled::Plain;

/// What a trigger means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trigger {
    /// `://`, behind a scheme.
    Scheme,
    /// `www.`
    Www,
    /// `.onion`
    Onion,
    /// A word for an at sign.
    At,
    /// A word for a dot, or a dot in brackets.
    Dot,
    /// A word that says what the value beside it is.
    Context(Context),
    /// A word of an address, and whether it is an ordinary word.
    Address(Part, bool),
    /// The beginning of a service's key, by its place in [`BEGINNINGS`].
    Key(usize),
    /// The first line of a private key.
    PrivateKey,
    /// The name of a platform, by its place in [`NAMES`].
    Platform(usize),
    /// The host of a platform's links, by its place in [`LINK_HOSTS`].
    Link(usize),
}

struct Meanings {
    words: Dictionary,
    meanings: Vec<Trigger>,
}

static MEANINGS: LazyLock<Meanings> = LazyLock::new(|| {
    let fixed = [
        ("://", Trigger::Scheme),
        ("www.", Trigger::Www),
        ("w w w", Trigger::Www),
        (".onion", Trigger::Onion),
        ("[.]", Trigger::Dot),
        ("(.)", Trigger::Dot),
        ("{.}", Trigger::Dot),
        ("(a)", Trigger::At),
        ("[a]", Trigger::At),
        ("{a}", Trigger::At),
        (PRIVATE_KEY_BEGINS, Trigger::PrivateKey),
    ];
    let fixed = fixed.map(|(word, trigger)| (word.to_owned(), trigger)).into_iter();
    let at = signs::words_for(Sign::At).map(|word| (word.to_owned(), Trigger::At));
    let dot = signs::words_for(Sign::Dot).map(|word| (word.to_owned(), Trigger::Dot));
    let names = NAMES.iter().enumerate().flat_map(|(place, (name, _))| {
        platform::writings(name).into_iter().map(move |name| (name, Trigger::Platform(place)))
    });
    let links = LINK_HOSTS.iter().enumerate().map(|(place, link)| (link.host.to_owned(), Trigger::Link(place)));
    let contexts = context::words().map(|(word, context)| (word.to_owned(), Trigger::Context(context)));
    let keys = BEGINNINGS.iter().enumerate().map(|(place, (begins, _))| ((*begins).to_owned(), Trigger::Key(place)));
    let addresses = address::words().map(|(word, part, ordinary)| (word.to_owned(), Trigger::Address(part, ordinary)));
    let links = links.chain(contexts).chain(keys).chain(addresses);
    let all = fixed.chain(at).chain(dot).chain(names).chain(links);
    let (words, meanings): (Vec<String>, Vec<Trigger>) =
        all.flat_map(|(word, trigger)| cases(&word).into_iter().map(move |word| (word, trigger))).unzip();
    Meanings { words: Dictionary::new(&words), meanings }
});

/// A word as it may be written: the dictionary folds the case of ASCII alone, so others come in three.
fn cases(word: &str) -> BTreeSet<String> {
    if word.is_ascii() {
        return BTreeSet::from([word.to_owned()]);
    }
    let signs = word.len() - word.trim_start_matches(|c: char| !c.is_alphabetic()).len();
    let (lead, mut letters) = (&word[..signs], word[signs..].chars());
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    BTreeSet::from([word.to_owned(), format!("{lead}{first}{}", letters.as_str()), word.to_uppercase()])
}

/// Every word of the dictionary in a text, overlapping ones included, before anything is asked of what stands beside it.
///
/// Hiding a part of the text takes words away and adds none, so a text is read once, however often it is looked at.
pub(crate) struct Words {
    found: Vec<Found>,
    /// Words that stand for no number, if they are worth noting.
    plain: Option<OnceCell<Plain>>,
}

impl Words {
    /// Reads a text that is looked at once.
    pub(crate) fn of(text: &str) -> Self {
        Self { found: MEANINGS.words.find(text), plain: None }
    }

    /// Reads a text that is looked at again when parts of it are hidden.
    pub(crate) fn of_several_looks(text: &str) -> Self {
        Self { plain: Some(OnceCell::new()), ..Self::of(text) }
    }

    /// Where the first look notes the words that stand for no number, for those behind it.
    pub(super) const fn plain(&self) -> Option<&OnceCell<Plain>> {
        self.plain.as_ref()
    }
}

/// Every trigger in `text`, overlapping ones included, by where they end. `words` are those of this text, or of what it was
/// before parts of it were hidden.
pub(crate) fn find(text: &str, words: &Words) -> Vec<(Trigger, Range<usize>)> {
    let known = &*MEANINGS;
    let hidden = |place: &Range<usize>| text.as_bytes()[place.clone()].contains(&BARRIER);
    let mut found = Vec::with_capacity(words.found.len());
    let written = words
        .found
        .iter()
        .filter(|(_, place)| !hidden(place))
        .map(|(number, place)| (known.meanings[*number], place))
        .filter(|(trigger, place)| match trigger {
            Trigger::At | Trigger::Dot => stands_out(text, place),
            Trigger::Address(part, _) => address::is_whole(text, place, *part),
            Trigger::Context(_) => context::is_whole(text, place),
            Trigger::Key(key) => text[place.start..place.end] == *BEGINNINGS[*key].0 && !word_before(text, place.start),
            _ => true,
        })
        .map(|(trigger, place)| (trigger, place.clone()));
    found.extend(written);
    found.extend(lookalike::find(text, |word| Some(known.meanings[known.words.number(word)?])));
    found
}

/// Whether letters do not simply go on beside a word: `at` in `that` is no sign, and neither is `AT` in `THAT`.
fn stands_out(text: &str, word: &Range<usize>) -> bool {
    let written = &text[word.clone()];
    if written.starts_with(['(', '[', '{']) {
        return true;
    }
    let unspaced = written.chars().all(|c| c as u32 >= 0xe00 || c == ' ');
    let upper = written.bytes().all(|byte| byte.is_ascii_uppercase());
    let lower = |c: Option<char>| c.is_some_and(|c| c.is_lowercase() || c.is_ascii_digit());
    let cased = upper && lower(text[..word.start].chars().next_back()) && lower(text[word.end..].chars().next());
    unspaced || cased || !word_before(text, word.start) && !word_after(text, word.end)
}
