//! Advertisements and messages with names in them, made by chance from templates and lists. No person is meant.

use model::Label;
use rand::Rng as _;
use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;

use crate::forms::is_syllable;
use crate::lists::Pools;
use crate::templates::{ENGLISH, LANGUAGES, Language};
use crate::text::{HIDDEN, Text};

/// The share of sentences of chance words that have a name.
const NAMED: f64 = 0.4;

/// What texts are made from.
#[derive(Debug)]
pub struct Generator<'a> {
    pools: &'a Pools,
    /// Words that are forenames too.
    ambiguous: Vec<String>,
    common: Vec<String>,
}

impl<'a> Generator<'a> {
    /// From the pools and the words of the lexicon, a line each.
    #[must_use]
    pub fn new(pools: &'a Pools, lexicon: &str) -> Self {
        let (mut ambiguous, mut common) = (Vec::new(), Vec::new());
        for line in lexicon.lines() {
            let fields: Vec<_> = line.split('\t').collect();
            let [word, forename, _, _, often] = fields[..] else { continue };
            let plain = word.is_ascii() && word.len() > 2 && !word.contains(' ');
            if plain && often >= "2" && forename >= "2" {
                ambiguous.push(word.to_owned());
            } else if plain && often >= "3" && forename == "0" {
                common.push(word.to_owned());
            }
        }
        Self { pools, ambiguous, common }
    }

    /// One text of one to five sentences.
    pub fn text(&self, chance: &mut ChaCha8Rng) -> Text {
        let language = if chance.gen_bool(0.6) { &ENGLISH } else { LANGUAGES.choose(chance).unwrap_or(&ENGLISH) };
        let with = if chance.gen_bool(0.25) { 0 } else { chance.gen_range(1..=3) };
        let without = chance.gen_range(usize::from(with == 0)..=4);
        let mut sentences: Vec<&str> = (0..with).filter_map(|_| language.with.choose(chance).copied()).collect();
        sentences.extend((0..without).filter_map(|_| language.without.choose(chance).copied()));
        sentences.shuffle(chance);
        let between = *[". ", "! ", " - ", "\n", "\n", " ", " ♥ ", " ... ", ", ", " | ", " * ", "\n\n"]
            .choose(chance)
            .unwrap_or(&"\n");
        let origin = language.origins.choose(chance).copied().unwrap_or("en_US");
        let mut text = Text::default();
        for (place, sentence) in sentences.iter().enumerate() {
            if place > 0 {
                text.plain(between);
            }
            let mut sentence = *sentence;
            let capital = chance.gen_bool(0.3);
            let mut first = true;
            while let Some((before, rest)) = sentence.split_once('{') {
                let (slot, after) = rest.split_once('}').unwrap_or((rest, ""));
                plain(&mut text, before, capital && first);
                first = false;
                self.fill(&mut text, slot, language, origin, chance);
                sentence = after;
            }
            plain(&mut text, sentence, capital && first);
        }
        if language.without.len() < 30 {
            (0..chance.gen_range(0..4)).for_each(|_| self.running(&mut text, language, origin, chance));
        }
        let style = chance.gen_range(0..10);
        match style {
            0..4 => text,
            4..7 => text.changed(str::to_lowercase),
            7..9 => text.changed(str::to_uppercase),
            _ => text.changed(titled),
        }
    }

    /// A sentence of words of the language; in scripts other than Latin with a name among them now and then, so that a name is
    /// learnt to be one whatever stands beside it.
    fn running(&self, text: &mut Text, language: &Language, origin: &str, chance: &mut ChaCha8Rng) {
        // Countries of one language share its words.
        let tongue = |origin: &str| origin.split('_').next().unwrap_or(origin).to_owned();
        let of = |other: &&str| tongue(other) == tongue(origin);
        let Some(words) = self.pools.origins('w').into_iter().find(of).map(|other| self.pools.get(other, 'w')) else {
            return;
        };
        text.plain("\n");
        let length = chance.gen_range(3..12);
        // In Latin letters a capital tells most names, and real texts teach the rest.
        let latin = words.iter().take(20).all(|word| word.chars().all(|letter| letter < '\u{370}'));
        let named = (!latin && chance.gen_bool(NAMED)).then(|| chance.gen_range(0..length));
        for place in 0..length {
            if named == Some(place) {
                text.plain(if place > 0 { " " } else { "" });
                self.fill(text, "n", language, origin, chance);
                continue;
            }
            let word = words.choose(chance).map_or("", String::as_str);
            // A capital now and then: of German nouns, of titles, of the first word.
            let capital = place == 0 || chance.gen_bool(if origin.starts_with("de") { 0.4 } else { 0.06 });
            let space = if place > 0 { " " } else { "" };
            text.plain(space);
            plain(text, word, capital);
        }
        text.plain(".");
    }

    /// A forename, with or without what may stand beside it.
    pub fn person(&self, origin: &str, full: bool, chance: &mut ChaCha8Rng) -> String {
        let kind = if chance.gen_bool(0.75) { 'f' } else { 'm' };
        let pick = |kind: char, chance: &mut ChaCha8Rng| self.pools.get(origin, kind).choose(chance).cloned();
        let forename =
            pick(kind, chance).or_else(|| pick('f', chance)).or_else(|| pick('m', chance)).unwrap_or_default();
        let surname = |chance: &mut ChaCha8Rng| pick('s', chance).unwrap_or_default();
        if full {
            return match chance.gen_range(0..6) {
                0 => surname(chance),
                1 => format!("{} {}. {}", forename, initial(&forename), surname(chance)),
                _ => format!("{forename} {}", surname(chance)),
            }
            .trim()
            .to_owned();
        }
        let english = origin.starts_with("en");
        if english && chance.gen_bool(0.35) {
            let word = self.ambiguous.choose(chance).cloned().unwrap_or_default();
            return titled(&word);
        }
        match chance.gen_range(0..20) {
            0 => format!("{forename} {}", surname(chance)),
            1 => format!("{forename} {}", pick(kind, chance).unwrap_or_default()).trim().to_owned(),
            // `Ji-woo`, `Ya-Ting`, `Mei Ling`, `Wang Xin`: two syllables, or the surname first.
            2..=9 if is_syllable(&forename) && ["chinese", "korean"].contains(&origin) => {
                let second = pick('f', chance).filter(|name| is_syllable(name)).unwrap_or_else(|| forename.clone());
                match chance.gen_range(0..6) {
                    0 | 1 => format!("{forename}-{}", second.to_lowercase()),
                    2 => format!("{forename}-{second}"),
                    3 => format!("{forename} {second}"),
                    4 => format!("{} {forename}", surname(chance)),
                    _ => format!("{forename}{}", second.to_lowercase()),
                }
            }
            2 if english => unheard(chance),
            // Where lists are short, what stands around a name has to teach that it is one.
            3..=6 if !forename.is_ascii() => spliced(&forename, &pick('f', chance).unwrap_or_default()),
            3 => spliced(&forename, &pick('f', chance).unwrap_or_default()),
            _ => forename,
        }
    }

    fn fill(&self, text: &mut Text, slot: &str, language: &Language, origin: &str, chance: &mut ChaCha8Rng) {
        match slot {
            "n" => text.name(&self.person(origin, false, chance), Label::Person),
            "f" => text.name(&self.person(origin, true, chance), Label::Person),
            "l" => {
                let country = language.places.choose(chance).copied().unwrap_or("US");
                let place = self.pools.get(country, 'p').choose(chance).cloned().unwrap_or_default();
                if !place.is_empty() {
                    text.name(&place, Label::Location);
                }
            }
            "o" => {
                let name = self.pools.get(origin, 's').choose(chance).cloned().unwrap_or_default();
                let word = self.common.choose(chance).map(|word| titled(word)).unwrap_or_default();
                let form = *[
                    "Ltd",
                    "Inc",
                    "Group",
                    "& Co",
                    "GmbH",
                    "Services",
                    "Club",
                    "Spa",
                    "Hotel",
                    "Bank",
                    "University",
                    "Agency",
                ]
                .choose(chance)
                .unwrap_or(&"Ltd");
                let name = if chance.gen_bool(0.5) { name } else { word };
                text.name(&format!("{name} {form}"), Label::Org);
            }
            "t" => {
                let name = self.pools.get("en_US", 's').choose(chance).cloned().unwrap_or_default();
                let kind = *["Street", "St", "Road", "Rd", "Avenue", "Ave", "Lane", "Drive", "Blvd", "Court"]
                    .choose(chance)
                    .unwrap_or(&"Road");
                text.name(&format!("{} {name} {kind}", chance.gen_range(1..2_000)), Label::Location);
            }
            "p" => {
                // Numbers are hidden before names are looked for; one in five is not known for one.
                if chance.gen_bool(0.8) {
                    text.plain(&HIDDEN.to_string());
                } else {
                    text.plain(&format!("555 01{:02}", chance.gen_range(0..100)));
                }
            }
            "a" => text.plain(&chance.gen_range(18..46).to_string()),
            "q" => text.plain(&format!(
                "{}{}",
                ["", "$", "€", "£"].choose(chance).unwrap_or(&""),
                chance.gen_range(5..40) * 10
            )),
            "w" => text.plain(self.ambiguous.choose(chance).map_or("rose", String::as_str)),
            _ => text.plain(self.common.choose(chance).map_or("nice", String::as_str)),
        }
    }
}

/// A name that nobody has, of syllables.
fn unheard(chance: &mut ChaCha8Rng) -> String {
    let heads = ["ka", "la", "mi", "sha", "ty", "ze", "ni", "ja", "ri", "bre", "chi", "de", "xo", "va", "lu", "ki"];
    let tails = ["ra", "na", "lyn", "sha", "ya", "lee", "tta", "ssa", "bella", "mika", "xa", "nique", "ko", "vi"];
    let mut name = String::new();
    for _ in 0..chance.gen_range(1..=2) {
        name.push_str(heads.choose(chance).unwrap_or(&"ka"));
    }
    name.push_str(tails.choose(chance).unwrap_or(&"na"));
    titled(&name)
}

/// The beginning of one name and the end of another.
fn spliced(head: &str, tail: &str) -> String {
    let half = |text: &str| text.chars().count().div_ceil(2);
    head.chars().take(half(head)).chain(tail.chars().skip(half(tail))).collect()
}

fn initial(name: &str) -> String {
    name.chars().next().map(|first| first.to_uppercase().collect()).unwrap_or_default()
}

fn plain(text: &mut Text, part: &str, capital: bool) {
    if capital { text.plain(&first_up(part)) } else { text.plain(part) }
}

fn first_up(part: &str) -> String {
    let mut characters = part.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

/// Every word with a capital.
pub fn titled(text: &str) -> String {
    let mut inside = false;
    let mut titled = String::with_capacity(text.len());
    for character in text.chars() {
        if inside {
            titled.extend(character.to_lowercase())
        } else {
            titled.extend(character.to_uppercase())
        }
        inside = character.is_alphanumeric() || character == '\'';
    }
    titled
}
