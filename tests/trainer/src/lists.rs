//! The lists that `gather.py` and `clusters.py` wrote: the lexicon of the tagger, and the names that advertisements are
//! generated from.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use redactor::names::features::phrase_hash;
use redactor::names::lexicon::{Entry, Lexicon};
use redactor::names::sound;
use redactor::names::token::{Class, tokenise, word_hash};

use crate::forms::derived;

/// Names by origin and kind (`f`, `m`, `s`, `p` for place, `w` for word).
#[derive(Debug, Default)]
pub struct Pools(BTreeMap<(String, char), Vec<String>>);

impl Pools {
    /// Reads `pools.tsv`.
    ///
    /// # Errors
    /// If a line is not of three fields.
    pub fn read(text: &str) -> Result<Self> {
        let mut pools = Self::default();
        for line in text.lines() {
            let fields: Vec<_> = line.split('\t').collect();
            let [origin, kind, name] = fields[..] else { bail!("a line of the pools has not three fields") };
            let kind = kind.chars().next().unwrap_or('f');
            pools.0.entry((origin.to_owned(), kind)).or_default().push(name.to_owned());
        }
        Ok(pools)
    }

    /// The names of one origin and kind.
    #[must_use]
    pub fn get(&self, origin: &str, kind: char) -> &[String] {
        self.0.get(&(origin.to_owned(), kind)).map_or(&[], Vec::as_slice)
    }

    /// Every origin that has names of this kind.
    #[must_use]
    pub fn origins(&self, kind: char) -> Vec<&str> {
        self.0.keys().filter(|(_, other)| *other == kind).map(|(origin, _)| origin.as_str()).collect()
    }
}

/// Origins whose names are looked for by their sound in the scripts of India.
const SOUNDED: &[&str] = &[
    "en_IN",
    "en_PK",
    "hi_IN",
    "mr_IN",
    "ne_NP",
    "gu_IN",
    "or_IN",
    "bn_BD",
    "en_NP",
    "indian_hindi",
    "indian_bengali",
    "indian_hindi+",
    "arabic",
    "persian",
    "ar_PS",
    "fr_DZ",
    "world",
];

/// Builds the lexicon: words by themselves and names of two or three words.
///
/// # Errors
/// If a line has not its fields.
pub fn lexicon(words: &str, clusters: &str, pools: &Pools) -> Result<Vec<u8>> {
    let mut groups = HashMap::new();
    for line in clusters.lines() {
        let (word, group) = line.split_once('\t').context("a line of the clusters has no tab")?;
        groups.insert(word, group.parse::<u8>()?);
    }
    let mut entries: BTreeMap<u64, Entry> = BTreeMap::new();
    let mut tokens = Vec::new();
    for line in words.lines() {
        let fields: Vec<_> = line.split('\t').collect();
        let [word, forename, surname, place, common] = fields[..] else {
            bail!("a line of the lexicon has not five fields")
        };
        let group = groups.remove(word).unwrap_or(0);
        let (forename, surname, place, common) = (forename.parse()?, surname.parse()?, place.parse()?, common.parse()?);
        tokens.clear();
        tokenise(word, 0, &mut tokens);
        let hash = match tokens[..] {
            [one] if one.class == Class::Word || one.class == Class::Unspaced => one.word,
            [a, b] if [a, b].iter().all(|token| token.class == Class::Word) => phrase_hash(a.word, b.word),
            [a, b, c] if [a, b, c].iter().all(|token| token.class == Class::Word) => {
                phrase_hash(phrase_hash(a.word, b.word), c.word)
            }
            _ => continue,
        };
        // One word in two writings, with an accent and without, has the larger of both levels.
        let last = entries.get(&hash).copied().unwrap_or_default();
        let entry = Entry::new(
            last.forename().max(forename),
            last.surname().max(surname),
            last.place().max(place),
            last.common().max(common),
            last.cluster().max(group),
        );
        entries.insert(hash, entry);
    }
    for (word, group) in groups {
        if let Some(hash) = word_hash(word) {
            entries.entry(hash).or_insert(Entry::new(0, 0, 0, 0, group));
        }
    }
    // A form that is a word or a name already is what the lists say of it.
    for form in derived(pools) {
        if let Some(hash) = word_hash(&form) {
            entries.entry(hash).or_insert(Entry::new(1, 0, 0, 0, 0));
        }
    }
    for name in SOUNDED.iter().flat_map(|origin| "fms".chars().flat_map(|kind| pools.get(origin, kind))) {
        for word in name.split_whitespace() {
            if let Some(hash) = sound::latin(word).or_else(|| sound::indian(word)) {
                entries.entry(hash).or_insert(Entry::new(1, 0, 0, 0, 0));
            }
        }
    }
    Ok(Lexicon::write(entries))
}

/// Reads a file of the lists' folder.
///
/// # Errors
/// If it is not there; the text says what makes it.
pub fn read(folder: &Path, name: &str) -> Result<String> {
    let path = folder.join(name);
    std::fs::read_to_string(&path)
        .with_context(|| format!("read {}: gather.py and clusters.py beside the trainer make it", path.display()))
}
