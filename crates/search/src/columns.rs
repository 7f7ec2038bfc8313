//! The columns of one state of the index, opened once.
//!
//! To open a column costs as much as to read it for some thousand documents, and each segment numbers its labels anew. So the
//! first question that needs them opens them all and gives every label one number for the whole index; they live as long as
//! the state does, and hold what the state's own files hold: whoever lets go of an erased state lets go of them.

use std::collections::HashMap;

use model::Token;
use schema::frequent::{Documents, Frequent, MOST_LABELS};
use schema::{Fields, day_to_text};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DateTime, DocId, SegmentReader};

use crate::{PivotCapture, one_line};

/// The label fields that are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Facet {
    Site,
    Board,
    Language,
    Place,
    Kind,
}

impl Facet {
    /// Every one, in the order of [`Facets`](crate::Facets).
    pub(crate) const ALL: &'static [Self] = &[Self::Site, Self::Board, Self::Language, Self::Place, Self::Kind];

    const fn name(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Board => "board",
            Self::Language => "language",
            Self::Place => "place",
            Self::Kind => "kind",
        }
    }
}

/// All columns, by segment.
pub(crate) struct Columns {
    pub(crate) segments: Vec<SegmentColumns>,
    names: Vec<Vec<String>>,
}

/// The columns of one segment.
pub(crate) struct SegmentColumns {
    pub(crate) captured: Column<DateTime>,
    pub(crate) posted: Column<DateTime>,
    /// Digests of tokens; see [`schema::token_numbers`].
    digests: Column<u64>,
    /// Labels of tokens, row by row beside the digests.
    token_labels: Column<u64>,
    labels: Vec<Labels>,
    /// What the segment has of its frequent tokens, side by side; the columns say the same.
    frequent: Option<Frequent>,
}

/// One label field of a segment.
pub(crate) enum Labels {
    /// No document has any.
    None,
    /// Numbers within the segment, and by those the numbers within the index.
    Numbered(Column<u64>, Vec<usize>),
    /// Too many for that.
    Many(StrColumn),
}

impl Columns {
    pub(crate) fn open(searcher: &tantivy::Searcher, fields: &Fields) -> tantivy::Result<Self> {
        let mut numbers = vec![HashMap::new(); Facet::ALL.len()];
        let open = |segment| SegmentColumns::open(segment, fields, &mut numbers);
        let segments = searcher.segment_readers().iter().map(open).collect::<tantivy::Result<_>>()?;
        let in_order = |numbers: HashMap<String, usize>| {
            let mut names = vec![String::new(); numbers.len()];
            numbers.into_iter().for_each(|(name, number)| names[number] = name);
            names
        };
        Ok(Self { segments, names: numbers.into_iter().map(in_order).collect() })
    }

    /// Has the lists mapped into memory, as far as `go_on` lets it.
    pub(crate) fn touch(&self, mut go_on: impl FnMut() -> bool) {
        self.segments.iter().for_each(|segment| segment.touch(&mut go_on));
    }

    /// The labels of a field, by number.
    pub(crate) fn names(&self, facet: Facet) -> &[String] {
        &self.names[facet as usize]
    }
}

impl SegmentColumns {
    fn open(segment: &SegmentReader, fields: &Fields, numbers: &mut [HashMap<String, usize>]) -> tantivy::Result<Self> {
        let (columns, schema) = (segment.fast_fields(), segment.schema());
        let labels = |(facet, numbers): (&Facet, &mut HashMap<String, usize>)| {
            let Some(column) = columns.str(facet.name())? else { return Ok(Labels::None) };
            // A field with more (boards that a page makes up) is read label by label.
            if column.num_terms() > MOST_LABELS {
                return Ok(Labels::Many(column));
            }
            let mut own = Vec::with_capacity(column.num_terms());
            let mut labels = column.dictionary().stream()?;
            while labels.advance() {
                let next = numbers.len();
                let label = String::from_utf8_lossy(labels.key()).into_owned();
                own.push(*numbers.entry(label).or_insert(next));
            }
            drop(labels);
            Ok(Labels::Numbered(column.ords().clone(), own))
        };
        Ok(Self {
            captured: columns.date(schema.get_field_name(fields.captured))?,
            posted: columns.date(schema.get_field_name(fields.posted))?,
            digests: columns.u64(schema.get_field_name(fields.token_digest))?,
            token_labels: columns.u64(schema.get_field_name(fields.token_label))?,
            labels: Facet::ALL.iter().zip(numbers).map(labels).collect::<tantivy::Result<_>>()?,
            frequent: Frequent::if_there(segment)?,
        })
    }

    pub(crate) fn touch(&self, mut go_on: impl FnMut() -> bool) {
        self.frequent.iter().for_each(|frequent| {
            frequent.touch(&mut go_on);
        });
    }

    pub(crate) fn labels(&self, facet: Facet) -> &Labels {
        &self.labels[facet as usize]
    }

    /// The numbers within the index, by those within the segment; none where labels are not numbered.
    pub(crate) fn numbers(&self, facet: Facet) -> &[usize] {
        match self.labels(facet) {
            Labels::Numbered(_, numbers) => numbers,
            Labels::None | Labels::Many(_) => &[],
        }
    }

    /// The list of a frequent token.
    pub(crate) fn list(&self, token: Token) -> Option<Documents<'_>> {
        let is_numbered = |facet| !matches!(self.labels(facet), Labels::Many(_));
        self.frequent.as_ref()?.of(token).filter(|_| is_numbered(Facet::Site) && is_numbered(Facet::Place))
    }

    /// What a list of captures shows of a document, from its line and from columns.
    pub(crate) fn line(&self, names: &Columns, doc: DocId) -> Option<PivotCapture> {
        let (capture, title) = self.frequent.as_ref()?.line(doc)?;
        let (site, kind) = (self.label(names, Facet::Site, doc)?, self.label(names, Facet::Kind, doc)?);
        Some(PivotCapture { capture, site, kind, day: day_to_text(self.shown(doc)?), title: one_line(title) })
    }

    /// The label of a document; empty where it has none.
    fn label(&self, names: &Columns, facet: Facet, doc: DocId) -> Option<String> {
        match self.labels(facet) {
            Labels::None => Some(String::new()),
            Labels::Numbered(column, numbers) => {
                let Some(label) = column.first(doc) else { return Some(String::new()) };
                let number = numbers.get(usize::try_from(label).ok()?)?;
                names.names(facet).get(*number).cloned()
            }
            Labels::Many(column) => {
                let mut text = String::new();
                column.term_ords(doc).next().map_or(Ok(true), |label| column.ord_to_str(label, &mut text)).ok()?;
                Some(text)
            }
        }
    }

    /// The moment that hits show: as posted where the page says so, else as captured.
    pub(crate) fn shown(&self, doc: DocId) -> Option<DateTime> {
        self.posted.first(doc).or_else(|| self.captured.first(doc))
    }

    /// Hands `each` the numbers, label and digest, of all tokens of some documents.
    pub(crate) fn each_token(&self, docs: &[DocId], rows: &mut Rows, mut each: impl FnMut(u64, u64)) {
        rows.of(&self.digests, docs);
        let digests = std::mem::take(&mut rows.values);
        // Both columns have the same rows.
        rows.read(&self.token_labels);
        rows.values.iter().zip(&digests).for_each(|(label, digest)| each(*label, *digest));
    }
}

/// Room for the rows of some documents: a column that is asked for many values at once answers several times as fast.
#[derive(Default)]
pub(crate) struct Rows {
    docs: Vec<DocId>,
    rows: Vec<u32>,
    values: Vec<u64>,
}

impl Rows {
    /// Hands `each` all values of some documents, each with its document's place among them.
    pub(crate) fn each(&mut self, column: &Column<u64>, docs: &[DocId], mut each: impl FnMut(usize, u64)) {
        self.of(column, docs);
        let mut place = 0;
        for (doc, value) in self.docs.iter().zip(&self.values) {
            // Rows come in the order of their documents, and every one belongs to some.
            while docs[place] != *doc {
                place += 1;
            }
            each(place, *value);
        }
    }

    fn of(&mut self, column: &Column<u64>, docs: &[DocId]) {
        self.docs.clear();
        self.rows.clear();
        column.row_ids_for_docs(docs, &mut self.docs, &mut self.rows);
        self.read(column);
    }

    /// Reads the same rows of another column.
    fn read(&mut self, column: &Column<u64>) {
        self.values.clear();
        self.values.resize(self.rows.len(), 0);
        column.values.get_vals(&self.rows, &mut self.values);
    }
}
