//! One text in, its spans and its redacted form out.

use std::fmt;

use model::{Label, Token};

use crate::agreement::{Part, agree};
use crate::detect::{BARRIER, Hints, tokens_in};
use crate::key::Tokeniser;
use crate::normalise::Normalised;
use crate::passes::hide;
use crate::resolve::Hidden;
use crate::rule::RULES;
use crate::screen::{Finding, Found, Screened};

/// What is known about where a text comes from; each hint only helps to read national phone numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// A language tag such as `de` or `pt-BR`.
    pub lang: Option<String>,
    /// A country code such as `GB`; it counts for more than the language.
    pub region: Option<String>,
}

/// One hidden stretch of a text. Offsets are Unicode code points of the original, end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What it hides.
    pub label: Label,
    /// What stands in its place.
    pub token: Token,
    /// The detector that found it.
    pub detector: &'static str,
    /// The rule within the detector.
    pub rule: &'static str,
    /// Why the rule fired, as a clause.
    pub reason: &'static str,
}

/// A text with its identifiers replaced by tokens.
#[derive(Clone, PartialEq, Eq)]
pub struct RedactedText {
    /// The hidden stretches, in order, not overlapping.
    pub spans: Vec<Span>,
    /// The text with each stretch replaced by its token.
    pub redacted: String,
    /// The rule set that found them.
    pub rules: &'static str,
}

/// Prints counts: even redacted text is no one's to print by accident.
impl fmt::Debug for RedactedText {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "RedactedText({} spans, {} bytes)", self.spans.len(), self.redacted.len())
    }
}

impl Options {
    pub(crate) fn hints(&self) -> Hints {
        Hints::new(self.region.as_deref(), self.lang.as_deref())
    }
}

/// Hides every identifier in `source`.
pub(crate) fn redact(source: &str, hints: &Hints, tokeniser: &Tokeniser) -> RedactedText {
    let normalised = Normalised::new(source);
    let mut parts = [Part::of(normalised.text(), hints, Vec::new())];
    agree(&mut parts, hints);
    let [Part { hidden, .. }] = parts;
    written(source, &normalised, &hidden, tokeniser)
}

/// Writes the source with tokens in place of what is hidden.
pub(crate) fn written(
    source: &str,
    normalised: &Normalised<'_>,
    hidden: &[Hidden],
    tokeniser: &Tokeniser,
) -> RedactedText {
    let mut redacted = String::with_capacity(source.len() + hidden.len() * 16);
    let mut spans = Vec::with_capacity(hidden.len());
    let (mut bytes, mut points) = (0, 0);
    for stretch in hidden {
        let range = normalised.to_source(&stretch.range);
        // Two stretches may share a source character that expands to several; the first has hidden it.
        let start = range.start.max(bytes);
        if range.end <= start {
            continue;
        }
        let token = tokeniser.token(stretch.named.label, &stretch.named.canonical);
        redacted.push_str(&source[bytes..start]);
        redacted.push_str(&token.to_string());
        points += source[bytes..start].chars().count();
        let length = source[start..range.end].chars().count();
        spans.push(Span {
            start: points,
            end: points + length,
            label: stretch.named.label,
            token,
            detector: stretch.named.rule.detector,
            rule: stretch.named.rule.name,
            reason: stretch.named.rule.reason,
        });
        points += length;
        bytes = range.end;
    }
    redacted.push_str(&source[bytes..]);
    RedactedText { spans, redacted, rules: RULES }
}

/// Looks for identifiers; what has the form of a token is passed over.
pub(crate) fn look(source: &str) -> Result<Screened, Found> {
    let normalised = Normalised::new(source);
    let mut text = normalised.text().to_owned();
    for token in tokens_in(normalised.text()) {
        text.replace_range(token.clone(), &char::from(BARRIER).to_string().repeat(token.len()));
    }
    let hidden = hide(&text, &Hints::default());
    if hidden.is_empty() {
        return Ok(Screened::new(source.to_owned()));
    }
    let findings = hidden.iter().map(|stretch| {
        let range = normalised.to_source(&stretch.range);
        let points = |end: usize| source[..end].chars().count();
        Finding { label: stretch.named.label, start: points(range.start), end: points(range.end) }
    });
    Err(Found::new(findings.collect()))
}
