//! Numbers that are said: in words of many languages, in letters like digits, in parts with words between them.

use model::Label;
use redactor::Options;

use crate::tools::{hidden, hides, only_token, redact};

#[test]
fn numbers_in_words_of_many_languages_are_hidden_whole() {
    for written in [
        "zero seven seven zero zero nine zero zero one two three",
        "cero siete siete cero cero nueve cero cero uno dos tres",
        "null sieben sieben null null neun null null eins zwei drei",
        "zéro six trente-neuf quatre-vingt-dix-huit douze trente-quatre",
        "zero sette sette zero zero nove zero zero uno due tre",
        "zero sete sete zero zero nove zero zero um dois três",
        "nul zeven zeven nul nul negen nul nul een twee drie",
        "noll sju sju noll noll nio noll noll ett två tre",
        "nolla seitsemän seitsemän nolla nolla yhdeksän nolla nolla yksi kaksi kolme",
        "ноль семь семь ноль ноль девять ноль ноль один два три",
        "нуль сім сім нуль нуль дев'ять нуль нуль один два три",
        "zero siedem siedem zero zero dziewięć zero zero jeden dwa trzy",
        "nula sedm sedm nula nula devět nula nula jedna dva tři",
        "nulla hét hét nulla nulla kilenc nulla nulla egy kettő három",
        "zero șapte șapte zero zero nouă zero zero unu doi trei",
        "μηδέν επτά επτά μηδέν μηδέν εννέα μηδέν μηδέν ένα δύο τρία",
        "sıfır yedi yedi sıfır sıfır dokuz sıfır sıfır bir iki üç",
        "صفر سبعة سبعة صفر صفر تسعة صفر صفر واحد اثنان ثلاثة",
        "אפס שבע שבע אפס אפס תשע אפס אפס אחת שתיים שלוש",
        "शून्य सात सात शून्य शून्य नौ शून्य शून्य एक दो तीन",
        "শূন্য সাত সাত শূন্য শূন্য নয় শূন্য শূন্য এক দুই তিন",
        "ศูนย์เจ็ดเจ็ดศูนย์ศูนย์เก้าศูนย์ศูนย์หนึ่งสองสาม",
        "零七七零零九零零一二三",
        "공칠칠공공구공공일이삼",
        "không bảy bảy không không chín không không một hai ba",
        "nol tujuh tujuh nol nol sembilan nol nol satu dua tiga",
        "sifuri saba saba sifuri sifuri tisa sifuri sifuri moja mbili tatu",
    ] {
        for text in [written.to_owned(), format!("📞 {written}!")] {
            let found = hidden(&text, "");
            assert!(found.iter().any(|(_, hidden)| hidden.ends_with(written)), "{text}: {found:?}");
        }
    }
}

#[test]
fn one_number_has_one_token_however_it_is_said() {
    let none = Options::default();
    let first = only_token("202-555-0143", &none);
    for written in [
        "two zero two five five five zero one four three",
        "two oh two, triple five, zero one four three",
        "TWO-ZERO-TWO-FIVE-FIVE-FIVE-ZERO-ONE-FOUR-THREE",
        "twozerotwofivefivefivezeroonefourthree",
        "two02five55zero14three",
        "tw0 z3r0 tw0 f1ve f1ve f1ve z3r0 0n3 f0ur thr33",
        "dos cero dos cinco cinco cinco cero uno cuatro tres",
        "zwei null dos 555 zéro uno four 3",
        "2O2-555-Ol43",
        "2О2 555 О1ч3",
        "202 (five five five) 0143",
        "plus one 202 555 0143",
        "twoo zeeroo twoo fiivee fiivee fiivee zeeroo onee foour threee",
    ] {
        assert_eq!(only_token(written, &none), first, "{written}");
    }
}

#[test]
fn parts_with_words_between_them_are_one_number() {
    for text in ["202 call 555 baby 0143", "call 202 then 555 now 0143 ok", "555-0143 area code 202"] {
        let redacted = redact(text);
        let tokens: std::collections::BTreeSet<_> = redacted.spans.iter().map(|span| span.token).collect();
        assert_eq!(tokens.len(), 1, "{text}: {redacted:?}");
        assert!(!redacted.redacted.contains("0143") && !redacted.redacted.contains("555"), "{text}");
    }
}

#[test]
fn tags_between_digits_hide_nothing_from_us() {
    for text in [
        "<b>202</b><i>555</i><span class=x>0143</span>",
        "202<!-- x -->555<!--y-->0143",
        "<img src=a alt=\"202\"><img src=b alt=\"555\"><img src=c alt=\"0143\">",
    ] {
        let redacted = redact(text);
        for part in ["202", "555", "0143"] {
            assert!(!redacted.redacted.contains(part), "{text}: {}", redacted.redacted);
        }
    }
}

#[test]
fn what_people_count_and_offer_stays() {
    for text in [
        "open seven days, ten to ten, one on one, four hands available",
        "I am five two, one twenty, 34 24 36, two for one today",
        "she said one two three go and five six seven eight dance",
        "I ate for one and won two free tickets to nine events at eight oh five",
        "eight hundred fifty five dollars and one cent",
        "one, two, three, four, five, six, seven, eight, nine, ten",
        "rates: 80 qk 120 hh 200 hr 350 2hr 1000 overnight",
        "so good so big lol is it",
    ] {
        assert_eq!(hidden(text, "en"), [], "{text}");
    }
}

#[test]
fn spelled_mail_addresses_and_accounts() {
    for marked in [
        "«jade dot doe at mail dot example»",
        "«jade underscore doe [at] mail [dot] example»",
        "«jadeATmailDOTexample»",
        "«jade-at-mail-dot-example»",
        "«jade *at* mail *dot* example»",
        "«j a d e @ m a i l . e x a m p l e»",
        "«elpmaxe.liam@edaj»",
        "«jade małpa mail kropka example»",
        "«jade zavináč mail tečka example»",
        "«jade kukac mail pont example»",
        "«jade παπάκι mail τελεία example»",
        "«jade 골뱅이 mail 점 example»",
        "«jade@gmail»",
    ] {
        hides(Label::Email, "", marked);
    }
    for marked in [
        "1nsta: «jade_x»",
        "sn@p «jade_x»",
        "wh@tsapp/1g: «jade_x»",
        "ig «j a d e x»",
        "👻 «jadexample»",
        "微信：«jadexample»",
        "카톡 «jadexample»",
        "add me: «jade_x99» on insta",
        "my insta is «jadexample»",
        "discord: «jadexample#1234»",
    ] {
        hides(Label::Handle, "", marked);
    }
    for text in ["I look at example dot by dot, and at night I dance", "meet me at seven at the dot on the map"] {
        assert_eq!(hidden(text, "en"), [], "{text}");
    }
}
