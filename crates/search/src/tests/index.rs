//! A small index, written as `indexer` writes it.

use model::{CaptureId, CaseId, Clock, Timestamp};
use schema::folder::{MANIFEST, Manifest, reader_lock};
use schema::frequent::Frequent;
use schema::{Shingles, day_from_text};

use tantivy::indexer::NoMergePolicy;
use tantivy::{DateTime, Index, IndexWriter, TantivyDocument};

use crate::{Document, Hits, Licence, SearchCapability, Searcher, Want, parse};

pub(crate) const CASE: &str = "op-harbour";

/// An index that lives as long as this.
pub(crate) struct Indexed {
    folder: tempfile::TempDir,
    pub(crate) searcher: Searcher,
    pub(crate) licence: Licence,
}

/// The page of that number: everything but the text is made up from the number.
pub(crate) fn page(number: u8, title: &str, body: &str) -> Document {
    let captured = Timestamp::from_secs(1_795_000_000 + i64::from(number) * 86_400);
    let tokens = schema::words(body).filter_map(|word| word.text.parse().ok()).collect();
    Document {
        capture: CaptureId::from_bytes([number; 16]),
        authorisation: None,
        site: format!("forum-{}", number % 3),
        board: (number.is_multiple_of(2)).then(|| "New ads".to_owned()),
        kind: "ad".to_owned(),
        language: Some(if number.is_multiple_of(2) { "en" } else { "de" }.to_owned()),
        places: vec![if number.is_multiple_of(4) { "RO" } else { "DE" }.to_owned()],
        posted: (!number.is_multiple_of(5)).then(|| captured.plus_millis(-86_400_000).day()),
        captured,
        price: (!number.is_multiple_of(3)).then(|| u64::from(number) * 1000),
        currency: None,
        url: None,
        authors: Vec::new(),
        tokens,
        rules: "test".to_owned(),
        title: title.to_owned(),
        body: body.to_owned(),
    }
}

impl Indexed {
    pub(crate) fn of(pages: &[Document]) -> Self {
        Self::under(pages, Clock::system())
    }

    pub(crate) fn under(pages: &[Document], clock: Clock) -> Self {
        Self::in_segments(pages, clock, 16)
    }

    /// A commit for so many pages.
    pub(crate) fn in_segments(pages: &[Document], clock: Clock, segment: usize) -> Self {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join(CASE);
        std::fs::create_dir(&folder).unwrap();
        let case: CaseId = CASE.parse().unwrap();
        std::fs::write(folder.join(MANIFEST), Manifest::new(case.clone()).to_bytes()).unwrap();
        std::fs::write(folder.join(reader_lock(0)), b"").unwrap();
        let index = schema::frequent::builder().create_in_dir(&folder).unwrap();
        schema::register(&index);
        let mut writer = index.writer_with_num_threads(1, 15_000_000).unwrap();
        // Several segments, as a living index has.
        for (place, page) in pages.iter().enumerate() {
            writer.add_document(written(page)).unwrap();
            if place % segment == segment / 2 {
                writer.commit().unwrap();
            }
        }
        writer.commit().unwrap();
        let searcher = Searcher::open(&folder, clock).unwrap();
        Self { folder: parent, searcher, licence: licence(case) }
    }

    /// Changes the index, and reads it anew.
    pub(crate) fn change(&mut self, change: impl FnOnce(&mut IndexWriter)) {
        let mut index = Index::open_in_dir(self.folder.path().join(CASE)).unwrap();
        schema::frequent::register_writer(&mut index);
        schema::register(&index);
        let mut writer = index.writer_with_num_threads(1, 15_000_000).unwrap();
        writer.set_merge_policy(Box::new(NoMergePolicy));
        change(&mut writer);
        writer.commit().unwrap();
        self.searcher.reload().unwrap();
    }

    /// The files with what segments have of their frequent tokens.
    pub(crate) fn list_files(&self) -> Vec<std::path::PathBuf> {
        let files = std::fs::read_dir(self.folder.path().join(CASE)).unwrap().map(|file| file.unwrap().path());
        files.filter(|file| file.extension().is_some_and(|extension| extension == schema::frequent::FREQUENT)).collect()
    }

    /// Another reader of the same state.
    pub(crate) fn another(&self) -> Searcher {
        Searcher::open(&self.folder.path().join(CASE), Clock::system()).unwrap()
    }

    /// What the segments have of their frequent tokens.
    pub(crate) fn lists(&self) -> Vec<Frequent> {
        self.searcher.state().segment_readers().iter().map(|segment| Frequent::open(segment).unwrap()).collect()
    }

    pub(crate) fn hits(&self, query: &str, want: Want) -> Hits {
        self.searcher.search(&self.licence, &parse(query).unwrap(), want).unwrap()
    }

    /// The numbers of the pages that fit, sorted.
    pub(crate) fn found(&self, query: &str) -> Vec<u8> {
        let hits = self.hits(query, Want::first(200));
        let mut found: Vec<u8> = hits.hits.iter().map(|hit| hit.capture.as_bytes()[0]).collect();
        found.sort_unstable();
        assert_eq!(hits.count, found.len() as u64, "{query}");
        found
    }
}

/// The process has one capability; tests that run side by side take turns.
fn licence(case: CaseId) -> Licence {
    loop {
        if let Some(capability) = SearchCapability::take() {
            return Licence::mint(&capability, case);
        }
        std::thread::yield_now();
    }
}

fn written(page: &Document) -> TantivyDocument {
    let (_, fields) = schema::build();
    let mut document = TantivyDocument::default();
    document.add_text(fields.capture, page.capture.to_string());
    document.add_text(fields.title, &page.title);
    document.add_text(fields.body, &page.body);
    for token in &page.tokens {
        document.add_text(fields.token, token.to_string());
        let (digest, label) = schema::token_numbers(*token);
        document.add_u64(fields.token_digest, digest);
        document.add_u64(fields.token_label, label);
    }
    document.add_text(fields.site, &page.site);
    page.board.iter().for_each(|board| document.add_text(fields.board, board));
    page.language.iter().for_each(|language| document.add_text(fields.language, language));
    page.places.iter().for_each(|place| document.add_text(fields.place, place));
    if let Some(posted) = &page.posted {
        document.add_date(fields.posted, day_from_text(posted).unwrap());
    }
    document.add_date(fields.captured, DateTime::from_timestamp_millis(page.captured.millis()));
    page.price.iter().for_each(|price| document.add_u64(fields.price, *price));
    document.add_text(fields.kind, &page.kind);
    document.add_text(fields.rules, &page.rules);
    schema::bands(&Shingles::of(&page.title, &page.body)).iter().for_each(|band| document.add_u64(fields.band, *band));
    document
}
