//! The file that a person begins with.

use model::{CaseId, PersonId, Timestamp};

/// What is known before the file is written.
#[derive(Clone, Debug)]
pub struct Template {
    /// The case.
    pub case: CaseId,
    /// The installation's name.
    pub audience: String,
    /// The supervisors that will sign.
    pub supervisors: Vec<PersonId>,
    /// The first moment of validity; the last one is 30 days later.
    pub not_before: Timestamp,
}

/// Milliseconds of 30 days.
const THIRTY_DAYS: i64 = 30 * 86_400_000;

impl Template {
    /// The file's text. It does not pass as it is: what only a person can know is left empty.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let supervisors: Vec<_> = self.supervisors.iter().map(|person| format!("\"{person}\"")).collect();
        format!(
            include_str!("template.toml"),
            case = self.case,
            audience = quoted(&self.audience),
            supervisors = supervisors.join(", "),
            not_before = self.not_before,
            not_after = self.not_before.plus_millis(THIRTY_DAYS),
        )
    }
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// A filled-in document for examples and tests: reserved names, one target, valid through 2026-12.
#[must_use]
pub fn example() -> String {
    include_str!("example.toml").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Rule};

    #[test]
    fn the_template_is_refused_only_for_what_a_person_must_fill_in() {
        let template = Template {
            case: "op-harbour-2026".parse().unwrap(),
            audience: "unit \"7\"".to_owned(),
            supervisors: vec!["s.maria".parse().unwrap(), "s.jonas".parse().unwrap()],
            not_before: Timestamp::from_secs(1_795_000_000),
        };
        let refused = Document::parse(&template.to_toml()).unwrap_err();
        assert!(!refused.refusals().is_empty());
        for refusal in refused.refusals() {
            assert!([Rule::Complete, Rule::TargetHost, Rule::TargetShape].contains(&refusal.rule()), "{refusal}");
        }
    }

    #[test]
    fn the_example_is_accepted() {
        let document = Document::parse(&example()).unwrap();
        assert_eq!(document.case().as_str(), "op-harbour-2026");
        assert_eq!(Document::parse(&document.to_toml()).unwrap(), document);
    }
}
