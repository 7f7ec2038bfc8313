//! A query printed back as it was understood.

use std::fmt;

use super::{Leaf, Name, Node, Query, Value};

impl fmt::Display for Query {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        node(&self.root, out)
    }
}

fn node(node_: &Node, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    match node_ {
        Node::And(nodes) => list(nodes, " AND ", |inner| matches!(inner, Node::Or(_)), out),
        Node::Or(nodes) => list(nodes, " OR ", |inner| matches!(inner, Node::And(_)), out),
        Node::Not(inner) => {
            out.write_str("NOT ")?;
            wrapped(inner, matches!(**inner, Node::And(_) | Node::Or(_)), out)
        }
        Node::Near(near) => {
            leaf(near.name, &near.first, out)?;
            near.then.iter().try_for_each(|(distance, next)| {
                write!(out, " NEAR/{distance} ")?;
                leaf(near.name, next, out)
            })
        }
        Node::Leaf(Leaf { name, value }) => leaf(*name, value, out),
    }
}

/// One leaf, as `why` shows it.
pub(crate) struct Shown<'a>(pub(crate) Name, pub(crate) &'a Value);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        leaf(self.0, self.1, out)
    }
}

/// A token stands for itself; everything else names its field.
fn leaf(name: Name, value_: &Value, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    match name.as_str() {
        Some("token") | None => {}
        Some(name) => write!(out, "{name}:")?,
    }
    value(name, value_, out)
}

fn list(nodes: &[Node], between: &str, wrap: fn(&Node) -> bool, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (place, inner) in nodes.iter().enumerate() {
        if place > 0 {
            out.write_str(between)?;
        }
        wrapped(inner, wrap(inner), out)?;
    }
    Ok(())
}

fn wrapped(inner: &Node, wrap: bool, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    if wrap {
        out.write_str("(")?;
    }
    node(inner, out)?;
    if wrap {
        out.write_str(")")?;
    }
    Ok(())
}

fn value(name: Name, value: &Value, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    match value {
        Value::Words(words) if words.terms.len() == 1 && is_plain(&words.shown) => out.write_str(&words.shown),
        // Without a field a bracketed token would be looked for among all tokens, not in the text.
        Value::Words(words) if words.terms.len() == 1 && name != Name::Anywhere && words.shown.starts_with('[') => {
            out.write_str(&words.shown)
        }
        Value::Words(words) => write!(out, "\"{}\"", words.shown),
        Value::Prefix(stem) => write!(out, "{}*", stem.shown),
        Value::Fuzzy(stem, edits) => write!(out, "{}~{edits}", stem.shown),
        Value::Token(token) => write!(out, "{token}"),
        Value::Label(label) if is_plain(label) => out.write_str(label),
        Value::Label(label) => write!(out, "\"{label}\""),
        Value::Days(from, to) => range(from.as_ref(), to.as_ref(), out),
        Value::Amounts(from, to) => {
            let amount = |hundredths: &u64| format!("{}.{:02}", hundredths / 100, hundredths % 100);
            range(from.as_ref().map(amount).as_ref(), to.as_ref().map(amount).as_ref(), out)
        }
    }
}

fn range(from: Option<&String>, to: Option<&String>, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    match (from, to) {
        (Some(from), Some(to)) if from == to => out.write_str(from),
        _ => write!(out, "{}..{}", from.map_or("", String::as_str), to.map_or("", String::as_str)),
    }
}

/// Whether a text reads back as one bare word.
fn is_plain(text: &str) -> bool {
    text.chars().all(|character| character.is_alphanumeric() || matches!(character, '-' | '.' | '\'' | '_'))
        && !matches!(text, "AND" | "OR" | "NOT")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::query::{Fault, parse};

    fn understood(text: &str) -> String {
        parse(text).unwrap().to_string()
    }

    fn fault(text: &str) -> (usize, Fault) {
        let error = parse(text).unwrap_err();
        (error.at(), error.fault())
    }

    #[test]
    fn queries_are_understood_as_a_person_means_them() {
        for (typed, meant) in [
            ("Harbour", "harbour"),
            ("harbour night", "harbour AND night"),
            ("a b OR c d", "(a AND b) OR (c AND d)"),
            ("a AND (b OR c) NOT d", "a AND (b OR c) AND NOT d"),
            ("((a)) AND (b AND c)", "a AND b AND c"),
            ("NOT NOT a", "a"),
            ("NOT (a b)", "NOT (a AND b)"),
            ("\"New in  Town\"", "\"new in town\""),
            ("don’t.call", "\"don't call\""),
            ("\"harbour\"", "harbour"),
            ("site:forum-a Title:night", "site:forum-a AND title:night"),
            ("board:\"New ads\"", "board:\"New ads\""),
            ("HARB*", "harb*"),
            ("Harbour~", "harbour~1"),
            // Folded, it would be two words.
            ("coŀlabora*", "coŀlabora*"),
            ("[PHONE:k7f3a9q2m4xtc]", "[PHONE:k7f3a9q2m4xtc]"),
            ("PHONE:k7f3a9q2m4xtc", "[PHONE:k7f3a9q2m4xtc]"),
            ("token:[PHONE:k7f3a9q2m4xtc]", "[PHONE:k7f3a9q2m4xtc]"),
            ("token:PHONE:k7f3a9q2m4xtc", "[PHONE:k7f3a9q2m4xtc]"),
            ("author:[HANDLE:k7f3a9q2m4xtc]", "author:[HANDLE:k7f3a9q2m4xtc]"),
            ("body:[PHONE:k7f3a9q2m4xtc]", "body:[PHONE:k7f3a9q2m4xtc]"),
            ("\"call [PHONE:k7f3a9q2m4xtc] now\"", "\"call [PHONE:k7f3a9q2m4xtc] now\""),
            ("price:100..200", "price:100.00..200.00"),
            ("price:99.5", "price:99.50"),
            ("price:..200", "price:..200.00"),
            ("posted:2026-11-24", "posted:2026-11-24"),
            ("captured:2026-11-01..", "captured:2026-11-01.."),
            ("10:30", "\"10 30\""),
            ("\"AND\"", "and"),
            ("language:NOT", "language:\"NOT\""),
            ("Harb*", "harb*"),
            ("title:harb* night~", "title:harb* AND night~1"),
            ("site:forum*", "site:forum*"),
            ("\"harb*\"", "harb"),
            ("a NEAR/3 \"b c\" d", "a NEAR/3 \"b c\" AND d"),
            ("NOT a NEAR/3 b NEAR/7 harb*", "NOT a NEAR/3 b NEAR/7 harb*"),
            ("call NEAR/3 [PHONE:k7f3a9q2m4xtc]", "call NEAR/3 \"[PHONE:k7f3a9q2m4xtc]\""),
            ("title:a NEAR/2 title:b", "title:a NEAR/2 title:b"),
            ("day:2026-02", "day:2026-02-01..2026-02-28"),
            ("posted:2026", "posted:2026-01-01..2026-12-31"),
            ("captured:2026-11..", "captured:2026-11-01.."),
        ] {
            assert_eq!(understood(typed), meant, "{typed}");
        }
    }

    #[test]
    fn mistakes_are_named_at_their_character() {
        for (typed, at, what) in [
            ("", 0, Fault::Empty),
            ("   ", 0, Fault::Empty),
            ("a AND", 5, Fault::MissingOperand),
            ("a OR OR b", 5, Fault::MissingOperand),
            ("AND a", 0, Fault::MissingOperand),
            ("ä (b", 2, Fault::OpenParenthesis),
            ("()", 1, Fault::MissingOperand),
            ("a ) b", 2, Fault::StrayParenthesis),
            (") b", 0, Fault::StrayParenthesis),
            ("ab \"cd", 3, Fault::OpenQuote),
            ("a foo:bar", 2, Fault::UnknownField),
            ("http://a.example/", 0, Fault::UnknownField),
            ("site: forum", 5, Fault::MissingValue),
            ("[PHONE:short]", 0, Fault::BadToken),
            ("x [PHONE", 2, Fault::BadToken),
            ("PHONE:123", 0, Fault::BadToken),
            ("author:maria", 0, Fault::TokenWanted),
            ("posted:2026-02-30", 0, Fault::DayWanted),
            ("posted:..", 0, Fault::DayWanted),
            ("posted:1013-01..2026-03", 0, Fault::DayWanted),
            ("captured:2300-01-01..", 0, Fault::DayWanted),
            ("price:cheap", 0, Fault::AmountWanted),
            ("price:1.234", 0, Fault::AmountWanted),
            ("price:200..100", 0, Fault::EmptyRange),
            ("price:99999999999999999999", 0, Fault::AmountWanted),
            ("site:[PHONE:k7f3a9q2m4xtc]", 0, Fault::NoWord),
            ("!!!", 0, Fault::NoWord),
            ("a h*", 2, Fault::ShortPrefix),
            ("*arbour", 0, Fault::StrayStar),
            ("ha*bour", 0, Fault::StrayStar),
            ("port.ca*", 0, Fault::StrayStar),
            ("harbour~3", 0, Fault::BadEdits),
            ("abc~1", 0, Fault::ShortFuzzy),
            ("harbou~2", 0, Fault::ShortFuzzy),
            ("posted:2026*", 0, Fault::NoPattern),
            ("site:forum~1", 0, Fault::NoPattern),
            ("a NEAR/0 b", 2, Fault::BadDistance),
            ("a NEAR/ b", 2, Fault::BadDistance),
            ("a NEAR/3", 8, Fault::NearWhat),
            ("a NEAR/3 (b)", 9, Fault::NearWhat),
            ("(a) NEAR/3 b", 4, Fault::NearWhat),
            ("a NEAR/3 title:b", 9, Fault::NearWhat),
            ("NEAR/3 a", 0, Fault::MissingOperand),
            ("day:2026-13", 0, Fault::DayWanted),
        ] {
            assert_eq!(fault(typed), (at, what), "{typed}");
        }
    }

    #[test]
    fn every_bound_holds() {
        assert_eq!(fault(&"a".repeat(4001)), (4000, Fault::TooLong));
        assert_eq!(fault(&"(".repeat(2000)), (24, Fault::TooDeep));
        assert_eq!(fault(&"NOT ".repeat(900)), (96, Fault::TooDeep));
        assert_eq!(fault(&"a ".repeat(65)), (128, Fault::TooManyLeaves));
        assert_eq!(fault(&"\"a b\" ".repeat(13)), (72, Fault::TooManyPhrases));
        assert_eq!(fault(&format!("\"{}\"", "a ".repeat(25))), (0, Fault::LongPhrase));
        assert_eq!(fault(&"harb* ".repeat(9)), (48, Fault::TooManyPatterns));
        assert_eq!(fault(&format!("a{}", " NEAR/2 b".repeat(13))), (117, Fault::TooManyPhrases));
    }

    #[test]
    fn neither_error_nor_debug_repeats_the_query() {
        let error = parse("harbour AND maria:secret").unwrap_err();
        assert!(!format!("{error} {error:?}").contains("maria"));
        assert_eq!(format!("{:?}", parse("harbour night").unwrap()), "Query(2 leaves)");
    }

    /// Pieces that lead to every branch, glued in any order.
    fn any_query() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just(" ".to_owned()),
            Just("AND ".to_owned()),
            Just("OR ".to_owned()),
            Just("NOT ".to_owned()),
            Just("(".to_owned()),
            Just(")".to_owned()),
            Just("\"".to_owned()),
            Just("[PHONE:k7f3a9q2m4xtc] ".to_owned()),
            Just("site:".to_owned()),
            Just("title:".to_owned()),
            Just("price:1..2 ".to_owned()),
            Just("NEAR/3 ".to_owned()),
            Just("NEAR".to_owned()),
            Just("harb* ".to_owned()),
            Just("harbour~2 ".to_owned()),
            Just("*~".to_owned()),
            Just("day:2026-02 ".to_owned()),
            Just("posted:2026-11-24.. ".to_owned()),
            "[a-zа-яÀ-ÿ0-9.:'_-]{1,6} ",
            any::<String>(),
        ];
        prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn what_is_shown_reads_back_as_the_same_query(text in any_query()) {
            match parse(&text) {
                Ok(query) => {
                    let shown = query.to_string();
                    let again = parse(&shown);
                    prop_assert!(again.is_ok(), "{} shown as {}", text, shown);
                    prop_assert!(again.unwrap() == query, "{} shown as {}", text, shown);
                }
                Err(error) => prop_assert!(error.at() <= text.chars().count()),
            }
        }
    }
}
