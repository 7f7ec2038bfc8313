//! The figures as one JSON document, or as a table that a person reads.

use std::fmt::Write as _;

use serde_json::json;

use crate::Pairs;

/// How the figures are written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Format {
    /// `{"NAME": {"ours", "peer", "unit", "ratio", "better"}}`.
    Json,
    /// Aligned columns.
    Table,
}

impl Format {
    /// The figures in this format, without a final line feed.
    pub(crate) fn write(self, pairs: &Pairs) -> String {
        match self {
            Self::Json => json(pairs),
            Self::Table => table(pairs),
        }
    }
}

fn json(pairs: &Pairs) -> String {
    let figures: serde_json::Map<_, _> = pairs
        .iter()
        .map(|(name, pair)| {
            let figure = json!({
                "ours": pair.ours, "peer": pair.peer, "unit": pair.unit, "ratio": pair.ratio(), "better": pair.better,
            });
            (name.clone(), figure)
        })
        .collect();
    serde_json::Value::Object(figures).to_string()
}

fn table(pairs: &Pairs) -> String {
    let mut text = format!("{:<24} {:>12} {:>12} {:>7}  unit", "bench", "ours", "peer", "ratio");
    for (name, pair) in pairs {
        let (ours, peer, ratio) = (pair.ours, pair.peer, pair.ratio());
        // Writing into a String cannot fail.
        let _ = write!(
            text,
            "\n{name:<24} {ours:>12.2} {peer:>12.2} {ratio:>7.2}  {} ({} is better)",
            pair.unit, pair.better
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{HIGHER, Pair};

    fn one() -> Pairs {
        Pairs::from([("sealing".to_owned(), Pair { ours: 30.0, peer: 20.0, unit: "MB/s", better: HIGHER })])
    }

    #[test]
    fn json_has_the_five_fields() {
        let value: serde_json::Value = serde_json::from_str(&Format::Json.write(&one())).unwrap();
        let expected =
            json!({"sealing": {"ours": 30.0, "peer": 20.0, "unit": "MB/s", "ratio": 1.5, "better": "higher"}});
        assert_eq!(value, expected);
    }

    #[test]
    fn the_table_has_a_row_for_each_pair() {
        let text = Format::Table.write(&one());
        assert_eq!(text.lines().count(), 2);
        assert!(text.ends_with("sealing                         30.00        20.00    1.50  MB/s (higher is better)"));
    }
}
