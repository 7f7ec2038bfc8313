//! Words for peoples and faiths, by which nobody is found: `Palestinian`, `Ukrainians`, `polacca`.
//!
//! The tagger takes such a word for a name now and then, and for some peoples more often than for others; an index in which
//! some are hidden and others are not would mislead whoever searches it. So none is hidden by itself for being a place or an
//! organisation, nor for being a person where no list has it as a name. What a list has as a place stays hidden, and so does a
//! word that the tagger takes together with one beside it: `Greek Street`. The words are in `peoples.txt`.

use std::collections::HashSet;
use std::sync::LazyLock;

use rustc_hash::FxBuildHasher;

use super::lexicon::Lexicon;
use super::token::{Class, each, word_hash};

const LIST: &str = include_str!("peoples.txt");

static PEOPLES: LazyLock<HashSet<u64, FxBuildHasher>> =
    LazyLock::new(|| listed().filter_map(|word| word_hash(&word)).collect());

/// Every word of the list with each of its endings.
fn listed() -> impl Iterator<Item = String> {
    let lines = LIST.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(':')).flat_map(|(endings, words)| {
        let endings = endings.split_whitespace().map(|ending| ending.trim_matches('-'));
        let forms = |word| endings.clone().map(move |ending| format!("{word}{ending}")).collect::<Vec<_>>();
        words.split_whitespace().flat_map(forms).collect::<Vec<_>>()
    })
}

/// Words for the quarters of the world, before a people's: `South Korean`.
const QUARTERS: [&str; 9] = ["north", "south", "east", "west", "northern", "southern", "eastern", "western", "central"];

/// Most words of a stretch that are looked at.
const MOST_WORDS: usize = 3;

/// Whether a stretch is words for peoples and nothing else. `may_be_a_person`: the tagger gives it a fair chance, and a word
/// that the lists have as a name is then one.
pub(super) fn are_all(stretch: &str, may_be_a_person: bool, lexicon: &Lexicon<'_>) -> bool {
    let (mut words, mut peoples, mut all) = (0, 0, true);
    each(stretch, |token| {
        if token.class == Class::Sign {
            return;
        }
        words += 1;
        all &= token.class == Class::Word && words <= MOST_WORDS && {
            let known = lexicon.get(token.word);
            let named = known.forename().max(known.surname()) > 0;
            let people = PEOPLES.contains(&token.word) && known.place() == 0 && !(named && may_be_a_person);
            peoples += usize::from(people);
            people || QUARTERS.iter().any(|word| stretch[token.start..token.end].eq_ignore_ascii_case(word))
        };
    });
    peoples > 0 && all
}

#[cfg(test)]
mod tests {
    use super::super::built_in;
    use super::*;

    #[test]
    fn peoples_alone_and_in_any_spelling_are_told_from_names_with_them() {
        let lexicon = built_in().lexicon();
        for people in ["Israeli", "PALESTINIANS", "Polish", "Rumänin", "Русская", "Czech Ukrainian", "South Koreans"]
        {
            assert!(are_all(people, false, lexicon), "{people}");
        }
        let others = ["Greek Street", "Argentina", "Maria", "", "12", "Poland", "Roman", "Georgiana", "a b c d Thai"];
        for other in others.into_iter().chain(["South", "Thai 李明", "Serbia", "Laos", "Latina", "Italien", "Svizzera"])
        {
            assert!(!are_all(other, false, lexicon), "{other}");
        }
        // Forenames and surnames as well.
        for name in ["Dane", "French", "German"] {
            assert!(are_all(name, false, lexicon) && !are_all(name, true, lexicon), "{name}");
        }
        assert!(are_all("Palestinians", true, lexicon));
    }

    #[test]
    fn every_word_of_the_list_is_one_word_and_no_country() {
        for word in listed() {
            assert!(word_hash(&word).is_some(), "{word}");
            assert_eq!(crate::place::countries(&word).next(), None, "{word}");
        }
        assert!(PEOPLES.len() > 800);
    }
}
