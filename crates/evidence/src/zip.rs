//! ZIP archives whose members are stored as they are: what a WACZ is, so that a reader seeks inside the archive's members.
//!
//! APPNOTE 6.3.3 without ZIP64: 4 GiB and 65,535 members at most. All times are the format's first, 1980-01-01.

use std::io::{self, Read, Write};

const LIMIT: u64 = u32::MAX as u64;
const DATE: u16 = 1 << 5 | 1; // 1 January 1980

/// Writes members one after the other, and at last the list of them.
pub(crate) struct Zip<W> {
    out: W,
    offset: u64,
    members: Vec<Member>,
}

struct Member {
    name: String,
    crc: u32,
    size: u64,
    offset: u64,
}

impl<W: Write> Zip<W> {
    pub(crate) const fn new(out: W) -> Self {
        Self { out, offset: 0, members: Vec::new() }
    }

    /// Adds a member of known size and CRC-32 from a reader.
    pub(crate) fn add(&mut self, name: &str, size: u64, crc: u32, content: &mut dyn Read) -> io::Result<()> {
        let member = Member { name: name.to_owned(), crc, size, offset: self.offset };
        let mut head = b"PK\x03\x04".to_vec();
        head.extend(common(&member));
        head.extend(0_u16.to_le_bytes());
        head.extend(name.as_bytes());
        self.out.write_all(&head)?;
        if io::copy(content, &mut self.out)? != size {
            return Err(io::Error::other("a member changed while it was written"));
        }
        self.offset += head.len() as u64 + size;
        self.members.push(member);
        if self.offset > LIMIT || self.members.len() > usize::from(u16::MAX) {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "a ZIP without ZIP64 ends at 4 GiB"));
        }
        Ok(())
    }

    pub(crate) fn add_bytes(&mut self, name: &str, content: &[u8]) -> io::Result<()> {
        let mut crc = flate2::Crc::new();
        crc.update(content);
        self.add(name, content.len() as u64, crc.sum(), &mut &*content)
    }

    pub(crate) fn finish(mut self) -> io::Result<W> {
        let start = self.offset;
        let mut directory = Vec::new();
        for member in &self.members {
            directory.extend(b"PK\x01\x02");
            directory.extend(20_u16.to_le_bytes());
            directory.extend(common(member));
            directory.extend([0; 2 + 2 + 2 + 2 + 4]); // extra, comment, disk, attributes
            directory.extend((member.offset as u32).to_le_bytes());
            directory.extend(member.name.as_bytes());
        }
        let count = (self.members.len() as u16).to_le_bytes();
        let mut end = b"PK\x05\x06\0\0\0\0".to_vec();
        end.extend(count);
        end.extend(count);
        end.extend((directory.len() as u32).to_le_bytes());
        end.extend((start as u32).to_le_bytes());
        end.extend(0_u16.to_le_bytes());
        self.out.write_all(&directory)?;
        self.out.write_all(&end)?;
        Ok(self.out)
    }
}

/// What the two heads of a member share: version needed to length of the name.
fn common(member: &Member) -> Vec<u8> {
    let mut bytes = Vec::new();
    for word in [20_u16, 0x0800, 0, 0, DATE] {
        bytes.extend(word.to_le_bytes()); // version 2.0; names in UTF-8; stored; midnight; the date
    }
    for word in [member.crc, member.size as u32, member.size as u32] {
        bytes.extend(word.to_le_bytes());
    }
    bytes.extend((member.name.len() as u16).to_le_bytes());
    bytes
}
