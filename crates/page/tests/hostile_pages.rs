//! Pages that the fuzzer begins with (`tests/fuzz/corpus/page_parse`), whole and broken in many ways: what holds for every
//! page holds for each of them. `tests/fuzz/fuzz_targets/page_parse.rs` says the same under coverage.

use std::path::Path;
use std::sync::LazyLock;

use model::{AuthorisationId, CaptureId, Timestamp};
use page::{CaptureRecord, FetchedPage, Profiles, limits, parse};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

/// Broken forms of each page.
const BROKEN: usize = 12;

static PROFILES: LazyLock<Profiles> = LazyLock::new(Profiles::builtin);

/// Pieces of markup that parsers stumble over.
const PIECES: &[&str] = &[
    "<table>",
    "</table><p>",
    "<noscript>",
    "<!--",
    "<script type=application/ld+json>{",
    "<base href='//x.example/'>",
    "<form>",
    "<input type=password>",
    "<a href='?page=99999999999999999999'>next",
    "\0",
    "&#x0;",
    "<svg><title>",
    "<template>",
    "<plaintext>",
    "<blockquote cite='./viewtopic.php?p=1#p1'>",
    "<select><option>",
    "</div></div></div></div>",
    "<a rel=next href='javascript:1'>",
];

fn page(input: &[u8]) -> FetchedPage {
    let mut lines = input.splitn(3, |byte| *byte == b'\n');
    let (kind, path, body) = (lines.next(), lines.next(), lines.next());
    let path = String::from_utf8_lossy(path.unwrap_or_default());
    let (capture, authorisation) = (CaptureId::from_bytes([1; 16]), AuthorisationId::from_bytes([2; 16]));
    let url = format!("http://market.example/{path}");
    let begun = Timestamp::from_secs(1_795_000_000);
    let mut record = CaptureRecord::begun(capture, authorisation, "hostile".parse().unwrap(), "market", url, begun);
    record.status = 200;
    record.response_headers = vec![(b"content-type".to_vec(), kind.unwrap_or_default().to_vec())].into();
    record.body = body.unwrap_or_default().to_vec().into();
    FetchedPage::new(record)
}

fn what_holds_for_every_page(input: &[u8], name: &str) {
    let mut page = parse(page(input), &PROFILES);
    let records = page.records().len();
    assert!(records <= limits::MAX_RECORDS && page.segments().len() <= limits::MAX_SEGMENTS, "{name}");
    assert!(page.segments().iter().all(|segment| segment.record.is_none_or(|record| record < records)), "{name}");
    let answers = page.records().iter().enumerate();
    assert!(answers.into_iter().all(|(at, record)| record.answers.is_none_or(|answered| answered < at)), "{name}");
    let links = page.take_links();
    assert!(links.len() <= limits::MAX_LINKS, "{name}");
    assert!(links.iter().all(|link| link.href.expose().starts_with("http")), "{name}");
}

#[test]
fn pages_whole_and_broken_cost_themselves_only() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz/corpus/page_parse");
    let mut rng = StdRng::seed_from_u64(7);
    let mut pages = 0;
    for entry in std::fs::read_dir(corpus).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let whole = std::fs::read(&path).unwrap();
        what_holds_for_every_page(&whole, &name);
        pages += 1;
        for round in 0..BROKEN {
            let mut broken = whole.clone();
            for _ in 0..rng.gen_range(1..6) {
                let at = rng.gen_range(0..=broken.len());
                match rng.gen_range(0..4) {
                    0 => broken.truncate(at),
                    1 => {
                        let piece = PIECES[rng.gen_range(0..PIECES.len())];
                        broken.splice(at..at, piece.bytes());
                    }
                    2 => {
                        let end = (at + rng.gen_range(0..200)).min(broken.len());
                        broken.drain(at..end);
                    }
                    _ => {
                        let byte = rng.r#gen();
                        broken.splice(at..at, std::iter::once(byte));
                    }
                }
            }
            what_holds_for_every_page(&broken, &format!("{name}, broken {round}"));
        }
    }
    assert!(pages >= 24, "the corpus is there");
}
