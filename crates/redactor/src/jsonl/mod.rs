//! The JSONL protocol of `lanthorn redact --jsonl`: one JSON object a line in, one a line out, in the same order.
//!
//! The format is written down in `docs/manual/redaction.md`.

mod parallel;

use std::collections::BTreeMap;
use std::io::{BufRead, Read, Write};

use model::Label;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::parallel::run_parallel;
use crate::limits::MAX_LINE_BYTES;
use crate::{Error, Options, Redactor, redact_text};

/// How a run behaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JsonlOptions {
    /// What is known about all texts; a line's own `lang` and `region` count for more.
    pub text: Options,
    /// Whether each span also says its detector, rule, reason and rule version.
    pub explain: bool,
}

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Lines that held a text.
    pub texts: u64,
    /// Lines that were answered with an error.
    pub bad_lines: u64,
    /// Bytes of the texts.
    pub text_bytes: u64,
    /// Hidden stretches, by label.
    pub spans: BTreeMap<Label, u64>,
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(default)]
    id: Value,
    #[serde(borrow)]
    text: std::borrow::Cow<'a, str>,
    lang: Option<String>,
    region: Option<String>,
}

#[derive(Serialize)]
struct Answer<'a> {
    id: &'a Value,
    spans: Vec<AnswerSpan>,
    redacted: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rules: Option<&'static str>,
}

#[derive(Serialize)]
struct AnswerSpan {
    start: usize,
    end: usize,
    label: Label,
    token: String,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    why: Option<Why>,
}

#[derive(Serialize)]
struct Why {
    detector: &'static str,
    rule: &'static str,
    reason: &'static str,
}

#[derive(Serialize)]
struct BadLine {
    id: Option<()>,
    error: &'static str,
}

/// Redacts line by line. A bad line is answered with an error that repeats nothing of it, and the run goes on; empty
/// lines are passed over.
///
/// # Errors
/// If reading or writing fails.
pub fn run(
    mut reader: impl BufRead,
    mut writer: impl Write,
    redactor: &Redactor,
    options: &JsonlOptions,
) -> Result<Summary, Error> {
    let mut summary = Summary::default();
    let mut line = zeroize::Zeroizing::new(Vec::new());
    loop {
        line.clear();
        let limit = MAX_LINE_BYTES as u64 + 1;
        let length = (&mut reader)
            .take(limit)
            .read_until(b'\n', &mut line)
            .map_err(|source| Error::Stream { act: "read", source })?;
        if length == 0 {
            break;
        }
        let answered = if length > MAX_LINE_BYTES {
            skip_line(&mut reader, line.last() == Some(&b'\n'))?;
            Err("the line is longer than 32 MiB")
        } else if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        } else {
            answer(&line, redactor, options, &mut summary)
        };
        let answer = answered.unwrap_or_else(|error| {
            summary.bad_lines += 1;
            serde_json::to_vec(&BadLine { id: None, error }).unwrap_or_default()
        });
        writer
            .write_all(&answer)
            .and_then(|()| writer.write_all(b"\n"))
            .map_err(|source| Error::Stream { act: "write", source })?;
    }
    writer.flush().map_err(|source| Error::Stream { act: "write", source })?;
    Ok(summary)
}

fn answer(
    line: &[u8],
    redactor: &Redactor,
    options: &JsonlOptions,
    summary: &mut Summary,
) -> Result<Vec<u8>, &'static str> {
    let text = std::str::from_utf8(line).map_err(|_| "the line is not UTF-8")?;
    let line: Line<'_> = serde_json::from_str(text).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => "the line is JSON, but not an object with a string `text`",
        _ => "the line is not one JSON object",
    })?;
    let hints = Options {
        lang: line.lang.or_else(|| options.text.lang.clone()),
        region: line.region.or_else(|| options.text.region.clone()),
    };
    let redacted = redact_text(redactor, &line.text, &hints);
    summary.texts += 1;
    summary.text_bytes += line.text.len() as u64;
    let spans = redacted.spans.iter().map(|span| {
        *summary.spans.entry(span.label).or_default() += 1;
        let why = options.explain.then_some(Why { detector: span.detector, rule: span.rule, reason: span.reason });
        AnswerSpan { start: span.start, end: span.end, label: span.label, token: span.token.to_string(), why }
    });
    let spans = spans.collect();
    let answer =
        Answer { id: &line.id, spans, redacted: &redacted.redacted, rules: options.explain.then_some(redacted.rules) };
    serde_json::to_vec(&answer).map_err(|_| "the answer could not be written as JSON")
}

/// Passes over the rest of a line that is too long to be read.
fn skip_line(reader: &mut impl BufRead, ended: bool) -> Result<(), Error> {
    let failed = |source| Error::Stream { act: "read", source };
    if ended {
        return Ok(());
    }
    loop {
        let buffer = reader.fill_buf().map_err(failed)?;
        let (skip, done) = match memchr::memchr(b'\n', buffer) {
            Some(at) => (at + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        reader.consume(skip);
        if done {
            return Ok(());
        }
    }
}
