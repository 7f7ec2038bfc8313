//! Numbering plans of the world, from libphonenumber's metadata as the `phonenumber` crate carries them.
//!
//! The crate's own parser takes about 20 microseconds a call behind a lock; here each plan is one compiled automaton.

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use phonenumber::metadata::{DATABASE, Metadata};
use regex::Regex;
use rustc_hash::FxHashMap;

/// Most digits of an international number, by ITU-T E.164.
pub(crate) const MAX_E164_DIGITS: usize = 15;

/// Ranges that regulators set aside for fiction: no plan lists them, and every example and every test uses them. Ofcom,
/// Arcep, the Bundesnetzagentur and the ACMA publish them; region and first digits of the significant number.
const FICTION: &[(&str, &str)] = &[
    ("GB", "7700900"),
    ("GB", "2079460"),
    ("GB", "1134960"),
    ("GB", "1144960"),
    ("GB", "1154960"),
    ("GB", "1164960"),
    ("GB", "1174960"),
    ("GB", "1184960"),
    ("GB", "1214960"),
    ("GB", "1314960"),
    ("GB", "1414960"),
    ("GB", "1514960"),
    ("GB", "1614960"),
    ("GB", "1914980"),
    ("GB", "2896496"),
    ("GB", "2920180"),
    ("GB", "1632960"),
    ("FR", "19900"),
    ("FR", "26191"),
    ("FR", "35301"),
    ("FR", "46571"),
    ("FR", "53649"),
    ("FR", "63998"),
    ("DE", "3023125"),
    ("DE", "6990009"),
    ("DE", "4066969"),
    ("DE", "22147105"),
    ("DE", "8999998"),
    ("DE", "1523125"),
    ("DE", "17139200"),
    ("DE", "17600403"),
    ("DE", "17600429"),
    ("AU", "49157"),
    ("AU", "491570"),
    ("AU", "25550"),
    ("AU", "35550"),
    ("AU", "75550"),
    ("AU", "85550"),
];

/// One region's plan.
pub(crate) struct Plan {
    meta: &'static Metadata,
    national_prefix: Option<&'static str>,
    /// Bit n is set if a significant number may have n digits.
    lengths: u32,
    /// First digits that are set aside for fiction.
    fiction: Vec<&'static str>,
    valid: OnceLock<Option<Regex>>,
    prefix_for_parsing: OnceLock<Option<Regex>>,
}

/// Every plan, by region and by calling code.
pub(crate) struct Plans {
    by_region: FxHashMap<&'static str, Plan>,
    by_code: BTreeMap<u16, Vec<&'static str>>,
}

/// The plans, read once.
pub(crate) static PLANS: LazyLock<Plans> = LazyLock::new(Plans::read);

impl Plans {
    fn read() -> Self {
        let mut by_region = FxHashMap::default();
        let mut by_code: BTreeMap<u16, Vec<&'static str>> = BTreeMap::new();
        let database: &'static phonenumber::metadata::Database = &DATABASE;
        for meta in database.iter() {
            // Codes without a country (800, 870, …) share the region "001": only their calling code names them.
            let region = meta.id();
            let key = if region == "001" { non_geographic(meta.country_code()) } else { region };
            let regions = by_code.entry(meta.country_code()).or_default();
            if meta.is_main_country_for_code() {
                regions.insert(0, key)
            } else {
                regions.push(key)
            }
            by_region.insert(
                key,
                Plan {
                    meta,
                    national_prefix: meta.national_prefix(),
                    lengths: lengths(meta),
                    fiction: FICTION.iter().filter(|(known, _)| *known == region).map(|(_, head)| *head).collect(),
                    valid: OnceLock::new(),
                    prefix_for_parsing: OnceLock::new(),
                },
            );
        }
        Self { by_region, by_code }
    }

    /// The plan of a region such as `GB`.
    pub(crate) fn region(&self, region: &str) -> Option<&Plan> {
        self.by_region.get(region)
    }

    /// The region's name as the plans spell it, if there is such a region.
    pub(crate) fn name(&self, region: &str) -> Option<&'static str> {
        self.by_region.get_key_value(region).map(|(name, _)| *name)
    }

    /// Reads digits that begin with a calling code. The result is E.164 without the plus.
    pub(crate) fn international(&self, digits: &str) -> Option<Reading> {
        for length in 1..=3 {
            let (Some(head), Some(rest)) = (digits.get(..length), digits.get(length..)) else { continue };
            let Some(regions) = head.parse().ok().and_then(|code: u16| self.by_code.get(&code)) else { continue };
            if head.starts_with('0') {
                return None;
            }
            let plans = || regions.iter().filter_map(|region| self.region(region));
            let valid = plans().find_map(|plan| plan.significant(rest));
            return match valid {
                Some(significant) => Some(Reading { e164: format!("{head}{significant}"), valid: true }),
                // No plan knows it, but a calling code and a length that can be dialled are enough to hide it.
                None if (7..=MAX_E164_DIGITS).contains(&digits.len()) => {
                    let rest = plans().next().map_or(rest, |plan| plan.without_trunk(rest));
                    Some(Reading { e164: format!("{head}{rest}"), valid: false })
                }
                None => None,
            };
        }
        None
    }
}

/// A number read as international.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    /// Calling code and significant number.
    pub(crate) e164: String,
    /// Whether a plan confirms it.
    pub(crate) valid: bool,
}

impl Plan {
    /// Reads a number as written inside the region; the result is E.164 without the plus.
    pub(crate) fn national(&self, digits: &str) -> Option<String> {
        self.significant(digits).map(|significant| format!("{}{significant}", self.meta.country_code()))
    }

    /// As [`national`](Self::national), and the number shows that it is national: by its trunk prefix, or because
    /// the region has none.
    pub(crate) fn national_with_trunk(&self, digits: &str) -> Option<String> {
        match self.national_prefix {
            // North America writes the prefix only before long-distance numbers, with the calling code's digit.
            Some(prefix) if prefix != "1" && !digits.starts_with(prefix) => None,
            _ => self.national(digits),
        }
    }

    /// As [`national_with_trunk`](Self::national_with_trunk) for a number whose length the plan uses though none of its
    /// ranges holds it: ranges open faster than lists of them, and those for fiction are in no list.
    pub(crate) fn of_length(&self, digits: &str) -> Option<String> {
        let significant = digits.strip_prefix(self.national_prefix.filter(|prefix| *prefix != "1")?)?;
        let fits = self.has_length(significant) && significant.len() >= 9 && !significant.starts_with('0');
        fits.then(|| format!("{}{significant}", self.meta.country_code()))
    }

    fn has_length(&self, significant: &str) -> bool {
        self.lengths.checked_shr(significant.len() as u32).unwrap_or_default() & 1 == 1
    }

    /// The national significant number, if the plan knows it, with trunk and carrier prefixes taken off.
    fn significant(&self, digits: &str) -> Option<String> {
        if !(4..=17).contains(&digits.len()) {
            return None;
        }
        if self.is_valid(digits) {
            return Some(digits.to_owned());
        }
        // Taking a prefix off makes it shorter; where a plan has no shorter numbers, no prefix needs to be looked for.
        let shorter = self.lengths & ((1 << digits.len()) - 1) != 0;
        if !shorter && self.meta.national_prefix_transform_rule().is_none() {
            return None;
        }
        self.parsed_prefix(digits)
            .or_else(|| Some(self.without_trunk(digits).to_owned()))
            .filter(|significant| significant != digits && self.is_valid(significant))
    }

    fn without_trunk<'d>(&self, digits: &'d str) -> &'d str {
        self.national_prefix.and_then(|prefix| digits.strip_prefix(prefix)).unwrap_or(digits)
    }

    /// Applies the plan's rule for carrier codes and mobile prefixes, which some regions rewrite (Argentina's 15).
    fn parsed_prefix(&self, digits: &str) -> Option<String> {
        let rule = self.prefix_for_parsing.get_or_init(|| {
            let pattern = self.meta.national_prefix_for_parsing()?;
            Regex::new(&format!("^(?:{})", ascii_digits(pattern.as_str()))).ok()
        });
        let rule = rule.as_ref()?;
        let Some(transform) = self.meta.national_prefix_transform_rule() else {
            // Where nothing is rewritten it is enough to know where the prefix ends.
            return rule.find(digits).filter(|all| !all.is_empty()).map(|all| digits[all.end()..].to_owned());
        };
        let found = rule.captures(digits)?;
        let all = found.get(0)?;
        let mut out = String::with_capacity(digits.len() + 2);
        match (found.len() > 1).then(|| found.get(found.len() - 1)).flatten() {
            Some(_) => found.expand(transform, &mut out),
            None if all.is_empty() => return None,
            None => {}
        }
        out.push_str(&digits[all.end()..]);
        Some(out)
    }

    fn is_valid(&self, significant: &str) -> bool {
        // Most digits fail here, before any automaton is built or run.
        if !self.has_length(significant) {
            return false;
        }
        let valid = self.valid.get_or_init(|| {
            let all = self.meta.descriptors();
            let kinds = [
                all.fixed_line(),
                all.mobile(),
                all.toll_free(),
                all.premium_rate(),
                all.shared_cost(),
                all.personal_number(),
                all.voip(),
                all.pager(),
                all.uan(),
                all.voicemail(),
            ];
            let patterns: Vec<String> =
                kinds.iter().flatten().map(|kind| ascii_digits(kind.national_number().as_str())).collect();
            Regex::new(&format!("^(?:{})$", patterns.join("|"))).ok()
        });
        self.fiction.iter().any(|head| significant.starts_with(head))
            || valid.as_ref().is_some_and(|valid| valid.is_match(significant))
    }
}

/// `\d` of the metadata means 0 to 9; as a Unicode class it would cost a hundred times the automaton.
fn ascii_digits(pattern: &str) -> String {
    pattern.replace("\\d", "[0-9]").chars().filter(|character| !character.is_whitespace()).collect()
}

fn lengths(meta: &Metadata) -> u32 {
    let general = meta.descriptors().general().possible_length();
    if general.is_empty() { u32::MAX } else { general.iter().fold(0, |bits, length| bits | 1 << (length & 31)) }
}

fn non_geographic(code: u16) -> &'static str {
    const CODES: [(u16, &str); 9] = [
        (800, "800"),
        (808, "808"),
        (870, "870"),
        (878, "878"),
        (881, "881"),
        (882, "882"),
        (883, "883"),
        (888, "888"),
        (979, "979"),
    ];
    CODES.iter().find(|(known, _)| *known == code).map_or("001", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_plan_compiles_and_knows_its_own_examples() {
        let mut checked = 0;
        for (region, plan) in &PLANS.by_region {
            for kind in [plan.meta.descriptors().fixed_line(), plan.meta.descriptors().mobile()].into_iter().flatten() {
                let Some(example) = kind.example() else { continue };
                assert!(plan.is_valid(example), "{region}");
                let e164 = format!("{}{example}", plan.meta.country_code());
                assert_eq!(PLANS.international(&e164), Some(Reading { e164, valid: true }), "{region}");
                checked += 1;
            }
        }
        assert!(checked > 400, "{checked}");
    }

    #[test]
    fn one_number_has_one_canonical_form() {
        let gb = PLANS.region("GB").expect("a plan");
        for digits in ["02079460123", "2079460123"] {
            assert_eq!(gb.national(digits).as_deref(), Some("442079460123"));
        }
        for digits in ["447700900123", "4407700900123"] {
            assert_eq!(PLANS.international(digits).map(|reading| reading.e164).as_deref(), Some("447700900123"));
        }
        assert_eq!(gb.of_length("07700900123").as_deref(), Some("447700900123"));
        assert_eq!(PLANS.region("US").and_then(|us| us.national("12025550143")).as_deref(), Some("12025550143"));
        assert_eq!(gb.national_with_trunk("2079460123"), None);
    }
}
