//! What a pack proves, and what it does not, in plain words.

use crate::Report;

/// Lines for a person, about a pack that was checked.
#[must_use]
pub fn explain(report: &Report) -> Vec<String> {
    let mut lines = vec![
        format!("This pack was made by {} for: {}. It is about case {}.", report.made_by, report.recipient, report.case),
        format!("{} approved that it leaves; whoever made it could not.", report.approved_by.join(" and ")),
        String::new(),
        "It proves, to whoever trusts the keys:".to_owned(),
        format!("- Its {} files are those that {} signed: none was changed, taken out or added.", report.files, report.made_by),
        format!(
            "- Each of its {} captures was announced in the log {} before it was collected, and closed after it, with a commitment to the exact bytes that were received. \
             The log had {} entries and can only grow; {} of them are proved here.",
            report.captures, report.log.0, report.log.1, report.entries
        ),
        "- Each redacted view fits its derivation. Whoever has the original can repeat the redaction character by character (tools/check_derivation.py).".to_owned(),
        match report.originals {
            0 => "- It has no originals. One can be asked for, and each needs a grant of its own.".to_owned(),
            count => format!("- {count} originals were opened under grants that enough supervisors signed and the log announced, and are the sealed payloads unchanged, for the recipient's key alone."),
        },
        String::new(),
        "It does not prove:".to_owned(),
        "- who wrote a page, or that what it says is true;".to_owned(),
        "- that a page looked the same to anybody else, or at another time;".to_owned(),
        "- that the collecting machine's clock was right, beyond what the log's order and any time stamps say;".to_owned(),
        "- that nothing else exists: only what was collected can be shown. custody.html lists what was refused, given up and left out;".to_owned(),
        "- that every identifier was hidden, or that equal tokens are one person.".to_owned(),
        "Whether any of it is admissible is for a court.".to_owned(),
    ];
    if !report.on_its_own_word.is_empty() {
        lines.push(String::new());
        lines.push("Taken on the pack's own word, because you gave no keys:".to_owned());
        lines.extend(report.on_its_own_word.iter().map(|word| format!("- {word}.")));
    }
    lines
}
