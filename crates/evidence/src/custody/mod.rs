//! The custody report: who, when, where, why, under which authority; every change and every copy; what is missing.

mod words;

use std::collections::BTreeMap;

use audit::Opening;
use serde_json::Value;

use crate::pack::Setting;
use crate::view::escape;
use words::{EN, FR, Words};

/// What the report says of one capture.
pub(crate) struct Line {
    pub(crate) capture: String,
    pub(crate) site: String,
    pub(crate) started: String,
    pub(crate) ended: String,
    pub(crate) status: u16,
    pub(crate) bytes: u64,
    pub(crate) truncated: Option<&'static str>,
    pub(crate) hidden: u64,
    pub(crate) commitment: String,
    pub(crate) clock: Option<i64>,
}

/// A disclosed original.
pub(crate) struct Original {
    pub(crate) capture: String,
    pub(crate) file: String,
    pub(crate) recipient: String,
    pub(crate) sha256: String,
}

/// All that the report is made of.
pub(crate) struct Told<'a> {
    pub(crate) setting: &'a Setting,
    pub(crate) lines: &'a [Line],
    pub(crate) originals: &'a [Original],
    pub(crate) hidden: &'a BTreeMap<String, u64>,
    pub(crate) rules: &'a [String],
    pub(crate) log: (&'a str, u64),
}

/// One page, English and then French.
pub(crate) fn page<'a>(told: &Told<'_>, entries: impl Iterator<Item = &'a Opening> + Clone) -> String {
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{}: {}</title>\n<style>{STYLE}</style>\n\
         <nav><a href=\"#en\">English</a> · <a href=\"#fr\" lang=\"fr\">Français</a></nav>\n",
        EN.title, told.setting.disclosure.case
    );
    for words in [&EN, &FR] {
        out.push_str(&report(words, told, entries.clone()));
    }
    out + "</html>\n"
}

const STYLE: &str = "body{font:16px/1.5 sans-serif;max-width:72em;margin:2em auto;padding:0 1em}table{border-collapse:collapse;width:100%;margin:1em 0}\
th,td{border:1px solid #999;padding:.2em .5em;text-align:left;vertical-align:top;font-size:14px;overflow-wrap:anywhere}h1{margin-top:2em}code{font-size:13px}\
@media print{nav{display:none}article{break-before:page}}";

fn report<'a>(words: &Words, told: &Told<'_>, entries: impl Iterator<Item = &'a Opening>) -> String {
    let setting = told.setting;
    let grant = &setting.disclosure;
    let mut out = Html(format!("<article lang=\"{0}\" id=\"{0}\">\n", words.language));
    out.heading(1, &format!("{}: {}", words.title, grant.case));
    out.text(words.what_this_is);
    out.heading(2, words.pack);
    let approved: Vec<_> = setting.approvals.iter().map(|approval| approval.person.to_string()).collect();
    let facts = [
        (words.case, format!("{} ({})", grant.case, setting.case_title)),
        (words.recipient, grant.recipient.clone()),
        (words.reason, grant.reason.clone()),
        (words.legal_basis, grant.legal_basis.clone()),
        (words.asked_by, format!("{}, {}", grant.requester, grant.issued)),
        (words.approved_by, approved.join(", ")),
        (words.made_by, format!("{} ({})", setting.tool, setting.site)),
        (words.log, format!("{}, {}", told.log.0, told.log.1)),
    ];
    out.facts(&facts);

    out.heading(2, words.authority);
    for authorisation in &setting.authorisations {
        out.heading(3, &authorisation.id.to_string());
        out.list(&authorisation.summary);
    }
    out.heading(2, words.method);
    words.method_lines.iter().for_each(|line| out.text(line));
    out.facts(&[(words.rules, told.rules.join(", "))]);
    let hidden: Vec<_> = told.hidden.iter().map(|(label, count)| vec![label.clone(), count.to_string()]).collect();
    out.table(&[words.label, words.hidden], &hidden);

    out.heading(2, words.captures);
    let rows: Vec<_> = told.lines.iter().zip(1..).map(|(line, number)| exhibit(words, line, number)).collect();
    out.table(&words.capture_columns, &rows);

    out.heading(2, words.chain);
    out.text(words.chain_note);
    let rows: Vec<_> = entries.map(|entry| act(words, entry)).collect();
    out.table(&words.chain_columns, &rows);

    out.heading(2, words.copies);
    let rows = told.originals.iter().map(|original| {
        vec![original.capture.clone(), original.file.clone(), original.recipient.clone(), original.sha256.clone()]
    });
    out.table_or(&words.copy_columns, &rows.collect::<Vec<_>>(), words.no_copies);

    out.heading(2, words.gaps);
    words.never.iter().for_each(|line| out.text(line));
    let cut = told.lines.iter().filter_map(|line| Some(vec![line.capture.clone(), line.truncated?.to_owned()]));
    out.table_or(&words.cut_columns, &cut.collect::<Vec<_>>(), words.none_cut);
    let gaps: Vec<_> =
        setting.gaps.iter().map(|gap| vec![gap.site.clone(), gap.what.clone(), gap.count.to_string()]).collect();
    out.table_or(&words.gap_columns, &gaps, words.no_gaps);

    out.heading(2, words.unused);
    out.text(words.unused_note);
    let unused: Vec<String> = setting.unused.iter().map(ToString::to_string).collect();
    if unused.is_empty() {
        out.text(words.none_unused);
    } else {
        out.list(&unused);
    }
    out.heading(2, words.limits);
    words.limit_lines.iter().for_each(|line| out.text(line));
    out.0 + "</article>\n"
}

fn exhibit(words: &Words, line: &Line, number: usize) -> Vec<String> {
    let clock = line.clock.map_or_else(|| words.clock_unknown.to_owned(), |ms| format!("{ms} ms"));
    vec![
        format!("EX-{number}"),
        line.capture.clone(),
        line.site.clone(),
        format!("{} – {}", line.started, line.ended),
        clock,
        format!("{} / {}", line.status, line.bytes),
        line.hidden.to_string(),
        line.commitment.clone(),
    ]
}

/// A row of the chain: an entry of the log as its record tells it.
fn act(words: &Words, entry: &Opening) -> Vec<String> {
    let record: Value = entry.record.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or(Value::Null);
    let said = |name: &str| record[name].as_str().unwrap_or_default();
    let kind = entry.leaf.split(' ').nth(2).unwrap_or_default();
    let (kind, part) = kind.split_once(':').unwrap_or((kind, ""));
    let mut what = words.act(kind).to_owned();
    match part {
        "intent" => what.push_str(words.before),
        "outcome" => what.push_str(&format!(": {}", words.outcome(said("outcome")))),
        _ => {}
    }
    let why = ["reason", "reason_text", "why", "recipient", "rule"].map(said);
    let why: Vec<_> = why.into_iter().filter(|text| !text.is_empty()).collect();
    let at = if entry.record.is_some() { said("at") } else { words.erased };
    vec![
        entry.entry.to_string(),
        at.to_owned(),
        what,
        said("who").to_owned(),
        said("capture").to_owned(),
        why.join("; "),
    ]
}

/// Markup under way: everything that goes in is escaped.
struct Html(String);

impl Html {
    fn heading(&mut self, level: u8, text: &str) {
        self.0.push_str(&format!("<h{level}>{}</h{level}>\n", escape(text)));
    }

    fn text(&mut self, text: &str) {
        self.0.push_str(&format!("<p>{}</p>\n", escape(text)));
    }

    fn list(&mut self, items: &[String]) {
        let items: String = items.iter().map(|item| format!("<li>{}</li>\n", escape(item))).collect();
        self.0.push_str(&format!("<ul>\n{items}</ul>\n"));
    }

    fn facts(&mut self, facts: &[(&str, String)]) {
        let rows: String = facts
            .iter()
            .map(|(name, value)| format!("<tr><th>{}</th><td>{}</td></tr>\n", escape(name), escape(value)))
            .collect();
        self.0.push_str(&format!("<table>\n{rows}</table>\n"));
    }

    fn table(&mut self, columns: &[&str], rows: &[Vec<String>]) {
        let cells = |tag: &str, cells: &mut dyn Iterator<Item = &str>| -> String {
            cells.map(|cell| format!("<{tag}>{}</{tag}>", escape(cell))).collect()
        };
        self.0.push_str(&format!("<table>\n<tr>{}</tr>\n", cells("th", &mut columns.iter().copied())));
        for row in rows {
            self.0.push_str(&format!("<tr>{}</tr>\n", cells("td", &mut row.iter().map(String::as_str))));
        }
        self.0.push_str("</table>\n");
    }

    fn table_or(&mut self, columns: &[&str], rows: &[Vec<String>], none: &str) {
        if rows.is_empty() { self.text(none) } else { self.table(columns, rows) }
    }
}
