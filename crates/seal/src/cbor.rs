//! Reading small deterministic CBOR items: definite lengths, fixed keys, nothing after the item.
//!
//! Whoever reads with these writes the values again and compares the bytes, which catches every other way of writing.

use minicbor::Decoder;

use crate::Error;

/// A reader of one item of the format `what`.
pub(crate) struct Reader<'b> {
    input: Decoder<'b>,
    what: &'static str,
}

impl<'b> Reader<'b> {
    pub(crate) fn new(bytes: &'b [u8], what: &'static str) -> Self {
        Self { input: Decoder::new(bytes), what }
    }

    pub(crate) fn error(&self, why: &'static str) -> Error {
        Error::Malformed { what: self.what, why }
    }

    /// Steps into an array of exactly `length` items.
    pub(crate) fn array(&mut self, length: u64) -> Result<(), Error> {
        match self.input.array() {
            Ok(Some(found)) if found == length => Ok(()),
            _ => Err(self.error("it is not a list of the right length")),
        }
    }

    /// Steps into an array of at most `most` items. Nothing is reserved for it: a forged length costs nothing.
    pub(crate) fn list(&mut self, most: usize) -> Result<usize, Error> {
        match self.input.array() {
            Ok(Some(found)) if found <= most as u64 => Ok(usize::try_from(found).unwrap_or(most)),
            _ => Err(self.error("a list is missing or too long")),
        }
    }

    /// Steps into a map of exactly `pairs` pairs whose first is `0: version`.
    pub(crate) fn versioned_map(&mut self, pairs: u64, known: u64) -> Result<(), Error> {
        let found = self.input.map().map_err(|_| self.error("it is not a map"))?;
        self.key(0)?;
        self.version(known)?;
        if found == Some(pairs) { Ok(()) } else { Err(self.error("it does not have the right number of keys")) }
    }

    /// Steps into an array of exactly `length` items whose first is the version.
    pub(crate) fn versioned_array(&mut self, length: u64, known: u64) -> Result<(), Error> {
        let found = self.input.array().map_err(|_| self.error("it is not a list"))?;
        self.version(known)?;
        if found == Some(length) { Ok(()) } else { Err(self.error("it is not a list of the right length")) }
    }

    /// Steps into an array in one of two forms, each a length and its version, and tells the version.
    pub(crate) fn versioned_array_of(&mut self, forms: [(u64, u64); 2]) -> Result<u64, Error> {
        let found = self.input.array().map_err(|_| self.error("it is not a list"))?;
        self.version_of(forms, found, "it is not a list of the right length")
    }

    /// Steps into a map in one of two forms, each a number of keys and its version, and tells the version.
    pub(crate) fn versioned_map_of(&mut self, forms: [(u64, u64); 2]) -> Result<u64, Error> {
        let found = self.input.map().map_err(|_| self.error("it is not a map"))?;
        self.key(0)?;
        self.version_of(forms, found, "it does not have the right number of keys")
    }

    fn version_of(&mut self, forms: [(u64, u64); 2], found: Option<u64>, why: &'static str) -> Result<u64, Error> {
        let version = self.input.u64().map_err(|_| self.error("its version is not a number"))?;
        let known = forms[1].1;
        let form = forms.iter().find(|(_, of)| *of == version);
        let (length, _) = form.ok_or(Error::Version { what: self.what, found: version, known })?;
        if found == Some(*length) { Ok(version) } else { Err(self.error(why)) }
    }

    fn version(&mut self, known: u64) -> Result<(), Error> {
        match self.input.u64() {
            Ok(found) if found == known => Ok(()),
            Ok(found) => Err(Error::Version { what: self.what, found, known }),
            Err(_) => Err(self.error("its version is not a number")),
        }
    }

    /// Steps over the key `expected`.
    pub(crate) fn key(&mut self, expected: u64) -> Result<&mut Self, Error> {
        match self.input.u64() {
            Ok(found) if found == expected => Ok(self),
            _ => Err(self.error("a key is missing or out of order")),
        }
    }

    pub(crate) fn bytes(&mut self) -> Result<&'b [u8], Error> {
        self.input.bytes().map_err(|_| self.error("a value is not a byte string"))
    }

    pub(crate) fn fixed<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        self.bytes()?.try_into().map_err(|_| self.error("a value is not of the right length"))
    }

    pub(crate) fn text(&mut self) -> Result<&'b str, Error> {
        self.input.str().map_err(|_| self.error("a value is not text"))
    }

    pub(crate) fn u16(&mut self) -> Result<u16, Error> {
        self.input.u16().map_err(|_| self.error("a value is not a small number"))
    }

    pub(crate) fn i64(&mut self) -> Result<i64, Error> {
        self.input.i64().map_err(|_| self.error("a value is not an integer"))
    }
}

/// Refuses bytes that are not what their values are written as.
pub(crate) fn same(written: &[u8], read: &[u8], what: &'static str) -> Result<(), Error> {
    let why = "it is not in the one deterministic form";
    if written == read { Ok(()) } else { Err(Error::Malformed { what, why }) }
}

/// Why writing CBOR into a vector cannot fail.
pub(crate) const VECTOR: &str = "a vector takes every write";
