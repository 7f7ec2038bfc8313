//! A drill: the whole of giving a share, on a document that nobody wrote.

use model::{AuthorisationId, CaptureId, CaseId, Timestamp};
use seal::{EpochPublic, GrantHash, Header, Sealer, make_share, verify_share};

use crate::{Error, KeyFolder, Unlocked};

/// The case that a drill's document says it belongs to: none that anybody works on.
const CASE: &str = "drill";

/// Seals a document of no content to the epoch, makes this folder's share of it and checks the share as a requester's client
/// would. Nothing leaves the machine.
///
/// # Errors
/// When there is no share of this epoch, the passphrase does not fit it, or the share does not hold.
pub fn drill(
    folder: &KeyFolder,
    unlocked: &Unlocked,
    epoch: &EpochPublic,
    now: Timestamp,
    rng: &mut (impl rand::CryptoRng + rand::RngCore),
) -> Result<(), Error> {
    let case: CaseId = CASE.parse().map_err(|_| Error::Malformed { what: "the drill's case" })?;
    let sealer = Sealer::new(epoch);
    let label = sealer.label(case, AuthorisationId::from_bytes([0; 16]), CaptureId::generate(now, rng));
    let sealed = sealer.seal(&label, b"a drill", rng)?;
    let header = Header::parse(&sealed.header)?;
    let proven = header.verify()?;
    let mut grant = GrantHash([0; 32]);
    rng.fill_bytes(&mut grant.0);
    let share = folder.share(epoch, unlocked)?;
    let made = make_share(&proven, &share, &grant, rng)?;
    verify_share(epoch, &proven, &grant, &made.share).map_err(|_| Error::DrillFailed)
}

#[cfg(test)]
mod tests {
    use rand::rngs::OsRng;

    use super::*;
    use crate::WorkFactor;

    #[test]
    fn a_drill_passes_with_ones_own_share_and_with_no_other() {
        let home = tempfile::tempdir().unwrap();
        let now = Timestamp::from_secs(1_795_000_000);
        let made = ["s.maria", "s.jonas"].map(|person| {
            let person = person.parse().unwrap();
            let path = home.path().join(format!("{person}"));
            let folder =
                KeyFolder::create(&path, &person, "a horn lantern", WorkFactor::for_tests(), &mut OsRng).unwrap();
            let unlocked = folder.unlock("a horn lantern").unwrap();
            (folder, unlocked)
        });
        let members: Vec<_> =
            made.iter().map(|(_, unlocked)| (unlocked.person().clone(), unlocked.signing_key().clone())).collect();
        let [first, second] = [1, 2].map(|_| seal::ceremony(now, 2, &members, &mut OsRng).unwrap());
        let (folder, unlocked) = &made[0];
        assert!(drill(folder, unlocked, &first.epoch, now, &mut OsRng).is_err(), "no share yet");
        folder.keep_share(&first.shares[0], &first.epoch.fingerprint(), unlocked, WorkFactor::for_tests()).unwrap();
        drill(folder, unlocked, &first.epoch, now, &mut OsRng).unwrap();
        // A share of another epoch under this one's name, and somebody else's share.
        let file = |epoch: &EpochPublic| home.path().join("s.maria").join(format!("share-{}.age", epoch.id()));
        std::fs::copy(file(&first.epoch), file(&second.epoch)).unwrap();
        assert!(drill(folder, unlocked, &second.epoch, now, &mut OsRng).is_err());
        let mut damaged = std::fs::read(file(&first.epoch)).unwrap();
        let last = damaged.len() - 1;
        damaged[last] ^= 1;
        std::fs::write(file(&first.epoch), damaged).unwrap();
        assert!(drill(folder, unlocked, &first.epoch, now, &mut OsRng).is_err());
    }
}
