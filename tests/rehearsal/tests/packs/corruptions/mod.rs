//! Packs that somebody has changed: ours rejects every one, with a sentence that fits.
//!
//! The first kind is changed and nothing else; digests see it. The second is changed by somebody who has the exporter's key and
//! makes lists and signature anew: only what the log, the approvers and the other files say can see that.

mod bench;
mod content;
mod plain;
mod tokens;
mod told;
mod words;

use std::fs;

use client::Unlocked;
use ed25519_dalek::SigningKey;

use verify::Trust;

use super::{Packed, keys_of};
use bench::{Bench, copy};

pub(super) use bench::members;

type Change = Box<dyn Fn(&Bench<'_>)>;

pub(super) fn every_changed_pack_is_rejected_with_a_sentence_that_fits(made: &Packed) {
    let keys: Unlocked = keys_of(&made.lanthorn, "s.amina");
    let captures = fs::read_to_string(made.pack.join("captures.jsonl")).unwrap();
    let ids = captures
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["capture"].as_str().unwrap().to_owned());
    let other = ids.into_iter().find(|id| *id != made.capture).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let good = folder.path().join("good");
    copy(&made.pack, &good);
    let bench = Bench { made, root: good, other: other.clone() };
    bench.reseal(keys.signing_key());
    assert!(verify::check(&bench.root, &made.trust).is_ok(), "what is sealed again unchanged still holds");
    bench.reseal(&SigningKey::from_bytes(&[9; 32]));
    let stranger = verify::check(&bench.root, &made.trust).unwrap_err();
    assert!(stranger.says.contains("nobody who may make packs"), "{stranger}");

    let (plain, covered) = (
        plain::plain(),
        [words::of_words(), content::of_content(), tokens::of_tokens(), told::of_the_told()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>(),
    );
    assert!(plain.len() + covered.len() >= 90);
    let all = plain.into_iter().map(|one| (one, false)).chain(covered.into_iter().map(|one| (one, true)));
    let mut wrong = Vec::new();
    for (number, ((name, change, sentence), resealed)) in all.enumerate() {
        let bench = Bench { made, root: folder.path().join(number.to_string()), other: other.clone() };
        copy(&made.pack, &bench.root);
        change(&bench);
        if resealed {
            bench.reseal(keys.signing_key());
        }
        // Whoever has the exporter's key has not the domain's: a reader who insists on its signature sees each changed archive at
        // once. The other checks have to see them without it.
        let trust = Trust { domain_signed: name.contains("of the domain"), ..made.trust.clone() };
        match verify::check(&bench.root, &trust) {
            Ok(_) => wrong.push(format!("{name}: accepted")),
            Err(fault) if !fault.to_string().contains(sentence) => wrong.push(format!("{name}: {fault}")),
            Err(_) => {}
        }
        fs::remove_dir_all(&bench.root).unwrap();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
