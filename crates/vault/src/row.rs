//! What the control database says of a capture.

use model::{AuthorisationId, CaptureId, CaseId, EpochId, Timestamp};
use seal::Label;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteExecutor};
use store::Tx;

use crate::Error;
use crate::error::in_table;

/// A sealed capture, as entered. Hashes of ciphertext and salted commitments: nothing of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Which capture.
    pub capture: CaptureId,
    /// In which case.
    pub case: CaseId,
    /// Under which authorisation.
    pub authorisation: AuthorisationId,
    /// Sealed to the keys of which epoch.
    pub epoch: EpochId,
    /// BLAKE3 of the payload file.
    pub payload_hash: [u8; 32],
    /// BLAKE3 of the header file.
    pub header_hash: [u8; 32],
    /// Length of the payload file in bytes.
    pub payload_bytes: u64,
    /// Length of the header file in bytes.
    pub header_bytes: u64,
    /// What the log holds of the original: salted, so that they hide it.
    pub commitments: audit::Commitments,
    /// When it was sealed.
    pub sealed_at: Timestamp,
    /// Whether its header is still there.
    pub state: State,
}

/// Whether a capture's header is still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Header and payload are there.
    Sealed,
    /// The header is being destroyed; a kill may have come in between.
    Erasing,
    /// The header is gone; nobody can read the payload any more.
    Erased,
}

impl State {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Sealed => "sealed",
            Self::Erasing => "erasing",
            Self::Erased => "erased",
        }
    }
}

impl Sealed {
    pub(crate) fn new(label: &Label, sealed: &seal::Sealed, sealed_at: Timestamp) -> Self {
        let commitments = audit::Commitments { blake3: sealed.commitments.blake3, sha256: sealed.commitments.sha256 };
        Self {
            capture: label.capture,
            case: label.case.clone(),
            authorisation: label.authorisation,
            epoch: label.epoch,
            payload_hash: sealed.payload_hash,
            header_hash: sealed.header_hash,
            payload_bytes: sealed.payload.len() as u64,
            header_bytes: sealed.header.len() as u64,
            commitments,
            sealed_at,
            state: State::Sealed,
        }
    }

    /// What the header's label must say.
    pub(crate) fn label(&self) -> Label {
        Label { case: self.case.clone(), authorisation: self.authorisation, capture: self.capture, epoch: self.epoch }
    }

    pub(crate) async fn insert(&self, tx: &mut Tx) -> Result<(), Error> {
        let insert = "INSERT INTO captures (capture, case_id, authorisation, epoch, payload_hash, header_hash, \
                      payload_bytes, header_bytes, commitment_blake3, commitment_sha256, sealed_at, state) \
                      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        sqlx::query(insert)
            .bind(self.capture.as_bytes().as_slice())
            .bind(self.case.as_str())
            .bind(self.authorisation.as_bytes().as_slice())
            .bind(self.epoch.as_bytes().as_slice())
            .bind(self.payload_hash.as_slice())
            .bind(self.header_hash.as_slice())
            .bind(i64::try_from(self.payload_bytes).unwrap_or(i64::MAX))
            .bind(i64::try_from(self.header_bytes).unwrap_or(i64::MAX))
            .bind(self.commitments.blake3.as_slice())
            .bind(self.commitments.sha256.as_slice())
            .bind(self.sealed_at.millis())
            .bind(self.state.word())
            .execute(&mut **tx)
            .await
            .map_err(in_table("enter a capture"))?;
        Ok(())
    }

    pub(crate) async fn find(capture: CaptureId, from: impl SqliteExecutor<'_>) -> Result<Option<Self>, Error> {
        let select = sqlx::query("SELECT * FROM captures WHERE capture = ?").bind(capture.as_bytes().to_vec());
        let row = select.fetch_optional(from).await.map_err(in_table("look for a capture"))?;
        row.map(|row| Self::read(&row)).transpose().map_err(in_table("read a capture's entry"))
    }

    /// The next entries in the order of capture ids, which is that of time.
    pub(crate) async fn after(
        capture: Option<CaptureId>,
        count: u32,
        from: impl SqliteExecutor<'_>,
    ) -> Result<Vec<Self>, Error> {
        let after = capture.map(|capture| capture.as_bytes().to_vec()).unwrap_or_default(); // sorts before any id
        let select = "SELECT * FROM captures WHERE capture > ? ORDER BY capture LIMIT ?";
        let rows =
            sqlx::query(select).bind(after).bind(count).fetch_all(from).await.map_err(in_table("list captures"))?;
        rows.iter().map(Self::read).collect::<Result<_, _>>().map_err(in_table("read a capture's entry"))
    }

    /// Changes the state of an entry from one of `from`; whether it was in one.
    pub(crate) async fn change(capture: CaptureId, from: &[State], to: State, tx: &mut Tx) -> Result<bool, Error> {
        let Some(found) = Self::find(capture, &mut **tx).await? else { return Err(Error::Unknown(capture)) };
        if !from.contains(&found.state) {
            return Ok(false);
        }
        sqlx::query("UPDATE captures SET state = ? WHERE capture = ?")
            .bind(to.word())
            .bind(capture.as_bytes().as_slice())
            .execute(&mut **tx)
            .await
            .map_err(in_table("change a capture's state"))?;
        Ok(true)
    }

    fn read(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        let state: String = row.try_get("state")?;
        let case: String = row.try_get("case_id")?;
        let bytes = |column: &str| row.try_get::<i64, _>(column).map(i64::unsigned_abs);
        Ok(Self {
            capture: CaptureId::from_bytes(fixed(row, "capture")?),
            case: case.parse().map_err(decode)?,
            authorisation: AuthorisationId::from_bytes(fixed(row, "authorisation")?),
            epoch: EpochId::from_bytes(fixed(row, "epoch")?),
            payload_hash: fixed(row, "payload_hash")?,
            header_hash: fixed(row, "header_hash")?,
            payload_bytes: bytes("payload_bytes")?,
            header_bytes: bytes("header_bytes")?,
            commitments: audit::Commitments {
                blake3: fixed(row, "commitment_blake3")?,
                sha256: fixed(row, "commitment_sha256")?,
            },
            sealed_at: Timestamp::from_millis(row.try_get("sealed_at")?),
            state: match state.as_str() {
                "sealed" => State::Sealed,
                "erasing" => State::Erasing,
                "erased" => State::Erased,
                _ => return Err(sqlx::Error::Decode("an unknown state".into())),
            },
        })
    }
}

pub(crate) fn fixed<const N: usize>(row: &SqliteRow, column: &str) -> Result<[u8; N], sqlx::Error> {
    row.try_get::<Vec<u8>, _>(column)?.as_slice().try_into().map_err(decode)
}

fn decode(error: impl std::error::Error + Send + Sync + 'static) -> sqlx::Error {
    sqlx::Error::Decode(Box::new(error))
}
