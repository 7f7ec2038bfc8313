//! A query's tree as plain data: for pages that show how a query was understood, and for golden files.

use serde::{Deserialize, Serialize};

use super::{Leaf, Name, Near, Node, Query, Value};

/// One node of a query's tree. `field` is absent where title and text are looked through, or all tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "lowercase")]
#[expect(missing_docs, reason = "fields say what the node's own line says")]
pub enum Tree {
    /// All of them.
    All { of: Vec<Tree> },
    /// Any of them.
    Any { of: Vec<Tree> },
    /// Everything but.
    Not { of: Box<Tree> },
    /// Each at most `within` words from the one before it; the first distance is that between the first two.
    Near { of: Vec<Tree>, within: Vec<u32> },
    /// These words one after the other, folded.
    Words { field: Option<String>, words: Vec<String> },
    /// Words or labels that begin so.
    Prefix { field: Option<String>, start: String },
    /// Words in which at most so many letters differ.
    Fuzzy { field: Option<String>, word: String, edits: u8 },
    /// This token.
    Token { field: Option<String>, token: String },
    /// Exactly this label.
    Label { field: Option<String>, label: String },
    /// Days, both ends included; `null` is open.
    Days { field: Option<String>, from: Option<String>, to: Option<String> },
    /// Hundredths, both ends included; `null` is open.
    Amounts { field: Option<String>, from: Option<u64>, to: Option<u64> },
}

impl Query {
    /// The tree as plain data.
    #[must_use]
    pub fn tree(&self) -> Tree {
        tree(&self.root)
    }
}

fn tree(node: &Node) -> Tree {
    match node {
        Node::And(nodes) => Tree::All { of: nodes.iter().map(tree).collect() },
        Node::Or(nodes) => Tree::Any { of: nodes.iter().map(tree).collect() },
        Node::Not(inner) => Tree::Not { of: Box::new(tree(inner)) },
        Node::Near(near @ Near { name, then, .. }) => Tree::Near {
            of: near.values().map(|value| leaf(*name, value)).collect(),
            within: then.iter().map(|(distance, _)| *distance).collect(),
        },
        Node::Leaf(Leaf { name, value }) => leaf(*name, value),
    }
}

fn leaf(name: Name, value: &Value) -> Tree {
    let field = name.as_str().filter(|name| *name != "token").map(str::to_owned);
    match value.clone() {
        Value::Words(words) => Tree::Words { field, words: words.terms },
        Value::Prefix(stem) => Tree::Prefix { field, start: stem.start },
        Value::Fuzzy(stem, edits) => Tree::Fuzzy { field, word: stem.start, edits },
        Value::Token(token) => Tree::Token { field, token: token.to_string() },
        Value::Label(label) => Tree::Label { field, label },
        Value::Days(from, to) => Tree::Days { field, from, to },
        Value::Amounts(from, to) => Tree::Amounts { field, from, to },
    }
}
