//! The log, as an auditor reads it: rows with their records, the verification of the whole, and what to look at first.

use std::collections::BTreeMap;

use askama::Template;
use audit::{ActKind, Bounds, Entry, Fault, Filter, Pattern, Report};
use serde_json::{Value, json};

use crate::ask::{Answer, Ask, html, json};
use crate::problem::Problem;
use crate::view::{Frame, moment};

/// Rows of one page.
const LINES: u32 = 50;
/// Rows that patterns are looked for in.
const PATTERN_LINES: u32 = 20_000;
/// A value longer than this is encrypted to auditors, who read it with their own key on their own machine.
const MAX_SHOWN_CHARS: usize = 300;

#[derive(Template)]
#[template(path = "log.html")]
struct LogPage {
    f: Frame,
    rows: Vec<Row>,
    kinds: &'static [ActKind],
    person: String,
    kind: String,
    capture: String,
    /// The first row on this page, behind which older ones are.
    older: Option<i64>,
    wrong: bool,
}

struct Row {
    seq: i64,
    at: String,
    kind: String,
    part: String,
    who: String,
    /// Name, value, whether it is encrypted.
    fields: Vec<(String, String, bool)>,
    erased: bool,
    refused: bool,
}

impl Row {
    fn new(entry: &Entry) -> Self {
        let record =
            entry.record.as_deref().and_then(|text| serde_json::from_str::<BTreeMap<String, Value>>(text).ok());
        let text = |value: Value| match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        let erased = record.is_none();
        let mut fields: BTreeMap<_, _> =
            record.unwrap_or_default().into_iter().map(|(name, value)| (name, text(value))).collect();
        let who = fields.remove("who").unwrap_or_default();
        let refused = matches!(entry.kind.as_str(), "refuse" | "sign-in-failed")
            || fields.get("outcome").is_some_and(|outcome| outcome != "done");
        let shown = fields.into_iter().map(|(name, value)| match value.chars().count() > MAX_SHOWN_CHARS {
            true => (name, format!("{}…", value.chars().take(24).collect::<String>()), true),
            false => (name, value, false),
        });
        Self {
            seq: entry.seq,
            at: moment(&entry.at),
            kind: entry.kind.clone(),
            part: entry.part.clone(),
            who,
            fields: shown.collect(),
            erased,
            refused,
        }
    }
}

#[derive(Template)]
#[template(path = "verification.html")]
struct VerificationPage {
    f: Frame,
    checked: Result<Report, Fault>,
    at: String,
}

#[derive(Template)]
#[template(path = "patterns.html")]
struct PatternsPage {
    f: Frame,
    found: Vec<Pattern>,
}

/// What the fields narrow it down to; `None` where one of them cannot be read.
fn filter(ask: &Ask) -> Option<Filter> {
    let get = |name: &str| ask.query.get(name);
    Some(Filter {
        person: get("person").map(str::parse).transpose().ok()?,
        kinds: get("kind").map(str::parse).transpose().ok()?.into_iter().collect(),
        capture: get("capture").map(str::parse).transpose().ok()?,
        before: get("before").map(str::parse).transpose().ok()?,
        ..Filter::default()
    })
}

/// Reading the log is in the log.
async fn read(ask: &Ask, filter: &Filter) -> Result<Vec<Entry>, Problem> {
    let mut act = ask.principal()?.act(ActKind::LogRead).detail("lines", LINES);
    if let Some(person) = &filter.person {
        act = act.detail("of", person);
    }
    if let Some(kind) = filter.kinds.first() {
        act = act.detail("kinds", kind);
    }
    if filter.capture.is_some() {
        act = act.detail("narrowed", "to one capture");
    }
    ask.app.parts.journal.note_now(act).await?;
    Ok(ask.app.parts.journal.read(filter, LINES).await?)
}

pub(crate) async fn page(ask: Ask) -> Answer {
    let shown = |name: &str| ask.query.get(name).unwrap_or_default().to_owned();
    let narrowed = filter(&ask);
    let entries = match &narrowed {
        Some(filter) => read(&ask, filter).await?,
        None => Vec::new(),
    };
    let older = entries.first().map(|entry| entry.seq).filter(|seq| *seq > 1 && entries.len() == LINES as usize);
    html(&LogPage {
        f: Frame::new(&ask, "log-title"),
        rows: entries.iter().rev().map(Row::new).collect(),
        kinds: ActKind::ALL,
        person: shown("person"),
        kind: shown("kind"),
        capture: shown("capture"),
        older,
        wrong: narrowed.is_none(),
    })
}

impl LogPage {
    fn before(&self, seq: &i64) -> String {
        let pairs = [("person", self.person.as_str()), ("kind", &self.kind), ("capture", &self.capture)];
        let pairs: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let rest = serde_urlencoded::to_string(pairs).unwrap_or_default();
        format!("before={seq}&{rest}")
    }
}

pub(crate) async fn api(ask: Ask) -> Answer {
    let filter = filter(&ask).ok_or(Problem::bad("unreadable"))?;
    json(&read(&ask, &filter).await?)
}

async fn checked(ask: &Ask) -> Result<Result<Report, Fault>, Problem> {
    ask.app.parts.journal.note_now(ask.principal()?.act(ActKind::LogRead).detail("step", "verified")).await?;
    Ok(audit::verify_with_store(&ask.app.parts.log, None, &ask.app.parts.store).await)
}

pub(crate) async fn verification(ask: Ask) -> Answer {
    let checked = checked(&ask).await?;
    let at = moment(&ask.app.parts.clock.now());
    html(&VerificationPage { f: Frame::new(&ask, "verification-title"), checked, at })
}

pub(crate) async fn api_verification(ask: Ask) -> Answer {
    json(&match checked(&ask).await? {
        Ok(report) => json!({
            "verified": true,
            "origin": report.origin,
            "entries": report.entries,
            "witnesses": report.witnesses.iter().map(|witness| json!({
                "name": witness.key.name(), "entries": witness.entries, "at": witness.at,
            })).collect::<Vec<_>>(),
            "unsigned": report.journal.map(|journal| journal.unsigned),
            "open_intents": report.journal.map(|journal| journal.open_intents),
        }),
        Err(fault) => json!({ "verified": false, "entry": fault.index, "fault": fault.to_string() }),
    })
}

async fn looked_for(ask: &Ask) -> Result<Vec<Pattern>, Problem> {
    let act = ask.principal()?.act(ActKind::LogRead).detail("lines", PATTERN_LINES).detail("patterns", "all");
    ask.app.parts.journal.note_now(act).await?;
    Ok(audit::patterns(&ask.app.parts.journal.tail(PATTERN_LINES).await?, &Bounds::default()))
}

pub(crate) async fn patterns(ask: Ask) -> Answer {
    html(&PatternsPage { f: Frame::new(&ask, "patterns-title"), found: looked_for(&ask).await? })
}

pub(crate) async fn api_patterns(ask: Ask) -> Answer {
    json(&looked_for(&ask).await?)
}
