//! The sections of the report. LED: Directive (EU) 2016/680. Those that no record of ours tells of stand there all the same.

use super::counts::{CLOCK, Counts};
use super::{Facts, Figure, Section};

const LOG: &str = "the log, entries of the period: `lanthorn audit tail`";
const AUTHORISATIONS: &str = "the register of authorisations: `lanthorn authorisation list`";
const FRONTIER: &str = "the frontier: `lanthorn crawl status`";
const RETENTION: &str = "`lanthorn retention report`";
const NOBODY: &str = "no record of this installation tells";

pub(super) fn all(facts: &Facts, counts: &Counts) -> Vec<Section> {
    let mut sections =
        vec![
            section(
                1,
                "The system and its versions",
                "LED 24, 27(2)",
                vec![
                    known("Program", &facts.tool, "the program"),
                    known("Redaction rules", &facts.rules, "the program"),
                    known("People, by role", &list(&facts.people), "`lanthorn people list`"),
                ],
            ),
            section(
                2,
                "Purposes, legal bases, authorisations",
                "LED 4, 8, 24(g)",
                vec![
                    number("Cases open", facts.cases.0, "`lanthorn case list`"),
                    number("Cases closed", facts.cases.1, "`lanthorn case list`"),
                    number("Authorisations in force now", facts.authorisations.0, AUTHORISATIONS),
                    number("Authorisations that are over", facts.authorisations.1, AUTHORISATIONS),
                    number("Authorisations revoked", facts.authorisations.2, AUTHORISATIONS),
                    number("Authorisations registered in the period", counts.act("authorise"), LOG),
                    number("Revocations in the period", counts.act("revoke"), LOG),
                ],
            ),
            section(3, "Necessity and proportionality", "LED 4(1)(c); Charter 52(1)", {
                let mut figures = vec![
                    number("Pages asked for", counts.act("collect"), LOG),
                    number("Pages kept", counts.outcome("collect", "done"), LOG),
                    number("Cases whose review is overdue", facts.reviews_overdue, "`lanthorn case list`"),
                ];
                figures.extend(facts.refused_links.iter().map(|(rule, links)| {
                    number(&format!("Links not followed by rule `{rule}`, ever"), *links, FRONTIER)
                }));
                figures
            }),
        ];
    sections.extend(about_people(facts, counts));
    sections.extend(about_use(facts, counts));
    sections.extend(about_the_house(facts, counts));
    sections.sort_by_key(|section| section.number);
    sections
}

fn about_people(facts: &Facts, counts: &Counts) -> Vec<Section> {
    let hidden = facts.hidden.as_ref().map(list);
    vec![
        section(
            4,
            "Strict necessity for special categories",
            "LED 10",
            vec![unknown("Captures with data of special categories")],
        ),
        section(
            5,
            "Categories of people",
            "LED 6",
            vec![unknown("Persons by category"), unknown("Changes of category")],
        ),
        section(6, "Fact, derived, assessed", "LED 7", vec![unknown("Statements by kind")]),
        section(
            7,
            "Redaction",
            "LED 20, 29",
            vec![
                number("Redacted pages kept", facts.pages, "the outbox"),
                Figure { what: "Identifiers hidden in them, by label".into(), value: hidden, source: "the outbox" },
                unknown("Identifiers found unhidden in use"),
            ],
        ),
        section(8, "Linking and triage", "LED 11; AI Act 14", vec![unknown("Links that were found false")]),
        section(
            9,
            "Human oversight",
            "LED 11; AI Act 14(4)",
            vec![number("Reviews", counts.act("review"), LOG), unknown("Share of planted errors that reviewers found")],
        ),
        section(
            14,
            "Requests of data subjects and complaints",
            "LED 12–17",
            vec![unknown("Requests of data subjects"), unknown("Complaints")],
        ),
        section(
            15,
            "Victims",
            "Palermo Protocol 6; Directive 2011/36/EU",
            vec![unknown("Consultations of an advocate"), unknown("Withdrawals")],
        ),
        section(16, "Expression", "ECHR 10; Charter 11", {
            let protected =
                facts.refused_links.get("protected").or_else(|| facts.refused_links.get("protected-destination"));
            vec![number(
                "Links to protected destinations not followed, ever",
                protected.copied().unwrap_or_default(),
                FRONTIER,
            )]
        }),
        section(
            17,
            "Non-discrimination",
            "LED 11(3); Charter 21",
            vec![unknown("Distribution of captures by language")],
        ),
    ]
}

fn about_use(facts: &Facts, counts: &Counts) -> Vec<Section> {
    let mut access = vec![
        number("Searches", counts.act("consult"), LOG),
        number("Requests to open an original", counts.act("unseal-request"), LOG),
        number("Approvals", counts.act("unseal-grant"), LOG),
        number("Denials", counts.act("unseal-deny"), LOG),
        number("Originals opened", counts.outcome("unseal-open", "done"), LOG),
        number("Openings refused", counts.outcome("unseal-open", "refused"), LOG),
        number("Requests withdrawn", counts.act("unseal-withdraw"), LOG),
        number("Requests to open that broke the glass", counts.break_glass, LOG),
        number("Sign-ins that failed", counts.act("sign-in-failed"), LOG),
        number("Readings of the log", counts.act("log-read"), LOG),
    ];
    access.extend(
        counts.codes.iter().map(|(code, count)| number(&format!("Requests to open with reason `{code}`"), *count, LOG)),
    );
    access
        .extend(counts.refused.iter().map(|(rule, count)| number(&format!("Refusals by rule `{rule}`"), *count, LOG)));
    let mut disclosure = vec![number("Disclosures", counts.act("disclose"), LOG)];
    disclosure.extend(counts.recipients.iter().map(|(to, count)| number(&format!("Disclosures to {to}"), *count, LOG)));
    disclosure.push(unknown("Transfers to third countries, by legal ground"));
    vec![
        section(10, "Access", "LED 25, 29", access),
        section(11, "Combination", "LED 25", vec![number("Searches by shared identifier", counts.act("combine"), LOG)]),
        section(
            12,
            "Retention and erasure",
            "LED 5, 16",
            vec![
                Figure {
                    what: "Captures whose time is over and that are kept".into(),
                    value: facts.retention.map(|(due, _)| due.to_string()),
                    source: RETENTION,
                },
                Figure {
                    what: "Captures held".into(),
                    value: facts.retention.map(|(_, held)| held.to_string()),
                    source: RETENTION,
                },
                number("Erasures", counts.outcome("erase", "done"), LOG),
                number("Erasures confirmed once backups were gone", counts.act("erase-confirm"), LOG),
                number("Entries of the log whose record has been erased", counts.erased_records, LOG),
            ],
        ),
        section(13, "Disclosure and transfers", "LED 7(3), 35–39", disclosure),
    ]
}

fn about_the_house(facts: &Facts, counts: &Counts) -> Vec<Section> {
    vec![
        section(
            18,
            "Media",
            "–",
            vec![known("Images, sound and video kept", "none: they are refused before they are read", "the program")],
        ),
        section(
            19,
            "Security",
            "LED 29–31",
            vec![
                number("Drills of supervisors", counts.act("drill"), LOG),
                number("Changes of keys and epochs", counts.act("key") + counts.act("epoch"), LOG),
                unknown("Incidents"),
            ],
        ),
        section(
            20,
            "Integrity of evidence",
            "ISO/IEC 27037, 27041",
            vec![
                Figure {
                    what: "Entries of the log".into(),
                    value: facts.log.map(|(entries, _)| entries.to_string()),
                    source: "`lanthorn audit verify`",
                },
                Figure {
                    what: "Log verified for this report".into(),
                    value: facts.log.map(|(_, whole)| if whole { "yes" } else { "no" }.to_owned()),
                    source: "`lanthorn audit verify`",
                },
                number("Entries in the period", counts.entries, LOG),
                number("Time stamps asked for", counts.act("stamp"), LOG),
                number("Comparisons of the machine’s clock with an authority’s", counts.act(CLOCK), LOG),
                number("Cosignatures of witnesses", counts.act("witness"), LOG),
                number(
                    "Acts whose outcome is unknown",
                    counts
                        .outcomes
                        .iter()
                        .filter(|((_, outcome), _)| outcome == "unknown")
                        .map(|(_, count)| count)
                        .sum(),
                    LOG,
                ),
            ],
        ),
        section(21, "Competence", "–", vec![unknown("People trained, by function")]),
        section(22, "Benefits and harms", "–", vec![unknown("Outcomes")]),
        section(23, "Views of affected people", "GDPR 35(9)", vec![unknown("Who was asked, and what changed")]),
        section(24, "Residual risks and decisions", "LED 28", vec![unknown("Decisions of the owner")]),
        section(
            25,
            "Changes since the last report",
            "LED 27",
            vec![
                number("Changes of people and roles", counts.act("person") + counts.act("role"), LOG),
                number("Changes of policy and settings", counts.act("policy") + counts.act("setting"), LOG),
            ],
        ),
    ]
}

const fn section(number: u8, title: &'static str, law: &'static str, figures: Vec<Figure>) -> Section {
    Section { number, title, law, figures }
}

fn number(what: &str, value: u64, source: &'static str) -> Figure {
    Figure { what: what.to_owned(), value: Some(value.to_string()), source }
}

fn known(what: &str, value: &str, source: &'static str) -> Figure {
    Figure { what: what.to_owned(), value: Some(value.to_owned()), source }
}

fn unknown(what: &str) -> Figure {
    Figure { what: what.to_owned(), value: None, source: NOBODY }
}

fn list(counts: &std::collections::BTreeMap<String, u64>) -> String {
    counts.iter().map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ")
}
