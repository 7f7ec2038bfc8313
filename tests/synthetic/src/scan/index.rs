//! What a tantivy index holds in forms that a search of its files would miss: compressed stores, dictionaries in which
//! neighbours share their beginnings.

use std::path::Path;

use tantivy::schema::{FieldType, OwnedValue, Value as _};
use tantivy::{Index, SegmentReader, TantivyDocument};

use super::Container;

/// Blocks of a store that are kept while it is read from front to back.
const CACHED_BLOCKS: usize = 2;

/// Whether tantivy keeps an index in this folder.
pub(super) fn is_index(folder: &Path) -> bool {
    folder.join("meta.json").is_file() && folder.join(".managed.json").is_file()
}

/// Shows every stored document and every dictionary entry to `show`. Nothing is written into the folder.
pub(super) fn read(folder: &Path, show: &mut dyn FnMut(Container, &[u8])) -> tantivy::Result<()> {
    let index = Index::open_in_dir(folder)?;
    for segment in index.searchable_segments()? {
        let segment = SegmentReader::open(&segment)?;
        documents(&segment, show)?;
        for (field, entry) in index.schema().fields() {
            if entry.is_indexed() {
                let inverted = segment.inverted_index(field)?;
                let mut terms = inverted.terms().stream()?;
                while terms.advance() {
                    show(Container::Dictionary, terms.key());
                }
            }
            if entry.is_fast() {
                column(&segment, entry.name(), entry.field_type(), show)?;
            }
        }
    }
    Ok(())
}

/// Deleted documents are still there until a merge, so they are read as well.
fn documents(segment: &SegmentReader, show: &mut dyn FnMut(Container, &[u8])) -> tantivy::Result<()> {
    let store = segment.get_store_reader(CACHED_BLOCKS)?;
    for document in 0..segment.max_doc() {
        let document: TantivyDocument = store.get(document)?;
        let mut bytes = Vec::new();
        for (_, value) in document.field_values() {
            let value = value.as_value();
            // Values are kept apart: two neighbours do not make a value that neither holds.
            bytes.push(0);
            match OwnedValue::from(value) {
                OwnedValue::Str(text) => bytes.extend(text.as_bytes()),
                OwnedValue::Bytes(content) => bytes.extend(content),
                other => bytes.extend(serde_json::to_vec(&other).unwrap_or_default()),
            }
        }
        show(Container::StoredDocument, &bytes);
    }
    Ok(())
}

fn column(
    segment: &SegmentReader,
    name: &str,
    kind: &FieldType,
    show: &mut dyn FnMut(Container, &[u8]),
) -> tantivy::Result<()> {
    let columns = segment.fast_fields();
    let column = match kind {
        FieldType::Str(_) => columns.str(name)?.map(Into::into),
        FieldType::Bytes(_) => columns.bytes(name)?,
        _ => None,
    };
    let Some(column) = column else { return Ok(()) };
    let column: tantivy::columnar::BytesColumn = column;
    let mut entries = column.dictionary().stream()?;
    while entries.advance() {
        show(Container::Dictionary, entries.key());
    }
    Ok(())
}
