//! Any text: spans in order and inside it, the output screens clean, and JSONL lines of any kind are answered.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use redactor::jsonl::{JsonlOptions, run};
use redactor::{Options, Redactor, TokenKey, redact_text, screen};

static REDACTOR: LazyLock<Redactor> = LazyLock::new(|| Redactor::new(TokenKey::from_bytes([7; 32])));

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let redacted = redact_text(&REDACTOR, &text, &Options::default());
    let (mut from, length) = (0, text.chars().count());
    for span in &redacted.spans {
        assert!(from <= span.start && span.start < span.end && span.end <= length);
        from = span.end;
    }
    assert!(screen(&redacted.redacted).is_ok(), "the output does not screen clean");
    let mut answers = Vec::new();
    run(bytes, &mut answers, &REDACTOR, &JsonlOptions::default()).expect("memory is read and written");
});
