//! Coarse places: a country is all that a page's place may say after the door.

/// Countries by ISO 3166 code, with names people write, in lower case.
const COUNTRIES: &[(&str, &[&str])] = &[
    ("AE", &["united arab emirates", "uae", "الإمارات"]),
    ("AR", &["argentina"]),
    ("AT", &["austria", "österreich"]),
    ("AU", &["australia"]),
    ("BE", &["belgium", "belgien", "belgique", "belgië"]),
    ("BG", &["bulgaria", "българия"]),
    ("BR", &["brazil", "brasil"]),
    ("CA", &["canada"]),
    ("CH", &["switzerland", "schweiz", "suisse", "svizzera"]),
    ("CL", &["chile"]),
    ("CN", &["china", "中国"]),
    ("CO", &["colombia"]),
    ("CZ", &["czechia", "czech republic", "česko"]),
    ("DE", &["germany", "deutschland", "allemagne", "alemania", "германия"]),
    ("DK", &["denmark", "danmark"]),
    ("EG", &["egypt", "مصر"]),
    ("ES", &["spain", "españa", "espagne", "spanien"]),
    ("FI", &["finland", "suomi"]),
    ("FR", &["france", "frankreich", "francia"]),
    ("GB", &["united kingdom", "uk", "england", "scotland", "wales", "great britain", "northern ireland"]),
    ("GR", &["greece", "ελλάδα"]),
    ("HU", &["hungary", "magyarország"]),
    ("IE", &["ireland", "éire"]),
    ("IL", &["israel", "ישראל"]),
    ("IN", &["india", "भारत"]),
    ("IT", &["italy", "italia", "italien", "italie"]),
    ("JP", &["japan", "日本"]),
    ("KE", &["kenya"]),
    ("KR", &["south korea", "대한민국", "한국"]),
    ("LT", &["lithuania", "lietuva"]),
    ("LV", &["latvia", "latvija"]),
    ("MA", &["morocco", "maroc", "المغرب"]),
    ("MD", &["moldova"]),
    ("MX", &["mexico", "méxico"]),
    ("MY", &["malaysia"]),
    ("NG", &["nigeria"]),
    ("NL", &["netherlands", "nederland", "holland"]),
    ("NO", &["norway", "norge"]),
    ("NZ", &["new zealand"]),
    ("PH", &["philippines", "pilipinas"]),
    ("PL", &["poland", "polska", "polen", "pologne"]),
    ("PT", &["portugal"]),
    ("RO", &["romania", "românia"]),
    ("RS", &["serbia", "србија", "srbija"]),
    ("RU", &["russia", "россия"]),
    ("SA", &["saudi arabia", "السعودية"]),
    ("SE", &["sweden", "sverige"]),
    ("SK", &["slovakia", "slovensko"]),
    ("TH", &["thailand", "ประเทศไทย"]),
    ("TR", &["turkey", "türkiye"]),
    ("UA", &["ukraine", "україна", "украина"]),
    ("US", &["united states", "usa", "u.s.a."]),
    ("VN", &["vietnam", "việt nam"]),
    ("ZA", &["south africa"]),
];

/// The countries that a place names outright, by code.
pub(crate) fn countries(place: &str) -> impl Iterator<Item = &'static str> {
    let lower = place.to_lowercase();
    let named = move |name: &&str| {
        lower.match_indices(*name).any(|(at, found)| {
            let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            !letter(lower[..at].chars().next_back()) && !letter(lower[at + found.len()..].chars().next())
        })
    };
    COUNTRIES.iter().filter(move |(_, names)| names.iter().any(&named)).map(|(code, _)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_gives_its_country_and_nothing_finer() {
        assert_eq!(countries("Leeds, West Yorkshire, England").collect::<Vec<_>>(), ["GB"]);
        assert_eq!(countries("Berlin (Deutschland) / Polska").collect::<Vec<_>>(), ["DE", "PL"]);
        assert_eq!(countries("Ukiah, Indiana").count(), 0);
    }
}
