//! Geographic positions: two decimal degrees, or degrees, minutes and seconds.

use std::ops::Range;
use std::sync::LazyLock;

use model::Label;
use regex::Regex;

use super::number::Chain;
use crate::rule::{Candidate, Rule, strength};

static DECIMAL: Rule = Rule {
    detector: "coordinate",
    name: "decimal-pair",
    reason: "a latitude and a longitude in decimal degrees",
    strength: strength::CONTEXT,
};
static SEXAGESIMAL: Rule = Rule {
    detector: "coordinate",
    name: "degrees-minutes",
    reason: "degrees and minutes with a side of the world",
    strength: strength::SYNTAX,
};

/// Fewest decimals: three are about 100 metres.
const MIN_DECIMALS: usize = 3;

/// The first pair in a chain: its groups, and what was found.
pub(crate) fn decimal(chain: Chain<'_>) -> Option<(Range<usize>, Candidate)> {
    (0..chain.groups.len().saturating_sub(3)).find_map(|start| {
        let latitude = degrees(chain, start, 90)?;
        let longitude = degrees(chain, start + 2, 180)?;
        let between = chain.gap(start + 1);
        let parted = between.chars().all(|sign| matches!(sign, ' ' | ',' | ';' | '/' | '+' | '-' | '\t'));
        let range = signed_start(chain, start)..chain.groups[start + 3].end;
        parted.then(|| (start..start + 4, candidate(range, latitude, longitude)))
    })
}

/// Pairs whose halves words separate: `Lat 40.712776, Lon -74.005974`.
pub(crate) fn find(text: &str, groups: &[Range<usize>], found: &mut Vec<Candidate>) {
    for start in 0..groups.len().saturating_sub(3) {
        let gap = &text[groups[start + 1].end..groups[start + 2].start];
        if gap.len() > 24 || !gap.bytes().any(|byte| byte.is_ascii_alphabetic()) {
            continue;
        }
        let lower = gap.to_ascii_lowercase();
        let named = ["lon", "lng", "долг"].iter().any(|word| lower.contains(word));
        let sided =
            lower.trim_matches(|c: char| !c.is_ascii_alphabetic()).chars().all(|c| matches!(c, 'n' | 's' | 'e' | 'w'));
        if !named && !sided {
            continue;
        }
        let chain = Chain { text, groups: &groups[start..start + 4] };
        let (Some(latitude), Some(longitude)) = (degrees(chain, 0, 90), degrees(chain, 2, 180)) else { continue };
        found.push(candidate(signed_start(chain, 0)..groups[start + 3].end, latitude, longitude));
    }
    if text.contains('°') {
        static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
            let half = |sides: &str| {
                format!(
                    r"[0-9]{{1,3}}(?:[.,][0-9]+)?\s?°\s?(?:[0-9]{{1,2}}(?:[.,][0-9]+)?\s?['′]\s?(?:[0-9]{{1,2}}(?:[.,][0-9]+)?\s?(?:''|″|′′|\x22)\s?)?)?[{sides}]"
                )
            };
            Regex::new(&format!(r"(?i){}[\s,;]{{0,3}}{}", half("nsсю"), half("eworвз"))).ok()
        });
        for found_at in FORM.iter().flat_map(|form| form.find_iter(text)) {
            let value: String =
                found_at.as_str().chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
            found.push(Candidate::new(found_at.range(), Label::Coordinate, value, &SEXAGESIMAL));
        }
    }
}

fn candidate(range: Range<usize>, latitude: f64, longitude: f64) -> Candidate {
    // Five decimals are about a metre: nearer writings of one place agree.
    Candidate::new(range, Label::Coordinate, format!("{latitude:.5},{longitude:.5}"), &DECIMAL)
}

/// Groups `at` and `at + 1` as decimal degrees within `bound`.
fn degrees(chain: Chain<'_>, at: usize, bound: u32) -> Option<f64> {
    let (whole, decimals) = (chain.group(at), chain.group(at + 1));
    if chain.gap(at) != "." || whole.len() > 3 || decimals.len() < MIN_DECIMALS || decimals.len() > 15 {
        return None;
    }
    let value: f64 = format!("{whole}.{decimals}").parse().ok()?;
    let negative = chain.text[..chain.groups[at].start].ends_with('-');
    (value <= f64::from(bound)).then_some(if negative { -value } else { value })
}

fn signed_start(chain: Chain<'_>, at: usize) -> usize {
    let start = chain.groups[at].start;
    start - usize::from(chain.text[..start].ends_with(['-', '+']))
}
