//! Ordinary words of six languages in four scripts, and sentences made of them. No digits, nobody's name.

use model::Label;
use rand_chacha::ChaCha20Rng;

use crate::identifier::pick;

/// What a page in one language is written with.
#[derive(Debug)]
pub struct Language {
    /// The tag in `lang` attributes.
    pub tag: &'static str,
    /// `ltr` or `rtl`.
    pub direction: &'static str,
    /// Words that any page may have.
    words: &'static [&'static str],
    /// Words that stand on the pages named by [`Site::findable`](crate::site::Site::findable) and nowhere else.
    pub(crate) rare: &'static [&'static str],
    /// Words before a number to call, an address to write to, an account to pay to, and anything else.
    call: &'static [&'static str],
    write: &'static [&'static str],
    pay: &'static [&'static str],
    see: &'static [&'static str],
    /// Things that are offered.
    goods: &'static [&'static str],
    /// Towns of no country.
    pub(crate) towns: &'static [&'static str],
    /// The sign or word of its currency.
    pub(crate) currency: &'static str,
    /// Names of boards.
    pub(crate) board: &'static str,
}

/// All of them. The first three share a language, because a national number means something else in each country.
pub const LANGUAGES: &[Language] =
    &[english("en-GB", "£"), english("en-US", "$"), english("en-AU", "$"), SPANISH, ROMANIAN, RUSSIAN, GREEK, ARABIC];

impl Language {
    /// A sentence of six to twelve words with a full stop.
    pub(crate) fn sentence(&self, rng: &mut ChaCha20Rng) -> String {
        let count = pick(rng, &[6, 7, 8, 9, 10, 12]);
        let words: Vec<&str> = (0..count).map(|_| pick(rng, self.words)).collect();
        format!("{}.", words.join(" "))
    }

    /// Some sentences.
    pub(crate) fn paragraph(&self, rng: &mut ChaCha20Rng, sentences: usize) -> String {
        (0..sentences).map(|_| self.sentence(rng)).collect::<Vec<_>>().join(" ")
    }

    /// A heading.
    pub(crate) fn heading(&self, rng: &mut ChaCha20Rng) -> String {
        format!("{} {} {}", pick(rng, self.goods), pick(rng, self.words), pick(rng, self.words))
    }

    /// Words that say what kind of thing follows.
    pub(crate) fn lead(&self, label: Label, rng: &mut ChaCha20Rng) -> &'static str {
        let leads = match label {
            Label::Phone => self.call,
            Label::Email | Label::Handle => self.write,
            Label::Crypto | Label::Iban | Label::Card => self.pay,
            _ => self.see,
        };
        pick(rng, leads)
    }
}

const fn english(tag: &'static str, currency: &'static str) -> Language {
    Language {
        tag,
        direction: "ltr",
        words: &[
            "clean", "quiet", "room", "near", "river", "with", "good", "light", "and", "garden", "for", "the", "week",
            "new", "wooden", "table", "bicycle", "almost", "never", "used", "we", "repair", "old", "boats", "every",
            "evening", "after", "rain", "please", "bring", "your", "own", "tools", "small", "market", "opens", "early",
            "fresh", "bread", "and", "honey",
        ],
        rare: &["lanternfish", "windmill", "thimble", "hedgerow"],
        call: &["call", "phone", "mobile", "ring us, number", "whatsapp"],
        write: &["write to", "contact", "message", "find me,"],
        pay: &["pay to", "deposit to", "transfer to"],
        see: &["see", "look at", "more at"],
        goods: &["Bicycle", "Garden table", "Rowing boat", "Piano", "Bookcase", "Kettle"],
        towns: &["Northmere", "Eastwick Quay", "Hollowford"],
        currency,
        board: "Market square",
    }
}

const SPANISH: Language = Language {
    tag: "es",
    direction: "ltr",
    words: &[
        "casa",
        "limpia",
        "cerca",
        "del",
        "río",
        "con",
        "buena",
        "luz",
        "mesa",
        "de",
        "madera",
        "bicicleta",
        "casi",
        "nueva",
        "para",
        "la",
        "semana",
        "arreglamos",
        "barcos",
        "viejos",
        "cada",
        "tarde",
        "después",
        "lluvia",
        "mercado",
        "pequeño",
        "pan",
        "fresco",
        "miel",
        "jardín",
        "tranquilo",
        "precio",
        "justo",
        "señora",
        "niño",
        "mañana",
    ],
    rare: &["murciélago", "girasol", "alfarero", "candelabro"],
    call: &["llama al teléfono", "móvil", "teléfono", "whatsapp"],
    write: &["escribe a", "contacto", "mensaje a"],
    pay: &["paga a", "depósito a", "transferencia a"],
    see: &["mira", "ver", "más en"],
    goods: &["Bicicleta", "Mesa", "Barca", "Piano", "Estantería", "Tetera"],
    towns: &["Villaserena", "Puerto Claro", "Montealto Viejo"],
    currency: "€",
    board: "Plaza del mercado",
};

const ROMANIAN: Language = Language {
    tag: "ro",
    direction: "ltr",
    words: &[
        "casă",
        "curată",
        "lângă",
        "râu",
        "cu",
        "lumină",
        "bună",
        "masă",
        "din",
        "lemn",
        "bicicletă",
        "aproape",
        "nouă",
        "pentru",
        "săptămână",
        "reparăm",
        "bărci",
        "vechi",
        "în",
        "fiecare",
        "seară",
        "după",
        "ploaie",
        "piață",
        "mică",
        "pâine",
        "proaspătă",
        "miere",
        "grădină",
        "liniștită",
        "preț",
        "corect",
        "și",
        "țară",
    ],
    rare: &["fluturaș", "clopoțel", "dovleac", "brăduț"],
    call: &["sună la telefon", "telefon", "mobil", "whatsapp"],
    write: &["scrie la", "contact", "mesaj la"],
    pay: &["plata la", "depune la", "transfer la"],
    see: &["vezi", "mai mult la"],
    goods: &["Bicicletă", "Masă", "Barcă", "Pian", "Bibliotecă", "Ceainic"],
    towns: &["Valea Lină", "Podul Nou", "Dealu Senin"],
    currency: "lei",
    board: "Piața mare",
};

const RUSSIAN: Language = Language {
    tag: "ru",
    direction: "ltr",
    words: &[
        "чистая",
        "комната",
        "рядом",
        "река",
        "свет",
        "хороший",
        "стол",
        "из",
        "дерева",
        "велосипед",
        "почти",
        "новый",
        "для",
        "недели",
        "чиним",
        "старые",
        "лодки",
        "каждый",
        "вечер",
        "после",
        "дождя",
        "рынок",
        "маленький",
        "хлеб",
        "свежий",
        "мёд",
        "сад",
        "тихий",
        "цена",
        "честная",
        "окно",
        "дорога",
    ],
    rare: &["подсолнух", "колокольчик", "самовар", "черепаха"],
    call: &["звоните, телефон", "телефон", "тел.", "ватсап"],
    write: &["пишите", "контакт", "сообщение"],
    pay: &["оплата на", "перевод на"],
    see: &["смотри", "подробнее"],
    goods: &["Велосипед", "Стол", "Лодка", "Пианино", "Шкаф", "Чайник"],
    towns: &["Светлоречье", "Новый Мост", "Тихий Дол"],
    currency: "₽",
    board: "Рыночная площадь",
};

const GREEK: Language = Language {
    tag: "el",
    direction: "ltr",
    words: &[
        "καθαρό",
        "δωμάτιο",
        "κοντά",
        "στο",
        "ποτάμι",
        "με",
        "καλό",
        "φως",
        "τραπέζι",
        "από",
        "ξύλο",
        "ποδήλατο",
        "σχεδόν",
        "νέο",
        "για",
        "την",
        "εβδομάδα",
        "φτιάχνουμε",
        "παλιές",
        "βάρκες",
        "κάθε",
        "βράδυ",
        "μετά",
        "βροχή",
        "αγορά",
        "μικρή",
        "ψωμί",
        "φρέσκο",
        "μέλι",
        "κήπος",
        "ήσυχος",
        "τιμή",
        "δίκαιη",
    ],
    rare: &["πεταλούδα", "ηλιοτρόπιο", "ανεμόμυλος", "κουκουβάγια"],
    call: &["τηλ.", "κινητό", "τηλέφωνο"],
    write: &["γράψτε στο", "επικοινωνία", "μήνυμα στο"],
    pay: &["πληρωμή στο", "κατάθεση στο"],
    see: &["δείτε", "περισσότερα στο"],
    goods: &["Ποδήλατο", "Τραπέζι", "Βάρκα", "Πιάνο", "Βιβλιοθήκη", "Βραστήρας"],
    towns: &["Γαλήνη", "Νέα Γέφυρα", "Ασπρολιμάνι"],
    currency: "€",
    board: "Κεντρική αγορά",
};

const ARABIC: Language = Language {
    tag: "ar",
    direction: "rtl",
    words: &[
        "غرفة",
        "نظيفة",
        "قرب",
        "النهر",
        "مع",
        "ضوء",
        "جيد",
        "طاولة",
        "من",
        "خشب",
        "دراجة",
        "جديدة",
        "تقريبا",
        "لمدة",
        "أسبوع",
        "نصلح",
        "القوارب",
        "القديمة",
        "كل",
        "مساء",
        "بعد",
        "المطر",
        "سوق",
        "صغير",
        "خبز",
        "طازج",
        "عسل",
        "حديقة",
        "هادئة",
        "سعر",
        "عادل",
        "نافذة",
        "طريق",
    ],
    rare: &["فراشة", "طاحونة", "فانوس", "سلحفاة"],
    call: &["اتصل على هاتف", "هاتف", "جوال", "واتساب"],
    write: &["راسلنا على", "للتواصل", "رسالة إلى"],
    pay: &["الدفع إلى", "تحويل إلى"],
    see: &["انظر", "المزيد في"],
    goods: &["دراجة", "طاولة", "قارب", "بيانو", "مكتبة", "إبريق"],
    towns: &["واحة النور", "الجسر الجديد", "تل الريحان"],
    currency: "€",
    board: "ساحة السوق",
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn six_languages_in_at_least_three_scripts() {
        let languages: BTreeSet<&str> =
            LANGUAGES.iter().filter_map(|language| language.tag.split('-').next()).collect();
        assert_eq!(languages.len(), 6);
        let script = |language: &Language| match language.words[0].chars().next() {
            Some('a'..='z') => "Latin",
            Some('Ͱ'..='Ͽ') => "Greek",
            Some('Ѐ'..='ӿ') => "Cyrillic",
            _ => "Arabic",
        };
        assert_eq!(LANGUAGES.iter().map(script).collect::<BTreeSet<_>>().len(), 4);
    }

    #[test]
    fn rare_words_are_not_among_the_common_ones_and_nothing_has_digits() {
        for language in LANGUAGES {
            let common: BTreeSet<&str> =
                language.words.iter().chain(language.goods).chain(language.towns).copied().collect();
            assert!(language.rare.iter().all(|word| !common.contains(word)), "{}", language.tag);
            assert!(
                common.iter().chain(language.rare).all(|word| !word.contains(char::is_numeric)),
                "{}",
                language.tag
            );
        }
    }
}
