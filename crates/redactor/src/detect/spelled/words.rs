//! Words beside a number that is said: fillers between its parts, and what says that the area code comes behind.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

/// Words that people put between the parts of a number.
pub(super) static FILLERS: LazyLock<FxHashSet<&'static str>> =
    LazyLock::new(|| include_str!("fillers.txt").split_whitespace().collect());

/// Words that say that the area code comes behind.
pub(super) const CODE_WORDS: &[&str] = &[
    "area code",
    "area",
    "areacode",
    "prefix",
    "vorwahl",
    "indicatif",
    "prefijo",
    "prefisso",
    "codigo de area",
    "código de área",
    "код",
    "код города",
    "kierunkowy",
    "netnummer",
    "ddd",
    "kod",
    "alan kodu",
    "区号",
    "エリアコード",
];
