//! What the frontier needs to know of a page that was read: what it is, whether it has changed, whether it is worth
//! anything. Hashes alone leave this file, and the frontier keys them before they are kept.

use std::collections::{BTreeMap, HashSet};

use page::{Field, PageKind, ParsedPage, Provenance, RecordKind, Segment, Wall};

use crate::revisit::Role;

/// Words of a page below which it says nothing of its own.
const FEWEST_WORDS: usize = 6;

/// Words that are looked at to tell a language from noise, and how many of them may be different. In a text that somebody
/// wrote, a hundred words hold some forty that were there before; drawn at random, hardly any.
const SAMPLE: usize = 100;
const MAX_DIFFERENT: usize = 93;

/// A page with more words than this is more than a notice.
const NOTICE_WORDS: usize = 250;

/// Phrases of a page that stands in for one that is not there. Looked for in short pages and in titles.
const NOT_FOUND: &[&str] = &[
    "does not exist",
    "doesn't exist",
    "introuvable",
    "ne existiert nicht",
    "nicht gefunden",
    "no existe",
    "no se encontró",
    "não encontrada",
    "não existe",
    "non trovata",
    "not be found",
    "not found",
    "nu a fost găsit",
    "nie istnieje",
    "не найден",
    "не існує",
    "не знайдено",
    "no longer available",
    "no longer exists",
    "page introuvable",
    "bulunamadı",
    "غير موجود",
];

/// Words of a line that count something which changes without anybody having written.
const VIEWS: &[&str] = &[
    "view",
    "vue",
    "aufruf",
    "zugriff",
    "visit",
    "visualiz",
    "просмотр",
    "перегляд",
    "odsłon",
    "wyświetle",
    "görüntü",
];

/// Words of times that are told from now on.
const RELATIVE: &[&str] = &[
    " ago",
    "just now",
    "vor ",
    "il y a",
    "hace ",
    "fa ",
    "назад",
    "тому",
    "temu",
    "önce",
    "há ",
    "acum ",
    "yesterday",
    "today",
    "gestern",
    "heute",
    "hier",
    "ayer",
    "hoy",
    "вчера",
    "сегодня",
    "online",
];

/// A page, read for the frontier.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    pub(crate) role: Role,
    /// Of what it says, without what changes by itself.
    pub(crate) content: [u8; 32],
    /// Of its words alone: pages that differ in numbers only are equal in it.
    pub(crate) words: [u8; 32],
    /// Minima of 32 hashes over its words: pages of which most are equal say nearly the same.
    pub(crate) sketch: [u64; SKETCH],
    /// Different pieces that the sketch was made of.
    pub(crate) different: usize,
    /// Whether it says something that somebody may have written.
    pub(crate) says: bool,
    /// Whether it stands in for a page that is not there.
    pub(crate) not_found: bool,
    /// What stands in the way.
    pub(crate) wall: Option<Wall>,
    /// Whether it names a way to reach somebody: such a page is somebody's, however often its words are repeated.
    pub(crate) individual: bool,
    /// Posts and advertisements on it.
    pub(crate) records: usize,
    /// Of the lines of a list, by number of the record.
    pub(crate) lines: BTreeMap<usize, [u8; 32]>,
}

impl Reading {
    pub(crate) fn of(page: &ParsedPage) -> Self {
        let role = match page.kind() {
            PageKind::Board | PageKind::AdList => Role::Board,
            PageKind::Thread => Role::Thread,
            PageKind::Ad => Role::Ad,
            PageKind::Other => Role::Page,
        };
        let words: Vec<String> = visible(page).flat_map(|segment| words(segment.text.expose())).collect();
        let pieces = pieces(&words);
        let records = page.records();
        let listed = records.iter().filter(|record| record.kind != RecordKind::Thread).count();
        Self {
            role,
            content: content(page),
            words: hash(words.iter().map(String::as_str)),
            sketch: sketch(&pieces),
            different: pieces.len(),
            says: words.len() >= FEWEST_WORDS && is_written(&words),
            not_found: listed == 0 && stands_in(page, words.len()),
            wall: page.wall(),
            individual: visible(page).any(|segment| reaches(segment.text.expose())),
            records: listed,
            lines: lines(page),
        }
    }
}

/// From so many words on a page is long.
const LONG_WORDS: usize = 150;

/// Minima of a sketch.
pub(crate) const SKETCH: usize = 32;

/// Short pages are compared by their words, long ones by pairs of words: in a long text every usual word occurs.
fn pieces(words: &[String]) -> HashSet<u64> {
    if words.len() < LONG_WORDS {
        return words.iter().map(|word| piece(word)).collect();
    }
    let mut both = String::new();
    let pair = |pair: &[String]| {
        both.clear();
        both.extend([&pair[0], " ", &pair[1]]);
        piece(&both)
    };
    words.windows(2).map(pair).collect()
}

fn piece(text: &str) -> u64 {
    let hash = blake3::hash(text.as_bytes());
    u64::from_le_bytes(hash.as_bytes()[..8].try_into().expect("8 of 32 bytes are 8 bytes"))
}

/// A. Broder, "On the resemblance of documents" (1997): the share of equal minima estimates how many words two pages have
/// in common.
fn sketch(pieces: &HashSet<u64>) -> [u64; SKETCH] {
    let mut minima = [u64::MAX; SKETCH];
    for piece in pieces {
        let mut state = *piece;
        for minimum in &mut minima {
            // SplitMix64 (G. Steele, D. Lea, C. Flood 2014): as many hashes as are needed from one.
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            *minimum = (*minimum).min(mixed ^ (mixed >> 31));
        }
    }
    minima
}

fn visible(page: &ParsedPage) -> impl Iterator<Item = &Segment> {
    page.segments().iter().filter(|segment| segment.provenance == Provenance::Visible)
}

/// Words without digits, in lower case.
fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|character: char| !character.is_alphabetic()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

fn hash<'a>(pieces: impl Iterator<Item = &'a str>) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    pieces.for_each(|piece| {
        hasher.update(&(piece.len() as u64).to_be_bytes()).update(piece.as_bytes());
    });
    *hasher.finalize().as_bytes()
}

/// Of the records, where the profile knows them; of everything that is seen, otherwise.
fn content(page: &ParsedPage) -> [u8; 32] {
    let told = |segment: &&Segment| {
        let field = matches!(
            segment.field,
            Some(
                Field::Title
                    | Field::Body
                    | Field::Quote
                    | Field::Author
                    | Field::Price
                    | Field::Place
                    | Field::Contact
            )
        );
        segment.record.is_some() && field
    };
    let lines = page.records().iter().any(|record| record.kind == RecordKind::Thread);
    if page.segments().iter().any(|segment| told(&segment)) && !lines {
        return hash(visible(page).filter(told).map(|segment| segment.text.expose().as_str()));
    }
    hash(visible(page).map(|segment| segment.text.expose().as_str()).filter(|text| lasts(text)))
}

/// Whether a text stays the same as long as nobody writes.
fn lasts(text: &str) -> bool {
    let lower = text.to_lowercase();
    let has_digit = text.chars().any(|character| character.is_ascii_digit());
    text.chars().any(char::is_alphabetic)
        && !(has_digit && VIEWS.iter().any(|word| lower.contains(word)))
        && !(text.len() < 80 && has_digit && RELATIVE.iter().any(|word| lower.contains(word)))
}

/// Each line of a list: its words and the first number that stands alone, which is how often it was answered. Views, and
/// times told from now on, are left out.
fn lines(page: &ParsedPage) -> BTreeMap<usize, [u8; 32]> {
    let mut lines: BTreeMap<usize, (blake3::Hasher, bool)> = BTreeMap::new();
    for segment in page.segments() {
        let told = segment.provenance == Provenance::Visible || segment.field == Some(Field::Posted);
        let Some(record) = segment.record.filter(|_| told) else { continue };
        let text = segment.text.expose();
        let (hasher, counted) = lines.entry(record).or_insert_with(|| (blake3::Hasher::new(), false));
        let number = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | ' '));
        let counts = if number { !std::mem::replace(counted, true) } else { segment.field.is_some() || lasts(text) };
        if counts {
            hasher.update(&(text.len() as u64).to_be_bytes()).update(text.as_bytes());
        }
    }
    lines.into_iter().map(|(record, (hasher, _))| (record, *hasher.finalize().as_bytes())).collect()
}

/// A number long enough to be called, or an address.
fn reaches(text: &str) -> bool {
    let mut digits = 0;
    text.chars().any(|character| {
        digits = match character {
            '0'..='9' => digits + 1,
            ' ' | '-' | '.' | '/' | '(' | ')' => digits,
            _ => 0,
        };
        character == '@' || digits >= 7
    })
}

/// Whether words come as they do in what people write: some of them again and again.
fn is_written(words: &[String]) -> bool {
    let Some(sample) = words.get(..SAMPLE) else { return true };
    let different: HashSet<&String> = sample.iter().collect();
    different.len() <= MAX_DIFFERENT
}

fn stands_in(page: &ParsedPage, words: usize) -> bool {
    let says = |text: &str| {
        let lower = text.to_lowercase();
        NOT_FOUND.iter().any(|phrase| lower.contains(phrase))
    };
    let title = page.segments().iter().filter(|segment| segment.provenance == Provenance::Title);
    let mut titles = title.map(|segment| segment.text.expose().as_str());
    let by_title = titles.any(|text| says(text) || text.split_whitespace().any(|word| word == "404"));
    by_title && words < NOTICE_WORDS || words < 60 && visible(page).any(|segment| says(segment.text.expose()))
}
