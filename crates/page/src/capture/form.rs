//! The frozen form of a capture record. It is written down in `docs/formats/capture-record.md`; this file follows it key
//! by key.

use std::collections::BTreeMap;
use std::convert::Infallible;

use minicbor::{Decoder, Encoder};
use model::{AuthorisationId, CaptureId, Sensitive, Timestamp};

use super::{CaptureRecord, Headers, Method, Truncation};
use crate::Error;
use crate::limits::MAX_RECORD_BYTES;

/// The version that is written, and the newest that is read.
pub const RECORD_VERSION: u64 = 1;

/// Keys of the record's map.
const KEYS: u64 = 16;

impl CaptureRecord {
    /// The frozen form. The same values give the same bytes, always.
    #[must_use]
    pub fn encode(&self) -> Sensitive<Vec<u8>> {
        let headers =
            |list: &Headers| list.pairs().iter().map(|(name, value)| name.len() + value.len() + 11).sum::<usize>();
        let room = self.body.expose().len() + headers(&self.request_headers) + headers(&self.response_headers);
        // Room for everything at once: a vector that grows would leave copies of raw text in freed memory.
        let facts: usize = self.facts.iter().map(|(key, value)| key.len() + value.len() + 18).sum();
        let mut bytes = Vec::with_capacity(room + facts + self.url.expose().len() + self.site.len() + 256);
        self.write(&mut Encoder::new(&mut bytes)).expect("a vector takes every write");
        Sensitive::new(bytes)
    }

    fn write(&self, out: &mut Encoder<&mut Vec<u8>>) -> Result<(), minicbor::encode::Error<Infallible>> {
        out.map(KEYS)?.u8(0)?.u64(RECORD_VERSION)?;
        out.u8(1)?.bytes(self.capture.as_bytes())?;
        out.u8(2)?.bytes(self.authorisation.as_bytes())?;
        out.u8(3)?.str(self.case.as_str())?;
        out.u8(4)?.str(&self.site)?;
        out.u8(5)?.u8(self.method.code())?;
        out.u8(6)?.str(self.url.expose())?;
        write_headers(out.u8(7)?, &self.request_headers)?;
        out.u8(8)?.u16(self.status)?;
        write_headers(out.u8(9)?, &self.response_headers)?;
        out.u8(10)?.bytes(self.body.expose())?;
        out.u8(11)?.i64(self.started.millis())?;
        out.u8(12)?.i64(self.ended.millis())?;
        match self.clock_offset_millis {
            Some(offset) => out.u8(13)?.i64(offset)?,
            None => out.u8(13)?.null()?,
        };
        out.u8(14)?.u8(self.truncated.map_or(0, Truncation::code))?;
        let mut facts: Vec<_> = self.facts.iter().collect();
        facts.sort_by_key(|(key, _)| (key.len(), *key));
        out.u8(15)?.map(facts.len() as u64)?;
        for (key, value) in facts {
            out.str(key)?.str(value)?;
        }
        Ok(())
    }

    /// Reads the frozen form, and refuses every other.
    ///
    /// # Errors
    /// If the bytes are no record, of an unknown version, or not in the one deterministic form.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > MAX_RECORD_BYTES {
            return Err(Error::Record("it is larger than any record"));
        }
        let mut input = Decoder::new(bytes);
        let record = Self::read(&mut input)?;
        if input.position() != bytes.len() {
            return Err(Error::Record("bytes follow the record"));
        }
        if record.encode().expose() != bytes {
            return Err(Error::Record("it is not in the one deterministic form"));
        }
        Ok(record)
    }

    fn read(input: &mut Decoder<'_>) -> Result<Self, Error> {
        let pairs = input.map().map_err(|_| Error::Record("it is not a map"))?;
        key(input, 0)?;
        let version = input.u64().map_err(|_| Error::Record("its version is not a number"))?;
        if version != RECORD_VERSION {
            return Err(Error::RecordVersion { found: version, known: RECORD_VERSION });
        }
        if pairs != Some(KEYS) {
            return Err(Error::Record("it does not have sixteen keys"));
        }
        Ok(Self {
            capture: CaptureId::from_bytes(read_id(key(input, 1)?)?),
            authorisation: AuthorisationId::from_bytes(read_id(key(input, 2)?)?),
            case: read_text(key(input, 3)?)?.parse().map_err(|_| Error::Record("its case is no case id"))?,
            site: read_text(key(input, 4)?)?.to_owned(),
            method: Method::from_code(read_small(key(input, 5)?)?)?,
            url: Sensitive::new(read_text(key(input, 6)?)?.to_owned()),
            request_headers: read_headers(key(input, 7)?)?,
            status: read_status(key(input, 8)?)?,
            response_headers: read_headers(key(input, 9)?)?,
            body: Sensitive::new(read_bytes(key(input, 10)?)?.to_vec()),
            started: Timestamp::from_millis(read_integer(key(input, 11)?)?),
            ended: Timestamp::from_millis(read_integer(key(input, 12)?)?),
            clock_offset_millis: read_offset(key(input, 13)?)?,
            truncated: Truncation::from_code(read_small(key(input, 14)?)?)?,
            facts: read_facts(key(input, 15)?)?,
        })
    }
}

impl Method {
    const fn code(self) -> u8 {
        match self {
            Self::Get => 0,
            Self::Head => 1,
        }
    }

    const fn from_code(code: u8) -> Result<Self, Error> {
        match code {
            0 => Ok(Self::Get),
            1 => Ok(Self::Head),
            _ => Err(Error::Record("its method is neither GET nor HEAD")),
        }
    }
}

impl Truncation {
    const fn code(self) -> u8 {
        match self {
            Self::Length => 1,
            Self::Time => 2,
            Self::Disconnect => 3,
        }
    }

    const fn from_code(code: u8) -> Result<Option<Self>, Error> {
        match code {
            0 => Ok(None),
            1 => Ok(Some(Self::Length)),
            2 => Ok(Some(Self::Time)),
            3 => Ok(Some(Self::Disconnect)),
            _ => Err(Error::Record("its truncation is of no known cause")),
        }
    }
}

fn write_headers(
    out: &mut Encoder<&mut Vec<u8>>,
    headers: &Headers,
) -> Result<(), minicbor::encode::Error<Infallible>> {
    out.array(headers.pairs().len() as u64)?;
    for (name, value) in headers.pairs() {
        out.array(2)?.bytes(name)?.bytes(value)?;
    }
    Ok(())
}

/// Steps over the next key, which must be `expected`.
fn key<'i, 'b>(input: &'i mut Decoder<'b>, expected: u64) -> Result<&'i mut Decoder<'b>, Error> {
    match input.u64() {
        Ok(found) if found == expected => Ok(input),
        _ => Err(Error::Record("a key is missing or out of order")),
    }
}

fn read_bytes<'b>(input: &mut Decoder<'b>) -> Result<&'b [u8], Error> {
    input.bytes().map_err(|_| Error::Record("a value is not a byte string"))
}

fn read_text<'b>(input: &mut Decoder<'b>) -> Result<&'b str, Error> {
    input.str().map_err(|_| Error::Record("a value is not text"))
}

fn read_integer(input: &mut Decoder<'_>) -> Result<i64, Error> {
    input.i64().map_err(|_| Error::Record("a value is not an integer"))
}

fn read_small(input: &mut Decoder<'_>) -> Result<u8, Error> {
    input.u8().map_err(|_| Error::Record("a value is not a small number"))
}

fn read_id(input: &mut Decoder<'_>) -> Result<[u8; 16], Error> {
    read_bytes(input)?.try_into().map_err(|_| Error::Record("an id is not of 16 bytes"))
}

fn read_status(input: &mut Decoder<'_>) -> Result<u16, Error> {
    input.u16().ok().filter(|status| *status < 1000).ok_or(Error::Record("its status is not below 1000"))
}

fn read_offset(input: &mut Decoder<'_>) -> Result<Option<i64>, Error> {
    if input.datatype().is_ok_and(|kind| kind == minicbor::data::Type::Null) {
        return input.null().map(|()| None).map_err(|_| Error::Record("a value is not null"));
    }
    read_integer(input).map(Some)
}

/// The length of a definite array or map. Nothing is reserved for it: a forged length costs nothing.
fn definite(length: Result<Option<u64>, minicbor::decode::Error>) -> Result<u64, Error> {
    length.ok().flatten().ok_or(Error::Record("a list has no definite length"))
}

fn read_headers(input: &mut Decoder<'_>) -> Result<Headers, Error> {
    let mut pairs = Vec::new();
    for _ in 0..definite(input.array())? {
        if definite(input.array())? != 2 {
            return Err(Error::Record("a header is not a name and a value"));
        }
        pairs.push((read_bytes(input)?.to_vec(), read_bytes(input)?.to_vec()));
    }
    Ok(Headers::new(pairs))
}

fn read_facts(input: &mut Decoder<'_>) -> Result<BTreeMap<String, String>, Error> {
    let mut facts = BTreeMap::new();
    for _ in 0..definite(input.map())? {
        facts.insert(read_text(input)?.to_owned(), read_text(input)?.to_owned());
    }
    Ok(facts)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn record() -> CaptureRecord {
        let started = Timestamp::from_millis(1_795_000_000_123);
        let case = "op-harbour-2026".parse().unwrap();
        let (capture, authorisation) = (CaptureId::from_bytes([1; 16]), AuthorisationId::from_bytes([2; 16]));
        let mut record =
            CaptureRecord::begun(capture, authorisation, case, "board-a", "http://ads.example/item/7", started);
        record.request_headers = vec![(b"Accept".to_vec(), b"text/html".to_vec())].into();
        record.status = 200;
        let twice = |value: &[u8]| (b"Set-Cookie".to_vec(), value.to_vec());
        record.response_headers = vec![twice(b"a=1"), twice(b"b=\xff")].into();
        record.body = b"\x1f\x8b not text".to_vec().into();
        record.ended = started.plus_millis(1_500);
        record.clock_offset_millis = Some(-20);
        record.truncated = Some(Truncation::Disconnect);
        record.facts = [("tor.version", "0.4.8"), ("lane", "3"), ("z", "é")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into();
        record
    }

    fn golden() -> Vec<u8> {
        let hex: String = include_str!("../../tests/golden/capture-record-1.hex").split_ascii_whitespace().collect();
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    }

    #[test]
    fn the_golden_record_is_written_and_read() {
        let golden = golden();
        assert_eq!(record().encode().expose(), &golden);
        let read = CaptureRecord::decode(&golden).unwrap();
        assert_eq!(read.response_headers.pairs(), record().response_headers.pairs());
        assert_eq!(read.facts, record().facts);
        assert_eq!((read.truncated, read.clock_offset_millis), (Some(Truncation::Disconnect), Some(-20)));
        assert_eq!(read.encode().expose(), &golden);
    }

    #[test]
    fn every_other_form_of_the_same_values_is_refused() {
        let golden = golden();
        let reason = |bytes: &[u8]| CaptureRecord::decode(bytes).unwrap_err().to_string();
        assert_eq!(golden[..3], [0xb0, 0x00, 0x01], "sixteen pairs, version first");
        let with = |at: usize, new: &[u8]| [&golden[..at], new, &golden[at + 1..]].concat();
        assert_eq!(
            reason(&with(2, &[0x02])),
            "read a capture record: it is of version 2, and this program reads up to 1"
        );
        assert_eq!(reason(&with(2, &[0x18, 0x01])), "read a capture record: it is not in the one deterministic form");
        assert_eq!(reason(&with(0, &[0xaf])), "read a capture record: it does not have sixteen keys");
        assert_eq!(reason(&with(1, &[0x01])), "read a capture record: a key is missing or out of order");
        assert_eq!(reason(&[&golden[..], &[0]].concat()), "read a capture record: bytes follow the record");
        assert_eq!(reason(b""), "read a capture record: it is not a map");
        for length in 0..golden.len() {
            assert!(CaptureRecord::decode(&golden[..length]).is_err(), "{length} bytes");
        }
    }

    #[test]
    fn facts_out_of_order_or_doubled_are_refused() {
        let golden = golden();
        let at = golden.windows(4).position(|window| window == [0x61, b'z', 0x62, 0xc3]).unwrap();
        let mut doubled = golden;
        doubled[at + 1] = b'l';
        doubled.truncate(at + 5);
        doubled.extend(b"\x61l\x61x\x61l\x61y");
        assert!(CaptureRecord::decode(&doubled).is_err());
    }

    #[test]
    fn headers_are_found_whatever_their_case() {
        assert_eq!(record().response_headers.first("set-COOKIE"), Some(b"a=1".as_slice()));
        assert_eq!(record().response_headers.first("server"), None);
    }

    #[test]
    fn debug_prints_counts() {
        let printed = format!("{:?} {:?}", record(), record().response_headers);
        assert_eq!(
            printed,
            format!("CaptureRecord({}, status 200, 2 headers, 11 bytes, truncated) 2 headers", record().capture)
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes: Vec<u8>) {
            let _ = CaptureRecord::decode(&bytes);
        }

        #[test]
        fn one_flipped_bit_is_refused_or_another_record(at in 0usize..200, bit in 0u8..8) {
            let mut bytes = golden();
            let at = at % bytes.len();
            bytes[at] ^= 1 << bit;
            if let Ok(read) = CaptureRecord::decode(&bytes) {
                let again = read.encode();
                prop_assert_eq!(again.expose(), &bytes);
            }
        }

        #[test]
        fn what_is_written_is_read(
            url in ".*", body: Vec<u8>, status in 0u16..1000, offset: Option<i64>,
            headers in proptest::collection::vec((any::<Vec<u8>>(), any::<Vec<u8>>()), 0..5),
            facts in proptest::collection::btree_map(".*", ".*", 0..5),
        ) {
            let mut written = record();
            written.url = Sensitive::new(url.clone());
            written.body = Sensitive::new(body.clone());
            written.status = status;
            written.clock_offset_millis = offset;
            written.response_headers = headers.clone().into();
            written.facts = facts.clone();
            let read = CaptureRecord::decode(written.encode().expose()).unwrap();
            prop_assert_eq!((read.url.expose(), read.body.expose(), read.status), (&url, &body, status));
            prop_assert_eq!((read.response_headers.pairs(), read.facts), (headers.as_slice(), facts));
        }
    }
}
