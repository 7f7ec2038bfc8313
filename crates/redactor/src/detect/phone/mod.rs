//! Telephone numbers: digits that a numbering plan confirms, or that words beside them call a number.

mod hints;
mod plan;

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use self::hints::ANYWHERE;
pub(crate) use self::hints::Hints;
use self::plan::{MAX_E164_DIGITS, PLANS};
use super::scan::{BARRIER, floor};
use crate::rule::{Rule, strength};

/// Fewest and most digits that are read as a number, prefixes included.
pub(crate) const MIN_DIGITS: usize = 7;
pub(crate) const MAX_DIGITS: usize = MAX_E164_DIGITS + 3;

/// Fewest digits that words right before them make a number, as local numbers are.
pub(crate) const MIN_CALLED_DIGITS: usize = 5;

/// How far before a number its context may stand, and how far if nothing else speaks for it.
const CONTEXT_BYTES: usize = 40;
const NEAR_CONTEXT_BYTES: usize = 16;

const fn rule(name: &'static str, reason: &'static str, strength: u8) -> Rule {
    Rule { detector: "phone", name, reason, strength }
}

static INTERNATIONAL: Rule = rule("international", "a plus or exit code and a number its plan knows", strength::SYNTAX);
static POSSIBLE: Rule =
    rule("international-possible", "a plus and a calling code, though no plan knows the rest", strength::PLAN);
static HINTED: Rule =
    rule("national", "a number of a plan that the page's country or language suggests", strength::PLAN);
static CONTEXT: Rule = rule("context", "words beside it say that it is a number to call", strength::CONTEXT);
static BARE: Rule =
    rule("international-bare", "a calling code without its plus, and a number its plan knows", strength::PLAN);
static ANY_PLAN: Rule = rule("any-plan", "a national number of a widely used plan", strength::FORM);
static LENGTH: Rule = rule("length", "a trunk prefix and a length that a widely used plan has", strength::FORM);
pub(crate) static LINK: Rule = rule("link", "the number of a messenger link", strength::LINK);

/// Words and signs after which digits are a number to call, in lower case.
const CALL_WORDS: &[&str] = &[
    "call",
    "phone",
    "tel",
    "mobile",
    "cell",
    "text me",
    "sms",
    "whatsapp",
    "whats app",
    "wa:",
    "wa.me",
    "viber",
    "signal",
    "ring",
    "contact",
    "number",
    "telegram",
    "imo",
    "wechat",
    "☎",
    "📞",
    "📱",
    "📲",
    "✆",
    "☏",
    "telefon",
    "handy",
    "anruf",
    "ruf ",
    "rufen",
    "nummer",
    "mobil",
    "appel",
    "téléphone",
    "portable",
    "joindre",
    "joignable",
    "numéro",
    "llama",
    "llám",
    "teléfono",
    "telefono",
    "móvil",
    "movil",
    "celular",
    "número",
    "chiama",
    "cellulare",
    "numero",
    "ligue",
    "liga",
    "telefone",
    "bel ",
    "bellen",
    "zadzwoń",
    "dzwoń",
    "numer",
    "sună",
    "suna",
    "телефон",
    "тел",
    "звони",
    "позвон",
    "номер",
    "моб",
    "вайбер",
    "ватсап",
    "дзвон",
    "подзвони",
    "обади",
    "τηλ",
    "κινητό",
    "هاتف",
    "جوال",
    "اتصل",
    "واتس",
    "رقم",
    "موبايل",
    "טלפון",
    "נייד",
    "फोन",
    "मोबाइल",
    "नंबर",
    "কল",
    "ফোন",
    "โทร",
    "เบอร์",
    "ទូរស័ព្ទ",
    "电话",
    "電話",
    "手机",
    "微信",
    "联系",
    "전화",
    "연락",
    "번호",
    "携帯",
    "ara",
    "hívj",
    "volej",
    "ring mig",
    "soita",
    "puhelin",
    "điện thoại",
    "gọi",
    "liên hệ",
    "hubungi",
    "telp",
    "hp:",
    "no hp",
    "тел.",
    "ტელ",
    "հեռ",
];

static CALLS: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::builder().match_kind(MatchKind::Standard).build(CALL_WORDS).ok());

/// A number read from digits.
pub(crate) struct Reading {
    /// E.164 with its plus; `?` and the digits where no plan is known.
    pub(crate) canonical: String,
    pub(crate) rule: &'static Rule,
}

/// How sure a reading must be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tier {
    /// A plus, an exit code, or a plan of the page.
    Sure,
    /// Context, or any plan of the world.
    Likely,
}

/// What stands around digits.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'h> {
    pub(crate) plus: bool,
    pub(crate) called: bool,
    pub(crate) hints: &'h Hints,
}

/// Whether words just before `at` call what follows a number.
pub(crate) fn is_called(text: &str, at: usize) -> bool {
    calls_within(text, at, CONTEXT_BYTES)
}

/// As [`is_called`], from nearer by.
pub(crate) fn is_called_here(text: &str, at: usize) -> bool {
    calls_within(text, at, NEAR_CONTEXT_BYTES)
}

fn calls_within(text: &str, at: usize, bytes: usize) -> bool {
    let before = &text[floor(text, at.saturating_sub(bytes))..at];
    // What is hidden ends the context: a token in its place would have another length.
    let line = before.rsplit(['\n', char::from(BARRIER)]).next().unwrap_or(before).to_lowercase();
    CALLS.as_ref().is_some_and(|calls| calls.is_match(&line))
}

/// The reading of a local number that words call one.
pub(crate) fn short(digits: &str) -> Reading {
    Reading { canonical: format!("?{digits}"), rule: &CONTEXT }
}

/// Reads digits as a telephone number.
pub(crate) fn read(digits: &str, setting: Setting<'_>, tier: Tier) -> Option<Reading> {
    if !(MIN_DIGITS..=MAX_DIGITS).contains(&digits.len()) || repeats_one_digit(digits) {
        return None;
    }
    match tier {
        Tier::Sure => sure(digits, setting),
        Tier::Likely => likely(digits, setting),
    }
}

fn sure(digits: &str, setting: Setting<'_>) -> Option<Reading> {
    let found = |e164: String, rule| Some(Reading { canonical: format!("+{e164}"), rule });
    if setting.plus {
        let reading = PLANS.international(digits.strip_prefix("00").unwrap_or(digits))?;
        return found(reading.e164, if reading.valid { &INTERNATIONAL } else { &POSSIBLE });
    }
    for exit in ["00", "011", "0011", "810"] {
        let reading = digits.strip_prefix(exit).and_then(|rest| PLANS.international(rest));
        if let Some(reading) = reading.filter(|reading| reading.valid) {
            return found(reading.e164, &INTERNATIONAL);
        }
    }
    // No plan of the world has national numbers that begin with two zeros: what follows them is a calling code.
    if let Some(reading) =
        digits.strip_prefix("00").filter(|rest| rest.len() >= 9).and_then(|rest| PLANS.international(rest))
    {
        return found(reading.e164, &POSSIBLE);
    }
    let hinted = setting.hints.regions().iter().filter_map(|region| PLANS.region(region));
    let rule = if setting.called { &CONTEXT } else { &HINTED };
    // The page's own country comes before the others of its language, even with a range that its plan does not list.
    let home = setting.hints.regions().first().and_then(|region| PLANS.region(region));
    let at_home =
        |plan: &plan::Plan| plan.national(digits).or_else(|| plan.of_length(digits).filter(|_| digits.len() >= 10));
    if let Some(e164) = home.and_then(at_home) {
        return found(e164, rule);
    }
    hinted.into_iter().find_map(|plan| plan.national(digits)).and_then(|e164| found(e164, rule))
}

fn likely(digits: &str, setting: Setting<'_>) -> Option<Reading> {
    let found = |e164: String, rule| Some(Reading { canonical: format!("+{e164}"), rule });
    static WORLD: LazyLock<Vec<&plan::Plan>> =
        LazyLock::new(|| ANYWHERE.iter().filter_map(|region| PLANS.region(region)).collect());
    if digits.len() >= 9
        && let Some(e164) = WORLD.iter().find_map(|plan| plan.national_with_trunk(digits))
    {
        return found(e164, if setting.called { &CONTEXT } else { &ANY_PLAN });
    }
    let mut hinted =
        setting.hints.regions().iter().filter_map(|region| PLANS.region(region)).chain(WORLD.iter().copied());
    if digits.len() >= 10
        && let Some(e164) = hinted.find_map(|plan| plan.of_length(digits))
    {
        return found(e164, if setting.called { &CONTEXT } else { &LENGTH });
    }
    if digits.len() >= 11
        && let Some(reading) = PLANS.international(digits).filter(|reading| reading.valid)
    {
        return found(reading.e164, &BARE);
    }
    let called = setting.called && digits.len() <= MAX_E164_DIGITS;
    called.then(|| Reading { canonical: format!("?{}", digits.trim_start_matches('0')), rule: &CONTEXT })
}

/// A row of one digit fills forms and rules lines; no plan gives it to anybody.
fn repeats_one_digit(digits: &str) -> bool {
    digits.bytes().skip(1).all(|digit| digit == digits.as_bytes()[0])
}

/// The length of an extension that follows a number at the beginning of `rest`: `x12`, `ext. 345`, `доб. 6`.
pub(crate) fn extension(rest: &str) -> usize {
    const WORDS: [&str; 8] = ["extension", "ext.", "ext", "x", "доб.", "доб", "durchwahl", "poste"];
    let body = rest.trim_start_matches([' ', ',', ';']);
    let Some(after) = WORDS.iter().find_map(|word| {
        let head = body.get(..word.len())?;
        (head.to_lowercase() == *word).then(|| &body[word.len()..])
    }) else {
        return 0;
    };
    let number = after.trim_start_matches([' ', ':', '#']);
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=6).contains(&digits) { rest.len() - number.len() + digits } else { 0 }
}
