//! The query language: its tree, its lexer, its parser, and how a query prints itself back.

mod error;
mod field;
mod lexer;
mod parser;
mod print;
mod value;

pub use error::{Fault, ParseError};
pub(crate) use field::Name;
pub(crate) use value::Value;

/// A query that was understood. It prints itself back with every AND written out, so that a person sees what is asked;
/// reading that text again gives the same query.
#[derive(Clone, PartialEq, Eq)]
pub struct Query {
    pub(crate) root: Node,
}

/// One node of the tree.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Node {
    /// All of them; at least two.
    And(Vec<Node>),
    /// Any of them; at least two.
    Or(Vec<Node>),
    /// Everything but.
    Not(Box<Node>),
    /// Something to look for in a field.
    Leaf(Name, Value),
}

/// Reads a query.
///
/// # Errors
/// What is wrong, and at which character.
pub fn parse(text: &str) -> Result<Query, ParseError> {
    let lexemes = lexer::lex(text)?;
    parser::Parser::new(&lexemes, text.chars().count()).query()
}

/// Prints the size, never the words.
impl std::fmt::Debug for Query {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        fn leaves(node: &Node) -> usize {
            match node {
                Node::And(nodes) | Node::Or(nodes) => nodes.iter().map(leaves).sum(),
                Node::Not(node) => leaves(node),
                Node::Leaf(..) => 1,
            }
        }
        write!(out, "Query({} leaves)", leaves(&self.root))
    }
}

impl std::str::FromStr for Query {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        parse(text)
    }
}
