//! Names in scripts that put no space between words: Han, Kana, Thai, Lao, Khmer, Burmese.
//!
//! There are no words to tag, so a name is found by what introduces it, or by the lists: a surname with a forename, or a
//! place. A given name by itself, without either, is not found.

use std::ops::Range;

use model::Label;

use super::cues::INTRODUCED;
use super::lexicon::Lexicon;
use super::spans::candidate;
use super::token::word_hash;
use crate::letter::is_word;
use crate::rule::{Candidate, Rule, strength};

static LISTED: Rule = Rule {
    detector: "names",
    name: "listed",
    reason: "the lists have it as a name, and its script leaves no other sign",
    strength: strength::FORM,
};

/// Before a name, the most letters that it may have, and what ends it.
const BEFORE: &[(&str, usize, &[&str])] = &[
    ("我叫", 3, HAN),
    ("名字叫", 3, HAN),
    ("名字是", 3, HAN),
    ("我的名字是", 3, HAN),
    ("叫我", 3, HAN),
    ("名叫", 3, HAN),
    ("我係", 3, HAN),
    ("我叫做", 3, HAN),
    ("名前は", 8, KANA),
    ("名は", 8, KANA),
    ("源氏名は", 8, KANA),
    ("ชื่อ", 14, THAI),
    ("น้อง", 14, THAI),
    ("คุณ", 14, THAI),
    ("ຊື່", 14, THAI),
    ("ឈ្មោះ", 16, KHMER),
    ("နာမည်", 16, KHMER),
];

/// After a name, and the most letters that it may have.
const AFTER: &[(&str, usize)] = &[
    ("さん", 4),
    ("ちゃん", 5),
    ("くん", 4),
    ("様", 4),
    ("と申します", 8),
    ("といいます", 8),
    ("と言います", 8),
    ("小姐", 3),
    ("先生", 3),
    ("女士", 3),
];

const HAN: &[&str] =
    &["今年", "来自", "來自", "很", "在", "是", "的", "可以", "我", "，", "。", "、", "请", "喜欢", "希望"];
const KANA: &[&str] = &["です", "と申", "とい", "と言", "、", "。", "で、", "だよ", "！"];
const THAI: &[&str] = &[
    "ว่าง",
    "ไม่",
    "ได้",
    "จะ",
    "กับ",
    "ที่",
    "ค่ะ",
    "คะ",
    "ครับ",
    "นะ",
    "อายุ",
    "จ้า",
    "เป็น",
    "มา",
    "พร้อม",
    "อยู่",
    "ຄ່ະ",
    "ອາຍຸ",
    "และ",
];
const KHMER: &[&str] = &["អាយុ", "នៅ", "ပါ"];

/// What ends like a name with its title and is none.
const NOT_NAMES: &[&str] = &[
    "お客", "皆", "みな", "お姉", "お兄", "お母", "お父", "奥", "お嬢", "神", "王", "客", "赤", "お子", "医", "老",
    "美女", "各位", "同様", "有",
];

/// Adds every name in a run of such letters. `run` is in bytes of the text.
pub(super) fn find(text: &str, run: Range<usize>, lexicon: &Lexicon<'_>, found: &mut Vec<Candidate>) {
    let written = &text[run.clone()];
    for (cue, most, ends) in BEFORE {
        for (at, _) in written.match_indices(cue) {
            introduced(text, run.start + at + cue.len(), *most, ends, lexicon, found);
        }
    }
    for (title, most) in AFTER {
        for (at, _) in written.match_indices(title) {
            titled(text, run.start..run.start + at, *most, found);
        }
    }
    listed(text, run, lexicon, found);
}

fn introduced(text: &str, from: usize, most: usize, ends: &[&str], lexicon: &Lexicon<'_>, found: &mut Vec<Candidate>) {
    // A space or a colon may stand between.
    let from = from + text[from..].len() - text[from..].trim_start_matches([' ', ':', '\u{ff1a}', '-']).len();
    let rest = &text[from..];
    let is_letter = |letter: &char| is_word(*letter) || super::token::is_unspaced(*letter);
    let mut end: usize = rest.chars().take_while(is_letter).take(most).map(char::len_utf8).sum();
    // Whether the name's end shows, by a space, a sign or a word that follows names.
    let mut ended = !rest[end..].starts_with(|letter| is_letter(&letter));
    for stop in ends {
        if let Some(at) = rest[..end].find(stop) {
            (end, ended) = (at, true);
        } else if rest[end..].starts_with(stop) {
            ended = true;
        }
    }
    // Of a run that goes on, as much as the lists know, if they know any of it.
    let known = borders(&rest[..end]).filter(|length| {
        let entry = word_hash(&rest[..*length]).map(|word| lexicon.get(word)).unwrap_or_default();
        entry.forename().max(entry.surname()) > 0
    });
    let known = known.max().filter(|length| rest[..*length].chars().count() > 1);
    if let Some(length) = known.filter(|_| !ended && ends.as_ptr() != HAN.as_ptr()) {
        end = length;
    }
    if end > 0 {
        found.push(candidate(text, from..from + end, Label::Person, &INTRODUCED));
    }
}

fn titled(text: &str, before: Range<usize>, most: usize, found: &mut Vec<Candidate>) {
    let written = &text[before.clone()];
    // A name is written in one script: what stands before it in another is not part of it.
    let script = |letter: char| match letter {
        '\u{3040}'..='\u{309f}' => 1,
        '\u{30a0}'..='\u{30ff}' => 2,
        _ => 3,
    };
    let Some(last) = written.chars().next_back() else { return };
    let name: usize =
        written.chars().rev().take(most).take_while(|letter| script(*letter) == script(last)).map(char::len_utf8).sum();
    let start = before.end - name;
    if text[start..before.end].chars().count() > 1 && !NOT_NAMES.iter().any(|word| written.ends_with(word)) {
        found.push(candidate(text, start..before.end, Label::Person, &INTRODUCED));
    }
}

/// Most letters of a listed name: longer ones are found by their beginning.
const LONGEST: usize = 8;

fn listed(text: &str, run: Range<usize>, lexicon: &Lexicon<'_>, found: &mut Vec<Candidate>) {
    let mut at = run.start;
    while at < run.end {
        let rest = &text[at..run.end];
        let mut step = rest.chars().next().map_or(1, char::len_utf8);
        let thai = rest.starts_with(|letter| matches!(letter, '\u{e00}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'));
        let entries: Vec<(usize, super::lexicon::Entry)> = borders(rest)
            .take(LONGEST)
            .skip(if thai { 3 } else { 1 })
            .filter_map(|length| word_hash(&rest[..length]).map(|word| (length, lexicon.get(word))))
            .collect();
        let longest = |kind: fn(super::lexicon::Entry) -> bool| {
            entries.iter().rev().find(|(_, entry)| kind(*entry)).map(|(length, _)| *length)
        };
        let full = entries.iter().rev().find_map(|(length, entry)| {
            let rest = &rest[*length..];
            let given = (entry.surname() > 0).then(|| {
                borders(rest).take(4).filter(|given| {
                    let entry = word_hash(&rest[..*given]).map(|word| lexicon.get(word)).unwrap_or_default();
                    *given > 3 && entry.forename() > 0
                })
            });
            given.and_then(Iterator::max).map(|given| length + given)
        });
        let full = full.or_else(|| surname_and_given(text, at, run.end, &entries, lexicon));
        let whole = longest(|entry| entry.forename() > 0 && entry.common() == 0).filter(|length| !thai && *length >= 9);
        // Within a run of Hiragana, which endings and particles are written in, the lists have too much: `ことは`.
        let inside = rest.starts_with(is_hiragana) && goes_on_in_hiragana(&text[..at]);
        if let Some(length) = full.filter(|_| !thai).or(whole).filter(|_| !inside) {
            found.push(candidate(text, at..at + length, Label::Person, &LISTED));
            step = length;
        } else if let Some(length) = longest(|entry| entry.place() > 0 && entry.common() == 0) {
            found.push(candidate(text, at..at + length, Label::Location, &LISTED));
            step = length;
        }
        at += step;
    }
}

/// The surnames of most people in Chinese, in both ways of writing: one letter each, which no list of words can tell from words.
const SURNAMES_HAN: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟\
    谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤張劉陳楊黃趙吳孫馬羅鄭謝許韓馮\
    鄧蕭葉蘇呂盧鍾譚陸範賈韋鄒閆龍賀顧龔萬錢嚴湯歐區關";

/// What may stand right before a person in Chinese: to see, to look for, with, and, is, to be called.
const BEFORE_HAN: &[&str] = &[
    "见到", "見到", "看到", "遇到", "找", "问", "問", "和", "跟", "与", "與", "给", "給", "是", "约", "約", "联系",
    "聯繫", "请", "請", "叫", "认识", "認識", "陪", "被", "让", "讓", "同", "对", "對", "朋友", "老板", "同事", "今天",
    "今晚", "今日", "昨天", "昨晚", "明天", "明晚", "刚刚",
];
/// What may stand right behind one.
const AFTER_HAN: &[&str] = &[
    "了", "在", "的", "说", "說", "是", "很", "和", "也", "今", "小姐", "先生", "女士", "吗", "嗎", "吧", "呢", "与",
    "與", "昨", "来", "來", "已", "正", "要", "会", "會", "有", "不", "可以", "今天", "聊", "见", "見",
];
/// Particles behind a Japanese name.
const AFTER_KANJI: &[char] = &['に', 'は', 'が', 'を', 'と', 'も', 'さ', 'ち', 'く', 'へ', 'の', 'で', 'よ', 'だ'];
/// Particles and words before one.
const BEFORE_KANJI: &[&str] =
    &["は", "の", "が", "と", "に", "を", "で", "、", "昨日", "今日", "明日", "昨夜", "今夜", "先週"];

/// A surname of the lists with a given name that they do not have, where the words on both sides leave room for nothing else.
fn surname_and_given(
    text: &str,
    at: usize,
    end: usize,
    entries: &[(usize, super::lexicon::Entry)],
    lexicon: &Lexicon<'_>,
) -> Option<usize> {
    let rest = &text[at..end];
    let head = &text[..at];
    let opens = head.chars().next_back().is_none_or(|letter| !super::token::is_unspaced(letter));
    let is_han = |letter: char| letter == '々' || ('\u{4e00}'..='\u{9fff}').contains(&letter);
    let kanji = |text: &str| -> Vec<usize> {
        borders(text).zip(text.chars()).take_while(|(_, letter)| is_han(*letter)).map(|(at, _)| at).collect()
    };
    // In Japanese the given name goes on to the next Kana: a surname of two letters and what is left of the Kanji.
    for (surname, _) in entries.iter().rev().filter(|(length, entry)| entry.surname() > 0 && *length >= 6) {
        let given = &rest[*surname..];
        let run = kanji(given);
        let last =
            run.last().copied().filter(|last| (1..=3).contains(&run.len()) && given[*last..].starts_with(AFTER_KANJI));
        let begins = opens || BEFORE_KANJI.iter().any(|word| head.ends_with(word));
        if let Some(last) = last.filter(|_| begins && rest[..*surname].chars().all(is_han)) {
            return Some(surname + last);
        }
    }
    let surname = rest.chars().next().filter(|first| SURNAMES_HAN.contains(*first))?.len_utf8();
    if !(opens || BEFORE_HAN.iter().any(|word| head.ends_with(word))) {
        return None;
    }
    let given = &rest[surname..];
    let common = |word: &str| word_hash(word).is_some_and(|word| lexicon.get(word).common() > 0);
    let ends = |length: &&usize| {
        let after = &given[**length..];
        let closes = after.is_empty() || AFTER_HAN.iter().any(|word| after.starts_with(word));
        closes && !common(&rest[..surname + **length]) && !common(&given[..**length])
    };
    kanji(given).iter().take(2).rev().find(ends).map(|length| surname + length)
}

/// Whether Hiragana stands before, and is more than a particle behind other letters: `今夜は`.
fn goes_on_in_hiragana(head: &str) -> bool {
    let mut before = head.chars().rev();
    let Some(last) = before.next().filter(|last| is_hiragana(*last)) else { return false };
    !AFTER_KANJI.contains(&last) || before.next().is_none_or(is_hiragana)
}

fn is_hiragana(letter: char) -> bool {
    ('\u{3040}'..='\u{309f}').contains(&letter)
}

/// The ends of the beginnings of a text, in bytes.
fn borders(text: &str) -> impl Iterator<Item = usize> {
    text.char_indices().map(|(at, letter)| at + letter.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::super::built_in;
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        find(text, 0..text.len(), built_in().lexicon(), &mut found);
        found.iter().map(|found| &text[found.range.clone()]).collect()
    }

    #[test]
    fn a_surname_is_followed_by_a_given_name_that_no_list_has() {
        for (text, name) in [
            ("昨天见到刘奕辰了", "刘奕辰"),
            ("我叫王例", "王例"),
            ("昨日中島蓮に会いました", "中島蓮"),
            ("名前は中島暖です", "中島暖"),
            ("今夜はさくらが出勤です", "さくら"),
            ("昨日佐々木澪に会いました", "佐々木澪"),
        ] {
            assert!(found(text).contains(&name), "{text}: {:?}", found(text));
        }
    }

    #[test]
    fn ordinary_words_stay() {
        for text in
            ["することはできる", "あらゆる権利", "今天高兴", "价格很便宜", "请联系我们", "有空调和停车场", "新人优惠"]
        {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
