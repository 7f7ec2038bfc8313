//! The authorisations of an installation: registered when they verify, verified again by every process that uses them.

use authorisation::{Authorised, Refusal, Rule, SignedDocument, Trust};
use model::{AuthorisationId, CaseId, Timestamp};
use serde::Serialize;
use sqlx::FromRow;
use store::{Store, Tx};

use crate::Error;
use crate::error::during;

/// The register. It says what may be collected; who put it there, and why it was taken away, says the log.
#[derive(Clone, Debug)]
pub struct Registry {
    store: Store,
}

/// One registered authorisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Its id.
    pub id: AuthorisationId,
    /// Its case.
    pub case: CaseId,
    /// The first moment after its validity.
    pub not_after: Timestamp,
    /// When it was registered.
    pub added_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// Whether pages may be collected under an authorisation.
#[derive(Clone, Debug)]
pub(crate) enum Standing {
    /// They may.
    InForce(Authorised),
    /// They may not.
    Refused(Refusal),
}

/// A row of `authorisations`.
#[derive(FromRow)]
pub(crate) struct Row {
    authorisation: Vec<u8>,
    case_id: String,
    document: String,
    not_after: i64,
    added_at: i64,
    revoked_at: Option<i64>,
}

impl Registry {
    /// The register in a store. Time is the store's clock.
    #[must_use]
    pub const fn new(store: Store) -> Self {
        Self { store }
    }

    /// Registers a signed authorisation that has been verified. Registering the same one twice changes nothing.
    ///
    /// # Errors
    /// [`Rule::Revoked`] if it was revoked, or one with its revocation id: a revoked authorisation does not come back
    /// with a comma changed. [`Rule::Signatures`] if what was verified is another document.
    pub async fn add(&self, tx: &mut Tx, signed: &SignedDocument, verified: &Authorised) -> Result<(), Error> {
        let id = verified.id();
        if signed.document.id() != id {
            return Err(Refusal::new(Rule::Signatures, "what was verified is another document").into());
        }
        let revoked = "SELECT count(*) FROM authorisations WHERE revoked_at IS NOT NULL \
                       AND (authorisation = ? OR (revocation_id = ? AND case_id = ?))";
        let revoked: i64 = sqlx::query_scalar(revoked)
            .bind(id.as_bytes().as_slice())
            .bind(signed.document.revocation_id())
            .bind(verified.case().as_str())
            .fetch_one(&mut **tx)
            .await
            .map_err(during("look for a revocation"))?;
        if revoked > 0 {
            return Err(Refusal::new(Rule::Revoked, "one with this revocation id was revoked").into());
        }
        let insert = "INSERT INTO authorisations (authorisation, case_id, document, revocation_id, not_after, added_at) \
                      VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (authorisation) DO NOTHING";
        let insert = sqlx::query(insert)
            .bind(id.as_bytes().as_slice())
            .bind(verified.case().as_str())
            .bind(signed.to_toml())
            .bind(signed.document.revocation_id())
            .bind(signed.document.not_after().millis())
            .bind(self.store.clock().now().millis());
        insert.execute(&mut **tx).await.map_err(during("register an authorisation"))?;
        Ok(())
    }

    /// Revokes an authorisation: no page is lent under it from the commit on. Revoking it twice changes nothing.
    ///
    /// # Errors
    /// When no such authorisation is registered.
    pub async fn revoke(&self, tx: &mut Tx, id: AuthorisationId) -> Result<(), Error> {
        let known = sqlx::query("SELECT 1 FROM authorisations WHERE authorisation = ?").bind(id.as_bytes().as_slice());
        known
            .fetch_optional(&mut **tx)
            .await
            .map_err(during("look for an authorisation"))?
            .ok_or(Error::Unknown(id))?;
        let update = "UPDATE authorisations SET revoked_at = ? WHERE authorisation = ? AND revoked_at IS NULL";
        let update = sqlx::query(update).bind(self.store.clock().now().millis()).bind(id.as_bytes().as_slice());
        update.execute(&mut **tx).await.map_err(during("revoke an authorisation"))?;
        Ok(())
    }

    /// Every registered authorisation, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn list(&self) -> Result<Vec<Entry>, Error> {
        let rows = sqlx::query_as::<_, Row>("SELECT * FROM authorisations ORDER BY added_at, rowid");
        let rows = rows.fetch_all(self.store.reader()).await.map_err(during("list the authorisations"))?;
        rows.iter().map(Row::entry).collect()
    }

    /// A registered authorisation's file.
    ///
    /// # Errors
    /// When no such authorisation is registered, what is stored is not what was registered, or a rule that is younger
    /// than the document stands against it.
    pub async fn find(&self, id: AuthorisationId) -> Result<SignedDocument, Error> {
        let select = sqlx::query_as::<_, Row>("SELECT * FROM authorisations WHERE authorisation = ?");
        let row = select.bind(id.as_bytes().as_slice()).fetch_optional(self.store.reader()).await;
        row.map_err(during("read an authorisation"))?.ok_or(Error::Unknown(id))?.signed()
    }

    /// The authorisations of a case under which pages may be collected at `now`.
    ///
    /// # Errors
    /// When the store cannot be read, or what is stored is not what was registered.
    pub async fn active(&self, case: &CaseId, trust: &Trust, now: Timestamp) -> Result<Vec<Authorised>, Error> {
        let rows = sqlx::query_as::<_, Row>("SELECT * FROM authorisations WHERE case_id = ? ORDER BY added_at, rowid");
        let rows =
            rows.bind(case.as_str()).fetch_all(self.store.reader()).await.map_err(during("list authorisations"))?;
        let mut active = Vec::new();
        for row in rows {
            if let Standing::InForce(authorised) = row.standing(trust, now)? {
                active.push(authorised);
            }
        }
        Ok(active)
    }
}

impl Row {
    fn id(&self) -> Result<AuthorisationId, Error> {
        let id = self.authorisation.as_slice().try_into();
        id.map(AuthorisationId::from_bytes).map_err(|_| damaged("its id"))
    }

    fn entry(&self) -> Result<Entry, Error> {
        Ok(Entry {
            id: self.id()?,
            case: self.case_id.parse().map_err(|_| damaged("its case"))?,
            not_after: Timestamp::from_millis(self.not_after),
            added_at: Timestamp::from_millis(self.added_at),
            revoked_at: self.revoked_at.map(Timestamp::from_millis),
        })
    }

    /// The document, if it is still the one with this id.
    fn signed(&self) -> Result<SignedDocument, Error> {
        let signed = SignedDocument::parse(&self.document).map_err(|error| match error {
            // A rule, or an entry of the protected list, that is younger than the document.
            error @ authorisation::Error::Refused(_) => Error::Document(error),
            _ => damaged("its document"),
        })?;
        if signed.document.id() == self.id()? { Ok(signed) } else { Err(damaged("its document")) }
    }

    /// Whether pages may be collected under it at `now`.
    pub(crate) fn standing(&self, trust: &Trust, now: Timestamp) -> Result<Standing, Error> {
        if let Some(at) = self.revoked_at {
            return Ok(revoked(Timestamp::from_millis(at)));
        }
        let signed = match self.signed() {
            Ok(signed) => signed,
            Err(Error::Document(error)) => {
                let first = error.refusals().first().cloned().ok_or_else(|| damaged("its document"))?;
                return Ok(Standing::Refused(first));
            }
            Err(error) => return Err(error),
        };
        Ok(signed.verify(trust, now).map_or_else(Standing::Refused, Standing::InForce))
    }
}

/// The refusal that a revocation is.
pub(crate) fn revoked(at: Timestamp) -> Standing {
    Standing::Refused(Refusal::new(Rule::Revoked, format!("it was revoked on {at}")))
}

fn damaged(what: &'static str) -> Error {
    Error::Damaged { during: "read an authorisation", what }
}
