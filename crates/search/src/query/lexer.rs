//! From characters to lexemes, each with its place.

use model::Label;

use super::error::{Fault, ParseError};
use super::field::Name;
use crate::limits::{MAX_DISTANCE, MAX_QUERY_CHARS};

/// A piece of a query and the character it begins at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lexeme<'q> {
    pub(crate) at: usize,
    pub(crate) what: What<'q>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What<'q> {
    Open,
    Close,
    And,
    Or,
    Not,
    /// At most so many words apart.
    Near(u32),
    /// A value, with the field named before it.
    Value(Name, Raw<'q>),
}

/// A value as it was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Raw<'q> {
    /// Between quotation marks, without them.
    Quoted(&'q str),
    /// Between brackets, with them.
    Bracketed(&'q str),
    /// Anything else up to white space, a quotation mark or a parenthesis.
    Bare(&'q str),
}

/// Cuts a query into lexemes.
pub(crate) fn lex(text: &str) -> Result<Vec<Lexeme<'_>>, ParseError> {
    if text.chars().nth(MAX_QUERY_CHARS).is_some() {
        return Err(ParseError::new(MAX_QUERY_CHARS, Fault::TooLong));
    }
    let mut lexer = Lexer { rest: text, at: 0 };
    let mut lexemes = Vec::new();
    while let Some(lexeme) = lexer.next()? {
        lexemes.push(lexeme);
    }
    Ok(lexemes)
}

struct Lexer<'q> {
    rest: &'q str,
    /// Characters before `rest`.
    at: usize,
}

impl<'q> Lexer<'q> {
    fn next(&mut self) -> Result<Option<Lexeme<'q>>, ParseError> {
        self.take(self.rest.len() - self.rest.trim_start().len());
        let at = self.at;
        let what = match self.rest.chars().next() {
            None => return Ok(None),
            Some('(') => {
                self.take(1);
                What::Open
            }
            Some(')') => {
                self.take(1);
                What::Close
            }
            Some('"' | '[') => What::Value(Name::Anywhere, self.value()?),
            Some(_) => self.word()?,
        };
        Ok(Some(Lexeme { at, what }))
    }

    /// A bare word: an operator, a field with its value, or something to look for.
    fn word(&mut self) -> Result<What<'q>, ParseError> {
        let word = &self.rest[..bare_length(self.rest)];
        match word {
            "AND" => {
                self.take(word.len());
                return Ok(What::And);
            }
            "OR" => {
                self.take(word.len());
                return Ok(What::Or);
            }
            "NOT" => {
                self.take(word.len());
                return Ok(What::Not);
            }
            _ => {}
        }
        if let Some(distance) = word.strip_prefix("NEAR/") {
            let distance = distance.parse().ok().filter(|words| (1..=MAX_DISTANCE).contains(words));
            let distance = distance.ok_or(ParseError::new(self.at, Fault::BadDistance))?;
            self.take(word.len());
            return Ok(What::Near(distance));
        }
        // Only letters before a colon name a field: `10:30` and `a.b:c` are words.
        let Some((prefix, _)) = word.split_once(':') else { return Ok(What::Value(Name::Anywhere, self.value()?)) };
        if prefix.is_empty() || !prefix.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_') {
            return Ok(What::Value(Name::Anywhere, self.value()?));
        }
        // `PHONE:k7f3a9q2m4xtc`: a token whose brackets a shell took away.
        if prefix.parse::<Label>().is_ok() {
            let token = Raw::Bracketed(word);
            self.take(word.len());
            return Ok(What::Value(Name::Anywhere, token));
        }
        let name = Name::read(prefix).ok_or(ParseError::new(self.at, Fault::UnknownField))?;
        self.take(prefix.len() + 1);
        Ok(What::Value(name, self.value()?))
    }

    /// The value that begins here.
    fn value(&mut self) -> Result<Raw<'q>, ParseError> {
        match self.rest.chars().next() {
            Some('"') => {
                let inside = &self.rest[1..];
                let end = inside.find('"').ok_or(ParseError::new(self.at, Fault::OpenQuote))?;
                self.take(end + 2);
                Ok(Raw::Quoted(&inside[..end]))
            }
            Some('[') => {
                let end = self.rest.find(']').ok_or(ParseError::new(self.at, Fault::BadToken))?;
                let whole = &self.rest[..=end];
                self.take(whole.len());
                Ok(Raw::Bracketed(whole))
            }
            _ => {
                let word = &self.rest[..bare_length(self.rest)];
                if word.is_empty() {
                    return Err(ParseError::new(self.at, Fault::MissingValue));
                }
                self.take(word.len());
                Ok(Raw::Bare(word))
            }
        }
    }

    /// Moves on by bytes; callers stop between characters only.
    fn take(&mut self, bytes: usize) {
        let (taken, rest) = self.rest.split_at(bytes);
        self.at += taken.chars().count();
        self.rest = rest;
    }
}

/// Bytes up to white space or a character with a meaning of its own.
fn bare_length(text: &str) -> usize {
    text.find(|character: char| character.is_whitespace() || matches!(character, '"' | '(' | ')')).unwrap_or(text.len())
}
