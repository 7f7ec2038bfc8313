//! The container is age's: what we write, its own implementations read.

use std::path::Path;
use std::process::Command;

use crate::site::Site;
use age::secrecy::ExposeSecret as _;
use seal::{Header, disclose};

/// Lengths around the chunks of the stream: the frame before an original is 41 bytes.
const LENGTHS: [usize; 13] =
    [0, 1, 100, 4_055, 65_494, 65_495, 65_496, 65_536, 126_935, 131_031, 131_032, 262_144, 300_000];

fn original(length: usize) -> Vec<u8> {
    (0..length).map(|i| ((i * 31) >> 3) as u8).collect()
}

/// A disclosed copy of an original, for an age recipient.
fn disclosed(site: &mut Site, length: usize, to: &dyn age::Recipient) -> (Vec<u8>, seal::Sealed) {
    let sealed = site.seal(&original(length));
    let header = Header::parse(&sealed.header).unwrap();
    let contributions = [site.contribute(&header, 2), site.contribute(&header, 3)];
    let key = site.combine(&header, &contributions).unwrap().key;
    (disclose(&header, &sealed.payload, &key, &sealed.commitments, to).unwrap(), sealed)
}

/// Takes the original out of a plaintext, as the format page describes it, with nothing of ours.
fn unframe(plaintext: &[u8]) -> &[u8] {
    assert_eq!(plaintext[0], 1);
    let length = u64::from_be_bytes(plaintext[1..9].try_into().unwrap()) as usize;
    assert!(plaintext[41 + length..].iter().all(|byte| *byte == 0));
    &plaintext[41..41 + length]
}

#[test]
fn both_implementations_read_what_the_fast_writer_wrote() {
    let mut site = Site::new(2, 3);
    let expert = age::x25519::Identity::generate();
    for length in LENGTHS {
        let (copy, sealed) = disclosed(&mut site, length, &expert.to_public());
        assert!(copy.ends_with(&sealed.payload), "the payload is the same, byte for byte");
        assert_eq!(unframe(&age::decrypt(&expert, &copy).unwrap()), original(length), "{length} bytes");
        let opened = site.open(&sealed.header, &sealed.payload, &sealed).unwrap();
        assert_eq!(*opened.expose(), original(length), "{length} bytes");
    }
}

#[test]
fn a_disclosed_copy_opens_with_a_passphrase_too_and_with_no_other_key() {
    let mut site = Site::new(2, 3);
    let mut recipient = age::scrypt::Recipient::new("a test's passphrase".to_owned().into());
    recipient.set_work_factor(2);
    let (copy, _) = disclosed(&mut site, 1000, &recipient);
    let identity = age::scrypt::Identity::new("a test's passphrase".to_owned().into());
    assert_eq!(unframe(&age::decrypt(&identity, &copy).unwrap()), original(1000));
    assert!(age::decrypt(&age::x25519::Identity::generate(), &copy).is_err());
}

#[test]
fn the_salted_sha_256_is_what_stock_tools_print_of_a_disclosed_copy() {
    use sha2::Digest as _;
    let mut site = Site::new(2, 3);
    let expert = age::x25519::Identity::generate();
    let (copy, sealed) = disclosed(&mut site, 100_000, &expert.to_public());
    let plaintext = age::decrypt(&expert, &copy).unwrap();
    assert_eq!(sealed.commitments.sha256, <[u8; 32]>::from(sha2::Sha256::digest(&plaintext)));
    // And the other one, from its definition.
    let mut hasher = blake3::Hasher::new_derive_key("lanthorn 2026-11 hiding commitment");
    hasher.update(&plaintext[9..41]).update(blake3::hash(unframe(&plaintext)).as_bytes());
    assert_eq!(sealed.commitments.blake3, *hasher.finalize().as_bytes());
}

#[test]
fn debian_s_age_opens_a_disclosed_copy() {
    let age = Path::new("/usr/bin/age");
    assert!(
        age.exists(),
        "this test shows that stock age opens a disclosed copy, and /usr/bin/age is not installed: run `cargo xtask test`, \
         which installs Debian's package `age`, or `apt-get install age`"
    );
    let mut site = Site::new(2, 3);
    let expert = age::x25519::Identity::generate();
    let (copy, _) = disclosed(&mut site, 300_000, &expert.to_public());
    let folder = std::env::temp_dir().join(format!("lanthorn-stock-age-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("key.txt"), expert.to_string().expose_secret()).unwrap();
    std::fs::write(folder.join("disclosed.age"), copy).unwrap();
    let output = Command::new(age)
        .args(["--decrypt", "--identity", "key.txt", "disclosed.age"])
        .current_dir(&folder)
        .output()
        .expect("age runs");
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(unframe(&output.stdout), original(300_000));
}
