//! The whole course of a training run: what is read, what is made from it, and in which order.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use model::Label;
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use redactor::names::lexicon::Lexicon;
use redactor::names::tagger::Tagger;

use crate::generate::{Generator, titled};
use crate::lists::{self, Pools};
use crate::perceptron;
use crate::text::{HIDDEN, Text, read_set};
use crate::train::{Family, Plan, train};

/// Sets that are learnt from. What is measured on is not among them.
const SETS: &[&str] = &["wnut17/train", "wnut17/dev", "btc/train", "btc/dev", "wikigold/all"];
/// Lists that `gather.py` and `clusters.py` make.
const LISTS: &[&str] = &["lexicon.tsv", "clusters.tsv", "pools.tsv", "gum.jsonl", "plain.txt"];

/// The two files that are built in.
#[derive(Debug)]
pub struct Trained {
    /// `names.model`.
    pub model: Vec<u8>,
    /// `names.lexicon`.
    pub lexicon: Vec<u8>,
}

/// Trains from the sets of `data` and the lists of `lists`; `ads` advertisements are generated. The same input and plan give
/// the same files, byte for byte, on one kind of machine.
///
/// # Errors
/// If something is missing: the text names all of it, and what makes it.
pub fn run(data: &Path, lists: &Path, ads: usize, plan: &Plan, mut tell: impl FnMut(String)) -> Result<Trained> {
    let sets = SETS.iter().map(|set| data.join(format!("{set}.jsonl")));
    let missing: Vec<String> = sets
        .chain(LISTS.iter().map(|list| lists.join(list)))
        .filter(|path| !path.exists())
        .map(|path| path.display().to_string())
        .collect();
    if !missing.is_empty() {
        bail!(
            "missing: {}; the sets are described in docs/model-card.md, the lists are made by tests/trainer/gather.py and \
             tests/trainer/clusters.py",
            missing.join(", ")
        );
    }
    let words = lists::read(lists, "lexicon.tsv")?;
    let pools = Pools::read(&lists::read(lists, "pools.tsv")?)?;
    let lexicon = lists::lexicon(&words, &lists::read(lists, "clusters.tsv")?, &pools)?;
    let generator = Generator::new(&pools, &words);
    let mut chance = ChaCha8Rng::seed_from_u64(plan.seed);
    let mut texts = Vec::new();
    for set in SETS {
        texts.extend(read_set(&data.join(format!("{set}.jsonl")))?.into_iter().map(without_accounts));
    }
    texts.extend(read_set(&lists.join("gum.jsonl"))?);
    texts
        .extend(lists::read(lists, "plain.txt")?.lines().map(|line| Text { text: line.to_owned(), ..Text::default() }));
    let origins = pools.origins('f');
    let more: Vec<Text> =
        texts.iter().filter_map(|text| varied(text, &generator, &pools, &origins, &mut chance)).collect();
    texts.extend(more);
    texts.extend((0..ads).map(|number| {
        let text = generator.text(&mut chance);
        if number % 4 == 0 { half_hidden(&text, &mut chance) } else { text }
    }));
    tell(format!("{} texts, lists of {} bytes", texts.len(), lexicon.len()));
    let table = Lexicon::read(&lexicon).context("read the lists back")?;
    let told = |round, loss| tell(format!("round {round}: loss {loss:.4}"));
    let model = match plan.family {
        Family::Field => train(&texts, &table, plan, told),
        Family::Perceptron => perceptron::train(&texts, &table, plan, told),
    };
    Ok(Trained { model: Tagger::write(&model.rows, &model.transitions), lexicon })
}

/// Accounts and addresses are hidden before names are looked for; tags are no names.
fn without_accounts(text: Text) -> Text {
    let mut text = text.masked(|word| {
        word.len() > 1 && word.starts_with('@')
            || ["http://", "https://", "www."].iter().any(|start| word.contains(start))
    });
    let whole = text.text.clone();
    text.names.retain(|(range, _)| !whole[range.clone()].starts_with(['@', '#']));
    text
}

/// A text with about half of its names hidden: what is beside them is no more of a name for it.
fn half_hidden(text: &Text, chance: &mut ChaCha8Rng) -> Text {
    let mut hidden =
        text.renamed(|name, _| Some(if chance.gen_bool(0.5) { HIDDEN.to_string() } else { name.to_owned() }));
    let whole = hidden.text.clone();
    hidden.names.retain(|(range, _)| !whole[range.clone()].contains(HIDDEN));
    hidden
}

/// A text once more: in other letters, or with other names.
fn varied(
    text: &Text,
    generator: &Generator<'_>,
    pools: &Pools,
    origins: &[&str],
    chance: &mut ChaCha8Rng,
) -> Option<Text> {
    match chance.gen_range(0..20) {
        0..6 => Some(text.changed(str::to_lowercase)),
        6 => Some(text.changed(str::to_uppercase)),
        7 => Some(text.changed(titled)),
        8..14 if !text.names.is_empty() => {
            const COUNTRIES: [&str; 12] = ["US", "GB", "DE", "FR", "IN", "BR", "NG", "PL", "IT", "MX", "TR", "PH"];
            let origin = origins.choose(chance)?;
            let latin = |name: &String| !name.is_empty() && name.chars().all(|letter| u32::from(letter) < 0x250);
            Some(text.renamed(|name, label| match label {
                Label::Person => Some(generator.person(origin, name.contains(' '), chance)).filter(latin),
                Label::Location => {
                    let country = COUNTRIES.choose(chance)?;
                    pools.get(country, 'p').choose(chance).cloned()
                }
                _ => None,
            }))
        }
        14..16 if !text.names.is_empty() => Some(half_hidden(text, chance)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_the_data_it_says_what_is_missing() {
        let nowhere = Path::new("there-is-no-such-folder");
        let error = run(nowhere, nowhere, 1, &Plan::default(), |_| ()).unwrap_err().to_string();
        assert!(error.contains("wnut17/train.jsonl") && error.contains("lexicon.tsv") && error.contains("gather.py"));
    }
}
