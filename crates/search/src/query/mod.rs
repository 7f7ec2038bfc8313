//! The query language: its tree, its lexer, its parser, and how a query prints itself back.

mod error;
mod field;
mod lexer;
mod parser;
mod print;
mod tree;
mod value;

pub use error::{Fault, ParseError};
pub(crate) use field::{Holds, Name};
pub(crate) use print::Shown;
pub use tree::Tree;
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
    /// Words of one text, each near the next.
    Near(Near),
    /// Something to look for in a field.
    Leaf(Leaf),
}

/// Something to look for in a field.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Leaf {
    pub(crate) name: Name,
    pub(crate) value: Value,
}

/// Words of one text, each at most so many words from the one before it, on either side.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Near {
    pub(crate) name: Name,
    pub(crate) first: Value,
    pub(crate) then: Vec<(u32, Value)>,
}

impl Near {
    /// All that is looked for, in order.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Value> {
        std::iter::once(&self.first).chain(self.then.iter().map(|(_, value)| value))
    }
}

impl Leaf {
    /// The text it looks for words in, if it does.
    pub(crate) fn text(&self) -> Option<Name> {
        matches!(self.value, Value::Words(_) | Value::Prefix(_) | Value::Fuzzy(..))
            .then_some(self.name)
            .filter(|name| name.is_text())
    }
}

impl Leaf {
    /// A token that stands beside NEAR is looked for where it stands in the text.
    fn in_text(self) -> Self {
        match self.value {
            Value::Token(token) if self.name == Name::Token => {
                Self { name: Name::Anywhere, value: Value::Words(value::Words::token(token)) }
            }
            _ => self,
        }
    }
}

impl From<Leaf> for Node {
    fn from(leaf: Leaf) -> Self {
        Self::Leaf(leaf)
    }
}

impl Query {
    /// The query, and of its answers those alone with that value: what a click on a facet asks for.
    ///
    /// # Errors
    /// If there is no such field, or it holds nothing like the value.
    pub fn narrowed(&self, field: &str, value: &str) -> Result<Self, ParseError> {
        let name = Name::read(field).ok_or(ParseError::new(0, Fault::UnknownField))?;
        let (name, value) = Value::read(name, lexer::Raw::Quoted(value), 0)?;
        let leaf = Node::Leaf(Leaf { name, value });
        let root = match self.root.clone() {
            Node::And(mut nodes) => {
                nodes.push(leaf);
                Node::And(nodes)
            }
            other => Node::And(vec![other, leaf]),
        };
        Ok(Self { root })
    }
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
                Node::Near(near) => near.values().count(),
                Node::Leaf(_) => 1,
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
