//! How a redacted view follows from the original: which characters were copied, and where each token stands.
//!
//! Written down while the page is redacted, without the token key: whoever has the original can repeat every step of it.

mod align;
mod atoms;
mod row;

use model::Token;
use page::SourceText;

use crate::text::RedactedText;

pub(crate) use row::{CircumstancesRow, DerivationRow, circumstances_from, circumstances_of, from_row, to_row};

/// Bytes of source text that are aligned; the view of a longer page is given as text and tokens alone.
const MAX_ALIGNED_BYTES: usize = 4 << 20;

/// How the three texts of a redacted page follow from the characters of its original (`docs/formats/derivation.md`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Derivation {
    /// The charset that the original's characters were decoded from; empty if it has no text.
    pub charset: String,
    /// Whether the original is markup: only then do references stand for characters.
    pub markup: bool,
    /// The title.
    pub title: Vec<Step>,
    /// The board.
    pub board: Vec<Step>,
    /// The visible text.
    pub body: Vec<Step>,
}

/// One step. Places are code points of the decoded original, end exclusive.
#[derive(Clone, PartialEq, Eq)]
pub enum Step {
    /// These characters of the original.
    Copy {
        /// Where they begin.
        start: u32,
        /// Where they end.
        end: u32,
    },
    /// The characters that a character reference of the original, such as `&amp;`, stands for.
    Reference {
        /// Where it begins.
        start: u32,
        /// Where it ends.
        end: u32,
    },
    /// White space between pieces, and what was not found in the original as it is written in the view.
    Text(String),
    /// A token in the place of something.
    Token {
        /// The token.
        token: Token,
        /// The detector and the rule that hid it, with a slash between.
        rule: String,
        /// Where what it hides stands, if it was found.
        hides: Option<(u32, u32)>,
    },
}

/// Text steps hold pieces of a page, though redacted ones.
impl std::fmt::Debug for Step {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Copy { start, end } => write!(out, "Copy({start}..{end})"),
            Self::Reference { start, end } => write!(out, "Reference({start}..{end})"),
            Self::Text(text) => write!(out, "Text({} bytes)", text.len()),
            Self::Token { token, hides, .. } => write!(out, "Token({}, {hides:?})", token.label().as_str()),
        }
    }
}

impl Derivation {
    /// Finds each text's pieces in the original. `parts` are title, board and body: what was read, and what was made of it.
    pub(crate) fn find(source: &SourceText, parts: [(&str, &RedactedText); 3]) -> Self {
        let text = source.text().expose();
        let text = if text.len() <= MAX_ALIGNED_BYTES { text.as_str() } else { "" };
        let atoms = atoms::Atoms::read(text, source.is_markup());
        let [title, board, body] = parts.map(|(read, made)| align::steps(&atoms, read, made));
        Self { charset: source.charset().to_owned(), markup: source.is_markup(), title, board, body }
    }

    /// Repeats the steps over the original's characters: title, board and body. `None` if they do not fit it.
    #[must_use]
    pub fn apply(&self, original: &str) -> Option<[String; 3]> {
        let characters: Vec<char> = original.chars().collect();
        let part = |steps: &[Step]| {
            let mut made = String::new();
            for step in steps {
                let slice = |start: &u32, end: &u32| characters.get(*start as usize..*end as usize);
                match step {
                    Step::Copy { start, end } => made.extend(slice(start, end)?),
                    Step::Reference { start, end } => {
                        let written: String = slice(start, end)?.iter().collect();
                        made.push(atoms::reference(&written).filter(|(_, length)| *length == written.len())?.0);
                    }
                    Step::Text(text) => made.push_str(text),
                    Step::Token { token, .. } => made.push_str(&token.to_string()),
                }
            }
            Some(made)
        };
        Some([part(&self.title)?, part(&self.board)?, part(&self.body)?])
    }
}
