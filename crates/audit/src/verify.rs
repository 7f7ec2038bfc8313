//! The whole log, byte by byte: signature, root, every tile, every entry; and the journal against it.

use std::fs;
use std::path::{Path, PathBuf};

use model::Timestamp;
use sqlx::Row as _;
use store::Store;

use crate::checkpoint::{Checkpoint, MAX_CHECKPOINT_BYTES};
use crate::cosignature::WitnessKey;
use crate::fault::Fault;
use crate::key::LogVerifier;
use crate::log::Log;
use crate::merkle::{Edge, Hash, empty_root, join, leaf_hash};
use crate::news::{encoded, goes_on};
use crate::record::{self, Leaf};
use crate::tile::{Rows, Tile, Tiles, WIDTH};
use crate::witnesses;
use crate::writer::{CHECKPOINT, UNFINISHED, VERIFIER};

/// What a verification that found nothing wrong looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The log's name.
    pub origin: String,
    /// Entries, every one of them hashed anew.
    pub entries: u64,
    /// The signed root.
    pub root: Hash,
    /// The key was read from the log's own folder: that shows damage, but not a log that was replaced as a whole.
    pub key_from_log: bool,
    /// Who has cosigned which earlier state of it: each of those is a beginning of this one.
    pub witnesses: Vec<Witness>,
    /// What the journal added, if it was looked at.
    pub journal: Option<JournalReport>,
}

/// A witness's word for a state of the log, checked with the key that lies beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The witness's key: to be compared with the one that was kept outside.
    pub key: WitnessKey,
    /// How many entries the log had.
    pub entries: u64,
    /// When the witness says that it signed.
    pub at: Timestamp,
}

/// What the journal adds to a verification.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JournalReport {
    /// Rows whose record and salt open their leaf.
    pub opened: u64,
    /// Rows whose record has been erased.
    pub erased: u64,
    /// Rows that no checkpoint covers yet.
    pub unsigned: u64,
    /// Intents without an outcome.
    pub open_intents: u64,
}

/// Verifies a log folder, with the trusted key (`origin+id+key`) or, weaker, with the one that lies in it.
///
/// # Errors
/// The first fault, with the first entry that it touches.
pub fn verify(dir: &Path, vkey: Option<&str>) -> Result<Report, Fault> {
    let Opened { checkpoint, .. } = read_checkpoint(dir, vkey)?;
    let size = checkpoint.size;
    let tiles = Tiles::new(dir, size);

    // Bottom up: bundles against the tiles above them, each level against the next, the right edges against the root.
    for number in 0..size.div_ceil(WIDTH) {
        bundle(&tiles, size, number)?;
    }
    let mut level = 0;
    let mut roots: Vec<Hash> = Vec::new();
    while Rows::Hashes(level).count(size) > 0 {
        let (rows, above) = (Rows::Hashes(level), Rows::Hashes(level + 1));
        let mut upper: Option<(u64, Vec<Hash>)> = None;
        for number in 0..rows.count(size) / WIDTH {
            let tile = Tile { rows, number, width: WIDTH };
            let root = Edge::of(&tiles.hashes(&tile)?).root();
            let upper_number = number / WIDTH;
            if upper.as_ref().is_none_or(|(held, _)| *held != upper_number) {
                let tile = above.tile(upper_number, size).ok_or_else(|| Fault::new("the tree has no top"))?;
                upper = Some((upper_number, tiles.hashes(&tile)?));
            }
            let expected = upper.as_ref().and_then(|(_, hashes)| hashes.get((number % WIDTH) as usize));
            if expected != Some(&root) {
                let first = number * WIDTH * rows.span();
                let fault = format!("{} and the tile above it do not fit each other", tile.path().display());
                return Err(Fault::at(first, fault));
            }
        }
        if let Some(edge) = rows.tile(rows.count(size) / WIDTH, size) {
            roots.splice(0..0, Edge::of(&tiles.hashes(&edge)?).into_roots());
        }
        level += 1;
    }
    let root = if size == 0 { empty_root() } else { join(&roots) };
    if root != checkpoint.root {
        return Err(Fault::new("the tiles fit each other, but do not lead to the signed root"));
    }
    leftovers(dir, &tiles, size)?;
    let witnesses = witnesses(dir, vkey)?;
    let key_from_log = vkey.is_none();
    Ok(Report { origin: checkpoint.origin, entries: size, root, key_from_log, witnesses, journal: None })
}

/// Verifies a log folder and the journal it was made from: that no signed row is missing, and that each row's record
/// and salt, where not erased, open its leaf.
///
/// This is what notices a database that lost its last transactions, whatever the reason: the log remembers them.
///
/// # Errors
/// The first fault, with the first entry that it touches.
pub async fn verify_with_store(dir: &Path, vkey: Option<&str>, store: &Store) -> Result<Report, Fault> {
    // Before the checkpoint is read: a log that is signed meanwhile has more than this says, and one that was set back less.
    let signed = signed(store).await?;
    let (folder, key) = (dir.to_owned(), vkey.map(str::to_owned));
    let verified = tokio::task::spawn_blocking(move || verify(&folder, key.as_deref())).await;
    let mut report = verified.map_err(|stopped| Fault::new(format!("the verification stopped ({stopped})")))??;
    report.journal = Some(journal(&Tiles::new(dir, report.entries), report.entries, signed, store).await?);
    Ok(report)
}

/// A checkpoint whose signature has been verified, and the note that it was read from.
pub(crate) struct Opened {
    pub(crate) checkpoint: Checkpoint,
    pub(crate) note: String,
}

pub(crate) fn read_checkpoint(dir: &Path, vkey: Option<&str>) -> Result<Opened, Fault> {
    let vkey = verifier(dir, vkey)?;
    let verifier = LogVerifier::parse(&vkey).map_err(|_| Fault::new("the log's public key is malformed"))?;
    let note = read_text(dir, CHECKPOINT)?;
    let checkpoint = Checkpoint::open(note.as_bytes(), &verifier).map_err(|bad| Fault::new(bad.to_string()))?;
    Ok(Opened { checkpoint, note })
}

/// Every cosigned checkpoint beside the log: signed by its key, cosigned by the witness, and a beginning of what stands.
fn witnesses(dir: &Path, vkey: Option<&str>) -> Result<Vec<Witness>, Fault> {
    let folder = dir.join(witnesses::FOLDER);
    let unreadable = |error: std::io::Error| Fault::new(format!("the folder of witnesses cannot be read ({error})"));
    let listed = match fs::read_dir(&folder) {
        Err(absent) if absent.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        listed => listed.map_err(unreadable)?,
    };
    let verifier =
        LogVerifier::parse(&verifier(dir, vkey)?).map_err(|_| Fault::new("the log's public key is malformed"))?;
    let mut log = Log::open(dir, vkey)?;
    let mut found = Vec::new();
    for entry in listed {
        let (own, name) = entry.map(|entry| (entry.path(), entry.file_name())).map_err(unreadable)?;
        let bad = |why: &str| Fault::new(format!("the witness {}: {why}", name.display()));
        let text = read_text(&own, witnesses::KEY)?;
        let key = WitnessKey::parse(text.trim_end_matches('\n')).map_err(|_| bad("its key is malformed"))?;
        let note = read_text(&own, CHECKPOINT)?;
        let cosigned = Checkpoint::open(note.as_bytes(), &verifier).map_err(|why| bad(&why.to_string()))?;
        let cosignature = key.cosignature(&note, &cosigned).ok_or_else(|| bad("its cosignature does not hold"))?;
        let proof =
            if cosigned.size > log.checkpoint().size { Vec::new() } else { log.consistency_proof(cosigned.size)? };
        goes_on(Some(&cosigned), log.checkpoint(), &encoded(&proof)).map_err(|fork| bad(&fork.sentence))?;
        found.push(Witness { key, entries: cosigned.size, at: cosignature.at });
    }
    found.sort_by(|a, b| a.key.name().cmp(b.key.name()));
    Ok(found)
}

fn verifier(dir: &Path, vkey: Option<&str>) -> Result<String, Fault> {
    match vkey {
        Some(vkey) => Ok(vkey.to_owned()),
        None => {
            let text = read_text(dir, VERIFIER)?;
            Ok(text.strip_suffix('\n').ok_or_else(|| Fault::new("log.vkey does not end in one line feed"))?.to_owned())
        }
    }
}

fn read_text(dir: &Path, name: &str) -> Result<String, Fault> {
    let path = dir.join(name);
    let length = path.metadata().map_err(|error| Fault::new(format!("{name} cannot be read ({error})")))?.len();
    if length > MAX_CHECKPOINT_BYTES as u64 {
        return Err(Fault::new(format!("{name} is longer than {MAX_CHECKPOINT_BYTES} bytes")));
    }
    fs::read_to_string(path).map_err(|error| Fault::new(format!("{name} cannot be read ({error})")))
}

/// One bundle of entries against its tile of hashes.
fn bundle(tiles: &Tiles, size: u64, number: u64) -> Result<(), Fault> {
    let beyond = || Fault::new("the log ends before its size");
    let hashes = tiles.hashes(&Rows::Hashes(0).tile(number, size).ok_or_else(beyond)?)?;
    let tile = Rows::Entries.tile(number, size).ok_or_else(beyond)?;
    let entries = tiles.entries(&tile)?;
    for ((entry, hash), index) in entries.iter().zip(&hashes).zip(number * WIDTH..) {
        if leaf_hash(entry) != *hash {
            let fault = format!("{} does not hold the entry that the tree has there", tile.path().display());
            return Err(Fault::at(index, fault));
        }
        if Leaf::parse(entry).is_none() {
            return Err(Fault::at(index, "it is in the tree, but is no entry of version 1"));
        }
    }
    Ok(())
}

/// Every other file below `tile/`: older partial tiles must be beginnings of what stands now; nothing else belongs.
fn leftovers(dir: &Path, tiles: &Tiles, size: u64) -> Result<(), Fault> {
    let unreadable = |error: std::io::Error| Fault::new(format!("the folder of tiles cannot be listed ({error})"));
    let mut folders = vec![PathBuf::from("tile")];
    while let Some(folder) = folders.pop() {
        let listed = match fs::read_dir(dir.join(&folder)) {
            Ok(listed) => listed,
            Err(_) if size == 0 && folder == Path::new("tile") => return Ok(()),
            Err(error) => return Err(unreadable(error)),
        };
        for entry in listed {
            let entry = entry.map_err(unreadable)?;
            let path = folder.join(entry.file_name());
            if entry.file_type().map_err(unreadable)?.is_dir() {
                folders.push(path);
            } else if path.extension().is_none_or(|extension| extension != UNFINISHED) {
                leftover(tiles, size, &path)?;
            }
        }
    }
    Ok(())
}

fn leftover(tiles: &Tiles, size: u64, path: &Path) -> Result<(), Fault> {
    let tile = parse_path(path).ok_or_else(|| Fault::new(format!("{} does not belong in a log", path.display())))?;
    let Some(now) = tile.rows.tile(tile.number, size) else { return Ok(()) }; // ahead of the checkpoint: not signed yet
    if tile.width >= now.width {
        return Ok(()); // the tile itself, which has been verified, or ahead of the checkpoint
    }
    let (older, newer) = (tiles.bytes(&tile)?, tiles.bytes(&now)?);
    if newer.starts_with(&older) && Tiles::is_whole(&tile, &older) {
        return Ok(());
    }
    let first = tile.number * WIDTH * tile.rows.span();
    Err(Fault::at(first, format!("{} is not the beginning of the tile that replaced it", path.display())))
}

/// Reads exactly the paths that [`Tile::path`] makes.
fn parse_path(path: &Path) -> Option<Tile> {
    let mut parts = path.iter().map(|part| part.to_str()).skip(1).collect::<Option<Vec<&str>>>()?;
    let rows = match *parts.first()? {
        "entries" => Rows::Entries,
        level => Rows::Hashes(level.parse().ok().filter(|level| *level < 64 / 8)?),
    };
    let mut width = WIDTH;
    if parts.len() >= 3 && parts[parts.len() - 2].ends_with(".p") {
        width = parts.pop()?.parse().ok().filter(|width| (1..WIDTH).contains(width))?;
    }
    let mut number = 0u64;
    for part in &parts[1..] {
        let digits = part.strip_suffix(".p").unwrap_or(part);
        let digits: u64 = digits.strip_prefix('x').unwrap_or(digits).parse().ok()?;
        number = number.checked_mul(1000)?.checked_add(digits)?;
    }
    let tile = Tile { rows, number, width };
    (tile.path() == path).then_some(tile)
}

fn unreadable(error: sqlx::Error) -> Fault {
    Fault::new(format!("the journal cannot be read ({error})"))
}

/// How many entries the database knows to have been signed: written after the checkpoint that signs them.
async fn signed(store: &Store) -> Result<u64, Fault> {
    let signed = sqlx::query_scalar("SELECT size FROM journal_signed").fetch_optional(store.reader());
    let signed: Option<i64> = signed.await.map_err(unreadable)?;
    Ok(signed.unwrap_or_default().unsigned_abs())
}

/// The journal's rows against the entries.
async fn journal(tiles: &Tiles, size: u64, signed: u64, store: &Store) -> Result<JournalReport, Fault> {
    use futures_util::TryStreamExt as _;

    let mut connection = store.reader().acquire().await.map_err(unreadable)?;
    if signed > size {
        return Err(Fault::at(size, format!("the checkpoint covers {size} entries, but {signed} had been signed")));
    }

    let mut report = JournalReport::default();
    let mut bundle: Vec<Vec<u8>> = Vec::new();
    let mut expected = 0u64;
    let select = "SELECT seq, at_secs, kind, part, commitment, record, salt, intent, outcome FROM journal ORDER BY seq";
    let mut rows = sqlx::query(select).fetch(&mut *connection);
    while let Some(row) = rows.try_next().await.map_err(unreadable)? {
        expected += 1;
        let index = expected - 1;
        let row = JournalRow::read(&row).map_err(unreadable)?;
        if row.seq != expected {
            return Err(Fault::at(index, format!("the journal's row {expected} is missing")));
        }
        if index < size {
            if index.is_multiple_of(WIDTH) {
                let tile = Rows::Entries
                    .tile(index / WIDTH, size)
                    .ok_or_else(|| Fault::new("the log ends before its size"))?;
                bundle = tiles.entries(&tile)?;
            }
            if bundle.get((index % WIDTH) as usize) != Some(&row.leaf()) {
                return Err(Fault::at(index, format!("the journal's row {expected} is not the one that was signed")));
            }
        } else {
            report.unsigned += 1;
        }
        match row.opens() {
            Some(true) => report.opened += 1,
            Some(false) => {
                return Err(Fault::at(
                    index,
                    format!("record and salt of the journal's row {expected} do not open its leaf"),
                ));
            }
            None => report.erased += 1,
        }
    }
    drop(rows);
    if expected < size {
        let fault = format!("the journal ends at row {expected}, but {size} were signed: rows were lost");
        return Err(Fault::at(expected, fault));
    }
    let open = "SELECT count(*) FROM journal AS i WHERE part = 'intent' \
                AND NOT EXISTS (SELECT 1 FROM journal AS o WHERE o.intent = i.seq)";
    let open: i64 = sqlx::query_scalar(open).fetch_one(&mut *connection).await.map_err(unreadable)?;
    report.open_intents = open.unsigned_abs();
    Ok(report)
}

struct JournalRow {
    seq: u64,
    leaf: Leaf,
    /// What the record must say as the columns do.
    columns: [(&'static str, Option<String>); 4],
    opening: Option<(Vec<u8>, Vec<u8>)>,
}

impl JournalRow {
    fn read(row: &sqlx::sqlite::SqliteRow) -> Result<Self, sqlx::Error> {
        let seq: i64 = row.try_get("seq")?;
        let (kind, part): (String, String) = (row.try_get("kind")?, row.try_get("part")?);
        let commitment: Vec<u8> = row.try_get("commitment")?;
        let commitment = commitment.as_slice().try_into().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
        let (record, salt): (Option<Vec<u8>>, Option<Vec<u8>>) = (row.try_get("record")?, row.try_get("salt")?);
        let intent: Option<i64> = row.try_get("intent")?;
        Ok(Self {
            seq: seq.unsigned_abs(),
            leaf: Leaf::new(row.try_get("at_secs")?, &kind, &part, commitment),
            columns: [
                ("act", Some(kind)),
                ("part", Some(part)),
                ("intent", intent.map(|seq| seq.to_string())),
                ("outcome", row.try_get("outcome")?),
            ],
            opening: record.zip(salt),
        })
    }

    fn leaf(&self) -> Vec<u8> {
        self.leaf.to_string().into_bytes()
    }

    /// Whether record and salt open the leaf and say what the columns say; `None` when they have been erased.
    fn opens(&self) -> Option<bool> {
        let (record, salt) = self.opening.as_ref()?;
        let fields: std::collections::BTreeMap<String, String> = serde_json::from_slice(record).unwrap_or_default();
        let agrees = self.columns.iter().all(|(name, value)| fields.get(*name) == value.as_ref());
        Some(agrees && record::commit(salt, record) == self.leaf.commitment)
    }
}
