//! Near-duplicates: groups of pages that say almost the same, and sites that mirror one another.
//!
//! Candidates share a band key (`schema::bands`); what is told was compared exactly. A group is whatever is connected by such
//! pairs.

use std::collections::{BTreeMap, HashMap, HashSet};

use model::CaptureId;
use schema::{BAND_NUMBERS, Shingles, bands, share_a_key, two_keys};
use serde::Serialize;
use tantivy::{DocAddress, Searcher as Reader};

use crate::collect::Deadline;
use crate::columns::Facet;
use crate::counts::LabelCounts;
use crate::error::during;
use crate::limits::{DOCUMENTS_PER_LOOK, GROUPING_BUDGET_MILLIS};
use crate::limits::{LEAST_ALIKE, MAX_ALIGNED, MAX_BUCKET_PAIRS, MAX_COMPARED, MAX_MEMBERS};
use crate::searcher::run;
use crate::template::{Piece, template};
use crate::{Document, Error, Licence, PivotCapture, Searcher, SiteCount};

/// Numbers with two keys each whose buckets are made in one pass over the documents: 96 bytes a document meanwhile.
const NUMBERS_AT_A_TIME: usize = 4;

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
        let mut candidates = self.sharing_a_key(&reader, &bands(&shingles), &deadline)?;
        candidates.retain(|address| *address != own);
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

    /// Hands `each` every living document that has keys, with the numbers they are kept in.
    fn each_with_keys(
        &self,
        reader: &Reader,
        deadline: &Deadline,
        mut each: impl FnMut(DocAddress, &[u64]),
    ) -> Result<(), Error> {
        let failed = during("search");
        let mut numbers = [0; BAND_NUMBERS];
        for (place, segment) in (0_u32..).zip(reader.segment_readers()) {
            let name = segment.schema().get_field_name(self.fields().band);
            let column = segment.fast_fields().u64(name).map_err(&failed)?;
            for doc in segment.doc_ids_alive() {
                if doc.is_multiple_of(DOCUMENTS_PER_LOOK) {
                    deadline.keep()?;
                }
                let rows = column.index.value_row_ids(doc);
                if rows.len() == BAND_NUMBERS {
                    column.values.get_range(u64::from(rows.start), &mut numbers);
                    each(DocAddress::new(place, doc), &numbers);
                }
            }
        }
        Ok(())
    }

    /// The documents that share one of these keys.
    fn sharing_a_key(&self, reader: &Reader, own: &[u64], deadline: &Deadline) -> Result<Vec<DocAddress>, Error> {
        let mut found = Vec::new();
        if !own.is_empty() {
            self.each_with_keys(reader, deadline, |address, numbers| {
                if share_a_key(own, numbers) {
                    found.push(address);
                }
            })?;
        }
        Ok(found)
    }

    /// Pairs of documents that share a key, each once, in order. A few bands at a time, so that memory is bounded by the
    /// number of documents and not by that of keys.
    fn candidates(&self, reader: &Reader, deadline: &Deadline) -> Result<(Vec<(DocAddress, DocAddress)>, bool), Error> {
        let mut pairs = HashSet::new();
        for numbers in (0..BAND_NUMBERS).step_by(NUMBERS_AT_A_TIME) {
            let numbers = numbers..BAND_NUMBERS.min(numbers + NUMBERS_AT_A_TIME);
            let mut bands: Vec<Vec<(u32, DocAddress)>> = vec![Vec::new(); 2 * numbers.len()];
            self.each_with_keys(reader, deadline, |address, all| {
                let keys = all[numbers.clone()].iter().flat_map(|number| two_keys(*number));
                bands.iter_mut().zip(keys).for_each(|(band, key)| band.push((key, address)));
            })?;
            for band in &mut bands {
                deadline.keep()?;
                band.sort_unstable();
                for bucket in band.chunk_by(|one, other| one.0 == other.0) {
                    // In a large bucket each is compared with the next alone: what is alike is connected all the same.
                    let reach = if bucket.len() <= MAX_BUCKET_PAIRS { bucket.len() } else { 1 };
                    for (place, (_, one)) in bucket.iter().enumerate() {
                        pairs.extend(bucket[place + 1..].iter().take(reach).map(|(_, other)| (*one, *other)));
                    }
                    if pairs.len() > MAX_COMPARED * 8 {
                        return Ok((in_order(pairs), true));
                    }
                }
            }
        }
        Ok((in_order(pairs), false))
    }

    fn site_sizes(&self, reader: &Reader, deadline: &Deadline) -> Result<HashMap<String, u64>, Error> {
        let all = LabelCounts(self.columns()?, &[Facet::Site]);
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

fn in_order(pairs: HashSet<(DocAddress, DocAddress)>) -> Vec<(DocAddress, DocAddress)> {
    let mut pairs: Vec<_> = pairs.into_iter().collect();
    pairs.sort_unstable();
    pairs
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
