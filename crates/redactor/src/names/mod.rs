//! Names of persons, places and organisations, which have no form of their own.
//!
//! A tagger weighs each word by its letters, its neighbours and what the lists say of it; the sum of what speaks for any
//! name decides whether it is hidden, so that doubt about the kind never lets a name through. Words that introduce a name
//! in many languages ([`cues`]) speak for themselves, also in scripts that the tagger has not been trained on.
//!
//! Public for the trainer alone, which must see a text exactly as the redactor will; the redactor needs nothing of it from
//! outside. Deliberately absent: names in queries, because a word by itself has no context; a confidence to choose.

mod agree;
pub mod crf;
mod cues;
pub mod features;
pub mod lexicon;
mod memory;
mod peoples;
mod search;
pub mod sound;
mod spans;
pub mod tagger;
mod thresholds;
pub mod token;
mod unspaced;

use std::sync::LazyLock;

pub(crate) use self::agree::agree;
use self::lexicon::{Filter, Lexicon};
pub(crate) use self::search::find;
pub(crate) use self::spans::is_name;
pub use self::spans::{Named, named};
use self::tagger::Tagger;
pub use self::thresholds::Thresholds;
use crate::detect::BARRIER;

static MODEL: &[u8] = include_bytes!("../../data/names.model");
static LISTS: &[u8] = include_bytes!("../../data/names.lexicon");

/// The model and the lists that are built in.
///
/// # Panics
/// If the files built in are damaged; a test reads them.
pub fn built_in() -> &'static Tagger<'static> {
    static TAGGER: LazyLock<Tagger<'static>> = LazyLock::new(|| {
        static FILTER: LazyLock<Filter> = LazyLock::new(|| Filter::of(&lists()));
        let lexicon = lists().with(&FILTER);
        Tagger::read(MODEL, lexicon).expect("the model is of the form that this version reads")
    });
    &TAGGER
}

fn lists() -> Lexicon<'static> {
    Lexicon::read(LISTS).expect("the lists are of the form that this version reads")
}
