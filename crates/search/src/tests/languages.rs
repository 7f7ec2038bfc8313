//! Searches behave as a native reader expects, one test a language.

use super::index::{Indexed, page};

/// One page a text, numbered from 1.
fn over(texts: &[&str]) -> Indexed {
    Indexed::of(&(1..).zip(texts).map(|(number, text)| page(number, "", text)).collect::<Vec<_>>())
}

#[test]
fn arabic() {
    let indexed = over(&[
        "شقة هادئة في المدينة قرب الميناء", // a quiet flat in the city near the harbour
        "الشَّقَّةُ الجديدة والميناء",           // vocalised, with article and "and"
        "بيت كبير",
        "أحمـــد يبحث عن عمل", // hamza, and the stretching stroke
    ]);
    // The article and "and" are written together with the word.
    assert_eq!(indexed.found("شقة"), [1, 2]);
    assert_eq!(indexed.found("ميناء"), [1, 2]);
    assert_eq!(indexed.found("الميناء"), [1, 2]);
    // Final h for the feminine ending, as many type it.
    assert_eq!(indexed.found("مدينه"), [1]);
    assert_eq!(indexed.found("احمد"), [4]);
    assert_eq!(indexed.found("\"شقة هادئة\""), [1]);
    assert_eq!(indexed.found("بيت"), [3]);
}

#[test]
fn cyrillic() {
    let indexed = over(&[
        "Новая квартира в центре, ещё свободна",
        "НОВАЯ КВАРТИ́РА",
        "Новий район Києва, її квартира",
        "йод и иод",
    ]);
    assert_eq!(indexed.found("квартира"), [1, 2, 3]);
    assert_eq!(indexed.found("еще"), [1], "whoever types without the dots finds the word with them");
    assert_eq!(indexed.found("ещё"), [1]);
    assert_eq!(indexed.found("квартир*"), [1, 2, 3]);
    assert_eq!(indexed.found("києва"), [3]);
    // Letters of their own stay apart.
    assert_eq!(indexed.found("body:\"йод и\""), [4]);
    assert_eq!(indexed.found("новий"), [3]);
}

#[test]
fn chinese_and_japanese_and_korean() {
    let indexed = over(&[
        "新来的女孩在市中心酒店工作",
        "我们在北京的酒店",
        "東京都の新しい仕事です",
        "ホテルで働く",
        "서울 호텔 에서 일하는 사람",
    ]);
    assert_eq!(indexed.found("酒店"), [1, 2]);
    assert_eq!(indexed.found("北京"), [2]);
    assert_eq!(indexed.found("仕事"), [3]);
    // Half-width katakana are the same letters.
    assert_eq!(indexed.found("ﾎﾃﾙ"), [4]);
    assert_eq!(indexed.found("호텔"), [5]);
    assert_eq!(indexed.found("工作 酒店"), [1]);
}

#[test]
fn thai() {
    let indexed = over(&["นวดแผนไทยใกล้โรงแรม", "โรงแรมในกรุงเทพ", "ทำงานที่ร้านอาหาร"]);
    assert_eq!(indexed.found("โรงแรม"), [1, 2], "Thai writes no spaces between words");
    assert_eq!(indexed.found("ร้านอาหาร"), [3]);
    assert_eq!(indexed.found("กรุงเทพ"), [2]);
}

#[test]
fn turkish() {
    let indexed = over(&["İSTANBUL'da yeni iş ilanı", "istanbul içinde görüşme", "ISPARTA ırmak", "Şişli otel"]);
    assert_eq!(indexed.found("istanbul"), [1, 2], "capital I with a dot, and the ending after the apostrophe");
    assert_eq!(indexed.found("İstanbul"), [1, 2]);
    assert_eq!(indexed.found("ısparta"), [3], "capital I without a dot");
    assert_eq!(indexed.found("gorusme"), [2], "typed on a keyboard without the marks");
    assert_eq!(indexed.found("görüşme"), [2]);
    assert_eq!(indexed.found("sisli"), [4]);
}

#[test]
fn german_compounds() {
    let indexed = over(&[
        "Schöne Ferienwohnung am Hafen",
        "Wohnung gesucht",
        "Massagesalon sucht Mitarbeiter",
        "Große Straße, GROSSE STRASSE",
        "Der Arbeitsvertrag ist schon unterschrieben",
    ]);
    assert_eq!(indexed.found("wohnung"), [1, 2]);
    assert_eq!(indexed.found("ferienwohnung"), [1]);
    assert_eq!(indexed.found("salon"), [3]);
    assert_eq!(indexed.found("vertrag"), [5]);
    assert_eq!(indexed.found("strasse"), [4]);
    assert_eq!(indexed.found("schoene"), [1]);
    assert_eq!(indexed.found("schön*"), [1], "schon is another word");
}

#[test]
fn spanish_french_polish_and_vietnamese() {
    let indexed = over(&["Habitación tranquila", "L'hôtel près du port", "Łódź, nowa praca", "Việt Nam mát xa"]);
    assert_eq!(indexed.found("habitacion"), [1]);
    assert_eq!(indexed.found("hôtel"), [2]);
    assert_eq!(indexed.found("lodz"), [3]);
    assert_eq!(indexed.found("viet nam"), [4]);
}
