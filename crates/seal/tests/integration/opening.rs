//! Who can open what: shares, blame, binding to label, grant and epoch.

use crate::site::{GRANT, Site};
use proptest::prelude::*;
use seal::{
    Blame, Contribution, DecryptionShare, Error, Fault, GrantHash, Header, MlKemSecret, combine, make_share, open,
    verify_share,
};

fn blamed(index: u16, fault: Fault) -> Vec<Blame> {
    vec![Blame { index, fault }]
}

#[test]
fn every_pair_of_three_opens_and_every_three_of_five() {
    for (threshold, members, quorums) in
        [(2, 3, vec![vec![1, 2], vec![1, 3], vec![3, 2], vec![1, 2, 3]]), (3, 5, vec![vec![5, 1, 4], vec![2, 3, 4]])]
    {
        let mut site = Site::new(threshold, members);
        let sealed = site.seal(b"an original");
        let header = Header::parse(&sealed.header).unwrap();
        for quorum in quorums {
            let contributions: Vec<_> = quorum.iter().map(|index| site.contribute(&header, *index)).collect();
            let combined = site.combine(&header, &contributions).unwrap();
            assert_eq!(combined.blamed, []);
            let original = open(&header, &sealed.payload, &combined.key, &sealed.commitments).unwrap();
            assert_eq!(original.expose(), b"an original");
        }
    }
}

#[test]
fn one_share_or_one_share_twice_opens_nothing() {
    let mut site = Site::new(2, 3);
    let header = Header::parse(&site.seal(b"an original").header).unwrap();
    let one = site.contribute(&header, 1);
    for contributions in [vec![], vec![one.clone()], vec![one.clone(), one.clone()]] {
        let good = contributions.len().min(1);
        let refused = site.combine(&header, &contributions).unwrap_err();
        assert_eq!(refused, Error::NotEnoughShares { good, needed: 2, blamed: vec![] });
    }
}

#[test]
fn every_flipped_bit_of_a_share_is_refused_and_blamed_on_its_supervisor() {
    let mut site = Site::new(2, 3);
    let header = Header::parse(&site.seal(b"an original").header).unwrap();
    let honest = site.contribute(&header, 3);
    let bytes = honest.share.to_bytes();
    let (mut malformed, mut refused) = (0, 0);
    for bit in 24..bytes.len() * 8 {
        let mut changed = bytes;
        changed[bit / 8] ^= 1 << (bit % 8);
        match DecryptionShare::from_bytes(&changed) {
            Err(Error::Malformed { .. }) => malformed += 1,
            Ok(share) => {
                let proven = header.verify().unwrap();
                let blame = verify_share(&site.founded.epoch, &proven, &GRANT, &share).unwrap_err();
                assert_eq!(blame, Blame { index: 3, fault: Fault::BadProof });
                refused += 1;
            }
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!((malformed + refused, malformed > 0, refused > 700), (96 * 8, true, true));
}

#[test]
fn a_share_from_another_key_another_supervisor_or_another_grant_is_blamed() {
    let mut site = Site::new(2, 3);
    let header = Header::parse(&site.seal(b"an original").header).unwrap();
    let (one, two) = (site.contribute(&header, 1), site.contribute(&header, 2));
    // Supervisor 1's share with supervisor 3's name on it.
    let mut relabelled = one.share.to_bytes();
    relabelled[2] = 3;
    let relabelled =
        Contribution { share: DecryptionShare::from_bytes(&relabelled).unwrap(), secret: one.secret.clone() };
    let mut nobody = one.share.to_bytes();
    nobody[2] = 9;
    let nobody = Contribution { share: DecryptionShare::from_bytes(&nobody).unwrap(), secret: one.secret.clone() };
    let (proven, third) = (header.verify().unwrap(), &site.founded.shares[2]);
    let other_grant = make_share(&proven, third, &GrantHash([8; 32]), &mut site.rng).unwrap();
    for (bad, index, fault) in
        [(relabelled, 3, Fault::BadProof), (nobody, 9, Fault::NotInRoster), (other_grant, 3, Fault::BadProof)]
    {
        let refused = site.combine(&header, &[one.clone(), bad.clone()]).unwrap_err();
        assert_eq!(refused, Error::NotEnoughShares { good: 1, needed: 2, blamed: blamed(index, fault) });
        // With enough others the original opens, and the blame is told all the same.
        let combined = site.combine(&header, &[bad, one.clone(), two.clone()]).unwrap();
        assert_eq!(combined.blamed, blamed(index, fault));
    }
}

#[test]
fn a_share_for_one_header_is_nothing_for_another() {
    let mut site = Site::new(2, 3);
    let header = Header::parse(&site.seal(b"an original").header).unwrap();
    let other = Header::parse(&site.seal(b"an original").header).unwrap();
    let share = site.contribute(&header, 1).share;
    let blame = verify_share(&site.founded.epoch, &other.verify().unwrap(), &GRANT, &share).unwrap_err();
    assert_eq!(blame.fault, Fault::BadProof);
}

#[test]
fn a_wrong_ml_kem_secret_is_blamed_and_without_the_right_one_nothing_opens() {
    let mut site = Site::new(2, 3);
    let header = Header::parse(&site.seal(b"an original").header).unwrap();
    let (one, mut two) = (site.contribute(&header, 1), site.contribute(&header, 2));
    two.secret = MlKemSecret::from_bytes([0; 32]);
    let combined = site.combine(&header, &[one.clone(), two.clone()]).unwrap();
    assert_eq!(combined.blamed, blamed(2, Fault::WrongSecret));
    let none = Contribution { secret: two.secret.clone(), ..one };
    assert_eq!(site.combine(&header, &[none, two]).unwrap_err(), Error::NoSecretFits);
}

#[test]
fn keys_of_another_epoch_are_refused_before_anything_is_made() {
    let mut site = Site::new(2, 3);
    let sealed = site.seal(b"an original");
    let header = Header::parse(&sealed.header).unwrap();
    let other = Site::new(3, 5);
    let proven = header.verify().unwrap();
    let share = &other.founded.shares[0];
    assert_eq!(make_share(&proven, share, &GRANT, &mut site.rng).unwrap_err(), Error::OtherEpoch);
    assert_eq!(combine(&other.founded.epoch, &proven, &GRANT, &[]).unwrap_err(), Error::OtherEpoch);
    assert_eq!(other.sealer.seal(&site.label(), b"an original", &mut site.rng).unwrap_err(), Error::OtherEpoch);
}

#[test]
fn another_original_s_payload_or_commitments_are_refused() {
    let mut site = Site::new(2, 3);
    let (one, two) = (site.seal(b"one original"), site.seal(b"another one"));
    assert_eq!(site.open(&one.header, &two.payload, &one).unwrap_err(), Error::Altered);
    assert_eq!(site.open(&one.header, &one.payload, &two).unwrap_err(), Error::OtherOriginal);
    assert_eq!(site.open(&one.header, &one.payload, &one).unwrap().expose(), b"one original");
}

#[test]
fn nothing_that_prints_shows_a_secret() {
    let mut site = Site::new(2, 3);
    let sealed = site.seal(b"an original");
    let header = Header::parse(&sealed.header).unwrap();
    let contributions = [site.contribute(&header, 1), site.contribute(&header, 2)];
    let combined = site.combine(&header, &contributions).unwrap();
    let printed = format!("{sealed:?} {header:?} {contributions:?} {combined:?} {:?} {:?}", site.sealer, site.founded);
    // A secret would show as a list of bytes or as an encoded word.
    let longest = printed.split(|c: char| !c.is_ascii_alphanumeric()).map(str::len).max();
    assert!(longest <= Some(32) && !printed.contains(", 0x") && !printed.contains("Scalar"), "{printed}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn shares_of_garbage_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..130)) {
        if let Ok(share) = DecryptionShare::from_bytes(&bytes) {
            prop_assert_eq!(&share.to_bytes()[..], &bytes[..]);
        }
    }

    #[test]
    fn originals_of_any_size_come_back(original in proptest::collection::vec(any::<u8>(), 0..5000)) {
        let mut site = Site::new(2, 2);
        let sealed = site.seal(&original);
        let opened = site.open(&sealed.header, &sealed.payload, &sealed).unwrap();
        prop_assert_eq!(opened.expose(), &original);
    }
}
