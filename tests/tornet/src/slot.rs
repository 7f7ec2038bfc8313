//! A place on this machine for one network: its ports, and its part of 127/8.
//!
//! A slot is taken with a lock on a file that every network on the machine shares. The kernel lets go of the lock when the
//! process is gone, however it went, so there is nothing to clean up and nothing to get stale.

use std::fs::File;
use std::io;
use std::net::Ipv4Addr;
use std::path::Path;

use crate::error::Error;

/// How many networks this machine has room for.
const SLOTS: u8 = 8;
/// The first slot's first subnet; low ones are left to whoever else likes 127.0.1.1 and the like.
const FIRST_SUBNET: u8 = 10;
/// Subnets of a slot. Each node has one of its own: a /16, because Tor never takes two nodes of one /16 into a path.
pub(crate) const SUBNETS: u8 = 30;
/// The first slot's first port; the last slot ends far below the ports that systems give out by themselves (32768).
const FIRST_PORT: u16 = 15000;
/// Ports of a slot.
pub(crate) const PORTS: u16 = 200;

/// A slot, held until it is dropped or the process is gone.
#[derive(Debug)]
pub(crate) struct Slot {
    number: u8,
    _lock: File,
}

impl Slot {
    /// Takes the first slot that nobody holds and that is `fit`: a network that was killed may leave ports busy for a moment.
    pub(crate) fn take(fit: impl Fn(&Self) -> bool) -> Result<Self, Error> {
        Self::take_in(&std::env::temp_dir(), fit)
    }

    fn take_in(locks: &Path, fit: impl Fn(&Self) -> bool) -> Result<Self, Error> {
        for number in 0..SLOTS {
            let path = locks.join(format!("tornet-slot-{number}.lock"));
            let lock = open(&path).map_err(Error::file("open", &path))?;
            // A lock that fails for another reason than being held is no slot either: the next file may be sounder.
            if lock.try_lock().is_ok() {
                let slot = Self { number, _lock: lock };
                if fit(&slot) {
                    return Ok(slot);
                }
            }
        }
        Err(Error::NoSlot { slots: SLOTS.into() })
    }

    pub(crate) fn number(&self) -> u8 {
        self.number
    }

    /// The address of the slot's n-th node.
    pub(crate) fn address(&self, node: u8) -> Ipv4Addr {
        assert!(node < SUBNETS, "a slot has {SUBNETS} subnets");
        Ipv4Addr::new(127, FIRST_SUBNET + self.number * SUBNETS + node, 0, 1)
    }

    /// The slot's n-th port.
    pub(crate) fn port(&self, number: u16) -> u16 {
        assert!(number < PORTS, "a slot has {PORTS} ports");
        FIRST_PORT + u16::from(self.number) * PORTS + number
    }
}

/// Read-only suffices for the lock, and another user's file in a shared temporary folder cannot be opened otherwise.
fn open(path: &Path) -> io::Result<File> {
    match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => File::create(path),
        opened => opened,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_slot_is_taken_once_and_free_again_after_its_holder() {
        let folder = tempfile::tempdir().expect("a folder");
        let take = || Slot::take_in(folder.path(), |_| true);
        let first = take().expect("a slot");
        let second = take().expect("another slot");
        assert_eq!((first.number, second.number), (0, 1));
        drop(first);
        assert_eq!(take().expect("the first again").number, 0);
    }

    #[test]
    fn when_all_slots_are_taken_it_says_so() {
        let folder = tempfile::tempdir().expect("a folder");
        let all: Vec<_> = (0..SLOTS).map(|_| Slot::take_in(folder.path(), |_| true).expect("a slot")).collect();
        let error = Slot::take_in(folder.path(), |_| true).expect_err("one too many");
        assert!(error.to_string().contains("all 8 are taken"), "{error}");
        drop(all);
    }

    #[test]
    fn a_slot_with_a_busy_port_is_passed_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let slot = Slot::take_in(folder.path(), |slot| slot.number >= 2).expect("a slot");
        assert_eq!(slot.number, 2);
    }

    #[test]
    fn no_two_slots_share_an_address_or_a_port() {
        let folder = tempfile::tempdir().expect("a folder");
        let slots: Vec<_> = (0..SLOTS).map(|_| Slot::take_in(folder.path(), |_| true).expect("a slot")).collect();
        let addresses: BTreeSet<_> =
            slots.iter().flat_map(|slot| (0..SUBNETS).map(|node| slot.address(node))).collect();
        let ports: BTreeSet<_> = slots.iter().flat_map(|slot| (0..PORTS).map(|port| slot.port(port))).collect();
        assert_eq!(addresses.len(), usize::from(SLOTS) * usize::from(SUBNETS));
        assert_eq!(ports.len(), usize::from(SLOTS) * usize::from(PORTS));
        assert!(ports.last() < Some(&32768));
    }
}
