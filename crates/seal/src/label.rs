//! The label of a sealed original: which case, authorisation, capture and epoch it belongs to.

use minicbor::Encoder;
use model::{AuthorisationId, CaptureId, CaseId, EpochId};

use crate::Error;
use crate::cbor::{Reader, VECTOR, same};

const WHAT: &str = "label";
const VERSION: u64 = 1;

/// What a supervisor is shown, taken from the ciphertext and covered by its proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The case.
    pub case: CaseId,
    /// The authorisation under which it was fetched.
    pub authorisation: AuthorisationId,
    /// The fetch attempt.
    pub capture: CaptureId,
    /// The epoch whose keys it is sealed to.
    pub epoch: EpochId,
}

impl Label {
    /// The one form: CBOR with the keys 0 to 4.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(112);
        let mut out = Encoder::new(&mut bytes);
        out.map(5)
            .and_then(|out| out.u8(0)?.u64(VERSION))
            .and_then(|out| out.u8(1)?.str(self.case.as_str()))
            .and_then(|out| out.u8(2)?.bytes(self.authorisation.as_bytes()))
            .and_then(|out| out.u8(3)?.bytes(self.capture.as_bytes()))
            .and_then(|out| out.u8(4)?.bytes(self.epoch.as_bytes()))
            .expect(VECTOR);
        bytes
    }

    /// Reads the one form.
    ///
    /// # Errors
    /// If the bytes are anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let mut input = Reader::new(bytes, WHAT);
        input.versioned_map(5, VERSION)?;
        let case = input.key(1)?.text()?.parse().map_err(|_| input.error("its case is no case id"))?;
        let label = Self {
            case,
            authorisation: AuthorisationId::from_bytes(input.key(2)?.fixed()?),
            capture: CaptureId::from_bytes(input.key(3)?.fixed()?),
            epoch: EpochId::from_bytes(input.key(4)?.fixed()?),
        };
        same(&label.to_bytes(), bytes, WHAT)?;
        Ok(label)
    }
}

#[cfg(test)]
pub(crate) fn example() -> Label {
    Label {
        case: "op-harbour-2026".parse().unwrap(),
        authorisation: AuthorisationId::from_bytes([0xa1; 16]),
        capture: CaptureId::from_bytes([0xc2; 16]),
        epoch: EpochId::from_bytes([0xe3; 16]),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_form_is_the_written_one() {
        let expected = [
            &[0xa5, 0x00, 0x01, 0x01, 0x6f][..],
            b"op-harbour-2026",
            &[0x02, 0x50],
            &[0xa1; 16],
            &[0x03, 0x50],
            &[0xc2; 16],
            &[0x04, 0x50],
            &[0xe3; 16],
        ]
        .concat();
        assert_eq!(example().to_bytes(), expected);
        assert_eq!(Label::from_bytes(&expected), Ok(example()));
    }

    #[test]
    fn another_version_is_named() {
        let mut bytes = example().to_bytes();
        bytes[2] = 2;
        assert_eq!(Label::from_bytes(&bytes), Err(Error::Version { what: "label", found: 2, known: 1 }));
    }

    proptest! {
        #[test]
        fn only_the_one_form_reads(bytes in proptest::collection::vec(any::<u8>(), 0..120), at in 0..90usize, flip in 1..=255u8) {
            prop_assert!(Label::from_bytes(&bytes).is_err());
            let mut near = example().to_bytes();
            let place = at % near.len();
            near[place] ^= flip;
            if let Ok(read) = Label::from_bytes(&near) {
                prop_assert_ne!(read.clone(), example());
                prop_assert_eq!(read.to_bytes(), near);
            }
        }
    }
}
