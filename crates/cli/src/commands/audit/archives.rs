//! Time stamps over the archives of packs: `DIGEST-A.tsq`, the query, on the disk before it is sent, and `DIGEST-A.tsr`, the reply.
//!
//! A pack that leaves while an authority is silent leaves without its token; the query waits here, and `audit stamp` sends it until
//! it is answered. The token proves the same archive that is in the pack: whoever has that can be handed the file later.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use evidence::ArchiveStamp;
use model::Kind;
use rand::rngs::OsRng;
use timestamp::{Query, Stamp};

use super::stamping::name;
use crate::commands::epoch::replace;
use crate::failure::failure;
use crate::network::Stamping;
use crate::site::failed;

/// How often an authority is asked while somebody waits for a pack, and the pause before the second time, which doubles.
const TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_secs(1);

/// A query, and where its reply will lie.
pub(crate) struct Waiting {
    path: PathBuf,
    authority: String,
    query: Query,
}

impl Waiting {
    /// Writes a query about a WARC file down.
    pub(crate) fn begin(folder: &Path, url: &str, digest: [u8; 32]) -> anyhow::Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("failed to make {}", folder.display()))?;
        let (query, authority) = (Query::new(digest, &mut OsRng), name(url));
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let path = folder.join(format!("{hex}-{authority}.tsq"));
        replace(&path, &query.to_der())?;
        Ok(Self { path, authority, query })
    }

    pub(crate) fn authority(&self) -> &str {
        &self.authority
    }

    pub(crate) fn digest(&self) -> String {
        self.query.digest().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub(crate) fn reply_file(&self) -> PathBuf {
        self.path.with_extension("tsr")
    }

    /// Asks once; a good reply is kept.
    pub(crate) async fn send(&self, way: &Stamping, url: &str) -> anyhow::Result<Stamp> {
        let reply = way.ask(url, self.query.to_der()).await.map_err(|why| failure(Kind::Unavailable, why))?;
        let stamp = self.query.read(&reply).map_err(failed)?;
        replace(&self.reply_file(), &reply)?;
        Ok(stamp)
    }

    /// Asks a few times, and gives what a pack carries of it.
    pub(crate) async fn insist(&self, way: &Stamping, url: &str) -> anyhow::Result<ArchiveStamp> {
        let mut pause = PAUSE;
        let mut tried = 1;
        while let Err(why) = self.send(way, url).await {
            if tried == TRIES {
                return Err(why);
            }
            tried += 1;
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        let reply = fs::read(self.reply_file()).context("failed to read the reply of an authority")?;
        Ok(ArchiveStamp { authority: self.authority.clone(), query: self.query.to_der(), reply })
    }
}

/// Queries without a reply, in the order of their names.
pub(crate) fn waiting(folder: &Path) -> anyhow::Result<Vec<Waiting>> {
    let Ok(files) = fs::read_dir(folder) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for file in files {
        let path = file.context("failed to read the time stamps of archives")?.path();
        let authority = path.file_name().and_then(|file| Some(file.to_str()?.strip_suffix(".tsq")?.split_once('-')?.1));
        let Some(authority) = authority.map(str::to_owned) else { continue };
        if !path.with_extension("tsr").exists() {
            let query = Query::from_der(&fs::read(&path).context("failed to read a query")?).map_err(failed)?;
            found.push(Waiting { path, authority, query });
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}
