//! The name server of the exits: it knows the names it was given, and writes down every question.
//!
//! The list of questions is a proof: a name that stands in it was resolved at an exit and nowhere nearer, and an onion
//! address never stands in it. Messages are read and written by `simple-dns`.

use std::fs::File;
use std::io::{self, Write as _};
use std::net::{Ipv4Addr, SocketAddrV4, UdpSocket};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use simple_dns::rdata::{A, RData};
use simple_dns::{CLASS, Packet, PacketFlag, QTYPE, RCODE, ResourceRecord, TYPE};

/// Longest question that is read, in bytes: what fits a datagram without extensions (RFC 1035) and room for those.
const LONGEST: usize = 2048;
/// Seconds that an answer may be kept.
const TTL: u32 = 60;

/// The names that exist.
#[derive(Clone, Debug)]
pub(crate) struct Names(Vec<String>);

/// A name that always exists: exits try their name server with it, and so does the start of a network.
pub(crate) const CHECK_NAME: &str = "dns-check.test";

impl Names {
    pub(crate) fn new(names: &[String]) -> Self {
        Self(names.iter().map(|name| name.to_ascii_lowercase()).chain([CHECK_NAME.to_owned()]).collect())
    }

    /// Whether one of the names, or of the `*.suffix` patterns, covers this one.
    fn know(&self, name: &str) -> bool {
        self.0.iter().any(|known| match known.strip_prefix('*') {
            Some(suffix) => name.len() > suffix.len() && name.ends_with(suffix),
            None => name == known,
        })
    }
}

/// A running name server; it stops when dropped.
#[derive(Debug)]
pub(crate) struct Dns {
    address: SocketAddrV4,
    stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Dns {
    /// Answers at this address, and appends a line for every question to the log: name, type and outcome.
    pub(crate) fn serve(address: SocketAddrV4, names: Names, log: &Path) -> io::Result<Self> {
        let socket = UdpSocket::bind(address)?;
        let mut log = File::options().create(true).append(true).open(log)?;
        let stopping = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&stopping);
        let thread = std::thread::spawn(move || {
            let mut buffer = [0; LONGEST];
            while !told.load(Ordering::Relaxed) {
                let Ok((length, peer)) = socket.recv_from(&mut buffer) else { continue };
                let Some((line, reply)) = answer(&buffer[..length], &names) else { continue };
                // A question that cannot be logged is not answered: the log would be no proof.
                if writeln!(log, "{line}").is_ok() {
                    let _ = socket.send_to(&reply, peer);
                }
            }
        });
        Ok(Self { address, stopping, thread: Some(thread) })
    }
}

impl Drop for Dns {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        // An empty datagram wakes the thread, which is then told; without one it would sleep on, and it is not joined.
        let woken = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|socket| socket.send_to(&[], self.address));
        if let (Ok(_), Some(thread)) = (woken, self.thread.take()) {
            let _ = thread.join();
        }
    }
}

/// The line for the log and the reply; nothing for what is no question.
fn answer(message: &[u8], names: &Names) -> Option<(String, Vec<u8>)> {
    let packet = Packet::parse(message).ok()?;
    let [question] = &packet.questions[..] else { return None };
    if packet.has_flags(PacketFlag::RESPONSE) {
        return None;
    }
    // Askers vary the case to tell forged replies from real ones: compare without it, reply with it.
    let name = question.qname.to_string().to_ascii_lowercase();
    let is_known = names.know(&name);
    let wants_address = question.qtype == QTYPE::TYPE(TYPE::A);
    let kind = match question.qtype {
        QTYPE::TYPE(kind) => format!("{kind:?}"),
        other => format!("{other:?}"),
    };
    let outcome = if is_known { "known" } else { "unknown" };
    let printable: String =
        name.chars().map(|character| if character.is_ascii_graphic() { character } else { '?' }).collect();
    let line = format!("{printable} {kind} {outcome}");

    let mut reply = Packet::new_reply(packet.id());
    reply.set_flags(PacketFlag::AUTHORITATIVE_ANSWER | PacketFlag::RECURSION_DESIRED | PacketFlag::RECURSION_AVAILABLE);
    reply.questions.push(question.clone());
    if !is_known {
        *reply.rcode_mut() = RCODE::NameError;
    } else if wants_address {
        let address = RData::A(A { address: Ipv4Addr::LOCALHOST.to_bits() });
        reply.answers.push(ResourceRecord::new(question.qname.clone(), CLASS::IN, TTL, address));
    }
    Some((line, reply.build_bytes_vec_compressed().ok()?))
}

#[cfg(test)]
mod tests {
    use simple_dns::{Name, QCLASS, Question};

    use super::*;

    fn names() -> Names {
        Names::new(&["*.test".to_owned(), "Harbour.example".to_owned()])
    }

    fn asked(name: &str, kind: TYPE) -> Vec<u8> {
        let mut packet = Packet::new_query(4711);
        let name = Name::new(name).expect("a name");
        packet.questions.push(Question::new(name, QTYPE::TYPE(kind), QCLASS::CLASS(CLASS::IN), false));
        packet.build_bytes_vec().expect("a question")
    }

    #[test]
    fn known_names_are_here_and_others_do_not_exist() {
        for (name, kind, answers, code, line) in [
            ("plain.test", TYPE::A, 1, RCODE::NoError, "plain.test A known"),
            ("A.pLain.TEST", TYPE::A, 1, RCODE::NoError, "a.plain.test A known"),
            ("harbour.example", TYPE::A, 1, RCODE::NoError, "harbour.example A known"),
            ("plain.test", TYPE::AAAA, 0, RCODE::NoError, "plain.test AAAA known"),
            ("quay.harbour.example", TYPE::A, 0, RCODE::NameError, "quay.harbour.example A unknown"),
            (CHECK_NAME, TYPE::A, 1, RCODE::NoError, "dns-check.test A known"),
            ("test", TYPE::A, 0, RCODE::NameError, "test A unknown"),
            ("a.attest", TYPE::A, 0, RCODE::NameError, "a.attest A unknown"),
        ] {
            let (logged, reply) = answer(&asked(name, kind), &names()).expect("an answer");
            let reply = Packet::parse(&reply).expect("a message");
            assert_eq!((logged.as_str(), reply.answers.len(), reply.rcode()), (line, answers, code), "{name}");
            assert_eq!((reply.id(), reply.questions[0].qname.to_string().as_str()), (4711, name));
            for record in reply.answers {
                assert!(matches!(record.rdata, RData::A(A { address: 0x7f00_0001 })));
            }
        }
    }

    #[test]
    fn what_is_no_question_gets_no_answer() {
        let good = asked("plain.test", TYPE::A);
        for length in 0..good.len() {
            assert!(answer(&good[..length], &names()).is_none(), "cut off at {length}");
        }
        let mut reply = good.clone();
        reply[2] |= 0x80;
        assert!(answer(&reply, &names()).is_none(), "replies to a reply would go on for ever");
        let mut many = good.clone();
        many[4..6].copy_from_slice(&u16::MAX.to_be_bytes());
        assert!(answer(&many, &names()).is_none());
        // A name that points at itself.
        let mut looped = good[..12].to_vec();
        looped.extend([0xc0, 12, 0, 1, 0, 1]);
        assert!(answer(&looped, &names()).is_none());
    }

    #[test]
    fn no_byte_of_a_question_makes_it_panic_or_breaks_the_log() {
        let good = asked("plain.test", TYPE::A);
        for at in 0..good.len() {
            for byte in 0..=255 {
                let mut bent = good.clone();
                bent[at] = byte;
                if let Some((line, _)) = answer(&bent, &names()) {
                    assert!(line.chars().all(|character| character == ' ' || character.is_ascii_graphic()), "{line:?}");
                }
            }
        }
    }
}
