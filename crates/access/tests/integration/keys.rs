//! Security keys of people: added after proving again, used to sign in, taken away; each step in the log.

use access::{
    Assertion, Error, MAX_KEYS, Principal, Proof, Proved, Refusal, Registration, RelyingParty, SecondFactorKey,
    SignedIn, code_at,
};
use model::{Action, Role};
use rand::rngs::OsRng;

use crate::authenticator::{Key, Used};
use crate::site::{PASSPHRASE, Site, id};

const ORIGIN: &str = "http://localhost:8470";

/// A site, its key for second factors, and what people's programs hold.
struct Web {
    site: Site,
    second: SecondFactorKey,
    _folder: tempfile::TempDir,
}

impl Web {
    async fn new(demanding: &[Role]) -> Self {
        let mut site = Site::peopled().await;
        site.access = site.access.demanding_keys(demanding);
        let folder = tempfile::tempdir().unwrap();
        let second = SecondFactorKey::load_or_make(&folder.path().join("key"), &mut OsRng).unwrap();
        Self { site, second, _folder: folder }
    }

    /// Passphrase and code, for the first time: the secret, too.
    async fn first(&self, who: &str) -> (Principal, String) {
        let tried = self.site.access.sign_in_with_code(&self.second, &id(who), PASSPHRASE, "", &mut OsRng).await;
        let SignedIn::Enrol(enrolling) = tried.unwrap() else { panic!("{who} has a second step already") };
        let secret = enrolling.secret();
        let code = code_at(&secret, self.site.clock.now()).unwrap();
        let access = &self.site.access;
        (access.enrol_second_factor(&self.second, &enrolling, &code, &mut OsRng).await.unwrap(), secret)
    }

    async fn prove(&self, who: &Principal, passphrase: &str, code: &str) -> Result<Proved, Error> {
        let proof = Proof::Passphrase { passphrase, code, second_factors: &self.second };
        self.site.access.prove(who, proof).await
    }

    async fn proved(&self, who: &Principal, secret: &str) -> Proved {
        self.site.clock.advance_millis(60_000); // a code is good once
        self.prove(who, PASSPHRASE, &code_at(secret, self.site.clock.now()).unwrap()).await.unwrap()
    }

    async fn add(&self, who: &Principal, proved: &Proved, key: &Key, name: &str) -> Result<i64, Error> {
        let made = key.make(ORIGIN, &[1; 32]);
        let registration = Registration { client_data: &made.client_data, attestation: &made.attestation };
        self.site.access.add_key(who, proved, &party(), &[1; 32], &registration, name).await
    }

    /// A key that belongs to somebody.
    async fn with_key(&self, who: &str) -> (Principal, Key, i64, Proved) {
        let (principal, secret) = self.first(who).await;
        let proved = self.proved(&principal, &secret).await;
        let handle = self.site.access.key_handle(&proved, &mut OsRng).await.unwrap();
        let key = Key::es256(&handle);
        let number = self.add(&principal, &proved, &key, "blue key").await.unwrap();
        (principal, key, number, proved)
    }

    async fn sign_in(&self, used: &Used, challenge: u8) -> Result<Principal, Error> {
        self.site.access.sign_in_with_key(&party(), &[challenge; 32], &assertion(used)).await
    }
}

fn party() -> RelyingParty {
    RelyingParty::new(ORIGIN).unwrap()
}

fn assertion(used: &Used) -> Assertion<'_> {
    Assertion {
        credential: &used.credential,
        client_data: &used.client_data,
        authenticator_data: &used.authenticator_data,
        signature: &used.signature,
        user_handle: &used.user_handle,
    }
}

fn refused(answer: Result<Principal, Error>) -> Refusal {
    match answer {
        Err(Error::Key(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_key_is_added_and_signs_in() {
    let web = Web::new(&[]).await;
    let (ivan, mut key, number, _) = web.with_key("a.ivan").await;
    let record = web.site.last_record().await;
    assert!(record.contains("security key added") && record.contains("a.ivan"), "{record}");
    let credential = data_encoding::HEXLOWER.encode(&key.credential);
    assert!(!record.contains(&credential[..16]), "{record}");
    let again = web.sign_in(&key.answer(ORIGIN, &[2; 32]), 2).await.unwrap();
    assert_eq!((again.person(), again.role()), (&id("a.ivan"), Role::Analyst));
    assert!(!again.needs_a_key() && web.site.access.still_stands(&again).await.unwrap());
    let listed = web.site.access.keys_of(ivan.person()).await.unwrap();
    assert_eq!((listed.len(), listed[0].key, listed[0].name.as_str()), (1, number, "blue key"));
    assert!(listed[0].used_at.is_some());
}

#[tokio::test]
async fn nothing_changes_without_proving_again() {
    let web = Web::new(&[]).await;
    let (ivan, secret) = web.first("a.ivan").await;
    let code = code_at(&secret, web.site.clock.now()).unwrap();
    assert!(matches!(web.prove(&ivan, PASSPHRASE, &code).await, Err(Error::SignIn)), "a code is good once");
    web.site.clock.advance_millis(60_000);
    let code = code_at(&secret, web.site.clock.now()).unwrap();
    assert!(matches!(web.prove(&ivan, "another lantern altogether", &code).await, Err(Error::SignIn)));
    let proved = web.prove(&ivan, PASSPHRASE, &code).await.unwrap();
    let (maria, _) = web.first("s.maria").await;
    let key = Key::es256(&[3; 32]);
    assert!(matches!(web.add(&maria, &proved, &key, "not hers").await, Err(Error::NotProved)), "another's proof");
    assert!(matches!(web.site.access.proved_by_signing_in(&ivan), Err(Error::NotProved)));
    web.site.clock.advance_millis(5 * 60_000);
    assert!(matches!(web.add(&ivan, &proved, &key, "late").await, Err(Error::NotProved)));
    assert!(matches!(web.site.access.remove_key(&ivan, &proved, 1).await, Err(Error::NotProved)));
    assert!(web.site.access.keys_of(ivan.person()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_key_proves_again_for_its_owner_alone() {
    let web = Web::new(&[]).await;
    let (ivan, mut key, ..) = web.with_key("a.ivan").await;
    let (maria, _) = web.first("s.maria").await;
    let party = party();
    for (who, good) in [(&ivan, true), (&maria, false)] {
        let used = key.answer(ORIGIN, &[4; 32]);
        let proof = Proof::Key { party: &party, challenge: &[4; 32], assertion: assertion(&used) };
        assert_eq!(web.site.access.prove(who, proof).await.is_ok(), good);
    }
}

#[tokio::test]
async fn what_is_wrong_is_told_to_the_log() {
    let web = Web::new(&[]).await;
    let (_, mut key, number, _) = web.with_key("a.ivan").await;
    let stranger = Key::es256(&key.handle).answer(ORIGIN, &[2; 32]);
    assert_eq!(refused(web.sign_in(&stranger, 2).await), Refusal::UnknownKey);
    assert!(web.site.last_record().await.contains("key-unknown"));

    let mut used = key.answer(ORIGIN, &[2; 32]);
    assert_eq!(refused(web.sign_in(&used, 3).await), Refusal::Challenge);
    let record = web.site.last_record().await;
    assert!(
        record.contains("key-challenge") && record.contains("a.ivan") && record.contains(&number.to_string()),
        "{record}"
    );

    used.user_handle = vec![0; 32];
    assert_eq!(refused(web.sign_in(&used, 2).await), Refusal::UserHandle);
    used.user_handle.clear();
    assert_eq!(refused(web.sign_in(&used, 2).await), Refusal::UnknownKey);

    let good = key.answer(ORIGIN, &[2; 32]);
    assert!(web.sign_in(&good, 2).await.is_ok());
    assert_eq!(refused(web.sign_in(&good, 2).await), Refusal::Counter, "a copy of the key, or of the answer");
    assert!(web.site.last_record().await.contains("key-counter"));
    assert_eq!(web.site.last_acts(1).await, ["sign-in-failed"]);
}

/// Two keys of two people: one's identifier with the other's handle or signature is nobody's.
#[tokio::test]
async fn a_key_is_one_person_s() {
    let web = Web::new(&[]).await;
    let (_, mut ivans, ..) = web.with_key("a.ivan").await;
    let (maria, mut marias, _, proved) = web.with_key("s.maria").await;
    let mut mixed = ivans.answer(ORIGIN, &[2; 32]);
    mixed.user_handle = marias.handle.clone();
    assert_eq!(refused(web.sign_in(&mixed, 2).await), Refusal::UserHandle);
    let mut mixed = ivans.answer(ORIGIN, &[2; 32]);
    mixed.credential = marias.credential.clone();
    mixed.user_handle = marias.handle.clone();
    assert_eq!(refused(web.sign_in(&mixed, 2).await), Refusal::Signature);
    // A key that is somebody's is not added by somebody else, nor twice.
    for key in [&ivans, &marias] {
        let answer = web.add(&maria, &proved, key, "again").await;
        assert!(matches!(answer, Err(Error::Key(Refusal::Registered))), "{answer:?}");
    }
    assert_eq!(web.sign_in(&marias.answer(ORIGIN, &[2; 32]), 2).await.unwrap().person(), &id("s.maria"));
}

#[tokio::test]
async fn failures_wait_as_wrong_passphrases_do() {
    let web = Web::new(&[]).await;
    let (_, mut key, ..) = web.with_key("a.ivan").await;
    for _ in 0..3 {
        assert_eq!(refused(web.sign_in(&key.answer(ORIGIN, &[2; 32]), 9).await), Refusal::Challenge);
    }
    let early = web.sign_in(&key.answer(ORIGIN, &[2; 32]), 2).await;
    assert!(matches!(early, Err(Error::Locked { seconds: 1..=3 })), "{early:?}");
    web.site.clock.advance_millis(3_000);
    assert!(web.sign_in(&key.answer(ORIGIN, &[2; 32]), 2).await.is_ok());
}

#[tokio::test]
async fn names_and_numbers_of_keys_are_bounded() {
    let web = Web::new(&[]).await;
    let (ivan, key, _, proved) = web.with_key("a.ivan").await;
    for name in ["", "   ", "blue key", " blue key ", "two\nlines", &"x".repeat(61)] {
        let answer = web.add(&ivan, &proved, &Key::eddsa(&key.handle), name).await;
        assert!(matches!(answer, Err(Error::KeyName { .. })), "{name:?}: {answer:?}");
    }
    for number in 1..MAX_KEYS {
        web.add(&ivan, &proved, &Key::eddsa(&key.handle), &format!("key {number}")).await.unwrap();
    }
    let answer = web.add(&ivan, &proved, &Key::eddsa(&key.handle), "one more").await;
    assert!(matches!(answer, Err(Error::TooManyKeys { most: MAX_KEYS })));
}

#[tokio::test]
async fn a_role_that_demands_a_key_gets_nowhere_without_one() {
    let web = Web::new(&[Role::Operator]).await;
    let access = &web.site.access;
    let (lena, secret) = web.first("o.lena").await;
    assert!(lena.needs_a_key());
    for action in [Action::RunCrawl, Action::ReadStatus] {
        assert!(matches!(access.permit(&lena, action).await, Err(Error::KeyFirst { .. })));
    }
    let proved = access.proved_by_signing_in(&lena).unwrap();
    let handle = access.key_handle(&proved, &mut OsRng).await.unwrap();
    let mut key = Key::eddsa(&handle);
    let number = web.add(&lena, &proved, &key, "green key").await.unwrap();
    assert!(access.permit(&lena, Action::RunCrawl).await.is_err(), "added is not signed in with");

    // From now on passphrase and code lead nowhere, and hold nobody up.
    web.site.clock.advance_millis(60_000);
    let code = code_at(&secret, web.site.clock.now()).unwrap();
    for _ in 0..4 {
        let tried = access.sign_in_with_code(&web.second, lena.person(), PASSPHRASE, &code, &mut OsRng).await;
        assert!(matches!(tried, Err(Error::KeyDemanded { role: Role::Operator })));
    }
    let again = web.sign_in(&key.answer(ORIGIN, &[2; 32]), 2).await.unwrap();
    assert!(access.permit(&again, Action::RunCrawl).await.is_ok());

    // The last one stays, the last but one does not, and what began with it ends.
    let proved = web.prove(&again, PASSPHRASE, &code).await.unwrap();
    assert!(matches!(access.remove_key(&again, &proved, number).await, Err(Error::LastKey { .. })));
    web.add(&again, &proved, &Key::es256(&key.handle), "spare").await.unwrap();
    access.remove_key(&again, &proved, number).await.unwrap();
    assert!(!access.still_stands(&again).await.unwrap());
    assert_eq!(refused(web.sign_in(&key.answer(ORIGIN, &[2; 32]), 2).await), Refusal::UnknownKey);
    // Others sign in as before.
    assert!(!web.first("a.ivan").await.0.needs_a_key());
}

#[tokio::test]
async fn a_lost_key_is_taken_away_by_another_supervisor() {
    let web = Web::new(&[Role::Supervisor]).await;
    let access = &web.site.access;
    let (maria, _) = web.first("s.maria").await;
    let proved = access.proved_by_signing_in(&maria).unwrap();
    let handle = access.key_handle(&proved, &mut OsRng).await.unwrap();
    let key = Key::es256(&handle);
    let number = web.add(&maria, &proved, &key, "lost").await.unwrap();

    let own = web.site.permit("s.maria", Action::ManagePeople).await;
    let other = web.site.permit("s.omar", Action::ManagePeople).await;
    assert!(matches!(access.forget_key(&own, maria.person(), number).await, Err(Error::SamePerson { .. })));
    assert!(matches!(access.forget_key(&other, maria.person(), number + 1).await, Err(Error::Unknown { .. })));
    access.forget_key(&other, maria.person(), number).await.unwrap();
    let record = web.site.last_record().await;
    assert!(record.contains("s.omar") && record.contains("s.maria") && record.contains("taken away"), "{record}");
    assert!(access.keys_of(maria.person()).await.unwrap().is_empty());
}
