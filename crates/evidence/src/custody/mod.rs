//! The custody report: who, when, where, why, under which authority; every change and every copy; what is missing.

mod words;

use std::collections::BTreeMap;

use audit::Opening;
use serde_json::Value;

use crate::defence;
use crate::pack::Setting;
use crate::paper::{Paper, Part};
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
    /// Authorities that were asked for a token over the archive, and tokens that have come.
    pub(crate) archive_stamps: (usize, usize),
}

/// The report, in English and then in French.
pub(crate) fn report<'a>(told: &Told<'_>, entries: impl Iterator<Item = &'a Opening> + Clone) -> Paper {
    Paper {
        title: format!("{}: {}", EN.title, told.setting.disclosure.case),
        tool: told.setting.tool.clone(),
        made: told.setting.made,
        parts: [&EN, &FR].map(|words| part(words, told, entries.clone())).into(),
    }
}

fn part<'a>(words: &Words, told: &Told<'_>, entries: impl Iterator<Item = &'a Opening> + Clone) -> Part {
    let setting = told.setting;
    let grant = &setting.disclosure;
    let mut out = Part::new(words.language, words.name);
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
        (words.archive_stamps, format!("{} / {}", told.archive_stamps.0, told.archive_stamps.1)),
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
    out.table(&[words.label, words.hidden], hidden);

    out.heading(2, words.captures);
    let rows: Vec<_> = told.lines.iter().zip(1..).map(|(line, number)| exhibit(words, line, number)).collect();
    out.table(&words.capture_columns, rows);

    out.heading(2, words.chain);
    out.text(words.chain_note);
    let rows: Vec<_> = entries.clone().map(|entry| act(words, entry)).collect();
    out.table(&words.chain_columns, rows);

    out.heading(2, words.copies);
    let rows = told.originals.iter().map(|original| {
        vec![original.capture.clone(), original.file.clone(), original.recipient.clone(), original.sha256.clone()]
    });
    out.table_or(&words.copy_columns, rows.collect(), words.no_copies);

    out.heading(2, words.gaps);
    words.never.iter().for_each(|line| out.text(line));
    let cut = told.lines.iter().filter_map(|line| Some(vec![line.capture.clone(), line.truncated?.to_owned()]));
    out.table_or(&words.cut_columns, cut.collect(), words.none_cut);
    let gaps: Vec<_> =
        setting.gaps.iter().map(|gap| vec![gap.site.clone(), gap.what.clone(), gap.count.to_string()]).collect();
    out.table_or(&words.gap_columns, gaps, words.no_gaps);

    out.heading(2, words.unused);
    out.text(words.unused_note);
    let unused: Vec<String> = setting.unused.iter().map(ToString::to_string).collect();
    if unused.is_empty() {
        out.text(words.none_unused);
    } else {
        out.list(&unused);
    }
    let told = defence::of_kinds(entries.clone(), defence::REFUSALS);
    let rows = told.iter().map(|one| {
        let cells = ["at", "who", "rule", "asked"].map(|name| one.said(name).to_owned());
        std::iter::once(one.entry.to_string()).chain(cells).collect()
    });
    out.heading(2, words.refusals);
    out.table_or(&words.refusal_columns, rows.collect(), words.no_refusals);
    let told = defence::of_kinds(entries, defence::SEARCHES);
    let rows = told.iter().map(|one| {
        let what = words.act(&one.kind).to_owned();
        vec![
            one.entry.to_string(),
            one.said("at").to_owned(),
            what,
            one.said("who").to_owned(),
            one.said("reason_text").to_owned(),
        ]
    });
    out.heading(2, words.searches);
    out.text(words.searches_note);
    out.table_or(&words.search_columns, rows.collect(), words.no_searches);
    out.facts(&[(words.about_others, setting.about_others.to_string())]);
    out.heading(2, words.clocks);
    let checks = setting.clock_checks.iter().map(|check| {
        let ahead = format!("{} ms ± {} ms", check.ahead_millis, check.within_millis);
        vec![check.entry.to_string(), check.at.to_string(), check.authority.clone(), ahead]
    });
    out.table_or(&words.clock_columns, checks.collect(), words.no_clocks);
    out.heading(2, words.limits);
    words.limit_lines.iter().for_each(|line| out.text(line));
    out
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
