//! Reading a case: leave, screen, announce, read.

use std::path::PathBuf;
use std::sync::Arc;

use access::{Access, Principal};
use audit::{Act, ActKind, Journal, Outcome};
use model::{Action, CaptureId, CaseId, Role, Token};
use search::{Document, Group, Groups, Hits, Licence, Links, Pivot, Query, Readers, Searcher, Want};

use store::{Store, Tx};

use crate::Error;

/// Where a person reads cases. Cheap to make; by itself it holds no index open between two questions, so that an erasure never
/// waits for it. Where there are many questions, desks share [`Readers`].
pub struct Desk<'a> {
    pub(crate) access: &'a Access,
    pub(crate) store: Store,
    pub(crate) journal: Journal,
    indexes: PathBuf,
    readers: Option<Arc<Readers>>,
}

/// One use of a case, as the log tells of it.
pub(crate) struct Use<'u> {
    pub(crate) action: Action,
    pub(crate) kind: ActKind,
    pub(crate) case: &'u CaseId,
    /// What was asked for: kept so that auditors alone can read it.
    pub(crate) asked: &'u str,
}

impl<'a> Desk<'a> {
    /// A desk over the folder that holds one index a case.
    #[must_use]
    pub const fn new(access: &'a Access, store: Store, journal: Journal, indexes: PathBuf) -> Self {
        Self { access, store, journal, indexes, readers: None }
    }

    /// The same, with open indexes shared with other desks.
    #[must_use]
    pub fn sharing(self, readers: Arc<Readers>) -> Self {
        Self { readers: Some(readers), ..self }
    }

    /// Reads a query and searches: hits, count, facets, histogram.
    ///
    /// # Errors
    /// A refusal that names its rule; a mistake in the query, with its character; a failure of log or index.
    pub async fn search(&self, who: &Principal, case: &CaseId, text: &str, want: Want) -> Result<Hits, Error> {
        let query = self.understand(who, case, text).await?;
        self.find(who, case, &query, want).await
    }

    /// Reads what somebody typed: an identifier in it is refused before the query is parsed, so that no error can repeat
    /// it, and the refusal is in the log before it is told.
    ///
    /// # Errors
    /// A refusal that names its rule, or a mistake in the query.
    pub async fn understand(&self, who: &Principal, case: &CaseId, text: &str) -> Result<Query, Error> {
        self.screen(who, case, text).await?;
        let text = self.with_selectors(who, case, text).await?;
        Ok(search::parse(&text)?)
    }

    /// Searches with a query that was read by [`understand`](Self::understand), or made from such a one.
    ///
    /// # Errors
    /// As [`search`](Self::search).
    pub async fn find(&self, who: &Principal, case: &CaseId, query: &Query, want: Want) -> Result<Hits, Error> {
        let asked = query.to_string();
        let query = query.clone();
        let use_ = Use { action: Action::Search, kind: ActKind::Consultation, case, asked: &asked };
        self.read(who, use_, |act| act, move |searcher, licence| searcher.search(licence, &query, want)).await
    }

    /// One redacted page, whole; a step of its own, with a reason.
    ///
    /// # Errors
    /// As [`search`](Self::search).
    pub async fn page(
        &self,
        who: &Principal,
        case: &CaseId,
        capture: CaptureId,
        reason: &str,
    ) -> Result<Document, Error> {
        self.screen(who, case, reason).await?;
        let use_ = Use { action: Action::Search, kind: ActKind::Consultation, case, asked: "" };
        let act = |act: Act| act.capture(capture).detail("of", "redacted page").reason("read", reason);
        self.read(who, use_, act, move |searcher, licence| searcher.document(licence, capture)).await
    }

    /// Everything that shares a hidden identifier, with the newest `limit` captures.
    ///
    /// # Errors
    /// As [`search`](Self::search).
    pub async fn pivot(&self, who: &Principal, case: &CaseId, token: Token, limit: usize) -> Result<Pivot, Error> {
        let asked = token.to_string();
        let use_ = Use { action: Action::Pivot, kind: ActKind::Combination, case, asked: &asked };
        self.read(who, use_, |act| act, move |searcher, licence| searcher.pivot_newest(licence, token, limit)).await
    }

    /// What hangs together with a token, at most `depth` links away, without the links that somebody has removed.
    ///
    /// # Errors
    /// As [`search`](Self::search).
    pub async fn links(&self, who: &Principal, case: &CaseId, token: Token, depth: u8) -> Result<Links, Error> {
        let removed = self.removed_pairs(case).await?;
        let asked = token.to_string();
        let use_ = Use { action: Action::Pivot, kind: ActKind::Combination, case, asked: &asked };
        let act = |act: Act| act.detail("of", "links").detail("depth", depth);
        self.read(who, use_, act, move |searcher, licence| searcher.links(licence, token, depth, &removed)).await
    }

    /// The near-duplicate groups of the case, the largest `limit` in full, and sites that mirror one another.
    ///
    /// # Errors
    /// As [`search`](Self::search).
    pub async fn groups(&self, who: &Principal, case: &CaseId, limit: usize) -> Result<Groups, Error> {
        let use_ = Use { action: Action::Pivot, kind: ActKind::Combination, case, asked: "" };
        let act = |act: Act| act.detail("of", "near-duplicates");
        self.read(who, use_, act, move |searcher, licence| searcher.groups(licence, limit)).await
    }

    /// The near-duplicates of one capture.
    ///
    /// # Errors
    /// As [`search`](Self::search).
    pub async fn alike(&self, who: &Principal, case: &CaseId, capture: CaptureId) -> Result<Option<Group>, Error> {
        let use_ = Use { action: Action::Pivot, kind: ActKind::Combination, case, asked: "" };
        let act = |act: Act| act.capture(capture).detail("of", "near-duplicates");
        self.read(who, use_, act, move |searcher, licence| searcher.alike(licence, capture)).await
    }

    /// Refuses a text that holds an identifier, in the log first.
    pub(crate) async fn screen(&self, who: &Principal, case: &CaseId, text: &str) -> Result<(), Error> {
        if let Err(found) = redactor::screen(text) {
            let act = who.act(ActKind::Refusal).case(case).detail("rule", "no-identifier-in-query");
            self.journal.note_now(act).await?;
            return Err(found.into());
        }
        Ok(())
    }

    /// Leave to work on a case: who may search it may write down what they think of it.
    pub(crate) async fn leave(&self, who: &Principal, case: &CaseId) -> Result<(), Error> {
        self.access.licence(who, Action::Search, case).await?;
        Ok(())
    }

    /// Notes a change in the log, in the change's own transaction.
    pub(crate) async fn changed(
        &self,
        tx: &mut Tx,
        who: &Principal,
        case: &CaseId,
        step: &'static str,
        more: impl FnOnce(Act) -> Act,
    ) -> Result<(), Error> {
        let act = more(who.act(ActKind::Alteration).case(case).detail("step", step));
        self.journal.note(tx, act).await?;
        Ok(())
    }

    /// Leave, intent, read, outcome: the one way to a case's index.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        who: &Principal,
        use_: Use<'_>,
        more: impl FnOnce(Act) -> Act,
        work: impl FnOnce(&Searcher, &Licence) -> Result<T, search::Error> + Send + 'static,
    ) -> Result<T, Error> {
        let licence = self.access.licence(who, use_.action, use_.case).await?;
        let act = more(self.for_auditors(who.act(use_.kind).case(use_.case), use_.asked).await?);
        let intent = self.journal.intend_now(act).await?;
        let (folder, clock) = (self.indexes.join(use_.case.as_str()), self.store.clock().clone());
        let (readers, case) = (self.readers.clone(), use_.case.clone());
        let work = move || {
            let searcher = match readers {
                Some(readers) => readers.open(&case)?,
                None => Arc::new(Searcher::open(&folder, clock)?),
            };
            work(&searcher, &licence)
        };
        let done = tokio::task::spawn_blocking(work).await;
        let outcome = if matches!(done, Ok(Ok(_))) { Outcome::Done } else { Outcome::Failed("search") };
        self.journal.close_now(intent, outcome).await?;
        Ok(done.map_err(|_| Error::Panicked)??)
    }

    /// What was asked for, as only auditors can read it: whoever runs the server sees that somebody searched, and not what
    /// for.
    async fn for_auditors(&self, act: Act, asked: &str) -> Result<Act, Error> {
        if asked.is_empty() {
            return Ok(act);
        }
        let people = self.access.people().list().await?;
        let auditors = people.into_iter().filter(|person| person.role == Role::Auditor);
        let recipients: Vec<_> = auditors.filter_map(|person| person.recipient).collect();
        if recipients.is_empty() {
            return Ok(act.detail("query_kept", "no: no auditor has enrolled a key"));
        }
        // A query may be longer than a record; its beginning, and how much is missing, are kept then.
        let kept = &asked[..asked.floor_char_boundary(client::MAX_NOTE_BYTES)];
        let act = if kept.len() < asked.len() { act.detail("query_bytes_cut", asked.len() - kept.len()) } else { act };
        Ok(act.detail("query", client::to_auditors(&recipients, kept)?))
    }
}
