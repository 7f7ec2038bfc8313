//! The repository's own set: the same sentences for names of every origin and script, so that a gap between two origins is
//! a gap of the redactor. Its sentences are not among those that the tagger is trained on.
//!
//! Names are common ones of their countries, from a CC0 list (`data/names-by-origin.tsv`); joined by chance, they are nobody's.

use std::collections::BTreeMap;

use model::Label;
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use crate::generate::titled;
use crate::text::Text;

const NAMES: &str = include_str!("../data/names-by-origin.tsv");

/// Texts for each origin and script.
const EACH: usize = 480;

/// Sentences for names in Latin letters: `{}` is the name; `{&}` another.
const LATIN: &[&str] = &[
    "good evening everyone, {} speaking, just got to town",
    "my name's {} and i offer relaxing massages",
    "Book an hour with {} before she leaves on friday",
    "{} (24) is waiting for your call",
    "reach {} by text, no calls after midnight",
    "if {} is busy her friend {&} is free",
    "tonight: {}, {&}",
    "kisses from {}",
    "I saw {} twice and would go back",
    "The landlord said that {} had moved out in March.",
    "{} told me to wait outside",
    "Booked {} through the agency, she was lovely",
    "has anyone met {} lately?",
    "please hand the keys to {} when you leave",
    "new pics of {} are up",
    "Signed,\n{}",
    "{} 💋 open minded and fun",
    "Who is working today? {} and {&}.",
    "ask at the desk for {}",
    "i used to work with {} at the same flat",
    "her real name is {}",
    "driver: {}, be there at nine",
    "message from {}: running late",
    "{} answers the phone herself",
    "rumour has it that {} is retiring",
    "dinner with {} was worth every minute",
    "they say {} works from home these days",
    "new roommate {} moves in tomorrow",
    "a bottle of wine for {} and {&}",
];

/// Sentences for names in other scripts.
const OTHER: &[(&str, &[&str])] = &[
    (
        "cyrillic",
        &[
            "добрый вечер, меня зовут {}",
            "меня зовут {}, пишите",
            "спросите, зовут {}",
            "подруга {} тоже свободна",
            "вчера видел, что {} вернулась",
            "вечером придёт {}, ждём",
        ],
    ),
    (
        "greek script",
        &[
            "καλησπέρα, με λένε {}",
            "το όνομά μου είναι {} και περιμένω",
            "η φίλη μου η {} είναι εδώ",
            "χθες είδα την {}",
        ],
    ),
    (
        "arabic script",
        &[
            "مساء الخير اسمي {}",
            "مرحبا أنا اسمي {} وأنا جديدة",
            "صديقتي {} هنا أيضا",
            "رأيت {} أمس",
            "الليلة مع {} فقط",
        ],
    ),
    (
        "hebrew",
        &["ערב טוב, שמי {}", "קוראים לי {} ואני חדשה", "החברה שלי {} כאן", "ראיתי את {} אתמול", "הערב רק עם {}"],
    ),
    ("georgian", &["გამარჯობა, მე მქვია {}", "ჩემი სახელია {}", "ჩემი მეგობარი {} აქ არის", "საღამოს {} მოვა"]),
    ("armenian", &["Բարև, իմ անունը {} է", "անունս {} է, գրեք", "ընկերուհիս {} այստեղ է", "երեկոյան {} կլինի"]),
    ("devanagari", &["नमस्ते, मेरा नाम {} है", "मेरी सहेली {} भी यहाँ है", "कल {} से मिला", "आज शाम {} आएगी"]),
    ("bengali", &["নমস্কার, আমার নাম {}", "আমার বান্ধবী {} এখানে আছে", "গতকাল {} এসেছিল", "আজ সন্ধ্যায় {} আসবে"]),
    (
        "hangul",
        &[
            "안녕하세요 제 이름은 {}입니다",
            "저는 {}이에요",
            "{} 씨가 어제 왔어요",
            "{}씨 연락주세요",
            "오늘 밤 {} 님 출근",
        ],
    ),
    ("han", &["大家好，我叫{}，刚来这里", "我叫{}。", "{}小姐今天在", "昨天见到{}了", "今晚{}在店里"]),
    (
        "japanese script",
        &[
            "こんにちは、名前は{}です",
            "{}さんは今日います",
            "{}と申します。",
            "昨日{}に会いました",
            "今夜は{}が出勤です",
        ],
    ),
    ("thai", &["สวัสดีค่ะ ชื่อ{}ค่ะ", "หนูชื่อ {} นะคะ", "น้อง{} พร้อมบริการ", "คืนนี้คุณ{}ว่าง"]),
];

/// The set, the same for one seed: each text says its origin or script.
#[must_use]
pub fn set(seed: u64) -> Vec<Text> {
    set_of(seed, NAMES)
}

/// The same sentences with other names: a line for each, its group, its kind (`f` or `s`) and itself, with tabs between.
#[must_use]
pub fn set_of(seed: u64, names_of_groups: &str) -> Vec<Text> {
    let mut names: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for line in names_of_groups.lines() {
        let mut fields = line.split('\t');
        if let (Some(group), Some(kind), Some(name)) = (fields.next(), fields.next(), fields.next()) {
            names.entry((group, kind)).or_default().push(name);
        }
    }
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let mut texts = Vec::new();
    let groups: Vec<&str> = names.keys().filter(|(_, kind)| *kind == "f").map(|(group, _)| *group).collect();
    for group in groups {
        let empty = Vec::new();
        let of = |kind| names.get(&(group, kind)).unwrap_or(&empty);
        let other = OTHER.iter().find(|(script, _)| *script == group);
        let (dimension, sentences) = other.map_or(("origin", LATIN), |(_, sentences)| ("script", *sentences));
        for number in 0..EACH {
            let sentence = sentences[number % sentences.len()];
            let mut text = Text { groups: vec![(dimension, group.to_owned())], ..Text::default() };
            let mut rest = sentence;
            while let Some((before, after)) = rest.split_once('{') {
                text.plain(before);
                text.name(&person(of("f"), of("s"), group, &mut chance), Label::Person);
                rest = after.split_once('}').map_or("", |(_, after)| after);
            }
            text.plain(rest);
            texts.push(match (dimension, number % 4) {
                ("origin", 2) => text.changed(str::to_lowercase),
                ("origin", 3) if number % 8 == 3 => text.changed(str::to_uppercase),
                ("origin", 3) => text.changed(titled),
                _ => text,
            });
        }
    }
    texts
}

fn person(forenames: &[&str], surnames: &[&str], group: &str, chance: &mut ChaCha8Rng) -> String {
    let forename = forenames.choose(chance).copied().unwrap_or_default();
    // In Han, Kana and Hangul the surname comes first and nothing stands between.
    if matches!(group, "han" | "japanese script" | "hangul") {
        return format!("{}{forename}", surnames.choose(chance).copied().unwrap_or_default());
    }
    let Some(surname) = surnames.choose(chance).filter(|_| chance.gen_bool(0.3)) else { return forename.to_owned() };
    format!("{forename} {surname}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_set_is_balanced_and_the_same_every_time() {
        let texts = set(7);
        let mut by_group: BTreeMap<String, usize> = BTreeMap::new();
        for text in &texts {
            *by_group.entry(format!("{:?}", text.groups)).or_default() += 1;
            assert!(text.names.iter().all(|(range, _)| !text.text[range.clone()].trim().is_empty()));
        }
        assert!(by_group.values().all(|count| *count == EACH), "{by_group:?}");
        let count = |dimension: &str| by_group.keys().filter(|group| group.contains(dimension)).count();
        assert!(count("origin") >= 12 && count("script") >= 10);
        let again: Vec<String> = set(7).into_iter().map(|text| text.text).collect();
        assert_eq!(texts.into_iter().map(|text| text.text).collect::<Vec<_>>(), again);
    }
}
