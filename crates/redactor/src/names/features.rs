//! What the tagger sees of a token: numbered rows of its weight table.
//!
//! A feature is hashed into a row. What a token says to its neighbours (its word, its way of writing, what the lists say)
//! takes one row for each distance, side by side in memory, so that reading five costs one cache line.

use super::lexicon::{Entry, Lexicon};
use super::token::{Class, Shape, Token, finish};

/// Rows of the weight table: 2 to this power.
pub const ROW_BITS: u32 = 20;

/// Tokens of one line that are tagged together; a longer line is cut.
pub const MAX_LINE_TOKENS: usize = 256;

/// What is known of a token besides its letters.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known {
    /// What the lists say of the word.
    pub entry: Entry,
    /// What they say of the place name of several words that it belongs to, and whether it begins it.
    pub phrase: (u8, bool),
    /// Whether its letters are left out: the trainer does so now and then, so that context counts.
    pub blind: bool,
}

/// Looks every token up, and every pair and triple that may be one name.
pub fn look_up(tokens: &[Token], lexicon: &Lexicon<'_>, known: &mut Vec<Known>) {
    known.clear();
    known.extend(tokens.iter().map(|token| Known { entry: entry_of(token, lexicon), ..Known::default() }));
    (0..tokens.len()).for_each(|at| look_up_phrase(tokens, at, None, lexicon, known));
}

/// Whether a place name of several words may begin with a token: a word, and not one that is everywhere.
pub(super) fn begins_phrase(token: &Token, entry: Entry) -> bool {
    token.class == Class::Word && (entry.common() < 3 || entry.place() >= 2)
}

/// What the lists say of the two words of a place name.
pub(super) fn pair_level(first: &Token, second: &Token, lexicon: &Lexicon<'_>) -> u8 {
    lexicon.get(phrase_hash(first.word, second.word)).place()
}

/// Looks up the pair and the triple that begin at a token of which the lists were asked already. `level`: what they said of
/// the pair, if they were asked that, too.
pub(super) fn look_up_phrase(
    tokens: &[Token],
    at: usize,
    level: Option<u8>,
    lexicon: &Lexicon<'_>,
    known: &mut [Known],
) {
    let [first, second, ..] = tokens[at..] else { return };
    if !begins_phrase(&first, known[at].entry) || second.class != Class::Word {
        return;
    }
    let pair = phrase_hash(first.word, second.word);
    let mut found = (level.unwrap_or_else(|| pair_level(&first, &second, lexicon)), 2);
    if let Some(third) = tokens.get(at + 2).filter(|third| third.class == Class::Word) {
        let level = lexicon.get(phrase_hash(pair, third.word)).place();
        if level > 0 {
            found = (level, 3);
        }
    }
    if found.0 > 0 {
        for place in 0..found.1 {
            known[at + place].phrase = (found.0, place == 0);
        }
    }
}

/// What the lists say of a word, or of one that sounds like it where they do not have it.
pub(super) fn entry_of(token: &Token, lexicon: &Lexicon<'_>) -> Entry {
    if token.class != Class::Word {
        return Entry::default();
    }
    let entry = lexicon.get(token.word);
    if token.sound == 0 || entry != Entry::default() { entry } else { lexicon.get(token.sound) }
}

/// The hash of two words, or of a phrase and its next word, as the lists hold it.
#[must_use]
pub const fn phrase_hash(first: u64, second: u64) -> u64 {
    finish(first.rotate_left(17) ^ second.wrapping_mul(0x517c_c1b7_2722_0a95))
}

/// How a whole line is written: in ads a line in capitals says nothing by its capitals.
pub(super) fn line_style(tokens: &[Token]) -> u32 {
    let (mut lower, mut title, mut upper) = (0, 0, 0);
    for token in tokens {
        match token.shape {
            Shape::Lower => lower += 1,
            Shape::Title | Shape::Mixed => title += 1,
            Shape::Upper => upper += 1,
            _ => {}
        }
    }
    let all = lower + title + upper;
    if all == 0 {
        0
    } else if upper * 4 >= all * 3 {
        1
    } else if title == 0 && upper == 0 {
        2
    } else if title * 10 >= all * 7 && all > 2 {
        3
    } else {
        4
    }
}

const fn row(template: u32, value: u32) -> u32 {
    let hash = (value ^ template.wrapping_mul(0x9e37_79b9)).wrapping_mul(0x85eb_ca6b);
    let hash = (hash ^ (hash >> 15)).wrapping_mul(0xc2b2_ae35);
    (hash ^ (hash >> 13)) >> (32 - ROW_BITS)
}

/// The eight rows of a feature that speaks to the neighbours, by its first.
const fn window(template: u32, value: u32) -> u32 {
    row(template, value) & !7
}

const fn pair(a: u32, b: u32) -> u32 {
    (a.rotate_left(13) ^ b).wrapping_mul(0x27d4_eb2f) ^ (b >> 7)
}

/// Most rows that a token speaks for by itself.
const MAX_OWN: usize = 40;

/// Rows of one token, to be summed up together.
struct Own {
    rows: [u32; MAX_OWN],
    length: usize,
}

impl Own {
    fn push(&mut self, row: u32) {
        self.rows[self.length] = row;
        self.length += 1;
    }

    fn rows(&self) -> &[u32] {
        &self.rows[..self.length]
    }
}

/// What its neighbours see of a token; nothing beyond the ends of a line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    word: u32,
    form: u32,
    levels: u32,
    cluster: u32,
}

impl Seen {
    pub(super) fn of(token: &Token, entry: Entry) -> Self {
        Self {
            word: (token.word >> 32) as u32,
            form: token.shape as u32 | (token.class as u32) << 4,
            levels: u32::from(entry.levels()),
            cluster: u32::from(entry.cluster()),
        }
    }
}

/// The rows of two tokens in a row, whatever stands around them.
pub(super) struct Two {
    /// What they say to the one before them.
    pub(super) before: [u32; 1],
    /// To the first of them, to the second.
    pub(super) first: [u32; 5],
    pub(super) second: [u32; 5],
    /// To the one behind them.
    pub(super) behind: [u32; 1],
}

impl Two {
    pub(super) const fn of(first: Seen, second: Seen) -> Self {
        let (one, two) = (pair(first.levels, first.form), pair(second.levels, second.form));
        Self {
            before: [row(39, pair(first.word, second.word))],
            first: [
                row(32, pair(first.form, second.word)),
                row(34, pair(first.levels, second.word)),
                row(36, pair(one, second.levels)),
                row(43, pair(one, second.cluster)),
                row(41, pair(first.word, second.word)),
            ],
            second: [
                row(31, pair(first.word, second.form)),
                row(33, pair(first.word, second.levels)),
                row(35, pair(first.levels, two)),
                row(42, pair(first.cluster, two)),
                row(40, pair(first.word, second.word)),
            ],
            behind: [row(38, pair(first.word, second.word))],
        }
    }
}

/// How far around itself a token speaks.
pub(super) const REACH: usize = 2;

/// The distances at which a token speaks: those before it, itself, those behind it.
pub(super) const DISTANCES: usize = 2 * REACH + 1;

/// Calls `speak` with a position and some of its rows, until every feature of every token of a line has been named.
pub fn rows(tokens: &[Token], known: &[Known], mut speak: impl FnMut(usize, &[u32])) {
    let style = line_style(tokens);
    for at in 0..tokens.len() {
        features::<true, true, true>(tokens, known, at, style, |distance, rows| {
            // What it would say beyond the ends of the line nobody hears.
            if let Some(neighbour) = (at + distance).checked_sub(REACH).filter(|place| *place < tokens.len()) {
                speak(neighbour, rows);
            }
        });
    }
}

/// The rows of what a token says by itself, whatever stands beside it, by their distance.
pub(super) fn alone(token: &Token, known: Known, speak: impl FnMut(usize, &[u32])) {
    features::<true, false, false>(&[*token], &[known], 0, 0, speak);
}

/// The rows of what a token says where it stands, without what it says by itself and in pairs with its neighbours.
pub(super) fn beside(tokens: &[Token], known: &[Known], at: usize, style: u32, mut speak: impl FnMut(&[u32])) {
    features::<false, false, true>(tokens, known, at, style, |_, rows| speak(rows));
}

/// `ALONE`: what a token says by itself; `PAIRS`: in pairs with its neighbours; `BESIDE`: what else it says where it stands.
fn features<const ALONE: bool, const PAIRS: bool, const BESIDE: bool>(
    tokens: &[Token],
    known: &[Known],
    at: usize,
    style: u32,
    mut speak: impl FnMut(usize, &[u32]),
) {
    let length = tokens.len();
    let (token, about) = (&tokens[at], known[at]);
    let seen = Seen::of(token, about.entry);
    let Seen { word, form, levels, cluster } = seen;
    let mut own = Own { rows: [0; MAX_OWN], length: 0 };
    let affixes = if ALONE { token.affixes() } else { [0; 6] };
    if ALONE {
        // What it says to those around it, and to itself.
        let mut around = |template: u32, value: u32, reach: usize, itself: bool| {
            let first = window(template, value);
            for distance in REACH - reach..=REACH + reach {
                if distance != REACH || itself {
                    speak(distance, &[first + distance as u32]);
                }
            }
        };
        around(1, word, 2, !about.blind);
        around(2, pair(form, u32::from(token.glued)), 2, true);
        if cluster != 0 {
            around(3, cluster, 2, !about.blind);
        }
        if levels != 0 {
            around(4, levels, 1, true);
        }
        if token.class == Class::Word {
            around(5, affixes[4], 1, !about.blind);
        }
        if token.class == Class::Word && !about.blind {
            for (place, affix) in affixes.iter().enumerate() {
                own.push(row(10 + place as u32, *affix));
            }
            own.push(row(17, pair(word, form)));
        }
    }
    if token.class == Class::Word {
        let entry = about.entry;
        if ALONE {
            own.push(row(20, pair(levels, form)));
        }
        if BESIDE {
            own.push(row(21, pair(levels, pair(form, style))));
        }
        if ALONE {
            let names = u32::from(entry.forename().max(entry.surname()));
            let kinds = names | u32::from(entry.place()) << 2 | u32::from(entry.common()) << 4;
            own.push(row(22, pair(kinds, form)));
            own.push(row(23, pair(u32::from(entry.common()), form)));
        }
        let phrase = u32::from(about.phrase.0) << 1 | u32::from(about.phrase.1);
        if BESIDE && phrase != 0 {
            own.push(row(24, phrase));
            own.push(row(25, pair(phrase, form)));
        }
    }
    if BESIDE {
        own.push(row(26, pair(form, style)));
        let edges = u32::from(at == 0) | u32::from(at + 1 == length) << 1;
        own.push(row(27, pair(edges, form)));
        own.push(row(28, pair(edges, levels)));

        // The token and its neighbours.
        let beside = |place: Option<usize>| {
            place.filter(|place| *place < length).map_or(Seen::default(), |at| Seen::of(&tokens[at], known[at].entry))
        };
        let (before, after) = (beside(at.checked_sub(1)), beside(Some(at + 1)));
        let second_before = beside(at.checked_sub(2));
        own.push(row(30, pair(before.form, pair(form, after.form))));
        if PAIRS {
            let (left, right) = (Two::of(before, seen).second, Two::of(seen, after).first);
            (0..3).for_each(|place| [left[place], right[place]].into_iter().for_each(|row| own.push(row)));
            own.push(row(37, pair(before.word, after.word)));
            own.push(Two::of(second_before, before).behind[0]);
            own.push(Two::of(after, beside(Some(at + 2))).before[0]);
            if !about.blind {
                own.push(left[4]);
                own.push(right[4]);
            }
            own.push(left[3]);
            own.push(right[3]);
        } else {
            own.push(row(37, pair(before.word, after.word)));
        }
        own.push(row(44, pair(pair(second_before.word, before.word), levels)));
    }
    speak(REACH, own.rows());
}
