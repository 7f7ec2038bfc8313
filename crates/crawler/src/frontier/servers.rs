//! Hosts that are one server: the same host under two authorisations or in two cases, and mirrors. They share one
//! connection and one rest, whoever asks.

use store::Tx;

use super::Frontier;
use super::rows::Host;
use crate::error::during;
use crate::reading::Reading;
use crate::{Error, Lease};

/// Pages in common that make two hosts mirrors of each other.
const MIRRORED_PAGES: i64 = 3;

/// Lets the other names of a server rest with the host that was asked, or as long as they themselves must. Now, the host's own
/// rest, its server and the host itself are bound.
pub(super) const REST_TOGETHER: &str =
    "UPDATE frontier_hosts SET next_at = max(next_at, ? + max(delay_ms, ?)) WHERE server = ? AND host != ?; ";

/// Which server a host is taken for until something else is learnt. Not keyed: two cases, which have different keys, must
/// find that they ask the same host. The hosts themselves stand in the registered authorisations beside it.
pub(super) fn server_of(host: &str) -> Vec<u8> {
    blake3::derive_key("lanthorn 2026-11 frontier: server of a host", host.as_bytes())[..16].to_vec()
}

impl Frontier {
    /// Finds out whether another host of the case shows the same pages; from then on the two are one server.
    pub(super) async fn find_mirror(
        &self,
        tx: &mut Tx,
        lease: &Lease,
        host: &Host,
        reading: &Reading,
    ) -> Result<(), Error> {
        if !reading.says || reading.not_found {
            return Ok(());
        }
        let failed = during("look for a mirror");
        let words = self.0.key.body_hash(&reading.words);
        let select = "SELECT DISTINCT h.host, h.server, h.site FROM frontier_pages p JOIN frontier_hosts h USING (host) \
                      WHERE p.words_hash = ? AND p.host != ? AND h.server IS NOT ? LIMIT 4";
        let select = sqlx::query_as::<_, (i64, Option<Vec<u8>>, String)>(select)
            .bind(words.as_slice())
            .bind(lease.host)
            .bind(&host.server);
        let others = select.fetch_all(&mut **tx).await.map_err(&failed)?;
        for (other, server, site) in others {
            let select = "SELECT count(*) FROM frontier_pages a JOIN frontier_pages b ON b.words_hash = a.words_hash AND b.host = ? \
                          WHERE a.host = ? AND a.words_hash IS NOT NULL";
            let select = sqlx::query_scalar(select).bind(other).bind(lease.host);
            let common: i64 = select.fetch_one(&mut **tx).await.map_err(&failed)?;
            if common + 1 < MIRRORED_PAGES {
                continue;
            }
            let Some(server) = server else { continue };
            let update = "UPDATE frontier_hosts SET server = ?, mirrors = ? WHERE host = ?";
            let update = sqlx::query(update).bind(server).bind(site).bind(lease.host);
            update.execute(&mut **tx).await.map_err(&failed)?;
            return Ok(());
        }
        Ok(())
    }
}
