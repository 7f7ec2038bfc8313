//! Many queries at a time, from a pasted list.

use access::Principal;
use model::{CaptureId, CaseId};
use search::Want;
use serde::Serialize;

use crate::{Desk, Error};

/// Lines of one batch.
pub const MAX_BATCH_LINES: usize = 1_000;

/// Hits told of each line.
const HITS: usize = 3;

/// What became of one line.
#[derive(Clone, Debug, Serialize)]
pub struct BatchLine {
    /// Its number in the list, from 1.
    pub line: usize,
    /// The query as understood; absent where it was refused or not understood. What was typed is never repeated.
    pub understood: Option<String>,
    /// How many captures fit.
    pub count: u64,
    /// The best of them.
    pub captures: Vec<CaptureId>,
    /// Why there is no answer.
    pub error: Option<String>,
}

impl Desk<'_> {
    /// Searches for every line of a list; empty lines and those that begin with `#` are left out. A line that is refused or
    /// not understood costs itself only; each search stands in the log by itself.
    ///
    /// # Errors
    /// When there are too many lines, nobody may search, or log or index fail.
    pub async fn batch(&self, who: &Principal, case: &CaseId, list: &str) -> Result<Vec<BatchLine>, Error> {
        self.leave(who, case).await?;
        let lines: Vec<(usize, &str)> = (1..)
            .zip(list.lines().map(str::trim))
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
            .collect();
        if lines.len() > MAX_BATCH_LINES {
            return Err(Error::Batch { most: MAX_BATCH_LINES });
        }
        let mut answers = Vec::with_capacity(lines.len());
        for (line, text) in lines {
            let answer = self.search(who, case, text, Want::first(HITS)).await;
            answers.push(match answer {
                Ok(hits) => BatchLine {
                    line,
                    understood: Some(hits.understood),
                    count: hits.count,
                    captures: hits.hits.iter().map(|hit| hit.capture).collect(),
                    error: None,
                },
                Err(error) if is_of_the_line(&error) => {
                    BatchLine { line, understood: None, count: 0, captures: Vec::new(), error: Some(error.to_string()) }
                }
                Err(error) => return Err(error),
            });
        }
        Ok(answers)
    }
}

/// Whether an error lies in what was typed: the next line may be good.
const fn is_of_the_line(error: &Error) -> bool {
    matches!(
        error,
        Error::Identifier(_)
            | Error::Query(_)
            | Error::Unknown { .. }
            | Error::DeadSelector { .. }
            | Error::SelectorRate { .. }
            | Error::Search(search::Error::Deadline { .. })
    )
}
