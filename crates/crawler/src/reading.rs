//! What the frontier needs to know of a page that was read: what it is, whether it has changed, whether it is worth
//! anything. Hashes alone leave this file, and the frontier keys them before they are kept.

use std::collections::{BTreeMap, HashSet};

use page::{Field, PageKind, ParsedPage, Provenance, RecordKind, Segment, Wall};
use zeroize::Zeroizing;

use crate::revisit::Role;
use crate::sketch::{SKETCH, Words, sketch};

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
        let mut words = Words::default();
        visible(page).for_each(|segment| words.add(segment.text.expose()));
        let pieces = words.pieces();
        let records = page.records();
        let listed = records.iter().filter(|record| record.kind != RecordKind::Thread).count();
        Self {
            role,
            content: content(page),
            words: hash(words.iter()),
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

fn visible(page: &ParsedPage) -> impl Iterator<Item = &Segment> {
    page.segments().iter().filter(|segment| segment.provenance == Provenance::Visible)
}

/// In one go: a hasher that is given a word at a time takes five times as long.
fn hash<'a>(pieces: impl Iterator<Item = &'a str>) -> [u8; 32] {
    let mut all = Zeroizing::new(Vec::new());
    for piece in pieces {
        all.extend_from_slice(&(piece.len() as u64).to_be_bytes());
        all.extend_from_slice(piece.as_bytes());
    }
    *blake3::hash(&all).as_bytes()
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
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return text.chars().any(char::is_alphabetic);
    }
    let lower = text.to_lowercase();
    text.chars().any(char::is_alphabetic)
        && !VIEWS.iter().any(|word| lower.contains(word))
        && !(text.len() < 80 && RELATIVE.iter().any(|word| lower.contains(word)))
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
    text.bytes().any(|byte| {
        digits = match byte {
            b'0'..=b'9' => digits + 1,
            b' ' | b'-' | b'.' | b'/' | b'(' | b')' => digits,
            _ => 0,
        };
        byte == b'@' || digits >= 7
    })
}

/// Whether words come as they do in what people write: some of them again and again.
fn is_written(words: &Words) -> bool {
    let different: HashSet<&str> = words.iter().take(SAMPLE).collect();
    words.len() < SAMPLE || different.len() <= MAX_DIFFERENT
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
