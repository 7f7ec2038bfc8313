//! The log. Verifying it beside Go's own packages (`tests/go-verifier`) over the same files, in seconds for each million of
//! entries. And what it costs to collect under it: pages sealed, written and entered with their intent and outcome in the
//! journal while the sequencer signs, beside the same pages sealed, written and entered with no log at all.

use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use audit::{Act, ActKind, Actor, Collector, Journal, LogKey, Sequencer};
use ed25519_dalek::SigningKey;
use model::{AuthorisationId, CaptureId, CaseId, Clock, EpochId, Sensitive, Timestamp};
use rand::rngs::OsRng;
use rand::{Rng as _, RngCore as _};
use seal::{EpochPublic, Sealer};
use store::Store;
use vault::Vault;

use crate::watch::{Wall, by_turns};
use crate::{HIGHER, LOWER, Measured, Pair};

const ENTRIES: u64 = 262_144;
const PAGE_BYTES: usize = 30_000;
const PAGES: usize = 200;
/// Pages that are on their way at a time, as in the line.
const AT_ONCE: usize = 8;
const ROUNDS: usize = 5;

pub(crate) fn measure() -> Result<Measured> {
    let runtime = tokio::runtime::Runtime::new()?;
    let mut measured = Measured::default();
    measured.pair("audit verify", verified(&runtime)?);
    measured.pair("collecting under the log", runtime.block_on(collected())?);
    Ok(measured)
}

/// A log of as many entries as the constant says.
async fn filled(folder: &Path) -> Result<PathBuf> {
    let store = Store::open(&folder.join("control.db"), Clock::system()).await?;
    let journal = Journal::new(store.clone());
    for _ in 0..16 {
        let mut tx = store.begin().await?;
        for _ in 0..ENTRIES / 16 {
            journal.note(&mut tx, Act::new(ActKind::Consultation, Actor::Process("serve"))).await?;
        }
        tx.commit().await?;
    }
    let dir = folder.join("log");
    let key = LogKey::generate("bench.example/audit", &mut OsRng)?;
    let checkpoint = Sequencer::open(store, &dir, key).await?.run_once().await?;
    ensure!(checkpoint.size == ENTRIES, "the log has {} entries", checkpoint.size);
    Ok(dir)
}

fn verified(runtime: &tokio::runtime::Runtime) -> Result<Pair> {
    let folder = tempfile::tempdir()?;
    let dir = runtime.block_on(filled(folder.path()))?;
    let go = built(folder.path())?;
    let ours = || assert_eq!(audit::verify(&dir, None).expect("a whole log").entries, ENTRIES);
    let peer = || {
        let checked = Command::new(&go).arg(&dir).arg(dir.join("log.vkey")).output().expect("Go's verifier runs");
        assert!(checked.status.success(), "{checked:?}");
    };
    let (ours, peer) = by_turns(ours, peer);
    let million = |seconds: f64| seconds * 1e6 / ENTRIES as f64;
    Ok(Pair { ours: million(ours), peer: million(peer), unit: "s for 10^6 entries (Go)", better: LOWER })
}

fn built(folder: &Path) -> Result<PathBuf> {
    let (source, program) =
        (Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/go-verifier/main.go"), folder.join("go-verifier"));
    let mut go = Command::new("go");
    go.args(["build", "-o"]).arg(&program).arg(source);
    go.env("GO111MODULE", "off").env("GOPATH", "/usr/share/gocode").env("GOCACHE", folder.join("go-cache"));
    let built = go.env("GOFLAGS", "").output().context("Debian's golang-go")?;
    ensure!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    Ok(program)
}

/// By turns, each in a fresh folder; the medians.
async fn collected() -> Result<Pair> {
    let epoch = epoch()?;
    let mut page = vec![0; PAGE_BYTES];
    OsRng.fill_bytes(&mut page);
    let (mut ours, mut peer) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(under_the_log(&epoch, &page).await?);
        peer.push(without_a_log(&epoch, &page).await?);
    }
    let median = |mut seconds: Vec<f64>| {
        seconds.sort_by(f64::total_cmp);
        PAGES as f64 / seconds[seconds.len() / 2]
    };
    Ok(Pair { ours: median(ours), peer: median(peer), unit: "pages/s (no log)", better: HIGHER })
}

/// One that three supervisors made.
pub(crate) fn epoch() -> Result<EpochPublic> {
    let members: Vec<_> = ["s.maria", "s.jonas", "s.amina"]
        .into_iter()
        .map(|name| Ok((name.parse()?, SigningKey::from_bytes(&OsRng.r#gen()))))
        .collect::<Result<_>>()?;
    Ok(seal::ceremony(Timestamp::from_secs(1_795_000_000), 2, &members, &mut OsRng)?.epoch)
}

fn ids() -> Result<(CaseId, AuthorisationId)> {
    Ok(("op-harbour-2026".parse()?, AuthorisationId::from_bytes([7; 16])))
}

async fn under_the_log(epoch: &EpochPublic, page: &[u8]) -> Result<f64> {
    let folder = tempfile::tempdir()?;
    let store = Store::open(&folder.path().join("control.db"), Clock::system()).await?;
    let journal = Journal::new(store.clone());
    let key = LogKey::generate("bench.example/audit", &mut OsRng)?;
    let sequencer = Sequencer::open(store.clone(), &folder.path().join("log"), key).await?;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let signing = tokio::spawn(async move { sequencer.run(stopped).await });
    let vault = Vault::new(&folder.path().join("vault"), store, Collector::take(journal.clone())?, epoch);
    let (case, authorisation) = ids()?;
    let wall = Wall::begin();
    let one = async |_| -> Result<()> {
        let capture = CaptureId::generate(Clock::system().now(), &mut OsRng);
        let act = Act::new(ActKind::Collection, Actor::Process("crawl")).case(&case).capture(capture);
        let intent = journal.intend_now(act).await?;
        let record = Sensitive::new(page.to_vec());
        let _receipt = vault.collect(intent, case.clone(), authorisation, capture, record).await?;
        Ok(())
    };
    at_once(one).await?;
    let seconds = wall.seconds();
    stop.send(true)?;
    signing.await??;
    Ok(seconds)
}

/// The vault's own steps, written down again without a log: seal, two files synced with their folders, one row committed.
#[derive(Clone)]
pub(crate) struct Unlogged {
    pub(crate) store: Store,
    pub(crate) folder: PathBuf,
    pub(crate) sealer: Arc<Sealer>,
    pub(crate) epoch: EpochId,
}

impl Unlogged {
    pub(crate) async fn keep(
        &self,
        case: CaseId,
        authorisation: AuthorisationId,
        capture: CaptureId,
        page: Sensitive<Vec<u8>>,
    ) -> Result<()> {
        let (sealer, root, epoch) = (Arc::clone(&self.sealer), self.folder.clone(), self.epoch);
        let label = sealer.label(case.clone(), authorisation, capture);
        let sealed = tokio::task::spawn_blocking(move || -> Result<seal::Sealed> {
            let sealed = sealer.seal(&label, page.expose(), &mut OsRng)?;
            for (part, bytes) in [("payloads", &sealed.payload), ("headers", &sealed.header)] {
                put(&root.join(part), capture, bytes)?;
            }
            Ok(sealed)
        });
        let sealed = sealed.await??;
        // As the vault does: with whatever other pages are on their way.
        let entered = self.store.together(move |tx| {
            Box::pin(async move {
                let insert = sqlx::query(
                    "INSERT INTO captures (capture, case_id, authorisation, epoch, payload_hash, header_hash, \
                     payload_bytes, header_bytes, commitment_blake3, commitment_sha256, sealed_at, state) \
                     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 'sealed')",
                )
                .bind(capture.as_bytes().to_vec())
                .bind(case.as_str().to_owned())
                .bind(authorisation.as_bytes().to_vec())
                .bind(epoch.as_bytes().to_vec())
                .bind(sealed.payload_hash.to_vec())
                .bind(sealed.header_hash.to_vec())
                .bind(i64::try_from(sealed.payload.len())?)
                .bind(i64::try_from(sealed.header.len())?)
                .bind(sealed.commitments.blake3.to_vec())
                .bind(sealed.commitments.sha256.to_vec());
                insert.execute(&mut **tx).await?;
                Ok::<_, anyhow::Error>(())
            })
        });
        entered.await?
    }
}

async fn without_a_log(epoch: &EpochPublic, page: &[u8]) -> Result<f64> {
    let folder = tempfile::tempdir()?;
    let store = Store::open(&folder.path().join("control.db"), Clock::system()).await?;
    let (case, authorisation) = ids()?;
    let vault =
        Unlogged { store, folder: folder.path().to_owned(), sealer: Arc::new(Sealer::new(epoch)), epoch: epoch.id() };
    let wall = Wall::begin();
    let one = async |_| {
        let capture = CaptureId::generate(Clock::system().now(), &mut OsRng);
        vault.keep(case.clone(), authorisation, capture, Sensitive::new(page.to_vec())).await
    };
    at_once(one).await?;
    Ok(wall.seconds())
}

async fn at_once(one: impl AsyncFn(usize) -> Result<()>) -> Result<()> {
    use futures_util::{StreamExt as _, TryStreamExt as _};
    futures_util::stream::iter(0..PAGES).map(|number| one(number)).buffer_unordered(AT_ONCE).try_collect().await
}

fn put(part: &Path, capture: CaptureId, bytes: &[u8]) -> Result<()> {
    let name = capture.to_string();
    let folder = part.join(&name[name.len() - 2..]);
    std::fs::create_dir_all(&folder)?;
    let (unfinished, whole) = (folder.join(format!("{name}.new")), folder.join(&name));
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
    std::io::Write::write_all(&mut file, bytes)?;
    file.sync_all()?;
    std::fs::rename(&unfinished, whole)?;
    Ok(std::fs::File::open(folder)?.sync_all()?)
}
