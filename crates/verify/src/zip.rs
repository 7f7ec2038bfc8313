//! A ZIP archive of stored members, read strictly: members one after the other, as their list says, and nothing between.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use crate::fault::{Fault, hold};

/// Bytes of the list of members.
const MAX_DIRECTORY: u64 = 1 << 20;

/// Bytes of one member that is read whole.
const MAX_MEMBER: u64 = 1 << 30;

/// An archive, opened.
pub(crate) struct Zip<'a> {
    at: &'a str,
    file: File,
    members: BTreeMap<String, Member>,
}

#[derive(Clone, Copy)]
pub(crate) struct Member {
    offset: u64,
    pub(crate) size: u64,
    crc: u32,
}

impl<'a> Zip<'a> {
    pub(crate) fn open(at: &'a str, path: &Path) -> Result<Self, Fault> {
        let broken = |error: std::io::Error| Fault::new(at, format!("it cannot be read ({error})"));
        let malformed = || Fault::new(at, "it is no ZIP archive of stored members without a comment");
        let mut file = File::open(path).map_err(broken)?;
        let length = file.metadata().map_err(broken)?.len();
        let end = length.checked_sub(22).ok_or_else(malformed)?;
        let tail = read_at(&mut file, end, 22).map_err(broken)?;
        hold(tail.starts_with(b"PK\x05\x06\0\0\0\0") && tail.ends_with(b"\0\0"), at, || malformed().says)?;
        let (count, size, start) = (word(&tail, 10), long(&tail, 12), long(&tail, 16));
        hold(start + size == end && size <= MAX_DIRECTORY, at, || malformed().says)?;
        let directory = read_at(&mut file, start, size).map_err(broken)?;
        let (mut members, mut rest, mut next) = (BTreeMap::new(), &directory[..], 0);
        for _ in 0..count {
            let (head, name) = split(rest, b"PK\x01\x02", 46, 28).ok_or_else(malformed)?;
            let member = Member { offset: long(head, 42), size: long(head, 24), crc: long(head, 16) as u32 };
            let local = read_at(&mut file, member.offset, 30 + name.len() as u64).map_err(broken)?;
            let (local, local_name) = split(&local, b"PK\x03\x04", 30, 26).ok_or_else(malformed)?;
            // What both heads say, from the version needed to the length of the name.
            let same = local[4..28] == head[6..30] && local_name == name;
            let stored =
                word(head, 10) == 0 && long(head, 20) == member.size && head[30..42].iter().all(|byte| *byte == 0);
            hold(same && stored && member.offset == next, at, || malformed().says)?;
            next = member.offset + 30 + name.len() as u64 + member.size;
            let name = String::from_utf8(name.to_vec()).map_err(|_| malformed())?;
            hold(members.insert(name.clone(), member).is_none(), at, || format!("{name} is in it twice"))?;
            rest = &rest[46 + name.len()..];
        }
        hold(rest.is_empty() && next == start, at, || malformed().says)?;
        Ok(Self { at, file, members })
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.members.keys().map(String::as_str)
    }

    pub(crate) fn read(&mut self, name: &str) -> Result<Vec<u8>, Fault> {
        let at = format!("{}, {name}", self.at);
        let member = *self.members.get(name).ok_or_else(|| Fault::new(&at, "the archive has no such member"))?;
        hold(member.size <= MAX_MEMBER, &at, || format!("it has more than {MAX_MEMBER} bytes"))?;
        let begins = member.offset + 30 + name.len() as u64;
        let bytes = read_at(&mut self.file, begins, member.size)
            .map_err(|error| Fault::new(&at, format!("it cannot be read ({error})")))?;
        let mut crc = flate2::Crc::new();
        crc.update(&bytes);
        hold(crc.sum() == member.crc, &at, || "its CRC-32 is not the one that the archive states".to_owned())?;
        Ok(bytes)
    }

    pub(crate) fn text(&mut self, name: &str) -> Result<String, Fault> {
        let bytes = self.read(name)?;
        String::from_utf8(bytes).map_err(|_| Fault::new(format!("{}, {name}", self.at), "it is not UTF-8"))
    }
}

fn split<'a>(bytes: &'a [u8], mark: &[u8], head: usize, length_at: usize) -> Option<(&'a [u8], &'a [u8])> {
    let (fixed, rest) = bytes.split_at_checked(head).filter(|(fixed, _)| fixed.starts_with(mark))?;
    Some((fixed, rest.get(..usize::from(u16::from_le_bytes([fixed[length_at], fixed[length_at + 1]])))?))
}

fn read_at(file: &mut File, at: u64, length: u64) -> std::io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(at))?;
    let mut bytes = Vec::new();
    file.by_ref().take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length { Ok(bytes) } else { Err(std::io::ErrorKind::UnexpectedEof.into()) }
}

fn word(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn long(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]))
}
