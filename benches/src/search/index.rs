//! The two indexes: ours, written as `indexer` writes it (fields, tokenizer, near-duplicate keys, delete before add, the note
//! of each commit), and raw tantivy's with the same data under its own tokenizer.

use std::path::Path;

use anyhow::Result;
use indexer::KnownDocuments;
use model::CaseId;
use schema::folder::{CommitNote, MANIFEST, Manifest, reader_lock};
use schema::{Fields, Shingles};
use tantivy::schema::{
    DateOptions, DateTimePrecision, FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TEXT,
};
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::{DateTime, Index, IndexSettings, IndexWriter, TantivyDocument, Term};

use super::corpus::Ad;

/// Bytes of the writer's arena, in both.
const ARENA_BYTES: usize = 256 << 20;

pub(super) fn settings() -> IndexSettings {
    let zstd = ZstdCompressor { compression_level: Some(3) };
    IndexSettings { docstore_compression: Compressor::Zstd(zstd), ..IndexSettings::default() }
}

pub(super) struct Ours {
    pub(super) writer: IndexWriter,
    fields: Fields,
    known: KnownDocuments,
}

impl Ours {
    pub(super) fn create(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let case: CaseId = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default().parse()?;
        std::fs::write(folder.join(MANIFEST), Manifest::new(case).to_bytes())?;
        std::fs::write(folder.join(reader_lock(0)), b"")?;
        let (_, fields) = schema::build();
        let index = schema::frequent::builder().settings(settings()).create_in_dir(folder)?;
        schema::register(&index);
        let known = KnownDocuments::with_room_for(0);
        Ok(Self { writer: index.writer_with_num_threads(1, ARENA_BYTES)?, fields, known })
    }

    pub(super) fn add(&mut self, ad: &Ad) -> Result<()> {
        let fields = &self.fields;
        let mut key = [0; 32];
        key[16..].copy_from_slice(ad.capture.as_bytes());
        let mut document = TantivyDocument::default();
        document.add_bytes(fields.document, &key);
        document.add_text(fields.capture, ad.capture.to_string());
        document.add_text(fields.title, &ad.title);
        document.add_text(fields.body, &ad.body);
        for token in &ad.tokens {
            document.add_text(fields.token, token.to_string());
            let (digest, label) = schema::token_numbers(*token);
            document.add_u64(fields.token_digest, digest);
            document.add_u64(fields.token_label, label);
        }
        document.add_text(fields.site, &ad.site);
        document.add_text(fields.language, ad.language);
        document.add_text(fields.place, ad.place);
        document.add_date(fields.posted, DateTime::from_timestamp_secs(ad.posted));
        document.add_date(fields.captured, DateTime::from_timestamp_secs(ad.posted + 86_400));
        document.add_u64(fields.price, ad.price);
        document.add_text(fields.kind, "ad");
        document.add_text(fields.rules, "bench");
        for band in schema::bands(&Shingles::of(&ad.title, &ad.body)) {
            document.add_u64(fields.band, band);
        }
        if self.known.note(&key) {
            self.writer.delete_term(Term::from_field_bytes(fields.document, &key));
        }
        self.writer.add_document(document)?;
        Ok(())
    }

    pub(super) fn commit(&mut self) -> Result<()> {
        let mut prepared = self.writer.prepare_commit()?;
        let note = CommitNote { seq: 1, opstamp: prepared.opstamp() };
        prepared.set_payload(&note.to_string());
        prepared.commit()?;
        Ok(())
    }
}

/// The fields of the peer.
#[derive(Clone, Copy)]
pub(super) struct RawFields {
    id: Field,
    pub(super) site: Field,
    place: Field,
    language: Field,
    posted: Field,
    price: Field,
    title: Field,
    pub(super) body: Field,
    pub(super) token: Field,
}

pub(super) struct Raw {
    pub(super) index: Index,
    pub(super) writer: IndexWriter,
    pub(super) fields: RawFields,
}

impl Raw {
    pub(super) fn create(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let mut b = Schema::builder();
        let keyword = STRING | FAST;
        let day = DateOptions::default().set_fast().set_indexed().set_stored();
        let fields = RawFields {
            id: b.add_text_field("id", keyword.clone() | STORED),
            site: b.add_text_field("site", keyword.clone() | STORED),
            place: b.add_text_field("place", keyword.clone() | STORED),
            language: b.add_text_field("language", keyword.clone() | STORED),
            posted: b.add_date_field("posted", day.set_precision(DateTimePrecision::Seconds)),
            price: b.add_u64_field("price", FAST | INDEXED | STORED),
            title: b.add_text_field("title", TEXT | STORED),
            body: b.add_text_field("body", TEXT | STORED),
            token: b.add_text_field("token", keyword | STORED),
        };
        let index = Index::builder().schema(b.build()).settings(settings()).create_in_dir(folder)?;
        Ok(Self { writer: index.writer_with_num_threads(1, ARENA_BYTES)?, index, fields })
    }

    pub(super) fn add(&self, ad: &Ad) -> Result<()> {
        let fields = &self.fields;
        let mut document = TantivyDocument::default();
        document.add_text(fields.id, ad.capture.to_string());
        document.add_text(fields.site, &ad.site);
        document.add_text(fields.place, ad.place);
        document.add_text(fields.language, ad.language);
        document.add_date(fields.posted, DateTime::from_timestamp_secs(ad.posted));
        document.add_u64(fields.price, ad.price);
        document.add_text(fields.title, &ad.title);
        document.add_text(fields.body, &ad.body);
        ad.tokens.iter().for_each(|token| document.add_text(fields.token, token.to_string()));
        self.writer.add_document(document)?;
        Ok(())
    }

    pub(super) fn term(&self, field: Field, text: &str) -> tantivy::query::TermQuery {
        tantivy::query::TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs)
    }
}
