//! The layout of a network: its nodes, and where each listens.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddrV4, TcpListener, UdpSocket};

use crate::options::{AUTHORITIES, Options};
use crate::slot::{SUBNETS, Slot};

/// Nodes that a slot has subnets for.
pub(crate) const MOST_NODES: usize = SUBNETS as usize;

/// Where in the slot's ports each sort begins: one for every node, then the two of the network itself.
const OR_PORTS: u16 = 0;
const DIR_PORTS: u16 = 40;
const CONTROL_PORTS: u16 = 80;
const SOCKS_PORT: u16 = 120;
const DNS_PORT: u16 = 121;

/// The first two relays, and the authorities, are guards.
const GUARD_RELAYS: usize = 2;

/// What a node does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Votes on the list of relays.
    Authority,
    /// Passes traffic on inside the network.
    Relay,
    /// Passes traffic out of the network: to 127.0.0.1.
    Exit,
    /// Runs onion services.
    OnionHost,
    /// The C tor client with the SOCKS port.
    Client,
}

impl Kind {
    /// Whether it is on the list of relays.
    pub(crate) fn is_server(self) -> bool {
        matches!(self, Self::Authority | Self::Relay | Self::Exit)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Authority => "authority",
            Self::Relay => "relay",
            Self::Exit => "exit",
            Self::OnionHost => "onionhost",
            Self::Client => "client",
        })
    }
}

/// A node's place.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) address: Ipv4Addr,
    pub(crate) or_port: u16,
    pub(crate) dir_port: u16,
    pub(crate) control: SocketAddrV4,
    pub(crate) is_guard: bool,
}

/// Every node's place.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) slot: u8,
    pub(crate) places: Vec<Place>,
    pub(crate) socks: SocketAddrV4,
    pub(crate) dns: SocketAddrV4,
}

impl Plan {
    /// # Panics
    /// If the options were not checked: a slot has so many subnets and no more.
    pub(crate) fn new(slot: &Slot, options: &Options) -> Self {
        let counts = [
            (Kind::Authority, AUTHORITIES),
            (Kind::Relay, options.relays),
            (Kind::Exit, options.exits),
            (Kind::OnionHost, options.onion_hosts),
            (Kind::Client, 1),
        ];
        let local = |port| SocketAddrV4::new(Ipv4Addr::LOCALHOST, slot.port(port));
        let kinds = counts.into_iter().flat_map(|(kind, count)| (0..count).map(move |index| (kind, index)));
        let place = |(number, (kind, index)): (u8, (Kind, usize))| Place {
            name: format!("{kind}{index}"),
            kind,
            address: slot.address(number),
            or_port: slot.port(OR_PORTS + u16::from(number)),
            dir_port: slot.port(DIR_PORTS + u16::from(number)),
            control: local(CONTROL_PORTS + u16::from(number)),
            is_guard: kind == Kind::Authority || kind == Kind::Relay && index < GUARD_RELAYS,
        };
        let places = (0..SUBNETS).zip(kinds).map(place).collect();
        Self { slot: slot.number(), places, socks: local(SOCKS_PORT), dns: local(DNS_PORT) }
    }

    /// The places of these kinds, in order.
    pub(crate) fn of(&self, kinds: &[Kind]) -> impl Iterator<Item = &Place> {
        self.places.iter().filter(move |place| kinds.contains(&place.kind))
    }

    pub(crate) fn servers(&self) -> impl Iterator<Item = &Place> {
        self.places.iter().filter(|place| place.kind.is_server())
    }

    /// Whether nobody listens where this network wants to.
    pub(crate) fn is_free(&self) -> bool {
        let tcp = |address| TcpListener::bind(address).is_ok();
        let place = |place: &Place| {
            tcp(SocketAddrV4::new(place.address, place.or_port))
                && tcp(SocketAddrV4::new(place.address, place.dir_port))
                && tcp(place.control)
        };
        self.places.iter().all(place) && tcp(self.socks) && UdpSocket::bind(self.dns).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_node_has_a_subnet_and_ports_of_its_own() {
        let options = Options { relays: 20, exits: 3, onion_hosts: 3, ..Options::default() };
        options.check().expect("as many nodes as fit");
        let slot = Slot::take(|_| true).expect("a slot");
        let plan = Plan::new(&slot, &options);
        assert_eq!(plan.places.len(), MOST_NODES);
        let subnets: BTreeSet<_> = plan.places.iter().map(|place| place.address.octets()[1]).collect();
        let ports = plan.places.iter().flat_map(|place| [place.or_port, place.dir_port, place.control.port()]);
        let ports: BTreeSet<_> = ports.chain([plan.socks.port(), plan.dns.port()]).collect();
        assert_eq!((subnets.len(), ports.len()), (MOST_NODES, 3 * MOST_NODES + 2));
        assert_eq!(plan.servers().count(), 26);
    }

    #[test]
    fn a_busy_port_is_seen() {
        let slot = Slot::take(|slot| Plan::new(slot, &Options::default()).is_free()).expect("a slot");
        let plan = Plan::new(&slot, &Options::default());
        let taken = TcpListener::bind(plan.places[4].control).expect("the port is free");
        assert!(!plan.is_free());
        drop(taken);
        assert!(plan.is_free());
    }
}
