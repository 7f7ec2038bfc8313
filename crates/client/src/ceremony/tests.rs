//! Members on machines of their own, one folder that is carried between them.

use std::fs;

use rand::rngs::OsRng;
use seal::EpochPublic;
use tempfile::TempDir;

use super::*;

const PASSPHRASE: &str = "a lantern of thin horn";

struct Member {
    folder: KeyFolder,
    unlocked: Unlocked,
}

struct Scene {
    home: TempDir,
    members: Vec<Member>,
    ceremony: Ceremony,
}

fn member(home: &Path, person: &str) -> Member {
    let (path, person) = (home.join(person), person.parse().unwrap());
    let folder = KeyFolder::create(&path, &person, PASSPHRASE, WorkFactor::for_tests(), &mut OsRng).unwrap();
    Member { unlocked: folder.unlock(PASSPHRASE).unwrap(), folder }
}

fn scene(threshold: u16, count: usize) -> Scene {
    let home = tempfile::tempdir().unwrap();
    let members: Vec<_> = (1..=count).map(|number| member(home.path(), &format!("s.member{number}"))).collect();
    let enrolments: Vec<_> = members.iter().map(|member| member.folder.enrolment().clone()).collect();
    let created = Timestamp::from_secs(1_795_000_000);
    let ceremony = Ceremony::lay(&home.path().join("ceremony"), created, threshold, &enrolments).unwrap();
    Scene { home, members, ceremony }
}

impl Scene {
    fn step(&self, member: usize) -> Result<Progress, Error> {
        // Opened anew each time, as separate processes do.
        let ceremony = Ceremony::open(&self.home.path().join("ceremony"))?;
        let Member { folder, unlocked } = &self.members[member];
        ceremony.step(folder, unlocked, WorkFactor::for_tests(), &mut OsRng)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.home.path().join("ceremony").join(name)
    }

    fn rounds(&self) -> Progress {
        let mut last = None;
        for _ in 0..3 {
            for member in 0..self.members.len() {
                last = Some(self.step(member).unwrap());
            }
        }
        last.unwrap()
    }
}

/// Whether these members' shares open what is sealed to the epoch.
fn opens(scene: &Scene, epoch: &EpochPublic, who: &[usize]) -> bool {
    use seal::{GrantHash, Header, Sealer, combine, make_share};
    let sealer = Sealer::new(epoch);
    let label = sealer.label(
        "op-harbour-2026".parse().unwrap(),
        model::AuthorisationId::from_bytes([7; 16]),
        model::CaptureId::from_bytes([8; 16]),
    );
    let sealed = sealer.seal(&label, b"an invented page", &mut OsRng).unwrap();
    let header = Header::parse(&sealed.header).unwrap();
    let (proven, grant) = (header.verify().unwrap(), GrantHash([9; 32]));
    let parts: Vec<_> = who
        .iter()
        .map(|member| {
            let Member { folder, unlocked } = &scene.members[*member];
            make_share(&proven, &folder.share(epoch, unlocked).unwrap(), &grant, &mut OsRng).unwrap()
        })
        .collect();
    combine(epoch, &proven, &grant, &parts).is_ok()
}

#[test]
fn two_of_three_and_three_of_five_are_made_by_steps_on_separate_machines() {
    for (threshold, count) in [(2, 3), (3, 5)] {
        let scene = scene(threshold, count);
        let first = scene.step(0).unwrap();
        assert_eq!(first.waits_for.len(), count - 1, "everybody else has to announce themselves");
        let done = scene.rounds();
        let certificate = done.certificate.expect("all have signed");
        let certificate = EpochCertificate::from_bytes(&fs::read(certificate).unwrap()).unwrap();
        let epoch = certificate.verify(&scene.ceremony.plan().trusted()).unwrap();
        assert_eq!((epoch.threshold(), epoch.members().len()), (usize::from(threshold), count));
        assert!(scene.ceremony.stages().iter().all(|(_, stage)| *stage == Stage::Signed));
        let all: Vec<usize> = (0..count).collect();
        assert!(opens(&scene, &epoch, &all[..usize::from(threshold)]));
        assert!(opens(&scene, &epoch, &all[count - usize::from(threshold)..]));
        assert!(!opens(&scene, &epoch, &all[..usize::from(threshold) - 1]));
        // Taken again, every step finds its work done; nothing of the ceremony is left in the key folders.
        for member in 0..count {
            let again = scene.step(member).unwrap();
            assert_eq!((again.epoch, again.waits_for.len()), (Some(epoch.id()), 0));
            let left = fs::read_dir(scene.home.path().join(format!("s.member{}", member + 1))).unwrap();
            assert!(left.flatten().all(|file| !file.file_name().to_string_lossy().starts_with("ceremony-")));
        }
    }
}

#[test]
fn what_is_lost_on_the_way_is_made_again_and_fits() {
    let scene = scene(2, 3);
    for member in 0..3 {
        scene.step(member).unwrap();
    }
    // A killed process, a stick that was lost: announcements and messages go, and come back.
    let before = fs::read(scene.file("1-s.member1.announcement")).unwrap();
    fs::remove_file(scene.file("1-s.member1.announcement")).unwrap();
    assert_eq!(scene.step(1).unwrap().waits_for, ["s.member1".parse().unwrap()]);
    scene.step(0).unwrap();
    assert_eq!(fs::read(scene.file("1-s.member1.announcement")).unwrap(), before, "the same state says the same");
    scene.step(1).unwrap();
    fs::remove_file(scene.file("2-from-s.member2-to-s.member3.age")).unwrap();
    scene.step(1).unwrap();
    assert!(scene.rounds().certificate.is_some());
}

#[test]
fn a_message_for_one_is_read_by_no_other_and_holds_no_secret_in_clear() {
    let scene = scene(2, 3);
    for _ in 0..2 {
        (0..3).for_each(|member| drop(scene.step(member)));
    }
    let file = fs::read(scene.file("2-from-s.member1-to-s.member2.age")).unwrap();
    assert!(age::decrypt(scene.members[1].unlocked.identity(), &file).is_ok());
    assert!(age::decrypt(scene.members[2].unlocked.identity(), &file).is_err());
    assert!(age::decrypt(scene.members[0].unlocked.identity(), &file).is_err());
}

#[test]
fn an_announcement_that_was_changed_or_exchanged_stops_the_ceremony_and_names_its_member() {
    let scene = scene(2, 3);
    (0..3).for_each(|member| drop(scene.step(member)));
    let (path, other) = (scene.file("1-s.member1.announcement"), scene.file("1-s.member2.announcement"));
    let good = fs::read(&path).unwrap();
    for at in 0..good.len() {
        let mut altered = good.clone();
        altered[at] ^= 1 << (at % 8);
        fs::write(&path, &altered).unwrap();
        let refused = scene.step(2).unwrap_err().to_string();
        assert!(refused.contains("s.member1"), "byte {at}: {refused}");
    }
    fs::copy(other, &path).unwrap();
    assert!(matches!(scene.step(2), Err(Error::Ceremony { rule: "ceremony-broadcast", .. })));
    fs::write(&path, vec![0; 70_000]).unwrap();
    assert!(scene.step(2).is_err());
    fs::write(&path, &good).unwrap();
    assert!(scene.rounds().certificate.is_some());
}

#[test]
fn nobody_steps_into_a_plan_that_does_not_name_them_with_their_own_key() {
    let scene = scene(2, 3);
    let stranger = member(scene.home.path(), "s.stranger");
    let step =
        |member: &Member| scene.ceremony.step(&member.folder, &member.unlocked, WorkFactor::for_tests(), &mut OsRng);
    assert!(matches!(step(&stranger), Err(Error::Ceremony { rule: "ceremony-member", .. })));
    let elsewhere = tempfile::tempdir().unwrap();
    let impostor = member(elsewhere.path(), "s.member1");
    assert!(matches!(step(&impostor), Err(Error::Ceremony { rule: "ceremony-member", .. })));
}

#[test]
fn a_plan_shown_to_one_member_alone_makes_no_certificate() {
    // Somebody gives the third member another plan: the same people, more of whom are needed.
    let scene = scene(2, 3);
    let enrolments: Vec<_> = scene.members.iter().map(|member| member.folder.enrolment().clone()).collect();
    let aside = scene.home.path().join("aside");
    let other = Ceremony::lay(&aside, Timestamp::from_secs(1_795_000_000), 3, &enrolments).unwrap();
    let third = &scene.members[2];
    other.step(&third.folder, &third.unlocked, WorkFactor::for_tests(), &mut OsRng).unwrap();
    (0..2).for_each(|member| drop(scene.step(member)));
    fs::copy(aside.join("1-s.member3.announcement"), scene.file("1-s.member3.announcement")).unwrap();
    assert!(matches!(scene.step(0), Err(Error::Ceremony { rule: "ceremony-broadcast", .. })));
}

#[test]
fn an_aborted_ceremony_goes_no_further_and_a_lost_state_is_not_made_up() {
    let scene = scene(2, 3);
    (0..3).for_each(|member| drop(scene.step(member)));
    let Member { folder, unlocked } = &scene.members[1];
    folder.forget_state(&scene.ceremony.plan().fingerprint()).unwrap();
    assert!(matches!(scene.step(1), Err(Error::Ceremony { rule: "ceremony-state", .. })));
    scene.ceremony.abort(folder, unlocked).unwrap();
    let refused = scene.step(0).unwrap_err();
    assert!(
        matches!(&refused, Error::Ceremony { rule: "ceremony-aborted", why } if why.contains("s.member2")),
        "{refused}"
    );
}

/// A refresh among these, in a new folder; the scene goes on with it.
fn refresh(scene: &mut Scene, before: &EpochCertificate, staying: &[usize], day: i64) {
    let path = scene.home.path().join("ceremony");
    fs::rename(&path, scene.home.path().join(format!("until-{day}"))).unwrap();
    let staying = staying.iter().map(|at| scene.members[*at].unlocked.person().clone()).collect();
    let created = Timestamp::from_secs(1_796_000_000 + day * 86_400);
    Ceremony::lay_refresh(&path, created, std::slice::from_ref(before), &staying).unwrap();
    scene.ceremony = Ceremony::open(&path).unwrap();
}

fn made(scene: &Scene) -> EpochCertificate {
    EpochCertificate::from_bytes(&fs::read(scene.file("certificate")).unwrap()).unwrap()
}

#[test]
fn a_refresh_leaves_somebody_out_and_destroys_the_old_shares() {
    let mut scene = scene(2, 3);
    scene.rounds();
    let old = made(&scene);
    let before = old.verify(&scene.ceremony.plan().trusted()).unwrap();
    let evicted = scene.members[1].folder.share(&before, &scene.members[1].unlocked).unwrap();
    refresh(&mut scene, &old, &[0, 2], 1);
    let refusal = scene.step(1).unwrap_err();
    assert!(refusal.to_string().contains("does not name you"), "{refusal}");
    for at in [0, 2, 0, 2] {
        scene.step(at).unwrap();
    }
    assert!(scene.members[0].folder.has_share(&before.fingerprint()), "nothing is destroyed before all have signed");
    scene.step(0).unwrap();
    let after = made(&scene).renew(&before).unwrap();
    assert_eq!((after.id(), after.generation(), after.members().len()), (before.id(), 1, 2));
    // A new share that cannot be read keeps the old one from being destroyed.
    let kept = scene.home.path().join("s.member3").join(format!("share-{}.age", after.fingerprint()));
    let good = fs::read(&kept).unwrap();
    fs::write(&kept, b"damaged").unwrap();
    assert!(scene.step(2).is_err());
    assert!(scene.members[2].folder.has_share(&before.fingerprint()));
    fs::write(&kept, good).unwrap();
    for at in [0, 2] {
        scene.step(at).unwrap();
        let folder = &scene.members[at].folder;
        assert!(folder.has_share(&after.fingerprint()) && !folder.has_share(&before.fingerprint()));
    }
    assert!(opens(&scene, &after, &[0, 2]));
    assert!(evicted.check(&after).is_err());
}

#[test]
fn a_refresh_that_was_given_up_does_not_stand_in_the_way_of_the_next() {
    let mut scene = scene(2, 3);
    scene.rounds();
    let old = made(&scene);
    let before = old.verify(&scene.ceremony.plan().trusted()).unwrap();
    refresh(&mut scene, &old, &[0, 1, 2], 1);
    // The second has kept a share and signed; then the third ends it.
    for at in [0, 1, 2, 0, 1] {
        scene.step(at).unwrap();
    }
    assert!(scene.file("3-s.member2.signed").exists());
    scene.ceremony.abort(&scene.members[2].folder, &scene.members[2].unlocked).unwrap();
    refresh(&mut scene, &old, &[0, 1, 2], 2);
    for at in [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2] {
        scene.step(at).unwrap();
    }
    let after = made(&scene).renew(&before).unwrap();
    assert!(opens(&scene, &after, &[0, 1]) && opens(&scene, &after, &[1, 2]));
}
