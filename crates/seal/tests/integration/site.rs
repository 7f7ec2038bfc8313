//! A small site: three supervisors, two of whom open an original.

use ed25519_dalek::SigningKey;
use model::{AuthorisationId, CaptureId, PersonId, Sensitive, Timestamp};
use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;
use seal::{
    Ceremony, Combined, Contribution, Error, GrantHash, Header, Label, Sealed, Sealer, ceremony, combine, make_share,
    open,
};

pub(crate) const GRANT: GrantHash = GrantHash([7; 32]);

pub(crate) struct Site {
    pub(crate) founded: Ceremony,
    pub(crate) sealer: Sealer,
    pub(crate) rng: ChaCha20Rng,
}

pub(crate) fn people(count: u8) -> Vec<(PersonId, SigningKey)> {
    (1..=count).map(|i| (format!("s.member{i}").parse().unwrap(), SigningKey::from_bytes(&[i; 32]))).collect()
}

impl Site {
    pub(crate) fn new(threshold: u16, members: u8) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(2026);
        let founded = ceremony(Timestamp::from_secs(1_795_000_000), threshold, &people(members), &mut rng).unwrap();
        Self { sealer: Sealer::new(&founded.epoch), founded, rng }
    }

    pub(crate) fn label(&self) -> Label {
        let case = "op-harbour-2026".parse().unwrap();
        self.sealer.label(case, AuthorisationId::from_bytes([0xa1; 16]), CaptureId::from_bytes([0xc2; 16]))
    }

    pub(crate) fn seal(&mut self, original: &[u8]) -> Sealed {
        self.sealer.seal(&self.label(), original, &mut self.rng).unwrap()
    }

    pub(crate) fn contribute(&mut self, header: &Header, index: u16) -> Contribution {
        let share = &self.founded.shares[usize::from(index) - 1];
        make_share(&header.verify().unwrap(), share, &GRANT, &mut self.rng).unwrap()
    }

    pub(crate) fn combine(&self, header: &Header, contributions: &[Contribution]) -> Result<Combined, Error> {
        combine(&self.founded.epoch, &header.verify()?, &GRANT, contributions)
    }

    /// The whole way of opening, as two honest supervisors and a requester go it.
    pub(crate) fn open(&mut self, header: &[u8], payload: &[u8], sealed: &Sealed) -> Result<Sensitive<Vec<u8>>, Error> {
        let header = Header::parse(header)?;
        let proven = header.verify()?;
        let mut contributions = Vec::new();
        for share in &self.founded.shares[..2] {
            contributions.push(make_share(&proven, share, &GRANT, &mut self.rng)?);
        }
        let combined = combine(&self.founded.epoch, &proven, &GRANT, &contributions)?;
        open(&header, payload, &combined.key, &sealed.commitments)
    }
}
