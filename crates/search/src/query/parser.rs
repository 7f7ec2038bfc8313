//! From lexemes to the tree: OR binds loosest, then AND (written or not), then NOT.

use super::error::{Fault, ParseError};
use super::lexer::{Lexeme, What};
use super::value::Value;
use super::{Node, Query};
use crate::limits::{MAX_DEPTH, MAX_LEAVES, MAX_PHRASES};

pub(crate) struct Parser<'l, 'q> {
    lexemes: &'l [Lexeme<'q>],
    next: usize,
    /// Where a fault lies that shows only at the end.
    end: usize,
    depth: usize,
    leaves: usize,
    phrases: usize,
}

impl<'l, 'q> Parser<'l, 'q> {
    pub(crate) const fn new(lexemes: &'l [Lexeme<'q>], end: usize) -> Self {
        Self { lexemes, next: 0, end, depth: 0, leaves: 0, phrases: 0 }
    }

    pub(crate) fn query(mut self) -> Result<Query, ParseError> {
        if self.lexemes.is_empty() {
            return Err(ParseError::new(0, Fault::Empty));
        }
        let root = self.any()?;
        match self.peek() {
            None => Ok(Query { root }),
            Some(_) => Err(self.fault(Fault::StrayParenthesis)),
        }
    }

    /// `all (OR all)*`
    fn any(&mut self) -> Result<Node, ParseError> {
        let mut nodes = vec![self.all()?];
        while self.peek() == Some(&What::Or) {
            self.next += 1;
            nodes.push(self.all()?);
        }
        Ok(joined(nodes, Node::Or, |node| match node {
            Node::Or(inner) => Ok(inner),
            other => Err(other),
        }))
    }

    /// `one ((AND)? one)*`
    fn all(&mut self) -> Result<Node, ParseError> {
        let mut nodes = vec![self.one()?];
        loop {
            match self.peek() {
                Some(What::And) => self.next += 1,
                Some(What::Not | What::Open | What::Value(..)) => {}
                Some(What::Or | What::Close) | None => break,
            }
            nodes.push(self.one()?);
        }
        Ok(joined(nodes, Node::And, |node| match node {
            Node::And(inner) => Ok(inner),
            other => Err(other),
        }))
    }

    /// `NOT one`, `( any )`, or something to look for.
    fn one(&mut self) -> Result<Node, ParseError> {
        let Some(Lexeme { at, what }) = self.lexemes.get(self.next) else {
            return Err(ParseError::new(self.end, Fault::MissingOperand));
        };
        match what {
            What::Not => {
                self.deeper()?;
                self.next += 1;
                let inner = self.one()?;
                self.depth -= 1;
                Ok(match inner {
                    Node::Not(twice) => *twice,
                    once => Node::Not(Box::new(once)),
                })
            }
            What::Open => {
                self.deeper()?;
                self.next += 1;
                let inner = self.any()?;
                if self.peek() != Some(&What::Close) {
                    return Err(ParseError::new(*at, Fault::OpenParenthesis));
                }
                self.next += 1;
                self.depth -= 1;
                Ok(inner)
            }
            What::Value(name, raw) => {
                self.leaves += 1;
                if self.leaves > MAX_LEAVES {
                    return Err(ParseError::new(*at, Fault::TooManyLeaves));
                }
                let (name, value) = Value::read(*name, *raw, *at)?;
                if matches!(&value, Value::Words(words) if words.terms.len() > 1) {
                    self.phrases += 1;
                    if self.phrases > MAX_PHRASES {
                        return Err(ParseError::new(*at, Fault::TooManyPhrases));
                    }
                }
                self.next += 1;
                Ok(Node::Leaf(name, value))
            }
            What::Close if self.depth == 0 => Err(ParseError::new(*at, Fault::StrayParenthesis)),
            What::And | What::Or | What::Close => Err(ParseError::new(*at, Fault::MissingOperand)),
        }
    }

    fn deeper(&mut self) -> Result<(), ParseError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(self.fault(Fault::TooDeep)) } else { Ok(()) }
    }

    fn peek(&self) -> Option<&What<'q>> {
        self.lexemes.get(self.next).map(|lexeme| &lexeme.what)
    }

    fn fault(&self, fault: Fault) -> ParseError {
        ParseError::new(self.lexemes.get(self.next).map_or(self.end, |lexeme| lexeme.at), fault)
    }
}

/// One node alone, or the list; lists of the same kind become one, since parentheses between them change nothing.
fn joined(nodes: Vec<Node>, list: fn(Vec<Node>) -> Node, open: fn(Node) -> Result<Vec<Node>, Node>) -> Node {
    let mut flat = Vec::with_capacity(nodes.len());
    for node in nodes {
        match open(node) {
            Ok(inner) => flat.extend(inner),
            Err(node) => flat.push(node),
        }
    }
    if flat.len() == 1 { flat.remove(0) } else { list(flat) }
}
