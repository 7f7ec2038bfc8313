//! Indicators of trafficking as transparent rules: each a query in the language everybody searches with, with its source.
//!
//! A flag is raised on a page, never on a person, and counts for nothing until somebody has looked. There is no score and no
//! ranking. What a rule may turn on is bounded by construction: [`Indicators::read`] refuses a rule that a name, a
//! nationality or a gender could satisfy.

use access::Principal;
use audit::ActKind;
use model::{Action, CaptureId, CaseId, Timestamp};
use search::limits::MAX_HITS;
use search::{Document, Prepared, Query, Sort, Tree, Want, Why};
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::desk::Use;
use crate::folders::capture;
use crate::text::{MAX_TEXT_CHARS, bounded};
use crate::{Desk, Error};

/// The rules that come with the program.
const OURS: &str = include_str!("indicators.toml");

/// Names, nationalities and genders.
const PROTECTED: &str = include_str!("protected_words.txt");

/// A set of rules.
pub struct Indicators {
    version: String,
    rules: Vec<(Indicator, Query)>,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Its name in records.
    pub id: String,
    /// What it says, in one line.
    pub title: String,
    /// Who calls it an indicator.
    pub source: String,
    /// When they published it.
    pub dated: String,
    /// The query that raises it.
    pub query: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: String,
    indicator: Vec<Indicator>,
}

/// A page that a rule flags.
#[derive(Clone, Debug, Serialize)]
pub struct Flag {
    /// The rule.
    pub indicator: String,
    /// The page.
    pub capture: CaptureId,
    /// Its site.
    pub site: String,
    /// The day that hits show.
    pub day: String,
    /// Its redacted title.
    pub title: String,
    /// Which words raised it, and where.
    pub why: Vec<Why>,
    /// What somebody made of it; a flag without a decision means nothing yet.
    pub decision: Option<FlagDecision>,
}

/// What somebody made of a flag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FlagDecision {
    /// Whether it was confirmed.
    pub confirmed: bool,
    /// Why.
    pub reason: String,
    /// By whom.
    pub decided_by: String,
    /// When.
    pub decided_at: Timestamp,
}

/// All flags that one rule raises.
#[derive(Clone, Debug, Serialize)]
pub struct Raised {
    /// The rule, with its source.
    #[serde(flatten)]
    pub rule: Indicator,
    /// The version of the rules.
    pub rules: String,
    /// How many pages it flags.
    pub count: u64,
    /// The newest of them.
    pub flags: Vec<Flag>,
}

impl Indicators {
    /// The rules that come with the program.
    ///
    /// # Errors
    /// As [`read`](Self::read); a test reads them.
    pub fn ours() -> Result<Self, Error> {
        Self::read(OURS)
    }

    /// Reads rules.
    ///
    /// # Errors
    /// When one is not understood, uses NOT, or could turn on a name, a nationality or a gender.
    pub fn read(text: &str) -> Result<Self, Error> {
        let file: File = toml::from_str(text).map_err(|error| Error::Rules(error.to_string()))?;
        let mut rules = Vec::with_capacity(file.indicator.len());
        for rule in file.indicator {
            let wrong = |why: String| Error::Rules(format!("rule `{}`: {why}", rule.id));
            let query = search::parse(&rule.query).map_err(|error| wrong(error.to_string()))?;
            let tree = query.tree();
            if !is_words_alone(&tree) {
                let why =
                    "a rule says which words a page has: no NOT, no labels, places, languages, tokens, days or prices";
                return Err(wrong(why.to_owned()));
            }
            if let Some(word) = protected().find(|word| could_turn_on(&tree, &page_of(word))) {
                return Err(wrong(format!(
                    "it could turn on the word `{word}`, and no rule may turn on who somebody is"
                )));
            }
            rules.push((rule, query));
        }
        Ok(Self { version: file.version, rules })
    }

    /// The rules.
    pub fn rules(&self) -> impl Iterator<Item = &Indicator> {
        self.rules.iter().map(|(rule, _)| rule)
    }

    /// The version of the rules.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The ids of the rules that flag a page.
    #[must_use]
    pub fn flags(&self, page: &Document) -> Vec<&str> {
        let prepared = Prepared::new(page);
        self.rules.iter().filter(|(_, query)| query.fits(&prepared)).map(|(rule, _)| rule.id.as_str()).collect()
    }
}

impl std::fmt::Debug for Indicators {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Indicators({}, {} rules)", self.version, self.rules.len())
    }
}

fn protected() -> impl Iterator<Item = &'static str> {
    PROTECTED.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace)
}

/// Whether a query looks for words and nothing else, and for none that must be absent.
fn is_words_alone(tree: &Tree) -> bool {
    match tree {
        Tree::All { of } | Tree::Any { of } | Tree::Near { of, .. } => of.iter().all(is_words_alone),
        Tree::Words { .. } => true,
        Tree::Prefix { field, .. } | Tree::Fuzzy { field, .. } => {
            field.as_deref().is_none_or(|field| matches!(field, "title" | "body"))
        }
        _ => false,
    }
}

/// Whether a word, of which `page` is made, is one that any part of the query looks for, also inside a phrase or beside NEAR.
fn could_turn_on(tree: &Tree, page: &Document) -> bool {
    let fits = |query: String| search::parse(&query).is_ok_and(|query| query.fits(&Prepared::new(page)));
    match tree {
        Tree::All { of } | Tree::Any { of } | Tree::Near { of, .. } => of.iter().any(|part| could_turn_on(part, page)),
        Tree::Words { words, .. } => words.iter().any(|word| fits(format!("\"{word}\""))),
        Tree::Prefix { start, .. } => fits(format!("{start}*")),
        Tree::Fuzzy { word, edits, .. } => fits(format!("{word}~{edits}")),
        _ => true,
    }
}

/// A page that says nothing but this.
fn page_of(text: &str) -> Document {
    Document {
        capture: CaptureId::from_bytes([0; 16]),
        authorisation: None,
        site: String::new(),
        board: None,
        kind: String::new(),
        language: None,
        places: Vec::new(),
        posted: None,
        captured: Timestamp::from_secs(0),
        price: None,
        currency: None,
        url: None,
        authors: Vec::new(),
        tokens: Vec::new(),
        rules: String::new(),
        title: String::new(),
        body: text.to_owned(),
    }
}

impl Desk<'_> {
    /// The flags that the rules raise in a case, rule by rule, the newest `limit` pages each (at most 1,000), with what people
    /// made of them.
    ///
    /// # Errors
    /// A refusal that names its rule, or a failure of log, database or index.
    pub async fn indicators(
        &self,
        who: &Principal,
        case: &CaseId,
        rules: &Indicators,
        limit: usize,
    ) -> Result<Vec<Raised>, Error> {
        let queries: Vec<Query> = rules.rules.iter().map(|(_, query)| query.clone()).collect();
        let want = Want { sort: Sort::Newest, why: true, ..Want::first(limit.min(MAX_HITS)) };
        let use_ = Use { action: Action::Search, kind: ActKind::Consultation, case, asked: "" };
        let act = |act: audit::Act| act.detail("of", "indicators").detail("rules", &rules.version);
        let found = self.read(who, use_, act, move |searcher, licence| {
            queries.iter().map(|query| searcher.search(licence, query, want)).collect::<Result<Vec<_>, _>>()
        });
        let found = found.await?;
        let decided = self.decisions(case).await?;
        let mut raised = Vec::with_capacity(found.len());
        for ((rule, _), hits) in rules.rules.iter().zip(found) {
            let flag = |hit: search::Hit| Flag {
                decision: decided
                    .iter()
                    .find(|(capture, indicator, _)| *capture == hit.capture && *indicator == rule.id)
                    .map(|(.., decision)| decision.clone()),
                indicator: rule.id.clone(),
                capture: hit.capture,
                site: hit.site,
                day: hit.day,
                title: hit.title,
                why: hit.why,
            };
            raised.push(Raised {
                rule: rule.clone(),
                rules: rules.version.clone(),
                count: hits.count,
                flags: hits.hits.into_iter().map(flag).collect(),
            });
        }
        Ok(raised)
    }

    /// Confirms or dismisses a flag, after having looked; deciding anew replaces the decision, and the log keeps both.
    ///
    /// # Errors
    /// A refusal that names its rule; when there is no such rule or capture; or a failure of database or log.
    pub async fn decide_flag(
        &self,
        who: &Principal,
        case: &CaseId,
        flag: (&Indicators, &str, CaptureId),
        confirmed: bool,
        reason: &str,
    ) -> Result<(), Error> {
        self.leave(who, case).await?;
        let (rules, indicator, capture) = flag;
        if !rules.rules().any(|rule| rule.id == indicator) {
            return Err(Error::Unknown { what: "an indicator of that name".to_owned(), list: "indicators list" });
        }
        let reason = bounded(reason, MAX_TEXT_CHARS)?;
        self.screen(who, case, reason).await?;
        self.must_have(case, capture).await?;
        let mut tx = self.store.begin().await?;
        let put = "INSERT INTO flags (case_id, capture, indicator, confirmed, reason, decided_by, decided_at) \
                   VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (case_id, capture, indicator) DO UPDATE SET \
                   confirmed = excluded.confirmed, reason = excluded.reason, decided_by = excluded.decided_by, \
                   decided_at = excluded.decided_at";
        sqlx::query(put)
            .bind(case.as_str())
            .bind(&capture.as_bytes()[..])
            .bind(indicator)
            .bind(confirmed)
            .bind(reason)
            .bind(who.person().as_str())
            .bind(self.store.clock().now().millis())
            .execute(&mut *tx)
            .await?;
        let step = if confirmed { "flag confirmed" } else { "flag dismissed" };
        let act = |act: audit::Act| act.capture(capture).detail("indicator", indicator).reason("flag", reason);
        self.changed(&mut tx, who, case, step, act).await?;
        Ok(tx.commit().await?)
    }

    async fn decisions(&self, case: &CaseId) -> Result<Vec<(CaptureId, String, FlagDecision)>, Error> {
        let all = sqlx::query("SELECT * FROM flags WHERE case_id = ?").bind(case.as_str());
        let read = |row: &SqliteRow| {
            let decision = FlagDecision {
                confirmed: row.try_get("confirmed")?,
                reason: row.try_get("reason")?,
                decided_by: row.try_get("decided_by")?,
                decided_at: Timestamp::from_millis(row.try_get("decided_at")?),
            };
            Ok((capture(row, "flags")?, row.try_get("indicator")?, decision))
        };
        all.fetch_all(self.store.reader()).await?.iter().map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_rules_are_read_and_each_has_its_source() {
        let ours = Indicators::ours().unwrap();
        assert!(ours.rules().count() >= 10);
        for rule in ours.rules() {
            assert!(!rule.source.is_empty() && rule.dated.len() == 10, "{}", rule.id);
        }
    }

    #[test]
    fn a_rule_that_turns_on_who_somebody_is_is_refused() {
        let rule = |query: &str| {
            let text = format!(
                "version = \"1\"\n[[indicator]]\nid = \"x\"\ntitle = \"x\"\nsource = \"x\"\ndated = \"2026-01-01\"\nquery = '''{query}'''"
            );
            Indicators::read(&text).map(|_| ()).map_err(|error| error.to_string())
        };
        assert_eq!(rule("debt NEAR/3 repay"), Ok(()));
        for query in [
            "romanian debt",
            "debt OR wom*",
            "girl~1 debt",
            "debt AND NOT cash",
            "debt NEAR/3 maria",
            "\"a russian debt\"",
            "debt place:RO",
        ] {
            let refused = rule(query).unwrap_err();
            assert!(refused.contains("no rule may turn on") || refused.contains("no labels"), "{query}: {refused}");
        }
    }

    /// Texts that raise flags and texts that raise none, with places for who somebody is.
    const TEXTS: [&str; 14] = [
        "{name} is a {nation} {gender}, new in town and only this week, ask {object}",
        "{nation} {gender} {name}: the passport of {object} is kept by the agency",
        "{name} has a debt to repay, {subject} works every day",
        "{subject} is not allowed to leave, says {name}, a {nation} {gender}",
        "Available 24/7, {nation} {gender} {name}, no limits",
        "The boss decides what {name} does; {nation} {gender}",
        "No experience needed, travel paid, {nation} {gender} wanted, ask {name}",
        "{name} sleeps where {subject} likes. {nation} {gender} offers a quiet room",
        "Wages withheld from {name}, a {nation} {gender}",
        "The phone of {name} was taken away, {subject} is {nation}",
        "{nation} {gender} sells a bicycle, call {name} and ask {object}",
        "{name} and a {nation} {gender} talk about the weather",
        "Second hand books, {nation} authors, {gender} readers, signed {name}",
        "{subject} arrived yesterday, {name}, {nation}, {gender}, just arrived, few days",
    ];

    #[test]
    fn swapping_names_nationalities_and_genders_changes_no_flag() {
        let ours = Indicators::ours().unwrap();
        let names = [
            "Maria",
            "Ioana",
            "Blessing",
            "Fatima",
            "Mei",
            "Nguyen",
            "John",
            "Mohammed",
            "Ivan",
            "Carlos",
            "[PERSON:k7f3a9q2m4xtc]",
        ];
        let nations = [
            "Romanian",
            "Nigerian",
            "Thai",
            "Chinese",
            "Russian",
            "Roma",
            "Colombian",
            "German",
            "British",
            "Arab",
            "Swiss",
        ];
        let genders = [
            ("woman", "she", "her"),
            ("man", "he", "him"),
            ("girl", "she", "her"),
            ("boy", "he", "him"),
            ("transgender", "they", "them"),
        ];
        let mut raised = 0;
        for text in TEXTS {
            let flags = |name: &str, nation: &str, (gender, subject, object): (&str, &str, &str)| {
                let text = text.replace("{name}", name).replace("{nation}", nation).replace("{gender}", gender);
                let page = page_of(&text.replace("{subject}", subject).replace("{object}", object));
                ours.flags(&page).iter().map(|id| (*id).to_owned()).collect::<Vec<_>>()
            };
            let base = flags(names[0], nations[0], genders[0]);
            raised += base.len();
            for name in names {
                for nation in nations {
                    for gender in genders {
                        assert_eq!(flags(name, nation, gender), base, "{text} with {name}, {nation}, {}", gender.0);
                    }
                }
            }
        }
        assert!(raised >= 9, "only {raised} flags were raised, so this shows little");
    }
}
