//! Reading the journal: which rows an auditor asks for, what an outside expert is handed, and what has outlived its time.

use model::{CaptureId, PersonId, Timestamp};
use serde::Serialize;
use sqlx::{QueryBuilder, Sqlite};
use store::Tx;

use crate::error::in_journal;
use crate::journal::Entry;
use crate::record::Leaf;
use crate::{ActKind, Error, Journal};

/// Which rows. An empty one means all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of these kinds; of every kind if there is none.
    pub kinds: Vec<ActKind>,
    /// Of this person. Rows whose record is erased say of nobody.
    pub person: Option<PersonId>,
    /// On this capture. Rows whose record is erased say of none.
    pub capture: Option<CaptureId>,
    /// Not before.
    pub since: Option<Timestamp>,
    /// Not after.
    pub until: Option<Timestamp>,
    /// Behind this row.
    pub after: Option<i64>,
    /// In front of this row.
    pub before: Option<i64>,
}

/// A row with all that opens its leaf: `SHA-256(salt ‖ record)` is the leaf's commitment.
#[derive(Clone, Serialize)]
pub struct Opening {
    /// The index of the log's entry: one less than the journal's number.
    pub entry: i64,
    /// The leaf, as it stands in the log.
    pub leaf: String,
    /// The record's text; none once erased.
    pub record: Option<String>,
    /// The salt, in hexadecimal; none once erased.
    pub salt: Option<String>,
}

type Row = (i64, i64, String, String, Vec<u8>, Option<Vec<u8>>, Option<Vec<u8>>);

impl Journal {
    /// The last `lines` rows, oldest first. Reading the log is an act of its own: note it.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn tail(&self, lines: u32) -> Result<Vec<Entry>, Error> {
        self.read(&Filter::default(), lines).await
    }

    /// The last `lines` rows that fit, oldest first. Reading the log is an act of its own: note it.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn read(&self, filter: &Filter, lines: u32) -> Result<Vec<Entry>, Error> {
        let entry = |(seq, at_secs, kind, part, _, record, _): Row| Entry {
            seq,
            at: Timestamp::from_secs(at_secs),
            kind,
            part,
            record: record.map(|record| text(&record)),
        };
        Ok(self.rows(filter, lines, "DESC").await?.into_iter().rev().map(entry).collect())
    }

    /// The first `lines` rows that fit, each with what opens its leaf. Handing them out is an act of its own: note it.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn openings(&self, filter: &Filter, lines: u32) -> Result<Vec<Opening>, Error> {
        let opening = |(seq, at_secs, kind, part, commitment, record, salt): Row| {
            let commitment = commitment
                .try_into()
                .map_err(|_| in_journal("read a commitment")(sqlx::Error::Decode("it has not 32 bytes".into())))?;
            Ok(Opening {
                entry: seq - 1,
                leaf: Leaf::new(at_secs, &kind, &part, commitment).to_string(),
                record: record.map(|record| text(&record)),
                salt: salt.map(|salt| hex(&salt)),
            })
        };
        self.rows(filter, lines, "ASC").await?.into_iter().map(opening).collect()
    }

    async fn rows(&self, filter: &Filter, lines: u32, order: &str) -> Result<Vec<Row>, Error> {
        let mut select: QueryBuilder<Sqlite> =
            QueryBuilder::new("SELECT seq, at_secs, kind, part, commitment, record, salt FROM journal WHERE seq > ");
        select.push_bind(filter.after.unwrap_or(0));
        if let Some(before) = filter.before {
            select.push(" AND seq < ").push_bind(before);
        }
        if !filter.kinds.is_empty() {
            select.push(" AND kind IN (");
            let mut kinds = select.separated(", ");
            for kind in &filter.kinds {
                kinds.push_bind(kind.as_str());
            }
            select.push(")");
        }
        if let Some(person) = &filter.person {
            select.push(" AND record IS NOT NULL AND json_extract(CAST(record AS TEXT), '$.who') = ");
            select.push_bind(format!("person {person}"));
        }
        if let Some(capture) = filter.capture {
            select.push(" AND capture = ").push_bind(capture.as_bytes().to_vec());
        }
        if let Some(since) = filter.since {
            select.push(" AND at_secs >= ").push_bind(since.millis().div_euclid(1_000));
        }
        if let Some(until) = filter.until {
            select.push(" AND at_secs <= ").push_bind(until.millis().div_euclid(1_000));
        }
        select.push(" ORDER BY seq ").push(order).push(" LIMIT ").push_bind(lines);
        select.build_query_as().fetch_all(self.store().reader()).await.map_err(in_journal("read rows"))
    }

    /// Erases records and salts of kinds that are older than a moment and whose act has ended; their leaves stay, and so does
    /// the log. An intent that is open keeps its record, because its outcome has to repeat it. How many went.
    ///
    /// # Errors
    /// When the rows cannot be written.
    pub async fn expire(&self, tx: &mut Tx, kinds: &[ActKind], before: Timestamp) -> Result<u64, Error> {
        let forget = "UPDATE journal SET record = NULL, salt = NULL, capture = NULL";
        let done = outlived(forget, kinds, before).build().execute(&mut **tx).await;
        Ok(done.map_err(in_journal("erase records"))?.rows_affected())
    }

    /// How many [`expire`](Self::expire) would take.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn expired(&self, kinds: &[ActKind], before: Timestamp) -> Result<u64, Error> {
        let mut count = outlived("SELECT count(*) FROM journal", kinds, before);
        let counted = count.build_query_scalar::<i64>().fetch_one(self.store().reader()).await;
        Ok(counted.map_err(in_journal("count records"))?.unsigned_abs())
    }
}

/// A statement over the records that have outlived their time.
fn outlived(statement: &str, kinds: &[ActKind], before: Timestamp) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new(statement);
    query.push(" WHERE record IS NOT NULL AND at_secs < ").push_bind(before.millis().div_euclid(1_000));
    query.push(" AND (part <> 'intent' OR seq IN (SELECT intent FROM journal WHERE intent IS NOT NULL)) AND kind IN (");
    let mut words = query.separated(", ");
    for kind in kinds {
        words.push_bind(kind.as_str());
    }
    query.push(")");
    query
}

fn text(record: &[u8]) -> String {
    String::from_utf8_lossy(record).into_owned()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
