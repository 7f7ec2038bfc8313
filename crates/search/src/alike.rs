//! Near-duplicates: groups of pages that say almost the same, and sites that mirror one another.
//!
//! Candidates share a band key (`schema::bands`); what is told was compared exactly. A group is whatever is connected by such
//! pairs.

use std::collections::{BTreeMap, HashMap, HashSet};

use model::CaptureId;
use schema::{Shingles, bands};
use serde::Serialize;
use tantivy::collector::DocSetCollector;
use tantivy::query::{BooleanQuery, Query as Engine, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::termdict::TermStreamer;
use tantivy::{DocAddress, DocSet as _, Searcher as Reader, TERMINATED, Term};

use crate::collect::Deadline;
use crate::error::during;
use crate::limits::{GROUPING_BUDGET_MILLIS, LEAST_ALIKE, MAX_ALIGNED, MAX_BUCKET_PAIRS, MAX_COMPARED, MAX_MEMBERS};
use crate::searcher::run;
use crate::template::{Piece, template};
use crate::{Document, Error, Licence, PivotCapture, Searcher, SiteCount};

/// The near-duplicate groups of a case, largest first.
#[derive(Clone, Debug, Serialize)]
pub struct Groups {
    /// The groups, as many as were asked for.
    pub groups: Vec<Group>,
    /// How many there are.
    pub count: usize,
    /// How many captures lie in one.
    pub captures: usize,
    /// Sites of which one repeats the other.
    pub mirrors: Vec<Mirror>,
    /// Whether the case has more candidates than are compared; then some groups may be missing.
    pub cut: bool,
}

/// Pages that say almost the same.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    /// How many captures.
    pub count: usize,
    /// The captures, first posted or captured first; at most [`MAX_MEMBERS`].
    pub members: Vec<PivotCapture>,
    /// Their sites, commonest first.
    pub sites: Vec<SiteCount>,
    /// The first day.
    pub first: String,
    /// The last day.
    pub last: String,
    /// How many different hidden identifiers they carry.
    pub token_count: usize,
    /// What they have in common, and where they differ: of the first [`MAX_ALIGNED`] members.
    pub template: Vec<Piece>,
}

/// Two sites that carry the same pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mirror {
    /// The smaller site.
    pub site: String,
    /// The larger one.
    pub of: String,
    /// Captures of the smaller site that have a near-duplicate on the larger one.
    pub shared: u64,
    /// Captures of the smaller site.
    pub captures: u64,
    /// Shared captures in per cent of the smaller site's.
    pub percent: u64,
}

/// Captures that two sites share at least, before they are called mirrors.
const LEAST_SHARED: u64 = 5;
/// And in per cent of the smaller one.
const LEAST_PERCENT: u64 = 50;

impl Searcher {
    /// The near-duplicate groups of the whole case, the largest `limit` of them in full.
    ///
    /// # Errors
    /// [`Error::OtherCase`] for a licence of another case, [`Error::Deadline`] when the time is up (30 s).
    pub fn groups(&self, licence: &Licence, limit: usize) -> Result<Groups, Error> {
        self.licensed(licence)?;
        let deadline = self.deadline(GROUPING_BUDGET_MILLIS);
        let reader = self.state();
        let (pairs, mut cut) = self.candidates(&reader, &deadline)?;
        let mut pages = Pages { searcher: self, reader: &reader, known: HashMap::new() };
        let mut union = Union::default();
        for (one, other) in pairs {
            if pages.known.len() >= MAX_COMPARED {
                cut = true;
                break;
            }
            deadline.keep()?;
            if !union.are_joined(one, other) && pages.jaccard(one, other)? >= LEAST_ALIKE {
                union.join(one, other);
            }
        }
        let groups = union.groups();
        let mirrors = mirrors(&groups, &pages.known, &self.site_sizes(&reader, &deadline)?);
        let (count, captures) = (groups.len(), groups.iter().map(Vec::len).sum());
        let mut told = Vec::with_capacity(limit.min(count));
        for members in groups.iter().take(limit) {
            deadline.keep()?;
            told.push(self.group(&reader, members)?);
        }
        Ok(Groups { groups: told, count, captures, mirrors, cut })
    }

    /// The pages that say almost the same as one; `None` where there is no other.
    ///
    /// # Errors
    /// As [`groups`](Self::groups); [`Error::NoCapture`] where the index has no such capture.
    pub fn alike(&self, licence: &Licence, capture: CaptureId) -> Result<Option<Group>, Error> {
        self.licensed(licence)?;
        let deadline = self.deadline(GROUPING_BUDGET_MILLIS);
        let reader = self.state();
        let own = self.address(&reader, capture)?.ok_or(Error::NoCapture)?;
        let page = self.read(&reader, own)?;
        let shingles = Shingles::of(&page.title, &page.body);
        let keys = bands(&shingles).into_iter().map(|key| {
            let term = Term::from_field_u64(self.fields().band, key);
            let query: Box<dyn Engine> = Box::new(TermQuery::new(term, IndexRecordOption::Basic));
            query
        });
        let candidates = run(&reader, &BooleanQuery::union(keys.collect()), DocSetCollector, &deadline)?;
        let mut candidates: Vec<DocAddress> = candidates.into_iter().filter(|address| *address != own).collect();
        candidates.sort_unstable();
        candidates.truncate(MAX_COMPARED);
        let mut members = vec![own];
        for address in candidates {
            deadline.keep()?;
            let other = self.read(&reader, address)?;
            if shingles.jaccard(&Shingles::of(&other.title, &other.body)) >= LEAST_ALIKE {
                members.push(address);
            }
        }
        if members.len() < 2 { Ok(None) } else { self.group(&reader, &members).map(Some) }
    }

    fn read(&self, reader: &Reader, address: DocAddress) -> Result<Document, Error> {
        Document::read(&reader.doc(address).map_err(during("read a document of"))?, self.fields())
    }

    /// Pairs of documents that share a key, each once, in order: the keys of all segments are walked through side by side.
    fn candidates(&self, reader: &Reader, deadline: &Deadline) -> Result<(Vec<(DocAddress, DocAddress)>, bool), Error> {
        let failed = during("search");
        let field = self.fields().band;
        let segments = reader.segment_readers();
        let indexes = segments.iter().map(|segment| segment.inverted_index(field)).collect::<Result<Vec<_>, _>>();
        let indexes = indexes.map_err(&failed)?;
        let mut streams: Vec<Option<TermStreamer<'_>>> = Vec::new();
        for index in &indexes {
            let stream = index.terms().stream().map_err(|error| failed(error.into()))?;
            streams.push(advanced(stream));
        }
        let mut pairs = HashSet::new();
        let mut cut = false;
        let mut bucket: Vec<DocAddress> = Vec::new();
        let mut looks = 0_u32;
        while let Some(key) = streams.iter().flatten().map(|stream| stream.key().to_vec()).min() {
            looks = looks.wrapping_add(1);
            if looks.is_multiple_of(4096) {
                deadline.keep()?;
            }
            bucket.clear();
            for (segment, place) in (0_u32..).zip(0..streams.len()) {
                let Some(stream) = streams[place].take_if(|stream| stream.key() == key) else { continue };
                let info = stream.value().clone();
                let option = IndexRecordOption::Basic;
                let mut postings =
                    indexes[place].read_postings_from_terminfo(&info, option).map_err(|error| failed(error.into()))?;
                let alive = segments[place].alive_bitset();
                while postings.doc() != TERMINATED {
                    if alive.is_none_or(|alive| alive.is_alive(postings.doc())) {
                        bucket.push(DocAddress::new(segment, postings.doc()));
                    }
                    postings.advance();
                }
                streams[place] = advanced(stream);
            }
            // In a large bucket each is compared with the next alone: what is alike is connected all the same.
            let reach = if bucket.len() <= MAX_BUCKET_PAIRS { bucket.len() } else { 1 };
            for (place, one) in bucket.iter().enumerate() {
                pairs.extend(bucket[place + 1..].iter().take(reach).map(|other| (*one, *other)));
            }
            if pairs.len() > MAX_COMPARED * 8 {
                cut = true;
                break;
            }
        }
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        pairs.sort_unstable();
        Ok((pairs, cut))
    }

    fn site_sizes(&self, reader: &Reader, deadline: &Deadline) -> Result<HashMap<String, u64>, Error> {
        let all = crate::counts::LabelCounts(&["site"]);
        let mut sizes = run(reader, &tantivy::query::AllQuery, all, deadline)?;
        Ok(sizes.pop().unwrap_or_default())
    }

    fn group(&self, reader: &Reader, members: &[DocAddress]) -> Result<Group, Error> {
        let mut pages = members.iter().map(|address| self.read(reader, *address)).collect::<Result<Vec<_>, _>>()?;
        pages.sort_by_cached_key(|page| (page.day(), page.captured, page.capture));
        let mut sites: HashMap<String, u64> = HashMap::new();
        pages.iter().for_each(|page| *sites.entry(page.site.clone()).or_default() += 1);
        let tokens: HashSet<_> = pages.iter().flat_map(|page| &page.tokens).collect();
        let texts: Vec<String> =
            pages.iter().take(MAX_ALIGNED).map(|page| format!("{}\n{}", page.title, page.body)).collect();
        let day = |page: Option<&Document>| page.map(Document::day).unwrap_or_default();
        Ok(Group {
            count: pages.len(),
            members: pages.iter().take(MAX_MEMBERS).map(PivotCapture::of).collect(),
            sites: crate::pivot::sites(sites),
            first: day(pages.first()),
            last: day(pages.last()),
            token_count: tokens.len(),
            template: template(&texts),
        })
    }
}

/// The stream at its next key, if there is one.
fn advanced(mut stream: TermStreamer<'_>) -> Option<TermStreamer<'_>> {
    stream.advance().then_some(stream)
}

/// What is remembered of a page while groups are made: its shingles and its site.
struct Pages<'p> {
    searcher: &'p Searcher,
    reader: &'p Reader,
    known: HashMap<DocAddress, (Shingles, String)>,
}

impl Pages<'_> {
    fn jaccard(&mut self, one: DocAddress, other: DocAddress) -> Result<f64, Error> {
        for address in [one, other] {
            if !self.known.contains_key(&address) {
                let page = self.searcher.read(self.reader, address)?;
                self.known.insert(address, (Shingles::of(&page.title, &page.body), page.site));
            }
        }
        Ok(match (self.known.get(&one), self.known.get(&other)) {
            (Some((one, _)), Some((other, _))) => one.jaccard(other),
            _ => 0.0,
        })
    }
}

/// Disjoint sets of documents.
#[derive(Default)]
struct Union(HashMap<DocAddress, DocAddress>);

impl Union {
    fn root(&mut self, of: DocAddress) -> DocAddress {
        let mut at = of;
        while let Some(above) = self.0.get(&at).copied().filter(|above| *above != at) {
            // Path halving keeps the ways short.
            let next = self.0.get(&above).copied().unwrap_or(above);
            self.0.insert(at, next);
            at = next;
        }
        at
    }

    fn are_joined(&mut self, one: DocAddress, other: DocAddress) -> bool {
        self.0.contains_key(&one) && self.0.contains_key(&other) && self.root(one) == self.root(other)
    }

    fn join(&mut self, one: DocAddress, other: DocAddress) {
        for address in [one, other] {
            self.0.entry(address).or_insert(address);
        }
        let (one, other) = (self.root(one), self.root(other));
        self.0.insert(one.max(other), one.min(other));
    }

    /// The sets, largest first.
    fn groups(mut self) -> Vec<Vec<DocAddress>> {
        let mut sets: BTreeMap<DocAddress, Vec<DocAddress>> = BTreeMap::new();
        let mut all: Vec<DocAddress> = self.0.keys().copied().collect();
        all.sort_unstable();
        for address in all {
            sets.entry(self.root(address)).or_default().push(address);
        }
        let mut groups: Vec<_> = sets.into_values().collect();
        groups.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        groups
    }
}

/// Sites of which most captures have a near-duplicate on a larger one.
fn mirrors(
    groups: &[Vec<DocAddress>],
    pages: &HashMap<DocAddress, (Shingles, String)>,
    sizes: &HashMap<String, u64>,
) -> Vec<Mirror> {
    let mut shared: HashMap<(&str, &str), u64> = HashMap::new();
    for group in groups {
        let mut here: HashMap<&str, u64> = HashMap::new();
        let sites = group.iter().filter_map(|address| pages.get(address)).map(|(_, site)| site.as_str());
        sites.for_each(|site| *here.entry(site).or_default() += 1);
        for (site, captures) in &here {
            for other in here.keys().filter(|other| *other != site) {
                *shared.entry((site, other)).or_default() += captures;
            }
        }
    }
    let size = |site: &str| sizes.get(site).copied().unwrap_or_default();
    let mut mirrors: Vec<Mirror> = shared
        .into_iter()
        .filter(|((site, of), _)| (size(site), *site) < (size(of), *of))
        .map(|((site, of), shared)| {
            let captures = size(site);
            let percent = shared * 100 / captures.max(1);
            Mirror { site: site.to_owned(), of: of.to_owned(), shared, captures, percent }
        })
        .filter(|mirror| mirror.shared >= LEAST_SHARED && mirror.percent >= LEAST_PERCENT)
        .collect();
    mirrors.sort_by(|a, b| b.percent.cmp(&a.percent).then_with(|| (&a.site, &a.of).cmp(&(&b.site, &b.of))));
    mirrors
}
