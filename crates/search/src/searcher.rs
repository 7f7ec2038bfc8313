//! Opening one case's index and answering questions from it.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use model::{CaseId, Clock, Timestamp, Token};
use schema::folder::{MANIFEST, MAX_MANIFEST_BYTES, Manifest, Unfit, reader_generation};
use schema::{Fields, day_to_text};
use tantivy::collector::sort_key::{SortBySimilarityScore, SortByStaticFastValue};
use tantivy::collector::{Collector, Count, TopDocs};
use tantivy::query::TermQuery;
use tantivy::schema::{Field, IndexRecordOption, Value as _};
use tantivy::{DateTime, Index, IndexReader, Order, ReloadPolicy, TantivyDocument, Term};

use crate::collect::{Deadline, LabelCounts, Timed};
use crate::error::during;
use crate::limits::{DEFAULT_BUDGET_MILLIS, MAX_HIT_TOKENS, MAX_HITS, MAX_PIVOT_CAPTURES, MAX_WINDOW};
use crate::pivot::{FirstLast, sites, together};
use crate::snippet::one_line;
use crate::{Error, Facets, Hit, Hits, Licence, Pivot, PivotCapture, Query, Seen, Snippet, plan};

/// Reads one case's index. It sees the state it was opened or last reloaded at.
///
/// While it lives it holds a shared lock on the folder's current reader file, so that an erasure knows of it.
pub struct Searcher {
    folder: PathBuf,
    case: CaseId,
    clock: Clock,
    index: Index,
    reader: IndexReader,
    fields: Fields,
    lock: File,
}

/// Which part of the answer is wanted, and how long it may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Want {
    /// How many hits; at most [`MAX_HITS`].
    pub limit: usize,
    /// How many to skip; with the limit at most [`MAX_WINDOW`].
    pub offset: usize,
    /// Milliseconds that the answer may take.
    pub budget_millis: i64,
}

impl Want {
    /// The first `limit` hits, within the usual time.
    #[must_use]
    pub const fn first(limit: usize) -> Self {
        Self { limit, offset: 0, budget_millis: DEFAULT_BUDGET_MILLIS }
    }
}

impl From<usize> for Want {
    fn from(limit: usize) -> Self {
        Self::first(limit)
    }
}

impl Searcher {
    /// Opens the index in `folder`, which is named by its case.
    ///
    /// # Errors
    /// [`Error::NoIndex`] when nothing was indexed yet; else when the folder is not an index of this version.
    pub fn open(folder: &Path, clock: Clock) -> Result<Self, Error> {
        let case = read_manifest(folder)?;
        let lock = lock_readers(folder)?;
        if !folder.join("meta.json").is_file() {
            return Err(Error::NoIndex); // the folder was made and the process then killed
        }
        let index = Index::open_in_dir(folder).map_err(during("open"))?;
        let (schema, fields) = schema::build();
        if index.schema() != schema {
            return Err(Error::Damaged("its fields are not those of its version"));
        }
        schema::register(&index);
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().map_err(during("open"))?;
        Ok(Self { folder: folder.to_owned(), case, clock, index, reader, fields, lock })
    }

    /// The case whose index it is.
    #[must_use]
    pub const fn case(&self) -> &CaseId {
        &self.case
    }

    /// How many documents the index has.
    #[must_use]
    pub fn documents(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// Moves on to the last commit, and lets go of files that an erasure took away.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn reload(&mut self) -> Result<(), Error> {
        // The new lock comes before the new state: an erasure between the two still waits for this reader.
        let lock = lock_readers(&self.folder)?;
        // A new reader, since the old one would keep the last generation of searchers and their files alive.
        let builder = self.index.reader_builder().reload_policy(ReloadPolicy::Manual);
        self.reader = builder.try_into().map_err(during("reload"))?;
        self.lock = lock;
        Ok(())
    }

    /// The best hits of a query, with the exact count and facets.
    ///
    /// # Errors
    /// [`Error::OtherCase`] for a licence of another case, [`Error::Window`] for paging too far, [`Error::Deadline`]
    /// when the time is up.
    pub fn search(&self, licence: &Licence, query: &Query, want: impl Into<Want>) -> Result<Hits, Error> {
        self.licensed(licence)?;
        let want = want.into();
        let window = want.offset.saturating_add(want.limit);
        if want.limit > MAX_HITS || window > MAX_WINDOW {
            return Err(Error::Window { most: if want.limit > MAX_HITS { MAX_HITS } else { MAX_WINDOW } });
        }
        let deadline = Deadline::new(&self.clock, want.budget_millis);
        let searcher = self.reader.searcher();
        let engine = plan::plan(&query.root, &self.fields);
        // Hits that fit equally well come newest first; tantivy wants at least one place even where none is asked for.
        let newest = (SortByStaticFastValue::<DateTime>::for_field("captured"), Order::Desc);
        let best = TopDocs::with_limit(want.limit.max(1)).and_offset(want.offset);
        let best = best.order_by(((SortBySimilarityScore, Order::Desc), newest));
        let (ranked, count, labels) =
            run(&searcher, engine.as_ref(), (best, Count, LabelCounts(Facets::FIELDS)), &deadline, want.budget_millis)?;

        let terms = plan::marked_terms(&query.root);
        let mut hits = Vec::with_capacity(ranked.len().min(want.limit));
        for ((score, _), address) in ranked.into_iter().take(want.limit) {
            deadline.check().map_err(|_| Error::Deadline { millis: want.budget_millis })?;
            let document = searcher.doc(address).map_err(during("read a document of"))?;
            hits.push(self.hit(&document, score, &terms)?);
        }
        Ok(Hits {
            understood: query.to_string(),
            count: count as u64,
            offset: want.offset,
            hits,
            facets: Facets::new(labels),
        })
    }

    /// Everything that shares a hidden identifier.
    ///
    /// # Errors
    /// [`Error::OtherCase`] for a licence of another case, [`Error::Deadline`] when the time is up.
    pub fn pivot(&self, licence: &Licence, token: Token) -> Result<Pivot, Error> {
        self.licensed(licence)?;
        let budget = DEFAULT_BUDGET_MILLIS;
        let deadline = Deadline::new(&self.clock, budget);
        let searcher = self.reader.searcher();
        let term = Term::from_field_text(self.fields.token, &token.to_string());
        let engine = TermQuery::new(term, IndexRecordOption::Basic);
        let newest = TopDocs::with_limit(MAX_PIVOT_CAPTURES).order_by_fast_field::<DateTime>("captured", Order::Desc);
        let labels = LabelCounts(&["token", "site"]);
        let what = ((newest, Count), (labels, (FirstLast("captured"), FirstLast("posted"))));
        let ((newest, count), (labels, (captured, posted))) = run(&searcher, &engine, what, &deadline, budget)?;

        let mut captures = Vec::with_capacity(newest.len());
        for (_, address) in newest {
            deadline.check().map_err(|_| Error::Deadline { millis: budget })?;
            captures.push(self.pivot_capture(&searcher.doc(address).map_err(during("read a document of"))?)?);
        }
        let mut labels = labels.into_iter();
        let (together, together_count) = together(token, labels.next().unwrap_or_default());
        let moment = |at: DateTime| Timestamp::from_millis(at.into_timestamp_millis());
        Ok(Pivot {
            token,
            count: count as u64,
            documents: searcher.num_docs(),
            captures,
            together,
            together_count,
            sites: sites(labels.next().unwrap_or_default()),
            first_seen: captured.map(|(first, _)| moment(first)),
            last_seen: captured.map(|(_, last)| moment(last)),
            posted: posted.map(|(first, last)| Seen { first: day_to_text(first), last: day_to_text(last) }),
        })
    }

    fn licensed(&self, licence: &Licence) -> Result<(), Error> {
        if licence.case() == &self.case { Ok(()) } else { Err(Error::OtherCase) }
    }

    fn hit(&self, document: &TantivyDocument, score: f32, terms: &[String]) -> Result<Hit, Error> {
        let stored = Stored { document, fields: &self.fields };
        let tokens: Vec<Token> = stored.texts(self.fields.token).filter_map(|text| text.parse().ok()).collect();
        let posted = stored.day(self.fields.posted);
        let captured = stored.day(self.fields.captured).ok_or(DAMAGED)?;
        Ok(Hit {
            capture: stored.capture()?,
            site: stored.label(self.fields.site),
            board: stored.texts(self.fields.board).next().map(one_line),
            kind: stored.label(self.fields.kind),
            language: stored.texts(self.fields.language).next().map(str::to_owned),
            day: posted.clone().unwrap_or_else(|| captured.clone()),
            posted,
            captured,
            title: stored.texts(self.fields.title).next().map(one_line).unwrap_or_default(),
            snippet: Snippet::of(stored.texts(self.fields.body).next().unwrap_or_default(), terms),
            score,
            token_count: tokens.len(),
            tokens: tokens.into_iter().take(MAX_HIT_TOKENS).collect(),
            url: stored.texts(self.fields.url).next().and_then(|text| text.parse().ok()),
        })
    }

    fn pivot_capture(&self, document: &TantivyDocument) -> Result<PivotCapture, Error> {
        let stored = Stored { document, fields: &self.fields };
        Ok(PivotCapture {
            capture: stored.capture()?,
            site: stored.label(self.fields.site),
            kind: stored.label(self.fields.kind),
            day: stored.day(self.fields.posted).or_else(|| stored.day(self.fields.captured)).ok_or(DAMAGED)?,
            title: stored.texts(self.fields.title).next().map(one_line).unwrap_or_default(),
        })
    }
}

impl std::fmt::Debug for Searcher {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Searcher({}, {} documents)", self.case, self.documents())
    }
}

/// Runs a query to its end or to the deadline.
fn run<C: Collector>(
    searcher: &tantivy::Searcher,
    query: &dyn tantivy::query::Query,
    collector: C,
    deadline: &Deadline<'_>,
    millis: i64,
) -> Result<C::Fruit, Error> {
    searcher
        .search(query, &Timed { inner: collector, deadline })
        .map_err(|error| if deadline.was_missed() { Error::Deadline { millis } } else { during("search")(error) })
}

const DAMAGED: Error = Error::Damaged("a document lacks a field that every document has");

/// The stored fields of one document.
struct Stored<'d> {
    document: &'d TantivyDocument,
    fields: &'d Fields,
}

impl<'d> Stored<'d> {
    fn texts(&self, field: Field) -> impl Iterator<Item = &'d str> {
        self.document.get_all(field).filter_map(|value| value.as_str())
    }

    /// A label that every document has; empty where the writer gave none.
    fn label(&self, field: Field) -> String {
        self.texts(field).next().unwrap_or_default().to_owned()
    }

    fn day(&self, field: Field) -> Option<String> {
        self.document.get_first(field)?.as_datetime().map(day_to_text)
    }

    fn capture(&self) -> Result<model::CaptureId, Error> {
        self.texts(self.fields.capture).next().and_then(|text| text.parse().ok()).ok_or(DAMAGED)
    }
}

/// Reads the manifest; the case it names must be the folder's name.
fn read_manifest(folder: &Path) -> Result<CaseId, Error> {
    let name = folder.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse::<CaseId>().ok());
    let name = name.ok_or(Error::FolderName)?;
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => Error::NoIndex,
        _ => Error::File { during: "read", source },
    };
    let mut bytes = Vec::new();
    let file = File::open(folder.join(MANIFEST)).map_err(failed)?;
    file.take(MAX_MANIFEST_BYTES).read_to_end(&mut bytes).map_err(failed)?;
    match Manifest::parse(&bytes) {
        Ok(manifest) if manifest.case == name => Ok(name),
        Ok(_) => Err(Error::Damaged("its manifest names another case than its folder")),
        Err(Unfit::Version(found)) => Err(Error::Version { found, known: schema::VERSION }),
        Err(Unfit::Damaged) => Err(Error::Damaged("its manifest is not what was written")),
    }
}

/// Takes a shared lock on the newest reader file. An erasure may begin a new one at the same moment, so the newest is
/// looked for again once the lock is held.
fn lock_readers(folder: &Path) -> Result<File, Error> {
    const TRIES: usize = 100;
    for _ in 0..TRIES {
        let newest = newest_generation(folder)?;
        let file = match File::open(folder.join(schema::folder::reader_lock(newest))) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(source) => return Err(Error::File { during: "lock", source }),
        };
        file.lock_shared().map_err(|source| Error::File { during: "lock", source })?;
        if newest_generation(folder)? == newest {
            return Ok(file);
        }
    }
    Err(Error::Damaged("its reader files change without end"))
}

fn newest_generation(folder: &Path) -> Result<u64, Error> {
    let failed = |source| Error::File { during: "list", source };
    let mut newest = None;
    for entry in fs::read_dir(folder).map_err(failed)? {
        newest = newest.max(entry.map_err(failed)?.file_name().to_str().and_then(reader_generation));
    }
    newest.ok_or(Error::Damaged("it has no reader file"))
}
