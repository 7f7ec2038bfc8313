//! Names as running text writes them: with the endings of their language, with a word grown onto them, put together from
//! syllables, and in a sister script. The lists hold the plain name alone, and scripts differ in how much that hides.

use crate::lists::Pools;

/// Vowels of Latin letters.
const VOWELS: &str = "aeiouü";

/// Every further form of the names of the pools, in small letters or in a script without any; with repetitions.
#[must_use]
pub fn derived(pools: &Pools) -> Vec<String> {
    let mut forms = Vec::new();
    let each = |origins: &[&str], kinds: &str, forms: &mut Vec<String>, form: fn(&str, &mut Vec<String>)| {
        for origin in origins {
            for name in kinds.chars().flat_map(|kind| pools.get(origin, kind)) {
                name.split_whitespace().for_each(|word| form(&word.to_lowercase(), forms));
            }
        }
    };
    each(&["ru_RU", "uk_UA", "bg_BG", "mk_MK", "kk_KZ", "russian+"], "fms", &mut forms, cyrillic);
    each(&["ka_GE"], "fms", &mut forms, georgian);
    each(&["hy_AM"], "fms", &mut forms, armenian);
    each(&["el_GR", "greek+"], "fms", &mut forms, greek);
    each(&["bn_BD"], "fms", &mut forms, bengali);
    each(&["ar_AA", "ar_DZ", "ar_PS", "ar_SA", "arabic+"], "fms", &mut forms, |name, forms| {
        prefixed(name, &["و", "ف", "ب", "ل", "ك"], forms);
        forms.extend(name.strip_prefix("ال").map(str::to_owned));
    });
    each(&["he_IL", "hebrew+"], "fms", &mut forms, |name, forms| prefixed(name, &["ו", "ל", "ב", "ש", "מ"], forms));
    each(
        &["hi_IN", "mr_IN", "ne_NP", "gu_IN", "or_IN", "bn_BD", "indian_hindi+", "indian_bengali+"],
        "fms",
        &mut forms,
        sisters,
    );
    for origin in ["chinese", "korean"] {
        let syllables: Vec<&str> =
            pools.get(origin, 'f').iter().map(String::as_str).filter(|name| is_syllable(name)).collect();
        let pairs = syllables.iter().flat_map(|first| syllables.iter().map(move |second| (first, second)));
        forms.extend(pairs.map(|(first, second)| format!("{first}{second}").to_lowercase()));
    }
    forms
}

/// Whether a name is one syllable of Chinese or Korean in Latin letters: one run of vowels.
#[must_use]
pub fn is_syllable(name: &str) -> bool {
    let vowel = |letter: char| VOWELS.contains(letter.to_ascii_lowercase());
    let runs = name.split(|letter| !vowel(letter)).filter(|run| !run.is_empty()).count();
    runs == 1 && (2..=6).contains(&name.len()) && name.bytes().all(|letter| letter.is_ascii_alphabetic())
}

fn ended(stem: &str, ends: &[&str], forms: &mut Vec<String>) {
    if stem.chars().count() > 1 {
        forms.extend(ends.iter().map(|end| format!("{stem}{end}")));
    }
}

fn prefixed(name: &str, heads: &[&str], forms: &mut Vec<String>) {
    if name.chars().count() > 2 {
        forms.extend(heads.iter().map(|head| format!("{head}{name}")));
    }
}

/// The cases of Russian, Ukrainian, Bulgarian and Macedonian.
fn cyrillic(name: &str, forms: &mut Vec<String>) {
    let ends = [
        ('а', &["ы", "и", "е", "у", "ой", "ою", "і", "о"] as &[&str]),
        ('я', &["и", "ю", "е", "ей", "ею", "єю", "і", "ї", "й"]),
        ('й', &["я", "ю", "ем", "е", "єм", "ї"]),
        ('ь', &["я", "ю", "ем", "е", "и", "ем"]),
    ];
    match ends.iter().find_map(|(last, ends)| Some((name.strip_suffix(*last)?, ends))) {
        Some((stem, ends)) => ended(stem, ends, forms),
        None if name
            .ends_with(['б', 'в', 'г', 'д', 'ж', 'з', 'к', 'л', 'м', 'н', 'п', 'р', 'с', 'т', 'ф', 'х', 'ч', 'ш']) =>
        {
            ended(name, &["а", "у", "ом", "е", "ові", "ем", "і"], forms)
        }
        None => {}
    }
}

/// The cases of Georgian; the nominative ends in a vowel.
fn georgian(name: &str, forms: &mut Vec<String>) {
    match name.strip_suffix('ი') {
        Some(stem) => ended(stem, &["მა", "ს", "ის", "თან", "სთან", "ით", "ისთვის"], forms),
        None if name.ends_with(['ა', 'ე', 'ო', 'უ']) => {
            ended(name, &["მ", "ს", "თან", "სთან", "სთვის", "ც"], forms)
        }
        None => ended(name, &["ი", "მა", "ს", "ის", "თან", "სთან", "ით"], forms),
    }
}

fn armenian(name: &str, forms: &mut Vec<String>) {
    if name.ends_with(['ա', 'ե', 'ի', 'ո', 'է']) {
        ended(name, &["ն", "ին", "յի", "ից", "յին"], forms);
    } else {
        ended(name, &["ը", "ի", "ին", "ից", "ն"], forms);
    }
}

fn greek(name: &str, forms: &mut Vec<String>) {
    for (last, ends) in [
        ("ος", &["ου", "ο", "ε"] as &[&str]),
        ("ός", &["ού", "ό"]),
        ("ης", &["η"]),
        ("ής", &["ή"]),
        ("ας", &["α"]),
        ("άς", &["ά"]),
        ("α", &["ας"]),
        ("ά", &["άς"]),
        ("η", &["ης"]),
        ("ή", &["ής"]),
        ("ώ", &["ώς"]),
        ("ω", &["ως"]),
    ] {
        if let Some(stem) = name.strip_suffix(last) {
            ended(stem, ends, forms);
        }
    }
}

/// Particles of Bengali, which grow onto their word.
fn bengali(name: &str, forms: &mut Vec<String>) {
    let sign = |letter: char| ('\u{9be}'..='\u{9cc}').contains(&letter);
    let whole = ["কে", "রা", "দের", "ও", "ই", "টা"];
    ended(name, &whole, forms);
    ended(name, if name.ends_with(sign) { &["র"] } else { &["ের", "এর"] }, forms);
}

/// A name of one script of India in the others, whose blocks of Unicode are laid out alike.
fn sisters(name: &str, forms: &mut Vec<String>) {
    const BLOCKS: [u32; 4] = [0x900, 0x980, 0xa80, 0xb00];
    const BENGALI: u32 = 0x980;
    let Some(own) = name.chars().next().map(|letter| u32::from(letter) & !0x7f) else { return };
    if !BLOCKS.contains(&own) || name.chars().any(|letter| u32::from(letter) & !0x7f != own) {
        return;
    }
    for block in BLOCKS.into_iter().filter(|block| *block != own) {
        let mut form = String::new();
        let mut after = 0x4d;
        let mut letters = name.chars().map(|letter| u32::from(letter) & 0x7f).peekable();
        while let Some(letter) = letters.next() {
            let dotted = letters.next_if_eq(&0x3c).is_some();
            // Bengali has no `v`; it writes `y` inside a word with a dot, which the others do not need.
            let (letter, dot) = match (letter, block) {
                (0x35, BENGALI) => (0x2c, false),
                (0x33, BENGALI) => (0x32, false),
                (0x2f, BENGALI) => (0x2f, after != 0x4d),
                (0x4e, _) => (0x24, false),
                (0x21 | 0x22, _) => (letter, dotted),
                _ => (letter, false),
            };
            form.extend(char::from_u32(block + letter));
            if dot {
                form.extend(char::from_u32(block + 0x3c));
            }
            after = letter;
        }
        forms.push(form);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_take_the_endings_of_their_language() {
        let forms = |form: fn(&str, &mut Vec<String>), name: &str| {
            let mut forms = Vec::new();
            form(name, &mut forms);
            forms
        };
        assert!(forms(cyrillic, "мария").contains(&"марию".to_owned()));
        assert!(forms(cyrillic, "руслан").contains(&"русланом".to_owned()));
        assert!(forms(georgian, "ნინო").contains(&"ნინოს".to_owned()));
        assert!(forms(bengali, "রহিম").contains(&"রহিমের".to_owned()));
        assert!(forms(sisters, "प्रिया").contains(&"প্রিয়া".to_owned()));
        assert!(forms(sisters, "দেব").contains(&"देब".to_owned()));
        assert!(forms(sisters, "Anna").is_empty());
    }

    #[test]
    fn a_syllable_has_one_run_of_vowels() {
        assert!(["Xin", "Yi", "Hui", "Chih"].iter().all(|name| is_syllable(name)));
        assert!(["Meiling", "Anna", "X", "Zoë"].iter().all(|name| !is_syllable(name)));
    }
}
