//! Words that introduce a name, in many languages: they speak for a name whatever its letters are.
//!
//! Only words that hardly ever stand before anything else: `soy` and `ich bin` are left to the tagger, because an adjective
//! follows them as often as a name.

use std::ops::Range;
use std::sync::LazyLock;

use model::Label;
use rustc_hash::FxHashMap as HashMap;

use super::lexicon::Lexicon;
use super::spans::candidate;
use super::tagger::Line;
use super::token::{Class, Shape, Token, tokenise};
use crate::rule::{Candidate, Rule, strength};

pub(super) static INTRODUCED: Rule = Rule {
    detector: "names",
    name: "introduced",
    reason: "the words beside it introduce a person",
    strength: strength::FORM,
};

/// Before a name, with spaces between words.
const BEFORE: &[&str] = &[
    // English
    "my name is",
    "my names",
    "my real name is",
    "my working name is",
    "the name is",
    "call me",
    "ask for",
    "asking for",
    "goes by",
    "also known as",
    "formerly known as",
    "aka",
    "miss",
    "mrs",
    "mistress",
    "madame",
    "madam",
    // Romance
    "je m'appelle",
    "mon nom est",
    "mon prénom est",
    "mademoiselle",
    "mlle",
    "mme",
    "me llamo",
    "mi nombre es",
    "pregunta por",
    "pregunten por",
    "preguntar por",
    "señora",
    "señorita",
    "srta",
    "me chamo",
    "meu nome é",
    "o meu nome é",
    "senhora",
    "mi chiamo",
    "il mio nome è",
    "chiedi di",
    "signora",
    "signorina",
    "mă numesc",
    "ma numesc",
    "numele meu este",
    "doamna",
    "domnisoara",
    "em dic",
    "el meu nom és",
    // Germanic
    "ich heiße",
    "ich heisse",
    "mein name ist",
    "ich nenne mich",
    "nenn mich",
    "frag nach",
    "frau",
    "herr",
    "ik heet",
    "mijn naam is",
    "vraag naar",
    "mevrouw",
    "jag heter",
    "mitt namn är",
    "jeg hedder",
    "mit navn er",
    "jeg heter",
    "navnet mitt er",
    "ég heiti",
    // Slavic and Baltic
    "меня зовут",
    "зовут",
    "зовите меня",
    "моё имя",
    "мое имя",
    "мене звати",
    "мене звуть",
    "моє ім'я",
    "казвам се",
    "името ми е",
    "спросить",
    "госпожа",
    "пані",
    "зовем се",
    "зовем се",
    "zovem se",
    "ime mi je",
    "moje ime je",
    "ime mi je",
    "nazywam się",
    "mam na imię",
    "pani",
    "jmenuji se",
    "jmenuju se",
    "mé jméno je",
    "paní",
    "volám sa",
    "moje meno je",
    "ime mi je",
    "mano vardas",
    "mani sauc",
    // Finnic, Hungarian, Turkic, Greek, Caucasian
    "nimeni on",
    "minu nimi on",
    "a nevem",
    "benim adım",
    "benim ismim",
    "adım",
    "mənim adım",
    "менің атым",
    "mening ismim",
    "με λένε",
    "το όνομά μου είναι",
    "κυρία",
    "მე მქვია",
    "ჩემი სახელია",
    "իմ անունը",
    "անունս",
    // Semitic, Iranian
    "اسمي",
    "انا اسمي",
    "أنا اسمي",
    "اسمي هو",
    "السيدة",
    "الآنسة",
    "اسم من",
    "نام من",
    "خانم",
    "آقای",
    "میرا نام",
    "שמי",
    "קוראים לי",
    "השם שלי",
    "גברת",
    // Indic
    "मेरा नाम",
    "माझे नाव",
    "मेरो नाम",
    "श्रीमती",
    "सुश्री",
    "আমার নাম",
    "મારું નામ",
    "ਮੇਰਾ ਨਾਮ",
    "என் பெயர்",
    "నా పేరు",
    "ನನ್ನ ಹೆಸರು",
    "എന്റെ പേര്",
    // South-east Asia, Africa
    "tôi tên là",
    "tên tôi là",
    "em tên là",
    "mình tên là",
    "tên là",
    "nama saya",
    "namaku",
    "nama aku",
    "panggil saya",
    "ang pangalan ko ay",
    "ako po si",
    "ako si",
    "jina langu ni",
    "naitwa",
    "ninaitwa",
    "orúkọ mi ni",
    "sunana",
    "igama lami ngu",
    "my naam is",
    "ek heet",
    // Hangul
    "저는",
    "전",
    "제 이름은",
    "이름은",
    "내 이름은",
];

/// Ends of a Hangul word that follow a name.
const AFTER_HANGUL: &[&str] =
    &["입니다", "이라고", "라고", "이에요", "예요", "이예요", "에요", "이고", "임", "씨", "양"];

/// Titles that stand behind a name in Hangul, with a space or without, and particles that may follow them.
const TITLES_HANGUL: &[&str] = &["씨", "님", "양"];
const PARTICLES_HANGUL: &[&str] =
    &["", "가", "는", "은", "이", "를", "을", "도", "께", "께서", "에게", "의", "와", "과", "랑", "한테"];
/// Words that end like a title and are none, or that a title stands behind and that are no names.
const NO_NAMES_HANGUL: &[&str] = &[
    "고객",
    "회원",
    "선생",
    "사장",
    "손님",
    "아가",
    "여러분",
    "오빠",
    "언니",
    "부모",
    "형",
    "매니저",
    "실장",
    "기사",
    "음양",
];

/// What may follow an introduction and is no name.
const NOT_NAMES: &[&str] = &[
    "now",
    "today",
    "tonight",
    "anytime",
    "any",
    "before",
    "back",
    "if",
    "when",
    "at",
    "on",
    "for",
    "to",
    "and",
    "or",
    "the",
    "a",
    "an",
    "my",
    "me",
    "you",
    "your",
    "it",
    "in",
    "for",
    "out",
    "details",
    "info",
    "more",
    "rates",
    "pics",
    "asap",
    "only",
    "please",
    "whenever",
    "first",
    "crazy",
    "maybe",
    "old",
    "what",
    "not",
    "no",
    "you",
    "this",
    "that",
    "i",
    "is",
    "are",
    "directions",
    "availability",
    "heute",
    "jetzt",
    "nicht",
    "und",
    "der",
    "die",
    "das",
    "de",
    "que",
    "por",
    "para",
    "hoy",
    "ahora",
    "как",
    "не",
    "и",
    "на",
    "в",
    "по",
    "its",
    "his",
    "her",
    "our",
    "their",
    "there",
    "here",
    "up",
    "with",
    "is",
    "es",
    "ist",
    "est",
    "è",
    "é",
    "very",
    "so",
    "all",
    "24",
    "universe",
    "world",
    "usa",
];

struct Cue {
    /// The words before its last, nearest first.
    earlier: Vec<u64>,
}

static CUES: LazyLock<HashMap<u64, Vec<Cue>>> = LazyLock::new(|| {
    let mut cues: HashMap<u64, Vec<Cue>> = HashMap::default();
    for cue in BEFORE {
        let mut words = words(cue);
        if let Some(last) = words.pop() {
            words.reverse();
            cues.entry(last).or_default().push(Cue { earlier: words });
        }
    }
    cues
});

static STOPS: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let mut stops: Vec<u64> = NOT_NAMES.iter().flat_map(|word| words(word)).collect();
    stops.sort_unstable();
    stops
});

fn words(text: &str) -> Vec<u64> {
    let mut tokens = Vec::new();
    tokenise(text, 0, &mut tokens);
    tokens.iter().map(|token| token.word).collect()
}

/// Adds every name of a line that is introduced.
pub(super) fn find(text: &str, line: &Line, lexicon: &Lexicon<'_>, found: &mut Vec<Candidate>) {
    let tokens = &line.tokens;
    for (at, token) in tokens.iter().enumerate() {
        if token.shape == Shape::Caseless
            && let Some(range) = titled_hangul(text, tokens, at)
        {
            found.push(candidate(text, range, Label::Person, &INTRODUCED));
        }
        let Some(cues) = CUES.get(&token.word).filter(|_| token.class == Class::Word) else { continue };
        if !cues.iter().any(|cue| follows(tokens, at, &cue.earlier)) {
            continue;
        }
        let mut first = at + 1;
        // `name: X`, `name is "X"`, `miss. X`
        while first < tokens.len() && first <= at + 2 && tokens[first].class == Class::Sign {
            first += 1;
        }
        if let Some(range) = name(text, tokens, first, lexicon) {
            found.push(candidate(text, range, Label::Person, &INTRODUCED));
        }
    }
}

/// A name in Hangul before its title: `김지안 씨가`, `지안님`.
fn titled_hangul(text: &str, tokens: &[Token], at: usize) -> Option<Range<usize>> {
    let token = tokens.get(at)?;
    let written = &text[token.start..token.end];
    if !written.chars().all(is_hangul) {
        return None;
    }
    let bare = |word: &str| {
        let titled = |particle: &&str| {
            TITLES_HANGUL.iter().find_map(|title| word.strip_suffix(*particle)?.strip_suffix(title)).map(str::len)
        };
        PARTICLES_HANGUL.iter().find_map(titled)
    };
    let next = tokens.get(at + 1).filter(|next| next.shape == Shape::Caseless);
    let before_title = next.is_some_and(|next| bare(&text[next.start..next.end]) == Some(0));
    let length = if before_title { written.len() } else { bare(written)? };
    let name = &written[..length];
    let fits = (2..=4).contains(&name.chars().count()) && !NO_NAMES_HANGUL.iter().any(|word| name.ends_with(word));
    fits.then(|| token.start..token.start + length)
}

fn is_hangul(letter: char) -> bool {
    ('가'..='힣').contains(&letter)
}

fn follows(tokens: &[Token], at: usize, earlier: &[u64]) -> bool {
    at >= earlier.len() && earlier.iter().enumerate().all(|(back, word)| tokens[at - 1 - back].word == *word)
}

/// The name that begins at a token, if what stands there may be one.
fn name(text: &str, tokens: &[Token], first: usize, lexicon: &Lexicon<'_>) -> Option<Range<usize>> {
    let token = tokens.get(first)?;
    let written = &text[token.start..token.end];
    let letters = written.chars().count();
    if token.class != Class::Word || letters < 2 || STOPS.binary_search(&token.word).is_ok() {
        return None;
    }
    if written.chars().all(is_hangul) {
        let name = AFTER_HANGUL.iter().find_map(|end| written.strip_suffix(end)).unwrap_or(written);
        return (2..=5).contains(&name.chars().count()).then(|| token.start..token.start + name.len());
    }
    let entry = lexicon.get(token.word);
    // A common word in small letters after `miss` or `ask for` is that word.
    if entry.common() >= 2 && entry.forename() < 2 && token.shape != Shape::Title
        || entry.common() == 3 && entry.forename() == 0
    {
        return None;
    }
    let mut end = token.end;
    for next in tokens.iter().skip(first + 1).take(2).take_while(|next| next.class == Class::Word) {
        let entry = lexicon.get(next.word);
        let listed = entry.forename().max(entry.surname()) > 0 && entry.common() == 0;
        let capital = token.shape == Shape::Title && next.shape.is_capital() && entry.common() < 2;
        if !(listed || capital) || STOPS.binary_search(&next.word).is_ok() {
            break;
        }
        end = next.end;
    }
    Some(token.start..end)
}

#[cfg(test)]
mod tests {
    use super::super::built_in;
    use super::*;

    fn introduced(text: &str) -> Vec<&str> {
        let (mut line, mut found) = (Line::default(), Vec::new());
        built_in().tag(text, 0, &mut line);
        find(text, &line, built_in().lexicon(), &mut found);
        found.iter().map(|found| &text[found.range.clone()]).collect()
    }

    #[test]
    fn a_name_is_found_whatever_its_letters_are() {
        for (text, name) in [
            ("My name is Qzara", "Qzara"),
            ("ask for qzara 24/7", "qzara"),
            ("Miss Qzara Vint is here", "Qzara Vint"),
            ("je m'appelle Qzara", "Qzara"),
            ("меня зовут Кзара", "Кзара"),
            ("اسمي قزارة", "قزارة"),
            ("मेरा नाम क़ज़ारा है", "क़ज़ारा"),
            ("με λένε Κζάρα", "Κζάρα"),
            ("제 이름은 김크자입니다", "김크자"),
            ("어제 김지안 씨가 왔어요", "김지안"),
            ("지안님 연락주세요", "지안"),
            ("Tôi tên là Kzả", "Kzả"),
            ("קוראים לי קזרה", "קזרה"),
        ] {
            assert_eq!(introduced(text), [name], "{text}");
        }
    }

    #[test]
    fn what_is_no_name_stays() {
        for text in [
            "call me now",
            "ask for details",
            "call me anytime",
            "do not miss it",
            "I miss you",
            "miss the bus",
            "call me!",
        ] {
            assert_eq!(introduced(text), [""; 0], "{text}");
        }
    }
}
