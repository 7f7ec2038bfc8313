//! Inputs that a hostile page would choose: one megabyte of one thing, for everything that a stage looks twice at.

use redactor::{Options, Redactor, redact_text};

use crate::watch::Wall;

const INPUT_BYTES: usize = 1 << 20;

/// Times that each input is read; the middle one counts, as it does for the mean that it stands beside.
const TURNS: usize = 3;

/// How long one input takes.
pub(super) struct Took {
    pub(super) name: String,
    pub(super) nanoseconds: f64,
}

/// What is repeated until the input is full. Each is a beginning, a border or a filler of some grammar.
const REPEATED: &[&str] = &[
    " ",
    "\n",
    "\t",
    "\u{a0}",
    "a",
    "A",
    "z ",
    "Z ",
    "1",
    "0 ",
    "12 ",
    "1-",
    "+",
    "+1 ",
    "(",
    ")",
    "((1)",
    "[",
    "]",
    "<",
    "&",
    "@",
    "a@",
    "@a",
    "a.",
    ".",
    "..",
    "a@b",
    "a@b.",
    "a at ",
    " dot ",
    " at b dot ",
    "-",
    "_",
    "/",
    "\\",
    ":",
    "::",
    "1:",
    "a:",
    "http://",
    "hxxp",
    "www.",
    "t.me/",
    "://",
    "%41",
    "%",
    "&#49;",
    "&amp;",
    "&#x31;",
    "\u{301}",
    "a\u{301}",
    "\u{200b}",
    "1\u{200b}",
    "\u{202e}",
    "\u{ad}",
    "\u{fe0f}",
    "\u{1f51f}",
    "1\u{fe0f}\u{20e3}",
    "零",
    "一",
    "零 ",
    "十",
    "百万",
    "市",
    "王",
    "王 ",
    "あ",
    "ア",
    "한",
    "אב ",
    "عبد ",
    "٣",
    "०",
    "๑",
    "é",
    "я",
    "Ж ",
    "ß",
    "ﬁ",
    "㎏",
    "𝟏",
    "one ",
    "one",
    "double ",
    "double",
    "twenty ",
    "oh ",
    "o",
    "O0",
    "l1",
    "zero one ",
    "null ",
    "раз ",
    "один",
    "bc1q",
    "0x",
    "0x1",
    "1A",
    "DE",
    "DE1 ",
    "4111 ",
    "lat ",
    "1.1",
    "1.",
    "12.",
    "N 1 ",
    "52,1 ",
    "St ",
    "Mr ",
    "Mr. A",
    "Street ",
    "12 Baker Street ",
    "No 1 ",
    "Flat ",
    "Smith ",
    "John ",
    "john ",
    "Anna Maria ",
    "van der ",
    "O'",
    "d'",
    "New York ",
    "Inc ",
    "Bank of ",
    "call me ",
    "tel ",
    "whatsapp ",
    "insta ",
    "insta: ",
    "ig:",
    "telegram @",
    "snap ",
    "born ",
    "1990 ",
    "01/01/",
    "[PHONE:",
    "[PHONE:0",
    "PHONE:",
    "key=",
    "sk_live_",
    "eyJ",
    "-----BEGIN ",
    "ghp_",
    "password ",
    "password: ",
    "A1 ",
    "AB12 ",
    "ABC 123 ",
    "q1w2",
];

/// Every input, the slowest first.
pub(super) fn slowest(redactor: &Redactor) -> Vec<Took> {
    let mut took: Vec<_> = inputs()
        .map(|(name, text)| {
            let mut times: [f64; TURNS] = std::array::from_fn(|_| {
                let wall = Wall::begin();
                let redacted = redact_text(redactor, &text, &Options::default());
                assert!(!redacted.redacted.is_empty());
                wall.seconds()
            });
            times.sort_by(f64::total_cmp);
            Took { name, nanoseconds: 1e9 * times[TURNS / 2] / text.len() as f64 }
        })
        .collect();
    took.sort_by(|a, b| b.nanoseconds.total_cmp(&a.nanoseconds));
    took
}

fn inputs() -> impl Iterator<Item = (String, String)> {
    let repeated = REPEATED.iter().map(|unit| (format!("{unit:?} again and again"), filled(|_| (*unit).to_owned())));
    let counted = [
        ("numbers that grow", filled(|n| format!("{n} "))),
        ("numbers that grow, without a space", filled(|n| n.to_string())),
        ("nested brackets", filled(|n| if n < INPUT_BYTES / 2 { "(".into() } else { ")".into() })),
        ("nested tags", filled(|n| if n < INPUT_BYTES / 7 { "<b>".into() } else { "</b>".into() })),
        ("a new word each time", filled(|n| format!("w{} ", letters(n)))),
        ("a new name each time", filled(|n| format!("Mr {} ", capitalised(&letters(n))))),
        ("a new address each time", filled(|n| format!("{}@{}.example ", letters(n), letters(n / 7)))),
        ("every character there is", filled(|n| char::from_u32(n as u32 % 0x11_0000).unwrap_or(' ').to_string())),
    ];
    repeated.chain(counted.map(|(name, text)| (name.to_owned(), text)))
}

fn filled(mut unit: impl FnMut(usize) -> String) -> String {
    let mut text = String::with_capacity(INPUT_BYTES + 64);
    for number in 0.. {
        if text.len() >= INPUT_BYTES {
            break;
        }
        text.push_str(&unit(number));
    }
    text
}

fn letters(mut number: usize) -> String {
    let mut word = String::new();
    loop {
        word.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
        if number == 0 {
            return word;
        }
    }
}

fn capitalised(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}
