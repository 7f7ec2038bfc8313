//! The canonical form: JSON after RFC 8785, so that anybody can compute it with tools that are not ours.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::draft::Draft;

/// A value of the canonical form. Maps are sorted by key here, whatever order the TOML library keeps.
#[derive(Serialize)]
#[serde(untagged)]
enum Node {
    Text(String),
    Number(i64),
    Truth(bool),
    List(Vec<Node>),
    Map(BTreeMap<String, Node>),
}

/// The canonical bytes of a draft that is in normal form.
pub(crate) fn bytes(normal: &Draft) -> Vec<u8> {
    table(toml::Table::try_from(normal).expect("texts, booleans, lists, maps and numbers within 63 bits are TOML"))
}

/// The canonical bytes of any table.
pub(crate) fn table(table: toml::Table) -> Vec<u8> {
    let node = Node::from(toml::Value::Table(table));
    serde_json::to_vec(&node).expect("maps with text keys are JSON, and a vector takes all of it")
}

impl From<toml::Value> for Node {
    fn from(value: toml::Value) -> Self {
        match value {
            toml::Value::String(text) => Self::Text(text),
            toml::Value::Integer(number) => Self::Number(number),
            toml::Value::Boolean(truth) => Self::Truth(truth),
            toml::Value::Array(list) => Self::List(list.into_iter().map(Self::from).collect()),
            toml::Value::Table(map) => {
                Self::Map(map.into_iter().map(|(key, value)| (key, Self::from(value))).collect())
            }
            // A draft has neither fractions nor TOML dates; were one added, its text would still be signed.
            toml::Value::Float(number) => Self::Text(number.to_string()),
            toml::Value::Datetime(date) => Self::Text(date.to_string()),
        }
    }
}
