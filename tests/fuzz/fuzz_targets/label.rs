//! The label that says whose an original is: one form, and no label of one length reads as another.
#![no_main]

use libfuzzer_sys::fuzz_target;
use seal::Label;

fuzz_target!(|bytes: &[u8]| {
    let Ok(label) = Label::from_bytes(bytes) else { return };
    assert_eq!(label.to_bytes(), bytes, "a label has one form");
    assert!(Label::from_bytes(&[bytes, &[0]].concat()).is_err(), "nothing may follow it");
    assert!(Label::from_bytes(&bytes[..bytes.len() - 1]).is_err(), "nothing may be missing");
});
