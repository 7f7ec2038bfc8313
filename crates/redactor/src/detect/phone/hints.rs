//! Where a national number may be at home: the region and language of the page, its place, its script.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::plan::PLANS;

/// Regions to try for a number without a calling code, likeliest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hints {
    regions: Vec<&'static str>,
}

/// Regions tried where nothing else is known, in this order: North America first, because its ten digits without a
/// prefix are the commonest of all, then by trunk prefix and population of web users.
pub(crate) const ANYWHERE: &[&str] = &[
    "US", "GB", "FR", "DE", "AU", "RU", "UA", "PL", "ES", "IT", "NL", "BE", "RO", "IN", "JP", "KR", "CN", "BR", "MX",
    "TH", "VN", "PH", "ID", "MY", "ZA", "NG", "KE", "EG", "SA", "AE", "TR", "IL", "GR", "SE", "CH", "AT", "CZ", "HU",
    "IE", "NZ", "PT", "BG", "MD", "CO", "AR", "CL", "PE",
];

/// Languages and the regions where they are written most.
const LANGUAGES: &[(&str, &[&str])] = &[
    ("ar", &["EG", "SA", "AE", "IQ", "MA", "DZ", "TN", "JO", "LB", "SY", "KW", "QA", "OM", "YE"]),
    ("bg", &["BG"]),
    ("bn", &["BD", "IN"]),
    ("cs", &["CZ"]),
    ("da", &["DK"]),
    ("de", &["DE", "AT", "CH"]),
    ("el", &["GR", "CY"]),
    ("en", &["US", "GB", "AU", "CA", "IE", "NZ", "ZA", "IN"]),
    ("es", &["ES", "MX", "AR", "CO", "CL", "PE", "VE", "EC", "DO", "US"]),
    ("et", &["EE"]),
    ("fa", &["IR", "AF"]),
    ("fi", &["FI"]),
    ("fr", &["FR", "BE", "CH", "CA", "MA", "TN", "CI", "SN"]),
    ("he", &["IL"]),
    ("hi", &["IN"]),
    ("hr", &["HR", "BA"]),
    ("hu", &["HU"]),
    ("id", &["ID"]),
    ("it", &["IT", "CH"]),
    ("ja", &["JP"]),
    ("ka", &["GE"]),
    ("km", &["KH"]),
    ("ko", &["KR"]),
    ("lt", &["LT"]),
    ("lv", &["LV"]),
    ("ms", &["MY"]),
    ("nb", &["NO"]),
    ("nl", &["NL", "BE"]),
    ("no", &["NO"]),
    ("pl", &["PL"]),
    ("pt", &["BR", "PT", "AO", "MZ"]),
    ("ro", &["RO", "MD"]),
    ("ru", &["RU", "KZ", "BY", "UA"]),
    ("sk", &["SK"]),
    ("sl", &["SI"]),
    ("sq", &["AL", "XK"]),
    ("sr", &["RS", "BA", "ME"]),
    ("sv", &["SE", "FI"]),
    ("th", &["TH"]),
    ("tl", &["PH"]),
    ("tr", &["TR"]),
    ("uk", &["UA"]),
    ("ur", &["PK"]),
    ("vi", &["VN"]),
    ("zh", &["CN", "TW", "HK", "SG", "MY"]),
];

/// The hints of each language by itself.
static BY_LANGUAGE: LazyLock<FxHashMap<&str, Hints>> = LazyLock::new(|| {
    let hints = |regions: &[&str]| {
        let mut hints = Hints::default();
        regions.iter().for_each(|region| hints.add(region));
        hints
    };
    LANGUAGES.iter().map(|(language, regions)| (*language, hints(regions))).collect()
});

impl Hints {
    /// From a country code and a language tag, the country first.
    pub(crate) fn new(region: Option<&str>, lang: Option<&str>) -> Self {
        let mut hints = Self::default();
        if let Some(region) = region {
            hints.add(region);
        }
        let mut parts = lang.unwrap_or_default().split(['-', '_']);
        let language = parts.next().unwrap_or_default().to_ascii_lowercase();
        parts.filter(|part| part.len() == 2).for_each(|part| hints.add(part));
        if let Some((_, regions)) = LANGUAGES.iter().find(|(known, _)| *known == language) {
            regions.iter().for_each(|region| hints.add(region));
        }
        hints
    }

    /// These, or those of English where nothing is known.
    pub(crate) fn or_english(&self) -> Self {
        if self.regions.is_empty() { Self::of_language("en") } else { self.clone() }
    }

    /// Puts a country, which the page itself names, before what its language suggests.
    pub(crate) fn prefer(&mut self, region: &str) {
        if let Some(known) = PLANS.name(region) {
            self.regions.retain(|other| *other != known);
            self.regions.insert(0, known);
        }
    }

    /// Adds the regions of a text's script, where the script belongs to few.
    pub(crate) fn with_script_of(&self, text: &str) -> Self {
        let mut hints = self.clone();
        if hints.regions.is_empty() && !text.is_ascii() {
            let language = text.chars().filter(|character| *character >= 'Ͱ').find_map(|character| match character {
                'Ѐ'..='ԯ' => Some("ru"),
                'Ͱ'..='Ͽ' => Some("el"),
                '\u{590}'..='\u{5ff}' => Some("he"),
                '\u{600}'..='\u{6ff}' => Some("ar"),
                '\u{900}'..='\u{97f}' => Some("hi"),
                '\u{980}'..='\u{9ff}' => Some("bn"),
                '\u{e00}'..='\u{e7f}' => Some("th"),
                '\u{10a0}'..='\u{10ff}' => Some("ka"),
                '\u{1780}'..='\u{17ff}' => Some("km"),
                'ぁ'..='ヺ' => Some("ja"),
                '가'..='힣' => Some("ko"),
                '一'..='鿿' => Some("zh"),
                _ => None,
            });
            hints = language.map(Self::of_language).unwrap_or_default();
        }
        hints
    }

    fn of_language(language: &str) -> Self {
        BY_LANGUAGE.get(language).cloned().unwrap_or_default()
    }

    /// The regions, likeliest first.
    pub(crate) fn regions(&self) -> &[&'static str] {
        &self.regions
    }

    fn add(&mut self, region: &str) {
        let known = PLANS.name(&region.to_ascii_uppercase());
        if let Some(known) = known.filter(|known| !self.regions.contains(known)) {
            self.regions.push(known);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_region_comes_before_the_language() {
        assert_eq!(Hints::new(Some("ch"), Some("de-AT")).regions(), ["CH", "AT", "DE"]);
        assert_eq!(Hints::new(None, Some("xx")).regions(), [""; 0]);
        assert_eq!(Hints::default().with_script_of("звони").regions()[0], "RU");
    }
}
