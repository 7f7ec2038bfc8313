//! Writing the lists of a segment.

use std::any::Any;
use std::cmp::Reverse;
use std::io::Write as _;

use model::{CaptureId, Token};
use tantivy::columnar::{Column, StrColumn};
use tantivy::directory::{TerminatingWrite as _, WritePtr};
use tantivy::index::SegmentComponent;
use tantivy::indexer::doc_id_mapping::{DocIdMapping, MappingType};
use tantivy::plugin::{PluginMergeContext, PluginWriter, PluginWriterContext, SegmentPlugin};
use tantivy::postings::TermInfo;
use tantivy::schema::document::ErasedDocument;
use tantivy::schema::{Field, IndexRecordOption, Schema, Value as _};
use tantivy::{DateTime, DocId, DocSet as _, Segment, SegmentReader, TERMINATED, TantivyDocument, TantivyError};

use super::read::Frequent;
use super::{
    BESIDE, FREQUENT, LEAST_DOCUMENTS, LIST_BYTES, MAX_TITLE_BYTES, MOST_BESIDE, MOST_LABELS, MOST_LINE_BYTES,
    MOST_LIST_BYTES, NO_DAY, NO_SITE, PLACE,
};
use crate::{DAY_SECS, Fields};

/// Has the file written with each segment.
pub(super) struct Lists;

impl SegmentPlugin for Lists {
    fn extensions(&self) -> &[&str] {
        &[FREQUENT]
    }

    fn create_writer(&self, _: &PluginWriterContext<'_>) -> tantivy::Result<Box<dyn PluginWriter>> {
        Ok(Box::new(Lines { fields: crate::build().1, texts: Vec::new(), ends: Vec::new() }))
    }

    /// Lines are copied, lists are made anew: a token becomes frequent by a merge.
    fn merge(&self, merge: PluginMergeContext<'_>) -> tantivy::Result<()> {
        let mut out = Out::create(merge.target_segment)?;
        let mut ends = Vec::new();
        for segment in merge.readers {
            // Lines that are not what was written are left behind: the store has everything that they say.
            let lines = Some(Frequent::open(segment)?).filter(Frequent::has_sound_lines);
            for doc in segment.doc_ids_alive() {
                // Documents stand in another order only where an index is sorted, and ours is not.
                let is_in_place = merge.doc_id_mapping.mapping_type() != MappingType::Shuffled;
                let fits = |line: &&[u8]| is_in_place && out.at + line.len() as u64 <= MOST_LINE_BYTES;
                let line = lines.as_ref().and_then(|lines| lines.bytes(doc));
                out.write(line.filter(fits).unwrap_or_default())?;
                ends.push(count(out.at)?);
            }
        }
        out.finish(merge.target_segment, &ends)
    }
}

/// The lines of a new segment; its lists are made of its other files.
struct Lines {
    fields: Fields,
    texts: Vec<u8>,
    /// Where the line of each document ends.
    ends: Vec<u32>,
}

impl PluginWriter for Lines {
    fn add_document(&mut self, _: DocId, document: &dyn ErasedDocument, _: &Schema) -> tantivy::Result<()> {
        let page = document.as_any().downcast_ref::<TantivyDocument>();
        if let Some((capture, title)) = page.and_then(|page| line(&self.fields, page)) {
            self.texts.extend(capture.as_bytes());
            self.texts.extend(title.as_bytes());
        }
        self.ends.push(count(self.texts.len())?);
        Ok(())
    }

    fn serialize(self: Box<Self>, segment: &Segment, order: Option<&DocIdMapping>) -> tantivy::Result<()> {
        if order.is_some() {
            return Err(TantivyError::InvalidArgument("the index is not sorted".to_owned()));
        }
        let mut out = Out::create(segment)?;
        out.write(&self.texts)?;
        out.finish(segment, &self.ends)
    }

    fn mem_usage(&self) -> usize {
        self.texts.capacity() + self.ends.capacity() * size_of::<u32>()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// What a line holds of a page; none where it carries no token or its title is long.
fn line<'p>(fields: &Fields, page: &'p TantivyDocument) -> Option<(CaptureId, &'p str)> {
    let [mut capture, mut title, mut token] = [None; 3];
    for (field, value) in page.field_values() {
        let wanted = [(fields.capture, &mut capture), (fields.title, &mut title), (fields.token, &mut token)];
        for (_, first) in wanted.into_iter().filter(|(wanted, _)| *wanted == field) {
            *first = first.or_else(|| value.as_str());
        }
        // They stand before most others.
        if capture.is_some() && title.is_some() && token.is_some() {
            break;
        }
    }
    let title = title.unwrap_or_default();
    if token.is_none() || title.len() > MAX_TITLE_BYTES { None } else { Some((capture?.parse().ok()?, title)) }
}

/// The file while it is written: nothing of the size of a segment is in memory.
struct Out {
    file: WritePtr,
    at: u64,
}

impl Out {
    fn create(segment: &Segment) -> tantivy::Result<Self> {
        Ok(Self { file: segment.open_write(SegmentComponent::Custom(FREQUENT.to_owned()))?, at: 0 })
    }

    fn write(&mut self, bytes: &[u8]) -> tantivy::Result<()> {
        self.file.write_all(bytes)?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    /// Writes what follows the lines. The other files of the segment are written already.
    fn finish(mut self, segment: &Segment, ends: &[u32]) -> tantivy::Result<()> {
        let (ends_at, documents) = (self.at, count(ends.len())?);
        ends.iter().try_for_each(|end| self.write(&end.to_le_bytes()))?;
        let mut directory = Vec::new();
        if documents >= LEAST_DOCUMENTS {
            // Only once its files are closed does tantivy tell a segment how many documents it has.
            let reader = SegmentReader::open(&segment.clone().with_max_doc(documents))?;
            lists(&reader, &mut self, &mut directory)?;
        }
        directory.sort_unstable_by_key(|entry: &Entry| (entry.digest, entry.label));
        for entry in &directory {
            self.write(&entry.digest.to_le_bytes())?;
            self.write(&entry.label.to_le_bytes())?;
            self.write(&entry.at.to_le_bytes())?;
            entry.parts.iter().try_for_each(|part| self.write(&part.to_le_bytes()))?;
        }
        self.write(&ends_at.to_le_bytes())?;
        self.write(&documents.to_le_bytes())?;
        self.write(&count(directory.len())?.to_le_bytes())?;
        self.file.terminate()?;
        Ok(())
    }
}

struct Entry {
    digest: u64,
    label: u64,
    at: u64,
    /// Rows, places, tokens beside.
    parts: [u32; 3],
}

fn lists(reader: &SegmentReader, out: &mut Out, directory: &mut Vec<Entry>) -> tantivy::Result<()> {
    let Some(columns) = Columns::open(reader)? else { return Ok(()) };
    let index = reader.inverted_index(crate::build().1.token)?;
    let mut terms = index.terms().stream()?;
    let mut frequent = Vec::new();
    while terms.advance() {
        let term = terms.value();
        if term.doc_freq >= LEAST_DOCUMENTS
            && let Some(token) = std::str::from_utf8(terms.key()).ok().and_then(|text| text.parse::<Token>().ok())
        {
            frequent.push((term.clone(), crate::token_numbers(token)));
        }
    }
    frequent.sort_by_key(|(term, _)| Reverse(term.doc_freq));
    let mut room = LIST_BYTES.saturating_mul(reader.max_doc() as usize);
    let (mut docs, mut list) = (Vec::new(), List::default());
    for (term, own) in frequent {
        read_documents(&index, &term, &mut docs)?;
        list.clear();
        if columns.list(&docs, own, room.min(MOST_LIST_BYTES), &mut list).is_none() {
            continue;
        }
        let (digest, label) = own;
        let parts = [docs.len(), list.places.len() / PLACE, list.beside.len() / BESIDE];
        let [rows, places, beside] = parts.map(count);
        directory.push(Entry { digest, label, at: out.at, parts: [rows?, places?, beside?] });
        room -= list.len();
        [&list.rows, &list.places, &list.beside].into_iter().try_for_each(|part| out.write(part))?;
    }
    Ok(())
}

/// The three parts of a list, as bytes.
#[derive(Default)]
struct List {
    rows: Vec<u8>,
    places: Vec<u8>,
    beside: Vec<u8>,
}

impl List {
    fn parts(&mut self) -> [&mut Vec<u8>; 3] {
        [&mut self.rows, &mut self.places, &mut self.beside]
    }

    fn clear(&mut self) {
        self.parts().into_iter().for_each(Vec::clear);
    }

    fn len(&self) -> usize {
        self.rows.len() + self.places.len() + self.beside.len()
    }
}

fn read_documents(index: &tantivy::InvertedIndexReader, term: &TermInfo, docs: &mut Vec<DocId>) -> tantivy::Result<()> {
    docs.clear();
    let mut postings = index.read_postings_from_terminfo(term, IndexRecordOption::Basic)?;
    while postings.doc() != TERMINATED {
        docs.push(postings.doc());
        postings.advance();
    }
    Ok(())
}

/// What the lists are made of.
struct Columns {
    captured: Column<DateTime>,
    posted: Column<DateTime>,
    site: Option<StrColumn>,
    place: Option<StrColumn>,
    digests: Column<u64>,
    labels: Column<u64>,
}

impl Columns {
    /// `None` where sites or places are too many to have numbers.
    fn open(reader: &SegmentReader) -> tantivy::Result<Option<Self>> {
        let (schema, fields) = crate::build();
        let (columns, name) = (reader.fast_fields(), |field: Field| schema.get_field_name(field));
        let (site, place) = (columns.str(name(fields.site))?, columns.str(name(fields.place))?);
        if [&site, &place].into_iter().flatten().any(|column| column.num_terms() > MOST_LABELS) {
            return Ok(None);
        }
        Ok(Some(Self {
            captured: columns.date(name(fields.captured))?,
            posted: columns.date(name(fields.posted))?,
            site,
            place,
            digests: columns.u64(name(fields.token_digest))?,
            labels: columns.u64(name(fields.token_label))?,
        }))
    }

    /// Writes the list of a token into `list`; `None` where something does not fit, or all together into `room` bytes.
    fn list(&self, docs: &[DocId], own: (u64, u64), room: usize, list: &mut List) -> Option<()> {
        docs.iter().try_for_each(|doc| self.row(*doc, own, list).filter(|()| list.len() <= room))
    }

    fn row(&self, doc: DocId, own: (u64, u64), list: &mut List) -> Option<()> {
        let captured = self.captured.first(doc)?;
        let secs = captured.into_timestamp_secs();
        if DateTime::from_timestamp_secs(secs) != captured {
            return None;
        }
        let site = match numbers(self.site.as_ref(), doc)[..] {
            [] => NO_SITE,
            [site] => site,
            _ => return None,
        };
        let here = numbers(self.place.as_ref(), doc);
        let rows = self.digests.index.value_row_ids(doc);
        if rows.len() > MOST_BESIDE {
            return None; // before any of them is read
        }
        let mut beside = 0_u16;
        for row in rows {
            let token = (self.digests.values.get_val(row), self.labels.values.get_val(row));
            if token != own {
                beside += 1;
                list.beside.extend(token.0.to_le_bytes());
                list.beside.push(u8::try_from(token.1).ok()?);
            }
        }
        list.rows.extend(doc.to_le_bytes());
        list.rows.extend(secs.to_le_bytes());
        list.rows.extend(self.day(doc)?.to_le_bytes());
        list.rows.extend(site.to_le_bytes());
        list.rows.extend(u16::try_from(here.len()).ok()?.to_le_bytes());
        list.rows.extend(beside.to_le_bytes());
        here.iter().for_each(|place| list.places.extend(place.to_le_bytes()));
        Some(())
    }

    /// The day that the page says, [`NO_DAY`] where it says none.
    fn day(&self, doc: DocId) -> Option<i32> {
        let day = |at: DateTime| i32::try_from(at.into_timestamp_secs().div_euclid(DAY_SECS)).ok();
        self.posted.first(doc).map_or(Some(NO_DAY), day)
    }
}

/// The numbers of a document's labels.
fn numbers(column: Option<&StrColumn>, doc: DocId) -> Vec<u16> {
    let labels = column.into_iter().flat_map(|column| column.term_ords(doc));
    labels.map(|label| u16::try_from(label).unwrap_or(NO_SITE)).collect()
}

fn count<N: TryInto<u32>>(of: N) -> tantivy::Result<u32> {
    of.try_into().map_err(|_| TantivyError::InternalError("a segment has too much for its lists".to_owned()))
}
