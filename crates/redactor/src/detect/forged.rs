//! Tokens that the page itself wrote. Left alone, `[PHONE:…]` in an advertisement would link it to whomever its writer
//! chose; so it is hidden like any identifier, under a token of its own.

use std::ops::Range;

use model::{Label, TOKEN_DIGEST_CHARS};

use crate::rule::{Candidate, Rule, strength};

static FORGED: Rule = Rule {
    detector: "token",
    name: "forged",
    reason: "the text holds what looks like a token of ours",
    strength: strength::FENCE,
};

/// Everything with the form of a token.
pub(crate) fn find(text: &str) -> Vec<Candidate> {
    let candidate = |range: Range<usize>| {
        let value = text[range.clone()].to_ascii_lowercase();
        Candidate::new(range, Label::OtherId, value, &FORGED)
    };
    tokens_in(text).into_iter().map(candidate).collect()
}

/// Every stretch with the form of a token, in any case, with its brackets if it has them.
pub(crate) fn tokens_in(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b':', bytes).filter_map(|colon| token_around(bytes, colon)).collect()
}

fn token_around(bytes: &[u8], colon: usize) -> Option<Range<usize>> {
    let digest = bytes.get(colon + 1..colon + 1 + TOKEN_DIGEST_CHARS)?;
    let crockford =
        |byte: &u8| byte.is_ascii_alphanumeric() && !matches!(byte.to_ascii_lowercase(), b'i' | b'l' | b'o' | b'u');
    if !digest.iter().all(crockford) {
        return None;
    }
    let label = Label::ALL.iter().filter(|label| {
        let from = colon.checked_sub(label.as_str().len());
        from.is_some_and(|from| bytes[from..colon].eq_ignore_ascii_case(label.as_str().as_bytes()))
    });
    // `ID` alone would end `OTHER_ID`: the longest label is meant.
    let label = label.max_by_key(|label| label.as_str().len())?;
    let mut range = colon - label.as_str().len()..colon + 1 + TOKEN_DIGEST_CHARS;
    if range.start > 0 && bytes[range.start - 1] == b'[' && bytes.get(range.end) == Some(&b']') {
        range = range.start - 1..range.end + 1;
    }
    Some(range)
}
