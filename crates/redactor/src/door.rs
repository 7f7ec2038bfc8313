//! The door: a parsed page goes in by value, a redacted page comes out.
//!
//! All segments are searched, each with all detectors. Visible text becomes the body, the heading the title, and the
//! board's name the board, with tokens in place of identifiers; every other segment leaves its tokens and nothing else.
//! Fields that are identifiers as a whole (author, place, contact) are hidden as a whole, whatever is found in them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use ::page::{Field, ParsedPage, Provenance, Segment};
use model::{Label, Sensitive, Token};
use zeroize::Zeroizing;

use crate::agreement::{Part, agree};
use crate::derivation::Derivation;
use crate::detect::{Hints, LIMIT, canonical_url};
use crate::limits::MAX_PAGE_BYTES;
use crate::normalise::Normalised;
use crate::place::countries;
use crate::resolve::Hidden;
use crate::rule::{Candidate, RULES, Rule, strength};
use crate::text::written;
use crate::{RedactedPage, Redactor};

const fn rule(name: &'static str, reason: &'static str, strength: u8) -> Rule {
    Rule { detector: "field", name, reason, strength }
}

static AUTHOR: Rule = rule("author", "the page says that this is who wrote it", strength::LINK);
static PLACE: Rule = rule("place", "the page says that this is where", strength::FENCE);
static CONTACT: Rule = rule("contact", "the page says that this is how to reach them", strength::UNEXPLAINED);
static OWN: Rule = rule("own-account", "the account that the page was read with", strength::FENCE);
static ADDRESS: Rule = rule("address", "the address of the page, of a link or of a picture", strength::FENCE);

/// A text to search: the source, and what is hidden in it whatever is found.
struct Source {
    text: Zeroizing<String>,
    /// Source bytes, label, value and rule.
    whole: Vec<Candidate>,
}

impl Redactor {
    /// Lets a page through: every identifier becomes a token, and the raw page is wiped.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "whoever redacts a page no longer has the raw one")]
    pub fn redact(&self, page: ParsedPage) -> RedactedPage {
        let places: BTreeSet<&str> = of_field(&page, Field::Place).flat_map(countries).collect();
        let mut hints = Hints::new(None, page.language());
        places.iter().for_each(|country| hints.prefer(country));

        let title = title_segment(&page);
        let board = page.segments().iter().position(|segment| segment.field == Some(Field::Board));
        let mut budget = MAX_PAGE_BYTES;
        let mut sources = vec![Source::empty(), Source::empty(), Source::empty()];
        for (place, segment) in page.segments().iter().enumerate() {
            let text = segment.text.expose();
            let affordable = text.len() <= budget;
            budget = budget.saturating_sub(text.len());
            let whole = if affordable {
                whole_of(segment, page.site())
            } else {
                Some((Label::OtherId, "limit".to_owned(), &LIMIT))
            };
            if Some(place) == title {
                sources[TITLE].push(text, whole.clone());
            }
            if Some(place) == board {
                sources[BOARD].push(text, whole.clone());
            }
            if segment.provenance == Provenance::Visible {
                sources[BODY].push(text, whole);
            } else if Some(place) != title && Some(place) != board && affordable {
                let mut aside = Source::empty();
                aside.push(text, whole);
                sources.push(aside);
            }
        }
        sources.iter_mut().for_each(|source| source.withhold(page.withheld()));
        self.assemble(&page, &sources, &hints, places)
    }

    fn assemble(&self, page: &ParsedPage, sources: &[Source], hints: &Hints, places: BTreeSet<&str>) -> RedactedPage {
        let normalised: Vec<Normalised<'_>> = sources.iter().map(|source| Normalised::new(&source.text)).collect();
        let mut parts: Vec<Part<'_>> = normalised
            .iter()
            .zip(sources)
            .map(|(normalised, source)| Part::of(normalised.text(), hints, source.whole_in(normalised)))
            .collect();
        agree(&mut parts, hints);
        let written_as =
            |place: usize| written(&sources[place].text, &normalised[place], &parts[place].hidden, &self.tokeniser);
        let (title, board, body) = (written_as(TITLE), written_as(BOARD), written_as(BODY));
        let read = |place: usize| sources[place].text.as_str();
        let derivation =
            Derivation::find(page.source(), [(read(TITLE), &title), (read(BOARD), &board), (read(BODY), &body)]);
        let (title, board, body) = (title.redacted, board.redacted, body.redacted);

        let url = self.tokeniser.token(Label::Url, &canonical(page.url().expose()));
        let token = |candidate: &Candidate| self.tokeniser.token(candidate.label, &candidate.canonical);
        let mut tokens = BTreeSet::from([url]);
        let mut counts: BTreeMap<Label, u32> = BTreeMap::new();
        let mut authors: Vec<Token> = Vec::new();
        for hidden in parts.iter().flat_map(|part| &part.hidden) {
            *counts.entry(hidden.named.label).or_default() += 1;
            tokens.extend(meaningful(hidden).map(token));
            let author = std::iter::once(&hidden.named).chain(&hidden.others).filter(|c| c.rule == &AUTHOR).map(token);
            for author in author {
                if !authors.contains(&author) {
                    authors.push(author);
                }
            }
        }
        RedactedPage {
            capture: page.capture(),
            site: page.site().to_owned(),
            board: Some(board).filter(|board| !board.is_empty()),
            kind: page.kind(),
            language: page.language().map(str::to_owned),
            url,
            title,
            body,
            authors,
            tokens: tokens.into_iter().collect(),
            posted_day: page.posted_day().map(|day| day.to_string()),
            price: page.price(),
            places: places.into_iter().map(str::to_owned).collect(),
            counts,
            rules: RULES.to_owned(),
            derivation: Some(derivation),
            circumstances: Some(page.circumstances().clone()),
        }
    }
}

/// Places of the three texts that are kept, in the list of all.
const TITLE: usize = 0;
const BOARD: usize = 1;
const BODY: usize = 2;

impl Source {
    fn empty() -> Self {
        Self { text: Zeroizing::new(String::new()), whole: Vec::new() }
    }

    /// Adds a segment as a line of its own.
    fn push(&mut self, text: &str, whole: Option<(Label, String, &'static Rule)>) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        let start = self.text.len();
        self.text.push_str(text);
        if let Some((label, value, rule)) = whole {
            self.whole.push(Candidate::new(start..self.text.len(), label, value, rule));
        }
    }

    /// Hides words wherever they stand: what our own account is called on the site.
    fn withhold(&mut self, words: &[Sensitive<String>]) {
        for word in words.iter().map(Sensitive::expose) {
            for range in occurrences(&self.text, word) {
                self.whole.push(Candidate::new(range, Label::Handle, word.to_lowercase(), &OWN));
            }
        }
    }

    fn whole_in(&self, normalised: &Normalised<'_>) -> Vec<Candidate> {
        let moved = |candidate: &Candidate| Candidate {
            range: normalised.to_normalised(&candidate.range),
            ..candidate.clone()
        };
        self.whole.iter().map(moved).collect()
    }
}

/// Characters below which a word is looked for between others' borders alone.
const SHORT: usize = 4;

/// Where a word stands in a text, in whatever case.
fn occurrences(text: &str, word: &str) -> Vec<Range<usize>> {
    let wanted: Zeroizing<Vec<char>> = Zeroizing::new(word.chars().flat_map(char::to_lowercase).collect());
    let mut found = Vec::new();
    let mut from = 0;
    for (start, _) in text.char_indices() {
        if start < from || wanted.is_empty() {
            continue;
        }
        let Some(end) = ends(&text[start..], &wanted).map(|length| start + length) else { continue };
        let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        if wanted.len() < SHORT && (inside(text[..start].chars().next_back()) || inside(text[end..].chars().next())) {
            continue;
        }
        found.push(start..end);
        from = end;
    }
    found
}

/// How many bytes of a text say the word that it begins with.
fn ends(text: &str, wanted: &[char]) -> Option<usize> {
    let mut left = wanted.iter();
    for (at, character) in text.char_indices() {
        if left.as_slice().is_empty() {
            return Some(at);
        }
        for folded in character.to_lowercase() {
            if left.next() != Some(&folded) {
                return None;
            }
        }
    }
    left.as_slice().is_empty().then_some(text.len())
}

/// What a segment is as a whole, if it is an identifier as a whole.
fn whole_of(segment: &Segment, site: &str) -> Option<(Label, String, &'static Rule)> {
    let text = segment.text.expose();
    let plain = || Normalised::new(text).text().trim().to_lowercase();
    match (segment.provenance, segment.field) {
        (Provenance::Author, _) | (_, Some(Field::Author)) => {
            Some((Label::Handle, format!("{site}:{}", plain()), &AUTHOR))
        }
        (_, Some(Field::Place)) => Some((Label::Location, plain(), &PLACE)),
        (_, Some(Field::Contact)) => Some((Label::OtherId, plain(), &CONTACT)),
        (Provenance::Url, _) => Some((Label::Url, canonical(text), &ADDRESS)),
        _ => None,
    }
}

/// The heading: the document's title, or else the first heading that a reader sees.
fn title_segment(page: &ParsedPage) -> Option<usize> {
    let of = |provenance| {
        let headed = move |segment: &Segment| segment.provenance == provenance && segment.field == Some(Field::Title);
        page.segments().iter().position(headed)
    };
    of(Provenance::Title).or_else(|| of(Provenance::Visible))
}

fn of_field(page: &ParsedPage, field: Field) -> impl Iterator<Item = &str> {
    page.segments()
        .iter()
        .filter(move |segment| segment.field == Some(field))
        .map(|segment| segment.text.expose().as_str())
}

/// The same page has the same value, whether it is named by its address, by a link to it, or in a text.
fn canonical(url: &str) -> String {
    let normalised = Normalised::new(url);
    let text = normalised.text().trim();
    canonical_url(text.split_once("://").map_or(text, |(_, rest)| rest))
}

/// What a page's tokens are made from: every name, and what was found inside it unless only its digits spoke for it.
fn meaningful(hidden: &Hidden) -> impl Iterator<Item = &Candidate> {
    let others = hidden.others.iter().filter(|candidate| candidate.rule.strength > strength::UNEXPLAINED);
    std::iter::once(&hidden.named).chain(others)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_in_any_case_and_a_short_one_by_itself() {
        let at = |text, word| occurrences(text, word).into_iter().map(|range| &text[range]).collect::<Vec<_>>();
        assert_eq!(at("Signed in as READER.Seven (reader.seven).", "Reader.seven"), ["READER.Seven", "reader.seven"]);
        assert_eq!(at("xreader.sevenx", "reader.seven"), ["reader.seven"]);
        assert_eq!(at("bob, bobby and BOB", "bob"), ["bob", "BOB"]);
        assert_eq!(at("\u{130}stanbul i\u{307}stanbul", "\u{130}stanbul"), ["\u{130}stanbul", "i\u{307}stanbul"]);
        assert_eq!(at("anything", ""), Vec::<&str>::new());
        assert_eq!(at("reader.seve", "reader.seven"), Vec::<&str>::new());
    }
}
