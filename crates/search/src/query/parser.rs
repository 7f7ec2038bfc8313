//! From lexemes to the tree: OR binds loosest, then AND (written or not), then NOT.

use super::error::{Fault, ParseError};
use super::lexer::{Lexeme, What};
use super::value::Value;
use super::{Leaf, Near, Node, Query};
use crate::limits::{MAX_DEPTH, MAX_LEAVES, MAX_PATTERNS, MAX_PHRASES};

pub(crate) struct Parser<'l, 'q> {
    lexemes: &'l [Lexeme<'q>],
    next: usize,
    /// Where a fault lies that shows only at the end.
    end: usize,
    depth: usize,
    leaves: usize,
    phrases: usize,
    patterns: usize,
}

impl<'l, 'q> Parser<'l, 'q> {
    pub(crate) const fn new(lexemes: &'l [Lexeme<'q>], end: usize) -> Self {
        Self { lexemes, next: 0, end, depth: 0, leaves: 0, phrases: 0, patterns: 0 }
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
                // NEAR after anything but a word: `one` says what is wrong with it.
                Some(What::Near(_)) => return Err(self.fault(Fault::NearWhat)),
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
            What::Value(..) => {
                let first = self.leaf()?;
                if matches!(self.peek(), Some(What::Near(_))) { self.near(first.in_text()) } else { Ok(first.into()) }
            }
            What::Close if self.depth == 0 => Err(ParseError::new(*at, Fault::StrayParenthesis)),
            What::And | What::Or | What::Close | What::Near(_) => Err(ParseError::new(*at, Fault::MissingOperand)),
        }
    }

    /// A word, a phrase, a token or a field with its value.
    fn leaf(&mut self) -> Result<Leaf, ParseError> {
        let Some(Lexeme { at, what: What::Value(name, raw) }) = self.lexemes.get(self.next) else {
            return Err(self.fault(Fault::NearWhat));
        };
        self.leaves += 1;
        if self.leaves > MAX_LEAVES {
            return Err(ParseError::new(*at, Fault::TooManyLeaves));
        }
        let (name, value) = Value::read(*name, *raw, *at)?;
        match &value {
            Value::Words(words) if words.terms.len() > 1 => self.phrases += 1,
            Value::Prefix(_) | Value::Fuzzy(..) => self.patterns += 1,
            _ => {}
        }
        if self.phrases > MAX_PHRASES {
            return Err(ParseError::new(*at, Fault::TooManyPhrases));
        }
        if self.patterns > MAX_PATTERNS {
            return Err(ParseError::new(*at, Fault::TooManyPatterns));
        }
        self.next += 1;
        Ok(Leaf { name, value })
    }

    /// `first NEAR/n value { NEAR/n value }`: all of them words of the same text.
    fn near(&mut self, first: Leaf) -> Result<Node, ParseError> {
        let fault = |at: usize| ParseError::new(at, Fault::NearWhat);
        let Some(name) = first.text() else { return Err(self.fault(Fault::NearWhat)) };
        let mut near = Near { name, first: first.value, then: Vec::new() };
        while let Some(What::Near(distance)) = self.peek() {
            let distance = *distance;
            self.next += 1;
            let at = self.lexemes.get(self.next).map_or(self.end, |lexeme| lexeme.at);
            self.phrases += 1; // it walks through positions as a phrase does
            if self.phrases > MAX_PHRASES {
                return Err(ParseError::new(at, Fault::TooManyPhrases));
            }
            let next = self.leaf()?.in_text();
            if next.text() != Some(name) {
                return Err(fault(at));
            }
            near.then.push((distance, next.value));
        }
        Ok(Node::Near(near))
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
