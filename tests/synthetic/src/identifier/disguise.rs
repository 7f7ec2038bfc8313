//! Ways in which people write a number, an address or an account so that programs do not see it.
//!
//! Each is a way of writing, not a text from anywhere. What one page shows has its own value, so that a byte scan can say
//! which way of writing was let through.

use model::Label;

use super::Identifier;

/// A way of writing.
#[derive(Clone, Copy, Debug)]
pub struct Disguise {
    /// Its name in reports.
    pub name: &'static str,
    /// The kind that is written so.
    pub label: Label,
    write: fn(&str) -> String,
}

impl Disguise {
    /// An identifier of this disguise's kind, written so, as markup for a page's visible text.
    #[must_use]
    pub fn markup(&self, identifier: &Identifier) -> String {
        let value = match self.label {
            Label::Phone => identifier.canonical.trim_start_matches('+'),
            Label::Handle => identifier.canonical.split_once(':').map_or(&*identifier.canonical, |(_, name)| name),
            _ => &identifier.canonical,
        };
        (self.write)(value)
    }

    /// Digits or a name written so: at least five letters.
    #[must_use]
    pub fn write(&self, value: &str) -> String {
        (self.write)(value)
    }
}

const fn phone(name: &'static str, write: fn(&str) -> String) -> Disguise {
    Disguise { name, label: Label::Phone, write }
}

const fn email(name: &'static str, write: fn(&str) -> String) -> Disguise {
    Disguise { name, label: Label::Email, write }
}

const fn handle(name: &'static str, write: fn(&str) -> String) -> Disguise {
    Disguise { name, label: Label::Handle, write }
}

/// All of them: numbers in other digits, in words, with something between; addresses with words for their signs; accounts
/// behind nicknames of their platforms.
pub const DISGUISES: &[Disguise] = &[
    phone("full-width digits", |number| shifted(number, '０')),
    phone("digits in circles", |number| each(number, |digit| if digit == 0 { '⓪' } else { after('①', digit - 1) })),
    phone("key caps", |number| number.chars().map(|digit| format!("{digit}\u{fe0f}\u{20e3}")).collect()),
    phone("mathematical bold digits", |number| shifted(number, '𝟎')),
    phone("double-struck digits", |number| shifted(number, '𝟘')),
    phone("sans-serif digits", |number| shifted(number, '𝟢')),
    phone("monospace digits", |number| shifted(number, '𝟶')),
    phone("Arabic-Indic digits", |number| shifted(number, '٠')),
    phone("Persian digits", |number| shifted(number, '۰')),
    phone("Devanagari digits", |number| shifted(number, '०')),
    phone("Bengali digits", |number| shifted(number, '০')),
    phone("Thai digits", |number| shifted(number, '๐')),
    phone("digits with full stops", |number| each(number, |digit| after('⒈', (digit + 9) % 10)).replace('⒑', "0.")),
    phone("superscript digits", |number| each(number, |digit| SUPERSCRIPT[digit as usize])),
    phone("subscript digits", |number| shifted(number, '₀')),
    phone("English words", |number| said(number, &ENGLISH, " ")),
    phone("English words with hyphens", |number| said(number, &ENGLISH, "-")),
    phone("English words in capitals", |number| said(number, &ENGLISH, " ").to_uppercase()),
    phone("English words run together", |number| said(number, &ENGLISH, "")),
    phone("Spanish words", |number| said(number, &SPANISH, " ")),
    phone("French words", |number| said(number, &FRENCH, " ")),
    phone("German words", |number| said(number, &GERMAN, " ")),
    phone("Russian words", |number| said(number, &RUSSIAN, " ")),
    phone("Portuguese words", |number| said(number, &PORTUGUESE, " ")),
    phone("Polish words", |number| said(number, &POLISH, ", ")),
    phone("Turkish words", |number| said(number, &TURKISH, " ")),
    phone("digits and words by turns", |number| {
        let by_turns = |(at, digit): (usize, char)| {
            if at % 2 == 0 { digit.to_string() } else { word(digit, &ENGLISH).to_owned() }
        };
        number.chars().enumerate().map(by_turns).collect::<Vec<_>>().join(" ")
    }),
    phone("two languages by turns", |number| {
        let tables = [&ENGLISH, &SPANISH];
        let by_turns = |(at, digit): (usize, char)| word(digit, tables[at % 2]);
        number.chars().enumerate().map(by_turns).collect::<Vec<_>>().join(" ")
    }),
    phone("letters for digits", |number| number.replace('0', "O").replace('1', "l")),
    phone("spaces between digits", |number| between(number, " ")),
    phone("full stops between digits", |number| between(number, ".")),
    phone("hyphens between digits", |number| between(number, "-")),
    phone("strokes between digits", |number| between(number, " / ")),
    phone("underscores between digits", |number| between(number, "_")),
    phone("stars between digits", |number| between(number, "*")),
    phone("hearts between digits", |number| between(number, "❤")),
    phone("invisible spaces between digits", |number| between(number, "\u{200b}")),
    phone("soft hyphens between digits", |number| between(number, "\u{ad}")),
    phone("word joiners between digits", |number| between(number, "\u{2060}")),
    phone("strokes through digits", |number| number.chars().map(|digit| format!("{digit}\u{336}")).collect()),
    phone("pairs in brackets", |number| pairs(number).iter().map(|pair| format!("({pair})")).collect()),
    phone("pairs with bars", |number| pairs(number).join(" | ")),
    phone("tags between digits", |number| number.chars().map(|digit| format!("<b>{digit}</b>")).collect()),
    phone("an empty tag inside", |number| format!("{}<span></span>{}", &number[..5], &number[5..])),
    phone("a comment inside", |number| format!("{}<!-- x -->{}", &number[..5], &number[5..])),
    phone("entities", |number| number.chars().map(|digit| format!("&#{};", u32::from(digit))).collect()),
    phone("hexadecimal entities", |number| number.chars().map(|digit| format!("&#x{:x};", u32::from(digit))).collect()),
    email("at and dot", |mail| signs(mail, " at ", " dot ")),
    email("AT and DOT in capitals", |mail| signs(mail, " AT ", " DOT ")),
    email("round brackets", |mail| signs(mail, "(at)", "(dot)")),
    email("square brackets", |mail| signs(mail, " [at] ", " [dot] ")),
    email("curly brackets", |mail| signs(mail, "{at}", "{dot}")),
    email("signs with spaces", |mail| signs(mail, " @ ", " . ")),
    email("full-width sign", |mail| signs(mail, "＠", "．")),
    email("small sign", |mail| signs(mail, "﹫", ".")),
    email("Spanish", |mail| signs(mail, " arroba ", " punto ")),
    email("Russian", |mail| signs(mail, " собака ", " точка ")),
    email("French", |mail| signs(mail, " arobase ", " point ")),
    email("Italian", |mail| signs(mail, " chiocciola ", " punto ")),
    email("German", |mail| signs(mail, " klammeraffe ", " punkt ")),
    email("invisible spaces", |mail| between(mail, "\u{200b}")),
    email("entities", |mail| mail.replace('@', "&commat;").replace('.', "&period;")),
    email("numeric entities", |mail| mail.chars().map(|letter| format!("&#{};", u32::from(letter))).collect()),
    email("tags inside", |mail| mail.replace('@', "<i>@</i>")),
    email("full-width letters", |mail| mail.chars().map(wide).collect()),
    handle("telegram by letters", |name| format!("t e l e g r a m {name}")),
    handle("tg behind an arrow", |name| format!("tg 👉 {name}")),
    handle("insta with a colon", |name| format!("insta : {name}")),
    handle("a camera", |name| format!("📷 @{name}")),
    handle("snap and a ghost", |name| format!("snap 👻 {name}")),
    handle("kik me", |name| format!("kik me {name}")),
    handle("Telegram in Russian", |name| format!("телеграм: {name}")),
    handle("a look-alike letter", |name| format!("telegr\u{430}m: {name}")),
    handle("letters for digits in the platform", |name| format!("t3legram {name}")),
    handle("an invisible space inside", |name| format!("telegram: {}\u{200b}{}", &name[..3], &name[3..])),
];

const SUPERSCRIPT: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
const ENGLISH: [&str; 10] = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const SPANISH: [&str; 10] = ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"];
const FRENCH: [&str; 10] = ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"];
const GERMAN: [&str; 10] = ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"];
const RUSSIAN: [&str; 10] = ["ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять"];
const PORTUGUESE: [&str; 10] = ["zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove"];
const POLISH: [&str; 10] = ["zero", "jeden", "dwa", "trzy", "cztery", "pięć", "sześć", "siedem", "osiem", "dziewięć"];
const TURKISH: [&str; 10] = ["sıfır", "bir", "iki", "üç", "dört", "beş", "altı", "yedi", "sekiz", "dokuz"];

/// The sign `count` places behind another.
fn after(sign: char, count: u32) -> char {
    char::from_u32(u32::from(sign) + count).unwrap_or(sign)
}

fn each(number: &str, sign: impl Fn(u32) -> char) -> String {
    number.chars().filter_map(|digit| digit.to_digit(10)).map(sign).collect()
}

fn shifted(number: &str, zero: char) -> String {
    each(number, |digit| after(zero, digit))
}

fn word(digit: char, words: &[&'static str; 10]) -> &'static str {
    words[digit.to_digit(10).unwrap_or(0) as usize]
}

fn said(number: &str, words: &[&'static str; 10], sign: &str) -> String {
    number.chars().map(|digit| word(digit, words)).collect::<Vec<_>>().join(sign)
}

fn between(text: &str, sign: &str) -> String {
    text.chars().map(String::from).collect::<Vec<_>>().join(sign)
}

fn pairs(number: &str) -> Vec<String> {
    number.as_bytes().chunks(2).map(|pair| String::from_utf8_lossy(pair).into_owned()).collect()
}

/// The at sign and the full stops of the host in other words; the mailbox keeps its own.
fn signs(mail: &str, at: &str, dot: &str) -> String {
    let (mailbox, host) = mail.split_once('@').unwrap_or((mail, ""));
    format!("{mailbox}{at}{}", host.replace('.', dot))
}

fn wide(letter: char) -> char {
    if letter.is_ascii_alphanumeric() { after('！', u32::from(letter) - u32::from('!')) } else { letter }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    use super::*;

    #[test]
    fn there_are_at_least_sixty_and_no_two_are_alike() {
        let mut rng = ChaCha20Rng::seed_from_u64(3);
        let one = [Label::Phone, Label::Email, Label::Handle].map(|label| Identifier::random(label, &mut rng));
        let written: BTreeSet<String> = DISGUISES
            .iter()
            .map(|disguise| disguise.markup(one.iter().find(|made| made.label == disguise.label).unwrap()))
            .collect();
        assert_eq!(written.len(), DISGUISES.len());
        assert!(written.len() >= 60, "{}", written.len());
        assert!(one.iter().all(|made| !written.contains(&made.canonical)));
    }
}
