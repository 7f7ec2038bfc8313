//! Key generation in rounds that may be days apart, and the certificate that comes of it.

use std::collections::BTreeMap;

use crate::site::people;
use model::{Sensitive, Timestamp};
use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;
use seal::{AwaitingBroadcasts, AwaitingMessages, EpochCertificate, Error, Generated, KeyShare, Plan, begin};

fn plan() -> Plan {
    let members = people(3).into_iter().map(|(person, key)| (person, key.verifying_key()));
    Plan::new(Timestamp::from_secs(1_795_000_000), 2, members).unwrap()
}

type Mail = BTreeMap<u16, Vec<Sensitive<Vec<u8>>>>;

fn first_round(rng: &mut ChaCha20Rng) -> (Vec<AwaitingBroadcasts>, Vec<Vec<u8>>) {
    (1..=3).map(|index| begin(&plan(), index, rng).unwrap()).unzip()
}

fn second_round(states: Vec<AwaitingBroadcasts>, broadcasts: &[Vec<u8>]) -> (Vec<AwaitingMessages>, Mail) {
    let (mut next, mut mail) = (Vec::new(), Mail::new());
    for state in states {
        let (state, messages) = state.receive(broadcasts).unwrap();
        next.push(state);
        messages.into_iter().for_each(|(to, message)| mail.entry(to).or_default().push(message));
    }
    (next, mail)
}

fn generated(rng: &mut ChaCha20Rng) -> Vec<Generated> {
    let (states, broadcasts) = first_round(rng);
    // Between the rounds every state goes to its member's disk and comes back.
    let states = states.iter().map(|state| AwaitingBroadcasts::from_bytes(state.to_bytes().unwrap().expose()).unwrap());
    let (states, mut mail) = second_round(states.collect(), &broadcasts);
    let states = states.iter().map(|state| AwaitingMessages::from_bytes(state.to_bytes().unwrap().expose()).unwrap());
    (1..).zip(states).map(|(index, state)| state.receive(&mail.remove(&index).unwrap()).unwrap()).collect()
}

fn certified(generated: &[Generated]) -> EpochCertificate {
    let signatures = (1..).zip(people(3)).map(|(index, (_, key))| (index, generated[0].body.sign(&key)));
    generated[0].body.certify(signatures.collect())
}

#[test]
fn everybody_ends_with_the_same_body_and_a_share_that_its_certificate_publishes() {
    let generated = generated(&mut ChaCha20Rng::seed_from_u64(5));
    assert!(generated.iter().all(|one| one.body.to_bytes() == generated[0].body.to_bytes()));
    let certificate = EpochCertificate::from_bytes(&certified(&generated).to_bytes()).unwrap();
    let epoch = certificate.verify(&plan().trusted()).unwrap();
    assert_eq!((epoch.id(), epoch.threshold(), epoch.members().len()), (generated[0].body.id(), 2, 3));
    for Generated { share, .. } in &generated {
        let again = KeyShare::from_bytes(share.to_bytes().expose(), &epoch).unwrap();
        assert_eq!(again.index(), share.index());
    }
}

#[test]
fn a_share_that_is_not_the_published_one_is_refused_when_it_is_read() {
    let generated = generated(&mut ChaCha20Rng::seed_from_u64(5));
    let epoch = certified(&generated).verify(&plan().trusted()).unwrap();
    let bytes = generated[1].share.to_bytes();
    // The last 32 bytes are ML-KEM's value for rejected ciphertexts: nothing public depends on it, and no original either.
    for place in 0..bytes.expose().len() - 32 {
        let mut changed = bytes.expose().clone();
        changed[place] ^= 1;
        assert!(KeyShare::from_bytes(&changed, &epoch).is_err(), "byte {place}");
    }
}

#[test]
fn a_certificate_needs_every_signature_and_exactly_the_trusted_roster() {
    let generated = generated(&mut ChaCha20Rng::seed_from_u64(5));
    let body = &generated[0].body;
    let sign = |indices: &[u16], keys: &[usize]| {
        let people = people(4);
        let signed = indices.iter().zip(keys).map(|(index, key)| (*index, body.sign(&people[*key].1)));
        body.certify(signed.collect())
    };
    assert!(sign(&[1, 2, 3], &[0, 1, 2]).verify(&plan().trusted()).is_ok());
    for (what, certificate) in [
        ("one is missing", sign(&[1, 2], &[0, 1])),
        ("one is a stranger's", sign(&[1, 2, 3], &[0, 1, 3])),
        ("two are exchanged", sign(&[1, 2, 3], &[1, 0, 2])),
        ("there is one too many", sign(&[1, 2, 3, 4], &[0, 1, 2, 3])),
    ] {
        assert!(matches!(certificate.verify(&plan().trusted()), Err(Error::Certificate(_))), "{what}");
    }
    // An operator's own roster, however well signed, is not the trusted one.
    let mut trusted = plan().trusted();
    trusted.pop_last();
    assert!(matches!(sign(&[1, 2, 3], &[0, 1, 2]).verify(&trusted), Err(Error::Certificate(_))));
}

#[test]
fn a_certificate_with_any_flipped_byte_is_refused() {
    let certificate = certified(&generated(&mut ChaCha20Rng::seed_from_u64(5))).to_bytes();
    let believed = |bytes: &[u8]| EpochCertificate::from_bytes(bytes).and_then(|read| read.verify(&plan().trusted()));
    assert!(believed(&certificate).is_ok());
    for place in 0..certificate.len() {
        let mut changed = certificate.clone();
        changed[place] ^= 1;
        assert!(believed(&changed).is_err(), "byte {place}");
    }
}

#[test]
fn a_share_that_does_not_fit_the_others_is_seen_in_the_certificate() {
    // Two generations by the same people: a body made of one's key and the other's shares would be signed by nobody
    // honest, but if it were, it would not be believed.
    let one = generated(&mut ChaCha20Rng::seed_from_u64(5))[0].body.to_bytes();
    let two = generated(&mut ChaCha20Rng::seed_from_u64(6))[0].body.to_bytes();
    // The last 36 bytes are the transcript; the last share stands right before.
    let mixed = [&one[..one.len() - 68 + 1], &two[two.len() - 68 + 1..]].concat();
    assert!(mixed != one && mixed != two && mixed.len() == one.len());
    let signatures: Vec<_> = (1u16..).zip(people(3)).collect();
    let sign = |body: &[u8]| {
        use ed25519_dalek::Signer as _;
        let message = [b"lanthorn epoch certificate v1\n", body].concat();
        signatures.iter().map(|(index, (_, key))| (*index, key.sign(&message).to_bytes())).collect::<Vec<_>>()
    };
    let certificate = |body: &[u8]| {
        let mut bytes = Vec::new();
        let mut out = minicbor::Encoder::new(&mut bytes);
        out.array(3).unwrap().u8(1).unwrap().bytes(body).unwrap().array(3).unwrap();
        for (index, signature) in sign(body) {
            out.array(2).unwrap().u16(index).unwrap().bytes(&signature).unwrap();
        }
        EpochCertificate::from_bytes(&bytes).unwrap().verify(&plan().trusted())
    };
    assert!(certificate(&one).is_ok());
    assert_eq!(
        certificate(&mixed).unwrap_err(),
        Error::Certificate("its verification shares do not belong to its group key")
    );
}

fn stopped<T>(result: Result<T, Error>) -> (&'static str, Option<u16>) {
    match result {
        Err(Error::KeyGeneration { why, culprit }) => (why, culprit),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it went on"),
    }
}

#[test]
fn missing_foreign_double_and_forged_broadcasts_stop_it_and_name_their_member() {
    let mut rng = ChaCha20Rng::seed_from_u64(5);
    let (states, broadcasts) = first_round(&mut rng);
    let (_, again) = first_round(&mut rng);
    let foreign = {
        let members = people(3).into_iter().map(|(person, key)| (person, key.verifying_key()));
        let plan = Plan::new(Timestamp::from_secs(1_795_000_001), 2, members).unwrap();
        begin(&plan, 2, &mut rng).unwrap().1
    };
    let state = || AwaitingBroadcasts::from_bytes(states[0].to_bytes().unwrap().expose()).unwrap();
    assert_eq!(stopped(state().receive(&broadcasts[..2])), ("a broadcast is missing", Some(3)));
    let double = [broadcasts.clone(), vec![again[1].clone()]].concat();
    assert_eq!(stopped(state().receive(&double)), ("a member sent two different broadcasts", Some(2)));
    let other = [broadcasts[0].clone(), foreign, broadcasts[2].clone()];
    assert_eq!(stopped(state().receive(&other)), ("a broadcast belongs to another plan", Some(2)));
    // Member 3's proof of knowledge, spoilt: the last byte of the package stands 34 bytes before the end.
    let mut forged = broadcasts.clone();
    let place = forged[2].len() - 35;
    forged[2][place] ^= 1;
    let (_, culprit) = stopped(state().receive(&forged));
    assert_eq!(culprit, Some(3));
}

#[test]
fn a_private_message_that_lies_or_goes_astray_stops_it_and_names_its_sender() {
    let (states, broadcasts) = first_round(&mut ChaCha20Rng::seed_from_u64(5));
    let (states, mut mail) = second_round(states, &broadcasts);
    let state = || AwaitingMessages::from_bytes(states[0].to_bytes().unwrap().expose()).unwrap();
    let (to_one, to_two) = (mail.remove(&1).unwrap(), mail.remove(&2).unwrap());
    assert_eq!(stopped(state().receive(&to_one[..1])), ("a private message is missing", Some(3)));
    let astray = stopped(state().receive(&to_two[..1]));
    assert_eq!(astray, ("a private message belongs to another plan or is for someone else", Some(1)));
    let bent = |place_from_end: usize| {
        let mut bytes = to_one[1].expose().clone();
        let place = bytes.len() - place_from_end;
        bytes[place] ^= 1;
        [Sensitive::new(to_one[0].expose().clone()), Sensitive::new(bytes)]
    };
    let contribution = stopped(state().receive(&bent(1)));
    assert_eq!(contribution, ("a member's contribution is not the one it committed to", Some(3)));
    // Low byte of the scalar in the package, which stands before the contribution's 34 bytes.
    let (why, culprit) = stopped(state().receive(&bent(34 + 32)));
    assert_eq!((why, culprit), ("a private message does not hold against its sender's broadcast", Some(3)));
}
