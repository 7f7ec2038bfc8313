//! Hosts of which nothing more is asked until a person has looked: walls that are never climbed here.

use model::CaseId;
use store::Tx;

use super::Frontier;
use super::rows::Host;
use crate::error::during;
use crate::{Error, Found, Lease};

/// Login walls in a row after which a host is held.
const WALLS: i64 = 3;

/// A page with more links than this is more than a wall.
const WALL_LINKS: usize = 8;

/// What stands in front of a page.
pub(super) enum Wall {
    /// Nothing.
    None,
    /// A login. The page is not asked for again.
    Login,
    /// A test of whether a person is asking. The page comes again once somebody has decided.
    Challenge,
}

impl Frontier {
    /// Looks for a wall in front of a page, and holds the host if there is one that waiting does not take away.
    pub(super) async fn wall(&self, tx: &mut Tx, lease: &Lease, host: &Host, found: &Found) -> Result<Wall, Error> {
        let wall = found.reading.as_ref().and_then(|reading| reading.wall);
        let (wall, walls, held) = match wall {
            Some(page::Wall::Captcha | page::Wall::Waiting) => {
                let held = "it asks for a proof that a person is there (a CAPTCHA, a waiting room or a browser check), which is \
                            never given here";
                (Wall::Challenge, host.walls, Some(held.to_owned()))
            }
            Some(page::Wall::Login) if found.entries.len() <= WALL_LINKS => {
                let walls = host.walls + 1;
                let held =
                    (walls >= WALLS || lease.depth == 0).then(|| format!("{walls} page(s) in a row asked for a login"));
                (Wall::Login, walls, held)
            }
            _ => (Wall::None, 0, None),
        };
        if walls != host.walls {
            let update = sqlx::query("UPDATE frontier_hosts SET walls = ? WHERE host = ?").bind(walls).bind(host.host);
            update.execute(&mut **tx).await.map_err(during("count login walls"))?;
        }
        if let Some(held) = held {
            self.hold(tx, host.host, lease.target.site(), &held).await?;
        }
        Ok(wall)
    }
}

/// Lets the hosts labelled `site` go on that were held, and tries once more the forms of address that were given up;
/// returns how many hosts those are.
///
/// # Errors
/// When the store fails, or no host of that label is known.
pub async fn release(tx: &mut Tx, case: &CaseId, site: &str) -> Result<u64, Error> {
    let failed = during("let a host go on");
    let select = sqlx::query_scalar("SELECT host FROM frontier_hosts WHERE case_id = ? AND site = ?");
    let hosts: Vec<i64> = select.bind(case.as_str()).bind(site).fetch_all(&mut **tx).await.map_err(&failed)?;
    if hosts.is_empty() {
        return Err(Error::UnknownSite);
    }
    let update = "UPDATE accounts SET tries = 0 WHERE case_id = ? AND site = ?";
    sqlx::query(update).bind(case.as_str()).bind(site).execute(&mut **tx).await.map_err(&failed)?;
    let mut released = 0;
    for host in hosts {
        let update = "UPDATE frontier_hosts SET held = NULL, walls = 0 WHERE host = ? AND held IS NOT NULL";
        released += sqlx::query(update).bind(host).execute(&mut **tx).await.map_err(&failed)?.rows_affected();
        let update = "UPDATE frontier_forms SET retired = NULL, asked = 0, gave = 0, recent = 0, pages = 0 WHERE host = ? AND retired IS NOT NULL";
        let forms = sqlx::query(update).bind(host).execute(&mut **tx).await.map_err(&failed)?.rows_affected();
        if forms == 0 {
            continue;
        }
        let update = "UPDATE frontier_pages SET state = 'waiting', reason = 'its form of address is tried once more' \
                      WHERE host = ? AND state = 'retired' AND reason LIKE 'a trap: %'";
        let back = sqlx::query(update).bind(host).execute(&mut **tx).await.map_err(&failed)?.rows_affected();
        let update = "UPDATE frontier_hosts SET waiting = waiting + ?1, retired = retired - ?1, \
                      state = iif(state = 'exhausted' AND ?1 > 0, 'ready', state) WHERE host = ?2";
        let update = sqlx::query(update).bind(i64::try_from(back).unwrap_or(i64::MAX)).bind(host);
        update.execute(&mut **tx).await.map_err(&failed)?;
        released += 1;
    }
    Ok(released)
}
