//! What erased documents leave in an index, gathered before and looked for after.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use memchr::memmem::Finder;
use model::CaptureId;
use schema::Fields;
use schema::frequent::Frequent;
use tantivy::collector::DocSetCollector;
use tantivy::query::TermSetQuery;
use tantivy::schema::{Field, Value as _};
use tantivy::{Searcher, SegmentReader, TantivyDocument, Term};

use crate::Error;
use crate::error::{during, in_folder};

/// Words of one document that are looked for afterwards.
const MAX_WORDS: usize = 4_096;

/// Bytes read at a time.
const BLOCK_BYTES: usize = 1 << 20;

/// The ids of erased captures, and the terms that no other documents had.
pub(crate) struct Traces {
    captures: Vec<String>,
    terms: BTreeSet<Term>,
    /// How many living documents the captures had.
    pub(crate) documents: usize,
}

impl Traces {
    /// Looks the captures up. The index must have been committed and its merges drained.
    pub(crate) fn gather(searcher: &Searcher, fields: &Fields, captures: &[CaptureId]) -> Result<Self, Error> {
        let captures: Vec<String> = captures.iter().map(CaptureId::to_string).collect();
        let ids = captures.iter().map(|capture| Term::from_field_text(fields.capture, capture));
        let found = searcher.search(&TermSetQuery::new(ids), &DocSetCollector).map_err(during("search"))?;
        // Terms that are in no more documents than are erased, and in how many of all and of those.
        let mut rare: BTreeMap<Term, (u64, u64)> = BTreeMap::new();
        for address in &found {
            let document: TantivyDocument = searcher.doc(*address).map_err(during("read a document of"))?;
            for term in terms_of(&document, fields) {
                if let Some((_, erased)) = rare.get_mut(&term) {
                    *erased += 1;
                    continue;
                }
                let all = searcher.doc_freq(&term).map_err(during("search"))?;
                if all <= found.len() as u64 {
                    rare.insert(term, (all, 1));
                }
            }
        }
        // A word that other documents have stays in the index, rightly.
        let own = rare.into_iter().filter(|(_, (all, erased))| all == erased);
        Ok(Self { captures, terms: own.map(|(term, _)| term).collect(), documents: found.len() })
    }

    /// The terms that are looked for.
    #[cfg(test)]
    pub(crate) fn terms(&self) -> impl Iterator<Item = &Term> {
        self.terms.iter()
    }

    /// The terms by which the captures are deleted.
    pub(crate) fn ids(&self, fields: &Fields) -> impl Iterator<Item = Term> {
        self.captures.iter().map(|capture| Term::from_field_text(fields.capture, capture))
    }

    /// Looks for any trace in the index's own structures: dictionaries, columns, decompressed documents.
    pub(crate) fn found_in_index(&self, searcher: &Searcher, fields: &Fields) -> Result<Option<&'static str>, Error> {
        let captures: HashSet<CaptureId> = self.captures.iter().filter_map(|capture| capture.parse().ok()).collect();
        for segment in searcher.segment_readers() {
            if segment.has_deletes() {
                return Ok(Some("a segment still holds deleted documents"));
            }
            for term in self.terms.iter().cloned().chain(self.ids(fields)) {
                let dictionary = segment.inverted_index(term.field()).map_err(during("read a dictionary of"))?;
                if dictionary.terms().term_ord(term.serialized_value_bytes()).map_err(in_folder("read"))?.is_some() {
                    return Ok(Some("a dictionary still holds a word of an erased document"));
                }
            }
            let lines = Frequent::open(segment).map_err(during("read a list of"))?;
            if !lines.is_sound() {
                return Ok(Some("lines or lists are not what was written, and may hold an erased document"));
            }
            if self.found_in_columns(segment, &lines, fields)? {
                return Ok(Some("a column or a list still holds an erased document's token"));
            }
            let store = segment.get_store_reader(1).map_err(in_folder("read"))?;
            let finders = finders(&self.captures);
            for document in 0..segment.max_doc() {
                if lines.line(document).is_some_and(|(capture, _)| captures.contains(&capture)) {
                    return Ok(Some("a line still names an erased capture"));
                }
                let bytes = store.get_document_bytes(document).map_err(during("read a document of"))?;
                if finders.iter().any(|finder| finder.find(&bytes).is_some()) {
                    return Ok(Some("the document store still holds an erased document"));
                }
            }
        }
        Ok(None)
    }

    /// Looks for tokens that no other documents had, in columns and in what is derived from them.
    fn found_in_columns(&self, segment: &SegmentReader, lists: &Frequent, fields: &Fields) -> Result<bool, Error> {
        let own = self.terms.iter().filter(|term| term.field() == fields.token);
        let own = own.filter_map(|term| std::str::from_utf8(term.serialized_value_bytes()).ok()?.parse().ok());
        let own: BTreeSet<(u64, u64)> = own.map(schema::token_numbers).collect();
        if own.is_empty() {
            return Ok(false);
        }
        if lists.holds_any(&own) {
            return Ok(true);
        }
        let column = |field| segment.fast_fields().u64(segment.schema().get_field_name(field));
        let digests = column(fields.token_digest).map_err(during("read a column of"))?;
        let labels = column(fields.token_label).map_err(during("read a column of"))?;
        let rows = digests.values.num_vals().min(labels.values.num_vals());
        Ok((0..rows).any(|row| own.contains(&(digests.values.get_val(row), labels.values.get_val(row)))))
    }

    /// Looks for the captures' ids in a file's bytes, as they are written and as the bytes they are; returns whether there is
    /// one, and how many bytes were read.
    pub(crate) fn found_in_file(&self, path: &Path) -> Result<(bool, u64), Error> {
        let raw: Vec<CaptureId> = self.captures.iter().filter_map(|capture| capture.parse().ok()).collect();
        let finders =
            [finders(&self.captures), raw.iter().map(|capture| Finder::new(capture.as_bytes())).collect()].concat();
        let longest = finders.iter().map(|finder| finder.needle().len()).max().unwrap_or(1);
        let mut file = File::open(path).map_err(in_folder("read"))?;
        let mut window: Vec<u8> = Vec::with_capacity(BLOCK_BYTES + longest);
        let mut read = 0;
        loop {
            // Keep what a trace that lies across two blocks would begin with.
            let keep = window.len().min(longest - 1);
            window.drain(..window.len() - keep);
            let fresh = file.by_ref().take(BLOCK_BYTES as u64).read_to_end(&mut window).map_err(in_folder("read"))?;
            if fresh == 0 {
                return Ok((false, read));
            }
            read += fresh as u64;
            if finders.iter().any(|finder| finder.find(&window).is_some()) {
                return Ok((true, read));
            }
        }
    }
}

fn finders(texts: &[String]) -> Vec<Finder<'_>> {
    texts.iter().map(|text| Finder::new(text.as_bytes())).collect()
}

/// The indexed terms of a stored document.
fn terms_of(document: &TantivyDocument, fields: &Fields) -> Vec<Term> {
    let texts = |field: Field| document.get_all(field).filter_map(|value| value.as_str());
    let mut terms = Vec::new();
    for field in [fields.title, fields.body] {
        for word in texts(field).flat_map(schema::words).take(MAX_WORDS) {
            terms.push(Term::from_field_text(field, &word.text));
            schema::also(&word.text, |other| terms.push(Term::from_field_text(field, other)));
        }
    }
    for field in [fields.capture, fields.token, fields.author, fields.url] {
        terms.extend(texts(field).take(MAX_WORDS).map(|text| Term::from_field_text(field, text)));
    }
    terms.sort_unstable();
    terms.dedup();
    terms
}
