//! Any text: spans in order and inside it, a planted number nowhere in the output, the output screens clean, the same
//! text gives the same bytes, and JSONL lines of any kind are answered alike on one thread and on three.
#![no_main]

use std::num::NonZeroUsize;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use redactor::jsonl::{JsonlOptions, run, run_parallel};
use redactor::{Options, Redactor, TokenKey, redact_text, screen};

static REDACTOR: LazyLock<Redactor> = LazyLock::new(|| Redactor::new(TokenKey::from_bytes([7; 32])));

/// A number of the range for fiction, in a line of its own.
const PLANTED: &str = "\n+44 7700 900123\n";

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let redacted = redact_text(&REDACTOR, &text, &Options::default());
    let (mut from, length) = (0, text.chars().count());
    for span in &redacted.spans {
        assert!(from <= span.start && span.start < span.end && span.end <= length);
        from = span.end;
    }
    assert!(screen(&redacted.redacted).is_ok(), "the output does not screen clean");
    assert_eq!(redacted, redact_text(&REDACTOR, &text, &Options::default()));
    let planted = redact_text(&REDACTOR, &format!("{text}{PLANTED}{text}"), &Options::default());
    assert!(text.contains("900123") || !planted.redacted.contains("900123"), "a planted number is left");
    let (mut one, mut many) = (Vec::new(), Vec::new());
    let options = JsonlOptions::default();
    run(bytes, &mut one, &REDACTOR, &options).expect("memory is read and written");
    let threads = NonZeroUsize::new(3).expect("three");
    run_parallel(bytes, &mut many, &REDACTOR, &options, threads).expect("memory is read and written");
    assert_eq!(one, many);
});
