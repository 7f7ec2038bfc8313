//! Three of five machines repair a fourth's share, over one folder that is carried between them.

use rand::rngs::OsRng;
use tempfile::TempDir;

use super::*;

const PASSPHRASE: &str = "a lantern of thin horn";

struct Scene {
    home: TempDir,
    people: Vec<(KeyFolder, Unlocked)>,
    chain: Vec<EpochCertificate>,
    epoch: EpochPublic,
}

fn scene() -> Scene {
    let home = tempfile::tempdir().unwrap();
    let member = |number| {
        let person: PersonId = format!("s.member{number}").parse().unwrap();
        let path = home.path().join(person.as_str());
        let folder = KeyFolder::create(&path, &person, PASSPHRASE, WorkFactor::for_tests(), &mut OsRng).unwrap();
        let unlocked = folder.unlock(PASSPHRASE).unwrap();
        (folder, unlocked)
    };
    let people: Vec<_> = (1..=5).map(member).collect();
    let keys: Vec<_> =
        people.iter().map(|(_, unlocked)| (unlocked.person().clone(), unlocked.signing_key().clone())).collect();
    let made = seal::ceremony(Timestamp::from_secs(1_795_000_000), 3, &keys, &mut OsRng).unwrap();
    for (share, (folder, unlocked)) in made.shares.iter().zip(&people) {
        folder.keep_share(share, &made.epoch.fingerprint(), unlocked, WorkFactor::for_tests()).unwrap();
    }
    Scene { home, people, chain: vec![made.certificate], epoch: made.epoch }
}

impl Scene {
    fn at(&self) -> std::path::PathBuf {
        self.home.path().join("repair")
    }

    fn lay(&self, lost: usize, helpers: &[usize]) -> Result<Repair, Error> {
        let id = |number: &usize| self.people[*number].1.person().clone();
        let created = Timestamp::from_secs(1_795_100_000);
        Repair::lay(&self.at(), created, &self.chain, &id(&lost), &helpers.iter().map(id).collect())
    }

    fn step(&self, number: usize) -> Result<Vec<PersonId>, Error> {
        // Opened anew each time, as separate processes do.
        let (folder, unlocked) = &self.people[number];
        Repair::open(&self.at())?.step(folder, unlocked, WorkFactor::for_tests(), &mut OsRng)
    }

    fn lose(&self, number: usize) {
        self.people[number].0.forget_share(&self.epoch.fingerprint()).unwrap();
        assert!(self.share(number).is_err());
    }

    fn share(&self, number: usize) -> Result<KeyShare, Error> {
        let (folder, unlocked) = &self.people[number];
        folder.share(&self.epoch, unlocked)
    }

    fn state_kept(&self, number: usize) -> bool {
        let (folder, unlocked) = &self.people[number];
        folder.state(&Repair::open(&self.at()).unwrap().fingerprint(), unlocked).unwrap().is_some()
    }
}

fn rule(refused: Result<Vec<PersonId>, Error>) -> &'static str {
    match refused.unwrap_err() {
        Error::Ceremony { rule, .. } => rule,
        other => panic!("{other}"),
    }
}

#[test]
fn a_lost_share_comes_back_as_it_was_and_nobody_else_takes_part() {
    let scene = scene();
    let before = scene.share(3).unwrap();
    scene.lose(3);
    let laid = scene.lay(3, &[0, 1, 4]).unwrap();
    assert_eq!(laid.waits_for().len(), 4);
    assert_eq!(rule(scene.step(2)), "repair-member");
    for round in 0..3 {
        for number in [0, 3, 1, 4] {
            let _ = scene.step(number).unwrap();
            let again = scene.step(number).unwrap();
            assert!(round < 2 || !again.contains(scene.people[number].1.person()), "a step can be taken twice");
        }
    }
    assert_eq!(scene.step(3).unwrap(), []);
    assert_eq!(scene.share(3).unwrap().to_bytes().expose(), before.to_bytes().expose());
    assert!([0, 1, 4].iter().all(|number| !scene.state_kept(*number)), "what was cut is forgotten");
}

#[test]
fn what_is_no_repair_is_refused() {
    let scene = scene();
    assert!(scene.lay(3, &[0, 1]).is_err(), "fewer than it takes to open");
    assert!(scene.lay(3, &[0, 1, 3]).is_err(), "the holder does not help");
    assert!(!scene.at().exists(), "a plan that cannot be is not laid");
    scene.lose(3);
    let _ = scene.lay(3, &[0, 1, 4]).unwrap();
    for number in [0, 1, 3, 4] {
        let _ = scene.step(number).unwrap();
    }
    // Somebody carries the folder who would like the sums for themselves.
    let file = scene.at().join(announced(scene.people[3].1.person()));
    let good = std::fs::read(&file).unwrap();
    let thief = Announcement { broadcast: Vec::new(), recipient: scene.people[2].0.enrolment().recipient.clone() };
    let forged = thief.sign(purpose(&Repair::open(&scene.at()).unwrap().plan.to_bytes()), &scene.people[2].1).unwrap();
    std::fs::write(&file, forged).unwrap();
    assert_eq!(rule(scene.step(0)), "repair-announcement");
    std::fs::write(&file, good).unwrap();
    let _ = scene.step(0).unwrap();
    let damaged = scene.at().join(message(scene.people[0].1.person(), scene.people[1].1.person()));
    std::fs::write(&damaged, b"no age file").unwrap();
    let _ = scene.step(4).unwrap();
    assert_eq!(rule(scene.step(1)), "repair-message");
    // What was cut is gone, and with it the way to the same parts.
    let (folder, unlocked) = &scene.people[0];
    Repair::open(&scene.at()).unwrap().abort(folder, unlocked).unwrap();
    assert_eq!(rule(scene.step(1)), "repair-aborted");
}

#[test]
fn sums_of_other_parts_restore_nothing() {
    let scene = scene();
    scene.lose(3);
    let _ = scene.lay(3, &[0, 1, 4]).unwrap();
    for _ in 0..2 {
        for number in [0, 1, 3, 4] {
            let _ = scene.step(number).unwrap();
        }
    }
    // A helper's sum is one that the same helper made for another cutting.
    let own = &scene.people[0].1;
    let repair = Repair::open(&scene.at()).unwrap();
    let other = repair.plan.help(&scene.epoch, &scene.share(0).unwrap(), &mut OsRng).unwrap();
    let mut parts = Vec::new();
    for from in [1, 4] {
        parts.push(
            repair
                .at
                .read_secret(&message(scene.people[from].1.person(), own.person()), own)
                .unwrap()
                .unwrap()
                .unwrap(),
        );
    }
    let wrong = other.sum(&parts, &scene.share(0).unwrap()).unwrap();
    let recipient = scene.people[3].0.enrolment().recipient.clone();
    repair.at.put_secret(&sum(own.person()), &recipient, &wrong).unwrap();
    for number in [1, 4] {
        let _ = scene.step(number).unwrap();
    }
    assert!(matches!(scene.step(3), Err(Error::Seal(seal::Error::Repair { .. }))));
    assert!(scene.share(3).is_err(), "what is not the published share is not kept");
}
