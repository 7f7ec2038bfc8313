//! Derivation and circumstances as they lie in an outbox row: CBOR, frozen like the row's other keys.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use model::{Timestamp, Token};
use page::{Circumstances, Truncation};

use crate::Error;
use crate::derivation::{Derivation, Step};

#[derive(Encode, Decode)]
#[cbor(map)]
pub(crate) struct DerivationRow {
    #[n(0)]
    charset: String,
    #[n(1)]
    markup: bool,
    #[n(2)]
    title: Vec<StepRow>,
    #[n(3)]
    board: Vec<StepRow>,
    #[n(4)]
    body: Vec<StepRow>,
}

/// A step: copies and references have a place, texts a text, tokens a token and a rule and perhaps a place.
#[derive(Encode, Decode)]
#[cbor(array)]
struct StepRow {
    #[n(0)]
    kind: u8,
    #[n(1)]
    start: Option<u32>,
    #[n(2)]
    length: Option<u32>,
    #[n(3)]
    text: Option<String>,
    #[n(4)]
    rule: Option<String>,
}

#[derive(Encode, Decode)]
#[cbor(map)]
pub(crate) struct CircumstancesRow {
    #[n(0)]
    started: i64,
    #[n(1)]
    ended: i64,
    #[n(2)]
    clock_offset: Option<i64>,
    #[n(3)]
    status: u16,
    #[n(4)]
    body_bytes: u64,
    #[n(5)]
    truncated: Option<String>,
    #[n(6)]
    facts: BTreeMap<String, String>,
}

const MALFORMED: Error = Error::Row("its derivation is not what the format says");

pub(crate) fn to_row(derivation: &Derivation) -> DerivationRow {
    let part = |steps: &[Step]| steps.iter().map(step_row).collect();
    DerivationRow {
        charset: derivation.charset.clone(),
        markup: derivation.markup,
        title: part(&derivation.title),
        board: part(&derivation.board),
        body: part(&derivation.body),
    }
}

fn step_row(step: &Step) -> StepRow {
    let place = |kind, start: u32, end: u32| StepRow {
        kind,
        start: Some(start),
        length: Some(end.saturating_sub(start)),
        text: None,
        rule: None,
    };
    match step {
        Step::Copy { start, end } => place(0, *start, *end),
        Step::Reference { start, end } => place(1, *start, *end),
        Step::Text(text) => StepRow { kind: 2, start: None, length: None, text: Some(text.clone()), rule: None },
        Step::Token { token, rule, hides } => StepRow {
            kind: 3,
            start: hides.map(|(start, _)| start),
            length: hides.map(|(start, end)| end.saturating_sub(start)),
            text: Some(token.to_string()),
            rule: Some(rule.clone()),
        },
    }
}

pub(crate) fn from_row(row: &DerivationRow) -> Result<Derivation, Error> {
    let part = |steps: &[StepRow]| steps.iter().map(step_from).collect::<Result<_, _>>();
    Ok(Derivation {
        charset: row.charset.clone(),
        markup: row.markup,
        title: part(&row.title)?,
        board: part(&row.board)?,
        body: part(&row.body)?,
    })
}

fn step_from(row: &StepRow) -> Result<Step, Error> {
    let place = row.start.zip(row.length).and_then(|(start, length)| Some((start, start.checked_add(length)?)));
    match (row.kind, place, &row.text) {
        (0, Some((start, end)), _) => Ok(Step::Copy { start, end }),
        (1, Some((start, end)), _) => Ok(Step::Reference { start, end }),
        (2, _, Some(text)) => Ok(Step::Text(text.clone())),
        (3, hides, Some(text)) => Ok(Step::Token {
            token: text.parse::<Token>().map_err(|_| MALFORMED)?,
            rule: row.rule.clone().unwrap_or_default(),
            hides,
        }),
        _ => Err(MALFORMED),
    }
}

pub(crate) fn circumstances_of(known: &Circumstances) -> CircumstancesRow {
    CircumstancesRow {
        started: known.started.millis(),
        ended: known.ended.millis(),
        clock_offset: known.clock_offset_millis,
        status: known.status,
        body_bytes: known.body_bytes,
        truncated: known.truncated.map(|why| why.as_str().to_owned()),
        facts: known.facts.clone(),
    }
}

pub(crate) fn circumstances_from(row: &CircumstancesRow) -> Result<Circumstances, Error> {
    let causes = [Truncation::Length, Truncation::Time, Truncation::Disconnect];
    let cause = |word: &String| causes.into_iter().find(|cause| cause.as_str() == word).ok_or(MALFORMED);
    Ok(Circumstances {
        started: Timestamp::from_millis(row.started),
        ended: Timestamp::from_millis(row.ended),
        clock_offset_millis: row.clock_offset,
        status: row.status,
        body_bytes: row.body_bytes,
        truncated: row.truncated.as_ref().map(cause).transpose()?,
        facts: row.facts.clone(),
    })
}
