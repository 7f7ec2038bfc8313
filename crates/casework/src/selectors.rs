//! Selectors: identifiers that may be searched for, because somebody asked with a reason and a supervisor approved.
//!
//! Whoever asks types the value once; it is encrypted to the crawl process, which alone has the token key, turns it into the
//! case's token and forgets it. Afterwards it is searched as `selector:7`, so that the value is never typed again: no process
//! that serves people can tell which value a token stands for, or try values out.

use std::str::FromStr as _;

use access::Principal;
use age::secrecy::ExposeSecret as _;
use audit::ActKind;
use model::{Action, CaseId, Label, Sensitive, Timestamp, Token};
use redactor::{Options, Redactor};
use serde::Serialize;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;
use store::Store;
use zeroize::Zeroizing;

use crate::text::{MAX_TEXT_CHARS, bounded};
use crate::{Desk, Error};

/// Live selectors of a case.
const MAX_SELECTORS: i64 = 100;
/// Searches with one selector.
const MAX_USES: i64 = 200;
/// How long one may be searched.
const LIFE_MILLIS: i64 = 90 * 24 * 60 * 60 * 1_000;

/// A selector as people see it: never its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Selector {
    /// Its number: it is searched as `selector:7`.
    pub selector: i64,
    /// What kind of identifier it is.
    pub label: String,
    /// Why it was asked for.
    pub reason: String,
    /// By whom.
    pub asked_by: String,
    /// When.
    pub asked_at: Timestamp,
    /// Whether it was approved; absent while nobody has decided.
    pub approved: Option<bool>,
    /// By whom.
    pub decided_by: Option<String>,
    /// Until when it can be searched.
    pub expires_at: Option<Timestamp>,
    /// Its token, once the crawl process has made it.
    pub token: Option<String>,
    /// How many times it was searched.
    pub uses: i64,
}

impl Desk<'_> {
    /// Asks that an identifier of the case may be searched for.
    ///
    /// # Errors
    /// [`Error::NoSelector`] for anything but one identifier; another refusal that names its rule; or a failure of database
    /// or log.
    pub async fn ask_selector(
        &self,
        who: &Principal,
        case: &CaseId,
        value: &Sensitive<String>,
        reason: &str,
    ) -> Result<i64, Error> {
        self.leave(who, case).await?;
        let reason = bounded(reason, MAX_TEXT_CHARS)?;
        self.screen(who, case, reason).await?;
        let label = only_identifier(value.expose().trim()).ok_or(Error::NoSelector)?;
        let mut tx = self.store.begin().await?;
        let live = "SELECT count(*) FROM selectors WHERE case_id = ? AND coalesce(approved, 1) = 1 \
                    AND coalesce(expires_at, ?) >= ?";
        let now = self.store.clock().now().millis();
        let live: i64 = sqlx::query_scalar(live).bind(case.as_str()).bind(now).bind(now).fetch_one(&mut *tx).await?;
        if live >= MAX_SELECTORS {
            return Err(Error::SelectorCap { most: MAX_SELECTORS });
        }
        let recipient: Option<String> =
            sqlx::query_scalar("SELECT recipient FROM selector_keys ORDER BY key DESC LIMIT 1")
                .fetch_optional(&mut *tx)
                .await?;
        let recipient = recipient.ok_or(Error::DeadSelector {
            why: "the crawl process has no key for selectors yet; run `lanthorn selector work CASE` as its user",
        })?;
        let sealed = client::to_auditors(&[recipient], value.expose().trim())?;
        let insert =
            "INSERT INTO selectors (case_id, label, sealed, reason, asked_by, asked_at) VALUES (?, ?, ?, ?, ?, ?)";
        let done = sqlx::query(insert)
            .bind(case.as_str())
            .bind(label.as_str())
            .bind(sealed.into_bytes())
            .bind(reason)
            .bind(who.person().as_str())
            .bind(now)
            .execute(&mut *tx)
            .await?;
        let selector = done.last_insert_rowid();
        let act = who.act(ActKind::Selector).case(case).detail("step", "asked").detail("selector", selector);
        self.journal.note(&mut tx, act.detail("label", label).reason("selector", reason)).await?;
        tx.commit().await?;
        Ok(selector)
    }

    /// Approves or denies a selector: a supervisor who did not ask for it.
    ///
    /// # Errors
    /// A refusal that names its rule; when there is nothing to decide; or a failure of database or log.
    pub async fn decide_selector(
        &self,
        who: &Principal,
        case: &CaseId,
        selector: i64,
        approve: bool,
        reason: &str,
    ) -> Result<(), Error> {
        self.access.permit_in(who, Action::ManageCase, Some(case)).await?;
        let reason = bounded(reason, MAX_TEXT_CHARS)?;
        self.screen(who, case, reason).await?;
        let mut tx = self.store.begin().await?;
        let asked = sqlx::query_scalar(
            "SELECT asked_by FROM selectors WHERE selector = ? AND case_id = ? AND approved IS NULL",
        );
        let asked: Option<String> = asked.bind(selector).bind(case.as_str()).fetch_optional(&mut *tx).await?;
        let asked = asked.ok_or_else(|| unknown(selector))?;
        if asked == who.person().as_str() {
            drop(tx);
            let act = who.act(ActKind::Refusal).case(case).detail("rule", "two-persons").detail("selector", selector);
            self.journal.note_now(act).await?;
            return Err(Error::OwnSelector);
        }
        let now = self.store.clock().now();
        // A value that was denied is not kept.
        let update = "UPDATE selectors SET approved = ?1, decided_by = ?2, decided_at = ?3, expires_at = ?4, \
                      sealed = CASE WHEN ?1 THEN sealed ELSE NULL END WHERE selector = ?5";
        sqlx::query(update)
            .bind(approve)
            .bind(who.person().as_str())
            .bind(now.millis())
            .bind(approve.then(|| now.plus_millis(LIFE_MILLIS).millis()))
            .bind(selector)
            .execute(&mut *tx)
            .await?;
        let step = if approve { "approved" } else { "denied" };
        let act = who.act(ActKind::Selector).case(case).detail("step", step).detail("selector", selector);
        self.journal.note(&mut tx, act.recipient(asked).reason("selector", reason)).await?;
        Ok(tx.commit().await?)
    }

    /// The selectors of a case, newest first: what a review looks at.
    ///
    /// # Errors
    /// A refusal that names its rule, or a failure of the database.
    pub async fn selectors(&self, who: &Principal, case: &CaseId) -> Result<Vec<Selector>, Error> {
        self.leave(who, case).await?;
        let all = sqlx::query("SELECT * FROM selectors WHERE case_id = ? ORDER BY selector DESC").bind(case.as_str());
        all.fetch_all(self.store.reader()).await?.iter().map(read).collect()
    }

    /// Puts tokens in the place of `selector:7`, outside quotation marks. Each use is counted, capped and logged.
    pub(crate) async fn with_selectors(&self, who: &Principal, case: &CaseId, text: &str) -> Result<String, Error> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, number, after)) = next_selector(rest) {
            out.push_str(before);
            out.push_str(&self.use_selector(who, case, number).await?.to_string());
            rest = after;
        }
        out.push_str(rest);
        Ok(out)
    }

    async fn use_selector(&self, who: &Principal, case: &CaseId, selector: i64) -> Result<Token, Error> {
        let now = self.store.clock().now();
        let mut tx = self.store.begin().await?;
        let row = sqlx::query("SELECT * FROM selectors WHERE selector = ? AND case_id = ?");
        let row = row.bind(selector).bind(case.as_str()).fetch_optional(&mut *tx).await?;
        let found = read(&row.ok_or_else(|| unknown(selector))?)?;
        let usable = match (&found.token, found.approved, found.expires_at) {
            (_, None, _) => Err(Error::DeadSelector { why: "nobody has approved it yet" }),
            (_, Some(false), _) => Err(Error::DeadSelector { why: "it was denied" }),
            (_, _, Some(until)) if until < now => {
                Err(Error::DeadSelector { why: "its time is over; ask for it again" })
            }
            (None, ..) => Err(Error::DeadSelector {
                why: "the crawl process has not made its token yet; it does at the next `lanthorn crawl run` or `selector work`",
            }),
            _ if found.uses >= MAX_USES => Err(Error::SelectorRate { most: MAX_USES }),
            (Some(token), ..) => Token::from_str(token).map_err(|_| Error::Row { table: "selectors" }),
        };
        let token = match usable {
            Ok(token) => token,
            Err(refused) => {
                drop(tx);
                let act = who.act(ActKind::Refusal).case(case).detail("selector", selector);
                self.journal.note_now(act.detail("rule", "live-selector")).await?;
                return Err(refused);
            }
        };
        let count = "UPDATE selectors SET uses = uses + 1 WHERE selector = ?";
        sqlx::query(count).bind(selector).execute(&mut *tx).await?;
        let act = who.act(ActKind::Selector).case(case).detail("step", "searched").detail("selector", selector);
        self.journal.note(&mut tx, act).await?;
        tx.commit().await?;
        Ok(token)
    }
}

fn unknown(selector: i64) -> Error {
    Error::Unknown { what: format!("selector {selector}"), list: "selector list" }
}

/// The label of a text that is one identifier and nothing else.
fn only_identifier(text: &str) -> Option<Label> {
    let found = redactor::screen(text).err()?;
    match found.findings() {
        [one] if one.start == 0 && one.end == text.chars().count() => Some(one.label),
        _ => None,
    }
}

/// What stands before the next `selector:7` outside quotation marks, its number, and what follows.
fn next_selector(text: &str) -> Option<(&str, i64, &str)> {
    const NAME: &str = "selector:";
    let mut quoted = false;
    let mut word_begins = true;
    for (at, character) in text.char_indices() {
        if !quoted && word_begins && text.get(at..at + NAME.len()).is_some_and(|name| name.eq_ignore_ascii_case(NAME)) {
            let digits = &text[at + NAME.len()..];
            let end = digits.find(|character: char| !character.is_ascii_digit()).unwrap_or(digits.len());
            if let Ok(number) = digits[..end].parse() {
                return Some((&text[..at], number, &digits[end..]));
            }
        }
        quoted ^= character == '"';
        word_begins = character.is_whitespace() || character == '(';
    }
    None
}

fn read(row: &SqliteRow) -> Result<Selector, Error> {
    let time = |name: &str| row.try_get::<Option<i64>, _>(name).map(|at| at.map(Timestamp::from_millis));
    Ok(Selector {
        selector: row.try_get("selector")?,
        label: row.try_get("label")?,
        reason: row.try_get("reason")?,
        asked_by: row.try_get("asked_by")?,
        asked_at: time("asked_at")?.ok_or(Error::Row { table: "selectors" })?,
        approved: row.try_get("approved")?,
        decided_by: row.try_get("decided_by")?,
        expires_at: time("expires_at")?,
        token: row.try_get("token")?,
        uses: row.try_get("uses")?,
    })
}

/// The crawl process's key for selectors.
pub struct SelectorKey(age::x25519::Identity);

impl SelectorKey {
    /// A new one.
    #[must_use]
    pub fn generate() -> Self {
        Self(age::x25519::Identity::generate())
    }

    /// Reads what [`to_text`](Self::to_text) wrote.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.trim().parse().ok().map(Self)
    }

    /// The secret, for its file.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{}\n", self.0.to_string().expose_secret()))
    }

    fn open(&self, sealed: &[u8]) -> Option<Sensitive<String>> {
        use std::io::Read as _;

        use base64::Engine as _;
        let file = base64::prelude::BASE64_STANDARD.decode(sealed).ok()?;
        let decryptor = age::Decryptor::new_buffered(&file[..]).ok()?;
        let mut reader = decryptor.decrypt(std::iter::once(&self.0 as &dyn age::Identity)).ok()?;
        let mut value = Sensitive::new(String::new());
        reader.read_to_string(value.expose_mut()).ok()?;
        Some(value)
    }
}

impl std::fmt::Debug for SelectorKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("SelectorKey")
    }
}

/// Selectors as the crawl process sees them.
pub struct Selectors(Store);

impl Selectors {
    /// Over the control database.
    #[must_use]
    pub const fn new(store: Store) -> Self {
        Self(store)
    }

    /// Tells people's processes what to encrypt to.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn publish(&self, key: &SelectorKey) -> Result<(), Error> {
        let recipient = key.0.to_public().to_string();
        let known = sqlx::query_scalar("SELECT count(*) FROM selector_keys WHERE recipient = ?").bind(&recipient);
        let known: i64 = known.fetch_one(self.0.reader()).await?;
        if known == 0 {
            let mut tx = self.0.begin().await?;
            sqlx::query("INSERT INTO selector_keys (recipient, made_at) VALUES (?, ?)")
                .bind(recipient)
                .bind(self.0.clock().now().millis())
                .execute(&mut *tx)
                .await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Turns what was approved into tokens, and forgets the values. Returns how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn work(&self, case: &CaseId, key: &SelectorKey, redactor: &Redactor) -> Result<usize, Error> {
        let all = "SELECT selector, sealed FROM selectors WHERE case_id = ? AND approved = 1 AND sealed IS NOT NULL";
        let waiting: Vec<(i64, Vec<u8>)> = sqlx::query_as(all).bind(case.as_str()).fetch_all(self.0.reader()).await?;
        let mut made = 0;
        for (selector, sealed) in waiting {
            let token = key.open(&sealed).and_then(|value| {
                let redacted = redactor::redact_text(redactor, value.expose(), &Options::default());
                redacted.spans.first().map(|span| span.token)
            });
            let mut tx = self.0.begin().await?;
            // What cannot be opened any more never will be: the value goes, and the selector stays without a token.
            sqlx::query("UPDATE selectors SET token = ?, sealed = NULL WHERE selector = ?")
                .bind(token.map(|token| token.to_string()))
                .bind(selector)
                .execute(&mut *tx)
                .await?;
            tx.commit().await?;
            made += usize::from(token.is_some());
        }
        Ok(made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selector_is_found_outside_quotation_marks_alone() {
        assert_eq!(next_selector("a (selector:7) b"), Some(("a (", 7, ") b")));
        assert_eq!(next_selector("Selector:12"), Some(("", 12, "")));
        for none in ["\"selector:7\"", "selector:", "myselector:7", "selector:x", "é selector"] {
            assert_eq!(next_selector(none), None, "{none}");
        }
    }

    #[test]
    fn only_one_identifier_is_a_selector() {
        assert_eq!(only_identifier("maria@forum.example"), Some(Label::Email));
        for none in ["harbour", "maria@forum.example or jonas@forum.example", "call maria@forum.example"] {
            assert_eq!(only_identifier(none), None, "{none}");
        }
    }
}
