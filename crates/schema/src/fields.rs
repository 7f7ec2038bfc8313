//! The fields of a document.

use model::Timestamp;
use tantivy::DateTime;
use tantivy::schema::{
    DateOptions, DateTimePrecision, FAST, Field, INDEXED, IndexRecordOption, STORED, Schema, SchemaBuilder,
    TextFieldIndexing, TextOptions,
};

use crate::TOKENIZER;

/// Every field, by the name that queries use for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fields {
    /// The document key, 32 bytes: what a replay deletes before it adds. Indexed only.
    pub document: Field,
    /// The capture id in its written form.
    pub capture: Field,
    /// The authorisation that the capture was made under, in hexadecimal.
    pub authorisation: Field,
    /// The redacted title, with positions.
    pub title: Field,
    /// The redacted visible text, with positions.
    pub body: Field,
    /// Authors as tokens; many.
    pub author: Field,
    /// Every hidden-identifier token of the page, from all its segments; many.
    pub token: Field,
    /// The low 64 bits of each of them, in the same order: see [`token_numbers`](crate::token_numbers). Column only.
    pub token_digest: Field,
    /// The bits above them. Column only.
    pub token_label: Field,
    /// The address as a token.
    pub url: Field,
    /// The site's label in the authorisation.
    pub site: Field,
    /// The board or section.
    pub board: Field,
    /// The language tag.
    pub language: Field,
    /// Coarse places: country codes; many.
    pub place: Field,
    /// The day that the page says it was posted.
    pub posted: Field,
    /// The moment of the capture.
    pub captured: Field,
    /// The asking price in hundredths of its currency's unit.
    pub price: Field,
    /// The currency's ISO 4217 code.
    pub currency: Field,
    /// `thread`, `ad`, `listing` or `other`.
    pub kind: Field,
    /// The rule set that redacted the page.
    pub rules: Field,
    /// Near-duplicate band keys, two in each number; many, column only.
    pub band: Field,
}

/// The schema and its fields.
#[must_use]
pub fn build() -> (Schema, Fields) {
    let mut b = Schema::builder();
    // Ranges are looked for in the columns, so numbers and moments need no dictionary.
    let day = DateOptions::default().set_fast().set_stored().set_precision(DateTimePrecision::Seconds);
    let fields = Fields {
        document: b.add_bytes_field("document", INDEXED),
        capture: keyword(&mut b, "capture"),
        authorisation: keyword(&mut b, "authorisation"),
        title: b.add_text_field("title", text()),
        body: b.add_text_field("body", text()),
        author: keyword(&mut b, "author"),
        token: keyword(&mut b, "token"),
        token_digest: b.add_u64_field("token_digest", FAST),
        token_label: b.add_u64_field("token_label", FAST),
        url: keyword(&mut b, "url"),
        site: facet(&mut b, "site"),
        board: facet(&mut b, "board"),
        language: facet(&mut b, "language"),
        place: facet(&mut b, "place"),
        posted: b.add_date_field("posted", day.clone()),
        captured: b.add_date_field("captured", day),
        price: b.add_u64_field("price", FAST | STORED),
        currency: keyword(&mut b, "currency"),
        kind: facet(&mut b, "kind"),
        rules: keyword(&mut b, "rules"),
        band: b.add_u64_field("band", FAST),
    };
    (b.build(), fields)
}

/// Searched word by word, with positions for phrases, and stored for snippets.
fn text() -> TextOptions {
    let words = TextFieldIndexing::default().set_tokenizer(TOKENIZER);
    TextOptions::default().set_indexing_options(words.set_index_option(IndexRecordOption::WithFreqsAndPositions))
        | STORED
}

/// One exact term. No field norms: a label's length says nothing.
fn keyword(builder: &mut SchemaBuilder, name: &str) -> Field {
    builder.add_text_field(name, exact())
}

/// One exact term, also in a column for facets.
fn facet(builder: &mut SchemaBuilder, name: &str) -> Field {
    builder.add_text_field(name, exact() | FAST)
}

fn exact() -> TextOptions {
    let exact = TextFieldIndexing::default().set_tokenizer("raw").set_fieldnorms(false);
    TextOptions::default().set_indexing_options(exact.set_index_option(IndexRecordOption::Basic)) | STORED
}

/// Seconds of a day in UTC, which has no leap seconds here.
pub const DAY_SECS: i64 = 86_400;

/// The text names no calendar day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidDay;

/// Nanoseconds of a second: the unit in which an index counts moments, in 64 bits with a sign.
pub(crate) const NANOS: i64 = 1_000_000_000;

/// Reads `2026-11-24` as the first moment of that day in UTC.
///
/// # Errors
/// If there is no such day, or none that an index can hold to its end: it must lie between 1677-09-22 and 2262-04-10.
pub fn day_from_text(day: &str) -> Result<DateTime, InvalidDay> {
    // Ten bytes exactly: `Timestamp` would also read shorter and longer forms.
    if day.len() != 10 {
        return Err(InvalidDay);
    }
    let midnight = Timestamp::parse_rfc3339(&format!("{day}T00:00:00Z")).ok_or(InvalidDay)?;
    let is_held = |secs: i64| secs.checked_mul(NANOS).is_some();
    let day = midnight.secs();
    if is_held(day) && is_held(day.saturating_add(DAY_SECS)) {
        Ok(DateTime::from_timestamp_secs(day))
    } else {
        Err(InvalidDay)
    }
}

/// Writes the UTC day of a moment as `2026-11-24`.
#[must_use]
pub fn day_to_text(moment: DateTime) -> String {
    Timestamp::from_secs(moment.into_timestamp_secs()).day()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_is_the_one_in_the_format_document() {
        let (schema, fields) = build();
        let names: Vec<&str> = schema.fields().map(|(_, entry)| entry.name()).collect();
        assert_eq!(
            names,
            [
                "document",
                "capture",
                "authorisation",
                "title",
                "body",
                "author",
                "token",
                "token_digest",
                "token_label",
                "url",
                "site",
                "board",
                "language",
                "place",
                "posted",
                "captured",
                "price",
                "currency",
                "kind",
                "rules",
                "band",
            ]
        );
        assert_eq!(schema.get_field("band").ok(), Some(fields.band));
        let document = include_str!("../../../docs/formats/index.md");
        for name in names {
            assert!(document.contains(&format!("`{name}`")), "docs/formats/index.md says nothing of {name}");
        }
    }

    #[test]
    fn days_read_and_print() {
        let day = day_from_text("2026-11-24").unwrap();
        assert_eq!(day_to_text(day), "2026-11-24");
        assert_eq!(day.into_timestamp_secs() % DAY_SECS, 0);
        for held in ["1677-09-22", "2262-04-10"] {
            assert_eq!(day_from_text(held).map(day_to_text).as_deref(), Ok(held));
        }
        let unheld = ["0000-01-01", "1013-01-01", "1677-09-21", "2262-04-11", "9999-12-31"];
        for bad in ["", "2026-02-30", "2026-1-1", "20261124", "2026-11-24T", "yesterday!"].into_iter().chain(unheld) {
            assert_eq!(day_from_text(bad), Err(InvalidDay), "{bad}");
        }
    }
}
