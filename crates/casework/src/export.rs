//! Export: exactly what the screen says, handed to a named recipient.

use std::fmt::Write as _;

use access::Principal;
use audit::{ActKind, Outcome};
use model::{Action, CaseId};
use search::limits::MAX_WINDOW;
use search::{Hit, Want};
use serde::{Deserialize, Serialize};

use crate::text::{MAX_NAME_CHARS, MAX_TEXT_CHARS, bounded};
use crate::{Desk, Error};

/// How an export is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// A header line and one line a hit, RFC 4180.
    Csv,
    /// One JSON object a line: the hit as `search --json` gives it.
    Jsonl,
}

/// What is exported, how, to whom and why.
#[derive(Clone, Copy, Debug)]
pub struct ExportWant<'w> {
    /// The query.
    pub query: &'w str,
    /// Which hits, in which order, as on the screen; more than a screen's are read page by page.
    pub want: Want,
    /// How it is written.
    pub format: ExportFormat,
    /// To whom it is handed.
    pub recipient: &'w str,
    /// Why.
    pub reason: &'w str,
}

/// An export.
#[derive(Clone, Debug)]
pub struct Exported {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its lines, without the header.
    pub rows: usize,
    /// Its BLAKE3 in hexadecimal; the log has it too, so that a file can be told to be the one.
    pub blake3: String,
}

/// Rows read at a time.
const PAGE: usize = 500;

impl Desk<'_> {
    /// Exports hits: the same redacted lines that a search shows, nothing else. It is a disclosure, and needs leave of its own.
    ///
    /// # Errors
    /// A refusal that names its rule, a mistake in the query, or a failure of log or index.
    pub async fn export(&self, who: &Principal, case: &CaseId, wanted: ExportWant<'_>) -> Result<Exported, Error> {
        self.access.permit_in(who, Action::Export, Some(case)).await?;
        let recipient = bounded(wanted.recipient, MAX_NAME_CHARS)?;
        let reason = bounded(wanted.reason, MAX_TEXT_CHARS)?;
        self.screen(who, case, reason).await?;
        let query = self.understand(who, case, wanted.query).await?;
        let last = wanted.want.offset.saturating_add(wanted.want.limit).min(MAX_WINDOW);
        let mut hits: Vec<Hit> = Vec::new();
        let mut offset = wanted.want.offset;
        while offset < last {
            let limit = PAGE.min(last - offset);
            let page = self.find(who, case, &query, Want { limit, offset, ..wanted.want }).await?;
            offset += limit;
            let ended = page.hits.len() < limit;
            hits.extend(page.hits);
            if ended {
                break;
            }
        }
        let bytes = match wanted.format {
            ExportFormat::Csv => csv(&hits).into_bytes(),
            ExportFormat::Jsonl => jsonl(&hits)?.into_bytes(),
        };
        let blake3 = blake3::hash(&bytes).to_hex().to_string();
        let act = who.act(ActKind::Disclosure).case(case).recipient(recipient).reason("export", reason);
        let act = act.detail("rows", hits.len()).detail("blake3", &blake3);
        let intent = self.journal.intend_now(act).await?;
        self.journal.close_now(intent, Outcome::Done).await?;
        Ok(Exported { rows: hits.len(), bytes, blake3 })
    }
}

fn jsonl(hits: &[Hit]) -> Result<String, Error> {
    let mut text = String::new();
    for hit in hits {
        let line = serde_json::to_string(hit).map_err(|_| Error::Panicked)?;
        text.push_str(&line);
        text.push('\n');
    }
    Ok(text)
}

fn csv(hits: &[Hit]) -> String {
    let mut text =
        "capture,site,board,kind,language,places,day,posted,captured,price,currency,title,snippet,tokens\r\n"
            .to_owned();
    for hit in hits {
        let or_none = |value: &Option<String>| value.clone().unwrap_or_default();
        let price = hit.price.map_or_else(String::new, |price| format!("{}.{:02}", price / 100, price % 100));
        let tokens: Vec<String> = hit.tokens.iter().map(ToString::to_string).collect();
        let cells = [
            hit.capture.to_string(),
            hit.site.clone(),
            or_none(&hit.board),
            hit.kind.clone(),
            or_none(&hit.language),
            hit.places.join(" "),
            hit.day.clone(),
            or_none(&hit.posted),
            hit.captured.clone(),
            price,
            or_none(&hit.currency),
            hit.title.clone(),
            hit.snippet.to_string(),
            tokens.join(" "),
        ];
        let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
        // Writing into a String cannot fail.
        let _ = write!(text, "{}\r\n", cells.join(","));
    }
    text
}

/// A cell in quotation marks. A spreadsheet takes `=`, `+`, `-` and `@` at the beginning for a formula: an apostrophe goes before.
fn quoted(cell: &str) -> String {
    let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_cell_is_no_formula_and_ends_where_it_ends() {
        assert_eq!(quoted("=cmd()"), "\"'=cmd()\"");
        assert_eq!(quoted("say \"hi\", now"), "\"say \"\"hi\"\", now\"");
    }
}
