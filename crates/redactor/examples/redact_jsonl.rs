//! Redacts JSONL from stdin to stdout under a key of zeros: for the scorer, before the command is built.

use redactor::{KEY_BYTES, Redactor, TokenKey, jsonl};

fn main() -> Result<(), redactor::Error> {
    let redactor = Redactor::new(TokenKey::from_bytes([0; KEY_BYTES]));
    let options =
        jsonl::JsonlOptions { explain: std::env::args().any(|argument| argument == "--explain"), ..Default::default() };
    let (input, output) = (std::io::stdin().lock(), std::io::BufWriter::new(std::io::stdout().lock()));
    jsonl::run(input, output, &redactor, &options).map(drop)
}
