//! A query from anybody: it is read or refused at a character of its own; what is read prints itself and reads back as the same;
//! and held against a page or run on an index it keeps its deadline and its bounds.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use model::{CaptureId, CaseId, Clock, Timestamp};
use search::limits::{MAX_EXPANSIONS, MAX_PATTERNS};
use search::{Document, Licence, Prepared, SearchCapability, Searcher, Want};

struct Index {
    _folder: tempfile::TempDir,
    searcher: Searcher,
    licence: Licence,
    page: Document,
}

// One thread runs the target; the searcher is behind no lock of ours.
static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let parent = tempfile::tempdir().expect("a temporary folder");
    let case: CaseId = "op-fuzz".parse().expect("a case");
    let folder = parent.path().join(case.as_str());
    std::fs::create_dir(&folder).expect("a folder");
    let manifest = schema::folder::Manifest::new(case.clone()).to_bytes();
    std::fs::write(folder.join(schema::folder::MANIFEST), manifest).expect("a manifest");
    std::fs::write(folder.join(schema::folder::reader_lock(0)), b"").expect("a lock");
    let (_, fields) = schema::build();
    let index = schema::frequent::builder().create_in_dir(&folder).expect("an index");
    schema::register(&index);
    let mut writer = index.writer_with_num_threads(1, 15_000_000).expect("a writer");
    let body = "new in town by the harbour, call [PHONE:k7f3a9q2m4xtc] the the night ".repeat(20);
    for number in 0..200_u8 {
        let mut document = tantivy::TantivyDocument::default();
        document.add_text(fields.capture, CaptureId::from_bytes([number; 16]).to_string());
        document.add_text(fields.title, "harbour night");
        document.add_text(fields.body, format!("{body} word{number} Ferienwohnung квартира 酒店"));
        document.add_text(fields.site, "forum-a");
        document.add_text(fields.kind, "ad");
        document.add_date(fields.captured, tantivy::DateTime::from_timestamp_secs(1_795_000_000));
        writer.add_document(document).expect("a document");
    }
    writer.commit().expect("committed");
    let page = Document {
        capture: CaptureId::from_bytes([1; 16]),
        authorisation: None,
        site: "forum-a".to_owned(),
        board: None,
        kind: "ad".to_owned(),
        language: None,
        places: Vec::new(),
        posted: None,
        captured: Timestamp::from_secs(1_795_000_000),
        price: None,
        currency: None,
        url: None,
        authors: Vec::new(),
        tokens: Vec::new(),
        rules: "fuzz".to_owned(),
        title: "harbour night".to_owned(),
        body,
    };
    let searcher = Searcher::open(&folder, Clock::system()).expect("a searcher");
    let licence = Licence::mint(&SearchCapability::take().expect("the capability"), case);
    Index { _folder: parent, searcher, licence, page }
});

fuzz_target!(|text: &str| {
    let query = match search::parse(text) {
        Ok(query) => query,
        Err(error) => {
            assert!(error.at() <= text.chars().count(), "the mistake lies in the query");
            return;
        }
    };
    let shown = query.to_string();
    assert!(search::parse(&shown).is_ok_and(|again| again == query), "{shown} reads back as another query");
    let index = &*INDEX;
    let _ = query.why(&Prepared::new(&index.page));
    let clock = Clock::system();
    let begun = clock.now();
    let want = Want { budget_millis: 1_000, why: true, ..Want::first(10) };
    if let Ok(hits) = index.searcher.search(&index.licence, &query, want) {
        assert!(hits.expanded.len() <= MAX_PATTERNS && hits.hits.len() <= 10);
        assert!(hits.expanded.iter().all(|pattern| pattern.words.len() <= MAX_EXPANSIONS));
    }
    assert!(clock.now() <= begun.plus_millis(2_000), "past its deadline: {shown}");
});
